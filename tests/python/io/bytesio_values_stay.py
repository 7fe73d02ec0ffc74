# What BytesIO.getvalue() gave doesn't change when the BytesIO does; it is a bytes object like any other.
import gc
import hashlib
import io
import pickle
import sys

for size in (1000, 1 << 16, (1 << 16) + 1, 1 << 20, 3 << 20):
    f = io.BytesIO()
    piece = bytes(range(256)) * 4
    while f.tell() < size:
        f.write(piece[: size - f.tell()])
    value = f.getvalue()
    digest = hashlib.sha1(value).hexdigest()
    again = f.getvalue()
    print(size, len(value), again == value, value is again, digest[:8])
    f.seek(0)
    f.write(b"changed")
    print(f.getvalue()[:9], value[:9], f.read(3))
    f.truncate(10)
    f.seek(0, 2)
    f.write(b"more")
    view = f.getbuffer()
    view[0] = 33
    view.release()
    print(bytes(f.getbuffer()), len(f.getvalue()))
    f.close()
    del f
    gc.collect()
    junk = [bytes(1 << 16) for _ in range(40)]
    print(hashlib.sha1(value).hexdigest() == digest, value[-1], value[size // 2], value.find(b"\xff\x00"), value.count(b"\x07"))
    print(value[5:12], value + b"!" == again + b"!", hash(value) == hash(bytes(bytearray(value))), value in {again: 1})
    print(pickle.loads(pickle.dumps(value)) == value, value == bytes(memoryview(value)), sys.getsizeof(value) == sys.getsizeof(bytes(size)))
    print(type(value + b""), bytes(value) is value, b"".join([value]) is value, value.replace(b"zz", b"") == value)
    print(int.from_bytes(value[:8], "big"), value.decode("latin-1")[100], value.hex()[:8], value.translate(None, b"\x00")[:3])


class Sub(bytes):
    pass


f = io.BytesIO(b"y" * 100000)
f.seek(0, 2)
f.write(b"z" * 100000)
s = Sub(f.getvalue())
f.write(b"!")
print(len(s), s[99999:100001], s.upper()[:2], type(bytes(s)), s == f.getvalue()[:-1])
f = io.BytesIO()
f.write(b"a" * 200000)
with f.getbuffer() as view:
    value = f.getvalue()
    view[0] = 65
print(value[:2], f.getvalue()[:2])
