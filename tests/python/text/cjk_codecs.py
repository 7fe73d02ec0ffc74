# The CJK codecs: every code of two bytes both ways, longer codes, error handlers, incremental coders, streams.
# timeout: 120
import codecs
import io
import random

random.seed(3)
NAMES = ('gb2312 gbk gb18030 hz euc_kr cp949 johab big5 cp950 big5hkscs shift_jis cp932 euc_jp shift_jis_2004 euc_jis_2004 '
         'shift_jisx0213 euc_jisx0213').split()


def checksum(items):
    n = 0
    for item in items:
        for b in repr(item).encode('utf-8', 'backslashreplace'):
            n = (n * 31 + b) & 0xffffffffffff
    return n


def attempt(f, *args):
    try:
        return f(*args)
    except UnicodeError as e:
        # Not the arguments: CPython goes on using one exception for all errors of a call.
        return type(e).__name__, e.start, e.end, e.reason


for name in NAMES:
    codec = codecs.lookup(name)
    print(name, checksum(attempt(bytes((b,)).decode, name) for b in range(256)),
          checksum(attempt(bytes((a, b)).decode, name) for a in range(0x7e, 256) for b in range(0, 256, 3)),
          checksum(attempt(bytes((a, b)).decode, name) for a in range(0x7e, 256) for b in range(1, 256, 3)))
    print(name, checksum(attempt(chr(c).encode, name) for c in range(0, 0x10000)),
          checksum(attempt(chr(c).encode, name) for c in range(0x1f000, 0x30000, 5)))
    random_bytes = [bytes(random.choice((random.randrange(256), random.randrange(0x80, 256), 0x8f, 0x8e, 0x30, 0xa4, 0xd4))
                          for _ in range(random.randrange(1, 12))) for _ in range(1500)]
    for errors in ('strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape'):
        print(name, errors, checksum(attempt(b.decode, name, errors) for b in random_bytes))
    texts = [''.join(random.choice(('a', '\u3042', '\u4e00', '\uac00', '\ud7a3', '\u304b\u309a', '\u02e9', '\u00ca\u0304', '\u00ca', '\u30c8',
                                    '\U00020089', '\uff71', '\u20ac', '\xe9', '\x80', '~', '\u0300', '\u309a', '\ud800'))
                     for _ in range(random.randrange(1, 6))) for _ in range(1500)]
    for errors in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'namereplace'):
        if name == 'hz' and errors.endswith('refreplace') or name == 'hz' and errors == 'namereplace':
            continue        # differs in when the escape back to ASCII is written
        print(name, errors, checksum(attempt(t.encode, name, errors) for t in texts))
    good = ''.join(c for t in texts for c in t if isinstance(attempt(c.encode, name), bytes))
    data = good.encode(name)
    print(name, data.decode(name) == good)
    d = codec.incrementaldecoder()
    pieces = [(d.decode(data[i:i + 1]), d.getstate()) for i in range(300)]
    print(name, checksum(pieces))
    e = codec.incrementalencoder()
    pieces = []
    for c in good[:300]:
        pieces.append((e.encode(c), e.getstate()))
    pieces.append(e.encode('', True))
    print(name, checksum(pieces))
    r = codec.streamreader(io.BytesIO(data))
    print(name, r.read(10), r.readline() != '', len(r.read()), r.read(5) == '')
    w = codec.streamwriter(io.BytesIO())
    w.write(good[:50])
    w.writelines([good[50:60], 'x'])
    w.reset()
    print(name, w.stream.getvalue() == (good[:60] + 'x').encode(name))
codecs.register_error('test.mine', lambda e: ('<%d-%d %s>' % (e.start, e.end, e.reason), e.end))
codecs.register_error('test.bytes', lambda e: (b'\xff', e.end))
codecs.register_error('test.bad', lambda e: ('\ud800', e.end))
codecs.register_error('test.far', lambda e: ('', 99))
for name in ('euc_jp', 'hz'):
    for errors in ('test.mine', 'test.bytes', 'test.bad', 'test.far', 'test.none'):
        for f, x in (('encode', 'a\u0e01b'), ('decode', b'a\xff\xfeb')):
            try:
                print(name, errors, getattr(codecs, f)(x, name, errors))
            except Exception as e:
                print(name, errors, type(e).__name__, e)
import _codecs_jp
import _multibytecodec
for f in (lambda: _codecs_jp.getcodec('x'), lambda: _codecs_jp.getcodec(3), lambda: _multibytecodec.MultibyteIncrementalEncoder(),
          lambda: codecs.lookup('gbk').incrementalencoder(3), lambda: _codecs_jp.getcodec('euc_jp').decode(3),
          lambda: codecs.lookup('gbk').incrementaldecoder().setstate((b'123456789', 0)),
          lambda: _codecs_jp.getcodec('euc_jp').encode('a', 3), lambda: _multibytecodec.MultibyteCodec()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
