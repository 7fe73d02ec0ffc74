# Async generators awaited step by step from coroutines: what passes through, what ends, and what state is left behind.
import sys


def drive(coro, answers=()):
    """Runs a coroutine; what it passes to its driver is listed, each answered by the next of `answers`."""
    log, answers, send = [], list(answers), None
    while True:
        try:
            if isinstance(send, BaseException):
                log.append(coro.throw(send))
            else:
                log.append(coro.send(send))
        except StopIteration as e:
            return "returned", e.value, log
        except BaseException as e:
            return type(e).__name__, str(e), log
        send = answers.pop(0) if answers else None


class Pass:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        return (yield self.v)


async def numbers(n, log):
    try:
        for i in range(n):
            got = yield i
            log.append(("sent", got))
            log.append(("awaited", await Pass(("inner", i))))
    finally:
        log.append("closed")


async def consume(n):
    log, items = [], []
    async for i in numbers(n, log):
        items.append(i)
    return items, log


print(drive(consume(0)))
print(drive(consume(3), ["a", "b", "c"]))
print(drive(consume(3), ["a", ValueError("thrown inside")]))
print(drive(consume(3), [GeneratorExit("thrown inside")]))


async def by_asend(values):
    log, items = [], []
    g = numbers(5, log)
    for v in values:
        items.append(await g.asend(v))
    await g.aclose()
    try:
        await g.asend(None)
    except StopAsyncIteration as e:
        items.append(repr(e))
    return items, log, g.ag_running


print(drive(by_asend([None, "x", "y"]), [1, 2]))
print(drive(by_asend(["not none at first"])))


async def nested(depth):
    if depth:
        async for i in nested(depth - 1):
            yield i
        yield depth
        async for i in nested(depth - 1):
            yield i


async def all_of(g):
    return [i async for i in g]


print(drive(all_of(nested(5))))


async def raises(n):
    for i in range(n):
        yield i
    raise LookupError(n)


async def catches():
    out = []
    g = raises(2)
    for _ in range(4):
        try:
            out.append(await g.__anext__())
        except Exception as e:
            out.append((type(e).__name__, str(e), e.__context__ is None, g.ag_running))
    return out


print(drive(catches()))


async def stops(error):
    yield 1
    raise error


async def context_of(error):
    try:
        return [i async for i in stops(error)]
    except RuntimeError as e:
        return str(e), repr(e.__cause__)


print(drive(context_of(StopAsyncIteration("own"))))
print(drive(context_of(StopIteration("own"))))


async def end_inside_handler():
    try:
        raise KeyError("outer")
    except KeyError:
        g = numbers(0, [])
        try:
            await g.__anext__()
        except StopAsyncIteration as e:
            return repr(e.__context__), e.__traceback__.tb_next


print(drive(end_inside_handler()))


# Two at once: the second finds it running, and the first goes on.
def two_at_once():
    g = numbers(3, [])
    first, second = g.asend(None), g.asend(None)

    async def one():
        return await first

    async def other():
        return await second

    out = [drive(one())]
    third = g.asend("third")

    async def inner():
        return await third

    c = inner()
    out.append(c.send(None))
    out.append(g.ag_running)
    out.append(drive(other()))
    out.append(g.ag_running)
    out.append(drive(c))
    out.append(drive(one()))
    return out


print(two_at_once())


async def yields_to_itself(box):
    yield 1
    try:
        await box[0].__anext__()
    except RuntimeError as e:
        yield str(e)
    yield 3


def itself():
    box = []
    box.append(yields_to_itself(box))
    return drive(all_of(box[0]))


print(itself())


# Thrown into a coroutine that waits for a generator that waits.
async def catching_inside(log):
    for i in range(3):
        try:
            await Pass(i)
        except ValueError as e:
            log.append(str(e))
        yield i * 10


async def outer(log):
    return [i async for i in catching_inside(log)]


thrown = []
print(drive(outer(thrown), [ValueError("one"), None, ValueError("three")]), thrown)


# The depth of recursion is that of the program.
async def deep(n):
    if n:
        async for i in deep(n - 1):
            yield i
    yield n


async def deepest(n):
    try:
        return len([i async for i in deep(n)])
    except RecursionError:
        return "RecursionError"


print(drive(deepest(50)))
print(drive(deepest(100000)))
print(drive(deepest(50)))


# A value of the generator is the receiver's alone, and a yield in an expression gets what was sent.
async def echo():
    got = []
    while len(got) < 4:
        got.append((yield (yield len(got))))
    yield got


async def talk():
    g = echo()
    return [await g.asend(None)] + [await g.asend(c) for c in "abcdefgh"]


print(drive(talk()))


# Traced: every step of the generator is told.
async def two():
    yield 1
    yield 2


def trace_steps():
    events = []

    def tracer(frame, event, arg):
        if frame.f_code.co_name in ("two", "all_of"):
            events.append((frame.f_code.co_name, event))
        return tracer

    sys.settrace(tracer)
    try:
        answer = drive(all_of(two()))
    finally:
        sys.settrace(None)
    return answer, [e for e in events if e[0] == "two"]


print(trace_steps())


# Tracing that begins inside.
async def starts_tracing(tracer):
    yield 1
    sys.settrace(tracer)
    yield 2
    sys.settrace(None)
    yield 3


print(drive(all_of(starts_tracing(lambda *args: None))))


# Tracebacks show the places in order.
def places(e):
    out, tb = [], e.__traceback__
    while tb:
        out.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    return out


async def traceback_of():
    try:
        async for _ in raises(1):
            pass
    except LookupError as e:
        return places(e)


print(drive(traceback_of()))
