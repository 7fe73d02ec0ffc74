# Calls in code that runs often of functions and classes with *args, **kwargs and keyword-only parameters, and with * and **: what is
# bound to what, what is new each time, defaults that change, and the errors.
# timeout: 120
import functools
import gc


def rest(*a):
    return a


def extra(**k):
    return k


def both(*a, **k):
    return a, k


def mixed(x, y=2, *a, c, d=4, **k):
    return x, y, a, c, d, k


def keyword_only(x, *, k=1, m=2):
    return x, k, m


def positional_only(x, y=5, /, z=6, **k):
    return x, y, z, k


def cells(x, *a, k=3, **more):
    def inner():
        return x, a, k, more
    return inner


def generator(*a, k=1, **more):
    yield a, k, more


class Made:
    def __init__(self, x, *a, k=2, **more):
        self.all = x, a, k, more

    def method(self, *a, k=3, **more):
        return a, k, more

    @classmethod
    def make(cls, *a, **k):
        return cls(*a, **k)

    @staticmethod
    def static(*a, **k):
        return a, k

    def __call__(self, *a, **k):
        return 'called', a, k


class Bare:
    pass


class Child(Made):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)


def decorate(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        return f(*a, **k)
    return wrapper


@decorate
def decorated(x, y=1, *, z=2):
    return x, y, z


def direct(i):
    assert rest() == () and rest(i) == (i,) and rest(i, 2, 3) == (i, 2, 3)
    assert rest(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, i)[16] == i
    a, b = extra(), extra()
    a['x'] = i
    assert b == {} and extra(a=i, b=2) == {'a': i, 'b': 2} and list(extra(p=1, q=2, r=3, s=4, t=5)) == ['p', 'q', 'r', 's', 't']
    e = extra(a=i)
    e['new'] = 1
    e['newer'] = 2
    assert e == {'a': i, 'new': 1, 'newer': 2}
    assert both(i, 2, z=3) == ((i, 2), {'z': 3}) and both(z=i) == ((), {'z': i})
    assert mixed(i, c=3) == (i, 2, (), 3, 4, {}) and mixed(1, 2, 3, i, c=5, e=6) == (1, 2, (3, i), 5, 4, {'e': 6})
    assert mixed(c=1, y=i, x=3, d=5, f=7, g=8) == (3, i, (), 1, 5, {'f': 7, 'g': 8})
    assert keyword_only(i) == (i, 1, 2) and keyword_only(1, m=i) == (1, 1, i) and keyword_only(k=5, x=i, m=4) == (i, 5, 4)
    assert positional_only(i) == (i, 5, 6, {}) and positional_only(1, 2, z=i, q=5) == (1, 2, i, {'q': 5})
    assert positional_only(1, x=i, y=7) == (1, 5, 6, {'x': i, 'y': 7})
    assert cells(i, 2, k=4, z=5)() == (i, (2,), 4, {'z': 5}) and cells(i)() == (i, (), 3, {})
    assert next(generator(i, k=2, z=3)) == ((i,), 2, {'z': 3}) and next(generator()) == ((), 1, {})


def by_class(i):
    m = Made(i, 2, 3, k=4, z=5)
    assert m.all == (i, (2, 3), 4, {'z': 5}) and Made(i).all == (i, (), 2, {}) and Made(x=i).all == (i, (), 2, {})
    assert m.method(i, k=1) == ((i,), 1, {}) and m.method() == ((), 3, {}) and m.method(z=i) == ((), 3, {'z': i})
    assert Made.make(i, z=1).all == (i, (), 2, {'z': 1}) and Made.static(i, z=2) == ((i,), {'z': 2}) and m(i, k=1) == ('called', (i,), {'k': 1})
    assert Child(i, 2, k=3).all == (i, (2,), 3, {}) and type(Child(i)) is Child
    b, c = Bare(), Bare()
    b.x = i
    assert vars(b) == {'x': i} and not hasattr(c, 'x') and type(c) is Bare and b is not c
    assert decorated(i) == (i, 1, 2) and decorated(i, z=3) == (i, 1, 3) and decorated(y=i, x=1) == (1, i, 2)


def by_stars(i):
    t, u, d, e = (i, 2, 3), (), {'a': i}, {}
    m = Made(0)
    assert rest(*t) == t and rest(*u) == () and rest(*[i, 2]) == (i, 2) and rest(0, *t, *t) == (0,) + t + t and rest(*'ab') == ('a', 'b')
    assert keyword_only(*(i,)) == (i, 1, 2) and keyword_only(*(i,), **{'k': 3}) == (i, 3, 2) and decorated(*(i, 2)) == (i, 2, 2)
    assert extra(**d) == d and extra(**d) is not d and extra(**e) == {} and extra(**e) is not e and extra(**d, b=1) == {'a': i, 'b': 1}
    assert both(*t, **d) == (t, d) and both(*t, **e) == (t, {}) and both(**e, **d) == ((), d)
    assert m.method(*t) == (t, 3, {}) and m.method(*t, **{'k': 1}) == (t, 1, {}) and m.method(*u, **e) == ((), 3, {})
    f = m.method
    assert f(*t) == (t, 3, {}) and f(*u, **d) == ((), 3, d) and f(i) == ((i,), 3, {})
    assert simple(*t) == (i, 2, 3) and simple(*(1, 2), **{'z': i}) == (1, 2, i) and simple(1, *(i, 3)) == (1, i, 3)
    g = m.simple
    assert g(*t) == (m, i, 2, 3) and m.simple(*t) == (m, i, 2, 3) and g(*t, **e) == (m, i, 2, 3)
    assert {**d} == d and {**e, **d, 'z': 1} == {'a': i, 'z': 1} and {**e} is not e
    assert max(*t, 5000) >= 5000 and dict(**d) == d and Made(*t).all == (i, (2, 3), 2, {}) and print_nothing(*u, **e) is None


def print_nothing():
    pass


def simple(x, y, z):
    return x, y, z


def method_simple(self, x, y, z):
    return self, x, y, z


Made.simple = method_simple


def in_generator(n):
    for i in range(n):
        direct(i), by_class(i), by_stars(i)
        yield rest(i, 2), extra(k=i), Made(i, k=3).all, keyword_only(i), simple(*(i, 2, 3)), both(*(i,), **{'z': 1})


for i in range(3000):
    direct(i), by_class(i), by_stars(i)
print('calls')
for i, x in enumerate(in_generator(2500)):
    assert x == ((i, 2), {'k': i}, (i, (), 3, {}), (i, 1, 2), (i, 2, 3), ((i,), {'z': 1})), x
print('generator')


# Defaults that change, and functions that become others.
def call_defaults(f):
    return f(1), f(1, k=5), f(1, m=7)


for i in range(3000):
    call_defaults(keyword_only)
keyword_only.__kwdefaults__ = {'m': 'M', 'k': 'K'}
print(call_defaults(keyword_only))
for i in range(1000):
    call_defaults(keyword_only)
keyword_only.__kwdefaults__['k'] = 'changed'
print(call_defaults(keyword_only))
del keyword_only.__kwdefaults__['k']
for i in range(3):
    try:
        call_defaults(keyword_only)
    except TypeError as e:
        text = str(e)
print(text)
keyword_only.__kwdefaults__ = None
try:
    call_defaults(keyword_only)
except TypeError as e:
    print(e)
keyword_only.__kwdefaults__ = {'k': 1, 'm': 2}
keyword_only.__code__ = (lambda x, *a, k=0, m=0: ('other', x, a, k, m)).__code__
print(call_defaults(keyword_only))


def call_mixed(f):
    return f(1, c=2)


for i in range(3000):
    call_mixed(mixed)
mixed.__defaults__ = ('new default',)
print(call_mixed(mixed))
mixed.__defaults__ = None
try:
    call_mixed(mixed)
except TypeError as e:
    print(e)


# Errors.
def wrong(n):
    if n == 0:
        return simple(1, 2, 3, 4)
    if n == 1:
        return mixed(1)
    if n == 2:
        return mixed(1, 2, 3, x=4, c=5)
    if n == 3:
        return positional_only(z=3)
    if n == 4:
        return simple(*(1, 2))
    if n == 5:
        return simple(*5)
    if n == 6:
        return extra(**{1: 2})
    if n == 7:
        return extra(**5)
    if n == 8:
        return extra(**{'a': 1}, **{'a': 2})
    if n == 9:
        return Made()
    if n == 10:
        return Bare(1)
    if n == 11:
        return simple(1, 2, z=3, q=4)
    if n == 12:
        return rest(a=1)
    if n == 13:
        return rest(*None)
    return Bare(x=1)


for n in range(15):
    for i in range(3):
        try:
            wrong(n)
        except TypeError as e:
            text = str(e)
    print(text)
for i in range(3000):
    for n in range(15):
        try:
            wrong(n)
        except TypeError as e:
            pass
try:
    wrong(2)
except TypeError as e:
    print(e)


def deep(n, *a, **k):
    return 1 + deep(n - 1, *a, **k) if n else 0


def deeper(n, *a, k=1):
    return deeper(n + 1, n, k=n)


for i in range(50):
    assert deep(50, 1, z=2) == 50
for i in range(3):
    try:
        deeper(0)
    except RecursionError as e:
        print(str(e)[:32])


# A class that gets other ways to be made.
def make_bare():
    return Bare()


def make_made():
    return Made(1, k=2)


for i in range(2000):
    make_bare(), make_made()
Bare.__init__ = lambda self: setattr(self, 'inited', True)
assert make_bare().inited
Bare.__new__ = lambda cls: 'new'
assert make_bare() == 'new'
del Bare.__init__, Bare.__new__
assert type(make_bare()) is Bare and not vars(make_bare())
Made.__init__ = lambda self, *a, **k: setattr(self, 'all', (a, k))
assert make_made().all == ((1,), {'k': 2})
log = []
Bare.__del__ = lambda self: log.append('deleted')
for i in range(1000):
    make_bare()
gc.collect()
assert len(log) == 1000, len(log)
Made.__init__ = lambda self, *a, **k: 5
for i in range(3):
    try:
        make_made()
    except TypeError as e:
        print(e)


def passed_on(n):
    def f(a, b=2, c=3): return (a, b, c)
    def g(*a, **k): return f(*a, **k)
    class C:
        def m(self, *a, **k): return f(self is c, *a, **k)
        def p(self, a, *, k=1): return a, k
    c = C()
    def h(self, *a, **k): return self, a, k
    r = []
    for i in range(n):
        d = {'b': i, 'c': 5}
        r = [g(1), g(1, 2), g(1, c=i), g(**{'a': 1}), g(*(1, 2), **d) if i % 2 == 5 else g(0, **d), c.m(4), c.m(b=i), c.p(*(1,), **{'k': i}), h(1, *(2, 3), **d), {**d}, {**d, 'z': 1}, {**{}, **d}]
        big = {chr(97 + k): k for k in range(9)}
        r.append(h(0, **big)); del big['c']; r.append(h(0, **big)); small = {'q': 1, 'w': 2}; del small['q']; r.append(h(0, **small))
        r[-1][2]['new'] = 1; d['later'] = 2
        assert 'later' not in r[8][2] and 'new' not in small
        for bad in (lambda: g(1, a=2), lambda: g(1, 2, 3, 4), lambda: g(), lambda: g(1, zz=3), lambda: f(**{1: 2}), lambda: h(1, **{(): 2})):
            if i % 100 == 0:
                try: bad()
                except TypeError as x: r.append(str(x))
    return r


print(passed_on(1500))


def with_defaults(n):
    def f(a, b=2, c=3): return a, b, c
    def g(a=1, *, k=2): return a, k
    def h(a, b=5):
        c = a
        def inner(): return c, b
        return inner()
    def gen(a, b=4):
        yield a
        yield b
    class C:
        def m(self, a, b=7): return a, b
    c = C(); r = None
    for i in range(n):
        t0, t1, t2, t3, t4 = (), (1,), (1, i), (1, 2, i), (1, 2, 3, 4)
        r = [f(*t1), f(*t2), f(*t3), h(*t1), h(*t2), list(gen(*t1)), list(gen(*t2)), c.m(*t1), c.m(*t2), g(*t0), g(*t1)]
        if i % 300 == 0:
            f.__defaults__ = (i, i + 1) if i % 600 else ('z', 'p', 'q')
            for bad in (lambda: f(*t0), lambda: f(*t4), lambda: c.m(*t0), lambda: c.m(*t3)):
                try: bad()
                except TypeError as e: r.append(str(e))
            print(r)
    f.__defaults__ = None
    try: f(*(1,))
    except TypeError as e: print(e)
    return r


print(with_defaults(1500))
