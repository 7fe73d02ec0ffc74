// marshal: CPython's version 4 container format, with code objects as images of our own (compile/code_image.h) behind type 'c'.
//
// Writing: objects that may be shared are numbered at their first appearance (the high bit of the type byte) and referred to
// later. Reading trusts nothing: sizes are checked before anything is allocated for them.
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "compile/code_image.h"
#include "objects/at_this_moment.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/code.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/memoryview.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

static constexpr int kMarshalVersion = 4;
static constexpr int kMaxDepth = 2000;
static constexpr u8 kFlagRef = 0x80;

// ---------------------------------------------------------------------------------------------------------------- writing

enum class WriteError : u8 { None, Unmarshallable, TooDeep, OutOfRange, Raised };

struct Writer {
  Thread& thread;
  int version;
  std::string out;
  WriteError error = WriteError::None;
  int depth = 0;
  // What has been numbered. A writer lies on the stack, where the collector sees the first cells; of the others most are
  // reachable from the object being written, and those made for the occasion are kept.
  static constexpr u32 kFew = 16;
  Value few[kFew];
  u32 count = 0;
  // Once there are more: all of them, and by a hash of the address the number and one; at least half are 0, which is none.
  std::optional<RootVector> kept;
  std::vector<u32> places;

  Writer(Thread& t, int v) : thread(t), version(v) {}
  void byte(u8 b) { out.push_back(static_cast<char>(b)); }
  void raw(const void* data, usize n) { out.append(static_cast<const char*>(data), n); }
  void tagged_i32(u8 tag, i64 v) {
    i32 x = static_cast<i32>(v);
    char bytes[5] = {static_cast<char>(tag)};
    memcpy(bytes + 1, &x, 4);
    raw(bytes, 5);
  }
  void u16_(u32 v) {
    u16 x = static_cast<u16>(v);
    raw(&x, 2);
  }
  void i32_(i64 v) {
    i32 x = static_cast<i32>(v);
    raw(&x, 4);
  }
  bool size(i64 n) {
    if (n > INT32_MAX) {
      fail(WriteError::OutOfRange);
      return false;
    }
    i32_(n);
    return true;
  }
  void fail(WriteError e) {
    if (error == WriteError::None) error = e;
  }

  // Writes a reference if the cell was seen; otherwise *flag is what to add to the type byte.
  bool reference(Cell* cell, u8* flag) {
    *flag = 0;
    if (version < 3) return false;
    u32* place = nullptr;
    u32 number = count;
    if (places.empty()) {
      for (number = 0; number < count && few[number] != Value(cell);) ++number;
    } else if (place = place_of(cell); *place) {
      number = *place - 1;
    }
    if (number < count) {
      tagged_i32('r', number);
      return true;
    }
    if (places.empty() && count < kFew)
      few[count] = Value(cell);
    else
      keep(cell, place);
    ++count;
    *flag = kFlagRef;
    return false;
  }
  u32* place_of(Cell* cell) {
    usize mask = places.size() - 1;
    usize i = reinterpret_cast<u64>(cell) * 0x9E3779B97F4A7C15 >> 32 & mask;
    while (places[i] && (*kept)[places[i] - 1] != Value(cell)) i = (i + 1) & mask;
    return &places[i];
  }
  // place: where its number goes, unless the table has to grow.
  void keep(Cell* cell, u32* place) {
    if (places.empty()) {
      kept.emplace();
      for (Value v : few) kept->push(v);
    }
    usize n = kept->size();
    kept->push(Value(cell));
    if (places.size() > 2 * n) {
      *place = count + 1;
      return;
    }
    places.assign(places.empty() ? kFew * 4 : places.size() * 2, 0);
    for (u32 i = 0; i <= n; ++i) *place_of((*kept)[i].cell()) = i + 1;
  }
  void object(Value v);
  void cell(Value v, u8 flag);
  void integer(Value v, u8 flag);
  void number(double d, bool of_complex);
  void text(Str* s, u8 flag);
  void set_items(Value v);
  void items(const Value* values, Index n) {
    for (Index i = 0; i < n && error == WriteError::None; ++i) object(values[i]);
  }
  Result<Value> finish();
};

void Writer::integer(Value v, u8 flag) {
  i64 small;
  if (int_to_i64(v, &small) && small >= INT32_MIN && small <= INT32_MAX) {
    tagged_i32('i' | flag, small);
    return;
  }
  u64 limb_of_small;
  const u64* limbs;
  usize n;
  bool negative;
  if (v.is_small_int()) {
    negative = v.small_int() < 0;
    limb_of_small = negative ? 0 - static_cast<u64>(v.small_int()) : static_cast<u64>(v.small_int());
    limbs = &limb_of_small;
    n = 1;
  } else {
    auto* big = v.as<BigInt>();
    negative = big->negative();
    limbs = big->limbs();
    n = static_cast<usize>(big->size());
  }
  usize bits = n * 64 - static_cast<usize>(__builtin_clzll(limbs[n - 1]));
  usize digits = (bits + 14) / 15;
  byte('l' | flag);
  i64 count = static_cast<i64>(digits);
  if (count > INT32_MAX) return fail(WriteError::OutOfRange);
  i32_(negative ? -count : count);
  for (usize i = 0; i < digits; ++i) {
    usize bit = i * 15, limb = bit / 64, shift = bit % 64;
    u64 d = limbs[limb] >> shift;
    if (shift > 49 && limb + 1 < n) d |= limbs[limb + 1] << (64 - shift);
    u16_(static_cast<u32>(d & 0x7FFF));
  }
}

void Writer::number(double d, bool of_complex) {
  (void)of_complex;
  if (version > 1) return raw(&d, 8);
  char buffer[40];
  int n = snprintf(buffer, sizeof buffer, "%.17g", d);
  byte(static_cast<u8>(n));
  raw(buffer, static_cast<usize>(n));
}

void Writer::text(Str* s, u8 flag) {
  bool interned = s->is_interned();
  if (version >= 4 && s->is_ascii()) {
    usize n = static_cast<usize>(s->length());
    if (n < 256) {
      byte(static_cast<u8>(interned ? 'Z' : 'z') | flag);
      byte(static_cast<u8>(n));
    } else {
      byte(static_cast<u8>(interned ? 'A' : 'a') | flag);
      if (!size(static_cast<i64>(n))) return;
    }
    return raw(s->data(), n);
  }
  Value owner;
  std::string_view utf8 = str_utf8_lossy(thread, s, &owner);
  byte(static_cast<u8>(version >= 3 && interned ? 't' : 'u') | flag);
  if (size(static_cast<i64>(utf8.size()))) raw(utf8.data(), utf8.size());
}

// In the order of the items' own dumps, so that equal sets give equal bytes.
void Writer::set_items(Value v) {
  Result<Set*> set = set_at_this_moment(thread, v.as<Set>());
  if (set.is_failed()) return fail(WriteError::Raised);
  RootVector values;
  std::string* dumps;
  Index position = 0;
  Value key;
  while (set_next(set.value(), &position, &key)) values.push(key);
  usize n = values.size();
  dumps = new std::string[n];
  usize* order = new usize[n];
  for (usize i = 0; i < n && error == WriteError::None; ++i) {
    Writer one(thread, version);
    one.depth = depth;
    one.object(values[i]);
    if (one.error != WriteError::None) fail(one.error);
    dumps[i] = static_cast<std::string&&>(one.out);
    order[i] = i;
  }
  if (error == WriteError::None && size(static_cast<i64>(n))) {
    for (usize i = 1; i < n; ++i) {  // binary insertion: sets in constants are small, and <algorithm> isn't
      usize low = 0, high = i, moved = order[i];
      while (low < high) {
        usize middle = (low + high) / 2;
        if (dumps[moved] < dumps[order[middle]])
          high = middle;
        else
          low = middle + 1;
      }
      memmove(order + low + 1, order + low, (i - low) * sizeof *order);
      order[low] = moved;
    }
    for (usize i = 0; i < n && error == WriteError::None; ++i) object(values[order[i]]);
  }
  delete[] dumps;
  delete[] order;
}

void Writer::cell(Value v, u8 flag) {
  if (is_exact<BigInt>(v)) return integer(v, flag);
  if (is_exact<Float>(v)) {
    byte(static_cast<u8>(version > 1 ? 'g' : 'f') | flag);
    return number(float_value(v), false);
  }
  if (is_exact<Complex>(v)) {
    byte(static_cast<u8>(version > 1 ? 'y' : 'x') | flag);
    number(v.as<Complex>()->real(), true);
    return number(v.as<Complex>()->imag(), true);
  }
  if (is_exact<Bytes>(v)) {
    byte('s' | flag);
    std::string_view data = v.as<Bytes>()->text();
    if (size(static_cast<i64>(data.size()))) raw(data.data(), data.size());
    return;
  }
  if (is_exact<Str>(v)) return text(v.as<Str>(), flag);
  if (is_exact<Tuple>(v) && type_of(v) == types.tuple) {
    Tuple* t = v.as<Tuple>();
    if (version >= 4 && t->length() < 256) {
      byte(')' | flag);
      byte(static_cast<u8>(t->length()));
    } else {
      byte('(' | flag);
      if (!size(t->length())) return;
    }
    return items(t->items(), t->length());
  }
  if (is_exact<List>(v)) {
    Result<List*> copy = list_copy_whole(thread, v.as<List>());
    if (copy.is_failed()) return fail(WriteError::Raised);
    byte('[' | flag);
    if (!size(copy.value()->length())) return;
    for (Index i = 0; i < copy.value()->length() && error == WriteError::None; ++i) object(copy.value()->try_at(i));
    return;
  }
  if (is_exact<Dict>(v)) {
    Result<Dict*> dict = dict_at_this_moment(thread, v.as<Dict>());
    if (dict.is_failed()) return fail(WriteError::Raised);
    byte('{' | flag);
    Index position = 0;
    Value key, value;
    while (error == WriteError::None && dict_next(dict.value(), &position, &key, &value)) {
      object(key);
      object(value);
    }
    return byte('0');
  }
  if (is_any_set(v) && !v.cell()->is_subclass_instance()) {
    byte(static_cast<u8>(v.cell()->kind() == kKindSet ? '<' : '>') | flag);
    return set_items(v);
  }
  if (is<Code>(v)) {
    byte('c' | flag);
    std::string image;
    if (!write_code_image(thread, v.as<Code>(), image)) return fail(WriteError::Unmarshallable);
    if (size(static_cast<i64>(image.size()))) raw(image.data(), image.size());
    return;
  }
  BufferInfo info;
  Result<bool> buffer = get_buffer(thread, v, &info, false);
  if (buffer.is_failed()) {
    if (thread.has_pending()) thread.clear_pending();
    byte('?');
    return fail(WriteError::Unmarshallable);
  }
  if (!buffer.value()) {
    byte('?');
    return fail(WriteError::Unmarshallable);
  }
  byte('s' | flag);
  if (size(static_cast<i64>(info.size))) {
    CriticalSection guard(thread, v.cell());  // what writes to the memory holds it
    raw(info.data, info.size);
  }
  release_exported(v.cell());
}

void Writer::object(Value v) {
  if (error != WriteError::None) return;
  if (depth >= kMaxDepth) return fail(WriteError::TooDeep);
  ++depth;
  if (v.is_none())
    byte('N');
  else if (v.is_true())
    byte('T');
  else if (v.is_false())
    byte('F');
  else if (v == kEllipsis)
    byte('.');
  else if (v == Value(exceptions.StopIteration))
    byte('S');
  else if (v.is_small_int())
    integer(v, 0);
  else if (v.is_immediate_float()) {
    byte(static_cast<u8>(version > 1 ? 'g' : 'f'));
    number(v.immediate_float(), false);
  } else if (!v.is_cell()) {
    fail(WriteError::Unmarshallable);
  } else {
    u8 flag;
    if (!reference(v.cell(), &flag)) cell(v, flag);
  }
  --depth;
}

Result<Value> Writer::finish() {
  switch (error) {
    case WriteError::None: return bytes_from(thread, out);
    case WriteError::Unmarshallable: return raise_value_error(thread, "unmarshallable object");
    case WriteError::TooDeep: return raise_value_error(thread, "object too deeply nested to marshal");
    case WriteError::OutOfRange: return raise_value_error(thread, "object too large to marshal");
    case WriteError::Raised: return failed;
  }
  return failed;
}

static Result<Value> marshal_dumps(Thread& thread, Value value, int version) {
  TRY(audit(thread, "marshal.dumps", value, Value::of_small_int(version)));
  Writer writer(thread, version);
  writer.object(value);
  return writer.finish();
}

static Result<Value> marshal_dump(Thread& thread, Value value, Value file, int version) {
  return call_method(thread, file, names.write, TRY(marshal_dumps(thread, value, version)));
}

// ---------------------------------------------------------------------------------------------------------------- reading

// The answer for type '0'.
static constexpr Value kNullObject = kNotFound;

struct Reader {
  Thread& thread;
  const u8* at = nullptr;
  const u8* end = nullptr;
  Value file;               // absent: reading memory
  Bytes* source = nullptr;  // reading memory: holds it, if it is an immutable object's
  RootVector references;
  RootVector held;  // buffers of what was read from the file
  int depth = 0;

  explicit Reader(Thread& t) : thread(t) {}

  // n bytes, valid until the next call.
  Result<const u8*> take(usize n) {
    if (file.is_absent()) {
      if (static_cast<usize>(end - at) < n) return raise(thread, exceptions.EOFError, "marshal data too short");
      const u8* here = at;
      at += n;
      return here ? here : reinterpret_cast<const u8*>("");
    }
    ByteArray* buffer = TRY(bytearray_from(thread, "", 0));
    TRY(bytearray_resize(thread, buffer, static_cast<Index>(n)));
    held.clear();
    held.push(Value(buffer));
    if (n == 0) return reinterpret_cast<const u8*>("");
    Value got = TRY(call_method(thread, file, intern(thread, "readinto"), Value(buffer)));
    Index count = got.is_none() ? 0 : TRY(to_index_checked(thread, got, exceptions.ValueError));
    if (count != static_cast<Index>(n)) {
      if (count > static_cast<Index>(n))
        return raise_value_error(thread, "read() returned too much data: {} bytes requested, {} returned", static_cast<i64>(n),
                                 count);
      return raise(thread, exceptions.EOFError, "EOF read where not expected");
    }
    if (buffer->length() < static_cast<Index>(n)) return raise(thread, exceptions.EOFError, "EOF read where not expected");
    return const_cast<const u8*>(buffer->data());
  }
  Result<int> type_byte() {
    if (file.is_absent()) {
      if (at == end) return raise(thread, exceptions.EOFError, "EOF read where object expected");
      return static_cast<int>(*at++);
    }
    Result<const u8*> p = take(1);
    if (p.is_failed()) {
      if (!clear_pending_if(thread, exceptions.EOFError)) return failed;
      return raise(thread, exceptions.EOFError, "EOF read where object expected");
    }
    return static_cast<int>(*p.value());
  }
  Result<u32> byte() { return static_cast<u32>(*TRY(take(1))); }
  Result<i64> i32_() {
    const u8* p = TRY(take(4));
    i32 v;
    memcpy(&v, p, 4);
    return i64{v};
  }
  Failed bad(const char* what) { return raise_value_error(thread, "bad marshal data ({})", what); }
  Result<i64> size(const char* what) {
    i64 n = TRY(i32_());
    if (n < 0) return bad(what);
    // Every item takes a byte at least.
    if (file.is_absent() && n > end - at) return raise(thread, exceptions.EOFError, "marshal data too short");
    return n;
  }
  usize reserve(bool flag) {
    if (!flag) return ~usize{0};
    references.push(Value());
    return references.size() - 1;
  }
  Value remember(usize index, Value v) {
    if (index != ~usize{0}) references[index] = v;
    return v;
  }

  Result<Value> object();
  Result<Value> object_in(const char* container);
  Result<Value> typed(int type, bool flag);
  Result<Value> long_integer();
  Result<double> float_text();
  Result<double> float_binary();
  Result<Value> set(i64 n, bool frozen, bool flag);
};

Result<Value> Reader::object_in(const char* container) {
  Value v = TRY(object());
  if (v == kNullObject) return raise_type_error(thread, "NULL object in marshal data for {}", container);
  return v;
}

Result<Value> Reader::long_integer() {
  i64 count = TRY(i32_());
  if (count == INT32_MIN) return bad("long size out of range");
  bool negative = count < 0;
  usize n = static_cast<usize>(negative ? -count : count);
  if (n == 0) return Value::of_small_int(0);
  if (file.is_absent() && static_cast<usize>(end - at) < n * 2)
    return raise(thread, exceptions.EOFError, "marshal data too short");
  const u8* p = TRY(take(n * 2));
  usize limb_count = (n * 15 + 63) / 64;
  u64* limbs = static_cast<u64*>(calloc(limb_count + 1, sizeof(u64)));
  if (!limbs) return raise_memory_error(thread);
  const char* error = nullptr;
  u32 digit = 0;
  for (usize i = 0; i < n; ++i) {
    digit = static_cast<u32>(p[2 * i] | p[2 * i + 1] << 8);
    if (digit > 0x7FFF) {
      error = "digit out of range in long";
      break;
    }
    usize bit = i * 15, limb = bit / 64, shift = bit % 64;
    limbs[limb] |= static_cast<u64>(digit) << shift;
    if (shift > 49) limbs[limb + 1] |= static_cast<u64>(digit) >> (64 - shift);
  }
  if (!error && digit == 0) error = "unnormalized long data";
  Result<Value> v = error ? Result<Value>(bad(error)) : int_from_limbs(thread, limbs, limb_count, negative);
  free(limbs);
  return v;
}

Result<double> Reader::float_text() {
  u32 n = TRY(byte());
  const u8* p = TRY(take(n));
  Str* text = TRY(str_from_latin1(thread, p, n));
  return float_value(TRY(float_from_object(thread, Value(text))));
}
Result<double> Reader::float_binary() {
  const u8* p = TRY(take(8));
  double d;
  memcpy(&d, p, 8);
  return d;
}

Result<Value> Reader::set(i64 n, bool frozen, bool flag) {
  usize index = reserve(flag);
  Set* made = TRY(make_set(thread));
  if (!frozen) remember(index, Value(made));
  for (i64 i = 0; i < n; ++i) TRY(set_add_key(thread, made, TRY(object_in("set"))));
  if (!frozen) return Value(made);
  return remember(index, TRY(call(thread, Value(types.frozenset), Value(made))));
}

Result<Value> Reader::typed(int type, bool flag) {
  switch (type) {
    case '0': return kNullObject;
    case 'N': return kNone;
    case 'S': return Value(exceptions.StopIteration);
    case '.': return kEllipsis;
    case 'F': return kFalse;
    case 'T': return kTrue;
    case 'i': {
      usize index = reserve(flag);
      return remember(index, Value::of_small_int(TRY(i32_())));
    }
    case 'I': {
      usize index = reserve(flag);
      const u8* p = TRY(take(8));
      i64 v;
      memcpy(&v, p, 8);
      return remember(index, TRY(int_from_i64(thread, v)));
    }
    case 'l': {
      usize index = reserve(flag);
      return remember(index, TRY(long_integer()));
    }
    case 'f':
    case 'g': {
      usize index = reserve(flag);
      double d = type == 'f' ? TRY(float_text()) : TRY(float_binary());
      return remember(index, TRY(make_float(thread, d)));
    }
    case 'x':
    case 'y': {
      usize index = reserve(flag);
      double re = type == 'x' ? TRY(float_text()) : TRY(float_binary());
      double im = type == 'x' ? TRY(float_text()) : TRY(float_binary());
      return remember(index, TRY(make_complex(thread, re, im)));
    }
    case 's': {
      usize index = reserve(flag);
      i64 n = TRY(size("bytes object size out of range"));
      const u8* p = TRY(take(static_cast<usize>(n)));
      return remember(index, Value(TRY(bytes_from(thread, p, static_cast<usize>(n)))));
    }
    case 'a':
    case 'A':
    case 'z':
    case 'Z': {
      usize index = reserve(flag);
      i64 n = type == 'z' || type == 'Z' ? static_cast<i64>(TRY(byte())) : TRY(size("string size out of range"));
      const u8* p = TRY(take(static_cast<usize>(n)));
      Str* s = TRY(str_from_latin1(thread, p, static_cast<usize>(n)));
      if (type == 'A' || type == 'Z') s = TRY(str_intern(thread, s));
      return remember(index, Value(s));
    }
    case 'u':
    case 't': {
      usize index = reserve(flag);
      i64 n = TRY(size("string size out of range"));
      const u8* p = TRY(take(static_cast<usize>(n)));
      Str* s = TRY(decode_utf8(thread, p, static_cast<usize>(n), intern(thread, "surrogatepass")));
      if (type == 't') s = TRY(str_intern(thread, s));
      return remember(index, Value(s));
    }
    case ')':
    case '(': {
      usize index = reserve(flag);
      i64 n = type == ')' ? static_cast<i64>(TRY(byte())) : TRY(size("tuple size out of range"));
      if (n == 0) return remember(index, Value(empty_tuple()));
      Tuple* made = TRY(make_tuple(thread, nullptr, n));
      remember(index, Value(made));
      for (i64 i = 0; i < n; ++i) made->set_at(i, TRY(object_in("tuple")));
      return Value(made);
    }
    case '[': {
      usize index = reserve(flag);
      i64 n = TRY(size("list size out of range"));
      List* made = TRY(make_list(thread));
      remember(index, Value(made));
      for (i64 i = 0; i < n; ++i) TRY(list_append(thread, made, TRY(object_in("list"))));
      return Value(made);
    }
    case '{': {
      usize index = reserve(flag);
      Dict* made = TRY(make_dict(thread));
      remember(index, Value(made));
      for (;;) {
        Value key = TRY(object());
        if (key == kNullObject) return Value(made);
        Value value = TRY(object());
        if (value == kNullObject) return Value(made);
        TRY(dict_set(thread, made, key, value));
      }
    }
    case '<':
    case '>': {
      i64 n = TRY(size("set size out of range"));
      return set(n, type == '>', flag);
    }
    case 'c': {
      usize index = reserve(flag);
      i64 n = TRY(size("code size out of range"));
      const u8* p = TRY(take(static_cast<usize>(n)));
      std::string_view image(reinterpret_cast<const char*>(p), static_cast<usize>(n));
      ImageBytes bytes = source ? ImageBytes::Owned : ImageBytes::Copied;
      return remember(index, Value(TRY(read_code_image(thread, image, bytes, source))));
    }
    case 'r': {
      i64 n = TRY(i32_());
      if (n < 0 || n >= static_cast<i64>(references.size()) || references[static_cast<usize>(n)].is_absent())
        return bad("invalid reference");
      return references[static_cast<usize>(n)];
    }
    default: return bad("unknown type code");
  }
}

Result<Value> Reader::object() {
  int code = TRY(type_byte());
  if (depth >= kMaxDepth) return raise_value_error(thread, "recursion limit exceeded");
  TRY(check_native_depth(thread, ""));
  ++depth;
  Result<Value> v = typed(code & ~kFlagRef, code & kFlagRef);
  --depth;
  return v;
}

static Result<Value> read_whole(Reader& reader) {
  Value v = TRY(reader.object());
  if (v == kNullObject) return raise_type_error(reader.thread, "NULL object in marshal data for object");
  return v;
}

// The bytes object that the buffer is part of, or null: a cache file's contents, of which code is read piece by piece.
static Bytes* bytes_behind(const BufferView& view) {
  Value owner = view.owner;
  if (is<MemoryView>(owner) && owner.as<MemoryView>()->managed_.get())
    owner = Value(owner.as<MemoryView>()->managed_.get()->exporter());
  if (!is_exact<Bytes>(owner)) return nullptr;
  std::string_view all = owner.as<Bytes>()->text();
  const char* first = reinterpret_cast<const char*>(view.data);
  return first >= all.data() && first + view.size <= all.data() + all.size() ? owner.as<Bytes>() : nullptr;
}

static Result<Value> marshal_loads(Thread& thread, BufferView bytes) {
  if (has_audit_hooks) TRY(audit(thread, "marshal.loads", Value(TRY(bytes_from(thread, bytes.data, bytes.size)))));
  Reader reader(thread);
  reader.source = bytes_behind(bytes);
  reader.at = bytes.data;
  reader.end = bytes.data + bytes.size;
  return read_whole(reader);
}

static Result<Value> marshal_load(Thread& thread, Value file) {
  // A zero-byte read tells a binary file from a text file.
  Value probe = TRY(call_method(thread, file, names.read, Value::of_small_int(0)));
  if (!is<Bytes>(probe)) return raise_type_error(thread, "file.read() returned not bytes but {!t}", probe);
  TRY(audit(thread, "marshal.load"));
  Reader reader(thread);
  reader.file = file;
  return read_whole(reader);
}

static constinit NativeDef marshal_functions[] = {
    native<marshal_dump>(
        "dump($module, value, file, version=4, /)",
        "Serialize a value to a binary file.\n\n  value\n    The object to write, of a type that marshal supports.\n  file\n    "
        "A binary file open for writing.\n  version\n    Number of the data format, by default the current one.\n\nValueError is "
        "raised when the value, or something inside it, cannot be\nmarshalled. By then the file already holds useless bytes that "
        "load() will\nnot be able to make sense of."),
    native<marshal_load>(
        "load($module, file, /)",
        "Read the next value from a binary file.\n\n  file\n    A binary file open for reading.\n\nEOFError, ValueError or "
        "TypeError is raised if the file has no valid value\nat this point, for instance because an incompatible Python version "
        "wrote\nit.\n\nNote: objects that dump() could not marshal come back as None."),
    native<marshal_dumps>("dumps($module, value, version=4, /)",
                          "Serialize a value to bytes, the same ones that dump() puts in a file.\n\n  value\n    The object to "
                          "convert, of a type that marshal supports.\n  version\n    Number of the data format, by default the "
                          "current one.\n\nValueError is raised when the value, or something inside it, cannot be\nmarshalled."),
    native<marshal_loads>("loads($module, bytes, /)",
                          "Rebuild a value from the bytes-like object that holds it.\n\nEOFError, ValueError or TypeError is "
                          "raised for input that is not a valid\nvalue. Whatever follows the value is left unread."),
};
static constexpr ModuleConstant marshal_constants[] = {{"version", kMarshalVersion}};

ModuleDef marshal_module = {.name = "marshal",
                            .doc =
                                "Turn basic Python values into bytes and back, for .pyc files above all.\n\nMachines with "
                                "different byte orders can exchange the data, but another\nversion of Python may not understand "
                                "it.  Never load data that you don't\ntrust.\n\nFunctions:\n\ndump() -- encode a value into a "
                                "binary file\nload() -- decode the next value of a binary file\ndumps() -- encode a value and "
                                "return the bytes\nloads() -- decode the value in a buffer, ignoring what comes behind",
                            .functions = marshal_functions,
                            .function_count = count_of(marshal_functions),
                            .constants = marshal_constants,
                            .constant_count = 1};

}  // namespace baton
