// Toy cells for the heap's tests, and HEAP_TEST: a test in a process of its own, with a fresh heap in the configuration it asks
// for.
#pragma once
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "heap/allocate_inline.h"
#include "heap/heap.h"
#include "heap/sanitizers.h"
#include "test.h"
#include "threads/gil.h"
#include "threads/lock_byte.h"
#include "threads/mutator.h"

extern char** environ;

namespace baton::test {

inline constexpr u16 kNodeKind = 0xE01, kArrayKind = 0xE02, kBytesKind = 0xE03, kResourceKind = 0xE04, kWeakListKind = 0xE05,
                     kShapeKind = 0xE06, kTailKind = 0xE07;

struct Node : Cell {
  u64 id;
  Field<Value> left, right;
};

struct Array : Cell {
  u64 id;
  u64 length;
  Field<Value> items[1];
};

struct Bytes : Cell {
  u64 length;
  u8 data[1];
};

struct Resource : Cell {
  u64 id;
  Field<Value> other;
};

// Head of a target's weak references; target is a weak word.
struct WeakList : Cell {
  u64 target;
  u64 cleared;
};

struct Shape : Cell {
  u64 id;
  Field<Value> parent;
};

inline int native_finalized = 0;
inline u64 last_native_id = 0;
inline int caches_cleared = 0, weak_dead = 0, ended = 0;
inline Root<Value>* no_root = nullptr;

inline void on_weak_target_dead(Cell* target, Cell* head) {
  auto* list = static_cast<WeakList*>(head);
  if (reinterpret_cast<Cell*>(list->target) != target) ++failures_in_current_test;
  list->target = 0;
  ++list->cleared;
  ++weak_dead;
}

inline void register_toys() {
  register_kind(kNodeKind, {.name = "Node", .visit_edges = [](Cell* cell, EdgeVisitor& visit) {
                              auto* node = static_cast<Node*>(cell);
                              visit(node->left, node->right);
                            }});
  register_kind(kArrayKind, {.name = "Array", .visit_edges = [](Cell* cell, EdgeVisitor& visit) {
                               auto* array = static_cast<Array*>(cell);
                               visit.visit_range(array->items, array->length);
                             }});
  register_kind(kBytesKind, {.name = "Bytes"});
  register_kind(kResourceKind, {.name = "Resource",
                                .visit_edges = [](Cell* cell, EdgeVisitor& visit) { visit(static_cast<Resource*>(cell)->other); },
                                .finalize_native =
                                    [](Cell* cell) {
                                      ++native_finalized;
                                      last_native_id = static_cast<Resource*>(cell)->id;
                                      static_cast<Resource*>(cell)->id = 0;
                                    }});
  register_kind(kWeakListKind, {.name = "WeakList", .visit_edges = [](Cell*, EdgeVisitor&) {}, .has_opaque_words = true});
  register_kind(kShapeKind, {.name = "Shape",
                             .visit_edges = [](Cell* cell, EdgeVisitor& visit) { visit(static_cast<Shape*>(cell)->parent); }});
}

struct Setup {
  HeapConfig config;
  GilMode gil = GilMode::On;
};

// A configured heap and an attached mutator, on the stack of the test.
class Toy {
 public:
  explicit Toy(Setup setup = {}) {
    if (setup.gil == GilMode::Off) configure_gil({.mode = GilMode::Off});
    HeapHooks hooks;
    hooks.on_weak_target_dead = on_weak_target_dead;
    hooks.clear_dead_caches = [](Generation) { ++caches_cleared; };
    hooks.collection_ended = [](Generation, u64) { ++ended; };
    heap_init(setup.config, hooks);
    register_toys();
    mutator.attach("test");
  }
  ~Toy() { mutator.detach(); }
  operator Mutator&() { return mutator; }
  Mutator mutator;
};

inline Node* make_node(Mutator& mutator, u64 id, Value left = {}, Value right = {}, u32 shape = 0, u32 flags = 0) {
  auto* node = static_cast<Node*>(heap_allocate_inline(mutator, sizeof(Node), kNodeKind, shape, flags));
  node->id = id;
  node->left.init(left);
  node->right.init(right);
  return node;
}

inline Array* make_array(Mutator& mutator, u64 id, u64 length, u32 flags = 0) {
  usize bytes = sizeof(Array) + (length ? length - 1 : 0) * sizeof(Value);
  auto* array = static_cast<Array*>(heap_allocate(mutator, bytes, kArrayKind, 0, flags));
  if (!array) return nullptr;
  array->id = id;
  array->length = length;
  for (u64 i = 0; i < length; ++i) array->items[i].init(Value());
  return array;
}

inline Bytes* make_bytes(Mutator& mutator, u64 length) {
  auto* bytes = static_cast<Bytes*>(heap_allocate(mutator, sizeof(Bytes) + length, kBytesKind, 0));
  if (!bytes) return nullptr;
  bytes->length = length;
  return bytes;
}

inline Resource* make_resource(Mutator& mutator, u64 id, Value other = {}) {
  auto* cell = static_cast<Resource*>(heap_allocate(mutator, sizeof(Resource), kResourceKind, 0, kAllocNativeFinalizer));
  cell->id = id;
  cell->other.init(other);
  return cell;
}

inline WeakList* make_weak(Mutator& mutator, Cell* target) {
  auto* list = static_cast<WeakList*>(heap_allocate(mutator, sizeof(WeakList), kWeakListKind, 0));
  list->target = reinterpret_cast<u64>(target);
  list->cleared = 0;
  heap_set_weak_head(mutator, target, list);
  return list;
}

// Addresses that the conservative scan must not recognise.
inline u64 hide(const void* p) { return ~reinterpret_cast<u64>(p); }
template <class T>
T* reveal(u64 hidden) {
  return reinterpret_cast<T*>(~hidden);
}

// Runs fn in a frame deeper than the caller's and then overwrites that stack, so that no stale pointer stays in reach of the
// scan.
template <class Fn>
BATON_NOINLINE void run_apart(Fn fn) {
  volatile char padding[4096];
  padding[0] = 0;
  fn();
  padding[1] = 0;
}
BATON_NOINLINE inline void scrub_stack() {
  volatile u64 zeros[4096];
  for (usize i = 0; i < 4096; ++i) zeros[i] = 0;
}
template <class Fn>
BATON_NOINLINE void apart(Fn fn) {
  run_apart(fn);
  scrub_stack();
}

inline void collect(Mutator& mutator, Generation generation = Generation::Full) { heap_collect(mutator, generation); }
inline u64 collections(Generation generation) { return heap_stats().collections[static_cast<int>(generation)]; }

inline u64 count_kind(Mutator& mutator, u16 kind) {
  struct Count {
    u16 kind;
    u64 n = 0;
  } count{kind};
  StopTheWorld stop(mutator);
  heap_for_each_cell(
      [](Cell* cell, void* context) {
        auto* c = static_cast<Count*>(context);
        c->n += cell->kind() == c->kind;
      },
      &count);
  return count.n;
}

inline bool in_own_process(const char* name) {
  if (getenv("BATON_HEAP_TEST")) return true;
  setenv("BATON_HEAP_TEST", "1", 1);
  char path[4096];
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  path[n > 0 ? n : 0] = 0;
  const char* arguments[] = {path, "--exact", name, nullptr};
  fflush(stdout);
  pid_t child;
  int status = 1;
  if (posix_spawn(&child, path, nullptr, nullptr, const_cast<char**>(arguments), environ) == 0) waitpid(child, &status, 0);
  unsetenv("BATON_HEAP_TEST");
  if (status != 0) {
    fprintf(stderr, "%s: its process ended with status %#x\n", name, status);
    ++failures_in_current_test;
  }
  return false;
}

#define HEAP_TEST(name)                                           \
  static void heap_test_##name();                                 \
  TEST(name) {                                                    \
    if (::baton::test::in_own_process(#name)) heap_test_##name(); \
  }                                                               \
  static void heap_test_##name()

}  // namespace baton::test
