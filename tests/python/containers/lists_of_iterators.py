# Lists made of what map(), filter(), chain() and iterators over lists and tuples have left: in whole, but as if step by step.
import itertools
import operator
import sys


def raises(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


# iterators that have been begun, and what is left of them afterwards
for source in ([1, 2, 3, 4], (1, 2, 3, 4)):
    it = iter(source)
    assert next(it) == 1
    assert list(it) == [2, 3, 4] and list(it) == [] and next(it, None) is None
    assert operator.length_hint(it) == 0
items = [1, 2, 3, 4]
it = reversed(items)
assert next(it) == 4
assert list(it) == [3, 2, 1] and list(it) == [] and next(it, None) is None
it = reversed(items)
items.pop()
assert list(it) == []
it = iter(items)
assert list(it) == items
items.append(9)
assert list(it) == []  # it has ended
items = [1, 2, 3]
items.extend(reversed(items))
assert items == [1, 2, 3, 3, 2, 1]
items[:] = map(str, items)
assert items == ["1", "2", "3", "3", "2", "1"]


# what is called fails, or looks at the list, on the way
def third_fails(x):
    if x == 3:
        raise LookupError(x)
    return -x


filled = [0]
raises(LookupError, filled.extend, map(third_fails, [1, 2, 3, 4]))
assert filled == [0, -1, -2]
m = map(third_fails, [1, 2, 3, 4])
raises(LookupError, list, m)
assert list(m) == [-4]
filled = []
filled.extend(map(lambda x: (x, len(filled)), "abc"))
assert filled == [("a", 0), ("b", 1), ("c", 2)]
raises(ZeroDivisionError, list, filter(lambda x: 1 // x, [1, 0]))
assert list(filter(None, [0, 1, "", "a", [], 2.0])) == [1, "a", 2.0]
assert list(filter(bool, range(3))) == [1, 2] and list(filter(lambda x: x > 1, range(4))) == [2, 3]


class Falsy:
    def __bool__(self):
        raise ValueError("no truth")


assert raises(ValueError, list, filter(None, [1, Falsy()])) == "no truth"

# what is called: natives, bound ones, callables of all kinds
pairs = [(2, "b"), (1, "a")]
assert list(map(operator.itemgetter(1), pairs)) == ["b", "a"]
assert raises(IndexError, list, map(operator.itemgetter(5), pairs)) == "tuple index out of range"
assert sorted(pairs, key=operator.itemgetter(1)) == [(1, "a"), (2, "b")]
assert list(map({1: "x"}.get, [1, 2])) == ["x", None]
assert list(map([3, 4].index, [4, 3])) == [1, 0]
assert max([3, 1, 2], key=[2, 3, 1].index) == 1 and min({"a": 2, "b": 1}, key={"a": 2, "b": 1}.get) == "b"
assert list(map(str.upper, "ab")) == ["A", "B"]
assert raises(TypeError, list, map(str.upper, [1])) == "descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"
assert list(map(int, ["1", "2"])) == [1, 2] and list(map(len, ["", "a"])) == [0, 1]
assert raises(TypeError, list, map(3, [1])) == "'int' object is not callable"
assert raises(TypeError, lambda: sorted([2, 1], key=5)) == "'int' object is not callable"
assert list(map(None, [])) == []


class Callable:
    def __call__(self, x):
        return x * 2


assert list(map(Callable(), [1, 2])) == [2, 4]
assert list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])) == [4, 6]

# chains
assert list(itertools.chain([1], (2, 3), "ab", range(2), {5: 0}, iter([6]))) == [1, 2, 3, "a", "b", 0, 1, 5, 6]
assert list(itertools.chain.from_iterable([[1, 2], (), [3]])) == [1, 2, 3]
chain = itertools.chain([1, 2], [3, 4])
assert next(chain) == 1
assert list(chain) == [2, 3, 4] and list(chain) == [] and next(chain, None) is None
chain = itertools.chain([1], 5, [2])
filled = []
assert raises(TypeError, filled.extend, chain) == "'int' object is not iterable"
assert filled == [1] and list(chain) == []


def generator():
    yield 1
    yield len(filled)
    raise KeyError("end")


filled = [7]
chain = itertools.chain([0], generator(), [9])
raises(KeyError, filled.extend, chain)
assert filled == [7, 0, 1, 3]
assert list(chain) == [9]
chain = itertools.chain()
for i in range(3):
    chain = itertools.chain(chain, [i])
assert sorted(chain, reverse=True) == [2, 1, 0]
nested = itertools.chain([1])
for _ in range(200_000):
    nested = itertools.chain(nested)
try:
    list(nested)
except RecursionError:
    pass
del nested


class Chain(itertools.chain):
    def __iter__(self):
        return iter("own")


assert list(Chain([1])) == ["o", "w", "n"]
chain = itertools.chain((x for x in [1, 2]), [3])
assert list(itertools.islice(chain, 1)) + list(chain) == [1, 2, 3]


# StopIteration from inside ends them
def stop(x):
    if x == 2:
        raise StopIteration
    return x + 1


assert list(map(stop, range(5))) == [1, 2] and list(filter(stop, range(5))) == [0, 1]
filled = [0]
filled.extend(map(stop, [0, 2, 1]))
assert filled == [0, 1]
assert list(itertools.chain([0], map(stop, range(5)), [7])) == [0, 1, 2, 7]


class Stops:
    def __iter__(self):
        raise StopIteration


assert list(itertools.chain([1], Stops(), [2])) == [1]

# dicts backwards
d = dict.fromkeys(range(10), "v")
del d[9], d[4], d[0]
for view, values in ((d, list(d)), (d.values(), ["v"] * 7), (d.items(), [(k, "v") for k in d])):
    assert list(reversed(view)) == values[::-1]
    it = reversed(view)
    assert next(it) == values[-1]
    assert list(it) == values[-2::-1] and list(it) == [] and next(it, None) is None
    assert operator.length_hint(it) == 0
    filled = [0]
    filled.extend(reversed(view))
    assert filled == [0] + values[::-1]
assert list(reversed({})) == []
it = reversed(d)
next(it)
d[11] = "w"
print(raises(RuntimeError, list, it), raises(RuntimeError, next, it))
it = reversed(d)
next(it)
del d[11]
d[12] = "x"
print(list(it), list(it))

# compress() and cycle()
assert list(itertools.compress("abcdef", [1, 0, True, None, "x", ""])) == ["a", "c", "e"]
assert list(itertools.compress("abc", itertools.cycle([0, 1]))) == ["b"]
data, selectors = iter("abcdefgh"), iter([1, 0, 1])
assert list(itertools.compress(data, selectors)) == ["a", "c"]
assert list(data) == ["e", "f", "g", "h"] and list(selectors) == []  # one item more was asked for


class Choosy:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        if self.answer is None:
            raise LookupError("no answer")
        return self.answer


filled = []
picked = itertools.compress("abcd", [Choosy(True), Choosy(False), Choosy(None), Choosy(True)])
print(raises(LookupError, filled.extend, picked), filled, list(picked))
assert list(itertools.islice(itertools.cycle("abc"), 8)) == list("abcabcab")
saved = [1, 2]
round_and_round = itertools.cycle(saved)
assert [next(round_and_round) for _ in range(5)] == [1, 2, 1, 2, 1]
saved.clear()
assert [next(round_and_round) for _ in range(3)] == [2, 1, 2]
assert list(itertools.islice(itertools.cycle([]), 3)) == []


# iterators by __getitem__ that are stepped by what they call
class Nested:
    def __getitem__(self, i):
        if i == 1 and not inner:
            inner.append("asked")
            inner.append(next(steps))
        if i > 5:
            raise IndexError(i)
        return i


inner = []
steps = iter(Nested())
print(list(steps), inner, list(steps))
