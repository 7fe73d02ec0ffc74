# What a bound method does not have, its function is said not to have; deque.index counts its arguments as str.index does.
import collections
import types


class A:
    def m(self): pass
    p = property(m)
class F:
    def __call__(self, *a): return a
    def __getattr__(self, name): raise AttributeError('no ' + name, name=name)
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e, getattr(e, 'name', None), type(getattr(e, 'obj', None)).__name__)
m = A().m
t(lambda: m.nothing)
t(lambda: A.m.nothing)
t(lambda: types.MethodType(F(), 3).nothing)
t(lambda: types.MethodType(len, 3).nothing)
t(lambda: types.MethodType(int, 3).nothing)
t(lambda: getattr(m, 'nothing', 5))
t(lambda: hasattr(m, 'nothing'))
def s(): m.nothing = 1
t(s)
def d(): del m.nothing
t(d)
t(lambda: types.MethodType(m, 3).nothing)
t(lambda: collections.deque().index())
t(lambda: collections.deque().index(1, 2, 3, 4))
