// Methods that bytes and bytearray have in common, as templates over the class of self. Results are of that class.
//
// Arguments are converted (which may run Python) before the content of self is looked at.
#pragma once
#include <optional>
#include <span>

#include "base/ascii_case.h"
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/at_this_moment.h"
#include "objects/bytes_internal.h"
#include "objects/codecs.h"
#include "objects/numbers.h"
#include "objects/piece_list.h"
#include "objects/text_search.h"
#include "objects/tuple.h"

namespace baton {

// --- searching

// The content for a search, which runs no Python code and allocates nothing: a bytearray's under its lock, as other threads may
// change it in place.
class SearchedBytes {
 public:
  SearchedBytes(Thread&, Bytes* self) : data(self->data()), size(self->length()), keep_(self) {}
  SearchedBytes(Thread& thread, ByteArray* self) : keep_(self) {
    lock_.emplace(thread, self);
    data = self->data();
    size = self->length();
  }
  const u8* data;
  Index size;

 private:
  KeepAlive keep_;
  std::optional<CriticalSection> lock_;
};

enum class SearchWay { First, Last };

template <SearchWay way, class T>
Result<i64> bytes_search(Thread& thread, T* self, Value sub, Value start, Value end) {
  Index first = TRY(slice_bound(thread, start, 0)), last = TRY(slice_bound(thread, end, kMaxIndex));
  BytesArg wanted;
  TRY(wanted.take_or_byte(thread, sub));
  SearchedBytes span(thread, self);
  TextBounds bounds = clamp_bounds(first, last, span.size);
  if (bounds.stop - bounds.start < wanted.size()) return -1;
  Index hit = way == SearchWay::First
                  ? search_forward(span.data + bounds.start, bounds.stop - bounds.start, wanted.data(), wanted.size(), 1)
                  : search_backward(span.data + bounds.start, bounds.stop - bounds.start, wanted.data(), wanted.size(), 1);
  return hit < 0 ? -1 : bounds.start + hit;
}

template <class T>
Result<i64> bytes_find(Thread& thread, T* self, Value sub, Value start, Value end) {
  return bytes_search<SearchWay::First>(thread, self, sub, start, end);
}
template <class T>
Result<i64> bytes_rfind(Thread& thread, T* self, Value sub, Value start, Value end) {
  return bytes_search<SearchWay::Last>(thread, self, sub, start, end);
}
template <class T>
Result<i64> bytes_index(Thread& thread, T* self, Value sub, Value start, Value end) {
  i64 at = TRY(bytes_find(thread, self, sub, start, end));
  if (at < 0) return raise_value_error(thread, "subsection not found");
  return at;
}
template <class T>
Result<i64> bytes_rindex(Thread& thread, T* self, Value sub, Value start, Value end) {
  i64 at = TRY(bytes_rfind(thread, self, sub, start, end));
  if (at < 0) return raise_value_error(thread, "subsection not found");
  return at;
}
template <class T>
Result<i64> bytes_count(Thread& thread, T* self, Value sub, Value start, Value end) {
  Index first = TRY(slice_bound(thread, start, 0)), last = TRY(slice_bound(thread, end, kMaxIndex));
  BytesArg wanted;
  TRY(wanted.take_or_byte(thread, sub));
  SearchedBytes span(thread, self);
  TextBounds bounds = clamp_bounds(first, last, span.size);
  if (bounds.stop < bounds.start) return 0;
  return search_count(span.data + bounds.start, bounds.stop - bounds.start, wanted.data(), wanted.size(), 1);
}

template <class T>
Result<bool> bytes_contains(Thread& thread, T* self, Value key) {
  // Something whose __index__ fails is asked for a buffer, as in 3.11.
  Result<Value> index = is_index(key) ? to_index(thread, key) : Result<Value>(Value());
  if (index.is_failed()) thread.take_pending();
  if (!index.is_failed() && index.value().is_present()) {
    u8 byte = TRY(byte_value(thread, index.value()));
    SearchedBytes span(thread, self);
    return span.size && memchr(span.data, byte, static_cast<usize>(span.size));
  }
  BytesArg wanted;
  TRY(wanted.take(thread, key));
  SearchedBytes span(thread, self);
  return search_forward(span.data, span.size, wanted.data(), wanted.size(), 1) >= 0;
}

template <class T>
Result<bool> bytes_tail_match(Thread& thread, T* self, Value parts, Value start, Value end, bool front, const char* name) {
  Index first = TRY(slice_bound(thread, start, 0)), last = TRY(slice_bound(thread, end, kMaxIndex));
  auto matches = [&](const BytesArg& part) {
    SearchedBytes span(thread, self);
    TextBounds bounds = clamp_bounds(first, last, span.size);
    Index n = part.size();
    if (bounds.stop - bounds.start < n) return false;
    return n == 0 || memcmp(span.data + (front ? bounds.start : bounds.stop - n), part.data(), static_cast<usize>(n)) == 0;
  };
  if (Tuple* tuple = cast<Tuple>(parts)) {
    for (Index i = 0; i < tuple->length(); ++i) {
      BytesArg part;
      TRY(part.take(thread, tuple->at(i)));
      if (matches(part)) return true;
    }
    return false;
  }
  if (!has_buffer(parts))
    return raise_type_error(thread, "{} first arg must be bytes or a tuple of bytes, not {!t}", name, parts);
  BytesArg part;
  TRY(part.take(thread, parts));
  return matches(part);
}
template <class T>
Result<bool> bytes_startswith(Thread& thread, T* self, Value prefix, Value start, Value end) {
  return bytes_tail_match(thread, self, prefix, start, end, true, "startswith");
}
template <class T>
Result<bool> bytes_endswith(Thread& thread, T* self, Value suffix, Value start, Value end) {
  return bytes_tail_match(thread, self, suffix, start, end, false, "endswith");
}

template <class T>
Result<T*> bytes_removeprefix(Thread& thread, T* self, Value prefix) {
  BytesArg part;
  TRY(part.take(thread, prefix));
  ByteSpan span = span_of(thread, self);
  Index n = part.size();
  if (n == 0 || n > span.size || memcmp(span.data, part.data(), static_cast<usize>(n)) != 0) return unchanged(thread, self);
  return make_like(thread, self, span.data + n, span.size - n);
}
template <class T>
Result<T*> bytes_removesuffix(Thread& thread, T* self, Value suffix) {
  BytesArg part;
  TRY(part.take(thread, suffix));
  ByteSpan span = span_of(thread, self);
  Index n = part.size();
  if (n == 0 || n > span.size || memcmp(span.data + span.size - n, part.data(), static_cast<usize>(n)) != 0)
    return unchanged(thread, self);
  return make_like(thread, self, span.data, span.size - n);
}

template <class T>
Result<T*> bytes_replace(Thread& thread, T* self, Value old_bytes, Value new_bytes, Value most) {
  BytesArg from, to;
  TRY(from.take(thread, old_bytes));
  TRY(to.take(thread, new_bytes));
  Index count;
  if (!convert_index(thread, most, &count)) return failed;
  ByteSpan span = span_of(thread, self);
  const u8* in = span.data;
  Index n = span.size, m = from.size(), k = to.size(), limit = count < 0 ? kMaxIndex : count;
  Index hits, total = replaced_length(in, n, from.data(), m, k, 1, limit, &hits);
  if (hits == 0) return unchanged(thread, self);
  if (total < 0) return raise_overflow_error(thread, "replace bytes is too long");
  u8* out;
  T* result = TRY(allocate_like(thread, self, total, &out));
  replace_into(out, total, in, n, from.data(), m, to.data(), k, 1, limit);
  return result;
}

// --- splitting

// Pieces of a split, of the class of self.
template <class T>
class BytePieces {
 public:
  BytePieces(Thread& thread, T* self) : thread_(thread), self_(self) {}
  Result<void> add(const u8* data, Index n) { return list_.add(thread_, TRY(make_like(thread_, self_, data, n))); }
  Result<List*> forward() { return list_.forward(thread_); }
  Result<List*> backward() { return list_.backward(thread_); }

 private:
  Thread& thread_;
  T* self_;
  PieceList list_;
};

template <class T>
Result<List*> bytes_split(Thread& thread, T* self, Value sep, Index maxsplit) {
  Index limit = maxsplit < 0 ? kMaxIndex : maxsplit, i = 0;
  BytePieces<T> pieces(thread, self);
  if (sep.is_none()) {
    ByteSpan span = span_of(thread, self);
    Index n = span.size;
    for (;;) {
      while (i < n && byte_is_space(span.data[i])) ++i;
      if (i == n) return pieces.forward();
      if (limit-- <= 0) break;
      Index start = i;
      while (i < n && !byte_is_space(span.data[i])) ++i;
      TRY(pieces.add(span.data + start, i - start));
    }
    TRY(pieces.add(span.data + i, n - i));  // the limit was reached: the rest as it is
    return pieces.forward();
  }
  BytesArg separator;
  TRY(separator.take(thread, sep));
  if (separator.size() == 0) return raise_value_error(thread, "empty separator");
  ByteSpan span = span_of(thread, self);
  for (; limit > 0; --limit) {
    Index hit = search_forward(span.data + i, span.size - i, separator.data(), separator.size(), 1);
    if (hit < 0) break;
    TRY(pieces.add(span.data + i, hit));
    i += hit + separator.size();
  }
  TRY(pieces.add(span.data + i, span.size - i));
  return pieces.forward();
}

template <class T>
Result<List*> bytes_rsplit(Thread& thread, T* self, Value sep, Index maxsplit) {
  Index limit = maxsplit < 0 ? kMaxIndex : maxsplit;
  BytePieces<T> pieces(thread, self);
  if (sep.is_none()) {
    ByteSpan span = span_of(thread, self);
    Index i = span.size;
    for (;;) {
      while (i > 0 && byte_is_space(span.data[i - 1])) --i;
      if (i == 0) return pieces.backward();
      if (limit-- <= 0) break;
      Index stop = i;
      while (i > 0 && !byte_is_space(span.data[i - 1])) --i;
      TRY(pieces.add(span.data + i, stop - i));
    }
    TRY(pieces.add(span.data, i));
    return pieces.backward();
  }
  BytesArg separator;
  TRY(separator.take(thread, sep));
  if (separator.size() == 0) return raise_value_error(thread, "empty separator");
  ByteSpan span = span_of(thread, self);
  Index left = span.size;
  for (; limit > 0; --limit) {
    Index hit = search_backward(span.data, left, separator.data(), separator.size(), 1);
    if (hit < 0) break;
    TRY(pieces.add(span.data + hit + separator.size(), left - hit - separator.size()));
    left = hit;
  }
  TRY(pieces.add(span.data, left));
  return pieces.backward();
}

template <class T>
Result<List*> bytes_splitlines(Thread& thread, T* self, int keepends) {
  BytePieces<T> pieces(thread, self);
  ByteSpan span = span_of(thread, self);
  for (Index i = 0; i < span.size;) {
    Index start = i;
    while (i < span.size && span.data[i] != '\n' && span.data[i] != '\r') ++i;
    Index stop = i;
    if (i < span.size) {
      i += span.data[i] == '\r' && i + 1 < span.size && span.data[i + 1] == '\n' ? 2 : 1;
      if (keepends) stop = i;
    }
    TRY(pieces.add(span.data + start, stop - start));
  }
  return pieces.forward();
}

template <bool from_end, class T>
Result<Tuple*> bytes_partition_at(Thread& thread, T* self, Value sep) {
  BytesArg separator;
  TRY(separator.take(thread, sep));
  if (separator.size() == 0) return raise_value_error(thread, "empty separator");
  ByteSpan span = span_of(thread, self);
  Index m = separator.size();
  Index at = from_end ? search_backward(span.data, span.size, separator.data(), m, 1)
                      : search_forward(span.data, span.size, separator.data(), m, 1);
  if (at < 0) {
    Value whole = TRY(unchanged(thread, self));
    Value empty = TRY(make_like(thread, self, span.data, 0)), empty2 = TRY(make_like(thread, self, span.data, 0));
    return from_end ? tuple_of(thread, empty, empty2, whole) : tuple_of(thread, whole, empty, empty2);
  }
  Value before = TRY(make_like(thread, self, span.data, at));
  Value middle = is<T>(sep) && is<Bytes>(sep) ? sep : Value(TRY(make_like(thread, self, separator.data(), m)));
  Value after = TRY(make_like(thread, self, span.data + at + m, span.size - at - m));
  return tuple_of(thread, before, middle, after);
}
template <class T>
Result<Tuple*> bytes_partition(Thread& thread, T* self, Value sep) {
  return bytes_partition_at<false>(thread, self, sep);
}
template <class T>
Result<Tuple*> bytes_rpartition(Thread& thread, T* self, Value sep) {
  return bytes_partition_at<true>(thread, self, sep);
}

template <class T, class IsStripped>
Result<T*> bytes_strip_where(Thread& thread, T* self, bool left, bool right, IsStripped is_stripped) {
  ByteSpan span = span_of(thread, self);
  Index start = 0, stop = span.size;
  if (left)
    while (start < stop && is_stripped(span.data[start])) ++start;
  if (right)
    while (stop > start && is_stripped(span.data[stop - 1])) --stop;
  if (stop - start == span.size) return unchanged(thread, self);
  return make_like(thread, self, span.data + start, stop - start);
}
template <class T>
Result<T*> bytes_strip_sides(Thread& thread, T* self, Value bytes, bool left, bool right) {
  if (bytes.is_none()) return bytes_strip_where(thread, self, left, right, [](u8 ch) { return byte_is_space(ch); });
  u64 in_set[4] = {};
  {
    BytesArg set;
    TRY(set.take(thread, bytes));
    for (Index i = 0; i < set.size(); ++i) in_set[set.data()[i] >> 6] |= u64{1} << (set.data()[i] & 63);
  }
  return bytes_strip_where(thread, self, left, right, [&](u8 ch) { return (in_set[ch >> 6] >> (ch & 63) & 1) != 0; });
}
template <class T>
Result<T*> bytes_strip(Thread& thread, T* self, Value bytes) {
  return bytes_strip_sides(thread, self, bytes, true, true);
}
template <class T>
Result<T*> bytes_lstrip(Thread& thread, T* self, Value bytes) {
  return bytes_strip_sides(thread, self, bytes, true, false);
}
template <class T>
Result<T*> bytes_rstrip(Thread& thread, T* self, Value bytes) {
  return bytes_strip_sides(thread, self, bytes, false, true);
}

inline bool all_bytes(std::span<const Value> items) {
  for (Value v : items)
    if (!is<Bytes>(v)) return false;
  return true;
}
// The usual case, in one go. Nobody else changes the items meanwhile.
template <class T>
Result<T*> join_bytes(Thread& thread, T* self, std::span<const Value> items) {
  if (items.size() == 1 && is_exact<Bytes>(items[0]) && is<Bytes>(Value(self))) return items[0].as<T>();
  ByteSpan separator = span_of(thread, self);
  Index n = static_cast<Index>(items.size()), gap = separator.size, total = n > 1 ? gap * (n - 1) : 0;
  for (Value v : items) total += v.as<Bytes>()->length();
  u8* out;
  T* result = TRY(allocate_like(thread, self, total, &out));
  for (Index i = 0; i < n; ++i) {
    if (i && gap) memcpy(out, separator.data, static_cast<usize>(gap)), out += gap;
    Bytes* piece = items[static_cast<usize>(i)].template as<Bytes>();
    if (piece->length()) memcpy(out, piece->data(), static_cast<usize>(piece->length())), out += piece->length();
  }
  return result;
}

template <class T>
Result<T*> bytes_join(Thread& thread, T* self, Value iterable) {
  if (is_exact<List>(iterable) && iterable.as<List>()->length() && !objects_are_locked()) {
    List* list = iterable.as<List>();
    std::span<const Value> items(reinterpret_cast<const Value*>(list->storage()->slots()), static_cast<usize>(list->length()));
    if (all_bytes(items)) return join_bytes(thread, self, items);
  }
  RootVector items;
  Result<Value> iterator = get_whole_iter(thread, iterable);
  if (iterator.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "can only join an iterable");
  }
  for (;;) {
    Value item = TRY(iter_next(thread, iterator.value()));
    if (item == kExhausted) break;
    items.push(item);
  }
  std::span<const Value> all(items.data(), items.size());
  if (all_bytes(all)) return join_bytes(thread, self, all);
  ByteBuilder out;
  for (usize i = 0; i < items.size(); ++i) {
    if (i) {
      ByteSpan separator = span_of(thread, self);
      if (!out.append(separator.data, static_cast<usize>(separator.size))) return raise_memory_error(thread);
    }
    if (!has_buffer(items[i])) {
      return raise_type_error(thread, "sequence item {}: expected a bytes-like object, {!t} found", static_cast<i64>(i),
                              items[i]);
    }
    BytesArg item;
    if (item.take(thread, items[i]).is_failed()) {
      thread.clear_pending();  // a view with gaps
      return raise_type_error(thread, "sequence item {}: expected a bytes-like object, {!t} found", static_cast<i64>(i),
                              items[i]);
    }
    if (!out.append(item.data(), static_cast<usize>(item.size()))) return raise_memory_error(thread);
  }
  return make_like(thread, self, out.data(), static_cast<Index>(out.size()));
}

// --- mapping

template <class T, class Map>
Result<T*> bytes_mapped(Thread& thread, T* self, Map map) {
  ByteSpan span = span_of(thread, self);
  u8* out;
  T* result = TRY(allocate_like(thread, self, span.size, &out));
  for (Index i = 0; i < span.size; ++i) out[i] = map(i, span.data[i]);
  return result;
}
template <class T>
Result<T*> bytes_lower(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  u8* out;
  T* result = TRY(allocate_like(thread, self, span.size, &out));
  ascii_lower(out, span.data, static_cast<usize>(span.size));
  return result;
}
template <class T>
Result<T*> bytes_upper(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  u8* out;
  T* result = TRY(allocate_like(thread, self, span.size, &out));
  ascii_upper(out, span.data, static_cast<usize>(span.size));
  return result;
}
template <class T>
Result<T*> bytes_swapcase(Thread& thread, T* self) {
  return bytes_mapped(thread, self, [](Index, u8 ch) { return byte_is_alpha(ch) ? static_cast<u8>(ch ^ 0x20) : ch; });
}
template <class T>
Result<T*> bytes_capitalize(Thread& thread, T* self) {
  return bytes_mapped(thread, self, [](Index i, u8 ch) { return i == 0 ? ascii_to_upper(ch) : ascii_to_lower(ch); });
}
template <class T>
Result<T*> bytes_title(Thread& thread, T* self) {
  bool after_letter = false;
  return bytes_mapped(thread, self, [&](Index, u8 ch) {
    u8 mapped = after_letter ? ascii_to_lower(ch) : ascii_to_upper(ch);
    after_letter = byte_is_alpha(ch);
    return mapped;
  });
}

template <class T>
Result<T*> bytes_translate(Thread& thread, T* self, Value table, Optional<Value> deleted) {
  u8 map[256];
  if (!table.is_none()) {
    BytesArg argument;
    TRY(argument.take(thread, table));
    if (argument.size() != 256) return raise_value_error(thread, "translation table must be 256 characters long");
    memcpy(map, argument.data(), 256);
  } else {
    for (u32 ch = 0; ch < 256; ++ch) map[ch] = static_cast<u8>(ch);
  }
  bool drop[256];
  if (deleted.present) {
    memset(drop, 0, sizeof drop);
    BytesArg argument;
    TRY(argument.take(thread, deleted.value));
    for (Index i = 0; i < argument.size(); ++i) drop[argument.data()[i]] = true;
  }
  ByteSpan span = span_of(thread, self);
  if (!deleted.present && span.size > 0) {
    bool changed = false;
    for (Index i = 0; i < span.size && !changed; ++i) changed = map[span.data[i]] != span.data[i];
    if (!changed) return unchanged(thread, self);
    u8* out;
    T* result = TRY(allocate_like(thread, self, span.size, &out));
    for (Index i = 0; i < span.size; ++i) out[i] = map[span.data[i]];
    return result;
  }
  ByteBuilder out;
  bool changed = false;
  for (Index i = 0; i < span.size; ++i) {
    u8 ch = span.data[i];
    changed |= drop[ch] || map[ch] != ch;
    if (!drop[ch] && !out.push(map[ch])) return raise_memory_error(thread);
  }
  if (!changed) return unchanged(thread, self);
  return make_like(thread, self, out.data(), static_cast<Index>(out.size()));
}

// --- predicates

template <class T, class Test>
Result<bool> bytes_all(Thread& thread, T* self, Test test) {
  ByteSpan span = span_of(thread, self);
  for (Index i = 0; i < span.size; ++i)
    if (!test(span.data[i])) return false;
  return span.size > 0;
}
template <class T>
Result<bool> bytes_isalnum(Thread& thread, T* self) {
  return bytes_all(thread, self, [](u8 ch) { return byte_is_alpha(ch) || byte_is_digit(ch); });
}
template <class T>
Result<bool> bytes_isalpha(Thread& thread, T* self) {
  return bytes_all(thread, self, byte_is_alpha);
}
template <class T>
Result<bool> bytes_isdigit(Thread& thread, T* self) {
  return bytes_all(thread, self, byte_is_digit);
}
template <class T>
Result<bool> bytes_isspace(Thread& thread, T* self) {
  return bytes_all(thread, self, byte_is_space);
}
template <class T>
Result<bool> bytes_isascii(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  return is_ascii(span.data, static_cast<usize>(span.size));
}
template <class T>
Result<bool> bytes_islower(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  bool seen = false;
  for (Index i = 0; i < span.size; ++i) {
    if (byte_is_upper(span.data[i])) return false;
    seen |= byte_is_lower(span.data[i]);
  }
  return seen;
}
template <class T>
Result<bool> bytes_isupper(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  bool seen = false;
  for (Index i = 0; i < span.size; ++i) {
    if (byte_is_lower(span.data[i])) return false;
    seen |= byte_is_upper(span.data[i]);
  }
  return seen;
}
template <class T>
Result<bool> bytes_istitle(Thread& thread, T* self) {
  ByteSpan span = span_of(thread, self);
  bool seen = false, after_letter = false;
  for (Index i = 0; i < span.size; ++i) {
    u8 ch = span.data[i];
    if (byte_is_upper(ch) && after_letter) return false;
    if (byte_is_lower(ch) && !after_letter) return false;
    after_letter = byte_is_alpha(ch);
    seen |= after_letter;
  }
  return seen;
}

// --- padding

template <class T>
Result<T*> bytes_pad(Thread& thread, T* self, Index left, Index right, u8 fill) {
  ByteSpan span = span_of(thread, self);
  if (left <= 0 && right <= 0) return unchanged(thread, self);
  u8* out;
  T* result = TRY(allocate_like(thread, self, left + span.size + right, &out));
  memset(out, fill, static_cast<usize>(left));
  if (span.size) memcpy(out + left, span.data, static_cast<usize>(span.size));
  memset(out + left + span.size, fill, static_cast<usize>(right));
  return result;
}
template <class T>
Result<u8> bytes_fill(Thread& thread, T*, Optional<Value> fillchar, const char* name) {
  if (!fillchar.present) return u8{' '};
  if (Bytes* b = cast<Bytes>(fillchar.value); b && b->length() == 1) return b->data()[0];
  if (ByteArray* b = cast<ByteArray>(fillchar.value); b && b->length() == 1) return span_of(thread, b).data[0];
  return raise_type_error(thread, "{}() argument 2 must be a byte string of length 1, not {!t}", name, fillchar.value);
}
template <class T>
Result<T*> bytes_center(Thread& thread, T* self, Index width, Optional<Value> fillchar) {
  u8 fill = TRY(bytes_fill(thread, self, fillchar, "center"));
  Index margin = width > self->length() ? width - self->length() : 0;
  Index left = margin / 2 + (margin & width & 1);
  return bytes_pad(thread, self, left, margin - left, fill);
}
template <class T>
Result<T*> bytes_ljust(Thread& thread, T* self, Index width, Optional<Value> fillchar) {
  u8 fill = TRY(bytes_fill(thread, self, fillchar, "ljust"));
  return bytes_pad(thread, self, 0, width > self->length() ? width - self->length() : 0, fill);
}
template <class T>
Result<T*> bytes_rjust(Thread& thread, T* self, Index width, Optional<Value> fillchar) {
  u8 fill = TRY(bytes_fill(thread, self, fillchar, "rjust"));
  return bytes_pad(thread, self, width > self->length() ? width - self->length() : 0, 0, fill);
}
template <class T>
Result<T*> bytes_zfill(Thread& thread, T* self, Index width) {
  ByteSpan span = span_of(thread, self);
  if (width <= span.size) return unchanged(thread, self);
  u8* out;
  Index zeros = width - span.size;
  T* result = TRY(allocate_like(thread, self, width, &out));
  memset(out, '0', static_cast<usize>(zeros));
  if (span.size) memcpy(out + zeros, span.data, static_cast<usize>(span.size));
  if (span.size && (span.data[0] == '+' || span.data[0] == '-')) {
    out[0] = span.data[0];
    out[zeros] = '0';
  }
  return result;
}
template <class T>
Result<T*> bytes_expandtabs(Thread& thread, T* self, int tabsize) {
  ByteSpan span = span_of(thread, self);
  ByteBuilder out;
  Index column = 0;
  for (Index i = 0; i < span.size; ++i) {
    u8 ch = span.data[i];
    if (ch == '\t') {
      Index spaces = tabsize > 0 ? tabsize - column % tabsize : 0;
      if (static_cast<u64>(spaces) + out.size() > u64{1} << 46) return raise_overflow_error(thread, "result too long");
      column += spaces;
      for (; spaces > 0; --spaces)
        if (!out.push(' ')) return raise_memory_error(thread);
      continue;
    }
    if (!out.push(ch)) return raise_memory_error(thread);
    ++column;
    if (ch == '\n' || ch == '\r') column = 0;
  }
  return make_like(thread, self, out.data(), static_cast<Index>(out.size()));
}

// --- operators and conversions

template <class T>
Result<Value> bytes_add(Thread& thread, T* self, Value value) {
  BytesArg other;
  if (!has_buffer(value) || other.take(thread, value).is_failed()) {
    thread.clear_pending();  // of a view with gaps
    return raise_type_error(thread, "can't concat {!t} to {!t}", value, self);
  }
  ByteSpan span = span_of(thread, self);
  if (other.size() == 0 && is_exact<Bytes>(Value(self))) return self;
  if (span.size == 0 && is_exact<Bytes>(value) && is<Bytes>(Value(self))) return value;
  u8* out;
  T* result = TRY(allocate_like(thread, self, span.size + other.size(), &out));
  if (span.size) memcpy(out, span.data, static_cast<usize>(span.size));
  if (other.size()) memcpy(out + span.size, other.data(), static_cast<usize>(other.size()));
  return result;
}
inline void repeat_bytes(u8* out, const u8* piece, usize size, usize total) {
  if (total == 0) return;
  memcpy(out, piece, size);
  for (usize done = size; done < total;) {
    usize step = done < total - done ? done : total - done;
    memcpy(out + done, out, step);
    done += step;
  }
}
template <class T>
Result<Value> bytes_mul(Thread& thread, T* self, Value value) {
  Index n = TRY(to_index_checked(thread, value, exceptions.OverflowError));
  ByteSpan span = span_of(thread, self);
  if (n < 0) n = 0;
  Index total;
  if (__builtin_mul_overflow(span.size, n, &total)) {
    return is<Bytes>(Value(self)) ? Result<Value>(raise_overflow_error(thread, "repeated bytes are too long"))
                                  : Result<Value>(raise_memory_error(thread));
  }
  if (n == 1 && is_exact<Bytes>(Value(self))) return self;
  u8* out;
  T* result = TRY(allocate_like(thread, self, total, &out));
  repeat_bytes(out, span.data, static_cast<usize>(span.size), static_cast<usize>(total));
  return result;
}
template <class T>
Result<Value> bytes_mod(Thread& thread, T* self, Value value) {
  ByteSpan span = span_of(thread, self);
  Bytes* format =
      TRY(bytes_from(thread, span.data, static_cast<usize>(span.size)));  // arguments may change a bytearray meanwhile
  return bytes_percent(thread, format->text(), value, is<ByteArray>(Value(self)));
}
template <class T>
Result<Value> bytes_rmod(Thread& thread, T* self, Value value) {
  if (!is<T>(value)) return kNotImplemented;
  return bytes_mod(thread, value.as<T>(), self);
}
template <class T>
Result<i64> bytes_len(Thread&, T* self) {
  return self->length();
}
template <class T>
Result<Value> bytes_getitem(Thread& thread, T* self, Value key) {
  constexpr bool kImmutable = std::is_same_v<T, Bytes>;
  if (is_index(key)) {
    Index i = TRY(to_index_checked(thread, key));
    int byte = byte_at(thread, self, i);
    if (byte < 0) return raise_index_error(thread, kImmutable ? "index out of range" : "bytearray index out of range");
    return Value::of_small_int(byte);
  }
  if (!is<Slice>(key)) {
    return raise_type_error(thread,
                            kImmutable ? "byte indices must be integers or slices, not {!t}"
                                       : "bytearray indices must be integers or slices, not {!t}",
                            key);
  }
  Value start = key.as<Slice>()->start(), stop = key.as<Slice>()->stop(), step = key.as<Slice>()->step();
  TRY(make_slice_plain(thread, &start, &stop, &step));  // each asked once; they may change the length
  SliceRange range = TRY(slice_resolve(thread, start, stop, step, self->length()));
  ByteSpan span = span_of(thread, self);
  if (range.length <= 0) return TRY(make_like(thread, self, span.data, 0));
  if (!kImmutable) {  // __index__ may have shrunk it
    range = TRY(slice_resolve(thread, start, stop, step, span.size));
    if (range.length <= 0) return TRY(make_like(thread, self, span.data, 0));
  }
  if (range.step == 1) {
    if (range.length == span.size) return TRY(unchanged(thread, self));
    if (range.start + range.length == span.size) return TRY(end_of(thread, self, range.length));
    return TRY(make_like(thread, self, span.data + range.start, range.length));
  }
  u8* out;
  T* result = TRY(allocate_like(thread, self, range.length, &out));
  for (Index i = 0, at = range.start; i < range.length; ++i, at += range.step) out[i] = span.data[at];
  return result;
}
template <class T>
Result<Str*> bytes_hex(Thread& thread, T* self, Optional<Value> sep, Index bytes_per_sep) {
  return bytes_hex_method(thread, span_of(thread, self), sep, bytes_per_sep);
}
template <class T>
Result<Value> bytes_decode(Thread& thread, T* self, Optional<Str*> encoding, Optional<Str*> errors) {
  BytesArg held;
  TRY(held.take(thread, self));
  return TRY(decode_text(thread, held.data(), static_cast<usize>(held.size()), is<Bytes>(Value(self)) ? Value(self) : Value(),
                         encoding.value_or(nullptr), errors.value_or(nullptr)));
}
template <class T>
Result<Value> bytes_fromhex(Thread& thread, Type* type, Str* string) {
  ByteBuilder out;
  // Two digits make a byte; at most half of the characters.
  if (!out.extend(static_cast<usize>(string->length() / 2 + 1))) return raise_memory_error(thread);
  Index n = 0;
  (void)TRY(decode_bytes_hex(thread, string, out.data(), &n));
  T* result = TRY(make_like(thread, static_cast<T*>(nullptr), out.data(), n));
  if (type == T::type()) return result;
  return call(thread, Value(type), Value(result));
}

// The rows that both tables have.
#define BATON_BYTES_ROWS(T)                                                                                                      \
  native<bytes_len<T>>("__len__($self, /)", "Return len(self)."),                                                                \
      native<bytes_getitem<T>>("__getitem__($self, key, /)", "Return self[key]."),                                               \
      native<bytes_add<T>>("__add__($self, value, /)", "Return self+value."),                                                    \
      native<bytes_mul<T>>("__mul__($self, value, /)", "Return self*value."),                                                    \
      native<bytes_mul<T>>("__rmul__($self, value, /)", "Return value*self."),                                                   \
      native<bytes_mod<T>>("__mod__($self, value, /)", "Return self%value."),                                                    \
      native<bytes_rmod<T>>("__rmod__($self, value, /)", "Return value%self."),                                                  \
      native<bytes_contains<T>>("__contains__($self, key, /)", "Return key in self."),                                           \
      native<bytes_capitalize<T>>(                                                                                               \
          "capitalize($self, /)",                                                                                                \
          "Return a copy with a capital first letter and small ones after it.\n\nOnly ASCII letters change."),                   \
      native<bytes_center<T>>("center($self, width, fillchar=b' ', /)",                                                          \
                              "Return a centered copy of length width, padded with fillchar."),                                  \
      native_tuple<bytes_count<T>>("count($self, sub, start=None, end=None, /)",                                                 \
                                   "Return the number of non-overlapping occurrences of sub in self[start:end]."),               \
      native<bytes_decode<T>>("decode($self, /, encoding='utf-8', errors='strict')",                                             \
                              "Decode the bytes using the codec registered for encoding."),                                      \
      native_tuple<bytes_endswith<T>>("endswith($self, suffix, start=None, end=None, /)",                                        \
                                      "Return True if self[start:end] ends with suffix, bytes or a tuple of bytes."),            \
      native<bytes_expandtabs<T>>(                                                                                               \
          "expandtabs($self, /, tabsize=8)",                                                                                     \
          "Replace tabs by enough spaces to reach the next tab stop.\n\nStops are tabsize columns apart (8 by default), "        \
          "counted from the start of\neach line.  With a tabsize of 0 or less, tabs just disappear."),                           \
      native_tuple<bytes_find<T>>("find($self, sub, start=None, end=None, /)",                                                   \
                                  "Return the lowest index where sub is found in self[start:end], or -1."),                      \
      native<bytes_fromhex<T>>("fromhex($type, string, /)",                                                                      \
                               "Decode pairs of hexadecimal digits, each pair giving one byte.\n\nASCII whitespace may stand "   \
                               "between the pairs, not within one.  Anything\nelse raises ValueError."),                         \
      native<bytes_hex<T>>("hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",                                              \
                           "Create a string of hexadecimal numbers, with sep every bytes_per_sep bytes."                         \
                           "\n\nExample:\n>>> value = b'\\xab\\xcd\\xef'\n>>> value.hex()\n'abcdef'\n>>> "                       \
                           "value.hex(':')\n'ab:cd:ef'\n>>> value.hex(':', 2)\n'ab:cdef'\n>>> value.hex(':', -2)\n'abcd:ef'"),   \
      native_tuple<bytes_index<T>>("index($self, sub, start=None, end=None, /)",                                                 \
                                   "Return the lowest index where sub is found in self[start:end]; ValueError if it is not."),   \
      native<bytes_isalnum<T>>("isalnum($self, /)",                                                                              \
                               "Return True if there are bytes and all of them are ASCII letters or digits."),                   \
      native<bytes_isalpha<T>>("isalpha($self, /)", "Return True if there are bytes and all of them are ASCII letters."),        \
      native<bytes_isascii<T>>("isascii($self, /)", "Return True if all bytes are ASCII."),                                      \
      native<bytes_isdigit<T>>("isdigit($self, /)", "Return True if there are bytes and all of them are ASCII digits."),         \
      native<bytes_islower<T>>(                                                                                                  \
          "islower($self, /)",                                                                                                   \
          "Tell whether there are ASCII letters, and none of them is a capital.\n\nOther bytes play no part."),                  \
      native<bytes_isspace<T>>("isspace($self, /)", "Return True if there are bytes and all of them are ASCII whitespace."),     \
      native<bytes_istitle<T>>("istitle($self, /)", "Return True if the content is titlecased (ASCII)."),                        \
      native<bytes_isupper<T>>(                                                                                                  \
          "isupper($self, /)",                                                                                                   \
          "Tell whether there are ASCII letters, and all of them are capitals.\n\nOther bytes play no part."),                   \
      native<bytes_join<T>>("join($self, iterable_of_bytes, /)",                                                                 \
                            "Concatenate any number of bytes-like objects, with self in between."),                              \
      native<bytes_ljust<T>>("ljust($self, width, fillchar=b' ', /)",                                                            \
                             "Return a left-justified copy of length width, padded with fillchar."),                             \
      native<bytes_lower<T>>("lower($self, /)", "Return a copy with a to z in place of A to Z, and the rest untouched."),        \
      native<bytes_lstrip<T>>("lstrip($self, bytes=None, /)",                                                                    \
                              "Return a copy without certain bytes at the start.\n\nThe argument is a set of byte values to "    \
                              "remove, in any order, rather than a\nprefix. None or no argument means ASCII white space."),      \
      native_static<bytes_maketrans>(                                                                                            \
          "maketrans(frm, to, /)",                                                                                               \
          "Return a translation table that maps each byte in frm to the byte at the same place in to."),                         \
      native<bytes_partition<T>>("partition($self, sep, /)",                                                                     \
                                 "Partition into the part before the first separator, the separator, and the part after it."),   \
      native<bytes_removeprefix<T>>("removeprefix($self, prefix, /)",                                                            \
                                    "Return a copy with the given prefix removed if present."),                                  \
      native<bytes_removesuffix<T>>("removesuffix($self, suffix, /)",                                                            \
                                    "Return a copy with the given suffix removed if present."),                                  \
      native<bytes_replace<T>>("replace($self, old, new, count=-1, /)",                                                          \
                               "Return a copy with the first count (-1: all) occurrences of old replaced by new."),              \
      native_tuple<bytes_rfind<T>>("rfind($self, sub, start=None, end=None, /)",                                                 \
                                   "Return the highest index where sub is found in self[start:end], or -1."),                    \
      native_tuple<bytes_rindex<T>>("rindex($self, sub, start=None, end=None, /)",                                               \
                                    "Return the highest index where sub is found in self[start:end]; ValueError if it is not."), \
      native<bytes_rjust<T>>("rjust($self, width, fillchar=b' ', /)",                                                            \
                             "Return a right-justified copy of length width, padded with fillchar."),                            \
      native<bytes_rpartition<T>>("rpartition($self, sep, /)",                                                                   \
                                  "Partition into the part before the last separator, the separator, and the part after it."),   \
      native<bytes_rsplit<T>>("rsplit($self, /, sep=None, maxsplit=-1)",                                                         \
                              "Return a list of the sections, split at sep from the end to the front."),                         \
      native<bytes_rstrip<T>>("rstrip($self, bytes=None, /)",                                                                    \
                              "Return a copy without certain bytes at the end.\n\nThe argument is a set of byte values to "      \
                              "remove, in any order, rather than a\nsuffix. None or no argument means ASCII white space."),      \
      native<bytes_split<T>>("split($self, /, sep=None, maxsplit=-1)",                                                           \
                             "Return a list of the sections, split at sep or at ASCII whitespace."),                             \
      native<bytes_splitlines<T>>("splitlines($self, /, keepends=False)",                                                        \
                                  "Return a list of the lines, with their line breaks if keepends is true."),                    \
      native_tuple<bytes_startswith<T>>("startswith($self, prefix, start=None, end=None, /)",                                    \
                                        "Return True if self[start:end] starts with prefix, bytes or a tuple of bytes."),        \
      native<bytes_strip<T>>("strip($self, bytes=None, /)",                                                                      \
                             "Make a copy with unwanted bytes cut off both ends.\n\nThe argument is bytes-like and lists the "   \
                             "values to remove, in any order.\nIf it is None or left out, ASCII whitespace is removed."),        \
      native<bytes_swapcase<T>>("swapcase($self, /)", "Return a copy with the case of ASCII letters inverted."),                 \
      native<bytes_title<T>>("title($self, /)", "Return a titlecased copy (ASCII)."),                                            \
      native<bytes_translate<T>>("translate($self, table, /, delete=b'')",                                                       \
                                 "Return a copy with each byte mapped by the table of 256 bytes, without those in delete."),     \
      native<bytes_upper<T>>("upper($self, /)", "Return a copy with A to Z in place of a to z, and the rest untouched."),        \
      native<bytes_zfill<T>>("zfill($self, width, /)",                                                                           \
                             "Return a copy that is at least width long, with zeros put in front.\n\nThe zeros go after a "      \
                             "leading + or - sign. What is long enough already stays\nthe same.")

}  // namespace baton
