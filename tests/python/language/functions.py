# Functions: parameters of every kind, defaults, annotations, attributes, recursion.

def plain(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())


print(plain(1, c=3))
print(plain(1, 5, 6, 7, c=3, d=9, z=1, y=2))
print(plain(*[1, 2], *(3, 4), **{'c': 5}, **{'e': 6}))


def only(a, b, /, c, *, d):
    return a + b + c + d


assert only(1, 2, 3, d=4) == 10
assert only(1, 2, c=3, d=4) == 10


def star(*, key='k'):
    return key


assert star() == 'k' and star(key=3) == 3


def pos(a, /, **kw):
    return a, kw


print(pos(1, a=2))


# Defaults are evaluated once, in order, at definition.
order = []


def note(x):
    order.append(x)
    return x


def defaults(a=note(1), b=note(2), *, c=note(3)):
    return a + b + c


assert order == [1, 2, 3]
assert defaults() == 6 and order == [1, 2, 3]


def mutable(x, acc=[]):
    acc.append(x)
    return acc


assert mutable(1) is mutable(2)
print(mutable(3))


def annotated(a: int, b: 'str' = 'x', *c: float, d: list = None, **e: dict) -> bool:
    "doc string"
    return True


print(annotated.__annotations__)
print(annotated.__doc__, annotated.__name__, annotated.__qualname__)
print(annotated.__defaults__, annotated.__kwdefaults__)
annotated.__defaults__ = ('changed',)
annotated.extra = 1
print(annotated.__dict__)
code = annotated.__code__
print(code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_varnames, code.co_flags & 0xc)


def outer():
    def inner():
        class Local:
            def method(self):
                return lambda: 1
        return Local
    return inner


print(outer()().method.__qualname__, outer()()().method().__qualname__)

# Lambdas.
assert (lambda: 1)() == 1
assert (lambda x, *y, z=3, **w: (x, y, z, w))(1, 2, z=4, q=5) == (1, (2,), 4, {'q': 5})
assert [f() for f in [lambda i=i: i for i in range(4)]] == [0, 1, 2, 3]
assert [f() for f in [lambda: i for i in range(4)]] == [3, 3, 3, 3]


def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


assert fact(30) == 265252859812191058636308480000000


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


assert depth(800) == 800


# The order of evaluation of a call.
trace = []


def t(x):
    trace.append(x)
    return x


def sink(*args, **kw):
    return None


def get():
    trace.append('f')
    return sink


get()(t(1), *[t(2)], t(3), k=t(4), **{'z': t(5)})
print(trace)

# An inner def sees the latest value of the enclosing variable.
def counter():
    n = 0

    def step():
        nonlocal n
        n += 1
        return n
    return step


c1, c2 = counter(), counter()
assert [c1(), c1(), c2(), c1()] == [1, 2, 1, 3]

# Functions are descriptors and compare by identity.
assert plain.__get__(3)(c=1)[0] == 3
assert plain == plain and plain != only
assert callable(plain) and not callable(3)
print(type(plain).__name__, type(plain.__get__(3)).__name__)
