# Rule 3.5, better than CPython: a Ctrl-C that arrives while a collection's finalisers and callbacks run isn't swallowed by one of
# them; it comes out of the main program.
# baton-only
# timeout: 120
import _thread
import gc
import signal
import sys
import weakref

lost = []
sys.unraisablehook = lost.append


class Node:
    def __init__(self, act):
        self.me, self.act = self, act

    def __del__(self):
        self.act()


def work():
    for _ in range(200):
        pass


def interrupt():
    _thread.interrupt_main()
    work()


def garbage(act, keep):
    for i in range(50):
        node = Node(act if i == 20 else work)
        keep.append(weakref.ref(node, lambda r, i=i: act() if i == 30 else work()))


caught = 0
for _ in range(20):
    keep = []
    try:
        garbage(interrupt, keep)
        gc.collect()
        work()
    except KeyboardInterrupt:
        caught += 1
# Once for the finaliser and the callback together: the signal was pending already. Now and then one is on a stack still.
assert caught >= 15 and not lost, (caught, lost)


# One that doesn't end can be interrupted.
def for_ever():
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    while True:
        pass


class Late(Exception):
    pass


def handler(*args):
    raise Late


signal.signal(signal.SIGALRM, handler)
node = Node(for_ever)
del node
work()
for _ in range(5):
    gc.collect()
    if lost:
        break
# expect: [<class '__main__.Late'>]
print([u.exc_type for u in lost])
