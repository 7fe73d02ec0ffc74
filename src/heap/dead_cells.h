// The cells that a collection frees, for whoever wants to count them: a bit each, noted before and compared with the marks after.
#pragma once
#include "heap/layout.h"
#include "heap/pod_vector.h"

namespace baton {

class DeadCells {
 public:
  // Notes the cells that are allocated now. In a stopped world.
  void note();
  // In the weak phase of the collection that has begun: keeps those of them that were not reached. Numbers them in order of
  // address, which for_each keeps.
  void find();
  usize count() const { return count_; }
  template <class Fn>
  void for_each(Fn fn) {
    for (u32 w : dead_words_) {
      for (u64 bits = words_[w]; bits; bits &= bits - 1)
        fn(reinterpret_cast<Cell*>(kHeapBase + (usize{w} * 64 + static_cast<usize>(__builtin_ctzll(bits))) * kGranule));
    }
  }
  // The number of a cell that was allocated when the note was taken, or -1 if it isn't one of them.
  i64 number_of(const Cell* cell) {
    usize w = heap_offset(cell) >> 10;
    u64 mask = mark_mask(cell);
    if (w >= words_.size() || !(words_[w] & mask)) return -1;
    return static_cast<i64>(before_[w]) + __builtin_popcountll(words_[w] & (mask - 1));
  }
  void release();

 private:
  PodVector<u64> words_;       // as the mark words, from the heap's base; of blocks in use only
  PodVector<u32> before_;      // dead cells in front of each word that has some
  PodVector<u32> dead_words_;  // which those are
  usize count_ = 0;
};

}  // namespace baton
