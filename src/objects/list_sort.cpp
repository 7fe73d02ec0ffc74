// list.sort and sorted(): a stable, adaptive merge sort.
//
// Natural runs (descending ones reversed, short ones filled up by binary insertion) are merged in the order that the "powersort"
// rule gives: each boundary between two runs has a power, the depth of the node where a nearly optimal merge tree joins them, and
// runs are merged while the boundary on the stack is deeper than the new one. A merge first gallops past what is in place already
// and switches to galloping while one side keeps winning.
//
// While sorting the list is empty for everyone else; items, and keys if there is a key function, stand in vectors that only this
// call knows. All-small-int, all-float and all-str keys are compared without calls. Comparisons that raise end the sort with a
// permutation of the items in the list.
#include <cstdlib>
#include <cstring>

#include "objects/call_one.h"
#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/native_order.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/text_order.h"

namespace baton {

namespace {

// Failure of a comparison is remembered here; comparisons answer false from then on and loops end early.
struct SortContext {
  Thread& thread;
  bool bad = false;
  const NativeDef* native_less = nullptr;  // see NativeLess
};

struct SmallIntLess {
  bool operator()(SortContext&, Value a, Value b) const { return static_cast<i64>(a.bits()) < static_cast<i64>(b.bits()); }
};
struct FloatLess {
  bool operator()(SortContext&, Value a, Value b) const { return float_value(a) < float_value(b); }
};
struct NarrowTextLess {
  bool operator()(SortContext&, OrderedText a, OrderedText b) const { return narrow_less(a, b); }
};
struct TextLess {
  bool operator()(SortContext&, OrderedText a, OrderedText b) const { return any_less(a, b); }
};
struct AnyLess {
  bool operator()(SortContext& context, Value a, Value b) const {
    Result<bool> less = compare_truth(context.thread, CompareOp::Lt, a, b);
    if (less.is_failed()) {
      context.bad = true;
      return false;
    }
    return less.value();
  }
};

// Of one built-in class, whose < is native.
struct NativeLess {
  bool operator()(SortContext& context, Value a, Value b) const {
    Result<Value> less = compare_natively(context.thread, context.native_less, a, b);
    if (!less.is_failed() && less.value().is_bool()) [[likely]]
      return less.value().is_true();
    if (!less.is_failed()) return AnyLess()(context, a, b);
    context.bad = true;
    return false;
  }
};

// Tuples: by the first items that differ; only items of unusual types need calls.
struct TupleLess {
  bool operator()(SortContext& context, Value a, Value b) const {
    Tuple *x = a.as<Tuple>(), *y = b.as<Tuple>();
    Index n = x->length() < y->length() ? x->length() : y->length();
    for (Index i = 0; i < n; ++i) {
      Value p = x->at(i), q = y->at(i);
      if (p == q) continue;
      if (both_small_ints(p, q)) return SmallIntLess()(context, p, q);
      if (p.is_immediate_float() && q.is_immediate_float()) {
        double left = p.immediate_float(), right = q.immediate_float();
        if (left == right) continue;
        return left < right;
      }
      if (is_exact<Str>(p) && is_exact<Str>(q)) {
        int order = str_compare(p.as<Str>(), q.as<Str>());
        if (order == 0) continue;
        return order < 0;
      }
      Result<bool> same = same_or_equal(context.thread, p, q);
      if (same.is_failed()) {
        context.bad = true;
        return false;
      }
      if (!same.value()) return AnyLess()(context, p, q);
    }
    return x->length() < y->length();
  }
};

// Keys with the items that travel along (null: the keys are the items). Plain pointers into root vectors of the caller, or keys
// that are made of such.
template <class Key>
struct LaneOf {
  Key* keys;
  Value* items;
};
using Lane = LaneOf<Value>;

template <class Less, class Key = Value>
class Sorter {
 public:
  using Lane = LaneOf<Key>;
  Sorter(SortContext& context, Lane data, Lane scratch, Index n) : context_(context), data_(data), scratch_(scratch), n_(n) {}

  void run() {
    Index min_run = minimum_run(n_);
    struct Pending {
      Index start, length;
      int power;
    } stack[85];
    int depth = 0;
    Index at = 0;
    while (at < n_) {
      Index length = count_run(at);
      if (context_.bad) return;
      if (length < min_run) {
        Index wanted = n_ - at < min_run ? n_ - at : min_run;
        insertion_sort(at, at + wanted, at + length);
        if (context_.bad) return;
        length = wanted;
      }
      if (depth) {
        Pending& top = stack[depth - 1];
        int power = boundary_power(top.start, top.length, length);
        while (depth > 1 && stack[depth - 2].power > power) {
          merge(stack[depth - 2].start, stack[depth - 2].length, stack[depth - 1].length);
          if (context_.bad) return;
          stack[depth - 2].length += stack[depth - 1].length;
          --depth;
        }
        stack[depth - 1].power = power;
      }
      stack[depth++] = {at, length, 0};
      at += length;
    }
    while (depth > 1) {
      merge(stack[depth - 2].start, stack[depth - 2].length, stack[depth - 1].length);
      if (context_.bad) return;
      stack[depth - 2].length += stack[depth - 1].length;
      --depth;
    }
  }

 private:
  bool less(const Key& a, const Key& b) { return Less()(context_, a, b); }

  static Index minimum_run(Index n) {
    Index rest = 0;
    while (n >= 64) {
      rest |= n & 1;
      n >>= 1;
    }
    return n + rest;
  }

  // Depth of the merge-tree node between run [start, start+length) and the following run of `next`: the first binary digit in
  // which the two runs' midpoints, as fractions of n, differ.
  int boundary_power(Index start, Index length, Index next) const {
    u64 a = 2 * static_cast<u64>(start) + static_cast<u64>(length), b = a + static_cast<u64>(length) + static_cast<u64>(next),
        n = static_cast<u64>(n_);
    int power = 0;
    for (;;) {
      ++power;
      if (a >= n) {
        a -= n;
        b -= n;
      } else if (b >= n) {
        return power;
      }
      a *= 2;
      b *= 2;
    }
  }

  void move(Lane to, Index at, Lane from, Index source) {
    to.keys[at] = from.keys[source];
    if (to.items) to.items[at] = from.items[source];
  }

  void reverse(Index low, Index high) {
    for (--high; low < high; ++low, --high) {
      std::swap(data_.keys[low], data_.keys[high]);
      if (data_.items) std::swap(data_.items[low], data_.items[high]);
    }
  }

  // Length of the run at `at`, made ascending.
  Index count_run(Index at) {
    Index i = at + 1;
    if (i >= n_) return 1;
    if (less(data_.keys[i], data_.keys[i - 1])) {
      for (++i; i < n_ && less(data_.keys[i], data_.keys[i - 1]); ++i) {
      }
      if (!context_.bad) reverse(at, i);
    } else {
      for (++i; i < n_ && !context_.bad && !less(data_.keys[i], data_.keys[i - 1]); ++i) {
      }
    }
    return i - at;
  }

  // [low, sorted_end) is sorted; extends it to high.
  void insertion_sort(Index low, Index high, Index sorted_end) {
    for (Index i = sorted_end; i < high; ++i) {
      Key key = data_.keys[i];
      Value item = data_.items ? data_.items[i] : Value();
      Index left = low, right = i;
      while (left < right) {
        Index middle = left + (right - left) / 2;
        if (less(key, data_.keys[middle]))
          right = middle;
        else
          left = middle + 1;
        if (context_.bad) return;
      }
      for (Index j = i; j > left; --j) move(data_, j, data_, j - 1);
      data_.keys[left] = key;
      if (data_.items) data_.items[left] = item;
    }
  }

  // First position in sorted keys[0, n) whose key is greater than `key` (after equals), looking near the start first.
  Index upper_from_left(Key key, const Key* keys, Index n) {
    Index low = 0, step = 1;
    while (low + step <= n && !less(key, keys[low + step - 1])) {
      if (context_.bad) return n;
      low += step;
      step *= 2;
    }
    Index high = low + step - 1 < n ? low + step - 1 : n;
    while (low < high && !context_.bad) {
      Index middle = low + (high - low) / 2;
      if (less(key, keys[middle]))
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }
  // First position whose key is not less than `key` (before equals), looking near the start first.
  Index lower_from_left(Key key, const Key* keys, Index n) {
    Index low = 0, step = 1;
    while (low + step <= n && less(keys[low + step - 1], key)) {
      low += step;
      step *= 2;
    }
    Index high = low + step - 1 < n ? low + step - 1 : n;
    while (low < high && !context_.bad) {
      Index middle = low + (high - low) / 2;
      if (less(keys[middle], key))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  // The same two, looking near the end first.
  Index upper_from_right(Key key, const Key* keys, Index n) {
    Index high = n, step = 1;
    while (high - step >= 0 && less(key, keys[high - step])) {
      high -= step;
      step *= 2;
    }
    Index low = high - step >= 0 ? high - step + 1 : 0;
    while (low < high && !context_.bad) {
      Index middle = low + (high - low) / 2;
      if (less(key, keys[middle]))
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }
  Index lower_from_right(Key key, const Key* keys, Index n) {
    Index high = n, step = 1;
    while (high - step >= 0 && !less(keys[high - step], key)) {
      if (context_.bad) return 0;
      high -= step;
      step *= 2;
    }
    Index low = high - step >= 0 ? high - step + 1 : 0;
    while (low < high && !context_.bad) {
      Index middle = low + (high - low) / 2;
      if (less(keys[middle], key))
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  // Merges the adjacent runs [start, start+a) and [start+a, start+a+b).
  void merge(Index start, Index a, Index b) {
    Index skip = upper_from_left(data_.keys[start + a], data_.keys + start, a);  // of the left run, what is in place already
    if (context_.bad) return;
    start += skip;
    a -= skip;
    if (a == 0) return;
    b = lower_from_right(data_.keys[start + a - 1], data_.keys + start + a, b);
    if (context_.bad || b == 0) return;
    if (a <= b)
      merge_low(start, a, b);
    else
      merge_high(start, a, b);
  }

  // Left run moves to scratch; fills from the left.
  void merge_low(Index start, Index a, Index b) {
    for (Index i = 0; i < a; ++i) move(scratch_, i, data_, start + i);
    Index left = 0, right = start + a, to = start, end = start + a + b;
    Index wins_left = 0, wins_right = 0;
    while (left < a && right < end) {
      if (less(data_.keys[right], scratch_.keys[left])) {
        move(data_, to++, data_, right++);
        wins_left = 0;
        ++wins_right;
      } else {
        if (context_.bad) break;
        move(data_, to++, scratch_, left++);
        wins_right = 0;
        ++wins_left;
      }
      if (wins_left + wins_right < gallop_after_) continue;
      // Gallop while either side yields long stretches.
      for (;;) {
        if (left >= a || right >= end) break;
        Index n = upper_from_left(data_.keys[right], scratch_.keys + left, a - left);
        if (context_.bad) break;
        for (Index i = 0; i < n; ++i) move(data_, to++, scratch_, left++);
        if (left >= a) break;
        Index m = lower_from_left(scratch_.keys[left], data_.keys + right, end - right);
        if (context_.bad) break;
        for (Index i = 0; i < m; ++i) move(data_, to++, data_, right++);
        if (n < kGallop && m < kGallop) {
          gallop_after_ += 2;
          break;
        }
        if (gallop_after_ > 2) --gallop_after_;
      }
      if (context_.bad) break;
      wins_left = wins_right = 0;
    }
    while (left < a) move(data_, to++, scratch_, left++);  // also after a failure: nothing gets lost
  }

  // Right run moves to scratch; fills from the right.
  void merge_high(Index start, Index a, Index b) {
    for (Index i = 0; i < b; ++i) move(scratch_, i, data_, start + a + i);
    Index left = start + a - 1, right = b - 1, to = start + a + b - 1;
    Index wins_left = 0, wins_right = 0;
    while (left >= start && right >= 0) {
      if (less(scratch_.keys[right], data_.keys[left])) {
        move(data_, to--, data_, left--);
        wins_right = 0;
        ++wins_left;
      } else {
        if (context_.bad) break;
        move(data_, to--, scratch_, right--);
        wins_left = 0;
        ++wins_right;
      }
      if (wins_left + wins_right < gallop_after_) continue;
      for (;;) {
        if (left < start || right < 0) break;
        Index keep = upper_from_right(scratch_.keys[right], data_.keys + start, left - start + 1);
        if (context_.bad) break;
        Index n = left - start + 1 - keep;
        for (Index i = 0; i < n; ++i) move(data_, to--, data_, left--);
        if (left < start) break;
        Index below = lower_from_right(data_.keys[left], scratch_.keys, right + 1);
        if (context_.bad) break;
        Index m = right + 1 - below;
        for (Index i = 0; i < m; ++i) move(data_, to--, scratch_, right--);
        if (n < kGallop && m < kGallop) {
          gallop_after_ += 2;
          break;
        }
        if (gallop_after_ > 2) --gallop_after_;
      }
      if (context_.bad) break;
      wins_left = wins_right = 0;
    }
    while (right >= 0) move(data_, to--, scratch_, right--);
  }

  static constexpr Index kGallop = 7;
  SortContext& context_;
  Lane data_, scratch_;
  Index n_;
  Index gallop_after_ = kGallop;
};

template <class Less>
void sort_lanes(SortContext& context, Lane data, Lane scratch, Index n) {
  Sorter<Less>(context, data, scratch, n).run();
}

enum class KeyClass : u8 { SmallInts, Floats, NarrowTexts, Texts, Tuples, Other };  // the last two may run Python

// The native < of the built-in class that all keys are of, or null.
const NativeDef* native_less_of(const Value* keys, Index n) {
  if (!keys[0].is_cell()) return nullptr;
  Type* type = type_of(keys[0]);
  const NativeDef* method = native_comparison(type, Slot::lt);
  for (Index i = 1; i < n && method; ++i)
    if (type_of(keys[i]) != type) return nullptr;
  return method;
}

KeyClass classify(const Value* keys, Index n) {
  auto class_of = [](Value v) {
    if (v.is_small_int()) return KeyClass::SmallInts;
    if (is_exact_float(v)) return KeyClass::Floats;
    if (is_exact<Str>(v)) return v.as<Str>()->width() == 1 ? KeyClass::NarrowTexts : KeyClass::Texts;
    return is_exact<Tuple>(v) ? KeyClass::Tuples : KeyClass::Other;
  };
  auto is_text = [](KeyClass c) { return c == KeyClass::NarrowTexts || c == KeyClass::Texts; };
  KeyClass found = class_of(keys[0]);
  for (Index i = 1; i < n && found != KeyClass::Other; ++i) {
    KeyClass c = class_of(keys[i]);
    if (c != found) found = is_text(c) && is_text(found) ? KeyClass::Texts : KeyClass::Other;
  }
  return found;
}

void reverse_lane(Lane data, Index n) {
  for (Index i = 0, j = n - 1; i < j; ++i, --j) {
    std::swap(data.keys[i], data.keys[j]);
    if (data.items) std::swap(data.items[i], data.items[j]);
  }
}

}  // namespace

namespace {

OrderedText ordered(KeyClass keys, Str* text) {
  return {keys == KeyClass::NarrowTexts ? narrow_beginning(text) : any_beginning(text), text};
}

// Texts by their beginnings; the strings are the caller's, and nothing here lets the collector run. false: out of memory.
bool sort_texts(SortContext& context, KeyClass keys, Lane data, Lane scratch, Index n) {
  constexpr Index kFew = 64;
  usize room = static_cast<usize>(n + n / 2 + 1);
  detail::Uninitialized<OrderedText, kFew + kFew / 2 + 1> few;
  OrderedText* texts = n <= kFew ? few.data() : static_cast<OrderedText*>(malloc(room * sizeof(OrderedText)));
  if (!texts) return false;
  for (Index i = 0; i < n; ++i) texts[i] = ordered(keys, data.keys[i].as<Str>());
  LaneOf<OrderedText> all{texts, data.items}, half{texts + n, scratch.items};
  if (keys == KeyClass::NarrowTexts)
    Sorter<NarrowTextLess, OrderedText>(context, all, half, n).run();
  else
    Sorter<TextLess, OrderedText>(context, all, half, n).run();
  for (Index i = 0; i < n; ++i) data.keys[i] = Value(texts[i].text);
  if (texts != few.data()) free(texts);
  return true;
}

// Sorts keys (with their items).
void sort_plain(SortContext& context, KeyClass keys, Lane data, Lane scratch, Index n) {
  switch (keys) {
    case KeyClass::SmallInts: return sort_lanes<SmallIntLess>(context, data, scratch, n);
    case KeyClass::Floats: return sort_lanes<FloatLess>(context, data, scratch, n);
    case KeyClass::NarrowTexts:
    case KeyClass::Texts:
      if (!sort_texts(context, keys, data, scratch, n)) sort_lanes<AnyLess>(context, data, scratch, n);
      return;
    case KeyClass::Tuples: return sort_lanes<TupleLess>(context, data, scratch, n);
    case KeyClass::Other:
      context.native_less = native_less_of(data.keys, n);
      if (context.native_less) return sort_lanes<NativeLess>(context, data, scratch, n);
      return sort_lanes<AnyLess>(context, data, scratch, n);
  }
}

// Reversing before and after keeps equal items in their order.
void sort_data(SortContext& context, Lane data, Lane scratch, Index n, bool reverse) {
  if (reverse) reverse_lane(data, n);
  sort_plain(context, classify(data.keys, n), data, scratch, n);
  if (reverse) reverse_lane(data, n);
}

template <class Less>
bool are_ascending(SortContext& context, const Value* values, Index n) {
  for (Index i = 1; i < n; ++i)
    if (Less()(context, values[i], values[i - 1])) return false;
  return true;
}
// Of keys that need no calls: nothing is to be done. Most lists show at their beginning that they aren't sorted.
bool is_sorted(SortContext& context, KeyClass keys, const Value* values, Index n) {
  switch (keys) {
    case KeyClass::SmallInts: return are_ascending<SmallIntLess>(context, values, n);
    case KeyClass::Floats: return are_ascending<FloatLess>(context, values, n);
    case KeyClass::NarrowTexts: {
      OrderedText last = ordered(keys, values[0].as<Str>());
      for (Index i = 1; i < n; ++i) {
        OrderedText next = ordered(keys, values[i].as<Str>());
        if (narrow_less(next, last)) return false;
        last = next;
      }
      return true;
    }
    default: return false;
  }
}

// Without a key function and with items that compare without calls nobody can look on: the list stays locked, and is not emptied.
// False: the items are not of that kind.
bool sort_at_once(Thread& thread, List* self, bool reverse) {
  CriticalSection guard(thread, self);
  Index n = self->length_;
  if (n < 2) return true;
  ValueArray* storage = self->storage();
  const Value* values = reinterpret_cast<const Value*>(storage->slots());
  KeyClass keys = classify(values, n);
  if (keys >= KeyClass::Tuples) return false;
  SortContext context{thread};
  if (!reverse && is_sorted(context, keys, values, n)) return true;
  constexpr Index kFew = 64;
  auto sort_in = [&](Value* sorted) {
    memcpy(static_cast<void*>(sorted), values, static_cast<usize>(n) * sizeof(Value));
    sort_data(context, Lane{sorted, nullptr}, Lane{sorted + n, nullptr}, n, reverse);
    for (Index i = 0; i < n; ++i) storage->slots()[i].set_unremembered(sorted[i]);
    remember_cell(storage);
  };
  if (n <= kFew) {
    detail::Uninitialized<Value, kFew + kFew / 2 + 1> few;
    sort_in(few.data());
  } else {
    RootVector room;
    room.resize(static_cast<usize>(n + n / 2 + 1));
    sort_in(room.data());
  }
  return true;
}

}  // namespace

static constexpr usize kStackRoom = 96;  // values

// Sorts the n items of an array that is nobody else's. `room` is for items, keys if there is a key function, and half as much
// again; it lies on the stack or in a RootVector, where the collector finds what is moved by raw stores. false: failed, in some
// order.
static bool sort_taken(Thread& thread, ValueArray* taken, Index n, Value key, bool reverse, Value* room) {
  usize count = static_cast<usize>(n), half = count / 2 + 1;
  Value *items = room, *scratch = items + count, *keys = scratch + half, *scratch_keys = keys + count;
  for (usize i = 0; i < count; ++i) items[i] = taken->at(static_cast<Index>(i));
  bool has_keys = !key.is_none(), bad = false;
  CallsOfOne calls(key);
  if (has_keys) bad = calls.check_depth(thread).is_failed();
  for (usize i = 0; has_keys && i < count && !bad; ++i) {
    Result<Value> k = calls.call(thread, items[i]);
    if (k.is_failed())
      bad = true;
    else
      keys[i] = k.value();
  }
  if (!bad && n > 1) {
    SortContext context{thread};
    if (has_keys)
      sort_data(context, Lane{keys, items}, Lane{scratch_keys, scratch}, n, reverse);
    else
      sort_data(context, Lane{items, nullptr}, Lane{scratch, nullptr}, n, reverse);
    bad = context.bad;
  }
  for (usize i = 0; i < count; ++i) taken->set_at(static_cast<Index>(i), items[i]);
  return !bad;
}

Result<void> list_sort_in_place(Thread& thread, List* self, Value key, bool reverse) {
  if (key.is_none() && sort_at_once(thread, self, reverse)) return ok;
  Index n;
  ValueArray* taken;
  {
    CriticalSection guard(thread, self);
    n = self->length_;
    taken = self->storage();
    list_set_length(self, 0);
    self->storage_.clear();
  }
  bool has_keys = !key.is_none();
  usize half = static_cast<usize>(n / 2 + 1), total = (static_cast<usize>(n) + half) * (has_keys ? 2 : 1);
  bool bad;
  if (total <= kStackRoom) {
    detail::Uninitialized<Value, kStackRoom> room;
    bad = !sort_taken(thread, taken, n, key, reverse, room.data());
  } else {
    RootVector room;
    room.resize(total);
    bad = !sort_taken(thread, taken, n, key, reverse, room.data());
  }
  bool modified;
  {
    CriticalSection guard(thread, self);
    modified = self->length_ != 0 || self->storage() != nullptr;
    self->storage_.set(self, taken);
    list_set_length(self, n);
  }
  if (bad) return failed;
  if (modified) return raise_value_error(thread, "list modified during sort");
  return ok;
}

}  // namespace baton
