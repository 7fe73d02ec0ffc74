# The signature of a native class's __new__ is the same for all, and binds the class.
import array
import collections
import decimal
import inspect
import io
import itertools
import struct

for cls in (object, int, str, tuple, type, Exception, enumerate, zip, memoryview, complex, io.BytesIO, array.array, struct.Struct,
            collections.deque, decimal.Decimal, itertools.chain, itertools.count):
    print(cls.__name__, cls.__new__.__text_signature__, inspect.signature(cls.__new__), cls.__new__.__self__)


class Derived(int):
    pass


print(inspect.signature(Derived.__new__), Derived.__new__.__self__)
