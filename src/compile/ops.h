// The opcode enum and what is known of each op, made from ops.def.
#pragma once
#include "base/types.h"

namespace baton {

enum class Op : u16 {
#define OP(name, a, b, c, flags) name,
#include "compile/ops.def"
#undef OP
  kCount
};
inline constexpr u16 kOpCount = static_cast<u16>(Op::kCount);

}  // namespace baton
