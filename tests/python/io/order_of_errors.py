# Which error comes first where several would fit, and what reaches a decoder that was handed no bytes.
import io


def show(label, f, *args, **kwargs):
    try:
        result = f(*args, **kwargs)
    except Exception as e:
        print(label, type(e).__name__, e)
    else:
        print(label, repr(result) if isinstance(result, (str, bytes, int, type(None), tuple, list)) else type(result).__name__)


class Answers(io.RawIOBase):
    """A stream whose reads give one value."""
    def __init__(self, value):
        self.value = value

    def readable(self):
        return True

    def read(self, n=-1):
        return self.value


# read() of a text stream hands on what it was given: the codec complains.
for encoding in 'latin-1', 'ascii', 'utf-8', 'utf-16', 'cp1252', 'shift_jis', 'utf-7':
    for newline in None, '\n':
        for value in None, 'x', 5:
            show((encoding, newline), io.TextIOWrapper(Answers(value), encoding=encoding, newline=newline).read)
            show((encoding, newline), io.TextIOWrapper(Answers(value), encoding=encoding, newline=newline).read, 2)
    show(encoding, io.TextIOWrapper(Answers(memoryview(b'ab')), encoding=encoding).read)

# reconfigure() looks at its arguments first, at the stream when it flushes it.
for arguments in {'newline': 5}, {'newline': b'\n'}, {'newline': 'x'}, {'encoding': 5}, {'errors': 5}, {}:
    show(arguments, io.TextIOWrapper(io.BytesIO(b'abc')).reconfigure, **arguments)
    detached = io.TextIOWrapper(io.BytesIO(b'abc'))
    detached.detach()
    show(arguments, detached.reconfigure, **arguments)
    show(arguments, io.TextIOWrapper.__new__(io.TextIOWrapper).reconfigure, **arguments)

# Arguments of wrong types are told before the state of the object.
for f in io.BytesIO(b'a'), io.StringIO('a'):
    f.close()
    for size in 1.5, 'x', 2**70, None, 1, -1:
        show(type(f).__name__, f.truncate, size)
for cls in io.BufferedReader, io.BufferedRandom, io.TextIOWrapper:
    for size in 1.5, 2**70, None, -5:
        show(cls.__name__, cls.__new__(cls).read, size)
        show(cls.__name__, cls.__new__(cls).readline, size)
closed = io.BytesIO()
closed.close()
show('iter', iter, closed)
show('readlines', io.BytesIO(b'a').readlines, 2**70)
show('seek', io.BufferedRWPair(io.BytesIO(), io.BytesIO()).seek)
show('seek', io.BufferedRWPair(io.BytesIO(), io.BytesIO()).seek, 1, 2, 3)


# readinto() of nothing writes what is pending, unless something is read ahead.
class Log(io.BytesIO):
    def write(self, data):
        print('write', bytes(data))
        return super().write(data)


for ahead in False, True:
    f = io.BufferedRandom(Log(b'abcdef'))
    if ahead:
        f.read(1)
        show('ahead', f.readinto, bytearray())
    f.write(b'xy')
    show('pending', f.readinto, bytearray())
    show('pending', f.readinto1, bytearray())
    f.detach()

# A file opened for appending knows that it can be positioned, also after a wrong seek.
with open('appended', 'ab', buffering=0) as f:
    show('seek', f.seek, -1)
    print(f.seekable())
