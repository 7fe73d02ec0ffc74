// The report of the accounts, at the end of a program (-X gil_report) or whenever asked: text or JSON, over all processes.
//
// The first process that is started with a report makes a directory and names it in the environment (BATON_GIL_REPORT). Every
// process below it, forked or started anew, leaves a file there when it ends, and the first one merges them at its own end.
// SIGTERM and SIGHUP end a process only when it has done so (modules/_signal.cpp).
// What a process that was killed otherwise, or that became another program, has done isn't known: its absence is counted.
#pragma once
#include <string>
#include <vector>

#include "threads/accounting.h"
#include "threads/loop_account.h"

namespace baton {

// A process's accounts, as they are handed in. Plain data.
struct ProcessAccount {
  u32 pid = 0;
  char label[96] = {};  // the program's name
  bool gil = true;
  char policy[16] = {};
  u64 elapsed_ns = 0, cpu_ns = 0;
  u64 switches = 0, forced_switches = 0;
  u64 threads_ended = 0;  // of which the table holds kEndedThreads at most
  ThreadAccount ended{};  // their sum
  LoopAccount loops;      // zero unless a report is kept
};
struct ProcessReport {
  ProcessAccount process;
  std::vector<ThreadAccount> threads;  // alive ones, and ended ones as far as remembered
};

// Of the calling process, up to now.
ProcessReport process_report();

// One sentence or two: what limits the program that these processes are.
std::string report_verdict(const std::vector<ProcessReport>& processes);
std::string report_text(const std::vector<ProcessReport>& processes, usize missing);
std::string report_json(const std::vector<ProcessReport>& processes, usize missing);

// At start-up. `target`: empty: no report of one's own, but it is handed in if a process above us asked; "-": standard error;
// else a file for JSON.
void init_gil_report(const char* target, const char* label);
// Whether one is to be handed in when the process ends. May be asked in a signal handler.
bool keeps_gil_report();
// A process's last act, on every way out that is its own (its end, os._exit): hands the accounts in, or merges and prints.
// Only the first call of a process does anything.
void finish_gil_report();
// After a fork, in the child, which is a process of its own with accounts of its own.
void gil_report_in_child();

}  // namespace baton
