# Where the keys of a set go: the order in which sets of ints come out tells. Adding in one search, copying slot by slot, filling from a
# list; removed entries on the way, keys that are equal and not identical, keys whose hash and comparison run Python.
import random

rng = random.Random(5)
for size in (0, 1, 4, 5, 19, 76, 77, 300, 1000):
    keys = [rng.randrange(size * 3 + 1) for _ in range(size)]
    s = set(keys)
    print(size, list(s)[:40], len(s), s == frozenset(keys), list(set(tuple(keys)))[:8], list({k for k in keys})[:8])
    t = s.copy()
    for k in keys[::3]:
        t.discard(k)
    print(list(t)[:40], list(t.copy())[:40], list(frozenset(t))[:40], list(set(t) | {7, 9})[:40])
    for k in keys[::2]:
        t.add(k + size * 5)
    print(list(t)[:40], len(t), list(t & s)[:20], list(t - s)[:20], list(t ^ s)[:20], t >= s, t.isdisjoint(s))
    t.update(keys)
    print(list(t)[:40], len(t))

print({1, 1.0, True} == {1}, len({0, 0.0, False, -0.0, 0j}), len(set([2**70, float(2**70), 2**70 + 1])))
print(len(set(['a' + str(i) for i in range(200)] + ['a%d' % i for i in range(200)])), len({'x', ''.join(['x']), b'x', ('x',), ('x',)}))


class Key:
    def __init__(self, number, log):
        self.number, self.log = number, log

    def __hash__(self):
        self.log.append('hash %d' % self.number)
        return self.number % 2

    def __eq__(self, other):
        self.log.append('eq %d %d' % (self.number, other.number if isinstance(other, Key) else -1))
        return isinstance(other, Key) and self.number == other.number


log = []
keys = [Key(i, log) for i in (1, 2, 3, 1, 5)]
s = set(keys)
print(len(s), log)
del log[:]
s.add(Key(3, log))
s.add(Key(7, log))
print(len(s), log)


class Grower(int):
    """Its hash makes the list longer that the set is being filled from."""

    def __hash__(self):
        if len(items) < 12:
            items.append(len(items) * 10)
        return int(self)


items = [Grower(1), 2, Grower(3), 4]
print(sorted(set(items)), len(items))


class Shrinker(int):
    def __hash__(self):
        del items[2:]
        return int(self)


items = [Shrinker(1), 2, 3, 4]
print(sorted(set(items)), len(items))


class Bad:
    def __hash__(self):
        raise ValueError('no hash')


for broken in ([1, Bad()], [1, []], [1, [2], Bad()]):
    s = {0}
    try:
        s.update(broken)
    except Exception as e:
        print(type(e).__name__, e, sorted(s))
    try:
        set(broken)
    except Exception as e:
        print(type(e).__name__, e)
