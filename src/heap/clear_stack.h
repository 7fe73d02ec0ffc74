// Against words that calls which have returned left on the stack. Frames have slots that they never write, or not yet, and stacks
// are scanned conservatively: in one of those the collector finds what an earlier call had there, and keeps it alive for as long
// as the frame lasts.
#pragma once
#include <cstring>

#include "base/check.h"
#include "base/types.h"

namespace baton {

// Zeroes that many bytes below the caller's frame: where the frames of what it calls next will lie.
template <usize kBytes>
BATON_NOINLINE void clear_stack_below() {
  char room[kBytes];
  memset(room, 0, sizeof room);
  asm volatile("" : : "r"(room) : "memory");
}

}  // namespace baton
