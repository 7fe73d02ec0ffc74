# array.array items by machine code: each item type, ends of their ranges, guards that fail, errors, arrays that change.
from array import array


def total(a, n):
    s = 0
    for i in range(n):
        s += a[i]
    return s


def put(a, values):
    for i in range(len(values)):
        a[i] = values[i]


def first_and_last(a):
    return a[0], a[-1], a[1]


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


def functions():
    """Fresh code for each item type: what machine code knows of the others doesn't matter."""
    names = {}
    source = '''
def total(a, n):
    s = 0
    for i in range(n):
        s += a[i]
    return s
def put(a, values):
    for i in range(len(values)):
        a[i] = values[i]
def first_and_last(a):
    return a[0], a[-1], a[1]
def get(a, i):
    return a[i]
def store(a, i, v):
    a[i] = v
'''
    exec(compile(source, "fresh", "exec"), names)
    return names


def ends(code):
    bits = array(code).itemsize * 8
    if code in "fd":
        return [1.5, -2.25, 0.0, 1e300, 3, -7, float("inf"), 5e-324, 1e-200]
    if code.islower():
        return [0, 1, -1, 2 ** (bits - 1) - 1, -2 ** (bits - 1)]
    return [0, 1, 2 ** bits - 1, 2 ** (bits - 1)]


for code in "bBhHiIlLqQfd":
    f = functions()
    values = ends(code)
    a = array(code, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    small = [1, 2, 3] if code not in "fd" else [1.0, 2.0, 3.5]
    for _ in range(1500):
        f["put"](a, small)
        f["total"](a, 3)
        f["first_and_last"](a)
        f["get"](a, 1)
        f["store"](a, 1, small[1])
    f["put"](a, values)
    print(code, a, f["first_and_last"](a), f["total"](a, len(values)))
    for i in (-10, -9, -1, 0, 8, 9, 2 ** 70, True, None, "x"):
        print(attempt(f["get"], a, i), attempt(f["store"], a, i, a[0]))
    for v in (-1, 2 ** 7, 2 ** 8, -2 ** 15, 2 ** 16, 2 ** 31, 2 ** 32, 2 ** 61, 2 ** 62, 2 ** 63, 2 ** 64, -2 ** 63, -2 ** 64, 1.5,
              True, None, "x", 1e39, -0.0):
        print(attempt(f["store"], a, 0, v), attempt(f["get"], a, 0))
    # Other things at the same places.
    for other in ([1, 2, 3], (4, 5, 6), b"abc", bytearray(b"abc"), array("d", [1.5, 2.5, 3.5]), array("h", [1, 2, 3]),
                  array("u", "xyz"), {0: 1, 1: 2, -1: 3}, memoryview(b"abc"), array(code), "abc", 5):
        for _ in range(120):
            result = attempt(f["first_and_last"], other)
        print(result, attempt(f["get"], other, 1), attempt(f["total"], other, 3) if not isinstance(other, str) else "")
        print(attempt(f["store"], other, 1, other[1] if isinstance(other, (list, array, bytearray)) and len(other) else 1), other
              if not isinstance(other, memoryview) else "")
    for _ in range(1200):
        f["total"](a, 3)
    print(attempt(f["total"], a, 9) == attempt(total, a, 9))


class Sub(array):
    def __getitem__(self, i):
        return ("sub", array.__getitem__(self, i))


f = functions()
a = array("d", [0.5] * 4)
for _ in range(1500):
    f["get"](a, 2)
print(f["get"](Sub("d", [1.0, 2.0, 3.0]), 2), f["get"](a, 2))


def grows_and_shrinks():
    a = array("i", range(10))
    seen = 0
    try:
        for i in range(5000):
            if i % 7 == 0:
                a.append(i)
            if i == 4500:
                del a[3:]
            seen += a[i % 10]
            a[i % 10] = i
    except IndexError as e:
        return i, seen, str(e), a


print(grows_and_shrinks())


def dot(x, y, n):
    s = 0.0
    last = 0.0
    for i in range(n):
        t = x[i] * y[i]
        s += t + last
        last = x[i]
        y[i] = s
        x[i] = last
    return s, last


x, y = array("d", [i * 0.5 for i in range(200)]), array("d", [i * 0.25 for i in range(200)])
for _ in range(30):
    for k in range(200):
        y[k] = k * 0.25
    r = dot(x, y, 200)
print(r, sum(y))
y[100] = float("nan")
print(dot(x, y, 200))
print(attempt(dot, x, y, 201))
print(attempt(dot, x, array("f", [1.25] * 200), 200))
print(attempt(dot, x, [1.25] * 200, 200))


def copies(x, y, n):
    for i in range(n):
        x[i] = y[i]
    for i in range(1, n):
        x[i - 1] = x[i]
    return x


for _ in range(20):
    copies(x, y, 100)
print(sum(copies(x, array("d", range(100)), 100)))
print(attempt(copies, array("q", range(100)), array("q", range(2 ** 62, 2 ** 62 + 100)), 100)[3])


def fill(a, start, stop, rounds):
    for _ in range(rounds):
        for i in range(start, stop):
            a[i] = a[i] + 1


# Threads, each with items of its own.
import threading

shared = array("q", [0] * 40)
threads = [threading.Thread(target=fill, args=(shared, k * 10, k * 10 + 10, 300)) for k in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(shared)
