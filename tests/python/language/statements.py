# Loops, conditionals, unpacking, assignments, del, assert, with, comprehension forms, literals.

out = []
for i in range(10):
    if i == 2:
        continue
    if i == 5:
        break
    out.append(i)
else:
    out.append('no')
for i in ():
    pass
else:
    out.append('else')
n = 3
while n:
    n -= 1
else:
    out.append('while else')
print(out, i, n)
for i in range(3):
    for j in range(3):
        if j == 1:
            break
    else:
        continue
    if i == 1:
        break
assert (i, j) == (1, 1)

# Unpacking.
a, b = 1, 2
a, b = b, a
(c, [d, *e], f), *g = (1, [2, 3, 4], 5), 6, 7
print(a, b, c, d, e, f, g)
*h, = 'abc'
[k, l] = {1: 'x', 2: 'y'}
first, *_, last = range(5)
assert h == ['a', 'b', 'c'] and (k, l, first, last) == (1, 2, 0, 4)
x = y = z = []
x.append(1)
assert y == z == [1]
i = 0
arr = [0, 0, 0]
i, arr[i] = 1, 'set'
assert arr == [0, 'set', 0]
for bad in ('a, b = 1', 'a, b = [1]', 'a, b = [1, 2, 3]', 'a, *b, c = [1]', 'a, b = iter([1, 2, 3])', '[] = [1]',
        '(a, b), c = [1, 2]'):
    try:
        exec(bad)
    except (TypeError, ValueError) as err:
        print(bad, '->', type(err).__name__, err)
print([*range(3), *'ab'], (*[1], 2), {*[1, 1]}, {**{'a': 1}, 'b': 2, **{'a': 3}})
for q, (r, *s) in [(1, (2, 3, 4)), (5, [6])]:
    print(q, r, s)

# Chained and conditional expressions, short circuits.
assert 1 < 2 < 3 != 4 > 0 and not 1 < 3 < 2
assert ('a' if [] else 'b') == 'b' and (0 or [] or 'x') == 'x' and (1 and 0 and 2) == 0 and (not 0) is True
assert (1 if 0 else 2 if 0 else 3) == 3

# Augmented assignment to every kind of target.
class O: pass


o = O()
o.v = 1
o.v += 2
lst = [1, 2, 3]
lst[0] *= 10
lst[1:] += [4]
dct = {'k': 1}
dct['k'] -= 5
v = 7
v //= 2; v **= 3; v %= 10; v <<= 2; v |= 1; v ^= 3; v &= 0xff; v >>= 1
w = 7.0
w /= 2
print(o.v, lst, dct, v, w)

# del.
del lst[0], dct['k'], o.v
del (a, [b])
assert lst == [2, 3, 4] and dct == {} and not hasattr(o, 'v')
lst = list(range(10))
del lst[2:8:2]
assert lst == [0, 1, 3, 5, 7, 8, 9]
for bad in ('del a_', 'del lst[99]', 'del dct["q"]', 'del o.nope', 'del (1)', 'del f()', 'f() = 1', '1 = x',
        'x + 1 = 2', '"a" = 1', 'None = 1', 'a_ := 1',
            'for 1 in x: pass', 'with x as 1: pass', '*a = 1', 'x = *a', 'def f(*): pass', 'f(**k, *a)', 'f(a=1, 2)',
            'f(a=1, a=2)'):
    try:
        exec(bad)
    except SyntaxError as err:
        print('SyntaxError', err.msg)
    except Exception as err:
        print(type(err).__name__, err)

# assert.
try:
    assert 1 == 2, 'message %d' % 3
except AssertionError as err:
    print(err, err.args)
try:
    assert []
except AssertionError as err:
    print(repr(err))
assert __debug__


# with.
log = []


class CM:
    def __init__(self, name, swallow=False): self.name, self.swallow = name, swallow

    def __enter__(self):
        log.append('enter ' + self.name)
        return self.name

    def __exit__(self, t, v, tb):
        log.append(('exit ' + self.name, t and t.__name__, str(v), tb is not None))
        return self.swallow


with CM('a') as a, CM('b', True) as (b):
    raise ValueError('swallowed')
with (CM('c') as c, CM('d')):
    pass
def with_return():
    with CM('r'):
        return 'result'


print(with_return())
for n in range(2):
    with CM('loop%d' % n):
        if n:
            break
        continue
try:
    with CM('e'):
        raise KeyError('out')
except KeyError:
    log.append('outside')
for entry in log:
    print(entry)
for bad in (5, object()):
    try:
        with bad: pass
    except TypeError as err:
        print(err)
class NoExit:
    def __enter__(self): log.append('must not be called')


log.clear()
try:
    with NoExit(): pass
except TypeError as err:
    print(err, log)
class ExitRaises:
    def __enter__(self): return self
    def __exit__(self, *a): raise RuntimeError('from exit')


try:
    with ExitRaises():
        raise ValueError('body')
except RuntimeError as err:
    print(err, repr(err.__context__))

# Literals.
print(0x1F, 0o17, 0b101, 1_000_000, 1e3, 1_0.5e-1_0, .5, 5., 3j, 0xdead_beef, 00)
print('a' "b" '''c
d''', r'\n', b'\x00\xff', rb'\d', 'tab\tend', '\x41\u0042\U00000043\N{LATIN SMALL LETTER D}\101', 'line\
joined')
print(..., Ellipsis is ..., None, True, (), (1,), [], {}, {1}, {1: 2})
print(not True or True, 2 ** -1, -2 ** 2, 2 ** 3 ** 2, -7 // 2, -7 % 3, 7 % -3, 1 - -1, ~5, 5 & 3 | 4 ^ 1, 1 << 2 + 1)
if 1: x = 1; y = 2
class One: a = 1; b = 2
assert (lambda: (yield))().__next__() is None

# Comprehensions.
assert [a * b for a in range(3) for b in range(a)] == [0, 0, 2]
assert {k: v for k, v in zip('ab', range(2))} == {'a': 0, 'b': 1}
assert {c for c in 'hello' if c != 'l'} == {'h', 'e', 'o'}
assert [x if x % 2 else -x for x in range(4) if x] == [1, -2, 3]
assert [(x, y) for x in range(3) if x for y in range(3) if y < x] == [(1, 0), (2, 0), (2, 1)]
assert [*(x for x in range(2))] == [0, 1] and dict([(x, x) for x in 'a']) == {'a': 'a'}
log.clear()
def t(v):
    log.append(v)
    return v


{t(1): t(2) for _ in [0]}
{t(3): t(4), t(5): t(6)}
[t(7), t(8)]
t(9) if t(0) else t(10)
assert log == [1, 2, 3, 4, 5, 6, 7, 8, 0, 10]
