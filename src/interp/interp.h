// The interpreter's interface: running functions and code, resuming generators, polling.
#pragma once
#include "compile/ops.h"
#include "objects/frame.h"
#include "objects/function.h"
#include "objects/object.h"

namespace baton {

// What happens when a frame returns or yields. See frames.cpp.
enum class EntryKind : u8 {
  Native,           // called from C++: leave the dispatch loop
  Call,             // called by an instruction: result into the caller's return_register
  Init,             // __init__ called for a class: must return None, the instance is in the caller's return_register already
  ForIter,          // generator driven by ForIter
  Send,             // generator driven by Send
  AsyncSend,        // async generator driven by Send through the AsyncSend in the Send's register b
  GeneratorNative,  // generator resumed from C++
  // Methods of operators, called by an instruction (ops_operator.inc). With the operands in front of their registers, for the
  // case that they answer NotImplemented:
  Operator,  // result into the caller's return_register, as of the next three
  OperatorReflected,
  OperatorInplace,
  Comparison,
  ComparisonJump,  // the caller's instruction jumps if the truth of the result is what return_register is as a bool
  // Without:
  Contained,      // __contains__
  Truth,          // __bool__, of an instruction that jumps or inverts
  TruthOfLength,  // __len__, of such an instruction
  Length,         // __len__, of a Call of len()
};
inline bool has_operands_in_front(EntryKind entry) { return entry >= EntryKind::Operator && entry <= EntryKind::ComparisonJump; }

// Per-thread interpreter state (Thread::interp_state_).
struct InterpState {
  char* stack_pair = nullptr;  // reserved: frame records and registers
  // The instance that machine code made last, as long as the thread has run nothing but machine code since; see
  // jit/private_registers.h. Only compared, never followed.
  Cell* private_instance = nullptr;
  bool generator_returned = false;          // why the dispatch loop ended for a GeneratorNative frame
  struct Activation* activation = nullptr;  // running dispatch loops, innermost first
  bool exact_stack = false;                 // see ExactStack
  bool exact_base = false;                  // see ExactBase
  Value exact_kept;                         // what the registers lack; absent: nothing
  u64 spared_until = 0;                     // monotonic_ns(): till then polls leave signals waiting; see run_finalizers
  // Floats that machine code, which leaves, has in xmm registers only, and the frame's registers that they belong into; see
  // write_back_address() in tiers.h.
  static constexpr u32 kMostPending = 16;
  u32 pending_count = 0;
  i32 pending_registers[kMostPending] = {};  // below 0: of the callers, in whose windows the callees' registers lie
  double pending_floats[kMostPending] = {};
};
// One running dispatch loop. Its address tells the C++ frames of the loop and of what it calls, which lie below, from those that
// called it.
struct Activation {
  Activation* previous;
  bool tracing_changed = false;  // while it ran: the loop outside has yet to take the other dispatch table
};

// While one exists, the thread's C++ frames younger than its innermost dispatch loop hold no reference that its registers lack,
// and are left out of the conservative scan: what a local variable left behind there keeps nothing alive. For a short wait or a
// collection in which that is so; the loop's handlers keep nothing but registers across a poll. kept: one value that they lack:
// the result of a running call, whose register is not live yet, or an object that another thread might take out of its holder.
class ExactStack {
 public:
  // holds: that it is so, else the object does nothing.
  ExactStack(Thread& thread, bool holds, Value kept = Value())
      : state_(*static_cast<InterpState*>(thread.interp_state_)), outer_(state_.exact_stack), outer_kept_(state_.exact_kept) {
    state_.exact_stack = holds;
    state_.exact_kept = kept;
  }
  ~ExactStack() {
    state_.exact_stack = outer_;
    state_.exact_kept = outer_kept_;
  }
  ExactStack(const ExactStack&) = delete;
  ExactStack& operator=(const ExactStack&) = delete;

 private:
  InterpState& state_;
  bool outer_;
  Value outer_kept_;
};
// While one exists, whatever C++ frames lie above the thread's outermost dispatch loop hold no reference that is not a root
// elsewhere. They are there for as long as the thread, or the program, runs, with much that the calls before them left behind.
// Only around what enters a dispatch loop at once: a native that is called instead, or on the way, keeps things there.
class ExactBase {
 public:
  ExactBase(Thread& thread, bool holds) : state_(*static_cast<InterpState*>(thread.interp_state_)) { state_.exact_base = holds; }
  ~ExactBase() { state_.exact_base = false; }
  ExactBase(const ExactBase&) = delete;
  ExactBase& operator=(const ExactBase&) = delete;

 private:
  InterpState& state_;
};
// Calling it with positional arguments enters a dispatch loop at once.
bool is_python_callable(Value callable);
// The running native is one of self's methods and was called by the innermost dispatch loop's instruction, with its arguments in
// that instruction's registers, or by an iterator iter(method, sentinel) that the instruction steps: if it keeps nothing else,
// its stack is exact, given that self is kept.
bool is_called_by_instruction(Thread& thread, Value self);
bool is_called_by_instruction(Thread& thread, NativeEntry entry);  // the same of a module's function

// That of the native len(): a call of it enters a __len__ written in Python as a frame. Set once, before any code runs.
extern NativeEntry len_entry;

void init_interpreter();  // installs call_python_function, resume_generator; once
// In memory of its own, together with its register stack and frame records: not attached. The other: New or Dead, and unlinked.
Thread* make_thread();
void destroy_thread(Thread* thread);
void init_thread_interpreter(Thread& thread);  // once it is attached
// Runs no more: gives the memory of deep calls back. (Before it is detached: who starts the next thread then finds its OS
// thread.)
void leave_thread_interpreter(Thread& thread);
// exec(): runs module-level code. locals: mapping (may be globals itself).
Result<Value> run_code(Thread& thread, Code* code, Dict* globals, Value locals, Tuple* closure = nullptr);
// The same for code that is likely to run this once, as the bodies of modules and of their classes are: retires it afterwards.
Result<Value> run_code_once(Thread& thread, Code* code, Dict* globals, Value locals, Tuple* closure = nullptr);
// Handles every poll bit. failed: a signal handler or an async exception raised. result_of_call: see gc.collect. exact: the poll
// is the dispatch loop's own, see ExactStack.
Result<void> handle_polls(Thread& thread, Value* result_of_call = nullptr, bool exact = false);
void scan_thread_frames(Thread& thread, EdgeVisitor& visitor);
usize excluded_ranges(Thread& thread, void* (*ranges)[2], usize capacity);
void clear_caches_of_dead_shapes();
// Work that other layers queue for polls: run by handle_polls on the main thread (signals) or any thread.
extern Result<void> (*run_signal_handlers)(Thread& thread);
extern Result<void> (*run_pending_calls)(Thread& thread);
// at_call: the poll is behind a call and its C++ frames hold no references of their own.
extern i64 (*run_requested_collection)(Thread& thread, bool at_call);
// What only a cached global table refers to dies, too. is_exact: see ExactStack.
void collect_exactly(Thread& thread, Generation generation, bool is_exact = true, Value kept = Value());
// The heap's hooks of these names, for the module gc; null: nothing.
extern void (*collection_begins)(Generation generation);
extern void (*dead_found)(EdgeVisitor& keep);
// Asked for by kFinalizers, before any finaliser: what gc.set_debug wants said about collections.
extern void (*report_collections)(Thread& thread);
extern void (*forget_dead_traces)();  // of _tracemalloc: called in the weak phase
Result<void> run_finalizers(Thread& thread);
// sys.settrace and sys.setprofile of this thread; absent: off. Frames that run already don't begin.
void set_trace_function(Thread& thread, Value function);
void set_profile_function(Thread& thread, Value function, ProfileHook hook = nullptr);

// Empties the inline caches of all code that names an attribute so, or, without a name, of all code, and gives up its machine
// code; stops the world.
void flush_caches(Thread& thread, Str* name = nullptr);

}  // namespace baton
