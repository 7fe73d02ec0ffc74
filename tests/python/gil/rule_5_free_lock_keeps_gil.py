# Rule 5: a lock that is free is taken at once, without letting go of the GIL: a long run of acquire and release is not torn.
# modes: gil=1
import sys
import threading
from _tools import Worker

sys.setswitchinterval(10)
lock = threading.Lock()
trace = []


def other():
    trace.append('other')


t = Worker(other)
t.start()
t.join()
trace.clear()
started = threading.Event()
t = Worker(lambda: (started.set(), other()))
# With an interval of ten seconds only somebody who lets go lets the other thread in.
gate = threading.Lock()
gate.acquire()
t = Worker(lambda: (gate.acquire(), other()))
t.start()
for _ in range(2000):
    lock.acquire()
    lock.release()
    with lock:
        pass
trace.append('main')
gate.release()
t.join()
sys.setswitchinterval(0.005)
print(trace)
