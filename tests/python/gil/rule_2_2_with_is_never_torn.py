# Rule 2.2: no check between taking a lock in `with` and the body: an exception from a signal handler never leaves the lock held.
# timeout: 100
import signal
import threading
import time


class Interrupt(Exception):
    pass


def handler(signum, frame):
    raise Interrupt


signal.signal(signal.SIGALRM, handler)


def torn(make, rounds):
    """-> (interruptions, times the lock was left held)"""
    interruptions = held = 0
    stop = time.monotonic() + rounds
    while time.monotonic() < stop:
        lock = make()
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.0005)
            while True:
                with lock:
                    pass
        except Interrupt:
            pass
        interruptions += 1
        if not lock.acquire(False):
            held += 1
        else:
            lock.release()
    signal.setitimer(signal.ITIMER_REAL, 0)
    return interruptions, held


for make in (threading.Lock, ):
    interruptions, held = torn(make, 2.0)
    assert interruptions > 20, interruptions
    assert held == 0, 'left held %d of %d times' % (held, interruptions)
print('never left held')
