"""What type(), object.__new__() and mro() refuse; docstrings of properties of subclasses; float's subclasses in errors of format()."""
import decimal


def told(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class M(type):
    pass


class Empty(type):
    def mro(cls):
        return []


for slots in ('a',), 'a', ['a', 'b'], ():
    for base in type, M, int, tuple, bytes, str:
        told(lambda: type(base)('C', (base,), {'__slots__': slots}).__slots__)
told(lambda: Empty('C', (), {}))
for args in ((), (1,), (int,), (type,), (type, 1), (type, 1, 2), (type, 'a', (), {}, 4), (M,), (M, 5), (int, 'a', (), {}), (1, 'a', (), {})):
    told(lambda: type.__new__(*args))
    told(lambda: type.__call__(*args))
for args in ((), (1, 2), ('a', (), {}, 4), ('a', (), {}, 4, 5)):
    told(lambda: type(*args))
    told(lambda: M(*args))
told(lambda: type(1, a=2))
for kind in type(None), type(...), type(NotImplemented), property, staticmethod, map, slice, range, super, BaseException, memoryview:
    told(lambda: object.__new__(kind))
    told(lambda: object.__new__(kind, 1))


class P(property):
    pass


class Documented(property):
    'its class'


def getter(self):
    'the getter'


for kind in property, P, Documented:
    for make in (lambda: kind(getter), lambda: kind(getter, doc='given'), lambda: kind(None, doc='given'), lambda: kind().getter(getter),
                 lambda: kind(None, doc='given').getter(getter), lambda: kind(getter).setter(getter)):
        made = make()
        print(kind.__name__, made.__doc__, getattr(made, '__dict__', None))


class X(float):
    pass


class Z(complex):
    pass


for value in X(2.5), Z(2), 2.5:
    for spec in 'x', '+,d', 's', 'q', '.3A', '=5':
        told(lambda: format(value, spec))
D = decimal.Decimal
for args in ((2, D(3), 5), (2, D(3), D(5)), (D(2), 3, 5), (2.5, D(3), 5), ('a', D(3), 5), (2, D(3), 'a'), (2, D('0.5'), 5), (2, 3, 1.5)):
    told(lambda: pow(*args))
