# queue: Queue, LifoQueue, PriorityQueue, SimpleQueue; limits, timeouts, task_done and join, many producers and consumers.
import queue
import threading
import time

q = queue.Queue(2)
q.put(1)
q.put_nowait(2)
for full in (lambda: q.put(3, False), lambda: q.put(3, timeout=0.01), lambda: q.put_nowait(3)):
    try:
        full()
    except queue.Full:
        print('full')
print(q.qsize(), q.full(), q.empty(), q.maxsize, q.get(), q.get_nowait())
for empty in (lambda: q.get(False), lambda: q.get(timeout=0.01), q.get_nowait, lambda: queue.SimpleQueue().get(False),
        lambda: queue.SimpleQueue().get(timeout=0.01)):
    try:
        empty()
    except queue.Empty:
        print('empty')
for bad in (lambda: q.put(1, timeout=-1), lambda: q.get(timeout=-1), lambda: queue.SimpleQueue().get(timeout=-1)):
    try:
        bad()
    except ValueError as e:
        print(e)
q.task_done(), q.task_done()
try:
    q.task_done()
except ValueError as e:
    print(e)
lifo, prio, simple = queue.LifoQueue(), queue.PriorityQueue(), queue.SimpleQueue()
for n in (3, 1, 2):
    lifo.put(n), prio.put((n, str(n))), simple.put(n)
print([lifo.get() for _ in range(3)], [prio.get() for _ in range(3)], [simple.get() for _ in range(3)],
        simple.empty(), simple.qsize())

work = queue.Queue(10)
done = []


def worker():
    while True:
        item = work.get()
        try:
            if item is None:
                return
            done.append(item * 2)
        finally:
            work.task_done()


threads = [threading.Thread(target=worker) for _ in range(4)]
for t in threads:
    t.start()
for n in range(500):
    work.put(n)
work.join()
assert sorted(done) == [n * 2 for n in range(500)]
for _ in threads:
    work.put(None)
for t in threads:
    t.join()
assert work.empty() and work.unfinished_tasks == 0

# A waiting getter is woken by a put; order is kept for one producer.
for kind in (queue.Queue, queue.SimpleQueue):
    q = kind()
    got = []
    t = threading.Thread(target=lambda: [got.append(q.get()) for _ in range(100)])
    t.start()
    time.sleep(0.01)
    for n in range(100):
        q.put(n)
    t.join()
    assert got == list(range(100))
print('done')
