// pages.h on Linux. Reservations are PROT_NONE and MAP_NORESERVE, so that terabytes cost nothing until committed.
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "base/check.h"
#include "base/pages.h"

namespace baton {

static constexpr int kReserveFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

usize page_size() {
  static const usize size = static_cast<usize>(sysconf(_SC_PAGESIZE));
  return size;
}

static int protection_of(PageAccess access) {
  switch (access) {
    case PageAccess::kNone: return PROT_NONE;
    case PageAccess::kRead: return PROT_READ;
    case PageAccess::kReadWrite: return PROT_READ | PROT_WRITE;
    case PageAccess::kReadExecute: return PROT_READ | PROT_EXEC;
    case PageAccess::kReadWriteExecute: return PROT_READ | PROT_WRITE | PROT_EXEC;
  }
  BATON_UNREACHABLE("every kind of access is listed");
}

// A kernel that doesn't know MAP_FIXED_NOREPLACE takes `wanted` as a hint and may answer elsewhere.
static void* at_wanted(void* got, void* wanted, usize bytes) {
  if (got == MAP_FAILED) return nullptr;
  if (wanted && got != wanted) {
    munmap(got, bytes);
    return nullptr;
  }
  return got;
}

void* pages_reserve(void* wanted, usize bytes) {
  int flags = kReserveFlags | (wanted ? MAP_FIXED_NOREPLACE : 0);
  return at_wanted(mmap(wanted, bytes, PROT_NONE, flags, -1, 0), wanted, bytes);
}

void* pages_reserve_aligned(usize bytes, usize alignment) {
  usize slack = alignment > page_size() ? alignment : 0;
  void* got = mmap(nullptr, bytes + slack, PROT_NONE, kReserveFlags, -1, 0);
  if (got == MAP_FAILED) return nullptr;
  usize start = reinterpret_cast<usize>(got), aligned = round_up(start, alignment);
  if (aligned > start) munmap(got, aligned - start);
  if (slack > aligned - start) munmap(reinterpret_cast<void*>(aligned + bytes), slack - (aligned - start));
  return reinterpret_cast<void*>(aligned);
}

void pages_release(void* start, usize bytes) { BATON_CHECK(munmap(start, bytes) == 0, "released pages were reserved"); }

bool pages_commit(void* start, usize bytes, PageAccess access) { return mprotect(start, bytes, protection_of(access)) == 0; }

bool pages_decommit(void* start, usize bytes) { return mmap(start, bytes, PROT_NONE, kReserveFlags | MAP_FIXED, -1, 0) == start; }

bool pages_discard(void* start, usize bytes) { return madvise(start, bytes, MADV_DONTNEED) == 0; }

bool pages_protect(void* start, usize bytes, PageAccess access) { return mprotect(start, bytes, protection_of(access)) == 0; }

void pages_advise_huge(void* start, usize bytes, bool wanted) {
  (void)madvise(start, bytes, wanted ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

void pages_populate(void* start, usize bytes) {
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14
  usize first = round_down(reinterpret_cast<usize>(start), page_size());
  usize end = round_up(reinterpret_cast<usize>(start) + bytes, page_size());
  int saved = errno;
  (void)madvise(reinterpret_cast<void*>(first), end - first, kPopulateWrite);
  errno = saved;
}

void* pages_map_file(void* wanted, usize bytes, int fd, u64 offset, PageAccess access) {
  int flags = MAP_PRIVATE | (wanted ? MAP_FIXED_NOREPLACE : 0);
  return at_wanted(mmap(wanted, bytes, protection_of(access), flags, fd, static_cast<off_t>(offset)), wanted, bytes);
}

}  // namespace baton
