# Arithmetic of ints that are no small ones: of one limb, two and three, and what becomes small again.
M64 = (1 << 64) - 1
EDGES = [0, 1, 2, 3, 7, 63, 64, 65, 1000, (1 << 31) - 1, 1 << 32]
for bits in (60, 61, 62, 63, 64, 65, 100, 127, 128, 129, 200):
    for near in (-2, -1, 0, 1):
        EDGES.append((1 << bits) + near)
NUMBERS = EDGES + [-n for n in EDGES]
POSITIVE = [n for n in EDGES if n >= 0]


def by_variables(name, symbol, values, others):
    scope = {}
    exec(
        f"def f(a, b):\n    return a {symbol} b\n"
        f"def g(a, b):\n    a {symbol}= b\n    return a\n",
        scope,
    )
    for f in (scope["f"], scope["g"]):
        total = 0
        for _ in range(2):
            for a in values:
                for b in others:
                    try:
                        total = (total * 31 + f(a, b)) % 1000000007
                    except (ZeroDivisionError, ValueError) as e:
                        total += len(str(e))
        print(name, total)


def by_constants(name, symbol, constants, values, is_left=False):
    for c in constants:
        scope = {}
        text = f"({c}) {symbol} a" if is_left else f"a {symbol} ({c})"
        exec(f"def f(values):\n    t = 0\n    for a in values:\n        t = t * 31 + ({text})\n        t %= 1000000007\n    return t\n", scope)
        f = scope["f"]
        print(name, c, [f(values), f(values), f(values[::-1])][1:])


for name, symbol in (("add", "+"), ("sub", "-"), ("mul", "*"), ("and", "&"), ("or", "|"), ("xor", "^"), ("mod", "%"), ("div", "//")):
    by_variables(name, symbol, NUMBERS, NUMBERS)
    by_constants(name, symbol, [1, 3, 12345, (1 << 31) - 1, (1 << 61) - 1, 1 << 61, M64, 1 << 64, (1 << 128) - 1, 1 << 128, -1, -(1 << 64)], POSITIVE * 40)
    by_constants(name, symbol, [1, 255, (1 << 61) - 1, M64, (1 << 128) - 1, -5], [n for n in NUMBERS if n] * 20, True)
for name, symbol in (("left", "<<"), ("right", ">>")):
    by_variables(name, symbol, NUMBERS, [0, 1, 5, 60, 61, 62, 63, 64, 65, 127, 128, 200])
    by_variables(name, symbol, POSITIVE, [0, 1, 5, 31, 63])
    by_constants(name, symbol, [0, 1, 13, 31, 62, 63, 64, 65, 127, 128], NUMBERS * 20)


def xorshift(x, n):
    total = 0
    for _ in range(n):
        x ^= (x << 13) & M64
        x ^= x >> 7
        x ^= (x << 17) & 0xFFFFFFFFFFFFFFFF
        total += x & 0xFF
    return x, total


def fnv(data):
    h = 0xCBF29CE484222325
    for b in data:
        h = ((h ^ b) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def splitmix(state, n):
    out = []
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) & M64
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        out.append(z ^ (z >> 31))
    return out


def rotations(x, n):
    for k in range(n):
        by = k & 63
        x = ((x << by) | (x >> (64 - by))) & M64
        x += 0x1234567
        x &= M64
    return x


def congruence(seed, n):
    for _ in range(n):
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 18446744073709551557
    return seed


def mixed(values):
    total = 0
    for v in values:
        total += (v + 1) if isinstance(v, int) else len(v + v)
        total &= 0xFFFFFFFFFFFFFFFF
    return total


def rounded(values):
    total = 0.0
    for v in values:
        total += v * 2 - v
    return total


print(xorshift(88172645463325252, 3000))
print(fnv(bytes(range(256)) * 12))
print(hash(tuple(splitmix(42, 3000))))
print(rotations(0x0123456789ABCDEF, 3000))
print(congruence(12345, 3000))
print(mixed([1 << 63, 5, "ab", 1 << 62, True and 3] * 700))
print(rounded([1 << 63, 5, 1.5, 1 << 62, -3] * 700))
print([(~x) & M64 for x in EDGES] == [M64 - (x & M64) for x in EDGES])
