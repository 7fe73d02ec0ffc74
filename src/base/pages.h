// Address space from the operating system: reserve a range, then commit, decommit and protect parts of it. All sizes and
// addresses are multiples of the page size, unless a function says otherwise. Functions that can fail return null or false and
// leave errno.
#pragma once
#include "base/types.h"

namespace baton {

inline constexpr usize kHugePageSize = usize{2} << 20;
usize page_size();

enum class PageAccess : u8 { kNone, kRead, kReadWrite, kReadExecute, kReadWriteExecute };

// Address space without memory behind it. `wanted` is exact if not null: an occupied range fails with EEXIST, nothing is
// replaced.
void* pages_reserve(void* wanted, usize bytes);
// The same at any address that is a multiple of `alignment` (a power of two).
void* pages_reserve_aligned(usize bytes, usize alignment);
void pages_release(void* start, usize bytes);

// Zeroed memory, charged as it is touched.
bool pages_commit(void* start, usize bytes, PageAccess access = PageAccess::kReadWrite);
// Gives memory back; the range stays reserved and reads as an access fault.
bool pages_decommit(void* start, usize bytes);
// Gives memory back; the range stays accessible and reads as zeros.
bool pages_discard(void* start, usize bytes);
bool pages_protect(void* start, usize bytes, PageAccess access);

// Asks for (or against) transparent huge pages; only a hint.
void pages_advise_huge(void* start, usize bytes, bool wanted = true);

// Has the pages of any range behind their addresses before something writes there; contents stay. Only a hint: errno stays, too.
void pages_populate(void* start, usize bytes);

// Maps `bytes` of a file privately at exactly `wanted` (null: anywhere). Null on failure.
void* pages_map_file(void* wanted, usize bytes, int fd, u64 offset, PageAccess access);

constexpr usize round_up(usize value, usize alignment) { return (value + alignment - 1) & ~(alignment - 1); }
constexpr usize round_down(usize value, usize alignment) { return value & ~(alignment - 1); }

}  // namespace baton
