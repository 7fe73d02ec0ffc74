// _decimal: cells and what its files share.
//
//   _decimal.cpp         Decimal: construction, conversion, operators, methods; the module
//   decimal_context.cpp  Context, the dicts of flags and traps, the current context
//   decimal_format.cpp   str() and format()
//
// The arithmetic is base/decimal*.cpp's. A Context is copied before an operation: another thread may change it meanwhile.
#pragma once
#include <cstring>

#include "base/decimal.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

// The limbs stand behind the header; instances of subclasses refer to an exact Decimal's, so that their size is fixed.
class DecimalCell final : public Cell {
 public:
  static usize size_for(const DecView& v, DecimalCell* shared) {
    return sizeof(DecimalCell) + (shared ? 0 : v.size * sizeof(DecLimb));
  }
  void init(const DecView& v, DecimalCell* shared) {
    exponent_ = v.exponent;
    size_ = static_cast<u32>(v.size);
    kind_ = v.kind;
    negative_ = v.negative;
    shared_.init(shared);
    if (!shared) memcpy(reinterpret_cast<DecLimb*>(this + 1), v.limbs, v.size * sizeof(DecLimb));
  }
  DecView view() const {
    const DecimalCell* from = shared_.get() ? shared_.get() : this;
    return {reinterpret_cast<const DecLimb*>(from + 1), size_, exponent_, kind_, negative_};
  }
  void visit_edges(EdgeVisitor& visit) const { visit(shared_); }

 private:
  i64 exponent_;
  u32 size_;
  DecKind kind_;
  bool negative_;
  Field<DecimalCell> shared_;
};

class DecimalContext final : public Cell {
 public:
  void init(const DecContext& settings, u32 traps) {
    settings_ = settings;
    traps_ = traps;
    status_ = 0;
    capitals_ = true;
    flags_dict_.init(kNone);
    traps_dict_.init(kNone);
  }
  DecContext settings() const { return settings_; }
  void visit_edges(EdgeVisitor& visit) const { visit(flags_dict_, traps_dict_); }

  DecContext settings_;
  u32 traps_, status_;  // DecCondition
  bool capitals_;
  Field<Value> flags_dict_, traps_dict_;  // SignalDict; None: not made yet
};

extern TypeDef decimal_def, decimal_context_def, decimal_manager_def, signal_dict_def;

inline bool is_decimal(Value v) { return is<DecimalCell>(v); }
Result<Value> make_decimal(Thread& thread, const DecView& v);
Result<Value> make_decimal_of(Thread& thread, Type* type, const DecView& v);

// ---- contexts
Result<DecimalContext*> current_decimal_context(Thread& thread);
// The context argument of a method: None is the current one.
Result<DecimalContext*> decimal_context_argument(Thread& thread, Value v);
// Sets the flags; raises what the context traps, and MemoryError.
Result<void> signal_conditions(Thread& thread, DecimalContext* context, u32 status);
inline Result<Value> finish_decimal(Thread& thread, DecimalContext* context, const DecNumber& number, u32 status) {
  if (status) TRY(signal_conditions(thread, context, status));
  return make_decimal(thread, number);
}
// A constant as given to quantize(rounding=...).
Result<DecRounding> rounding_of(Thread& thread, Value v);
Result<void> init_decimal_contexts(Thread& thread, Module* module);
extern const DecContext kDefaultDecimalSettings;

// ---- conversion of operands
// int, str, float, tuple and Decimal, exactly or (create_decimal) rounded to the context.
enum class DecExactness : u8 { Exact, Rounded };
Result<Value> decimal_from_object(Thread& thread, Type* type, Value v, DecimalContext* context, DecExactness exactness);
Result<Value> decimal_from_float(Thread& thread, Type* type, Value v, DecimalContext* context, DecExactness exactness);
// An operand: Decimals and ints (which are kept in *room). False: neither.
Result<bool> decimal_operand(Thread& thread, Value v, DecNumber& room, DecView* out);
// The same, with the TypeError of methods.
Result<void> decimal_argument(Thread& thread, Value v, DecNumber& room, DecView* out);

// ---- text
Result<Str*> decimal_text(Thread& thread, const DecView& v, bool engineering, bool capitals);
Result<Value> decimal_as_tuple(Thread& thread, const DecView& v);
Result<Value> decimal_to_int(Thread& thread, const DecView& v, DecRounding rounding);
Result<Str*> decimal_format(Thread& thread, const DecView& v, Str* spec, Value override_or_absent, DecimalContext* context);

// Rows of Context that are an operation of one or two operands.
using DecUnary = void (*)(DecNumber&, const DecView&, const DecContext&, u32*);
using DecBinary = void (*)(DecNumber&, const DecView&, const DecView&, const DecContext&, u32*);

// ---- operations in the form that rows take
namespace decimal_ops {
inline void integral_value(DecNumber& out, const DecView& a, const DecContext& c, u32* status) {
  dec_to_integral(out, a, false, c, status);
}
inline void integral_exact(DecNumber& out, const DecView& a, const DecContext& c, u32* status) {
  dec_to_integral(out, a, true, c, status);
}
inline void quiet_compare(DecNumber& out, const DecView& a, const DecView& b, const DecContext& c, u32* status) {
  dec_compare(out, a, b, false, c, status);
}
inline void signal_compare(DecNumber& out, const DecView& a, const DecView& b, const DecContext& c, u32* status) {
  dec_compare(out, a, b, true, c, status);
}
template <DecPick which>
inline void pick(DecNumber& out, const DecView& a, const DecView& b, const DecContext& c, u32* status) {
  dec_pick(out, which, a, b, c, status);
}
template <DecLogic which>
inline void logic(DecNumber& out, const DecView& a, const DecView& b, const DecContext& c, u32* status) {
  dec_logic(out, which, a, b, c, status);
}
template <bool magnitudes>
inline void total(DecNumber& out, const DecView& a, const DecView& b, const DecContext&, u32*) {
  int order = magnitudes ? dec_total_order(a.absolute(), b.absolute()) : dec_total_order(a, b);
  out.set_u64(order != 0, order < 0);
}
inline void copy_abs(DecNumber& out, const DecView& a, const DecContext&, u32* status) {
  if (!out.assign(a.absolute())) *status |= kDecMallocError;
}
inline void copy_same(DecNumber& out, const DecView& a, const DecContext&, u32* status) {
  if (!out.assign(a)) *status |= kDecMallocError;
}
inline void copy_negate(DecNumber& out, const DecView& a, const DecContext&, u32* status) {
  if (!out.assign(a)) *status |= kDecMallocError;
  out.negative = !a.negative;
}
inline void copy_sign(DecNumber& out, const DecView& a, const DecView& b, const DecContext&, u32* status) {
  if (!out.assign(a)) *status |= kDecMallocError;
  out.negative = b.negative;
}

inline bool is_finite(const DecView& v, const DecContext&) { return v.is_finite(); }
inline bool is_infinite(const DecView& v, const DecContext&) { return v.is_infinite(); }
inline bool is_nan(const DecView& v, const DecContext&) { return v.is_nan(); }
inline bool is_qnan(const DecView& v, const DecContext&) { return v.kind == DecKind::QuietNan; }
inline bool is_snan(const DecView& v, const DecContext&) { return v.kind == DecKind::SignalingNan; }
inline bool is_signed(const DecView& v, const DecContext&) { return v.negative; }
inline bool is_zero(const DecView& v, const DecContext&) { return v.is_zero(); }
}  // namespace decimal_ops

}  // namespace baton
