// The code generator: one Unit per function, class body or module being compiled, on a stack. Internal to compile/.
//
// Registers. Locals have fixed registers; temporaries are a stack above them, `top_` is its height. Two rules make live_top
// right:
//  - a temporary below top_ has been written on every path (live_top is top_ at the time of emission);
//  - an expression evaluated with kPush leaves its value at the register that was top_ when it began, and top_ one above.
// An expression evaluated into a given register writes it with its last instruction only, so that `x = f(x)` may name x.
//
// Reachability. emit() drops what cannot be reached; a label knows which locals are bound on every way to it, so that CheckBound
// is emitted only where a local may be unbound.
#pragma once
#include "compile/constants.h"
#include "compile/diagnostics.h"
#include "compile/symtable.h"
#include "compile/unit.h"

namespace baton::compile {

// The tree's names win over the object layer's here.
using ast::Dict;
using ast::List;
using ast::Module;
using ast::Set;
using ast::Slice;
using ast::Tuple;

enum class UnitKind : u8 { Module, Class, Function, AsyncFunction, Lambda, Comprehension };

struct CodegenOptions {
  int optimize = 0;
  u32 future_flags = 0;  // CO_FUTURE_*
  i32 future_line = -1;  // last line of the __future__ imports at the top
  bool top_level_await = false;
  bool interactive = false;
  u32 depth_limit = 3000;
};

inline constexpr u32 kFutureMask = 0x1FE0000;
inline constexpr u32 kFutureBarryAsBdfl = 0x400000;
inline constexpr u32 kFutureAnnotations = 0x1000000;

inline constexpr i32 kPush = -1;  // destination: the next temporary

enum class FrameBlockKind : u8 {
  WhileLoop,
  ForLoop,
  TryExcept,
  FinallyTry,
  FinallyEnd,
  With,
  AsyncWith,
  HandlerCleanup,
  PopValue,
  ExceptionHandler,
  ExceptionGroupHandler,
  AsyncComprehensionGenerator,
};

struct FrameBlock {
  FrameBlockKind kind;
  LabelId head = -1, exit = -1;    // loops: targets of continue and break
  i32 outer_handler = kNoHandler;  // handler in force outside
  i32 reg = -1;                    // with: window of the exit method; handlers: register of the saved exception
  i32 top = 0;                     // height of the temporaries outside
  const ast::Seq<ast::StmtNode*>* finalbody = nullptr;
  std::string_view name;  // HandlerCleanup: the `as` name or absent
  ast::Span span;         // With: the statement
};

class BoundSet {
 public:
  void resize(i32 bits) { words_.resize(static_cast<usize>(bits + 63) / 64); }
  void set(i32 i) { words_[i >> 6] |= u64{1} << (i & 63); }
  void clear(i32 i) { words_[i >> 6] &= ~(u64{1} << (i & 63)); }
  bool test(i32 i) const { return words_[i >> 6] >> (i & 63) & 1; }
  void intersect(const BoundSet& other) {
    for (usize i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }
  void subtract(const BoundSet& other) {
    for (usize i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  }

 private:
  std::vector<u64> words_;
};

struct Label {
  i32 position = -1;
  bool reached = false;  // a live jump leads here
  BoundSet bound;        // locals bound at every such jump
};

struct ConstantHash {
  usize operator()(const ast::ConstValue& v) const { return hash_constant(v); }
};
struct ConstantEqual {
  bool operator()(const ast::ConstValue& a, const ast::ConstValue& b) const { return same_constant(a, b); }
};

struct Unit {
  UnitKind kind = UnitKind::Module;
  Block* block = nullptr;
  std::string_view name, private_name;
  std::string qualname;
  i32 first_line = 1;
  i32 argcount = 0, posonly = 0, kwonly = 0;
  std::vector<PendingInstruction> code;
  std::vector<Label> labels;
  std::vector<PendingHandler> handlers;
  std::vector<ConstEntry> consts;
  std::unordered_map<ast::ConstValue, i32, ConstantHash, ConstantEqual> const_index;
  NameTable names, varnames, cellvars, freevars;
  std::vector<FrameBlock> blocks;
  i32 local_slots = 0;  // registers of locals; cells and free variables follow
  i32 first_temp = 0;
  i32 max_registers = 0;
  i32 top = 0;
  i32 handler = kNoHandler;
  bool reachable = true;
  i32 loop_depth = 0;
  i32 body_start = 0;                              // number of instructions of the prologue
  std::vector<PendingInstruction> constant_loads;  // one a constant register
  std::unordered_map<ast::ConstValue, i32, ConstantHash, ConstantEqual> constant_registers;
  usize after_noted_target = ~usize{0};  // number of instructions once a loop's target on a line of its own got a Nop
  BoundSet bound, unbindable;            // locals bound now; locals that something in this function unbinds
  ast::Span loc;
  bool artificial_loc = false;
};

class Codegen {
 public:
  Codegen(ast::Arena& arena, SymbolTable& symbols, const CodegenOptions& options, Diagnostics& diagnostics)
      : arena_(arena), symbols_(symbols), options_(options), diagnostics_(diagnostics) {}
  std::unique_ptr<FinishedCode> compile(const ast::ModNode* mod);

 private:
  // ---- units (codegen.cpp)
  void enter_unit(UnitKind kind, std::string_view name, const void* node, i32 first_line);
  std::unique_ptr<FinishedCode> leave_unit(bool add_return_none);
  std::string make_qualname(const Unit& unit) const;
  u32 code_flags(const Unit& unit) const;
  void emit_prologue();

  // ---- emission (codegen.cpp)
  Unit& unit() { return *unit_; }
  // PyCF_ALLOW_TOP_LEVEL_AWAIT, and this is the top level.
  bool is_top_level_await() const { return options_.top_level_await && unit_->block->type == BlockType::Module; }
  i32& top() { return unit_->top; }
  void emit(Op op, i32 a = 0, i32 b = 0, i32 c = 0);
  void note_int_constant(Op op, i32 b, i32 c);
  void emit_jump(Op op, LabelId target, i32 a = 0, i32 b = 0);
  void emit_jump_without_line(Op op, LabelId target);
  LabelId new_label();
  void bind(LabelId label);  // forward label: joins the states of all jumps to it
  void bind_loop_head(LabelId label);
  void join_into(LabelId label);
  // A handler begins at its label with the exception in register `reg`; `bound` is the state where its region began.
  i32 new_handler(LabelId label, i32 reg);
  void bind_handler(LabelId label, const BoundSet& bound, bool reachable);
  void use_register(i32 reg) {
    if (reg >= unit_->max_registers) unit_->max_registers = reg + 1;
  }
  void reserve_registers(i32 count) {
    if (unit_->top + count > unit_->max_registers) unit_->max_registers = unit_->top + count;
  }
  i32 push_temp() {  // the register at top_ has just been written
    use_register(unit_->top);
    return unit_->top++;
  }
  i32 target_of(i32 base, i32 dest) { return dest == kPush ? base : dest; }
  i32 finish(i32 base, i32 dest) {  // drops the operands above base; the result is at dest
    unit_->top = dest == kPush ? base + 1 : base;
    use_register(unit_->top - 1);
    return target_of(base, dest);
  }
  i32 move_result(i32 from, i32 base, i32 dest);
  // What follows belongs to no line of its own.
  void unset_loc() { unit_->artificial_loc = true; }
  void set_loc(const ast::Span& span) {
    unit_->loc = span;
    unit_->artificial_loc = false;
  }
  void error(const ast::Span& span, std::string message) { diagnostics_.syntax_error(span, std::move(message)); }
  void warning(const ast::Span& span, std::string message);

  // ---- constants and names (codegen.cpp)
  i32 const_index(const ast::ConstValue& value);
  i32 code_const(std::unique_ptr<FinishedCode> code);
  i32 name_index(std::string_view name);
  void load_const_into(i32 reg, const ast::ConstValue& value);
  i32 load_const(const ast::ConstValue& value, i32 dest);
  i32 constant_register(const ast::ConstValue& value);  // -1: load it where it is used
  i32 load_none(i32 dest) { return load_const(ast::ConstValue::simple(ast::ConstKind::None), dest); }
  i32 load_string(std::string_view text, i32 dest) {
    return load_const(ast::ConstValue::of_text(ast::ConstKind::Str, text), dest);
  }
  std::string_view mangled(std::string_view name) { return mangle(arena_, unit_->private_name, name); }
  enum class Access : u8 { Fast, Global, Name, Cell, ClassCell };
  Access access_of(std::string_view mangled_name, i32* reg);
  i32 fast_register(const ast::ExprNode* e);   // register of a local variable name, or -1
  void number_locals(const ast::ExprNode* e);  // gives the locals in e their registers in the order of evaluation
  bool forbidden_name(std::string_view name, ast::ExprContext ctx, const ast::Span& span);
  i32 load_name(std::string_view name, i32 dest);
  void store_name(std::string_view name, i32 reg);
  void delete_name(std::string_view name);
  i32 cell_register(std::string_view mangled_name);  // own cell first (a class body may have both for __class__)
  i32 free_register(std::string_view mangled_name);
  void check_bound(i32 reg);
  void note_line(const ast::ExprNode* e);

  // ---- expressions (codegen_expr.cpp)
  // Is reg a temporary pushed since the stack was `base` high? (A local or a constant of a loop is not.)
  static bool is_temporary_from(i32 base, i32 reg) { return reg >= base && reg < kConstantRegisterBase; }
  i32 expr(const ast::ExprNode* e, i32 dest);  // the register that holds the value: dest, or a new temporary (kPush)
  i32 push(const ast::ExprNode* e) { return expr(e, kPush); }
  i32 operand(const ast::ExprNode* e);                                     // like push, but a local variable stays where it is
  i32 operand_before(const ast::ExprNode* e, const ast::ExprNode* later);  // the same, safe if `later` assigns the variable
  i32 operand_before(const ast::ExprNode* e, const ast::Seq<ast::ExprNode*>& later);
  bool may_assign(const ast::ExprNode* e) const;
  i32 expr_inner(const ast::ExprNode* e, i32 dest);
  i32 expr_boolop(const ast::BoolOp* e, i32 dest);
  void check_without_code(const ast::Seq<ast::ExprNode*>& exprs, u32 first);
  i32 expr_binop(const ast::BinOp* e, i32 dest);
  i32 expr_unary(const ast::UnaryOp* e, i32 dest);
  i32 expr_ifexp(const ast::IfExp* e, i32 dest);
  i32 expr_dict(const ast::Dict* e, i32 dest);
  i32 expr_sequence(const ast::ExprNode* e, const ast::Seq<ast::ExprNode*>& elements, Op build, i32 dest, bool is_call = false);
  i32 expr_compare(const ast::Compare* e, i32 dest);
  i32 expr_subscript(const ast::Subscript* e, i32 dest);
  i32 push_slice_parts(const ast::Slice* e);
  i32 expr_slice(const ast::Slice* e, i32 dest);
  i32 expr_joined(const ast::JoinedStr* e, i32 dest);
  i32 expr_formatted(const ast::FormattedValue* e, i32 dest);
  i32 expr_yield(const ast::Yield* e, i32 dest);
  i32 expr_yield_from(const ast::YieldFrom* e, i32 dest);
  i32 expr_await(const ast::Await* e, i32 dest);
  i32 expr_attribute(const ast::Attribute* e, i32 dest);
  i32 await_temp(i32 where, i32 dest);   // awaits the value in the topmost temporary
  i32 delegate(i32 iterator, i32 dest);  // `yield from` of the iterator in the topmost temporary
  void match_attribute_loc(const ast::Attribute* e);
  void jump_if(const ast::ExprNode* e, LabelId target, bool when);
  void jump_compare(const ast::ExprNode* left, ast::CmpOperator op, const ast::ExprNode* right, LabelId target, bool when);
  void jump_compare_registers(i32 left, ast::CmpOperator op, i32 right, LabelId target, bool when);
  void compare_registers(i32 dst, i32 left, ast::CmpOperator op, i32 right);
  void check_compare(const ast::Compare* e);
  void check_subscripter(const ast::ExprNode* e, const ast::Span& span);
  void check_index(const ast::ExprNode* e, const ast::ExprNode* index, const ast::Span& span);
  void store(const ast::ExprNode* target, i32 reg);
  void store_unpack(const ast::Seq<ast::ExprNode*>& targets, i32 reg);
  void delete_target(const ast::ExprNode* target);

  // ---- calls and functions (codegen_call.cpp)
  i32 expr_call(const ast::Call* e, i32 dest);
  void check_caller(const ast::ExprNode* e);
  void validate_keywords(const ast::Seq<ast::Keyword*>& keywords);
  bool needs_call_ex(const ast::Seq<ast::ExprNode*>& args, const ast::Seq<ast::Keyword*>& keywords, u32 before) const;
  // Window at base with callable, self and `before` arguments already pushed.
  i32 finish_call(i32 base, i32 before, const ast::Seq<ast::ExprNode*>& args, const ast::Seq<ast::Keyword*>& keywords, i32 dest,
                  const ast::Span& span);
  i32 finish_call_ex(i32 base, i32 before, const ast::Seq<ast::ExprNode*>& args, const ast::Seq<ast::Keyword*>& keywords,
                     i32 dest, const ast::Span& span);
  void push_keyword_dict(const ast::Seq<ast::Keyword*>& keywords, u32 begin, u32 end);
  i32 expr_lambda(const ast::Lambda* e, i32 dest);
  struct FunctionParts {
    const ast::Arguments* args = nullptr;
    const ast::ExprNode* returns = nullptr;
    bool annotations = false;
  };
  struct FunctionExtras {  // what was pushed for MakeFunction: four registers, or nothing at all
    i32 window = -1;
  };
  FunctionExtras push_function_extras(const FunctionParts& parts, const void* node);
  i32 make_function(FunctionExtras extras, Block* block, std::unique_ptr<FinishedCode> code, i32 base, i32 dest);
  bool push_annotations(const FunctionParts& parts);
  void push_annotation(std::string_view name, const ast::ExprNode* annotation, i32* count);
  void push_closure(const Block* block);
  bool needs_closure(const Block* block) const;
  void check_arguments_forbidden(const ast::Arguments* args);
  template <class Function>
  void stmt_function(const Function& node, const ast::StmtNode* s, bool is_async);
  void stmt_class(const ast::ClassDef* s);
  void push_decorators(const ast::Seq<ast::ExprNode*>& decorators);
  void apply_decorators(const ast::Seq<ast::ExprNode*>& decorators, i32 base);
  void declare_parameters(const ast::Arguments* args);

  // ---- comprehensions (codegen_comprehension.cpp)
  i32 expr_comprehension(const ast::ExprNode* e, std::string_view name, ComprehensionKind kind,
                         const ast::Seq<ast::Comprehension*>& generators, const ast::ExprNode* element,
                         const ast::ExprNode* value, i32 dest);
  void comprehension_loop(const ast::Seq<ast::Comprehension*>& generators, u32 index, const ast::ExprNode* element,
                          const ast::ExprNode* value, ComprehensionKind kind, i32 container);
  void comprehension_element(const ast::ExprNode* element, const ast::ExprNode* value, ComprehensionKind kind, i32 container);

  // ---- statements (codegen_stmt.cpp)
  void body(const ast::Seq<ast::StmtNode*>& stmts, u32 first = 0);
  void stmt(const ast::StmtNode* s);
  void stmt_inner(const ast::StmtNode* s);
  void stmt_expr(const ast::Expr* s);
  void stmt_assign(const ast::Assign* s);
  bool assign_tuples(const ast::Assign* s);
  void stmt_aug_assign(const ast::AugAssign* s);
  void stmt_ann_assign(const ast::AnnAssign* s);
  void stmt_if(const ast::If* s);
  void stmt_while(const ast::While* s);
  void stmt_for(const ast::For* s);
  void stmt_async_for(const ast::AsyncFor* s);
  void stmt_return(const ast::Return* s);
  void leave_to(Op op, LabelId target, i32 handler);
  void stmt_break(const ast::StmtNode* s);
  void stmt_continue(const ast::StmtNode* s);
  void stmt_raise(const ast::Raise* s);
  void stmt_assert(const ast::Assert* s);
  void stmt_import(const ast::Import* s);
  void stmt_import_from(const ast::ImportFrom* s);
  void module_body(const ast::Seq<ast::StmtNode*>& stmts);
  void class_or_module_body(const ast::Seq<ast::StmtNode*>& stmts);
  static bool has_annotation(const ast::Seq<ast::StmtNode*>& stmts);
  void check_annotation_expr(const ast::ExprNode* e);
  void check_annotation_subscript(const ast::ExprNode* e);
  void evaluate_and_drop(const ast::ExprNode* e);
  i32 emit_binary(ast::Operator op, bool inplace, i32 dst, i32 left, const ast::ExprNode* right);
  bool small_int_operand(const ast::ExprNode* e, i32* value) const;

  // ---- exceptions and with (codegen_exception.cpp)
  bool push_block(FrameBlock block);
  void pop_block() {
    if (!unit_->blocks.empty()) unit_->blocks.pop_back();
  }
  bool leaving_needs_code() const;
  void unwind_one(const FrameBlock& block, i32 preserved);
  void unwind(i32 preserved, FrameBlock** loop, FrameBlock* storage);
  template <class TryNode>
  void stmt_try(const TryNode& node, const ast::StmtNode* s, bool star);
  void try_except(const ast::Seq<ast::StmtNode*>& try_body, const ast::Seq<ast::ExceptHandler*>& handlers,
                  const ast::Seq<ast::StmtNode*>& orelse, bool star, const ast::Span& span);
  void except_handlers(const ast::Seq<ast::ExceptHandler*>& handlers, i32 exception, i32 saved, i32 outer_handler, LabelId end);
  void except_star_handlers(const ast::Seq<ast::ExceptHandler*>& handlers, i32 exception, i32 saved, i32 outer_handler,
                            LabelId end);
  void unbind_exception_name(std::string_view name);
  void emit_cleanup(LabelId label, i32 saved, const BoundSet& bound, bool reachable);
  template <class WithNode>
  void stmt_with(const WithNode& node, const ast::StmtNode* s, u32 index, bool is_async);
  void call_exit_with_nones(i32 window, bool is_async, bool in_place);

  // ---- patterns (codegen_pattern.cpp)
  struct PatternContext {
    struct Capture {
      std::string_view name;
      i32 reg;
    };
    LabelId fail = -1;
    bool allow_irrefutable = false;
    std::vector<Capture> captures;
  };
  void stmt_match(const ast::Match* s);
  void pattern(const ast::PatternNode* p, i32 subject, PatternContext& context);
  void subpattern(const ast::PatternNode* p, i32 subject, PatternContext& context);
  void capture(const ast::PatternNode* p, std::string_view name, i32 subject, PatternContext& context);
  void pattern_as(const ast::MatchAs* p, i32 subject, PatternContext& context);
  void pattern_value(const ast::MatchValue* p, i32 subject, PatternContext& context);
  void pattern_singleton(const ast::MatchSingleton* p, i32 subject, PatternContext& context);
  void pattern_sequence(const ast::MatchSequence* p, i32 subject, PatternContext& context);
  void pattern_mapping(const ast::MatchMapping* p, i32 subject, PatternContext& context);
  void pattern_class(const ast::MatchClass* p, i32 subject, PatternContext& context);
  void pattern_or(const ast::MatchOr* p, i32 subject, PatternContext& context);
  void fail_unless_length(i32 subject, ast::CmpOperator op, i32 length, PatternContext& context);

  ast::Arena& arena_;
  SymbolTable& symbols_;
  const CodegenOptions& options_;
  Diagnostics& diagnostics_;
  std::vector<std::unique_ptr<Unit>> units_;
  Unit* unit_ = nullptr;
  u32 depth_ = 0;
};

}  // namespace baton::compile
