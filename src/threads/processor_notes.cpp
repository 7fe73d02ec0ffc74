// See the header.
#include "threads/processor_notes.h"

#include <sys/mman.h>

#include "threads/atomic.h"
#include "threads/clock.h"
#include "threads/os_thread.h"

namespace baton {

namespace {

constexpr u64 kRememberedNs = 100000000;  // as Gil::has_seen_computing: twenty turns of the default interval
constexpr usize kPlaces = 512;            // a page; processors beyond share the places

constinit Atomic<u64> own_note{0};         // when there is no page: of all processors
constinit Atomic<u64>* notes = &own_note;  // written once, at start-up
constinit usize places = 1;

Atomic<u64>& note_of(u32 processor) { return notes[processor % places]; }

}  // namespace

void share_processor_notes() {
  if (places > 1) return;
  void* page = mmap(nullptr, kPlaces * sizeof(Atomic<u64>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  notes = static_cast<Atomic<u64>*>(page);
  places = kPlaces;
}

void note_contention(u32 processor, u64 now) { note_of(processor).store_relaxed(now); }

bool was_contended_here(u64 now) {
  u64 noted = note_of(current_processor()).load_relaxed();
  return noted && ticks_between(noted, now) < ns_to_ticks(kRememberedNs);
}

}  // namespace baton
