// Constant folding on ConstValues. Limits are CPython's: integers to 128 bits, strings to 4096 characters, tuples to 256 items.
// Operations whose exact result would need the runtime (complex powers, ...) are left to it.
#include "compile/constants.h"

#include <gmp.h>

#include <bit>
#include <cmath>
#include <string>

namespace baton::compile {

using namespace ast;

namespace {

constexpr u64 kMaxIntBits = 128;
constexpr u64 kMaxStrSize = 4096;
constexpr u64 kMaxCollectionSize = 256;

u64 mix(u64 h, u64 v) {
  h ^= v + 0x9E3779B97F4A7C15 + (h << 6) + (h >> 2);
  return h * 0xFF51AFD7ED558CCD;
}

class Int {
 public:
  Int() { mpz_init(z); }
  ~Int() { mpz_clear(z); }
  Int(const Int&) = delete;
  Int& operator=(const Int&) = delete;
  bool load(const ConstValue& value) {
    switch (value.kind) {
      case ConstKind::True: mpz_set_si(z, 1); return true;
      case ConstKind::False: mpz_set_si(z, 0); return true;
      case ConstKind::Int: mpz_set_si(z, value.integer); return true;
      case ConstKind::BigInt: {
        std::string digits(value.digits.data, value.digits.size);
        if (mpz_set_str(z, digits.c_str(), value.digits.base) != 0) return false;
        if (value.digits.negative) mpz_neg(z, z);
        return true;
      }
      default: return false;
    }
  }
  ConstValue store(Arena& arena) const {
    if (mpz_fits_slong_p(z)) return ConstValue::of_int(mpz_get_si(z));
    usize room = mpz_sizeinbase(z, 16) + 2;
    char* data = arena.allocate_array<char>(room);
    Int magnitude;
    mpz_abs(magnitude.z, z);
    mpz_get_str(data, 16, magnitude.z);
    ConstValue value;
    value.kind = ConstKind::BigInt;
    value.digits = {data, static_cast<u32>(strlen(data)), 16, mpz_sgn(z) < 0};
    return value;
  }
  u64 bits() const { return mpz_sgn(z) == 0 ? 0 : mpz_sizeinbase(z, 2); }
  mpz_t z;
};

bool is_bool(const ConstValue& v) { return v.kind == ConstKind::True || v.kind == ConstKind::False; }
bool is_integral(const ConstValue& v) { return is_bool(v) || v.kind == ConstKind::Int || v.kind == ConstKind::BigInt; }
bool is_text(const ConstValue& v) { return v.kind == ConstKind::Str || v.kind == ConstKind::Bytes; }

// The double equal to an integer constant; false when it would round or be out of range (then the runtime does it).
bool exact_double(const ConstValue& v, double& out) {
  switch (v.kind) {
    case ConstKind::True: out = 1; return true;
    case ConstKind::False: out = 0; return true;
    case ConstKind::Int: out = static_cast<double>(v.integer); return v.integer >= -(i64{1} << 53) && v.integer <= (i64{1} << 53);
    case ConstKind::Float: out = v.real; return true;
    default: return false;
  }
}

ConstValue bool_constant(bool b) { return ConstValue::simple(b ? ConstKind::True : ConstKind::False); }

bool fold_integers(Arena& arena, Operator op, const ConstValue& left, const ConstValue& right, ConstValue& result) {
  if (is_bool(left) && is_bool(right)) {
    bool l = left.kind == ConstKind::True, r = right.kind == ConstKind::True;
    switch (op) {
      case Operator::BitAnd: result = bool_constant(l && r); return true;
      case Operator::BitOr: result = bool_constant(l || r); return true;
      case Operator::BitXor: result = bool_constant(l != r); return true;
      default: break;
    }
  }
  Int l, r, out;
  if (!l.load(left) || !r.load(right)) return false;
  switch (op) {
    case Operator::Add: mpz_add(out.z, l.z, r.z); break;
    case Operator::Sub: mpz_sub(out.z, l.z, r.z); break;
    case Operator::Mult:
      if (l.bits() + r.bits() > kMaxIntBits && l.bits() && r.bits()) return false;
      mpz_mul(out.z, l.z, r.z);
      break;
    case Operator::Div: {
      double a, b;
      if (!exact_double(left, a) || !exact_double(right, b) || b == 0) return false;
      result = ConstValue::of_float(a / b);
      return true;
    }
    case Operator::FloorDiv:
      if (mpz_sgn(r.z) == 0) return false;
      mpz_fdiv_q(out.z, l.z, r.z);
      break;
    case Operator::Mod:
      if (mpz_sgn(r.z) == 0) return false;
      mpz_fdiv_r(out.z, l.z, r.z);
      break;
    case Operator::Pow: {
      if (mpz_sgn(r.z) < 0) {
        double a, b;
        if (!exact_double(left, a) || !exact_double(right, b) || a == 0) return false;
        result = ConstValue::of_float(std::pow(a, b));
        return std::isfinite(result.real);
      }
      if (!mpz_fits_uint_p(r.z)) return false;
      u64 exponent = mpz_get_ui(r.z);
      if (l.bits() && exponent && (exponent > kMaxIntBits || l.bits() > kMaxIntBits / exponent)) return false;
      mpz_pow_ui(out.z, l.z, exponent);
      break;
    }
    case Operator::LShift: {
      if (mpz_sgn(r.z) < 0 || !mpz_fits_uint_p(r.z)) return false;
      u64 shift = mpz_get_ui(r.z);
      if (l.bits() && (shift > kMaxIntBits || l.bits() > kMaxIntBits - shift)) return false;
      if (l.bits()) mpz_mul_2exp(out.z, l.z, shift);
      break;
    }
    case Operator::RShift:
      if (mpz_sgn(r.z) < 0 || !mpz_fits_uint_p(r.z)) return false;
      mpz_fdiv_q_2exp(out.z, l.z, mpz_get_ui(r.z));
      break;
    case Operator::BitAnd: mpz_and(out.z, l.z, r.z); break;
    case Operator::BitOr: mpz_ior(out.z, l.z, r.z); break;
    case Operator::BitXor: mpz_xor(out.z, l.z, r.z); break;
    case Operator::MatMult: return false;
  }
  result = out.store(arena);
  return true;
}

bool fold_floats(Operator op, double l, double r, double& result) {
  switch (op) {
    case Operator::Add: result = l + r; return true;
    case Operator::Sub: result = l - r; return true;
    case Operator::Mult: result = l * r; return true;
    case Operator::Div:
      if (r == 0) return false;
      result = l / r;
      return true;
    case Operator::Mod:
    case Operator::FloorDiv: {
      if (r == 0 || !std::isfinite(l) || !std::isfinite(r)) return false;
      double mod = std::fmod(l, r);
      double div = (l - mod) / r;
      if (mod != 0) {
        if ((r < 0) != (mod < 0)) {
          mod += r;
          div -= 1.0;
        }
      } else {
        mod = std::copysign(0.0, r);
      }
      if (op == Operator::Mod) {
        result = mod;
        return true;
      }
      if (div != 0) {
        double floordiv = std::floor(div);
        if (div - floordiv > 0.5) floordiv += 1.0;
        result = floordiv;
      } else {
        result = std::copysign(0.0, l / r);
      }
      return true;
    }
    case Operator::Pow:
      if (l < 0 && r != std::floor(r)) return false;  // complex
      if (l == 0 && r < 0) return false;              // ZeroDivisionError
      if (!std::isfinite(l) || !std::isfinite(r)) return false;
      result = std::pow(l, r);
      return std::isfinite(result);
    default: return false;
  }
}

bool fold_complex(Operator op, const ConstValue& left, const ConstValue& right, ConstValue& result) {
  double lr = 0, li = 0, rr = 0, ri = 0;
  if (left.kind == ConstKind::Complex) {
    lr = left.complex.real, li = left.complex.imag;
  } else if (!exact_double(left, lr)) {
    return false;
  }
  if (right.kind == ConstKind::Complex) {
    rr = right.complex.real, ri = right.complex.imag;
  } else if (!exact_double(right, rr)) {
    return false;
  }
  switch (op) {
    case Operator::Add: result = ConstValue::of_complex(lr + rr, li + ri); return true;
    case Operator::Sub: result = ConstValue::of_complex(lr - rr, li - ri); return true;
    case Operator::Mult: result = ConstValue::of_complex(lr * rr - li * ri, lr * ri + li * rr); return true;
    default: return false;
  }
}

usize text_length(const ConstValue& v) {
  if (v.kind == ConstKind::Bytes) return v.chars.size;
  usize n = 0;
  for (char c : v.text()) n += (static_cast<u8>(c) & 0xC0) != 0x80;
  return n;
}

bool fold_repeat(Arena& arena, const ConstValue& sequence, const ConstValue& count, ConstValue& result) {
  i64 n = count.kind == ConstKind::Int     ? count.integer
          : count.kind == ConstKind::True  ? 1
          : count.kind == ConstKind::False ? 0
                                           : -1;
  if (count.kind == ConstKind::BigInt) return false;
  if (sequence.kind == ConstKind::Tuple) {
    u64 size = sequence.items.size;
    if (size && (n < 0 || static_cast<u64>(n) > kMaxCollectionSize / size)) return false;
    if (n < 0) return false;
    Seq<ConstValue> items{arena.allocate_array<ConstValue>(size * n + 1), static_cast<u32>(size * n)};
    for (u64 i = 0; i < size * static_cast<u64>(n); ++i) items[i] = sequence.items[i % size];
    result = ConstValue::simple(ConstKind::Tuple);
    result.items = items;
    return true;
  }
  u64 size = text_length(sequence);
  if (n < 0 || (size && static_cast<u64>(n) > kMaxStrSize / size)) return false;
  std::string text;
  for (i64 i = 0; size && i < n; ++i) text += sequence.text();
  result = ConstValue::of_text(sequence.kind, arena.copy(text));
  return true;
}

bool ascii_only(std::string_view text) {
  for (char c : text) {
    if (static_cast<u8>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

bool same_constant(const ConstValue& a, const ConstValue& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ConstKind::None:
    case ConstKind::True:
    case ConstKind::False:
    case ConstKind::Ellipsis: return true;
    case ConstKind::Int: return a.integer == b.integer;
    case ConstKind::BigInt:
      return a.digits.base == b.digits.base && a.digits.negative == b.digits.negative &&
             std::string_view(a.digits.data, a.digits.size) == std::string_view(b.digits.data, b.digits.size);
    case ConstKind::Float: return std::bit_cast<u64>(a.real) == std::bit_cast<u64>(b.real);
    case ConstKind::Complex:
      return std::bit_cast<u64>(a.complex.real) == std::bit_cast<u64>(b.complex.real) &&
             std::bit_cast<u64>(a.complex.imag) == std::bit_cast<u64>(b.complex.imag);
    case ConstKind::Str:
    case ConstKind::Bytes: return a.text() == b.text();
    case ConstKind::Tuple:
    case ConstKind::FrozenSet:
      if (a.items.size != b.items.size) return false;
      for (u32 i = 0; i < a.items.size; ++i) {
        if (!same_constant(a.items[i], b.items[i])) return false;
      }
      return true;
  }
  return false;
}

bool equal_constants(const ConstValue& a, const ConstValue& b) {
  bool numbers = (is_integral(a) || a.kind == ConstKind::Float || a.kind == ConstKind::Complex) &&
                 (is_integral(b) || b.kind == ConstKind::Float || b.kind == ConstKind::Complex);
  if (!numbers) return same_constant(a, b);
  if (is_integral(a) && is_integral(b)) {
    Int l, r;
    return l.load(a) && r.load(b) && mpz_cmp(l.z, r.z) == 0;
  }
  auto imaginary = [](const ConstValue& v) { return v.kind == ConstKind::Complex ? v.complex.imag : 0.0; };
  auto real = [](const ConstValue& v, double& out) {
    if (v.kind != ConstKind::Complex) return exact_double(v, out);
    out = v.complex.real;
    return true;
  };
  double l, r;
  return imaginary(a) == imaginary(b) && real(a, l) && real(b, r) && l == r;
}

u64 hash_constant(const ConstValue& value) {
  u64 h = mix(0x5bd1e995, static_cast<u64>(value.kind));
  switch (value.kind) {
    case ConstKind::None:
    case ConstKind::True:
    case ConstKind::False:
    case ConstKind::Ellipsis: return h;
    case ConstKind::Int: return mix(h, static_cast<u64>(value.integer));
    case ConstKind::BigInt: return mix(h, std::hash<std::string_view>()({value.digits.data, value.digits.size}));
    case ConstKind::Float: return mix(h, std::bit_cast<u64>(value.real));
    case ConstKind::Complex: return mix(mix(h, std::bit_cast<u64>(value.complex.real)), std::bit_cast<u64>(value.complex.imag));
    case ConstKind::Str:
    case ConstKind::Bytes: return mix(h, std::hash<std::string_view>()(value.text()));
    case ConstKind::Tuple:
    case ConstKind::FrozenSet:
      for (const ConstValue& item : value.items) h = mix(h, hash_constant(item));
      return h;
  }
  return h;
}

bool constant_is_true(const ConstValue& value) {
  switch (value.kind) {
    case ConstKind::None:
    case ConstKind::False: return false;
    case ConstKind::True:
    case ConstKind::Ellipsis:
    case ConstKind::BigInt: return true;
    case ConstKind::Int: return value.integer != 0;
    case ConstKind::Float: return value.real != 0;
    case ConstKind::Complex: return value.complex.real != 0 || value.complex.imag != 0;
    case ConstKind::Str:
    case ConstKind::Bytes: return value.chars.size != 0;
    case ConstKind::Tuple:
    case ConstKind::FrozenSet: return value.items.size != 0;
  }
  return false;
}

bool constant_is_int(const ConstValue& value, i64 low, i64 high) {
  return value.kind == ConstKind::Int && value.integer >= low && value.integer <= high;
}

bool fold_binary(Arena& arena, Operator op, const ConstValue& left, const ConstValue& right, ConstValue& result) {
  if (is_integral(left) && is_integral(right)) return fold_integers(arena, op, left, right, result);
  double l, r, out;
  bool left_real = left.kind == ConstKind::Float, right_real = right.kind == ConstKind::Float;
  if ((left_real || right_real) && exact_double(left, l) && exact_double(right, r)) {
    if (!fold_floats(op, l, r, out)) return false;
    result = ConstValue::of_float(out);
    return true;
  }
  if (left.kind == ConstKind::Complex || right.kind == ConstKind::Complex) return fold_complex(op, left, right, result);
  if (op == Operator::Mult) {
    if (is_integral(left) && (is_text(right) || right.kind == ConstKind::Tuple)) return fold_repeat(arena, right, left, result);
    if (is_integral(right) && (is_text(left) || left.kind == ConstKind::Tuple)) return fold_repeat(arena, left, right, result);
    return false;
  }
  if (op == Operator::Add && left.kind == right.kind) {
    if (is_text(left)) {
      std::string text(left.text());
      text += right.text();
      // Two halves of a surrogate pair would have to be kept apart in UTF-8; leave that to the runtime.
      if (left.kind == ConstKind::Str && left.chars.size && static_cast<u8>(left.text()[left.chars.size - 1]) >= 0x80 &&
          right.chars.size && static_cast<u8>(right.text()[0]) == 0xED) {
        return false;
      }
      result = ConstValue::of_text(left.kind, arena.copy(text));
      return true;
    }
    if (left.kind == ConstKind::Tuple) {
      u32 n = left.items.size + right.items.size;
      Seq<ConstValue> items{arena.allocate_array<ConstValue>(n + 1), n};
      for (u32 i = 0; i < n; ++i) items[i] = i < left.items.size ? left.items[i] : right.items[i - left.items.size];
      result = ConstValue::simple(ConstKind::Tuple);
      result.items = items;
      return true;
    }
  }
  return false;
}

bool fold_unary(Arena& arena, UnaryOperator op, const ConstValue& operand, ConstValue& result) {
  if (op == UnaryOperator::Not) {
    result = bool_constant(!constant_is_true(operand));
    return true;
  }
  if (operand.kind == ConstKind::Float && op != UnaryOperator::Invert) {
    result = ConstValue::of_float(op == UnaryOperator::USub ? -operand.real : operand.real);
    return true;
  }
  if (operand.kind == ConstKind::Complex && op != UnaryOperator::Invert) {
    result = op == UnaryOperator::USub ? ConstValue::of_complex(-operand.complex.real, -operand.complex.imag) : operand;
    return true;
  }
  Int value;
  if (!value.load(operand)) return false;
  if (op == UnaryOperator::USub) mpz_neg(value.z, value.z);
  if (op == UnaryOperator::Invert) mpz_com(value.z, value.z);
  result = value.store(arena);
  return true;
}

bool fold_subscript(Arena& arena, const ConstValue& object, const ConstValue& index, ConstValue& result) {
  i64 i;
  if (index.kind == ConstKind::Int) {
    i = index.integer;
  } else if (is_bool(index)) {
    i = index.kind == ConstKind::True;
  } else {
    return false;
  }
  auto in_range = [&i](i64 size) {
    if (i < 0) i += size;
    return i >= 0 && i < size;
  };
  switch (object.kind) {
    case ConstKind::Tuple:
      if (!in_range(object.items.size)) return false;
      result = object.items[i];
      return true;
    case ConstKind::Bytes:
      if (!in_range(object.chars.size)) return false;
      result = ConstValue::of_int(static_cast<u8>(object.text()[i]));
      return true;
    case ConstKind::Str:
      if (!ascii_only(object.text()) || !in_range(object.chars.size)) return false;
      result = ConstValue::of_text(ConstKind::Str, object.text().substr(i, 1));
      return true;
    default: return false;
  }
}

}  // namespace baton::compile
