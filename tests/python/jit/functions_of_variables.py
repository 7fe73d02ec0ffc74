# Functions that variables have are called as they come: others later on, with defaults, keywords and free variables of their own.
import sys
import threading


def apply(f, n):
    total = 0
    for i in range(n):
        total += f(i)
    return total


def double(x):
    return x * 2


def triple(x, by=3):
    return x * by


def fails(x):
    if x == 5:
        raise ValueError(x)
    return x


class Callable:
    def __call__(self, x):
        return x + 1

    def method(self, x):
        return x - 1


for f in (double, triple, lambda x: x, Callable(), Callable().method, abs, int, double, triple):
    print(apply(f, 3000), apply(f, 10))
for f in (fails, double, fails):
    try:
        print(apply(f, 3000))
    except ValueError as e:
        print("ValueError", e, e.__traceback__.tb_next.tb_lineno - e.__traceback__.tb_next.tb_frame.f_code.co_firstlineno)


def switches(n):
    functions = [double, triple, len, lambda x, y=7: x + y]
    total = 0
    f = double
    for i in range(n):
        if i % 700 == 699:
            f = functions[i // 700 % 4]
        total += f(i) if f is not len else f("ab")
    return total


print(switches(9000))


def makes(k):
    def inner(x, y=k, *, z=k + 1):
        return x * k + y + z

    def recursive(n):
        return n if n < 2 else recursive(n - 1) + recursive(n - 2)

    total = 0
    for i in range(300):
        total += inner(i) + inner(i, y=2) + inner(i, z=i) + inner(y=i, x=k)
    return total, recursive(12)


print([makes(k) for k in range(12)])


def rebinds(n):
    def step(x):
        return x + 1

    def change():
        nonlocal step
        step = lambda x: x + 100

    total = 0
    for i in range(n):
        total = step(total)
        if i == n - 5:
            change()
    return total


print(rebinds(4000), rebinds(20))


def with_changed_defaults(n):
    def f(a, b=1, *, c=2):
        return a + b + c

    total = 0
    for i in range(n):
        total += f(i) + f(i, c=5) + f(a=i, b=2)
        if i == n // 2:
            f.__defaults__ = (10,)
            f.__kwdefaults__ = {"c": 20}
        if i == n // 2 + 10:
            f.__kwdefaults__["c"] = 30
        if i == n - 3:
            f.__code__ = (lambda a, b=1, *, c=2: a * b * c).__code__
    return total


print(with_changed_defaults(4000))


def missing(n):
    def f(a, *, b):
        return a + b

    kwargs = {"b": 1}
    total = 0
    for i in range(n):
        total += f(i, **kwargs)
        if i == n - 1:
            for bad in ({}, {"b": 1, "c": 2}, {"a": 1, "b": 1}, {"c": 1}):
                try:
                    f(i, **bad)
                except TypeError as e:
                    print(str(e).replace("missing.<locals>.", ""))
    return total


print(missing(3000))


def star(n):
    def f(a, b=5, *, c, d=7):
        return a, b, c, d

    def wrap(*args, **kwargs):
        return f(*args, **kwargs)

    got = set()
    for i in range(n):
        got.add(wrap(1, c=2))
        got.add(wrap(1, 2, c=3, d=4))
        got.add(wrap(b=1, a=2, c=3))
        if i == n // 2:
            f.__kwdefaults__["d"] = 8
    del f.__kwdefaults__["d"]
    try:
        wrap(1, c=2)
    except TypeError as e:
        print(str(e).replace("star.<locals>.", ""))
    return sorted(got)


print(star(2000))


def depth():
    def down(n):
        return sys._getframe().f_code.co_name if n == 0 else down(n - 1)

    return [down(k % 7) for k in range(2000)][-1]


print(depth())


def powers(values):
    total = 0
    for v in values:
        total += v**2 - v**3
        v **= 2
        total ^= v**3
    return total


for values in (list(range(-2000, 2000)), [10**9, -(10**9), 2**30, 2**31, 3**38] * 300, [2**61, -(2**61), 2**62] * 300, [True, 5] * 700):
    print(powers(values))
print([x**2 + x**3 for x in (0.5, 1.5, 3, 2 + 1j)] * 2)


def float_powers(values):
    total = 0.0
    for v in values:
        total += v**2
    return total


print(float_powers([1.1, 2, 3.3] * 1000))

results = []


def in_thread(k):
    def f(x, y=k):
        return x + y

    results.append(apply(f, 3000))


threads = [threading.Thread(target=in_thread, args=(k,)) for k in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sorted(results))
