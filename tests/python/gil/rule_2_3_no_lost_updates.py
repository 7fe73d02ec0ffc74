# Rule 2.3: x += 1, o.attr += 1, d[k] += 1 on plain objects lose no update under the GIL (so in 3.11, though not promised).
# modes: gil=1,stress
import sys
from _tools import together

N, THREADS = 20000, 4
x = 0


class O:
    attr = 0


o = O()
o.attr = 0
d = {'k': 0}
lst = [0]


def names(i):
    global x
    for _ in range(N):
        x += 1


def attributes(i):
    for _ in range(N):
        o.attr += 1


def items(i):
    for _ in range(N):
        d['k'] += 1


def elements(i):
    for _ in range(N):
        lst[0] += 1


sys.setswitchinterval(1e-5)
for f in (names, attributes, items, elements):
    together(f, THREADS)
sys.setswitchinterval(0.005)
assert (x, o.attr, d['k'], lst[0]) == (N * THREADS,) * 4, (x, o.attr, d['k'], lst[0])


# What looks like one step but is several does lose updates: here the other thread is let in on purpose.
def torn(i):
    import time
    for _ in range(50):
        v = o.attr
        time.sleep(0)
        o.attr = v + 1


o.attr = 0
together(torn, THREADS)
assert o.attr <= 50 * THREADS
