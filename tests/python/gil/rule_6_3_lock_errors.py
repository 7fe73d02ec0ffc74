# Rule 6.3: TIMEOUT_MAX, and the errors of acquire and release.
import _thread
import threading

print(_thread.TIMEOUT_MAX, threading.TIMEOUT_MAX)
lock, rlock = threading.Lock(), threading.RLock()


def error(call, *args, **keywords):
    try:
        print('no error', call(*args, **keywords))
    except Exception as e:
        print(type(e).__name__, e)


error(lock.release)
error(rlock.release)
for k in (lock, rlock):
    error(k.acquire, False, 1)
    error(k.acquire, True, -2)
    error(k.acquire, timeout=-0.5)
    error(k.acquire, timeout=1e20)
    error(k.acquire, timeout=1 << 70)
    error(k.acquire, timeout=_thread.TIMEOUT_MAX * 2)
    error(k.acquire, timeout=float('nan'))
    error(k.acquire, timeout='1')
error(lock.acquire, timeout=-1)
error(lock.acquire, False, -1)
error(lock.acquire, timeout=0)
