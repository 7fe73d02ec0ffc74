# Complex numbers in code that runs often, signs of zeros included, mixed with others; minus of all kinds of numbers; powers, quotients
# and rests of floats.
# timeout: 120
import itertools

NAN, INF = float('nan'), float('inf')
PARTS = [0.0, -0.0, 1.5, -2.25, 1e308, 5e-324, INF, -INF, NAN]
NUMBERS = [complex(a, b) for a in PARTS for b in PARTS] + [1, -3, 0, 2.5, -0.0, 2**70, True]


class Sub(complex):
    def __add__(self, other):
        return 'sub'

    def __rmul__(self, other):
        return 'reflected'


def f(a, b):
    return a + b, a - b, a * b


def added(a, b):
    a += b
    return a


def parts(z):
    return repr(z), type(z).__name__


expected = {}
for round in range(6):
    for (i, a), (j, b) in itertools.product(enumerate(NUMBERS), repeat=2):
        answer = [parts(x) for x in f(a, b)] + [parts(added(a, b))]
        reference = [parts(x) for x in (a.__add__(b) if type(a.__add__(b)) is not type(NotImplemented) else b.__radd__(a),
                                        a.__sub__(b) if type(a.__sub__(b)) is not type(NotImplemented) else b.__rsub__(a),
                                        a.__mul__(b) if type(a.__mul__(b)) is not type(NotImplemented) else b.__rmul__(a))]
        assert answer[:3] == reference, (a, b, answer, reference)
        assert answer[3] == reference[0]
print('operations')
for i in range(2000):
    assert f(Sub(1, 2), 1j)[0] == 'sub' and f(2j, Sub(1, 2))[2] == 'reflected' and f(2j, 1)[1] == -1 + 2j
for bad in (1j, 'x'), ('x', 1j), (1j, None), ([], 1j):
    try:
        f(*bad)
    except TypeError as e:
        print(e)


def minus(x):
    return -x


def minus_twice(x):
    y = x * 1.0
    return -y, -(-y)


class Odd:
    def __neg__(self):
        return 'neg'


SMALLEST = -2**61
for i in range(2000):
    for x, y in ((1, '-1'), (0, '0'), (0.0, '-0.0'), (-0.0, '0.0'), (1.5, '-1.5'), (INF, '-inf'), (NAN, 'nan'), (5e-324, '-5e-324'),
                 (1e308, '-1e+308'), (True, '-1'), (SMALLEST, str(2**61)), (2**61, str(SMALLEST)), (1j, '(-0-1j)'), (Odd(), "'neg'")):
        assert repr(minus(x)) == y, (x, minus(x))
    assert repr(minus_twice(0.0)) == '(-0.0, 0.0)' and minus_twice(i) == (-i, i) and minus_twice(1e300) == (-1e300, 1e300)
try:
    minus('x')
except TypeError as e:
    print(e)


def rest(a, b):
    return a // b, a % b


def power(a, b):
    return a ** b


REALS = [0.0, -0.0, 1.5, -2.25, 7.5, 1e308, -1e308, 5e-324, INF, -INF, NAN, 0, 1, -1, 3, -7, 10**15, 2**60 + 1, 2**70, True, False]
for f in (rest, power):
    for a, b in itertools.product(REALS, repeat=2):
        for i in range(3):
            try:
                if f is power and (abs(b) > 100 or abs(a) > 10**16) and type(a) is not float and type(b) is not float:
                    continue
                answer = repr(f(a, b))
            except Exception as e:
                answer = type(e).__name__, str(e)
        print(f.__name__, a, b, answer)
