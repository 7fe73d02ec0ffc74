# list and tuple: methods, slices, comparison, sorting, and errors.

a = [3, 1, 2]
a.append(4)
a.extend((5, 6))
a.extend('x')
a.insert(0, 'first')
a.insert(-1, 'before last')
a.insert(100, 'end')
print(a, len(a), a.pop(), a.pop(0), a.pop(-2), a)
a.remove(2)
a.reverse()
b = a.copy()
assert a == b and a is not b
print(a, a.index(1), a.count(5), a.index(3, 1), a + [0], a * 2, [] * 5, a * -1, 3 in a, 'q' not in a)
a.clear()
assert a == [] and not a

s = list(range(10))
print(s[2:5], s[:3], s[7:], s[::3], s[::-1], s[-3:], s[5:2], s[8:2:-2], s[100:], s[-100:2], s[::100], s[slice(1, 4)], s[True])
s[2:4] = 'abc'
s[:0] = [-1]
s[len(s):] = ['end']
print(s)
s[::2] = range(len(s[::2]))
del s[1::3]
del s[-1]
s[3:3] = s
print(s)
s = [1, 2, 3]
s[:] = s[::-1]
s += (4,)
s *= 2
s[1:1] = (x for x in 'gen')
print(s, s.__len__(), s.__contains__(4), [1, [2]] == [1, [2]], [1, 2] < [1, 3], [1] < [1, 0], [] < [0], [1, 2] != [1],
        (1, 2) == [1, 2], [1, 2] >= [1, 2])
for bad in ('s[99]', 's["a"]', 's[1.0]', 's[99] = 1', 'del s[99]', 's.pop(99)', '[].pop()', 's.remove("zz")',
        's.index("zz")', 's + (1,)', 's + 1', 's * "a"', 's * 1.5', 's[0:2:0]', 's[::2] = [1]', 's[0:1] = 5',
        's["a":]', 's.append()', 's.append(1, 2)', 's.insert(1)',
            's.extend(5)', 's.sort(1)', '[1, "a"].sort()', 's.sort(key=5)', 's.pop("a")', 's < 5', '[1] < ["a"]',
            'hash([])', 's.nope', 'list(1, 2)', 'list(x=1)', '[].index(1, "a")', '(1, 2)[5]', '(1,) + [1]',
            'hash(([],))', 't = (1,); t[0] = 2', 't = (1,); del t[0]', 'tuple(5)',
            '(1, 2).index(3)', '(1,) < (None,)', 's[1, 2]', 's.reverse(1)', 's.count()', 's.copy(1)',
            's.sort(reverse="x")', '[3, None].sort()', 'max([])', 'min(())', 'max(1)', 'max(1, "a")',
            'max([1], key=1)', 'sorted(5)', 'sorted([1], 2)', 'sum(["a"])', 'sum([[1]], [])', 'sum("ab", "")', 'sum([1], "a")'):
    try:
        exec(bad)
        print(bad, 'ok')
    except Exception as e:
        print(bad, '->', type(e).__name__, e)

# Sorting: stable, key, reverse keeps stability, partial order, exceptions leave a permutation.
words = 'the quick brown fox jumps over the lazy dog'.split()
print(sorted(words), sorted(words, key=len), sorted(words, key=len, reverse=True),
        sorted(words, key=lambda w: (-len(w), w)), sorted('bca'), sorted({3: 1, 1: 2}))
import random
r = random.Random(5)
for n in (0, 1, 2, 3, 10, 63, 64, 65, 500):
    for make in (lambda: [r.random() for _ in range(n)], lambda: list(range(n)), lambda: list(range(n))[::-1],
            lambda: [r.randrange(5) for _ in range(n)], lambda: [i % 7 for i in range(n)],
                 lambda: [str(r.randrange(1000)) for _ in range(n)],
                 lambda: [10 ** 20 + r.randrange(100) for _ in range(n)], lambda: [(r.randrange(4), i) for i in range(n)]):
        data = make()
        out = sorted(data)
        assert all(x <= y for x, y in zip(out, out[1:])) and len(out) == n
        pairs = sorted(enumerate(data), key=lambda p: p[1])
        assert all(p[1] < q[1] or p[0] < q[0] for p, q in zip(pairs, pairs[1:]))
        back = sorted(enumerate(data), key=lambda p: p[1], reverse=True)
        assert all(p[1] > q[1] or p[0] < q[0] for p, q in zip(back, back[1:]))


class Failing:
    def __init__(self, v): self.v = v

    def __lt__(self, o):
        if self.v == 7 or o.v == 7:
            raise ValueError('seven')
        return self.v < o.v


items = [Failing(v) for v in (5, 3, 7, 1)]
try:
    items.sort()
except ValueError as e:
    print(e, sorted(f.v for f in items))


class Spy:
    def __init__(self, v): self.v = v
    def __lt__(self, o): seen.append(list(watched)); return self.v < o.v


seen = []
watched = [Spy(2), Spy(1), Spy(3)]
watched.sort()
assert all(x == [] for x in seen) and [x.v for x in watched] == [1, 2, 3]
mutated = [3, 2, 1]
try:
    mutated.sort(key=lambda x: mutated.append(x) or x)
except ValueError as e:
    print(e)

t = (1, 'a', None, (2, 3))
print(t, t[1:], t + (5,), t * 2, t.index(None), t.count(1), hash(t[:2]) == hash((1, 'a')), (1, 2) < (1, 2, 0),
        tuple('ab'), tuple([]) is (), (1,), repr((1,)), t == tuple(list(t)), t[::-1], 1 in t, len(()), max(t[:1]), (1, [2])[1])
a, *b = t
rec = [1]
rec.append(rec)
tup = ([],)
tup[0].append(tup)
print(rec, tup, rec[1] is rec, repr(rec))


class L(list):
    def __getitem__(self, i): return 'got %r' % (i,)
    def append(self, x): list.append(self, x * 2)


l = L([1])
l.append(5)
print(l, l[0], l[1:], list(l), len(l), l == [1, 10], type(l + [1]).__name__, type(l.copy()).__name__, type(l * 2).__name__, [*l])


class Tu(tuple):
    def __new__(cls, *a): return super().__new__(cls, a)


print(Tu(1, 2), type(Tu(1) + (2,)).__name__, Tu(1, 2) == (1, 2), hash(Tu(1)) == hash((1,)), isinstance(Tu(), tuple))
grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
alias = [[]] * 3
alias[0].append(1)
print(grid, alias, [1, 2, 3].__iter__().__next__(), list.__mro__[1].__name__)


# Equality calls in order, identity first.
class Noisy:
    def __init__(self, n): self.n = n
    def __eq__(self, o): calls.append(self.n); return False
    __hash__ = None


calls = []
n1, n2 = Noisy(1), Noisy(2)
assert n2 in [n2] and calls == [] and n1 not in [5, n2] and [n1].index(n1) == 0
print(calls)
