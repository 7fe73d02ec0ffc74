# Coroutines and generators that start, wait and end in code that runs often.
# timeout: 120
import gc
import inspect
import sys
import weakref


class Wait:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got, self.value


async def leaf(x):
    return x + 1


async def middle(x):
    if x % 5 == 0:
        return await Wait(x)
    if x % 7 == 0:
        raise ValueError(x)
    return await leaf(x) * 2


async def main(n):
    out = []
    for i in range(n):
        try:
            out.append(await middle(i))
        except ValueError as e:
            out.append(str(e))
        out.append(await leaf(i * 0.5))
    return out[-20:]


def run(coroutine):
    sent, seen = None, []
    while True:
        try:
            seen.append(coroutine.send(sent))
        except StopIteration as e:
            return e.value, seen[-3:]
        sent = len(seen)


for _ in range(2):
    print(run(main(1001)))


# One coroutine, awaited twice, after its end and while another waits for it.
async def twice(n):
    out = []
    for i in range(n):
        c = leaf(i)
        await c
        try:
            await c
        except RuntimeError as e:
            out.append(str(e))
    w = waits()
    a = awaits(w)
    a.send(None)
    try:
        await w
    except RuntimeError as e:
        out.append(str(e))
    a.close()
    return out[-2:]


async def waits():
    await Wait(1)


async def awaits(c):
    await c


print(run(twice(1500)))


async def bad(x):
    await x


for x in (5, None, 'abc', iter([])):
    try:
        run(bad(x))
    except TypeError as e:
        print(e)


# Generators: their values, and what is left of them.
def numbers(n, value):
    for i in range(n):
        yield i
    return value


def delegates(n):
    total = 0
    for i in range(n):
        got = yield from numbers(2, i)
        total += got
    return total


def drains(n):
    out = []
    for i in range(n):
        s = 0
        for x in numbers(3, 'unused'):
            s += x
        else:
            s += 100
        out.append((s, sum(numbers(4, 1)), list(numbers(2, 2)), max(numbers(2, 3)), next(numbers(0, 4), 'none'), *numbers(1, 5)))
    return out[-1]


print(drains(1500))
g = delegates(1200)
print(sum(g), g.gi_frame, inspect.getgeneratorstate(g))


def returned(n):
    out = []
    for i in range(n):
        g = numbers(1, (i, 'value'))
        next(g)
        try:
            next(g)
        except StopIteration as e:
            out.append(e.value)
        out.append(next(g, 'ended'))
    return out[-4:]


print(returned(1500))


class Big:
    pass


def holds(big):
    ref = weakref.ref(big)
    yield ref
    return ref


def dies(n):
    kept = []
    for i in range(n):
        g = holds(Big())
        for ref in g:
            pass
        kept.append((g, ref))
    del ref, g
    gc.collect()
    return sum(ref() is not None for g, ref in kept)


print(dies(1500) <= 2)


# Started and ended while an exception is handled.
def handled(n):
    out = []
    for i in range(n):
        try:
            raise KeyError(i)
        except KeyError:
            for x in numbers(2, None):
                out.append(sys.exc_info()[0].__name__)
            out.append(list(infos()))
        out.append(sys.exc_info()[0])
    return out[-4:]


def infos():
    yield sys.exc_info()[0].__name__
    try:
        1 / 0
    except ZeroDivisionError:
        yield sys.exc_info()[0].__name__
        return
    finally:
        yield sys.exc_info()[0].__name__


print(handled(1200))


# Facts outlive a generator's pause and end.
def floats(n):
    x, k = 0.25, 1
    for i in numbers(n, 0):
        x = x * 0.5 + i
        k = k + i
        for y in halves(x):
            x = x + y
            k = k - 1
    return x, k


def halves(x):
    a = x * 0.5
    yield a
    a = a * 0.5
    yield a
    if a > 10.0:
        return
    yield a * 0.5


print(floats(5), floats(2000))


def looks(n):
    frames = 0
    for i in range(n):
        g = watched()
        for f in g:
            frames += f.f_locals['x']
        frames += g.gi_frame is None
    return frames


def watched():
    x = 1
    yield sys._getframe()
    x = 2
    yield sys._getframe()


print(looks(1200))


async def async_numbers(n):
    for i in range(n):
        yield i
        await leaf(i)


async def loops(n):
    s = 0
    for k in range(n):
        async for i in async_numbers(3):
            s += i
        async with Manager() as m:
            s += m
    return s


class Manager:
    async def __aenter__(self):
        return 5

    async def __aexit__(self, *args):
        return await leaf(0)


print(run(loops(1200)))


def deep(n):
    if n:
        yield from deep(n - 1)
    yield n


for _ in range(30):
    s = sum(deep(60))
print(s)
try:
    sum(deep(100000))
except RecursionError:
    print('too deep')
print('done')
