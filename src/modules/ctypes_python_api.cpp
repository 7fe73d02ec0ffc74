// ctypes.pythonapi: the few functions of CPython's C API that Python programs call through it.
//
//     PyThreadState_SetAsyncExc    an exception for another thread, raised at its next poll
//     PyOS_getsig, PyOS_setsig     what the process does on a signal, to be put back later
//     PyCapsule_...                a C pointer with a name, a context and a destructor, as an object
//
// They are C functions as CPython declares them, called as PyDLL functions: the caller is attached, `PyObject*` is a Value's
// bits, and null with an exception pending means failure. Each is found by name, in the main program only (python_api_function).
//
// Not here: everything else of the C API; asking for it is an AttributeError that says so.
#include <csignal>
#include <cstdio>
#include <cstring>

#include "heap/heap.h"
#include "modules/ctypes_internal.h"
#include "objects/exception.h"
#include "threads/mutator.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- capsules

// The words may be read and set by several threads when there is no GIL: each is one atomic word.
class Capsule final : public Cell {
 public:
  using Destructor = void (*)(u64 capsule);
  void init(void* pointer) {
    pointer_.store_relaxed(pointer);
    context_.store_relaxed(nullptr);
    destructor_.store_relaxed(nullptr);
    registered_.store_relaxed(false);
    name_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(name_); }
  const char* name() const {
    RawBytes* copy = name_.get();
    return copy ? reinterpret_cast<const char*>(copy->data()) : nullptr;
  }

  Atomic<void*> pointer_;  // never null
  Atomic<void*> context_;
  Atomic<Destructor> destructor_;  // or null
  Atomic<bool> registered_;        // for finalisation
  Field<RawBytes> name_;           // a terminated copy, for what ctypes passed may be collected; or null
};

static Result<Str*> capsule_repr(Thread& thread, Capsule* self) {
  char address[32];
  snprintf(address, sizeof address, "%p", static_cast<void*>(self));
  const char* name = self->name();
  if (!name) return format_message(thread, "<capsule object NULL at {}>", static_cast<const char*>(address));
  return format_message(thread, "<capsule object \"{}\" at {}>", name, static_cast<const char*>(address));
}

static Result<void> capsule_del(Thread& thread, Capsule* self) {
  Capsule::Destructor destructor = self->destructor_.load();
  if (!destructor) return ok;
  destructor(Value(self).bits());
  if (thread.has_pending()) return failed;
  return ok;
}

static constinit NativeDef capsule_methods[] = {
    native<capsule_repr>("__repr__($self, /)", "Return repr(self)."),
    native<capsule_del>("__del__($self, /)", "Called when the instance is about to be destroyed."),
};
static constexpr KindInfo capsule_kind() {
  KindInfo info = kind_info_of<Capsule>("capsule");
  info.has_opaque_words = true;
  return info;
}
static constinit TypeDef capsule_def = {.name = "PyCapsule",
                                        .doc = "A pointer of C as an object: what one extension module hands to another.",
                                        .dynamic_kind = &DynamicKind<Capsule>::value,
                                        .payload_size = sizeof(Capsule),
                                        .flags = kTypeNoInstances,
                                        .methods = capsule_methods,
                                        .method_count = count_of(capsule_methods),
                                        .kind_info = capsule_kind()};

static Result<void> set_name(Thread& thread, Capsule* capsule, const char* name) {
  RawBytes* copy = nullptr;
  if (name) {
    usize n = strlen(name) + 1;
    copy = TRY(make_raw_bytes(thread, n));
    memcpy(copy->data(), name, n);
  }
  capsule->name_.set(capsule, copy);
  return ok;
}

static void set_destructor(Thread& thread, Capsule* capsule, Capsule::Destructor destructor) {
  capsule->destructor_.store(destructor);
  if (destructor && !capsule->registered_.exchange(true)) heap_register_finalizable(thread, capsule);
}

static Result<Value> new_capsule(Thread& thread, void* pointer, const char* name, Capsule::Destructor destructor) {
  if (!pointer) return raise_value_error(thread, "PyCapsule_New called with null pointer");
  Capsule* capsule = TRY(make_of<Capsule>(thread, TRY(type_from_def(thread, capsule_def)), pointer));
  TRY(set_name(thread, capsule, name));
  set_destructor(thread, capsule, destructor);
  return Value(capsule);
}

// The capsule that `bits` is. ValueError that names the caller: something else, or null.
static Result<Capsule*> capsule_from(Thread& thread, u64 bits, const char* function) {
  Capsule* capsule = bits ? cast<Capsule>(Value(bits)) : nullptr;
  if (!capsule) return raise_value_error(thread, "{} called with invalid PyCapsule object", function);
  return capsule;
}

static bool same_name(const char* a, const char* b) { return a && b ? strcmp(a, b) == 0 : a == b; }

extern "C" {
static u64 api_capsule_new(void* pointer, const char* name, Capsule::Destructor destructor) {
  Result<Value> made = new_capsule(current_thread(), pointer, name, destructor);
  return made.is_failed() ? 0 : made.value().bits();
}
static int api_capsule_is_valid(u64 bits, const char* name) {
  Capsule* capsule = bits ? cast<Capsule>(Value(bits)) : nullptr;
  return capsule && same_name(capsule->name(), name);
}
static void* api_capsule_get_pointer(u64 bits, const char* name) {
  Thread& thread = current_thread();
  Result<Capsule*> capsule = capsule_from(thread, bits, "PyCapsule_GetPointer");
  if (capsule.is_failed()) return nullptr;
  if (same_name(capsule.value()->name(), name)) return capsule.value()->pointer_.load();
  static_cast<void>(raise_value_error(thread, "PyCapsule_GetPointer called with incorrect name"));
  return nullptr;
}
static const char* api_capsule_get_name(u64 bits) {
  Result<Capsule*> capsule = capsule_from(current_thread(), bits, "PyCapsule_GetName");
  return capsule.is_failed() ? nullptr : capsule.value()->name();
}
static void* api_capsule_get_context(u64 bits) {
  Result<Capsule*> capsule = capsule_from(current_thread(), bits, "PyCapsule_GetContext");
  return capsule.is_failed() ? nullptr : capsule.value()->context_.load();
}
static Capsule::Destructor api_capsule_get_destructor(u64 bits) {
  Result<Capsule*> capsule = capsule_from(current_thread(), bits, "PyCapsule_GetDestructor");
  return capsule.is_failed() ? nullptr : capsule.value()->destructor_.load();
}
static int api_capsule_set_pointer(u64 bits, void* pointer) {
  Thread& thread = current_thread();
  if (!pointer) {
    static_cast<void>(raise_value_error(thread, "PyCapsule_SetPointer called with null pointer"));
    return -1;
  }
  Result<Capsule*> capsule = capsule_from(thread, bits, "PyCapsule_SetPointer");
  if (capsule.is_failed()) return -1;
  capsule.value()->pointer_.store(pointer);
  return 0;
}
static int api_capsule_set_name(u64 bits, const char* name) {
  Thread& thread = current_thread();
  Result<Capsule*> capsule = capsule_from(thread, bits, "PyCapsule_SetName");
  if (capsule.is_failed() || set_name(thread, capsule.value(), name).is_failed()) return -1;
  return 0;
}
static int api_capsule_set_context(u64 bits, void* context) {
  Result<Capsule*> capsule = capsule_from(current_thread(), bits, "PyCapsule_SetContext");
  if (capsule.is_failed()) return -1;
  capsule.value()->context_.store(context);
  return 0;
}
static int api_capsule_set_destructor(u64 bits, Capsule::Destructor destructor) {
  Thread& thread = current_thread();
  Result<Capsule*> capsule = capsule_from(thread, bits, "PyCapsule_SetDestructor");
  if (capsule.is_failed()) return -1;
  set_destructor(thread, capsule.value(), destructor);
  return 0;
}

// ---------------------------------------------------------------------------------------------------------------- threads

// How many threads have that ident: 0 or 1. A null exception takes back one that has not been raised yet.
static int api_set_async_exception(unsigned long ident, u64 exception) {
  Thread& thread = current_thread();
  StopTheWorld world(thread);
  for (Thread* other = first_thread(); other; other = other->next_thread_) {
    if (other->python_ident_ != ident) continue;
    other->async_exception_ = Value(exception);
    if (exception) other->request(kAsyncException);
    return 1;
  }
  return 0;
}
}

// ---------------------------------------------------------------------------------------------------------------- signals

// Handlers that take a siginfo_t, as ours do, pass through PyOS_getsig as handlers of one argument. The last one met for each
// signal is remembered, so that it gets its siginfo_t again when it is put back.
static Atomic<void*> informed_handlers[NSIG];

static bool is_informed(void* handler) {
  for (const Atomic<void*>& known : informed_handlers)
    if (handler && known.load() == handler) return true;
  return false;
}

static void* handler_of(int number, const struct sigaction& action) {
  if (!(action.sa_flags & SA_SIGINFO)) return reinterpret_cast<void*>(action.sa_handler);
  void* handler = reinterpret_cast<void*>(action.sa_sigaction);
  informed_handlers[number].store(handler);
  return handler;
}

extern "C" {
// Both give SIG_ERR for what is no signal, or may not be handled; setsig gives the handler before.
static void* api_get_signal(int number) {
  struct sigaction action;
  if (sigaction(number, nullptr, &action) != 0) return reinterpret_cast<void*>(SIG_ERR);
  return handler_of(number, action);
}
static void* api_set_signal(int number, void* handler) {
  struct sigaction action{}, before;
  if (is_informed(handler)) {
    action.sa_sigaction = reinterpret_cast<void (*)(int, siginfo_t*, void*)>(handler);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  } else {
    action.sa_handler = reinterpret_cast<void (*)(int)>(handler);
    action.sa_flags = SA_ONSTACK;
  }
  sigemptyset(&action.sa_mask);
  if (sigaction(number, &action, &before) != 0) return reinterpret_cast<void*>(SIG_ERR);
  return handler_of(number, before);
}
}

// ---------------------------------------------------------------------------------------------------------------- by name

void* python_api_function(const char* name) {
  struct Entry {
    const char* name;
    void* address;
  };
  static const Entry entries[] = {
      {"PyCapsule_GetContext", reinterpret_cast<void*>(api_capsule_get_context)},
      {"PyCapsule_GetDestructor", reinterpret_cast<void*>(api_capsule_get_destructor)},
      {"PyCapsule_GetName", reinterpret_cast<void*>(api_capsule_get_name)},
      {"PyCapsule_GetPointer", reinterpret_cast<void*>(api_capsule_get_pointer)},
      {"PyCapsule_IsValid", reinterpret_cast<void*>(api_capsule_is_valid)},
      {"PyCapsule_New", reinterpret_cast<void*>(api_capsule_new)},
      {"PyCapsule_SetContext", reinterpret_cast<void*>(api_capsule_set_context)},
      {"PyCapsule_SetDestructor", reinterpret_cast<void*>(api_capsule_set_destructor)},
      {"PyCapsule_SetName", reinterpret_cast<void*>(api_capsule_set_name)},
      {"PyCapsule_SetPointer", reinterpret_cast<void*>(api_capsule_set_pointer)},
      {"PyOS_getsig", reinterpret_cast<void*>(api_get_signal)},
      {"PyOS_setsig", reinterpret_cast<void*>(api_set_signal)},
      {"PyThreadState_SetAsyncExc", reinterpret_cast<void*>(api_set_async_exception)},
  };
  for (const Entry& entry : entries)
    if (strcmp(entry.name, name) == 0) return entry.address;
  return nullptr;
}

}  // namespace baton
