# dict, its views and iterators, set and frozenset, mappingproxy, SimpleNamespace.


def fails(exception, text, function, *args):
    try:
        function(*args)
    except exception as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s from %r" % (exception, function))


# --- dict: growth, deletion, order
for n in (0, 1, 4, 5, 8, 9, 100, 1000, 70000):
    d = {i: str(i) for i in range(n)}
    assert len(d) == n and list(d) == list(range(n)) and all(d[i] == str(i) for i in range(0, n, 7)) and n not in d and -1 not in d
    for i in range(0, n, 2):
        del d[i]
    assert list(d) == list(range(1, n, 2))
    for i in range(0, n, 2):
        d[i] = i
    assert list(d) == list(range(1, n, 2)) + list(range(0, n, 2))
    assert list(reversed(d)) == list(d)[::-1] and d.copy() == d
names = ["k%d" % i for i in range(3000)]
d = dict.fromkeys(names, 0)
for name in ["k%d" % i for i in range(3000)]:   # equal strings that aren't the same objects
    d[name] += 1
assert len(d) == 3000 and set(d.values()) == {1}
queue = {}
for i in range(20000):   # first in, first out: must not become quadratic
    queue[i] = i
    if i > 100:
        del queue[next(iter(queue))]
assert len(queue) == 101
stack = {i: i for i in range(50000)}
while stack:
    stack.popitem()
d = {0.5: "half", 2 ** 70: "big", (1, 2): "pair", "a": "text", None: "none", True: "one", -1: "m1", -2: "m2"}
assert d[0.5] == "half" and d[2 ** 70] == "big" and d[1, 2] == "pair" and d[1] == "one" and d[1.0] == "one" and d[-1] == "m1" and d[-2] == "m2"
assert d.get("a") == "text" and d.get("b") is None and d.get("b", 3) == 3 and d.setdefault("c", 4) == 4 and d.setdefault("c", 5) == 4
assert d.pop("c") == 4 and d.pop("c", 9) == 9 and d.popitem() == (-2, "m2")
assert dict([(1, 2), [3, 4]], x=5) == {1: 2, 3: 4, "x": 5} and dict({1: 2}, **{"y": 1}) == {1: 2, "y": 1}
d = {1: 2}
d.update({3: 4}, z=1)
d.update([("w", 0)])
assert d == {1: 2, 3: 4, "z": 1, "w": 0} and d | {1: 0} == {1: 0, 3: 4, "z": 1, "w": 0} and {1: 0} | d == d
d |= [(1, 7)]
assert d[1] == 7 and list(d) == [1, 3, "z", "w"]
assert dict.fromkeys("ab", 1) == {"a": 1, "b": 1} and repr({1: "a", "b": [2]}) == "{1: 'a', 'b': [2]}"
d = {}
d["self"] = d
assert repr(d) == "{'self': {...}}"


class Mapping:
    def keys(self):
        return iter("ab")

    def __getitem__(self, key):
        return key * 2


assert dict(Mapping()) == {"a": "aa", "b": "bb"} == {**Mapping()}


class Missing(dict):
    def __missing__(self, key):
        return key + 1


assert Missing()[4] == 5 and Missing({1: 2})[1] == 2 and Missing().get(1) is None


class Key:
    def __init__(self, n, h):
        self.n, self.h = n, h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


d = {Key(i, i % 3): i for i in range(50)}
assert len(d) == 50 and all(d[Key(i, i % 3)] == i for i in range(50)) and Key(1, 0) not in d
for i in range(0, 50, 3):
    assert d.pop(Key(i, 0)) == i
assert len(d) == 33


class Clears:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        table.clear()
        return False


table = {1: "one", 2: "two"}
assert Clears() not in table and table == {}
table = {1: "one"}
table[Clears()] = 5
assert len(table) == 1

for iterate in (lambda d: d, lambda d: d.keys(), lambda d: d.values(), lambda d: d.items(), reversed):
    d = {1: 1, 2: 2}
    it = iter(iterate(d))
    next(it)
    d[3] = 3
    fails(RuntimeError, "dictionary changed size during iteration", next, it)
    fails(RuntimeError, "dictionary changed size during iteration", next, it)
d = {0: 0}


def replace():
    for i in d:
        del d[i]
        d[i + 1] = 0


fails(RuntimeError, "dictionary keys changed during iteration", replace)
it = iter({1: 2, 3: 4}.items())
assert it.__length_hint__() == 2 and next(it) == (1, 2) and it.__length_hint__() == 1
assert it.__reduce__()[1] == ([(3, 4)],) and next(it) == (3, 4)
fails(KeyError, "1", lambda: {}[1])
fails(KeyError, "(1, 2)", lambda: {}[1, 2])
fails(KeyError, "'popitem(): dictionary is empty'", {}.popitem)
fails(KeyError, "5", {}.pop, 5)
fails(TypeError, "unhashable type: 'list'", lambda: {[]: 1})
fails(TypeError, "unhashable type: 'dict'", hash, {})
fails(TypeError, "cannot convert dictionary update sequence element #0 to a sequence", dict, [1])
fails(ValueError, "dictionary update sequence element #1 has length 1; 2 is required", dict, [(1, 2), (1,)])
fails(TypeError, "dict expected at most 1 argument, got 2", dict, 1, 2)
fails(TypeError, "update expected at most 1 argument, got 2", {}.update, 1, 2)
fails(TypeError, "unsupported operand type(s) for |: 'dict' and 'int'", lambda: {} | 3)
fails(TypeError, "pop expected at least 1 argument, got 0", {}.pop)
fails(TypeError, "'<' not supported between instances of 'dict' and 'dict'", lambda: {} < {})

# --- views
d = {1: "a", 2: "b", 3: "c"}
k, v, i = d.keys(), d.values(), d.items()
assert repr(k) == "dict_keys([1, 2, 3])" and repr(v) == "dict_values(['a', 'b', 'c'])" and repr(i) == "dict_items([(1, 'a'), (2, 'b'), (3, 'c')])"
assert k & {1, 9} == {1} and k | [9] == {1, 2, 3, 9} and k - [1] == {2, 3} and k ^ {3, 4} == {1, 2, 4} and {1, 9} - k == {9} and [1, 9] & k == {1}
assert k == {1, 2, 3} and k < {1, 2, 3, 4} and k >= {1} and not k > {1, 2, 3} and k != {1} and i & {(1, "a")} == {(1, "a")}
assert (1, "a") in i and (1, "b") not in i and 1 not in i and k.isdisjoint([7]) and not k.isdisjoint({1}) and len(v) == 3 and "a" in v
assert list(reversed(i))[0] == (3, "c") and k.mapping[1] == "a" and type(k.mapping).__name__ == "mappingproxy"
d[4] = "d"
assert 4 in k and len(i) == 4
fails(TypeError, "unhashable type: 'dict_keys'", hash, k)
fails(TypeError, "cannot create 'dict_keys' instances", type(k))

# --- sets
s = {3, 1, 2}
assert repr(s) == "{1, 2, 3}" and repr(set()) == "set()" and repr(frozenset([1])) == "frozenset({1})" and repr(frozenset()) == "frozenset()"
assert s | {4} == {1, 2, 3, 4} and s & {1, 9} == {1} and s - {1} == {2, 3} and s ^ {3, 4} == {1, 2, 4}
assert s.union([4], (5,)) == {1, 2, 3, 4, 5} and s.intersection([1, 2], [2]) == {2} and s.difference([1], [2]) == {3} and s.symmetric_difference([3, 4]) == {1, 2, 4}
assert {1} < {1, 2} <= {1, 2} and {1, 2} > {1} and not {1} < {2} and {1} != {2} and {1} == frozenset([1]) and s.issubset(range(5)) and s.issuperset([1])
assert s.isdisjoint([7]) and not s.isdisjoint({1})
s.add(4)
s.discard(9)
s.remove(1)
s.update([7], {8})
assert s == {2, 3, 4, 7, 8}
s -= {2}
s |= {10}
s &= {3, 4, 10}
s ^= {3, 5}
assert s == {4, 5, 10}
s.intersection_update([4, 5], [5])
assert s == {5}
s.difference_update([5])
s.symmetric_difference_update([1, 2, 2])
assert s == {1, 2} and s.copy() == s and s.copy() is not s
assert {s.pop(), s.pop()} == {1, 2} and not s
f = frozenset([1, 2])
assert frozenset(f) is f and f.copy() is f and type(f | {3}) is frozenset and type({3} | f) is set and hash(f) == hash(frozenset([2, 1]))
assert hash(frozenset()) == 133146708735736 and hash(frozenset([1, 2, 3])) == -272375401224217160
nested = {frozenset([1]), 5}
assert {1} in nested and {2} not in nested
nested.discard({1})
assert nested == {5}
big = set(range(10000))
big -= set(range(0, 10000, 2))
assert len(big) == 5000 and 1 in big and 2 not in big
big.update(range(10000))
assert len(big) == 10000


class S(set):
    pass


assert type(S([1]) | S([2])) is set and type(S([1]).copy()) is set and repr(S([1])) == "S({1})"
assert S([1]).__reduce__() == (S, ([1],), None)
it = iter({1, 2})
next(it)
changing = {1, 2}
it = iter(changing)
next(it)
changing.add(3)
fails(RuntimeError, "Set changed size during iteration", next, it)
fails(KeyError, "'pop from an empty set'", set().pop)
fails(KeyError, "2", {1}.remove, 2)
fails(TypeError, "unhashable type: 'list'", set().add, [])
fails(TypeError, "unhashable type: 'set'", hash, set())
fails(TypeError, "unsupported operand type(s) for |: 'set' and 'list'", lambda: {1} | [1])
fails(TypeError, "set() takes no keyword arguments", lambda: set(x=1))
fails(TypeError, "set expected at most 1 argument, got 2", set, 1, 2)
fails(TypeError, "set.add() takes exactly one argument (0 given)", set().add)

# --- mappingproxy, SimpleNamespace
Proxy, Namespace = type(type.__dict__), type(__import__("sys").implementation)
m = Proxy({1: 2})
assert m[1] == 2 and 1 in m and len(m) == 1 and list(m) == [1] and m.get(5, 6) == 6 and m == {1: 2} and m | {3: 4} == {1: 2, 3: 4} and m.copy() == {1: 2}
assert repr(m) == "mappingproxy({1: 2})" and str(m) == "{1: 2}" and list(m.items()) == [(1, 2)]
fails(TypeError, "mappingproxy() argument must be a mapping, not int", Proxy, 1)
fails(TypeError, "'mappingproxy' object does not support item assignment", lambda: m.__class__.__setitem__ if hasattr(m, "__setitem__") else exec("m[1] = 2"))
n = Namespace(a=1, b="x")
assert repr(n) == "namespace(a=1, b='x')" and n.a == 1 and n == Namespace(a=1, b="x") and n != Namespace() and n.__reduce__() == (Namespace, (), {"a": 1, "b": "x"})
n.me = n
assert repr(n) == "namespace(a=1, b='x', me=namespace(...))"
del n.a
assert not hasattr(n, "a")
fails(TypeError, "no positional arguments expected", Namespace, 1)
print("mappings: ok")
