# Operators and comparisons of objects of built-in classes: which method is asked first, what comes after it declines, and texts.
import collections
import datetime
import operator
import time
from decimal import Decimal
from fractions import Fraction

OPERATORS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "@": lambda a, b: a @ b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "**": lambda a, b: a**b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+1": lambda a, b: a + 1,
    "-1": lambda a, b: a - 1,
}


def jumps(a, b):
    found = ""
    if a < b:
        found += "<"
    if not a <= b:
        found += "!<="
    if a == b:
        found += "=="
    if not a != b:
        found += "!!="
    return found


def jumps_of_ints(a, b):
    found = ""
    if a < 2:
        found += "<"
    if a == 2:
        found += "=="
    if a >= 2:
        found += ">="
    return found


def iadd(a, b):
    a += b
    return a


def isub(a, b):
    a -= b
    return a


def imul(a, b):
    a *= b
    return a


def iand(a, b):
    a &= b
    return a


def ior(a, b):
    a |= b
    return a


def ipow(a, b):
    a **= b
    return a


def iadd_one(a, b):
    a += 1
    return a


INPLACE = {"+=": iadd, "-=": isub, "*=": imul, "&=": iand, "|=": ior, "**=": ipow, "+=1": iadd_one}


class Declines:
    def __repr__(self):
        return "Declines()"

    def __radd__(self, other):
        return "radd of " + type(other).__name__

    def __rmul__(self, other):
        return "rmul of " + type(other).__name__

    def __rand__(self, other):
        return "rand of " + type(other).__name__

    def __gt__(self, other):
        return "gt for " + type(other).__name__

    def __eq__(self, other):
        return "eq for " + type(other).__name__

    __hash__ = None


class MyDecimal(Decimal):
    def __radd__(self, other):
        return "my radd"

    def __gt__(self, other):
        return "my gt"

    def __repr__(self):
        return "MyDecimal"


class MySet(set):
    def __rand__(self, other):
        return "my rand"

    def __ge__(self, other):
        return "my ge"


class MyDate(datetime.date):
    def __gt__(self, other):
        return "my gt"


class MyList(list):
    def __radd__(self, other):
        return "my radd"

    def __rmul__(self, other):
        return "my rmul"


MAKE = [
    lambda: Decimal("1.5"),
    lambda: Decimal(2),
    lambda: MyDecimal(3),
    lambda: Decimal("nan"),
    lambda: datetime.date(2020, 2, 28),
    lambda: MyDate(2021, 1, 1),
    lambda: datetime.datetime(2020, 2, 28, 12),
    lambda: datetime.datetime(2020, 2, 28, tzinfo=datetime.timezone.utc),
    lambda: datetime.timedelta(1, 30),
    lambda: datetime.timedelta(0),
    lambda: datetime.time(3),
    lambda: {1, 2},
    lambda: frozenset({2, 3}),
    lambda: MySet({2}),
    lambda: {1: 2}.keys(),
    lambda: {1: 2},
    lambda: collections.OrderedDict({3: 4}),
    lambda: collections.defaultdict(int, {5: 6}),
    lambda: collections.Counter("ab"),
    lambda: collections.deque([1]),
    lambda: [1],
    lambda: MyList([2]),
    lambda: (1, 2),
    lambda: time.gmtime(0),
    lambda: "s%s",
    lambda: b"b",
    lambda: bytearray(b"a"),
    lambda: 1j,
    lambda: Fraction(1, 2),
    lambda: 2,
    lambda: 1 << 70,
    lambda: 1.5,
    lambda: True,
    lambda: None,
    lambda: int,
    lambda: list[int],
    lambda: int | str,
    lambda: range(3),
    lambda: Declines(),
    lambda: object,
    lambda: NotImplemented.__class__,
]


def answer(f, a, b):
    try:
        v = f(a, b)
    except Exception as e:
        return type(e).__name__ + ": " + str(e)
    if isinstance(v, (set, frozenset)):
        return type(v).__name__ + str(sorted(v, key=str))
    if isinstance(v, Declines):
        return "Declines"
    text = type(v).__name__ + " " + repr(v)
    return text[:80]


def check(texts, functions, twice):
    for name, f in functions.items():
        count = len(MAKE)
        for i in range(count):
            for k in range(count):
                said = []
                for _ in range(twice):
                    left, right = MAKE[i](), MAKE[k]()
                    if name in ("<<", "**", "**=") and type(right) is int and right > 1000:
                        continue
                    said.append(answer(f, left, right))
                if len(set(said)) > 1:
                    print("differs", name, i, k, said)
                if said:
                    texts.append(f"{name} {i} {k} {said[0]}")


def digest(texts):
    h = 0
    for c in "\n".join(texts):
        h = (h * 31 + ord(c)) % 1000000007
    return h


# Each function for pairs of one kind only, so that its places have met them when they are compiled.
def repeated(f, pairs):
    def copy_of(f):
        return type(f)(f.__code__.replace(), f.__globals__)

    for a, b in pairs:
        alone = copy_of(f)
        said = [answer(alone, a, b) for _ in range(300)]
        print(f.__name__, type(a).__name__, type(b).__name__, said[0], said.count(said[0]))


texts = []
check(texts, OPERATORS, 2)
check(texts, INPLACE, 2)
check(texts, {"jumps": jumps, "ints": jumps_of_ints}, 2)
print(len(texts), digest(texts))

day, hour = datetime.date(2020, 1, 1), datetime.timedelta(0, 3600)
moment = datetime.datetime(2020, 1, 1)
one, none = Decimal(1), MyDecimal(7)
repeated(OPERATORS["+"], [(one, one), (one, 1), (one, True), (one, none), (one, 1.5), (one, Declines()), (day, hour), (moment, hour)])
repeated(OPERATORS["-"], [(day, day), (moment, moment), (day, moment), ({1, 2}, frozenset({1})), ({1}, [1]), (hour, hour), (hour, 1)])
repeated(OPERATORS["*"], [(one, one), (one, [1]), (hour, 3), (hour, (1,)), ((1,), 2), ((1,), True), ([1], one), ([1], MyList([1]))])
repeated(OPERATORS["&"], [({1, 2}, {2}), ({2}, MySet({2})), ({2}, True), ({1: 2}.keys(), {1}), ({2}, Declines())])
repeated(OPERATORS["|"], [({1: 2}, collections.OrderedDict({3: 4})), ({1: 2}, {3: 4}), (list[int], None), ({1}, None)])
repeated(OPERATORS["<"], [(one, one), (one, none), (one, 2), (day, day), (day, MyDate(2021, 1, 1)), (day, moment), (day, None)])
repeated(OPERATORS["=="], [(one, None), (one, 1), (day, moment), (object(), one), ([1], [1]), (hour, Declines())])
repeated(jumps, [(one, one), (day, day), (day, moment), ({1}, MySet({2})), (hour, hour)])
repeated(jumps_of_ints, [(one, 0), (hour, 0), (Fraction(2), 0)])
repeated(iand, [({1, 2}, {2}), (frozenset({1, 2}), {2}), ({2}, Declines())])
repeated(imul, [(one, [1]), (hour, 2), ((1,), 2), (one, one)])


# A method that runs Python code which changes what the variables of the operator have.
class Changes:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        global left
        left = None
        return True


left = {Changes()}


def change():
    found = 0
    for _ in range(50):
        global left
        left = {Changes()}
        found += len(left & {1, 2}) + (left is None)
    return found


print(change())
print(operator.add(one, one), max(day, day + hour * 48))
