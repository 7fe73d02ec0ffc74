// function, cell and bound method types.
#include "objects/function.h"

#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/dict_near.h"
#include "objects/foreign_builtins.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/type_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- function

// Globals that say nothing of builtins have those of the code that makes the function.
static Result<Dict*> builtins_of(Thread& thread, Dict* globals) {
  static Relaxed<u32> place;
  Value v = dict_find_str_near(globals, names.dunder_builtins, place);
  if (is<Module>(v)) return v.as<Module>()->dict();
  if (is<Dict>(v)) return v.as<Dict>();
  if (v.is_present()) return make_foreign_builtins(thread, v);
  if (Frame* frame = thread.top_frame(); frame && frame->builtins) return frame->builtins;
  return runtime.builtins->dict();
}

Result<Function*> make_function(Thread& thread, Code* code, Dict* globals, Value qualname) {
  Function* f = TRY(make<Function>(thread, code, globals, TRY(builtins_of(thread, globals)), qualname));
  static Relaxed<u32> place;
  f->module_.init(dict_find_str_near(globals, names.dunder_name, place));
  f->tail_.extra_.init(nullptr);
  return f;
}

static Result<Value> function_doc(Thread& thread, Function* f) {
  if (Value given = f->doc_.get(); given.is_present()) return given;
  return code_docstring(thread, f->code());
}

static Result<Value> function_new(Thread& thread, Type* type, Code* code, Dict* globals, Value name, Value defaults,
                                  Value closure) {
  if (!name.is_none() && !is<Str>(name)) return raise_type_error(thread, "arg 3 (name) must be None or string");
  if (!defaults.is_none() && !is<Tuple>(defaults)) return raise_type_error(thread, "arg 4 (defaults) must be None or tuple");
  Index free = code->free_count();
  if (!is<Tuple>(closure)) {
    if (free && closure.is_none()) return raise_type_error(thread, "arg 5 (closure) must be tuple");
    if (!closure.is_none()) return raise_type_error(thread, "arg 5 (closure) must be None or tuple");
  }
  Index cells = closure.is_none() ? 0 : closure.as<Tuple>()->length();
  if (free != cells) return raise_value_error(thread, "{} requires closure of length {}, not {}", code->name(), free, cells);
  for (Index i = 0; i < cells; ++i) {
    if (!is<ClosureCell>(closure.as<Tuple>()->at(i)))
      return raise_type_error(thread, "arg 5 (closure) expected cell, found {!t}", closure.as<Tuple>()->at(i));
  }
  TRY(audit(thread, "function.__new__", Value(code)));
  Function* f = TRY(make_function(thread, code, globals, Value(code->qualname())));
  if (!name.is_none()) f->name_.set(f, name);
  if (!defaults.is_none()) f->defaults_.set(f, defaults.as<Tuple>());
  if (cells) f->closure_.set(f, closure.as<Tuple>());
  return f;
}

static Result<Str*> function_repr(Thread& thread, Function* self) {
  u64 id = object_id(Value(self));
  return format_message(thread, "<function {} at {}>", self->qualname_.get(),
                        TRY(int_to_text(thread, TRY(int_from_u64(thread, id)), 16, true)));
}
static Result<Value> function_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_python_function(thread, args[0].as<Function>(), args + 1, n - 1, kwnames);
}
static Result<Value> function_get(Thread& thread, Value self, Value instance, Value owner) {
  if (instance.is_none()) return self;
  return make<BoundMethod>(thread, self, instance);
}

static Result<Value> get_code(Thread& thread, Value self) {
  TRY(audit_read(thread, self, "__code__"));
  return Value(self.as<Function>()->code());
}
static Result<void> set_code(Thread& thread, Value self, Value v) {
  if (!is<Code>(v)) return raise_type_error(thread, "__code__ must be set to a code object");
  TRY(audit_write(thread, self, "__code__", v));
  Function* f = self.as<Function>();
  Index have = f->closure() ? f->closure()->length() : 0, want = v.as<Code>()->free_count();
  if (have != want)
    return raise_value_error(thread, "{}() requires a code object with {} free vars, not {}", f->name_.get(), have, want);
  f->doc_.set(f, TRY(function_doc(thread, f)));  // stays that of the first code
  f->code_.set(f, v.as<Code>());
  ++f->version_;
  return ok;
}
static Result<Value> get_defaults(Thread& thread, Value self) {
  TRY(audit_read(thread, self, "__defaults__"));
  Tuple* d = self.as<Function>()->defaults();
  return d ? Value(d) : kNone;
}
static Result<void> set_defaults(Thread& thread, Value self, Value v) {
  if (v.is_present() && !v.is_none() && !is<Tuple>(v))
    return raise_type_error(thread, "__defaults__ must be set to a tuple object");
  TRY(audit_write(thread, self, "__defaults__", v));
  if (v.is_absent() || v.is_none())
    self.as<Function>()->defaults_.clear();
  else
    self.as<Function>()->defaults_.set(self.cell(), v.as<Tuple>());
  return ok;
}
static Result<Value> get_kwdefaults(Thread& thread, Value self) {
  TRY(audit_read(thread, self, "__kwdefaults__"));
  Dict* d = self.as<Function>()->kwdefaults();
  return d ? Value(d) : kNone;
}
static Result<void> set_kwdefaults(Thread& thread, Value self, Value v) {
  if (v.is_present() && !v.is_none() && !is<Dict>(v))
    return raise_type_error(thread, "__kwdefaults__ must be set to a dict object");
  TRY(audit_write(thread, self, "__kwdefaults__", v));
  if (v.is_absent() || v.is_none())
    self.as<Function>()->kwdefaults_.clear();
  else
    self.as<Function>()->kwdefaults_.set(self.cell(), v.as<Dict>());
  return ok;
}
static Result<Value> get_name(Thread&, Value self) { return self.as<Function>()->name_.get(); }
static Result<void> set_name(Thread& thread, Value self, Value v) {
  if (!is<Str>(v)) return raise_type_error(thread, "__name__ must be set to a string object");
  self.as<Function>()->name_.set(self.cell(), v);
  return ok;
}
static Result<Value> get_qualname(Thread&, Value self) { return self.as<Function>()->qualname_.get(); }
static Result<void> set_qualname(Thread& thread, Value self, Value v) {
  if (!is<Str>(v)) return raise_type_error(thread, "__qualname__ must be set to a string object");
  self.as<Function>()->qualname_.set(self.cell(), v);
  return ok;
}
static Result<Value> get_module(Thread&, Value self) {
  Value v = self.as<Function>()->module_.get();
  return v.is_present() ? v : kNone;
}
static Result<void> set_module(Thread&, Value self, Value v) {
  self.as<Function>()->module_.set(self.cell(), v.is_present() ? v : kNone);
  return ok;
}
static Result<Value> get_doc(Thread& thread, Value self) { return function_doc(thread, self.as<Function>()); }
static Result<void> set_doc(Thread&, Value self, Value v) {
  self.as<Function>()->doc_.set(self.cell(), v.is_present() ? v : kNone);
  return ok;
}
static Result<Value> get_annotations(Thread& thread, Value self) {
  Function* f = self.as<Function>();
  Value v = f->annotations_.get();
  if (is<Dict>(v)) return v;
  Dict* made = TRY(make_dict(thread));
  if (is<Tuple>(v)) {
    for (Index i = 0; i + 1 < v.as<Tuple>()->length(); i += 2)
      TRY(dict_set(thread, made, v.as<Tuple>()->at(i), v.as<Tuple>()->at(i + 1)));
  }
  f->annotations_.set(f, Value(made));
  return made;
}
static Result<void> set_annotations(Thread& thread, Value self, Value v) {
  if (v.is_present() && !v.is_none() && !is<Dict>(v))
    return raise_type_error(thread, "__annotations__ must be set to a dict object");
  self.as<Function>()->annotations_.set(self.cell(), v.is_none() ? Value() : v);
  return ok;
}
static Result<Value> get_globals(Thread&, Value self) { return Value(self.as<Function>()->globals()); }
static Result<Value> get_builtins(Thread&, Value self) { return shown_builtins(self.as<Function>()->builtins()); }
static Result<Value> get_closure(Thread&, Value self) {
  Tuple* c = self.as<Function>()->closure();
  return c ? Value(c) : kNone;
}

static constinit NativeDef function_methods[] = {
    native<function_new>("__new__(type, code, globals, name=None, argdefs=None, closure=None)",
                         "Make an instance; the class's own help describes the arguments."),
    native<function_repr>("__repr__($self, /)", "Return repr(self)."),
    native_raw(function_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<function_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
};
static GetSetDef function_getsets[] = {
    {"__code__", get_code, set_code, nullptr},
    {"__defaults__", get_defaults, set_defaults, nullptr},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, nullptr},
    {"__name__", get_name, set_name, nullptr},
    {"__qualname__", get_qualname, set_qualname, nullptr},
    {"__module__", get_module, set_module, nullptr, true},
    {"__doc__", get_doc, set_doc, nullptr, true},
    {"__annotations__", get_annotations, set_annotations, nullptr},
    {"__globals__", get_globals, nullptr, nullptr, true},
    {"__builtins__", get_builtins, nullptr, nullptr, true},
    {"__closure__", get_closure, nullptr, nullptr, true},
    {"__dict__", generic_get_dict, native_set_dict, nullptr},
};
constinit TypeDef function_def = {
    .name = "function",
    .doc =
        "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\nCreate a function object.\n\n  code\n    a code "
        "object\n  globals\n    the globals dictionary\n  name\n    a string "
        "that overrides the name from the code object\n  argdefs\n    a tuple that specifies the default argument values\n  "
        "closure\n    a tuple that supplies the bindings for free variables",
    .kind = kKindFunction,
    .payload_size = sizeof(Function),
    .flags = kTypeHasDict | kTypeWeakrefable,
    .methods = function_methods,
    .method_count = count_of(function_methods),
    .getsets = function_getsets,
    .getset_count = sizeof(function_getsets) / sizeof(*function_getsets),
    .kind_info = kind_info_of<Function>("function")};

// ---------------------------------------------------------------------------------------------------------------- cell

static Result<Value> cell_new(Thread& thread, Type* type, Optional<Value> contents) {
  return make_of<ClosureCell>(thread, type, contents.has_value() ? contents.value : Value());
}
static Result<Str*> cell_repr(Thread& thread, ClosureCell* self) {
  Str* id = TRY(int_to_text(thread, TRY(int_from_u64(thread, object_id(Value(self)))), 16, true));
  if (self->get().is_absent()) return format_message(thread, "<cell at {}: empty>", id);
  return format_message(thread, "<cell at {}: {!t} object at {}>", id, self->get(),
                        TRY(int_to_text(thread, TRY(int_from_u64(thread, object_id(self->get()))), 16, true)));
}
template <CompareOp op>
static Result<Value> cell_compare(Thread& thread, ClosureCell* self, Value other) {
  if (!is<ClosureCell>(other)) return kNotImplemented;
  Value a = self->get(), b = other.as<ClosureCell>()->get();
  if (a.is_present() && b.is_present()) return rich_compare(thread, op, a, b);
  return rich_compare(thread, op, Value::of_small_int(a.is_present()), Value::of_small_int(b.is_present()));
}
static Result<Value> get_contents(Thread& thread, Value self) {
  Value v = self.as<ClosureCell>()->get();
  if (v.is_absent()) return raise_value_error(thread, "Cell is empty");
  return v;
}
static Result<void> set_contents(Thread&, Value self, Value v) {
  self.as<ClosureCell>()->set(v);
  return ok;
}
static constinit NativeDef cell_methods[] = {
    native<cell_new>("__new__(type, contents=<none>, /)", "Make an instance; the class's own help describes the arguments."),
    native<cell_repr>("__repr__($self, /)", "Return repr(self)."),
    native<cell_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<cell_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<cell_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<cell_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<cell_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<cell_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
};
static GetSetDef cell_getsets[] = {{"cell_contents", get_contents, set_contents, nullptr}};
constinit TypeDef cell_def = {
    .name = "cell",
    .doc =
        "Create a new cell object.\n\n  contents\n    the contents of the cell. If not specified, the cell will be empty,\n    "
        "and \n further attempts to access its cell_contents attribute will\n    raise a ValueError.",
    .kind = kKindClosureCell,
    .payload_size = sizeof(ClosureCell),
    .methods = cell_methods,
    .method_count = count_of(cell_methods),
    .getsets = cell_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<ClosureCell>("cell")};

// ---------------------------------------------------------------------------------------------------------------- bound method

static Result<Value> method_new(Thread& thread, Type* type, Value function, Value instance) {
  if (!is_callable(function)) return raise_type_error(thread, "first argument must be callable");
  if (instance.is_none()) return raise_type_error(thread, "self must not be None");
  return make_of<BoundMethod>(thread, type, function, instance);
}
static Result<Value> method_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_values(thread, args[0], args + 1, n - 1, kwnames);
}
static Result<Str*> method_repr(Thread& thread, BoundMethod* self) {
  Value qualname = TRY(find_attr(thread, self->function(), names.dunder_qualname));
  if (qualname == kNotFound) qualname = TRY(find_attr(thread, self->function(), names.dunder_name));
  if (qualname == kNotFound || !is<Str>(qualname)) return format_message(thread, "<bound method ? of {!r}>", self->self());
  return format_message(thread, "<bound method {} of {!r}>", qualname, self->self());
}
static Result<Value> method_eq(Thread& thread, BoundMethod* self, Value other) {
  if (!is<BoundMethod>(other)) return kNotImplemented;
  BoundMethod* o = other.as<BoundMethod>();
  if (self->self() != o->self()) return kFalse;
  return Value::of_bool(TRY(same_or_equal(thread, self->function(), o->function())));
}
static Result<i64> method_hash(Thread& thread, BoundMethod* self) {
  u64 id = object_id(self->self());
  u64 h = ((id >> 4) | (id << 60)) ^ TRY(hash_of(thread, self->function()));
  return static_cast<i64>(h) == -1 ? i64{-2} : static_cast<i64>(h);
}
static Result<Value> method_getattribute(Thread& thread, BoundMethod* self, Str* name);
static Result<Value> method_find(Thread& thread, Value self, Str* name) {
  Value own = type_lookup(types.method, name);
  if (own.is_present()) return call_get(thread, own, self, types.method);
  return find_attr(thread, self.as<BoundMethod>()->function(), name);
}
static Result<Value> method_getattribute(Thread& thread, BoundMethod* self, Str* name) {
  name = TRY(str_intern(thread, name));
  Value v = TRY(method_find(thread, Value(self), name));
  if (v == kNotFound) return raise_attribute_error(thread, Value(self), name);
  return v;
}
static Result<Value> method_reduce(Thread& thread, BoundMethod* self) {
  Value name = TRY(get_attr(thread, self->function(), names.dunder_name));
  Value getattr = dict_find_str(runtime.builtins->dict(), intern(thread, "getattr"));
  return tuple_of(thread, getattr, Value(TRY(tuple_of(thread, self->self(), name))));
}
static Result<Value> get_method_function(Thread&, Value self) { return self.as<BoundMethod>()->function(); }
static Result<Value> get_method_self(Thread&, Value self) { return self.as<BoundMethod>()->self(); }
static Result<Value> get_method_doc(Thread& thread, Value self) {
  return get_attr(thread, self.as<BoundMethod>()->function(), names.dunder_doc);
}
static constinit NativeDef method_methods[] = {
    native<method_new>("__new__(type, function, instance, /)", "Make an instance; the class's own help describes the arguments."),
    native_raw(method_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<method_repr>("__repr__($self, /)", "Return repr(self)."),
    native<method_eq>("__eq__($self, value, /)", "Return self==value."),
    native<method_hash>("__hash__($self, /)", "Return hash(self)."),
    native<method_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),
    native<method_reduce>("__reduce__($self, /)"),
};
static GetSetDef method_getsets[] = {
    {"__func__", get_method_function, nullptr, "the function (or other callable) implementing a method", true},
    {"__self__", get_method_self, nullptr, "the instance to which a method is bound", true},
    {"__doc__", get_method_doc, nullptr, nullptr}};
constinit TypeDef method_def = {.name = "method",
                                .doc = "method(function, instance, /)\n--\n\nCreate a bound instance method object.",
                                .kind = kKindBoundMethod,
                                .payload_size = sizeof(BoundMethod),
                                .flags = kTypeWeakrefable,
                                .methods = method_methods,
                                .method_count = count_of(method_methods),
                                .getsets = method_getsets,
                                .getset_count = 3,
                                .kind_info = kind_info_of<BoundMethod>("method"),
                                .find_attribute = method_find};

}  // namespace baton
