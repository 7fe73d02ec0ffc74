// Bringing the runtime up: heap, core types, exceptions, builtins and sys. Import machinery and site come after
// (cli/startup.cpp).
#include "interp/runtime.h"

#include <cstdlib>

#include "base/random.h"
#include "base/siphash.h"
#include "compile/code_image.h"
#include "compile/stack_code.h"
#include "interp/frame_roots.h"
#include "interp/inline_cache.h"
#include "interp/root_report.h"
#include "objects/bytes.h"
#include "objects/code_list.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/main_thread.h"
#include "objects/module.h"
#include "objects/type_internal.h"
#include "threads/mutator.h"

namespace baton {

void init_core_types(Thread& thread);
void init_exceptions(Thread& thread);
void register_storage_kinds();
void clear_dead_subclasses();

static void scan_mutator(Mutator& mutator, EdgeVisitor& visit) {
  auto& t = static_cast<Thread&>(mutator);
  for_each_thread_value(t, [&](const char*, Value v) { visit.visit(v); });
  scan_thread_frames(t, visit);
}

static usize excluded(Mutator& mutator, void* (*ranges)[2], usize capacity) {
  return excluded_ranges(static_cast<Thread&>(mutator), ranges, capacity);
}

static void scan_globals(EdgeVisitor& visit) {
  visit_runtime_roots(visit);
  for (Thread* lost = first_lost_thread(); lost; lost = lost->next_thread_) scan_thread_frames(*lost, visit);
}

void forget_unused_cache_record();  // cache_fill.cpp

static void begin_collection(Generation generation) {
  forget_spare_code_storage();
  forget_unused_cache_record();
  if (collection_begins) collection_begins(generation);
}
static void look_at_dead(EdgeVisitor& keep) {
  if (dead_found) dead_found(keep);
}

static void weak_phase(Generation generation) {
  if (forget_dead_traces) forget_dead_traces();
  release_dead_exports();
  forget_tuple_hashes();
  if (generation == Generation::Full) {
    drop_dead_code();
    clear_caches_of_dead_shapes();
    clear_dead_subclasses();
  }
}

static void init_hash_key(const RuntimeOptions& options) {
  if (options.hash_seed_given) {
    HashSecret key = options.hash_seed ? hash_secret_from_seed(static_cast<u32>(options.hash_seed)) : HashSecret{};
    runtime.hash_key[0] = key.key0;
    runtime.hash_key[1] = key.key1;
    return;
  }
  BATON_CHECK(random_bytes(runtime.hash_key, sizeof runtime.hash_key, RandomWait::kNoWait) == 0,
              "the kernel has no random bytes for the hash seed; set PYTHONHASHSEED");
}

Thread& init_runtime(const RuntimeOptions& options) {
  set_check_hook(nullptr);
  init_hash_key(options);
  static Thread main_thread;
  HeapHooks hooks;
  hooks.scan_mutator = scan_mutator;
  hooks.excluded_stack_ranges = excluded;
  hooks.scan_globals = scan_globals;
  hooks.visit_subclass_tail = visit_subclass_tail;
  hooks.collection_begins = begin_collection;
  hooks.dead_found = look_at_dead;
  hooks.clear_dead_caches = weak_phase;
  hooks.on_weak_target_dead = options.on_weak_target_dead;
  hooks.collection_ended = options.collection_ended;
  HeapConfig config;
  config.stress_every = options.gc_stress;
  config.verify = options.gc_verify;
  config.first_nursery_bytes = usize{6} << 20;
  heap_init(config, hooks);
  if (options.why_alive) report_roots_of(options.why_alive);
  mutator_hooks.describe_place = describe_thread_place;
  main_thread.attach("MainThread");
  init_thread_interpreter(main_thread);
  link_thread(main_thread);
  register_storage_kinds();
  register_kind(kKindShape, kind_info_of<Shape>("shape"));
  KindInfo record_info = kind_info_of<CacheRecord>("inline cache record");
  record_info.has_opaque_words = true;  // its weak fields
  register_kind(kKindCacheRecord, record_info);
  init_core_types(main_thread);
  init_exceptions(main_thread);
  init_code_images();
  init_stack_code();
  init_interpreter();
  flush_inline_caches = flush_caches;
  return main_thread;
}

}  // namespace baton
