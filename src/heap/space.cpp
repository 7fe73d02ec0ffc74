// The pool of blocks: one bit per block says whether it is free, runs are found first-fit from the lowest address, so that the
// heap stays dense at its bottom and the top can be given back. Memory is committed chunk by chunk and given back by decommit.
// Knows nothing of cells. All functions need heap.lock or a stopped world.
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include <cerrno>
#include <cstring>

#include "base/pages.h"
#include "heap/heap_internal.h"
#include "heap/sanitizers.h"
#include "threads/atomic.h"

namespace baton {
namespace {

// Past the size of a small program: a heap that is walked at random misses the TLB more than the cache. Not before: where big
// buffers come and go, parts of huge pages are given back and faulted in again, which halves the rate of 1 MiB messages.
constexpr u32 kHugePagesFromBlock = 8 * kBlocksPerChunk;
// And the first two chunks: what every program writes to while it starts and imports, page by page at 1.5 to 2 us each. Until it
// starts a thread (space_small_pages): the memory of many that only wait is less than one huge page.
constexpr u32 kHugePagesBelowBlock = 2 * kBlocksPerChunk;
constexpr u32 kBlocksPerHugePage = (u32{2} << 20) / kBlockBytes;
constexpr usize kSystemPage = 4096;
enum class PageSize : u8 { Unknown, Huge, Small };
Atomic<PageSize> first_pages[kHugePagesBelowBlock / kBlocksPerHugePage];
Atomic<bool> is_started{false};  // see space_small_pages

void* reserve_at(u64 address, usize bytes, int protection) {
  void* wanted = reinterpret_cast<void*>(address);
  void* got = mmap(wanted, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED) return nullptr;
  if (got != wanted) {  // a kernel before 4.17 takes the address as a hint only
    munmap(got, bytes);
    return nullptr;
  }
  return got;
}

bool is_backed(u32 block) { return heap.backed_map[block >> 6] >> (block & 63) & 1; }
bool is_touched(u32 block) { return heap.touched_map[block >> 6] >> (block & 63) & 1; }
bool is_free(u32 block) { return heap.free_map[block >> 6] >> (block & 63) & 1; }

void mark_free(u32 block) { heap.free_map[block >> 6] |= u64{1} << (block & 63); }
void mark_used(u32 block) {
  heap.free_map[block >> 6] &= ~(u64{1} << (block & 63));
  u64& backed = heap.backed_map[block >> 6];
  u64 mask = u64{1} << (block & 63);
  if (backed & mask && --heap.backed_free_blocks < heap.least_backed_free) heap.least_backed_free = heap.backed_free_blocks;
  backed &= ~mask;
}

constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14

// Commits chunks until end_block >= wanted.
bool commit_to(u32 wanted) {
  wanted = (wanted + kBlocksPerChunk - 1) / kBlocksPerChunk * kBlocksPerChunk;
  if (wanted > heap.reserved_blocks) return false;
  if (wanted <= heap.end_block) return true;
  usize bytes = (wanted - heap.end_block) * kBlockBytes;
  if (mprotect(block_address(heap.end_block), bytes, PROT_READ | PROT_WRITE) != 0) return false;
  if (heap.end_block < kHugePagesBelowBlock && !is_started.load_relaxed()) {
    u32 end = wanted < kHugePagesBelowBlock ? wanted : kHugePagesBelowBlock;
    madvise(block_address(heap.end_block), usize{end - heap.end_block} * kBlockBytes, MADV_HUGEPAGE);
    // A search for gaps reads the marks, which maps the page of zeros, before any is written: two faults a page.
    pages_populate(mark_words(heap.end_block), (end - heap.end_block) * kMarkWordsPerBlock * sizeof(u64));
  }
  u32 first_huge = heap.end_block > kHugePagesFromBlock ? heap.end_block.get() : kHugePagesFromBlock;
  if (first_huge < wanted) madvise(block_address(first_huge), (wanted - first_huge) * kBlockBytes, MADV_HUGEPAGE);
  for (u32 block = heap.end_block; block < wanted; ++block) mark_free(block);
  heap.free_blocks += wanted - heap.end_block;
  if (heap.end_block == 0) {  // block 0 stays unused: shape id 0 means none
    heap.free_map[0] &= ~u64{1};
    --heap.free_blocks;
  }
  heap.end_block = wanted;
  return true;
}

// First block of the lowest run of `blocks` free ones in [1, end_block), or 0; *tail_begin: start of a free run that touches
// the end.
u32 find_run(u32 blocks, u32* tail_begin) {
  u32 end = heap.end_block, words = end >> 6, word = heap.lowest_free_word;
  while (word < words && heap.free_map[word] == 0) ++word;
  heap.lowest_free_word = word;
  u32 run = 0;  // free blocks in front of the word
  for (; word < words; ++word) {
    u64 free = heap.free_map[word];
    u32 at = 0;
    for (;;) {  // at is where a free run begins, or goes on
      u64 used = ~(free >> at);
      u32 length = used ? static_cast<u32>(__builtin_ctzll(used)) : 64;
      run += length;
      if (run >= blocks) return word * 64 + at + length - run;
      at += length;
      if (at == 64) break;
      run = 0;
      u64 rest = free >> at;
      if (rest == 0) break;
      at += static_cast<u32>(__builtin_ctzll(rest));
    }
  }
  *tail_begin = end - run;
  return 0;
}

}  // namespace

bool space_reserve() {
  usize heap_bytes = kHeapSize;
  // An address space limit (RLIMIT_AS) may not leave room for everything: halve until it fits.
  while (heap_bytes >= kChunkBytes * 16 && !reserve_at(kHeapBase, heap_bytes, PROT_NONE)) heap_bytes /= 2;
  if (heap_bytes < kChunkBytes * 16) return false;
  heap.reserved_blocks = static_cast<u32>(heap_bytes / kBlockBytes);
  usize share = kHeapSize / heap_bytes;
  if (!reserve_at(kMarkBase, kBitmapBytes / share, PROT_READ | PROT_WRITE)) return false;
  if (!reserve_at(kFrozenBase, kBitmapBytes / share, PROT_READ | PROT_WRITE)) return false;
  if (!reserve_at(kBlockTable, kBlockTableBytes / share, PROT_READ | PROT_WRITE)) return false;
  usize maps = kBlockCount / 8 / share;
  if (!reserve_at(kSideTablesEnd, maps * 3, PROT_READ | PROT_WRITE)) return false;
  heap.free_map = reinterpret_cast<u64*>(kSideTablesEnd);
  heap.backed_map = heap.free_map + maps / 8;
  heap.touched_map = heap.backed_map + maps / 8;
  struct sysinfo info;
  if (sysinfo(&info) == 0) heap.physical_limit = (u64{info.totalram} + info.totalswap) * info.mem_unit;
  return true;
}

u32 space_take_block(bool* untouched) {
  u32 block;
  u32 words = heap.end_block >> 6;
  for (u32 w = heap.lowest_free_word; w < words; ++w) {
    if (u64 word = heap.free_map[w]) {
      heap.lowest_free_word = w;
      block = w * 64 + static_cast<u32>(__builtin_ctzll(word));
      mark_used(block);
      --heap.free_blocks;
      *untouched = !is_touched(block);
      return block;
    }
  }
  heap.lowest_free_word = words;
  if (!commit_to(heap.end_block + 1)) return 0;
  return space_take_block(untouched);
}

u32 space_take_run(u32 blocks) {
  u32 tail = 0;
  u32 first = blocks <= heap.free_blocks ? find_run(blocks, &tail) : 0;
  if (first == 0) {
    if (tail == 0) {  // not searched, or nothing at the end: find what is free there
      tail = heap.end_block;
      while (tail > 1 && is_free(tail - 1)) --tail;
    }
    if (tail == 0) tail = 1;
    if (blocks > heap.reserved_blocks || !commit_to(tail + blocks)) return 0;
    first = tail;
  }
  for (u32 i = 0; i < blocks; ++i) mark_used(first + i);
  heap.free_blocks -= blocks;
  return first;
}

bool space_extend_run(u32 end, u32 more) {
  u32 known = end + more < heap.end_block ? end + more : heap.end_block.get();
  for (u32 block = end; block < known; ++block)
    if (!is_free(block)) return false;
  if (more > heap.reserved_blocks || !commit_to(end + more)) return false;
  for (u32 block = end; block < end + more; ++block) mark_used(block);
  heap.free_blocks -= more;
  return true;
}

void space_free_run(u32 first, u32 blocks) {
  for (u32 i = 0; i < blocks; ++i) {
    u32 block = first + i;
    BATON_DCHECK(!is_free(block), "a block is freed once");
    BlockInfo& info = block_info(block);
    info = BlockInfo{};
    mark_free(block);
    heap.backed_map[block >> 6] |= u64{1} << (block & 63);
    heap.touched_map[block >> 6] |= u64{1} << (block & 63);
  }
  poison_memory(block_address(first), usize{blocks} * kBlockBytes);
  heap.free_blocks += blocks;
  heap.backed_free_blocks += blocks;
  if (first >> 6 < heap.lowest_free_word) heap.lowest_free_word = first >> 6;
}

// Gives the memory of free blocks back to the system, from the top down, until only keep_blocks of them own memory.
void space_decommit(u32 keep_blocks) {
  u32 block = heap.end_block;
  while (heap.backed_free_blocks > keep_blocks && block > 0) {
    u64 word = heap.backed_map[(block - 1) >> 6];
    if (word == 0) {
      block = (block - 1) & ~u32{63};
      continue;
    }
    --block;
    if (!(word >> (block & 63) & 1)) continue;
    u32 last = block;
    while (block > 1 && is_backed(block - 1) && heap.backed_free_blocks - (last - block + 1) > keep_blocks) --block;
    u32 run = last - block + 1;
    madvise(block_address(block), usize{run} * kBlockBytes, MADV_DONTNEED);
    for (u32 i = 0; i < run; ++i) {
      if (block + i < kHugePagesBelowBlock) first_pages[(block + i) / kBlocksPerHugePage].store_relaxed(PageSize::Small);
      u64 others = ~(u64{1} << ((block + i) & 63));
      heap.backed_map[(block + i) >> 6] &= others;
      heap.touched_map[(block + i) >> 6] &= others;
    }
    heap.backed_free_blocks -= run;
  }
  if (heap.backed_free_blocks < heap.least_backed_free) heap.least_backed_free = heap.backed_free_blocks;
}

void space_fault_in(u32 block) {
  static Atomic<bool> refused{false};
  if (refused.load_relaxed()) return;
  Atomic<PageSize>* page = block < kHugePagesBelowBlock ? &first_pages[block / kBlocksPerHugePage] : nullptr;
  if (page && page->load_relaxed() == PageSize::Huge) return;
  int saved = errno;
  if (madvise(block_address(block), kBlockBytes, kPopulateWrite) != 0 && errno == EINVAL) refused.store_relaxed(true);
  if (page && page->load_relaxed() == PageSize::Unknown) {  // is the last small page of it there, too?
    unsigned char is_there = 0;
    u32 last = (block / kBlocksPerHugePage + 1) * kBlocksPerHugePage;
    bool is_huge = mincore(block_address(last) - kSystemPage, kSystemPage, &is_there) == 0 && (is_there & 1);
    page->store_relaxed(is_huge ? PageSize::Huge : PageSize::Small);
  }
  errno = saved;
}

void space_fault_in_run(u32 first, u32 blocks) {
  constexpr u32 kMost = (u32{8} << 20) / kBlockBytes;  // in all: a greater part of what takes longer is the writing itself
  u32 block = first, end = first + (blocks < kMost ? blocks : kMost);
  int saved = errno;
  while (block < end) {
    u32 begin;
    {
      Guard guard(heap.lock);
      while (block < end && is_touched(block)) ++block;
      begin = block;
      while (block < end && !is_touched(block)) ++block;
    }
    if (begin < block)
      madvise(block_address(begin), usize{block - begin} * kBlockBytes, kPopulateWrite);  // or EINVAL, before 5.14
  }
  errno = saved;
}

void space_small_pages() {
  if (is_started.load_relaxed()) return;
  Guard guard(heap.lock);
  if (is_started.exchange(true)) return;
  for (u32 page = 0; page < kHugePagesBelowBlock / kBlocksPerHugePage; ++page) {
    u32 first = page * kBlocksPerHugePage, end = first + kBlocksPerHugePage, unused = end;
    if (end > heap.end_block) break;
    while (unused > first && is_free(unused - 1) && !is_backed(unused - 1)) --unused;
    if (unused == end) continue;
    first_pages[page].store_relaxed(PageSize::Small);
    madvise(block_address(first), usize{kBlocksPerHugePage} * kBlockBytes, MADV_NOHUGEPAGE);
    madvise(block_address(unused), usize{end - unused} * kBlockBytes, MADV_DONTNEED);
  }
}

void space_pages_shared() {
  memset(heap.touched_map, 0, (usize{heap.end_block} + 63) / 64 * sizeof(u64));
  for (Atomic<PageSize>& page : first_pages) page.store_relaxed(PageSize::Small);  // shared ones are split by the first write
}

void space_setup_small(u32 block, u32 size_class) {
  BlockInfo& info = block_info(block);
  u32 bytes = class_bytes(size_class);
  info.cell_bytes = bytes;
  info.reciprocal = static_cast<u32>((u64{1} << 32) / bytes) + 1;
  info.cursor = 0;
  info.next = 0;
  info.run = 0;
  info.flags = 0;
  info.size_class = static_cast<u16>(size_class);
  info.large_bytes = 0;
  info.state = BlockState::Small;
}

// Used blocks and the free ones that still own memory.
u64 space_committed_bytes() {
  if (heap.end_block == 0) return 0;
  return (u64{heap.end_block} - heap.free_blocks + heap.backed_free_blocks) * kBlockBytes;
}

}  // namespace baton
