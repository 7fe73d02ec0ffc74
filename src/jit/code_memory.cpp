// The range of memory that machine code lies in, and which parts of it are free.
#include "jit/code_memory.h"

#include "base/pages.h"
#include "heap/pod_vector.h"

namespace baton {

static constexpr usize kUnit = 64, kCommitStep = usize{256} << 10;
// Where the program itself is not position-independent, jumps from here to its handlers are short ones.
static constexpr u64 kWantedAddress = u64{0x4000'0000};

struct FreeBlock {
  char* at;
  usize bytes;
};
static char* memory_begin = nullptr;
static usize reserved = 0;
static usize committed = 0, fresh = 0, in_use = 0;  // bytes from memory_begin: accessible; begun to be used; not free
static PodVector<FreeBlock> free_blocks;

bool code_memory_init(usize limit) {
  reserved = round_up(limit, kCommitStep);
  memory_begin = static_cast<char*>(pages_reserve(reinterpret_cast<void*>(kWantedAddress), reserved));
  if (!memory_begin) memory_begin = static_cast<char*>(pages_reserve(nullptr, reserved));
  if (!memory_begin) return false;
  if (!pages_commit(memory_begin, kCommitStep, PageAccess::kReadWriteExecute)) return false;
  committed = kCommitStep;
  fresh = kUnit;  // the undefined behaviour sanitizer looks in front of a function that is called
  return true;
}

static usize find_block(usize bytes) {
  usize i = 0;
  while (i < free_blocks.size() && free_blocks[i].bytes < bytes) ++i;
  return i;
}

void* find_code_memory(usize bytes) {
  bytes = round_up(bytes, kUnit);
  if (usize i = find_block(bytes); i < free_blocks.size()) return free_blocks[i].at;
  if (fresh + bytes > reserved) return nullptr;
  while (fresh + bytes > committed) {
    if (!pages_commit(memory_begin + committed, kCommitStep, PageAccess::kReadWriteExecute)) return nullptr;
    committed += kCommitStep;
  }
  return memory_begin + fresh;
}

void take_code_memory(void* at, usize bytes) {
  bytes = round_up(bytes, kUnit);
  in_use += bytes;
  if (at == memory_begin + fresh) {
    fresh += bytes;
    return;
  }
  for (FreeBlock& block : free_blocks) {
    if (block.at != at) continue;
    block.at += bytes;
    block.bytes -= bytes;
    if (block.bytes == 0) {
      block = free_blocks.back();
      free_blocks.pop();
    }
    return;
  }
}

void free_code_memory(void* at, usize bytes) {
  bytes = round_up(bytes, kUnit);
  in_use -= bytes;
  char* begin = static_cast<char*>(at);
  for (FreeBlock& block : free_blocks) {  // next to another free one
    if (block.at + block.bytes == begin) {
      block.bytes += bytes;
      return;
    }
    if (begin + bytes == block.at) {
      block.at = begin;
      block.bytes += bytes;
      return;
    }
  }
  free_blocks.push({begin, bytes});
}

usize code_memory_in_use() { return in_use; }

}  // namespace baton
