# Keywords, defaults and getters in code that runs often.
# timeout: 120
import gc


def f(a, b=2, c=3, *, d=4):
    return a, b, c, d


def g(a, b=20, c=30):
    e = (a, b)
    return e, c


def h(a, /, b, c=(), d=None):
    return a, b, c, d


class C:
    def __init__(self, x, y=5):
        self._x = x
        self.y = y

    def method(self, a, b=1, c=2):
        return self._x, a, b, c

    @property
    def x(self):
        z = self._x
        return z

    @x.setter
    def x(self, v):
        self._x = v

    @property
    def fails(self):
        raise KeyError(self._x)

    @classmethod
    def made(cls, x, y=6):
        return cls(x, y=y)

    @staticmethod
    def static(a, b=7):
        return a, b


def calls(n):
    c = C(1, y=n)
    out = None
    for i in range(n):
        out = (g(i), g(i, 1), g(i, c=1), g(c=i, a=2), g(i, c=3, b=4), f(i, d=1), f(i, c=0), h(i, 2), h(i, b=3, d=4), h(i, 2, d=5),
               c.method(i), c.method(i, c=5), c.method(b=i, a=6), c.x, C.made(i).y, C.made(i, y=1).y, c.static(i), C.static(i, b=2))
    return out


print(calls(1000))
for wrong in (lambda: g(), lambda: g(1, a=2), lambda: g(1, x=2), lambda: h(a=1, b=2), lambda: g(1, 2, 3, 4), lambda: C(1).method(),
              lambda: C(1).fails):
    for _ in range(600):
        try:
            wrong()
        except (TypeError, KeyError) as e:
            text = str(e)
    print(text)

g.__defaults__ = (21, 31)
print(calls(3))
g.__defaults__ = (22, 32, 33)
print(g(), calls(3)[0])
g.__defaults__ = None
try:
    calls(1)
except TypeError as e:
    print(e)
g.__defaults__ = (1, 2)
g.__code__ = h.__code__
try:
    calls(1)
except TypeError as e:
    print(e)


def order(n):
    """Arguments of keywords that are each other's parameters."""
    def swap(a, b, c, d):
        return a * 1000 + b * 100 + c * 10 + d

    out = set()
    for i in range(n):
        out.add(swap(d=1, c=2, b=3, a=4))
        out.add(swap(1, d=2, b=3, c=4))
        out.add(swap(1, 2, d=i % 2, c=9))
    return sorted(out)


print(order(1000))


def generator(n):
    c = C(3)
    for i in range(n):
        yield g2(i, c=c.x)
        yield c.method(i, c=c.x)


def g2(a, b=2, c=3):
    d = a + b + c
    return d


print(list(generator(600))[-2:])


class Other(C):
    @property
    def x(self):
        return 'other', super().x


def reads(objects):
    return [o.x for o in objects][-2:]


print(reads([C(1)] * 700), reads([Other(2), C(3)] * 300))
o = C(4)
print(reads([o]))
C.x = property(lambda self: ('new', self._x))
print(reads([o]), reads([o, Other(5)]))
C.x.__init__(lambda self: ['again', self._x])
gc.collect()
print(reads([o]), reads([o, o]))
C.x = 'value'
print(reads([o]))
del C.x
try:
    reads([o])
except AttributeError as e:
    print(e)


def deep(n, step=1):
    return 0 if n <= 0 else 1 + deep(n - step)


for _ in range(50):
    deep(50)
try:
    deep(10**6)
except RecursionError as e:
    print(e)


class Chain:
    def __init__(self, n):
        self.n = n

    @property
    def end(self):
        return self if self.n == 0 else Chain(self.n - 1).end


for _ in range(50):
    Chain(20).end
try:
    Chain(10**6).end
except RecursionError as e:
    print(e)
