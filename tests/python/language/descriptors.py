# The descriptor protocol and the order of attribute lookup; __getattr__, __getattribute__, __setattr__, __delattr__.

class Data:
    def __init__(self, name): self.name = name
    def __get__(self, obj, owner=None): return ('get', self.name, obj is not None, owner.__name__ if owner else None)
    def __set__(self, obj, value): obj.__dict__[self.name] = ('set', value)
    def __delete__(self, obj): obj.__dict__.pop(self.name, None)


class NonData:
    def __get__(self, obj, owner=None): return 'nondata'


class C:
    d = Data('d')
    n = NonData()
    plain = 'class value'


c = C()
print(c.d, C.d, c.n, C.n)
c.d = 5
print(c.d, c.__dict__)
c.n = 'instance'
assert c.n == 'instance'
del c.n
assert c.n == 'nondata'
c.plain = 1
assert c.plain == 1
del c.plain
assert c.plain == 'class value'
del c.d
assert c.__dict__ == {}
try:
    del c.plain
except AttributeError as e:
    print(e)


class SetOnly:
    def __set__(self, obj, value): obj.__dict__['so'] = value


class UsesSetOnly:
    so = SetOnly()


u = UsesSetOnly()
assert isinstance(u.so, SetOnly)
u.so = 3
assert u.so == 3


class Fallback:
    present = 1

    def __getattr__(self, name):
        if name == 'missing':
            raise AttributeError('custom ' + name)
        return 'made ' + name


f = Fallback()
assert f.present == 1 and f.anything == 'made anything'
assert getattr(f, 'missing', 'default') == 'default' and not hasattr(f, 'missing')
try:
    f.missing
except AttributeError as e:
    print(e, e.name, e.obj is f)


class All:
    def __init__(self): object.__setattr__(self, 'log', [])

    def __getattribute__(self, name):
        if name == 'log':
            return object.__getattribute__(self, 'log')
        self.log.append(('get', name))
        return object.__getattribute__(self, name)

    def __setattr__(self, name, value):
        self.log.append(('set', name, value))
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        self.log.append(('del', name))
        object.__delattr__(self, name)

    def method(self): return 1


a = All()
a.x = 1
a.x
del a.x
a.method()
hasattr(a, 'zzz')
print(a.log)


class Lazy:
    "computes once, then is shadowed by the instance"
    def __init__(self, f): self.f = f
    def __set_name__(self, owner, name): self.name = name

    def __get__(self, obj, owner=None):
        if obj is None:
            return self
        value = obj.__dict__[self.name] = self.f(obj)
        return value


calls = []


class WithLazy:
    @Lazy
    def value(self):
        calls.append(1)
        return 42


w = WithLazy()
assert (w.value, w.value, len(calls)) == (42, 42, 1)

# A property that raises AttributeError lets __getattr__ answer.
class PropFail:
    @property
    def p(self): return self.nothing

    def __getattr__(self, name): return 'fallback ' + name


assert PropFail().p == 'fallback nothing'


class RaisesInside:
    @property
    def p(self): raise AttributeError('inner')


try:
    RaisesInside().p
except AttributeError as e:
    print(e)

# Metaclass attributes: type.__getattribute__ prefers a data descriptor of the metaclass.
class Meta(type):
    @property
    def label(cls): return 'meta ' + cls.__name__
    def helper(cls): return 'helped ' + cls.__name__


class K(metaclass=Meta):
    label = 'class'


assert K.label == 'meta K' and K().label == 'class' and K.helper() == 'helped K'
assert not hasattr(K(), 'helper')

# Methods: bound, unbound, equality, attributes.
class M:
    def m(self, *a): return (self, a)


m = M()
assert m.m == m.m and m.m is not m.m and m.m.__self__ is m and m.m.__func__ is M.m
assert M.m(m, 1) == m.m(1)
m.m.__func__.tag = 'tagged'
assert m.m.tag == 'tagged'
try:
    m.m.tag = 1
except AttributeError as e:
    print(e)

# getattr with strings that are no identifiers; dynamic names.
setattr(m, 'not an identifier', 7)
assert getattr(m, 'not an identifier') == 7 and 'not an identifier' in vars(m)
for bad in (lambda: getattr(m, 3), lambda: setattr(m, 3, 1), lambda: getattr(m, 'nope')):
    try:
        bad()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)

p = property(lambda self: 1, doc='the doc')
print(p.__doc__, p.fset, p.fdel)
q = p.setter(lambda self, v: None)
assert q is not p and q.fget is p.fget and q.__doc__ == 'the doc'
