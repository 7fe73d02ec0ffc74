# Which special methods are called, in which order, for operators; NotImplemented; reflected and in-place forms; subclasses first.

log = []


class T:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name


def recording(name, result=NotImplemented):
    def method(self, *args):
        log.append((name, repr(self)))
        return result
    return method


BINARY = ['add', 'sub', 'mul', 'matmul', 'truediv', 'floordiv', 'mod', 'divmod', 'pow', 'lshift', 'rshift', 'and', 'xor', 'or']
class L(T): pass
class R(T): pass


for op in BINARY:
    setattr(L, '__%s__' % op, recording(op))
    setattr(L, '__i%s__' % op, recording('i' + op))
    setattr(R, '__r%s__' % op, recording('r' + op, 'done'))

l, r = L('l'), R('r')
results = [l + r, l - r, l * r, l @ r, l / r, l // r, l % r, divmod(l, r), l ** r, l << r, l >> r, l & r, l ^ r, l | r]
assert results == ['done'] * 14
print(log)
log.clear()
x = l
x += r
x = l
x **= r
x = l
x @= r
print(log)
log.clear()
for expression in ('l + 1', 'l - l', '1 + l', 'l ** 1', 'l << 2', 'divmod(l, 1)', 'l @ l', '-l', '~l', 'abs(l)',
        'l < l', 'l[0]', 'l()',
                   'len(l)', 'iter(l)', 'next(l)', 'l in l', '1 in 5', 'int(l)', 'float(l)', 'complex(l)', 'range(l)', 'hash([])',
                   'reversed(l)', '[1, 2][l]', 'pow(l, 2, 3)', 'round(l)', '"a" + 1', '1 + "a"', '[] + ()', '{} | []',
                   'print >> 1'):
    try:
        eval(expression)
    except TypeError as e:
        print(expression, '->', e)
log.clear()


# The reflected method of a subclass on the right goes first, if it overrides.
class Base:
    def __add__(self, o): return 'Base.add'
    def __radd__(self, o): return 'Base.radd'
    def __lt__(self, o): return 'Base.lt'
    def __gt__(self, o): return 'Base.gt'


class Sub(Base):
    def __radd__(self, o): return 'Sub.radd'
    def __gt__(self, o): return 'Sub.gt'


class Quiet(Base): pass


print(Base() + Sub(), Base() + Quiet(), Sub() + Base(), Base() < Sub(), Base() < Quiet())


# Comparison: reflected operators, == falls back to identity, != inverts ==.
class Eq:
    def __init__(self, v): self.v = v

    def __eq__(self, o):
        log.append('eq')
        return self.v == o.v if isinstance(o, Eq) else NotImplemented


assert Eq(1) == Eq(1) and Eq(1) != Eq(2) and Eq(1) != 3 and not Eq(1) == 'x'
assert Eq.__hash__ is None
try:
    hash(Eq(1))
except TypeError as e:
    print(e)


class Cmp:
    def __lt__(self, o): log.append('lt'); return NotImplemented
    def __gt__(self, o): log.append('gt'); return NotImplemented
    def __le__(self, o): log.append('le'); return NotImplemented
    def __ge__(self, o): log.append('ge'); return NotImplemented


log.clear()
for op in ('<', '>', '<=', '>='):
    try:
        eval('Cmp() %s Cmp()' % op)
    except TypeError as e:
        print(e)
print(log)


# Chained comparison evaluates the middle once and stops early.
def v(x):
    log.append(x)
    return x


log.clear()
assert not (v(1) < v(0) < v(5)) and log == [1, 0]
log.clear()
assert v(1) < v(2) <= v(2) != v(3) and log == [1, 2, 2, 3]


# Truth: __bool__, then __len__.
class Len:
    def __init__(self, n): self.n = n
    def __len__(self): return self.n


class Bool(Len):
    def __bool__(self): return self.n > 5


assert not Len(0) and Len(1) and not Bool(3) and Bool(6)
class BadBool:
    def __bool__(self): return 1


class BadLen:
    def __len__(self): return -1


for bad in (BadBool, BadLen):
    try:
        bool(bad())
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)


# Containment: __contains__, then __iter__, then __getitem__.
class Seq:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * 10


assert 20 in Seq() and 25 not in Seq() and list(Seq()) == [0, 10, 20, 30] and tuple(reversed([*Seq()])) == (30, 20, 10, 0)


# Subscripts, slices, deletion.
class Sub2:
    def __getitem__(self, k): return ('get', k)
    def __setitem__(self, k, v): log.append(('set', k, v))
    def __delitem__(self, k): log.append(('del', k))


s = Sub2()
log.clear()
print(s[1], s[1:2], s[::2, ...], s[()], s[1, 2])
s[1:2] = 'v'
s[0] += ('more',)
del s[3:], s[4]
print(log)


# In-place on an attribute and an item evaluate the target once.
class Holder: pass


h = Holder()
h.items = [1]
def get_h():
    log.append('get_h')
    return h


log.clear()
get_h().items += [2]
get_h().items[v(0)] += 10
print(h.items, log)
t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e, t)


# __index__, __int__, __float__, __format__, __call__, __str__ and __repr__.
class Num:
    def __index__(self): return 3
    def __format__(self, spec): return '<' + spec + '>'
    def __call__(self, *a, **k): return (a, k)
    def __str__(self): return 'str'
    def __repr__(self): return 'repr'


n = Num()
print([10, 20, 30, 40][n], 'abc' * n, range(n), hex(n), int(n), float(n), f'{n:x>5}', format(n), n(1, b=2))
print('%s %r' % (n, n), f'{n!r}', '{!s}'.format(n))
class BadStr:
    def __str__(self): return 3
    __repr__ = __str__


for f in (str, repr):
    try:
        f(BadStr())
    except TypeError as e:
        print(e)
