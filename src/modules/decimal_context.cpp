// _decimal: Context, the dicts of its flags and traps, and which context is the current one.
//
// The current context is the value of a context variable, so that threads and tasks have their own. One that is missing is made
// from DefaultContext.
#include "modules/decimal_internal.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"

namespace baton {

using namespace decimal_ops;

// _contextvars.cpp
Result<Value> make_context_variable(Thread& thread, std::string_view name);
Result<Value> context_variable_value(Thread& thread, Value variable);  // None: it has none
Result<void> set_context_variable(Thread& thread, Value variable, Value value);

const DecContext kDefaultDecimalSettings{28, 999999, -999999, DecRounding::HalfEven, false};
static constexpr u32 kDefaultTraps = kDecAnyInvalid | kDecDivisionByZero | kDecOverflow;

// ---------------------------------------------------------------------------------------------------------------- signals

namespace {
struct Signal {
  const char* name;
  u32 condition;  // InvalidOperation stands for several
  Root<Type>* type = nullptr;
};
// In the order in which they are raised, and in which flags and traps are iterated.
Signal signals[] = {
    {"InvalidOperation", kDecAnyInvalid},
    {"FloatOperation", kDecFloatOperation},
    {"DivisionByZero", kDecDivisionByZero},
    {"Overflow", kDecOverflow},
    {"Underflow", kDecUnderflow},
    {"Subnormal", kDecSubnormal},
    {"Inexact", kDecInexact},
    {"Rounded", kDecRounded},
    {"Clamped", kDecClamped},
};
constexpr int kSignalCount = 9;
// Kinds of InvalidOperation.
Signal invalid_kinds[] = {{"InvalidOperation", kDecInvalidOperation},
                          {"ConversionSyntax", kDecConversionSyntax},
                          {"DivisionImpossible", kDecDivisionImpossible},
                          {"DivisionUndefined", kDecDivisionUndefined},
                          {"InvalidContext", kDecInvalidContext}};
// In the order of repr(Context).
constexpr int kReprOrder[kSignalCount] = {8, 0, 2, 6, 1, 3, 7, 5, 4};

const char* const kRoundingNames[kDecRoundingCount] = {"ROUND_UP",      "ROUND_DOWN",      "ROUND_CEILING",   "ROUND_FLOOR",
                                                       "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};

Root<Value>* context_variable = nullptr;
Root<DecimalContext>* templates[3] = {};  // DefaultContext, BasicContext, ExtendedContext
Root<Type>* signal_dict_type = nullptr;

class SignalDict final : public Cell {
 public:
  void init(DecimalContext* context, bool traps) {
    context_.init(context);
    traps_ = traps;
  }
  u32* bits() { return traps_ ? &context_.get()->traps_ : &context_.get()->status_; }
  bool has(const Signal& signal) { return *bits() & signal.condition; }
  void set(const Signal& signal, bool on) {
    if (on)
      *bits() |= signal.condition == kDecAnyInvalid ? (traps_ ? kDecAnyInvalid : u32{kDecInvalidOperation}) : signal.condition;
    else
      *bits() &= ~signal.condition;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(context_); }
  Field<DecimalContext> context_;
  bool traps_;
};
}  // namespace

Result<void> signal_conditions(Thread& thread, DecimalContext* context, u32 status) {
  context->status_ |= status;
  if (status & kDecMallocError) return raise_memory_error(thread);
  u32 trapped = status & context->traps_;
  if (!trapped) return ok;
  List* all = TRY(make_list(thread));
  Type* first = nullptr;
  for (const Signal& s : signals)
    if (!first && (trapped & s.condition)) first = s.type->get();
  for (const Signal& s : invalid_kinds)
    if (trapped & s.condition) TRY(list_append(thread, all, Value(s.type->get())));
  for (int i = 1; i < kSignalCount; ++i)
    if (trapped & signals[i].condition) TRY(list_append(thread, all, Value(signals[i].type->get())));
  return raise_with_value(thread, first, Value(all));
}

static Failed raise_unknown_signal(Thread& thread) {
  return raise(thread, exceptions.KeyError,
               "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, "
               "Subnormal, Inexact, Rounded,\n   Clamped]");
}
static Result<Signal*> signal_of(Thread& thread, Value key) {
  for (Signal& s : signals)
    if (Value(s.type->get()) == key) return &s;
  return raise_unknown_signal(thread);
}

// ---------------------------------------------------------------------------------------------------------------- SignalDict

static Result<Value> signals_get(Thread& thread, SignalDict* self, Value key) {
  return Value::of_bool(self->has(*TRY(signal_of(thread, key))));
}
static Result<void> signals_set(Thread& thread, SignalDict* self, Value key, Value value) {
  Signal* signal = TRY(signal_of(thread, key));
  self->set(*signal, TRY(truth(thread, value)));
  return ok;
}
static Result<void> signals_delete(Thread& thread, SignalDict*, Value) {
  return raise_value_error(thread, "signal keys cannot be deleted");
}
static Result<Value> signals_iter(Thread& thread, SignalDict*) {
  Value items[kSignalCount];
  for (int i = 0; i < kSignalCount; ++i) items[i] = Value(signals[i].type->get());
  return get_shared_iter(thread, Value(TRY(make_tuple(thread, items, kSignalCount))));
}
static Result<i64> signals_length(Thread&, SignalDict*) { return i64{kSignalCount}; }
static Result<Dict*> signals_copy(Thread& thread, SignalDict* self) {
  Dict* copy = TRY(make_dict(thread));
  for (Signal& s : signals) TRY(dict_set(thread, copy, Value(s.type->get()), Value::of_bool(self->has(s))));
  return copy;
}
static Result<Str*> signals_repr(Thread& thread, SignalDict* self) {
  StrBuilder out;
  out.append_ascii("{");
  for (int i = 0; i < kSignalCount; ++i) {
    if (i) out.append_ascii(", ");
    out.append(TRY(repr(thread, Value(signals[i].type->get()))));
    out.append_ascii(self->has(signals[i]) ? ":True" : ":False");
  }
  out.append_ascii("}");
  return out.build(thread);
}
// The conditions of a dict of all nine signals.
static Result<u32> conditions_of_dict(Thread& thread, Value v) {
  if (is<SignalDict>(v)) {
    auto* dict = v.as<SignalDict>();
    return *dict->bits();
  }
  if (!is<Dict>(v)) return raise_type_error(thread, "argument must be a signal dict");
  Dict* given = v.as<Dict>();
  if (given->length() != kSignalCount) return raise(thread, exceptions.KeyError, "invalid signal dict");
  u32 bits = 0;
  TRY(for_each(thread, v, [&](Value key) -> Result<bool> {
    Signal* signal = TRY(signal_of(thread, key));
    Value on = TRY(dict_find(thread, given, key));
    if (on != kNotFound && TRY(truth(thread, on))) bits |= signal->condition;
    return true;
  }));
  return bits;
}
static Result<u32> conditions_of_list(Thread& thread, List* list) {
  u32 bits = 0;
  for (Index i = 0; i < list->length(); ++i) {
    Value item = list->try_at(i);
    bool known = false;
    for (Signal& s : signals) {
      if (Value(s.type->get()) != item) continue;
      bits |= s.condition;
      known = true;
    }
    if (!known) return raise_unknown_signal(thread);
  }
  return bits;
}
// As flags: one bit stands for InvalidOperation.
static u32 as_flags(u32 bits) { return (bits & ~kDecAnyInvalid) | (bits & kDecAnyInvalid ? u32{kDecInvalidOperation} : 0); }
static u32 as_traps(u32 bits) { return bits & kDecAnyInvalid ? bits | kDecAnyInvalid : bits; }

template <CompareOp op>
static Result<Value> signals_compare(Thread& thread, SignalDict* self, Value other) {
  u32 bits;
  if (is<SignalDict>(other)) {
    bits = *other.as<SignalDict>()->bits();
  } else if (is<Dict>(other)) {
    Result<u32> given = conditions_of_dict(thread, other);
    if (given.is_failed()) {
      if (!clear_pending_if(thread, exceptions.KeyError)) return failed;
      return kNotImplemented;
    }
    bits = given.value();
  } else {
    return kNotImplemented;
  }
  bool same = as_flags(bits) == as_flags(*self->bits());
  return Value::of_bool(same == (op == CompareOp::Eq));
}

static constinit NativeDef signal_dict_methods[] = {
    native<signals_get>("__getitem__($self, key, /)", "Return self[key]."),
    native<signals_set>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<signals_delete>("__delitem__($self, key, /)", "Delete self[key]."),
    native<signals_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<signals_length>("__len__($self, /)", "Return len(self)."),
    native<signals_repr>("__repr__($self, /)", "Return repr(self)."),
    native<signals_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<signals_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<signals_copy>("copy($self, /)", nullptr),
};
static Result<void> signals_finish(Thread& thread, Type* type) {
  return type_set_attribute(thread, type, names.dunder_hash, kNone);
}
constinit TypeDef signal_dict_def = {
    .name = "decimal.SignalDictMixin",
    .dynamic_kind = &DynamicKind<SignalDict>::value,
    .payload_size = sizeof(SignalDict),
    .flags = kTypeSubclassable | kTypeNoInstances,
    .methods = signal_dict_methods,
    .method_count = count_of(signal_dict_methods),
    .kind_info = kind_info_of<SignalDict>("decimal.SignalDictMixin"),
    .finish = signals_finish,
};

// ---------------------------------------------------------------------------------------------------------------- settings

Result<DecRounding> rounding_of(Thread& thread, Value v) {
  if (is<Str>(v))
    for (int i = 0; i < kDecRoundingCount; ++i)
      if (str_equals_ascii(v.as<Str>(), kRoundingNames[i])) return static_cast<DecRounding>(i);
  return raise_type_error(
      thread,
      "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, "
      "ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
}

static Result<i64> integer_setting(Thread& thread, Value v) {
  Value exact = int_exact(v);
  if (exact.is_absent()) return raise_type_error(thread, "an integer is required");
  i64 n;
  if (!int_to_i64(exact, &n)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
  return n;
}
static Result<i64> integer_in(Thread& thread, Value v, i64 low, i64 high, const char* message) {
  i64 n = TRY(integer_setting(thread, v));
  if (n < low || n > high) return raise_value_error(thread, message);
  return n;
}
static Result<void> no_deletion(Thread& thread) {
  return raise(thread, exceptions.AttributeError, "context attributes cannot be deleted");
}
static DecimalContext* context_of(Value v) { return v.as<DecimalContext>(); }

static Result<Value> get_prec(Thread& t, Value v) { return int_from_i64(t, context_of(v)->settings_.precision); }
static Result<Value> get_emax(Thread& t, Value v) { return int_from_i64(t, context_of(v)->settings_.emax); }
static Result<Value> get_emin(Thread& t, Value v) { return int_from_i64(t, context_of(v)->settings_.emin); }
static Result<Value> get_clamp(Thread&, Value v) { return Value::of_small_int(context_of(v)->settings_.clamp); }
static Result<Value> get_capitals(Thread&, Value v) { return Value::of_small_int(context_of(v)->capitals_); }
static Result<Value> get_rounding(Thread& t, Value v) {
  return Value(intern(t, kRoundingNames[static_cast<int>(context_of(v)->settings_.rounding)]));
}
static Result<void> set_prec(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->settings_.precision = TRY(integer_in(t, v, 1, kDecMaxPrecision, "valid range for prec is [1, MAX_PREC]"));
  return ok;
}
static Result<void> set_emax(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->settings_.emax = TRY(integer_in(t, v, 0, kDecMaxEmax, "valid range for Emax is [0, MAX_EMAX]"));
  return ok;
}
static Result<void> set_emin(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->settings_.emin = TRY(integer_in(t, v, kDecMinEmin, 0, "valid range for Emin is [MIN_EMIN, 0]"));
  return ok;
}
static Result<void> set_clamp(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->settings_.clamp = TRY(integer_in(t, v, 0, 1, "valid values for clamp are 0 or 1")) != 0;
  return ok;
}
static Result<void> set_capitals(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->capitals_ = TRY(integer_in(t, v, 0, 1, "valid values for capitals are 0 or 1")) != 0;
  return ok;
}
static Result<void> set_rounding(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->settings_.rounding = TRY(rounding_of(t, v));
  return ok;
}
static Result<Value> signal_dict_of(Thread& t, DecimalContext* context, bool traps) {
  Field<Value>& field = traps ? context->traps_dict_ : context->flags_dict_;
  if (field.get().is_none()) {
    auto* made = TRY(make_of<SignalDict>(t, signal_dict_type->get(), context, traps));
    field.set(context, Value(made));
  }
  return field.get();
}
static Result<Value> get_flags(Thread& t, Value self) { return signal_dict_of(t, context_of(self), false); }
static Result<Value> get_traps(Thread& t, Value self) { return signal_dict_of(t, context_of(self), true); }
static Result<void> set_flags(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->status_ = as_flags(TRY(conditions_of_dict(t, v)));
  return ok;
}
static Result<void> set_traps(Thread& t, Value self, Value v) {
  if (v.is_absent()) return no_deletion(t);
  context_of(self)->traps_ = as_traps(TRY(conditions_of_dict(t, v)));
  return ok;
}

static constinit GetSetDef context_getsets[] = {
    {"prec", get_prec, set_prec, nullptr},
    {"Emax", get_emax, set_emax, nullptr},
    {"Emin", get_emin, set_emin, nullptr},
    {"rounding", get_rounding, set_rounding, nullptr},
    {"capitals", get_capitals, set_capitals, nullptr},
    {"clamp", get_clamp, set_clamp, nullptr},
    {"flags", get_flags, set_flags, nullptr},
    {"traps", get_traps, set_traps, nullptr},
};

// ---------------------------------------------------------------------------------------------------------------- Context

static Result<DecimalContext*> make_context_of(Thread& thread, Type* type) {
  return make_of<DecimalContext>(thread, type, kDefaultDecimalSettings, kDefaultTraps);
}
static Result<Value> context_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(make_context_of(thread, TRY(check_new_type(thread, args, n, decimal_context_def.type))));
}

static Result<void> set_some(Thread& t, DecimalContext* self, const Value* values) {
  using Setter = Result<void> (*)(Thread&, Value, Value);
  static constexpr Setter kSetters[] = {set_prec, set_rounding, set_emin, set_emax, set_capitals, set_clamp};
  for (usize i = 0; i < 6; ++i)
    if (!values[i].is_none()) TRY(kSetters[i](t, Value(self), values[i]));
  for (usize i = 6; i < 8; ++i) {
    if (values[i].is_none()) continue;
    u32 bits = is<List>(values[i]) ? TRY(conditions_of_list(t, values[i].as<List>())) : TRY(conditions_of_dict(t, values[i]));
    if (i == 6)
      self->status_ = as_flags(bits);
    else
      self->traps_ = as_traps(bits);
  }
  return ok;
}
static Result<void> context_init(Thread& t, DecimalContext* self, Value prec, Value rounding, Value emin, Value emax,
                                 Value capitals, Value clamp, Value flags, Value traps) {
  Value values[] = {prec, rounding, emin, emax, capitals, clamp, flags, traps};
  return set_some(t, self, values);
}

static Result<DecimalContext*> copy_context(Thread& thread, DecimalContext* from) {
  DecimalContext* copy = TRY(make_context_of(thread, decimal_context_def.type));
  copy->settings_ = from->settings_;
  copy->traps_ = from->traps_;
  copy->status_ = from->status_;
  copy->capitals_ = from->capitals_;
  return copy;
}
static Result<DecimalContext*> context_copy(Thread& thread, DecimalContext* self) { return copy_context(thread, self); }

static Result<List*> signal_list(Thread& thread, u32 bits) {
  List* list = TRY(make_list(thread));
  for (Signal& s : signals)
    if (bits & s.condition) TRY(list_append(thread, list, Value(s.type->get())));
  return list;
}
static Result<Value> context_reduce(Thread& t, DecimalContext* self) {
  Value items[] = {TRY(get_prec(t, Value(self))),
                   TRY(get_rounding(t, Value(self))),
                   TRY(get_emin(t, Value(self))),
                   TRY(get_emax(t, Value(self))),
                   Value::of_small_int(self->capitals_),
                   Value::of_small_int(self->settings_.clamp),
                   Value(TRY(signal_list(t, self->status_))),
                   Value(TRY(signal_list(t, self->traps_)))};
  return TRY(tuple_of(t, Value(type_of(Value(self))), Value(TRY(make_tuple(t, items, 8)))));
}

static Result<Str*> context_repr(Thread& thread, DecimalContext* self) {
  auto list = [](StrBuilder& out, u32 bits) {
    bool first = true;
    for (int i : kReprOrder) {
      if (!(bits & signals[i].condition)) continue;
      if (!first) out.append_ascii(", ");
      first = false;
      out.append_ascii(signals[i].name);
    }
  };
  const DecContext& c = self->settings_;
  StrBuilder out;
  out.append(TRY(format_message(thread, "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags=[",
                                c.precision, kRoundingNames[static_cast<int>(c.rounding)], c.emin, c.emax,
                                static_cast<i64>(self->capitals_), static_cast<i64>(c.clamp))));
  list(out, self->status_);
  out.append_ascii("], traps=[");
  list(out, self->traps_);
  out.append_ascii("])");
  return out.build(thread);
}

static Result<void> context_clear_flags(Thread&, DecimalContext* self) {
  self->status_ = 0;
  return ok;
}
static Result<void> context_clear_traps(Thread&, DecimalContext* self) {
  self->traps_ = 0;
  return ok;
}
static Result<Value> context_etiny(Thread& t, DecimalContext* self) { return int_from_i64(t, self->settings_.etiny()); }
static Result<Value> context_etop(Thread& t, DecimalContext* self) { return int_from_i64(t, self->settings_.etop()); }
static Result<Value> context_radix(Thread& t, DecimalContext*) {
  DecNumber ten;
  ten.set_u64(10);
  return make_decimal(t, ten);
}
static Result<Value> context_create(Thread& t, DecimalContext* self, Value num) {
  return decimal_from_object(t, decimal_def.type, num, self, DecExactness::Rounded);
}
static Result<Value> context_create_from_float(Thread& t, DecimalContext* self, Value f) {
  return decimal_from_float(t, decimal_def.type, f, self, DecExactness::Rounded);
}

// ---- operations

template <DecUnary operation>
static Result<Value> context_unary(Thread& t, DecimalContext* self, Value x) {
  DecNumber room, out;
  DecView v;
  TRY(decimal_argument(t, x, room, &v));
  DecContext settings = self->settings();
  u32 status = 0;
  operation(out, v, settings, &status);
  KeepAlive keep(x);
  return finish_decimal(t, self, out, status);
}
template <DecBinary operation>
static Result<Value> context_binary(Thread& t, DecimalContext* self, Value x, Value y) {
  DecNumber room_x, room_y, out;
  DecView a, b;
  TRY(decimal_argument(t, x, room_x, &a));
  TRY(decimal_argument(t, y, room_y, &b));
  DecContext settings = self->settings();
  u32 status = 0;
  operation(out, a, b, settings, &status);
  KeepAlive keep(x), keep_y(y);
  return finish_decimal(t, self, out, status);
}
static void apply(DecNumber& out, const DecView& a, const DecContext& c, u32* status) {
  copy_same(out, a, c, status);
  dec_finish(out, c, status);
}

static Result<Value> context_divmod(Thread& t, DecimalContext* self, Value x, Value y) {
  DecNumber room_x, room_y, quotient, remainder;
  DecView a, b;
  TRY(decimal_argument(t, x, room_x, &a));
  TRY(decimal_argument(t, y, room_y, &b));
  DecContext settings = self->settings();
  u32 status = 0;
  dec_divmod(quotient, remainder, a, b, settings, &status);
  if (status) TRY(signal_conditions(t, self, status));
  Value q = TRY(make_decimal(t, quotient));
  return TRY(tuple_of(t, q, TRY(make_decimal(t, remainder))));
}
static Result<Value> context_fma(Thread& t, DecimalContext* self, Value x, Value y, Value z) {
  DecNumber rooms[3], out;
  DecView a, b, c;
  TRY(decimal_argument(t, x, rooms[0], &a));
  TRY(decimal_argument(t, y, rooms[1], &b));
  TRY(decimal_argument(t, z, rooms[2], &c));
  DecContext settings = self->settings();
  u32 status = 0;
  dec_fma(out, a, b, c, settings, &status);
  return finish_decimal(t, self, out, status);
}
static Result<Value> context_power(Thread& t, DecimalContext* self, Value x, Value y, Value modulo) {
  DecNumber rooms[3], out;
  DecView a, b, c;
  TRY(decimal_argument(t, x, rooms[0], &a));
  TRY(decimal_argument(t, y, rooms[1], &b));
  if (!modulo.is_none()) TRY(decimal_argument(t, modulo, rooms[2], &c));
  DecContext settings = self->settings();
  u32 status = 0;
  if (modulo.is_none())
    dec_pow(out, a, b, settings, &status);
  else
    dec_powmod(out, a, b, c, settings, &status);
  return finish_decimal(t, self, out, status);
}

// ---- questions

template <bool (*question)(const DecView&, const DecContext&)>
static Result<bool> context_is(Thread& t, DecimalContext* self, Value x) {
  DecNumber room;
  DecView v;
  TRY(decimal_argument(t, x, room, &v));
  return question(v, self->settings());
}
static Result<bool> context_is_canonical(Thread& t, DecimalContext*, Value x) {
  if (!is_decimal(x)) return raise_type_error(t, "argument must be a Decimal");
  return true;
}
static Result<Value> context_canonical(Thread& t, DecimalContext*, Value x) {
  if (!is_decimal(x)) return raise_type_error(t, "argument must be a Decimal");
  return x;
}
static Result<bool> context_same_quantum(Thread& t, DecimalContext*, Value x, Value y) {
  DecNumber room_x, room_y;
  DecView a, b;
  TRY(decimal_argument(t, x, room_x, &a));
  TRY(decimal_argument(t, y, room_y, &b));
  if (!a.is_finite() || !b.is_finite()) return (a.is_nan() && b.is_nan()) || (a.is_infinite() && b.is_infinite());
  return a.exponent == b.exponent;
}
static Result<Str*> context_number_class(Thread& t, DecimalContext* self, Value x) {
  DecNumber room;
  DecView v;
  TRY(decimal_argument(t, x, room, &v));
  return str_from_ascii(t, dec_class(v, self->settings()));
}
template <bool engineering>
static Result<Str*> context_to_string(Thread& t, DecimalContext* self, Value x) {
  DecNumber room;
  DecView v;
  TRY(decimal_argument(t, x, room, &v));
  return decimal_text(t, v, engineering, self->capitals_);
}

static constinit NativeDef context_methods[] = {
    native_raw(context_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<context_init>(
        "__init__($self, /, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, "
        "traps=None)",
        "Set up a new instance from the arguments its class documents."),
    native<context_repr>("__repr__($self, /)", "Return repr(self)."),
    native<context_unary<dec_exp>>("exp($self, x, /)", "e ** x, correctly rounded."),
    native<context_unary<dec_ln>>("ln($self, x, /)", "The natural logarithm of x, correctly rounded."),
    native<context_unary<dec_log10>>("log10($self, x, /)", "The logarithm of x to base 10, correctly rounded."),
    native<context_unary<dec_next_minus>>("next_minus($self, x, /)", "The largest representable number below x."),
    native<context_unary<dec_next_plus>>("next_plus($self, x, /)", "The smallest representable number above x."),
    native<context_unary<dec_normalize>>("normalize($self, x, /)", "x without trailing zeros."),
    native<context_unary<integral_value>>("to_integral($self, x, /)", "The same as to_integral_value."),
    native<context_unary<integral_exact>>("to_integral_exact($self, x, /)",
                                          "x rounded to an integer; Inexact and Rounded are signaled."),
    native<context_unary<integral_value>>("to_integral_value($self, x, /)", "x rounded to an integer, without signals."),
    native<context_unary<dec_sqrt>>("sqrt($self, x, /)", "The square root of x, correctly rounded."),
    native<context_unary<dec_abs>>("abs($self, x, /)", "The absolute value of x."),
    native<context_unary<dec_minus>>("minus($self, x, /)", "-x, rounded to this context."),
    native<context_unary<dec_plus>>("plus($self, x, /)", "+x, rounded to this context."),
    native<context_unary<dec_logb>>("logb($self, x, /)", "The exponent of the most significant digit of x."),
    native<context_unary<dec_invert>>("logical_invert($self, x, /)", "Each digit of x inverted."),
    native<context_unary<copy_abs>>("copy_abs($self, x, /)", "x with the sign cleared."),
    native<context_unary<copy_same>>("copy_decimal($self, x, /)", "A copy of x."),
    native<context_unary<copy_negate>>("copy_negate($self, x, /)", "x with the sign inverted."),
    native<context_binary<dec_add>>("add($self, x, y, /)", "x + y."),
    native<context_binary<quiet_compare>>("compare($self, x, y, /)",
                                          "-1, 0 or 1 as x is less, equal or greater; a nan for nans."),
    native<context_binary<signal_compare>>("compare_signal($self, x, y, /)", "compare(), where all nans signal."),
    native<context_binary<total<false>>>("compare_total($self, x, y, /)", "Compares representations in the total order."),
    native<context_binary<total<true>>>("compare_total_mag($self, x, y, /)", "compare_total() without the signs."),
    native<context_binary<copy_sign>>("copy_sign($self, x, y, /)", "x with the sign of y."),
    native<context_binary<dec_div>>("divide($self, x, y, /)", "x / y."),
    native<context_binary<dec_div_int>>("divide_int($self, x, y, /)", "x / y, truncated to an integer."),
    native<context_divmod>("divmod($self, x, y, /)", "Quotient and remainder of x / y."),
    native<context_binary<pick<DecPick::Max>>>("max($self, x, y, /)", "The larger of x and y."),
    native<context_binary<pick<DecPick::MaxMag>>>("max_mag($self, x, y, /)", "The one with the larger absolute value."),
    native<context_binary<pick<DecPick::Min>>>("min($self, x, y, /)", "The smaller of x and y."),
    native<context_binary<pick<DecPick::MinMag>>>("min_mag($self, x, y, /)", "The one with the smaller absolute value."),
    native<context_binary<dec_mul>>("multiply($self, x, y, /)", "x * y."),
    native<context_binary<dec_next_toward>>("next_toward($self, x, y, /)", "The number next to x in the direction of y."),
    native<context_binary<dec_quantize>>("quantize($self, x, y, /)", "x rounded to the exponent of y."),
    native<context_binary<dec_remainder>>("remainder($self, x, y, /)", "The remainder of x / y, with the sign of x."),
    native<context_binary<dec_remainder_near>>("remainder_near($self, x, y, /)", "x - n * y for the integer n nearest to x / y."),
    native<context_binary<dec_sub>>("subtract($self, x, y, /)", "x - y."),
    native<context_binary<logic<DecLogic::And>>>("logical_and($self, x, y, /)", "x and y, digit by digit."),
    native<context_binary<logic<DecLogic::Or>>>("logical_or($self, x, y, /)", "x or y, digit by digit."),
    native<context_binary<logic<DecLogic::Xor>>>("logical_xor($self, x, y, /)", "x exclusive or y, digit by digit."),
    native<context_binary<dec_rotate>>("rotate($self, x, y, /)", "The digits of x rotated by y places."),
    native<context_binary<dec_scaleb>>("scaleb($self, x, y, /)", "x with y added to the exponent."),
    native<context_binary<dec_shift>>("shift($self, x, y, /)", "The digits of x shifted by y places."),
    native<context_fma>("fma($self, x, y, z, /)", "x * y + z, rounded once."),
    native<context_power>("power($self, /, a, b, modulo=None)", "a ** b, or a ** b % modulo."),
    native<context_etiny>("Etiny($self, /)", "The smallest exponent of a subnormal number."),
    native<context_etop>("Etop($self, /)", "The largest exponent of a number with as many digits as the precision."),
    native<context_radix>("radix($self, /)", "Decimal('10')."),
    native<context_is_canonical>("is_canonical($self, x, /)", "True."),
    native<context_is<is_finite>>("is_finite($self, x, /)", "Is x neither infinite nor a nan?"),
    native<context_is<is_infinite>>("is_infinite($self, x, /)", "Is x infinite?"),
    native<context_is<is_nan>>("is_nan($self, x, /)", "Is x a nan, quiet or signaling?"),
    native<context_is<dec_is_normal>>("is_normal($self, x, /)", "Is x a normal number?"),
    native<context_is<is_qnan>>("is_qnan($self, x, /)", "Is x a quiet nan?"),
    native<context_is<is_signed>>("is_signed($self, x, /)", "Is the sign of x negative?"),
    native<context_is<is_snan>>("is_snan($self, x, /)", "Is x a signaling nan?"),
    native<context_is<dec_is_subnormal>>("is_subnormal($self, x, /)", "Is x subnormal?"),
    native<context_is<is_zero>>("is_zero($self, x, /)", "Is x a zero?"),
    native<context_unary<apply>>("_apply($self, x, /)", nullptr),
    native<context_canonical>("canonical($self, x, /)", "x."),
    native<context_number_class>("number_class($self, x, /)", "The name of the class of x, such as '+Normal'."),
    native<context_same_quantum>("same_quantum($self, x, y, /)", "Have x and y the same exponent?"),
    native<context_to_string<false>>("to_sci_string($self, x, /)", "x as text in scientific notation."),
    native<context_to_string<true>>("to_eng_string($self, x, /)", "x as text in engineering notation."),
    native<context_clear_flags>("clear_flags($self, /)", "Set all flags to False."),
    native<context_clear_traps>("clear_traps($self, /)", "Set all traps to False."),
    native<context_copy>("__copy__($self, /)", nullptr),
    native<context_reduce>("__reduce__($self, /)", nullptr),
    native<context_copy>("copy($self, /)", "A copy of the context with all flags."),
    native<context_create>("create_decimal($self, num='0', /)", "A Decimal of num, rounded to this context."),
    native<context_create_from_float>("create_decimal_from_float($self, f, /)", "A Decimal of a float, rounded to this context."),
};
static Result<void> context_finish(Thread& thread, Type* type) {
  decimal_context_def.type = type;
  TRY(dict_set_str(thread, type->dict(), names.dunder_module, Value(intern(thread, "decimal"))));
  return ok;
}
constinit TypeDef decimal_context_def = {
    .name = "decimal.Context",
    .doc =
        "Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)\n--\n\n"
        "Precision, rounding, range of exponents, flags and traps of decimal arithmetic. What is None is as in the default\n"
        "context.\n",
    .dynamic_kind = &DynamicKind<DecimalContext>::value,
    .payload_size = sizeof(DecimalContext),
    .flags = kTypeSubclassable | kTypeNamelessMethods,
    .methods = context_methods,
    .method_count = count_of(context_methods),
    .getsets = context_getsets,
    .getset_count = 8,
    .kind_info = kind_info_of<DecimalContext>("decimal.Context"),
    .finish = context_finish,
};

// ---------------------------------------------------------------------------------------------------------------- the current
// one

Result<DecimalContext*> current_decimal_context(Thread& thread) {
  Value now = TRY(context_variable_value(thread, context_variable->get()));
  if (is<DecimalContext>(now)) [[likely]]
    return now.as<DecimalContext>();
  DecimalContext* made = TRY(copy_context(thread, templates[0]->get()));
  made->status_ = 0;
  TRY(set_context_variable(thread, context_variable->get(), Value(made)));
  return made;
}
Result<DecimalContext*> decimal_context_argument(Thread& thread, Value v) {
  if (v.is_none()) return current_decimal_context(thread);
  if (is<DecimalContext>(v)) return v.as<DecimalContext>();
  return raise_type_error(thread, "optional argument must be a context");
}

static Result<void> make_current(Thread& thread, Value v) {
  if (!is<DecimalContext>(v)) return raise_type_error(thread, "optional argument must be a context");
  // The templates stay as they are.
  for (auto* t : templates)
    if (Value(t->get()) == v) {
      DecimalContext* copy = TRY(copy_context(thread, t->get()));
      copy->status_ = 0;
      v = Value(copy);
    }
  return set_context_variable(thread, context_variable->get(), v);
}

namespace {
class ContextManager final : public Cell {
 public:
  void init(DecimalContext* inside, DecimalContext* outside) {
    inside_.init(inside);
    outside_.init(outside);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(inside_, outside_); }
  Field<DecimalContext> inside_, outside_;
};
}  // namespace

static Result<Value> manager_enter(Thread& thread, ContextManager* self) {
  TRY(make_current(thread, Value(self->inside_.get())));
  return Value(self->inside_.get());
}
static Result<bool> manager_exit(Thread& thread, ContextManager* self, Rest) {
  TRY(make_current(thread, Value(self->outside_.get())));
  return false;
}
static constinit NativeDef manager_methods[] = {
    native<manager_enter>("__enter__($self, /)", nullptr),
    native<manager_exit>("__exit__($self, /, *args)", nullptr),
};
constinit TypeDef decimal_manager_def = {
    .name = "decimal.ContextManager",
    .dynamic_kind = &DynamicKind<ContextManager>::value,
    .payload_size = sizeof(ContextManager),
    .flags = kTypeNoInstances,
    .methods = manager_methods,
    .method_count = count_of(manager_methods),
    .kind_info = kind_info_of<ContextManager>("decimal.ContextManager"),
};

static Result<Value> decimal_getcontext(Thread& thread) { return Value(TRY(current_decimal_context(thread))); }
static Result<Value> decimal_setcontext(Thread& thread, Value context) {
  if (!is<DecimalContext>(context)) return raise_type_error(thread, "argument must be a context");
  TRY(make_current(thread, context));
  return kNone;
}
static Result<Value> decimal_localcontext(Thread& thread, Value given, KeywordRest keywords) {
  DecimalContext* outside = TRY(current_decimal_context(thread));
  DecimalContext* from = outside;
  if (!given.is_none()) {
    if (!is<DecimalContext>(given)) return raise_type_error(thread, "optional argument must be a context");
    from = given.as<DecimalContext>();
  }
  DecimalContext* inside = TRY(copy_context(thread, from));
  if (keywords.values) {
    static constexpr const char* kNames[] = {"prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"};
    Value values[8];
    for (Value& v : values) v = kNone;
    Dict* dict = keywords.values;
    TRY(for_each(thread, Value(dict), [&](Value key) -> Result<bool> {
      for (usize i = 0; i < 8; ++i) {
        if (!str_equals_ascii(key.as<Str>(), kNames[i])) continue;
        values[i] = TRY(dict_find(thread, dict, key));
        return true;
      }
      return raise_type_error(thread, "'{}' is an invalid keyword argument for this function", key);
    }));
    TRY(set_some(thread, inside, values));
  }
  return Value(TRY(make_of<ContextManager>(thread, TRY(type_from_def(thread, decimal_manager_def)), inside, outside)));
}

NativeDef decimal_functions[] = {
    native<decimal_getcontext>("getcontext($module, /)", "The current context."),
    native<decimal_setcontext>("setcontext($module, context, /)", "Make another context the current one."),
    native<decimal_localcontext>("localcontext($module, /, ctx=None, **kwargs)",
                                 "A context manager that makes a copy of ctx (None: of the current context), with the attributes "
                                 "given as\nkeywords, the current context, and restores the former one at its end."),
};

// ---------------------------------------------------------------------------------------------------------------- set-up

static Result<Type*> make_signal(Thread& thread, Module* module, const char* name, std::initializer_list<Type*> bases) {
  Value list[3];
  Index n = 0;
  for (Type* base : bases) list[n++] = Value(base);
  Dict* dict = TRY(make_dict(thread));
  TRY(dict_set_ascii(thread, dict, "__module__", Value(intern(thread, "decimal"))));
  Type* type =
      TRY(make_heap_type(thread, types.type, intern(thread, name), TRY(make_tuple(thread, list, n)), dict, nullptr, nullptr));
  TRY(module_set(thread, module, name, Value(type)));
  return type;
}

Result<void> init_decimal_contexts(Thread& thread, Module* module) {
  Type* base = TRY(make_signal(thread, module, "DecimalException", {exceptions.ArithmeticError}));
  auto remember = [](Signal& s, Type* type) { s.type = new Root<Type>(type); };
  Type* invalid = TRY(make_signal(thread, module, "InvalidOperation", {base}));
  Type* subnormal = TRY(make_signal(thread, module, "Subnormal", {base}));
  Type* inexact = TRY(make_signal(thread, module, "Inexact", {base}));
  Type* rounded = TRY(make_signal(thread, module, "Rounded", {base}));
  remember(signals[0], invalid);
  remember(signals[1], TRY(make_signal(thread, module, "FloatOperation", {base, exceptions.TypeError})));
  remember(signals[2], TRY(make_signal(thread, module, "DivisionByZero", {base, exceptions.ZeroDivisionError})));
  remember(signals[3], TRY(make_signal(thread, module, "Overflow", {inexact, rounded})));
  remember(signals[4], TRY(make_signal(thread, module, "Underflow", {inexact, rounded, subnormal})));
  remember(signals[5], subnormal);
  remember(signals[6], inexact);
  remember(signals[7], rounded);
  remember(signals[8], TRY(make_signal(thread, module, "Clamped", {base})));
  remember(invalid_kinds[0], invalid);
  remember(invalid_kinds[1], TRY(make_signal(thread, module, "ConversionSyntax", {invalid})));
  remember(invalid_kinds[2], TRY(make_signal(thread, module, "DivisionImpossible", {invalid})));
  remember(invalid_kinds[3], TRY(make_signal(thread, module, "DivisionUndefined", {invalid, exceptions.ZeroDivisionError})));
  remember(invalid_kinds[4], TRY(make_signal(thread, module, "InvalidContext", {invalid})));

  // class SignalDict(SignalDictMixin, MutableMapping)
  Value abc = TRY(import_module_value(thread, "collections.abc"));
  Value mapping = TRY(get_attr_ascii(thread, abc, "MutableMapping"));
  Value name(intern(thread, "SignalDict"));
  Dict* dict = TRY(make_dict(thread));
  Type* mixin = TRY(type_from_def(thread, signal_dict_def));
  Value made = TRY(call(thread, Value(type_of(mapping)), name, Value(TRY(tuple_of(thread, Value(mixin), mapping))), Value(dict)));
  signal_dict_type = new Root<Type>(made.as<Type>());

  context_variable = new Root<Value>(TRY(make_context_variable(thread, "decimal_context")));
  DecContext nine = kDefaultDecimalSettings;
  nine.precision = 9;
  DecContext basic = nine;
  basic.rounding = DecRounding::HalfUp;
  const struct {
    const char* name;
    DecContext settings;
    u32 traps;
  } kTemplates[] = {{"DefaultContext", kDefaultDecimalSettings, kDefaultTraps},
                    {"BasicContext", basic, kDefaultTraps | kDecUnderflow | kDecClamped},
                    {"ExtendedContext", nine, 0}};
  for (usize i = 0; i < 3; ++i) {
    auto* context = TRY(make_of<DecimalContext>(thread, TRY(type_from_def(thread, decimal_context_def)), kTemplates[i].settings,
                                                kTemplates[i].traps));
    templates[i] = new Root<DecimalContext>(context);
    TRY(module_set(thread, module, kTemplates[i].name, Value(context)));
  }
  for (const char* rounding : kRoundingNames) TRY(module_set(thread, module, rounding, Value(intern(thread, rounding))));
  return ok;
}

}  // namespace baton
