# Messages where an operand is odd: a repr or an iterator that is none, __new__ of another class, subclasses of super and enumerate.
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e, e.__context__ is None)
class R0:
    def __repr__(self): return 5
class R1(list):
    def __repr__(self): return 5
class R2(Exception):
    def __repr__(self): return 5
t(lambda: str(R0()))
t(lambda: str(R1()))
t(lambda: str(R2()))
t(lambda: f"{R0()}")
t(lambda: format(R1()))
t(lambda: "%s" % R0())
t(lambda: print(R1()))
t(lambda: "%r" % R1())
t(lambda: str.__str__(R0()))
t(lambda: object.__str__(R0()))
t(lambda: super(1))
t(lambda: enumerate())

class S(super): pass
class E(enumerate): pass
class I:
    def __iter__(self): return 5
class I2:
    def __iter__(self): raise TypeError('mine')
class I3:
    __iter__ = None
class I4:
    def __iter__(self): return iter([1, 'x'])
class I5:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return 'x'
class I6:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): return -1
class I7:
    def __iter__(self): return iter([1, 2])
    def __length_hint__(self): raise TypeError
class I8:
    def __iter__(self): return iter([1, 2])
    def __len__(self): return -1
for k in I, I2, I3, I4, I5, I6, I7, I8:
    for f in bytes, bytearray, list, tuple: t(lambda: f(k()))
class C(map): pass
class D(C):
    def __new__(cls, *a): return super().__new__(cls, *a)
class F(D): pass
for c in C, D, F, map: t(lambda: object.__new__(c))
import abc
class G(tuple, metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def x(self): pass
t(lambda: object.__new__(G))
t(lambda: G())
class H(C): pass
t(lambda: tuple.__new__(H))
t(lambda: tuple.__new__(int))
t(lambda: tuple.__new__(5))
t(lambda: int.__new__(bool))
t(lambda: object.__new__(5))
t(lambda: object.__new__())
class RR(bytearray):
    __repr__ = None
t(lambda: float(RR()))
t(lambda: int(RR()))
class RS(str):
    def __repr__(self): raise KeyError('rs')
t(lambda: int(RS('x')))
t(lambda: float(RS('x')))
t(lambda: [].index(RS()))
t(lambda: getattr(1, RS('a')))
t(lambda: int('1', RS()));
class Mt(type):
    def __repr__(self): raise KeyError('meta')
class MM(metaclass=Mt): pass
t(lambda: isinstance(1, MM()))
t(lambda: MM()(1))
t(lambda: [].remove(RS()))


class Same:
    pass


Same.__repr__ = Same.__str__
for shown in str, repr, "{}".format:
    try:
        shown(Same())
    except RecursionError:
        print("RecursionError")
