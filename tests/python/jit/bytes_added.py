# bytes + bytes, of all lengths, and with what else may be added to bytes.


class Own(bytes):
    def __add__(self, other):
        return b"own"


class Plain(bytes):
    pass


def add(pairs):
    total = 0
    for a, b in pairs:
        c = a + b
        total = total * 31 + len(c) + (c[0] if c else 0) + (c[-1] if c else 0) + hash(bytes(c)) % 1
        a += b
        total = (total + (a == c) + len(a)) % 1000003
    return total


DATA = bytes(range(256)) * 20
LENGTHS = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 255, 256, 257, 500, 1000, 1500, 2000, 4000]
print(add([(DATA[:n], DATA[3 : 3 + m]) for n in LENGTHS for m in LENGTHS] * 4))
same = True
for n in LENGTHS * 40:
    for m in (0, 1, 5, 16, 70):
        c = DATA[:n] + DATA[n : n + m]
        same &= c == DATA[: n + m] and hash(c) == hash(DATA[: n + m]) and {c: 1}.get(DATA[: n + m]) == 1
print(same)


def kinds(values):
    out = []
    for v in values:
        try:
            out.append(b"abc" + v)
        except TypeError as e:
            out.append(str(e))
    return out


print(kinds([b"x", bytearray(b"y"), memoryview(b"z"), Own(b"o"), Plain(b"p"), "text", 5, None, b""] * 300)[-9:])
x = b"some"
empty = b""
print(all((x + empty) is x and (empty + x) is x for _ in range(3000)))


def first(values):
    out = []
    for v in values:
        out.append(v + b"-")
    return out[-6:]


print(first([b"a", bytearray(b"b"), Own(b"c"), Plain(b"d"), b"", b"efg" * 20] * 300))


def built(n):
    r = b""
    for i in range(n):
        r = r[-50:] + b"ab" + bytes([i & 255])
        r += b"\0"
    return r


print(built(3000))
