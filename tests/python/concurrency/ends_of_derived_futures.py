# Futures and tasks of classes derived from asyncio's: whether they end with a report, or with a __del__ of their own.
import asyncio
import gc


class Plain(asyncio.Future):
    pass


class Deleted(asyncio.Future):
    def __del__(self):
        print('deleted', self.done())
        super().__del__()


class PlainTask(asyncio.Task):
    pass


async def fail():
    raise KeyError('in a task')


async def main(kind):
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: print(context['message'], repr(context.get('exception'))))
    if kind == 'failed':
        Plain().set_exception(ValueError('lost'))
    elif kind == 'retrieved':
        future = Plain()
        future.set_exception(ValueError('seen'))
        print(repr(future.exception()))
    elif kind == 'twice':
        future = Plain()
        future.set_exception(ValueError('first'))
        future.__init__()
        future.set_exception(ValueError('second'))
    elif kind == 'deleted':
        Deleted().set_result(1)
        Deleted().set_exception(ValueError('lost'))
    elif kind == 'task':
        task = PlainTask(fail(), loop=loop)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task
    elif kind == 'gathered':
        gathered = asyncio.gather(fail(), fail(), return_exceptions=True)
        print(await gathered)
        lost = asyncio.gather(fail())
        await asyncio.sleep(0.01)
        del lost
    future = None
    gc.collect()


for kind in 'failed', 'retrieved', 'twice', 'deleted', 'task', 'gathered':
    print(kind)
    asyncio.run(main(kind))
    gc.collect()
