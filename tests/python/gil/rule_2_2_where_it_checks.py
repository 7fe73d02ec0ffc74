# Rule 2.2: the interpreter checks at function entry, generator resume, backward jumps and after native calls: all loops yield.
import signal
import time
from _tools import Worker


def while_loop(stop):
    while not stop:
        pass


def for_loop(stop):
    import itertools
    for _ in itertools.repeat(None):
        if stop:
            return


def recursion(stop):
    def down(n):
        return 0 if n == 0 or stop else down(n - 1)
    while not stop:
        down(50)


def generators(stop):
    def endless():
        while True:
            yield
    for _ in endless():
        if stop:
            return


def native_calls(stop):
    while not stop:
        len('abc'), abs(-1), int('5')


def comprehension(stop):
    while not stop:
        [x for x in range(10)]


def nested_until(stop):
    x = 0
    while True:
        x += 1
        if stop: break
        if x > 10: x = 0


# Another thread gets its turn beside each of these loops, and signal handlers run inside them.
for loop in (while_loop, for_loop, recursion, generators, native_calls, comprehension, nested_until):
    stop = []
    t = Worker(loop, stop)
    t.start()
    time.sleep(0.02)
    stop.append(1)
    t.join()
    hits = []
    stop = []

    def handler(signum, frame):
        hits.append(frame.f_code.co_name)
        if len(hits) == 3:
            stop.append(1)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
    loop(stop)
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert len(hits) >= 3, loop
print('every loop yields')
