# _queue.SimpleQueue: order, timeouts, signals while waiting, puts from anywhere, many producers and consumers.
import _queue
import gc
import signal
import threading
import time
import weakref

q = _queue.SimpleQueue()
for attempt in (lambda: q.get(False), lambda: q.get_nowait(), lambda: q.get(timeout=-1), lambda: q.get(True, -1), lambda: q.get(False, -1),
                lambda: q.get(True, "a"), lambda: q.put(), lambda: q.put(1, 2, 3, 4), lambda: q.put(1, timeout=-5),
                lambda: _queue.SimpleQueue(1), lambda: _queue.SimpleQueue(a=1), lambda: _queue.SimpleQueue[int], lambda: q.get(1, 2, 3),
                lambda: q.get(bad=1), lambda: q.get(timeout=0.01), lambda: q.get(timeout=0.01), lambda: q.get(True, float("nan")),
                lambda: q.empty(), lambda: q.qsize(), lambda: q.put_nowait(3), lambda: q.qsize(), lambda: q.empty(), lambda: q.get()):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
for i in range(1000):
    q.put(i)
    if i % 3 == 0:
        q.put(-i)
        assert q.get() is not None
print(q.qsize(), q.get(), q.get())
assert weakref.ref(q)() is q


class Sub(_queue.SimpleQueue):
    def __init__(self, a):
        self.a = a


print(Sub(1).a, Sub(2).qsize())

# A timeout is kept.
q = _queue.SimpleQueue()
start = time.monotonic()
try:
    q.get(timeout=0.2)
except _queue.Empty:
    print(0.19 < time.monotonic() - start < 5)

# A signal handler runs while get() waits, and get() goes on (PEP 475) or raises.
signal.signal(signal.SIGALRM, lambda *args: q.put("from the handler"))
signal.setitimer(signal.ITIMER_REAL, 0.1)
print(q.get())


def fail(*args):
    raise KeyError("handler")


signal.signal(signal.SIGALRM, fail)
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    q.get()
except KeyError as error:
    print(error)
signal.signal(signal.SIGALRM, lambda *args: None)
signal.setitimer(signal.ITIMER_REAL, 0.05)
start = time.monotonic()
try:
    q.get(timeout=0.3)
except _queue.Empty:
    print(0.29 < time.monotonic() - start < 5)

# Many threads: nothing lost, nothing twice, each producer's items in order.
producers, consumers, each = 4, 3, 3000
taken = [[] for _ in range(consumers)]


def produce(number):
    for i in range(each):
        q.put((number, i))


def consume(into):
    while True:
        item = q.get()
        if item is None:
            return
        into.append(item)


threads = [threading.Thread(target=consume, args=(into,)) for into in taken]
makers = [threading.Thread(target=produce, args=(n,)) for n in range(producers)]
for thread in threads + makers:
    thread.start()
for thread in makers:
    thread.join()
for _ in threads:
    q.put(None)
for thread in threads:
    thread.join()
print(sorted(sum(taken, [])) == [(n, i) for n in range(producers) for i in range(each)])
for into in taken:
    for number in range(producers):
        mine = [i for n, i in into if n == number]
        assert mine == sorted(mine)


# put() from a finaliser.
class Dying:
    def __del__(self):
        q.put("from __del__")


cycle = Dying()
cycle.me = cycle
del cycle
gc.collect()
print(q.get(timeout=10))


# The usual calls and their other spellings are one method.
q = _queue.SimpleQueue()
put, get = q.put, q.get
for attempt in (lambda: put(1), lambda: q.put(item=2), lambda: put(3, False), lambda: q.put(4, timeout=1), lambda: get(), lambda: q.get(True),
                lambda: get(block=True), lambda: q.get(True, None), lambda: _queue.SimpleQueue.put(q, 5), lambda: _queue.SimpleQueue.get(q),
                lambda: _queue.SimpleQueue.get(5), lambda: _queue.SimpleQueue.put(5, 5), lambda: _queue.SimpleQueue.get(),
                lambda: put(1, item=2), lambda: get(False, block=False), lambda: put.__name__, lambda: get.__text_signature__,
                lambda: _queue.SimpleQueue.put.__text_signature__, lambda: Sub(1).put(6), lambda: q.empty()):
    try:
        print(attempt())
    except Exception as error:
        print(type(error).__name__, error)
