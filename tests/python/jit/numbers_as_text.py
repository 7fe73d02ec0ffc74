# Numbers as text, by str() and in f-strings, in code that runs often.
import enum


class Number(int):
    def __str__(self):
        return 'number'


class Level(enum.IntEnum):
    LOW = 1


def plain(x):
    return f'{x}'


def told(x):
    return f'{x!s}|{x!r}|{x!a}'


def text(x):
    return str(x)


def among(x, y):
    return f'{x}/{y}: {x + 1}'


edges = [0, 7, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 9999, 10000, 10001, 99999, 100000, 999999, 1000000, 9999999, 10000000,
         10203040, 12345678, 90000009, 98999899, 99999999, 100000000, 123456789, 1 << 40, (1 << 61) - 1, 1 << 61, 1 << 70]
edges += [-n for n in edges]
for _ in range(40):
    made = [(plain(n), told(n), text(n)) for n in edges]
print(made)

for n in range(0, 100_000_000, 12347):
    t = text(n)
    assert len(t) == (1 if n < 10 else 2 if n < 100 else len('%d' % n)) and t == '%d' % n == plain(n), n
    assert int(t) == n and t + 'x' == among(n, 0).split('/')[0] + 'x', n

others = ['text', 'ä', '', 1.5, None, True, Number(5), Level.LOW, (1, 2), [3], 1j, b'x']
for _ in range(40):
    made = [(plain(x), text(x), told(x)) for x in others for _ in (1, 2)]
print(made)

# What is made is a string as any other.
texts = {}
for i in range(3000):
    texts[text(i)] = plain(i)
print(len(texts), all(k == v and hash(k) == hash(v) for k, v in texts.items()), '2999' in texts, texts['1234'] is not None)
print(text(12345678).encode(), text(1234567)[2:], plain(7) + plain(12345678), ''.join(text(i) for i in range(20)))


class Loud:
    def __str__(self):
        return 5

    def __format__(self, spec):
        return None


for f in (plain, text):
    try:
        f(Loud())
    except TypeError as e:
        print(e)
