// atexit: callbacks run, last first, when the interpreter ends.
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

// A List of (function, args, kwargs or None); runtime-wide.
static Root<Value>* callbacks = nullptr;

static Result<List*> callback_list(Thread& thread) {
  if (!callbacks) callbacks = new Root<Value>(Value(TRY(make_list(thread))));
  return callbacks->get().as<List>();
}

static Result<Value> atexit_register(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(thread, "register() takes at least 1 argument (0 given)");
  if (!is_callable(args[0])) return raise_type_error(thread, "the first argument must be callable");
  Tuple* positional = TRY(make_tuple(thread, args + 1, static_cast<Index>(n) - 1));
  Value keywords = kNone;
  if (kwnames && kwnames->length()) {
    Dict* dict = TRY(make_dict(thread));
    for (Index i = 0; i < kwnames->length(); ++i) TRY(dict_set(thread, dict, kwnames->at(i), args[n + static_cast<usize>(i)]));
    keywords = Value(dict);
  }
  TRY(list_append(thread, TRY(callback_list(thread)), Value(TRY(tuple_of(thread, args[0], Value(positional), keywords)))));
  return args[0];
}

// What a callback registers meanwhile doesn't run; what it unregisters, and is still due, doesn't either. An entry that is gone
// leaves a hole behind itself, so that the places of the others stay.
void run_atexit(Thread& thread) {
  if (!callbacks) return;
  List* list = callbacks->get().as<List>();
  for (Index i = list->length(); i-- > 0;) {
    Value entry = list->try_at(i);
    if (!is<Tuple>(entry)) continue;
    Tuple* parts = entry.as<Tuple>();
    Dict* keywords = parts->at(2).is_none() ? nullptr : parts->at(2).as<Dict>();
    if (call_tuple_dict(thread, parts->at(0), parts->at(1).as<Tuple>(), keywords).is_failed()) {
      report_unraisable(thread, "Exception ignored in atexit callback", parts->at(0));
    }
  }
  list_clear_all(thread, list);
}

static Result<Value> atexit_run(Thread& thread) {
  run_atexit(thread);
  return kNone;
}
static Result<Value> atexit_clear(Thread& thread) {
  list_clear_all(thread, TRY(callback_list(thread)));
  return kNone;
}
// How many there are to run: CPython counts the places of unregistered ones, too.
static Result<i64> atexit_count(Thread& thread) { return TRY(callback_list(thread))->length(); }
static Result<Value> atexit_unregister(Thread& thread, Value function) {
  List* list = TRY(callback_list(thread));
  for (Index i = 0; i < list->length(); ++i) {
    Value entry = list->try_at(i);
    if (!is<Tuple>(entry)) continue;  // unregistered before, or cleared by a comparison
    if (TRY(equals(thread, entry.as<Tuple>()->at(0), function))) TRY(list_try_set(thread, list, i, kNone));
  }
  return kNone;
}

static constinit NativeDef atexit_functions[] = {
    native_raw(atexit_register, "register($module, func, /, *args, **kwargs)",
               "Have a function called when the program ends normally.\n\nThe first argument is the function; any further ones, "
               "positional or keyword,\nare passed on to it. Functions run in reverse order of registration. Returns\nthe "
               "function, so that this works as a decorator."),
    native<atexit_clear>("_clear($module, /)", "Forget all functions registered so far, without calling them."),
    native<atexit_unregister>(
        "unregister($module, func, /)",
        "Cancel the registration of a function, however often it was registered.\n\nThe argument is compared with == to what "
        "register() was given. A function that\nwas never registered is no error."),
    native<atexit_run>("_run_exitfuncs($module, /)",
                       "Call all registered functions now, the latest first, and forget them.\n\nExceptions they raise go to "
                       "sys.unraisablehook."),
    native<atexit_count>("_ncallbacks($module, /)", "Tell how many calls are waiting for the end of the program."),
};

constinit ModuleDef atexit_module = {
    .name = "atexit",
    .doc = "Functions to be called when a program ends normally.\n\nregister() adds one and unregister() takes it away again.",
    .functions = atexit_functions,
    .function_count = count_of(atexit_functions),
};

}  // namespace baton
