// callable(argument) for natives that call one thing again and again: keys of sorts, what map() calls.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"
#include "objects/type.h"

namespace baton {

// As call_values(thread, callable, argument, 1), with a shorter way to functions and to objects whose type has a native __call__,
// such as operator.itemgetter's.
Result<Value> call_one_value(Thread& thread, Value callable, const Value* argument);

// The same for a whole loop of calls: what is called, is looked at once.
class CallsOfOne {
 public:
  explicit CallsOfOne(Value callable) : callable_(callable) {
    if (!callable.is_cell()) return;
    if (callable.cell()->kind() == kKindNativeFunction) {
      auto* function = callable.as<NativeFunction>();
      def_ = function->def();
      if (function->passes_self()) self_ = def_->flags & kNativeModuleArg ? function->module() : function->self();
      return;
    }
    Type* type = type_of(callable);
    if (type->has_flag(kTypeHeap) || is_called_by_kind(callable.cell()->kind())) return;
    Value slot = type->slot(Slot::call);
    if (!is<MethodDescriptor>(slot)) return;
    def_ = slot.as<MethodDescriptor>()->def();
    self_ = callable;
    is_method_ = true;
  }
  // Once, before the calls: an object's __call__ may be a step of a recursion.
  Result<void> check_depth(Thread& thread) const {
    return is_method_ ? check_native_depth(thread, " while calling a Python object") : Result<void>();
  }
  BATON_ALWAYS_INLINE Result<Value> call(Thread& thread, Value argument) const {
    if (!def_) return call_one_value(thread, callable_, &argument);
    if (self_.is_absent()) return def_->entry(thread, *def_, &argument, 1, nullptr);
    Value values[2] = {self_, argument};
    return def_->entry(thread, *def_, values, 2, nullptr);
  }

 private:
  static bool is_called_by_kind(u16 kind) {
    return kind == kKindFunction || kind == kKindMethodDescriptor || kind == kKindType || kind == kKindBoundMethod;
  }
  Value callable_;
  Value self_;  // absent: none is passed
  const NativeDef* def_ = nullptr;
  bool is_method_ = false;
};

}  // namespace baton
