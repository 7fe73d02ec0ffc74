"""Writes the Unicode 14.0.0 tables of src/base/unicode*.cpp from the Unicode 15.0.0 data files.

usage: gen_unicode.py DATA_DIR OUTPUT_DIR

Of the 15.0.0 files everything with DerivedAge 15.0 is dropped; with the exceptions below the rest is exactly 14.0.0.
What the 3.2.0 database says otherwise comes from ucd_3_2_0_delta.json beside this script.
The layouts written here are explained in src/base/unicode_tables.h.
"""
import bz2
import json
import os
import sys
from collections import Counter

LIMIT = 0x110000
BLOCK_SHIFT = 7

# Other_Lowercase only since 15.0; aliases only since 15.0.
NOT_LOWER_IN_14 = {0x10FC, 0xA7F2, 0xA7F3, 0xA7F4, 0xAB69}
ALIASES_NOT_IN_14 = {(0x19, "EM"), (0x616, None), (0x1BBD, None)}  # None: the correction

CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So").split()
BIDI = ("- L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI").split()
WIDTHS = "F H W Na A N".split()
# Order of the flag bits in CharRecord::flags (kUnicode... in src/base/unicode_tables.h).
FLAGS = ("alpha lower upper title space printable linebreak decimal digit numeric xid_start xid_continue cased case_ignorable "
         "mirrored decomposition assigned_3_2 changed_3_2").split()
FLAG = {name: 1 << i for i, name in enumerate(FLAGS)}
TAGS = ("", "<circle>", "<compat>", "<final>", "<font>", "<fraction>", "<initial>", "<isolated>", "<medial>", "<narrow>",
        "<noBreak>", "<small>", "<square>", "<sub>", "<super>", "<vertical>", "<wide>")


def read_lines(path):
    opener = bz2.open if path.endswith(".bz2") else open
    with opener(path, "rt", encoding="utf-8") as f:
        for line in f:
            line = line.split("#", 1)[0].strip()
            if line:
                yield line


def fields(path, separator=";"):
    for line in read_lines(path):
        yield [part.strip() for part in line.split(separator)]


def code_range(text):
    first, _, last = text.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def code_points(text):
    return tuple(int(x, 16) for x in text.split())


class Char:
    __slots__ = ("name", "category", "bidi", "combining", "mirrored", "width", "decomposition", "decimal", "digit", "numeric",
                 "upper", "lower", "title", "full_upper", "full_lower", "full_title", "fold", "flags", "quick")

    def __init__(self, row, code):
        self.name = row[1]
        self.category = row[2]
        self.combining = int(row[3])
        self.bidi = row[4]
        self.decomposition = row[5]
        self.decimal = int(row[6]) if row[6] else None
        self.digit = int(row[7]) if row[7] else None
        self.numeric = row[8] or None
        self.mirrored = row[9] == "Y"
        self.upper = int(row[12], 16) if row[12] else code
        self.lower = int(row[13], 16) if row[13] else code
        self.title = int(row[14], 16) if row[14] else self.upper
        self.full_upper, self.full_lower, self.full_title = (self.upper,), (self.lower,), (self.title,)
        self.fold = (code,)
        self.width = "N"
        self.flags = 0
        self.quick = 0


class Database:
    def __init__(self, directory):
        self.directory = directory
        self.chars = {}
        self.ideographs = []  # ranges of CJK UNIFIED IDEOGRAPH
        self.load_ages()
        self.load_characters()
        self.load_properties()
        self.load_case()
        self.set_flags()

    def path(self, name):
        return os.path.join(self.directory, name)

    def load_ages(self):
        self.too_new, self.in_3_2 = set(), set()
        for codes, age in fields(self.path("DerivedAge.txt")):
            version = tuple(int(x) for x in age.split("."))
            if version >= (15, 0):
                self.too_new.update(code_range(codes))
            if version <= (3, 2):
                self.in_3_2.update(code_range(codes))

    def load_characters(self):
        first = None
        for row in fields(self.path("UnicodeData.txt")):
            code = int(row[0], 16)
            if row[1].endswith(", First>"):
                first = code
                continue
            if row[1].endswith(", Last>"):
                kind = row[1][1:-len(", Last>")]
                row[1] = "<%s>" % kind
                codes = [c for c in range(first, code + 1) if c not in self.too_new]
                if kind.startswith("CJK Ideograph") and codes:
                    self.ideographs.append((codes[0], codes[-1]))
            else:
                codes = () if code in self.too_new else (code,)
            for c in codes:
                self.chars[c] = Char(row, c)

    def each(self, codes):
        for code in code_range(codes):
            char = self.chars.get(code)
            if char is not None:
                yield code, char

    def load_properties(self):
        for codes, width in fields(self.path("EastAsianWidth.txt")):
            for _, char in self.each(codes):
                char.width = width
        for code, _, value in (row[:3] for row in fields(self.path("Unihan_NumericValues.txt.bz2"), "\t")):
            char = self.chars.get(int(code[2:], 16))
            if char is not None:
                char.numeric = value.split()[0].replace(",", "")
        wanted = {"Lowercase": "lower", "Uppercase": "upper", "XID_Start": "xid_start", "XID_Continue": "xid_continue",
                  "Cased": "cased", "Case_Ignorable": "case_ignorable"}
        for row in fields(self.path("DerivedCoreProperties.txt")):
            if row[1] in wanted:
                for code, char in self.each(row[0]):
                    if row[1] != "Lowercase" or code not in NOT_LOWER_IN_14:
                        char.flags |= FLAG[wanted[row[1]]]
        self.excluded = set()
        quick = {"NFD_QC": 0, "NFKD_QC": 2, "NFC_QC": 4, "NFKC_QC": 6}
        for row in fields(self.path("DerivedNormalizationProps.txt")):
            if row[1] == "Full_Composition_Exclusion":
                self.excluded.update(code_range(row[0]))
            elif row[1] in quick:
                for _, char in self.each(row[0]):
                    char.quick |= {"N": 2, "M": 1}[row[2]] << quick[row[1]]

    def load_case(self):
        for row in fields(self.path("SpecialCasing.txt")):
            if len(row) > 4 and row[4]:
                continue  # conditional: final sigma is code, languages are not Python's business
            char = self.chars.get(int(row[0], 16))
            if char is not None:
                char.full_lower, char.full_title, char.full_upper = (code_points(x) for x in row[1:4])
        for row in fields(self.path("CaseFolding.txt")):
            char = self.chars.get(int(row[0], 16))
            if char is not None and row[1] in "CF":
                char.fold = code_points(row[2])

    def set_flags(self):
        spaces, breaks = set(), set()
        for codes, prop in fields(self.path("PropList.txt")):
            if prop == "White_Space":
                spaces.update(code_range(codes))
        for codes, prop in fields(self.path("LineBreak.txt")):
            if prop in ("BK", "CR", "LF", "NL"):
                breaks.update(code_range(codes))
        for code, c in self.chars.items():
            on = []
            if c.category in ("Lm", "Lt", "Lu", "Ll", "Lo"):
                on.append("alpha")
            if c.category == "Lt":
                on.append("title")
            if code in spaces or c.bidi in ("B", "S", "WS"):
                on.append("space")
            if code in breaks or c.bidi == "B":
                on.append("linebreak")
            if code == 0x20 or c.category[0] not in "CZ":
                on.append("printable")
            if c.mirrored:
                on.append("mirrored")
            if c.decomposition:
                on.append("decomposition")
            for name in ("decimal", "digit", "numeric"):
                if getattr(c, name) is not None:
                    on.append(name)
            if code in self.in_3_2 and c.category != "Cn":
                on.append("assigned_3_2")
            for name in on:
                c.flags |= FLAG[name]


class Output:
    def __init__(self, path):
        self.path = path
        self.parts = ["// Generated by tools/gen_unicode.py. Do not edit.\n"]

    def array(self, ctype, name, values):
        values = list(values)
        self.parts.append("constexpr %s %s[%d] = {\n" % (ctype, name, max(len(values), 1)))
        line = []
        for i in range(0, len(values), 24):
            line.append(",".join(map(str, values[i:i + 24])))
        self.parts.append(",\n".join(line) + "};\n")

    def constant(self, name, value):
        self.parts.append("constexpr u32 %s = %d;\n" % (name, value))

    def write(self):
        text = "".join(self.parts)
        temporary = self.path + ".tmp"
        with open(temporary, "w", encoding="ascii") as f:
            f.write(text)
        os.replace(temporary, self.path)


def two_stage(out, name, values, ctype):
    blocks, stage1, stage2 = {}, [], []
    size = 1 << BLOCK_SHIFT
    for start in range(0, LIMIT, size):
        block = tuple(values[start:start + size])
        if block not in blocks:
            blocks[block] = len(blocks)
            stage2.extend(block)
        stage1.append(blocks[block])
    out.array("u16" if len(blocks) > 255 else "u8", name + "_stage1", stage1)
    out.array(ctype, name + "_stage2", stage2)


def write_records(db, out, overrides):
    cases, case_list, special = {(0, 0, 0, 0, 0, 0): 0}, [(0, 0, 0, 0, 0, 0)], [0]
    records, record_list = {}, []

    def case_index(code, c):
        key = [c.upper - code, c.lower - code, c.title - code, c.fold[0] - code if len(c.fold) == 1 else 0]
        full = (c.full_upper, c.full_lower, c.full_title, c.fold)
        flags = sum(1 << i for i, mapping in enumerate(full)
                    if mapping != ((c.upper,), (c.lower,), (c.title,), None)[i] and (i < 3 or len(mapping) > 1))
        offset = 0
        if flags:
            # Four length-prefixed mappings, empty where the simple one holds.
            offset = len(special)
            for i, mapping in enumerate(full):
                mapping = mapping if flags >> i & 1 else ()
                special.extend((len(mapping),) + mapping)
        key = tuple(key) + (offset, flags)
        if key not in cases:
            cases[key] = len(case_list)
            case_list.append(key)
        return cases[key]

    def record_index(record):
        if record not in records:
            records[record] = len(record_list)
            record_list.append(record)
        return records[record]

    unassigned = record_index((0, 0, 0, 0, 0, WIDTHS.index("F"), 255, 255, 0))
    index = [unassigned] * LIMIT
    memo = {}
    for code, c in db.chars.items():
        flags = c.flags | (FLAG["changed_3_2"] if code in overrides else 0)
        record = (flags, case_index(code, c), CATEGORIES.index(c.category), BIDI.index(c.bidi), c.combining, WIDTHS.index(c.width),
                  255 if c.decimal is None else c.decimal, 255 if c.digit is None else c.digit, c.quick)
        index[code] = record_index(record)
    two_stage(out, "record", index, "u16")
    out.array("CharRecord", "records", ("{%s}" % ",".join(map(str, r)) for r in record_list))
    out.array("CaseRecord", "case_records", ("{%s}" % ",".join(map(str, r)) for r in case_list))
    out.array("u32", "special_case", special)
    for kind, names in (("category_names", CATEGORIES), ("bidi_names", ["" if b == "-" else b for b in BIDI]), ("width_names", WIDTHS)):
        out.array("char const* const", kind, ('"%s"' % n for n in names))


def write_latin1(db, out):
    names = "alpha lower upper space printable decimal xid_start xid_continue".split()
    flags = [sum(1 << i for i, n in enumerate(names) if db.chars[c].flags & FLAG[n]) for c in range(256)]
    out.parts.append(",\n".join(",".join(map(str, flags[i:i + 24])) for i in range(0, 256, 24)) + "\n")


def write_numeric(db, out):
    entries = []
    for code, c in sorted(db.chars.items()):
        if c.numeric is not None and c.decimal is None:
            top, _, bottom = c.numeric.partition("/")
            entries.append((code, float(top) / float(bottom or 1)))
    out.array("u32", "numeric_codes", (e[0] for e in entries))
    values = sorted({e[1] for e in entries})
    out.array("double", "numeric_distinct", map(repr, values))
    out.array("u8" if len(values) < 256 else "u16", "numeric_index", (values.index(e[1]) for e in entries))


def write_decomposition(db, out):
    """Per character: tag, length, code points; and the primary composites."""
    codes, offsets, data, pairs = [], [], [0], []
    for code, c in sorted(db.chars.items()):
        if not c.decomposition:
            continue
        tag, parts = "", c.decomposition.split()
        if parts[0][0] == "<":
            tag, parts = parts[0], parts[1:]
        mapping = [int(p, 16) for p in parts]
        codes.append(code)
        offsets.append(len(data))
        data.append(TAGS.index(tag) << 8 | len(mapping))
        data.extend(mapping)
        if not tag and len(mapping) == 2 and code not in db.excluded:
            pairs.append((mapping[0], mapping[1], code))
    pairs.sort()
    out.array("u32", "decomposition_codes", codes)
    out.array("u16", "decomposition_offsets", offsets)
    out.array("u32", "decomposition_data", data)
    out.array("u64", "composition_pairs", ("%dull" % (a << 32 | b) for a, b, _ in pairs))
    out.array("u32", "composition_results", (p[2] for p in pairs))
    corrections = [(int(r[0], 16), int(r[1], 16)) for r in fields(db.path("NormalizationCorrections.txt")) if r[3] != "3.2.0"]
    out.array("u32", "corrections_3_2", (x for pair in sorted(corrections) for x in pair))


def read_overrides(path):
    with open(path, encoding="utf-8") as f:
        delta = json.load(f)
    result = {}
    for prop in ("category", "bidirectional", "mirrored", "east_asian_width", "decimal"):
        for value, codes in delta[prop].items():
            for part in codes.split():
                for code in code_range(part):
                    result.setdefault(code, {})[prop] = value
    return result


def write_overrides(out, overrides):
    rows = []
    for code in sorted(overrides):
        o = overrides[code]
        rows.append("{%d,%d,%d,%d,%d,%d}" % (
            code, CATEGORIES.index(o["category"]) if "category" in o else 255,
            BIDI.index(o["bidirectional"]) if "bidirectional" in o else 255, int(o.get("mirrored", 255)),
            WIDTHS.index(o["east_asian_width"]) if "east_asian_width" in o else 255, int(o.get("decimal", 255))))
    out.array("OldRecord", "old_records", rows)


def name_tokens(name):
    """Words, hyphenated words in pieces; a piece that ends in '-' joins the next without a blank. A word's own final '-' that is
    followed by a blank carries that blank."""
    tokens = []
    words = name.split(" ")
    for i, word in enumerate(words):
        pieces = []
        while "-" in word[:-1]:
            at = word.index("-") + 1
            pieces.append(word[:at])
            word = word[at:]
        if word.endswith("-") and i + 1 < len(words):
            word += " "
        tokens.extend(pieces + [word])
    return tokens


def join_tokens(tokens):
    text = ""
    for token in tokens:
        if text and text[-1] not in "- ":
            text += " "
        text += token
    return text


def name_hash(name, size):
    value = 0
    for byte in name.encode("ascii"):
        value = (value * 31 + byte) & 0xFFFFFFFF
    return (value ^ value >> 15) & (size - 1)


def write_names(db, out):
    jamo = {int(r[0], 16): r[1] for r in fields(db.path("Jamo.txt"))}
    for kind, first, count in (("l", 0x1100, 19), ("v", 0x1161, 21), ("t", 0x11A7, 28)):
        out.array("char const* const", "jamo_" + kind, ('"%s"' % jamo.get(first + i, "") for i in range(count)))
    out.array("u32", "ideograph_ranges", (x for r in sorted(db.ideographs) for x in r))

    names = [(code, c.name) for code, c in sorted(db.chars.items()) if not c.name.startswith("<")]
    counts = Counter(t for _, name in names for t in name_tokens(name))
    # The most frequent words take one byte (0..kShortWords-1), others two, high byte kShortWords + x first.
    words = [w for w, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    short = 256 - (len(words) // 256 + 1)
    while short + (256 - short) * 256 < len(words):
        short -= 1
    number = {w: i for i, w in enumerate(words)}
    word_bytes, word_offsets = bytearray(), []
    for w in words:
        if number[w] % 8 == 0:
            word_offsets.append(len(word_bytes))
        word_bytes += w[:-1].encode("ascii") + bytes([ord(w[-1]) | 0x80])
    data, starts = bytearray(), []
    for i, (code, name) in enumerate(names):
        tokens = name_tokens(name)
        assert join_tokens(tokens) == name, name
        encoded = bytearray()
        for t in tokens:
            n = number[t]
            if n < short:
                encoded.append(n)
            else:
                n -= short
                encoded += bytes([short + (n >> 8), n & 255])
        assert len(encoded) < 256
        if i % 8 == 0:
            starts.append(len(data))
        data.append(len(encoded))
        data += encoded
    out.constant("kShortWords", short)
    out.array("u8", "word_bytes", word_bytes)
    out.array("u32", "word_offsets", word_offsets)
    out.array("u32", "name_codes", (code for code, _ in names))
    out.array("u8", "name_data", data)
    out.array("u32", "name_starts", starts)
    size = 1 << (len(names) * 5 // 4).bit_length()
    table = [0xFFFF] * size
    assert len(names) < 0xFFFF
    for i, (_, name) in enumerate(names):
        at = name_hash(name, size)
        while table[at] != 0xFFFF:
            at = (at + 1) & (size - 1)
        table[at] = i
    out.array("u16", "name_table", table)
    out.constant("kNameTableSize", size)
    out.constant("kNameCount", len(names))
    longest = max(len(n) for _, n in names)

    extra = []
    for row in fields(db.path("NameAliases.txt")):
        code = int(row[0], 16)
        if code in db.too_new or (code, row[1]) in ALIASES_NOT_IN_14 or ((code, None) in ALIASES_NOT_IN_14 and row[2] == "correction"):
            continue
        extra.append((row[1], (code,)))
    for name, codes in fields(db.path("NamedSequences.txt")):
        codes = code_points(codes)
        if not any(c in db.too_new for c in codes):
            extra.append((name, codes))
    extra.sort()
    text, offsets, targets = "", [], []
    for name, codes in extra:
        offsets += [len(text), len(targets)]
        text += name + "\0"
        targets += [len(codes)] + list(codes)
        longest = max(longest, len(name))
    out.array("u8", "extra_names", text.encode("ascii"))
    out.array("u16", "extra_offsets", offsets)
    out.array("u32", "extra_targets", targets)
    out.constant("kExtraCount", len(extra))
    out.constant("kLongestName", longest)


def main():
    directory, target = sys.argv[1:3]
    os.makedirs(target, exist_ok=True)
    db = Database(directory)
    overrides = read_overrides(os.path.join(os.path.dirname(os.path.abspath(__file__)), "ucd_3_2_0_delta.json"))
    out = Output(os.path.join(target, "unicode_properties.inc"))
    out.constant("kBlockShift", BLOCK_SHIFT)
    write_records(db, out, overrides)
    write_numeric(db, out)
    write_overrides(out, overrides)
    out.write()
    out = Output(os.path.join(target, "unicode_latin1.inc"))
    write_latin1(db, out)
    out.write()
    out = Output(os.path.join(target, "unicode_normalization.inc"))
    write_decomposition(db, out)
    out.write()
    out = Output(os.path.join(target, "unicode_names.inc"))
    write_names(db, out)
    out.write()


main()
