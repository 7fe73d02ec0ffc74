# Rule 2.2, and beyond it: a signal handler that raises doesn't tear a `with` apart whose __enter__ and __exit__ are Python functions
# around a native lock, as multiprocessing's are: the lock is never left held. (CPython 3.11 leaves it held at times.)
# baton-only
# expect: never left held: True
import gc
import multiprocessing
import signal


class Tick(Exception):
    pass


def tick(signum, frame):
    raise Tick


lock = multiprocessing.get_context('fork').Lock()
left = 0
gc.collect()                   # no callbacks of weak references that would swallow a Tick
signal.signal(signal.SIGALRM, tick)
for i in range(1000):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0001 + i % 97 * 1e-6)
        while True:
            with lock:
                pass
    except Tick:
        pass
    left += not lock.acquire(False)
    lock.release()
print('never left held:', left == 0)
if left:
    print(left)
