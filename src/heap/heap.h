// The collector's interface: allocation, collections, roots, weak and finalisable cells. Knows cells and mutators, no Python.
//
// Non-moving, size-class blocks, lazy bump-in-gaps sweep, sticky mark bits (a marked cell is old), conservative C++ stacks,
// precise cells. See docs/heap.md and the rules there.
#pragma once
#include "heap/cell.h"

namespace baton {

class Mutator;

enum class Generation : u8 { Minor, Full };

struct HeapConfig {
  usize nursery_bytes = usize{2} << 20;  // a minor collection is due after this much allocation; adapts up to 8x
  // The first one waits for this much, if it is more: hardly anything dies while a program starts and imports, and blocks are
  // counted when they are taken, of which each size class has one that is mostly empty then.
  usize first_nursery_bytes = 0;
  u32 stress_every = 0;  // collect at every Nth allocation; 0: off
  bool verify = false;   // run the verifier after each collection
};

// Set once by the layer that knows threads' registers and the runtime's tables.
struct HeapHooks {
  // Precise roots of one mutator: VM registers, pending exception, ... (its C++ stack is scanned by the heap itself).
  void (*scan_mutator)(Mutator& mutator, EdgeVisitor& visitor) = nullptr;
  // Parts of the mutator's C++ stack to leave out of the conservative scan (the dispatch loop's own frames); returns the number
  // of [low, high) ranges written.
  usize (*excluded_stack_ranges)(Mutator& mutator, void* (*ranges)[2], usize capacity) = nullptr;
  // Runtime-wide roots.
  void (*scan_globals)(EdgeVisitor& visitor) = nullptr;
  // Extra edges of an instance of a Python-level subclass (attribute slots behind the native payload): kSubclassBit cells only.
  void (*visit_subclass_tail)(Cell* cell, EdgeVisitor& visitor) = nullptr;
  // In the stopped world, before anything is marked: what DeadCells::note needs.
  void (*collection_begins)(Generation generation) = nullptr;
  // What is dead is known, finalisable cells are queued, weak references are not cleared yet. What the hook visits lives on, with
  // all it reaches, till the next collection.
  void (*dead_found)(EdgeVisitor& keep) = nullptr;
  // After marking, before sweeping: drop cache entries whose cells are dead (use is_marked_in_this_cycle()).
  void (*clear_dead_caches)(Generation generation) = nullptr;
  // A weakly referenced target died; head is the list registered with it (still marked live). The target's memory is still
  // intact.
  void (*on_weak_target_dead)(Cell* target, Cell* head) = nullptr;
  // gc.callbacks and statistics; called with the world running, after a collection has ended. The collecting mutator may be
  // inside an allocation: take notes and request a poll, allocate nothing and run no Python.
  void (*collection_ended)(Generation generation, u64 pause_ns) = nullptr;
};

void heap_init(const HeapConfig& config, const HeapHooks& hooks);
void heap_configure(const HeapConfig& config);  // later changes, with no other mutator Running

// Returns uninitialised memory of at least `bytes` with its header written, or null (out of memory). bytes counts the header.
// The caller fills every field before any other allocation, call-out or poll (GC rule 4). May collect.
enum AllocFlag : u32 { kAllocDefault = 0, kAllocPretenured = 1, kAllocNativeFinalizer = 2 };
Cell* heap_allocate(Mutator& mutator, usize bytes, u16 kind, u32 shape, u32 flags = kAllocDefault);
// While a hook is set, it is told of every new cell and the bytes asked for, and all allocations take the slow path. The cell has
// nothing but its header yet; the hook must not allocate from the heap. Null: off. Stops the world.
using AllocationHook = void (*)(Mutator& mutator, Cell* cell, usize bytes);
void heap_set_allocation_hook(Mutator& mutator, AllocationHook hook);

// True size class of a live cell in bytes (>= what was asked for).
usize heap_cell_size(const Cell* cell);
// The cell that contains this address, or null: used by the conservative scan and by debugging.
Cell* heap_find_cell(const void* address);

void heap_collect(Mutator& mutator, Generation generation);
bool heap_is_live_after_mark(const Cell* cell);  // in clear_dead_caches, on_weak_target_dead: it survives this collection
// Automatic collections; explicit ones, and those for want of memory, always run. Not what gc.disable() means: without them
// nothing is ever freed, and programs that call gc.disable() count on reference counting.
void heap_set_enabled(bool enabled);
bool heap_enabled();
void heap_freeze();  // gc.freeze(): exclude what exists from later full collections
void heap_unfreeze();
usize heap_frozen_count();
void heap_add_external(Mutator& mutator, i64 bytes);  // external memory counts towards the trigger
void heap_add_external(i64 bytes);                    // the same where no mutator is at hand (finalize_native)
// Stopped world. Every cell allocated and not yet known to be dead: after a full collection the live ones.
void heap_for_each_cell(void (*fn)(Cell* cell, void* context), void* context);
// All edges of a cell, as the collector sees them: shape, fields, a subclass instance's attribute slots (gc.get_referents).
void heap_visit_cell(Cell* cell, EdgeVisitor& visitor);
// How many references to `wanted` there are in cells, VM registers and other precise roots (C++ stacks don't count). Those by the
// dead count if no full collection comes before, in the same stopped world.
u64 heap_count_references(Mutator& mutator, Cell* wanted);
// Each such reference, with the cell that holds it, or null for a root; in a stopped world. Cells that the last full collection
// found on a C++ stack only are among those looked at.
void heap_walk_references(Mutator& mutator, void (*on_reference)(Cell* from, Cell* to, void* context), void* context);

struct HeapStats {
  u64 collections[2], pause_ns_total[2], pause_ns_max[2], cells_freed[2];
  u64 live_bytes, committed_bytes, allocated_bytes_total, cells_live;
};
HeapStats heap_stats();
u64 heap_full_collections();  // so far; this and the next are cheap, and for any running thread
u64 heap_live_cells();        // found by the last full collection

// Weak table: target -> head of its list of weak references (opaque to the heap; kept alive only by Python references, so the
// table holds it weakly too: a dead head is dropped from the table).
Cell* heap_weak_head(Cell* target);
void heap_set_weak_head(Mutator& mutator, Cell* target, Cell* head);  // null removes

// Finalisable cells (types with __del__, generators): registered at creation; when found dead they are kept alive, queued, and
// the kFinalizers poll bit is set; the interpreter takes them at a safepoint. Taking sets kFinalized. Withdraw a cell (a
// generator that has finished) by clearing its kFinalizable flag.
void heap_register_finalizable(Mutator& mutator, Cell* cell);
Cell* heap_take_finalizable();  // null: queue empty
bool heap_has_finalizable();

// Outside the threads layer's pair: heap_before_fork, before_fork, fork, after_fork_{parent,child}, heap_after_fork.
void heap_before_fork(Mutator& mutator);
void heap_after_fork(Mutator& mutator, bool in_child);
void heap_thread_lost(Mutator& dead);  // in the child, of each thread that the fork left behind, between the two

// Off-heap, off-stack references. Intrusive list; construct after heap_init, any thread. What set() publishes, get() of any
// thread sees whole.
class RootBase {
 public:
  RootBase();
  ~RootBase();
  RootBase(const RootBase&) = delete;
  RootBase& operator=(const RootBase&) = delete;
  Value load() const {
    Value v;
    __atomic_load(&value_, &v, __ATOMIC_ACQUIRE);
    return v;
  }
  void store(Value v) { __atomic_store(&value_, &v, __ATOMIC_RELEASE); }
  Value value_;
  RootBase *next_, *previous_;
};
template <class T>
class Root : RootBase {
 public:
  Root() = default;
  explicit Root(T* p) { value_ = Value(p); }
  T* get() const { return this->load().template as<T>(); }
  T* operator->() const { return get(); }
  void set(T* p) { store(Value(p)); }
};
template <>
class Root<Value> : RootBase {
 public:
  Root() = default;
  explicit Root(Value v) { value_ = v; }
  Value get() const { return load(); }
  void set(Value v) { store(v); }
};

// A growing C++ array of Values that the collector sees. Lives on the stack or in a native struct with the same lifetime rules as
// Root. push never runs Python and never collects (malloc memory).
class RootVector {
 public:
  RootVector();
  ~RootVector();
  RootVector(const RootVector&) = delete;
  RootVector& operator=(const RootVector&) = delete;
  usize size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Value& operator[](usize i) { return data_[i]; }
  Value operator[](usize i) const { return data_[i]; }
  Value* data() { return data_; }
  Value* begin() { return data_; }
  Value* end() { return data_ + size_; }
  Value back() const { return data_[size_ - 1]; }
  void push(Value v) {
    if (size_ == capacity_) grow(size_ + 1);
    data_[size_++] = v;
  }
  Value pop() { return data_[--size_]; }
  void resize(usize n);  // new entries are absent
  void reserve(usize n) {
    if (n > capacity_) grow(n);
  }
  void clear() { size_ = 0; }
  RootVector *next_, *previous_;

 private:
  void grow(usize at_least);
  Value* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};

}  // namespace baton
