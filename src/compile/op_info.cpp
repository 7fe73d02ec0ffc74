// The table of ops.def: names, operands and flags of every instruction, and the hash that names the bytecode set.
#include "compile/op_info.h"

namespace baton {

#define R(x) OperandKind::Read
#define W(x) OperandKind::Write
#define RW(x) OperandKind::ReadWrite
#define WIN(x) OperandKind::Window
#define K(x) OperandKind::Const
#define N(x) OperandKind::Name
#define I(x) OperandKind::Immediate
#define U(x) OperandKind::Unsigned
#define X(x) OperandKind::Unused
#define J16(x) OperandKind::Jump16
#define J32 OperandKind::Jump32
#define K32 OperandKind::Const32
#define kRaises kOpRaises
#define kCalls kOpCalls
#define kPoll kOpPolls

const OpInfo op_infos[kOpCount] = {
#define OP(name, a, b, c, flags) {#name, a, b, c, flags},
#include "compile/ops.def"
#undef OP
};

u64 bytecode_version_hash() {
  static const u64 hash = [] {
    u64 h = 0xCBF29CE484222325 ^ kCompilerRevision;
    auto byte = [&h](u8 b) { h = (h ^ b) * 0x100000001B3; };
    for (const OpInfo& info : op_infos) {
      for (const char* p = info.name; *p; ++p) byte(static_cast<u8>(*p));
      byte(static_cast<u8>(info.a));
      byte(static_cast<u8>(info.b));
      byte(static_cast<u8>(info.c));
    }
    return h;
  }();
  return hash;
}

u64 bytecode_cache_hash() { return bytecode_version_hash(); }

}  // namespace baton
