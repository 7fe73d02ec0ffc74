// By membarrier(2), private and expedited: an interrupt to the processors that run this process, none to the others.
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "threads/atomic.h"
#include "threads/process_barrier.h"

namespace baton {

namespace {

enum : u8 { kUnknown, kWorks, kMissing };
constinit Atomic<u8> answer{kUnknown};

bool membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

}  // namespace

bool process_barrier_works() {
  u8 known = answer.load_relaxed();
  if (known == kUnknown) {
    known = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) ? kWorks : kMissing;
    answer.store_relaxed(known);
  }
  return known == kWorks;
}

void process_barrier() {
  if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
  // A forked child may have to register anew.
  BATON_CHECK(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED),
              "a process that registered for barriers gets them");
}

}  // namespace baton
