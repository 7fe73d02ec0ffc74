// _ast: skeleton until the node classes are here.
#include "compile/compiler.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

Result<Value> compile_to_ast(Thread& thread, std::string_view, bool, Str*, const CompileOptions&) {
  return raise_not_implemented(thread, "compile() to an abstract syntax tree");
}
Result<Code*> compile_ast_object(Thread& thread, Value, Str*, const CompileOptions&) {
  return raise_not_implemented(thread, "compile() of an abstract syntax tree");
}
Result<bool> is_ast_node(Thread&, Value) { return false; }

ModuleDef ast_module = {.name = "_ast"};

}  // namespace baton
