"""What natives make of instances of subclasses: numbers of itertools.count, float's in complex(), copies of dicts that iterate their own way."""
import enum
import itertools


class I(int):
    def __repr__(self):
        return 'I(%d)' % self


class Level(enum.IntEnum):
    ONE = 1


for start in True, I(5), Level.ONE, I(2**70), I(-2**63), 2.5:
    for step in 1, I(1), True, 2, I(2), 1.0:
        count = itertools.count(start, step)
        print(count, count.__reduce__()[1], [next(count) for _ in range(2)], count)


class F(float):
    def __float__(self):
        return 7.0


class Wrong(float):
    def __float__(self):
        return 5


for parts in ((F(1),), (1, F(1)), (F(1), F(2)), (Wrong(1),), (1, Wrong(1)), (F(1), 1j), (1j, F(1))):
    try:
        print(complex(*parts), F(1) + 1j)
    except TypeError as e:
        print(e)


class Upper(dict):
    def __iter__(self):
        return iter([k.upper() for k in super().keys()])

    def keys(self):
        return list(self)

    def __getitem__(self, key):
        return 'item of ' + key


class OnlyKeys(dict):
    def keys(self):
        return ['x']


for kind in Upper, OnlyKeys:
    d = kind(a=1, b=2)
    print(d.copy(), dict.copy(d), dict(d), d | {}, {} | d, {'z': 1} | d, kind().copy(), {**d})
    print(sorted(k for k in type('C', (), d).__dict__ if len(k) == 1))
