# ctypes structures and unions: layout, bit fields, packing, byte order, anonymous members, initialisers, pickling.
# stress
import ctypes
import pickle
from ctypes import *


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class Point(Structure):
    _fields_ = [('x', c_int), ('y', c_int)]

    def total(self):
        return self.x + self.y


class Mixed(Structure):
    _fields_ = [('a', c_byte), ('b', c_short), ('c', c_byte), ('d', c_double), ('name', c_char * 5), ('wide', c_wchar * 3),
                ('at', Point), ('row', c_int * 2), ('to', POINTER(Point))]


class Packed(Structure):
    _pack_ = 1
    _fields_ = [('a', c_byte), ('b', c_int), ('c', c_double)]


class Bits(Structure):
    _fields_ = [('a', c_uint, 3), ('b', c_uint, 5), ('c', c_int, 4), ('d', c_ubyte, 4), ('e', c_long, 40), ('f', c_long, 1)]


class Number(Union):
    _fields_ = [('i', c_int), ('f', c_float), ('raw', c_ubyte * 4)]


class Big(BigEndianStructure):
    _fields_ = [('a', c_short), ('b', c_int), ('bits', c_int, 4), ('more', c_int, 6)]


class Inner(Structure):
    _anonymous_ = ['u']
    _fields_ = [('kind', c_int), ('u', Number)]


class Outer(Structure):
    _anonymous_ = ['inner']
    _fields_ = [('before', c_char), ('inner', Inner)]


class Derived(Point):
    _fields_ = [('z', c_int)]


for t in (Point, Mixed, Packed, Bits, Number, Big, Inner, Outer, Derived):
    print(t.__name__, sizeof(t), alignment(t), memoryview(t()).format)
    for name in sorted(n for n in dir(t) if isinstance(getattr(t, n), type(Point.x))):
        print('   ', name, getattr(t, name))

p = Point(1, y=2)
print(p.x, p.y, p.total(), Derived(1, 2, 3).z, Derived(z=5).x)
p.x = -1
print(bytes(p), Point.x.offset, Point.y.size)
m = Mixed(a=-1, d=2.5, name=b'abc', wide='x\u20acz', at=(5, 6), row=(7, 8))
m.to = pointer(Point(9, 10))
print(m.a, m.d, m.name, m.wide, m.at.total(), list(m.row), m.to.contents.y, m.to[0].x)
m.at.x = 50
m.row[1] = 80
print(m.at.total(), list(m.row), m._objects.keys() >= {'8'})
m.to = None
print(bool(m.to))
b = Bits(7, 31, -3, 9, -5, 1)
print(b.a, b.b, b.c, b.e, b.f, bytes(Bits(5, 0, -1)))
b.a = 100
print(b.a)
n = Number(f=1.0)
print(hex(n.i), list(n.raw))
g = Big(1, 2, 3, -4)
print(bytes(g), g.a, g.b, g.bits, g.more)
o = Outer()
o.i = 12
o.kind = 3
print(o.inner.u.i, o.inner.kind, o.kind, Outer.i)


def structure(fields, **more):
    return lambda: type('S', (Structure,), dict(more, _fields_=fields))


for f in (lambda: Point(1, 2, 3), lambda: Point(1, x=2), lambda: Point('x'), lambda: setattr(Packed, '_fields_', []),
          lambda: delattr(p, 'x'), lambda: Structure(), lambda: setattr(m, 'name', b'123456'), lambda: setattr(m, 'to', 3),
          lambda: setattr(m, 'to', c_int()), lambda: setattr(m, 'row', (1, 2, 3)), lambda: setattr(m, 'row', (1, 'x')),
          lambda: setattr(m, 'at', 5), structure(3), structure([3]), structure([('a',)]), structure([('a', int)]),
          structure([('a', c_int, 0)]), structure([('a', c_int, 33)]), structure([('a', c_float, 3)]),
          structure([('a', c_int)], _pack_=-1), structure([('a', c_int)], _anonymous_=['x']),
          structure([('a', c_int)], _anonymous_=['a']), lambda: Point.from_param(3), lambda: type(Point.x)()):
    show(f)


class Node(Structure):
    pass


Node._fields_ = [('value', c_int), ('next', POINTER(Node))]
first = Node(1, pointer(Node(2, pointer(Node(3)))))
seen = []
while True:
    seen.append(first.value)
    if not first.next:
        break
    first = first.next.contents
print(seen)


class Itself(Structure):
    pass


show(lambda: setattr(Itself, '_fields_', [('a', Itself)]))
copy = pickle.loads(pickle.dumps(Point(3, 4)))
print(copy.x, copy.y)
show(lambda: pickle.dumps(Mixed()))
print(sizeof(type('Empty', (Structure,), {})), ctypes.sizeof(Point()), Point.from_buffer_copy(b'\1\0\0\0\2\0\0\0').y)
