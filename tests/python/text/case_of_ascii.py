# modes: gil=1
# isupper() and islower() of ASCII text: every character at every place of a text of any length, against their definition.
def expected(text, mine, other):
    return any(c in mine for c in text) and not any(c in other for c in text)


UPPER, LOWER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'
ASCII = [chr(i) for i in range(128)]
for filler in '1', 'Q', 'q', '@', '\x7f', '\0':
    for length in range(19):
        for place in range(length):
            for ch in ASCII:
                text = filler * place + ch + filler * (length - place - 1)
                assert text.isupper() is expected(text, UPPER, LOWER), text
                assert text.islower() is expected(text, LOWER, UPPER), text
assert not ''.isupper() and not ''.islower()
assert ('X_' * 1000).isupper() and not ('X_' * 1000 + 'x').isupper() and not ('x' + 'X_' * 1000).isupper()
print('ok')
