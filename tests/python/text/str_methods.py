# str methods with ASCII, Latin-1, BMP and astral text.
texts = ['', 'a', 'abc', 'hello world', 'caf\xe9', 'stra\xdfe', '\u0394\u03a3', 'x\u20acy', '\U0001f600smile\U0001f600', 'tab\tnew\nline\r\n', '\ud800']
for t in texts:
    assert t[::-1][::-1] == t
    assert t.upper().lower().casefold() is not None
    assert (t + t) == t * 2 and len(t * 3) == 3 * len(t)
    assert ''.join(list(t)) == t
    assert t.replace('', '-') == '-' + ''.join(c + '-' for c in t)
    assert eval(repr(t)) == t
    assert hash(t) == hash(''.join(t))
assert 'stra\xdfe'.upper() == 'STRASSE'
assert '\u0394\u03a3'.lower() == '\u03b4\u03c2'
assert '\u01c6'.title() == '\u01c5' and '\u01c5'.istitle()
assert '\ufb01x'.capitalize() == 'Fix'
assert 'aBc'.swapcase() == 'AbC'
assert "they're bill's".title() == "They'Re Bill'S"
assert 'a,b,,c'.split(',') == ['a', 'b', '', 'c']
assert 'a,b,,c'.split(',', 1) == ['a', 'b,,c']
assert 'a,b,,c'.rsplit(',', 1) == ['a,b,', 'c']
assert '  a  b '.split() == ['a', 'b'] and '  a  b '.split(None, 1) == ['a', 'b ']
assert '  a  b '.rsplit(None, 1) == ['  a', 'b']
assert 'a\u2003b\u2028c'.split() == ['a', 'b', 'c']
assert 'a\nb\r\nc\x0bd\u2028e'.splitlines() == ['a', 'b', 'c', 'd', 'e']
assert 'a\nb\r\n'.splitlines(True) == ['a\n', 'b\r\n']
assert 'x=1=2'.partition('=') == ('x', '=', '1=2') and 'x=1=2'.rpartition('=') == ('x=1', '=', '2')
assert 'abc'.partition('z') == ('abc', '', '') and 'abc'.rpartition('z') == ('', '', 'abc')
assert 'xxhixx'.strip('x') == 'hi' and '\u20ac\u20acx'.lstrip('\u20ac') == 'x'
assert 'abcabc'.find('c', 3) == 5 and 'abcabc'.rfind('a') == 3 and 'abc'.find('') == 0 and 'abc'.rfind('') == 3
assert 'abc'.find('', 4) == -1 and 'abc'.count('') == 4 and 'aaaa'.count('aa') == 2
assert 'x\u20acx\u20ac'.find('\u20ac', 2) == 3 and 'abc'.find('\u20ac') == -1
assert 'abc'.startswith(('x', 'ab')) and 'abc'.endswith('bc', 1) and not 'abc'.startswith('b', 0, 1)
assert 'ab'.center(5, '*') == '**ab*' and 'abc'.center(6) == ' abc  ' and 'a'.ljust(3, '\u20ac') == 'a\u20ac\u20ac'
assert '-42'.zfill(6) == '-00042' and '+'.zfill(3) == '+00'
assert 'a\tb\n\tc'.expandtabs(4) == 'a   b\n    c'
assert 'banana'.replace('a', 'o', 2) == 'bonona' and 'aaa'.replace('a', '\u20ac') == '\u20ac' * 3 and '\u20aca'.replace('\u20ac', '') == 'a'
assert 'abc'.translate({97: 'x', 98: None, 99: 0x20ac}) == 'x\u20ac'
assert str.maketrans('ab', 'xy', 'z') == {97: 120, 98: 121, 122: None}
assert 'prefix-x'.removeprefix('prefix-') == 'x' and 'x.py'.removesuffix('.py') == 'x'
assert 'abcdef'[1:5:2] == 'bd' and 'abcdef'[::-2] == 'fdb' and 'abc'[-1] == 'c' and 'abc'[5:] == ''
assert 'abc' < 'abd' < 'b' and '\xe9' > 'z' and '\U00010000' > '\uffff' and 'a' < '\u20ac'
assert ' '.isspace() and '\u2003'.isspace() and '\xb2'.isdigit() and not '\xb2'.isdecimal() and '\xbd'.isnumeric()
assert 'abc_1'.isidentifier() and not '1a'.isidentifier() and '\xb5x'.isidentifier()
assert 'A1'.isupper() and not '1'.isupper() and 'Title Case'.istitle() and 'abc'.isprintable() and not 'a\n'.isprintable()


class S(str):
    pass


s = S('abc')
assert type(s.upper()) is str and type(s[:]) is str and type(s + '') is str and type(s.strip()) is str
assert s == 'abc' and hash(s) == hash('abc') and {s: 1}['abc'] == 1
s.attr = 5
assert s.attr == 5 and str(s) == 'abc' and type(str(s)) is str
assert repr(S("it's")) == '"it\'s"'
big = ''
for i in range(5000):
    big += 'ab\u20ac'[i % 3]
assert len(big) == 5000 and big[:3] == 'ab\u20ac'
a = 'x' * 300
b = a + 'y'
c = b + 'z'
d = b + 'w'
assert c[-1] == 'z' and d[-1] == 'w' and b == 'x' * 300 + 'y'


def raises(kind, text, function, *args):
    try:
        function(*args)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError(text)


raises(TypeError, "must be str, not int", 'a'.find, 1)
raises(ValueError, 'substring not found', 'a'.index, 'b')
raises(ValueError, 'empty separator', 'a'.split, '')
raises(TypeError, 'sequence item 1: expected str instance, int found', ','.join, ['a', 1])
raises(TypeError, 'can only join an iterable', ','.join, 5)
raises(TypeError, "string indices must be integers, not 'str'", lambda x: 'a'[x], 'b')
raises(IndexError, 'string index out of range', lambda x: 'a'[x], 1)
raises(TypeError, "'in <string>' requires string as left operand, not int", lambda x: x in 'a', 1)
raises(TypeError, 'can only concatenate str (not "int") to str', lambda x: 'a' + x, 1)
raises(TypeError, "can't multiply sequence by non-int of type 'float'", lambda x: 'a' * x, 1.5)
raises(TypeError, 'The fill character must be exactly one character long', 'a'.center, 5, 'xy')
raises(TypeError, 'decoding str is not supported', str, 'a', 'utf-8')
raises(TypeError, 'decoding to str: need a bytes-like object, int found', str, 1, 'utf-8')
raises(ValueError, 'character mapping must be in range(0x110000)', 'a'.translate, {97: 0x110000})
