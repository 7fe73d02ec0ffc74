# Rule 10: operations of the built-in containers that are one step under the GIL are one step without it too.
# timeout: 120
import collections
import itertools
import queue
import sys
from _tools import together

THREADS, N = 4, 3000
sys.setswitchinterval(1e-5)

# append, pop: nothing lost, nothing twice.
shared = []
together(lambda i: [shared.append((i, n)) for n in range(N)], THREADS)
assert len(shared) == THREADS * N and len(set(shared)) == THREADS * N
for i in range(THREADS):
    mine = [n for t, n in shared if t == i]
    assert mine == list(range(N))


def drain(i):
    out = []
    while True:
        try:
            out.append(shared.pop())
        except IndexError:
            return out


popped = together(drain, THREADS)
assert sum(map(len, popped)) == THREADS * N and len(set(itertools.chain(*popped))) == THREADS * N

# extend and slice assignment go in whole.
shared = []
together(lambda i: [shared.extend([(i, n)] * 5) for n in range(500)], THREADS)
for at in range(0, len(shared), 5):
    assert len(set(shared[at:at + 5])) == 1
shared = [0] * 10


def assign(i):
    torn = 0
    for _ in range(1000):
        shared[:] = [i] * 10
        seen = shared[:]
        torn += len(set(seen)) != 1 or len(seen) != 10
    return torn


assert together(assign, THREADS) == [0] * THREADS

# dict: distinct keys, setdefault, pop and popitem, update.
d = {}


def fill(i):
    for n in range(N):
        d[i, n] = n
        d.setdefault(n, i)


together(fill, THREADS)
assert len(d) == THREADS * N + N
winners = collections.Counter(d[n] for n in range(N))
assert sum(winners.values()) == N


def take(i):
    got = 0
    while True:
        try:
            d.popitem()
            got += 1
        except KeyError:
            return got


assert sum(together(take, THREADS)) == THREADS * N + N and not d
setdefaults = [{} for _ in range(300)]
results = together(lambda i: [s.setdefault('k', (i, n)) for n, s in enumerate(setdefaults)], THREADS)
assert all(len(set(r)) == 1 for r in zip(*results))
pops = {n: n for n in range(N)}
results = together(lambda i: [pops.pop(n, None) for n in range(N)], THREADS)
assert all(len([x for x in r if x is not None]) == 1 for r in zip(*results))
both = {}
together(lambda i: [both.update({('a', i, n): 1, ('b', i, n): 1}) for n in range(500)], THREADS)
assert len(both) == 1000 * THREADS


def copies(i):
    if i == 0:
        for n in range(N):
            both['new', n] = n
        return 0
    seen = 0
    while seen < 200:
        snapshot = both.copy()
        assert len(snapshot) == len(list(snapshot.items()))
        list(both.keys()), list(both.values()), len(both), ('new', 1) in both, both.get('zz')
        seen += 1
    return seen


together(copies, THREADS)

# set, deque, queues, count, attributes.
s = set()
together(lambda i: [s.add((i, n)) for n in range(N)], THREADS)
assert len(s) == THREADS * N
got = together(lambda i: [s.pop() for _ in range(N)], THREADS)
assert not s and len(set(itertools.chain(*got))) == THREADS * N
dq = collections.deque()
together(lambda i: [dq.append((i, n)) or dq.appendleft((i, -n - 1)) for n in range(N)], THREADS)
assert len(dq) == 2 * THREADS * N
left = together(lambda i: [dq.popleft() if i % 2 else dq.pop() for _ in range(2 * N)], THREADS)
assert not dq and len(set(itertools.chain(*left))) == 2 * THREADS * N
for make in (queue.Queue, queue.SimpleQueue, queue.LifoQueue):
    q = make()

    def produce_consume(i):
        return [q.put((i, n)) if i % 2 else q.get() for n in range(500)]

    got = together(produce_consume, THREADS)
    assert len(set(x for i in range(0, THREADS, 2) for x in got[i])) == 1000 and q.empty()


class O:
    pass


o = O()


def attributes(i):
    for n in range(N):
        setattr(o, 'a%d' % (n % 50), n)
        o.same = i
        getattr(o, 'a%d' % (n % 50))


together(attributes, THREADS)
assert len(vars(o)) == 51

# sort hides the list from others; readers never see half of it.
lst = list(range(2000, 0, -1))


def sorter(i):
    if i:
        for _ in range(100):
            n = len(lst)
            assert n in (0, 2000), n
    else:
        for _ in range(20):
            try:
                lst.sort()
                lst.reverse()
            except ValueError:
                pass


together(sorter, THREADS)
sys.setswitchinterval(0.005)
print('all whole')
