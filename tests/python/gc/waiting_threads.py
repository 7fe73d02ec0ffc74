# What a thread has let go of is dead at the next gc.collect(), whatever is left of it on the C++ stack of the thread that waits: for a
# lock, a queue, a moment, or for its turn to run bytecode. A thousand times each.
# timeout: 120
# no-tsan
import _queue
import gc
import multiprocessing.pool
import threading
import time
import weakref


class Thing:
    def __init__(self):
        self.items = [self]


def use(ref):
    thing = ref()
    list(map(id, thing.items))
    sorted([thing, thing], key=id)
    {**vars(thing)}
    str(thing)


class Worker:
    """Uses what it is told to and then waits in its own manner."""

    def __init__(self, wait):
        self.wait, self.jobs, self.done = wait, _queue.SimpleQueue(), threading.Semaphore(0)
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self):
        while (ref := self.jobs.get()) is not None:
            use(ref)
            self.done.release()
            self.wait()

    def kept(self, times, settle=0.0):
        """How many of so many things were alive after a collection."""
        alive = 0
        for _ in range(times):
            thing = Thing()
            ref = weakref.ref(thing)
            self.jobs.put(ref)
            self.done.acquire()
            if settle:
                time.sleep(settle)
            del thing
            gc.collect()
            alive += ref() is not None
        self.jobs.put(None)
        return alive


class IteratingWorker(Worker):
    """Gets its jobs by an iterator."""

    def work(self):
        for ref in iter(self.jobs.get, None):
            use(ref)
            self.done.release()


def nothing():
    pass


worker = Worker(nothing)
print('queue', worker.kept(1000))
worker.thread.join()

worker = IteratingWorker(nothing)
print('iterator', worker.kept(1000))
worker.thread.join()

lock = threading.Lock()
worker = Worker(lambda: lock.acquire(timeout=0.0002))
lock.acquire()
print('lock', worker.kept(1000))
worker.thread.join()

rlock = threading.RLock()
worker = Worker(lambda: rlock.acquire(timeout=0.0002) and rlock.release())
rlock.acquire()
print('rlock', worker.kept(1000))
worker.thread.join()

worker = Worker(lambda: time.sleep(0.0002))
print('sleep', worker.kept(1000))
worker.thread.join()


def busy():
    until = time.perf_counter() + 0.0002
    while time.perf_counter() < until:
        pass


worker = Worker(busy)
print('turn', worker.kept(1000))
worker.thread.join()


# A pool of threads hands arguments and results from queue to queue.
with multiprocessing.pool.ThreadPool(4) as pool:
    alive = 0
    for _ in range(100):
        things = [Thing() for _ in range(10)]
        refs = [weakref.ref(thing) for thing in things]
        pool.map(id, things)
        del things
        time.sleep(0.002)
        gc.collect()
        if any(ref() is not None for ref in refs):  # a thread that was slow to come to rest, or one that rests and keeps them
            time.sleep(0.2)
            gc.collect()
        alive += sum(ref() is not None for ref in refs)
print('pool', alive)
