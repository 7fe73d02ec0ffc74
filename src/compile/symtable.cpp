// Builds the symbol table in one walk over the tree, then resolves every name by looking outwards from its block. Order of
// visits, errors and their positions are CPython 3.11's.
#include "compile/symtable.h"

namespace baton::compile {

using namespace ast;

std::string_view mangle(Arena& arena, std::string_view private_name, std::string_view name) {
  if (private_name.empty() || !name.starts_with("__") || name.ends_with("__")) return name;
  if (name.find('.') != std::string_view::npos) return name;
  usize stripped = private_name.find_first_not_of('_');
  if (stripped == std::string_view::npos) return name;
  private_name.remove_prefix(stripped);
  char* data = static_cast<char*>(arena.allocate(private_name.size() + name.size() + 2));
  data[0] = '_';
  memcpy(data + 1, private_name.data(), private_name.size());
  memcpy(data + 1 + private_name.size(), name.data(), name.size());
  usize size = 1 + private_name.size() + name.size();
  data[size] = 0;
  return {data, size};
}

class SymbolTableBuilder {
 public:
  SymbolTableBuilder(SymbolTable& table, Arena& arena, const SymbolTableOptions& options, Diagnostics& diagnostics)
      : table_(table), arena_(arena), options_(options), diagnostics_(diagnostics) {}

  void build(const ModNode* mod) {
    enter("top", BlockType::Module, mod, Span{});
    table_.top_ = current_;
    switch (mod->kind) {
      case ModKind::Module: visit_body(mod->as<Module>()->body); break;
      case ModKind::Interactive: visit_body(mod->as<Interactive>()->body); break;
      case ModKind::Expression: visit(mod->as<Expression>()->body); break;
      case ModKind::FunctionType: diagnostics_.error(ErrorKind::System, "this compiler does not handle FunctionTypes"); break;
    }
    leave();
    if (!diagnostics_.failed()) analyze(table_.top_);
  }

 private:
  // ---- blocks and definitions

  void enter(std::string_view name, BlockType type, const void* node, const Span& span) {
    auto owned = std::make_unique<Block>();
    Block* block = owned.get();
    table_.blocks_.push_back(std::move(owned));
    block->type = type;
    block->name = name;
    block->node = node;
    block->span = span;
    block->parent = current_;
    if (current_) {
      block->nested = current_->nested || current_->type == BlockType::Function;
      block->comp_iter_expr = current_->comp_iter_expr;
      if (type != BlockType::Annotation) current_->children.push_back(block);
    }
    if (type != BlockType::Annotation) table_.by_node_[node] = block;
    current_ = block;
  }
  void leave() { current_ = current_->parent; }

  std::string_view mangled(std::string_view name) { return mangle(arena_, private_, name); }

  u32 lookup(std::string_view name) {
    const Symbol* symbol = current_->find(mangled(name));
    return symbol ? symbol->flags : 0;
  }

  void add_to(Block* block, std::string_view name, u32 flag, const Span& span) {
    name = mangled(name);
    Symbol& symbol = block->add(name);
    if ((flag & kDefParam) && (symbol.flags & kDefParam)) {
      diagnostics_.syntax_error(span, quoted("duplicate argument '", name, "' in function definition"));
      return;
    }
    symbol.flags |= flag;
    if (block->comp_iter_target) {
      if (symbol.flags & (kDefGlobal | kDefNonlocal)) {
        diagnostics_.syntax_error(span,
                                  quoted("comprehension inner loop cannot rebind assignment expression target '", name, "'"));
        return;
      }
      symbol.flags |= kDefCompIter;
    }
    if (flag & kDefParam) {
      block->varnames.push_back(name);
    } else if ((flag & kDefGlobal) && block != table_.top_) {
      table_.top_->add(name).flags |= flag;
    }
  }
  void add(std::string_view name, u32 flag, const Span& span) { add_to(current_, name, flag, span); }

  void mark_unbound(std::string_view name) {
    if (Symbol* symbol = current_->find(mangled(name))) symbol->unbound_here = true;
  }

  void record_directive(std::string_view name, const Span& span) { current_->directives.push_back({mangled(name), span}); }

  // ---- statements

  void visit_body(const Seq<StmtNode*>& body) {
    for (StmtNode* stmt : body) {
      if (diagnostics_.failed()) return;
      visit(stmt);
    }
  }
  void visit_all(const Seq<ExprNode*>& exprs) {
    for (ExprNode* expr : exprs) {
      if (expr) visit(expr);
    }
  }
  void visit_optional(const ExprNode* expr) {
    if (expr) visit(expr);
  }

  void visit(const StmtNode* s) {
    if (diagnostics_.failed()) return;
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (s->kind) {
      case StmtKind::FunctionDef: visit_function(s, *s->as<FunctionDef>(), false); break;
      case StmtKind::AsyncFunctionDef: visit_function(s, *s->as<AsyncFunctionDef>(), true); break;
      case StmtKind::ClassDef: visit_class(s->as<ClassDef>()); break;
      case StmtKind::Return: {
        auto* node = s->as<Return>();
        if (node->value) {
          visit(node->value);
          current_->returns_value = true;
        }
        break;
      }
      case StmtKind::Delete: visit_all(s->as<Delete>()->targets); break;
      case StmtKind::Assign:
        visit_all(s->as<Assign>()->targets);
        visit(s->as<Assign>()->value);
        break;
      case StmtKind::AugAssign:
        visit(s->as<AugAssign>()->target);
        visit(s->as<AugAssign>()->value);
        break;
      case StmtKind::AnnAssign: visit_annotated(s->as<AnnAssign>()); break;
      case StmtKind::For: visit_for(*s->as<For>()); break;
      case StmtKind::AsyncFor:
        mark_module_coroutine();
        visit_for(*s->as<AsyncFor>());
        break;
      case StmtKind::While:
        visit(s->as<While>()->test);
        visit_body(s->as<While>()->body);
        visit_body(s->as<While>()->orelse);
        break;
      case StmtKind::If:
        visit(s->as<If>()->test);
        visit_body(s->as<If>()->body);
        visit_body(s->as<If>()->orelse);
        break;
      case StmtKind::With: visit_with(*s->as<With>()); break;
      case StmtKind::AsyncWith:
        mark_module_coroutine();
        visit_with(*s->as<AsyncWith>());
        break;
      case StmtKind::Match:
        visit(s->as<Match>()->subject);
        for (MatchCase* match_case : s->as<Match>()->cases) {
          visit(match_case->pattern);
          visit_optional(match_case->guard);
          visit_body(match_case->body);
        }
        break;
      case StmtKind::Raise:
        visit_optional(s->as<Raise>()->exc);
        visit_optional(s->as<Raise>()->cause);
        break;
      case StmtKind::Try: visit_try(*s->as<Try>()); break;
      case StmtKind::TryStar: visit_try(*s->as<TryStar>()); break;
      case StmtKind::Assert:
        visit(s->as<Assert>()->test);
        visit_optional(s->as<Assert>()->msg);
        break;
      case StmtKind::Import:
        for (Alias* alias : s->as<Import>()->names) visit_alias(alias);
        break;
      case StmtKind::ImportFrom:
        for (Alias* alias : s->as<ImportFrom>()->names) visit_alias(alias);
        break;
      case StmtKind::Global:
        for (Identifier name : s->as<Global>()->names) visit_directive(name, s->span, kDefGlobal, "global");
        break;
      case StmtKind::Nonlocal:
        for (Identifier name : s->as<Nonlocal>()->names) visit_directive(name, s->span, kDefNonlocal, "nonlocal");
        break;
      case StmtKind::Expr: visit(s->as<Expr>()->value); break;
      case StmtKind::Pass:
      case StmtKind::Break:
      case StmtKind::Continue: break;
    }
  }

  template <class Function>
  void visit_function(const StmtNode* s, const Function& node, bool is_async) {
    add(node.name, kDefLocal, s->span);
    visit_all(node.args->defaults);
    visit_all(node.args->kw_defaults);
    visit_annotations(s, node.args, node.returns);
    visit_all(node.decorator_list);
    enter(node.name, BlockType::Function, s, s->span);
    current_->coroutine = is_async;
    visit_parameters(node.args);
    visit_body(node.body);
    leave();
  }

  void visit_class(const ClassDef* node) {
    add(node->name, kDefLocal, node->span);
    visit_all(node->bases);
    for (Keyword* keyword : node->keywords) visit(keyword->value);
    visit_all(node->decorator_list);
    enter(node->name, BlockType::Class, node, node->span);
    std::string_view outer = private_;
    private_ = node->name;
    visit_body(node->body);
    private_ = outer;
    leave();
  }

  void visit_annotated(const AnnAssign* node) {
    if (node->target->is<Name>()) {
      Identifier id = node->target->as<Name>()->id;
      u32 flags = lookup(id);
      if ((flags & (kDefGlobal | kDefNonlocal)) && current_ != table_.top_ && node->simple) {
        diagnostics_.syntax_error(
            node->span, quoted("annotated name '", id, flags & kDefGlobal ? "' can't be global" : "' can't be nonlocal"));
        return;
      }
      if (node->simple) {
        add(id, kDefAnnot | kDefLocal, node->target->span);
      } else if (node->value) {
        add(id, kDefLocal, node->target->span);
      }
    } else {
      visit(node->target);
    }
    visit_annotation(node->annotation);
    visit_optional(node->value);
  }

  template <class Loop>
  void visit_for(const Loop& node) {
    visit(node.target);
    visit(node.iter);
    visit_body(node.body);
    visit_body(node.orelse);
  }
  template <class WithNode>
  void visit_with(const WithNode& node) {
    for (WithItem* item : node.items) {
      visit(item->context_expr);
      visit_optional(item->optional_vars);
    }
    visit_body(node.body);
  }
  template <class TryNode>
  void visit_try(const TryNode& node) {
    visit_body(node.body);
    visit_body(node.orelse);
    for (ExceptHandler* handler : node.handlers) {
      visit_optional(handler->type);
      if (handler->name.data()) {
        add(handler->name, kDefLocal, handler->span);
        mark_unbound(handler->name);
      }
      visit_body(handler->body);
    }
    visit_body(node.finalbody);
  }

  void visit_alias(const Alias* alias) {
    std::string_view stored = alias->asname.data() ? alias->asname : alias->name;
    if (alias->name == "*") {
      if (current_->type != BlockType::Module) diagnostics_.syntax_error(alias->span, "import * only allowed at module level");
      return;
    }
    stored = stored.substr(0, stored.find('.'));
    add(stored, kDefImport, alias->span);
  }

  void visit_directive(std::string_view name, const Span& span, u32 flag, std::string_view word) {
    u32 flags = lookup(name);
    if (flags & (kDefParam | kDefLocal | kUse | kDefAnnot)) {
      std::string message;
      if (flags & kDefParam) {
        message = quoted("name '", name, "' is parameter and ");
        message += word;
      } else if (flags & kUse) {
        message = quoted("name '", name, "' is used prior to ") + std::string(word) + " declaration";
      } else if (flags & kDefAnnot) {
        message = quoted("annotated name '", name, "' can't be ");
        message += word;
      } else {
        message = quoted("name '", name, "' is assigned to before ") + std::string(word) + " declaration";
      }
      diagnostics_.syntax_error(span, std::move(message));
      return;
    }
    add(name, flag, span);
    record_directive(name, span);
  }

  // ---- parameters and annotations

  void visit_parameters(const Arguments* args) {
    for (Arg* arg : args->posonlyargs) add(arg->arg, kDefParam, arg->span);
    for (Arg* arg : args->args) add(arg->arg, kDefParam, arg->span);
    for (Arg* arg : args->kwonlyargs) add(arg->arg, kDefParam, arg->span);
    if (args->vararg) {
      add(args->vararg->arg, kDefParam, args->vararg->span);
      current_->varargs = true;
    }
    if (args->kwarg) {
      add(args->kwarg->arg, kDefParam, args->kwarg->span);
      current_->varkeywords = true;
    }
  }

  void visit_annotation(const ExprNode* annotation) {
    if (options_.future_annotations) enter("_annotation", BlockType::Annotation, annotation, annotation->span);
    visit(annotation);
    if (options_.future_annotations) leave();
  }

  void visit_annotations(const StmtNode* s, const Arguments* args, const ExprNode* returns) {
    if (options_.future_annotations) enter("_annotation", BlockType::Annotation, s, s->span);
    for (Arg* arg : args->posonlyargs) visit_optional(arg->annotation);
    for (Arg* arg : args->args) visit_optional(arg->annotation);
    if (args->vararg) visit_optional(args->vararg->annotation);
    if (args->kwarg) visit_optional(args->kwarg->annotation);
    for (Arg* arg : args->kwonlyargs) visit_optional(arg->annotation);
    if (options_.future_annotations) leave();
    if (returns) visit_annotation(returns);
  }

  void refuse_in_annotation(const char* what, const ExprNode* e) {
    if (current_->type == BlockType::Annotation) {
      diagnostics_.syntax_error(e->span, quoted("'", what, "' can not be used within an annotation"));
    }
  }

  // ---- expressions

  void visit(const ExprNode* e) {
    if (diagnostics_.failed()) return;
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (e->kind) {
      case ExprKind::NamedExpr: visit_walrus(e->as<NamedExpr>()); break;
      case ExprKind::BoolOp: visit_all(e->as<BoolOp>()->values); break;
      case ExprKind::BinOp:
        visit(e->as<BinOp>()->left);
        visit(e->as<BinOp>()->right);
        break;
      case ExprKind::UnaryOp: visit(e->as<UnaryOp>()->operand); break;
      case ExprKind::Lambda: {
        auto* node = e->as<Lambda>();
        visit_all(node->args->defaults);
        visit_all(node->args->kw_defaults);
        enter("lambda", BlockType::Function, e, e->span);
        visit_parameters(node->args);
        visit(node->body);
        leave();
        break;
      }
      case ExprKind::IfExp:
        visit(e->as<IfExp>()->test);
        visit(e->as<IfExp>()->body);
        visit(e->as<IfExp>()->orelse);
        break;
      case ExprKind::Dict:
        visit_all(e->as<Dict>()->keys);
        visit_all(e->as<Dict>()->values);
        break;
      case ExprKind::Set: visit_all(e->as<Set>()->elts); break;
      case ExprKind::ListComp: {
        auto* node = e->as<ListComp>();
        visit_comprehension(e, "listcomp", ComprehensionKind::List, node->generators, node->elt, nullptr);
        break;
      }
      case ExprKind::SetComp: {
        auto* node = e->as<SetComp>();
        visit_comprehension(e, "setcomp", ComprehensionKind::Set, node->generators, node->elt, nullptr);
        break;
      }
      case ExprKind::DictComp: {
        auto* node = e->as<DictComp>();
        visit_comprehension(e, "dictcomp", ComprehensionKind::Dict, node->generators, node->key, node->value);
        break;
      }
      case ExprKind::GeneratorExp: {
        auto* node = e->as<GeneratorExp>();
        visit_comprehension(e, "genexpr", ComprehensionKind::Generator, node->generators, node->elt, nullptr);
        break;
      }
      case ExprKind::Yield:
        refuse_in_annotation("yield expression", e);
        visit_optional(e->as<Yield>()->value);
        mark_generator(e);
        break;
      case ExprKind::YieldFrom:
        refuse_in_annotation("yield expression", e);
        visit(e->as<YieldFrom>()->value);
        mark_generator(e);
        break;
      case ExprKind::Await:
        refuse_in_annotation("await expression", e);
        visit(e->as<Await>()->value);
        current_->coroutine = true;
        break;
      case ExprKind::Compare:
        visit(e->as<Compare>()->left);
        visit_all(e->as<Compare>()->comparators);
        break;
      case ExprKind::Call:
        visit(e->as<Call>()->func);
        visit_all(e->as<Call>()->args);
        for (Keyword* keyword : e->as<Call>()->keywords) visit(keyword->value);
        break;
      case ExprKind::FormattedValue:
        visit(e->as<FormattedValue>()->value);
        visit_optional(e->as<FormattedValue>()->format_spec);
        break;
      case ExprKind::JoinedStr: visit_all(e->as<JoinedStr>()->values); break;
      case ExprKind::Constant: break;
      case ExprKind::Attribute: visit(e->as<Attribute>()->value); break;
      case ExprKind::Subscript:
        visit(e->as<Subscript>()->value);
        visit(e->as<Subscript>()->slice);
        break;
      case ExprKind::Starred: visit(e->as<Starred>()->value); break;
      case ExprKind::Slice:
        visit_optional(e->as<Slice>()->lower);
        visit_optional(e->as<Slice>()->upper);
        visit_optional(e->as<Slice>()->step);
        break;
      case ExprKind::Name: {
        auto* node = e->as<Name>();
        add(node->id, node->ctx == ExprContext::Load ? kUse : kDefLocal, e->span);
        if (node->ctx == ExprContext::Del) mark_unbound(node->id);
        // super() without arguments reads __class__.
        if (node->ctx == ExprContext::Load && current_->type == BlockType::Function && node->id == "super") {
          add("__class__", kUse, e->span);
        }
        break;
      }
      case ExprKind::List: visit_all(e->as<List>()->elts); break;
      case ExprKind::Tuple: visit_all(e->as<Tuple>()->elts); break;
    }
  }

  void mark_module_coroutine() {  // with PyCF_ALLOW_TOP_LEVEL_AWAIT; otherwise an error
    if (current_->type == BlockType::Module) current_->coroutine = true;
  }
  void mark_generator(const ExprNode* e) {
    current_->generator = true;
    const char* message = nullptr;
    switch (current_->comprehension) {
      case ComprehensionKind::None: return;
      case ComprehensionKind::List: message = "'yield' inside list comprehension"; break;
      case ComprehensionKind::Set: message = "'yield' inside set comprehension"; break;
      case ComprehensionKind::Dict: message = "'yield' inside dict comprehension"; break;
      case ComprehensionKind::Generator: message = "'yield' inside generator expression"; break;
    }
    diagnostics_.syntax_error(e->span, message);
  }

  void visit_walrus(const NamedExpr* node) {
    refuse_in_annotation("named expression", node);
    if (current_->comp_iter_expr > 0) {
      diagnostics_.syntax_error(node->span, "assignment expression cannot be used in a comprehension iterable expression");
      return;
    }
    current_->has_walrus = true;
    if (current_->comprehension != ComprehensionKind::None) extend_walrus_scope(node->target);
    visit(node->value);
    visit(node->target);
  }

  // The target of `:=` in a comprehension belongs to the nearest enclosing function or module.
  void extend_walrus_scope(const ExprNode* target) {
    std::string_view id = target->as<Name>()->id;
    for (Block* block = current_; block; block = block->parent) {
      if (block->comprehension != ComprehensionKind::None) {
        const Symbol* symbol = block->find(mangled(id));
        if (symbol && (symbol->flags & kDefCompIter)) {
          diagnostics_.syntax_error(target->span,
                                    quoted("assignment expression cannot rebind comprehension iteration variable '", id, "'"));
          return;
        }
        continue;
      }
      switch (block->type) {
        case BlockType::Function: {
          const Symbol* symbol = block->find(mangled(id));
          add(id, symbol && (symbol->flags & kDefGlobal) ? kDefGlobal : kDefNonlocal, target->span);
          record_directive(id, target->span);
          add_to(block, id, kDefLocal, target->span);
          return;
        }
        case BlockType::Module:
          add(id, kDefGlobal, target->span);
          record_directive(id, target->span);
          add_to(block, id, kDefGlobal, target->span);
          return;
        case BlockType::Class:
          diagnostics_.syntax_error(target->span, "assignment expression within a comprehension cannot be used in a class body");
          return;
        case BlockType::Annotation: continue;
      }
    }
  }

  void visit_comprehension(const ExprNode* e, const char* name, ComprehensionKind kind, const Seq<Comprehension*>& generators,
                           const ExprNode* element, const ExprNode* value) {
    const Comprehension* outermost = generators[0];
    ++current_->comp_iter_expr;
    visit(outermost->iter);
    --current_->comp_iter_expr;
    enter(name, BlockType::Function, e, e->span);
    current_->comprehension = kind;
    if (outermost->is_async) current_->coroutine = true;
    add(".0", kDefParam, e->span);
    visit_iteration_target(outermost->target);
    visit_all(outermost->ifs);
    for (u32 i = 1; i < generators.size; ++i) {
      const Comprehension* generator = generators[i];
      visit_iteration_target(generator->target);
      ++current_->comp_iter_expr;
      visit(generator->iter);
      --current_->comp_iter_expr;
      visit_all(generator->ifs);
      if (generator->is_async) current_->coroutine = true;
    }
    if (value) visit(value);
    visit(element);
    bool is_generator = kind == ComprehensionKind::Generator;
    current_->generator = is_generator;
    bool makes_outer_async = current_->coroutine && !is_generator;
    leave();
    if (makes_outer_async) current_->coroutine = true;
  }

  void visit_iteration_target(const ExprNode* target) {
    current_->comp_iter_target = true;
    visit(target);
    current_->comp_iter_target = false;
  }

  // ---- patterns

  void visit(const PatternNode* p) {
    if (diagnostics_.failed()) return;
    DepthGuard guard(depth_, options_.depth_limit, diagnostics_);
    if (diagnostics_.failed()) return;
    switch (p->kind) {
      case PatternKind::MatchValue: visit(p->as<MatchValue>()->value); break;
      case PatternKind::MatchSingleton: break;
      case PatternKind::MatchSequence: visit_patterns(p->as<MatchSequence>()->patterns); break;
      case PatternKind::MatchStar: bind_capture(p->as<MatchStar>()->name, p->span); break;
      case PatternKind::MatchMapping:
        visit_all(p->as<MatchMapping>()->keys);
        visit_patterns(p->as<MatchMapping>()->patterns);
        bind_capture(p->as<MatchMapping>()->rest, p->span);
        break;
      case PatternKind::MatchClass:
        visit(p->as<MatchClass>()->cls);
        visit_patterns(p->as<MatchClass>()->patterns);
        visit_patterns(p->as<MatchClass>()->kwd_patterns);
        break;
      case PatternKind::MatchAs:
        if (p->as<MatchAs>()->pattern) visit(p->as<MatchAs>()->pattern);
        bind_capture(p->as<MatchAs>()->name, p->span);
        break;
      case PatternKind::MatchOr: visit_patterns(p->as<MatchOr>()->patterns); break;
    }
  }
  void visit_patterns(const Seq<PatternNode*>& patterns) {
    for (PatternNode* pattern : patterns) visit(pattern);
  }
  void bind_capture(Identifier name, const Span& span) {
    if (name.data()) add(name, kDefLocal, span);
  }

  // ---- resolution

  void error_at_directive(const Block* block, std::string_view name, std::string message) {
    for (const Block::Directive& directive : block->directives) {
      if (directive.name == name) return diagnostics_.syntax_error(directive.span, std::move(message));
    }
    diagnostics_.error(ErrorKind::System, "BUG: internal directive bookkeeping broken");
  }

  void analyze(Block* block) {
    // Resolution appends free names that children pass through a block; those are resolved already.
    for (usize i = 0; i < block->symbols.size(); ++i) {
      if (block->symbols[i].scope == Scope::Unknown || block->symbols[i].scope == Scope::Cell) resolve(block, i);
      if (diagnostics_.failed()) return;
    }
    for (Block* child : block->children) {
      analyze(child);
      if (diagnostics_.failed()) return;
    }
  }

  void resolve(Block* block, usize index) {
    Symbol& symbol = block->symbols[index];
    if (symbol.flags & kDefGlobal) {
      if (symbol.flags & kDefNonlocal) {
        return error_at_directive(block, symbol.name, quoted("name '", symbol.name, "' is nonlocal and global"));
      }
      symbol.scope = Scope::GlobalExplicit;
    } else if (symbol.flags & kDefNonlocal) {
      if (block == table_.top_) {
        return error_at_directive(block, symbol.name, "nonlocal declaration not allowed at module level");
      }
      if (!make_free(block, index)) {
        error_at_directive(block, block->symbols[index].name,
                           quoted("no binding for nonlocal '", block->symbols[index].name, "' found"));
      }
    } else if (symbol.flags & kDefBound) {
      symbol.scope = Scope::Local;
    } else if (!make_free(block, index)) {
      block->symbols[index].scope = Scope::GlobalImplicit;
    }
  }

  // Looks for the function that binds the name; if there is one, the name becomes a cell there and free in every block between.
  bool make_free(Block* block, usize index) {
    std::string_view name = block->symbols[index].name;
    Block* owner = block->parent;
    for (; owner; owner = owner->parent) {
      if (owner->type == BlockType::Class) {
        if (name == "__class__") break;
        continue;
      }
      if (owner->type == BlockType::Module) return false;
      const Symbol* symbol = owner->find(name);
      if (!symbol) continue;
      if (symbol->flags & kDefGlobal) return false;
      if (symbol->flags & kDefNonlocal) continue;
      if (symbol->flags & kDefBound) break;
    }
    if (!owner) return false;
    if (owner->type == BlockType::Class) {
      owner->needs_class_closure = true;
    } else {
      owner->find(name)->scope = Scope::Cell;
    }
    for (Block* between = block->parent; between != owner; between = between->parent) {
      Symbol* existing = between->find(name);
      if (existing && between->type == BlockType::Class && (existing->flags & (kDefBound | kDefGlobal))) {
        existing->flags |= kDefFreeClass;
      } else if (existing) {
        existing->scope = Scope::Free;
      } else {
        between->add(name).scope = Scope::Free;
      }
    }
    block->symbols[index].scope = Scope::Free;
    return true;
  }

  SymbolTable& table_;
  Arena& arena_;
  const SymbolTableOptions& options_;
  Diagnostics& diagnostics_;
  Block* current_ = nullptr;
  std::string_view private_;
  u32 depth_ = 0;
};

bool build_symbol_table(SymbolTable& table, const ModNode* mod, Arena& arena, const SymbolTableOptions& options,
                        Diagnostics& diagnostics) {
  SymbolTableBuilder(table, arena, options, diagnostics).build(mod);
  return !diagnostics.failed();
}

}  // namespace baton::compile
