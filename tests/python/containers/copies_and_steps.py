"""Copies of dicts and sets, searches, orders and iterators: the short ways' edges, where contents, classes or comparisons are unusual."""
import collections
import itertools

# ---- dicts copied into empty ones
d = {i: str(i) for i in range(20)}
for i in range(0, 20, 3):
    del d[i]
d['text'] = 1
copies = [dict(d), {**d}, {**{}, **d}, d | {}, {} | d]
e = {}
e.update(d)
copies.append(e)
f = dict.fromkeys(range(5))
f.clear()
f.update(d)
copies.append(f)
g = {1: 2}
del g[1]
g |= d
copies.append(g)
print([c == d and list(c) == list(d) for c in copies])
for c in copies:
    c['new'] = c.pop(1)
    c[3] = 3
print([list(c) == list(copies[0]) and c[3] == 3 for c in copies], d.get('new'), len(d), 3 in d)


class D(dict):
    def __setitem__(self, key, value):
        raise AssertionError('update does not ask')


class K(dict):
    def keys(self):
        return ['only']

    def __getitem__(self, key):
        return 'got ' + key


print(D(d) == d, D().__class__(d, x=1)['x'], dict(D(d)) == d, dict(K(a=1)), {**K(a=1)})
od = collections.OrderedDict()
od.update(d)
od.move_to_end(1)
print(list(od)[-1], list(od.items())[:2], collections.OrderedDict(d) == d, dict(od) == d, list(dict(od))[-1])
dd = collections.defaultdict(list, d)
print(dd[2], dd['fresh'], len(dd), collections.Counter(dict(a=2)), collections.ChainMap(d, {})[2])
big = dict(zip(range(3000), range(3000)))
for i in range(2900):
    del big[i]
print(len(dict(big)), sum({**big}.values()), dict(big)[2950])
it = iter(empty := {})
empty.update(d)
try:
    next(it)
except RuntimeError as error:
    print(error)

# ---- sets
s = set(range(40))
for i in range(0, 40, 2):
    s.remove(i)
t = set(range(20, 60))
print(sorted(s | t), sorted(s & t), sorted(s - t), sorted(s ^ t), s.isdisjoint({2, 4}), {1, 2}.isdisjoint([5, 2]))
u = set()
u |= s
v = set(range(9))
v.clear()
v.update(s)
w = {1}
w.remove(1)
w |= s
x = set(range(5))
x -= set(range(5))
x |= t
print(u == v == w == s, x == t, list(frozenset(range(10))), list(set(range(10)) | {3}), s.copy() == s, frozenset(u) == u)
for i in range(1000):
    u.add(i % 37)
    u.discard(i % 11)
print(len(u), sorted(u)[:5])


class Key:
    asked = []

    def __init__(self, name, value):
        self.name, self.value = name, value

    def __hash__(self):
        return self.value % 2

    def __eq__(self, other):
        Key.asked.append(self.name + other.name)
        return self.value == other.value

    def __lt__(self, other):
        Key.asked.append(self.name + '<' + other.name)
        return self.value < other.value

    def __repr__(self):
        return self.name


a, b, c, e2 = Key('a', 1), Key('b', 2), Key('c', 3), Key('e', 1)
for action in (lambda: {a, b, c, e2} == {a, b, c}, lambda: {a, b}.isdisjoint({c, e2}), lambda: {a}.isdisjoint({c, e2}),
               lambda: {a, c}.isdisjoint({e2}), lambda: len({a, c} | {e2, b}), lambda: (a, b) < (e2, c), lambda: (a, b) == (e2, b),
               lambda: (c, a) <= (c, e2), lambda: (a,) < (a, b), lambda: [c, a].index(e2), lambda: e2 in (b, c, a),
               lambda: [a, e2, c, a].count(e2), lambda: dict({a: 1, c: 2})[e2], lambda: sorted([(c, 1), (a, 2), (b, 3)]), lambda: {**{a: 1}, e2: 2}):
    Key.asked.clear()
    print(action(), Key.asked)
nan = float('nan')
print((nan,) == (nan,), (1, nan) < (1, 2), (1, 'a') < (1, 'b'), (1, 2) < (1,), () < (), () <= (), (1.0, 2) == (1, 2),
      (True, 'x') == (1, 'x'), nan in [nan], [1, True, 1.0].count(1), (2 ** 70,) > (2 ** 69,), ('a', 1) != ('a', 1))
try:
    (1, 'a') < (1, 2)
except TypeError as error:
    print(error)


class T(tuple):
    def __lt__(self, other):
        return 'T'

    def __gt__(self, other):
        return 'greater'


print(T((1,)) < (1,), (1,) < T((1,)), (1,) < (2,), T((1,)) == (1,))
deep = ()
for _ in range(100000):
    deep = (deep,)
other = ()
for _ in range(100000):
    other = (other,)
try:
    print(deep == other)
except RecursionError as error:
    print('RecursionError', 'comparison' in str(error))

# ---- sorting text
words = ['b', '', 'abc', 'ab', 'B', '\xe9t\xe9', '\xe9', 'a\x00', 'a', '\x80', '\u20ac', 'zz', '\U0001f600', 'ab\xff', 'ab\u0100']
print(sorted(words), sorted([x for x in words if max(x, default='') < '\u0100'], reverse=True), sorted(words * 3, key=str.upper)[:7])
print(sorted(['x%d' % (i * 7919 % 101) for i in range(101)])[::9], sorted(['b', 'a', 'c'], key=lambda x: (x == 'a', x)))
try:
    sorted(['a', 1])
except TypeError as error:
    print(error)

# ---- reversal, splits
for n in range(6):
    items = list(range(n))
    items.reverse()
    print(items, end=' ')
print()
for text in 'a,b,,c', ',', '', ',,', 'abc', '\xe9,\u20ac', 'a,' * 70, ' x  y ', 'x' * 600 + ',' + 'y' * 10, ('ab,' * 300):
    print([hash_of for hash_of in (len(text.split(',')), text.split(',')[-3:], text.split(',', 0) == [text], text.split(',', 1)[-1][:5],
                                   text.split(',', 2)[-1][:5], ','.join(text.split(',')) == text, text.split('\u20ac')[0][:3], text.split('\xe9')[-1][:3])])
print(' '.join(str(i) for i in range(150)).split()[60:70], 'a b'.split('x', -1), len(('q ' * 200).split(' ', 65)))

# ---- iterators
data = bytes(range(250, 256))
it = iter(data)
print(next(it), list(it), list(it), next(it, 'end'), list(zip(data, data[1:])), max(data), sum(data), 255 in iter(data))
it = iter(b'abc')
print(it.__length_hint__(), next(it), it.__reduce__()[1:], it.__length_hint__(), [x for x in it], it.__length_hint__())


class B(bytes):
    def __iter__(self):
        return iter('own')


print(list(B(b'xyz')), [x for x in bytearray(b'ab')], list(memoryview(b'cd')), [*iter(B(b''))])


class Up(map):
    pass


def steps(self):
    if len(calls) == 2:
        raise StopIteration(5)
    calls.append(1)
    return 'step'


calls = []
up = Up(str.upper, 'abcdef')
print(next(up), end=' ')
for x in up:
    print(x, end=' ')
    if x == 'C':
        Up.__next__ = steps
    if len(calls) == 2:
        del Up.__next__
        calls.append(1)
print(list(up), list(Up(abs, [-1])))


class N:
    def __iter__(self):
        return self


N.__next__ = lambda self: 1
print(next(iter(N())))
N.__next__ = map.__next__
try:
    next(N())
except TypeError as error:
    print(error)
del N.__next__
try:
    next(N())
except TypeError as error:
    print(error)


def fails():
    yield 1
    raise KeyError('inside')


for make in (lambda: list(itertools.chain([1], fails())), lambda: list(map(int, ['1', 'x'])), lambda: list(filter(lambda q: 1 / q, [1, 0])),
             lambda: sum(map(float, ['1', 'y'])), lambda: set(itertools.islice(fails(), 3)), lambda: list(itertools.accumulate([1, 'a']))):
    try:
        print(make())
    except Exception as error:
        print(type(error).__name__, error)
print(list(itertools.chain('ab', b'cd', [1], iter(()), {5: 6}, 'e')), list(filter(None, [0, 1, '', 'x'])), sum([0.5, 1.5, 2]), sum([1, 0.5, 1e308, 1e308]),
      sum([-0.0]), sum([0.1] * 10), sum([1e-300, 2 ** 70, 0.5]))
d = collections.deque([1, 2, 3])
try:
    for x in d:
        d.append(x)
except RuntimeError as error:
    print(error)
