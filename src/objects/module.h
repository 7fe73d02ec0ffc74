// module objects, and native modules: a table of functions, types and constants, made on first import.
#pragma once
#include "objects/dict.h"
#include "objects/native.h"

namespace baton {

class Module final : public Cell {
 public:
  static constexpr u16 kKind = kKindModule;
  static Type* type() { return types.module; }
  Dict* dict() const { return dict_.get(); }
  Value state() const { return state_.get(); }  // free for the native module
  void visit_edges(EdgeVisitor& visit) const { visit(dict_, state_, tail_.extra_); }

  Field<Dict> dict_;
  Field<Value> state_;
  const ModuleDef* def_;
  ObjectTail tail_;  // extra stays null: attributes live in dict_
};

struct ModuleConstant {
  const char* name;
  i64 value;
};
struct ModuleDef {
  const char* name;
  const char* doc = nullptr;
  NativeDef* functions = nullptr;
  u32 function_count = 0;
  TypeDef* const* types = nullptr;  // exported under the last part of their name
  u32 type_count = 0;
  const ModuleConstant* constants = nullptr;
  u32 constant_count = 0;
  Result<void> (*exec)(Thread& thread, Module* module) = nullptr;  // the rest
};
Result<Module*> make_module(Thread& thread, Str* name);
Result<Module*> module_from_def(Thread& thread, ModuleDef& def);  // a new module object, filled
Result<void> module_set(Thread& thread, Module* module, std::string_view name, Value value);
// Native modules by name, from modules/modules.def; installed by the modules layer.
using FindNativeModule = ModuleDef* (*)(std::string_view name);
extern FindNativeModule find_native_module;
// sys.modules, or an import through importlib: `import name` from C++.
Result<Value> import_module(Thread& thread, std::string_view name);
// Runtime-wide state that Python can see.
struct Runtime {
  Dict* modules = nullptr;  // sys.modules as first made
  Module* builtins = nullptr;
  Module* sys = nullptr;
  Value import_function;  // builtins.__import__ as first made
  Value importlib, importlib_external;
  bool finalizing = false;
  u64 hash_key[2] = {0, 0};
};
extern Runtime runtime;
void visit_runtime_roots(EdgeVisitor& visitor);

}  // namespace baton
