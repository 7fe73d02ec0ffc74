# Operations with short ways of their own, at their borders: arithmetic of natives, repeated lists, growing lists, counts, joins,
# case mappings, orders of floats in tuples and heaps, products of long decimals.
import functools
import heapq
import itertools
import operator
import random
from collections import Counter
from decimal import Decimal, getcontext

big, nan, inf = 2**61 - 1, float('nan'), float('inf')
for values in ([big, 1, -1], [-big - 1, -1], [big, big, big], [1e300, 1e10], [1e308, 1e308], [0.1, 0.2], [1e-300, 1e-10], [True, 2, 3.5],
               [inf, -inf], ['a', 'b'], [[1], [2]], [(1,), ()], [1j, 2], [3, 1.5], [0.0, -0.0]):
    print(list(itertools.accumulate(values)), functools.reduce(operator.add, values), end=' ')
    for function in (operator.sub, operator.mul, lambda a, b: a * b):
        try:
            print(functools.reduce(function, values), end=' ')
        except TypeError as e:
            print(e, end=' ')
    print()
print(list(itertools.accumulate([2**31] * 4, operator.mul)), list(itertools.accumulate([-2**40, 2**30, 3], operator.mul)))

print([0] * 5, [1, 2] * 3, [] * 4, [3] * 0, [3] * -1, 3 * [None], [[]] * 2, ([7] * 1)[0])
try:
    [1, 2] * sys_maxsize if (sys_maxsize := 2**62) else 0
except (MemoryError, OverflowError) as e:
    print(type(e).__name__)
rows = [[]] * 3
rows[0].append(1)
print(rows, len([0] * 100_000), sum([1, 2] * 50_000))
grown = []
for i in range(3000):
    grown.append(i)
    if i % 7 == 0:
        grown.insert(0, -i)
print(len(grown), sum(grown), grown[:5], grown[-3:])


class Always:
    def __hash__(self):
        return hash('b')

    def __eq__(self, other):
        return other == 'b'


class Sub(dict):
    def __missing__(self, key):
        return 5


print(sorted(Counter('abracadabra').items()), Counter([1, 1.0, True, 2, None, None]), Counter({'a': 2.5}) + Counter('ab'))
counts = Counter({'a': big, 'b': 1.5, 'c': 'x'})
counts.update('aab')
print(counts['a'], counts['b'])
try:
    counts.update('c')
except TypeError as e:
    print(e)
print(Counter(['b', Always(), 'b'])['b'], Counter('aab') - Counter('ab'))
d = {1: 'one', 2.0: 'two', 'x': 3}
print(d.get(2), 2 in d, True in d, d.get(3), 3 in d, -1 in d, -2 in d)
d.update({2: 'II', 1.0: 'I', 'y': 4, Always(): 5})
print(list(d.items())[:4], d['b'], len(d), d | {'b': 6, 3: 3} != d)
print({1: 2} == {1.0: 2}, {1: 1, 2: 2} == {2: 2, 1: 1}, {1: nan} == {1: nan}, {1: 2, 3: 4} == {1: 2, 4: 3}, {-1: 0} == {-2: 0})

print(', '.join(['a', 'b']), ''.join([]), '-'.join(['x']), 'é'.join(['a', 'b', '\u20ac']), '\U0001f600'.join(list('abc')))
for bad in (['a', 1], [b'a'], ['x', None], (1,), [1]):
    try:
        ','.join(bad)
    except TypeError as e:
        print(e)
print(b','.join([b'a', b'bc']), b''.join([]), b','.join([bytearray(b'x'), b'y', memoryview(b'z')]), bytearray(b'-').join([b'1', b'2']),
      b','.join([b'only']), bytearray(b',').join([b'only']))
for bad in ([b'a', 'b'], ['a'], 3):
    try:
        b','.join(bad)
    except TypeError as e:
        print(e)
table = bytes(range(255, -1, -1))
print(b'abc\x00'.translate(table), b'abc'.translate(None, b'b'), b'abc'.translate(bytes(range(256))), b''.translate(table),
      bytearray(b'ab').translate(table), b'aXbX'.translate(bytes.maketrans(b'X', b'-'), b'a'), b'abc'.translate(None))
for text in ('hello wORLD', "they're 3rd-place x1y", 'ÉCOLE d\u00e9j\u00e0', 'ß straße', '', 'A', '12ab _cd', '\u01c6x \u01c6'):
    print(text.title(), text.capitalize(), text.swapcase())

for a, b in (((1.5, 2), (1.5, 3)), ((0.0, 1), (-0.0, 0)), ((nan, 1), (nan, 2)), ((1.0,), (1.0, 2)), ((2.5, nan), (1.5, 0)), ((inf,), (1e300,)),
             ((1, 2.5), (1.0, 2.25)), ((1e300 * 10, 1), (inf, 1))):
    print(a < b, a <= b, a == b, a != b, a > b, a >= b, end=' ')
print()
rng = random.Random(7)
heap = []
for i in range(300):
    heapq.heappush(heap, (rng.choice([0.5, 1.5, rng.random(), 1e300]), i))
popped = [heapq.heappop(heap) for _ in range(300)]
print(popped == sorted(popped), heap, end=' ')
floats = [rng.random() - 0.5 for _ in range(200)] + [0.0, -0.0, inf, -inf]
heapq.heapify(floats)
popped = [heapq.heappop(floats) for _ in range(204)]
print(popped == sorted(popped), heapq.nsmallest(2, popped), heapq.nlargest(2, popped))

getcontext().prec = 2000
for n, m in ((1, 400), (17, 200), (100, 100), (161, 163), (162, 162), (163, 900), (9, 9), (18, 19), (700, 650)):
    for digits in ('9', '1', '5', None):
        a = int(digits * n if digits else rng.randrange(10**n))
        b = int(digits * m if digits else rng.randrange(10**m))
        assert int(Decimal(a) * Decimal(b)) == a * b and int(Decimal(b) * Decimal(-a)) == -a * b, (n, m, digits)
print('products agree')

for n in (0, 1, 9, 10, 255, 256, 2**31, 2**60, 2**61 - 1, 2**61, -1, -255, -2**61, -2**61 - 1, 2**64, 7**90):
    print(hex(n), oct(n), bin(n), '{:x} {:X} {:#o} {:b}'.format(n, n, n, n), '{} {!r}'.format(n, n), end=' ')
print()
for arguments in ((3, 20, 1000), (0, 0, 1), (5, 0, 7), (-3, 5, 7), (2, 10, -7), (2**61 - 1, 2**61 - 1, 2**61 - 1), (2**60, 2**60, 2**61 - 3),
                  (2**33, 3, 2**32), (2**32 - 1, 9, 2**32), (2**32, 2, 2**32 + 1), (3, -1, 7), (7, 5, 1), (True, 2, 3), (2**70, 3, 11)):
    print(pow(*arguments), end=' ')
for arguments in ((3, 2, 0), (2, -1, 4)):
    try:
        print(pow(*arguments))
    except ValueError as e:
        print(e, end=' ')
print()
for a, b in ((7**90, 3**80), (7**90, 3), (2**200 - 1, 2**64), (-7**90, 3**80), (7**90, -3**80), (-7**90, -3), (2**128, 2**64 - 1), (0, 7**90)):
    print(a & b == b & a == ~(~a | ~b), a | b == b | a == ~(~a & ~b), a ^ b == b ^ a == (a | b) - (a & b), (a & b) % 1000, (a ^ b) % 1000)

# A search that steps by eight and by 32, at all offsets
for width in ('', '\u20ac', '\U0001f600'):
    for length in (3, 8, 9, 31, 32, 33, 64, 70):
        for at in range(length - 2):
            text = 'x' * at + 'xyz'[:3] + 'x' * (length - at - 3)
            full = text + width
            assert full.find('xyz') == at and full.find('yz') == at + 1 and full.rfind('yz') == at + 1 and full.count('xyz') == 1
            assert full.replace('yz', '-') == text[:at + 1] + '-' + text[at + 3:] + width and 'yx' not in full[:at + 2]
            assert not width or full.find(width) == length
            if not width:
                assert text.encode().find(b'xyz') == at and text.encode().split(b'yz') == [text[:at + 1].encode(), text[at + 3:].encode()]
assert 'aXbXc\x80\xff'.find('\x80\xff') == 5 and ('\xff' * 40).find('\xff\x7f') == -1 and b'\x00\x01\x00\x01\x01'.find(b'\x01\x01') == 3
assert ('\x80\x00' * 30 + '\x81\x00').find('\x81\x00') == 60

# natives that take in an iterator
print(bytes([1, 2, 255]), bytes((3, 4)), bytes(range(5)), bytes(x for x in (6, 7)), bytearray([8]), bytes([True]), bytes({9: 1}))


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        if len(source) > 2:
            source.pop()
        return self.value


source = [Index(1), 2, 3, 4]
print(bytes(source), len(source))
for bad in ([256], [-1], [1.0], ['a'], (300,), 2**70):
    try:
        bytes(bad)
    except Exception as e:
        print(type(e).__name__, e)


class Counting:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 3:
            Counting.__next__ = lambda self: (_ for _ in ()).throw(StopIteration) if self.n > 4 else setattr(self, 'n', self.n + 1) or -self.n
        return self.n


try:
    print(list(Counting()))
except RuntimeError as e:
    print(e)


class Count(itertools.count):
    def __next__(self):
        value = super().__next__()
        if value == 3:
            raise StopIteration
        return value


print(list(Count()), all(Count(1)), any(Count()), sum(Count()), list(map(str, Count())), dict(zip(Count(), 'abcd')), Counter(Count()))
print(all([]), any([]), all([1, [], 2]), any([0, '', 3]), all({}), any({0: 1}.items()), all(iter([1, 2])), any(x for x in [0, 0]))
print(list('a\xe9\u20ac'), list(''), list({1: 2}.items()), list(enumerate('ab')), list(reversed([1, 2])), list(iter({}.values())))
print(dict([(1, 2), [3, 4], 'ab', (5, 6)]), dict(iter([(1, 2)])))
for bad in ([(1, 2), (3,)], [(1, 2, 3)], [1], ['abc'], [([], 1)]):
    try:
        dict(bad)
    except Exception as e:
        print(type(e).__name__, e)
d = {1: 1, 2: 2}
try:
    for k in map(lambda k: d.setdefault(k + 10, k), d):
        pass
except RuntimeError as e:
    print(e)
for pieces in (b'a b  c', b' x', b'', b'a' * 3 + b' b' * 100):
    print(pieces.split()[:5], pieces.rsplit(None, 1), len(pieces.split(b' ')), pieces.rsplit(b' ')[-3:], bytearray(pieces).split(b' ', 2)[:2])
words = ['w%d' % (i * 7 % 40) for i in range(40)]
for n in (0, 1, 2, 15, 16, 17, 24, 25, 33, 40):
    print(sorted(words[:n], key=lambda w: int(w[1:]))[:6], sorted(words[:n], key=len, reverse=True)[:3], sorted([i * 7 % 13 for i in range(n)])[-3:])
try:
    sorted(words, key=lambda w: 1 // (w != 'w7'))
except ZeroDivisionError as e:
    print(e)
print('{}|{:>4}|{!s:^5}|{{}}|{0}'.format.__name__, '{{{}}} {a}{b[0]}{c.real}'.format(1, a='é', b=[2], c=3), 'é{}ü{:\u20ac>3}'.format('\u20ac', 5))

# dates, patterns, packed ints, sums of decimals
import datetime
import struct
import types

days = list(range(1, 3652060, 997)) + [datetime.date(y, m, 1).toordinal() - k for y in (2, 4, 100, 400, 1900, 2000, 2400, 9999) for m in (1, 3, 4) for k in (0, 1)]
print(hash(tuple(datetime.date.fromordinal(n).timetuple()[:3] + (datetime.date.fromordinal(n).toordinal() == n,) for n in days + [1, 3652059])))
print(datetime.datetime(2000, 2, 28, 23, 59) + datetime.timedelta(minutes=1), datetime.date(1900, 3, 1) - datetime.timedelta(1),
      datetime.date.max - datetime.timedelta(1), datetime.date.min + datetime.timedelta(59))
for bad in (lambda: datetime.date.min - datetime.timedelta(1), lambda: datetime.date.max + datetime.timedelta(1),
            lambda: datetime.date.fromordinal(0), lambda: datetime.date.fromordinal(3652060), lambda: datetime.datetime.min - datetime.timedelta(0, 0, 1)):
    try:
        print(bad())
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)


class Point:
    __match_args__ = ('x', 'y')

    def __init__(self, **values):
        self.__dict__.update(values)


class Mapping(dict):
    def get(self, key, default=None):
        return 'got ' + str(key) if key == 'k' else super().get(key, default)


keys = types.SimpleNamespace(a='k', b=('k', 1), c=1, d=[])


def shape(v):
    match v:
        case {'k': 1, **rest}:
            return 'one', rest
        case {keys.b: x, keys.c: y}:
            return 'two', x, y
        case {'k': None}:
            return 'none'
        case {'k': str(x)}:
            return x
        case Point(x=0, y=0):
            return 'origin'
        case Point(x, y=1):
            return 'line', x
        case Point(x=1, z=z):
            return 'z', z
        case int(n) | float(n):
            return 'number', n
        case {}:
            return 'mapping'
    return 'nothing'


for v in ({'k': 1, 'l': 2}, {('k', 1): 3, 1: 4}, {'k': None}, {}, Mapping(k=1), types.MappingProxyType({'k': 1}), Counter('k'), Point(x=0, y=0),
          Point(x=5, y=1), Point(x=1, z=3), Point(), 3, 2.5, [1]):
    print(shape(v), end=' ')
print()


def twice(v, how):
    try:
        match (how, v):
            case 0, {keys.a: _, 'k': _}:
                return 'matched'
            case 1, {keys.d: _}:
                return 'matched'
            case 2, Point(1, x=1):
                return 'matched'
            case 3, Point(1, 2, 3):
                return 'matched'
            case 4, {keys.c: 1, 1.0: 2}:
                return 'matched'
    except Exception as e:
        return type(e).__name__, str(e)


for how, v in enumerate(({'k': 1}, {'k': 1}, Point(x=1), Point(x=1, y=2), {1: 1})):
    print(twice(v, how), end=' ')
print()
for code in 'bBhHiIlLqQ':
    for n in (0, 1, -1, 127, 128, 255, 256, 2**31, 2**32 - 1, -2**31, 2**61, -2**61, 2**63, 2**64 - 1, 2**64, -2**63 - 1):
        try:
            print(struct.pack('<' + code, n).hex(), end=' ')
        except struct.error as e:
            print(e, end=' ')
print()
getcontext().prec = 30
for a, b in (('1.5', '2.5'), ('9' * 27, '1'), ('9' * 45, '1'), ('1e40', '1e-40'), ('1' * 28, '-1e-50'), ('123456789' * 3 + '.5', '0.5'), ('-' + '9' * 18, '9' * 36),
             ('1e-5', '999999999999999999999999'), ('-0', '0'), ('5e30', '5')):
    a, b = Decimal(a), Decimal(b)
    print(a + b, a - b, b - a, sum([a, b, a, b]), end=' ')
print()

# replaced bytes, lists taken apart and joined
for text in (b'abcabc', b'aaaa', b'xyz', b'', b'a'):
    print(text.replace(b'a', b'-'), text.replace(b'a', b'-', 1), text.replace(b'a', b'-', 2), text.replace(b'c', b'', 1), bytearray(text).replace(b'a', b'b'))
for source in ([1, 2, 3, 4], (1, 2, 3), [1, 2], [1], [], (), 'abc', iter([1, 2, 3]), {1: 2, 3: 4}, list(range(300))):
    try:
        a, *b, c = source
        print(a, b[-3:], c, len(b), end=' ')
        *a, b = b
        print(a[-2:], b)
    except ValueError as e:
        print(e)
items = [1, 2, 3]
items, *rest = items
print(items, rest)
(*rest,) = rest
rest.extend(rest)
rest += [9] * 20
rest[len(rest):] = rest
rest.extend([])
print(rest, [*rest, 0][-3:])
for key, value in ((10, -1), (10, 300), (10, 'x'), (-10, 1), (3, 1), (-4, 256), ('a', 300)):
    try:
        bytearray(b'abc')[key] = value
    except Exception as e:
        print(type(e).__name__, e)
