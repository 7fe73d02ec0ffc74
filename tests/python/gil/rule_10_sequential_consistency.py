# Rule 10: what one thread writes, others see in that order: sequential consistency for whatever Python code can see.
# timeout: 120
import os
from _tools import Worker


class Box:
    pass


def dekker(make, rounds=3000):
    """Two threads each write one cell and read the other: both reading the old value must never happen."""
    bad = 0
    cells = [make() for _ in range(rounds)]
    results = [None, None]
    gate = Box()
    gate.turn = [-1, -1]

    def body(me):
        out = []
        for n, (write, read) in enumerate(cells):
            gate.turn[me] = n
            patience = 1000
            while gate.turn[1 - me] < n:
                patience -= 1
                if patience < 0:
                    os.sched_yield()  # the other one may be waiting for this processor
            write(me)
            out.append(read(1 - me))
        gate.turn[me] = rounds
        results[me] = out

    a, b = Worker(body, 0), Worker(body, 1)
    a.start(), b.start()
    a.join(), b.join()
    for x, y in zip(*results):
        bad += x == 0 and y == 0
    return bad


def attributes():
    boxes = [Box(), Box()]
    boxes[0].v = boxes[1].v = 0
    return (lambda i: setattr(boxes[i], 'v', 1)), (lambda i: boxes[i].v)


def items():
    lists = [[0], [0]]
    return (lambda i: lists[i].__setitem__(0, 1)), (lambda i: lists[i][0])


def keys():
    dicts = [{'k': 0}, {'k': 0}]
    return (lambda i: dicts[i].__setitem__('k', 1)), (lambda i: dicts[i]['k'])


import sys
sys.setswitchinterval(1e-5)
for make in (attributes, items, keys):
    assert dekker(make, 400) == 0, make

# A fresh object reached through a plain store is seen whole.
class Message:
    def __init__(self, n):
        self.n, self.copy, self.parts = n, n, [n, n]


slot = [Message(0)]
stop = []


def reader():
    seen = 0
    while not stop:
        m = slot[0]
        assert m.n == m.copy and m.parts == [m.n, m.n]
        assert m.n >= seen
        seen = m.n


readers = [Worker(reader) for _ in range(2)]
for r in readers:
    r.start()
for n in range(20000):
    slot[0] = Message(n)
stop.append(1)
for r in readers:
    r.join()
sys.setswitchinterval(0.005)
print('in order')
