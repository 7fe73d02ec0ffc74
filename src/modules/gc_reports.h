// What gc notes of each collection: what gc.collect() answers, and what gc.set_debug asks for.
#pragma once
#include "objects/thread.h"

namespace baton {

enum GcDebugFlag : i64 {
  kDebugStats = 1,
  kDebugCollectable = 2,
  kDebugUncollectable = 4,
  kDebugSaveAll = 32,
  kDebugLeak = 38,
};

// gc.cpp. Storage behind Python objects: never shown, its edges count as its owner's.
bool is_gc_storage(const Cell* cell);
bool is_gc_tracked(Value v);

void install_gc_reports();
void set_gc_debug(Thread& thread, i64 flags);
i64 gc_debug();
// The next collection counts what it finds, for take_found_cycles.
void count_cycles_in_next_collection(Thread& thread);
// Objects of dead cycles, or reachable from them only, that the collections since the last call found.
i64 take_found_cycles(Thread& thread);
// Writes to sys.stderr what set_gc_debug asks for, and gives `garbage` what is saved. Raises nothing.
void write_gc_reports(Thread& thread);
// The list that saved objects are appended to: gc.garbage.
void set_gc_garbage(Value list);

}  // namespace baton
