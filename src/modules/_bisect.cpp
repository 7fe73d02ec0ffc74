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
        "Find the rightmost place for x in the sorted list a.\n\nThe result is an index i: no element before i is greater than "
        "x, and every\nelement from i on is. An insertion there thus puts x behind its equals.\n\nThe search covers a[lo:hi], by "
        "default the whole list; a negative lo raises\nValueError. With a key function, x is compared with key(element)."),
    native<insort<true>>("insort_right($module, /, a, x, lo=0, hi=None, *, key=None)",
                         "Insert x into the sorted list a, behind any elements equal to it.\n\nThe list stays sorted. Only "
                         "positions from lo to hi are considered, by\ndefault all of them; a negative lo raises ValueError. If a "
                         "key function is\ngiven, the order is that of key(element), and key(x) is used for x."),
    native<search<false>>(
        "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)",
        "Find the leftmost place for x in the sorted list a.\n\nThe result is an index i: every element before i is less than x, "
        "and none\nfrom i on is. An insertion there thus puts x in front of its equals.\n\nThe search covers a[lo:hi], by "
        "default the whole list; a negative lo raises\nValueError. With a key function, key(element) is compared with x."),
    native<insort<false>>("insort_left($module, /, a, x, lo=0, hi=None, *, key=None)",
                          "Insert x into the sorted list a, in front of any elements equal to it.\n\nThe list stays sorted. Only "
                          "positions from lo to hi are considered, by\ndefault all of them; a negative lo raises ValueError. If "
                          "a key function is\ngiven, the order is that of key(element), and key(x) is used for x."),
};

}  // namespace

constinit ModuleDef bisect_module = {
    .name = "_bisect",
    .doc =
        "Binary search and insertion for sorted lists.\n\nThe bisect functions find the place of an item, the insort functions "
        "put it\nthere. A list kept in order this way needs no new sort after each addition,\nwhich pays off when it is long and "
        "its items are slow to compare.",
    .functions = functions,
    .function_count = count_of(functions),
};

}  // namespace baton
