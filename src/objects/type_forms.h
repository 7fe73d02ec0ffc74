// What types.GenericAlias and types.UnionType share: type parameters, substitution, the text of an argument.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class GenericAlias final : public Cell {
 public:
  static constexpr u16 kKind = kKindGenericAlias;
  static Type* type() { return types.generic_alias; }
  void init(Value origin, Tuple* args, bool starred) {
    origin_.init(origin);
    args_.init(args);
    parameters_.init(nullptr);
    starred_ = starred;
  }
  Value origin() const { return origin_.get(); }
  Tuple* args() const { return args_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(origin_, args_, parameters_); }
  Field<Value> origin_;
  Field<Tuple> args_, parameters_;  // parameters: made on demand
  bool starred_;                    // *tuple[int]
};

class Union final : public Cell {
 public:
  static constexpr u16 kKind = kKindUnion;
  static Type* type() { return types.union_type; }
  void init(Tuple* args) {
    args_.init(args);
    parameters_.init(nullptr);
  }
  Tuple* args() const { return args_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(args_, parameters_); }
  Field<Tuple> args_, parameters_;
};

// args not a tuple: becomes one.
Result<Value> make_generic_alias(Thread& thread, Value origin, Value args, bool starred = false);
// X | Y; kNotImplemented when an operand isn't a type form.
Result<Value> make_union(Thread& thread, Value left, Value right);
Result<Tuple*> type_parameters_of(Thread& thread, Tuple* args);
// The new arguments of self[item].
Result<Tuple*> substitute_parameters(Thread& thread, Value self, Tuple* args, Tuple* parameters, Value item);
Result<void> append_type_form(Thread& thread, class StrBuilder& out, Value v);

}  // namespace baton
