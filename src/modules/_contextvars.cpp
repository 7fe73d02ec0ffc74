// _contextvars: context variables (PEP 567).
//
// A Context's mapping is a dict that is copied before a change when another Context shares it, so that copy_context() is cheap.
#include <string>

#include "heap/clear_stack.h"
#include "objects/at_this_moment.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "threads/loop_account.h"

namespace baton {

Result<Str*> format_address(Thread& thread, Value v);
Result<Value> copy_current_context(Thread& thread);  // _asyncio takes it too

class ContextVar final : public Cell {
 public:
  void init(Str* name, Value default_value) {
    name_.init(name);
    default_.init(default_value);
    // By address: the golden ratio spreads what alignment leaves out.
    u64 h = (object_id(Value(this)) >> 4) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 32;
    hash_ = static_cast<i64>(h) == -1 ? -2 : h;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(name_, default_); }
  Field<Str> name_;
  Field<Value> default_;  // absent: none
  u64 hash_;
};

class Context final : public Cell {
 public:
  void init(Dict* variables, bool shared) {
    variables_.init(variables);
    previous_.init(kNone);
    known_variable_.init(nullptr);
    known_value_.init(Value());
    shared_ = shared;
    entered_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(variables_, previous_, known_variable_, known_value_); }
  Field<Dict> variables_;
  Field<Value> previous_;  // the thread's context while this one is entered; None otherwise or when there was none
  // The variable that was found last, and its value, until the mapping changes. Only the one thread whose context this is uses
  // them.
  Field<ContextVar> known_variable_;
  Field<Value> known_value_;
  bool shared_;
  bool entered_;  // atomic: of several threads one gets in
};

class Token final : public Cell {
 public:
  void init(ContextVar* variable, Context* context, Value old_value) {
    variable_.init(variable);
    context_.init(context);
    old_value_.init(old_value);
    used_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(variable_, context_, old_value_); }
  Field<ContextVar> variable_;
  Field<Context> context_;
  Field<Value> old_value_;  // absent: the variable had none
  bool used_;
};

class MissingToken final : public Cell {
 public:
  void init() {}
  void visit_edges(EdgeVisitor&) const {}
};

extern TypeDef context_var_def, context_def, token_def, missing_token_def;
static Root<Value>* missing_token = nullptr;

static Result<Value> missing(Thread& thread) {
  if (!missing_token) {
    Value made = Value(TRY(make_of<MissingToken>(thread, TRY(type_from_def(thread, missing_token_def)))));
    missing_token = new Root<Value>(made);
  }
  return missing_token->get();
}

static Result<Context*> make_context(Thread& thread, Dict* variables, bool shared) {
  return make_of<Context>(thread, TRY(type_from_def(thread, context_def)), variables, shared);
}
static Result<Context*> current_context(Thread& thread) {
  if (is<Context>(thread.context_)) return thread.context_.as<Context>();
  Context* made = TRY(make_context(thread, TRY(make_dict(thread)), false));
  thread.context_ = Value(made);
  return made;
}
// The mapping, for changing.
static Result<Dict*> own_variables(Thread& thread, Context* context) {
  if (context->shared_) {
    context->variables_.set(context, TRY(dict_copy_of(thread, context->variables_.get())));
    context->shared_ = false;
  }
  if (context->known_variable_.get()) context->known_variable_.set(context, nullptr);
  return context->variables_.get();
}
// The variable's value in the thread's context, or kNotFound.
static Result<Value> find_variable(Thread& thread, ContextVar* variable) {
  if (!is<Context>(thread.context_)) return kNotFound;
  auto* context = thread.context_.as<Context>();
  if (context->known_variable_.get() == variable) [[likely]]
    return context->known_value_.get();
  Value v = TRY(dict_find_hashed(thread, context->variables_.get(), Value(variable), variable->hash_));
  if (v != kNotFound) {
    context->known_value_.set(context, v);
    context->known_variable_.set(context, variable);
  }
  return v;
}

// ---------------------------------------------------------------------------------------------------------------- ContextVar

static Result<Value> var_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, def.owner->type));
  if (n > 2)
    return raise_type_error(thread, "ContextVar() takes at most 1 positional argument ({} given)", static_cast<i64>(n) - 1);
  Value name = n == 2 ? args[1] : Value();
  Optional<Value> default_value;
  for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
    Value v = args[n + static_cast<usize>(k)];
    if (str_equals_ascii(kwnames->at(k).as<Str>(), "default"))
      default_value = {true, v};
    else if (name.is_absent() && str_equals_ascii(kwnames->at(k).as<Str>(), "name"))
      name = v;
    else
      return raise_type_error(thread, "'{}' is an invalid keyword argument for ContextVar()", kwnames->at(k));
  }
  if (name.is_absent()) return raise_type_error(thread, "ContextVar() takes exactly 1 positional argument (0 given)");
  if (!is<Str>(name)) return raise_type_error(thread, "context variable name must be a str");
  return make_of<ContextVar>(thread, type, name.as<Str>(), default_value.has_value() ? default_value.value : Value());
}

static Result<Value> var_get(Thread& thread, ContextVar* self, Optional<Value> fallback) {
  Value v = TRY(find_variable(thread, self));
  if (v != kNotFound) return v;
  if (fallback.has_value()) return fallback.value;
  if (Value known = self->default_.get(); known.is_present()) return known;
  return raise_with_value(thread, exceptions.LookupError, Value(self));
}

static Result<Value> var_set(Thread& thread, ContextVar* self, Value value) {
  Context* context = TRY(current_context(thread));
  Dict* variables = TRY(own_variables(thread, context));
  Value old = TRY(dict_find_hashed(thread, variables, Value(self), self->hash_));
  Token* token =
      TRY(make_of<Token>(thread, TRY(type_from_def(thread, token_def)), self, context, old == kNotFound ? Value() : old));
  TRY(dict_set_hashed(thread, variables, Value(self), self->hash_, value));
  return token;
}

// For native modules that keep something of theirs in a context variable. None: it has no value.
Result<Value> make_context_variable(Thread& thread, std::string_view name) {
  return Value(TRY(make_of<ContextVar>(thread, TRY(type_from_def(thread, context_var_def)), intern(thread, name), Value())));
}
Result<Value> context_variable_value(Thread& thread, Value variable) {
  Value v = TRY(find_variable(thread, variable.as<ContextVar>()));
  return v == kNotFound ? kNone : v;
}
Result<void> set_context_variable(Thread& thread, Value variable, Value value) {
  auto* self = variable.as<ContextVar>();
  Dict* variables = TRY(own_variables(thread, TRY(current_context(thread))));
  return dict_set_hashed(thread, variables, variable, self->hash_, value);
}

static Result<Value> var_reset(Thread& thread, ContextVar* self, Value token_value) {
  if (!is<Token>(token_value)) return raise_type_error(thread, "expected an instance of Token, got {!r}", token_value);
  auto* token = token_value.as<Token>();
  if (token->used_) return raise_runtime_error(thread, "{!r} has already been used once", token_value);
  if (token->variable_.get() != self) return raise_value_error(thread, "{!r} was created by a different ContextVar", token_value);
  Context* context = TRY(current_context(thread));
  if (token->context_.get() != context) return raise_value_error(thread, "{!r} was created in a different Context", token_value);
  token->used_ = true;
  Dict* variables = TRY(own_variables(thread, context));
  Value old = token->old_value_.get();
  if (old.is_present())
    TRY(dict_set_hashed(thread, variables, Value(self), self->hash_, old));
  else
    TRY(dict_remove_hashed(thread, variables, Value(self), self->hash_));
  return kNone;
}

static Result<Str*> var_repr(Thread& thread, ContextVar* self) {
  Str* address = TRY(format_address(thread, Value(self)));
  if (Value v = self->default_.get(); v.is_present()) {
    return format_message(thread, "<ContextVar name={!r} default={!r} at {}>", Value(self->name_.get()), v, address);
  }
  return format_message(thread, "<ContextVar name={!r} at {}>", Value(self->name_.get()), address);
}
static Result<i64> var_hash(Thread&, ContextVar* self) { return static_cast<i64>(self->hash_); }
static Result<Value> generic_class_getitem(Thread& thread, Type* type, Value item) { return class_getitem(thread, type, item); }
static Result<Value> get_var_name(Thread&, Value self) { return Value(self.as<ContextVar>()->name_.get()); }

// ---------------------------------------------------------------------------------------------------------------- Token

static Result<Value> token_new(Thread& thread, NativeDef const&, Value const*, usize, Tuple*) {
  return raise_runtime_error(thread, "Tokens can only be created by ContextVars");
}
static Result<Str*> token_repr(Thread& thread, Token* self) {
  return format_message(thread, "<Token{} var={!r} at {}>", self->used_ ? " used" : "", Value(self->variable_.get()),
                        TRY(format_address(thread, Value(self))));
}
static Result<Value> get_token_var(Thread&, Value self) { return Value(self.as<Token>()->variable_.get()); }
static Result<Value> get_token_old_value(Thread& thread, Value self) {
  Value v = self.as<Token>()->old_value_.get();
  return v.is_present() ? Result<Value>(v) : missing(thread);
}
static Result<Str*> missing_repr(Thread& thread, MissingToken*) { return str_from_ascii(thread, "<Token.MISSING>"); }
static Result<void> no_hash(Thread& thread, Type* type) { return type_set_attribute(thread, type, names.dunder_hash, kNone); }
static Result<void> finish_token(Thread& thread, Type* type) {
  TRY(no_hash(thread, type));
  return type_set_attribute(thread, type, intern(thread, "MISSING"), TRY(missing(thread)));
}

// ---------------------------------------------------------------------------------------------------------------- Context

static Result<Value> context_new(Thread& thread, NativeDef const&, Value const*, usize n, Tuple* kwnames) {
  if (n > 1 || kwnames) return raise_type_error(thread, "Context() does not accept any arguments");
  return make_context(thread, TRY(make_dict(thread)), false);
}

// What the loop calls is timed, for the report. Never inlined: objects that words left in unused parts of the frame refer to
// would live as long as the callback runs.
BATON_COLD static Result<Value> call_of_loop(Thread& thread, Value callable, const Value* args, usize n, Tuple* kwnames) {
  LoopCallback callback(thread);
  Result<Value> answer = call_values(thread, callable, args, n, kwnames);
  if (callback.is_slow()) {
    Value owner, function = is<BoundMethod>(callable) ? callable.as<BoundMethod>()->function() : callable;
    Str* name = is<Function>(function) ? function.as<Function>()->code()->qualname() : type_of(function)->name();
    callback.describe(std::string(str_utf8_lossy(thread, name, &owner)).c_str(), "");
  }
  return answer;
}
static bool is_called_by_loop(Thread& thread) {
  if (!loop_account::is_on) [[likely]]
    return false;
  Value loop = thread.current_asyncio_loop_;
  return loop.is_present() && !loop.is_none() && !LoopCallback::of(thread);
}

static Result<Value> context_run(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Context>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n < 2) return raise_type_error(thread, "run() missing 1 required positional argument");
  auto* self = args[0].as<Context>();
  if (__atomic_exchange_n(&self->entered_, true, __ATOMIC_ACQUIRE))
    return raise_runtime_error(thread, "cannot enter context: {!r} is already entered", args[0]);
  Value previous = thread.context_;
  self->previous_.set(self, previous.is_present() ? previous : kNone);
  thread.context_ = args[0];
  // A loop calls everything from here. What an earlier callback left would keep a dropped task alive while a later one runs.
  clear_stack_below<2048>();
  Result<Value> answer = is_called_by_loop(thread) ? call_of_loop(thread, args[1], args + 2, n - 2, kwnames)
                                                   : call_values(thread, args[1], args + 2, n - 2, kwnames);
  thread.context_ = previous;
  self->previous_.set(self, kNone);
  __atomic_store_n(&self->entered_, false, __ATOMIC_RELEASE);
  return answer;
}

static Result<void> check_key(Thread& thread, Value key) {
  if (is<ContextVar>(key)) return ok;
  return raise_type_error(thread, "a ContextVar key was expected, got {!r}", key);
}
static Result<Value> context_getitem(Thread& thread, Context* self, Value key) {
  TRY(check_key(thread, key));
  Value v = TRY(dict_find(thread, self->variables_.get(), key));
  if (v == kNotFound) return raise_key_error(thread, key);
  return v;
}
static Result<bool> context_contains(Thread& thread, Context* self, Value key) {
  TRY(check_key(thread, key));
  return TRY(dict_find(thread, self->variables_.get(), key)) != kNotFound;
}
static Result<Value> context_get(Thread& thread, Context* self, Value key, Value fallback) {
  TRY(check_key(thread, key));
  Value v = TRY(dict_find(thread, self->variables_.get(), key));
  return v == kNotFound ? fallback : v;
}
static Result<i64> context_len(Thread&, Context* self) { return self->variables_->length(); }

enum class Part { Keys, Values, Items };
static Result<List*> list_part(Thread& thread, Context* self, Part part) {
  List* list = TRY(make_list(thread));
  Dict* variables = TRY(dict_at_this_moment(thread, self->variables_.get()));
  Index position = 0;
  Value key, value;
  while (dict_next(variables, &position, &key, &value)) {
    Value item = part == Part::Keys ? key : part == Part::Values ? value : Value(TRY(tuple_of(thread, key, value)));
    TRY(list_append(thread, list, item));
  }
  return list;
}
static Result<List*> context_keys(Thread& thread, Context* self) { return list_part(thread, self, Part::Keys); }
static Result<List*> context_values(Thread& thread, Context* self) { return list_part(thread, self, Part::Values); }
static Result<List*> context_items(Thread& thread, Context* self) { return list_part(thread, self, Part::Items); }
static Result<Value> context_iter(Thread& thread, Context* self) {
  return get_shared_iter(thread, Value(TRY(list_part(thread, self, Part::Keys))));
}
static Result<Value> context_copy(Thread& thread, Context* self) {
  // Another thread may be about to change the mapping of a context that it has entered.
  if (objects_are_locked() && thread.context_ != Value(self))
    return make_context(thread, TRY(dict_copy_of(thread, self->variables_.get())), false);
  self->shared_ = true;
  return make_context(thread, self->variables_.get(), true);
}
static Result<Value> context_eq(Thread& thread, Context* self, Value other) {
  if (!is<Context>(other)) return kNotImplemented;
  return Value::of_bool(TRY(dict_equal(thread, self->variables_.get(), other.as<Context>()->variables_.get())));
}
static Result<Value> context_ne(Thread& thread, Context* self, Value other) {
  if (!is<Context>(other)) return kNotImplemented;
  return Value::of_bool(!TRY(dict_equal(thread, self->variables_.get(), other.as<Context>()->variables_.get())));
}
Result<Value> copy_current_context(Thread& thread) { return context_copy(thread, TRY(current_context(thread))); }

static constinit NativeDef var_methods[] = {
    native_raw(var_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<var_repr>("__repr__($self, /)", "Return repr(self)."),
    native<var_hash>("__hash__($self, /)", "Return hash(self)."),
    native<var_get>("get($self, default=<unrepresentable>, /)",
                    "Return the variable's value in the current context.\n\nIf it has none there, the choices are, in this "
                    "order:\n * the default argument of this call;\n * the default that the variable was created with;\n * a "
                    "LookupError, if there is neither."),
    native<var_set>("set($self, value, /)",
                    "Give the variable a new value in the current context.\n\nThe call returns a Token that remembers what was "
                    "there before; pass it to\nreset() to go back to that."),
    native<var_reset>(
        "reset($self, token, /)",
        "Undo the set() call that returned token.\n\nThe variable gets its earlier value back, or becomes unset if it had none. "
        "A\ntoken works once only (RuntimeError). ValueError means that it came from\nanother variable or another context."),
    native<generic_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
static GetSetDef var_getsets[] = {{"name", get_var_name, nullptr, nullptr, true}};
static constinit NativeDef token_methods[] = {
    native_raw(token_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<token_repr>("__repr__($self, /)", "Return repr(self)."),
    native<generic_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
static GetSetDef token_getsets[] = {{"var", get_token_var, nullptr, nullptr},
                                    {"old_value", get_token_old_value, nullptr, nullptr}};
static constinit NativeDef context_methods[] = {
    native_raw(context_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<context_eq>("__eq__($self, value, /)", "Return self==value."),
    native<context_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<context_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<context_len>("__len__($self, /)", "Return len(self)."),
    native<context_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<context_contains>("__contains__($self, key, /)", "Return key in self."),
    native<context_get>("get($self, key, default=None, /)",
                        "Return the value that the variable key has in this context.\n\nA variable not set here yields default, "
                        "which is None unless given."),
    native<context_items>("items($self, /)", "Return a list of (variable, value) pairs, one for each variable set here."),
    native<context_keys>("keys($self, /)", "Return a list of all variables in the context object."),
    native<context_values>("values($self, /)", "Return the values of the variables set in this context, as a list."),
    native<context_copy>("copy($self, /)", "Return a shallow copy of the context object."),
    native_raw(context_run, "run($self, callable, /, *args, **kwargs)", nullptr),
};
static constinit NativeDef missing_methods[] = {native<missing_repr>("__repr__($self, /)", "Return repr(self).")};

constinit TypeDef context_var_def = {.name = "_contextvars.ContextVar",
                                     .dynamic_kind = &DynamicKind<ContextVar>::value,
                                     .payload_size = sizeof(ContextVar),
                                     .methods = var_methods,
                                     .method_count = count_of(var_methods),
                                     .getsets = var_getsets,
                                     .getset_count = 1,
                                     .kind_info = kind_info_of<ContextVar>("ContextVar")};
constinit TypeDef context_def = {.name = "_contextvars.Context",
                                 .dynamic_kind = &DynamicKind<Context>::value,
                                 .payload_size = sizeof(Context),
                                 .flags = kTypeWeakrefable,
                                 .methods = context_methods,
                                 .method_count = count_of(context_methods),
                                 .kind_info = kind_info_of<Context>("Context"),
                                 .finish = no_hash};
constinit TypeDef token_def = {.name = "_contextvars.Token",
                               .dynamic_kind = &DynamicKind<Token>::value,
                               .payload_size = sizeof(Token),
                               .methods = token_methods,
                               .method_count = count_of(token_methods),
                               .getsets = token_getsets,
                               .getset_count = 2,
                               .kind_info = kind_info_of<Token>("Token"),
                               .finish = finish_token};
constinit TypeDef missing_token_def = {.name = "Token.MISSING",
                                       .dynamic_kind = &DynamicKind<MissingToken>::value,
                                       .payload_size = sizeof(MissingToken),
                                       .flags = kTypeNoInstances,
                                       .methods = missing_methods,
                                       .method_count = count_of(missing_methods),
                                       .kind_info = kind_info_of<MissingToken>("Token.MISSING")};

static constinit NativeDef contextvars_functions[] = {native<copy_current_context>("copy_context($module, /)", nullptr)};
static TypeDef* const contextvars_types[] = {&context_def, &context_var_def, &token_def};
constinit ModuleDef _contextvars_module = {
    .name = "_contextvars",
    .doc = "Context Variables",
    .functions = contextvars_functions,
    .function_count = count_of(contextvars_functions),
    .types = contextvars_types,
    .type_count = 3,
};

}  // namespace baton
