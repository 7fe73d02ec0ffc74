# What a thread costs that only waits: a few pages of its own, not tables and blocks for every kind of object. And the memory of
# threads that come and go is level.
# baton-only
# modes: gil=1,gil=0,stress,stress gil=0
import threading


def resident_kb():
    with open('/proc/self/status') as f:
        return next(int(line.split()[1]) for line in f if line.startswith('VmRSS:'))


def growth(n):
    gate = threading.Event()
    threads = [threading.Thread(target=gate.wait) for _ in range(n)]
    before = resident_kb()
    for t in threads:
        t.start()
    after = resident_kb()
    gate.set()
    for t in threads:
        t.join()
    return (after - before) / n


growth(20)
idle = growth(400)
# Without a GIL each has cursors of its own.
limit = 40 if __import__('sys')._is_gil_enabled() else 160
assert idle < limit, idle
before = resident_kb()
for _ in range(10):
    growth(100)
assert resident_kb() - before < 20_000, resident_kb() - before
print('ok')
