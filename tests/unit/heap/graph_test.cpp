// Random mutations of a graph of cells, beside a model in ordinary memory: after collections everything that the model can reach
// must be intact, and little else may be alive.
#include <random>
#include <vector>

#include "heap/large_cells.h"
#include "toy.h"

using namespace baton;
using namespace baton::test;

namespace {

constexpr u32 kNone32 = 0;  // model id of absent

struct ModelNode {
  u64 hidden = 0;
  std::vector<u32> edges;
};

// Graph of Nodes (two edges) and Arrays (many, some large), rooted in a RootVector; with buffers, if the heap knows of such.
class Graph {
 public:
  Graph(Mutator& mutator, u32 seed, u32 slots, bool with_buffers)
      : mutator_(mutator), random_(seed), with_buffers_(with_buffers) {
    model_.resize(1);
    roots_.resize(slots);
    model_roots_.assign(slots, kNone32);
  }

  BATON_NOINLINE void step() {
    switch (pick(10)) {
      case 0:
      case 1:
      case 2: add_node(); break;
      case 3: add_array(); break;
      case 4:
      case 5:
      case 6: rewire(); break;
      case 7: drop_root(); break;
      case 8: move_root(); break;
      case 9: with_buffers_&& pick(4) == 0 ? add_buffer() : garbage(); break;
    }
  }

  // Walks what the model reaches and compares. Returns the number of reachable cells.
  BATON_NOINLINE usize check() {
    std::vector<bool> seen(model_.size());
    std::vector<u32> work;
    usize count = 0;
    for (usize i = 0; i < roots_.size(); ++i) {
      expect_same(roots_[i], model_roots_[i]);
      if (model_roots_[i]) work.push_back(model_roots_[i]);
    }
    while (!work.empty()) {
      u32 id = work.back();
      work.pop_back();
      if (seen[id]) continue;
      seen[id] = true;
      ++count;
      Cell* cell = reveal<Cell>(model_[id].hidden);
      const std::vector<u32>& edges = model_[id].edges;
      for (usize i = 0; i < edges.size(); ++i) {
        expect_same(edge(cell, i).get(), edges[i]);
        if (edges[i]) work.push_back(edges[i]);
      }
    }
    // Forget what the model can't reach.
    for (usize i = 1; i < model_.size(); ++i) {
      if (!seen[i]) model_[i].edges = {};
    }
    return count;
  }

 private:
  u32 pick(u32 n) { return static_cast<u32>(random_() % n); }

  static Field<Value>& edge(Cell* cell, usize i) {
    if (cell->kind() == kArrayKind) return static_cast<Array*>(cell)->items[i];
    auto* node = static_cast<Node*>(cell);
    return i ? node->right : node->left;
  }
  static u64 id_of(Cell* cell) {
    if (cell->kind() == kBytesKind) return static_cast<test::Bytes*>(cell)->length;
    return cell->kind() == kArrayKind ? static_cast<Array*>(cell)->id : static_cast<Node*>(cell)->id;
  }

  void expect_same(Value value, u32 id) {
    if (id == kNone32) {
      EXPECT(value.is_absent());
      return;
    }
    bool same = value.is_cell() && hide(value.cell()) == model_[id].hidden;
    BATON_CHECK(same, "an edge leads where the model says");
    BATON_CHECK(id_of(value.cell()) == id, "a reachable cell is intact");
  }

  // A random reachable cell; 0 if the chosen root is empty.
  u32 wander() {
    u32 id = model_roots_[pick(static_cast<u32>(roots_.size()))];
    for (u32 steps = pick(8); id && steps; --steps) {
      const std::vector<u32>& edges = model_[id].edges;
      u32 next = edges.empty() ? kNone32 : edges[pick(static_cast<u32>(edges.size()))];
      if (!next) break;
      id = next;
    }
    return id;
  }
  Value value_of(u32 id) { return id ? Value(reveal<Cell>(model_[id].hidden)) : Value(); }

  void set_root(u32 id) {
    u32 slot = pick(static_cast<u32>(roots_.size()));
    roots_[slot] = value_of(id);
    model_roots_[slot] = id;
  }
  void add_node() {
    u32 left = wander(), right = wander();
    u32 id = static_cast<u32>(model_.size());
    u32 flags = pick(50) == 0 ? kAllocPretenured : kAllocDefault;
    Node* node = make_node(mutator_, id, value_of(left), value_of(right), 0, flags);
    model_.push_back({hide(node), {left, right}});
    set_root(id);
  }
  void add_array() {
    u32 length = pick(20) == 0 ? pick(9000) : pick(40);
    u32 id = static_cast<u32>(model_.size());
    Array* array = make_array(mutator_, id, length);
    model_.push_back({hide(array), std::vector<u32>(length, kNone32)});
    for (u32 i = 0; i < length && i < 20; ++i) {
      u32 target = wander();
      array->items[i].set(array, value_of(target));
      model_[id].edges[i] = target;
    }
    set_root(id);
  }
  // Its length is its id.
  void add_buffer() {
    u32 id = static_cast<u32>(model_.size());
    auto* buffer = static_cast<test::Bytes*>(heap_allocate(mutator_, (usize{64} << 10) + pick(300000), kBytesKind, 0));
    buffer->length = id;
    model_.push_back({hide(buffer), {}});
    set_root(id);
  }
  void rewire() {
    u32 owner = wander();
    if (!owner || model_[owner].edges.empty()) return;
    u32 target = pick(4) ? wander() : kNone32;
    u32 i = pick(static_cast<u32>(model_[owner].edges.size()));
    Cell* cell = reveal<Cell>(model_[owner].hidden);
    edge(cell, i).set(cell, value_of(target));
    model_[owner].edges[i] = target;
  }
  void drop_root() { set_root(kNone32); }
  void move_root() { set_root(wander()); }
  void garbage() {
    for (u32 i = pick(10); i > 0; --i) make_node(mutator_, ~u64{0});
    make_bytes(mutator_, pick(3000));
  }

  Mutator& mutator_;
  std::mt19937 random_;
  bool with_buffers_;
  RootVector roots_;
  std::vector<u32> model_roots_;
  std::vector<ModelNode> model_;
};

BATON_NOINLINE void run_graph(Toy& toy, u32 seed, u32 steps, u32 check_every, bool with_buffers = false) {
  Graph graph(toy, seed, 64, with_buffers);
  for (u32 i = 1; i <= steps; ++i) {
    graph.step();
    if (i % check_every) continue;
    apart([&] { graph.check(); });
    collect(toy, i % (check_every * 3) ? Generation::Minor : Generation::Full);
    usize reachable = 0;
    apart([&] { reachable = graph.check(); });
    if (i % (check_every * 3) == 0) {
      u64 live = count_kind(toy, kNodeKind) + count_kind(toy, kArrayKind) + (with_buffers ? count_kind(toy, kBytesKind) : 0);
      // What a stale word pins may drag a subgraph along, but most of the dead are gone.
      EXPECT(live >= reachable);
      EXPECT(live <= reachable + reachable / 2 + 400);
    }
  }
}

}  // namespace

HEAP_TEST(heap_graph_follows_its_model) {
  Toy toy({.config = {.nursery_bytes = usize{256} << 10}});
  for (u32 seed = 1; seed <= 4; ++seed) run_graph(toy, seed, 60000, 5000);
}

HEAP_TEST(heap_graph_verified) {
  Toy toy({.config = {.nursery_bytes = usize{64} << 10, .verify = true}});
  for (u32 seed = 10; seed <= 11; ++seed) run_graph(toy, seed, 20000, 2000);
}

HEAP_TEST(heap_graph_under_stress_1) {
  Toy toy({.config = {.stress_every = 1}});
  run_graph(toy, 20, 1500, 300);
}

HEAP_TEST(heap_graph_under_verified_stress) {
  Toy toy({.config = {.stress_every = 7, .verify = true}});
  run_graph(toy, 21, 4000, 400);
}

HEAP_TEST(heap_graph_with_big_nursery) {
  Toy toy({.config = {.nursery_bytes = usize{32} << 20}});
  run_graph(toy, 30, 200000, 50000);
}

HEAP_TEST(heap_graph_with_young_buffers) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20, .verify = true}});
  heap_large_is_buffer(kBytesKind);
  heap_owns_buffers(kNodeKind);
  for (u32 seed = 40; seed <= 43; ++seed) run_graph(toy, seed, 12000, 600, true);
}

HEAP_TEST(heap_graph_with_young_buffers_under_stress) {
  Toy toy({.config = {.stress_every = 7, .verify = true}});
  heap_large_is_buffer(kBytesKind);
  heap_owns_buffers(kNodeKind);
  run_graph(toy, 50, 3000, 300, true);
}
