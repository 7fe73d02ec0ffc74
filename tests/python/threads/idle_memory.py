# What a thread costs that only waits: a few pages of its own, not tables and blocks for every kind of object. And the memory of
# threads that come and go is level.
# baton-only
# modes: gil=1,gil=0,stress,stress gil=0
# no-dev
import sys
import threading


def resident_kb():
    with open('/proc/self/status') as f:
        return next(int(line.split()[1]) for line in f if line.startswith('VmRSS:'))


def c_heap_kb():
    """What malloc() has of the main thread's."""
    with open('/proc/self/smaps') as f:
        for line in f:
            if line.endswith('[heap]\n'):
                return next(int(line.split()[1]) for line in f if line.startswith('Rss:'))
    return 0


def growth(n):
    gate = threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(n)]
    before, c_heap_before = resident_kb(), c_heap_kb()
    for t in threads:
        t.start()
    after, c_heap_after = resident_kb(), c_heap_kb()
    gate.set()
    for t in threads:
        t.join()
    return (after - before) / n, (c_heap_after - c_heap_before) / n


growth(20)
idle, in_c_heap = growth(400)
# Two pages of its C stack, one of its frames, and less than one of objects; without a GIL, too: cursors of its own it has only while it
# runs.
limit = 40 if sys._xoptions.get('gc_stress') else 17.5
assert idle < limit, idle
assert in_c_heap < 0.9, in_c_heap  # what the runtime knows of a thread is in the page of its first frames
before = resident_kb()
for _ in range(10):
    growth(100)
assert resident_kb() - before < 20_000, resident_kb() - before
print('ok')
