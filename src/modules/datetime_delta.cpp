// _datetime: timedelta. Arithmetic is on the total of microseconds as a 128-bit integer; products and quotients with arbitrary
// ints and floats go through Python ints.
#include <cmath>

#include "base/siphash.h"
#include "modules/datetime_internal.h"
#include "objects/int_view.h"
#include "objects/raw_arguments.h"

namespace baton {

static constexpr i64 kMicrosecondsPerDay = kSecondsPerDay * 1000000;

static Failed raise_too_large(Thread& thread) { return raise_overflow_error(thread, "Python int too large to convert to C int"); }

Result<DeltaParts> normalise_delta(Thread& thread, __int128 microseconds) {
  __int128 days = microseconds / kMicrosecondsPerDay;
  i64 rest = static_cast<i64>(microseconds % kMicrosecondsPerDay);
  if (rest < 0) {
    rest += kMicrosecondsPerDay;
    --days;
  }
  if (days > INT32_MAX || days < INT32_MIN) return raise_too_large(thread);
  i64 d = static_cast<i64>(days);
  if (d > kMaxDeltaDays || d < -kMaxDeltaDays)
    return raise_overflow_error(thread, "days={}; must have magnitude <= {}", d, kMaxDeltaDays);
  return DeltaParts{static_cast<int>(d), static_cast<int>(rest / 1000000), static_cast<int>(rest % 1000000)};
}
Result<TimeDelta*> make_delta(Thread& thread, DeltaParts parts) { return make_of<TimeDelta>(thread, timedelta_def.type, parts); }
Result<TimeDelta*> delta_of_microseconds(Thread& thread, __int128 microseconds) {
  return make_delta(thread, TRY(normalise_delta(thread, microseconds)));
}

i64 delta_hash(TimeDelta* d) {
  if (d->hash_ == -1) {
    TupleHasher h;
    for (int part : {d->parts().days, d->parts().seconds, d->parts().microseconds}) h.add(hash_i64(part));
    d->hash_ = h.finish(3);
  }
  return d->hash_;
}

// ---------------------------------------------------------------------------------------------------------------- construction

namespace {
struct Component {
  const char* name;
  i64 microseconds;
};
constexpr Component kComponents[] = {{"days", kMicrosecondsPerDay},
                                     {"seconds", 1000000},
                                     {"microseconds", 1},
                                     {"milliseconds", 1000},
                                     {"minutes", 60000000},
                                     {"hours", 3600000000},
                                     {"weeks", 7 * kMicrosecondsPerDay}};
constexpr __int128 kMaxComponent = static_cast<__int128>(1) << 123;  // of microseconds: seven of them don't overflow
constexpr int kSummingOrder[] = {2, 3, 1, 4, 5, 0, 6};
}  // namespace

// The value of an exact int below 2**126 in magnitude; OverflowError for others.
static Result<__int128> wide_of_int(Thread& thread, Value exact) {
  IntView view(exact);
  if (view->size > 1 && (view->size > 2 || view->limbs[1] >> 62)) return raise_too_large(thread);
  __int128 n = 0;
  for (usize i = view->size; i-- > 0;) n = (n << 64) | view->limbs[i];
  return view->negative ? -n : n;
}

// Adds value * unit; what a float leaves below a microsecond goes to *leftover.
static Result<void> accumulate(Thread& thread, const Component& unit, Value v, __int128* sum, double* leftover) {
  if (Value exact = int_exact(v); exact.is_present()) {
    __int128 n = TRY(wide_of_int(thread, exact)), limit = kMaxComponent / unit.microseconds;
    if (n > limit || n < -limit) return raise_too_large(thread);
    *sum += n * unit.microseconds;
    return ok;
  }
  if (!is_float(v)) return raise_type_error(thread, "unsupported type for timedelta {} component: {!t}", unit.name, v);
  double whole, fraction = std::modf(float_value(v), &whole);
  if (std::isnan(whole) || std::isinf(whole)) TRY(int_from_double(thread, whole));  // its error
  if (std::fabs(whole) > 1e20) return raise_too_large(thread);
  *sum += static_cast<__int128>(whole) * unit.microseconds;
  if (fraction == 0) return ok;
  double part, rest = std::modf(fraction * static_cast<double>(unit.microseconds), &part);
  *sum += static_cast<i64>(part);
  *leftover += rest;
  return ok;
}

static Result<Value> delta_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, timedelta_def.type));
  static constexpr const char* kNames[] = {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"};
  Value values[7];
  TRY(parse_named(thread, {"__new__", kNames, 7, 0, 7}, args + 1, n - 1, kwnames, values));
  __int128 sum = 0;
  double leftover = 0;
  for (int i : kSummingOrder)
    if (values[i].is_present()) TRY(accumulate(thread, kComponents[i], values[i], &sum, &leftover));
  if (leftover != 0) {
    double whole = std::round(leftover);
    if (std::fabs(whole - leftover) == 0.5) {  // a tie goes to the even total
      double odd = static_cast<double>(static_cast<i64>(sum & 1));
      whole = 2.0 * std::round((leftover + odd) * 0.5) - odd;
    }
    sum += static_cast<i64>(whole);
  }
  DeltaParts parts = TRY(normalise_delta(thread, sum));
  return TRY(make_of<TimeDelta>(thread, type, parts));
}

// ---------------------------------------------------------------------------------------------------------------- arithmetic

static Result<Value> total_value(Thread& thread, TimeDelta* d) {
  Limb limbs[2];
  i64 n = big_from_i128(limbs, d->parts().total());
  return int_from_limbs(thread, limbs, static_cast<usize>(n < 0 ? -n : n), n < 0);
}
static Result<Value> delta_of_int(Thread& thread, Value exact) {
  return TRY(delta_of_microseconds(thread, TRY(wide_of_int(thread, exact))));
}

// a / b to the nearest integer, ties to even.
static Result<Value> divide_nearest(Thread& thread, Value a, Value b) {
  Tuple* pair = TRY(int_divmod(thread, a, b)).as<Tuple>();
  Value quotient = pair->at(0), remainder = pair->at(1);
  Value twice = TRY(int_lshift(thread, remainder, Value::of_small_int(1)));
  int order = int_compare(twice, b);
  if (int_sign(b) < 0) order = -order;
  bool odd = IntView(quotient)->is_odd();
  if (order > 0 || (order == 0 && odd)) quotient = TRY(int_add(thread, quotient, Value::of_small_int(1)));
  return quotient;
}

static Result<Tuple*> ratio_of(Thread& thread, Value number) {
  Value ratio = TRY(call_method(thread, number, intern(thread, "as_integer_ratio")));
  if (!is<Tuple>(ratio))
    return raise_type_error(thread, "unexpected return type from as_integer_ratio(): expected tuple, got '{!t}'", ratio);
  if (ratio.as<Tuple>()->length() != 2 || int_exact(ratio.as<Tuple>()->at(0)).is_absent() ||
      int_exact(ratio.as<Tuple>()->at(1)).is_absent()) {
    return raise_value_error(thread, "unexpected result of as_integer_ratio()");
  }
  return ratio.as<Tuple>();
}

static Result<Value> delta_add(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return TRY(delta_of_microseconds(thread, self->parts().total() + value.as<TimeDelta>()->parts().total()));
}
static Result<Value> delta_sub(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return TRY(delta_of_microseconds(thread, self->parts().total() - value.as<TimeDelta>()->parts().total()));
}
static Result<Value> delta_rsub(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return delta_sub(thread, value.as<TimeDelta>(), Value(self));
}
static Result<Value> delta_mul(Thread& thread, TimeDelta* self, Value value) {
  if (Value exact = int_exact(value); exact.is_present())
    return delta_of_int(thread, TRY(int_mul(thread, TRY(total_value(thread, self)), exact)));
  if (!is_float(value)) return kNotImplemented;
  Tuple* ratio = TRY(ratio_of(thread, value));
  Value product = TRY(int_mul(thread, TRY(total_value(thread, self)), int_exact(ratio->at(0))));
  return delta_of_int(thread, TRY(divide_nearest(thread, product, int_exact(ratio->at(1)))));
}
static Result<Value> delta_truediv(Thread& thread, TimeDelta* self, Value value) {
  Value total = TRY(total_value(thread, self));
  if (is<TimeDelta>(value)) return int_truediv(thread, total, TRY(total_value(thread, value.as<TimeDelta>())));
  if (Value exact = int_exact(value); exact.is_present()) return delta_of_int(thread, TRY(divide_nearest(thread, total, exact)));
  if (!is_float(value)) return kNotImplemented;
  Tuple* ratio = TRY(ratio_of(thread, value));
  return delta_of_int(thread,
                      TRY(divide_nearest(thread, TRY(int_mul(thread, total, int_exact(ratio->at(1)))), int_exact(ratio->at(0)))));
}
static Result<Value> delta_floordiv(Thread& thread, TimeDelta* self, Value value) {
  Value total = TRY(total_value(thread, self));
  if (is<TimeDelta>(value)) return int_floordiv(thread, total, TRY(total_value(thread, value.as<TimeDelta>())));
  Value exact = int_exact(value);
  if (exact.is_absent()) return kNotImplemented;
  return delta_of_int(thread, TRY(int_floordiv(thread, total, exact)));
}
static Result<Value> delta_mod(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return delta_of_int(thread,
                      TRY(int_mod(thread, TRY(total_value(thread, self)), TRY(total_value(thread, value.as<TimeDelta>())))));
}
static Result<Value> delta_divmod(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  Tuple* pair =
      TRY(int_divmod(thread, TRY(total_value(thread, self)), TRY(total_value(thread, value.as<TimeDelta>())))).as<Tuple>();
  return TRY(tuple_of(thread, pair->at(0), TRY(delta_of_int(thread, pair->at(1)))));
}
// value OP self, where value can only be another timedelta.
template <Result<Value> (*operation)(Thread&, TimeDelta*, Value)>
static Result<Value> delta_reflected(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  return operation(thread, value.as<TimeDelta>(), Value(self));
}

static Result<Value> delta_neg(Thread& thread, TimeDelta* self) {
  return TRY(delta_of_microseconds(thread, -self->parts().total()));
}
static Result<Value> delta_pos(Thread& thread, TimeDelta* self) { return TRY(make_delta(thread, self->parts())); }
static Result<Value> delta_abs(Thread& thread, TimeDelta* self) {
  return self->parts().days < 0 ? delta_neg(thread, self) : delta_pos(thread, self);
}
static Result<bool> delta_bool(Thread& thread, TimeDelta* self) { return !self->parts().is_zero(); }
static Result<i64> delta_hash_row(Thread& thread, TimeDelta* self) { return delta_hash(self); }

template <CompareOp op>
static Result<Value> delta_compare(Thread& thread, TimeDelta* self, Value value) {
  if (!is<TimeDelta>(value)) return kNotImplemented;
  __int128 a = self->parts().total(), b = value.as<TimeDelta>()->parts().total();
  return Value::of_bool(compare_indexes(op, a < b ? -1 : a > b, 0));
}

// ---------------------------------------------------------------------------------------------------------------- text and the
// rest

static Result<Str*> delta_repr(Thread& thread, TimeDelta* self) {
  StrBuilder out;
  out.append(TRY(format_message(thread, "{!t}(", Value(self))));
  const struct {
    const char* name;
    int value;
  } parts[] = {{"days", self->parts().days}, {"seconds", self->parts().seconds}, {"microseconds", self->parts().microseconds}};
  bool first = true;
  for (auto& p : parts) {
    if (!p.value) continue;
    if (!first) out.append_ascii(", ");
    first = false;
    out.append_ascii(p.name);
    out.append('=');
    append_number(out, p.value, 0);
  }
  if (first) out.append('0');
  out.append(')');
  return out.build(thread);
}

static Result<Str*> delta_str(Thread& thread, TimeDelta* self) {
  const DeltaParts& p = self->parts();
  StrBuilder out;
  if (p.days) {
    append_number(out, p.days, 0);
    out.append_ascii(p.days == 1 || p.days == -1 ? " day, " : " days, ");
  }
  append_number(out, p.seconds / 3600, 0);
  out.append(':');
  append_number(out, p.seconds / 60 % 60, 2);
  out.append(':');
  append_number(out, p.seconds % 60, 2);
  if (p.microseconds) {
    out.append('.');
    append_number(out, p.microseconds, 6);
  }
  return out.build(thread);
}

static Result<Value> delta_total_seconds(Thread& thread, TimeDelta* self) {
  return int_truediv(thread, TRY(total_value(thread, self)), Value::of_small_int(1000000));
}
static Result<Value> delta_reduce(Thread& thread, TimeDelta* self) {
  const DeltaParts& p = self->parts();
  Tuple* state =
      TRY(tuple_of(thread, Value::of_small_int(p.days), Value::of_small_int(p.seconds), Value::of_small_int(p.microseconds)));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(state)));
}
static Result<Value> delta_days(Thread& thread, Value self) { return Value::of_small_int(self.as<TimeDelta>()->parts().days); }
static Result<Value> delta_seconds(Thread& thread, Value self) {
  return Value::of_small_int(self.as<TimeDelta>()->parts().seconds);
}
static Result<Value> delta_microseconds(Thread& thread, Value self) {
  return Value::of_small_int(self.as<TimeDelta>()->parts().microseconds);
}

static constinit GetSetDef delta_getsets[] = {
    {"days", delta_days, nullptr, "Number of days.", true},
    {"seconds", delta_seconds, nullptr, "Number of seconds (>= 0 and less than 1 day).", true},
    {"microseconds", delta_microseconds, nullptr, "Number of microseconds (>= 0 and less than 1 second).", true},
};
static constinit NativeDef delta_methods[] = {
    native_raw(delta_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<delta_repr>("__repr__($self, /)", "Return repr(self)."),
    native<delta_hash_row>("__hash__($self, /)", "Return hash(self)."),
    native<delta_str>("__str__($self, /)", "Return str(self)."),
    native<delta_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<delta_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<delta_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<delta_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<delta_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<delta_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<delta_add>("__add__($self, value, /)", "Return self+value."),
    native<delta_add>("__radd__($self, value, /)", "Return value+self."),
    native<delta_sub>("__sub__($self, value, /)", "Return self-value."),
    native<delta_rsub>("__rsub__($self, value, /)", "Return value-self."),
    native<delta_mul>("__mul__($self, value, /)", "Return self*value."),
    native<delta_mul>("__rmul__($self, value, /)", "Return value*self."),
    native<delta_mod>("__mod__($self, value, /)", "Return self%value."),
    native<delta_reflected<delta_mod>>("__rmod__($self, value, /)", "Return value%self."),
    native<delta_divmod>("__divmod__($self, value, /)", "Return divmod(self, value)."),
    native<delta_reflected<delta_divmod>>("__rdivmod__($self, value, /)", "Return divmod(value, self)."),
    native<delta_neg>("__neg__($self, /)", "-self"),
    native<delta_pos>("__pos__($self, /)", "+self"),
    native<delta_abs>("__abs__($self, /)", "abs(self)"),
    native<delta_bool>("__bool__($self, /)", "True if self else False"),
    native<delta_floordiv>("__floordiv__($self, value, /)", "Return self//value."),
    native<delta_reflected<delta_floordiv>>("__rfloordiv__($self, value, /)", "Return value//self."),
    native<delta_truediv>("__truediv__($self, value, /)", "Return self/value."),
    native<delta_reflected<delta_truediv>>("__rtruediv__($self, value, /)", "Return value/self."),
    native<delta_total_seconds>("total_seconds($self, /)", "Total seconds in the duration."),
    native<delta_reduce>("__reduce__($self, /)", "__reduce__() -> (cls, state)"),
};
static Result<void> delta_finish(Thread& thread, Type* type) {
  timedelta_def.type = type;
  const struct {
    const char* name;
    DeltaParts value;
  } constants[] = {{"resolution", {0, 0, 1}}, {"min", {-999999999, 0, 0}}, {"max", {999999999, 86399, 999999}}};
  for (auto& c : constants)
    TRY(type_set_attribute(thread, type, intern(thread, c.name), Value(TRY(make_of<TimeDelta>(thread, type, c.value)))));
  return ok;
}
constinit TypeDef timedelta_def = {
    .name = "datetime.timedelta",
    .doc =
        "A length of time, with a resolution of one microsecond.\n\ntimedelta(days=0, seconds=0, microseconds=0, "
        "milliseconds=0,\n          minutes=0, hours=0, weeks=0)\n\nThe parts, which are all optional, are added up. Each is an "
        "int or a float\nand may be below zero. Subtracting one date or datetime from another gives\na timedelta too. Inside, "
        "only days, seconds and microseconds are kept, and\nof these only days can be negative.",
    .dynamic_kind = &DynamicKind<TimeDelta>::value,
    .payload_size = sizeof(TimeDelta),
    .flags = kTypeComparesQuietly | kTypeSubclassable,
    .methods = delta_methods,
    .method_count = count_of(delta_methods),
    .getsets = delta_getsets,
    .getset_count = 3,
    .kind_info = {.name = "datetime.timedelta"},
    .finish = delta_finish,
};

}  // namespace baton
