// What bytes and bytearray share beyond the templates: arguments, growing buffers, construction, repr, hexadecimal, translation
// tables.
#include <cstdlib>

#include "objects/at_this_moment.h"
#include "objects/bytes_internal.h"
#include "objects/codecs.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/memoryview.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

// --- arguments

Result<u8> byte_value(Thread& thread, Value v, const char* what) {
  i64 n;
  if (v.is_small_int())
    n = v.small_int();
  else if (!int_to_i64(TRY(to_index(thread, v)), &n))
    n = -1;
  if (n < 0 || n > 255) return raise_value_error(thread, "{} must be in range(0, 256)", what);
  return static_cast<u8>(n);
}

Result<void> BytesArg::take(Thread& thread, Value v) {
  if (!convert_buffer(thread, v, &view_)) return failed;
  return ok;
}

Result<void> BytesArg::take_or_byte(Thread& thread, Value v) {
  if (has_buffer(v)) return take(thread, v);
  if (!is_index(v)) return raise_type_error(thread, "argument should be integer or bytes-like object, not '{!t}'", v);
  byte_ = TRY(byte_value(thread, v));
  view_.data = &byte_;
  view_.size = 1;
  return ok;
}

// --- ByteBuilder

ByteBuilder::~ByteBuilder() { free(data_); }

bool ByteBuilder::grow(usize extra) {
  usize needed = size_ + extra;
  if (needed < size_) return false;
  usize capacity = needed + needed / 2 + 32;
  void* grown = realloc(data_, capacity);
  if (!grown && !(grown = realloc(data_, capacity = needed))) return false;
  data_ = static_cast<u8*>(grown);
  capacity_ = capacity;
  return true;
}

bool ByteBuilder::append(const void* data, usize n) {
  if (n == 0) return true;
  if (size_ + n > capacity_ && !grow(n)) return false;
  memcpy(data_ + size_, data, n);
  size_ += n;
  return true;
}

Result<void> ByteBuilder::extend(Thread& thread, Value source, const char* out_of_range, bool is_iterator) {
  // Bytes as small ints gather in a chunk; the others take the general way.
  u8 chunk[256];
  usize n = 0;
  auto flush = [&] {
    bool good = append(chunk, n);
    n = 0;
    return good;
  };
  auto add = [&](Value item) __attribute__((always_inline)) -> Result<void> {
    bool is_byte = item.is_small_int() && static_cast<u64>(item.small_int()) < 256;
    chunk[n++] = is_byte ? static_cast<u8>(item.small_int()) : TRY(byte_value(thread, item, out_of_range));
    if (n == sizeof chunk && !flush()) [[unlikely]]
      return raise_memory_error(thread);
    return ok;
  };
  if (is_exact<List>(source) && !objects_are_locked()) {  // __index__ of an item may change it
    for (Index i = 0;; ++i) {
      Value item = source.as<List>()->try_at(i);
      if (item.is_absent()) break;
      TRY(add(item));
    }
  } else {
    for (Steps steps(is_iterator ? source : TRY(get_whole_iter(thread, source)));;) {
      Value item = TRY(steps.next(thread));
      if (item == kExhausted) break;
      TRY(add(item));
    }
  }
  return flush() ? Result<void>(ok) : raise_memory_error(thread);
}

// --- construction

static Result<Str*> text_argument(Thread& thread, const char* type_name, const char* name, Optional<Value> v) {
  if (!v.present) return names.empty;
  if (Str* s = cast<Str>(v.value)) return s;
  return raise_type_error(thread, "{}() argument '{}' must be str, not {!a}", type_name, name, v.value);
}

static Result<void> append_buffer(Thread& thread, Value source, ByteBuilder* out) {
  if (is<MemoryView>(source)) {  // any strides
    Bytes* bytes = TRY(memoryview_bytes(thread, source.as<MemoryView>()));
    if (!out->append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    return ok;
  }
  BytesArg view;
  TRY(view.take(thread, source));
  CriticalSection guard(thread, source.cell());  // what writes to the memory holds it
  if (!out->append(view.data(), static_cast<usize>(view.size()))) return raise_memory_error(thread);
  return ok;
}

static Result<void> append_zeros(Thread& thread, Value count, ByteBuilder* out) {
  Index n = TRY(to_index_checked(thread, count, exceptions.OverflowError));
  if (n < 0) return raise_value_error(thread, "negative count");
  if (n > (Index{1} << 46)) return raise_memory_error(thread);
  static const u8 kZeros[1024] = {};
  while (n > 0) {
    Index step = n < 1024 ? n : 1024;
    if (!out->append(kZeros, static_cast<usize>(step))) return raise_memory_error(thread);
    n -= step;
  }
  return ok;
}

Result<void> bytes_construct(Thread& thread, const char* type_name, Optional<Value> source, Optional<Value> encoding,
                             Optional<Value> errors, ByteBuilder* out, Value* whole) {
  Str* encoding_name = TRY(text_argument(thread, type_name, "encoding", encoding));
  Str* errors_name = TRY(text_argument(thread, type_name, "errors", errors));
  if (!source.present || (!is<Str>(source.value) && (encoding.present || errors.present))) {
    if (encoding.present) return raise_type_error(thread, "encoding without a string argument");
    if (errors.present) return raise_type_error(thread, "errors without a string argument");
    return ok;
  }
  Value v = source.value;
  bool to_bytes = std::string_view(type_name) == "bytes";
  if (to_bytes && !encoding.present && !errors.present && type_of(v)->slot(Slot::bytes).is_present()) {
    Value made = TRY(call_slot(thread, type_of(v)->slot(Slot::bytes), v));
    if (!is<Bytes>(made)) return raise_type_error(thread, "__bytes__ returned non-bytes (type {!t})", made);
    *whole = made;
    return ok;
  }
  if (is<Str>(v)) {
    if (!encoding.present) {
      return raise_type_error(thread,
                              errors.present ? "errors without a string argument" : "string argument without an encoding");
    }
    *whole = TRY(encode_text(thread, v.as<Str>(), encoding_name, errors.present ? errors_name : nullptr));
    if (to_bytes) return ok;
    Bytes* bytes = whole->as<Bytes>();
    *whole = Value();
    if (!out->append(bytes->data(), static_cast<usize>(bytes->length()))) return raise_memory_error(thread);
    return ok;
  }
  if (is_index(v)) {
    Result<void> zeros = append_zeros(thread, v, out);
    if (!zeros.is_failed() || out->size() || !pending_matches(thread, exceptions.TypeError)) return zeros;
    thread.clear_pending();  // an __index__ that says TypeError: go on with the other protocols
  }
  if (has_buffer(v)) return append_buffer(thread, v, out);
  const char* what = to_bytes ? "bytes" : "byte";
  Type* type = type_of(v);
  if (!type->has_flag(kTypeHeap) && type->slot(Slot::iter).is_present()) return out->extend(thread, v, what);
  Result<Value> iterator = get_iter(thread, v);
  if (iterator.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "cannot convert '{!t}' object to {}", v, type_name);
  }
  if (to_bytes) TRY(length_hint(thread, v, 0));  // for its errors
  return out->extend(thread, iterator.value(), what, true);
}

// --- text forms

Result<Str*> bytes_repr_with(Thread& thread, std::string_view content, bool escape_single) {
  bool single = content.find('\'') != std::string_view::npos, both = single && content.find('"') != std::string_view::npos;
  char quote = single && !both ? '"' : '\'';
  StrBuilder out;
  out.append('b');
  out.append(static_cast<u8>(quote));
  for (char c : content) {
    u8 ch = static_cast<u8>(c);
    if (c == quote || c == '\\' || (escape_single && c == '\'')) {
      out.append('\\');
      out.append(ch);
    } else if (c == '\t') {
      out.append_ascii("\\t");
    } else if (c == '\n') {
      out.append_ascii("\\n");
    } else if (c == '\r') {
      out.append_ascii("\\r");
    } else if (ch < 0x20 || ch >= 0x7F) {
      out.append_ascii("\\x");
      out.append(static_cast<u8>("0123456789abcdef"[ch >> 4]));
      out.append(static_cast<u8>("0123456789abcdef"[ch & 15]));
    } else {
      out.append(ch);
    }
  }
  out.append(static_cast<u8>(quote));
  return out.build(thread);
}

Result<Str*> bytes_repr(Thread& thread, std::string_view content) { return bytes_repr_with(thread, content, false); }

// The two digits of a byte, as they lie in memory.
static constexpr auto kHexPairs = [] {
  struct {
    u8 digits[256][2];
  } pairs{};
  for (int i = 0; i < 256; ++i) {
    pairs.digits[i][0] = static_cast<u8>("0123456789abcdef"[i >> 4]);
    pairs.digits[i][1] = static_cast<u8>("0123456789abcdef"[i & 15]);
  }
  return pairs;
}();

static u8* put_hex(const u8* data, usize n, u8* out) {
  for (usize i = 0; i < n; ++i) memcpy(out + 2 * i, kHexPairs.digits[data[i]], 2);
  return out + 2 * n;
}

Result<Str*> bytes_to_hex(Thread& thread, const u8* data, usize n, int sep, i64 bytes_per_sep) {
  if (n == 0) return names.empty;
  u64 group = sep < 0 ? 0 : bytes_per_sep < 0 ? 0 - static_cast<u64>(bytes_per_sep) : static_cast<u64>(bytes_per_sep);
  bool with_separators = group && group < n;
  usize separators = with_separators ? (n - 1) / group : 0;
  Str* result = TRY(str_allocate(thread, static_cast<Index>(2 * n + separators), 1, sep < 128));
  u8* out = static_cast<u8*>(str_mutable_data(result));
  if (!with_separators) {
    put_hex(data, n, out);
    return result;
  }
  // Groups are counted from the right for a positive bytes_per_sep, from the left otherwise.
  usize first = bytes_per_sep > 0 && n % group ? n % group : group;
  for (usize i = 0; i < n;) {
    usize count = i == 0 ? first : n - i < group ? n - i : group;
    if (i) *out++ = static_cast<u8>(sep);
    out = put_hex(data + i, count, out);
    i += count;
  }
  return result;
}

Result<Str*> bytes_hex_method(Thread& thread, ByteSpan span, Optional<Value> sep, Index bytes_per_sep) {
  if (!sep.present) return bytes_to_hex(thread, span.data, static_cast<usize>(span.size));
  Index length = TRY(length_of(thread, sep.value));
  if (length != 1) return raise_value_error(thread, "sep must be length 1.");
  u32 separator;
  if (Str* s = cast<Str>(sep.value))
    separator = s->at(0);
  else if (Bytes* b = cast<Bytes>(sep.value))
    separator = b->data()[0];
  else
    return raise_type_error(thread, "sep must be str or bytes.");
  if (separator > 127) return raise_value_error(thread, "sep must be ASCII.");
  return bytes_to_hex(thread, span.data, static_cast<usize>(span.size), bytes_per_sep == 0 ? -1 : static_cast<int>(separator),
                      bytes_per_sep);
}

static constexpr int hex_digit(u32 ch) {
  if (ch - '0' < 10) return static_cast<int>(ch - '0');
  if ((ch | 0x20) - 'a' < 6) return static_cast<int>((ch | 0x20) - 'a') + 10;
  return -1;
}

// What digits the first 128 characters are; kNoDigit for others.
static constexpr u8 kNoDigit = 0xFF;
static constexpr auto kDigitOf = [] {
  struct {
    u8 value[128];
  } table{};
  for (u32 ch = 0; ch < 128; ++ch) {
    int digit = hex_digit(ch);
    table.value[ch] = digit < 0 ? kNoDigit : static_cast<u8>(digit);
  }
  return table;
}();

Result<Value> decode_bytes_hex(Thread& thread, Str* text, u8* out, Index* length) {
  auto digit_at = [](u32 ch) -> u8 { return ch < 128 ? kDigitOf.value[ch] : kNoDigit; };
  return with_kind(static_cast<int>(text->width()), text->data(), [&](auto* from) -> Result<Value> {
    Index n = 0, end = text->length();
    if (!text->is_ascii()) {
      Index at = 0;
      while (from[at] < 128) ++at;
      return raise_value_error(thread, "non-hexadecimal number found in fromhex() arg at position {}", static_cast<i64>(at));
    }
    for (Index i = 0; i < end;) {
      u8 high = digit_at(from[i]), low = i + 1 < end ? digit_at(from[i + 1]) : kNoDigit;
      if ((high | low) < 16) [[likely]] {
        out[n++] = static_cast<u8>(high << 4 | low);
        i += 2;
      } else if (from[i] < 128 && byte_is_space(static_cast<u8>(from[i]))) {
        ++i;
      } else {
        return raise_value_error(thread, "non-hexadecimal number found in fromhex() arg at position {}",
                                 static_cast<i64>(high == kNoDigit ? i : i + 1));
      }
    }
    *length = n;
    return kNone;
  });
}

Result<Bytes*> bytes_maketrans(Thread& thread, Value from, Value to) {
  BytesArg a, b;
  TRY(a.take(thread, from));
  TRY(b.take(thread, to));
  if (a.size() != b.size()) return raise_value_error(thread, "maketrans arguments must have same length");
  u8 table[256];
  for (u32 ch = 0; ch < 256; ++ch) table[ch] = static_cast<u8>(ch);
  for (Index i = 0; i < a.size(); ++i) table[a.data()[i]] = b.data()[i];
  return bytes_from(thread, table, 256);
}

// ---------------------------------------------------------------------------------------------------------------- comparison

// The time depends on the lengths only, not on where the two differ.
static bool same_bytes(const u8* a, usize n, const u8* b, usize m) {
  volatile u8 difference = n == m ? 0 : 1;
  const u8* left = n == m ? a : b;
  for (usize i = 0; i < m; ++i) difference = difference | (left[i] ^ b[i]);
  return difference == 0;
}

Result<bool> compare_digest(Thread& thread, Value a, Value b) {
  if (is<Str>(a) && is<Str>(b)) {
    Str *x = a.as<Str>(), *y = b.as<Str>();
    if (!x->is_ascii() || !y->is_ascii())
      return raise_type_error(thread, "comparing strings with non-ASCII characters is not supported");
    return same_bytes(x->data1(), static_cast<usize>(x->length()), y->data1(), static_cast<usize>(y->length()));
  }
  if (!has_buffer(a) && !has_buffer(b))
    return raise_type_error(thread, "unsupported operand types(s) or combination of types: '{!t}' and '{!t}'", a, b);
  BufferView x, y;
  if (!convert_buffer(thread, a, &x)) return failed;
  if (!convert_buffer(thread, b, &y)) {
    release_buffer(x);
    return failed;
  }
  bool same = same_bytes(x.data, x.size, y.data, y.size);
  release_buffer(y);
  release_buffer(x);
  return same;
}

}  // namespace baton
