// Collecting the accounts of all processes of a program: the directory, the files in it, the merge. See report.h.
//
// A file is one ProcessAccount and its ThreadAccounts as they lie in memory, behind a mark of version and sizes: writer and
// reader are the same program. It gets its name only when it is complete.
#include "threads/report.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "threads/gil.h"
#include "threads/program_files.h"
#include "threads/world.h"

namespace baton {

namespace {

constexpr const char* kVariable = "BATON_GIL_REPORT";

struct FileMark {
  char magic[8] = {'b', 'a', 't', 'o', 'n', 'g', 'r', '1'};
  u64 process_size = sizeof(ProcessAccount), thread_size = sizeof(ThreadAccount);
  u64 threads = 0;
};

struct Settings {
  bool active = false;
  bool is_first = false;  // this process merges
  bool done = false;
  ProgramFiles files;
  std::string target, label;
};
// Made at start-up when a report is wanted, never freed: threads may still run when the process ends.
Settings* settings = nullptr;

u64 process_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<u64>(time.tv_sec) * 1000000000 + static_cast<u64>(time.tv_nsec);
}

void set_text(char* out, usize size, const char* text) {
  usize n = strnlen(text, size - 1);
  memcpy(out, text, n);
  out[n] = 0;
}

// So that the first process can tell who never handed anything in.
void announce() {
  if (FILE* file = fopen(settings->files.path(static_cast<u32>(getpid()), "begun").c_str(), "wb")) fclose(file);
}

void hand_in(const ProcessReport& report) {
  std::string unfinished = settings->files.path(report.process.pid, "part");
  FILE* file = fopen(unfinished.c_str(), "wb");
  if (!file) return;  // the first process has ended already
  FileMark mark;
  mark.threads = report.threads.size();
  bool whole = fwrite(&mark, sizeof mark, 1, file) == 1 && fwrite(&report.process, sizeof report.process, 1, file) == 1 &&
               fwrite(report.threads.data(), sizeof(ThreadAccount), report.threads.size(), file) == report.threads.size();
  whole = fclose(file) == 0 && whole;
  if (whole) rename(unfinished.c_str(), settings->files.path(report.process.pid, "account").c_str());
}

bool read_report(const std::string& path, ProcessReport& out) {
  FILE* file = fopen(path.c_str(), "rb");
  if (!file) return false;
  constexpr u64 kMostThreads = 1000000;
  FileMark mark, expected;
  bool good = fread(&mark, sizeof mark, 1, file) == 1 && memcmp(mark.magic, expected.magic, sizeof mark.magic) == 0 &&
              mark.process_size == expected.process_size && mark.thread_size == expected.thread_size &&
              mark.threads < kMostThreads && fread(&out.process, sizeof out.process, 1, file) == 1;
  if (good) {
    out.threads.resize(mark.threads);
    good = fread(out.threads.data(), sizeof(ThreadAccount), mark.threads, file) == mark.threads;
  }
  fclose(file);
  return good;
}

// Of the calling process: whether that other one, a child or not, still runs.
bool is_running(u32 pid) {
  siginfo_t ended{};
  if (waitid(P_PID, pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid) return false;  // nobody has waited for it yet
  return kill(static_cast<pid_t>(pid), 0) == 0;
}

bool is_owed() {
  std::vector<std::string> paths = settings->files.paths();
  for (const std::string& path : paths) {
    if (!ends_with(path, ".begun")) continue;
    u32 pid = static_cast<u32>(strtoul(path.c_str() + path.rfind('/') + 1, nullptr, 10));
    if (!std::binary_search(paths.begin(), paths.end(), settings->files.path(pid, "account")) && is_running(pid)) return true;
  }
  return false;
}

// Some processes end because the first one does: they wait for the end of a pipe (multiprocessing's resource tracker, its fork
// server). It lets go of its descriptors, if no thread of its own can miss them, and gives the others a moment.
void wait_for_followers() {
  constexpr int kPatienceMs = 250;
  if (!gil_enabled() && !is_finalizing()) return;
  fflush(nullptr);
  close_range(3, ~0u, 0);
  for (int ms = 0; ms < kPatienceMs && is_owed(); ++ms) usleep(1000);
}

// Reads and removes what the others left. Answers how many began and left nothing.
usize gather(std::vector<ProcessReport>& out) {
  usize begun = 0, ended = 0;
  for (const std::string& path : settings->files.paths()) {
    if (ends_with(path, ".begun")) ++begun;
    if (ProcessReport report; ends_with(path, ".account") && read_report(path, report)) {
      ++ended;
      out.push_back(std::move(report));
    }
  }
  settings->files.remove();
  return begun > ended ? begun - ended : 0;
}

void publish(const std::vector<ProcessReport>& processes, usize missing) {
  if (settings->target == "-") {
    std::string text = report_text(processes, missing);
    fwrite(text.data(), 1, text.size(), stderr);
    fflush(stderr);
    return;
  }
  std::string json = report_json(processes, missing);
  FILE* file = fopen(settings->target.c_str(), "wb");
  bool written = file && fwrite(json.data(), 1, json.size(), file) == json.size();
  if (file) written = fclose(file) == 0 && written;
  if (!written) fprintf(stderr, "baton: -X gil_report: can't write %s: %s\n", settings->target.c_str(), strerror(errno));
}

}  // namespace

ProcessReport process_report() {
  ProcessReport report;
  ProcessAccount& process = report.process;
  process.pid = static_cast<u32>(getpid());
  set_text(process.label, sizeof process.label, settings ? settings->label.c_str() : "");
  GilAccount whole = gil_account();
  process.gil = whole.enabled;
  set_text(process.policy, sizeof process.policy, whole.policy);
  process.elapsed_ns = whole.elapsed_ns;
  process.cpu_ns = process_cpu_ns();
  process.switches = whole.switches;
  process.forced_switches = whole.forced_switches;
  for_each_mutator([&](Mutator& mutator) { report.threads.push_back(thread_account(mutator)); });
  std::sort(report.threads.begin(), report.threads.end(), [](auto& a, auto& b) { return a.id < b.id; });
  process.ended = detached_account();
  process.threads_ended = process.ended.id;
  process.loops = loop_account::total();
  process.ended.id = 0;
  std::vector<ThreadAccount> ended(kEndedThreads);
  ended.resize(ended_accounts(ended.data()));
  report.threads.insert(report.threads.end(), ended.begin(), ended.end());
  return report;
}

void init_gil_report(const char* target, const char* label) {
  ProgramFiles files;
  ProgramFiles::Place place = files.open(kVariable, *target);
  if (place == ProgramFiles::Place::None) return;
  settings = new Settings;
  settings->files = files;
  settings->label = label;
  settings->active = true;
  loop_account::is_on = true;
  if (place == ProgramFiles::Place::Below) return announce();
  settings->is_first = true;
  settings->target = target;
}

void gil_report_in_child() {
  if (!settings || !settings->active) return;
  settings->is_first = false;
  settings->done = false;
  loop_account::reset_in_child();
  if (!settings->files.has_directory()) settings->active = loop_account::is_on = false;
  if (settings->active) announce();
}

bool keeps_gil_report() { return settings && settings->active && !settings->done; }

void finish_gil_report() {
  if (!keeps_gil_report()) return;
  settings->done = true;
  std::vector<ProcessReport> processes;
  processes.push_back(process_report());
  if (!settings->is_first) return hand_in(processes[0]);
  usize missing = 0;
  if (settings->files.has_directory()) {
    if (is_owed()) wait_for_followers();
    missing = gather(processes);
  }
  publish(processes, missing);
}

}  // namespace baton
