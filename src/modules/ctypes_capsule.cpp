// Capsules of ctypes.pythonapi: a C pointer with a name, a context and a destructor, as an object.
#include <cstdio>
#include <cstring>

#include "heap/heap.h"
#include "modules/ctypes_python_api.h"
#include "objects/bytes.h"
#include "objects/convert.h"
#include "objects/exception.h"
#include "objects/native.h"
#include "objects/raise.h"
#include "objects/str.h"

namespace baton {

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

}  // extern "C"

static const PythonApiRow rows[] = {
    python_api_row("PyCapsule_GetContext", api_capsule_get_context),
    python_api_row("PyCapsule_GetDestructor", api_capsule_get_destructor),
    python_api_row("PyCapsule_GetName", api_capsule_get_name),
    python_api_row("PyCapsule_GetPointer", api_capsule_get_pointer),
    python_api_row("PyCapsule_IsValid", api_capsule_is_valid),
    python_api_row("PyCapsule_New", api_capsule_new),
    python_api_row("PyCapsule_SetContext", api_capsule_set_context),
    python_api_row("PyCapsule_SetDestructor", api_capsule_set_destructor),
    python_api_row("PyCapsule_SetName", api_capsule_set_name),
    python_api_row("PyCapsule_SetPointer", api_capsule_set_pointer),
};
std::span<const PythonApiRow> capsule_api() { return rows; }

}  // namespace baton
