"""Prints the expected checksums of unicode_test.cpp, from the unicodedata and str of the Python 3.11 that runs it."""
import unicodedata
from unicodedata import ucd_3_2_0

MASK = (1 << 64) - 1


def checksum(function):
    value = 0
    for code in range(0x110000):
        for ch in function(chr(code)):
            value = ((value ^ ord(ch)) * 0x9E3779B97F4A7C15 + 1) & MASK
            value ^= value >> 29
    return value


def flags(s):
    bits = (s.isalpha(), s.islower(), s.isupper(), s.isspace(), s.isprintable(), s.isdecimal(), s.isdigit(), s.isnumeric(), s.isalnum(),
            s.isidentifier() and s != "_", ("a" + s).isidentifier(), len(("a" + s).splitlines()[0]) == 1)
    return "".join("01"[bool(b)] for b in bits)


def database(ucd):
    return lambda s: "%s|%s|%s|%d|%d|%d|%s|%s\n" % (
        ucd.category(s), ucd.bidirectional(s), ucd.east_asian_width(s), ucd.combining(s), ucd.mirrored(s), ucd.decimal(s, -1),
        ucd.decomposition(s), ucd.name(s, ""))


print("flags    ", hex(checksum(flags)))
print("case     ", hex(checksum(lambda s: "|".join((s.upper(), s.lower(), s.title(), s.casefold())))))
print("14.0.0   ", hex(checksum(database(unicodedata))))
print("3.2.0    ", hex(checksum(database(ucd_3_2_0))))
for form in "NFD", "NFKD", "NFC", "NFKC":
    print(form, "\t ", hex(checksum(lambda s: unicodedata.normalize(form, s))))
