// gc: asking the collector. gc.collect() called from Python code runs at the poll behind the call (see excluded_ranges in
// interp/polls.cpp), where it knows every reference precisely; called from native code it runs at once, with conservative stacks.
//
// disable() and thresholds are remembered and otherwise without effect: nothing but the collector frees memory.
#include <algorithm>

#include "heap/pod_vector.h"
#include "heap/trim.h"
#include "interp/interp.h"
#include "modules/gc_reports.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "objects/weakref.h"
#include "threads/atomic.h"
#include "threads/clock.h"
#include "threads/relaxed.h"

namespace baton {

static Relaxed<bool> enabled = true;
static i64 thresholds[3] = {700, 10, 10};
static Root<Value>* callbacks = nullptr;
static Root<Value>* garbage = nullptr;
// Collections that Python asked for are counted once each and by what they answered, not by rounds and by cells: by generation,
// and what to leave out of the heap's own figures for them.
static u64 explicit_collections[3], explicit_found[3], explicit_rounds[2], explicit_freed[2];
static u64 allocated_at_collection = 0;

// ---------------------------------------------------------------------------------------------------------------- collect

static i64 requested_generation = 2;  // of the deferred collection; under the GIL or harmlessly mixed up without

static void run_callbacks(Thread& thread, const char* phase, i64 generation, i64 collected) {
  if (!callbacks || !is<List>(callbacks->get()) || callbacks->get().as<List>()->length() == 0) return;
  auto run = [&]() -> Result<void> {
    Dict* info = TRY(make_dict(thread));
    TRY(dict_set_ascii(thread, info, "generation", Value::of_small_int(generation)));
    TRY(dict_set_ascii(thread, info, "collected", Value::of_small_int(collected)));
    TRY(dict_set_ascii(thread, info, "uncollectable", Value::of_small_int(0)));
    List* list = callbacks->get().as<List>();
    for (Index i = 0;; ++i) {
      Value callback = list->try_at(i);
      if (callback.is_absent()) return ok;
      if (call(thread, callback, Value(intern(thread, phase)), Value(info)).is_failed())
        report_unraisable(thread, nullptr, callback);
    }
  };
  if (run().is_failed()) report_unraisable(thread, nullptr, callbacks->get());
}

// What finalizers and callbacks let go of dies in a further round, as it would die at once where references are counted.
static constexpr int kMostRounds = 5;

// Gives memory back, unless that was done just now and there is hardly more: what is given back must be had from the kernel
// again.
static void trim_at_times(Thread& thread) {
  constexpr u64 kPauseNs = 50'000'000, kMuch = u64{1} << 20;
  static Atomic<u64> trimmed_at{0}, committed_then{0};
  u64 now = monotonic_ns();
  if (now - trimmed_at.load_relaxed() < kPauseNs && heap_stats().committed_bytes < committed_then.load_relaxed() + kMuch) return;
  heap_trim(thread);
  trimmed_at.store_relaxed(now);
  committed_then.store_relaxed(heap_stats().committed_bytes);
}

static i64 collect_now(Thread& thread, i64 generation, bool at_call) {
  Generation kind = generation == 2 ? Generation::Full : Generation::Minor;
  int k = static_cast<int>(kind);
  for (int round = 0; round < kMostRounds; ++round) {
    HeapStats before = heap_stats();
    count_cycles_in_next_collection(thread);
    if (at_call)
      collect_exactly(thread, kind);
    else
      heap_collect(thread, kind);
    HeapStats after = heap_stats();
    explicit_rounds[k] += after.collections[k] - before.collections[k];
    explicit_freed[k] += after.cells_freed[k] - before.cells_freed[k];
    if (!heap_has_finalizable() && !has_queued_weakref_callbacks()) break;
    thread.clear_request(kFinalizers);
    MUST(run_finalizers(thread));
  }
  write_gc_reports(thread);
  if (kind == Generation::Full) trim_at_times(thread);
  i64 found = take_found_cycles(thread);
  ++explicit_collections[generation];
  explicit_found[generation] += static_cast<u64>(found);
  allocated_at_collection = heap_stats().allocated_bytes_total;
  return found;
}

static i64 run_deferred_collection(Thread& thread, bool at_call) {
  i64 generation = requested_generation;
  i64 found = collect_now(thread, generation, at_call);
  run_callbacks(thread, "stop", generation, found);
  return found;
}

static Result<Value> gc_collect(Thread& thread, int generation);
extern NativeDef gc_functions[];

// The running instruction calls gc.collect itself, not something that calls it.
static bool is_called_by_bytecode(Thread& thread) {
  Frame* frame = thread.top_frame();
  if (!frame) return false;
  Op op = static_cast<Op>(frame->pc->op);
  if (op != Op::Call && op != Op::CallKw && op != Op::CallEx) return false;
  Value callee = frame->registers[frame->pc->a];
  return is<NativeFunction>(callee) && callee.as<NativeFunction>()->def() == &gc_functions[0];
}

static Result<Value> gc_collect(Thread& thread, int generation) {
  if (generation < 0 || generation > 2) return raise_value_error(thread, "invalid generation");
  run_callbacks(thread, "start", generation, 0);
  if (is_called_by_bytecode(thread)) {
    requested_generation = generation;
    thread.request(kGcRequest);
    return Value::of_small_int(0);  // replaced by the poll
  }
  i64 found = collect_now(thread, generation, false);
  run_callbacks(thread, "stop", generation, found);
  return int_from_i64(thread, found);
}

// ---------------------------------------------------------------------------------------------------------------- settings

static Result<void> gc_enable(Thread&) {
  enabled = true;
  return ok;
}
static Result<void> gc_disable(Thread&) {
  enabled = false;
  return ok;
}
static Result<bool> gc_isenabled(Thread&) { return enabled.get(); }
static Result<i64> gc_get_debug(Thread&) { return gc_debug(); }
static Result<void> gc_set_debug(Thread& thread, int flags) {
  set_gc_debug(thread, flags);
  return ok;
}
static Result<void> gc_set_threshold(Thread&, int first, Optional<int> second, Optional<int> third) {
  thresholds[0] = first;
  if (second.has_value()) thresholds[1] = second.value;
  if (third.has_value()) thresholds[2] = third.value;
  return ok;
}
static Result<Value> gc_get_threshold(Thread& thread) {
  return tuple_of(thread, Value::of_small_int(thresholds[0]), Value::of_small_int(thresholds[1]),
                  Value::of_small_int(thresholds[2]));
}
// Allocation since the last collection stands for the number of new objects.
static Result<Value> gc_get_count(Thread& thread) {
  u64 now = heap_stats().allocated_bytes_total;
  u64 bytes = now > allocated_at_collection ? now - allocated_at_collection : 0;
  return tuple_of(thread, Value::of_small_int(static_cast<i64>(bytes / 48)), Value::of_small_int(0), Value::of_small_int(0));
}
static Result<Value> gc_get_stats(Thread& thread) {
  HeapStats stats = heap_stats();
  List* result = TRY(make_list(thread));
  for (int i = 0; i < 3; ++i) {
    Dict* one = TRY(make_dict(thread));
    u64 runs = explicit_collections[i], found = explicit_found[i];
    if (i != 1) {
      runs += stats.collections[i / 2] - explicit_rounds[i / 2];
      found += stats.cells_freed[i / 2] - explicit_freed[i / 2];
    }
    TRY(dict_set_ascii(thread, one, "collections", TRY(int_from_u64(thread, runs))));
    TRY(dict_set_ascii(thread, one, "collected", TRY(int_from_u64(thread, found))));
    TRY(dict_set_ascii(thread, one, "uncollectable", Value::of_small_int(0)));
    TRY(list_append(thread, result, Value(one)));
  }
  return Value(result);
}

// ---------------------------------------------------------------------------------------------------------------- objects and
// edges

// Storage behind Python objects: never shown, its edges count as its owner's.
bool is_gc_storage(const Cell* cell) {
  switch (cell->kind()) {
    case kKindShape:
    case kKindValueArray:
    case kKindRawBytes:
    case kKindDictTable:
    case kKindSetTable:
    case kKindCacheRecord:
    case kKindWeakList:
    case kKindTypeList: return true;
    default: return cell->shape_id() == 0;
  }
}

static bool is_tracked_shallow(Value v);
// Containers of what can't be part of a cycle are not tracked, as CPython untracks them.
static bool holds_tracked(Value v) {
  if (is<Tuple>(v)) {
    Tuple* t = v.as<Tuple>();
    for (Index i = 0; i < t->length(); ++i)
      if (is_tracked_shallow(t->at(i))) return true;
    return false;
  }
  Index position = 0;
  Value key, value;
  while (dict_next(v.as<Dict>(), &position, &key, &value))
    if (is_tracked_shallow(key) || is_tracked_shallow(value)) return true;
  return false;
}
static bool is_tracked_kind(Value v) {
  if (!v.is_cell()) return false;
  Cell* cell = v.cell();
  if (cell->is_subclass_instance()) {
    return true;
  }
  switch (cell->kind()) {
    case kKindObject: return type_of(v) != types.object;
    case kKindStr:
    case kKindBytes:
    case kKindByteArray:
    case kKindBigInt:
    case kKindIntObject:
    case kKindFloat:
    case kKindComplex:
    case kKindRange:
    case kKindCode: return false;
    case kKindType: return v.as<Type>()->has_flag(kTypeHeap);
    default: return !is_gc_storage(cell);
  }
}
static bool is_tracked_shallow(Value v) {
  if (!is_tracked_kind(v)) return false;
  return true;
}
bool is_gc_tracked(Value v) {
  if (!is_tracked_kind(v)) return false;
  if (is_exact<Tuple>(v) && type_of(v) == types.tuple) return v.as<Tuple>()->length() > 0 && holds_tracked(v);
  if (is_exact<Dict>(v)) return holds_tracked(v);
  return true;
}

struct Edges {
  RootVector* out;
  int depth;
};
static void add_edge(EdgeVisitor& visitor, Cell* target) {
  auto* edges = static_cast<Edges*>(visitor.context());
  if (target->kind() == kKindShape) return;
  if (!is_gc_storage(target)) {
    edges->out->push(Value(target));
    return;
  }
  if (edges->depth > 8) return;
  ++edges->depth;
  heap_visit_cell(target, visitor);
  --edges->depth;
}
static void visit_referents(Cell* cell, RootVector& out) {
  // Items of containers one by one, as numbers among them are no cells; in the order in which CPython's collector visits them,
  // to which texts as the only keys of a dictionary are nothing.
  Value v(cell);
  bool handled = true;
  if (is<Tuple>(v)) {
    for (Index i = v.as<Tuple>()->length(); i-- > 0;) out.push(v.as<Tuple>()->at(i));
  } else if (is<List>(v)) {
    for (Index i = v.as<List>()->length(); i-- > 0;)
      if (Value item = v.as<List>()->try_at(i); item.is_present()) out.push(item);
  } else if (is<Dict>(v)) {
    Index position = 0;
    Value key, value;
    bool all_text = true;
    while (all_text && dict_next(v.as<Dict>(), &position, &key, &value)) all_text = is_exact<Str>(key);
    position = 0;
    while (dict_next(v.as<Dict>(), &position, &key, &value)) {
      out.push(value);
      if (!all_text) out.push(key);
    }
  } else if (is_any_set(v)) {
    Index position = 0;
    Value key;
    while (set_next(v.as<Set>(), &position, &key)) out.push(key);
  } else {
    handled = false;
  }
  if (handled && !cell->is_subclass_instance()) return;
  if (is<Str>(v) || is<Bytes>(v) || is<BigInt>(v)) return;
  Edges edges{&out, 0};
  EdgeVisitor visitor(add_edge, &edges);
  heap_visit_cell(cell, visitor);
  Type* type = type_of(Value(cell));
  if (type->has_flag(kTypeHeap)) out.push(Value(type));
}

static Result<Value> list_of(Thread& thread, RootVector& values) {
  return make_list(thread, values.data(), static_cast<Index>(values.size()));
}

// What the last collection has not looked at may be dead, and what is dead may wait for its finaliser: so that is done first.
// is_exact: see ExactStack; kept: what the caller holds beside its arguments.
static void finish_the_dead(Thread& thread, bool is_exact, Value kept = Value()) {
  constexpr int kMostRounds = 5;
  for (int round = 0; round < kMostRounds; ++round) {
    collect_exactly(thread, Generation::Full, is_exact, kept);
    if (!heap_has_finalizable()) break;
    thread.clear_request(kFinalizers);
    MUST(run_finalizers(thread));  // reports what they raise
  }
}

// In a stopped world: what is listed may be what machine code takes for its frame's own (jit/private_containers.h).
static void show_all_frames() {
  for_each_mutator([](Mutator& mutator) {
    for (Frame* frame = static_cast<Thread&>(mutator).top_frame(); frame; frame = frame->previous) frame->is_shown = 1;
  });
}

// Every tracked object, after finish_the_dead().
static void all_objects(Thread& thread, RootVector& out) {
  StopTheWorld world(thread);
  show_all_frames();
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        if (!is_gc_storage(cell) && is_gc_tracked(Value(cell))) static_cast<RootVector*>(context)->push(Value(cell));
      },
      &out);
}

// Those of all_objects() that were old before the collection, which makes all old that it leaves.
static void old_objects(Thread& thread, RootVector& out, bool is_exact) {
  PodVector<Cell*> young;  // by address
  {
    StopTheWorld world(thread);
    heap_for_each_cell(
        [](Cell* cell, void* cells) {
          if (!cell->has_gc_flag(kOld)) static_cast<PodVector<Cell*>*>(cells)->push(cell);
        },
        &young);
  }
  std::sort(young.begin(), young.end());
  RootVector all;
  collect_exactly(thread, Generation::Full, is_exact);
  all_objects(thread, all);
  for (usize i = 0; i < all.size(); ++i)
    if (!std::binary_search(young.begin(), young.end(), all[i].cell())) out.push(all[i]);
  young.release();
}

static Result<Value> gc_get_objects(Thread& thread, Value generation) {
  bool is_exact = is_called_by_instruction(thread, native<gc_get_objects>("get_objects($module, /, generation=None)").entry);
  TRY(audit(thread, "gc.get_objects", generation.is_none() ? Value::of_small_int(-1) : generation));
  if (!generation.is_none()) {
    Index n = TRY(to_index_checked(thread, generation, exceptions.OverflowError));
    if (n >= 3)
      return raise_value_error(thread, "generation parameter must be less than the number of available generations (3)");
    if (n < 0) return raise_value_error(thread, "generation parameter cannot be negative");
    if (n == 1) return make_list(thread);
    RootVector some;
    if (n == 0) {
      StopTheWorld world(thread);
      show_all_frames();
      heap_for_each_cell(
          [](Cell* cell, void* out) {
            if (!cell->has_gc_flag(kOld) && !is_gc_storage(cell) && is_gc_tracked(Value(cell)))
              static_cast<RootVector*>(out)->push(Value(cell));
          },
          &some);
    } else {
      old_objects(thread, some, is_exact);
    }
    return list_of(thread, some);
  }
  finish_the_dead(thread, is_exact);
  RootVector all;
  all_objects(thread, all);
  return list_of(thread, all);
}

static Result<Value> gc_get_referents(Thread& thread, Rest objects) {
  TRY(audit(thread, "gc.get_referents", Value(objects.values)));
  RootVector out;
  for (Index i = 0; i < objects.values->length(); ++i) {
    Value v = objects.values->at(i);
    if (v.is_cell()) visit_referents(v.cell(), out);
  }
  return list_of(thread, out);
}

static Result<Value> gc_get_referrers(Thread& thread, Rest objects) {
  TRY(audit(thread, "gc.get_referrers", Value(objects.values)));
  bool is_exact = is_called_by_instruction(thread, native<gc_get_referrers>("get_referrers(*objs)").entry);
  finish_the_dead(thread, is_exact, Value(objects.values));
  RootVector all, found, edges;
  all_objects(thread, all);
  for (usize i = 0; i < all.size(); ++i) {
    if (all[i] == Value(objects.values)) continue;
    edges.clear();
    visit_referents(all[i].cell(), edges);
    bool refers = false;
    for (usize k = 0; k < edges.size() && !refers; ++k) {
      for (Index j = 0; j < objects.values->length(); ++j) refers |= edges[k] == objects.values->at(j);
    }
    if (refers) found.push(all[i]);
  }
  return list_of(thread, found);
}

static Result<bool> gc_is_tracked(Thread&, Value v) { return is_gc_tracked(v); }
static Result<bool> gc_is_finalized(Thread&, Value v) { return v.is_cell() && v.cell()->has_gc_flag(kFinalized); }
static Result<void> gc_freeze(Thread&) {
  heap_freeze();
  return ok;
}
static Result<void> gc_unfreeze(Thread&) {
  heap_unfreeze();
  return ok;
}
static Result<u64> gc_get_freeze_count(Thread&) { return static_cast<u64>(heap_frozen_count()); }

constinit NativeDef gc_functions[] = {
    native<gc_collect>("collect($module, /, generation=2)",
                       "Find and free unreachable reference cycles now.\n\ngeneration, 2 by default, is the oldest generation to "
                       "look at: 0, 1 or 2.\nOther numbers raise ValueError. Returns how many unreachable objects it found."),
    native<gc_enable>("enable($module, /)", "Enable automatic garbage collection."),
    native<gc_disable>("disable($module, /)", "Disable automatic garbage collection."),
    native<gc_isenabled>("isenabled($module, /)", "Returns true if automatic garbage collection is enabled."),
    native<gc_get_debug>("get_debug($module, /)", "Get the garbage collection debugging flags."),
    native<gc_set_debug>(
        "set_debug($module, flags, /)",
        "Choose what the collector reports on sys.stderr for debugging.\n\n  flags\n    0 for nothing, or a combination of:\n    "
        "  DEBUG_STATS - figures about every collection\n      DEBUG_COLLECTABLE - garbage that can be freed\n      "
        "DEBUG_UNCOLLECTABLE - garbage that can't\n      DEBUG_SAVEALL - no report: put all garbage into gc.garbage and keep "
        "it\n      DEBUG_LEAK - the last three together, for finding leaks"),
    native<gc_set_threshold>(
        "set_threshold(threshold0, threshold1=<none>, threshold2=<none>, /)",
        "set_threshold(threshold0[, threshold1[, threshold2]])\n\nChoose how often each generation is collected.\n\nTakes one to "
        "three numbers, for the generations from youngest to oldest; those\nleft out stay as they are. The youngest is due when "
        "allocations exceed\ndeallocations by more than the first number; 0 there turns automatic\ncollection off."),
    native<gc_get_threshold>("get_threshold($module, /)", "Return the current collection thresholds."),
    native<gc_get_count>("get_count($module, /)", "Return a three-tuple of the current collection counts."),
    native<gc_get_stats>("get_stats($module, /)",
                         "Return figures about past collections: a list with a dict per generation.\n\nEach dict counts "
                         "collections, collected and uncollectable objects."),
    native<gc_get_objects>("get_objects($module, /, generation=None)",
                           "List the objects that the collector keeps track of, minus this very list.\n\n  generation\n    0, 1 "
                           "or 2 to list only objects of that generation; None, the default,\n    to list all."),
    native<gc_get_referents>("get_referents(*objs)",
                             "List what the given objects refer to, without further steps.\n\nTakes any number of objects. Only "
                             "references that the collector can see count."),
    native<gc_get_referrers>("get_referrers(*objs)",
                             "List the tracked objects that refer to at least one of those given.\n\nTakes any number of "
                             "objects. Meant for debugging: some of what it finds may be\nincomplete or about to go."),
    native<gc_is_tracked>("is_tracked($module, obj, /)",
                          "Tell whether the collector keeps track of an object.\n\nIt has no need to for objects that cannot be "
                          "part of a cycle, such as\nnumbers and strings."),
    native<gc_is_finalized>("is_finalized($module, obj, /)", "Tell whether the collector has run the finalizer of an object."),
    native<gc_freeze>(
        "freeze($module, /)",
        "Exempt every object that is tracked now from all later collections.\n\nThey move to a permanent generation. Doing this "
        "just before fork() keeps the\ncollector from writing to memory that parent and child share. Turn collection\noff early "
        "in the parent rather than collecting right before: freed pages get\nreused, and each reuse has the system copy one."),
    native<gc_unfreeze>("unfreeze($module, /)", "Undo freeze(): exempted objects rejoin the oldest generation."),
    native<gc_get_freeze_count>("get_freeze_count($module, /)", "Return the number of objects in the permanent generation."),
};

static constexpr ModuleConstant gc_constants[] = {
    {"DEBUG_STATS", kDebugStats},
    {"DEBUG_COLLECTABLE", kDebugCollectable},
    {"DEBUG_UNCOLLECTABLE", kDebugUncollectable},
    {"DEBUG_SAVEALL", kDebugSaveAll},
    {"DEBUG_LEAK", kDebugLeak},
};

static Result<void> gc_exec(Thread& thread, Module* module) {
  run_requested_collection = run_deferred_collection;
  install_gc_reports();
  if (!callbacks) {
    callbacks = new Root<Value>(Value(TRY(make_list(thread))));
    garbage = new Root<Value>(Value(TRY(make_list(thread))));
    set_gc_garbage(garbage->get());
  }
  TRY(module_set(thread, module, "callbacks", callbacks->get()));
  return module_set(thread, module, "garbage", garbage->get());
}

ModuleDef gc_module = {
    .name = "gc",
    .doc =
        "Control of the collector that frees unreachable reference cycles.\n\nAutomatic collection:\nenable() -- turn it "
        "on.\ndisable() -- turn it off.\nisenabled() -- tell whether it is on.\nset_threshold() -- choose how often it "
        "happens.\nget_threshold() -- tell what was chosen.\nget_count() -- tell how near the next one is.\n\nCollecting by "
        "hand:\ncollect() -- look for garbage at once.\nfreeze() -- exempt all present objects from it.\nunfreeze() -- end the "
        "exemption.\nget_freeze_count() -- tell how many objects are exempt.\n\nObservation and debugging:\nget_stats() -- "
        "figures about past collections.\nset_debug() -- choose what to report.\nget_debug() -- tell what was "
        "chosen.\nget_objects() -- list tracked objects.\nis_tracked() -- tell whether an object is one of them.\nis_finalized() "
        "-- tell whether an object's finalizer has run.\nget_referrers() -- list what refers to certain "
        "objects.\nget_referents() -- list what certain objects refer to.",
    .functions = gc_functions,
    .function_count = count_of(gc_functions),
    .constants = gc_constants,
    .constant_count = 5,
    .exec = gc_exec};

}  // namespace baton
