# Big BytesIO objects that grow by pieces, and what getvalue() gave before they grew, were cut or overwritten.
import io


def pieces(size, count):
    for i in range(count):
        yield bytes([65 + i % 26]) * (size + i)


for size in (1000, 30_000, 70_000, 220_000, 700_000):
    for count in (1, 2, 5, 9):
        stream, expected, values = io.BytesIO(), bytearray(), []
        for i, piece in enumerate(pieces(size, count)):
            stream.write(piece)
            expected += piece
            if i % 3 == 1:
                values.append((stream.getvalue(), bytes(expected)))
        others = [bytearray(size) for _ in range(4)]  # in what was given back
        assert stream.getvalue() == expected and stream.tell() == len(expected)
        values.append((stream.getvalue(), bytes(expected)))
        stream.write(b"end")
        stream.seek(size // 2)
        stream.write(b"middle")
        expected[size // 2:size // 2 + 6] = b"middle"
        assert stream.getvalue() == expected + b"end"
        stream.truncate(size // 3)
        assert stream.getvalue() == expected[:size // 3]
        view = stream.getbuffer()
        view[0] = 33
        assert stream.getvalue()[:2] == b"!A"[:2]
        view.release()
        assert all(a == b for a, b in values) and not any(map(any, others))
        print(size, count, len(values), hash(stream.getvalue()) == hash(b"!" + bytes(expected[1:size // 3])))
