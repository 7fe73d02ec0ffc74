# Lines of text files: in loops and by readline(), across chunks, in all widths, beside writes, seeks and a close.
import io
import os
import tempfile


def raises(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


path = os.path.join(tempfile.mkdtemp(), "lines")


def written(text, encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as f:
        f.write(text)


for fill in ("x", "\xe9", "\u4e00", "\U0001f600", "x\xe9", "x\u4e00"):
    lines = [fill * (i * 7 % 40) + "\n" for i in range(2000)] + ["last, without an end" + fill]
    written("".join(lines))
    with open(path, encoding="utf-8") as f:
        assert list(f) == lines
    with open(path, encoding="utf-8") as f:
        assert f.readlines() == lines
    with open(path, encoding="utf-8") as f:
        got = []
        while line := f.readline():
            got.append(line)
        assert got == lines and f.readline() == "" and f.tell() == os.path.getsize(path)
    with open(path, encoding="utf-8") as f:
        for i, line in enumerate(f):
            assert line == lines[i]
            if i == 100:
                assert raises(OSError, f.tell) == "telling position disabled by next() call"
                assert f.read(3) == "".join(lines[101:])[:3]
                break
    assert raises(ValueError, next, f) == "I/O operation on closed file."
    assert raises(ValueError, f.readline) == "I/O operation on closed file."
    with open(path, encoding="utf-8") as f:
        it = iter(f)
        next(it)
        f.close()
        assert raises(ValueError, next, it) == "I/O operation on closed file."

# all line endings, and one of them
written("a\r\nb\rc\n\r\n\rd")
for newline, expected in (
    (None, ["a\n", "b\n", "c\n", "\n", "\n", "d"]),
    ("", ["a\r\n", "b\r", "c\n", "\r\n", "\r", "d"]),
    ("\n", ["a\r\n", "b\rc\n", "\r\n", "\rd"]),
    ("\r\n", ["a\r\n", "b\rc\n\r\n", "\rd"]),
):
    with open(path, newline=newline) as f:
        assert list(f) == expected, newline
    with open(path, newline=newline) as f:
        assert [f.readline() for _ in expected] == expected

# positions, limits, and writing in between
written("one\ntwo\nthree\nfour\n")
with open(path, "r+") as f:
    assert f.readline() == "one\n"
    position = f.tell()
    assert f.readline(2) == "tw" and f.readline(-1) == "o\n" and f.readline() == "three\n"
    f.seek(position)
    assert next(f) == "two\n"
    f.seek(0, 2)
    f.write("five\n")
    f.seek(0)
    assert list(f) == ["one\n", "two\n", "three\n", "four\n", "five\n"]
f = open(path)
f.readline()
f.seek(0)
assert f.readline() == "one\n"
assert next(f) == "two\n"
below = f.detach()
assert raises(ValueError, next, f) == "underlying buffer has been detached"
below.close()


class Loud(io.TextIOWrapper):
    def readline(self, size=-1):
        return super().readline(size).upper()


with open(path, "rb") as raw:
    assert list(Loud(raw))[:2] == ["ONE\n", "TWO\n"]
os.remove(path)
