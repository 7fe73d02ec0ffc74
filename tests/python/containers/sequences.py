# tuple, list, slice and range: operations, errors to the character, sorting.


def fails(exception, text, function, *args):
    try:
        function(*args)
    except exception as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError("no %s from %r" % (exception, function))


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


# --- tuple
empty = ()
assert empty is tuple() and empty is tuple([]) and tuple((1, 2)) == (1, 2)
t = (1, 2, 3, 4, 5)
assert t[0] == 1 and t[-1] == 5 and t[Index(2)] == 3 and t[1:3] == (2, 3) and t[::-1] == (5, 4, 3, 2, 1) and t[::2] == (1, 3, 5)
assert t[:] is t and t + () is t and () + t is t and t * 1 is t and t * 0 == () and (1,) * 3 == (1, 1, 1) and 2 * (1, 2) == (1, 2, 1, 2)
assert 3 in t and 9 not in t and t.index(3) == 2 and t.count(1) == 1 and t.index(5, -1) == 4
assert (1, 2) < (1, 3) and (1,) < (1, 0) and not (2,) < (1, 5) and (1, 2) <= (1, 2) and (1, 2) != [1, 2] and (1, 2) >= (1, 1)
assert repr((1,)) == "(1,)" and repr(()) == "()" and repr((1, "a")) == "(1, 'a')"
assert hash((1, 2, 3)) == 529344067295497451 and hash(()) == 5740354900026072187 and hash((-1, 0)) == hash((-2, 0))
fails(TypeError, "tuple indices must be integers or slices, not str", lambda: t["a"])
fails(IndexError, "tuple index out of range", lambda: t[5])
fails(TypeError, 'can only concatenate tuple (not "list") to tuple', lambda: t + [])
fails(TypeError, "can't multiply sequence by non-int of type 'str'", lambda: t * "a")
fails(ValueError, "tuple.index(x): x not in tuple", t.index, 9)
fails(TypeError, "tuple() takes no keyword arguments", lambda: tuple(x=1))
fails(TypeError, "tuple expected at most 1 argument, got 2", tuple, 1, 2)
fails(TypeError, "'int' object is not iterable", tuple, 1)
fails(TypeError, "tuple.__new__(int): int is not a subtype of tuple", tuple.__new__, int)
fails(TypeError, "unhashable type: 'list'", hash, ([],))


class T(tuple):
    def __new__(cls, *args, extra=None):
        self = super().__new__(cls, args)
        self.extra = extra
        return self


s = T(1, 2, 3, extra="x")
assert s == (1, 2, 3) and s.extra == "x" and type(s + ()) is tuple and type(s[:]) is tuple and len(s) == 3 and hash(s) == hash((1, 2, 3))
assert s.__getnewargs__() == ((1, 2, 3),)
x = []
loop = (x,)
x.append(loop)
assert repr(loop) == "([(...)],)"

# --- list
a = [1, 2, 3]
a.append(4)
a.extend((5, 6))
a += range(7, 9)
assert a == [1, 2, 3, 4, 5, 6, 7, 8]
a.insert(0, 0)
a.insert(-1, 7.5)
a.insert(100, 9)
assert a == [0, 1, 2, 3, 4, 5, 6, 7, 7.5, 8, 9]
assert a.pop() == 9 and a.pop(0) == 0 and a.pop(-2) == 7.5 and a == [1, 2, 3, 4, 5, 6, 7, 8]
a.remove(3)
assert a.index(4) == 2 and a.count(4) == 1 and a.copy() == a and a.copy() is not a
del a[0], a[-1]
assert a == [2, 4, 5, 6, 7]
a[1:3] = "xyz"
assert a == [2, "x", "y", "z", 6, 7]
a[::2] = [10, 11, 12]
assert a == [10, "x", 11, "z", 12, 7]
del a[::2]
assert a == ["x", "z", 7]
a[1:1] = a
assert a == ["x", "x", "z", 7, "z", 7]
a *= 2
assert len(a) == 12
a.reverse()
assert a[:3] == [7, "z", 7]
a.clear()
assert a == [] and not a
b = list(range(10))
del b[5:2:-1]
assert b == [0, 1, 2, 6, 7, 8, 9]
b[2:5] = []
assert b == [0, 1, 8, 9]
b[:] = b
assert b == [0, 1, 8, 9]
b.extend(b)
assert b == [0, 1, 8, 9, 0, 1, 8, 9]
big = list(range(100))
big.extend(big)
assert big == list(range(100)) * 2
while big:
    big.pop()
fails(IndexError, "pop from empty list", big.pop)
fails(IndexError, "pop index out of range", [1].pop, 4)
fails(ValueError, "list.remove(x): x not in list", [].remove, 1)
fails(ValueError, "3 is not in list", [].index, 3)
fails(TypeError, "slice indices must be integers or have an __index__ method", [].index, 1, None)
fails(TypeError, "list indices must be integers or slices, not str", lambda: a["a"])
fails(IndexError, "list index out of range", lambda: [1][1])
fails(IndexError, "list assignment index out of range", [1].__setitem__, 3, 1)
fails(IndexError, "list assignment index out of range", [1].__delitem__, 3)
fails(ValueError, "attempt to assign sequence of size 0 to extended slice of size 1", [1, 2].__setitem__, slice(0, 2, 2), [])
fails(TypeError, "must assign iterable to extended slice", [1, 2].__setitem__, slice(0, 2, 2), 3)
fails(TypeError, "can only assign an iterable", [1, 2].__setitem__, slice(0, 1), 3)
fails(TypeError, "sort() takes no positional arguments", [].sort, 1)
fails(TypeError, "list() takes no keyword arguments", lambda: list(x=1))
fails(TypeError, "unhashable type: 'list'", hash, [])
fails(TypeError, "'<' not supported between instances of 'list' and 'int'", lambda: [] < 3)
fails(TypeError, "'str' object cannot be interpreted as an integer", [].insert, "a", 1)
assert [1, 2] < [1, 2, 3] and [3] > [2, 9] and [1] == [1] and [1] != [2] and not [1] == (1,)
assert repr([1, [2, "a"]]) == "[1, [2, 'a']]"
r = []
r.append(r)
assert repr(r) == "[[...]]" and r == r


class L(list):
    pass


sub = L([1, 2])
sub.name = "n"
assert type(sub[:]) is list and type(sub + []) is list and type(sub.copy()) is list and sub == [1, 2] and sub.name == "n"


class Shrinks:
    def __eq__(self, other):
        victim.clear()
        return False


victim = [Shrinks(), Shrinks(), 3]
assert 4 not in victim and victim == []

# --- sorting
state = 12345


def random():
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return state >> 8


for n in (0, 1, 2, 3, 10, 63, 64, 65, 100, 1000, 5000):
    data = [random() % (n or 1) for _ in range(n)]
    for source in (data, sorted(data), sorted(data)[::-1], [x / 7 for x in data], [str(x) for x in data], data[: n // 2] + sorted(data[n // 2:]),
                   sorted(data) + [random() for _ in range(10)]):
        result = sorted(source)
        assert all(not result[i + 1] < result[i] for i in range(len(result) - 1))
        assert sorted(source, reverse=True) == sorted(sorted(source, key=lambda x: 0, reverse=True), reverse=True)
        pairs = sorted([(x, i) for i, x in enumerate(source)], key=lambda p: p[0])
        assert all(p[0] < q[0] or p[0] == q[0] and p[1] < q[1] for p, q in zip(pairs, pairs[1:]))
        back = sorted([(x, i) for i, x in enumerate(source)], key=lambda p: p[0], reverse=True)
        assert all(q[0] < p[0] or p[0] == q[0] and p[1] < q[1] for p, q in zip(back, back[1:]))
assert sorted([3, 1.5, True, 10 ** 30, -5]) == [-5, True, 1.5, 3, 10 ** 30]
fails(TypeError, "'<' not supported between instances of 'str' and 'int'", sorted, [1, "a"])


def meddle(x):
    lst.append(1)
    return x


lst = [3, 1, 2]
fails(ValueError, "list modified during sort", lambda: lst.sort(key=meddle))
lst = [5, 4, 3]
seen = []
lst.sort(key=lambda x: (seen.append(len(lst)), x)[1])
assert seen == [0, 0, 0] and lst == [3, 4, 5]


def broken(x):
    if x == 2:
        raise KeyError("no")
    return x


lst = [3, 1, 2, 4]
try:
    lst.sort(key=broken)
except KeyError:
    assert sorted(lst) == [1, 2, 3, 4]

# --- slice
assert slice(3) == slice(None, 3, None) and repr(slice(1, 2)) == "slice(1, 2, None)" and slice(1, 2) < slice(1, 3, None)
assert slice(None, None, -1).indices(5) == (4, -1, -1) and slice(1, 100, 2).indices(5) == (1, 5, 2) and slice(-3, None).indices(2) == (0, 2, 1)
assert slice(0, 10 ** 30).indices(10 ** 40) == (0, 10 ** 30, 1)
assert slice(1, 2, 3).__reduce__() == (slice, (1, 2, 3))
fails(TypeError, "slice expected at least 1 argument, got 0", slice)
fails(ValueError, "slice step cannot be zero", lambda: [1][::0])
fails(TypeError, "slice indices must be integers or None or have an __index__ method", lambda: [1]["a":])
fails(TypeError, "unhashable type: 'slice'", hash, slice(1))

# --- range
assert list(range(5)) == [0, 1, 2, 3, 4] and list(range(5, 0, -2)) == [5, 3, 1] and len(range(0, 10, 3)) == 4
assert range(10)[3] == 3 and range(10)[-1] == 9 and range(10)[2:8:2] == range(2, 8, 2) and range(10)[::-1] == range(9, -1, -1)
assert 3 in range(5) and 5 not in range(5) and 3.0 in range(5) and "a" not in range(5) and True in range(5)
assert range(0) == range(2, 1) and range(3) != range(4) and range(0, 3, 2) == range(0, 4, 2)
assert hash(range(3)) == hash((3, 0, 1)) and hash(range(0)) == hash((0, None, None))
assert repr(range(3)) == "range(0, 3)" and repr(range(1, 2, 3)) == "range(1, 2, 3)"
assert range(10).index(4) == 4 and range(10).count(4) == 1 and list(reversed(range(4))) == [3, 2, 1, 0]
huge = range(10 ** 20, 10 ** 20 + 5)
assert list(huge) == [10 ** 20 + i for i in range(5)] and huge[-1] == 10 ** 20 + 4 and 10 ** 20 + 2 in huge and list(reversed(huge))[0] == 10 ** 20 + 4
assert range(1, 2).__reduce__() == (range, (1, 2, 1)) and not range(0) and range(1)
fails(ValueError, "range() arg 3 must not be zero", range, 1, 2, 0)
fails(TypeError, "'float' object cannot be interpreted as an integer", range, 2.0)
fails(IndexError, "range object index out of range", lambda: range(3)[3])
fails(ValueError, "7 is not in range", range(3).index, 7)
fails(OverflowError, "Python int too large to convert to C ssize_t", lambda: len(range(1 << 70)))
print("sequences: ok")
