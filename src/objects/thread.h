// Thread: the Python side of a mutator: pending exception, frames, register stack, handled exceptions, tracing.
#pragma once
#include "objects/fwd.h"
#include "objects/names.h"
#include "threads/mutator.h"

namespace baton {

// One activation record. Records of running frames form a list through `previous`; a generator's record lives in its cell.
struct Frame {
  Frame* previous;
  Function* function;  // null: module-level code run by exec without a function
  Code* code;
  Value* registers;              // base of this frame's registers
  const struct Instruction* pc;  // stored before anything that can raise, allocate, poll or call
  i64 caches_offset;             // from an instruction to its inline cache word, in bytes (Code::caches_offset_)
  const Value* consts;           // items of the code's constants
  Dict* globals;
  Dict* builtins;
  Value locals;               // mapping of class bodies and module code; absent in optimised functions
  FrameObject* frame_object;  // made on demand
  Generator* generator;       // owner, when this is a generator's record
  Value* stack_top;           // end of this frame's registers on the thread's register stack (generators: where callees start)
  u32 return_register;        // in the caller's registers (interpreter use)
  u8 entry;                   // EntryKind: what happens when it returns
  u8 is_traced;             // 0: its beginning has not been reported; 1: it has, or tracing began later; 2: it is being reported
                            // and bits of frame_trace.h
  u8 owns_class_result;     // __init__ frames: answer must be None, result is the instance
  u8 is_shown;              // others may know what the registers hold: f_locals was asked for, or objects were listed (gc)
  i32 trace_line;           // last line for which a line event was sent
  u32 raise_pc;             // instruction at which the exception now in a handler of this frame was raised
  Value inherited_handled;  // generators: the exception the resumer was handling
};

// What a thread that waits for a Python lock or queue waits for: told to others, read in a stopped world. (modules/lock_waits.h)
struct LockWaitState {
  Value what;            // absent: it doesn't wait. No root: the waiting call's arguments keep it alive
  u64 since = 0;         // coarse_monotonic_ns()
  u64 number = 0;        // which of the thread's waits this is
  bool endless = false;  // without a time limit
};

struct ThreadRoots;  // values of the thread that are not in frames

// What profilers are told. argument: the code of a Call or Return, else the native callable.
enum class ProfileEvent : u8 { Call, Return, NativeCall, NativeReturn, NativeException };
using ProfileHook = Result<void> (*)(Thread& thread, Value profiler, ProfileEvent event, Value argument);

class Thread : public Mutator {
 public:
  // --- pending exception: failed if and only if pending
  bool has_pending() const { return pending_.is_present(); }
  Exception* pending() const { return pending_.as<Exception>(); }
  void set_pending(Exception* exception);
  // Takes the pending exception away: the caller handles it.
  Exception* take_pending();
  void clear_pending() { pending_ = Value(); }

  // --- handled exception (sys.exc_info): None or an Exception
  Value handled() const { return handled_; }
  void set_handled(Value exception_or_none) { handled_ = exception_or_none; }

  Frame* top_frame() const { return top_frame_; }

  // Return value of an iterator whose `next` answered kExhausted (a generator's return value); None otherwise. Reading clears it.
  Value take_stop_value() {
    Value v = stop_value_;
    stop_value_ = kNone;
    return v;
  }
  Value stop_value_ = kNone;

  Value pending_;
  Value handled_ = kNone;
  Frame* top_frame_ = nullptr;
  Value* registers_base_ = nullptr;  // the register stack: reserved, committed on use
  Value* registers_limit_ = nullptr;
  i64 recursion_depth_ = 0, recursion_limit_ = 1000;  // Python frames
  char* native_stack_limit_ = nullptr;                // C++ depth check
  Value trace_function_, trace_object_, profile_function_, profile_object_;
  ProfileHook profile_hook_ = nullptr;  // a native profiler: called instead of profile_function_, which is its object then
  int tracing_ = 0;                     // inside a trace function
  Value async_exception_;               // set by others, delivered at the next poll
  Value context_;                       // current contextvars Context
  Value async_generator_firstiter_, async_generator_finalizer_;
  int coroutine_origin_depth_ = 0;
  Value thread_dict_;  // _thread._local storage and other per-thread state
  Value repr_guard_;   // list of objects whose repr is running
  Value current_asyncio_loop_, current_asyncio_task_;
  u64 python_ident_ = 0;
  const Value* native_args_ = nullptr;  // arguments of the running native call (live registers)
  usize native_args_count_ = 0;
  LockWaitState lock_wait_;
  Frame* next_frame_ = nullptr;  // first free frame record, and the end of them (interpreter use)
  Frame* frames_limit_ = nullptr;
  void* interp_state_ = nullptr;  // of the interp layer
  void* module_state_ = nullptr;  // of modules/_thread
  Thread* next_thread_ = nullptr;
};

inline Thread& current_thread() { return *static_cast<Thread*>(current_mutator()); }
Thread* first_thread();  // list through next_thread_; walk it in a stopped world or under the GIL
// MutatorHooks::describe_place for Python threads.
void describe_thread_place(Mutator& mutator, char* out, usize size);
// "file:line function" of a frame: where it is now, or was when it was suspended. Nothing if size is below 128.
void describe_frame_place(const Frame* frame, char* out, usize size);
void link_thread(Thread& thread);
void unlink_thread(Thread& thread);
extern i64 default_recursion_limit;  // of new threads

// C++ recursion guard: place at native functions that recurse (repr, compare, calls into Python). Raises RecursionError.
Result<void> check_native_depth(Thread& thread, const char* where = "");
// Counts one level of native recursion against the recursion limit, as CPython does, for as long as it lives:
//   NativeDepth depth(thread, " in comparison"); TRY(depth.check());
class NativeDepth {
 public:
  NativeDepth(Thread& thread, const char* where) : thread_(thread), where_(where) { ++thread.recursion_depth_; }
  ~NativeDepth() { --thread_.recursion_depth_; }
  NativeDepth(const NativeDepth&) = delete;
  NativeDepth& operator=(const NativeDepth&) = delete;
  Result<void> check();

 private:
  Thread& thread_;
  const char* where_;
};
}  // namespace baton
