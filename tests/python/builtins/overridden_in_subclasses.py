# What natives ask of subclasses of built-in types that override how they are read: iteration of lists and tuples, buffers of bytes.
import datetime
import json


class Items(list):
    def __iter__(self):
        return iter(["shown", "by", "iter"])


class Pair(tuple):
    def __iter__(self):
        return iter(["x", "y"])


class Others(set):
    def __iter__(self):
        return iter([1, 2])


class Raw(bytes):
    def __bytes__(self):
        return b"not asked"


print(json.dumps(Items()), json.dumps(Pair((1, 2, 3))), json.dumps({"k": [Items([1])]}))
print(",".join(Items()), [*Pair()], {1}.isdisjoint(Others([5])), b"%s %b" % (Raw(b"abc"), Raw(b"d")))

# A cycle through a subclass is found.
loop = Items()
Items.__iter__ = lambda self: iter([self])
try:
    json.dumps(loop)
except ValueError as error:
    print(error)

# Names of classes whose __module__ is no string: without their qualified name.
for module in 5, None, "", "a", "builtins", "__main__", classmethod(lambda cls: "m"):

    class Named:
        class Inner:
            __module__ = module

    print(repr(Named.Inner), object.__repr__(Named.Inner()).split(" at ")[0])

# Counts of microseconds wider than a machine's word.
print(datetime.timedelta(microseconds=86399999999999999999), repr(datetime.timedelta(microseconds=-86399999913600000000)))
for count in 10**20, 10**23, 10**40, -(10**60):
    try:
        datetime.timedelta(microseconds=count)
    except OverflowError as error:
        print(error)
print(datetime.timedelta(weeks=10**20, days=-7 * 10**20, hours=1))
