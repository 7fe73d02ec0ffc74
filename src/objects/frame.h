// Frame objects (materialised on demand from Frame records) and generators.
#pragma once
#include "objects/function.h"
#include "objects/thread.h"

namespace baton {

class FrameObject final : public Cell {
 public:
  static constexpr u16 kKind = kKindFrame;
  static Type* type() { return types.frame; }
  // record: the running Frame, null once it has returned; then registers are kept in `kept` if a traceback or user holds the
  // frame.
  Frame* record_;
  Field<FrameObject> back_;  // f_back once the record is gone
  Field<Function> function_;
  Field<Code> code_;
  Field<Dict> globals_, builtins_;
  Field<Value> locals_;     // mapping of class/module code, or the snapshot dict of f_locals
  Field<ValueArray> kept_;  // registers of locals after the frame ended
  Field<Value> generator_;
  Field<Value> trace_;          // f_trace
  Field<Value> native_callee_;  // of the native call that a profile function has been told of; absent: none
  Field<Dict> fast_locals_;     // the dict that f_locals of an optimised frame gave out
  i32 last_pc_;                 // instruction number once the record is gone
  i32 jump_target_;             // instruction for an f_lineno assigned while tracing; -1: none
  bool trace_lines_, trace_opcodes_, cleared_;
  void init(Frame* record) {
    record_ = record;
    back_.init(nullptr);
    function_.init(record->function);
    code_.init(record->code);
    globals_.init(record->globals);
    builtins_.init(record->builtins);
    locals_.init(record->locals);
    kept_.init(nullptr);
    generator_.init(Value(reinterpret_cast<u64>(record->generator)));
    trace_.init(Value());
    native_callee_.init(Value());
    fast_locals_.init(nullptr);
    last_pc_ = 0;
    jump_target_ = -1;
    trace_lines_ = true;
    trace_opcodes_ = cleared_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(back_, function_, code_, globals_, builtins_, locals_, kept_, generator_, trace_, native_callee_, fast_locals_);
  }
};
// What a trace function is being told.
enum class TraceEvent : u8 { Call, Line, Return, Exception, Opcode };
extern thread_local TraceEvent trace_event;
// Where a frame that stops at a line event may go on for this line; ValueError when it can't. Installed by the interpreter.
extern Result<i32> (*find_line_target)(Thread& thread, FrameObject* frame, i64 line);
// The frame's object, made if needed.
Result<FrameObject*> frame_object_of(Thread& thread, Frame* frame);
i32 frame_line(const Frame* frame);
u32 frame_pc(const Frame* frame);                                // instruction number
Result<Value> frame_locals(Thread& thread, FrameObject* frame);  // f_locals
// What a trace function stored in the f_locals dict goes to the frame's registers.
Result<void> frame_locals_to_registers(Thread& thread, FrameObject* frame);
i32 frame_object_line(const FrameObject* frame);
u32 frame_object_pc(const FrameObject* frame);
FrameObject* frame_object_back(Thread& thread, FrameObject* frame);  // null: none, or failed with an exception pending

enum class GeneratorState : u8 { Created, Suspended, Running, Finished };

// generator, coroutine and async generator: owns its registers, runs in place on them.
class Generator final : public Cell {
 public:
  static constexpr u16 kKind = kKindGenerator;  // Coroutine and AsyncGenerator cells have the same layout, other kinds
  Frame frame_;                                 // registers point behind this cell
  Field<Value> function_;                       // keeps code, globals alive with frame_
  Field<Code> code_;
  Field<Value> name_, qualname_;
  Field<Value> yield_from_;  // delegate while suspended in YieldFrom, for gi_yieldfrom; absent otherwise
  Field<Value> handled_;     // exception state of the generator's own frame while suspended (None)
  Field<Value> origin_;  // cr_origin; of async generators, what register_async_generator left for forget_async_generator (None)
  Field<Value> finalizer_;  // async generators
  Field<Cell> frame_object_;
  u32 register_count_;
  u8 state_;  // GeneratorState, changed by compare-and-swap from Suspended to Running
  u8 hooks_inited_, closed_, running_async_;
  bool is_in(GeneratorState state) const { return __atomic_load_n(&state_, __ATOMIC_ACQUIRE) == static_cast<u8>(state); }
  // By who owns it: its maker, and the thread that runs it.
  void set_state(GeneratorState state) { __atomic_store_n(&state_, static_cast<u8>(state), __ATOMIC_RELEASE); }
  Value* registers() { return reinterpret_cast<Value*>(this + 1); }
  void visit_edges(EdgeVisitor& visit) const;
};
// close(): GeneratorExit is thrown in. Also what finalisation does.
Result<Value> generator_close(Thread& thread, Generator* generator);
// What a suspended generator awaits or yields from; absent: nothing. Installed by the interpreter.
extern Value (*find_generator_delegate)(Generator* generator);
// throw(type, value, traceback) and throw(exception): the instance to throw.
Result<Exception*> exception_to_throw(Thread& thread, Value type, Value value_or_absent, Value traceback_or_absent);
// The arguments of the throw() call that is throwing this exception, or null.
Tuple* original_throw_args(Exception* exception);
inline bool is_generator_kind(Value v) {
  return v.is_cell() &&
         (v.cell()->kind() == kKindGenerator || v.cell()->kind() == kKindCoroutine || v.cell()->kind() == kKindAsyncGenerator);
}
// Resumes with a value (None first) or, if exception is not absent, by throwing it. Answers what it yields; kExhausted when it
// returned, with the return value in *returned; or failed.
using ResumeGenerator = Result<Value> (*)(Thread& thread, Generator* generator, Value sent, Value exception, Value* returned);
extern ResumeGenerator resume_generator;
// next() of a generator: the value it yields; kExhausted, with the thread's stop value, when it returns; failed when it raises.
extern Result<Value> (*next_of_generator)(Thread& thread, Generator* generator);

}  // namespace baton
