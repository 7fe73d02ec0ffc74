// Objects of class super, for those who take their attributes by themselves: the interpreter's inline caches, machine code.
#pragma once
#include "objects/type.h"

namespace baton {

class Super final : public Cell {
 public:
  static constexpr u16 kKind = kKindSuper;
  static Type* type() { return types.super; }
  void init() {
    this_class_.init(kNone);
    self_.init(kNone);
    self_class_.init(kNone);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(this_class_, self_, self_class_); }
  // Where attributes are looked for behind this_class_: a class, of which self_ is an instance or which it is; or None.
  bool has_instance() const { return is<Type>(self_class_.get()) && self_.get() != self_class_.get(); }
  Field<Value> this_class_, self_, self_class_;
};

// super() in the running frame.
Result<Value> make_super(Thread& thread);
// The function or native method of the name, to be called with self_, which is an instance; absent: there's none, or what is
// there has to be bound in another way.
Value super_method(Super* super, Str* name);

}  // namespace baton
