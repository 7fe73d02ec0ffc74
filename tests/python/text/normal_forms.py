# Normal forms of texts of each width, and of characters about where the shortcuts begin: one by one and beside marks.
import unicodedata
import zlib

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
WITNESSES = ("{}", "e{}", "{}\u0301", "\u0327{}\u0323", "{}\U0001d15f", "a{}b")
crc = 0
for form in FORMS:
    for block in (range(0x20, 0x400), range(0x1100, 0x1110), range(0x1160, 0x1200), range(0x1e00, 0x2200), range(0x3040, 0x3100),
                  range(0xac00, 0xac20), range(0xfb00, 0xfb50), range(0x1d150, 0x1d170), range(0x2f800, 0x2f820)):
        for code in block:
            for witness in WITNESSES:
                text = witness.format(chr(code))
                made = unicodedata.normalize(form, text)
                assert unicodedata.is_normalized(form, text) == (made == text), (form, text)
                assert unicodedata.normalize(form, made) == made
                crc = zlib.crc32(made.encode(), crc)
    print(form, crc)

for text in ("plain text", "na\xefve caf\xe9", "\u043f\u0440\u0438\u0432\u0435\u0442", "\ufb01ne \u212bngstr\xf6m", "\U0001f600 a\u0301", ""):
    for form in FORMS:
        print(form, ascii(unicodedata.normalize(form, text * 3)), unicodedata.is_normalized(form, text * 3))
    assert unicodedata.normalize("NFC", text).isascii() == text.isascii()
for name in ("NFX", "nfc", ""):
    try:
        unicodedata.normalize(name, "abc")
    except ValueError as error:
        print(error)
names = [unicodedata.name(chr(code), "") for code in range(0x30000)]
print(zlib.crc32("\n".join(names).encode()), unicodedata.name("\U000e0041"), unicodedata.name("\U0010ffff", None))
