# The operators of views of keys, with each other and with other iterables: also where keys were removed, and of subclasses.
import collections

d = {i: str(i) for i in range(20)}
for k in (0, 5, 19):
    del d[k]
e = {3: 1, 4: 1, 99: 1}
od = collections.OrderedDict.fromkeys("hello")


class Loud(dict):
    def __iter__(self):
        print("asked")
        return super().__iter__()


loud = Loud({4: 0, 7: 0})
for other in (e.keys(), {3, 4, 99}, [3, 4, 99, 3], e, e.items(), od.keys(), loud.keys(), loud, {}.keys(), (x for x in (1, 2, 99))):
    many = list(other) if type(other).__name__ == "generator" else other
    for f in (lambda a, b: a - b, lambda a, b: a & b, lambda a, b: a | b, lambda a, b: a ^ b):
        r = f(d.keys(), many)
        print(type(r).__name__, sorted(r, key=str), end="; ")
        try:
            r = f(many, d.keys())
            print(sorted(r, key=str))
        except TypeError as x:
            print(x)
print(sorted(od.keys() - {"l"}), sorted(od.keys() | "xyz"), sorted(d.items() - [(1, "1")])[:2])
try:
    d.keys() - [[]]
except TypeError as x:
    print(x)
try:
    d.keys() - 5
except TypeError as x:
    print(x)

# sums of floats, and what comes between them
inf = float("inf")
for items in ([0.1] * 10, [0.1, 1, 0.2], [1e308, 1e308, -1e308], [-0.0], [-0.0, -0.0], [1.5, True, 2], [0.1, 10**30, 0.3], [inf, 1.0],
              [inf, -inf], [1e-320, 1e-320, 1.0], [2.5, 1j, 3.5], [1e300, 1e300, 5, 1e-300], []):
    print(sum(items), sum(iter(items)), sum(items, 0.0), sum(tuple(items), -0.0), sum(x for x in items))
try:
    sum([1.0, 2.0, "x"])
except TypeError as x:
    print(x)


class Number(float):
    def __radd__(self, other):
        return ("radd", other, float(self))


print(sum([1.0, 2.0, Number(3.0)]))
for items in ([2**61 - 1] * 9, [2**62, 1, 2**61], [-(2**61)] * 12, [1, True, 2.5, 3], [2**61, 2**61, 2**61, 2**61, -5, 0.5], [1, 2**70, 3]):
    print(sum(items), sum(x for x in items), sum(items, 1))
