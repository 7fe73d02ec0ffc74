# Slices in code that runs often give what slices give anywhere: at all ends, of lists, tuples, strings and bytes, and where
# the kinds change; and so does assigning to them.
# timeout: 120
SEQUENCES = [[], [1], [1, 2, 3], list(range(40)), list(range(200)), (), (1,), (1, 'b', None), tuple(range(130)),
             '', 'a', 'abc', 'abcdefghijklmnopqrstuvwxyz0123456789' * 4, 'h\xe9llo', '\xe9\xe8', 'h\u20acllo', '\U0001f600bc',
             'x' * 127, 'x' * 128, 'x' * 129, b'', b'a', b'abc', bytes(range(256)), bytearray(b'hello'), range(10)]
ENDS = [None, 0, 1, 2, 5, 16, 17, 39, 40, 128, 129, -1, -2, -3, -200, 10**30, -10**30, True]


def both(a, i, j):
    return a[i:j]


def to(a, i, j):
    return a[:j]


def since(a, i, j):
    return a[i:]


def whole(a, i, j):
    return a[:]


def second(a, i, j):
    return a[1:3], a[1:], a[:-1], a[-2:]


def backwards(a, i, j):
    return a[::-1], a[i::-1]


def backwards_to(a, i, j):
    return a[i:j:-1]


def by_two(a, i, j):
    return a[i:j:2]


def by_one(a, i, j):
    return a[i:j:1]


for f in (both, to, since, whole, second, backwards, backwards_to, by_two, by_one):
    counted = {}
    for round in range(4):
        for a in SEQUENCES:
            for i in ENDS:
                for j in ENDS[::3]:
                    answer = f(a, i, j)
                    start, stop = (None if x is None else int(x) for x in (i, j))
                    expected = {'both': lambda: a[slice(start, stop)], 'to': lambda: a[slice(stop)],
                                'since': lambda: a[slice(start, None)], 'whole': lambda: a[slice(None)],
                                'second': lambda: (a[slice(1, 3)], a[slice(1, None)], a[slice(-1)], a[slice(-2, None)]),
                                'backwards': lambda: (a[slice(None, None, -1)], a[slice(start, None, -1)]),
                                'backwards_to': lambda: a[slice(start, stop, -1)],
                                'by_two': lambda: a[slice(start, stop, 2)],
                                'by_one': lambda: a[slice(start, stop, 1)]}[f.__name__]()
                    assert answer == expected and repr(answer) == repr(expected), (f.__name__, a, i, j, answer, expected)
                    if isinstance(answer, str):
                        assert hash(answer) == hash(expected) and answer.isascii() == expected.isascii()
                        assert answer + 'x' == expected + 'x' and {answer: 1}[expected] == 1
    print(f.__name__)

# What is made is new, and its own.
a = [1, 2, 3]
for i in range(3000):
    b = a[:]
    b.append(4)
    b[0] = i
    c = a[1:1]
    c.append(5)
    assert a == [1, 2, 3] and b == [i, 2, 3, 4] and c == [5]
t = (1, 2, 3)
for i in range(3000):
    assert t[:] is t and t[0:3] is t and t[3:] == () and t[2:1] == ()
s = 'text'
for i in range(3000):
    assert s[1:2] == 'e' and s[2:2] == '' and s[:] == s


class Sub(list):
    def __getitem__(self, key):
        return 'got', key


class Text(str):
    pass


class Index:
    def __index__(self):
        return 2


for i in range(3000):
    for x in (Sub([1]), Text('hello'), [1, 2, 3], 'hello', {}):
        try:
            answer = x[1:Index()] if i % 2 else x[1:2]
        except TypeError as e:
            assert str(e) == "unhashable type: 'slice'", e
        else:
            if type(x) is Sub:
                assert answer[0] == 'got' and answer[1].start == 1
            else:
                assert answer == ('e' if isinstance(x, str) else [2])
for bad in ('x', 1.5):
    for i in range(3):
        try:
            both([1], bad, None)
        except TypeError as e:
            print(e)


# Stores.
def put(a, i, j, b):
    a[i:j] = b
    return a


def put_whole(a, b):
    a[:] = b


for round in range(30):
    for n in (0, 1, 3, 10):
        for i in ENDS:
            for j in ENDS[::2]:
                for b in ([], [7], [7, 8, 9], list(range(10)), (1, 2), 'xyz'):
                    a = list(range(n))
                    expected = list(range(n))
                    expected.__setitem__(slice(i, j), b)
                    assert put(a, i, j, b) == expected, (n, i, j, b)
for i in range(3000):
    a = [1, 2]
    put_whole(a, a)
    assert a == [1, 2]
    put_whole(a, (i, i))
    assert a == [i, i]
# Old lists get young items.
import gc
old = [0] * 50
gc.collect()
for i in range(20000):
    put(old, 10, 12, [[i], [i + 1]])
    assert old[10] == [i] and old[11] == [i + 1] and len(old) == 50
    [[j] for j in range(5)]
print('stores')
