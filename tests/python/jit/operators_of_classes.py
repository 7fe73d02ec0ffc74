# Operators of classes written in Python: their methods run as frames, and what declines is asked of the other operand.
import sys
import traceback


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        if not isinstance(other, Vec):
            return NotImplemented
        return Vec(self.x + other.x, self.y + other.y)

    def __radd__(self, other):
        if other == 0:
            return self
        return NotImplemented

    def __iadd__(self, other):
        if isinstance(other, str):
            return NotImplemented
        self.x += other.x
        return self

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    def __rmul__(self, k):
        return Vec(k * self.x, k * self.y)

    def __pow__(self, k):
        return NotImplemented if k == 9 else self.x ** k

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __pos__(self):
        return self

    def __invert__(self):
        return (self.x, self.y)

    def __eq__(self, other):
        return NotImplemented if not isinstance(other, Vec) else self.x == other.x and self.y == other.y

    def __lt__(self, other):
        return NotImplemented if not isinstance(other, Vec) else self.x < other.x

    def __le__(self, other):
        return [] if self.x > other.x else [1]      # any object: its truth decides a jump

    def __bool__(self):
        return self.x != 0

    def __contains__(self, v):
        return [] if v == 99 else v == self.x or ''

    def __call__(self, a, b=5, *rest, **named):
        return a + b + len(rest) + len(named) + self.x

    def __repr__(self):
        return f'Vec({self.x}, {self.y})'


class Sub(Vec):
    def __radd__(self, other):
        return ('Sub.__radd__', other.x)

    def __gt__(self, other):
        return ('Sub.__gt__', other.x)

    def __ge__(self, other):
        return 0


def error(f, *args):
    try:
        return f(*args)
    except TypeError as e:
        return f'{type(e).__name__}: {e}'


def add(a, b):
    return a + b


def iadd(a, b):
    a += b
    return a


def add_one(a):
    return a + 1


def power(a, b):
    return a ** b


def ordered(a, b):
    answers = [a == b, a != b, a < b, a > b]
    if a == b:
        answers.append('jump ==')
    if not a < b:
        answers.append('jump not <')
    if a <= b:
        answers.append('jump <=')
    while a < b:
        answers.append('loop <')
        break
    return answers


def truths(a):
    answers = [not a, 1 if a else 2]
    if not a:
        answers.append('false')
    while a:
        answers.append('loop')
        break
    return answers


def membership(a, v):
    answers = [v in a, v not in a]
    if v in a:
        answers.append('in')
    if v not in a:
        answers.append('not in')
    return answers


def calls(a):
    return a(1), a(1, 2), a(1, b=3), a(1, 2, 3, 4), a(1, c=4), a(*(1, 2)), a(*[7])


def arithmetic(a, b):
    return a + b, a * 3, 2 * a, 2.5 * a, a @ b, -a, +a, ~a, a ** 2


def in_generator(a, b):
    yield a + b
    yield a == b
    yield a(1)
    yield 1 in a
    if a:
        yield 'true'
    a += b
    yield a.x


def once(final):
    a, b, s = Vec(1, 2), Vec(3, 4), Sub(5, 6)
    out = [arithmetic(a, b), add(a, s), add(s, a), add(0, a), sum([a, b]), ordered(a, b), ordered(a, Vec(1, 2)), ordered(a, s),
           truths(a), truths(Vec(0, 1)), membership(a, 1), membership(a, 2), membership(a, 99), calls(a), list(in_generator(Vec(1, 2), b)),
           iadd(Vec(1, 1), b), iadd(Vec(1, 1), s)]
    for f, args in ((add, (a, 1)), (add, (1, a)), (add, (1.5, a)), (add, (a, 'x')), (add, ('x', a)), (iadd, (a, 'x')),
                    (iadd, (1, a)), (add_one, (a,)), (power, (a, 9)), (power, (2, a)), (ordered, (a, 1)), (ordered, (1, a)),
                    (lambda x: -x, (object(),)), (lambda x: x(), (object(),))):
        out.append(error(f, *args))
    if final:
        for line in out:
            print(line if not isinstance(line, str) else line.split(' at 0x')[0])


for i in range(40):
    once(False)
once(True)


# --- methods that are changed, taken away, or of another kind
class Odd:
    def __add__(self, other):
        return 'one'

    def __lt__(self, other):
        return True


def both(a, b):
    return a + b, a < b, 'yes' if a < b else 'no'


for i in range(40):
    both(Odd(), Odd())
print(both(Odd(), Odd()))
Odd.__add__ = lambda self, other: 'two'
Odd.__lt__ = lambda self, other, more=5: more
print(both(Odd(), Odd()))
Odd.__add__ = staticmethod(lambda other: 'static')
Odd.__lt__ = classmethod(lambda cls, other: cls.__name__)
print(both(Odd(), Odd()))
Odd.__add__ = None
print(error(both, Odd(), Odd()))


def generator_method(self, other):
    yield other


Odd.__add__ = generator_method
Odd.__lt__ = generator_method
print([list(v) if not isinstance(v, str) else v for v in both(Odd(), 3)])
del Odd.__add__, Odd.__lt__
print(error(both, Odd(), Odd()))


# --- errors in methods: tracebacks, and answers of the wrong kind
class Bad:
    def __add__(self, other):
        raise KeyError('add')

    def __eq__(self, other):
        raise KeyError('eq')

    def __bool__(self):
        return 1

    def __contains__(self, other):
        return Bad()

    def __lt__(self, other):
        return Bad()


def use(what, a):
    if what == 0:
        return a + 1
    if what == 1:
        if a == 1:
            return 2
    if what == 2:
        if a:
            return 2
    if what == 3:
        return not a
    if what == 4:
        return 1 in a
    if what == 5:
        if a < 1:
            return 3
    return None


for what in range(6):
    for i in range(20):
        try:
            use(what, Bad())
        except (KeyError, TypeError) as e:
            if i == 19:
                print(what, type(e).__name__, e, [(f.name, f.lineno) for f in traceback.extract_tb(e.__traceback__)])


# --- the frame of the method, and its operands
class Frames:
    def __add__(self, other):
        frame = sys._getframe()
        return frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_back.f_locals.get('left') is self

    def __sub__(self, other):
        del self
        other = None
        junk = [[i] for i in range(50)]
        return NotImplemented

    def __rsub__(self, other):
        return type(self).__name__, type(other).__name__

    __eq__ = __sub__


class Other(Frames):
    __slots__ = ()

    def __rsub__(self, other):
        return 'other', type(other).__name__

    def __eq__(self, other):
        return 'compared'


def frames(left):
    return left + 1


def difference():
    return Frames() - Other(), Other() - Frames(), Frames() == Frames(), Frames() == Other()


for i in range(40):
    frames(Frames())
    difference()
print(frames(Frames()), difference())


# --- recursion
class Deep:
    def __add__(self, other):
        return self + other

    def __eq__(self, other):
        return self == other

    def __bool__(self):
        return not self

    def __contains__(self, other):
        return other in self

    def __call__(self):
        return self()


for f in (lambda d: d + 1, lambda d: d == 1, lambda d: not d, lambda d: 1 in d, lambda d: d()):
    try:
        f(Deep())
    except RecursionError as e:
        print(str(e).split(' in ')[0].split(' while ')[0])
