// What ops.def says of each op, as a table: for the assembler, disassembler, validator and the JIT.
#pragma once
#include "compile/ops.h"

namespace baton {

enum class OperandKind : u8 { Unused, Read, Write, ReadWrite, Window, Const, Name, Immediate, Unsigned, Jump16, Jump32, Const32 };

enum OpFlag : u8 { kOpRaises = 1, kOpCalls = 2, kOpPolls = 4 };

struct OpInfo {
  const char* name;
  OperandKind a, b, c;
  u8 flags;
};

extern const OpInfo op_infos[kOpCount];
inline const OpInfo& op_info(Op op) { return op_infos[static_cast<u16>(op)]; }

// Identifies the bytecode set: changes whenever an op is added, removed, renamed, moved or gets other operands.
u64 bytecode_version_hash();
// Counts changes of what the compiler makes of a source; part of the hash, so that cached code of an older compiler is not used.
inline constexpr u64 kCompilerRevision = 40;
// The part of sys.implementation.cache_tag that keeps caches of different bytecode sets apart.
u64 bytecode_cache_hash();

inline bool ends_block(Op op) {
  switch (op) {
    case Op::Jump:
    case Op::JumpBack:
    case Op::JumpNoPoll:
    case Op::Return:
    case Op::ReturnConst:
    case Op::Raise:
    case Op::RaiseFrom:
    case Op::RaiseBare:
    case Op::Reraise: return true;
    default: return false;
  }
}

}  // namespace baton
