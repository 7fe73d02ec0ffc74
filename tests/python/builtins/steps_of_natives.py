# Natives that step through an iterable or take items by number: of built-in types, of classes, and of what fails on the way.
import math
import operator
from collections import deque


def show(f, *args):
    try:
        print(f(*args))
    except Exception as error:
        print(type(error).__name__, error)


class Row(list):
    def __getitem__(self, i):
        return ("row", i)


class Pair(tuple):
    def __getitem__(self, i):
        return ("pair", i)


for getter in (operator.itemgetter(0), operator.itemgetter(-1), operator.itemgetter(1, 0), operator.itemgetter(0, 5), operator.itemgetter(True, 0),
               operator.itemgetter(slice(1), 0), operator.itemgetter("k", "l")):
    for row in ((1, 2), [3, 4], Row([5, 6]), Pair((7, 8)), {"k": 1, "l": 2, 0: 3, 1: 4}, "ab", b"ab", range(3), ()):
        show(getter, row)


def numbers(stop):
    for i in range(stop):
        yield i / 8
    raise LookupError("stopped")


show(math.fsum, [0.1] * 10)
show(math.fsum, (1e100, 1, -1e100, True, 2 ** 80, -2 ** 80))
show(math.fsum, numbers(4))
show(math.fsum, iter([1.5, "x"]))
show(math.fsum, [float("inf"), 1.0])
show(math.fsum, [float("inf"), float("-inf")])
show(math.fsum, [1e308, 1e308])
show(math.fsum, {1.5, 2.5})
show(math.fsum, 3)
a, b = deque(range(100)), deque(range(100))
print(a == b, a != b, a < b, a <= b)
b[70] = 7.5
print(a == b, a != b, a < b, a > b)
b[70] = "x"
show(operator.lt, a, b)


class Grows:
    def __eq__(self, other):
        a.append(1)
        return True


a[3] = Grows()
show(operator.eq, a, deque(range(100)))
for length in (0, 1, 7, 8, 9, 15, 16, 17, 40):
    for n in (0, 1, 255, 256, 2 ** 63, 2 ** 64 - 1, 2 ** 64, 3 ** 80, -1, -128, -2 ** 63, -2 ** 64, -3 ** 80):
        for order in ("big", "little"):
            try:
                made = n.to_bytes(length, order, signed=n < 0)
            except OverflowError as error:
                made = str(error)
            else:
                assert int.from_bytes(made, order, signed=n < 0) == n or length == 0
            print(length, made)
