# Texts of all widths, long and short, with surrogates and what an encoding lacks at any place, through the codecs that take whole
# runs of characters at once; repr, lines, case and hexadecimal digits of the same texts.
import hashlib
import random

rng = random.Random(5)
ALPHABETS = ["abc XYZ\t\n", "abéÿ\x85\x1c", "жЯ ёы\n\u2028ß", "aж€ﬁΣσ\u2029", "a😀ж\U0010ffff ", "\ud800a\udc80ж", "😀\udfffx", "ꙀǅŉΑΣ"]
SIZES = [0, 1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257]
ERRORS = ["strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape", "surrogatepass"]
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "ascii", "cp1251", "koi8-r",
             "cp1252", "cp437"]


def attempt(call, *args):
    try:
        return call(*args)
    except UnicodeError as error:
        return type(error).__name__, str(error)


def digest(results):
    return hashlib.md5(ascii(results).encode()).hexdigest()


texts = []
for alphabet in ALPHABETS:
    for size in SIZES:
        text = "".join(rng.choice(alphabet) for _ in range(size))
        texts.append(text)
        if size > 2:  # one strange character in a plain text
            at = rng.randrange(size)
            plain = rng.choice("aéж") * size
            texts.append(plain[:at] + rng.choice(alphabet) + plain[at + 1 :])

for encoding in ENCODINGS:
    for errors in ERRORS:
        encoded = [attempt(text.encode, encoding, errors) for text in texts]
        print(encoding, errors, digest(encoded), end=" ")
        plain = [data for data in encoded if type(data) is bytes]
        print(digest([attempt(data.decode, encoding, errors) for data in plain]), end=" ")
        cut = [data[rng.randrange(3) : len(data) - rng.randrange(3)] for data in plain]
        if errors not in ("xmlcharrefreplace", "namereplace"):
            print(digest([attempt(data.decode, encoding, errors) for data in cut]), end=" ")
        print()

for name in ("upper", "lower", "title", "capitalize", "swapcase", "casefold", "splitlines"):
    print(name, digest([getattr(text, name)() for text in texts]))
print(digest([text.splitlines(True) for text in texts]), digest([repr(text) for text in texts]), digest([ascii(text) for text in texts]))

# Decoded piece by piece.
import codecs

for encoding in ("utf-16", "utf-16-be", "utf-32", "utf-32-le"):
    results = []
    for text in texts:
        data = attempt(text.encode, encoding)
        if type(data) is bytes:
            decoder = codecs.getincrementaldecoder(encoding)()
            cuts = sorted(rng.randrange(len(data) + 1) for _ in range(3))
            pieces = [data[a:b] for a, b in zip([0] + cuts, cuts + [len(data)])]
            results.append([decoder.decode(piece) for piece in pieces] + [decoder.decode(b"", True)])
            assert "".join(results[-1]) == text
    print(encoding, len(results), digest(results))

# Charmaps: characters that are there twice, missing, astral, and a table shorter than 256.
for table in ("".join(map(chr, range(256))), "ab\ufffec" * 40, "😀ж" * 20 + "a", "x", "a" * 300):
    mapping = codecs.charmap_build(table)
    print(digest([attempt(codecs.charmap_encode, text, errors, mapping) for text in texts for errors in ("strict", "replace")]))
    datas = [bytes(rng.randrange(limit) for _ in range(size)) for size in SIZES for limit in (2, 100, 256)]
    print(digest([attempt(codecs.charmap_decode, data, errors, table) for data in datas for errors in ("strict", "replace")]))

# A handler that gives other bytes to decode.
def exchange(error):
    error.object = b"a\0" * 40
    return "?", 2


codecs.register_error("exchange", exchange)
print(attempt((b"b\0" * 40 + b"\0\xdc" + b"c\0" * 3).decode, "utf-16-le", "exchange"))

# Hexadecimal digits.
data = bytes(range(256))
print(digest([data[:n].hex(*args) for n in (0, 1, 2, 5, 16, 17, 255, 256) for args in ((), (":",), ("-", 3), ("-", -3), (" ", 100), (" ", 300))]))
for text in ["", " 0a FF\t10\n", "00ff10" * 20, "0", "0g", "g0", " 1 2", "00\xe9", "ж0", "0ж", "00 00 0x"]:
    try:
        print(bytes.fromhex(text))
    except ValueError as error:
        print(error)
