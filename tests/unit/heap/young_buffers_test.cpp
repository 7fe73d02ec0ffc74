// Big buffers and their owners, which stay young for some minor collections.
#include "heap/young_buffers.h"

#include "heap/large_cells.h"
#include "toy.h"

using namespace baton;
using namespace baton::test;

namespace {

constexpr u64 kMebibyte = u64{1} << 20;

// An old array, of no kind that stays young, with a node that has a buffer.
struct Fixture : Toy {
  Fixture() : array(make_array(mutator, 1, 4)) {
    heap_large_is_buffer(kBytesKind);
    heap_owns_buffers(kNodeKind);
    collect(mutator, Generation::Minor);
    apart([&] { give_buffer(0); });
  }
  void give_buffer(usize i) {
    test::Bytes* buffer = make_bytes(mutator, kMebibyte);
    array->items[i].set(array.get(), make_node(mutator, 10 + i, buffer));
  }
  Node* node(usize i = 0) { return array->items[i].get().as<Node>(); }
  test::Bytes* buffer(usize i = 0) { return node(i)->left.get().as<test::Bytes>(); }
  Root<Array> array;
};

}  // namespace

HEAP_TEST(heap_buffers_that_live_stay_young_and_then_die) {
  Fixture f;
  for (int i = 0; i < 3; ++i) {
    apart([&] { collect(f, Generation::Minor); });
    EXPECT(!is_marked(f.buffer()) && !f.buffer()->has_gc_flag(kOld) && !f.node()->has_gc_flag(kOld));
    EXPECT(f.array->has_gc_flag(kOld) && f.buffer()->length == kMebibyte);
  }
  f.array->items[0].set(f.array.get(), Value());
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(count_kind(f, kBytesKind) == 0 && count_kind(f, kNodeKind) == 0);
}

HEAP_TEST(heap_owners_of_buffers_have_no_barrier_and_need_none) {
  Fixture f;
  apart([&] { collect(f, Generation::Minor); });
  apart([&] { f.node()->right.set(f.node(), make_node(f, 20, make_node(f, 21))); });
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(f.node()->right.get().as<Node>()->left.get().as<Node>()->id == 21);
  apart([&] { collect(f, Generation::Full); });
  EXPECT(f.node()->has_gc_flag(kOld) && is_marked(f.buffer()));
  EXPECT(f.node()->right.get().as<Node>()->left.get().as<Node>()->id == 21);
}

HEAP_TEST(heap_buffers_that_live_long_grow_old) {
  Fixture f;
  for (int i = 0; i < 10; ++i) apart([&] { collect(f, Generation::Minor); });
  EXPECT(is_marked(f.buffer()) && f.buffer()->has_gc_flag(kOld) && f.node()->has_gc_flag(kOld));
}

HEAP_TEST(heap_buffers_of_a_big_table_grow_old_at_once) {
  Fixture f;
  Root<Array> table;
  apart([&] {
    table.set(make_array(f, 2, 8000));
    table->items[7000].set(table.get(), f.buffer());
  });
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(is_marked(f.buffer()) && is_marked(table.get()));
}

HEAP_TEST(heap_young_buffers_are_frozen_with_the_rest) {
  Fixture f;
  apart([&] { collect(f, Generation::Minor); });
  heap_freeze();
  EXPECT(is_marked(f.buffer()) && f.node()->has_gc_flag(kOld));
  apart([&] { f.give_buffer(1); });
  for (Generation generation : {Generation::Minor, Generation::Full, Generation::Minor}) {
    apart([&] { collect(f, generation); });
    EXPECT(f.buffer(0)->length == kMebibyte && f.buffer(1)->length == kMebibyte);
  }
  heap_unfreeze();
  f.array->items[0].set(f.array.get(), Value());
  f.array->items[1].set(f.array.get(), Value());
  apart([&] { collect(f, Generation::Full); });
  EXPECT(count_kind(f, kBytesKind) == 0);
}

HEAP_TEST(heap_shrunk_large_cells_give_blocks_back) {
  Toy toy;
  u64 before = 0;
  Root<test::Bytes> root(make_bytes(toy, kMebibyte));
  before = heap_stats().committed_bytes;
  EXPECT(heap_shrink_large(root.get(), 100000));
  EXPECT(heap_cell_size(root.get()) == 100000);
  test::Bytes* other = make_bytes(toy, kMebibyte / 2);  // lies behind it
  EXPECT(heap_stats().committed_bytes <= before && reinterpret_cast<u64>(other) < reinterpret_cast<u64>(root.get()) + kMebibyte);
  EXPECT(!heap_shrink_large(root.get(), 100) && !heap_shrink_large(root.get(), kMebibyte));
  collect(toy, Generation::Full);
  EXPECT(root->length == kMebibyte && heap_cell_size(root.get()) == 100000);
}
