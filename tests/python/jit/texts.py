# Texts of all widths in code that runs often: f-strings, characters, slices, equality and keys; and sums of bools.
# timeout: 120
import itertools

TEXTS = ['', 'a', 'ab', 'abc def', 'x' * 40, 'y' * 199, 'z' * 201, 'q' * 300, '\xe9', 'na\xefve', '\xff' * 33, '\u0441\u043b\u043e\u0432\u043e',
         'a\u0441', 'abcdefgh\u0441', '\u0441abcdefgh', '\u20ac' * 20, '\u20ac' * 110, '\U0001f600', 'a\U0001f600', '\U0001f600\u20aca', '\u0100', '\u00ff\u0100',
         'mixed \xe9 \u0441 text that is longer than thirty-two characters']


class Text(str):
    def __format__(self, spec):
        return 'formatted'

    def __str__(self):
        return 'as str'


class Thing:
    def __format__(self, spec):
        return 'thing' + spec


def two(a, b):
    return f'{a}{b}'


def four(a, b):
    return f'<{a}, {b!s}>'


def one(a):
    return f'{a}', f'{a!s}', f'{a!r}', f'{a:>5}', f'{a:}'


def many(a):
    return f'{a}{a}{a}{a}{a}{a}{a}{a}{a}', f'{a} {a} {a} {a} {a} {a} {a} {a} {a} {a}'


def check(made, expected):
    assert made == expected and type(made) is str and len(made) == len(expected) and made.isascii() == expected.isascii()
    assert hash(made) == hash(expected) and {made: 1}[expected] == 1 and made.encode() == expected.encode() and repr(made) == repr(expected)


for round in range(6):
    for a, b in itertools.product(TEXTS, repeat=2):
        check(two(a, b), ''.join([a, b]))
        check(four(a, b), ''.join(['<', a, ', ', b, '>']))
for round in range(60):
    for a in TEXTS:
        for made, expected in zip(one(a), (a, a, repr(a), a.rjust(5), a)):
            check(made, expected)
        for made, expected in zip(many(a), (a * 9, ' '.join([a] * 10))):
            check(made, expected)
for i in range(1500):
    assert one(i)[:3] == (str(i), str(i), str(i)) and two(i, 1.5) == str(i) + '1.5' and two(None, None) == 'NoneNone'
    assert one(Text('x'))[:3] == ('formatted', 'as str', "'x'") and one(Thing())[3] == 'thing>5' and two(True, b'x') == "Trueb'x'"


# Characters.
def characters(s):
    return [c for c in s]


def by_index(s):
    return [s[i] for i in range(len(s))], [s[-1 - i] for i in range(len(s))]


def counted(s):
    n = {}
    for i, c in enumerate(s):
        n[c] = n.get(c, 0) + 1
        n[c] += 0
    return n


def palindrome(s):
    a, b = 0, len(s) - 1
    while a < b and s[a] == s[b]:
        a += 1
        b -= 1
    return a >= b


for round in range(40):
    for s in TEXTS:
        expected = list(map(chr, map(ord, s)))
        assert characters(s) == expected and ''.join(characters(s)) == s
        there, back = by_index(s)
        assert there == expected and back == expected[::-1]
        assert counted(s) == {c: s.count(c) for c in s} and palindrome(s) == (s == s[::-1]) and palindrome(s + s[::-1])
        for c in characters(s):
            assert len(c) == 1 and chr(ord(c)) == c and hash(c) == hash(chr(ord(c))) and c + 'x' == chr(ord(c)) + 'x'


def same(a, b):
    return a == b, a != b, 1 if a == b else 2


def copy(s):
    return ''.join(list(s))


for round in range(20):
    for a, b in itertools.product(TEXTS, repeat=2):
        equal = list(map(ord, a)) == list(map(ord, b))
        assert same(a, copy(b)) == (equal, not equal, 1 if equal else 2), (a, b)


def parts(s, n):
    return [s[i:i + n] for i in range(0, len(s))]


for round in range(10):
    for s in TEXTS:
        for n in (0, 1, 2, 5, 20, 130):
            for i, made in enumerate(parts(s, n)):
                check(made, ''.join(list(s)[i:i + n]))


def stored(d, k, v):
    d[k] = v
    return d[k]


for round in range(30):
    d = {}
    for n, s in enumerate(TEXTS):
        assert stored(d, copy(s), n) == n and stored(d, copy(s), n + 1) == n + 1
    assert list(d) == TEXTS and [d[copy(s)] for s in TEXTS] == list(range(1, len(TEXTS) + 1))


# Bools.
def sums(a, b):
    return a + b, a - b, a * b


NUMBERS = [True, False, 0, 1, -1, 2**61 - 1, -2**61, 2**61, 1.5, -0.0, 2**70, 1j]
for round in range(60):
    for a, b in itertools.product(NUMBERS, repeat=2):
        for made, expected in zip(sums(a, b), (a.__add__(b), a.__sub__(b), a.__mul__(b))):
            if expected is not NotImplemented:
                assert repr(made) == repr(expected), (a, b, made, expected)
            assert type(made) is not bool
for bad in ((True, 'x'), ('x', True), (None, True), (True, None), ([], False)):
    for i in range(3):
        try:
            sums(*bad)
        except TypeError as e:
            text = str(e)
    print(text)
