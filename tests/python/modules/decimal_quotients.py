# Quotients of decimals of up to 40 digits and more, in many precisions and all ways of rounding, and what moves or drops digits.
import random
import zlib
from decimal import *

r = random.Random(20)
getcontext().traps[InvalidOperation] = False
getcontext().traps[DivisionByZero] = False


def number(digits):
    kind = r.random()
    if kind < 0.3:
        text = "".join(r.choice("0123456789") for _ in range(digits))
    elif kind < 0.5:
        text = r.choice("123456789") * digits
    elif kind < 0.65:
        text = "9" * digits
    elif kind < 0.8:
        text = "1" + "0" * (digits - 1)
    else:
        text = str(r.choice((2, 3, 5, 7, 11, 125, 2**20, 5**12))) + "0" * r.randrange(digits)
    return Decimal(r.choice(("", "-")) + text).scaleb(r.randrange(-30, 10), Context(prec=100))


ways = (ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, ROUND_05UP)
total = 0
for i in range(40000):
    a, b = number(r.randrange(1, 41)), number(r.randrange(1, 41))
    c = getcontext()
    c.prec = r.choice((1, 5, 9, 17, 18, 19, 27, 28, 28, 28, 34, 36, 37, 45, 54, 55, 60, 61, 80))
    c.rounding = r.choice(ways)
    c.clear_flags()
    q = a / b
    flags = sum(1 << k for k, f in enumerate(c.flags) if c.flags[f])
    line = f"{c.prec} {c.rounding} {a} {b} {q} {flags} {a + b} {a * b} {a - b}"
    if i < 20:
        print(line)
    total = zlib.crc32(line.encode(), total)
    if i % 4000 == 0:
        print(total)
print(total)

setcontext(Context(prec=28))
for n in (1, 2, 17, 18, 19, 26, 27, 28, 35, 36):
    a = Decimal("9" * n)
    print(1 / a, a / 7, Decimal("1" + "0" * n) / a, a / Decimal("1" + "0" * n), (a * a) / a, a / (a - 1 or 3))
x, y = Decimal(1) / 3, Decimal(2) / 7
print(x / y, y / x, x / x, x + 1, x - y, x * y, x.quantize(Decimal("0.01")), round(x, 12), x // y, x % y, divmod(y, x))
for digits in range(0, 28):
    print(x.quantize(Decimal(1).scaleb(-digits)), y.quantize(Decimal(1).scaleb(-digits), ROUND_UP))
small = Context(prec=28, Emin=-10, Emax=10, traps=[])
for a, b in ((x, Decimal("1E9")), (y, Decimal("1E-12")), (x, Decimal("1E14")), (Decimal("9" * 28), x)):
    print(small.divide(a, b), sorted(f.__name__ for f in small.flags if small.flags[f]))
    small.clear_flags()
