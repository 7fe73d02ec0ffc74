# bytes() and bytearray() of memoryviews of every form, of numbers, and what they refuse.
import array

for view in (memoryview(b'abcdef'), memoryview(b'abcdef')[::-2], memoryview(array.array('i', [1, -2])),
             memoryview(b'abcdef').cast('B', (2, 3)), memoryview(bytearray(b'xy'))[1:], memoryview(b'')):
    print(bytes(view), bytearray(view), bytes(view) == view.tobytes())
released = memoryview(b'abc')
released.release()
for make in (bytes, bytearray):
    for what in (released, -1, 1 << 70, 'a', 1.5, None, object):
        try:
            print(make(what))
        except Exception as error:
            print(make.__name__, type(error).__name__, error)
for n in (0, 1, 2, 10, 5000, True, False):
    assert bytes(n) == b'\0' * n == bytearray(n), n
assert bytes(0) is bytes(0)


class B(bytes):
    pass


print(type(B(memoryview(b'ab'))), B(memoryview(b'ab')), B(3))
