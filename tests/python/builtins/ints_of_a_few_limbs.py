# Ints about the borders of 62, 64, 128 and 192 bits: every operation, and their texts.
import operator
import random
import zlib

random.seed(5)
edges = [0, 1, 2, 3, 7, 10, 10 ** 9, 10 ** 18, 10 ** 19, 10 ** 20, 10 ** 37, 10 ** 38, 10 ** 39, 10 ** 57, 10 ** 76]
for bits in (31, 32, 60, 61, 62, 63, 64, 65, 96, 126, 127, 128, 129, 191, 192, 193):
    edges += [(1 << bits) - 1, 1 << bits, (1 << bits) + 1]
edges += [random.getrandbits(n) for n in range(40, 260, 7)]
edges += [-x for x in edges]

BINARY = (operator.add, operator.sub, operator.mul, operator.and_, operator.or_, operator.xor, operator.lt, operator.le, operator.eq,
          operator.ne, operator.gt, operator.ge, operator.floordiv, operator.mod)
for function in BINARY:
    crc = 0
    for a in edges:
        for b in edges:
            try:
                crc = zlib.crc32(b'%a' % function(a, b), crc)
            except ZeroDivisionError as error:
                crc = zlib.crc32(str(error).encode(), crc)
    print(function.__name__, crc)
for function in (operator.lshift, operator.rshift):
    crc = 0
    for a in edges:
        for n in (0, 1, 2, 3, 31, 61, 62, 63, 64, 65, 100, 126, 127, 128, 129, 200):
            crc = zlib.crc32(b'%a' % function(a, n), crc)
    print(function.__name__, crc)
for function in (operator.neg, operator.pos, operator.invert, abs, str, hex, oct, bin, hash, float, int.bit_length):
    crc = 0
    for a in edges:
        crc = zlib.crc32(str(function(a)).encode(), crc)
        assert int(str(a)) == a and int(hex(a), 16) == a
    print(function.__name__, crc)

# Digits: zeros in the middle, all nines, around each multiple of 19.
for n in range(1, 420, 3):
    for x in (10 ** n, 10 ** n - 1, 10 ** n + 10 ** (n // 2)):
        text = str(x)
        assert len(text) in (n, n + 1) and int(text) == x and str(-x) == '-' + text, n
        assert text == {10 ** n: '1' + '0' * n, 10 ** n - 1: '9' * n}.get(x, text), n
print(str(2 ** 1000)[:30], str(3 ** 700)[-30:], f'{2 ** 200:,}')

# Results that shrink are the same ints as ever.
x = (1 << 64) + 5
assert x - (1 << 64) == 5 and {5: 'five'}[x - (1 << 64)] == 'five' and (x & 7) + (x >> 64) == 6
state = 1
for _ in range(1000):
    state = (state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
print(state)

# Bits of long ints: what is left of the upper ones decides how long the result is.
longs = [0, 1, 12345, (1 << 61) - 1, 1 << 61, 1 << 64]
for bits in (65, 127, 128, 192, 511, 512, 513, 700, 2100):
    top = 1 << bits
    longs += [top, top - 1, top + 1, top + random.getrandbits(40), random.getrandbits(bits)]
longs += [-x for x in longs]
for a in longs:
    for b in longs:
        both, any_, one = a & b, a | b, a ^ b
        assert both + any_ == a + b and any_ - both == one and one ^ b == a and both ^ one == any_
        assert hash(both) == hash(int(str(both)))
    assert a & a == a | a == a and a ^ a == 0 and a & 0 == 0 and a ^ 0 == a
    for b in (1, -1, 2, 3, -7, 10 ** 9, (1 << 61) - 1, -(1 << 61), 12345):
        quotient, remainder = a // b, a % b
        assert quotient * b + remainder == a and 0 <= abs(remainder) < abs(b) and remainder * b >= 0, (a, b)
        assert divmod(a, b) == (quotient, remainder)
print("bits of long ints")
