# Dicts that grow in code that runs often: keys of all kinds, equal ones that are other objects, deleted ones, tables of all sizes,
# displays and comprehensions; and old dicts with young items.
# timeout: 120
import gc


def put(d, k, v):
    d[k] = v


def get(d, k):
    return d[k]


def has(d, k):
    return k in d


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n

    def __eq__(self, other):
        return isinstance(other, Key) and other.n == self.n or other == self.n


def text(i):
    return 'key' + str(i)


def model(pairs):
    keys, values = [], []
    for k, v in pairs:
        if k in keys:
            values[keys.index(k)] = v
        else:
            keys.append(k)
            values.append(v)
    return list(zip(keys, values))


KEYS = [0, 1, -1, -2, True, False, 1.0, 2.5, None, '', 'a', 'b', text(1), text(1), text(2), 'x' * 64, 'x' * 65, 'x' * 64, '\xe9', '\u20ac',
        '\u20ac', (1, 2), (1, 2), b'a', 2**60 - 1, 2**60, 2**61, -2**61, 2**70, 2**61 - 1, 2**61 - 2]
KEYS += [text(1)[:3] + '1', 'ke' + 'y1', ''.join(['k', 'ey2'])]
for round in range(60):
    for rotation in range(0, len(KEYS), 3):
        keys = KEYS[rotation:] + KEYS[:rotation]
        d = {}
        for n, k in enumerate(keys):
            put(d, k, n)
            assert get(d, k) == n and has(d, k), (k, n)
        if round % 20 == 0:
            assert list(d.items()) == model(zip(keys, range(100)))
    assert not has(d, 'absent') and not has(d, 77)
k = Key(5)
for i in range(500):
    d = {}
    put(d, 5, 'five'), put(d, k, 'key'), put(d, Key(5), 'other'), put(d, Key(6), 'six'), put(d, 6, 'six again')
    assert d == {5: 'other', 6: 'six again'} and type(list(d)[1]) is Key, d

# Tables of all sizes.
for size in (4, 5, 8, 9, 10, 11, 40, 160, 161, 300, 70000):
    for make in (int, text):
        d = {}
        for i in range(size):
            put(d, make(i), i)
        assert len(d) == size and list(d.values()) == list(range(size))
        for i in range(size):
            assert get(d, make(i)) == i and has(d, make(i))
        assert not has(d, make(size)) and not has(d, make(size + 1))
        for i in range(0, size, 2):
            del d[make(i)]
        for i in range(size):
            put(d, make(i), -i)
        assert len(d) == size and sorted(d.values()) == sorted(-i for i in range(size))
print('sizes')

# Old dicts and young items.
d, e = {}, {}
gc.collect()
for i in range(40000):
    put(d, text(i % 3000), [i])
    put(e, i, str(i))
    [[i] for j in range(4)]
assert all(d[text(i % 3000)] == [i] for i in range(37000, 40000))
assert all(e[i] == str(i) for i in range(40000)) and len(d) == 3000


def displays(a, b):
    return {}, {a: 1}, {a: 1, b: 2}, {'x': a, 'y': b, 'z': a}, {1: a, 'y': b, 1.0: a}, {'p': 1, 'q': 2, 'r': 3, 's': 4, 't': 5}, \
        {'p': 1, 'q': 2, 'r': 3, 's': 4, 't': 5, 'u': 6}


for i in range(1500):
    for a, b in ((1, 2), (1, 1), ('a', 'a'), (text(1), text(1)), (text(1), 'b'), (True, 1), (None, (1,)), (2**70, 2.5)):
        all_of = displays(a, b)
        assert [len(d) for d in all_of] == [0, 1, 1 if a == b else 2, 3, 2, 5, 6]
        assert all_of[2][a] == (2 if a == b else 1) and all_of[2][b] == 2 and all_of[3] == dict(x=a, y=b, z=a)
        all_of[0]['new'] = 1
        all_of[1][b] = 7
        all_of[5]['new'] = 6
        assert all_of[0] == {'new': 1} and all_of[1][b] == 7 and list(all_of[5].items())[4:] == [('t', 5), ('new', 6)]
for i in range(3):
    try:
        displays([], 1)
    except TypeError as e:
        print(e)


def comprehension(items):
    return {k: v for k, v in items}, {k: k for k, _ in items}, {str(k): 1 for k, _ in items}


for i in range(500):
    for n in (0, 1, 5, 9, 60):
        a, b, c = comprehension([(j % 7, j) for j in range(n)])
        assert list(a.items()) == model((j % 7, j) for j in range(n)) and list(b) == list(a) and list(c) == [str(j) for j in a]
for i in range(3):
    try:
        comprehension([([], 1)])
    except TypeError as e:
        print(e)


# While it is iterated, and by subclasses.
def grow_while_iterating(d):
    for k in d:
        d[k + 100] = 1


for i in range(300):
    try:
        grow_while_iterating({1: 1, 2: 2})
    except RuntimeError as e:
        text_ = str(e)
print(text_)


class Sub(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k, ('sub', v))

    def __missing__(self, k):
        return 'missing'


import collections
for i in range(1000):
    s, o, f = Sub(), collections.OrderedDict(), collections.defaultdict(list)
    for k in (1, 'a', text(1)):
        put(s, k, i), put(o, k, i), put(f, k, i), put({}, k, i)
        assert get(s, k) == ('sub', i) and get(o, k) == i and get(f, k) == i
    assert get(s, 'no') == 'missing' and get(f, 'no') == [] and list(o) == [1, 'a', text(1)]
for k in ('no', 3, None):
    for i in range(3):
        try:
            get({1: 2}, k)
        except KeyError as e:
            print(repr(e))
