// The heap's address arithmetic: blocks, size classes, and the side tables that belong to every address of the reservation.
//
//     kHeapBase      cells: 32 KiB blocks, committed in 4 MiB chunks. Block 0 is never used (shape id 0 means "none").
//     kMarkBase      one bit per 16 bytes of heap: set for the first granule of a marked (= old) cell; 256 bytes a block
//     kFrozenBase    same shape: the cells that gc.freeze() set aside (pages exist only once it was used)
//     kBlockTable    one BlockInfo per block
//
// All four are reserved at fixed addresses, so that no base pointer is loaded. Invariant: a free block has no mark bit set.
#pragma once
#include "heap/cell.h"

namespace baton {

inline constexpr usize kBlockBytes = usize{32} << 10;
inline constexpr usize kBlockShift = 15;
inline constexpr usize kChunkBytes = usize{4} << 20;
inline constexpr usize kBlocksPerChunk = kChunkBytes / kBlockBytes;
inline constexpr usize kBlockCount = kHeapSize / kBlockBytes;
inline constexpr usize kMarkWordsPerBlock = kBlockBytes / kGranule / 64;
inline constexpr usize kBitmapBytes = kHeapSize / kGranule / 8;

inline constexpr u64 kFrozenBase = kMarkBase + kBitmapBytes;
inline constexpr u64 kBlockTable = kFrozenBase + kBitmapBytes;

// Size classes: 1..128 are 16-byte steps up to 2 KiB (class = granules), then 14 that divide a block by 15 to 2 with little
// waste.
inline constexpr usize kMaxStepped = 2048;
inline constexpr u32 kSteppedClasses = kMaxStepped / kGranule;
inline constexpr u32 kMediumClasses = 14;
inline constexpr u32 kClassCount = kSteppedClasses + kMediumClasses + 1;
inline constexpr usize kMaxSmall = kBlockBytes / 2;  // larger cells own whole blocks

// Bytes of a cell of size class c.
constexpr u32 class_bytes(u32 c) {
  return c <= kSteppedClasses ? c * kGranule : (kBlockBytes / (kSteppedClasses + 16 - c)) & ~(kGranule - 1);
}
static_assert(class_bytes(kClassCount - 1) == kMaxSmall);
static_assert(class_bytes(kSteppedClasses + 1) > kMaxStepped);

constexpr u32 medium_class_of(usize bytes) {
  u32 c = kSteppedClasses + 1;
  while (class_bytes(c) < bytes) ++c;
  return c;
}
// Class of a request of `bytes` <= kMaxSmall.
constexpr u32 class_of(usize bytes) {
  return bytes <= kMaxStepped ? static_cast<u32>((bytes + kGranule - 1) / kGranule) : medium_class_of(bytes);
}

// The class that lends cells to one that is rarely used: four to a power of two. Small classes and those themselves stay.
constexpr u32 wider_class(u32 c) {
  constexpr u32 kUnshared = 256 / kGranule;
  constexpr u8 kWiderMedium[kMediumClasses] = {3, 3, 3, 3, 7, 7, 7, 7, 9, 9, 11, 11, 12, 13};
  if (c <= kUnshared) return c;
  if (c > kSteppedClasses) return kSteppedClasses + 1 + kWiderMedium[c - kSteppedClasses - 1];
  u32 step = 1;
  while (step * 8 < c) step *= 2;
  return (c + step - 1) / step * step;
}

enum class BlockState : u8 {
  Free,       // in the pool
  Small,      // cells of one size class
  LargeHead,  // first block of a large cell
  LargeTail,  // further blocks of a large cell
};

struct BlockInfo {
  u32 cell_bytes;  // Small: bytes of a cell
  u32 reciprocal;  // Small: ceil(2^32 / cell_bytes); exact for offsets within a block
  u32 cursor;      // Small: cells below this offset are allocated. LargeHead: 1 = allocated since the last collection
  u32 next;        // Small: next block in its list of blocks with room; 0 ends. LargeHead: minor collections that it was young in
  u32 run;         // LargeHead: number of blocks. LargeTail: distance back to the head, in blocks. Small: cells that the last
                   // collection left alive
  BlockState state;
  u8 flags;
  u16 size_class;
  union {
    u64 large_bytes;  // LargeHead: bytes of the cell
    u64 first_gap;    // Small: where allocating since the last collection began; the cells below are marked, or it is 0
  };
};
static_assert(sizeof(BlockInfo) == 32);
inline constexpr usize kBlockTableBytes = kBlockCount * sizeof(BlockInfo);
inline constexpr u64 kSideTablesEnd = kBlockTable + kBlockTableBytes;

enum BlockFlag : u8 {
  kBlockOwned = 1,    // a mutator allocates from it
  kBlockTouched = 2,  // allocated into since the last collection (is on Heap::touched)
  kBlockListed = 4,   // is on the list of blocks with room of its class
  kBlockFrozen = 8,   // its marked cells are excluded from full collections (gc.freeze)
  kBlockAging = 16,   // during a minor collection: a buffer that may stay young (young_buffers.h)
};

inline bool in_heap(const void* p) { return heap_offset(p) < kHeapSize; }
inline u32 block_of(const void* p) { return static_cast<u32>(heap_offset(p) >> kBlockShift); }
inline char* block_address(u32 block) { return reinterpret_cast<char*>(kHeapBase + (u64{block} << kBlockShift)); }
inline BlockInfo& block_info(u32 block) { return reinterpret_cast<BlockInfo*>(kBlockTable)[block]; }

inline u64* mark_words(u32 block) { return reinterpret_cast<u64*>(kMarkBase) + usize{block} * kMarkWordsPerBlock; }
inline u64* frozen_words(u32 block) { return reinterpret_cast<u64*>(kFrozenBase) + usize{block} * kMarkWordsPerBlock; }

}  // namespace baton
