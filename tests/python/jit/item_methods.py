# a[b], a[b] = c and `in` by methods of classes written in Python, entered from machine code.
import sys


class Grid:
    def __init__(self, n):
        self.rows = [[0.5 * (i + j) for j in range(n)] for i in range(n)]
        self.log = []

    def __getitem__(self, key):
        if isinstance(key, tuple):
            return self.rows[key[0]][key[1]]
        return self.rows[key]

    def __setitem__(self, key, value):
        if isinstance(key, tuple):
            self.rows[key[0]][key[1]] = value
            return 17
        self.rows[key] = value

    def __contains__(self, what):
        return what if what != 3 else "yes"


class Other:
    def __getitem__(self, key, extra=5):
        return key, extra

    def __setitem__(self, *args):
        print("set", args)

    def __contains__(self, what):
        raise KeyError(what)


class Calls:
    def __getitem__(self, key):
        return sys._getframe(1).f_code.co_name, sys._getframe(1).f_lineno - sys._getframe(1).f_code.co_firstlineno, key


class Callable:
    def __call__(self, *args):
        return "called", args


class ByInstance:
    __getitem__ = Callable()
    __setitem__ = len
    __contains__ = None


class Missing(dict):
    def __missing__(self, key):
        return "missing", key


class SubList(list):
    def __getitem__(self, key):
        if key == 100:
            return super().__getitem__(1)
        return list.__getitem__(self, key)


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e), e.__traceback__.tb_next.tb_lineno - f.__code__.co_firstlineno


def factor(a, n):
    for i in range(1, n):
        for j in range(n):
            a[i][j] -= a[i][0] * a[0][j] * 0.125
            a[i, j] += 0.25
    return a[n - 1, 0], a[n - 1][n - 1]


def get(a, b):
    return a[b]


def get_first(a):
    return a[0], a[-1]


def put(a, b, c):
    a[b] = c
    return b


def has(a, b):
    return b in a, b not in a, 1 if b in a else 0


def gives(a, b, c):
    a[b] = c
    yield a[b], b in a
    a[b] = a[b] * 2
    yield a[b]


def sums(a, n):
    s = 0.0
    t = 0
    for i in range(n):
        t = t + 1
        s = s + a[i, 0] * 0.5
        if t in a:
            s = s + 1.5
    return s, t


grid = Grid(8)
for _ in range(60):
    last = factor(grid, 8)
    grid = Grid(8)
print(last)
for k in range(2500):
    get(grid, (1, k % 8))
    get_first(grid)
    put(grid, (2, 3), k)
    has(grid, k)
    list(gives(grid, (3, 3), 0.5))
    get(Calls(), k)
print(get(grid, (1, 2)), get_first(grid)[0], put(grid, (2, 3), 5), grid.rows[2][3], has(grid, 3), has(grid, 0), has(grid, ""))
print(list(gives(grid, (3, 3), 0.5)), get(Calls(), 1))
for _ in range(60):
    sums(grid, 8)
print(sums(grid, 8))
for other in (Other(), ByInstance(), Missing({1: 2}), SubList([1, 2, 3]), [1, 2, 3], (4, 5), "abc", b"abc", {0: 1, -1: 2, 1: 5},
              5, None, range(3), Grid(2)):
    for _ in range(150):
        for f, args in ((get, (1,)), (get, (100,)), (get_first, ()), (has, (1,))):
            result = attempt(f, other, *args)
        if not isinstance(other, Other):
            attempt(put, other, 1, 7)
    print(type(other).__name__, [attempt(f, other, *args) for f, args in
                                 ((get, (1,)), (get, (100,)), (get_first, ()), (put, (1, 8)), (put, (50, 8)))
                                 if not isinstance(other, Grid)])
    print([attempt(has, other, k) for k in (1, "b")])


class Deep:
    def __getitem__(self, n):
        return self[n - 1] + 1 if n else 0

    def __contains__(self, n):
        return n - 1 in self if n else True


deep = Deep()
for _ in range(300):
    deep[20], 20 in deep
print(deep[50], 50 in deep)
for f in (lambda: deep[10 ** 6], lambda: 10 ** 6 in deep):
    try:
        f()
    except RecursionError as e:
        print(type(e).__name__)


# The method changes.
def patched(self, key):
    return "patched", key


Grid.__getitem__ = patched
print(get(grid, 4))
del Grid.__getitem__
print(attempt(get, grid, 4))
Grid.__getitem__ = lambda self, key, other=3: (key, other)
print(get(grid, 4))


class Raises:
    def __getitem__(self, key):
        raise IndexError(key)

    def __setitem__(self, key, value):
        raise ValueError(key, value)


for _ in range(300):
    got = attempt(get, Raises(), 3), attempt(put, Raises(), 4, 5)
print(got)


# In a short function that a loop calls.
def short_get(a, k):
    return a[k]


def short_has(a, k):
    return k in a


def short_put(a, k, v):
    a[k] = v


def loop(a, n):
    s = 0
    for i in range(n):
        short_put(a, i & 1, i)
        s += short_get(a, i & 1) + short_has(a, i)
    return s


class Store:
    def __init__(self):
        self.d = {}

    def __getitem__(self, k):
        return self.d[k]

    def __setitem__(self, k, v):
        self.d[k] = v

    def __contains__(self, k):
        return k in self.d


for a in (Store(), {}, [0, 0], Store()):
    for _ in range(20):
        r = loop(a, 300)
    print(r)
try:
    loop((1, 2), 3)
except TypeError as e:
    print(e)
for a in (Raises(), Store()):
    print(attempt(loop, a, 300))
