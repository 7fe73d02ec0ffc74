# reversed() of strings of every width: items, what is left, and strings of other classes.
for text in ('', 'a', 'abc', 'aé', 'aé日', 'a😀é'):
    backwards = ''.join(reversed(text))
    assert backwards == text[::-1] and list(reversed(text)) == list(backwards), text
it = reversed('abc')
print(next(it), it.__length_hint__(), it.__reduce__()[1:], list(it), list(it), it.__length_hint__(), next(it, 'end'))
it = reversed('abcd')
it.__setstate__(1)
print(list(it))


class Shouting(str):
    def __getitem__(self, i):
        return super().__getitem__(i).upper()


print(list(reversed(Shouting('abc'))))

# tuples and bytes backwards, and steps that are set
for sequence in ((), (1,), tuple(range(300)), b'', b'x', bytes(range(256)), 'a\xe9\u20ac\U0001f600' * 5):
    assert list(reversed(sequence)) == list(sequence[::-1]) == [*reversed(sequence)]
    it = reversed(sequence)
    assert it.__length_hint__() == len(sequence) and (next(it, None) == (sequence[-1] if sequence else None))
    it.__setstate__(100)
    assert list(it) == list(sequence[::-1])[-101:]
    it = reversed(sequence)
    it.__setstate__(-5)
    assert list(it) == []
assert bytes(reversed(bytes(range(256)))) == bytes(range(255, -1, -1))
for text in ('', 'abc', 'h\xe9', '\x7f\x80\xff\u0100\uffff\U00010000\U0010ffff', "it's \"\u20ac\"\n", '\ud800x' * 3):
    print(ascii(text), ascii([text]), '%a' % text, f'{text!a}')
    assert ascii(text).isascii() and eval(ascii(text)) == text
