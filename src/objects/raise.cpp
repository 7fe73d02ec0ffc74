// Raising from C++: message formatting, pending exceptions, implicit context. The exception classes themselves: exceptions.cpp.
#include "objects/raise.h"

#include <cstdio>
#include <cstring>

#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"

namespace baton {

Result<void> (*run_audit_hooks)(Thread& thread, Str* event, Tuple* args) = nullptr;

FormatArg::FormatArg(Str* s) : kind(kValue), value(Value(s)) {}
FormatArg::FormatArg(Type* t) : kind(kValue), value(Value(t->name())) {}

static Result<void> append_argument(Thread& thread, StrBuilder& text, const FormatArg& arg, std::string_view directive) {
  if (directive == "!n") {
    text.append(type_of(arg.value)->name());
    return ok;
  }
  if (directive == "!a" && arg.value.is_none()) {
    text.append_ascii("None");
    return ok;
  }
  if (directive == "!t" || directive == "!a") {
    // Native types go by their whole name here ("collections.deque"), classes made in Python by __name__.
    Type* type = type_of(arg.value);
    if (!type->has_flag(kTypeHeap) && type->def() && type->def()->type == type)
      text.append_utf8(type->def()->name);
    else
      text.append(type->name());
    return ok;
  }
  if (directive == "!T") {
    text.append(TRY(type_qualified_name(thread, type_of(arg.value))));
    return ok;
  }
  switch (arg.kind) {
    case FormatArg::kValue:
      if (directive == "!r")
        text.append(TRY(repr(thread, arg.value)));
      else if (is<Str>(arg.value))
        text.append(arg.value.as<Str>());
      else
        text.append(TRY(str_of(thread, arg.value)));
      return ok;
    case FormatArg::kText: text.append_utf8(arg.text); return ok;
    case FormatArg::kInt:
    case FormatArg::kUnsigned: {
      char buffer[24];
      int n = arg.kind == FormatArg::kInt ? snprintf(buffer, sizeof buffer, "%lld", static_cast<long long>(arg.integer))
                                          : snprintf(buffer, sizeof buffer, "%llu", static_cast<unsigned long long>(arg.integer));
      text.append_ascii({buffer, static_cast<usize>(n)});
      return ok;
    }
    case FormatArg::kDouble: text.append(TRY(float_repr(thread, arg.number))); return ok;
    case FormatArg::kTypeName: text.append_utf8(arg.text); return ok;
  }
  return ok;
}

Result<Str*> format_message_args(Thread& thread, const char* format, const FormatArg* args, usize n) {
  if (usize length = strlen(format); n == 0 && !memchr(format, '{', length) && !memchr(format, '}', length))
    return str_from_utf8(thread, {format, length});
  StrBuilder text;
  usize next = 0;
  for (const char* p = format; *p;) {
    if (p[0] == '{' && p[1] == '{') {
      text.append_ascii("{");
      p += 2;
      continue;
    }
    if (p[0] == '}' && p[1] == '}') {
      text.append_ascii("}");
      p += 2;
      continue;
    }
    if (*p == '{') {
      const char* end = strchr(p, '}');
      BATON_CHECK(end && next < n, "message directives and arguments must agree");
      TRY(append_argument(thread, text, args[next++], {p + 1, static_cast<usize>(end - p - 1)}));
      p = end + 1;
      continue;
    }
    const char* end = p;
    while (*end && *end != '{' && *end != '}') ++end;
    if (end == p) ++end;
    text.append_utf8({p, static_cast<usize>(end - p)});
    p = end;
  }
  return text.build(thread);
}

// What is being handled becomes the context of a new exception.
static void chain_context(Thread& thread, Exception* exception) {
  Value handled = thread.handled(), self(reinterpret_cast<u64>(exception));
  if (!handled.is_cell() || handled == self) return;
  // The new exception may already be in the chain of the handled one: cut it there. The chain may itself run in a circle (made by
  // assigning __context__): slow walks at half the speed and is met then.
  Value at = handled, slow = handled;
  bool step = false;
  for (;;) {
    Value context = at.as<Exception>()->context_.get();
    if (!context.is_cell()) break;
    if (context == self) {
      at.as<Exception>()->context_.set(at.cell(), kNone);
      break;
    }
    at = context;
    if (at == slow) break;
    if (step) slow = slow.as<Exception>()->context_.get();
    step = !step;
  }
  exception->context_.set(exception, handled);
}

// Also used to put an exception back that was taken: one that has a context keeps it.
void Thread::set_pending(Exception* exception) {
  if (exception->context_.get().is_none()) chain_context(*this, exception);
  pending_ = Value(reinterpret_cast<u64>(exception));
}

void raise_exception(Thread& thread, Exception* exception) {
  chain_context(thread, exception);
  thread.pending_ = Value(reinterpret_cast<u64>(exception));
}

Exception* Thread::take_pending() {
  Exception* e = pending_.as<Exception>();
  pending_ = Value();
  return e;
}

Failed raise_formatted(Thread& thread, Type* type, const char* format, const FormatArg* args, usize n) {
  Result<Str*> message = format_message_args(thread, format, args, n);
  if (message.is_failed()) {  // a repr that raised, say: the error that was to be told stands, without its text
    thread.clear_pending();
    return raise_with_args(thread, type, nullptr, 0);
  }
  Value argument(message.value());
  return raise_with_args(thread, type, &argument, 1);
}

Failed raise_with_value(Thread& thread, Type* type, Value argument) { return raise_with_args(thread, type, &argument, 1); }

Failed raise_with_args(Thread& thread, Type* type, const Value* args, usize n) {
  Exception* e = TRY(make_exception(thread, type, args, n));
  thread.set_pending(e);
  return failed;
}

Failed raise_key_error(Thread& thread, Value key) { return raise_with_value(thread, exceptions.KeyError, key); }

Failed raise_stop_iteration(Thread& thread, Value value) {
  return raise_with_args(thread, exceptions.StopIteration, &value, value.is_none() ? 0 : 1);
}

Failed raise_exhausted(Thread& thread) { return raise_stop_iteration(thread, thread.take_stop_value()); }

static Result<Exception*> instantiate(Thread& thread, Value v) {
  if (is<Type>(v) && v.as<Type>()->has_flag(kTypeIsException)) {
    Value made = TRY(call_values(thread, v, nullptr, 0));
    if (!is<Exception>(made)) {
      return raise_type_error(thread, "calling {!r} should have returned an instance of BaseException, not {!r}", v,
                              Value(type_of(made)));
    }
    return made.as<Exception>();
  }
  if (is<Exception>(v)) return v.as<Exception>();
  return raise_type_error(thread, "exceptions must derive from BaseException");
}

Failed raise_object(Thread& thread, Value v) {
  raise_exception(thread, TRY(instantiate(thread, v)));
  return failed;
}

Failed raise_object_from(Thread& thread, Value v, Value cause) {
  Exception* e = TRY(instantiate(thread, v));
  if (is<Type>(cause) && cause.as<Type>()->has_flag(kTypeIsException)) {
    cause = TRY(call_values(thread, cause, nullptr, 0));
    if (!is<Exception>(cause))
      return raise_type_error(thread, "calling {!r} should have returned an instance of BaseException, not {!r}", cause,
                              Value(type_of(cause)));
  } else if (!cause.is_none() && !is<Exception>(cause)) {
    return raise_type_error(thread, "exception causes must derive from BaseException");
  }
  e->cause_.set(e, cause);
  e->suppress_context_ = true;
  raise_exception(thread, e);
  return failed;
}

// name= and obj= attributes of AttributeError/NameError: see the details enums in exceptions.cpp, set through set_attr here.
static Failed raise_with_details(Thread& thread, Type* type, Str* message, Str* name, Value object) {
  Value argument(message);
  Exception* e = TRY(make_exception(thread, type, &argument, 1));
  Value self(e);
  TRY(set_attr(thread, self, names.name, Value(name)));
  if (object.is_present()) TRY(set_attr(thread, self, names.obj, object));
  thread.set_pending(e);
  return failed;
}

// importlib's list of the submodules of a package that are being imported.
static Result<bool> is_uninitialized_submodule(Thread& thread, Value spec, Str* name) {
  Value list = TRY(find_attr(thread, spec, intern(thread, "_uninitialized_submodules")));
  if (list == kNotFound) return false;
  return contains(thread, list, Value(name));
}

// A bound method's attributes are its function's, and so is the error.
static BATON_NOINLINE Failed raise_attribute_error_of_method(Thread& thread, BoundMethod* method, Str* name) {
  if (type_lookup(types.method, name).is_absent()) TRY(get_attr(thread, method->function(), name));
  return raise(thread, exceptions.AttributeError, "'{!t}' object has no attribute '{}'", Value(method), name);
}

// The name that CPython keeps in the type: a class's own one, a native type's with its module.
static FormatArg name_in_messages(Type* type) {
  return type->has_flag(kTypeHeap) || !type->def() ? FormatArg(type->name()) : FormatArg(type->def()->name);
}

Failed raise_attribute_error(Thread& thread, Value object, Str* name) {
  if (is<BoundMethod>(object)) return raise_attribute_error_of_method(thread, object.as<BoundMethod>(), name);
  Str* message;
  if (is<Type>(object)) {
    message = TRY(format_message(thread, "type object '{}' has no attribute '{}'", name_in_messages(object.as<Type>()), name));
  } else if (is<Module>(object)) {
    Value module_name = dict_find_str(object.as<Module>()->dict(), names.dunder_name);
    if (is<Str>(module_name)) {
      Value spec = dict_find_str(object.as<Module>()->dict(), names.dunder_spec);
      Value initializing = spec.is_present() && !spec.is_none() ? TRY(find_attr(thread, spec, names.initializing)) : kNotFound;
      if (initializing != kNotFound && TRY(truth(thread, initializing))) {
        message = TRY(format_message(
            thread, "partially initialized module '{}' has no attribute '{}' (most likely due to a circular import)", module_name,
            name));
      } else if (spec.is_present() && !spec.is_none() && TRY(is_uninitialized_submodule(thread, spec, name))) {
        message = TRY(format_message(thread, "cannot access submodule '{}' of module '{}' (most likely due to a circular import)",
                                     name, module_name));
      } else {
        message = TRY(format_message(thread, "module '{}' has no attribute '{}'", module_name, name));
      }
    } else {
      message = TRY(format_message(thread, "module has no attribute '{}'", name));
    }
  } else {
    message = TRY(format_message(thread, "'{!t}' object has no attribute '{}'", object, name));
  }
  return raise_with_details(thread, exceptions.AttributeError, message, name, object);
}

Failed raise_not_settable(Thread& thread, Value object, Str* name) {
  if (is<Type>(object))
    return raise(thread, exceptions.AttributeError, "type object '{}' has no attribute '{}'", name_in_messages(object.as<Type>()),
                 name);
  return raise(thread, exceptions.AttributeError, "'{!t}' object has no attribute '{}'", object, name);
}

Failed raise_name_error(Thread& thread, Str* name) {
  return raise_with_details(thread, exceptions.NameError, TRY(format_message(thread, "name '{}' is not defined", name)), name,
                            Value());
}

Failed raise_unbound_local(Thread& thread, Str* name) {  // without the name attribute, as CPython
  return raise(thread, exceptions.UnboundLocalError, "cannot access local variable '{}' where it is not associated with a value",
               name);
}

Failed raise_os_error(Thread& thread, int error_number) { return raise_os_error_with_path(thread, error_number, Value()); }

Failed raise_os_error_with_path(Thread& thread, int error_number, Value path, Value path2) {
  char buffer[256];
  Str* text = TRY(str_from_utf8(thread, strerror_r(error_number, buffer, sizeof buffer)));
  Value args[5] = {Value::of_small_int(error_number), Value(text), path.is_present() ? path : kNone, kNone, path2};
  usize n = path2.is_present() ? 5 : path.is_present() ? 3 : 2;
  Value made = TRY(call_values(thread, Value(exceptions.OSError), args, n));
  thread.set_pending(made.as<Exception>());
  return failed;
}

Failed raise_import_error(Thread& thread, Type* type, Value message, Value name, Value path) {
  Exception* e = TRY(make_exception(thread, type, &message, 1));
  Value self(e);
  TRY(set_attr(thread, self, names.name, name));
  TRY(set_attr(thread, self, names.path, path));
  thread.set_pending(e);
  return failed;
}

Failed raise_unicode_encode_error(Thread& thread, const char* encoding, Str* object, Index start, Index end, const char* reason) {
  Value args[5] = {Value(intern(thread, encoding)), Value(object), Value::of_small_int(start), Value::of_small_int(end),
                   Value(TRY(str_from_utf8(thread, reason)))};
  Value made = TRY(call_values(thread, Value(exceptions.UnicodeEncodeError), args, 5));
  thread.set_pending(made.as<Exception>());
  return failed;
}

Failed raise_unicode_decode_error(Thread& thread, const char* encoding, Value object, Index start, Index end,
                                  const char* reason) {
  Value args[5] = {Value(intern(thread, encoding)), object, Value::of_small_int(start), Value::of_small_int(end),
                   Value(TRY(str_from_utf8(thread, reason)))};
  Value made = TRY(call_values(thread, Value(exceptions.UnicodeDecodeError), args, 5));
  thread.set_pending(made.as<Exception>());
  return failed;
}

bool pending_matches(Thread& thread, Type* type) { return thread.has_pending() && is_instance_of_type(thread.pending_, type); }

bool clear_pending_if(Thread& thread, Type* type) {
  if (!pending_matches(thread, type)) return false;
  thread.clear_pending();
  return true;
}

Result<bool> exception_matches(Thread& thread, Value exception, Value type) {
  if (is<Tuple>(type)) {
    Tuple* list = type.as<Tuple>();
    for (Index i = 0; i < list->length(); ++i) {
      if (!is<Type>(list->at(i)) || !list->at(i).as<Type>()->has_flag(kTypeIsException)) {
        return raise_type_error(thread, "catching classes that do not inherit from BaseException is not allowed");
      }
    }
    for (Index i = 0; i < list->length(); ++i)
      if (is_instance_of_type(exception, list->at(i).as<Type>())) return true;
    return false;
  }
  if (!is<Type>(type) || !type.as<Type>()->has_flag(kTypeIsException)) {
    return raise_type_error(thread, "catching classes that do not inherit from BaseException is not allowed");
  }
  return is_instance_of_type(exception, type.as<Type>());
}

Result<void> warn(Thread& thread, Type* category, std::string_view message, int stack_level) {
  Value module = TRY(import_module(thread, "_warnings"));
  TRY(call_method(thread, module, intern(thread, "warn"), Value(TRY(str_from_utf8(thread, message))), Value(category),
                  Value::of_small_int(stack_level)));
  return ok;
}

}  // namespace baton
