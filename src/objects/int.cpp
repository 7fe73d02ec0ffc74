// int: construction, the index protocol, rows. Arithmetic is in int_arith.cpp, text in int_text.cpp.
//
// Rows see $self through IntSelf: the exact number of an int, a bool or an instance of a subclass. They answer exact ints.
#include "base/siphash.h"
#include "objects/bytes.h"
#include "objects/format_spec.h"
#include "objects/int_view.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

extern TypeDef int_def;

Value int_exact(Value v) {
  if (v.is_small_int()) return v;
  if (v.is_bool()) return Value::of_small_int(v.is_true());
  if (!v.is_cell()) return Value();
  u16 kind = v.cell()->kind();
  if (kind == kKindBigInt) return v;
  if (kind == kKindIntObject) return v.as<IntObject>()->number();
  return Value();
}

// ---------------------------------------------------------------------------------------------------------------- index protocol

static Result<void> warn_strict_subclass(Thread& thread, const char* method, Value v) {
  Str* text = TRY(format_message(
      thread,
      "{} returned non-int (type {!t}).  The ability to return an instance of a strict subclass of int is deprecated, and may be "
      "removed in a future version of Python.",
      method, v));
  Value owner;
  return warn(thread, exceptions.DeprecationWarning, TRY(str_utf8(thread, text, &owner)));
}

Result<Value> to_index(Thread& thread, Value v) {
  Value exact = int_exact(v);
  if (exact.is_present()) [[likely]]
    return exact;
  Value slot = type_of(v)->slot(Slot::index);
  if (slot.is_absent()) return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", v);
  Value answer = TRY(call_slot(thread, slot, v));
  if (is_exact_int(answer)) return answer;
  if (!is_int(answer)) return raise_type_error(thread, "__index__ returned non-int (type {!t})", answer);
  TRY(warn_strict_subclass(thread, "__index__", answer));
  return int_exact(answer);
}

Result<Index> to_index_clipped(Thread& thread, Value v) {
  if (v.is_small_int()) [[likely]]
    return v.small_int();
  i64 n;
  int_to_i64(TRY(to_index(thread, v)), &n);
  return n;
}

Result<Index> to_index_checked(Thread& thread, Value v, Type* overflow_error) {
  if (v.is_small_int()) [[likely]]
    return v.small_int();
  i64 n;
  if (int_to_i64(TRY(to_index(thread, v)), &n)) return n;
  return raise(thread, overflow_error ? overflow_error : exceptions.IndexError, "cannot fit '{!t}' into an index-sized integer",
               v);
}

// ---------------------------------------------------------------------------------------------------------------- construction

static Result<Value> int_from_trunc(Thread& thread, Value v, Value method) {
  TRY(warn(thread, exceptions.DeprecationWarning, "The delegation of int() to __trunc__ is deprecated."));
  Value answer = TRY(call(thread, method));
  if (Value exact = int_exact(answer); exact.is_present()) return exact;
  if (type_of(answer)->slot(Slot::index).is_absent())
    return raise_type_error(thread, "__trunc__ returned non-Integral (type {!t})", answer);
  return to_index(thread, answer);
}

Result<Value> int_from_object(Thread& thread, Value v) {
  if (is_exact_int(v)) return v;
  Type* type = type_of(v);
  if (is_exact_float(v)) return int_from_double(thread, float_value(v));
  if (is_exact<Str>(v)) return int_from_text(thread, v.as<Str>(), 10);
  if (Value slot = type->slot(Slot::int_); slot.is_present()) {
    Value answer = TRY(call_slot(thread, slot, v));
    if (is_exact_int(answer)) return answer;
    if (!is_int(answer)) return raise_type_error(thread, "__int__ returned non-int (type {!t})", answer);
    TRY(warn_strict_subclass(thread, "__int__", answer));
    return int_exact(answer);
  }
  if (type->slot(Slot::index).is_present()) return to_index(thread, v);
  Value trunc = TRY(find_special(thread, v, names.dunder_trunc));
  if (trunc != kNotFound) return int_from_trunc(thread, v, trunc);
  if (is<Str>(v)) return int_from_text(thread, v.as<Str>(), 10);
  if (is<Bytes>(v)) return int_from_bytes_text(thread, v.as<Bytes>()->text(), 10);
  if (has_buffer(v)) {
    BufferView view;
    if (!convert_buffer(thread, v, &view)) return failed;
    Result<Value> number = int_from_bytes_text(thread, view.text(), 10);
    release_buffer(view);
    return number;
  }
  return raise_type_error(thread, "int() argument must be a string, a bytes-like object or a real number, not '{!t}'", v);
}

static Result<Value> int_with_base(Thread& thread, Value x, Value base_value) {
  if (x.is_absent()) return raise_type_error(thread, "int() missing string argument");
  Index base = TRY(to_index_clipped(thread, base_value));
  if (base != 0 && (base < 2 || base > 36)) return raise_value_error(thread, "int() base must be >= 2 and <= 36, or 0");
  if (is<Str>(x)) return int_from_text(thread, x.as<Str>(), static_cast<int>(base));
  if (is<Bytes>(x)) return int_from_bytes_text(thread, x.as<Bytes>()->text(), static_cast<int>(base));
  if (is<ByteArray>(x)) {
    ByteArray* b = x.as<ByteArray>();
    return int_from_bytes_text(thread, {reinterpret_cast<const char*>(b->data()), static_cast<usize>(b->length())},
                               static_cast<int>(base));
  }
  return raise_type_error(thread, "int() can't convert non-string with explicit base");
}

static Result<Value> int_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, types.int_));
  if (type == types.bool_) return raise_type_error(thread, "int.__new__(bool) is not safe, use bool.__new__()");
  usize keywords = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (n - 1 + keywords > 2)
    return raise_type_error(thread, "int() takes at most 2 {}arguments ({} given)", n == 1 ? "keyword " : "",
                            static_cast<u64>(n - 1 + keywords));
  Value x = n > 1 ? args[1] : Value(), base = n > 2 ? args[2] : Value();
  for (usize i = 0; i < keywords; ++i) {
    Value name = kwnames->at(static_cast<Index>(i));
    if (!str_equals_ascii(name.as<Str>(), "base"))
      return raise_type_error(thread, "'{}' is an invalid keyword argument for int()", name);
    if (base.is_present()) return raise_type_error(thread, "argument for int() given by name ('base') and position (2)");
    base = args[n + i];
  }
  Value number = base.is_present() ? TRY(int_with_base(thread, x, base))
                 : x.is_present()  ? TRY(int_from_object(thread, x))
                                   : Value::of_small_int(0);
  if (type == types.int_) return number;
  return TRY(make_of<IntObject>(thread, type, number));
}

// ---------------------------------------------------------------------------------------------------------------- operator rows

using IntOperation = Result<Value> (*)(Thread&, Value, Value);

template <IntOperation operation, bool reflected>
static Result<Value> int_binary(Thread& thread, IntSelf self, Value value) {
  Value other = int_exact(value);
  if (other.is_absent()) return kNotImplemented;
  return reflected ? operation(thread, other, self.number) : operation(thread, self.number, other);
}

static Result<Value> int_power_row(Thread& thread, Value a, Value b, Value mod) {
  if (mod.is_none()) return int_pow(thread, a, b, kNone);
  Value modulus = int_exact(mod);
  if (modulus.is_absent()) return kNotImplemented;
  return int_pow(thread, a, b, modulus);
}
static Result<Value> int_pow_row(Thread& thread, IntSelf self, Value value, Value mod) {
  Value other = int_exact(value);
  return other.is_absent() ? Result<Value>(kNotImplemented) : int_power_row(thread, self.number, other, mod);
}
static Result<Value> int_rpow_row(Thread& thread, IntSelf self, Value value, Value mod) {
  Value other = int_exact(value);
  return other.is_absent() ? Result<Value>(kNotImplemented) : int_power_row(thread, other, self.number, mod);
}

template <CompareOp op>
static Result<Value> int_rich_compare(Thread& thread, IntSelf self, Value value) {
  Value other = int_exact(value);
  if (other.is_absent()) return kNotImplemented;
  return Value::of_bool(compare_indexes(op, int_compare(self.number, other), 0));
}

static Result<Value> int_itself(Thread& thread, IntSelf self) { return self.number; }
static Result<Value> int_negative(Thread& thread, IntSelf self) { return int_neg(thread, self.number); }
static Result<Value> int_absolute(Thread& thread, IntSelf self) {
  return int_sign(self.number) < 0 ? int_neg(thread, self.number) : Result<Value>(self.number);
}
static Result<bool> int_truth(Thread& thread, IntSelf self) { return self.number != Value::of_small_int(0); }
static Result<Value> int_inverted(Thread& thread, IntSelf self) { return int_invert(thread, self.number); }
static Result<Value> int_as_float(Thread& thread, IntSelf self) {
  return make_float(thread, TRY(int_to_double(thread, self.number)));
}
static Result<Str*> int_repr(Thread& thread, IntSelf self) { return int_to_text(thread, self.number, 10, false); }
static Result<i64> int_hash_row(Thread& thread, IntSelf self) { return static_cast<i64>(int_hash(self.number)); }

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<u64> int_bit_length_row(Thread& thread, IntSelf self) { return int_bit_length(self.number); }
static Result<u64> int_bit_count(Thread& thread, IntSelf self) {
  if (self.number.is_small_int()) return static_cast<u64>(std::popcount(int_small_magnitude(self.number)));
  return big_bit_count(IntView(self.number));
}
static Result<Tuple*> int_as_integer_ratio(Thread& thread, IntSelf self) {
  return tuple_of(thread, self.number, Value::of_small_int(1));
}
static Result<Tuple*> int_getnewargs(Thread& thread, IntSelf self) { return tuple_of(thread, self.number); }

static Result<bool> is_little(Thread& thread, Str* byteorder) {
  if (str_equals_ascii(byteorder, "little")) return true;
  if (str_equals_ascii(byteorder, "big")) return false;
  return raise_value_error(thread, "byteorder must be either 'little' or 'big'");
}

static Result<Bytes*> int_to_bytes(Thread& thread, IntSelf self, Index length, Str* byteorder, bool is_signed) {
  bool little = TRY(is_little(thread, byteorder));
  if (length < 0) return raise_value_error(thread, "length argument must be non-negative");
  Bytes* result = TRY(bytes_allocate(thread, static_cast<usize>(length)));
  IntView view(self.number);
  switch (big_to_bytes(bytes_mutable_data(result), static_cast<usize>(length), view,
                       little ? ByteOrder::kLittle : ByteOrder::kBig, is_signed)) {
    case ToBytesStatus::kOk: return result;
    case ToBytesStatus::kNegative: return raise_overflow_error(thread, "can't convert negative int to unsigned");
    case ToBytesStatus::kTooBig: break;
  }
  return raise_overflow_error(thread, "int too big to convert");
}

static Result<Value> int_from_bytes(Thread& thread, Type* type, Value bytes, Str* byteorder, bool is_signed) {
  bool little = TRY(is_little(thread, byteorder));
  Bytes* content;
  if (is_exact<Bytes>(bytes)) {
    content = bytes.as<Bytes>();
  } else {
    bool convertible =
        type_of(bytes)->slot(Slot::bytes).is_present() || has_buffer(bytes) ||
        (!is<Str>(bytes) && (type_of(bytes)->slot(Slot::iter).is_present() || type_of(bytes)->slot(Slot::getitem).is_present()));
    if (!convertible) return raise_type_error(thread, "cannot convert '{!t}' object to bytes", bytes);
    content = TRY(bytes_from_object(thread, bytes));
  }
  usize n = static_cast<usize>(content->length());
  Value number = TRY(build_int(thread, n / 8 + 1, [&](Limb* out) {
    return big_from_bytes(out, content->data(), n, little ? ByteOrder::kLittle : ByteOrder::kBig, is_signed);
  }));
  if (type == types.int_) return number;
  return call(thread, Value(type), number);
}

// To the nearest multiple of 10**-digits, ties to even multiples.
static Result<Value> round_to_power(Thread& thread, Value number, Value digits) {
  Value power = TRY(int_neg(thread, digits));
  i64 exponent;
  if (!int_to_i64(power, &exponent) || static_cast<u64>(exponent) > int_bit_length(number)) return Value::of_small_int(0);
  Value unit = TRY(int_pow(thread, Value::of_small_int(10), power, kNone));
  Value quotient = TRY(int_floordiv(thread, number, unit));
  Value remainder = TRY(int_sub(thread, number, TRY(int_mul(thread, quotient, unit))));
  int order = int_compare(TRY(int_lshift(thread, remainder, Value::of_small_int(1))), unit);
  if (order > 0 || (order == 0 && IntView(quotient)->is_odd())) remainder = TRY(int_sub(thread, remainder, unit));
  return int_sub(thread, number, remainder);
}

static Result<Value> int_round(Thread& thread, IntSelf self, Optional<Value> ndigits) {
  if (!ndigits.has_value()) return self.number;
  Value digits = TRY(to_index(thread, ndigits.value));
  if (int_sign(digits) >= 0) return self.number;
  return round_to_power(thread, self.number, digits);
}

static Result<Str*> int_format(Thread& thread, IntSelf self, Str* spec) {
  if (spec->length() == 0)
    return is_exact_int(self.object) ? int_to_text(thread, self.number, 10, false) : str_of(thread, self.object);
  return format_int(thread, self.number, spec, self.object);
}

// As CPython lays an int out: a header of 24 bytes and 30 bits in each four.
static Result<u64> int_sizeof(Thread& thread, IntSelf self) {
  u64 bits = int_bit_length(self.number);
  return 24 + 4 * (bits ? (bits + 29) / 30 : 1);
}

static Result<Value> int_real(Thread& thread, Value self) { return int_exact(self); }
static Result<Value> int_imag(Thread& thread, Value self) { return Value::of_small_int(0); }
static Result<Value> int_denominator(Thread& thread, Value self) { return Value::of_small_int(1); }

static constinit GetSetDef int_getsets[] = {
    {"real", int_real, nullptr, "the real part of a complex number"},
    {"imag", int_imag, nullptr, "the imaginary part of a complex number"},
    {"numerator", int_real, nullptr, "the numerator of a rational number in lowest terms"},
    {"denominator", int_denominator, nullptr, "the denominator of a rational number in lowest terms"},
};

static constinit NativeDef int_methods[] = {
    native_raw(int_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<int_repr>("__repr__($self, /)", "Return repr(self)."),
    native<int_hash_row>("__hash__($self, /)", "Return hash(self)."),
    native<int_rich_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<int_rich_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<int_rich_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<int_rich_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<int_rich_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<int_rich_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<int_binary<int_add, false>>("__add__($self, value, /)", "Return self+value."),
    native<int_binary<int_add, true>>("__radd__($self, value, /)", "Return value+self."),
    native<int_binary<int_sub, false>>("__sub__($self, value, /)", "Return self-value."),
    native<int_binary<int_sub, true>>("__rsub__($self, value, /)", "Return value-self."),
    native<int_binary<int_mul, false>>("__mul__($self, value, /)", "Return self*value."),
    native<int_binary<int_mul, true>>("__rmul__($self, value, /)", "Return value*self."),
    native<int_binary<int_mod, false>>("__mod__($self, value, /)", "Return self%value."),
    native<int_binary<int_mod, true>>("__rmod__($self, value, /)", "Return value%self."),
    native<int_binary<int_divmod, false>>("__divmod__($self, value, /)", "Return divmod(self, value)."),
    native<int_binary<int_divmod, true>>("__rdivmod__($self, value, /)", "Return divmod(value, self)."),
    native<int_pow_row>("__pow__($self, value, mod=None, /)", "Return pow(self, value, mod)."),
    native<int_rpow_row>("__rpow__($self, value, mod=None, /)", "Return pow(value, self, mod)."),
    native<int_negative>("__neg__($self, /)", "-self"),
    native<int_itself>("__pos__($self, /)", "+self"),
    native<int_absolute>("__abs__($self, /)", "abs(self)"),
    native<int_truth>("__bool__($self, /)", "True if self else False"),
    native<int_inverted>("__invert__($self, /)", "~self"),
    native<int_binary<int_lshift, false>>("__lshift__($self, value, /)", "Return self<<value."),
    native<int_binary<int_lshift, true>>("__rlshift__($self, value, /)", "Return value<<self."),
    native<int_binary<int_rshift, false>>("__rshift__($self, value, /)", "Return self>>value."),
    native<int_binary<int_rshift, true>>("__rrshift__($self, value, /)", "Return value>>self."),
    native<int_binary<int_and, false>>("__and__($self, value, /)", "Return self&value."),
    native<int_binary<int_and, true>>("__rand__($self, value, /)", "Return value&self."),
    native<int_binary<int_xor, false>>("__xor__($self, value, /)", "Return self^value."),
    native<int_binary<int_xor, true>>("__rxor__($self, value, /)", "Return value^self."),
    native<int_binary<int_or, false>>("__or__($self, value, /)", "Return self|value."),
    native<int_binary<int_or, true>>("__ror__($self, value, /)", "Return value|self."),
    native<int_itself>("__int__($self, /)", "int(self)"),
    native<int_as_float>("__float__($self, /)", "float(self)"),
    native<int_binary<int_floordiv, false>>("__floordiv__($self, value, /)", "Return self//value."),
    native<int_binary<int_floordiv, true>>("__rfloordiv__($self, value, /)", "Return value//self."),
    native<int_binary<int_truediv, false>>("__truediv__($self, value, /)", "Return self/value."),
    native<int_binary<int_truediv, true>>("__rtruediv__($self, value, /)", "Return value/self."),
    native<int_itself>("__index__($self, /)", "Return the number itself as a plain int, for indexing and slicing."),
    native<int_itself>("conjugate($self, /)", "Returns self, the complex conjugate of any int."),
    native<int_bit_length_row>("bit_length($self, /)",
                               "Count the binary digits of the number, leaving out sign and leading zeros.\n\n>>> "
                               "bin(-20)\n'-0b10100'\n>>> (-20).bit_length()\n5"),
    native<int_bit_count>("bit_count($self, /)",
                          "Count how many binary digits of the number are 1, whatever its sign.\n\n>>> bin(-20)\n'-0b10100'\n>>> "
                          "(-20).bit_count()\n2"),
    native<int_to_bytes>(
        "to_bytes($self, /, length=1, byteorder='big', *, signed=False)",
        "Store the number in a bytes object.\n\n  length\n    How many bytes to make; 1 unless given. A number that needs more\n "
        "   raises OverflowError.\n  byteorder\n    'big', the default, puts the highest byte first, 'little' the lowest.\n    "
        "sys.byteorder is the order that this machine uses.\n  signed\n    Whether to allow negative numbers, stored as two's "
        "complement. They\n    raise OverflowError when it is false, as it is by default."),
    native<int_from_bytes>(
        "from_bytes($type, /, bytes, byteorder='big', *, signed=False)",
        "Read a number that is stored in bytes.\n\n  bytes\n    Where to read: a bytes-like object, or an iterable of ints that "
        "fit\n    into a byte each.\n  byteorder\n    'big', the default, if the highest byte comes first, 'little' if the\n    "
        "lowest does. sys.byteorder is the order that this machine uses.\n  signed\n    Whether the highest bit makes the number "
        "negative, as in two's\n    complement. False by default."),
    native<int_as_integer_ratio>("as_integer_ratio($self, /)",
                                 "Return the number as a fraction: itself over 1.\n\nThe result is a tuple (numerator, "
                                 "denominator), as for floats.\n\n>>> (7).as_integer_ratio()\n(7, 1)\n>>> "
                                 "(-2).as_integer_ratio()\n(-2, 1)\n>>> True.as_integer_ratio()\n(1, 1)"),
    native<int_itself>("__trunc__($self, /)", "Truncating an Integral returns itself."),
    native<int_itself>("__floor__($self, /)", "Flooring an Integral returns itself."),
    native<int_itself>("__ceil__($self, /)", "Ceiling of an Integral returns itself."),
    native<int_round>("__round__($self, ndigits=<unrepresentable>, /)",
                      "Round to a power of ten; the result is always an int.\n\nndigits below 0 says how many final digits turn "
                      "into zeros. Otherwise, or\nwithout ndigits, the number stays the same."),
    native<int_getnewargs>("__getnewargs__($self, /)"),
    native<int_format>("__format__($self, format_spec, /)"),
    native<int_sizeof>("__sizeof__($self, /)", "Returns size in memory, in bytes."),
};

// The other cell that is an int has no TypeDef of its own.
static Result<void> int_finish(Thread& thread, Type* type) {
  register_kind(kKindIntObject, kind_info_of<IntObject>("int subclass"));
  return ok;
}

constinit TypeDef int_def = {
    .name = "int",
    .doc =
        "int([x]) -> integer\nint(x, base=10) -> integer\n\nMake an integer out of a number or of its written form; int() is "
        "0.\n\nGiven a number, the result is that of its __int__() method. A float loses\nits fraction, whichever sign it "
        "has.\n\nText may be str, bytes or bytearray; nothing else goes together with base.\nWhite space around the digits and a "
        "sign in front of them are fine. base\nis 10 unless given, and otherwise a number from 2 to 36, or 0, by which "
        "the\nprefix decides as it does in Python source.\n>>> int('-0x2A', base=0)\n-42",
    .kind = kKindBigInt,
    .payload_size = sizeof(BigInt),
    .flags = kTypeSubclassable | kTypeMatchSelf | kTypeIsInt,
    .methods = int_methods,
    .method_count = count_of(int_methods),
    .getsets = int_getsets,
    .getset_count = 4,
    .kind_info = {.name = "int"},
    .finish = int_finish,
};

}  // namespace baton
