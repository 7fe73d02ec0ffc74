// Values of ctypes' simple types: between the bytes of C memory and Python objects, in either byte order, and in bit fields.
//
// A bit field's place is its "size" in CPython's encoding: width << 16 | lowest bit, within a unit of the type's own size.
#include <cstdio>
#include <cstring>
#include <cwchar>

#include "modules/ctypes_internal.h"
#include "objects/int_view.h"

namespace baton {

const char kSimpleCodes[] = "cbBhHiIlLdfuzZqQPXOv?g";

static SimpleCode simple_codes[] = {
    {'c', 1, false, &ffi_type_schar, 0},   {'b', 1, false, &ffi_type_schar, 0},
    {'B', 1, false, &ffi_type_uchar, 0},   {'h', 2, true, &ffi_type_sshort, 0},
    {'H', 2, true, &ffi_type_ushort, 0},   {'i', 4, true, &ffi_type_sint, 0},
    {'I', 4, true, &ffi_type_uint, 0},     {'l', 8, true, &ffi_type_slong, 'q'},
    {'L', 8, true, &ffi_type_ulong, 'Q'},  {'q', 8, true, &ffi_type_sint64, 0},
    {'Q', 8, true, &ffi_type_uint64, 0},   {'f', 4, true, &ffi_type_float, 0},
    {'d', 8, true, &ffi_type_double, 0},   {'g', 16, false, &ffi_type_longdouble, 0},
    {'u', 4, false, &ffi_type_sint, 0},    {'z', 8, false, &ffi_type_pointer, 0},
    {'Z', 8, false, &ffi_type_pointer, 0}, {'P', 8, false, &ffi_type_pointer, 0},
    {'O', 8, false, &ffi_type_pointer, 0}, {'?', 1, false, &ffi_type_uchar, 0},
    {'v', 2, false, &ffi_type_sshort, 0},  // VARIANT_BOOL: 0 or -1
};

const SimpleCode* find_simple_code(u32 code) {
  for (const SimpleCode& c : simple_codes)
    if (static_cast<u32>(c.code) == code) return &c;
  return nullptr;
}

// ---------------------------------------------------------------------------------------------------------------- integers

u64 low_bits(Value v) {
  IntView view(v);
  u64 limb = view->size ? view->limbs[0] : 0;
  return view->negative ? 0 - limb : limb;
}

Result<u64> address_from(Thread& thread, Value v) {
  if (!is_int(v)) return raise_type_error(thread, "integer expected");
  return low_bits(int_exact(v));
}

static bool is_signed_code(char code) { return code == 'b' || code == 'h' || code == 'i' || code == 'l' || code == 'q'; }

static u64 swap_bytes(u64 v, usize size) {
  switch (size) {
    case 2: return __builtin_bswap16(static_cast<u16>(v));
    case 4: return __builtin_bswap32(static_cast<u32>(v));
    case 8: return __builtin_bswap64(v);
    default: return v;
  }
}
static u64 load_unit(const u8* from, usize size, bool swapped) {
  u64 v = 0;
  memcpy(&v, from, size);
  return swapped ? swap_bytes(v, size) : v;
}
static void store_unit(u8* to, u64 v, usize size, bool swapped) {
  if (swapped) v = swap_bytes(v, size);
  memcpy(to, &v, size);
}

static Result<Value> load_integer(Thread& thread, const SimpleCode& c, bool swapped, const u8* from, usize size) {
  u64 v = load_unit(from, c.size, swapped);
  u32 width = static_cast<u32>(size >> 16), bits = c.size * 8u;
  if (width) {
    v >>= size & 0xFFFF;
    bits = width;
  }
  if (bits < 64) v &= (u64{1} << bits) - 1;
  if (!is_signed_code(c.code)) return int_from_u64(thread, v);
  if (bits < 64 && (v >> (bits - 1) & 1)) v |= ~u64{0} << bits;
  return int_from_i64(thread, static_cast<i64>(v));
}

static void store_integer(const SimpleCode& c, bool swapped, u8* to, u64 v, usize size) {
  if (u32 width = static_cast<u32>(size >> 16)) {
    u32 low = size & 0xFFFF;
    u64 mask = (width < 64 ? (u64{1} << width) - 1 : ~u64{0}) << low;
    v = (load_unit(to, c.size, swapped) & ~mask) | ((v << low) & mask);
  }
  store_unit(to, v, c.size, swapped);
}

// ---------------------------------------------------------------------------------------------------------------- text

Result<Value> text_from_wide(Thread& thread, const wchar_t* text, usize n) {
  static_assert(sizeof(wchar_t) == 4);
  for (usize i = 0; i < n; ++i) {
    if (static_cast<u32>(text[i]) > 0x10FFFF) {
      char shown[16];
      snprintf(shown, sizeof shown, "U+%x", static_cast<u32>(text[i]));
      return raise_value_error(thread, "character {} is not in range [U+0000; U+10ffff]", static_cast<const char*>(shown));
    }
  }
  return str_from_units(thread, text, static_cast<Index>(n), 4);
}

static void copy_wide(Str* text, wchar_t* to) {
  for (Index i = 0; i < text->length(); ++i) to[i] = static_cast<wchar_t>(text->at(i));
}

Result<Value> wide_text(Thread& thread, Str* text) {
  usize n = static_cast<usize>(text->length());
  Bytes* bytes = TRY(bytes_allocate(thread, (n + 1) * sizeof(wchar_t)));
  auto* to = reinterpret_cast<wchar_t*>(bytes_mutable_data(bytes));
  for (usize i = 0; i < n; ++i) {
    wchar_t unit = static_cast<wchar_t>(text->at(static_cast<Index>(i)));
    memcpy(to + i, &unit, sizeof unit);
  }
  memset(to + n, 0, sizeof(wchar_t));
  return Value(bytes);
}

Result<Value> load_char_array(Thread& thread, char code, const u8* from, usize size) {
  if (code == 'c') return bytes_from(thread, from, strnlen(reinterpret_cast<const char*>(from), size));
  auto* wide = reinterpret_cast<const wchar_t*>(from);
  return text_from_wide(thread, wide, wcsnlen(wide, size / sizeof(wchar_t)));
}

Result<Value> store_char_array(Thread& thread, char code, u8* to, Value v, usize size) {
  if (code == 'c') {
    if (!is<Bytes>(v)) return raise_type_error(thread, "expected bytes, {!t} found", v);
    // Up to the first zero, which is copied if there is room for it.
    const u8* text = v.as<Bytes>()->data();
    usize n = strnlen(reinterpret_cast<const char*>(text), static_cast<usize>(v.as<Bytes>()->length()));
    if (n > size) return raise_value_error(thread, "bytes too long ({}, maximum length {})", u64{n}, u64{size});
    memcpy(to, text, n);
    if (n < size) to[n] = 0;
    return kNone;
  }
  if (!is<Str>(v)) return raise_type_error(thread, "unicode string expected instead of {!t} instance", v);
  Str* text = v.as<Str>();
  usize n = static_cast<usize>(text->length()), room = size / sizeof(wchar_t);
  if (n > room) return raise_value_error(thread, "string too long ({}, maximum length {})", u64{n}, u64{room});
  copy_wide(text, reinterpret_cast<wchar_t*>(to));
  if (n < room) reinterpret_cast<wchar_t*>(to)[n] = 0;
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- load

static Result<Value> load_object(Thread& thread, const u8* from) {
  u64 bits;
  memcpy(&bits, from, sizeof bits);
  if (!bits) return raise_value_error(thread, "PyObject is NULL");
  Value v(bits);
  if (v.is_cell() && heap_find_cell(v.cell()) != v.cell())
    return raise_value_error(thread, "py_object: the memory doesn't hold an object of this interpreter");
  return v;
}

static Result<Value> load_real(Thread& thread, char code, bool swapped, const u8* from) {
  if (code == 'g') {
    long double v;
    memcpy(&v, from, sizeof v);
    return make_float(thread, static_cast<double>(v));
  }
  if (code == 'd') return make_float(thread, __builtin_bit_cast(double, load_unit(from, 8, swapped)));
  return make_float(thread, __builtin_bit_cast(float, static_cast<u32>(load_unit(from, 4, swapped))));
}

Result<Value> load_value(Thread& thread, char code, bool swapped, const u8* from, usize size) {
  const u8* target;
  switch (code) {
    case 'c': return bytes_from(thread, from, 1);
    case 'f':
    case 'd':
    case 'g': return load_real(thread, code, swapped, from);
    case '?': return Value::of_bool(*from != 0);
    case 'v': return Value::of_bool(load_unit(from, 2, false) != 0);
    case 'u': {
      wchar_t unit;
      memcpy(&unit, from, sizeof unit);
      return text_from_wide(thread, &unit, 1);
    }
    case 'z':
      memcpy(&target, from, sizeof target);
      if (!target) return kNone;
      return bytes_from(thread, target, strlen(reinterpret_cast<const char*>(target)));
    case 'Z': {
      memcpy(&target, from, sizeof target);
      if (!target) return kNone;
      auto* wide = reinterpret_cast<const wchar_t*>(target);
      return text_from_wide(thread, wide, wcslen(wide));
    }
    case 'P':
      memcpy(&target, from, sizeof target);
      return target ? int_from_u64(thread, reinterpret_cast<u64>(target)) : Result<Value>(kNone);
    case 'O': return load_object(thread, from);
    default: return load_integer(thread, *find_simple_code(static_cast<u32>(code)), swapped, from, size);
  }
}

// ---------------------------------------------------------------------------------------------------------------- store

static void store_address(u8* to, const void* p) { memcpy(to, &p, sizeof p); }

static Result<Value> store_char(Thread& thread, u8* to, Value v) {
  if (is<Bytes>(v) && v.as<Bytes>()->length() == 1) {
    *to = v.as<Bytes>()->data()[0];
    return kNone;
  }
  if (is<ByteArray>(v) && v.as<ByteArray>()->length() == 1) {
    *to = v.as<ByteArray>()->data()[0];
    return kNone;
  }
  i64 n;
  if (is_int(v) && int_to_i64(int_exact(v), &n) && n >= 0 && n < 256) {
    *to = static_cast<u8>(n);
    return kNone;
  }
  return raise_type_error(thread, "one character bytes, bytearray or integer expected");
}

static Result<Value> store_wide_char(Thread& thread, u8* to, Value v) {
  if (!is<Str>(v)) return raise_type_error(thread, "unicode string expected instead of {!t} instance", v);
  if (v.as<Str>()->length() != 1) return raise_type_error(thread, "one character unicode string expected");
  wchar_t unit = static_cast<wchar_t>(v.as<Str>()->at(0));
  memcpy(to, &unit, sizeof unit);
  return kNone;
}

static Result<Value> store_real(Thread& thread, char code, bool swapped, u8* to, Value v) {
  double d = TRY(to_double(thread, v));
  if (code == 'g') {
    long double wide = d;
    memset(to, 0, 16);
    memcpy(to, &wide, 10);
  } else if (code == 'd') {
    store_unit(to, __builtin_bit_cast(u64, d), 8, swapped);
  } else {
    store_unit(to, __builtin_bit_cast(u32, static_cast<float>(d)), 4, swapped);
  }
  return kNone;
}

// c_char_p, c_wchar_p, c_void_p
static Result<Value> store_pointer(Thread& thread, char code, u8* to, Value v) {
  if (v.is_none()) {
    store_address(to, nullptr);
    return kNone;
  }
  if (is_int(v)) {
    store_unit(to, low_bits(int_exact(v)), 8, false);
    return kNone;
  }
  if (code == 'z' && is<Bytes>(v)) {
    store_address(to, v.as<Bytes>()->data());
    return v;
  }
  if (code == 'Z' && is<Str>(v)) {
    Value wide = TRY(wide_text(thread, v.as<Str>()));
    store_address(to, wide.as<Bytes>()->data());
    return wide;
  }
  if (code == 'P') return raise_type_error(thread, "cannot be converted to pointer");
  return raise_type_error(thread,
                          code == 'z' ? "bytes or integer address expected instead of {!t} instance"
                                      : "unicode string or integer address expected instead of {!t} instance",
                          v);
}

Result<Value> store_value(Thread& thread, char code, bool swapped, u8* to, Value v, usize size) {
  switch (code) {
    case 'c': return store_char(thread, to, v);
    case 'u': return store_wide_char(thread, to, v);
    case 'f':
    case 'd':
    case 'g': return store_real(thread, code, swapped, to, v);
    case '?': *to = TRY(truth(thread, v)); return kNone;
    case 'v': store_unit(to, TRY(truth(thread, v)) ? 0xFFFF : 0, 2, false); return kNone;
    case 'z':
    case 'Z':
    case 'P': return store_pointer(thread, code, to, v);
    case 'O': store_unit(to, v.bits(), 8, false); return v;
    default:
      store_integer(*find_simple_code(static_cast<u32>(code)), swapped, to, low_bits(TRY(to_index(thread, v))), size);
      return kNone;
  }
}

}  // namespace baton
