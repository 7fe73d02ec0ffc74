# Sorting texts of all widths that begin alike, end early or hold zeros: stable, with and without keys, forward and backward.
import random
import zlib

rng = random.Random(3)
crc = 0


def check(texts):
    global crc
    for reverse in (False, True):
        result = sorted(texts, reverse=reverse)
        places = sorted(range(len(texts)), key=texts.__getitem__, reverse=reverse)
        assert [id(texts[i]) for i in places] == [id(text) for text in result]
        assert sorted(result, reverse=reverse) == result
        crc = zlib.crc32(repr((result, places)).encode(), crc)
    if texts:
        crc = zlib.crc32(repr((min(texts), max(texts))).encode(), crc)


for letters in ("ab", "a\0b", "aé", "abж", "ab😀", "aÿ\0", "abcdefgh"):
    for count in (0, 1, 2, 5, 63, 64, 65, 300):
        for longest in (1, 3, 8, 9, 20):
            for front in ("", "abcdefgh", "ж"):
                texts = [front + "".join(rng.choices(letters, k=rng.randrange(longest + 1))) for _ in range(count)]
                check(texts)
                check(sorted(texts)[:-5] + texts[:5] + ["é", "ж"][: rng.randrange(3)])
print(crc)
