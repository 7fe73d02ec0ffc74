# Metaclasses: __new__, __init__, __call__, __prepare__, conflicts; type() with three arguments; __class_getitem__, ABCs.

log = []


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        log.append(('prepare', name, sorted(kw)))
        return {'injected': 1}

    def __new__(mcs, name, bases, ns, **kw):
        log.append(('new', name, [k for k in ns if not k.startswith('__')], sorted(kw)))
        return super().__new__(mcs, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        log.append(('init', name))
        super().__init__(name, bases, ns)

    def __call__(cls, *args, **kw):
        log.append(('call', cls.__name__, args))
        return super().__call__(*args, **kw)

    def __iter__(cls): return iter(['it', cls.__name__])
    def __len__(cls): return 7
    def __contains__(cls, x): return x == 'yes'
    def __getitem__(cls, i): return (cls.__name__, i)
    def __add__(cls, other): return 'added'
    def __instancecheck__(cls, x): return x == 'pretend' or super().__instancecheck__(x)
    def __subclasscheck__(cls, k): return k is int or super().__subclasscheck__(k)


class A(metaclass=Meta, option=1):
    x = injected + 1

    def __init__(self, *args): self.args = args


a = A(1, 2)
for entry in log:
    print(entry)
assert A.x == 2 and a.args == (1, 2)
assert list(A) == ['it', 'A'] and len(A) == 7 and 'yes' in A and A[3] == ('A', 3) and A + 1 == 'added'
assert isinstance('pretend', A) and isinstance(a, A) and issubclass(int, A) and not issubclass(str, A)
assert type(A) is Meta and A.__class__ is Meta


class B(A): pass


assert type(B) is Meta


class Other(type): pass


class O(metaclass=Other): pass


try:
    class Conflict(A, O): pass
except TypeError as e:
    print(e)

T = type('T', (B,), {'value': 5, 'm': lambda self: self.value})
assert T().m() == 5 and T.__name__ == 'T' and type(T) is Meta
for bad in (lambda: type('X', (), 3), lambda: type('X', 3, {}), lambda: type(1, (), {}), lambda: type('X', (3,), {}),
            lambda: type('a', ())):
    try:
        bad()
    except TypeError as e:
        print(e)


# A metaclass may be any callable; __prepare__ must give a mapping.
def fn_meta(name, bases, ns, **kw):
    return (name, bases, sorted(k for k in ns if not k.startswith('__')), kw)


class F(metaclass=fn_meta, extra=2):
    a = 1

    def b(self): pass


print(F)


class Ordered(dict):
    def __init__(self): self.order = []

    def __setitem__(self, k, v):
        self.order.append(k)
        super().__setitem__(k, v)


class Order(type):
    @classmethod
    def __prepare__(mcs, n, b): return Ordered()

    def __new__(mcs, n, b, ns):
        cls = super().__new__(mcs, n, b, dict(ns))
        cls.order = [k for k in ns.order if not k.startswith('__')]
        return cls


class Fields(metaclass=Order):
    z = 1
    a = 2
    def m(self): pass
    z = 3


print(Fields.order)


class Gen:
    def __class_getitem__(cls, item): return (cls.__name__, item)


assert Gen[int] == ('Gen', int) and Gen[1, 2] == ('Gen', (1, 2))
try:
    A.__class__.nothing
except AttributeError as e:
    print(e)
try:
    Fields[1]
except TypeError as e:
    print(e)


# Abstract base classes.
from abc import ABC, ABCMeta, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @property
    @abstractmethod
    def name(self): ...


try:
    Shape()
except TypeError as e:
    print(e)


class Half(Shape):
    def area(self): return 1


try:
    Half()
except TypeError as e:
    print(e)


class Full(Half):
    name = 'full'


assert Full().area() == 1


class Duck(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, c):
        if cls is Duck:
            return any('quack' in k.__dict__ for k in c.__mro__) or NotImplemented
        return NotImplemented


class Mallard:
    def quack(self): pass


assert isinstance(Mallard(), Duck) and not isinstance(3, Duck)
Duck.register(int)
assert isinstance(3, Duck) and issubclass(bool, Duck)

# Singleton through __call__, and __new__ that returns something else.
class Single(type):
    def __call__(cls, *a):
        if not hasattr(cls, 'the'):
            cls.the = super().__call__(*a)
        return cls.the


class One(metaclass=Single): pass


assert One() is One()


class Odd:
    def __new__(cls, x): return x
    def __init__(self, x): raise RuntimeError('not called for a foreign object')


assert Odd(5) == 5


# A signature at the beginning of a docstring is the class's text signature.
class Signed:
    "Signed(a, b=1)\n--\n\nWhat it does."


class Unsigned(Signed):
    "Other(a)\n--\n\nNot its name."


print(Signed.__text_signature__, Unsigned.__text_signature__, repr(Signed.__doc__))


# type() with bases whose metaclass is another one: that metaclass makes the class, whichever of __new__ and __init__ it has.
def called_by_type():
    class OnlyInit(type):
        def __init__(cls, name, bases, namespace, **keywords):
            super().__init__(name, bases, namespace)
            print("init", name, sorted(keywords))

    class OnlyNew(type):
        def __new__(meta, name, bases, namespace, **keywords):
            print("new", meta.__name__, name, sorted(keywords))
            return super().__new__(meta, name, bases, namespace)

    class Neither(type):
        pass

    for meta in OnlyInit, OnlyNew, Neither:
        base = meta("Base", (), {})
        made = type("Made", (base,), {"x": 1})
        print(type(made).__name__, made.__mro__[1] is base, made.x)
        mixed = type("Mixed", (type("Plain", (), {}), base), {})
        print(type(mixed).__name__, len(mixed.__mro__))
        direct = type.__new__(type, "Direct", (base,), {})
        print(type(direct).__name__)


called_by_type()
