// One code object's way to machine code: see baseline.cpp.
#pragma once
#include <vector>

#include "compile/op_info.h"
#include "interp/inline_cache.h"
#include "jit/assembler.h"
#include "jit/compiled_code.h"
#include "objects/thread.h"

namespace baton {

// State is where the handlers have it (clang's preserve_none convention): these are never touched but to change the state.
inline constexpr Reg kThread = Reg::r12, kPc = Reg::r13, kRegisters = Reg::r14, kFrame = Reg::r15, kTable = Reg::rdi;

class Baseline {
 public:
  // frame: runs the code; its values are taken for typical ones. compiled: gets dependencies; its counter's address is used.
  Baseline(Frame* frame, CompiledCode* compiled, u64 base_address);
  // Translates everything. False: there is no way.
  bool run();
  const Assembler& assembler() const { return a_; }
  u64 entry_offset(u32 i) const { return a_.offset_of(entries_[i]); }

 private:
  void translate(u32 i);
  void emit_exits();

  // baseline_arithmetic.cpp
  bool translate_arithmetic(Op op);
  void add_or_subtract(bool subtract, const i64* constant);
  void multiply();
  void divide();
  void divide_ints(bool want_quotient);
  void bitwise(Alu op);
  void shift_left();
  void shift_right();
  void float_operation(FloatOp op);
  void unbox(Xmm to, Reg value);
  void box_into(u32 reg, Xmm from);
  void compare(Cond ints, bool jumps, bool jump_when, const i64* constant);

  // baseline_object.cpp
  bool translate_object(Op op);
  void load_global(bool for_call);
  void load_attribute();
  void store_attribute();
  void load_method();
  void load_item(const i64* constant);
  void store_item();
  void unpack_sequence();
  void append_to_list();
  void for_iter();
  void load_deref();

  // baseline_call.cpp
  bool translate_call(Op op);
  void call();
  void return_value(bool is_constant);

  // --- what templates are made of
  const Instruction& at() const { return instructions_[i_]; }
  Mem reg(u32 n) const { return {kRegisters, static_cast<i32>(n * 8)}; }
  Value value_now(u32 n) const;  // of a register, while compiling: a hint
  void load(Reg to, u32 n) { a_.load64(to, reg(n)); }
  void store(u32 n, Reg from) { a_.store64(reg(n), from); }
  // Where the handler does this instruction.
  Label leave();
  // The same, counted: a guard that often fails, or a cache that was empty, is a reason to compile anew.
  Label leave_counted();
  Label target(i32 offset) { return labels_[static_cast<u32>(static_cast<i32>(i_) + 1 + offset)]; }
  void need_cell(Reg value, Label otherwise);           // value is a cell (or absent)
  void need_kind(Reg cell, u16 kind, Label otherwise);  // of exactly this kind
  void need_both_ints(Reg a, Reg b, Label otherwise);   // uses rcx
  void need_shape(Reg cell, u32 shape, Label otherwise);
  void need_no_barrier(Reg owner, Reg value, Label otherwise);  // storing value into owner needs no remembering
  void need_version(Type* type, u32 version, Label otherwise);  // uses r8
  void leave_always() { a_.jump(leave()); }

  Frame* frame_;
  Code* code_;
  const Instruction* instructions_;
  u32 count_;
  CompiledCode* compiled_;
  Assembler a_;
  u32 i_ = 0;  // the instruction being translated
  std::vector<Label> labels_, entries_;
  std::vector<u8> counted_needed_;
  struct Exit {
    Label plain, counted;
  };
  std::vector<Exit> exits_;
};

}  // namespace baton
