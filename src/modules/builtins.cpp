// builtins: the functions. The types and exceptions are added from their tables.
#include <unistd.h>

#include "base/clock.h"
#include "compile/compiler.h"
#include "heap/trim.h"
#include "interp/interp.h"
#include "interp/named_attribute.h"
#include "modules/config.h"
#include "modules/library_identity.h"
#include "modules/modules.h"
#include "modules/quick_import.h"
#include "objects/at_this_moment.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/call_one.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/foreign_builtins.h"
#include "objects/frame.h"
#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/made_at_run_time.h"
#include "objects/module_state.h"
#include "objects/native_order.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/operators.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"
#include "objects/terminal_input.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- classes

static Result<Value> build_class(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n < 2) return raise_type_error(t, "__build_class__: not enough arguments");
  if (!is<Function>(args[0])) return raise_type_error(t, "__build_class__: func must be a function");
  if (!is<Str>(args[1])) return raise_type_error(t, "__build_class__: name is not a string");
  Function* body = args[0].as<Function>();
  Tuple* original = TRY(make_tuple(t, args + 2, static_cast<Index>(n - 2)));
  // __mro_entries__
  RootVector resolved;
  bool changed = false;
  for (Index i = 0; i < original->length(); ++i) {
    Value base = original->at(i);
    if (is<Type>(base)) {
      resolved.push(base);
      continue;
    }
    Value method = TRY(find_attr(t, base, names.dunder_mro_entries));
    if (method == kNotFound) {
      resolved.push(base);
      continue;
    }
    Value entries = TRY(call(t, method, Value(original)));
    if (!is<Tuple>(entries)) return raise_type_error(t, "__mro_entries__ must return a tuple");
    changed = true;
    for (Index k = 0; k < entries.as<Tuple>()->length(); ++k) resolved.push(entries.as<Tuple>()->at(k));
  }
  Tuple* bases = changed ? TRY(make_tuple(t, resolved.data(), static_cast<Index>(resolved.size()))) : original;
  // metaclass and the other keywords
  Value metaclass;
  RootVector keyword_values, keyword_names;
  for (Index i = 0; kwnames && i < kwnames->length(); ++i) {
    Value name = kwnames->at(i), value = args[n + static_cast<usize>(i)];
    if (str_equal(name.as<Str>(), names.metaclass)) {
      metaclass = value;
      continue;
    }
    keyword_names.push(name);
    keyword_values.push(value);
  }
  if (metaclass.is_absent()) metaclass = bases->length() ? Value(type_of(bases->at(0))) : Value(types.type);
  if (is<Type>(metaclass)) metaclass = Value(TRY(most_derived_metaclass(t, metaclass.as<Type>(), bases)));
  Tuple* keywords =
      keyword_names.empty() ? nullptr : TRY(make_tuple(t, keyword_names.data(), static_cast<Index>(keyword_names.size())));
  Value ns;
  Value prepare = TRY(find_attr(t, metaclass, names.dunder_prepare));
  if (prepare == kNotFound) {
    ns = Value(TRY(make_dict(t)));
  } else {
    RootVector call_args;
    call_args.push(args[1]);
    call_args.push(Value(bases));
    for (Value v : keyword_values) call_args.push(v);
    ns = TRY(call_values(t, prepare, call_args.data(), 2, keywords));
    if (!is<Dict>(ns) && type_of(ns)->slot(Slot::getitem).is_absent()) {
      Value shown = is<Type>(metaclass) ? Value(metaclass.as<Type>()->name()) : Value(intern(t, "<metaclass>"));
      return raise_type_error(t, "{}.__prepare__() must return a mapping, not {!t}", shown, ns);
    }
  }
  bool in_function = t.top_frame() && t.top_frame()->code->has_flag(kCodeNewLocals);
  Value cell = TRY((in_function ? run_code : run_code_once)(t, body->code(), body->globals(), ns, body->closure()));
  if (changed) TRY(set_item(t, ns, Value(names.dunder_orig_bases), Value(original)));
  RootVector call_args;
  call_args.push(args[1]);
  call_args.push(Value(bases));
  call_args.push(ns);
  for (Value v : keyword_values) call_args.push(v);
  Value cls = TRY(call_values(t, metaclass, call_args.data(), 3, keywords));
  if (is<Type>(cls) && is<ClosureCell>(cell)) {
    Value content = cell.as<ClosureCell>()->get();
    if (content.is_absent()) {
      return raise_runtime_error(t, "__class__ not set defining {!r} as {!r}. Was __classcell__ propagated to type.__new__?",
                                 args[1], cls);
    }
    if (content != cls) return raise_type_error(t, "__class__ set to {!r} defining {!r} as {!r}", content, args[1], cls);
  }
  return cls;
}

// ---------------------------------------------------------------------------------------------------------------- small
// functions

static Result<Value> builtin_abs(Thread& t, Value v) {
  if (v.is_small_int() && v.small_int() >= 0) return v;
  Value slot = type_of(v)->slot(Slot::abs);
  if (slot.is_absent()) return raise_type_error(t, "bad operand type for abs(): '{!t}'", v);
  return call_slot(t, slot, v);
}
static Result<bool> builtin_all(Thread& t, Value iterable) {
  for (Steps steps(TRY(get_whole_iter(t, iterable)));;) {
    Value v = TRY(steps.next(t));
    if (v == kExhausted) return true;
    if (v != kTrue && !TRY(truth(t, v))) return false;
  }
}
static Result<bool> builtin_any(Thread& t, Value iterable) {
  for (Steps steps(TRY(get_whole_iter(t, iterable)));;) {
    Value v = TRY(steps.next(t));
    if (v == kExhausted) return false;
    if (v != kFalse && TRY(truth(t, v))) return true;
  }
}
static Result<Value> builtin_ascii(Thread& t, Value v) { return ascii_of(t, v); }
static Result<Value> builtin_bin(Thread& t, Value v) { return int_to_text(t, TRY(to_index(t, v)), 2, true); }
static Result<Value> builtin_oct(Thread& t, Value v) { return int_to_text(t, TRY(to_index(t, v)), 8, true); }
static Result<Value> builtin_hex(Thread& t, Value v) { return int_to_text(t, TRY(to_index(t, v)), 16, true); }
static Result<bool> builtin_callable(Thread&, Value v) { return is_callable(v); }
static Result<Value> builtin_chr(Thread& t, int i) {
  if (i < 0 || i > 0x10FFFF) return raise_value_error(t, "chr() arg not in range(0x110000)");
  return str_from_code_point(t, static_cast<u32>(i));
}
static Result<Value> builtin_ord(Thread& t, Value v) {
  Index n;
  if (is<Str>(v)) {
    if (v.as<Str>()->length() == 1) return Value::of_small_int(v.as<Str>()->at(0));
    n = v.as<Str>()->length();
  } else if (is<Bytes>(v)) {
    if (v.as<Bytes>()->length() == 1) return Value::of_small_int(v.as<Bytes>()->data()[0]);
    n = v.as<Bytes>()->length();
  } else if (is<ByteArray>(v)) {
    if (v.as<ByteArray>()->length() == 1) return Value::of_small_int(v.as<ByteArray>()->data()[0]);
    n = v.as<ByteArray>()->length();
  } else {
    return raise_type_error(t, "ord() expected string of length 1, but {!t} found", v);
  }
  return raise_type_error(t, "ord() expected a character, but string of length {} found", n);
}
static Result<Str*> attribute_name(Thread& t, Value name, const char* function) {
  if (!is<Str>(name)) return raise_type_error(t, "{}: attribute name must be string", function);
  return str_intern(t, name.as<Str>());
}
static Result<Value> builtin_getattr(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (kwnames) return raise_type_error(t, "getattr() takes no keyword arguments");
  if (n < 2) return raise_type_error(t, "getattr expected at least 2 arguments, got {}", static_cast<i64>(n));
  if (n > 3) return raise_type_error(t, "getattr expected at most 3 arguments, got {}", static_cast<i64>(n));
  if (!is<Str>(args[1])) return raise_type_error(t, "attribute name must be string, not '{!t}'", args[1]);
  Str* name = TRY(str_intern(t, args[1].as<Str>()));
  if (n == 2) return get_named_attribute(t, args[0], name);
  Value v = TRY(find_named_attribute(t, args[0], name));
  return v == kNotFound ? args[2] : v;
}
static Result<bool> builtin_hasattr(Thread& t, Value v, Value name) {
  if (!is<Str>(name)) return raise_type_error(t, "attribute name must be string, not '{!t}'", name);
  return has_named_attribute(t, v, TRY(attribute_name(t, name, "hasattr()")));
}
static Result<void> builtin_setattr(Thread& t, Value v, Value name, Value value) {
  if (!is<Str>(name)) return raise_type_error(t, "attribute name must be string, not '{!t}'", name);
  return set_named_attribute(t, v, TRY(str_intern(t, name.as<Str>())), value);
}
static Result<void> builtin_delattr(Thread& t, Value v, Value name) {
  if (!is<Str>(name)) return raise_type_error(t, "attribute name must be string, not '{!t}'", name);
  return delete_attr(t, v, TRY(str_intern(t, name.as<Str>())));
}
static Result<Value> builtin_divmod(Thread& t, Value a, Value b) { return binary_op(t, BinaryOp::DivMod, a, b); }
static Result<Value> builtin_format(Thread& t, Value v, Str* spec) { return format_value(t, v, spec); }
static Result<i64> builtin_hash(Thread& t, Value v) { return static_cast<i64>(TRY(hash_of(t, v))); }
static Result<Value> builtin_id(Thread& t, Value v) {
  Value id(TRY(int_from_u64(t, object_id(v))));
  TRY(audit(t, "builtins.id", id));
  return id;
}
static Result<bool> builtin_isinstance(Thread& t, Value v, Value cls) { return is_instance(t, v, cls); }
static Result<bool> builtin_issubclass(Thread& t, Value v, Value cls) { return is_subclass(t, v, cls); }
static Result<i64> builtin_len(Thread& t, Value v) { return length_of(t, v); }
static Result<Value> builtin_repr(Thread& t, Value v) { return repr(t, v); }
static Result<Value> builtin_iter(Thread& t, Value v, Optional<Value> sentinel) {
  if (!sentinel.has_value()) return get_shared_iter(t, v);
  if (!is_callable(v)) return raise_type_error(t, "iter(v, w): v must be callable");
  return make_callable_iterator(t, v, sentinel.value);
}
static Result<Value> builtin_next(Thread& t, Value iterator, Optional<Value> fallback) {
  if (is_exact<Iterator>(iterator)) {
    if (Value v = iterator_step(iterator.as<Iterator>()); v.is_present() && v != kExhausted) return v;
  }
  if (!is_iterator(iterator)) return raise_type_error(t, "'{!t}' object is not an iterator", iterator);
  Value slot = type_of(iterator)->slot(Slot::next);
  Result<Value> v = failed;
  if (is_exact<Generator>(iterator))
    v = next_of_generator(t, iterator.as<Generator>());
  else if (is<MethodDescriptor>(slot) && slot.as<MethodDescriptor>()->def()->next)
    v = iter_next_with_value(t, iterator);
  else
    v = call_slot(t, slot, iterator);
  if (v.is_failed()) {
    if (fallback.has_value() && clear_pending_if(t, exceptions.StopIteration)) return fallback.value;
    return failed;
  }
  if (v.value() != kExhausted) return v;
  if (fallback.has_value()) {
    t.take_stop_value();
    return fallback.value;
  }
  return raise_exhausted(t);
}
static Result<Value> builtin_aiter(Thread& t, Value v) {
  Value slot = type_of(v)->slot(Slot::aiter);
  if (slot.is_absent()) return raise_type_error(t, "'{!t}' object is not an async iterable", v);
  Value iterator = TRY(call_slot(t, slot, v));
  if (type_of(iterator)->slot(Slot::anext).is_absent())
    return raise_type_error(t, "aiter() returned not an async iterator of type '{!t}'", iterator);
  return iterator;
}
Result<Value> make_anext_awaitable(Thread& t, Value awaitable, Value fallback);
static Result<Value> builtin_anext(Thread& t, Value iterator, Optional<Value> fallback) {
  Value slot = type_of(iterator)->slot(Slot::anext);
  if (slot.is_absent()) return raise_type_error(t, "'{!t}' object is not an async iterator", iterator);
  Value awaitable = TRY(call_slot(t, slot, iterator));
  return fallback.has_value() ? make_anext_awaitable(t, awaitable, fallback.value) : Result<Value>(awaitable);
}
static Result<Value> builtin_pow(Thread& t, Value base, Value exp, Value mod) { return power(t, base, exp, mod); }
static Result<Value> builtin_round(Thread& t, Value number, Value ndigits) {
  Value method = TRY(find_special(t, number, names.dunder_round));
  if (method == kNotFound) return raise_type_error(t, "type {!t} doesn't define __round__ method", number);
  if (ndigits.is_none()) return call(t, method);
  return call(t, method, ndigits);
}
static Result<Value> builtin_sorted(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n != 1) return raise_type_error(t, "sorted expected 1 argument, got {}", static_cast<i64>(n));
  List* list = TRY(list_from_iterable(t, args[0]));
  Value sort = TRY(get_attr(t, Value(list), names.sort));
  TRY(call_values(t, sort, args + 1, 0, kwnames));
  return list;
}
// A small int or a bool as a number; false: v is none.
BATON_ALWAYS_INLINE static bool small_number(Value v, i64* number) {
  if (v.is_small_int()) [[likely]]
    *number = v.small_int();
  else if (v.is_bool())
    *number = v == kTrue;
  else
    return false;
  return true;
}

// Adds floats, small ints and bools as long as they come, the sum in a register. *next: what comes after them, or kExhausted.
static Result<Value> sum_floats(Thread& t, Steps& steps, double total, Value* next) {
  for (;;) {
    *next = TRY(steps.next(t));
    i64 number;
    if (next->is_immediate_float())
      total += next->immediate_float();
    else if (small_number(*next, &number))
      total += static_cast<double>(number);
    else
      return make_float(t, total);
  }
}

// The same with small ints and bools, until the sum doesn't fit a register.
static Result<Value> sum_ints(Thread& t, Steps& steps, i64 total, Value* next) {
  for (;;) {
    *next = TRY(steps.next(t));
    i64 number, sum;
    if (!small_number(*next, &number) || __builtin_add_overflow(total, number, &sum)) [[unlikely]]
      return int_from_i64(t, total);
    total = sum;
  }
}

static Result<Value> builtin_sum(Thread& t, Value iterable, Value start) {
  if (is<Str>(start)) return raise_type_error(t, "sum() can't sum strings [use ''.join(seq) instead]");
  if (is<Bytes>(start)) return raise_type_error(t, "sum() can't sum bytes [use b''.join(seq) instead]");
  if (is<ByteArray>(start)) return raise_type_error(t, "sum() can't sum bytearray [use b''.join(seq) instead]");
  Value total = start;
  for (Steps steps(TRY(get_whole_iter(t, iterable)));;) {
    Value v = TRY(steps.next(t));
    if (v == kExhausted) return total;
    if (i64 number; total.is_small_int() && small_number(v, &number)) {
      total = TRY(sum_ints(t, steps, total.small_int() + number, &v));
      if (v == kExhausted) return total;
    } else if (total.is_immediate_float() && v.is_immediate_float()) {
      total = TRY(sum_floats(t, steps, total.immediate_float() + v.immediate_float(), &v));
      if (v == kExhausted) return total;
    }
    total = is_exact_int(total) && is_exact_int(v) ? TRY(int_add(t, total, v)) : TRY(binary_op(t, BinaryOp::Add, total, v));
  }
}

// Whether one value comes before or behind another, for min() and max(): of one class, mostly.
class Better {
 public:
  explicit Better(CompareOp op) : op_(op) {}
  Result<bool> is(Thread& t, Value a, Value b) {
    if (both_small_ints(a, b)) return pick(a.small_int(), b.small_int());
    if (a.is_immediate_float() && b.is_immediate_float()) return pick(a.immediate_float(), b.immediate_float());
    if (is_exact<Str>(a) && is_exact<Str>(b)) return pick(str_compare(a.as<Str>(), b.as<Str>()), 0);
    if (Type* type = type_of(a); type == type_of(b)) {
      if (type != type_) {
        type_ = type;
        native_ = native_comparison(type, comparison_slot(op_));
      }
      if (native_) {
        Value answer = TRY(compare_natively(t, native_, a, b));
        if (answer.is_bool()) return answer.is_true();
      }
    }
    return compare_truth(t, op_, a, b);
  }

 private:
  template <class T>
  bool pick(T a, T b) const {
    return op_ == CompareOp::Gt ? a > b : a < b;
  }
  CompareOp op_;
  Type* type_ = nullptr;               // of the last two; a built-in one, if there is a method, and those don't go
  const NativeDef* native_ = nullptr;  // its method; null: none
};

static Result<Value> min_max(Thread& t, const char* name, CompareOp op, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(t, "{} expected at least 1 argument, got 0", name);
  Value key = kNone, fallback;
  for (Index i = 0; kwnames && i < kwnames->length(); ++i) {
    Str* keyword = kwnames->at(i).as<Str>();
    Value v = args[n + static_cast<usize>(i)];
    if (str_equals_ascii(keyword, "key"))
      key = v;
    else if (str_equals_ascii(keyword, "default"))
      fallback = v;
    else
      return raise_type_error(t, "'{}' is an invalid keyword argument for {}()", keyword, name);
  }
  if (n > 1 && fallback.is_present())
    return raise_type_error(t, "Cannot specify a default for {}() with multiple positional arguments", name);
  CallsOfOne calls(key);
  if (!key.is_none()) TRY(calls.check_depth(t));
  Value best, best_key;
  Better better(op);
  auto consider = [&](Value v) -> Result<bool> {
    Value k = key.is_none() ? v : TRY(calls.call(t, v));
    if (best.is_absent() || TRY(better.is(t, k, best_key))) {
      best = v;
      best_key = k;
    }
    return true;
  };
  if (n > 1) {
    for (usize i = 0; i < n; ++i) TRY(consider(args[i]));
    return best;
  }
  if (key.is_none()) {
    for (Steps steps(TRY(get_whole_iter(t, args[0])));;) {
      Value v = TRY(steps.next(t));
      if (v == kExhausted) break;
      TRY(consider(v));
    }
  } else {
    TRY(for_each(t, TRY(at_this_moment(t, args[0])), consider));
  }
  if (best.is_present()) return best;
  if (fallback.is_present()) return fallback;
  return raise_value_error(t, "{}() arg is an empty sequence", name);
}
static Result<Value> builtin_max(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return min_max(t, "max", CompareOp::Gt, args, n, kwnames);
}
static Result<Value> builtin_min(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return min_max(t, "min", CompareOp::Lt, args, n, kwnames);
}

// ---------------------------------------------------------------------------------------------------------------- names and
// scopes

static Result<Value> builtin_globals(Thread& t) {
  Frame* f = t.top_frame();
  return f ? Value(f->globals) : kNone;
}
static Result<Value> current_locals(Thread& t) {
  Frame* f = t.top_frame();
  if (!f) return raise_system_error(t, "frame does not exist");
  if (f->locals.is_present()) return f->locals;
  if (!(f->code->flags_ & kCodeOptimized)) return Value(f->globals);
  return frame_locals(t, TRY(frame_object_of(t, f)));
}
static Result<Value> builtin_locals(Thread& t) { return current_locals(t); }
static Result<Value> builtin_vars(Thread& t, Optional<Value> object) {
  if (!object.has_value()) return current_locals(t);
  Value v = TRY(find_attr(t, object.value, names.dunder_dict));
  if (v == kNotFound) return raise_type_error(t, "vars() argument must have __dict__ attribute");
  return v;
}
static Result<Value> builtin_dir(Thread& t, Optional<Value> object) {
  Value listed;
  if (!object.has_value()) {
    listed = TRY(call_method(t, TRY(current_locals(t)), names.keys));
  } else {
    Value method = TRY(find_special(t, object.value, names.dunder_dir));
    if (method == kNotFound) return raise_type_error(t, "object does not provide __dir__");
    listed = TRY(call(t, method));
  }
  List* list = TRY(list_from_iterable(t, listed));
  TRY(call_method(t, Value(list), names.sort));
  return list;
}

// ---------------------------------------------------------------------------------------------------------------- compile, exec,
// eval

Result<Value> compile_to_ast(Thread& t, std::string_view source, bool is_bytes, Str* filename, const CompileOptions& options);
Result<Code*> compile_ast_object(Thread& t, Value tree, Str* filename, const CompileOptions& options);
Result<bool> is_ast_node(Thread& t, Value v);
extern int default_optimize_level;

struct SourceText {
  std::string_view text;
  bool is_bytes;
  Value owner;
  BufferView view;
};

static Result<void> source_text(Thread& t, Value source, const char* function, const char* what, SourceText* out) {
  if (is<Str>(source)) {
    out->is_bytes = false;
    out->text = TRY(str_utf8(t, source.as<Str>(), &out->owner));
  } else {
    if (!is<Bytes>(source) && !is<ByteArray>(source)) {
      BufferInfo info;
      if (!TRY(get_buffer(t, source, &info, false))) return raise_type_error(t, "{}() arg 1 must be a {} object", function, what);
      out->owner = Value(TRY(bytes_from(t, info.data, info.size)));
      release_exported(source.cell());
    } else {
      out->owner =
          is<Bytes>(source)
              ? source
              : Value(TRY(bytes_from(t, source.as<ByteArray>()->data(), static_cast<usize>(source.as<ByteArray>()->length()))));
    }
    out->is_bytes = true;
    out->text = out->owner.as<Bytes>()->text();
  }
  if (out->text.find('\0') != std::string_view::npos) return raise_value_error(t, "source code string cannot contain null bytes");
  return ok;
}

static u32 inherited_flags(Thread& t) { return t.top_frame() ? t.top_frame()->code->flags_ & kPyCfFutureMask : 0; }

static Result<Value> compile_value(Thread& t, Value source, Str* filename, const char* function, const char* what,
                                   CompileOptions options) {
  if (is_exact<Code>(source)) return source;
  SourceText text{};
  TRY(source_text(t, source, function, what, &text));
  if (options.flags & kPyCfOnlyAst) return compile_to_ast(t, text.text, text.is_bytes, filename, options);
  if (text.is_bytes && !(options.flags & kPyCfIgnoreCookie)) return compile_bytes(t, text.text, filename, options);
  return compile_source(t, text.text, filename, options);
}

static Result<Value> builtin_compile(Thread& t, Value source, Value filename, Value mode, int flags, bool dont_inherit,
                                     int optimize, int feature_version) {
  Str* name = TRY(source_filename(t, filename));
  constexpr u32 kKnown = kPyCfDontImplyDedent | kPyCfOnlyAst | kPyCfIgnoreCookie | kPyCfTypeComments | kPyCfAllowTopLevelAwait |
                         kPyCfAllowIncompleteInput | kPyCfFutureMask | 0x10;
  if (static_cast<u32>(flags) & ~kKnown) return raise_value_error(t, "compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2) return raise_value_error(t, "compile(): invalid optimize value");
  CompileOptions options;
  options.flags = static_cast<u32>(flags);
  options.feature_version = feature_version;
  if (!dont_inherit) options.flags |= inherited_flags(t);
  options.optimize = optimize == -1 ? default_optimize_level : optimize;
  if (!is<Str>(mode)) return raise_type_error(t, "compile() argument 'mode' must be str, not {!a}", mode);
  Str* m = mode.as<Str>();
  if (str_equals_ascii(m, "exec"))
    options.mode = syntax::ParseMode::Exec;
  else if (str_equals_ascii(m, "eval"))
    options.mode = syntax::ParseMode::Eval;
  else if (str_equals_ascii(m, "single"))
    options.mode = syntax::ParseMode::Single;
  else if (str_equals_ascii(m, "func_type")) {
    if (!(options.flags & kPyCfOnlyAst)) return raise_value_error(t, "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    options.mode = syntax::ParseMode::FuncType;
  } else {
    return raise_value_error(t, options.flags & kPyCfOnlyAst ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                                                             : "compile() mode must be 'exec', 'eval' or 'single'");
  }
  if (TRY(is_ast_node(t, source))) {
    if (options.flags & kPyCfOnlyAst) return source;
    return compile_ast_object(t, source, name, options);
  }
  return compile_value(t, source, name, "compile", "string, bytes or AST", options);
}

static Result<void> prepare_scope(Thread& t, const char* function, Value* globals, Value* locals) {
  if (!globals->is_none() && !is<Dict>(*globals)) {
    bool mapping = type_of(*globals)->slot(Slot::getitem).is_present();
    if (std::string_view(function) == "eval")
      return raise_type_error(t,
                              mapping ? "globals must be a real dict; try eval(expr, {{}}, mapping)" : "globals must be a dict");
    return raise_type_error(t, "exec() globals must be a dict, not {!t}", *globals);
  }
  if (!locals->is_none() && !has_mapping_items(*locals)) {
    return raise_type_error(
        t, std::string_view(function) == "eval" ? "locals must be a mapping" : "locals must be a mapping or None, not {!t}",
        *locals);
  }
  if (globals->is_none()) {
    if (!t.top_frame()) return raise_system_error(t, "globals and locals cannot be NULL");
    *globals = Value(t.top_frame()->globals);
    if (locals->is_none()) *locals = TRY(current_locals(t));
  } else if (locals->is_none()) {
    *locals = *globals;
  }
  Dict* dict = globals->as<Dict>();
  if (dict_find_str(dict, names.dunder_builtins).is_absent()) {
    Value builtins = t.top_frame() ? shown_builtins(t.top_frame()->builtins) : Value(runtime.builtins->dict());
    TRY(dict_set_str(t, dict, names.dunder_builtins, builtins));
  }
  return ok;
}

static Result<Value> builtin_eval(Thread& t, Value source, Value globals, Value locals) {
  TRY(prepare_scope(t, "eval", &globals, &locals));
  Value code = source;
  if (!is<Code>(source)) {
    CompileOptions options;
    options.mode = syntax::ParseMode::Eval;
    options.flags = inherited_flags(t);
    options.optimize = default_optimize_level;
    SourceText text{};
    TRY(source_text(t, source, "eval", "string, bytes or code", &text));
    while (!text.text.empty() && (text.text.front() == ' ' || text.text.front() == '\t')) text.text.remove_prefix(1);
    Str* name = intern(t, "<string>");
    code = text.is_bytes ? Value(TRY(compile_bytes(t, text.text, name, options)))
                         : Value(TRY(compile_source(t, text.text, name, options)));
  } else if (source.as<Code>()->free_count() > 0) {
    return raise_type_error(t, "code object passed to eval() may not contain free variables");
  }
  TRY(audit(t, "exec", code));
  return run_code(t, code.as<Code>(), globals.as<Dict>(), locals);
}

static Result<Value> builtin_exec(Thread& t, Value source, Value globals, Value locals, Value closure) {
  TRY(prepare_scope(t, "exec", &globals, &locals));
  Tuple* cells = nullptr;
  Value code = source;
  if (is<Code>(source)) {
    Index free = source.as<Code>()->free_count();
    if (free == 0) {
      if (!closure.is_none()) return raise_type_error(t, "cannot use a closure with this code object");
    } else {
      bool good = is_exact<Tuple>(closure) && closure.as<Tuple>()->length() == free;
      for (Index i = 0; good && i < free; ++i) good = is<ClosureCell>(closure.as<Tuple>()->at(i));
      if (!good) return raise_type_error(t, "code object requires a closure of exactly length {}", free);
      cells = closure.as<Tuple>();
    }
  } else {
    if (!closure.is_none()) return raise_type_error(t, "closure can only be used when source is a code object");
    CompileOptions options;
    options.flags = inherited_flags(t);
    options.optimize = default_optimize_level;
    code = TRY(compile_value(t, source, intern(t, "<string>"), "exec", "string, bytes or code", options));
  }
  TRY(audit(t, "exec", code));
  TRY(run_code(t, code.as<Code>(), globals.as<Dict>(), locals, cells));
  TRY(library_module_has_run(t, code.as<Code>(), globals.as<Dict>()));
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- import

static Result<Str*> resolve_name(Thread& t, Value name, Value globals, Index level) {
  auto given = [&](Str* key) {
    Value v = dict_find_str(globals.as<Dict>(), key);
    return v.is_present() && !v.is_none();
  };
  if (!given(intern(t, "__package__")) && !given(names.dunder_spec) &&
      dict_find_str(globals.as<Dict>(), names.dunder_name).is_absent())
    return raise_key_error(t, Value(intern(t, "'__name__' not in globals")));
  return TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_calc___package__")), globals)).as<Str>();
  (void)name;
  (void)level;
}

static Result<void> audit_import(Thread& t, Value name) {
  auto sys = [&](const char* attribute) {
    Value v = dict_find_str(runtime.sys->dict(), intern(t, attribute));
    return v.is_present() ? v : kNone;
  };
  return audit(t, "import", name, kNone, sys("path"), sys("meta_path"), sys("path_hooks"));
}

// -X importtime: a line when an import ends, so those it needed stand above it, indented by depth. One count for all threads.
class ImportTimer {
 public:
  ImportTimer() : started_(monotonic_time_ns()), of_siblings_(nested_ns) {
    if (!header_shown) fputs("import time: self [us] | cumulative | imported package\n", stderr);
    header_shown = true;
    nested_ns = 0;
    ++depth;
  }
  void end(Thread& t, Str* name) {
    i64 all = monotonic_time_ns() - started_, own = all - nested_ns;
    --depth;
    nested_ns = of_siblings_ + all;
    Value owner;
    std::string_view shown = str_utf8_lossy(t, name, &owner);
    fprintf(stderr, "import time: %9lld | %10lld | %*s%.*s\n", micros(own), micros(all), depth * 2, "",
            static_cast<int>(shown.size()), shown.data());
  }

 private:
  static long long micros(i64 ns) { return (ns + 999) / 1000; }
  static bool header_shown;
  static int depth;
  static i64 nested_ns;  // of the imports that ended since the innermost open one began
  i64 started_, of_siblings_;
};
bool ImportTimer::header_shown = false;
int ImportTimer::depth = 0;
i64 ImportTimer::nested_ns = 0;

static Result<Value> find_and_load(Thread& t, Value name, bool is_new) {
  auto work = [&]() -> Result<Value> {
    if (is_new && can_import_quickly(t, name)) return import_quickly(t, name.as<Str>());
    return call(t, TRY(get_attr_ascii(t, runtime.importlib, "_find_and_load")), name, runtime.import_function);
  };
  if (!is_new) return work();
  heap_is_still_beginning();
  if (!config.import_time) {
    Result<Value> module = work();
    heap_is_still_beginning();
    return module;
  }
  ImportTimer timer;
  Result<Value> module = work();
  timer.end(t, name.as<Str>());
  return module;
}

static Result<Value> import_level(Thread& t, Str* name, Value globals, Value fromlist, Index level) {
  if (level < 0) return raise_value_error(t, "level must be >= 0");
  if (level == 0 && name->length() == 0) return raise_value_error(t, "Empty module name");
  if (runtime.importlib.is_absent())
    return raise_import_error(t, exceptions.ImportError,
                              Value(TRY(format_message(t, "import of {} before importlib is up", name))), Value(name), kNone);
  Value full = Value(name);
  if (level > 0) {
    if (globals.is_none() || !is<Dict>(globals)) {
      if (globals.is_none()) return raise_key_error(t, Value(intern(t, "'__name__' not in globals")));
      return raise_type_error(t, "globals must be a dict");
    }
    Str* package = TRY(resolve_name(t, Value(name), globals, level));
    TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_sanity_check")), Value(name), Value(package),
             Value::of_small_int(level)));
    full = TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_resolve_name")), Value(name), Value(package),
                    Value::of_small_int(level)));
  }
  // What is loaded is looked up in the dict that sys.modules was at start-up, whatever a program has put there since: that is for
  // importlib. So a module that is loaded can be imported while sys.modules is replaced or gone.
  Value module = TRY(dict_find(t, runtime.modules, full));
  if (module == kNotFound || module.is_none()) {
    if (has_audit_hooks) TRY(audit_import(t, full));
    module = TRY(find_and_load(t, full, module == kNotFound));
  } else if (TRY(is_initializing(t, module))) {
    // Waits for another thread's import of it; where the two wait for each other, the module is taken as it is.
    TRY(call(t, TRY(get_attr_ascii(t, runtime.importlib, "_lock_unlock_module")), full));
  }
  bool has_from = fromlist.is_present() && !fromlist.is_none() && TRY(truth(t, fromlist));
  if (!has_from) {
    Str* text = full.as<Str>();
    Index dot = str_find_unit(name, '.', 0, name->length());
    if (level == 0) {
      if (dot < 0) return module;
      Str* front = TRY(str_slice(t, name, 0, dot));
      return import_level(t, front, kNone, kNone, 0);
    }
    if (name->length() == 0) return module;
    Index cut = dot < 0 ? 0 : name->length() - dot;
    Str* shown = TRY(str_slice(t, text, 0, text->length() - cut));
    Value top = TRY(dict_find(t, runtime.modules, Value(shown)));
    if (top == kNotFound)
      return raise_key_error(t, Value(TRY(format_message(t, "{!r} not in sys.modules as expected", Value(shown)))));
    return top;
  }
  if (TRY(find_attr(t, module, names.dunder_path)) == kNotFound) return module;
  return call(t, TRY(get_attr_ascii(t, runtime.importlib, "_handle_fromlist")), module, fromlist, runtime.import_function);
}

// Takes the import system's own frames out of the pending exception's traceback: all of them for an ImportError, else those that
// led to _call_with_frames_removed.
static void remove_importlib_frames(Thread& t) {
  if (config.verbose) return;
  Exception* e = t.pending();
  bool all = is_instance_of_type(t.pending_, exceptions.ImportError);
  Traceback *before_chunk = nullptr, *kept = nullptr;  // null: the head
  bool in_chunk = false;
  for (Traceback* tb = e->traceback(); tb; tb = tb->next()) {
    Code* code = tb->frame()->code_.get();
    bool own = str_equals_ascii(code->filename(), "<frozen importlib._bootstrap>") ||
               str_equals_ascii(code->filename(), "<frozen importlib._bootstrap_external>");
    if (own && !in_chunk) before_chunk = kept;
    in_chunk = own;
    if (own && (all || str_equals_ascii(code->name(), "_call_with_frames_removed"))) {
      if (before_chunk)
        before_chunk->next_.set(before_chunk, tb->next());
      else
        e->traceback_.set(e, tb->next());
      kept = before_chunk;
    } else {
      kept = tb;
    }
  }
}

static Result<Value> builtin_import(Thread& t, Value name, Value globals, Value locals, Value fromlist, Index level) {
  if (!is<Str>(name)) return raise_type_error(t, "module name must be a string");
  Result<Value> module = import_level(t, name.as<Str>(), globals, fromlist, level);
  if (module.is_failed()) remove_importlib_frames(t);
  return module;
}

// ---------------------------------------------------------------------------------------------------------------- text in and
// out

static Result<Value> sys_stream(Thread& t, const char* name) {
  Value v = dict_find_str(runtime.sys->dict(), intern(t, name));
  if (v.is_absent()) return raise_runtime_error(t, "lost sys.{}", name);
  return v;
}

static Result<Value> builtin_print(Thread& t, Rest values, Value sep, Value end, Value file, bool flush) {
  if (file.is_none()) {
    file = TRY(sys_stream(t, "stdout"));
    if (file.is_none()) return kNone;
  }
  if (!sep.is_none() && !is<Str>(sep)) return raise_type_error(t, "sep must be None or a string, not {!t}", sep);
  if (!end.is_none() && !is<Str>(end)) return raise_type_error(t, "end must be None or a string, not {!t}", end);
  Value write = TRY(get_attr(t, file, names.write));
  Tuple* list = values.values;
  for (Index i = 0; i < list->length(); ++i) {
    if (i > 0) TRY(call(t, write, sep.is_none() ? Value(TRY(str_from_code_point(t, ' '))) : sep));
    TRY(call(t, write, Value(TRY(str_of(t, list->at(i))))));
  }
  TRY(call(t, write, end.is_none() ? Value(TRY(str_from_code_point(t, '\n'))) : end));
  if (flush) TRY(call_method(t, file, names.flush));
  return kNone;
}

// Whether a standard stream still is what it was at start-up, and a terminal.
static bool is_terminal_stream(Thread& t, Value stream, int fd) {
  Result<Value> number = call_method(t, stream, names.fileno);
  if (number.is_failed()) {
    t.clear_pending();  // no descriptor: not a terminal
    return false;
  }
  return number.value() == Value::of_small_int(fd) && ::isatty(fd);
}
// Reads a line with editing, the prompt in the encoding of sys.stdout.
static Result<Value> input_edited(Thread& t, Value out, Value prompt) {
  if (call_method(t, out, names.flush).is_failed()) t.clear_pending();
  Str* text = prompt.is_none() ? intern(t, "") : TRY(str_of(t, prompt));
  Value encoding = TRY(get_attr_ascii(t, out, "encoding")), errors = TRY(get_attr_ascii(t, out, "errors"));
  if (!is<Str>(encoding) || !is<Str>(errors)) return raise_runtime_error(t, "input(): lost sys.stdout");
  Bytes* bytes = TRY(encode_text(t, text, encoding.as<Str>(), errors.as<Str>()));
  if (bytes->text().find('\0') != std::string_view::npos)
    return raise_value_error(t, "input: prompt string cannot contain null characters");
  bytes = TRY(bytes_from(t, bytes->text()));
  Value line = TRY(read_terminal_line(t, reinterpret_cast<const char*>(bytes->data())));
  if (line.is_none()) return raise_with_args(t, exceptions.EOFError, nullptr, 0);
  return line;
}

static Result<Value> builtin_input(Thread& t, Value prompt) {
  Value in = TRY(sys_stream(t, "stdin")), out = TRY(sys_stream(t, "stdout")), err = TRY(sys_stream(t, "stderr"));
  if (in.is_none()) return raise_runtime_error(t, "input(): lost sys.stdin");
  if (out.is_none()) return raise_runtime_error(t, "input(): lost sys.stdout");
  TRY(audit(t, "builtins.input", prompt));
  if (!err.is_none() && call_method(t, err, names.flush).is_failed())
    t.clear_pending();  // as CPython: a broken stderr must not stop input()
  bool on_terminal = is_terminal_stream(t, in, 0) && is_terminal_stream(t, out, 1);
  if (read_terminal_line && on_terminal) {
    Value line = TRY(input_edited(t, out, prompt));
    TRY(audit(t, "builtins.input/result", line));
    return line;
  }
  if (!prompt.is_none() && !(is<Str>(prompt) && prompt.as<Str>()->length() == 0)) {
    TRY(call_method(t, out, names.write, Value(TRY(str_of(t, prompt)))));
  }
  if (call_method(t, out, names.flush).is_failed()) t.clear_pending();
  Value line = TRY(call_method(t, in, names.readline));
  if (!is<Str>(line)) return raise_type_error(t, "object.readline() returned non-string");
  Str* text = line.as<Str>();
  Index n = text->length();
  if (n == 0 && on_terminal) return raise_with_args(t, exceptions.EOFError, nullptr, 0);
  if (n == 0) return raise(t, exceptions.EOFError, "EOF when reading a line");
  if (text->at(n - 1) == '\n') return str_slice(t, text, 0, n - 1);
  return line;
}

static Result<Value> builtin_breakpoint(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value hook = dict_find_str(runtime.sys->dict(), intern(t, "breakpointhook"));
  if (hook.is_absent()) return raise_runtime_error(t, "lost sys.breakpointhook");
  TRY(audit(t, "builtins.breakpoint", hook));
  return call_values(t, hook, args, n, kwnames);
}

static constinit NativeDef builtins_functions[] = {
    native_raw(build_class, "__build_class__(func, name, /, *bases, metaclass=None, **kwds)",
               "Internal helper function used by the class statement."),
    native<builtin_import>("__import__(name, globals=None, locals=None, fromlist=(), level=0)", "Import a module."),
    native<builtin_abs>("abs(x, /)", "Return the absolute value of the argument."),
    native<builtin_aiter>("aiter(async_iterable, /)", "Return an AsyncIterator for an AsyncIterable object."),
    native<builtin_all>("all(iterable, /)",
                        "Tell whether every item of an iterable is true.\n\nStops at the first false item. With no items at all, "
                        "the answer is True."),
    native<builtin_anext>("anext(async_iterator, default=<unrepresentable>, /)",
                          "Return an awaitable that gives the next item of an async iterator.\n\nWhen there are no more items, "
                          "awaiting it gives default, or raises\nStopAsyncIteration if you passed no default."),
    native<builtin_any>("any(iterable, /)",
                        "Tell whether at least one item of an iterable is true.\n\nStops at the first true item. With no items "
                        "at all, the answer is False."),
    native<builtin_ascii>("ascii(obj, /)", "Return an ASCII-only representation of an object."),
    native<builtin_bin>("bin(number, /)",
                        "Write an integer in base 2, as a string that starts with 0b.\n\n   >>> bin(-20)\n   '-0b10100'"),
    native_raw(builtin_breakpoint, "breakpoint(*args, **kws)",
               "Stop here and enter the debugger.\n\nAll arguments, positional and keyword, go to sys.breakpointhook(), which "
               "has\nto be able to take them. Unless a program replaces that hook or the\nenvironment variable PYTHONBREAKPOINT "
               "does, the debugger is pdb."),
    native<builtin_callable>("callable(obj, /)",
                             "Tell whether an object can be called.\n\nThat holds for functions, methods and classes, and for "
                             "instances of classes\nthat define __call__()."),
    native<builtin_chr>(
        "chr(i, /)",
        "Return the character with code point i, as a string of length 1.\n\nValueError means that i is not in range(0x110000)."),
    native<builtin_compile>(
        "compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        "Turn source into a code object for exec() or eval(), or into an AST.\n\n  source\n    A str, a bytes-like object or an "
        "AST.\n  filename\n    The name that tracebacks show; the file need not exist.\n  mode\n    'exec' for a module, 'eval' "
        "for one expression, 'single' for one\n    interactive statement.\n  flags\n    Compiler options and __future__ features "
        "to switch on, combined\n    with |.\n  dont_inherit\n    If true, ignore the __future__ features of the calling code;\n "
        "   otherwise they are added to flags.\n  optimize\n    -1 for the interpreter's own level, or 0, 1 or 2 as with "
        "-O.\n\nRaise SyntaxError if source is not valid, and ValueError for an argument\nwith an unknown value or null bytes in "
        "the source."),
    native<builtin_delattr>("delattr(obj, name, /)",
                            "Remove an attribute, given its name as a string.\n\nWith a name known beforehand, delattr(a, "
                            "'size') can be written del a.size."),
    native<builtin_dir>("dir(object=<frame>, /)", "dir([object]) -> list of str\n\nShow attributes of an object."),
    native<builtin_divmod>("divmod(x, y, /)",
                           "Return quotient and remainder of x and y in one tuple: (x // y, x % y).\n\nThe quotient times y, "
                           "plus the remainder, makes x again."),
    native<builtin_eval>(
        "eval(source, globals=None, locals=None, /)",
        "Compute the value of a Python expression.\n\nsource is the expression as text, or a code object from "
        "compile().\nglobals, a dict, holds its global variables; locals, any mapping, holds\nits local ones and is the same as "
        "globals if left out.  Without both, the\nexpression sees the variables of the caller."),
    native<builtin_exec>("exec(source, globals=None, locals=None, /, *, closure=None)",
                         "Run Python statements.\n\nsource is their text, or a code object from compile().  globals, a "
                         "dict,\nand locals, any mapping, hold the variables; locals is the same as globals\nif left out, and "
                         "without both the statements use those of the caller.\nclosure is a tuple of cells, needed only for a "
                         "code object that has free\nvariables, one for each.\n\nReturn None."),
    native<builtin_format>("format(value, format_spec='', /)", "Return type(value).__format__(value, format_spec)"),
    native_raw(builtin_getattr, "getattr(object, name, default=None, /)",
               "Read an attribute, given its name as a string.\n\nWith a name known beforehand, getattr(a, 'size') can be "
               "written a.size. A\nthird argument is what to return if there is no such attribute; with only two\narguments, "
               "AttributeError is raised in that case."),
    native<builtin_globals>("globals()",
                            "Return the dict that holds the global variables of the running code.\n\nIt is the real namespace of "
                            "the module, no copy: an assignment to one of its\nkeys sets a global variable."),
    native<builtin_hasattr>("hasattr(obj, name, /)",
                            "Tell whether obj has an attribute, given its name as a string.\n\nIt tries getattr() and takes an "
                            "AttributeError as a no; other exceptions come\nthrough."),
    native<builtin_hash>("hash(obj, /)", "Return the hash value for the given object."),
    native<builtin_hex>("hex(number, /)",
                        "Write an integer in base 16, as a string that starts with 0x.\n\n   >>> hex(48879)\n   '0xbeef'"),
    native<builtin_id>("id(obj, /)", "Return the identity of an object."),
    native<builtin_input>("input(prompt='', /)",
                          "Ask for a line: write prompt, if any, and wait for the user's answer.\n\nThe line comes from "
                          "sys.stdin as a str, without its newline.  At the end of\nthe file EOFError is raised.  On a terminal "
                          "the line can be edited if the\nreadline module is loaded."),
    native<builtin_isinstance>(
        "isinstance(obj, class_or_tuple, /)",
        "Tell whether obj belongs to a class, directly or through inheritance.\n\nclass_or_tuple may be a class, a union such as "
        "int | str, or a tuple of\nthese, nested as deeply as you like; one match in it is enough."),
    native<builtin_issubclass>(
        "issubclass(cls, class_or_tuple, /)",
        "Tell whether cls inherits from a class; each class counts as its own.\n\nclass_or_tuple may be a class, a union such as "
        "int | str, or a tuple of\nthese, nested as deeply as you like; one match in it is enough."),
    native<builtin_iter>("iter(object, sentinel=<none>, /)",
                         "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nMake an iterator, over a "
                         "collection or over the results of calls.\n\nThe first form asks the object itself, which has to be "
                         "iterable or a\nsequence; otherwise TypeError is raised.  The second calls the function\nwithout "
                         "arguments for each item, and stops as soon as it returns something\nequal to sentinel."),
    native<builtin_len>("len(obj, /)", "Return the number of items in a container."),
    native<builtin_locals>("locals()",
                           "Show the local variables of the calling code as a dict.\n\nIn a function, the dict is a snapshot: "
                           "whether a change to it reaches the\nvariables is not defined.  At module level it is globals(), and "
                           "in a class\nbody the namespace in the making."),
    native_raw(builtin_max, "max(*args, **kwargs)",
               "max(iterable, *, default=..., key=None) -> value\nmax(value1, value2, *values, key=None) -> value\n\nReturn the "
               "largest of several values.\n\nmax(iterable) compares the items of an iterable, max(a, b, ...) its "
               "arguments;\nof equal ones the first wins. The keyword argument key, a function of one\nargument, computes what "
               "to compare in place of the values themselves. An empty\niterable raises ValueError, unless there is a keyword "
               "argument default to\nreturn, which only the first form accepts."),
    native_raw(builtin_min, "min(*args, **kwargs)",
               "min(iterable, *, default=..., key=None) -> value\nmin(value1, value2, *values, key=None) -> value\n\nReturn the "
               "smallest of several values.\n\nmin(iterable) compares the items of an iterable, min(a, b, ...) its "
               "arguments;\nof equal ones the first wins. The keyword argument key, a function of one\nargument, computes what "
               "to compare in place of the values themselves. An empty\niterable raises ValueError, unless there is a keyword "
               "argument default to\nreturn, which only the first form accepts."),
    native<builtin_next>("next(iterator, default=<none>, /)",
                         "next(iterator[, default]) -> value\n\nReturn the next item from the iterator."),
    native<builtin_oct>("oct(number, /)",
                        "Write an integer in base 8, as a string that starts with 0o.\n\n   >>> oct(493)\n   '0o755'"),
    native<builtin_ord>("ord(c, /)", "Return the Unicode code point for a one-character string."),
    native<builtin_pow>("pow(base, exp, mod=None)",
                        "Raise base to the power exp, modulo mod if that is given.\n\nThe form with mod is for integers, and "
                        "much faster than base**exp % mod.\nThere exp may be negative if base has an inverse modulo mod; if it "
                        "has\nnone, or if mod is 0, ValueError is raised."),
    native<builtin_print>("print(*args, sep=' ', end='\\n', file=None, flush=False)",
                          "Prints the values to a stream, or to sys.stdout by default."),
    native<builtin_repr>("repr(obj, /)", "Return the canonical string representation of the object."),
    native<builtin_round>("round(number, ndigits=None)", "Round a number to a given precision in decimal digits."),
    native<builtin_setattr>("setattr(obj, name, value, /)",
                            "Set an attribute, given its name as a string.\n\nWith a name known beforehand, setattr(a, 'size', "
                            "3) can be written a.size = 3."),
    native_raw(
        builtin_sorted, "sorted(iterable, /, *, key=None, reverse=False)",
        "Sort the items of an iterable into a new list, smallest first.\n\nkey, if not None, is a function that computes from an "
        "item what to compare.\nreverse=True puts the largest first.  Items that compare equal keep their\norder."),
    native<builtin_sum>(
        "sum(iterable, /, start=0)",
        "Add up the items of an iterable, beginning with start (0 if not given).\n\nWithout items the result is start itself.  "
        "It is meant for numbers: a str,\nbytes or bytearray as start raises TypeError, use join() for these."),
    native<builtin_vars>("vars(object=<frame>, /)", "vars([object]) -> dict\n\nShow vars."),
};

#define TYPE(id, def) extern TypeDef def;
#include "objects/types.def"
#undef TYPE

static Result<void> builtins_exec(Thread& t, Module* module) {
  len_entry = native<builtin_len>("len(obj, /)").entry;
  for (Type* type :
       {types.object,    types.type,      types.int_,       types.bool_,    types.float_,       types.complex,     types.str,
        types.bytes,     types.bytearray, types.memoryview, types.tuple,    types.list,         types.dict,        types.set,
        types.frozenset, types.slice,     types.range,      types.property, types.staticmethod, types.classmethod, types.super}) {
    TRY(dict_set_str(t, module->dict(), type->name(), Value(type)));
  }
  for (TypeDef* def : {&enumerate_def, &zip_def, &map_def, &filter_def, &reversed_def}) {
    Type* type = TRY(type_from_def(t, *def));
    TRY(dict_set_str(t, module->dict(), type->name(), Value(type)));
  }
#define EXCEPTION(name, base, doc) TRY(module_set(t, module, #name, Value(exceptions.name)));
#include "objects/exceptions.def"
#undef EXCEPTION
  TRY(module_set(t, module, "EnvironmentError", Value(exceptions.OSError)));
  TRY(module_set(t, module, "IOError", Value(exceptions.OSError)));
  TRY(module_set(t, module, "None", kNone));
  TRY(module_set(t, module, "True", kTrue));
  TRY(module_set(t, module, "False", kFalse));
  TRY(module_set(t, module, "NotImplemented", kNotImplemented));
  TRY(module_set(t, module, "Ellipsis", kEllipsis));
  return module_set(t, module, "__debug__", Value::of_bool(default_optimize_level == 0));
}

ModuleDef builtins_module = {.name = "builtins",
                             .doc =
                                 "The names that every Python program can use without an import.\n\nThese are functions such as "
                                 "len(), types such as int and str, all standard\nexceptions, and constants: None, which stands "
                                 "for no value, Ellipsis, also\nwritten `...', and a few more.",
                             .functions = builtins_functions,
                             .function_count = count_of(builtins_functions),
                             .exec = builtins_exec};

}  // namespace baton
