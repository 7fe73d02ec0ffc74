# Every native module that start-up, threads, sockets, processes, asyncio, unittest, logging, json and re import has the names that
# CPython's has, and so have its types. Left out: what only CPython's C API or build explains, and what Baton has beside.
import importlib
import sys

modules = """
    sys builtins _imp _thread _warnings _weakref _io marshal posix time _codecs _signal _abc _stat
    itertools _collections _operator _functools _sre _string errno atexit gc _struct math select _contextvars _heapq _queue _bisect
    array binascii unicodedata _socket fcntl _posixsubprocess _random _sha512 _multiprocessing _posixshmem mmap _pickle _json _asyncio
    _locale _ast _typing _opcode _elementtree
""".split()
left_out = {
    "_socket.CAPI", "unicodedata._ucnhash_CAPI",  # capsules
    "sys.getrefcount", "sys._getquickenedcount",  # no counts; a debug build's
    # Bluetooth: the system's headers have none
    "_socket.AF_BLUETOOTH", "_socket.BTPROTO_HCI", "_socket.BTPROTO_L2CAP", "_socket.BTPROTO_RFCOMM", "_socket.BTPROTO_SCO",
    "_socket.HCI_DATA_DIR", "_socket.HCI_FILTER", "_socket.HCI_TIME_STAMP", "_socket.SOL_HCI",
    "_random.Random.__init__", "builtins.ExceptionGroup.__weakref__", "_ast.Constant.n", "_ast.Constant.s", "_ast.Tuple.dims",
    "sys._is_gil_enabled", "sys.UnraisableHookArgs", "_thread.RLock._recursion_count", "_sha512.SHA512Type",
    "_ast.pattern.end_col_offset", "_ast.pattern.end_lineno"}
common = {"__file__", "__loader__", "__module__", "__getattribute__", "__setattr__", "__delattr__", "__vectorcalloffset__", "__doc__",
          "__dict__", "__weakref__", "__new__", "__sizeof__", "__lt__", "__le__", "__gt__", "__ge__"}


def names(prefix, things):
    return [name for name in sorted(things) if name not in common and prefix + "." + name not in left_out]


def kind(value):
    return "type" if isinstance(value, type) else "function" if callable(value) else "data"


for module_name in modules:
    module = importlib.import_module(module_name)
    for name in names(module_name, vars(module)):
        value = getattr(module, name)
        print(module_name, name, kind(value))
        if isinstance(value, type):
            print("   ", *names("%s.%s" % (module_name, name), vars(value)))
