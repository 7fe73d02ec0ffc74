# Characters, comparisons and lengths of strings and bytes in code that runs often, of every width, and of other objects in their
# place.
# timeout: 120


def characters(text, indices):
    out = []
    for i in indices:
        try:
            out.append(text[i])
        except IndexError as e:
            out.append(str(e))
    return out


def ends(text):
    return text[0], text[-1], text[2]


class Text(str):
    def __getitem__(self, i):
        return 'item', i


class Same(str):
    def __eq__(self, other):
        return 'never the same'

    def __lt__(self, other):
        return 'less'

    __hash__ = str.__hash__


texts = ['abcdef', 'a\xe9\xff\x80z', 'x\u20acy\u0100', 'z\U0001f600y\u1234', b'by\x00tes\xff', Text('abc'), bytearray(b'xyz'),
         ['l', 'i', 's', 't'], ('t', 'u', 'p'), range(5, 9), memoryview(b'mem')]
for _ in range(150):
    for text in texts:
        characters(text, range(-8, 8))
        ends(text)
for text in texts:
    print(characters(text, [0, 1, -1, -3, 3, 7, -8, 2**70, True]), ends(text))
print([c is texts[1][k] for k, c in enumerate(characters(texts[1], range(5)))])


def compared(a, b):
    out = [a < b, a <= b, a == b, a != b, a > b, a >= b]
    if a < b:
        out.append('lt')
    if a <= b:
        out.append('le')
    if a == b:
        out.append('eq')
    if a != b:
        out.append('ne')
    if a > b:
        out.append('gt')
    if a >= b:
        out.append('ge')
    if not a < b:
        out.append('not lt')
    if not a == b:
        out.append('not eq')
    if not a >= b or a == b:
        out.append('le, as well')
    return out


base = ''.join(chr(97 + k % 26) for k in range(130))
samples = ['', 'a', 'b', 'ab', 'aa', '\x00', '\x7f', '\x80', '\xff', 'a\x00', 'a\xff', 'abcdefgh', 'abcdefgi', 'abcdefg', 'abcdefghi',
           'bbcdefgh', 'abc\xe9efgh', '\u20ac', 'abcdefgh\u20ac', '\U0001f600']
for n in (7, 8, 9, 15, 16, 17, 63, 64, 65, 128):
    samples += [base[:n], base[:n - 1] + '~', '\xff' + base[1:n], base[:n // 2] + '\x01' + base[n // 2 + 1:n]]
samples += [''.join(list(s)) for s in samples[10:24]]  # equal, and other objects
for a in samples:
    for b in samples:
        got = compared(a, b)
        left, right = a.encode('utf-32-be'), b.encode('utf-32-be')
        assert got == compared(left, right), (a, b, got)
print(compared('a', 'b'), compared('same' * 30, 'same' * 30))
print(compared(Same('a'), 'a'), compared('a', Same('a')))
for a, b in ((1, 2), (1.5, 1), ((1, 'a'), (1, 'b')), (b'a', b'b'), (True, 0), ([], [1]), ({1}, {1, 2})):
    print(compared(a, b))
for a, b in (('a', 1), (1, 'a'), ('a', None), (None, 'a'), ('a', b'a')):
    try:
        print(compared(a, b))
    except TypeError as e:
        print(e)


# What is known of other variables outlives a comparison and the choice of a character.
def between(x, y, text, n):
    total = 0
    for i in range(n):
        x = x * 1.0009765625
        y = y + 0.25
        z = x + y
        if text[i % 3] == 'b':
            z = z - x
        if text < 'abd' and not text == '' and text:
            total += i
        x, y = y - z + x, z - y
        w = x + y + z
    return w, total


assert between(1.5, 2.25, 'abc', 400) == between(1.5, 2.25, 'ab\u20ac'[:2] + 'c', 400)
print(between(1.5, 2.25, 'abc', 50), between(0.5, -3.0, 'xbz', 50))
