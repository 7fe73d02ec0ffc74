// The weak table (target -> head of its weak references) and the registration of finalisable cells.
#include "heap/exit_scan.h"
#include "heap/heap_internal.h"
#include "threads/gil.h"

namespace baton {

usize WeakTable::slot_of(u64 target) const {
  return static_cast<usize>((target >> 4) * 0x9E37'79B9'7F4A'7C15u >> 20) & (capacity_ - 1);
}

Cell* WeakTable::find(const Cell* target) const {
  if (!capacity_) return nullptr;
  u64 key = reinterpret_cast<u64>(target);
  for (usize i = slot_of(key);; i = (i + 1) & (capacity_ - 1)) {
    if (entries_[i].target == key) return entries_[i].head;
    if (entries_[i].target == 0) return nullptr;
  }
}

void WeakTable::rehash(usize capacity) {
  Entry* old = entries_;
  usize old_capacity = capacity_;
  entries_ = static_cast<Entry*>(calloc(capacity, sizeof(Entry)));
  BATON_CHECK(entries_, "the system has memory for the weak table");
  capacity_ = capacity;
  used_ = live_;
  for (usize i = 0; i < old_capacity; ++i) {
    if (old[i].target <= 1) continue;
    usize slot = slot_of(old[i].target);
    while (entries_[slot].target) slot = (slot + 1) & (capacity_ - 1);
    entries_[slot] = old[i];
  }
  free(old);
}

void WeakTable::set(Cell* target, Cell* head) {
  if ((used_ + 1) * 4 > capacity_ * 3) rehash(live_ * 2 < 32 ? 64 : live_ * 4 > capacity_ ? capacity_ * 2 : capacity_);
  u64 key = reinterpret_cast<u64>(target);
  usize slot = slot_of(key), deleted = ~usize{0};
  for (;; slot = (slot + 1) & (capacity_ - 1)) {
    if (entries_[slot].target == key) {
      entries_[slot].head = head;
      return;
    }
    if (entries_[slot].target == 1 && deleted == ~usize{0}) deleted = slot;
    if (entries_[slot].target == 0) break;
  }
  if (deleted != ~usize{0})
    slot = deleted;
  else
    ++used_;
  entries_[slot] = {key, head};
  ++live_;
}

bool WeakTable::remove(const Cell* target) {
  if (!capacity_) return false;
  u64 key = reinterpret_cast<u64>(target);
  for (usize i = slot_of(key);; i = (i + 1) & (capacity_ - 1)) {
    if (entries_[i].target == 0) return false;
    if (entries_[i].target != key) continue;
    entries_[i] = {1, nullptr};
    --live_;
    return true;
  }
}

void WeakTable::shrink_if_sparse() {
  if (capacity_ <= 64) return;
  usize wanted = capacity_;
  while (wanted > 64 && live_ * 8 < wanted) wanted /= 2;
  if (wanted != capacity_ || used_ > live_ * 2 + 32) rehash(wanted);
}

Cell* heap_weak_head(Cell* target) {
  if (!target->has_gc_flag(kHasWeakrefs)) return nullptr;
  Guard guard(heap.weak_lock);
  return heap.weak.find(target);
}

void heap_set_weak_head(Mutator& mutator, Cell* target, Cell* head) {
  (void)mutator;
  Guard guard(heap.weak_lock);
  if (!head) {
    heap.weak.remove(target);
    target->remove_gc_flag(kHasWeakrefs);
    return;
  }
  heap.weak.set(target, head);
  target->add_gc_flag(kHasWeakrefs);
  if (!target->has_gc_flag(kOld) || !head->has_gc_flag(kOld)) heap.young_weak.push(target);
}

void heap_register_finalizable(Mutator& mutator, Cell* cell) {
  if (cell->has_gc_flag(kFinalizable)) return;
  if (gil_enabled())
    cell->add_gc_flag_private(kFinalizable);
  else
    cell->add_gc_flag(kFinalizable);
  mutator_heap_of(mutator)->finalizable.push(cell);
}

bool heap_any_finalizable(bool (*fn)(Cell* cell)) {
  auto any = [fn](PodVector<Cell*>& cells) {
    for (Cell* cell : cells)
      if (cell->has_gc_flag(kFinalizable) && fn(cell)) return true;
    return false;
  };
  if (any(heap.old_finalizable)) return true;
  for (MutatorHeap* h = heap.mutators; h; h = h->next)
    if (any(h->finalizable)) return true;
  return false;
}

bool heap_any_weak_list(bool (*fn)(Cell* head)) {
  bool found = false;
  heap.weak.for_each([&](WeakTable::Entry& entry) { found = found || fn(entry.head); });
  return found;
}

bool heap_has_finalizable() { return __atomic_load_n(&heap.queued, __ATOMIC_ACQUIRE) != 0; }

Cell* heap_take_finalizable() {
  if (!heap_has_finalizable()) return nullptr;
  Guard guard(heap.weak_lock);
  if (heap.queue_head == heap.finalizer_queue.size()) return nullptr;
  Cell* cell = heap.finalizer_queue[heap.queue_head++];
  if (heap.queue_head == heap.finalizer_queue.size()) {
    heap.finalizer_queue.shrink_to(0);
    heap.queue_head = 0;
  }
  __atomic_fetch_sub(&heap.queued, 1, __ATOMIC_RELEASE);
  cell->add_gc_flag(kFinalized);
  return cell;
}

}  // namespace baton
