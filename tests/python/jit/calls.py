# Calls in code that runs often: recursion's limit, functions whose code is replaced, tracebacks, frames, tracing, generators.
# timeout: 120
import sys
import traceback


def add(a, b=10):
    return a + b


def calls(n):
    total = 0
    for i in range(n):
        total += add(i, 1)
        total += add(i)
        total += add(b=2, a=i)
    return total


print(calls(1000))
add.__defaults__ = (20,)
print(calls(1000))
add.__code__ = (lambda a, b: a * b).__code__
print(calls(1000))
def replaced(a, b=3, *rest, c=4):
    return a + b + c
add.__code__ = replaced.__code__
add.__kwdefaults__ = {'c': 5}
print(calls(1000))
add = lambda *args, **kwargs: len(args) + len(kwargs)
print(calls(1000))
add = 5
try:
    calls(10)
except TypeError as e:
    print(e)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


for _ in range(10):
    depth(100)
print(depth(500))
try:
    depth(10**6)
except RecursionError as e:
    print(e)
sys.setrecursionlimit(300)
try:
    depth(400)
except RecursionError as e:
    print(e)
sys.setrecursionlimit(1000)
print(depth(500))


def inner(x):
    local = x * 2
    if x == 777:
        raise ValueError(local)
    return local


def outer(n):
    total = 0
    for i in range(n):
        total += inner(i)
    return total


for _ in range(3):
    outer(700)
try:
    outer(1000)
except ValueError as e:
    traceback.print_exc(file=sys.stdout)
    frames = []
    tb = e.__traceback__
    while tb:
        frames.append((tb.tb_frame.f_code.co_name, tb.tb_lineno, tb.tb_frame.f_locals.get('i'), tb.tb_frame.f_locals.get('x')))
        tb = tb.tb_next
    print(frames)


def handles(n):
    caught = 0
    for i in range(n):
        try:
            inner(777 if i % 3 == 0 else i)
        except ValueError:
            caught += 1
        finally:
            caught += 1000
    return caught


print(handles(900))


def caller_locals():
    return sorted(sys._getframe(1).f_locals.items())


def looks(n):
    a = 1
    for i in range(n):
        a = a + i
        if i % 500 == 499:
            print(caller_locals(), sys._getframe().f_lineno - sys._getframe().f_code.co_firstlineno)
    return a


print(looks(1500))


def traced_in_the_middle(n):
    seen = []

    def tracer(frame, event, arg):
        if frame.f_code.co_name == 'step':
            seen.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer

    def step(i):
        x = i + 1
        return x

    total = 0
    for i in range(n):
        if i == n - 3:
            sys.settrace(tracer)
        if i == n - 1:
            sys.settrace(None)
        total += step(i)
    return total, seen


print(traced_in_the_middle(2000))


def profiled(n):
    events = []
    for i in range(n):
        if i == n - 2:
            sys.setprofile(lambda frame, event, arg: events.append((event, frame.f_code.co_name)))
        inner(i)
    sys.setprofile(None)
    return events


print(profiled(600))


def numbers(n):
    for i in range(n):
        got = yield i
        if got:
            yield got


def drives(n):
    total = 0
    for x in numbers(n):
        total += x
    g = numbers(n)
    next(g)
    for i in range(n - 1):
        total += g.send(i % 2)
    return total


print(drives(2000))


class Number:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        return Number(self.n + other.n)

    def __eq__(self, other):
        return self.n == other.n

    def __getitem__(self, i):
        return self.n + i

    def __bool__(self):
        return self.n > 0


def operators(n):
    a = Number(0)
    one = Number(1)
    trues = 0
    for i in range(n):
        a = a + one
        if a == one:
            trues += 1
        if a:
            trues += a[i]
    return a.n, trues


print(operators(1000))


def many(a, b, c, d, e, f=1, *, g=2):
    h = a + b
    del a
    return h, c, d, e, f, g


for i in range(600):
    got = many(i, 2, 3, 4, 5)
print(got, many(1, 2, 3, 4, 5, 6, g=7))
try:
    many(1)
except TypeError as e:
    print(e)


def unbound(flag):
    for i in range(500):
        if flag:
            late = i
    return late


print(unbound(1))
try:
    unbound(0)
except UnboundLocalError as e:
    print(e)


# One place that calls methods of many classes: of other functions, other numbers of parameters, natives and what isn't there.
def calls_each(things, n):
    out = []
    for i in range(n):
        for t in things:
            out.append(t.act(i))
    return out[-len(things):]


def classes_that_act():
    def two(self, x, y='two'):
        return x, y

    def nested(self, x):
        return lambda: (self, x)

    def generates(self, x):
        yield x

    class Slotted:
        def __init__(self):
            self.act = lambda x: ('slot', x)

    methods = [lambda self, x: x, lambda self, x: x + 0.5, two, nested, generates, lambda self, *rest: rest, lambda self, x, **k: (x, k),
               lambda self, x: [self.__class__.__name__] * 2, classmethod(lambda cls, x: cls.__name__), staticmethod(lambda x: -x), abs, str]
    made = [type('Acts%d' % k, (), {'act': m})() for k, m in enumerate(methods)]
    return made + [Slotted()]


acting = classes_that_act()
for group in (acting[:2], acting[:1], acting[:5], acting[3:9], acting, acting[:2] * 2):
    print([str(r)[:9] if not callable(r) else r()[1] for r in calls_each(group, 1200)])
type(acting[0]).act = lambda self, x: ('changed', x)
type(acting[1]).act = len
type(acting[2]).__len__ = lambda self: 3
print(calls_each(acting[:1], 3))
try:
    calls_each(acting[:2], 3)
except TypeError as e:
    print(e)


def wrong_number(self):
    return 0


type(acting[1]).act = wrong_number
try:
    calls_each(acting[:2], 3)
except TypeError as e:
    print(e)


# Bound methods of any kind.
def calls_found(find, n):
    for i in range(n):
        out = find(i)(i)
        again = find(i)(i) if i % 3 else find(i + 1)(i)
    return out, again


class Found:
    def plain(self, x, y=5):
        return 'plain', x, y

    def simple(self, x):
        return 'simple', x

    @classmethod
    def of_class(cls, x):
        return cls.__name__, x

    def late(self, x):
        yield x


import types

found = Found()
for find in (lambda i: found.simple, lambda i: found.plain, lambda i: Found.of_class, lambda i: getattr(found, ('simple', 'plain')[i % 2]),
             lambda i: types.MethodType(abs, -5.5 - i) if i < 0 else abs, lambda i: [].append, lambda i: types.MethodType(found.plain, 'first'),
             lambda i: types.MethodType(types.MethodType(max, 3), 7), lambda i: found.simple if i % 7 else len):
    try:
        print(calls_found(find, 1500))
    except TypeError as e:
        print(e)
print(next(calls_found(lambda i: found.late, 1200)[0]))
