// The event loop as futures and tasks use it: call_soon() and get_debug().
//
// A future that ends has the loop call back, at every step of every task: in Python that is three calls and the making of a
// Handle. As long as these are the library's, unchanged, and the loop is neither closed nor in debug mode, the same is done here.
// Whatever could be told apart is looked at each time: the methods and their code, the class of the loop and that of handles (by
// version), attributes of the loop's own, what the library's modules call `events` and `Handle`, and whether the thread is
// traced.
#include "modules/asyncio_internal.h"
#include "modules/deque.h"
#include "objects/code.h"
#include "objects/function.h"
#include "objects/type_internal.h"

namespace baton {

namespace {

// Methods of the library's, the last one of its handles.
enum Method : u32 { kCallSoon, kInnerCallSoon, kCheckClosed, kGetDebug, kLoopMethods, kHandleInit = kLoopMethods, kMethods };
constexpr const char* kMethodNames[kMethods] = {"call_soon", "_call_soon", "_check_closed", "get_debug", "__init__"};
constexpr const char* kQualifiedNames[kMethods] = {"BaseEventLoop.call_soon", "BaseEventLoop._call_soon",
                                                   "BaseEventLoop._check_closed", "BaseEventLoop.get_debug", "Handle.__init__"};

// Attributes of a loop, then names of its module and of the one of handles.
enum Name : u32 { kDebug, kClosed, kReady, kLoopAttributes, kEvents = kLoopAttributes, kHandle, kNames };
constexpr const char* kNameTexts[kNames] = {"_debug", "_closed", "_ready", "events", "Handle"};

// What a handle consists of.
enum Member : u32 { kContext, kLoop, kCallback, kArguments, kCancelled, kRepr, kSourceTraceback, kMembers };
constexpr const char* kMemberNames[kMembers] = {"_context",   "_loop", "_callback",        "_args",
                                                "_cancelled", "_repr", "_source_traceback"};

struct LoopState {
  Root<Str> methods[kMethods], names[kNames], members[kMembers];
  Root<Tuple> context_keyword;
  Root<Tuple> call_soon, get_debug;  // (shape, version of its type, function): the methods of such loops; empty at first
  // The library's functions with their code, as they were when they were first seen.
  Root<Tuple> library;
  Root<Tuple> handles;  // (class, its version, index of each member)
  // The last shape of loops that have all methods from the library: (shape, version of its class, index of each attribute).
  Root<Tuple> suited;
  Root<Tuple> unsuited;  // the last one of loops that haven't: (shape, version)
};
LoopState* state = nullptr;

// subject: a class, or the shape of one's instances.
bool is_known(Tuple* known, Cell* subject, Type* type) {
  return known && known->at(0) == Value(subject) && known->at(1) == Value::of_small_int(type->version());
}

// The library's own function of that name, or absent.
Value library_function(Type* type, Method method) {
  Value found = type_lookup(type, state->methods[method].get());
  if (!is_exact<Function>(found)) return Value();
  return str_equals_ascii(found.as<Function>()->code()->qualname(), kQualifiedNames[method]) ? found : Value();
}

// None: something there isn't as it is delivered.
Result<Value> library_functions(Thread& thread) {
  if (Tuple* known = state->library.get()) return Value(known);
  Value loop = TRY(imported(thread, Imported::base_event_loop)), handle = TRY(imported(thread, Imported::handle));
  if (!is<Type>(loop) || !is<Type>(handle)) return kNone;
  Value list[2 * kMethods];
  for (u32 i = 0; i < kMethods; ++i) {
    list[i] = library_function((i == kHandleInit ? handle : loop).as<Type>(), static_cast<Method>(i));
    if (list[i].is_absent()) return kNone;
    list[kMethods + i] = Value(list[i].as<Function>()->code());
  }
  Tuple* made = TRY(make_tuple(thread, list, 2 * kMethods));
  state->library.set(made);
  return Value(made);
}

bool is_unchanged(Tuple* library, Method method) {
  return Value(library->at(method).as<Function>()->code()) == library->at(kMethods + method);
}

// False: an instance isn't simply its members, set by the library's __init__.
Result<bool> learn_handles(Thread& thread, Tuple* library, Type* type) {
  if (type_of(Value(type)) != types.type || type->version() == 0) return false;
  for (Slot slot : {Slot::new_, Slot::setattr, Slot::getattribute})
    if (type->slot(slot) != types.object->slot(slot)) return false;
  if (type_lookup(type, state->methods[kHandleInit].get()) != library->at(kHandleInit)) return false;
  Value list[2 + kMembers] = {Value(type), Value::of_small_int(type->version())};
  for (u32 i = 0; i < kMembers; ++i) {
    Value member = type_lookup(type, state->members[i].get());
    if (!is<SlotMember>(member) || member.as<SlotMember>()->owner() != type) return false;
    list[2 + i] = Value::of_small_int(member.as<SlotMember>()->index());
  }
  state->handles.set(TRY(make_tuple(thread, list, 2 + kMembers)));
  return true;
}

// Whether loops of this shape have the methods from the library, none of their own, and the attributes.
Result<bool> learn_loops(Thread& thread, Tuple* library, Shape* shape) {
  Type* type = shape->type();
  if (is_known(state->unsuited.get(), shape, type)) return false;
  Value list[2 + kLoopAttributes] = {Value(shape), Value::of_small_int(type->version())};
  bool is_suited = type->version() != 0 && !type->has_flag(kTypeCustomGetattribute) && !shape->is_dictionary_mode();
  for (u32 i = 0; is_suited && i < kLoopMethods; ++i) {
    Str* name = state->methods[i].get();
    is_suited = type_lookup(type, name) == library->at(i) && shape->find(name) < 0;
  }
  for (u32 i = 0; is_suited && i < kLoopAttributes; ++i) {
    Str* name = state->names[i].get();
    i32 index = shape->find(name);
    is_suited = type_lookup(type, name).is_absent() && index >= 0;
    list[2 + i] = Value::of_small_int(index);
  }
  (is_suited ? state->suited : state->unsuited).set(TRY(make_tuple(thread, list, is_suited ? 2 + kLoopAttributes : 2)));
  return is_suited;
}

// A loop that has its methods from the library, where nobody could tell that they weren't called.
struct LibraryLoop {
  Cell* loop = nullptr;
  Tuple *library = nullptr, *shape = nullptr;  // as in LoopState

  // False: it isn't one. Runs no Python.
  Result<bool> find(Thread& thread, Value v) {
    if (!v.is_cell() || thread.trace_function_.is_present() || thread.profile_function_.is_present()) return false;
    loop = v.cell();
    Shape* of = shape_of(loop);
    library = state->library.get();
    shape = state->suited.get();
    if (library && is_known(shape, of, of->type())) [[likely]]
      return true;
    Value known = TRY(library_functions(thread));
    if (known.is_none() || !TRY(learn_loops(thread, known.as<Tuple>(), of))) return false;
    library = known.as<Tuple>();
    shape = state->suited.get();
    return is_known(shape, of, of->type());
  }
  Value attribute(Name name) const {
    auto* of = static_cast<Shape*>(shape->at(0).cell());
    Field<Value>* slot = attribute_slot(tail_of(loop), of, static_cast<u32>(shape->at(2 + name).small_int()));
    return slot ? slot->get() : Value();
  }
};

// True: the library's modules make handles as they are delivered. *handles: as LoopState's.
Result<bool> find_handles(Thread& thread, Tuple* library, Tuple** handles) {
  Value events = dict_find_str(library->at(kInnerCallSoon).as<Function>()->globals(), state->names[kEvents].get());
  if (!is<Module>(events)) return false;
  Value type = dict_find_str(events.as<Module>()->dict(), state->names[kHandle].get());
  if (!is<Type>(type)) return false;
  auto* handle = type.as<Type>();
  if (!is_known(state->handles.get(), handle, handle) && !TRY(learn_handles(thread, library, handle))) return false;
  *handles = state->handles.get();
  return is_known(*handles, handle, handle);
}

// As the library's call_soon(); false: it isn't that simple.
Result<bool> call_soon_natively(Thread& thread, Value loop, Value callback, const Value* args, usize n, Value context) {
  LibraryLoop of;
  if (!TRY(of.find(thread, loop)) || context.is_none()) return false;
  for (u32 i = 0; i < kMethods; ++i)
    if (!is_unchanged(of.library, static_cast<Method>(i))) return false;
  Value ready = of.attribute(kReady);
  if (of.attribute(kDebug) != kFalse || of.attribute(kClosed) != kFalse || !is_exact_deque(ready)) return false;
  Tuple* handles;
  if (!TRY(find_handles(thread, of.library, &handles))) return false;
  Value members[kMembers];
  members[kContext] = context;
  members[kLoop] = loop;
  members[kCallback] = callback;
  members[kArguments] = Value(TRY(make_tuple(thread, args, static_cast<Index>(n))));
  members[kCancelled] = kFalse;
  members[kRepr] = members[kSourceTraceback] = kNone;
  Cell* handle = allocate_instance(thread, handles->at(0).as<Type>());
  if (!handle) return failed;
  Field<Value>* slots = tail_of(handle)->slots();
  for (u32 i = 0; i < kMembers; ++i) slots[handles->at(2 + static_cast<Index>(i)).small_int()].init(members[i]);
  TRY(append_to_deque(thread, ready, Value(handle)));
  return true;
}

// As load_method(loop, name) answers. Remembers the last answer: a program has one class of loops.
Result<void> load_loop_method(Thread& thread, Value loop, Str* name, Root<Tuple>& remembered, Value* method, Value* self) {
  if (!loop.is_cell()) return load_method(thread, loop, name, method, self);
  Shape* shape = shape_of(loop.cell());
  Type* type = shape->type();
  Value shape_number = Value::of_small_int(shape->id()), version = Value::of_small_int(type->version());
  bool shadowed = shape->is_dictionary_mode() && instance_find(loop.cell(), name).is_present();
  Tuple* known = remembered.get();
  if (known && known->at(0) == shape_number && known->at(1) == version && !shadowed) [[likely]] {
    *method = known->at(2);
    *self = loop;
    return ok;
  }
  TRY(load_method(thread, loop, name, method, self));
  bool is_of_class = *self == loop && is_exact<Function>(*method) && type_lookup(type, name) == *method;
  if (!is_of_class || type->version() == 0 || type->has_flag(kTypeCustomGetattribute)) return ok;
  remembered.set(TRY(tuple_of(thread, shape_number, Value::of_small_int(type->version()), *method)));
  return ok;
}

}  // namespace

Result<void> learn_loop_names(Thread& thread) {
  Tuple* keyword = TRY(tuple_of(thread, Value(names.context)));
  state = new LoopState;
  state->context_keyword.set(keyword);
  for (u32 i = 0; i < kMethods; ++i) state->methods[i].set(intern(thread, kMethodNames[i]));
  for (u32 i = 0; i < kNames; ++i) state->names[i].set(intern(thread, kNameTexts[i]));
  for (u32 i = 0; i < kMembers; ++i) state->members[i].set(intern(thread, kMemberNames[i]));
  return ok;
}

Result<bool> loop_debugs(Thread& thread, Value loop) {
  LibraryLoop of;
  if (TRY(of.find(thread, loop)) && is_unchanged(of.library, kGetDebug)) {
    Value debug = of.attribute(kDebug);
    if (debug == kFalse || debug == kTrue) return debug == kTrue;
  }
  Value method, self;
  TRY(load_loop_method(thread, loop, names.get_debug, state->get_debug, &method, &self));
  return truth(thread, TRY(call_values(thread, method, &self, self.is_absent() ? 0 : 1)));
}

// loop.call_soon(callback, *args, context=context)
Result<void> call_soon(Thread& thread, Value loop, Value callback, const Value* args, usize n, Value context) {
  if (TRY(call_soon_natively(thread, loop, callback, args, n, context))) return ok;
  Value method, self;
  TRY(load_loop_method(thread, loop, names.call_soon, state->call_soon, &method, &self));
  Value list[4] = {self, callback};
  usize count = 2;
  if (n) list[count++] = args[0];
  list[count] = context;
  usize skipped = self.is_absent() ? 1 : 0;
  TRY(call_values(thread, method, list + skipped, count - skipped, state->context_keyword.get()));
  return ok;
}

}  // namespace baton
