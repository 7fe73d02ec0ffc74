# What a class statement adds to the namespace, in which order; and whose instances can be referred to weakly.
import collections
import weakref


class A:
    x = 1


class B(A):
    y = 2


class Slots:
    __slots__ = ("b", "a", "__dict__")

    def __eq__(self, other):
        return True


class Number(int):
    pass


class Mixed(A, tuple):
    pass


class Text(str):
    pass


Point = collections.namedtuple("Point", "x")
for c in (A, B, Slots, Number, Text, type("Made", (), {"z": 1})):
    print(c.__name__, list(vars(c)))
made = [type("F", (float,), {}), type("L", (list,), {}), type("S", (int,), {"__slots__": ()}), type("T", (bytes, A), {})]
for c in (A, B, Number, Mixed, Text, *made):
    try:
        print(c.__name__, type(weakref.ref(c())).__name__)
    except TypeError as e:
        print(e)
try:
    weakref.ref(Point(1))
except TypeError as e:
    print(e)
