// Frame records and argument binding; calls from C++ into Python functions.
//
// Records of ordinary calls lie in a per-thread array that grows downwards; a generator's record lies in its cell. Registers of
// ordinary frames lie on the thread's register stack, a callee's first registers being the caller's outgoing arguments.
#include "interp/frames.h"

#include <alloca.h>
#include <sys/mman.h>

#include <cstring>
#include <new>

#include "compile/ops.h"
#include "interp/dispatch.h"
#include "objects/dict.h"
#include "objects/dict_room.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/main_thread.h"
#include "objects/tuple.h"

namespace baton {

static constexpr usize kRegisterStackBytes = usize{256} << 20;  // reserved, committed on use
static constexpr usize kFrameStackBytes = usize{128} << 20;

namespace {

// The reserved range of a thread: frame records grow down from its middle, registers up, and between them is the Thread itself,
// so that all that a thread has which calls little is in one page. Those of ended threads are kept for the next ones, with the
// pages that every thread uses: mapping and unmapping them, and the page faults of the first calls, were most of a thread's
// start.
constexpr usize kStackPairBytes = kFrameStackBytes + kRegisterStackBytes;
constexpr usize kSharedFrameBytes = 12 * sizeof(Frame);  // records in the page where the registers begin
struct Middle {
  alignas(Thread) char thread[sizeof(Thread)];  // the initial thread's is elsewhere
  InterpState state;
};
static_assert(kSharedFrameBytes % alignof(Thread) == 0 && sizeof(Middle) % sizeof(Value) == 0);
static_assert(kSharedFrameBytes + sizeof(Middle) + 128 * sizeof(Value) <= 4096);
constexpr usize kKeptPairs = 64;
constexpr usize kWarmBytes = 32 * 1024;
Mutex kept_mutex;
char* kept[kKeptPairs];  // guarded by kept_mutex, as the count is
usize kept_count = 0;

char* take_pair() {
  {
    Guard guard(kept_mutex);
    if (kept_count) return kept[--kept_count];
  }
  void* range = mmap(nullptr, kStackPairBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  BATON_CHECK(range != MAP_FAILED, "no address space for a thread's register stack");
  return static_cast<char*>(range);
}

void give_back(char* pair) {
  {
    Guard guard(kept_mutex);
    if (kept_count < kKeptPairs) {
      kept[kept_count++] = pair;
      return;
    }
  }
  munmap(pair, kStackPairBytes);
}

Middle& middle_of(char* pair) { return *reinterpret_cast<Middle*>(pair + kFrameStackBytes + kSharedFrameBytes); }

// For a thread that has none.
void give_state(Thread& thread, char* pair) {
  auto* state = new (&middle_of(pair).state) InterpState;
  state->stack_pair = pair;
  thread.interp_state_ = state;
}

}  // namespace

void leave_thread_interpreter(Thread& thread) {
  char* pair = interp_state(thread).stack_pair;
  madvise(pair, kFrameStackBytes - kWarmBytes, MADV_DONTNEED);
  madvise(pair + kFrameStackBytes + kWarmBytes, kRegisterStackBytes - kWarmBytes, MADV_DONTNEED);
}

Thread* make_thread() {
  char* pair = take_pair();
  auto* thread = new (middle_of(pair).thread) Thread;
  give_state(*thread, pair);
  return thread;
}

void destroy_thread(Thread* thread) {
  char* pair = static_cast<InterpState*>(thread->interp_state_)->stack_pair;
  thread->~Thread();
  give_back(pair);
}

void init_thread_interpreter(Thread& thread) {
  if (!thread.interp_state_) give_state(thread, take_pair());
  char* pair = interp_state(thread).stack_pair;
  Middle& middle = middle_of(pair);
  thread.registers_base_ = reinterpret_cast<Value*>(&middle + 1);
  thread.registers_limit_ = reinterpret_cast<Value*>(pair + kStackPairBytes) - 70000;  // a frame's registers at most
  thread.next_frame_ = reinterpret_cast<Frame*>(&middle) - 1;
  thread.frames_limit_ = reinterpret_cast<Frame*>(pair) + 2;
  StackBounds bounds = thread.stack();
  thread.native_stack_limit_ = bounds.limit + (bounds.base - bounds.limit > (1 << 20) ? 256 * 1024 : 48 * 1024);
}

Failed raise_stack_overflow(Thread& thread) { return raise_recursion_error(thread, "maximum recursion depth exceeded"); }

// A limit is reached. Room to handle the error: the limit is raised a little while a RecursionError is on its way.
Frame* push_frame_at_limit(Thread& thread, Function* function, Code* code, Value* registers, EntryKind entry) {
  bool has_room = registers + code->register_count_ <= thread.registers_limit_ && thread.next_frame_ > thread.frames_limit_;
  if (!has_room || thread.recursion_depth_ >= thread.recursion_limit_ + 50 || !thread.has_pending()) {
    (void)raise_stack_overflow(thread);
    return nullptr;
  }
  ++thread.recursion_depth_;
  return link_frame(thread, function, code, registers, entry);
}

void detach_frame_object(Thread& thread, Frame* frame) {
  FrameObject* object = frame->frame_object;
  Code* code = frame->code;
  object->last_pc_ = static_cast<i32>(frame->pc - code->instructions());
  // Memory pressure here must not lose the frame: on failure f_locals is empty.
  Exception* pending = thread.pending_.is_present() ? thread.take_pending() : nullptr;
  Result<ValueArray*> kept = make_value_array(thread, code->frame_local_count_);
  if (!kept.is_failed()) {
    for (u32 i = 0; i < code->frame_local_count_; ++i) kept.value()->set_at(i, frame->registers[i]);
    object->kept_.set(object, kept.value());
  } else {
    thread.clear_pending();
  }
  if (pending) thread.pending_ = Value(reinterpret_cast<u64>(pending));
  if (frame->previous && !frame->generator) {
    Result<FrameObject*> back = frame_object_of(thread, frame->previous);
    if (!back.is_failed())
      object->back_.set(object, back.value());
    else
      thread.clear_pending();
  }
  __atomic_store_n(&object->record_, nullptr, __ATOMIC_RELEASE);  // others look whether it is there
  frame->frame_object = nullptr;
}

// ---------------------------------------------------------------------------------------------------------------- binding

static Result<Str*> quoted_list(Thread& thread, Value* missing, usize n) {
  StrBuilder text;
  for (usize i = 0; i < n; ++i) {
    if (i) text.append_ascii(n == 2 ? " and " : i + 1 == n ? ", and " : ", ");
    text.append(TRY(repr(thread, missing[i])));
  }
  return text.build(thread);
}

static Failed raise_missing(Thread& thread, Function* f, const char* kind, Value* missing, usize n) {
  return raise_type_error(thread, "{}() missing {} required {} argument{}: {}", f->qualname_.get(), static_cast<i64>(n), kind,
                          n == 1 ? "" : "s", TRY(quoted_list(thread, missing, n)));
}

static Failed raise_too_many(Thread& thread, Function* f, usize given, const Value* registers) {
  Code* code = f->code();
  i64 max = code->argcount_;
  i64 defaults = f->defaults() ? f->defaults()->length() : 0;
  i64 kwonly_given = 0;
  for (u32 i = 0; i < code->kwonly_argcount_; ++i) kwonly_given += registers[code->argcount_ + i].is_present();
  StrBuilder takes, were;
  auto number = [&](StrBuilder& s, i64 v) -> Result<void> {
    s.append(TRY(format_message(thread, "{}", v)));
    return ok;
  };
  if (defaults) {
    takes.append_ascii("from ");
    TRY(number(takes, max - defaults));
    takes.append_ascii(" to ");
  }
  TRY(number(takes, max));
  bool plural = defaults ? true : max != 1;
  if (kwonly_given) {
    were.append_ascii(given != 1 ? " positional arguments (and " : " positional argument (and ");
    TRY(number(were, kwonly_given));
    were.append_ascii(kwonly_given != 1 ? " keyword-only arguments)" : " keyword-only argument)");
  }
  return raise_type_error(thread, "{}() takes {} positional argument{} but {}{} {} given", f->qualname_.get(),
                          TRY(takes.build(thread)), plural ? "s" : "", static_cast<i64>(given), TRY(were.build(thread)),
                          given == 1 && !kwonly_given ? "was" : "were");
}

static Failed raise_posonly_as_keyword(Thread& thread, Function* f, Tuple* kwnames) {
  Code* code = f->code();
  StrBuilder text;
  usize count = 0;
  for (u32 i = 0; i < code->posonly_argcount_; ++i) {
    for (Index k = 0; k < kwnames->length(); ++k) {
      if (TRY(same_or_equal(thread, kwnames->at(k), code->varnames()->at(i)))) {
        if (count++) text.append_ascii(", ");
        text.append(code->varnames()->at(i).as<Str>());
      }
    }
  }
  if (!count) return failed;
  return raise_type_error(thread, "{}() got some positional-only arguments passed as keyword arguments: '{}'", f->qualname_.get(),
                          TRY(text.build(thread)));
}

// copy: n arguments and those of the names, not where the parameters go.
static BATON_ALWAYS_INLINE Result<void> bind_copied(Thread& thread, Function* f, const Value* copy, usize n, Tuple* kwnames,
                                                    Value* r) {
  Code* code = f->code();
  u32 argcount = code->argcount_, kwonly = code->kwonly_argcount_;
  u32 named = argcount + kwonly;
  usize k = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  bool varargs = code->has_flag(kCodeVarArgs), varkw = code->has_flag(kCodeVarKeywords);
  usize positional = n < argcount ? n : argcount;
  Value rest, extra;
  if (varargs)
    rest = Value(n > argcount ? TRY(make_tuple(thread, copy + argcount, static_cast<Index>(n - argcount))) : empty_tuple());
  if (varkw) extra = Value(TRY(make_dict(thread)));
  for (usize i = 0; i < positional; ++i) r[i] = copy[i];
  for (usize i = positional; i < code->frame_local_count_ || i < named; ++i) r[i] = Value();
  for (usize i = 0; i < k; ++i) {
    Value name = kwnames->at(static_cast<Index>(i)), value = copy[n + i];
    if (!is<Str>(name)) return raise_type_error(thread, "{}() keywords must be strings", f->qualname_.get());
    i32 found = -1;
    for (u32 p = code->posonly_argcount_; p < named; ++p)
      if (code->varnames()->at(p) == name) {
        found = static_cast<i32>(p);
        break;
      }
    if (found < 0) {
      for (u32 p = code->posonly_argcount_; p < named; ++p)
        if (str_equal(code->varnames()->at(p).as<Str>(), name.as<Str>())) {
          found = static_cast<i32>(p);
          break;
        }
    }
    if (found < 0) {
      if (!varkw) {
        if (code->posonly_argcount_) {
          (void)raise_posonly_as_keyword(thread, f, kwnames);
          if (thread.has_pending()) return failed;
        }
        return raise_type_error(thread, "{}() got an unexpected keyword argument '{}'", f->qualname_.get(), name);
      }
      TRY(dict_set(thread, extra.as<Dict>(), name, value));
      continue;
    }
    if (r[found].is_present())
      return raise_type_error(thread, "{}() got multiple values for argument '{}'", f->qualname_.get(), name);
    r[found] = value;
  }
  if (n > argcount && !varargs) return raise_too_many(thread, f, n, r);
  if (n < argcount) {
    Tuple* defaults = f->defaults();
    u32 with_default = defaults ? static_cast<u32>(defaults->length()) : 0;
    u32 first_default = argcount - (with_default < argcount ? with_default : argcount);
    usize missing_count = 0;
    Value* missing = static_cast<Value*>(alloca((argcount + 1) * sizeof(Value)));
    for (u32 i = static_cast<u32>(n); i < first_default; ++i)
      if (r[i].is_absent()) missing[missing_count++] = code->varnames()->at(i);
    if (missing_count) return raise_missing(thread, f, "positional", missing, missing_count);
    for (u32 i = first_default; i < argcount; ++i)
      if (r[i].is_absent()) r[i] = defaults->at(static_cast<Index>(with_default - (argcount - i)));
  }
  if (kwonly) {
    Dict* defaults = f->kwdefaults();
    usize missing_count = 0;
    Value* missing = static_cast<Value*>(alloca((kwonly + 1) * sizeof(Value)));
    for (u32 i = argcount; i < named; ++i) {
      if (r[i].is_present()) continue;
      if (defaults) {
        Value v = TRY(dict_find(thread, defaults, code->varnames()->at(i)));
        if (v != kNotFound) {
          r[i] = v;
          continue;
        }
      }
      missing[missing_count++] = code->varnames()->at(i);
    }
    if (missing_count) return raise_missing(thread, f, "keyword-only", missing, missing_count);
  }
  u32 next = named;
  if (varargs) r[next++] = rest;
  if (varkw) r[next++] = extra;
  return ok;
}

static constexpr usize kMostOnStack = 1000;
[[gnu::cold]] BATON_NOINLINE static Result<void> bind_many(Thread& thread, Function* f, const Value* args, usize n,
                                                           Tuple* kwnames, Value* r) {
  usize total = n + (kwnames ? static_cast<usize>(kwnames->length()) : 0);
  RootVector copy;
  copy.reserve(total);
  for (usize i = 0; i < total; ++i) copy.push(args[i]);
  return bind_copied(thread, f, copy.data(), n, kwnames, r);
}

Result<void> bind_parameters(Thread& thread, Function* f, const Value* args, usize n, Tuple* kwnames, Value* r) {
  Code* code = f->code();
  TRY(materialise(thread, code));
  u32 argcount = code->argcount_;
  usize k = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (!k && n <= argcount && code->simple_argcount() == argcount) {  // only defaults are missing
    Tuple* defaults = f->defaults();
    usize with_default = defaults ? static_cast<usize>(defaults->length()) : 0;
    if (n + with_default >= argcount) [[likely]] {
      if (r != args) memmove(static_cast<void*>(r), args, n * sizeof(Value));
      for (usize i = n; i < argcount; ++i) r[i] = defaults->at(static_cast<Index>(with_default - (argcount - i)));
      for (usize i = argcount; i < code->frame_local_count_; ++i) r[i] = Value();
      return ok;
    }
  }
  // Arguments may lie where the parameters go: work from a copy.
  if (n + k > kMostOnStack) [[unlikely]]
    return bind_many(thread, f, args, n, kwnames, r);
  Value* copy = static_cast<Value*>(alloca((n + k + 1) * sizeof(Value)));
  if (n + k) memcpy(static_cast<void*>(copy), args, (n + k) * sizeof(Value));  // else args may be null
  return bind_copied(thread, f, copy, n, kwnames, r);
}

// ---------------------------------------------------------------------------------------------------------------- entry from C++

Result<Value> call_generally(Thread& thread, Function* function, const Value* args, usize n, Tuple* kwnames) {
  TRY(check_native_depth(thread, " while calling a Python object"));
  Value* r = stack_top(thread);
  Code* code = function->code();
  if (r + code->register_count_ + n > thread.registers_limit_) return raise_stack_overflow(thread);
  if (!kwnames && is_simple_call(code, n)) {
    for (usize i = 0; i < n; ++i) r[i] = args[i];
    for (usize i = n; i < code->frame_local_count_; ++i) r[i] = Value();
  } else {
    // Nothing scans these registers until the frame is linked: what they hold is also in args, defaults or on this stack.
    TRY(bind_parameters(thread, function, args, n, kwnames, r));
  }
  Frame* frame = push_frame(thread, function, code, r, EntryKind::Native);
  if (!frame) return failed;
  return run_frame(thread, frame);
}

// The body of a module or a class fills a dict that has next to nothing in it: the names that it may bind are known.
static Result<void> make_room_for_names(Thread& thread, Code* code, Value locals) {
  constexpr Index kMostThere = 16, kMostNames = 1024;
  constexpr u32 kWorthCounting = 32;  // instructions
  if (!is_exact<Dict>(locals) || locals.as<Dict>()->length() > kMostThere || code->instruction_count_ < kWorthCounting) return ok;
  if (code->names()->length() > kMostNames) return ok;
  u64 bound[kMostNames / 64] = {};
  Index count = 0;
  for (u32 i = 0; i < code->instruction_count_; ++i) {
    const Instruction& ins = code->instructions_[i];
    if (static_cast<Op>(ins.op) != Op::StoreName) continue;
    u64 bit = u64{1} << (ins.a & 63);
    count += !(bound[ins.a >> 6] & bit);
    bound[ins.a >> 6] |= bit;
  }
  return count > 8 ? dict_make_room(thread, locals.as<Dict>(), count) : Result<void>(ok);
}

Result<Value> run_code(Thread& thread, Code* code, Dict* globals, Value locals, Tuple* closure) {
  TRY(check_native_depth(thread, ""));
  Function* function = TRY(make_function(thread, code, globals, Value(code->name())));
  if (closure) function->closure_.set(function, closure);
  TRY(materialise(thread, code));
  if (code->parameter_count()) return call_function(thread, function, nullptr, 0, nullptr);  // a function's: nothing is given
  TRY(make_room_for_names(thread, code, locals));
  Value* r = stack_top(thread);
  if (r + code->register_count_ > thread.registers_limit_) return raise_stack_overflow(thread);
  for (usize i = 0; i < code->frame_local_count_; ++i) r[i] = Value();
  Frame* frame = push_frame(thread, function, code, r, EntryKind::Native);
  if (!frame) return failed;
  if (!code->has_flag(kCodeNewLocals)) frame->locals = locals;
  return run_frame(thread, frame);
}

Result<Value> run_code_once(Thread& thread, Code* code, Dict* globals, Value locals, Tuple* closure) {
  Value result = TRY(run_code(thread, code, globals, locals, closure));
  if (mutator_count() > 1 || first_lost_thread()) return result;  // who else runs it would have to be looked for everywhere
  for (Frame* f = thread.top_frame(); f; f = f->previous)
    if (f->code == code) return result;
  retire_code(code);
  return result;
}

void install_generator_hooks();
void install_self_store_counter();  // self_stores.cpp

void init_interpreter() {
  install_generator_hooks();
  install_self_store_counter();
  call_python_function = call_function;
  resume_generator = resume_generator_from_native;
}

}  // namespace baton
