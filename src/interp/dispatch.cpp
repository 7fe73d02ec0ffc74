// The dispatch loop: one function an opcode, each ending in a tail call to the next (clang's musttail and preserve_none), with
// all interpreter state in argument registers. A handler shows its fast path; whatever allocates, raises or calls out is a slow_*
// function (slow_*.cpp). Every slow path is preceded by SAVE_PC: frames tell the collector and tracebacks where they are.
#include "interp/dispatch.h"

#include "interp/inline_cache.h"
#include "interp/native_operators.h"
#include "interp/slow.h"
#include "interp/tiers.h"
#include "objects/async_generator.h"
#include "objects/dict_inline.h"
#include "objects/exception.h"
#include "objects/instance_lookup.h"
#include "objects/iterators_inline.h"
#include "objects/list_inline.h"
#include "objects/module.h"
#include "objects/native_room.h"
#include "objects/numbers.h"
#include "objects/operators.h"
#include "objects/set_table.h"
#include "objects/super.h"
#include "objects/tuple.h"
#include "objects/typed_array.h"
#include "threads/short_lock.h"

namespace baton {

#define PRESERVE_NONE [[clang::preserve_none]]
#define MUSTTAIL [[clang::musttail]]
#define INLINE_CALL [[clang::always_inline]]
#define INLINE_BODY __attribute__((always_inline))
using Handler = Value (*)(Thread*, const Instruction*, Value*, Frame*, const void*) [[clang::preserve_none]];

extern const Handler handlers[];
extern const Handler compiled_handlers[], traced_handlers[];

#define STATE Thread *t, const Instruction *pc, Value *r, Frame *f, const void *table
#define PASS t, pc, r, f, table
#define OP(name) PRESERVE_NONE static Value op_##name(STATE)
#define DISPATCH() MUSTTAIL return static_cast<const Handler*>(table)[pc->op](PASS)
#define NEXT    \
  do {          \
    ++pc;       \
    DISPATCH(); \
  } while (0)
#define JUMP(offset)    \
  do {                  \
    pc += 1 + (offset); \
    DISPATCH();         \
  } while (0)
#define SAVE_PC() (f->pc = pc)
#define UNWIND() MUSTTAIL return unwind(PASS)
// Stores v, or unwinds when it is absent (failed).
#define SET_OR_UNWIND(reg, expr)         \
  do {                                   \
    Value value_ = (expr);               \
    if (value_.is_absent()) [[unlikely]] \
      UNWIND();                          \
    r[reg] = value_;                     \
  } while (0)
#define CHECK_OR_UNWIND(expr) \
  do {                        \
    if (!(expr)) [[unlikely]] \
      UNWIND();               \
  } while (0)

PRESERVE_NONE static Value unwind(STATE);

// Counts a call or a loop iteration.
BATON_ALWAYS_INLINE static bool is_hot(Code* code) {
  i32 hotness = code->hotness_;
  if (hotness >= compile_threshold) [[unlikely]]
    return true;
  code->hotness_ = hotness + 1;
  return false;
}

// Goes on at pc in machine code, if there is some or can be.
PRESERVE_NONE static Value enter_hot(STATE) {
  SAVE_PC();  // which registers are live
  if (table != traced_handlers && (f->code->compiled_offset() || tier_hooks.compile(*t, f))) table = compiled_handlers;
  DISPATCH();
}

// ---------------------------------------------------------------------------------------------------------------- moves, scopes

OP(Nop) { NEXT; }
OP(Move) {
  r[pc->a] = r[pc->b];
  NEXT;
}
OP(LoadConst) {
  r[pc->a] = f->consts[pc->wide()];
  NEXT;
}
OP(LoadSmallInt) {
  r[pc->a] = Value::of_small_int(pc->jump32());
  NEXT;
}
OP(LoadAbsent) {
  r[pc->a] = Value();
  NEXT;
}
OP(CheckBound) {
  if (r[pc->a].is_absent()) [[unlikely]] {
    SAVE_PC();
    slow_unbound(*t, f, pc->a);
    UNWIND();
  }
  NEXT;
}
OP(DeleteLocal) {
  if (r[pc->a].is_absent()) [[unlikely]] {
    SAVE_PC();
    slow_unbound(*t, f, pc->a);
    UNWIND();
  }
  r[pc->a] = Value();
  NEXT;
}
#define LOAD_GLOBAL(slow, and_then)                                                                                 \
  Value cache = cache_of(f, pc).get();                                                                              \
  if (cache.is_present()) [[likely]] {                                                                              \
    auto* record = cache.as<CacheRecord>();                                                                         \
    DictTable* globals_now = f->globals->table();                                                                   \
    if (record->table_.get() == globals_now &&                                                                      \
        (record->form_ == CacheForm::Global || (record->entry_count_ == globals_now->entry_count() &&               \
                                                record->second_table_.get() == f->builtins->table()))) [[likely]] { \
      Value v = record->place_->get();                                                                              \
      if (v.is_present()) [[likely]] {                                                                              \
        r[pc->a] = v;                                                                                               \
        and_then;                                                                                                   \
        NEXT;                                                                                                       \
      }                                                                                                             \
    }                                                                                                               \
  }                                                                                                                 \
  SAVE_PC();                                                                                                        \
  SET_OR_UNWIND(pc->a, slow(*t, f, pc));                                                                            \
  and_then;                                                                                                         \
  NEXT;
OP(LoadGlobal){LOAD_GLOBAL(slow_load_global, (void)0)} OP(LoadGlobalCallee){LOAD_GLOBAL(slow_load_global, r[pc->a + 1] = Value())}

// In a module's own code names are globals; a class body or exec() with two mappings looks in its locals first.
OP(LoadName) {
  if (f->locals != Value(f->globals)) [[unlikely]] {
    SAVE_PC();
    SET_OR_UNWIND(pc->a, slow_load_name(*t, f, pc));
    NEXT;
  }
  LOAD_GLOBAL(slow_load_name, (void)0)
}

// Runs `store` with the object locked, as no other one is; answers what it answers, or false where the lock has to be waited for.
template <class Store>
BATON_ALWAYS_INLINE bool store_locked(Thread& t, Cell* cell, const Store& store) {
  u8* byte = cell->lock_byte();
  bool stored = false;
  if (LockBias::enter_short(t)) [[likely]] {
    stored = store();
    LockBias::leave_short(t);
  } else if (try_lock_byte_shortly(t, byte)) {
    stored = store();
    release_short_lock(byte);
  }
  return stored;
}

// An entry that is there already gets its new value in place.
BATON_ALWAYS_INLINE static bool store_cached_global(Frame* f, CacheRecord* record, Value v) {
  DictTable* table = f->globals->table();
  if (record->table_.get() != table || record->form_ != CacheForm::Global || record->place_->get().is_absent()) return false;
  INLINE_CALL record->place_->set(table, v);
  return true;
}
#define STORE_GLOBAL(slow)                                                               \
  Value cache = cache_of(f, pc).get();                                                   \
  if (cache.is_present()) [[likely]] {                                                   \
    auto* record = cache.as<CacheRecord>();                                              \
    auto store = [&]() INLINE_BODY { return store_cached_global(f, record, r[pc->b]); }; \
    if (objects_are_locked() ? store_locked(*t, f->globals, store) : store()) [[likely]] \
      NEXT;                                                                              \
  }                                                                                      \
  SAVE_PC();                                                                             \
  CHECK_OR_UNWIND(slow(*t, f, pc, r[pc->b]));                                            \
  NEXT;
OP(StoreGlobal){STORE_GLOBAL(slow_store_global)} OP(StoreName) {
  if (f->locals != Value(f->globals)) [[unlikely]] {
    SAVE_PC();
    CHECK_OR_UNWIND(slow_store_name(*t, f, pc, r[pc->b]));
    NEXT;
  }
  STORE_GLOBAL(slow_store_name)
}
#define SIMPLE_SET(name, call)  \
  OP(name) {                    \
    SAVE_PC();                  \
    SET_OR_UNWIND(pc->a, call); \
    NEXT;                       \
  }
#define SIMPLE_CHECK(name, call) \
  OP(name) {                     \
    SAVE_PC();                   \
    CHECK_OR_UNWIND(call);       \
    NEXT;                        \
  }
SIMPLE_CHECK(DeleteGlobal, slow_delete_global(*t, f, pc->a))
SIMPLE_CHECK(DeleteName, slow_delete_name(*t, f, pc->a)) SIMPLE_SET(MakeCell, slow_make_cell(*t, r[pc->a])) OP(CopyFreeVars) {
  Tuple* closure = f->function->closure();
  for (u32 i = 0; i < pc->b; ++i) r[pc->a + i] = closure->items()[i];
  NEXT;
}
OP(LoadDeref) {
  Value v = r[pc->b].as<ClosureCell>()->get();
  if (v.is_absent()) [[unlikely]] {
    SAVE_PC();
    slow_unbound_cell(*t, f, pc->b);
    UNWIND();
  }
  r[pc->a] = v;
  NEXT;
}
SIMPLE_SET(LoadClassDeref, slow_load_class_deref(*t, f, r[pc->b], pc->b, pc->c))
OP(StoreDeref) {
  r[pc->a].as<ClosureCell>()->set(r[pc->b]);
  NEXT;
}
OP(DeleteDeref) {
  auto* cell = r[pc->a].as<ClosureCell>();
  if (cell->get().is_absent()) [[unlikely]] {
    SAVE_PC();
    slow_unbound_cell(*t, f, pc->a);
    UNWIND();
  }
  cell->set(Value());
  NEXT;
}
SIMPLE_SET(LoadLocals, slow_load_locals(*t, f))
SIMPLE_CHECK(SetupAnnotations, slow_setup_annotations(*t, f))

// ---------------------------------------------------------------------------------------------------------------- arithmetic

// A hint for machine code.
BATON_ALWAYS_INLINE static void note(Frame* f, const Instruction* pc, i64 bit) {
  Field<Value>& cache = cache_of(f, pc);
  i64 seen = cache.get().small_int();  // 0 of an empty one
  if ((seen & bit) != bit) cache.set_unremembered(Value::of_small_int(seen | bit));
}
// Of what are no two small ints.
BATON_ALWAYS_INLINE static i64 operands_seen(BinaryOp op, Value a, Value b) {
  if (is_exact_int(a) && is_exact_int(b)) return kWideSeen;
  return op == BinaryOp::Add && is_exact<Bytes>(a) ? kOthersSeen | kBytesSeen : kOthersSeen;
}
BATON_ALWAYS_INLINE static void note_operands(Frame* f, const Instruction* pc, OperandsSeen kind) { note(f, pc, kind); }

// Of a class written in Python.
BATON_ALWAYS_INLINE static bool is_instance(Value v) { return v.is_cell() && v.cell()->is_subclass_instance(); }
// Whether its class has a method for it that is a function: worth looking closer.
BATON_ALWAYS_INLINE static bool has_function(Value v, Slot slot) {
  return is_cell_operand(v) && v.cell()->is_subclass_instance() && is_exact<Function>(type_of(v)->slot(slot));
}
BATON_ALWAYS_INLINE static bool may_have_methods(BinaryOp op, bool is_inplace, Value a, Value b) {
  BinaryInfo slots = operator_slots(op);
  return has_function(a, slots.forward) || has_function(b, slots.reflected) || (is_inplace && has_function(a, slots.inplace));
}
PRESERVE_NONE static Value operate_by_method(STATE);  // ops_operator.inc
PRESERVE_NONE static Value compare_by_method(STATE);
PRESERVE_NONE static Value operate_alone(STATE);
PRESERVE_NONE static Value truth_by_method(STATE);
PRESERVE_NONE static Value contains_by_method(STATE);

#define OPERATE_SLOW(op, is_inplace, slow, native_slow)                                            \
  SAVE_PC();                                                                                       \
  if (!both_small_ints(a, b)) {                                                                    \
    if (const NativeDef* def = native_operator(BinaryOp::op, is_inplace, a, b)) {                  \
      note_operands(f, pc, kOthersSeen);                                                           \
      SET_OR_UNWIND(pc->a, native_slow(*t, def, BinaryOp::op, a, b));                              \
      NEXT;                                                                                        \
    }                                                                                              \
    note(f, pc, operands_seen(BinaryOp::op, a, b));                                                \
    if (may_have_methods(BinaryOp::op, is_inplace, a, b)) MUSTTAIL return operate_by_method(PASS); \
  }                                                                                                \
  SET_OR_UNWIND(pc->a, slow(*t, BinaryOp::op, a, b));                                              \
  NEXT;
#define BINARY_SLOW(op) OPERATE_SLOW(op, false, slow_binary, slow_native_binary)
#define INPLACE_SLOW(op) OPERATE_SLOW(op, true, slow_inplace, slow_native_inplace)

#define FAST_ADD                                                                                                \
  if (both_small_ints(a, b)) [[likely]] {                                                                       \
    i64 sum;                                                                                                    \
    if (!__builtin_add_overflow(static_cast<i64>(a.bits()), static_cast<i64>(b.bits() - 1), &sum)) [[likely]] { \
      r[pc->a] = Value(static_cast<u64>(sum));                                                                  \
      NEXT;                                                                                                     \
    }                                                                                                           \
  } else if (a.is_immediate_float() && b.is_immediate_float()) {                                                \
    note_operands(f, pc, kFloatsSeen);                                                                          \
    Value v = Value::try_of_float(a.immediate_float() + b.immediate_float());                                   \
    if (v.is_present()) [[likely]] {                                                                            \
      r[pc->a] = v;                                                                                             \
      NEXT;                                                                                                     \
    }                                                                                                           \
  }
#define FAST_SUB                                                                                                       \
  if (both_small_ints(a, b)) [[likely]] {                                                                              \
    i64 difference;                                                                                                    \
    if (!__builtin_sub_overflow(static_cast<i64>(a.bits()), static_cast<i64>(b.bits() - 1), &difference)) [[likely]] { \
      r[pc->a] = Value(static_cast<u64>(difference));                                                                  \
      NEXT;                                                                                                            \
    }                                                                                                                  \
  } else if (a.is_immediate_float() && b.is_immediate_float()) {                                                       \
    note_operands(f, pc, kFloatsSeen);                                                                                 \
    Value v = Value::try_of_float(a.immediate_float() - b.immediate_float());                                          \
    if (v.is_present()) [[likely]] {                                                                                   \
      r[pc->a] = v;                                                                                                    \
      NEXT;                                                                                                            \
    }                                                                                                                  \
  }
#define FAST_MUL                                                                                                        \
  if (both_small_ints(a, b)) [[likely]] {                                                                               \
    i64 product;                                                                                                        \
    if (!__builtin_mul_overflow(a.small_int(), b.small_int(), &product) && Value::fits_small_int(product)) [[likely]] { \
      r[pc->a] = Value::of_small_int(product);                                                                          \
      NEXT;                                                                                                             \
    }                                                                                                                   \
  } else if (a.is_immediate_float() && b.is_immediate_float()) {                                                        \
    note_operands(f, pc, kFloatsSeen);                                                                                  \
    Value v = Value::try_of_float(a.immediate_float() * b.immediate_float());                                           \
    if (v.is_present()) [[likely]] {                                                                                    \
      r[pc->a] = v;                                                                                                     \
      NEXT;                                                                                                             \
    }                                                                                                                   \
  }
#define FAST_TRUEDIV                                                                  \
  if (a.is_immediate_float() && b.is_immediate_float() && b.immediate_float() != 0) { \
    Value v = Value::try_of_float(a.immediate_float() / b.immediate_float());         \
    if (v.is_present()) [[likely]] {                                                  \
      r[pc->a] = v;                                                                   \
      NEXT;                                                                           \
    }                                                                                 \
  }
#define FAST_FLOORDIV                                          \
  if (both_small_ints(a, b) && b.small_int() > 0) [[likely]] { \
    i64 x = a.small_int(), y = b.small_int(), q = x / y;       \
    if (x % y < 0) --q;                                        \
    r[pc->a] = Value::of_small_int(q);                         \
    NEXT;                                                      \
  }
#define FAST_MOD                                               \
  if (both_small_ints(a, b) && b.small_int() > 0) [[likely]] { \
    i64 y = b.small_int(), m = a.small_int() % y;              \
    if (m < 0) m += y;                                         \
    r[pc->a] = Value::of_small_int(m);                         \
    NEXT;                                                      \
  }
#define FAST_AND                           \
  if (both_small_ints(a, b)) [[likely]] {  \
    r[pc->a] = Value(a.bits() & b.bits()); \
    NEXT;                                  \
  }
#define FAST_OR                            \
  if (both_small_ints(a, b)) [[likely]] {  \
    r[pc->a] = Value(a.bits() | b.bits()); \
    NEXT;                                  \
  }
#define FAST_XOR                                 \
  if (both_small_ints(a, b)) [[likely]] {        \
    r[pc->a] = Value((a.bits() ^ b.bits()) | 1); \
    NEXT;                                        \
  }
#define FAST_LSHIFT                                                         \
  if (both_small_ints(a, b) && static_cast<u64>(b.small_int()) < 61) {      \
    i64 x = a.small_int(), s = x << b.small_int();                          \
    if ((s >> b.small_int()) == x && Value::fits_small_int(s)) [[likely]] { \
      r[pc->a] = Value::of_small_int(s);                                    \
      NEXT;                                                                 \
    }                                                                       \
  }
#define FAST_RSHIFT                                                     \
  if (both_small_ints(a, b) && b.small_int() >= 0) {                    \
    i64 s = b.small_int();                                              \
    r[pc->a] = Value::of_small_int(a.small_int() >> (s > 63 ? 63 : s)); \
    NEXT;                                                               \
  }
#define NO_FAST
#define BINARY_OPS(name, fast)        \
  OP(Binary##name) {                  \
    Value a = r[pc->b], b = r[pc->c]; \
    fast BINARY_SLOW(name)            \
  }                                   \
  OP(Inplace##name) {                 \
    Value a = r[pc->b], b = r[pc->c]; \
    fast INPLACE_SLOW(name)           \
  }
BINARY_OPS(Add, FAST_ADD)
BINARY_OPS(Sub, FAST_SUB)
BINARY_OPS(Mul, FAST_MUL)
BINARY_OPS(MatMul, NO_FAST)
BINARY_OPS(TrueDiv, FAST_TRUEDIV)
BINARY_OPS(FloorDiv, FAST_FLOORDIV)
BINARY_OPS(Mod, FAST_MOD)
BINARY_OPS(Pow, NO_FAST)
BINARY_OPS(LShift, FAST_LSHIFT)
BINARY_OPS(RShift, FAST_RSHIFT)
BINARY_OPS(And, FAST_AND)
BINARY_OPS(Or, FAST_OR)
BINARY_OPS(Xor, FAST_XOR)

#define SMALL_IMMEDIATE() Value b = Value::of_small_int(static_cast<i16>(pc->c))
OP(AddInt) {
  Value a = r[pc->b];
  SMALL_IMMEDIATE();
  FAST_ADD BINARY_SLOW(Add)
}
OP(SubInt) {
  Value a = r[pc->b];
  SMALL_IMMEDIATE();
  FAST_SUB BINARY_SLOW(Sub)
}
OP(InplaceAddInt) {
  Value a = r[pc->b];
  SMALL_IMMEDIATE();
  FAST_ADD INPLACE_SLOW(Add)
}
OP(InplaceSubInt) {
  Value a = r[pc->b];
  SMALL_IMMEDIATE();
  FAST_SUB INPLACE_SLOW(Sub)
}
OP(UnaryNegative) {
  Value a = r[pc->b];
  if (a.is_small_int() && a.small_int() != Value::kMinSmallInt) {
    r[pc->a] = Value::of_small_int(-a.small_int());
    NEXT;
  }
  SAVE_PC();
  if (is_instance(a)) MUSTTAIL return operate_alone(PASS);
  SET_OR_UNWIND(pc->a, slow_unary(*t, UnaryOp::Negative, a));
  NEXT;
}
// A value whose truth is asked for.
BATON_NOINLINE static void note_tested(Frame* f, const Instruction* pc, Value a) {
  i64 seen = a.is_immediate_float() ? kFloatTested : a.is_cell() ? kOtherTested : 0;
  for (usize k = 0; k < std::size(kSizedKinds) && seen == kOtherTested; ++k)
    if (a.cell()->kind_word() == kSizedKinds[k]) seen = sized_tested(k);
  if (seen) note(f, pc, seen);
}
OP(UnaryPositive) {
  SAVE_PC();
  MUSTTAIL return operate_alone(PASS);
}
OP(UnaryInvert) {
  Value a = r[pc->b];
  if (a.is_small_int()) {
    r[pc->a] = Value::of_small_int(~a.small_int());
    NEXT;
  }
  SAVE_PC();
  if (is_instance(a)) MUSTTAIL return operate_alone(PASS);
  SET_OR_UNWIND(pc->a, slow_unary(*t, UnaryOp::Invert, a));
  NEXT;
}
OP(UnaryNot) {
  Value a = r[pc->b];
  if (a.is_bool()) {
    r[pc->a] = Value::of_bool(a.is_false());
    NEXT;
  }
  SAVE_PC();
  note_tested(f, pc, a);
  if (is_instance(a)) MUSTTAIL return truth_by_method(PASS);
  int truthy = slow_truth(*t, a);
  CHECK_OR_UNWIND(truthy >= 0);
  r[pc->a] = Value::of_bool(!truthy);
  NEXT;
}

// ---------------------------------------------------------------------------------------------------------------- comparison

BATON_ALWAYS_INLINE static void note_searched(Frame* f, const Instruction* pc, Value container) {
  switch (container.cell()->kind_word()) {
    case kKindDict:
    case kKindSet:
    case kKindFrozenSet: return note(f, pc, kTablesSearched);
    case kKindStr: return note(f, pc, kTextsSearched);
    case kKindTuple:
    case kKindList: return note(f, pc, kItemsSearched);
    default: return;
  }
}
BATON_ALWAYS_INLINE static i64 first_compared(Value a) {
  switch (is_cell_operand(a) ? a.cell()->kind_word() : u16{0}) {
    case kKindTuple: return kTuplesSeen;
    case kKindBytes: return kBytesSeen;
    case kKindSet:
    case kKindFrozenSet: return kSetsSeen;
    default: return 0;
  }
}
BATON_ALWAYS_INLINE static void note_compared(Frame* f, const Instruction* pc, Value a) {
  note(f, pc, kOthersSeen | first_compared(a));
}
// Tagged small ints compare as their values do.
// goes_on: the answer that is followed by the next instruction.
#define JUMP_BY_COMPARISON(jump, goes_on, name, symbol)                                                                    \
  OP(jump##name) {                                                                                                         \
    Value a = r[pc->a], b = r[pc->b];                                                                                      \
    bool yes;                                                                                                              \
    if (both_small_ints(a, b)) [[likely]]                                                                                  \
      yes = static_cast<i64>(a.bits()) symbol static_cast<i64>(b.bits());                                                  \
    else if (a.is_immediate_float() && b.is_immediate_float()) {                                                           \
      note_operands(f, pc, kFloatsSeen);                                                                                   \
      yes = a.immediate_float() symbol b.immediate_float();                                                                \
    } else {                                                                                                               \
      SAVE_PC();                                                                                                           \
      note_compared(f, pc, a);                                                                                             \
      if (has_function(a, comparison_slot(CompareOp::name))) MUSTTAIL return compare_by_method(PASS);                      \
      const NativeDef* def = native_comparison(CompareOp::name, a, b);                                                     \
      int answer =                                                                                                         \
          def ? slow_native_compare_truth(*t, def, CompareOp::name, a, b) : slow_compare_truth(*t, CompareOp::name, a, b); \
      CHECK_OR_UNWIND(answer >= 0);                                                                                        \
      yes = answer;                                                                                                        \
    }                                                                                                                      \
    if (yes == goes_on) NEXT;                                                                                              \
    JUMP(static_cast<i16>(pc->c));                                                                                         \
  }
#define COMPARE_OPS(name, symbol)                                                                                          \
  OP(Compare##name) {                                                                                                      \
    Value a = r[pc->b], b = r[pc->c];                                                                                      \
    if (both_small_ints(a, b)) [[likely]] {                                                                                \
      r[pc->a] = Value::of_bool(static_cast<i64>(a.bits()) symbol static_cast<i64>(b.bits()));                             \
      NEXT;                                                                                                                \
    }                                                                                                                      \
    if (a.is_immediate_float() && b.is_immediate_float()) {                                                                \
      note_operands(f, pc, kFloatsSeen);                                                                                   \
      r[pc->a] = Value::of_bool(a.immediate_float() symbol b.immediate_float());                                           \
      NEXT;                                                                                                                \
    }                                                                                                                      \
    SAVE_PC();                                                                                                             \
    note_compared(f, pc, a);                                                                                               \
    if (has_function(a, comparison_slot(CompareOp::name))) MUSTTAIL return compare_by_method(PASS);                        \
    if (const NativeDef* def = native_comparison(CompareOp::name, a, b)) {                                                 \
      SET_OR_UNWIND(pc->a, slow_native_compare(*t, def, CompareOp::name, a, b));                                           \
      NEXT;                                                                                                                \
    }                                                                                                                      \
    SET_OR_UNWIND(pc->a, slow_compare(*t, CompareOp::name, a, b));                                                         \
    NEXT;                                                                                                                  \
  }                                                                                                                        \
  JUMP_BY_COMPARISON(JumpUnless, true, name, symbol)                                                                       \
  JUMP_BY_COMPARISON(JumpIf, false, name, symbol)                                                                          \
  OP(JumpUnless##name##Int) {                                                                                              \
    Value a = r[pc->a];                                                                                                    \
    bool yes;                                                                                                              \
    if (a.is_small_int()) [[likely]]                                                                                       \
      yes = a.small_int() symbol static_cast<i16>(pc->b);                                                                  \
    else {                                                                                                                 \
      SAVE_PC();                                                                                                           \
      note_compared(f, pc, a);                                                                                             \
      if (has_function(a, comparison_slot(CompareOp::name))) MUSTTAIL return compare_by_method(PASS);                      \
      Value b = Value::of_small_int(static_cast<i16>(pc->b));                                                              \
      const NativeDef* def = native_comparison(CompareOp::name, a, b);                                                     \
      int answer =                                                                                                         \
          def ? slow_native_compare_truth(*t, def, CompareOp::name, a, b) : slow_compare_truth(*t, CompareOp::name, a, b); \
      CHECK_OR_UNWIND(answer >= 0);                                                                                        \
      yes = answer;                                                                                                        \
    }                                                                                                                      \
    if (yes) NEXT;                                                                                                         \
    JUMP(static_cast<i16>(pc->c));                                                                                         \
  }
COMPARE_OPS(Lt, <)
COMPARE_OPS(Le, <=)
COMPARE_OPS(Eq, ==)
COMPARE_OPS(Ne, !=)
COMPARE_OPS(Gt, >)
COMPARE_OPS(Ge, >=)
OP(Is) {
  r[pc->a] = Value::of_bool(r[pc->b] == r[pc->c]);
  NEXT;
}
OP(IsNot) {
  r[pc->a] = Value::of_bool(!(r[pc->b] == r[pc->c]));
  NEXT;
}
OP(JumpIfIs) {
  if (r[pc->a] == r[pc->b]) JUMP(static_cast<i16>(pc->c));
  NEXT;
}
OP(JumpIfIsNot) {
  if (!(r[pc->a] == r[pc->b])) JUMP(static_cast<i16>(pc->c));
  NEXT;
}
// A small int, or a text whose hash is known, in a dict or set: 1 or 0; -1: look closer.
template <i32 find(const DictTable*, Value key, u64 hash)>
BATON_ALWAYS_INLINE static int contains_simply(Cell* container, Value item, u64 hash) {
  u16 kind = container->kind_word();
  if (kind == kKindDict) {
    DictTable* table = static_cast<Dict*>(container)->table();
    if (!table) return 0;
    i32 entry = find(table, item, hash);
    return entry == kUnsure ? -1 : entry >= 0;
  }
  if (kind != kKindSet && kind != kKindFrozenSet) return -1;
  SetTable* table = static_cast<Set*>(container)->table();
  if (!table) return 0;
  i64 slot, place;
  return search_simply(table, item, hash, &slot, &place) ? slot >= 0 : -1;
}
#define CONTAINS(name, negate)                                                                                        \
  PRESERVE_NONE static Value name##_generally(STATE) {                                                                \
    SAVE_PC();                                                                                                        \
    SET_OR_UNWIND(pc->a, slow_contains(*t, r[pc->c], r[pc->b], negate));                                              \
    NEXT;                                                                                                             \
  }                                                                                                                   \
  PRESERVE_NONE static Value name##_text(STATE) {                                                                     \
    Value container = r[pc->c], item = r[pc->b];                                                                      \
    u64 hash = item.as<Str>()->cached_hash();                                                                         \
    int answer = hash ? contains_simply<table_find_easily>(container.cell(), item, hash) : -1;                        \
    if (answer < 0) MUSTTAIL return name##_generally(PASS);                                                           \
    r[pc->a] = Value::of_bool(answer != negate);                                                                      \
    NEXT;                                                                                                             \
  }                                                                                                                   \
  OP(name) {                                                                                                          \
    Value container = r[pc->c], item = r[pc->b];                                                                      \
    if (!container.is_cell()) MUSTTAIL return name##_generally(PASS);                                                 \
    note_searched(f, pc, container);                                                                                  \
    if (is_instance(container)) {                                                                                     \
      SAVE_PC();                                                                                                      \
      MUSTTAIL return contains_by_method(PASS);                                                                       \
    }                                                                                                                 \
    if (is_exact<Str>(item)) MUSTTAIL return name##_text(PASS);                                                       \
    int answer = -1;                                                                                                  \
    if (item.is_small_int()) [[likely]]                                                                               \
      answer = contains_simply<table_find_int>(container.cell(), item, static_cast<u64>(hash_i64(item.small_int()))); \
    if (answer < 0) MUSTTAIL return name##_generally(PASS);                                                           \
    r[pc->a] = Value::of_bool(answer != negate);                                                                      \
    NEXT;                                                                                                             \
  }
CONTAINS(Contains, false)
CONTAINS(NotContains, true)

// ---------------------------------------------------------------------------------------------------------------- jumps

OP(Jump) { JUMP(pc->jump32()); }
OP(JumpNoPoll) { JUMP(pc->jump32()); }
OP(JumpBack) {
  if (t->poll_pending()) [[unlikely]] {
    SAVE_PC();
    CHECK_OR_UNWIND(slow_poll(*t, f, nullptr));
    table = dispatch_table(*t);
  }
  pc += 1 + pc->jump32();
  if (is_hot(f->code)) [[unlikely]]
    MUSTTAIL return enter_hot(PASS);
  DISPATCH();
}
#define CONDITIONAL_JUMP(name, when)                             \
  OP(name) {                                                     \
    Value a = r[pc->a];                                          \
    bool yes;                                                    \
    if (a.is_bool()) [[likely]]                                  \
      yes = a.is_true();                                         \
    else if (a.is_small_int())                                   \
      yes = a.small_int() != 0;                                  \
    else if (a.is_none())                                        \
      yes = false;                                               \
    else {                                                       \
      SAVE_PC();                                                 \
      note_tested(f, pc, a);                                     \
      if (is_instance(a)) MUSTTAIL return truth_by_method(PASS); \
      int answer = slow_truth(*t, a);                            \
      CHECK_OR_UNWIND(answer >= 0);                              \
      yes = answer;                                              \
    }                                                            \
    if (yes == when) JUMP(pc->jump32());                         \
    NEXT;                                                        \
  }
CONDITIONAL_JUMP(JumpIfTrue, true)
CONDITIONAL_JUMP(JumpIfFalse, false)
OP(JumpIfNone) {
  if (r[pc->a].is_none()) JUMP(pc->jump32());
  NEXT;
}
OP(JumpIfNotNone) {
  if (!r[pc->a].is_none()) JUMP(pc->jump32());
  NEXT;
}
OP(JumpIfAbsent) {
  if (r[pc->a].is_absent()) JUMP(pc->jump32());
  NEXT;
}

// ---------------------------------------------------------------------------------------------------------------- attributes

// Enters a frame whose parameters are in place.
#define ENTER_FRAME(function_, code_, args_, entry_, result_)        \
  do {                                                               \
    Frame* frame_ = push_frame(*t, function_, code_, args_, entry_); \
    if (!frame_) [[unlikely]]                                        \
      UNWIND();                                                      \
    frame_->return_register = (result_);                             \
    f = frame_;                                                      \
    r = (args_);                                                     \
    pc = (code_)->instructions();                                    \
    if (t->poll_pending()) [[unlikely]]                              \
      MUSTTAIL return begin_polled(PASS);                            \
    if (is_hot(code_)) [[unlikely]]                                  \
      MUSTTAIL return enter_hot(PASS);                               \
    DISPATCH();                                                      \
  } while (0)

PRESERVE_NONE static Value begin_polled(STATE) {
  CHECK_OR_UNWIND(slow_poll(*t, f, nullptr));
  table = dispatch_table(*t);
  DISPATCH();
}

PRESERVE_NONE static Value call_len(STATE);
#include "interp/ops_attribute.inc"

// ---------------------------------------------------------------------------------------------------------------- items

// A method of the object's class that is a Python function of `n` parameters, with room for its registers; else null.
BATON_ALWAYS_INLINE static Function* python_slot(Thread* t, Frame* f, Value object, Slot slot, u32 n) {
  Value method = type_of(object)->slot(slot);
  if (!is_exact<Function>(method)) return nullptr;
  Code* code = method.as<Function>()->code();
  if (code->simple_argcount() != n || f->stack_top + code->register_count_ + n > t->registers_limit_) return nullptr;
  return method.as<Function>();
}

#include "interp/ops_operator.inc"

BATON_ALWAYS_INLINE static void note_array(Frame* f, const Instruction* pc, Value object) {
  if (is_exact<Array>(object)) note(f, pc, array_seen(number_of(object.as<Array>()->item())));
}

// An instance of a subclass of the built-in class of `kind`, whose method in the slot is still that class's.
BATON_ALWAYS_INLINE static bool is_like(Type* built_in, u16 kind, Value object, Slot slot) {
  return object.is_cell() && object.cell()->kind_word() == (kind | kSubclassBit) &&
         type_of(object)->slot(slot) == built_in->slot(slot);
}
static void note_like_dict(Frame* f, const Instruction* pc, Value object, Slot slot) {
  if (is_like(types.dict, kKindDict, object, slot)) note(f, pc, kDictSeen | kSubclassSeen);
}

// b[c], or b[the constant c].
template <bool has_constant>
PRESERVE_NONE static Value load_item_generally(STATE) {
  Value object = r[pc->b], key = has_constant ? Value::of_small_int(static_cast<i16>(pc->c)) : r[pc->c];
  SAVE_PC();
  if (is_exact<Dict>(object)) {
    Value found = value_or_absent(dict_find(*t, object.as<Dict>(), key));
    if (found == kNotFound) [[unlikely]]
      found = value_or_absent<Value>(raise_key_error(*t, key));
    SET_OR_UNWIND(pc->a, found);
    NEXT;
  }
  note_array(f, pc, object);
  note_like_dict(f, pc, object, Slot::getitem);
  if (Function* method = python_slot(t, f, object, Slot::getitem, 2)) {
    note(f, pc, kItemMethodSeen);
    Code* code = method->code();
    Value* registers = f->stack_top;
    registers[0] = object;
    registers[1] = key;
    for (u32 i = 2; i < code->frame_local_count_; ++i) registers[i] = Value();
    ENTER_FRAME(method, code, registers, EntryKind::Call, pc->a);
  }
  if (Value slot = type_of(object)->slot(Slot::getitem); is_exact<MethodDescriptor>(slot)) {
    NativeDef* def = slot.as<MethodDescriptor>()->def();
    // Not on the C++ stack, where the object would be found long after it has died.
    Value* args = f->stack_top;
    if (!(def->flags & kNativeClassMethod) && args + 2 <= t->registers_limit_) [[likely]] {
      args[0] = object;
      args[1] = key;
      SET_OR_UNWIND(pc->a, value_or_absent(def->entry(*t, *def, args, 2, nullptr)));
      NEXT;
    }
  }
  SET_OR_UNWIND(pc->a, slow_get_item(*t, object, key));
  NEXT;
}

// What __setitem__ returns goes where its own first register was.
PRESERVE_NONE static Value store_item_generally(STATE) {
  Value object = r[pc->a], key = r[pc->b], value = r[pc->c];
  SAVE_PC();
  note_array(f, pc, object);
  note_like_dict(f, pc, object, Slot::setitem);
  if (Function* method = f->generator ? nullptr : python_slot(t, f, object, Slot::setitem, 3)) {
    note(f, pc, kItemMethodSeen);
    Code* code = method->code();
    Value* registers = f->stack_top;
    registers[0] = object;
    registers[1] = key;
    registers[2] = value;
    for (u32 i = 3; i < code->frame_local_count_; ++i) registers[i] = Value();
    u32 discarded = static_cast<u32>(registers - r);
    ENTER_FRAME(method, code, registers, EntryKind::Call, discarded);
  }
  CHECK_OR_UNWIND(slow_set_item(*t, object, key, value));
  NEXT;
}

OP(LoadItem) {
  Value object = r[pc->b], key = r[pc->c];
  if (object.is_cell()) [[likely]] {
    u16 kind = object.cell()->kind_word();
    if (kind == kKindList && key.is_small_int()) {
      Value v = object.as<List>()->try_at_signed(key.small_int());
      if (v.is_present()) [[likely]] {
        r[pc->a] = v;
        NEXT;
      }
    } else if (kind == kKindTuple && key.is_small_int()) {
      Tuple* tuple = object.as<Tuple>();
      i64 i = key.small_int();
      if (i < 0) i += tuple->length();
      if (static_cast<u64>(i) < static_cast<u64>(tuple->length())) [[likely]] {
        r[pc->a] = tuple->items()[i];
        NEXT;
      }
    } else if (kind == kKindDict && (key.is_small_int() || is_exact<Str>(key))) {
      note(f, pc, kDictSeen);
      Value v =
          key.is_small_int() ? dict_find_small_int(object.as<Dict>(), key) : dict_find_str(object.as<Dict>(), key.as<Str>());
      if (v.is_present()) [[likely]] {
        r[pc->a] = v;
        NEXT;
      }
    } else if (kind == kKindDict) {
      note(f, pc, kDictSeen);
    } else if (kind == kKindBytes && key.is_small_int()) {
      auto* bytes = object.as<Bytes>();
      i64 i = key.small_int();
      if (i < 0) i += bytes->length();
      if (static_cast<u64>(i) < static_cast<u64>(bytes->length())) [[likely]] {
        r[pc->a] = Value::of_small_int(bytes->data()[i]);
        NEXT;
      }
    }
  }
  MUSTTAIL return load_item_generally<false>(PASS);
}
OP(LoadItemInt) {
  Value object = r[pc->b];
  i64 i = static_cast<i16>(pc->c);
  if (object.is_cell()) [[likely]] {
    u16 kind = object.cell()->kind_word();
    if (kind == kKindList) {
      Value v = object.as<List>()->try_at_signed(i);
      if (v.is_present()) [[likely]] {
        r[pc->a] = v;
        NEXT;
      }
    } else if (kind == kKindTuple) {
      Tuple* tuple = object.as<Tuple>();
      i64 k = i < 0 ? i + tuple->length() : i;
      if (static_cast<u64>(k) < static_cast<u64>(tuple->length())) [[likely]] {
        r[pc->a] = tuple->items()[k];
        NEXT;
      }
    } else if (kind == kKindDict) {
      note(f, pc, kDictSeen);
      Value v = dict_find_small_int(object.as<Dict>(), Value::of_small_int(i));
      if (v.is_present()) [[likely]] {
        r[pc->a] = v;
        NEXT;
      }
    } else if (kind == kKindBytes) {
      auto* bytes = object.as<Bytes>();
      i64 k = i < 0 ? i + bytes->length() : i;
      if (static_cast<u64>(k) < static_cast<u64>(bytes->length())) [[likely]] {
        r[pc->a] = Value::of_small_int(bytes->data()[k]);
        NEXT;
      }
    }
  }
  MUSTTAIL return load_item_generally<true>(PASS);
}
// StoreItem into a list, with the list locked.
PRESERVE_NONE static Value store_item_locked(STATE) {
  List* list = r[pc->a].as<List>();
  i64 i = r[pc->b].small_int();
  auto store = [&]() INLINE_BODY {
    if (i < 0) i += list->length_;
    if (static_cast<u64>(i) >= static_cast<u64>(list->length_)) return false;
    ValueArray* storage = list->storage();
    INLINE_CALL storage->slots()[i].set(storage, r[pc->c]);
    return true;
  };
  if (store_locked(*t, list, store)) NEXT;
  MUSTTAIL return store_item_generally(PASS);
}

// StoreItem of a key that the dict hasn't got.
PRESERVE_NONE static Value add_dict_item(STATE) {
  SAVE_PC();
  Dict* dict = r[pc->a].as<Dict>();
  u64 hash = 0;
  easy_hash(r[pc->b], &hash);
  CHECK_OR_UNWIND(!dict_add_missed(*t, dict, r[pc->b], hash, r[pc->c]).is_failed());
  NEXT;
}

// StoreItem into a dict that has the key: it gets its new value in place.
PRESERVE_NONE static Value store_dict_item(STATE) {
  Dict* dict = r[pc->a].as<Dict>();
  Value key = r[pc->b];
  DictTable* searched = dict->table();
  u64 hash;
  if (searched && easy_hash(key, &hash)) [[likely]] {
    note(f, pc, kDictSeen);
    i32 entry = key.is_small_int() ? table_find_int(searched, key, hash) : table_find_str(searched, key.as<Str>(), hash);
    auto store = [&]() INLINE_BODY {
      Field<Value>& value = searched->entries()[entry].value;
      if (dict->table() != searched || value.get().is_absent()) return false;
      INLINE_CALL value.set(searched, r[pc->c]);
      return true;
    };
    if (entry >= 0 && (objects_are_locked() ? store_locked(*t, dict, store) : store())) [[likely]]
      NEXT;
    if (entry == -1 && !objects_are_locked() && (key.is_small_int() || searched->all_str())) MUSTTAIL return add_dict_item(PASS);
  } else {
    note(f, pc, kDictSeen);
  }
  MUSTTAIL return store_item_generally(PASS);
}

OP(StoreItem) {
  Value object = r[pc->a], key = r[pc->b];
  if (object.is_cell()) [[likely]] {
    u16 kind = object.cell()->kind_word();
    if (kind == kKindDict) MUSTTAIL return store_dict_item(PASS);
    if (kind == kKindList && key.is_small_int()) {
      if (objects_are_locked()) [[unlikely]]
        MUSTTAIL return store_item_locked(PASS);
      List* list = object.as<List>();
      i64 i = key.small_int();
      if (i < 0) i += list->length_;
      if (static_cast<u64>(i) < static_cast<u64>(list->length_)) [[likely]] {
        list->storage()->set_at(i, r[pc->c]);
        NEXT;
      }
    }
  }
  MUSTTAIL return store_item_generally(PASS);
}
SIMPLE_CHECK(DeleteItem, slow_delete_item(*t, r[pc->a], r[pc->b]))
SIMPLE_SET(BuildSlice, slow_build_slice(*t, &r[pc->b]))
BATON_ALWAYS_INLINE static void note_sliced(Frame* f, const Instruction* pc, Value object) {
  switch (object.is_cell() ? object.cell()->kind_word() : u16{0}) {
    case kKindList: return note(f, pc, kListSliced);
    case kKindTuple: return note(f, pc, kTupleSliced);
    case kKindStr: return note(f, pc, kStrSliced);
    case kKindBytes: return note(f, pc, kBytesSliced);
    default: return;
  }
}
OP(LoadSlice) {
  SAVE_PC();
  note_sliced(f, pc, r[pc->b]);
  if (r[pc->c + 2] == Value::of_small_int(-1)) note(f, pc, kSlicedBackwards);
  SET_OR_UNWIND(pc->a, slow_get_slice(*t, r[pc->b], &r[pc->c]));
  NEXT;
}
SIMPLE_CHECK(StoreSlice, slow_set_slice(*t, r[pc->a], &r[pc->b], r[pc->c]))

// ---------------------------------------------------------------------------------------------------------------- building

SIMPLE_SET(BuildTuple, slow_build_tuple(*t, &r[pc->b], pc->c))
SIMPLE_SET(BuildList, slow_build_list(*t, &r[pc->b], pc->c))
SIMPLE_SET(BuildSet, slow_build_set(*t, &r[pc->b], pc->c))
SIMPLE_SET(BuildDict, slow_build_dict(*t, &r[pc->b], pc->c))
SIMPLE_SET(BuildString, slow_build_string(*t, &r[pc->b], pc->c))
OP(FormatValue) {
  SAVE_PC();
  if (r[pc->b].is_small_int()) note(f, pc, kIntFormatted);
  SET_OR_UNWIND(pc->a, slow_format_value(*t, &r[pc->b], pc->c));
  NEXT;
}
OP(ListAppend) {
  auto* list = r[pc->a].as<List>();  // nobody else knows it yet
  Index n = list->length_;
  ValueArray* storage = list->storage();
  if (storage && n < storage->capacity()) [[likely]] {
    storage->set_at(n, r[pc->b]);
    list_set_length(list, n + 1);
    NEXT;
  }
  SAVE_PC();
  CHECK_OR_UNWIND(slow_list_append(*t, r[pc->a], r[pc->b]));
  NEXT;
}
SIMPLE_CHECK(ListExtend, slow_list_extend(*t, r[pc->a], r[pc->b], pc->c))
SIMPLE_SET(ListToTuple, slow_list_to_tuple(*t, r[pc->b]))
SIMPLE_SET(TupleExtend, slow_tuple_extend(*t, r[pc->b], r[pc->c]))
SIMPLE_CHECK(SetAdd, slow_set_add(*t, r[pc->a], r[pc->b]))
SIMPLE_CHECK(SetUpdate, slow_set_update(*t, r[pc->a], r[pc->b]))
SIMPLE_CHECK(DictSet, slow_dict_set(*t, r[pc->a], r[pc->b], r[pc->c]))
SIMPLE_CHECK(DictUpdate, slow_dict_update(*t, r[pc->a], r[pc->b]))
SIMPLE_CHECK(DictMerge, slow_dict_merge(*t, r[pc->a], r[pc->b], r[pc->c]))
PRESERVE_NONE static Value unpack_generally(STATE) {
  Value source = r[pc->b];
  SAVE_PC();
  if (is_like(types.tuple, kKindTuple, source, Slot::iter) && source.as<Tuple>()->length() == pc->c) {
    note(f, pc, kSubclassSeen);
    for (u32 i = 0; i < pc->c; ++i) r[pc->a + i] = source.as<Tuple>()->items()[i];
    NEXT;
  }
  CHECK_OR_UNWIND(slow_unpack(*t, source, pc->c, -1, &r[pc->a]));
  NEXT;
}
OP(UnpackSequence) {
  Value source = r[pc->b];
  if (is_exact<Tuple>(source) && source.as<Tuple>()->length() == pc->c) [[likely]] {
    const Value* items = source.as<Tuple>()->items();
    for (u32 i = 0; i < pc->c; ++i) r[pc->a + i] = items[i];
    NEXT;
  }
  MUSTTAIL return unpack_generally(PASS);
}
SIMPLE_CHECK(UnpackEx, slow_unpack(*t, r[pc->b], pc->c & 255, pc->c >> 8, &r[pc->a]))

// ---------------------------------------------------------------------------------------------------------------- calls

#include "interp/ops_call.inc"

OP(CallKw) {
  SAVE_PC();
  Tuple* kwnames = f->consts[pc->c].as<Tuple>();
  usize n = pc->b - static_cast<usize>(kwnames->length());
  Value callable = r[pc->a];
  if (is_exact<BoundMethod>(callable) && r[pc->a + 1].is_absent()) {
    auto* method = callable.as<BoundMethod>();
    r[pc->a] = callable = method->function();
    r[pc->a + 1] = method->self();
  }
  if (is_exact<Function>(callable)) {
    auto* function = callable.as<Function>();
    Value* args = &r[pc->a + 2];
    if (r[pc->a + 1].is_present()) {
      --args;
      ++n;
    }
    Value* registers = f->generator ? f->stack_top : args;
    CHECK_OR_UNWIND(slow_bind(*t, function, args, n, kwnames, registers));
    ENTER_FRAME(function, function->code(), registers, EntryKind::Call, pc->a);
  }
  Value result = slow_call(*t, &r[pc->a], n, kwnames);
  if (result.is_absent()) [[unlikely]]
    UNWIND();
  r[pc->a] = result;
  if (t->poll_pending()) [[unlikely]] {
    CHECK_OR_UNWIND(slow_poll(*t, f, &r[pc->a]));
    table = dispatch_table(*t);
  }
  NEXT;
}

OP(CallEx) {
  SAVE_PC();
  Function* function = slow_prepare_call_ex(*t, f, &r[pc->a]);
  if (function) {
    // Positionals from the tuple, keywords from the dict: bound into the registers above the window.
    Value* args = f->stack_top;
    CHECK_OR_UNWIND(slow_bind_ex(*t, function, &r[pc->a], args));
    ENTER_FRAME(function, function->code(), args, EntryKind::Call, pc->c);
  }
  if (t->has_pending()) [[unlikely]]
    UNWIND();
  Value result = slow_call_ex(*t, &r[pc->a]);
  if (result.is_absent()) [[unlikely]]
    UNWIND();
  r[pc->c] = result;
  if (t->poll_pending()) [[unlikely]] {
    CHECK_OR_UNWIND(slow_poll(*t, f, &r[pc->c]));
    table = dispatch_table(*t);
  }
  NEXT;
}

// value travels in the register of pc, which is dead by then.
PRESERVE_NONE static Value return_value(Thread* t, const Instruction* value_bits, Value* r, Frame* f, const void* table) {
  Value value(reinterpret_cast<u64>(value_bits));
  Frame* caller = f->previous;
  EntryKind entry = static_cast<EntryKind>(f->entry);
  if (f->frame_object || f->generator || f->is_traced) [[unlikely]] {
    value = slow_leave_frame(*t, f, value);
    if (value.is_absent()) {  // a trace function raised
      const Instruction* pc = f->pc;
      UNWIND();
    }
  }
  u32 result_register = f->return_register;
  pop_frame(*t, f);
  switch (entry) {
    case EntryKind::Native: return value;
    case EntryKind::GeneratorNative: interp_state(*t).generator_returned = true; return value;
    case EntryKind::Operator:
    case EntryKind::OperatorReflected:
    case EntryKind::OperatorInplace:
    case EntryKind::Comparison:
    case EntryKind::ComparisonJump:
    case EntryKind::Contained:
    case EntryKind::Truth:
    case EntryKind::TruthOfLength:
    case EntryKind::Length: MUSTTAIL return finish_operator(t, reinterpret_cast<const Instruction*>(value.bits()), r, f, table);
    default: break;
  }
  f = caller;
  r = f->registers;
  const Instruction* pc = f->pc;
  switch (entry) {
    case EntryKind::Call: r[result_register] = value; NEXT;
    case EntryKind::Init:
      if (!value.is_none()) [[unlikely]] {
        slow_bad_init(*t, value);
        UNWIND();
      }
      r[result_register] = r[pc->a];
      NEXT;
    case EntryKind::ForIter:
      if (pc->c) JUMP(static_cast<i16>(pc->c));
      NEXT;
    case EntryKind::AsyncSend: (void)async_send_returned(*t, r[pc->b].as<AsyncSend>()); UNWIND();
    default:  // Send
      r[pc->a] = value;
      NEXT;
  }
}
#define RETURN_VALUE(v)                                                                                 \
  do {                                                                                                  \
    Value value_ = (v);                                                                                 \
    if (f->entry == static_cast<u8>(EntryKind::Call) && !f->is_traced && !f->frame_object) [[likely]] { \
      t->next_frame_ = f;                                                                               \
      u32 register_ = f->return_register;                                                               \
      f = f->previous;                                                                                  \
      t->top_frame_ = f;                                                                                \
      --t->recursion_depth_;                                                                            \
      r = f->registers;                                                                                 \
      pc = f->pc;                                                                                       \
      r[register_] = value_;                                                                            \
      NEXT;                                                                                             \
    }                                                                                                   \
    SAVE_PC();                                                                                          \
    MUSTTAIL return return_value(t, reinterpret_cast<const Instruction*>(value_.bits()), r, f, table);  \
  } while (0)

OP(Return) { RETURN_VALUE(r[pc->a]); }
OP(ReturnConst) { RETURN_VALUE(f->consts[pc->wide()]); }

SIMPLE_SET(MakeFunction, slow_make_function(*t, f, pc->b, pc->c == 0xFFFF ? nullptr : &r[pc->c]))
SIMPLE_SET(LoadBuildClass, slow_load_build_class(*t, f))

#include "interp/ops_iteration.inc"

// ---------------------------------------------------------------------------------------------------------------- with,
// exceptions

// __enter__ and __exit__ that are written in Python: the first is entered as a frame. While it runs the collector looks at the
// window's first two registers (for_each_frame_root).
#define BEFORE_WITH(enter_, exit_, is_async_)                                                                      \
  do {                                                                                                             \
    SAVE_PC();                                                                                                     \
    Value manager = r[pc->b], exit = type_of(manager)->slot(exit_);                                                \
    if (Function* enter = is_exact<Function>(exit) ? python_slot(t, f, manager, enter_, 1) : nullptr) [[likely]] { \
      r[pc->a] = exit;                                                                                             \
      r[pc->a + 1] = manager;                                                                                      \
      ENTER_METHOD(enter, EntryKind::Call, pc->a + 2u, manager);                                                   \
    }                                                                                                              \
    CHECK_OR_UNWIND(slow_before_with(*t, manager, &r[pc->a], is_async_));                                          \
    if (t->poll_bits() & kTrace) [[unlikely]] /* it began to trace: from here, not from the next poll */           \
      table = dispatch_table(*t);                                                                                  \
    NEXT;                                                                                                          \
  } while (0)
OP(BeforeWith) { BEFORE_WITH(Slot::enter, Slot::exit, false); }
OP(BeforeAsyncWith) { BEFORE_WITH(Slot::aenter, Slot::aexit, true); }
OP(WithExcept) {
  SAVE_PC();
  SET_OR_UNWIND(pc->b, slow_with_except(*t, &r[pc->a], r[pc->c]));
  NEXT;
}
OP(PushExc) {
  r[pc->a] = slow_push_exc(*t, f, r[pc->b]);
  NEXT;
}
OP(PopExc) {
  slow_pop_exc(*t, f, r[pc->a]);
  NEXT;
}
OP(CheckExcMatch) {
  Value exception = r[pc->b], type = r[pc->c];
  if (is<Type>(type) && type.as<Type>()->has_flag(kTypeIsException)) [[likely]] {
    r[pc->a] = Value::of_bool(is_instance_of_type(exception, type.as<Type>()));
    NEXT;
  }
  SAVE_PC();
  SET_OR_UNWIND(pc->a, slow_check_exc_match(*t, exception, type));
  NEXT;
}
SIMPLE_CHECK(CheckEgMatch, slow_check_eg_match(*t, f, r[pc->b], r[pc->c], &r[pc->a]))
OP(Raise) {
  SAVE_PC();
  slow_raise(*t, r[pc->a]);
  UNWIND();
}
OP(RaiseFrom) {
  SAVE_PC();
  slow_raise_from(*t, r[pc->a], r[pc->b]);
  UNWIND();
}
OP(RaiseBare) {
  SAVE_PC();
  slow_raise_bare(*t);
  UNWIND();
}
OP(Reraise) {
  SAVE_PC();
  t->pending_ = r[pc->a];
  UNWIND();
}
SIMPLE_SET(PrepReraiseStar, slow_prep_reraise_star(*t, r[pc->b], r[pc->c]))
OP(LoadAssertionError) {
  r[pc->a] = Value(exceptions.AssertionError);
  NEXT;
}

// ---------------------------------------------------------------------------------------------------------------- import, match,
// print

SIMPLE_SET(ImportName, slow_import_name(*t, f, &r[pc->b], pc->c))
SIMPLE_SET(ImportFrom, slow_import_from(*t, f, r[pc->b], pc->c))
SIMPLE_CHECK(ImportStar, slow_import_star(*t, f, r[pc->a]))
OP(MatchMapping) {
  r[pc->a] = Value::of_bool(type_of(r[pc->b])->has_flag(kTypeMapping));
  NEXT;
}
OP(MatchSequence) {
  r[pc->a] = Value::of_bool(type_of(r[pc->b])->has_flag(kTypeSequence));
  NEXT;
}
SIMPLE_SET(MatchKeys, slow_match_keys(*t, r[pc->b], r[pc->c]))
SIMPLE_SET(MatchClass, slow_match_class(*t, &r[pc->b], pc->c))
SIMPLE_SET(GetLen, slow_get_len(*t, r[pc->b]))
SIMPLE_SET(CopyDictWithoutKeys, slow_copy_dict_without(*t, r[pc->b], r[pc->c]))
SIMPLE_CHECK(PrintExpr, slow_print_expr(*t, r[pc->a]))

// ---------------------------------------------------------------------------------------------------------------- unwinding

// An exception is pending and f->pc is where. Finds the handler in this frame or pops frames up to one, or leaves the loop.
PRESERVE_NONE static Value unwind(STATE) {
  for (;;) {
    const ExceptionTableEntry* handler = slow_find_handler(*t, f);
    if (handler) {
      r = f->registers;
      r[handler->exception_register] = t->pending_;
      t->clear_pending();
      pc = f->code->instructions() + handler->handler;
      table = dispatch_table(*t);
      DISPATCH();
    }
    EntryKind entry = static_cast<EntryKind>(f->entry);
    Frame* caller = f->previous;
    slow_abandon_frame(*t, f);
    if (entry == EntryKind::Native || entry == EntryKind::GeneratorNative) return Value();
    f = caller;
    if (entry == EntryKind::AsyncSend) (void)async_send_failed(*t, f->registers[f->pc->b].as<AsyncSend>());
  }
}

const Handler handlers[] = {
#define OP_ENTRY(name) &op_##name,
#undef OP
#define OP(name, a, b, c, flags) &op_##name,
#include "compile/ops.def"
#undef OP
};
static_assert(sizeof(handlers) / sizeof(*handlers) == kOpCount);

// Dispatch behind machine code, or anew: to the instruction's machine code; without, all following ones are interpreted.
PRESERVE_NONE static Value resume_compiled(STATE) {
  interp_state(*t).private_instance = nullptr;  // a handler may have done anything with it
  if (i64 offset = f->code->compiled_offset()) [[likely]]
    MUSTTAIL return (*reinterpret_cast<const Handler*>(reinterpret_cast<u64>(pc) + static_cast<u64>(offset)))(PASS);
  table = handlers;
  DISPATCH();
}
// Machine code that was made before its inline caches were filled asks for better.
PRESERVE_NONE static Value recompile(STATE) {
  SAVE_PC();
  Field<Value>& cache = cache_of(f, pc);
  if (cache.get() == Value::of_small_int(kFloatsSeen)) note_operands(f, pc, kIntsSeen);
  tier_hooks.compile(*t, f);
  MUSTTAIL return handlers[pc->op](PASS);
}
// Values that machine code has kept out of the frame. Those that need cells come last: making one may collect, and so free the
// machine code; it runs nothing.
static bool write_back_pending(Thread& thread, Value* registers) {
  InterpState& state = interp_state(thread);
  u32 count = std::exchange(state.pending_count, 0), cells = 0;
  for (u32 k = 0; k < count; ++k) {
    if (Value value = Value::try_of_float(state.pending_floats[k]); value.is_present()) {
      registers[state.pending_registers[k]] = value;
    } else {
      registers[state.pending_registers[k]] = kNone;  // what is there may be long dead
      state.pending_registers[cells] = state.pending_registers[k];
      state.pending_floats[cells++] = state.pending_floats[k];
    }
  }
  for (u32 k = 0; k < cells; ++k) {
    Result<Value> value = make_float(thread, state.pending_floats[k]);
    if (value.is_failed()) return false;
    registers[state.pending_registers[k]] = value.value();
  }
  return true;
}
PRESERVE_NONE static Value write_back(STATE) {
  SAVE_PC();
  if (!write_back_pending(*t, r)) UNWIND();
  MUSTTAIL return handlers[pc->op](PASS);
}
PRESERVE_NONE static Value write_back_and_recompile(STATE) {
  SAVE_PC();
  if (!write_back_pending(*t, r)) UNWIND();
  MUSTTAIL return recompile(PASS);
}
// Machine code has the object of a store locked by its byte.
PRESERVE_NONE static Value end_store(STATE) {
  release_short_lock(r[pc->a].cell()->lock_byte());
  NEXT;
}
PRESERVE_NONE static Value retry_store(STATE) {
  release_short_lock(r[pc->a].cell()->lock_byte());
  MUSTTAIL return handlers[pc->op](PASS);
}
PRESERVE_NONE static Value end_append(STATE) {
  release_short_lock(r[pc->a + 1].cell()->lock_byte());
  r[pc->c] = kNone;
  NEXT;
}
PRESERVE_NONE static Value retry_append(STATE) {
  release_short_lock(r[pc->a + 1].cell()->lock_byte());
  MUSTTAIL return handlers[pc->op](PASS);
}

const Handler compiled_handlers[] = {
#define OP(name, a, b, c, flags) &resume_compiled,
#include "compile/ops.def"
#undef OP
};
// Without a JIT: code that gets hot is not asked for again before it has run a thousand million times more.
static bool compile_nothing(Thread&, Frame* frame) {
  frame->code->hotness_ = kNeverCompiled;
  return false;
}
NativeEntry len_entry = nullptr;
TierHooks tier_hooks{.compile = compile_nothing};
Relaxed<i32> compile_threshold = 0x7FFFFFFF;
void enable_compilation(const TierHooks& hooks, i32 threshold) {
  tier_hooks = hooks;
  compile_threshold = threshold;
  untraced_dispatch_table = compiled_handlers;
}
u64 handler_address(u16 op) { return reinterpret_cast<u64>(handlers[op]); }
u64 call_address(CompiledCall call) {
  switch (call) {
    case CompiledCall::NativeMethod: return reinterpret_cast<u64>(&call_native_method);
    case CompiledCall::NativeFunction: return reinterpret_cast<u64>(&call_native_function);
    case CompiledCall::AnyNativeFunction: return reinterpret_cast<u64>(&call_any_native_function);
    default: return reinterpret_cast<u64>(&construct);
  }
}
u64 resume_address() { return reinterpret_cast<u64>(&resume_compiled); }
u64 return_generator_address() { return reinterpret_cast<u64>(&return_new_generator); }
u64 recompile_address() { return reinterpret_cast<u64>(&recompile); }
u64 write_back_address() { return reinterpret_cast<u64>(&write_back); }
u64 write_back_and_recompile_address() { return reinterpret_cast<u64>(&write_back_and_recompile); }
u64 end_store_address() { return reinterpret_cast<u64>(&end_store); }
u64 retry_store_address() { return reinterpret_cast<u64>(&retry_store); }
u64 end_append_address() { return reinterpret_cast<u64>(&end_append); }
u64 retry_append_address() { return reinterpret_cast<u64>(&retry_append); }

// Fires trace events, then runs the real handler. One for every opcode: the table to use while a thread is traced.
PRESERVE_NONE static Value traced(STATE) {
  SAVE_PC();
  const Instruction* at = slow_trace_instruction(*t, f);
  if (!at) UNWIND();
  pc = at;
  table = dispatch_table(*t);
  MUSTTAIL return handlers[pc->op](PASS);
}
const Handler traced_handlers[] = {
#define OP(name, a, b, c, flags) &traced,
#include "compile/ops.def"
#undef OP
};

const void* untraced_dispatch_table = handlers;
const void* traced_dispatch_table() { return traced_handlers; }

#include "interp/loop_entry.inc"

}  // namespace baton
