// Which cells were allocated is told by the marks and the blocks' cursors, both of which a collection begins anew: hence the
// note.
#include "heap/dead_cells.h"

#include "heap/heap_internal.h"

namespace baton {

static void note_small(u64* words, u32 block, const BlockInfo& info) {
  memcpy(words, mark_words(block), kMarkWordsPerBlock * sizeof(u64));
  u32 step = static_cast<u32>(info.cell_bytes / kGranule);
  u32 below = info.cursor / info.cell_bytes;  // a full block's cursor is its end, behind some slack
  for (u32 n = 0, i = 0; n < below; ++n, i += step) words[i >> 6] |= u64{1} << (i & 63);
}

void DeadCells::note() {
  BATON_DCHECK(world_is_stopped(), "cells are noted in a stopped world");
  for (MutatorHeap* h = heap.mutators; h; h = h->next) retire_cursors(*h, AfterRetiring::Listed);
  usize n = usize{heap.end_block} * kMarkWordsPerBlock;
  words_.reserve(n);
  words_.truncate(n);
  for (u32 block = 1; block < heap.end_block; ++block) {
    const BlockInfo& info = block_info(block);
    u64* words = words_.data() + usize{block} * kMarkWordsPerBlock;
    if (info.state == BlockState::Small)
      note_small(words, block, info);
    else if (info.state == BlockState::LargeHead)
      words[0] = 1;
  }
}

void DeadCells::find() {
  before_.reserve(words_.size());
  before_.truncate(words_.size());
  dead_words_.clear();
  count_ = 0;
  for (usize block = 1; block < words_.size() / kMarkWordsPerBlock; ++block) {
    BlockState state = block_info(static_cast<u32>(block)).state;
    usize n = state == BlockState::Small ? kMarkWordsPerBlock : state == BlockState::LargeHead ? 1 : 0;
    const u64* marks = mark_words(static_cast<u32>(block));
    for (usize i = 0, w = block * kMarkWordsPerBlock; i < n; ++i, ++w) {
      u64 dead = words_[w] &= ~marks[i];
      if (!dead) continue;
      dead_words_.push(static_cast<u32>(w));
      before_[w] = static_cast<u32>(count_);
      count_ += static_cast<u32>(__builtin_popcountll(dead));
    }
  }
}

void DeadCells::release() {
  words_.release();
  before_.release();
  dead_words_.release();
  count_ = 0;
}

}  // namespace baton
