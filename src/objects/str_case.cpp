// str: case mappings (full, with the final sigma rule) and character class predicates.
#include <cstdlib>

#include "base/ascii_case.h"
#include "base/load.h"
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/object.h"
#include "objects/str_internal.h"

namespace baton {

template <class Map>
static Result<Str*> map_ascii(Thread& thread, Str* self, Map map) {
  Index n = self->length();
  Str* result = TRY(str_allocate(thread, n, 1, true));
  u8* out = static_cast<u8*>(str_mutable_data(result));
  const u8* in = self->data1();
  for (Index i = 0; i < n; ++i) out[i] = map(in[i]);
  return result;
}

// change: ascii_lower or ascii_upper.
static Result<Str*> change_ascii_case(Thread& thread, Str* self, void (*change)(u8*, const u8*, usize)) {
  Index n = self->length();
  Str* result = TRY(str_allocate(thread, n, 1, true));
  change(static_cast<u8*>(str_mutable_data(result)), self->data1(), static_cast<usize>(n));
  return result;
}

// Lower case with regard to the context of a capital sigma.
static int lower_at(const Str* self, Index i, u32 ch, u32 (&mapped)[3]) {
  if (ch == 0x3A3) {
    mapped[0] = unicode_is_final_sigma(static_cast<int>(self->width()), self->data(), static_cast<usize>(self->length()),
                                       static_cast<usize>(i))
                    ? 0x3C2
                    : 0x3C3;
    return 1;
  }
  return unicode_lower(ch, mapped);
}

// Maps a text that is not ASCII: ascii(u8) for the ASCII characters in it, wide(i, ch, out) for the others.
template <class Ascii, class Wide>
static Result<Str*> map_wide(Thread& thread, Str* self, Ascii ascii, Wide wide) {
  usize n = static_cast<usize>(self->length());
  u32* mapped = static_cast<u32*>(malloc((3 * n + 1) * sizeof(u32)));
  if (!mapped) return raise_memory_error(thread);
  u32* end = mapped;
  with_kind(static_cast<int>(self->width()), self->data(), [&](auto* text) {
    for (usize i = 0; i < n; ++i) {
      u32 ch = text[i];
      if (ch < 0x80) {
        *end++ = ascii(static_cast<u8>(ch));
        continue;
      }
      u32 out[3];
      int count = wide(static_cast<Index>(i), ch, out);
      for (int k = 0; k < count; ++k) *end++ = out[k];
    }
  });
  Result<Str*> result = str_from_units(thread, mapped, end - mapped, 4);
  free(mapped);
  return result;
}

Result<Str*> str_method_lower(Thread& thread, Str* self) {
  if (self->is_ascii()) return change_ascii_case(thread, self, ascii_lower);
  return map_wide(thread, self, ascii_to_lower, [self](Index i, u32 ch, u32(&out)[3]) { return lower_at(self, i, ch, out); });
}

Result<Str*> str_method_upper(Thread& thread, Str* self) {
  if (self->is_ascii()) return change_ascii_case(thread, self, ascii_upper);
  return map_wide(thread, self, ascii_to_upper, [](Index, u32 ch, u32(&out)[3]) { return unicode_upper(ch, out); });
}

Result<Str*> str_method_casefold(Thread& thread, Str* self) {
  if (self->is_ascii()) return change_ascii_case(thread, self, ascii_lower);
  return map_wide(thread, self, ascii_to_lower, [](Index, u32 ch, u32(&out)[3]) { return unicode_casefold(ch, out); });
}

static u8 other_ascii_case(u8 ch) { return (ch | 0x20) - 'a' < 26u ? ch ^ 0x20 : ch; }

Result<Str*> str_method_swapcase(Thread& thread, Str* self) {
  if (self->is_ascii()) return map_ascii(thread, self, other_ascii_case);
  return map_wide(thread, self, other_ascii_case, [self](Index i, u32 ch, u32(&out)[3]) {
    if (unicode_is_upper(ch)) return lower_at(self, i, ch, out);
    if (unicode_is_lower(ch)) return unicode_upper(ch, out);
    out[0] = ch;
    return 1;
  });
}

// ASCII: each word, or (whole) the text begins with a capital.
static Result<Str*> title_ascii(Thread& thread, Str* self, bool whole) {
  bool inside = false;
  return map_ascii(thread, self, [&](u8 ch) {
    u8 mapped = inside ? ascii_to_lower(ch) : ascii_to_upper(ch);
    inside = whole || ascii_to_lower(ch) != ascii_to_upper(ch);
    return mapped;
  });
}

// The same for other texts.
static Result<Str*> title_wide(Thread& thread, Str* self, bool whole) {
  bool inside = false;
  auto ascii = [&](u8 ch) {
    u8 mapped = inside ? ascii_to_lower(ch) : ascii_to_upper(ch);
    inside = whole || ascii_to_lower(ch) != ascii_to_upper(ch);
    return mapped;
  };
  return map_wide(thread, self, ascii, [&](Index i, u32 ch, u32(&out)[3]) {
    bool first = !inside;
    inside = whole || unicode_is_cased(ch);
    return first ? unicode_title(ch, out) : lower_at(self, i, ch, out);
  });
}

Result<Str*> str_method_capitalize(Thread& thread, Str* self) {
  if (self->length() == 0) return str_exact(thread, self);
  if (self->is_ascii()) return title_ascii(thread, self, true);
  return title_wide(thread, self, true);
}

Result<Str*> str_method_title(Thread& thread, Str* self) {
  if (self->length() == 0) return str_exact(thread, self);
  if (self->is_ascii()) return title_ascii(thread, self, false);
  return title_wide(thread, self, false);
}

// --- predicates

template <class Test>
static bool all_of(const Str* s, Test test) {
  return with_kind(static_cast<int>(s->width()), s->data(), [&](auto* text) {
    for (Index i = 0, n = s->length(); i < n; ++i)
      if (!test(text[i])) return false;
    return true;
  });
}

#define BATON_PREDICATE(method, test)                                           \
  Result<bool> method(Thread&, Str* self) {                                     \
    return self->length() > 0 && all_of(self, [](u32 ch) { return test(ch); }); \
  }
BATON_PREDICATE(str_method_isalnum, unicode_is_alnum)
BATON_PREDICATE(str_method_isalpha, unicode_is_alpha)
BATON_PREDICATE(str_method_isdecimal, unicode_is_decimal)
BATON_PREDICATE(str_method_isdigit, unicode_is_digit)
BATON_PREDICATE(str_method_isnumeric, unicode_is_numeric)
BATON_PREDICATE(str_method_isspace, unicode_is_space)
#undef BATON_PREDICATE

Result<bool> str_method_isascii(Thread&, Str* self) { return self->is_ascii(); }
Result<bool> str_method_isprintable(Thread&, Str* self) {
  return all_of(self, [](u32 ch) { return unicode_is_printable(ch); });
}
Result<bool> str_method_isidentifier(Thread&, Str* self) { return str_is_identifier(self); }

bool str_is_identifier(const Str* s) {
  if (s->length() == 0) return false;
  u32 first = s->at(0);
  if (first != '_' && !unicode_is_xid_start(first)) return false;
  return all_of(s, [](u32 ch) { return unicode_is_xid_continue(ch); });
}

// The top bit of each of eight ASCII bytes that is one of the 26 letters from `first` on.
static u64 letters_from(u64 bytes, u8 first) {
  constexpr u64 kOnes = 0x0101010101010101;
  return (bytes + kOnes * (0x80u - first)) & ~(bytes + kOnes * (0x80u - 26 - first)) & (kOnes << 7);
}

// Is there a letter from `wanted` ('a' or 'A') on, and none of the other case?
static bool ascii_has_only_case(std::string_view text, u8 wanted) {
  const u8* at = reinterpret_cast<const u8*>(text.data());
  usize n = text.size();
  u64 seen = 0;
  for (; n >= 8; n -= 8, at += 8) {
    u64 bytes = load64(at);
    if (letters_from(bytes, wanted ^ 0x20)) return false;
    seen |= letters_from(bytes, wanted);
  }
  u64 tail = load_tail(at, n);
  return !letters_from(tail, wanted ^ 0x20) && (seen | letters_from(tail, wanted));
}

Result<bool> str_method_islower(Thread&, Str* self) {
  if (self->is_ascii()) return ascii_has_only_case(self->ascii(), 'a');
  bool seen = false;
  for (Index i = 0; i < self->length(); ++i) {
    u32 ch = self->at(i);
    if (unicode_is_upper(ch) || unicode_is_title(ch)) return false;
    seen |= unicode_is_lower(ch);
  }
  return seen;
}

Result<bool> str_method_isupper(Thread&, Str* self) {
  if (self->is_ascii()) return ascii_has_only_case(self->ascii(), 'A');
  bool seen = false;
  for (Index i = 0; i < self->length(); ++i) {
    u32 ch = self->at(i);
    if (unicode_is_lower(ch) || unicode_is_title(ch)) return false;
    seen |= unicode_is_upper(ch);
  }
  return seen;
}

Result<bool> str_method_istitle(Thread&, Str* self) {
  bool seen = false, after_cased = false;
  for (Index i = 0; i < self->length(); ++i) {
    u32 ch = self->at(i);
    if (unicode_is_upper(ch) || unicode_is_title(ch)) {
      if (after_cased) return false;
      after_cased = seen = true;
    } else if (unicode_is_lower(ch)) {
      if (!after_cased) return false;
      after_cased = seen = true;
    } else {
      after_cased = false;
    }
  }
  return seen;
}

}  // namespace baton
