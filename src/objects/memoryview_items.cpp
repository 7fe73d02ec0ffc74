// Items of memoryviews: see memoryview_items.h.
#include "objects/memoryview_items.h"

#include <cstring>

#include "objects/list.h"
#include "objects/list_inline.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

static constexpr char kNativeFormats[] = "cbBhHiIlLqQnNfd?P";
static constexpr const char* kFormatLiterals[][2] = {{"c", "@c"}, {"b", "@b"}, {"B", "@B"}, {"h", "@h"}, {"H", "@H"}, {"i", "@i"},
                                                     {"I", "@I"}, {"l", "@l"}, {"L", "@L"}, {"q", "@q"}, {"Q", "@Q"}, {"n", "@n"},
                                                     {"N", "@N"}, {"f", "@f"}, {"d", "@d"}, {"?", "@?"}, {"P", "@P"}};

char native_format(const char* format) {
  if (*format == '@') ++format;
  return format[0] && !format[1] && strchr(kNativeFormats, format[0]) ? format[0] : 0;
}

Index native_item_size(char format) {
  switch (format) {
    case 'c':
    case 'b':
    case 'B':
    case '?': return 1;
    case 'h':
    case 'H': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P': return 8;
    default: return 0;
  }
}

const char* native_format_literal(char format, bool with_at) {
  return kFormatLiterals[strchr(kNativeFormats, format) - kNativeFormats][with_at];
}

// --- single items

template <class T>
static T load(const u8* p) {
  T v;
  memcpy(&v, p, sizeof(v));
  return v;
}

Result<Value> unpack_item(Thread& thread, const u8* p, const char* format) {
  switch (native_format(format)) {
    case 'B': return Value::of_small_int(*p);
    case 'b': return Value::of_small_int(load<i8>(p));
    case 'c': return TRY(bytes_from(thread, p, 1));
    case '?': return Value::of_bool(*p != 0);
    case 'h': return Value::of_small_int(load<i16>(p));
    case 'H': return Value::of_small_int(load<u16>(p));
    case 'i': return Value::of_small_int(load<i32>(p));
    case 'I': return Value::of_small_int(load<u32>(p));
    case 'l':
    case 'q':
    case 'n': return int_from_i64(thread, load<i64>(p));
    case 'L':
    case 'Q':
    case 'N':
    case 'P': return int_from_u64(thread, load<u64>(p));
    case 'f': return make_float(thread, static_cast<double>(load<float>(p)));
    case 'd': return make_float(thread, load<double>(p));
    default: return raise_not_implemented(thread, "memoryview: unsupported format {}", format);
  }
}

static Failed raise_invalid(Thread& thread, const char* what, const char* format) {
  if (*format == '@') ++format;
  return raise(thread, what[0] == 't' ? exceptions.TypeError : exceptions.ValueError, "memoryview: invalid {} for format '{}'",
               what, format);
}

// The exact int of v; TypeError as the memoryview says it.
static Result<Value> integer_item(Thread& thread, Value v, const char* format) {
  if (is_int(v)) return int_exact(v);
  Result<Value> index = to_index(thread, v);
  if (index.is_failed() && clear_pending_if(thread, exceptions.TypeError)) return raise_invalid(thread, "type", format);
  return index;
}

template <class T>
static Result<void> pack_signed(Thread& thread, u8* p, const char* format, Value v) {
  i64 n;
  bool fits = int_to_i64(TRY(integer_item(thread, v, format)), &n) && static_cast<T>(n) == n;
  if (!fits) return raise_invalid(thread, "value", format);
  T item = static_cast<T>(n);
  memcpy(p, &item, sizeof(item));
  return ok;
}

template <class T>
static Result<void> pack_unsigned(Thread& thread, u8* p, const char* format, Value v) {
  u64 n;
  Value exact = TRY(integer_item(thread, v, format));
  bool fits = int_sign(exact) >= 0 && int_to_u64(exact, &n) && static_cast<T>(n) == n;
  if (!fits) return raise_invalid(thread, "value", format);
  T item = static_cast<T>(n);
  memcpy(p, &item, sizeof(item));
  return ok;
}

static Result<double> float_item(Thread& thread, Value v, const char* format) {
  Result<double> d = to_double(thread, v);
  if (d.is_failed() && clear_pending_if(thread, exceptions.TypeError)) return raise_invalid(thread, "type", format);
  return d;
}

Result<void> pack_item(Thread& thread, u8* p, const char* format, Value v) {
  switch (native_format(format)) {
    case 'B': return pack_unsigned<u8>(thread, p, format, v);
    case 'b': return pack_signed<i8>(thread, p, format, v);
    case 'h': return pack_signed<i16>(thread, p, format, v);
    case 'H': return pack_unsigned<u16>(thread, p, format, v);
    case 'i': return pack_signed<i32>(thread, p, format, v);
    case 'I': return pack_unsigned<u32>(thread, p, format, v);
    case 'l':
    case 'q':
    case 'n': return pack_signed<i64>(thread, p, format, v);
    case 'L':
    case 'Q':
    case 'N':
    case 'P': return pack_unsigned<u64>(thread, p, format, v);
    case 'c': {
      Bytes* bytes = cast<Bytes>(v);
      if (!bytes) return raise_invalid(thread, "type", format);
      if (bytes->length() != 1) return raise_invalid(thread, "value", format);
      *p = bytes->data()[0];
      return ok;
    }
    case '?': *p = TRY(truth(thread, v)); return ok;
    case 'f': {
      float item = static_cast<float>(TRY(float_item(thread, v, format)));
      memcpy(p, &item, sizeof(item));
      return ok;
    }
    case 'd': {
      double item = TRY(float_item(thread, v, format));
      memcpy(p, &item, sizeof(item));
      return ok;
    }
    default: return raise_not_implemented(thread, "memoryview: unsupported format {}", format);
  }
}

// --- walking

bool is_c_contiguous(const BufferShape& view) {
  Index expected = view.itemsize;
  for (int i = view.ndim - 1; i >= 0; --i) {
    if (view.shape[i] == 0) return true;
    if (view.shape[i] > 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

bool is_fortran_contiguous(const BufferShape& view) {
  Index expected = view.itemsize;
  for (int i = 0; i < view.ndim; ++i)
    if (view.shape[i] == 0) return true;
  for (int i = 0; i < view.ndim; ++i) {
    if (view.shape[i] > 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

static u8* copy_dimension(const BufferShape& from, const u8* at, int dimension, u8* to) {
  if (dimension == from.ndim) {
    memcpy(to, at, static_cast<usize>(from.itemsize));
    return to + from.itemsize;
  }
  for (Index i = 0; i < from.shape[dimension]; ++i)
    to = copy_dimension(from, at + i * from.strides[dimension], dimension + 1, to);
  return to;
}

void copy_items(const BufferShape& from, u8* to) {
  if (is_c_contiguous(from)) {
    Index bytes = from.itemsize;
    for (int i = 0; i < from.ndim; ++i) bytes *= from.shape[i];
    if (bytes) memcpy(to, from.data, static_cast<usize>(bytes));
    return;
  }
  copy_dimension(from, from.data, 0, to);
}

static u8* copy_dimension_fortran(const BufferShape& from, const u8* at, int dimension, u8* to) {
  if (dimension < 0) {
    memcpy(to, at, static_cast<usize>(from.itemsize));
    return to + from.itemsize;
  }
  for (Index i = 0; i < from.shape[dimension]; ++i)
    to = copy_dimension_fortran(from, at + i * from.strides[dimension], dimension - 1, to);
  return to;
}

void copy_items_fortran(const BufferShape& from, u8* to) { copy_dimension_fortran(from, from.data, from.ndim - 1, to); }

static Result<Value> list_dimension(Thread& thread, const BufferShape& view, const u8* at, int dimension) {
  if (dimension == view.ndim) return unpack_item(thread, at, view.format);
  if (dimension + 1 == view.ndim) {
    bool bytes = view.itemsize == 1 && view.format[0] == 'B';
    Index n = view.shape[dimension], stride = view.strides[dimension];
    List* list = TRY(make_list_with_capacity(thread, n));
    for (Index i = 0; i < n; ++i, at += stride)
      TRY(list_append_inline(thread, list, bytes ? Value::of_small_int(*at) : TRY(unpack_item(thread, at, view.format))));
    return Value(list);
  }
  RootVector items;
  for (Index i = 0; i < view.shape[dimension]; ++i)
    items.push(TRY(list_dimension(thread, view, at + i * view.strides[dimension], dimension + 1)));
  return TRY(make_list(thread, items.data(), static_cast<Index>(items.size())));
}

Result<Value> items_to_list(Thread& thread, const BufferShape& view) { return list_dimension(thread, view, view.data, 0); }

// --- equality

// How the items of one side are read for a comparison: natively, or by the struct module.
struct ItemReader {
  const char* format;
  Index itemsize;
  Value unpack;  // bound Struct.unpack, or absent
};

// False: the format can't be read.
static Result<bool> struct_reader(Thread& thread, ItemReader* reader) {
  Value module = TRY(import_module(thread, "struct"));
  Value type = TRY(get_attr_ascii(thread, module, "Struct"));
  Result<Value> instance = call(thread, type, Value(TRY(str_from_utf8(thread, reader->format))));
  if (instance.is_failed()) {
    Value error = TRY(get_attr_ascii(thread, module, "error"));
    Exception* pending = thread.take_pending();
    if (TRY(exception_matches(thread, Value(reinterpret_cast<Cell*>(pending)), error))) return false;
    thread.set_pending(pending);
    return failed;
  }
  Value size = TRY(get_attr_ascii(thread, instance.value(), "size"));
  if (!size.is_small_int() || size.small_int() != reader->itemsize) return false;
  reader->unpack = TRY(get_attr_ascii(thread, instance.value(), "unpack"));
  return true;
}

static Result<Value> read_item(Thread& thread, const ItemReader& reader, const u8* at) {
  if (reader.unpack.is_absent()) return unpack_item(thread, at, reader.format);
  Value tuple = TRY(call(thread, reader.unpack, Value(TRY(bytes_from(thread, at, static_cast<usize>(reader.itemsize))))));
  Tuple* items = tuple.as<Tuple>();
  return items->length() == 1 ? items->at(0) : tuple;
}

static Result<bool> equal_dimension(Thread& thread, const BufferShape& a, const u8* at_a, const ItemReader& read_a,
                                    const BufferShape& b, const u8* at_b, const ItemReader& read_b, int dimension) {
  if (dimension == a.ndim) {
    Value x = TRY(read_item(thread, read_a, at_a)), y = TRY(read_item(thread, read_b, at_b));
    return equals(thread, x, y);
  }
  for (Index i = 0; i < a.shape[dimension]; ++i) {
    bool same = TRY(equal_dimension(thread, a, at_a + i * a.strides[dimension], read_a, b, at_b + i * b.strides[dimension],
                                    read_b, dimension + 1));
    if (!same) return false;
  }
  return true;
}

Result<bool> items_equal(Thread& thread, const BufferShape& a, const BufferShape& b) {
  if (a.ndim != b.ndim) return false;
  Index count = 1;
  for (int i = 0; i < a.ndim; ++i) {
    if (a.shape[i] != b.shape[i]) return false;
    count *= a.shape[i];
    if (a.shape[i] == 0) break;
  }
  char format_a = native_format(a.format), format_b = native_format(b.format);
  bool bitwise = format_a && format_a == format_b && format_a != 'f' && format_a != 'd' && format_a != '?';
  if (bitwise && is_c_contiguous(a) && is_c_contiguous(b)) {
    return count == 0 || memcmp(a.data, b.data, static_cast<usize>(count * a.itemsize)) == 0;
  }
  ItemReader read_a{a.format, a.itemsize, Value()}, read_b{b.format, b.itemsize, Value()};
  if (!format_a || !format_b || format_a != format_b) {
    if (!TRY(struct_reader(thread, &read_a)) || !TRY(struct_reader(thread, &read_b))) return false;
  }
  return equal_dimension(thread, a, a.data, read_a, b, b.data, read_b, 0);
}

}  // namespace baton
