"""Every kind of statement."""
from __future__ import annotations
import a, b.c as d
from . import e
from ..f.g import h as i, j
from k import *
x = y = 1
(p, *q), r.s, t[0] = z
u: int
v: str = 'w'
aa.bb: float = 1
(cc): float
x += 1; x @= 2; x //= 3
del x, y[0], z.w
assert a, 'message'
pass
if a: b
elif c: d
else: e
for i, j in k:
    break
else:
    continue
while True:
    pass
else: ...
with a as b, c, d as (e, f): pass
with (g as h,): pass
try:
    raise
except A: raise B
except (C, D) as e: raise F from g
except: pass
else: pass
finally: pass
try: pass
except* A as g: pass
@dec
@dec.orator(1)
def f(a: int, /, b: str = 'x', *args: tuple, c, d=None, **kw: dict) -> bool:
    global g
    def inner():
        nonlocal a
        return (yield from b)
    return
@dec
class C(Base, metaclass=Meta, *bases, **kw):
    x: int = 1
async def co():
    async for a in b: pass
    async with c as d: pass
match x:
    case 1 | -2 | 3 + 4j | 'a' | None | True: pass
    case [a, *_, b] | (a, b): pass
    case {'k': v, 1: w, **rest}: pass
    case Point(0, y=yy) as p if p.x: pass
    case mod.CONST: pass
    case _: pass
