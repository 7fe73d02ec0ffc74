# Objects by ctypes.pythonapi: buffers, bytes, ints, text, references, frames.
# stress
import array
import ctypes
import gc
import weakref

api = ctypes.pythonapi
object_, text, pointer, size = ctypes.py_object, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_ssize_t


def declare(name, result, *arguments):
    function = getattr(api, name)
    function.restype, function.argtypes = result, arguments
    return function


class Buffer(ctypes.Structure):
    _fields_ = [('buf', pointer), ('obj', pointer), ('len', size), ('itemsize', size), ('readonly', ctypes.c_int),
                ('ndim', ctypes.c_int), ('format', text), ('shape', ctypes.POINTER(size)), ('strides', ctypes.POINTER(size)),
                ('suboffsets', ctypes.POINTER(size)), ('internal', pointer)]


get = declare('PyObject_GetBuffer', ctypes.c_int, object_, ctypes.POINTER(Buffer), ctypes.c_int)
release = declare('PyBuffer_Release', None, ctypes.POINTER(Buffer))
has = declare('PyObject_CheckBuffer', ctypes.c_int, object_)
SIMPLE, WRITABLE, FORMAT, ND, STRIDES = 0, 1, 4, 8, 24


def show(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__, e)


def look(object, flags):
    b = Buffer()
    try:
        get(object, ctypes.byref(b), flags)
    except Exception as e:
        print(type(e).__name__, e)
        return
    shape = b.shape[:b.ndim] if b.shape else None
    strides = b.strides[:b.ndim] if b.strides else None
    print(ctypes.string_at(b.buf, b.len), b.len, b.itemsize, bool(b.readonly), b.ndim, b.format, shape, strides)
    release(ctypes.byref(b))
    print(b.obj)
    release(ctypes.byref(b))


print([has(x) for x in (b'', bytearray(), memoryview(b''), array.array('i'), '', 5, None)])
for flags in SIMPLE, WRITABLE, FORMAT, ND, STRIDES, FORMAT | STRIDES | WRITABLE:
    for object in b'bytes', bytearray(b'array'), memoryview(b'a view')[2:], memoryview(bytearray(6)).cast('h'), 5, 'text':
        look(object, flags)
look(memoryview(b'abcdef').cast('B', (2, 3)), FORMAT | STRIDES)
look(memoryview(b'abcdef').cast('B', (2, 3)), SIMPLE)

held = bytearray(b'held')
b = Buffer()
get(held, b, WRITABLE)
show(held.append, 1)
ctypes.memmove(b.buf, b'HELD', 4)
release(b)
show(held.append, 1)
print(held)


# A buffer keeps what it is of.
def hold():
    source = bytearray(b'x' * 100)
    get(source, b, SIMPLE)


hold()
gc.collect()
gone = [bytearray(b'y' * 100) for i in range(50)]
print(ctypes.string_at(b.buf, b.len) == b'x' * 100)
release(b)

# Memory of C as a view.
memory = ctypes.create_string_buffer(b'memory', 6)
of_memory = declare('PyMemoryView_FromMemory', object_, pointer, size, ctypes.c_int)
view = of_memory(ctypes.addressof(memory), 6, 0x200)
print(view.obj, view.readonly, view.format, view.shape, view.strides, view.nbytes, bytes(view))
view[0] = 77
print(memory.raw, view[1:3].tobytes(), view.cast('H').shape)
view = of_memory(ctypes.addressof(memory), 6, 0x100)
print(view.readonly, hash(view) == hash(b'Memory'))
show(view.__setitem__, 0, 1)
view.release()
show(bytes, view)
of_object = declare('PyMemoryView_FromObject', object_, object_)
print(of_object(b'xyz').tolist())
show(of_object, 5)

# Bytes, ints, text.
from_data = declare('PyBytes_FromStringAndSize', object_, text, size)
print(from_data(b'a\0b', 3), from_data(None, 0), declare('PyBytes_FromString', object_, text)(b'abc'))
show(from_data, b'', -1)
print(declare('PyBytes_AsString', text, object_)(b'abc'), declare('PyBytes_Size', size, object_)(b'a\0c'))
show(declare('PyBytes_Size', size, object_), 'abc')
print(declare('PyByteArray_FromStringAndSize', object_, text, size)(b'abc', 2))
print(declare('PyByteArray_Size', size, object_)(bytearray(7)), declare('PyByteArray_AsString', text, object_)(bytearray(b'abc')))
as_long = declare('PyLong_AsLong', ctypes.c_long, object_)
print(as_long(5), as_long(-2**63), as_long(True), declare('PyLong_FromLong', object_, ctypes.c_long)(-7))
show(as_long, 2**63)
show(as_long, 'a')
show(as_long, 1.5)
from_text = declare('PyUnicode_FromString', object_, text)
print(from_text('grün'.encode()), declare('PyUnicode_FromStringAndSize', object_, text, size)(b'abc', 2))
show(from_text, b'\xff')


# What C keeps stays.
class Thing:
    pass


keep, let_go = declare('Py_IncRef', None, object_), declare('Py_DecRef', None, object_)


def make():
    thing = Thing()
    keep(thing)
    keep(thing)
    return weakref.ref(thing)


thing = make()
for i in range(3):
    gc.collect()
    print(thing() is not None)
    if i < 2:
        let_go(thing())


# Variables of frames.
to_fast = declare('PyFrame_LocalsToFast', None, object_, ctypes.c_int)


def assign(depth, **values):
    import sys
    frame = sys._getframe(depth)
    for name, value in values.items():
        frame.f_locals[name] = value
        to_fast(frame, 0)


def through(n):
    assign(2, total=n * 0.5, other='text')


def loop(rounds):
    total, other = 0, 0
    for i in range(rounds):
        total += 1
        other = i
        if i % 100 == 50:
            through(i)
        if i % 100 == 51:
            assert other == i
            total = int(total)
    return total, other


def inner():
    x = 1
    change = lambda: assign(2, x=x + 5)
    change()
    return x, (lambda: x)()


print(loop(3000), loop(251), inner())
print(api.PyGILState_Check(), api.PyGILState_Ensure())
declare('PyGILState_Release', None, ctypes.c_int)(0)
declare('PyType_Modified', None, object_)(Thing)
try:
    api.PyErr_SetInterrupt()
    while True:
        pass
except KeyboardInterrupt:
    print('interrupted')
