// traceback objects, and adding entries while an exception travels. Their text is made in traceback_text.cpp.
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/frame_trace.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/stack_code.h"

namespace baton {

Result<void> traceback_here(Thread& thread, Exception* exception, Frame* frame) {
  FrameObject* object = TRY(frame_object_of(thread, frame));
  i32 pc = static_cast<i32>(frame_pc(frame)), line = frame->code->repeated_position_at(static_cast<u32>(pc)).line;
  if (is_being_begun(frame->is_traced)) {
    pc = pc_for_given_offset(static_cast<i32>(TRY(offset_of_first_resume(thread, frame->code))));
    line = frame_object_line(object);
  }
  Traceback* entry = TRY(make<Traceback>(thread, exception->traceback(), object, pc, line));
  exception->traceback_.set(exception, entry);
  return ok;
}

Result<i64> traceback_pc(Thread& thread, const Traceback* tb) {
  if (tb->pc_ >= -1) return i64{tb->pc_};
  return pc_of_offset(thread, tb->frame()->code_.get(), given_offset(tb->pc_));
}

i32 traceback_line(const Traceback* tb) {
  if (tb->line_ >= 0) return tb->line_;
  Thread& thread = current_thread();
  Result<i64> pc = traceback_pc(thread, tb);
  if (pc.is_failed()) {
    thread.clear_pending();  // out of memory: the line stays unknown
    return -1;
  }
  return tb->frame()->code_->position_at(static_cast<u32>(pc.value())).line;
}

static Result<Value> traceback_new(Thread& thread, Type* type, Value next, Value frame, int lasti, int line) {
  if (!next.is_none() && !is<Traceback>(next))
    return raise_type_error(thread, "expected traceback object or None, got '{!t}'", next);
  if (!is<FrameObject>(frame))
    return raise_type_error(thread, "TracebackType() argument 'tb_frame' must be frame, not {}",
                            frame.is_none() ? intern(thread, "None") : type_name(frame));
  return make_of<Traceback>(thread, type, next.is_none() ? nullptr : next.as<Traceback>(), frame.as<FrameObject>(),
                            pc_for_given_offset(lasti), static_cast<i32>(line));
}

static Result<Value> traceback_dir(Thread& thread, Traceback*) {
  Value items[4] = {Value(intern(thread, "tb_frame")), Value(intern(thread, "tb_next")), Value(intern(thread, "tb_lasti")),
                    Value(intern(thread, "tb_lineno"))};
  return make_list(thread, items, 4);
}

static Result<Value> get_frame(Thread& thread, Value self) {
  TRY(audit_read(thread, self, "tb_frame"));
  return Value(self.as<Traceback>()->frame());
}
static Result<Value> get_lasti(Thread& thread, Value self) {
  auto* tb = self.as<Traceback>();
  if (tb->pc_ < -1) return Value::of_small_int(given_offset(tb->pc_));
  return Value::of_small_int(TRY(offset_of_pc(thread, tb->frame()->code_.get(), tb->pc_)));
}
static Result<Value> get_line(Thread&, Value self) { return Value::of_small_int(traceback_line(self.as<Traceback>())); }
static Result<Value> get_next(Thread&, Value self) {
  Traceback* next = self.as<Traceback>()->next();
  return next ? Value(next) : kNone;
}
static Result<void> set_next(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete tb_next attribute");
  if (!v.is_none() && !is<Traceback>(v)) return raise_type_error(thread, "expected traceback object, got '{!t}'", v);
  Traceback* next = v.is_none() ? nullptr : v.as<Traceback>();
  for (Traceback* t = next; t; t = t->next())
    if (Value(t) == self) return raise_value_error(thread, "traceback loop detected");
  self.as<Traceback>()->next_.set(self.cell(), next);
  return ok;
}

static constinit NativeDef traceback_methods[] = {
    native<traceback_new>("__new__(type, tb_next, tb_frame, tb_lasti, tb_lineno)",
                          "Make an instance; the class's own help describes the arguments."),
    native<traceback_dir>("__dir__($self, /)", nullptr),
};
static GetSetDef traceback_getsets[] = {
    {"tb_frame", get_frame, nullptr, nullptr, true},
    {"tb_next", get_next, set_next, nullptr},
    {"tb_lasti", get_lasti, nullptr, nullptr, true},
    {"tb_lineno", get_line, nullptr, nullptr, true},
};
constinit TypeDef traceback_def = {
    .name = "traceback",
    .doc = "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nCreate a new traceback object.",
    .kind = kKindTraceback,
    .payload_size = sizeof(Traceback),
    .methods = traceback_methods,
    .method_count = count_of(traceback_methods),
    .getsets = traceback_getsets,
    .getset_count = 4,
    .kind_info = kind_info_of<Traceback>("traceback")};

}  // namespace baton
