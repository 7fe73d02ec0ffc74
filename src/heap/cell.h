// Cell: the header of every heap object, and Field: the only way one cell refers to another.
//
//     u32 shape      compressed address of the object's Shape cell: (address - kHeapBase) >> 4; 0 while bootstrapping
//     u8  gc_flags   kOld and friends; written by the collector on promotion and by the weak-reference and finaliser tables
//     u8  lock       lock byte of CriticalSection (threads/lock_byte.h)
//     u16 kind       cell kind in the low bits, kSubclassBit when the type is not the built-in type of that kind
#pragma once
#include <bit>
#include <initializer_list>

#include "heap/value.h"

namespace baton {

inline constexpr u64 kHeapBase = 0x5500'0000'0000;  // the reservation; accepted by ASan and TSan too
inline constexpr u64 kHeapSize = u64{64} << 30;     // 2^32 granules of 16 bytes: a Shape's number fits 32 bits
inline constexpr usize kGranule = 16;
inline constexpr u64 kMarkBase = kHeapBase + kHeapSize;  // one bit a granule, see layout.h

inline u64 heap_offset(const void* p) { return reinterpret_cast<u64>(p) - kHeapBase; }
inline u64* mark_word(const void* p) { return reinterpret_cast<u64*>(kMarkBase) + (heap_offset(p) >> 10); }
inline u64 mark_mask(const void* p) { return u64{1} << ((heap_offset(p) >> 4) & 63); }
inline bool is_marked(const void* p) { return *mark_word(p) & mark_mask(p); }

inline constexpr u16 kSubclassBit = 0x8000;
inline constexpr u16 kKindMask = 0x0FFF;

enum GcFlag : u8 {
  kOld = 1,          // survived a collection (sticky mark): stores into it go through the remembered set
  kHasWeakrefs = 2,  // the weak table has an entry for this cell
  kFinalizable = 4,  // registered: __del__ is still to run
  kFinalized = 8,    // __del__ has run (PEP 442: at most once)
  kOnPath = 16,      // within FinalizerOrder's walk
};

class Cell {
 public:
  u32 shape_id() const { return __atomic_load_n(&shape_, __ATOMIC_ACQUIRE); }
  // With the write barrier. Machine code that stores a shape itself must use shapes allocated with kAllocPretenured (never
  // young).
  void set_shape_id(u32 id) {
    __atomic_store_n(&shape_, id, __ATOMIC_RELEASE);
    if (has_gc_flag(kOld) && id) [[unlikely]]
      shape_barrier();
  }
  Cell* shape_cell() const { return reinterpret_cast<Cell*>(kHeapBase + (u64{shape_id()} << 4)); }
  static u32 shape_id_of(const Cell* shape) { return static_cast<u32>((reinterpret_cast<u64>(shape) - kHeapBase) >> 4); }

  u16 kind_word() const { return kind_; }
  u16 kind() const { return kind_ & kKindMask; }
  bool is_subclass_instance() const { return kind_ & kSubclassBit; }
  void set_kind_word(u16 kind) { kind_ = kind; }

  u8 gc_flags() const { return __atomic_load_n(&gc_flags_, __ATOMIC_RELAXED); }
  bool has_gc_flag(GcFlag flag) const { return gc_flags() & flag; }
  void add_gc_flag(GcFlag flag) { __atomic_fetch_or(&gc_flags_, flag, __ATOMIC_RELAXED); }
  void remove_gc_flag(GcFlag flag) { __atomic_fetch_and(&gc_flags_, static_cast<u8>(~flag), __ATOMIC_RELAXED); }
  // Of a cell that no other thread knows yet, or whose flags no other thread changes now: no read-modify-write on the bus.
  void add_gc_flag_private(GcFlag flag) { __atomic_store_n(&gc_flags_, static_cast<u8>(gc_flags_ | flag), __ATOMIC_RELAXED); }
  void remove_gc_flag_private(GcFlag flag) { __atomic_store_n(&gc_flags_, static_cast<u8>(gc_flags_ & ~flag), __ATOMIC_RELAXED); }
  // The collector's, in a stopped world: no read-modify-write on the bus.
  void add_gc_flag_stopped(GcFlag flag) { gc_flags_ |= flag; }
  u8* lock_byte() { return &lock_; }

  void init_header(u32 shape, u16 kind) {
    shape_ = shape;
    gc_flags_ = 0;
    lock_ = 0;
    kind_ = kind;
  }

 private:
  void shape_barrier();

  u32 shape_;
  u8 gc_flags_;
  u8 lock_;
  u16 kind_;
};
static_assert(sizeof(Cell) == 8);

// Remembers the address of a field of an old cell that now refers to a young one. Out of line: the rare case.
void remember_field(void* field_address);
// The same for a field of owner that held old_value: if that was young, the field is remembered already; so it is if owner is.
void remember_replaced_field(const Cell* owner, void* field_address, Value old_value);
// Remembers an old cell as a whole: the next collection visits all its edges. For bulk stores without barriers (a generator's
// register block when it suspends, array moves). Nothing happens for a young cell.
void remember_cell(Cell* cell);

// Write barrier for a reference stored at `field` inside `owner`.
BATON_ALWAYS_INLINE void write_barrier(const Cell* owner, void* field, Value old_value, Value new_value) {
  if (new_value.is_cell() && owner->has_gc_flag(kOld) && !new_value.cell()->has_gc_flag(kOld)) [[unlikely]] {
    remember_replaced_field(owner, field, old_value);
  }
}

template <class T>
class Field;

// A field that holds any Value.
template <>
class Field<Value> {
 public:
  Value get() const { return Value(__atomic_load_n(&bits_, __ATOMIC_ACQUIRE)); }
  // owner: the cell that contains this field.
  void set(const Cell* owner, Value v) {
    Value old(__atomic_load_n(&bits_, __ATOMIC_RELAXED));
    __atomic_store_n(&bits_, v.bits(), __ATOMIC_RELEASE);
    write_barrier(owner, this, old, v);
  }
  // One of several stores into one cell, after which the caller calls remember_cell for it; no poll between them.
  void set_unremembered(Value v) { __atomic_store_n(&bits_, v.bits(), __ATOMIC_RELEASE); }
  // Sequentially consistent store, for what Python code sees as a variable shared between threads (globals, cells).
  void set_sequential(const Cell* owner, Value v) {
    Value old(__atomic_exchange_n(&bits_, v.bits(), __ATOMIC_SEQ_CST));
    write_barrier(owner, this, old, v);
  }
  // Only before the owner is published and before any other allocation (no barrier).
  void init(Value v) { bits_ = v.bits(); }
  void clear() { __atomic_store_n(&bits_, 0, __ATOMIC_RELEASE); }  // absent needs no barrier
  bool compare_exchange(const Cell* owner, Value expected, Value v) {
    u64 e = expected.bits();
    if (!__atomic_compare_exchange_n(&bits_, &e, v.bits(), false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return false;
    write_barrier(owner, this, expected, v);
    return true;
  }

 private:
  u64 bits_;
};

// A field that holds a pointer to a cell of type T, or null.
template <class T>
class Field {
 public:
  T* get() const { return reinterpret_cast<T*>(__atomic_load_n(&bits_, __ATOMIC_ACQUIRE)); }
  T* operator->() const { return get(); }
  void set(const Cell* owner, T* p) {
    Value old(__atomic_load_n(&bits_, __ATOMIC_RELAXED));
    __atomic_store_n(&bits_, reinterpret_cast<u64>(p), __ATOMIC_RELEASE);
    write_barrier(owner, this, old, Value(reinterpret_cast<u64>(p)));
  }
  void set_unremembered(T* p) { __atomic_store_n(&bits_, reinterpret_cast<u64>(p), __ATOMIC_RELEASE); }  // as above
  void init(T* p) { bits_ = reinterpret_cast<u64>(p); }
  void clear() { __atomic_store_n(&bits_, 0, __ATOMIC_RELEASE); }

 private:
  u64 bits_;
};

// Passed to visit_edges: names every reference a cell holds. While marking, cells that have no mark get one and go to the mark
// stack; any other use (verifier, gc.get_referents) has no stack and gets each edge by on_edge.
class EdgeVisitor {
 public:
  using Callback = void (*)(EdgeVisitor& visitor, Cell* target);
  explicit EdgeVisitor(Callback on_edge, void* context = nullptr) : on_edge_(on_edge), context_(context) {}

  BATON_ALWAYS_INLINE void visit(Value v) {
    if (v.is_cell()) add(v.cell());
  }
  BATON_ALWAYS_INLINE void visit(Cell* cell) {
    if (cell) add(cell);
  }
  template <class T>
  BATON_ALWAYS_INLINE void visit(const Field<T>& field) {
    visit(Value(reinterpret_cast<u64>(field.get())));
  }
  BATON_ALWAYS_INLINE void visit(const Field<Value>& field) { visit(field.get()); }
  template <class... Fields>
  BATON_ALWAYS_INLINE void operator()(const Fields&... fields) {
    if (room() < sizeof...(fields)) [[unlikely]]
      return visit_one_by_one({Value(bits_of(fields))...});
    Cell** top = top_;
    ((top = push_unmarked(top, bits_of(fields))), ...);
    top_ = top;
  }
  BATON_ALWAYS_INLINE void visit_range(const Value* values, usize n) {
    visit_rows(n, 1, [values](usize i, auto visit) { visit(values[i].bits()); });
  }
  BATON_ALWAYS_INLINE void visit_range(const Field<Value>* values, usize n) {
    visit_rows(n, 1, [values](usize i, auto visit) { visit(bits_of(values[i])); });
  }
  // Both fields of each entry.
  template <class Entry>
  BATON_ALWAYS_INLINE void visit_pairs(const Entry* entries, usize n) {
    visit_rows(n, 2, [entries](usize i, auto visit) {
      visit(bits_of(entries[i].key));
      visit(bits_of(entries[i].value));
    });
  }
  void* context() const { return context_; }

 protected:
  BATON_ALWAYS_INLINE void add(Cell* cell) {
    if (top_ == limit_) [[unlikely]]
      return on_edge_(*this, cell);
    top_ = push_unmarked(top_, reinterpret_cast<u64>(cell));
  }
  Cell** top_ = nullptr;  // next free entry of the mark stack; top_ == limit_: on_edge_ takes the edge
  Cell** limit_ = nullptr;

 private:
  template <class T>
  static u64 bits_of(const Field<T>& field) {
    return reinterpret_cast<u64>(field.get());
  }
  static u64 bits_of(const Field<Value>& field) { return field.get().bits(); }
  static u64 bits_of(Value v) { return v.bits(); }
  static u64 bits_of(const Cell* cell) { return reinterpret_cast<u64>(cell); }

  usize room() const { return static_cast<usize>(limit_ - top_); }
  // The marker's innermost step: a word that is a cell without a mark gets one and goes to *top. The new top.
  BATON_ALWAYS_INLINE Cell** push_unmarked(Cell** top, u64 bits) {
    // A tag becomes the number's highest bits, absent wraps around: what is left below 2^61 is a cell's address, eighth part.
    if (std::rotr(bits, 3) - 1 >= (u64{1} << 61) - 1) return top;
    Cell* cell = reinterpret_cast<Cell*>(bits);
    u64* word = mark_word(cell);
    u64 mask = mark_mask(cell);
    if (*word & mask) return top;
    *word |= mask;
    *top = cell;
    return top + 1;
  }
  void visit_one_by_one(std::initializer_list<Value> values) {
    for (Value v : values) visit(v);
  }
  // n rows of so many words, each of which row(i, visit) hands to visit(bits). While the mark stack has room for all of a few
  // rows there is nothing to compare but marks.
  template <class Row>
  BATON_ALWAYS_INLINE void visit_rows(usize n, usize words, Row row) {
    for (usize i = 0; i < n;) {
      usize end = room() / words < n - i ? i + room() / words : n;
      if (end == i) [[unlikely]] {
        row(i++, [this](u64 bits) { visit(Value(bits)); });
        continue;
      }
      Cell** top = top_;
      for (; i < end; ++i) row(i, [&](u64 bits) { top = push_unmarked(top, bits); });
      top_ = top;
    }
  }

  Callback on_edge_;
  void* context_;
};

// What the collector knows about a kind of cell. Registered once per kind at start-up by the layers above.
struct KindInfo {
  const char* name = nullptr;
  void (*visit_edges)(Cell* cell, EdgeVisitor& visitor) = nullptr;  // null: no references
  // Releases native resources (fd, mmap). Runs in the sweep, may touch only the cell itself. Null: none.
  void (*finalize_native)(Cell* cell) = nullptr;
  // Cells may hold words that look like references to dead cells but are none (weak pointers, raw data beside references): the
  // verifier leaves them alone.
  bool has_opaque_words = false;
};
void register_kind(u16 kind, const KindInfo& info);
extern KindInfo kind_infos[kKindMask + 1];
inline const KindInfo& kind_info(u16 kind) { return kind_infos[kind]; }

// Keeps an object alive to the end of the scope while only its raw buffer is used.
class KeepAlive {
 public:
  explicit KeepAlive(Value v) : value_(v) {}
  ~KeepAlive() { asm volatile("" ::"r"(value_.bits())); }

 private:
  Value value_;
};

}  // namespace baton
