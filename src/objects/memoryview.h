// memoryview: a view of another object's buffer, and the record of the export it stands on.
#pragma once
#include "objects/bytes.h"
#include "threads/relaxed.h"

namespace baton {

// One export taken from an exporter, shared by the memoryviews cut from each other. Internal: Python never sees it.
class ManagedBuffer final : public Cell {
 public:
  void init(Cell* exporter) {
    exporter_.init(exporter);
    views_ = 0;
    released_ = nameless_ = false;
  }
  Cell* exporter() const { return exporter_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(exporter_); }

  Field<Cell> exporter_;
  u32 views_;      // memoryviews on it that are not released
  bool released_;  // the export was given back
  bool nameless_;  // memory of C: the exporter says nothing, obj is None
};

class MemoryView final : public Cell {
 public:
  static constexpr u16 kKind = kKindMemoryView;
  static Type* type() { return types.memoryview; }
  static constexpr int kMaxDimensions = 64;
  static usize size_for(int ndim) { return sizeof(MemoryView) + static_cast<usize>(ndim) * 2 * sizeof(Index); }
  void init(int ndim) {
    managed_.init(nullptr);
    data_ = nullptr;
    size_ = 0;
    itemsize_ = 1;
    format_ = "B";
    ndim_ = ndim;
    exports_ = 0;
    hash_ = 0;
    readonly_ = true;
    released_ = false;
    for (int i = 0; i < 2 * ndim; ++i) shape()[i] = 0;
  }
  Index* shape() { return reinterpret_cast<Index*>(this + 1); }
  Index* strides() { return shape() + ndim_; }
  void visit_edges(EdgeVisitor& visit) const { visit(managed_); }

  Field<ManagedBuffer> managed_;  // null once released
  u8* data_;                      // first item; not to be followed once released
  Index size_;                    // bytes: product of shape times itemsize
  Index itemsize_;
  const char* format_;  // belongs to the exporter, or is a literal
  int ndim_;
  u32 exports_;  // buffers handed out by this view
  u64 hash_;     // 0: not computed
  bool readonly_;
  Relaxed<bool> released_;
  // shape[ndim], strides[ndim]
};

// A view of memory that no object owns. It must stay as long as anybody may look.
Result<Value> memoryview_of_memory(Thread& thread, u8* data, usize size, bool readonly);
Result<bool> memoryview_get_buffer(Thread& thread, MemoryView* self, BufferInfo* out, bool writable);
void memoryview_release_buffer(MemoryView* self);
Result<void> memoryview_release(Thread& thread, MemoryView* self);  // view.release()
bool memoryview_is_contiguous(MemoryView* self);                    // in C or in Fortran order
// The same memory, which must be contiguous, as bytes in one dimension.
Result<MemoryView*> memoryview_of_bytes(Thread& thread, MemoryView* from);
// Is it a view that isn't released, of one dimension and a native format: are its items those of tolist()?
bool memoryview_is_row(const MemoryView* self);
Result<Value> memoryview_tolist(Thread& thread, MemoryView* self);  // a list, which is new
Result<Bytes*> memoryview_bytes(Thread& thread, MemoryView* self);  // view.tobytes()
// The list of exports that release_dead_exports watches.
bool remember_export(Thread& thread, ManagedBuffer* managed, Cell* exporter);
void forget_export(Thread& thread, ManagedBuffer* managed);

}  // namespace baton
