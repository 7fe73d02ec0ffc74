# Rule 6.5: stack_size(): 0 or at least 32 768 bytes; threads do get what was asked for.
import _thread
import threading
from _tools import Worker


def error(call, *args):
    try:
        print('no error', call(*args))
    except Exception as e:
        print(type(e).__name__, e)


print(threading.stack_size())
for bad in (1000, 32767, -1):
    error(threading.stack_size, bad)
print(threading.stack_size(0), threading.stack_size(32768), threading.stack_size(256 * 1024), threading.stack_size())


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)


for size in (64 * 1024, 256 * 1024, 16 << 20):
    threading.stack_size(size)
    w = Worker(deep, 100)
    w.start()
    print(w.join())
print(threading.stack_size(0))
