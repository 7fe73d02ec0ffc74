# str: every method, slicing, comparison, searching, on ASCII and beyond.

texts = ['', 'a', 'Hello World', '  pad\t\n', 'ÀÉÎ', 'straße', 'ǆ', 'ΑΣ', '日本語 text', '😀 smile', 'a,b,,c', '123', '½',
         'x\u0301', 'İstanbul', '\x00nul']
for t in texts:
    print(ascii(t), [ascii(getattr(t, m)()) for m in ('upper', 'lower', 'title', 'capitalize', 'swapcase', 'casefold',
            'strip', 'split', 'splitlines')])
    print('   ', [int(getattr(t, m)()) for m in ('isalpha', 'isdigit', 'isdecimal', 'isnumeric', 'isalnum', 'isspace',
            'isupper', 'islower', 'istitle', 'isidentifier', 'isprintable', 'isascii')])
s = 'abcabcabc'
print(s.find('b'), s.find('b', 2), s.find('b', 2, 4), s.find('z'), s.find(''), s.find('', 20), s.rfind('b'),
        s.rfind('b', 0, 5), s.index('ca'), s.rindex('c'), s.count('bc'), s.count(''), s.count('a', 1), s.count('abcabc'))
print(s.replace('b', 'XX'), s.replace('b', '', 2), s.replace('', '-'), s.replace('', '-', 2), ''.replace('', 'x'),
        s.replace('zz', 'y'), s.replace('abc', 'é'))
print(s.startswith('abc'), s.startswith(('x', 'ab')), s.startswith('b', 1), s.startswith('', 9), s.startswith('', 10),
        s.endswith('bc'), s.endswith(('z', 'c')), s.endswith('b', 0, 2), s.startswith(()))
print(s.partition('ca'), s.rpartition('ca'), s.partition('z'), s.rpartition('z'), s.removeprefix('abc'),
        s.removesuffix('c'), s.removeprefix('z'))
print('a b  c '.split(), 'a b  c '.split(' '), 'a,b,c'.split(',', 1), 'a,b,c'.rsplit(',', 1),
        ' a b c '.split(None, 1), ' a b c '.rsplit(None, 1), ''.split(), ''.split(','), 'abc'.split('abc'), 'axxbxx'.split('xx'))
print('a\nb\r\nc\rd\x0be\u2028f\n\n'.splitlines(), 'a\nb\n'.splitlines(True), ''.splitlines(), '\n'.splitlines())
print(','.join(['a', 'b']), ''.join('abc'), ','.join(()), '-'.join({'k': 1}), 'é'.join(['a', '日']),
        ','.join(str(i) for i in range(3)))
print('x'.center(5), 'x'.center(6, '*'), 'x'.ljust(3) + '|', 'x'.rjust(3, '.'), '-5'.zfill(4), '+5'.zfill(1),
        'abc'.zfill(5), ''.zfill(2), 'xyx'.strip('x'), 'xyx'.lstrip('x'), 'xyx'.rstrip('x'), 'abcba'.strip('ab'),
        '\u3000a\u3000'.strip())
print('a\tb\tc'.expandtabs(), 'a\tb'.expandtabs(4), '\t'.expandtabs(0), 'ab\ncd\te'.expandtabs(4))
table = str.maketrans({'a': '1', 'b': None, ord('c'): 'CC'})
print('abcd'.translate(table), 'abc'.translate(str.maketrans('ab', 'xy', 'c')), 'abc'.translate({97: 98}),
        'é'.translate({233: 'e'}))
print('{} {} {}'.format(1, 'b', [3]), '{1} {0}'.format('a', 'b'), '{a} {b[0]} {c.real}'.format(a=1, b=[2], c=3),
        '{:>5}|{:<5}|{:^5}'.format(1, 2, 3), '{{}}'.format(), '{0!r:>6}'.format('a'), '{:{}}'.format('x', 5),
      '{0[k]}'.format({'k': 'v'}), '{:{w}.{p}f}'.format(3.14159, w=8, p=2), '{x}'.format_map({'x': 1}))
for bad in ("'{'.format()", "'}'.format()", "'{}'.format()", "'{0} {}'.format(1, 2)", "'{} {0}'.format(1, 2)",
        "'{a}'.format()", "'{!x}'.format(1)", "'{:d}'.format('a')", "'{0.nope}'.format(1)", "'{0[0]}'.format(1)",
                "'{[}'.format(1)",
            "'a'.join([1])", "'a'.join(5)", "'a'.split('')", "'abc'.index('z')", "'a' + 1", "'a' * 'b'", "'a' % 1",
                    "'%d' % 'a'", "'%s %s' % 1", "'%z' % 1", "'%' % 1", "'%(a)s' % 1", "'%(a)s' % {}", "'%c' % 'ab'", "'%c' % -1",
            "'a'[1]", "'a'['b']", "'a'.center(5, 'ab')", "'a'.replace(1, 2)", "'a'.find(1)", "1 in 'a'",
                    "'a'.startswith(1)", "'a'.startswith([1])", "'a'.encode('nope')", "'é'.encode('ascii')",
                            "str(b'x', 'nope')", "str(1, 'utf-8')",
            "'a'.partition('')", "'a'.translate(5)", "str.maketrans('a', 'bc')", "ord('ab')", "ord(1)", "'a'.foo",
                    "'a'.strip(1)", "'a' < 1", "'a'.zfill('b')", "'x'.expandtabs('a')", "str('a', 'b', 'c', 'd')",
                            "'\\ud800'.encode()"):
    try:
        print(bad, '=', eval(bad))
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
print('%s %r %a %d %i %5d|%-5d|%05d|%+d|% d' % ('s', 'r', 'é', 1.9, True, 42, 42, 42, 42, 42),
        '%x %X %#x %o %#o' % (255, 255, 255, 8, 8), '%e %.2f %g %G %5.1f' % (12345.678, 1.005, 1e-5, 1e20, 2.25),
      '%c%c' % ('a', 98), '%%', '%(a)s %(b)05.1f' % {'a': 1, 'b': 2}, '%*d|%-*d|%.*f' % (5, 1, 5, 2, 2, 3.14159),
      '%.2s' % 'abc', '%s' % (1,), '%s' % ((1, 2),), '%5s|%-5s|' % ('a', 'b'))
u = 'aé日😀z'
print(len(u), u[::-1] == 'z😀日éa', [ascii(c) for c in u], u[1:3] == 'é日', u[-2] == '😀', u[10:], u[::2] == 'a日z',
        ascii(u), u.encode(), u.encode('utf-16-le'), len(u.encode('utf-32')))
print('a' < 'b', 'a' < 'B', 'abc' < 'abd', 'Z' < 'é' < '日' < '😀', 'a' * 3, 3 * 'ab', 'a' * -1, 'b' in 'abc', '' in '',
        'é' in u, 'x' not in u, max('hello'), min('hello'), sorted('hello'))
print(repr("it's"), repr('say "x"'), repr('both \' "'),
        repr('\t\n\r\\\x00\x7f\x80\xa0\xad\u0378\u2028\ud800\U0001f600\U000e0001').encode('utf-8', 'backslashreplace'))
print(str(), str(5), str(None), str(b'a'), str(b'\xc3\xa9', 'utf-8'), str(b'\xff', 'ascii', 'replace'), str(object=3),
        str([1, 'a']), str(('x',)), str({'k': 'v'}))


class S(str):
    def __str__(self): return 'S.__str__'
    def upper(self): return 'UP'


x = S('abc')
print(x, repr(x), x.upper(), x.lower(), type(x.lower()).__name__, type(x[:]).__name__, x == 'abc',
        hash(x) == hash('abc'), {'abc': 1}[x], '%s' % x, f'{x}', x + 'd', ''.join([x]), type(str(x)).__name__)
big = 'ab' * 50000
assert big.find('ba', 99990) == 99991 and big.count('ab') == 50000 and len(big.replace('a',
        'ccc')) == 200000 and big.rfind('ab') == 99998
acc = ''
for i in range(2000):
    acc += str(i)
print(len(acc), acc[-8:], hash('a') == hash('a'))
assert 'abc'.isidentifier() and 'class'.isidentifier() and not '1a'.isidentifier()
