# deque, defaultdict, OrderedDict, namedtuple's getter; functools, operator, heapq, bisect.
from _collections import OrderedDict, _count_elements, _tuplegetter, defaultdict, deque
from _functools import cmp_to_key, partial, reduce, _lru_cache_wrapper
import _bisect
import _heapq
import _operator


def fails(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s from %r" % (exception, function))


# --- deque
d = deque(range(3))
d.append(3)
d.appendleft(-1)
assert list(d) == [-1, 0, 1, 2, 3] and d.pop() == 3 and d.popleft() == -1 and len(d) == 3 and repr(d) == "deque([0, 1, 2])"
d.extend("ab")
d.extendleft("xy")
assert list(d) == ["y", "x", 0, 1, 2, "a", "b"] and d[0] == "y" and d[-1] == "b" and d[3] == 1
d.rotate(2)
assert list(d) == ["a", "b", "y", "x", 0, 1, 2]
d.rotate(-3)
assert list(d) == ["x", 0, 1, 2, "a", "b", "y"] and d.index(2) == 3 and d.count("a") == 1 and "a" in d and "z" not in d
d.remove("a")
d.insert(1, "i")
d.insert(-1, "j")
assert list(d) == ["x", "i", 0, 1, 2, "b", "j", "y"]
del d[0], d[-1]
d[0] = "I"
d.reverse()
assert list(d) == ["j", "b", 2, 1, 0, "I"] and list(reversed(d)) == ["I", 0, 1, 2, "b", "j"]
for n in range(1, 40):   # against a list
    for k in range(-45, 46, 7):
        d, a = deque(range(n)), list(range(n))
        d.rotate(k)
        k %= n
        assert list(d) == a[n - k:] + a[:n - k], (n, k)
        d.insert(k, "q")
        b = a[n - k:] + a[:n - k]
        b.insert(k, "q")
        assert list(d) == b
        del d[k]
        del b[k]
        assert list(d) == b
m = deque(range(10), 3)
assert list(m) == [7, 8, 9] and m.maxlen == 3 and repr(m) == "deque([7, 8, 9], maxlen=3)"
m.appendleft(0)
assert list(m) == [0, 7, 8]
m.extend([1, 2])
assert list(m) == [8, 1, 2] and list(m + deque([5])) == [1, 2, 5] and list(m * 2) == [8, 1, 2] and (m + deque()).maxlen == 3
fails(IndexError, "deque already at its maximum size", m.insert, 0, 1)
assert deque([1, 2]) == deque([1, 2]) and deque([1]) < deque([2]) and deque([1]) != [1] and deque([1, 2]) * 2 == deque([1, 2, 1, 2]) and deque("ab") + deque("c") == deque("abc")
d = deque([1, 2])
d += "x"
d *= 2
assert list(d) == [1, 2, "x", 1, 2, "x"] and d.copy() == d and d.__copy__() is not d
d.extend(d)
assert len(d) == 12
d.clear()
assert not d
d.append(d)
assert repr(d) == "deque([[...]])"
d = deque([1, 2, 3])
it = iter(d)
next(it)
assert it.__length_hint__() == 2 and it.__reduce__() == (type(it), (d, 1)) and list(type(it)(d, 1)) == [2, 3] and list(type(reversed(d))(d, 1)) == [2, 1]
d.append(4)
fails(RuntimeError, "deque mutated during iteration", next, it)
assert list(it) == [] if False else True
fails(IndexError, "pop from an empty deque", deque().pop)
fails(IndexError, "pop from an empty deque", deque().popleft)
fails(IndexError, "deque index out of range", lambda: d[9])
fails(TypeError, "sequence index must be integer, not 'str'", lambda: d["a"])
fails(ValueError, "9 is not in deque", d.index, 9)
fails(ValueError, "9 is not in deque", d.remove, 9)
fails(ValueError, "maxlen must be non-negative", deque, [], -1)
fails(TypeError, "an integer is required", deque, [], "a")
fails(TypeError, 'can only concatenate deque (not "list") to deque', lambda: d + [1])
fails(TypeError, "deque() takes at most 2 arguments (3 given)", deque, 1, 2, 3)
fails(TypeError, "unhashable type: 'collections.deque'", hash, d)

# --- defaultdict
d = defaultdict(list)
d["a"].append(1)
assert d == {"a": [1]} and d["b"] == [] and "c" not in d and d.get("c") is None and repr(d) == "defaultdict(<class 'list'>, {'a': [1], 'b': []})"
assert d.default_factory is list and type(d.copy()) is defaultdict and d.copy() == d and type(d | {}) is defaultdict and type({} | d) is defaultdict
assert d.__reduce__()[:4] == (defaultdict, (list,), None, None) and repr(defaultdict(None, {1: 2})) == "defaultdict(None, {1: 2})"
d.default_factory = None
fails(KeyError, "'x'", lambda: d["x"])
fails(TypeError, "first argument must be callable or None", defaultdict, 1)


class D(defaultdict):
    def __init__(self, *args):
        super().__init__(*args)
        self.note = 1


d = D(int, {1: 2})
d[5] += 1
assert d == {1: 2, 5: 1} and d.note == 1

# --- OrderedDict
o = OrderedDict([("a", 1), ("b", 2)], c=3)
assert list(o) == ["a", "b", "c"] and repr(o) == "OrderedDict([('a', 1), ('b', 2), ('c', 3)])" and repr(OrderedDict()) == "OrderedDict()"
o.move_to_end("a")
assert list(o) == ["b", "c", "a"]
o.move_to_end("a", last=False)
assert list(o) == ["a", "b", "c"] and list(reversed(o)) == ["c", "b", "a"] and o.popitem() == ("c", 3) and o.popitem(last=False) == ("a", 1)
o["z"] = 1
assert o == OrderedDict(b=2, z=1) and o != OrderedDict(z=1, b=2) and o == {"z": 1, "b": 2} and {"z": 1, "b": 2} == o
assert repr(o.keys()) == "odict_keys(['b', 'z'])" and list(o.items()) == [("b", 2), ("z", 1)] and list(reversed(o.values())) == [1, 2] and o.keys() & {"b"} == {"b"}
assert type(o | {"q": 1}) is OrderedDict and type({"q": 1} | o) is OrderedDict and list({"q": 1} | o) == ["q", "b", "z"] and o.copy() == o
assert o.pop("b") == 2 and o.pop("b", 5) == 5 and o.setdefault("s", 4) == 4 and list(OrderedDict.fromkeys("ba", 1)) == ["b", "a"]
o.note = "attribute"
assert o.note == "attribute" and o.__dict__ == {"note": "attribute"} and list(dict(o)) == ["z", "s"]


def change():
    for k in o:
        o["new" + k] = 1


fails(RuntimeError, "OrderedDict mutated during iteration", change)
fails(KeyError, "'dictionary is empty'", OrderedDict().popitem)
fails(KeyError, "1", OrderedDict().move_to_end, 1)
fails(KeyError, "1", OrderedDict().pop, 1)
fails(TypeError, "expected at most 1 arguments, got 2", OrderedDict, 1, 2)
o = OrderedDict()
for i in range(5000):   # as a cache: bounded, in order of use
    o[i] = i
    if i % 3 == 0:
        o.move_to_end(next(iter(o)))
    if len(o) > 50:
        o.popitem(last=False)
assert len(o) == 50
g = _tuplegetter(1, "doc")
assert g.__get__((1, 2)) == 2 and repr(g) == "_tuplegetter(1, 'doc')" and g.__reduce__() == (_tuplegetter, (1, "doc")) and g.__doc__ == "doc"
fails(TypeError, "descriptor for index '1' for tuple subclasses doesn't apply to 'list' object", g.__get__, [1])
counts = {}
_count_elements(counts, "abca")
assert counts == {"a": 2, "b": 1, "c": 1}

# --- functools
p = partial(int, base=2)
assert p("101") == 5 and p.func is int and p.args == () and p.keywords == {"base": 2} and repr(p) == "functools.partial(<class 'int'>, base=2)"
q = partial(partial(max, 1), 5, key=abs)
assert q.func is max and q.args == (1, 5) and q(-9) == -9 and q(-9, key=lambda x: x) == 5
p.note = 1
assert p.__dict__ == {"note": 1} and partial(p).args == () and p.__reduce__() == (partial, (int,), (int, (), {"base": 2}, {"note": 1}))
assert partial(lambda *a, **k: (a, k), *range(20))(20, x=1) == (tuple(range(21)), {"x": 1})
p.__setstate__((str, (1,), None, None))
assert p() == "1"
fails(TypeError, "type 'partial' takes at least one argument", partial)
fails(TypeError, "the first argument must be callable", partial, 1)
fails(TypeError, "invalid partial state", p.__setstate__, 1)
assert reduce(lambda a, b: a * b, [1, 2, 3, 4]) == 24 and reduce(max, [], 3) == 3
fails(TypeError, "reduce() of empty iterable with no initial value", reduce, max, [])
fails(TypeError, "reduce() arg 2 must support iteration", reduce, max, 3)
assert sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)) == [3, 2, 1] and cmp_to_key(None)(5).obj == 5
fails(TypeError, "other argument must be K instance", lambda: cmp_to_key(None)(5) < 5)
calls = []


def square(x, **k):
    calls.append(x)
    return x * x


info = lambda *a: a
f = _lru_cache_wrapper(square, 2, False, info)
assert [f(1), f(2), f(1), f(3), f(1), f(2)] == [1, 4, 1, 9, 1, 4] and calls == [1, 2, 3, 2] and f.cache_info() == (2, 4, 2, 2)
f.cache_clear()
assert f.cache_info() == (0, 0, 2, 0)
f = _lru_cache_wrapper(square, None, True, info)
f(1), f(1.0), f(1), f(1, a=2), f(1, a=2)
assert f.cache_info() == (2, 3, None, 3)
fails(TypeError, "unhashable type: 'list'", f, [])
fails(TypeError, "maxsize should be integer or None", _lru_cache_wrapper, square, "a", False, info)
f = _lru_cache_wrapper(square, 0, False, info)
f(1), f(1)
assert f.cache_info() == (0, 2, 0, 0)


class C:
    method = _lru_cache_wrapper(lambda self, x: x + 1, None, False, info)


assert C().method(1) == 2

# --- operator
assert _operator.add(1, 2) == 3 and _operator.itemgetter(1)([1, 2]) == 2 and _operator.itemgetter(0, "a")({0: 1, "a": 2}) == (1, 2)
assert _operator.attrgetter("real")(5) == 5 and _operator.attrgetter("real.imag", "real")(5) == (0, 5) and _operator.methodcaller("split", ",")("a,b") == ["a", "b"]
assert repr(_operator.methodcaller("f", 1, x=2)) == "operator.methodcaller('f', 1, x=2)" and repr(_operator.attrgetter("a.b")) == "operator.attrgetter('a.b')"
assert _operator.countOf([1, 2, 1], 1) == 2 and _operator.indexOf("abc", "c") == 2 and _operator.length_hint(iter([1, 2])) == 2 and _operator.length_hint(1, 7) == 7
assert _operator.concat([1], [2]) == [1, 2] and _operator.call(max, 1, 2) == 2 and _operator.not_(0) and _operator.contains([1], 1) and _operator.ipow(2, 3) == 8
assert _operator._compare_digest("abc", "abc") and not _operator._compare_digest(b"abc", b"abd") and not _operator._compare_digest("a", "ab")
fails(TypeError, "attribute name must be a string", _operator.attrgetter, 1)
fails(TypeError, "itemgetter expected 1 argument, got 0", _operator.itemgetter)
fails(TypeError, "'int' object can't be concatenated", _operator.concat, 1, [2])
fails(TypeError, "comparing strings with non-ASCII characters is not supported", _operator._compare_digest, "\xe9", "a")

# --- heapq, bisect
state = 7
heap, data = [], []
for i in range(500):
    state = (state * 1103515245 + 12345) % 2147483648
    _heapq.heappush(heap, state)
    data.append(state)
assert [_heapq.heappop(heap) for _ in range(500)] == sorted(data)
heap = data[:]
_heapq.heapify(heap)
assert heap[0] == min(data) and _heapq.heapreplace(heap, 10 ** 20) == min(data) and _heapq.heappushpop(heap, -1) == -1
heap = data[:]
_heapq._heapify_max(heap)
assert [_heapq._heappop_max(heap) for _ in range(500)] == sorted(data)[::-1]
fails(IndexError, "index out of range", _heapq.heappop, [])
fails(TypeError, "heappush() argument 1 must be list, not tuple", _heapq.heappush, (), 1)
a = [1, 2, 2, 3]
assert _bisect.bisect_left(a, 2) == 1 and _bisect.bisect_right(a, 2) == 3 and _bisect.bisect_left(a, 9) == 4 and _bisect.bisect_left(a, 2, 2, 3) == 2
assert _bisect.bisect_left([3, 2, 1], -2, key=lambda x: -x) == 1
_bisect.insort_right(a, 2.5)
_bisect.insort_left(a, 0)
assert a == [0, 1, 2, 2, 2.5, 3]
fails(ValueError, "lo must be non-negative", _bisect.bisect_left, a, 1, -1)
print("collections: ok")
