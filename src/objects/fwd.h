// Forward declarations of the object layer, the kind numbers, and Result.
#pragma once
#include "base/types.h"
#include "heap/value.h"

namespace baton {

enum Kind : u16 {
  kKindNone = 0,
#define KIND(name, text) kKind##name,
#include "objects/kinds.def"
#undef KIND
  kKindFirstDynamic
};

class Thread;
class Type;
class Shape;
class ValueArray;
class RawBytes;
class Str;
class Bytes;
class ByteArray;
class MemoryView;
class BigInt;
class IntObject;
class Float;
class Complex;
class Tuple;
class List;
class Dict;
class DictTable;
class DictView;
class Set;
class SetTable;
class Slice;
struct SliceRange;
class Range;
class Code;
class Function;
class NativeFunction;
class MethodDescriptor;
class GetSet;
class SlotMember;
class BoundMethod;
class MethodWrapper;
class Module;
class ClosureCell;
class Property;
class StaticMethod;
class ClassMethod;
class Super;
class Generator;
class FrameObject;
class Traceback;
class Exception;
class MappingProxy;
class SimpleNamespace;
class WeakRef;
class GenericAlias;
class Union;
struct Frame;
struct NativeDef;
struct TypeDef;
struct ModuleDef;

// Answers of find-style functions and of iter_next, never visible to Python.
inline constexpr Value kNotFound{0x2C};
inline constexpr Value kExhausted{0x34};

// The failure token: convertible to every Result. The exception waits in the Thread.
struct Failed {};
inline constexpr Failed failed{};

// What a function that can raise returns. A zero first word means failed.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(Failed) : ok_(0) {}
  Result(T value) : ok_(1), value_(value) {}
  bool is_failed() const { return !ok_; }
  T value() const { return value_; }

 private:
  u64 ok_;
  T value_{};
};

template <>
class [[nodiscard]] Result<Value> {
 public:
  Result(Failed) {}
  Result(Value value) : value_(value) {}
  template <class T>
  Result(T* cell) : value_(cell) {}
  bool is_failed() const { return value_.is_absent(); }
  Value value() const { return value_; }

 private:
  Value value_;
};

template <class T>
class [[nodiscard]] Result<T*> {
 public:
  Result(Failed) : value_(nullptr) {}
  Result(T* value) : value_(value) {}
  bool is_failed() const { return value_ == nullptr; }
  T* value() const { return value_; }
  operator Result<Value>() const { return value_ ? Result<Value>(Value(value_)) : Result<Value>(failed); }

 private:
  T* value_;
};

template <>
class [[nodiscard]] Result<bool> {
 public:
  Result(Failed) : state_(0) {}
  Result(bool value) : state_(value ? 2 : 1) {}
  bool is_failed() const { return state_ == 0; }
  bool value() const { return state_ == 2; }

 private:
  u64 state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result(Failed) : ok_(0) {}
  Result() : ok_(1) {}
  bool is_failed() const { return !ok_; }
  void value() const {}

 private:
  u64 ok_;
};
inline constexpr struct Ok {
  operator Result<void>() const { return Result<void>(); }
} ok;

}  // namespace baton

// Yields the value of a Result, or returns `failed` from the enclosing function.
#define TRY(expr)                             \
  ({                                          \
    auto try_result_ = (expr);                \
    if (try_result_.is_failed()) [[unlikely]] \
      return ::baton::failed;                 \
    try_result_.value();                      \
  })
// For a call that cannot fail here; say why beside it.
#define MUST(expr)                                                            \
  ({                                                                          \
    auto must_result_ = (expr);                                               \
    BATON_CHECK(!must_result_.is_failed(), "a call that cannot fail failed"); \
    must_result_.value();                                                     \
  })
