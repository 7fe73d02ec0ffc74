# Lists, tuples and sorted lists made of dicts, their views and sets: also with holes in the table, and iteration up to the end of
# a set's table.


def show(what):
    print(type(what).__name__, what)


# dicts with removed keys, in order
d = {i: str(i) for i in range(30)}
for k in range(0, 30, 3):
    del d[k]
show(list(d))
show(list(d.values()))
show(tuple(d.keys()))
show(sorted(d, reverse=True))
d[0] = "again"
show(list(d)[-2:])
d.clear()
show(list(d))
show(list({}))
show(tuple({}.values()))
items = list({"a": 1, "b": None}.values())
items.append(3)
show(items)

# sets with removed keys
s = set(range(40))
for k in range(0, 40, 2):
    s.remove(k)
show(list(s))
show(tuple(frozenset(s)))
show(sorted(s, key=lambda x: -x))
s.clear()
show(list(s))
show(list(frozenset()))
one = {"x"}
one.discard("x")
show(list(one))

# a list that has items already, and list.__init__ once more
items = [1, 2]
items.extend({"a": 1})
items += {7}
items[1:1] = {"k": 0}.keys()
show(items)
items.__init__({9: 9})
show(items)
items.__init__({8})
show(items)


# subclasses iterate as they say
class D(dict):
    def __iter__(self):
        yield "mine"

    def keys(self):
        return ["k"]


class S(set):
    def __iter__(self):
        return iter(["own"])


class L(list):
    pass


show(list(D(a=1)))
show(list(D(a=1).values()))
show(tuple(S({1, 2})))
show(L({"q": 1}))
show(L(S([1])))

import collections

od = collections.OrderedDict((i, -i) for i in range(5))
od.move_to_end(0)
od.move_to_end(4, last=False)
show(list(od))
show(list(od.values()))
show(list(od.keys()))
show(list(collections.Counter("abca")))
show(list(collections.defaultdict(int, {1: 2}).values()))

# set iterators: the end, after it, and changes of size
for n in (0, 1, 5, 100):
    s = set(range(n))
    it = iter(s)
    seen = [x for x in it]
    print(n, len(seen), seen == list(s), next(it, "end"), list(it), it.__length_hint__())
    s.add(-1)
    print(next(it, "still at its end"))

s = set(range(10))
it = iter(s)
got = [next(it) for _ in range(10)]
s.add(99)
try:
    next(it)
except RuntimeError as e:
    print(e)
try:
    for x in s:
        s.discard(99)
except RuntimeError as e:
    print(e, x)


def walk(s):
    n = 0
    for i in range(200):
        for x in s:
            n += x
        for k, x in enumerate(s):
            n += k
        n += sum(s) + len([x for x in s])
    return n


print(walk({1, 2, 3}), walk(set()), walk(frozenset(range(50))))

# constants as text
for v in (None, True, False):
    print(str(v), repr(v), f"{v}", f"{v!r:>6}", "%s %r" % (v, v), "{} {!s}".format(v, v), format(v), v.__str__(), ascii(v))
print(f"{True:5}", f"{True:d}")
try:
    f"{None:5}"
except TypeError as e:
    print(e)
