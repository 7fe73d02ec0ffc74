# Tables behind a co_exceptiontable that are whole but that no compiler wrote: types.CodeType refuses them, or its code can be looked
# at; nothing crashes. CPython has no such tables.
import random
import struct
import types

PARTS = ('argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname '
         'firstlineno linetable exceptiontable freevars cellvars').split()
HEAD = 56
CHECKED = 16
MASK = (1 << 64) - 1
FIRST, SECOND = 0x9E3779B97F4A7C15, 0xD1B54A32D192ED03


def fold(a, b):
    product = a * b
    return product & MASK ^ product >> 64


def checksum_of(data):
    def word(at):
        return int.from_bytes(data[at:at + 8], 'little')
    n, at = len(data), 0
    lanes = [n ^ FIRST, n ^ SECOND, n + FIRST & MASK, n + SECOND & MASK]
    while n - at >= 64:
        for i in range(4):
            lanes[i] = fold(lanes[i] ^ word(at + 16 * i), (FIRST if i % 2 else SECOND) ^ word(at + 16 * i + 8))
        at += 64
    left, right = fold(lanes[0] ^ SECOND, lanes[2] ^ FIRST), fold(lanes[1] ^ FIRST, lanes[3] ^ SECOND)
    while len(data) - at >= 8:
        left = fold(left ^ word(at), FIRST)
        at += 8
    tail = data[at:]
    if 0 < len(tail) < 4:
        half = len(tail) >> 1
        tail = bytes(tail[0:1]) + b'\0' * 7
        tail = (tail[0] | data[at + half] << 8 * half | data[-1] << 8 * (len(data) - at - 1)).to_bytes(8, 'little')
    right ^= int.from_bytes(tail, 'little')
    return fold(left ^ SECOND, right ^ FIRST) ^ (left + right & MASK)


def split(table):
    n = len(table)
    while n and table[n - 1] & 64:
        n -= 1
    bits = 0
    for i, byte in enumerate(table[n:]):
        bits |= (byte & 63 | byte >> 1 & 64) << 7 * i
    size = (len(table) - n) * 7 // 8
    return table[:n], (bits & (1 << 8 * size) - 1).to_bytes(size, 'little')


def join(entries, tables):
    bits = int.from_bytes(tables, 'little')
    sevens = (bits >> 7 * i & 127 for i in range((len(tables) * 8 + 6) // 7))
    return entries + bytes(s & 63 | 64 | (s & 64) << 1 for s in sevens)


def looks(a, b, *rest):
    try:
        for x, (y, z) in a.items():
            with b as c:
                rest = [x + y * 2, f'{c!r:>{z}}', {**b, 'k': x}, lambda: (a, rest)]
                yield rest[1:y], c.method(x, *rest, key=z and y or None)
    except (TypeError, ValueError) as e:
        del rest
        raise KeyError(e) from None
    finally:
        b.close()


def matches(v):
    match v:
        case {'a': [x, *y], **z} if x < 3: return x, y, z
        case str() | (1, _): return v
    return {i: j for i in v for j in i if i is not j}


async def waits(v):
    async with v as w:
        return [await x async for x in w]

chance = random.Random(5)
for function in (looks, matches, waits):
    parts = [getattr(function.__code__, 'co_' + name) for name in PARTS]
    at = PARTS.index('exceptiontable')
    entries, tables = split(parts[at])
    if not tables:
        continue  # CPython
    assert join(entries, tables) == parts[at]
    assert struct.unpack_from('<Q', tables, 8)[0] == checksum_of(tables[CHECKED:])
    registers = struct.unpack_from('<I', tables, CHECKED + 16)[0]
    refused = 0
    for attempt in range(250):
        made = bytearray(tables)
        for k in range(attempt % 3 + 1):
            where = chance.randrange(HEAD, len(made))
            if attempt % 4 == 0:
                made[where] = chance.randrange(256)
            elif attempt % 4 == 1:
                made[where] = chance.randrange(registers)
            elif attempt % 4 == 2:
                made[chance.randrange(CHECKED, HEAD)] ^= 1 << chance.randrange(8)
            else:
                a, b = sorted((where, chance.randrange(HEAD, len(made))))
                made[a:b] = made[a:b][8:] + made[a:a + 8]
        made[8:16] = struct.pack('<Q', checksum_of(made[CHECKED:]))
        parts[at] = join(entries, bytes(made))
        if attempt % 2:
            parts[PARTS.index('code')] = b'\x97\0' * (attempt + 1)
        try:
            code = types.CodeType(*parts)
        except ValueError:
            refused += 1
        else:
            list(code.co_positions()), list(code.co_lines()), code.co_exceptiontable, hash(code)
    assert refused > 100, refused
print('done')
