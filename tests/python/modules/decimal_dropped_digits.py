# Rounding that drops one to twenty digits of numbers of up to sixty: below, at and above the half, in all ways of rounding.
import decimal
import itertools
import zlib
from decimal import Decimal

ROUNDINGS = [name for name in dir(decimal) if name.startswith("ROUND_")]
kept = ["1", "12", "99999999", "123456789", "999999999999999999", "1" + "0" * 26 + "5", "9" * 28, "31415926535897932384626433832795"]
dropped = ["0", "1", "4", "5", "6", "9", "50", "49", "51", "500000000", "499999999", "500000001", "999999999", "5" + "0" * 17]
dropped += ["0" * 8 + "1", "0" * 9 + "1", "4" + "9" * 15, "5" + "0" * 14 + "1", "000000005"]
crc = 0
for front, tail, rounding in itertools.product(kept, dropped, ROUNDINGS):
    context = decimal.Context(prec=len(front), rounding=rounding)
    for sign in ("", "-"):
        value = Decimal(sign + front + tail)
        results = [context.plus(value), context.add(value, Decimal(1)), context.subtract(value, Decimal("0.5"))]
        results.append(value.quantize(Decimal(f"1e{len(tail)}"), rounding, decimal.Context(prec=60)))
        results.append(context.multiply(value, Decimal("1.1")))
        flags = [str(flag.__name__) for flag, raised in context.flags.items() if raised]
        crc = zlib.crc32(repr((results, sorted(flags))).encode(), crc)
print(crc)
