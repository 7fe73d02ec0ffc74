# Threads that take numbers from one itertools.count() get each number once, in both modes.
import itertools
import sys
import threading

sys.setswitchinterval(1e-5)


def taken(counter, threads=4, each=1000):
    barrier = threading.Barrier(threads)
    found = [[] for _ in range(threads)]

    def take(mine):
        barrier.wait()
        for _ in range(each):
            mine.append(next(counter))

    workers = [threading.Thread(target=take, args=(mine,)) for mine in found]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sorted(sum(found, []))


for start, step in (0, 1), (5, -3), (2**62 - 500, 1), (10**30, 10**20), (0.5, 0.25):
    rounds = [taken(itertools.count(start, step)) for _ in range(5)]
    expected = sorted(start + step * k for k in range(4000))
    print(start, step, [numbers == expected for numbers in rounds])


# With an __add__ of its own each call of next() adds once, and goes on from what it added.
class Added:
    calls = 0

    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __add__(self, other):
        Added.calls += 1
        return Added(self.value + other)


counter = itertools.count(Added(3), 2)
print([next(counter).value for _ in range(4)], Added.calls, counter.__reduce__()[1][1])


# An __add__ that takes from the counter itself.
class Nested(Added):
    def __add__(self, other):
        if self.value < 2:
            print('inner', next(nested).value if self.value else None)
        return Added(self.value + other)


nested = itertools.count(Nested(0), 1)
print([next(nested).value for _ in range(3)])
