// _decimal: decimal floating point (decimal_internal.h says which file holds what).
#include "base/decimal_small.h"
#include "base/float_text.h"
#include "modules/decimal_internal.h"
#include "objects/dict.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/number_parse.h"
#include "objects/raw_arguments.h"

namespace baton {

using namespace decimal_ops;

extern NativeDef decimal_functions[];

Result<Value> make_decimal_of(Thread& thread, Type* type, const DecView& v) {
  if (v.size > UINT32_MAX) return raise_memory_error(thread);
  auto* exact = TRY(make_of<DecimalCell>(thread, decimal_def.type, v, static_cast<DecimalCell*>(nullptr)));
  if (type == decimal_def.type) return Value(exact);
  return Value(TRY(make_of<DecimalCell>(thread, type, v, exact)));
}
Result<Value> make_decimal(Thread& thread, const DecView& v) { return make_decimal_of(thread, decimal_def.type, v); }

// ---------------------------------------------------------------------------------------------------------------- operands

Result<bool> decimal_operand(Thread& thread, Value v, DecNumber& room, DecView* out) {
  if (is_decimal(v)) {
    *out = v.as<DecimalCell>()->view();
    return true;
  }
  if (v.is_small_int()) {
    i64 n = v.small_int();
    room.set_u64(n < 0 ? -static_cast<u64>(n) : static_cast<u64>(n), n < 0);
    *out = room;
    return true;
  }
  Value exact = int_exact(v);
  if (exact.is_absent()) return false;
  IntView integer(exact);
  if (!dec_set_big(room, integer)) return raise_memory_error(thread);
  *out = room;
  return true;
}
Result<void> decimal_argument(Thread& thread, Value v, DecNumber& room, DecView* out) {
  if (TRY(decimal_operand(thread, v, room, out))) return ok;
  return raise_type_error(thread, "conversion from {!t} to Decimal is not supported", v);
}

// ---------------------------------------------------------------------------------------------------------------- construction

// Ends an exact or rounding conversion of a number that was set without limits.
static Result<Value> finish_conversion(Thread& thread, Type* type, DecNumber& number, DecimalContext* context,
                                       DecExactness exactness, u32 status) {
  if (exactness == DecExactness::Rounded) {
    dec_finish_parsed(number, context->settings(), &status);
  } else {
    dec_finish_parsed(number, kDecMaxContext, &status);
    // What does not fit even the largest context cannot be had exactly.
    if (status & (kDecInexact | kDecRounded | kDecClamped)) {
      number.set_special(DecKind::QuietNan, false);
      status = kDecInvalidOperation;
    }
    status &= kDecAnyInvalid | kDecDivisionByZero;
  }
  if (status) TRY(signal_conditions(thread, context, status));
  return make_decimal_of(thread, type, number);
}

static Result<Value> decimal_from_text(Thread& thread, Type* type, std::string_view text, DecimalContext* context,
                                       DecExactness exactness) {
  DecNumber number;
  u32 status = 0;
  if (dec_parse(number, text, &status) == DecParse::kSyntax) {
    number.set_special(DecKind::QuietNan, false);
    status |= kDecConversionSyntax;
  }
  return finish_conversion(thread, type, number, context, exactness, status);
}

static Result<Value> decimal_from_str(Thread& thread, Type* type, Str* s, DecimalContext* context, DecExactness exactness) {
  AsciiNumber text;
  TRY(text.load(thread, s));
  if (exactness == DecExactness::Rounded) return decimal_from_text(thread, type, text.text(), context, exactness);
  // Underscores may stand anywhere.
  std::string_view stripped = text.stripped();
  if (stripped.find('_') == std::string_view::npos) return decimal_from_text(thread, type, stripped, context, exactness);
  StrBuilder plain;
  for (char c : stripped)
    if (c != '_') plain.append(static_cast<u8>(c) < 128 ? static_cast<u8>(c) : '?');
  if (plain.is_out_of_memory()) return raise_memory_error(thread);
  std::string_view view{static_cast<const char*>(plain.data()), static_cast<usize>(plain.length())};
  return decimal_from_text(thread, type, view, context, exactness);
}

// Exactly: a double is an integer times a power of two, and with a negative power a number of as many decimal places.
static Result<void> set_double(Thread& thread, DecNumber& number, double value) {
  if (value != value) {
    number.set_special(DecKind::QuietNan, __builtin_signbit(value));
    return ok;
  }
  if (__builtin_isinf(value)) {
    number.set_special(DecKind::Infinity, value < 0);
    return ok;
  }
  FloatParts parts = float_parts(value);
  LimbBuffer power, product;
  Limb limb = parts.mantissa, base = parts.exponent < 0 ? 5 : 2;
  u64 n = static_cast<u64>(parts.exponent < 0 ? -parts.exponent : parts.exponent);
  bool good = big_pow(power, {&base, 1, false}, n) && product.reserve(power.view().size + 1);
  if (good) {
    product.set_size(big_mul(product.data(), {&limb, limb != 0, false}, power.view()));
    good = dec_set_big(number, product.view());
  }
  if (!good) return raise_memory_error(thread);
  number.negative = parts.negative;
  number.exponent = parts.exponent < 0 ? parts.exponent : 0;
  return ok;
}
Result<Value> decimal_from_float(Thread& thread, Type* type, Value v, DecimalContext* context, DecExactness exactness) {
  DecNumber number;
  if (Value exact = int_exact(v); exact.is_present()) {
    if (!dec_set_big(number, IntView(exact))) return raise_memory_error(thread);
  } else if (is_float(v)) {
    TRY(set_double(thread, number, float_value(v)));
  } else {
    return raise_type_error(thread, "argument must be int or float");
  }
  return finish_conversion(thread, type, number, context, exactness, 0);
}

static Result<Value> decimal_from_tuple(Thread& thread, Type* type, Value v, DecimalContext* context, DecExactness exactness) {
  Tuple* parts = is<Tuple>(v) ? v.as<Tuple>() : TRY(list_to_tuple(thread, v.as<List>()));
  if (parts->length() != 3) return raise_value_error(thread, "argument must be a sequence of length 3");
  Value sign = int_exact(parts->at(0));
  i64 sign_number = -1;
  if (sign.is_present()) (void)int_to_i64(sign, &sign_number);
  if (sign_number != 0 && sign_number != 1) return raise_value_error(thread, "sign must be an integer with the value 0 or 1");
  DecNumber number;
  DecKind kind = DecKind::Finite;
  i64 exponent = 0;
  if (Value last = parts->at(2); is<Str>(last)) {
    Str* text = last.as<Str>();
    if (str_equals_ascii(text, "F"))
      kind = DecKind::Infinity;
    else if (str_equals_ascii(text, "n"))
      kind = DecKind::QuietNan;
    else if (str_equals_ascii(text, "N"))
      kind = DecKind::SignalingNan;
    else
      return raise_value_error(thread, "string argument in the third position must be 'F', 'n' or 'N'");
  } else {
    Value exact = int_exact(last);
    if (exact.is_absent()) return raise_value_error(thread, "exponent must be an integer");
    if (!int_to_i64(exact, &exponent)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
    constexpr i64 kLimit = i64{1} << 62;
    exponent = exponent > kLimit ? kLimit : exponent < -kLimit ? -kLimit : exponent;
  }
  Value list = parts->at(1);
  if (!is<Tuple>(list) && !is<List>(list)) return raise_value_error(thread, "coefficient must be a tuple of digits");
  Tuple* digits = is<Tuple>(list) ? list.as<Tuple>() : TRY(list_to_tuple(thread, list.as<List>()));
  StrBuilder values;  // malloc memory of the right size
  for (Index i = 0; i < digits->length() && kind != DecKind::Infinity; ++i) {
    Value digit = int_exact(digits->at(i));
    i64 d = -1;
    if (digit.is_present()) (void)int_to_i64(digit, &d);
    if (d < 0 || d > 9) return raise_value_error(thread, "coefficient must be a tuple of digits");
    values.append(static_cast<u32>(d));
  }
  if (values.is_out_of_memory() ||
      !dec_set_digits(number, static_cast<const u8*>(values.data()), static_cast<u64>(values.length())))
    return raise_memory_error(thread);
  number.kind = kind;
  number.negative = sign_number == 1;
  number.exponent = kind == DecKind::Finite ? exponent : 0;
  return finish_conversion(thread, type, number, context, exactness, 0);
}

Result<Value> decimal_from_object(Thread& thread, Type* type, Value v, DecimalContext* context, DecExactness exactness) {
  if (is_decimal(v)) {
    if (exactness == DecExactness::Exact) {
      if (is_exact<DecimalCell>(v) && type == decimal_def.type) return v;
      return make_decimal_of(thread, type, v.as<DecimalCell>()->view());
    }
    DecView view = v.as<DecimalCell>()->view();
    u32 status = 0;
    DecNumber number;
    if (!number.assign(view)) return raise_memory_error(thread);
    if (view.is_nan() && view.digits() > context->settings().precision - context->settings().clamp)
      return finish_conversion(thread, type, number, context, exactness, 0);
    dec_finish(number, context->settings(), &status);
    return finish_decimal(thread, context, number, status);
  }
  if (is<Str>(v)) return decimal_from_str(thread, type, v.as<Str>(), context, exactness);
  if (int_exact(v).is_present()) return decimal_from_float(thread, type, v, context, exactness);
  if (is<Tuple>(v) || is<List>(v)) return decimal_from_tuple(thread, type, v, context, exactness);
  if (is_float(v)) {
    TRY(signal_conditions(thread, context, kDecFloatOperation));
    return decimal_from_float(thread, type, v, context, exactness);
  }
  return raise_type_error(thread, "conversion from {!t} to Decimal is not supported", v);
}

static Result<Value> decimal_new(Thread& thread, Type* type, Optional<Value> value, Value context_value) {
  TRY(check_subtype(thread, type, decimal_def.type));
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  if (!value.has_value()) {
    DecNumber zero;
    return make_decimal_of(thread, type, zero);
  }
  return decimal_from_object(thread, type, value.value, context, DecExactness::Exact);
}
static Result<Value> decimal_class_from_float(Thread& thread, Type* type, Value f) {
  DecimalContext* context = TRY(current_decimal_context(thread));
  Value exact = TRY(decimal_from_float(thread, decimal_def.type, f, context, DecExactness::Exact));
  if (type == decimal_def.type) return exact;
  return call(thread, Value(type), exact);
}

// ---------------------------------------------------------------------------------------------------------------- conversion

static Result<Str*> decimal_repr(Thread& thread, DecimalCell* self) {
  DecimalContext* context = TRY(current_decimal_context(thread));
  return format_message(thread, "Decimal('{}')", TRY(decimal_text(thread, self->view(), false, context->capitals_)));
}
static Result<Str*> decimal_str(Thread& thread, DecimalCell* self) {
  DecimalContext* context = TRY(current_decimal_context(thread));
  return decimal_text(thread, self->view(), false, context->capitals_);
}
static Result<Str*> decimal_eng_string(Thread& thread, DecimalCell* self, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  return decimal_text(thread, self->view(), true, context->capitals_);
}
static Result<Str*> decimal_format_row(Thread& thread, DecimalCell* self, Value spec, Optional<Value> override_value) {
  if (!is<Str>(spec)) return raise_type_error(thread, "format arg must be str");
  DecimalContext* context = TRY(current_decimal_context(thread));
  return decimal_format(thread, self->view(), spec.as<Str>(), override_value.value, context);
}

static Result<Value> int_of_number(Thread& thread, const DecView& v) {
  LimbBuffer limbs;
  if (!dec_to_big(limbs, v)) return raise_memory_error(thread);
  Value coefficient = TRY(int_from_limbs(thread, limbs.view().limbs, limbs.view().size, v.negative));
  if (v.exponent <= 0) return coefficient;
  Value ten = Value::of_small_int(10);
  return int_mul(thread, coefficient, TRY(int_pow(thread, ten, TRY(int_from_i64(thread, v.exponent)), kNone)));
}
Result<Value> decimal_to_int(Thread& thread, const DecView& v, DecRounding rounding) {
  if (v.is_nan()) return raise_value_error(thread, "cannot convert NaN to integer");
  if (v.is_infinite()) return raise_overflow_error(thread, "cannot convert Infinity to integer");
  DecContext context = kDecMaxContext;
  context.rounding = rounding;
  DecNumber whole;
  u32 status = 0;
  dec_to_integral(whole, v, false, context, &status);
  if (status & kDecMallocError) return raise_memory_error(thread);
  return int_of_number(thread, whole);
}
template <DecRounding rounding>
static Result<Value> decimal_integer(Thread& thread, DecimalCell* self) {
  return decimal_to_int(thread, self->view(), rounding);
}
static Result<Value> decimal_round(Thread& thread, DecimalCell* self, Value digits) {
  if (digits.is_none()) return decimal_to_int(thread, self->view(), DecRounding::HalfEven);
  Value exact = int_exact(digits);
  if (exact.is_absent()) return raise_type_error(thread, "optional arg must be an integer");
  i64 n;
  if (!int_to_i64(exact, &n)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
  DecimalContext* context = TRY(current_decimal_context(thread));
  DecLimb limb = 1;
  DecNumber out;
  u32 status = 0;
  DecView unit{&limb, 1, n == INT64_MIN ? INT64_MAX : -n, DecKind::Finite, false};
  dec_quantize(out, self->view(), unit, context->settings(), &status);
  return finish_decimal(thread, context, out, status);
}

static Result<double> decimal_float(Thread& thread, DecimalCell* self) {
  DecView v = self->view();
  if (v.kind == DecKind::SignalingNan) return raise_value_error(thread, "cannot convert signaling NaN to float");
  if (v.is_nan()) return __builtin_copysign(__builtin_nan(""), v.negative ? -1.0 : 1.0);
  Str* text = TRY(decimal_text(thread, v, false, true));
  double value = 0;
  float_parse(text->ascii().data(), text->ascii().size(), &value);
  return value;
}
static Result<Value> decimal_complex(Thread& thread, DecimalCell* self) {
  return Value(TRY(make<Complex>(thread, TRY(decimal_float(thread, self)), 0.0)));
}
static Result<bool> decimal_bool(Thread&, DecimalCell* self) { return !self->view().is_zero(); }

static Root<Value>* decimal_tuple = nullptr;  // the class DecimalTuple

Result<Value> decimal_as_tuple(Thread& thread, const DecView& v) {
  i64 n = v.is_infinite() ? 1 : v.digits();
  Tuple* digits = TRY(make_tuple(thread, nullptr, n));
  for (i64 i = 0; i < n; ++i) digits->set_at(i, Value::of_small_int(v.digit(n - 1 - i)));
  Value exponent = v.is_infinite()                   ? Value(intern(thread, "F"))
                   : v.kind == DecKind::QuietNan     ? Value(intern(thread, "n"))
                   : v.kind == DecKind::SignalingNan ? Value(intern(thread, "N"))
                                                     : TRY(int_from_i64(thread, v.exponent));
  return call(thread, decimal_tuple->get(), Value::of_small_int(v.negative), Value(digits), exponent);
}
static Result<Value> decimal_as_tuple_row(Thread& thread, DecimalCell* self) { return decimal_as_tuple(thread, self->view()); }

static Result<Value> decimal_as_ratio(Thread& thread, DecimalCell* self) {
  DecView v = self->view();
  if (v.is_nan()) return raise_value_error(thread, "cannot convert NaN to integer ratio");
  if (v.is_infinite()) return raise_overflow_error(thread, "cannot convert Infinity to integer ratio");
  Value numerator = TRY(int_of_number(thread, v)), denominator = Value::of_small_int(1);
  if (v.exponent < 0 && v.size) {
    Value ten = Value::of_small_int(10);
    denominator = TRY(int_pow(thread, ten, TRY(int_from_i64(thread, -v.exponent)), kNone));
    LimbBuffer divisor;
    usize least =
        int_limb_count(numerator) > int_limb_count(denominator) ? int_limb_count(numerator) : int_limb_count(denominator);
    if (!divisor.reserve(least)) return raise_memory_error(thread);
    divisor.set_size(big_gcd(divisor.data(), IntView(numerator).view().magnitude(), IntView(denominator)));
    Value common = TRY(int_from_buffer(thread, divisor));
    numerator = TRY(int_floordiv(thread, numerator, common));
    denominator = TRY(int_floordiv(thread, denominator, common));
  }
  return TRY(tuple_of(thread, numerator, denominator));
}

// As every number: the value modulo 2^61 - 1.
static Result<i64> decimal_hash(Thread& thread, DecimalCell* self) {
  constexpr u64 kPrime = (u64{1} << 61) - 1, kInverseOfTen = 2075258708292324556;
  DecView v = self->view();
  if (v.kind == DecKind::SignalingNan) return raise_type_error(thread, "Cannot hash a signaling NaN value");
  if (v.is_nan()) return static_cast<i64>(object_id(Value(self)) >> 4);
  if (v.is_infinite()) return v.negative ? i64{-314159} : i64{314159};
  auto times = [](u64 a, u64 b) { return static_cast<u64>(static_cast<unsigned __int128>(a) * b % kPrime); };
  u64 h = 0;
  for (u64 i = v.size; i-- > 0;) h = (times(h, kDecLimbBase) + v.limbs[i]) % kPrime;
  u64 base = v.exponent < 0 ? kInverseOfTen : 10;
  for (u64 n = static_cast<u64>(v.exponent < 0 ? -v.exponent : v.exponent) % (kPrime - 1); n; n >>= 1) {
    if (n & 1) h = times(h, base);
    base = times(base, base);
  }
  i64 hash = v.negative ? -static_cast<i64>(h) : static_cast<i64>(h);
  return hash == -1 ? -2 : hash;
}

static Result<Value> decimal_reduce(Thread& thread, DecimalCell* self) {
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, Value(TRY(decimal_str(thread, self))))))));
}
static Result<Value> decimal_self(Thread&, DecimalCell* self) { return Value(self); }
static Result<Value> decimal_deepcopy(Thread&, DecimalCell* self, Value) { return Value(self); }
static Result<i64> decimal_sizeof(Thread&, DecimalCell* self) {
  // In steps of eight bytes, as the heap hands them out.
  return static_cast<i64>(sizeof(DecimalCell) + (self->view().size * sizeof(DecLimb) + 7) / 8 * 8);
}

// ---------------------------------------------------------------------------------------------------------------- operators

template <DecUnary operation>
BATON_NOINLINE static Result<Value> any_prefix(Thread& thread, DecimalContext* context, DecimalCell* self) {
  DecNumber out;
  u32 status = 0;
  operation(out, self->view(), context->settings(), &status);
  KeepAlive keep(self);
  return finish_decimal(thread, context, out, status);
}
template <DecUnary operation>
static Result<Value> decimal_prefix(Thread& thread, DecimalCell* self) {
  DecimalContext* context = TRY(current_decimal_context(thread));
  DecView v = self->view();
  if (!dec_is_small(v) || v.size == 0 || !dec_small_fits(v.exponent, context->settings_)) [[unlikely]]
    return any_prefix<operation>(thread, context, self);
  v.negative = operation == dec_minus ? !v.negative : operation == dec_plus && v.negative;
  KeepAlive keep(self);
  return make_decimal(thread, v);
}

enum class Order : u8 { Plain, Reflected };
using DecSmallBinary = bool (*)(DecSmall*, const DecSmall&, const DecSmall&);
static bool small_difference(DecSmall* out, const DecSmall& a, const DecSmall& b) { return dec_small_sub(out, a, b); }
// What does the operation for small operands, or null.
template <DecBinary operation>
constexpr DecSmallBinary small_form() {
  if constexpr (operation == dec_add) return dec_small_add;
  if constexpr (operation == dec_sub) return small_difference;
  if constexpr (operation == dec_mul) return dec_small_mul;
  if constexpr (operation == dec_div_int) return dec_small_div_int;
  if constexpr (operation == dec_remainder) return dec_small_remainder;
  return nullptr;
}
static bool small_operand(Value v, DecSmall* out) {
  if (v.is_small_int()) {
    i64 n = v.small_int();
    *out = {n < 0 ? -static_cast<u64>(n) : static_cast<u64>(n), 0, n < 0};
    return true;
  }
  if (!is_decimal(v)) return false;
  DecView view = v.as<DecimalCell>()->view();
  if (!dec_is_small(view)) return false;
  *out = dec_small_of(view);
  return true;
}

template <DecBinary operation, Order order>
BATON_NOINLINE static Result<Value> any_infix(Thread& thread, DecimalCell* self, Value value) {
  DecNumber room, out;
  DecView other;
  if (!TRY(decimal_operand(thread, value, room, &other))) return kNotImplemented;
  DecimalContext* context = TRY(current_decimal_context(thread));
  u32 status = 0;
  DecView mine = self->view();
  if constexpr (order == Order::Plain)
    operation(out, mine, other, context->settings(), &status);
  else
    operation(out, other, mine, context->settings(), &status);
  KeepAlive keep(self), keep_other(value);
  return finish_decimal(thread, context, out, status);
}
template <DecBinary operation, Order order>
static Result<Value> decimal_infix(Thread& thread, DecimalCell* self, Value value) {
  constexpr DecSmallBinary kSmall = small_form<operation>();
  if constexpr (kSmall != nullptr) {
    DecView v = self->view();
    DecSmall other, result;
    if (dec_is_small(v) && small_operand(value, &other)) {
      DecSmall mine = dec_small_of(v);
      DecimalContext* context = TRY(current_decimal_context(thread));
      bool is_done = order == Order::Plain ? kSmall(&result, mine, other) : kSmall(&result, other, mine);
      if (is_done && dec_small_fits(result.exponent, context->settings_))
        return make_decimal(thread, DecSmallLimbs(result).view());
    }
  }
  return any_infix<operation, order>(thread, self, value);
}
template <Order order>
static Result<Value> decimal_divmod(Thread& thread, DecimalCell* self, Value value) {
  DecNumber room, quotient, remainder;
  DecView other, mine = self->view();
  if (!TRY(decimal_operand(thread, value, room, &other))) return kNotImplemented;
  DecimalContext* context = TRY(current_decimal_context(thread));
  u32 status = 0;
  bool plain = order == Order::Plain;
  dec_divmod(quotient, remainder, plain ? mine : other, plain ? other : mine, context->settings(), &status);
  if (status) TRY(signal_conditions(thread, context, status));
  Value q = TRY(make_decimal(thread, quotient));
  KeepAlive keep(self), keep_other(value);
  return TRY(tuple_of(thread, q, TRY(make_decimal(thread, remainder))));
}
static Result<Value> decimal_power(Thread& thread, DecimalCell* self, Value value, Value modulus) {
  DecNumber room, modulus_room, out;
  DecView other, third;
  if (!TRY(decimal_operand(thread, value, room, &other))) return kNotImplemented;
  if (!modulus.is_none() && !TRY(decimal_operand(thread, modulus, modulus_room, &third))) return kNotImplemented;
  DecimalContext* context = TRY(current_decimal_context(thread));
  u32 status = 0;
  if (modulus.is_none())
    dec_pow(out, self->view(), other, context->settings(), &status);
  else
    dec_powmod(out, self->view(), other, third, context->settings(), &status);
  KeepAlive keep(self), keep_other(value), keep_modulus(modulus);
  return finish_decimal(thread, context, out, status);
}
static Result<Value> decimal_rpower(Thread& thread, DecimalCell* self, Value value, Value modulus) {
  DecNumber room;
  DecView other;
  if (!TRY(decimal_operand(thread, value, room, &other))) return kNotImplemented;
  Value left = TRY(make_decimal(thread, other));
  return decimal_power(thread, left.as<DecimalCell>(), Value(self), modulus);
}

// ---------------------------------------------------------------------------------------------------------------- comparison

// What a comparison makes of another number: floats and fractions are compared exactly, without rounding.
static Result<bool> comparison_operands(Thread& thread, CompareOp op, DecimalCell* self, Value value, DecNumber& room_a,
                                        DecNumber& room_b, DecView* a, DecView* b) {
  *a = self->view();
  if (TRY(decimal_operand(thread, value, room_b, b))) return true;
  bool equality = op == CompareOp::Eq || op == CompareOp::Ne;
  if (is<Complex>(value) && equality) {
    auto* number = value.as<Complex>();
    if (number->imag() != 0) return false;
    DecimalContext* context = TRY(current_decimal_context(thread));
    context->status_ |= kDecFloatOperation;
    TRY(set_double(thread, room_b, number->real()));
    *b = room_b;
    return true;
  }
  if (is_float(value)) {
    DecimalContext* context = TRY(current_decimal_context(thread));
    if (equality)
      context->status_ |= kDecFloatOperation;
    else
      TRY(signal_conditions(thread, context, kDecFloatOperation));
    TRY(set_double(thread, room_b, float_value(value)));
    *b = room_b;
    return true;
  }
  if (!value.is_cell() || is<Str>(value) || is<Tuple>(value)) return false;
  Value numbers = TRY(import_module_value(thread, "numbers"));
  if (!TRY(is_instance(thread, value, TRY(get_attr_ascii(thread, numbers, "Rational"))))) return false;
  Value numerator = int_exact(TRY(get_attr_ascii(thread, value, "numerator")));
  Value denominator = int_exact(TRY(get_attr_ascii(thread, value, "denominator")));
  if (numerator.is_absent() || denominator.is_absent()) return raise_type_error(thread, "numerator and denominator must be ints");
  if (!dec_set_big(room_b, IntView(numerator))) return raise_memory_error(thread);
  *b = room_b;
  if (!a->is_finite() || a->is_zero()) return true;
  DecNumber factor;
  u32 status = 0;
  if (!dec_set_big(factor, IntView(denominator))) return raise_memory_error(thread);
  dec_mul(room_a, *a, factor, kDecMaxContext, &status);
  if (status & kDecMallocError) return raise_memory_error(thread);
  *a = room_a;
  return true;
}

template <CompareOp op>
static Result<Value> decimal_compare(Thread& thread, DecimalCell* self, Value value) {
  if (is_decimal(value)) {
    DecView a = self->view(), b = value.as<DecimalCell>()->view();
    if (!a.is_nan() && !b.is_nan()) return Value::of_bool(compare_indexes(op, dec_order(a, b), 0));
  }
  DecNumber room_a, room_b;
  DecView a, b;
  if (!TRY(comparison_operands(thread, op, self, value, room_a, room_b, &a, &b))) return kNotImplemented;
  if (a.is_nan() || b.is_nan()) {
    bool signaling = a.kind == DecKind::SignalingNan || b.kind == DecKind::SignalingNan;
    if (signaling || (op != CompareOp::Eq && op != CompareOp::Ne))
      TRY(signal_conditions(thread, TRY(current_decimal_context(thread)), kDecInvalidOperation));
    return Value::of_bool(op == CompareOp::Ne);
  }
  Value result = Value::of_bool(compare_indexes(op, dec_order(a, b), 0));
  KeepAlive keep(self), keep_other(value);
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- methods

template <DecUnary operation>
static Result<Value> decimal_unary(Thread& thread, DecimalCell* self, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  DecNumber out;
  u32 status = 0;
  operation(out, self->view(), context->settings(), &status);
  KeepAlive keep(self);
  return finish_decimal(thread, context, out, status);
}
template <DecBinary operation>
static Result<Value> decimal_binary(Thread& thread, DecimalCell* self, Value other, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  DecNumber room, out;
  DecView b;
  TRY(decimal_argument(thread, other, room, &b));
  u32 status = 0;
  operation(out, self->view(), b, context->settings(), &status);
  KeepAlive keep(self), keep_other(other);
  return finish_decimal(thread, context, out, status);
}
template <DecUnary operation>
static Result<Value> decimal_copied(Thread& thread, DecimalCell* self) {
  DecNumber out;
  u32 status = 0;
  operation(out, self->view(), kDecMaxContext, &status);
  if (status) return raise_memory_error(thread);
  KeepAlive keep(self);
  return make_decimal(thread, out);
}
static Result<Value> decimal_fma(Thread& thread, DecimalCell* self, Value other, Value third, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  DecNumber room_b, room_c, out;
  DecView b, c;
  TRY(decimal_argument(thread, other, room_b, &b));
  TRY(decimal_argument(thread, third, room_c, &c));
  u32 status = 0;
  dec_fma(out, self->view(), b, c, context->settings(), &status);
  KeepAlive keep(self), keep_other(other), keep_third(third);
  return finish_decimal(thread, context, out, status);
}
static Result<Value> decimal_quantize(Thread& thread, DecimalCell* self, Value exp, Value rounding, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  DecContext settings = context->settings();
  if (!rounding.is_none()) settings.rounding = TRY(rounding_of(thread, rounding));
  DecNumber room, out;
  DecView b;
  TRY(decimal_argument(thread, exp, room, &b));
  u32 status = 0;
  dec_quantize(out, self->view(), b, settings, &status);
  KeepAlive keep(self), keep_other(exp);
  return finish_decimal(thread, context, out, status);
}
template <bool exact>
static Result<Value> decimal_integral(Thread& thread, DecimalCell* self, Value rounding, Value context_value) {
  DecimalContext* context = TRY(decimal_context_argument(thread, context_value));
  DecContext settings = context->settings();
  if (!rounding.is_none()) settings.rounding = TRY(rounding_of(thread, rounding));
  DecNumber out;
  u32 status = 0;
  dec_to_integral(out, self->view(), exact, settings, &status);
  KeepAlive keep(self);
  return finish_decimal(thread, context, out, status);
}
static Result<bool> decimal_same_quantum(Thread& thread, DecimalCell* self, Value other, Value context_value) {
  TRY(decimal_context_argument(thread, context_value));
  DecNumber room;
  DecView a = self->view(), b;
  TRY(decimal_argument(thread, other, room, &b));
  if (!a.is_finite() || !b.is_finite()) return (a.is_nan() && b.is_nan()) || (a.is_infinite() && b.is_infinite());
  return a.exponent == b.exponent;
}
template <bool (*question)(const DecView&, const DecContext&)>
static Result<bool> decimal_is(Thread&, DecimalCell* self) {
  return question(self->view(), kDecMaxContext);
}
template <bool (*question)(const DecView&, const DecContext&)>
static Result<bool> decimal_is_in(Thread& thread, DecimalCell* self, Value context_value) {
  return question(self->view(), TRY(decimal_context_argument(thread, context_value))->settings());
}
static Result<bool> decimal_is_canonical(Thread&, DecimalCell*) { return true; }
static Result<Str*> decimal_number_class(Thread& thread, DecimalCell* self, Value context_value) {
  return str_from_ascii(thread, dec_class(self->view(), TRY(decimal_context_argument(thread, context_value))->settings()));
}
static Result<Value> decimal_adjusted(Thread& thread, DecimalCell* self) {
  DecView v = self->view();
  return int_from_i64(thread, v.is_finite() ? v.adjusted() : 0);
}
static Result<Value> decimal_radix(Thread& thread, DecimalCell*) {
  DecNumber ten;
  ten.set_u64(10);
  return make_decimal(thread, ten);
}
static Result<Value> get_real(Thread&, Value self) { return self; }
static Result<Value> get_imag(Thread& thread, Value) {
  DecNumber zero;
  return make_decimal(thread, zero);
}

static constinit GetSetDef decimal_getsets[] = {{"real", get_real, nullptr, nullptr}, {"imag", get_imag, nullptr, nullptr}};
#define OPERATOR(name, operation, text)                                                                         \
  native<decimal_infix<operation, Order::Plain>>("__" name "__($self, value, /)", "Return self" text "value."), \
      native<decimal_infix<operation, Order::Reflected>>("__r" name "__($self, value, /)", "Return value" text "self.")
static constinit NativeDef decimal_methods[] = {
    native<decimal_new>("__new__(type, /, value='0', context=None)",
                        "Make an instance; the class's own help describes the arguments."),
    native<decimal_repr>("__repr__($self, /)", "Return repr(self)."),
    native<decimal_str>("__str__($self, /)", "Return str(self)."),
    native<decimal_hash>("__hash__($self, /)", "Return hash(self)."),
    native<decimal_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<decimal_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<decimal_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<decimal_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<decimal_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<decimal_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    OPERATOR("add", dec_add, "+"),
    OPERATOR("sub", dec_sub, "-"),
    OPERATOR("mul", dec_mul, "*"),
    OPERATOR("mod", dec_remainder, "%"),
    OPERATOR("floordiv", dec_div_int, "//"),
    OPERATOR("truediv", dec_div, "/"),
    native<decimal_divmod<Order::Plain>>("__divmod__($self, value, /)", "Return divmod(self, value)."),
    native<decimal_divmod<Order::Reflected>>("__rdivmod__($self, value, /)", "Return divmod(value, self)."),
    native<decimal_power>("__pow__($self, value, mod=None, /)", "Return pow(self, value, mod)."),
    native<decimal_rpower>("__rpow__($self, value, mod=None, /)", "Return pow(value, self, mod)."),
    native<decimal_prefix<dec_minus>>("__neg__($self, /)", "-self"),
    native<decimal_prefix<dec_plus>>("__pos__($self, /)", "+self"),
    native<decimal_prefix<dec_abs>>("__abs__($self, /)", "abs(self)"),
    native<decimal_bool>("__bool__($self, /)", "True if self else False"),
    native<decimal_integer<DecRounding::Down>>("__int__($self, /)", "int(self)"),
    native<decimal_float>("__float__($self, /)", "float(self)"),
    native<decimal_unary<dec_exp>>("exp($self, /, context=None)", "e ** self, correctly rounded."),
    native<decimal_unary<dec_ln>>("ln($self, /, context=None)", "The natural logarithm, correctly rounded."),
    native<decimal_unary<dec_log10>>("log10($self, /, context=None)", "The logarithm to base 10, correctly rounded."),
    native<decimal_unary<dec_next_minus>>("next_minus($self, /, context=None)", "The largest representable number below."),
    native<decimal_unary<dec_next_plus>>("next_plus($self, /, context=None)", "The smallest representable number above."),
    native<decimal_unary<dec_normalize>>("normalize($self, /, context=None)", "The number without trailing zeros."),
    native<decimal_integral<false>>("to_integral($self, /, rounding=None, context=None)", "The same as to_integral_value()."),
    native<decimal_integral<true>>("to_integral_exact($self, /, rounding=None, context=None)",
                                   "Rounded to an integer; Inexact and Rounded are signaled."),
    native<decimal_integral<false>>("to_integral_value($self, /, rounding=None, context=None)",
                                    "Rounded to an integer, without signals."),
    native<decimal_unary<dec_sqrt>>("sqrt($self, /, context=None)", "The square root, correctly rounded."),
    native<decimal_binary<quiet_compare>>("compare($self, /, other, context=None)",
                                          "-1, 0 or 1 as self is less, equal or greater; a nan for nans."),
    native<decimal_binary<signal_compare>>("compare_signal($self, /, other, context=None)", "compare(), where all nans signal."),
    native<decimal_binary<pick<DecPick::Max>>>("max($self, /, other, context=None)", "The larger number."),
    native<decimal_binary<pick<DecPick::MaxMag>>>("max_mag($self, /, other, context=None)",
                                                  "The one with the larger absolute value."),
    native<decimal_binary<pick<DecPick::Min>>>("min($self, /, other, context=None)", "The smaller number."),
    native<decimal_binary<pick<DecPick::MinMag>>>("min_mag($self, /, other, context=None)",
                                                  "The one with the smaller absolute value."),
    native<decimal_binary<dec_next_toward>>("next_toward($self, /, other, context=None)",
                                            "The next number in other's direction."),
    native<decimal_quantize>("quantize($self, /, exp, rounding=None, context=None)", "Rounded to the exponent of exp."),
    native<decimal_binary<dec_remainder_near>>("remainder_near($self, /, other, context=None)",
                                               "self - n * other for the integer n nearest to self / other."),
    native<decimal_fma>("fma($self, /, other, third, context=None)", "self * other + third, rounded once."),
    native<decimal_is_canonical>("is_canonical($self, /)", "True."),
    native<decimal_is<is_finite>>("is_finite($self, /)", "Neither infinite nor a nan?"),
    native<decimal_is<is_infinite>>("is_infinite($self, /)", "Infinite?"),
    native<decimal_is<is_nan>>("is_nan($self, /)", "A nan, quiet or signaling?"),
    native<decimal_is<is_qnan>>("is_qnan($self, /)", "A quiet nan?"),
    native<decimal_is<is_snan>>("is_snan($self, /)", "A signaling nan?"),
    native<decimal_is<is_signed>>("is_signed($self, /)", "Is the sign negative?"),
    native<decimal_is<is_zero>>("is_zero($self, /)", "A zero?"),
    native<decimal_is_in<dec_is_normal>>("is_normal($self, /, context=None)", "A normal number?"),
    native<decimal_is_in<dec_is_subnormal>>("is_subnormal($self, /, context=None)", "A subnormal number?"),
    native<decimal_adjusted>("adjusted($self, /)", "The exponent of the most significant digit."),
    native<decimal_self>("canonical($self, /)", "The number itself."),
    native<decimal_self>("conjugate($self, /)", "The number itself."),
    native<decimal_radix>("radix($self, /)", "Decimal('10')."),
    native<decimal_copied<copy_abs>>("copy_abs($self, /)", "The number with the sign cleared."),
    native<decimal_copied<copy_negate>>("copy_negate($self, /)", "The number with the sign inverted."),
    native<decimal_unary<dec_logb>>("logb($self, /, context=None)", "The exponent of the most significant digit, as a Decimal."),
    native<decimal_unary<dec_invert>>("logical_invert($self, /, context=None)", "Each digit inverted."),
    native<decimal_number_class>("number_class($self, /, context=None)", "The name of the class, such as '+Normal'."),
    native<decimal_eng_string>("to_eng_string($self, /, context=None)", "The text in engineering notation."),
    native<decimal_binary<total<false>>>("compare_total($self, /, other, context=None)",
                                         "Compares representations in the total order."),
    native<decimal_binary<total<true>>>("compare_total_mag($self, /, other, context=None)", "compare_total() without the signs."),
    native<decimal_binary<copy_sign>>("copy_sign($self, /, other, context=None)", "The number with the sign of other."),
    native<decimal_same_quantum>("same_quantum($self, /, other, context=None)", "Have both the same exponent?"),
    native<decimal_binary<logic<DecLogic::And>>>("logical_and($self, /, other, context=None)", "Both, digit by digit."),
    native<decimal_binary<logic<DecLogic::Or>>>("logical_or($self, /, other, context=None)", "One of both, digit by digit."),
    native<decimal_binary<logic<DecLogic::Xor>>>("logical_xor($self, /, other, context=None)", "Exactly one, digit by digit."),
    native<decimal_binary<dec_rotate>>("rotate($self, /, other, context=None)", "The digits rotated by other places."),
    native<decimal_binary<dec_scaleb>>("scaleb($self, /, other, context=None)", "other added to the exponent."),
    native<decimal_binary<dec_shift>>("shift($self, /, other, context=None)", "The digits shifted by other places."),
    native<decimal_class_from_float>("from_float($type, f, /)", "Exactly the value of a float or an int."),
    native<decimal_as_tuple_row>("as_tuple($self, /)", "DecimalTuple(sign, digits, exponent)."),
    native<decimal_as_ratio>("as_integer_ratio($self, /)", "Numerator and denominator of the number in lowest terms."),
    native<decimal_self>("__copy__($self, /)", nullptr),
    native<decimal_deepcopy>("__deepcopy__($self, memo, /)", nullptr),
    native<decimal_format_row>("__format__($self, format_spec, override=None, /)", nullptr),
    native<decimal_reduce>("__reduce__($self, /)", nullptr),
    native<decimal_round>("__round__($self, ndigits=None, /)", nullptr),
    native<decimal_integer<DecRounding::Ceiling>>("__ceil__($self, /)", nullptr),
    native<decimal_integer<DecRounding::Floor>>("__floor__($self, /)", nullptr),
    native<decimal_integer<DecRounding::Down>>("__trunc__($self, /)", nullptr),
    native<decimal_complex>("__complex__($self, /)", nullptr),
    native<decimal_sizeof>("__sizeof__($self, /)", nullptr),
};
#undef OPERATOR
static Result<void> decimal_finish(Thread& thread, Type* type) {
  decimal_def.type = type;
  TRY(dict_set_str(thread, type->dict(), names.dunder_module, Value(intern(thread, "decimal"))));
  return ok;
}
constinit TypeDef decimal_def = {
    .name = "decimal.Decimal",
    .doc =
        "Decimal(value='0', context=None)\n--\n\n"
        "A decimal number of exactly the given value: a string, an int, a tuple (sign, digits, exponent), a float or another "
        "Decimal.\n",
    .dynamic_kind = &DynamicKind<DecimalCell>::value,
    .payload_size = sizeof(DecimalCell),
    .flags = kTypeComparesQuietly | kTypeSubclassable | kTypeNamelessMethods,
    .methods = decimal_methods,
    .method_count = count_of(decimal_methods),
    .getsets = decimal_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<DecimalCell>("decimal.Decimal"),
    .finish = decimal_finish,
};

// ---------------------------------------------------------------------------------------------------------------- the module

// What exec made. A module that is imported anew, after it was taken out of sys.modules, has the same classes.
static Root<Dict>* made_before = nullptr;

static Result<void> decimal_exec(Thread& thread, Module* module) {
  if (made_before) return dict_update_from(thread, module->dict(), Value(made_before->get()));
  TRY(init_decimal_contexts(thread, module));
  Value numbers = TRY(import_module_value(thread, "numbers"));
  Value number = TRY(get_attr_ascii(thread, numbers, "Number"));
  TRY(call_method(thread, number, intern(thread, "register"), Value(decimal_def.type)));
  Value collections = TRY(import_module_value(thread, "collections"));
  Value tuple_type = TRY(call_method(thread, collections, intern(thread, "namedtuple"), Value(intern(thread, "DecimalTuple")),
                                     Value(intern(thread, "sign digits exponent"))));
  TRY(set_attr(thread, tuple_type, intern(thread, "__module__"), Value(intern(thread, "decimal"))));
  TRY(module_set(thread, module, "DecimalTuple", tuple_type));
  decimal_tuple = new Root<Value>(tuple_type);
  const struct {
    const char* name;
    i64 value;
  } limits[] = {
      {"MAX_PREC", kDecMaxPrecision}, {"MAX_EMAX", kDecMaxEmax}, {"MIN_EMIN", kDecMinEmin}, {"MIN_ETINY", kDecMinEtiny}};
  for (auto& limit : limits) TRY(module_set(thread, module, limit.name, TRY(int_from_i64(thread, limit.value))));
  TRY(module_set(thread, module, "HAVE_THREADS", kTrue));
  TRY(module_set(thread, module, "HAVE_CONTEXTVAR", kTrue));
  TRY(module_set(thread, module, "__version__", Value(intern(thread, "1.70"))));
  TRY(module_set(thread, module, "__libmpdec_version__", Value(intern(thread, "2.5.1"))));
  Dict* made = TRY(make_dict(thread));
  TRY(for_each(thread, Value(module->dict()), [&](Value key) -> Result<bool> {
    Str* name = key.as<Str>();
    bool keeps =
        !str_starts_with(name, "__") || str_equals_ascii(name, "__version__") || str_equals_ascii(name, "__libmpdec_version__");
    if (keeps) TRY(dict_set(thread, made, key, dict_find_str(module->dict(), name)));
    return true;
  }));
  made_before = new Root<Dict>(made);
  return ok;
}

static TypeDef* const decimal_types[] = {&decimal_def, &decimal_context_def};
constinit ModuleDef decimal_module = {
    .name = "_decimal",
    .doc = "Decimal arithmetic",
    .functions = decimal_functions,
    .function_count = 3,
    .types = decimal_types,
    .type_count = 2,
    .exec = decimal_exec,
};

}  // namespace baton
