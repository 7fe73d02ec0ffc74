# Strings put together in code that runs often: of all lengths and widths, of subclasses, in place, and where no strings are added.
# timeout: 120
PIECES = ['', 'a', 'ab', 'abc', 'abcdefg', 'abcdefgh', 'abcdefghijklmno', 'abcdefghijklmnop', 'abcdefghijklmnopq', 'x' * 31,
          'y' * 32, 'z' * 33, 'q' * 100, 'w' * 150, 'v' * 199, 'u' * 200, 't' * 255, 's' * 256, 'r' * 5000, '\xe9', 'h\xe9llo',
          '\xff' * 40, '\u20ac', 'h\u20acllo', '\U0001f600', 'h\U0001f600' * 20]


def add(a, b):
    return a + b


def add_to(a, b):
    a += b
    return a


def check(f, a, b, expected):
    c = f(a, b)
    assert c == expected and len(c) == len(a) + len(b), (a, b, c)
    assert hash(c) == hash(expected) and c.isascii() == expected.isascii() and list(c) == list(expected)
    assert c.encode() == expected.encode() and {c: 1}[expected] == 1 and c + '' == expected
    return c


for f in (add, add_to):
    for round in range(10):
        for a in PIECES:
            for b in PIECES:
                check(f, a, b, ''.join([a, b]))
print('pairs')

# Ones that were made are put together again: long ones have their characters elsewhere.
for n in (1, 2, 3, 7, 16, 33):
    for round in range(5):
        text = ''
        for i in range(400):
            text = check(add_to, text, 'abcdefghijklmnopqrstuvwxyz0123456789'[:n], 'abcdefghijklmnopqrstuvwxyz0123456789'[:n] * (i + 1))
            add('>', text), add(text, '<'), add(text, text)
        assert add(text, '!') == text + '!' and add(text, '?') == text + '?'
print('grown')
for i in range(2000):
    assert add('a', '') == 'a' and add('', 'b') == 'b'
    assert add(str(i), ' ') + str(i) == f'{i} {i}'


class Text(str):
    def __add__(self, other):
        return 'sub'


class Right(str):
    def __radd__(self, other):
        return 'right'


class Plain(str):
    pass


for i in range(2000):
    assert add(Text('a'), 'b') == 'sub' and add('a', Right('b')) == 'right' and add(Plain('a'), Plain('b')) == 'ab'
    assert add('', Plain('b')) == 'b' and type(add('', Plain('b'))) is str
for bad in ((1, 'a'), ('a', 1), ('a', None), ('a', b'b'), (b'a', 'b'), ('a', ['b']), (['b'], 'a'), ('a', ()), (1.5, 'a')):
    for f in (add, add_to):
        for i in range(3):
            try:
                f(*bad)
            except TypeError as e:
                text = str(e)
        print(bad, text)
for i in range(1000):
    assert add([1], [i]) == [1, i] and add((1,), (i,)) == (1, i) and add(1.5, i) == 1.5 + i and add(b'a', b'b') == b'ab'
    assert add(i, 2**70) == i + 2**70


def lists_together(n):
    a = [1, 2]; b = ['x']; e = []; out = 0
    big = list(range(60))
    for i in range(n):
        x = a + b; y = x + [i]; z = e + e; w = e + a; v = a + e
        x.append(3); y += [4]; z.append(1)
        u = big + big
        q = big + [1] * 40
        out += len(x) + len(y) + len(z) + len(w) + len(v) + len(u) + x[2:][1] + u[60] + q[99] + len(big + [1] * 41)
    return out, x, y, z, w, v


print(lists_together(1500))


def tuples_together(n):
    t = 0; e = (); a = (1, 2)
    class T(tuple): pass
    s = T((5,))
    for i in range(n):
        b = a + (i,); c = b + b; d = e + a; f = a + e; g = e + e
        h = s + a; k = a + s; c += (4,)
        long = (i,) * 60; m = long + long; o = long + (1,) * 40
        t += len(b) + len(c) + c[3] + (d is a) + (f is a) + (g is e) + len(m) + m[60] + o[-1] + len(o) + len(h) + k[-1] + (type(h) is tuple)
        try: a + [1]
        except TypeError as q: t += len(str(q))
    return t, b, c


print(tuples_together(1500))
