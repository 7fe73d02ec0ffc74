"""Decimal operations on random operands in random contexts: result, flags and text are the reference's."""
import decimal
import random
from decimal import *

R = random.Random(20240229)
ROUNDINGS = [ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP]
UNARY = ('exp ln log10 sqrt abs minus plus logb next_minus next_plus normalize to_integral_exact to_integral_value number_class '
         'to_eng_string to_sci_string is_normal is_subnormal logical_invert copy_negate create_decimal').split()
BINARY = ('add subtract multiply divide divide_int remainder remainder_near divmod compare compare_signal compare_total '
          'compare_total_mag max min max_mag min_mag quantize scaleb shift rotate next_toward power same_quantum logical_and '
          'logical_or logical_xor copy_sign').split()
FORMATS = ['', '.3f', '.0f', '10.2e', 'e', '.5g', 'g', '%', '.1%', ',.2f', '020,.4f', '>30', '*^20.3', '+.2f', ' g', 'z.1f',
           '=+30,', '012', '.10g', 'E', 'G', 'n', '020']


def number():
    kind = R.random()
    if kind < .03:
        return R.choice(['Inf', '-Inf', 'NaN', '-NaN123', 'sNaN', 'sNaN77', '-sNaN'])
    if kind < .1:
        return R.choice(['0', '-0', '0E3', '-0E-5', '1', '-1', '1.00', '10', '100E-2', '5', '0.5'])
    n = R.choice([1, 2, 3, 5, 9, 10, 18, 19, 27, 28, 29, 40, 60, 120, 700 if R.random() < .1 else 30])
    digits = ''.join(R.choice('0123456789') if R.random() < .7 else R.choice('09') for _ in range(n))
    exponent = R.choice([0, 0, 0, -2, -n, 3, R.randint(-60, 60), R.randint(-1000, 1000) if R.random() < .3 else 0])
    return '%s%sE%d' % ('-' if R.random() < .4 else '', digits, exponent)


def bits():
    return ''.join(R.choice('01') for _ in range(R.randint(1, 20)))


def conversions(a):
    small = not a.is_finite() or a.adjusted() < 300
    for f in (str if a.is_nan() else hash, float, Decimal.as_tuple, Decimal.adjusted, lambda x: round(x, 2), lambda x: x == 1.5,
              lambda x: x < 3, lambda x: x != 1 + 2j, *((int, round, Decimal.as_integer_ratio) if small else ())):
        try:
            yield f(a)
        except Exception as e:
            yield type(e).__name__, str(e)


def case(context):
    kind = R.random()
    if kind < .25:
        name, args = R.choice(UNARY), [number()]
        if name == 'exp' and R.random() < .7:
            args = ['%sE-%d' % (args[0].split('E')[0], len(args[0]))]
    elif kind < .75:
        name, args = R.choice(BINARY), [number(), number()]
        if name in ('scaleb', 'shift', 'rotate'):
            args[1] = str(R.randint(-12, 12))
        elif name == 'power' and R.random() < .8:
            # Of powers that are not integers the last digit is only promised when rounding to the nearest.
            args[1] = R.choice([str(R.randint(-40, 40)), '2.0', '1E1', '0.5', '-0.5', '1.5', '0.1'])
            context.rounding = ROUND_HALF_EVEN
        elif name.startswith('logical'):
            args = [bits(), bits()]
        elif name == 'quantize' and R.random() < .8:
            args[1] = '1E%d' % R.randint(-10, 5)
    elif kind < .8:
        name, args = 'fma', [number(), number(), number()]
    elif kind < .85:
        name, args = 'power', [str(R.randint(-50, 50)), str(R.randint(0, 60)), str(R.randint(-90, 90))]
    else:
        setcontext(context)
        a = number()
        if kind < .93:
            spec = R.choice(FORMATS)
            return 'format', [a, spec], lambda: format(Decimal(a), spec)
        return 'conversions', [a], lambda: list(conversions(Decimal(a)))
    return name, args, lambda: getattr(context, name)(*map(Decimal, args))


for i in range(3000):
    context = Context(prec=R.choice([1, 2, 3, 5, 9, 16, 28, 34, 50, 100]), rounding=R.choice(ROUNDINGS),
                      Emax=R.choice([999999, 384, 96, 10, 3]), Emin=-R.choice([999999, 383, 95, 10, 3]),
                      clamp=R.choice([0, 0, 1]), capitals=R.choice([0, 1]), traps=[])
    name, args, run = case(context)
    try:
        result = run()
    except Exception as e:
        result = type(e).__name__, str(e)
    print(name, args, context.prec, context.rounding, context.Emax, context.Emin, context.clamp, '->', result,
          [f.__name__ for f in context.flags if context.flags[f]])

# Products of up to eight limbs, exact: all nines carry from every place to the next.
with decimal.localcontext() as context:
    context.prec = 90
    for n in range(1, 42):
        for m in range(1, 42):
            for p, q in ((10 ** n - 1, 10 ** m - 1), (10 ** (n - 1), 10 ** m - 1), (10 ** n - 10 ** (n // 2), 10 ** m + 1)):
                assert int(decimal.Decimal(p) * decimal.Decimal(q)) == p * q, (p, q)
                assert decimal.Decimal(p).fma(decimal.Decimal(q), 1) == p * q + 1
print("products of nines")
