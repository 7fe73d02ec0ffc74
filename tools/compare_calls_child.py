"""The part of tools/compare_calls.py that is run by both interpreters: makes calls, and writes a JSON line for each.

A job comes on standard input. Without calls in it, they are made up here. What a call did is shown without addresses, in an order
that doesn't depend on hashes, and together with what became of the receiver if that can change.
"""
import collections
import importlib
import itertools
import json
import os
import random
import re
import sys

PRELUDE = '''
import array, collections, collections.abc, contextvars, datetime, decimal, fractions, functools, io, itertools, operator, re
import struct, types, weakref, zoneinfo
class Index:
    def __index__(self): return 2
    def __repr__(self): return "Index()"
class BadIndex:
    def __index__(self): return "x"
    def __repr__(self): return "BadIndex()"
class RaisingIndex:
    def __index__(self): raise KeyError("index")
    def __repr__(self): return "RaisingIndex()"
class Float:
    def __float__(self): return 2.5
    def __repr__(self): return "Float()"
class Iterable:
    def __iter__(self): return iter([1, 2])
    def __repr__(self): return "Iterable()"
class RaisingIterable:
    def __iter__(self): raise KeyError("iter")
    def __repr__(self): return "RaisingIterable()"
class Getitem:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
    def __repr__(self): return "Getitem()"
class Mapping:
    def keys(self): return ["k"]
    def __iter__(self): return iter(["k"])
    def __getitem__(self, key): return key
    def __repr__(self): return "Mapping()"
class NoBool:
    def __bool__(self): raise KeyError("bool")
    def __repr__(self): return "NoBool()"
class Unhashable:
    __hash__ = None
    def __repr__(self): return "Unhashable()"
class NoEq:
    def __eq__(self, other): raise KeyError("eq")
    __hash__ = object.__hash__
    def __repr__(self): return "NoEq()"
class Plain:
    def __repr__(self): return "Plain()"
class MyStr(str): pass
class MyInt(int): pass
class MyBytes(bytes): pass
class MyList(list): pass
class MyTuple(tuple): pass
class MyDict(dict): pass
class MyFloat(float): pass
class Path:
    def __fspath__(self): return "p"
    def __repr__(self): return "Path()"
class Writer:
    def write(self, data): return len(data)
    def __repr__(self): return "Writer()"
class Reader:
    def read(self, n=-1): return b""
    def readline(self): return b""
    def readinto(self, b): return 0
    def __repr__(self): return "Reader()"
def raising(*args, **kw): raise KeyError("called")
def nothing(*args, **kw): return None
def generator():
    got = yield 1
    got = yield got
async def coroutine(): return 1
Point = collections.namedtuple("Point", "x y")
UTC = datetime.timezone.utc
'''

# What only the types below need, beside their names: imported by the jobs that are about them.
IMPORTS = {
    "sqlite3": '''
import sqlite3
def table():
    c = sqlite3.connect(":memory:")
    c.execute("create table t (a, b)"); c.execute("insert into t values (1, 'x'), (2, zeroblob(4))")
    return c
def rows(text="select * from t"): return table().execute(text)
def a_row():
    c = rows(); c.row_factory = sqlite3.Row
    return c.fetchone()
''',
    "ssl": "import ssl, _ssl",
    "socket": "import socket; socket.setdefaulttimeout(0.001)",
    "xml": '''
import _elementtree, pyexpat, xml.etree.ElementTree
def tree(): return xml.etree.ElementTree.fromstring("<r a='1'><b>t</b>u<c x='y'/></r>")
''',
    "mmap": "import mmap",
    "select": "import select",
    "csv": "import _csv, csv",
    "json": "import json.encoder, json.scanner, json.decoder",
    "compression": "import zlib, bz2, _bz2, lzma, _lzma",
    "asyncio": '''
import asyncio, _asyncio
LOOP = asyncio.new_event_loop()
def future(value=None):
    f = LOOP.create_future()
    if value is not None: f.set_result(value)
    return f
async def idle(): await future()
def task():
    t = LOOP.create_task(idle(), name="T")
    return t
''',
    "queue": "import _queue",
    "ctypes": '''
import ctypes
class S(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int), ("b", ctypes.c_char * 4), ("c", ctypes.c_double), ("f", ctypes.c_uint, 3)]
class U(ctypes.Union): _fields_ = [("a", ctypes.c_int), ("b", ctypes.c_float)]
LIBC = ctypes.CDLL(None)
''',
    "pickle": "import _pickle",
    "hashlib": "import hashlib, hmac, _hashlib, _blake2",
    "lsprof": "import _lsprof",
    "semaphore": "import _multiprocessing",
    "random": "import _random",
    "files": "import os",
    "unicodedata": "import unicodedata",
    "struct": "import struct",
    "thread": "import _thread",
}

# Arguments by family; a call draws a family first, so that the many ints don't crowd out the rest.
ARGUMENTS = {
    "int": [
        "0", "1", "-1", "2", "3", "7", "10", "100", "255", "256", "1000", "-5", "2**31", "-2**31-1", "2**32", "2**63-1",
        "2**63", "-2**63", "2**64", "2**100", "-2**100", "True", "False", "MyInt(3)",
    ],
    "index": ["Index()", "BadIndex()", "RaisingIndex()"],
    "float": [
        "0.0", "-0.0", "1.0", "1.5", "-2.5", "1e300", "1e-320", "float('inf')", "float('nan')", "MyFloat(2.5)", "Float()",
        "3e9",
    ],
    "complex": ["1j", "(1+2j)", "complex('nan')"],
    "str": [
        "''", "'a'", "'abc'", "'ab c'", "'é'", "'€uro'", "'\\U0001f600x'", "'\\ud800'", "'a\\0b'", "'12'", "' 7 '", "'-1.5'",
        "'utf-8'", "'ascii'", "'strict'", "'ignore'", "'replace'", "'%s %d'", "'{} {x}'", "'r'", "'w'", "'b'", "'i'",
        "'\\n'", "'a,b'", "'x=1'", "MyStr('abc')", "'A'", "','",
    ],
    "bytes": [
        "b''", "b'a'", "b'abc'", "b'\\xff\\x00'", "b'12'", "b' x '", "b'a,b'", "bytearray(b'abc')", "memoryview(b'abc')",
        "memoryview(b'abcd')[::2]", "array.array('i', [1, 2])", "MyBytes(b'abc')", "bytearray()", "b'utf-8'",
        "memoryview(b'abcd').cast('I')",
    ],
    "none": ["None", "...", "NotImplemented"],
    "sequence": [
        "[]", "[1, 2, 3]", "['a', 'b']", "()", "(1,)", "(1, 2)", "('a', 'b', 'c')", "[[1, 2], [3, 4]]", "[('a', 1)]",
        "range(3)", "range(0, 10, 3)", "MyList([3, 1])", "MyTuple((1, 2))", "[b'a', b'b']", "[None]", "[1.5, 2.5]",
        "collections.deque([1, 2])", "Point(1, 2)", "[NoEq()]",
    ],
    "mapping": [
        "{}", "{'a': 1}", "{1: 2, 'b': None}", "MyDict(x=1)", "Mapping()", "types.MappingProxyType({'a': 1})",
        "collections.OrderedDict(a=1)", "collections.Counter('aab')", "collections.defaultdict(list)",
    ],
    "set": ["set()", "{1, 2}", "frozenset('ab')", "{'a'}", "{}.keys()", "{'a': 1}.keys()", "{'a': 1}.items()"],
    "iterator": [
        "iter([1, 2, 3])", "iter('ab')", "iter([])", "(x for x in (1, 2))", "zip('ab', [1, 2])", "Iterable()",
        "RaisingIterable()", "Getitem()", "iter([('a', 1)])", "map(raising, [1])",
    ],
    "slice": [
        "slice(None)", "slice(1, 2)", "slice(None, None, -1)", "slice(0, 10, 2)", "slice('a')", "slice(None, None, 0)",
        "slice(-1, 2**70)",
    ],
    "callable": [
        "len", "str", "raising", "nothing", "(lambda x: x)", "(lambda x, y: x)", "(lambda: 1)", "repr", "operator.add",
        "operator.lt", "int", "abs",
    ],
    "type": [
        "int", "str", "object", "type", "dict", "list", "Plain", "ValueError", "(int, str)", "int | str", "list[int]",
        "type(None)",
    ],
    "object": [
        "object()", "Plain()", "NoBool()", "Unhashable()", "NoEq()", "ValueError('v')", "Path()", "Writer()", "Reader()",
        "re", "re.compile('a')",
    ],
    "time": [
        "datetime.timedelta(1, 2, 3)", "datetime.date(2020, 2, 29)", "datetime.datetime(2020, 1, 2, 3, 4, 5, 6)",
        "datetime.time(1, 2)", "UTC", "datetime.datetime(2020, 1, 2, tzinfo=UTC)", "zoneinfo.ZoneInfo('Europe/Berlin')",
    ],
    "number": [
        "decimal.Decimal('1.50')", "fractions.Fraction(1, 3)", "decimal.Decimal('NaN')", "decimal.Decimal('sNaN')",
        "decimal.Decimal(-7)",
    ],
    "stream": ["io.BytesIO(b'ab\\ncd')", "io.StringIO('ab\\ncd')", "io.BufferedReader(io.BytesIO(b'abc'))"],
}
FAMILIES = ["int"] * 5 + ["str"] * 5 + ["bytes"] * 3 + ["sequence"] * 3 + ["none"] * 2 + \
    ["mapping", "iterator", "callable", "object"] * 2 + \
    ["index", "float", "float", "complex", "set", "slice", "type", "time", "number", "stream"]

# Types by name: how to make receivers.
TYPES = {
    "int": ["0", "5", "-3", "2**70", "True", "MyInt(3)"],
    "float": ["0.0", "1.5", "-2.5", "float('inf')", "float('nan')", "1e300", "MyFloat(2.5)"],
    "complex": ["0j", "1+2j", "complex('inf')"],
    "str": [
        "''", "'abc'", "'a b,c'", "'éa'", "'Ab\\ncd'", "'\\U0001f600x'", "'{} {x!r:>4}'", "'%s %(a)d'", "MyStr('abc')",
        "'12'",
    ],
    "bytes": ["b''", "b'abc'", "b'a b,c'", "b'\\xff\\x00'", "MyBytes(b'abc')"],
    "bytearray": ["bytearray()", "bytearray(b'abc')", "bytearray(b'a b,c')"],
    "memoryview": [
        "memoryview(b'abc')", "memoryview(bytearray(b'abcd'))", "memoryview(array.array('i', [1, 2, 3]))",
        "memoryview(b'abcd')[::2]", "memoryview(bytearray(12)).cast('B', (3, 4))",
    ],
    "list": ["[]", "[1, 2, 3]", "['b', 'a']", "MyList([3, 1])", "[NoEq(), 1]"],
    "tuple": ["()", "(1, 2, 3)", "('a', None)", "Point(1, 2)"],
    "dict": ["{}", "{'a': 1, 'b': 2}", "{1: [], None: 2}", "MyDict(x=1)"],
    "set": ["set()", "{1, 2, 3}", "{'a'}"],
    "frozenset": ["frozenset()", "frozenset((1, 2))"],
    "range": ["range(0)", "range(10)", "range(5, -5, -3)", "range(2**70, 2**70+3)"],
    "slice": ["slice(None)", "slice(1, 10, 2)", "slice('a', 'b')"],
    "object": ["object()", "Plain()"],
    "type": ["int", "Plain", "type", "Point"],
    "function": ["nothing", "(lambda x, y=1: x)"],
    "method": ["Plain().__repr__", "Mapping().keys"],
    "builtin_method": ["[].append", "len", "str.join", "dict.fromkeys"],
    "generator": ["generator()", "(x for x in 'ab')"],
    "coroutine": ["coroutine()"],
    "code": ["nothing.__code__"],
    "BaseException": [
        "ValueError('a', 1)", "KeyError('k')", "OSError(2, 'no', 'f')", "UnicodeDecodeError('ascii', b'x', 0, 1, 'r')",
        "StopIteration(3)", "ExceptionGroup('g', [ValueError(1), TypeError(2)])", "SyntaxError('m', ('f', 1, 2, 't'))",
        "ImportError('m', name='n')",
    ],
    "property": ["property(len)", "property(None, nothing)"],
    "staticmethod": ["staticmethod(len)"],
    "classmethod": ["classmethod(nothing)"],
    "super": ["super(MyList, MyList())"],
    "enumerate": ["enumerate('ab')"],
    "zip": ["zip('ab', [1, 2])", "zip('a', '', strict=True)"],
    "map": ["map(str, [1, 2])"],
    "filter": ["filter(None, [0, 1])"],
    "reversed": ["reversed([1, 2])", "reversed(range(3))"],
    "mappingproxy": ["types.MappingProxyType({'a': 1})"],
    "dict_views": ["{'a': 1}.keys()", "{'a': 1}.values()", "{'a': 1}.items()"],
    "iterators": [
        "iter([1, 2])", "iter('ab')", "iter((1,))", "iter({'a': 1})", "iter(b'ab')", "iter(range(3))",
        "iter(range(2**70, 2**70+3))", "iter({1})", "iter(nothing, None)",
    ],
    "deque": ["collections.deque()", "collections.deque([1, 2, 3])", "collections.deque('ab', 2)"],
    "OrderedDict": ["collections.OrderedDict()", "collections.OrderedDict(a=1, b=2)"],
    "defaultdict": ["collections.defaultdict()", "collections.defaultdict(list, a=1)"],
    "Counter": ["collections.Counter('aab')"],
    "partial": ["functools.partial(len)", "functools.partial(nothing, 1, x=2)"],
    "lru_cache": ["functools.lru_cache(nothing)", "functools.cache(len)"],
    "array": [
        "array.array('i')", "array.array('i', [1, 2, 3])", "array.array('u', 'ab')", "array.array('d', [1.5])",
        "array.array('B', b'ab')",
    ],
    "Pattern": ["re.compile('a')", "re.compile(b'(a)|b')", "re.compile('(?P<n>.)(x)?')"],
    "Match": ["re.match('(?P<n>.)(x)?', 'abc')"],
    "BytesIO": ["io.BytesIO()", "io.BytesIO(b'ab\\ncd')"],
    "StringIO": ["io.StringIO()", "io.StringIO('ab\\ncd')", "io.StringIO('a\\r\\nb', newline=None)"],
    "TextIOWrapper": ["io.TextIOWrapper(io.BytesIO(b'ab\\ncd'), 'utf-8')"],
    "Buffered": [
        "io.BufferedReader(io.BytesIO(b'abc'))", "io.BufferedWriter(io.BytesIO())", "io.BufferedRandom(io.BytesIO(b'abc'))",
        "io.BufferedRWPair(io.BytesIO(b'abc'), io.BytesIO())",
    ],
    "Decimal": ["decimal.Decimal('1.50')", "decimal.Decimal('-7')", "decimal.Decimal('NaN')", "decimal.Decimal('1E+30')"],
    "Context": ["decimal.Context()", "decimal.Context(prec=5, traps=[])"],
    "date": ["datetime.date(2020, 2, 29)"],
    "datetime": ["datetime.datetime(2020, 1, 2, 3, 4, 5, 6)", "datetime.datetime(2020, 1, 2, tzinfo=UTC)"],
    "time": ["datetime.time(1, 2, 3, 4)", "datetime.time(1, tzinfo=UTC)"],
    "timedelta": ["datetime.timedelta(1, 2, 3)", "-datetime.timedelta(5)"],
    "timezone": ["UTC", "datetime.timezone(datetime.timedelta(hours=1), 'X')"],
    "ZoneInfo": ["zoneinfo.ZoneInfo('Europe/Berlin')"],
    "Struct": ["struct.Struct('<iH')", "struct.Struct('3s?')"],
    "ContextVar": ["contextvars.ContextVar('v')", "contextvars.ContextVar('v', default=1)", "contextvars.Context()"],
    "weakref": ["weakref.ref(Plain)", "weakref.proxy(Plain)"],
    "SimpleNamespace": ["types.SimpleNamespace(a=1)"],
    "GenericAlias": ["list[int]", "dict[str, int]", "int | None"],
    "itertools": [
        "itertools.count(3)", "itertools.cycle('ab')", "itertools.chain('ab', [1])", "itertools.islice('abcdef', 1, 4)",
        "itertools.groupby('aab')", "itertools.product('ab', repeat=2)", "itertools.permutations('abc', 2)",
        "itertools.combinations('abc', 2)", "itertools.accumulate([1, 2])", "itertools.repeat(1, 3)",
        "itertools.starmap(pow, [(2, 3)])", "itertools.zip_longest('a', 'bc')", "itertools.tee('ab')[0]",
        "itertools.takewhile(nothing, 'ab')", "itertools.compress('ab', [1, 0])", "itertools.pairwise('abc')",
    ],
    "Connection": ["table()"],
    "Cursor": ["rows()", "table().cursor()", "rows('select a from t')"],
    "Row": ["a_row()"],
    "Blob": ["(lambda c: c.blobopen('t', 'b', 2))(table())"],
    "SSLContext": ["_ssl._SSLContext(ssl.PROTOCOL_TLS_CLIENT)", "_ssl._SSLContext(ssl.PROTOCOL_TLS_SERVER)"],
    "MemoryBIO": ["_ssl.MemoryBIO()"],
    "SSLSocket": [
        "_ssl._SSLContext(ssl.PROTOCOL_TLS_CLIENT)._wrap_bio(_ssl.MemoryBIO(), _ssl.MemoryBIO(), False, server_hostname='h')",
    ],
    "socket": ["socket.socketpair()[0]", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", "socket._socket.socket()"],
    "xmlparser": ["pyexpat.ParserCreate()", "pyexpat.ParserCreate(namespace_separator=' ')"],
    "Element": ["tree()", "_elementtree.Element('a', {'b': 'c'}, d='e')"],
    "TreeBuilder": ["_elementtree.TreeBuilder()"],
    "XMLParser": ["_elementtree.XMLParser()"],
    "mmap": ["mmap.mmap(-1, 64)", "(lambda m: (m.write(b'abc\\ndef'), m.seek(0), m)[2])(mmap.mmap(-1, 64))"],
    "poll": ["select.poll()", "select.epoll()"],
    "csv": ["_csv.reader(['a,b', '1,\"2'])", "_csv.writer(io.StringIO())", "_csv.writer(io.StringIO(), quoting=2)"],
    "csv_dialect": ["_csv.Dialect()", "_csv.Dialect(delimiter=';')"],
    "json": [
        "json.scanner.c_make_scanner(json.decoder.JSONDecoder())",
        "json.encoder.c_make_encoder({}, nothing, json.encoder.encode_basestring_ascii, None, ':', ',', False, False, True)",
    ],
    "compression": [
        "zlib.compressobj()", "zlib.decompressobj()", "_bz2.BZ2Compressor()", "_bz2.BZ2Decompressor()", "_lzma.LZMACompressor()",
        "_lzma.LZMADecompressor()", "zlib.compressobj(1, wbits=-15)",
    ],
    "Future": ["future()", "future(1)"],
    "Task": ["task()"],
    "SimpleQueue": ["_queue.SimpleQueue()"],
    "Structure": ["S()", "S(1, b'ab', 2.5)", "U(3)"],
    "c_number": [
        "ctypes.c_int(5)", "ctypes.c_double(1.5)", "ctypes.c_char(b'x')", "ctypes.c_char_p(b'abc')", "ctypes.c_void_p(0)",
        "ctypes.c_bool(True)", "ctypes.c_wchar('x')", "ctypes.py_object([])", "ctypes.c_ubyte(255)",
    ],
    "c_array": ["(ctypes.c_int * 3)(1, 2, 3)", "(ctypes.c_char * 4)(b'a')", "(S * 2)()", "ctypes.create_string_buffer(b'abc')"],
    "c_pointer": ["ctypes.pointer(ctypes.c_int(3))", "ctypes.POINTER(ctypes.c_int)()", "ctypes.byref(ctypes.c_int(3))"],
    "c_type": ["S", "U", "ctypes.c_int", "ctypes.c_int * 3", "ctypes.POINTER(ctypes.c_int)", "ctypes.CFUNCTYPE(ctypes.c_int)"],
    "c_function": ["LIBC.abs", "LIBC.strlen", "ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(nothing)"],
    "Pickler": ["_pickle.Pickler(io.BytesIO())", "_pickle.Unpickler(io.BytesIO(b'I1\\n.'))"],
    "hash": [
        "hashlib.sha256(b'a')", "hmac.new(b'k', b'', 'sha1')", "_blake2.blake2b()", "hashlib.sha3_224()", "hashlib.shake_128()",
    ],
    "Profiler": ["_lsprof.Profiler()"],
    "SemLock": ["_multiprocessing.SemLock(1, 1, 5, '/baton-%d' % __import__('os').getpid(), True)"],
    "Random": ["_random.Random(5)"],
    "FileIO": ["io.FileIO('f', 'w+')", "io.FileIO('f', 'a')"],
    "DirEntry": ["(open('f', 'w').close(), next(os.scandir('.')))[1]"],
    "UCD": ["unicodedata.ucd_3_2_0"],
    "struct_iter": ["struct.iter_unpack('h', b'abcd')"],
    "lock": ["_thread.allocate_lock()", "_thread.RLock()", "_thread._local()"],
}

# Which of IMPORTS a type's receivers need.
NEEDS = {
    "Connection": "sqlite3", "Cursor": "sqlite3", "Row": "sqlite3", "Blob": "sqlite3", "SSLContext": "ssl", "MemoryBIO": "ssl",
    "SSLSocket": "ssl", "socket": "socket", "xmlparser": "xml", "Element": "xml", "TreeBuilder": "xml", "XMLParser": "xml",
    "mmap": "mmap", "poll": "select", "csv": "csv", "csv_dialect": "csv", "json": "json", "compression": "compression",
    "Future": "asyncio", "Task": "asyncio", "SimpleQueue": "queue", "Structure": "ctypes", "c_number": "ctypes",
    "c_array": "ctypes", "c_pointer": "ctypes", "c_type": "ctypes", "c_function": "ctypes", "Pickler": "pickle",
    "hash": "hashlib", "Profiler": "lsprof", "SemLock": "semaphore", "Random": "random", "FileIO": "files", "DirEntry": "files",
    "UCD": "unicodedata", "struct_iter": "struct", "lock": "thread",
}

MODULES = (
    "builtins math cmath itertools _functools _operator _collections _struct array binascii zlib _bz2 _lzma _json _csv "
    "_datetime _decimal _bisect _heapq _sre unicodedata _codecs _io _string _statistics _hashlib _md5 _sha1 _sha256 _sha512 "
    "_sha3 _blake2 _pickle marshal time _weakref _abc _ast _queue _zoneinfo _opcode _stat _contextvars _random _locale _imp "
    "_symtable _typing errno _crypt audioop pwd grp _socket select mmap pyexpat _elementtree _ctypes_plain posix sys gc "
).split()

# Functions that block, fork, kill, print to the terminal, change the process for good, need other resources, or show what
# is particular to an implementation, by design.
LEFT_OUT = re.compile(r"""
    builtins\.(input|breakpoint|exec|eval|compile|__import__|__build_class__|open|print|help|exit|quit|copyright|credits
      |license|id|hash|dir|vars|globals|locals)
  | time\.(sleep|time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|process_time|process_time_ns|thread_time
      |thread_time_ns|clock_\w+|tzset|get_clock_info
        |localtime|gmtime|ctime|asctime)
  | (?!posix\.(fspath|strerror|WIF\w+|WEXITSTATUS|WTERMSIG|WSTOPSIG|major|minor|makedev|waitstatus_to_exitcode
      |get_inheritable|stat_result|times_result|uname_result
        |terminal_size|sched_param|sysconf|pathconf|fsencode|isatty|device_encoding|cpu_count|get_terminal_size|access|stat
      |lstat|listdir|scandir|readlink|putenv|getenv
        |unsetenv|urandom|sched_get_priority_max|sched_get_priority_min|getpriority|lseek|read|pread|rename|unlink
      |rmdir)$)posix\..*
  | (?!sys\.(intern|getdefaultencoding|getfilesystemencoding|getfilesystemencodeerrors|exc_info|exception|is_finalizing
      |getrecursionlimit
        |getswitchinterval|setswitchinterval|audit|unraisablehook|excepthook|displayhook|call_tracing
      |set_int_max_str_digits|get_int_max_str_digits
        |set_asyncgen_hooks|get_asyncgen_hooks|set_coroutine_origin_tracking_depth|get_coroutine_origin_tracking_depth
      |breakpointhook)$)sys\..*
  | sys\.(breakpointhook|set_int_max_str_digits)
  | (?!gc\.(is_tracked_not|is_finalized|isenabled|set_threshold|get_threshold|freeze|unfreeze|collect
      |get_referrers_not)$)gc\..*
  | gc\.(collect|freeze|unfreeze)
  | _socket\.(socket|SocketType|socketpair|dup|close|getaddrinfo|gethostby\w+|getnameinfo|gethostname|sethostname
      |getservby\w+|getprotobyname|if_\w+|setdefaulttimeout)
  | select\.(select|poll|epoll)
  | _imp\..* | _symtable\..* | _locale\.(setlocale|localeconv|bind\w+|textdomain|dcgettext|dgettext|gettext|nl_langinfo)
      | errno\..*
  | _random\.Random\.(seed|getstate) | _random\.Random | mmap\.mmap | _io\.(open|open_code|FileIO|_IOBase|_RawIOBase)
  | _pickle\.(load|loads) | marshal\.(load|loads) | _ast\..*
  | bytearray\.__alloc__ | array\.buffer_info | datetime\.(now|today|utcnow) | date\.today | datetime\.fromtimestamp_
  | pwd\.getpwall | grp\.getgrall | _crypt\.crypt | _hashlib\.(scrypt|pbkdf2_hmac)
  | (_queue\.)?SimpleQueue\.get | poll\.(poll|register|modify|unregister) | \w+\.fileno | DirEntry\.(inode|stat)
  | socket\.(\w*accept|recv\w*|_?send\w*|dup|detach|makefile) | c_function\.__call__
  | c_type\.(from_address|__base__|__bases__|__mro__|in_dll)
  | c_\w+\.(from_address|in_dll)
  | .*\.__sizeof__ | .*\.__dir__ | .*\.__hash__ | .*\.__init_subclass__ | .*\.__subclasshook__
      | .*\.__subclasses__ | .*\.__getstate__
  | type\.(__dir__|mro|__subclasses__) | code\..* | .*\.__reduce__ | .*\.__reduce_ex__ | .*\.__delattr__ | .*\.__class__
      | .*\.__new__
  | _weakref\.(getweakrefcount|getweakrefs) | _abc\._get_dump | _functools\.cmp_to_key_ | object\.__(setattr
      |getattribute)__ | type\.__(setattr|getattribute)__
  | _codecs\.(register|unregister|register_error|_forget_codec|lookup_error) | builtins\.(memoryview_)
""", re.X)

# With these, large counts mean much memory or much time.
SMALL_ONLY = re.compile(r"""
    .*\.(__mul__|__rmul__|__imul__|ljust|rjust|center|zfill|expandtabs|__pow__|__rpow__|__lshift__|__rlshift__|shift
      |to_bytes|__format__|format|__mod__|__rmod__)
  | builtins\.(bytes|bytearray|range|sum|list|tuple|set|frozenset|pow|format|sorted|dict|max|min|all|any|iter|enumerate)
      | math\.(factorial|comb|perm|ldexp|prod|dist)
  | itertools\.\w+ | _operator\.(mul|imul|pow|ipow|lshift|ilshift|concat|mod|imod|repeat|countOf|indexOf|contains|rshift
      |irshift) | _io\.\w+
  | array\.\w+ | deque\.\w+ | _collections\.\w+ | bytes\.\w+ | bytearray\.\w+ | (BytesIO|StringIO|TextIOWrapper
      |Buffered)\.(truncate|seek|read\w*|peek)
  | _struct\.\w+ | zlib\.\w+ | _random\..* | (Context|Decimal)\.(power|__pow__|__rpow__) | _decimal\.\w+ | posix\.(urandom
      |read|pread) | itertools\..* | range\.\w+ | \w*hash\w*\..*
  | _bz2\..* | _lzma\..* | _sha3\..* | audioop\..* | _heapq\..* | Struct\..* | iterators\..* | int\.__round__
      | str\.__getnewargs__
""", re.X)
LARGE = {text for text in ARGUMENTS["int"] if "**" in text} | {"3e9", "1e300"}

namespace = {}


CHANGING = re.compile(r"(\ (?:at|@)\ 0x|<cparam\ '\w'\ \(0x)[0-9a-f]+ | (\bladdr=\('0.0.0.0',\ )\d+ | (\bfd=)\d+"
                      r"| (\bowner=)\d{6,} | (\bc_(?:char|wchar|void)_p\()\d{6,} | (\.\.\.x)[0-9a-f]+(?=>)", re.X)


def plain(text):
    """Without addresses and the numbers of threads and descriptors."""
    return CHANGING.sub(lambda m: next(filter(None, m.groups())), text)


def show(value, depth=0):
    """As repr, but without addresses, in an order of its own for sets; iterators by their first items."""
    kind = type(value)
    name = kind.__name__
    if depth > 4:
        return name
    if kind in (int, float, str, bytes, complex, bool, type(None), type(...), type(NotImplemented)):
        text = plain(repr(value))
        return text if len(text) < 400 else f"{text[:200]}...{text[-100:]} ({len(text)})"
    if kind in (list, tuple):
        inner = ", ".join(show(item, depth + 1) for item in value[:20])
        return f"[{inner}]" if kind is list else f"({inner})"
    if kind in (set, frozenset):
        return f"{name}({sorted(show(item, depth + 1) for item in value)})"
    if kind is dict:
        pairs = itertools.islice(value.items(), 20)
        return "{" + ", ".join(f"{show(k, depth + 1)}: {show(v, depth + 1)}" for k, v in pairs) + "}"
    if kind is type(show) or kind is type(len) or kind is type([].append):
        return f"<{name} {value.__qualname__}>"
    if isinstance(value, type):
        return f"<class {plain(repr(value))}>"
    if isinstance(value, BaseException):
        return f"{name}{show(value.args, depth + 1)}"
    known = getattr(kind, "__module__", "") in ("builtins", "itertools", "re") and name not in ("generator", "coroutine")
    if known and hasattr(kind, "__next__"):
        items = []
        try:
            for item in itertools.islice(value, 5):
                items.append(show(item, depth + 1))
        except Exception as e:
            items.append(f"{type(e).__name__}: {e}")
        return f"<{name} of {', '.join(items)}>"
    try:
        text = repr(value)
    except Exception as e:
        return f"<{name}, no repr: {type(e).__name__}: {plain(str(e))}>"
    return f"{name} {plain(text)[:300]}"


def outcome(function, source):
    """What the call in the source text does."""
    receiver, call = source
    scope = dict(namespace)
    try:
        if receiver is not None:
            scope["receiver"] = eval(receiver, scope)
        result = eval(call, scope)
        text = show(result)
    except RecursionError:
        return "RecursionError"
    except MemoryError:
        return "MemoryError"
    except BaseException as e:
        try:
            text = f"{type(e).__name__}: {plain(str(e))}"
        except Exception as inner:
            text = f"{type(e).__name__}, no text: {type(inner).__name__}"
    if receiver is not None:
        text += f" // {show(scope['receiver'])}" if "receiver" in scope else ""
    return text


def is_fine(text):
    return not text.startswith("TypeError")


KEYWORDS = re.compile(r"[(,]\s*\$?([a-z_]+)")


def keywords_of(function):
    signature = getattr(function, "__text_signature__", None) or getattr(function, "__doc__", None)
    signature = signature.split("\n")[0] if isinstance(signature, str) else ""
    return [word for word in KEYWORDS.findall(signature) if word not in ("self", "module", "type")]


class Maker:
    """Makes up calls of one function."""

    def __init__(self, rng, name, receivers, function):
        self.rng, self.name, self.receivers = rng, name, receivers
        self.small = SMALL_ONLY.fullmatch(name)
        self.keywords = keywords_of(function)
        self.good = []

    def argument(self):
        rng = self.rng
        while True:
            text = rng.choice(ARGUMENTS[rng.choice(FAMILIES)])
            if not (self.small and text in LARGE):
                return text

    def fresh(self):
        rng = self.rng
        count = rng.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4))
        named = {}
        if rng.random() < 0.15:
            for _ in range(rng.choice((1, 1, 2))):
                word = rng.choice(self.keywords) if self.keywords and rng.random() < 0.8 else "foo"
                named[word] = self.argument()
        return rng.choice(self.receivers), [self.argument() for _ in range(count)], named

    def varied(self):
        rng = self.rng
        receiver, arguments, named = rng.choice(self.good)
        arguments, named = list(arguments), dict(named)
        what = rng.random()
        if what < 0.2:
            receiver = rng.choice(self.receivers)
        elif what < 0.35 or not arguments:
            arguments.insert(rng.randint(0, len(arguments)), self.argument())
        elif what < 0.4 and self.keywords:
            named[rng.choice(self.keywords)] = self.argument()
        else:
            arguments[rng.randrange(len(arguments))] = self.argument()
        return receiver, arguments, named

    def make(self):
        return self.varied() if self.good and self.rng.random() < 0.6 else self.fresh()


def text_of(path, call):
    receiver, arguments, named = call
    inner = ", ".join(arguments + [f"{name}={text}" for name, text in named.items()])
    return (receiver, f"{path}({inner})")


def functions_of(target):
    """(name, path in an expression, receivers, the function)"""
    if target in TYPES:
        receivers = TYPES[target]
        seen = {}
        for text in receivers:
            value = eval(text, dict(namespace))
            for attribute in dir(type(value)):
                if callable(getattr(type(value), attribute, None)) and attribute not in ("__class__",):
                    seen.setdefault(attribute, []).append((text, getattr(type(value), attribute)))
        for attribute, where in sorted(seen.items()):
            yield f"{target}.{attribute}", f"receiver.{attribute}", [text for text, _ in where], where[0][1]
        return
    module = importlib.import_module(target)
    namespace["module"] = module
    for attribute in sorted(dir(module)):
        value = getattr(module, attribute)
        if not callable(value) or (attribute.startswith("__") and attribute != "__build_class__"):
            continue
        if isinstance(value, type) and issubclass(value, BaseException) and target != "builtins":
            continue
        yield f"{target}.{attribute}", f"module.{attribute}", [None], value


def main():
    job = json.loads(sys.stdin.read())
    sys.stdin = open(os.devnull)
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)

    def put(line):
        output.write(json.dumps(line) + "\n")
        output.flush()

    if job.get("list"):
        modules = []
        for name in MODULES:
            try:
                importlib.import_module(name)
                modules.append(name)
            except ImportError:
                pass
        put(list(TYPES))
        put(modules)
        return
    exec(PRELUDE, namespace)
    target = job["target"]
    if target in NEEDS:
        exec(IMPORTS[NEEDS[target]], namespace)
    if job["calls"] is not None:
        if target not in TYPES:
            namespace["module"] = importlib.import_module(target)
        for function, source in job["calls"]:
            put([function, source, outcome(function, source)])
        return
    for name, path, receivers, function in list(functions_of(target)):
        if LEFT_OUT.fullmatch(name) or (job["only"] and not re.fullmatch(job["only"], name)):
            continue
        maker = Maker(random.Random(f"{job['seed']} {name}"), name, receivers, function)
        for _ in range(job["runs"]):
            call = maker.make()
            text = text_of(path, call)
            did = outcome(name, text)
            if is_fine(did) and len(maker.good) < 50:
                maker.good.append(call)
            put([name, text, did])


if __name__ == "__main__":
    main()
