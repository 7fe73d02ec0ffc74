// See binascii_kernels.h. Tables are computed at compile time.
#include "base/binascii_kernels.h"

#include <cstring>

#if defined(__x86_64__)
#include <wmmintrin.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#endif

namespace baton {

// ---- checksums ----

namespace {
struct Crc32Tables {
  u32 at[8][256];
};
constexpr Crc32Tables make_crc32_tables() {
  Crc32Tables tables{};
  for (u32 i = 0; i < 256; ++i) {
    u32 crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? 0xedb88320u ^ (crc >> 1) : crc >> 1;
    tables.at[0][i] = crc;
  }
  for (int t = 1; t < 8; ++t) {
    for (u32 i = 0; i < 256; ++i) tables.at[t][i] = tables.at[t - 1][i] >> 8 ^ tables.at[0][tables.at[t - 1][i] & 0xff];
  }
  return tables;
}
constexpr Crc32Tables kCrc32 = make_crc32_tables();

struct HqxTable {
  u16 at[256];
};
constexpr HqxTable make_hqx_table() {
  HqxTable table{};
  for (u32 i = 0; i < 256; ++i) {
    u32 crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
    table.at[i] = static_cast<u16>(crc);
  }
  return table;
}
constexpr HqxTable kHqx = make_hqx_table();
}  // namespace

#if defined(__x86_64__)

// x to the nth, modulo the polynomial, with the coefficients in the order of a CRC: bit 31 is that of x to the zeroth.
static constexpr u32 power_of_x(int n) {
  u32 power = 1u << 31;
  for (; n; --n) power = power & 1 ? 0xedb88320u ^ (power >> 1) : power >> 1;
  return power;
}

namespace {
// What moves 16 bytes of a message forward over the next `distance` bits: the factors of their first and last eight bytes. A
// carry-less product of two words in this order of coefficients is the polynomials' product times x, so one x less is asked for.
struct Forward {
  u64 first, last;
};
constexpr Forward forward(int distance) { return {u64{power_of_x(distance + 63)} << 32, u64{power_of_x(distance - 1)} << 32}; }
constexpr Forward kForward64 = forward(512), kForward16 = forward(128);
}  // namespace

static constexpr usize kFoldAtLeast = 128;

#if defined(__x86_64__)
// The C library has asked the processor already. A compiler's own support asks again as each program starts, and on a virtual
// machine each of those eight questions takes 5 us.
static bool multiplies_without_carry() {
#ifdef CPU_FEATURE_ACTIVE
  return CPU_FEATURE_ACTIVE(PCLMULQDQ);
#else
  return __builtin_cpu_supports("pclmul");
#endif
}
#endif

// 16 bytes that have the checksum of the whole 64-byte blocks of `data`, whatever follows, if one begins with 0 behind them.
__attribute__((target("pclmul"))) static void crc32_fold(u32 crc, const u8* data, usize blocks, u8 out[16]) {
  auto load = [](const u8* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); };
  __m128i lanes[4];
  for (int i = 0; i < 4; ++i) lanes[i] = load(data + 16 * i);
  lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128(static_cast<int>(crc)));
  __m128i factors = _mm_set_epi64x(static_cast<long long>(kForward64.last), static_cast<long long>(kForward64.first));
  for (usize block = 1; block < blocks; ++block) {
    data += 64;
    for (int i = 0; i < 4; ++i) {
      __m128i moved = _mm_xor_si128(_mm_clmulepi64_si128(lanes[i], factors, 0x00), _mm_clmulepi64_si128(lanes[i], factors, 0x11));
      lanes[i] = _mm_xor_si128(moved, load(data + 16 * i));
    }
  }
  factors = _mm_set_epi64x(static_cast<long long>(kForward16.last), static_cast<long long>(kForward16.first));
  for (int i = 1; i < 4; ++i) {
    __m128i before = lanes[i - 1];
    __m128i moved = _mm_xor_si128(_mm_clmulepi64_si128(before, factors, 0x00), _mm_clmulepi64_si128(before, factors, 0x11));
    lanes[i] = _mm_xor_si128(lanes[i], moved);
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), lanes[3]);
}

#endif

// The register of a CRC (not the checksum, which is its complement) after `data`, by tables.
static u32 crc32_by_tables(u32 crc, const u8* data, usize size) {
  for (; size >= 8; size -= 8, data += 8) {
    u32 low, high;
    memcpy(&low, data, 4);
    memcpy(&high, data + 4, 4);
    low ^= crc;
    crc = kCrc32.at[7][low & 0xff] ^ kCrc32.at[6][low >> 8 & 0xff] ^ kCrc32.at[5][low >> 16 & 0xff] ^ kCrc32.at[4][low >> 24] ^
          kCrc32.at[3][high & 0xff] ^ kCrc32.at[2][high >> 8 & 0xff] ^ kCrc32.at[1][high >> 16 & 0xff] ^ kCrc32.at[0][high >> 24];
  }
  for (; size; --size) crc = crc >> 8 ^ kCrc32.at[0][(crc ^ *data++) & 0xff];
  return crc;
}

u32 crc32(u32 crc, const u8* data, usize size) {
  crc = ~crc;
#if defined(__x86_64__)
  if (size >= kFoldAtLeast && multiplies_without_carry()) {
    u8 folded[16];
    crc32_fold(crc, data, size / 64, folded);
    crc = crc32_by_tables(0, folded, sizeof folded);
    data += size / 64 * 64;
    size %= 64;
  }
#endif
  return ~crc32_by_tables(crc, data, size);
}

u32 crc_hqx(u32 crc, const u8* data, usize size) {
  crc &= 0xffff;
  for (; size; --size) crc = ((crc << 8) & 0xff00) ^ kHqx.at[(crc >> 8) ^ *data++];
  return crc;
}

u32 adler32(u32 value, const u8* data, usize size) {
  u32 a = value & 0xffff, b = value >> 16;
  while (size) {
    usize block = size < 5552 ? size : 5552;  // as many as cannot overflow 32 bits
    size -= block;
    for (; block >= 16; block -= 16, data += 16) {  // sums that don't wait for each other
      u32 sum = 0, weighted = 0;
      for (u32 i = 0; i < 16; ++i) {
        sum += data[i];
        weighted += (16 - i) * data[i];
      }
      b += 16 * a + weighted;
      a += sum;
    }
    for (; block; --block) b += a += *data++;
    a %= 65521;
    b %= 65521;
  }
  return b << 16 | a;
}

// ---- hex ----

static constexpr int hex_value(u8 byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

namespace {
struct HexTables {
  u8 digits[256][2];
  i8 values[256];  // -1: no digit
};
constexpr HexTables make_hex_tables() {
  HexTables tables{};
  for (u32 i = 0; i < 256; ++i) {
    tables.digits[i][0] = static_cast<u8>("0123456789abcdef"[i >> 4]);
    tables.digits[i][1] = static_cast<u8>("0123456789abcdef"[i & 15]);
    tables.values[i] = static_cast<i8>(hex_value(static_cast<u8>(i)));
  }
  return tables;
}
constexpr HexTables kHex = make_hex_tables();
}  // namespace

void hex_encode(u8* out, const u8* data, usize size) {
  for (usize i = 0; i < size; ++i) {
    memcpy(out + 2 * i, kHex.digits[data[i]], 2);
  }
}

usize hex_encoded_size(usize size, i64 bytes_per_group) {
  usize group = bytes_per_group < 0 ? 0 - static_cast<usize>(bytes_per_group) : static_cast<usize>(bytes_per_group);
  return 2 * size + (group && size ? (size - 1) / group : 0);
}

void hex_encode_grouped(u8* out, const u8* data, usize size, u8 separator, i64 bytes_per_group) {
  usize group = bytes_per_group < 0 ? 0 - static_cast<usize>(bytes_per_group) : static_cast<usize>(bytes_per_group);
  if (group == 0) return hex_encode(out, data, size);
  usize left = bytes_per_group < 0 ? group : size % group;  // bytes until the next separator
  if (left == 0) left = group;
  for (usize i = 0; i < size; ++i) {
    if (left == 0) {
      *out++ = separator;
      left = group;
    }
    hex_encode(out, data + i, 1);
    out += 2;
    --left;
  }
}

bool hex_decode(u8* out, const u8* data, usize size) {
  if (size % 2) return false;
  for (usize i = 0; i < size; i += 2) {
    int high = kHex.values[data[i]], low = kHex.values[data[i + 1]];
    if ((high | low) < 0) return false;
    *out++ = static_cast<u8>(high << 4 | low);
  }
  return true;
}

// ---- base64 ----

const char kBase64TooMany[] = "Invalid base64-encoded string: number of data characters cannot be 1 more than a multiple of 4";

namespace {
constexpr char kBase64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
struct Base64Values {
  u8 at[256];  // 64: not a digit
};
constexpr Base64Values make_base64_values() {
  Base64Values values{};
  for (u8& value : values.at) value = 64;
  for (u8 i = 0; i < 64; ++i) values.at[static_cast<u8>(kBase64Digits[i])] = i;
  return values;
}
constexpr Base64Values kBase64Values = make_base64_values();
}  // namespace

void base64_encode(ByteBuffer& out, const u8* data, usize size, Base64Newline newline) {
  u8* to = out.extend((size + 2) / 3 * 4 + (newline == Base64Newline::kAppend));
  if (!to) return;
  auto digit = [](u32 value) { return static_cast<u8>(kBase64Digits[value & 63]); };
  for (; size >= 3; size -= 3, data += 3, to += 4) {
    u32 word = u32{data[0]} << 16 | u32{data[1]} << 8 | data[2];
    to[0] = digit(word >> 18);
    to[1] = digit(word >> 12);
    to[2] = digit(word >> 6);
    to[3] = digit(word);
  }
  if (size) {
    u32 word = u32{data[0]} << 16 | (size == 2 ? u32{data[1]} << 8 : 0);
    to[0] = digit(word >> 18);
    to[1] = digit(word >> 12);
    to[2] = size == 2 ? digit(word >> 6) : '=';
    to[3] = '=';
    to += 4;
  }
  if (newline == Base64Newline::kAppend) *to = '\n';
}

const char* base64_decode(ByteBuffer& out, const u8* data, usize size, Base64Mode mode, usize* data_chars) {
  bool strict = mode == Base64Mode::kStrict;
  if (strict && size && data[0] == '=') return "Leading padding not allowed";
  usize start = out.size();
  u32 quad = 0, word = 0, pads = 0;  // digits in the quad under way, their bits, and '=' seen since the last digit
  bool padding_started = false;
  for (usize i = 0; i < size; ++i) {
    if (data[i] == '=') {
      padding_started = true;
      if (quad >= 2 && quad + ++pads >= 4) {
        if (strict && i + 1 < size) return "Excess data after padding";
        return nullptr;
      }
      continue;
    }
    u8 value = kBase64Values.at[data[i]];
    if (value >= 64) {
      if (strict) return "Only base64 data is allowed";
      continue;
    }
    if (strict && padding_started) return "Discontinuous padding not allowed";
    pads = 0;
    word = word << 6 | value;
    if (quad) out.push(static_cast<u8>(word >> (6 - 2 * quad)));
    quad = (quad + 1) % 4;
  }
  if (quad == 0) return nullptr;
  if (quad > 1) return "Incorrect padding";
  *data_chars = (out.size() - start) / 3 * 4 + 1;
  return kBase64TooMany;
}

// ---- uu ----

bool uu_encode(ByteBuffer& out, const u8* data, usize size, bool backtick) {
  if (size > 45) return false;
  auto put = [&](u32 value) { out.push(backtick && !value ? '`' : static_cast<u8>(value + ' ')); };
  put(static_cast<u32>(size));
  for (usize i = 0; i < size; i += 3) {
    u32 word = u32{data[i]} << 16;
    if (i + 1 < size) word |= u32{data[i + 1]} << 8;
    if (i + 2 < size) word |= data[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) put(word >> shift & 63);
  }
  out.push('\n');
  return true;
}

const char* uu_decode(ByteBuffer& out, const u8* data, usize size) {
  // A missing end, a newline and a carriage return all count as zero digits: trailing blanks get lost in the mail.
  usize wanted = size ? (data[0] - ' ') & 63 : 32;
  usize at = 1;
  u32 word = 0, bits = 0;
  while (wanted) {
    u8 byte = at < size ? data[at] : 0;
    u32 value = 0;
    if (byte != '\n' && byte != '\r' && at < size) {
      if (byte < ' ' || byte > ' ' + 64) return "Illegal char";
      value = (byte - ' ') & 63;
    }
    ++at;
    word = word << 6 | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push(static_cast<u8>(word >> bits));
      word &= (1u << bits) - 1;
      --wanted;
    }
  }
  for (; at < size; ++at) {
    u8 byte = data[at];
    if (byte != ' ' && byte != ' ' + 64 && byte != '\n' && byte != '\r') return "Trailing garbage";
  }
  return nullptr;
}

// ---- quoted-printable ----

void qp_decode(ByteBuffer& out, const u8* data, usize size, bool header) {
  for (usize i = 0; i < size;) {
    u8 byte = data[i];
    if (header && byte == '_') {
      out.push(' ');
      ++i;
      continue;
    }
    if (byte != '=') {
      out.push(byte);
      ++i;
      continue;
    }
    if (++i >= size) break;
    if (data[i] == '\n' || data[i] == '\r') {
      // A soft line break: everything to the end of the line goes.
      while (i < size && data[i] != '\n') ++i;
      if (i < size) ++i;
    } else if (data[i] == '=') {
      out.push('=');  // broken case from broken encoders
      ++i;
    } else if (i + 1 < size && hex_value(data[i]) >= 0 && hex_value(data[i + 1]) >= 0) {
      out.push(static_cast<u8>(hex_value(data[i]) << 4 | hex_value(data[i + 1])));
      i += 2;
    } else {
      out.push('=');
    }
  }
}

static constexpr usize kQpLine = 76;

// Must the byte at `i` be written as =XX? `column` is where it would stand in the output line.
static bool needs_quoting(const u8* data, usize size, usize i, usize column, bool quote_tabs, bool is_text, bool header) {
  u8 byte = data[i];
  if (byte > 126 || byte == '=' || (header && byte == '_')) return true;
  if (byte == '.' && column == 0) return i + 1 == size || data[i + 1] == '\n' || data[i + 1] == '\r' || data[i + 1] == 0;
  if (!is_text && (byte == '\r' || byte == '\n')) return true;
  if ((byte == '\t' || byte == ' ') && i + 1 == size) return true;
  if (byte == '\t' || byte == ' ') return quote_tabs;
  return byte < 33 && byte != '\r' && byte != '\n';
}

static void put_quoted(ByteBuffer& out, u8 byte) {
  out.push('=');
  out.push(static_cast<u8>("0123456789ABCDEF"[byte >> 4]));
  out.push(static_cast<u8>("0123456789ABCDEF"[byte & 15]));
}

void qp_encode(ByteBuffer& out, const u8* data, usize size, bool quote_tabs, bool is_text, bool header) {
  // Lines keep the ending of the first line.
  const void* first_newline = size ? memchr(data, '\n', size) : nullptr;
  bool crlf = first_newline && first_newline != data && static_cast<const u8*>(first_newline)[-1] == '\r';
  auto put_newline = [&] {
    if (crlf) out.push('\r');
    out.push('\n');
  };
  usize start = out.size(), column = 0;
  auto soft_break = [&] {
    out.push('=');
    put_newline();
    column = 0;
  };
  for (usize i = 0; i < size;) {
    u8 byte = data[i];
    if (needs_quoting(data, size, i, column, quote_tabs, is_text, header)) {
      if (column + 3 >= kQpLine) soft_break();
      put_quoted(out, byte);
      column += 3;
      ++i;
      continue;
    }
    if (is_text && (byte == '\n' || (byte == '\r' && i + 1 < size && data[i + 1] == '\n'))) {
      column = 0;
      // A blank at the end of a line would be lost.
      if (out.size() > start && (out.data()[out.size() - 1] == ' ' || out.data()[out.size() - 1] == '\t')) {
        u8 blank = out.data()[out.size() - 1];
        out.truncate(out.size() - 1);
        put_quoted(out, blank);
      }
      put_newline();
      i += byte == '\r' ? 2 : 1;
      continue;
    }
    if (i + 1 != size && data[i + 1] != '\n' && column + 1 >= kQpLine) soft_break();
    ++column;
    out.push(header && byte == ' ' ? '_' : byte);
    ++i;
  }
}

}  // namespace baton
