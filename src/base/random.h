// Random bytes from the operating system.
#pragma once
#include "base/types.h"

namespace baton {

enum class RandomWait : u8 {
  kBlock,   // wait until the kernel's generator is seeded (os.urandom)
  kNoWait,  // for hash seeds at start-up: fails early in the boot instead of waiting
};
// Fills the buffer. 0, or the errno that stopped it (EAGAIN: not seeded yet with kNoWait; EINTR is retried).
[[nodiscard]] int random_bytes(void* buffer, usize size, RandomWait wait = RandomWait::kBlock);

}  // namespace baton
