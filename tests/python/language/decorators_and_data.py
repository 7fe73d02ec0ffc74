# Decorators of functions and classes, stacked and with arguments; dataclasses, namedtuple, enum, functools helpers in use.
import dataclasses
import enum
import functools
from collections import namedtuple
from dataclasses import dataclass, field
from typing import NamedTuple

trace = []


def deco(tag):
    trace.append('make ' + tag)

    def wrap(f):
        trace.append('apply ' + tag)

        @functools.wraps(f)
        def inner(*a, **k):
            trace.append('call ' + tag)
            return f(*a, **k)
        return inner
    return wrap


@deco('outer')
@deco('inner')
def target(a, b=2):
    "target doc"
    return a + b


assert target(1) == 3
print(trace, target.__name__, target.__doc__, target.__wrapped__.__wrapped__(5))


@lambda f: 'replaced'
def gone(): pass


assert gone == 'replaced'


@(lambda c: setattr(c, 'extra', 1) or c)
class K: pass


assert K.extra == 1


class Registry:
    def __init__(self): self.names = {}
    def register(self, f): self.names[f.__name__] = f; return f
    def __call__(self, f): return self.register(f)


reg = Registry()


@reg
@reg.register
def registered(): return 'r'


assert reg.names['registered']() == 'r'


@dataclass(order=True)
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self): self.sum = self.x + self.y


p = Point(1, 2)
print(p, p == Point(1, 2, ['t']), Point(1) < p, dataclasses.asdict(p), dataclasses.replace(p, x=9),
        [f.name for f in dataclasses.fields(p)])
try:
    Point()
except TypeError as e:
    print(e)
try:
    hash(p)
except TypeError as e:
    print(e)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    a: int
    b: str = 'b'


fz = Frozen(a=1)
assert hash(fz) == hash(Frozen(a=1)) and fz.__slots__ == ('a', 'b')
try:
    fz.a = 2
except dataclasses.FrozenInstanceError as e:
    print(e)
try:
    Frozen(1)
except TypeError as e:
    print(e)
try:
    @dataclass
    class Bad:
        a: list = []
except ValueError as e:
    print(e)


@dataclass
class Child(Point):
    z: int = 5


print(Child(1, 2, z=3), Child.__mro__[1].__name__)

N = namedtuple('N', 'a b c', defaults=[3])
n = N(1, b=2)
print(n, n._asdict(), n._replace(a=10), N._fields, n[1:], n == (1, 2, 3), N._make([4, 5, 6]), n._field_defaults)
for bad in (lambda: N(1), lambda: namedtuple('X', 'a a'), lambda: namedtuple('X', 'class'), lambda: n._replace(q=1)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(e)


class T(NamedTuple):
    a: int
    b: str = 'x'

    def both(self): return (self.a, self.b)


print(T(1), T(1).both(), T.__annotations__)


class Color(enum.Enum):
    RED = 1
    GREEN = 2
    ALIAS = 1

    @property
    def pretty(self): return self.name.title()


print(list(Color), Color.RED, repr(Color.ALIAS), Color(2), Color['GREEN'].pretty, Color.RED is Color.ALIAS, Color.RED in Color)
for bad in (lambda: Color(9), lambda: Color['NO'], lambda: setattr(Color, 'RED', 5)):
    try:
        bad()
    except (ValueError, KeyError, AttributeError) as e:
        print(type(e).__name__, e)


class Perm(enum.Flag):
    R = enum.auto()
    W = enum.auto()
    X = enum.auto()


print(Perm.R | Perm.X, Perm.R in (Perm.R | Perm.W), ~Perm.R, bool(Perm.R & Perm.W), Perm(7))


class Num(enum.IntEnum):
    ONE = 1
    TWO = 2


print(Num.ONE + 1, Num.TWO > Num.ONE, f'{Num.ONE}', '%d' % Num.TWO, sorted([Num.TWO, Num.ONE]), isinstance(Num.ONE, int))


@functools.lru_cache(maxsize=2)
def cached(x):
    trace.append(('computed', x))
    return x * 2


trace.clear()
[cached(v) for v in (1, 2, 1, 3, 2)]
print(trace, cached.cache_info())


@functools.singledispatch
def kind(x): return 'object'


@kind.register
def _(x: int): return 'int'


@kind.register(list)
def _(x): return 'list of ' + ', '.join(map(kind, x))


print(kind(1), kind('s'), kind([1, 'a', True]))


class Total:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v


Total = functools.total_ordering(Total)
assert Total(1) <= Total(1) and Total(2) > Total(1) and Total(2) >= Total(2)


class Cached:
    calls = 0

    @functools.cached_property
    def value(self):
        Cached.calls += 1
        return 5


c = Cached()
assert c.value + c.value == 10 and Cached.calls == 1
pa = functools.partial(target, 10, b=5)
print(pa(), pa.func is target, pa.args, pa.keywords, functools.reduce(lambda a, b: a * b, range(1, 6)),
        functools.reduce(max, [3, 1], 7))


class Pm:
    def base(self, x, y): return (x, y)
    fixed = functools.partialmethod(base, 1)


assert Pm().fixed(2) == (1, 2)
