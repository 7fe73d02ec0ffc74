# Rule 1.3: a waiter asks the holder to let go when an interval has passed: long intervals keep it waiting, short ones do not.
# alone
# modes: gil=1
import sys
import threading
import time
from _tools import Worker


def turns(interval, seconds):
    """-> how often two CPU-bound threads took over from each other."""
    sys.setswitchinterval(interval)
    runner = [None]
    count = [0]
    stop = time.monotonic() + seconds

    def spin(me):
        while time.monotonic() < stop:
            for _ in range(20):
                pass
            if runner[0] != me:
                runner[0] = me
                count[0] += 1

    threads = [Worker(spin, i) for i in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sys.setswitchinterval(0.005)
    return count[0]


short, usual, long = turns(0.0005, 0.5), turns(0.005, 0.5), turns(0.1, 0.6)
assert short > usual > long, (short, usual, long)
assert 30 <= usual <= 130, usual        # 100 turns of 5 ms, if nothing else runs here
assert 2 <= long <= 14, long
assert short > 150, short
