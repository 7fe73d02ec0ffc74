# isinstance() with tuples, and names of classes: in code that runs often, for all kinds of objects and classes.
import abc
import collections.abc


class A:
    pass


class B(A):
    pass


class Liar:
    @property
    def __class__(self):
        return B


class Meta(type):
    def __instancecheck__(cls, o):
        return o == 1


class Checked(metaclass=Meta):
    pass


class Named(type):
    @property
    def __name__(cls):
        return 'by the metaclass'


class Strange(metaclass=Named):
    pass


def asked(o, c, d):
    return (isinstance(o, (c, d)), isinstance(o, (d, c)), isinstance(o, (c,)), isinstance(o, ()), isinstance(o, c), isinstance(o, (c, (d,))),
            isinstance(o, c) or isinstance(o, d))


def error(f, *args):
    try:
        return f(*args)
    except TypeError as e:
        return str(e)


objects = [1, True, None, 1.5, 2**70, 2j, 'a', b'b', [], (), {}, set(), frozenset(), A(), B(), Liar(), A, B, len, Checked(), NotImplemented]
classes = [int, str, float, bool, object, A, B, type, collections.abc.Hashable, Checked, list, dict, tuple]
for i in range(12):
    lines = []
    for o in objects:
        for c, d in zip(classes, classes[1:] + classes[:1]):
            lines.append(asked(o, c, d))
for line in lines:
    print(''.join('ft'[x] for x in line), end=' ')
print()
for bad in (5, 'x', None, [int]):
    print(error(asked, 1, int, bad), error(asked, 'a', int, bad))


def names(c):
    return c.__name__, c.__qualname__, c.__module__


def of_object(o):
    return type(o).__name__, o.__class__.__name__


for i in range(60):
    for c in (A, B, int, Meta, Strange, Checked):
        names(c)
    for o in (A(), 1, 'a', [], B(), Liar(), Strange()):
        of_object(o)
print([names(c) for c in (A, B, int, Meta, Strange, Checked)])
print([of_object(o) for o in (A(), 1, 'a', [], B(), Liar(), Strange())])
A.__name__ = 'renamed'
print(names(A), of_object(A()), of_object(B()))


class Instance:
    __name__ = 'of the class'


def name_of(o):
    return o.__name__


for i in range(60):
    name_of(A), name_of(Instance), name_of(Instance()), name_of(len), name_of(names)
print(name_of(A), name_of(Instance), name_of(Instance()), name_of(len), name_of(names))
