# Loops over all kinds of things that begin again and again; zip() in all its forms.
# timeout: 120
import collections


def loop(x):
    out = []
    for i in x:
        out.append(i)
    return out


class Iterable:
    def __iter__(self):
        return iter((1, 2))


class Old:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i


class SubDict(dict):
    def __iter__(self):
        return iter(['sub'])


class SubList(list):
    def __iter__(self):
        return iter(['sub list'])


def generator():
    yield 1
    yield 2


THINGS = [lambda: [], lambda: [1, 2], lambda: (), lambda: (1, 2), lambda: range(3), lambda: range(2**70, 2**70 + 2), lambda: {},
          lambda: {1: 2, 3: 4}, lambda: {1: 2}.items(), lambda: {1: 2, 5: 6}.values(), lambda: {1: 2}.keys(), lambda: {}.items(), lambda: '',
          lambda: 'abc', lambda: 'h\xe9llo', lambda: '\u20ac\U0001f600', lambda: b'', lambda: b'abc', lambda: {7}, lambda: set(),
          lambda: frozenset([8]), lambda: bytearray(b'xy'), Iterable, Old, lambda: SubDict(a=1), lambda: SubList([1]), generator,
          lambda: iter([1, 2]), lambda: enumerate('ab'), lambda: zip('ab', [1, 2]), lambda: map(str, [1, 2]), lambda: reversed([1, 2]),
          lambda: collections.OrderedDict(a=1), lambda: collections.OrderedDict(a=1).items(), lambda: collections.deque([1, 2]),
          lambda: SubDict(a=1).items(), lambda: memoryview(b'ab'), lambda: collections.ChainMap({1: 2}).items()]
for thing in THINGS:
    expected = list(thing())
    for i in range(20):
        assert loop(thing()) == expected, (loop(thing()), expected)
for round in range(60):
    for thing in THINGS:
        assert loop(thing()) == list(thing())
print(len(THINGS))
for bad in (1, None, 1.5, print, 2**70, object):
    for i in range(3):
        try:
            loop(bad)
        except TypeError as e:
            text = str(e)
    print(text)


def changes(d, how):
    n = 0
    for k in d:
        n += 1
        how(d, k)
    return n


def answer(*args):
    try:
        return changes(*args)
    except RuntimeError as e:
        return str(e)


for i in range(300):
    for make, how in ((lambda: {1: 1, 2: 2}, lambda d, k: d.update({k + 9: 1})), (lambda: {1, 2}, lambda s, k: s.add(k + 9)),
                      (lambda: {1: 1, 2: 2}, lambda d, k: d.update({k: 5})), (lambda: [1, 2], lambda l, k: len(l) < 9 and l.append(k)),
                      (lambda: {1: 1, 2: 2}, lambda d, k: d.pop(k)), (lambda: {1: 2}.items(), lambda d, k: None)):
        given = answer(make(), how)
        if i == 299:
            print(given)


# zip
def pairs(x, y):
    out = []
    for a, b in zip(x, y):
        out.append((a, b))
    return out


def strict(x, y):
    out = []
    for a, b in zip(x, y, strict=True):
        out.append((a, b))
    return out


def chunks(x):
    it = iter(x)
    out = []
    for a, b in zip(it, it):
        out.append((a, b))
    return out


def whole(x, y):
    out = []
    for pair in zip(x, y):
        out.append(pair)
    return out


def three(x, y, z):
    out = []
    for a, b, c in zip(x, y, z):
        out.append((a, b, c))
    return out


long = list(range(400))
for round in range(4):
    for x in ([], [1], [1, 2, 3], (1, 2), range(4), 'abc', long, tuple(long), range(400), {1: 2, 3: 4}, iter([1, 2])):
        for y in ([], [5], (6, 7, 8), range(2), long, 'wxyz', range(300)):
            expected = [(a, b) for a, b in zip(list(x), list(y))] if not hasattr(x, '__next__') else None
            given = pairs(x, y)
            assert expected is None or given == expected == whole(x, y)
            if expected is not None:
                assert three(x, y, long) == [(a, b, c) for (a, b), c in zip(expected, long)]
for i in range(50):
    assert chunks(range(10)) == [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)] and chunks([1, 2, 3]) == [(1, 2)]
    assert chunks(long) == [(k, k + 1) for k in range(0, 400, 2)]
    it = iter([1, 2, 3, 4])
    assert pairs(it, [7]) == [(1, 7)] and next(it) == 3
    it = iter([1, 2, 3, 4])
    assert pairs([7], it) == [(7, 1)] and next(it) == 2
    assert strict(long, long)[-1] == (399, 399)
    growing = [1, 2]
    n = 0
    for a, b in zip(growing, long):
        n += 1
        if len(growing) < 300:
            growing.append(a)
    assert n == 300
for x, y in ((long, [1]), ([1], long), ([], [1])):
    for i in range(3):
        try:
            strict(x, y)
        except ValueError as e:
            text = str(e)
    print(text)
