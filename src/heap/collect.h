// What collect.cpp shares with allocation and the verifier.
#pragma once
#include "heap/heap_internal.h"

namespace baton {

// The allocation slow path asks at every new gap.
void collect_if_due(Mutator& mutator);
u64 external_live_bytes();

template <class Fn>
inline void for_each_marked(u32 block, Fn fn) {
  const u64* words = mark_words(block);
  for (u32 i = 0; i < kMarkWordsPerBlock; ++i) {
    for (u64 word = words[i]; word; word &= word - 1) {
      u32 granule = i * 64 + static_cast<u32>(__builtin_ctzll(word));
      fn(reinterpret_cast<Cell*>(block_address(block) + usize{granule} * kGranule));
    }
  }
}

// verify.cpp
void verify_remembered();  // before a minor collection marks: every edge from an old to a young cell is remembered
void verify_visitors();    // after marking: no live cell holds a word that refers to a dead cell

}  // namespace baton
