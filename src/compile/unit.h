// A code object under construction, before any heap object exists: what the code generator emits and the assembler finishes.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "compile/op_info.h"
#include "objects/code.h"
#include "syntax/ast.h"

namespace baton::compile {

struct FinishedCode;

// An entry of co_consts: a plain constant or a nested code object.
struct ConstEntry {
  ast::ConstValue value;
  std::unique_ptr<FinishedCode> code;  // null: value
};

// A finished code object with everything resolved; compiler.cpp turns it into a Code cell.
struct FinishedCode {
  std::string name, qualname;
  i32 first_line = 1;
  u32 flags = 0, argcount = 0, posonly_argcount = 0, kwonly_argcount = 0, register_count = 0;
  std::vector<ConstEntry> consts;
  std::vector<std::string_view> names, varnames, cellvars, freevars;
  std::vector<Instruction> instructions;
  std::vector<Position> positions;
  std::vector<u16> live_top;
  std::vector<ExceptionTableEntry> exceptions;
};

// Names in order of first use, each with its number.
class NameTable {
 public:
  i32 index_of(std::string_view name) {
    auto [it, fresh] = index_.try_emplace(name, static_cast<i32>(list_.size()));
    if (fresh) list_.push_back(name);
    return it->second;
  }
  i32 find(std::string_view name) const {
    auto it = index_.find(name);
    return it == index_.end() ? -1 : it->second;
  }
  i32 size() const { return static_cast<i32>(list_.size()); }
  const std::vector<std::string_view>& list() const { return list_; }

 private:
  std::vector<std::string_view> list_;
  std::unordered_map<std::string_view, i32> index_;
};

using LabelId = i32;
inline constexpr i32 kNoHandler = -1;

// Operand c of a Jump that conditional jumps must not be led past: it has no line, so that what follows is a new one.
inline constexpr i32 kStaysTarget = 1;

// One instruction before assembly. Jumps name a label; registers are final but for unused local slots.
struct PendingInstruction {
  Op op;
  bool artificial;  // has no line of its own: takes over the line of a Nop before it
  u16 live_top;
  i32 a, b, c;
  LabelId label;  // -1: no jump
  i32 handler;    // number of the handler in force, or kNoHandler
  ast::Span span;
};

struct PendingHandler {
  LabelId label;
  i32 exception_register;
};

// Registers of constants used in loops: written once, before the body, so that a loop doesn't load them again and again. While a
// unit is being compiled they have numbers of their own; the assembler places them between the free variables and the
// temporaries.
inline constexpr i32 kConstantRegisterBase = 1 << 20;

struct AssemblerInput {
  std::vector<PendingInstruction> code;
  std::vector<i32> label_positions;  // by label; -1: never bound (then never jumped to by live code)
  std::vector<PendingHandler> handlers;
  i32 local_slots = 0;  // registers reserved for locals
  i32 used_locals = 0;  // of them in co_varnames
  i32 register_count = 0;
  i32 first_temp = 0;
  i32 body_start = 0;  // where the loads of constant_registers go
  std::vector<PendingInstruction> constant_loads;
};

// Fills instructions, positions, live_top, exceptions and register_count of `code`. False: the code is too large (message).
bool assemble(AssemblerInput& input, FinishedCode& code, const char** message);

}  // namespace baton::compile
