# Names of modules and classes, class methods and static methods in code that runs often, when they change.
# timeout: 120
import math
import types


class Meta(type):
    label = 'meta'

    @property
    def size(cls):
        return len(cls.__name__)

    def shown(cls, x):
        return 'shown', cls.__name__, x


class Base(metaclass=Meta):
    kind = 'base'
    count = 0

    @classmethod
    def make(cls, x):
        return cls.__name__, x

    @staticmethod
    def twice(x):
        return x * 2

    def plain(self, x):
        return type(self).__name__, x


class Derived(Base):
    kind = 'derived'


def uses(cls, obj, n):
    out = None
    for i in range(n):
        cls.count += 1
        out = (cls.kind, cls.make(i), cls.twice(i), obj.make(1.5), obj.twice('x'), obj.kind, cls.plain(obj, i), obj.plain(0),
               cls.label, cls.size, cls.shown(i), cls.count)
    return out


for _ in range(2):
    print(uses(Base, Base(), 1000))
    print(uses(Derived, Derived(), 1000))
    print(uses(Derived, Base(), 3))
Base.kind = 'new base'
Derived.make = classmethod(lambda cls, x: ('new', cls, x))
print(uses(Base, Base(), 2))
print(uses(Derived, Derived(), 2)[0:6:5])
Base.twice = staticmethod(lambda x: [x])
Meta.label = 'new meta'
print(uses(Base, Derived(), 500))
Derived.label = 'own'
Meta.shown = lambda cls, x: 'other'
print(uses(Derived, Derived(), 500)[6:])
Meta.kind = property(lambda cls: 'by the metaclass')
print(uses(Base, Base(), 3)[0], uses(Derived, Derived(), 3)[5])
del Meta.kind
obj = Base()
obj.kind, obj.make, obj.twice = 'its own', lambda x: 'its make', len
print(uses(Base, obj, 700))
del Derived.kind
print(uses(Derived, Derived(), 2)[0])
try:
    uses(int, obj, 1)
except (TypeError, AttributeError) as e:
    print(type(e).__name__, e)


def many(classes, n):
    out = []
    for i in range(n):
        c = classes[i % len(classes)]
        out.append((c.value, c.method(i), c().value))
    return out[-len(classes):]


classes = [type('C%d' % k, (), {'value': k, 'method': classmethod(lambda cls, x, k=k: (cls.__name__, k))}) for k in range(7)]
print(many(classes[:2], 1000), many(classes[:1], 1000), many(classes, 1400))
classes[1].value = 'changed'
print(many(classes[:3], 300))


def modules(m, n):
    s = 0.0
    for i in range(n):
        s += m.sqrt(i) + m.pi
        s -= m.floor(s)
    return s


print(modules(math, 2000))
fake = types.ModuleType('fake')
fake.sqrt, fake.pi, fake.floor = (lambda x: x), 1, (lambda x: 0)
print(modules(fake, 2000), modules(math, 10))
fake.pi = 0.5
print(modules(fake, 10))
for k in range(100):
    setattr(fake, f'name{k}', k)
print(modules(fake, 10))
del fake.sqrt
try:
    modules(fake, 1)
except AttributeError as e:
    print(e)
fake.__getattr__ = lambda name: lambda x: -1
print(modules(fake, 3))


class Space:
    sqrt = staticmethod(lambda x: 2)
    pi, floor = 3, staticmethod(lambda x: 1)


print(modules(Space, 1000), modules(Space(), 1000), modules(math, 5))
# A data descriptor comes to the metaclass, with a name that no instance has.
class Above(type):
    def plain_zzqq(cls):
        return 'above'


class Below(metaclass=Above):
    only_zzqq = 1

    def plain_zzqq(self):
        return 'below'

    def __init__(self, x=0):
        object.__init__(self)
        object.__setattr__(self, 'x', x)
        self.y = dict.__len__({1: x}), int.__add__(x, 1), list.append


def reads(n):
    for i in range(n):
        b = Below(i)
        out = Below.only_zzqq, Below.plain_zzqq(b), b.x, b.y[:2], b.__class__ is Below, Below.__class__ is Above, i.__class__
    return out


for n in (1500, 2):
    print(reads(n))
Above.only_zzqq = property(lambda cls: 'its property')
print(reads(2))
Above.plain_zzqq = property(lambda cls: lambda b: 'its other property')
print(reads(1500))
del Above.plain_zzqq, Above.only_zzqq
print(reads(2))


class Lies:
    @property
    def __class__(self):
        return int


class Moves:
    pass


class Moved:
    pass


def kinds(things, n):
    for i in range(n):
        out = [x.__class__.__name__ for x in things]
        things[2].__class__, things[3].__class__ = things[3].__class__, things[2].__class__
    return out


print(kinds([1, Lies(), Moves(), Moved(), 'x', None, [], Below(), Below], 1501))
print('done')
