# Items of dicts, and members of dicts and sets, in code that runs often: keys of all kinds, tables of all sizes.
# timeout: 120
import collections
import gc


def load(d, k):
    return d[k]


def load_constant(d):
    return d[3]


def load_negative(d):
    return d[-3]


def store(d, k, v):
    d[k] = v


def add_to(d, k, n):
    d[k] += n
    return d[k]


def is_in(c, k):
    return k in c, k not in c


def warm_up():
    small = {'a': 1, 3: 4, -3: 5}
    for _ in range(1500):
        load(small, 'a')
        load_constant(small)
        load_negative(small)
        store(small, 'a', 1)
        add_to(small, 3, 0)
        is_in(small, 'a')
        is_in({1, 2}, 1)


class Like:
    """Equal to what it is made of, without being it."""

    def __init__(self, v):
        self.v = v

    def __hash__(self):
        return hash(self.v)

    def __eq__(self, other):
        return other == self.v

    def __repr__(self):
        return 'Like(%r)' % (self.v,)


class Missing(dict):
    def __missing__(self, key):
        return ('missing', key)


class Strange(dict):
    def __getitem__(self, key):
        return 'strange'

    def __setitem__(self, key, value):
        dict.__setitem__(self, key, (value, 'strange'))

    def __contains__(self, key):
        return key == 'here'


class Text(str):
    pass


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


KEYS = [0, 1, 3, 5, -1, -2, -3, True, False, None, 1.0, 3.0, 1.5, 2**59, 2**60, 2**61 - 1, 2**61, 2**64, -2**60, 'a', 'b', 'zz',
        ''.join(['a']), ''.join(['key', '7']), 'key7', Text('a'), b'a', (1, 2), Like('a'), Like(3), [], {}, 'é', '日']


def tables():
    yield {}
    yield {'a': 'A'}
    yield {1: 'one', 3: 'three'}
    yield {True: 'true', 'a': 1}
    yield {1.0: 'float', 3.0: 'three'}
    yield {Like('a'): 'like', Like(3): 'like 3'}
    yield {None: 1, (1, 2): 2, b'a': 3, 'é': 4, '日': 5}
    for n in (5, 8, 9, 100, 300, 3000):
        yield {'key%d' % i: i for i in range(n)}
        yield {i: -i for i in range(n)}
        yield {i * 64: i for i in range(n)}
        yield {-i: i for i in range(n)}
    d = {i: i for i in range(50)}
    for i in range(0, 50, 3):
        del d[i]
    yield d
    d = {'key%d' % i: i for i in range(8)}
    del d['key7'], d['key0']
    d['a'] = 5
    yield d
    yield collections.defaultdict(int, {'a': 1, 3: 4})
    yield collections.OrderedDict(a=1)
    yield collections.Counter('aab')
    yield Missing(a=1)
    yield Strange(a=1)


warm_up()
for d in tables():
    out = [attempt(load, d, k) for k in KEYS]
    out += [attempt(is_in, d, k) for k in KEYS]
    out += [attempt(load_constant, d), attempt(load_negative, d)]
    print(type(d).__name__, len(d), out)
    for k in KEYS:
        attempt(store, d, k, 'new')
        attempt(add_to, d, k, 'er')
    print(len(d), [attempt(load, d, k) for k in KEYS])

for items in ([], [1], ['a'], [3, 'a', None], range(7), range(40), range(0, 4000, 8), ['key%d' % i for i in range(60)],
              [1.0, True, 2**61], [Like('a'), Like(3)], [-1, -2, -3], [(1, 2), b'a', 'é', '日']):
    for c in (set(items), frozenset(items), list(items), tuple(items), dict.fromkeys(items)):
        print(type(c).__name__, [attempt(is_in, c, k) for k in KEYS])
s = set(range(100))
for i in range(0, 100, 2):
    s.remove(i)
print([is_in(s, i) for i in range(0, 110, 7)])
for i in range(1000, 1100):
    s.add(i)
print([is_in(s, i) for i in range(990, 1110, 9)])
print(attempt(is_in, 'text', 'ex'), attempt(is_in, 5, 5), attempt(is_in, range(5), 3), attempt(is_in, None, 'a'))
print(attempt(load, [1, 2], 'a'), attempt(load, 'text', 'a'), attempt(load, (1, 2), 'a'), attempt(load, b'ab', 'a'))
print(attempt(load, 5, 'a'))
print(attempt(store, [1], 'a', 1), attempt(store, (1,), 0, 1))

# A dict of more than 65,536 slots.
large = {i: str(i) for i in range(70000)}
print(load(large, 69999), load(large, 5), is_in(large, 70000), is_in(large, 69998))
store(large, 12345, 'stored')
print(large[12345])

# Old dicts are given young values, which are found alive.
keep = {'key%d' % i: None for i in range(40)}
gc.collect()
for i in range(40):
    store(keep, 'key%d' % i, [i])
    k = list(keep)[i]
    store(keep, k, [i, [str(i)]])
gc.collect(0)
junk = [[j] for j in range(5000)]
gc.collect(0)
print(keep['key0'], keep['key39'], all(v == [i, [str(i)]] for i, v in enumerate(keep.values())))

# A dict that shrinks and grows while it is read.
d = {}
for i in range(3000):
    store(d, i % 50, i)
    if i % 50 == 49:
        d.clear()
    elif i % 7 == 0:
        del d[i % 50]
    else:
        assert load(d, i % 50) == i
print(sorted(d))
