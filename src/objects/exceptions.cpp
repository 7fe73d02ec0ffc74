// BaseException and the table of built-in exception classes, made from exceptions.def. Classes with attributes of their own have
// their rows in exception_details.cpp, os_error.cpp and exception_group.cpp.
#include "objects/dict.h"
#include "objects/exception_details.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"

namespace baton {

ExceptionTypes exceptions;
extern TypeDef base_exception_def;
Result<Value> generic_get_dict(Thread& thread, Value self);
Result<void> native_set_dict(Thread& thread, Value self, Value dict_or_absent);

Result<void> set_detail(Thread& thread, Exception* e, u32 index, Value v) {
  ValueArray* details = e->details();
  if (!details) {
    if (v.is_absent()) return ok;
    details = TRY(make_value_array(thread, kDetailCount));
    e->details_.set(e, details);
  }
  details->set_at(index, v);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- construction

Result<Type*> exception_new_type(Thread& thread, NativeDef const& def, Value const* args, usize n) {
  Type *owner = def.owner->type, *type = TRY(check_new_type(thread, args, n, owner));
  Type* native = type;
  while (native->has_flag(kTypeHeap)) native = native->base();
  Value constructor = native->slot(Slot::new_);
  if (is<NativeFunction>(constructor) && constructor.as<NativeFunction>()->def()->entry != def.entry) {
    return raise_type_error(thread, "{}.__new__({}) is not safe, use {}.__new__()", owner->name(), type->name(), native->name());
  }
  return type;
}

Result<Exception*> exception_init_self(Thread& thread, NativeDef const& def, Value const* args, usize n) {
  if (n == 0) return raise_type_error(thread, "descriptor '__init__' of '{}' object needs an argument", def.owner->name);
  if (!is<Exception>(args[0])) return raise_self_type_error(thread, def, args[0]);
  return args[0].as<Exception>();
}

Result<void> exception_no_keywords(Thread& thread, Type* type, Tuple* kwnames) {
  if (!kwnames || kwnames->length() == 0) return ok;
  return raise_type_error(thread, "{}() takes no keyword arguments", type->name());
}

Result<void> exception_set_args(Thread& thread, Exception* e, Value const* args, usize n) {
  Tuple* now = e->args();
  bool same = now && static_cast<usize>(now->length()) == n;
  for (usize i = 0; same && i < n; ++i) same = now->at(static_cast<Index>(i)) == args[i];
  if (same) return ok;  // __new__ has made it
  e->args_.set(e, n ? TRY(make_tuple(thread, args, static_cast<Index>(n))) : empty_tuple());
  return ok;
}

Result<Exception*> exception_allocate(Thread& thread, Type* type, Value const* args, usize n) {
  Tuple* tuple = n ? TRY(make_tuple(thread, args, static_cast<Index>(n))) : empty_tuple();
  return make_of<Exception>(thread, type, tuple);
}

Result<Value> base_exception_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  Type* type = TRY(exception_new_type(thread, def, args, n));
  return exception_allocate(thread, type, args + 1, n - 1);
}

Result<Value> base_exception_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  Exception* self = TRY(exception_init_self(thread, def, args, n));
  TRY(exception_no_keywords(thread, type_of(args[0]), kwnames));
  TRY(exception_set_args(thread, self, args + 1, n - 1));
  return kNone;
}

Result<Exception*> make_exception(Thread& thread, Type* type, const Value* args, usize n) {
  Value new_slot = type->slot(Slot::new_), init_slot = type->slot(Slot::init);
  bool plain_new = is<NativeFunction>(new_slot) && new_slot.as<NativeFunction>()->def()->entry == base_exception_new;
  bool plain_init = is<MethodDescriptor>(init_slot) && init_slot.as<MethodDescriptor>()->def()->entry == base_exception_init;
  if (plain_new && plain_init) [[likely]]
    return exception_allocate(thread, type, args, n);
  Value made;
  if (type->has_flag(kTypeHeap) || n > 6) {
    made = TRY(call_values(thread, Value(type), args, n));
  } else {
    Value list[8];
    list[0] = Value(type);
    for (usize i = 0; i < n; ++i) list[i + 1] = args[i];
    NativeDef* constructor = new_slot.as<NativeFunction>()->def();
    made = TRY(constructor->entry(thread, *constructor, list, n + 1, nullptr));
    Value init = type_of(made)->slot(Slot::init);
    if (is<Exception>(made) && is<MethodDescriptor>(init)) {
      list[0] = made;
      NativeDef* initializer = init.as<MethodDescriptor>()->def();
      TRY(initializer->entry(thread, *initializer, list, n + 1, nullptr));
    }
  }
  if (!is<Exception>(made)) {
    return raise_type_error(thread, "calling {!r} should have returned an instance of BaseException, not {!r}", Value(type),
                            Value(type_of(made)));
  }
  return made.as<Exception>();
}

static Root<Value>* last_memory_error = nullptr;  // used when not even an exception can be allocated
static thread_local bool allocating_memory_error = false;

Failed raise_memory_error(Thread& thread) {
  if (!allocating_memory_error) {
    allocating_memory_error = true;
    Result<Exception*> fresh = make_exception(thread, exceptions.MemoryError, nullptr, 0);
    allocating_memory_error = false;
    if (!fresh.is_failed()) {
      thread.set_pending(fresh.value());
      return failed;
    }
  }
  auto* e = last_memory_error->get().as<Exception>();
  e->traceback_.set(e, nullptr);
  e->context_.set(e, kNone);
  e->cause_.set(e, kNone);
  thread.set_pending(e);
  return failed;
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<Str*> base_exception_repr(Thread& thread, Exception* self) {
  Str* name = type_name(Value(self));
  Tuple* args = self->args();
  if (args->length() == 1) return format_message(thread, "{}({!r})", name, args->at(0));
  return format_message(thread, "{}{!r}", name, Value(args));
}

Result<Str*> base_exception_str(Thread& thread, Exception* self) {
  Tuple* args = self->args();
  if (args->length() == 0) return names.empty;
  if (args->length() == 1) return str_of(thread, args->at(0));
  return str_of(thread, Value(args));
}

Result<Dict*> exception_attributes(Thread& thread, Exception* e) {
  Dict* dict = TRY(instance_attributes_copy(thread, e));
  return dict;
}

static Result<Value> base_exception_reduce(Thread& thread, Exception* self) {
  Dict* dict = TRY(exception_attributes(thread, self));
  if (dict->length() || shape_of(self)->is_dictionary_mode())  // an empty one, too, where attributes have been
    return tuple_of(thread, Value(type_of(Value(self))), Value(self->args()), Value(dict));
  return tuple_of(thread, Value(type_of(Value(self))), Value(self->args()));
}

static Result<Value> base_exception_setstate(Thread& thread, Exception* self, Value state) {
  if (state.is_none()) return kNone;
  if (!is<Dict>(state)) return raise_type_error(thread, "state is not a dictionary");
  Index position = 0;
  Value key, value;
  while (dict_next(state.as<Dict>(), &position, &key, &value)) {
    if (!is<Str>(key)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", key);
    TRY(set_attr(thread, Value(self), TRY(str_intern(thread, key.as<Str>())), value));
  }
  return kNone;
}

static Result<void> set_traceback(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "__traceback__ may not be deleted");
  auto* e = self.as<Exception>();
  if (v.is_none()) {
    e->traceback_.set(e, nullptr);
  } else if (is<Traceback>(v)) {
    e->traceback_.set(e, v.as<Traceback>());
  } else {
    return raise_type_error(thread, "__traceback__ must be a traceback or None");
  }
  return ok;
}

static Result<Value> with_traceback(Thread& thread, Exception* self, Value traceback) {
  TRY(set_traceback(thread, Value(self), traceback));
  return Value(self);
}

static Result<void> add_note(Thread& thread, Exception* self, Value note) {
  if (!is<Str>(note)) return raise_type_error(thread, "note must be a str, not '{!t}'", note);
  Value notes = TRY(find_attr(thread, Value(self), names.dunder_notes));
  if (notes == kNotFound) {
    notes = Value(TRY(make_list(thread)));
    TRY(set_attr(thread, Value(self), names.dunder_notes, notes));
  } else if (!is<List>(notes)) {
    return raise_type_error(thread, "Cannot add note: __notes__ is not a list");
  }
  return list_append(thread, notes.as<List>(), note);
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<Value> get_args(Thread&, Value self) { return Value(self.as<Exception>()->args()); }
static Result<void> set_args(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "args may not be deleted");
  auto* e = self.as<Exception>();
  Tuple* args = TRY(tuple_from_iterable(thread, v));
  if (is_instance_of_type(self, exceptions.StopIteration) && !e->details()) {
    TRY(set_detail(thread, e, kDetailValue, stop_iteration_value(e)));  // no longer what args say
  }
  e->args_.set(e, args);
  return ok;
}

static Result<Value> get_traceback(Thread&, Value self) {
  Traceback* traceback = self.as<Exception>()->traceback();
  return traceback ? Value(traceback) : kNone;
}
static Result<Value> get_context(Thread&, Value self) { return self.as<Exception>()->context_.get(); }
static Result<void> set_context(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "__context__ may not be deleted");
  if (!v.is_none() && !is<Exception>(v))
    return raise_type_error(thread, "exception context must be None or derive from BaseException");
  self.as<Exception>()->context_.set(self.cell(), v);
  return ok;
}
static Result<Value> get_cause(Thread&, Value self) { return self.as<Exception>()->cause_.get(); }
static Result<void> set_cause(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "__cause__ may not be deleted");
  if (!v.is_none() && !is<Exception>(v))
    return raise_type_error(thread, "exception cause must be None or derive from BaseException");
  self.as<Exception>()->cause_.set(self.cell(), v);
  self.as<Exception>()->suppress_context_ = true;
  return ok;
}
static Result<Value> get_suppress(Thread&, Value self) { return Value::of_bool(self.as<Exception>()->suppress_context_); }
static Result<void> set_suppress(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete numeric/char attribute");
  if (!v.is_bool()) return raise_type_error(thread, "attribute value type must be bool");
  self.as<Exception>()->suppress_context_ = v.is_true();
  return ok;
}

static constinit NativeDef base_exception_methods[] = {
    EXCEPTION_NEW(base_exception_new),
    EXCEPTION_INIT(base_exception_init),
    native<base_exception_repr>("__repr__($self, /)", "Return repr(self)."),
    EXCEPTION_STR(base_exception_str),
    native<base_exception_reduce>("__reduce__($self, /)", nullptr),
    native<base_exception_setstate>("__setstate__($self, state, /)", nullptr),
    native<with_traceback>("with_traceback($self, tb, /)",
                           "Attach a traceback, the only argument, and return the exception.\n\nThe traceback, or None, becomes "
                           "the exception's __traceback__."),
    native<add_note>("add_note($self, note, /)", "Exception.add_note(note) --\n    add a note to the exception"),
};
static GetSetDef base_exception_getsets[] = {
    {"__suppress_context__", get_suppress, set_suppress, nullptr, true},
    {"__dict__", generic_get_dict, native_set_dict, nullptr},
    {"args", get_args, set_args, nullptr},
    {"__traceback__", get_traceback, set_traceback, nullptr},
    {"__context__", get_context, set_context, "exception context"},
    {"__cause__", get_cause, set_cause, "exception cause"},
};
constinit TypeDef base_exception_def = {.name = "BaseException",
                                        .doc = "Common base class for all exceptions",
                                        .kind = kKindException,
                                        .payload_size = sizeof(Exception),
                                        .flags = kTypeSubclassable | kTypeHasDict | kTypeIsException,
                                        .methods = base_exception_methods,
                                        .method_count = count_of(base_exception_methods),
                                        .getsets = base_exception_getsets,
                                        .getset_count = 6,
                                        .kind_info = kind_info_of<Exception>("BaseException")};

// ---------------------------------------------------------------------------------------------------------------- the table

enum ExceptionId : i32 {
  kId_object = -1,
#define EXCEPTION(name, base, doc) kId_##name,
#include "objects/exceptions.def"
#undef EXCEPTION
  kExceptionCount
};
struct ExceptionEntry {
  const char* name;
  i32 base;
  const char* doc;
};
static constexpr ExceptionEntry kEntries[] = {
#define EXCEPTION(name, base, doc) {#name, kId_##base, doc},
#include "objects/exceptions.def"
#undef EXCEPTION
};
static TypeDef exception_defs[kExceptionCount];
// Constructors that every class shows in its own dict; each class needs rows of its own because a row names its owner.
static constexpr NativeDef kSharedNew = EXCEPTION_NEW(base_exception_new);
static constexpr NativeDef kSharedInit = EXCEPTION_INIT(base_exception_init);

static const ExceptionRows* rows_of(std::string_view name) {
  for (const ExceptionRows* table : {value_exception_rows, unicode_error_rows, os_error_rows, exception_group_rows}) {
    for (const ExceptionRows* r = table; !r->name.empty(); ++r)
      if (name == r->name) return r;
  }
  return nullptr;
}

static bool has_row(const NativeDef* rows, u32 n, std::string_view name) {
  for (u32 i = 0; i < n; ++i)
    if (rows[i].name() == name) return true;
  return false;
}

// The __init__ of the closest base with rows for one.
static NativeDef inherited_init(i32 id) {
  for (id = kEntries[id].base; id >= 0; id = kEntries[id].base) {
    const ExceptionRows* rows = rows_of(kEntries[id].name);
    for (u32 i = 0; rows && i < rows->method_count; ++i)
      if (rows->methods[i].name() == "__init__") return rows->methods[i];
  }
  return kSharedInit;
}

static bool is_os_error(i32 id) {
  for (; id >= 0; id = kEntries[id].base)
    if (id == kId_OSError) return true;
  return false;
}

void init_exceptions(Thread& thread) {
  Type** slots = reinterpret_cast<Type**>(&exceptions);
  slots[0] = types.base_exception;
  for (i32 i = 1; i < kExceptionCount; ++i) {
    const ExceptionEntry& entry = kEntries[i];
    TypeDef& def = exception_defs[i];
    const ExceptionRows* rows = rows_of(entry.name);
    u32 own = rows ? rows->method_count : 0;
    auto* methods = new NativeDef[own + 2];
    for (u32 k = 0; k < own; ++k) methods[k] = rows->methods[k];
    u32 count = own;
    if (i != kId_ExceptionGroup) {
      if (!has_row(methods, own, "__init__")) methods[count++] = inherited_init(i);
      // Subclasses of OSError construct through its __new__.
      if (!is_os_error(i) && !has_row(methods, own, "__new__")) methods[count++] = kSharedNew;
    }
    def.name = entry.name;
    def.doc = *entry.doc ? entry.doc : nullptr;
    def.base = entry.base == 0 ? &base_exception_def : &exception_defs[entry.base];
    def.flags = kTypeSubclassable | kTypeIsException;
    def.methods = methods;
    def.method_count = count;
    if (rows) {
      def.getsets = rows->getsets;
      def.getset_count = rows->getset_count;
      def.finish = rows->finish;
      if (rows->own_layout) {
        def.kind = kKindException;
        def.payload_size = sizeof(Exception);
        def.flags |= kTypeHasDict;
        def.kind_info = base_exception_def.kind_info;
      }
    }
    slots[i] = MUST(type_from_def(thread, def));
  }
  init_os_error_map();
  last_memory_error = new Root<Value>(Value(MUST(make_exception(thread, exceptions.MemoryError, nullptr, 0))));
}

}  // namespace baton
