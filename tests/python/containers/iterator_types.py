# iter, reversed, enumerate, zip, map, filter, and all of itertools.
import itertools
from itertools import (accumulate, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile, filterfalse, groupby, islice, pairwise,
                       permutations, product, repeat, starmap, takewhile, tee, zip_longest)


def fails(exception, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exception as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s from %r" % (exception, function))


def rebuilt(it):
    "What pickle would make of it."
    parts = it.__reduce__()
    new = parts[0](*parts[1])
    if len(parts) > 2 and parts[2] is not None:
        new.__setstate__(parts[2])
    return new


class Sequence:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i * i

    def __len__(self):
        return self.n


# --- built-in iterators
for source in ([1, 2, 3], (1, 2, 3), range(1, 4), Sequence(3), range(10 ** 30, 10 ** 30 + 3)):
    it = iter(source)
    assert iter(it) is it and it.__length_hint__() == 3
    first = next(it)
    assert it.__length_hint__() == 2
    rest = list(it)
    it = iter(source)
    next(it)
    assert list(rebuilt(it)) == rest and [first] + rest == list(source)
    assert it.__reduce__()[2] == 1
    it.__setstate__(2)
    assert len(list(it)) == 1
    fails(StopIteration, "", next, it)
    assert next(it, None) is None
    assert list(rebuilt(it)) == []
    assert list(reversed(source)) == list(source)[::-1]
a = [1, 2, 3]
it = reversed(a)
assert next(it) == 3 and it.__length_hint__() == 2 and list(it) == [2, 1] and it.__length_hint__() == 0
it = iter(a)
for x in it:
    if len(a) < 6:
        a.append(x)
assert a == [1, 2, 3, 1, 2, 3] and list(it) == []
a.append(9)
assert list(it) == []
values = iter([1, 2, 0, 3])
assert list(iter(lambda: next(values), 0)) == [1, 2]
fails(TypeError, "'int' object is not reversible", reversed, 1)
fails(TypeError, "'set' object is not reversible", reversed, {1})
fails(TypeError, "reversed expected 1 argument, got 0", reversed)
assert list(enumerate("ab", 1)) == [(1, "a"), (2, "b")] and list(enumerate("ab", start=10 ** 20)) == [(10 ** 20, "a"), (10 ** 20 + 1, "b")]
e = enumerate("abc")
next(e)
assert e.__reduce__()[1][1] == 1
fails(TypeError, "'int' object is not iterable", enumerate, 1)
assert list(zip("ab", (1, 2), range(5))) == [("a", 1, 0), ("b", 2, 1)] and list(zip()) == [] and list(zip("a", strict=True)) == [("a",)]
assert list(zip("abc", range(3), strict=True)) == [("a", 0), ("b", 1), ("c", 2)]
fails(ValueError, "zip() argument 2 is shorter than argument 1", list, zip([1], [], strict=True))
fails(ValueError, "zip() argument 2 is longer than argument 1", list, zip([], [1], strict=True))
fails(ValueError, "zip() argument 3 is shorter than arguments 1-2", list, zip([1], [1], [], strict=True))
fails(TypeError, "'x' is an invalid keyword argument for zip()", zip, x=1)
assert list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])) == [4, 6] and list(map(str, [1, 2])) == ["1", "2"]
fails(TypeError, "map() must have at least two arguments.", map, 1)
assert list(filter(None, [0, 1, "", 2])) == [1, 2] and list(filter(lambda x: x > 1, [1, 2, 3])) == [2, 3]
fails(TypeError, "filter expected 2 arguments, got 1", filter, 1)
assert list(rebuilt(zip("ab", "cd"))) == [("a", "c"), ("b", "d")] and list(rebuilt(map(int, "12"))) == [1, 2] and list(rebuilt(filter(None, [0, 1]))) == [1]

# --- count, cycle, repeat
assert list(islice(count(5, 3), 3)) == [5, 8, 11] and list(islice(count(1.5, .5), 3)) == [1.5, 2.0, 2.5] and next(count(step=2)) == 0
c = count((1 << 61) - 2)
assert [next(c) for _ in range(4)] == [(1 << 61) - 2 + i for i in range(4)]
assert repr(count()) == "count(0)" and repr(count(1, 2)) == "count(1, 2)" and repr(count(1, 1.0)) == "count(1, 1.0)" and count(3).__reduce__() == (count, (3,))
fails(TypeError, "a number is required", count, "a")
c = cycle("abc")
assert [next(c) for _ in range(5)] == list("abcab") and "".join(islice(rebuilt(c), 4)) == "cabc"
c = cycle("abc")
next(c)
assert "".join(islice(rebuilt(c), 6)) == "bcabca"
assert list(cycle([])) == []
assert list(repeat("x", 3)) == ["x"] * 3 and repr(repeat(1, 3)) == "repeat(1, 3)" and repr(repeat(1)) == "repeat(1)" and repeat(1, 3).__length_hint__() == 3
assert list(repeat(1, -1)) == [] and next(repeat(object=5)) == 5
fails(TypeError, "len() of unsized object", repeat(1).__length_hint__)

# --- accumulate, chain, compress, dropwhile, takewhile, filterfalse, starmap
assert list(accumulate([1, 2, 3])) == [1, 3, 6] and list(accumulate([1, 2, 3], max, initial=2)) == [2, 2, 2, 3] and list(accumulate([])) == []
assert list(accumulate("abc", lambda a, b: b + a)) == ["a", "ba", "cba"]
it = accumulate([1, 2, 3])
next(it)
assert list(rebuilt(it)) == [3, 6] and list(rebuilt(accumulate([1, 2], initial=5))) == [5, 6, 8]
assert list(chain("ab", [], (1,))) == ["a", "b", 1] and list(chain()) == [] and list(chain.from_iterable(["ab", "c"])) == list("abc")
it = chain("abc", "de")
next(it)
assert "".join(rebuilt(it)) == "bcde"
fails(TypeError, "'int' object is not iterable", list, chain(1))
fails(TypeError, "Arguments must be iterators.", chain().__setstate__, ([1],))
assert list(compress("abcd", [1, 0, 1])) == ["a", "c"] and list(dropwhile(lambda x: x < 3, [1, 3, 2])) == [3, 2]
assert list(takewhile(lambda x: x < 3, [1, 3, 2])) == [1] and list(filterfalse(lambda x: x % 2, range(5))) == [0, 2, 4] and list(filterfalse(None, [0, 1])) == [0]
assert list(starmap(pow, [(2, 3), [3, 2]])) == [8, 9]
it = takewhile(lambda x: x < 3, [1, 3, 2])
list(it)
assert list(it) == [] and it.__reduce__()[2] == 1
fails(TypeError, "dropwhile expected 2 arguments, got 1", dropwhile, 1)
fails(TypeError, "dropwhile() takes no keyword arguments", dropwhile, x=1)

# --- islice, pairwise, zip_longest
assert list(islice("abcdefg", 2)) == ["a", "b"] and list(islice("abcdefg", 2, 4)) == ["c", "d"] and list(islice("abcdefg", 0, None, 3)) == ["a", "d", "g"]
it = iter(range(10))
assert list(islice(it, 3)) == [0, 1, 2] and next(it) == 3 and list(islice(it, 1, 5, 2)) == [5, 7] and next(it) == 9
fails(ValueError, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.", islice, [1], -1)
fails(ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.", islice, [1], "a", 2)
fails(ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.", islice, [1], 1, -2)
fails(ValueError, "Step for islice() must be a positive integer or None.", islice, [1], 1, 2, 0)
fails(TypeError, "islice expected at least 2 arguments, got 1", islice, [1])
it = islice(range(10), 2, 8, 2)
next(it)
assert list(rebuilt(it)) == [4, 6]
assert list(pairwise("abc")) == [("a", "b"), ("b", "c")] and list(pairwise("a")) == [] and list(pairwise("")) == []
assert list(zip_longest("ab", [1], fillvalue=0)) == [("a", 1), ("b", 0)] and list(zip_longest()) == [] and list(zip_longest([], [1])) == [(None, 1)]
it = zip_longest("abc", "d", fillvalue="-")
next(it)
next(it)
assert list(rebuilt(it)) == [("c", "-")]
fails(TypeError, "zip_longest() got an unexpected keyword argument", zip_longest, [1], x=1)

# --- combinatorics
assert ["".join(x) for x in product("ab", "cd")] == ["ac", "ad", "bc", "bd"] and list(product()) == [()] and list(product("ab", [])) == []
assert len(list(product("ab", repeat=3))) == 8 and list(product("ab", repeat=0)) == [()]
assert ["".join(x) for x in permutations("abc", 2)] == ["ab", "ac", "ba", "bc", "ca", "cb"] and len(list(permutations(range(5)))) == 120
assert list(permutations([])) == [()] and list(permutations("ab", 3)) == [] and list(permutations("ab", 0)) == [()]
assert ["".join(x) for x in combinations("abcd", 2)] == ["ab", "ac", "ad", "bc", "bd", "cd"] and list(combinations("ab", 0)) == [()] and list(combinations("a", 2)) == []
assert ["".join(x) for x in combinations_with_replacement("abc", 2)] == ["aa", "ab", "ac", "bb", "bc", "cc"] and list(combinations_with_replacement("", 1)) == []
for make in (lambda: product("ab", "cde"), lambda: permutations("abcd", 3), lambda: combinations("abcdef", 3), lambda: combinations_with_replacement("abcd", 3)):
    everything = list(make())
    for n in range(len(everything) + 1):
        it = make()
        assert list(islice(it, n)) == everything[:n]
        assert list(rebuilt(it)) == everything[n:]
fails(ValueError, "r must be non-negative", combinations, [1], -1)
fails(ValueError, "repeat argument cannot be negative", product, [1], repeat=-1)
fails(TypeError, "Expected int as r", permutations, [1], "a")
fails(ValueError, "invalid arguments", combinations("abc", 2).__setstate__, (1,))

# --- groupby, tee
assert [(k, list(g)) for k, g in groupby("aabccc")] == [("a", ["a", "a"]), ("b", ["b"]), ("c", ["c"] * 3)]
assert [(k, list(g)) for k, g in groupby([1, 3, 2, 4], key=lambda x: x % 2)] == [(1, [1, 3]), (0, [2, 4])]
assert [k for k, g in groupby("aabbcc")] == ["a", "b", "c"]
g = groupby("aab")
key, group = next(g)
assert next(group) == "a"
next(g)
assert list(group) == []
g = groupby("aabb")
next(g)
assert [(k, list(v)) for k, v in rebuilt(g)] == [("b", ["b", "b"])]
a, b, c = tee(iter(range(200)), 3)
assert list(islice(a, 100)) == list(range(100)) and next(b) == 0 and list(c) == list(range(200)) and list(a) == list(range(100, 200)) and list(b) == list(range(1, 200))
a, b = tee("abc")
next(a)
d = a.__copy__()
assert list(d) == ["b", "c"] == list(rebuilt(a)) and list(a) == ["b", "c"] and tee([], 0) == () and len(tee(b, 4)) == 4
fails(ValueError, "n must be >= 0", tee, [], -1)


class Reenters:
    def __iter__(self):
        return self

    def __next__(self):
        return next(branch)


branch, other = tee(Reenters())
fails(RuntimeError, "cannot re-enter the tee iterator", next, branch)
print("iterators: ok")
