// One code object's way to machine code: see baseline.cpp.
#pragma once
#include <deque>
#include <vector>

#include "compile/op_info.h"
#include "interp/inline_cache.h"
#include "interp/interp.h"
#include "interp/tiers.h"
#include "jit/assembler.h"
#include "jit/cold_blocks.h"
#include "jit/compiled_code.h"
#include "jit/loop_facts.h"
#include "jit/private_containers.h"
#include "jit/private_registers.h"
#include "jit/registers.h"
#include "objects/iterators.h"
#include "objects/thread.h"
#include "objects/type.h"
#include "objects/typed_array.h"
#include "threads/gil.h"

namespace baton {

inline Shape* shape_numbered(u32 id) { return reinterpret_cast<Shape*>(kHeapBase + (u64{id} << 4)); }

// The header of a new cell, and of a new instance of a class.
inline u64 header_of(u16 kind, u32 shape) { return shape | (u64{kind} << 48); }
inline u64 header_of(Type* type) { return header_of(type->instance_kind(), type->instance_shape()->id()); }

inline bool is_generator_code(const Code* code) {
  return code->flags() & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator);
}

// The built-in type of a definition; null: there has been no object of it yet.
inline Type* made_type(TypeDef& def) { return __atomic_load_n(&def.is_whole, __ATOMIC_ACQUIRE) ? def.type : nullptr; }
// Of a native function or method; null: the callee is something else.
NativeDef* native_def(Value callee);

class Baseline {
 public:
  // frame: runs the code; its values are taken for typical ones. compiled: gets dependencies; its counter's address is used.
  // exits: null, or by opcode how often machine code leaves an instruction to its handler.
  Baseline(Frame* frame, CompiledCode* compiled, u64 base_address, u64* exits);
  // Translates everything. False: there is no way.
  bool run();
  // Calls are not inlined: the machine code is short then. Before run().
  void inline_nothing() { inline_room_ = 0; }
  bool has_inlined() const { return !all_inlined_.empty(); }
  // How many instructions more than its own the code may get by calls that are inlined.
  static constexpr u32 kMostInlined = 240;
  const Assembler& assembler() const { return a_; }
  u64 entry(u32 i) const {
    return entries_[i].is_made() ? base_address_ + a_.offset_of(entries_[i]) : handler_address(instructions_[i].op);
  }

  // baseline_facts.cpp: what is known of a register where the translation is. A float is in an xmm register, a small int may be
  // in a general one, tagged, or may be a constant; it is pending if it is there only: then its place in the frame has what was
  // there before. An instruction that is reached with facts has an entry that checks them first: whoever comes with other values
  // there has it done by its handler.
  enum class IntPlace : u8 { Frame, Register, Constant };
  // Kinds beside those of cells: the iterator of a range by ones, or of one that begins with 0, too. What may be in a register is
  // its position; pending, the iterator has another one.
  static constexpr u16 kRangeByOnes = 0xFFF0, kRangeFromZero = 0xFFF1;
  struct Fact {
    u16 reg;
    u16 kind;  // of no float: the kind of the cell that it is; 0: it is a small int; or one of those below
    bool is_float, is_pending;
    Xmm xmm = Xmm::x0;
    u32 cell = 0, version = 0;      // that is known to be there, by its number, and a class's version
    IntPlace in = IntPlace::Frame;  // of a small int
    Reg gpr = Reg::rax;
    i32 constant = 0;  // its Value's bits
    // A cell of this shape; this very callable; nothing. Of no register: that a class has this version; that there is room for
    // the records and registers of inlined calls. What may change these is done by handlers, but shapes by stores, too.
    static constexpr u16 kOfShape = 0xFF00, kCallable = 0xFF01, kAbsent = 0xFF02, kVersion = 0xFF03, kRoom = 0xFF04;
    static constexpr u16 kNoRegister = 0xFFFF;
    bool is_int() const { return !is_float && kind == 0; }
    bool is_range() const { return kind >= kRangeByOnes; }
    bool is_in_register() const { return !is_float && in == IntPlace::Register; }
    bool is_in(Reg r) const { return is_in_register() && gpr == r; }
    static Fact of_int(u32 n) { return {static_cast<u16>(n), 0, false, false}; }
    static Fact of_int_in(u32 n, Reg gpr, bool is_pending) {
      return {static_cast<u16>(n), 0, false, is_pending, Xmm::x0, 0, 0, IntPlace::Register, gpr};
    }
    static Fact of_constant(u32 n, i32 bits, bool is_pending) {
      return {static_cast<u16>(n), 0, false, is_pending, Xmm::x0, 0, 0, IntPlace::Constant, Reg::rax, bits};
    }
    static Fact of_position(u32 n, u16 kind, Reg gpr, bool is_pending) {
      return {static_cast<u16>(n), kind, false, is_pending, Xmm::x0, 0, 0, IntPlace::Register, gpr};
    }
    static Fact of_kind(u32 n, u16 kind) { return {static_cast<u16>(n), kind, false, false}; }
    static Fact of_float(u32 n, Xmm xmm, bool is_pending) { return {static_cast<u16>(n), 0, true, is_pending, xmm}; }
    static Fact of_cell(u32 n, u16 kind, u32 cell, u32 version = 0) {
      return {static_cast<u16>(n), kind, false, false, Xmm::x0, cell, version};
    }
  };
  // A few, without memory of their own: there is a set for each instruction.
  class Facts {
   public:
    Facts() : size_(0) {}
    Facts(const Facts& other) { *this = other; }
    Facts& operator=(const Facts& other) {
      size_ = other.size_;
      for (u32 k = 0; k < size_; ++k) facts_[k] = other.facts_[k];
      return *this;
    }
    static constexpr u32 kMost = 24;
    const Fact* begin() const { return facts_; }
    const Fact* end() const { return facts_ + size_; }
    Fact* begin() { return facts_; }
    Fact* end() { return facts_ + size_; }
    bool empty() const { return size_ == 0; }
    u32 size() const { return size_; }
    void clear() { size_ = 0; }
    void add(Fact fact) {
      if (size_ < kMost) facts_[size_++] = fact;
    }
    void remove(u32 k) {
      --size_;
      for (; k < size_; ++k) facts_[k] = facts_[k + 1];
    }
    template <class F>
    void remove_if(F wanted) {
      u32 kept = 0;
      for (u32 k = 0; k < size_; ++k)
        if (!wanted(facts_[k])) facts_[kept++] = facts_[k];
      size_ = kept;
    }

   private:
    u32 size_;
    Fact facts_[kMost];
  };

 private:
  void translate(u32 i);
  // baseline_arithmetic.cpp
  bool translate_arithmetic(Op op);
  void add_or_subtract(bool subtract, const i64* constant);
  void multiply();
  void divide();
  void divide_ints(bool want_quotient);
  void bitwise(Alu op);
  void shift(bool left);
  void power();
  void negate();
  void complex_operation(FloatOp op, Label otherwise);
  void float_operation(FloatOp op, u32 a, u32 b);
  enum class Operands { Ints, Floats, Any, Others };
  Operands expected(u32 i, u32 a, u32 b) const;
  Operands expected(u32 a, u32 b) const { return expected(i_, a, b); }
  void any_operation(FloatOp op);
  Xmm unboxed(u32 n, Xmm other = Xmm::x0);
  // A small int that an instruction reads: in a register, which isn't to be changed, or a constant.
  struct IntOperand {
    bool is_constant;
    Reg reg;
    i32 bits;  // of a constant, as a Value
    i32 number() const { return bits >> 2; }
  };
  IntOperand int_operand(u32 n, Reg scratch);
  void need_ints(u32 a, u32 b, IntOperand* x, IntOperand* y);
  void load_operand(Reg to, IntOperand operand);
  void alu_operand(Alu op, Reg to, IntOperand operand);
  bool is_needed_behind(const Fact& fact) const;
  Reg begin_int(u32 n, bool may_leave = true);
  void define_int(u32 n, Reg from);
  void define_constant(u32 n, Value constant);
  void multiply_by(Reg result, IntOperand x, i32 number);
  bool divide_by_constant(bool want_quotient, IntOperand x, IntOperand y);
  void box(Reg to, Xmm from, Label otherwise);  // uses r8
  void box_into(u32 n, Xmm from);
  i64 noted(u32 i) const;  // by the interpreter, of the operands
  i64 noted() const { return noted(i_); }
  void number_to_float(Reg value, Xmm to, Label otherwise);
  void bool_to_int(Reg value);
  void mixed_operation(FloatOp op);
  void mixed_float_operation(FloatOp op);
  bool has_known_float(const Instruction& in) const { return is_known_float(in.b) || is_known_float(in.c); }
  bool has_known_float() const { return has_known_float(at()); }
  void need_exact_float(Reg number, Label otherwise);
  void finish_float_operation(FloatOp op, Xmm y);
  void load_float_constant(Xmm to, i64 constant);  // uses rcx
  void float_by_constant(FloatOp op, i64 constant);
  void add_or_subtract_any(Alu op, FloatOp float_op, i64 constant);

  // baseline_wide.cpp
  enum class WideOp : u8 { Add, Sub, Mul, FloorDiv, Mod, And, Or, Xor, LShift, RShift };
  // Which limbs of an operand count: the lowest one of however many; one, there being no other; or two.
  enum class Limbs : u8 { Lowest, One, Two };
  struct WideConstant {
    bool is_given = false;
    u64 low = 0, high = 0;
  };
  bool wants_wide() const;
  WideConstant wide_constant(u32 n) const;
  void operate_wide(WideOp op, const i64* constant = nullptr);
  void load_limbs(u32 n, Reg low, Reg high, Limbs limbs);
  void load_limbs_or_constant(u32 n, const WideConstant& constant, Reg low, Reg high, Limbs limbs);
  void operate_small(WideOp op, const i64* constant, Label otherwise, Label done);
  void mask_lowest(u32 n, u64 mask);
  void shift_wide(bool left);
  void store_wide(bool has_high);

  // baseline_compare.cpp
  bool translate_comparison(Op op);
  void store_bool(u32 n, Reg zero_or_one);
  void compare_ints(Cond cond, bool jumps, bool jump_when, const i64* constant);
  void compare_floats(Cond cond, bool jumps, bool jump_when);
  void finish_float_comparison(Cond cond, Xmm x, Xmm y, bool jumps, bool jump_when);
  void need_same_length_and_width(Label otherwise);
  Cond compare_characters(Cond cond);
  void compare_units(Reg count, bool is_equality, Label at_end, Label decided);
  Cond compare_bytes(Cond cond);
  void compare_sets(bool is_reversed, bool jumps, bool jump_when);
  void compare_tuples(Cond cond, bool jumps, bool jump_when, Label otherwise);
  void finish_comparison(Cond cond, bool jumps, bool jump_when);
  void compare_identities(Cond cond);
  void compare_others(Cond cond, bool jumps, bool jump_when);
  void compare_any_with(i64 constant, Cond cond, bool jump_when);

  // baseline_object.cpp, baseline_attribute.cpp, baseline_item.cpp, baseline_for.cpp
  bool translate_object(Op op);
  void load_global(bool for_call);
  void store_global();
  void load_from_module(Reg to, Reg from);
  void find_attribute_entry(Reg object, CacheRecord* record);
  void load_overflow(Reg to, Reg object, CacheRecord* record);
  Mem place_of_variable(Reg to, CacheRecord* record);
  bool find_shared_record(CacheUse use, Reg shape);
  void load_by_shared_record(Label no_form);
  void load_class_of_instance();
  // Those of the place's cache that its template has a way for, few.
  template <class F>
  std::vector<CacheRecord*> usable_records(u32 n, F has_way) const;
  void begin_record(const CacheRecord* record, u32 n, Reg shape, bool is_only, Label next);
  void need_version_of(const CacheRecord* record, bool is_only);
  bool has_shared_records(CacheUse use) const;
  void load_attribute();
  void delete_attribute();
  void store_attribute();
  void store_slot(Reg object, Reg value, u32 shape, i32 offset, u32 next_shape);
  void load_method();
  static bool is_shape_of_numbers(u32 shape);
  void need_number(Reg value, u32 shape, Label otherwise);
  void load_method_of_number(CacheRecord* record);
  void load_item(const i64* constant);
  void need_index(Reg index, Reg length, const i64* constant, bool may_change);
  void need_room_in_array(Reg array, Reg index);
  void load_item_of_list(const i64* constant);
  bool load_item_of_known(const i64* constant);
  u16 expected_container(u32 i, u32 n) const;
  u16 expected_container(u32 n) const { return expected_container(i_, n); }
  void put_into_list(Reg list, Reg index, Reg value, bool is_number);
  void store_item();
  void load_bytearray_data(Reg to, Reg array);
  void store_byte();
  void unpack_sequence();
  void append_to_list();
  void step(IteratorForm form, Label end);
  void step_range(Label end);
  void step_list(Label exhausted);
  void step_str(Label exhausted);
  void load_character(Reg to, Reg text, Reg index);
  void step_set(Label exhausted);
  void find_in_table(Label exhausted);
  void step_dict();
  const Instruction* unpacking_of(u32 count) const;
  void go_on_behind(const Instruction* unpacking);
  void need_form(IteratorForm form, Label otherwise);
  void need_iterator(IteratorForm form);
  void store_pair(const Instruction* unpacking, Reg first, Reg second);
  bool loop_over_dict(IteratorForm form);
  bool loop_over_enumerate(IteratorForm form, Value now);
  bool loop_over_zip(IteratorForm form, Value now);
  Value iterator_now(u32 loop) const;
  void for_iter();
  void append(u32 n);
  void grow_list();
  void load_deref();
  void store_deref();
  void copy_free_variables();
  void load_length(Label otherwise, i64 tested);
  void load_length_of(u16 kind);

  // baseline_array.cpp
  const ItemType* only_array(u32 i) const;
  const ItemType* only_array() const { return only_array(i_); }
  bool may_be_array() const;
  void need_array(Reg cell, const ItemType* item, Label other_item, Label no_array);
  Mem item_place(const ItemType* item) const;
  void load_array_item(const ItemType* item, const i64* constant, bool keeps_number);
  bool load_item_of_only_array(const i64* constant);
  void load_item_of_arrays(const i64* constant, Label done);
  bool store_item_of_only_array();

  // baseline_lock.cpp
  struct Locking {
    Reg object;
    Label by_byte, locked, failed, release, byte_failed, done;
  };
  Locking begin_lock(Reg object);
  void lock_by_byte(const Locking& locking, bool has_another);
  void change_lock_byte(const Locking& locking, u64 to);
  void write_back_for_handler();
  void end_lock(const Locking& locking);
  // Emits body(), which stores into the object of this store, list.append() or set.add() (register a or a + 1), and leaves before
  // it has stored anything where it can't, for a time in which the object is locked: while there is one thread it is so anyway.
  // Uses r10, rax, and the object's register in the end; where that is rax it uses rcx and r8 instead of r10. A short body is
  // emitted twice, which saves asking how it is locked.
  enum class Body { Short, Long };
  template <class Store>
  void with_lock(Reg object, Body length, Store body) {
    if (!objects_are_locked()) return body();
    if (stores_into_private()) {
      leave_if_shown();
      return body();
    }
    if (inlined_) return alone(body);  // the handlers that finish what is locked by the byte need a frame
    Locking locking = begin_lock(object);
    body();
    lock_by_byte(locking, length == Body::Short);
    if (length == Body::Short) body();
    end_lock(locking);
  }
  // Emits body(), which may read and write what other threads know and leaves before it has written anything where it can't, for
  // a time in which no other thread runs: while there is one thread it is so anyway. Who has no right to that leaves.
  struct Alone {
    Label failed, done, outer;
  };
  Alone begin_alone();
  void end_alone(const Alone& alone);
  template <class Body>
  void alone(Body body) {
    if (!objects_are_locked()) return body();
    Alone section = begin_alone();
    body();
    end_alone(section);
  }
  void leave_unless_alone();
  void find_private_containers();
  bool stores_into_private() const { return !inlined_ && containers_.stores_into_private(i_); }
  void leave_if_shown();
  void jump_if_private(Reg object, u32 n, Label yes);
  void note_private_instance(Reg instance);
  void forget_private_instance();

  // baseline_dict.cpp
  void load_tuple_hash();
  void need_same_items();
  void load_key_hash(u32 n);
  void jump_if_text(Label yes);
  void find_entry(Label absent);
  void jump_if_hash(Label yes);
  void drop_entry(u32 dict);
  void delete_item();
  void find_by_index(Label absent, Label same_hash);
  void need_dict(Reg cell, Slot slot);
  void need_subclass(Reg cell, Type* built_in, u16 kind, Slot slot);
  void load_dict_item();
  void allocate_dict_table(Reg to, u32 entries);
  void need_same_key();
  void store_dict_item();
  void put_into_dict(Reg dict);
  void append_entry();
  void dict_set();
  enum class RemovedSlots : u8 { Passed, Kept };
  void find_in_set(Label yes, Label no, RemovedSlots removed = RemovedSlots::Passed);
  void add_to_set();
  void set_add();
  void find_character(Label yes, Label no);
  void find_among(Label yes, Label no);
  void find_in_locked_list(Label yes, Label no);
  void contains(bool is_negated);

  // baseline_call.cpp
  bool translate_call(Op op);
  void call();
  void call_with_keywords();
  struct Arguments {
    u32 positional;
    Tuple* names;  // of those behind, or null
  };
  bool call_known(Function* function, Arguments arguments, u32 result, Label another);
  void call_property(Function* function, Cell* descriptor, const Xmm* stored, u32 result);
  Function* need_descriptor(const CacheRecord* record, Slot slot);
  void choose_registers();
  void need_room(const Code* callee, u32 more);
  void begin_call();
  void begin_call_at_pc();
  static constexpr u32 kResultInRdx = ~u32{0};
  void enter_callee(const Code* callee, u32 result, EntryKind entry);
  void clear_and_enter(u32 result, EntryKind entry);
  // Of arguments to parameters, whose sources are: positional arguments, so many; keywords, by number; or defaults.
  struct Binding {
    u32 given, positional, by_name;   // positional arguments, those of them that have parameters, and keywords behind
    bool has_rest, has_extra;         // parameters *args and **kwargs
    std::vector<u32> sources, extra;  // extra: the keywords for **kwargs
    Tuple* names;
  };
  static constexpr u32 kDefault = ~u32{0};  // a parameter's source
  static bool bind(Function* function, u32 positional, Tuple* names, Binding* binding);
  void make_rest_and_extra(const Binding& binding, EntryKind entry);
  void need_keyword_default(Function* function, u32 parameter);
  void enter_known(Function* function, const Binding& binding, u32 result, EntryKind entry);
  Arguments arguments_here() const;
  static bool is_constructed_plainly(Type* type);
  bool construct_known(Type* type, Arguments arguments, u32 result);
  void call_with_tuple();
  void merge_small_dict();
  void copy_small_dict();
  Value likely_callee();
  Value function_of_variable(const Instruction& load);
  void need_native(Value callee);
  void need_class(Type* callee);
  enum class NativeTemplate : u8 {
    None,
    Float,
    Int,
    Type,
    Range,
    Set,
    IsInstance,
    Pop,
    Get,
    Append,
    Add,
    DictPop,
    SetDefault,
    Discard,
    Remove,
    Len,
    Abs,
    Text,
    Ord,
    Chr,
    Sqrt
  };
  NativeTemplate native_template(Value callee) const;
  bool call_native(Value callee);
  void enter_handler_of(CompiledCall call);
  bool call_any_native(Value callee);
  bool call_super();
  void construct();
  Value callee_now() const;
  bool call_append_of_variable();
  void call_anything();
  void call_range();
  void call_set();
  void call_len(Value callee);
  void call_isinstance(Value callee);
  void need_one_argument(Value callee);
  void call_abs(Value callee);
  void call_sqrt(Value callee);
  void call_ord(Value callee);
  void call_chr(Value callee);
  void call_float();
  void call_int();
  void call_type();
  void copy_arguments();
  void return_value(bool is_constant);
  void return_from_operator(Label is_call);
  void return_truth_or_length(Label is_call);
  void jump_by_method(u32 n, bool when);
  void call_operator(Slot slot, EntryKind entry, u32 a, u32 b, u32 result, Slot not_by);
  bool operate_by_method(Op op);
  // A value of an item method: a register's, or a constant.
  struct Given {
    u32 reg;
    u64 constant = 0;
  };
  void need_method(Slot slot, u32 object, u32 count, Label otherwise);
  void enter_item_method(Slot slot, const Given* given, u32 count, u32 result, EntryKind entry, Label otherwise);
  void go_on_behind_call();
  enum class Caller { Python, Native };
  void drop_frame(Caller caller);
  void go_on_in_frame();
  void make_record(u32 result, EntryKind entry);
  void need_function(const Code* callee, bool has_self, Label another);

  // baseline_container_call.cpp
  void need_container(u16 kind, Reg container);
  void call_append(Value callee, u16 kind);
  void call_pop(Value callee);
  void call_get(Value callee);
  void call_setdefault(Value callee);
  void call_dict_pop(Value callee);
  void call_discard(Value callee, bool is_remove);

  // baseline_shared.cpp: what many places use, emitted once.
  void emit_shared();
  void emit_general_call();

  // baseline_inline.cpp: calls whose callee is translated in their place. The callee's registers are where they would be: in the
  // caller's window. Whoever leaves in the middle of it makes the records of its frames first (`build`). While it is translated
  // code_, i_ and whatever is by instruction are the callee's; instructions_ is a copy whose registers have the caller's numbers.
  struct Inlined {
    const Inlined* outer = nullptr;     // null: called by the code itself
    u32 depth = 1;                      // 1: called by the code itself
    u32 outermost_call = 0;             // instruction of the code itself
    const Instruction* call = nullptr;  // in its caller's code
    Code* callee = nullptr;
    Function* function = nullptr;  // of a class that is called its __init__, or a property's getter; or null
    bool is_init = false;
    // Registers, by the outermost caller's numbers: the callee's first, where the call has its callable (then: the new
    // instance), and where the result goes.
    u32 base = 0, callable = 0, result = 0;
    Label build;  // with what is to be jumped to in rdx, and pc
    std::vector<Instruction> copy;
  };
  struct Translation;
  enum class CallKind : u8 { Called, Inlined, Native };  // Native: by a template that calls nothing
  enum class InlineTemplate : u8 { None, Leaves, Whole };
  static constexpr u32 kMostItemsInlined = 16;
  void find_calls();
  bool has_been_left(u32 call) const;
  i32* exits_left(u32 call);
  Function* function_to_inline(Value callee, Binding* binding);
  Function* getter_to_inline();
  bool may_inline(Function* function);
  void inline_getter();
  u32 inlined_size(Code* callee, bool is_init);
  bool leads_to_raise(u32 i) const;
  InlineTemplate inline_template(bool is_init);
  u32 size_here();
  Inlined* begin_inlined(Code* callee, bool has_self);
  void inline_call(Function* function, Label another);
  void inline_init(Type* type, Function* init, const Binding& binding);
  void need_defaults(const Binding& binding, Function* function);
  void bind_inlined(const Inlined& call, const Binding& binding, Function* function);
  void need_inline_room(const Inlined& call, u32 more);
  Fact room_fact() const;
  void emit_room_check(u32 end, u32 frames, Label otherwise);
  void load_function(Reg to);
  void load_of_function(Reg to, i32 frame_field, i32 function_field);
  void translate_inlined(Inlined* call);
  void return_inlined(bool is_constant);
  void go_on_outside();
  void emit_late_ways_of_inlined();
  void emit_builds();
  void swap_body(Translation* body);
  const Instruction* original(u32 i) const { return inlined_ ? inlined_->callee->instructions() + i : instructions_ + i; }

  // baseline_build.cpp
  bool translate_build(Op op);
  void allocate(Reg to, usize bytes);
  void store_header(Reg cell, u64 header);  // uses rcx
  void copy_items(Mem to, u32 first, u32 count);
  static usize instance_bytes(Type* type);
  void allocate_instance(Reg to, Type* type);
  void build_tuple();
  void build_list();
  void concatenate_lists();
  void join_tuples();
  void concatenate_tuples();
  void extend_tuple();
  void make_cell();
  void load_global_near(Reg to, Reg table, u32 entry, Str* name);
  void make_function();
  void get_iter();
  void get_iter_by_method();
  void get_yield_from_iter();
  void get_iter_of_view(Label is_new);
  void load_dict_lengths(Reg dict);
  void build_dict();
  void make_set(u32 count);
  void build_set();
  void allocate_sized(Reg to, Reg bytes);

  // baseline_text.cpp
  bool translate_text(Op op);
  void concatenate_strings();
  void concatenate_bytes();
  void format_value();
  void make_decimal();
  void call_str();
  void build_string();
  void make_wide_character(Reg unit);
  void end_string(Reg end, Reg flags);
  void copy_bytes(Reg to, Reg from, Reg count);
  void begin_string(Reg cell, Reg length_and_flags);

  // baseline_slice.cpp
  bool translate_slice(Op op);
  void load_slice();
  void store_slice();
  void load_bounds(u32 window, Reg start, Reg stop, Reg length);
  void load_bound(Reg to, u32 n, bool is_start, Reg length);
  void load_last(Reg to, u32 n, Reg length);
  void slice_of_list(bool is_reversed, Label done);
  void slice_of_tuple(Label done);
  void slice_of_string(bool is_reversed, Label done);
  void slice_of_wide_string();
  void begin_slice_of_string(u64 flags);
  void slice_of_bytes(Label done);
  Value constant_in(u32 n) const;

  // baseline_exception.cpp
  bool translate_exception(Op op);
  void push_exception();
  void pop_exception();
  void load_class(Reg to, Reg cell, Reg scratch = Reg::r8);
  void need_plain_class(Reg type);
  void jump_if_instance(Label yes);
  void check_exception_match();
  void before_with(Slot enter, Slot exit);

  // baseline_generator.cpp
  void claim_generator();
  void resume(EntryKind entry);
  void send();
  void get_awaitable();
  void get_async_next();
  void async_generator_wrap();
  void suspend(const Instruction& yields);
  void return_to_frame();
  void send_to_async_generator(Type* type);
  void return_from_generator();
  void return_generator();
  void yield();

  // --- what templates are made of
  // Of a template that looks at the frame, or makes one: there is none in an inlined call. A mistake, but no wrong code.
  void need_frame() {
    if (inlined_) is_spoiled_ = true;
  }
  const Instruction& at() const { return instructions_[i_]; }
  Mem reg(u32 n) {
    if (is_pending(n)) is_spoiled_ = true;
    return place(n);
  }
  Mem place(u32 n) const { return {kRegisters, static_cast<i32>(n * 8)}; }
  Value value_now(u32 n) const;  // of a register, while compiling: a hint
  void load(Reg to, u32 n) {     // a pending int's value, too
    const Fact* known = fact(n);
    if (!known || !known->is_int() || known->in == IntPlace::Frame) return a_.load64(to, reg(n));
    known->in == IntPlace::Register ? a_.move(to, known->gpr) : a_.move_constant(to, static_cast<u64>(i64{known->constant}));
  }
  void store(u32 n, Reg from) {
    forget(n);
    a_.store64(reg(n), from);
  }
  void tag_int(Reg value);               // a number that fits becomes a small int's Value
  void store_constant(u32 n, u64 bits);  // uses rax
  void jump_by_truth(u32 n, bool when, Label to);
  void load_present(Reg to, Mem from) {  // or it is the handler's: absent, null
    a_.load64(to, from);
    a_.alu64(Alu::test, to, to);
    a_.jump_if(Cond::equal, leave());
  }
  // Where the handler does this instruction.
  Label leave();
  // The same, counted: a guard that often fails, or a cache that was empty, is a reason to compile anew.
  Label leave_counted();
  // Of a jump that is emitted with what is known now.
  Label target(i32 offset) { return way_to(static_cast<u32>(static_cast<i32>(i_) + 1 + offset)); }
  void need_cell(Reg value, Label otherwise);           // value is a cell (or absent)
  void need_kind(Reg cell, u16 kind, Label otherwise);  // of exactly this kind
  void need_int(u32 n, Reg value, Label otherwise);     // the value of register n is a small int; uses rcx
  void unbox(Xmm to, Reg value);                        // a float; uses r8, changes value
  void need_shape(Reg cell, u32 shape, Label otherwise);
  void need_no_barrier(Reg owner, Reg value, Label otherwise);  // storing value into owner needs no remembering
  void need_no_barrier(Reg owner, Reg value, Mem field, Label otherwise);
  void need_version(Type* type, u32 version, Label otherwise);  // uses r8
  void leave_always() {
    a_.jump(leave());
    end_here();
  }

  void leave_always_counted() {
    a_.jump(leave_counted());
    end_here();
  }
  void end_here() {
    facts_.clear();
    ends_here_ = inlined_ != nullptr;
  }
  void move_value(u32 to, u32 from);
  void load_constant(u32 to, Value constant);

  // baseline_loops.cpp, baseline_facts.cpp, baseline_ways.cpp
  const Fact* fact(u32 n) const;
  bool is_int(u32 n) const { return fact(n) && !fact(n)->is_float && fact(n)->kind == 0; }
  u16 known_kind(u32 n) const { return fact(n) && fact(n)->kind < Fact::kOfShape ? fact(n)->kind : u16{0}; }
  bool is_known_absent(u32 n) const { return fact(n) && fact(n)->kind == Fact::kAbsent; }
  bool is_known_present(u32 n) const { return fact(n) && !is_known_absent(n); }
  u32 known_shape(u32 n) const;
  void know_shape(u32 n, u32 shape);
  void change_shape(u32 n, u32 before, u32 after, bool is_known);
  void need_object(Reg cell, u32 n, u32 shape, Label otherwise);
  bool is_known_version(Type* type, u32 version) const;
  void know_version(Type* type, u32 version);
  void know_callable(u32 n, Value callable);
  bool is_known_callable(u32 n, Value callable) const;
  void know_absent(u32 n);
  void forget_from(u32 first);
  bool is_known_float(u32 n) const { return fact(n) && fact(n)->is_float; }
  bool is_pending(u32 n) const { return fact(n) && fact(n)->is_pending; }
  void forget(u32 n);
  void forget_all();
  void know_int(u32 n);
  void know_kind(u32 n, u16 kind);
  u16 kind_now(u32 n) const;
  Xmm know_float(u32 n, Xmm other = Xmm::x0);    // the register to put its value in
  Xmm know_pending(u32 n, Xmm other = Xmm::x0);  // the same, and it isn't stored
  void make_room_for_fact();

  void find_targets();
  void find_loops();
  void find_left_often();
  i32* guess_budget(u32 head);
  bool enters_item_method(u32 i) const;
  bool is_left(u32 i) const;
  void find_cold();
  RunsSeen runs_seen(u32 i) const;
  bool is_cold(u32 i) const { return !inlined_ && i < heat_.size() && heat_[i] != Heat::Warm; }
  void translate_cold(u32 i);
  bool is_left_often(u32 i) const { return !inlined_ && compiled_->patience && compiled_->patience[i] == kNoPatience; }
  bool has_patience(u32 i) const;
  bool steps_range(u32 i) const;
  bool is_home(Xmm xmm) const;  // of a float of the loop that the translation is in
  bool is_home(Reg gpr) const;  // of a small int
  void choose_int_homes(LoopPlan* loop, const LoopPlan* outer);
  bool may_guess(u32 head) const;
  u16 range_kind(u32 loop);
  void step_known_range(const Fact& range, Label end);
  const i32* constant_before(u32 head, u32 n);
  Reg choose_int_register(u32 n, bool may_leave) const;
  u32 changed_by(u32 i) const;
  std::vector<IteratorForm> iterator_forms(u32 loop) const;
  void check_written();
  bool takes_ints(u32 i) const;
  bool is_wanted_int(u32 n) const;
  // A set of facts that is kept for later, in kept_facts_.
  struct KeptFacts {
    u32 first = 0, size = 0;
  };
  KeptFacts keep(const Facts& facts);
  Facts kept(KeptFacts facts) const;
  // A jump, or what comes before an instruction, goes on there with what is known here.
  struct Way {
    Label label;
    KeptFacts facts;
  };
  Label way_to(u32 i);
  void jump(i32 offset);
  bool is_wanted_unboxed(u32 n, bool is_surely_float) const;  // a float, by one of the next instructions
  void store_loaded(u32 n, Reg value);
  void load_float(u32 n, double value);
  void guess_objects(const LoopPlan& loop, Facts* wanted) const;
  void come_to(u32 i);
  bool is_live(const Fact& fact, u32 i) const;
  bool takes_boxed(u32 i, u32 n) const;
  void load_boxed(Reg to, u32 n);
  void prepare(u32 i);
  bool keeps_pending(u32 i) const;
  bool takes_unboxed(u32 i) const;
  void write_back(const Fact& fact, u32 pc);  // uses rax, r8
  void write_back_all(u32 pc);
  void store_pending(const Fact& fact);  // in a general register; uses rax
  void change_facts(const Facts& wanted, u32 pc);
  void emit_ways();
  void emit_entries();
  void load_fact(const Fact& fact, Label otherwise);
  // To what does instruction pc, behind storing what is pending.
  // Guess: at the head of a loop, that its variables are what they are guessed. Outside: to the machine code of an inlined
  // callee. Cold: counted, and what hadn't run is marked as met.
  enum class Why : u8 { Left, Counted, Guess, Outside, Cold };
  struct Exit {
    u32 pc;
    Why why;
    KeptFacts pending;
    Label label;
    Inlined* inlined;
  };
  Label exit_to(u32 pc, Why why, const Facts& facts);
  void emit_exits();

  Frame* frame_;
  Code* code_;
  const Instruction* instructions_;
  u32 count_;
  CompiledCode* compiled_;
  u64* exit_counts_;
  u64 base_address_;
  Assembler a_;
  u32 i_ = 0;  // the instruction being translated
  std::vector<Label> labels_, entries_;
  struct Leaving {
    Label plain, counted;
  };
  std::vector<Leaving> leavings_;
  std::vector<Exit> exits_;
  std::vector<Heat> heat_;     // by instruction; empty: all of it is warm
  std::vector<u8> is_target_;  // of a jump, or reached past an instruction that is skipped
  std::vector<LoopPlan> loops_;
  std::vector<const LoopPlan*> heads_;     // by instruction; or null
  std::vector<const LoopPlan*> loops_at_;  // by instruction, the innermost; or null
  Facts facts_;
  Facts at_begin_;  // of the instruction that is being translated: what is pending then, its handler has to get
  std::vector<Fact> kept_facts_;
  std::vector<KeptFacts> facts_at_;  // where an instruction's machine code begins
  std::vector<std::vector<Way>> ways_;
  struct LateWay {
    u32 to;
    Way way;
  };
  std::vector<CallKind> call_kinds_;  // by instruction
  std::vector<LateWay> late_ways_;    // that have something to do
  bool is_reached_ = true;            // the instruction being come to, from the one before
  bool is_spoiled_ = false;           // a template has used the place of a value that was pending: a mistake, but no wrong code
  // Of calls that are inlined.
  Inlined* inlined_ = nullptr;  // where the translation is; null: in the code itself
  Code* root_code_;
  u32 inline_room_ = kMostInlined;
  bool ends_here_ = false;      // the template of this instruction of an inlined call always leaves
  bool falls_through_ = false;  // the last instruction of one is a Return, whose facts hold behind the call
  std::vector<Way> returns_;    // of the one where the translation is
  std::deque<Inlined> all_inlined_;
  struct Translation {
    Code* code = nullptr;
    const Instruction* instructions = nullptr;
    u32 count = 0, i = 0;
    std::vector<Label> labels;
    std::vector<Leaving> leavings;
    std::vector<u8> is_target;
    std::vector<CallKind> call_kinds;
    std::vector<const LoopPlan*> heads, loops_at;
    Facts at_begin;
    std::vector<KeptFacts> facts_at;
    std::vector<std::vector<Way>> ways;
    std::vector<LateWay> late_ways;
    std::vector<Way> returns;
    bool is_reached = true, falls_through = false;
    Inlined* inlined = nullptr;
    PrivateRegisters privates;
  };
  std::deque<Translation> inlined_bodies_;
  Label general_call_;  // at pc; or not wanted
  u32 next_xmm_ = 0;
  i32 constant_before_ = 0;
  u32 given_ = 0;  // general registers that the instruction being translated has given a value, a bit each
  PrivateRegisters private_;
  PrivateContainers containers_;
  Label instead_of_leaving_;            // while an object is locked
  u32 likely_shape_ = 0;                // of that object, if that is known
  bool likely_is_one_of_many_ = false;  // objects of other classes have been called here, too
  bool likely_self_ = false;            // what likely_callee answered is called with an object in front
  bool knows_shapes_ = false;           // and versions and so on: while stores need no locks, and guesses haven't failed often
};

}  // namespace baton
