# Loops in several threads at once: tasks, futures, callbacks from one to another, all_tasks while tasks come and go, contexts.
# timeout: 120
import asyncio
import contextvars
import threading

THREADS, ROUNDS, TASKS = 4, 20, 25
var = contextvars.ContextVar('var')
results = []
loops = {}
ready = threading.Barrier(THREADS)


async def leaf(i):
    var.set(i)
    await asyncio.sleep(0)
    assert var.get() == i
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, i)
    return await future + asyncio.current_task().cancelling()


async def answer(x):
    await asyncio.sleep(0)
    return x * 2


async def main(n):
    loop = loops[n] = asyncio.get_running_loop()
    await asyncio.to_thread(ready.wait)
    total = 0
    for r in range(ROUNDS):
        tasks = [asyncio.create_task(leaf(i)) for i in range(TASKS)]
        seen = asyncio.all_tasks()
        assert seen >= set(tasks) and len(seen) <= TASKS + 1 + THREADS and all(t.get_loop() is loop for t in seen)
        total += sum(await asyncio.gather(*tasks))
        # Work for the neighbour's loop, waited for in this one.
        future = asyncio.run_coroutine_threadsafe(answer(r), loops[(n + 1) % THREADS])
        total += await asyncio.wrap_future(future)
        victim = asyncio.create_task(asyncio.sleep(100))
        await asyncio.sleep(0)
        victim.cancel()
        try:
            await victim
        except asyncio.CancelledError:
            total += 1000
    results.append(total)
    while len(results) < THREADS:  # the others may still need this loop
        await asyncio.sleep(0.001)


threads = [threading.Thread(target=asyncio.run, args=(main(n),)) for n in range(THREADS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), set(results))
assert not asyncio.tasks._current_tasks, asyncio.tasks._current_tasks
