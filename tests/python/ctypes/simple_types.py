# ctypes' simple types: values, ranges, errors, byte order, characters, pointers to text.
# stress
import ctypes
from ctypes import *


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


ints = [c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong]
for t in ints:
    print(t.__name__, sizeof(t), alignment(t), [t(v).value for v in (0, 1, -1, 127, 128, 1 << 31, 1 << 63, -(1 << 70) + 5)])


class Index:
    def __index__(self):
        return 7


for f in (lambda: c_int(Index()), lambda: c_int(3.0), lambda: c_int('x'), lambda: c_int(1, 2), lambda: c_int(True),
          lambda: c_bool('x'), lambda: c_bool([]), lambda: c_char(b'x'), lambda: c_char(65), lambda: c_char(b'xy'),
          lambda: c_char(300), lambda: c_wchar('\u20ac'), lambda: c_wchar(''), lambda: c_wchar(3), lambda: c_float(0.1),
          lambda: c_double('x'), lambda: c_double(1), lambda: c_longdouble(2.5), lambda: c_float(int('9' * 400)),
          lambda: c_char_p(b'abc').value, lambda: c_char_p('abc'), lambda: c_char_p(), lambda: c_wchar_p('a\U0001F600b').value,
          lambda: c_wchar_p(b'x'), lambda: c_void_p(-1).value, lambda: c_void_p().value, lambda: c_void_p('x'),
          lambda: bool(c_int()), lambda: bool(c_int(5)), lambda: hash(c_int()), lambda: py_object([1]).value,
          lambda: py_object(), lambda: py_object().value, lambda: c_int.from_param(5), lambda: c_char.from_param(b'a'),
          lambda: c_char.from_param(b'\n'), lambda: c_double.from_param(5), lambda: c_short.from_param('x'),
          lambda: c_char_p.from_param('x'), lambda: c_wchar_p.from_param(b'x'), lambda: c_void_p.from_param(1.5)):
    show(f)

# the other byte order
for t in (c_short, c_uint, c_long, c_float, c_double):
    print(t.__name__, bytes(t.__ctype_be__(1)), bytes(t.__ctype_le__(1)), t.__ctype_be__.__ctype_le__ is t)
print(hasattr(c_byte, '__ctype_be__'), hasattr(c_longdouble, '__ctype_be__'))


# subclasses keep their objects
class Sub(c_int):
    def shown(self):
        return 'Sub %d' % self.value


class Holder(Structure):
    _fields_ = [('plain', c_int), ('sub', Sub)]


h = Holder(3, Sub(4))
print(h.plain, h.sub.shown(), (Sub * 2)(1, 2)[1].shown(), isinstance(pointer(Sub(5))[0], Sub))

for bad in ({}, {'_type_': 3}, {'_type_': 'ab'}, {'_type_': 'a'}, {'_type_': 'X'}):
    show(lambda: type('T', (ctypes._SimpleCData,), bad))
show(lambda: ctypes._SimpleCData())

# keeping what memory refers to
p = c_char_p(b'first')
print(p._objects)
p.value = b'second'
print(p._objects, p.value)
view = memoryview(c_int(5))
print(view.format, view.itemsize, view.ndim, view.shape, bytes(view))
x = c_int(1)
memoryview(x).cast('B')[1] = 1
print(x.value)


def delete():
    del p.value


show(delete)
