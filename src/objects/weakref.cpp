// weakref.ReferenceType, ProxyType, CallableProxyType, and what happens when a referent dies. See the header for the structure.
//
// A callback is queued by the collector's hook if its reference is still alive, and runs at the next safepoint of the thread that
// collected.
#include "objects/weakref.h"

#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

namespace baton {

// Guards every WeakList's chain outside a stopped world. Nothing allocates or polls under it.
static Mutex weak_links_mutex;
static RootVector* callback_queue = nullptr;  // written in a stopped world; read under the mutex

// ---------------------------------------------------------------------------------------------------------------- links

// In the collector, before the sweep: memory of neighbours is intact even if they are dead too.
void WeakLink::finalize_native() {
  if (previous_)
    previous_->next_ = next_;
  else if (auto* list = static_cast<WeakList*>(list_.get()); list && list->first_ == this)
    list->first_ = next_;
  if (next_) next_->previous_ = previous_;
  previous_ = next_ = nullptr;
}

// No target: all references of the list were dead, too, and have been resurrected.
void on_weak_target_dead(Cell* target, Cell* head) {
  auto* list = static_cast<WeakList*>(head);
  __atomic_store_n(&list->target_, nullptr, __ATOMIC_RELEASE);
  if (!target) return;
  for (WeakLink* link = list->first_; link; link = link->next_) {
    if (link->callback().is_none() || !heap_is_live_after_mark(link)) continue;
    if (!callback_queue) callback_queue = new RootVector;
    callback_queue->push(Value(link));
    current_thread().request(kFinalizers);
  }
}

bool has_queued_weakref_callbacks() { return callback_queue && !callback_queue->empty(); }

// The import system's own, of the locks of modules. Where references are counted it has run within the import: it is no event
// for who traces or profiles what the thread does now, such as a debugger that stops at the next call.
static bool is_of_import_system(Value callback) {
  return is<Function>(callback) && str_equals_ascii(callback.as<Function>()->code()->filename(), "<frozen importlib._bootstrap>");
}

Result<void> run_queued_weakref_callbacks(Thread& thread) {
  while (has_queued_weakref_callbacks()) {
    RootVector batch;
    {
      StopTheWorld world(thread);
      for (usize i = 0; i < callback_queue->size(); ++i) batch.push((*callback_queue)[i]);
      callback_queue->clear();
    }
    for (usize i = 0; i < batch.size(); ++i) {
      auto* link = batch[i].as<WeakLink>();
      Value callback = link->callback();
      link->callback_.set(link, kNone);
      if (callback.is_none()) continue;
      int untold = is_of_import_system(callback);
      thread.tracing_ += untold;
      Result<Value> called = call(thread, callback, Value(link));
      thread.tracing_ -= untold;
      if (called.is_failed()) report_unraisable(thread, nullptr, callback);
    }
  }
  return ok;
}

static Result<WeakList*> list_of(Thread& thread, Value target) {
  if (!target.is_cell() || !type_of(target)->has_flag(kTypeWeakrefable)) {
    return raise_type_error(thread, "cannot create weak reference to '{!t}' object", target);
  }
  if (Cell* head = heap_weak_head(target.cell())) return static_cast<WeakList*>(head);
  auto* fresh = static_cast<WeakList*>(allocate_cell(thread, sizeof(WeakList), kKindWeakList, 0));
  if (!fresh) return raise_memory_error(thread);
  fresh->target_ = target.cell();
  fresh->first_ = nullptr;
  Guard guard(weak_links_mutex);
  if (Cell* head = heap_weak_head(target.cell())) return static_cast<WeakList*>(head);
  heap_set_weak_head(thread, target.cell(), fresh);
  return fresh;
}

// Plain references and proxies without a callback, one of each at most, are the first of the list, in this order.
static int place_in_front(WeakLink* link) {
  if (!link->callback().is_none()) return 2;
  Type* type = type_of(Value(link));
  return type == types.weakref ? 0 : type == weak_proxy_def.type || type == callable_weak_proxy_def.type ? 1 : 2;
}

// An existing reference of exactly this type, of those, without a callback.
static WeakLink* find_shared(WeakList* list, Type* type) {
  Guard guard(weak_links_mutex);
  for (WeakLink* link = list->first_; link && place_in_front(link) < 2; link = link->next_)
    if (type_of(Value(link)) == type) return link;
  return nullptr;
}

// Behind those that belong in front of it: other references lie from the newest to the oldest one.
static void insert_link(WeakList* list, WeakLink* link) {
  int place = place_in_front(link);
  Guard guard(weak_links_mutex);
  WeakLink *before = nullptr, *after = list->first_;
  for (; after && place_in_front(after) < place; after = after->next_) before = after;
  link->previous_ = before;
  link->next_ = after;
  (before ? before->next_ : list->first_) = link;
  if (after) after->previous_ = link;
}

Result<Value> make_weakref(Thread& thread, Type* type, Value target, Value callback) {
  WeakList* list = TRY(list_of(thread, target));
  bool shared = type == types.weakref && callback.is_none();
  if (shared)
    if (WeakLink* known = find_shared(list, type)) return Value(known);
  WeakRef* made = TRY(make_of<WeakRef>(thread, type, list, callback));
  insert_link(list, made);
  return Value(made);
}
Result<Value> make_weakref(Thread& thread, Value target, Value callback) {
  return make_weakref(thread, types.weakref, target, callback);
}

Value existing_weakref(Value target) {
  Cell* head = target.is_cell() ? heap_weak_head(target.cell()) : nullptr;
  WeakLink* known = head ? find_shared(static_cast<WeakList*>(head), types.weakref) : nullptr;
  return known ? Value(known) : Value();
}

Result<Value> make_weak_proxy(Thread& thread, Value target, Value callback) {
  TRY(type_from_def(thread, weak_proxy_def));
  Type* type = TRY(type_from_def(thread, is_callable(target) ? callable_weak_proxy_def : weak_proxy_def));
  WeakList* list = TRY(list_of(thread, target));
  if (callback.is_none())
    if (WeakLink* known = find_shared(list, type)) return Value(known);
  WeakProxy* made = TRY(make_of<WeakProxy>(thread, type, list, callback));
  insert_link(list, made);
  return Value(made);
}

void weak_links_of(Value target, RootVector& links) {
  Cell* head = target.is_cell() ? heap_weak_head(target.cell()) : nullptr;
  if (!head) return;
  Guard guard(weak_links_mutex);
  for (WeakLink* link = static_cast<WeakList*>(head)->first_; link; link = link->next_) links.push(Value(link));
}

// ---------------------------------------------------------------------------------------------------------------- ref

static Result<Value> ref_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, types.weakref));
  TRY(check_positional(thread, "__new__", n - 1, 1, 2));
  return make_weakref(thread, type, args[1], n > 2 ? args[2] : kNone);
}

static Result<Value> ref_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<WeakRef>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (kwnames && kwnames->length()) return raise_type_error(thread, "ref() takes no keyword arguments");
  TRY(check_positional(thread, "__init__", n - 1, 1, 2));
  return kNone;
}

static Result<Value> ref_call(Thread&, WeakRef* self) { return self->get(); }
static Result<Value> ref_callback(Thread&, Value self) {
  auto* link = self.as<WeakLink>();
  return link->target() ? link->callback() : kNone;
}

static Result<u64> referent_hash(Thread& thread, WeakRef* self) {
  if (__atomic_load_n(&self->hashed_, __ATOMIC_ACQUIRE)) return __atomic_load_n(&self->hash_, __ATOMIC_RELAXED);
  Value target = self->get();
  if (target.is_none()) return raise_type_error(thread, "weak object has gone away");
  u64 hash = TRY(hash_of(thread, target));
  __atomic_store_n(&self->hash_, hash, __ATOMIC_RELAXED);
  __atomic_store_n(&self->hashed_, true, __ATOMIC_RELEASE);
  return hash;
}
static Result<i64> ref_hash(Thread& thread, WeakRef* self) { return static_cast<i64>(TRY(referent_hash(thread, self))); }

template <CompareOp op>
static Result<Value> ref_compare(Thread& thread, WeakRef* self, Value other) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || !is<WeakRef>(other)) return kNotImplemented;
  Value a = self->get(), b = other.as<WeakRef>()->get();
  if (a.is_none() || b.is_none()) return Value::of_bool((Value(self) == other) == (op == CompareOp::Eq));
  return rich_compare(thread, op, a, b);
}

static std::string_view address_text(char (&buffer)[24], Value v) {
  static constexpr char kDigits[] = "0123456789abcdef";
  u64 bits = v.bits();
  usize at = sizeof buffer;
  do buffer[--at] = kDigits[bits & 15];
  while (bits >>= 4);
  buffer[--at] = 'x';
  buffer[--at] = '0';
  return {buffer + at, sizeof buffer - at};
}

static Result<Str*> ref_repr(Thread& thread, WeakRef* self) {
  char own[24], other[24];
  std::string_view here = address_text(own, Value(self));
  Value target = self->get();
  if (target.is_none()) return format_message(thread, "<weakref at {}; dead>", here);
  Value name = TRY(find_attr(thread, target, names.dunder_name));
  std::string_view there = address_text(other, target);
  if (name == kNotFound || !is<Str>(name)) return format_message(thread, "<weakref at {}; to '{!t}' at {}>", here, target, there);
  return format_message(thread, "<weakref at {}; to '{!t}' at {} ({})>", here, target, there, name);
}

static constinit GetSetDef ref_getsets[] = {{"__callback__", ref_callback, nullptr, nullptr, true}};
static constinit NativeDef ref_methods[] = {
    native_raw(ref_new, "__new__(type, /, *args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native_raw(ref_init, "__init__($self, /, *args, **kwargs)", "Set up a new instance from the arguments its class documents."),
    native<ref_call>("__call__($self, /)", "Call self as a function."),
    native<ref_hash>("__hash__($self, /)", "Return hash(self)."),
    native<ref_repr>("__repr__($self, /)", "Return repr(self)."),
    native<ref_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<ref_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<ref_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<ref_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<ref_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<ref_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};

template <class T>
constexpr KindInfo weak_kind_info(const char* name) {
  KindInfo info = kind_info_of<T>(name);
  info.has_opaque_words = true;  // the links
  return info;
}
constinit TypeDef weakref_def = {
    .name = "weakref.ReferenceType",
    .kind = kKindWeakRef,
    .payload_size = sizeof(WeakRef),
    .flags = kTypeSubclassable,
    .methods = ref_methods,
    .method_count = count_of(ref_methods),
    .getsets = ref_getsets,
    .getset_count = 1,
    .kind_info = weak_kind_info<WeakRef>("weakref"),
};

// ---------------------------------------------------------------------------------------------------------------- proxies

static bool is_proxy(Value v) { return is<WeakProxy>(v); }

// The referent of a proxy, or the value itself.
static Result<Value> unwrap(Thread& thread, Value v) {
  if (!is_proxy(v)) return v;
  Cell* target = v.as<WeakProxy>()->target();
  if (!target) return raise(thread, exceptions.ReferenceError, "weakly-referenced object no longer exists");
  return Value(target);
}

static Result<Value> proxy_find_attribute(Thread& thread, Value self, Str* name) {
  return get_attr(thread, TRY(unwrap(thread, self)), name);
}
static Result<void> proxy_set_attribute(Thread& thread, Value self, Str* name, Value value) {
  Value target = TRY(unwrap(thread, self));
  return value.is_present() ? set_attr(thread, target, name, value) : delete_attr(thread, target, name);
}
static Result<Value> proxy_getattribute(Thread& thread, WeakProxy* self, Str* name) {
  return proxy_find_attribute(thread, Value(self), TRY(str_intern(thread, name)));
}
static Result<void> proxy_setattr(Thread& thread, WeakProxy* self, Str* name, Value value) {
  return proxy_set_attribute(thread, Value(self), TRY(str_intern(thread, name)), value);
}
static Result<void> proxy_delattr(Thread& thread, WeakProxy* self, Str* name) {
  return proxy_set_attribute(thread, Value(self), TRY(str_intern(thread, name)), Value());
}
static Result<Str*> proxy_str(Thread& thread, WeakProxy* self) { return str_of(thread, TRY(unwrap(thread, Value(self)))); }
static Result<Str*> proxy_repr(Thread& thread, WeakProxy* self) {
  char own[24], other[24];
  Cell* target = self->target();
  Value shown = target ? Value(target) : kNone;
  return format_message(thread, "<weakproxy at {} to {!t} at {}>", address_text(own, Value(self)), shown,
                        address_text(other, shown));
}
static Result<bool> proxy_bool(Thread& thread, WeakProxy* self) { return truth(thread, TRY(unwrap(thread, Value(self)))); }

template <CompareOp op>
static Result<Value> proxy_compare(Thread& thread, Value self, Value other) {
  Value a = TRY(unwrap(thread, self)), b = TRY(unwrap(thread, other));
  return rich_compare(thread, op, a, b);
}
template <BinaryOp op>
static Result<Value> proxy_binary(Thread& thread, Value self, Value other) {
  Value a = TRY(unwrap(thread, self)), b = TRY(unwrap(thread, other));
  return binary_op(thread, op, a, b);
}
template <BinaryOp op>
static Result<Value> proxy_reflected(Thread& thread, Value self, Value other) {
  return proxy_binary<op>(thread, other, self);
}
template <BinaryOp op>
static Result<Value> proxy_inplace(Thread& thread, Value self, Value other) {
  Value a = TRY(unwrap(thread, self)), b = TRY(unwrap(thread, other));
  return inplace_op(thread, op, a, b);
}
static Result<Value> proxy_power(Thread& thread, Value self, Value other, Value modulus) {
  Value a = TRY(unwrap(thread, self)), b = TRY(unwrap(thread, other)), m = TRY(unwrap(thread, modulus));
  return power(thread, a, b, m);
}
static Result<Value> proxy_rpower(Thread& thread, Value self, Value other, Value modulus) {
  return proxy_power(thread, other, self, modulus);
}
template <UnaryOp op>
static Result<Value> proxy_unary(Thread& thread, Value self) {
  return unary_op(thread, op, TRY(unwrap(thread, self)));
}

// Calls the referent's special method.
template <auto name>
static Result<Value> proxy_special(Thread& thread, Value self) {
  Value target = TRY(unwrap(thread, self));
  Value builtin = TRY(import_module_value(thread, "builtins"));
  return call(thread, TRY(get_attr(thread, builtin, intern(thread, name()))), target);
}
static constexpr std::string_view abs_name() { return "abs"; }
static constexpr std::string_view int_name() { return "int"; }
static constexpr std::string_view float_name() { return "float"; }
static Result<Value> proxy_index(Thread& thread, Value self) {
  Value target = TRY(unwrap(thread, self));
  Value method = TRY(find_special(thread, target, names.dunder_index));
  if (method == kNotFound) return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", target);
  return call(thread, method);
}
// The methods that CPython's proxies look up by name.
static Result<Value> proxy_bytes(Thread& thread, WeakProxy* self) {
  return call_method(thread, TRY(unwrap(thread, Value(self))), names.dunder_bytes);
}
static Result<Value> proxy_reversed(Thread& thread, WeakProxy* self) {
  return call_method(thread, TRY(unwrap(thread, Value(self))), names.dunder_reversed);
}
static Result<Index> proxy_len(Thread& thread, WeakProxy* self) { return length_of(thread, TRY(unwrap(thread, Value(self)))); }
static Result<bool> proxy_contains(Thread& thread, WeakProxy* self, Value item) {
  return contains(thread, TRY(unwrap(thread, Value(self))), item);
}
static Result<Value> proxy_getitem(Thread& thread, WeakProxy* self, Value key) {
  Value target = TRY(unwrap(thread, Value(self)));
  return get_item(thread, target, TRY(unwrap(thread, key)));
}
static Result<void> proxy_setitem(Thread& thread, WeakProxy* self, Value key, Value value) {
  return set_item(thread, TRY(unwrap(thread, Value(self))), key, value);
}
static Result<void> proxy_delitem(Thread& thread, WeakProxy* self, Value key) {
  return delete_item(thread, TRY(unwrap(thread, Value(self))), key);
}
static Result<Value> proxy_iter(Thread& thread, WeakProxy* self) {
  return get_shared_iter(thread, TRY(unwrap(thread, Value(self))));
}
static Result<Value> proxy_next(Thread& thread, WeakProxy* self) {
  Value target = TRY(unwrap(thread, Value(self)));
  if (!is_iterator(target)) return raise_type_error(thread, "Weakref proxy referenced a non-iterator '{!t}' object", target);
  return iter_next(thread, target);
}
static Result<Value> proxy_call(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return call_values(thread, TRY(unwrap(thread, args[0])), args + 1, n - 1, kwnames);
}

#define PROXY_ROWS                                                                                                             \
  native<proxy_repr>("__repr__($self, /)", "Return repr(self)."), native<proxy_str>("__str__($self, /)", "Return str(self)."), \
      native<proxy_getattribute>("__getattribute__($self, name, /)", "Return getattr(self, name)."),                           \
      native<proxy_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."),                    \
      native<proxy_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),                                  \
      native<proxy_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),                                   \
      native<proxy_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),                                  \
      native<proxy_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),                                  \
      native<proxy_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),                                  \
      native<proxy_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),                                   \
      native<proxy_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),                                  \
      native<proxy_bool>("__bool__($self, /)", "True if self else False"),                                                     \
      native<proxy_binary<BinaryOp::Add>>("__add__($self, value, /)", "Return self+value."),                                   \
      native<proxy_reflected<BinaryOp::Add>>("__radd__($self, value, /)", "Return value+self."),                               \
      native<proxy_binary<BinaryOp::Sub>>("__sub__($self, value, /)", "Return self-value."),                                   \
      native<proxy_reflected<BinaryOp::Sub>>("__rsub__($self, value, /)", "Return value-self."),                               \
      native<proxy_binary<BinaryOp::Mul>>("__mul__($self, value, /)", "Return self*value."),                                   \
      native<proxy_reflected<BinaryOp::Mul>>("__rmul__($self, value, /)", "Return value*self."),                               \
      native<proxy_binary<BinaryOp::MatMul>>("__matmul__($self, value, /)", "Return self@value."),                             \
      native<proxy_reflected<BinaryOp::MatMul>>("__rmatmul__($self, value, /)", "Return value@self."),                         \
      native<proxy_binary<BinaryOp::TrueDiv>>("__truediv__($self, value, /)", "Return self/value."),                           \
      native<proxy_reflected<BinaryOp::TrueDiv>>("__rtruediv__($self, value, /)", "Return value/self."),                       \
      native<proxy_binary<BinaryOp::FloorDiv>>("__floordiv__($self, value, /)", "Return self//value."),                        \
      native<proxy_reflected<BinaryOp::FloorDiv>>("__rfloordiv__($self, value, /)", "Return value//self."),                    \
      native<proxy_binary<BinaryOp::Mod>>("__mod__($self, value, /)", "Return self%value."),                                   \
      native<proxy_reflected<BinaryOp::Mod>>("__rmod__($self, value, /)", "Return value%self."),                               \
      native<proxy_binary<BinaryOp::DivMod>>("__divmod__($self, value, /)", "Return divmod(self, value)."),                    \
      native<proxy_reflected<BinaryOp::DivMod>>("__rdivmod__($self, value, /)", "Return divmod(value, self)."),                \
      native<proxy_power>("__pow__($self, value, mod=None, /)", "Return pow(self, value, mod)."),                              \
      native<proxy_rpower>("__rpow__($self, value, mod=None, /)", "Return pow(value, self, mod)."),                            \
      native<proxy_binary<BinaryOp::LShift>>("__lshift__($self, value, /)", "Return self<<value."),                            \
      native<proxy_reflected<BinaryOp::LShift>>("__rlshift__($self, value, /)", "Return value<<self."),                        \
      native<proxy_binary<BinaryOp::RShift>>("__rshift__($self, value, /)", "Return self>>value."),                            \
      native<proxy_reflected<BinaryOp::RShift>>("__rrshift__($self, value, /)", "Return value>>self."),                        \
      native<proxy_binary<BinaryOp::And>>("__and__($self, value, /)", "Return self&value."),                                   \
      native<proxy_reflected<BinaryOp::And>>("__rand__($self, value, /)", "Return value&self."),                               \
      native<proxy_binary<BinaryOp::Or>>("__or__($self, value, /)", "Return self|value."),                                     \
      native<proxy_reflected<BinaryOp::Or>>("__ror__($self, value, /)", "Return value|self."),                                 \
      native<proxy_binary<BinaryOp::Xor>>("__xor__($self, value, /)", "Return self^value."),                                   \
      native<proxy_reflected<BinaryOp::Xor>>("__rxor__($self, value, /)", "Return value^self."),                               \
      native<proxy_inplace<BinaryOp::Add>>("__iadd__($self, value, /)", "Return self+=value."),                                \
      native<proxy_inplace<BinaryOp::Sub>>("__isub__($self, value, /)", "Return self-=value."),                                \
      native<proxy_inplace<BinaryOp::Mul>>("__imul__($self, value, /)", "Return self*=value."),                                \
      native<proxy_inplace<BinaryOp::MatMul>>("__imatmul__($self, value, /)", "Return self@=value."),                          \
      native<proxy_inplace<BinaryOp::TrueDiv>>("__itruediv__($self, value, /)", "Return self/=value."),                        \
      native<proxy_inplace<BinaryOp::FloorDiv>>("__ifloordiv__($self, value, /)", "Return self//=value."),                     \
      native<proxy_inplace<BinaryOp::Mod>>("__imod__($self, value, /)", "Return self%=value."),                                \
      native<proxy_inplace<BinaryOp::Pow>>("__ipow__($self, value, /)", "Return self**=value."),                               \
      native<proxy_inplace<BinaryOp::LShift>>("__ilshift__($self, value, /)", "Return self<<=value."),                         \
      native<proxy_inplace<BinaryOp::RShift>>("__irshift__($self, value, /)", "Return self>>=value."),                         \
      native<proxy_inplace<BinaryOp::And>>("__iand__($self, value, /)", "Return self&=value."),                                \
      native<proxy_inplace<BinaryOp::Or>>("__ior__($self, value, /)", "Return self|=value."),                                  \
      native<proxy_inplace<BinaryOp::Xor>>("__ixor__($self, value, /)", "Return self^=value."),                                \
      native<proxy_unary<UnaryOp::Negative>>("__neg__($self, /)", "-self"),                                                    \
      native<proxy_unary<UnaryOp::Positive>>("__pos__($self, /)", "+self"),                                                    \
      native<proxy_unary<UnaryOp::Invert>>("__invert__($self, /)", "~self"),                                                   \
      native<proxy_special<abs_name>>("__abs__($self, /)", "abs(self)"),                                                       \
      native<proxy_special<int_name>>("__int__($self, /)", "int(self)"),                                                       \
      native<proxy_special<float_name>>("__float__($self, /)", "float(self)"),                                                 \
      native<proxy_index>("__index__($self, /)", "Return the number itself as a plain int, for indexing and slicing."),        \
      native<proxy_len>("__len__($self, /)", "Return len(self)."),                                                             \
      native<proxy_contains>("__contains__($self, key, /)", "Return key in self."),                                            \
      native<proxy_getitem>("__getitem__($self, key, /)", "Return self[key]."),                                                \
      native<proxy_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),                                   \
      native<proxy_delitem>("__delitem__($self, key, /)", "Delete self[key]."),                                                \
      native<proxy_iter>("__iter__($self, /)", "Implement iter(self)."),                                                       \
      native<proxy_next>("__next__($self, /)", "Implement next(self).")

static constinit NativeDef weak_proxy_methods[] = {
    PROXY_ROWS,
    native<proxy_bytes>("__bytes__($self, /)", nullptr),
    native<proxy_reversed>("__reversed__($self, /)", nullptr),
};
static constinit NativeDef callable_weak_proxy_methods[] = {
    PROXY_ROWS,
    native_raw(proxy_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
};

constinit TypeDef weak_proxy_def = {
    .name = "weakref.ProxyType",
    .dynamic_kind = &DynamicKind<WeakProxy>::value,
    .payload_size = sizeof(WeakProxy),
    .flags = kTypeNoInstances,
    .methods = weak_proxy_methods,
    .method_count = count_of(weak_proxy_methods),
    .kind_info = weak_kind_info<WeakProxy>("weak proxy"),
    .find_attribute = proxy_find_attribute,
    .set_attribute = proxy_set_attribute,
};
constinit TypeDef callable_weak_proxy_def = {
    .name = "weakref.CallableProxyType",
    .dynamic_kind = &DynamicKind<WeakProxy>::value,
    .payload_size = sizeof(WeakProxy),
    .flags = kTypeNoInstances,
    .methods = callable_weak_proxy_methods,
    .method_count = count_of(callable_weak_proxy_methods),
    .kind_info = weak_kind_info<WeakProxy>("callable weak proxy"),
    .find_attribute = proxy_find_attribute,
    .set_attribute = proxy_set_attribute,
};

void register_weak_list_kind() {
  KindInfo info{"weak list", nullptr, nullptr};
  info.has_opaque_words = true;
  register_kind(kKindWeakList, info);
}

}  // namespace baton
