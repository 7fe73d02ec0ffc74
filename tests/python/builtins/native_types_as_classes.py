# What CPython's types from specifications have in common with classes: names in messages, attributes of their own, flags, no copies.
import array
import collections
import copy
import datetime
import decimal
import inspect
import io
import itertools
import os
import posix
import pwd
import random
import re
import select
import ssl
import sys
import threading
import time
import types
import zlib

HEAPTYPE, IMMUTABLE = 1 << 9, 1 << 8

for kind in (datetime.datetime, datetime.date, datetime.timedelta, datetime.timezone, decimal.Decimal, decimal.Context, io.BytesIO,
             io.TextIOWrapper, itertools.chain, itertools.count, collections.deque, collections.OrderedDict, re.Pattern,
             time.struct_time, array.array, types.SimpleNamespace, int, str, type(None), types.FunctionType, ssl.MemoryBIO, OSError):
    try:
        kind.no_such
    except AttributeError as error:
        print(error, error.name)
    try:
        del kind.no_such
    except (AttributeError, TypeError) as error:
        print(error)


class Derived(datetime.datetime):
    pass


try:
    Derived.no_such
except AttributeError as error:
    print(error)

for kind in (time.struct_time, os.stat_result, os.terminal_size, os.DirEntry, select.epoll, pwd.struct_passwd, posix.uname_result,
             random._random.Random, ExceptionGroup):
    kind.of_mine = 5
    print(kind.__name__, kind.of_mine, bool(kind.__flags__ & HEAPTYPE), bool(kind.__flags__ & IMMUTABLE))
    del kind.of_mine
    print(hasattr(kind, 'of_mine'))
time.struct_time.season = property(lambda self: ('winter', 'spring', 'summer', 'autumn')[self.tm_mon % 12 // 3])
print(time.gmtime(0).season, time.struct_time(range(9)).season)
del time.struct_time.season
print(hasattr(time.gmtime(0), 'season'))

for kind in (int, array.array, re.Pattern, threading.Lock().__class__, datetime.datetime, type(sys.flags), ssl.MemoryBIO):
    try:
        kind.of_mine = 5
    except TypeError as error:
        print(error, bool(kind.__flags__ & HEAPTYPE), bool(kind.__flags__ & IMMUTABLE))

for thing in (random._random.Random(), select.epoll(), threading.RLock(), threading.local(), zlib.compressobj, re.compile('a'), object(),
              5, ssl.MemoryBIO(), {}.keys(), types.CellType()):
    for key in (0, 'a'):
        try:
            del thing[key]
        except TypeError as error:
            print(error)

for thing in (select.epoll(), ssl.MemoryBIO(), types.CellType(), types.CellType(5), threading.Lock(), random._random.Random()):
    try:
        copy.copy(thing)
    except TypeError as error:
        print(error)
    else:
        print('copied', type(thing).__name__)

for kind in (types.GetSetDescriptorType, types.MemberDescriptorType, types.MethodWrapperType, types.MethodDescriptorType):
    try:
        kind()
    except TypeError as error:
        print(error)

for kind in (time.struct_time, os.stat_result, os.terminal_size, pwd.struct_passwd):
    print(kind.__new__.__qualname__, kind.__new__.__self__ is kind)
print(inspect.signature(zlib.compressobj), inspect.signature(os.lseek))
