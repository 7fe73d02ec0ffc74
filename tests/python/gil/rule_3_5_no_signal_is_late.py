# Rule 3.5, better than CPython: a signal that arrives after the main thread's last check and before its system call doesn't wait for
# that call's end. (Under CPython the gap is narrow, and there.)
# baton-only
# timeout: 120
import gc
import os
import random
import select
import signal
import threading
import time

# No Event: the exception may come between a condition's release of its lock and its wait, and then `with` fails.
held = threading.Lock()
held.acquire()
WAITS = [lambda: time.sleep(30), lambda: select.select([], [], [], 30), lambda: os.read(r, 1), lambda: held.acquire(timeout=30)]
ROUNDS = 200
r, w = os.pipe()

class Arrived(Exception):
    pass

def handler(*args):
    raise Arrived

gc.collect()  # an exception out of a callback of the imports would be ignored
signal.signal(signal.SIGUSR1, handler)
ready = threading.Semaphore(0)

def send():
    for _ in range(ROUNDS):
        ready.acquire()
        end = time.perf_counter() + random.random() * 2e-4
        while time.perf_counter() < end:
            pass
        os.kill(os.getpid(), signal.SIGUSR1)

sender = threading.Thread(target=send)
sender.start()
late = []
for i in range(ROUNDS):
    began = time.monotonic()
    try:
        ready.release()
        while True:
            sum(range(50))
            WAITS[i % 4]()
    except Arrived:
        pass
    if time.monotonic() - began > 10:
        late.append(i)
sender.join()
print('late:', late)
# expect: late: []
# No reminder is left: neither for a mask, nor for the default action.
for _ in range(20):
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        time.sleep(30)
    except Arrived:
        pass
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    time.sleep(0.015)
    assert not signal.sigpending()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
for _ in range(20):
    signal.signal(signal.SIGUSR1, lambda *args: None)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    time.sleep(0.015)

print('and nothing comes later')
# expect: and nothing comes later
