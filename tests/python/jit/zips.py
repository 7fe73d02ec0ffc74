# Loops over zip() of two and three: of all kinds of iterables, of different lengths, of one iterator twice, and where the kinds
# change.
def pairs(z):
    out = []
    for a, b in z:
        out.append((a, b))
    return out


def threes(z):
    out = []
    a = b = c = 'before'
    for a, b, c in z:
        out.append(a * 2 + b * 3 + c)
    return out, a, b, c


def comprehension(x, y, z):
    return [a + b + c for a, b, c in zip(x, y, z)], sum(a * b for a, b in zip(x, y)), {a: b for a, b in zip(y, z)}


def counted(n):
    yield from range(n)


l, t, r = list(range(10)), tuple(range(5, 14)), range(3, 20)
for i in range(60):
    pairs(zip(l, t))
    threes(zip(l, t, r))
    comprehension(l, t, r)
    comprehension(t, l, l)
    pairs(zip(r, r))
for x in (l, t, r, l[:3], t[:1], range(0), [], 'abcdef', b'abc', {1: 2, 3: 4}, {7}, counted(4), iter([1, 2, 3]), iter('xy')):
    for y in (l, t, r, [2**70, 1.5, True], 'xyz', (), counted(3)):
        print(pairs(zip(x, y)), pairs(zip(y, x)), end=' ')
    print()
for x, y, z in ((l, t, r), (r, l, t), (t, r, l), (l[:2], t, r), (l, t[:2], r), (l, t, r[:2]), ([], t, r), (l, (), r), (l, t, range(0)),
                (counted(3), l, t), (l, [1.5, 2**70], t), (range(2**62, 2**62 + 3), l, l), (range(10, 0, -3), l, r)):
    print(threes(zip(x, y, z)))
for x, y, z in ((l, t, r), (r, l, t), (t, r, l), (l, l, l)):
    print(comprehension(x, y, z))
one = iter(range(12))
print(pairs(zip(one, one)))
one = iter(list(range(12)))
print(threes(zip(one, one, one)), pairs(zip(one, l)))
one = iter(range(12))
print(threes(zip(one, l, one)), next(one, 'none'))
print(pairs(zip(range(6), iter(l), strict=True) if False else zip(range(3), range(3), strict=True)))
for z in (zip(l, t, strict=True), zip([1], (2, 3), strict=True)):
    try:
        print(pairs(z))
    except ValueError as e:
        print(e)
for z in (zip(l), zip(l, t, r), zip(l, t, r, l)):
    try:
        pairs(z)
    except ValueError as e:
        print(e)
for z in (zip(l, t), zip(l, t, r, l)):
    try:
        threes(z)
    except ValueError as e:
        print(e)
grown = [1, 2]
for a, b in zip(grown, range(10)):
    if b < 5:
        grown.append(b)
print(grown, a, b)
z = zip(l, t, r)
for a, b, c in z:
    break
print(threes(z))
