# Generators and coroutines made by code that runs often: what they tell of themselves, closing and finalising them, their frames,
# and under tracing.
# timeout: 120
import gc
import sys
import types


def plain(a, b=2, *rest, c=3, **more):
    x = a
    yield x
    y = yield b
    yield rest, c, more, y


def closing(log):
    try:
        yield 1
    finally:
        log.append('closed')


def delegating(log):
    yield from closing(log)


def captured(n):
    def inner():
        return n
    n += 1
    yield inner
    n += 1
    yield inner()


async def waiting(n):
    return n + (await waiting(n - 1) if n else 0)


class Made:
    def method(self, x):
        yield self, x

    async def coroutine(self, x):
        return x


@types.coroutine
def old_style(x):
    y = yield x
    return y


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as e:
        return e.value


def make(i):
    g = plain(i)
    assert next(g) == i and next(g) == 2 and g.send(i) == ((), 3, {}, i)
    g = plain(i, i, i, i, c=i, z=i)
    assert [*g] == [i, i, ((i, i), i, {'z': i}, None)]
    log = []
    for f in (closing, delegating):
        for advanced in range(3):
            g = f(log)
            for _ in range(advanced):
                next(g, None)
            g.close()
    assert log == ['closed'] * 4, log
    h, v = captured(i)
    assert h() == i + 2 and v == i + 2
    m = Made()
    assert next(m.method(i)) == (m, i) and run(m.coroutine(i)) == i and run(waiting(3)) == 6
    assert old_style(i).send(None) == i


for i in range(3000):
    make(i)
g = Made().method(1)
print(g.__name__, g.__qualname__, g.gi_running, g.gi_suspended, g.gi_yieldfrom, g.gi_code.co_name, type(g).__name__)
print(g.gi_frame.f_lineno - Made.method.__code__.co_firstlineno, sorted(g.gi_frame.f_locals))
c = Made().coroutine(1)
print(c.__name__, c.__qualname__, c.cr_running, c.cr_suspended, c.cr_await, c.cr_origin, type(c).__name__)
c.close()


# Names come from the function as it is.
def renamed():
    yield 1


def make_renamed():
    return renamed()


for i in range(3000):
    make_renamed()
renamed.__name__, renamed.__qualname__ = 'other', 'another'
print(make_renamed().__name__, make_renamed().__qualname__)

# What is let go of is finalised.
log = []


def drop():
    next(closing(log))


for i in range(3000):
    drop()
gc.collect()
assert len(log) == 3000, len(log)


def drop_coroutine():
    waiting(1)


import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    for i in range(1500):
        drop_coroutine()
    gc.collect()
print(len(caught), caught[0].message)

# Made by calls that natives make.
for i in range(2000):
    assert [run(c) for c in map(waiting, [0, 1])] == [0, 1] and [next(g) for g in map(plain, [i, 2])] == [i, 2]
    log = []
    a, b = map(closing, [log, log])
    next(a)
    a.close(), b.close()
    assert log == ['closed'] and type(a).__name__ == 'generator'

# With the origin of coroutines.
sys.set_coroutine_origin_tracking_depth(1)
c = drop_coroutine.__globals__['waiting'](1)
for i in range(3):
    d = (lambda: waiting(1))()
    assert d.cr_origin[0][2] == '<lambda>', d.cr_origin
    d.close()
c.close()
sys.set_coroutine_origin_tracking_depth(0)

# A frame that somebody has before it becomes a generator's.
seen = []


def tracer(frame, event, arg):
    seen.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
list(plain(1))
run(waiting(1))
sys.settrace(None)
print(seen)


def recursive(n):
    if n:
        yield from recursive(n - 1)
    yield n


for i in range(200):
    assert list(recursive(20)) == list(range(21))
try:
    list(recursive(10000))
except RecursionError as e:
    print('RecursionError')


# Old ones are resumed, and get young values.
def counting(n):
    x = []
    for i in range(n):
        x = [i, x[:1]]
        yield x


def drain():
    n = 0
    for x in counting(60000):
        n += x[0]
        [[j] for j in range(3)]
    return n


print(drain())
