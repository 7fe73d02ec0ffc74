# Threads that share an itertools.groupby, its groups, or an iterator over what has __getitem__ alone: no item is lost or given twice.
import itertools
import sys
import threading

sys.setswitchinterval(1e-5)
COUNT = 6000


class Items:
    def __getitem__(self, i):
        if i >= COUNT:
            raise IndexError
        return i

    def __len__(self):
        return COUNT


def share(iterator, take, threads=4):
    taken, failed = [[] for _ in range(threads)], []
    start = threading.Barrier(threads)

    def run(mine):
        start.wait()
        try:
            take(iterator, mine)
        except BaseException as e:
            failed.append(e)
            raise

    workers = [threading.Thread(target=run, args=(mine,)) for mine in taken]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failed
    return sorted(itertools.chain(*taken))


def take_all(iterator, mine):
    for item in iterator:
        mine.append(item)


def take_keys(groups, mine):
    for key, group in groups:
        mine.append(key)


def take_groups(groups, mine):
    for key, group in groups:
        for item in group:
            mine.append(item)


numbers = list(range(COUNT))
if not getattr(sys, "_is_gil_enabled", lambda: True)():  # with a GIL threads may change places in the middle of __getitem__
    assert share(iter(Items()), take_all) == numbers
    assert share(reversed(Items()), take_all) == numbers
tenths = [n // 10 for n in numbers]
assert share(itertools.groupby(tenths), take_keys) == numbers[: COUNT // 10]
assert share(itertools.groupby(map(str, [7] * COUNT)), take_keys) == ["7"]

# The items of one group, stepped by all.
key, group = next(itertools.groupby([5] * COUNT))
assert share(group, take_all) == [5] * COUNT

# Others' groups end when the groupby goes on, so items are lost; but what there is comes once.
assert set(share(itertools.groupby(tenths), take_groups)) <= set(tenths)
assert len(share(itertools.groupby(numbers), take_groups)) <= COUNT
found = share(itertools.groupby(numbers, lambda n: n // 3), take_groups)
assert len(found) == len(set(found)) and set(found) <= set(numbers)
print("each once")
