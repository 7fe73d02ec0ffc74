# Hashes of tuples with tuples in them are the same every time and for every equal tuple, whatever has been hashed before; of items
# whose hash changes they are made anew each time.
import gc
from collections import namedtuple

P1, P2, P5, MASK = 11400714785074694791, 14029467366897019727, 2870177450012600261, (1 << 64) - 1


def expected(item):
    """hash() of a tuple as CPython 3.11 makes it."""
    if not isinstance(item, tuple):
        return hash(item)
    acc = P5
    for part in item:
        acc = acc + (expected(part) & MASK) * P2 & MASK
        acc = (acc << 31 | acc >> 33) & MASK
        acc = acc * P1 & MASK
    acc = acc + (len(item) ^ P5 ^ 3527539) & MASK
    if acc == MASK:
        return 1546275796
    return acc - (1 << 64) if acc >> 63 else acc


Point = namedtuple("Point", "x y")


def make(n):
    return (n, ("a" + str(n % 7), (n * 1.5, None, True)), Point(n, Point("b", -1)), (), 2**70 + n, -2**61, 2**60, b"x")


for round in range(3):
    kept = [make(n) for n in range(3000)]
    for t in kept:
        assert hash(t) == hash(t) == expected(t), t
    for n, t in enumerate(kept):
        assert hash(make(n)) == hash(t)
    table = {t: n for n, t in enumerate(kept)}
    del kept[::2]
    gc.collect()
    fresh = [make(-n) for n in range(3000)]  # where the others were
    for t in fresh:
        assert hash(t) == expected(t)
    assert all(table[make(n)] == n for n in range(0, 3000, 11))


# Items whose hash changes.
class Changing:
    now = 1

    def __hash__(self):
        return self.now


item = Changing()
inner = (1, (item, 2))
outer = (inner, 3)
for value in (1, 2, 3):
    Changing.now = value
    assert hash(outer) == expected(outer) and hash(inner) == expected(inner)

# A class that gets a hash of its own, and an instance that gets another class.
Pair = namedtuple("Pair", "a b")


class Other(Pair):
    pass


class Constant(Pair):
    def __hash__(self):
        return 77


holder = (Other((1, 2), 3), 4)
before = hash(holder)
assert before == expected((((1, 2), 3), 4))
try:
    holder[0].__class__ = Constant
except TypeError:
    pass  # CPython's tuples are of another layout
else:
    assert hash(holder[0]) == 77 and hash(holder) == hash((77, 4)) != before
    holder[0].__class__ = Other
    assert hash(holder) == before
Other.__hash__ = lambda self: 78
assert hash(holder) == hash((78, 4))
del Other.__hash__
assert hash(holder) == before
Pair.__hash__ = lambda self: 79
assert hash(holder) == hash((79, 4))
del Pair.__hash__
assert hash(holder) == before
Pair.__hash__ = None
try:
    hash(holder)
except TypeError as error:
    assert str(error) == "unhashable type: 'Other'", error
else:
    raise AssertionError

# What can't be hashed, deep inside.
for bad in ([], {}, set()):
    try:
        hash((1, ((2, (bad,)), 3)))
    except TypeError as error:
        assert str(error) == f"unhashable type: '{type(bad).__name__}'"
    else:
        raise AssertionError
