// Text of ints in both directions, int()'s syntax with its errors, and the digit limit of decimal conversions.
#include <bit>
#include <cstdlib>
#include <cstring>

#include "base/unicode.h"
#include "objects/bytes.h"
#include "objects/int_view.h"
#include "objects/number_parse.h"
#include "objects/object.h"

namespace baton {

i64 int_max_str_digits = kDefaultMaxStrDigits;

// ---------------------------------------------------------------------------------------------------------------- number text

AsciiNumber::~AsciiNumber() {
  if (data_ != inline_) free(data_);
}
bool AsciiNumber::reserve(usize n) {
  if (n < sizeof inline_) return true;
  data_ = static_cast<char*>(malloc(n + 1));
  if (data_) return true;
  data_ = inline_;
  return false;
}
Result<void> AsciiNumber::load(Thread& thread, std::string_view bytes) {
  if (!reserve(bytes.size())) return raise_memory_error(thread);
  if (!bytes.empty()) memcpy(data_, bytes.data(), bytes.size());
  size_ = bytes.size();
  return ok;
}
Result<void> AsciiNumber::load(Thread& thread, const Str* text) {
  if (text->is_ascii()) return load(thread, text->ascii());
  usize n = static_cast<usize>(text->length());
  if (!reserve(n)) return raise_memory_error(thread);
  for (usize i = 0; i < n; ++i) {
    u32 c = text->at(static_cast<Index>(i));
    if (c >= 128) {
      int digit = unicode_is_space(c) ? -1 : unicode_decimal_value(c);
      c = unicode_is_space(c) ? ' ' : digit >= 0 ? static_cast<u32>('0' + digit) : '?';
    }
    data_[i] = static_cast<char>(c);
  }
  size_ = n;
  return ok;
}
std::string_view AsciiNumber::stripped() const {
  std::string_view s = text();
  while (!s.empty() && is_ascii_blank(static_cast<u8>(s.front()))) s.remove_prefix(1);
  while (!s.empty() && is_ascii_blank(static_cast<u8>(s.back()))) s.remove_suffix(1);
  return s;
}
bool AsciiNumber::remove_underscores() {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  usize out = 0;
  char previous = 0;
  for (usize i = 0; i < size_; ++i) {
    char c = data_[i];
    if (c == '_') {
      if (!is_digit(previous)) return false;
    } else {
      if (previous == '_' && !is_digit(c)) return false;
      data_[out++] = c;
    }
    previous = c;
  }
  if (previous == '_') return false;
  size_ = out;
  return true;
}

// ---------------------------------------------------------------------------------------------------------------- parsing

static int digit_value(u8 c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  return 99;
}

namespace {

enum class ParseStatus : u8 { kOk, kInvalid, kTooLong };

struct ParsedInt {
  ParseStatus status;
  usize digits = 0;          // without underscores
  usize start = 0, end = 0;  // of the digits in the text
  int base = 10;
  bool negative = false, must_be_zero = false;
};

}  // namespace

// Reads int()'s syntax up to where it ends; only then is the rest looked at, as CPython does, whose digit limit precedes the
// complaint about trailing text.
static ParsedInt scan_int(std::string_view s, int base) {
  ParsedInt p{ParseStatus::kInvalid};
  usize i = 0, n = s.size();
  while (i < n && is_ascii_blank(static_cast<u8>(s[i]))) ++i;
  if (i < n && (s[i] == '+' || s[i] == '-')) p.negative = s[i++] == '-';
  auto prefix_base = [&]() {
    if (i + 1 >= n || s[i] != '0') return 0;
    switch (s[i + 1] | 0x20) {
      case 'x': return 16;
      case 'o': return 8;
      case 'b': return 2;
      default: return 0;
    }
  };
  if (base == 0) {
    int found = prefix_base();
    if (found)
      base = found;
    else
      base = 10, p.must_be_zero = i < n && s[i] == '0';
  }
  if (i < n && s[i] == '0' && prefix_base() == base) {
    i += 2;
    if (i < n && s[i] == '_') ++i;
  }
  p.base = base;
  if (i < n && s[i] == '_') return p;
  p.start = i;
  char previous = 0;
  while (i < n && (s[i] == '_' || digit_value(static_cast<u8>(s[i])) < base)) {
    if (s[i] == '_') {
      if (previous == '_') return p;
    } else {
      ++p.digits;
    }
    previous = s[i++];
  }
  if (previous == '_' || p.digits == 0) return p;
  p.end = i;
  if ((base & (base - 1)) != 0 && int_max_str_digits > 0 && p.digits > static_cast<usize>(int_max_str_digits)) {
    p.status = ParseStatus::kTooLong;
    return p;
  }
  while (i < n && is_ascii_blank(static_cast<u8>(s[i]))) ++i;
  if (i == n) p.status = ParseStatus::kOk;
  return p;
}

Result<Value> int_from_ascii(Thread& thread, std::string_view digits, int base) {
  if (digits.size() <= 18 && base <= 10) {
    i64 v = 0;
    for (char c : digits) v = v * base + (c - '0');
    return Value::of_small_int(v);
  }
  usize room = big_from_text_bound(digits.size(), base);
  return build_int(thread, room, [&](Limb* out) { return big_from_text(out, digits.data(), digits.size(), base); });
}

// original absent: the text came from bytes and is shown as such.
static Failed raise_invalid(Thread& thread, Value original, std::string_view bytes, int base) {
  Result<Str*> shown = original.is_present() ? repr(thread, original) : bytes_repr(thread, bytes.substr(0, 200));
  if (shown.is_failed()) {  // as where a message is formatted (raise_formatted)
    thread.clear_pending();
    return raise_with_args(thread, exceptions.ValueError, nullptr, 0);
  }
  Str* text = shown.value();
  if (text->length() > 200) text = TRY(str_slice(thread, text, 0, 200));
  return raise_value_error(thread, "invalid literal for int() with base {}: {}", base, text);
}

static Result<Value> parse_int(Thread& thread, std::string_view s, int base, Value original) {
  ParsedInt p = scan_int(s, base);
  if (p.status == ParseStatus::kTooLong) {
    return raise_value_error(
        thread,
        "Exceeds the limit ({} digits) for integer string conversion: value has {} digits; use sys.set_int_max_str_digits() to "
        "increase the limit",
        int_max_str_digits, static_cast<u64>(p.digits));
  }
  if (p.status == ParseStatus::kInvalid) return raise_invalid(thread, original, s, base);
  std::string_view digits = s.substr(p.start, p.end - p.start);
  char small[64];
  char* compact = nullptr;
  if (p.digits != digits.size()) {  // underscores
    compact = p.digits <= sizeof small ? small : static_cast<char*>(malloc(p.digits));
    if (!compact) return raise_memory_error(thread);
    usize out = 0;
    for (char c : digits)
      if (c != '_') compact[out++] = c;
    digits = {compact, out};
  }
  Result<Value> v = int_from_ascii(thread, digits, p.base);
  if (compact && compact != small) free(compact);
  Value magnitude = TRY(v);
  if (p.must_be_zero && magnitude != Value::of_small_int(0)) return raise_invalid(thread, original, s, base);
  return p.negative ? int_neg(thread, magnitude) : Result<Value>(magnitude);
}

Result<Value> int_from_text(Thread& thread, Str* text, int base) {
  if (text->is_ascii()) {
    KeepAlive keep{Value(text)};
    return parse_int(thread, text->ascii(), base, Value(text));
  }
  AsciiNumber ascii;
  TRY(ascii.load(thread, text));
  return parse_int(thread, ascii.text(), base, Value(text));
}

Result<Value> int_from_bytes_text(Thread& thread, std::string_view text, int base) {
  AsciiNumber copy;
  TRY(copy.load(thread, text));
  return parse_int(thread, copy.text(), base, Value());
}

// ---------------------------------------------------------------------------------------------------------------- printing

static Failed raise_too_many_digits(Thread& thread) {
  return raise_value_error(
      thread,
      "Exceeds the limit ({} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
      int_max_str_digits);
}

static const char* base_prefix(int base) { return base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : ""; }

Result<Str*> int_to_text(Thread& thread, Value v, int base, bool prefix) {
  if (v.is_small_int() && base == 10) {
    i64 n = v.small_int();
    if (n >= 0 && n < 10) return str_from_code_point(thread, static_cast<u32>('0' + n));
    char text[kI64TextMax + 4];
    return str_from_ascii(thread, {text, i64_to_decimal(text, n)});
  }
  if (v.is_small_int() && (base & (base - 1)) == 0) {
    i64 n = v.small_int();
    u64 magnitude = n < 0 ? 0 - static_cast<u64>(n) : static_cast<u64>(n);
    int bits = std::countr_zero(static_cast<u32>(base));
    char text[64 + 4], *p = text + sizeof text;
    do {
      *--p = "0123456789abcdefghijklmnopqrstuv"[magnitude & static_cast<u64>(base - 1)];
      magnitude >>= bits;
    } while (magnitude);
    if (prefix) {
      *--p = base_prefix(base)[1];
      *--p = '0';
    }
    if (n < 0) *--p = '-';
    return str_from_ascii(thread, {p, static_cast<usize>(text + sizeof text - p)});
  }
  if ((base == 10 || base == 16) && int_limb_count(v) <= kFewDecimalLimbs) {  // fewer digits than any limit of them
    char text[kFewDecimalLimbs * 20 + 4], *p = text;
    IntView view(v);
    if (view->negative) *p++ = '-';
    if (prefix)
      for (const char* c = base_prefix(base); *c; ++c) *p++ = *c;
    p += big_to_text(p, view->magnitude(), base);
    return str_from_ascii(thread, {text, static_cast<usize>(p - text)});
  }
  usize bound;
  {
    IntView view(v);
    if (base == 10 && int_max_str_digits > 0 && big_bit_length(view) > static_cast<u64>(int_max_str_digits) * 3322 / 1000 + 4)
      return raise_too_many_digits(thread);
    bound = big_text_bound(view, base) + 4;
  }
  char small[160];
  char* text = bound <= sizeof small ? small : static_cast<char*>(malloc(bound));
  if (!text) return raise_memory_error(thread);
  char* p = text;
  IntView view(v);
  if (view->negative) *p++ = '-';
  if (prefix)
    for (const char* c = base_prefix(base); *c; ++c) *p++ = *c;
  usize digits = big_to_text(p, view->magnitude(), base);
  Result<Str*> result = failed;
  if (base == 10 && int_max_str_digits > 0 && digits > static_cast<usize>(int_max_str_digits))
    result = raise_too_many_digits(thread);
  else
    result = str_from_ascii(thread, {text, static_cast<usize>(p - text) + digits});
  if (text != small) free(text);
  return result;
}

}  // namespace baton
