# Rule 6.4: any thread may release a Lock; an RLock only its owner; waiters all get their turn; waits can be timed.
import threading
import time
from _tools import Worker, together

lock = threading.Lock()
lock.acquire()
t = Worker(lock.release)
t.start()
t.join()
assert not lock.locked()

rlock = threading.RLock()
rlock.acquire()


def steal():
    try:
        rlock.release()
    except RuntimeError as e:
        return str(e)


t = Worker(steal)
t.start()
print(t.join())
assert not Worker.__init__ is None and rlock._is_owned()

entered = []
lock.acquire()


def wait_turn(i):
    with lock:
        entered.append(i)


workers = [Worker(wait_turn, i) for i in range(20)]
for w in workers:
    w.start()
time.sleep(0.05)
assert entered == []
lock.release()
for w in workers:
    w.join()
assert sorted(entered) == list(range(20))

# Many threads, one counter, a lock: exact under both policies.
total = [0]


def add(i):
    for _ in range(3000):
        with lock:
            total[0] += 1
        with rlock2:
            with rlock2:
                total[1:] = [(total[1] if len(total) > 1 else 0) + 1]


rlock2 = threading.RLock()
together(add, 6)
assert total == [18000, 18000], total
began = time.monotonic()
lock.acquire()
assert not lock.acquire(timeout=0.1) and 0.09 < time.monotonic() - began < 5
print('done')
