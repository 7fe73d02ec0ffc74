# `with`, `async with`, `async for` and `await` of objects whose classes have these methods in Python, in code that runs often, and
# of others at the same places.
# timeout: 120
import gc
import sys
import types
import warnings

warnings.simplefilter('ignore')  # coroutines that are never awaited


class Manager:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append('in')
        return self

    def __exit__(self, kind, value, tb):
        self.log.append(kind and kind.__name__)
        return kind is ValueError


class Native(Manager):
    __exit__ = staticmethod(lambda *a: None)


class Defaulted(Manager):
    def __enter__(self, x=5):
        local = [x]
        return local


class Failing(Manager):
    def __enter__(self):
        raise KeyError('enter')


class Lacking:
    def __enter__(self):
        return 1


class Generating:
    def __enter__(self):
        yield sys._getframe(1).f_code.co_name

    def __exit__(self, *a):
        return None


def use(manager, i):
    with manager as m:
        if i % 3 == 0:
            raise ValueError(i)
        if i % 7 == 0:
            return m
    return i


def many(make, n=300):
    last = None
    for i in range(n):
        try:
            last = use(make(), i)
        except Exception as e:
            last = type(e).__name__, str(e)
    return type(last).__name__, last if isinstance(last, (int, tuple, str, list)) else None


log = []
for make in (lambda: Manager(log), lambda: Native(log), lambda: Defaulted(log), lambda: Failing(log), Lacking, lambda: 5):
    print(many(make), len(log), log[-3:])
print([next(g) for g in [use(Generating(), 7) for _ in range(200)]][-1])
Manager.__enter__ = lambda self: gc.collect() and None
print(many(lambda: Manager(log), 40))


class AsyncManager:
    async def __aenter__(self):
        await Wait(1)
        return self

    async def __aexit__(self, kind, value, tb):
        return kind is ValueError


class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got, self.value


class ReturnsIterator:
    def __await__(self):
        return iter([1, 2])


class ReturnsCoroutine:
    def __await__(self):
        return leaf(1)


class ReturnsOther:
    def __await__(self):
        return 5


class Decorated:
    @types.coroutine
    def __await__(self):
        yield 1


async def leaf(x):
    return x


class Ticker:
    def __init__(self, n):
        self.n, self.i = n, 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.i += 1
        if self.i > self.n:
            raise StopAsyncIteration
        return self.i


class PlainTicker(Ticker):
    def __anext__(self):
        self.i += 1
        if self.i > self.n:
            raise StopAsyncIteration
        return Wait(self.i)


class BadTicker(Ticker):
    def __anext__(self):
        return 5


async def numbers(n):
    try:
        for i in range(n):
            if i % 10 == 0:
                await Wait(i)
            got = yield i
            if got:
                yield got
    finally:
        await leaf(0)


async def failing(n):
    for i in range(n):
        yield i
    raise OSError(n)


async def total(source):
    t = 0
    try:
        async for x in source:
            t += x if isinstance(x, int) else x[1]
    except Exception as e:
        return t, type(e).__name__, str(e), type(e.__cause__).__name__
    return t


async def wait_for(o):
    try:
        return await o
    except Exception as e:
        return type(e).__name__, str(e)


async def managed(i):
    async with AsyncManager() as m:
        if i % 3 == 0:
            raise ValueError
        if i % 7 == 0:
            raise KeyError(i)
    return i


def run(coroutine):
    sent, steps = None, 0
    while True:
        try:
            coroutine.send(sent)
        except StopIteration as e:
            return e.value, steps
        steps += 1
        sent = steps


for make in (lambda: Ticker(20), lambda: numbers(30), lambda: failing(10), lambda: PlainTicker(9), lambda: BadTicker(3), lambda: Ticker(3)):
    print([run(total(make())) for _ in range(120)][-1])
for make in (lambda: Wait(3), lambda: leaf(4), ReturnsIterator, ReturnsCoroutine, ReturnsOther, Decorated, lambda: 5, lambda: Wait(4)):
    print([run(wait_for(make())) for _ in range(150)][-1])


async def all_managed(n):
    out = []
    for i in range(n):
        try:
            out.append(await managed(i))
        except KeyError as e:
            out.append(str(e))
    return out[-12:]


print(run(all_managed(400)))


# What is sent and thrown into async generators while others wait for them.
async def by_hand(n):
    out = []
    for i in range(n):
        g = numbers(25)
        out.append(await g.__anext__())
        out.append(await g.asend('sent'))
        out.append(await anext(g))
        a = g.__anext__()
        out.append(await a)
        try:
            await a
        except RuntimeError as e:
            out.append(str(e))
        b, c = g.asend(None), g.asend(None)
        b.send(None) if False else b.close()
        out.append(await c)
        try:
            await g.athrow(LookupError(i))
        except LookupError as e:
            out.append(str(e))
        await g.aclose()
        async for x in g:
            out.append('never')
    return out[-9:]


print(run(by_hand(200)))


async def twice_at_once():
    g = numbers(100)
    a, b = g.asend(None), g.asend(None)
    a.send(None)
    try:
        b.send(None)
    except RuntimeError as e:
        return str(e)


print(run(twice_at_once()))

# Traced.
events = []


def trace(frame, event, arg):
    if frame.f_code.co_name in ('__anext__', 'numbers', '__aenter__', '__await__'):
        events.append((frame.f_code.co_name, event))
    return trace


sys.settrace(trace)
run(total(Ticker(2)))
run(total(numbers(2)))
run(managed(1))
sys.settrace(None)
print(events)
print(run(total(numbers(30))), run(total(Ticker(20))), run(managed(2)))
