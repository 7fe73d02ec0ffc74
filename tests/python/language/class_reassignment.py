# __bases__ assignment with mro() hooks that change classes meanwhile; layouts of slots; what type() checks.
import sys


class Meta(type):
    ready = False
    target = None

    def mro(cls):
        if Meta.ready and cls.__name__ == "C":
            Meta.ready = False
            C.__bases__ = (Meta.target,)
        return type.mro(cls)


class A(metaclass=Meta): pass
class B1(A): pass
class B2(A): pass
class C(A): pass


Meta.target = B2
Meta.ready = True
C.__bases__ = (B1,)
print(C.__bases__, C.__mro__, B1.__subclasses__(), B2.__subclasses__())


def attempt(what, *args):
    try:
        print(what(*args))
    except Exception as e:
        print(type(e).__name__, e)


def assign(cls, bases):
    cls.__bases__ = bases


attempt(assign, A, (C,))
attempt(assign, C, (int,))
attempt(assign, C, ())


class Strange(type):
    def mro(cls):
        return [cls, dict, object]


attempt(Strange, "S", (), {})


class Bare(type):
    def mro(cls):
        return (B1,)


attempt(Bare, "S", (), {})
attempt(type, "a\0b", (), {})
attempt(type, "a\udc80", (), {})
attempt(type, "a", (), {"__doc__": "\udc80"})


class P:
    __slots__ = ["a", "b"]


class Q:
    __slots__ = ["b", "a"]


p = P()
p.a, p.b = 1, 2
p.__class__ = Q
print(type(p).__name__, p.a, p.b)


class X(dict):
    __setattr__ = dict.__setitem__
    __neg__ = dict.copy


x = X()
x.y = 42
print(x, -x)


class Own:
    __dict__ = property(lambda self: {"own": 1})


print(vars(Own()))


class Picky:
    def __getattr__(self, name):
        raise AssertionError(name)

    def __getstate__(self):
        return {}


print(len(Picky().__reduce_ex__(2)))


class M(type(sys)):
    __dict__ = 8


attempt(dir, M("m"))
