#include "base/pages.h"

#include "base/clock.h"
#include "base/random.h"
#include "test.h"

using namespace baton;

TEST(pages_reserve_and_commit) {
  usize bytes = usize{64} << 20;
  char* range = static_cast<char*>(pages_reserve_aligned(bytes, kHugePageSize));
  EXPECT(range && reinterpret_cast<usize>(range) % kHugePageSize == 0);
  EXPECT(!pages_reserve(range, page_size()));
  EXPECT(pages_commit(range + bytes / 2, page_size()));
  range[bytes / 2] = 7;
  EXPECT(pages_discard(range + bytes / 2, page_size()) && range[bytes / 2] == 0);
  EXPECT(pages_decommit(range, bytes));
  pages_release(range, bytes);
  EXPECT(pages_reserve(range, bytes) == range);
  pages_release(range, bytes);
}

TEST(random_and_clocks) {
  u64 a[2] = {};
  EXPECT(random_bytes(a, sizeof a) == 0 && a[0] != a[1]);
  i64 before = monotonic_time_ns();
  EXPECT(before > 0 && monotonic_time_ns() >= before && thread_cpu_time_ns() <= process_cpu_time_ns());
}
