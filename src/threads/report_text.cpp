// What the report says: the verdict, the table for people, JSON for programs. Pure functions of the collected accounts.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "threads/json_text.h"
#include "threads/report.h"

namespace baton {

namespace {

constexpr double kBusy = 0.7;      // of the time: from here on it is what the program does
constexpr double kCrowded = 0.25;  // so many threads waiting on average is a crowd
constexpr usize kShownThreads = 20, kShownHolders = 3;
constexpr u64 kLongKept = 20000000;  // a thread that kept others waiting longer than this is named

void put(std::string& out, const char* format, ...) __attribute__((format(printf, 2, 3)));
void put(std::string& out, const char* format, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(buffer, sizeof buffer, format, arguments);
  va_end(arguments);
  out += buffer;
}

double seconds(u64 ns) { return static_cast<double>(ns) / 1e9; }
double ratio(u64 a, u64 b) { return b ? static_cast<double>(a) / static_cast<double>(b) : 0; }
double percent(u64 a, u64 b) { return 100 * ratio(a, b); }
u64 off(const ThreadAccount& account, BlockCause cause) { return account.off_ns[static_cast<usize>(cause)]; }

// Running and waiting add up over all of a process's threads, the forgotten ones too.
ThreadAccount sum_of(const ProcessReport& report) {
  ThreadAccount sum = report.process.ended;
  for (const ThreadAccount& account : report.threads) {
    if (!account.alive) continue;  // counted in `ended`
    sum.attached_ns += account.attached_ns;
    sum.cpu_ns += account.cpu_ns;
    sum.running_ns += account.running_ns;
    sum.waiting_ns += account.waiting_ns;
    sum.stopped_ns += account.stopped_ns;
    for (usize i = 0; i < kBlockCauses; ++i) sum.off_ns[i] += account.off_ns[i];
    sum.forced_switches += account.forced_switches;
    sum.voluntary_switches += account.voluntary_switches;
  }
  return sum;
}

std::string name_of(const ThreadAccount& account) {
  std::string name = account.name;
  if (name.empty()) put(name, "thread %u", account.id);
  return name;
}

std::string name_of(const ProcessReport& report, u32 id) {
  for (const ThreadAccount& account : report.threads) {
    if (account.id == id) return name_of(account);
  }
  std::string name;
  put(name, "thread %u", id);
  return name;
}

const ThreadAccount* longest_keeper(const ProcessReport& report) {
  const ThreadAccount* longest = nullptr;
  for (const ThreadAccount& account : report.threads) {
    if (account.longest_kept_ns && (!longest || account.longest_kept_ns > longest->longest_kept_ns)) longest = &account;
  }
  return longest;
}

// ---- the verdict ----

struct Figures {
  const ProcessReport* process;
  ThreadAccount sum;
  u64 elapsed;
  double busy() const { return ratio(sum.running_ns, elapsed); }
  double native() const { return ratio(off(sum, BlockCause::Native), elapsed); }
  double crowd() const { return ratio(sum.waiting_ns, elapsed); }
};

void say_gil_bound(std::string& out, const Figures& f) {
  put(out, "The GIL limits this program: it was held %.0f %% of the time, while %.1f other threads on average wanted it. ",
      100 * f.busy(), f.crowd());
  put(out, "In parallel (-X gil=0, or processes in place of threads) it could run up to %.1f times as fast.",
      f.busy() + f.crowd());
  const ThreadAccount* keeper = longest_keeper(*f.process);
  if (!keeper || keeper->longest_kept_ns < kLongKept) return;
  put(out, " Longest in one go, %s kept the others waiting for %.0f ms", name_of(*keeper).c_str(),
      seconds(keeper->longest_kept_ns) * 1e3);
  if (keeper->kept_at[0]) put(out, ", at %s", keeper->kept_at);
  out += '.';
}

void say_single_threaded(std::string& out, const Figures& f) {
  put(out,
      "Python code on one processor limits this program: it ran %.0f %% of the time, and no other thread waited for the GIL. ",
      100 * f.busy());
  out += "Only work that is divided among processes, or among threads with -X gil=0, would use more processors.";
}

void say_parallel(std::string& out, const Figures& f) {
  double clogged = ratio(f.sum.stopped_ns, f.sum.stopped_ns + f.sum.running_ns);
  if (clogged >= 0.15) {
    put(out, "Threads stood in each other's way: %.0f %% of their working time they waited for an object that another thread ",
        100 * clogged);
    put(out, "was changing, or for the collector; %.1f ran at once on average.", f.busy());
  } else {
    put(out, "The processors limit this program: without a GIL, %.1f of its threads ran Python at once on average.", f.busy());
  }
}

// A thread that only joins, waits for work or sleeps says nothing about what holds the program up, if there are others. One that
// does both waits for others in between.
bool is_idle(const ThreadAccount& account) {
  u64 longest = std::max(off(account, BlockCause::Lock), off(account, BlockCause::Sleep));
  return longest >= account.attached_ns / 100 * 95;
}

void say_waiting(std::string& out, const Figures& f) {
  u64 spent[kBlockCauses] = {}, attached = 0;
  for (bool with_idle : {false, true}) {
    for (const ThreadAccount& account : f.process->threads) {
      if (is_idle(account) && !with_idle) continue;
      attached += account.attached_ns;
      for (usize i = 0; i < kBlockCauses; ++i) spent[i] += account.off_ns[i];
    }
    if (attached) break;
  }
  usize most = 0;
  for (usize i = 1; i < kBlockCauses; ++i) {
    if (spent[i] > spent[most]) most = i;
  }
  double share = percent(spent[most], attached);
  switch (static_cast<BlockCause>(most)) {
    case BlockCause::Io:
      put(out, "Input and output limit this program: its threads waited %.0f %% of their time for files, sockets or processes",
          share);
      break;
    case BlockCause::Lock:
      put(out, "Waiting for each other limits this program: its threads spent %.0f %% of their time at locks, queues and joins",
          share);
      break;
    case BlockCause::Sleep: put(out, "This program mostly sleeps: %.0f %% of its threads' time", share); break;
    case BlockCause::Native:
      put(out, "Native code outside of the GIL took most of this program's time: %.0f %% of its threads'", share);
      break;
  }
  put(out, "; Python code ran %.0f %% of the time.", 100 * f.busy());
}

void say_native(std::string& out, const Figures& f) {
  put(out, "Native code (compression, digests and the like) limits this program: %.1f threads on average were in it, outside of ",
      f.native());
  put(out, "the GIL; Python code ran %.0f %% of the time.", 100 * f.busy());
}

void say_other_programs(std::string& out, const Figures& f) {
  u64 wanted = f.sum.running_ns + off(f.sum, BlockCause::Native);
  if (f.busy() < kBusy || ratio(f.sum.cpu_ns, wanted) > 0.8) return;
  put(out, " The system gave it only %.0f %% of the processor time that it could have used: other programs compete.",
      percent(f.sum.cpu_ns, wanted));
}

// Below a tenth of the time a loop that is kept isn't what limits the program.
void say_blocked_loop(std::string& out, const Figures& f) {
  const LoopAccount& loops = f.process->process.loops;
  if (!loops.slow || loops.slow_ns < f.elapsed / 10) return;
  put(out, " Its event loop stood still %.0f %% of the time, in callbacks of %llu ms and more: the longest, %s, took %.0f ms",
      percent(loops.slow_ns, f.elapsed), static_cast<unsigned long long>(kSlowCallbackNs / 1000000), loops.longest_what,
      seconds(loops.longest_ns) * 1e3);
  if (loops.longest_at[0]) put(out, ", most of them at %s", loops.longest_at);
  out += "; asyncio.to_thread() or a process would let others run meanwhile.";
}

// ---- JSON ----

void put_json_loops(std::string& out, const LoopAccount& loops) {
  put(out, "{\"callbacks\": %llu, \"busy\": %.6f, \"slow\": %llu, \"slow_time\": %.6f, \"longest\": %.6f, \"longest_what\": ",
      static_cast<unsigned long long>(loops.callbacks), seconds(loops.busy_ns), static_cast<unsigned long long>(loops.slow),
      seconds(loops.slow_ns), seconds(loops.longest_ns));
  put_json_text(out, loops.longest_what);
  out += ", \"longest_at\": ";
  put_json_text(out, loops.longest_at);
  out += '}';
}

void put_json_thread(std::string& out, const ProcessReport& report, const ThreadAccount& account) {
  put(out, "{\"id\": %u, \"native_id\": %u, \"name\": ", account.id, account.os_tid);
  put_json_text(out, account.name);
  put(out, ", \"alive\": %s, \"io_bound\": %s", account.alive ? "true" : "false", account.is_io_bound ? "true" : "false");
  put(out, ", \"attached\": %.6f, \"cpu\": %.6f, \"running\": %.6f, \"waiting\": %.6f, \"stopped\": %.6f",
      seconds(account.attached_ns), seconds(account.cpu_ns), seconds(account.running_ns), seconds(account.waiting_ns),
      seconds(account.stopped_ns));
  for (usize i = 0; i < kBlockCauses; ++i)
    put(out, ", \"%s\": %.6f", block_cause_name(static_cast<BlockCause>(i)), seconds(account.off_ns[i]));
  put(out, ", \"forced_switches\": %llu, \"voluntary_switches\": %llu, \"acquisitions\": %llu, \"contended\": %llu",
      static_cast<unsigned long long>(account.forced_switches), static_cast<unsigned long long>(account.voluntary_switches),
      static_cast<unsigned long long>(account.acquisitions), static_cast<unsigned long long>(account.contended_acquisitions));
  put(out,
      ", \"longest_hold\": %.6f, \"longest_wait\": %.6f, \"longest_kept\": %.6f, \"kept_at\": ", seconds(account.longest_hold_ns),
      seconds(account.longest_wait_ns), seconds(account.longest_kept_ns));
  put_json_text(out, account.kept_at);
  out += ", \"waited_for\": {";
  for (usize i = 0; i < account.holder_count; ++i) {
    if (i) out += ", ";
    std::string key;
    put(key, "%s#%u", name_of(report, account.holders[i].thread_id).c_str(), account.holders[i].thread_id);
    put_json_text(out, key.c_str());
    put(out, ": %.6f", seconds(account.holders[i].ns));
  }
  put(out, "}, \"waited_for_others\": %.6f, \"waited_for_nobody\": %.6f}", seconds(account.waiting_for_others_ns),
      seconds(account.waiting_for_nobody_ns));
}

// ---- text ----

void put_thread(std::string& out, const ProcessReport& report, const ThreadAccount& a) {
  put(out, "  %-24.24s %8.2f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %6.1f %9llu %9llu %9.1f\n", name_of(a).c_str(),
      seconds(a.attached_ns), percent(a.running_ns, a.attached_ns), percent(a.waiting_ns, a.attached_ns),
      percent(off(a, BlockCause::Lock), a.attached_ns), percent(off(a, BlockCause::Io), a.attached_ns),
      percent(off(a, BlockCause::Sleep), a.attached_ns), percent(off(a, BlockCause::Native), a.attached_ns),
      percent(a.stopped_ns, a.attached_ns), static_cast<unsigned long long>(a.forced_switches),
      static_cast<unsigned long long>(a.voluntary_switches), seconds(a.longest_wait_ns) * 1e3);
  if (a.waiting_ns < a.attached_ns / 100) return;
  out += "    waited for";
  usize shown = std::min(a.holder_count, kShownHolders);
  for (usize i = 0; i < shown; ++i)
    put(out, "%s %s %.3f s", i ? "," : "", name_of(report, a.holders[i].thread_id).c_str(), seconds(a.holders[i].ns));
  if (!shown) out += " nobody in particular";
  out += '\n';
}

void put_loops(std::string& out, const LoopAccount& loops) {
  if (!loops.callbacks) return;
  put(out, "  event loop: %llu callbacks in %.3f s; %llu of them took %llu ms or more, %.3f s in all\n",
      static_cast<unsigned long long>(loops.callbacks), seconds(loops.busy_ns), static_cast<unsigned long long>(loops.slow),
      static_cast<unsigned long long>(kSlowCallbackNs / 1000000), seconds(loops.slow_ns));
  if (!loops.slow) return;
  put(out, "    longest: %.1f ms, %s", seconds(loops.longest_ns) * 1e3, loops.longest_what);
  if (loops.longest_at[0]) put(out, ", at %s", loops.longest_at);
  out += '\n';
}

void put_process(std::string& out, const ProcessReport& report) {
  const ProcessAccount& p = report.process;
  ThreadAccount sum = sum_of(report);
  usize alive = 0;
  for (const ThreadAccount& account : report.threads) alive += account.alive;
  put(out, "process %u %s: %.2f s, %.2f s of the processor, %llu threads, ", p.pid, p.label, seconds(p.elapsed_ns),
      seconds(p.cpu_ns), static_cast<unsigned long long>(p.threads_ended + alive));
  if (p.gil) {
    put(out, "GIL (policy %s) held %.1f %% of the time, %llu switches, %llu of them forced\n", p.policy,
        percent(sum.running_ns, p.elapsed_ns), static_cast<unsigned long long>(p.switches),
        static_cast<unsigned long long>(p.forced_switches));
  } else {
    put(out, "no GIL, %.2f threads ran at once on average\n", ratio(sum.running_ns, p.elapsed_ns));
  }
  out += "  thread                    seconds  run %  GIL %  lock%   I/O %  sleep  nativ stopd    forced voluntary max wait ms\n";
  std::vector<const ThreadAccount*> order;
  for (const ThreadAccount& account : report.threads) order.push_back(&account);
  std::sort(order.begin(), order.end(), [](auto* a, auto* b) {
    u64 x = a->running_ns + a->waiting_ns, y = b->running_ns + b->waiting_ns;
    return x != y ? x > y : a->id < b->id;
  });
  usize shown = std::min(order.size(), kShownThreads);
  for (usize i = 0; i < shown; ++i) put_thread(out, report, *order[i]);
  if (u64 more = p.threads_ended + alive - shown; more)
    put(out, "  and %llu threads more\n", static_cast<unsigned long long>(more));
  put_loops(out, p.loops);
  const ThreadAccount* keeper = longest_keeper(report);
  if (!keeper) return;
  put(out, "  longest hold while others waited: %.1f ms by %s", seconds(keeper->longest_kept_ns) * 1e3, name_of(*keeper).c_str());
  if (keeper->kept_at[0]) put(out, ", at %s", keeper->kept_at);
  out += '\n';
}

}  // namespace

std::string report_verdict(const std::vector<ProcessReport>& processes) {
  std::string out;
  if (processes.empty()) return out;
  Figures busiest{};
  usize busy_processes = 0;
  for (const ProcessReport& process : processes) {
    Figures f{&process, sum_of(process), process.process.elapsed_ns};
    busy_processes += f.busy() + f.native() >= kBusy;
    if (!busiest.process || f.sum.running_ns > busiest.sum.running_ns) busiest = f;
  }
  const Figures& f = busiest;
  if (busy_processes > 1) put(out, "%zu processes computed side by side. Of the busiest one: ", busy_processes);
  bool gil = f.process->process.gil;
  if (gil && f.crowd() >= kCrowded && f.busy() >= f.native() && f.busy() + f.crowd() >= kBusy)
    say_gil_bound(out, f);
  else if (f.native() >= kBusy && f.native() > f.busy())
    say_native(out, f);
  else if (gil && f.busy() >= kBusy)
    say_single_threaded(out, f);
  else if (f.busy() >= kBusy)
    say_parallel(out, f);
  else
    say_waiting(out, f);
  say_blocked_loop(out, f);
  say_other_programs(out, f);
  return out;
}

std::string report_text(const std::vector<ProcessReport>& processes, usize missing) {
  std::string out = "GIL report\n";
  for (const ProcessReport& process : processes) put_process(out, process);
  if (missing) {
    put(out, "%zu process%s left no account: killed, still running, or turned into another program\n", missing,
        missing == 1 ? "" : "es");
  }
  return out + report_verdict(processes) + "\n";
}

std::string report_json(const std::vector<ProcessReport>& processes, usize missing) {
  std::string out = "{\"processes\": [";
  for (usize i = 0; i < processes.size(); ++i) {
    const ProcessAccount& p = processes[i].process;
    put(out, "%s\n {\"pid\": %u, \"label\": ", i ? "," : "", p.pid);
    put_json_text(out, p.label);
    put(out, ", \"gil\": %s, \"policy\": \"%s\", \"elapsed\": %.6f, \"cpu\": %.6f, \"switches\": %llu, \"forced_switches\": %llu",
        p.gil ? "true" : "false", p.policy, seconds(p.elapsed_ns), seconds(p.cpu_ns), static_cast<unsigned long long>(p.switches),
        static_cast<unsigned long long>(p.forced_switches));
    out += ", \"event_loops\": ";
    put_json_loops(out, p.loops);
    put(out, ", \"threads_ended\": %llu, \"threads\": [", static_cast<unsigned long long>(p.threads_ended));
    for (usize k = 0; k < processes[i].threads.size(); ++k) {
      out += k ? ",\n  " : "\n  ";
      put_json_thread(out, processes[i], processes[i].threads[k]);
    }
    out += "]}";
  }
  put(out, "],\n\"missing_processes\": %zu, \"verdict\": ", missing);
  put_json_text(out, report_verdict(processes).c_str());
  return out + "}\n";
}

}  // namespace baton
