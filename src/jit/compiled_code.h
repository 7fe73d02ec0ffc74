// What a code object's machine code is made of besides the bytes.
#pragma once
#include "heap/pod_vector.h"
#include "objects/code.h"

namespace baton {

// A loop whose variables are guessed to be floats and small ints where a round begins: see loop_facts.h.
struct GuessedLoop {
  u32 head;
  u32 failures;  // how many machine codes' guesses have been wrong too often
  i32 left;      // how many times they may yet be
};

// A call that is inlined, by its instruction; or, with kNoPatience left, one that isn't any more: it was left too often.
struct InlinedCall {
  u32 call;
  i32 left;   // how many times yet, before that is looked at
  u64 since;  // when the last such look was, in nanoseconds
};
inline constexpr i32 kExitsOfInlined = 1000;  // ... between looks

inline constexpr u32 kMostCorrections = 10;     // of what was guessed of loops: the last one guesses nothing
inline constexpr i32 kNoPatience = -(1 << 30);  // that has been so

// How many times machine code may leave a guard or an unfilled cache before it is compiled anew, which takes the longer the more
// instructions it has. Where it leaves for what hadn't run, all that follows is interpreted: that counts so many times, which
// makes it kFirstBudget times.
inline constexpr u32 kFirstBudget = 100, kBudgetForEachInstruction = 4;
constexpr u32 first_budget(u32 instructions) { return kFirstBudget + instructions * kBudgetForEachInstruction; }
constexpr u32 weight_of_cold_exit(u32 instructions) { return first_budget(instructions) / kFirstBudget; }

inline constexpr u32 kMaxRecompilations = 4;  // for other reasons: the last one has templates of what has never run, too

struct CompiledCode {
  void* memory = nullptr;
  usize bytes = 0;
  u64* entries = nullptr;      // one an instruction: the address of its machine code; malloc'd
  PodVector<u32> shapes;       // numbers of the shapes that guards compare with: weak
  PodVector<Code*> codes;      // code objects that calls compare with: weak
  PodVector<Cell*> callables;  // that are compared with themselves: weak
  PodVector<Code*> inlined;    // those of them whose instructions are in this machine code, too
  PodVector<GuessedLoop> loops;
  PodVector<InlinedCall> calls;
  // By instruction, of loops with such variables: how many times it may yet be left to its handler before machine code is made
  // that has them in the frame behind it; see Baseline::is_left_often. Malloc'd; null: there are no such loops.
  i32* patience = nullptr;
  // By instruction, of code with blocks that had not run when it was translated (cold_blocks.h): this one has run after all.
  // Malloc'd; or null.
  u8* met = nullptr;
  u32 recompilations = 0;
  u32 corrections = 0;            // machine codes before that guessed wrong
  u32 filled = 0;                 // cache words that told something when it was made
  i32 budget = 0;                 // how many times it may yet leave a guard or an unfilled cache before it is compiled anew
  CompiledCode* older = nullptr;  // replaced, but perhaps still run by a thread without a GIL: freed in the next stopped world
};

}  // namespace baton
