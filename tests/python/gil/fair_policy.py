# What policy fair (the default) promises beyond the rules: even shares, slices near the interval, no convoy, no starvation.
# baton-only
# alone
# modes: gil=1
# timeout: 200
import time
from _tools import Hog, Worker, in_a_quiet_moment


def spread(count, seconds):
    """-> the CPU time of so many CPU-bound threads, in units of their mean."""
    used, stop = [0.0] * count, time.monotonic() + seconds

    def spin(me):
        began = time.thread_time()
        while time.monotonic() < stop:
            for _ in range(100):
                pass
        used[me] = time.thread_time() - began

    workers = [Worker(spin, i) for i in range(count)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    return [u * count / sum(used) for u in used]


def even_shares():
    shares = spread(4, 2.5)
    assert 0.96 < min(shares) and max(shares) < 1.04, shares


def turns_of_an_interval():
    runner, count = [None], [0]
    stop = time.monotonic() + 1.5

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
    slice_ms = 1500 / count[0]
    assert 4.5 < slice_ms < 6.5, slice_ms


def lateness(seconds):
    late = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        time.sleep(0.001)
        late.append(time.monotonic() - began - 0.001)
    late.sort()
    return late[len(late) // 2], late[len(late) * 95 // 100]


def no_convoy():
    """A thread that comes back from short waits is served at once, beside one and beside four that compute."""
    alone = lateness(0.5)
    for count in (1, 4):
        with Hog(count) as hogs:
            median, p95 = lateness(1.0)
            assert sum(hogs.rounds) > 0
        assert median < alone[0] + 0.0005, (count, alone, median)
        assert p95 < alone[1] + 0.005, (count, alone, p95)


in_a_quiet_moment(even_shares)
in_a_quiet_moment(turns_of_an_interval)
in_a_quiet_moment(no_convoy, 12)

# Nobody starves beside many: each of a crowd of short waiters and CPU-bound threads makes progress, whatever else runs here.
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
