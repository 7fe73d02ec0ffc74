# Rule 2.1: a request to let go, a signal and work of the runtime's own are all seen at the same checks, and none hides another.
import os
import signal
import sys
import time
import weakref
from _tools import Hog, eventually

handled = []
signal.signal(signal.SIGUSR1, lambda *a: handled.append(a[0]))
sys.setswitchinterval(0.0005)


class Thing:
    pass


died = []
with Hog(2) as hogs:
    for n in range(40):
        thing = Thing()
        finalizer = weakref.finalize(thing, died.append, n)
        os.kill(os.getpid(), signal.SIGUSR1)
        del thing
        finalizer()
        for _ in range(2000):
            pass
    eventually(lambda: len(handled) >= 1)
    count = len(handled)
    assert len(died) == 40
    rounds = list(hogs.rounds)
    eventually(lambda: all(a > b for a, b in zip(hogs.rounds, rounds)))
sys.setswitchinterval(0.005)
assert 1 <= count <= 40
print('nothing hidden')
