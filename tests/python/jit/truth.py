# The truth of all kinds of objects in code that runs often, and tuples compared.
# timeout: 120
import fractions
import itertools


class Plain:
    pass


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Truthy:
    def __init__(self, x):
        self.x = x

    def __bool__(self):
        if self.x is None:
            raise ZeroDivisionError('no truth')
        return self.x


class Both(Sized):
    def __bool__(self):
        return True


class Slots:
    __slots__ = ()


class SubInt(int):
    pass


class SubList(list):
    pass


def in_condition(x):
    return 'yes' if x else 'no'


def negated(x):
    return not x


def in_loop(x):
    n = 0
    while x:
        n += 1
        if n > 2:
            break
    return n


def chained(x):
    return x or 'or', x and 'and'


NAN = float('nan')
OBJECTS = [(x, bool(x)) for x in (None, True, False, 0, 1, -1, 0.0, -0.0, 1.5, NAN, 5e-324, float('inf'), 1e300, 0j, 1j, '', 'a', b'', b'a', [],
                                  [0], (), (0,), {}, {1: 2}, set(), {1}, frozenset(), frozenset([1]), range(0), range(1), bytearray(),
                                  bytearray(b'a'), Plain(), Plain, Sized(0), Sized(1), Truthy(False), Truthy(True), Both(0), Slots(), SubInt(0),
                                  SubInt(1), SubList(), SubList([1]), 2**70, fractions.Fraction(0), print, Plain.__init__, ..., object(),
                                  (i for i in ()), lambda: 0, type, memoryview(b''), {}.items(), iter([]))]
for round in range(300):
    for x, truth in OBJECTS:
        assert in_condition(x) == ('yes' if truth else 'no') and negated(x) == (not truth) and in_loop(x) == (3 if truth else 0), x
        first, second = chained(x)
        assert (first is x) == truth and (second is x) == (not truth)
for f in (in_condition, negated, in_loop, chained):
    for i in range(3):
        try:
            f(Truthy(None))
        except ZeroDivisionError as e:
            text = str(e)
    print(text)


def equal(a, b):
    if a == b:
        return a != b, 'equal'
    return a != b, 'not equal'


class Same:
    def __eq__(self, other):
        return True


for round in range(60):
    for a, b in itertools.product((None, True, False, ..., NotImplemented, 0, 1, 1.5, NAN, -0.0, 0.0, 'a', (), Same(), Plain()), repeat=2):
        by_operator = a is b and a == a or (type(a).__eq__(a, b) is True or type(b).__eq__(b, a) is True)
        assert equal(a, b)[1] == ('equal' if by_operator else 'not equal'), (a, b)
        assert equal(a, b)[0] == (a != b)
# A class that gets __bool__ or __len__ later.
for i in range(2000):
    if i == 1500:
        Plain.__bool__ = lambda self: False
    if i == 1700:
        del Plain.__bool__
        Plain.__len__ = lambda self: 0
    if i == 1800:
        del Plain.__len__
    assert in_condition(Plain()) == ('no' if 1500 <= i < 1800 else 'yes') and negated(Plain()) == (1500 <= i < 1800)


def comparisons(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


def jumps(a, b):
    out = []
    if a < b:
        out.append('<')
    if a <= b:
        out.append('<=')
    if a == b:
        out.append('==')
    if a != b:
        out.append('!=')
    if a > b:
        out.append('>')
    if a >= b:
        out.append('>=')
    if not a < b:
        out.append('not <')
    if not a == b:
        out.append('not ==')
    return out


class Odd:
    def __eq__(self, other):
        return 'odd'

    def __lt__(self, other):
        return []


odd = Odd()
same = 'long text ' * 20
TUPLES = [(), (1,), (2,), (1, 2), (1, 3), (1, 2, 3), ('a',), ('b',), ('a', 1), ('a', 2), ('a' + str(1), 1), ('a' + str(1), 2), (1.5,), (True,),
          (False, 2), (NAN,), (2**70,), (2**70, 1), (-2**61,), (2**61 - 1,), ('\u20ac',), ('\u20ad',), (same,), (same + 'x',), ((1, 2), 3),
          ((1, 3), 3), ('', 1), (b'a',), (None,), (0.0,), (-0.0,), (0,)]


def by_item(a, b):
    """What comparing item by item says, or the kind of error."""
    for x, y in zip(a, b):
        if x is y or x == y:
            continue
        return x < y, x <= y, False, True, x > y, x >= y
    x, y = len(a), len(b)
    return x < y, x <= y, x == y, x != y, x > y, x >= y


for round in range(12):
    for a, b in itertools.product(TUPLES, repeat=2):
        try:
            expected = by_item(a, b)
        except TypeError:
            assert (a == b) is False and (a != b) is True
            try:
                comparisons(a, b)
            except TypeError as e:
                assert 'not supported between instances of' in str(e)
                continue
            raise AssertionError(a, b)
        assert comparisons(a, b) == expected, (a, b, comparisons(a, b), expected)
        names = ['<', '<=', '==', '!=', '>', '>=']
        wanted = [n for n, yes in zip(names, expected) if yes]
        wanted += ['not <'] * (not expected[0]) + ['not =='] * (not expected[2])
        assert jumps(a, b) == wanted, (a, b, jumps(a, b), wanted)
for i in range(500):
    assert (odd, 1) == (odd, 1) and ((odd, 1) < (odd, 2)) and ((1, odd) == (1, Odd())) is True
    assert ((Odd(),) < (1,)) is False and (1, 'x') != [1, 'x'] and not (1,) == 1 and 'a' != ('a',) and comparisons('a', 'b')[0]


class Sub(tuple):
    def __lt__(self, other):
        return 'sub'


for i in range(500):
    assert ((1,) > Sub((1,))) == 'sub' and (Sub((1,)) < (1,)) == 'sub' and Sub((1,)) == (1,)
for bad in (((1,), ('a',)), (('a',), (1,)), ((None,), (1,)), ((1,), [1])):
    for i in range(3):
        try:
            bad[0] < bad[1]
        except TypeError as e:
            text = str(e)
    print(text)


# A place that has met bools only, and then other things one after another, each often.
def place(x):
    count = 0
    for _ in range(30):
        if x:
            count += 1
        while not x:
            count += 100
            break
    return count


late = [True, 3, 0.5, 'a', [1], (1,), {1: 2}, {1}, b'a', bytearray(b'a'), frozenset([1]), range(3), Plain(), Sized(2), Truthy(True),
        Both(0).__class__, 1 << 80, 1e300, -0.5]
none = [False, 0, 0.0, '', [], (), {}, set(), b'', bytearray(), frozenset(), range(0), None, Sized(0), Truthy(False), 0j, -0.0]
for _ in range(2):
    for x in late:
        for _ in range(120):
            assert place(x) == 30, x
    for x in none:
        for _ in range(120):
            assert place(x) == 3000, x
