// The timeline of a program's threads (-X timeline=FILE): every interval of the accounts (running, waiting for the GIL, blocked
// for what), collections and the steps of asyncio's tasks, of all its processes, as JSON in the Trace Event format that Perfetto
// and Chrome's tracing page show.
//
// Each process appends records to a mapped file of its own in a directory that they share (program_files.h), so that what a
// process did is there also when it was killed; the first process writes FILE from them at its end. Off, a change of a thread's
// state tests one pointer; on, it costs some 0.1 us, and 2 more where an interval is long enough to be given a place in the
// program.
#pragma once
#include <string>

#include "threads/accounting.h"

namespace baton {

class Mutator;

// A record; what it says depends on its kind.
enum class TimelineKind : u8 {
  None,        // not written (yet)
  Thread,      // text is its name, begin its OS thread's id
  Text,        // text is its number, `begin` its length; the text is in the records behind
  Interval,    // of a thread; `activity` tells of what kind, text where in the program it ended (0: not known)
  Collection,  // text: what was collected
  TaskStep,    // of asyncio; text: which task's
};

namespace timeline {

// Constant between start-up and the end of the process, and after a fork in the child.
extern bool is_on;

// At start-up, before the first attach(). `target`: the file to write at the end; empty: records are kept if a process above us
// asked for them. `label`: the process's name.
void init(const char* target, const char* label);
// A process's last act: the first one writes the file, or says on standard error why it can't. Only the first call does anything.
void finish();
// In a forked child, whose records go into a file of its own.
void begin_in_child(Mutator& mutator);

// By the owner, when it is about to become Running for the first time; and whenever its name changes.
void begin_thread(Mutator& mutator);
void name_thread(const Mutator& mutator);

// Something that the calling thread did between two moments (ticks) at which it was Running. For callers that have asked is_on.
void note(const Mutator& mutator, TimelineKind kind, const char* text, u64 begin, u64 end);

}  // namespace timeline

// What of a thread's intervals isn't written yet: those since it was Running last, for they end at the same place in the program.
class ThreadTimeline final : public TurnWatcher {
 public:
  explicit ThreadTimeline(Mutator& mutator) : mutator_(mutator) {}
  void turn(Activity closed, u64 begin, u64 end, Activity next) override;

 private:
  struct Interval {
    Activity activity;
    u64 begin, end;
  };
  static constexpr usize kPending = 8;
  void flush(bool is_running);

  Mutator& mutator_;
  Interval pending_[kPending];
  usize count_ = 0;
};

}  // namespace baton
