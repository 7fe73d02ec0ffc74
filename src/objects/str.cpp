// str: allocation, interning, concatenation, slices, comparison, hashing, conversion to and from UTF-8.
//
// Invariants: the width is the smallest that fits and kAscii is exact, so equal texts have equal widths and flags; hash 0 means
// "not computed". Interned strings are kept alive by one table; the empty string and the
// strings of one Latin-1 character are interned and unique.
#include "objects/str.h"

#include <bit>
#include <cstdlib>
#include <cstring>

#include "base/load.h"
#include "base/search.h"
#include "base/siphash.h"
#include "base/text_kinds.h"
#include "base/utf8.h"
#include "objects/bytes.h"
#include "objects/intern_ascii.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/text_order.h"
#include "objects/tuple.h"
#include "threads/lock_byte.h"

namespace baton {

static constexpr Index kShareThreshold = 256;           // bytes of a concatenation from which buffers may be shared
static constexpr Index kMaxStrLength = Index{1} << 54;  // the length field has 56 bits

static Str* empty_string = nullptr;  // interned, like the next
Str* latin1_strings[256] = {};       // interned, made on first use

static u32 str_shape_id() {
  Shape* shape = types.str ? types.str->instance_shape() : nullptr;
  return shape ? shape->id() : 0;
}

// --- allocation

static Str* allocate_inline(Thread& thread, Index n, u32 width, bool ascii) {
  if (n > kMaxStrLength) return nullptr;
  usize bytes = static_cast<usize>(n + 1) * width;
  Cell* cell = allocate_cell(thread, sizeof(Str) + bytes, Str::kKind, str_shape_id());
  if (!cell) return nullptr;
  Str* s = static_cast<Str*>(cell);
  s->length_and_flags_ = static_cast<u64>(n) << 8 | width | (ascii ? Str::kAscii : 0);
  s->hash_ = 0;
  u8* data = reinterpret_cast<u8*>(s + 1);
  s->data_ = data;
  u8* end = data + static_cast<usize>(n) * width;
  for (u32 i = 0; i < width; ++i) end[i] = 0;
  return s;
}

static Result<Str*> empty_str(Thread& thread) {
  if (!empty_string) empty_string = intern(thread, std::string_view());
  return empty_string;
}

Result<Str*> str_allocate(Thread& thread, Index n, u32 width, bool ascii) {
  if (n == 0) return empty_str(thread);
  Str* s = allocate_inline(thread, n, width, ascii);
  if (!s) return raise_memory_error(thread);
  return s;
}

static Str* latin1_str(Thread& thread, u32 ch) {
  Str* s = __atomic_load_n(&latin1_strings[ch], __ATOMIC_ACQUIRE);
  if (s) [[likely]]
    return s;
  u8 text[4];
  usize n = utf8_put(ch, text);
  s = intern(thread, {reinterpret_cast<char*>(text), n});
  __atomic_store_n(&latin1_strings[ch], s, __ATOMIC_RELEASE);
  return s;
}

Result<Str*> str_from_code_point(Thread& thread, u32 ch) {
  if (ch < 0x100) return latin1_str(thread, ch);
  u32 width = ch < 0x10000 ? 2 : 4;
  Str* s = TRY(str_allocate(thread, 1, width, false));
  put_char_at(static_cast<int>(width), str_mutable_data(s), 0, ch);
  return s;
}

Result<Str*> str_from_ascii(Thread& thread, std::string_view text) {
  if (text.size() <= 1) return text.empty() ? empty_str(thread) : Result<Str*>(latin1_str(thread, static_cast<u8>(text[0])));
  Str* s = TRY(str_allocate(thread, static_cast<Index>(text.size()), 1, true));
  memcpy(str_mutable_data(s), text.data(), text.size());
  return s;
}

Result<Str*> str_from_latin1(Thread& thread, const u8* data, usize n) {
  if (n <= 1) return n == 0 ? empty_str(thread) : Result<Str*>(latin1_str(thread, data[0]));
  Str* s = TRY(str_allocate(thread, static_cast<Index>(n), 1, is_ascii(data, n)));
  memcpy(str_mutable_data(s), data, n);
  return s;
}

Result<Str*> str_from_units(Thread& thread, const void* data, Index n, u32 width) {
  if (width == 1) return str_from_latin1(thread, static_cast<const u8*>(data), static_cast<usize>(n));
  if (n == 0) return empty_str(thread);
  if (n == 1) return str_from_code_point(thread, char_at(static_cast<int>(width), data, 0));
  u32 max_char = max_char_class(static_cast<int>(width), data, static_cast<usize>(n));
  u32 narrow = static_cast<u32>(kind_for(max_char));
  Str* s = TRY(str_allocate(thread, n, narrow, max_char == 0x7F));
  convert_kind(static_cast<int>(narrow), str_mutable_data(s), static_cast<int>(width), data, static_cast<usize>(n));
  return s;
}

Result<Str*> str_from_utf8(Thread& thread, std::string_view text) {
  const u8* data = reinterpret_cast<const u8*>(text.data());
  if (is_ascii(data, text.size())) return str_from_ascii(thread, text);
  Utf8Scan scan = utf8_scan(data, text.size(), Utf8Surrogates::kPass);
  if (scan.fault != Utf8Fault::kNone) {
    Bytes* object = TRY(bytes_from(thread, text));
    return raise_unicode_decode_error(thread, "utf-8", object, static_cast<Index>(scan.bytes),
                                      static_cast<Index>(scan.bytes + scan.fault_length), utf8_fault_text(scan.fault));
  }
  int kind = kind_for(scan.max_char);
  if (scan.chars == 1) {
    usize length;
    return str_from_code_point(thread, utf8_get(data, &length));
  }
  Str* s = TRY(str_allocate(thread, static_cast<Index>(scan.chars), static_cast<u32>(kind), false));
  utf8_decode(kind, data, text.size(), str_mutable_data(s));
  return s;
}

Result<Str*> str_slice(Thread& thread, Str* s, Index start, Index stop) {
  Index n = stop - start;
  if (n <= 0) return empty_str(thread);
  if (n == s->length()) return str_exact(thread, s);
  const u8* data = static_cast<const u8*>(s->data()) + static_cast<usize>(start) * s->width();
  KeepAlive keep(s);
  if (s->is_ascii()) return str_from_ascii(thread, {reinterpret_cast<const char*>(data), static_cast<usize>(n)});
  return str_from_units(thread, data, n, s->width());
}

Result<Str*> str_exact(Thread& thread, Str* s) {
  if (!s->is_subclass_instance()) return s;
  return static_cast<Str*>(reinterpret_cast<const Field<Cell>*>(s + 1)->get());
}

Result<Str*> str_new_instance(Thread& thread, Type* type, Str* text) {
  Str* exact = TRY(str_exact(thread, text));
  Cell* cell = allocate_instance(thread, type);
  if (!cell) return failed;
  Str* s = static_cast<Str*>(cell);
  s->length_and_flags_ = (exact->length_and_flags() & ~(Str::kInterned | Str::kGrown)) | Str::kShared;
  s->hash_ = exact->cached_hash();
  s->data_ = exact->data_;
  reinterpret_cast<Field<Cell>*>(s + 1)->init(exact);
  return s;
}

// --- concatenation
//
// A shared buffer is a RawBytes cell: a u64 with the number of bytes used, then the units. The claim on the bytes behind the used
// part is a compare-exchange, so two threads that extend the same string can't write to the same place.

static u64* buffer_used(RawBytes* buffer) { return reinterpret_cast<u64*>(buffer->data()); }
static u8* buffer_units(RawBytes* buffer) { return buffer->data() + 8; }
static usize buffer_room(RawBytes* buffer) { return buffer->capacity() - 8; }

static Str* allocate_shared(Thread& thread, RawBytes* buffer, Index n, u64 flags) {
  Cell* cell = allocate_cell(thread, sizeof(Str) + sizeof(Field<Cell>), Str::kKind, str_shape_id());
  if (!cell) return nullptr;
  Str* s = static_cast<Str*>(cell);
  s->length_and_flags_ = static_cast<u64>(n) << 8 | flags | Str::kShared;
  s->hash_ = 0;
  s->data_ = buffer_units(buffer);
  reinterpret_cast<Field<Cell>*>(s + 1)->init(buffer);
  return s;
}

static RawBytes* growth_buffer(Str* s) {
  if (!(s->length_and_flags() & Str::kShared)) return nullptr;
  Cell* buffer = reinterpret_cast<const Field<Cell>*>(s + 1)->get();
  return buffer->kind() == kKindRawBytes ? static_cast<RawBytes*>(buffer) : nullptr;
}

static Result<Str*> concat_large(Thread& thread, Str* a, Str* b, Index n, u32 width, bool ascii) {
  usize a_bytes = static_cast<usize>(a->length()) * width, all_bytes = static_cast<usize>(n) * width;
  u64 flags = width | (ascii ? Str::kAscii : 0);
  auto copy_to = [&](u8* to, Str* from) {
    convert_kind(static_cast<int>(width), to, static_cast<int>(from->width()), from->data(), static_cast<usize>(from->length()));
  };
  RawBytes* buffer = a->width() == width ? growth_buffer(a) : nullptr;
  if (buffer && all_bytes <= buffer_room(buffer)) {
    Str* s = allocate_shared(thread, buffer, n, flags);
    if (!s) return raise_memory_error(thread);
    u64 expected = a_bytes;
    if (__atomic_compare_exchange_n(buffer_used(buffer), &expected, all_bytes, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      copy_to(buffer_units(buffer) + a_bytes, b);
      return s;
    }
    buffer = nullptr;  // somebody else has extended a: start anew without room
  } else if (buffer || (a->length_and_flags() & Str::kGrown)) {
    usize room = all_bytes + all_bytes / 2 + 64;
    RawBytes* fresh = TRY(make_raw_bytes(thread, room + 8));
    *buffer_used(fresh) = all_bytes;
    copy_to(buffer_units(fresh), a);
    copy_to(buffer_units(fresh) + a_bytes, b);
    Str* s = allocate_shared(thread, fresh, n, flags);
    if (!s) return raise_memory_error(thread);
    return s;
  }
  Str* s = TRY(str_allocate(thread, n, width, ascii));
  copy_to(static_cast<u8*>(str_mutable_data(s)), a);
  copy_to(static_cast<u8*>(str_mutable_data(s)) + a_bytes, b);
  s->length_and_flags_ |= Str::kGrown;
  return s;
}

Result<Str*> str_concat(Thread& thread, Str* a, Str* b) {
  if (a->length() == 0) return str_exact(thread, b);
  if (b->length() == 0) return str_exact(thread, a);
  Index n = a->length() + b->length();
  u32 width = a->width() > b->width() ? a->width() : b->width();
  bool ascii = a->is_ascii() && b->is_ascii();
  if (n > kMaxStrLength) return raise_overflow_error(thread, "strings are too large to concat");
  if (n * width >= kShareThreshold) return concat_large(thread, a, b, n, width, ascii);
  Str* s = TRY(str_allocate(thread, n, width, ascii));
  u8* data = static_cast<u8*>(str_mutable_data(s));
  if (a->width() == b->width()) [[likely]] {
    usize a_bytes = static_cast<usize>(a->length()) * width;
    memcpy(data, a->data(), a_bytes);
    memcpy(data + a_bytes, b->data(), static_cast<usize>(b->length()) * width);
    return s;
  }
  convert_kind(static_cast<int>(width), data, static_cast<int>(a->width()), a->data(), static_cast<usize>(a->length()));
  convert_kind(static_cast<int>(width), data + static_cast<usize>(a->length()) * width, static_cast<int>(b->width()), b->data(),
               static_cast<usize>(b->length()));
  return s;
}

Result<Str*> str_repeat(Thread& thread, Str* s, Index n) {
  if (n <= 0 || s->length() == 0) return empty_str(thread);
  if (n == 1) return str_exact(thread, s);
  Index total;
  if (__builtin_mul_overflow(s->length(), n, &total)) return raise_overflow_error(thread, "repeated string is too long");
  u32 width = s->width();
  Str* result = TRY(str_allocate(thread, total, width, s->is_ascii()));
  u8* data = static_cast<u8*>(str_mutable_data(result));
  usize piece = static_cast<usize>(s->length()) * width, bytes = static_cast<usize>(total) * width;
  if (piece == 1) {
    memset(data, s->data1()[0], bytes);
    return result;
  }
  memcpy(data, s->data(), piece);
  for (usize done = piece; done < bytes;) {  // doubles what is there
    usize step = done < bytes - done ? done : bytes - done;
    memcpy(data + done, data, step);
    done += step;
  }
  return result;
}

// --- hash and comparison

static u64 hash_units(const void* data, usize bytes) {
  HashSecret secret;
  secret.key0 = runtime.hash_key[0];
  secret.key1 = runtime.hash_key[1];
  return static_cast<u64>(hash_bytes(secret, data, bytes));
}

u64 str_hash(Str* s) {
  u64 hash = s->cached_hash();
  if (hash) return hash;
  hash = hash_units(s->data(), static_cast<usize>(s->length()) * s->width());
  __atomic_store_n(&s->hash_, hash, __ATOMIC_RELAXED);
  return hash;
}

static constexpr u64 kTextBits = ~u64{0xF7};  // length and width

// Few bytes by words that overlap: a call of memcmp() takes longer.
static bool equal_bytes(const void* a, const void* b, usize n) {
  auto *x = static_cast<const u8*>(a), *y = static_cast<const u8*>(b);
  if (n < 8) return load_tail(x, n) == load_tail(y, n);
  if (n <= 16) return !((load64(x) ^ load64(y)) | (load64(x + n - 8) ^ load64(y + n - 8)));
  return memcmp(x, y, n) == 0;
}

bool str_equal(const Str* a, const Str* b) {
  if (a == b) return true;
  if ((a->length_and_flags() ^ b->length_and_flags()) & (kTextBits | 7)) return false;
  u64 ha = a->cached_hash(), hb = b->cached_hash();
  if (ha && hb && ha != hb) return false;
  return equal_bytes(a->data(), b->data(), static_cast<usize>(a->length()) * a->width());
}

bool str_equals_ascii(const Str* s, std::string_view text) {
  return s->is_ascii() && static_cast<usize>(s->length()) == text.size() && memcmp(s->data(), text.data(), text.size()) == 0;
}

bool str_starts_with(const Str* s, std::string_view text) {
  return s->is_ascii() && static_cast<usize>(s->length()) >= text.size() && memcmp(s->data(), text.data(), text.size()) == 0;
}

int str_compare(const Str* a, const Str* b) {
  Index n = a->length() < b->length() ? a->length() : b->length();
  int by_length = a->length() < b->length() ? -1 : a->length() > b->length();
  if (a->width() == 1 && b->width() == 1) {
    u64 p = narrow_beginning(a), q = narrow_beginning(b);
    if (p != q) return p < q ? -1 : 1;
    if (n <= 8) return by_length;
    int c = memcmp(a->data1() + 8, b->data1() + 8, static_cast<usize>(n - 8));
    return c ? (c < 0 ? -1 : 1) : by_length;
  }
  return with_kind(static_cast<int>(a->width()), a->data(), [&](auto* x) {
    return with_kind(static_cast<int>(b->width()), b->data(), [&](auto* y) {
      for (Index i = 0; i < n; ++i) {
        u32 cx = x[i], cy = y[i];
        if (cx != cy) return cx < cy ? -1 : 1;
      }
      return by_length;
    });
  });
}

Index str_find_unit(const Str* s, u32 ch, Index start, Index stop) {
  if (start >= stop) return -1;
  const u8* from = static_cast<const u8*>(s->data()) + static_cast<usize>(start) * s->width();
  usize at = find_char(static_cast<int>(s->width()), from, static_cast<usize>(stop - start), ch);
  return at == kTextNotFound ? -1 : start + static_cast<Index>(at);
}

// --- interning

// The table of interned strings: the strings in the order of their coming, and slots with open addressing that tell a string's
// place and some of its hash's bits: a string is looked at only if it is the right one (each is a cache miss of its own), a new
// one is put beside the one before. Searched without a lock: a slot is filled after the string, and nothing leaves.
struct InternTable {
  ValueArray* strings;    // kept alive by intern_root
  InternTable* previous;  // the one that became too small; somebody may be searching it still
  u32 mask;
  u32 count;    // of strings; under intern_lock
  u32 slots[];  // 0: free; else place + 1, which is at most the mask, in the mask's bits and the hash's upper half in the others
};
static InternTable* intern_table = nullptr;  // atomic
static Root<ValueArray>* intern_root = nullptr;
static u8 intern_lock = 0;  // lock byte; nothing at all with the GIL on

static InternTable* current_interned() { return __atomic_load_n(&intern_table, __ATOMIC_ACQUIRE); }

// The string, or null and the slot that would have to be filled.
static Str* find_interned(InternTable* table, u64 hash, const void* data, Index n, u32 width, u32* free_slot) {
  u32 mask = table->mask, wanted = static_cast<u32>(hash >> 32) & ~mask;
  for (u32 i = static_cast<u32>(hash) & mask;; i = (i + 1) & mask) {
    u32 slot = __atomic_load_n(&table->slots[i], __ATOMIC_ACQUIRE);
    if (slot == 0) {
      *free_slot = i;
      return nullptr;
    }
    if ((slot & ~mask) != wanted) continue;
    Str* s = table->strings->at((slot & mask) - 1).as<Str>();
    if (s->cached_hash() == hash && s->length() == n && s->width() == width &&
        (n == 0 || memcmp(s->data(), data, static_cast<usize>(n) * width) == 0))
      return s;
  }
}

static bool is_full(const InternTable* table) {
  return __atomic_load_n(&table->count, __ATOMIC_RELAXED) >= static_cast<u32>(table->strings->capacity());
}

// Under intern_lock, in a table that isn't full.
static void enter_interned(InternTable* table, u32 slot, Str* s) {
  u32 place = table->count;
  table->strings->set_at(place, s);
  __atomic_store_n(&table->slots[slot], (static_cast<u32>(s->cached_hash() >> 32) & ~table->mask) | (place + 1),
                   __ATOMIC_RELEASE);
  __atomic_store_n(&table->count, place + 1, __ATOMIC_RELAXED);
}

static InternTable* make_intern_table(Thread& thread, u32 slots) {
  BATON_CHECK(slots != 0, "fewer than 2^31 strings are interned");
  // With its header it fills whole blocks of the heap.
  Result<ValueArray*> strings = make_value_array(thread, slots / 4 * 3 - static_cast<Index>(sizeof(ValueArray) / sizeof(Value)));
  auto* table = static_cast<InternTable*>(calloc(1, sizeof(InternTable) + slots * sizeof(u32)));
  BATON_CHECK(!strings.is_failed() && table, "out of memory for the table of interned strings");
  table->strings = strings.value();
  table->mask = slots - 1;
  return table;
}

static void ensure_intern_room(Thread& thread) {
  InternTable* old = current_interned();
  if (!old) {
    old = make_intern_table(thread, 16384);  // a start that imports site has 4500 strings
    intern_root = new Root<ValueArray>(old->strings);
    intern_table = old;
  }
  if (!is_full(old)) return;
  InternTable* bigger = make_intern_table(thread, (old->mask + 1) * 2);
  KeepAlive keep(bigger->strings);
  ByteLock lock(thread, &intern_lock);
  if (intern_table != old) {  // somebody else was faster
    free(bigger);
    return;
  }
  for (u32 i = 0; i < old->count; ++i) {
    Str* s = old->strings->at(i).as<Str>();
    u32 slot = 0;
    find_interned(bigger, s->cached_hash(), s->data(), s->length(), s->width(), &slot);
    enter_interned(bigger, slot, s);
  }
  bigger->previous = old;
  intern_root->set(bigger->strings);
  __atomic_store_n(&intern_table, bigger, __ATOMIC_RELEASE);
}

static void add_interned(InternTable* table, u32 slot, Str* s) {
  __atomic_fetch_or(&s->length_and_flags_, Str::kInterned, __ATOMIC_RELAXED);
  enter_interned(table, slot, s);
}

// s: exact, hash computed.
static Str* intern_cell(Thread& thread, Str* s) {
  for (;;) {
    ensure_intern_room(thread);
    ByteLock lock(thread, &intern_lock);
    InternTable* table = intern_table;
    u32 slot = 0;
    Str* found = find_interned(table, s->cached_hash(), s->data(), s->length(), s->width(), &slot);
    if (found) return found;
    if (is_full(table)) continue;  // by others, since there was room
    add_interned(table, slot, s);
    return s;
  }
}

Str* intern_ascii(Thread& thread, std::string_view text) {
  if (!current_interned()) ensure_intern_room(thread);
  const u8* data = reinterpret_cast<const u8*>(text.data());
  usize n = text.size();
  u64 hash = hash_units(data, n);
  InternTable* table = current_interned();
  u32 slot = 0;
  if (Str* found = find_interned(table, hash, data, static_cast<Index>(n), 1, &slot)) return found;
  Str* s = allocate_inline(thread, static_cast<Index>(n), 1, true);
  BATON_CHECK(s, "out of memory for an interned string");
  if (n) memcpy(str_mutable_data(s), data, n);
  s->hash_ = hash;
  {
    // Nothing leaves the table: what is free now was free then, and the search would end here again.
    ByteLock lock(thread, &intern_lock);
    if (intern_table == table && !table->slots[slot] && !is_full(table)) {
      add_interned(table, slot, s);
      return s;
    }
  }
  return intern_cell(thread, s);
}

Str* intern(Thread& thread, std::string_view text) {
  const u8* data = reinterpret_cast<const u8*>(text.data());
  usize n = text.size();
  if (is_ascii(data, n)) return intern_ascii(thread, text);
  if (!current_interned()) ensure_intern_room(thread);
  Utf8Scan scan = utf8_scan(data, n, Utf8Surrogates::kPass);
  BATON_CHECK(scan.fault == Utf8Fault::kNone, "a name to intern is UTF-8");
  int kind = kind_for(scan.max_char);
  Str* s = allocate_inline(thread, static_cast<Index>(scan.chars), static_cast<u32>(kind), false);
  BATON_CHECK(s, "out of memory for an interned string");
  utf8_decode(kind, data, n, str_mutable_data(s));
  str_hash(s);
  return intern_cell(thread, s);
}

// Names that are made at run time, the same few again and again (`getattr(self, 'visit_' + kind)`): those that were last found by
// what is quickly told of their characters, so that a new one needs no hash. Two to a place, the later one first. Interned
// strings live forever.
static constexpr u32 kRecentPlaceBits = 8;
struct RecentNames {
  Str *first, *second;  // atomic
};
static RecentNames recent_names[1 << kRecentPlaceBits];

// What a string of 1 to 16 characters of a byte each is compared by.
struct ShortName {
  explicit ShortName(const Str* s) : length(static_cast<usize>(s->length())) {
    if (length < 8) {
      head = load_tail(s->data1(), length);
    } else {
      head = load64(s->data1());
      tail = load64(s->data1() + length - 8);
    }
  }
  static bool is(const Str* s) { return s->width() == 1 && static_cast<u64>(s->length() - 1) < 16; }
  bool operator==(const ShortName& other) const { return head == other.head && tail == other.tail && length == other.length; }
  RecentNames& place() const {
    return recent_names[((head ^ std::rotl(tail, 29) ^ length) * 0x9E37'79B9'7F4A'7C15) >> (64 - kRecentPlaceBits)];
  }
  u64 head, tail = 0;
  usize length;
};

static Str* recent_name(const Str* s) {
  if (!ShortName::is(s)) return nullptr;
  ShortName wanted(s);
  RecentNames& place = wanted.place();
  Str* name = __atomic_load_n(&place.first, __ATOMIC_ACQUIRE);
  if (name && ShortName(name) == wanted) return name;
  name = __atomic_load_n(&place.second, __ATOMIC_ACQUIRE);
  return name && ShortName(name) == wanted ? name : nullptr;
}
static void note_recent_name(Str* name) {
  if (!ShortName::is(name)) return;
  RecentNames& place = ShortName(name).place();
  __atomic_store_n(&place.second, __atomic_load_n(&place.first, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
  __atomic_store_n(&place.first, name, __ATOMIC_RELEASE);
}

Result<Str*> str_intern(Thread& thread, Str* s) {
  if (s->is_interned()) return s;
  if (Str* recent = recent_name(s)) return recent;
  s = TRY(str_exact(thread, s));
  str_hash(s);
  if (InternTable* table = current_interned()) {
    u32 slot = 0;
    if (Str* found = find_interned(table, s->cached_hash(), s->data(), s->length(), s->width(), &slot)) {
      note_recent_name(found);
      return found;
    }
  }
  if (growth_buffer(s)) {  // don't keep a big half-used buffer alive forever
    u64 hash = s->cached_hash();
    Str* copy = allocate_inline(thread, s->length(), s->width(), s->is_ascii());
    if (!copy) return raise_memory_error(thread);
    memcpy(str_mutable_data(copy), s->data(), static_cast<usize>(s->length()) * s->width());
    copy->hash_ = hash;
    s = copy;
  }
  return intern_cell(thread, s);
}

// --- UTF-8

Result<std::string_view> str_utf8(Thread& thread, Str* s, Value* owner) {
  if (s->is_ascii()) {
    *owner = s;
    return s->ascii();
  }
  int kind = static_cast<int>(s->width());
  usize n = static_cast<usize>(s->length());
  Utf8EncodeScan scan = utf8_encode_scan(kind, s->data(), n);
  if (scan.surrogates) {
    Index start = static_cast<Index>(scan.chars);
    return raise_unicode_encode_error(thread, "utf-8", s, start, start + static_cast<Index>(scan.surrogates),
                                      "surrogates not allowed");
  }
  Bytes* bytes = TRY(bytes_allocate(thread, scan.bytes));
  utf8_encode(kind, s->data(), n, bytes_mutable_data(bytes));
  *owner = bytes;
  return bytes->text();
}

std::string_view str_utf8_lossy(Thread& thread, Str* s, Value* owner) {
  if (s->is_ascii()) {
    *owner = s;
    return s->ascii();
  }
  int kind = static_cast<int>(s->width());
  usize n = static_cast<usize>(s->length());
  Utf8EncodeScan scan = utf8_encode_scan(kind, s->data(), n, Utf8Surrogates::kPass);
  Bytes* bytes = MUST(bytes_allocate(thread, scan.bytes));  // out of memory while a message is made: give up
  utf8_encode(kind, s->data(), n, bytes_mutable_data(bytes));
  *owner = bytes;
  return bytes->text();
}

}  // namespace baton
