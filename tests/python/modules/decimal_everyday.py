"""decimal as programs use it: construction, operators, errors, contexts, threads, subclasses, pickling."""
import decimal, sys
from decimal import *
def t(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
c = Context()
for f in [
    lambda: Context(flags=["P"]), lambda: Context(traps=[1]), lambda: Context(flags=(0,1)), lambda: Context(prec='x'),
    lambda: Context(prec=1.5), lambda: Context(prec=0), lambda: Context(rounding='x'), lambda: Context(clamp=2),
    lambda: setattr(c,'prec',None), lambda: setattr(c,'x',1), lambda: delattr(c,'prec'), lambda: c.zz,
    lambda: setattr(c,'flags',{}), lambda: c.flags[3], lambda: c.flags, lambda: c.traps, lambda: list(c.flags),
    lambda: c.flags.copy(), lambda: c.flags==c.traps, lambda: c.flags=={1:2}, lambda: dict(c.traps.items()),
    lambda: Decimal([]), lambda: Decimal({}), lambda: Decimal(None), lambda: Decimal('x'), lambda: Decimal(' 1_000.5\n'),
    lambda: Decimal('1', 3), lambda: Decimal((0,(1,),'q')), lambda: Decimal((2,(1,),1)), lambda: Decimal((0,(1,),1.5)),
    lambda: Decimal((0,(11,),1)), lambda: Decimal((0,1,1)), lambda: Decimal(1.1), lambda: Decimal(float('nan')),
    lambda: Decimal('1e9999999999999999999'), lambda: Decimal(1)+1.5, lambda: Decimal(1)<'a', lambda: Decimal('nan')<1,
    lambda: Decimal('snan')==1, lambda: Decimal(1)==1.0, lambda: Decimal(1)<1.5, lambda: Decimal(1).compare(1.5),
    lambda: Decimal(1).compare(2,3), lambda: Decimal(1).quantize(Decimal('.1'),'x'),
    lambda: Decimal(1).quantize(Decimal('.1'),rounding=ROUND_UP), lambda: Decimal('1e50').quantize(1),
    lambda: int(Decimal('nan')), lambda: int(Decimal('inf')), lambda: float(Decimal('snan')),
    lambda: hash(Decimal('snan')), lambda: Decimal('nan').as_integer_ratio(), lambda: Decimal('inf').as_integer_ratio(),
    lambda: round(Decimal('2.5')), lambda: round(Decimal('2.675'),2), lambda: round(Decimal(1),'x'),
    lambda: Decimal(0)/0, lambda: Decimal(1)/0, lambda: Decimal(1)//0, lambda: Decimal(1)%0,
    lambda: divmod(Decimal(1),0), lambda: Decimal(-1).sqrt(), lambda: Decimal(-1).ln(), lambda: Decimal(0)**0,
    lambda: Decimal('1e999999')*10, lambda: pow(Decimal(2),3,5), lambda: pow(Decimal(2),3,5.5), lambda: 2**Decimal(3),
    lambda: 2.0**Decimal(3), lambda: format(Decimal(1),'x'), lambda: format(Decimal(1),1),
    lambda: '{:,.3f}|{:>10}|{:e}'.format(Decimal('1234567.8915'),Decimal(3),Decimal(12345)),
    lambda: '%.2f %s %d'%(Decimal('1.005'),Decimal('1.50'),Decimal('3.9')), lambda: localcontext(3),
    lambda: localcontext(prec=3).__enter__(), lambda: localcontext(bad=3), lambda: setcontext(3),
    lambda: Decimal.from_float('x'), lambda: Decimal.from_float(0.1), lambda: c.create_decimal(' 1'),
    lambda: c.create_decimal_from_float(0.1), lambda: c.add(1,'x'), lambda: c.power(2,b=3,modulo=5),
    lambda: c.canonical(1), lambda: Decimal(1).foo, lambda: setattr(Decimal(1),'foo',1), lambda: Decimal(5).real,
    lambda: Decimal(5).imag, lambda: complex(Decimal(5)), lambda: sum([Decimal('1.1')]*3),
    lambda: max(Decimal(1),2,Decimal('0.5')), lambda: sorted([Decimal(3),1,2.5]),
    lambda: Decimal('1.10')==Decimal('1.1'), lambda: hash(Decimal('1.5'))==hash(1.5), lambda: Decimal(10).as_tuple(),
    lambda: DecimalTuple(1,2,3), lambda: getcontext().copy(),
    lambda: [x.__mro__ for x in (Overflow, Underflow)],
    lambda: DefaultContext, lambda: BasicContext, lambda: ExtendedContext, lambda: decimal.__version__,
    lambda: sorted(dir(decimal)), lambda: type(c.flags).__mro__, lambda: abs(Decimal('-0')), lambda: -Decimal(0),
    lambda: Decimal('1E+3').normalize(), lambda: Decimal('NaN').max(1), lambda: repr(Decimal('-sNaN12')),
    lambda: Decimal('1.20').normalize().to_eng_string(), lambda: bool(Decimal('0.00')), lambda: Decimal(3) in [3],
    lambda: {Decimal(1): 'a'}[1], lambda: isinstance(Decimal(1), __import__('numbers').Number),
    lambda: Decimal(1).__sizeof__()>0, lambda: __import__('copy').deepcopy(Decimal('1.5')),
    lambda: __import__('pickle').loads(__import__('pickle').dumps([Decimal('1.5'), c, getcontext()])),
    lambda: __import__('fractions').Fraction(1,3) < Decimal('0.3'),
    lambda: Decimal('0.25')==__import__('fractions').Fraction(1,4), lambda: __import__('json').dumps(Decimal(1)),
    lambda: __import__('statistics').mean([Decimal('1.5'),Decimal(2)]),
    lambda: __import__('math').floor(Decimal('-2.5')), lambda: __import__('math').sqrt(Decimal(2)),
    lambda: range(Decimal(3)), lambda: [1][Decimal(0)],
]:
    t(f)
class D(Decimal):
    def __new__(cls, v): return super().__new__(cls, v)
    x = 3
d = D('1.5'); d.y = 4; print(d, repr(d), type(d+1), d.y, d.__dict__, type(d.from_float(1.0)) if False else '')
with localcontext() as ctx:
    ctx.prec = 5; ctx.traps[Inexact] = True
    t(lambda: Decimal(1)/3); t(lambda: Decimal(1)/4); print(ctx)
with localcontext(Context(prec=3, rounding=ROUND_DOWN)): print(Decimal(2)/3, +Decimal('1.23456'))
import threading
def th(): print(getcontext().prec)
getcontext().prec = 7; x=threading.Thread(target=th); x.start(); x.join(); print(Decimal(1)/3)
def pi():
    getcontext().prec = 50; three=Decimal(3); lasts,t,s,n,na,d,da=0,three,3,1,0,0,24
    while s!=lasts: lasts=s; n,na=n+na,na+8; d,da=d+da,da+32; t=(t*n)/d; s+=t
    return +s
print(pi(), Decimal(1).exp(), Decimal('1e-10').exp(), Decimal(10).ln(), Decimal('0.1')**Decimal('2.5'),
      Decimal(2)**-7, Decimal(2)**Decimal('0.5'))
import inspect; print(inspect.signature(Decimal.quantize), inspect.signature(Decimal),
      inspect.signature(Context), inspect.signature(localcontext))
t(lambda: 1 / Decimal(0))
