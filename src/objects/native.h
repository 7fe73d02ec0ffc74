// Native functions: declared once, as a row: native<list_append>("append($self, object, /)", "docstring").
//
// The C++ function's parameter types say the conversions; the text says names, kinds and literal defaults, and gives
// __text_signature__, binding and the TypeErrors. `$self`, `$type`, `$module` name the first argument, which counts as args[0]
// for methods ($module is not passed: module functions get the module only if their C++ function's first parameter is Module*).
#pragma once
#include <string_view>

#include "objects/convert.h"
#include "objects/type.h"

namespace baton {

// args: n positional values (self first), then one value for each name in kwnames (null: none). args points into the caller's
// registers and stays valid and scanned during the call.
using NativeEntry = Result<Value> (*)(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames);

enum NativeFlag : u8 {
  kNativeMethod = 1,       // $self
  kNativeClassMethod = 2,  // $type, bound like a classmethod
  kNativeStatic = 4,       // __new__ and static methods: the first parameter is explicit
  kNativeModuleArg = 8,    // wants the Module* as hidden first argument
  kNativeMayExhaust = 16,  // __next__: `next` may answer kExhausted
  kNativeKeywords = 32,    // some parameter can be given by keyword
  kNativeRaw = 64,         // entry parses its arguments itself
  kNativeTuple = 128,      // CPython's twin parses an argument tuple: other wording of count errors, no __text_signature__
};

struct NativeDef {
  std::string_view signature;  // "append($self, object, /)"
  const char* doc;
  NativeEntry entry;  // always callable
  // Rows named __next__ only: the same without turning kExhausted into StopIteration.
  Result<Value> (*next)(Thread& thread, NativeDef const& def, Value self);
  // Of functions of one parameter that answer an i64: the same without making it an int (__hash__, __len__). Else null.
  Result<i64> (*integer)(Thread& thread, NativeDef const& def, Value self);
  u8 flags;
  u8 min_positional, max_positional;  // of all parameters, self included; max 255: *args
  u8 parameter_count;                 // C++ parameters without Thread& and hidden module
  u8 name_length;
  bool sequence_operator = false;             // + or * of a type with __len__, set with owner: the other operand is asked first
  TypeDef* owner = nullptr;                   // set when the owning type is made
  ModuleDef* module = nullptr;                // set when the owning module is made
  struct ParsedParameters* parsed = nullptr;  // made by the first call that needs names or defaults

  std::string_view name() const { return signature.substr(0, name_length); }
};

// Fills slots[0..parameter_count) from a call by the def's signature: missing ones stay absent (their default applies), *args
// becomes a Tuple, **kwargs a Dict. Raises CPython's TypeErrors. self counts as parameter 0.
Result<void> bind_arguments(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames, Value* slots);
// Value of the literal default of parameter i (None, True, False, an int, a float, a quoted string, b''), or absent when it has
// none.
Result<Value> default_argument(Thread& thread, NativeDef const& def, u32 parameter);
// StopIteration for a `next` that answered kExhausted, with the thread's stop value.
Failed raise_exhausted(Thread& thread);
Failed raise_self_type_error(Thread& thread, NativeDef const& def, Value self);

namespace detail {

struct ParsedSignature {
  u8 name_length = 0, flags = 0, parameters = 0, min_positional = 0, max_positional = 0;
  bool hidden_module = false;
};

// Not constexpr: reaching it while a row is evaluated is a compile error at that row.
void signature_error(const char* what);

// Without the blanks round it; long signatures have several lines.
constexpr std::string_view trim_parameter(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\n')) s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// The parameter that begins at pos in what stands between a signature's parentheses; pos moves behind its comma. Commas within
// brackets and quotes are part of a default.
constexpr std::string_view next_parameter(std::string_view list, usize& pos) {
  usize begin = pos, end = pos;
  int depth = 0;
  char quote = 0;
  for (; end < list.size(); ++end) {
    char c = list[end];
    if (quote) {
      if (c == '\\')
        ++end;
      else if (c == quote)
        quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      break;
    }
  }
  pos = end + 1;
  return trim_parameter(list.substr(begin, end - begin));
}

// Runs at compile time.
consteval ParsedSignature parse_signature(std::string_view s) {
  ParsedSignature p;
  usize i = s.find('(');
  if (i == std::string_view::npos || s.back() != ')') signature_error("signature must read name(parameters)");
  p.name_length = static_cast<u8>(i);
  std::string_view list = s.substr(i + 1, s.size() - i - 2);
  bool seen_star = false, seen_slash = false, seen_default = false;
  usize pos = 0;
  u8 positional = 0, required = 0, before_slash = 0;
  while (pos < list.size()) {
    std::string_view item = next_parameter(list, pos);
    if (item == "/") {
      seen_slash = true;
      before_slash = p.parameters;
      continue;
    }
    if (item == "*") {
      seen_star = true;
      continue;
    }
    if (item.starts_with("**")) {
      ++p.parameters;
      p.flags |= kNativeKeywords;
      continue;
    }
    if (item.starts_with("*")) {
      ++p.parameters;
      p.max_positional = 255;
      seen_star = true;
      continue;
    }
    if (item == "$module") {
      p.hidden_module = true;
      continue;
    }
    if (item == "$self")
      p.flags |= kNativeMethod;
    else if (item == "$type")
      p.flags |= kNativeClassMethod;
    ++p.parameters;
    if (seen_star) {
      p.flags |= kNativeKeywords;
      continue;
    }
    ++positional;
    bool has_default = item.find('=') != std::string_view::npos;
    if (has_default)
      seen_default = true;
    else if (seen_default)
      signature_error("required parameter after an optional one");
    else
      ++required;
  }
  if (!seen_slash) before_slash = (p.flags & (kNativeMethod | kNativeClassMethod)) ? 1 : 0;
  if (positional > before_slash) p.flags |= kNativeKeywords;
  p.min_positional = required;
  if (p.max_positional != 255) p.max_positional = positional;
  return p;
}

template <class F>
struct FunctionTraits;
template <class R, class... P>
struct FunctionTraits<Result<R> (*)(Thread&, P...)> {
  static constexpr usize kCount = sizeof...(P);
};

// Room for n Ts that no constructor clears.
template <class T, usize n>
struct Uninitialized {
  alignas(T) unsigned char bytes[n * sizeof(T)];
  T* data() { return reinterpret_cast<T*>(bytes); }
  T& at(usize i) { return data()[i]; }
};

template <auto fn, class R, class... P, usize... I>
BATON_ALWAYS_INLINE Result<Value> call_converted(Thread& thread, NativeDef const& def, Value const* slots,
                                                 Result<R> (*)(Thread&, P...), std::index_sequence<I...>) {
  // Conversions run left to right; the first failure ends the call.
  ConvertStorage<P...> storage;
  bool good = true;
  ((good = good && storage.template convert<I>(thread, def, slots[I])), ...);
  if (!good) [[unlikely]]
    return failed;
  return box_result(thread, fn(thread, storage.template get<I>()...));
}

template <auto fn, class R, class... P>
Result<Value> entry_for(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  constexpr usize kCount = sizeof...(P);
  constexpr bool kPlain = (... && !is_rest_parameter<P>);
  Uninitialized<Value, kCount + 1> slots;
  if (!kPlain || n != kCount || kwnames || n > def.max_positional) [[unlikely]] {
    for (usize i = 0; i <= kCount; ++i) slots.at(i) = Value();
    TRY(bind_arguments(thread, def, args, n, kwnames, slots.data()));
    args = slots.data();
  }
  Result<Value> result =
      call_converted<fn>(thread, def, args, static_cast<Result<R> (*)(Thread&, P...)>(nullptr), std::index_sequence_for<P...>{});
  if (!result.is_failed() && result.value() == kExhausted) [[unlikely]]
    return raise_exhausted(thread);
  return result;
}

template <auto fn, class R, class... P>
Result<Value> next_for(Thread& thread, NativeDef const& def, Value self) {
  if constexpr (sizeof...(P) == 1) {
    return call_converted<fn>(thread, def, &self, static_cast<Result<R> (*)(Thread&, P...)>(nullptr),
                              std::index_sequence_for<P...>{});
  } else {
    return failed;
  }
}

template <auto fn, class... P>
Result<i64> integer_for(Thread& thread, NativeDef const& def, Value self) {
  ConvertStorage<P...> storage;
  if (!storage.template convert<0>(thread, def, self)) [[unlikely]]
    return failed;
  return fn(thread, storage.template get<0>());
}

template <auto fn, class R, class... P>
constexpr NativeDef make_def(std::string_view signature, const char* doc, ParsedSignature p, Result<R> (*)(Thread&, P...)) {
  NativeDef def{};
  def.signature = signature;
  def.doc = doc;
  def.entry = &entry_for<fn, R, P...>;
  def.flags = p.flags;
  def.min_positional = p.min_positional;
  def.max_positional = p.max_positional;
  def.parameter_count = p.parameters;
  def.name_length = p.name_length;
  def.next = &next_for<fn, R, P...>;
  if constexpr (std::is_same_v<R, i64> && sizeof...(P) == 1) def.integer = &integer_for<fn, P...>;
  if (p.hidden_module && sizeof...(P) == p.parameters + 1u) {
    def.flags |= kNativeModuleArg;
    def.parameter_count = p.parameters + 1;
    def.min_positional += 1;
    if (def.max_positional != 255) def.max_positional += 1;
  }
  return def;
}

}  // namespace detail

// signature and doc must be literals. The parameter count of the text and of the C++ function must agree.
template <auto fn>
consteval NativeDef native(std::string_view signature, const char* doc = "") {
  detail::ParsedSignature p = detail::parse_signature(signature);
  NativeDef def = detail::make_def<fn>(signature, doc, p, fn);
  if (detail::FunctionTraits<decltype(fn)>::kCount != def.parameter_count)
    detail::signature_error("parameter counts of text and function differ");
  std::string_view name = signature.substr(0, p.name_length);
  if (name == "__next__" || name == "__anext__") def.flags |= kNativeMayExhaust;
  if (name == "__new__") def.flags |= kNativeStatic;
  return def;
}
// For methods whose CPython twin has no text signature: "find() takes at least 1 argument (0 given)".
template <auto fn>
consteval NativeDef native_tuple(std::string_view signature, const char* doc = "") {
  NativeDef def = native<fn>(signature, doc);
  def.flags |= kNativeTuple;
  return def;
}
// A static method row (__new__ is one by its name).
template <auto fn>
consteval NativeDef native_static(std::string_view signature, const char* doc = "") {
  NativeDef def = native<fn>(signature, doc);
  def.flags |= kNativeStatic;
  return def;
}
// entry gets the raw call: for variadic natives with rules of their own (max(), dict.update(), print() ...).
consteval NativeDef native_raw(NativeEntry entry, std::string_view signature, const char* doc = "") {
  detail::ParsedSignature p = detail::parse_signature(signature);
  NativeDef def{};
  def.signature = signature;
  def.doc = doc;
  def.entry = entry;
  def.flags = p.flags | kNativeRaw | kNativeKeywords;
  if (signature.substr(0, p.name_length) == "__new__") def.flags |= kNativeStatic;
  def.min_positional = 0;
  def.max_positional = 255;
  def.parameter_count = p.parameters;
  def.name_length = p.name_length;
  return def;
}

// --- the Python-visible wrappers of a row
class NativeFunction final : public Cell {  // builtin_function_or_method: self may be absent, a Module, or a bound object
 public:
  static constexpr u16 kKind = kKindNativeFunction;
  static Type* type() { return types.native_function; }
  void init(NativeDef* def, Value self, Value module) {
    def_ = def;
    self_.init(self);
    module_.init(module);
  }
  NativeDef* def() const { return def_; }
  Value self() const { return self_.get(); }
  Value module() const { return module_.get(); }
  // true: self is passed as args[0] (bound methods, and module functions that want their module)
  bool passes_self() const { return def_->flags & (kNativeMethod | kNativeClassMethod | kNativeModuleArg); }
  void visit_edges(EdgeVisitor& visit) const { visit(self_, module_); }

 private:
  NativeDef* def_;
  Field<Value> self_, module_;
};

class MethodDescriptor final : public Cell {  // method_descriptor, slot wrapper, classmethod_descriptor
 public:
  static constexpr u16 kKind = kKindMethodDescriptor;
  static Type* type() { return types.method_descriptor; }
  void init(NativeDef* def, Type* owner) {
    def_ = def;
    owner_.init(owner);
  }
  NativeDef* def() const { return def_; }
  Type* owner() const { return owner_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_); }

 private:
  NativeDef* def_;
  Field<Type> owner_;
};

class GetSet final : public Cell {
 public:
  static constexpr u16 kKind = kKindGetSet;
  static Type* type() { return types.getset_descriptor; }
  void init(const GetSetDef* def, Type* owner) {
    def_ = def;
    owner_.init(owner);
  }
  const GetSetDef* def() const { return def_; }
  Type* owner() const { return owner_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(owner_); }

 private:
  const GetSetDef* def_;
  Field<Type> owner_;
};

}  // namespace baton
