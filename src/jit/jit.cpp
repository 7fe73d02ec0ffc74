// When code becomes machine code, and when that goes again.
#include "jit/jit.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <unordered_map>

#include "heap/heap.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/code_memory.h"
#include "objects/code_list.h"
#include "threads/gil.h"
#include "threads/mutator.h"
#include "threads/mutex.h"

namespace baton {

static Mutex compile_mutex;  // over the code memory and all CompiledCodes; no poll and no allocation of cells while it is held
static ForkMutex fork_mutex{compile_mutex};
static JitCounters counters;
static JitOptions options;

// A guess from above at the size of machine code; the real one is known before it is written.
// More than code takes: single instructions of a short one may be long.
static usize most_bytes(const Code* code, u32 inlined) {
  constexpr usize kBytesAnInstruction = 1024, kBytesMore = 8192;
  return (code->instruction_count_ + inlined) * kBytesAnInstruction + kBytesMore;
}
static constexpr u32 kMaxInstructions = 8000;
// What compiling takes grows with the code, so that long code has to be hotter, first and whenever it is to be compiled anew.
// Calls or rounds beyond the threshold, of the usual one.
static i32 patience_with(const Code* code) {
  constexpr u32 kShort = 128, kForEachInstruction = 16;
  constexpr i64 kUsualThreshold = 1000;
  if (code->instruction_count_ <= kShort) return 0;
  i64 usual = i64{code->instruction_count_ - kShort} * kForEachInstruction;
  return static_cast<i32>(std::min<i64>(usual * options.threshold / kUsualThreshold, 1 << 20));
}
static i32 budget_after(const Code* code, u32 recompilations) {
  return static_cast<i32>(first_budget(code->instruction_count_) << (2 * recompilations));
}
// Where so many more caches are filled, by the code's length, it runs where it hasn't been: that is no failure of what was made.
static u32 much_learnt(Code* code) { return std::max(2u, code->instruction_count_ / 32); }

// Which code's machine code has the instructions of other code in it: that goes when the other one's caches do.
static std::unordered_multimap<Code*, Code*>& inlined_in() {
  static auto* map = new std::unordered_multimap<Code*, Code*>;  // never destroyed
  return *map;
}
static void forget_inlined(Code* caller) {
  if (!caller->compiled_) return;
  for (Code* callee : caller->compiled_->inlined) {
    auto [at, end] = inlined_in().equal_range(callee);
    while (at != end) at = at->second == caller ? inlined_in().erase(at) : std::next(at);
  }
}

static void release_code(CompiledCode* compiled) {
  while (compiled) {
    CompiledCode* older = compiled->older;
    if (compiled->memory) free_code_memory(compiled->memory, compiled->bytes);
    free(compiled->entries);
    compiled->shapes.release();
    compiled->codes.release();
    compiled->callables.release();
    compiled->inlined.release();
    compiled->loops.release();
    compiled->calls.release();
    free(compiled->patience);
    free(compiled->met);
    delete compiled;
    compiled = older;
  }
}

static void discard_own(Code* code) {
  if (!code->compiled_) return;
  forget_inlined(code);
  __atomic_store_n(&code->compiled_offset_, 0, __ATOMIC_RELEASE);
  release_code(code->compiled_);
  code->compiled_ = nullptr;
  code->hotness_ = 0;
  ++counters.discarded;
}
static void discard(Code* code) {
  Guard guard(compile_mutex);
  for (auto at = inlined_in().find(code); at != inlined_in().end(); at = inlined_in().find(code)) discard_own(at->second);
  discard_own(code);
}

static u64 nanoseconds_now() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

// Into code memory; null: no room, or too big.
static CompiledCode* translate(Frame* frame) {
  Code* code = frame->code;
  usize most = most_bytes(code, Baseline::kMostInlined);
  void* memory = find_code_memory(most);
  bool may_inline = memory != nullptr;
  if (!may_inline) {
    most = most_bytes(code, 0);
    memory = find_code_memory(most);
  }
  if (!memory) return nullptr;
  auto* compiled = new CompiledCode;
  auto baseline =
      std::make_unique<Baseline>(frame, compiled, reinterpret_cast<u64>(memory), options.counts_exits ? counters.exits : nullptr);
  if (!may_inline) baseline->inline_nothing();
  auto fits = [&] { return baseline->assembler().code_size() <= most; };
  bool is_done = baseline->run() && fits();
  if (!is_done && baseline->has_inlined()) {
    release_code(compiled);
    compiled = new CompiledCode;
    baseline = std::make_unique<Baseline>(frame, compiled, reinterpret_cast<u64>(memory),
                                          options.counts_exits ? counters.exits : nullptr);
    baseline->inline_nothing();
    is_done = baseline->run() && fits();
  }
  usize bytes = baseline->assembler().code_size();
  if (!is_done) {
    ++counters.refused;
    release_code(compiled);
    return nullptr;
  }
  baseline->assembler().write_to(memory);
  take_code_memory(memory, bytes);
  compiled->memory = memory;
  compiled->bytes = bytes;
  compiled->entries = static_cast<u64*>(malloc(code->instruction_count_ * sizeof(u64)));
  BATON_CHECK(compiled->entries, "out of memory");
  for (u32 i = 0; i < code->instruction_count_; ++i) compiled->entries[i] = baseline->entry(i);
  return compiled;
}

// A guess at what a loop's variables are has been wrong too often, or the loop is left too often for it to be worth having them
// in registers: the next machine code won't do so.
static bool has_guessed_wrong(const Code* code, const CompiledCode* compiled) {
  if (std::any_of(compiled->loops.begin(), compiled->loops.end(), [](const GuessedLoop& loop) { return loop.left <= 0; }))
    return true;
  return compiled->patience && std::any_of(compiled->patience, compiled->patience + code->instruction_count_,
                                           [](i32 left) { return left <= 0 && left != kNoPatience; });
}

// Of inlined calls that have been left kExitsOfInlined times, marks those that have been so in short time: an exit takes more
// than a call saves, but seldom ones do no harm. Asks: one was counted down. True: one is marked now.
static bool mark_left_calls(CompiledCode* compiled, u64 now, bool* asks) {
  constexpr u64 kNanosecondsAnExit = 300;
  bool has_marked = false;
  *asks = false;
  for (InlinedCall& call : compiled->calls) {
    if (call.left > 0 || call.left == kNoPatience) continue;
    *asks = true;
    if (now - call.since < kExitsOfInlined * kNanosecondsAnExit) {
      call.left = kNoPatience;
      has_marked = true;
    } else {
      call.left = kExitsOfInlined;
      call.since = now;
    }
  }
  return has_marked;
}

// Instructions whose cache word tells something.
static u32 filled_caches(Code* code) {
  u32 filled = 0;
  for (u32 i = 0; i < code->instruction_count_; ++i) filled += code->caches()[i].get().is_present();
  return filled;
}

// The frame whose code's machine code has used up its budget: an instruction of an inlined call asks for its caller's.
static Frame* frame_that_asks(Frame* frame) {
  constexpr u32 kMostCallers = 4;
  Frame* caller = frame;
  for (u32 k = 0; caller && k < kMostCallers; ++k, caller = caller->previous) {
    CompiledCode* compiled = caller->code->compiled_;
    if (!compiled ? k == 0 : compiled->budget <= 0) return caller;
  }
  return frame;
}

static bool compile(Thread&, Frame* frame) {
  if (Code* code = frame->code; !code->compiled_offset()) {
    i32 hotness = code->hotness_, patience = patience_with(code);
    if (patience && hotness < options.threshold + patience) {
      code->hotness_ = hotness + 1;
      return false;
    }
  }
  static bool has_memory = code_memory_init(options.code_memory);  // not before it is needed: most programs are short
  if (!has_memory) {
    counters.enabled = false;
    frame->code->hotness_ = kNeverCompiled;
    return false;
  }
  u64 began = nanoseconds_now();
  Guard guard(compile_mutex);
  frame = frame_that_asks(frame);
  Code* code = frame->code;
  CompiledCode* old = code->compiled_;
  if (old && old->budget > 0 && code->compiled_offset()) return true;  // another thread was quicker
  u32 filled = filled_caches(code);
  bool asks = false, has_left_call = old && mark_left_calls(old, began, &asks);
  bool has_wrong = old && has_guessed_wrong(code, old);
  if (asks && !has_left_call && !has_wrong) {
    old->budget = budget_after(code, old->recompilations);
    return true;
  }
  bool is_correction = old && old->corrections < kMostCorrections && (has_left_call || has_wrong);
  bool has_learnt = old && (filled >= old->filled + much_learnt(code) || is_correction);
  if (old && !has_learnt && old->recompilations == kMaxRecompilations) {
    old->budget = budget_after(code, kMaxRecompilations);
    return true;
  }
  CompiledCode* compiled = code->instruction_count_ <= kMaxInstructions ? translate(frame) : nullptr;
  if (!compiled) {
    if (old)
      old->budget = 0x7FFFFFFF;
    else
      code->hotness_ = kNeverCompiled;
    return old != nullptr;
  }
  forget_inlined(code);
  for (Code* callee : compiled->inlined) inlined_in().emplace(callee, code);
  compiled->older = old;
  compiled->recompilations = !old ? 0 : has_learnt ? old->recompilations : old->recompilations + 1;
  compiled->budget = budget_after(code, compiled->recompilations);
  compiled->filled = filled;
  for (InlinedCall& call : compiled->calls) call.since = began;
  compiled->corrections = !old ? 0 : old->corrections + is_correction;
  code->compiled_ = compiled;
  if (gil_enabled()) compiled->older = nullptr;
  i64 offset = reinterpret_cast<char*>(compiled->entries) - reinterpret_cast<char*>(code->instructions());
  __atomic_store_n(&code->compiled_offset_, offset, __ATOMIC_RELEASE);
  if (gil_enabled()) release_code(old);  // nobody is in it
  ++(old ? counters.recompiled : counters.compiled);
  compile_threshold = options.threshold;
  counters.nanoseconds += nanoseconds_now() - began;
  return true;
}

static bool has_dead_dependency(Code* code) {
  CompiledCode* compiled = code->compiled_;
  release_code(compiled->older);  // the world is stopped
  compiled->older = nullptr;
  for (u32 shape : compiled->shapes)
    if (!heap_is_live_after_mark(reinterpret_cast<Cell*>(kHeapBase + (u64{shape} << 4)))) return true;
  for (Code* callee : compiled->codes)
    if (!heap_is_live_after_mark(callee)) return true;
  for (Cell* callable : compiled->callables)
    if (!heap_is_live_after_mark(callable)) return true;
  return false;
}

void jit_init(const JitOptions& given) {
  options = given;
  discard_compiled_code = discard;
  register_fork_mutex(fork_mutex);
  TierHooks hooks;
  hooks.compile = compile;
  hooks.has_dead_dependency = has_dead_dependency;
  enable_compilation(hooks, options.first_threshold);
  counters.enabled = true;
  counters.counts_exits = options.counts_exits;
  // Stores were compiled without locks while there was one thread.
  objects_begin_to_be_locked = [] {
    for_each_code([](Code* code) {
      if (code->compiled_) discard(code);
    });
  };
}

JitCounters jit_counters() {
  Guard guard(compile_mutex);
  JitCounters now = counters;
  now.bytes = code_memory_in_use();
  return now;
}

}  // namespace baton
