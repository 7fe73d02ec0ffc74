#!/usr/bin/env python3
"""Tables of the CJK codecs, from glibc's iconv and a file of measured differences to CPython's.

    gen_cjk.py EXCEPTIONS OUTPUT_DIRECTORY        at build time
    gen_cjk.py --measure EXCEPTIONS               under python3.11: writes the file of differences

A table maps codes of two bytes to a character or, in few places, to two. In the output a cell is 0 (nothing), a character of
the basic plane, or 0xD800 + n: the n-th entry of the table's list of others. The encoders invert it when they are first used;
where two codes mean one character, and where encoding isn't the inverse at all, the exceptions tell.
"""
import ctypes
import json
import os
import sys

# name: (CPython's codec, iconv's name, bytes before the two)
TABLES = {
    'gb2312': ('gb2312', 'EUC-CN', b''),
    'gbk': ('gbk', 'GBK', b''),
    'gb18030': ('gb18030', 'GB18030', b''),
    'euc_kr': ('euc_kr', 'EUC-KR', b''),
    'cp949': ('cp949', 'UHC', b''),
    'johab': ('johab', 'JOHAB', b''),
    'big5': ('big5', 'BIG5', b''),
    'cp950': ('cp950', 'CP950', b''),
    'big5hkscs': ('big5hkscs', 'BIG5-HKSCS', b''),
    'shift_jis': ('shift_jis', 'SHIFT_JIS', b''),
    'cp932': ('cp932', 'CP932', b''),
    'euc_jp': ('euc_jp', 'EUC-JP', b''),
    'jisx0212': ('euc_jp', 'EUC-JP', b'\x8f'),
    'shift_jis_2004': ('shift_jis_2004', 'SHIFT_JISX0213', b''),
    'euc_jis_2004': ('euc_jis_2004', 'EUC-JISX0213', b''),
    'euc_jis_2004_2': ('euc_jis_2004', 'EUC-JISX0213', b'\x8f'),
    'shift_jisx0213': ('shift_jisx0213', 'SHIFT_JISX0213', b''),
    'euc_jisx0213': ('euc_jisx0213', 'EUC-JISX0213', b''),
    'euc_jisx0213_2': ('euc_jisx0213', 'EUC-JISX0213', b'\x8f'),
}
LEADS, TRAILS = range(0x81, 0x100), range(0x21, 0x100)


class Iconv:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.iconv_open.restype = ctypes.c_void_p
    libc.iconv_open.argtypes = [ctypes.c_char_p] * 2
    libc.iconv.restype = ctypes.c_ssize_t
    libc.iconv.argtypes = [ctypes.c_void_p] * 5

    def __init__(self, encoding):
        self.handle = self.libc.iconv_open(b'UTF-32LE', encoding.encode())
        if self.handle is None or self.handle == ctypes.c_void_p(-1).value:
            raise LookupError('iconv has no %s' % encoding)
        self.out = ctypes.create_string_buffer(64)

    def decode(self, data):
        """The text, or None."""
        source = ctypes.create_string_buffer(data, len(data))
        at, left = ctypes.c_void_p(ctypes.addressof(source)), ctypes.c_size_t(len(data))
        to, room = ctypes.c_void_p(ctypes.addressof(self.out)), ctypes.c_size_t(64)
        arguments = [ctypes.addressof(x) for x in (at, left, to, room)]
        self.libc.iconv(self.handle, None, None, None, None)
        if self.libc.iconv(self.handle, *arguments) < 0:
            return None
        self.libc.iconv(self.handle, None, None, *arguments[2:])
        return self.out.raw[:64 - room.value].decode('utf-32-le', 'surrogatepass')


def singles_of(table, decode):
    return {b for b in range(256) if decode(bytes((b,))) is not None}


def from_iconv(name):
    """code -> text of a table, as iconv has it."""
    _, encoding, prefix = TABLES[name]
    iconv = Iconv(encoding)
    singles = singles_of(name, iconv.decode)
    found = {}
    for lead in LEADS:
        if not prefix and lead in singles:
            continue
        for trail in TRAILS:
            text = iconv.decode(prefix + bytes((lead, trail)))
            if text is not None and (len(text) == 1 or ord(text[0]) >= 0x80):
                found[lead << 8 | trail] = text
    return found


# --- measuring -------------------------------------------------------------

def attempt(function, *arguments):
    try:
        return function(*arguments)
    except UnicodeError:
        return None


def measured(name):
    """code -> text of a table, as CPython has it."""
    codec, _, prefix = TABLES[name]
    singles = singles_of(name, lambda b: attempt(b.decode, codec))
    found = {}
    for lead in LEADS:
        if not prefix and lead in singles:
            continue
        for trail in TRAILS:
            text = attempt((prefix + bytes((lead, trail))).decode, codec)
            if text is not None and (len(text) == 1 or ord(text[0]) >= 0x80):
                found[lead << 8 | trail] = text
    return found


def differences(name):
    ours, theirs = from_iconv(name), measured(name)
    codec, _, prefix = TABLES[name]
    if name.endswith('_2'):         # the codecs look into JIS X 0212 for what the second plane of JIS X 0213 hasn't got
        other = measured('jisx0212')
        theirs = {c: text for c, text in theirs.items() if c in ours or other.get(c) != text}
    changes = {'%04x' % c: theirs.get(c) for c in sorted(ours.keys() | theirs.keys()) if ours.get(c) != theirs.get(c)}
    one_way = ['%04x' % c for c, text in sorted(theirs.items())
               if attempt(text.encode, codec) != prefix + bytes((c >> 8, c & 255))]
    return {'changes': changes, 'decode_only': one_way}


def codec_facts(codec):
    """Single bytes beyond ASCII's own, first bytes that are illegal by themselves, and characters that only encode."""
    singles, illegal, encode_only = {}, [], {}
    for b in range(256):
        try:
            text = bytes((b,)).decode(codec)
            if text != chr(b) or b >= 0x80:
                singles['%02x' % b] = text
        except UnicodeDecodeError as e:
            if e.reason.startswith('illegal'):
                illegal.append(b)
    for c in range(0x110000):
        if 0xD800 <= c < 0xE000:
            continue
        code = attempt(chr(c).encode, codec)
        if code is not None and len(code) < 4 and attempt(code.decode, codec) != chr(c):
            encode_only['%x' % c] = code.hex()
    return {'singles': singles, 'illegal': illegal, 'encode_only': encode_only}


def measure(path):
    codecs = sorted({codec for codec, _, _ in TABLES.values()})
    content = {'tables': {name: differences(name) for name in TABLES}, 'codecs': {c: codec_facts(c) for c in codecs}}
    with open(path, 'w') as f:
        json.dump(content, f, indent=None, separators=(',', ':'), sort_keys=True)
        f.write('\n')


# --- writing ---------------------------------------------------------------

def cell(text, others):
    if len(text) == 1 and ord(text) < 0x10000:
        return ord(text)
    if text not in others:
        others[text] = len(others)
    return 0xD800 + others[text]


def write_table(f, name, table, decode_only):
    others, rows, cells = {}, [], []
    for lead in range(256):
        trails = sorted(c & 255 for c in table if c >> 8 == lead)
        if not trails:
            rows.append('{0, 0, 0}')
            continue
        rows.append('{%d, %d, %d}' % (trails[0], trails[-1] + 1, len(cells)))
        for trail in range(trails[0], trails[-1] + 1):
            text = table.get(lead << 8 | trail)
            cells.append(cell(text, others) if text else 0)
    assert len(others) <= 0x800
    f.write('static const CjkRow rows_%s[256] = {%s};\n' % (name, ', '.join(rows)))
    f.write('static const u16 cells_%s[] = {%s};\n' % (name, ','.join(map(str, cells))))
    pairs = ['{%d, %d}' % (ord(t[0]), ord(t[1]) if len(t) > 1 else 0) for t in others] or ['{0, 0}']
    f.write('static const CjkOther others_%s[] = {%s};\n' % (name, ', '.join(pairs)))
    f.write('static const u16 decode_only_%s[] = {%s};\n' % (name, ','.join(['0x' + c for c in decode_only] + ['0'])))
    f.write('static const CjkTable table_%s = {rows_%s, cells_%s, others_%s, decode_only_%s};\n\n' % ((name,) * 5))


def write_codec(f, codec, facts):
    singles = list(range(0x80)) + [0] * 0x80
    for b, text in facts['singles'].items():
        singles[int(b, 16)] = ord(text)
    for b in facts['illegal']:
        singles[b] = 0xFFFF
    f.write('static const u16 singles_%s[256] = {%s};\n' % (codec, ','.join(map(str, singles))))
    rows = ['{0x%s, 0x%s, %d}' % (c, code, len(code) // 2) for c, code in facts['encode_only'].items()] + ['{0, 0, 0}']
    f.write('static const CjkEncodeOnly encode_only_%s[] = {%s};\n\n' % (codec, ', '.join(rows)))


def main():
    if sys.argv[1] == '--measure':
        return measure(sys.argv[2])
    with open(sys.argv[1]) as f:
        exceptions = json.load(f)
    with open(os.path.join(sys.argv[2], 'cjk_tables.inc'), 'w') as f:
        f.write('// Made by tools/gen_cjk.py.\n')
        for name in TABLES:
            table = from_iconv(name)
            for code, text in exceptions['tables'][name]['changes'].items():
                if text is None:
                    table.pop(int(code, 16), None)
                else:
                    table[int(code, 16)] = text
            write_table(f, name, table, exceptions['tables'][name]['decode_only'])
        for codec, facts in exceptions['codecs'].items():
            write_codec(f, codec, facts)


if __name__ == '__main__':
    main()
