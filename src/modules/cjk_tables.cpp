// The CJK codecs over tables generated from iconv (tools/gen_cjk.py): EUC, Shift JIS, Big5 and GB families, and HZ.
//
// A table decodes two bytes by row and cell. Its inverse is built when it is first needed, in memory of its own, and stays.
#include <cstdlib>
#include <cstring>

#include "modules/cjk_codec.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

struct CjkRow {
  u16 first, end;  // of the second bytes
  u32 offset;      // of the first's cell
};
struct CjkOther {
  u32 character, second;  // second 0: a character beyond the basic plane; else two characters
};
struct CjkTable {
  const CjkRow* rows;
  const u16* cells;
  const CjkOther* others;
  const u16* decode_only;  // codes, sorted; 0 ends
};
#include "cjk_tables.inc"

// ---------------------------------------------------------------------------------------------------------------- decoding

// The characters of a code; character 0: none.
static CjkOther look_up(const CjkTable& table, u32 lead, u32 trail) {
  const CjkRow& row = table.rows[lead];
  if (trail < row.first || trail >= row.end) return {0, 0};
  u32 cell = table.cells[row.offset + trail - row.first];
  if (cell >= 0xD800 && cell < 0xE000) return table.others[cell - 0xD800];
  return {cell, 0};
}
static bool put(const CjkOther& found, StrBuilder& out) {
  if (!found.character) return false;
  out.append(found.character);
  if (found.second) out.append(found.second);
  return true;
}
static int decode_table(const CjkCodec& codec, u64*, const u8* in, usize left, StrBuilder& out) {
  u32 single = codec.singles[in[0]];
  if (single == 0xFFFF) return -1;
  if (single || in[0] == 0) {
    out.append(single);
    return 1;
  }
  if (left < 2) return 0;
  if (in[0] == 0x8F && codec.second) {
    if (left < 3) return 0;
    if (put(look_up(*codec.second, in[1], in[2]), out)) return 3;
    if (codec.second_fallback && put(look_up(*codec.second_fallback, in[1], in[2]), out)) return 3;
    return -1;
  }
  if (put(look_up(*codec.table, in[0], in[1]), out)) return 2;
  return codec.later && look_up(*codec.later, in[0], in[1]).character ? -2 : -1;
}

// ---------------------------------------------------------------------------------------------------------------- inverses

struct CjkPair {
  u32 first, second, code;
};
struct Inverse {
  u16* pages[0x300];  // by character >> 8: 256 codes, 0: none
  CjkPair pairs[64];
  usize pair_count;
};
static void add_code(const CjkTable& table, Inverse& inverse, u32 code, const CjkOther& found) {
  for (const u16* p = table.decode_only; *p; ++p)
    if (*p == code) return;
  if (found.second) {
    if (inverse.pair_count < 64) inverse.pairs[inverse.pair_count++] = {found.character, found.second, code};
    return;
  }
  u16*& page = inverse.pages[found.character >> 8];
  if (!page) page = static_cast<u16*>(calloc(256, sizeof(u16)));
  if (page) page[found.character & 0xFF] = static_cast<u16>(code);
}
static const Inverse* make_inverse(const CjkTable& table) {
  auto* inverse = static_cast<Inverse*>(calloc(1, sizeof(Inverse)));
  if (!inverse) return nullptr;
  for (u32 lead = 0; lead < 256; ++lead) {
    for (u32 trail = table.rows[lead].first; trail < table.rows[lead].end; ++trail) {
      CjkOther found = look_up(table, lead, trail);
      if (found.character) add_code(table, *inverse, lead << 8 | trail, found);
    }
  }
  return inverse;
}
// Made once for each table; two threads may both make it, and one of the two stays. Null: no memory.
static const Inverse* inverse_of(const CjkTable& table) {
  static struct {
    const CjkTable* table;
    const Inverse* inverse;
  } made[32];
  for (auto& entry : made) {
    const CjkTable* owner = __atomic_load_n(&entry.table, __ATOMIC_ACQUIRE);
    if (!owner && !__atomic_compare_exchange_n(&entry.table, &owner, &table, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) &&
        owner != &table)
      continue;
    if (owner && owner != &table) continue;
    const Inverse* inverse = __atomic_load_n(&entry.inverse, __ATOMIC_ACQUIRE);
    if (inverse) return inverse;
    const Inverse* fresh = make_inverse(table);
    if (__atomic_compare_exchange_n(&entry.inverse, &inverse, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return fresh;
    return inverse;  // the other's; ours is lost, once
  }
  return nullptr;
}
static u32 code_in(const Inverse& inverse, u32 c) {
  if (c >= 0x30000 || !inverse.pages[c >> 8]) return 0;
  return inverse.pages[c >> 8][c & 0xFF];
}

// ---------------------------------------------------------------------------------------------------------------- encoding

static void put_code(u32 code, ByteBuffer& out, int prefix = -1) {
  if (prefix >= 0) out.push(static_cast<u8>(prefix));
  out.push(static_cast<u8>(code >> 8));
  out.push(static_cast<u8>(code));
}
static bool put_single(const CjkCodec& codec, u32 c, ByteBuffer& out) {
  if (c < 0x80 && codec.singles[c] == c) {
    out.push(static_cast<u8>(c));
    return true;
  }
  if (c >= 0x10000) return false;
  for (u32 b = 0; b < 256; ++b) {
    if (codec.singles[b] == c && c && c != 0xFFFF) {
      out.push(static_cast<u8>(b));
      return true;
    }
  }
  return false;
}
static bool put_encode_only(const CjkCodec& codec, u32 c, ByteBuffer& out) {
  for (const CjkEncodeOnly* p = codec.encode_only; p->size; ++p) {
    if (p->character != c) continue;
    for (u32 i = p->size; i-- > 0;) out.push(static_cast<u8>(p->code >> (8 * i)));
    return true;
  }
  return false;
}
// Whether c begins a pair, and the pair's code if next completes one.
static bool begins_pair(const Inverse& inverse, u32 c, u32 next, bool has_next, u32* code) {
  bool begins = false;
  for (usize i = 0; i < inverse.pair_count; ++i) {
    const CjkPair& pair = inverse.pairs[i];
    if (pair.first != c) continue;
    begins = true;
    if (has_next && pair.second == next) *code = pair.code;
  }
  return begins;
}
static int encode_table(const CjkCodec& codec, u64*, u32 c, u32 next, bool has_next, bool flush, ByteBuffer& out) {
  if (c < 0x80 && put_single(codec, c, out)) return 1;
  const Inverse* inverse = inverse_of(*codec.table);
  if (!inverse) return -1;
  u32 code = 0;
  if (begins_pair(*inverse, c, next, has_next, &code)) {
    if (code) {
      put_code(code, out);
      return 2;
    }
    if (!has_next && !flush) return 0;
  }
  if (put_encode_only(codec, c, out)) return 1;
  if ((code = code_in(*inverse, c))) {
    put_code(code, out);
    return 1;
  }
  // What only the later edition has is no business of JIS X 0212 either.
  const Inverse* plane_two = codec.second ? inverse_of(*codec.second) : nullptr;
  if (plane_two && codec.later && !code_in(*plane_two, c)) {
    for (const CjkTable* table : {codec.later, &table_euc_jis_2004_2}) {
      const Inverse* later = inverse_of(*table);
      if (later && code_in(*later, c)) return -1;
    }
  }
  for (const CjkTable* table : {codec.second, codec.second_fallback}) {
    const Inverse* second = table ? inverse_of(*table) : nullptr;
    if (second && (code = code_in(*second, c))) {
      put_code(code, out, 0x8F);
      return 1;
    }
  }
  return put_single(codec, c, out) ? 1 : -1;
}

// ---------------------------------------------------------------------------------------------------------------- GB 18030

// The codes of four bytes count through the characters of the basic plane that have no shorter code, and then through all others.
struct FourByte {
  u16 characters[39420];
};
static const FourByte* four_byte_codes() {
  static const FourByte* made = nullptr;
  const FourByte* codes = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
  if (codes) return codes;
  const Inverse* inverse = inverse_of(table_gb18030);
  auto* fresh = static_cast<FourByte*>(calloc(1, sizeof(FourByte)));
  if (!inverse || !fresh) return nullptr;
  usize n = 0;
  for (u32 c = 0x80; c < 0x10000 && n < 39420; ++c)
    if ((c < 0xD800 || c >= 0xE000) && !code_in(*inverse, c)) fresh->characters[n++] = static_cast<u16>(c);
  if (__atomic_compare_exchange_n(&made, &codes, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return fresh;
  free(fresh);
  return codes;
}
static constexpr u32 kFourByteCount = 39420, kSupplementary = 189000;

static int decode_gb18030(const CjkCodec& codec, u64* state, const u8* in, usize left, StrBuilder& out) {
  if (in[0] < 0x80 || left < 2 || in[1] < 0x30 || in[1] > 0x39) return decode_table(codec, state, in, left, out);
  if (left < 4) return 0;
  if (in[0] < 0x81 || in[0] > 0xFE || in[2] < 0x81 || in[2] > 0xFE || in[3] < 0x30 || in[3] > 0x39) return -1;
  u32 number = ((in[0] - 0x81u) * 10 + (in[1] - 0x30u)) * 1260 + (in[2] - 0x81u) * 10 + (in[3] - 0x30u);
  if (number < kFourByteCount) {
    const FourByte* codes = four_byte_codes();
    if (!codes) return -1;
    out.append(codes->characters[number]);
    return 4;
  }
  if (number < kSupplementary || number - kSupplementary >= 0x100000) return -1;
  out.append(number - kSupplementary + 0x10000);
  return 4;
}
static int encode_gb18030(const CjkCodec& codec, u64* state, u32 c, u32 next, bool has_next, bool flush, ByteBuffer& out) {
  if (c >= 0xD800 && c < 0xE000) return -1;
  if (c < 0x10000 && encode_table(codec, state, c, next, has_next, flush, out) > 0) return 1;
  u32 number;
  if (c >= 0x10000) {
    number = c - 0x10000 + kSupplementary;
  } else {
    const FourByte* codes = four_byte_codes();
    if (!codes) return -1;
    u32 low = 0, high = kFourByteCount;
    while (low < high) {
      u32 middle = (low + high) / 2;
      if (codes->characters[middle] < c)
        low = middle + 1;
      else
        high = middle;
    }
    if (low == kFourByteCount || codes->characters[low] != c) return -1;
    number = low;
  }
  out.push(static_cast<u8>(0x81 + number / 12600));
  out.push(static_cast<u8>(0x30 + number / 1260 % 10));
  out.push(static_cast<u8>(0x81 + number / 10 % 126));
  out.push(static_cast<u8>(0x30 + number % 10));
  return 1;
}

// ---------------------------------------------------------------------------------------------------------------- EUC-KR

// KS X 1001 spells syllables that it has no code for with their letters: filler, initial, vowel, final, two bytes each.
static constexpr u8 kInitials[19] = {0, 1, 3, 6, 7, 8, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29};
static constexpr u8 kFinals[27] = {0,  1,  2,  3,  4,  5,  6,  8,  9,  10, 11, 12, 13, 14,
                                   15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29};

static int index_in(const u8* list, int n, int letter) {
  for (int i = 0; i < n; ++i)
    if (list[i] == letter) return i;
  return -1;
}
static int decode_euc_kr(const CjkCodec& codec, u64* state, const u8* in, usize left, StrBuilder& out) {
  if (left < 2 || in[0] != 0xA4 || in[1] != 0xD4) return decode_table(codec, state, in, left, out);
  if (left < 8) return 0;
  if (in[2] != 0xA4 || in[4] != 0xA4 || in[6] != 0xA4) return -1;
  int initial = index_in(kInitials, 19, in[3] - 0xA1), vowel = in[5] - 0xBF;
  int last = in[7] == 0xD4 ? 0 : index_in(kFinals, 27, in[7] - 0xA1) + 1;
  if (initial < 0 || vowel < 0 || vowel > 20 || (in[7] != 0xD4 && last == 0)) return -1;
  out.append(static_cast<u32>(0xAC00 + initial * 588 + vowel * 28 + last));
  return 8;
}
static int encode_euc_kr(const CjkCodec& codec, u64* state, u32 c, u32 next, bool has_next, bool flush, ByteBuffer& out) {
  int used = encode_table(codec, state, c, next, has_next, flush, out);
  if (used >= 0 || c < 0xAC00 || c > 0xD7A3) return used;
  u32 n = c - 0xAC00, last = n % 28;
  put_code(0xA4D4, out);
  put_code(0xA4A1 + kInitials[n / 588], out);
  put_code(0xA4BF + n / 28 % 21, out);
  put_code(last ? 0xA4A1 + kFinals[last - 1] : 0xA4D4, out);
  return 1;
}

// ---------------------------------------------------------------------------------------------------------------- HZ

// GB 2312 in seven bits: ~{ begins it, ~} ends it, ~~ is a tilde. state: whether inside.
static int decode_hz(const CjkCodec& codec, u64* state, const u8* in, usize left, StrBuilder& out) {
  u8 c = in[0];
  if (c == '~') {
    if (left < 2) return 0;
    u8 command = in[1];
    if (command == '~' && !*state)
      out.append('~');
    else if (command == '{' && !*state)
      *state = 1;
    else if (command == '\n' && !*state)
      return 2;
    else if (command == '}' && *state)
      *state = 0;
    else
      return -1;
    return 2;
  }
  if (c & 0x80) return -1;
  if (!*state) {
    out.append(c);
    return 1;
  }
  if (left < 2) return 0;
  return put(look_up(*codec.table, c | 0x80u, in[1] | 0x80u), out) && !(in[1] & 0x80) ? 2 : -1;
}
static int encode_hz(const CjkCodec& codec, u64* state, u32 c, u32, bool, bool, ByteBuffer& out) {
  if (c < 0x80) {
    if (*state) out.append_text("~}");
    *state = 0;
    if (c == '~') out.push('~');
    out.push(static_cast<u8>(c));
    return 1;
  }
  const Inverse* inverse = inverse_of(*codec.table);
  u32 code = inverse ? code_in(*inverse, c) : 0;
  if (!code) return -1;
  if (!*state) out.append_text("~{");
  *state = 1;
  put_code(code & 0x7F7F, out);
  return 1;
}

static void reset_hz(u64* state, ByteBuffer& out) {
  if (*state) out.append_text("~}");
  *state = 0;
}

// ---------------------------------------------------------------------------------------------------------------- ISO 2022's
// sets

static const CjkTable* const set_tables[] = {&table_euc_jp,       &table_jisx0212,      &table_euc_kr,
                                             &table_gb2312,       &table_euc_jisx0213,  &table_euc_jisx0213_2,
                                             &table_euc_jis_2004, &table_euc_jis_2004_2};

// Where a set differs from the table of the EUC codec that has it.
struct SetException {
  CjkSet set;
  u32 code, character;
  bool encodes = true;
};
static constexpr SetException set_exceptions[] = {{CjkSet::JisX0208, 0x2140, 0xFF3C},
                                                  {CjkSet::KsX1001, 0x2454, 0x3164},
                                                  {CjkSet::JisX0213First, 0x2232, '~'},
                                                  {CjkSet::JisX0213First2000, 0x2232, '~'},
                                                  {CjkSet::JisX0213Second2000, 0x7D3B, 0x9B1C, false}};

bool cjk_set_decode(CjkSet set, u32 lead, u32 trail, StrBuilder& out) {
  if (lead < 0x21 || lead > 0x7E || trail < 0x21 || trail > 0x7E) return false;
  for (const SetException& e : set_exceptions) {
    if (e.set != set || e.code != (lead << 8 | trail)) continue;
    out.append(e.character);
    return true;
  }
  return put(look_up(*set_tables[static_cast<int>(set)], lead | 0x80, trail | 0x80), out);
}
u32 cjk_set_encode(CjkSet set, u32 c, u32 next, bool has_next, bool flush, int* used) {
  const CjkTable& table = *set_tables[static_cast<int>(set)];
  const Inverse* inverse = inverse_of(table);
  *used = 1;
  if (!inverse) return 0;
  for (const SetException& e : set_exceptions)
    if (e.encodes && e.set == set && e.character == c) return e.code;
  u32 code = 0;
  // CPython waits for what follows such a character, and then doesn't make a pair of them.
  if (begins_pair(*inverse, c, next, has_next, &code) && !has_next && !flush) {
    *used = 0;
    return 0;
  }
  code = code_in(*inverse, c);
  if ((code & 0xFF) < 0xA1 || code >> 8 < 0xA1) return 0;  // half-width katakana, which EUC has behind a prefix
  for (const SetException& e : set_exceptions)
    if (e.encodes && e.set == set && e.code == (code & 0x7F7F)) return 0;
  return code & 0x7F7F;
}

// ---------------------------------------------------------------------------------------------------------------- codecs

#define TABLE_CODEC(id) \
  {#id, decode_table, encode_table, &table_##id, nullptr, nullptr, singles_##id, encode_only_##id, nullptr, nullptr}
const CjkCodec cjk_codecs_cn[] = {
    TABLE_CODEC(gb2312),
    TABLE_CODEC(gbk),
    {"gb18030", decode_gb18030, encode_gb18030, &table_gb18030, nullptr, nullptr, singles_gb18030, encode_only_gb18030, nullptr,
     nullptr},
    {"hz", decode_hz, encode_hz, &table_gb2312, nullptr, nullptr, singles_gb2312, encode_only_gb2312, reset_hz, nullptr},
    {}};
const CjkCodec cjk_codecs_hk[] = {TABLE_CODEC(big5hkscs), {}};
const CjkCodec cjk_codecs_jp[] = {TABLE_CODEC(shift_jis),
                                  TABLE_CODEC(cp932),
                                  {"euc_jp", decode_table, encode_table, &table_euc_jp, &table_jisx0212, nullptr, singles_euc_jp,
                                   encode_only_euc_jp, nullptr, nullptr},
                                  TABLE_CODEC(shift_jis_2004),
                                  {"euc_jis_2004", decode_table, encode_table, &table_euc_jis_2004, &table_euc_jis_2004_2,
                                   &table_jisx0212, singles_euc_jis_2004, encode_only_euc_jis_2004, nullptr, nullptr},
                                  {"shift_jisx0213", decode_table, encode_table, &table_shift_jisx0213, nullptr, nullptr,
                                   singles_shift_jisx0213, encode_only_shift_jisx0213, nullptr, &table_shift_jis_2004},
                                  {"euc_jisx0213", decode_table, encode_table, &table_euc_jisx0213, &table_euc_jisx0213_2,
                                   &table_jisx0212, singles_euc_jisx0213, encode_only_euc_jisx0213, nullptr, &table_euc_jis_2004},
                                  {}};
const CjkCodec cjk_codecs_kr[] = {{"euc_kr", decode_euc_kr, encode_euc_kr, &table_euc_kr, nullptr, nullptr, singles_euc_kr,
                                   encode_only_euc_kr, nullptr, nullptr},
                                  TABLE_CODEC(cp949),
                                  TABLE_CODEC(johab),
                                  {}};
const CjkCodec cjk_codecs_tw[] = {TABLE_CODEC(big5), TABLE_CODEC(cp950), {}};

// ---------------------------------------------------------------------------------------------------------------- modules

static Result<Value> get_codec(Thread& t, const CjkCodec* codecs, Value name) {
  if (!is<Str>(name)) return raise_type_error(t, "encoding name must be a string.");
  for (; codecs->name; ++codecs)
    if (str_equals_ascii(name.as<Str>(), codecs->name)) return make_multibyte_codec(t, *codecs);
  return raise_lookup_error(t, "no such codec is supported.");
}
#define CJK_MODULE(id)                                                                                                  \
  static Result<Value> getcodec_##id(Thread& t, Value name) { return get_codec(t, cjk_codecs_##id, name); }             \
  static constinit NativeDef functions_##id[] = {                                                                       \
      native_tuple<getcodec_##id>("getcodec($module, name, /)", "The codec of that name, for the encodings package.")}; \
  ModuleDef codecs_##id##_module = {.name = "_codecs_" #id, .functions = functions_##id, .function_count = 1};
CJK_MODULE(iso2022)
CJK_MODULE(cn)
CJK_MODULE(hk)
CJK_MODULE(jp)
CJK_MODULE(kr)
CJK_MODULE(tw)

}  // namespace baton
