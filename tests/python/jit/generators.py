# Generators and coroutines in code that runs often: who resumes them, what they handle meanwhile, how they end.
# timeout: 120
import asyncio
import gc
import sys


def counts(n):
    for i in range(n):
        yield i


def keeps(n):
    kept = []
    for i in range(n):
        kept.append([i])
        got = yield kept[-1]
        if got is not None:
            kept.append(got)
    return len(kept)


def total(iterable):
    s = 0
    for x in iterable:
        s += x
    return s


for _ in range(3):
    print(total(counts(1000)), sum(counts(1000)), len(list(counts(1000))), max(counts(1000)))


def delegates(n):
    got = yield from counts(n)
    assert got is None
    kept = yield from keeps(n)
    yield kept


print(total(x if isinstance(x, int) else x[0] for x in delegates(800)))


def old_ones(n):
    """Generators that have survived collections yield young values."""
    generators = [keeps(n) for _ in range(3)]
    for g in generators:
        next(g)
    gc.collect()
    values = []
    for i in range(n - 1):
        for g in generators:
            values.append(g.send([i, i]))
        if i % 100 == 0:
            gc.collect(i // 100 % 3)
    ends = []
    for g in generators:
        try:
            next(g)
        except StopIteration as e:
            ends.append(e.value)
    return values[-3:], ends


print(old_ones(700))


def handles(n):
    for i in range(n):
        try:
            raise KeyError(i)
        except KeyError:
            yield sys.exc_info()[1].args[0]
        yield sys.exc_info()[1]


def within_handler(n):
    seen = []
    g = handles(n)
    try:
        raise ValueError('outer')
    except ValueError:
        for x in g:
            seen.append((repr(x), repr(sys.exc_info()[1])))
    return seen[:2], seen[-2:], len(set(seen)), sys.exc_info()


print(within_handler(600))


def catches(n):
    caught = 0
    while True:
        try:
            yield caught
        except ValueError as e:
            caught += int(str(e))
        except GeneratorExit:
            print('closed at', caught)
            raise


def throws(n):
    g = catches(n)
    next(g)
    for i in range(n):
        if i % 3 == 0:
            g.throw(ValueError(1))
        else:
            next(g)
    last = g.throw(ValueError(1))
    g.close()
    return last


print(throws(900))


def reenters():
    yield next(me)


for _ in range(3):
    me = reenters()
    try:
        next(me)
    except ValueError as e:
        print(e)


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


for _ in range(10):
    print(total(deep(60)), end=' ')
print()
sys.setrecursionlimit(120)
try:
    total(deep(500))
except RecursionError as e:
    print(e)
sys.setrecursionlimit(1000)


def calls_functions(n):
    """Callees of a generator have registers of their own."""
    def three(a, b, c):
        d = a + b + c
        return d

    class Adder:
        def __init__(self, base):
            self.base = base

        def add(self, x):
            y = self.base + x
            return y

    adder = Adder(10)
    for i in range(n):
        yield three(i, 1, adder.add(i)) + adder.add(three(1, 2, 3))


print(total(calls_functions(1500)))


async def step(i):
    return i + 1


class Later:
    def __await__(self):
        got = yield self
        return got


async def works(n):
    s = 0
    for i in range(n):
        s = s + await step(i)
        s += await Later()
    return s


def drive(n):
    c = works(n)
    sent = None
    try:
        while True:
            assert type(c.send(sent)) is Later
            sent = 2
    except StopIteration as e:
        return e.value


print(drive(1000))


async def items(n):
    for i in range(n):
        if i % 10 == 0:
            await asyncio.sleep(0)
        yield i


async def consumes(n):
    s = 0
    async for x in items(n):
        s += x
    return s + sum([x async for x in items(n) if x % 2])


async def many(n):
    return await asyncio.gather(*(consumes(n) for _ in range(5)))


print(asyncio.run(many(500)))


def traced(n):
    lines = []

    def tracer(frame, event, arg):
        if frame.f_code is counts.__code__:
            lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno, arg))
        return tracer

    g = counts(n)
    for i in range(n):
        if i == n - 2:
            sys.settrace(tracer)
        next(g)
    sys.settrace(None)
    return lines


print(traced(800))
