# Truth and length of containers, the ends of loops over them, and shared variables, in code that runs often.
# timeout: 120
import gc


def truths(values):
    out = []
    for v in values:
        a = 1 if v else 0
        b = not v
        c = v and 'and'
        d = v or 'or'
        n = 0
        while v:
            n += 1
            break
        out.append((a, b, c == 'and', d == 'or', n))
    return out


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        return self.value


class Items(list):
    def __len__(self):
        return 0


values = [[], [1], (), (1,), '', 'a', '\u20ac', b'', b'a', {}, {1: 2}, set(), {1}, frozenset(), frozenset([1]), range(0), range(3),
          None, True, False, 0, 1, -5, 0.0, 1.5, 2**70, bytearray(), bytearray(b'x'), Sized(0), Sized(2), Truth(True), Truth(False),
          Items([1]), object, len, ..., 0j, 1j]
for _ in range(100):
    last = truths(values)
for v, t in zip(values[:30], last):
    assert t == (int(bool(v)), not bool(v), bool(v), not bool(v), int(bool(v))), (v, t)
for bad in (Truth(5), Sized(-1)):
    for _ in range(3):
        try:
            truths([bad])
        except (TypeError, ValueError) as e:
            print(e)


def total(it):
    s = 0
    for x in it:
        s += x
    else:
        s += 1000
    return s


# Membership.
def members(container, items):
    return [(x in container, x not in container) for x in items]


class Equal(str):
    def __eq__(self, other):
        return other == 'k1' or other == 5

    __hash__ = lambda self: hash('k1')


word = ''.join(['k', '1'])
sets = [set(), {1}, {5, 'k1', 2.0}, frozenset([1, 'k2']), {x for x in range(300)}, {str(x) for x in range(300)}, {Equal('q')}, {-1, -2}]
dicts = [{}, {1: 2}, {'k1': None, 5: 1}, {str(x): x for x in range(300)}, {x: x for x in range(70000)}, {Equal('q'): 1}, {1.0: 1, -2: 2}]
for d in (sets[2], sets[4], sets[5]):
    d.discard(5)
    d.discard('17')
del dicts[2][5], dicts[3]['17'], dicts[4][299]
keys = [1, 5, 2, True, 1.0, 'k1', word, 'k2', '17', '299', 299, 69999, -1, -2, 2**61, 2**64, None, (1,), Equal('z'), '\u20ac', '']
for _ in range(60):
    last = [members(c, keys) for c in sets + dicts]
for c, row in zip(sets + dicts, last):
    print(''.join('01'[a] for a, b in row), all(a != b for a, b in row))
for bad in ([], {}, set()):
    for c in (sets[1], dicts[1], dicts[0], sets[0]):
        try:
            print(members(c, [bad]))
        except TypeError as e:
            print(e)
print(members('abc', ['a', 'ab', '', 'x']), members([1, 'a'], ['a', 1, 2]), members(range(5), [3, 7, 'x']))
for c in (5, None, 'abc'):
    try:
        print(members(c, [1]))
    except TypeError as e:
        print(e)


# An iterator that has ended stays so.
items = [1, 2, 3]
for _ in range(500):
    total(items), total((1, 2)), total(range(4)), total(b'ab')
it = iter(items)
print(total(it), total(it), next(it, 'end'))
items.append(4)
print(total(it), total(iter(items)))
for make in (lambda: iter((1, 2)), lambda: iter(range(3)), lambda: iter(b'ab'), lambda: iter({1: 2}), lambda: iter({5}),
             lambda: reversed([1, 2])):
    it = make()
    print(total(it), total(it), list(it))


# enumerate(), taken apart at once or kept.
def numbered(source, start, n):
    out = None
    for _ in range(n):
        s = 0
        for i, x in enumerate(source, start):
            s += i
            if x == 'stop':
                break
        for pair in enumerate(source):
            out = pair
        out = s, out, [(x, i) for i, x in enumerate(source)][-2:], {i: x for i, x in enumerate(source, 2)}
    return out


for source in ([5, 6, 7], (1, 2), 'a\xe9\u20ac', b'ab', range(4), {7: 8}, {9}, [], ['x', 'stop', 'y'], enumerate([1]), iter([1, 2, 3])):
    print(numbered(source, 0, 400), numbered(source, 3, 2))
print(numbered([1, 2, 3], 2**61 - 2, 300), numbered([1, 2], 2**70, 2), numbered([1, 2], -1, 300))


def shared(n):
    out = []
    for k in range(n):
        items = [1, 2, 3, 4]
        inner = iter(items)
        pairs = enumerate(inner)
        for i, x in pairs:
            if i == 1:
                next(inner)
                items.append(5)
        out = i, x, list(pairs), items
        for i, (a, b) in enumerate([(k, 1), (2.5, k)]):
            a, b = b, a
        for i, i in enumerate(items):
            pass
    return out, a, b, i


print(shared(700))


def joined(it):
    s = ''
    for c in it:
        s += c
    return s


for _ in range(300):
    joined('abc')
it = iter('a\xe9\u20ac')
print(joined(it), joined(it), joined(iter('\U0001f600x')), joined(['p', 'q']))


def nested(rows):
    out = []
    for row in rows:
        for x in row:
            if x < 0:
                break
            out.append(x * 0.5)
        else:
            out.append('all')
    return out


for _ in range(300):
    nested([[1, 2], [3, -1], []])
print(nested([[1, 2], (3, -1), range(2), [], 'b'[:0]]))


def shrinking():
    items = list(range(50))
    n = 0
    for x in items:
        items.pop()
        n += x
    items += [7] * 100
    return n


print([shrinking() for _ in range(50)][::20])


# A variable of an outer function.
def counter():
    n = 0
    last = None

    def step(x):
        nonlocal n, last
        n += 1
        last = [x, n]
        return last

    def state():
        return n, last

    return step, state


step, state = counter()
for k in range(3000):
    step(k)
    if k % 1000 == 0:
        gc.collect()
gc.collect(0)
print(state(), [step(float(k)) for k in range(3)], state())


# What __init__ and keys return.
class Point:
    def __init__(self, x, y=2):
        self.x = x
        self.y = y


class Bad:
    def __init__(self, x):
        if x == 777:
            return 5
        self.x = x


def points(n):
    s = 0
    for i in range(n):
        p = Point(i)
        q = Point(i, 3)
        s += p.x * p.y + q.y
    return s


print(points(2000))


def bads(n):
    for i in range(n):
        try:
            b = Bad(i)
            if b.x != i:
                return 'wrong'
        except TypeError as e:
            print(i, e)
    return b.x


print(bads(1000))
print(sorted(range(300), key=lambda x: (x * 7) % 300)[:5], sum(map(lambda x: x + 1, range(2000))),
      max(range(500), key=lambda x: x % 100 + 0.5), list(filter(lambda x: x > 997, range(1000))))


class Error(Exception):
    pass


def key(x):
    if x == 400:
        raise Error(x)
    return -x


for n in (400, 401):
    try:
        print(sorted(range(n), key=key)[:3])
    except Error as e:
        print('error', e)
print('done')


def searches(n):
    c = 0
    t = (1, 2, 'a', None); ti = (1, 2, 300); ts = ('ab', 'cd', 'x', '+'); l = [5, 6, 7]; ls = ['q', 'rs', 'tu' + 'v']
    e = []; et = (); s = 'hello wor\xe9'; long = 'x' * 50 + 'y'; wide = 'a\u1234b'
    for i in range(n):
        k = str(i % 30)
        c += (i in l) + (i % 9 in ti) * 2 + (i % 5 in t) * 3 + (True in ti) + (1.0 in ti) + (2.5 in ti)
        c += (k in ts) + ('cd' in ts) + (('c' + 'd') in ts) + ('+' in ts) + (chr(43) in ts) + (k in ls) + ('rs' not in ls)
        c += (i in e) + (i in et) + ('a' in e) + (k in et)
        c += ('h' in s) + ('\xe9' in s) + (k in s) + ('' in s) + ('lo' in s) + ('y' in long) + ('b' in wide) + ('\u1234' in wide) + ('z' not in s)
        c += ('a' in t) + ('b' in t) + (None in t) + (k in t)
        c += (10**20 in ti) + (10**20 in l)
    return c


print(searches(1500))
