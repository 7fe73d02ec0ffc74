// Reading the files of a program's processes, and writing them as JSON in the Trace Event format: a track for each thread, and
// one beside it for the steps of its asyncio tasks, which the intervals of the thread may cut in two.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "threads/clock.h"
#include "threads/json_text.h"
#include "threads/timeline_file.h"

namespace baton {

namespace {

constexpr u32 kTaskTracks = 1000000000;  // added to a thread's id

const char* name_of(Activity activity) {
  switch (activity) {
    case Activity::Running: return "running";
    case Activity::WaitingForGil: return "waiting for the GIL";
    case Activity::Stopped: return "stopped";
    default: break;
  }
  constexpr const char* kBlocked[] = {"blocked: io", "blocked: lock", "blocked: sleep", "blocked: native"};
  usize cause = static_cast<usize>(activity) - static_cast<usize>(Activity::BlockedFirst);
  return cause < kBlockCauses ? kBlocked[cause] : "";
}

const char* colour_of(Activity activity) {
  switch (activity) {
    case Activity::Running: return "thread_state_running";
    case Activity::WaitingForGil: return "terrible";
    case Activity::Stopped: return "bad";
    default: return "grey";
  }
}

// The records of a process, mapped.
class TimelineFile {
 public:
  explicit TimelineFile(const std::string& path) {
    int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat status;
    if (fstat(fd, &status) == 0 && static_cast<usize>(status.st_size) >= sizeof(TimelineHead)) {
      size_ = static_cast<usize>(status.st_size);
      place_ = mmap(nullptr, size_, PROT_READ, MAP_SHARED, fd, 0);
    }
    close(fd);
  }
  ~TimelineFile() {
    if (place_ != MAP_FAILED) munmap(place_, size_);
  }
  TimelineFile(const TimelineFile&) = delete;
  TimelineFile& operator=(const TimelineFile&) = delete;

  bool is_good() const { return place_ != MAP_FAILED && head().magic == TimelineHead::kMagic; }
  const TimelineHead& head() const { return *static_cast<const TimelineHead*>(place_); }

  // Calls function(record, text behind it) for each record.
  template <class Function>
  void for_each(Function&& function) const {
    usize used = std::min<usize>(head().used.load(), size_);
    for (usize at = sizeof(TimelineHead); at + sizeof(TimelineRecord) <= used;) {
      const auto* record = reinterpret_cast<const TimelineRecord*>(static_cast<const char*>(place_) + at);
      at += sizeof *record;
      TimelineKind kind = record->kind.load_acquire();
      if (kind == TimelineKind::None) continue;
      std::string text;
      if (kind == TimelineKind::Text) {
        if (record->begin > used - at) return;
        text.assign(reinterpret_cast<const char*>(record + 1), record->begin);
        at += (record->begin + sizeof *record - 1) / sizeof *record * sizeof *record;
      }
      function(*record, text);
    }
  }

 private:
  void* place_ = MAP_FAILED;
  usize size_ = 0;
};

class Writer {
 public:
  explicit Writer(FILE* out) : out_(out) { now_ = {ticks(), monotonic_ns()}; }

  void begin() { fputs("{\"displayTimeUnit\": \"ms\", \"traceEvents\": [", out_); }
  void end(u64 lost) { fprintf(out_, "\n], \"otherData\": {\"lost\": %llu}}\n", static_cast<unsigned long long>(lost)); }

  // Answers how many records there was no room for.
  u64 process(const TimelineFile& file) {
    head_ = &file.head();
    texts_.clear();
    threads_.clear();
    file.for_each([&](const TimelineRecord& record, const std::string& text) {
      if (record.kind.load() == TimelineKind::Text) texts_[record.text] = text.c_str();
    });
    file.for_each([&](const TimelineRecord& record, const std::string&) {
      if (record.kind.load() == TimelineKind::Thread) threads_[record.thread] = {static_cast<u32>(record.begin), record.text};
    });
    name("process_name", 0, head_->label);
    for (const auto& [id, thread] : threads_) name("thread_name", thread.os_tid, texts_[thread.name]);
    file.for_each([&](const TimelineRecord& record, const std::string&) { put(record); });
    return head_->lost.load();
  }

 private:
  struct Moment {
    u64 ticks, ns;
  };
  struct ThreadOf {
    u32 os_tid = 0;
    u32 name = 0;
    bool has_tasks = false;
  };

  void put(const TimelineRecord& record) {
    ThreadOf& thread = threads_[record.thread];
    switch (record.kind.load()) {
      case TimelineKind::Interval:
        begin_event(record, thread.os_tid, name_of(record.activity));
        fprintf(out_, ", \"cat\": \"thread\", \"cname\": \"%s\"", colour_of(record.activity));
        if (record.text) fprintf(out_, ", \"args\": {\"at\": %s}", quoted(texts_[record.text]).c_str());
        break;
      case TimelineKind::Collection:
        begin_event(record, thread.os_tid, texts_[record.text]);
        fputs(", \"cat\": \"gc\"", out_);
        break;
      case TimelineKind::TaskStep:
        if (!thread.has_tasks) name("thread_name", thread.os_tid + kTaskTracks, texts_[thread.name] + ": tasks");
        thread.has_tasks = true;
        begin_event(record, thread.os_tid + kTaskTracks, texts_[record.text]);
        fputs(", \"cat\": \"asyncio\"", out_);
        break;
      default: return;
    }
    fputc('}', out_);
  }

  void next_event() {
    fputs(is_first_ ? "\n" : ",\n", out_);
    is_first_ = false;
  }

  void name(const char* what, u32 track, const std::string& text) {
    next_event();
    fprintf(out_, "{\"ph\": \"M\", \"pid\": %u, \"tid\": %u, \"name\": \"%s\", \"args\": {\"name\": %s}}", head_->pid, track,
            what, quoted(text).c_str());
  }

  void begin_event(const TimelineRecord& record, u32 track, const std::string& text) {
    next_event();
    double begin = microseconds(record.begin), length = std::max(microseconds(record.end) - begin, 0.0);
    fprintf(out_, "{\"ph\": \"X\", \"pid\": %u, \"tid\": %u, \"ts\": %.3f, \"dur\": %.3f, \"name\": %s", head_->pid, track, begin,
            length, quoted(text).c_str());
  }

  // On the system's monotonic clock, by what the counter and it have done since the process began.
  double microseconds(u64 at) const {
    double per_tick = static_cast<double>(now_.ns - head_->begun_ns) / static_cast<double>(now_.ticks - head_->begun_ticks);
    double since = static_cast<double>(static_cast<i64>(at - head_->begun_ticks)) * per_tick;
    return (static_cast<double>(head_->begun_ns) + since) / 1e3;
  }

  static std::string quoted(const std::string& text) {
    std::string out;
    put_json_text(out, text.c_str());
    return out;
  }

  FILE* out_;
  Moment now_;
  bool is_first_ = true;
  const TimelineHead* head_ = nullptr;
  std::map<u32, std::string> texts_;
  std::map<u32, ThreadOf> threads_;
};

}  // namespace

bool write_timeline(const std::string& target, const std::vector<std::string>& files) {
  FILE* out = fopen(target.c_str(), "wb");
  if (!out) return false;
  Writer writer(out);
  writer.begin();
  u64 lost = 0;
  for (const std::string& path : files) {
    TimelineFile file(path);
    if (file.is_good()) lost += writer.process(file);
  }
  writer.end(lost);
  bool is_written = !ferror(out);
  return fclose(out) == 0 && is_written;
}

}  // namespace baton
