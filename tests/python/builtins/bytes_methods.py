# bytes, bytearray, memoryview.

for B in (bytes, bytearray):
    b = B(b'Hello, World\x00\xff')
    print(b, len(b), b[0], b[-1], b[1:4], b[::-1], B(), B(3), B([1, 2, 255]), B('é', 'utf-8'), B(b'x'), B(range(3)),
            B(memoryview(b'mv')))
    print(b.upper(), b.lower(), b.title(), b.swapcase(), b.capitalize(), b.hex(), b.hex(':'), b.hex('-', 4),
            B.fromhex('00 ff 1A'), b.find(b'o'), b.rfind(b'o'), b.find(111), b.count(b'l'), b.index(b'W'))
    print(b.split(b','), b.partition(b', '), b.rpartition(b'o'), b.replace(b'l', b'L', 2), b.startswith(b'He'),
            b.endswith((b'x', b'\xff')), b.strip(b'H\xff'), b.join([b'1', b'2']), b.translate(None, b'l'),
          b.translate(bytes.maketrans(b'lo', b'01')), b.center(20, b'*'), b.ljust(16), b.rjust(16), b.zfill(16),
                  b.expandtabs(), b.splitlines(), b.isascii(), B(b'abc').isalpha(), B(b'12').isdigit(), b.removeprefix(b'He'))
    print(b + b'!', b * 2, b'W' in b, 87 in b, b == b'Hello, World\x00\xff', b < b'I', b > b'', list(b[:3]),
            b.decode('latin-1'), B(b'%d %s %x') % (1, b'two', 255), B(b'%5d|%-5s|%r|%a|%c') % (3, b'x', 'é', 'é', 65),
                    b.rsplit(None, 1))
    for bad in ('B(-1)', 'B([256])', 'B([-1])', 'B("text")', 'B("x", "ascii", "strict", 1)', 'B(5, "utf-8")',
            'B([1, "a"])', 'B(1.5)', 'b[100]', 'b["x"]', 'b + "x"', 'b.find("x")', 'b.join(["x"])', '"x" in b',
            '300 in b', 'b.index(b"zz")', 'b.split(b"")',
                'B.fromhex("0")', 'B.fromhex("zz")', 'b.decode("ascii")', 'b.decode("utf-8")', 'b < "x"', 'b.hex(1)',
                'b.hex("ab")', 'B(b"%d") % "x"', 'B(b"%s") % "x"', 'b.replace(1, 2)', 'b.center(5, b"ab")',
                'b.startswith("H")', 'B(None)', 'hash(b)', 'B("\\ud800", "utf-8")'):
        try:
            r = eval(bad)
            print(bad, 'hash' if bad == 'hash(b)' else r)
        except Exception as e:
            print(bad, '->', type(e).__name__, e)

ba = bytearray(b'abcdef')
ba[0] = 90
ba[1:3] = b'XYZ'
ba[::2] = b'1234'[:len(ba[::2])]
ba.append(33)
ba.extend([34, 35])
ba.insert(0, 45)
ba += b'end'
ba *= 2
del ba[0], ba[1:3], ba[::5]
print(ba, ba.pop(), ba.pop(0), ba.remove(33) or ba, ba.reverse() or ba, ba.copy() is not ba, ba.clear() or ba)
for bad in ('ba[0] = 1', 'ba.pop()', 'ba.remove(1)', 'ba.append(256)', 'ba.append("x")', 'ba.extend("x")',
        'ba.extend([256])', 'ba[0:0] = 5', 'ba[0:0] = "x"', 'ba.insert(0, -1)'):
    try:
        exec(bad)
        print(bad, ba)
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
ba = bytearray(b'0123456789')
try:
    ba[::3] = b'ab'
except ValueError as e:
    print(e)

# memoryview
buf = bytearray(b'0123456789')
m = memoryview(buf)
print(m[0], m[-1], bytes(m[2:5]), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.readonly, len(m),
        m.tolist()[:3], m[::2].tobytes(), m[::-1].tobytes(), m.c_contiguous, m[::2].contiguous, m.obj is buf)
m[0] = 65
m[1:3] = b'BC'
m[5:7] = memoryview(b'xy')
print(buf, m == buf, m[:2] == b'AB', m.hex(), b'C' in bytes(m), 65 in m)
for bad in ('m[0] = 256', 'm[0] = "x"', 'm[0:2] = b"abc"', 'm[100]', 'm["x"]', 'buf.append(1)', 'memoryview("x")',
        'memoryview(5)', 'memoryview(b"ro").__setitem__(0, 1)', 'del m[0]', 'hash(m)', 'm.cast("x")', 'm.cast("i")',
        'm[0:2][5]', 'm + m', 'm < m'):
    try:
        exec(bad)
        print(bad, 'ok')
    except Exception as e:
        print(bad, '->', type(e).__name__, e)
assert hash(memoryview(b'ab')) == hash(b'ab')
i = memoryview(bytearray(8)).cast('i')
i[0], i[1] = 1, -2
print(i.tolist(), i.format, i.itemsize, i.cast('B').tolist(), i.cast('B').cast('B', [2, 4]).tolist(), len(i), i.shape)
with memoryview(b'abc') as w:
    assert w[0] == 97
try:
    w[0]
except ValueError as e:
    print(e)
m.release()
buf.append(1)
print(len(buf))
import array
a = array.array('d', [1.5, 2.5])
ma = memoryview(a)
ma[0] = 9.5
print(a, ma.format, ma.nbytes, ma.tolist())
print(b''.join([b'a', bytearray(b'b'), memoryview(b'c')]), b'a' + bytearray(b'b'), bytearray(b'a') + b'b',
        type(b'a' + bytearray(b'b')).__name__, bytes.fromhex('').hex(), b'\\x' , b"'", b'"', b'\'"')
class BB:
    def __bytes__(self): return b'from __bytes__'


print(bytes(BB()), bytes(b'abc') is not None, bytes(bytearray(b'q')), b'%b' % BB(), b'abc'.__contains__(b''),
        max(b'abc'), sorted(b'cab'), b'abc'.find(b'', 4), b'abc'.count(b''))

# bytes of a bytearray, and a bytearray extended by bytes: copies, also while a view is exported.
class Array(bytearray):
    def __bytes__(self):
        return b'by __bytes__'


source = bytearray(b'abc')
copy = bytes(source)
source += b'd'
print(copy, bytes(source), bytes(bytearray()), bytes(Array(b'xyz')), bytes(source=source), type(bytes(source)).__name__)
for args in ((source, 'ascii'), (source, 'ascii', 'strict')):
    try:
        print(bytes(*args))
    except TypeError as e:
        print(e)
for more in (b'', b'ef', b'g' * 100, bytearray(b'h'), [1, 2], source):
    print(source.extend(more), len(source))
del source[:6]
source.extend(b'after a cut')
print(source[-14:])
view = memoryview(source)
try:
    source.extend(b'x')
except BufferError as e:
    print(e)
print(source.extend(b''), bytes(source) == bytes(view))
view.release()
source.clear()
source.extend(b'again')
print(source)
