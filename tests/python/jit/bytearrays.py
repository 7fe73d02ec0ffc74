# Items of bytearrays in code that runs often: read, stored, at both ends, with bytes deleted at the front, while exported.
def get(a, i):
    return a[i]


def first(a):
    return a[0], a[-1], a[2]


def put(a, i, x):
    a[i] = x


def answer(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__, str(e)


INDICES = [0, 1, 2, 9, 10, 11, -1, -2, -10, -11, True, 2**70, -2**70, 1.5, None, 'x', slice(1, 3)]
VALUES = [0, 1, 255, 256, -1, True, 2**70, 1.5, None, 'x', b'x', b'ab', 65]
for round in range(300):
    for n in (0, 1, 3, 10):
        for i in INDICES:
            a = bytearray(range(50, 50 + n))
            assert answer(get, a, i) == answer(a.__getitem__, i), (n, i)
            assert answer(first, a) == ((50, 49 + n, 52) if n > 2 else ('IndexError', 'bytearray index out of range'))
            if round % 30:
                continue
            for x in VALUES:
                a = bytearray(range(50, 50 + n))
                b = bytearray(range(50, 50 + n))
                given = answer(put, a, i, x)
                assert given == answer(b.__setitem__, i, x) and a == b, (n, i, x, a, b, given)
for i in range(2000):
    a = bytearray(b'abcdefgh')
    del a[:3]
    put(a, 0, i & 255)
    put(a, -1, 1)
    assert get(a, 0) == i & 255 and get(a, 4) == 1 and a[1:4] == b'efg' and len(a) == 5
    view = memoryview(a)
    put(a, 1, 7)
    assert view[1] == 7
    view.release()


class Sub(bytearray):
    def __getitem__(self, i):
        return 'sub'

    def __setitem__(self, i, x):
        self.stored = x


s = Sub(b'abc')
for i in range(2000):
    put(s, 0, i)
    assert get(s, 0) == 'sub' and s.stored == i and first(s) == ('sub', 'sub', 'sub')
    for other in ([1, 2, 3], (1, 2, 3), b'abc', bytearray(b'abc')):
        assert get(other, 1) in (2, 98)
for bad in ((bytearray(b'a'), 1), (bytearray(), 0), (bytearray(b'a'), 'x')):
    print(answer(get, *bad))
for bad in ((bytearray(b'a'), 1, 1), (bytearray(b'a'), 0, 256), (bytearray(b'a'), 0, 'x'), (bytearray(b'a'), 0, -1)):
    print(answer(put, *bad))
