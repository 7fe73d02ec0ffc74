// ctypes.pythonapi: the functions of CPython's C API that Python programs call through it.
//
//     threads      PyThreadState_SetAsyncExc, PyGILState_..., PyErr_SetInterrupt
//     signals      PyOS_getsig, PyOS_setsig: what the process does on a signal, to be put back later
//     capsules     PyCapsule_... (ctypes_capsule.cpp)
//     objects      buffers, bytes, ints, text, references, frames, types (ctypes_object_api.cpp)
//
// They are C functions as CPython declares them, called as PyDLL functions: the caller is attached, `PyObject*` is a Value's
// bits, and null or -1 with an exception pending means failure. Each is found by name, in the main program only.
//
// Not here: everything else of the C API; asking for it is an AttributeError that says so.
#include "modules/ctypes_python_api.h"

#include <csignal>
#include <cstring>

#include "modules/ctypes_internal.h"
#include "objects/main_thread.h"
#include "threads/mutator.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- threads

extern "C" {
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

// Who calls a PyDLL function has the GIL already, so there is nothing to take, and nothing to give back.
enum { kGilWasHeld = 0 };
static int api_gil_ensure() { return kGilWasHeld; }
static void api_gil_release(int) {}
static int api_gil_check() { return 1; }

static void api_set_interrupt() { (void)simulate_signal(SIGINT); }
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

static const PythonApiRow thread_and_signal_rows[] = {
    python_api_row("PyErr_SetInterrupt", api_set_interrupt),
    python_api_row("PyGILState_Check", api_gil_check),
    python_api_row("PyGILState_Ensure", api_gil_ensure),
    python_api_row("PyGILState_Release", api_gil_release),
    python_api_row("PyOS_getsig", api_get_signal),
    python_api_row("PyOS_setsig", api_set_signal),
    python_api_row("PyThreadState_SetAsyncExc", api_set_async_exception),
};

void* python_api_function(const char* name) {
  for (std::span<const PythonApiRow> rows : {std::span<const PythonApiRow>(thread_and_signal_rows), capsule_api(), object_api()})
    for (const PythonApiRow& row : rows)
      if (strcmp(row.name, name) == 0) return row.function;
  return nullptr;
}

}  // namespace baton
