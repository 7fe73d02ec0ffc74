// _tracemalloc: where living memory was allocated.
//
// While tracing is on, the heap sends every allocation to record_allocation (no cell is made on the fast path then). A trace is
// the size asked for and the innermost frames, as numbers of interned tracebacks. Memory is found dead by collections, so the
// traces of dead cells go in each collection's weak phase, and the functions that report figures collect first.
//
// The tables are plain memory behind one mutex; nothing is allocated from the heap under it. Filenames are kept by a RootVector.
// Domains other than 0 belong to the C API, which Baton doesn't have.
#include <unordered_map>
#include <vector>

#include "heap/heap.h"
#include "interp/interp.h"
#include "objects/code.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

namespace baton {

namespace {

constexpr i64 kMostFrames = 65535;

struct TraceFrame {
  Str* file;  // null: unknown
  i32 line;
  friend bool operator==(const TraceFrame&, const TraceFrame&) = default;
};

struct TraceStack {
  std::vector<TraceFrame> frames;  // the innermost first
  u32 total = 0;                   // frames there were
  friend bool operator==(const TraceStack&, const TraceStack&) = default;
};

struct StackHash {
  usize operator()(const TraceStack& stack) const {
    u64 hash = stack.total;
    for (const TraceFrame& f : stack.frames)
      hash = (hash ^ reinterpret_cast<u64>(f.file) ^ static_cast<u32>(f.line)) * 0x9E3779B97F4A7C15u;
    return hash;
  }
};

struct Trace {
  usize size;
  u32 stack;
};

struct Tables {
  std::unordered_map<Cell*, Trace> traces;
  std::unordered_map<TraceStack, u32, StackHash> numbers;
  std::vector<const TraceStack*> stacks;  // by number; the keys of `numbers`
  std::unordered_map<Str*, u32> files;
  RootVector file_roots;
  u64 size = 0, peak = 0;

  void remove_all() {
    traces.clear();
    numbers.clear();
    stacks.clear();
    files.clear();
    file_roots.clear();
    size = peak = 0;
  }
};

Mutex tables_mutex;              // guards *tables and what it holds
Tables* tables = nullptr;        // made by the first start(), kept
bool tracing = false;            // changed in a stopped world
i64 frame_limit = 1;             // of start()
thread_local int suspended = 0;  // > 0: this thread's allocations are the tracer's own

class Suspend {
 public:
  Suspend() { ++suspended; }
  ~Suspend() { --suspended; }
  Suspend(const Suspend&) = delete;
  Suspend& operator=(const Suspend&) = delete;
};

// The function has been entered but its first line not begun: its cells are its caller's doing.
bool is_in_prologue(const Frame* f) {
  Op op = static_cast<Op>(f->pc->op);
  return op == Op::MakeCell || op == Op::CopyFreeVars;
}

void take_stack(Thread& thread, TraceStack& stack) {
  for (Frame* f = thread.top_frame(); f; f = f->previous) {
    if (is_in_prologue(f)) continue;
    if (static_cast<i64>(stack.frames.size()) < frame_limit) stack.frames.push_back({f->code->filename(), frame_line(f)});
    if (stack.total < kMostFrames) ++stack.total;
  }
  if (stack.frames.empty()) {
    stack.frames.push_back({nullptr, 0});
    stack.total = 1;
  }
}

// Under the mutex.
u32 number_of(TraceStack&& stack) {
  auto [place, is_new] = tables->numbers.emplace(std::move(stack), static_cast<u32>(tables->stacks.size()));
  if (is_new) {
    tables->stacks.push_back(&place->first);
    for (const TraceFrame& f : place->first.frames)
      if (f.file && tables->files.emplace(f.file, 0).second) tables->file_roots.push(Value(f.file));
  }
  return place->second;
}

// Under the mutex.
void forget(std::unordered_map<Cell*, Trace>::iterator at) { tables->size -= at->second.size; }

void record_allocation(Mutator& mutator, Cell* cell, usize bytes) {
  if (suspended || cell->kind() == kKindCacheRecord || cell->kind() == kKindShape) return;  // the interpreter's own
  TraceStack stack;
  take_stack(static_cast<Thread&>(mutator), stack);
  Guard guard(tables_mutex);
  Trace trace{bytes, number_of(std::move(stack))};
  auto [place, is_new] = tables->traces.emplace(cell, trace);
  if (!is_new) {
    forget(place);
    place->second = trace;
  }
  tables->size += bytes;
  if (tables->size > tables->peak) tables->peak = tables->size;
}

// In the weak phase of a collection, the world stopped.
void forget_dead() {
  if (!tracing) return;
  for (auto at = tables->traces.begin(); at != tables->traces.end();) {
    if (heap_is_live_after_mark(at->first)) {
      ++at;
      continue;
    }
    forget(at);
    at = tables->traces.erase(at);
  }
}

// Figures are of what lives.
void collect_first(Thread& thread) {
  if (tracing) heap_collect(thread, Generation::Full);
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- on and off

static Result<void> tracemalloc_start(Thread& t, Optional<Index> nframe) {
  Index limit = nframe.has_value() ? nframe.value : 1;
  if (limit < 1 || limit > kMostFrames) return raise_value_error(t, "the number of frames must be in range [1; {}]", kMostFrames);
  if (tracing) return ok;
  if (!tables) tables = new Tables;
  frame_limit = limit;
  forget_dead_traces = forget_dead;
  heap_set_allocation_hook(t, record_allocation);
  tracing = true;
  return ok;
}

static void clear_tables() {
  Guard guard(tables_mutex);
  if (tables) tables->remove_all();
}

static Result<void> tracemalloc_stop(Thread& t) {
  if (!tracing) return ok;
  heap_set_allocation_hook(t, nullptr);
  tracing = false;
  clear_tables();
  return ok;
}

static Result<bool> tracemalloc_is_tracing(Thread&) { return tracing; }
static Result<void> tracemalloc_clear_traces(Thread&) {
  clear_tables();
  return ok;
}
static Result<i64> tracemalloc_get_traceback_limit(Thread&) { return frame_limit; }

// ---------------------------------------------------------------------------------------------------------------- results

// ((filename, line), ...), the innermost first.
static Result<Tuple*> frames_of(Thread& t, const std::vector<TraceFrame>& frames) {
  Tuple* result = TRY(make_tuple(t, nullptr, static_cast<Index>(frames.size())));
  for (usize i = 0; i < frames.size(); ++i) {
    Value file = frames[i].file ? Value(frames[i].file) : Value(intern(t, "<unknown>"));
    result->set_at(static_cast<Index>(i), Value(TRY(tuple_of(t, file, Value::of_small_int(frames[i].line)))));
  }
  return result;
}

static Result<Value> tracemalloc_get_traces(Thread& t) {
  List* result = TRY(make_list(t));
  if (!tracing) return Value(result);
  collect_first(t);
  Suspend suspend;
  std::vector<Trace> traces;
  std::vector<TraceStack> stacks;
  RootVector files;  // clear_traces() in another thread may let go of them
  {
    Guard guard(tables_mutex);
    traces.reserve(tables->traces.size());
    for (auto& [cell, trace] : tables->traces) traces.push_back(trace);
    for (const TraceStack* stack : tables->stacks) stacks.push_back(*stack);
    for (Value file : tables->file_roots) files.push(file);
  }
  RootVector shown;  // by stack number: equal tracebacks are one tuple
  shown.resize(stacks.size());
  for (const Trace& trace : traces) {
    const TraceStack& stack = stacks[trace.stack];
    if (shown[trace.stack].is_absent()) shown[trace.stack] = Value(TRY(frames_of(t, stack.frames)));
    Value one(TRY(tuple_of(t, Value::of_small_int(0), Value::of_small_int(static_cast<i64>(trace.size)), shown[trace.stack],
                           Value::of_small_int(stack.total))));
    TRY(list_append(t, result, one));
  }
  return Value(result);
}

static Result<Value> tracemalloc_get_object_traceback(Thread& t, Value object) {
  if (!tracing || !object.is_cell()) return kNone;
  Suspend suspend;
  TraceStack stack;
  RootVector files;
  {
    Guard guard(tables_mutex);
    auto found = tables->traces.find(object.cell());
    if (found == tables->traces.end()) return kNone;
    stack = *tables->stacks[found->second.stack];
    for (const TraceFrame& f : stack.frames)
      if (f.file) files.push(Value(f.file));
  }
  return Value(TRY(frames_of(t, stack.frames)));
}

static Result<i64> tracemalloc_get_tracemalloc_memory(Thread&) {
  Guard guard(tables_mutex);
  if (!tables) return 0;
  usize bytes = tables->traces.size() * (sizeof(Cell*) + sizeof(Trace) + 2 * sizeof(void*)) +
                tables->traces.bucket_count() * sizeof(void*) + tables->files.size() * 6 * sizeof(void*);
  for (const TraceStack* stack : tables->stacks)
    bytes += sizeof(TraceStack) + 4 * sizeof(void*) + stack->frames.capacity() * sizeof(TraceFrame);
  return static_cast<i64>(bytes);
}

static Result<Value> tracemalloc_get_traced_memory(Thread& t) {
  u64 size = 0, peak = 0;
  if (tracing) {
    collect_first(t);
    Guard guard(tables_mutex);
    size = tables->size;
    peak = tables->peak;
  }
  Suspend suspend;
  return tuple_of(t, TRY(int_from_u64(t, size)), TRY(int_from_u64(t, peak)));
}

static Result<void> tracemalloc_reset_peak(Thread& t) {
  if (!tracing) return ok;
  collect_first(t);
  Guard guard(tables_mutex);
  tables->peak = tables->size;
  return ok;
}

static constinit NativeDef tracemalloc_functions[] = {
    native<tracemalloc_is_tracing>("is_tracing()", "Tell whether memory allocations are being traced at the moment."),
    native<tracemalloc_clear_traces>("clear_traces()", "Clear traces of memory blocks allocated by Python."),
    native<tracemalloc_get_traces>(
        "_get_traces()",
        "List all traced memory blocks that are in use.\n\nEach item is a tuple with the block's size and its traceback among "
        "its\nelements; the traceback is a tuple of (filename, lineno) pairs. The list is\nempty while tracing is off."),
    native<tracemalloc_get_object_traceback>("_get_object_traceback(obj, /)",
                                             "Find out where an object was allocated.\n\nThe result is a tuple of (filename, "
                                             "lineno) pairs, or None if the object came\ninto being while tracing was off."),
    native<tracemalloc_start>(
        "start($module, nframe=1, /)",
        "Begin to trace memory allocations.\n\nnframe says how many frames at most are remembered for each of them."),
    native<tracemalloc_stop>("stop()", "End the tracing of memory allocations and forget all traces so far."),
    native<tracemalloc_get_traceback_limit>("get_traceback_limit()",
                                            "Return how many frames a trace can hold.\n\nThat is the number given to start(), "
                                            "and 1 if none was: the frame that did\nthe allocation and no other."),
    native<tracemalloc_get_tracemalloc_memory>("get_tracemalloc_memory()",
                                               "Return how many bytes tracemalloc itself takes up to store its traces."),
    native<tracemalloc_get_traced_memory>("get_traced_memory()",
                                          "Return how much traced memory there is now and was at most.\n\nThe result is a pair "
                                          "of ints, in bytes; (0, 0) if tracing is off."),
    native<tracemalloc_reset_peak>("reset_peak()",
                                   "Start the search for the memory peak afresh.\n\nThe highest amount of traced memory is set "
                                   "to the present one. Without effect\nwhile tracing is off."),
};

ModuleDef tracemalloc_module = {.name = "_tracemalloc",
                                .doc = "Debug module to trace memory blocks allocated by Python.",
                                .functions = tracemalloc_functions,
                                .function_count = count_of(tracemalloc_functions)};

}  // namespace baton
