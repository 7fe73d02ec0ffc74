# Rule 9.3: the loop refers to tasks weakly; what nobody holds any more and has not ended is reported when it is collected.
import asyncio
import gc
import weakref

reports = []


def handler(loop, context):
    reports.append((context['message'], sorted(context), type(context.get('exception')).__name__))


async def forever():
    await asyncio.get_running_loop().create_future()


async def fail():
    raise ValueError('lost')


def all_of_this_loop():
    return len(asyncio.all_tasks())


async def main():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    kept = asyncio.create_task(forever(), name='kept')
    ref = weakref.ref(kept)
    asyncio.create_task(forever())
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0)
    print(reports, all_of_this_loop(), ref() is kept)
    reports.clear()
    # The exception of a task that nobody asked for.
    asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gc.collect()
    await asyncio.sleep(0)
    print(reports)
    reports.clear()
    # Asked for, or cancelled: no report.
    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    print(repr(task.exception()), task.done(), all_of_this_loop())
    del task
    future = loop.create_future()
    future.set_exception(KeyError('f'))
    future.cancel()
    del future
    gc.collect()
    await asyncio.sleep(0)
    print(reports)
    future = loop.create_future()
    future.set_exception(KeyError('f'))
    del future
    gc.collect()
    await asyncio.sleep(0)
    print(reports)
    kept.cancel()
    try:
        await kept
    except asyncio.CancelledError:
        print('cancelled', all_of_this_loop())


asyncio.run(main())
