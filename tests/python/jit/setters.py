# Properties that are set in code that runs often: setters that store, raise and recurse, classes that change, generators, and lists
# taken apart.
# timeout: 120
import sys


class Weight:
    def __init__(self):
        self._x = 0
        self.log = None

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        if value == 'raise':
            raise ValueError('not this')
        doubled = value * 2
        self._x = doubled
        return 'ignored'

    @property
    def read_only(self):
        return 1

    @property
    def chained(self):
        return self.x

    @chained.setter
    def chained(self, value):
        self.x = value
        self.x += 1


class Child(Weight):
    pass


class Other:
    x = 0


class Slots:
    __slots__ = ('_y',)

    def set_y(self, value, more=5):
        self._y = value, more

    def set_all(self, *values):
        self._y = values

    y = property(None, set_y)
    z = property(None, set_all)


def put(o, v):
    o.x = v


def put_chained(o, v):
    o.chained = v
    return o.x


def put_slots(o, v):
    o.y = v
    first = o._y
    o.z = v
    return first, o._y


def in_generator(o, n):
    for i in range(n):
        o.x = i
        yield o.x


for i in range(3000):
    w, c, o, s = Weight(), Child(), Other(), Slots()
    put(w, i), put(c, i + 1), put(o, i)
    assert w.x == 2 * i and c.x == 2 * i + 2 and o.x == i and put_chained(w, i) == 2 * (2 * i + 1)
    assert put_slots(s, i) == ((i, 5), (i,))
assert list(in_generator(Weight(), 3000)) == list(range(0, 6000, 2))


def put_where(o, v):
    try:
        o.x = v
    except ValueError as e:
        tb = e.__traceback__
        lines = []
        while tb:
            lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
            tb = tb.tb_next
        return str(e), lines
    return o.x


for i in range(3000):
    a = put_where(Weight(), 'raise' if i % 2 else i)
    assert a == (('not this', [('put_where', 2), ('x', 3)]) if i % 2 else 2 * i), a


def put_read_only(o):
    o.read_only = 2


for i in range(3):
    try:
        put_read_only(w)
    except AttributeError as e:
        text = str(e)
print(text)


class Deep:
    @property
    def x(self):
        return 0

    @x.setter
    def x(self, value):
        put(self, value + 1)


for i in range(3):
    try:
        put(Deep(), 0)
    except RecursionError as e:
        print('RecursionError')

# Classes that change.
for i in range(3000):
    put(w, i)
Weight.x = property(lambda self: 'other', lambda self, v: setattr(self, 'log', v))
put(w, 'logged')
print(w.x, w.log, w._x)
for i in range(2000):
    put(w, i)
assert w.log == 1999
Weight.x = 5
put(w, 'own')
print(w.x, vars(w))


def setter(self, v):
    self.stored = v


class Changing:
    x = property(None, setter)


o = Changing()
for i in range(3000):
    put(o, i)
setter.__code__ = (lambda self, v, w=1: setattr(self, 'stored', ('changed', v))).__code__
setter.__defaults__ = (1,)
put(o, 1)
print(o.stored)
for i in range(2000):
    put(o, i)
print(o.stored)


def traced(o):
    o.x = 1
    return o.stored


events = []


def tracer(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return tracer


for i in range(3000):
    traced(o)
sys.settrace(tracer)
traced(o)
sys.settrace(None)
print(events)


# Lists taken apart.
def apart(x):
    a, b = x
    return b, a


def apart_in_loop(x):
    out = []
    for a, b, c in x:
        out.append(a + b + c)
    return out


def itself(x):
    x, y = x
    return x, y


for i in range(2000):
    assert apart([i, 2]) == (2, i) and apart((i, 2)) == (2, i) and apart('ab') == ('b', 'a') and apart({1: 2, 3: 4}) == (3, 1)
    assert apart_in_loop([[1, 2, i], (3, 4, i)]) == [3 + i, 7 + i] and itself([i, 1]) == (i, 1)
for bad in ([1], [1, 2, 3], [], (), (1, 2, 3), 5):
    for i in range(3):
        try:
            apart(bad)
        except (TypeError, ValueError) as e:
            text = str(e)
    print(text)
