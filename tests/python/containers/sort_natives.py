# Sorting what built-in classes compare natively: dates, times, numbers, bytes, lists, sets, alone and mixed.
import datetime
import random
from decimal import Decimal
from fractions import Fraction


def raises(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


r = random.Random(5)
utc, east = datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=5, minutes=30))


def moment(zone=None):
    return datetime.datetime(
        r.randrange(1, 10000), r.randrange(1, 13), r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60),
        r.choice([0, r.randrange(10**6)]), zone,
    )


def by_insertion(items):
    made = []
    for item in items:
        at = len(made)
        while at and item < made[at - 1]:
            at -= 1
        made.insert(at, item)
    return made


groups = [
    [moment() for _ in range(150)],
    [moment(utc) for _ in range(100)],
    [moment(r.choice([utc, east])) for _ in range(100)],
    [moment().date() for _ in range(100)],
    [moment().time() for _ in range(100)],
    [datetime.timedelta(r.randrange(-5, 5), r.randrange(86400), r.randrange(10**6)) for _ in range(100)],
    [Decimal(r.randrange(-1000, 1000)) / 7 for _ in range(100)],
    [Fraction(r.randrange(-100, 100), r.randrange(1, 9)) for _ in range(60)],
    [bytes(r.randrange(256) for _ in range(r.randrange(5))) for _ in range(100)],
    [[r.randrange(3) for _ in range(r.randrange(4))] for _ in range(100)],
    [r.randrange(-10**30, 10**30) for _ in range(100)],
    [r.choice([1, 2.5, Decimal("1.5"), Fraction(7, 3), True]) for _ in range(60)],
    [bytearray(b"b"), bytearray(b"a"), bytearray(b"ab")],
]
for items in groups:
    expected = by_insertion(items)
    assert all(a is b for a, b in zip(sorted(items), expected)), items[0]
    assert sorted(items, reverse=True) == by_insertion(items[::-1])[::-1]
    assert [x for x, _ in sorted([(x, 0) for x in items])] == expected
    assert sorted(range(len(items)), key=items.__getitem__) == sorted(range(len(items)), key=lambda i: (items[i], i))
    copy = items[:]
    copy.sort()
    assert copy == expected

close = [datetime.datetime(2020, 2, 3, 4, 5, 6, us) for us in (7, 999999, 0, 8)]
assert [x.microsecond for x in sorted(close)] == [0, 7, 8, 999999]
same = [datetime.datetime(2020, 1, 1, fold=1), datetime.datetime(2020, 1, 1, fold=0)]
assert [x.fold for x in sorted(same)] == [1, 0] and same[0] == same[1]
a, b = datetime.datetime(2020, 1, 1, 12, tzinfo=utc), datetime.datetime(2020, 1, 1, 13, tzinfo=east)
assert b < a and sorted([a, b]) == [b, a] and a > b and a != b and a >= a and not a < a
assert raises(TypeError, sorted, [moment(), moment(utc)]) == "can't compare offset-naive and offset-aware datetimes"
assert raises(TypeError, sorted, [moment(), moment().date()]) == "can't compare datetime.datetime to datetime.date"
assert raises(TypeError, sorted, [b"a", bytearray(b"b"), "c"]) == "'<' not supported between instances of 'str' and 'bytearray'"
assert raises(TypeError, sorted, [object(), object()]) == "'<' not supported between instances of 'object' and 'object'"
assert raises(TypeError, sorted, [1j, 2j]) == "'<' not supported between instances of 'complex' and 'complex'"
assert raises(TypeError, sorted, [[1], ["a"]]) == "'<' not supported between instances of 'str' and 'int'"
assert raises(TypeError, sorted, [None, None]) == "'<' not supported between instances of 'NoneType' and 'NoneType'"
sets = [{1, 2}, {1}, set()]
assert sorted(sets) == [set(), {1}, {1, 2}]


class Bad:
    def __lt__(self, other):
        raise LookupError("bad")


assert raises(LookupError, sorted, [[Bad()], [Bad()]]) == "bad"
items = [[Bad()], [Bad()], [1]]
kept = items[:]
raises(LookupError, items.sort)
assert all(a is b for a, b in zip(sorted(items, key=id), sorted(kept, key=id)))


class Changes:
    """Looks at the list that is being sorted."""

    def __lt__(self, other):
        items.append(1)
        return False


items = [[Changes()], [Changes()]]
assert raises(ValueError, items.sort) == "list modified during sort"


class Late(datetime.date):
    def __lt__(self, other):
        return super().__gt__(other)


days = [Late(2020, 1, d) for d in (2, 3, 1)]
assert [d.day for d in sorted(days)] == [3, 2, 1]
