// One line an instruction:   number  [line]  Name  operands            with  rN registers (locals by name), =const, 'name',
// ->target.
#include "compile/disassembler.h"

#include <vector>

#include "compile/constants.h"
#include "compile/op_info.h"
#include "compile/unit.h"
#include "compile/unparse.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {

struct Listing {
  std::string title;
  u32 argcount, posonly, kwonly, flags, register_count;
  std::vector<std::string> consts, names, varnames, cellvars, freevars;
  const Instruction* instructions;
  const Position* positions;
  const u16* live_top;
  u32 count;
  const ExceptionTableEntry* exceptions;
  u32 exception_count;
};

class Lister {
 public:
  Lister(const Listing& listing, bool positions) : in_(listing), show_positions_(positions) {}

  std::string run() {
    out_ += in_.title + "\n  args " + std::to_string(in_.argcount) + " posonly " + std::to_string(in_.posonly) + " kwonly " +
            std::to_string(in_.kwonly) + " flags " + hex(in_.flags) + " registers " + std::to_string(in_.register_count) + "\n";
    list_names("varnames", in_.varnames);
    list_names("cellvars", in_.cellvars);
    list_names("freevars", in_.freevars);
    name_registers();
    i32 line = -1;
    for (u32 pc = 0; pc < in_.count; ++pc) {
      const Position& position = in_.positions[pc];
      std::string prefix = pad(std::to_string(pc), 5);
      prefix += pad(position.line == line ? "" : std::to_string(position.line), 6);
      line = position.line;
      out_ += prefix + "  " + describe(pc);
      if (show_positions_) {
        out_ += "   ; " + std::to_string(position.line) + ":" + std::to_string(position.column) + "-" +
                std::to_string(position.end_line) + ":" + std::to_string(position.end_column) + " live " +
                std::to_string(in_.live_top[pc]);
      }
      out_ += '\n';
    }
    for (u32 i = 0; i < in_.exception_count; ++i) {
      const ExceptionTableEntry& entry = in_.exceptions[i];
      out_ += "  except " + std::to_string(entry.start) + ".." + std::to_string(entry.end) + " -> " +
              std::to_string(entry.handler) + " in " + register_name(entry.exception_register) + "\n";
    }
    return std::move(out_);
  }

 private:
  static std::string pad(const std::string& text, usize width) {
    return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
  }
  static std::string hex(u32 v) {
    char text[16];
    snprintf(text, sizeof text, "0x%x", v);
    return text;
  }
  void list_names(const char* title, const std::vector<std::string>& names) {
    if (names.empty()) return;
    out_ += std::string("  ") + title;
    for (const std::string& name : names) out_ += " " + name;
    out_ += '\n';
  }
  void name_registers() {
    for (const std::string& name : in_.varnames) registers_.push_back(name);
    for (const std::string& name : in_.cellvars) {
      bool is_local = false;
      for (const std::string& local : in_.varnames) is_local = is_local || local == name;
      if (!is_local) registers_.push_back("&" + name);
    }
    for (const std::string& name : in_.freevars) registers_.push_back("&" + name);
  }
  std::string register_name(u32 reg) const {
    return reg < registers_.size() ? registers_[reg] : "t" + std::to_string(reg - registers_.size());
  }
  std::string constant(u32 index) const { return index < in_.consts.size() ? "=" + in_.consts[index] : "=?"; }

  void add_operand(std::string& text, OperandKind kind, u16 value, u32 pc) const {
    const Instruction& ins = in_.instructions[pc];
    auto add = [&text](const std::string& operand) { text += (text.empty() ? "" : ", ") + operand; };
    switch (kind) {
      case OperandKind::Unused: return;
      case OperandKind::Read:
      case OperandKind::Write:
      case OperandKind::ReadWrite: return add(register_name(value));
      case OperandKind::Window:
        return add(value == 0xFFFF && static_cast<Op>(ins.op) == Op::MakeFunction ? "-" : "[" + register_name(value) + "]");
      case OperandKind::Const: return add(constant(value));
      case OperandKind::Name: return add("'" + (value < in_.names.size() ? in_.names[value] : "?") + "'");
      case OperandKind::Immediate: return add("#" + std::to_string(static_cast<i16>(value)));
      case OperandKind::Unsigned: return add("#" + std::to_string(value));
      case OperandKind::Jump16: return add("->" + std::to_string(static_cast<i32>(pc) + 1 + static_cast<i16>(value)));
      case OperandKind::Jump32:
        if (static_cast<Op>(ins.op) == Op::LoadSmallInt) return add("#" + std::to_string(ins.jump32()));
        return add("->" + std::to_string(static_cast<i32>(pc) + 1 + ins.jump32()));
      case OperandKind::Const32: return add(constant(ins.wide()));
    }
  }
  std::string describe(u32 pc) const {
    const Instruction& ins = in_.instructions[pc];
    if (ins.op >= kOpCount) return "Quickened#" + std::to_string(ins.op);
    const OpInfo& info = op_infos[ins.op];
    std::string operands;
    add_operand(operands, info.a, ins.a, pc);
    add_operand(operands, info.b, ins.b, pc);
    if (info.b != OperandKind::Jump32 && info.b != OperandKind::Const32) add_operand(operands, info.c, ins.c, pc);
    std::string text = info.name;
    if (operands.empty()) return text;
    if (text.size() < 16) text.resize(16, ' ');
    return text + " " + operands;
  }

  const Listing& in_;
  bool show_positions_;
  std::vector<std::string> registers_;
  std::string out_;
};

}  // namespace

namespace compile {

static std::string constant_text(const ast::ConstValue& value) {
  ast::Constant node{{ast::Span{}, ast::ExprKind::Constant}, value, {}};
  std::string text;
  unparse_expression(&node, text);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

std::string list_code(const FinishedCode& code, bool positions) {
  Listing in{};
  in.title = "code " + code.qualname + " line " + std::to_string(code.first_line);
  in.argcount = code.argcount;
  in.posonly = code.posonly_argcount;
  in.kwonly = code.kwonly_argcount;
  in.flags = code.flags;
  in.register_count = code.register_count;
  for (const ConstEntry& entry : code.consts)
    in.consts.push_back(entry.code ? "<code " + entry.code->name + ">" : constant_text(entry.value));
  for (std::string_view name : code.names) in.names.emplace_back(name);
  for (std::string_view name : code.varnames) in.varnames.emplace_back(name);
  for (std::string_view name : code.cellvars) in.cellvars.emplace_back(name);
  for (std::string_view name : code.freevars) in.freevars.emplace_back(name);
  in.instructions = code.instructions.data();
  in.positions = code.positions.data();
  in.live_top = code.live_top.data();
  in.count = static_cast<u32>(code.instructions.size());
  in.exceptions = code.exceptions.data();
  in.exception_count = static_cast<u32>(code.exceptions.size());
  std::string text = Lister(in, positions).run();
  for (const ConstEntry& entry : code.consts) {
    if (entry.code) text += "\n" + list_code(*entry.code, positions);
  }
  return text;
}

}  // namespace compile

static std::vector<std::string> texts_of(Thread& thread, Tuple* names) {
  std::vector<std::string> list;
  for (Index i = 0; i < names->length(); ++i) {
    Value owner;
    list.emplace_back(str_utf8_lossy(thread, names->at(i).as<Str>(), &owner));
  }
  return list;
}

std::string disassemble(Thread& thread, const Code* code, bool positions) {
  Listing in{};
  Value owner;
  in.title =
      "code " + std::string(str_utf8_lossy(thread, code->qualname(), &owner)) + " line " + std::to_string(code->first_line_);
  in.argcount = code->argcount_;
  in.posonly = code->posonly_argcount_;
  in.kwonly = code->kwonly_argcount_;
  in.flags = code->flags_;
  in.register_count = code->register_count_;
  std::vector<const Code*> nested;
  for (Index i = 0; i < code->consts()->length(); ++i) {
    Value value = code->consts()->at(i);
    if (is<Code>(value)) {
      nested.push_back(value.as<Code>());
      in.consts.push_back("<code " + std::string(str_utf8_lossy(thread, value.as<Code>()->name(), &owner)) + ">");
      continue;
    }
    Result<Str*> text = repr(thread, value);
    if (text.is_failed()) {
      thread.clear_pending();  // a listing shows what it can
      in.consts.push_back("?");
    } else {
      in.consts.emplace_back(str_utf8_lossy(thread, text.value(), &owner));
    }
  }
  in.names = texts_of(thread, code->names());
  in.varnames = texts_of(thread, code->varnames());
  in.cellvars = texts_of(thread, code->cellvars());
  in.freevars = texts_of(thread, code->freevars());
  in.instructions = code->instructions_;
  in.positions = code->positions();
  in.live_top = code->live_top_;
  in.count = code->instruction_count_;
  in.exceptions = code->exception_table_;
  in.exception_count = code->exception_count_;
  std::string text = Lister(in, positions).run();
  for (const Code* inner : nested) text += "\n" + disassemble(thread, inner, positions);
  return text;
}

}  // namespace baton
