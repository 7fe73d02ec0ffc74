// _bisect: binary search in sorted sequences.
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"

namespace baton {

namespace {

template <bool right>
Result<Index> search(Thread& thread, Value a, Value x, Index low, Value hi, Value key) {
  if (low < 0) return raise_value_error(thread, "lo must be non-negative");
  Index high = hi.is_none() ? -1 : TRY(to_index_checked(thread, hi, exceptions.OverflowError));
  if (high == -1) high = TRY(length_of(thread, a));
  List* list = is_exact<List>(a) ? a.as<List>() : nullptr;
  while (low < high) {
    Index middle = static_cast<Index>((static_cast<u64>(low) + static_cast<u64>(high)) / 2);
    Value item = list ? list->try_at(middle) : TRY(get_item(thread, a, TRY(int_from_i64(thread, middle))));
    if (item.is_absent()) return raise_index_error(thread, "list index out of range");
    if (!key.is_none()) item = TRY(call(thread, key, item));
    bool less = TRY(right ? compare_truth(thread, CompareOp::Lt, x, item) : compare_truth(thread, CompareOp::Lt, item, x));
    if (less == right)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

template <bool right>
Result<Value> insort(Thread& thread, Value a, Value x, Index low, Value hi, Value key) {
  Value wanted = key.is_none() ? x : TRY(call(thread, key, x));
  Index at = TRY(search<right>(thread, a, wanted, low, hi, key));
  if (is_exact<List>(a))
    TRY(list_insert_at(thread, a.as<List>(), at, x));
  else
    TRY(call_method(thread, a, intern(thread, "insert"), TRY(int_from_i64(thread, at)), x));
  return kNone;
}

constinit NativeDef functions[] = {
    native<search<true>>(
        "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)",
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in "
        "a[:i] have e <= "
        "x, and all e in\na[i:] have e > x.  So if x already appears in the list, a.insert(i, x) will\ninsert just after the "
        "rightmost x "
        "already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched."),
    native<insort<true>>("insort_right($module, /, a, x, lo=0, hi=None, *, key=None)",
                         "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it "
                         "to the right of the rightmost "
                         "x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched."),
    native<search<false>>(
        "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)",
        "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return value i is such that all e in "
        "a[:i] have e < "
        "x, and all e in\na[i:] have e >= x.  So if x already appears in the list, a.insert(i, x) will\ninsert just before the "
        "leftmost x "
        "already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched."),
    native<insort<false>>("insort_left($module, /, a, x, lo=0, hi=None, *, key=None)",
                          "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, insert it "
                          "to the left of the leftmost "
                          "x.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of a to be searched."),
};

}  // namespace

constinit ModuleDef bisect_module = {
    .name = "_bisect",
    .doc =
        "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort "
        "the list after each "
        "insertion. For long lists of items with\nexpensive comparison operations, this can be an improvement over the "
        "more\ncommon approach.\n",
    .functions = functions,
    .function_count = count_of(functions),
};

}  // namespace baton
