# Dicts out of which keys are deleted, and into which they come again: what is found, how many there are, and their order.
import collections
import gc
import random
import threading


def churn(n, spread):
    d = {}
    found = 0
    for i in range(n):
        k = (i * 7919) % spread
        if k in d:
            found += d[k] & 1
            del d[k]
        else:
            d[k] = i
        d[i & 7] = i
        if (i * 5) & 15 in d:
            del d[(i * 5) & 15]
        found += d.get((i * 3) % spread, -1) < 0
    return found, len(d), list(d.items())[:4], list(d)[-4:]


def texts(n):
    names = ["name%d" % k for k in range(30)]
    d = {}
    for i in range(n):
        name = names[i * 7 % 30]
        if name in d:
            del d[name]
        else:
            d[name] = i
        d["name%d" % (i % 30)] = -i
        if i % 11 == 0 and d:
            del d[next(iter(d))]
    return list(d.items())


def window(n, size):
    d = {}
    total = 0
    for i in range(n):
        d[i] = i * 2
        if i >= size:
            total += d[i - size]
            del d[i - size]
    return total, len(d), list(d)[:3], d.popitem()


def queue_of_one(n):
    d = {1: 2}
    for i in range(n):
        d["k"] = i
        del d["k"]
        d[1] = i
        del d[1]
        d[1] = [i]
    return d


def of_tuples(n):
    d = {}
    for i in range(n):
        d[i % 7, i % 3] = i
        if i % 2:
            del d[i % 7, i % 3]
    return list(d.items())


def missing(n):
    d = {}
    errors = 0
    for i in range(n):
        try:
            d[i % 5] = i
            del d[i % 7]
        except KeyError as e:
            errors += e.args[0]
    return errors, d


class Same:
    def __init__(self, k):
        self.k = k

    def __hash__(self):
        return 5

    def __eq__(self, other):
        return isinstance(other, Same) and self.k == other.k


def equal_hashes(n):
    d = {5: 0, Same(1): 1}
    total = 0
    for i in range(n):
        d[Same(i % 3)] = i
        d[5] = i
        total += len(d) + (Same(2) in d) + (5 in d)
        del d[5]
        del d[Same(i % 3)]
    return total, len(d)


def other_kinds(n):
    log = []
    for i in range(n):
        for kind in (dict, collections.OrderedDict, lambda: collections.defaultdict(int), lambda: [1, 2, 3, 4, 5]):
            x = kind()
            x[3] = 1
            x[4] = 2
            del x[3]
            log.append(len(x))
            log = log[-6:]
    return log


def objects_attributes(n):
    class Plain:
        pass

    o = Plain()
    total = 0
    for i in range(n):
        o.a = i
        o.__dict__["b"] = i
        total += o.a + o.b
        del o.__dict__["a"]
        total += hasattr(o, "a")
        del o.b
        total += "b" in o.__dict__
    return total, vars(o)


def of_the_module(n):
    names = globals()
    total = 0
    for i in range(n):
        names["made_here"] = i
        total += made_here
        del names["made_here"]
        try:
            made_here
        except NameError:
            total += 1
    return total


def while_iterating(n):
    d = {k: k for k in range(10)}
    said = set()
    for i in range(n):
        try:
            for k in d:
                del d[k]
        except RuntimeError as e:
            said.add(str(e))
        d[i] = i
    return said, len(d)


def dies(n):
    d = {}
    for i in range(n):
        d[i % 3] = Same(i)
        del d[i % 3]
    del i
    gc.collect()
    return sum(isinstance(o, Same) for o in gc.get_objects()) < 5


def against_pairs(seed, n):
    r = random.Random(seed)
    d, pairs = {}, []
    for i in range(n):
        k = r.randrange(60)
        if r.random() < 0.55:
            if k in d:
                pairs = [(a, i if a == k else b) for a, b in pairs]
            else:
                pairs.append((k, i))
            d[k] = i
        elif k in d:
            del d[k]
            pairs = [(a, b) for a, b in pairs if a != k]
        if len(d) != len(pairs):
            return "differs"
    return list(d.items()) == pairs


print(churn(5000, 10), churn(5000, 100), churn(5000, 3000), churn(9000, 100000))
print(texts(3000))
print(window(5000, 3), window(5000, 50), window(5000, 1000))
print(queue_of_one(3000))
print(of_tuples(3000))
print(missing(3000))
print(equal_hashes(2500))
print(other_kinds(1000))
print(objects_attributes(2500))
print(of_the_module(2500))
print(while_iterating(2500))
print(dies(3000))
print([against_pairs(seed, 2500) for seed in range(4)])

shared = {}
counts = []


def work(k):
    own = 0
    for i in range(3000):
        key = k * 100 + i % 10
        shared[key] = i
        own += key in shared
        own += shared[key] == i
        del shared[key]
        own -= key in shared
    counts.append(own)


threads = [threading.Thread(target=work, args=(k,)) for k in range(1, 5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts, shared)
