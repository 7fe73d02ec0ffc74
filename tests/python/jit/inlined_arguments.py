# no-tsan
# Inlined calls with defaults, keywords, variables of outer functions, and of classes with an __init__ written in Python.
import gc
import sys
import traceback

ROUNDS = 3000


def three(a, b=2, c=3):
    return a * 100 + b * 10 + c


def mixed(a, b, *, c=3):
    return a, b, c


def swapped(a, b, c):
    return a, b, c


class Vector:
    def __init__(self, x, y=0, z=0):
        self.x = x
        self.y = y
        self.z = z

    def scaled(self, by=2):
        return Vector(self.x * by, self.y * by, z=self.z * by)

    def plus(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)


class Empty:
    def __init__(self):
        pass


class Child(Vector):
    def __init__(self, x, name='child'):
        self.name = name
        self.x = x


class Refuses:
    def __init__(self, x):
        if x < 0:
            raise ValueError(x)
        self.x = x


class Slots:
    __slots__ = 'a', 'b'

    def __init__(self, a, b):
        self.b = b
        self.a = a


def run(n):
    total = 0
    for i in range(n):
        total += three(i) + three(i, 4) + three(i, c=5) + three(c=1, a=i, b=2) + three(1, 2, c=i)
        assert swapped(c=i, a=1, b=2.5) == (1, 2.5, i)
        assert swapped(i, c=2, b=3) == (i, 3, 2)
        assert mixed(1, i) == (1, i, 3) and mixed(1, b=i, c=2) == (1, i, 2)
    return total


def expected(n):
    return sum(i * 100 + 23 + i * 100 + 43 + i * 100 + 25 + i * 100 + 21 + 120 + i for i in range(n))


assert run(ROUNDS) == expected(ROUNDS)
three.__defaults__ = (7, 8)
assert three(1) == 178


def changed(n):
    for i in range(n):
        r = three(i)
    return r


assert changed(ROUNDS) == (ROUNDS - 1) * 100 + 78
three.__defaults__ = (1, 2, 3)
assert changed(10) == 900 + 23
three.__defaults__ = ()
try:
    changed(10)
    assert False
except TypeError as e:
    assert str(e) == "three() missing 2 required positional arguments: 'b' and 'c'", e
three.__defaults__ = (2, 3)


def construct(n):
    last = Vector(0)
    for i in range(n):
        v = Vector(i)
        assert (v.x, v.y, v.z) == (i, 0, 0)
        v = Vector(i, 1.5, z=last)
        assert (v.x, v.y, v.z) == (i, 1.5, last)
        v = Vector(i, 1, 2).scaled().scaled(by=3).plus(v.scaled(0) if i < 0 else Vector(1, 1, 1))
        assert (v.x, v.y, v.z) == (6 * i + 1, 7, 13)
        assert vars(v) == {'x': 6 * i + 1, 'y': 7, 'z': 13}
        c = Child(i)
        assert vars(c) == {'name': 'child', 'x': i} and type(c) is Child
        s = Slots(i, v)
        assert s.a == i and s.b is v
        assert type(Empty()) is Empty and vars(Empty()) == {}
        last = v
    return last


assert construct(ROUNDS).x == 6 * ROUNDS - 5
# Chains of new objects outlive collections.
def chain(n):
    head = None
    for i in range(n):
        head = Vector(i, head)
    return head


head, count = chain(100000), 0
gc.collect()
while head:
    assert head.x == 99999 - count and head.z == 0
    head, count = head.y, count + 1
assert count == 100000


def refused(n):
    caught = 0
    for i in range(n):
        try:
            Refuses(-1 if i % 7 == 0 else i)
        except ValueError as e:
            caught += 1
            frames = [(f.name, f.line) for f in traceback.extract_tb(e.__traceback__)]
            assert frames == [('refused', 'Refuses(-1 if i % 7 == 0 else i)'), ('__init__', 'raise ValueError(x)')], frames
            assert vars(e.__traceback__.tb_next.tb_frame.f_locals['self']) == {}
    return caught


assert refused(ROUNDS) == (ROUNDS + 6) // 7


# The instance is seen in the middle of its __init__, and it may be anything then.
class Seen:
    def __init__(self, number, other):
        self.number = number
        self.sum = number + other
        self.last = True


class Other:
    def __radd__(self, number):
        frame = sys._getframe(1)
        assert frame.f_code is Seen.__init__.__code__ and frame.f_back.f_code is sees.__code__
        one = frame.f_locals['self']
        assert vars(one) == {'number': number}
        one.between = 'new'
        return -1


def sees(n):
    other = Other()
    for i in range(n):
        s = Seen(i, other if i % 100 == 99 else 1)
        if i % 100 == 99:
            assert vars(s) == {'number': i, 'between': 'new', 'sum': -1, 'last': True}, vars(s)
        else:
            assert vars(s) == {'number': i, 'sum': i + 1, 'last': True}
    return s


assert sees(ROUNDS).last


class Answers:
    def __init__(self, answer):
        return answer


def answers(n):
    for i in range(n):
        Answers(None if i < n - 1 else 5)


for n in (1, ROUNDS):
    try:
        answers(n)
        assert False
    except TypeError as e:
        assert str(e) == "__init__() should return None, not 'int'", e


# Other classes, other __init__s.
def make(n):
    for i in range(n):
        v = Vector(1, 2)
    return v


assert make(ROUNDS).z == 0
old = Vector.__init__
Vector.__init__ = lambda self, x, y: None
assert vars(make(10)) == {}
Vector.__init__ = old
assert make(ROUNDS).y == 2
Vector.x = property(lambda self: 'x', lambda self, value: None)
assert make(ROUNDS).x == 'x'
del Vector.x
assert make(ROUNDS).x == 1
Vector.__new__ = lambda cls, *args: object.__new__(Empty)
assert type(make(10)) is Empty


# Variables of outer functions.
def outer(k):
    step = k

    def inner(x):
        return x + step

    def late(x):
        return x + never

    def loop(n):
        total = 0
        for i in range(n):
            total = inner(total)
        return total
    if k < 0:
        never = 1
    return inner, loop, late


inner, loop, late = outer(3)
assert loop(ROUNDS) == 3 * ROUNDS
inner5 = outer(5)[0]


def closures(f, n):
    total = 0
    for i in range(n):
        total += adds(i)
    return total


adds = inner
assert closures(None, ROUNDS) == sum(range(ROUNDS)) + 3 * ROUNDS
adds = inner5
assert closures(None, ROUNDS) == sum(range(ROUNDS)) + 5 * ROUNDS
adds = late
try:
    closures(None, 10)
    assert False
except NameError as e:
    assert "'never'" in str(e), e
print('ok')
