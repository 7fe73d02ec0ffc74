// gc.set_debug, and the count that gc.collect() answers.
//
// A collection works in a stopped world, where nothing is allocated and no Python runs: it takes notes, and the poll behind it
// (or gc.collect() itself) writes them down. With flags set that holds for automatic collections, too.
#include "modules/gc_reports.h"

#include <cstdio>

#include "heap/dead_cells.h"
#include "heap/pod_vector.h"
#include "interp/interp.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "threads/clock.h"
#include "threads/mutator.h"

namespace baton {
namespace {

// Dead objects that reference counting would not have freed, as CPython counts them. The cells that there are before a collection
// are noted; after marking, those that died without being part of a cycle, or reachable from one, are peeled off by their number
// of referrers among the dead.
class CycleFinder {
 public:
  void note() {
    dead_.note();
    noted_ = true;
  }
  // Calls fn(cell) for each; once after note().
  template <class Fn>
  void find(Fn fn) {
    if (!noted_) return;
    noted_ = false;
    dead_.find();
    if (usize n = dead_.count()) find_among(n, fn);
    dead_.release();
  }

 private:
  static CycleFinder& self(EdgeVisitor& v) { return *static_cast<CycleFinder*>(v.context()); }
  template <class Fn>
  void find_among(usize n, Fn fn) {
    referrers_ = static_cast<u32*>(calloc(n, sizeof(u32)));
    if (!referrers_) return;
    dead_.for_each([this](Cell* cell) { visit(cell, [](EdgeVisitor& v, Cell* target) { self(v).count_edge(target); }); });
    usize i = 0;
    dead_.for_each([&](Cell* cell) {
      if (!referrers_[i++]) pending_.push(cell);
    });
    while (!pending_.empty()) visit(pending_.pop(), [](EdgeVisitor& v, Cell* target) { self(v).drop_edge(target); });
    i = 0;
    dead_.for_each([&](Cell* cell) {
      if (referrers_[i++] && !is_gc_storage(cell) && is_gc_tracked(Value(cell))) fn(cell);
    });
    free(referrers_);
    referrers_ = nullptr;
  }
  void visit(Cell* cell, EdgeVisitor::Callback on_edge) {
    EdgeVisitor visitor(on_edge, this);
    heap_visit_cell(cell, visitor);
  }
  void count_edge(Cell* target) {
    if (i64 i = dead_.number_of(target); i >= 0) ++referrers_[i];
  }
  void drop_edge(Cell* target) {
    if (i64 i = dead_.number_of(target); i >= 0 && --referrers_[i] == 0) pending_.push(target);
  }

  DeadCells dead_;
  PodVector<Cell*> pending_;
  u32* referrers_ = nullptr;
  bool noted_ = false;
};

struct Report {
  i64 flags;
  u64 started_ns, elapsed_ns;
  u64 young, old, frozen, found;
  int generation;
};

// Everything here is touched in a stopped world only.
i64 debug_flags = 0;
bool counts_next = false;
i64 found_cycles = 0;
CycleFinder finder;
PodVector<Report> reports;

struct Kept {
  RootVector saved;            // objects for gc.garbage
  RootVector collectable;      // types of the objects found, one behind the other over all reports ...
  PodVector<Cell*> addresses;  // ... and where those were
  Root<Value> garbage{kNone};
};
Kept* kept = nullptr;  // made with the module: roots need a heap

void count_generations(Report& report) {
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        auto* r = static_cast<Report*>(context);
        if (!is_gc_storage(cell) && is_gc_tracked(Value(cell))) ++(cell->has_gc_flag(kOld) ? r->old : r->young);
      },
      &report);
}

void on_collection_begins(Generation generation) {
  if (!counts_next && !debug_flags) return;
  finder.note();
  if (!debug_flags) return;
  Report report{};
  report.flags = debug_flags;
  report.generation = generation == Generation::Full ? 2 : 0;
  report.frozen = static_cast<u64>(heap_frozen_count());
  if (debug_flags & kDebugStats) count_generations(report);
  report.started_ns = monotonic_ns();
  reports.push(report);
}

void on_dead_found(EdgeVisitor& keep) {
  bool asked_for = counts_next;
  counts_next = false;
  i64 flags = debug_flags;
  finder.find([&](Cell* cell) {
    if (asked_for) ++found_cycles;
    if (flags) ++reports.back().found;
    if (flags & kDebugCollectable) {
      Value type(type_of(Value(cell)));
      kept->collectable.push(type);
      kept->addresses.push(cell);
    }
    if (flags & kDebugSaveAll) kept->saved.push(Value(cell));
  });
  if (!flags) return;
  // These vectors were looked at as roots before they were filled.
  keep.visit_range(kept->collectable.data(), kept->collectable.size());
  keep.visit_range(kept->saved.data(), kept->saved.size());
  reports.back().elapsed_ns = monotonic_ns() - reports.back().started_ns;
  current_mutator()->request(kFinalizers);  // the poll that writes reports
}

Result<void> write_text(Thread& thread, Str* text) {
  Value err = dict_find_str(runtime.sys->dict(), names.stderr_);
  if (err.is_absent() || err.is_none()) return ok;
  TRY(call_method(thread, err, names.write, Value(text)));
  return ok;
}

Result<void> write_report(Thread& thread, const Report& r, const RootVector& types, PodVector<Cell*>& addresses, usize* next) {
  char line[256];
  if (r.flags & kDebugStats) {
    snprintf(line, sizeof line,
             "gc: collecting generation %d...\ngc: objects in each generation: %llu 0 %llu\n"
             "gc: objects in permanent generation: %llu\n",
             r.generation, static_cast<unsigned long long>(r.young), static_cast<unsigned long long>(r.old),
             static_cast<unsigned long long>(r.frozen));
    TRY(write_text(thread, TRY(str_from_ascii(thread, line))));
  }
  if (r.flags & kDebugCollectable) {
    for (usize end = *next + r.found; *next < end; ++*next) {
      snprintf(line, sizeof line, "%p", static_cast<void*>(addresses[*next]));
      TRY(write_text(thread, TRY(format_message(thread, "gc: collectable <{} {}>\n", types[*next].as<Type>()->name(),
                                                static_cast<const char*>(line)))));
    }
  }
  if (r.flags & kDebugStats) {
    snprintf(line, sizeof line, "gc: done, %llu unreachable, 0 uncollectable, %.4fs elapsed\n",
             static_cast<unsigned long long>(r.found), static_cast<double>(r.elapsed_ns) / 1e9);
    TRY(write_text(thread, TRY(str_from_ascii(thread, line))));
  }
  return ok;
}

}  // namespace

void install_gc_reports() {
  if (kept) return;
  kept = new Kept;
  collection_begins = on_collection_begins;
  dead_found = on_dead_found;
  report_collections = write_gc_reports;
}

void set_gc_garbage(Value list) { kept->garbage.set(list); }

void set_gc_debug(Thread& thread, i64 flags) {
  StopTheWorld world(thread);
  debug_flags = flags;
}
i64 gc_debug() { return debug_flags; }

void count_cycles_in_next_collection(Thread& thread) {
  StopTheWorld world(thread);
  counts_next = true;
}

i64 take_found_cycles(Thread& thread) {
  StopTheWorld world(thread);
  i64 n = found_cycles;
  found_cycles = 0;
  return n;
}

void write_gc_reports(Thread& thread) {
  if (reports.empty()) return;
  PodVector<Report> mine;
  PodVector<Cell*> addresses;
  RootVector types, saved;
  {
    // What is written allocates, and so may bring about another collection with more to report.
    StopTheWorld world(thread);
    mine.append(reports.data(), reports.size());
    addresses.append(kept->addresses.data(), kept->addresses.size());
    for (Value v : kept->collectable) types.push(v);
    for (Value v : kept->saved) saved.push(v);
    reports.clear();
    kept->addresses.clear();
    kept->collectable.clear();
    kept->saved.clear();
  }
  if (Value garbage = kept->garbage.get(); is<List>(garbage)) {
    for (Value v : saved)
      if (list_append(thread, garbage.as<List>(), v).is_failed()) thread.clear_pending();
  }
  usize next = 0;
  for (const Report& report : mine) {
    if (!runtime.sys) break;
    if (write_report(thread, report, types, addresses, &next).is_failed()) report_unraisable(thread, nullptr, kNone);
  }
  mine.release();
  addresses.release();
}

}  // namespace baton
