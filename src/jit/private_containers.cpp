// See the header.
#include "jit/private_containers.h"

#include <algorithm>

#include "jit/jumps.h"

namespace baton {

namespace {

constexpr u32 kMostInstructions = 5000;
constexpr usize kMostVariables = 32;  // that are looked at

// What an instruction does with a variable, or what its container is put into by it.
enum class Use : u8 { None, Keeps, Makes, Loses };

// Methods of list, dict and set that hand the container to nobody.
bool keeps_to_itself(std::string_view method) {
  constexpr std::string_view kMethods[] = {"append", "add",    "extend",  "insert", "pop",        "remove", "discard", "clear",
                                           "sort",   "update", "reverse", "get",    "setdefault", "count",  "index",   "popitem"};
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
}

bool is_build(Op op) { return op == Op::BuildList || op == Op::BuildDict || op == Op::BuildSet; }

class Variable {
 public:
  Variable(const ContainerCode& code, u32 n) : code_(code), n_(n), lost_(code.count, false) {}

  Use use(u32 i) const {
    const Instruction& in = code_.instructions[i];
    Op op = static_cast<Op>(in.op);
    const OpInfo& info = op_info(op);
    // A window is one of temporaries, which lie behind the variables; UnpackSequence's may be variables.
    auto touches = [&](OperandKind kind, u32 at) { return kind == OperandKind::Window && at <= n_; };
    if (touches(info.a, in.a) || touches(info.b, in.b) || touches(info.c, in.c)) return Use::Loses;
    auto writes = [&](OperandKind kind, u32 at) {
      return (kind == OperandKind::Write || kind == OperandKind::ReadWrite) && at == n_;
    };
    bool is_written = writes(info.a, in.a) || writes(info.b, in.b) || writes(info.c, in.c);
    if (is_written) return is_build(op) ? Use::Makes : Use::Loses;
    auto reads = [&](OperandKind kind, u32 at) { return kind == OperandKind::Read && at == n_; };
    bool a = reads(info.a, in.a), b = reads(info.b, in.b), c = reads(info.c, in.c);
    if (!a && !b && !c) return Use::None;
    switch (op) {
      case Op::CheckBound:
      case Op::JumpIfTrue:
      case Op::JumpIfFalse:
      case Op::JumpIfNone:
      case Op::JumpIfNotNone:
      case Op::UnaryNot:
      case Op::GetLen:
      case Op::Is:
      case Op::IsNot:
      case Op::LoadItemInt:
      case Op::LoadSlice: return Use::Keeps;
      case Op::LoadItem: return c ? Use::Loses : Use::Keeps;
      case Op::Contains:
      case Op::NotContains:
      case Op::DeleteItem: return b ? Use::Loses : Use::Keeps;
      case Op::StoreItem: return b || c ? Use::Loses : Use::Keeps;
      case Op::StoreSlice: return c ? Use::Loses : Use::Keeps;
      case Op::LoadMethod: return keeps_to_itself(code_.name(code_.context, i)) ? Use::Keeps : Use::Loses;
      default: return Use::Loses;
    }
  }

  // Whether it is one to look at: something makes its container, and no handler puts an exception there.
  bool may_be_private() const {
    for (u32 h = 0; h < code_.handler_count; ++h)
      if (code_.handlers[h].exception_register == n_) return false;
    for (u32 i = 0; i < code_.count; ++i)
      if (use(i) == Use::Makes) return true;
    return false;
  }

  // lost(i): others may know the container when instruction i begins, or it isn't one that was made here.
  void follow() {
    for (u32 i = 0; i < code_.count; ++i)
      if (use(i) == Use::Loses) lose_behind(i, true);
    while (!to_do_.empty()) {
      u32 i = to_do_.back();
      to_do_.pop_back();
      lose_behind(i, use(i) != Use::Makes);
    }
  }
  bool is_lost(u32 i) const { return lost_[i]; }

 private:
  // ends: at the instructions that come next; at its handler in any case, as what raises has made nothing.
  void lose_behind(u32 i, bool next) {
    for (u32 h = 0; h < code_.handler_count; ++h) {
      const ExceptionTableEntry& entry = code_.handlers[h];
      if (i < entry.start || i >= entry.end) continue;
      lose(entry.handler);
      break;
    }
    if (!next) return;
    if (!ends_block(static_cast<Op>(code_.instructions[i].op))) lose(i64{i} + 1);
    for_each_jump(code_.instructions, i, [this](i64 to) { lose(to); });
  }
  void lose(i64 at) {
    if (at < 0 || at >= static_cast<i64>(code_.count) || lost_[static_cast<usize>(at)]) return;
    lost_[static_cast<usize>(at)] = true;
    to_do_.push_back(static_cast<u32>(at));
  }

  const ContainerCode& code_;
  u32 n_;
  std::vector<bool> lost_;
  std::vector<u32> to_do_;
};

bool writes_window(const Instruction& in, u32 at) {
  const OpInfo& info = op_info(static_cast<Op>(in.op));
  return in.a == at && (info.a == OperandKind::Window || info.a == OperandKind::Write || info.a == OperandKind::ReadWrite);
}

}  // namespace

void PrivateContainers::find(const ContainerCode& code) {
  stores_.clear();
  if (code.count > kMostInstructions) return;
  std::vector<u32> made;
  for (u32 i = 0; i < code.count; ++i) {
    const Instruction& in = code.instructions[i];
    if (!is_build(static_cast<Op>(in.op)) || in.a < code.parameter_count || in.a >= code.local_count) continue;
    if (std::find(made.begin(), made.end(), in.a) == made.end()) made.push_back(in.a);
  }
  if (made.size() > kMostVariables) made.resize(kMostVariables);
  for (u32 n : made) {
    Variable variable(code, n);
    if (!variable.may_be_private()) continue;
    variable.follow();
    if (stores_.empty()) stores_.assign(code.count, false);
    for (u32 i = 0; i < code.count; ++i) {
      const Instruction& in = code.instructions[i];
      if (variable.is_lost(i)) continue;
      if (static_cast<Op>(in.op) == Op::StoreItem && in.a == n) stores_[i] = true;
      if (static_cast<Op>(in.op) != Op::Call) continue;
      // The call's window was begun by the LoadMethod of this variable, which has had the same container since then.
      u32 begin = i;
      while (begin > 0 && !writes_window(code.instructions[begin - 1], in.a) && variable.use(begin - 1) != Use::Makes) --begin;
      const Instruction& load = code.instructions[begin ? begin - 1 : 0];
      if (begin && static_cast<Op>(load.op) == Op::LoadMethod && load.a == in.a && load.b == n) stores_[i] = true;
    }
  }
}

}  // namespace baton
