# Rule 4.3: a user's lock held by a thread that vanished in the fork stays locked in the child; _at_fork_reinit frees it.
import os
import threading
import time
from _tools import Worker

lock, rlock = threading.Lock(), threading.RLock()
ready, stop = threading.Event(), threading.Event()


def holder():
    with lock, rlock:
        ready.set()
        stop.wait()


t = Worker(holder)
t.start()
ready.wait()
pid = os.fork()
if pid == 0:
    ok = not lock.acquire(timeout=0.05) and not rlock.acquire(timeout=0.05)
    lock._at_fork_reinit()
    rlock._at_fork_reinit()
    ok = ok and lock.acquire(False) and rlock.acquire(False) and rlock.acquire(False)
    os._exit(0 if ok else 1)
assert os.waitpid(pid, 0)[1] == 0
stop.set()
t.join()

# Locks held by the forking thread stay its own.
with lock, rlock:
    pid = os.fork()
    if pid == 0:
        rlock.release()
        lock.release()
        os._exit(0 if lock.acquire(False) and rlock.acquire(False) else 1)
    assert os.waitpid(pid, 0)[1] == 0
print('as expected')
