# == and != of what is equal by identity, `in` of empty tables, isinstance() with classes of other metaclasses, and names of classes, in
# code that runs often.
import abc
import enum


class Plain:
    pass


class Equal:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == getattr(other, 'n', other)


class Unequal:
    def __ne__(self, other):
        return 'ne'


class Answers:
    def __eq__(self, other):
        return NotImplemented

    def __ne__(self, other):
        return NotImplemented


class Color(enum.Enum):
    RED = 1
    BLUE = 2


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def jumps(a, b):
    answers = []
    if a == b:
        answers.append('eq')
    if not a == b:
        answers.append('not eq')
    if a != b:
        answers.append('ne')
    if not a != b:
        answers.append('not ne')
    return answers


p, q, n3, n4, u, w = Plain(), Plain(), Equal(3), Equal(4), Unequal(), Answers()
nan = float('nan')
THINGS = [p, q, n3, n4, u, w, None, True, 3, 2**70, 1.5, nan, 'text', '', (p,), [p], [], {}, Plain, Equal, Color.RED, Color.BLUE, eq, len, ...,
          NotImplemented, object(), Exception(), {p}, b'x', 1j, range(3)]


def expected_eq(a, b):
    if isinstance(a, Equal):
        return a.n == getattr(b, 'n', b)
    if isinstance(b, Equal):
        return b.n == getattr(a, 'n', a)
    if a is nan and b is nan:
        return False
    return a is b


for _ in range(12):
    for i, a in enumerate(THINGS):
        for k, b in enumerate(THINGS):
            equal = expected_eq(a, b)
            unequal = 'ne' if a is u or (b is u and type(a) not in (Equal, Unequal)) else not equal
            assert eq(a, b) == equal, (a, b)
            assert ne(a, b) == unequal, (a, b)
            assert jumps(a, b) == ['eq' if equal else 'not eq', 'ne' if unequal else 'not ne'], (a, b)


def eq_often(n, a, b):
    found = 0
    for _ in range(n):
        if a == b:
            found += 1
    return found


assert eq_often(3000, p, p) == 3000 and eq_often(3000, p, q) == 0 and eq_often(3000, Color.RED, Color.RED) == 3000
assert eq_often(3000, Color.RED, Color.BLUE) == 0 and eq_often(3000, p, None) == 0 and eq_often(3000, None, p) == 0
assert eq_often(300, n3, 3) == 300 and eq_often(300, 3, n3) == 300 and eq_often(300, p, n3) == 0
# A class that gets an equality of its own.
Plain.__eq__ = lambda self, other: True
assert eq_often(300, p, q) == 300 and eq_often(300, p, None) == 300 and ne(p, q) is False
Plain.__ne__ = lambda self, other: 'other'
assert ne(p, q) == 'other' and ne(Color.RED, p) == 'other' and eq(Color.RED, p) is True
del Plain.__eq__, Plain.__ne__
assert eq_often(300, p, q) == 0 and ne(p, q) is True and ne(p, p) is False


def among(x, table):
    return x in table, x not in table


for _ in range(2000):
    for table in ({}, set(), frozenset(), dict.fromkeys('ab'), {'a', 'c'}):
        is_in = 'a' in list(table)
        assert among('a', table) == (is_in, not is_in) and among('z', table) == (False, True)
        assert among(5, table) == among(Plain, table) == among((1, 2), table) == (False, True)
emptied = {'a': 1}
del emptied['a']
assert among('a', emptied) == (False, True)


class Meta(type):
    pass


class Strict(type):
    def __instancecheck__(cls, o):
        return o == 'strict'


class Of(metaclass=Meta):
    pass


class Sub(Of):
    pass


class Odd(metaclass=Strict):
    pass


class Abstract(abc.ABC):
    pass


class Registered:
    pass


Abstract.register(Registered)


def is_one(o, c):
    return isinstance(o, c)


for _ in range(1500):
    assert is_one(Sub(), Of) and is_one(Of(), Of) and not is_one(Of(), Sub) and not is_one(1, Of) and not is_one('x', Of)
    assert is_one('strict', Odd) and not is_one('x', Odd) and is_one(Odd(), Odd)
    assert is_one(Registered(), Abstract) and not is_one(Plain(), Abstract)
    assert is_one(Sub(), (int, Of)) and is_one('strict', (Of, Odd)) and not is_one(p, (Of, Odd, Abstract, str))
Meta.__instancecheck__ = lambda cls, o: o == 1
assert is_one(1, Of) and not is_one(2, Of) and is_one(Of(), Of)
del Meta.__instancecheck__
for _ in range(100):
    assert not is_one(1, Of) and is_one(Sub(), Of)


def name_of(c):
    return c.__name__


def class_name(o):
    return o.__class__.__name__


class Named(type):
    @property
    def __name__(cls):
        return 'by its metaclass'


class ByMeta(metaclass=Named):
    pass


for _ in range(1500):
    assert [name_of(c) for c in (Plain, int, Of, Sub, Odd, Color, Abstract, type)] == ['Plain', 'int', 'Of', 'Sub', 'Odd', 'Color', 'Abstract',
                                                                                     'type']
    assert name_of(eq) == 'eq' and name_of(len) == 'len' and name_of(enum) == 'enum' and name_of(ByMeta) == 'by its metaclass'
    assert class_name(p) == 'Plain' and class_name(Sub()) == 'Sub' and class_name(ByMeta()) == 'by its metaclass' and class_name(1) == 'int'
Plain.__name__ = 'Renamed'
assert name_of(Plain) == class_name(p) == 'Renamed'
