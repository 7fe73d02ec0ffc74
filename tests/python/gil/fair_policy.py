# What policy fair (the default) promises beyond the rules: even shares, slices near the interval, no convoy, no starvation.
# baton-only
# alone
# modes: gil=1
# timeout: 100
import sys
import time
from _tools import Hog, Worker, spin

# Four CPU-bound threads share within 3 % of each other (5 % here, for a busy machine).
with Hog(4) as hogs:
    time.sleep(3)
    rounds = list(hogs.rounds)
mean = sum(rounds) / 4
assert all(abs(r - mean) < 0.05 * mean for r in rounds), rounds

# Turns are as long as the interval.
runner, count = [None], [0]
stop = time.monotonic() + 2


def turn(me):
    while time.monotonic() < stop:
        for _ in range(20):
            pass
        if runner[0] != me:
            runner[0] = me
            count[0] += 1


workers = [Worker(turn, i) for i in range(2)]
for w in workers:
    w.start()
for w in workers:
    w.join()
slice_ms = 2000 / count[0]
assert 4.5 < slice_ms < 6.5, slice_ms


def lateness(seconds):
    late = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        time.sleep(0.001)
        late.append(time.monotonic() - began - 0.001)
    late.sort()
    return late[len(late) // 2], late[len(late) * 99 // 100]


# A thread that comes back from short waits is served at once, beside one and beside four CPU-bound threads, which keep running.
alone = lateness(0.5)
for count in (1, 4):
    with Hog(count) as hogs:
        median, p99 = lateness(1.5)
        kept = sum(hogs.rounds)
    assert median < alone[0] + 0.0005, (count, alone, median)
    assert p99 < alone[1] + 0.005, (count, alone, p99)
    assert kept > 0

# Nobody starves beside many: each of a crowd of short waiters and CPU-bound threads makes progress.
with Hog(6) as hogs:
    def waiter():
        n = 0
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            time.sleep(0.0005)
            n += 1
        return n

    waiters = [Worker(waiter) for _ in range(6)]
    for w in waiters:
        w.start()
    beats = [w.join() for w in waiters]
assert all(b > 20 for b in beats), beats
assert all(r > 0 for r in hogs.rounds), hogs.rounds
