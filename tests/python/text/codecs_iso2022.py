"""The ISO 2022 codecs: every character and every code of two bytes, escape sequences in any order, incremental coders and states."""
import codecs
import hashlib
import random

NAMES = ['iso2022_kr', 'iso2022_jp', 'iso2022_jp_1', 'iso2022_jp_2', 'iso2022_jp_2004', 'iso2022_jp_3', 'iso2022_jp_ext']
LONG = [b'\x1b$B', b'\x1b$(C', b'\x1b$)C\x0e', b'\x1b$(D', b'\x1b$A', b'\x1b$(O', b'\x1b$(P', b'\x1b$(Q']
ESCAPES = LONG + [b'\x1b(B', b'\x1b(J', b'\x1b(I', b'\x1b$@', b'\x1b&@\x1b$B', b'\x1b$)C', b'\x1b.A', b'\x1b.F', b'\x1bN', b'\x0e',
                  b'\x0f', b'\n', b'\x1b', b'\x1b$', b'\x1b(', b'\x1bx', b'\x1b[0m', b'\x1b$(Z', b'\x1b-A', b'\x1b&@', b'a', b'\xe9',
                  b'0!', b'!"', b'~', b'\\']
POOL = ('aé\u3042\u304b\u309a\u4e9c\u4e02\uac00\u5f25\u00a5\u203e\uff3c\uff71\n\\~\u03b1\u20ac\U0002000b\u7e41\u4f60\u6f22x '
        '\u2015\u2225\uff0d\u31f7\u00e6\u0300')
R = random.Random(5)


def tried(f, *args):
    try:
        return f(*args)
    except UnicodeError as e:
        return (e.start, e.end, e.reason, e.encoding) if hasattr(e, 'start') else str(e)


for name in NAMES:
    digest = hashlib.sha256()
    for c in range(0x30000):
        digest.update(repr(tried(chr(c).encode, name)).encode())
    print(name, 'encodes', digest.hexdigest())
    for escape in LONG:
        digest = hashlib.sha256()
        for a in range(0x21, 0x7f):
            for b in range(0x21, 0x7f):
                digest.update(ascii(tried((escape + bytes((a, b))).decode, name)).encode())
        print(name, escape, 'decodes', digest.hexdigest())

for i in range(2000):
    name = R.choice(NAMES)
    data = b''.join(R.choice(ESCAPES) if R.random() < .4 else bytes(R.randrange(0x20, 0x80) for _ in range(R.randrange(4)))
                    for _ in range(R.randrange(1, 8)))
    decoder = codecs.getincrementaldecoder(name)('replace')
    parts = [tried(decoder.decode, data[k:k + 1]) for k in range(len(data))]
    state = decoder.getstate()
    print(name, data, ascii([tried(data.decode, name), data.decode(name, 'replace'), parts, state, tried(decoder.decode, b'', True)]))

for i in range(2000):
    name = R.choice(NAMES)
    text = ''.join(R.choice(POOL) for _ in range(R.randrange(1, 9)))
    encoder = codecs.getincrementalencoder(name)('replace')
    parts = []
    for c in text:
        parts += encoder.encode(c), encoder.getstate()
    parts += encoder.encode('', True), encoder.encode(text), encoder.reset(), encoder.encode('a', True)
    print(name, ascii(text), tried(text.encode, name), text.encode(name, 'ignore'), text.encode(name, 'xmlcharrefreplace'), parts)

for name in 'utf-8\udce2', 'latin-1\ud800', 'utf\u20ac8', 'é':
    for f in (lambda: b'x'.decode(name), lambda: 'x'.encode(name), lambda: codecs.lookup(name).name, lambda: str(b'x', name)):
        try:
            print(ascii(name), f())
        except (LookupError, UnicodeError) as e:
            print(ascii(name), type(e).__name__, ascii(str(e)))
