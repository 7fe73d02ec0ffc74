// _heapq: binary heaps in lists. Comparisons may run Python; after each the list must still have the length it had.
//
// Without a GIL a function holds the list's lock (HeapLock) and lets go of it only around comparisons that may run Python code,
// so that it is one step for numbers, text, and tuples that these decide. Items change places by swaps: at every comparison the
// list holds all that is in the heap.
#include "objects/bytes.h"
#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {

class HeapLock {
 public:
  HeapLock(Thread& thread, List* heap) : thread_(thread), byte_(heap->lock_byte()) { acquire(); }
  ~HeapLock() { release(); }
  HeapLock(const HeapLock&) = delete;
  HeapLock& operator=(const HeapLock&) = delete;
  void acquire() {
    is_held_ = objects_are_locked();
    if (is_held_) ByteLock::acquire(thread_, byte_);
  }
  void release() {
    if (is_held_) ByteLock::release(thread_, byte_);
    is_held_ = false;
  }
  bool is_held() const { return is_held_; }

 private:
  Thread& thread_;
  u8* byte_;
  bool is_held_;
};

bool is_scalar(Value v) {
  return is_exact_int(v) || is_exact_float(v) || v.is_bool() || is_exact<Str>(v) || is_exact<Bytes>(v) ||
         (type_of(v)->flags() & (kTypeComparesQuietly | kTypeHeap)) == kTypeComparesQuietly;
}

// Whether a < b runs no Python code.
Result<bool> compares_quietly(Thread& thread, Value a, Value b, int depth = 0) {
  if (!is_exact<Tuple>(a) || !is_exact<Tuple>(b)) return is_scalar(a) && is_scalar(b);
  constexpr int kMaxDepth = 8;
  if (depth == kMaxDepth) return false;
  Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
  for (Index i = 0, n = x->length() < y->length() ? x->length() : y->length(); i < n; ++i) {
    Value p = x->at(i), q = y->at(i);
    if (p == q) continue;
    if (!TRY(compares_quietly(thread, p, q, depth + 1))) return false;
    if (!TRY(same_or_equal(thread, p, q))) return true;
  }
  return true;
}

Result<bool> compare_items(Thread& thread, HeapLock& lock, Value a, Value b) {
  if (lock.is_held() && TRY(compares_quietly(thread, a, b))) return compare_truth(thread, CompareOp::Lt, a, b);
  lock.release();
  Result<bool> answer = compare_truth(thread, CompareOp::Lt, a, b);
  lock.acquire();  // as well if the first other thread has been started meanwhile
  return answer;
}

// Order of the heap: a before b.
template <bool max_heap>
Result<bool> before(Thread& thread, HeapLock& lock, Value a, Value b) {
  if (both_small_ints(a, b)) return max_heap ? b.small_int() < a.small_int() : a.small_int() < b.small_int();
  if (a.is_immediate_float() && b.is_immediate_float())
    return max_heap ? b.immediate_float() < a.immediate_float() : a.immediate_float() < b.immediate_float();
  return max_heap ? compare_items(thread, lock, b, a) : compare_items(thread, lock, a, b);
}

Failed raise_changed(Thread& thread) { return raise_runtime_error(thread, "list changed size during iteration"); }

// Under the lock; both are within the list.
void swap_items(List* heap, Index a, Index b) {
  Value item = heap->storage()->at(a);
  heap->storage()->set_at(a, heap->storage()->at(b));
  heap->storage()->set_at(b, item);
}

// Moves the item at `at` towards the root until its parent is not after it.
template <bool max_heap>
Result<void> sift_up_from(Thread& thread, HeapLock& lock, List* heap, Index root, Index at) {
  Index n = heap->length();
  while (at > root) {
    Index parent = (at - 1) >> 1;
    bool is_before = TRY(before<max_heap>(thread, lock, heap->try_at(at), heap->try_at(parent)));
    if (heap->length() != n) return raise_changed(thread);
    if (!is_before) break;
    swap_items(heap, at, parent);
    at = parent;
  }
  return ok;
}

// Lets the item at `at` sink to a leaf along the smaller children, then rise to its place: fewer comparisons than stopping early.
template <bool max_heap>
Result<void> sink(Thread& thread, HeapLock& lock, List* heap, Index at) {
  Index n = heap->length(), start = at;
  while (2 * at + 1 < n) {
    Index child = 2 * at + 1;
    if (child + 1 < n) {
      if (!TRY(before<max_heap>(thread, lock, heap->try_at(child), heap->try_at(child + 1)))) ++child;
      if (heap->length() != n) return raise_changed(thread);
    }
    swap_items(heap, at, child);
    at = child;
  }
  return sift_up_from<max_heap>(thread, lock, heap, start, at);
}

// Puts another item in the root's place.
template <bool max_heap>
Result<Value> replace_root(Thread& thread, HeapLock& lock, List* heap, Value item) {
  Value first = heap->try_at(0);
  if (first.is_absent()) return raise_index_error(thread, "index out of range");
  heap->storage()->set_at(0, item);
  TRY(sink<max_heap>(thread, lock, heap, 0));
  return first;
}

Result<void> heappush(Thread& thread, List* heap, Value item) {
  HeapLock lock(thread, heap);
  TRY(list_append_locked(thread, heap, item));
  return sift_up_from<false>(thread, lock, heap, 0, heap->length() - 1);
}

template <bool max_heap>
Result<Value> heappop(Thread& thread, List* heap) {
  HeapLock lock(thread, heap);
  Value last = list_pop_last_locked(thread, heap);
  if (last.is_absent()) return raise_index_error(thread, "index out of range");
  return heap->length() == 0 ? last : replace_root<max_heap>(thread, lock, heap, last);
}

template <bool max_heap>
Result<Value> heapreplace(Thread& thread, List* heap, Value item) {
  HeapLock lock(thread, heap);
  return replace_root<max_heap>(thread, lock, heap, item);
}

Result<Value> heappushpop(Thread& thread, List* heap, Value item) {
  HeapLock lock(thread, heap);
  Value first = heap->try_at(0);
  if (first.is_absent() || !TRY(before<false>(thread, lock, first, item))) return item;
  return replace_root<false>(thread, lock, heap, item);
}

template <bool max_heap>
Result<void> heapify(Thread& thread, List* heap) {
  HeapLock lock(thread, heap);
  for (Index i = heap->length() / 2 - 1; i >= 0; --i) TRY(sink<max_heap>(thread, lock, heap, i));
  return ok;
}

constinit NativeDef functions[] = {
    native<heappush>("heappush($module, heap, item, /)", "Push item onto heap, maintaining the heap invariant."),
    native<heappushpop>("heappushpop($module, heap, item, /)",
                        "Add item to the heap, then remove and return the smallest item.\n\nFaster than a heappush() and a "
                        "heappop() one after the other."),
    native<heappop<false>>("heappop($module, heap, /)",
                           "Remove the smallest item from the heap and return it.\n\nWhat remains is a heap still. IndexError is "
                           "raised if the heap is empty."),
    native<heapreplace<false>>(
        "heapreplace($module, heap, item, /)",
        "Remove and return the smallest item, putting item in its place.\n\nOne call does the work of heappop() and heappush() "
        "in less time, and the heap\nkeeps its size. The removal comes first, so what you get can exceed item. To\nreceive the "
        "smaller of the two, test before replacing:\n\n    smallest = heapreplace(heap, x) if heap[0] < x else x\n\nIndexError "
        "is raised if the heap is empty."),
    native<heapify<false>>("heapify($module, heap, /)", "Transform list into a heap, in-place, in O(len(heap)) time."),
    native<heappop<true>>("_heappop_max($module, heap, /)", "Maxheap variant of heappop."),
    native<heapreplace<true>>("_heapreplace_max($module, heap, item, /)", "Maxheap variant of heapreplace."),
    native<heapify<true>>("_heapify_max($module, heap, /)", "Maxheap variant of heapify."),
};

constexpr const char* kAbout =
    "Heap queues\n\n[explanation by Fran\xc3\xa7ois Pinard]\n\nHeaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] "
    "for\nall k, counting elements "
    "from 0.  For the sake of comparison,\nnon-existing elements are considered to be infinite.  The interesting\nproperty of a "
    "heap is that a[0] is always "
    "its smallest element.";

Result<void> exec(Thread& thread, Module* module) {
  return module_set(thread, module, "__about__", Value(TRY(str_from_utf8(thread, kAbout))));
}

}  // namespace

constinit ModuleDef heapq_module = {
    .name = "_heapq",
    .doc =
        "A priority queue kept in an ordinary list.\n\nIn a heap no item is greater than its children: heap[i] has them at "
        "the\nindices 2*i + 1 and 2*i + 2, as far as the list reaches.  So heap[0] is\nthe smallest of all, and adding or "
        "removing an item takes a number of\nsteps that grows with the logarithm of the length.",
    .functions = functions,
    .function_count = count_of(functions),
    .exec = exec,
};

}  // namespace baton
