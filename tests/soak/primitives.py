"""Activities of soak.py: every primitive of threading, queue, concurrent.futures, contextvars, asyncio and multiprocessing, used
at random by several threads or processes at once, with what must hold afterwards.

Each function takes the random generator of its lane. What a thread does is drawn from a generator of its own, made from the
lane's: so the choices of a seed are the same whatever the schedule (`-X gil_policy=seeded -X gil_seed=N` repeats that, too).
"""
import asyncio
import collections
import concurrent.futures
import contextlib
import contextvars
import gc
import multiprocessing
import queue
import random
import threading
import time
import weakref

LIMIT = 90  # seconds after which a wait that must end is a failure


def run_threads(rng, count, body):
    """body(k, generator) in `count` threads; the first error of one is raised here."""
    errors, generators = [], [random.Random(rng.random()) for _ in range(count)]

    def guarded(k):
        try:
            body(k, generators[k])
        except BaseException as e:
            errors.append(e)
    threads = [threading.Thread(target=guarded, args=(k,)) for k in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(LIMIT)
        assert not t.is_alive() or errors, 'a thread does not end'
    if errors:
        raise errors[0]


def dawdle(rng):
    """What a thread does while it has something that others wait for."""
    r = rng.random()
    if r < 0.5:
        return
    if r < 0.8:
        sum(range(rng.randint(1, 300)))
    elif r < 0.95:
        time.sleep(0)
    else:
        time.sleep(rng.random() * 0.001)


# --- locks ---------------------------------------------------------------------------------------------------------------------

class Exclusive:
    """A Lock, an RLock or a Condition's lock: one owner at a time, and what it counts is exact."""

    def __init__(self, lock, most):
        self.lock, self.most, self.owner, self.count = lock, most, None, 0

    def acquire(self, rng):
        r = rng.random()
        if r < 0.6:
            return self.lock.acquire()
        return self.lock.acquire(False) if r < 0.8 else self.lock.acquire(True, rng.random() * 0.002)

    def use(self, me, rng):
        depth = rng.randint(1, self.most)
        assert self.owner is None
        self.owner = me
        for _ in range(depth - 1):
            assert self.lock.acquire(*rng.choice([(), (False,), (True, 0.001)]))
        seen = self.count
        dawdle(rng)
        self.count = seen + 1
        assert self.owner is me
        for _ in range(depth - 1):
            self.lock.release()
            assert self.owner is me
        self.owner = None
        self.lock.release()

    def check(self, used):
        assert self.count == used, (self.lock, self.count, used)
        assert self.lock.acquire(False)
        self.lock.release()


class Places:
    """A semaphore: never more inside than it has places, and all are free in the end."""

    def __init__(self, kind, places):
        self.lock, self.places = kind(places), places
        self.inside, self.count, self.guard = 0, 0, threading.Lock()

    def acquire(self, rng):
        r = rng.random()
        if r < 0.6:
            return self.lock.acquire()
        return self.lock.acquire(False) if r < 0.8 else self.lock.acquire(True, rng.random() * 0.002)

    def use(self, me, rng):
        with self.guard:
            self.inside += 1
            self.count += 1
            assert self.inside <= self.places
        dawdle(rng)
        with self.guard:
            self.inside -= 1
        self.lock.release()

    def check(self, used):
        assert self.count == used and self.inside == 0
        assert [self.lock.acquire(False) for _ in range(self.places + 1)] == [True] * self.places + [False]
        self.lock.release(self.places)


def locks_at_random(rng):
    """Locks of all kinds, taken blocking, trying and with a limit of time, one and several at once."""
    makers = [lambda: Exclusive(threading.Lock(), 1), lambda: Exclusive(threading.RLock(), 4),
              lambda: Exclusive(threading.Condition(), 3), lambda: Exclusive(threading.Condition(threading.Lock()), 1),
              lambda: Places(threading.Semaphore, rng.randint(1, 3)),
              lambda: Places(threading.BoundedSemaphore, rng.randint(1, 3))]
    things = [rng.choice(makers)() for _ in range(rng.randint(1, 4))]
    count, rounds = rng.randint(2, 8), rng.randint(20, 300)
    used = [collections.Counter() for _ in range(count)]

    def body(k, rng):
        me = object()

        def take(rest):  # in one order, so that nobody waits in a circle
            if not rest:
                return
            thing = things[rest[0]]
            if thing.acquire(rng):
                if len(rest) > 1 and isinstance(thing, Places):
                    take(rest[1:])
                used[k][rest[0]] += 1
                thing.use(me, rng)
            else:
                take(rest[1:])
        for _ in range(rounds):
            take(sorted(rng.sample(range(len(things)), rng.randint(1, len(things)))))
    run_threads(rng, count, body)
    total = sum(used, collections.Counter())
    for i, thing in enumerate(things):
        thing.check(total[i])


def turns_at_random(rng):
    """A ring of threads that wake each other in turn: by locks that others release, semaphores, events, conditions, queues."""
    count, rounds = rng.randint(2, 6), rng.randint(10, 200)

    def by_lock():
        lock = threading.Lock()
        lock.acquire()
        return lock.acquire, lock.release

    def by_semaphore():
        semaphore = threading.Semaphore(0)
        return semaphore.acquire, semaphore.release

    def by_event():
        event = threading.Event()

        def wait():
            assert event.wait(LIMIT)
            event.clear()
        return wait, event.set

    def by_condition():
        condition, here = threading.Condition(), [False]

        def wait():
            with condition:
                assert condition.wait_for(lambda: here[0], LIMIT)
                here[0] = False

        def wake():
            with condition:
                here[0] = True
                condition.notify()
        return wait, wake

    def by_queue():
        q = rng.choice([queue.SimpleQueue, queue.Queue, queue.LifoQueue])()
        return (lambda: q.get(timeout=LIMIT)), (lambda: q.put(1))
    ring = [rng.choice([by_lock, by_semaphore, by_event, by_condition, by_queue])() for _ in range(count)]
    order = []

    def body(k, rng):
        for _ in range(rounds):
            ring[k][0]()
            order.append(k)
            dawdle(rng)
            ring[(k + 1) % count][1]()
    ring[0][1]()
    run_threads(rng, count, body)
    assert order == [*range(count)] * rounds


def barriers_at_random(rng):
    """A barrier over many rounds, broken now and then, by abort() or by one that doesn't wait long enough."""
    count, rounds = rng.randint(2, 6), rng.randint(2, 40)
    acted, indexes = [], [[] for _ in range(rounds)]
    barrier = threading.Barrier(count, lambda: acted.append(1))
    breaks = {r: rng.choice(['abort', 'timeout']) for r in range(rounds) if rng.random() < 0.2}
    again = threading.Barrier(count)
    broken = collections.Counter()

    def body(k, rng):
        for r in range(rounds):
            if r not in breaks:
                indexes[r].append(barrier.wait(LIMIT))
                continue
            again.wait(LIMIT)  # a thread that isn't out yet would be told, too
            try:
                if k == count - 1:  # the one that they wait for
                    if breaks[r] == 'abort':
                        barrier.abort()
                    raise threading.BrokenBarrierError
                barrier.wait(rng.random() * 0.002 if k == 0 and breaks[r] == 'timeout' else LIMIT)
                assert False, 'the barrier was broken'
            except threading.BrokenBarrierError:
                broken[r, k] += 1
            again.wait(LIMIT)
            assert barrier.broken
            if again.wait(LIMIT) == 0:
                barrier.reset()
            again.wait(LIMIT)
            assert not barrier.broken
    run_threads(rng, count, body)
    assert len(acted) == rounds - len(breaks)
    assert all(sorted(i) == list(range(count)) for r, i in enumerate(indexes) if r not in breaks)
    assert len(broken) == len(breaks) * count and set(broken.values()) <= {1}


def buffer_at_random(rng):
    """A bounded buffer by one condition (or two on one lock), with waits that end by themselves: no notification is lost."""
    lock = threading.RLock() if rng.random() < 0.5 else threading.Lock()
    filled = threading.Condition(lock)
    emptied = threading.Condition(lock) if rng.random() < 0.5 else filled
    room, items, taken = rng.randint(1, 4), [], []
    makers, users, each = rng.randint(1, 4), rng.randint(1, 4), rng.randint(10, 200)
    left = [makers * each]
    wake = (lambda c: c.notify()) if emptied is not filled else (lambda c: c.notify_all())

    def body(k, rng):
        if k < makers:
            for i in range(each):
                with emptied:
                    while len(items) >= room:
                        emptied.wait(rng.choice([None, None, None, rng.random() * 0.002]))
                    items.append((k, i))
                    wake(filled)
            return
        while True:
            with filled:
                while not items and left[0]:
                    filled.wait(rng.choice([None, None, None, rng.random() * 0.002]))
                if not left[0]:
                    return
                left[0] -= 1
                taken.append(items.pop(0))
                wake(emptied)
                if not left[0]:
                    filled.notify_all()
    run_threads(rng, makers + users, body)
    for k in range(makers):
        assert [i for who, i in taken if who == k] == list(range(each))


# --- queues --------------------------------------------------------------------------------------------------------------------

def queues_at_random(rng):
    """Several that put and several that get, by all ways: nothing is lost or given twice, the order is the queue's."""
    kind = rng.choice([queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue])
    q = kind() if kind is queue.SimpleQueue else kind(rng.choice([0, 1, 2, 7]))
    putters, getters, each = rng.randint(1, 5), rng.randint(1, 5), rng.randint(10, 300)
    got = [[] for _ in range(getters)]
    done = threading.Event()
    count = threading.Semaphore(putters * each)  # how many may still be taken

    def put(item, rng):
        while True:
            try:
                r = rng.random()
                if r < 0.6:
                    return q.put(item)
                return q.put_nowait(item) if r < 0.8 else q.put(item, timeout=rng.random() * 0.002)
            except queue.Full:
                time.sleep(0)

    def body(k, rng):
        if k < putters:
            for i in range(each):
                put((i, k), rng)
            return
        while count.acquire(False):
            while True:
                try:
                    r = rng.random()
                    item = q.get() if r < 0.6 else q.get_nowait() if r < 0.8 else q.get(timeout=rng.random() * 0.002)
                    break
                except queue.Empty:
                    time.sleep(0)
            got[k - putters].append(item)
            if kind is not queue.SimpleQueue:
                q.task_done()

    def await_tasks():
        q.join()
        done.set()
    run_threads(rng, putters + getters, body)
    assert q.empty() and q.qsize() == 0
    if kind is not queue.SimpleQueue:
        threading.Thread(target=await_tasks).start()
        assert done.wait(LIMIT), 'tasks are not done'
    assert sorted(item for one in got for item in one) == sorted((i, k) for i in range(each) for k in range(putters))
    if kind in (queue.Queue, queue.SimpleQueue):
        for one in got:
            for k in range(putters):
                seen = [i for i, who in one if who == k]
                assert seen == sorted(seen)


# --- what belongs to a thread --------------------------------------------------------------------------------------------------

class Local(threading.local):
    made = 0

    def __init__(self, first):
        self.items = [first]


class Held:
    pass


def locals_at_random(rng):
    """Thread-local values and context variables are nobody else's, and what they hold ends with the thread."""
    plain, special, variable = threading.local(), Local('first'), contextvars.ContextVar('v', default=None)
    variable.set('outer')
    shared = contextvars.copy_context()
    count, rounds, refused, entered, dead = rng.randint(2, 8), rng.randint(5, 100), [], [], []

    def enter(rng):
        entered.append(1)
        seen = variable.get()
        assert seen == 'outer' or isinstance(seen, int)
        variable.set(rng.randint(0, 9))
        dawdle(rng)

    def body(k, rng):
        held = plain.held = Held()
        dead.append(weakref.ref(held))
        del held
        assert variable.get() is None and special.items == ['first']
        for i in range(rounds):
            plain.value = special.value = (k, i)
            special.items.append(i)
            token = variable.set((k, i))
            dawdle(rng)
            if rng.random() < 0.2:
                try:
                    shared.run(enter, rng)
                except RuntimeError:  # another thread is in it
                    refused.append(1)
            assert plain.value == special.value == variable.get() == (k, i)
            assert contextvars.copy_context().run(lambda: (variable.set('inner'), variable.get())[1]) == 'inner'
            assert variable.get() == (k, i)
            variable.reset(token)
        assert special.items == ['first', *range(rounds)] and variable.get() is None
    run_threads(rng, count, body)
    assert variable.get() == 'outer' and not hasattr(plain, 'value') and special.items == ['first']
    end = time.monotonic() + LIMIT
    while any(r() for r in dead):
        gc.collect()
        assert time.monotonic() < end, "a thread's local value lives on"


# --- futures -------------------------------------------------------------------------------------------------------------------

def futures_at_random(rng):
    """Futures raced for by those who cancel, who answer and who wait; callbacks are called once each."""
    futures = [concurrent.futures.Future() for _ in range(rng.randint(1, 60))]
    called, ended = collections.Counter(), [[] for _ in futures]

    def body(k, rng):
        for i in rng.sample(range(len(futures)), len(futures)):
            f = futures[i]
            f.add_done_callback(lambda f, i=i, k=k: called.update([(i, k)]) if f.done() else called.update(['too early']))
            if k == 0:
                if f.set_running_or_notify_cancel():
                    dawdle(rng)
                    f.set_exception(KeyError(i)) if i % 5 == 0 else f.set_result(i)
                    ended[i].append('answered')
                else:
                    ended[i].append('cancelled')
            elif rng.random() < 0.3:
                if f.cancel():
                    assert f.cancelled()
            elif rng.random() < 0.5:
                with contextlib.suppress(concurrent.futures.TimeoutError, concurrent.futures.CancelledError, KeyError):
                    assert f.result(rng.random() * 0.002) == i
    run_threads(rng, rng.randint(2, 5), body)
    done, pending = concurrent.futures.wait(futures, LIMIT)
    assert not pending and len(done) == len(futures) and set(called.values()) <= {1} and 'too early' not in called
    for i, f in enumerate(futures):
        assert ended[i] == ['cancelled' if f.cancelled() else 'answered']
        if not f.cancelled():
            assert isinstance(f.exception(), KeyError) if i % 5 == 0 else f.result() == i


def executors_at_random(rng):
    """Threads that submit to executors, and from within; as_completed, wait, map; shut down while busy."""
    ran, count = collections.Counter(), rng.randint(2, 5)
    guard, made, ends_early, cancels = threading.Lock(), [], rng.random() < 0.4, rng.random() < 0.5

    def work(key, deep, pool, seed):
        rng = random.Random(seed)
        with guard:
            ran[key] += 1
        dawdle(rng)
        if deep:
            with contextlib.suppress(RuntimeError):  # shut down meanwhile
                f = pool.submit(work, (key, deep), deep - 1, pool, rng.random())
                with guard:
                    made.append(((key, deep), f))
        return key
    pool = concurrent.futures.ThreadPoolExecutor(rng.randint(1, 4))

    def body(k, rng):
        mine = []
        for i in range(rng.randint(1, 40)):
            try:
                f = pool.submit(work, (k, i), rng.randint(0, 3), pool, rng.random())
            except RuntimeError:
                break
            mine.append(f)
            with guard:
                made.append(((k, i), f))
            if rng.random() < 0.1:
                f.cancel()
        if k == 0 and ends_early:
            pool.shutdown(wait=rng.random() < 0.5, cancel_futures=cancels)
        if ends_early and cancels:  # nobody tells as_completed() of what shutdown() cancelled, in 3.11
            for f in mine:
                with contextlib.suppress(concurrent.futures.CancelledError):
                    f.result(LIMIT)
            return
        assert set(concurrent.futures.as_completed(mine, LIMIT)) == set(mine)
        assert not concurrent.futures.wait(mine, LIMIT).not_done
    run_threads(rng, count, body)
    pool.shutdown(wait=True)
    for key, f in made:
        assert f.done() and ran[key] == (not f.cancelled()), (key, f, ran[key])
        assert f.cancelled() or f.result() == key
    assert sum(ran.values()) == sum(not f.cancelled() for _, f in made)


# --- an event loop and threads -------------------------------------------------------------------------------------------------

def loop_at_random(rng):
    """Threads that ask a loop for coroutines, cancel them, call into it; within it locks, queues, and threads for what blocks."""
    loop, variable = asyncio.new_event_loop(), contextvars.ContextVar('variable', default=0)
    runner = threading.Thread(target=loop.run_forever)
    runner.start()
    counts, calls = collections.Counter(), []

    async def make():
        return (asyncio.Lock(), asyncio.Semaphore(2), asyncio.Queue(3), asyncio.Event(), asyncio.Condition())
    lock, semaphore, passed, event, condition = asyncio.run_coroutine_threadsafe(make(), loop).result(LIMIT)
    inside, turn = collections.Counter(), [0]

    async def ask(key, what, nap):
        counts['begun'] += 1
        variable.set(key)
        try:
            if what == 0:
                async with lock:
                    inside['lock'] += 1
                    assert inside['lock'] == 1
                    try:
                        await asyncio.sleep(nap)
                    finally:
                        inside['lock'] -= 1
            elif what == 1:
                async with semaphore:
                    inside['places'] += 1
                    assert inside['places'] <= 2
                    try:
                        await asyncio.sleep(nap)
                    finally:
                        inside['places'] -= 1
            elif what == 2:
                assert await asyncio.to_thread(lambda: (time.sleep(nap), variable.get())[1]) == key
            elif what == 3:
                await asyncio.wait_for(asyncio.shield(asyncio.gather(asyncio.sleep(nap), asyncio.sleep(0))), LIMIT)
            elif what == 4:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(event.wait(), nap)
            elif what == 5:
                async with condition:
                    turn[0] += 1
                    condition.notify_all()
                    seen = turn[0]
                    await condition.wait_for(lambda: turn[0] >= seen)
            else:
                await passed.put(key)
                assert await passed.get() is not None
            assert variable.get() == key
            counts['done'] += 1
            return key
        except asyncio.CancelledError:
            counts['cancelled'] += 1
            raise
    results = collections.Counter()

    def body(k, rng):
        futures = []
        for i in range(rng.randint(1, 60)):
            nap = rng.choice([0, 0, rng.random() * 0.002])
            futures.append(((k, i), asyncio.run_coroutine_threadsafe(ask((k, i), rng.randrange(7), nap), loop)))
            if rng.random() < 0.3:
                loop.call_soon_threadsafe(calls.append, (k, i))
                results[k, 'calls'] += 1
            if rng.random() < 0.15:
                rng.choice(futures)[1].cancel()
            dawdle(rng)
        for key, f in futures:
            try:
                assert f.result(LIMIT) == key
            except concurrent.futures.CancelledError:
                results[k, 'cancelled'] += 1
            else:
                results[k, 'done'] += 1
    run_threads(rng, rng.randint(1, 5), body)

    async def rest():
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=LIMIT)
        await asyncio.sleep(0)
        await loop.shutdown_default_executor()
        return lock.locked(), semaphore.locked(), passed.qsize(), [t for t in others if not t.done()]
    state = asyncio.run_coroutine_threadsafe(rest(), loop).result(LIMIT)
    loop.call_soon_threadsafe(loop.stop)
    runner.join(LIMIT)
    assert not runner.is_alive()
    loop.close()
    assert not state[0] and not state[1] and not state[3], state
    assert not inside['lock'] and not inside['places']
    totals = collections.Counter()
    for (_, what), n in results.items():
        totals[what] += n
    assert counts['begun'] == counts['done'] + counts['cancelled'], counts
    # A future may be cancelled before its coroutine begins, or when it has just ended.
    assert counts['done'] >= totals['done'], (counts, totals)
    assert len(calls) == totals['calls'] and len(set(calls)) == len(calls)
    for k in {k for k, _ in calls}:
        mine = [i for who, i in calls if who == k]
        assert mine == sorted(mine)


# --- processes -----------------------------------------------------------------------------------------------------------------

def process_context(rng):
    return multiprocessing.get_context(rng.choice(['fork', 'fork', 'fork', 'spawn', 'forkserver']))


def end_processes(processes, expected=0):
    for p in processes:
        p.join(LIMIT)
    # Another thread's active_children() may have asked the kernel first: its answer is stored a moment later.
    end = time.monotonic() + LIMIT
    while any(p.exitcode is None for p in processes):
        assert time.monotonic() < end, [p.exitcode for p in processes]
        time.sleep(0.001)
    # Of two threads that read a fork server's answer one gets 255, as in 3.11.
    assert all(p.exitcode in (expected, 255) for p in processes), [p.exitcode for p in processes]


def pass_on(source, target, seed):
    rng = random.Random(seed)
    while (item := source.get()) is not None:
        dawdle(rng)
        target.put(item)
    target.put(None)


def process_queues_at_random(rng):
    """Queues between processes, several at both ends: each item once, those of one process in order."""
    context, count, each = process_context(rng), rng.randint(1, 3), rng.randint(5, 150)
    kind = rng.choice([context.Queue, context.SimpleQueue, context.JoinableQueue])
    source, target = kind(), kind()
    processes = [context.Process(target=pass_on, args=(source, target, rng.random())) for _ in range(count)]
    for p in processes:
        p.start()
    putters = rng.randint(1, 3)

    def body(k, rng):
        for i in range(each):
            source.put((k, i, b'x' * rng.choice([0, 0, 0, 10, 70000])))
    feeder = threading.Thread(target=lambda: (run_threads(rng, putters, body), [source.put(None) for _ in range(count)]))
    feeder.start()
    got, ended = [], 0
    while ended < count:
        item = target.get()
        ended += item is None
        if item is not None:
            got.append(item[:2])
    feeder.join(LIMIT)
    end_processes(processes)
    assert sorted(got) == [(k, i) for k in range(putters) for i in range(each)]
    if count == 1:
        for k in range(putters):
            assert [i for who, i in got if who == k] == list(range(each))
    for q in (source, target):
        q.close()
        if hasattr(q, 'join_thread'):
            q.join_thread()


def count_up(number, plain, guard, semaphore, inside, barrier, event, condition, rounds, seed):
    rng = random.Random(seed)
    barrier.wait(LIMIT)
    for _ in range(rounds):
        with number.get_lock():
            number.value += 1
        with guard:
            seen = plain[0]
            dawdle(rng)
            plain[0] = seen + 1
        with semaphore:
            with inside.get_lock():
                inside[0] += 1
                inside[1] = max(inside[:])
            dawdle(rng)
            with inside.get_lock():
                inside[0] -= 1
    with condition:
        inside[2] += 1
        condition.notify_all()
    assert event.wait(LIMIT)


def process_locks_at_random(rng):
    """Shared numbers and arrays under locks of processes; a barrier, a semaphore, an event, a condition."""
    context, count, rounds = process_context(rng), rng.randint(1, 3), rng.randint(5, 150)
    number, plain, guard = context.Value('q', 0), context.Array('q', 4, lock=False), rng.choice([context.Lock, context.RLock])()
    places = rng.randint(1, 2)
    semaphore, inside = context.BoundedSemaphore(places), context.Array('i', 3)
    barrier, event, condition = context.Barrier(count + 1), context.Event(), context.Condition()
    shared = (number, plain, guard, semaphore, inside, barrier, event, condition, rounds)
    processes = [context.Process(target=count_up, args=(*shared, rng.random())) for _ in range(count)]
    for p in processes:
        p.start()
    barrier.wait(LIMIT)
    with condition:
        assert condition.wait_for(lambda: inside[2] == count, LIMIT)
    assert all(p.is_alive() for p in processes)
    event.set()
    end_processes(processes)
    assert number.value == plain[0] == count * rounds
    assert inside[0] == 0 and 1 <= inside[1] <= max(places, 1) + 1, inside[:]
    assert [semaphore.acquire(False) for _ in range(places + 1)] == [True] * places + [False]


def use_proxies(items, table, lock, number, q, me, rounds):
    for i in range(rounds):
        items.append((me, i))
        with lock:
            table['sum'] = table.get('sum', 0) + i
            number.value += 1
        q.put((me, i))


def managers_at_random(rng):
    """Proxies of a manager's objects, from threads and from processes."""
    context, rounds = process_context(rng), rng.randint(1, 25)
    with context.Manager() as manager:
        items, table, lock, number, q = manager.list(), manager.dict(), manager.Lock(), manager.Value('i', 0), manager.Queue()
        processes = [context.Process(target=use_proxies, args=(items, table, lock, number, q, ('process', k), rounds))
                     for k in range(rng.randint(0, 2))]
        for p in processes:
            p.start()
        threads = rng.randint(1, 3)
        run_threads(rng, threads, lambda k, rng: use_proxies(items, table, lock, number, q, ('thread', k), rounds))
        end_processes(processes)
        users = [('process', k) for k in range(len(processes))] + [('thread', k) for k in range(threads)]
        for of in ([*items], [q.get(timeout=LIMIT) for _ in range(len(users) * rounds)]):
            for me in users:
                assert [i for who, i in of if who == me] == list(range(rounds))
        assert q.empty() and number.value == len(users) * rounds and table['sum'] == len(users) * sum(range(rounds))


ALL = [locks_at_random, turns_at_random, barriers_at_random, buffer_at_random, queues_at_random, locals_at_random,
       futures_at_random, executors_at_random, loop_at_random, process_queues_at_random, process_locks_at_random,
       managers_at_random]
