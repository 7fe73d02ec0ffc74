# Members of sets by machine code: small and big tables, keys that collide, strings that are equal but not the same object.
def has(s, k):
    return k in s, k not in s


def build(*parts):
    return "".join(parts)


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return hash(self.n)

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n or self.n == other


class Plain:
    pass


plain = [Plain() for _ in range(40)]
types = [str, bytes, bytearray, float, complex, bool, type(None), int, list, dict, tuple, set, object, type, range, Key, Plain]
sets = [set(), frozenset(), {0, 8, 16, 24}, set(range(0, 8 * 40, 8)), frozenset(types[:7]), set(types), set(plain[:20]),
        {"a", "b", "abc", "d" * 70}, set(map(str, range(100))), {(1, 2), (1, "a"), ()}, {1.0, True, 2, None, -1, -2},
        {Key(k) for k in range(0, 64, 8)}, {2 ** 60, 2 ** 61 - 1, 2 ** 62, -2 ** 70}, set(range(1000))]
removed = set(range(0, 512, 8))
for k in range(0, 512, 16):
    removed.discard(k)
sets.append(removed)
sets.append({build("x", str(k)) for k in range(30)})
keys = [0, 1, 7, 8, 16, 24, 32, 64, 800, -1, -2, 2 ** 60, 2 ** 61 - 1, 2 ** 62, -2 ** 70, 1.0, 0.0, 2.5, True, None, "", "a",
        build("a", "bc"), build("d" * 35, "d" * 35), build("1", "7"), build("x", "1", "1"), build("zz", "z"), "\u20ac", (1, 2), (1, "a"),
        (1, build("", "a")), (1, 2.5), (), Key(8), Key(9), Key(16), ..., b"a"] + types + plain
for rounds in range(3):
    results = []
    for _ in range(8):
        results = [[has(s, k) for k in keys] for s in sets]
for s, row in zip(sets, results):
    print(len(s), "".join("y" if a and not b else "n" if b and not a else "?" for a, b in row))
    assert [a for a, _ in row] == [any(k is m or k == m for m in s) for k in keys]
for k in ([], {}, set(), bytearray()):
    for s in sets[:4]:
        try:
            print(has(s, k))
        except TypeError as e:
            print(e)


def grows():
    seen = set()
    found = 0
    for i in range(4000):
        k = i * 37 % 1009
        if k in seen:
            found += 1
            if i % 3 == 0:
                seen.remove(k)
        else:
            seen.add(k)
    return found, len(seen)


print(grows())
