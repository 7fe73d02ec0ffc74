# list() of islice and repeat: steps, ends, what is left in the iterator, errors.
import copy
from itertools import count, cycle, islice, repeat

for arguments in ((5,), (0,), (None,), (2, 7), (2, 2), (3, None, 4), (1, 9, 3), (0, 100, 7), (20, 30)):
    source = iter(range(12))
    piece = islice(source, *arguments)
    first = next(piece, "none")
    again = [*piece, "end"]
    print(arguments, first, again, next(source, "none"), list(piece))
print(list(islice(count(5), 4)), list(islice(cycle("ab"), 1, 6, 2)), list(islice(repeat(1), 3)))


def failing():
    yield 1
    yield 2
    raise KeyError("three")


kept = []
try:
    kept.extend(islice(failing(), 5))
except KeyError as error:
    print(kept, error)

for times in (0, 1, 3, 70, -2):
    same = repeat("x", times)
    copied = copy.copy(same)
    next(same, None)
    print(len(list(same)), list(same), copied, tuple(copied).count("x"), [*repeat(None, 2)], sorted(repeat(2, 2)))
grown = [1]
grown += repeat(grown[0], 5)
grown.extend(repeat(0, 2))
print(grown)
try:
    list(repeat(0, 2**60))
except (MemoryError, OverflowError) as error:
    print(type(error).__name__)
