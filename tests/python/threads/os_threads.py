# What a new thread takes over from its starter and what it must not take over from one that ended before it: the signal mask,
# thread-local attributes, tracing; deep recursion and big frames of one leave nothing to the next.
import os
import signal
import sys
import threading
import _thread
from time import sleep


def run(function):
    out = []
    t = threading.Thread(target=lambda: out.append(function()))
    t.start()
    t.join()
    return out[0]


def mask():
    return sorted(int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, []))


def block_some():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2])
    return mask()


print(run(mask) == mask() == [], run(block_some) == [int(signal.SIGUSR1), int(signal.SIGUSR2)], run(mask), run(mask))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
print(run(mask) == mask(), run(mask) == [int(signal.SIGHUP)])
signal.pthread_sigmask(signal.SIG_SETMASK, [])
print(run(mask))

local = threading.local()


def leave_something():
    fresh = not hasattr(local, 'x')
    local.x = 1
    sys.settrace(lambda *a: None)
    sys.setprofile(lambda *a: None)
    return fresh


def find_nothing():
    return sys.gettrace(), sys.getprofile(), hasattr(local, 'x'), sys.exc_info()


print([run(leave_something) for _ in range(3)], run(find_nothing))


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


sys.setrecursionlimit(20000)
print([run(lambda: deep(15000)) for _ in range(3)], run(lambda: deep(10)))


def affinity():
    return os.sched_getaffinity(0)


def narrow():
    os.sched_setaffinity(0, {min(affinity())})
    return len(affinity())


everything = affinity()
print(run(narrow), run(affinity) == everything)

# Raw threads, and exceptions that end them.
done = threading.Event()
_thread.start_new_thread(done.set, ())
print(done.wait(10))
seen = []
sys.unraisablehook = lambda u: seen.append(u.exc_type.__name__)
for _ in range(5):
    _thread.start_new_thread(lambda: 1 / 0, ())
while len(seen) < 5:
    sleep(0.001)
print(seen)

# In a forked child no thread of the parent waits for work.
for _ in range(5):
    run(mask)
pid = os.fork()
if pid == 0:
    ok = [run(lambda: i * i) for i in range(5)] == [0, 1, 4, 9, 16]
    os._exit(0 if ok else 1)
print(os.waitpid(pid, 0)[1])

# Until a thread is joined its native id is its own, though it has ended.
for _ in range(20):
    threads = [threading.Thread(target=lambda: None) for _ in range(10)]
    for t in threads:
        t.start()
    assert len({t.native_id for t in threads}) == 10
    for t in threads:
        t.join()
print('distinct')
