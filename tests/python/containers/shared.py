# Containers shared by threads: single operations are atomic, nothing crashes, iteration raises only what it may.
import itertools
import sys
import threading
from collections import OrderedDict, deque
from functools import lru_cache

N, ROUNDS = 4, 3000
errors = []


def together(*functions):
    start = threading.Barrier(len(functions))

    def run(f, i):
        start.wait()
        try:
            f(i)
        except BaseException as e:
            errors.append(repr(e))

    threads = [threading.Thread(target=run, args=(f, i)) for i, f in enumerate(functions)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors[:3]


# appends are never lost
items, seen, queue = [], set(), deque()


def fill(i):
    for n in range(ROUNDS):
        items.append((i, n))
        seen.add((i, n))
        queue.append((i, n))


together(*[fill] * N)
assert len(items) == len(seen) == len(queue) == N * ROUNDS and set(items) == seen == set(queue)
assert all([n for j, n in items if j == i] == list(range(ROUNDS)) for i in range(N))

# d[k] = v by all, setdefault hands out one object for a key
table, firsts = {}, [dict() for _ in range(N)]


def put(i):
    for n in range(ROUNDS):
        table[n] = i
        table[i, n] = n
        firsts[i][n] = shared.setdefault(n, [i])


shared = {}
together(*[put] * N)
assert len(table) == ROUNDS * (N + 1) and all(table[i, n] == n for i in range(N) for n in range(ROUNDS))
assert all(firsts[i][n] is shared[n] for i in range(N) for n in range(ROUNDS))

# pops hand out each item once
source, taken = list(range(ROUNDS * N)), [[] for _ in range(N)]
d = dict.fromkeys(range(ROUNDS * N))
q = deque(range(ROUNDS * N))
s = set(range(ROUNDS * N))


def take(i):
    for _ in range(ROUNDS):
        taken[i].append((source.pop(), d.popitem()[0], q.popleft(), s.pop()))


together(*[take] * N)
for column in range(4):
    assert sorted(row[column] for rows in taken for row in rows) == list(range(ROUNDS * N))
assert not source and not d and not q and not s


# readers, iterators and writers at once
mixed, stop = {i: i for i in range(100)}, False
mlist, mset = list(range(100)), set(range(100))
mdeque = deque(range(100), 150)


def change(i):
    global stop
    for n in range(ROUNDS):
        mixed[n % 300] = n
        mixed.pop((n * 7) % 300, None)
        mlist.append(n)
        if len(mlist) > 50:
            del mlist[n % 20:n % 20 + 3]
        mlist[3:3] = [1, 2]
        mset.add(n % 500)
        mset.discard((n * 3) % 500)
        mdeque.append(n)
        mdeque.rotate(1)
        if n % 100 == 0:
            mlist.sort()   # ints: nobody sees the list empty
            mixed.update({k: k for k in range(50)})
    stop = True


def look(i):
    while not stop:
        for action in (lambda: [k for k in mixed], lambda: list(mixed.items()), lambda: sum(1 for _ in mlist), lambda: list(mset), lambda: list(mdeque),
                       lambda: mixed.copy(), lambda: mlist[:], lambda: mset | {1}, lambda: dict(mixed), lambda: mlist.index(1), lambda: mixed.get(5),
                       lambda: 5 in mset, lambda: mlist[10], lambda: repr(mlist), lambda: sorted(mlist), lambda: tuple(mlist), lambda: list(zip(mlist, mixed))):
            try:
                action()
            except (RuntimeError, ValueError, IndexError, KeyError):
                pass


together(change, change, look, look)

# iterators shared by threads: each value at most once or, without a lock of their own, no crash
for make in (lambda: iter(range(20000)), lambda: itertools.count(), lambda: iter(list(range(20000))), lambda: zip(range(20000), range(20000)),
             lambda: enumerate(range(20000)), lambda: map(abs, range(20000)), lambda: itertools.chain([1] * 5000, [2] * 5000), lambda: itertools.cycle("abc")):
    it = make()

    def drain(i):
        for _ in range(ROUNDS):
            if next(it, None) is None:
                break

    together(*[drain] * N)


@lru_cache(maxsize=50)
def cached(x):
    return x * x


def use_cache(i):
    for n in range(ROUNDS):
        assert cached(n % 80) == (n % 80) ** 2


together(*[use_cache] * N)
info = cached.cache_info()
assert info.currsize <= 50 and info.hits + info.misses == N * ROUNDS
print("shared: ok")
