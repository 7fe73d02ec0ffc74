// _symtable: the compiler's symbol tables as objects.
#include "compile/compiler.h"
#include "compile/symtable.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"

namespace baton {

class SymtableEntry final : public Cell {
 public:
  void init(Value id, Str* name, Dict* symbols, List* varnames, List* children, i64 type, i64 line, i64 nested) {
    id_.init(id);
    name_.init(name);
    symbols_.init(symbols);
    varnames_.init(varnames);
    children_.init(children);
    type_ = type;
    line_ = line;
    nested_ = nested;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(id_, name_, symbols_, varnames_, children_); }

  Field<Value> id_;
  Field<Str> name_;
  Field<Dict> symbols_;
  Field<List> varnames_, children_;
  i64 type_, line_, nested_;
};

static Result<Value> get_id(Thread&, Value self) { return self.as<SymtableEntry>()->id_.get(); }
static Result<Value> get_name(Thread&, Value self) { return Value(self.as<SymtableEntry>()->name_.get()); }
static Result<Value> get_symbols(Thread&, Value self) { return Value(self.as<SymtableEntry>()->symbols_.get()); }
static Result<Value> get_varnames(Thread&, Value self) { return Value(self.as<SymtableEntry>()->varnames_.get()); }
static Result<Value> get_children(Thread&, Value self) { return Value(self.as<SymtableEntry>()->children_.get()); }
static Result<Value> get_nested(Thread&, Value self) { return Value::of_small_int(self.as<SymtableEntry>()->nested_); }
static Result<Value> get_type(Thread&, Value self) { return Value::of_small_int(self.as<SymtableEntry>()->type_); }
static Result<Value> get_lineno(Thread&, Value self) { return Value::of_small_int(self.as<SymtableEntry>()->line_); }

static Result<Str*> entry_repr(Thread& thread, SymtableEntry* self) {
  return format_message(thread, "<symtable entry {}({}), line {}>", self->name_.get(), self->id_.get(), self->line_);
}

static constinit GetSetDef entry_getsets[] = {
    {"id", get_id, nullptr, nullptr, true},
    {"name", get_name, nullptr, nullptr, true},
    {"symbols", get_symbols, nullptr, nullptr, true},
    {"varnames", get_varnames, nullptr, nullptr, true},
    {"children", get_children, nullptr, nullptr, true},
    {"nested", get_nested, nullptr, nullptr, true},
    {"type", get_type, nullptr, nullptr, true},
    {"lineno", get_lineno, nullptr, nullptr, true},
};
static constinit NativeDef entry_methods[] = {
    native<entry_repr>("__repr__($self, /)", "Return repr(self)."),
};
static constinit TypeDef entry_def = {
    .name = "symtable entry",
    .dynamic_kind = &DynamicKind<SymtableEntry>::value,
    .payload_size = sizeof(SymtableEntry),
    .flags = kTypeNoInstances,
    .methods = entry_methods,
    .method_count = count_of(entry_methods),
    .getsets = entry_getsets,
    .getset_count = 8,
    .kind_info = kind_info_of<SymtableEntry>("symtable entry"),
};

static Result<SymtableEntry*> make_entry(Thread& thread, const compile::Block& block) {
  TRY(check_native_depth(thread, " in symtable"));
  Dict* symbols = TRY(make_dict(thread));
  for (const compile::Symbol& symbol : block.symbols) {
    TRY(dict_set(thread, symbols, Value(intern(thread, symbol.name)), Value::of_small_int(symbol.packed())));
  }
  List* varnames = TRY(make_list(thread));
  for (std::string_view name : block.varnames) TRY(list_append(thread, varnames, Value(intern(thread, name))));
  List* children = TRY(make_list(thread));
  for (const compile::Block* child : block.children) TRY(list_append(thread, children, Value(TRY(make_entry(thread, *child)))));
  Value id = TRY(int_from_u64(thread, reinterpret_cast<u64>(symbols)));
  return make_of<SymtableEntry>(thread, TRY(type_from_def(thread, entry_def)), id, intern(thread, block.name), symbols, varnames,
                                children, static_cast<i64>(block.type), i64{block.span.lineno}, i64{block.nested});
}

static Result<Value> symtable_symtable(Thread& thread, Value source, Value filename, Str* startstr) {
  syntax::Arena arena;
  Value owner;
  std::string_view text;
  CompileOptions options;
  Str* name = TRY(source_filename(thread, filename));
  if (is<Str>(source)) {
    text = TRY(str_utf8(thread, source.as<Str>(), &owner));
  } else if (is<Bytes>(source)) {
    text = TRY(decode_source_bytes(thread, arena, source.as<Bytes>()->text(), name, false, &owner));
  } else {
    return raise_type_error(thread, "symtable() arg 1 must be a string or bytes object");
  }
  if (str_equals_ascii(startstr, "exec")) {
    options.mode = syntax::ParseMode::Exec;
  } else if (str_equals_ascii(startstr, "eval")) {
    options.mode = syntax::ParseMode::Eval;
  } else if (str_equals_ascii(startstr, "single")) {
    options.mode = syntax::ParseMode::Single;
  } else {
    return raise_value_error(thread, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
  }
  if (text.find('\0') != std::string_view::npos) {
    return raise(thread, exceptions.SyntaxError, "source code string cannot contain null bytes");
  }
  ast::ModNode* mod = TRY(parse_source(thread, arena, text, name, options));
  compile::SymbolTable table;
  TRY(build_symbols(thread, mod, arena, name, options, table));
  KeepAlive keep(owner);
  return Value(TRY(make_entry(thread, *table.top())));
}

static constinit NativeDef symtable_functions[] = {
    native<symtable_symtable>("symtable($module, source, filename, startstr, /)",
                              "Analyse the scopes of a program and return the compiler's findings.\n\nsource is the program "
                              "text, filename is used in error messages, and startstr\nis 'exec', 'eval' or 'single'. The result "
                              "is the table entry of the top-level\nscope; the symtable module wraps it in friendlier classes."),
};
static constinit ModuleConstant symtable_constants[] = {
    {"USE", compile::kUse},
    {"DEF_GLOBAL", compile::kDefGlobal},
    {"DEF_NONLOCAL", compile::kDefNonlocal},
    {"DEF_LOCAL", compile::kDefLocal},
    {"DEF_PARAM", compile::kDefParam},
    {"DEF_FREE", compile::kDefFree},
    {"DEF_FREE_CLASS", compile::kDefFreeClass},
    {"DEF_IMPORT", compile::kDefImport},
    {"DEF_BOUND", compile::kDefBound},
    {"DEF_ANNOT", compile::kDefAnnot},
    {"TYPE_FUNCTION", 0},
    {"TYPE_CLASS", 1},
    {"TYPE_MODULE", 2},
    {"LOCAL", 1},
    {"GLOBAL_EXPLICIT", 2},
    {"GLOBAL_IMPLICIT", 3},
    {"FREE", 4},
    {"CELL", 5},
    {"SCOPE_OFF", compile::kScopeOffset},
    {"SCOPE_MASK", 15},
};
constinit ModuleDef symtable_module = {
    .name = "_symtable",
    .functions = symtable_functions,
    .function_count = count_of(symtable_functions),
    .constants = symtable_constants,
    .constant_count = sizeof(symtable_constants) / sizeof(symtable_constants[0]),
};

}  // namespace baton
