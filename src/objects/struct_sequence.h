// Struct sequences: tuple subtypes with named fields (os.stat_result, time.struct_time, sys.version_info ...).
//
//   static constinit StructField stat_fields[] = {{"st_mode", "protection bits"}, ..., {nullptr, "unnamed"}, ...};
//   static constinit StructSequenceDef stat_result_def = struct_sequence("os.stat_result", "doc", stat_fields, 10);
//   ... &stat_result_def.def in a ModuleDef's types;  make_struct_sequence(thread, stat_result_def, values)
//
// The first n_sequence_fields are the tuple's items; the rest are reachable by name only. An instance is a Tuple cell of the
// sequence fields with the others behind it, as member slots of its tail.
#pragma once
#include "objects/tuple.h"

namespace baton {

struct StructField {
  const char* name;  // null: unnamed
  const char* doc = nullptr;
};
struct StructSequenceDef {
  TypeDef def;  // first: a Type's def() leads back here
  const StructField* fields = nullptr;
  u32 n_fields = 0, n_sequence_fields = 0, n_unnamed_fields = 0;
};
namespace detail {
extern NativeDef struct_sequence_methods[];
inline constexpr u32 kStructSequenceMethods = 3, kStructSequenceFixedMethods = 2;  // without __new__
Result<void> finish_struct_sequence(Thread& thread, Type* type);
}  // namespace detail
extern TypeDef tuple_def;

// fixed: Python code can't make instances (sys.flags).
template <usize N>
constexpr StructSequenceDef struct_sequence(const char* name, const char* doc, const StructField (&fields)[N],
                                            u32 n_sequence_fields, bool fixed = false) {
  StructSequenceDef made{};
  made.def.name = name;
  made.def.doc = doc;
  made.def.base = &tuple_def;
  made.def.flags = kTypeIsTuple | kTypeSequence | (fixed ? kTypeNoInstances : 0u);
  made.def.methods = detail::struct_sequence_methods;
  made.def.method_count = fixed ? detail::kStructSequenceFixedMethods : detail::kStructSequenceMethods;
  made.def.finish = detail::finish_struct_sequence;
  made.fields = fields;
  made.n_fields = N;
  made.n_sequence_fields = n_sequence_fields;
  for (usize i = 0; i < N; ++i) made.n_unnamed_fields += fields[i].name == nullptr;
  return made;
}

Result<Type*> struct_sequence_type(Thread& thread, StructSequenceDef& def);
// values: n_fields of them.
Result<Value> make_struct_sequence(Thread& thread, StructSequenceDef& def, const Value* values);

}  // namespace baton
