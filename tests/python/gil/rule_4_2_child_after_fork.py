# Rule 4.2: in a forked child only the forking thread exists, is the main thread, and locks of the library are usable.
import io
import logging
import os
import random
import signal
import sys
import threading
import time
from _tools import Hog, Worker


def in_child(check):
    """Forks, runs check() in the child -> what it returns, as text."""
    sys.stdout.flush()
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(20)
            os.write(w, str(check()).encode())
            status = 0
        except BaseException as e:
            os.write(w, ('%s: %s' % (type(e).__name__, e)).encode())
        finally:
            os._exit(status)
    os.close(w)
    with os.fdopen(r) as f:
        text = f.read()
    assert os.waitpid(pid, 0)[1] == 0, text
    return text


def threads_seen():
    main = threading.main_thread()
    me = main is threading.current_thread() and main.ident == threading.get_ident()
    return me, main.name, threading.active_count(), main.is_alive()


with Hog(2):
    for _ in range(5):
        assert in_child(threads_seen) == str((True, 'MainThread', 1, True))

# Forked from another thread: that one becomes the main thread, under its name.
def from_thread():
    return in_child(threads_seen)


t = Worker(from_thread)
t.name = 'forker'
t.start()
print(t.join())

# New threads, signals, locks of logging and random, the import lock work in the child, though other threads were busy with them.
logging.basicConfig(stream=io.StringIO())


def busy(stop):
    while not stop:
        logging.warning('x')
        random.random()
        with rlock:
            pass


def everything():
    out = []
    logging.warning('child')
    random.random()
    t = threading.Thread(target=out.append, args=('thread ran',))
    t.start()
    t.join()
    signal.signal(signal.SIGUSR1, lambda *a: out.append('signal'))
    os.kill(os.getpid(), signal.SIGUSR1)
    import colorsys
    out.append(colorsys.rgb_to_hls(0, 0, 0))
    cond = threading.Condition()
    with cond:
        out.append(cond.wait(0.01))
    return out


rlock = threading.RLock()
stop = []
workers = [Worker(busy, stop, daemon=True) for _ in range(2)]
for w in workers:
    w.start()
seen = {in_child(everything) for _ in range(10)}
stop.append(1)
for w in workers:
    w.join()
print(seen)

# The random generators of parent and child go different ways.
assert in_child(random.random) != str(random.random())
