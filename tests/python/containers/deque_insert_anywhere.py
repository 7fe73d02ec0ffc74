# insert() into deques of all sizes at all places, as a list has it, with room on either side of the ring's seam.
from collections import deque
import threading

for n in list(range(12)) + [31, 32, 33, 64]:
    for turned in (0, 1, 5, n // 2):
        for i in list(range(-n - 2, n + 3)):
            ring = deque()
            ring.extend(range(turned))
            ring.extend(range(n))
            for _ in range(turned):
                ring.popleft()
            model = list(range(n))
            ring.insert(i, "new")
            model.insert(i, "new")
            assert list(ring) == model, (n, turned, i, ring)
            ring.insert(i, "newer")
            model.insert(i, "newer")
            assert list(ring) == model and len(ring) == n + 2, (n, turned, i, ring)
            for at in (i % (n + 2), i // 2 % (n + 1), 0, -1):
                if model:
                    at %= len(model)
                    del ring[at], model[at]
                    assert list(ring) == model, (n, turned, i, at, ring)

# Items that only the deque has, old and new ones, through collections.
import gc

items = deque([str(i)] for i in range(40))
for i in range(3000):
    items.insert(i * 7 % 41, [f"{i}-{i}"])
    del items[i * 11 % 41]
    if i % 500 == 0:
        gc.collect()
print(len(items), sorted(items)[:3], sorted(items)[-3:])
ring = deque([1, 2, 3])

bounded = deque(range(3), 4)
bounded.insert(1, "x")
print(bounded)
try:
    bounded.insert(1, "y")
except IndexError as error:
    print(error, bounded)
iterator = iter(ring)
ring.insert(1, None)
try:
    next(iterator)
except RuntimeError as error:
    print(error)

# Nobody sees the new item at another place than its own.
shared = deque(range(100))
stop = False
misplaced = []


def look():
    while not stop:
        copy = list(shared)
        if copy[0] != 0 or copy[-1] != 99:
            misplaced.append(copy)


thread = threading.Thread(target=look)
thread.start()
for i in range(3000):
    at = 1 + i % 98
    shared.insert(at, "x")
    del shared[at]
stop = True
thread.join()
print(misplaced[:1], shared == deque(range(100)))
