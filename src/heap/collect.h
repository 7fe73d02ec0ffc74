// What collect.cpp shares with allocation and the verifier.
#pragma once
#include "heap/heap_internal.h"

namespace baton {

// The allocation slow path asks at every new gap.
void collect_if_due(Mutator& mutator);
u64 external_live_bytes();

// words: a block's bits, one a granule.
template <class Fn>
inline void for_each_bit(const u64* words, u32 block, Fn fn) {
  for (u32 i = 0; i < kMarkWordsPerBlock; ++i) {
    for (u64 word = words[i]; word; word &= word - 1) {
      u32 granule = i * 64 + static_cast<u32>(__builtin_ctzll(word));
      fn(reinterpret_cast<Cell*>(block_address(block) + usize{granule} * kGranule));
    }
  }
}
template <class Fn>
inline void for_each_marked(u32 block, Fn fn) {
  for_each_bit(mark_words(block), block, fn);
}

// root_trace.cpp. words[i] is where cells[i] was found on a C++ stack.
struct StackWord {
  Mutator* mutator;
  const u64* word;
};
void trace_roots(const RootTrace& trace, const PodVector<Cell*>& cells, const PodVector<StackWord>& words);

// verify.cpp
void verify_remembered();  // before a minor collection marks: every edge from an old to a young cell is remembered
void verify_visitors();    // after marking: no live cell holds a word that refers to a dead cell

}  // namespace baton
