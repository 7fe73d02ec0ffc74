# Rule 2.5: when signal.signal() has gone back to the default action, nothing is left of a signal that arrived before: another thread
# got it and told the main one, which has handled it.
# timeout: 120
import os
import signal
import threading
import time
from _tools import Hog

hits = []
with Hog() as hog:
    for n in range(1500):
        before = len(hits)
        old = signal.signal(signal.SIGUSR1, lambda *a: hits.append(n))
        assert old == signal.SIG_DFL
        signal.pthread_kill(hog.threads[0].ident, signal.SIGUSR1)
        while len(hits) == before:
            time.sleep(0.00001)
        assert callable(signal.signal(signal.SIGUSR1, signal.SIG_DFL))
print(len(hits) == len(set(hits)) == 1500)
# One that is ignored meanwhile, and a handler in place of a handler.
for n in range(300):
    signal.signal(signal.SIGUSR1, lambda *a: hits.append(n))
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, lambda *a: hits.append(-n))
    signal.raise_signal(signal.SIGUSR1)
print(hits[1500:] == [-n for n in range(300)])
