# asyncio: tasks, gather, wait, timeouts, cancellation, TaskGroup, shield, exceptions, context variables, error handlers.
import asyncio
import contextvars
import time

log = []


async def value(x, delay=0.0):
    await asyncio.sleep(delay)
    return x


async def fail(msg, delay=0.0):
    await asyncio.sleep(delay)
    raise ValueError(msg)


async def basics():
    print(await asyncio.gather(value(1, 0.02), value(2), value(3, 0.01)))
    print(await asyncio.gather(fail('x'), value(1), return_exceptions=True))
    try:
        await asyncio.gather(fail('first'), value(1, 0.05))
    except ValueError as e:
        print('gather raised', e)
    tasks = [asyncio.create_task(value(n, n / 50)) for n in range(3)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    print(len(done) >= 1, {t.result() for t in done} <= {0, 1, 2})
    await asyncio.gather(*pending)
    print([await f for f in asyncio.as_completed([value('slow', 0.06), value('fast', 0.0), value('middle', 0.03)])])
    try:
        await asyncio.wait_for(value(1, 5), 0.01)
    except TimeoutError as e:
        print('timeout', repr(e))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        print('timeout block')
    async with asyncio.timeout(None) as t:
        t.reschedule(asyncio.get_running_loop().time() + 10)
    print(await asyncio.wait_for(value('in time'), 5))


async def cancelling():
    async def victim():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError as e:
            log.append(('cancelled', e.args))
            raise
        finally:
            await asyncio.sleep(0)
            log.append('cleanup')

    t = asyncio.create_task(victim())
    await asyncio.sleep(0)
    print(t.cancel('why'), t.done(), t.cancelling())
    try:
        await t
    except asyncio.CancelledError as e:
        print(e.args, t.cancelled(), log)
    early = asyncio.create_task(victim())
    early.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(early.cancelled())

    async def refuses():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return 'refused'

    r = asyncio.create_task(refuses())
    await asyncio.sleep(0)
    r.cancel()
    print(await r, r.uncancel())
    inner = asyncio.create_task(value('shielded', 0.02))
    try:
        await asyncio.wait_for(asyncio.shield(inner), 0.001)
    except TimeoutError:
        print(await inner)


async def groups():
    async with asyncio.TaskGroup() as tg:
        a, b = tg.create_task(value(1)), tg.create_task(value(2, 0.01))
    print(a.result(), b.result())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fail('one'))
            tg.create_task(fail('two'))
            c = tg.create_task(value(1, 10))
    except* ValueError as g:
        print(sorted(str(e) for e in g.exceptions), c.cancelled())
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(value(1, 10))
            raise KeyError('body')
    except* KeyError as g:
        print(g.exceptions)


var = contextvars.ContextVar('var', default=0)


async def contexts():
    async def child(n):
        var.set(n)
        await asyncio.sleep(0.001 * (3 - n))
        return var.get()

    var.set(100)
    print(await asyncio.gather(*[child(n) for n in range(3)]), var.get())
    seen = []
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: seen.append(var.get()))
    var.set(200)
    ctx = contextvars.copy_context()
    ctx.run(var.set, 300)
    loop.call_soon(lambda: seen.append(var.get()), context=ctx)
    await loop.create_task(child(3), context=ctx)
    print(seen, ctx[var], var.get())


async def errors():
    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(lambda l, c: seen.append((c['message'].split('(')[0], repr(c.get('exception')))))
    loop.call_soon(lambda: 1 / 0)
    f = loop.create_future()
    f.set_result(1)

    def nested_run():
        coroutine = value(1)
        try:
            asyncio.run(coroutine)
        finally:
            coroutine.close()

    for bad in (lambda: f.set_result(2), lambda: f.set_exception(ValueError()), loop.create_future().result, nested_run,
                loop.run_forever, lambda: asyncio.create_task(5), lambda: loop.create_future().set_exception(StopIteration())):
        try:
            bad()
        except Exception as e:
            print(type(e).__name__, e)
    await asyncio.sleep(0)
    print(seen)
    t = asyncio.current_task()
    print(t.get_name().startswith('Task-'), len(asyncio.all_tasks()), t.done(), t.get_coro().__name__)
    try:
        await asyncio.gather(5)
    except TypeError as e:
        print(e)


for main in (basics, cancelling, groups, contexts, errors):
    asyncio.run(main())
for bad in (lambda: asyncio.run(5), asyncio.get_running_loop):
    try:
        bad()
    except (ValueError, RuntimeError) as e:
        print(e)


async def many():
    return sum(await asyncio.gather(*[value(n, 0.05) for n in range(2000)]))


began = time.monotonic()
print(asyncio.run(many()))
assert time.monotonic() - began < 20
with asyncio.Runner() as runner:
    print(runner.run(value('runner')), runner.run(value('again')), runner.get_loop().is_running())


async def leaves_things_behind():
    async def background():
        try:
            await asyncio.sleep(100)
        finally:
            log.append('background cancelled at the end')

    async def agen():
        try:
            yield 1
        finally:
            log.append('agen closed')

    kept.append(asyncio.create_task(background()))
    kept.append(agen())
    await kept[-1].__anext__()
    await asyncio.sleep(0)


kept = []
log.clear()
asyncio.run(leaves_things_behind())
print(sorted(log))
