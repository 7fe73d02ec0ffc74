# pop() and setdefault() of dicts, discard() and remove() of sets: of keys that are there and others, and of other objects.
import collections
import threading


class OwnDict(dict):
    def pop(self, *args):
        return "own pop"

    def setdefault(self, *args):
        return "own setdefault"


class PlainDict(dict):
    pass


class OwnSet(set):
    def discard(self, key):
        self.asked = key


def grouped(n):
    d = {}
    for i in range(n):
        d.setdefault(i % 10, []).append(i)
        d.setdefault("k%d" % (i % 3), set()).add(i % 5)
        d.setdefault((i % 2, i % 3), {}).setdefault(i % 4, []).append(i % 4)
    return len(d), len(d[3]), d["k1"], sorted(d[1, 2])


def popped(n):
    d = {k: k * 2 for k in range(10)}
    total = 0
    for i in range(n):
        k = i % 12
        total += d.pop(k, -1)
        d[k] = i
        if k in d:
            total += d.pop(k)
            d[k] = i + 1
        try:
            d.pop("missing")
        except KeyError as e:
            total += len(e.args[0])
        if i % 50 == 0:
            total += d.popitem()[1]
    return total, list(d.items())


def emptied(n):
    total = 0
    for i in range(n):
        d = {}
        total += d.pop(i, 1)
        d[i] = i
        total += d.pop(i, 0) - i
        total += len(d)
        d["a"] = 1
        total += list(d) == ["a"]
    return total


def of_kinds(n):
    log = []
    for i in range(n):
        for kind in (dict, OwnDict, PlainDict, collections.OrderedDict, collections.Counter, lambda: collections.defaultdict(int)):
            d = kind()
            d[1] = 5
            log.append((d.setdefault(1, 7), d.pop(1, 9), d.pop(2, 9), len(d)))
        log = log[-6:]
    return log


def taken(n):
    s = set(range(10))
    total = 0
    for i in range(n):
        s.discard(i % 15)
        try:
            s.remove(i % 7)
        except KeyError as e:
            total += e.args[0]
        s.add(i % 15)
        s.add(i % 7)
        total += len(s)
    return total, sorted(s)


def taken_of_kinds(n):
    got = []
    for i in range(n):
        for kind in (set, OwnSet, frozenset, collections.Counter):
            s = kind([1, 2, 3])
            try:
                s.discard(2)
            except AttributeError as e:
                got.append(str(e))
            got.append(sorted(s))
        got = got[-6:]
    return got


def bad_keys(n):
    said = set()
    s, d = {1}, {1: 2}
    for i in range(n):
        for call in (lambda: s.discard([]), lambda: s.remove({}), lambda: d.pop([]), lambda: d.setdefault([], 1), lambda: d.pop()):
            try:
                call()
            except TypeError as e:
                said.add(str(e))
    return sorted(said)


def unbound(n):
    s, d = set(), {}
    pop, discard, setdefault = dict.pop, set.discard, d.setdefault
    total = 0
    for i in range(n):
        s.add(i % 5)
        discard(s, i % 3)
        setdefault(i % 4, i)
        total += pop(d, i % 6, 0)
    return total, sorted(s), d


def text_sets(n):
    words = "the quick brown fox jumps over the lazy dog".split()
    s = set()
    total = 0
    for i in range(n):
        s.add(words[i % 9])
        s.discard("".join(words[i * 2 % 9]))
        total += len(s)
    return total, sorted(s)


print(grouped(3000))
print(popped(3000))
print(emptied(3000))
print(of_kinds(700))
print(taken(3000))
print(taken_of_kinds(700))
print(bad_keys(600))
print(unbound(3000))
print(text_sets(3000))

shared_set, shared_dict, counts = set(), {}, []


def work(k):
    own = 0
    for i in range(2500):
        key = k * 100 + i % 10
        shared_set.add(key)
        shared_dict.setdefault(key, i)
        shared_set.remove(key)
        own += shared_dict.pop(key) == i
        shared_set.discard(5)
        own += shared_dict.pop("nothing", 1)
    counts.append(own)


threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts, shared_set, shared_dict)
