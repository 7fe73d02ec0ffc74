// Mutator: one OS thread as the runtime sees it. The Python Thread derives from it (single inheritance, no virtuals).
//
//     New --attach--> Running --blocking()--> Native --> Running ...        (GIL mode: Running = owns the GIL)
//                     Running --poll, lock byte--> Parked --> Running
//                     Running --detach--> Dead
//
// Running: may touch the heap. Native: has published its stack pointer and callee-saved registers; may not touch heap
// cells. Parked: the same, stopped at a poll or waiting for an object's lock byte. In a stopped world no other mutator
// is Running. Nothing that allocates, raises or polls may be inside blocking().
#pragma once
#include "threads/accounting.h"
#include "threads/atomic.h"
#include "threads/gil.h"
#include "threads/gil_seat.h"
#include "threads/mutex.h"
#include "threads/parking.h"

namespace baton {

enum class MutatorState : u8 { New, Running, Native, Parked, Dead };

// Reasons in the poll word; any bit makes the next poll take its slow path. This layer handles the first two.
enum PollBit : u32 {
  kGilDrop = 1u << 0,
  kStopTheWorld = 1u << 1,
  kSignal = 1u << 2,
  kAsyncException = 1u << 3,
  kFinalizers = 1u << 4,
  kTrace = 1u << 5,
  kPendingCalls = 1u << 6,
  kGcRequest = 1u << 7,
  kJitInstall = 1u << 8,
};

struct StackBounds {
  char* base = nullptr;   // highest address: frames lie below it
  char* limit = nullptr;  // lowest usable address
};
// Of the calling OS thread.
StackBounds current_stack_bounds();

class alignas(64) Mutator {
 public:
  Mutator();
  ~Mutator();
  Mutator(const Mutator&) = delete;
  Mutator& operator=(const Mutator&) = delete;

  // Makes the calling OS thread run as this mutator: New -> Running (takes the GIL). Blocks while the world is stopped.
  void attach(const char* name = nullptr);
  // Running -> Dead: releases the GIL; the object may be destroyed as soon as this returns.
  void detach();

  BATON_ALWAYS_INLINE bool poll_pending() const { return poll_.load_relaxed() != 0; }
  u32 poll_bits() const { return poll_.load_relaxed(); }
  // From any thread, and from signal handlers.
  void request(u32 bits) { poll_.fetch_or(bits); }
  void clear_request(u32 bits) { poll_.fetch_and(~bits); }
  u32 take_requests(u32 bits) { return poll_.fetch_and(~bits) & bits; }
  // The poll word is a Mutator's first field: machine code tests [thread + 0], 32 bits.
  static constexpr usize kPollOffset = 0;

  MutatorState state() const { return static_cast<MutatorState>(state_.load_acquire() & kStateMask); }
  bool is_running() const { return state() == MutatorState::Running; }

  // The stack to scan is [published_sp, stack.base): valid unless the mutator is Running (see with_published_stack) or New.
  const StackBounds& stack() const { return stack_; }
  char* published_sp() const { return published_sp_.load_acquire(); }

  u32 id() const { return id_; }          // never reused within a process
  u32 os_tid() const { return os_tid_; }  // gettid(): what top and gdb show
  const char* name() const { return name_; }
  void set_name(const char* name);  // the calling OS thread must be this mutator's, or it must be New

  // How many object locks this thread holds (free-threaded mode only). fork() waits until nobody holds any.
  u32 lock_bytes_held() const { return lock_bytes_held_.load_relaxed() + (biased_section_.load_relaxed() ? 1 : 0); }

  Parker& parker() { return parker_; }
  Mutator* next() const { return next_; }  // registry order; only inside for_each_mutator or a stopped world

 private:
  friend class Gil;
  friend class World;
  friend class ByteLock;
  friend struct MutatorAccess;  // internals of this layer

  static constexpr u32 kStateMask = 7;
  static constexpr u32 kHeld = 8;  // a stop is pending or in force: this mutator may not become Running

  // Written by other threads:
  Atomic<u32> poll_{0};  // must stay first
  Atomic<u32> state_{0};
  Atomic<u32> lock_bytes_held_{0};
  u32 id_ = 0;

 public:
  // The heap layer's: allocation cursors and buffers of this mutator. Machine code loads it from [thread + kHeapStateOffset].
  void* heap_state = nullptr;
  static constexpr usize kHeapStateOffset = 16;

 private:
  friend class LockBias;
  // See lock_bias.h. Set by this mutator, cleared by whoever revokes the bias:
  Atomic<u8> has_bias_{0};
  Atomic<u8> in_short_section_{0};       // something is locked by right of the bias, for a few instructions; likewise its own
  Atomic<u8> is_aside_{0};               // Parked, and not to run on before others have had their turn
  u8 first_waits_ = 0;                   // without a GIL: how many of its next waits begin with MutatorHooks::waits
  u32 bias_countdown_ = 1;               // locks taken the ordinary way until the next look whether nobody else runs
  Atomic<u8*> biased_section_{nullptr};  // locked by right of the bias; written by this mutator only
  Atomic<u8*> inflated_{nullptr};        // biased_section_ as a locked byte: whoever takes it out releases the byte
  Parker parker_;
  u32 os_tid_ = 0;
  Atomic<u32> processor_{~u32{0}};  // where it was last seen taking locks by bytes (lock_bias.cpp)
  Atomic<char*> published_sp_{nullptr};
  StackBounds stack_;
  Mutator* next_ = nullptr;      // guarded by the registry's mutex
  Mutator* previous_ = nullptr;  // likewise
  bool registered_ = false;      // likewise
  char name_[kThreadNameSize] = {};
  GilSeat seat_;
  Counters counters_;
};

// Called on the mutator's own thread while it is Running. Set once at start-up by the heap.
struct MutatorHooks {
  // When it has become Running without a heap_state: at its start, and after waits().
  void (*attached)(Mutator& mutator) = nullptr;
  // Before each of its first waits, if there is no GIL: many threads do nothing but wait from then on, and may leave heap_state
  // to others meanwhile.
  void (*waits)(Mutator& mutator) = nullptr;
  // At the beginning of detach().
  void (*detaching)(Mutator& mutator) = nullptr;
  // Where in the program the mutator is, as "file:line function", for the accounts. The mutator owns the GIL, and the GIL's
  // mutex is held: no allocation, no lock, no call-out. Set by the Python thread's file.
  void (*describe_place)(Mutator& mutator, char* out, usize size) = nullptr;
};
extern MutatorHooks mutator_hooks;

extern constinit thread_local Mutator* current_mutator_slot __attribute__((tls_model("initial-exec")));
// Null on threads that are not attached.
BATON_ALWAYS_INLINE Mutator* current_mutator() { return current_mutator_slot; }

// Handles kGilDrop and kStopTheWorld; other bits are left for the interpreter. A safepoint. Keeps errno.
void slow_poll_threads(Mutator& mutator);
// For native loops over big inputs: lets a stopped world happen but never gives the GIL away.
void poll_stop_only(Mutator& mutator);

// ---- blocking regions ----

// Out of line on purpose. The collector scans this stack up to the published pointer while the call blocks, so every
// register that may hold a heap pointer has to be in memory between that pointer and the stack's base for as long as
// the region lasts. An inlined guard object can't promise it: after publishing, the compiler may still move a value
// into another callee-saved register. Here assembly pushes the callee-saved registers, publishes the pointer to them and
// only then calls on; whatever the caller kept elsewhere is in its own frame already, by the calling convention.
void blocking_call(Mutator& mutator, BlockCause cause, void (*body)(void* context), void* context);

// Runs fn() with the GIL released. errno after it is fn's. The result must be a plain value (no heap pointers).
template <BlockCause kCause = BlockCause::Io, class Function>
inline auto blocking(Mutator& mutator, Function&& function) {
  using Result = decltype(function());
  if constexpr (__is_same(Result, void)) {
    auto call = [](void* context) { (*static_cast<__remove_reference_t(Function)*>(context))(); };
    blocking_call(mutator, kCause, call, const_cast<void*>(static_cast<const void*>(&function)));
  } else {
    struct Context {
      __remove_reference_t(Function)* function;
      Result result;
    } context{&function, {}};
    auto call = [](void* pointer) {
      auto* inner = static_cast<Context*>(pointer);
      inner->result = (*inner->function)();
    };
    blocking_call(mutator, kCause, call, &context);
    return context.result;
  }
}

// Publishes the calling mutator's own stack and registers without leaving Running, for a collector that scans itself.
void with_published_stack(Mutator& mutator, void (*body)(void* context), void* context);

// Takes a runtime mutex as a Running mutator: a safepoint while it has to wait, and never held across one.
void lock_running(Mutator& mutator, Mutex& mutex);

// ---- the world ----

enum class StopKind : u8 {
  AnyPoint,         // the others are at any safepoint
  OutsideCritical,  // and none of them holds an object's lock byte (fork, exit, mode switches)
};

// From constructor to destructor no other mutator is Running. In GIL mode that holds already as the caller owns the GIL.
// Nests. Threads can neither attach nor detach meanwhile; nothing inside may block on another mutator.
class StopTheWorld {
 public:
  explicit StopTheWorld(Mutator& mutator, StopKind kind = StopKind::AnyPoint);
  ~StopTheWorld();
  StopTheWorld(const StopTheWorld&) = delete;
  StopTheWorld& operator=(const StopTheWorld&) = delete;

 private:
  Mutator& mutator_;
};

// True while some thread has the world stopped (GIL mode: inside a StopTheWorld).
bool world_is_stopped();

// Runs body(mutator, context) for every attached mutator under the registry's mutex: short, and without blocking.
void for_each_mutator_call(void (*body)(Mutator& mutator, void* context), void* context);
template <class Function>
inline void for_each_mutator(Function&& function) {
  auto call = [](Mutator& mutator, void* context) { (*static_cast<__remove_reference_t(Function)*>(context))(mutator); };
  for_each_mutator_call(call, const_cast<void*>(static_cast<const void*>(&function)));
}
usize mutator_count();

// ---- fork ----

// Around fork(2), by the forking mutator: the world is stopped with no object locked, and the runtime's registered
// mutexes are held, so that the child finds nothing half-written.
void before_fork(Mutator& mutator);
void after_fork_parent(Mutator& mutator);
// Only the forking thread exists. `on_dead` is called for every other mutator, now Dead and unlinked, to reclaim it.
void after_fork_child(Mutator& mutator, void (*on_dead)(Mutator& dead, void* context) = nullptr, void* context = nullptr);

// A runtime mutex that must not be mid-use in a forked child. Static objects only; register once.
struct ForkMutex {
  Mutex& mutex;
  ForkMutex* next = nullptr;
};
void register_fork_mutex(ForkMutex& entry);

}  // namespace baton
