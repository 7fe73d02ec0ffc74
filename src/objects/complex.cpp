// complex: a pair of doubles. Algorithms are those whose results CPython shows (scaled division, powers by squaring for small
// integral exponents), so that last digits agree.
#include <cmath>

#include "base/float_text.h"
#include "base/siphash.h"
#include "objects/float_arith.h"
#include "objects/format_spec.h"
#include "objects/int_view.h"
#include "objects/number_parse.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

Result<Value> make_complex(Thread& thread, double re, double im) { return TRY(make<Complex>(thread, re, im)); }
static Result<Value> make_complex(Thread& thread, ComplexValue v) { return make_complex(thread, v.real, v.imag); }
static ComplexValue value_of(const Complex* c) { return {c->real(), c->imag()}; }

// ---------------------------------------------------------------------------------------------------------------- arithmetic

ComplexValue complex_product(ComplexValue a, ComplexValue b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}

// Scaled by the larger part of the divisor, which neither overflows nor underflows early.
bool complex_quotient(ComplexValue a, ComplexValue b, ComplexValue* out) {
  double re = std::fabs(b.real), im = std::fabs(b.imag);
  if (re >= im) {
    if (re == 0) return false;
    double ratio = b.imag / b.real, scale = b.real + b.imag * ratio;
    *out = {(a.real + a.imag * ratio) / scale, (a.imag - a.real * ratio) / scale};
  } else if (im >= re) {
    double ratio = b.real / b.imag, scale = b.real * ratio + b.imag;
    *out = {(a.real * ratio + a.imag) / scale, (a.imag * ratio - a.real) / scale};
  } else {
    *out = {std::nan(""), std::nan("")};
  }
  return true;
}

static ComplexValue integral_power(ComplexValue x, u64 n) {
  ComplexValue result{1, 0}, square = x;
  for (u64 bit = 1; bit <= n; bit <<= 1) {
    if (n & bit) result = complex_product(result, square);
    square = complex_product(square, square);
  }
  return result;
}

static bool polar_power(ComplexValue a, ComplexValue b, ComplexValue* out) {
  if (b.real == 0 && b.imag == 0) {
    *out = {1, 0};
    return true;
  }
  if (a.real == 0 && a.imag == 0) {
    *out = {0, 0};
    return b.imag == 0 && b.real >= 0;
  }
  double size = std::hypot(a.real, a.imag), length = std::pow(size, b.real), angle = std::atan2(a.imag, a.real),
         phase = angle * b.real;
  if (b.imag != 0) {
    length /= std::exp(angle * b.imag);
    phase += b.imag * std::log(size);
  }
  if (std::isinf(phase)) return false;  // an infinite angle has no sine
  *out = {length * std::cos(phase), length * std::sin(phase)};
  return true;
}

Result<Value> complex_power(Thread& thread, double real, double imag, double exponent_real, double exponent_imag) {
  ComplexValue a{real, imag}, b{exponent_real, exponent_imag}, result;
  bool defined;
  if (b.imag == 0 && b.real == std::floor(b.real) && std::fabs(b.real) <= 100.0) {
    i64 n = static_cast<i64>(b.real);
    if (n > 0) {
      result = integral_power(a, static_cast<u64>(n));
      defined = true;
    } else
      defined = complex_quotient({1, 0}, integral_power(a, static_cast<u64>(-n)), &result);
  } else {
    defined = polar_power(a, b, &result);
  }
  if (!defined) return raise_zero_division(thread, "0.0 to a negative or complex power");
  if (std::isinf(result.real) || std::isinf(result.imag)) return raise_overflow_error(thread, "complex exponentiation");
  return make_complex(thread, result);
}

// The complex of a complex, float or int operand; false: some other type.
static Result<bool> operand(Thread& thread, Value v, ComplexValue* out) {
  if (is<Complex>(v)) {
    *out = value_of(v.as<Complex>());
    return true;
  }
  if (is_float(v)) {
    *out = {float_value(v), 0};
    return true;
  }
  Value exact = int_exact(v);
  if (exact.is_absent()) return false;
  *out = {TRY(int_to_double(thread, exact)), 0};
  return true;
}

static Result<Value> add(Thread& thread, ComplexValue a, ComplexValue b) {
  return make_complex(thread, a.real + b.real, a.imag + b.imag);
}
static Result<Value> sub(Thread& thread, ComplexValue a, ComplexValue b) {
  return make_complex(thread, a.real - b.real, a.imag - b.imag);
}
static Result<Value> mul(Thread& thread, ComplexValue a, ComplexValue b) { return make_complex(thread, complex_product(a, b)); }
static Result<Value> truediv(Thread& thread, ComplexValue a, ComplexValue b) {
  ComplexValue q;
  if (!complex_quotient(a, b, &q)) return raise_zero_division(thread, "complex division by zero");
  return make_complex(thread, q);
}

using ComplexOperation = Result<Value> (*)(Thread&, ComplexValue, ComplexValue);
template <ComplexOperation operation, bool reflected>
static Result<Value> complex_binary(Thread& thread, Complex* self, Value value) {
  ComplexValue other;
  if (!TRY(operand(thread, value, &other))) return kNotImplemented;
  return reflected ? operation(thread, other, value_of(self)) : operation(thread, value_of(self), other);
}
template <bool reflected>
static Result<Value> complex_pow_row(Thread& thread, Complex* self, Value value, Value mod) {
  ComplexValue a = value_of(self), b;
  if (!TRY(operand(thread, value, &b))) return kNotImplemented;
  if (!mod.is_none()) return raise_value_error(thread, "complex modulo");
  return reflected ? complex_power(thread, b.real, b.imag, a.real, a.imag)
                   : complex_power(thread, a.real, a.imag, b.real, b.imag);
}

static Result<Value> complex_negative(Thread& thread, Complex* self) {
  return make_complex(thread, -self->real(), -self->imag());
}
static Result<Value> complex_itself(Thread& thread, Complex* self) {
  return is_exact<Complex>(Value(self)) ? Result<Value>(Value(self)) : make_complex(thread, value_of(self));
}
static Result<bool> complex_truth(Thread& thread, Complex* self) { return self->real() != 0 || self->imag() != 0; }
static Result<Value> complex_absolute(Thread& thread, Complex* self) {
  double size = std::hypot(self->real(), self->imag());
  if (std::isinf(size) && std::isfinite(self->real()) && std::isfinite(self->imag()))
    return raise_overflow_error(thread, "absolute value too large");
  return make_float(thread, size);
}
static Result<Value> complex_conjugate(Thread& thread, Complex* self) {
  return make_complex(thread, self->real(), -self->imag());
}

template <CompareOp op>
static Result<Value> complex_equality(Thread& thread, Complex* self, Value value) {
  bool equal;
  if (is<Complex>(value)) {
    equal = self->real() == value.as<Complex>()->real() && self->imag() == value.as<Complex>()->imag();
  } else if (is_float(value)) {
    equal = self->imag() == 0 && self->real() == float_value(value);
  } else {
    Value exact = int_exact(value);
    if (exact.is_absent()) return kNotImplemented;
    equal = self->imag() == 0 && !std::isnan(self->real()) && float_int_order(self->real(), exact) == 0;
  }
  return Value::of_bool(equal == (op == CompareOp::Eq));
}
// Complex numbers have no order.
static Result<Value> complex_order(Thread& thread, Complex* self, Value value) { return kNotImplemented; }

static Result<i64> complex_hash(Thread& thread, Complex* self) {
  auto part = [&](double d) { return std::isnan(d) ? hash_pointer_bits(Value(self).bits()) : static_cast<i64>(float_hash(d)); };
  u64 hash = static_cast<u64>(part(self->real())) + static_cast<u64>(kHashImag) * static_cast<u64>(part(self->imag()));
  return finish_hash(static_cast<i64>(hash));
}

// ---------------------------------------------------------------------------------------------------------------- text

static Result<Str*> complex_repr(Thread& thread, Complex* self) {
  char text[2 * kFloatReprMax + 8];
  usize n = 0;
  bool imaginary_only = self->real() == 0 && !std::signbit(self->real());
  if (!imaginary_only) {
    text[n++] = '(';
    n += float_format(self->real(), 'r', 0, 0, text + n);
  }
  n += float_format(self->imag(), 'r', 0, imaginary_only ? 0 : static_cast<u32>(kFloatPlusSign), text + n);
  text[n++] = 'j';
  if (!imaginary_only) text[n++] = ')';
  return str_from_ascii(thread, {text, n});
}

// [real][sign imag j], blanks and one pair of parentheses around already removed.
static bool parse_parts(std::string_view s, ComplexValue* out) {
  auto is_j = [](char c) { return c == 'j' || c == 'J'; };
  auto is_sign = [](char c) { return c == '+' || c == '-'; };
  // An imaginary part without digits: "j", "+j", "-j".
  auto unit = [&](std::string_view t, double* d) {
    if (t.size() == 1 && is_j(t[0])) {
      *d = 1;
      return true;
    }
    if (t.size() == 2 && is_sign(t[0]) && is_j(t[1])) {
      *d = t[0] == '-' ? -1 : 1;
      return true;
    }
    return false;
  };
  double first;
  usize n = s.empty() ? 0 : float_parse(s.data(), s.size(), &first);
  if (n == 0) {
    out->real = 0;
    return unit(s, &out->imag);
  }
  std::string_view rest = s.substr(n);
  if (rest.empty()) {
    *out = {first, 0};
    return true;
  }
  if (rest.size() == 1 && is_j(rest[0])) {
    *out = {0, first};
    return true;
  }
  if (!is_sign(rest[0])) return false;
  out->real = first;
  if (unit(rest, &out->imag)) return true;
  usize m = float_parse(rest.data(), rest.size(), &out->imag);
  return m != 0 && rest.size() == m + 1 && is_j(rest[m]);
}

static Result<ComplexValue> parse_complex(Thread& thread, Str* original) {
  AsciiNumber ascii;
  TRY(ascii.load(thread, original));
  if (ascii.text().find('_') != std::string_view::npos && !ascii.remove_underscores()) {
    return raise_value_error(thread, "could not convert string to complex: {!r}", Value(original));
  }
  auto trim = [](std::string_view s) {
    while (!s.empty() && is_ascii_blank(static_cast<u8>(s.front()))) s.remove_prefix(1);
    while (!s.empty() && is_ascii_blank(static_cast<u8>(s.back()))) s.remove_suffix(1);
    return s;
  };
  std::string_view s = trim(ascii.text());
  bool good = true;
  if (!s.empty() && s.front() == '(') {
    good = s.size() >= 2 && s.back() == ')';
    if (good) s = trim(s.substr(1, s.size() - 2));
  }
  ComplexValue v;
  if (!good || !parse_parts(s, &v)) return raise_value_error(thread, "complex() arg is a malformed string");
  return v;
}

static Result<Str*> complex_format_row(Thread& thread, Complex* self, Str* spec) {
  if (spec->length() == 0) return is_exact<Complex>(Value(self)) ? complex_repr(thread, self) : str_of(thread, Value(self));
  return format_complex(thread, self->real(), self->imag(), spec, self);
}

// ---------------------------------------------------------------------------------------------------------------- construction

// The answer of v.__complex__, or absent when there is no such method.
static Result<Value> try_complex_method(Thread& thread, Value v) {
  if (is_exact<Complex>(v)) return v;
  Value slot = type_of(v)->slot(Slot::complex);
  if (slot.is_absent()) return kNotFound;
  Value answer = TRY(call_slot(thread, slot, v));
  if (!is<Complex>(answer)) return raise_type_error(thread, "__complex__ returned non-complex (type {!t})", answer);
  if (!is_exact<Complex>(answer)) {
    Str* text = TRY(format_message(
        thread,
        "__complex__ returned non-complex (type {!t}).  The ability to return an instance of a strict subclass of complex is "
        "deprecated, and may be removed in a future version of Python.",
        answer));
    Value owner;
    TRY(warn(thread, exceptions.DeprecationWarning, TRY(str_utf8(thread, text, &owner))));
  }
  return answer;
}

static bool is_number(Value v) {
  Type* type = type_of(v);
  return is<Complex>(v) || type->slot(Slot::float_).is_present() || type->slot(Slot::index).is_present();
}

Result<ComplexValue> to_complex(Thread& thread, Value v) {
  if (is<Complex>(v)) return value_of(v.as<Complex>());
  Value answer = TRY(try_complex_method(thread, v));
  if (answer != kNotFound) return value_of(answer.as<Complex>());
  return ComplexValue{TRY(to_double(thread, v)), 0};
}

// As float(v): other than as operands, subclasses of float are asked.
static Result<double> as_float(Thread& thread, Value v) {
  if (!is_float(v) || is_exact_float(v)) return to_double(thread, v);
  Value answer = TRY(call_slot(thread, type_of(v)->slot(Slot::float_), v));
  if (!is_float(answer)) return raise_type_error(thread, "{!t}.__float__ returned non-float (type {!t})", v, answer);
  return float_value(answer);
}

static Result<Value> complex_new(Thread& thread, Type* type, Optional<Value> real, Optional<Value> imag) {
  auto build = [&](ComplexValue v) -> Result<Value> {
    return type == types.complex ? make_complex(thread, v) : Result<Value>(make_of<Complex>(thread, type, v.real, v.imag));
  };
  Value r = real.value_or(Value::of_small_int(0));
  if (is_exact<Complex>(r) && !imag.has_value() && type == types.complex) return r;
  if (is<Str>(r)) {
    if (imag.has_value()) return raise_type_error(thread, "complex() can't take second arg if first is a string");
    return build(TRY(parse_complex(thread, r.as<Str>())));
  }
  if (imag.has_value() && is<Str>(imag.value)) return raise_type_error(thread, "complex() second arg can't be a string");
  Value converted = TRY(try_complex_method(thread, r));
  if (converted != kNotFound) r = converted;
  if (!is_number(r)) return raise_type_error(thread, "complex() first argument must be a string or a number, not '{!t}'", r);
  if (imag.has_value() && !is_number(imag.value))
    return raise_type_error(thread, "complex() second argument must be a number, not '{!t}'", imag.value);
  ComplexValue a, b{0, 0};
  if (is<Complex>(r))
    a = value_of(r.as<Complex>());
  else
    a = {TRY(as_float(thread, r)), 0};
  bool first_is_complex = is<Complex>(r), second_is_complex = false;
  if (imag.has_value()) {
    second_is_complex = is<Complex>(imag.value);
    if (second_is_complex)
      b = value_of(imag.value.as<Complex>());
    else
      b = {TRY(as_float(thread, imag.value)), 0};
  }
  // real + imag * 1j, keeping signs of zeros where a part was not complex
  ComplexValue result{a.real, b.real};
  if (second_is_complex) result.real -= b.imag;
  if (first_is_complex) result.imag = imag.has_value() ? result.imag + a.imag : a.imag;
  return build(result);
}

static Result<Tuple*> complex_getnewargs(Thread& thread, Complex* self) {
  return tuple_of(thread, TRY(make_float(thread, self->real())), TRY(make_float(thread, self->imag())));
}
static Result<Value> complex_real(Thread& thread, Value self) { return make_float(thread, self.as<Complex>()->real()); }
static Result<Value> complex_imag(Thread& thread, Value self) { return make_float(thread, self.as<Complex>()->imag()); }

static constinit GetSetDef complex_getsets[] = {
    {"real", complex_real, nullptr, "the real part of a complex number", true},
    {"imag", complex_imag, nullptr, "the imaginary part of a complex number", true},
};

static constinit NativeDef complex_methods[] = {
    native<complex_new>("__new__(type, real=0, imag=0)", "Make an instance; the class's own help describes the arguments."),
    native<complex_repr>("__repr__($self, /)", "Return repr(self)."),
    native<complex_hash>("__hash__($self, /)", "Return hash(self)."),
    native<complex_order>("__lt__($self, value, /)", "Return self<value."),
    native<complex_order>("__le__($self, value, /)", "Return self<=value."),
    native<complex_equality<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<complex_equality<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<complex_order>("__gt__($self, value, /)", "Return self>value."),
    native<complex_order>("__ge__($self, value, /)", "Return self>=value."),
    native<complex_binary<add, false>>("__add__($self, value, /)", "Return self+value."),
    native<complex_binary<add, true>>("__radd__($self, value, /)", "Return value+self."),
    native<complex_binary<sub, false>>("__sub__($self, value, /)", "Return self-value."),
    native<complex_binary<sub, true>>("__rsub__($self, value, /)", "Return value-self."),
    native<complex_binary<mul, false>>("__mul__($self, value, /)", "Return self*value."),
    native<complex_binary<mul, true>>("__rmul__($self, value, /)", "Return value*self."),
    native<complex_pow_row<false>>("__pow__($self, value, mod=None, /)", "Return pow(self, value, mod)."),
    native<complex_pow_row<true>>("__rpow__($self, value, mod=None, /)", "Return pow(value, self, mod)."),
    native<complex_negative>("__neg__($self, /)", "-self"),
    native<complex_itself>("__pos__($self, /)", "+self"),
    native<complex_absolute>("__abs__($self, /)", "abs(self)"),
    native<complex_truth>("__bool__($self, /)", "True if self else False"),
    native<complex_binary<truediv, false>>("__truediv__($self, value, /)", "Return self/value."),
    native<complex_binary<truediv, true>>("__rtruediv__($self, value, /)", "Return value/self."),
    native<complex_conjugate>("conjugate($self, /)", "Return the number with the sign of its imaginary part reversed."),
    native<complex_itself>("__complex__($self, /)", "Convert this value to exact type complex."),
    native<complex_getnewargs>("__getnewargs__($self, /)"),
    native<complex_format_row>("__format__($self, format_spec, /)", "Convert to a string according to format_spec."),
};

constinit TypeDef complex_def = {
    .name = "complex",
    .doc =
        "complex(real=0, imag=0)\n--\n\nMake a complex number out of its two parts, or out of text.\n\ncomplex(a, b) has the "
        "value a + b*1j; a part left out is 0. A lone string such\nas '2-3j' is parsed.",
    .kind = kKindComplex,
    .payload_size = sizeof(Complex),
    .flags = kTypeSubclassable,
    .methods = complex_methods,
    .method_count = count_of(complex_methods),
    .getsets = complex_getsets,
    .getset_count = 2,
    .kind_info = {.name = "complex"},
};

}  // namespace baton
