// float: immediate or a Float cell (rare magnitudes, instances of subclasses). Rows see $self through FloatSelf.
#include <cerrno>
#include <cmath>

#include "base/float_text.h"
#include "base/siphash.h"
#include "objects/bytes.h"
#include "objects/float_arith.h"
#include "objects/format_spec.h"
#include "objects/int_view.h"
#include "objects/number_parse.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

extern TypeDef float_def;

Result<Value> make_float(Thread& thread, double d) {
  Value v = Value::try_of_float(d);
  if (v.is_present()) [[likely]]
    return v;
  return TRY(make<Float>(thread, d));
}

u64 float_hash(double d) {
  // By identity, as object.__hash__: a NaN is immediate.
  if (std::isnan(d)) return static_cast<u64>(hash_pointer_bits(Value::try_of_float(d).bits()));
  return static_cast<u64>(hash_double(d));
}

Result<Str*> float_repr(Thread& thread, double d) {
  char text[kFloatReprMax];
  return str_from_ascii(thread, {text, float_repr(d, text)});
}

// ---------------------------------------------------------------------------------------------------------------- conversion

// The value of v through __float__ or __index__; false (nothing pending): v has neither.
static Result<bool> float_protocol(Thread& thread, Value v, double* out) {
  if (is_exact_float(v)) {
    *out = float_value(v);
    return true;
  }
  if (is_exact_int(v) || v.is_bool()) {
    *out = TRY(int_to_double(thread, int_exact(v)));
    return true;
  }
  Type* type = type_of(v);
  if (Value slot = type->slot(Slot::float_); slot.is_present()) {
    Value answer = TRY(call_slot(thread, slot, v));
    if (!is_float(answer)) return raise_type_error(thread, "{!t}.__float__ returned non-float (type {!t})", v, answer);
    if (!is_exact_float(answer)) {
      Str* text = TRY(format_message(
          thread,
          "{!t}.__float__ returned non-float (type {!t}).  The ability to return an instance of a strict subclass of float is "
          "deprecated, and may be removed in a future version of Python.",
          v, answer));
      Value owner;
      TRY(warn(thread, exceptions.DeprecationWarning, TRY(str_utf8(thread, text, &owner))));
    }
    *out = float_value(answer);
    return true;
  }
  if (type->slot(Slot::index).is_present()) {
    *out = TRY(int_to_double(thread, TRY(to_index(thread, v))));
    return true;
  }
  return false;
}

Result<double> to_double(Thread& thread, Value v) {
  if (is_float(v)) return float_value(v);
  double d;
  if (TRY(float_protocol(thread, v, &d))) return d;
  return raise_type_error(thread, "must be real number, not {!t}", v);
}

static Failed raise_bad_float(Thread& thread, Value original) {
  return raise_value_error(thread, "could not convert string to float: {!r}", original);
}

static Result<double> parse_float(Thread& thread, AsciiNumber& ascii, Value original) {
  if (ascii.text().find('_') != std::string_view::npos && !ascii.remove_underscores()) return raise_bad_float(thread, original);
  std::string_view s = ascii.stripped();
  double d;
  if (s.empty() || float_parse(s.data(), s.size(), &d) != s.size()) return raise_bad_float(thread, original);
  return d;
}

// false: not text.
static Result<bool> float_from_text(Thread& thread, Value v, double* out) {
  AsciiNumber ascii;
  if (is<Str>(v)) {
    TRY(ascii.load(thread, v.as<Str>()));
  } else if (is<Bytes>(v)) {
    TRY(ascii.load(thread, v.as<Bytes>()->text()));
  } else if (has_buffer(v)) {
    BufferView view;
    if (!convert_buffer(thread, v, &view)) return failed;
    Result<void> loaded = ascii.load(thread, view.text());
    release_buffer(view);
    TRY(loaded);
  } else {
    return false;
  }
  *out = TRY(parse_float(thread, ascii, v));
  return true;
}

static Result<double> float_argument(Thread& thread, Value v) {
  double d;
  if (is_exact<Str>(v)) {
    TRY(float_from_text(thread, v, &d));
    return d;
  }
  if (TRY(float_protocol(thread, v, &d))) return d;
  if (is_float(v)) return float_value(v);
  if (TRY(float_from_text(thread, v, &d))) return d;
  return raise_type_error(thread, "float() argument must be a string or a real number, not '{!t}'", v);
}

Result<Value> float_from_object(Thread& thread, Value v) {
  if (is_exact_float(v)) return v;
  return make_float(thread, TRY(float_argument(thread, v)));
}

static Result<Value> float_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.float_));
  if (kwnames && type->slot(Slot::init) == types.float_->slot(Slot::init)) TRY(check_no_keywords(thread, "float", kwnames));
  TRY(check_positional(thread, "float", n - 1, 0, 1));
  if (type == types.float_) return n > 1 ? float_from_object(thread, args[1]) : make_float(thread, 0.0);
  double d = n > 1 ? TRY(float_argument(thread, args[1])) : 0.0;
  return TRY(make_of<Float>(thread, type, d));
}

// ---------------------------------------------------------------------------------------------------------------- arithmetic

double float_mod(double x, double y) {
  double r = std::fmod(x, y);
  if (r == 0) return std::copysign(0.0, y);
  return (y < 0) != (r < 0) ? r + y : r;
}

double float_floor_div(double x, double y, double* remainder) {
  double r = std::fmod(x, y);
  double q = (x - r) / y;  // nearly integral
  if (r != 0) {
    if ((y < 0) != (r < 0)) {
      r += y;
      q -= 1.0;
    }
  } else {
    r = std::copysign(0.0, y);
  }
  *remainder = r;
  if (q == 0) return std::copysign(0.0, x / y);
  double floored = std::floor(q);
  return q - floored > 0.5 ? floored + 1.0 : floored;
}

static Result<Value> add(Thread& thread, double x, double y) { return make_float(thread, x + y); }
static Result<Value> sub(Thread& thread, double x, double y) { return make_float(thread, x - y); }
static Result<Value> mul(Thread& thread, double x, double y) { return make_float(thread, x * y); }
static Result<Value> truediv(Thread& thread, double x, double y) {
  if (y == 0) return raise_zero_division(thread, "float division by zero");
  return make_float(thread, x / y);
}
static Result<Value> mod(Thread& thread, double x, double y) {
  if (y == 0) return raise_zero_division(thread, "float modulo");
  return make_float(thread, float_mod(x, y));
}
static Result<Value> floordiv(Thread& thread, double x, double y) {
  if (y == 0) return raise_zero_division(thread, "float floor division by zero");
  double r;
  return make_float(thread, float_floor_div(x, y, &r));
}
static Result<Value> divmod(Thread& thread, double x, double y) {
  if (y == 0) return raise_zero_division(thread, "float divmod()");
  double r, q = float_floor_div(x, y, &r);
  return tuple_of(thread, TRY(make_float(thread, q)), TRY(make_float(thread, r)));
}

Failed raise_range_error(Thread& thread) {
  Value args[] = {Value::of_small_int(ERANGE), Value(TRY(str_from_ascii(thread, "Numerical result out of range")))};
  return raise_with_args(thread, exceptions.OverflowError, args, 2);
}

Result<Value> float_power(Thread& thread, double x, double y) {
  if (x == 0 && y < 0 && std::isfinite(y)) return raise_zero_division(thread, "0.0 cannot be raised to a negative power");
  if (x < 0 && std::isfinite(x) && std::isfinite(y) && y != std::floor(y)) return complex_power(thread, x, 0, y, 0);
  double r = std::pow(x, y);
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y)) return raise_range_error(thread);
  return make_float(thread, r);
}

// The double of a float or int operand; false: some other type.
static Result<bool> operand(Thread& thread, Value v, double* out) {
  if (v.is_immediate_float()) [[likely]] {
    *out = v.immediate_float();
    return true;
  }
  if (is_float(v)) {
    *out = float_value(v);
    return true;
  }
  Value exact = int_exact(v);
  if (exact.is_absent()) return false;
  *out = TRY(int_to_double(thread, exact));
  return true;
}

using FloatOperation = Result<Value> (*)(Thread&, double, double);
template <FloatOperation operation, bool reflected>
static Result<Value> float_binary(Thread& thread, FloatSelf self, Value value) {
  double other;
  if (!TRY(operand(thread, value, &other))) return kNotImplemented;
  return reflected ? operation(thread, other, self.value) : operation(thread, self.value, other);
}
template <bool reflected>
static Result<Value> float_pow_row(Thread& thread, FloatSelf self, Value value, Value mod) {
  if (!mod.is_none()) return raise_type_error(thread, "pow() 3rd argument not allowed unless all arguments are integers");
  double other;
  if (!TRY(operand(thread, value, &other))) return kNotImplemented;
  return reflected ? float_power(thread, other, self.value) : float_power(thread, self.value, other);
}

// ---------------------------------------------------------------------------------------------------------------- comparison

int float_int_order(double x, Value exact_int) {
  if (exact_int.is_small_int()) {
    i64 n = exact_int.small_int();
    if (n >= -(i64{1} << 53) && n <= (i64{1} << 53)) {
      double d = static_cast<double>(n);
      return x < d ? -1 : x > d;
    }
  }
  return -big_compare_double(IntView(exact_int), x);
}

template <CompareOp op>
static Result<Value> float_rich_compare(Thread& thread, FloatSelf self, Value value) {
  double x = self.value, y;
  if (is_float(value)) {
    y = float_value(value);
  } else {
    Value exact = int_exact(value);
    if (exact.is_absent()) return kNotImplemented;
    if (std::isnan(x)) return Value::of_bool(op == CompareOp::Ne);
    return Value::of_bool(compare_indexes(op, float_int_order(x, exact), 0));
  }
  switch (op) {
    case CompareOp::Lt: return Value::of_bool(x < y);
    case CompareOp::Le: return Value::of_bool(x <= y);
    case CompareOp::Eq: return Value::of_bool(x == y);
    case CompareOp::Ne: return Value::of_bool(x != y);
    case CompareOp::Gt: return Value::of_bool(x > y);
    default: return Value::of_bool(x >= y);
  }
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Str*> float_repr_row(Thread& thread, FloatSelf self) { return float_repr(thread, self.value); }
static Result<i64> float_hash_row(Thread& thread, FloatSelf self) {
  if (std::isnan(self.value) && self.object.is_cell()) return hash_pointer_bits(self.object.bits());
  return static_cast<i64>(float_hash(self.value));
}
static Result<Value> float_negative(Thread& thread, FloatSelf self) { return make_float(thread, -self.value); }
static Result<Value> float_itself(Thread& thread, FloatSelf self) {
  return is_exact_float(self.object) ? self.object : make_float(thread, self.value);
}
static Result<Value> float_absolute(Thread& thread, FloatSelf self) { return make_float(thread, std::fabs(self.value)); }
static Result<bool> float_truth(Thread& thread, FloatSelf self) { return self.value != 0; }
static Result<Value> float_to_int(Thread& thread, FloatSelf self) { return int_from_double(thread, self.value); }
static Result<Value> float_floor(Thread& thread, FloatSelf self) { return int_from_double(thread, std::floor(self.value)); }
static Result<Value> float_ceil(Thread& thread, FloatSelf self) { return int_from_double(thread, std::ceil(self.value)); }

static Result<Value> float_round_row(Thread& thread, FloatSelf self, Value ndigits) {
  if (ndigits.is_none()) {
    return int_from_double(thread, std::isfinite(self.value) ? float_round_to_integral(self.value) : self.value);
  }
  Index n = TRY(to_index_clipped(thread, ndigits));
  if (!std::isfinite(self.value)) return make_float(thread, self.value);
  double d = float_round(self.value, n);
  if (std::isinf(d)) return raise_overflow_error(thread, "rounded value too large to represent");
  return make_float(thread, d);
}

static Result<Tuple*> float_as_integer_ratio(Thread& thread, FloatSelf self) {
  if (std::isinf(self.value)) return raise_overflow_error(thread, "cannot convert Infinity to integer ratio");
  if (std::isnan(self.value)) return raise_value_error(thread, "cannot convert NaN to integer ratio");
  FloatParts parts = float_parts(self.value);
  i64 mantissa = static_cast<i64>(parts.mantissa);
  Value numerator = Value::of_small_int(parts.negative ? -mantissa : mantissa), denominator = Value::of_small_int(1);
  if (parts.exponent >= 0)
    numerator = TRY(int_lshift(thread, numerator, Value::of_small_int(parts.exponent)));
  else
    denominator = TRY(int_lshift(thread, denominator, Value::of_small_int(-parts.exponent)));
  return tuple_of(thread, numerator, denominator);
}

static Result<Value> float_fromhex(Thread& thread, Type* type, Value string) {
  if (!is<Str>(string)) return raise_type_error(thread, "bad argument type for built-in operation");
  AsciiNumber text;
  Str* s = string.as<Str>();
  double d = 0;
  FloatHexStatus status = FloatHexStatus::kInvalid;
  if (s->is_ascii()) {
    TRY(text.load(thread, s->ascii()));
    std::string_view stripped = text.stripped();
    status = float_from_hex(stripped.data(), stripped.size(), &d);
  }
  if (status == FloatHexStatus::kInvalid) return raise_value_error(thread, "invalid hexadecimal floating-point string");
  if (status == FloatHexStatus::kOverflow)
    return raise_overflow_error(thread, "hexadecimal value too large to represent as a float");
  Value v = TRY(make_float(thread, d));
  return type == types.float_ ? Result<Value>(v) : call(thread, Value(type), v);
}

static Result<Str*> float_hex(Thread& thread, FloatSelf self) {
  char text[kFloatHexMax];
  return str_from_ascii(thread, {text, float_to_hex(self.value, text)});
}

static Result<bool> float_is_integer(Thread& thread, FloatSelf self) {
  return std::isfinite(self.value) && std::floor(self.value) == self.value;
}
static Result<Tuple*> float_getnewargs(Thread& thread, FloatSelf self) {
  return tuple_of(thread, TRY(make_float(thread, self.value)));
}

static Result<Str*> float_getformat(Thread& thread, Type* type, Str* typestr) {
  if (!str_equals_ascii(typestr, "double") && !str_equals_ascii(typestr, "float")) {
    return raise_value_error(thread, "__getformat__() argument 1 must be 'double' or 'float'");
  }
  return str_from_ascii(thread, "IEEE, little-endian");
}

static Result<Str*> float_format_row(Thread& thread, FloatSelf self, Str* spec) {
  if (spec->length() == 0) return is_exact_float(self.object) ? float_repr(thread, self.value) : str_of(thread, self.object);
  return format_float(thread, self.value, spec, self.object);
}

static Result<Value> float_real(Thread& thread, Value self) {
  return is_exact_float(self) ? self : make_float(thread, float_value(self));
}
static Result<Value> float_imag(Thread& thread, Value self) { return make_float(thread, 0.0); }

static constinit GetSetDef float_getsets[] = {
    {"real", float_real, nullptr, "the real part of a complex number"},
    {"imag", float_imag, nullptr, "the imaginary part of a complex number"},
};

static constinit NativeDef float_methods[] = {
    native_raw(float_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<float_repr_row>("__repr__($self, /)", "Return repr(self)."),
    native<float_hash_row>("__hash__($self, /)", "Return hash(self)."),
    native<float_rich_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<float_rich_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<float_rich_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<float_rich_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<float_rich_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<float_rich_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<float_binary<add, false>>("__add__($self, value, /)", "Return self+value."),
    native<float_binary<add, true>>("__radd__($self, value, /)", "Return value+self."),
    native<float_binary<sub, false>>("__sub__($self, value, /)", "Return self-value."),
    native<float_binary<sub, true>>("__rsub__($self, value, /)", "Return value-self."),
    native<float_binary<mul, false>>("__mul__($self, value, /)", "Return self*value."),
    native<float_binary<mul, true>>("__rmul__($self, value, /)", "Return value*self."),
    native<float_binary<mod, false>>("__mod__($self, value, /)", "Return self%value."),
    native<float_binary<mod, true>>("__rmod__($self, value, /)", "Return value%self."),
    native<float_binary<divmod, false>>("__divmod__($self, value, /)", "Return divmod(self, value)."),
    native<float_binary<divmod, true>>("__rdivmod__($self, value, /)", "Return divmod(value, self)."),
    native<float_pow_row<false>>("__pow__($self, value, mod=None, /)", "Return pow(self, value, mod)."),
    native<float_pow_row<true>>("__rpow__($self, value, mod=None, /)", "Return pow(value, self, mod)."),
    native<float_negative>("__neg__($self, /)", "-self"),
    native<float_itself>("__pos__($self, /)", "+self"),
    native<float_absolute>("__abs__($self, /)", "abs(self)"),
    native<float_truth>("__bool__($self, /)", "True if self else False"),
    native<float_to_int>("__int__($self, /)", "int(self)"),
    native<float_itself>("__float__($self, /)", "float(self)"),
    native<float_binary<floordiv, false>>("__floordiv__($self, value, /)", "Return self//value."),
    native<float_binary<floordiv, true>>("__rfloordiv__($self, value, /)", "Return value//self."),
    native<float_binary<truediv, false>>("__truediv__($self, value, /)", "Return self/value."),
    native<float_binary<truediv, true>>("__rtruediv__($self, value, /)", "Return value/self."),
    native<float_itself>("conjugate($self, /)", "Return self, the complex conjugate of any float."),
    native<float_to_int>("__trunc__($self, /)", "Return the Integral closest to x between 0 and x."),
    native<float_floor>("__floor__($self, /)", "Return the floor as an Integral."),
    native<float_ceil>("__ceil__($self, /)", "Return the ceiling as an Integral."),
    native<float_round_row>(
        "__round__($self, ndigits=None, /)",
        "Round to the nearest whole number, or to ndigits decimal places.\n\nWithout ndigits the result is an int, else a float. "
        "From halfway between two\ncandidates, it goes to the one with an even last digit."),
    native<float_as_integer_ratio>(
        "as_integer_ratio($self, /)",
        "Return the exact value as a fraction in lowest terms.\n\nThe result is a tuple of two ints, the second of them above 0. "
        "Infinities\nraise OverflowError; NaN raises ValueError.\n\n>>> 0.375.as_integer_ratio()\n(3, 8)\n>>> "
        "(-6.5).as_integer_ratio()\n(-13, 2)\n>>> 1e3.as_integer_ratio()\n(1000, 1)"),
    native<float_fromhex>("fromhex($type, string, /)",
                          "Read a float from text in hexadecimal notation, as hex() writes it.\n\n>>> "
                          "float.fromhex('0x1.8p+1')\n3.0\n>>> float.fromhex('-a.c')\n-10.75"),
    native<float_hex>("hex($self, /)",
                      "Write the exact value in hexadecimal notation, a p before the exponent of 2.\n\n>>> "
                      "10.5.hex()\n'0x1.5000000000000p+3'\n>>> (-1/3).hex()\n'-0x1.5555555555555p-2'"),
    native<float_is_integer>("is_integer($self, /)", "Return True if the float is an integer."),
    native<float_getnewargs>("__getnewargs__($self, /)"),
    native<float_getformat>("__getformat__($type, typestr, /)",
                            "Tell how C stores floating point numbers on this machine.\n\n  typestr\n    The C type to ask "
                            "about, 'float' or 'double'.\n\nThe answer is one of the strings 'IEEE, little-endian', 'IEEE, "
                            "big-endian'\nand 'unknown'. Python's tests use it; programs hardly have a reason to."),
    native<float_format_row>("__format__($self, format_spec, /)", "Formats the float according to format_spec."),
};

constinit TypeDef float_def = {
    .name = "float",
    .doc =
        "float(x=0, /)\n--\n\nMake a float out of a number or its written form.\n\nWithout an argument, the result is 0.0. Text "
        "may also be 'nan', 'inf' or\n'infinity', with or without sign. ValueError means that it is no number.",
    .kind = kKindFloat,
    .payload_size = sizeof(Float),
    .flags = kTypeSubclassable | kTypeMatchSelf,
    .methods = float_methods,
    .method_count = count_of(float_methods),
    .getsets = float_getsets,
    .getset_count = 2,
    .kind_info = {.name = "float"},
};

}  // namespace baton
