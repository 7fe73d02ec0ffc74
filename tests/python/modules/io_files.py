# open and io: text and binary files, modes, newlines, encodings, seeking, buffering, StringIO, BytesIO, errors.
import io
import os

with open('a.txt', 'w') as f:
    print(f.write('line 1\nline 2\nü\n'), f.name, f.mode, f.encoding, f.closed, f.writable(), f.readable(), f.seekable())
    f.writelines(['x\n', 'y'])
print(f.closed)
with open('a.txt') as f:
    print(repr(f.readline()), repr(f.read(3)), f.readlines(), repr(f.read()), f.tell() > 0)
    f.seek(0)
    print([line.rstrip() for line in f], f.errors, f.newlines, f.line_buffering)
with open('a.txt', 'rb') as f:
    print(f.read(4), f.tell(), f.seek(-2, 2), f.read(), f.seek(0), f.readline(), f.readlines()[:1], f.peek(0))
    buf = bytearray(4)
    f.seek(0)
    print(f.readinto(buf), buf, f.raw.__class__.__name__, type(f).__name__)
with open('a.txt', 'a+') as f:
    f.write('end')
    f.seek(0)
    print(f.read().endswith('yend'))
with open('b.bin', 'wb') as f:
    f.write(bytes(range(256)))
    f.write(memoryview(b'view'))
    f.write(bytearray(b'ba'))
with open('b.bin', 'r+b') as f:
    f.seek(10)
    f.write(b'XYZ')
    f.truncate(50)
    f.seek(0)
    data = f.read()
    print(len(data), data[9:14])
with open('d.bin', 'wb') as f:
    f.write(b'\xff\xfe\xfa')
try:
    open('a.txt', 'x')
except FileExistsError as e:
    print(e)
for bad in (lambda: open('nope/nope'), lambda: open('.'), lambda: open('a.txt', 'q'), lambda: open('a.txt', 'rw'),
        lambda: open('a.txt', 'rb', encoding='utf-8'), lambda: open('a.txt', 'rt', 0),
        lambda: open('a.txt', 'w+b', newline=''), lambda: open(5.5), lambda: open('a\0b'),
            lambda: open('a.txt', encoding='nope'), lambda: open('a.txt', newline='x'), lambda: f.read(),
            lambda: open('a.txt').write('x'), lambda: open('c.txt', 'w').read(),
            lambda: open('a.txt', 'rb').write(b''), lambda: open('c.txt', 'w').write(b'bytes'),
            lambda: open('c.txt', 'wb').write('text'),
            lambda: open('d.bin', encoding='utf-8').read(),
            lambda: open('a.txt', 'rb').seek(-1), lambda: open('a.txt').seek(-1, 2),
                    lambda: open(-1), lambda: open('a.txt', errors='nope').read()):
    try:
        r = bad()
        print('no error', type(r).__name__)
        r.close() if hasattr(r, 'close') else None
    except Exception as e:
        print(type(e).__name__, e)

for newline in (None, '', '\n', '\r', '\r\n'):
    with open('n.txt', 'wb') as f:
        f.write(b'a\nb\r\nc\rd')
    with open('n.txt', newline=newline) as f:
        lines = f.readlines()
        seen = f.newlines
    with open('n.txt', 'w', newline=newline) as f:
        f.write('x\ny\r\n')
    with open('n.txt', 'rb') as f:
        print(repr(newline), lines, seen, f.read())
for enc in ('utf-8', 'utf-16', 'utf-8-sig', 'latin-1', 'ascii', 'cp1252', 'utf-32-le'):
    try:
        with open('e.txt', 'w', encoding=enc) as f:
            f.write('aé')
        with open('e.txt', 'rb') as f:
            raw = f.read()
        with open('e.txt', encoding=enc) as f:
            print(enc, raw, ascii(f.read()))
    except UnicodeEncodeError as e:
        print(enc, e)
with open('e.txt', 'w', encoding='ascii', errors='xmlcharrefreplace') as f:
    f.write('é日')
print(open('e.txt').read())
with open('e.txt', 'wb') as f:
    f.write(b'ok\xffbad\n')
for errors in ('replace', 'ignore', 'backslashreplace', 'surrogateescape'):
    with open('e.txt', encoding='utf-8', errors=errors) as f:
        print(errors, ascii(f.read()))

s = io.StringIO('first\nsecond\n')
print(s.readline(), s.read(), s.tell(), s.seek(0), s.write('FIRST'), s.getvalue(), list(io.StringIO('a\nb')),
        s.truncate(3), s.getvalue(), s.closed)
b = io.BytesIO(b'bytes')
view = b.getbuffer()
view[0] = 66
view.release()
print(b.getvalue(), b.read(2), b.read1(), b.seek(0, 2), b.write(b'!'), b.getvalue())
s.close()
for bad in (s.read, lambda: io.StringIO(5), lambda: io.BytesIO('s'), lambda: io.StringIO().write(b''),
        lambda: io.BytesIO().write('s'), lambda: io.StringIO().fileno()):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)

# The layers by hand, a raw class in Python, detach, line buffering, big data through small buffers.
raw = io.FileIO('r.bin', 'w')
bw = io.BufferedWriter(raw, 16)
tw = io.TextIOWrapper(bw, encoding='utf-8', write_through=False)
tw.write('buffered é')
print(os.path.getsize('r.bin'))
tw.flush()
print(os.path.getsize('r.bin'), tw.buffer is bw, bw.raw is raw)
tw.close()


class Upper(io.RawIOBase):
    def __init__(self, data): self.data = data
    def readable(self): return True

    def readinto(self, b):
        part = self.data[:len(b)].upper()
        self.data = self.data[len(b):]
        b[:len(part)] = part
        return len(part)


print(io.BufferedReader(Upper(b'some data'), 4).read(),
        io.TextIOWrapper(io.BufferedReader(Upper(b'l1\nl2'))).readlines(), Upper(b'abc').readall())
big = ''.join('%d\n' % n for n in range(20000))
with open('big.txt', 'w') as f:
    for part in range(0, len(big), 7):
        f.write(big[part:part + 7])
with open('big.txt') as f:
    assert f.read() == big
with open('big.txt') as f:
    assert sum(int(line) for line in f) == sum(range(20000))
with open('big.txt') as f:
    f.readline()
    mark = f.tell()
    rest = f.read(10)
    f.seek(mark)
    assert f.read(10) == rest
pair = io.BufferedRWPair(io.BytesIO(b'in'), io.BytesIO())
print(pair.read(), pair.write(b'out'), io.open is open, issubclass(io.UnsupportedOperation, (OSError, ValueError)),
        io.DEFAULT_BUFFER_SIZE)
r, w = os.pipe()
with open(w, 'w') as f:
    print('through a pipe', file=f)
with open(r) as f:
    print(f.read(), end='')
dup = open(os.dup(1), 'w', closefd=True)
dup.close()
