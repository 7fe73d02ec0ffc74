// What a code object's machine code is made of besides the bytes.
#pragma once
#include "heap/pod_vector.h"
#include "objects/code.h"

namespace baton {

struct CompiledCode {
  void* memory = nullptr;
  usize bytes = 0;
  u64* entries = nullptr;  // one an instruction: the address of its machine code; malloc'd
  PodVector<u32> shapes;   // numbers of the shapes that guards compare with: weak
  PodVector<Code*> codes;  // code objects that calls compare with: weak
  u32 recompilations = 0;
  u32 filled = 0;                 // cache words that told something when it was made
  i32 budget = 0;                 // how many times it may yet leave a guard or an unfilled cache before it is compiled anew
  CompiledCode* older = nullptr;  // replaced, but perhaps still run by a thread without a GIL: freed in the next stopped world
};

}  // namespace baton
