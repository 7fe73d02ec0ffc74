// Frame objects: made when someone asks for a frame; they read the running Frame record, or what was kept of it when it ended.
#include "objects/frame.h"

#include <optional>

#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/foreign_builtins.h"
#include "objects/frame_trace.h"
#include "objects/generator.h"
#include "objects/mappingproxy.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/stack_code.h"
#include "threads/gil.h"

namespace baton {

u32 frame_pc(const Frame* frame) { return static_cast<u32>(frame->pc - frame->code->instructions()); }
i32 frame_line(const Frame* frame) { return frame->code->position_at(frame_pc(frame)).line; }

u32 frame_object_pc(const FrameObject* frame) {
  return frame->record_ ? frame_pc(frame->record_) : static_cast<u32>(frame->last_pc_);
}
i32 frame_object_line(const FrameObject* frame) {
  if (frame->record_ && is_being_begun(frame->record_->is_traced))
    return str_equals_ascii(frame->code_->name(), "<module>") ? 0 : frame->code_->first_line_;
  Position position = frame->code_->position_at(frame_object_pc(frame));
  return position.column == Position::kNoPlace ? -1 : position.line;
}

Result<FrameObject*> frame_object_of(Thread& thread, Frame* frame) {
  if (frame->frame_object) return frame->frame_object;
  FrameObject* object = TRY(make<FrameObject>(thread, frame));
  frame->frame_object = object;
  frame->code->has_been_shown_ = true;
  if (frame->generator) frame->generator->frame_object_.set(frame->generator, object);
  return object;
}

FrameObject* frame_object_back(Thread& thread, FrameObject* frame) {
  if (!frame->record_) return frame->back_.get();
  Frame* previous = frame->record_->previous;
  if (!previous) return nullptr;
  Result<FrameObject*> object = frame_object_of(thread, previous);
  return object.is_failed() ? nullptr : object.value();
}

// ---------------------------------------------------------------------------------------------------------------- locals

static bool contains_name(Tuple* names, Value name) {
  for (Index i = 0; i < names->length(); ++i)
    if (names->at(i) == name || str_equal(names->at(i).as<Str>(), name.as<Str>())) return true;
  return false;
}

// Calls fn(name, register index, may be a cell) for the named registers in order: varnames, cells that are not varnames, free
// variables.
template <class F>
static Result<void> for_each_local(Code* code, F fn) {
  u32 index = 0;
  for (Index i = 0; i < code->varnames()->length(); ++i) {
    Value name = code->varnames()->at(i);
    TRY(fn(name, index++, contains_name(code->cellvars(), name)));
  }
  for (Index i = 0; i < code->cellvars()->length(); ++i) {
    Value name = code->cellvars()->at(i);
    if (!contains_name(code->varnames(), name)) TRY(fn(name, index++, true));
  }
  for (Index i = 0; i < code->freevars()->length(); ++i) TRY(fn(code->freevars()->at(i), index++, true));
  return ok;
}

static Value register_of(FrameObject* frame, u32 index) {
  if (frame->record_) return frame->record_->registers[index];
  ValueArray* kept = frame->kept_.get();
  return kept && index < static_cast<u32>(kept->capacity()) ? kept->at(index) : Value();
}

// What register_of() has for a named register; before the frame's first instructions have copied the closure's cells (the 'call'
// event of a trace function is then) those of its function.
static Value variable_of(FrameObject* frame, u32 index) {
  Value v = register_of(frame, index);
  if (v.is_present() || !frame->record_ || !frame->record_->function) return v;
  Code* code = frame->code_.get();
  Tuple* closure = frame->record_->function->closure();
  Index place = Index{index} - (Index{code->frame_local_count_} - code->freevars()->length());
  return closure && place >= 0 && place < closure->length() ? closure->at(place) : v;
}

// False: it is a frame of this thread that runs, or has called. Its record isn't looked at, which another thread may be ending.
static bool may_run_elsewhere(Thread& thread, FrameObject* frame) {
  Frame* own = thread.top_frame();
  while (own && own->frame_object != frame) own = own->previous;
  return !own;
}

// Whether another thread may be ending the frame, and reusing its record, while this one looks at it: then in a stopped world.
static bool may_end_meanwhile(Thread& thread, FrameObject* frame) {
  return !gil_enabled() && __atomic_load_n(&frame->record_, __ATOMIC_ACQUIRE) && may_run_elsewhere(thread, frame);
}

static bool is_optimized(Code* code) { return code->has_flag(kCodeOptimized); }

Result<Value> frame_locals(Thread& thread, FrameObject* frame) {
  Code* code = frame->code_.get();
  if (!is_optimized(code)) {
    std::optional<StopTheWorld> stopped;
    if (may_end_meanwhile(thread, frame)) stopped.emplace(thread);
    Value mapping = frame->record_ ? frame->record_->locals : frame->locals_.get();
    if (mapping.is_absent()) mapping = frame->locals_.get();
    if (mapping.is_absent()) mapping = Value(frame->globals_.get());
    return mapping;
  }
  Dict* dict = frame->fast_locals_.get();
  if (!dict) {
    dict = TRY(make_dict(thread));
    frame->fast_locals_.set(frame, dict);
  }
  // Who runs meanwhile relies on nobody's looking into its registers: see jit/private_registers.h.
  std::optional<StopTheWorld> stopped;
  if (!gil_enabled() && may_run_elsewhere(thread, frame)) stopped.emplace(thread);
  // A frame that has ended no longer changes: once cleared of its registers the dict stays as it is.
  if (!frame->record_ && !frame->kept_.get() && !frame->cleared_) return Value(dict);
  if (frame->record_) frame->record_->is_shown = 1;
  TRY(for_each_local(code, [&](Value name, u32 index, bool may_be_cell) -> Result<void> {
    Value v = variable_of(frame, index);
    if (may_be_cell && is<ClosureCell>(v)) v = v.as<ClosureCell>()->get();
    if (v.is_present()) return dict_set(thread, dict, name, v);
    TRY(dict_remove(thread, dict, name));
    return ok;
  }));
  return Value(dict);
}

Result<void> frame_locals_to_registers(Thread& thread, FrameObject* frame) {
  Dict* dict = frame->fast_locals_.get();
  if (!dict || !frame->record_ || !is_optimized(frame->code_.get())) return ok;
  return for_each_local(frame->code_.get(), [&](Value name, u32 index, bool may_be_cell) -> Result<void> {
    Value v = TRY(dict_find(thread, dict, name));
    Value* at = &frame->record_->registers[index];
    if (Value cell = variable_of(frame, index); may_be_cell && is<ClosureCell>(cell)) {
      if (v != kNotFound && cell.as<ClosureCell>()->get() != v) cell.as<ClosureCell>()->set(v);
    } else if (v != kNotFound) {
      *at = v;  // a name that left the dict keeps its register: unbinding would break code that assumes it is bound
      if (Generator* g = frame->record_->generator; g && g->has_gc_flag(kOld)) remember_cell(g);
    }
    return ok;
  });
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<Value> get_back(Thread& thread, Value self) {
  std::optional<StopTheWorld> stopped;
  if (may_end_meanwhile(thread, self.as<FrameObject>())) stopped.emplace(thread);
  FrameObject* back = frame_object_back(thread, self.as<FrameObject>());
  if (!back) return thread.has_pending() ? Result<Value>(failed) : Result<Value>(kNone);
  return Value(back);
}
static Result<Value> get_code(Thread& thread, Value self) {
  TRY(audit_read(thread, self, "f_code"));
  return Value(self.as<FrameObject>()->code_.get());
}
static Result<Value> get_globals(Thread&, Value self) { return Value(self.as<FrameObject>()->globals_.get()); }
static Result<Value> get_builtins(Thread&, Value self) { return shown_builtins(self.as<FrameObject>()->builtins_.get()); }
static Result<Value> get_locals(Thread& thread, Value self) { return frame_locals(thread, self.as<FrameObject>()); }
static Result<Value> get_lasti(Thread& thread, Value self) {
  auto* frame = self.as<FrameObject>();
  Value generator = frame->generator_.get();
  if (generator.is_present() && generator.as<Generator>()->is_in(GeneratorState::Created)) return Value::of_small_int(-1);
  u8 traced = 0;
  i64 pc;
  {
    std::optional<StopTheWorld> stopped;
    if (may_end_meanwhile(thread, frame)) stopped.emplace(thread);
    if (frame->record_) traced = frame->record_->is_traced;
    pc = static_cast<i64>(frame_object_pc(frame));
  }
  Code* code = frame->code_.get();
  if (is_being_begun(traced)) return Value::of_small_int(TRY(offset_of_first_resume(thread, code)));
  InstructionPart part = traced & kGoesOn       ? InstructionPart::Resume
                         : traced & kLineBegins ? InstructionPart::Start
                                                : InstructionPart::Work;
  return Value::of_small_int(TRY(offset_of_pc(thread, code, pc, part)));
}
static Result<Value> get_lineno(Thread& thread, Value self) {
  std::optional<StopTheWorld> stopped;
  if (may_end_meanwhile(thread, self.as<FrameObject>())) stopped.emplace(thread);
  i32 line = frame_object_line(self.as<FrameObject>());
  return line < 0 ? kNone : Value::of_small_int(line);
}

thread_local TraceEvent trace_event = TraceEvent::Call;
Result<i32> (*find_line_target)(Thread& thread, FrameObject* frame, i64 line) = nullptr;

// The interpreter carries the jump out when the trace function returns.
static Result<void> set_lineno(Thread& thread, Value self, Value v) {
  auto* frame = self.as<FrameObject>();
  if (v.is_absent()) return raise(thread, exceptions.AttributeError, "cannot delete attribute");
  if (!is_exact_int(v)) return raise_value_error(thread, "lineno must be an integer");
  switch (thread.tracing_ ? trace_event : TraceEvent::Call) {
    case TraceEvent::Line: break;
    case TraceEvent::Call: return raise_value_error(thread, "can't jump from the 'call' trace event of a new frame");
    default: return raise_value_error(thread, "can only jump from a 'line' trace event");
  }
  if (frame->trace_.get().is_absent() || !frame->record_)
    return raise_value_error(thread, "f_lineno can only be set by a trace function");
  i64 line;
  if (!int_to_i64(v, &line) || line > INT32_MAX || line < INT32_MIN) return raise_value_error(thread, "lineno out of range");
  frame->jump_target_ = TRY(find_line_target(thread, frame, line));
  frame->record_->is_shown = 1;  // the code goes ways that a look at its jumps doesn't find
  return ok;
}

static Result<Value> get_trace(Thread&, Value self) {
  Value v = self.as<FrameObject>()->trace_.get();
  return v.is_present() ? v : kNone;
}
static Result<void> set_trace(Thread&, Value self, Value v) {
  if (v.is_none()) v = Value();
  self.as<FrameObject>()->trace_.set(self.cell(), v);
  return ok;
}
static Result<void> check_bool(Thread& thread, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete numeric/char attribute");
  if (!v.is_bool()) return raise_type_error(thread, "attribute value type must be bool");
  return ok;
}
static Result<Value> get_trace_lines(Thread&, Value self) { return Value::of_bool(self.as<FrameObject>()->trace_lines_); }
static Result<void> set_trace_lines(Thread& thread, Value self, Value v) {
  TRY(check_bool(thread, v));
  self.as<FrameObject>()->trace_lines_ = v.is_true();
  return ok;
}
static Result<Value> get_trace_opcodes(Thread&, Value self) { return Value::of_bool(self.as<FrameObject>()->trace_opcodes_); }
static Result<void> set_trace_opcodes(Thread& thread, Value self, Value v) {
  TRY(check_bool(thread, v));
  self.as<FrameObject>()->trace_opcodes_ = v.is_true();
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Value> frame_clear(Thread& thread, FrameObject* frame) {
  Value generator = frame->generator_.get();
  if (frame->record_ && generator.is_present()) {
    auto* g = generator.as<Generator>();
    u8 state = __atomic_load_n(&g->state_, __ATOMIC_ACQUIRE);
    if (state == static_cast<u8>(GeneratorState::Running)) return raise_runtime_error(thread, "cannot clear an executing frame");
    generator_finalize(thread, g);
  } else if (frame->record_) {
    return raise_runtime_error(thread, "cannot clear an executing frame");
  }
  frame->cleared_ = true;
  if (!frame->record_) frame->kept_.set(frame, nullptr);
  frame->trace_.set(frame, Value());
  if (Dict* dict = frame->fast_locals_.get()) dict_clear_all(thread, dict);
  return kNone;
}

static Result<i64> frame_sizeof(Thread&, FrameObject* frame) {
  return static_cast<i64>(heap_cell_size(frame)) + static_cast<i64>(frame->code_->register_count_) * 8;
}

static Result<Str*> frame_repr(Thread& thread, FrameObject* frame) {
  return format_message(thread, "<frame at {}, file {!r}, line {}, code {}>", TRY(format_address(thread, Value(frame))),
                        Value(frame->code_->filename()), frame_object_line(frame), frame->code_->name());
}

// "0x7f..." as repr() of objects shows it.
Result<Str*> format_address(Thread& thread, Value v) {
  char text[20];
  int n = 0;
  u64 bits = object_id(v);
  int shift = 60;
  while (shift > 0 && !((bits >> shift) & 15)) shift -= 4;
  text[n++] = '0';
  text[n++] = 'x';
  for (; shift >= 0; shift -= 4) text[n++] = "0123456789abcdef"[(bits >> shift) & 15];
  return str_from_ascii(thread, {text, static_cast<usize>(n)});
}

static constinit NativeDef frame_methods[] = {
    native<frame_clear>("clear($self, /)", "F.clear(): clear most references held by the frame"),
    native<frame_sizeof>("__sizeof__($self, /)", "F.__sizeof__() -> size of F in memory, in bytes"),
    native<frame_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef frame_getsets[] = {
    {"f_back", get_back, nullptr, nullptr},
    {"f_code", get_code, nullptr, nullptr},
    {"f_globals", get_globals, nullptr, nullptr},
    {"f_builtins", get_builtins, nullptr, nullptr},
    {"f_locals", get_locals, nullptr, nullptr},
    {"f_lasti", get_lasti, nullptr, nullptr},
    {"f_lineno", get_lineno, set_lineno, nullptr},
    {"f_trace", get_trace, set_trace, nullptr},
    {"f_trace_lines", get_trace_lines, set_trace_lines, nullptr, true},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes, nullptr, true},
};
constinit TypeDef frame_def = {.name = "frame",
                               .kind = kKindFrame,
                               .payload_size = sizeof(FrameObject),
                               .flags = kTypeNoInstances,
                               .methods = frame_methods,
                               .method_count = count_of(frame_methods),
                               .getsets = frame_getsets,
                               .getset_count = 10,
                               .kind_info = kind_info_of<FrameObject>("frame")};

}  // namespace baton
