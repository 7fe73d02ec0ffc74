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

HEAP_TEST(heap_owners_of_ever_new_buffers_grow_old) {
  Fixture f;
  for (int i = 0; i < 4; ++i) {
    apart([&] {
      f.node()->left.set(f.node(), make_bytes(f, kMebibyte));
      collect(f, Generation::Minor);
    });
    EXPECT(!is_marked(f.buffer()));
  }
  EXPECT(f.node()->has_gc_flag(kOld));
  u64 freed = heap_stats().cells_freed[0];
  EXPECT(freed < 20);  // none twice, and no more than there were
}

HEAP_TEST(heap_first_collection_leaves_nothing_young) {
  Toy toy;
  heap_large_is_buffer(kBytesKind);
  heap_owns_buffers(kNodeKind);
  Root<Node> node;
  apart([&] { node.set(make_node(toy, 1, make_bytes(toy, kMebibyte))); });
  apart([&] { collect(toy, Generation::Minor); });
  EXPECT(node->has_gc_flag(kOld) && is_marked(node->left.get().cell()));
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

HEAP_TEST(heap_buffers_of_what_is_to_be_finalised_live) {
  Fixture f;
  Root<Array> holder;
  apart([&] {
    test::Bytes* buffer = make_bytes(f, kMebibyte);
    auto* dropped = make_resource(f, 1, make_array(f, 3, 2));
    dropped->other.get().as<Array>()->items[0].set(dropped->other.get().cell(), make_node(f, 30, buffer));
    heap_register_finalizable(f, dropped);
  });
  apart([&] { collect(f, Generation::Minor); });
  apart([&] {  // resurrected: nothing is stored but to a young cell
    Cell* taken = heap_take_finalizable();
    EXPECT(taken);
    holder.set(make_array(f, 4, 1));
    holder->items[0].set(holder.get(), taken);
  });
  for (int i = 0; i < 3; ++i) {
    apart([&] { collect(f, Generation::Minor); });
    apart([&] {
      Node* node = holder->items[0].get().as<Resource>()->other.get().as<Array>()->items[0].get().as<Node>();
      EXPECT(node->id == 30 && node->left.get().as<test::Bytes>()->length == kMebibyte);
      make_bytes(f, kMebibyte)->length = 0;  // where the buffer would have been
      make_node(f, 0);
    });
  }
}

HEAP_TEST(heap_fields_in_dead_storage_are_forgotten) {
  Fixture f;
  heap_owns_buffers(kArrayKind);
  heap_is_storage(kArrayKind);
  apart([&] {
    Array* storage = make_array(f, 5, 100);
    f.array->items[1].set(f.array.get(), storage);
    test::Bytes* buffer = make_bytes(f, kMebibyte);
    storage->items[0].set(f.array.get(), make_node(f, 31, buffer));  // by the flag of the storage's owner, which is old
    f.array->items[1].set(f.array.get(), Value());
  });
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(count_kind(f, kArrayKind) == 1 && count_kind(f, kNodeKind) == 2);
  apart([&] {
    for (int i = 0; i < 1000; ++i) {  // one of them lies where the storage was
      auto* other = static_cast<test::Bytes*>(heap_allocate(f, sizeof(Array) + 99 * sizeof(Value), kBytesKind, 0));
      other->length = 0;
      for (u64* word = reinterpret_cast<u64*>(other) + 2; word < reinterpret_cast<u64*>(other) + 100; ++word) *word = 0x70;
    }
  });
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(count_kind(f, kNodeKind) == 1);
}

// As inline caches lie in the storage of a code object, which is the one to visit them.
HEAP_TEST(heap_fields_in_young_buffers_stay_remembered) {
  Fixture f;
  Root<test::Bytes> holder;
  apart([&] {
    holder.set(make_bytes(f, kMebibyte));
    auto* field = reinterpret_cast<Field<Value>*>(holder.get() + 1);
    field->init(Value());
    field->set(f.array.get(), make_node(f, 33));
  });
  for (int i = 0; i < 3; ++i) {
    apart([&] { collect(f, Generation::Minor); });
    EXPECT(!is_marked(holder.get()));
    apart([&] {
      for (u64 k = 0; k < 1000; ++k) make_node(f, 0);
      EXPECT(reinterpret_cast<Field<Value>*>(holder.get() + 1)->get().as<Node>()->id == 33);
    });
  }
}

HEAP_TEST(heap_owners_of_old_storage_grow_old) {
  Fixture f;
  heap_is_storage(kArrayKind);
  apart([&] { f.node()->right.set(f.node(), make_array(f, 6, 10)); });
  apart([&] { collect(f, Generation::Minor); });
  EXPECT(f.node()->has_gc_flag(kOld) && f.node()->right.get().cell()->has_gc_flag(kOld) && !is_marked(f.buffer()));
  apart([&] {
    // Whether there is a barrier is asked of the owner; the barrier is the storage's.
    Array* storage = f.node()->right.get().as<Array>();
    Value stored(make_node(f, 32));
    if (f.node()->has_gc_flag(kOld))
      storage->items[3].set(storage, stored);
    else
      storage->items[3].set_unremembered(stored);
  });
  apart([&] { collect(f, Generation::Minor); });
  apart([&] {
    for (u64 k = 0; k < 1000; ++k) make_node(f, 0);
  });
  EXPECT(f.node()->right.get().as<Array>()->items[3].get().as<Node>()->id == 32);
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
