# Threads that do anything to objects that they share: every method of every built-in and native type, with random arguments,
# and natives
# that take in whole containers. What may come of it are exceptions; a crash, a hang (the watchdog prints where) or a
# SystemError fails.
#
#     build/release/baton -X gil=0 -X faulthandler tests/soak/shared_objects.py [SECONDS [SEED [NAMES]]]
#
# NAMES is a regular expression: objects of the table below, one alone or several together in a round. Print each round: -v.
# Endless iterators take part only if NAMES asks for them, for list() of one never ends.
import array
import collections
import contextvars
import copy
import csv
import datetime
import decimal
import faulthandler
import functools
import hashlib
import heapq
import io
import itertools
import json
import math
import operator
import os
import pickle
import random
import re
import select
import sqlite3
import struct
import sys
import tempfile
import threading
import time
import types
import weakref
import xml.etree.ElementTree as ElementTree
import zlib

verbose = "-v" in sys.argv
arguments = [text for text in sys.argv[1:] if text != "-v"]
seconds = float(arguments[0]) if arguments else 10
seed = int(arguments[1]) if len(arguments) > 1 else int(time.time())
wanted = re.compile(arguments[2]) if len(arguments) > 2 else None


class Node:
    def __init__(self, n):
        self.n = n


class Slow:  # compared and hashed in Python
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < getattr(other, "n", 0)

    def __eq__(self, other):
        return self.n == getattr(other, "n", None)

    def __hash__(self):
        return hash(self.n % 5)


class Sequence:
    def __getitem__(self, i):
        if i > 50:
            raise IndexError
        return i

    def __len__(self):
        return 51


def generator():
    yield from range(100)


def database():
    made = sqlite3.connect(":memory:", check_same_thread=False)
    made.execute("create table t (a, b)")
    made.executemany("insert into t values (?, ?)", [(n, str(n)) for n in range(50)])
    return made


nodes, slows = [Node(n) for n in range(20)], [Slow(n) for n in range(20)]
keys = [*range(12), "a", "b", "c", 1.5, None, (1, 2), b"x", *slows[:3]]


def pairs():
    return dict.fromkeys(keys[: random.randrange(len(keys))], 1)


makers = {
    "list": lambda: list(range(30)), "list_of_all": lambda: list(keys), "list_of_slow": lambda: list(slows), "dict": pairs,
    "dict_of_text": lambda: {str(n): n for n in range(15)}, "set": lambda: set(keys), "frozenset": lambda: frozenset(keys),
    "keys": lambda: pairs().keys(), "items": lambda: pairs().items(), "values": lambda: pairs().values(),
    "proxy": lambda: types.MappingProxyType(pairs()), "bytearray": lambda: bytearray(range(50)), "tuple": lambda: tuple(keys),
    "view": lambda: memoryview(bytearray(range(48))), "array": lambda: array.array("i", range(20)),
    "text": lambda: "hello world " * 5,
    "deque": lambda: collections.deque(range(20)), "window": lambda: collections.deque(range(10), maxlen=10),
    "ordered": lambda: collections.OrderedDict.fromkeys(keys), "default": lambda: collections.defaultdict(list, {1: []}),
    "counter": lambda: collections.Counter("hello"), "chain_map": lambda: collections.ChainMap(pairs(), pairs()),
    "namespace": lambda: types.SimpleNamespace(a=1, b=2), "list_iterator": lambda: iter(list(range(30))),
    "dict_iterator": lambda: iter(pairs().items()), "set_iterator": lambda: iter(set(keys)),
    "range_iterator": lambda: iter(range(99)),
    "sequence_iterator": lambda: iter(Sequence()), "reversed": lambda: reversed(Sequence()), "generator": generator,
    "enumerate": lambda: enumerate(range(50)), "zip": lambda: zip(range(50), "a" * 50), "map": lambda: map(str, range(50)),
    "accumulate": lambda: itertools.accumulate(range(50)), "chain": lambda: itertools.chain(range(20), "abc"),
    "combinations": lambda: itertools.combinations(range(6), 3), "permutations": lambda: itertools.permutations(range(5), 3),
    "product": lambda: itertools.product(range(4), repeat=3), "groupby": lambda: itertools.groupby([n // 3 for n in range(99)]),
    "group": lambda: next(itertools.groupby([1] * 50))[1], "islice": lambda: itertools.islice(generator(), 50),
    "pairwise": lambda: itertools.pairwise(range(50)), "zip_longest": lambda: itertools.zip_longest(range(50), range(30)),
    "count": itertools.count, "cycle": lambda: itertools.cycle(range(5)), "tee": lambda: itertools.tee(generator())[0],
    "string_io": lambda: io.StringIO("hello\nworld\n" * 5), "bytes_io": lambda: io.BytesIO(b"hello\nworld\n" * 5),
    "reader": lambda: io.BufferedReader(io.BytesIO(b"hello\nworld\n" * 500)), "writer": lambda: io.BufferedWriter(io.BytesIO()),
    "random_file": lambda: io.BufferedRandom(io.BytesIO(b"hello" * 100)),
    "newlines": lambda: io.IncrementalNewlineDecoder(None, True),
    "text_file": lambda: io.TextIOWrapper(io.BytesIO(b"hello\nw\xc3\xb6rld\n" * 500), "utf-8"),
    "pattern": lambda: re.compile(r"(\w+) (?P<x>\w*)"), "match": lambda: re.match(r"(\w+)", "hello"),
    "matches": lambda: re.finditer(r"\w", "hello world " * 10), "random": lambda: random.Random(5), "number": lambda: 10**20,
    "decimal": lambda: decimal.Decimal("1.25"), "context": lambda: decimal.Context(prec=10),
    "struct": lambda: struct.Struct("<ihb"),
    "csv_reader": lambda: csv.reader(['a,b,"c\n', 'd"', "1,2,3"] * 20), "csv_writer": lambda: csv.writer(io.StringIO()),
    "compressor": zlib.compressobj, "decompressor": zlib.decompressobj, "digest": hashlib.sha256, "blake": hashlib.blake2b,
    "weak_values": lambda: weakref.WeakValueDictionary(enumerate(nodes)), "weak_set": lambda: weakref.WeakSet(nodes),
    "weak_keys": lambda: weakref.WeakKeyDictionary({n: 1 for n in nodes}),
    "variable": lambda: contextvars.ContextVar("x", default=1), "context_copy": contextvars.copy_context,
    "cached": lambda: functools.lru_cache(maxsize=7)(lambda *a, **k: a), "partial": lambda: functools.partial(max, 1),
    "node": lambda: Node(3), "class": lambda: type("Class", (Node,), {"x": 1}), "function": lambda: lambda a=1, *b, c=2, **d: a,
    "module": lambda: types.ModuleType("m"), "property": lambda: property(len), "exception": lambda: ValueError(1, 2),
    "date": lambda: datetime.datetime(2020, 1, 1), "database": database,
    "cursor": lambda: database().execute("select * from t"),
    "element": lambda: ElementTree.fromstring('<a x="1"><b/><c>t</c>tail</a>'), "pickler": lambda: pickle.Pickler(io.BytesIO()),
    "unpickler": lambda: pickle.Unpickler(io.BytesIO(pickle.dumps([1, 2, 3]))), "poll": select.poll, "local": threading.local,
}
endless = {"count", "cycle", "tee"}
# What blocks, ends the process's own files, or takes memory and time without bound, for good reasons.
left_out = {
    "__class__", "__init_subclass__", "__mul__", "__imul__", "__rmul__", "__pow__", "__rpow__", "__lshift__",
    "__rlshift__", "truncate",
    "center", "ljust", "rjust", "zfill", "expandtabs", "getrandbits", "randbytes", "scaleb", "power", "shift",
    "backup", "load_extension",
    "_randbelow_with_getrandbits", "_randbelow_without_getrandbits", "_randbelow", "poll", "interrupt", "sample",
    "binomialvariate",
}
natives = [
    list, tuple, set, frozenset, sorted, sum, min, max, any, all, repr, len, iter, reversed, next, dict, bytes,
    bytearray, hash, bool, dir,
    copy.copy, copy.deepcopy, json.dumps, pickle.dumps, collections.Counter, collections.deque,
    collections.OrderedDict, heapq.heapify,
    heapq.heappop, math.fsum, zlib.crc32, ",".join, b",".join, dict.fromkeys, itertools.tee, ElementTree.tostring, memoryview,
    *(eval("lambda x: " + text) for text in (
        "x + x", "x | x", "x & x", "x - x", "x ^ x", "x < x", "x == copy.copy(x)", "x[:]", "x[::2]", "x[::-1]",
        "x[1:5]", "x[-1]", "3 in x",
        "[*x]", "{**x}", "(lambda *a, **k: 0)(*x)", "(lambda *a, **k: 0)(**x)", "list(zip(x, x))",
        "list(map(str, x))", "x()", "x(1, 2)",
        "functools.reduce(operator.add, x)", "array.array('b', x)", "x.extend(x)", "x.update(x)", "x.sort()",
        "x.sort(key=str)", "x.pop()",
        "x.__setitem__(slice(1, 3), x)", "x.append(5)", "x.add(7)", "x.popitem()", "x.move_to_end(3, last=False)",
        "x.rotate(3)", "x.close()",
        "x.write(b'abc')", "x.write('abc')", "x.read(3)", "x.seek(0)", "x.send(None)", "heapq.heappush(x, 3)",
        "heapq.heapreplace(x, 5)",
        "setattr(x, 'name', 1)", "delattr(x, 'name')", "x.__dict__.clear()", "setattr(x, '__dict__', {'n': 1})",
        "x.__reduce_ex__(4)",
        "csv.writer(io.StringIO()).writerow(x)", "x.execute('insert into t values (1, 2)')", "x.fetchone()", "list(x.items())",
        "sum(x.values())", "set(x) | x.keys()", "operator.countOf(x, 1)", "'%s' % (x,)", "f'{x!r}'", "x.clear()",
    )),
]


def argument(chance, shared):
    return chance.choice([
        0, 1, 2, 3, -1, 5, 100, "a", "b",
        "\u1234x", b"hello", None, True, 1.5, (1, 2), (), [1, 2, 3], {"a": 1}, {1, 2}, slice(1, 3),
        slice(None), bytearray(b"abc"), int, str, slows[3], nodes[3], chance.choice(shared)[1], lambda *a: 1, iter([1, 2]),
    ])


def one_call(chance, name, x, methods, shared):
    if name in endless:
        return chance.choice([next, iter, repr, copy.copy])(x)
    if chance.random() < 0.5 or not methods:
        return chance.choice(natives)(x)
    method = getattr(x, chance.choice(methods))
    return method(*[argument(chance, shared) for _ in range(chance.choice([0, 0, 1, 1, 1, 2, 2,
    3]))]) if callable(method) else method


def work(chance, shared, start, end):
    start.wait()
    while time.monotonic() < end:
        i = chance.randrange(len(shared))
        name, x, methods = shared[i]
        try:
            if hasattr(x, "__len__") and len(x) > 500:  # endless growth is no use
                shared[i] = (name, makers[name](), methods)
            elif hasattr(x, "__next__") and chance.random() < 0.05:
                shared[i] = (name, makers[name](), methods)
            else:
                one_call(chance, name, x, methods, shared)
        except SystemError as e:
            print(name, repr(e), flush=True)
        except (Exception, GeneratorExit):
            pass


def may_call(x, method):
    is_file = isinstance(x, io.IOBase) and method == "__init__"  # of a descriptor, which it would close
    return method not in left_out and not is_file


sys.setswitchinterval(1e-5)
folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)  # names of files come up by chance
names = [name for name in makers if (wanted.fullmatch(name) if wanted else name not in endless)]
chance = random.Random(seed)
end, rounds = time.monotonic() + seconds, 0
print("seed", seed, flush=True)
while time.monotonic() < end:
    chosen = chance.sample(names, min(len(names), chance.choice([1, 2, 3])))
    if verbose:
        print(*chosen, flush=True)
    objects = [(name, makers[name]()) for name in chosen]
    shared = [(name, x, [method for method in dir(x) if may_call(x, method)]) for name, x in objects]
    faulthandler.dump_traceback_later(120, exit=True)
    start, stop = threading.Barrier(3), time.monotonic() + 0.15
    threads = [threading.Thread(target=work, args=(random.Random(chance.random()), shared, start, stop)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rounds += 1
faulthandler.cancel_dump_traceback_later()
print(rounds, "rounds")
