// Which instructions of a code object have not run so far, or once at most: they get no templates.
#pragma once
#include <vector>

#include "objects/code.h"

namespace baton {

// Leader: where a block of them begins that machine code, a jump back or a handler of exceptions may come to: there is counted
// how often it runs after all.
enum class Heat : u8 { Warm, Cold, Leader };

// What tells of instruction i by itself: it has run more than once; it has run once at most; or nothing.
enum class RunsSeen : u8 { Some, None, Unknown };
struct HeatHints {
  RunsSeen (*seen)(void* context, u32 i);
  void* context;
};

// By instruction. The code runs at its beginning, and where something tells so. What can be reached from there on no way past a
// block that hasn't run is cold, too, and so is a block all of whose ways lead to cold ones.
std::vector<Heat> find_heat(const Instruction* instructions, u32 count, const HeatHints& hints);

}  // namespace baton
