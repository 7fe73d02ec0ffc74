# Every kind of expression.
a + b - c * d / e // f % g ** h @ i << j >> k & l | m ^ n
-a, +b, ~c, not d
a < b <= c == d != e > f >= g is h is not i in j not in k
a and b and c or d or not e
x if y else z
lambda: 1
lambda a, /, b=1, *args, c, d=2, **kw: (yield)
f(a, *b, k=1, **c)
a.b.c[d][1:2, ::3, ...]
[1, *x], (2,), {3, *y}, {4: 5, **z}, (), [], {}
[x for x in y if a if b for z in w]
{x: y for x, y in z}, {x async for x in y}, (x for x in y)
f'a{b!r:>{w}}c{d=}' 'e', b'\x00', 1, 1.5, 2j, None, True, ..., 'é'
(n := 5), [m := 1]
async def g(): await h; yield i; [j async for j in k]
