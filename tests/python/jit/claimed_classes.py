# isinstance(), __class__ and type() in code that runs often, of objects that say that they are of another class, that begin to say it,
# and of numbers.
from unittest import mock


class A:
    pass


class B(A):
    pass


class Claims:
    @property
    def __class__(self):
        return A


class ClaimsMore(Claims):
    pass


class Asked:
    def __getattribute__(self, name):
        return A if name == '__class__' else object.__getattribute__(self, name)


class Meta(type):
    __class__ = type  # no data descriptor: classes may get a __class__ as any attribute


class Later(metaclass=Meta):
    pass


class LaterToo(Later):
    pass


def is_a(o):
    return isinstance(o, A)


def is_either(o):
    return isinstance(o, (A, int))


def class_of(o):
    return o.__class__


def name_of(o):
    return o.__class__.__name__


def type_of(o):
    return type(o)


EXPECTED = [(A(), True, A), (B(), True, B), (Claims(), True, A), (ClaimsMore(), True, A), (Asked(), True, A), (Later(), False, Later),
            (LaterToo(), False, LaterToo), ('s', False, str), ([], False, list), (1.5, False, float), (None, False, type(None)),
            (A, False, type), (mock, False, type(mock)), (len, False, type(len)), (mock.Mock(spec=A), True, A), (object(), False, object),
            (ValueError(), False, ValueError), (super(B, B()), False, super), ({}.keys(), False, type({}.keys())), (1j, False, complex)]


def check():
    for o, is_one, cls in EXPECTED:
        assert is_a(o) is is_one and is_either(o) is is_one, o
        assert class_of(o) is cls and name_of(o) == cls.__name__, o
    for o in (1, True, 2**70):
        assert is_either(o) and not is_a(o) and class_of(o) is type(o)


for _ in range(1500):
    check()

# A class that gets a __class__, its subclass with it, and loses it; one that gets another base.
Later.__class__ = property(lambda self: A)
later, too = EXPECTED[5], EXPECTED[6]
EXPECTED[5:7] = [(later[0], True, A), (too[0], True, A)]
for _ in range(100):
    check()
del Later.__class__
EXPECTED[5:7] = [later, too]
for _ in range(100):
    check()


class Base1:
    pass


class Moves(Base1):
    pass


moved = Moves()
for _ in range(100):
    assert not is_a(moved) and class_of(moved) is Moves
Moves.__bases__ = (Claims,)
for _ in range(100):
    assert is_a(moved) and class_of(moved) is A

SAMPLES = [(1, int), (2**80, int), (1.5, float), (1e300 * 10, float), (5e-324, float), (True, bool), (None, type(None)), ('', str), (A(), A),
           (A, type), (..., type(...)), (Claims(), Claims), (NotImplemented, type(NotImplemented))]
for _ in range(2000):
    for o, cls in SAMPLES:
        assert type_of(o) is cls


# Classes and instances as keys, which are found by identity; and keys that hash like one of them.
class Key:
    pass


class Hashed:
    def __init__(self, hash):
        self.hash = hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return True


def put(d, k, v):
    d[k] = v


def get(d, k):
    return d[k]


def look(d, k):
    return d.get(k), k in d


keys = [Key() for _ in range(50)] + [int, str, A, B, len, check, Key.__init__]
for _ in range(60):
    d = {}
    for n, k in enumerate(keys):
        put(d, k, n)
    assert list(d) == keys and [get(d, k) for k in keys] == list(range(len(keys)))
    assert all(look(d, k) == (n, True) for n, k in enumerate(keys))
    assert look(d, Key()) == (None, False) and look(d, float) == (None, False)
    s = {k for k in keys}
    assert len(s) == len(keys) and all(k in s for k in keys) and Key() not in s
    same = Hashed(hash(keys[7]))
    assert look(d, same) == (7, True) and same in s
    put(d, same, 'new')
    assert d[keys[7]] == 'new' and len(d) == len(keys)
    for text in ('a', 'b'):
        put(d, text, text)
        put(d, (text, 1), text)
        assert get(d, text) == get(d, (text, 1)) == text
Key.__hash__ = lambda self: 5
d = {}
for k in keys[:20]:
    put(d, k, 1)
assert len(d) == 20 and all(look(d, k) == (1, True) for k in keys[:20])


# Functions that variables have, by fewer arguments than they have parameters.
def one(a, b=2, c=3):
    return a, b, c


def two(a, b, c='x', *, d=4):
    return a, b, c, d


def three(a=1, *rest, b=5):
    return a, rest, b


def apply(f, *args):
    return f(*args)


def apply1(f, x):
    return f(x)


def apply2(f, x, y):
    return f(x, y)


class Methods:
    def one(self, a, b=20):
        return a, b

    def none(self, a=7, b=8, c=9):
        return a, b, c


m = Methods()


def generate(f, n):
    for i in range(n):
        yield f(i)


for _ in range(1500):
    assert apply1(one, 1) == (1, 2, 3) and apply2(one, 1, 5) == (1, 5, 3) and apply2(two, 1, 2) == (1, 2, 'x', 4)
    assert apply1(three, 1) == (1, (), 5) and apply2(three, 1, 2) == (1, (2,), 5) and apply1(m.one, 3) == (3, 20)
    assert apply1(m.none, 3) == (3, 8, 9) and apply2(m.none, 3, 4) == (3, 4, 9) and apply1(lambda x, y=5: (x, y), 6) == (6, 5)
for _ in range(100):
    assert list(generate(one, 10)) == [(i, 2, 3) for i in range(10)] and list(generate(m.none, 3)) == [(i, 8, 9) for i in range(3)]
one.__defaults__ = ('p',)
for args, text in [((one, 1), "one() missing 1 required positional argument: 'b'"), ((two, 1), "two() missing 1 required positional argument: 'b'")]:
    try:
        apply1(*args)
    except TypeError as error:
        assert str(error) == text, error
    else:
        raise AssertionError
assert apply2(one, 1, 2) == (1, 2, 'p')
