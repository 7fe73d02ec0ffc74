# Rule 3.1: Python handlers run in the main thread; signal() and set_wakeup_fd() are refused elsewhere; the wake-up fd is written.
import os
import signal
import threading
from _tools import Worker, eventually

where = []
signal.signal(signal.SIGUSR1, lambda s, f: where.append(threading.current_thread()))


def elsewhere():
    for call in (lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL), lambda: signal.set_wakeup_fd(-1)):
        try:
            call()
        except ValueError as e:
            print(e)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)


t = Worker(elsewhere)
t.start()
t.join()
eventually(lambda: len(where) >= 1)
assert all(w is threading.main_thread() for w in where)

r, w = os.pipe()
os.set_blocking(r, False)
os.set_blocking(w, False)
assert signal.set_wakeup_fd(w) == -1
signal.raise_signal(signal.SIGUSR1)
assert os.read(r, 10) == bytes([signal.SIGUSR1])
assert signal.set_wakeup_fd(-1) == w
r2, w2 = os.pipe()
try:
    signal.set_wakeup_fd(w2)
except ValueError as e:
    print(str(e).replace(str(w2), 'N'))
for bad in (lambda: signal.signal(0, signal.SIG_DFL), lambda: signal.signal(999, signal.SIG_DFL),
        lambda: signal.signal(signal.SIGKILL, signal.SIG_DFL),
            lambda: signal.signal(signal.SIGUSR1, 5), lambda: signal.getsignal(999)):
    try:
        bad()
    except (ValueError, OSError, TypeError) as e:
        print(type(e).__name__, e)
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGPIPE),
        signal.getsignal(signal.SIGXFSZ), signal.getsignal(signal.SIGTERM))
