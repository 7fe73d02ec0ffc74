# list() of a group of itertools.groupby: keys of all kinds, groups begun or left behind, keys and comparisons that look on or fail.
from itertools import groupby
from operator import itemgetter

rows = [(n // 3, n) for n in range(10)]
print([(key, list(group)) for key, group in groupby(rows, itemgetter(0))])
print([(key, list(group)) for key, group in groupby("aabbbca")])
print([(key, list(group)) for key, group in groupby(rows, key=lambda row: row[1] > 4)])
print([(key, sorted(group, reverse=True)[0]) for key, group in groupby(iter(rows), lambda row: float(row[0]))])
print([list(group) for _, group in groupby([float("nan")] * 3 + [1, 1.0, True, 0, False])])
for taken in range(5):
    groups = groupby(rows, itemgetter(0))
    _, first = next(groups)
    begun = [next(first, "end") for _ in range(taken)]
    print(begun, list(first), list(first), [key for key, _ in groups])
groups = groupby(rows, itemgetter(0))
_, left = next(groups)
_, now = next(groups)
print(list(left), list(now), next(groups)[0], list(now))
grown = ["front"]
grown.extend(next(groupby("xxy"))[1])
print(grown, list(next(groupby([]), (0, ()))[1]))
log = []


class Key:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        log.append((self.value, other.value))
        if other.value == 5:
            raise ValueError("five")
        return self.value // 2 == other.value // 2


groups = groupby(range(8), Key)
for _ in range(4):
    try:
        key, group = next(groups)
        print(key.value, list(group))
    except ValueError as error:
        print(error)
print(log)


def stepping(row):
    if row[1] == 1:
        log.append([key for key, _ in inner])
    return row[0]


inner = groupby(rows[6:], itemgetter(0))
print([(key, list(group)) for key, group in groupby(rows[:5], stepping)], log[-1])


def failing(row):
    return 1 // (row[1] - 4)


groups = groupby(rows, failing)
for _ in range(4):
    try:
        key, group = next(groups)
        print(key, list(group))
    except (ZeroDivisionError, StopIteration) as error:
        print(error)
numbers = list(range(9))
for length in (0, 1, 2, 7, 8):
    part = numbers[:length] + ["x"]
    part.reverse()
    print(part)
