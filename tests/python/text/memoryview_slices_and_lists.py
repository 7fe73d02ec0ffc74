# Assigning bytes to slices of memoryviews, and lists of views of every form.
import array

b = bytearray(range(20))
m = memoryview(b)
m[5:10] = b'abcde'
m[:2] = b'xy'
m[-2:] = b'uv'
m[3:3] = b''
m[30:40] = b''
m[5:2] = b''
m[None:None] = bytes(b)
m[10:16:2] = b'123'
m[::-1][:2] = b'-+'
print(bytes(b))
m[1:4] = bytearray(b'AAA')
m[1:4] = m[2:5]
print(bytes(m))


class Text(bytes):
    pass


class Releasing:
    def __index__(self):
        view.release()
        return 0


m[0:2] = Text(b'!?')
print(bytes(m[:4]))
signed = m.cast('b')
ints = memoryview(array.array('i', [1, 2, 3]))
grid = memoryview(bytearray(6)).cast('B', (2, 3))
view = memoryview(bytearray(4))
for target, key, value in ((m, slice(0, 3), b'ab'), (m, slice(0, 3), 'abc'), (m, slice(0, 3), 5), (signed, slice(0, 2), b'ab'),
                           (ints, slice(0, 1), b'abcd'), (memoryview(b'abc'), slice(0, 1), b'x'), (grid, slice(0, 1), b'abc'),
                           (m, slice(0, 2, 0), b'ab'), (m, slice('a', 2), b'ab'), (view, slice(Releasing(), 2), b'ab')):
    try:
        target[key] = value
        print('done', target.tolist()[:3])
    except Exception as error:
        print(type(error).__name__, error)
for v in (m, m[::3], m[::-1], signed, ints, grid, memoryview(b''), memoryview(array.array('d', [1.5, -2])), m.cast('c')[:3],
          memoryview(bytes(range(256))), memoryview(bytes(12)).cast('H', (2, 3)), memoryview(bytes(4)).cast('I').cast('B', ())
          if False else memoryview(b'a').cast('B', ())):
    print(v.tolist() if v.nbytes < 100 else sum(v.tolist()))
