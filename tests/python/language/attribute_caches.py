# What a site has cached must never outlive a change: classes, instances, modules, properties, dictionaries of instances.
import sys
import types


def get(o):
    return o.x


def call(o):
    return o.m()


def put(o, v):
    o.x = v


def several(fn, *objects):
    return [[fn(o) for o in objects] for _ in range(3)]


class A:
    def __init__(self):
        self.x = 1

    def m(self):
        return "A.m"


class B:
    x = "class B"

    @staticmethod
    def m():
        return "static"


class C:
    @property
    def x(self):
        return "property"

    @classmethod
    def m(cls):
        return cls.__name__


class D:
    __slots__ = ("x",)

    def m(self):
        return "D.m"


class E:
    def __getattr__(self, name):
        return (lambda: "hook call") if name == "m" else "hook " + name


class F(A):
    def __init__(self):
        self.other = 0
        self.x = "second"


# One site, many shapes: more than a chain holds.
d = D()
d.x = "slot"
module = types.ModuleType("mod")
module.x = "module"
module.m = lambda: "module function"
everything = [A(), B(), C(), d, E(), F(), module, B]
print(several(get, *everything))
print(several(call, A(), B(), C(), d, E(), F(), module, B, C))

# A class attribute that changes, a method that changes, a base that changes.
b = B()
print([get(b) for _ in range(3)])
B.x = "new"
print(get(b), get(B))
a = A()
print([call(a) for _ in range(3)])
A.m = lambda self: "replaced"
print(call(a), call(F()))
F.m = lambda self: "own"
print(call(F()))
del F.m
print(call(F()))
a.m = lambda: "instance"
print(call(a), call(A()))
del a.m
print(call(a))

# A data descriptor comes and goes over instance attributes.
a = A()
print([get(a) for _ in range(3)])
A.x = property(lambda self: "over")
print(get(a))
del A.x
print(get(a))
A.x = "plain class attribute"
print(get(a), get(A))
del A.x

# __slots__ members: unset, deleted, replaced.
d2 = D()
for _ in range(3):
    try:
        print(get(d2))
    except AttributeError as e:
        print("AttributeError", e)
put(d2, 1)
print(get(d2))
del d2.x
try:
    get(d2)
except AttributeError as e:
    print("AttributeError", e)
D.x = "no slot any more"
print(get(d2))

# Stores: transitions, existing slots, setters, hooks.
def fresh():
    return [A(), F(), B(), C()]


class S:
    def __init__(self, n):
        for i in range(n):
            setattr(self, "a%d" % i, i)


for round_ in range(4):
    objects = [S(0), S(1), S(2), S(3), S(40), S(70), A(), F()]
    for o in objects:
        put(o, round_)
    print([o.x for o in objects], [len(vars(o)) for o in objects])
    for o in objects:
        put(o, -round_)
    print([get(o) for o in objects])


class Setter:
    log = []

    @property
    def x(self):
        return "got"

    @x.setter
    def x(self, v):
        self.log.append(v)


s = Setter()
for i in range(3):
    put(s, i)
print(s.log, get(s))
p = S(0)
for i in range(3):
    put(p, i)
S.__setattr__ = lambda self, name, v: object.__setattr__(self, name, ("hooked", v))
put(p, 9)
print(get(p))
del S.__setattr__
put(p, 10)
print(get(p))

# Objects whose __dict__ is in use.
a = A()
a.__dict__["y"] = 5
print([get(a) for _ in range(3)], [call(a) for _ in range(3)])
a.__dict__["m"] = lambda: "from the dict"
print(call(a))
del a.__dict__["m"]
print(call(a))
for i in range(3):
    put(a, i)
    print(a.__dict__, get(a))
del a.__dict__["x"]
try:
    get(a)
except AttributeError as e:
    print("AttributeError", e)
a.__dict__ = {"x": "another dict"}
print(get(a))
put(a, "stored")
print(a.__dict__)


class Late:
    pass


l = Late()
l.__dict__["z"] = 1
Late.x = "from the class"
print([get(l) for _ in range(3)])
l.__dict__["x"] = "own"
print(get(l))

# Modules.
print([get(module) for _ in range(3)])
module.x = "changed"
print(get(module))
for i in range(100):
    setattr(module, "n%d" % i, i)
module.x = "after growth"
print(get(module))
del module.x
try:
    get(module)
except AttributeError as e:
    print("AttributeError", e)
module.__getattr__ = lambda name: "module hook " + name
print(get(module))

# A property's getter whose code is replaced.
def getter(self):
    return "first"


class P:
    x = property(getter)


print([get(P()) for _ in range(3)])
getter.__code__ = (lambda self, more="default": more).__code__
getter.__defaults__ = ("default",)
print(get(P()))


# Metaclasses.
class Meta(type):
    @property
    def x(cls):
        return "meta"


class WithMeta(metaclass=Meta):
    x = "own"


print([get(WithMeta) for _ in range(3)], get(WithMeta()))
Meta.x = 1
print(get(WithMeta))

# __class__ assignment.
a = A()
print([call(a) for _ in range(2)])
a.__class__ = F
print(call(a), get(a))


# Bound methods loaded, not called.
class M:
    def m(self):
        return self

    def __call__(self):
        return "called"


m = M()
methods = [m.m for _ in range(3)]
print(methods[0] == methods[1], methods[0].__self__ is m, call(m) is m)
M.m = M()
print([call(m) for _ in range(3)])


# Pairs taken apart in the loop head, and not.
print([(k, v) for k, v in {"a": 1, "b": 2}.items()], [p for p in {"a": 1}.items()])
print([(i, c) for i, c in enumerate("abc", 5)], [(a, b) for a, b in zip("ab", (1, 2, 3))], [z for z in zip([1], [2], [3])])
try:
    for k, v in (d := {1: 2, 3: 4}).items():
        d[k + 10] = v
except RuntimeError as e:
    print(e)
q = {i: i for i in range(20)}
while q:
    del q[next(iter(q))]
print(q)

# Many objects later, the same sites still answer for what is there.
import gc

for i in range(50):
    T = type("T%d" % i, (), {"x": i, "m": lambda self, i=i: i})
    assert get(T()) == i and call(T()) == i and get(T) == i
    del T
    gc.collect() if i % 10 == 0 else None
print(get(A()), call(F()))


# Fields of named tuples: shorter and longer instances, a field that becomes something else, one that a subclass hides.
from collections import namedtuple

P = namedtuple("P", "y x")


class Hidden(P):
    x = property(lambda self: "hidden")


print(several(get, P(1, 2), P(3, 4), Hidden(5, 6), A(), P("a", "b")))
print(several(get, P(1, 2)), get(P._make([8, 9])), get(tuple.__new__(P, (1, 2, 3))))
for short in (tuple.__new__(P, (1,)), P(1, 2), tuple.__new__(P, ())):
    try:
        print(get(short))
    except IndexError as e:
        print("IndexError", e)
try:
    put(P(1, 2), 3)
except AttributeError as e:
    print(e)
field, P.x = P.x, "of the class"
print(get(P(1, 2)))
P.x = property(lambda self: -self[1])
print(get(P(1, 2)))
P.x = field
print(get(P(1, 2)), get(P) is field)


class NoTuple:
    x = field


for o in (NoTuple(), P(1, 2), NoTuple()):
    try:
        print(get(o))
    except TypeError as e:
        print(e)


# Calls of objects with a native __call__, and of ones whose class gets or loses it.
import functools
import operator
import weakref


def invoke(f, *args):
    return f(*args)


def invoke_one(f):
    return f("7")


target = A()
for _ in range(3):
    print(weakref.ref(target)() is target, invoke_one(functools.partial(int, base=8)), invoke_one(operator.itemgetter(0)),
          invoke_one(functools.lru_cache(int)), invoke_one(operator.methodcaller("isdigit")))
for f in (5, None, "text", target, operator.itemgetter(5), functools.partial(A)):
    try:
        print(invoke_one(f))
    except (TypeError, IndexError) as e:
        print(type(e).__name__, e)


class Callable(functools.partial):
    def __call__(self, *args):
        return "own", super().__call__(*args)


print(invoke_one(Callable(int)), invoke(Callable(int), "5"))
del Callable.__call__
print(invoke_one(Callable(int)), invoke(Callable(int), "5"))


# What a jump asks of its value.
def truths(*values):
    found = []
    for v in values:
        if v:
            found.append(v)
        found.append(not v)
        while not v:
            break
        else:
            found.append("true")
    return found


class Raises:
    def __bool__(self):
        raise LookupError("no truth")


print(truths(0, 1, -1, None, True, False, 0.0, 0.5, "", "a", b"", b"a", [], [0], {}, {1: 2}, (), (0,), 10 ** 30, 0j, set(), ...))
try:
    truths(1, Raises())
except LookupError as e:
    print(e)
