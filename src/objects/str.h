// str: immutable text in units of 1, 2 or 4 bytes, the smallest that fits (PEP 393). Lone surrogates are ordinary units.
//
// The characters stand inline behind the header, or in a buffer shared with other strings: concatenation above kShareThreshold
// makes the result's buffer larger than needed, and a string that ends where its buffer's used part ends is extended in place by
// the next concatenation, so that `s += x` in a loop is linear. A shared buffer's used part never changes. Instances of
// subclasses always refer to a buffer (the exact string's own cell), so their size is fixed.
#pragma once
#include <string_view>

#include "objects/native.h"
#include "objects/thread.h"

namespace baton {

class Str final : public Cell {
 public:
  static constexpr u16 kKind = kKindStr;
  static Type* type() { return types.str; }
  // Read as other threads may write it: a string that they can see becomes interned.
  u64 length_and_flags() const { return __atomic_load_n(&length_and_flags_, __ATOMIC_RELAXED); }
  Index length() const { return static_cast<Index>(length_and_flags() >> 8); }
  u32 width() const { return length_and_flags() & 7; }  // bytes a unit: 1, 2, 4
  bool is_ascii() const { return length_and_flags() & kAscii; }
  bool is_interned() const { return length_and_flags() & kInterned; }
  const u8* data1() const { return static_cast<const u8*>(data_); }
  const u16* data2() const { return static_cast<const u16*>(data_); }
  const u32* data4() const { return static_cast<const u32*>(data_); }
  const void* data() const { return data_; }
  u32 at(Index i) const {
    switch (width()) {
      case 1: return data1()[i];
      case 2: return data2()[i];
      default: return data4()[i];
    }
  }
  // Cached hash, 0: not computed yet (str_hash computes).
  u64 cached_hash() const { return __atomic_load_n(&hash_, __ATOMIC_RELAXED); }
  // UTF-8 text of an ASCII string.
  std::string_view ascii() const { return {reinterpret_cast<const char*>(data_), static_cast<usize>(length())}; }
  void visit_edges(EdgeVisitor& visit) const {
    if (length_and_flags() & kShared) visit(*reinterpret_cast<const Field<Cell>*>(this + 1));
  }

  static constexpr u64 kAscii = 8, kInterned = 16, kShared = 32;
  static constexpr u64 kGrown = 64;  // made by a concatenation: the next one on top of it gets a buffer with room to grow
  u64 length_and_flags_;
  u64 hash_;
  const void* data_;
  // inline: the characters and a zero unit; shared: Field<Cell> buffer
};

// --- making strings. All raise MemoryError; text is valid UTF-8 (surrogates encoded as three bytes are accepted).
Result<Str*> str_from_utf8(Thread& thread, std::string_view text);
Result<Str*> str_from_ascii(Thread& thread, std::string_view text);  // all bytes < 128: not checked
Result<Str*> str_from_latin1(Thread& thread, const u8* data, usize n);
Result<Str*> str_from_code_point(Thread& thread, u32 code_point);  // cached for latin-1
// A string of n units of the given width, characters undefined: the caller fills them at once (mutable_data) and the maximum
// character must need that width (else use str_from_units, which narrows).
Result<Str*> str_allocate(Thread& thread, Index n, u32 width, bool ascii);
inline void* str_mutable_data(Str* s) { return const_cast<void*>(s->data_); }
Result<Str*> str_from_units(Thread& thread, const void* data, Index n, u32 width);  // narrows to the smallest width
Result<Str*> str_get_range(Thread& thread, Str* self, const SliceRange& range);     // resolved for its length
Result<Str*> str_slice(Thread& thread, Str* s, Index start, Index stop);            // clamped already
Result<Str*> str_concat(Thread& thread, Str* a, Str* b);
Str* intern(Thread& thread, std::string_view utf8);  // never fails (aborts on out of memory at start-up)
Result<Str*> str_intern(Thread& thread, Str* s);     // the interned equal string (exact str)
// printf-less formatting: see format_message in raise.h for the directives.
// --- reading
u64 str_hash(Str* s);
bool str_equal(const Str* a, const Str* b);
bool str_equals_ascii(const Str* s, std::string_view ascii);
int str_compare(const Str* a, const Str* b);  // by code point: <0, 0, >0
// UTF-8 bytes of s: for ASCII strings its own data; else a Bytes cell kept alive by the caller through *owner. Lone surrogates:
// UnicodeEncodeError. The text is followed by a zero byte only if terminated is asked for.
Result<std::string_view> str_utf8(Thread& thread, Str* s, Value* owner);
// Like str_utf8 but never fails: surrogates are encoded as three bytes; for messages and names of files' lines.
std::string_view str_utf8_lossy(Thread& thread, Str* s, Value* owner);
Index str_find_unit(const Str* s, u32 code_point, Index start, Index stop);  // -1: none

// Exact str of an instance of a subclass (or itself).
Result<Str*> str_exact(Thread& thread, Str* s);

// Growing text, for building results. Holds malloc memory, no cells: may live across anything. Running out of memory is
// remembered and reported by build().
class StrBuilder {
 public:
  StrBuilder() = default;
  ~StrBuilder();
  StrBuilder(const StrBuilder&) = delete;
  StrBuilder& operator=(const StrBuilder&) = delete;
  void append_ascii(std::string_view text);
  void append_utf8(std::string_view text);
  void append(u32 code_point) {
    usize end = (static_cast<usize>(length_) + 1) * width_;
    if (end > capacity_) [[unlikely]]
      return append_slow(code_point);
    if (width_ == 1 && code_point < 0x100)
      data_[length_++] = static_cast<u8>(code_point);
    else if (width_ == 2 && code_point < 0x10000)
      reinterpret_cast<u16*>(data_)[length_++] = static_cast<u16>(code_point);
    else if (width_ == 4)
      reinterpret_cast<u32*>(data_)[length_++] = code_point;
    else
      append_slow(code_point);
  }
  void append(const Str* s);
  void append(const Str* s, Index start, Index stop);
  void append_units(const void* units, Index n, u32 width);
  // n more units of at least `width` bytes, to be filled by the caller at once; null: out of memory. See width() for what it got.
  void* extend(Index n, u32 width) {
    if (!reserve(n, width)) return nullptr;
    void* at = data_ + static_cast<usize>(length_) * width_;
    length_ += n;
    return at;
  }
  void append_repeated(u32 code_point, Index n);
  Index length() const { return length_; }
  void truncate(Index n) { length_ = n; }
  Result<Str*> build(Thread& thread);  // exact width; the builder stays usable
  u32 at(Index i) const;
  u32 width() const { return width_; }
  const void* data() const { return data_; }
  bool is_out_of_memory() const { return out_of_memory_; }

 private:
  bool reserve(Index extra, u32 width);  // false: out of memory, and the builder is marked so
  void append_slow(u32 code_point);
  u8* data_ = inline_;
  Index length_ = 0;                  // units
  usize capacity_ = sizeof(inline_);  // bytes
  u32 width_ = 1;
  bool out_of_memory_ = false;
  alignas(8) u8 inline_[104];
};

// repr() text with CPython's quoting and escaping; ascii(): the same with everything beyond ASCII escaped.
Result<Str*> str_repr(Thread& thread, Str* s);
Result<Str*> str_ascii_repr(Thread& thread, Str* s);

// --- operations that the interpreter and modules share with the methods
// Item i (0 <= i < length, checked by the caller).
inline Result<Str*> str_item(Thread& thread, Str* s, Index i) { return str_from_code_point(thread, s->at(i)); }
Result<Value> str_subscript(Thread& thread, Str* self, Value key);  // s[key] with its errors
Result<Str*> str_repeat(Thread& thread, Str* s, Index n);
// Index of sub in s[start:stop] (clamped already), -1: none.
Index str_find_in(const Str* s, const Str* sub, Index start, Index stop);
Index str_rfind_in(const Str* s, const Str* sub, Index start, Index stop);
Index str_count_in(const Str* s, const Str* sub, Index start, Index stop, Index limit = kMaxIndex);
Result<Str*> str_replace_all(Thread& thread, Str* s, Str* old_text, Str* new_text, Index limit = -1);
// separator.join(items); items need not be strings: TypeError "sequence item 0: expected str instance, int found".
Result<Str*> str_join_values(Thread& thread, Str* separator, const Value* items, Index n);
Result<Str*> str_join(Thread& thread, Str* separator, Value iterable);
bool str_starts_with(const Str* s, std::string_view ascii);
bool str_is_identifier(const Str* s);
// format % args, and str.format with a positional tuple and keywords (a Dict* or a mapping; absent: none).
Result<Value> str_percent(Thread& thread, Str* format, Value args);
Result<Str*> str_format(Thread& thread, Str* format, Tuple* args, Value keywords);
// The str of a type's __new__ for `type`, a subclass of str: shares exact's characters.
Result<Str*> str_new_instance(Thread& thread, Type* type, Str* exact);

}  // namespace baton
