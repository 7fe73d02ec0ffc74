# int | None and its like: members once, in order; what isn't a type is refused.
import types
from typing import TypeVar, Optional

print(int | None, None | int, int | str, int | int, (int | str) | int, int | (str | None), list[int] | list[int], int | list[str])
print(type(int | int), type(int | None), (int | None).__args__, (type(None) | None), type(None) | int)
print(int | None == None | int, int | str == str | int, hash(int | None) == hash(None | int), int | None == Optional[int])
print(isinstance(3, int | None), isinstance(None, int | None), isinstance('a', int | None), issubclass(bool, int | str))
for wrong in (lambda: int | 3, lambda: 3 | int, lambda: None | None, lambda: int | 'str'):
    try:
        print(wrong())
    except TypeError as error:
        print(error)


class Meta(type):
    def __or__(cls, other):
        return 'or', other.__name__

    def __ror__(cls, other):
        return 'ror', other.__name__


class A(metaclass=Meta):
    pass


print(A | int, int | A, isinstance(int | None, types.UnionType), int | TypeVar('T'))
