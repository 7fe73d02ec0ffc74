// bool: the constants True and False, a subclass of int with &, | and ^ of its own.
#include "objects/constant_text.h"
#include "objects/int_view.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

extern TypeDef int_def;

static Result<Value> bool_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, types.bool_));
  TRY(check_no_keywords(thread, "bool", kwnames));
  TRY(check_positional(thread, "bool", n - 1, 0, 1));
  if (n == 1) return kFalse;
  return Value::of_bool(TRY(truth(thread, args[1])));
}

static Result<Str*> bool_repr(Thread& thread, BoolSelf self) { return constant_text(thread, Value::of_bool(self.truth)); }

enum class BoolOp : u8 { And, Or, Xor };
// With another bool a bool, with an int what int does. All three operations are symmetric.
template <BoolOp op>
static Result<Value> bool_binary(Thread& thread, BoolSelf self, Value value) {
  if (value.is_bool()) {
    bool other = value.is_true();
    return Value::of_bool(op == BoolOp::And ? self.truth && other : op == BoolOp::Or ? self.truth || other : self.truth != other);
  }
  Value other = int_exact(value);
  if (other.is_absent()) return kNotImplemented;
  Value number = Value::of_small_int(self.truth);
  return op == BoolOp::And  ? int_and(thread, number, other)
         : op == BoolOp::Or ? int_or(thread, number, other)
                            : int_xor(thread, number, other);
}

static constinit NativeDef bool_methods[] = {
    native_raw(bool_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<bool_repr>("__repr__($self, /)", "Return repr(self)."),
    native<bool_binary<BoolOp::And>>("__and__($self, value, /)", "Return self&value."),
    native<bool_binary<BoolOp::And>>("__rand__($self, value, /)", "Return value&self."),
    native<bool_binary<BoolOp::Xor>>("__xor__($self, value, /)", "Return self^value."),
    native<bool_binary<BoolOp::Xor>>("__rxor__($self, value, /)", "Return value^self."),
    native<bool_binary<BoolOp::Or>>("__or__($self, value, /)", "Return self|value."),
    native<bool_binary<BoolOp::Or>>("__ror__($self, value, /)", "Return value|self."),
};

constinit TypeDef bool_def = {
    .name = "bool",
    .doc =
        "bool(x) -> bool\n\nTell whether an object counts as true.\n\nThere are exactly two bools, True and False. They behave "
        "as the integers 1 and\n0, since bool derives from int; nothing can derive from bool.",
    .base = &int_def,
    .payload_size = sizeof(BigInt),
    .flags = kTypeMatchSelf | kTypeIsInt,
    .methods = bool_methods,
    .method_count = count_of(bool_methods),
};

}  // namespace baton
