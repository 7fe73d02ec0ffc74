// mappingproxy: a read-only view of a mapping (types.MappingProxyType, cls.__dict__); and types.SimpleNamespace.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class MappingProxy final : public Cell {
 public:
  static constexpr u16 kKind = kKindMappingProxy;
  static Type* type() { return types.mappingproxy; }
  void init(Value mapping) { mapping_.init(mapping); }
  Value mapping() const { return mapping_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(mapping_); }

 private:
  Field<Value> mapping_;
};

Result<Value> make_mapping_proxy(Thread& thread, Value mapping);

// Attributes live in the tail, as those of any instance.
class SimpleNamespace final : public Cell {
 public:
  static constexpr u16 kKind = kKindSimpleNamespace;
  static Type* type() { return types.simple_namespace; }
  void init() {}  // allocation has made the tail
  void visit_edges(EdgeVisitor& visit) const { visit(tail_.extra_); }
  ObjectTail tail_;
};
// A namespace with the items of dict (null: none) as attributes.
Result<Value> make_simple_namespace(Thread& thread, Dict* attributes);

}  // namespace baton
