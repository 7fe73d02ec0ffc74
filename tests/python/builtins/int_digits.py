# Digits of ints of one to twenty limbs in every base that has a short way, with and without sign, prefix, width and grouping.
import zlib
from decimal import Context, Decimal, Overflow

total = 0
for limbs in range(1, 21):
    for n in (2 ** (64 * limbs) - 1, 2 ** (64 * limbs), 2 ** (64 * limbs - 1) + 12345, 10 ** (19 * limbs), 10 ** (19 * limbs) - 1,
              10 ** (19 * limbs) + 7, 7 ** (22 * limbs), 3 ** (40 * limbs) << 5, 10**19 << 64 * (limbs - 1), (10**19 - 1) << 64 * (limbs - 1)):
        for v in (n, -n):
            text = " ".join((str(v), hex(v), oct(v), bin(v), f"{v:x}", f"{v:#X}", f"{v:,}", f"{v:_x}", "%x" % v, "%d" % v, f"{v:0400x}"))
            assert int(str(v)) == v and int(hex(v), 16) == v
            total = zlib.crc32(text.encode(), total)
    print(limbs, total)
print(str(10**19), str(10**38 - 1), str(-(2**127)), hex(-(2**127)), "%032x" % (2**100 + 1), hex(2**64), hex(2**62), hex(-(2**62)))
for v in (0, 1, -1, 255, 2**61, -(2**61), 2**62 - 1, 2**63, 10**18, -(10**300)):
    print(v.bit_length(), v.bit_count(), end=" ")
print(True.bit_length(), True.bit_count())

import math

roots = list(range(40)) + [k * k + d for k in (2**15, 94906265, 94906266, 94906267, 2**26, 2**27 + 1, 2**30, 1518500249, 2**30 + 2**29) for d in (-1, 0, 1)]
print([math.isqrt(n) for n in roots], all(math.isqrt(n) ** 2 <= n < (math.isqrt(n) + 1) ** 2 for n in roots), math.isqrt(2**61 - 1), math.isqrt(10**40))

for a in ("3.14", "-1.00", "1.00", "0", "-0.0", "99999999999999", "99999999999999E-20", "12345678901234567", "1E+500000", "Infinity", "-Infinity"):
    for e in (2, Decimal("2"), Decimal("2.0"), Decimal("0.2E1"), 3, -2):
        c = Context(prec=28, Emax=999999, Emin=-999999, traps=[])
        print(c.power(Decimal(a), e), sorted(f.__name__ for f in c.flags if c.flags[f]), end="; ")
    print()
