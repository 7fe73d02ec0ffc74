# UTF-8 of texts in which runs of ASCII of all lengths alternate with wider characters; str.translate(); lists of characters.
import random


def raises(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


def bytes_of(ch):
    n = ord(ch)
    if n < 0x80:
        return bytes([n])
    if n < 0x800:
        return bytes([0xC0 | n >> 6, 0x80 | n & 63])
    if n < 0x10000:
        return bytes([0xE0 | n >> 12, 0x80 | n >> 6 & 63, 0x80 | n & 63])
    return bytes([0xF0 | n >> 18, 0x80 | n >> 12 & 63, 0x80 | n >> 6 & 63, 0x80 | n & 63])


r = random.Random(3)
for wide in ("\x80\xe9\xff", "\u0100\u07ff\xe9", "\u0800\u4e00\ufffd\xe9", "\U00010000\U0001f600\U0010ffff\u4e00\x80"):
    for run in range(20):
        for _ in range(12):
            text = ""
            while len(text) < 60:
                text += "".join(chr(r.randrange(128)) for _ in range(r.randrange(run + 1)))
                text += "".join(r.choice(wide) for _ in range(r.randrange(3)))
            for start in range(3):
                for stop in (len(text), len(text) - 1, start + 7, start + 8, start + 9):
                    part = text[start:stop]
                    data = b"".join(map(bytes_of, part))
                    assert part.encode() == data
                    back = data.decode()
                    assert back == part and max(back, default="a") == max(part, default="a")
                    assert list(part) == [part[i] for i in range(len(part))]
assert raises(UnicodeEncodeError, "abcdefgh\u4e00xyz\udc80".encode).startswith("'utf-8' codec can't encode character '\\udc80' in position 12")
assert "ab\u4e00\udc80".encode("utf-8", "surrogateescape") == b"ab\xe4\xb8\x80\x80"
assert raises(UnicodeDecodeError, "\xe9".encode("latin-1").decode) == (
    "'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data"
)

# characters put behind others
items = ["x"]
items.extend("abc")
items.extend("\xe9\u4e00d")
items += "\x00\x7f"
assert items == ["x", "a", "b", "c", "\xe9", "\u4e00", "d", "\0", "\x7f"]
assert list("") == [] and list("a" * 5000) == ["a"] * 5000
every = "".join(map(chr, range(128)))
assert [ord(c) for c in list(every)] == list(range(128))


# translate
def naive(text, table):
    made = ""
    for ch in text:
        try:
            to = table[ord(ch)]
        except LookupError:
            made += ch
            continue
        made += "" if to is None else to if isinstance(to, str) else chr(to)
    return made


tables = [
    str.maketrans("abc", "xyz"),
    str.maketrans("abc", "xyz", "def"),
    str.maketrans("", "", "aeiou "),
    {97: "long one", 98: None, 99: 0x4E00, 100: "\xe9", 101: "e", 102: "", 0x4E00: "!", 0xE9: 65},
    {i: (i * 7) % 128 for i in range(128)},
    {i: None for i in range(128)},
]


class Table:
    def __getitem__(self, n):
        if n % 3 == 0:
            raise KeyError(n)
        return None if n % 3 == 1 else chr(n).upper()


tables.append(Table())
for table in tables:
    for _ in range(20):
        text = "".join(r.choice("abcdefgh ijk\n") for _ in range(r.randrange(50)))
        assert text.translate(table) == naive(text, table)
        text += r.choice(["\xe9", "\u4e00", "\U0001f600"]) + text
        assert text.translate(table) == naive(text, table)
assert raises(ValueError, "ab".translate, {98: 0x110000}) == "character mapping must be in range(0x110000)"
assert raises(TypeError, "ab".translate, {98: 1.5}) == "character mapping must return integer, None or str"
