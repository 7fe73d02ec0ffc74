# Calls of abs(), ord(), chr(), int(), float(), isinstance() and set.add() in code that runs often, with all kinds of arguments, and
# where the names come to mean something else.
# timeout: 120
import abc
import collections.abc
import fractions
import gc
import numbers


class Odd:
    def __abs__(self):
        return 'abs'

    def __int__(self):
        return 7

    def __float__(self):
        return 7.5

    def __index__(self):
        return 65


class SubInt(int):
    def __abs__(self):
        return 'sub'


class SubFloat(float):
    pass


class SubStr(str):
    pass


def absolute(x):
    return abs(x)


def code(x):
    return ord(x)


def character(x):
    return chr(x)


def whole(x):
    return int(x)


def real(x):
    return float(x)


def plus(x):
    return int(x) + 1, float(x) + 1, abs(x) + 1


NUMBERS = [0, 1, -1, 65, 255, 256, -256, 0x10FFFF, 0x110000, 2**53 + 1, 2**60 - 1, 2**60, 2**61 - 1, -2**60, -2**60 - 1, -2**61, 2**61, 2**70, -2**70,
           10**400, 0.0, -0.0, 1.5, -1.5, 2.0**59, 2.0**60, -2.0**60, 2.0**61, 2.0**62, 2.0**63, -2.0**63, 1e18, 1e300, -1e300, 5e-324, -5e-324,
           float('inf'), float('-inf'), float('nan'), True, False, 1j, 3 + 4j, None, '5', '1.5', 'a', '', 'ab', b'a', bytearray(b'b'), '\xe9', '\u20ac',
           '\U0001f600', SubInt(-3), SubFloat(-2.5), SubStr('z'), Odd(), fractions.Fraction(-7, 2), [], (1,)]


def answer(f, x):
    try:
        y = f(x)
    except Exception as e:
        return type(e).__name__, str(e)
    return type(y).__name__, repr(y)


first = {}
for f in (absolute, code, character, whole, real, plus):
    for k, x in enumerate(NUMBERS):
        if f is whole and x == 10**400:
            continue
        first[f, k] = answer(f, x)
        print(f.__name__, first[f, k] if type(x) is not int or -10**100 < x < 10**100 else first[f, k][0])
for round in range(400):
    for (f, k), expected in first.items():
        given = answer(f, NUMBERS[k])
        assert given == expected, (f, NUMBERS[k], given, expected)
for i in range(256):
    assert code(character(i)) == i and character(i) == bytes([i]).decode('latin-1')
for i in range(0, 0x3000, 7):
    assert code(character(i)) == i
for i in range(-3000, 3000):
    assert absolute(i) == absolute(-i) == max(i, -i) and whole(i / 2) == (i - (i & 1) * (1 if i > 0 else -1)) // 2 and real(i) == i


# isinstance
def check(x, c):
    return isinstance(x, c)


class Meta(type):
    def __instancecheck__(cls, x):
        return 'yes'


class WithMeta(metaclass=Meta):
    pass


class Abstract(abc.ABC):
    pass


Abstract.register(int)
OBJECTS = [0, 1, 2**70, True, False, None, 1.5, float('nan'), 'a', b'a', [], (), {}, set(), Odd(), SubInt(1), SubFloat(1), SubStr('a'), int, ..., 1j]
CLASSES = [int, float, bool, str, bytes, list, tuple, dict, set, object, type, type(None), complex, SubInt, SubFloat, SubStr, Odd, WithMeta,
           Abstract, numbers.Number, collections.abc.Hashable, (int, float), (str, (int, bytes)), int | str]
expected = {(i, j): check(x, c) for i, x in enumerate(OBJECTS) for j, c in enumerate(CLASSES)}
for round in range(60):
    for (i, j), e in expected.items():
        assert check(OBJECTS[i], CLASSES[j]) == e, (OBJECTS[i], CLASSES[j], e)
print([sum(expected[i, j] for i in range(len(OBJECTS))) for j in range(len(CLASSES))])
for i in range(3):
    try:
        check(1, 5)
    except TypeError as e:
        text = str(e)
print(text)


# set.add
def add(s, x):
    s.add(x)
    return len(s)


def comprehension(items):
    return {x for x in items}, {str(x) for x in items}, {-x for x in items}


class SubSet(set):
    def add(self, x):
        super().add(('sub', x))


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


KEYS = [0, 1, True, 1.0, -1, -2, 2**60, 2**61, 2**70, '', 'a', 'b', 'key' + str(1), 'key' + str(1), None, (1, 2), (1, 2), 2.5, b'a', Key(0), Key(0), Key(1), '\u20ac', '\u20ac']
for round in range(300):
    s, n = set(), []
    for x in KEYS:
        if x not in n:
            n.append(x)
        assert add(s, x) == len(n), (x, s)
    assert all(x in s for x in KEYS) and len(s) == len(set(KEYS))
for size in (1, 4, 5, 10, 100, 3000):
    s = set()
    for i in range(size):
        assert add(s, i * 7) == i + 1 and add(s, i * 7) == i + 1
    for i in range(0, size, 2):
        s.discard(i * 7)
    for i in range(size):
        add(s, i * 7)
        add(s, str(i))
    assert sorted(x for x in s if type(x) is int) == [i * 7 for i in range(size)] and len(s) == 2 * size
    for made, f in zip(comprehension(list(range(size)) * 2), (int, str, int)):
        assert len(made) == size and sorted(map(abs, map(int, made))) == list(range(size))
old = set()
gc.collect()
for i in range(40000):
    add(old, 'text' + str(i % 5000))
    add(old, (i % 3000,))
    [[i] for j in range(3)]
assert len(old) == 8000 and all('text' + str(i) in old for i in range(5000)) and all((i,) in old for i in range(3000))
for i in range(1000):
    s = SubSet()
    assert add(s, 1) == 1 and ('sub', 1) in s
for bad in ([], {}, set()):
    for i in range(3):
        try:
            add({1}, bad)
        except TypeError as e:
            text = str(e)
    print(text)


# Other things by those names.
def by_name(x):
    return abs(x), ord('a'), chr(97), float(x), int(x), isinstance(x, int)


for i in range(3000):
    assert by_name(-i) == (i, 97, 'a', -i, -i, True)
abs = ord = chr = lambda x: ('mine', x)
float = int
int = str


def isinstance(x, c):
    return 'mine', c


for i in range(2000):
    assert by_name(1) == (('mine', 1), ('mine', 'a'), ('mine', 97), 1, '1', ('mine', str))
