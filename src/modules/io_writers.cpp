// The register of open writers, and collections on account of those that have been dropped.
//
// A writer that such collections find alive leads to fewer and fewer of them: a program with an open log may start others, or
// look at sizes of files, in a loop. New writers are looked at each time.
#include "modules/io_writers.h"

#include <cstdlib>

#include "heap/clear_stack.h"
#include "interp/interp.h"
#include "interp/slow.h"
#include "modules/io_internal.h"
#include "modules/os_support.h"
#include "threads/mutex.h"

namespace baton {

static constexpr u8 kFirstTimes = 3;  // what the C++ stack happens to hold is another each time
static constexpr u8 kMostDoublings = 10;

bool Doubt::is_due() { return survived < kFirstTimes || ++skipped >> (survived - kFirstTimes); }
void Doubt::found_alive() {
  if (survived < kFirstTimes + kMostDoublings) ++survived;
  skipped = 0;
}

static IoRegistration registry_head = {nullptr, false, 0, {}, &registry_head, &registry_head};
static Mutex registry_mutex;  // leaf: nothing else is done under it

u32 io_fork_epoch = 0;

bool IoMembership::join(Cell* cell, bool is_text) {
  if (entry_.load()) return true;
  auto* entry = static_cast<IoRegistration*>(malloc(sizeof(IoRegistration)));
  if (!entry) return false;
  Guard guard(registry_mutex);
  if (entry_.load()) {  // another thread was faster
    free(entry);
    return true;
  }
  *entry = {cell, is_text, io_fork_epoch, {}, &registry_head, registry_head.previous};
  registry_head.previous->next = entry;
  registry_head.previous = entry;
  entry_.store(entry);
  return true;
}

void IoMembership::leave() {
  IoRegistration* entry;
  if (!entry_.load()) return;
  {
    Guard guard(registry_mutex);
    entry = entry_.exchange(nullptr);
    if (!entry) return;
    entry->previous->next = entry->next;
    entry->next->previous = entry->previous;
  }
  free(entry);
}

// In a forked child the threads that held a buffered object's lock are gone: see IoLock::try_take.
void io_after_fork_child(Thread&) {
  registry_mutex.reinit_after_fork();
  ++io_fork_epoch;
}

void flush_all_files(Thread& t) {
  RootVector texts, buffers;
  {
    Guard guard(registry_mutex);
    for (IoRegistration* e = registry_head.next; e != &registry_head; e = e->next)
      (e->is_text ? texts : buffers).push(Value(e->cell));
  }
  for (Value v : texts) {
    if (text_flush(t, v.cell()).is_failed()) t.clear_pending();
  }
  for (Value v : buffers) {
    Buffered* b = v.as<Buffered>();
    if (!b->has_write_data()) continue;
    if (buffered_flush_all(t, b).is_failed()) t.clear_pending();
  }
}

// ---------------------------------------------------------------------------------------------------------------- dropped ones

static void collect_dropped(Thread& t, Generation generation, bool is_exact) {
  is_exact ? collect_exactly(t, generation) : heap_collect(t, generation);
  (void)run_finalizers(t);  // reports its own errors
}
void collect_dropped_files(Thread& t) { collect_dropped(t, Generation::Full, false); }

namespace {
enum class Patience { Always, Doubling };

// Whether the entry counts: it has unwritten data that goes to the file asked for.
struct OfFile {
  u64 device, inode;
  bool operator()(const IoRegistration&, const Buffered* buffer) const {
    if (!buffer->direct_) return false;
    auto* file = buffer->raw_.get().as<FileIO>();
    return file->is_regular_ && file->device_ == device && file->inode_ == inode;
  }
};
// Standard streams are there to the end, and mostly have unwritten data.
struct OfAny {
  bool operator()(const IoRegistration&, const Buffered* buffer) const {
    return !buffer->direct_ || buffer->raw_.get().as<FileIO>()->fd_ > 2;
  }
};
struct OfThisProcess {
  bool operator()(const IoRegistration& entry, const Buffered* buffer) const {
    return entry.fork_epoch == io_fork_epoch && OfAny()(entry, buffer);
  }
};
}  // namespace

// Calls visit(entry) for each entry with unwritten data that counts.
template <class Counts, class Visit>
static void for_unwritten(Counts counts, Visit visit) {
  Guard guard(registry_mutex);
  for (IoRegistration* e = registry_head.next; e != &registry_head; e = e->next) {
    const Buffered* buffer = e->is_text ? text_unwritten(e->cell) : buffered_unwritten(static_cast<Buffered*>(e->cell));
    if (buffer && counts(*e, buffer)) visit(*e);
  }
}

// How many entries count, and whether one of them is worth a collection. Out of line: nothing of them is to stay on the stack or
// in registers while the collector looks for what is dead.
template <class Counts>
BATON_NOINLINE static u32 count_unwritten(Counts counts, Patience patience, bool* due) {
  u32 n = 0;
  for_unwritten(counts, [&](IoRegistration& e) {
    ++n;
    if (patience == Patience::Always || e.doubt.is_due()) *due = true;
  });
  return n;
}

// True: there has been a collection.
template <class Counts>
static bool finish_dropped(Thread& t, Patience patience, Counts counts, bool is_exact = false) {
  bool due = false;
  u32 n = count_unwritten(counts, patience, &due);
  if (!due) return false;
  clear_stack_below<2048>();
  // Mostly there is one, made just now, and a look at what is young finds it dead. Several are to be finalised in their order.
  if (n == 1) {
    collect_dropped(t, Generation::Minor, is_exact);
    if (count_unwritten(counts, patience, &due) == 0) return true;
    clear_stack_below<2048>();
  }
  collect_dropped(t, Generation::Full, is_exact);
  for_unwritten(counts, [](IoRegistration& e) { e.doubt.found_alive(); });
  return true;
}

void finish_dropped_writers(Thread& t) { finish_dropped(t, Patience::Doubling, OfAny()); }
void finish_dropped_writers_before_end(Thread& t) { finish_dropped(t, Patience::Always, OfThisProcess()); }
void finish_dropped_writers_of(Thread& t, u64 device, u64 inode) { finish_dropped(t, Patience::Always, OfFile{device, inode}); }

static bool has_unwritten() {
  bool any = false;
  for_unwritten(OfAny(), [&](IoRegistration&) { any = true; });
  return any;
}

void finish_dropped_writers_of(Thread& t, int fd) {
  struct stat st;
  if (has_unwritten() && ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) finish_dropped_writers_of(t, st.st_dev, st.st_ino);
}

void finish_dropped_writers_of(Thread& t, int directory, const char* path) {
  struct stat st;
  if (has_unwritten() && ::fstatat(directory, path, &st, 0) == 0 && S_ISREG(st.st_mode))
    finish_dropped_writers_of(t, st.st_dev, st.st_ino);
}

void finish_dropped_writers_of(Thread& t, Value path, bool is_exact) {
  if (!has_unwritten()) return;
  Result<Bytes*> text = file_system_bytes(t, path);
  struct stat st;
  if (text.is_failed())
    t.clear_pending();  // the opening says it
  else if (::stat(c_text(text.value()), &st) == 0 && S_ISREG(st.st_mode))
    finish_dropped(t, Patience::Always, OfFile{st.st_dev, st.st_ino}, is_exact);
}

bool status_may_change(Thread& t, const struct stat& status) {
  return S_ISREG(status.st_mode) && finish_dropped(t, Patience::Doubling, OfFile{status.st_dev, status.st_ino});
}

void finish_dropped_wrappers(Thread& t, Buffered* buffer) {
  if (buffer->wrappers_ < 2 || !buffer->buffer_.get() || !buffer->doubt_.is_due()) return;
  collect_dropped_files(t);
  buffer->doubt_.found_alive();
}

}  // namespace baton
