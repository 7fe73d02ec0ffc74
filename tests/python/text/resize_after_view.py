# baton-only
# no-stress
# A bytearray whose views are gone is resized after a minor collection, whatever the calls that used them left on the C++ stack; full
# ones, which look at the whole heap, aren't needed. While a view is in use the resize is refused.
import array
import gc
import io


def full_collections():
    return gc.get_stats()[2]['collections']


def piece(b): return memoryview(b)[:4].tobytes()
def item(b): return memoryview(b)[2:4][0]
def listed(b): return memoryview(b)[:3].tolist()
def stored(b): memoryview(b)[0:2] = b'xy'
def read(b): return io.BytesIO(b'zz').readinto(memoryview(b)[:2])
def cut(b): del b[:2]
def grown(b): b.extend(b'ab')
def pushed(b): b.append(1)


b = bytearray(1000)
for use in (piece, item, listed, stored, read):
    for resize in (cut, grown, pushed):
        before = full_collections()
        for i in range(50):
            use(b)
            resize(b)
        assert full_collections() - before <= 2, (use, resize, full_collections() - before)

view = memoryview(b)[1:]
held = [view[3:], {'view': view[5:]}]
del view
for _ in range(3):
    try:
        b.append(1)
    except BufferError as e:
        assert str(e) == 'Existing exports of data: object cannot be re-sized'
    else:
        raise AssertionError('resized under views')
assert held[0][0] == b[4] and held[1]['view'][0] == b[6]
held.pop(0)
try:
    b.append(1)
except BufferError:
    held.clear()
b.append(1)


class Index:
    def __index__(self):
        b.append(2)
        return 3


# What a native is at work with and nothing else has is released, with an error; it doesn't read memory that is gone.
try:
    memoryview(b)[Index()]
except (ValueError, BufferError) as e:
    print(type(e).__name__, e)
# expect: BufferError Existing exports of data: object cannot be re-sized
