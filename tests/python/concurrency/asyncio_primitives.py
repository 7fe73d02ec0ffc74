# asyncio: locks, events, conditions, semaphores, barriers and queues.
import asyncio


async def locks():
    lock, order = asyncio.Lock(), []

    async def use(n):
        async with lock:
            order.append(n)
            await asyncio.sleep(0)
            order.append(n)

    await asyncio.gather(*[use(n) for n in range(3)])
    print(order, lock.locked())
    event = asyncio.Event()
    waiters = [asyncio.create_task(event.wait()) for _ in range(2)]
    await asyncio.sleep(0)
    event.set()
    print(await asyncio.gather(*waiters), event.is_set())
    event.clear()
    print(event.is_set())


async def conditions():
    cond, items = asyncio.Condition(), []

    async def consumer():
        async with cond:
            await cond.wait_for(lambda: items)
            return items.pop()

    consumers = [asyncio.create_task(consumer()) for _ in range(2)]
    await asyncio.sleep(0)
    async with cond:
        items.extend('ab')
        cond.notify_all()
    print(sorted(await asyncio.gather(*consumers)))
    try:
        cond.notify()
    except RuntimeError as e:
        print(e)


async def semaphores():
    sem, inside, most = asyncio.Semaphore(2), 0, 0

    async def limited():
        nonlocal inside, most
        async with sem:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*[limited() for _ in range(6)])
    barrier = asyncio.Barrier(2)
    print(most, sem.locked(), sorted(await asyncio.gather(barrier.wait(), barrier.wait())))
    for bad in (asyncio.Lock().release, asyncio.BoundedSemaphore(1).release, lambda: asyncio.Semaphore(-1)):
        try:
            bad()
        except (RuntimeError, ValueError) as e:
            print(type(e).__name__, e)


async def queues():
    q = asyncio.Queue(2)

    async def produce():
        for n in range(5):
            await q.put(n)
        await q.put(None)

    producer = asyncio.create_task(produce())
    got = []
    while (x := await q.get()) is not None:
        got.append(x)
        q.task_done()
    q.task_done()
    await q.join()
    await producer
    print(got, q.empty(), q.maxsize)
    priority, lifo = asyncio.PriorityQueue(), asyncio.LifoQueue()
    for n in (2, 1, 3):
        priority.put_nowait(n)
        lifo.put_nowait(n)
    print([priority.get_nowait() for _ in range(3)], [lifo.get_nowait() for _ in range(3)])
    q.put_nowait(1), q.put_nowait(2)
    for bad in (lambda: q.put_nowait(3), lifo.get_nowait, lambda: [q.task_done() for _ in range(9)]):
        try:
            bad()
        except Exception as e:
            print(type(e).__name__, e)


for main in (locks, conditions, semaphores, queues):
    asyncio.run(main())
