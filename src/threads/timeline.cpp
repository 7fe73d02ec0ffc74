// Writing records. A record's place is claimed by an addition to the head's counter, and its kind is written last: whoever reads
// the file of a process that was killed skips what has none. A text is written once, behind its record; records name it by
// number.
#include "threads/timeline.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unordered_map>

#include "threads/clock.h"
#include "threads/gil_core.h"
#include "threads/program_files.h"
#include "threads/timeline_file.h"
#include "threads/world.h"

namespace baton {

namespace timeline {

bool is_on = false;

namespace {

constexpr u64 kMostBytes = 64 << 20;  // of a process: two million records
constexpr u64 kStep = 1 << 20;        // by which the file grows
constexpr u64 kPlacedNs = 20000;      // intervals of this length are given their place in the program

struct Recorder {
  ProgramFiles files;
  std::string target, label;
  bool is_first = false;
  bool is_finished = false;
  TimelineHead* head = nullptr;
  Atomic<u64> size{0};  // of the file, so far
  int fd = -1;
  Mutex mutex;
  ForkMutex fork_entry{mutex};
  // Guarded by mutex:
  std::unordered_map<std::string, u32> texts;
};
// Made at start-up when there is something to record, never freed: threads may still run when the process ends.
Recorder* recorder = nullptr;

// Whether the file is at least so long. A file that can't grow isn't written to: a full disk would be a SIGBUS.
bool has_room(u64 end) {
  if (end <= recorder->size.load_acquire()) return true;
  if (end > kMostBytes) return false;
  Guard guard(recorder->mutex);
  u64 size = recorder->size.load_relaxed();
  while (size < end) {
    if (posix_fallocate(recorder->fd, static_cast<off_t>(size), kStep) != 0) return false;
    size += kStep;
    recorder->size.store_release(size);
  }
  return true;
}

// Null: no room.
TimelineRecord* claim(usize records) {
  TimelineHead* head = recorder->head;
  u64 bytes = records * sizeof(TimelineRecord);
  if (head->used.load_relaxed() + bytes <= kMostBytes) {
    u64 at = head->used.fetch_add(bytes);
    if (has_room(at + bytes)) return reinterpret_cast<TimelineRecord*>(reinterpret_cast<char*>(head) + at);
  }
  head->lost.fetch_add_relaxed(1);
  return nullptr;
}

void write(TimelineKind kind, u32 thread, u32 text, u64 begin, u64 end, Activity activity = Activity::None) {
  TimelineRecord* record = claim(1);
  if (!record) return;
  record->begin = begin;
  record->end = end;
  record->thread = thread;
  record->text = text;
  record->activity = activity;
  record->kind.store_release(kind);
}

// The number of a text; 0 for none, and where there is no room for it.
u32 number_of(const char* text) {
  usize length = strlen(text);
  if (!length) return 0;
  u32 number;
  {
    Guard guard(recorder->mutex);
    auto [place, is_new] = recorder->texts.try_emplace(text, static_cast<u32>(recorder->texts.size() + 1));
    if (!is_new) return place->second;
    number = place->second;
  }
  TimelineRecord* record = claim(1 + (length + sizeof(TimelineRecord) - 1) / sizeof(TimelineRecord));
  if (!record) return 0;
  record->text = number;
  record->begin = length;
  record->kind.store_release(TimelineKind::Text);  // before the text, so that a reader knows what it skips
  memcpy(record + 1, text, length);
  return number;
}

// False: no timeline for this process.
bool open_file() {
  char ending[32];
  for (u32 program = 0; recorder->fd < 0; ++program) {  // a process may have been another program of ours before
    snprintf(ending, sizeof ending, "%u.timeline", program);
    std::string path = recorder->files.path(static_cast<u32>(getpid()), ending);
    recorder->fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (recorder->fd < 0 && errno != EEXIST) return false;
  }
  recorder->size.store(0);
  void* place = mmap(nullptr, kMostBytes, PROT_READ | PROT_WRITE, MAP_SHARED, recorder->fd, 0);
  if (place == MAP_FAILED || !has_room(sizeof(TimelineHead))) return false;
  auto* head = static_cast<TimelineHead*>(place);
  recorder->head = head;
  head->begun_ticks = ticks();
  head->begun_ns = monotonic_ns();
  head->used.store(sizeof(TimelineHead));
  head->pid = static_cast<u32>(getpid());
  usize length = recorder->label.copy(head->label, sizeof head->label - 1);
  head->label[length] = 0;
  head->magic = TimelineHead::kMagic;
  return true;
}

void close_file() {
  if (recorder->head) munmap(recorder->head, kMostBytes);
  if (recorder->fd >= 0) close(recorder->fd);
  recorder->head = nullptr;
  recorder->fd = -1;
}

}  // namespace

void init(const char* target, const char* label) {
  ProgramFiles files;
  ProgramFiles::Place place = files.open("BATON_TIMELINE", *target);
  if (place == ProgramFiles::Place::None) return;
  recorder = new Recorder;
  recorder->files = files;
  recorder->target = target;
  recorder->label = label;
  recorder->is_first = place == ProgramFiles::Place::First;
  register_fork_mutex(recorder->fork_entry);
  is_on = files.has_directory() && open_file();
  if (!is_on && recorder->is_first) fprintf(stderr, "baton: -X timeline: can't record: %s\n", strerror(errno));
}

void begin_in_child(Mutator& mutator) {
  if (!recorder || !is_on) return;
  close_file();
  recorder->texts.clear();
  recorder->is_first = recorder->is_finished = false;
  is_on = open_file();
  if (is_on) begin_thread(mutator);
}

void finish() {
  if (!is_on || recorder->is_finished) return;
  recorder->is_finished = true;
  for_each_mutator([](Mutator& mutator) {
    const Counters& counters = MutatorAccess::counters(mutator);
    write(TimelineKind::Interval, mutator.id(), 0, counters.since.load_relaxed(), ticks(), counters.activity.load_relaxed());
  });
  if (!recorder->is_first) return;
  std::vector<std::string> files;
  for (const std::string& path : recorder->files.paths())
    if (ends_with(path, ".timeline")) files.push_back(path);
  if (!write_timeline(recorder->target, files))
    fprintf(stderr, "baton: -X timeline: can't write %s: %s\n", recorder->target.c_str(), strerror(errno));
  recorder->files.remove();
}

void begin_thread(Mutator& mutator) {
  Counters& counters = MutatorAccess::counters(mutator);
  delete counters.timeline;
  counters.timeline = new ThreadTimeline(mutator);
  counters.watchers = counters.timeline;
  name_thread(mutator);
}

void name_thread(const Mutator& mutator) {
  write(TimelineKind::Thread, mutator.id(), number_of(mutator.name()), mutator.os_tid(), 0);
}

void note(const Mutator& mutator, TimelineKind kind, const char* text, u64 begin, u64 end) {
  write(kind, mutator.id(), number_of(text), begin, end);
}

}  // namespace timeline

void ThreadTimeline::turn(Activity closed, u64 begin, u64 end, Activity next) {
  if (closed != Activity::None) pending_[count_++] = {closed, begin, end};
  if (next == Activity::Running || next == Activity::None || count_ == kPending) flush(next == Activity::Running);
}

// Where the thread runs again it is where it was when it stopped.
void ThreadTimeline::flush(bool is_running) {
  u32 place = 0;
  bool is_long = false;
  for (usize i = 0; i < count_; ++i) is_long |= ticks_to_ns(pending_[i].end - pending_[i].begin) >= timeline::kPlacedNs;
  if (is_running && is_long && mutator_hooks.describe_place) {
    char text[kPlaceSize];
    mutator_hooks.describe_place(mutator_, text, sizeof text);
    place = timeline::number_of(text);
  }
  for (usize i = 0; i < count_; ++i)
    timeline::write(TimelineKind::Interval, mutator_.id(), place, pending_[i].begin, pending_[i].end, pending_[i].activity);
  count_ = 0;
}

}  // namespace baton
