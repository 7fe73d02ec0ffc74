// sys.settrace and sys.setprofile: events of frames. While a thread is traced its dispatch table sends every instruction here
// first.
#include "interp/dispatch.h"
#include "interp/slow.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame_trace.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static void exempt_running_frames(Thread& t) {
  for (Frame* f = t.top_frame(); f; f = f->previous) {
    if (!f->is_traced) f->is_traced = 1;
  }
}

// All running loops take the dispatch table anew, this one at its next poll, each of the others when it goes on.
static void change_dispatch(Thread& t) {
  t.request(kTrace);
  for (Activation* a = interp_state(t).activation; a; a = a->previous) a->tracing_changed = true;
}

void set_trace_function(Thread& t, Value function) {
  exempt_running_frames(t);
  for (Frame* f = t.top_frame(); f; f = f->previous) {
    // The next line is the first to be told; of a frame whose beginning is being told, that is its first one.
    if (!is_being_begun(f->is_traced)) f->trace_line = frame_line(f);
  }
  t.trace_function_ = function;
  change_dispatch(t);
}

void set_profile_function(Thread& t, Value function, ProfileHook hook) {
  exempt_running_frames(t);
  // The ends of the native calls that run are the next function's to hear of, if there is one.
  if (function.is_absent()) {
    for (Frame* f = t.top_frame(); f; f = f->previous) f->is_traced &= static_cast<u8>(~kNativeCallRunning);
  }
  t.profile_function_ = function;
  t.profile_hook_ = hook;
  change_dispatch(t);
}

static TraceEvent event_of(const char* name) {
  switch (name[0]) {
    case 'c': return TraceEvent::Call;
    case 'l': return TraceEvent::Line;
    case 'r': return TraceEvent::Return;
    case 'e': return TraceEvent::Exception;
    default: return TraceEvent::Opcode;
  }
}

// What a trace or profile function raised goes through the frame that it was told of.
static void pass_through_frame(Thread& t, Frame* f) {
  Exception* raised = t.take_pending();
  if (traceback_here(t, raised, f).is_failed()) t.clear_pending();
  t.pending_ = Value(reinterpret_cast<u64>(raised));
}

static Result<void> call_trace(Thread& t, Frame* f, Value function, const char* event, Value argument, bool local) {
  FrameObject* object = TRY(frame_object_of(t, f));
  Exception* pending = t.has_pending() ? t.take_pending() : nullptr;
  // An f_locals dict given out before shows the frame as it is now; what the function stores in it goes to the frame.
  if (object->fast_locals_.get()) TRY(frame_locals(t, object));
  ++t.tracing_;
  TraceEvent outer = trace_event;
  trace_event = event_of(event);
  Result<Value> answer = call(t, function, Value(object), Value(intern(t, event)), argument);
  trace_event = outer;
  --t.tracing_;
  if (!answer.is_failed() && object->fast_locals_.get()) TRY(frame_locals_to_registers(t, object));
  if (answer.is_failed()) {
    // A failing trace function is switched off; its exception replaces what was going on.
    t.trace_function_ = Value();
    object->trace_.set(object, Value());
    pass_through_frame(t, f);
    return failed;
  }
  if (local) object->trace_.set(object, answer.value().is_none() ? object->trace_.get() : answer.value());
  if (pending) t.pending_ = Value(reinterpret_cast<u64>(pending));
  return ok;
}

static Value local_trace(Frame* f) { return f->frame_object ? f->frame_object->trace_.get() : Value(); }

static const char* profile_event_name(ProfileEvent event) {
  switch (event) {
    case ProfileEvent::Call: return "call";
    case ProfileEvent::Return: return "return";
    case ProfileEvent::NativeCall: return "c_call";
    case ProfileEvent::NativeReturn: return "c_return";
    case ProfileEvent::NativeException: break;
  }
  return "c_exception";
}

static Result<void> call_profile(Thread& t, Frame* f, ProfileEvent event, Value argument) {
  Exception* pending = t.has_pending() ? t.take_pending() : nullptr;
  ++t.tracing_;
  Result<void> answer = ok;
  if (t.profile_hook_) {
    bool of_python = event == ProfileEvent::Call || event == ProfileEvent::Return;
    answer = t.profile_hook_(t, t.profile_function_, event, of_python ? Value(f->code) : argument);
  } else {
    Result<FrameObject*> object = frame_object_of(t, f);
    answer = object.is_failed() ||
                     call(t, t.profile_function_, Value(object.value()), Value(intern(t, profile_event_name(event))), argument)
                         .is_failed()
                 ? Result<void>(failed)
                 : Result<void>(ok);
  }
  --t.tracing_;
  if (answer.is_failed()) {
    t.profile_function_ = Value();
    t.profile_hook_ = nullptr;
    pass_through_frame(t, f);
    return failed;
  }
  if (pending) t.pending_ = Value(reinterpret_cast<u64>(pending));
  return ok;
}

// Native functions called by bytecode are events for profilers. The end of one is seen at the frame's next instruction, or where
// its exception is handled.

// The native function that this call instruction is about to call, or kNotFound: as CPython counts them: no classes, no slot
// wrappers.
static Result<Value> native_callee(Thread& t, Frame* f) {
  Op op = static_cast<Op>(f->pc->op);
  if (op != Op::Call && op != Op::CallKw && op != Op::CallEx) return kNotFound;
  const Value* window = &f->registers[f->pc->a];
  Value callee = window[0];
  if (is<NativeFunction>(callee)) return type_of(callee) == types.native_function ? callee : kNotFound;
  if (!is<MethodDescriptor>(callee) || type_of(callee) != types.method_descriptor) return kNotFound;
  Value self = window[1];
  if (op == Op::CallEx && self.is_absent()) {
    if (!is<Tuple>(window[2]) || window[2].as<Tuple>()->length() == 0) return kNotFound;
    self = window[2].as<Tuple>()->at(0);
  } else if (op != Op::CallEx && self.is_absent()) {
    if (f->pc->b == 0) return kNotFound;
    self = window[2];
  }
  if (!is_instance_of_type(self, callee.as<MethodDescriptor>()->owner())) return kNotFound;
  return call_get(t, callee, self, type_of(self));
}

static Result<void> begin_native_call(Thread& t, Frame* f) {
  Value callee = TRY(native_callee(t, f));
  if (callee == kNotFound) return ok;
  TRY(call_profile(t, f, ProfileEvent::NativeCall, callee));
  if (!t.profile_hook_) {
    FrameObject* object = TRY(frame_object_of(t, f));
    object->native_callee_.set(object, callee);
  }
  f->is_traced |= kNativeCallRunning;
  return ok;
}

static Result<void> end_native_call(Thread& t, Frame* f, ProfileEvent event) {
  f->is_traced &= static_cast<u8>(~kNativeCallRunning);
  Value callee = f->frame_object ? f->frame_object->native_callee_.get() : Value();
  if (f->frame_object) f->frame_object->native_callee_.clear();
  if (t.profile_function_.is_absent()) return ok;
  // A call that has returned is seen at the next instruction, but the event is on the line of the call.
  bool went_on = event == ProfileEvent::NativeReturn;
  if (went_on) --f->pc;
  Result<void> told = call_profile(t, f, event, callee.is_present() ? callee : kNone);
  if (went_on) ++f->pc;
  return told;
}

static Result<void> report_beginning(Thread& t, Frame* f) {
  if (t.trace_function_.is_present()) {
    TRY(call_trace(t, f, t.trace_function_, "call", kNone, true));
  }
  if (t.profile_function_.is_present()) TRY(call_profile(t, f, ProfileEvent::Call, kNone));
  return ok;
}

static Result<void> begin_frame(Thread& t, Frame* f) {
  // At the beginning of a function the event is on the line of its `def`; when a generator goes on, on the line of its yield, and
  // the rest of that line is no new line.
  bool is_start = f->pc == f->code->instructions() || static_cast<Op>(f->pc[-1].op) == Op::ReturnGenerator;
  f->is_traced = is_start ? 2 : 1 | kGoesOn;
  if (!is_start) --f->pc;
  f->trace_line = is_start ? -1 : frame_line(f);
  TRY(report_beginning(t, f));  // a failure is one of where the frame begins or goes on
  if (!is_start) ++f->pc;
  f->is_traced = 1;
  return ok;
}

void trace_throw(Thread& t, Frame* f) {
  if (t.tracing_) return;
  bool is_start = static_cast<Op>(f->pc->op) == Op::ReturnGenerator;
  f->is_traced = is_start ? 2 : 1;
  f->trace_line = is_start ? -1 : frame_line(f);
  (void)report_beginning(t, f);  // what it raises is pending instead of what was thrown
  f->is_traced = 1;
}

// A traced frame sees the StopIteration that ends what it awaits, yields from or loops over; iterators that end without one are
// not seen. The event is on the line of the instruction at `pc`.
static Result<void> tell_stop_iteration(Thread& t, Frame* f, const Instruction* pc, Value value) {
  Value trace = local_trace(f);
  if (t.trace_function_.is_absent() || trace.is_absent() || trace.is_none()) return ok;
  Value args[1] = {value};
  (void)raise_with_args(t, exceptions.StopIteration, args, value.is_none() ? 0 : 1);
  Value stop(t.take_pending());
  Value argument(TRY(tuple_of(t, Value(exceptions.StopIteration), stop, kNone)));
  const Instruction* now = f->pc;
  f->pc = pc;
  Result<void> told = call_trace(t, f, trace, "exception", argument, true);
  f->pc = now;
  return told;
}

static Result<void> trace_end_of_delegate(Thread& t, Frame* f) {
  if (t.trace_object_.is_present()) {  // a generator that a for statement loops over has returned a value
    Value value = t.trace_object_;
    t.trace_object_ = Value();
    const Instruction* pc = f->code->instructions() + t.profile_object_.small_int();
    return static_cast<Op>(pc->op) == Op::ForIter ? tell_stop_iteration(t, f, pc, value) : Result<void>(ok);
  }
  if (f->pc == f->code->instructions() || static_cast<Op>(f->pc[-1].op) != Op::Send) return ok;
  Value value = f->registers[f->pc[-1].a], delegate = f->registers[f->pc[-1].b];
  bool raises =
      !value.is_none() || (!is_exact<Generator>(delegate) && type_lookup(type_of(delegate), intern(t, "send")).is_present());
  return raises ? tell_stop_iteration(t, f, f->pc - 1, value) : Result<void>(ok);
}

static const Instruction* trace_line_events(Thread& t, Frame* f);

const Instruction* slow_trace_instruction(Thread& t, Frame* f) {
  if (t.tracing_) return f->pc;
  if ((f->is_traced & kNativeCallRunning) && end_native_call(t, f, ProfileEvent::NativeReturn).is_failed()) return nullptr;
  if (trace_end_of_delegate(t, f).is_failed()) return nullptr;
  const Instruction* next = trace_line_events(t, f);
  if (next && t.profile_function_.is_present() && f->is_traced && begin_native_call(t, f).is_failed()) return nullptr;
  return next;
}

static const Instruction* trace_line_events(Thread& t, Frame* f) {
  Code* code = f->code;
  u32 at = static_cast<u32>(f->pc - code->instructions());
  Op op = static_cast<Op>(f->pc->op);
  bool generator_function = code->flags() & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator);
  if (generator_function && !f->generator) return f->pc;  // until ReturnGenerator the body has not begun
  if (!f->is_traced && begin_frame(t, f).is_failed()) return nullptr;
  Value trace = local_trace(f);
  Position position = code->repeated_position_at(at);
  if (t.trace_function_.is_absent() || trace.is_absent() || trace.is_none()) {
    if (position.line >= 0 && position.has_place()) f->trace_line = position.line;
    return f->pc;
  }
  FrameObject* object = f->frame_object;
  bool backward = op == Op::JumpBack;
  // The prologue (cells, constants) has no place and is no line of the program. A Nop stands for a line without code.
  if (position.column == Position::kNoPlace) f->trace_line = -1;
  if (position.line >= 0 && position.has_place() && object->trace_lines_ && position.line != f->trace_line &&
      op != Op::JumpNoPoll) {
    f->trace_line = position.line;
    object->jump_target_ = -1;
    f->is_traced |= kLineBegins;
    Result<void> told = call_trace(t, f, trace, "line", kNone, true);
    f->is_traced &= static_cast<u8>(~kLineBegins);
    if (told.is_failed()) return nullptr;
    if (object->jump_target_ >= 0) {
      jump_in_frame(t, f, object->jump_target_);
      object->jump_target_ = -1;
      f->trace_line = frame_line(f);  // where it has jumped to is no new line
      return f->pc;
    }
  }
  if (backward) f->trace_line = -1;  // a loop's next turn on the same line is a new event
  if (object->trace_opcodes_ && call_trace(t, f, local_trace(f), "opcode", kNone, true).is_failed()) return nullptr;
  return f->pc;
}

static Result<void> tell_return(Thread& t, Frame* f, Value v) {
  Value trace = local_trace(f);
  if (t.trace_function_.is_present() && trace.is_present() && !trace.is_none()) TRY(call_trace(t, f, trace, "return", v, true));
  if (t.profile_function_.is_present()) TRY(call_profile(t, f, ProfileEvent::Return, v));
  return ok;
}

static bool trace_leaving(Thread& t, Frame* f, Value v, bool returns) {
  if (t.tracing_) return true;
  f->is_traced = 0;
  if (tell_return(t, f, v).is_failed()) {
    f->is_traced = kHasLeft;
    return false;
  }
  if (t.trace_function_.is_present() && f->generator && f->entry == static_cast<u8>(EntryKind::ForIter) && !v.is_none() &&
      returns) {
    t.trace_object_ = v;  // trace_end_of_delegate
    t.profile_object_ = Value::of_small_int(frame_pc(f->previous));
  }
  return true;
}

bool trace_return(Thread& t, Frame* f, Value v) { return trace_leaving(t, f, v, true); }
bool slow_trace_yield(Thread& t, Frame* f, Value v) { return trace_leaving(t, f, v, false); }

void trace_exception(Thread& t, Frame* f) {
  if (t.tracing_) return;
  if ((f->is_traced & kNativeCallRunning) && end_native_call(t, f, ProfileEvent::NativeException).is_failed()) return;
  if (t.trace_function_.is_absent()) return;
  Value trace = local_trace(f);
  if (trace.is_absent() || trace.is_none()) return;
  Exception* e = t.pending();
  Traceback* tb = e->traceback();
  Result<Tuple*> argument = tuple_of(t, Value(type_of(t.pending_)), t.pending_, tb ? Value(tb) : kNone);
  if (argument.is_failed()) return;
  (void)call_trace(t, f, trace, "exception", Value(argument.value()), true);
}

void trace_unwind(Thread& t, Frame* f) {
  if (t.tracing_) return;
  bool was_told = f->is_traced & kHasLeft;
  f->is_traced = 0;
  if (was_told) return;
  // What these raise is pending instead.
  Value trace = local_trace(f);
  if (t.trace_function_.is_present() && trace.is_present() && !trace.is_none())
    (void)call_trace(t, f, trace, "return", kNone, true);
  if (t.profile_function_.is_present()) (void)call_profile(t, f, ProfileEvent::Return, kNone);
}

}  // namespace baton
