# list(), sorted() and extend() of deques and arrays: the items at that moment, in lists of their own.
from array import array
from collections import deque

for n in (0, 1, 7, 8, 9, 100):
    d = deque(range(n), maxlen=n or 1)
    d.rotate(3)
    expected = [x for x in d]
    made = list(d)
    assert made == expected == [*d] == list(iter(d)), n
    made.append('more')
    made[:1] = []
    assert list(d) == expected and sorted(d) == sorted(expected) and sorted(d, reverse=True) == sorted(expected)[::-1]
    some = [1, 2]
    some.extend(d)
    some += d
    assert some == [1, 2] + expected * 2 and tuple(d) == tuple(expected)
    cleared = [5]
    cleared.clear()
    cleared.extend(d)
    cleared.append(9)
    assert cleared == expected + [9] and len(d) == n
for code, items in (('i', [1, -2, 3]), ('d', [1.5, -0.0]), ('Q', [2 ** 64 - 1, 0]), ('u', 'aé'), ('b', [])):
    a = array(code, items)
    assert list(a) == a.tolist() == [x for x in a] == list(items), code
    made = [0]
    made.extend(a)
    assert made == [0, *items]


class Backwards(deque):
    def __iter__(self):
        return reversed(list(deque.__iter__(self)))


class Doubled(array):
    def __iter__(self):
        return iter([2 * x for x in array.__iter__(self)])


print(list(Backwards('abc')), sorted(Backwards('bca')), list(Doubled('i', [1, 2])))
d = deque([1, 2])
d.extend(d)
items = []
items.append(items)
e = deque(items)
print(d, list(e)[0] is items, list(e) == items)
