# ctypes arrays and pointers: items, slices, text, errors; casts; what is kept alive.
# stress
import ctypes
import gc
from ctypes import *


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


a = (c_int * 4)(1, 2, 3)
print(len(a), list(a), a[-1], a[1:3], a[::-2], sizeof(a), (c_int * 4) is (c_int * 4), type(a).__name__)
a[1:3] = [20, 30]
print(a[:])
for f in (lambda: a[4], lambda: a['x'], lambda: a.__setitem__(9, 1), lambda: a.__setitem__(slice(0, 2), [1]),
          lambda: a.__delitem__(0), lambda: (c_int * 1)(1, 2), lambda: (c_int * 1)('x'), lambda: c_int * -1,
          lambda: c_int * 'x', lambda: (c_int * 0)()[:], lambda: type('A', (Array,), {'_type_': c_int}),
          lambda: type('A', (Array,), {'_length_': 1}), lambda: type('A', (Array,), {'_length_': 1 << 62, '_type_': c_long})):
    show(f)

s = create_string_buffer(b'hello', 8)
print(s.value, s.raw, s[1], s[1:4], len(s))
s.value = b'ab'
print(s.raw)
s.raw = bytearray(b'12345678')
print(s.value)
u = create_unicode_buffer('h\u00e9llo', 8)
print(u.value, u[1], u[1:4], sizeof(u))
for f in (lambda: setattr(s, 'value', b'123456789'), lambda: setattr(s, 'value', 'x'), lambda: setattr(u, 'value', 'x' * 9),
          lambda: setattr(s, 'raw', b'x' * 9), lambda: delattr(s, 'raw'), lambda: delattr(s, 'value')):
    show(f)

m = (c_short * 3 * 2)((1, 2, 3), (4, 5, 6))
print([list(row) for row in m], memoryview(m).shape, memoryview(m).format, memoryview(m).nbytes)
m[1][2] = 60
print(m[1][2], m._objects)

p = pointer(a)
print(p.contents is p.contents, p.contents[1], p[0][2])
ip = cast(a, POINTER(c_int))
print(ip[0], ip[3], ip[1:3], ip.contents.value)
ip.contents.value = 11
ip[3] = 44
print(list(a))
null = POINTER(c_int)()
for f in (lambda: null.contents, lambda: null[0], lambda: bool(null), lambda: null.__setitem__(0, 1),
          lambda: ip.__delitem__(0), lambda: setattr(ip, 'contents', 3), lambda: ip[0:], lambda: ip[:3:-1], lambda: ip['x'],
          lambda: POINTER(c_int)(3), lambda: ctypes._Pointer(), lambda: POINTER(3), lambda: POINTER(int),
          lambda: cast(3, c_int), lambda: cast(a, 3), lambda: POINTER(c_int).from_param(3),
          lambda: type('P', (POINTER(c_int),), {})(c_int())):
    show(f)
print(POINTER(c_int) is POINTER(c_int), POINTER(c_int).__name__, POINTER('later').__name__)

# what pointers refer to stays, through collections
keep = pointer(create_string_buffer(b'kept alive', 16))
names = (c_char_p * 3)(b'a' * 5, b'b' * 5)
names[2] = b''.join([b'c'] * 5)
chain = pointer(pointer(c_int(77)))
for i in range(3):
    gc.collect()
    junk = [create_string_buffer(64) for i in range(200)]
print(keep.contents.value, list(names), chain[0][0], chain.contents.contents.value)

# buffers
b = bytearray(range(16))
v = (c_int * 2).from_buffer(b, 8)
v[0] = 0x01020304
print(b[8:12], v._objects is not None)
show(lambda: b.append(1))
c = c_int.from_buffer_copy(b'\1\0\0\0rest')
print(c.value)
for f in (lambda: c_int.from_buffer(b'1234'), lambda: c_int.from_buffer(bytearray(3)), lambda: c_int.from_buffer(bytearray(4), -1),
          lambda: c_int.from_buffer_copy(b'123'), lambda: c_int.from_buffer(), lambda: c_int.from_address('x'),
          lambda: Structure.from_buffer(bytearray(4))):
    show(f)

# memory functions
t = create_string_buffer(10)
memset(t, ord('x'), 4)
memmove(addressof(t) + 4, b'yz', 2)
print(t.raw, string_at(t), string_at(addressof(t), 3), wstring_at(create_unicode_buffer('wide'), 2))
r = (c_byte * 2)(1, 2)
resize(r, 100)
print(sizeof(r), list(r), sizeof(type(r)))
show(lambda: resize(r, 1))
show(lambda: resize(v, 100))
