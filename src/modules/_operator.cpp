// _operator: the operators as functions, and attrgetter, itemgetter, methodcaller.
#include "objects/at_this_moment.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

namespace {

extern TypeDef attrgetter_def, itemgetter_def, methodcaller_def;

template <BinaryOp op>
Result<Value> binary(Thread& thread, Value a, Value b) {
  return binary_op(thread, op, a, b);
}
template <BinaryOp op>
Result<Value> inplace(Thread& thread, Value a, Value b) {
  return inplace_op(thread, op, a, b);
}
template <CompareOp op>
Result<Value> compare(Thread& thread, Value a, Value b) {
  return rich_compare(thread, op, a, b);
}
template <UnaryOp op>
Result<Value> unary(Thread& thread, Value a) {
  return unary_op(thread, op, a);
}

Result<Value> op_pow(Thread& thread, Value a, Value b) { return power(thread, a, b, kNone); }
Result<Value> op_abs(Thread& thread, Value a) {
  Value method = TRY(find_special(thread, a, names.dunder_abs));
  if (method == kNotFound) return raise_type_error(thread, "bad operand type for abs(): '{!t}'", a);
  return call(thread, method);
}
Result<Value> op_index(Thread& thread, Value a) { return to_index(thread, a); }
Result<bool> op_truth(Thread& thread, Value a) { return truth(thread, a); }
Result<bool> op_not(Thread& thread, Value a) { return !TRY(truth(thread, a)); }
Result<bool> op_is(Thread& thread, Value a, Value b) { return a == b; }
Result<bool> op_is_not(Thread& thread, Value a, Value b) { return !(a == b); }
Result<Value> op_getitem(Thread& thread, Value a, Value b) { return get_item(thread, a, b); }
Result<void> op_setitem(Thread& thread, Value a, Value b, Value c) { return set_item(thread, a, b, c); }
Result<void> op_delitem(Thread& thread, Value a, Value b) { return delete_item(thread, a, b); }
Result<bool> op_contains(Thread& thread, Value a, Value b) { return contains(thread, a, b); }

bool is_sequence(Value v) { return type_of(v)->slot(Slot::getitem).is_present() && !is<Dict>(v); }

Result<Value> op_concat(Thread& thread, Value a, Value b) {
  if (!is_sequence(a)) return raise_type_error(thread, "'{!t}' object can't be concatenated", a);
  return binary_op(thread, BinaryOp::Add, a, b);
}
Result<Value> op_iconcat(Thread& thread, Value a, Value b) {
  if (!is_sequence(a)) return raise_type_error(thread, "'{!t}' object can't be concatenated", a);
  return inplace_op(thread, BinaryOp::Add, a, b);
}

Result<Value> iterator_for_search(Thread& thread, Value a) {
  Result<Value> iterator = get_whole_iter(thread, a);
  if (iterator.is_failed() && clear_pending_if(thread, exceptions.TypeError))
    return raise_type_error(thread, "argument of type '{!t}' is not iterable", a);
  return iterator;
}

Result<Index> op_count_of(Thread& thread, Value a, Value b) {
  Value iterator = TRY(iterator_for_search(thread, a));
  for (Index found = 0;;) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return found;
    found += TRY(same_or_equal(thread, v, b));
  }
}

Result<Index> op_index_of(Thread& thread, Value a, Value b) {
  Value iterator = TRY(iterator_for_search(thread, a));
  for (Index i = 0;; ++i) {
    Value v = TRY(iter_next(thread, iterator));
    if (v == kExhausted) return raise_value_error(thread, "sequence.index(x): x not in sequence");
    if (TRY(same_or_equal(thread, v, b))) return i;
  }
}

Result<Index> op_length_hint(Thread& thread, Value object, Value fallback) {
  if (int_exact(fallback).is_absent())
    return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", fallback);
  return length_hint(thread, object, TRY(to_index_checked(thread, fallback, exceptions.OverflowError)));
}

Result<Value> op_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(thread, "call expected at least 1 argument, got 0");
  return call_values(thread, args[0], args + 1, n - 1, kwnames);
}

// ---------------------------------------------------------------------------------------------------------------- getters

// attrgetter: names_ as given, parts_ a tuple with one entry each: a str, or a tuple of str for dotted names.
// itemgetter: names_ the keys. methodcaller: names_ the positional arguments, name first; keywords_ names and values.
class Getter final : public Cell {
 public:
  void init(Tuple* names, Tuple* parts, Value keywords) {
    names_.init(names);
    parts_.init(parts);
    keywords_.init(keywords);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(names_, parts_, keywords_); }
  Field<Tuple> names_, parts_;
  Field<Value> keywords_;  // methodcaller: absent, or a tuple (keyword names, value, value ...)
};

Result<Value> one_argument(Thread& thread, const char* name, Value const* args, usize n, Tuple* kwnames) {
  if (n == 2 && !kwnames) [[likely]]
    return args[1];
  TRY(check_no_keywords(thread, name, kwnames));
  TRY(check_positional(thread, name, n - 1, 1, 1));
  return args[1];
}

Result<Value> split_name(Thread& thread, Str* name) {
  Index dot = str_find_unit(name, '.', 0, name->length());
  if (dot < 0) return TRY(str_intern(thread, TRY(str_exact(thread, name))));
  List* parts = TRY(make_list(thread));
  for (Index start = 0;;) {
    Index end = dot < 0 ? name->length() : dot;
    TRY(list_append(thread, parts, Value(TRY(str_intern(thread, TRY(str_slice(thread, name, start, end)))))));
    if (dot < 0) break;
    start = dot + 1;
    dot = str_find_unit(name, '.', start, name->length());
  }
  return TRY(list_to_tuple(thread, parts));
}

Result<Value> attrgetter_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, attrgetter_def.type));
  TRY(check_no_keywords(thread, "attrgetter", kwnames));
  if (n == 1) return raise_type_error(thread, "attrgetter expected 1 argument, got 0");
  Tuple* given = TRY(make_tuple(thread, args + 1, static_cast<Index>(n - 1)));
  Tuple* parts = TRY(make_tuple(thread, nullptr, given->length()));
  for (Index i = 0; i < given->length(); ++i) {
    if (!is<Str>(given->at(i))) return raise_type_error(thread, "attribute name must be a string");
    parts->set_at(i, TRY(split_name(thread, given->at(i).as<Str>())));
  }
  return make_of<Getter>(thread, type, given, parts, Value());
}

Result<Value> get_path(Thread& thread, Value object, Value path) {
  if (is<Str>(path)) return get_attr(thread, object, path.as<Str>());
  Tuple* parts = path.as<Tuple>();
  for (Index i = 0; i < parts->length(); ++i) object = TRY(get_attr(thread, object, parts->at(i).as<Str>()));
  return object;
}

Result<Value> attrgetter_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value object = TRY(one_argument(thread, "attrgetter", args, n, kwnames));
  Tuple* parts = args[0].as<Getter>()->parts_.get();
  if (parts->length() == 1) return get_path(thread, object, parts->at(0));
  Tuple* made = TRY(make_tuple(thread, nullptr, parts->length()));
  for (Index i = 0; i < parts->length(); ++i) made->set_at(i, TRY(get_path(thread, object, parts->at(i))));
  return Value(made);
}

Result<Value> itemgetter_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, itemgetter_def.type));
  TRY(check_no_keywords(thread, "itemgetter", kwnames));
  if (n == 1) return raise_type_error(thread, "itemgetter expected 1 argument, got 0");
  return make_of<Getter>(thread, type, TRY(make_tuple(thread, args + 1, static_cast<Index>(n - 1))), static_cast<Tuple*>(nullptr),
                         Value());
}

// Rows are tuples or lists, most of the time.
Result<Value> item_of(Thread& thread, Value object, Value key) {
  if (key.is_small_int() && key.small_int() >= 0) {
    Index i = key.small_int();
    if (is_exact<Tuple>(object) && i < object.as<Tuple>()->length()) return object.as<Tuple>()->at(i);
    if (Value item = is_exact<List>(object) ? object.as<List>()->try_at(i) : Value(); item.is_present()) return item;
  }
  return get_item(thread, object, key);
}

Result<Value> itemgetter_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value object = TRY(one_argument(thread, "itemgetter", args, n, kwnames));
  Tuple* keys = args[0].as<Getter>()->names_.get();
  if (keys->length() == 1) return item_of(thread, object, keys->at(0));
  Tuple* made = TRY(make_tuple(thread, nullptr, keys->length()));
  for (Index i = 0; i < keys->length(); ++i) made->set_at(i, TRY(item_of(thread, object, keys->at(i))));
  return Value(made);
}

Result<Value> methodcaller_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, methodcaller_def.type));
  if (n < 2) return raise_type_error(thread, "methodcaller needs at least one argument, the method name");
  if (!is<Str>(args[1])) return raise_type_error(thread, "method name must be a string");
  Tuple* given = TRY(make_tuple(thread, args + 1, static_cast<Index>(n - 1)));
  given->set_at(0, Value(TRY(str_intern(thread, TRY(str_exact(thread, args[1].as<Str>()))))));
  Value keywords;
  if (kwnames) {
    Tuple* both = TRY(make_tuple(thread, nullptr, kwnames->length() + 1));
    both->set_at(0, Value(kwnames));
    for (Index i = 0; i < kwnames->length(); ++i) both->set_at(i + 1, args[n + static_cast<usize>(i)]);
    keywords = Value(both);
  }
  return make_of<Getter>(thread, type, given, static_cast<Tuple*>(nullptr), keywords);
}

Result<Value> methodcaller_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value object = TRY(one_argument(thread, "methodcaller", args, n, kwnames));
  Getter* self = args[0].as<Getter>();
  Tuple* given = self->names_.get();
  Str* name = given->at(0).as<Str>();
  usize count = static_cast<usize>(given->length() - 1);
  Value keywords = self->keywords_.get();
  if (keywords.is_absent()) return call_method_values(thread, object, name, given->items() + 1, count);
  Tuple* both = keywords.as<Tuple>();
  RootVector list;
  for (usize i = 0; i < count; ++i) list.push(given->at(static_cast<Index>(i) + 1));
  for (Index i = 1; i < both->length(); ++i) list.push(both->at(i));
  return call_values(thread, TRY(get_attr(thread, object, name)), list.data(), count, both->at(0).as<Tuple>());
}

Result<void> append_arguments(Thread& thread, Getter* self, StrBuilder& text) {
  Tuple* given = self->names_.get();
  for (Index i = 0; i < given->length(); ++i) {
    if (i) text.append_ascii(", ");
    text.append(TRY(repr(thread, given->at(i))));
  }
  if (self->keywords_.get().is_present()) {
    Tuple* both = self->keywords_.get().as<Tuple>();
    for (Index i = 1; i < both->length(); ++i) {
      text.append_ascii(", ");
      text.append(both->at(0).as<Tuple>()->at(i - 1).as<Str>());
      text.append('=');
      text.append(TRY(repr(thread, both->at(i))));
    }
  }
  return ok;
}

Result<Str*> getter_repr(Thread& thread, Getter* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  Str* name = TRY(type_qualified_name(thread, type_of(Value(self))));
  if (TRY(repr_enter(thread, Value(self)))) return format_message(thread, "{}(...)", name);
  StrBuilder text;
  text.append(name);
  text.append('(');
  Result<void> done = append_arguments(thread, self, text);
  repr_leave(thread, Value(self));
  TRY(done);
  text.append(')');
  return text.build(thread);
}

Result<Value> getter_reduce(Thread& thread, Getter* self) {
  Value type(type_of(Value(self)));
  if (self->keywords_.get().is_absent()) return TRY(tuple_of(thread, type, Value(self->names_.get())));
  Value partial = TRY(get_attr_ascii(thread, TRY(import_module(thread, "functools")), "partial"));
  Tuple *both = self->keywords_.get().as<Tuple>(), *given = self->names_.get();
  RootVector list;
  list.push(type);
  list.push(given->at(0));
  for (Index i = 1; i < both->length(); ++i) list.push(both->at(i));
  Value made = TRY(call_values(thread, partial, list.data(), 2, both->at(0).as<Tuple>()));
  return TRY(tuple_of(thread, made, Value(TRY(tuple_slice(thread, given, 1, given->length())))));
}

#define GETTER_TYPE(id, text, documentation)                                                    \
  constinit NativeDef id##_methods[] = {                                                        \
      native_raw(id##_new, "__new__(type, /, *args, **kwargs)",                                 \
                 "Make an instance; the class's own help describes the arguments."),            \
      native_raw(id##_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."), \
      native<getter_repr>("__repr__($self, /)", "Return repr(self)."),                          \
      native<getter_reduce>("__reduce__($self, /)", "Return state information for pickling"),   \
  };                                                                                            \
  constinit TypeDef id##_def = {.name = text,                                                   \
                                .doc = documentation,                                           \
                                .dynamic_kind = &DynamicKind<Getter>::value,                    \
                                .payload_size = sizeof(Getter),                                 \
                                .methods = id##_methods,                                        \
                                .method_count = count_of(id##_methods),                         \
                                .kind_info = kind_info_of<Getter>("operator getter")};
GETTER_TYPE(attrgetter, "operator.attrgetter",
            "attrgetter(attr, ...) --> attrgetter object\n\nA callable that reads fixed attributes of its argument.\n\nFor one "
            "name the result is the value: attrgetter('real')(z) is z.real. For\nseveral it is a tuple: attrgetter('real', "
            "'imag')(z) is (z.real, z.imag).\nA name with dots, like 'a.b', is followed step by step.")
GETTER_TYPE(itemgetter, "operator.itemgetter",
            "itemgetter(item, ...) --> itemgetter object\n\nA callable that looks up fixed keys or indexes in its "
            "argument.\n\nFor one item the result is the value found: itemgetter('x')(d) is d['x'].\nFor several it is a tuple: "
            "itemgetter(0, -1)(s) is (s[0], s[-1]).")
GETTER_TYPE(
    methodcaller, "operator.methodcaller",
    "methodcaller(name, ...) --> methodcaller object\n\nA callable that calls the method called name on its argument.\n\nFurther "
    "arguments are passed to the method every time:\nmethodcaller('split', ',', maxsplit=1)(s) is s.split(',', maxsplit=1).")
#undef GETTER_TYPE

constinit NativeDef functions[] = {
    native<op_truth>("truth($module, a, /)", "Return True if a is true, False otherwise."),
    native<op_contains>("contains($module, a, b, /)", "Same as b in a (note reversed operands)."),
    native<op_index_of>("indexOf($module, a, b, /)", "Return the first index of b in a."),
    native<op_count_of>("countOf($module, a, b, /)", "Count the items of a that equal b or are b itself."),
    native<op_is>("is_($module, a, b, /)", "Same as a is b."),
    native<op_is_not>("is_not($module, a, b, /)", "Same as a is not b."),
    native<binary<BinaryOp::Add>>("add($module, a, b, /)", "Same as a + b."),
    native<binary<BinaryOp::Sub>>("sub($module, a, b, /)", "Same as a - b."),
    native<binary<BinaryOp::Mul>>("mul($module, a, b, /)", "Same as a * b."),
    native<binary<BinaryOp::MatMul>>("matmul($module, a, b, /)", "Same as a @ b."),
    native<binary<BinaryOp::FloorDiv>>("floordiv($module, a, b, /)", "Same as a // b."),
    native<binary<BinaryOp::TrueDiv>>("truediv($module, a, b, /)", "Same as a / b."),
    native<binary<BinaryOp::Mod>>("mod($module, a, b, /)", "Same as a % b."),
    native<unary<UnaryOp::Negative>>("neg($module, a, /)", "Same as -a."),
    native<unary<UnaryOp::Positive>>("pos($module, a, /)", "Same as +a."),
    native<op_abs>("abs($module, a, /)", "Same as abs(a)."),
    native<unary<UnaryOp::Invert>>("inv($module, a, /)", "Same as ~a."),
    native<unary<UnaryOp::Invert>>("invert($module, a, /)", "Same as ~a."),
    native<op_index>("index($module, a, /)", "Same as a.__index__()"),
    native<binary<BinaryOp::LShift>>("lshift($module, a, b, /)", "Same as a << b."),
    native<binary<BinaryOp::RShift>>("rshift($module, a, b, /)", "Same as a >> b."),
    native<op_not>("not_($module, a, /)", "Same as not a."),
    native<binary<BinaryOp::And>>("and_($module, a, b, /)", "Same as a & b."),
    native<binary<BinaryOp::Xor>>("xor($module, a, b, /)", "Same as a ^ b."),
    native<binary<BinaryOp::Or>>("or_($module, a, b, /)", "Same as a | b."),
    native<inplace<BinaryOp::Add>>("iadd($module, a, b, /)", "Same as a += b."),
    native<inplace<BinaryOp::Sub>>("isub($module, a, b, /)", "Same as a -= b."),
    native<inplace<BinaryOp::Mul>>("imul($module, a, b, /)", "Same as a *= b."),
    native<inplace<BinaryOp::MatMul>>("imatmul($module, a, b, /)", "Same as a @= b."),
    native<inplace<BinaryOp::FloorDiv>>("ifloordiv($module, a, b, /)", "Same as a //= b."),
    native<inplace<BinaryOp::TrueDiv>>("itruediv($module, a, b, /)", "Same as a /= b."),
    native<inplace<BinaryOp::Mod>>("imod($module, a, b, /)", "Same as a %= b."),
    native<inplace<BinaryOp::LShift>>("ilshift($module, a, b, /)", "Same as a <<= b."),
    native<inplace<BinaryOp::RShift>>("irshift($module, a, b, /)", "Same as a >>= b."),
    native<inplace<BinaryOp::And>>("iand($module, a, b, /)", "Same as a &= b."),
    native<inplace<BinaryOp::Xor>>("ixor($module, a, b, /)", "Same as a ^= b."),
    native<inplace<BinaryOp::Or>>("ior($module, a, b, /)", "Same as a |= b."),
    native<inplace<BinaryOp::Pow>>("ipow($module, a, b, /)", "Same as a **= b."),
    native<op_concat>("concat($module, a, b, /)", "Same as a + b, for a and b sequences."),
    native<op_iconcat>("iconcat($module, a, b, /)", "Same as a += b, for a and b sequences."),
    native<op_getitem>("getitem($module, a, b, /)", "Same as a[b]."),
    native<op_setitem>("setitem($module, a, b, c, /)", "Same as a[b] = c."),
    native<op_delitem>("delitem($module, a, b, /)", "Same as del a[b]."),
    native<op_pow>("pow($module, a, b, /)", "Same as a ** b."),
    native<compare<CompareOp::Lt>>("lt($module, a, b, /)", "Same as a < b."),
    native<compare<CompareOp::Le>>("le($module, a, b, /)", "Same as a <= b."),
    native<compare<CompareOp::Eq>>("eq($module, a, b, /)", "Same as a == b."),
    native<compare<CompareOp::Ne>>("ne($module, a, b, /)", "Same as a != b."),
    native<compare<CompareOp::Gt>>("gt($module, a, b, /)", "Same as a > b."),
    native<compare<CompareOp::Ge>>("ge($module, a, b, /)", "Same as a >= b."),
    native<op_length_hint>("length_hint($module, obj, default=0, /)",
                           "Guess how many items obj will yield, for example to reserve space.\n\nFor an object with a len(), "
                           "this is the true number. For another it is what\nits __length_hint__() says, which may be far off "
                           "either way, or default if it\nhas no idea. It is never negative."),
    native_raw(op_call, "call($module, obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs)."),
    native<compare_digest>(
        "_compare_digest($module, a, b, /)",
        "Compare two secrets in a time that does not depend on what they contain.\n\nThe result is that of a == b. Both have to "
        "be ASCII-only str objects, or both\nbytes-like objects; anything else raises TypeError.\n\nHow long the call takes may "
        "still tell an attacker the types and the lengths,\nif the latter differ or the call fails, but not the contents."),
};
TypeDef* const exported[] = {&itemgetter_def, &attrgetter_def, &methodcaller_def};

}  // namespace

constinit ModuleDef operator_module = {
    .name = "_operator",
    .doc =
        "Python's operators as functions.\n\nEach function is named after the special method of its operator, without "
        "the\nunderscores: add(x, y), for example, computes x + y. This is the native part\nof the operator module, which also "
        "provides the names with underscores.",
    .functions = functions,
    .function_count = count_of(functions),
    .types = exported,
    .type_count = sizeof(exported) / sizeof(*exported),
};

}  // namespace baton
