// Code generation for calls, functions, lambdas and classes.
//
// Call window at w: [w] callable, [w+1] self or absent, [w+2...] positional arguments, then keyword values. Arguments are
// evaluated straight into the window. MakeFunction takes four registers: defaults, keyword defaults, annotations, closure (absent
// if none).
#include <algorithm>

#include "compile/codegen.h"
#include "compile/optimize.h"
#include "compile/unparse.h"

namespace baton::compile {

using namespace ast;

namespace {

constexpr u32 kMaxWindow = 40;  // longer lists of arguments go through a tuple, one by one: frames stay small
constexpr i32 kNoExtras = 0xFFFF;

}  // namespace

// ---- calls

void Codegen::check_caller(const ExprNode* e) {
  const char* type = nullptr;
  switch (e->kind) {
    case ExprKind::Constant:
      switch (e->as<Constant>()->value.kind) {
        case ConstKind::None: type = "NoneType"; break;
        case ConstKind::True:
        case ConstKind::False: type = "bool"; break;
        case ConstKind::Ellipsis: type = "ellipsis"; break;
        case ConstKind::Int:
        case ConstKind::BigInt: type = "int"; break;
        case ConstKind::Float: type = "float"; break;
        case ConstKind::Complex: type = "complex"; break;
        case ConstKind::Str: type = "str"; break;
        case ConstKind::Bytes: type = "bytes"; break;
        case ConstKind::Tuple: type = "tuple"; break;
        case ConstKind::FrozenSet: type = "frozenset"; break;
      }
      break;
    case ExprKind::Tuple: type = "tuple"; break;
    case ExprKind::List:
    case ExprKind::ListComp: type = "list"; break;
    case ExprKind::Dict:
    case ExprKind::DictComp: type = "dict"; break;
    case ExprKind::Set:
    case ExprKind::SetComp: type = "set"; break;
    case ExprKind::GeneratorExp: type = "generator"; break;
    case ExprKind::JoinedStr:
    case ExprKind::FormattedValue: type = "str"; break;
    default: return;
  }
  warning(unit_->loc, quoted("'", type, "' object is not callable; perhaps you missed a comma?"));
}

void Codegen::validate_keywords(const Seq<Keyword*>& keywords) {
  for (u32 i = 0; i < keywords.size; ++i) {
    Keyword* keyword = keywords[i];
    if (!keyword->arg.data()) continue;
    if (forbidden_name(keyword->arg, ExprContext::Store, unit_->loc)) return;
    for (u32 j = i + 1; j < keywords.size; ++j) {
      if (keywords[j]->arg.data() && keywords[j]->arg == keyword->arg) {
        return error(keywords[j]->span, quoted("keyword argument repeated: ", keyword->arg, ""));
      }
    }
  }
}

bool Codegen::needs_call_ex(const Seq<ExprNode*>& args, const Seq<Keyword*>& keywords, u32 before) const {
  if (before + args.size + keywords.size > kMaxWindow) return true;
  for (ExprNode* arg : args) {
    if (arg->is<Starred>()) return true;
  }
  for (Keyword* keyword : keywords) {
    if (!keyword->arg.data()) return true;
  }
  return false;
}

i32 Codegen::expr_call(const Call* e, i32 dest) {
  validate_keywords(e->keywords);
  i32 base = top();
  if (e->func->is<Attribute>() && e->func->as<Attribute>()->ctx == ExprContext::Load) {
    auto* method = e->func->as<Attribute>();
    i32 object = operand(method->value);
    set_loc(method->span);
    match_attribute_loc(method);
    emit(Op::LoadMethod, base, object, name_index(mangled(method->attr)));
    reserve_registers(2);
    top() = base;
    push_temp();
    push_temp();
    set_loc(e->span);
    match_attribute_loc(method);
    return finish_call(base, 0, e->args, e->keywords, dest, unit_->loc);
  }
  check_caller(e->func);
  i32 reg = -1;
  if (e->func->is<Name>() && access_of(mangled(e->func->as<Name>()->id), &reg) == Access::Global) {
    set_loc(e->func->span);
    emit(Op::LoadGlobalCallee, base, name_index(mangled(e->func->as<Name>()->id)));
    push_temp();
    push_temp();
  } else {
    push(e->func);
    set_loc(e->func->span);
    emit(Op::LoadAbsent, base + 1);
    push_temp();
  }
  set_loc(e->span);
  return finish_call(base, 0, e->args, e->keywords, dest, e->span);
}

i32 Codegen::finish_call(i32 base, i32 before, const Seq<ExprNode*>& args, const Seq<Keyword*>& keywords, i32 dest,
                         const Span& span) {
  if (needs_call_ex(args, keywords, static_cast<u32>(before))) return finish_call_ex(base, before, args, keywords, dest, span);
  Span call_span = span;
  for (ExprNode* arg : args) push(arg);
  for (Keyword* keyword : keywords) push(keyword->value);
  set_loc(call_span);
  i32 count = before + static_cast<i32>(args.size + keywords.size);
  if (keywords.empty()) {
    emit(Op::Call, base, count, target_of(base, dest));
    return finish(base, dest);
  }
  ConstValue names = ConstValue::simple(ConstKind::Tuple);
  names.items = {arena_.allocate_array<ConstValue>(keywords.size), keywords.size};
  for (u32 i = 0; i < keywords.size; ++i) names.items[i] = ConstValue::of_text(ConstKind::Str, keywords[i]->arg);
  i32 index = const_index(names);
  if (index > 0xFFFF) diagnostics_.error(ErrorKind::Overflow, "too many constants");
  emit(Op::CallKw, base, count, index);
  top() = base;
  return move_result(base, base, dest);
}

i32 Codegen::finish_call_ex(i32 base, i32 before, const Seq<ExprNode*>& args, const Seq<Keyword*>& keywords, i32 dest,
                            const Span& span) {
  Span call_span = span;
  i32 positional = base + 2;
  bool starred = false, only_last = !args.empty() && args[args.size - 1]->is<Starred>();
  for (u32 i = 0; i < args.size; ++i) {
    starred = starred || args[i]->is<Starred>();
    only_last = only_last && (i + 1 == args.size || !args[i]->is<Starred>());
  }
  if (before == 0 && args.size == 1 && starred) {
    push(args[0]->as<Starred>()->value);
  } else if (before == 0 && args.empty()) {
    ConstValue none_given = ConstValue::simple(ConstKind::Tuple);
    none_given.items = {};
    load_const(none_given, kPush);
  } else if (!starred && static_cast<u32>(before) + args.size <= kMaxWindow) {
    for (ExprNode* arg : args) push(arg);
    emit(Op::BuildTuple, positional, positional, before + static_cast<i32>(args.size));
  } else if (only_last && static_cast<u32>(before) + args.size <= kMaxWindow) {
    u32 last = args.size - 1;
    for (u32 i = 0; i < last; ++i) push(args[i]);
    emit(Op::BuildTuple, positional, positional, before + static_cast<i32>(last));
    top() = positional;
    push_temp();
    i32 value = operand(args[last]->as<Starred>()->value);
    emit(Op::TupleExtend, positional, positional, value);
  } else {
    emit(Op::BuildList, positional, positional, before);
    top() = positional;
    push_temp();
    for (ExprNode* arg : args) {
      bool is_star = arg->is<Starred>();
      i32 value = operand(is_star ? arg->as<Starred>()->value : arg);
      emit(is_star ? Op::ListExtend : Op::ListAppend, positional, value, is_star);
      top() = positional + 1;
    }
    emit(Op::ListToTuple, positional, positional);
  }
  top() = positional;
  push_temp();
  i32 dict = base + 3;
  if (keywords.empty()) {
    emit(Op::LoadAbsent, dict);
    push_temp();
  } else {
    bool have_dict = false;
    u32 named = 0;  // keywords before i that are not in the dict yet
    auto flush = [&](u32 end) {
      if (!named) return;
      push_keyword_dict(keywords, end - named, end);
      if (have_dict) {
        emit(Op::DictMerge, dict, dict + 1, base);
        top() = dict + 1;
      }
      have_dict = true;
      named = 0;
    };
    for (u32 i = 0; i < keywords.size; ++i) {
      if (keywords[i]->arg.data()) {
        ++named;
        continue;
      }
      flush(i);
      if (!have_dict) {
        emit(Op::BuildDict, dict, dict, 0);
        push_temp();
        have_dict = true;
      }
      i32 mapping = operand(keywords[i]->value);
      emit(Op::DictMerge, dict, mapping, base);
      top() = dict + 1;
    }
    flush(keywords.size);
  }
  set_loc(call_span);
  emit(Op::CallEx, base, 0, target_of(base, dest));
  return finish(base, dest);
}

void Codegen::push_keyword_dict(const Seq<Keyword*>& keywords, u32 begin, u32 end) {
  i32 dict = top();
  u32 pending = 0;
  bool begun = end - begin > kMaxWindow / 2;
  if (begun) {
    emit(Op::BuildDict, dict, dict, 0);
    push_temp();
  }
  for (u32 i = begin; i < end; ++i) {
    i32 key = load_string(keywords[i]->arg, kPush);
    if (begun) {
      i32 value = operand(keywords[i]->value);
      emit(Op::DictSet, dict, key, value);
      top() = dict + 1;
    } else {
      push(keywords[i]->value);
      ++pending;
    }
  }
  if (!begun) emit(Op::BuildDict, dict, dict, static_cast<i32>(pending));
  top() = dict;
  push_temp();
}

// ---- functions

bool Codegen::needs_closure(const Block* block) const {
  for (const Symbol& symbol : block->symbols) {
    if (symbol.scope == Scope::Free || (symbol.flags & kDefFreeClass)) return true;
  }
  return false;
}

// The closure tuple: cells of the free variables in sorted order, as CopyFreeVars expects.
void Codegen::push_closure(const Block* block) {
  std::vector<std::string_view> names;
  for (const Symbol& symbol : block->symbols) {
    if (symbol.scope == Scope::Free || (symbol.flags & kDefFreeClass)) names.push_back(symbol.name);
  }
  std::sort(names.begin(), names.end());
  i32 base = top(), count = static_cast<i32>(names.size());
  i32 first = cell_register(names[0]);
  bool consecutive = true;
  for (i32 i = 1; i < count; ++i) consecutive = consecutive && cell_register(names[i]) == first + i;
  if (!consecutive) {
    for (i32 i = 0; i < count; ++i) {
      emit(Op::Move, top(), cell_register(names[i]));
      push_temp();
    }
    first = base;
  }
  emit(Op::BuildTuple, base, first, count);
  top() = base;
  push_temp();
}

void Codegen::push_annotation(std::string_view name, const ExprNode* annotation, i32* count) {
  if (!annotation) return;
  load_string(mangled(name), kPush);
  if (options_.future_flags & kFutureAnnotations) {
    std::string text;
    if (!unparse_expression(annotation, text)) return diagnostics_.recursion_error();
    load_string(arena_.copy(text), kPush);
  } else if (annotation->is<Starred>()) {
    // *args: *Ts
    i32 value = push(annotation->as<Starred>()->value);
    emit(Op::UnpackSequence, value, value, 1);
  } else {
    push(annotation);
  }
  ++*count;
}

bool Codegen::push_annotations(const FunctionParts& parts) {
  i32 base = top(), count = 0;
  const Arguments* args = parts.args;
  for (Arg* arg : args->args) push_annotation(arg->arg, arg->annotation, &count);
  for (Arg* arg : args->posonlyargs) push_annotation(arg->arg, arg->annotation, &count);
  if (args->vararg) push_annotation(args->vararg->arg, args->vararg->annotation, &count);
  for (Arg* arg : args->kwonlyargs) push_annotation(arg->arg, arg->annotation, &count);
  if (args->kwarg) push_annotation(args->kwarg->arg, args->kwarg->annotation, &count);
  push_annotation("return", parts.returns, &count);
  if (!count) return false;
  emit(Op::BuildTuple, base, base, count * 2);
  top() = base;
  push_temp();
  return true;
}

// Pushes what MakeFunction needs besides the code, or nothing if there is nothing.
Codegen::FunctionExtras Codegen::push_function_extras(const FunctionParts& parts, const void* node) {
  const Block* block = symbols_.block_of(node);
  const Arguments* args = parts.args;
  bool closure = needs_closure(block), keyword_defaults = false, annotations = false;
  if (args) {
    for (ExprNode* value : args->kw_defaults) keyword_defaults = keyword_defaults || value;
    auto annotated = [&](const Seq<Arg*>& list) {
      for (Arg* arg : list) annotations = annotations || arg->annotation;
    };
    if (parts.annotations) {
      annotated(args->posonlyargs);
      annotated(args->args);
      annotated(args->kwonlyargs);
      annotations =
          annotations || parts.returns || (args->vararg && args->vararg->annotation) || (args->kwarg && args->kwarg->annotation);
    }
  }
  bool defaults = args && !args->defaults.empty();
  if (!defaults && !keyword_defaults && !annotations && !closure) return {};
  FunctionExtras extras{top()};
  auto absent = [&] {
    emit(Op::LoadAbsent, top());
    push_temp();
  };
  if (defaults) {
    bool constant = true;
    for (ExprNode* value : args->defaults) constant = constant && value->is<Constant>();
    i32 base = top();
    if (constant) {
      ConstValue tuple = ConstValue::simple(ConstKind::Tuple);
      tuple.items = {arena_.allocate_array<ConstValue>(args->defaults.size), args->defaults.size};
      for (u32 i = 0; i < args->defaults.size; ++i) tuple.items[i] = args->defaults[i]->as<Constant>()->value;
      load_const(tuple, kPush);
    } else {
      for (ExprNode* value : args->defaults) push(value);
      emit(Op::BuildTuple, base, base, static_cast<i32>(args->defaults.size));
      top() = base;
      push_temp();
    }
  } else {
    absent();
  }
  if (keyword_defaults) {
    i32 base = top(), count = 0;
    for (u32 i = 0; i < args->kw_defaults.size; ++i) {
      if (!args->kw_defaults[i]) continue;
      load_string(mangled(args->kwonlyargs[i]->arg), kPush);
      push(args->kw_defaults[i]);
      ++count;
    }
    emit(Op::BuildDict, base, base, count);
    top() = base;
    push_temp();
  } else {
    absent();
  }
  if (!annotations || !push_annotations(parts)) absent();
  if (closure) {
    push_closure(block);
  } else {
    absent();
  }
  return extras;
}

i32 Codegen::make_function(FunctionExtras extras, Block*, std::unique_ptr<FinishedCode> code, i32 base, i32 dest) {
  i32 index = code_const(std::move(code));
  emit(Op::MakeFunction, target_of(base, dest), index, extras.window < 0 ? kNoExtras : extras.window);
  return finish(base, dest);
}

void Codegen::check_arguments_forbidden(const Arguments* args) {
  auto check = [&](const Arg* arg) {
    if (arg) forbidden_name(arg->arg, ExprContext::Store, unit_->loc);
  };
  for (Arg* arg : args->posonlyargs) check(arg);
  for (Arg* arg : args->args) check(arg);
  check(args->vararg);
  for (Arg* arg : args->kwonlyargs) check(arg);
  check(args->kwarg);
}

void Codegen::declare_parameters(const Arguments* args) {
  unit_->argcount = static_cast<i32>(args->posonlyargs.size + args->args.size);
  unit_->posonly = static_cast<i32>(args->posonlyargs.size);
  unit_->kwonly = static_cast<i32>(args->kwonlyargs.size);
}

void Codegen::push_decorators(const Seq<ExprNode*>& decorators) {
  Span saved = unit_->loc;
  for (ExprNode* decorator : decorators) {
    push(decorator);
    set_loc(decorator->span);
    emit(Op::LoadAbsent, top());
    push_temp();
  }
  set_loc(saved);
}

// The decorated value stands above the windows of the decorators; each result is the argument of the decorator before.
void Codegen::apply_decorators(const Seq<ExprNode*>& decorators, i32 base) {
  Span saved = unit_->loc;
  for (u32 i = decorators.size; i-- > 0;) {
    i32 window = base + 2 * static_cast<i32>(i);
    set_loc(decorators[i]->span);
    emit(Op::Call, window, 1, window);
    top() = window;
    push_temp();
  }
  set_loc(saved);
}

i32 Codegen::expr_lambda(const Lambda* e, i32 dest) {
  check_arguments_forbidden(e->args);
  i32 base = top();
  FunctionExtras extras = push_function_extras({e->args, nullptr, false}, e);
  enter_unit(UnitKind::Lambda, "<lambda>", e, e->span.lineno);
  const_index(ConstValue::simple(ConstKind::None));  // no docstring
  declare_parameters(e->args);
  i32 value = operand(e->body);
  // What is returned has the place of the function as a whole, or, from a generator, none.
  set_loc({e->span.lineno, 0, e->span.lineno, 0});
  if (unit_->block->generator) unset_loc();
  emit(Op::Return, value);
  std::unique_ptr<FinishedCode> code = leave_unit(false);
  return make_function(extras, nullptr, std::move(code), base, dest);
}

template <class Function>
void Codegen::stmt_function(const Function& node, const StmtNode* s, bool is_async) {
  check_arguments_forbidden(node.args);
  i32 base = top();
  push_decorators(node.decorator_list);
  i32 first_line = node.decorator_list.empty() ? s->span.lineno : node.decorator_list[0]->span.lineno;
  i32 value = top();
  FunctionExtras extras = push_function_extras({node.args, node.returns, true}, s);
  enter_unit(is_async ? UnitKind::AsyncFunction : UnitKind::Function, node.name, s, first_line);
  std::string_view docstring = options_.optimize < 2 ? docstring_of(node.body) : std::string_view();
  const_index(docstring.data() ? ConstValue::of_text(ConstKind::Str, docstring) : ConstValue::simple(ConstKind::None));
  declare_parameters(node.args);
  // The docstring statement has no code; under -OO it is an ordinary constant statement.
  body(node.body, docstring.data() ? 1 : 0);
  std::unique_ptr<FinishedCode> code = leave_unit(true);
  i32 fast = -1;
  std::string_view name = mangled(node.name);
  if (node.decorator_list.empty() && access_of(name, &fast) == Access::Fast &&
      !forbidden_name(name, ExprContext::Store, s->span)) {
    make_function(extras, nullptr, std::move(code), value, fast);
    unit_->bound.set(fast);
  } else {
    make_function(extras, nullptr, std::move(code), value, kPush);
    apply_decorators(node.decorator_list, base);
    store_name(node.name, top() - 1);
  }
  top() = base;
}

template void Codegen::stmt_function(const FunctionDef&, const StmtNode*, bool);
template void Codegen::stmt_function(const AsyncFunctionDef&, const StmtNode*, bool);

// ---- classes

void Codegen::stmt_class(const ClassDef* s) {
  validate_keywords(s->keywords);
  i32 base = top();
  push_decorators(s->decorator_list);
  i32 first_line = s->decorator_list.empty() ? s->span.lineno : s->decorator_list[0]->span.lineno;
  i32 window = top();
  enter_unit(UnitKind::Class, s->name, s, first_line);
  unit_->private_name = s->name;
  i32 scratch = load_name("__name__", kPush);
  store_name("__module__", scratch);
  top() = scratch;
  scratch = load_string(arena_.copy(unit_->qualname), kPush);
  store_name("__qualname__", scratch);
  top() = scratch;
  class_or_module_body(s->body);
  std::unique_ptr<FinishedCode> code;
  if (unit_->block->needs_class_closure) {
    unset_loc();
    i32 cell = cell_register("__class__");
    emit(Op::StoreName, name_index("__classcell__"), cell);
    emit(Op::Return, cell);
    code = leave_unit(false);
  } else {
    code = leave_unit(true);
  }
  emit(Op::LoadBuildClass, window);
  push_temp();
  emit(Op::LoadAbsent, window + 1);
  push_temp();
  i32 function = top();
  FunctionExtras extras = push_function_extras({}, s);
  make_function(extras, nullptr, std::move(code), function, kPush);
  load_string(s->name, kPush);
  finish_call(window, 2, s->bases, s->keywords, kPush, s->span);
  apply_decorators(s->decorator_list, base);
  store_name(s->name, top() - 1);
  top() = base;
}

}  // namespace baton::compile
