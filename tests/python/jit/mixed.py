# Arithmetic and comparisons of ints and floats together, in code that runs often.
# timeout: 120
import math
import zlib

VALUES = [0, 1, -1, 2, 7, -3, 10**15, 2**52 - 1, 2**52, -2**52, -2**52 - 1, 2**53 + 1, 2**60, -2**61, 2**61 - 1, 2**62, 10**30, -10**400,
          0.0, -0.0, 0.5, -1.5, 1e15, 2.0**52, 2.0**53, 1e300, -1e300, 1e-300, 5e-324, math.inf, -math.inf, math.nan, True, False,
          3.0, -1.0, 4503599627370497.5]


def operations(a, b):
    out = [a * b if -2**70 < a < 2**70 or a != a else 0, a + b, a - b]
    try:
        out.append(a / b)
    except (ZeroDivisionError, OverflowError) as e:
        out.append(str(e))
    return out


def comparisons(a, b):
    out = [a < b, a <= b, a == b, a != b, a > b, a >= b]
    if a < b:
        out.append(1)
    if a <= b:
        out.append(2)
    if a == b:
        out.append(3)
    if a != b:
        out.append(4)
    if not a > b:
        out.append(5)
    if not a >= b:
        out.append(6)
    return out


def constants(a):
    out = [a + 1, a - 1, a + 300, a - 32000, 1 - a if a != 5 else 0]
    b = a
    b += 1
    out.append(b)
    b -= 7
    out.append(b)
    if a < 0:
        out.append('lt')
    if a <= 0:
        out.append('le')
    if a == 0:
        out.append('eq')
    if a != 3:
        out.append('ne')
    if a > -1:
        out.append('gt')
    if a >= 3:
        out.append('ge')
    return out


def tried(function, *args):
    try:
        return function(*args)
    except OverflowError as e:
        return str(e)


def every(pairs):
    return [(tried(operations, a, b), tried(comparisons, a, b)) for a, b in pairs]


everything = [(a, b) for a in VALUES for b in VALUES]
cold = repr(every(everything)), repr([tried(constants, a) for a in VALUES])
print(zlib.crc32(repr(cold).encode()))
for order in (1, -1, 7):
    for k in range(3):
        hot = every(everything[::order])
for k in range(3):
    hot = repr(every(everything)), repr([tried(constants, a) for a in VALUES])
    assert hot == cold
for line in every([(1, 2.5), (7, 2), (2**53 + 1, 2), (2**53 + 1, 2.0**53), (0.1, 3), (-5, 0.0), (True, 1.5), (10**30, 1e30)]):
    print(line)
print([constants(a) for a in (0.5, -1, 2**61 - 1, 3.0, -0.0)])
for bad in ('a', None, [], 1j):
    for f in (operations, comparisons):
        for args in ((bad, 1), (1.5, bad)):
            try:
                print(f(*args))
            except TypeError as e:
                print(e)
    try:
        print(constants(bad))
    except TypeError as e:
        print(e)


class Number:
    def __add__(self, other):
        return 'add', other

    __sub__ = __mul__ = __truediv__ = __rsub__ = __radd__ = __rmul__ = __rtruediv__ = __add__

    def __lt__(self, other):
        return other

    __gt__ = __ge__ = __le__ = __lt__

    def __neg__(self):
        return self


print(comparisons(Number(), 1)[:2], Number() + 1, 1.5 * Number())


# Means and counts: an int and a float that change places, and what is known of others meanwhile.
def walks(n, step):
    x, k, total, half = 0, 1.0, 0.0, 0.5
    history = []
    for i in range(n):
        x = x + step
        total = total + x * half
        k = k * 2 - k / 2 if k < 1000 else k - 999
        if x > 3:
            x = x - 4
            half = half / 2 + 0.25
        mean = total / (i + 1)
        if mean >= k or i % 50 == 0:
            history.append((mean, k, x))
        y = i / 4
        z = y - 1
        w = z * y - i
        total = total + w / (n + 1.5)
    return history[-4:], total, k, half, y, z, w


for step in (1, 0.75, 1, 2**40, 1e-3):
    print(walks(1500, step))


def grows(x, n):
    for i in range(n):
        x = x + 1
        if x == 0:
            return 'zero', i
    return x


print(grows(0, 2000), grows(0.5, 2000), grows(2**61 - 5, 10), grows(-500.0, 2000), grows(-3, 2000), grows(1e16, 50))
print('done')
