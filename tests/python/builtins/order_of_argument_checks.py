# What is checked first, and what the TypeErrors say: found by tools/compare_calls.py.
import _stat
import collections
import datetime
import decimal
import functools
import io
import os
import re
import sys
import zoneinfo


class BadIndex:
    def __index__(self):
        return "x"


class RaisingIndex:
    def __index__(self):
        raise KeyError("index")


class Name(str):
    pass


class Slots:
    __slots__ = ("value",)


def show(text, **names):
    names.update(globals())
    try:
        result = eval(text, names)
    except Exception as e:
        print(text, "->", type(e).__name__, e, getattr(e, "name", None))
    else:
        print(text, "->", result)


# Bounds come before what is looked for.
for receiver, wrong in (("'abc'", "3"), ("b'abc'", "'a'"), ("bytearray(b'abc')", "BadIndex()")):
    for method in ("find", "rfind", "index", "rindex", "count"):
        show(f"{receiver}.{method}({wrong}, 'x')")
        show(f"{receiver}.{method}({wrong}, RaisingIndex())")
        show(f"{receiver}.{method}({wrong})")
show("BadIndex() in b'abc'")
show("RaisingIndex() in bytearray(b'abc')")
show("b'abc'.replace(1, 2, 'x')")
show("b'abcb'.replace(b'b', b'x', 1)")
show("b'abcb'.replace(b'b', b'x', -1)")

# Without a receiver.
show("int.__eq__()")
show("int.bit_length()")
show("dict.__getitem__()")
show("type.__call__()")
show("list.append()")

# Whose name it is.
show("format(collections.deque(), 'x')")
show("format(datetime.timedelta(), 'x')")
show("format(Slots(), 'x')")
show("bool.from_bytes()")
show("Name.maketrans(b'x', None)")
show("float.fromhex(1, 2)")
show("type('F', (float,), {}).fromhex(1, 2)")
show("int.__subclasscheck__(1, 2)")
show("'a'.__format__(None)")
show("sys.intern(None)")
show("os.stat(datetime.date(2020, 1, 2))")
show("os.fspath(decimal.Decimal(1))")
show("_stat.S_ISREG('a')")
show("io.BytesIO().readinto('x')")
show("io.BytesIO().readinto(b'x')")
show("io.StringIO().detach(1)")
show("io.BytesIO()._checkClosed(1)")
show("__import__('array').array('i', [1]).__add__(3)")

# A union is no sequence.
show("iter(int | str)")
show("1 in (int | str)")
show("set().__init__(int | str)")

# Types that have no instances of their own take anything in __init__.
show("(i for i in ()).__init__(1, 2)")
show("re.compile('a').__init__(1)")
show("len.__init__(1)")
show("{}.keys().__init__(1)")
show("[].__init__(1, 2)")
show("type(None)(1)")
show("type(len)()")
show("type(str.join)()")

# Functions that don't name themselves.
show("decimal.Decimal(1).compare()")
show("decimal.Decimal(1).compare(1, 2, 3)")
show("decimal.Decimal(1).quantize(1, exp=2)")
show("decimal.Decimal(1).exp(foo=1)")
show("decimal.getcontext().add(1)")
show("decimal.getcontext().add(1, x=2)")
show("decimal.getcontext().power(1)")
show("decimal.getcontext().exp()")
show("zoneinfo.ZoneInfo.no_cache('UTC', 1)")
show("zoneinfo.ZoneInfo.clear_cache(1)")
show("datetime.date.fromordinal()")
show("datetime.date.fromordinal(x=1)")
show("datetime.datetime.strptime('x')")
show("datetime.datetime.strptime(x=1)")
show("collections.deque().insert(1)")

# Descriptors bound to nothing.
show("staticmethod(len).__get__(None)")
show("functools.cache(len).__get__(None)")
show("functools.cache(len).__copy__(1, 2).__wrapped__")

# An empty dict doesn't hash; a match does.
show("{}.pop([])")
show("{1: 2}.pop([])")
show("re.match('a', 'a').group([])")
show("re.match('(?P<x>a)', 'a').group([])")
show("re.match('(?P<x>a)', 'a').start({})")
show("re.match('(?P<x>a)', 'a').start('y')")

# The factory comes from the left.
show("collections.defaultdict().__ror__(collections.defaultdict(list))")
show("collections.defaultdict(int).__ror__({1: 2})")

show("complex('inf') ** 1j")
show("2j ** 1j")
show("sys.audit(3)")
show("sys.unraisablehook(3)")
show("repr(sys.get_asyncgen_hooks())")

# Setting and deleting name no attribute, so nothing is suggested.
for code in ("Slots().valu = 1", "del Slots().valu", "del Slots.valu", "(3).x = 1", "len.x = 1", "del sys.nope", "Slots().valu",
             "sys.nope"):
    try:
        exec(code)
    except AttributeError as e:
        print(code, "->", e, e.name)
try:
    os.utime("nope")
except OSError as e:
    print(e, e.filename)
try:
    exec("from . import x", {})
except KeyError as e:
    print(repr(e))
