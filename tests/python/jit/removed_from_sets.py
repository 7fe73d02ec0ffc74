# Sets out of which keys are taken, and into which they come again: what is found, how many there are, and their order.
import random
import threading


def churn(n, spread):
    s = set()
    found = 0
    for i in range(n):
        k = (i * 7919) % spread
        if k in s:
            found += 1
            s.remove(k)
        else:
            s.add(k)
        s.add(i & 7)
        s.discard((i * 5) & 15)
        if (i * 3) % spread not in s:
            found += 2
    return found, len(s), sorted(s)[:5]


def queens(n):
    columns, up, down = set(), set(), set()

    def solve(row):
        if row == n:
            return 1
        count = 0
        for c in range(n):
            if c not in columns and row + c not in up and row - c not in down:
                columns.add(c)
                up.add(row + c)
                down.add(row - c)
                count += solve(row + 1)
                columns.remove(c)
                up.discard(row + c)
                down.remove(row - c)
        return count

    return solve(0), columns, up, down


def same_slot(n):
    s = {0, 8, 16, 32}
    total = 0
    for i in range(n):
        s.add(64)
        s.add(64)
        total += len(s)
        s.remove(64)
        s.discard(8)
        s.add(8)
        s.add(128)
        s.remove(128)
        total += (8 in s) + (128 in s) + (64 in s) * 10 + (0 in s)
    return total, sorted(s)


def texts(n):
    names = ["name%d" % k for k in range(20)]
    s = set()
    total = 0
    for i in range(n):
        name = names[i * 7 % 20]
        if name in s:
            s.remove(name)
        else:
            s.add(name)
        s.add("name%d" % (i % 20))
        total += len(s)
        s.discard(names[i * 3 % 20])
    return total, sorted(s)


class Same:
    def __init__(self, k):
        self.k = k

    def __hash__(self):
        return 5

    def __eq__(self, other):
        return isinstance(other, Same) and self.k == other.k


def equal_hashes(n):
    s = {Same(1), 5}
    total = 0
    for i in range(n):
        s.add(Same(i % 3))
        s.add(5)
        total += len(s) + (Same(2) in s) + (5 in s)
        s.discard(Same(i % 2))
        s.discard(5)
    return total


def floats_and_ints(n):
    s = set()
    total = 0
    for i in range(n):
        s.add(i % 10)
        s.add(float(i % 10))
        s.add(i % 2 == 0)
        total += len(s) + (1.0 in s) + (True in s)
        s.discard(i % 7 * 1.0)
        s.discard(True)
    return total, len(s)


def against_a_dict(seed, n):
    r = random.Random(seed)
    s, d = set(), {}
    for _ in range(n):
        k = r.randrange(40)
        if r.random() < 0.5:
            s.add(k)
            d[k] = True
        elif k in s:
            s.remove(k)
            del d[k]
        if (k in s) != (k in d) or len(s) != len(d):
            return "differs"
    return sorted(s) == sorted(d)


print(churn(5000, 10), churn(5000, 100), churn(5000, 3000))
print(queens(6))
print(same_slot(3000))
print(texts(3000))
print(equal_hashes(2500))
print(floats_and_ints(2500))
print([against_a_dict(seed, 3000) for seed in range(4)])

shared = set()
counts = []


def work(k):
    own = 0
    for i in range(3000):
        key = k * 100 + i % 10
        shared.add(key)
        own += key in shared
        shared.remove(key)
        own -= key in shared
        shared.add(5)
        shared.discard(7)
    counts.append(own)


threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts, shared)
