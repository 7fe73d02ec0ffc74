// Binding of arguments to a native function's signature, its defaults, and the TypeErrors, worded as CPython 3.11's.
#include "objects/native.h"

#include <cstdlib>

#include "base/float_text.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/type_internal.h"

namespace baton {

enum class ParameterKind : u8 { PositionalOnly, Positional, VarPositional, KeywordOnly, VarKeyword };

struct ParsedParameter {
  std::string_view name, default_text;
  ParameterKind kind;
  bool has_default;
  Str* interned;
  // The default, when it is an immediate or lives forever; absent: not asked for yet, or made anew each time.
  Value default_value;
};

struct ParsedParameters {
  u32 count = 0;
  i32 var_positional = -1, var_keyword = -1;
  u32 positional = 0, positional_only = 0, required_positional = 0;
  bool any_keyword = false, any_default = false;
  // Positional arguments that are enough in number need no more than to be put in their slots.
  bool plain = false;
  bool constructs = false;  // __new__: the first of them must be a type
  ParsedParameter list[24];
};

BATON_NOINLINE static ParsedParameters* parse_signature_text(Thread& thread, NativeDef const& def) {
  auto* p = new ParsedParameters;
  std::string_view s = def.signature;
  std::string_view body = s.substr(def.name_length + 1, s.size() - def.name_length - 2);
  bool star = false;
  for (usize pos = 0; pos < body.size();) {
    std::string_view item = detail::next_parameter(body, pos);
    if (item == "/") {
      for (u32 i = 0; i < p->count; ++i)
        if (p->list[i].kind == ParameterKind::Positional) p->list[i].kind = ParameterKind::PositionalOnly;
      continue;
    }
    if (item == "*") {
      star = true;
      continue;
    }
    if (item == "$module" && !(def.flags & kNativeModuleArg)) continue;
    BATON_CHECK(p->count < 24, "a native signature has at most 24 parameters");
    ParsedParameter& q = p->list[p->count];
    q.has_default = false;
    q.default_value = Value();
    q.kind = star ? ParameterKind::KeywordOnly : ParameterKind::Positional;
    if (item.starts_with("**")) {
      q.kind = ParameterKind::VarKeyword;
      q.name = item.substr(2);
      p->var_keyword = static_cast<i32>(p->count);
    } else if (item.starts_with("*")) {
      q.kind = ParameterKind::VarPositional;
      q.name = item.substr(1);
      p->var_positional = static_cast<i32>(p->count);
      star = true;
    } else {
      usize eq = item.find('=');
      q.name = detail::trim_parameter(item.substr(0, eq));
      if (eq != std::string_view::npos) {
        q.has_default = true;
        q.default_text = detail::trim_parameter(item.substr(eq + 1));
        p->any_default = true;
      }
      if (q.name.starts_with("$")) {
        q.name.remove_prefix(1);
        q.kind = ParameterKind::PositionalOnly;
      }
      if (q.kind != ParameterKind::KeywordOnly) {
        ++p->positional;
        if (!q.has_default) ++p->required_positional;
      }
    }
    q.interned = intern(thread, q.name);
    ++p->count;
  }
  for (u32 i = 0; i < p->count; ++i) {
    if (p->list[i].kind == ParameterKind::PositionalOnly) ++p->positional_only;
    if (p->list[i].kind == ParameterKind::Positional || p->list[i].kind == ParameterKind::KeywordOnly) p->any_keyword = true;
  }
  p->plain = p->var_positional < 0 && p->var_keyword < 0;
  p->constructs = def.name() == "__new__";
  for (u32 i = p->positional; i < p->count; ++i)
    if (!p->list[i].has_default) p->plain = false;
  ParsedParameters* expected = nullptr;
  if (!__atomic_compare_exchange_n(&const_cast<NativeDef&>(def).parsed, &expected, p, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE)) {
    delete p;
    return expected;
  }
  return p;
}

BATON_ALWAYS_INLINE static ParsedParameters* parse(Thread& thread, NativeDef const& def) {
  ParsedParameters* p = __atomic_load_n(&const_cast<NativeDef&>(def).parsed, __ATOMIC_ACQUIRE);
  return p ? p : parse_signature_text(thread, def);
}

// Name in messages: constructors go by the type's name.
static std::string_view shown_name(NativeDef const& def) {
  std::string_view name = def.name();
  if ((name == "__new__" || name == "__init__") && def.owner) {
    std::string_view full = def.owner->name;
    usize dot = full.rfind('.');
    return dot == std::string_view::npos ? full : full.substr(dot + 1);
  }
  return name;
}

// "index()", or "function" for methods that don't name themselves.
static Result<Str*> called(Thread& thread, NativeDef const& def) {
  if (def.owner && (def.owner->flags & kTypeNamelessMethods)) return str_from_ascii(thread, "function");
  return format_message(thread, "{}()", shown_name(def));
}

// "list.append" for methods whose CPython twin uses the qualified name: those with exactly one or no argument.
static Result<Str*> qualified(Thread& thread, NativeDef const& def, Value first = Value()) {
  StrBuilder text;
  std::string_view name = shown_name(def);
  bool by_class = (def.flags & kNativeClassMethod) || (def.owner && def.owner->type == types.type);
  if (by_class && is<Type>(first)) {  // bound to a class: that one's name
    text.append(first.as<Type>()->qualname());
    text.append_ascii(".");
  } else if (def.owner && name == def.name()) {
    std::string_view full = def.owner->name;
    usize dot = full.rfind('.');
    text.append_utf8(dot == std::string_view::npos ? full : full.substr(dot + 1));
    text.append_ascii(".");
  } else if (def.module && !std::string_view(def.module->name).empty() && std::string_view(def.module->name) != "builtins") {
    text.append_utf8(def.module->name);
    text.append_ascii(".");
  }
  text.append_utf8(name);
  return text.build(thread);
}

// Wrappers of slots don't name themselves. The repetition of sequences and slots of several arguments unpack a tuple, whose
// message begins with the empty name.
static Failed raise_wrapper_count(Thread& thread, NativeDef const& def, Slot slot, i64 given, i64 min, i64 max) {
  bool repeats = def.sequence_operator && (slot == Slot::mul || slot == Slot::rmul || slot == Slot::imul);
  const char* bound = min == max ? "" : given < min ? "at least " : "at most ";
  i64 expected = given < min ? min : max;
  return raise_type_error(thread, "{}expected {}{} argument{}, got {}", repeats || max > 1 ? " " : "", bound, expected,
                          expected == 1 ? "" : "s", given);
}

static Failed raise_count(Thread& thread, NativeDef const& def, ParsedParameters& p, Value first, usize given, u32 hidden) {
  i64 n = static_cast<i64>(given) - hidden;
  i64 max = static_cast<i64>(p.positional) - hidden, min = static_cast<i64>(p.required_positional) - hidden;
  bool keywords = p.any_keyword || p.var_keyword >= 0;
  bool nameless = def.owner && (def.owner->flags & kTypeNamelessMethods) && !keywords && (max > 1 || min < max);
  if ((def.flags & kNativeTuple) || nameless) {
    i64 bound = n < min ? min : max;
    return raise_type_error(thread, "{} takes {} {} argument{} ({} given)", TRY(called(thread, def)),
                            min == max ? "exactly"
                            : n < min  ? "at least"
                                       : "at most",
                            bound, bound == 1 ? "" : "s", n);
  }
  Slot slot = wrapped_slot(thread, def);
  if (slot != Slot::kCount && slot != Slot::init && slot != Slot::call)
    return raise_wrapper_count(thread, def, slot, n, min, max);
  bool constructor = max == 1 && (def.name() == "__new__" || def.name() == "__init__");
  if (!keywords && p.var_positional < 0 && max == min && max <= 1 && !constructor) {
    if (max == 0) return raise_type_error(thread, "{}() takes no arguments ({} given)", TRY(qualified(thread, def, first)), n);
    return raise_type_error(thread, "{}() takes exactly one argument ({} given)", TRY(qualified(thread, def, first)), n);
  }
  if (!keywords) {
    if (p.var_positional >= 0 || n < min) {
      return raise_type_error(thread, "{} expected {}{} argument{}, got {}", shown_name(def),
                              p.var_positional >= 0 || max > min ? "at least " : "", min, min == 1 ? "" : "s", n);
    }
    return raise_type_error(thread, "{} expected {}{} argument{}, got {}", shown_name(def), max > min ? "at most " : "", max,
                            max == 1 ? "" : "s", n);
  }
  i64 needed = 0;  // by position
  for (u32 i = hidden; i < p.count; ++i) needed += p.list[i].kind == ParameterKind::PositionalOnly && !p.list[i].has_default;
  if (n < needed) {
    return raise_type_error(thread, "{} takes {} {} positional argument{} ({} given)", TRY(called(thread, def)),
                            needed < max ? "at least" : "exactly", needed, needed == 1 ? "" : "s", n);
  }
  if (max == 0) return raise_type_error(thread, "{} takes no positional arguments", TRY(called(thread, def)));
  return raise_type_error(thread, "{} takes {} {}{}argument{} ({} given)", TRY(called(thread, def)),
                          min == max ? "exactly" : "at most", max, p.positional < p.count ? " positional " : " ",
                          max == 1 ? "" : "s", n);
}

static Result<void> bind_any_arguments(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames,
                                       Value* slots);

// Keywords by the identity of their names; false, and slots as they were, if that isn't enough.
static bool bind_interned_keywords(const ParsedParameters& p, Value const* args, usize n, Tuple* kwnames, Value* slots) {
  for (usize i = 0; i < n; ++i) slots[i] = args[i];
  bool good = true;
  for (Index k = 0; good && k < kwnames->length(); ++k) {
    u32 i = p.positional_only;
    while (i < p.count && Value(p.list[i].interned) != kwnames->at(k)) ++i;
    good = i < p.count && slots[i].is_absent();
    if (good) slots[i] = args[n + static_cast<usize>(k)];
  }
  for (u32 i = 0; good && i < p.required_positional; ++i) good = slots[i].is_present();
  for (u32 i = 0; !good && i < p.count; ++i) slots[i] = Value();
  return good;
}

// Short: it runs at each call that leaves a parameter out.
Result<void> bind_arguments(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames, Value* slots) {
  ParsedParameters* p = __atomic_load_n(&const_cast<NativeDef&>(def).parsed, __ATOMIC_ACQUIRE);
  bool plain = p && p->plain && n <= p->positional && (!p->constructs || (n && is<Type>(args[0])));
  if (plain && kwnames) {
    if (bind_interned_keywords(*p, args, n, kwnames, slots)) return ok;
  } else if (plain && n >= p->required_positional) [[likely]] {
    if (n <= 2) {  // a copy of unknown length is a call
      if (n) slots[0] = args[0];
      if (n == 2) slots[1] = args[1];
      return ok;
    }
    for (usize i = 0; i < n; ++i) slots[i] = args[i];
    return ok;
  }
  return bind_any_arguments(thread, def, args, n, kwnames, slots);
}

// The parameter that takes this keyword, or -1. Names are mostly interned, so identity is tried on all of them first.
static i32 find_keyword(const ParsedParameters& p, Value name) {
  auto takes_keyword = [](const ParsedParameter& q) {
    return q.kind == ParameterKind::Positional || q.kind == ParameterKind::KeywordOnly;
  };
  for (u32 i = 0; i < p.count; ++i)
    if (Value(p.list[i].interned) == name && takes_keyword(p.list[i])) return static_cast<i32>(i);
  if (!is<Str>(name) || (is_exact<Str>(name) && name.as<Str>()->is_interned())) return -1;
  for (u32 i = 0; i < p.count; ++i)
    if (str_equal(p.list[i].interned, name.as<Str>()) && takes_keyword(p.list[i])) return static_cast<i32>(i);
  return -1;
}

BATON_NOINLINE static Result<void> bind_any_arguments(Thread& thread, NativeDef const& def, Value const* args, usize n,
                                                      Tuple* kwnames, Value* slots) {
  ParsedParameters& p = *parse(thread, def);
  u32 hidden = def.flags & (kNativeMethod | kNativeClassMethod | kNativeModuleArg) ? 1 : (def.name() == "__new__" ? 1 : 0);
  usize keyword_count = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (def.name() == "__new__" && n >= 1 && !is<Type>(args[0])) TRY(check_new_type(thread, args, n, def.owner->type));
  if (keyword_count && !p.any_keyword && p.var_keyword < 0) {
    if (Slot slot = wrapped_slot(thread, def); slot != Slot::kCount && slot != Slot::init && slot != Slot::call)
      return raise_type_error(thread, "wrapper {}() takes no keyword arguments", def.name());
    // Argument tuples without keywords: what is bound to a class, and what has a lookup of its own, goes by the bare name.
    bool tuple = (def.flags & kNativeTuple) && (def.flags & kNativeClassMethod) && p.positional > hidden;
    if (tuple || (def.owner && (def.owner->flags & kTypeNamelessMethods) && p.positional > hidden + 1))
      return raise_type_error(thread, "{}() takes no keyword arguments", shown_name(def));
    return raise_type_error(thread, "{}() takes no keyword arguments", TRY(qualified(thread, def, n ? args[0] : Value())));
  }
  if (usize given = n + keyword_count; p.any_keyword && p.var_positional < 0 && p.var_keyword < 0 && given > p.count) {
    return raise_type_error(thread, "{} takes at most {} {}argument{} ({} given)", TRY(called(thread, def)), p.count - hidden,
                            n <= hidden ? "keyword " : "", p.count - hidden == 1 ? "" : "s", given - hidden);
  }
  usize positional_given = n < p.positional ? n : p.positional;
  if (n > p.positional && p.var_positional < 0) return raise_count(thread, def, p, n ? args[0] : Value(), n, hidden);
  // slot numbers follow the text order; positional ones come before *args.
  u32 slot = 0;
  usize next = 0;
  for (; slot < p.count && next < positional_given; ++slot) slots[slot] = args[next++];
  if (p.var_positional >= 0) {
    Tuple* rest =
        n > p.positional ? TRY(make_tuple(thread, args + p.positional, static_cast<Index>(n - p.positional))) : empty_tuple();
    slots[p.var_positional] = Value(rest);
  }
  Dict* extra = nullptr;
  Value unfit;  // the first keyword that no parameter takes, or that is given by position too
  i32 unfit_parameter = -1;
  for (usize k = 0; k < keyword_count; ++k) {
    Value name = kwnames->at(static_cast<Index>(k));
    Value value = args[n + k];
    i32 found = find_keyword(p, name);
    if (found < 0 && p.var_keyword >= 0) {
      if (!extra) extra = TRY(make_dict(thread));
      TRY(dict_set(thread, extra, name, value));
      continue;
    }
    if (found < 0 || slots[found].is_present()) {  // what is missing is reported first
      if (unfit.is_absent()) {
        unfit = name;
        unfit_parameter = found;
      }
      continue;
    }
    slots[found] = value;
  }
  if (p.var_keyword >= 0 && extra) slots[p.var_keyword] = Value(extra);
  for (u32 i = 0; i < p.count; ++i) {
    ParsedParameter& q = p.list[i];
    if (slots[i].is_present() || q.has_default || q.kind == ParameterKind::VarPositional || q.kind == ParameterKind::VarKeyword)
      continue;
    if (i < hidden) {
      if (def.name() == "__new__") return raise_type_error(thread, "{}.__new__(): not enough arguments", shown_name(def));
      if (def.owner && wrapped_slot(thread, def) != Slot::kCount)
        return raise_type_error(thread, "descriptor '{}' of '{}' object needs an argument", def.name(), def.owner->name);
      return raise_type_error(thread, "unbound method {}() needs an argument", TRY(qualified(thread, def)));
    }
    if (!p.any_keyword || q.kind == ParameterKind::PositionalOnly)
      return raise_count(thread, def, p, n ? args[0] : Value(), n, hidden);
    if (q.kind == ParameterKind::KeywordOnly)
      return raise_type_error(thread, "{}() missing required keyword-only argument: '{}'", shown_name(def), q.name);
    return raise_type_error(thread, "{} missing required argument '{}' (pos {})", TRY(called(thread, def)), q.name,
                            static_cast<i64>(i) + 1 - hidden);
  }
  if (unfit.is_present() && unfit_parameter < 0) {
    bool nameless = def.owner && (def.owner->flags & kTypeNamelessMethods);
    return raise_type_error(thread, "'{}' is an invalid keyword argument for {}{}", unfit, nameless ? "this " : "",
                            TRY(called(thread, def)));
  }
  if (unfit.is_present()) {
    return raise_type_error(thread, "argument for {} given by name ('{}') and position ({})", TRY(called(thread, def)), unfit,
                            unfit_parameter + 1 - static_cast<i32>(hidden));
  }
  return ok;
}

static Result<Value> make_default(Thread& thread, NativeDef const& def, u32 parameter, std::string_view text) {
  if (text == "None") return kNone;
  if (text == "True") return kTrue;
  if (text == "False") return kFalse;
  if (text == "()") return Value(empty_tuple());
  if (text == "sys.maxsize") return int_from_i64(thread, kMaxIndex);
  if (text == "'\\n'") return Value(intern(thread, "\n"));  // the one escape that defaults use
  if (!text.empty() && (text.front() == '\'' || text.front() == '"'))
    return Value(intern(thread, text.substr(1, text.size() - 2)));
  if (text.size() >= 3 && text.front() == 'b' && (text[1] == '\'' || text[1] == '"'))
    return bytes_from(thread, text.substr(2, text.size() - 3));
  if (!text.empty() && (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'))) {
    if (text.find_first_of(text.starts_with("0x") ? "." : ".e") != std::string_view::npos)
      return make_float(thread, strtod(text.data(), nullptr));
    return int_from_i64(thread, strtoll(text.data(), nullptr, 0));
  }
  return raise_system_error(thread, "{}(): parameter {} has no literal default ({})", def.name(), parameter, text);
}

BATON_NOINLINE static Result<Value> make_default_of(Thread& thread, NativeDef const& def, u32 parameter) {
  ParsedParameters& p = *parse(thread, def);
  if (parameter >= p.count) return make_default(thread, def, parameter, std::string_view());
  Value v = TRY(make_default(thread, def, parameter, p.list[parameter].default_text));
  u64* known = reinterpret_cast<u64*>(&p.list[parameter].default_value);  // two threads may store the same
  if (!v.is_cell() || is_exact<Str>(v) || v == Value(empty_tuple())) __atomic_store_n(known, v.bits(), __ATOMIC_RELAXED);
  return v;
}
Result<Value> default_argument(Thread& thread, NativeDef const& def, u32 parameter) {
  ParsedParameters* made = __atomic_load_n(&const_cast<NativeDef&>(def).parsed, __ATOMIC_ACQUIRE);
  if (made && parameter < made->count) [[likely]] {
    u64* known = reinterpret_cast<u64*>(&made->list[parameter].default_value);
    if (u64 bits = __atomic_load_n(known, __ATOMIC_RELAXED)) return Value(bits);
  }
  return make_default_of(thread, def, parameter);
}

Failed raise_argument_kind(Thread& thread, NativeDef const& def, u32 parameter, const char* expected, Value got) {
  u32 hidden = def.flags & (kNativeMethod | kNativeClassMethod | kNativeModuleArg) ? 1 : (def.name() == "__new__" ? 1 : 0);
  if (parameter == 0 && (def.flags & kNativeMethod)) return raise_self_type_error(thread, def, got);
  ParsedParameters& p = *parse(thread, def);
  Str* type = got.is_none() ? intern(thread, "None") : TRY(format_message(thread, "{!t}", got));
  if (p.count - hidden == 1 && !p.any_keyword)
    return raise_type_error(thread, "{}() argument must be {}, not {}", shown_name(def), expected, type);
  if (p.any_keyword && p.list[parameter].kind != ParameterKind::PositionalOnly) {
    return raise_type_error(thread, "{}() argument '{}' must be {}, not {}", shown_name(def), p.list[parameter].name, expected,
                            type);
  }
  return raise_type_error(thread, "{}() argument {} must be {}, not {}", shown_name(def), parameter + 1 - hidden, expected, type);
}

void raise_not_writable(Thread& thread, NativeDef const& def, u32 parameter, Value v) {
  if (clear_pending_if(thread, exceptions.TypeError) || clear_pending_if(thread, exceptions.BufferError))
    (void)raise_argument_kind(thread, def, parameter, "read-write bytes-like object", v);
}

Failed raise_self_type_error(Thread& thread, NativeDef const& def, Value self) {
  std::string_view owner = def.owner ? std::string_view(def.owner->name) : std::string_view("object");
  return raise_type_error(thread, "descriptor '{}' requires a '{}' object but received a '{!t}'", def.name(), owner, self);
}

const char* kind_text(u16 kind) {
  if (kind == kKindBigInt || kind == kKindIntObject) return "int";
  const KindInfo& info = kind_info(kind);
  return info.name ? info.name : "object";
}

// ---------------------------------------------------------------------------------------------------------------- conversions

bool convert_type(Thread& thread, NativeDef const& def, u32 parameter, Value v, Type** out) {
  if (!is<Type>(v)) {
    (void)raise_argument_kind(thread, def, parameter, "type", v);
    return false;
  }
  Type* type = v.as<Type>();
  *out = type;
  if (parameter != 0 || !(def.flags & kNativeStatic) || !def.owner || def.owner->type == type || def.name() != "__new__")
      [[likely]]
    return true;
  return !check_subtype(thread, type, def.owner->type).is_failed();
}

bool convert_i64(Thread& thread, Value v, i64* out) { return convert_index(thread, v, out); }

bool convert_index(Thread& thread, Value v, Index* out) {
  if (v.is_small_int()) [[likely]] {
    *out = v.small_int();
    return true;
  }
  Result<Value> i = to_index(thread, v);
  if (i.is_failed()) return false;
  if (int_to_i64(i.value(), out)) return true;
  (void)raise_overflow_error(thread, "Python int too large to convert to C ssize_t");
  return false;
}

bool convert_int(Thread& thread, Value v, int* out) {
  i64 wide;
  if (v.is_small_int())
    wide = v.small_int();
  else {
    Result<Value> i = to_index(thread, v);
    if (i.is_failed()) return false;
    int_to_i64(i.value(), &wide);  // clamped: out of range either way
  }
  if (wide > INT32_MAX || wide < INT32_MIN) {
    (void)raise_overflow_error(thread, "Python int too large to convert to C int");
    return false;
  }
  *out = static_cast<int>(wide);
  return true;
}

bool convert_u64(Thread& thread, Value v, u64* out) {
  Result<Value> i = to_index(thread, v);
  if (i.is_failed()) return false;
  if (int_sign(i.value()) < 0) {
    (void)raise_overflow_error(thread, "can't convert negative int to unsigned");
    return false;
  }
  if (int_to_u64(i.value(), out)) return true;
  (void)raise_overflow_error(thread, "int too big to convert");
  return false;
}

bool convert_u32(Thread& thread, Value v, u32* out) {
  u64 wide;
  if (!convert_u64(thread, v, &wide)) return false;
  if (wide > UINT32_MAX) {
    (void)raise_overflow_error(thread, "Python int too large to convert to C unsigned int");
    return false;
  }
  *out = static_cast<u32>(wide);
  return true;
}

bool convert_double(Thread& thread, Value v, double* out) {
  if (v.is_immediate_float()) [[likely]] {
    *out = v.immediate_float();
    return true;
  }
  Result<double> d = to_double(thread, v);
  if (d.is_failed()) return false;
  *out = d.value();
  return true;
}

bool convert_truth(Thread& thread, Value v, bool* out) {
  Result<bool> t = truth(thread, v);
  if (t.is_failed()) return false;
  *out = t.value();
  return true;
}

bool convert_int_arg(Thread& thread, Value v, IntArg* out) {
  Value exact = int_exact(v);
  if (exact.is_absent()) {
    (void)raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", v);
    return false;
  }
  out->value = exact;
  return true;
}

namespace detail {
Result<Value> box_i64(Thread& thread, i64 v) { return int_from_i64(thread, v); }
Result<Value> box_u64(Thread& thread, u64 v) { return int_from_u64(thread, v); }
Result<Value> box_double(Thread& thread, double v) { return make_float(thread, v); }
}  // namespace detail

}  // namespace baton
