// A descriptor in an object that threads share: who closes it takes it away, and the others find the object closed.
#pragma once
#include "threads/atomic.h"

namespace baton {

class SharedDescriptor {
 public:
  operator int() const { return fd_.load_relaxed(); }  // -1: closed
  void operator=(int fd) { fd_.store_relaxed(fd); }
  // For one of those who ask; -1 for all others.
  int take() { return fd_.exchange(-1); }

 private:
  Atomic<int> fd_{-1};
};

}  // namespace baton
