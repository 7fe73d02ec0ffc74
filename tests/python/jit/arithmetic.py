# Arithmetic and comparisons in code that runs often give what the operators give anywhere: at the edges of machine ints, for floats
# of all kinds, and where the kinds of operands change.
# timeout: 120
import fractions
import operator
import random

NUMBERS = [0, 1, -1, 2, 3, 7, -5, 61, 62, 63, 2**30, -2**30, 2**61 - 1, -2**61, 2**61, -2**61 - 1, 2**62, 2**63 - 1, -2**63, 2**100,
           0.0, -0.0, 0.5, -1.5, 1e300, -1e300, 1e-300, 5e-324, float('inf'), float('-inf'), float('nan'), True, False]
OTHERS = [None, fractions.Fraction(1, 3), 2j]
SEQUENCES = ['ab', '', b'x', (1, 2), [3]]  # not to be multiplied by 2**30

SOURCES = ['a + b', 'a - b', 'a * b', 'a / b', 'a // b', 'a % b', 'a & b', 'a | b', 'a ^ b', 'a < b', 'a <= b', 'a == b', 'a != b',
           'a > b', 'a >= b', 'a is b', 'a is not b', 'a + 3', 'a - 3', '-a', '~a', 'not a']
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, operator.and_, operator.or_,
             operator.xor, operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge, operator.is_, operator.is_not,
             lambda a, b: operator.add(a, 3), lambda a, b: operator.sub(a, 3), lambda a, b: operator.neg(a),
             lambda a, b: operator.invert(a), lambda a, b: operator.not_(a)]


def made(source, shape):
    scope = {}
    exec(shape.format(source), scope)
    return scope['f']


STORES = """
def f(a, b):
    c = {0}
    return c
"""
JUMPS = """
def f(a, b):
    if {0}:
        return True
    return False
"""
WHILE = """
def f(a, b):
    n = 0
    while not ({0}):
        n += 1
        if n > 1:
            return False
    return True
"""
INPLACE = """
def f(a, b):
    a {0} b
    return a
"""


def answer(f, a, b):
    try:
        return repr(f(a, b)), type(f(a, b)).__name__
    except Exception as e:
        return type(e).__name__, str(e)


def differences(f, reference, values, warm):
    for a, b in warm * 1100:
        f(a, b)
    found = []
    for a in values:
        for b in values:
            if 'nan' in (str(a), str(b)) and reference in (operator.is_, operator.is_not):
                continue
            got, wanted = answer(f, a, b), answer(reference, a, b)
            if got[0] != wanted[0] or (got[0] != 'TypeError' and got != wanted):
                found.append((a, b, got, wanted))
    return found


for warm in ([(5, 3)], [(2.5, 1.25)], [(5, 3), (2.5, 1.25)], [(True, 4.0)]):
    for source, reference in zip(SOURCES, OPERATORS):
        try:
            reference(*warm[0]), reference(*warm[-1])
        except TypeError:
            continue
        values = NUMBERS + OTHERS + (SEQUENCES if '*' not in source else [])
        for found in differences(made(source, STORES), reference, values, warm):
            print(source, warm, *found)
        if source[2:4].strip() in ('<', '<=', '==', '!=', '>', '>=', 'is'):
            for shape in JUMPS, WHILE:
                for found in differences(made(source, shape), reference, NUMBERS, warm):
                    print('jump', source, warm, *found)
for op, reference in [('+=', operator.add), ('-=', operator.sub), ('*=', operator.mul), ('//=', operator.floordiv),
                      ('%=', operator.mod), ('&=', operator.and_), ('|=', operator.or_), ('^=', operator.xor)]:
    for found in differences(made(op, INPLACE), reference, NUMBERS, [(5, 3)]):
        print(op, *found)


def shifts(values, by):
    out = []
    for x in values:
        for s in by:
            try:
                out.append((x << s, x >> s))
            except (ValueError, OverflowError) as e:
                out.append(str(e))
    return out


ints = [x for x in NUMBERS if type(x) is int]
BY = [0, 1, 2, 30, 31, 32, 59, 60, 61, 62, 63, 64, 70, -1]
for _ in range(40):
    got = shifts(ints, BY)
wanted = []
for x in ints:
    for s in BY:
        try:
            wanted.append((x * 2**s, x // 2**s) if s >= 0 else x << s)
        except ValueError as e:
            wanted.append(str(e))
print(got == wanted)


def mixed(items):
    total = 0
    for x in items:
        total = total + x * 2 - 1
        if total > 10**6:
            total = total - 10**6
    return total


print(mixed(range(3000)), mixed([0.5] * 3000), mixed([1, 0.5, True] * 1000), mixed([2**60] * 500))


def chain(x, n):
    y = 0.0
    for i in range(n):
        y = x * y + 1.0
        x = y / 3.0 - x
        if y > 1e280:
            y = 1.0
        z = -1.0 if x != x else x * 0.5
        x = z
    return x, y


print(chain(0.5, 2000), chain(1e200, 2000), chain(3.0, 5))

# Long straight stretches, in which more values are known than there are registers for.
def straight(seed):
    rng = random.Random(seed)
    names = ['v%d' % i for i in range(rng.randint(3, 20))]
    lines = ['def f(%s, n):' % ', '.join(names), ' s = 0', ' for i in range(n):']
    for _ in range(rng.randint(10, 90)):
        to, x, y = (rng.choice(names) for _ in range(3))
        if rng.random() < 0.2:
            lines.append('  s = s + (%s %s %s)' % (x, rng.choice(['<', '<=', '==', '!=', '>', '>=']), y))
        else:
            lines.append('  %s = (%s %s %s) * 0.25' % (to, x, rng.choice('+-*'), y))
    lines.append(' return s, ' + ', '.join(names))
    scope = {}
    exec('\n'.join(lines), scope)
    return scope['f'](*[rng.uniform(-2, 2) for _ in names], 1500)


for seed in range(60):
    print(straight(seed))
print('done')
