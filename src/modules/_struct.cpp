// _struct: conversion between Python values and packed bytes.
//
// A format compiles to a list of items (code, offset, size, repeat). Each format code has one of three behaviours: native (C
// type's own size and alignment), standard little-endian with native-sized codes treated as native for their error texts,
// standard big-endian; FormatCode says which by its flags.
#include <bit>
#include <cmath>
#include <cstring>

#include "objects/bytes.h"
#include "objects/half_float.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/new_exception.h"
#include "objects/raw_arguments.h"
#include "objects/tuple.h"

namespace baton {

static Root<Type>* struct_error = nullptr;  // struct.error, made with the module

template <class... A>
static Failed raise_struct_error(Thread& thread, const char* format, A... args) {
  return raise(thread, struct_error->get(), format, args...);
}

// ---------------------------------------------------------------------------------------------------------------- formats

enum class CodeKind : u8 { Pad, Char, String, Pascal, Bool, Signed, Unsigned, Half, Single, Double, Pointer };

struct FormatCode {
  char code;
  CodeKind kind;
  u8 size, alignment;
};
static constexpr FormatCode kNative[] = {
    {'x', CodeKind::Pad, 1, 1},      {'b', CodeKind::Signed, 1, 1},   {'B', CodeKind::Unsigned, 1, 1},
    {'c', CodeKind::Char, 1, 1},     {'s', CodeKind::String, 1, 1},   {'p', CodeKind::Pascal, 1, 1},
    {'h', CodeKind::Signed, 2, 2},   {'H', CodeKind::Unsigned, 2, 2}, {'i', CodeKind::Signed, 4, 4},
    {'I', CodeKind::Unsigned, 4, 4}, {'l', CodeKind::Signed, 8, 8},   {'L', CodeKind::Unsigned, 8, 8},
    {'n', CodeKind::Signed, 8, 8},   {'N', CodeKind::Unsigned, 8, 8}, {'q', CodeKind::Signed, 8, 8},
    {'Q', CodeKind::Unsigned, 8, 8}, {'?', CodeKind::Bool, 1, 1},     {'e', CodeKind::Half, 2, 2},
    {'f', CodeKind::Single, 4, 4},   {'d', CodeKind::Double, 8, 8},   {'P', CodeKind::Pointer, 8, 8},
};
static constexpr FormatCode kStandard[] = {
    {'x', CodeKind::Pad, 1, 0},      {'b', CodeKind::Signed, 1, 0},   {'B', CodeKind::Unsigned, 1, 0},
    {'c', CodeKind::Char, 1, 0},     {'s', CodeKind::String, 1, 0},   {'p', CodeKind::Pascal, 1, 0},
    {'h', CodeKind::Signed, 2, 0},   {'H', CodeKind::Unsigned, 2, 0}, {'i', CodeKind::Signed, 4, 0},
    {'I', CodeKind::Unsigned, 4, 0}, {'l', CodeKind::Signed, 4, 0},   {'L', CodeKind::Unsigned, 4, 0},
    {'q', CodeKind::Signed, 8, 0},   {'Q', CodeKind::Unsigned, 8, 0}, {'?', CodeKind::Bool, 1, 0},
    {'e', CodeKind::Half, 2, 0},     {'f', CodeKind::Single, 4, 0},   {'d', CodeKind::Double, 8, 0},
};

struct StructItem {
  i64 offset, size, repeat;  // size: of one value; 's' and 'p': of the whole string, repeat 1
  FormatCode format;
  bool big_endian, native_rules;  // native_rules: range errors and float overflow as the C types have them
};

// A compiled format. Before __init__ it has no items and a size of -1.
class StructObject final : public Cell {
 public:
  void init() {
    format_.init(nullptr);
    items_.init(nullptr);
    size_ = -1;
    value_count_ = -1;
    item_count_ = 0;
  }
  const StructItem* items() const { return reinterpret_cast<const StructItem*>(items_.get()->data()); }
  void visit_edges(EdgeVisitor& visit) const { visit(format_, items_); }
  Field<Str> format_;
  Field<RawBytes> items_;
  i64 size_, value_count_;
  usize item_count_;
};

struct ParsedFormat {
  StructItem* items;  // null: only count
  usize item_count = 0;
  i64 size = 0, values = 0;
};

static Failed raise_too_long(Thread& thread) { return raise_struct_error(thread, "total struct size too long"); }

static const FormatCode* find_code(bool native, char c) {
  const FormatCode* table = native ? kNative : kStandard;
  usize n = native ? sizeof kNative / sizeof *kNative : sizeof kStandard / sizeof *kStandard;
  for (usize i = 0; i < n; ++i)
    if (table[i].code == c) return &table[i];
  return nullptr;
}

static bool same_as_native(const FormatCode& f) {
  if (f.kind == CodeKind::Half || f.kind == CodeKind::Single || f.kind == CodeKind::Double) return false;
  return find_code(true, f.code)->size == f.size;
}

static Result<void> parse_format(Thread& thread, std::string_view s, ParsedFormat& out) {
  bool native = true, big = false;
  if (!s.empty() && std::string_view("@=<>!").find(s[0]) != std::string_view::npos) {
    native = s[0] == '@';
    big = s[0] == '>' || s[0] == '!';
    s.remove_prefix(1);
  }
  for (usize i = 0; i < s.size();) {
    char c = s[i++];
    if (c == ' ' || (c >= 9 && c <= 13)) continue;
    i64 count = 1;
    if (c >= '0' && c <= '9') {
      count = c - '0';
      while (i < s.size() && s[i] >= '0' && s[i] <= '9') {
        if (__builtin_mul_overflow(count, i64{10}, &count) || __builtin_add_overflow(count, i64{s[i] - '0'}, &count))
          return raise_too_long(thread);
        ++i;
      }
      if (i == s.size()) return raise_struct_error(thread, "repeat count given without format specifier");
      c = s[i++];
    }
    const FormatCode* f = find_code(native, c);
    if (!f) return raise_struct_error(thread, "bad char in struct format");
    if (f->alignment > 1) {
      i64 aligned;
      if (__builtin_add_overflow(out.size, i64{f->alignment - 1}, &aligned)) return raise_too_long(thread);
      out.size = aligned & ~i64{f->alignment - 1};
    }
    i64 total;
    if (__builtin_mul_overflow(count, i64{f->size}, &total)) return raise_too_long(thread);
    bool is_string = f->kind == CodeKind::String || f->kind == CodeKind::Pascal;
    bool counts = is_string || (f->kind != CodeKind::Pad && count > 0);
    if (counts) {
      if (out.items)
        out.items[out.item_count] = {out.size, is_string ? count : f->size,           is_string ? 1 : count, *f,
                                     big,      native || (!big && same_as_native(*f))};
      ++out.item_count;
      out.values += is_string ? 1 : count;
    }
    if (__builtin_add_overflow(out.size, total, &out.size)) return raise_too_long(thread);
  }
  return ok;
}

static Result<Str*> format_text(Thread& thread, Value format) {
  if (is<Str>(format)) {
    Str* s = TRY(str_exact(thread, format.as<Str>()));
    for (Index i = 0; !s->is_ascii() && i < s->length(); ++i) {
      if (s->at(i) >= 128) return raise_unicode_encode_error(thread, "ascii", s, i, i + 1, "ordinal not in range(128)");
    }
    return s;
  }
  if (is<Bytes>(format))
    return str_from_latin1(thread, format.as<Bytes>()->data(), static_cast<usize>(format.as<Bytes>()->length()));
  return raise_type_error(thread, "Struct() argument 1 must be a str or bytes object, not {!n}", format);
}

static Result<void> struct_compile(Thread& thread, StructObject* self, Value format) {
  Str* text = TRY(format_text(thread, format));
  if (text->is_ascii() && text->ascii().find('\0') != std::string_view::npos)
    return raise_struct_error(thread, "embedded null character");
  if (!text->is_ascii()) return raise_struct_error(thread, "bad char in struct format");
  ParsedFormat count{nullptr};
  TRY(parse_format(thread, text->ascii(), count));
  RawBytes* items = TRY(make_raw_bytes(thread, (count.item_count + 1) * sizeof(StructItem)));
  ParsedFormat parsed{reinterpret_cast<StructItem*>(items->data())};
  TRY(parse_format(thread, text->ascii(), parsed));
  self->format_.set(self, text);
  self->items_.set(self, items);
  self->item_count_ = parsed.item_count;
  self->size_ = parsed.size;
  self->value_count_ = parsed.values;
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- one value

// An exact int of the argument, or struct.error.
static Result<Value> integer_argument(Thread& thread, Value v) {
  Value exact = int_exact(v);
  if (exact.is_present()) return exact;
  if (type_of(v)->slot(Slot::index).is_absent()) return raise_struct_error(thread, "required argument is not an integer");
  return to_index(thread, v);
}

// size: 1, 2, 4 or 8, each copied by an instruction of its own: a copy of unknown length is a call.
static void store(u8* out, u64 bits, i64 size, bool big) {
  if (big) bits = __builtin_bswap64(bits) >> (64 - 8 * size);
  switch (size) {
    case 1: memcpy(out, &bits, 1); break;
    case 2: memcpy(out, &bits, 2); break;
    case 4: memcpy(out, &bits, 4); break;
    default: memcpy(out, &bits, 8);
  }
}
static u64 load(const u8* in, i64 size, bool big) {
  u64 bits = 0;
  switch (size) {
    case 1: memcpy(&bits, in, 1); break;
    case 2: memcpy(&bits, in, 2); break;
    case 4: memcpy(&bits, in, 4); break;
    default: memcpy(&bits, in, 8);
  }
  return big ? __builtin_bswap64(bits) >> (64 - 8 * size) : bits;
}

static Failed raise_out_of_range(Thread& thread, const StructItem& item, bool is_signed) {
  if (item.size == 8) {
    if (item.native_rules) return raise_struct_error(thread, "argument out of range");
    return raise_struct_error(thread, "int too large to convert");
  }
  i64 bits = 8 * item.size;
  i64 low = is_signed ? -(i64{1} << (bits - 1)) : 0, high = is_signed ? (i64{1} << (bits - 1)) - 1 : (i64{1} << bits) - 1;
  const char* name = nullptr;
  if (item.size == 1) name = is_signed ? "byte" : "ubyte";
  if (item.size == 2 && item.native_rules) name = is_signed ? "short" : "ushort";
  if (name) return raise_struct_error(thread, "{} format requires {} <= number <= {}", name, low, high);
  char code[] = {item.format.code, 0};
  return raise_struct_error(thread, "'{}' format requires {} <= number <= {}", static_cast<const char*>(code), low, high);
}

static Result<void> pack_integer(Thread& thread, const StructItem& item, u8* out, Value v) {
  bool is_signed = item.format.kind == CodeKind::Signed;
  Value exact = TRY(integer_argument(thread, v));
  u64 bits;
  if (is_signed) {
    i64 n;
    bool fits = int_to_i64(exact, &n);
    if (!fits && item.size < 8) return raise_struct_error(thread, "argument out of range");
    i64 limit = item.size == 8 ? INT64_MAX : (i64{1} << (8 * item.size - 1)) - 1;
    if (!fits || n > limit || n < -limit - 1) return raise_out_of_range(thread, item, true);
    bits = static_cast<u64>(n);
  } else {
    bool fits = int_to_u64(exact, &bits);
    // One-byte codes and the small native ones read a signed long first, the larger ones an unsigned.
    i64 as_signed;
    bool readable = item.size <= 2 ? int_to_i64(exact, &as_signed) : fits || item.size == 8;
    if (!readable) return raise_struct_error(thread, "argument out of range");
    u64 limit = item.size == 8 ? UINT64_MAX : (u64{1} << (8 * item.size)) - 1;
    if (!fits || bits > limit) return raise_out_of_range(thread, item, false);
  }
  store(out, bits, item.size, item.big_endian);
  return ok;
}

static Result<void> pack_pointer(Thread& thread, u8* out, Value v) {
  Value exact = TRY(integer_argument(thread, v));
  i64 n;
  u64 bits;
  if (int_to_i64(exact, &n))
    bits = static_cast<u64>(n);
  else if (!int_to_u64(exact, &bits))
    return raise_struct_error(thread, "int too large to convert");
  store(out, bits, 8, false);
  return ok;
}

static Result<void> pack_float(Thread& thread, const StructItem& item, u8* out, Value v) {
  Result<double> number = to_double(thread, v);
  if (number.is_failed()) {
    thread.clear_pending();
    return raise_struct_error(thread, "required argument is not a float");
  }
  double d = number.value();
  char code[] = {item.format.code, 0};
  auto overflow = [&]() -> Failed {
    if (is_int(v)) return raise_struct_error(thread, "int too large to convert");
    return raise_overflow_error(thread, "float too large to pack with {} format", static_cast<const char*>(code));
  };
  if (item.format.kind == CodeKind::Double) {
    store(out, std::bit_cast<u64>(d), 8, item.big_endian);
  } else if (item.format.kind == CodeKind::Single) {
    float f = static_cast<float>(d);
    if (std::isinf(f) && !std::isinf(d) && !item.native_rules) return overflow();
    store(out, std::bit_cast<u32>(f), 4, item.big_endian);
  } else {
    u16 half;
    if (!half_from_double(d, &half)) return overflow();
    store(out, half, 2, item.big_endian);
  }
  return ok;
}

static Result<void> pack_string(Thread& thread, const StructItem& item, u8* out, Value v) {
  std::string_view text;
  if (is<Bytes>(v)) {
    text = v.as<Bytes>()->text();
  } else if (is<ByteArray>(v)) {
    text = {reinterpret_cast<const char*>(v.as<ByteArray>()->data()), static_cast<usize>(v.as<ByteArray>()->length())};
  } else {
    char code[] = {item.format.code, 0};
    return raise_struct_error(thread, "argument for '{}' must be a bytes object", static_cast<const char*>(code));
  }
  usize room = static_cast<usize>(item.size);
  if (item.format.kind == CodeKind::Pascal) {
    if (room == 0) return ok;
    usize n = text.size() < room - 1 ? text.size() : room - 1;
    *out = static_cast<u8>(n > 255 ? 255 : n);
    memcpy(out + 1, text.data(), n);
    return ok;
  }
  memcpy(out, text.data(), text.size() < room ? text.size() : room);
  return ok;
}

static Result<void> pack_value(Thread& thread, const StructItem& item, u8* out, Value v) {
  switch (item.format.kind) {
    case CodeKind::Signed:
    case CodeKind::Unsigned: return pack_integer(thread, item, out, v);
    case CodeKind::Pointer: return pack_pointer(thread, out, v);
    case CodeKind::Half:
    case CodeKind::Single:
    case CodeKind::Double: return pack_float(thread, item, out, v);
    case CodeKind::String:
    case CodeKind::Pascal: return pack_string(thread, item, out, v);
    case CodeKind::Bool: *out = TRY(truth(thread, v)); return ok;
    case CodeKind::Char:
      if (!is<Bytes>(v) || v.as<Bytes>()->length() != 1)
        return raise_struct_error(thread, "char format requires a bytes object of length 1");
      *out = v.as<Bytes>()->data()[0];
      return ok;
    case CodeKind::Pad: break;
  }
  return ok;
}

static Result<Value> unpack_value(Thread& thread, const StructItem& item, const u8* in) {
  switch (item.format.kind) {
    case CodeKind::Signed: {
      u64 bits = load(in, item.size, item.big_endian);
      i64 shift = 64 - 8 * item.size;
      return int_from_i64(thread, static_cast<i64>(bits << shift) >> shift);
    }
    case CodeKind::Unsigned:
    case CodeKind::Pointer: return int_from_u64(thread, load(in, item.size, item.big_endian));
    case CodeKind::Double: return make_float(thread, std::bit_cast<double>(load(in, 8, item.big_endian)));
    case CodeKind::Single:
      return make_float(thread, static_cast<double>(std::bit_cast<float>(static_cast<u32>(load(in, 4, item.big_endian)))));
    case CodeKind::Half: return make_float(thread, double_from_half(static_cast<u16>(load(in, 2, item.big_endian))));
    case CodeKind::Bool: return Value::of_bool(*in != 0);
    case CodeKind::Char: return TRY(bytes_from(thread, in, 1));
    case CodeKind::String: return TRY(bytes_from(thread, in, static_cast<usize>(item.size)));
    case CodeKind::Pascal: {
      usize room = static_cast<usize>(item.size), n = room ? *in : 0;
      if (n >= room) n = room ? room - 1 : 0;
      return TRY(bytes_from(thread, in + 1, n));
    }
    case CodeKind::Pad: break;
  }
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- whole structs

// out is zeroed. values: exactly value_count_.
static Result<void> pack_all(Thread& thread, StructObject* self, u8* out, Value const* values) {
  const StructItem* items = self->items();
  KeepAlive keep{Value(self->items_.get())};
  for (usize i = 0, n = self->item_count_; i < n; ++i) {
    const StructItem& item = items[i];
    u8* p = out + item.offset;
    for (i64 k = 0; k < item.repeat; ++k, p += item.size) TRY(pack_value(thread, item, p, *values++));
  }
  return ok;
}

static Result<Tuple*> unpack_all(Thread& thread, StructObject* self, const u8* in) {
  Tuple* result = TRY(make_tuple(thread, nullptr, self->value_count_ < 0 ? 0 : self->value_count_));
  const StructItem* items = self->items();
  Index at = 0;
  for (usize i = 0, n = self->item_count_; i < n; ++i) {
    const StructItem& item = items[i];
    const u8* p = in + item.offset;
    for (i64 k = 0; k < item.repeat; ++k, p += item.size) result->set_at(at++, TRY(unpack_value(thread, item, p)));
  }
  return result;
}

static Result<void> check_ready(Thread& thread, StructObject* self) {
  if (self->items_.get()) return ok;
  return raise_runtime_error(thread, "Struct object is not initialized");
}

static Result<Value> pack_values(Thread& thread, StructObject* self, Value const* values, usize n) {
  if (static_cast<i64>(n) != self->value_count_) {
    return raise_struct_error(thread, "pack expected {} items for packing (got {})", self->value_count_, static_cast<u64>(n));
  }
  Bytes* result = TRY(bytes_allocate(thread, static_cast<usize>(self->size_)));
  memset(bytes_mutable_data(result), 0, static_cast<usize>(self->size_));
  TRY(pack_all(thread, self, bytes_mutable_data(result), values));
  return Value(result);
}

// args: buffer, offset, values.
static Result<Value> pack_into_values(Thread& thread, StructObject* self, Value const* args, usize n) {
  if (n == 0) return raise_struct_error(thread, "pack_into expected buffer argument");
  if (n == 1) return raise_struct_error(thread, "pack_into expected offset argument");
  if (static_cast<i64>(n - 2) != self->value_count_) {
    return raise_struct_error(thread, "pack_into expected {} items for packing (got {})", self->value_count_,
                              static_cast<u64>(n - 2));
  }
  ScopedBuffer buffer;
  if (buffer.get_writable(thread, args[0]).is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "argument must be read-write bytes-like object, not {!t}", args[0]);
  }
  Index offset = TRY(to_index_checked(thread, args[1]));
  i64 size = static_cast<i64>(buffer.size);
  if (offset < 0) {
    if (offset + self->size_ > 0)
      return raise_struct_error(thread, "no space to pack {} bytes at offset {}", self->size_, offset);
    if (offset + size < 0) return raise_struct_error(thread, "offset {} out of range for {}-byte buffer", offset, size);
    offset += size;
  }
  if (size - offset < self->size_) {
    return raise_struct_error(
        thread, "pack_into requires a buffer of at least {} bytes for packing {} bytes at offset {} (actual buffer size is {})",
        static_cast<u64>(self->size_) + static_cast<u64>(offset), self->size_, offset, size);
  }
  u8* out = buffer.bytes() + offset;
  memset(out, 0, static_cast<usize>(self->size_));
  TRY(pack_all(thread, self, out, args + 2));
  return kNone;
}

static Result<Tuple*> unpack_buffer(Thread& thread, StructObject* self, const BufferView& buffer) {
  TRY(check_ready(thread, self));
  if (static_cast<i64>(buffer.size) != self->size_)
    return raise_struct_error(thread, "unpack requires a buffer of {} bytes", self->size_);
  return unpack_all(thread, self, buffer.data);
}

static Result<Tuple*> unpack_at(Thread& thread, StructObject* self, const BufferView& buffer, Index offset) {
  TRY(check_ready(thread, self));
  i64 size = static_cast<i64>(buffer.size);
  if (offset < 0) {
    if (offset + self->size_ > 0)
      return raise_struct_error(thread, "not enough data to unpack {} bytes at offset {}", self->size_, offset);
    if (offset + size < 0) return raise_struct_error(thread, "offset {} out of range for {}-byte buffer", offset, size);
    offset += size;
  }
  if (size - offset < self->size_) {
    return raise_struct_error(
        thread,
        "unpack_from requires a buffer of at least {} bytes for unpacking {} bytes at offset {} (actual buffer size is {})",
        static_cast<u64>(self->size_) + static_cast<u64>(offset), self->size_, offset, size);
  }
  return unpack_all(thread, self, buffer.data + offset);
}

// ---------------------------------------------------------------------------------------------------------------- iter_unpack

class UnpackIterator final : public Cell {
 public:
  void init(StructObject* owner, Value buffer) {
    owner_.init(owner);
    buffer_.init(buffer);
    position_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_, buffer_); }
  Field<StructObject> owner_;
  Field<Value> buffer_;  // absent: exhausted
  Relaxed<i64> position_;
};

static Result<Value> unpack_iterator_self(Thread& thread, Value self) { return self; }
static Result<Value> unpack_iterator_next(Thread& thread, UnpackIterator* self) {
  CriticalSection guard(thread, self);
  if (self->buffer_.get().is_absent()) return kExhausted;
  StructObject* owner = self->owner_.get();
  ScopedBuffer buffer;
  TRY(buffer.get(thread, self->buffer_.get()));
  i64 position = self->position_;
  if (position + owner->size_ > static_cast<i64>(buffer.size)) {
    self->buffer_.clear();
    return kExhausted;
  }
  self->position_ = position + owner->size_;
  return TRY(unpack_all(thread, owner, buffer.data + position));
}
static Result<Value> unpack_iterator_length_hint(Thread& thread, UnpackIterator* self) {
  if (self->buffer_.get().is_absent()) return Value::of_small_int(0);
  ScopedBuffer buffer;
  TRY(buffer.get(thread, self->buffer_.get()));
  return Value::of_small_int((static_cast<i64>(buffer.size) - self->position_) / self->owner_->size_);
}

static constinit NativeDef unpack_iterator_methods[] = {
    native<unpack_iterator_self>("__iter__($self, /)", "Implement iter(self)."),
    native<unpack_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<unpack_iterator_length_hint>("__length_hint__($self, /)"),
};
static constinit TypeDef unpack_iterator_def = {
    .name = "_struct.unpack_iterator",
    .dynamic_kind = &DynamicKind<UnpackIterator>::value,
    .payload_size = sizeof(UnpackIterator),
    .flags = kTypeNoInstances,
    .methods = unpack_iterator_methods,
    .method_count = count_of(unpack_iterator_methods),
    .kind_info = kind_info_of<UnpackIterator>("_struct.unpack_iterator"),
};

static Result<Value> iterate(Thread& thread, StructObject* self, Value source) {
  TRY(check_ready(thread, self));
  {
    ScopedBuffer buffer;
    TRY(buffer.get(thread, source));
    if (self->size_ == 0) return raise_struct_error(thread, "cannot iteratively unpack with a struct of length 0");
    if (buffer.size % static_cast<usize>(self->size_) != 0) {
      return raise_struct_error(thread, "iterative unpacking requires a buffer of a multiple of {} bytes", self->size_);
    }
  }
  // The exporter stays locked as a memoryview of it, except for bytes, which never change.
  Value held = is<Bytes>(source) ? source : TRY(make_memoryview(thread, source));
  return TRY(make_of<UnpackIterator>(thread, TRY(type_from_def(thread, unpack_iterator_def)), self, held));
}

// ---------------------------------------------------------------------------------------------------------------- Struct

static Result<Value> struct_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames);

static Result<void> struct_init(Thread& thread, StructObject* self, Optional<Value> format) {
  if (!format.has_value()) return raise_type_error(thread, "Struct() missing required argument 'format' (pos 1)");
  return struct_compile(thread, self, format.value);
}
static Result<Value> struct_pack(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "Struct.pack", kwnames));
  return pack_values(thread, args[0].as<StructObject>(), args + 1, n - 1);
}
static Result<Value> struct_pack_into(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "Struct.pack_into", kwnames));
  return pack_into_values(thread, args[0].as<StructObject>(), args + 1, n - 1);
}
static Result<Tuple*> struct_unpack(Thread& thread, StructObject* self, BufferView buffer) {
  return unpack_buffer(thread, self, buffer);
}
static Result<Tuple*> struct_unpack_from(Thread& thread, StructObject* self, BufferView buffer, Index offset) {
  return unpack_at(thread, self, buffer, offset);
}
static Result<Value> struct_iter_unpack(Thread& thread, StructObject* self, Value buffer) {
  return iterate(thread, self, buffer);
}
static Result<u64> struct_sizeof(Thread& thread, StructObject* self) {
  return sizeof(StructObject) + 16 + (self->item_count_ + 1) * 32;
}
static Result<Value> struct_get_format(Thread& thread, Value self) {
  Str* s = self.as<StructObject>()->format_.get();
  return Value(s ? s : names.empty);
}
static Result<Value> struct_get_size(Thread& thread, Value self) { return Value::of_small_int(self.as<StructObject>()->size_); }

static constinit GetSetDef struct_getsets[] = {
    {"format", struct_get_format, nullptr, "struct format string"},
    {"size", struct_get_size, nullptr, "struct size in bytes"},
};
static constinit NativeDef struct_methods[] = {
    native_raw(struct_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<struct_init>("__init__($self, /, format=<unrepresentable>)",
                        "Set up a new instance from the arguments its class documents."),
    native<struct_iter_unpack>("iter_unpack($self, buffer, /)", "Return an iterator yielding tuples."),
    native_raw(struct_pack, "pack($self, /, *values)", "S.pack(v1, v2, ...) -> bytes"),
    native_raw(struct_pack_into, "pack_into($self, /, *args)", "S.pack_into(buffer, offset, v1, v2, ...)"),
    native<struct_unpack>("unpack($self, buffer, /)", "Return a tuple containing unpacked values."),
    native<struct_unpack_from>("unpack_from($self, /, buffer, offset=0)", "Return a tuple containing unpacked values."),
    native<struct_sizeof>("__sizeof__($self, /)", "S.__sizeof__() -> size of S in memory, in bytes"),
};
static constinit TypeDef struct_def = {
    .name = "_struct.Struct",
    .doc = "Struct(fmt) --> compiled struct object\n\n",
    .dynamic_kind = &DynamicKind<StructObject>::value,
    .payload_size = sizeof(StructObject),
    .flags = kTypeSubclassable | kTypeWeakrefable,
    .methods = struct_methods,
    .method_count = count_of(struct_methods),
    .getsets = struct_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<StructObject>("_struct.Struct"),
};

static Result<Value> struct_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return TRY(make_of<StructObject>(thread, TRY(check_new_type(thread, args, n, struct_def.type))));
}

// ---------------------------------------------------------------------------------------------------------------- functions

static Root<Dict>* format_cache = nullptr;  // format -> StructObject
static constexpr Index kMaxCachedFormats = 100;

static Result<StructObject*> compiled(Thread& thread, Value format) {
  if (is<Str>(format) || is<Bytes>(format)) {
    Value found = TRY(dict_find(thread, format_cache->get(), format));
    if (found != kNotFound) return found.as<StructObject>();
  }
  StructObject* made = TRY(make_of<StructObject>(thread, struct_def.type));
  TRY(struct_compile(thread, made, format));
  if (format_cache->get()->length() >= kMaxCachedFormats) dict_clear_all(thread, format_cache->get());
  TRY(dict_set(thread, format_cache->get(), format, Value(made)));
  return made;
}

static Result<Value> pack(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "_struct.pack", kwnames));
  if (n == 0) return raise_type_error(thread, "missing format argument");
  return pack_values(thread, TRY(compiled(thread, args[0])), args + 1, n - 1);
}
static Result<Value> pack_into(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(thread, "_struct.pack_into", kwnames));
  if (n == 0) return raise_type_error(thread, "missing format argument");
  return pack_into_values(thread, TRY(compiled(thread, args[0])), args + 1, n - 1);
}
static Result<Tuple*> unpack(Thread& thread, Value format, Value buffer) {
  StructObject* s = TRY(compiled(thread, format));
  ScopedBuffer view;
  TRY(view.get(thread, buffer));
  return unpack_buffer(thread, s, view);
}
static Result<Tuple*> unpack_from(Thread& thread, Value format, Value buffer, Index offset) {
  StructObject* s = TRY(compiled(thread, format));
  ScopedBuffer view;
  TRY(view.get(thread, buffer));
  return unpack_at(thread, s, view, offset);
}
static Result<Value> iter_unpack(Thread& thread, Value format, Value buffer) {
  return iterate(thread, TRY(compiled(thread, format)), buffer);
}
static Result<i64> calcsize(Thread& thread, Value format) { return TRY(compiled(thread, format))->size_; }
static Result<void> clearcache(Thread& thread) {
  dict_clear_all(thread, format_cache->get());
  return ok;
}

static Result<void> struct_exec(Thread& thread, Module* module) {
  if (!struct_error) {
    struct_error = new Root<Type>(TRY(make_exception_type(thread, "struct.error", exceptions.Exception)));
    format_cache = new Root<Dict>(TRY(make_dict(thread)));
  }
  return module_set(thread, module, "error", Value(struct_error->get()));
}

static constinit NativeDef struct_functions[] = {
    native<clearcache>("_clearcache($module, /)", "Clear the internal cache."),
    native<calcsize>("calcsize($module, format, /)", "Compute how many bytes data packed with this format takes."),
    native<iter_unpack>("iter_unpack($module, format, buffer, /)",
                        "Unpack a buffer piece by piece: iterate over a tuple for each record.\n\nEvery piece is as long as the "
                        "format says.  The error exception is raised\nif the buffer's length is not a multiple of that."),
    native_raw(pack, "pack(format, /, *values)", "pack(format, v1, v2, ...) -> bytes"),
    native_raw(pack_into, "pack_into(format, buffer, offset, /, *values)", "pack_into(format, buffer, offset, v1, v2, ...)"),
    native<unpack>("unpack($module, format, buffer, /)",
                   "Decode values from a buffer as format describes; they come as a tuple.\n\nunpack() takes a buffer of exactly "
                   "calcsize(format) bytes.  unpack_from()\nstarts at an offset, and needs at least that many bytes behind it.  "
                   "If the\nsize is wrong, error is raised."),
    native<unpack_from>("unpack_from($module, format, /, buffer, offset=0)",
                        "Decode values from a buffer as format describes; they come as a tuple.\n\nunpack() takes a buffer of "
                        "exactly calcsize(format) bytes.  unpack_from()\nstarts at an offset, and needs at least that many bytes "
                        "behind it.  If the\nsize is wrong, error is raised."),
};
static TypeDef* const struct_types[] = {&struct_def};
constinit ModuleDef struct_module = {
    .name = "_struct",
    .doc =
        "Pack Python values into bytes laid out like a C struct, and unpack them.\n\nA format string describes the layout: byte "
        "order, types and padding.",
    .functions = struct_functions,
    .function_count = count_of(struct_functions),
    .types = struct_types,
    .type_count = 1,
    .exec = struct_exec,
};

}  // namespace baton
