# math.sqrt() by machine code: of floats, ints, and what it doesn't do.
import math
from math import sqrt

VALUES = [0.0, -0.0, 1.0, 2.0, 2.25, 1e300, 1e-300, 5e-324, float('inf'), float('nan'), -1.0, -5e-324, -float('inf'), 0, 4, 2, -4,
          2**52, 2**53 + 1, 2**59, 2**61, 2**80, -2**80, 10**400, True, False, None, 'four', 1j]


class Number:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value


def root(x):
    return sqrt(x)


def root_of_module(x):
    return math.sqrt(x) * 2.0


def length(a, b):
    return math.sqrt(a * a + b * b)


def lengths(n):
    total = 0.0
    for i in range(n):
        total += length(i * 0.5, 3.0) + math.sqrt(i) - sqrt(total)
    return total


def outcome(function, *args):
    try:
        return repr(function(*args))
    except Exception as e:
        return type(e).__name__, str(e)


for x in VALUES + [Number(9.0), Number(-9.0)]:
    first = outcome(root, x), outcome(root_of_module, x)
    print(*first)
    for _ in range(50):
        assert (outcome(root, x), outcome(root_of_module, x)) == first
for _ in range(3000):
    root(2.0), root_of_module(3)
for x in VALUES + [Number(9.0), Number(-9.0)]:
    print(outcome(root, x), outcome(root_of_module, x))
print(lengths(4000))
saved, math.sqrt = math.sqrt, lambda x: 5.0
print(root_of_module(1.0), root(1.0), length(1, 2))
math.sqrt = saved
sqrt = abs
print(root(-7), root_of_module(1.0))
