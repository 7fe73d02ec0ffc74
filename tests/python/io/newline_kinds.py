# Ends of lines in texts of all widths and in pieces of all sizes: what is translated, what is recorded, where lines end.
import io
import itertools
import zlib

crc = 0
bodies = ["", "a", "é" * 9, "ж", "😀" * 3, "word " * 12]
ends = ["\n", "\r", "\r\n", "\r\r\n", "\n\r", ""]
for body, first, second, third in itertools.product(bodies, ends, ends, ends):
    text = body + first + "b" + second + body + third
    for newline in (None, "", "\n", "\r", "\r\n"):
        for size in (1, 3, 8192):
            wrapper = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", newline=newline)
            wrapper._CHUNK_SIZE = size
            lines = list(wrapper)
            seen = wrapper.newlines
            wrapper.seek(0)
            whole = wrapper.read()
            assert whole == "".join(lines), (text, newline, size)
            if newline is None:
                assert whole == text.replace("\r\n", "\n").replace("\r", "\n")
            else:
                assert whole == text
            crc = zlib.crc32(repr((lines, seen)).encode(), crc)
    for newline in (None, ""):
        stream = io.StringIO(text, newline)
        crc = zlib.crc32(repr((stream.getvalue(), list(stream), stream.newlines)).encode(), crc)
    for translate in (False, True):
        decoder = io.IncrementalNewlineDecoder(None, translate)
        result = [decoder.decode(character) for character in text] + [decoder.decode("", final=True), decoder.newlines]
        crc = zlib.crc32(repr(result).encode(), crc)
print(crc)
for width, count in itertools.product(("a", "é", "ж", "😀"), (1, 5, 190, 193, 400)):
    text = (width * 3 + "\r\n") * count + "\r" + width
    decoder = io.IncrementalNewlineDecoder(None, True)
    print(len(decoder.decode(text)), decoder.newlines)
