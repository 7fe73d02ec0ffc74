// Parker: see parking.h. The word is kSleeping only while the owner is in, or entering, the kernel.
#include "threads/parking.h"

#include "threads/clock.h"

namespace baton {

bool Parker::park(u64 timeout_ns) {
  u64 deadline = timeout_ns == kForever ? kForever : saturating_add(monotonic_ns(), timeout_ns);
  if (word_.try_change(kToken, kEmpty)) return true;
  if (!word_.try_change(kEmpty, kSleeping)) {
    word_.store(kEmpty);  // the token came just now
    return true;
  }
  while (true) {
    u64 left = kForever;
    if (deadline != kForever) {
      u64 now = monotonic_ns();
      left = now < deadline ? deadline - now : 0;
    }
    if (left == 0) return word_.exchange(kEmpty) == kToken;
    futex_wait(word_.address(), kSleeping, left);
    if (word_.try_change(kToken, kEmpty)) return true;
  }
}

}  // namespace baton
