# T.__new__(X) of built-in types, where X is no type, or one of something else: a TypeError, never an object of the wrong shape.
import array
import collections
import datetime
import decimal
import functools
import hashlib
import io
import itertools
import mmap
import pickle
import select
import socket
import threading
import types

named = [
    bool, bytearray, bytes, complex, dict, enumerate, float, frozenset, int, list, map, memoryview, property, range, reversed, set,
    slice, staticmethod, str, super, tuple, zip, type(None), type(...), type(NotImplemented), BaseException, array.array,
    collections.OrderedDict, collections.defaultdict, collections.deque, datetime.date, datetime.timedelta, decimal.Decimal,
    functools.partial, io.BufferedRandom, io.BufferedReader, io.BufferedRWPair, io.BufferedWriter, io.BytesIO, io.FileIO,
    io.IncrementalNewlineDecoder, io.StringIO, io.TextIOWrapper, itertools.chain, itertools.count, mmap.mmap, select.epoll,
    socket.SocketType, types.CellType, types.FunctionType, types.MethodType, types.ModuleType, types.SimpleNamespace,
    types.TracebackType, pickle.Pickler, pickle.Unpickler,
]
# These inherit theirs, or look at other arguments first.
speaking_of_more = (
    collections.OrderedDict, collections.defaultdict, types.FunctionType, types.MethodType, types.TracebackType, mmap.mmap, enumerate,
    reversed, memoryview, slice,
)
for cls in named:
    for wrong in (5, "text", int, io.BytesIO):
        if isinstance(wrong, type) and issubclass(wrong, cls):
            continue
        try:
            cls.__new__(wrong)
        except TypeError as e:
            if cls not in speaking_of_more:
                print(e)
        else:
            print("made", cls, wrong)


# A class made from a type with a layout of its own.
class Text(io.StringIO):
    pass


for base, derived in ((io.IOBase, io.StringIO), (io.IOBase, Text), (io.TextIOBase, Text), (int, bool), (object, list)):
    try:
        base.__new__(derived)
    except TypeError as e:
        print(e)


# Of every type there is, with more arguments: nothing but an exception.
def all_types():
    seen, rest = set(), [object]
    while rest:
        cls = rest.pop()
        if cls not in seen:
            seen.add(cls)
            rest += type.__subclasses__(cls)
    return seen


def try_all(cls):
    for wrong in (5, "text", None, object, list, io.StringIO, io.BytesIO, Text, bool, type):
        for args in ((), (1,), ("a",), (1, 2)):
            try:
                made = cls.__new__(wrong, *args)
            except Exception:
                continue
            if not isinstance(made, cls) and not isinstance(made, type):
                print("made", cls, wrong, args, type(made))


hashlib.sha3_256(), hashlib.blake2b(), threading.local()
for cls in all_types():
    if cls.__module__ != "__main__" and isinstance(cls.__dict__.get("__new__"), types.BuiltinMethodType):
        try_all(cls)
print("done")
