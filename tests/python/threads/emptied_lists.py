# Lists that other threads empty and fill again while they are read by index and stepped through: a read gives an item or says that
# there is none.
# timeout: 60
import time

from _together import together

SECONDS = 0.6
lists = [[1, 2, 3, 4] for _ in range(4)]
until = time.monotonic() + SECONDS


def empty_and_fill():
    while time.monotonic() < until:
        for items in lists:
            for _ in range(50):
                items.clear()
                items.extend((1, 2, 3, 4))


def by_index():
    while time.monotonic() < until:
        for items in lists:
            for i in range(100):
                try:
                    assert items[0] == 1
                    assert items[i & 3] == (i & 3) + 1
                    assert items[-1] in (1, 2, 3, 4)
                except IndexError:
                    continue


def by_loops():
    while time.monotonic() < until:
        for items in lists:
            for _ in range(30):
                n = 0
                for item in items:
                    n += 1
                    assert item == n
                for i, item in enumerate(items):
                    assert item == i + 1
                for a, b in zip(items, items):
                    assert a in (1, 2, 3, 4) and b in (1, 2, 3, 4)


together(empty_and_fill, by_index, by_loops)
print([len(items) for items in lists])
