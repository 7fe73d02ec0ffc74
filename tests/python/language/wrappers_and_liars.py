"""Calls with ** into functions of *args and **kwargs, isinstance() of objects with another __class__, str() of what answers a subclass."""
import types
import unittest.mock
import weakref


def wrapper(*args, **kwargs):
    try:
        later
    except UnboundLocalError as error:
        unbound = str(error)
    later = kwargs.pop('a', None)
    kwargs['own'] = len(args)
    return args, kwargs, later, unbound


source = {'a': 1, 'b': 2}
positional = (1, 2)
print(wrapper(**source), source)
print(wrapper(*positional, **source), wrapper(3, *positional, b=5, **{'a': 4}), wrapper(*[], **{'x': 1}), wrapper(**{}, **source), source)
print(wrapper(**types.MappingProxyType(source)), wrapper(x=1, **source))


class S(str):
    pass


class M:
    def keys(self):
        return ['k', S('s')]

    def __getitem__(self, key):
        return key * 2

    def method(*args, **kwargs):
        return len(args), kwargs


print(wrapper(**M()), wrapper(**{S('q'): 1}), M().method(**source), M().method(1, **source), M.method(**source))
for call in (lambda: wrapper(**{1: 2}), lambda: wrapper(**{'a': 1, 2: 3}), lambda: wrapper(**source, **source), lambda: wrapper(b=1, **source), lambda: wrapper(**5),
             lambda: wrapper(*5, **source), lambda: wrapper(*positional, **{None: 1})):
    try:
        print(call())
    except TypeError as error:
        print(error)


def generator(*args, **kwargs):
    yield args
    yield kwargs


def named(*args, only=5, **kwargs):
    return args, only, kwargs


def first(a=0, /, *args, **kwargs):
    return a, args, kwargs


def inside():
    for _ in range(2):
        yield wrapper(*positional, **source)


def deep(n, **kwargs):
    return wrapper2(n, **kwargs)


def wrapper2(*args, **kwargs):
    return deep(args[0] - 1, **kwargs) if args[0] else sorted(kwargs)


print(list(generator(1, **source)), named(**source), named(1, only=2, **source), first(**source), first(**{'a': 1}), list(inside()), deep(50, **source))
try:
    deep(10 ** 6, **source)
except RecursionError as error:
    print('RecursionError')
exec('def wrapper(*args, **kwargs): return kwargs, args')
print(locals()['wrapper'](**source), source)


class A:
    pass


class Lies:
    __class__ = A


class Computes:
    @property
    def __class__(self):
        return A


class Intercepts:
    def __getattribute__(self, name):
        return A if name == '__class__' else object.__getattribute__(self, name)


class Plain:
    def __getattr__(self, name):
        return A


class Stored:
    pass


stored = Stored()
stored.__dict__['__class__'] = A
target = A()
for liar in Lies(), Computes(), Intercepts(), Plain(), stored, unittest.mock.Mock(spec=A), weakref.proxy(target), 5, 'x', None, [], list[int], type, A:
    print(isinstance(liar, A), isinstance(liar, (int, A)), isinstance(liar, type), isinstance(liar, object), end=' ')
print()
print(isinstance(Plain(), A), isinstance(True, int), isinstance(1, bool), isinstance(1.5, (int, str)), isinstance(Stored, type))


class Text(str):
    pass


class Shows:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


for text in 'plain', Text('own'), 5, None:
    try:
        print(str(Shows(text)), type(str(Shows(text))).__name__)
    except TypeError as error:
        print(error)
print(str(5), str(), str(b'x'), str(object=1), str(b'\xff', 'latin-1'), type(str(Text('q'))), str(str), str(2 ** 80))


def compare(a, b):
    return [a == b, a != b, 'yes' if a == b else 'no', 'yes' if a != b else 'no', not a == b]


class E(str):
    def __eq__(self, other):
        return 'E'

    __hash__ = str.__hash__

    def __ne__(self, other):
        return ''


print(compare('a', 'a'), compare('ab', ''.join(['a', 'b'])), compare('a', 'b'), compare('a', E('b')), compare(E('a'), 'a'), compare('\xe9', '\u20ac'),
      'b' in 'abc', '' in '', 'abcd' in 'abc', E('b') in 'abc', 'x' in ('y', 'x'), 5 in (), (1,) in ((1,), 2), float('nan') in (1.0,))
try:
    5 in 'abc'
except TypeError as error:
    print(error)
print(['{:>5}|{:*^7}|{:<4}|{:3}|{:.2}|{:\u20ac>4}|{:04}'.format(x, x, x, x, x, x, x) for x in ('ab', '', 'abcdef', '\xe9t\xe9', '\u20ac')], f'{"x":5}{"y":>3}!')
