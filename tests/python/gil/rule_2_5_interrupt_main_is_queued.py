# Rule 2.5: what a thread queues for the main thread (interrupt_main) runs there, at its next check, and once for a burst.
import _thread
import signal
import threading
import time
from _tools import Worker, eventually

where = []
signal.signal(signal.SIGINT, lambda *a: where.append(threading.current_thread() is threading.main_thread()))


def burst():
    for _ in range(1000):
        _thread.interrupt_main()


w = Worker(burst)
w.start()
w.join()
eventually(lambda: where)
assert all(where) and 1 <= len(where) <= 1000

# A handler that fails: the exception comes out of the main thread's code, and later requests still work.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _ in range(5):
    try:
        _thread.interrupt_main()
        stop = time.monotonic() + 10
        while time.monotonic() < stop:
            pass
        print('never interrupted')
    except KeyboardInterrupt:
        pass

# Requests while a handler runs are not lost, and the handler may ask for itself.
depth = []


def again(*a):
    depth.append(1)
    if len(depth) < 20:
        _thread.interrupt_main()


signal.signal(signal.SIGINT, again)
_thread.interrupt_main()
eventually(lambda: len(depth) == 20)
signal.signal(signal.SIGINT, signal.SIG_IGN)
_thread.interrupt_main()
try:
    _thread.interrupt_main(12345)
except ValueError as e:
    print(e)
print('queued')
