// Memory for machine code: one reserved range, private to the process (a forked child gets its own copy), readable, writable and
// executable. Blocks are multiples of 64 bytes; freed ones are used again, first fit.
#pragma once
#include "base/types.h"

namespace baton {

// limit: bytes, for all blocks. False: the system gives no executable memory.
bool code_memory_init(usize limit);
// The next block will lie here if it has at most `bytes`; null: there is no room. Then take_code_memory with what it really
// needs. The caller holds one lock over both, and over free_code_memory.
void* find_code_memory(usize bytes);
void take_code_memory(void* at, usize bytes);
void free_code_memory(void* at, usize bytes);
usize code_memory_in_use();  // bytes

}  // namespace baton
