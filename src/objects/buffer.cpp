// The buffer protocol: registry of exporters by kind, contiguous views for native functions, and exports of memoryviews that
// died.
//
// bytes needs no export: it never changes. For others an export is counted in the exporter and given back by release_exported.
#include <cstdlib>
#include <cstring>

#include "heap/clear_stack.h"
#include "heap/heap.h"
#include "heap/pod_vector.h"
#include "heap/stack_only.h"
#include "objects/bytes.h"
#include "objects/memoryview.h"
#include "objects/object.h"

namespace baton {

struct BufferKind {
  BufferGetter get;
  BufferReleaser release;
  BufferViewOf view_of;
};
static BufferKind buffer_kinds[kKindMask + 1];  // written at start-up of the types

void register_buffer_kind(u16 kind, BufferGetter get, BufferReleaser release, BufferViewOf view_of) {
  buffer_kinds[kind & kKindMask] = {get, release, view_of};
}
BufferViewOf buffer_view_of(Value v) { return v.is_cell() ? buffer_kinds[v.cell()->kind()].view_of : nullptr; }

// is_read: nothing is written through it. What it reads stays as it is if the bytearray's storage is shared and others write.
static Result<bool> get_bytearray_buffer(Thread& thread, ByteArray* self, BufferInfo* out, bool is_read) {
  CriticalSection guard(thread, self);
  if (!is_read) TRY(own_storage(thread, self));
  __atomic_fetch_add(&self->exports_, 1, __ATOMIC_SEQ_CST);
  *out = {self->data(), static_cast<usize>(self->length()), false, "B", 1, 1, nullptr, nullptr};
  return true;
}

Result<bool> get_buffer(Thread& thread, Value v, BufferInfo* out, bool writable) {
  if (!v.is_cell()) return false;
  switch (v.cell()->kind()) {
    case kKindBytes: {
      if (writable) return raise_buffer_error(thread, "Object is not writable.");
      Bytes* bytes = v.as<Bytes>();
      *out = {const_cast<u8*>(bytes->data()), static_cast<usize>(bytes->length()), true, "B", 1, 1, nullptr, nullptr};
      return true;
    }
    case kKindByteArray: return get_bytearray_buffer(thread, v.as<ByteArray>(), out, false);
    case kKindMemoryView: return memoryview_get_buffer(thread, v.as<MemoryView>(), out, writable);
    default: {
      BufferKind& kind = buffer_kinds[v.cell()->kind()];
      if (!kind.get) return false;
      return kind.get(thread, v.cell(), out, writable);
    }
  }
}

bool has_buffer(Value v) {
  if (!v.is_cell()) return false;
  u16 kind = v.cell()->kind();
  return kind == kKindBytes || kind == kKindByteArray || kind == kKindMemoryView || buffer_kinds[kind].get;
}

void release_exported(Cell* exporter) {
  switch (exporter->kind()) {
    case kKindBytes: return;
    case kKindByteArray: __atomic_fetch_sub(&static_cast<ByteArray*>(exporter)->exports_, 1, __ATOMIC_SEQ_CST); return;
    case kKindMemoryView: memoryview_release_buffer(static_cast<MemoryView*>(exporter)); return;
    default:
      if (BufferReleaser release = buffer_kinds[exporter->kind()].release) release(exporter);
  }
}

void release_buffer(BufferView& view) {
  if (!view.exported) return;
  release_exported(view.exported);
  view.exported = nullptr;
}

// Does the buffer lie in memory in C order, without gaps?
static bool is_c_contiguous(const BufferInfo& info) {
  if (!info.shape || !info.strides) return true;
  Index expected = info.itemsize;
  for (int i = info.ndim - 1; i >= 0; --i) {
    if (info.shape[i] == 0) return true;
    if (info.shape[i] > 1 && info.strides[i] != expected) return false;
    expected *= info.shape[i];
  }
  return true;
}

static bool convert_contiguous(Thread& thread, Value v, BufferView* out, bool writable) {
  BufferInfo info;
  Result<bool> found = !writable && is<ByteArray>(v) ? get_bytearray_buffer(thread, v.as<ByteArray>(), &info, true)
                                                     : get_buffer(thread, v, &info, writable);
  if (found.is_failed()) {
    if (writable && clear_pending_if(thread, exceptions.BufferError)) {
      (void)raise_type_error(thread, "a read-write bytes-like object is required, not '{!t}'", v);
    }
    return false;
  }
  if (!found.value()) {
    (void)raise_type_error(
        thread,
        writable ? "a read-write bytes-like object is required, not '{!t}'" : "a bytes-like object is required, not '{!t}'", v);
    return false;
  }
  if (!is_c_contiguous(info)) {
    release_exported(v.cell());
    (void)raise_buffer_error(thread, "memoryview: underlying buffer is not C-contiguous");
    return false;
  }
  if (writable && info.readonly) {
    release_exported(v.cell());
    (void)raise_type_error(thread, "a read-write bytes-like object is required, not '{!t}'", v);
    return false;
  }
  out->data = info.data;
  out->size = info.size;
  out->owner = v;
  out->exported = v.cell();
  return true;
}

bool convert_buffer(Thread& thread, Value v, BufferView* out) {
  if (is<Bytes>(v)) [[likely]] {
    out->data = v.as<Bytes>()->data();
    out->size = static_cast<usize>(v.as<Bytes>()->length());
    out->owner = v;
    out->exported = nullptr;
    return true;
  }
  return convert_contiguous(thread, v, out, false);
}

bool convert_writable(Thread& thread, Value v, WritableBuffer* out) { return convert_contiguous(thread, v, out, true); }

// --- exports of dead memoryviews
//
// A memoryview that is dropped without release() must give its export back, or its bytearray could never be resized again. The
// list holds every export taken by a memoryview, weakly: when the collector finds the ManagedBuffer dead, release_dead_exports
// returns it.

struct ExportEntry {
  ManagedBuffer* managed;
  Cell* exporter;
};
static ExportEntry* export_list = nullptr;  // guarded by export_lock
static usize export_count = 0, export_capacity = 0;
static u8 export_lock = 0;

bool remember_export(Thread& thread, ManagedBuffer* managed, Cell* exporter) {
  ByteLock lock(thread, &export_lock);
  if (export_count == export_capacity) {
    usize capacity = export_capacity ? export_capacity * 2 : 64;
    void* grown = realloc(export_list, capacity * sizeof(ExportEntry));
    if (!grown) return false;
    export_list = static_cast<ExportEntry*>(grown);
    export_capacity = capacity;
  }
  export_list[export_count++] = {managed, exporter};
  return true;
}

void forget_export(Thread& thread, ManagedBuffer* managed) {
  ByteLock lock(thread, &export_lock);
  for (usize i = export_count; i-- > 0;) {
    if (export_list[i].managed != managed) continue;
    export_list[i] = export_list[--export_count];
    return;
  }
}

// In the collector's weak phase, the world stopped. Only live exporters are touched.
void release_dead_exports() {
  for (usize i = 0; i < export_count;) {
    if (heap_is_live_after_mark(export_list[i].managed)) {
      ++i;
      continue;
    }
    Cell* exporter = export_list[i].exporter;
    if (heap_is_live_after_mark(exporter)) release_exported(exporter);
    export_list[i] = export_list[--export_count];
  }
}

// Views of the exporter that only a C++ stack seems to hold are leftovers of earlier calls: a collection finds them there, for it
// can't tell. Their exports are given back, and they are released, so that one which a native function does still hold answers
// with an error; a word that refers to what the views stand on holds none of them. A view whose memory is lent to somebody is in
// use. All of it within the collection, while the world is stopped:
// without a GIL others make views all the time.
namespace {

struct LeftoverViews {
  Cell* exporter;
  PodVector<MemoryView*> views;  // that words on stacks refer to
  ~LeftoverViews() { views.release(); }
};

bool is_leftover(const Cell* cell, void* context) {
  auto* leftover = static_cast<LeftoverViews*>(context);
  if (cell->kind() == DynamicKind<ManagedBuffer>::value)
    return static_cast<const ManagedBuffer*>(cell)->exporter() == leftover->exporter;
  if (cell->kind() != kKindMemoryView) return false;
  auto* view = static_cast<MemoryView*>(const_cast<Cell*>(cell));
  const ManagedBuffer* managed = view->managed_.get();
  if (!managed || managed->exporter() != leftover->exporter || view->exports_) return false;
  leftover->views.push(view);
  return true;
}

void release_leftover(void* context) {
  auto* leftover = static_cast<LeftoverViews*>(context);
  for (MemoryView* view : leftover->views) {
    if (heap_is_live_after_mark(view->managed_.get())) continue;
    view->released_ = true;
    view->data_ = nullptr;
  }
  for (usize i = 0; i < export_count;) {  // nobody is stopped with export_lock held
    ManagedBuffer* managed = export_list[i].managed;
    if (export_list[i].exporter != leftover->exporter || heap_is_live_after_mark(managed)) {
      ++i;
      continue;
    }
    managed->released_ = true;
    release_exported(leftover->exporter);
    export_list[i] = export_list[--export_count];
  }
}

}  // namespace

static usize exports_of(Thread& thread, const Cell* exporter) {
  ByteLock lock(thread, &export_lock);
  usize n = 0;
  for (usize i = 0; i < export_count; ++i) n += export_list[i].exporter == exporter;
  return n;
}

bool collect_dead_exports(Thread& thread, Cell* exporter) {
  usize before = exports_of(thread, exporter);
  if (before == 0) return false;
  clear_stack_below<4096>();  // what calls of a view's own methods left
  for (Generation generation : {Generation::Minor, Generation::Full}) {
    LeftoverViews leftover{exporter, {}};
    heap_collect_asking(thread, generation, {&leftover, is_leftover, release_leftover});
    if (exports_of(thread, exporter) == 0) break;
  }
  return exports_of(thread, exporter) < before;
}

}  // namespace baton
