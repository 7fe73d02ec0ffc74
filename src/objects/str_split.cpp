// str: splitting, partitioning, stripping, joining.
#include <cstring>

#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/at_this_moment.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/object.h"
#include "objects/piece_list.h"
#include "objects/str_internal.h"
#include "objects/text_search.h"
#include "objects/tuple.h"
#include "objects/whole_list.h"

namespace baton {

// Pieces of a split, collected before the list is made.
class Pieces {
 public:
  Pieces(Thread& thread, Str* source) : thread_(thread), source_(source) {}
  Result<void> add(Index start, Index stop) { return list_.add(thread_, TRY(str_slice(thread_, source_, start, stop))); }
  Result<List*> forward() { return list_.forward(thread_); }
  Result<List*> backward() { return list_.backward(thread_); }

 private:
  Thread& thread_;
  Str* source_;
  PieceList list_;
};

static Result<List*> split_blanks(Thread& thread, Str* self, Index limit) {
  Pieces pieces(thread, self);
  Index n = self->length();
  TRY(with_kind(static_cast<int>(self->width()), self->data(), [&](auto* text) -> Result<void> {
    Index i = 0;
    for (;;) {
      while (i < n && unicode_is_space(text[i])) ++i;
      if (i == n) return ok;
      if (limit-- <= 0) break;
      Index start = i;
      while (i < n && !unicode_is_space(text[i])) ++i;
      TRY(pieces.add(start, i));
    }
    return pieces.add(i, n);  // the limit was reached: the rest as it is
  }));
  return pieces.forward();
}

static Result<List*> rsplit_blanks(Thread& thread, Str* self, Index limit) {
  Pieces pieces(thread, self);
  TRY(with_kind(static_cast<int>(self->width()), self->data(), [&](auto* text) -> Result<void> {
    Index i = self->length();
    for (;;) {
      while (i > 0 && unicode_is_space(text[i - 1])) --i;
      if (i == 0) return ok;
      if (limit-- <= 0) break;
      Index stop = i;
      while (i > 0 && !unicode_is_space(text[i - 1])) --i;
      TRY(pieces.add(i, stop));
    }
    return pieces.add(0, i);
  }));
  return pieces.backward();
}

static Result<Str*> separator_or_null(Thread& thread, Value sep) {
  Str* s = cast<Str>(sep);
  if (!s) return raise_type_error(thread, "must be str or None, not {!t}", sep);
  if (s->length() == 0) return raise_value_error(thread, "empty separator");
  return s;
}

Result<List*> str_method_split(Thread& thread, Str* self, Value sep, Index maxsplit) {
  Index limit = maxsplit < 0 ? kMaxIndex : maxsplit;
  if (sep.is_none()) return split_blanks(thread, self, limit);
  Str* separator = TRY(separator_or_null(thread, sep));
  Pieces pieces(thread, self);
  Index done = 0;
  if (separator->length() == 1 && self->width() == 1) {
    // Pieces are short as a rule: looked for in place, and only beyond that by a search.
    constexpr Index kShort = 24;
    const u8* text = static_cast<const u8*>(self->data());
    Index n = self->length();
    u32 wanted = separator->at(0);
    while (wanted < 256 && limit > 0) {
      Index i = done, near = n - done < kShort ? n : done + kShort;
      while (i < near && text[i] != wanted) ++i;
      if (i == near) {
        const void* hit = i < n ? memchr(text + i, static_cast<int>(wanted), static_cast<usize>(n - i)) : nullptr;
        if (!hit) break;
        i = static_cast<const u8*>(hit) - text;
      }
      TRY(pieces.add(done, i));
      done = i + 1;
      --limit;
    }
    TRY(pieces.add(done, n));
    return pieces.forward();
  }
  for (; limit > 0; --limit) {
    Index hit = str_find_in(self, separator, done, self->length());
    if (hit < 0) break;
    TRY(pieces.add(done, hit));
    done = hit + separator->length();
  }
  TRY(pieces.add(done, self->length()));
  return pieces.forward();
}

Result<List*> str_method_rsplit(Thread& thread, Str* self, Value sep, Index maxsplit) {
  Index limit = maxsplit < 0 ? kMaxIndex : maxsplit;
  if (sep.is_none()) return rsplit_blanks(thread, self, limit);
  Str* separator = TRY(separator_or_null(thread, sep));
  Pieces pieces(thread, self);
  Index left = self->length();
  for (; limit > 0; --limit) {
    Index hit = str_rfind_in(self, separator, 0, left);
    if (hit < 0) break;
    TRY(pieces.add(hit + separator->length(), left));
    left = hit;
  }
  TRY(pieces.add(0, left));
  return pieces.backward();
}

// The first of text[i..n) that ends a line, or n. In all of Unicode no character from space on to 0x84 does.
template <class Char>
static Index next_linebreak(const Char* text, Index i, Index n) {
  constexpr Index kBlock = 16;
  for (; n - i >= kBlock; i += kBlock) {  // what a vector can do
    Char suspect = 0;
    for (Index k = 0; k < kBlock; ++k) {
      Char ch = text[i + k];
      suspect |= static_cast<Char>(ch < ' ') | static_cast<Char>(ch == 0x85);
      if constexpr (sizeof(Char) > 1) suspect |= static_cast<Char>((ch & ~Char{1}) == 0x2028);
    }
    if (!suspect) continue;
    for (Index end = i + kBlock; i < end; ++i)
      if (unicode_is_linebreak(text[i])) return i;
    i -= kBlock;
  }
  while (i < n && ((text[i] >= ' ' && text[i] < 0x85) || !unicode_is_linebreak(text[i]))) ++i;
  return i;
}

Result<List*> str_method_splitlines(Thread& thread, Str* self, int keepends) {
  Pieces pieces(thread, self);
  Index n = self->length();
  TRY(with_kind(static_cast<int>(self->width()), self->data(), [&](auto* text) -> Result<void> {
    for (Index i = 0; i < n;) {
      Index start = i;
      i = next_linebreak(text, i, n);
      Index stop = i;
      if (i < n) {
        i += text[i] == '\r' && i + 1 < n && text[i + 1] == '\n' ? 2 : 1;
        if (keepends) stop = i;
      }
      TRY(pieces.add(start, stop));
    }
    return ok;
  }));
  return pieces.forward();
}

static Result<Str*> partition_separator(Thread& thread, Value sep) {
  Str* s = cast<Str>(sep);
  if (!s) return raise_type_error(thread, "must be str, not {!t}", sep);
  if (s->length() == 0) return raise_value_error(thread, "empty separator");
  return s;
}

Result<Tuple*> str_method_partition(Thread& thread, Str* self, Value sep) {
  Str* separator = TRY(partition_separator(thread, sep));
  Index at = str_find_in(self, separator, 0, self->length());
  if (at < 0) return tuple_of(thread, TRY(str_exact(thread, self)), names.empty, names.empty);
  Str* before = TRY(str_slice(thread, self, 0, at));
  Str* after = TRY(str_slice(thread, self, at + separator->length(), self->length()));
  return tuple_of(thread, before, separator, after);
}

Result<Tuple*> str_method_rpartition(Thread& thread, Str* self, Value sep) {
  Str* separator = TRY(partition_separator(thread, sep));
  Index at = str_rfind_in(self, separator, 0, self->length());
  if (at < 0) return tuple_of(thread, names.empty, names.empty, TRY(str_exact(thread, self)));
  Str* before = TRY(str_slice(thread, self, 0, at));
  Str* after = TRY(str_slice(thread, self, at + separator->length(), self->length()));
  return tuple_of(thread, before, separator, after);
}

// --- strip

enum StripSide : u32 { kStripLeft = 1, kStripRight = 2 };

template <class InSet>
static Result<Str*> strip_where(Thread& thread, Str* self, u32 sides, InSet in_set) {
  Index start = 0, stop = self->length();
  with_kind(static_cast<int>(self->width()), self->data(), [&](auto* text) {
    if (sides & kStripLeft)
      while (start < stop && in_set(text[start])) ++start;
    if (sides & kStripRight)
      while (stop > start && in_set(text[stop - 1])) --stop;
  });
  return str_slice(thread, self, start, stop);
}

static Result<Str*> strip_method(Thread& thread, Str* self, Value chars, u32 sides, const char* name) {
  if (chars.is_none()) return strip_where(thread, self, sides, [](u32 ch) { return unicode_is_space(ch); });
  Str* set = cast<Str>(chars);
  if (!set) return raise_type_error(thread, "{} arg must be None or str", name);
  if (set->length() == 1) return strip_where(thread, self, sides, [wanted = set->at(0)](u32 ch) { return ch == wanted; });
  return strip_where(thread, self, sides, [set](u32 ch) { return str_find_unit(set, ch, 0, set->length()) >= 0; });
}

Result<Str*> str_method_strip(Thread& thread, Str* self, Value chars) {
  return strip_method(thread, self, chars, kStripLeft | kStripRight, "strip");
}
Result<Str*> str_method_lstrip(Thread& thread, Str* self, Value chars) {
  return strip_method(thread, self, chars, kStripLeft, "lstrip");
}
Result<Str*> str_method_rstrip(Thread& thread, Str* self, Value chars) {
  return strip_method(thread, self, chars, kStripRight, "rstrip");
}

// --- join

Result<Str*> str_join_values(Thread& thread, Str* separator, const Value* items, Index n) {
  if (n == 0) return names.empty;
  if (n == 1 && is_exact<Str>(items[0])) return items[0].as<Str>();
  Index total = 0;
  u32 width = 1;
  bool ascii = true;
  if (n > 1) {
    width = separator->length() ? separator->width() : 1;
    ascii = separator->is_ascii();
    if (__builtin_mul_overflow(separator->length(), n - 1, &total))
      return raise_overflow_error(thread, "join() result is too long for a Python string");
  }
  for (Index i = 0; i < n; ++i) {
    Str* item = cast<Str>(items[i]);
    if (!item) [[unlikely]]
      return raise_type_error(thread, "sequence item {}: expected str instance, {!t} found", static_cast<i64>(i), items[i]);
    if (__builtin_add_overflow(total, item->length(), &total))
      return raise_overflow_error(thread, "join() result is too long for a Python string");
    if (item->width() > width) width = item->width();
    ascii &= item->is_ascii();
  }
  Str* result = TRY(str_allocate(thread, total, width, ascii));
  if (total == 0) return result;
  u8* out = static_cast<u8*>(str_mutable_data(result));
  auto emit = [&](Str* piece) {
    usize units = static_cast<usize>(piece->length());
    if (piece->width() == width)
      memcpy(out, piece->data(), units * width);
    else
      convert_kind(static_cast<int>(width), out, static_cast<int>(piece->width()), piece->data(), units);
    out += units * width;
  };
  for (Index i = 0; i < n; ++i) {
    if (i && separator->length()) emit(separator);
    emit(items[i].as<Str>());
  }
  return result;
}

Result<Str*> str_join(Thread& thread, Str* separator, Value iterable) {
  if (Tuple* tuple = is_exact<Tuple>(iterable) ? iterable.as<Tuple>() : nullptr) {
    return str_join_values(thread, separator, tuple->items(), tuple->length());
  }
  if (is_exact<List>(iterable) && iterable.as<List>()->length() == 0) return names.empty;
  if (is_exact<List>(iterable) && !objects_are_locked()) {  // nobody changes the list meanwhile
    const ValueArray* storage = iterable.as<List>()->storage();
    return str_join_values(thread, separator, reinterpret_cast<const Value*>(storage->slots()), iterable.as<List>()->length());
  }
  if (is_exact<List>(iterable)) {
    Tuple* all = TRY(list_to_tuple(thread, iterable.as<List>()));
    return str_join_values(thread, separator, all->items(), all->length());
  }
  if (WholeList make = whole_list_of(type_of(iterable))) {
    List* whole = TRY(make(thread, iterable));  // nobody else's
    if (whole->length() == 0) return names.empty;
    return str_join_values(thread, separator, reinterpret_cast<const Value*>(whole->storage()->slots()), whole->length());
  }
  RootVector items;
  Result<Value> iterator = get_whole_iter(thread, iterable);
  if (iterator.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "can only join an iterable");
  }
  for (Steps steps(iterator.value());;) {
    Value item = TRY(steps.next(thread));
    if (item == kExhausted) break;
    items.push(item);
  }
  return str_join_values(thread, separator, items.data(), static_cast<Index>(items.size()));
}

}  // namespace baton
