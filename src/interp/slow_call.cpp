// Slow paths of calls, frames that end, iteration, generators, with, and exceptions.
#include <alloca.h>

#include "interp/dispatch.h"
#include "interp/inline_cache.h"
#include "interp/slow.h"
#include "objects/async_generator.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/exception_group.h"
#include "objects/foreign_builtins.h"
#include "objects/frame_trace.h"
#include "objects/generator.h"
#include "objects/iterators.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/signals.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- calls

// from_loop: nothing but registers is in use, see ExactStack.
static bool poll_at(Thread& t, Frame* f, Value* result, bool from_loop) {
  // Signals wait for the next poll at the entry of an __exit__, so that `def __exit__(self, *a): self._lock.release()` does
  // release, and behind the call that took a lock in an __enter__. Nowhere else: a blocking call might come before the next poll.
  bool at_entry = !result && f->pc == f->code->instructions();
  bool exits = at_entry && f->code->name() == names.dunder_exit;
  bool entered = result && lock_just_taken && f->code->name() == names.dunder_enter;
  lock_just_taken = exits || entered;
  return !handle_polls(t, result, from_loop).is_failed();
}
bool slow_poll(Thread& t, Frame* f, Value* result) { return poll_at(t, f, result, true); }

bool slow_bind(Thread& t, Function* function, const Value* args, usize n, Tuple* kwnames, Value* registers) {
  if (registers + function->code()->register_count_ > t.registers_limit_) {
    (void)raise_stack_overflow(t);
    return false;
  }
  return !bind_parameters(t, function, args, n, kwnames, registers).is_failed();
}

Function* slow_begin_construct(Thread& t, Type* type, usize n, Value* w) {
  if (!type->has_flag(kTypeHeap) || type_of(Value(type)) != types.type) return nullptr;  // a metaclass may have its own __call__
  if (type->slot(Slot::new_) != types.object->slot(Slot::new_)) return nullptr;
  Value init = type->slot(Slot::init);
  if (!is_exact<Function>(init)) return nullptr;
  if (init.as<Function>()->code()->flags() & (kCodeGenerator | kCodeCoroutine | kCodeAsyncGenerator)) return nullptr;
  Result<Value> instance = object_new_instance(t, type);
  if (instance.is_failed()) return nullptr;
  w[0] = instance.value();
  w[1] = instance.value();
  return init.as<Function>();
}

// Whether the result of the call that this frame is at goes into the loop that follows, and nowhere else.
static bool is_called_by_loop(const Frame* f) {
  const Instruction *call = f->pc, *next = call + 1;
  return static_cast<Op>(call->op) == Op::Call && static_cast<Op>(next->op) == Op::GetIter && next->b == call->c &&
         call->c >= f->code->frame_local_count_;
}

// type.__call__ for a class with a native __new__: the class is passed from the window, nothing is copied.
static Result<Value> construct_natively(Thread& t, Value* w, usize n, Tuple* kwnames) {
  auto* type = w[0].as<Type>();
  TRY(check_native_depth(t, " while calling a Python object"));
  NativeDef* maker = type->slot(Slot::new_).as<NativeFunction>()->def();
  w[1] = Value(type);
  bool is_text = type == types.str && n == 1 && !kwnames;
  Value instance = is_text ? Value(TRY(str_of(t, w[2]))) : TRY(maker->entry(t, *maker, w + 1, n + 1, kwnames));
  Type* made = type_of(instance);
  if (made != type && !made->is_subtype_of(type)) return instance;
  Value init = made->slot(Slot::init);
  if (init == types.object->slot(Slot::init) && (n == 0 || maker != types.object->slot(Slot::new_).as<NativeFunction>()->def()) &&
      !kwnames) {
    if (!gil_enabled() && is_exact<Iterator>(instance) && is_called_by_loop(t.top_frame_)) instance.as<Iterator>()->set_private();
    return instance;
  }
  Value answer;
  w[1] = instance;
  if (is<MethodDescriptor>(init)) {
    NativeDef* def = init.as<MethodDescriptor>()->def();
    answer = TRY(def->entry(t, *def, w + 1, n + 1, kwnames));
  } else if (is<Function>(init)) {
    answer = TRY(call_python_function(t, init.as<Function>(), w + 1, n + 1, kwnames));
  } else {
    answer = TRY(call_values(t, TRY(call_get(t, init, instance, made)), w + 2, n, kwnames));
  }
  if (!answer.is_none()) return raise_type_error(t, "__init__() should return None, not '{!t}'", answer);
  return instance;
}

static bool has_native_maker(Type* type) {
  return type != types.type && type_of(Value(type))->slot(Slot::call) == types.type->slot(Slot::call) &&
         is<NativeFunction>(type->slot(Slot::new_)) && (type->has_flag(kTypeHeap) || !type->has_flag(kTypeNoInstances));
}

Value slow_call(Thread& t, Value* w, usize n, Tuple* kwnames) {
  Value callable = w[0];
  if (w[1].is_present()) return value_or_absent(call_values(t, callable, w + 1, n + 1, kwnames));
  if (is_exact<NativeFunction>(callable)) {
    auto* function = callable.as<NativeFunction>();
    NativeDef* def = function->def();
    if (!function->passes_self()) return value_or_absent(def->entry(t, *def, w + 2, n, kwnames));
    w[1] = def->flags & kNativeModuleArg ? function->module() : function->self();  // its own register is free
    return value_or_absent(def->entry(t, *def, w + 1, n + 1, kwnames));
  }
  if (is_exact<Type>(callable) && has_native_maker(callable.as<Type>()))
    return value_or_absent(construct_natively(t, w, n, kwnames && kwnames->length() ? kwnames : nullptr));
  return value_or_absent(call_values(t, callable, w + 2, n, kwnames));
}

static Result<void> prepare_call_ex(Thread& t, Value* w) {
  if (!is_exact<Tuple>(w[2])) {
    if (!has_way_to_iterate(type_of(w[2]))) {
      Value qualname = TRY(find_attr(t, w[0], names.dunder_qualname));
      if (qualname == kNotFound || !is<Str>(qualname))
        return raise_type_error(t, "{} argument after * must be an iterable, not {!t}", TRY(str_of(t, w[0])), w[2]);
      Value module = TRY(find_attr(t, w[0], names.dunder_module));
      if (module != kNotFound && is<Str>(module) && !str_equals_ascii(module.as<Str>(), "builtins")) {
        return raise_type_error(t, "{}.{}() argument after * must be an iterable, not {!t}", module, qualname, w[2]);
      }
      return raise_type_error(t, "{}() argument after * must be an iterable, not {!t}", qualname, w[2]);
    }
    w[2] = Value(TRY(tuple_from_iterable(t, w[2])));
  }
  return ok;
}

Function* slow_prepare_call_ex(Thread& t, Frame*, Value* w) {
  if (prepare_call_ex(t, w).is_failed()) return nullptr;
  return is_exact<Function>(w[0]) ? w[0].as<Function>() : nullptr;
}

static bool bind_many(Thread& t, Function* function, Value self, Tuple* args, Dict* kwargs, Value* registers) {
  usize n = static_cast<usize>(args->length());
  RootVector values, keys;
  if (self.is_present()) values.push(self);
  for (usize i = 0; i < n; ++i) values.push(args->at(static_cast<Index>(i)));
  n = values.size();
  Index position = 0;
  Value key, value;
  while (kwargs && dict_next(kwargs, &position, &key, &value)) {
    if (!is<Str>(key)) {
      (void)raise_type_error(t, "keywords must be strings");
      return false;
    }
    keys.push(key);
    values.push(value);
  }
  Result<Tuple*> kwnames = make_tuple(t, keys.data(), static_cast<Index>(keys.size()));
  if (kwnames.is_failed()) return false;
  return slow_bind(t, function, values.data(), n, kwnames.value(), registers);
}

// self and the items of args, to `values`; how many.
static usize positional_values(Value self, Tuple* args, Value* values) {
  usize n = 0;
  if (self.is_present()) values[n++] = self;
  for (Index i = 0; i < args->length(); ++i) values[n++] = args->at(i);
  return n;
}
static constexpr usize kMostOnStack = 1000;

// A function of *args and **kwargs only, as wrappers are: the tuple and the dict of the call, which is its own, are the
// arguments. False: another function, or a key that is no str.
static bool bind_rest(Thread& t, Code* code, Value* w, Value* registers) {
  if (code->argcount_ + code->kwonly_argcount_ != 0 || !code->has_flag(kCodeVarArgs) || !code->has_flag(kCodeVarKeywords) ||
      w[1].is_present() || registers + code->register_count_ > t.registers_limit_)
    return false;
  DictTable* table = w[3].as<Dict>()->table();
  if (!table || !table->all_str() || materialise(t, code).is_failed()) return false;
  Value args = w[2], kwargs = w[3];
  registers[0] = args;
  registers[1] = kwargs;
  for (usize i = 2; i < code->frame_local_count_; ++i) registers[i] = Value();
  return true;
}

// A function of parameters without stars, by names that are parameters' own: no tuple of names is made. False: what `registers`
// has then counts for nothing, and the general way binds or says what is wrong.
static bool bind_by_names(Thread& t, Function* function, Value* w, Value* registers) {
  Code* code = function->code();
  auto* args = w[2].as<Tuple>();
  auto* kwargs = w[3].as<Dict>();
  if (code->is_lazy() || code->has_flag(kCodeVarArgs | kCodeVarKeywords)) return false;
  usize argcount = code->argcount_, count = argcount + code->kwonly_argcount_,
        n = static_cast<usize>(args->length()) + w[1].is_present();
  if (n > argcount || registers + code->register_count_ > t.registers_limit_) return false;
  positional_values(w[1], args, registers);
  for (usize i = n; i < code->frame_local_count_; ++i) registers[i] = Value();
  Index position = 0;
  Value key, value;
  while (dict_next(kwargs, &position, &key, &value)) {
    usize p = n > code->posonly_argcount_ ? n : code->posonly_argcount_;
    while (p < count && code->varnames()->at(static_cast<Index>(p)) != key) ++p;
    if (p == count) return false;
    registers[p] = value;
  }
  Tuple* defaults = function->defaults();
  usize first_default = argcount - (defaults ? static_cast<usize>(defaults->length()) : 0);
  for (usize p = n; p < argcount; ++p) {
    if (registers[p].is_present()) continue;
    if (p < first_default || first_default > argcount) return false;
    registers[p] = defaults->at(static_cast<Index>(p - first_default));
  }
  for (usize p = argcount; p < count; ++p) {
    if (registers[p].is_present()) continue;
    if (!function->kwdefaults()) return false;
    registers[p] = dict_find_str(function->kwdefaults(), code->varnames()->at(static_cast<Index>(p)).as<Str>());
    if (registers[p].is_absent()) return false;
  }
  return true;
}

bool slow_bind_ex(Thread& t, Function* function, Value* w, Value* registers) {
  Value self = w[1];
  Tuple* args = w[2].as<Tuple>();
  usize n = static_cast<usize>(args->length()) + self.is_present();
  Dict* kwargs = w[3].is_present() ? w[3].as<Dict>() : nullptr;
  usize k = kwargs ? static_cast<usize>(kwargs->length()) : 0;
  if (k && bind_rest(t, function->code(), w, registers)) return true;
  if (t.has_pending()) return false;
  if (k && bind_by_names(t, function, w, registers)) return true;
  if (k == 0) {
    if (registers + n + function->code()->register_count_ > t.registers_limit_) {
      (void)raise_stack_overflow(t);
      return false;
    }
    if (self.is_absent()) return slow_bind(t, function, args->items(), n, nullptr, registers);
  }
  // Values and names go to this stack, which is scanned.
  if (k > 64 || n > kMostOnStack) return bind_many(t, function, self, args, kwargs, registers);
  auto* values = static_cast<Value*>(alloca((n + 2 * k) * sizeof(Value)));
  Value* keys = values + n + k;
  positional_values(self, args, values);
  if (k == 0) return slow_bind(t, function, values, n, nullptr, registers);
  Index position = 0;
  for (usize i = 0; i < k; ++i) {
    Value key, value;
    if (!dict_next(kwargs, &position, &key, &value)) return bind_many(t, function, self, args, kwargs, registers);
    if (!is<Str>(key)) {
      (void)raise_type_error(t, "keywords must be strings");
      return false;
    }
    keys[i] = key;
    values[n + i] = value;
  }
  Result<Tuple*> kwnames = make_tuple(t, keys, static_cast<Index>(k));
  if (kwnames.is_failed()) return false;
  return slow_bind(t, function, values, n, kwnames.value(), registers);
}

Value slow_call_ex(Thread& t, Value* w) {
  Value self = w[1];
  Tuple* args = w[2].as<Tuple>();
  Dict* kwargs = w[3].is_present() ? w[3].as<Dict>() : nullptr;
  if (self.is_absent()) return value_or_absent(call_tuple_dict(t, w[0], args, kwargs));
  usize n = static_cast<usize>(args->length()) + 1;
  if ((!kwargs || kwargs->length() == 0) && n <= kMostOnStack) {
    auto* values = static_cast<Value*>(alloca(n * sizeof(Value)));
    positional_values(self, args, values);
    return value_or_absent(call_values(t, w[0], values, n));
  }
  Result<Value> bound = make<BoundMethod>(t, w[0], self);
  if (bound.is_failed()) return Value();
  return value_or_absent(call_tuple_dict(t, bound.value(), args, kwargs));
}

void slow_bad_init(Thread& t, Value v) { (void)raise_type_error(t, "__init__() should return None, not '{!t}'", v); }

static void finish_generator(Thread& t, Frame* f) {
  Generator* g = f->generator;
  g->set_state(GeneratorState::Finished);
  t.set_handled(f->inherited_handled);
  g->handled_.set(g, kNone);
  async_generator_ends(t, g);
  g->frame_object_.clear();  // a traceback may keep the frame and its locals; a finished generator doesn't
  if (gil_enabled())
    g->remove_gc_flag_private(kFinalizable);
  else
    g->remove_gc_flag(kFinalizable);
}

static void clear_generator_registers(Frame* f) {
  Value* registers = f->registers;
  for (u32 i = 0, n = f->code->register_count_; i < n; ++i) registers[i] = Value();
}

// A frame returns: trace events, generator state, frame object. Answers the value, or absent if a trace function raised.
Value slow_leave_frame(Thread& t, Frame* f, Value value) {
  if (f->is_traced && !trace_return(t, f, value)) return Value();
  if (f->generator) {
    finish_generator(t, f);
    if (f->frame_object) detach_frame_object(t, f);
    clear_generator_registers(f);
  }
  return value;
}

Value slow_make_function(Thread& t, Frame* f, u32 code_constant, Value* parts) {
  Code* code = f->code->consts_.get()->at(code_constant).as<Code>();
  Result<Function*> made = make_function(t, code, f->globals, Value(code->qualname()));
  if (made.is_failed()) return Value();
  Function* function = made.value();
  if (parts) {
    if (parts[0].is_present()) function->defaults_.set(function, parts[0].as<Tuple>());
    if (parts[1].is_present()) function->kwdefaults_.set(function, parts[1].as<Dict>());
    if (parts[2].is_present()) function->annotations_.set(function, parts[2]);
    if (parts[3].is_present()) function->closure_.set(function, parts[3].as<Tuple>());
  }
  return Value(function);
}

Value slow_load_build_class(Thread& t, Frame* f) {
  Value v = value_or_absent(find_builtin(t, f->builtins, names.dunder_build_class));
  if (v != kNotFound) return v;
  (void)raise(t, exceptions.NameError, "__build_class__ not found");
  return Value();
}

// ---------------------------------------------------------------------------------------------------------------- iteration,
// generators

Value slow_get_iter(Thread& t, Value v) { return value_or_absent(get_iter(t, v)); }
Value slow_failed_step(Thread& t) { return value_or_absent(exhausted_if_stopped(t)); }
Value slow_for_iter(Thread& t, Value iterator) { return value_or_absent(iter_next_generally(t, iterator)); }

static int pair_from_general_step(Thread& t, Iterator* it, Value* pair) {
  Result<Value> v = iter_next(t, Value(it));
  if (v.is_failed()) return -1;
  if (v.value() == kExhausted) return 0;
  pair[0] = v.value().as<Tuple>()->at(0);
  pair[1] = v.value().as<Tuple>()->at(1);
  return 1;
}

int slow_next_pair(Thread& t, Iterator* it, Value* pair) {
  IteratorForm form = it->form_;
  if (static_cast<u8>(form) & Iterator::kSharedMark) {
    if (objects_are_locked()) return pair_from_general_step(t, it, pair);
    form = it->form();
  }
  if (form == IteratorForm::DictItems) {
    if (dict_iterator_step(it, &pair[0], &pair[1])) return 1;
  } else if (form == IteratorForm::Enumerate) {
    if (it->extra_.get().is_absent() && it->position_ < Value::kMaxSmallInt) {
      Result<Value> item = iter_next_inline(t, it->source());
      if (item.is_failed()) return -1;
      if (item.value() == kExhausted) return 0;
      pair[0] = Value::of_small_int(it->position_++);
      pair[1] = item.value();
      return 1;
    }
  } else if (!it->position_) {  // zip, not strict
    auto* sources = it->source().as<Tuple>();
    for (Index i = 0; i < 2; ++i) {
      Result<Value> item = iter_next_inline(t, sources->at(i));
      if (item.is_failed()) return -1;
      if (item.value() == kExhausted) return 0;
      pair[i] = item.value();
    }
    return 1;
  }
  return pair_from_general_step(t, it, pair);
}

// Whether closing a suspended generator of this code may do anything: it has a handler, or a delegate that would be closed too.
// Kept in the cache word of its ReturnGenerator.
static bool closing_matters(Frame* f) {
  Code* code = f->code;
  Field<Value>& cache = cache_of(f, f->pc);
  if (cache.get().is_absent()) {
    bool matters = code->exception_count_ > 0;
    for (u32 i = 0; i < code->instruction_count_ && !matters; ++i)
      matters = static_cast<Op>(code->instructions()[i].op) == Op::YieldFrom;
    cache.set(code, Value::of_small_int(matters));
  }
  return cache.get().small_int() != 0;
}

Value slow_make_generator(Thread& t, Frame* f) {
  Code* code = f->code;
  u16 kind = code->has_flag(kCodeCoroutine)        ? kKindCoroutine
             : code->has_flag(kCodeAsyncGenerator) ? kKindAsyncGenerator
                                                   : kKindGenerator;
  Type* type = kind == kKindCoroutine ? types.coroutine : kind == kKindAsyncGenerator ? types.async_generator : types.generator;
  Cell* cell = allocate_cell(t, sizeof(Generator) + code->register_count_ * sizeof(Value), kind, type->instance_shape()->id());
  if (!cell) return Value();
  auto* g = static_cast<Generator*>(cell);
  g->frame_ = *f;
  g->frame_.registers = g->registers();
  g->frame_.generator = g;
  g->frame_.frame_object = nullptr;
  g->frame_.previous = nullptr;
  g->frame_.stack_top = nullptr;
  g->frame_.inherited_handled = kNone;
  g->function_.init(Value(f->function));
  g->code_.init(code);
  g->name_.init(f->function->name_.get());
  g->qualname_.init(f->function->qualname_.get());
  g->yield_from_.init(Value());
  g->handled_.init(kNone);
  g->origin_.init(kNone);
  g->finalizer_.init(kNone);
  g->frame_object_.init(nullptr);
  g->register_count_ = code->register_count_;
  g->set_state(GeneratorState::Created);
  g->hooks_inited_ = g->closed_ = g->running_async_ = 0;
  u32 locals = code->frame_local_count_, count = code->register_count_;
  Value* registers = g->registers();
  for (u32 i = 0; i < locals; ++i) registers[i] = f->registers[i];
  for (u32 i = locals; i < count; ++i) registers[i] = Value();
  if (kind != kKindGenerator || closing_matters(f)) heap_register_finalizable(t, g);
  if (f->frame_object) {  // someone looked at the frame before it became a generator's
    FrameObject* object = f->frame_object;
    object->record_ = &g->frame_;
    object->generator_.set(object, Value(g));
    g->frame_.frame_object = object;
    g->frame_object_.set(g, object);
    f->frame_object = nullptr;
  }
  if (kind == kKindCoroutine && t.coroutine_origin_depth_ > 0 && record_coroutine_origin(t, g).is_failed()) return Value();
  return Value(g);
}

static Failed raise_busy(Thread& t, Generator* g) {
  const char* what = g->kind() == kKindCoroutine        ? "coroutine"
                     : g->kind() == kKindAsyncGenerator ? "async generator"
                                                        : "generator";
  return raise_value_error(t, "{} already executing", what);
}

// It was seen in this state, and runs from now on; false: not in that state any more, as another thread was first. By right of
// the bias, as the interpreter's own stores, or by compare-and-swap.
BATON_ALWAYS_INLINE static bool claim_generator(Thread& t, Generator* g, u8 seen) {
  constexpr auto kRunning = static_cast<u8>(GeneratorState::Running);
  if (!objects_are_locked()) {
    __atomic_store_n(&g->state_, kRunning, __ATOMIC_RELAXED);
    return true;
  }
  if (LockBias::has_bias(t) && LockBias::enter_short(t)) {
    bool is_mine = __atomic_load_n(&g->state_, __ATOMIC_RELAXED) == seen;
    if (is_mine) __atomic_store_n(&g->state_, kRunning, __ATOMIC_RELAXED);
    LockBias::leave_short(t);
    return is_mine;
  }
  LockBias::count_down(t);
  return __atomic_compare_exchange_n(&g->state_, &seen, kRunning, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

// Marks it running and links its frame on top; null with an exception pending.
static Frame* link_generator(Thread& t, Generator* g, EntryKind entry) {
  u8 state = __atomic_load_n(&g->state_, __ATOMIC_ACQUIRE);
  bool startable = state == static_cast<u8>(GeneratorState::Created) || state == static_cast<u8>(GeneratorState::Suspended);
  if (!startable || !claim_generator(t, g, state)) {
    (void)raise_busy(t, g);
    return nullptr;
  }
  if (++t.recursion_depth_ > t.recursion_limit_) {
    --t.recursion_depth_;
    __atomic_store_n(&g->state_, state, __ATOMIC_RELEASE);
    (void)raise_stack_overflow(t);
    return nullptr;
  }
  Frame* frame = &g->frame_;
  frame->previous = t.top_frame_;
  frame->stack_top = stack_top(t);
  frame->entry = static_cast<u8>(entry);
  frame->is_traced = 0;
  frame->inherited_handled = t.handled();
  Value own = g->handled_.get();
  if (!own.is_none()) t.set_handled(own);
  t.top_frame_ = frame;
  return frame;
}

Frame* slow_begin_resume(Thread& t, Frame* f, Generator* g, EntryKind entry, Value sent) {
  u8 state = __atomic_load_n(&g->state_, __ATOMIC_ACQUIRE);
  if (state == static_cast<u8>(GeneratorState::Created) && !sent.is_none()) {
    const char* what = g->kind() == kKindCoroutine ? "coroutine" : "generator";
    (void)raise_type_error(t, "can't send non-None value to a just-started {}", what);
    return nullptr;
  }
  Frame* frame = link_generator(t, g, entry);
  if (!frame) return nullptr;
  if (state == static_cast<u8>(GeneratorState::Suspended)) frame->registers[frame->pc->a] = sent;
  if (t.poll_pending() && static_cast<Op>(frame->pc->op) == Op::Yield && !poll_at(t, frame, nullptr, false)) {
    // The exception is raised inside the generator, at its yield: the caller unwinds from the top frame.
    return nullptr;
  }
  return frame;
}

void slow_suspend(Thread& t, Frame* f, Value) {
  Generator* g = f->generator;
  // The yielded temporary is the receiver's now: a suspended generator must not keep it alive.
  const Instruction* at = f->pc;
  if (static_cast<Op>(at->op) == Op::YieldFrom || at->c) f->registers[at->b] = Value();
  t.set_handled(f->inherited_handled);
  if (g->has_gc_flag(kOld)) remember_cell(g);
  t.top_frame_ = f->previous;
  f->previous = nullptr;
  --t.recursion_depth_;
  g->set_state(GeneratorState::Suspended);
}

// Throws into the delegate of a generator suspended in YieldFrom. Answers: a yielded value; kExhausted when the delegate finished
// (its result is in *result); kNotFound when the exception goes to the generator itself (it is in *exception); or failed with the
// delegate's exception pending.
static Result<Value> throw_into_delegate(Thread& t, Value delegate, Value* exception, Value* result) {
  if (is_instance_of_type(*exception, exceptions.GeneratorExit)) {
    if (is_generator_kind(delegate)) {
      TRY(call_method(t, delegate, names.close));
    } else {
      Result<Value> close = find_attr(t, delegate, names.close);
      if (close.is_failed())
        report_unraisable(t, nullptr, delegate);
      else if (close.value() != kNotFound)
        TRY(call(t, close.value()));
    }
    return kNotFound;
  }
  if (is_generator_kind(delegate) && delegate.cell()->kind() != kKindAsyncGenerator) {
    return resume_generator(t, delegate.as<Generator>(), kNone, *exception, result);
  }
  Value method = TRY(find_attr(t, delegate, names.throw_));
  if (method == kNotFound) return kNotFound;
  Tuple* args = original_throw_args(exception->as<Exception>());
  Result<Value> v =
      args ? call_values(t, method, args->items(), static_cast<usize>(args->length())) : call(t, method, *exception);
  if (v.is_failed() && pending_matches(t, exceptions.StopIteration)) {
    *result = stop_iteration_value(t.take_pending());
    return kExhausted;
  }
  return v;
}

// What a generator's frame did after it was entered from native code.
static Result<Value> leave_native_resume(Thread& t, Value v, Value* returned) {
  if (v.is_absent()) return failed;
  if (interp_state(t).generator_returned) {
    interp_state(t).generator_returned = false;
    *returned = v;
    return kExhausted;
  }
  return v;
}

// Of one that runs already, has finished, or is sent something before it has begun.
BATON_COLD static Result<Value> refuse_resume(Thread& t, Generator* g, u8 state, Value exception, Value* returned) {
  if (state == static_cast<u8>(GeneratorState::Running)) return raise_busy(t, g);
  if (state == static_cast<u8>(GeneratorState::Finished)) {
    if (g->kind() == kKindCoroutine) return raise_runtime_error(t, "cannot reuse already awaited coroutine");
    if (exception.is_present()) {
      t.pending_ = exception;  // what the caller handles is no context for it
      return failed;
    }
    *returned = kNone;
    return kExhausted;
  }
  const char* what = g->kind() == kKindCoroutine        ? "coroutine"
                     : g->kind() == kKindAsyncGenerator ? "async generator"
                                                        : "generator";
  return raise_type_error(t, "can't send non-None value to a just-started {}", what);
}

BATON_NOINLINE static Result<Value> throw_into_generator(Thread& t, Generator* g, u8 state, Value exception, Value* returned) {
  Frame* frame = link_generator(t, g, EntryKind::GeneratorNative);
  if (!frame) return failed;
  bool throwing = true;
  if (state == static_cast<u8>(GeneratorState::Suspended) && static_cast<Op>(frame->pc->op) == Op::YieldFrom) {
    // The delegate hears it first; the generator counts as running meanwhile.
    const Instruction* pc = frame->pc;
    Value result;
    Result<Value> v = throw_into_delegate(t, frame->registers[pc->c], &exception, &result);
    if (!v.is_failed() && v.value() != kExhausted && v.value() != kNotFound) {
      slow_suspend(t, frame, v.value());
      return v;
    }
    if (!v.is_failed() && v.value() == kExhausted) {
      frame->registers[pc->b] = result;
      frame->pc = pc - 2;  // continue_generator steps to the Jump in front of the YieldFrom
      throwing = false;
    } else if (v.is_failed()) {
      exception = Value();  // the delegate's own exception is pending
    }
  }
  // Its context is what the generator itself handles; what the caller of throw() handles is no context for it.
  bool handles = !g->handled_.get().is_none();
  if (throwing && exception.is_present() && !handles)
    t.pending_ = exception;
  else if (throwing && handles)
    raise_exception(t, exception.is_present() ? exception.as<Exception>() : t.take_pending());
  return leave_native_resume(t, continue_generator(t, frame, throwing), returned);
}

// What is rare is done in functions of its own: slots that it needs on the stack would be left unwritten here while the generator
// runs, and what earlier calls left in them be kept alive.
Result<Value> resume_generator_from_native(Thread& t, Generator* g, Value sent, Value exception, Value* returned) {
  TRY(check_native_depth(t, ""));
  u8 state = __atomic_load_n(&g->state_, __ATOMIC_ACQUIRE);
  bool is_created = state == static_cast<u8>(GeneratorState::Created);
  if (state != static_cast<u8>(GeneratorState::Suspended) && !(is_created && (exception.is_present() || sent.is_none())))
    return refuse_resume(t, g, state, exception, returned);
  if (exception.is_present()) return throw_into_generator(t, g, state, exception, returned);
  Frame* frame = link_generator(t, g, EntryKind::GeneratorNative);
  if (!frame) return failed;
  if (!is_created) frame->registers[frame->pc->a] = sent;
  return leave_native_resume(t, continue_generator(t, frame, false), returned);
}

// What a suspended generator awaits or yields from.
static Value find_delegate(Generator* g) {
  if (!g->is_in(GeneratorState::Suspended) || static_cast<Op>(g->frame_.pc->op) != Op::YieldFrom) return Value();
  return g->frame_.registers[g->frame_.pc->c];
}
void install_generator_hooks() {
  find_generator_delegate = find_delegate;
  next_of_generator = next_of_generator_from_native;
  find_line_target = find_jump_target;
}

Value slow_get_yield_from_iter(Thread& t, Frame* f, Value v) {
  if (is_exact<Generator>(v)) return v;
  if (v.is_cell() && v.cell()->kind() == kKindCoroutine) {
    if (f->code->flags() & (kCodeCoroutine | kCodeIterableCoroutine)) return v;
    (void)raise_type_error(t, "cannot 'yield from' a coroutine object in a non-coroutine generator");
    return Value();
  }
  return value_or_absent(get_shared_iter(t, v));  // gi_yieldfrom shows it
}

Value slow_send(Thread& t, Value iterator, Value v, Value* returned) {
  if (v.is_none() && is_iterator(iterator)) {
    Result<Value> r = iter_next_with_value(t, iterator);
    if (!r.is_failed() && r.value() == kExhausted) *returned = t.take_stop_value();
    return value_or_absent(r);
  }
  Result<Value> r = call_method(t, iterator, names.send, v);
  if (r.is_failed() && pending_matches(t, exceptions.StopIteration)) {
    *returned = stop_iteration_value(t.take_pending());
    return kExhausted;
  }
  return value_or_absent(r);
}

static Result<Value> get_awaitable(Thread& t, Value v, u32 where) {
  if (v.is_cell() && v.cell()->kind() == kKindCoroutine) {
    auto* g = v.as<Generator>();
    if (g->is_in(GeneratorState::Suspended) && static_cast<Op>(g->frame_.pc->op) == Op::YieldFrom) {
      return raise_runtime_error(t, "coroutine is being awaited already");
    }
    return v;
  }
  if (is_exact<Generator>(v) && v.as<Generator>()->code_.get()->has_flag(kCodeIterableCoroutine)) return v;
  Value slot = type_of(v)->slot(Slot::await);
  if (slot.is_absent()) {
    if (where == 1)
      return raise_type_error(t, "'async with' received an object from __aenter__ that does not implement __await__: {!t}", v);
    if (where == 2)
      return raise_type_error(t, "'async with' received an object from __aexit__ that does not implement __await__: {!t}", v);
    return raise_type_error(t, "object {!t} can't be used in 'await' expression", v);
  }
  Value iterator = TRY(call_slot(t, slot, v));
  if (iterator.is_cell() &&
      (iterator.cell()->kind() == kKindCoroutine ||
       (is_exact<Generator>(iterator) && iterator.as<Generator>()->code_.get()->has_flag(kCodeIterableCoroutine)))) {
    return raise_type_error(t, "__await__() returned a coroutine");
  }
  if (!is_iterator(iterator)) return raise_type_error(t, "__await__() returned non-iterator of type '{!t}'", iterator);
  return iterator;
}
Value slow_get_awaitable(Thread& t, Value v, u32 where) { return value_or_absent(get_awaitable(t, v, where)); }

Value slow_get_aiter(Thread& t, Value v) {
  Value slot = type_of(v)->slot(Slot::aiter);
  if (slot.is_absent()) {
    (void)raise_type_error(t, "'async for' requires an object with __aiter__ method, got {!t}", v);
    return Value();
  }
  Result<Value> iterator = call_slot(t, slot, v);
  if (iterator.is_failed()) return Value();
  if (type_of(iterator.value())->slot(Slot::anext).is_absent()) {
    (void)raise_type_error(t, "'async for' received an object from __aiter__ that does not implement __anext__: {!t}",
                           iterator.value());
    return Value();
  }
  return iterator.value();
}

static Result<Value> get_anext(Thread& t, Value v) {
  if (is<AsyncGenerator>(v)) return async_generator_anext(t, v.as<Generator>());
  Value slot = type_of(v)->slot(Slot::anext);
  if (slot.is_absent()) return raise_type_error(t, "'async for' requires an iterator with __anext__ method, got {!t}", v);
  Value awaitable = TRY(call_slot(t, slot, v));
  Result<Value> iterator = get_awaitable(t, awaitable, 0);
  if (iterator.is_failed()) {
    Value cause(reinterpret_cast<u64>(t.take_pending()));
    (void)raise_type_error(t, "'async for' received an invalid object from __anext__: {!t}", awaitable);
    Exception* e = t.pending();
    e->cause_.set(e, cause);
    e->context_.set(e, cause);
    e->suppress_context_ = true;
    return failed;
  }
  return iterator;
}
Value slow_get_anext(Thread& t, Value v) { return value_or_absent(get_anext(t, v)); }

bool slow_end_async_for(Thread& t, Value exception) {
  if (is_instance_of_type(exception, exceptions.StopAsyncIteration)) return true;
  t.pending_ = exception;
  return false;
}

Value slow_async_gen_wrap(Thread& t, Value v) { return value_or_absent(async_gen_wrap(t, v)); }

// ---------------------------------------------------------------------------------------------------------------- with,
// exceptions

static Result<void> before_with(Thread& t, Value manager, Value* w, bool is_async) {
  Slot enter_slot = is_async ? Slot::aenter : Slot::enter, exit_slot = is_async ? Slot::aexit : Slot::exit;
  Type* type = type_of(manager);
  const char* protocol = is_async ? "asynchronous context manager" : "context manager";
  Value enter = type->slot(enter_slot), exit = type->slot(exit_slot);
  if (enter.is_absent()) return raise_type_error(t, "'{!t}' object does not support the {} protocol", manager, protocol);
  if (exit.is_absent()) {
    return raise_type_error(t,
                            is_async ? "'{!t}' object does not support the {} protocol (missed __aexit__ method)"
                                     : "'{!t}' object does not support the {} protocol (missed __exit__ method)",
                            manager, protocol);
  }
  if (is<Function>(exit) || (is<MethodDescriptor>(exit) && !(exit.as<MethodDescriptor>()->def()->flags & kNativeClassMethod))) {
    w[0] = exit;
    w[1] = manager;
  } else {
    w[0] = TRY(call_get(t, exit, manager, type));
    w[1] = Value();
  }
  w[2] = TRY(call_slot(t, enter, manager));
  return ok;
}
bool slow_before_with(Thread& t, Value manager, Value* w, bool is_async) {
  return !before_with(t, manager, w, is_async).is_failed();
}

Value slow_with_except(Thread& t, Value* w, Value exception) {
  Traceback* tb = exception.as<Exception>()->traceback();
  Value args[4] = {w[1], Value(type_of(exception)), exception, tb ? Value(tb) : kNone};
  if (w[1].is_present()) return value_or_absent(call_values(t, w[0], args, 4));
  return value_or_absent(call_values(t, w[0], args + 1, 3));
}

// Inside a generator the exception it handles is its own; what its caller handles shows through when it has none.
Value slow_push_exc(Thread& t, Frame* f, Value exception) {
  Value previous;
  if (f->generator) {
    previous = f->generator->handled_.get();
    f->generator->handled_.set(f->generator, exception);
  } else {
    previous = t.handled();
  }
  t.set_handled(exception);
  return previous;
}

void slow_pop_exc(Thread& t, Frame* f, Value previous) {
  if (f->generator) {
    f->generator->handled_.set(f->generator, previous);
    t.set_handled(previous.is_none() ? f->inherited_handled : previous);
  } else {
    t.set_handled(previous);
  }
}

Value slow_check_exc_match(Thread& t, Value exception, Value type) {
  Result<bool> v = exception_matches(t, exception, type);
  return v.is_failed() ? Value() : Value::of_bool(v.value());
}

void slow_raise(Thread& t, Value v) { (void)raise_object(t, v); }
void slow_raise_from(Thread& t, Value v, Value cause) { (void)raise_object_from(t, v, cause); }
void slow_raise_bare(Thread& t) {
  if (t.handled().is_none()) return (void)raise_runtime_error(t, "No active exception to reraise");
  t.pending_ = t.handled();
}

// Splits the exception by type for `except*`: w[0] = rest, w[1] = match.
static Result<void> check_eg_match(Thread& t, Frame* f, Value exception, Value type, Value* w) {
  auto check_one = [&](Value one) -> Result<void> {
    if (is<Type>(one) && one.as<Type>()->is_subtype_of(exceptions.BaseExceptionGroup)) {
      return raise_type_error(t, "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    if (!is<Type>(one) || !one.as<Type>()->has_flag(kTypeIsException))
      return raise_type_error(t, "catching classes that do not inherit from BaseException is not allowed");
    return ok;
  };
  if (is<Tuple>(type))
    for (Index i = 0; i < type.as<Tuple>()->length(); ++i) TRY(check_one(type.as<Tuple>()->at(i)));
  else
    TRY(check_one(type));
  if (exception.is_none()) {
    w[0] = kNone;
    w[1] = kNone;
    return ok;
  }
  if (TRY(exception_matches(t, exception, type))) {
    if (is_instance_of_type(exception, exceptions.BaseExceptionGroup)) {
      w[1] = exception;
    } else {
      Tuple* only = TRY(tuple_of(t, exception));
      w[1] = TRY(call(t, Value(exceptions.ExceptionGroup), Value(names.empty), Value(only)));
    }
    w[0] = kNone;
  } else if (is_instance_of_type(exception, exceptions.BaseExceptionGroup)) {
    Value pair = TRY(call_method(t, exception, intern(t, "split"), type));
    if (!is<Tuple>(pair)) return raise_type_error(t, "{!t}.split must return a tuple, not {!t}", exception, pair);
    if (pair.as<Tuple>()->length() < 2)
      return raise_type_error(t, "{!t}.split must return a 2-tuple, got tuple of size {}", exception, pair.as<Tuple>()->length());
    w[1] = pair.as<Tuple>()->at(0);
    w[0] = pair.as<Tuple>()->at(1);
  } else {
    w[0] = exception;
    w[1] = kNone;
  }
  if (!w[1].is_none()) {
    if (f->generator) f->generator->handled_.set(f->generator, w[1]);
    t.set_handled(w[1]);
  }
  return ok;
}
bool slow_check_eg_match(Thread& t, Frame* f, Value exception, Value type, Value* w) {
  return !check_eg_match(t, f, exception, type, w).is_failed();
}

Value slow_prep_reraise_star(Thread& t, Value original, Value results) {
  return value_or_absent(prepare_reraise_star(t, original, results.as<List>()));
}

// The line at raise_pc, or -1: what comes after a cleanup is a new line if it is on another one.
static i32 raise_line(const Frame* f) {
  Position position = f->code->position_at(f->raise_pc);
  return position.column == Position::kNoPlace ? -1 : position.line;
}

// A pending exception at f->pc: adds the traceback entry and finds the handler in this frame.
const ExceptionTableEntry* slow_find_handler(Thread& t, Frame* f) {
  Op op = static_cast<Op>(f->pc->op);
  // A bare `raise` may fail for want of an exception: that one is new.
  BATON_DCHECK(t.has_pending(), "a native failed without an exception");
  if (!t.has_pending()) [[unlikely]]  // a fault of ours: told where it happened, rather than a crash
    (void)raise_system_error(t, "error return without exception set");
  bool again = op == Op::Reraise || op == Op::EndAsyncFor || (op == Op::RaiseBare && t.pending_ == t.handled());
  if (f->is_traced & kHasLeft) return nullptr;
  if (!again) {
    if (f->generator && !f->is_traced && is_tracing(t)) trace_throw(t, f);
    Exception* e = t.take_pending();
    if (traceback_here(t, e, f).is_failed()) t.clear_pending();
    t.pending_ = Value(reinterpret_cast<u64>(e));
    if (is_tracing(t)) trace_exception(t, f);
  }
  if (is_being_begun(f->is_traced)) return nullptr;
  u32 at = static_cast<u32>(f->pc - f->code->instructions());
  if (op != Op::Reraise || !f->pc->b) {
    f->raise_pc = at;
  } else if (f->is_traced) {
    f->trace_line = raise_line(f);
  }
  return f->code->find_handler(at);
}

// The pending exception leaves the frame.
void slow_abandon_frame(Thread& t, Frame* f) {
  if (static_cast<Op>(f->pc->op) == Op::Reraise && f->pc->b) f->pc = f->code->instructions() + f->raise_pc;
  if (f->is_traced) trace_unwind(t, f);
  if (Generator* g = f->generator) {
    bool stop = is_instance_of_type(t.pending_, exceptions.StopIteration);
    bool stop_async = g->kind() == kKindAsyncGenerator && is_instance_of_type(t.pending_, exceptions.StopAsyncIteration);
    if (stop || stop_async) {  // PEP 479
      Exception* cause = t.take_pending();
      const char* text = g->kind() == kKindCoroutine        ? "coroutine raised StopIteration"
                         : stop_async                       ? "async generator raised StopAsyncIteration"
                         : g->kind() == kKindAsyncGenerator ? "async generator raised StopIteration"
                                                            : "generator raised StopIteration";
      (void)raise_runtime_error(t, text);
      Exception* e = t.pending();
      Value c(reinterpret_cast<u64>(cause));
      e->cause_.set(e, c);
      e->context_.set(e, c);
      e->suppress_context_ = true;
    }
    Exception* pending = t.take_pending();
    finish_generator(t, f);
    if (f->frame_object) detach_frame_object(t, f);
    clear_generator_registers(f);
    t.pending_ = Value(reinterpret_cast<u64>(pending));
  }
  pop_frame(t, f);
}

}  // namespace baton
