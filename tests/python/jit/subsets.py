# Sets compared by machine code.
def le(a, b):
    if a <= b:
        n = 1
    else:
        n = 0
    if not a >= b:
        n += 2
    return n, a <= b, a >= b


def attempt(f, a, b):
    try:
        return f(a, b)
    except TypeError as e:
        return str(e)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n & 3

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


class Sub(set):
    def __le__(self, other):
        return "sub"


def join(*parts):
    return "".join(parts)


removed = set(range(0, 256, 4))
for k in range(0, 256, 8):
    removed.discard(k)
sets = [set(), frozenset(), {1}, {1, 2, 3}, frozenset([1, 2, 3]), frozenset(range(0, 200, 4)), set(range(0, 300, 4)), removed,
        {"a", "b"}, {join("a", ""), join("", "b"), "c"}, {join("lo", "ng"), "a"}, {"long", "a", "b"}, {(1, 2), "a"},
        {(1, join("x", "y")), (1, 2), "a"}, {1.5, 2 ** 70, True}, {1, 1.5, 2 ** 70, 4}, {Key(k) for k in range(10)},
        {Key(k) for k in range(20)}, {int, str}, frozenset([int, str, float]), {None, ...}, {-1, -2, 2 ** 61}, {-1, -2, 2 ** 61, 0}]
for _ in range(12):
    results = [[le(a, b) for b in sets] for a in sets]
for row in results:
    print([n for n, _, _ in row], [r[1] for r in row] == [r[0] % 2 == 1 for r in row])
assert all(r[1] == a.issubset(b) and r[2] == a.issuperset(b) for a, row in zip(sets, results) for b, r in zip(sets, row))
others = [Sub([1]), [1], 1, None, {1: 2}, {1: 2}.keys(), "a", (1,), 2.5, b"a"]
for _ in range(40):
    mixed = [(attempt(le, a, b), attempt(le, b, a)) for a in sets[:5] for b in others]
    same = [attempt(le, b, b) for b in others]
print(mixed, same)
