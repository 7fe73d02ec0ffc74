# Without the GIL, CPU-bound threads use several processors at once.
# baton-only
# alone
# modes: gil=0
import os
import time
from _tools import together


def work(i):
    total = 0
    for n in range(3000000):
        total += n & i
    return total


if len(os.sched_getaffinity(0)) > 1:
    work(0)
    for attempt in range(4):
        began = time.perf_counter()
        work(1), work(2)
        one = time.perf_counter() - began
        began = time.perf_counter()
        together(lambda i: work(i + 1), 2)
        two = time.perf_counter() - began
        if one / two > 1.4:
            break
    else:
        raise AssertionError('two threads took %.2f s for what one does in %.2f s' % (two, one))
