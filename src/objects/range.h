// range: start, stop, step and length are exact ints of any size; kept also as machine numbers when all fit.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class Range final : public Cell {
 public:
  static constexpr u16 kKind = kKindRange;
  static Type* type() { return types.range; }
  void init(Value start, Value stop, Value step, Value length) {
    start_.init(start);
    stop_.init(stop);
    step_.init(step);
    length_.init(length);
    is_small_ = start.is_small_int() && stop.is_small_int() && step.is_small_int() && length.is_small_int();
    small_start_ = is_small_ ? start.small_int() : 0;
    small_step_ = is_small_ ? step.small_int() : 0;
    small_length_ = is_small_ ? length.small_int() : 0;
  }
  Value start() const { return start_.get(); }
  Value stop() const { return stop_.get(); }
  Value step() const { return step_.get(); }
  Value length() const { return length_.get(); }
  // All four are small ints; then item i is small_start_ + i * small_step_, also a small int.
  bool is_small() const { return is_small_; }
  void visit_edges(EdgeVisitor& visit) const { visit(start_, stop_, step_, length_); }

  Field<Value> start_, stop_, step_, length_;
  i64 small_start_, small_step_, small_length_;
  bool is_small_;
};
// Exact ints in; ValueError when step is zero.
Result<Range*> make_range(Thread& thread, Value start, Value stop, Value step);

}  // namespace baton
