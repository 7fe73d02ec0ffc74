# Code that is compiled while parts of it have never run, which then run after all: once, or as often as the others.
import sys


class Box:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


def branches(n, kind, box):
    total = 0
    for i in range(n):
        if kind == 0:
            total += i
        elif kind == 1:
            total += box.value + len(str(i))
        elif kind == 2:
            total += box.get() * 0.5
        else:
            for c in str(i):
                total += ord(c) - int(box.value)
    return total


def by_hand(n, kind):
    if kind == 0:
        return sum(range(n))
    if kind == 1:
        return sum(3 + len(str(i)) for i in range(n))
    if kind == 2:
        return n * 1.5
    return sum(ord(c) - 3 for i in range(n) for c in str(i))


box = Box(3)
for _ in range(200):
    assert branches(20, 0, box) == by_hand(20, 0)
for kind in (0, 1, 2, 3):
    assert branches(7, kind, box) == by_hand(7, kind)
for kind in (1, 2, 3, 0, 2):
    for _ in range(400):
        assert branches(20, kind, box) == by_hand(20, kind), kind


# What is pending where cold code begins is there: floats, ints, constants, positions of ranges.
def pending(n, when):
    x, k, out = 0.5, 1, []
    for i in range(n):
        x = x * 1.5 - i
        k = k * 3 + i & 0xFFFF
        if i == when:
            one = 7
            out.append((x, k, i, one, abs(-k)))
        if k == when + 70000:
            out.append(sys.maxsize)
    return x, k, out


def pending_plainly(n, when):
    x, k, i, out = 0.5, 1, 0, []
    while i < n:
        x, k = x * 1.5 - i, (k * 3 + i) & 0xFFFF
        if i == when:
            out.append((x, k, i, 7, k))
        i += 1
    return x, k, out


for when in [1000] * 40 + [3, 5, 8] * 60:
    assert pending(40, when) == pending_plainly(40, when)


# Exceptions in parts that never raised before, and what is behind them.
def guarded(n, bad):
    caught = []
    for i in range(n):
        try:
            caught.append(10 // (i - bad) if i > bad - 3 else i)
        except ZeroDivisionError as e:
            caught.append(type(e).__name__)
        finally:
            if i == bad:
                caught.append(len(caught))
    return caught


for _ in range(100):
    assert guarded(30, 100) == list(range(30))
for _ in range(300):
    assert guarded(6, 3)[:4] == [0, -5, -10, 'ZeroDivisionError'], guarded(6, 3)


# A second loop of a function that is called once, whose first is compiled before that has begun.
def two_loops(n):
    items = []
    for i in range(n):
        items.append(i)
    total = 0
    for item in items:
        total += item * 2
        if item == n - 1:
            total += max(items)
    while total > n:
        total -= len(items)
    return total


assert two_loops(5000) == 4999


# Generators that go on in parts that were cold.
def steps(n, turn):
    for i in range(n):
        if i > turn:
            got = yield str(i)
            if got:
                yield got.upper()
        else:
            yield i


for _ in range(100):
    assert list(steps(20, 50)) == list(range(20))
for _ in range(200):
    assert list(steps(5, 2)) == [0, 1, 2, '3', '4']
g = steps(6, 2)
assert [next(g) for _ in range(4)] == [0, 1, 2, '3'] and g.send('x') == 'X' and list(g) == ['4', '5']


# Globals that aren't in a plain dict.
class Names(dict):
    def __missing__(self, name):
        return 5


exec('''
def f(n):
    total = 0
    for i in range(n):
        total += i if i < 3 else len(str(i))
    return total
result = [f(30) for _ in range(200)]
''', names := {'__builtins__': __builtins__})
assert set(names['result']) == {3 + 7 + 20 * 2}
