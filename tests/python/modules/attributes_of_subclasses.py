# Subclasses of native types that have no __dict__ of their own: their instances' attributes live through collections.
import mmap, gc, weakref, io
class M(mmap.mmap): pass
class D(io.IncrementalNewlineDecoder): pass
class N(mmap.mmap): __slots__ = ('a', 'b')
L = []
for i in range(300):
    m = M(-1, 64); m.a = [i]; m.b = m; m[0] = i & 255
    n = N(-1, 64); n.a = [i]; n.b = m
    d = D(None, True); d.x = [i]; d.y = d
    w = weakref.ref(m), weakref.ref(n)
    L.append((m, n, d, w))
    if i % 30 == 0: gc.collect(); L = L[-5:]
print([(m.a, m.b is m, m[0], n.a, n.b is m, d.x, d.y is d, w[0]() is m, w[1]() is n) for m, n, d, w in L[-3:]])
del L, m, n, d; gc.collect(); print(w[0](), w[1]())
