# Lengths and truth of containers of every kind, of classes that borrow a native method for __len__; ~ of ints of any size.
import collections


class Borrowed(int):
    __len__ = int.__hash__


class Tail(bytearray):
    def __len__(self):
        return 7


class Plain(bytearray):
    pass


for v in (bytearray(), bytearray(b"ab"), collections.deque(), collections.deque("abc"), Plain(b"xyz"), Plain(), Tail(), {}.keys(),
          {1: 2}.items(), range(5), memoryview(b"abcd"), collections.OrderedDict(a=1), frozenset((1, 2)), Borrowed(3)):
    print(type(v).__name__, len(v), bool(v), not v, "yes" if v else "no")
for n in (-1, -5, 1 << 70):
    try:
        print(len(Borrowed(n)) > 0)
    except (ValueError, OverflowError) as e:
        print(type(e).__name__, e)


class Wrong:
    __len__ = list.__len__


for f in (len, bool):
    try:
        f(Wrong())
    except TypeError as e:
        print(e)
print([~x for x in (0, 1, -1, 5, -(1 << 61), (1 << 61) - 1, 1 << 61, 1 << 80, True, False)])
try:
    print(~1.5)
except TypeError as e:
    print(e)
