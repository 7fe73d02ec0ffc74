# Instances of classes that are written in Python, made in code that runs often.
# timeout: 120
import abc
import gc


class Point:
    def __init__(self, x, y=2, z=None):
        self.x = x
        self.y = y
        if z:
            self.z = z


class Slots:
    __slots__ = ('a', 'b', '__dict__')

    def __init__(self, a):
        self.a = a


class OnlySlots:
    __slots__ = ('a', 'b')

    def __init__(self, a):
        self.a = a


class Child(Point):
    def __init__(self, *args):
        super().__init__(*args)
        self.child = args


class Linked(Point):
    pass


def makes(n):
    kept = []
    for i in range(n):
        p = Point(i)
        q = Point(i, p)
        r = Point(i, q, z=r if i % 50 and i else None) if i % 3 == 0 else Point(i, q, 1.5)
        s = Slots(p)
        o = OnlySlots(s)
        c = Linked(o, c) if i % 40 else Linked(o)
        d = Child(i, i)
        if i % 100 == 0:
            kept.append((p, q, r, s, o, c, d))
    return kept


for k in range(3):
    kept = makes(2000)
    gc.collect(k)
p, q, r, s, o, c, d = kept[-1]
print(len(kept), vars(p), q.y is p, r.y is q, s.a is p, o.a is s, c.x is o, vars(d), s.__dict__, hasattr(o, 'b'), hasattr(s, 'b'))
p.extra = 5
print(p.extra, vars(p), hasattr(q, 'extra'))


# Classes that change.
def one(n, *args):
    for i in range(n):
        x = Changing(i)
    return x


class Changing:
    def __init__(self, a):
        self.a = a


first = one(2000)
print(vars(first))
Changing.__init__ = lambda self, a: setattr(self, 'new', a)
print(vars(one(3)), vars(one(1500)))


def other(self, a, b=7):
    self.a, self.b = a, b


Changing.__init__ = other
print(vars(one(1500)))
other.__code__ = (lambda self, a, b=8: setattr(self, 'c', (a, b))).__code__
print(vars(one(1500)))
other.__defaults__ = (9,)
print(vars(one(2)))
other.__defaults__ = None
try:
    one(2)
except TypeError as e:
    print(e)
other.__defaults__ = (1, 10)
print(vars(one(2)))
Changing.__new__ = lambda cls, a: ('not one', a)
print(one(1500))


class Changing:
    def __init__(self, a):
        self.a = a


print(vars(one(1500)))
deleted = []
Changing.__init__ = lambda self, a: None
Changing.__del__ = lambda self: deleted.append(1)
one(300)
gc.collect()
print(len(deleted) >= 290)
del Changing.__del__


class Meta(type):
    def __call__(cls, *args):
        return 'called', args


class WithMeta(metaclass=Meta):
    pass


class WithSlot:
    def __init__(self, a):
        self.a = a


old = Changing
for Changing in (WithMeta, WithSlot, int, str, lambda a: a, old):
    x = one(1200)
    print(x if isinstance(x, (tuple, int, str)) else type(x).__name__)


class Abstract(abc.ABC):
    def __init__(self, a):
        self.a = a


class Missing(Abstract):
    @abc.abstractmethod
    def method(self):
        pass


Changing = Abstract
print(one(1200).a)
Changing = Missing
try:
    one(1)
except TypeError as e:
    print(e)
Changing = WithSlot
one(1200)
WithSlot.__abstractmethods__ = frozenset(['never'])


class Wide:
    def __init__(self, n):
        for k in range(n):
            setattr(self, 'name%d' % k, k)


def wides(n):
    out = None
    for i in range(n):
        w = Wide(i % 60)
        if len(vars(w)) != i % 60:
            return 'wrong'
        out = w
    return len(vars(out))


for _ in range(3):
    print(wides(1500))


class Returns:
    def __init__(self, x):
        self.x = x
        if x == 'bad':
            return 5


class Raises:
    def __init__(self, x):
        if x % 300 == 299:
            raise ValueError(x)
        self.x = x


def fails(n):
    out = []
    for i in range(n):
        try:
            Raises(i)
            Returns('bad' if i % 400 == 7 else i)
        except (ValueError, TypeError) as e:
            out.append(str(e))
    return out


print(fails(1500))


class Deep:
    def __init__(self, n):
        self.below = Deep(n - 1) if n else None


for _ in range(40):
    d = Deep(60)
try:
    Deep(10**6)
except RecursionError:
    print('too deep')


def generator(n):
    x = 0.25
    for i in range(n):
        x = x * 0.5 + i
        p = Point(x, i)
        q = Slots(p)
        yield x + q.a.x, p.y


print(sum(a + b for a, b in generator(3000)), list(generator(3)))


class Factory:
    def __init__(self, kind):
        self.kind = kind

    def make(self, x):
        return self.kind(x), Point(x=x), Point(1, z=x)


for kind in (Slots, OnlySlots, Factory, list, Deep):
    f = Factory(kind)
    for _ in range(700):
        made = f.make([1]) if kind is list else f.make(0)
    print(type(made[0]).__name__, vars(made[1]), vars(made[2]))


# Facts about other variables outlive a new instance.
def floats(n):
    x, k = 0.5, 1
    for i in range(n):
        x = x * 1.25
        k = k + 2
        p = Point(x, k)
        x = x - p.x * 0.5 + k
        k = k - p.y // 2
    return x, k, vars(p)


print(floats(6), floats(3000))
for k in range(1200):
    class Short:
        def __init__(self, a):
            self.a = a

    def use(a):
        return Short(a).a

    if [use(i) for i in range(3)] != [0, 1, 2]:
        print('wrong')
    if k % 300 == 0:
        gc.collect()
print('done')
