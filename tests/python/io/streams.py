# The io classes: buffering, text, positions, newlines, dropped files.
import gc, io, os, tempfile, warnings

base = tempfile.mkdtemp()
path = os.path.join(base, 'f')

with open(path, 'w', encoding='utf-8') as f:
    assert f.write('héllo\nwörld\n') == 12
    f.writelines(['a\n', 'b'])
with open(path, encoding='utf-8') as f:
    assert f.readline() == 'héllo\n'
    position = f.tell()
    assert f.read(3) == 'wör' and f.read() == 'ld\na\nb'
    f.seek(position)
    assert list(f) == ['wörld\n', 'a\n', 'b']
with open(path, 'rb') as f:
    assert f.peek(3)[:3] == b'h\xc3\xa9'
    assert f.read1(2) == b'h\xc3'
    buffer = bytearray(4)
    assert f.readinto(buffer) == 4 and bytes(buffer) == b'\xa9llo'
    f.seek(-1, 2)
    assert f.read() == b'b' and f.tell() == os.path.getsize(path)

# Positions inside multi-byte text, at every character.
with open(path, encoding='utf-8') as f:
    whole = f.read()
    f.seek(0)
    for i in range(len(whole)):
        here = f.tell()
        assert f.read() == whole[i:]
        f.seek(here)
        assert f.read(1) == whole[i]

# Newlines.
with open(path, 'w', newline='\r\n') as f:
    f.write('1\n2\n')
assert open(path, 'rb').read() == b'1\r\n2\r\n'
with open(path) as f:
    assert f.read() == '1\n2\n' and f.newlines == '\r\n'
assert list(open(path, newline='')) == ['1\r\n', '2\r\n']

# Update mode.
with open(path, 'w+b') as f:
    f.write(b'0123456789')
    f.seek(2)
    assert f.read(2) == b'23'
    f.write(b'xx')
    f.flush()
    assert f.tell() == 6
    f.seek(0)
    assert f.read() == b'0123xx6789'
    assert f.truncate(3) == 3
assert open(path, 'rb').read() == b'012'

# Memory.
b = io.BytesIO(b'abc')
view = b.getbuffer()
view[0] = ord('x')
try:
    b.write(b'12345')
    raise AssertionError
except BufferError as e:
    assert str(e) == 'Existing exports of data: object cannot be re-sized'
view.release()
assert b.getvalue() == b'xbc' and b.write(b'12345') == 5
s = io.StringIO('a\r\nb\rc\n', newline=None)
assert s.read() == 'a\nb\nc\n' and s.newlines == ('\r', '\n', '\r\n')

# A raw stream in Python.
class Raw(io.RawIOBase):
    def __init__(self, pieces):
        self.pieces = list(pieces)
    def readable(self):
        return True
    def readinto(self, target):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        target[:len(piece)] = piece
        return len(piece)
r = io.BufferedReader(Raw([b'ab', b'c\nd', b'ef']))
assert r.readline() == b'abc\n' and r.read() == b'def'
t = io.TextIOWrapper(io.BufferedReader(Raw([b'\xc3', b'\xa9x'])), encoding='utf-8')
assert t.read() == 'éx'

# What a dropped writer still held is written when it is found dead; and it warns.
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    def drop():
        f = open(path, 'w')
        f.write('dropped')
    drop()
    gc.collect()
    gc.collect()
assert [w.category for w in caught] == [ResourceWarning], caught
assert open(path).read() == 'dropped'

for mode in ('rw', 'z', '', '+'):
    try:
        open(path, mode)
        raise AssertionError(mode)
    except ValueError:
        pass
f = open(path)
f.close()
for action in (f.read, f.readline, f.tell, lambda: next(f), lambda: f.seek(0)):
    try:
        action()
        raise AssertionError(action)
    except ValueError as e:
        assert str(e) == 'I/O operation on closed file.', e
os.unlink(path)
os.rmdir(base)
print('ok')
