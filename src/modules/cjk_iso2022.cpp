// The ISO 2022 codecs: character sets of seven bits, switched by escape sequences.
//
// G0 is what bytes mean at first; ISO-2022-KR shifts to G1 and back with SO and SI, ISO-2022-JP-2 takes a single character from
// G2 with ESC N when it decodes. A codec knows some sets; its encoder takes the first of them that has the character.
#include "modules/cjk_codec.h"

namespace baton {

namespace {
enum class Register : u8 { G0, G1, G2 };
// Roman, Katakana: halves of JIS X 0201. Pairs: only waits for what follows a character that begins a pair, as CPython does.
enum class SetKind : u8 { Roman, Katakana, Latin1, Greek, TwoBytes, Pairs };

struct Designation {
  u8 mark;  // the final byte of its escape sequence; with kTwo for sets of two bytes
  Register where;
  SetKind kind;
  CjkSet set;
};
constexpr u8 kTwo = 0x80, kAscii = 'B';

constexpr Designation kJisX0208{'B' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0208};
constexpr Designation kJisX0208Old{'@' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0208};
constexpr Designation kJisX0212{'D' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0212};
constexpr Designation kRoman{'J', Register::G0, SetKind::Roman, {}};
constexpr Designation kKatakana{'I', Register::G0, SetKind::Katakana, {}};
constexpr Designation kKoreanG0{'C' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::KsX1001};
constexpr Designation kKoreanG1{'C' | kTwo, Register::G1, SetKind::TwoBytes, CjkSet::KsX1001};
constexpr Designation kChinese{'A' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::Gb2312};
constexpr Designation kLatin1{'A', Register::G2, SetKind::Latin1, {}};
constexpr Designation kGreek{'F', Register::G2, SetKind::Greek, {}};
constexpr Designation k2000First{'O' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0213First2000};
constexpr Designation k2000Pairs{'O' | kTwo, Register::G0, SetKind::Pairs, CjkSet::JisX0213First2000};
constexpr Designation k2000Second{'P' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0213Second2000};
constexpr Designation k2004First{'Q' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0213First};
constexpr Designation k2004Pairs{'Q' | kTwo, Register::G0, SetKind::Pairs, CjkSet::JisX0213First};
constexpr Designation k2004Second{'P' | kTwo, Register::G0, SetKind::TwoBytes, CjkSet::JisX0213Second};

struct Variant {
  const char* name;
  bool shifts, has_g2, has_extended_escape;
  int count;
  Designation sets[8];
};
constexpr Variant kVariants[] = {
    {"iso2022_kr", true, false, false, 1, {kKoreanG1}},
    {"iso2022_jp", false, false, true, 3, {kJisX0208, kRoman, kJisX0208Old}},
    {"iso2022_jp_1", false, false, true, 4, {kJisX0208, kJisX0212, kRoman, kJisX0208Old}},
    {"iso2022_jp_2", false, true, true, 8, {kJisX0208, kJisX0212, kKoreanG0, kChinese, kRoman, kJisX0208Old, kLatin1, kGreek}},
    {"iso2022_jp_2004", false, false, true, 4, {k2004Pairs, kJisX0208, k2004First, k2004Second}},
    {"iso2022_jp_3", false, false, true, 4, {k2000Pairs, kJisX0208, k2000First, k2000Second}},
    {"iso2022_jp_ext", false, false, true, 5, {kJisX0208, kJisX0212, kRoman, kKatakana, kJisX0208Old}},
};

// The state: what the registers hold (as the difference to ASCII), whether SO is in force, whether an escape sequence that nobody
// knows is copied.
class State {
 public:
  explicit State(u64* bits) : bits_(*bits) {}
  u8 held(Register r) const { return static_cast<u8>(bits_ >> (8 * static_cast<int>(r))) ^ kAscii; }
  void hold(Register r, u8 mark) {
    int at = 8 * static_cast<int>(r);
    bits_ = (bits_ & ~(u64{0xFF} << at)) | static_cast<u64>(mark ^ kAscii) << at;
  }
  bool shifted() const { return bits_ & kShifted; }
  bool copies() const { return bits_ & kCopies; }
  void set_shifted(bool on) { bits_ = on ? bits_ | kShifted : bits_ & ~kShifted; }
  void set_copies(bool on) { bits_ = on ? bits_ | kCopies : bits_ & ~kCopies; }

 private:
  static constexpr u64 kShifted = u64{1} << 32, kCopies = u64{1} << 33;
  u64& bits_;
};

const Variant& variant_of(const CjkCodec& codec) { return kVariants[&codec - cjk_codecs_iso2022]; }

// ISO 8859-7 as it was when ISO-2022-JP-2 was defined. 0: none.
u32 greek_of(u8 c) {
  if (c < 0xA0) return c;
  if (c == 0xA1 || c == 0xA2) return 0x2018u + (c - 0xA1u);
  if (c == 0xAF) return 0x2015;
  constexpr u8 kSame[] = {0xA0, 0xA3, 0xA6, 0xA7, 0xA8, 0xA9, 0xAB, 0xAC, 0xAD, 0xB0, 0xB1, 0xB2, 0xB3, 0xB7, 0xBB, 0xBD};
  for (u8 same : kSame)
    if (same == c) return c;
  if (c < 0xB4 || c == 0xD2 || c == 0xFF) return 0;
  return c + 0x2D0u;
}
}  // namespace

// ---------------------------------------------------------------------------------------------------------------- decoding

static bool ends_escape(u8 c) { return (c >= 'A' && c <= 'Z') || c == '@'; }

// An escape sequence that designates a set: its length; 0: there must be more; negative: not one of the codec's.
static int decode_escape(const Variant& variant, State& state, const u8* in, usize left) {
  constexpr usize kLongest = 16;
  usize n = 0;
  for (usize i = 1; i < kLongest; ++i) {
    if (i >= left) return 0;
    if (ends_escape(in[i])) {
      n = i + 1;
      break;
    }
    // ESC & @ announces the revision of the set that follows: it is no end.
    if (variant.has_extended_escape && i + 1 < left && in[i] == '&' && in[i + 1] == '@') i += 2;
  }
  if (n == 0) return -1;
  int size = static_cast<int>(n);
  u8 mark;
  Register where = Register::G0;
  auto register_of = [&](u8 c) {
    if (c == '(')
      where = Register::G0;
    else if (c == ')')
      where = Register::G1;
    else
      return false;
    return true;
  };
  if (n == 3 && in[1] == '$') {
    mark = in[2] | kTwo;
  } else if (n == 3) {
    mark = in[2];
    if (in[1] == '.' && variant.has_g2)
      where = Register::G2;
    else if (!register_of(in[1]))
      return -size;
  } else if (n == 4 && in[1] == '$') {
    mark = in[3] | kTwo;
    if (!register_of(in[2])) return -size;
  } else if (n == 6 && in[3] == 0x1B && in[4] == '$' && in[5] == 'B') {
    mark = 'B' | kTwo;
  } else {
    return -size;
  }
  bool known = mark == kAscii;
  for (int i = 0; i < variant.count; ++i) known = known || variant.sets[i].mark == mark;
  if (!known) return -size;
  state.hold(where, mark);
  return size;
}

static int decode_iso2022(const CjkCodec& codec, u64* bits, const u8* in, usize left, StrBuilder& out) {
  const Variant& variant = variant_of(codec);
  State state(bits);
  u8 c = in[0];
  if (state.copies()) {
    out.append(c);
    if (ends_escape(c)) state.set_copies(false);
    return 1;
  }
  if (c == 0x1B) {
    if (left < 2) return 0;
    u8 next = in[1];
    if (next == '(' || next == ')' || next == '$' || next == '.' || next == '&') return decode_escape(variant, state, in, left);
    if (variant.has_g2 && next == 'N') {
      if (left < 3) return 0;
      u8 held = state.held(Register::G2);
      if (held != 'F') {
        if (in[2] >= 0x80) return -3;
        out.append(held == 'A' ? in[2] + 0x80u : in[2]);
        return 3;
      }
      u32 greek = greek_of(in[2] ^ 0x80);
      if (!greek) return -3;
      out.append(greek);
      return 3;
    }
    out.append(c);
    state.set_copies(true);
    return 1;
  }
  if (variant.shifts && (c == 0x0E || c == 0x0F)) {
    state.set_shifted(c == 0x0E);
    return 1;
  }
  if (c == '\n') state.set_shifted(false);
  if (c < 0x20) {
    out.append(c);
    return 1;
  }
  if (c >= 0x80) return -1;
  u8 mark = state.held(state.shifted() ? Register::G1 : Register::G0);
  if (mark == kAscii) {
    out.append(c);
    return 1;
  }
  const Designation* found = nullptr;
  for (int i = 0; i < variant.count && !found; ++i)
    if (variant.sets[i].mark == mark && variant.sets[i].kind != SetKind::Pairs) found = &variant.sets[i];
  if (!found) return -1;
  switch (found->kind) {
    case SetKind::Roman: out.append(c == 0x5C ? 0xA5 : c == 0x7E ? 0x203E : c); return 1;
    case SetKind::Katakana:
      if (c < 0x21 || c > 0x5F) return -1;
      out.append(c - 0x21u + 0xFF61u);
      return 1;
    case SetKind::Latin1:
    case SetKind::Greek: return -1;  // sets of G2 only
    default: break;
  }
  if (left < 2) return 0;
  return in[1] < 0x80 && cjk_set_decode(found->set, c, in[1], out) ? 2 : -2;
}

// ---------------------------------------------------------------------------------------------------------------- encoding

static void put(ByteBuffer& out, std::initializer_list<int> bytes) {
  for (int b : bytes) out.push(static_cast<u8>(b));
}
static void designate(State& state, Register where, u8 mark, ByteBuffer& out) {
  if (state.held(where) == mark) return;
  state.hold(where, mark);
  u8 last = mark & 0x7F;
  if (!(mark & kTwo))
    put(out, {0x1B, where == Register::G0 ? '(' : ')', last});
  else if (where == Register::G0 && (last == 'B' || last == '@'))
    put(out, {0x1B, '$', last});  // the two editions of JIS X 0208 have the short form
  else
    put(out, {0x1B, '$', where == Register::G0 ? '(' : ')', last});
}

// The code of a character in a set; 0: none.
static u32 code_in_set(const Designation& d, u32 c, u32 next, bool has_next, bool flush, int* used) {
  *used = 1;
  switch (d.kind) {
    case SetKind::Roman: return c == 0xA5 ? 0x5C : c == 0x203E ? 0x7E : c < 0x80 && c != 0x5C && c != 0x7E ? c : 0;
    case SetKind::Katakana: return c >= 0xFF61 && c <= 0xFF9F ? c - 0xFF61 + 0x21 : 0;
    case SetKind::Latin1:
    case SetKind::Greek: return 0;  // G2 is read and not written
    default: break;
  }
  u32 code = cjk_set_encode(d.set, c, next, has_next, flush, used);
  return d.kind == SetKind::Pairs ? 0 : code;
}

static int encode_iso2022(const CjkCodec& codec, u64* bits, u32 c, u32 next, bool has_next, bool flush, ByteBuffer& out) {
  const Variant& variant = variant_of(codec);
  State state(bits);
  auto shift = [&](bool on) {
    if (state.shifted() != on) out.push(on ? 0x0E : 0x0F);
    state.set_shifted(on);
  };
  if (c < 0x80) {
    designate(state, Register::G0, kAscii, out);
    shift(false);
    out.push(static_cast<u8>(c));
    return 1;
  }
  for (int i = 0; i < variant.count; ++i) {
    const Designation& d = variant.sets[i];
    int used;
    u32 code = code_in_set(d, c, next, has_next, flush, &used);
    if (used == 0) return 0;
    if (!code) continue;
    if (d.where == Register::G0) shift(false);
    designate(state, d.where, d.mark, out);
    if (d.where == Register::G1) shift(true);
    if (d.mark & kTwo) out.push(static_cast<u8>(code >> 8));
    out.push(static_cast<u8>(code));
    return used;
  }
  return -1;
}

static void reset_iso2022(u64* bits, ByteBuffer& out) {
  State state(bits);
  if (state.shifted()) out.push(0x0F);
  state.set_shifted(false);
  designate(state, Register::G0, kAscii, out);
}

#define ISO2022_CODEC(name) \
  {name, decode_iso2022, encode_iso2022, nullptr, nullptr, nullptr, nullptr, nullptr, reset_iso2022, nullptr, 0x4242, 0x424242}
// In the order of kVariants.
const CjkCodec cjk_codecs_iso2022[] = {ISO2022_CODEC("iso2022_kr"),      ISO2022_CODEC("iso2022_jp"),
                                       ISO2022_CODEC("iso2022_jp_1"),    ISO2022_CODEC("iso2022_jp_2"),
                                       ISO2022_CODEC("iso2022_jp_2004"), ISO2022_CODEC("iso2022_jp_3"),
                                       ISO2022_CODEC("iso2022_jp_ext"),  {}};

}  // namespace baton
