# writelines(): of whatever iterates, by the write() that the stream has.
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
for lines in (["a\n", "b\xe9\n", "", "c"], ("a\n", "b"), iter(["x", "y"]), (s for s in "pq"), {"k": 1}, "text"):
    expected = "".join(lines) if isinstance(lines, (list, tuple, dict, str)) else None
    with open(path, "w", encoding="utf-8") as f:
        assert f.writelines(lines) is None
    if expected is not None:
        assert open(path, encoding="utf-8").read() == expected
with open(path, "w") as f:
    assert raises(TypeError, f.writelines, ["a", 5, "b"]) == "write() argument must be str, not int"
    assert raises(TypeError, f.writelines, 5) == "'int' object is not iterable"
assert open(path).read() == "a"
assert raises(ValueError, f.writelines, ["a"]) == "I/O operation on closed file."
with open(path) as f:
    assert raises(io.UnsupportedOperation, f.writelines, ["a"]) == "not writable"
with open(path, "wb") as f:
    f.writelines([b"a", bytearray(b"b"), memoryview(b"c")])
    assert raises(TypeError, f.writelines, [b"d", "e"]) == "a bytes-like object is required, not 'str'"
assert open(path, "rb").read() == b"abcd"

seen = []
with open(path, "w") as f:
    f.write = seen.append
    f.writelines(["one", "two"])
    del f.write
    f.writelines(("three",))
assert seen == ["one", "two"] and open(path).read() == "three"


class Upper(io.TextIOWrapper):
    def write(self, text):
        return super().write(text.upper())


with Upper(open(path, "wb")) as f:
    f.writelines(["a", "b"])
assert open(path).read() == "AB"


class Base(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        seen.append(bytes(data))
        return len(data)


Base().writelines([b"r1", b"r2"])
assert seen[2:] == [b"r1", b"r2"]
os.remove(path)
