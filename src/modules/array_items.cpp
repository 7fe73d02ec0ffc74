// array.array: values of items, and pickling in CPython's machine formats.
#include <cstring>

#include "base/load_as.h"
#include "modules/array.h"
#include "objects/codecs.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

Result<Value> load_item(Thread& thread, const ItemType& item, const u8* from) {
  switch (item.code) {
    case 'b': return Value::of_small_int(static_cast<i8>(*from));
    case 'B': return Value::of_small_int(*from);
    case 'h': return Value::of_small_int(load_as<i16>(from));
    case 'H': return Value::of_small_int(load_as<u16>(from));
    case 'i': return Value::of_small_int(load_as<i32>(from));
    case 'I': return Value::of_small_int(load_as<u32>(from));
    case 'l':
    case 'q': return int_from_i64(thread, load_as<i64>(from));
    case 'L':
    case 'Q': return int_from_u64(thread, load_as<u64>(from));
    case 'f': return make_float(thread, static_cast<double>(load_as<float>(from)));
    case 'd': return make_float(thread, load_as<double>(from));
    default: {
      u32 ch = load_as<u32>(from);
      if (ch > 0x10FFFF) return raise_value_error(thread, "chr() arg not in range(0x110000)");
      return TRY(str_from_code_point(thread, ch));
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------- from values

static Result<i64> long_argument(Thread& thread, Value v) {
  i64 n;
  if (!int_to_i64(TRY(to_index(thread, v)), &n)) return raise_overflow_error(thread, "Python int too large to convert to C long");
  return n;
}

struct ItemLimits {
  i64 low, high;
  const char* name;
};
// The checks of an item type in the order they are made: a wider C type may be read first.
static Result<i64> ranged(Thread& thread, Value v, const ItemLimits* ranges, usize n) {
  i64 value = TRY(long_argument(thread, v));
  for (usize i = 0; i < n; ++i) {
    if (value < ranges[i].low) return raise_overflow_error(thread, "{} is less than minimum", ranges[i].name);
    if (value > ranges[i].high) return raise_overflow_error(thread, "{} is greater than maximum", ranges[i].name);
  }
  return value;
}

static Result<u64> unsigned_argument(Thread& thread, Value v) {
  Value exact = TRY(to_index(thread, v));
  u64 n;
  if (int_sign(exact) < 0) return raise_overflow_error(thread, "can't convert negative value to unsigned int");
  if (!int_to_u64(exact, &n)) return raise_overflow_error(thread, "Python int too large to convert to C unsigned long");
  return n;
}

static constexpr ItemLimits kShort{INT16_MIN, INT16_MAX, "signed short integer"}, kInt{INT32_MIN, INT32_MAX, "signed integer"};
static constexpr ItemLimits kSignedChar[] = {kShort, {-128, 127, "signed char"}}, kByte[] = {{0, 255, "unsigned byte integer"}};
static constexpr ItemLimits kUnsignedShort[] = {kInt, {0, UINT16_MAX, "unsigned short"}};

Result<void> convert_item(Thread& thread, const ItemType& item, Value v, u8* out) {
  u64 bits = 0;
  switch (item.code) {
    case 'b': bits = static_cast<u64>(TRY(ranged(thread, v, kSignedChar, 2))); break;
    case 'B': bits = static_cast<u64>(TRY(ranged(thread, v, kByte, 1))); break;
    case 'h': bits = static_cast<u64>(TRY(ranged(thread, v, &kShort, 1))); break;
    case 'H': bits = static_cast<u64>(TRY(ranged(thread, v, kUnsignedShort, 2))); break;
    case 'i': bits = static_cast<u64>(TRY(ranged(thread, v, &kInt, 1))); break;
    case 'I':
      bits = TRY(unsigned_argument(thread, v));
      if (bits > UINT32_MAX) return raise_overflow_error(thread, "unsigned int is greater than maximum");
      break;
    case 'l': bits = static_cast<u64>(TRY(long_argument(thread, v))); break;
    case 'L': bits = TRY(unsigned_argument(thread, v)); break;
    case 'q': {
      i64 n;
      if (!int_to_i64(TRY(to_index(thread, v)), &n)) return raise_overflow_error(thread, "int too big to convert");
      bits = static_cast<u64>(n);
      break;
    }
    case 'Q': {
      Value exact = TRY(to_index(thread, v));
      if (int_sign(exact) < 0) return raise_overflow_error(thread, "can't convert negative int to unsigned");
      if (!int_to_u64(exact, &bits)) return raise_overflow_error(thread, "int too big to convert");
      break;
    }
    case 'f': bits = std::bit_cast<u32>(static_cast<float>(TRY(to_double(thread, v)))); break;
    case 'd': bits = std::bit_cast<u64>(TRY(to_double(thread, v))); break;
    default:
      if (!is<Str>(v) || v.as<Str>()->length() != 1) return raise_type_error(thread, "array item must be unicode character");
      bits = v.as<Str>()->at(0);
  }
  memcpy(out, &bits, item.size);
  return ok;
}

Result<Str*> array_text(Thread& thread, Array* self) {
  for (Index i = 0; i < self->length(); ++i) {
    u32 ch = load_as<u32>(self->at(i));
    if (ch <= 0x10FFFF) continue;
    char hex[16];
    usize n = 0;
    for (int shift = 28; shift >= 0; shift -= 4)
      if (ch >> shift) hex[n++] = "0123456789abcdef"[(ch >> shift) & 15];
    return raise_value_error(thread, "character U+{} is not in range [U+0000; U+10ffff]", std::string_view(hex, n));
  }
  KeepAlive keep{Value(self->storage_.get())};
  return str_from_units(thread, self->data(), self->length(), 4);
}

// ---------------------------------------------------------------------------------------------------------------- pickling

struct MachineFormat {
  u8 size;
  bool is_signed, is_big;
};
static constexpr MachineFormat kMachineFormats[] = {
    {1, false, false}, {1, true, false},                                       // bytes
    {2, false, false}, {2, false, true}, {2, true, false},  {2, true, true},   // 16 bits
    {4, false, false}, {4, false, true}, {4, true, false},  {4, true, true},   // 32 bits
    {8, false, false}, {8, false, true}, {8, true, false},  {8, true, true},   // 64 bits
    {4, false, false}, {4, false, true}, {8, false, false}, {8, false, true},  // float, double
    {4, false, false}, {4, false, true}, {4, false, false}, {4, false, true},  // UTF-16, UTF-32
};
static constexpr int kFirstFloat = 14, kFirstUtf16 = 18, kLastFormat = 21;

Result<Value> array_reduce_ex(Thread& thread, Array* self, Value protocol) {
  Value exact = int_exact(protocol);
  if (exact.is_absent()) return raise_type_error(thread, "__reduce_ex__ argument should be an integer");
  Value state = TRY(find_attr(thread, Value(self), names.dunder_dict));
  if (state == kNotFound) state = kNone;
  Value code = Value(TRY(str_from_code_point(thread, static_cast<u32>(self->item()->code))));
  Value type = Value(type_of(Value(self)));
  if (int_compare(exact, Value::of_small_int(3)) < 0) {
    Value list = Value(TRY(array_tolist(thread, self)));
    return TRY(tuple_of(thread, type, Value(TRY(tuple_of(thread, code, list))), state));
  }
  Value rebuild = TRY(get_attr_ascii(thread, TRY(import_module(thread, "array")), "_array_reconstructor"));
  Value content = Value(TRY(array_tobytes(thread, self)));
  Tuple* arguments = TRY(tuple_of(thread, type, code, Value::of_small_int(self->item()->pickle), content));
  return TRY(tuple_of(thread, rebuild, Value(arguments), state));
}

static void copy_swapped(u8* out, const u8* in, usize size, bool swap) {
  for (usize i = 0; i < size; ++i) out[i] = in[swap ? size - 1 - i : i];
}

static Result<Value> rebuilt_item(Thread& thread, int format, const u8* from) {
  const MachineFormat& f = kMachineFormats[format];
  u8 native[8];
  copy_swapped(native, from, f.size, f.is_big);
  if (format >= kFirstFloat)
    return f.size == 4 ? make_float(thread, static_cast<double>(load_as<float>(native)))
                       : make_float(thread, load_as<double>(native));
  u64 bits = 0;
  memcpy(&bits, native, f.size);
  int shift = 64 - 8 * f.size;
  return f.is_signed ? int_from_i64(thread, static_cast<i64>(bits << shift) >> shift) : int_from_u64(thread, bits);
}

static Result<Value> rebuilt_text(Thread& thread, int format, Bytes* items) {
  static constexpr const char* kNames[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
  Value args[] = {Value(intern(thread, kNames[format - kFirstUtf16]))};
  return call_method_values(thread, Value(items), intern(thread, "decode"), args, 1);
}

Result<Value> array_reconstructor(Thread& thread, Value type, Value typecode, int format, Value items) {
  if (!is<Type>(type)) return raise_type_error(thread, "first argument must be a type object, not {!t}", type);
  if (!type.as<Type>()->is_subtype_of(array_array_def.type)) {
    return raise_type_error(thread, "{} is not a subtype of {}", type.as<Type>()->name(),
                            TRY(type_qualified_name(thread, array_array_def.type)));
  }
  const ItemType* item = find_item_type(typecode.as<Str>()->at(0));
  if (!item) return raise_value_error(thread, "second argument must be a valid type code");
  if (format < 0 || format > kLastFormat) return raise_value_error(thread, "third argument must be a valid machine format code.");
  if (!is<Bytes>(items)) return raise_type_error(thread, "fourth argument should be bytes, not {!t}", items);
  if (format == item->pickle) return call(thread, type, typecode, items);
  Bytes* content = items.as<Bytes>();
  const MachineFormat& f = kMachineFormats[format];
  if (content->length() % f.size != 0)
    return raise_value_error(thread, format >= kFirstFloat && format < kFirstUtf16 ? "bytes length not a multiple of item size"
                                                                                   : "string length not a multiple of item size");
  if (format >= kFirstUtf16) return call(thread, type, typecode, TRY(rebuilt_text(thread, format, content)));
  Index n = content->length() / f.size;
  List* list = TRY(make_list_with_capacity(thread, n));
  for (Index i = 0; i < n; ++i) TRY(list_append(thread, list, TRY(rebuilt_item(thread, format, content->data() + i * f.size))));
  if (format < kFirstFloat) {  // an int type that holds all of them
    for (const ItemType& t : item_types)
      if (t.is_integer && t.size == f.size && t.is_signed == f.is_signed) item = &t;
  }
  return call(thread, type, Value(TRY(str_from_code_point(thread, static_cast<u32>(item->code)))), Value(list));
}

}  // namespace baton
