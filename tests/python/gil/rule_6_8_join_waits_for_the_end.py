# Rule 6.8: join returns after run() has ended, for many joiners, with a timeout, and after threads that start threads.
import threading
import time
from _tools import Worker, together

for _ in range(30):
    done = []
    t = threading.Thread(target=lambda: (time.sleep(0.001), done.append(1)))
    t.start()
    t.join()
    assert done == [1] and not t.is_alive()

done = []
t = threading.Thread(target=lambda: (time.sleep(0.05), done.append(1)))
t.start()


def joiner(i):
    t.join()
    return list(done)


assert together(joiner, 5) == [[1]] * 5


# Many joiners at the same end: none takes another's moment with the thread's lock for a thread that still runs.
for _ in range(60):
    gate = threading.Event()
    t = threading.Thread(target=gate.wait)
    t.start()
    joiners = [Worker(t.join) for _ in range(8)]
    for j in joiners:
        j.start()
    gate.set()
    for j in joiners:
        j.join()
    assert not t.is_alive()
gate = threading.Event()
t = threading.Thread(target=gate.wait)
t.start()
t.join(0.02)
t.join(-1)
assert t.is_alive()
gate.set()
t.join()


def nest(n):
    if n:
        inner = Worker(nest, n - 1)
        inner.start()
        inner.join()
    return n


assert Worker.run is not None
w = Worker(nest, 20)
w.start()
w.join()
before = threading.active_count()
many = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(100)]
for t in many:
    t.start()
for t in many:
    t.join()
assert threading.active_count() == before
print(sorted(t.name for t in threading.enumerate()))
