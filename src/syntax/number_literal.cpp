// Number tokens to values. The tokenizer has checked the form, so this only converts.
#include "base/float_text.h"
#include "syntax/literal.h"

namespace baton::syntax {

using ast::ConstKind;
using ast::ConstValue;

static std::string_view without_underscores(Arena& arena, std::string_view text) {
  if (!memchr(text.data(), '_', text.size())) return text;
  char* out = static_cast<char*>(arena.allocate(text.size() + 1));
  usize n = 0;
  for (char c : text) {
    if (c != '_') out[n++] = c;
  }
  out[n] = 0;
  return {out, n};
}

static int digit_value(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

static ConstValue integer(Arena& arena, std::string_view digits, int base) {
  usize zeros = 0;
  while (zeros + 1 < digits.size() && digits[zeros] == '0') ++zeros;
  digits.remove_prefix(zeros);
  u64 value = 0;
  bool fits = true;
  for (char c : digits) {
    if (__builtin_mul_overflow(value, static_cast<u64>(base), &value) ||
        __builtin_add_overflow(value, static_cast<u64>(digit_value(c)), &value) || value > static_cast<u64>(INT64_MAX)) {
      fits = false;
      break;
    }
  }
  if (fits) return ConstValue::of_int(static_cast<i64>(value));
  ConstValue result;
  result.kind = ConstKind::BigInt;
  std::string_view kept = arena.copy(digits);
  result.digits = {kept.data(), static_cast<u32>(kept.size()), static_cast<u8>(base), false};
  return result;
}

ConstValue parse_number(Arena& arena, std::string_view text, i32 max_int_digits, usize* digits_over) {
  *digits_over = 0;
  text = without_underscores(arena, text);
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) >= 'a') {
    char mark = text[1] | 0x20;
    if (mark == 'x') return integer(arena, text.substr(2), 16);
    if (mark == 'o') return integer(arena, text.substr(2), 8);
    if (mark == 'b') return integer(arena, text.substr(2), 2);
  }
  bool is_int = true;
  for (char c : text) is_int &= static_cast<u8>(c - '0') < 10;
  if (is_int) {
    // The limit does not apply to numbers of at most 640 digits, whatever it is set to.
    if (max_int_digits > 0 && text.size() > 640 && text.size() > static_cast<usize>(max_int_digits)) {
      *digits_over = text.size();
      return ConstValue::of_int(0);
    }
    return integer(arena, text, 10);
  }
  bool imaginary = (text.back() | 0x20) == 'j';
  if (imaginary) text.remove_suffix(1);
  double value = 0;
  float_parse(text.data(), text.size(), &value);
  return imaginary ? ConstValue::of_complex(0, value) : ConstValue::of_float(value);
}

}  // namespace baton::syntax
