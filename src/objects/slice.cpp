// slice objects, and what their indices come to for a given length.
#include "base/siphash.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

static Result<Index> slice_part(Thread& thread, Value v) {
  if (v.is_small_int()) return v.small_int();
  if (!has_index(v)) return raise_type_error(thread, "slice indices must be integers or None or have an __index__ method");
  return to_index_clipped(thread, v);
}

Result<SliceRange> slice_resolve(Thread& thread, Slice* slice, Index length) {
  return slice_resolve(thread, slice->start(), slice->stop(), slice->step(), length);
}

Result<SliceRange> slice_resolve(Thread& thread, Value first, Value last, Value stride, Index length) {
  Index step = 1;
  if (!stride.is_none()) {
    step = TRY(slice_part(thread, stride));
    if (step == 0) return raise_value_error(thread, "slice step cannot be zero");
    if (step < -kMaxIndex) step = -kMaxIndex;
  }
  Index low = step < 0 ? -1 : 0, high = step < 0 ? length - 1 : length;
  Index start = step < 0 ? high : low, stop = step < 0 ? low : high;
  if (!first.is_none()) {
    start = TRY(slice_part(thread, first));
    if (start < 0)
      start = start + length < low ? low : start + length;
    else if (start > high)
      start = high;
  }
  if (!last.is_none()) {
    stop = TRY(slice_part(thread, last));
    if (stop < 0)
      stop = stop + length < low ? low : stop + length;
    else if (stop > high)
      stop = high;
  }
  Index count = 0;
  if (step > 0 && start < stop) count = step == 1 ? stop - start : (stop - start - 1) / step + 1;
  if (step < 0 && stop < start) count = step == -1 ? start - stop : (start - stop - 1) / -step + 1;
  if (step == 1 && stop < start) stop = start;
  return SliceRange{start, stop, step, count};
}

static Result<Value> slice_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_new_type(thread, args, n, types.slice));
  TRY(check_no_keywords(thread, "slice", kwnames));
  TRY(check_positional(thread, "slice", n - 1, 1, 3));
  if (n == 2) return make<Slice>(thread, kNone, args[1], kNone);
  return make<Slice>(thread, args[1], args[2], n == 4 ? args[3] : kNone);
}

static Result<Str*> slice_repr(Thread& thread, Slice* self) {
  return format_message(thread, "slice({!r}, {!r}, {!r})", self->start(), self->stop(), self->step());
}

static Result<Value> as_tuple(Thread& thread, Slice* self) {
  return TRY(tuple_of(thread, self->start(), self->stop(), self->step()));
}

template <CompareOp op>
static Result<Value> slice_compare(Thread& thread, Slice* self, Value other) {
  if (!is<Slice>(other)) return kNotImplemented;
  if (Value(self) == other) return Value::of_bool(op == CompareOp::Eq || op == CompareOp::Le || op == CompareOp::Ge);
  return rich_compare(thread, op, TRY(as_tuple(thread, self)), TRY(as_tuple(thread, other.as<Slice>())));
}

// One bound of indices(), with ints of any size: clipped to [low, high] after counting negatives from the end.
static Result<Value> clip_part(Thread& thread, Value part, Value length, Value low, Value high) {
  if (!has_index(part)) return raise_type_error(thread, "slice indices must be integers or None or have an __index__ method");
  Value v = TRY(to_index(thread, part));
  if (int_sign(v) < 0) {
    v = TRY(int_add(thread, v, length));
    return int_compare(v, low) < 0 ? low : v;
  }
  return int_compare(v, high) > 0 ? high : v;
}

// (start, stop, step) for a length that may be any int.
Result<Tuple*> slice_indices_of(Thread& thread, Slice* self, Value length) {
  Value step = Value::of_small_int(1);
  if (!self->step().is_none()) {
    if (!has_index(self->step()))
      return raise_type_error(thread, "slice indices must be integers or None or have an __index__ method");
    step = TRY(to_index(thread, self->step()));
    if (int_sign(step) == 0) return raise_value_error(thread, "slice step cannot be zero");
  }
  bool backwards = int_sign(step) < 0;
  Value low = Value::of_small_int(backwards ? -1 : 0);
  Value high = backwards ? TRY(int_sub(thread, length, Value::of_small_int(1))) : length;
  Value start = backwards ? high : low, stop = backwards ? low : high;
  if (!self->start().is_none()) start = TRY(clip_part(thread, self->start(), length, low, high));
  if (!self->stop().is_none()) stop = TRY(clip_part(thread, self->stop(), length, low, high));
  return tuple_of(thread, start, stop, step);
}

static Result<Tuple*> slice_indices(Thread& thread, Slice* self, Value length_object) {
  Value length = TRY(to_index(thread, length_object));
  if (int_sign(length) < 0) return raise_value_error(thread, "length should not be negative");
  return slice_indices_of(thread, self, length);
}

static Result<Value> slice_reduce(Thread& thread, Slice* self) {
  return TRY(tuple_of(thread, Value(types.slice), TRY(as_tuple(thread, self))));
}

static Result<Value> get_start(Thread&, Value self) { return self.as<Slice>()->start(); }
static Result<Value> get_stop(Thread&, Value self) { return self.as<Slice>()->stop(); }
static Result<Value> get_step(Thread&, Value self) { return self.as<Slice>()->step(); }
static constinit GetSetDef slice_getsets[] = {{"start", get_start, nullptr, nullptr, true},
                                              {"stop", get_stop, nullptr, nullptr, true},
                                              {"step", get_step, nullptr, nullptr, true}};

static constinit NativeDef slice_methods[] = {
    native_raw(slice_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<slice_repr>("__repr__($self, /)", "Return repr(self)."),
    native<slice_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<slice_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<slice_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<slice_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<slice_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<slice_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<slice_indices>(
        "indices($self, len, /)",
        "Work out what this slice selects from a sequence of a given length.\n\nTakes the length and returns a tuple of three "
        "ints, start, stop and step, that\nsuit range(): parts that were None have their defaults, negative positions\ncount "
        "from the start again, and what lies outside is moved to the edge."),
    native<slice_reduce>("__reduce__($self, /)", "Return state information for pickling."),
};
constinit TypeDef slice_def = {
    .name = "slice",
    .doc =
        "slice(stop)\nslice(start, stop[, step])\n\nDescribe a part of a sequence, from start up to, but without, stop. "
        "s[2:8:3]\ndoes the same as s[slice(2, 8, 3)]. Parts left out are None.",
    .kind = kKindSlice,
    .payload_size = sizeof(Slice),
    .methods = slice_methods,
    .method_count = count_of(slice_methods),
    .getsets = slice_getsets,
    .getset_count = 3,
    .kind_info = kind_info_of<Slice>("slice"),
};

}  // namespace baton
