"""Products, quotients and roundings of numbers of one and two limbs, at all their edges: what short ways compute is the reference's."""
from decimal import *

ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
COEFFICIENTS = ['0', '1', '5', '9', '10', '15', '25', '99', '250', '499', '500', '501', '999999999', '1000000000', '1000000001',
                '4999999999', '5000000000', '12345678901', '99999999999999999', '100000000000000000', '500000000000000000',
                '999999999999999999', '1000000000000000000', '9999999999999999999']


def show(f, context):
    context.clear_flags()
    try:
        result = f()
    except ArithmeticError as e:
        result = type(e).__name__
    return '%s %s' % (result, ','.join(sorted(s.__name__ for s in context.flags if context.flags[s])))


def digest(lines):
    h = 0
    for line in lines:
        for c in line:
            h = (h * 131 + ord(c)) % ((1 << 61) - 1)
    return h


for precision, emax, clamp in (28, 999999, 0), (28, 70, 0), (28, 30, 1), (9, 999999, 0), (50, 40, 0):
    for rounding in ROUNDINGS:
        context = Context(prec=precision, Emax=emax, Emin=-emax, clamp=clamp, rounding=rounding, traps=[])
        setcontext(context)
        lines = []
        for a in COEFFICIENTS:
            for sign in '', '-':
                for e in 0, -3, -17, 2:
                    x = Decimal('%s%sE%d' % (sign, a, e))
                    for unit in -25, -9, -4, 0, 1, 9, 14, 20:
                        lines.append(show(lambda: x.quantize(Decimal((0, (1,), unit))), context))
                    for b in COEFFICIENTS[::3]:
                        y = Decimal(b)
                        lines.append(show(lambda: x * y, context))
                        lines.append(show(lambda: x + y, context))
                        if e == -3:
                            lines.append(show(lambda: x / y, context))
                            lines.append(show(lambda: y / x, context))
                            lines.append(show(lambda: (x < y, x == y), context))
        print(precision, emax, clamp, rounding, digest(lines), lines[len(lines) // 2], lines[-1])

setcontext(Context(traps=[Inexact]))
for f in (lambda: Decimal('1.005').quantize(Decimal('.01')), lambda: Decimal('1.00').quantize(Decimal('.1')),
          lambda: Decimal('999999999999999999') * Decimal('99999999999'), lambda: Decimal(' 1.5\n'), lambda: Decimal('1_0.5_'),
          lambda: Decimal('\u0661.\u0665'), lambda: Decimal('1 5'), lambda: Decimal('\xa01.5\u2003'), lambda: Decimal('1\xe9'),
          lambda: Decimal('1.5').quantize(Decimal(1), rounding='ROUND_UP'), lambda: Decimal('1.5').quantize(Decimal(1), ROUND_05UP + ''),
          lambda: Decimal('1').quantize(Decimal(1), rounding='ROUND'), lambda: Decimal('1').quantize(Decimal(1), 1)):
    try:
        print(repr(f()))
    except (ArithmeticError, TypeError) as e:
        print(type(e).__name__, e)
