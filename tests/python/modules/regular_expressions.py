# re: matching, groups, substitution, splitting, flags, lookaround, unicode, errors; backtracking that must end.
import re

TABLE = [(r'a*b', 'aaab'), (r'(a)(b)?', 'ac'), (r'(?P<x>\d+)-(?P<y>\w+)', 'id 12-ab'),
        (r'^\s*(\w+)\s*=\s*(.*?)\s*$', '  key = some value  '), (r'(a|ab)(c|bcd)(d*)', 'abcd'),
        (r'(?i)HELLO', 'say hello'), (r'\bfoo\b', 'a foo b'), (r'(?<=a)b(?=c)', 'abc'),
         (r'(?<!a)b(?!c)', 'abc xbd'), (r'(\w)\1', 'hello'), (r'(?:ab)+', 'ababx'), (r'a{2,3}', 'aaaa'),
         (r'a{2,3}?', 'aaaa'), (r'a{,2}b', 'aaab'), (r'[^a-c\]]+', 'abcdef]'),
         (r'[\w.-]+@[\w.]+', 'mail x.y@z.com now'), (r'.', '\n'), (r'(?s).', '\n'), (r'(?m)^b$', 'a\nb\nc'), (r'\Aab\Z', 'ab'),
         (r'x*', 'aaa'), (r'(a+)+$', 'aaaa'), (r'((a)|b)*', 'abab'), (r'(?x) a  b # c' + '\n', 'ab'),
         (r'\d+(?#comment)x', '12x'), (r'(?(1)a|b)', 'b'), (r'(<)?\w+(?(1)>|$)', '<ab>'), (r'(a)?(?(1)b|c)', 'c'),
         (r'[a-zé]+', 'café'), (r'\w+', 'naïve'), (r'(?a)\w+', 'naïve'), (r'[[:alpha:]]', 'x'), (r'\u0041\x42\103', 'ABC'),
         (r'a++b', 'aaab'), (r'a*+a', 'aaa'), (r'(?>a+)a', 'aaa'), (r'(?i:A)b', 'ab'), (r'(?-i:A)b', 'ab'),
         (r'[\d\s]+', 'a 1 2'), (r'(?=(\w+))\1', 'abc'), (r'(.*)(\d)', 'abc123'), (r'(.*?)(\d+)', 'abc123'),
         (r'\$\d+\.\d{2}', 'cost $12.50'), (r'', 'x'), (r'(?i)straße', 'STRASSE'), (r'(?i)ſ', 's'), (r'(?i)[à-ÿ]+', 'ÀÉ')]
import warnings
warnings.simplefilter('ignore')
for pattern, text in TABLE:
    try:
        m = re.search(pattern, text)
        print(ascii(pattern), '->', m and (m.span(), m.group(), m.groups(), m.groupdict()))
    except re.error as e:
        print(ascii(pattern), 'error', e)
for bad in ('(', ')', '[', 'a**', '*', '(?P<1>a)', '(?P<a>x)(?P<a>y)', '(?P=nope)', r'\2', '(?z)', '[b-a]', 'a{3,2}',
        '(?<=a*)b', r'\q', '(?', '(?P', '(?P<', r'\x1', r'\u12', '(?(2)a)', '(?(1)a|b|c)', 'x{99999999999}', '(?i',
        '(?<a', r'[\q]', '(?L)a', r'(a)(?(1', 'a{1', 'a|*'):
    try:
        print(bad, 'compiles', bool(re.compile(bad)))
    except (re.error, OverflowError, ValueError) as e:
        print(bad, '->', e, getattr(e, 'pos', None), getattr(e, 'lineno', None))
print(re.sub(r'(\w+) (\w+)', r'\2 \1', 'hello world'), re.sub('a', lambda m: m.group().upper(), 'banana', 2),
        re.sub('x*', '-', 'abxd'), re.subn('a', '', 'banana'), re.sub(r'(?P<n>\d)', r'<\g<n>\g<0>>', 'a1b2'),
                re.sub('(a)|b', r'[\1]', 'ab'), re.sub('a', r'\n\\', 'a'))
print(re.split(r'[,;]\s*', 'a, b;c'), re.split(r'(,)', 'a,b,c', 1), re.split('x*', 'axbc'), re.split('', 'ab'),
        re.split(r'\s', ''), re.findall(r'\d', 'a1b2'), re.findall(r'(\w)(\d)', 'a1b2'), re.findall('', 'ab'),
                [m.span() for m in re.finditer('a*', 'baac')], re.escape('a.b*c[d] é\n'))
print(re.match('b', 'ab'), re.fullmatch('a+', 'aaab'), re.fullmatch('a|ab', 'ab').group(),
        re.compile('b').match('ab', 1).span(), re.compile('^b').search('ab', 1),
                re.compile('b$').search('abc', 0, 2).span(), re.compile('a').search('ba').endpos)
m = re.compile(r'(?P<first>\w)(\w)?(?P<last>\d)?').match('ab')
print(m.group(0, 1, 2), m.group('first'), m['first'], m[2], m.start(1), m.end(2), m.span('last'), m.groups('def'),
        m.groupdict('d'), m.lastindex, m.lastgroup, m.string, m.pos, m.re.pattern, m.regs, m.expand(r'\1-\2'),
                repr(m), m.re.groups, m.re.groupindex['last'])
for bad in (lambda: m.group(9), lambda: m.group('zz'), lambda: m['zz'], lambda: re.match(b'a', 'a'),
        lambda: re.match('a', b'a'), lambda: re.sub('a', r'\5', 'a'), lambda: re.sub('a', r'\g<x', 'a'),
        lambda: re.sub('a', 5, 'a'), lambda: re.compile(5), lambda: re.match('a', 5), lambda: re.sub('(a)', r'\q', 'a')):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print(re.compile('a', re.I | re.M), re.compile('a').flags, re.compile(b'a').flags, re.I | re.X,
        re.compile('a') == re.compile('a'), hash(re.compile('a')) == hash(re.compile('a')), re.NOFLAG, re.purge())
print(re.findall(rb'\w+', b'caf\xc3\xa9 x'), re.sub(rb'a', b'b', b'banana'), re.match(rb'(.)', bytearray(b'z'))[1],
        re.search(b'b', memoryview(b'abc')).span(), re.split(b',', b'a,b'))
assert re.search(r'(\d+)*x', '1' * 18) is None
assert re.match(r'(?:x|y)*z', 'xy' * 20000 + 'z').end() == 40001
assert len(re.findall(r'\w+', 'word ' * 20000)) == 20000 and re.search('needle', 'hay' * 100000 + 'needle').start() == 300000
scanner = re.Scanner([(r'\d+', lambda s, t: int(t)), (r'\w+', lambda s, t: t), (r'\s+', None)])
print(scanner.scan('ab 12 c !'))
text = 'GET /path?x=1&y=2 HTTP/1.1\r\nHost: example.org\r\nX-A: b\r\n\r\n'
print(re.match(r'(?P<method>\w+) (?P<url>\S+) HTTP/(?P<v>[\d.]+)\r\n(?P<headers>(?:[^:]+: .*\r\n)*)\r\n',
        text).groupdict(), dict(re.findall(r'^([\w-]+): (.*?)\r$', text, re.M)))

# A match has items by group, but it is no sequence.
for use in (iter, list, lambda m: "a" in m):
    try:
        use(re.match("(a)", "a"))
    except TypeError as e:
        print(e)
