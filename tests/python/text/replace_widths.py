# str.replace between texts of all widths: the result is as narrow as its characters allow, whatever goes and comes; bytes and
# bytearray likewise.
import itertools
import zlib

PIECES = ["", "a", "b", "ab", "é", "éé", "ж", "жa", "€", "😀", "😀a", "aé", "ÿ"]
TEXTS = ["", "a", "abab", "éaé", "жaéж", "😀жaé", "😀😀a", "ééé", "aaaa", "жж", "ab" * 50 + "é", "x" * 70 + "ж" + "ab" * 40]
results = []
for text in TEXTS:
    for old, new in itertools.product(PIECES, PIECES):
        for count in (-1, 0, 1, 2, 100):
            result = text.replace(old, new, count)
            again = result.encode("utf-32").decode("utf-32")  # made from characters
            assert result == again and hash(result) == hash(again) and result.isascii() == again.isascii()
            assert result.encode() == again.encode()
            data = text.encode(), old.encode(), new.encode()
            results += result, data[0].replace(*data[1:], count), bytearray(data[0]).replace(*data[1:], count)
print(len(results), zlib.crc32(repr(results).encode()))

# A set finds the text that is equal, and gives back the one that it has.
words = ["".join(chr(97 + i * j % 26) for i in range(n)) for n in range(40) for j in range(5)]
kept = set(words)
for word in words:
    copy = "".join(list(word))
    assert copy in kept and len(kept | {copy}) == len(kept)
    (there,) = kept & {copy}
    assert there == copy
    kept.discard(copy)
    assert copy not in kept
    kept.add(word)
print(len(kept), max(kept, key=lambda word: (len(word), word)))
