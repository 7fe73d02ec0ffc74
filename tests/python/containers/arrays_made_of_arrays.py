# Sums, multiples, copies and slices of arrays of every type: each item is written, whatever the memory held before.
import array
import copy

for code in "bBhHiIlLqQfd":
    for n in (0, 1, 3, 1000, 5000):
        junk = [bytes([0xEE]) * (n * array.array(code).itemsize + 16) for _ in range(3)]
        del junk
        a = array.array(code, [i % 100 for i in range(n)])
        b = array.array(code, [(i * 7) % 90 for i in range(n // 2)])
        plain, other = a.tolist(), b.tolist()
        assert (a + b).tolist() == plain + other and (b + a).tolist() == other + plain
        assert (a * 3).tolist() == plain * 3 and (0 * a).tolist() == [] == (a * -1).tolist()
        assert a[::2].tolist() == plain[::2] and a[::-1].tolist() == plain[::-1] and a[1:-1].tolist() == plain[1:-1]
        assert copy.copy(a) == a == copy.deepcopy(a) == a[:]
        c = a[:]
        c += b
        c *= 2
        assert c.tolist() == (plain + other) * 2 and c.tobytes() == (a + b + a + b).tobytes()
    print(code, len(c), c[-1], sum(c))
u = array.array("u", "h\u00e9llo")
u.extend("\u20ac\U0001f600")
print(ascii(u.tounicode()), ascii((u * 2 + u[::-1]).tounicode()), u.itemsize)
try:
    array.array("i", [1]) + array.array("q", [1])
except TypeError as error:
    print(error)
