# Rule 1.4: the holder lets go at its next check, whoever waits gets the lock: no thread starves beside CPU-bound ones.
# modes: gil=1
import time
from _tools import Hog, Worker

with Hog(3) as hogs:
    def steps():
        n = 0
        stop = time.monotonic() + 1.0
        while time.monotonic() < stop:
            n += 1
        return n

    mine = Worker(steps)
    mine.start()
    assert mine.join() > 100
assert all(r > 100 for r in hogs.rounds), hogs.rounds
