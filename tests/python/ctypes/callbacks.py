# C calling Python: results, errors that have nowhere to go, structures, recursion, threads of C's own.
# stress
import ctypes
import gc
import sys
import threading
from ctypes import *

libc = CDLL(None)
compare_type = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))


@compare_type
def compare(a, b):
    return a[0] - b[0]


values = (c_int * 8)(5, 3, 8, 1, 9, 2, 7, 0)
libc.qsort(values, len(values), sizeof(c_int), compare)
print(list(values))


def recursive(n):
    def inner(a, b):
        if n:
            recursive(n - 1)
        return a[0] - b[0]
    v = (c_int * 2)(n + 1, n)
    libc.qsort(v, 2, sizeof(c_int), compare_type(inner))
    assert list(v) == [n, n + 1]


recursive(5)

print(CFUNCTYPE(c_double, c_double)(lambda x: x * 2)(1.5), CFUNCTYPE(c_byte, c_byte)(lambda x: -x)(5),
      CFUNCTYPE(c_ubyte, c_ubyte)(lambda x: x)(200), CFUNCTYPE(c_char, c_char)(lambda x: x.upper())(b'a'),
      CFUNCTYPE(c_wchar, c_wchar)(lambda x: x)('\u20ac'), CFUNCTYPE(c_longlong, c_longlong)(lambda x: -x)(1 << 40),
      CFUNCTYPE(c_bool)(lambda: [])(), CFUNCTYPE(None, c_int)(lambda x: 'ignored')(1),
      CFUNCTYPE(py_object, py_object)(lambda x: [x])('object'), CFUNCTYPE(c_void_p, c_void_p)(lambda p: p)(1234),
      CFUNCTYPE(c_float, c_float, c_int)(lambda x, y: x + y)(0.5, 2), CFUNCTYPE(c_short)(lambda: 1 << 20)())


class Pair(Structure):
    _fields_ = [('a', c_double), ('b', c_int)]


class Large(Structure):
    _fields_ = [('v', c_long * 5)]


print(CFUNCTYPE(c_double, Pair)(lambda p: p.a + p.b)(Pair(1.5, 2)), CFUNCTYPE(c_long, Large, c_int)(lambda l, i: l.v[i])(
    Large((1, 2, 3, 4, 5)), 3))
try:
    CFUNCTYPE(Pair)(lambda: Pair())
except TypeError as e:
    print(e)

reports = []
sys.unraisablehook = lambda r: reports.append((r.exc_type.__name__, str(r.exc_value), r.err_msg))
print(CFUNCTYPE(c_int)(lambda: 1 / 0)(), CFUNCTYPE(c_int)(lambda: 'x')() is not None)
print(reports)
sys.unraisablehook = sys.__unraisablehook__

# a thread that C starts: it runs Python as a thread of its own
created = c_ulong()
libc.pthread_create.argtypes = [POINTER(c_ulong), c_void_p, c_void_p, c_void_p]
libc.pthread_join.argtypes = [c_ulong, c_void_p]
idents = []
local = threading.local()
local.x = 'main'


@CFUNCTYPE(c_void_p, c_void_p)
def body(argument):
    idents.append(threading.get_ident())
    idents.append((argument, hasattr(local, 'x'), type(threading.current_thread()).__name__))
    local.x = [1] * 1000
    gc.collect()
    return 99


for i in range(3):
    assert libc.pthread_create(byref(created), None, cast(body, c_void_p), 41 + i) == 0
    result = c_void_p()
    libc.pthread_join(created, byref(result))
    ident, rest = idents[-2:]
    print(ident != threading.get_ident(), rest, result.value)
print(local.x)

# several at once, while Python threads run too
counts = []
lock = threading.Lock()


@CFUNCTYPE(c_void_p, c_void_p)
def count(argument):
    for i in range(200):
        with lock:
            counts.append([i])
    return None


threads = []
for i in range(4):
    t = c_ulong()
    libc.pthread_create(byref(t), None, cast(count, c_void_p), None)
    threads.append(t)
py = [threading.Thread(target=count.__call__, args=(None,)) for i in range(2)]
for t in py:
    t.start()
for t in py:
    t.join()
for t in threads:
    libc.pthread_join(t, None)
print(len(counts))
