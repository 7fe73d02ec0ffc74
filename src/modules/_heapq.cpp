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
  if (a.is_immediate_float() && b.is_immediate_float())
    return max_heap ? b.immediate_float() < a.immediate_float() : a.immediate_float() < b.immediate_float();
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
