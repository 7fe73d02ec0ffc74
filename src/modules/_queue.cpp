// _queue: SimpleQueue, an unbounded FIFO whose put() never blocks and may interrupt any other method (signal handlers, __del__).
//
// Items lie in a ring that is replaced when it is full; both ends move under the queue's lock byte, under which no Python code
// runs. A getter that finds nothing is counted as waiting in the same critical section, and sleeps until a put has woken
// somebody. woken_ never exceeds the number of waiting getters that are awake: each step up wakes a sleeper if there is one, and
// a getter that goes to sleep later has seen the new wakes_. So a put that finds all waiting ones woken needs no system call; nor
// does one while the waiting ones look on still (look_on.h).
#include <optional>

#include "interp/interp.h"
#include "modules/lock_waits.h"
#include "modules/os_support.h"
#include "objects/module.h"
#include "objects/new_exception.h"
#include "objects/raw_arguments.h"
#include "objects/timeout.h"
#include "objects/tuple.h"
#include "threads/atomic.h"
#include "threads/deferred_wake.h"
#include "threads/futex.h"
#include "threads/look_on.h"

namespace baton {

static Root<Type>* queue_empty = nullptr;

class SimpleQueue final : public Cell {
 public:
  void init() {
    ring_.init(nullptr);
    first_ = 0;
    count_ = 0;
    waiting_ = woken_ = 0;
    wakes_.store(0);
    asleep_.store(0);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(ring_); }
  Index count() const { return __atomic_load_n(&count_, __ATOMIC_ACQUIRE); }

  Field<ValueArray> ring_;  // null until the first put; a power of two of places
  Index first_, count_;     // these four are changed under the lock byte only
  u32 waiting_, woken_;
  Atomic<u32> wakes_;   // how often somebody was woken: what sleepers wait on
  Atomic<u32> asleep_;  // waiting getters that sleep, or are about to
};
extern TypeDef simple_queue_def;

static constexpr Index kFirstRing = 8;

// In the critical section: a ring of twice the size.
static Result<ValueArray*> grow(Thread& thread, SimpleQueue* self) {
  ValueArray* old = self->ring_.get();
  Index capacity = old ? old->capacity() : 0;
  ValueArray* larger = TRY(make_value_array(thread, capacity ? capacity * 2 : kFirstRing));
  for (Index i = 0; i < self->count_; ++i) larger->set_at(i, old->at((self->first_ + i) & (capacity - 1)));
  self->first_ = 0;
  self->ring_.set(self, larger);
  return larger;
}

static Result<void> queue_put(Thread& thread, SimpleQueue* self, Value item, Value, Value) {
  bool wake = false;
  {
    CriticalSection guard(thread, self);
    ValueArray* ring = self->ring_.get();
    if (!ring || self->count_ == ring->capacity()) ring = TRY(grow(thread, self));
    ring->set_at((self->first_ + self->count_) & (ring->capacity() - 1), item);
    __atomic_store_n(&self->count_, self->count_ + 1, __ATOMIC_RELEASE);
    if (self->waiting_ > self->woken_) [[unlikely]] {
      ++self->woken_;
      self->wakes_.store(self->wakes_.load_relaxed() + 1);
      wake = true;
    }
  }
  if (wake) {
    note_hand_over();
    if (self->asleep_.load()) wake_when_gil_is_free(self->wakes_.address());
  }
  return ok;
}
static Result<void> queue_put_nowait(Thread& thread, SimpleQueue* self, Value item) {
  return queue_put(thread, self, item, kTrue, kNone);
}

// Absent: the queue is empty, and if the caller wants to wait it counts as waiting from now on.
static Value take(Thread& thread, SimpleQueue* self, bool wait, u32* wakes) {
  CriticalSection guard(thread, self);
  if (self->count_ == 0) {
    if (wait) ++self->waiting_;
    *wakes = self->wakes_.load_relaxed();
    return Value();
  }
  ValueArray* ring = self->ring_.get();
  Value item = ring->at(self->first_);
  ring->slots()[self->first_].clear();
  self->first_ = (self->first_ + 1) & (ring->capacity() - 1);
  __atomic_store_n(&self->count_, self->count_ - 1, __ATOMIC_RELEASE);
  return item;
}

enum class QueueWait : u8 { Again, TimedOut, Interrupted };

// Until somebody is woken after the first `wakes` times.
static QueueWait wait_for_put(Thread& thread, SimpleQueue* self, u32 wakes, u64 deadline) {
  ExactStack stack(thread, is_called_by_instruction(thread, self), self);
  LookOn look(thread);
  QueueWait result = blocking<BlockCause::Lock>(thread, [&thread, self, wakes, deadline, &look] {
    auto look_at_wakes = [self, wakes] { return self->wakes_.load() == wakes ? Look::Nothing : Look::Found; };
    if (look.until_found(look_at_wakes)) return QueueWait::Again;
    // Who puts an item wakes nobody unless it finds somebody asleep; so: first asleep, then a last look.
    self->asleep_.fetch_add(1);
    bool in_time = true;
    QueueWait ended = QueueWait::Again;
    while (self->wakes_.load() == wakes) {
      if (thread.poll_bits() & kSignal)
        ended = QueueWait::Interrupted;
      else if (!in_time)
        ended = QueueWait::TimedOut;
      if (ended != QueueWait::Again) break;
      in_time = futex_wait_until(self->wakes_.address(), wakes, deadline);
    }
    self->asleep_.fetch_add(~u32{0});
    return ended;
  });
  CriticalSection guard(thread, self);
  --self->waiting_;
  if (self->woken_) --self->woken_;
  return result;
}

static Failed raise_empty(Thread& thread) { return raise_with_args(thread, queue_empty->get(), nullptr, 0); }

// While the interpreter finalises no other thread runs again: nobody will put anything.
static Failed raise_nobody_left(Thread& thread, SimpleQueue* self) {
  {
    CriticalSection guard(thread, self);
    --self->waiting_;
  }
  return raise_runtime_error(thread, "could not get from an empty queue at interpreter shutdown");
}

static Result<Value> queue_get(Thread& thread, SimpleQueue* self, bool block, Value timeout) {
  i64 ns = -1;
  if (block && !timeout.is_none()) {
    ns = TRY(seconds_to_ns(thread, timeout));
    if (ns < 0) return raise_value_error(thread, "'timeout' must be a non-negative number");
  }
  u64 deadline = kForever;
  u32 wakes = 0;
  std::optional<LockWaitNote> note;
  for (bool first = true;; first = false) {
    if (Value item = take(thread, self, block, &wakes); item.is_present()) [[likely]]
      return item;
    if (!block) return raise_empty(thread);
    if (first) deadline = deadline_after(ns);
    if (ns < 0 && is_finalizing()) return raise_nobody_left(thread, self);
    if (!note) note.emplace(thread, self, ns < 0);
    QueueWait result = wait_for_put(thread, self, wakes, note->wake_at(deadline));
    if (result == QueueWait::Interrupted) TRY(note->while_not_waiting([&] { return check_signals(thread); }));
    if (result != QueueWait::TimedOut) continue;
    if (ns < 0)
      note->look();
    else
      block = false;  // one last look
  }
}
static Result<Value> queue_get_nowait(Thread& thread, SimpleQueue* self) { return queue_get(thread, self, false, kNone); }
static Result<bool> queue_is_empty(Thread&, SimpleQueue* self) { return self->count() == 0; }
static Result<i64> queue_qsize(Thread&, SimpleQueue* self) { return static_cast<i64>(self->count()); }

static Result<Value> queue_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, simple_queue_def.type));
  if (type == simple_queue_def.type) {
    TRY(check_no_keywords(thread, "SimpleQueue", kwnames));
    if (n > 1) return raise_type_error(thread, "SimpleQueue() takes no positional arguments");
  }
  return make_of<SimpleQueue>(thread, type);
}

// put(item) and get(), the usual calls, do without the binding of arguments, which takes as long as the rest. All others have it.
static constexpr NativeDef general_put =
    native<queue_put>("put($self, /, item, block=True, timeout=None)",
                      "Add item at the back; this never has to wait.\n\nblock and timeout have no effect. They are there so that "
                      "code written for\nqueue.Queue works.");
static constexpr NativeDef general_get =
    native<queue_get>("get($self, /, block=True, timeout=None)",
                      "Take the next item out, by default waiting until there is one.\n\ntimeout is the longest wait in seconds, "
                      "None for no limit; a negative number\nraises ValueError. With block=False there is no wait at all and "
                      "timeout\ndoes not matter. If no item arrives in time, Empty is raised.");

static Result<Value> put_shortcut(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n != 2 || kwnames || !is<SimpleQueue>(args[0])) [[unlikely]]
    return general_put.entry(thread, def, args, n, kwnames);
  TRY(queue_put(thread, args[0].as<SimpleQueue>(), args[1], kTrue, kNone));
  return kNone;
}
static Result<Value> get_shortcut(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n != 1 || kwnames || !is<SimpleQueue>(args[0])) [[unlikely]]
    return general_get.entry(thread, def, args, n, kwnames);
  return queue_get(thread, args[0].as<SimpleQueue>(), true, kNone);
}
static consteval NativeDef with_shortcut(NativeDef def, NativeEntry shortcut) {
  def.entry = shortcut;
  return def;
}

static constinit NativeDef simple_queue_methods[] = {
    native_raw(queue_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<queue_is_empty>("empty($self, /)",
                           "Whether there is nothing in the queue at this moment.\n\nOther threads may have changed that by the "
                           "time the caller looks."),
    with_shortcut(general_get, get_shortcut),
    native<queue_get_nowait>("get_nowait($self, /)", "Take the next item out, or raise Empty at once if there is none."),
    with_shortcut(general_put, put_shortcut),
    native<queue_put_nowait>(
        "put_nowait($self, /, item)",
        "Add item at the back, as put() does.\n\nHaving both names lets this class stand in for queue.Queue."),
    native<queue_qsize>("qsize($self, /)", "Return the approximate size of the queue (not reliable!)."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef simple_queue_def = {.name = "_queue.SimpleQueue",
                                      .doc = "SimpleQueue()\n--\n\nSimple, unbounded, reentrant FIFO queue.",
                                      .dynamic_kind = &DynamicKind<SimpleQueue>::value,
                                      .payload_size = sizeof(SimpleQueue),
                                      .flags = kTypeSubclassable | kTypeWeakrefable,
                                      .methods = simple_queue_methods,
                                      .method_count = count_of(simple_queue_methods),
                                      .kind_info = kind_info_of<SimpleQueue>("_queue.SimpleQueue")};

static Result<void> queue_exec(Thread& thread, Module* module) {
  if (!queue_empty) {
    queue_empty = new Root<Type>(TRY(make_exception_type(thread, "_queue.Empty", exceptions.Exception,
                                                         "Exception raised by Queue.get(block=0)/get_nowait().")));
  }
  return module_set(thread, module, "Empty", Value(queue_empty->get()));
}
static TypeDef* const queue_types[] = {&simple_queue_def};
constinit ModuleDef queue_module = {.name = "_queue",
                                    .doc = "Native part of the queue module, which is what programs should import.",
                                    .types = queue_types,
                                    .type_count = 1,
                                    .exec = queue_exec};

}  // namespace baton
