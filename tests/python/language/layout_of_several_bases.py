# What classes with several bases have of their own: __dict__ and __weakref__ where the first base that counts has none.
class A:
    pass
def own(c): return sorted(c.__dict__)
class B(str, A): pass
print(own(B)); b = B('x'); b.q = 1; print(b.__dict__); import weakref; print(weakref.ref(b)() is b)
class C(A, str): pass
print(own(C)); c = C('x'); c.q = 1; print(c.__dict__)
class D(str, A): __slots__ = ()
print(own(D)); d = D('x'); d.q = 1; print(d.__dict__)
for bases, slots in [((bytes, A), ()), ((A, bytes), ()), ((int, A), ()), ((list, A), ('__dict__',)), ((A, list), ('__dict__',)), ((list, A), ('__weakref__',)), ((str, A), ('__weakref__', 'u')), ((A, tuple), None), ((Exception, A), None), ((A, Exception), ())]:
    try: c = type('X', bases, {'__slots__': slots} if slots is not None else {}); print(own(c)); o = c(); o.z = 5; print(o.__dict__, c.__dictoffset__ != 0, c.__weakrefoffset__ != 0)
    except TypeError as e: print(e)
class E(B, D): pass
print(own(E)); e = E('y'); e.z = 1; print(e.__dict__)

try: b.__class__ = D; print(type(b), b.q)
except TypeError as x: print(x)
try: e.__class__ = B; print(type(e), e.z)
except TypeError as x: print(x)
