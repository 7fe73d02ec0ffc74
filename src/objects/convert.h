// Conversions between Python values and the parameter and result types of native functions.
//
// Parameter types: Value (anything), T* for a cell class (kind checked, subclasses pass), Str* , Index (__index__, clipped is an
// error: OverflowError), int (32 bit), u32/u64 as written, double (__float__/__index__), bool (truth), BufferView (buffer
// protocol, released after the call), IntArg (int or subclass, exact Value), Optional<T> (knows "left out"; None is not "left
// out"), OrNone<T> (None gives !has_value), Rest (*args, a Tuple*), KeywordRest (**kwargs, a Dict* or null). A parameter left out
// takes the literal default of the signature's text, converted by the same rule.
#pragma once
#include <string_view>
#include <utility>

#include "objects/fwd.h"
#include "objects/type.h"

namespace baton {

template <class T>
struct Optional {
  bool present = false;
  T value{};
  bool has_value() const { return present; }
  T value_or(T other) const { return present ? value : other; }
};
template <class T>
struct OrNone {
  bool present = false;
  T value{};
  bool has_value() const { return present; }
  T value_or(T other) const { return present ? value : other; }
};
struct Rest {
  Tuple* values;
};
struct KeywordRest {
  Dict* values;
};  // null: none were given
struct IntArg {
  Value value;
};  // small int or BigInt

// A view of the bytes of an object with the buffer protocol, contiguous. Holds an export on it (bytearray can't be resized).
struct BufferView {
  const u8* data = nullptr;
  usize size = 0;
  Value owner;               // the exporter, kept alive by this view on the stack
  Cell* exported = nullptr;  // exporter to release, or null
  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
};
struct WritableBuffer : BufferView {
  u8* bytes() const { return const_cast<u8*>(data); }
};
void release_buffer(BufferView& view);

template <class T>
inline constexpr bool is_optional_parameter = false;
template <class T>
inline constexpr bool is_optional_parameter<Optional<T>> = true;
template <class T>
inline constexpr bool is_rest_parameter = false;
template <>
inline constexpr bool is_rest_parameter<Rest> = true;
template <>
inline constexpr bool is_rest_parameter<KeywordRest> = true;

// Out-of-line conversions; `parameter` for messages ("argument 2 must be str, not int"). false: failed.
bool convert_index(Thread& thread, Value v, Index* out);
bool convert_int(Thread& thread, Value v, int* out);
bool convert_i64(Thread& thread, Value v, i64* out);
bool convert_u32(Thread& thread, Value v, u32* out);
bool convert_u64(Thread& thread, Value v, u64* out);
bool convert_double(Thread& thread, Value v, double* out);
bool convert_truth(Thread& thread, Value v, bool* out);
bool convert_int_arg(Thread& thread, Value v, IntArg* out);
bool convert_buffer(Thread& thread, Value v, BufferView* out);
bool convert_writable(Thread& thread, Value v, WritableBuffer* out);
// Instead of what convert_writable() raised.
void raise_not_writable(Thread& thread, NativeDef const& def, u32 parameter, Value v);
Failed raise_argument_kind(Thread& thread, NativeDef const& def, u32 parameter, const char* expected, Value got);
const char* kind_text(u16 kind);
Failed raise_self_type_error(Thread& thread, NativeDef const& def, Value self);
Result<Value> default_argument(Thread& thread, NativeDef const& def, u32 parameter);

template <class T>
struct Converter;
template <>
struct Converter<Value> {
  static bool convert(Thread&, NativeDef const&, u32, Value v, Value* out) {
    *out = v;
    return true;
  }
};
template <class T>
struct Converter<T*> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, T** out) {
    if (is<T>(v)) [[likely]] {
      *out = v.as<T>();
      return true;
    }
    (void)raise_argument_kind(thread, def, parameter, kind_text(cell_kind<T>()), v);
    return false;
  }
};
// A class; as first parameter of a __new__ row one with the layout of the row's type.
bool convert_type(Thread& thread, NativeDef const& def, u32 parameter, Value v, Type** out);
template <>
struct Converter<Type*> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, Type** out) {
    return convert_type(thread, def, parameter, v, out);
  }
};
#define BATON_CONVERTER(type, function)                                                                                 \
  template <>                                                                                                           \
  struct Converter<type> {                                                                                              \
    static bool convert(Thread& thread, NativeDef const&, u32, Value v, type* out) { return function(thread, v, out); } \
  };
template <>
struct Converter<i64> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, i64* out) {
    if (!v.is_small_int()) [[unlikely]]
      return convert_index(thread, v, out);
    *out = v.small_int();
    return true;
  }
};
BATON_CONVERTER(int, convert_int)
BATON_CONVERTER(u32, convert_u32)
BATON_CONVERTER(u64, convert_u64)
template <>
struct Converter<double> {
  static bool convert(Thread& thread, NativeDef const&, u32, Value v, double* out) {
    if (!v.is_immediate_float()) [[unlikely]]
      return convert_double(thread, v, out);
    *out = v.immediate_float();
    return true;
  }
};
BATON_CONVERTER(bool, convert_truth)
BATON_CONVERTER(IntArg, convert_int_arg)
BATON_CONVERTER(BufferView, convert_buffer)
#undef BATON_CONVERTER
template <>
struct Converter<WritableBuffer> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, WritableBuffer* out) {
    if (convert_writable(thread, v, out)) return true;
    raise_not_writable(thread, def, parameter, v);
    return false;
  }
};
template <class T>
struct Converter<Optional<T>> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, Optional<T>* out) {
    if (v.is_absent()) return true;
    out->present = true;
    return Converter<T>::convert(thread, def, parameter, v, &out->value);
  }
};
template <class T>
struct Converter<OrNone<T>> {
  static bool convert(Thread& thread, NativeDef const& def, u32 parameter, Value v, OrNone<T>* out) {
    if (v.is_none()) return true;
    out->present = true;
    return Converter<T>::convert(thread, def, parameter, v, &out->value);
  }
};
template <>
struct Converter<Rest> {
  static bool convert(Thread&, NativeDef const&, u32, Value v, Rest* out) {
    out->values = v.as<Tuple>();
    return true;
  }
};
template <>
struct Converter<KeywordRest> {
  static bool convert(Thread&, NativeDef const&, u32, Value v, KeywordRest* out) {
    out->values = v.as<Dict>();
    return true;
  }
};

namespace detail {
template <usize I, class T>
struct ConvertLeaf {
  T value{};
  ~ConvertLeaf() {
    if constexpr (std::is_base_of_v<BufferView, T>) release_buffer(value);
    if constexpr (std::is_same_v<T, Optional<BufferView>> || std::is_same_v<T, OrNone<BufferView>>) release_buffer(value.value);
  }
};
template <class Sequence, class... P>
struct ConvertLeaves;
template <usize... I, class... P>
struct ConvertLeaves<std::index_sequence<I...>, P...> : ConvertLeaf<I, P>... {};

template <class... P>
struct ConvertStorage : ConvertLeaves<std::index_sequence_for<P...>, P...> {
  template <usize I, class T>
  static ConvertLeaf<I, T>& leaf(ConvertLeaf<I, T>& l) {
    return l;
  }
  template <usize I, class T>
  static bool convert_leaf(Thread& thread, NativeDef const& def, ConvertLeaf<I, T>& l, Value v) {
    if constexpr (!is_optional_parameter<T> && !is_rest_parameter<T>) {
      if (v.is_absent()) [[unlikely]] {
        Result<Value> d = default_argument(thread, def, I);
        if (d.is_failed()) return false;
        v = d.value();
      }
    }
    return Converter<T>::convert(thread, def, I, v, &l.value);
  }
  template <usize I>
  bool convert(Thread& thread, NativeDef const& def, Value v) {
    return convert_leaf<I>(thread, def, *this, v);
  }
  template <usize I>
  auto& get() {
    return leaf<I>(*this).value;
  }
};

Result<Value> box_i64(Thread& thread, i64 v);
Result<Value> box_u64(Thread& thread, u64 v);
Result<Value> box_double(Thread& thread, double v);
inline Result<Value> box_result(Thread&, Result<Value> r) { return r; }
template <class T>
Result<Value> box_result(Thread&, Result<T*> r) {
  return r.is_failed() ? Result<Value>(failed) : Result<Value>(Value(r.value()));
}
inline Result<Value> box_result(Thread&, Result<bool> r) {
  return r.is_failed() ? Result<Value>(failed) : Result<Value>(Value::of_bool(r.value()));
}
inline Result<Value> box_result(Thread&, Result<void> r) { return r.is_failed() ? Result<Value>(failed) : Result<Value>(kNone); }
inline Result<Value> box_result(Thread& thread, Result<i64> r) {
  return r.is_failed() ? Result<Value>(failed) : box_i64(thread, r.value());
}
inline Result<Value> box_result(Thread& thread, Result<u64> r) {
  return r.is_failed() ? Result<Value>(failed) : box_u64(thread, r.value());
}
inline Result<Value> box_result(Thread& thread, Result<int> r) {
  return r.is_failed() ? Result<Value>(failed) : box_i64(thread, r.value());
}
inline Result<Value> box_result(Thread& thread, Result<double> r) {
  return r.is_failed() ? Result<Value>(failed) : box_double(thread, r.value());
}
}  // namespace detail

}  // namespace baton
