# baton-only: baton.heap.census counts the heap's cells and their bytes, by kind and type.
from baton.heap import census


class Thing:
    pass


class Slotted:
    __slots__ = 'a', 'b'


def rows_of(type):
    return [row[2:] for row in census() if row[1] is type]


def storage(kind):
    return sum(row[3] for row in census() if row[:2] == (kind, None))


for row in census():
    kind, type_, cells, size = row
    assert isinstance(kind, str) and (type_ is None or isinstance(type_, type)), row
    assert cells > 0 and size >= 16 * cells and size % 16 == 0, row
rows = census()
assert len({row[:2] for row in rows}) == len(rows)

assert rows_of(Thing) == []
things = [Thing() for i in range(1000)]
((cells, size),) = rows_of(Thing)
assert cells == 1000, cells
assert 16 * 1000 <= size <= 256 * 1000, size

slotted = [Slotted() for i in range(500)]
for each in slotted:
    each.a = each.b = None
((cells, size),) = rows_of(Slotted)
assert cells == 500 and size == 500 * 32, (cells, size)

# What lies behind objects has no type of its own.
before = storage('dict table')
dicts = [{'a': 1, 'b': 2, 'c': 3} for i in range(1000)]
assert storage('dict table') - before >= 1000 * 3 * 24

# The dead aren't counted: every type here is met with the objects that there are.
del things[10:]
((cells, size),) = rows_of(Thing)
assert 10 <= cells <= 12, cells
