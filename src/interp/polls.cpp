// Safepoint work: the poll word's bits, finalisers, and what the collector asks of the interpreter (frames, caches).
#include "interp/dispatch.h"
#include "interp/frame_roots.h"
#include "interp/inline_cache.h"
#include "interp/signals_wait.h"
#include "interp/slow.h"
#include "interp/tiers.h"
#include "objects/code_list.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/iterators.h"
#include "objects/module.h"
#include "objects/signals.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"
#include "threads/clock.h"
#include "threads/crowd.h"
#include "threads/deferred_wake.h"

namespace baton {

Result<void> (*run_pending_calls)(Thread& thread) = nullptr;
i64 (*run_requested_collection)(Thread& thread, bool at_call) = nullptr;
void (*collection_begins)(Generation generation) = nullptr;
void (*dead_found)(EdgeVisitor& keep) = nullptr;
void (*report_collections)(Thread& thread) = nullptr;
void (*forget_dead_traces)() = nullptr;

// Order as CPython's eval breaker: signals, pending calls, collection and finalisers, GIL, async exception.
Result<void> handle_polls(Thread& thread, Value* result, bool exact) {
  u32 bits = thread.poll_bits();
  bool deferred = lock_just_taken;
  lock_just_taken = false;
  if (bits & (kSignal | kAsyncException))
    if (u64 until = interp_state(thread).spared_until) deferred |= monotonic_ns() < until;
  if (deferred) bits &= ~u32{kSignal | kAsyncException};  // they stay requested
  if ((bits & kSignal) && run_signal_handlers) {
    thread.clear_request(kSignal);
    TRY(run_signal_handlers(thread));
  }
  if ((bits & kPendingCalls) && run_pending_calls) {
    thread.clear_request(kPendingCalls);
    TRY(run_pending_calls(thread));
  }
  if (bits & kGcRequest) {
    thread.clear_request(kGcRequest);
    i64 found = run_requested_collection ? run_requested_collection(thread, result != nullptr) : 0;
    if (result) *result = Value::of_small_int(found);
  }
  if (thread.poll_bits() & kFinalizers) {
    // Not within a finaliser: whoever runs that goes on with the queue. It is in order, referrers first: what belongs to the
    // object that is being finalised comes after it. (gc.collect() called by a finaliser does run others.)
    thread.clear_request(kFinalizers);
    if (!interp_state(thread).spared_until) TRY(run_finalizers(thread));
  }
  if (bits & (kGilDrop | kStopTheWorld | kDeferredWake | kMakeWay)) {
    ExactStack stack(thread, exact, result ? *result : Value());
    slow_poll_threads(thread);
  }
  if (bits & kTrace) thread.clear_request(kTrace);
  if (bits & kJitInstall) thread.clear_request(kJitInstall);
  if ((thread.poll_bits() & kAsyncException) && !deferred) {
    thread.clear_request(kAsyncException);
    Value exception = thread.async_exception_;
    thread.async_exception_ = Value();
    if (exception.is_present()) return raise_object(thread, exception);
  }
  return ok;
}

Result<void> (*run_weakref_callbacks)(Thread& thread) = nullptr;

// __del__ of what the collector found dead, and weak reference callbacks. Their exceptions are reported, never raised.
Result<void> run_finalizers(Thread& thread) {
  // As modules end the queue is worked off one after the other, not within whatever callback happens to poll: what a finaliser
  // warns of is nobody's line.
  static bool ending = false;  // only the main thread gets here then
  if (runtime.finalizing) {
    if (ending) return ok;
    ending = true;
  }
  SignalsWait wait(thread);  // finalisers run in a row, on whatever thread noticed: a Ctrl-C would often meet one
  Exception* pending = thread.has_pending() ? thread.take_pending() : nullptr;
  Value handled = thread.handled();
  thread.set_handled(kNone);
  if (report_collections) report_collections(thread);
  for (;;) {
    if (run_weakref_callbacks) MUST(run_weakref_callbacks(thread));
    Cell* cell = heap_take_finalizable();
    if (!cell) break;
    Value object(cell);
    Value del = type_of(object)->slot(Slot::del);
    if (del.is_absent()) continue;
    Result<Value> r = call_slot(thread, del, object);
    if (r.is_failed()) {
      Result<Value> bound = find_special(thread, object, names.dunder_del);
      if (bound.is_failed()) thread.clear_pending();
      report_unraisable(thread, nullptr, bound.is_failed() || bound.value() == kNotFound ? object : del);
    }
  }
  thread.set_handled(handled);
  if (pending) thread.pending_ = Value(reinterpret_cast<u64>(pending));
  if (runtime.finalizing) ending = false;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- for the
// collector

void scan_thread_frames(Thread& thread, EdgeVisitor& visit) {
  if (auto* state = static_cast<InterpState*>(thread.interp_state_); state) visit.visit(state->exact_kept);
  struct {
    EdgeVisitor& visit;
    BATON_ALWAYS_INLINE void one(const Frame*, const char*, Value v) { visit.visit(v); }
    BATON_ALWAYS_INLINE void registers(const Frame* f, u32 from, u32 to) { visit.visit_range(f->registers + from, to - from); }
  } visitor{visit};
  for_each_frame_root(thread, visitor);
}

// The window of the Call at which the top frame is; null at another instruction.
static const Value* call_window(const Frame* f) {
  Op op = f ? static_cast<Op>(f->pc->op) : Op::Nop;
  return op == Op::Call || op == Op::CallKw ? &f->registers[f->pc->a] : nullptr;
}

static bool is_method_of(Value callable, Value self) {
  return is<NativeFunction>(callable) && callable.as<NativeFunction>()->self() == self;
}

bool is_called_by_instruction(Thread& thread, Value self) {
  const Frame* f = thread.top_frame_;
  if (const Value* window = call_window(f)) {
    if (is<MethodDescriptor>(window[0])) return window[1] == self;
    return is_method_of(window[0], self);
  }
  // The iterator's sentinel, with which the answer is compared, is its own as long as it lives.
  if (f && static_cast<Op>(f->pc->op) == Op::ForIter) {
    Value iterator = f->registers[f->pc->b];
    return is_callable_iterator(iterator) && is_method_of(iterator.as<Iterator>()->source(), self);
  }
  // The instruction's window has __exit__ already, but isn't live yet: the class keeps that.
  return f && static_cast<Op>(f->pc->op) == Op::BeforeWith && f->registers[f->pc->b] == self &&
         is<MethodDescriptor>(type_of(self)->slot(Slot::exit)) && is<MethodDescriptor>(type_of(self)->slot(Slot::enter));
}

bool is_called_by_instruction(Thread& thread, NativeEntry entry) {
  const Value* window = call_window(thread.top_frame_);
  return window && is<NativeFunction>(window[0]) && window[0].as<NativeFunction>()->def()->entry == entry;
}

bool is_python_callable(Value callable) {
  if (is<BoundMethod>(callable)) callable = callable.as<BoundMethod>()->function();
  return is<Function>(callable) ||
         (type_of(callable)->slot(Slot::call).is_present() && is<Function>(type_of(callable)->slot(Slot::call)));
}

// Below the innermost dispatch loop, and above the outermost one. enter_loop's own frame, which saves its caller's registers, is
// above its Activation.
usize excluded_ranges(Thread& thread, void* (*ranges)[2], usize capacity) {
  auto* state = static_cast<InterpState*>(thread.interp_state_);
  if (!state || !state->activation || capacity < 2) return 0;
  usize n = 0;
  if (state->exact_stack) {
    ranges[n][0] = thread.published_sp();
    ranges[n++][1] = state->activation;
  }
  if (state->exact_base) {
    Activation* outermost = state->activation;
    while (outermost->previous) outermost = outermost->previous;
    ranges[n][0] = outermost;
    ranges[n++][1] = thread.stack().base;
  }
  return n;
}

static void forget_cached_tables(Thread& thread);

void collect_exactly(Thread& thread, Generation generation, bool is_exact, Value kept) {
  if (generation == Generation::Full) forget_cached_tables(thread);
  ExactStack stack(thread, is_exact, kept);
  heap_collect(thread, generation);
}

// fn(i, cache) for each cache word that isn't absent, as three of four are; fn may clear it. The world is stopped.
template <class Fn>
static void for_each_cache(Code* code, Fn fn) {
  Field<Value>* caches = code->caches();
  u32 count = code->instruction_count_, i = 0;
  auto one = [&](u32 at) {
    if (Value cache = caches[at].get(); cache.is_present()) fn(at, cache);
  };
  for (; i + 4 <= count; i += 4) {
    if (!(caches[i].get().bits() | caches[i + 1].get().bits() | caches[i + 2].get().bits() | caches[i + 3].get().bits()))
      continue;
    for (u32 k = i; k < i + 4; ++k) one(k);
  }
  for (; i < count; ++i) one(i);
}

static bool is_dead_shape(u32 id) { return id && !heap_is_live_after_mark(reinterpret_cast<Cell*>(kHeapBase + (u64{id} << 4))); }
static bool mentions_dead_shape(Value cache) {
  if (cache.is_small_int()) return is_dead_shape(cached_shape(cache));
  if (!cache.is_cell()) return false;
  for (auto* record = cache.as<CacheRecord>(); record; record = record->next_.get())
    if (is_dead_shape(record->shape_)) return true;
  return false;
}
void clear_caches_of_dead_shapes() {
  forget_shared_records();
  for_each_code([](Code* code) {
    if (!heap_is_live_after_mark(code)) return;
    if (code->compiled_ && tier_hooks.has_dead_dependency(code)) discard_compiled_code(code);
    for_each_cache(code, [code](u32 i, Value cache) {
      if (!mentions_dead_shape(cache)) return;
      code->caches()[i].clear();
      code->cache_misses_[i] = 0;
    });
  });
}

// Caches of globals refer to dict tables, and a table that its dict has outgrown refers to what the names meant then.
static void forget_cached_tables(Thread& thread) {
  StopTheWorld world(thread);
  for_each_code([](Code* code) {
    for_each_cache(code, [code](u32 i, Value cache) {
      if (!cache.is_cell() || !is<CacheRecord>(cache)) return;
      bool has_table = false;
      for (CacheRecord* record = cache.as<CacheRecord>(); record && !has_table; record = record->next_.get())
        has_table = record->table_.get() != nullptr;
      if (has_table) code->caches()[i].clear();
    });
  });
}

void flush_caches(Thread& thread, Str* name) {
  StopTheWorld world(thread);
  forget_shared_records();
  auto flush = [](Code* code) {
    if (discard_compiled_code) discard_compiled_code(code);  // it may be in others' machine code, too
    for (u32 i = 0; i < code->instruction_count_; ++i) code->caches()[i].clear();
  };
  if (name)
    for_each_code_that_names(name, flush);
  else
    for_each_code(flush);
}

Result<void> record_coroutine_origin(Thread& t, Generator* g) {
  RootVector entries;
  int depth = t.coroutine_origin_depth_;
  for (Frame* f = t.top_frame_ ? t.top_frame_->previous : nullptr; f && depth > 0; f = f->previous, --depth) {
    entries.push(Value(TRY(tuple_of(t, Value(f->code->filename()), Value::of_small_int(frame_line(f)), Value(f->code->name())))));
  }
  g->origin_.set(g, Value(TRY(make_tuple(t, entries.data(), static_cast<Index>(entries.size())))));
  return ok;
}

}  // namespace baton
