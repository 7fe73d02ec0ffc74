# What native modules keep for the process (caches, interned texts, tables made at first use, registries) is used by several threads
# from the first moment on: every thread gets the results that one alone gets. The tables are fresh: nothing below is run before.
# timeout: 240
import array
import ast
import base64
import binascii
import bisect
import bz2
import codecs
import collections
import contextvars
import copy
import copyreg
import csv
import datetime
import decimal
import difflib
import enum
import fractions
import functools
import gc
import hashlib
import heapq
import hmac
import inspect
import io
import itertools
import json
import linecache
import locale
import lzma
import marshal
import math
import operator
import os
import pickle
import pickletools
import queue
import random
import re
import select
import shlex
import socket
import sqlite3
import statistics
import string
import struct
import sys
import tempfile
import textwrap
import threading
import time
import tokenize
import traceback
import types
import typing
import unicodedata
import uuid
import warnings
import weakref
import xml.etree.ElementTree as ElementTree
import zlib
import zoneinfo


class Point:
    __slots__ = ('x', 'y')

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __reduce__(self):
        return Point, (self.x, self.y)

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)

    __hash__ = None


def digests(i):
    return [hashlib.new(name, b'x' * i).hexdigest() for name in ('md5', 'sha1', 'sha256', 'sha3_256', 'blake2b')]


def database(i):
    with sqlite3.connect(':memory:') as connection:
        connection.create_function('twice', 1, lambda v: 2 * v)
        connection.execute('create table t(a, b)')
        connection.executemany('insert into t values(?, ?)', [(k, str(k)) for k in range(i % 7 + 2)])
        rows = connection.execute('select twice(a), b from t order by a desc').fetchall()
    connection.close()
    return rows


def sockets(i):
    left, right = socket.socketpair()
    with left, right:
        left.sendall(b'a' * (i + 1))
        ready = select.select([right], [], [], 5)[0] == [right]
        return ready, right.recv(100), socket.inet_aton('127.0.0.1'), socket.htons(i)


def temporary(i):
    with tempfile.TemporaryFile('w+') as file:
        file.write('line %d\n' % i * 3)
        file.seek(0)
        return file.readlines()


def weak(i):
    keep = [Point2(k) for k in range(3)]
    values = weakref.WeakValueDictionary(enumerate(keep))
    return sorted(values), weakref.ref(keep[0])() is keep[0]


class Point2:
    def __init__(self, x):
        self.x = x


def classes(i):
    Color = enum.Enum('Color', 'red green')
    Pair = collections.namedtuple('Pair', 'a b')
    made = type('Made', (Point2,), {'twice': lambda self: 2 * self.x, '__slots__': ()})
    return Color(2).name, Pair(1, i)._asdict(), made(i).twice(), issubclass(made, Point2)


def failing(i):
    try:
        try:
            [][i]
        except IndexError as error:
            raise ValueError('no %d' % i) from error
    except ValueError:
        return traceback.format_exc().count('\n'), sys.exc_info()[0]


def code(i):
    names = {}
    exec(compile('def f(a, *, b=%d):\n    return [x + b for x in range(a)]\n' % i, '<made>', 'exec'), names)
    return names['f'](3), str(inspect.signature(names['f'])), ast.unparse(ast.parse('x = lambda: (yield %d)' % i))


def dates(i):
    zone = zoneinfo.ZoneInfo('UTC')
    moment = datetime.datetime(2024, 1 + i % 12, 3, 4, 5, 6, 7, zone)
    return moment.isoformat(), moment.strftime('%Y-%j %H'), datetime.datetime.strptime('2024-02-%02d' % (i % 27 + 1), '%Y-%m-%d')


def warned(i):
    with io.StringIO() as out:
        return warnings.formatwarning('text', UserWarning, 'file.py', i, 'line')


def context(i):
    variable = contextvars.ContextVar('variable', default=0)
    inside = contextvars.copy_context()
    inside.run(variable.set, i)
    return inside[variable], variable.get()


WORK = [
    lambda i: json.loads(json.dumps({'a': [1, 2.5, None, 'x' * i], 'ключ': {'b': True}})),
    lambda i: re.sub(r'(\w)(\d+)', r'\2\1', 'a1 b22 c%d' % i),
    lambda i: re.compile(r'(?P<n%d>[a-f]+)|\s{%d}' % (i, i + 1)).pattern,
    lambda i: pickle.loads(pickle.dumps([Point(i, 'y'), {1: (2, 3)}, {4, 5}, i * 10 ** 20])),
    lambda i: copy.deepcopy({'a': [Point(1, i), (2, [3])]})['a'][1],
    lambda i: [f'{i:08.3f}', f'{i!r:>5}', '%s-%05d' % ('a', i), '{:,}'.format(i * 1000), f'{i:x}', f'{i / 3:e}'],
    lambda i: ('straße' * i).upper().casefold().encode('utf-16').decode('utf-16').title(),
    lambda i: 'é'.encode('latin-1', 'strict') + 'a\u20ac'.encode('ascii', 'xmlcharrefreplace') + codecs.encode('abc', 'rot13').encode(),
    lambda i: [codecs.lookup(name).name for name in ('cp1252', 'koi8-r', 'utf-8-sig', 'shift_jis', 'punycode')],
    lambda i: struct.unpack('<%dsHq' % i, struct.pack('<%dsHq' % i, b'x' * i, i, -i)),
    lambda i: decimal.Decimal(i) / 7 + decimal.Decimal('1.10').quantize(decimal.Decimal('0.1')),
    lambda i: fractions.Fraction(i, 7) + fractions.Fraction('3/5'),
    lambda i: math.factorial(i + 30) // math.comb(40, i % 40) + pow(3, i, 101) + int(str(7 ** (i + 50))),
    lambda i: float.fromhex((i / 7).hex()) + float(repr(i / 3)) + math.lgamma(i + 1),
    lambda i: sorted(random.Random(i).sample(range(100), 10), key=operator.neg),
    lambda i: collections.Counter('abracadabra' * i).most_common(2),
    lambda i: list(collections.OrderedDict.fromkeys('banana')) + list(collections.ChainMap({1: 2}, {3: i})),
    lambda i: heapq.nsmallest(3, [5, 1, i, 9]) + [bisect.bisect([1, 3, 5], i % 6)],
    lambda i: [list(itertools.combinations(range(4), 2)), list(itertools.accumulate(range(i))), [list(g) for _, g in itertools.groupby('aabb')]],
    lambda i: functools.reduce(operator.add, map(functools.partial(pow, 2), range(i % 9 + 1))),
    lambda i: zlib.decompress(zlib.compress(b'abc' * i)) + bz2.decompress(bz2.compress(b'x' * i)) + lzma.decompress(lzma.compress(b'y')),
    lambda i: (base64.b64encode(b'a' * i), binascii.crc32(b'b' * i), binascii.hexlify(b'c'), zlib.adler32(b'd')),
    lambda i: hmac.new(b'key', b'x' * i, 'sha256').hexdigest(),
    lambda i: list(csv.reader(io.StringIO('a,"b ""c""",%d\r\n' % i), csv.get_dialect('excel'))),
    lambda i: ElementTree.tostring(ElementTree.fromstring('<a b="%d"><c>t</c><!-- x --></a>' % i)),
    lambda i: [token.string for token in tokenize.generate_tokens(io.StringIO('x = %d + (y)\n' % i).readline)],
    lambda i: marshal.loads(marshal.dumps([i, 'a', (1.5, None), {b'k': i}])),
    lambda i: array.array('d', range(i)).tolist() + memoryview(bytes(range(i + 8))).cast('B').tolist()[:2],
    lambda i: [unicodedata.name('é'), unicodedata.normalize('NFD', 'é'), unicodedata.lookup('SNOWMAN'), unicodedata.category('x')],
    lambda i: str(uuid.uuid5(uuid.NAMESPACE_DNS, 'name%d' % i)),
    lambda i: textwrap.fill('some words to wrap %d' % i, 10) + shlex.join(['a b', 'c']) + string.Template('$x').substitute(x=i),
    lambda i: list(difflib.unified_diff(['a', 'b'], ['a', 'c%d' % i])),
    lambda i: statistics.mean([i, 2, 3]) + statistics.stdev([1, 2, i + 3]),
    lambda i: typing.get_type_hints(lambda x: x) == {} and str(typing.Dict[str, typing.List[int]]) + str(typing.Optional[int] | str),
    lambda i: [time.strftime('%Y', time.gmtime(i)), time.struct_time(range(9)).tm_min, locale.localeconv()['decimal_point']],
    lambda i: os.path.join('a', str(i)) + os.fspath('b') + os.strerror(2) + sys.intern('name%d' % i) + linecache.getline('no file', 1),
    lambda i: pickletools.optimize(pickle.dumps([i, i, 'a'], 2)),
    lambda i: copyreg._reduce_ex(Point2(i), 0)[1][0].__name__,
    lambda i: queue.SimpleQueue().empty() and (types.SimpleNamespace(a=i) == types.SimpleNamespace(a=i)),
    lambda i: len(gc.get_referents([1, 2])) + int(gc.isenabled()),
    lambda i: [*map(chr, range(200, 210)), chr(i + 300), bytes([i]), ('x' * i).translate({120: 'y'}), 'a,b'.partition(',')],
    digests, database, sockets, temporary, weak, classes, failing, code, dates, warned, context,
]
ROUNDS = 6
THREADS = 3
results = [{} for _ in range(THREADS)]
barrier = threading.Barrier(THREADS)


def run(number):
    barrier.wait()
    for i in range(1, ROUNDS + 1):
        for step in range(len(WORK)):
            work = (step * (number * 2 + 1) + number) % len(WORK) if len(WORK) % (number * 2 + 1) else (step + number) % len(WORK)
            try:
                results[number][work, i] = repr(WORK[work](i)).replace(hex(id(WORK)), '')
            except Exception as error:
                results[number][work, i] = 'failed: %r %s' % (error, traceback.format_exc())


threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

for (work, i), alone in results[0].items():
    for other in results[1:]:
        if ' object at ' not in alone and other.get((work, i)) != alone:
            print('differs:', work, i, alone[:300], '//', other.get((work, i), '')[:300])
print(len(results[0]) == len(WORK) * ROUNDS, [text for text in results[0].values() if text.startswith('failed')][:3])
