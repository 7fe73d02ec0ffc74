# audioop: every function on many fragments of every width, and the wording of errors.
# timeout: 120
import random
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    import audioop
print([(w.category.__name__, str(w.message)) for w in caught])
random.seed(7)


def t(name, *args):
    try:
        r = getattr(audioop, name)(*args)
    except Exception as e:
        r = (type(e).__module__, type(e).__name__, str(e))
    print(name, args[1:], r if len(repr(r)) < 200 else (repr(r)[:60], hash_of(r)))


def hash_of(r):
    data = repr(r).encode()
    n = 0
    for b in data:
        n = (n * 31 + b) & 0xffffffff
    return n


FRAGMENTS = [b'', b'\0' * 12, b'\x7f\xff\x80\0' * 6, bytes(range(240)), bytes(random.randrange(256) for _ in range(480)),
             b'\xff\xff\xff\x7f' * 12, b'\0\0\0\x80' * 12, b'abcdefghijklmnopqrstuvwx']
for f in FRAGMENTS:
    for width in (1, 2, 3, 4):
        for name in 'max minmax avg maxpp avgpp rms cross reverse byteswap lin2ulaw lin2alaw ulaw2lin alaw2lin'.split():
            t(name, f, width)
        for factor in (0, 0.5, -1, 3, 1e300, -1e300):
            t('mul', f, width, factor)
            t('tostereo', f, width, factor, 1)
            t('tomono', f, width, factor, 0.25)
        for bias in (0, 1, -1, 0x7fffffff, -0x80000000, 200):
            t('bias', f, width, bias)
        t('add', f, f[::-1], width)
        for new in (1, 2, 3, 4):
            t('lin2lin', f, width, new)
        for state in (None, (0, 0), (-32768, 88), (1000, 30)):
            t('lin2adpcm', f, width, state)
            t('adpcm2lin', f, width, state)
        for rates in ((8000, 8000), (8000, 16000), (44100, 8000), (3, 7), (7, 3)):
            for channels in (1, 2):
                for weights in ((), (3, 1)):
                    t('ratecv', f, width, channels, *rates, None, *weights)
                t('ratecv', f, width, channels, *rates, (-3, ((1, 2),) * channels))
        t('getsample', f, width, 0)
        t('getsample', f, width, 5)
    for length in (0, 1, 5, 12):
        t('findmax', f, length)
        if length and any(f[2:2 + 2 * length]) and any(f[:2 * length]):
            t('findfit', f, f[2:2 + 2 * length])
    if any(f):
        t('findfactor', f, f[::-1])

for args in (('getsample', b'abc', 2, 0), ('getsample', b'ab', 5, 0), ('getsample', b'abcd', 2, 2), ('getsample', b'abcd', 2, -1),
             ('max', 'abc', 1), ('add', b'a', b'ab', 1), ('cross', b'abc', 2), ('findfit', b'abc', b'a'), ('findfit', b'ab', b'abcd'),
             ('findfactor', b'ab', b'abcd'), ('findmax', b'abcd', -1), ('findmax', b'abcd', 5), ('max', b'', 0),
             ('ratecv', b'abcd', 2, 0, 8000, 8000, None), ('ratecv', b'abcd', 2, 1, 0, 8000, None),
             ('ratecv', b'abcd', 2, 1, 8000, 8000, None, 0), ('ratecv', b'abcd', 2, 1, 8000, 8000, 3),
             ('ratecv', b'abcd', 2, 1, 8000, 8000, (1,)), ('ratecv', b'abc', 2, 1, 8000, 8000, None),
             ('ratecv', b'abcd', 2, 1, 8000, 8000, (1, ((1, 2), (3, 4)))), ('ratecv', b'abcd', 2, 1, 8000, 8000, (1, (3,))),
             ('ratecv', b'abcd', 2, 1, 8000, 8000, (1, ((1, 'a'),))), ('ratecv', b'', 4, 2 ** 30, 8000, 8000, None),
             ('lin2adpcm', b'abcd', 2, (100000, 0)), ('lin2adpcm', b'abcd', 2, 3), ('adpcm2lin', b'ab', 2, (0, 90)),
             ('adpcm2lin', b'ab', 2, (0,)), ('lin2ulaw', b'abc', 2), ('tomono', b'abc', 1, 1, 1), ('tostereo', b'abc', 2, 1, 1),
             ('lin2lin', b'abc', 3, 5), ('bias', b'abc', 1, 2 ** 40), ('bias', b'abc', 1, -2 ** 80), ('byteswap', b'abc', 2), ('tomono', b'abcdef', 2, 1, 1)):
    t(*args)
