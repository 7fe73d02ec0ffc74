// Code generation: units, emission with reachability and bound-variable tracking, names and constants, and whole modules.
#include "compile/codegen.h"

#include <algorithm>

#include "compile/optimize.h"

namespace baton::compile {

using namespace ast;

// ---- units

namespace {

std::vector<std::string_view> sorted_names(const Block& block, Scope scope, u32 flag) {
  std::vector<std::string_view> names;
  for (const Symbol& symbol : block.symbols) {
    if (symbol.scope == scope || (symbol.flags & flag)) names.push_back(symbol.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

void Codegen::enter_unit(UnitKind kind, std::string_view name, const void* node, i32 first_line) {
  auto owned = std::make_unique<Unit>();
  Unit& unit = *owned;
  unit.kind = kind;
  unit.name = name;
  unit.block = symbols_.block_of(node);
  unit.first_line = first_line;
  if (unit_) unit.private_name = unit_->private_name;
  const Block& block = *unit.block;
  if (block.type == BlockType::Function) {
    for (std::string_view parameter : block.varnames) unit.varnames.index_of(parameter);
    unit.local_slots = unit.varnames.size();
    for (const Symbol& symbol : block.symbols) {
      if (symbol.scope == Scope::Local && !(symbol.flags & kDefParam)) ++unit.local_slots;
    }
  }
  i32 own_cells = 0;
  if (block.needs_class_closure) unit.cellvars.index_of("__class__");
  // As in co_cellvars: captured parameters in their order, then the other captured variables, sorted.
  for (std::string_view parameter : block.varnames) {
    if (block.scope_of(parameter) == Scope::Cell) unit.cellvars.index_of(parameter);
  }
  for (std::string_view cell : sorted_names(block, Scope::Cell, 0)) unit.cellvars.index_of(cell);
  for (std::string_view cell : unit.cellvars.list()) own_cells += unit.varnames.find(cell) < 0;
  for (std::string_view free : sorted_names(block, Scope::Free, kDefFreeClass)) unit.freevars.index_of(free);
  unit.first_temp = unit.local_slots + own_cells + unit.freevars.size();
  unit.top = unit.max_registers = unit.first_temp;
  unit.bound.resize(unit.local_slots);
  unit.unbindable.resize(unit.local_slots);
  for (i32 i = 0; i < unit.varnames.size(); ++i) {
    unit.bound.set(i);
    const Symbol* symbol = block.find(unit.varnames.list()[i]);
    if (symbol && symbol->unbound_here) unit.unbindable.set(i);
  }
  unit.qualname = make_qualname(unit);
  unit.loc = Span{first_line, -1, first_line, -1};
  units_.push_back(std::move(owned));
  unit_ = units_.back().get();
  emit_prologue();
  set_loc(Span{first_line, 0, first_line, 0});
}

void Codegen::emit_prologue() {
  Unit& unit = *unit_;
  i32 next_own = unit.local_slots;
  for (std::string_view cell : unit.cellvars.list()) {
    i32 parameter = unit.varnames.find(cell);
    emit(Op::MakeCell, parameter >= 0 ? parameter : next_own++);
  }
  if (unit.freevars.size()) emit(Op::CopyFreeVars, next_own, unit.freevars.size());
  bool generates = unit.block->type == BlockType::Function && (unit.block->generator || unit.block->coroutine);
  if (generates || (unit.kind == UnitKind::Module && options_.top_level_await && unit.block->coroutine))
    emit(Op::ReturnGenerator);
  unit.body_start = static_cast<i32>(unit.code.size());
}

// Name by which the unit is reached: "f.<locals>.g", "C.method".
std::string Codegen::make_qualname(const Unit& unit) const {
  if (units_.size() < 2) return std::string(unit.name);
  const Unit& parent = *units_.back();
  if (unit.kind == UnitKind::Function || unit.kind == UnitKind::AsyncFunction || unit.kind == UnitKind::Class) {
    std::string_view name = mangle(arena_, parent.private_name, unit.name);
    if (parent.block->scope_of(name) == Scope::GlobalExplicit) return std::string(unit.name);
  }
  std::string base = parent.qualname;
  if (parent.kind == UnitKind::Function || parent.kind == UnitKind::AsyncFunction || parent.kind == UnitKind::Lambda)
    base += ".<locals>";
  base += '.';
  base += unit.name;
  return base;
}

u32 Codegen::code_flags(const Unit& unit) const {
  const Block& block = *unit.block;
  u32 flags = options_.future_flags & kFutureMask;
  if (block.type == BlockType::Function) {
    flags |= kCodeNewLocals | kCodeOptimized;
    if (block.nested) flags |= kCodeNested;
    if (block.generator && !block.coroutine) flags |= kCodeGenerator;
    if (!block.generator && block.coroutine) flags |= kCodeCoroutine;
    if (block.generator && block.coroutine) flags |= kCodeAsyncGenerator;
    if (block.varargs) flags |= kCodeVarArgs;
    if (block.varkeywords) flags |= kCodeVarKeywords;
  } else if (options_.top_level_await && block.coroutine && !block.generator && block.type == BlockType::Module) {
    flags |= kCodeCoroutine;
  }
  return flags;
}

std::unique_ptr<FinishedCode> Codegen::leave_unit(bool add_return_none) {
  Unit& unit = *unit_;
  if (unit.reachable && add_return_none) {
    unset_loc();
    if (!unit.code.empty())
      unit.loc = unit.code.back().span;
    else if (unit.kind == UnitKind::Module)
      set_loc({.lineno = 0, .col_offset = 0, .end_lineno = 1, .end_col_offset = 0});  // an empty file has a line 0
    emit(Op::ReturnConst, 0, const_index(ConstValue::simple(ConstKind::None)));
  }
  auto code = std::make_unique<FinishedCode>();
  code->name = unit.name;
  code->qualname = unit.qualname;
  code->first_line = unit.first_line;
  code->flags = code_flags(unit);
  code->argcount = unit.argcount;
  code->posonly_argcount = unit.posonly;
  code->kwonly_argcount = unit.kwonly;
  code->consts = std::move(unit.consts);
  code->names = unit.names.list();
  code->varnames = unit.varnames.list();
  code->cellvars = unit.cellvars.list();
  code->freevars = unit.freevars.list();
  if (!diagnostics_.failed()) {
    AssemblerInput input;
    input.code = std::move(unit.code);
    for (const Label& label : unit.labels) input.label_positions.push_back(label.position);
    input.handlers = std::move(unit.handlers);
    input.local_slots = unit.local_slots;
    input.used_locals = unit.varnames.size();
    input.register_count = unit.max_registers;
    input.first_temp = unit.first_temp;
    input.body_start = unit.body_start;
    input.constant_loads = std::move(unit.constant_loads);
    const char* message = nullptr;
    if (!assemble(input, *code, &message)) diagnostics_.error(ErrorKind::Overflow, message);
  }
  units_.pop_back();
  unit_ = units_.empty() ? nullptr : units_.back().get();
  return code;
}

// ---- emission

// Small ints are part of their instructions, but co_consts has them, too: what shows the code (objects/stack_code.h) needs them.
void Codegen::note_int_constant(Op op, i32 b, i32 c) {
  switch (op) {
    case Op::LoadSmallInt:
    case Op::JumpUnlessLtInt:
    case Op::JumpUnlessLeInt:
    case Op::JumpUnlessEqInt:
    case Op::JumpUnlessNeInt:
    case Op::JumpUnlessGtInt:
    case Op::JumpUnlessGeInt: const_index(ConstValue::of_int(b)); break;
    case Op::AddInt:
    case Op::SubInt:
    case Op::InplaceAddInt:
    case Op::InplaceSubInt:
    case Op::LoadItemInt: const_index(ConstValue::of_int(c)); break;
    default: break;
  }
}

void Codegen::emit(Op op, i32 a, i32 b, i32 c) {
  Unit& unit = *unit_;
  if (!unit.reachable) return;
  note_int_constant(op, b, c);
  unit.code.push_back({op, unit.artificial_loc, static_cast<u16>(unit.top), a, b, c, -1, unit.handler, unit.loc});
  if (ends_block(op)) unit.reachable = false;
}

void Codegen::emit_jump(Op op, LabelId target, i32 a, i32 b) {
  Unit& unit = *unit_;
  if (!unit.reachable) return;
  note_int_constant(op, b, 0);
  join_into(target);
  unit.code.push_back({op, unit.artificial_loc, static_cast<u16>(unit.top), a, b, 0, target, unit.handler, unit.loc});
  if (ends_block(op)) unit.reachable = false;
}

void Codegen::emit_jump_without_line(Op op, LabelId target) {
  bool artificial = unit_->artificial_loc;
  unit_->artificial_loc = true;
  emit_jump(op, target);
  unit_->artificial_loc = artificial;
}

LabelId Codegen::new_label() {
  unit_->labels.emplace_back();
  return static_cast<LabelId>(unit_->labels.size()) - 1;
}

void Codegen::join_into(LabelId id) {
  Label& label = unit_->labels[id];
  if (!label.reached) {
    label.reached = true;
    label.bound = unit_->bound;
  } else if (label.position < 0) {
    label.bound.intersect(unit_->bound);
  }
}

void Codegen::bind(LabelId id) {
  Unit& unit = *unit_;
  Label& label = unit.labels[id];
  BATON_DCHECK(label.position < 0, "a label is bound once");
  label.position = static_cast<i32>(unit.code.size());
  if (!label.reached) return;
  if (unit.reachable) {
    unit.bound.intersect(label.bound);
  } else {
    unit.bound = label.bound;
    unit.reachable = true;
  }
}

void Codegen::bind_loop_head(LabelId id) {
  Unit& unit = *unit_;
  unit.labels[id].position = static_cast<i32>(unit.code.size());
  unit.labels[id].reached = unit.reachable;
  unit.bound.subtract(unit.unbindable);
}

i32 Codegen::new_handler(LabelId label, i32 reg) {
  use_register(reg);
  unit_->handlers.push_back({label, reg});
  return static_cast<i32>(unit_->handlers.size()) - 1;
}

void Codegen::bind_handler(LabelId id, const BoundSet& bound, bool reachable) {
  Unit& unit = *unit_;
  BATON_DCHECK(!unit.reachable, "nothing falls into a handler");
  unit.labels[id].position = static_cast<i32>(unit.code.size());
  unit.reachable = reachable;
  unit.bound = bound;
  unit.bound.subtract(unit.unbindable);
}

i32 Codegen::move_result(i32 from, i32 base, i32 dest) {
  i32 target = target_of(base, dest);
  if (target != from) {
    if (from >= top() && from < kConstantRegisterBase) {
      top() = from;
      push_temp();
    }
    emit(Op::Move, target, from);
  }
  return finish(base, dest);
}

void Codegen::warning(const Span& span, std::string message) { diagnostics_.syntax_warning(span, std::move(message)); }

// ---- constants and names

i32 Codegen::const_index(const ConstValue& value) {
  Unit& unit = *unit_;
  auto [it, fresh] = unit.const_index.try_emplace(value, static_cast<i32>(unit.consts.size()));
  if (fresh) unit.consts.push_back({value, nullptr});
  return it->second;
}

i32 Codegen::code_const(std::unique_ptr<FinishedCode> code) {
  unit_->consts.push_back({ConstValue(), std::move(code)});
  i32 index = static_cast<i32>(unit_->consts.size()) - 1;
  if (index > 0xFFFF) diagnostics_.error(ErrorKind::Overflow, "too many constants");
  return index;
}

i32 Codegen::name_index(std::string_view name) { return unit_->names.index_of(name); }

void Codegen::load_const_into(i32 reg, const ConstValue& value) {
  if (constant_is_int(value, INT32_MIN, INT32_MAX)) {
    emit(Op::LoadSmallInt, reg, static_cast<i32>(value.integer));
  } else {
    emit(Op::LoadConst, reg, const_index(value));
  }
}

i32 Codegen::load_const(const ConstValue& value, i32 dest) {
  i32 base = top();
  load_const_into(target_of(base, dest), value);
  return finish(base, dest);
}

// A constant operand inside a loop gets a register of its own that is loaded once, before the body.
i32 Codegen::constant_register(const ConstValue& value) {
  constexpr usize kMaxConstantRegisters = 12;
  Unit& unit = *unit_;
  if (!unit.loop_depth || !unit.reachable) return -1;
  auto known = unit.constant_registers.find(value);
  if (known != unit.constant_registers.end()) return known->second;
  i32 number = static_cast<i32>(unit.constant_loads.size());
  if (number == kMaxConstantRegisters) return -1;
  i32 reg = kConstantRegisterBase + number;
  unit.constant_registers.emplace(value, reg);
  bool small = constant_is_int(value, INT32_MIN, INT32_MAX);
  if (small) const_index(value);
  unit.constant_loads.push_back({small ? Op::LoadSmallInt : Op::LoadConst, false, static_cast<u16>(unit.first_temp + number), reg,
                                 small ? static_cast<i32>(value.integer) : const_index(value), 0, -1, kNoHandler,
                                 Span{unit.first_line, -1, unit.first_line, -1}});
  return reg;
}

i32 Codegen::cell_register(std::string_view name) {
  Unit& unit = *unit_;
  if (unit.cellvars.find(name) >= 0) {
    i32 parameter = unit.varnames.find(name);
    if (parameter >= 0) return parameter;
    i32 reg = unit.local_slots;
    for (std::string_view cell : unit.cellvars.list()) {
      if (cell == name) return reg;
      reg += unit.varnames.find(cell) < 0;
    }
  }
  return free_register(name);
}

i32 Codegen::free_register(std::string_view name) {
  Unit& unit = *unit_;
  i32 index = unit.freevars.find(name);
  if (index < 0) {
    diagnostics_.error(ErrorKind::System, quoted("compiler: unknown scope for '", name, "'"));
    return unit.local_slots;
  }
  return unit.first_temp - unit.freevars.size() + index;
}

Codegen::Access Codegen::access_of(std::string_view name, i32* reg) {
  Unit& unit = *unit_;
  const Symbol* symbol = unit.block->find(name);
  bool in_function = unit.block->type == BlockType::Function;
  switch (symbol ? symbol->scope : Scope::Unknown) {
    case Scope::Local: {
      if (!in_function) return Access::Name;
      i32 known = unit.varnames.size();
      *reg = unit.varnames.index_of(name);
      if (*reg >= known && symbol->unbound_here) unit.unbindable.set(*reg);
      return Access::Fast;
    }
    case Scope::Cell: *reg = cell_register(name); return Access::Cell;
    case Scope::Free: *reg = free_register(name); return unit.block->type == BlockType::Class ? Access::ClassCell : Access::Cell;
    case Scope::GlobalExplicit: return Access::Global;
    case Scope::GlobalImplicit: return in_function ? Access::Global : Access::Name;
    case Scope::Unknown: return Access::Name;
  }
  return Access::Name;
}

i32 Codegen::fast_register(const ExprNode* e) {
  if (!e->is<Name>()) return -1;
  i32 reg = -1;
  return access_of(mangled(e->as<Name>()->id), &reg) == Access::Fast ? reg : -1;
}

void Codegen::number_locals(const ExprNode* e) {
  Unit& unit = *unit_;
  if (unit.varnames.size() == unit.local_slots) return;  // all have theirs
  auto all = [this](const Seq<ExprNode*>& exprs) {
    for (ExprNode* expr : exprs) {
      if (expr) number_locals(expr);
    }
  };
  auto first_iterable = [this](const Seq<Comprehension*>& generators) { number_locals(generators[0]->iter); };
  DepthGuard guard(depth_, options_.depth_limit * 2, diagnostics_);
  if (diagnostics_.failed()) return;
  switch (e->kind) {
    case ExprKind::Name: fast_register(e); break;
    case ExprKind::NamedExpr:
      number_locals(e->as<NamedExpr>()->value);
      number_locals(e->as<NamedExpr>()->target);
      break;
    case ExprKind::BoolOp: all(e->as<BoolOp>()->values); break;
    case ExprKind::BinOp:
      number_locals(e->as<BinOp>()->left);
      number_locals(e->as<BinOp>()->right);
      break;
    case ExprKind::UnaryOp: number_locals(e->as<UnaryOp>()->operand); break;
    case ExprKind::IfExp:
      number_locals(e->as<IfExp>()->test);
      number_locals(e->as<IfExp>()->body);
      number_locals(e->as<IfExp>()->orelse);
      break;
    case ExprKind::Dict:
      for (u32 i = 0; i < e->as<Dict>()->values.size; ++i) {
        if (e->as<Dict>()->keys[i]) number_locals(e->as<Dict>()->keys[i]);
        number_locals(e->as<Dict>()->values[i]);
      }
      break;
    case ExprKind::Set: all(e->as<Set>()->elts); break;
    case ExprKind::List: all(e->as<List>()->elts); break;
    case ExprKind::Tuple: all(e->as<Tuple>()->elts); break;
    case ExprKind::Lambda:
      all(e->as<Lambda>()->args->defaults);
      all(e->as<Lambda>()->args->kw_defaults);
      break;
    case ExprKind::ListComp: first_iterable(e->as<ListComp>()->generators); break;
    case ExprKind::SetComp: first_iterable(e->as<SetComp>()->generators); break;
    case ExprKind::DictComp: first_iterable(e->as<DictComp>()->generators); break;
    case ExprKind::GeneratorExp: first_iterable(e->as<GeneratorExp>()->generators); break;
    case ExprKind::Await: number_locals(e->as<Await>()->value); break;
    case ExprKind::Yield:
      if (e->as<Yield>()->value) number_locals(e->as<Yield>()->value);
      break;
    case ExprKind::YieldFrom: number_locals(e->as<YieldFrom>()->value); break;
    case ExprKind::Compare:
      number_locals(e->as<Compare>()->left);
      all(e->as<Compare>()->comparators);
      break;
    case ExprKind::Call:
      number_locals(e->as<Call>()->func);
      all(e->as<Call>()->args);
      for (Keyword* keyword : e->as<Call>()->keywords) number_locals(keyword->value);
      break;
    case ExprKind::FormattedValue:
      number_locals(e->as<FormattedValue>()->value);
      if (e->as<FormattedValue>()->format_spec) number_locals(e->as<FormattedValue>()->format_spec);
      break;
    case ExprKind::JoinedStr: all(e->as<JoinedStr>()->values); break;
    case ExprKind::Attribute: number_locals(e->as<Attribute>()->value); break;
    case ExprKind::Subscript:
      number_locals(e->as<Subscript>()->value);
      number_locals(e->as<Subscript>()->slice);
      break;
    case ExprKind::Starred: number_locals(e->as<Starred>()->value); break;
    case ExprKind::Slice:
      for (const ExprNode* part : {e->as<Slice>()->lower, e->as<Slice>()->upper, e->as<Slice>()->step}) {
        if (part) number_locals(part);
      }
      break;
    case ExprKind::Constant: break;
  }
}

bool Codegen::forbidden_name(std::string_view name, ExprContext ctx, const Span& span) {
  if (name != "__debug__") return false;
  if (ctx == ExprContext::Store) {
    error(span, "cannot assign to __debug__");
    return true;
  }
  if (ctx == ExprContext::Del) {
    error(span, "cannot delete __debug__");
    return true;
  }
  return false;
}

void Codegen::check_bound(i32 reg) {
  if (!unit_->reachable || unit_->bound.test(reg)) return;
  emit(Op::CheckBound, reg);
  unit_->bound.set(reg);
}

i32 Codegen::load_name(std::string_view id, i32 dest) {
  std::string_view name = mangled(id);
  i32 base = top(), target = target_of(base, dest), reg = -1;
  switch (access_of(name, &reg)) {
    case Access::Fast:
      check_bound(reg);
      if (reg != target) emit(Op::Move, target, reg);
      break;
    case Access::Global: emit(Op::LoadGlobal, target, name_index(name)); break;
    case Access::Name: emit(Op::LoadName, target, name_index(name)); break;
    case Access::Cell: emit(Op::LoadDeref, target, reg); break;
    case Access::ClassCell: emit(Op::LoadClassDeref, target, reg, name_index(name)); break;
  }
  return finish(base, dest);
}

void Codegen::store_name(std::string_view id, i32 value) {
  std::string_view name = mangled(id);
  if (forbidden_name(name, ExprContext::Store, unit_->loc)) return;
  i32 reg = -1;
  switch (access_of(name, &reg)) {
    case Access::Fast:
      if (reg != value) emit(Op::Move, reg, value);
      unit_->bound.set(reg);
      break;
    case Access::Global: emit(Op::StoreGlobal, name_index(name), value); break;
    case Access::Name: emit(Op::StoreName, name_index(name), value); break;
    case Access::Cell:
    case Access::ClassCell: emit(Op::StoreDeref, reg, value); break;
  }
}

void Codegen::delete_name(std::string_view id) {
  std::string_view name = mangled(id);
  if (forbidden_name(name, ExprContext::Del, unit_->loc)) return;
  i32 reg = -1;
  switch (access_of(name, &reg)) {
    case Access::Fast:
      emit(Op::DeleteLocal, reg);
      unit_->bound.clear(reg);
      break;
    case Access::Global: emit(Op::DeleteGlobal, name_index(name)); break;
    case Access::Name: emit(Op::DeleteName, name_index(name)); break;
    case Access::Cell:
    case Access::ClassCell: emit(Op::DeleteDeref, reg); break;
  }
}

// ---- modules

bool Codegen::has_annotation(const Seq<StmtNode*>& stmts) {
  for (StmtNode* s : stmts) {
    bool found = false;
    switch (s->kind) {
      case StmtKind::AnnAssign: return true;
      case StmtKind::For: found = has_annotation(s->as<For>()->body) || has_annotation(s->as<For>()->orelse); break;
      case StmtKind::AsyncFor:
        found = has_annotation(s->as<AsyncFor>()->body) || has_annotation(s->as<AsyncFor>()->orelse);
        break;
      case StmtKind::While: found = has_annotation(s->as<While>()->body) || has_annotation(s->as<While>()->orelse); break;
      case StmtKind::If: found = has_annotation(s->as<If>()->body) || has_annotation(s->as<If>()->orelse); break;
      case StmtKind::Match:
        for (MatchCase* match_case : s->as<Match>()->cases) found = found || has_annotation(match_case->body);
        break;
      case StmtKind::With: found = has_annotation(s->as<With>()->body); break;
      case StmtKind::AsyncWith: found = has_annotation(s->as<AsyncWith>()->body); break;
      case StmtKind::Try:
        for (ExceptHandler* handler : s->as<Try>()->handlers) found = found || has_annotation(handler->body);
        found = found || has_annotation(s->as<Try>()->body) || has_annotation(s->as<Try>()->finalbody) ||
                has_annotation(s->as<Try>()->orelse);
        break;
      case StmtKind::TryStar:
        for (ExceptHandler* handler : s->as<TryStar>()->handlers) found = found || has_annotation(handler->body);
        found = found || has_annotation(s->as<TryStar>()->body) || has_annotation(s->as<TryStar>()->finalbody) ||
                has_annotation(s->as<TryStar>()->orelse);
        break;
      default: break;
    }
    if (found) return true;
  }
  return false;
}

// Body of a class or module: annotations dict, docstring, statements.
void Codegen::class_or_module_body(const Seq<StmtNode*>& stmts) {
  if (unit_->kind == UnitKind::Module && !stmts.empty()) set_loc(stmts[0]->span);
  if (has_annotation(stmts)) emit(Op::SetupAnnotations);
  if (stmts.empty()) return;
  u32 first = 0;
  std::string_view docstring = docstring_of(stmts);
  if (options_.optimize < 2 && docstring.data()) {
    first = 1;
    i32 base = top();
    set_loc(stmts[0]->as<Expr>()->value->span);
    i32 value = load_string(docstring, kPush);
    store_name("__doc__", value);
    top() = base;
  }
  body(stmts, first);
}

std::unique_ptr<FinishedCode> Codegen::compile(const ModNode* mod) {
  enter_unit(UnitKind::Module, "<module>", mod, 1);
  bool add_return_none = true;
  switch (mod->kind) {
    case ModKind::Module: class_or_module_body(mod->as<Module>()->body); break;
    case ModKind::Interactive:
      if (has_annotation(mod->as<Interactive>()->body)) emit(Op::SetupAnnotations);
      body(mod->as<Interactive>()->body);
      break;
    case ModKind::Expression: {
      i32 value = push(mod->as<Expression>()->body);
      unset_loc();
      emit(Op::Return, value);
      top() = unit_->first_temp;
      add_return_none = false;
      break;
    }
    case ModKind::FunctionType: diagnostics_.error(ErrorKind::System, "this compiler does not handle FunctionTypes"); break;
  }
  return leave_unit(add_return_none);
}

}  // namespace baton::compile
