// memoryview: views of buffers with any number of dimensions; indexing, slicing of one dimension, casts, release.
//
// Views cut from each other share a ManagedBuffer, which stands for one export of the exporter. It is given back when the last of
// them is released, or when the collector finds the ManagedBuffer dead (see release_dead_exports).
#include "objects/memoryview.h"

#include <cstdlib>
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/memoryview_items.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

static TypeDef managed_buffer_def = {.name = "managedbuffer",
                                     .dynamic_kind = &DynamicKind<ManagedBuffer>::value,
                                     .payload_size = sizeof(ManagedBuffer),
                                     .flags = kTypeNoInstances,
                                     .kind_info = kind_info_of<ManagedBuffer>("managedbuffer"),
                                     .finish = finish_buffer_owner};

static Result<void> check_released(Thread& thread, MemoryView* self) {
  if (self->released_) return raise_value_error(thread, "operation forbidden on released memoryview object");
  return ok;
}

// --- making views

static Result<MemoryView*> new_view(Thread& thread, MemoryView* from, int ndim) {
  MemoryView* view = TRY(make<MemoryView>(thread, ndim));
  CriticalSection guard(thread, from);  // once counted, the export stays whatever becomes of `from`
  ManagedBuffer* managed = from->managed_.get();
  if (!managed) return raise_value_error(thread, "operation forbidden on released memoryview object");
  __atomic_fetch_add(&managed->views_, 1, __ATOMIC_SEQ_CST);
  view->managed_.set(view, managed);
  view->data_ = from->data_;
  view->size_ = from->size_;
  view->itemsize_ = from->itemsize_;
  view->format_ = from->format_;
  view->readonly_ = from->readonly_;
  return view;
}

static Result<MemoryView*> copy_view(Thread& thread, MemoryView* from) {
  MemoryView* view = TRY(new_view(thread, from, from->ndim_));
  memcpy(view->shape(), from->shape(), 2 * static_cast<usize>(from->ndim_) * sizeof(Index));
  return view;
}

static void set_contiguous_strides(MemoryView* view) {
  Index stride = view->itemsize_;
  for (int i = view->ndim_ - 1; i >= 0; --i) {
    view->strides()[i] = stride;
    stride *= view->shape()[i];
  }
}

static Result<Value> view_of_buffer(Thread& thread, Value exporter, const BufferInfo& info) {
  Type* type = TRY(type_from_def(thread, managed_buffer_def));
  ManagedBuffer* managed = TRY(make_of<ManagedBuffer>(thread, type, exporter.cell()));
  MemoryView* view = TRY(make<MemoryView>(thread, info.ndim));
  if (!is<Bytes>(exporter) && !remember_export(thread, managed, exporter.cell())) return raise_memory_error(thread);
  managed->views_ = 1;
  view->managed_.set(view, managed);
  view->data_ = info.data;
  view->size_ = static_cast<Index>(info.size);
  view->itemsize_ = info.itemsize;
  view->format_ = info.format ? info.format : "B";
  view->readonly_ = info.readonly;
  if (info.shape)
    memcpy(view->shape(), info.shape, static_cast<usize>(info.ndim) * sizeof(Index));
  else if (info.ndim == 1)
    view->shape()[0] = info.itemsize ? static_cast<Index>(info.size) / info.itemsize : 0;
  if (info.strides)
    memcpy(view->strides(), info.strides, static_cast<usize>(info.ndim) * sizeof(Index));
  else
    set_contiguous_strides(view);
  return view;
}

Result<Value> make_memoryview(Thread& thread, Value exporter) {
  if (MemoryView* source = cast<MemoryView>(exporter)) {
    TRY(check_released(thread, source));
    return TRY(copy_view(thread, source));
  }
  if (BufferViewOf view_of = buffer_view_of(exporter)) return TRY(copy_view(thread, TRY(view_of(thread, exporter.cell()))));
  BufferInfo info;
  if (!TRY(get_buffer(thread, exporter, &info, false)))
    return raise_type_error(thread, "memoryview: a bytes-like object is required, not '{!t}'", exporter);
  Result<Value> view = view_of_buffer(thread, exporter, info);
  if (view.is_failed()) release_exported(exporter.cell());
  return view;
}

Result<Value> memoryview_of_memory(Thread& thread, u8* data, usize size, bool readonly) {
  const BufferInfo info = {data, size, readonly, "B", 1, 1, nullptr, nullptr};
  Value view = TRY(view_of_buffer(thread, Value(TRY(bytes_from(thread, "", 0))), info));
  view.as<MemoryView>()->managed_->nameless_ = true;
  return view;
}

static Result<Value> memoryview_new(Thread& thread, Type* type, Value object) {
  TRY(check_subtype(thread, type, types.memoryview));
  return make_memoryview(thread, object);
}

// --- release, and the buffers that views hand out

static Result<void> release_view(Thread& thread, MemoryView* self) {
  ManagedBuffer* managed;
  {
    CriticalSection guard(thread, self);
    if (self->released_) return ok;
    if (u32 exports = __atomic_load_n(&self->exports_, __ATOMIC_SEQ_CST))
      return raise_buffer_error(thread, "memoryview has {} exported buffer{}", static_cast<i64>(exports),
                                exports == 1 ? "" : "s");
    managed = self->managed_.get();
    self->released_ = true;
    self->managed_.clear();
  }
  if (!managed || __atomic_sub_fetch(&managed->views_, 1, __ATOMIC_SEQ_CST) != 0) return ok;
  managed->released_ = true;
  forget_export(thread, managed);
  release_exported(managed->exporter());
  return ok;
}

Result<bool> memoryview_get_buffer(Thread& thread, MemoryView* self, BufferInfo* out, bool writable) {
  CriticalSection guard(thread, self);
  TRY(check_released(thread, self));
  if (writable && self->readonly_) return raise_buffer_error(thread, "memoryview: underlying buffer is not writable");
  __atomic_fetch_add(&self->exports_, 1, __ATOMIC_SEQ_CST);
  *out = {self->data_,     static_cast<usize>(self->size_),
          self->readonly_, self->format_,
          self->itemsize_, self->ndim_,
          self->shape(),   self->strides()};
  return true;
}

void memoryview_release_buffer(MemoryView* self) { __atomic_fetch_sub(&self->exports_, 1, __ATOMIC_SEQ_CST); }

// A view that nobody else can release, for what looks at all of it: where threads run in parallel one of our own.
class OwnView {
 public:
  explicit OwnView(Thread& thread) : thread_(thread) {}
  OwnView(const OwnView&) = delete;
  OwnView& operator=(const OwnView&) = delete;
  ~OwnView() {
    if (mine_) (void)release_view(thread_, mine_);  // nothing was exported from it
  }
  // Raises ValueError if the view has been released.
  Result<MemoryView*> of(MemoryView* view) {
    TRY(check_released(thread_, view));
    if (!objects_are_locked()) return view;
    mine_ = TRY(copy_view(thread_, view));
    return mine_;
  }

 private:
  Thread& thread_;
  MemoryView* mine_ = nullptr;
};

// The cell whose lock those hold who write to the memory: its exporter.
static Cell* writers_lock(MemoryView* view) {
  ManagedBuffer* managed = view->managed_.get();
  return managed ? managed->exporter() : view;
}

// While an item is read or written: the view isn't released, and nobody else writes.
class ItemGuard {
 public:
  ItemGuard(Thread& thread, MemoryView* view) : guard_(thread, view, writers_lock(view)) {}

 private:
  CriticalSection guard_;
};

// --- subscripts

// An index made for dimension `dimension`; the item's distance from the first one is added to *at.
static Result<void> step_into(Thread& thread, MemoryView* self, int dimension, Index i, Index* at) {
  Index n = self->shape()[dimension];
  if (i < 0) i += n;
  if (i < 0 || i >= n) return raise_index_error(thread, "index out of bounds on dimension {}", dimension + 1);
  *at += i * self->strides()[dimension];
  return ok;
}

static bool is_multi_index(Value key) {
  Tuple* tuple = cast<Tuple>(key);
  if (!tuple) return false;
  for (Index i = 0; i < tuple->length(); ++i)
    if (!is_index(tuple->at(i))) return false;
  return true;
}

static bool is_multi_slice(Value key) {
  Tuple* tuple = cast<Tuple>(key);
  if (!tuple || tuple->length() == 0) return false;
  for (Index i = 0; i < tuple->length(); ++i)
    if (!is<Slice>(tuple->at(i))) return false;
  return true;
}

static Result<Index> item_of_tuple(Thread& thread, MemoryView* self, Tuple* key) {
  if (key->length() < self->ndim_) return raise_not_implemented(thread, "sub-views are not implemented");
  if (key->length() > self->ndim_) {
    return raise_type_error(thread, "cannot index {}-dimension view with {}-element tuple", self->ndim_,
                            static_cast<i64>(key->length()));
  }
  Index at = 0;
  for (int i = 0; i < self->ndim_; ++i) {
    Index index = TRY(to_index_checked(thread, key->at(i)));
    TRY(check_released(thread, self));
    TRY(step_into(thread, self, i, index, &at));
  }
  return at;
}

static Result<Value> read_item_at(Thread& thread, MemoryView* self, Index at) {
  ItemGuard guard(thread, self);
  TRY(check_released(thread, self));
  return unpack_item(thread, self->data_ + at, self->format_);
}

static BATON_COLD Failed raise_unsupported_format(Thread& thread, const char* format) {
  return raise_not_implemented(thread, "memoryview: unsupported format {}", format);
}
// Asked before the index is looked at.
static Result<void> check_format(Thread& thread, MemoryView* self) {
  if (!native_format(self->format_)) return raise_unsupported_format(thread, self->format_);
  return ok;
}
// Converting the value may release the view: it is written only afterwards.
static Result<void> write_item_at(Thread& thread, MemoryView* self, Index at, Value value) {
  u8 packed[8];
  if (!native_format(self->format_)) return raise_unsupported_format(thread, self->format_);
  TRY(pack_item(thread, packed, self->format_, value));
  ItemGuard guard(thread, self);
  TRY(check_released(thread, self));
  memcpy(self->data_ + at, packed, static_cast<usize>(self->itemsize_));
  return ok;
}

static Result<Value> slice_view(Thread& thread, MemoryView* self, Slice* slice) {
  MemoryView* view = TRY(copy_view(thread, self));  // first: __index__ may release self, not the new view
  SliceRange range = TRY(slice_resolve(thread, slice, view->shape()[0]));
  Index length = range.length < 0 ? 0 : range.length;
  view->data_ += range.start * view->strides()[0];
  view->shape()[0] = length;
  view->strides()[0] *= range.step;
  Index size = view->itemsize_;
  for (int i = 0; i < view->ndim_; ++i) size *= view->shape()[i];
  view->size_ = size;
  return view;
}

static Result<Value> memoryview_item(Thread& thread, MemoryView* self, Index i) {
  TRY(check_released(thread, self));
  TRY(check_format(thread, self));
  if (self->ndim_ == 0) return raise_type_error(thread, "invalid indexing of 0-dim memory");
  if (self->ndim_ != 1) return raise_not_implemented(thread, "multi-dimensional sub-views are not implemented");
  Index at = 0;
  TRY(step_into(thread, self, 0, i, &at));
  return read_item_at(thread, self, at);
}

static Result<Value> memoryview_getitem(Thread& thread, MemoryView* self, Value key) {
  TRY(check_released(thread, self));
  if (self->ndim_ == 0) {
    if (is<Tuple>(key) && key.as<Tuple>()->length() == 0) return read_item_at(thread, self, 0);
    if (key == kEllipsis) return self;
    return raise_type_error(thread, "invalid indexing of 0-dim memory");
  }
  if (is_index(key)) return memoryview_item(thread, self, TRY(to_index_checked(thread, key)));
  if (is<Slice>(key)) return slice_view(thread, self, key.as<Slice>());
  if (is_multi_index(key)) {
    TRY(check_format(thread, self));
    Index at = TRY(item_of_tuple(thread, self, key.as<Tuple>()));
    return read_item_at(thread, self, at);
  }
  if (is_multi_slice(key)) return raise_not_implemented(thread, "multi-dimensional slicing is not implemented");
  return raise_type_error(thread, "memoryview: invalid slice key");
}

static bool same_format(const char* a, const char* b) {
  if (*a == '@') ++a;
  if (*b == '@') ++b;
  return strcmp(a, b) == 0;
}

// Assigns the items of a buffer of the same structure; source and destination may overlap.
static bool is_plain_bound(Value v) { return v.is_none() || v.is_small_int(); }  // nothing runs

// Adjacent bytes by those of a bytes object, which is no part of them: no views, no copy. False: something else.
static Result<bool> assign_bytes(Thread& thread, MemoryView* self, Slice* slice, Value value) {
  if (!is<Bytes>(value) || self->itemsize_ != 1 || !same_format(self->format_, "B") || self->strides()[0] != 1 ||
      !(slice->step().is_none() && is_plain_bound(slice->start()) && is_plain_bound(slice->stop())))
    return false;
  SliceRange range = TRY(slice_resolve(thread, slice, self->shape()[0]));
  Bytes* bytes = value.as<Bytes>();
  if ((range.length < 0 ? 0 : range.length) != bytes->length()) return false;  // which is an error
  ItemGuard guard(thread, self);
  TRY(check_released(thread, self));
  if (bytes->length()) memcpy(self->data_ + range.start, bytes->data(), static_cast<usize>(bytes->length()));
  return true;
}

static Result<void> assign_slice(Thread& thread, MemoryView* self, Slice* slice, Value value) {
  if (TRY(assign_bytes(thread, self, slice, value))) return ok;
  Value source = TRY(is<MemoryView>(value) || has_buffer(value)
                         ? make_memoryview(thread, value)
                         : Result<Value>(raise_type_error(thread, "a bytes-like object is required, not '{!t}'", value)));
  MemoryView* from = source.as<MemoryView>();
  Result<void> done = [&]() -> Result<void> {
    MemoryView* to = TRY(slice_view(thread, self, slice)).as<MemoryView>();
    TRY(check_released(thread, self));
    bool same = from->ndim_ == 1 && from->itemsize_ == to->itemsize_ && same_format(from->format_, to->format_) &&
                from->shape()[0] == to->shape()[0];
    if (!same) {
      (void)release_view(thread, to);
      return raise_value_error(thread, "memoryview assignment: lvalue and rvalue have different structures");
    }
    Index n = to->shape()[0], item = to->itemsize_;
    u8* copy = static_cast<u8*>(malloc(static_cast<usize>(n * item) + 1));
    if (!copy) return raise_memory_error(thread);
    {
      CriticalSection guard(thread, writers_lock(from));
      copy_items(shape_of_view(from), copy);
    }
    {
      CriticalSection guard(thread, writers_lock(to));
      for (Index i = 0; i < n; ++i) memcpy(to->data_ + i * to->strides()[0], copy + i * item, static_cast<usize>(item));
    }
    free(copy);
    return release_view(thread, to);
  }();
  if (!done.is_failed()) return release_view(thread, from);
  Exception* pending = thread.take_pending();
  (void)release_view(thread, from);  // nothing was exported from it
  thread.set_pending(pending);
  return failed;
}

static Result<void> memoryview_setitem(Thread& thread, MemoryView* self, Value key, Value value) {
  TRY(check_released(thread, self));
  TRY(check_format(thread, self));
  if (self->readonly_) return raise_type_error(thread, "cannot modify read-only memory");
  if (self->ndim_ == 0) {
    if (key == kEllipsis || (is<Tuple>(key) && key.as<Tuple>()->length() == 0)) return write_item_at(thread, self, 0, value);
    return raise_type_error(thread, "invalid indexing of 0-dim memory");
  }
  if (is_index(key)) {
    if (self->ndim_ > 1) return raise_not_implemented(thread, "sub-views are not implemented");
    Index i = TRY(to_index_checked(thread, key));
    TRY(check_released(thread, self));
    Index at = 0;
    TRY(step_into(thread, self, 0, i, &at));
    return write_item_at(thread, self, at, value);
  }
  if (is<Slice>(key) && self->ndim_ == 1) return assign_slice(thread, self, key.as<Slice>(), value);
  if (is_multi_index(key)) {
    Tuple* tuple = key.as<Tuple>();
    if (tuple->length() < self->ndim_) return raise_not_implemented(thread, "sub-views are not implemented");
    Index at = TRY(item_of_tuple(thread, self, tuple));
    return write_item_at(thread, self, at, value);
  }
  if (is<Slice>(key) || is_multi_slice(key)) {
    return raise_not_implemented(thread, "memoryview slice assignments are currently restricted to ndim = 1");
  }
  return raise_type_error(thread, "memoryview: invalid slice key");
}

static Result<void> memoryview_delitem(Thread& thread, MemoryView* self, Value) {
  TRY(check_released(thread, self));
  if (self->readonly_) return raise_type_error(thread, "cannot modify read-only memory");
  return raise_type_error(thread, "cannot delete memory");
}

static Result<i64> memoryview_len(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  return self->ndim_ == 0 ? 1 : self->shape()[0];
}

// --- cast

static Result<void> check_cast_shape(Thread& thread, MemoryView* self, Value shape, Index itemsize, Index* out, int ndim) {
  Index product = 1;
  for (int i = 0; i < ndim; ++i) {
    Value item = is<Tuple>(shape) ? shape.as<Tuple>()->at(i) : shape.as<List>()->try_at(i);
    if (!is_int(item)) return raise_type_error(thread, "memoryview.cast(): elements of shape must be integers");
    i64 n;
    if (!int_to_i64(int_exact(item), &n)) return raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
    if (n <= 0) return raise_value_error(thread, "memoryview.cast(): elements of shape must be integers > 0");
    if (n > kMaxIndex / product) return raise_value_error(thread, "memoryview.cast(): product(shape) > SSIZE_MAX");
    product *= n;
    out[i] = n;
  }
  Index bytes;
  if (__builtin_mul_overflow(product, itemsize, &bytes) || bytes != self->size_) {
    return raise_type_error(thread, "memoryview: product(shape) * itemsize != buffer size");
  }
  return ok;
}

// What a view says of itself: an empty row with a stride of its own is not contiguous, though its bytes, there being none, are.
static bool lies_in_a_row(const BufferShape& shape) { return shape.shape[0] == 1 || shape.strides[0] == shape.itemsize; }
static bool lies_in_c_order(MemoryView* self) {
  BufferShape shape = shape_of_view(self);
  return shape.ndim == 1 ? lies_in_a_row(shape) : is_c_contiguous(shape);
}
static bool lies_in_fortran_order(MemoryView* self) {
  BufferShape shape = shape_of_view(self);
  return shape.ndim == 1 ? lies_in_a_row(shape) : is_fortran_contiguous(shape);
}

static Result<Value> memoryview_cast(Thread& thread, MemoryView* self, Str* format, Optional<Value> shape) {
  TRY(check_released(thread, self));
  if (!lies_in_c_order(self)) return raise_type_error(thread, "memoryview: casts are restricted to C-contiguous views");
  bool has_shape = shape.present && !shape.value.is_none();
  if (has_shape || self->ndim_ != 1) {
    for (int i = 0; i < self->ndim_; ++i)
      if (self->shape()[i] == 0) return raise_type_error(thread, "memoryview: cannot cast view with zeros in shape or strides");
  }
  int ndim = 1;
  if (has_shape) {
    if (!is<List>(shape.value) && !is<Tuple>(shape.value)) return raise_type_error(thread, "shape must be a list or a tuple");
    Index n = is<List>(shape.value) ? shape.value.as<List>()->length() : shape.value.as<Tuple>()->length();
    if (n > MemoryView::kMaxDimensions) return raise_value_error(thread, "memoryview: number of dimensions must not exceed 64");
    ndim = static_cast<int>(n);
    if (self->ndim_ != 1 && ndim != 1) return raise_type_error(thread, "memoryview: cast must be 1D -> ND or ND -> 1D");
  }
  char source = native_format(self->format_);  // 0: another format, which can be cast to bytes only
  char text[3] = {};
  bool short_enough = format->is_ascii() && format->length() >= 1 && format->length() <= 2;
  if (short_enough) memcpy(text, format->data(), static_cast<usize>(format->length()));
  char target = short_enough ? native_format(text) : 0;
  if (!target)
    return raise_value_error(
        thread, "memoryview: destination format must be a native single character format prefixed with an optional '@'");
  auto is_byte = [](char f) { return f == 'B' || f == 'b' || f == 'c'; };
  if (!is_byte(source) && !is_byte(target))
    return raise_type_error(thread, "memoryview: cannot cast between two non-byte formats");
  Index itemsize = native_item_size(target);
  if (self->size_ % itemsize) return raise_type_error(thread, "memoryview: length is not a multiple of itemsize");
  Index dimensions[MemoryView::kMaxDimensions];
  if (has_shape)
    TRY(check_cast_shape(thread, self, shape.value, itemsize, dimensions, ndim));
  else
    dimensions[0] = self->size_ / itemsize;
  MemoryView* view = TRY(new_view(thread, self, ndim));
  view->format_ = native_format_literal(target, text[0] == '@');
  view->itemsize_ = itemsize;
  memcpy(view->shape(), dimensions, static_cast<usize>(ndim) * sizeof(Index));
  set_contiguous_strides(view);
  return view;
}

// --- conversions

static Result<Bytes*> view_bytes(Thread& thread, MemoryView* view) {
  OwnView own(thread);
  MemoryView* self = TRY(own.of(view));
  Bytes* bytes = TRY(bytes_allocate(thread, static_cast<usize>(self->size_)));
  CriticalSection guard(thread, writers_lock(self));
  if (self->size_) copy_items(shape_of_view(self), bytes_mutable_data(bytes));
  return bytes;
}

Result<Bytes*> memoryview_bytes(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  return view_bytes(thread, self);
}

static Result<Value> memoryview_tobytes(Thread& thread, MemoryView* self, Value order) {
  TRY(check_released(thread, self));
  u32 which = 'C';
  if (!order.is_none()) {
    Str* text = cast<Str>(order);
    if (!text) return raise_type_error(thread, "tobytes() argument 'order' must be str or None, not {!t}", order);
    which = text->length() == 1 ? text->at(0) : 0;
    if (which != 'C' && which != 'F' && which != 'A') return raise_value_error(thread, "order must be 'C', 'F' or 'A'");
  }
  BufferShape shape = shape_of_view(self);
  bool fortran = which == 'F' || (which == 'A' && is_fortran_contiguous(shape) && !is_c_contiguous(shape));
  if (!fortran || self->ndim_ <= 1) return TRY(view_bytes(thread, self));
  OwnView own(thread);
  (void)TRY(own.of(self));
  Bytes* bytes = TRY(bytes_allocate(thread, static_cast<usize>(self->size_)));
  CriticalSection guard(thread, writers_lock(self));
  if (self->size_) copy_items_fortran(shape, bytes_mutable_data(bytes));
  return bytes;
}

bool memoryview_is_row(const MemoryView* self) { return !self->released_ && self->ndim_ == 1 && native_format(self->format_); }

Result<Value> memoryview_tolist(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  if (!native_format(self->format_)) return raise_unsupported_format(thread, self->format_);
  OwnView own(thread);
  return items_to_list(thread, shape_of_view(TRY(own.of(self))));
}

static Result<Str*> memoryview_hex(Thread& thread, MemoryView* self, Optional<Value> sep, Index bytes_per_sep) {
  TRY(check_released(thread, self));
  Bytes* bytes = TRY(view_bytes(thread, self));
  return bytes_hex_method(thread, span_of(thread, bytes), sep, bytes_per_sep);
}

static Result<Value> memoryview_toreadonly(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  MemoryView* view = TRY(copy_view(thread, self));
  view->readonly_ = true;
  return view;
}

static Result<i64> memoryview_hash(Thread& thread, MemoryView* self) {
  if (u64 known = __atomic_load_n(&self->hash_, __ATOMIC_RELAXED)) return static_cast<i64>(known);
  TRY(check_released(thread, self));
  if (!self->readonly_) return raise_value_error(thread, "cannot hash writable memoryview object");
  char format = native_format(self->format_);
  if (format != 'B' && format != 'b' && format != 'c') {
    return raise_value_error(thread, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  }
  OwnView own(thread);
  (void)TRY(hash_of(thread, TRY(own.of(self))->managed_->exporter()));  // an unhashable exporter makes the view so
  TRY(check_released(thread, self));
  u64 hash = bytes_hash(TRY(view_bytes(thread, self)));
  __atomic_store_n(&self->hash_, hash, __ATOMIC_RELAXED);
  return static_cast<i64>(hash);
}

static Result<Str*> memoryview_repr(Thread& thread, MemoryView* self) {
  char hex[20];
  u64 id = object_id(self);
  usize n = 0;
  for (int shift = 60; shift >= 0; shift -= 4) {
    u32 digit = static_cast<u32>(id >> shift) & 15;
    if (digit || n || shift == 0) hex[n++] = "0123456789abcdef"[digit];
  }
  return format_message(thread, self->released_ ? "<released memory at 0x{}>" : "<memory at 0x{}>", std::string_view(hex, n));
}

// --- comparison

static Result<bool> equals_object(Thread& thread, MemoryView* left, Value other) {
  OwnView own(thread);
  MemoryView* self = TRY(own.of(left));
  Value view = TRY(make_memoryview(thread, other));
  MemoryView* right = view.as<MemoryView>();
  Result<bool> same = items_equal(thread, shape_of_view(self), shape_of_view(right));
  if (same.is_failed()) return failed;
  TRY(release_view(thread, right));
  return same;
}

static Result<Value> compare_views(Thread& thread, MemoryView* self, Value other, bool wanted) {
  if (!has_buffer(other)) return kNotImplemented;
  if (self->released_ || (is<MemoryView>(other) && other.as<MemoryView>()->released_))
    return Value::of_bool((Value(self) == other) == wanted);
  Result<bool> same = equals_object(thread, self, other);
  if (same.is_failed()) {
    if (!clear_pending_if(thread, exceptions.BufferError)) return failed;
    return kNotImplemented;
  }
  return Value::of_bool(same.value() == wanted);
}
static Result<Value> memoryview_eq(Thread& thread, MemoryView* self, Value value) {
  return compare_views(thread, self, value, true);
}
static Result<Value> memoryview_ne(Thread& thread, MemoryView* self, Value value) {
  return compare_views(thread, self, value, false);
}
static Result<Value> memoryview_no_order(Thread&, MemoryView*, Value) { return kNotImplemented; }

// --- context manager, iterator

Result<void> memoryview_release(Thread& thread, MemoryView* self) { return release_view(thread, self); }

bool memoryview_is_contiguous(MemoryView* self) {
  return is_c_contiguous(shape_of_view(self)) || is_fortran_contiguous(shape_of_view(self));
}
Result<MemoryView*> memoryview_of_bytes(Thread& thread, MemoryView* from) {
  MemoryView* view = TRY(new_view(thread, from, 1));
  view->itemsize_ = 1;
  view->format_ = "B";
  view->shape()[0] = view->size_;
  view->strides()[0] = 1;
  return view;
}
static Result<Value> memoryview_enter(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  return self;
}
static Result<void> memoryview_exit(Thread& thread, MemoryView* self, Rest) { return release_view(thread, self); }

static Result<Value> memory_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  MemoryView* view = source.as<MemoryView>();
  Index at = self->position_.get();
  if (at >= self->aux_) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = at + 1;
  return memoryview_item(thread, view, at);
}
static Result<Value> memory_iterator_iter(Thread&, Iterator* self) { return self; }
static constinit NativeDef memory_iterator_methods[] = {
    native<memory_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<memory_iterator_next>("__next__($self, /)", "Implement next(self)."),
};
static TypeDef memory_iterator_def = {.name = "memory_iterator",
                                      .kind = kKindIterator,
                                      .payload_size = sizeof(Iterator),
                                      .flags = kTypeNoInstances,
                                      .methods = memory_iterator_methods,
                                      .method_count = count_of(memory_iterator_methods),
                                      .kind_info = kind_info_of<Iterator>("iterator")};
static Result<Value> memoryview_iter(Thread& thread, MemoryView* self) {
  TRY(check_released(thread, self));
  if (self->ndim_ == 0) return raise_type_error(thread, "invalid indexing of 0-dim memory");
  if (self->ndim_ != 1) return raise_not_implemented(thread, "multi-dimensional sub-views are not implemented");
  if (!native_format(self->format_)) return raise_unsupported_format(thread, self->format_);
  Iterator* iterator =
      TRY(make_of<Iterator>(thread, TRY(type_from_def(thread, memory_iterator_def)), Value(self), Index{0}, Value()));
  iterator->aux_ = self->shape()[0];
  iterator->set_form(IteratorForm::Native);
  return iterator;
}

// --- attributes

static Result<Value> index_tuple(Thread& thread, const Index* items, int n) {
  RootVector values;
  for (int i = 0; i < n; ++i) values.push(TRY(int_from_i64(thread, items[i])));
  return TRY(make_tuple(thread, values.data(), n));
}

static Value exporter_of(MemoryView* self) {
  ManagedBuffer* managed = self->managed_.get();  // null: released since we looked
  return !managed || managed->nameless_ ? kNone : Value(managed->exporter());
}

#define BATON_VIEW_ATTRIBUTE(name, expression)               \
  static Result<Value> get_##name(Thread& thread, Value v) { \
    MemoryView* self = v.as<MemoryView>();                   \
    TRY(check_released(thread, self));                       \
    return expression;                                       \
  }
BATON_VIEW_ATTRIBUTE(obj, exporter_of(self))
BATON_VIEW_ATTRIBUTE(nbytes, int_from_i64(thread, self->size_))
BATON_VIEW_ATTRIBUTE(readonly, Value::of_bool(self->readonly_))
BATON_VIEW_ATTRIBUTE(itemsize, int_from_i64(thread, self->itemsize_))
BATON_VIEW_ATTRIBUTE(format, Value(TRY(str_from_utf8(thread, self->format_))))
BATON_VIEW_ATTRIBUTE(ndim, Value::of_small_int(self->ndim_))
BATON_VIEW_ATTRIBUTE(shape, index_tuple(thread, self->shape(), self->ndim_))
BATON_VIEW_ATTRIBUTE(strides, index_tuple(thread, self->strides(), self->ndim_))
BATON_VIEW_ATTRIBUTE(suboffsets, Value(empty_tuple()))
BATON_VIEW_ATTRIBUTE(c_contiguous, Value::of_bool(lies_in_c_order(self)))
BATON_VIEW_ATTRIBUTE(f_contiguous, Value::of_bool(lies_in_fortran_order(self)))
BATON_VIEW_ATTRIBUTE(contiguous, Value::of_bool(lies_in_c_order(self) || lies_in_fortran_order(self)))
#undef BATON_VIEW_ATTRIBUTE

static GetSetDef memoryview_getsets[] = {
    {"obj", get_obj, nullptr, "The underlying object of the memoryview."},
    {"nbytes", get_nbytes, nullptr, "How many bytes all items of the view take when stored without gaps."},
    {"readonly", get_readonly, nullptr, "A bool indicating whether the memory is read only."},
    {"itemsize", get_itemsize, nullptr, "The size in bytes of each element of the memoryview."},
    {"format", get_format, nullptr, "The type of an item, as a string in the notation of the struct module."},
    {"ndim", get_ndim, nullptr, "The number of dimensions, as an int."},
    {"shape", get_shape, nullptr, "The length of the view along each of its dimensions, as a tuple of ints."},
    {"strides", get_strides, nullptr, "How many bytes apart neighbouring items are, per dimension, as a tuple."},
    {"suboffsets", get_suboffsets, nullptr, "A tuple of integers used internally for PIL-style arrays."},
    {"c_contiguous", get_c_contiguous, nullptr, "A bool indicating whether the memory is C contiguous."},
    {"f_contiguous", get_f_contiguous, nullptr, "A bool indicating whether the memory is Fortran contiguous."},
    {"contiguous", get_contiguous, nullptr, "A bool indicating whether the memory is contiguous."},
};

static constinit NativeDef memoryview_methods[] = {
    native<memoryview_new>("__new__(type, /, object)", "Make an instance; the class's own help describes the arguments."),
    native<memoryview_repr>("__repr__($self, /)", "Return repr(self)."),
    native<memoryview_hash>("__hash__($self, /)", "Return hash(self)."),
    native<memoryview_eq>("__eq__($self, value, /)", "Return self==value."),
    native<memoryview_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<memoryview_no_order>("__lt__($self, value, /)", "Return self<value."),
    native<memoryview_no_order>("__le__($self, value, /)", "Return self<=value."),
    native<memoryview_no_order>("__gt__($self, value, /)", "Return self>value."),
    native<memoryview_no_order>("__ge__($self, value, /)", "Return self>=value."),
    native<memoryview_len>("__len__($self, /)", "Return len(self)."),
    native<memoryview_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<memoryview_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<memoryview_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<memoryview_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<memoryview_enter>("__enter__($self, /)"),
    native<memoryview_exit>("__exit__($self, /, *exc_info)"),
    native<memoryview_release>(
        "release($self, /)",
        "Let go of the memory that this view looks at.\n\nSome objects can't be resized while a view exists. After the call, "
        "most uses\nof the view raise ValueError; another release() does nothing."),
    native<memoryview_cast>("cast($self, /, format, shape=<unrepresentable>)", "Cast a memoryview to a new format or shape."),
    native<memoryview_tobytes>("tobytes($self, /, order='C')",
                               "Return the data in the buffer as a byte string.\n\nThe order is that of C, of Fortran ('F'), or "
                               "Fortran's if the memory is so ('A')."),
    native<memoryview_hex>("hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
                           "Return the data in the buffer as a str of hexadecimal numbers.\n\nExample:\n>>> value = "
                           "memoryview(b'\\xab\\xcd\\xef')\n>>> value.hex()\n'abcdef'\n>>> value.hex(':')\n'ab:cd:ef'\n>>> "
                           "value.hex(':', 2)\n'ab:cdef'\n>>> value.hex(':', -2)\n'abcd:ef'"),
    native<memoryview_tolist>("tolist($self, /)",
                              "Return all items of the view as a list, or as nested lists, one per dimension."),
    native<memoryview_toreadonly>("toreadonly($self, /)", "Return a readonly version of the memoryview."),
};

constinit TypeDef memoryview_def = {
    .name = "memoryview",
    .doc =
        "memoryview(object)\n--\n\nLook at the memory of another object without copying it.\n\nobject has to support the buffer "
        "protocol, as bytes, bytearray and array.array\ndo. Slices of a view are views too, and writing to one changes the "
        "object if\nthat is mutable.",
    .kind = kKindMemoryView,
    .payload_size = sizeof(MemoryView),
    .flags = kTypeImmutable | kTypeSequence | kTypeWeakrefable,
    .methods = memoryview_methods,
    .method_count = count_of(memoryview_methods),
    .getsets = memoryview_getsets,
    .getset_count = sizeof(memoryview_getsets) / sizeof(memoryview_getsets[0]),
    .kind_info = kind_info_of<MemoryView>("memoryview"),
};

}  // namespace baton
