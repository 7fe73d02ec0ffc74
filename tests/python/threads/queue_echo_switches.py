# Two threads that send an item to and fro by queues on one processor take turns: each sleeps once an echo. A getter that is woken
# before the putter has let go of the GIL finds it taken and sleeps again.
# baton-only
import os
import queue
import resource
import sys
import threading

N = 2000


def sleeps_of_an_echo(kind):
    there, back = kind(), kind()

    def echo():
        for _ in range(N):
            back.put(there.get())

    thread = threading.Thread(target=echo)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    thread.start()
    for i in range(N):
        there.put(i)
        assert back.get() == i
    thread.join()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw - before) / N


os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
for kind in (queue.SimpleQueue, queue.Queue):
    sleeps = min(sleeps_of_an_echo(kind) for _ in range(5))
    # Without a GIL a woken thread runs at once: nothing to find out.
    assert sleeps < 2.3 or not sys._is_gil_enabled(), (kind, sleeps)
print('ok')
