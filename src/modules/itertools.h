// What the parts of itertools share: one cell for nearly all of its iterators.
//
// Without a GIL all of them may be shared. A step is one under the tool's lock (ToolGuard) if it runs no Python code; a tool that
// steps others which may run some takes each item on its own: those are marked as shared or lock themselves (iterators.h).
#pragma once
#include "objects/iterators.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "threads/relaxed.h"

namespace baton {

// Each type says at its functions what it keeps where.
class Tool final : public Cell {
 public:
  void init(Value a = Value(), Value b = Value(), Value c = Value(), Value d = Value()) {
    a_.init(a);
    b_.init(b);
    c_.init(c);
    d_.init(d);
    i_ = j_ = k_ = l_ = 0;
    flag_ = false;
    is_quiet_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(a_, b_, c_, d_); }
  Field<Value> a_, b_, c_, d_;
  Relaxed<Index> i_, j_, k_, l_;  // iterators may be shared
  Relaxed<bool> flag_;
  Relaxed<bool> is_quiet_;  // no step runs Python code
};

class ToolGuard {
 public:
  ToolGuard(Thread& thread, Tool* tool) : lock_(thread, tool->is_quiet_ ? tool->lock_byte() : nullptr) {}

 private:
  ByteLock lock_;
};

namespace itertools {

inline Result<Value> return_self(Thread& thread, Value self) { return self; }
inline Value type_value(Tool* self) { return Value(type_of(Value(self))); }
inline Result<Tuple*> state_tuple(Thread& thread, Value state) {
  if (!is<Tuple>(state)) return raise_type_error(thread, "state is not a tuple");
  return state.as<Tuple>();
}
// False when a class with its own __init__ takes the keywords.
inline bool rejects_keywords(Type* type, TypeDef& def) {
  return type == def.type || type->slot(Slot::init) == def.type->slot(Slot::init);
}

extern TypeDef permutations_def, product_def, combinations_def, combinations_with_replacement_def;
extern TypeDef groupby_def, grouper_def, tee_def, tee_data_def, islice_def, chain_def;

}  // namespace itertools

#define TOOL_ITER_ROWS(next)                                                     \
  native<itertools::return_self>("__iter__($self, /)", "Implement iter(self)."), \
      native<next>("__next__($self, /)", "Implement next(self).")
#define TOOL_NEW_DOC "Make an instance; the class's own help describes the arguments."
#define TOOL_REDUCE(function) native<function>("__reduce__($self, /)", "Return state information for pickling.")
#define TOOL_SETSTATE(function) native<function>("__setstate__($self, state, /)", "Set state information for unpickling.")
#define TOOL_TYPE(id, text, documentation)                                 \
  constinit TypeDef id##_def = {.name = "itertools." text,                 \
                                .doc = documentation,                      \
                                .dynamic_kind = &DynamicKind<Tool>::value, \
                                .payload_size = sizeof(Tool),              \
                                .flags = kTypeSubclassable,                \
                                .methods = id##_methods,                   \
                                .method_count = count_of(id##_methods),    \
                                .kind_info = kind_info_of<Tool>("itertools iterator")};

}  // namespace baton
