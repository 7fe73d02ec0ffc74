// _heapq: binary heaps in lists. Comparisons may run Python; after each the list must still have the length it had.
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

namespace {

// Order of the heap: a before b.
template <bool max_heap>
Result<bool> before(Thread& thread, Value a, Value b) {
  if (both_small_ints(a, b)) return max_heap ? b.small_int() < a.small_int() : a.small_int() < b.small_int();
  return max_heap ? compare_truth(thread, CompareOp::Lt, b, a) : compare_truth(thread, CompareOp::Lt, a, b);
}

Failed raise_changed(Thread& thread) { return raise_runtime_error(thread, "list changed size during iteration"); }

// Moves the item at `at` towards the root until its parent is not after it.
template <bool max_heap>
Result<void> sift_up_from(Thread& thread, List* heap, Index root, Index at) {
  Index n = heap->length();
  while (at > root) {
    Index parent = (at - 1) >> 1;
    Value item = heap->try_at(at), above = heap->try_at(parent);
    if (item.is_absent() || above.is_absent()) return raise_changed(thread);
    bool swap = TRY(before<max_heap>(thread, item, above));
    if (heap->length() != n) return raise_changed(thread);
    if (!swap) break;
    item = heap->try_at(at);
    above = heap->try_at(parent);
    TRY(list_try_set(thread, heap, at, above));
    TRY(list_try_set(thread, heap, parent, item));
    at = parent;
  }
  return ok;
}

// Lets the item at `at` sink to a leaf along the smaller children, then rise to its place: fewer comparisons than stopping early.
template <bool max_heap>
Result<void> sink(Thread& thread, List* heap, Index at) {
  Index n = heap->length(), start = at;
  while (2 * at + 1 < n) {
    Index child = 2 * at + 1;
    if (child + 1 < n) {
      Value left = heap->try_at(child), right = heap->try_at(child + 1);
      if (left.is_absent() || right.is_absent()) return raise_changed(thread);
      if (!TRY(before<max_heap>(thread, left, right))) ++child;
      if (heap->length() != n) return raise_changed(thread);
    }
    Value lower = heap->try_at(child), upper = heap->try_at(at);
    TRY(list_try_set(thread, heap, at, lower));
    TRY(list_try_set(thread, heap, child, upper));
    at = child;
  }
  return sift_up_from<max_heap>(thread, heap, start, at);
}

Result<void> heappush(Thread& thread, List* heap, Value item) {
  TRY(list_append(thread, heap, item));
  return sift_up_from<false>(thread, heap, 0, heap->length() - 1);
}

template <bool max_heap>
Result<Value> heappop(Thread& thread, List* heap) {
  Value last = list_pop_last(thread, heap);
  if (last.is_absent()) return raise_index_error(thread, "index out of range");
  Value first = heap->try_at(0);
  if (first.is_absent()) return last;
  TRY(list_try_set(thread, heap, 0, last));
  TRY(sink<max_heap>(thread, heap, 0));
  return first;
}

template <bool max_heap>
Result<Value> heapreplace(Thread& thread, List* heap, Value item) {
  Value first = heap->try_at(0);
  if (first.is_absent()) return raise_index_error(thread, "index out of range");
  TRY(list_try_set(thread, heap, 0, item));
  TRY(sink<max_heap>(thread, heap, 0));
  return first;
}

Result<Value> heappushpop(Thread& thread, List* heap, Value item) {
  Value first = heap->try_at(0);
  if (first.is_absent()) return item;
  if (!TRY(before<false>(thread, first, item))) return item;
  first = heap->try_at(0);
  if (first.is_absent()) return raise_index_error(thread, "index out of range");
  TRY(list_try_set(thread, heap, 0, item));
  TRY(sink<false>(thread, heap, 0));
  return first;
}

template <bool max_heap>
Result<void> heapify(Thread& thread, List* heap) {
  for (Index i = heap->length() / 2 - 1; i >= 0; --i) TRY(sink<max_heap>(thread, heap, i));
  return ok;
}

constinit NativeDef functions[] = {
    native<heappush>("heappush($module, heap, item, /)", "Push item onto heap, maintaining the heap invariant."),
    native<heappushpop>("heappushpop($module, heap, item, /)",
                        "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe combined action runs "
                        "more efficiently than "
                        "heappush() followed by\na separate call to heappop()."),
    native<heappop<false>>("heappop($module, heap, /)", "Pop the smallest item off the heap, maintaining the heap invariant."),
    native<heapreplace<false>>(
        "heapreplace($module, heap, item, /)",
        "Pop and return the current smallest value, and add the new item.\n\nThis is more efficient than heappop() followed by "
        "heappush(), and can be\nmore appropriate when using a fixed-size heap.  Note that the value\nreturned may be larger "
        "than "
        "item!  That constrains reasonable uses of\nthis routine unless written as part of a conditional replacement:\n\n    if "
        "item > "
        "heap[0]:\n        item = heapreplace(heap, item)"),
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
        "Heap queue algorithm (a.k.a. priority queue).\n\nHeaps are arrays for which a[k] <= a[2*k+1] and a[k] <= a[2*k+2] "
        "for\nall k, counting elements "
        "from 0.  For the sake of comparison,\nnon-existing elements are considered to be infinite.  The interesting\nproperty "
        "of a heap is that a[0] is "
        "always its smallest element.\n",
    .functions = functions,
    .function_count = count_of(functions),
    .exec = exec,
};

}  // namespace baton
