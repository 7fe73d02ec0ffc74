# Sequences of more than a few items, unpacked by machine code.
def unpack(t):
    a, b, c, d, e, f, g, h, i, j = t
    return j, i, h, g, f, e, d, c, b, a


def unpack_forty(t):
    (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, u, a1, b1, c1, d1, e1, f1, g1, h1, i1, j1, k1, l1, m1, n1, o1, p1,
     q1, r1, s1, u1) = t
    return a, u1


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


for _ in range(3000):
    unpack(tuple(range(10)))
    unpack(list(range(10)))
    unpack_forty(list(range(40)))
for t in (tuple(range(10)), list(range(10)), "abcdefghij", range(9), (1,) * 11, [1] * 9, [], None, {k: 1 for k in range(10)}):
    print(attempt(unpack, t), attempt(unpack_forty, t))
