# Rule 1.3: a waiter asks the holder to let go when an interval has passed, not before; a switch to somebody else restarts it.
# alone
# modes: gil=1
# timeout: 120
import sys
import time
from _tools import Worker, in_a_quiet_moment


def turns(interval, seconds, count=2):
    """-> how often CPU-bound threads took over from each other, in one second."""
    sys.setswitchinterval(interval)
    runner, changes = [None], [0]
    stop = time.monotonic() + seconds

    def spin(me):
        while time.monotonic() < stop:
            for _ in range(20):
                pass
            if runner[0] != me:
                runner[0] = me
                changes[0] += 1

    began = time.monotonic()
    threads = [Worker(spin, i) for i in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sys.setswitchinterval(0.005)
    return changes[0] / (time.monotonic() - began)


# No load makes the turns shorter than an interval: each is a whole one, but those that end as a thread ends.
for interval in (0.0005, 0.005, 0.1):
    per_second = turns(interval, 0.6)
    assert per_second <= 1.15 / interval + 12, (interval, per_second)
assert turns(0.005, 0.6, 4) <= 1.15 / 0.005 + 20


def check():
    """And they are not much longer, unless something else runs here."""
    short, usual, long = turns(0.0005, 0.5), turns(0.005, 0.5), turns(0.1, 0.6)
    assert short > 2 * usual and usual > 2 * long, (short, usual, long)
    assert usual > 30 and long > 2, (usual, long)


in_a_quiet_moment(check)
print('asked in time')
