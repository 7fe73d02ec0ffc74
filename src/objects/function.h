// Function, closure cells, bound methods, and the small descriptors.
#pragma once
#include "objects/code.h"
#include "objects/native.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

class ClosureCell final : public Cell {
 public:
  static constexpr u16 kKind = kKindClosureCell;
  static Type* type() { return types.cell; }
  void init(Value v) { value_.init(v); }
  Value get() const { return value_.get(); }  // absent: empty
  void set(Value v) { value_.set_sequential(this, v); }
  void visit_edges(EdgeVisitor& visit) const { visit(value_); }

 private:
  Field<Value> value_;
};

class Function final : public Cell {
 public:
  static constexpr u16 kKind = kKindFunction;
  static Type* type() { return types.function; }
  void init(Code* code, Dict* globals, Dict* builtins, Value qualname) {
    code_.init(code);
    globals_.init(globals);
    builtins_.init(builtins);
    defaults_.init(nullptr);
    kwdefaults_.init(nullptr);
    closure_.init(nullptr);
    name_.init(code->name());
    qualname_.init(qualname);
    module_.init(Value());
    doc_.init(Value());
    annotations_.init(Value());
    version_ = 0;
  }
  Code* code() const { return code_.get(); }
  Dict* globals() const { return globals_.get(); }
  Dict* builtins() const { return builtins_.get(); }
  Tuple* defaults() const { return defaults_.get(); }     // or null
  Dict* kwdefaults() const { return kwdefaults_.get(); }  // or null
  Tuple* closure() const { return closure_.get(); }       // of ClosureCells, or null
  void visit_edges(EdgeVisitor& visit) const {
    visit(code_, globals_, builtins_, defaults_, kwdefaults_, closure_, name_, qualname_, module_, doc_, annotations_,
          tail_.extra_);
  }
  Field<Code> code_;
  Field<Dict> globals_, builtins_;
  Field<Tuple> defaults_;
  Field<Dict> kwdefaults_;
  Field<Tuple> closure_;
  Field<Value> name_, qualname_, module_;
  Field<Value> doc_;          // absent: the code's docstring
  Field<Value> annotations_;  // absent, a tuple (name, value, ...) or a dict
  u64 version_;
  ObjectTail tail_;
};
Result<Function*> make_function(Thread& thread, Code* code, Dict* globals, Value qualname);

class BoundMethod final : public Cell {
 public:
  static constexpr u16 kKind = kKindBoundMethod;
  static Type* type() { return types.method; }
  void init(Value function, Value self) {
    function_.init(function);
    self_.init(self);
  }
  Value function() const { return function_.get(); }
  Value self() const { return self_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(function_, self_); }

 private:
  Field<Value> function_, self_;
};

// What staticmethod and classmethod objects have in common: a callable, and a dict.
class WrappedCallable : public Cell {
 public:
  void init(Value callable) {
    callable_.init(callable);
    tail_.extra_.init(nullptr);
  }
  Value callable() const { return callable_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(callable_, tail_.extra_); }
  Field<Value> callable_;
  ObjectTail tail_;
};
class StaticMethod final : public WrappedCallable {
 public:
  static constexpr u16 kKind = kKindStaticMethod;
  static Type* type() { return types.staticmethod; }
};
class ClassMethod final : public WrappedCallable {
 public:
  static constexpr u16 kKind = kKindClassMethod;
  static Type* type() { return types.classmethod; }
};

class Property final : public Cell {
 public:
  static constexpr u16 kKind = kKindProperty;
  static Type* type() { return types.property; }
  void init() {
    get_.init(kNone);
    set_.init(kNone);
    delete_.init(kNone);
    doc_.init(kNone);
    name_.init(Value());
    getter_doc_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(get_, set_, delete_, doc_, name_); }
  Field<Value> get_, set_, delete_, doc_, name_;
  bool getter_doc_;
};

// A __slots__ member: index of its inline slot.
class SlotMember final : public Cell {
 public:
  static constexpr u16 kKind = kKindSlotMember;
  static Type* type() { return types.member_descriptor; }
  void init(Type* owner, Str* name, u32 index) {
    owner_.init(owner);
    name_.init(name);
    index_ = index;
  }
  Type* owner() const { return owner_.get(); }
  Str* name() const { return name_.get(); }
  u32 index() const { return index_; }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_, name_); }

 private:
  Field<Type> owner_;
  Field<Str> name_;
  u32 index_;
};

}  // namespace baton
