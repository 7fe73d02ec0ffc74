// Helpers for tests of the threads layer: mutators on plain OS threads, and a fresh GIL configuration per test.
#pragma once
#include <pthread.h>

#include <vector>

#include "test.h"
#include "threads/clock.h"
#include "threads/gil.h"
#include "threads/lock_byte.h"
#include "threads/mutator.h"
#include "threads/os_thread.h"

namespace baton::test {

// Runs body(mutator) on an OS thread of its own, attached; join() waits for it.
template <class Function>
class Worker {
 public:
  Worker(const char* name, Function body) : name_(name), body_(body) { pthread_create(&thread_, nullptr, run, this); }
  void join() { pthread_join(thread_, nullptr); }

 private:
  static void* run(void* pointer) {
    auto* self = static_cast<Worker*>(pointer);
    Mutator mutator;
    mutator.attach(self->name_);
    self->body_(mutator);
    mutator.detach();
    return nullptr;
  }
  pthread_t thread_;
  const char* name_;
  Function body_;
};

template <class Function>
class Workers {
 public:
  Workers(usize count, Function body) {
    workers_.resize(count);
    for (usize i = 0; i < count; ++i) workers_[i] = new Worker<Wrapped>("worker", Wrapped{body, i});
  }
  ~Workers() {
    for (auto* worker : workers_) {
      worker->join();
      delete worker;
    }
  }

 private:
  struct Wrapped {
    Function body;
    usize index;
    void operator()(Mutator& mutator) { body(mutator, index); }
  };
  std::vector<Worker<Wrapped>*> workers_;
};

inline void poll(Mutator& mutator) {
  if (mutator.poll_pending()) [[unlikely]]
    slow_poll_threads(mutator);
}

// About `us` of computing that polls as bytecode would.
inline void compute(Mutator& mutator, u64 us) {
  u64 end = monotonic_ns() + us * 1000;
  do {
    for (int i = 0; i < 20; ++i) poll(mutator);
  } while (monotonic_ns() < end);
}

struct Configure {
  explicit Configure(GilOptions options) { configure_gil(options); }
  ~Configure() { configure_gil({}); }
};

inline constexpr GilPolicyKind kAllPolicies[] = {GilPolicyKind::Fair, GilPolicyKind::Cpython, GilPolicyKind::Fifo,
                                                 GilPolicyKind::Seeded};

}  // namespace baton::test
