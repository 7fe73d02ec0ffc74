# weakref: ref, proxy, weak dictionaries and sets, finalize, WeakMethod. Collected by gc.collect(), not by luck.
import gc
import weakref


class K:
    def __init__(self, n=0): self.n = n
    def method(self): return self.n
    def __repr__(self): return 'K(%d)' % self.n


log = []
k = K(1)
r = weakref.ref(k, lambda ref: log.append(ref is r))
assert r() is k and weakref.ref(k) is weakref.ref(k) and r is not weakref.ref(k)
assert r == weakref.ref(k) and hash(r) == hash(k)
del k
gc.collect()
print(r(), log, repr(r).split(' at ')[0], 'dead' in repr(r))
dead = weakref.ref(K())
gc.collect()
try:
    hash(dead)
except TypeError as e:
    print(e)

k = K(2)
p = weakref.proxy(k)
p.n += 1
print(p.n, p.method(), type(p).__name__, p == p, isinstance(p, K), str(p))
del k
gc.collect()
for use in (lambda: p.n, lambda: p.method(), lambda: str(p)):
    try:
        use()
    except ReferenceError as e:
        print(e)
for bad in (lambda: weakref.ref(5), lambda: weakref.ref('s'), lambda: weakref.ref((1,)), lambda: weakref.ref(None),
        lambda: weakref.ref(), lambda: weakref.proxy(1)):
    try:
        bad()
    except TypeError as e:
        print(e)
for good in (K, len, K().method, type(K), {1}, frozenset(), (x for x in ()), lambda: 1, gc):
    weakref.ref(good)


class Slots:
    __slots__ = ('a',)


class SlotsWeak:
    __slots__ = ('a', '__weakref__')


try:
    weakref.ref(Slots())
except TypeError as e:
    print(e)
s = SlotsWeak()
assert weakref.ref(s)() is s

d = weakref.WeakValueDictionary()
a, b = K(1), K(2)
d['a'], d['b'] = a, b
print(sorted(d), len(d), d['a'], 'b' in d, d.get('z'))
del a
gc.collect()
print(sorted(d.items()), len(d))
wk = weakref.WeakKeyDictionary({b: 'value'})
ws = weakref.WeakSet([b])
print(wk[b], list(wk.values()), b in ws, len(ws))
del b
gc.collect()
print(len(wk), len(ws), len(d))

k = K(3)
m = weakref.WeakMethod(k.method)
assert m()() == 3
del k
gc.collect()
print(m())

k = K(4)
f = weakref.finalize(k, log.append, 'finalized')
print(f.alive, f.peek()[1] == log.append, f.atexit)
del k
gc.collect()
print(log, f.alive, f())
g = weakref.finalize(K, print, 'x')
print(g.detach() is not None, g.alive)


class Ref(weakref.ref):
    def __new__(cls, o, cb=None, tag=None):
        self = super().__new__(cls, o, cb)
        self.tag = tag
        return self

    def __init__(self, o, cb=None, tag=None): super().__init__(o, cb)


k = K()
print(Ref(k, tag='t').tag, Ref(k)() is k)
# Callbacks that raise are reported, not raised.
import sys
seen = []
sys.unraisablehook = lambda u: seen.append(u.exc_type.__name__)
k = K()
r = weakref.ref(k, lambda ref: 1 / 0)
del k
gc.collect()
print(seen)
