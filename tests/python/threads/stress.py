# Many threads that allocate, raise, call, create and drop objects at once: nothing is lost and nothing breaks.
# stress
# timeout: 120
import threading
import sys

sys.setswitchinterval(1e-5)
errors = []


class Node:
    def __init__(self, value, next_=None): self.value, self.next = value, next_


def lists(seed):
    head = None
    for n in range(200):
        head = Node(n, head)
    total = 0
    while head:
        total += head.value
        head = head.next
    assert total == 19900


def exceptions(seed):
    def deep(n):
        if n == 0:
            raise ValueError(seed)
        try:
            deep(n - 1)
        finally:
            pass
    for _ in range(20):
        try:
            deep(10)
        except ValueError as e:
            assert e.args == (seed,)


def strings(seed):
    s = ''
    for n in range(100):
        s += str(n)
    assert len(s) == 190 and s.count('9') == 20 and '%s-%d' % ('a', seed) == 'a-%d' % seed
    assert ''.join(sorted(s)) == ''.join(sorted(s[::-1]))


def dicts(seed):
    d = {('k', n): [n] * 3 for n in range(100)}
    for n in range(0, 100, 2):
        del d['k', n]
    assert sum(v[0] for v in d.values()) == 2500


def generators(seed):
    def gen(n):
        for i in range(n):
            got = yield i
            assert got is None
    assert sum(x * y for x in gen(10) for y in gen(10)) == 2025


def classes(seed):
    K = type('K%d' % seed, (Node,), {'double': lambda self: self.value * 2, '__len__': lambda self: 3})
    assert K(4).double() == 8 and len(K(1)) == 3


def closures(seed):
    fs = [lambda n=n: n + seed for n in range(50)]
    assert sum(f() for f in fs) == 1225 + 50 * seed


def cycles(seed):
    for _ in range(30):
        a, b = [], []
        a.append(b), b.append(a)


def bigs(seed):
    x = 3 ** 200 + seed
    assert (x * x) // x == x and int(str(x)) == x


def body(seed):
    try:
        for n in range(12):
            for f in (lists, exceptions, strings, dicts, generators, classes, closures, cycles, bigs):
                f(seed + n)
    except BaseException as e:
        errors.append(e)
        raise


threads = [threading.Thread(target=body, args=(i,)) for i in range(6)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not errors, errors
print('ok')
