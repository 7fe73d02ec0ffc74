# struct, array, json, pickle, copy, csv, base64, hashlib, zlib, random, decimal, fractions, statistics: known answers.
import array
import base64
import binascii
import copy
import csv
import decimal
import fractions
import hashlib
import io
import json
import pickle
import random
import statistics
import struct
import zlib

print(struct.pack('<bBhHiIqQfd?c5s', -1, 255, -2, 65535, -3, 4, -5, 6, 1.5, 2.5, True, b'x', b'abc'),
        struct.unpack('>hI', b'\xff\xfe\0\0\1\0'), struct.calcsize('@iqb'), struct.calcsize('=iqb'),
                struct.pack('3x2i', 1, 2), struct.pack('p4p', b'a', b'abcdef'),
                        struct.unpack_from('<H', b'\0\1\2', 1), list(struct.iter_unpack('<h', b'\1\0\2\0')),
                                struct.Struct('>e').pack(1.5), struct.pack('n', 1))
for bad in (lambda: struct.pack('b', 200), lambda: struct.pack('i', 'a'), lambda: struct.unpack('i', b'12'),
        lambda: struct.pack('z', 1), lambda: struct.pack('ii', 1), lambda: struct.pack('H', -1),
        lambda: struct.pack('f', 1e100), lambda: struct.pack('c', b'ab'), lambda: struct.pack('s', 'a'),
        lambda: struct.pack_into('i', bytearray(2), 0, 1), lambda: struct.pack('?', 5) and struct.pack('i', 1.5)):
    try:
        print(bad())
    except struct.error as e:
        print(e)
a = array.array('i', [1, 2, 3])
a.append(4)
a.extend([5])
a.insert(0, 0)
print(a, a[1:3], a.tolist(), a.tobytes()[:8], a.typecode, a.itemsize, a.index(3), a.pop(), a.count(2), a * 2,
        a + a[:1], array.array('u', 'é'), array.array('d', [1.5]), a == array.array('i', [0, 1, 2, 3, 4]), a.buffer_info()[1])
a.byteswap(), a.reverse(), a.fromlist([7]), a.frombytes(b'\1\0\0\0')
print(a[-2:], len(a))
for bad in (lambda: array.array('i', ['a']), lambda: array.array('b', [200]), lambda: array.array('z'),
        lambda: a.append(2 ** 40), lambda: a[99], lambda: a.frombytes(b'1'), lambda: a + array.array('d')):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)

doc = {'a': [1, 2.5, None, True, False], 'é"\\\n': 'ü\u2028😀', 'n': {'x': []}, '1': 1e100, 'neg': -0.0}
print(json.dumps(doc), json.dumps(doc, ensure_ascii=False, sort_keys=True, indent=2),
        json.dumps([1, (2,)], separators=(',', ':')), json.dumps({1: 2, None: 3, True: 4, 2.5: 5}),
                json.dumps(float('inf')), json.loads(json.dumps(doc)) == doc, json.dumps('\x00\x1f/'),
                        json.dumps({}, indent=1), json.dumps([[]], indent='\t'))
print(json.loads(' [1, -2.5e3, "\\u00e9\\ud83d\\ude00", null, NaN, -Infinity, 12345678901234567890] '),
        json.loads('{"a": {"b": [1]}}', object_hook=lambda d: sorted(d)),
                json.loads('[1.1]', parse_float=decimal.Decimal), json.loads(b'"x"'), json.loads('{"a": 1, "a": 2}'),
                        json.loads('[1, 2]', parse_int=str), json.JSONDecoder().raw_decode('1 rest'))
for bad in ('', '{', '[1,]', '{"a"}', '{"a":}', "{'a': 1}", '[1 2]', '"\t"', '"abc', 'nul', '01', '1.', '[1]x',
        '"\\x"', '{"a": 1,}', '\ufeff1', '"\\ud800"', '-', '[' * 5):
    try:
        print(ascii(bad), ascii(json.loads(bad)))
    except json.JSONDecodeError as e:
        print(ascii(bad), '->', e, e.pos, e.lineno, e.colno)
for bad in (lambda: json.dumps({1, 2}), lambda: json.dumps({(1,): 2}),
        lambda: json.dumps(float('nan'), allow_nan=False), lambda: json.dumps(b'x'), lambda: json.loads(5),
        lambda: json.dumps(rec)):
    rec = []
    rec.append(rec)
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print(json.dumps({(1,): 2, 'k': 1}, skipkeys=True), json.dumps({1, }, default=list))


class Obj:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v


class Slots:
    __slots__ = ('s',)


class Reduced:
    def __reduce__(self): return (complex, (1, 2))


class State:
    def __getstate__(self): return 'state'
    def __setstate__(self, s): self.got = s


shared = [1]
data = [None, True, 1, -1, 2 ** 70, 1.5, 'é', b'b', bytearray(b'x'), (1, (2,)), [shared, shared], {'k': {1}},
        frozenset([2]), 1j, range(3), Obj(5), len, Obj, slice(1, 2), Ellipsis, ValueError('e', 1)]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    back = pickle.loads(pickle.dumps(data, protocol))
    assert back[:-1] == data[:-1] and back[10][0] is back[10][1] and back[-1].args == ('e', 1)
    rec = []
    rec.append(rec)
    r2 = pickle.loads(pickle.dumps(rec, protocol))
    assert r2[0] is r2
    assert pickle.loads(pickle.dumps(Reduced(), protocol)) == 1 + 2j and pickle.loads(pickle.dumps(State(),
            protocol)).got == 'state'
print(pickle.dumps([1, 'a', (2.5, None)], 2), pickle.dumps({'a': 1}, 0), len(pickle.dumps(list(range(1000)), 4)))
for bad in (lambda: pickle.dumps(lambda: 1), lambda: pickle.loads(b''), lambda: pickle.loads(b'garbage'),
        lambda: pickle.dumps((x for x in ())), lambda: pickle.loads(b'cnope\nnope\n.'), lambda: pickle.dumps(1, 99),
        lambda: pickle.loads('x')):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, str(e).split(' at 0x')[0])
o = Obj([1, [2]])
deep, flat = copy.deepcopy(o), copy.copy(o)
print(deep == o, deep.v is not o.v, flat.v is o.v, copy.deepcopy(rec)[0][0] is not rec, copy.copy((1,)),
        copy.deepcopy({'a': shared, 'b': shared})['a'] is not shared)

out = io.StringIO()
w = csv.writer(out)
w.writerow(['a', 'b,c', 'd"e', 'f\ng', 1, None])
csv.DictWriter(out, ['x', 'y']).writerows([{'x': 1, 'y': 2}])
print(repr(out.getvalue()), list(csv.reader(io.StringIO(out.getvalue()))),
        list(csv.DictReader(['h1;h2', '1;2'], delimiter=';')), next(csv.reader(["'a;b';c"], delimiter=';', quotechar="'")))
print(base64.b64encode(b'hello?>'), base64.urlsafe_b64encode(b'hello?>'), base64.b64decode('aGVsbG8='),
        base64.b32encode(b'hi'), base64.b16encode(b'hi'), base64.b85encode(b'hello'), base64.a85encode(b'hello'),
                binascii.hexlify(b'\1\xff'), binascii.unhexlify('01ff'), binascii.crc32(b'hello'),
                        binascii.b2a_base64(b'x'), binascii.crc_hqx(b'a', 0))
for name in ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha3_256', 'blake2b', 'blake2s'):
    print(name, hashlib.new(name, b'abc').hexdigest()[:32], getattr(hashlib, name)().digest_size)
print(hashlib.shake_128(b'a').hexdigest(8), hashlib.pbkdf2_hmac('sha256', b'p', b's', 10).hex()[:20],
        hashlib.scrypt(b'p', salt=b's', n=2, r=8, p=1).hex()[:20])
z = zlib.compress(b'hello ' * 100)
d = zlib.decompressobj()
print(len(z) < 60, zlib.decompress(z)[:11],
        d.decompress(z[:10]) + d.decompress(z[10:]) + d.flush() == b'hello ' * 100, zlib.crc32(b'x'), zlib.adler32(b'x'))
r = random.Random(42)
print(r.random(), r.randint(1, 100), r.choice('abc'), r.sample(range(10), 3), r.shuffle(x := [1, 2, 3, 4]) or x,
        r.uniform(0, 1), r.gauss(0, 1), r.getrandbits(70), r.choices('ab', k=3), r.randrange(0, 100, 7),
                r.betavariate(1, 2), r.expovariate(1), random.Random('seed').random(), random.Random(b'x').random(),
                        random.Random(1.5).random())
D = decimal.Decimal
print(D('1.10') + D('2.2'), D(1) / D(3), D('1e5') * 2, D('1.5').quantize(D('1')), D('NaN'), D('-0').is_signed(),
        D(0.1), round(D('2.675'), 2), D('10').sqrt(), D('1.23').as_tuple(), f"{D('1234.5'):,.2f}", D('1') == 1,
                hash(D('1')) == hash(1), D('3').ln(), decimal.getcontext().prec, divmod(D(7), D(3)),
                        D('1E+3').normalize(), max(D(1), D(2)))
with decimal.localcontext() as ctx:
    ctx.prec = 5
    print(D(1) / D(7), D(2) ** 100)
for bad in (lambda: D('x'), lambda: D(1) / 0, lambda: D('0') / D('0'), lambda: D(1) + 1.5, lambda: D('sNaN') + 1):
    try:
        bad()
    except (decimal.DecimalException, TypeError) as e:
        print(type(e).__name__, e)
F = fractions.Fraction
print(F(3, 6), F('0.125'), F(0.5), F(1, 3) + F(1, 6), F(7, 2) // 1, F(22, 7).limit_denominator(5), float(F(1, 3)),
        F(1, 2) == 0.5, hash(F(1, 2)) == hash(0.5), F(1, 3) ** 2, round(F(5, 2)))
print(statistics.mean([1, 2, 4]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3, 4]),
        statistics.mode('aab'), statistics.quantiles([1, 2, 3, 4, 5]), statistics.pvariance([1, 2]),
                statistics.fmean([1.5, 2.5]), statistics.linear_regression([1, 2], [2, 4]))

# Texts with much to escape, after wider text and alone; and marshal's references beyond the first few.
import json
import marshal

for text in 'hé\u20acllo ' * 20, '\U0001F600"\\\n\x01\x7f~' * 9, 'plain' * 30 + '\x7f', 'é', '\ud800x\udc00', '"' * 70, '':
    for separators in (', ', ': '), ('\u3002', ':'):
        for ascii_only in True, False:
            out = json.dumps([text, {text: text}], ensure_ascii=ascii_only, separators=separators)
            print(ascii(out))
            assert separators[0] != ', ' or json.loads(out) == [text, {text: text}]
shared = [[str(i) * 2] for i in range(40)]
data = marshal.dumps((shared, shared[::3], {1: shared[39], 2: shared[0][0]}, shared))
back = marshal.loads(data)
assert back == marshal.loads(marshal.dumps((shared, shared[::3], {1: shared[39], 2: shared[0][0]}, shared), 2))
assert all(x is back[0][3 * i] for i, x in enumerate(back[1])) and back[2][1] is back[0][39] and back[3] is back[0]
assert back[2][2] is back[0][0][0]
