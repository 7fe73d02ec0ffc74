// Open streams, and what dropped ones have still to do.
//
// CPython writes out a file's buffer, and closes what is below, when the last reference to it goes. Here a collection finds out
// that a file is dead, so whoever could notice the difference asks for one first: who looks at a file that some writer hasn't
// written to yet, and what starts, splits or ends the process. Files that somebody does refer to keep their buffers, as they
// would in CPython.
#pragma once
#include <sys/stat.h>

#include "objects/thread.h"
#include "threads/atomic.h"

namespace baton {

// Whether a collection is worth it on account of something that others have found alive: the first few times, then half as often
// with each.
struct Doubt {
  u8 survived = 0;  // collections
  u16 skipped = 0;  // times without one, since the last
  bool is_due();
  void found_alive();
};

// One registered object that may hold unwritten data. The list is weak: a cell's finaliser unlinks its entry.
struct IoRegistration {
  Cell* cell;
  bool is_text;
  u32 fork_epoch;  // io_fork_epoch when it was made
  Doubt doubt;
  IoRegistration *next, *previous;
};
// A stream's place in the register, from its initialisation until it is closed or dies. Several threads may call join and leave.
class IoMembership {
 public:
  void init() { entry_.store(nullptr); }
  // The stream is in the register afterwards. False: no memory.
  bool join(Cell* cell, bool is_text);
  // Closed streams have nothing to write: there may be thousands of them until a collection, and each look would meet them all.
  void leave();

 private:
  Atomic<IoRegistration*> entry_;
};

// At exit and before a fork of the interpreter's own making: writes out what open files still hold. Errors are ignored.
void flush_all_files(Thread& thread);

// All of these may collect and run finalisers, whose exceptions are reported, and hence Python code: no lock is held. They do so
// only if there is unwritten data; they cost a look at each open writer otherwise. errno is theirs.

// Before another program or process is started that may read files, or has a copy of our buffers.
void finish_dropped_writers(Thread& thread);
// Before the process ends or becomes another program: of the writers made in this process, as copies of the parent's are its own.
void finish_dropped_writers_before_end(Thread& thread);
// Before the file is read.
void finish_dropped_writers_of(Thread& thread, u64 device, u64 inode);
void finish_dropped_writers_of(Thread& thread, int fd);
// Before what the path names is cut off or added to: what was written to it must not come after. directory: as for openat(2).
void finish_dropped_writers_of(Thread& thread, int directory, const char* path);
// As the last, of a path that open() has got. is_exact: see collect_exactly().
void finish_dropped_writers_of(Thread& thread, Value path, bool is_exact);
// Once its status is known. True if the file may have changed: its status is to be asked for once more.
bool status_may_change(Thread& thread, const struct stat& status);

}  // namespace baton
