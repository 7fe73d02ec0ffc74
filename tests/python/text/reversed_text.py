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
