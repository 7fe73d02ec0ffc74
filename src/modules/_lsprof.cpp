// _lsprof: the native profiler behind cProfile. Counts calls and adds up time per function, and per pair of caller and function.
//
// A Profiler is told of calls and returns by the interpreter (ProfileHook). It keeps a stack of running calls; functions are
// known by the address of their code object or native definition, which the profiler's list of objects keeps alive. The tables
// are plain memory, changed under the cell's lock byte: several threads may share a profiler.
#include <unordered_map>
#include <vector>

#include "interp/interp.h"
#include "objects/code.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/struct_sequence.h"
#include "threads/clock.h"

namespace baton {

namespace {

struct CallTimes {
  i64 total = 0, own = 0;  // own: without the calls made from there
  u64 calls = 0, recursive_calls = 0;
  u64 depth = 0;  // running activations

  void end(i64 elapsed, i64 in_callees) {
    if (--depth == 0)
      total += elapsed;
    else
      ++recursive_calls;
    own += elapsed - in_callees;
    ++calls;
  }
};

struct Entry {
  CallTimes times;
  std::unordered_map<u32, CallTimes> callees;  // by entry number
};

struct Running {
  u32 entry;
  i64 begun, in_callees;
};

struct Tables {
  std::unordered_map<u64, u32> numbers;  // address of a code object or native definition -> entry number
  std::vector<Entry> entries;
  std::vector<Running> stack;
};

}  // namespace

class Profiler final : public Cell {
 public:
  void init() {
    tables_ = new Tables;
    objects_.init(nullptr);
    timer_.init(Value());
    timer_unit_ = 0;
    subcalls_ = builtins_ = true;
    enabled_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(objects_, timer_); }
  void finalize_native() {
    delete tables_;
    tables_ = nullptr;
  }

  Tables* tables_;
  Field<List> objects_;  // code objects, or the texts that stand for native functions, by entry number
  Field<Value> timer_;   // absent: the system's clock in nanoseconds
  double timer_unit_;    // seconds a unit of a timer that answers ints; 0: it answers seconds
  bool subcalls_, builtins_, enabled_;
};

extern TypeDef profiler_def;

// ---------------------------------------------------------------------------------------------------------------- time

static i64 external_time(Thread& t, Profiler* self) {
  auto read = [&]() -> Result<i64> {
    Value v = TRY(call(t, self->timer_.get()));
    if (self->timer_unit_ > 0) {
      i64 n;
      if (!int_to_i64(TRY(to_index(t, v)), &n)) return raise_overflow_error(t, "Python int too large to convert to C long long");
      return n;
    }
    return static_cast<i64>(TRY(to_double(t, v)) * 1e9);
  };
  Result<i64> now = read();
  if (!now.is_failed()) return now.value();
  report_unraisable(t, nullptr, self->timer_.get());
  return 0;
}

static i64 now_of(Thread& t, Profiler* self) {
  return self->timer_.get().is_present() ? external_time(t, self) : static_cast<i64>(monotonic_ns());
}

// ---------------------------------------------------------------------------------------------------------------- events

// What getstats() shows for a native function: text, so that the object it is bound to isn't kept.
static Result<Value> describe_native(Thread& t, NativeFunction* function) {
  Str* name = intern(t, function->def()->name());
  Value self = function->self();
  if (self.is_absent()) {
    Value module = function->module();
    if (is<Str>(module) && !str_equals_ascii(module.as<Str>(), "builtins"))
      return Value(TRY(format_message(t, "<{}.{}>", module, Value(name))));
    return Value(TRY(format_message(t, "<{}>", Value(name))));
  }
  if (Value method = type_lookup(type_of(self), name); method.is_present()) {
    Result<Str*> shown = repr(t, method);
    if (!shown.is_failed()) return Value(shown.value());
    t.clear_pending();
  }
  Value module = function->module();
  if (is<Module>(module)) module = dict_find_str(module.as<Module>()->dict(), names.dunder_name);
  if (module.is_absent() && is<Module>(self)) module = dict_find_str(self.as<Module>()->dict(), names.dunder_name);
  if (is<Str>(module)) return Value(TRY(format_message(t, "<built-in method {}.{}>", module, Value(name))));
  return Value(TRY(format_message(t, "<built-in method {}>", Value(name))));
}

static u64 key_of(Value function) {
  return is<NativeFunction>(function) ? reinterpret_cast<u64>(function.as<NativeFunction>()->def()) : function.bits();
}

static Result<u32> entry_number(Thread& t, Profiler* self, Value function) {
  u64 key = key_of(function);
  {
    CriticalSection guard(t, self);
    auto found = self->tables_->numbers.find(key);
    if (found != self->tables_->numbers.end()) return found->second;
  }
  Value shown = is<NativeFunction>(function) ? TRY(describe_native(t, function.as<NativeFunction>())) : function;
  List* objects = self->objects_.get();
  CriticalSection guard(t, self);
  u32 number = static_cast<u32>(self->tables_->entries.size());
  auto [place, is_new] = self->tables_->numbers.emplace(key, number);
  if (!is_new) return place->second;
  self->tables_->entries.emplace_back();
  TRY(list_append(t, objects, shown));
  return number;
}

static Result<void> enter_call(Thread& t, Profiler* self, Value function) {
  u32 number = TRY(entry_number(t, self, function));
  i64 now = now_of(t, self);
  CriticalSection guard(t, self);
  Tables& tables = *self->tables_;
  if (number >= tables.entries.size()) return ok;  // the timer has cleared the profiler
  ++tables.entries[number].times.depth;
  if (self->subcalls_ && !tables.stack.empty()) ++tables.entries[tables.stack.back().entry].callees[number].depth;
  tables.stack.push_back({number, now, 0});
  return ok;
}

// Under the lock.
static void end_top_call(Profiler* self, i64 now) {
  Tables& tables = *self->tables_;
  Running top = tables.stack.back();
  tables.stack.pop_back();
  i64 elapsed = now - top.begun;
  tables.entries[top.entry].times.end(elapsed, top.in_callees);
  if (tables.stack.empty()) return;
  tables.stack.back().in_callees += elapsed;
  if (!self->subcalls_) return;
  auto& callees = tables.entries[tables.stack.back().entry].callees;
  if (auto found = callees.find(top.entry); found != callees.end()) found->second.end(elapsed, top.in_callees);
}

static void leave_call(Thread& t, Profiler* self) {
  i64 now = now_of(t, self);
  CriticalSection guard(t, self);
  if (!self->tables_->stack.empty()) end_top_call(self, now);
}

static Result<void> on_profile_event(Thread& t, Value profiler, ProfileEvent event, Value argument) {
  auto* self = profiler.as<Profiler>();
  bool native = event != ProfileEvent::Call && event != ProfileEvent::Return;
  if (native && !self->builtins_) return ok;
  if (event == ProfileEvent::Call || event == ProfileEvent::NativeCall) return enter_call(t, self, argument);
  leave_call(t, self);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- methods

// What is left out stays as it is.
static Result<void> profiler_enable(Thread& t, Profiler* self, Optional<int> subcalls, Optional<int> builtins) {
  if (subcalls.has_value()) self->subcalls_ = subcalls.value != 0;
  if (builtins.has_value()) self->builtins_ = builtins.value != 0;
  self->enabled_ = true;
  set_profile_function(t, Value(self), on_profile_event);
  return ok;
}

static void flush_unmatched(Thread& t, Profiler* self) {
  for (;;) {
    i64 now = now_of(t, self);
    CriticalSection guard(t, self);
    if (self->tables_->stack.empty()) return;
    end_top_call(self, now);
  }
}

static Result<void> profiler_disable(Thread& t, Profiler* self) {
  self->enabled_ = false;
  set_profile_function(t, Value());
  flush_unmatched(t, self);
  return ok;
}

static Result<void> profiler_clear(Thread& t, Profiler* self) {
  List* objects = TRY(make_list(t));
  CriticalSection guard(t, self);
  self->objects_.set(self, objects);
  *self->tables_ = Tables{};
  return ok;
}

static Result<Value> profiler_new(Thread& t, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(t, args, n, profiler_def.type));
  List* objects = TRY(make_list(t));
  auto* self = TRY(make_of<Profiler>(t, type));
  self->objects_.set(self, objects);
  return Value(self);
}

static Result<Value> profiler_init(Thread& t, Profiler* self, Value timer, double timeunit, int subcalls, int builtins) {
  self->timer_.set(self, timer.is_none() ? Value() : timer);
  self->timer_unit_ = timeunit;
  self->subcalls_ = subcalls != 0;
  self->builtins_ = builtins != 0;
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- results

static constexpr StructField entry_fields[] = {
    {"code", "code object or built-in function name"},
    {"callcount", "how many times this was called"},
    {"reccallcount", "how many times called recursively"},
    {"totaltime", "total time in this entry"},
    {"inlinetime", "inline time in this entry (not in subcalls)"},
    {"calls", "details of the calls"},
};
static constinit StructSequenceDef profiler_entry = struct_sequence("_lsprof.profiler_entry", "", entry_fields, 6);
static constexpr StructField subentry_fields[] = {
    {"code", "called code object or built-in function name"},      {"callcount", "how many times this is called"},
    {"reccallcount", "how many times this is called recursively"}, {"totaltime", "total time spent in this call"},
    {"inlinetime", "inline time (not in further subcalls)"},
};
static constinit StructSequenceDef profiler_subentry = struct_sequence("_lsprof.profiler_subentry", "", subentry_fields, 5);

// code, counts and times; the times in seconds.
static Result<void> fill_entry(Thread& t, Value object, const CallTimes& times, double unit, Value* into) {
  into[0] = object;
  into[1] = TRY(int_from_u64(t, times.calls));
  into[2] = TRY(int_from_u64(t, times.recursive_calls));
  into[3] = TRY(make_float(t, unit * static_cast<double>(times.total)));
  into[4] = TRY(make_float(t, unit * static_cast<double>(times.own)));
  return ok;
}

static Result<Value> profiler_getstats(Thread& t, Profiler* self) {
  TRY(profiler_disable(t, self));
  double unit = self->timer_.get().is_present() && self->timer_unit_ > 0 ? self->timer_unit_ : 1e-9;
  std::vector<Entry> entries;  // a copy: making the results allocates and may be interrupted
  {
    CriticalSection guard(t, self);
    entries = self->tables_->entries;
  }
  List* objects = self->objects_.get();
  List* result = TRY(make_list(t));
  for (usize i = 0; i < entries.size(); ++i) {
    if (entries[i].times.calls == 0) continue;
    Value callees = kNone;
    if (!entries[i].callees.empty()) {
      List* list = TRY(make_list(t));
      for (auto& [number, times] : entries[i].callees) {
        if (times.calls == 0) continue;
        Value fields[5];
        TRY(fill_entry(t, objects->try_at(number), times, unit, fields));
        TRY(list_append(t, list, TRY(make_struct_sequence(t, profiler_subentry, fields))));
      }
      callees = Value(list);
    }
    Value fields[6];
    TRY(fill_entry(t, objects->try_at(static_cast<Index>(i)), entries[i].times, unit, fields));
    fields[5] = callees;
    TRY(list_append(t, result, TRY(make_struct_sequence(t, profiler_entry, fields))));
  }
  return Value(result);
}

static constinit NativeDef profiler_methods[] = {
    native_raw(profiler_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<profiler_init>("__init__($self, timer=None, timeunit=0.0, subcalls=True, builtins=True)",
                          "Set up a new instance from the arguments its class documents."),
    native<profiler_getstats>(
        "getstats($self, /)",
        "getstats() -> list of profiler_entry objects\n\nEverything measured so far, with one entry for each function.\n\nAn "
        "entry is a tuple whose items have names:\n\n    code          code object of the function; a str for a native one\n    "
        "callcount     number of calls\n    reccallcount  number of those calls that were recursive\n    totaltime     time from "
        "call to return, callees included\n    inlinetime    time in the function itself, without callees\n    calls         "
        "what it called: a list of profiler_subentry objects,\n                  or None\n\nEach profiler_subentry describes one "
        "callee in the same way, but counts\nonly calls made from this function, and has no calls field:\n\n    code, callcount, "
        "reccallcount, totaltime, inlinetime"),
    native<profiler_enable>("enable($self, subcalls=<unchanged>, builtins=<unchanged>)",
                            "enable(subcalls=True, builtins=True)\n\nBegin to measure calls.\n\nsubcalls asks for separate "
                            "figures on each function for every caller it\nhas. builtins asks for native functions to get "
                            "entries of their own;\notherwise their time counts as their caller's."),
    native<profiler_disable>("disable($self, /)", "disable()\n\nStop collecting profiling information.\n"),
    native<profiler_clear>("clear($self, /)", "clear()\n\nClear all profiling information collected so far.\n"),
};
constinit TypeDef profiler_def = {
    .name = "_lsprof.Profiler",
    .doc =
        "Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)\n\nMeasures how often functions are called and how "
        "long they run.\n\ntimer is a function that tells the time; without one, a quick native clock\ncounts real time. If "
        "timer returns ints, timeunit is the number of seconds,\na float, that one unit stands for. The other two are as for "
        "enable().",
    .dynamic_kind = &DynamicKind<Profiler>::value,
    .payload_size = sizeof(Profiler),
    .flags = kTypeSubclassable,
    .methods = profiler_methods,
    .method_count = count_of(profiler_methods),
    .kind_info = kind_info_of<Profiler>("_lsprof.Profiler"),
};

static Result<void> lsprof_exec(Thread& t, Module* module) {
  TRY(module_set(t, module, "profiler_entry", Value(TRY(struct_sequence_type(t, profiler_entry)))));
  return module_set(t, module, "profiler_subentry", Value(TRY(struct_sequence_type(t, profiler_subentry))));
}

static TypeDef* const lsprof_types[] = {&profiler_def};
ModuleDef lsprof_module = {
    .name = "_lsprof", .doc = "Fast profiler", .types = lsprof_types, .type_count = 1, .exec = lsprof_exec};

}  // namespace baton
