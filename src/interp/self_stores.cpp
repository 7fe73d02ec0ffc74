// How many attributes instances of a class will have, guessed from what __init__ stores into self.
//
// It sizes the inline slots of a new class's first instances: what lies beyond them is reached through slow paths, which matters
// for classes with one busy instance, such as an event loop. Later instances learn from the earlier (shape.cpp).
#include "compile/ops.h"
#include "interp/interp.h"
#include "objects/code.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

static constexpr u32 kMostCounted = 32;

static u32 count_stores(Code* const* codes, u32 n) {
  Str* seen[kMostCounted] = {};
  u32 count = 0;
  for (u32 k = 0; k < n; ++k) {
    Code* code = codes[k];
    if (code->argcount_ == 0) continue;
    if (code->is_lazy()) {  // not to be read for a guess: names that two of them store count twice
      count = count + code->self_stores_ < kMostCounted ? count + code->self_stores_ : kMostCounted;
      continue;
    }
    for (u32 i = 0; i < code->instruction_count_ && count < kMostCounted; ++i) {
      const Instruction& instruction = code->instructions()[i];
      if (static_cast<Op>(instruction.op) != Op::StoreAttr || instruction.a != 0) continue;  // register 0 is self
      Str* name = code->names()->at(instruction.c).as<Str>();
      u32 at = 0;
      while (at < count && seen[at] != name) ++at;
      if (at == count) seen[count++] = name;
    }
  }
  return count;
}

void install_self_store_counter() { count_self_stores = count_stores; }

}  // namespace baton
