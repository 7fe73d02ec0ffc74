# min() and max() over values of one class and of several: the first of equals, nans, classes whose comparison declines or fails.
import datetime
import decimal
import fractions

nan = float("nan")
day = datetime.date(2023, 5, 17)
moments = [datetime.datetime(2023, 5, n, n) for n in (7, 3, 9, 9, 1)]
zone = datetime.timezone.utc


class Text(str):
    def __lt__(self, other):
        return str.__gt__(self, other)

    __gt__ = str.__lt__


class Odd:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return [] if self.value >= other.value else [1]

    def __gt__(self, other):
        return NotImplemented

    def __repr__(self):
        return f"Odd({self.value})"


cases = [
    [1.5, 0.5, 2.5, 2.5],
    [nan, 1.0, 2.0],
    [1.0, nan, 0.5],
    [0.0, -0.0],
    [True, 1, 1.0],
    [1, 2.5, 2, 10**30, fractions.Fraction(1, 3)],
    ["b", "a", "c", "ab", ""],
    ["ж", "a", "é", "😀"],
    [Text("b"), "a", Text("c")],
    ["a", Text("b")],
    ["a", 1],
    [b"b", b"a"],
    [(1, 2), (1,), (0, 5)],
    [[1], [0]],
    moments,
    [day, moments[0]],
    [moments[0].replace(tzinfo=zone), moments[1].replace(tzinfo=zone)],
    [moments[0], moments[1].replace(tzinfo=zone)],
    [decimal.Decimal(n) / 7 for n in (5, 3, 9)],
    [decimal.Decimal(1), 0.5, 2],
    [datetime.timedelta(3), datetime.timedelta(1)],
    [Odd(3), Odd(1), Odd(2)],
    [1j, 2j],
    [None, None],
    [{1}, {1, 2}, {3}],
    [range(3), range(2)],
]
for case in cases:
    for function in (min, max):
        for arguments in ((case,), tuple(case), (iter(case),)):
            try:
                result = function(*arguments)
                print(function.__name__, next(i for i, v in enumerate(case) if v is result), repr(result))
            except Exception as error:
                print(function.__name__, type(error).__name__, error)
