# A bytearray can be resized at once when the memoryviews of it are gone, whatever calls used them; while one lives it can't.
import array
import mmap


def slices(b): memoryview(b)[1:3].tobytes()
def items(b): memoryview(b)[1]; memoryview(b)[2:4][0]
def casts(b): memoryview(b).cast('B')[::2].tolist()
def nested(b):
    with memoryview(b) as m:
        m[1:].hex()
    return [bytes(memoryview(b)[i:]) for i in range(2)]
def stores(b): memoryview(b)[0:2] = b'xy'
def failing(b):
    try: memoryview(b)[99]
    except IndexError: pass
def generator(b): return list(x for x in memoryview(b)[:2])


def resize(b, i):
    if isinstance(b, bytearray):
        (b.append, b.extend, lambda x: b.insert(0, 1), lambda x: b.__delitem__(slice(0, 1)))[i % 4](*([7], [b'ab'], [1], [1])[i % 4])
    else:
        b.append(7)


for make in (lambda: bytearray(b'abcdef'), lambda: array.array('B', b'abcdef')):
    for use in (slices, items, casts, nested, stores, failing, generator):
        if use is stores and make() != bytearray(b'abcdef'): continue
        b = make()
        for i in range(20):
            try:
                use(b)
                resize(b, i)
            except TypeError as e:
                assert use is stores, (use, e)
                break
        held = [memoryview(b)[1:]]
        for _ in range(3):
            try:
                b.append(1)
            except BufferError as e:
                shown = str(e)
            else:
                raise AssertionError('resized under a view')
            assert held[0][0] == b[1]
        def inner(view):
            try:
                b.append(1)
            except BufferError:
                return view[0]
            raise AssertionError('resized under an argument')
        held = None
        assert inner(memoryview(b)) == b[0]
        print(use.__name__, shown)
