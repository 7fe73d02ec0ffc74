# Bytes compared by machine code.
def compare(a, b):
    if a == b:
        c = 1
    else:
        c = 0
    if a != b:
        c += 2
    return c, a == b, a != b


def order(a, b):
    n = 0
    if a < b:
        n += 1
    if a <= b:
        n += 2
    if a > b:
        n += 4
    if a >= b:
        n += 8
    return n, a < b, a >= b


def attempt(f, a, b):
    try:
        return f(a, b)
    except TypeError as e:
        return str(e)


values = [b"", b"a", b"b", b"ab", bytes([97, 98]), b"\xff", b"\x00", b"\x00\x00", b"abcdefgh", b"abcdefgi", b"abcdefghi",
          b"abcdefgh" * 8, b"abcdefgh" * 7 + b"abcdefg\x80", b"abcdefgh" * 8 + b"x", b"abcdefgh" * 30, bytes(b"abcdefgh" * 30),
          b"abcdefgh" * 30 + b"y"]
others = [bytearray(b"ab"), memoryview(b"ab"), "ab", 1, None, 2.5, [], (b"a",), type("B", (bytes,), {})(b"ab")]
for _ in range(40):
    results = [compare(a, b) for a in values for b in values], [order(a, b) for a in values for b in values]
print(results)
for _ in range(40):
    mixed = [attempt(f, a, b) for a in values[:6] for b in others for f in (compare, order)]
    turned = [attempt(f, b, a) for a in values[:6] for b in others for f in (compare, order)]
print(mixed, turned)
for a, b in (("a", "b"), ("ab", "ab"), (1, 2), (2.5, 2.5), ((1, 2), (1, 3)), ((b"a", b"b"), (b"a", b"b")), ([1], [1])):
    for _ in range(300):
        r = compare(a, b), order(a, b)
    print(r)
print(sorted(values) == sorted(values[::-1]), min(values), max(values))
