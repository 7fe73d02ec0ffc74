# Coroutines without an event loop: await, async for, async with, async generators and comprehensions, driven by hand.

class Pause:
    """Awaitable that yields a value to whoever drives the coroutine, and returns what is sent back."""
    def __init__(self, v): self.v = v
    def __await__(self): return (yield self.v)


def drive(coro, answers=()):
    seen = []
    answers = iter(answers)
    try:
        x = coro.send(None)
        while True:
            seen.append(x)
            x = coro.send(next(answers, None))
    except StopIteration as e:
        return seen, e.value


async def simple(x):
    a = await Pause(x)
    b = await Pause(x + 1)
    return a, b


assert drive(simple(1), ['p', 'q']) == ([1, 2], ('p', 'q'))


async def nested():
    r = [await simple(10), await simple(20)]
    return r


print(drive(nested(), 'abcd'))


class ARange:
    def __init__(self, n): self.n, self.i = n, 0
    def __aiter__(self): return self

    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        self.i += 1
        await Pause(('next', self.i))
        return self.i


async def loops():
    out = []
    async for x in ARange(3):
        if x == 2:
            continue
        out.append(x)
    else:
        out.append('else')
    async for x in ARange(3):
        break
    else:
        out.append('not here')
    return out


print(drive(loops()))

log = []


class Manager:
    def __init__(self, swallow=False): self.swallow = swallow

    async def __aenter__(self):
        log.append('enter')
        await Pause('entering')
        return 'value'

    async def __aexit__(self, t, v, tb):
        log.append(('exit', t.__name__ if t else None))
        await Pause('leaving')
        return self.swallow


async def withs():
    async with Manager() as m, Manager(True) as n:
        log.append(m + n)
        raise ValueError('inside')
    async with Manager():
        return 'returned'


print(drive(withs()), log)


# Async generators.
async def agen(n):
    try:
        for i in range(n):
            got = yield i
            if got:
                log.append(('got', got))
            await Pause('in agen')
    finally:
        log.append('agen done')


async def use():
    return [x async for x in agen(3)], {x: x * 2 async for x in agen(2)}, [await simple(x) async for x in agen(1)]


log.clear()
print(drive(use()), log)


async def send_throw():
    g = agen(5)
    r = [await g.__anext__(), await g.asend('hello')]
    try:
        await g.athrow(KeyError('k'))
    except KeyError as e:
        r.append(repr(e))
    try:
        await g.__anext__()
    except StopAsyncIteration:
        r.append('ended')
    h = agen(2)
    await h.__anext__()
    await h.aclose()
    r.append(anext(agen(1)) is not None)
    r.append(await anext(agen(0), 'default'))
    return r


log.clear()
print(drive(send_throw())[1], log)


# Async comprehension kinds and conditions.
async def comps():
    return ([x async for x in ARange(4) if x % 2], {x async for x in ARange(2)}, [y for x in [1, 2] for y in [await simple(x)]],
            [x async for x in (z * 2 async for z in ARange(3))])


print(drive(comps())[1])


# Exceptions pass into and out of awaits; finally runs on close and throw.
async def guarded():
    try:
        await Pause('wait')
    except ValueError as e:
        await Pause('handling')
        return 'handled %s' % e
    finally:
        log.append('cleanup')


log.clear()
c = guarded()
c.send(None)
assert c.throw(ValueError('v')) == 'handling'
try:
    c.send(None)
except StopIteration as e:
    print(e.value, log)
c = guarded()
c.send(None)
c.close()
assert log == ['cleanup', 'cleanup']
for again in (c.send, c.throw):
    try:
        again(None if again == c.send else ValueError)
    except RuntimeError as e:
        print(e)
c = guarded()
c.send(None)
try:
    c.throw(KeyError)
except KeyError:
    print('KeyError passed')


# Errors.
async def bad_await(): await 5
async def bad_for():
    async for x in [1]: pass
async def bad_with():
    async with 5: pass
async def bad_aiter():
    class X:
        def __aiter__(self): return 3
    async for x in X(): pass


for f in (bad_await, bad_for, bad_with, bad_aiter):
    try:
        drive(f())
    except TypeError as e:
        print(e)


async def raises_stop(): raise StopIteration(3)


try:
    drive(raises_stop())
except RuntimeError as e:
    print(e)


async def twice():
    c = simple(1)
    await c
    await c


try:
    drive(twice())
except RuntimeError as e:
    print(e)

c = simple(1)
try:
    iter(c)
except TypeError as e:
    print(e)
print(type(c).__name__, c.cr_frame is not None, c.cr_running, c.cr_await, c.__name__, c.__qualname__)
c.close()

# Types and flags.
import types, inspect


@types.coroutine
def old_style():
    r = yield 'old'
    return r


async def awaits_old(): return await old_style()


assert drive(awaits_old(), [7]) == (['old'], 7)
assert inspect.iscoroutinefunction(simple) and inspect.isasyncgenfunction(agen) and not inspect.iscoroutinefunction(agen)


# A round robin scheduler over several coroutines.
def run(*coros):
    ready = list(coros)
    trace = []
    while ready:
        c = ready.pop(0)
        try:
            trace.append(c.send(None))
            ready.append(c)
        except StopIteration as e:
            trace.append(('done', e.value))
    return trace


async def task(name, n):
    for i in range(n):
        await Pause((name, i))
    return name


print(run(task('a', 2), task('b', 1), task('c', 3)))
