# Calling C with ctypes: arguments, prototypes, results, errors, errno, parameter flags, structures by value.
# stress
import ctypes
import ctypes.util
import errno
import os
import threading
import time
from ctypes import *


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, str(e).replace(libc_name, 'LIBC'))


libc_name = ctypes.util.find_library('c')
print(libc_name, ctypes.util.find_library('m'), ctypes.util.find_library('no-such-library'))
libc = CDLL(libc_name, use_errno=True)
libm = CDLL(ctypes.util.find_library('m'))
f = libc.abs
for g in (lambda: f(-5), lambda: f(1.5), lambda: f([]), lambda: f(1 << 70), lambda: f(None) == 0, lambda: libc.no_such_function,
          lambda: CDLL('no-such-library.so'), lambda: f.argtypes, lambda: f.restype, lambda: f.errcheck):
    show(g)
f.argtypes = [c_int]
for g in (lambda: f('x'), lambda: f(), lambda: f(-1, 2), lambda: setattr(f, 'argtypes', 3), lambda: setattr(f, 'argtypes', [3]),
          lambda: setattr(f, 'restype', 3), lambda: setattr(f, 'errcheck', 3)):
    show(g)

sqrt = libm.sqrt
sqrt.restype, sqrt.argtypes = c_double, (c_double,)
print(sqrt(2), sqrt(c_double(9)))
show(lambda: sqrt('x'))
strchr = libc.strchr
strchr.restype, strchr.argtypes = c_char_p, [c_char_p, c_char]
print(strchr(b'abcdef', b'd'), strchr(b'abc', b'x'))
strtol = libc.strtol
strtol.restype, strtol.argtypes = c_long, [c_char_p, POINTER(c_char_p), c_int]
end = c_char_p()
print(strtol(b'123xyz', byref(end), 10), end.value)
buf = create_string_buffer(64)
print(libc.snprintf(buf, c_size_t(64), b'%d %s %.2f %c', 42, b'text', c_double(2.5), c_char(b'!')), buf.value)
wcslen = libc.wcslen
wcslen.restype = c_size_t
print(wcslen('w\u00efde'), wcslen(create_unicode_buffer('abc')))


class DivResult(Structure):
    _fields_ = [('quot', c_int), ('rem', c_int)]


class LongDivResult(Structure):
    _fields_ = [('quot', c_long), ('rem', c_long)]


libc.div.restype = DivResult
libc.ldiv.restype, libc.ldiv.argtypes = LongDivResult, [c_long, c_long]
d, l = libc.div(17, 5), libc.ldiv(10**12 + 7, 10**6)
print(d.quot, d.rem, l.quot, l.rem)

# errno is each thread's own copy
set_errno(0)
print(libc.close(-1), errno.errorcode[get_errno()], set_errno(5), get_errno())
seen = []
t = threading.Thread(target=lambda: (seen.append(get_errno()), libc.close(-1), seen.append(get_errno())))
t.start()
t.join()
print(seen == [0, errno.EBADF], get_errno())
set_errno(0)

# checks and conversions of results
f = libc.abs
f.errcheck = lambda result, function, arguments: (result, function is f, arguments)
print(f(-3))
f.errcheck = lambda result, function, arguments: arguments
print(f(-3))


def fail(result, function, arguments):
    raise OSError(result, 'made up')


f.errcheck = fail
show(lambda: f(-3))
g = CDLL(libc_name).abs
g.restype = lambda v: 'got %d' % v
print(g(-4))
g.restype = None
print(g(-4))
del g.restype
print(g(-4))


class Checked(c_int):
    @staticmethod
    def _check_retval_(v):
        return ('checked', v.value)


g.restype = Checked
print(g(-4))


class Wrapped:
    def __init__(self, v):
        self._as_parameter_ = v


print(CDLL(None).abs(Wrapped(Wrapped(-8))))

# parameter flags
prototype = CFUNCTYPE(c_int, c_int)
named = prototype(('abs', libc), ((1, 'value', -5),))
for h in (lambda: named(), lambda: named(-6), lambda: named(value=-7), lambda: named(other=1), lambda: named(1, 2)):
    show(h)
frexp = CFUNCTYPE(c_double, c_double, POINTER(c_int))(('frexp', libm), ((1, 'x'), (2, 'exponent')))
print(frexp(8.0), frexp(x=10.0))
for h in (lambda: prototype(('abs', libc), 3), lambda: prototype(('abs', libc), (3,)), lambda: prototype(('abs', libc), ((2,),)),
          lambda: prototype(('abs', libc), ((1,), (1,))), lambda: prototype('x'), lambda: prototype(3, 4),
          lambda: prototype((1, 2, 3)), lambda: CFUNCTYPE(c_int, 3), lambda: CFUNCTYPE(3), lambda: prototype()(3) if prototype() else 0):
    show(h)

# CDLL calls leave the GIL alone
libc.usleep.argtypes = [c_uint]
beats = []
stop = threading.Event()


def beat():
    while not stop.wait(0.005):
        beats.append(1)


t = threading.Thread(target=beat)
t.start()
libc.usleep(200000)
stop.set()
t.join()
print(len(beats) > 5)
print(c_int.in_dll(CDLL(None), 'optind').value, type(cast(libc.abs, c_void_p).value))
show(lambda: c_int.in_dll(libc, 'no_such_variable'))
