# Coroutines and async generators, driven by hand.


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


def run(coro):
    passed = []
    try:
        while True:
            passed.append(coro.send(None))
    except StopIteration as e:
        return e.value, passed


class Wait:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)


async def simple(x):
    await Wait(x)
    await Wait(x + 1)
    return x * 2


assert run(simple(3)) == (6, [3, 4])
c = simple(1)
assert c.cr_code is simple.__code__ and c.cr_await is None and c.cr_origin is None and not c.cr_running and not c.cr_suspended
assert repr(c).startswith("<coroutine object simple at 0x")
c.send(None)
assert c.cr_suspended and c.cr_await is not None and c.cr_frame.f_locals["x"] == 1
c.close()
assert c.cr_frame is None
expect(lambda: c.send(None), "RuntimeError: cannot reuse already awaited coroutine")
expect(lambda: c.throw(ValueError), "RuntimeError: cannot reuse already awaited coroutine")
c = simple(1)
expect(lambda: c.send(3), "TypeError: can't send non-None value to a just-started coroutine")
expect(lambda: iter(c), "TypeError: 'coroutine' object is not iterable")
w = c.__await__()
assert type(w).__name__ == "coroutine_wrapper" and next(w) == 1 and iter(w) is w
w.close()
expect(lambda: next(w), "RuntimeError: cannot reuse already awaited coroutine")


async def awaits(x):
    return await x


expect(lambda: run(awaits(3)), "TypeError: object int can't be used in 'await' expression")
inner = simple(5)
inner.send(None)
expect(lambda: run(awaits(inner)), "RuntimeError: coroutine is being awaited already")
inner.close()


async def stops():
    raise StopIteration(1)


expect(lambda: run(stops()), "RuntimeError: coroutine raised StopIteration")


# --- async with, async for
class Manager:
    def __init__(self, log):
        self.log = log

    async def __aenter__(self):
        await Wait("enter")
        self.log.append("in")
        return self

    async def __aexit__(self, *args):
        await Wait("exit")
        self.log.append(args[0])
        return True


async def using(log):
    async with Manager(log) as m:
        assert m.log is log
        raise KeyError
    return "after"


log = []
assert run(using(log)) == ("after", ["enter", "exit"]) and log == ["in", KeyError]


async def agen(n):
    for i in range(n):
        await Wait(("w", i))
        got = yield i
        if got:
            await Wait(("got", got))


async def collect():
    return [x async for x in agen(3)]


assert run(collect()) == ([0, 1, 2], [("w", 0), ("w", 1), ("w", 2)])


async def sending():
    g = agen(2)
    a = await g.asend(None)
    b = await g.asend("hello")
    try:
        await g.asend(None)
    except StopAsyncIteration:
        return a, b, "stop"


assert run(sending()) == ((0, 1, "stop"), [("w", 0), ("got", "hello"), ("w", 1)])


async def with_cleanup(log):
    try:
        yield 1
        yield 2
    except ValueError:
        log.append("value")
        yield "caught"
    finally:
        await Wait("cleanup")
        log.append("done")


async def closing(log):
    g = with_cleanup(log)
    assert await g.__anext__() == 1
    await g.aclose()
    await g.aclose()
    g = with_cleanup(log)
    await g.__anext__()
    assert await g.athrow(ValueError) == "caught"
    try:
        await g.__anext__()
    except StopAsyncIteration:
        pass


log = []
assert run(closing(log)) == (None, ["cleanup", "cleanup"]) and log == ["done", "value", "done"], log


async def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


async def close_ignoring():
    g = ignores()
    await g.__anext__()
    await g.aclose()


expect(lambda: run(close_ignoring()), "RuntimeError: async generator ignored GeneratorExit")
g = agen(1)
assert repr(g).startswith("<async_generator object agen at 0x") and g.ag_code is agen.__code__ and not g.ag_running and g.ag_await is None
a = g.__anext__()
assert a.send(None) == ("w", 0) and g.ag_running
expect(lambda: g.__anext__().send(None), "RuntimeError: anext(): asynchronous generator is already running")
expect(lambda: g.aclose().send(None), "RuntimeError: aclose(): asynchronous generator is already running")
try:
    a.send(None)
except StopIteration as e:
    assert e.value == 0
expect(lambda: a.send(None), "RuntimeError: cannot reuse already awaited __anext__()/asend()")
c = g.aclose()
try:
    c.send(None)
except StopIteration:
    pass
expect(lambda: c.send(None), "RuntimeError: cannot reuse already awaited aclose()/athrow()")


async def stop_async():
    raise StopAsyncIteration
    yield


async def drive(g):
    return await g.__anext__()


expect(lambda: run(drive(stop_async())), "RuntimeError: async generator raised StopAsyncIteration")


async def anext_default():
    g = agen(1)
    first = await anext(g, "none")
    second = await anext(g, "none")
    return first, second


assert run(anext_default()) == ((0, "none"), [("w", 0)])
