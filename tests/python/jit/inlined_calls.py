# no-tsan
# Calls whose callee's instructions are compiled in their place: handlers, tracebacks, frames, tracers and the recursion limit see
# what they see without that.
import gc
import sys
import threading
import traceback

ROUNDS = 3000


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def get(self):
        return self.x

    def sum(self, other):
        return self.x + other.y

    def move(self, by):
        self.x = self.x + by

    def check(self, other):
        if other is None:
            raise ValueError('nothing')
        return other

    def checked_sum(self, other):
        return self.check(other).x + self.y

    def deeper(self, other):
        return self.checked_sum(other) + self.get()

    def unbound(self, flag):
        if flag:
            value = self.x
        return value

    def missing(self):
        return self.absent

    def divide(self, by):
        return self.x / by

    def compare(self, other):
        if self.x < other:
            return -1
        if self.x > other:
            return 1
        return 0

    def nothing(self):
        pass

    def pair(self, other):
        return self.x, other

    def size(self, items):
        return len(items) + self.y


def scale(value, factor):
    return value * factor + 1.0


def clamp(value):
    if value < 10:
        return 10
    return value


# --- what they answer, and what isn't as it was
def run(p, q, n):
    total = 0
    for i in range(n):
        total += p.get() + p.sum(q) + p.deeper(q) + p.compare(i) + p.size((1, 2))
        p.move(1)
        assert p.nothing() is None
        assert p.pair(i) == (p.x, i)
        total += clamp(i)
    return total


def expected(x, y, qx, qy, n):
    total = 0
    for i in range(n):
        total += x + x + qy + qx + y + x + (x > i) - (x < i) + 2 + y + max(i, 10)
        x += 1
    return total


for x in (1, 2**59 - 100, 2**61 - 1500, 2**80):
    p, q = Point(x, 2), Point(3, 4)
    assert run(p, q, ROUNDS) == expected(x, 2, 3, 4, ROUNDS)
    assert p.x == x + ROUNDS

# Other kinds of operands, in the middle.
for x, y in ((1.5, 2.25), ('a', 'b'), ((1,), (2,)), (1, 2.5), (True, 7), (1j, 2), (1e300, 1e-300)):
    def kinds():
        p, q = Point(x, y), Point(x, y)
        for i in range(200):
            r = p.sum(q)
        return r
    assert kinds() == x + y


def floats(n):
    a, b, c = 1.0, 1e-3, 0.5
    for i in range(n):
        a = scale(a, b) * c
        b = scale(b, c) * 0.125
        c = scale(c, 0.25) - a * 1e-3
    return a, b, c


def model(n):
    a, b, c = 1.0, 1e-3, 0.5
    for i in range(n):
        a = (a * b + 1.0) * c
        b = (b * c + 1.0) * 0.125
        c = (c * 0.25 + 1.0) - a * 1e-3
    return a, b, c


assert floats(ROUNDS) == model(ROUNDS) and floats(ROUNDS)[0] == floats(ROUNDS)[0]


# Floats that are kept in registers when an instruction of the callee is left: they need cells, some of them.
def left_with_floats(values, n):
    big = 1.0
    for i in range(n):
        big = big * 1.5
        small = 1.0 / big
        other = values[i % len(values)]
        got = clamp(other)
        assert got == (10 if other < 10 else other), (got, other)
        assert small * big == 1.0 or abs(small * big - 1.0) < 1e-15
        if big > 1e250:
            big = 1.0
    return big


left_with_floats([1], 1500)
left_with_floats([1, 20, 2**70, 1.5, True], ROUNDS)

# --- exceptions: the lines of all frames


def lines_of(function, *args):
    try:
        function(*args)
    except Exception as e:
        first = function.__code__.co_firstlineno
        return type(e), str(e), [(f.name, f.lineno - first) for f in traceback.extract_tb(e.__traceback__)[1:]]
    return None


def raises(p, q, n):
    for i in range(n):
        last = q if i < n - 1 else None
        p.deeper(
            last)


first = Point.check.__code__.co_firstlineno - raises.__code__.co_firstlineno
assert lines_of(raises, Point(1, 2), Point(3, 4), 2) == lines_of(raises, Point(1, 2), Point(3, 4), ROUNDS) == (
    ValueError, 'nothing', [('raises', 3), ('deeper', first + 9), ('checked_sum', first + 6), ('check', first + 2)])


def unbound(p, n):
    for i in range(n):
        p.unbound(i < n - 1)


kind, text, frames = lines_of(unbound, Point(1, 2), ROUNDS)
assert kind is UnboundLocalError and "'value'" in text, text
assert [name for name, line in frames] == ['unbound', 'unbound'], frames


def misses(p, n):
    for i in range(n):
        if i == n - 1:
            del p.absent
        p.missing()


p = Point(1, 2)
p.absent = 5
kind, text, frames = lines_of(misses, p, ROUNDS)
assert (kind, text) == (AttributeError, "'Point' object has no attribute 'absent'"), (kind, text)
assert [name for name, line in frames] == ['misses', 'missing']


def divides(p, n):
    caught = 0
    for i in range(n):
        try:
            p.divide(i % 3)
        except ZeroDivisionError as e:
            caught += 1
            assert e.__traceback__.tb_next.tb_frame.f_code is Point.divide.__code__
            assert e.__traceback__.tb_next.tb_frame.f_locals == {'self': p, 'by': 0}
            assert e.__traceback__.tb_lineno == e.__traceback__.tb_frame.f_code.co_firstlineno + 4
    return caught


assert divides(Point(7, 1), ROUNDS) == ROUNDS // 3

# --- frames, as an operator's method sees them


class Watcher:
    def __init__(self):
        self.seen = None

    def __radd__(self, other):
        frame, names = sys._getframe(), []
        while frame.f_code is not watch.__code__:
            names.append((frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
            frame = frame.f_back
        self.seen = names, dict(sys._getframe(1).f_locals)
        gc.collect(0)
        return 1


class Adder(Point):
    def add(self, other):
        one, two = 1, None
        return one + other.x

    def add_to(self, other):
        return self.add(other) + self.one


Adder.one = 1


def watch(p, q, n):
    watcher = Watcher()
    for i in range(n):
        if i % 500 == 499:
            q.x = watcher
            assert p.add_to(q) == 2
            names, variables = watcher.seen
            assert names[1:] == [('add', 2), ('add_to', 1)], names
            assert variables == {'self': p, 'other': q, 'one': 1, 'two': None}, variables
            q.x = 1
        else:
            assert p.add_to(q) == 3
    return True


p, q = Adder(1, 1), Adder(1, 1)
assert watch(p, q, ROUNDS)

# --- the callee changes


def calls(p, q, n):
    total = 0
    for i in range(n):
        total += p.sum(q) + clamp(20)
    return total


p, q = Point(1, 2), Point(3, 4)
assert calls(p, q, ROUNDS) == ROUNDS * 25
code = clamp.__code__
clamp.__code__ = (lambda value: value + 1).__code__
assert calls(p, q, 10) == 260
clamp.__code__ = code
assert calls(p, q, ROUNDS) == ROUNDS * 25
old = Point.sum
Point.sum = lambda self, other: 1
assert calls(p, q, ROUNDS) == ROUNDS * 21
Point.sum = old
assert calls(p, q, ROUNDS) == ROUNDS * 25
p.sum = lambda other: 2
assert calls(p, q, ROUNDS) == ROUNDS * 22
del p.sum
clamp, kept = (lambda value: 0), clamp
assert calls(p, q, ROUNDS) == ROUNDS * 5
clamp = kept


# A descriptor for a name that only the callee has.
class Described:
    def __init__(self):
        self.hidden = 1

    def read(self):
        return self.hidden


def reads(d, n):
    for i in range(n):
        r = d.read()
    return r


d = Described()
assert reads(d, ROUNDS) == 1
Described.hidden = property(lambda self: 'described')
assert reads(d, ROUNDS) == 'described'
del Described.hidden
assert reads(d, ROUNDS) == 1

# Functions of the same code, of other modules.
source = 'def f(x):\n    return x + G\n'
spaces = [{'G': 1}, {'G': 10}]
for space in spaces:
    exec(compile(source, 'same', 'exec'), space)
template = spaces[0]['f'].__code__
spaces[1]['f'].__code__ = template
f = spaces[0]['f']


def others(n):
    total = 0
    for i in range(n):
        total += f(i)
    return total


assert others(ROUNDS) == sum(range(ROUNDS)) + ROUNDS
f = spaces[1]['f']
assert others(ROUNDS) == sum(range(ROUNDS)) + 10 * ROUNDS
spaces[1]['G'] = 1.5
assert others(10) == 60.0
del spaces[1]['G']
try:
    others(10)
    assert False
except NameError as e:
    assert str(e) == "name 'G' is not defined", e

# --- the recursion limit


def descend(n):
    clamp(n)
    return descend(n + 1)


def depth_reached():
    deepest = 0

    def go(n):
        nonlocal deepest
        deepest = n
        clamp(clamp(n))
        go(n + 1)
    try:
        go(0)
    except RecursionError as e:
        names = [f.name for f in traceback.extract_tb(e.__traceback__)]
        return deepest, names[-1]


limit = sys.getrecursionlimit()
sys.setrecursionlimit(400)
reached = {depth_reached() for _ in range(20)}
assert len(reached) == 1, reached
print(reached)
try:
    descend(0)
    assert False
except RecursionError:
    pass
sys.setrecursionlimit(limit)

# --- tracing and profiling that begin inside


class Starter:
    def __init__(self, start):
        self.start = start

    def __radd__(self, other):
        self.start()
        return 1


def begin(p, starter, n):
    q = Point(1, 1)
    for i in range(n):
        q.y = starter if i == n - 1 else 1
        p.sum(q)
        p.get()


events = []


def tracer(frame, event, arg):
    events.append((event, frame.f_code.co_name))
    return tracer


def start_tracing():
    sys.settrace(tracer)
    sys._getframe(2).f_trace = tracer
    sys._getframe(3).f_trace = tracer


for n in (2, ROUNDS):
    events.clear()
    begin(Point(1, 1), Starter(start_tracing), n)
    sys.settrace(None)
    wanted = [e for e in events if e[1] in ('sum', 'get', 'begin')]
    if n == 2:
        first = wanted
assert wanted == first and ('return', 'sum') in wanted and ('call', 'get') in wanted, (first, wanted)

for n in (2, ROUNDS):
    events.clear()
    begin(Point(1, 1), Starter(lambda: sys.setprofile(tracer)), n)
    sys.setprofile(None)
    wanted = [e for e in events if e[1] in ('sum', 'get', 'begin')]
    if n == 2:
        first = wanted
assert wanted == first and ('return', 'sum') in wanted and ('call', 'get') in wanted, (first, wanted)

# --- calls of several classes' methods within inlined ones


class One:
    def value(self):
        return 1

    def twice(self):
        return self.value() + self.value()


class Two(One):
    def value(self):
        return 2


class Three(One):
    def value(self):
        return [3, 4][0]


class Many(One):
    def value(self):
        total = 0
        for i in range(4):
            total += i
        return total


def twice_of(objects, n):
    total = 0
    for i in range(n):
        total += objects[i % len(objects)].twice()
    return total


for objects, sum_ in ([One()], 2), ([One(), Two()], 6), ([Three(), One(), Two()], 12), ([One(), Two(), Three(), Many()], 24):
    assert twice_of(objects, 1200) == sum_ * 1200 // len(objects)

# --- items of objects with methods for them, within inlined calls


class Items:
    def __init__(self):
        self.items = {}

    def __getitem__(self, key):
        for k in self.items:
            if k == key:
                return self.items[k]
        return key

    def __setitem__(self, key, value):
        for k in (key,):
            self.items[k] = value

    def __contains__(self, key):
        for k in self.items:
            if k == key:
                return True
        return False

    def __iter__(self):
        for k in self.items:
            yield k

    def __len__(self):
        for k in (1, 2):
            self.looked = k
        return len(self.items)

    def __bool__(self):
        for k in (1, 2):
            self.looked = k
        return True


def item_of(items, key):
    return items[key], items[0]


def put_item(items, key, value):
    items[key] = value


def has_item(items, key):
    return key in items


def all_of(items):
    return [k for k in items], *items


def is_true(items):
    if items:
        return len(items)
    return -1


def uses_items(n):
    items, out = Items(), 0
    for i in range(n):
        put_item(items, i % 5, i)
        a, b = item_of(items, i % 7)
        out += a + b + has_item(items, i % 9) + is_true(items)
        if i % 10 == 0:
            out += len(all_of(items))
    return out


print(uses_items(ROUNDS))
# --- what isn't inlined of an inlined call: loops, calls and handlers on some of its ways; and calls of itself


class Lazy:
    def __init__(self):
        self.value = None
        self.made = 0

    def make(self):
        self.made += 1
        return sorted([3, 1, 2])[self.made % 3]

    def get(self, again=False):
        if self.value is None or again:
            self.value = self.make()
        return self.value

    def total(self, items):
        if not items:
            return 0
        total = 0.5
        for item in items:
            total += item
        try:
            return total / self.value
        except ZeroDivisionError:
            return -1
        finally:
            self.made += 1

    def count(self, n):
        if n < 1:
            return 0
        while n > 3:
            n -= 2
        return n

    def depth(self, n):
        if n == 0:
            return [frame.name for frame in traceback.extract_stack()][-3:]
        return self.depth(n - 1)


def lazily(n):
    lazy, out = Lazy(), 0
    for i in range(n):
        share = i * 0.5
        out += lazy.get(i % 50 == 0) + lazy.total([] if i % 3 else [1, 2, i]) + lazy.count(i % 7) + share
        if i % 100 == 99:
            lazy.value = 0
            assert lazy.total([i]) == -1
            lazy.value = None
        if i % 100 == 98:
            assert lazy.depth(0)[1:] == ['lazily', 'depth'] and lazy.depth(2) == ['depth'] * 3
    return out, lazy.made


print(lazily(ROUNDS))


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def mutual(n):
    if n == 0:
        return 'even'
    return other(n - 1)


def other(n):
    if n == 0:
        return 'odd'
    return mutual(n - 1)


def faculty(n):
    if n == 0:
        raise ValueError('zero') if deep else KeyError
    return n * faculty(n - 1)


assert [fib(n) for n in range(18)][-1] == 1597
assert [mutual(n) for n in range(100)] == ['even', 'odd'] * 50 and mutual(300) == 'even'
for deep in [True] * 40:
    try:
        faculty(30)
        assert False
    except ValueError as e:
        frames = traceback.extract_tb(e.__traceback__)[1:]
        assert [f.name for f in frames] == ['faculty'] * 31 and len({f.lineno for f in frames}) == 2
        assert frames[-1].lineno == frames[0].lineno - 1

# --- what a callee had is gone behind it


class Tracked:
    alive = 0

    def __init__(self):
        Tracked.alive += 1

    def __del__(self):
        Tracked.alive -= 1


def hold(a, b):
    c = a
    d = b
    return c is d


def holds(n):
    for i in range(n):
        hold(Tracked(), Tracked())


holds(500)
gc.collect()
assert Tracked.alive <= 2, Tracked.alive

# --- threads


def worker(p, q, results):
    results.append(run(p, q, ROUNDS))


results = []
threads = [threading.Thread(target=worker, args=(Point(1, 2), Point(3, 4), results)) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert results == [expected(1, 2, 3, 4, ROUNDS)] * 4
print('ok')
