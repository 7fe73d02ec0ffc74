// bytes: immutable bytes, inline behind the header or (slices of subclasses, shared) in a buffer, like str; bytearray: growing.
#pragma once
#include "objects/native.h"
#include "objects/thread.h"
#include "threads/relaxed.h"

namespace baton {

class RawBytes final : public Cell {  // storage without references
 public:
  static constexpr u16 kKind = kKindRawBytes;
  static usize size_for(usize n) { return sizeof(RawBytes) + n; }
  void init(usize n) { capacity_ = n; }
  u8* data() { return reinterpret_cast<u8*>(this + 1); }
  usize capacity() const { return capacity_; }

 private:
  usize capacity_;
};
Result<RawBytes*> make_raw_bytes(Thread& thread, usize n);  // contents undefined

class Bytes final : public Cell {
 public:
  static constexpr u16 kKind = kKindBytes;
  static Type* type() { return types.bytes; }
  Index length() const { return length_; }
  const u8* data() const { return data_; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), static_cast<usize>(length_)}; }
  void visit_edges(EdgeVisitor& visit) const {
    if (data_ != reinterpret_cast<const u8*>(this + 1)) visit(*reinterpret_cast<const Field<Cell>*>(this + 1));
  }

  Index length_;
  u64 hash_;        // 0: not computed
  const u8* data_;  // inline (followed by a zero byte), or in the Field<Cell> buffer that stands there instead
};
Result<Bytes*> bytes_from(Thread& thread, const void* data, usize n);
inline Result<Bytes*> bytes_from(Thread& thread, std::string_view s) { return bytes_from(thread, s.data(), s.size()); }
Result<Bytes*> bytes_allocate(Thread& thread, usize n);  // contents undefined; fill at once through bytes_mutable_data
inline u8* bytes_mutable_data(Bytes* b) { return const_cast<u8*>(b->data_); }
// -b: comparing bytes with text warns; -bb: the warning is an error.
extern int bytes_warning_level;
Result<void> warn_bytes_compared(Thread& thread, Value other);
i64 raw_bytes_hash(const void* data, usize size);  // the hash of a bytes object with this content
u64 bytes_hash(Bytes* b);

class ByteArray final : public Cell {
 public:
  static constexpr u16 kKind = kKindByteArray;
  static Type* type() { return types.bytearray; }
  Index length() const { return length_; }
  u8* data() { return storage_.get() ? storage_->data() + start_ : nullptr; }
  u32 exports() const { return __atomic_load_n(&exports_, __ATOMIC_RELAXED); }
  void init() {
    length_ = 0;
    start_ = 0;
    storage_.init(nullptr);
    lent_.init(nullptr);
    exports_ = 0;
    is_shared_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(storage_, lent_); }

  Relaxed<Index> length_;  // written under the lock, as the others are; len() takes none
  Index start_;            // bytes deleted at the front
  Field<RawBytes> storage_;
  Field<RawBytes> lent_;  // what storage_ was when buffers were taken that are still read
  u32 exports_;           // buffer exports: no resizing while > 0
  bool is_shared_;        // others have the same storage: it is replaced before it is written to (own_storage)
};
// Under the lock of `self`: from now on its storage isn't shared with others and may be written to.
Result<void> own_storage(Thread& thread, ByteArray* self);
Result<Bytes*> bytearray_bytes(Thread& thread, ByteArray* self);  // what is in it at one moment; much of it is shared
Result<ByteArray*> bytearray_from(Thread& thread, const void* data, usize n);
Result<void> bytearray_resize(Thread& thread, ByteArray* self, Index n);  // BufferError while exported

Result<Bytes*> bytes_concat(Thread& thread, std::string_view a, std::string_view b);
Result<Str*> bytes_repr(Thread& thread, std::string_view content);                                    // b'...'
Result<Value> bytes_percent(Thread& thread, std::string_view format, Value args, bool to_bytearray);  // %-formatting
Result<Bytes*> bytes_from_object(Thread& thread, Value v);  // bytes(v) without the encoding arguments
Result<Bytes*> bytes_new_instance(Thread& thread, Type* type, Bytes* exact);
// Lower-case hex of the bytes; sep < 0: no separator.
Result<Str*> bytes_to_hex(Thread& thread, const u8* data, usize n, int sep = -1, i64 bytes_per_sep = 1);

// hmac.compare_digest: two ASCII strings or two buffers, in a time that doesn't tell where they differ.
Result<bool> compare_digest(Thread& thread, Value a, Value b);

// --- buffer protocol between native types (PEP 688 is later): a type with the protocol registers a function.
struct BufferInfo {
  u8* data;
  usize size;
  bool readonly;
  const char* format;  // struct code, "B" default
  Index itemsize;
  int ndim;
  const Index* shape;
  const Index* strides;  // null: contiguous one-dimensional
};
using BufferGetter = Result<bool> (*)(Thread& thread, Cell* self, BufferInfo* out,
                                      bool writable);  // false: no buffer; counts an export
using BufferReleaser = void (*)(Cell* self);
// The memoryview that a wrapper of another object's buffer stands on: memoryview(wrapper) is then one more view of that object.
using BufferViewOf = Result<MemoryView*> (*)(Thread& thread, Cell* self);
void register_buffer_kind(u16 kind, BufferGetter get, BufferReleaser release, BufferViewOf view_of = nullptr);
BufferViewOf buffer_view_of(Value v);  // null: not such a wrapper
// Exports v's buffer. found=false (no exception) when v has no buffer protocol.
Result<bool> get_buffer(Thread& thread, Value v, BufferInfo* out, bool writable);
void release_exported(Cell* exporter);
// "is a buffer" without exporting it (collections.abc, argument errors).
bool has_buffer(Value v);
// To be called by the collector's clear_dead_caches hook: gives back the exports of memoryviews that died unreleased.
void release_dead_exports();
// For an exporter about to raise BufferError: gives back the exports of memoryviews that nothing uses. True: some may have been.
bool collect_dead_exports(Thread& thread, Cell* exporter);
Result<Value> make_memoryview(Thread& thread, Value exporter);

}  // namespace baton
