# 2000 threads at once; and after them the process still works.
# timeout: 180
import threading

gate, counted, lock = threading.Event(), [0], threading.Lock()


def body():
    gate.wait()
    with lock:
        counted[0] += 1


threads = [threading.Thread(target=body) for _ in range(2000)]
for t in threads:
    t.start()
print(threading.active_count(), len({t.ident for t in threads}))
gate.set()
for t in threads:
    t.join()
print(counted, threading.active_count())
for _ in range(3):
    threads = [threading.Thread(target=body) for _ in range(100)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
print(counted)
