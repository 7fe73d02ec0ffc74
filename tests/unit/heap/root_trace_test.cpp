// What a cell hangs on: each kind of root, and the way from there. Assertion builds check that a trace reaches what was marked.
#include "heap/root_trace.h"

#include "toy.h"

using namespace baton;
using namespace baton::test;

namespace {

Value mutator_register, global_value;

struct Found {
  u64 wanted;  // the node's number
  int times = 0;
  RootPath path{};
  u64 ids[8] = {};
};

Found trace(Mutator& mutator, u64 wanted) {
  Found found{wanted};
  RootTrace trace{[](Cell* cell, void* context) {
                    return cell->kind() == kNodeKind && static_cast<Node*>(cell)->id == static_cast<Found*>(context)->wanted;
                  },
                  [](const RootPath& path, void* context) {
                    auto* found = static_cast<Found*>(context);
                    ++found->times;
                    found->path = path;
                    for (usize i = 0; i < path.length && i < 8; ++i) found->ids[i] = static_cast<Node*>(path.cells[i])->id;
                  },
                  nullptr, &found};
  heap_collect_and_trace(mutator, trace);
  return found;
}

}  // namespace

HEAP_TEST(heap_root_trace_names_roots_and_ways) {
  Mutator mutator;
  HeapHooks hooks;
  hooks.scan_mutator = [](Mutator&, EdgeVisitor& visit) { visit.visit(mutator_register); };
  hooks.scan_globals = [](EdgeVisitor& visit) { visit.visit(global_value); };
  heap_init({.verify = true}, hooks);
  register_toys();
  mutator.attach("test");
  Root<Value> root;
  RootVector vector;
  volatile u64 words[16] = {};
  apart([&] {
    mutator_register = make_node(mutator, 1, make_node(mutator, 2, make_node(mutator, 3)));
    global_value = make_node(mutator, 4, Value(), mutator_register.as<Node>()->left.get());  // as near to 2
    root.set(make_node(mutator, 5));
    vector.push(make_node(mutator, 6));
    vector.push(make_node(mutator, 7, make_node(mutator, 8), root.get()));
    words[5] = reinterpret_cast<u64>(make_node(mutator, 9, make_node(mutator, 10)));
    make_node(mutator, 11, root.get());  // garbage
  });
  Found found = trace(mutator, 3);
  EXPECT(found.times == 1 && found.path.kind == RootKind::Mutator && found.path.mutator == &mutator);
  EXPECT(found.path.length == 3 && found.ids[0] == 1 && found.ids[1] == 2 && found.ids[2] == 3);
  found = trace(mutator, 4);
  EXPECT(found.times == 1 && found.path.kind == RootKind::Global && found.path.length == 1);
  found = trace(mutator, 5);
  EXPECT(found.times == 1 && found.path.kind == RootKind::Root && found.path.length == 1);
  found = trace(mutator, 8);
  EXPECT(found.times == 1 && found.path.kind == RootKind::RootVector && found.path.place == &vector && found.ids[0] == 7);
  found = trace(mutator, 10);
  EXPECT(found.times == 1 && found.path.kind == RootKind::Stack && found.path.mutator == &mutator && found.ids[0] == 9);
  EXPECT(found.path.place == &words[5]);
  EXPECT(trace(mutator, 11).times == 0);
  words[5] = 0;
  EXPECT(trace(mutator, 10).times == 0);
  mutator.detach();
}

HEAP_TEST(heap_root_trace_of_frozen_and_of_queued_cells) {
  Toy toy({.config = {.verify = true}});
  apart([&] {
    Root<Value> root(Value(make_node(toy, 1, make_node(toy, 2))));
    heap_freeze();
    heap_register_finalizable(toy, make_node(toy, 3));
  });
  apart([&] {                     // what was found stays on the stack
    Found found = trace(toy, 2);  // finds the third one dead and queues it
    EXPECT(found.times == 1 && found.path.kind == RootKind::Frozen);
    found = trace(toy, 3);
    EXPECT(found.times == 1 && found.path.kind == RootKind::FinalizerQueue);
    heap_take_finalizable();
  });
  heap_unfreeze();
  EXPECT(trace(toy, 3).times == 0 && trace(toy, 2).times == 0);
}

// A trace that is in force tells of full collections only, and of each.
HEAP_TEST(heap_root_trace_of_every_collection) {
  static int wanted, ended;
  static const RootTrace every{[](Cell* cell, void*) { return cell->kind() == kNodeKind; },
                               [](const RootPath&, void*) { ++wanted; }, [](void*) { ++ended; }, nullptr};
  Toy toy;
  heap_trace_collections(&every);
  Root<Value> root;
  apart([&] { root.set(make_node(toy, 1, make_node(toy, 2))); });
  collect(toy, Generation::Minor);
  EXPECT(wanted == 0 && ended == 0);
  collect(toy);
  EXPECT(wanted == 2 && ended == 1);
  EXPECT(trace(toy, 2).times == 1 && wanted == 4 && ended == 2);
  heap_trace_collections(nullptr);
  collect(toy);
  EXPECT(ended == 2);
}
