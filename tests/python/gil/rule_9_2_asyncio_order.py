# Rule 9.2: the ready queue is first in, first out; an iteration runs only what was ready at its start; wake-up from threads.
import asyncio
import threading
import time

log = []


async def order():
    loop = asyncio.get_running_loop()

    def first():
        log.append('first')
        loop.call_soon(log.append, 'scheduled by first')
    loop.call_soon(first)
    loop.call_soon(log.append, 'second')
    loop.call_later(0, log.append, 'later 0')
    handle = loop.call_soon(log.append, 'cancelled')
    handle.cancel()
    await asyncio.sleep(0)
    log.append('main')
    await asyncio.sleep(0)
    await asyncio.sleep(0)


asyncio.run(order())
print(log)
log.clear()


async def step(name, n):
    for i in range(n):
        log.append((name, i))
        await asyncio.sleep(0)
    return name


async def tasks():
    made = [asyncio.create_task(step(n, 3), name='task ' + n) for n in 'abc']
    log.append('created')
    print(await asyncio.gather(*made), made[0].get_name())
    fut = asyncio.get_running_loop().create_future()
    fut.add_done_callback(lambda f: log.append('callback 1'))
    fut.add_done_callback(lambda f: log.append('callback 2'))
    fut.set_result(5)
    log.append('set')
    print(await fut)


asyncio.run(tasks())
print(log)


async def from_threads():
    loop = asyncio.get_running_loop()
    got = asyncio.Event()
    seen = []

    def call(i):
        seen.append(i)
        if len(seen) == 50:
            got.set()
    def thread(base):
        for i in range(10):
            loop.call_soon_threadsafe(call, base + i)
    threads = [threading.Thread(target=thread, args=(b * 10,)) for b in range(5)]
    for t in threads:
        t.start()
    await asyncio.wait_for(got.wait(), 10)
    for b in range(5):
        mine = [i for i in seen if i // 10 == b]
        assert mine == sorted(mine)
    began = time.monotonic()
    results = await asyncio.gather(*[loop.run_in_executor(None, time.sleep, 0.5) for _ in range(4)])
    assert time.monotonic() - began < 1.9 and results == [None] * 4  # not one after the other
    print(sorted(seen) == list(range(50)),
            await asyncio.to_thread(lambda: threading.current_thread() is not threading.main_thread()))
    future = asyncio.run_coroutine_threadsafe
    box = []
    t = threading.Thread(target=lambda: box.append(future(step('x', 2), loop).result(5)))
    t.start()
    while t.is_alive():
        await asyncio.sleep(0.001)
    print(box)


asyncio.run(from_threads())


async def timers():
    loop = asyncio.get_running_loop()
    out = []
    done = loop.create_future()
    for delay in (0.03, 0.01, 0.02):
        loop.call_later(delay, out.append, delay)
    loop.call_later(0.05, done.set_result, None)
    await done
    print(out)
    print(loop.get_debug(), loop.slow_callback_duration)


asyncio.run(timers())
