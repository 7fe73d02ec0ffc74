// Collections of hand-made graphs: what lives, what dies, barriers, sizes, interior pointers, weak references, finalisers.
#include "heap/collect.h"

#include <cstring>

#include "heap/exit_scan.h"
#include "heap/large_cells.h"
#include "heap/stack_only.h"
#include "heap/trim.h"
#include "toy.h"

using namespace baton;
using namespace baton::test;

HEAP_TEST(heap_size_classes_are_consistent) {
  for (usize bytes = 8; bytes <= kMaxSmall; ++bytes) {
    u32 c = class_of(bytes);
    EXPECT(class_bytes(c) >= bytes && class_bytes(c) % kGranule == 0);
    if (c > 1) EXPECT(class_bytes(c - 1) < bytes);
  }
  EXPECT(sizeof(Node) == 32);
}

HEAP_TEST(heap_state_is_where_machine_code_looks) {
  Mutator mutator;
  EXPECT(reinterpret_cast<char*>(&mutator.heap_state) - reinterpret_cast<char*>(&mutator) == Mutator::kHeapStateOffset);
}

HEAP_TEST(heap_unreachable_cells_die_and_rooted_ones_live) {
  Toy toy;
  Root<Node> root;
  apart([&] {
    Node* list = nullptr;
    for (u64 i = 0; i < 1000; ++i) list = make_node(toy, i, list);
    root.set(list);
    for (u64 i = 0; i < 1000; ++i) make_node(toy, 5000 + i);
  });
  collect(toy, Generation::Minor);
  u64 n = count_kind(toy, kNodeKind);
  EXPECT(n >= 1000 && n < 1020);
  u64 id = 999;
  for (Node* node = root.get(); node; node = node->left.get().as<Node>()) {
    EXPECT(node->id == id && node->has_gc_flag(kOld));
    --id;
  }
  root.set(nullptr);
  collect(toy, Generation::Minor);  // they are old now
  EXPECT(count_kind(toy, kNodeKind) >= 1000);
  collect(toy, Generation::Full);
  EXPECT(count_kind(toy, kNodeKind) < 20);
  EXPECT(heap_stats().cells_freed[1] >= 980);
}

HEAP_TEST(heap_barrier_keeps_young_cells_of_old_ones) {
  Toy toy;
  Root<Node> root;
  root.set(make_node(toy, 1));
  collect(toy, Generation::Minor);
  EXPECT(root->has_gc_flag(kOld));
  apart([&] {
    for (u64 i = 0; i < 100; ++i) root->left.set(root.get(), make_node(toy, 100 + i));
    root->right.set(root.get(), make_node(toy, 7, make_node(toy, 8)));
  });
  collect(toy, Generation::Minor);
  EXPECT(root->left.get().as<Node>()->id == 199);
  EXPECT(root->right.get().as<Node>()->left.get().as<Node>()->id == 8);
  EXPECT(count_kind(toy, kNodeKind) < 20);
}

HEAP_TEST(heap_remembered_slots_are_deduplicated) {
  Toy toy({.config = {.nursery_bytes = usize{256} << 20}});
  Root<Node> root(make_node(toy, 1));
  collect(toy, Generation::Minor);
  Node* young = make_node(toy, 2);
  for (int i = 0; i < 1030000; ++i) {
    root->left.set(root.get(), young);
    root->left.set(root.get(), kNone);
  }
  EXPECT(mutator_heap_of(toy.mutator)->remembered_slots.size() <= kFirstDedupe + 1);
  for (u64 round = 0; round < 3; ++round) {  // what a collection has forgotten is put in again
    root->left.set(root.get(), make_node(toy, round));
    collect(toy, Generation::Minor);
    EXPECT(root->left.get().as<Node>()->id == round);
    root->left.set(root.get(), kNone);
  }
  root->left.set(root.get(), make_node(toy, 3));
  collect(toy, Generation::Minor);
  EXPECT(root->left.get().as<Node>()->id == 3);
}

// A block whose first cells are old is allocated from behind them: they stay what they are, and its gaps are used again and
// again.
HEAP_TEST(heap_minor_collections_allocate_from_the_first_gap_again) {
  Toy toy({.config = {.nursery_bytes = usize{256} << 20}});
  constexpr u64 kNodes = 900;  // less than a block of them
  auto stays = [](u64 i) { return i < 300 || i / 8 % 2; };
  Root<Array> kept(make_array(toy, 0, kNodes));
  for (u64 i = 0; i < kNodes; ++i) {
    Node* node = make_node(toy, i);
    if (stays(i)) kept->items[i].set(kept.get(), node);
  }
  u32 blocks = 0;
  for (int round = 0; round < 60; ++round) {
    for (u64 i = 0; i < kNodes * 4; ++i) make_node(toy, i);
    collect(toy, Generation::Minor);
    if (round == 10) blocks = heap.end_block;
  }
  EXPECT(heap.end_block == blocks);
  for (u64 i = 0; i < kNodes; ++i) {
    Value item = kept->items[i].get();
    EXPECT(stays(i) ? item.as<Node>()->id == i : item.is_absent());
  }
  u64 cells = heap.old_cells;
  for (u64 i = 0; i < 300; ++i) kept->items[i].set(kept.get(), kNone);
  collect(toy, Generation::Minor);  // old ones die in full collections only
  EXPECT(heap.old_cells >= cells);
  collect(toy, Generation::Full);
  EXPECT(heap.old_cells + 250 < cells);
}

HEAP_TEST(heap_blocks_with_small_gaps_are_left_alone_up_to_a_limit) {
  Toy toy({.config = {.nursery_bytes = usize{256} << 20}});
  constexpr u64 kNodes = 60'000, kMany = 400'000, kPerBlock = kBlockBytes / sizeof(Node);
  Root<Array> kept(make_array(toy, 0, kNodes)), more(make_array(toy, 0, kMany));
  auto fill = [&](Root<Array>& array, u64 n) {
    for (u64 i = 0; i < n; ++i) {
      Node* node = make_node(toy, i);
      if (i % 2) array->items[i].set(array.get(), node);
    }
  };
  auto refilled = [&](Root<Array>& array, u64 n) {  // how many of so many new nodes lie between those
    u32 first = block_of(array->items[1].get().cell()) + 1, last = block_of(array->items[n - 1].get().cell());
    u64 found = 0;
    for (u64 i = 0; i < n / 2; ++i) {
      u32 block = block_of(make_node(toy, i));
      found += block >= first && block < last;
    }
    return found;
  };
  fill(kept, kNodes);
  collect(toy, Generation::Minor);
  EXPECT(heap.withheld_bytes >= (kNodes / kPerBlock - 2) * kBlockBytes / 2);
  EXPECT(refilled(kept, kNodes) == 0);
  fill(more, kMany);
  collect(toy, Generation::Minor);
  EXPECT(heap.withheld_bytes > (usize{1} << 20) && heap.withheld_bytes <= (usize{2} << 20));
  EXPECT(refilled(more, kMany) > kMany / 8);
  for (u64 i = 1; i < kNodes; i += 2) EXPECT(kept->items[i].get().as<Node>()->id == i);
  // A full collection finds them emptier.
  for (u64 i = 1; i < kNodes; i += 2)
    if (i / 64 % 8) kept->items[i].set(kept.get(), kNone);
  more.set(nullptr);
  collect(toy, Generation::Full);
  EXPECT(heap.withheld_bytes < (usize{1} << 18));
  EXPECT(refilled(kept, kNodes) > kNodes / 8);
}

HEAP_TEST(heap_first_nursery_is_larger_and_only_the_first) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20, .first_nursery_bytes = usize{8} << 20}});
  auto allocate_megabytes = [&](usize n) {
    for (usize bytes = 0; bytes < n << 20; bytes += sizeof(Node)) make_node(toy, 1);
  };
  allocate_megabytes(6);
  EXPECT(heap_stats().collections[0] == 0);
  allocate_megabytes(4);
  EXPECT(heap_stats().collections[0] >= 1);
  u64 before = heap_stats().collections[0];
  allocate_megabytes(8);  // nothing survives: the nursery doesn't grow
  EXPECT(heap_stats().collections[0] >= before + 6);
}

HEAP_TEST(heap_first_nursery_grows_while_the_program_is_still_beginning) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20, .first_nursery_bytes = usize{4} << 20}});
  auto allocate_megabytes = [&](usize n) {
    for (usize bytes = 0; bytes < n << 20; bytes += sizeof(Node)) make_node(toy, 1);
  };
  for (int i = 0; i < 7; ++i) {
    heap_is_still_beginning();
    allocate_megabytes(1);
  }
  EXPECT(heap_stats().collections[0] == 0);
  for (int i = 0; i < 2; ++i) {
    heap_is_still_beginning();
    allocate_megabytes(1);
  }
  EXPECT(heap_stats().collections[0] == 1);  // twice as much as without, and no more
  u64 before = heap_stats().collections[0];
  for (int i = 0; i < 8; ++i) {
    heap_is_still_beginning();
    allocate_megabytes(1);
  }
  EXPECT(heap_stats().collections[0] >= before + 6);
}

HEAP_TEST(heap_no_full_collection_while_modules_are_imported) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  constexpr u64 kLiving = 2'000'000;  // 64 MB
  Root<Array> all(make_array(toy, 0, kLiving));
  u64 n = 0;
  auto live_megabytes = [&](usize more) {
    for (usize bytes = 0; bytes < more << 20 && n < kLiving; bytes += sizeof(Node)) {
      u64 i = n++;
      all->items[i].set(all.get(), make_node(toy, i));
    }
  };
  while (heap_stats().live_bytes < usize{28} << 20) {
    heap_is_still_beginning();
    live_megabytes(1);
  }
  EXPECT(heap_stats().collections[1] == 0);
  live_megabytes(14);  // nothing is imported any more
  EXPECT(heap_stats().collections[1] >= 1);
}

HEAP_TEST(heap_small_heaps_are_collected_in_full_before_the_dead_outweigh_them) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  constexpr u64 kLiving = 100'000;  // 3.2 MB; each node lives through a minor collection or two and dies old
  Root<Array> ring(make_array(toy, 0, kLiving));
  for (u64 i = 0; i < kLiving * 40; ++i) ring->items[i % kLiving].set(ring.get(), make_node(toy, i));
  EXPECT(heap_stats().collections[1] >= 2);
  EXPECT(heap_stats().committed_bytes < usize{36} << 20);
}

HEAP_TEST(heap_nursery_grows_eightfold_at_most) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  constexpr u64 kNodes = 16 * (1 << 20) / sizeof(Node) * 8;  // 128 MiB, of which a sixth lives on
  Root<Node> kept;
  auto fill = [&] {
    for (u64 i = 0; i < kNodes; ++i) {
      Node* node = make_node(toy, i, i % 6 ? Value() : Value(kept.get()));
      if (i % 6 == 0) kept.set(node);
    }
  };
  fill();
  u64 before = heap_stats().collections[0] + heap_stats().collections[1];
  fill();
  EXPECT(heap_stats().collections[0] + heap_stats().collections[1] - before >= 14);
}

HEAP_TEST(heap_nursery_is_small_while_the_program_blocks_often) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  auto collections_of_8_megabytes = [&](bool blocks) {
    u64 before = heap_stats().collections[0];
    for (usize bytes = 0; bytes < usize{8} << 20; bytes += sizeof(Node)) {
      make_node(toy, 1);
      if (blocks && bytes % 512 < sizeof(Node)) blocking(toy.mutator, [] {});
    }
    return heap_stats().collections[0] - before;
  };
  EXPECT(collections_of_8_megabytes(false) <= 9);
  EXPECT(collections_of_8_megabytes(true) >= 24);
  EXPECT(collections_of_8_megabytes(false) <= 12);
}

HEAP_TEST(heap_edges_of_wide_cells_outgrow_the_mark_stack) {
  Toy toy({.config = {.verify = true}});
  constexpr u64 kWide = 100'000;  // the stack begins with a third of it
  Root<Array> wide(make_array(toy, 0, kWide));
  for (u64 i = 0; i < kWide; ++i) {
    // Absent fields, small ints, and cells of which every other one is met a second time.
    Value left = i % 3 == 0 ? Value::of_small_int(-1) : i % 3 == 1 ? Value() : wide->items[i - 1].get();
    wide->items[i].set(wide.get(), make_node(toy, i, left, make_node(toy, kWide + i)));
  }
  for (Generation generation : {Generation::Minor, Generation::Full, Generation::Full}) {
    collect(toy, generation);
    u64 n = count_kind(toy, kNodeKind);
    EXPECT(n >= kWide * 2 && n < kWide * 2 + 20);
  }
  // Whoever only asks gets each edge, marked or not, in order.
  struct Seen {
    Array* array;
    u64 count;
  } seen{wide.get(), 0};
  EdgeVisitor visitor(
      [](EdgeVisitor& v, Cell* target) {
        auto* s = static_cast<Seen*>(v.context());
        if (Value(target) != s->array->items[s->count++].get()) ++failures_in_current_test;
      },
      &seen);
  heap_visit_cell(wide.get(), visitor);
  EXPECT(seen.count == kWide);
}

HEAP_TEST(heap_stack_pins_cells_also_by_interior_pointers) {
  Toy toy;
  u64 hidden[3];
  apart([&] {
    hidden[0] = hide(make_node(toy, 1));
    hidden[1] = hide(make_bytes(toy, 100000));
    hidden[2] = hide(make_array(toy, 3, 1000));
  });
  volatile u64 pin[3];
  apart([&] {  // plain, deep inside a large cell, odd address
    pin[0] = ~hidden[0];
    pin[1] = ~hidden[1] + 70001;
    pin[2] = ~hidden[2] + 4001;
  });
  collect(toy);
  EXPECT(count_kind(toy, kNodeKind) == 1);
  EXPECT(count_kind(toy, kBytesKind) == 1);
  EXPECT(count_kind(toy, kArrayKind) == 1);
  apart([&] {
    EXPECT(heap_find_cell(reinterpret_cast<void*>(~hidden[1] + 70001)) == reveal<Cell>(hidden[1]));
    EXPECT(heap_find_cell(reinterpret_cast<void*>(~hidden[0] + 31)) == reveal<Cell>(hidden[0]));
    EXPECT(reveal<Node>(hidden[0])->id == 1);
  });
  pin[0] = 0;
  pin[1] = 0;
  pin[2] = 0;
  scrub_stack();
  collect(toy);
  EXPECT(count_kind(toy, kNodeKind) == 0);
  EXPECT(count_kind(toy, kBytesKind) == 0);
  EXPECT(count_kind(toy, kArrayKind) == 0);
}

// Of three cells a stack refers to each, a root to the second, and an old cell's edge to the third.
HEAP_TEST(heap_collection_tells_what_only_stacks_refer_to) {
  Toy toy;
  static u32 concerned, unmarked;
  concerned = unmarked = 0;
  Cell* volatile pins[3];
  Root<Node> holder(make_node(toy, 100));
  collect(toy);
  pins[0] = make_node(toy, 1);
  pins[1] = make_node(toy, 2);
  pins[2] = make_node(toy, 3);
  auto pin = [&](int i) { return static_cast<Node*>(pins[i]); };
  Root<Node> root(pin(1));
  holder.get()->left.set(holder.get(), Value(pin(2)));
  Node* under = make_node(toy, 4);
  pin(0)->left.set(pin(0), Value(under));
  StackOnly asked{nullptr,
                  [](const Cell* cell, void*) {
                    if (cell->kind() != kNodeKind || static_cast<const Node*>(cell)->id > 3) return false;
                    concerned |= 1u << static_cast<const Node*>(cell)->id;
                    return true;
                  },
                  [](void*) {
                    heap_for_each_cell(
                        [](Cell* cell, void*) {
                          if (cell->kind() == kNodeKind && static_cast<Node*>(cell)->id <= 3 && !heap_is_live_after_mark(cell))
                            unmarked |= 1u << static_cast<Node*>(cell)->id;
                        },
                        nullptr);
                  }};
  heap_collect_asking(toy.mutator, Generation::Minor, asked);
  EXPECT(concerned == 0b1110 && unmarked == 0b0010);
  EXPECT(count_kind(toy, kNodeKind) == 5);  // it lives on, and what it refers to
  heap_collect_asking(toy.mutator, Generation::Full, asked);
  EXPECT(unmarked == 0b0010 && count_kind(toy, kNodeKind) == 5);
  for (auto& word : pins) word = nullptr;
}

HEAP_TEST(heap_find_cell_rejects_what_is_not_a_cell) {
  Toy toy;
  Node* node = make_node(toy, 1);
  EXPECT(heap_find_cell(node) == node);
  EXPECT(heap_find_cell(node + 1) == nullptr);  // above the cursor
  EXPECT(heap_find_cell(nullptr) == nullptr);
  EXPECT(heap_find_cell(&toy) == nullptr);
  EXPECT(heap_find_cell(reinterpret_cast<void*>(kHeapBase)) == nullptr);
  EXPECT(heap_find_cell(reinterpret_cast<void*>(kHeapBase + kHeapSize - 8)) == nullptr);
}

HEAP_TEST(heap_cells_of_all_sizes_keep_their_contents) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  RootVector roots;
  for (u64 round = 0; round < 3; ++round) {
    for (u64 size :
         {0, 1, 8, 100, 1900, 2040, 2041, 3000, 5000, 9000, 16000, 16368, 16385, 30000, 32768, 40000, 200000, 5000000}) {
      Bytes* bytes = make_bytes(toy, size);
      memset(bytes->data, static_cast<int>(size + round), size);
      if (round != 1) roots.push(bytes);
      EXPECT(heap_cell_size(bytes) >= sizeof(Bytes) + size);
    }
    collect(toy, round == 2 ? Generation::Full : Generation::Minor);
    for (int i = 0; i < 2000; ++i) make_bytes(toy, static_cast<u64>(i) * 7);
  }
  for (usize i = 0; i < roots.size(); ++i) {
    auto* bytes = roots[i].as<Bytes>();
    u64 round = i < roots.size() / 2 ? 0 : 2;
    for (u64 j = 0; j < bytes->length; ++j) {
      if (bytes->data[j] != static_cast<u8>(bytes->length + round)) {
        EXPECT(!"contents kept");
        break;
      }
    }
  }
}

HEAP_TEST(heap_large_cells_are_freed_and_given_back) {
  Toy toy;
  apart([&] {
    for (int i = 0; i < 100; ++i) {
      Bytes* bytes = make_bytes(toy, 10 << 20);
      memset(bytes->data, 1, 10 << 20);
    }
  });
  EXPECT(heap_stats().committed_bytes < usize{200} << 20);  // 1000 MB were allocated
  collect(toy);
  EXPECT(heap_stats().committed_bytes < usize{64} << 20);
  EXPECT(heap_stats().live_bytes < usize{11} << 20);
}

HEAP_TEST(heap_large_cells_are_freed_by_their_owners) {
  Toy toy;
  apart([&] {
    for (int i = 0; i < 1000; ++i) {
      Bytes* bytes = make_bytes(toy, 1 << 20);
      memset(bytes->data, 1, 1 << 20);
      heap_free_large(bytes);
    }
    heap_free_large(make_node(toy, 1));  // not large: left alone
  });
  EXPECT(collections(Generation::Minor) + collections(Generation::Full) == 0);
  EXPECT(heap_stats().committed_bytes < usize{16} << 20);
  Root<Bytes> root;
  apart([&] { root.set(make_bytes(toy, 1 << 20)); });
  collect(toy, Generation::Minor);
  heap_free_large(root.get());  // old: left to the collector
  root->data[(1 << 20) - 1] = 7;
  collect(toy);
  EXPECT(root->data[(1 << 20) - 1] == 7 && heap_find_cell(root.get()) == root.get());
  root.set(nullptr);
}

HEAP_TEST(heap_large_cells_take_the_lowest_room) {
  Toy toy({.config = {.nursery_bytes = usize{16} << 30}});
  constexpr usize kCells = 120;
  u32 state = 1;
  auto random = [&](u32 below) { return (state = state * 1664525 + 1013904223, (state >> 8) % below); };
  auto blocks_of = [](usize length) { return (sizeof(Bytes) + length + kBlockBytes - 1) / kBlockBytes; };
  auto number_of = [](const void* cell) { return (reinterpret_cast<u64>(cell) - kHeapBase) / kBlockBytes; };
  Bytes* cells[kCells];
  static bool used[1 << 16];  // as far as is known
  memset(used, true, sizeof used);
  auto take = [&](usize i) {
    usize length = kBlockBytes / 2 * (2 + random(random(4) ? 40 : 300));
    cells[i] = make_bytes(toy, length);
    memset(cells[i]->data, static_cast<int>(i), length);
    usize first = number_of(cells[i]), count = blocks_of(length), run = 0, at = 0;
    while (at < first + count && run < count) run = used[at++] ? 0 : run + 1;
    EXPECT(run < count || first <= at - count);
    for (usize k = 0; k < count; ++k) used[first + k] = true;
  };
  for (usize i = 0; i < kCells; ++i) take(i);
  for (int round = 0; round < 20; ++round) {
    for (int n = 0; n < 30; ++n) {  // those made lately: heap_free_large() looks for no others
      usize i = kCells - 1 - random(60);
      if (!cells[i]) continue;
      for (usize k = 0; k < cells[i]->length; k += 4001) EXPECT(cells[i]->data[k] == static_cast<u8>(i));
      usize first = number_of(cells[i]), count = blocks_of(cells[i]->length);
      heap_free_large(cells[i]);
      if (heap_find_cell(cells[i]) != cells[i])
        for (usize k = 0; k < count; ++k) used[first + k] = false;
      cells[i] = nullptr;
    }
    for (usize i = kCells - 60; i < kCells; ++i)
      if (!cells[i]) take(i);
  }
  EXPECT(collections(Generation::Minor) + collections(Generation::Full) == 0);
}

HEAP_TEST(heap_large_cells_are_not_freed_early_without_a_gil) {
  Toy toy({.gil = GilMode::Off});
  Bytes* bytes = make_bytes(toy, 1 << 20);
  heap_free_large(bytes);
  EXPECT(heap_find_cell(bytes) == bytes);
}

HEAP_TEST(heap_large_cells_grow_where_they_lie) {
  Toy toy;
  Root<Bytes> root;
  apart([&] {
    root.set(make_bytes(toy, 1 << 20));
    memset(root->data, 5, 1 << 20);
    for (usize size = usize{2} << 20; size <= usize{256} << 20; size *= 2) {
      EXPECT(heap_grow_large(toy.mutator, root.get(), sizeof(Bytes) + size));
      memset(root->data + size / 2, 5, size / 2);
      collect(toy, size < usize{32} << 20 ? Generation::Minor : Generation::Full);  // so it grows old
      EXPECT(heap_find_cell(root->data + size - 1) == root.get() && heap_cell_size(root.get()) >= size);
    }
    EXPECT(root->data[0] == 5 && root->data[(256 << 20) - 1] == 5);
  });
  EXPECT(heap_stats().committed_bytes < usize{280} << 20);
  EXPECT(!heap_grow_large(toy.mutator, root.get(), usize{1} << 50));
  root.set(nullptr);
  collect(toy);
  EXPECT(heap_stats().live_bytes < usize{1} << 20 && heap_stats().committed_bytes < usize{64} << 20);
}

HEAP_TEST(heap_memory_is_given_back_when_it_was_not_needed_for_some_collections) {
  Toy toy;
  constexpr usize kBuffer = usize{16} << 20;
  auto use_buffer = [&] { apart([&] { make_bytes(toy, kBuffer); }); };
  for (int i = 0; i < 20; ++i) {
    use_buffer();
    scrub_stack();
    heap_collect(toy.mutator, Generation::Minor);
    EXPECT(heap_stats().committed_bytes >= kBuffer);
  }
  for (int i = 0; i < 16; ++i) heap_collect(toy.mutator, Generation::Minor);
  EXPECT(heap_stats().live_bytes < kBuffer / 2 && heap_stats().committed_bytes < kBuffer);
}

HEAP_TEST(heap_large_cells_do_not_grow_into_others) {
  Toy toy;
  Bytes* first = make_bytes(toy, 1 << 20);
  Bytes* second = make_bytes(toy, 1 << 20);
  Bytes* lower = first < second ? first : second;
  EXPECT(!heap_grow_large(toy.mutator, lower, 4 << 20));
  EXPECT(heap_cell_size(lower) < 2 << 20);
  EXPECT(!heap_grow_large(toy.mutator, make_node(toy, 1), 1 << 20));  // not large
  EXPECT(first->length == second->length);                            // both are alive
}

HEAP_TEST(heap_next_gap_agrees_with_a_plain_search) {
  u64 marks[kMarkWordsPerBlock];
  u64 random = 12345;
  for (u32 c = 1; c < kClassCount; ++c) {
    u32 bytes = class_bytes(c), step = bytes / kGranule, cells = static_cast<u32>(kBlockBytes / bytes);
    for (int sparse = 0; sparse < 4; ++sparse) {
      memset(marks, 0, sizeof marks);
      for (u32 i = 0; i < cells; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        bool marked = sparse == 0 || (random >> 60) < static_cast<u64>(16 - 5 * sparse);
        if (marked) marks[i * step >> 6] |= u64{1} << (i * step & 63);
      }
      auto is_marked_at = [&](u32 i) { return marks[i * step >> 6] >> (i * step & 63) & 1; };
      for (u32 from = 0; from <= cells; ++from) {
        u32 first = from, begin = 0, end = 0;
        while (first < cells && is_marked_at(first)) ++first;
        u32 last = first;
        while (last < cells && !is_marked_at(last)) ++last;
        bool found = next_gap(marks, from * bytes, bytes, &begin, &end);
        EXPECT(found == (first < cells));
        if (found) EXPECT(begin == first * bytes && end == last * bytes);
      }
    }
  }
}

HEAP_TEST(heap_refuses_absurd_sizes) {
  Toy toy;
  EXPECT(make_bytes(toy, u64{1} << 60) == nullptr);
  EXPECT(make_bytes(toy, kHeapSize) == nullptr);
  EXPECT(make_node(toy, 1)->id == 1);
}

HEAP_TEST(heap_pretenured_cells_are_old_and_remembered) {
  Toy toy;
  u64 hidden = 0;
  Root<Array> root;
  apart([&] {
    Node* young = make_node(toy, 5);
    Array* array = make_array(toy, 1, 10, kAllocPretenured);
    EXPECT(array->has_gc_flag(kOld));
    array->items[3].init(young);
    root.set(array);
    hidden = hide(make_node(toy, 6, {}, {}, 0, kAllocPretenured));
  });
  collect(toy, Generation::Minor);
  EXPECT(root->items[3].get().as<Node>()->id == 5);
  EXPECT(heap_find_cell(reveal<Node>(hidden)) != nullptr);  // dies in a full collection only
  collect(toy);
  EXPECT(heap_find_cell(reveal<Node>(hidden)) == nullptr);
}

// What is visited as a whole anyway needs none of its fields remembered; after the collection they do.
HEAP_TEST(heap_fields_of_remembered_cells_are_not_remembered) {
  Toy toy({.config = {.verify = true}});
  Root<Array> root;
  PodVector<void*>& slots = mutator_heap_of(toy.mutator)->remembered_slots;
  apart([&] {
    root.set(make_array(toy, 4, 10, kAllocPretenured));
    for (u64 i = 0; i < 4; ++i) root->items[i].set(root.get(), make_node(toy, i));
  });
  EXPECT(slots.size() == 0);
  collect(toy, Generation::Minor);
  for (u64 i = 0; i < 4; ++i) EXPECT(root->items[i].get().as<Node>()->id == i);
  apart([&] { root->items[2].set(root.get(), make_node(toy, 7)); });
  EXPECT(slots.size() == 1);
  apart([&] {
    remember_cell(root.get());
    root->items[1].set(root.get(), make_node(toy, 8));
  });
  EXPECT(slots.size() == 1);
  collect(toy, Generation::Minor);
  EXPECT(root->items[2].get().as<Node>()->id == 7 && root->items[1].get().as<Node>()->id == 8);
}

HEAP_TEST(heap_shapes_are_edges) {
  Toy toy({.config = {.verify = true}});
  Root<Node> root;
  u64 hidden = 0;
  apart([&] {
    auto* shape = static_cast<Shape*>(heap_allocate(toy, sizeof(Shape), kShapeKind, 0));
    shape->id = 1;
    shape->parent.init(Value());
    root.set(make_node(toy, 1, {}, {}, Cell::shape_id_of(shape)));
    EXPECT(root->shape_cell() == shape);
  });
  collect(toy);
  EXPECT(static_cast<Shape*>(root->shape_cell())->id == 1);
  apart([&] {  // an old cell gets a young shape
    auto* shape = static_cast<Shape*>(heap_allocate(toy, sizeof(Shape), kShapeKind, 0));
    shape->id = 2;
    shape->parent.init(root->shape_cell());
    root->set_shape_id(Cell::shape_id_of(shape));
    hidden = hide(shape);
  });
  collect(toy, Generation::Minor);
  EXPECT(static_cast<Shape*>(root->shape_cell())->id == 2);
  collect(toy);
  EXPECT(static_cast<Shape*>(root->shape_cell())->parent.get().as<Shape>()->id == 1);
  root->set_shape_id(0);
  scrub_stack();
  collect(toy);
  EXPECT(heap_find_cell(reveal<Cell>(hidden)) == nullptr);
}

HEAP_TEST(heap_weak_heads_are_told_of_dead_targets) {
  Toy toy({.config = {.verify = true}});
  Root<WeakList> dying, living;
  Root<Node> target;
  apart([&] {
    target.set(make_node(toy, 1));
    living.set(make_weak(toy, target.get()));
    dying.set(make_weak(toy, make_node(toy, 2)));
    make_weak(toy, make_node(toy, 3));  // head and target die together: nobody is told
  });
  apart([&] { EXPECT(heap_weak_head(target.get()) == living.get()); });
  collect(toy, Generation::Minor);
  apart([&] {
    EXPECT(weak_dead == 1 && dying->cleared == 1 && dying->target == 0);
    EXPECT(living->cleared == 0 && heap_weak_head(target.get()) == living.get());
  });
  // A dead head is dropped although its target lives.
  living.set(nullptr);
  scrub_stack();
  collect(toy);
  apart([&] { EXPECT(heap_weak_head(target.get()) == nullptr && !target->has_gc_flag(kHasWeakrefs)); });
  // An old target with a new head, then the target dies.
  apart([&] { dying.set(make_weak(toy, target.get())); });
  target.set(nullptr);
  scrub_stack();
  collect(toy);
  EXPECT(dying->cleared == 1);
}

HEAP_TEST(heap_weak_table_grows_and_forgets) {
  Toy toy;
  RootVector targets, heads;
  apart([&] {
    for (u64 i = 0; i < 5000; ++i) {
      Node* node = make_node(toy, i);
      if (i % 2) targets.push(node);
      heads.push(make_weak(toy, node));
    }
  });
  collect(toy);
  u64 cleared = 0;
  for (Value head : heads) cleared += head.as<WeakList>()->cleared;
  EXPECT(cleared > 2490 && cleared <= 2500);
  for (usize i = 0; i < targets.size(); ++i) EXPECT(heap_weak_head(targets[i].as<Node>()) == heads[i * 2 + 1].as<Cell>());
  for (usize i = 0; i < targets.size(); ++i) heap_set_weak_head(toy, targets[i].as<Node>(), nullptr);
  for (usize i = 0; i < targets.size(); ++i) EXPECT(heap_weak_head(targets[i].as<Node>()) == nullptr);
}

HEAP_TEST(heap_finalizable_cells_are_kept_with_what_they_reach) {
  Toy toy({.config = {.verify = true}});
  Root<WeakList> weak;
  apart([&] {
    Node* child = make_node(toy, 11);
    Node* node = make_node(toy, 10, child);
    heap_register_finalizable(toy, node);
    weak.set(make_weak(toy, child));
  });
  collect(toy, Generation::Minor);
  EXPECT(heap_has_finalizable());
  EXPECT(toy.mutator.take_requests(kFinalizers) == kFinalizers);
  EXPECT(weak->cleared == 1);  // cleared although the child is kept for the finaliser
  collect(toy);                // the queue is a root
  Root<Node> resurrected;
  apart([&] {
    auto* node = static_cast<Node*>(heap_take_finalizable());
    EXPECT(node && node->id == 10 && node->left.get().as<Node>()->id == 11);
    EXPECT(node->has_gc_flag(kFinalized) && !node->has_gc_flag(kFinalizable));
    EXPECT(heap_take_finalizable() == nullptr && !heap_has_finalizable());
    resurrected.set(node);
  });
  collect(toy);
  apart([&] { EXPECT(resurrected->left.get().as<Node>()->id == 11); });
  resurrected.set(nullptr);
  scrub_stack();
  collect(toy);  // now it simply dies
  EXPECT(!heap_has_finalizable());
  EXPECT(count_kind(toy, kNodeKind) == 0);
}

HEAP_TEST(heap_finalizers_run_referrers_first) {
  Toy toy;
  apart([&] {
    Node* c = make_node(toy, 3);
    Node* b = make_node(toy, 2, make_node(toy, 100, c));
    Node* a = make_node(toy, 1, b);
    Node* loner = make_node(toy, 4);
    for (Node* node : {c, a, b, loner}) heap_register_finalizable(toy, node);
  });
  collect(toy);
  u64 order[4] = {};
  apart([&] {
    for (u64& id : order) {
      auto* node = static_cast<Node*>(heap_take_finalizable());
      id = node ? node->id : 0;
    }
  });
  EXPECT(order[0] == 1 && order[1] == 2 && order[2] == 3 && order[3] == 4);
}

// a -> (100) -> c -> a and a leaf, and a loner, registered in the order leaf, a, c, loner: the order of their finalisers.
static u64 order_of_a_cycle(Toy& toy, bool ends_with_the_process) {
  Root<Node> root;
  apart([&] {
    Node* leaf = make_node(toy, 1);
    Node* c = make_node(toy, 3);
    Node* a = make_node(toy, 2, make_node(toy, 100, c));
    c->left.set(c, a);
    c->right.set(c, leaf);
    Node* loner = make_node(toy, 4);
    for (Node* node : {leaf, a, c, loner}) heap_register_finalizable(toy, node);
    root.set(make_node(toy, 101, a, loner));
    if (ends_with_the_process) heap_note_last_globals(a->left.get().as<Node>(), [](u16) { return false; });
  });
  root.set(nullptr);
  scrub_stack();
  collect(toy);
  u64 order = 0;
  apart([&] {
    while (Cell* cell = heap_take_finalizable()) order = order * 10 + static_cast<Node*>(cell)->id;
  });
  return order;
}

HEAP_TEST(heap_finalizers_of_cycles_run_by_age) {
  Toy toy;
  EXPECT(order_of_a_cycle(toy, false) == 4123);
}

HEAP_TEST(heap_finalizers_at_the_end_run_by_distance_from_the_globals) {
  Toy toy;
  EXPECT(order_of_a_cycle(toy, true) == 4321);  // from 100: c, then a and the leaf
}

HEAP_TEST(heap_finalizable_cycles_and_withdrawal) {
  Toy toy;
  apart([&] {
    Node* a = make_node(toy, 1);
    Node* b = make_node(toy, 2, a);
    a->left.set(a, b);
    heap_register_finalizable(toy, a);
    heap_register_finalizable(toy, b);
    heap_register_finalizable(toy, b);  // twice is once
    Node* withdrawn = make_node(toy, 3);
    heap_register_finalizable(toy, withdrawn);
    withdrawn->remove_gc_flag(kFinalizable);
  });
  collect(toy, Generation::Minor);
  u64 sum = 0, n = 0;
  apart([&] {
    while (Cell* cell = heap_take_finalizable()) sum += static_cast<Node*>(cell)->id, ++n;
  });
  EXPECT(n == 2 && sum == 3);
  collect(toy);
  EXPECT(!heap_has_finalizable() && count_kind(toy, kNodeKind) == 0);
}

HEAP_TEST(heap_native_finalizers_run_once_when_cells_die) {
  Toy toy;
  Root<Resource> kept;
  apart([&] {
    kept.set(make_resource(toy, 1));
    for (u64 i = 0; i < 50; ++i) make_resource(toy, 100 + i);
    Node* holder = make_node(toy, 5, make_resource(toy, 77));
    heap_register_finalizable(toy, holder);
  });
  collect(toy, Generation::Minor);
  EXPECT(native_finalized == 50);  // not the one that a finalisable cell still needs
  collect(toy);
  apart([&] { EXPECT(native_finalized == 50 && kept->id == 1); });
  apart([&] { heap_take_finalizable(); });
  collect(toy);
  EXPECT(native_finalized == 51 && last_native_id == 77);
  kept.set(nullptr);
  scrub_stack();
  collect(toy);
  EXPECT(native_finalized == 52);
}

HEAP_TEST(heap_collects_by_itself_and_stays_small) {
  Toy toy;
  for (u64 i = 0; i < 10000000; ++i) make_node(toy, i);
  EXPECT(collections(Generation::Minor) >= 145 && collections(Generation::Minor) <= 165);
  EXPECT(collections(Generation::Full) == 0);
  EXPECT(heap_stats().committed_bytes < usize{24} << 20);
  EXPECT(static_cast<u64>(ended) == collections(Generation::Minor));
}

HEAP_TEST(heap_classes_that_are_hardly_used_share_blocks) {
  for (u32 c = 1; c < kClassCount; ++c) {
    EXPECT(wider_class(c) >= c && wider_class(c) < kClassCount && wider_class(wider_class(c)) == wider_class(c));
    EXPECT(class_bytes(wider_class(c)) * 2 <= class_bytes(c) * 3);
  }
  Toy toy;
  u64 before = heap_stats().committed_bytes;
  RootVector kept;
  apart([&] {
    for (usize round = 0; round < 2; ++round) {
      for (usize bytes = 272; bytes <= 2048; bytes += kGranule) {
        auto* cell = make_bytes(toy, bytes - sizeof(Bytes));
        EXPECT(heap_cell_size(cell) >= bytes);
        memset(cell->data, static_cast<int>(kept.size() & 0xFF), cell->length);
        kept.push(Value(cell));
      }
    }
  });
  EXPECT(heap_stats().committed_bytes - before <= 20 * kBlockBytes);  // 112 classes
  collect(toy, Generation::Full);
  apart([&] {
    for (usize i = 0; i < kept.size(); ++i) {
      auto* cell = kept[i].as<Bytes>();
      for (u64 k = 0; k < cell->length; ++k) EXPECT(cell->data[k] == (i & 0xFF));
    }
    usize own = 0;  // one that is used much has blocks of its own
    for (int i = 0; i < 150; ++i) own += heap_cell_size(make_bytes(toy, 272 - sizeof(Bytes))) == 272;
    EXPECT(own >= 80);
  });
}

HEAP_TEST(heap_full_collections_follow_growth) {
  Toy toy;
  RootVector ring;
  ring.resize(200000);
  for (u64 i = 0; i < 20000000; ++i) ring[i % ring.size()] = make_node(toy, i);
  HeapStats stats = heap_stats();
  EXPECT(stats.collections[1] >= 3);
  EXPECT(stats.committed_bytes < usize{90} << 20);  // 6.4 MB live
}

HEAP_TEST(heap_external_memory_counts_towards_the_trigger) {
  Toy toy;
  for (int i = 0; i < 100; ++i) {
    make_node(toy, 1);
    heap_add_external(toy, i64{5} << 20);
  }
  EXPECT(collections(Generation::Minor) + collections(Generation::Full) >= 45);
  EXPECT(collections(Generation::Full) >= 1);
  heap_add_external(toy, -(i64{500} << 20));
}

HEAP_TEST(heap_external_memory_that_is_given_back_brings_no_collection) {
  Toy toy;
  for (int i = 0; i < 100; ++i) {
    make_node(toy, 1);
    heap_add_external(toy, i64{1} << 20);
    heap_add_external(toy, -(i64{1} << 20));
  }
  EXPECT(collections(Generation::Minor) + collections(Generation::Full) == 0);
}

HEAP_TEST(heap_disabled_collects_only_when_asked) {
  Toy toy;
  heap_set_enabled(false);
  for (u64 i = 0; i < 1000000; ++i) make_node(toy, i);
  EXPECT(collections(Generation::Minor) == 0);
  collect(toy, Generation::Minor);
  EXPECT(collections(Generation::Minor) == 1);
  heap_set_enabled(true);
  for (u64 i = 0; i < 1000000; ++i) make_node(toy, i);
  EXPECT(collections(Generation::Minor) > 1);
}

HEAP_TEST(heap_frozen_cells_stay_and_keep_what_they_reach) {
  Toy toy({.config = {.verify = true}});
  Root<Node> root;
  apart([&] {
    root.set(make_node(toy, 1));
    make_bytes(toy, 100000);
  });
  apart([&] { heap_freeze(); });
  EXPECT(heap_frozen_count() >= 1);
  apart([&] { root->left.set(root.get(), make_node(toy, 3)); });  // frozen refers to unfrozen
  collect(toy, Generation::Minor);
  apart([&] { root->right.set(root.get(), make_node(toy, 4)); });
  collect(toy);
  apart([&] { EXPECT(root->left.get().as<Node>()->id == 3 && root->right.get().as<Node>()->id == 4); });
  apart([&] { root.set(nullptr); });
  scrub_stack();
  collect(toy);
  u64 kept = count_kind(toy, kNodeKind);
  EXPECT(kept >= 3);
  heap_unfreeze();
  collect(toy);
  EXPECT(heap_frozen_count() == 0);
#ifndef BATON_ASAN  // its wide frames leave stale words that the scan sees
  EXPECT(count_kind(toy, kNodeKind) == 0);
#endif
}
