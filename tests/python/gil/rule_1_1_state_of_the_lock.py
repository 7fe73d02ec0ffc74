# Rule 1.1: one holder at a time, and its state can be read: policy, interval, switches, waiters.
# baton-only
# modes: gil=1
import time
import baton.gil
from _tools import Worker, eventually, together

stats = baton.gil.stats()
assert stats['enabled'] is True and stats['policy'] == baton.gil.policy == 'fair' and stats['interval'] == 0.005, stats
assert stats['waiters'] == 0 and stats['threads'] == 1, stats

# Everybody who runs holds it: running times of all threads together are no longer than the wall's.
baton.gil.reset()
began = time.monotonic()


def spin(i):
    stop = time.monotonic() + 0.3
    while time.monotonic() < stop:
        for _ in range(100):
            pass


together(spin, 4)
stats, wall = baton.gil.stats(), time.monotonic() - began
assert stats['running'] <= wall * 1.01 + 0.001, (stats['running'], wall)
assert stats['running'] + stats['waiting'] > 4 * 0.29, stats
eventually(lambda: baton.gil.stats()['threads_ended'] == 4)

# A waiter is seen as one.
seen = []
done = []


def watch():
    while not done:
        pass


w = Worker(watch)
w.start()
eventually(lambda: baton.gil.stats()['waiters'] == 1)
done.append(1)
w.join()
assert baton.gil.stats()['waiters'] == 0
