// baton: what this runtime offers beyond CPython. A package without files, with three modules: baton.gil, the accounts of the
// GIL (who ran, who waited, for whom, and why; figures are seconds (float) since the start, a fork, or reset()), baton.heap,
// baton.jit.
#include <map>
#include <utility>
#include <vector>

#include "interp/interp.h"
#include "interp/root_report.h"
#include "jit/jit.h"
#include "modules/lock_waits.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/weakref.h"
#include "threads/clock.h"
#include "threads/report.h"
#include "threads/world.h"

namespace baton {

namespace {

Result<Value> seconds_of(Thread& thread, u64 ns) { return make_float(thread, static_cast<double>(ns) / 1e9); }

// A dict filled row by row; the first failure sticks.
class Filler {
 public:
  Filler(Thread& thread, Dict* dict) : thread_(thread), dict_(dict) {}
  Result<void> set(const char* key, Value value) { return dict_set_ascii(thread_, dict_, key, value); }
  Result<void> set_seconds(const char* key, u64 ns) { return set(key, TRY(seconds_of(thread_, ns))); }
  Result<void> set_count(const char* key, u64 n) { return set(key, TRY(int_from_u64(thread_, n))); }
  Result<void> set_text(const char* key, const char* text) { return set(key, Value(TRY(str_from_utf8(thread_, text)))); }

 private:
  Thread& thread_;
  Dict* dict_;
};

Result<void> fill_times(Filler& out, const ThreadAccount& account) {
  TRY(out.set_seconds("attached", account.attached_ns));
  TRY(out.set_seconds("cpu", account.cpu_ns));
  TRY(out.set_seconds("running", account.running_ns));
  TRY(out.set_seconds("waiting", account.waiting_ns));
  TRY(out.set_seconds("stopped", account.stopped_ns));
  for (usize i = 0; i < kBlockCauses; ++i) TRY(out.set_seconds(block_cause_name(static_cast<BlockCause>(i)), account.off_ns[i]));
  TRY(out.set_count("forced_switches", account.forced_switches));
  return out.set_count("voluntary_switches", account.voluntary_switches);
}

Result<Value> waited_for(Thread& thread, const ThreadAccount& account) {
  Dict* out = TRY(make_dict(thread));
  for (usize i = 0; i < account.holder_count; ++i) {
    Value id = TRY(int_from_u64(thread, account.holders[i].thread_id));
    TRY(dict_set(thread, out, id, TRY(seconds_of(thread, account.holders[i].ns))));
  }
  return Value(out);
}

Result<Value> thread_dict(Thread& thread, const ThreadAccount& account) {
  Dict* dict = TRY(make_dict(thread));
  Filler out(thread, dict);
  TRY(out.set_count("id", account.id));
  TRY(out.set_count("native_id", account.os_tid));
  TRY(out.set_text("name", account.name));
  TRY(out.set("alive", Value::of_bool(account.alive)));
  TRY(out.set("io_bound", Value::of_bool(account.is_io_bound)));
  TRY(fill_times(out, account));
  TRY(out.set_count("acquisitions", account.acquisitions));
  TRY(out.set_count("contended", account.contended_acquisitions));
  TRY(out.set_seconds("longest_hold", account.longest_hold_ns));
  TRY(out.set_seconds("longest_wait", account.longest_wait_ns));
  TRY(out.set_seconds("longest_kept", account.longest_kept_ns));
  TRY(out.set_text("kept_at", account.kept_at));
  TRY(out.set("waited_for", TRY(waited_for(thread, account))));
  TRY(out.set_seconds("waited_for_others", account.waiting_for_others_ns));
  TRY(out.set_seconds("waited_for_nobody", account.waiting_for_nobody_ns));
  return Value(dict);
}

Result<Value> gil_threads(Thread& thread) {
  ProcessReport report = process_report();
  List* list = TRY(make_list(thread));
  for (const ThreadAccount& account : report.threads) TRY(list_append(thread, list, TRY(thread_dict(thread, account))));
  return Value(list);
}

Result<Value> gil_stats(Thread& thread) {
  ProcessReport report = process_report();
  const ProcessAccount& process = report.process;
  GilAccount now = gil_account();
  ThreadAccount sum = process.ended;
  for (const ThreadAccount& account : report.threads) {
    if (!account.alive) continue;  // in the sum already
    add_account(sum, account);
  }
  Dict* dict = TRY(make_dict(thread));
  Filler out(thread, dict);
  TRY(out.set("enabled", Value::of_bool(now.enabled)));
  TRY(out.set_text("policy", now.policy));
  TRY(out.set_seconds("interval", now.interval_us * 1000));
  TRY(out.set_seconds("elapsed", process.elapsed_ns));
  TRY(out.set_count("switches", process.switches));
  TRY(out.set_count("waiters", now.waiters));
  TRY(out.set_count("threads", now.threads));
  TRY(out.set_count("threads_ended", process.threads_ended));
  TRY(fill_times(out, sum));
  return Value(dict);
}

Result<void> gil_reset(Thread&) {
  reset_accounts();
  return ok;
}

Result<Value> gil_report(Thread& thread) {
  std::string text = report_text({process_report()}, 0);
  return Value(TRY(str_from_utf8(thread, text)));
}

Result<Value> gil_verdict(Thread& thread) {
  std::string text = report_verdict({process_report()});
  return Value(TRY(str_from_utf8(thread, text)));
}

// One wait as a dict. The lock itself is in it, so that its attributes and methods are at hand.
Result<Value> wait_dict(Thread& thread, u64 ident, Value lock, u64 holder, u64 waited_ns, bool endless) {
  Dict* dict = TRY(make_dict(thread));
  Filler out(thread, dict);
  TRY(out.set_count("ident", ident));
  TRY(out.set("name", Value(TRY(python_thread_name(thread, ident)))));
  TRY(out.set("lock", lock));
  TRY(out.set("held_by", holder ? TRY(int_from_u64(thread, holder)) : kNone));
  TRY(out.set("held_by_name", holder ? Value(TRY(python_thread_name(thread, holder))) : kNone));
  TRY(out.set_seconds("seconds", waited_ns));
  TRY(out.set("endless", Value::of_bool(endless)));
  return Value(dict);
}

Result<Value> gil_waits(Thread& thread) {
  std::vector<LockWaiter> waiters;
  std::vector<u64> idents;
  RootVector locks;
  {
    StopTheWorld stopped(thread);
    waiters = lock_waiters();
    for (const LockWaiter& w : waiters) {
      idents.push_back(w.thread->python_ident_);
      locks.push(w.state.what);
    }
  }
  u64 now = coarse_monotonic_ns();
  List* list = TRY(make_list(thread));
  for (usize i = 0; i < waiters.size(); ++i) {
    const LockWaitState& state = waiters[i].state;
    Value row = TRY(wait_dict(thread, idents[i], locks[i], waiters[i].holder, now - state.since, state.endless));
    TRY(list_append(thread, list, row));
  }
  return Value(list);
}

constinit NativeDef gil_functions[] = {
    native<gil_stats>("stats()",
                      "The accounts of the process: a dict.\n\nenabled, policy, interval: how this process was started\n"
                      "elapsed: seconds since the start, a fork or reset()\nswitches: how often another thread took the GIL "
                      "than had it last\nwaiters, threads: how many wait for the GIL and how many there are, now\n"
                      "threads_ended: how many there were\nThe rest are sums over all threads, as threads() has them."),
    native<gil_threads>(
        "threads()",
        "The accounts of the threads: a list of dicts, of those that live and of the 64 ended ones that ran and waited most.\n\n"
        "attached: seconds of life; the sum of running, waiting, stopped, io, lock, sleep and native\n"
        "cpu: of the processor, by the system's clock\nrunning: with the GIL\nwaiting: for the GIL\n"
        "stopped: without a GIL: for the collector, or for an object that another thread was changing\n"
        "io, lock, sleep, native: off the GIL, by cause\n"
        "forced_switches, voluntary_switches: gave the GIL up on request; let go while somebody waited\n"
        "acquisitions, contended: takings of the GIL, and those with a wait\n"
        "longest_hold, longest_wait: of the GIL, for the GIL\n"
        "longest_kept, kept_at: the longest that others waited while this thread held the GIL, and where it was then\n"
        "waited_for: seconds by the id of the thread that had the GIL meanwhile; waited_for_others: by holders beyond "
        "that table;\nwaited_for_nobody: the GIL was free or being handed over"),
    native<gil_waits>("waits()",
                      "The threads that wait for a lock or a SimpleQueue now: a list of dicts.\n\n"
                      "ident, name: of the thread\nlock: what it waits for; of a thread that joins another, the lock that\n"
                      "the other one holds while it lives\nheld_by, held_by_name: who took it last; None if that isn't known\n"
                      "seconds: for how long\nendless: whether without a time limit\n\n"
                      "Who waits in a threading.Condition waits for a lock of its own, which it took itself. -X deadlock_report\n"
                      "tells of circles."),
    native<gil_reset>("reset()", "All accounts begin anew."),
    native<gil_report>("report()", "The report of this process so far, as -X gil_report prints it at the end."),
    native<gil_verdict>("verdict()", "What limits this process so far, in a sentence."),
};

Result<void> gil_exec(Thread& thread, Module* module) {
  return module_set(thread, module, "policy", Value(TRY(str_from_ascii(thread, gil_policy_name(gil_policy())))));
}

ModuleDef baton_gil_module = {
    .name = "baton.gil",
    .doc = "Who ran, who waited for the GIL, for whom, and why: accounts that are always kept.",
    .functions = gil_functions,
    .function_count = count_of(gil_functions),
    .exec = gil_exec,
};

// ---------------------------------------------------------------------------------------------------------------- baton.heap

// Whoever asks must not hold the object itself: so by a weak reference, or by id().
Result<Value> heap_why_alive(Thread& thread, Value which) {
  bool is_exact = is_called_by_instruction(thread, native<heap_why_alive>("why_alive(ref_or_id, /)").entry);
  std::string text;
  if (is<WeakRef>(which)) {
    auto is_target = [](Cell* cell, void* ref) { return static_cast<WeakRef*>(ref)->target() == cell; };
    text = roots_of(thread, is_target, which.as<WeakRef>(), is_exact);
  } else if (which.is_small_int()) {
    i64 id = which.small_int();
    auto has_id = [](Cell* cell, void* id) { return object_id(Value(cell)) == static_cast<u64>(*static_cast<i64*>(id)); };
    text = roots_of(thread, has_id, &id, is_exact);
  } else {
    return raise_type_error(thread, "why_alive() argument must be a weak reference or an id, not {!t}", which);
  }
  if (text.empty()) return kNone;
  return Value(TRY(str_from_utf8(thread, text)));
}

// Cells of a kind and a type (null: storage, which has none).
struct CensusRow {
  u16 kind = 0;
  Type* type = nullptr;
  u64 cells = 0, bytes = 0;
};

// The rows in order of the first cell found. By a full collection before, all cells there are live.
// is_exact: see ExactStack.
void take_census(Thread& thread, std::vector<CensusRow>& rows, bool is_exact) {
  StopTheWorld world(thread);
  collect_exactly(thread, Generation::Full, is_exact);
  struct Census {
    std::vector<CensusRow>& rows;
    std::map<std::pair<u16, Type*>, usize> places;
  } census{rows, {}};
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        Census& census = *static_cast<Census*>(context);
        Type* type = cell->shape_id() && cell->kind() != kKindShape ? type_of(Value(cell)) : nullptr;
        auto [at, is_new] = census.places.try_emplace({cell->kind(), type}, census.rows.size());
        if (is_new) census.rows.push_back({cell->kind(), type});
        CensusRow& row = census.rows[at->second];
        ++row.cells;
        row.bytes += heap_cell_size(cell);
      },
      &census);
}

Result<Value> heap_census(Thread& thread) {
  std::vector<CensusRow> rows;
  take_census(thread, rows, is_called_by_instruction(thread, native<heap_census>("census()").entry));
  RootVector types_found;  // the rows' types, for the time of making the list
  for (const CensusRow& row : rows) types_found.push(Value(row.type));
  List* list = TRY(make_list(thread));
  for (const CensusRow& row : rows) {
    Value type = row.type ? Value(row.type) : kNone;
    const char* name = kind_info(row.kind).name;
    Value kind(TRY(str_from_utf8(thread, name ? name : "")));
    Value cells = TRY(int_from_u64(thread, row.cells)), bytes = TRY(int_from_u64(thread, row.bytes));
    TRY(list_append(thread, list, TRY(tuple_of(thread, kind, type, cells, bytes))));
  }
  return Value(list);
}

constinit NativeDef heap_functions[] = {
    native<heap_census>("census()",
                        "What fills the heap after a full collection: a list of tuples (kind, type, cells, bytes).\n\n"
                        "kind: of the cells, a text\ntype: of these objects; None for storage behind objects\n"
                        "cells, bytes: how many there are, and the memory they take, rounded up as the heap does."),
    native<heap_why_alive>(
        "why_alive(ref_or_id, /)",
        "What an object hangs on, found by a full collection: a text, or None if nothing holds it.\n\n"
        "The object is named by a weak reference or its id(), for a reference of the caller's own would hold it, too.\n"
        "The first line is the root: a register of a frame, a word left on a thread's C++ stack, a table of the runtime ...\n"
        "The lines below are the objects on the shortest way from there, the last one is the object itself."),
};

ModuleDef baton_heap_module = {
    .name = "baton.heap",
    .doc = "What keeps objects alive.",
    .functions = heap_functions,
    .function_count = count_of(heap_functions),
};

// ---------------------------------------------------------------------------------------------------------------- baton.jit

Result<Value> jit_counts(Thread& thread) {
  JitCounters counters = jit_counters();
  Dict* dict = TRY(make_dict(thread));
  Filler out(thread, dict);
  TRY(out.set("enabled", Value::of_bool(counters.enabled)));
  TRY(out.set_count("compiled", counters.compiled));
  TRY(out.set_count("recompiled", counters.recompiled));
  TRY(out.set_count("discarded", counters.discarded));
  TRY(out.set_count("refused", counters.refused));
  TRY(out.set_count("bytes", counters.bytes));
  TRY(out.set_seconds("seconds", counters.nanoseconds));
  if (!counters.counts_exits) return Value(dict);
  Dict* exits = TRY(make_dict(thread));
  Filler by_op(thread, exits);
  for (u32 op = 0; op < kOpCount; ++op)
    if (counters.exits[op]) TRY(by_op.set_count(op_info(static_cast<Op>(op)).name, counters.exits[op]));
  TRY(out.set("exits", Value(exits)));
  return Value(dict);
}

Result<Value> jit_is_compiled(Thread& thread, Value function_or_code) {
  if (is<Function>(function_or_code)) function_or_code = Value(function_or_code.as<Function>()->code());
  if (!is<Code>(function_or_code))
    return raise_type_error(thread, "is_compiled() argument must be a function or code, not {!t}", function_or_code);
  return Value::of_bool(function_or_code.as<Code>()->compiled_offset() != 0);
}

constinit NativeDef jit_functions[] = {
    native<jit_counts>("counters()",
                       "How much machine code was made: code objects compiled, compiled anew, given up, and refused\n"
                       "(too long, or a mistake of the compiler's), the bytes of what is there now, and the seconds\n"
                       "of the processor that making it took. With -X jit_exits also\n"
                       "\"exits\": by instruction, how often its handler did what machine code doesn't."),
    native<jit_is_compiled>("is_compiled(function_or_code, /)", "Whether the code of a function has machine code now."),
};

ModuleDef baton_jit_module = {
    .name = "baton.jit",
    .doc = "Machine code for what runs often.",
    .functions = jit_functions,
    .function_count = count_of(jit_functions),
};

// The import system finds submodules of a package without files in sys.modules, once the package has put them there.
Result<void> add_submodule(Thread& thread, Module* package, ModuleDef& def, const char* name) {
  Module* module = TRY(module_from_def(thread, def));
  TRY(module_set(thread, module, "__package__", Value(TRY(str_from_ascii(thread, "baton")))));
  TRY(dict_set_ascii(thread, runtime.modules, def.name, Value(module)));
  return module_set(thread, package, name, Value(module));
}

Result<void> baton_exec(Thread& thread, Module* module) {
  TRY(module_set(thread, module, "__path__", Value(TRY(make_list(thread)))));
  TRY(add_submodule(thread, module, baton_gil_module, "gil"));
  TRY(add_submodule(thread, module, baton_heap_module, "heap"));
  return add_submodule(thread, module, baton_jit_module, "jit");
}

}  // namespace

ModuleDef baton_package = {
    .name = "baton",
    .doc = "What this runtime offers beyond CPython: baton.gil, baton.heap, baton.jit.",
    .exec = baton_exec,
};

}  // namespace baton
