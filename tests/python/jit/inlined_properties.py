# no-tsan
# Getters of properties that are inlined: errors, frames, other classes, what becomes of the property.
import sys
import threading
import traceback

ROUNDS = 3000


class Circle:
    def __init__(self, radius):
        self._radius = radius
        self.asked = 0

    @property
    def radius(self):
        return self._radius

    @property
    def size(self):
        width = self.radius * 2
        return width * self.radius

    @property
    def checked(self):
        if self._radius < 0:
            raise ValueError(self._radius)
        return self._radius

    @property
    def counted(self):
        self.asked = self.asked + 1
        return self.asked

    @property
    def slow(self):
        total = 0
        if self._radius > 2:
            for i in range(3):
                total += i
        return total

    @property
    def missing(self):
        return self.absent

    def scaled(self, by):
        return self.radius * by + self.size


class Square(Circle):
    @property
    def radius(self):
        return 1

    def __getattr__(self, name):
        return name


def run(c, n):
    total = 0
    for i in range(n):
        share = i * 0.25
        total += c.radius + c.size + c.checked + c.scaled(i) + c.slow + share + c.counted
    return total


for radius in (2, 3, 1.5, 2**40, 2**70):
    c = Circle(radius)
    print(run(c, ROUNDS), c.asked)
print(run(Square(5), ROUNDS))


def mixed(n):
    both, total = [Circle(3), Square(5)], 0
    for i in range(n):
        total += both[i % 2].radius + both[i % 3 % 2].size
    return total


print(mixed(ROUNDS))


def fails(c, n):
    for i in range(n):
        if i == n - 1:
            c._radius = -1
        c.checked


for n in (1, ROUNDS):
    try:
        fails(Circle(1), n)
    except ValueError as e:
        print([(f.name, f.line) for f in traceback.extract_tb(e.__traceback__)], e)


def misses(c, n):
    for i in range(n):
        if i == n - 1:
            del c.absent
        r = c.missing
    return r


for kind in Circle, Square:
    for n in (1, ROUNDS):
        c = kind(1)
        c.absent = 1
        try:
            print(misses(c, n))
        except AttributeError as e:
            print(e, [f.name for f in traceback.extract_tb(e.__traceback__)])


class Watcher:
    def __mul__(self, other):
        frame = sys._getframe(1)
        self.seen = frame.f_code.co_name, sorted(frame.f_locals), frame.f_back.f_code.co_name, frame.f_back.f_lineno - first
        return self

    __rmul__ = __mul__


first = 0


def watched(c, n):
    watcher = Watcher()
    for i in range(n):
        if i % 100 == 99:
            c._radius = watcher
            assert c.size is watcher
            assert watcher.seen[:3] == ('size', ['self', 'width'], 'watched'), watcher.seen
            c._radius = 2
        assert c.size == 8


watched(Circle(2), ROUNDS)


def radius_of(c, n):
    for i in range(n):
        r = c.radius
    return r


c = Circle(4)
print(radius_of(c, ROUNDS))
getter = Circle.radius
code = getter.fget.__code__
getter.fget.__code__ = (lambda self: 'other code').__code__
print(radius_of(c, 10))
getter.fget.__code__ = code
Circle.radius = property(lambda self: 'new')
print(radius_of(c, ROUNDS))
del Circle.radius
c.__dict__['radius'] = 'own'
print(radius_of(c, ROUNDS))
Circle.radius = getter
print(radius_of(c, ROUNDS))


def deep(n):
    return c.size if n == 0 else deep(n - 1)


limit = sys.getrecursionlimit()
sys.setrecursionlimit(200)
for n in list(range(150)) * 5:
    assert deep(n) == 32
results = []
for n in range(150, 220):
    try:
        results.append(deep(n))
    except RecursionError:
        results.append(None)
sys.setrecursionlimit(limit)
print(results.index(None))

results = []
threads = [threading.Thread(target=lambda: results.append(run(Circle(2), ROUNDS))) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert results == [run(Circle(2), ROUNDS)] * 4
