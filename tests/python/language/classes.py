# Classes: attributes, inheritance, MRO, super, properties, class and static methods, __slots__, __init_subclass__.

class Base:
    kind = 'base'

    def __init__(self, x):
        self.x = x

    def who(self):
        return 'Base.who ' + self.kind

    @classmethod
    def make(cls, x):
        return cls(x)

    @staticmethod
    def add(a, b):
        return a + b

    @property
    def double(self):
        return self.x * 2

    @double.setter
    def double(self, value):
        self.x = value // 2

    @double.deleter
    def double(self):
        del self.x


class Derived(Base):
    kind = 'derived'

    def who(self):
        return 'Derived.who, ' + super().who()


d = Derived.make(5)
print(type(d).__name__, d.x, d.who(), d.add(1, 2), d.double)
d.double = 30
assert d.x == 15
del d.double
try:
    d.double
except AttributeError as e:
    print(e)
try:
    del d.double
except AttributeError as e:
    print(e)


# The diamond.
class A:
    def go(self): return ['A']


class B(A):
    def go(self): return ['B'] + super().go()


class C(A):
    def go(self): return ['C'] + super().go()


class D(B, C):
    def go(self): return ['D'] + super().go()


print(D().go(), [k.__name__ for k in D.__mro__])
try:
    class Bad(A, B): pass
except TypeError as e:
    print(str(e).splitlines()[0])
try:
    class Twice(A, A): pass
except TypeError as e:
    print(e)
try:
    class NoBool(bool): pass
except TypeError as e:
    print(e)


# __slots__.
class Slotted:
    __slots__ = ('a', '_b')

    def __init__(self):
        self.a = 1


s = Slotted()
assert s.a == 1 and not hasattr(s, '__dict__')
for action in ('s._b', 's.c', 's.c = 1', 'del s._b'):
    try:
        exec(action)
    except AttributeError as e:
        print(action, '->', e)
try:
    class Clash:
        __slots__ = ('x',)
        x = 1
except ValueError as e:
    print(e)


class SlottedChild(Slotted):
    __slots__ = ('d', '__dict__')


sc = SlottedChild()
sc.d, sc.free = 4, 5
assert sc.__dict__ == {'free': 5} and sc.d == 4


# __init_subclass__ and __set_name__.
class Plugin:
    found = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Plugin.found.append((cls.__name__, tag))


class P1(Plugin): pass
class P2(Plugin, tag='two'): pass


print(Plugin.found)
try:
    class P3(Base, tag=1): pass
except TypeError as e:
    print(e)


class Named:
    def __set_name__(self, owner, name):
        self.label = (owner.__name__, name)


class Owner:
    first = Named()
    second = Named()


print(Owner.first.label, Owner.second.label)


# Class body scoping and name mangling.
class Mangle:
    __secret = 42

    def __hidden(self): return self.__secret

    def open(self): return self.__hidden()


m = Mangle()
assert m.open() == 42 and m._Mangle__secret == 42 and not hasattr(m, '__secret')
print(sorted(k for k in vars(Mangle) if 'angle' in k))

x = 'global'


class Scope:
    x = 'class'
    seen = x

    def get(self): return x

    y = [x for _ in range(1)]


assert Scope.seen == 'class' and Scope().get() == 'global' and Scope.y == ['global']

# Attributes of classes and instances.
assert Derived.__bases__ == (Base,) and Derived.__base__ is Base
assert Derived in Base.__subclasses__()
assert issubclass(Derived, Base) and isinstance(d, (int, Base)) and not isinstance(d, int | str)
d.__class__ = Base
assert d.who() == 'Base.who base'
try:
    d.__class__ = 3
except TypeError as e:
    print(e)
try:
    (5).__class__ = Base
except TypeError as e:
    print(e)
Base.added = lambda self: 'added'
assert d.added() == 'added'
try:
    int.added = 1
except TypeError as e:
    print(e)
print(Base.__dict__['kind'], Base.__module__, Base.__qualname__)
Base.__name__ = 'Renamed'
print(Base.__name__, repr(Base))

# A class with the same keyword for body and call; classes in functions see enclosing names.
def maker(v):
    class Made:
        value = v

        def get(self): return v
    return Made


assert maker(3).value == 3 and maker(4)().get() == 4

# super() in odd places.
class S1:
    @classmethod
    def cm(cls): return 'S1.cm ' + cls.__name__

    @property
    def p(self): return 'S1.p'


class S2(S1):
    @classmethod
    def cm(cls): return super().cm()

    @property
    def p(self): return super().p + ' via S2'

    def lazy(self):
        return [super(S2, self).p for _ in range(1)]


print(S2.cm(), S2().p, S2().lazy())
try:
    super()
except RuntimeError as e:
    print(e)
