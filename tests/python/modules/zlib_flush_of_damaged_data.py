# flush() of a decompressor gives what is left and tells nothing of damaged data.
import zlib

data = bytes(range(256)) * 4
packed = bytearray(zlib.compress(data))
for damaged_at in 0, 40, len(packed) - 1:
    damaged = packed.copy()
    damaged[damaged_at] ^= 0x55
    for limit in 0, 1, 100:
        decompressor = zlib.decompressobj()
        try:
            got = decompressor.decompress(damaged, limit)
        except zlib.error as e:
            got = str(e)
        print(damaged_at, limit, len(got), decompressor.flush()[:20], decompressor.eof, len(decompressor.unconsumed_tail))
