// Bringing the runtime up, as far as it needs no files.
#pragma once
#include "heap/heap.h"
#include "objects/thread.h"

namespace baton {

struct RuntimeOptions {
  bool hash_seed_given = false;
  unsigned long hash_seed = 0;  // 0 with hash_seed_given: no randomisation
  u32 gc_stress = 0;
  bool gc_verify = false;
  const char* why_alive = nullptr;  // see report_roots_of
  void (*on_weak_target_dead)(Cell* target, Cell* head) = nullptr;
  void (*collection_ended)(Generation generation, u64 pause_ns) = nullptr;
};
// The calling thread becomes the main thread. The GIL's mode and policy are set before (threads/gil.h).
Thread& init_runtime(const RuntimeOptions& options);

}  // namespace baton
