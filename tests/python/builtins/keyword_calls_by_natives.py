# Calls with keywords that natives make: functools.partial, f(**d) of builtins, many and few names, names that are no strings.
import abc
import collections.abc
from functools import partial


def show(*args, **kwds):
    return args, kwds


for n in (0, 1, 2, 10, 15, 16, 17, 40):
    named = {'k%d' % i: i for i in range(n)}
    for m in (0, 1, 3, 15, 16, 20):
        args = tuple(range(m))
        assert partial(show, *args, **named)() == (args, named)
        assert partial(show, *args, **named)(5, k1=6) == (args + (5,), {**named, 'k1': 6})
        assert dict(**named) == named and (n or dict(*([],), **named) == {})
print(partial(int, base=2)('101'), partial(sorted, reverse=True)([1, 3, 2]), dict([('a', 1)], **{'b': 2}))


class Text(str):
    pass


print(partial(show, **{Text('x'): 1})())
wrong = partial(dict)
wrong.keywords[5] = 1
for call in (wrong, lambda: dict(**{5: 1}), lambda: partial(int, base=2, x=1)('1')):
    try:
        print(call())
    except TypeError as error:
        print(error)


# Checks against abstract classes before and after classes register, and once others are gone.
class Walker(abc.ABC):
    pass


class Dog:
    pass


class Cat(Walker):
    pass


print([isinstance(x, Walker) for x in (Dog(), Cat(), 3, None)] * 2)
Walker.register(Dog)
print([isinstance(x, Walker) for x in (Dog(), Cat(), 3, None)] * 2)
for i in range(100):
    class Passing(Cat if i % 2 else Dog):
        pass
    assert isinstance(Passing(), Walker) and issubclass(Passing, Walker)
    assert isinstance([], collections.abc.Sequence) and not isinstance({}, collections.abc.Sequence)
    assert not isinstance(type('Other', (), {})(), Walker)


class Hidden(Dog):
    __class__ = int


print(isinstance(Hidden(), Walker), isinstance(Hidden(), int))
