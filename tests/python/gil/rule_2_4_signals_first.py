# Rules 2.4, 2.5: pending signals are handled by number at one check, in the main thread; a raising handler leaves the rest.
import os
import signal
import threading
import time

log = []


def note(signum, frame):
    log.append((signum, threading.current_thread() is threading.main_thread()))


for s in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM):
    signal.signal(s, note)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM])
for s in (signal.SIGALRM, signal.SIGUSR2, signal.SIGUSR1):
    os.kill(os.getpid(), s)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM])
for _ in range(100):
    pass
assert log == [(signal.SIGUSR1, True), (signal.SIGUSR2, True), (signal.SIGALRM, True)], log


def raising(signum, frame):
    raise KeyError(signum)


log.clear()
signal.signal(signal.SIGUSR1, raising)
try:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGUSR2])
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR2)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1, signal.SIGUSR2])
    for _ in range(100):
        pass
except KeyError as e:
    print('raised', e)
stop = time.monotonic() + 5
while not log and time.monotonic() < stop:
    pass
assert log == [(signal.SIGUSR2, True)], log

# A handler may be interrupted by another signal, and signals raised inside a handler are handled too.
log.clear()


def outer(signum, frame):
    log.append('outer in')
    os.kill(os.getpid(), signal.SIGUSR2)
    for _ in range(100):
        pass
    log.append('outer out')


signal.signal(signal.SIGUSR1, outer)
signal.raise_signal(signal.SIGUSR1)
while len(log) < 3:
    pass
print([x if isinstance(x, str) else 'inner' for x in log])
