# asyncio's native task: what a coroutine may yield, futures of other kinds and loops, cancellation at every point, repr texts.
import asyncio
import collections.abc
import contextvars
import re
import types


def plain(v):
    text = re.sub(r'0x[0-9a-f]+|/\S+/', '_', str(v))
    return re.sub(r'\.py:\d+', '.py:N', text)


async def outcome(coro, **options):
    task = asyncio.get_running_loop().create_task(coro, **options)
    try:
        return 'result', await task
    except BaseException as e:
        return type(e).__name__, plain(e)


@types.coroutine
def yields(v):
    return (yield v)


async def through(v):
    return await yields(v)


class Foreign:
    """A future by protocol only."""

    def __init__(self, loop):
        self._asyncio_future_blocking = False
        self.loop = loop
        self.callbacks = []

    def get_loop(self):
        return self.loop

    def add_done_callback(self, fn, *, context=None):
        self.callbacks.append((fn, context))

    def result(self):
        return 'foreign result'

    def cancel(self, msg=None):
        self.message = msg
        return True

    def __await__(self):
        self._asyncio_future_blocking = True
        yield self
        return self.result()

    def __repr__(self):
        return '<Foreign>'


class Custom(collections.abc.Coroutine):
    """A coroutine that is no coroutine object."""

    def __init__(self, steps, end):
        self.steps = steps
        self.end = end
        self.seen = []

    def send(self, v):
        self.seen.append(v)
        if not self.steps:
            raise StopIteration(self.end)
        return self.steps.pop(0)

    def throw(self, typ, val=None, tb=None):
        self.seen.append(repr(typ))
        raise StopIteration('thrown at')

    def close(self):
        pass

    def __await__(self):
        return self


async def what_is_yielded():
    loop = asyncio.get_running_loop()
    print(await outcome(through(None)))
    print(await outcome(through(42)))
    print(await outcome(through('text')))
    print(await outcome(through(i for i in ())))
    future = loop.create_future()
    print(await outcome(through(future)))
    other_loop = asyncio.new_event_loop()
    print(await outcome(through(other_loop.create_future())))

    async def of_other():
        await other_loop.create_future()
    print(await outcome(of_other(), name='T'))
    foreign = Foreign(other_loop)

    async def wait_foreign():
        return await foreign
    print(await outcome(wait_foreign(), name='T'))
    other_loop.close()
    foreign = Foreign(loop)
    task = loop.create_task(wait_foreign())
    await asyncio.sleep(0)
    print(task._fut_waiter, len(foreign.callbacks), foreign._asyncio_future_blocking)
    fn, context = foreign.callbacks[0]
    loop.call_soon(fn, foreign, context=context)
    print(await task)
    print(await outcome(through(Foreign(loop)), name='T'))
    box = []

    async def itself():
        await box[0]
    box.append(loop.create_task(itself(), name='T'))
    try:
        await box[0]
    except RuntimeError as e:
        print(plain(e))
    custom = Custom([None, None], 'end')
    print(await loop.create_task(custom), custom.seen)
    custom = Custom([None, 5], 'end')
    print(await loop.create_task(custom), custom.seen)
    for bad in (5, None, [], print, loop.create_future()):
        try:
            asyncio.Task(bad)
        except TypeError as e:
            print(plain(e))


async def cancel_points():
    loop = asyncio.get_running_loop()
    log = []

    async def worker(how):
        if how == 'at once':
            return 'not awaited'
        try:
            await asyncio.sleep(0 if how == 'yield' else 10)
            log.append('went on')
            await asyncio.sleep(0)
        except asyncio.CancelledError as e:
            log.append(e.args)
            if how == 'swallow':
                return 'swallowed'
            if how == 'replace':
                raise KeyError('other')
            raise
        return 'ended'

    for how in ('at once', 'yield', 'wait', 'swallow', 'replace'):
        for steps in (0, 1, 2):
            task = loop.create_task(worker(how))
            for _ in range(steps):
                await asyncio.sleep(0)
            asked = task.cancel(f'{how} {steps}'), task.cancelling(), task._must_cancel, task._cancel_message
            try:
                answer = await task
            except (asyncio.CancelledError, KeyError) as e:
                answer = repr(e)
            print(how, steps, asked, answer, task.cancelled(), task.cancel(), task.uncancel(), task.uncancel(), log)
            log.clear()

    # A cancelled inner task; cancelled by itself; the same error object for who asks first only.
    inner = loop.create_task(asyncio.sleep(10))

    async def shielded():
        await asyncio.shield(inner)
    outer = loop.create_task(outcome(shielded()))
    for _ in range(3):
        await asyncio.sleep(0)
    inner.cancel('inner')
    print(await outer)

    async def suicide():
        asyncio.current_task().cancel('me')
        await asyncio.sleep(0)
    print(await outcome(suicide()))

    async def cancelled_at_its_end():
        asyncio.current_task().cancel('too late')
        return 1
    print(await outcome(cancelled_at_its_end()))
    future = loop.create_future()
    print(future.cancel('m'), future.cancel(), future.cancelled(), future._cancel_message)
    for _ in range(2):
        try:
            await future
        except asyncio.CancelledError as e:
            print(e.args)


async def callbacks_and_results():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    log = []
    var = contextvars.ContextVar('var', default=0)

    def note(f, n=0):
        log.append((n, var.get(), f.done()))

    def second(f):
        note(f, 2)
    future.add_done_callback(note)
    var.set(7)
    future.add_done_callback(second)
    future.add_done_callback(note, context=contextvars.Context())
    print(len(future._callbacks), future.remove_done_callback(print), future.remove_done_callback(note))
    future.add_done_callback(note)
    future.set_result('r')
    print(log, future.result(), future.exception(), future._callbacks)
    await asyncio.sleep(0)
    print(log)
    future.add_done_callback(second)
    await asyncio.sleep(0)
    print(log[-1])
    for call in (lambda: future.set_result(1), lambda: future.set_exception(ValueError), lambda: loop.create_future().result(),
                 lambda: loop.create_future().exception(), lambda: loop.create_future().set_exception(StopIteration),
                 lambda: loop.create_future().set_exception(5), lambda: task.set_result(1), lambda: task.set_exception(KeyError)):
        task = loop.create_task(asyncio.sleep(0))
        try:
            call()
        except Exception as e:
            print(type(e).__name__, plain(e))
    failing = loop.create_future()
    failing.set_exception(ValueError('v'))
    depths = []
    for _ in range(3):
        try:
            await failing
        except ValueError as e:
            depth, tb = 0, e.__traceback__
            while tb:
                depth, tb = depth + 1, tb.tb_next
            depths.append(depth)
    print(depths, failing.exception().__traceback__ is None)

    async def context_of_exception():
        try:
            raise KeyError('first')
        except KeyError:
            await failing
    try:
        await loop.create_task(context_of_exception())
    except ValueError as e:
        print(repr(e), repr(e.__context__))


async def texts():
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    print(plain(future), plain(repr(future)))
    future.add_done_callback(print)
    future.add_done_callback(len)
    future.add_done_callback(plain)
    print(plain(future))
    future.remove_done_callback(len)
    print(plain(future))

    async def waits():
        await future
    task = loop.create_task(waits(), name='waiter')
    print(plain(task))
    await asyncio.sleep(0)
    print(plain(task))
    print(plain(future))
    print(plain([f.f_code.co_name for f in task.get_stack()]), task.get_coro().__name__)
    task.cancel()
    print('cancelling' in repr(task))
    await asyncio.wait([task])
    print(plain(task))
    task.set_name(5)
    print(task.get_name(), task.get_stack())
    ok = loop.create_future()
    ok.set_result([1])
    bad = loop.create_future()
    bad.set_exception(OSError(2, 'x'))
    print(plain(ok), plain(bad), bad.exception().args)
    numbers = [int(loop.create_task(asyncio.sleep(0)).get_name().removeprefix('Task-')) for _ in range(3)]
    print([n - numbers[0] for n in numbers])


async def main():
    await what_is_yielded()
    await cancel_points()
    await callbacks_and_results()
    await texts()


asyncio.run(main())


# Subclasses: their own methods are used.
class MyFuture(asyncio.Future):
    def add_done_callback(self, fn, *, context=None):
        self.added = getattr(self, 'added', 0) + 1
        super().add_done_callback(fn, context=context)


class MyTask(asyncio.Task):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.extra = 'extra'

    def cancel(self, msg=None):
        return super().cancel('mine')


async def subclasses():
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coro, context=None: MyTask(coro, loop=loop, context=context))
    future = MyFuture()

    async def wait():
        return await future
    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    future.set_result('done')
    print(await task, future.added, task.extra, type(task).__name__)
    task = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError as e:
        print(e.args)


asyncio.run(subclasses())


# A loop whose get_debug changes: by the instance, by its class; and one that fails.
async def debugged():
    loop = asyncio.get_running_loop()

    def made():
        return bool(loop.create_future()._source_traceback)
    seen = [made(), made()]
    loop.get_debug = lambda: True
    seen.append(made())
    del loop.get_debug
    seen.append(made())
    original = asyncio.BaseEventLoop.get_debug
    asyncio.BaseEventLoop.get_debug = lambda self: 'yes'
    seen.append(made())
    asyncio.BaseEventLoop.get_debug = lambda self: 1 / 0
    try:
        made()
    except ZeroDivisionError as e:
        seen.append(str(e))
    asyncio.BaseEventLoop.get_debug = original
    seen.append(made())
    return seen


print(asyncio.run(debugged()))


# Entering and leaving tasks by hand.
async def current():
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    for _ in range(20):
        for bad in (lambda: asyncio.tasks._enter_task(loop, task), lambda: asyncio.tasks._leave_task(loop, None)):
            try:
                bad()
            except RuntimeError as e:
                assert 'task' in str(e)
            else:
                print('no error')
            assert asyncio.current_task() is task
        asyncio.tasks._leave_task(loop, task)
        assert asyncio.current_task() is None
        asyncio.tasks._enter_task(loop, task)
        await asyncio.sleep(0)
    return asyncio.current_task() is task


print(asyncio.run(current()))
