# The iteration protocol: iter and next in all their forms, mutation while iterating, length hints, user iterators everywhere.

class Up:
    def __init__(self, n): self.n = n
    def __iter__(self): return UpIter(self.n)


class UpIter:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i


u = Up(3)
print(list(u), tuple(u), set(u), [*u], sum(u), max(u), sorted(u, reverse=True), dict(zip('abc', u)),
        ','.join(map(str, u)), 2 in u)
a, b, c = u
assert (a, b, c) == (1, 2, 3)
assert list(zip(u, u)) == [(1, 1), (2, 2), (3, 3)] and list(enumerate(u, 5)) == [(5, 1), (6, 2), (7, 3)]
assert bytes(u) == b'\x01\x02\x03' and bytearray(u) == b'\x01\x02\x03' and list(filter(None, [0, 1, '', 'a'])) == [1, 'a']
assert any(x > 2 for x in u) and not all(x > 2 for x in u) and all([]) and not any([])
x = [0]
x.extend(u)
x[1:1] = u
assert x == [0, 1, 2, 3, 1, 2, 3]
print(list(map(lambda *a: a, u, 'ab')), list(zip()), list(zip('ab', u, strict=False)))
try:
    list(zip('ab', u, strict=True))
except ValueError as e:
    print(e)
try:
    list(zip(u, 'ab', strict=True))
except ValueError as e:
    print(e)

it = iter([1, 2])
assert (next(it), next(it), next(it, 'default')) == (1, 2, 'default')
try:
    next(it)
except StopIteration as e:
    assert e.args == ()
values = iter([1, 2, 0, 3])
assert list(iter(lambda: next(values), 0)) == [1, 2]
for bad in (lambda: iter(5), lambda: next(5), lambda: next([]), lambda: iter(5, 6), lambda: list(5), lambda: [*5],
        lambda: sum(5), lambda: dict([1]),
            lambda: dict([(1, 2, 3)]), lambda: dict(5), lambda: set(5), lambda: tuple(5), lambda: enumerate(5),
            lambda: zip(5), lambda: map(len), lambda: map(5)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


class BadIter:
    def __iter__(self): return 5


class NoneIter:
    __iter__ = None


for k in (BadIter, NoneIter):
    try:
        iter(k())
    except TypeError as e:
        print(e)

# Mutation while iterating.
lst = [1, 2, 3]
seen = []
for v in lst:
    seen.append(v)
    if v == 1:
        lst.append(4)
    if v == 2:
        lst.remove(1)
print(seen, lst)
for make in (lambda: {1: 1, 2: 2}, lambda: {1, 2}):
    box = make()
    try:
        for k in box:
            box.add(k + 10) if isinstance(box, set) else box.__setitem__(k + 10, 0)
    except RuntimeError as e:
        print(e)
d = {1: 1, 2: 2}
try:
    for k in d:
        del d[k]
        d[k + 10] = 0
except RuntimeError as e:
    print(e)
d = dict.fromkeys(range(3))
for k in list(d):
    del d[k]
assert not d
d = {1: 'a', 2: 'b'}
for k, v in d.items():
    d[k] = v * 2
assert d == {1: 'aa', 2: 'bb'}

# Iterators of builtins: exhausted stays exhausted; reversed; length hints; pickling of state by copy.
import copy, operator
i = iter([1])
list(i)
assert list(i) == []
l = [1]
i = iter(l)
list(i)
l.append(2)
assert list(i) == []
print(list(reversed([1, 2, 3])), list(reversed('abc')), list(reversed(range(3))), list(reversed({1: 2, 3: 4})),
        list(reversed({1: 2, 3: 4}.items())))
print(operator.length_hint(iter([1, 2, 3])), operator.length_hint(iter(range(5))), operator.length_hint(5, 7),
        operator.length_hint(iter('ab')))
i = iter([1, 2, 3])
next(i)
assert list(copy.copy(i)) == [2, 3] and list(i) == [2, 3]
print([type(iter(x)).__name__ for x in ([], (), '', 'é', b'', {}, set(), range(1), {}.keys(), {}.values(), {}.items(),
        bytearray(), range(2**70), zip(), memoryview(b''))])


class Rev:
    def __reversed__(self): return iter(['rev'])


class SeqRev:
    def __len__(self): return 3
    def __getitem__(self, i): return i * 2


assert list(reversed(Rev())) == ['rev'] and list(reversed(SeqRev())) == [4, 2, 0]
try:
    reversed({1})
except TypeError as e:
    print(e)

# Exceptions from __next__ pass through; StopIteration from user code ends quietly in for.
class Boom:
    def __iter__(self): return self
    def __next__(self): raise KeyError('boom')


for user in (list, tuple, set, sum, sorted, lambda x: [*x], lambda x: dict(x), ','.join, max,
        lambda x: [y for y in x], lambda x: 3 in x):
    try:
        user(Boom())
    except KeyError as e:
        pass
    else:
        print('no error from', user)


def stop(): raise StopIteration


assert list(map(lambda x: stop() if x == 2 else x, range(5))) == [0, 1]
print(list(range(0)), list(range(3, 0, -1)), list(range(-5, 5, 3)), range(10)[2:8:2], range(5) == range(0, 5, 1),
        hash(range(3)) == hash(range(0, 3)))
