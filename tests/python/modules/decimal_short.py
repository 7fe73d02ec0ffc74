# Sums, differences, products, integer quotients, remainders and signs of decimals of few digits, and of decimals and ints, beside what
# the context's methods say, and the pure module where nothing is trapped: values, exponents, signs of zero and flags, in contexts
# that have room for the result and that have not.
import _decimal as C
import _pydecimal as P
import operator
import random

rng = random.Random(11)
OPERATIONS = {operator.add: 'add', operator.sub: 'subtract', operator.mul: 'multiply', operator.floordiv: 'divide_int',
              operator.mod: 'remainder'}
SIGNS = {operator.neg: 'minus', operator.pos: 'plus', operator.abs: 'abs'}
SETTINGS = [{}, {'prec': 20}, {'prec': 19}, {'prec': 5}, {'prec': 28, 'Emax': 30, 'Emin': -30}, {'prec': 28, 'Emax': 20, 'Emin': -3},
            {'clamp': 1, 'Emax': 40, 'Emin': -40}, {'rounding': 'ROUND_FLOOR'}, {'rounding': 'ROUND_FLOOR', 'prec': 6},
            {'rounding': 'ROUND_05UP', 'prec': 21}]


def some_text():
    digits = str(rng.randrange(10 ** rng.choice([0, 1, 2, 3, 6, 8, 9, 10, 17, 18, 19, 20, 30])))
    sign = rng.choice(['', '-'])
    if rng.random() < 0.4:
        return f'{sign}{digits}E{rng.choice([0, 1, 2, 5, 9, 18, 19, 25, -1, -2, -9, -18, -19, -25])}'
    at = rng.randrange(len(digits) + 1)
    return f'{sign}{digits[:at] or "0"}.{digits[at:] or "0"}'


def some_int():
    return rng.choice([1, -1]) * rng.randrange(10 ** rng.choice([0, 1, 3, 9, 10, 18, 19, 20, 40]))


def result(context, operation, *operands):
    context.clear_flags()
    try:
        answer = repr(operation(*operands))
    except Exception as e:
        answer = type(e).__name__
    return answer, sorted(flag.__name__ for flag, on in context.flags.items() if on)


untrapped = 0
for settings in SETTINGS:
    context, pure = C.Context(**settings), P.Context(**settings)
    C.setcontext(context)
    P.setcontext(pure)
    for _ in range(150):
        a, b, n = some_text(), some_text(), some_int()
        x, y = C.Decimal(a), C.Decimal(b)
        p, q = P.Decimal(a), P.Decimal(b)
        cases = [(operation, name, form) for operation, name in OPERATIONS.items() for form in [(x, y, p, q), (x, n, p, n), (n, x, n, p)]]
        cases += [(operation, name, (x, p)) for operation, name in SIGNS.items()]
        for operation, name, operands in cases:
            count = len(operands) // 2
            got = result(context, operation, *operands[:count])
            assert got == result(context, getattr(context, name), *operands[:count]), (settings, name, operands, got)
            if 'Decimal' in got[0]:
                assert got == result(pure, operation, *operands[count:]), (settings, name, operands, got)
                untrapped += 1
assert untrapped > 5000

# operands that are no plain numbers, and subclasses
C.setcontext(C.Context())
D = C.Decimal


class Own(D):
    pass


assert type(Own('1.5') + 1) is D and type(1 + Own('1.5')) is D and type(-Own(2)) is D and Own('1.5') + 1 == D('2.5')
assert repr(D('inf') + 1) == "Decimal('Infinity')" and repr(-D('nan')) == "Decimal('NaN')" and repr(D(2) + True) == "Decimal('3')"
for bad in 1.5, '1', None:
    try:
        D(1) + bad
    except TypeError:
        pass
    else:
        raise AssertionError(bad)
# one context's change is seen by the next operation
C.getcontext().prec = 3
assert repr(D('1.234') + 1) == "Decimal('2.23')" and repr(-D('1.2345')) == "Decimal('-1.23')"
C.getcontext().prec = 28
assert repr(D('1.234') + 1) == "Decimal('2.234')"
