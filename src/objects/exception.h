// Exception instances (all built-in exception classes share this cell) and tracebacks.
#pragma once
#include "objects/tuple.h"

namespace baton {

class Traceback final : public Cell {
 public:
  static constexpr u16 kKind = kKindTraceback;
  static Type* type() { return types.traceback; }
  void init(Traceback* next, FrameObject* frame, i32 pc, i32 line) {
    next_.init(next);
    frame_.init(reinterpret_cast<Cell*>(frame));
    pc_ = pc;
    line_ = line;
  }
  Traceback* next() const { return next_.get(); }
  FrameObject* frame() const { return reinterpret_cast<FrameObject*>(frame_.get()); }
  void visit_edges(EdgeVisitor& visit) const { visit(next_, frame_); }

  Field<Traceback> next_;
  Field<Cell> frame_;
  i32 pc_;    // number of the instruction; negative: unknown
  i32 line_;  // -1: from lasti
};

class Exception final : public Cell {
 public:
  static constexpr u16 kKind = kKindException;
  void init(Tuple* args) {
    args_.init(args);
    traceback_.init(nullptr);
    context_.init(kNone);
    cause_.init(kNone);
    details_.init(nullptr);
    suppress_context_ = false;
    tail_.extra_.init(nullptr);
  }
  Tuple* args() const { return args_.get(); }
  Traceback* traceback() const { return traceback_.get(); }
  // Native attributes of OSError, SyntaxError, StopIteration ...: index by the enums in exception_details.h; null: all None.
  ValueArray* details() const { return details_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(args_, traceback_, context_, cause_, details_, tail_.extra_); }

  Field<Tuple> args_;
  Field<Traceback> traceback_;
  Field<Value> context_, cause_;  // None or an Exception
  Field<ValueArray> details_;
  bool suppress_context_;
  ObjectTail tail_;
};

// Makes the types of exceptions.def; after init_core_types, before anything can raise.
void init_exceptions(Thread& thread);
// An instance of an exception type without running Python when type is built-in.
Result<Exception*> make_exception(Thread& thread, Type* type, const Value* args, usize n);
// Value of a StopIteration instance.
Value stop_iteration_value(Exception* exception);
Result<void> traceback_here(Thread& thread, Exception* exception, Frame* frame);  // prepends an entry for frame
i32 traceback_line(const Traceback* traceback);
// Prints the exception with its traceback, chained ones too, to sys.stderr as the interpreter does.
Result<void> print_exception(Thread& thread, Value exception, Value file);
Result<Str*> format_exception_text(Thread& thread, Value exception);  // what print_exception prints
// What an ignored exception shows: traceback, type and str(value), without chain and notes.
Result<Str*> ignored_exception_text(Thread& thread, Value type, Value value, Value tb);
// SyntaxError and friends with details (line text may be absent -> None; offsets 1-based; an end_offset of INT64_MIN -> None).
Failed raise_syntax_error(Thread& thread, Type* type, Value message, Value filename, i64 line, i64 offset, Value text,
                          i64 end_line, i64 end_offset);

}  // namespace baton
