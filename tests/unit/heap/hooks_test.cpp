// The hooks of the layers above, roots, and life under an address space limit.
#include <sys/resource.h>

#include <cstddef>

#include "toy.h"

using namespace baton;
using namespace baton::test;

static_assert(offsetof(MutatorHeap, cursors) == 0 && sizeof(AllocationCursor) == 16, "machine code allocates by these");

namespace {

Value mutator_register, global_value;
void* excluded[2] = {};

// A subclass instance: a Node with two words of attributes behind it.
struct Instance : Node {
  Field<Value> attributes[2];
};

void start(Mutator& mutator, HeapConfig config = {}) {
  HeapHooks hooks;
  hooks.scan_mutator = [](Mutator&, EdgeVisitor& visit) { visit.visit(mutator_register); };
  hooks.scan_globals = [](EdgeVisitor& visit) { visit.visit(global_value); };
  hooks.excluded_stack_ranges = [](Mutator&, void*(*ranges)[2], usize capacity) -> usize {
    if (!excluded[0] || capacity == 0) return 0;
    ranges[0][0] = excluded[0];
    ranges[0][1] = excluded[1];
    return 1;
  };
  hooks.visit_subclass_tail = [](Cell* cell, EdgeVisitor& visit) {
    visit.visit_range(static_cast<Instance*>(cell)->attributes, 2);
  };
  heap_init(config, hooks);
  register_toys();
  mutator.attach("test");
}

}  // namespace

HEAP_TEST(heap_hooks_name_roots_and_tails) {
  Mutator mutator;
  start(mutator, {.verify = true});
  apart([&] {
    mutator_register = make_node(mutator, 1);
    global_value = make_node(mutator, 2);
    auto* instance = static_cast<Instance*>(heap_allocate(mutator, sizeof(Instance), kNodeKind | kSubclassBit, 0));
    instance->id = 3;
    instance->left.init(global_value);
    instance->right.init(Value());
    instance->attributes[0].init(make_node(mutator, 4));
    instance->attributes[1].init(Value());
    global_value = instance;
  });
  for (Generation generation : {Generation::Minor, Generation::Full, Generation::Full}) collect(mutator, generation);
  auto* instance = global_value.as<Instance>();
  EXPECT(mutator_register.as<Node>()->id == 1 && instance->id == 3 && instance->left.get().as<Node>()->id == 2);
  EXPECT(instance->attributes[0].get().as<Node>()->id == 4);
  apart([&] { instance->attributes[1].set(instance, make_node(mutator, 5)); });
  collect(mutator, Generation::Minor);
  EXPECT(instance->attributes[1].get().as<Node>()->id == 5);
  usize edges = 0;
  EdgeVisitor count([](EdgeVisitor& visitor, Cell*) { ++*static_cast<usize*>(visitor.context()); }, &edges);
  heap_visit_cell(instance, count);
  EXPECT(edges == 3);
  mutator.detach();
}

HEAP_TEST(heap_excluded_stack_ranges_are_not_scanned) {
  Mutator mutator;
  start(mutator);
  volatile u64 words[64] = {};
  apart([&] {
    words[10] = reinterpret_cast<u64>(make_node(mutator, 1));
    words[40] = reinterpret_cast<u64>(make_bytes(mutator, 10));
  });
  excluded[0] = const_cast<u64*>(&words[8]);
  excluded[1] = const_cast<u64*>(&words[12]);
  collect(mutator);
  EXPECT(count_kind(mutator, kNodeKind) == 0 && count_kind(mutator, kBytesKind) == 1);
  mutator.detach();
}

HEAP_TEST(heap_root_vectors_grow_and_unlink) {
  Toy toy;
  RootVector outer;
  apart([&] {
    RootVector inner;
    for (u64 i = 0; i < 1000; ++i) {
      outer.push(make_node(toy, i));
      inner.push(make_bytes(toy, 10));
    }
    outer.resize(1100);
    collect(toy, Generation::Minor);
    EXPECT(count_kind(toy, kBytesKind) == 1000);
  });
  collect(toy);
  EXPECT(count_kind(toy, kNodeKind) == 1000 && count_kind(toy, kBytesKind) < 5);
  EXPECT(outer[999].as<Node>()->id == 999 && outer[1050].is_absent());
}

#if !defined(BATON_ASAN) && !defined(BATON_TSAN)  // they need the address space themselves
HEAP_TEST(heap_out_of_memory_is_null_and_passes) {
  rlimit limit{usize{1} << 30, usize{1} << 30};
  setrlimit(RLIMIT_AS, &limit);
  Toy toy;
  RootVector kept;
  apart([&] {
    u64 n = 0;
    while (Bytes* bytes = make_bytes(toy, 60000)) {
      kept.push(bytes);
      ++n;
    }
    EXPECT(n > 1000 && n < 20000);
    EXPECT(make_bytes(toy, 60000) == nullptr);
    u64 small = 0;
    while (Bytes* bytes = make_bytes(toy, 3000)) {
      kept.push(bytes);
      ++small;
    }
    EXPECT(small < 20000);
  });
  kept.clear();
  scrub_stack();
  for (int i = 0; i < 20000; ++i) {
    Bytes* bytes = make_bytes(toy, 60000);
    if (!bytes) {
      EXPECT(!"memory comes back");
      break;
    }
  }
}
#endif

// What dead_found visits lives on, with what it refers to, till the next collection; the rest of the dead dies.
HEAP_TEST(heap_dead_found_keeps_till_the_next_collection) {
  static u64 hidden[3];  // inverted, so that no scan finds them
  static bool keeps;
  static int begun;
  auto shown = [](usize i) { return reinterpret_cast<Cell*>(~hidden[i]); };
  Mutator mutator;
  HeapHooks hooks;
  hooks.scan_globals = [](EdgeVisitor& visit) { visit.visit(global_value); };
  hooks.collection_begins = [](Generation) { ++begun; };
  hooks.dead_found = [](EdgeVisitor& keep) {
    if (keeps) keep.visit(reinterpret_cast<Cell*>(~hidden[0]));
  };
  heap_init({.verify = true}, hooks);
  register_toys();
  mutator.attach("test");
  for (Generation generation : {Generation::Full, Generation::Minor}) {
    begun = 0;
    apart([&] {
      Node* node = make_node(mutator, 1);
      node->left.set(node, make_node(mutator, 2));
      hidden[0] = ~reinterpret_cast<u64>(node);
      hidden[1] = ~reinterpret_cast<u64>(node->left.get().cell());
      hidden[2] = ~reinterpret_cast<u64>(make_node(mutator, 3));
    });
    keeps = true;
    collect(mutator, generation);
    EXPECT(begun == 1);
    apart([&] {  // what looks at the addresses leaves them on the stack
      EXPECT(heap_find_cell(shown(0)) == shown(0) && heap_find_cell(shown(1)) == shown(1) && !heap_find_cell(shown(2)));
      EXPECT(static_cast<Node*>(shown(1))->id == 2);
    });
    keeps = false;
    collect(mutator, Generation::Full);
    apart([&] { EXPECT(!heap_find_cell(shown(0)) && !heap_find_cell(shown(1))); });
  }
  mutator.detach();
}
