// The heap's own kernels, without any Python: allocation rate, collection cost and pauses. heap_bench [kernel] [nursery MiB]
//
//   short   cells that die at once                        trees   binary trees built and dropped, one kept
//   churn   random replacement in a big old array         build   8M cells that all live
//   mixed   sizes from 16 bytes to 2 KiB, a tenth kept    large   4 KiB .. 1 MiB buffers
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "heap/allocate_inline.h"
#include "heap/heap.h"
#include "threads/clock.h"

using namespace baton;

namespace {

constexpr u16 kNodeKind = 0xE01, kArrayKind = 0xE02, kBytesKind = 0xE03;
struct Node : Cell {
  Field<Value> left, right;
  u64 payload;
};
struct Array : Cell {
  u64 length;
  Field<Value> items[1];
};
struct Bytes : Cell {
  u64 length;
};

Node* make_node(Mutator& mutator, Value left = {}, Value right = {}) {
  auto* node = static_cast<Node*>(heap_allocate_inline(mutator, sizeof(Node), kNodeKind, 0));
  node->left.init(left);
  node->right.init(right);
  node->payload = 1;
  return node;
}

Array* make_array(Mutator& mutator, u64 length) {
  auto* array = static_cast<Array*>(heap_allocate(mutator, sizeof(Array) + length * 8, kArrayKind, 0));
  array->length = length;
  for (u64 i = 0; i < length; ++i) array->items[i].init(Value());
  return array;
}

Bytes* make_bytes(Mutator& mutator, u64 length) {
  auto* bytes = static_cast<Bytes*>(heap_allocate_inline(mutator, sizeof(Bytes) + length, kBytesKind, 0));
  bytes->length = length;
  return bytes;
}

u64 random_state = 88172645463325252u;
u64 random_number() {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  return random_state ^= random_state << 17;
}

void short_lived(Mutator& mutator) {
  Node* last = nullptr;
  for (int i = 0; i < 20000000; ++i) {
    last = make_node(mutator);
    asm volatile("" ::"r"(last));
  }
}

Node* tree(Mutator& mutator, int depth) {
  if (depth == 0) return make_node(mutator);
  Node* left = tree(mutator, depth - 1);
  Node* right = tree(mutator, depth - 1);
  return make_node(mutator, left, right);
}

void trees(Mutator& mutator) {
  Root<Node> kept(tree(mutator, 16));
  for (int i = 0; i < 40; ++i) tree(mutator, 16);
}

void churn(Mutator& mutator) {
  constexpr u64 kSlots = 2000000;
  Root<Array> array(make_array(mutator, kSlots));
  for (u64 i = 0; i < 10000000; ++i) {
    Array* a = array.get();
    a->items[random_number() % kSlots].set(a, make_node(mutator, kNone, kNone));
  }
}

void build(Mutator& mutator) {
  Root<Node> list;
  for (int i = 0; i < 8000000; ++i) list.set(make_node(mutator, list.get()));
}

void mixed(Mutator& mutator) {
  Root<Array> array(make_array(mutator, 20000));
  for (int i = 0; i < 3000000; ++i) {
    u64 r = random_number();
    Bytes* bytes = make_bytes(mutator, r % 8 ? r % 200 : r % 2000);
    if ((r >> 32) % 10 == 0) array->items[(r >> 40) % 20000].set(array.get(), bytes);
  }
}

void large(Mutator& mutator) {
  Root<Array> array(make_array(mutator, 200));
  for (int i = 0; i < 100000; ++i) {
    u64 r = random_number();
    Bytes* bytes = make_bytes(mutator, r % 16 ? 4096 + r % 60000 : r % (1 << 20));
    memset(bytes + 1, 1, 64);
    if (i % 4 == 0) array->items[(r >> 40) % 200].set(array.get(), bytes);
  }
}

struct Kernel {
  const char* name;
  void (*run)(Mutator& mutator);
};
constexpr Kernel kKernels[] = {{"short", short_lived}, {"trees", trees}, {"churn", churn},
                               {"build", build},       {"mixed", mixed}, {"large", large}};

u64 pauses[2][100000], pause_count[2];

int compare(const void* a, const void* b) {
  u64 x = *static_cast<const u64*>(a), y = *static_cast<const u64*>(b);
  return x < y ? -1 : x > y;
}

void print_pauses(int generation) {
  u64 n = pause_count[generation];
  if (n == 0) return;
  qsort(pauses[generation], n, sizeof(u64), compare);
  printf("  %s: %llu, median %.2f ms, p99 %.2f, max %.2f", generation ? "full" : "minor", static_cast<unsigned long long>(n),
         static_cast<double>(pauses[generation][n / 2]) / 1e6, static_cast<double>(pauses[generation][n * 99 / 100]) / 1e6,
         static_cast<double>(pauses[generation][n - 1]) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  HeapConfig config;
  if (argc > 2) config.nursery_bytes = static_cast<usize>(atof(argv[2]) * (1 << 20));
  HeapHooks hooks;
  hooks.collection_ended = [](Generation generation, u64 pause_ns) {
    int g = static_cast<int>(generation);
    if (pause_count[g] < 100000) pauses[g][pause_count[g]++] = pause_ns;
  };
  heap_init(config, hooks);
  register_kind(kNodeKind, {.name = "Node", .visit_edges = [](Cell* cell, EdgeVisitor& visit) {
                              auto* node = static_cast<Node*>(cell);
                              visit(node->left, node->right);
                            }});
  register_kind(kArrayKind, {.name = "Array", .visit_edges = [](Cell* cell, EdgeVisitor& visit) {
                               auto* array = static_cast<Array*>(cell);
                               visit.visit_range(array->items, array->length);
                             }});
  register_kind(kBytesKind, {.name = "Bytes"});
  Mutator mutator;
  mutator.attach("bench");
  for (const Kernel& kernel : kKernels) {
    if (argc > 1 && strcmp(argv[1], "all") != 0 && strcmp(argv[1], kernel.name) != 0) continue;
    for (int round = 0; round < 3; ++round) {
      heap_collect(mutator, Generation::Full);
      pause_count[0] = pause_count[1] = 0;
      u64 start = monotonic_ns();
      kernel.run(mutator);
      double ms = static_cast<double>(monotonic_ns() - start) / 1e6;
      printf("%-6s %7.1f ms  committed %5.1f MB", kernel.name, ms, static_cast<double>(heap_stats().committed_bytes) / 1e6);
      print_pauses(0);
      print_pauses(1);
      printf("\n");
    }
  }
  mutator.detach();
  return 0;
}
