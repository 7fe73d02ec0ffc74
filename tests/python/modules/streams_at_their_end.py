# Compressors and decompressors whose stream has ended, which have given the library's memory back: more data, flushes, copies.
import bz2
import copy
import gzip
import lzma
import zlib

data = b"some text, some more text; " * 200


def attempt(what, *args):
    try:
        return what(*args)
    except Exception as e:
        return type(e).__name__, str(e)


packed = zlib.compress(data)
for more in (b"", b"behind"):
    d = zlib.decompressobj()
    print(d.decompress(packed + more) == data, d.eof, d.unused_data, d.unconsumed_tail)
    print(d.decompress(b"again"), d.unused_data, d.decompress(b""), d.decompress(b"x", 5), d.unused_data)
    e = d.copy()
    f = copy.deepcopy(e)
    print(e.eof, e.unused_data, e.decompress(b"!"), e.unused_data, d.unused_data, e.flush(), f.decompress(b"?"), f.unused_data)
    print(d.flush(), d.eof, attempt(d.copy), attempt(d.decompress, b"x"), attempt(d.flush), d.unused_data)
    print(attempt(e.copy), e.eof)

d = zlib.decompressobj()
out = b""
rest = packed + b"tail"
while not d.eof:
    out += d.decompress(rest, 100)
    rest = d.unconsumed_tail
print(out == data, d.unused_data, d.unconsumed_tail, d.flush(), attempt(d.flush))
d = zlib.decompressobj()
d.decompress(packed[:20])
print(d.copy().decompress(packed[20:]) == d.decompress(packed[20:]))
d = zlib.decompressobj()
print(attempt(d.decompress, b"nonsense"), d.eof, attempt(d.decompress, packed))
d = zlib.decompressobj(zdict=b"some text")
c = zlib.compressobj(zdict=b"some text")
p = c.compress(data) + c.flush()
print(d.decompress(p + b"z") == data, d.unused_data, d.copy().decompress(b"y"), attempt(c.flush), attempt(c.compress, b"x"), attempt(c.copy))

for module, new_c, new_d in (
    ("bz2", bz2.BZ2Compressor, bz2.BZ2Decompressor),
    ("lzma", lzma.LZMACompressor, lzma.LZMADecompressor),
):
    c = new_c()
    p = c.compress(data) + c.flush()
    print(module, attempt(c.flush), attempt(c.compress, b"x"))
    d = new_d()
    print(d.decompress(p + b"after") == data, d.eof, d.unused_data, d.needs_input, attempt(d.decompress, b"x"), attempt(d.decompress, b""))
    d = new_d()
    print(d.eof, d.needs_input, d.decompress(p, 10), d.eof, d.needs_input, len(d.decompress(b"", 100)))
    while not d.eof:
        d.decompress(b"", 1000)
    print(d.unused_data, attempt(d.decompress, b""))
    c = new_c()
    print(new_d().decompress(c.compress(b"again") + c.flush()))
    d = new_d()
    print(attempt(d.decompress, b"nonsense that is long enough to be refused")[0], d.eof)

for m in (gzip, bz2, lzma):
    p = m.compress(data)
    print(all(m.decompress(p) == data for _ in range(50)), m.decompress(p + p) == data * 2)
print(lzma.LZMADecompressor().check, lzma.decompress(lzma.compress(b"x", format=lzma.FORMAT_ALONE)))
