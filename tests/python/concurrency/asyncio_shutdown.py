# How asyncio ends: asynchronous generators closed, tasks cancelled, the executor joined, errors on the way reported; Runner.
import asyncio
import contextvars
import threading
import time

log = []


async def ticker(name, limit=100):
    try:
        for i in range(limit):
            yield i
            await asyncio.sleep(0)
    finally:
        await asyncio.sleep(0)
        log.append('closed ' + name)


async def left_open():
    a, b = ticker('a'), ticker('b')
    print(await anext(a), await anext(b), await anext(b))
    async for i in ticker('finished', 3):
        pass
    log.append('main ends')
    left_open.kept = a, b


asyncio.run(left_open())
print(log[:2], sorted(log[2:]))
log.clear()


async def failing_generator():
    try:
        yield 1
    finally:
        raise ValueError('on closing')


def handler(loop, context):
    log.append((context['message'].split(' <')[0], repr(context.get('exception'))))


async def closing_fails():
    asyncio.get_running_loop().set_exception_handler(handler)
    closing_fails.kept = failing_generator()
    await anext(closing_fails.kept)

asyncio.run(closing_fails())
print(log)
log.clear()


# Tasks that are still there are cancelled, all of them, and waited for.
async def worker(n, kind):
    try:
        await asyncio.sleep(100)
    except asyncio.CancelledError:
        log.append(n)
        if kind == 'fails':
            raise KeyError(n)
        if kind == 'slow':
            await asyncio.sleep(0.02)
            log.append('slow end')
        raise


async def with_tasks():
    asyncio.get_running_loop().set_exception_handler(handler)
    with_tasks.tasks = [asyncio.create_task(worker(n, k)) for n, k in enumerate(['plain', 'fails', 'slow'])]
    await asyncio.sleep(0)
    return 'answer'

print(asyncio.run(with_tasks()), sorted(log[:3]), log[3:], [t.cancelled() for t in with_tasks.tasks])
log.clear()


# The default executor's threads end with the loop.
async def executor():
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(None, time.sleep, 0.05) for _ in range(3)]
    await asyncio.sleep(0)
    return len(futures)

print(asyncio.run(executor()), [t.name for t in threading.enumerate() if t is not threading.main_thread()])


# An error of main comes out after the clean-up; BaseExceptions too.
async def fails(error):
    fails.kept = ticker('f')
    await anext(fails.kept)
    fails.task = asyncio.create_task(worker('w', 'plain'))
    await asyncio.sleep(0)
    raise error

for error in (ValueError('v'), SystemExit(3), KeyboardInterrupt('k')):
    try:
        asyncio.run(fails(error))
    except BaseException as e:
        print(repr(e), log)
    log.clear()

# Runner: one loop for several runs, one context.
var = contextvars.ContextVar('var', default='unset')


async def get_set(v):
    before = var.get()
    var.set(v)
    return before, id(asyncio.get_running_loop())

with asyncio.Runner() as runner:
    first, second = runner.run(get_set('one')), runner.run(get_set('two'))
    print(first[0], second[0], first[1] == second[1] == id(runner.get_loop()), var.get(), runner.get_loop().get_debug())
    try:
        runner.run(5)
    except ValueError as e:
        print(e)

    async def nested():
        coro = get_set('x')
        try:
            asyncio.run(coro)
        except RuntimeError as e:
            coro.close()
            return str(e)
    print(runner.run(nested()))
try:
    runner.get_loop()
except RuntimeError as e:
    print(e)

# Without run(): closed loops, and what isn't awaited any more.
loop = asyncio.new_event_loop()
future = loop.create_future()
loop.call_later(0.01, future.set_result, 5)
print(loop.run_until_complete(future), loop.is_running(), loop.is_closed())
loop.call_soon(loop.stop)
loop.run_forever()
loop.run_until_complete(loop.shutdown_asyncgens())
loop.run_until_complete(loop.shutdown_default_executor())
loop.close()
loop.close()
for call in (lambda: loop.call_soon(print), lambda: loop.run_forever(), lambda: loop.create_task(5), lambda: loop.call_later(1, print)):
    try:
        call()
    except (RuntimeError, TypeError) as e:
        print(type(e).__name__, e)
