// The file of a process's timeline, as its writer and its reader see it. Internal to this layer.
#pragma once
#include <string>
#include <vector>

#include "threads/atomic.h"
#include "threads/timeline.h"

namespace baton {

struct TimelineHead {
  static constexpr u64 kMagic = 0x31656e696c656d69;
  u64 magic;
  u64 begun_ticks, begun_ns;  // the same moment on both clocks
  Atomic<u64> used;           // bytes claimed, this head included
  Atomic<u64> lost;           // records that there was no room for
  u32 pid;
  char label[84];
};
static_assert(sizeof(TimelineHead) % 32 == 0);

struct TimelineRecord {
  u64 begin, end;  // ticks
  u32 thread;      // Mutator::id()
  u32 text;        // the number of a Text, or 0
  Atomic<TimelineKind> kind;
  Activity activity;
  char unused[6];
};
static_assert(sizeof(TimelineRecord) == 32);

// Writes the timeline of the processes whose files are given, as JSON; false (errno): not written.
bool write_timeline(const std::string& target, const std::vector<std::string>& files);

}  // namespace baton
