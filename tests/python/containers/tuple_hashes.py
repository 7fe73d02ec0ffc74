# Hashes of nested tuples, which are remembered: they follow what the tuples hold, classes that change, and objects with a __hash__.
import collections
import gc

P = collections.namedtuple("P", "x y z")
Q = collections.namedtuple("Q", "a b c")


class Item:
    def __init__(self, h):
        self.h = h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        return self is other


inner = P(1, 2.5, (3, 4, None, True))
for outer in (((1, 2, 3), 4), (inner, inner, 5), (P(1, 2, 3), Q(1, 2, 3), (1, 2, 3)), (((1, 2, 3), 2, 3), 4, 5), ((1, 2), (3, 4)), ((), ()),
              ((1.5, -1, 10**30), ()), (1, (2, 3, 4, 5))):
    # equal tuples have equal hashes, whoever has been asked before
    plain = eval(repr(outer), {"P": lambda x, y, z: (x, y, z), "Q": lambda a, b, c: (a, b, c)})
    print(outer == plain, hash(outer) == hash(plain), hash(outer) == hash(outer), hash((outer,)) == hash((plain,)))
print(hash(((1, 2, 3), (4, 5, 6), -1)), hash((((1, 2, 3), 2.0, 3), 0)), hash(((-1, -2, -3), ())))

# what isn't plain is asked each time
item = Item(5)
held = (1, 2, item)
outer = (held, held)
before = hash(outer)
item.h = 6
print(hash(outer) != before, hash(outer) == hash(((1, 2, item), (1, 2, item))))
item.h = 5
print(hash(outer) == before)
try:
    hash(((1, 2, []), 3))
except TypeError as e:
    print(e)
try:
    hash(((1, 2, 3), ([], 1, 2)))
except TypeError as e:
    print(e)


# classes whose __hash__ changes, and objects whose class does
class T(tuple):
    __slots__ = ()


class U(tuple):
    __slots__ = ()

    def __hash__(self):
        return 77


t = T((1, 2, 3))
outer = (t, t, 1)
first = hash(outer)
T.__hash__ = lambda self: 42
print(hash(outer) != first, hash(outer) == hash((Item(42), Item(42), 1)))
del T.__hash__
print(hash(outer) == first)
t.__class__ = U
print(hash(outer) == hash((Item(77), Item(77), 1)))
t.__class__ = T
print(hash(outer) == first)


class Base(tuple):
    __slots__ = ()


class Derived(Base):
    __slots__ = ()


d = ((Derived((1, 2, 3)), 2, 3), 4)
first = hash(d)
Base.__hash__ = lambda self: 9
print(hash(d) != first)
Derived.__bases__ = (T,)
print(hash(d) == first)

# many of them, with collections between
seen = {}
for turn in range(3):
    for i in range(3000):
        key = (((i, i + 1, "x"), (i % 7, None, 2.5)), P(i, 0, 0), "k")
        seen[key] = i
        if i % 1000 == 0:
            gc.collect(0 if turn else 2)
print(len(seen), all(seen[(((i, i + 1, "x"), (i % 7, None, 2.5)), P(i, 0, 0), "k")] == i for i in range(3000)))

deep = ()
for _ in range(1000):
    deep = (deep, 1, 2)
print(hash(deep), hash((deep, deep)) == hash((deep, deep)))
