# super() in methods that run often: by classes that share code, by class methods, by captured selves, and where classes change.
import sys


class A:
    made = 0

    def __init__(self, x=1):
        self.x = x

    def name(self):
        return 'A'

    def __len__(self):
        return 3

    @classmethod
    def make(cls, *a):
        return cls(*a)

    @staticmethod
    def still():
        return 'still'

    @property
    def prop(self):
        return 'prop of A'

    attr = 'plain'


class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y

    def name(self):
        return 'B' + super().name()

    def __len__(self):
        return 1 + super().__len__()

    @classmethod
    def make(cls, *a):
        return super().make(*a)

    def rest(self):
        return super().still(), super().prop, super().attr, super().name.__self__ is self


class C(A):
    def __init__(self, *a):
        super().__init__(*a)

    def name(self):
        return 'C' + super().name()


class D(B, C):
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z

    def name(self):
        return 'D' + super().name()

    def captured(self):
        def inner():
            return super().__len__(), super(D, self).name(), self.z      # the first argument is none of its own
        try:
            return inner()
        except RuntimeError as e:
            return str(e)

    def captured_self(self):
        f = lambda: self
        return super().name(), f() is self

    def nested(self):
        def inner(self):
            return super().name()
        return inner(self), [super(D, self).name() for i in range(2)]

    def replaced(self, other):
        self = other
        return super().name()

    def of_super(self):
        s = super()
        return s.name(), s.__thisclass__.__name__, s.__self__ is self, s.__self_class__.__name__, s.__class__.__name__

    def missing(self):
        return super().nothing()

    def deleted(self):
        del self
        return super().name()


class Bare:
    def __init__(self):
        super().__init__()
        self.v = 1

    def __setattr__(self, name, value):
        super().__setattr__(name, value)

    def __eq__(self, other):
        return super().__eq__(other)

    __hash__ = None


class Ints(list):
    def append(self, x):
        super().append(int(x))

    def __getitem__(self, i):
        return super().__getitem__(i) + 1


class Meta(type):
    def __call__(cls, *a):
        return super().__call__(*a)

    def __new__(meta, name, bases, ns):
        return super().__new__(meta, name, bases, ns)

    def who(cls):
        return 'meta'


class MetaSub(Meta):
    def who(cls):
        return super().who() + cls.__name__


class Made(metaclass=MetaSub):
    pass


def error(f, *a):
    try:
        return f(*a)
    except Exception as e:
        return f'{type(e).__name__}: {e}'


def once():
    b, c, d = B(1, 2), C(5), D(1, 2, 3)
    ints = Ints()
    ints.append('4')
    bare = Bare()
    return (b.name(), c.name(), d.name(), len(b), len(d), b.x, c.x, d.x, d.y, d.z, B.make(1, 2).name(), D.make(1, 2, 3).name(),
            b.rest(), d.rest(), d.captured(), d.captured_self(), d.nested(), error(d.replaced, b), error(d.replaced, D(4, 5, 6)),
            error(d.replaced, 3), d.of_super(), error(d.missing), error(d.deleted), ints, ints[0], bare.v, bare == bare, bare == 1,
            Made.who(), type(Made()).__name__)


for i in range(60):
    last = once()
for part in last:
    print(part)
A.name = lambda self: 'new A'
print(once()[:3])
C.name = None
print(error(once))
del C.name
print(once()[:3])
B.__bases__ = (C,)
print(D.__mro__ == (D, B, C, A, object), once()[:3])


class Proxy:                    # says that it is of another class
    def __init__(self, o):
        self.__dict__['o'] = o

    @property
    def __class__(self):
        return type(self.o)

    @property
    def x(self):
        return 'of the proxy'


print(error(D.name, Proxy(D(1, 2, 3))), error(D.name, Proxy(A())), error(D.name, D))


def outside(self):
    return super().name()


print(error(outside, D(1, 2, 3)))
D.outside = outside
print(error(D(1, 2, 3).outside))


def swapped():
    class X(A):
        def name(self):
            return 'X' + super().name()
    return X


xs = [swapped() for i in range(12)]      # one code, many classes
for i in range(40):
    names = [x().name() for x in xs]
print(set(names))


class Y(xs[0]):
    name = xs[1].name


print(error(Y().name))
super_was = super
super = lambda *a: A()
print(B.name(B(1, 2)) if 0 else error(lambda: swapped()().name()))
super = super_was
print(swapped()().name())
