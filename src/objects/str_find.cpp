// str: searching, counting, replacing, prefixes and suffixes.
#include <cstdlib>
#include <cstring>

#include "base/text_kinds.h"
#include "objects/object.h"
#include "objects/str_internal.h"
#include "objects/text_search.h"
#include "objects/tuple.h"

namespace baton {

// The units of `sub` in the width of the text to be searched. Fits only when sub is not wider.
class WidenedUnits {
 public:
  WidenedUnits(const Str* sub, u32 width) {
    if (sub->width() == width) {
      units_ = sub->data();
      return;
    }
    usize bytes = static_cast<usize>(sub->length()) * width;
    void* space = bytes <= sizeof(inline_) ? inline_ : (heap_ = malloc(bytes));
    BATON_CHECK(space, "out of memory while widening a search text");
    convert_kind(static_cast<int>(width), space, static_cast<int>(sub->width()), sub->data(), static_cast<usize>(sub->length()));
    units_ = space;
  }
  ~WidenedUnits() { free(heap_); }
  WidenedUnits(const WidenedUnits&) = delete;
  WidenedUnits& operator=(const WidenedUnits&) = delete;
  const void* get() const { return units_; }

 private:
  const void* units_;
  void* heap_ = nullptr;
  alignas(8) u8 inline_[256];
};

static const u8* units_at(const Str* s, Index i) {
  return static_cast<const u8*>(s->data()) + static_cast<usize>(i) * s->width();
}

Index str_find_in(const Str* s, const Str* sub, Index start, Index stop) {
  if (stop - start < sub->length()) return -1;
  if (sub->width() > s->width()) return -1;
  if (sub->length() == 1) return str_find_unit(s, sub->at(0), start, stop);
  auto found = [&](const void* needle) {
    Index hit = search_forward(units_at(s, start), stop - start, needle, sub->length(), s->width());
    return hit < 0 ? -1 : start + hit;
  };
  if (sub->width() == s->width()) [[likely]]
    return found(sub->data());
  return found(WidenedUnits(sub, s->width()).get());
}

Index str_rfind_in(const Str* s, const Str* sub, Index start, Index stop) {
  if (stop - start < sub->length()) return -1;
  if (sub->width() > s->width()) return -1;
  WidenedUnits needle(sub, s->width());
  Index hit = search_backward(units_at(s, start), stop - start, needle.get(), sub->length(), s->width());
  return hit < 0 ? -1 : start + hit;
}

Index str_count_in(const Str* s, const Str* sub, Index start, Index stop, Index limit) {
  if (stop - start < sub->length()) return 0;
  if (sub->width() > s->width()) return 0;
  WidenedUnits needle(sub, s->width());
  return search_count(units_at(s, start), stop - start, needle.get(), sub->length(), s->width(), limit);
}

static Result<Str*> searched_text(Thread& thread, Value sub) {
  if (Str* s = cast<Str>(sub)) return s;
  return raise_type_error(thread, "must be str, not {!t}", sub);
}

static Result<i64> find_method(Thread& thread, Str* self, Value sub, Value start, Value end,
                               Index (*search)(const Str*, const Str*, Index, Index)) {
  TextBounds bounds = TRY(text_bounds(thread, start, end, self->length()));
  Str* wanted = TRY(searched_text(thread, sub));
  return search(self, wanted, bounds.start, bounds.stop);
}

Result<i64> str_method_find(Thread& thread, Str* self, Value sub, Value start, Value end) {
  return find_method(thread, self, sub, start, end, str_find_in);
}
Result<i64> str_method_rfind(Thread& thread, Str* self, Value sub, Value start, Value end) {
  return find_method(thread, self, sub, start, end, str_rfind_in);
}
Result<i64> str_method_index(Thread& thread, Str* self, Value sub, Value start, Value end) {
  i64 at = TRY(find_method(thread, self, sub, start, end, str_find_in));
  if (at < 0) return raise_value_error(thread, "substring not found");
  return at;
}
Result<i64> str_method_rindex(Thread& thread, Str* self, Value sub, Value start, Value end) {
  i64 at = TRY(find_method(thread, self, sub, start, end, str_rfind_in));
  if (at < 0) return raise_value_error(thread, "substring not found");
  return at;
}
Result<i64> str_method_count(Thread& thread, Str* self, Value sub, Value start, Value end) {
  TextBounds bounds = TRY(text_bounds(thread, start, end, self->length()));
  Str* wanted = TRY(searched_text(thread, sub));
  return str_count_in(self, wanted, bounds.start, bounds.stop);
}

Result<bool> str_method_contains(Thread& thread, Str* self, Value key) {
  Str* wanted = cast<Str>(key);
  if (!wanted) return raise_type_error(thread, "'in <string>' requires string as left operand, not {!t}", key);
  return str_find_in(self, wanted, 0, self->length()) >= 0;
}

// --- prefixes and suffixes

static bool matches_at(const Str* s, const Str* part, Index at) {
  if (part->width() > s->width()) return false;
  WidenedUnits units(part, s->width());
  return memcmp(units_at(s, at), units.get(), static_cast<usize>(part->length()) * s->width()) == 0;
}

enum class TailEnd { Front, Back };

static bool tail_match(const Str* s, const Str* part, TextBounds bounds, TailEnd end) {
  if (bounds.stop - bounds.start < part->length()) return false;
  return matches_at(s, part, end == TailEnd::Front ? bounds.start : bounds.stop - part->length());
}

static Result<bool> tail_method(Thread& thread, Str* self, Value parts, Value start, Value end, TailEnd where, const char* name) {
  TextBounds bounds = TRY(text_bounds(thread, start, end, self->length()));
  if (Str* part = cast<Str>(parts)) return tail_match(self, part, bounds, where);
  Tuple* tuple = cast<Tuple>(parts);
  if (!tuple) return raise_type_error(thread, "{} first arg must be str or a tuple of str, not {!t}", name, parts);
  for (Index i = 0; i < tuple->length(); ++i) {
    Str* part = cast<Str>(tuple->at(i));
    if (!part) return raise_type_error(thread, "tuple for {} must only contain str, not {!t}", name, tuple->at(i));
    if (tail_match(self, part, bounds, where)) return true;
  }
  return false;
}

Result<bool> str_method_startswith(Thread& thread, Str* self, Value prefix, Value start, Value end) {
  return tail_method(thread, self, prefix, start, end, TailEnd::Front, "startswith");
}
Result<bool> str_method_endswith(Thread& thread, Str* self, Value suffix, Value start, Value end) {
  return tail_method(thread, self, suffix, start, end, TailEnd::Back, "endswith");
}

Result<Str*> str_method_removeprefix(Thread& thread, Str* self, Str* prefix) {
  TextBounds all{0, self->length()};
  return str_slice(thread, self, tail_match(self, prefix, all, TailEnd::Front) ? prefix->length() : 0, self->length());
}
Result<Str*> str_method_removesuffix(Thread& thread, Str* self, Str* suffix) {
  TextBounds all{0, self->length()};
  return str_slice(thread, self, 0, self->length() - (tail_match(self, suffix, all, TailEnd::Back) ? suffix->length() : 0));
}

// --- replace

// In the order of what they can hold: ASCII, then by width.
static u32 text_class(const Str* s) { return s->is_ascii() ? 0 : s->width(); }

// The result is of the class of s, if there is anything to replace: the new text is, or no character of that class goes.
static Result<Str*> replace_in_class(Thread& thread, Str* s, Str* old_text, Str* new_text, Index limit) {
  Index n = s->length(), m = old_text->length(), k = new_text->length();
  u32 width = s->width();
  WidenedUnits from(old_text, width), to(new_text, width);
  Index hits, total = replaced_length(s->data(), n, from.get(), m, k, width, limit, &hits);
  if (hits == 0) return str_exact(thread, s);
  if (total < 0) return raise_overflow_error(thread, "replace string is too long");
  Str* result = TRY(str_allocate(thread, total, width, s->is_ascii()));
  if (total) replace_into(str_mutable_data(result), total, s->data(), n, from.get(), m, to.get(), k, width, limit);
  return result;
}

Result<Str*> str_replace_all(Thread& thread, Str* s, Str* old_text, Str* new_text, Index limit) {
  if (limit < 0) limit = kMaxIndex;
  Index m = old_text->length(), n = s->length();
  if (limit == 0 || m > n || old_text->width() > s->width() || str_equal(old_text, new_text)) return str_exact(thread, s);
  u32 of_old = text_class(old_text), of_new = text_class(new_text), of_all = text_class(s);
  if (of_all == 0 && of_old > 0) return str_exact(thread, s);
  if (of_new == of_all || (of_new < of_all && of_old < of_all)) return replace_in_class(thread, s, old_text, new_text, limit);
  StrBuilder out;
  Index done = 0;
  if (m == 0) {
    for (; limit > 0; --limit) {
      out.append(new_text);
      if (done == n) return out.build(thread);
      out.append(s, done, done + 1);
      ++done;
    }
  } else {
    WidenedUnits needle(old_text, s->width());
    for (; limit > 0; --limit) {
      Index hit = search_forward(units_at(s, done), n - done, needle.get(), m, s->width());
      if (hit < 0) break;
      out.append(s, done, done + hit);
      out.append(new_text);
      done += hit + m;
    }
    if (done == 0) return str_exact(thread, s);
  }
  out.append(s, done, n);
  return out.build(thread);
}

Result<Str*> str_method_replace(Thread& thread, Str* self, Str* old_text, Str* new_text, Index count) {
  return str_replace_all(thread, self, old_text, new_text, count);
}

}  // namespace baton
