// Several mutators on one heap, with and without the GIL: private lists, shared fields, collections by anyone, thread exit, fork.
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include "heap/layout.h"
#include "toy.h"

using namespace baton;
using namespace baton::test;

namespace {

struct Crew {
  static constexpr int kMax = 8;
  struct Seat {
    Crew* crew;
    int index;
    pthread_t thread;
  } seats[kMax];
  void (*body)(Mutator& mutator, int index, void* context);
  void* context;

  // Runs body on n threads of their own; the caller waits as a blocked mutator.
  void run(Mutator& mutator, int n) {
    for (int i = 0; i < n; ++i) {
      seats[i].crew = this;
      seats[i].index = i;
      pthread_create(&seats[i].thread, nullptr, start, &seats[i]);
    }
    blocking(mutator, [&] {
      for (int i = 0; i < n; ++i) pthread_join(seats[i].thread, nullptr);
    });
  }
  static void* start(void* pointer) {
    Seat* seat = static_cast<Seat*>(pointer);
    Mutator mutator;
    mutator.attach("crew");
    seat->crew->body(mutator, seat->index, seat->crew->context);
    mutator.detach();
    return nullptr;
  }
};

void poll(Mutator& mutator) {
  if (mutator.poll_pending()) slow_poll_threads(mutator);
}

Node* build_list(Mutator& mutator, u64 id, int length) {
  Node* list = nullptr;
  for (int i = 0; i < length; ++i) list = make_node(mutator, id + static_cast<u64>(i), list);
  return list;
}

bool list_is_intact(Node* list, u64 id, int length) {
  for (int i = length; i-- > 0; list = list->left.get().as<Node>()) {
    if (!list || list->id != id + static_cast<u64>(i)) return false;
  }
  return list == nullptr;
}

struct Shared {
  Root<Array> slots;
  int rounds;
  u32 failures = 0;
};

// Lists built on the thread's own stack and published in shared slots, where the others read and replace them.
void exchange_lists(Mutator& mutator, int index, void* context) {
  auto* shared = static_cast<Shared*>(context);
  u64 random = static_cast<u64>(index) * 77 + 1;
  for (int round = 0; round < shared->rounds; ++round) {
    u64 id = static_cast<u64>(index) << 32 | static_cast<u64>(round) << 8;
    Node* list = build_list(mutator, id, 20);
    make_bytes(mutator, round % 50 == 0 ? 50000 : 100);
    poll(mutator);
    Array* array = shared->slots.get();
    random = random * 6364136223846793005u + 1442695040888963407u;
    u64 slot = (random >> 33) % array->length;
    Value found = array->items[slot].get();
    array->items[slot].set_sequential(array, list);
    if (round % 512 == 0) heap_collect(mutator, round % 2048 == 0 ? Generation::Full : Generation::Minor);
    if (!list_is_intact(list, id, 20)) __atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
    if (found.is_cell()) {
      Node* other = found.as<Node>();
      if (!list_is_intact(other, other->id - 19, 20)) __atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
    }
    poll(mutator);
  }
}

void run_exchange(Setup setup, int threads, int rounds) {
  Toy toy(setup);
  Shared shared;
  shared.rounds = rounds;
  shared.slots.set(make_array(toy, 1, 64));
  Crew crew{{}, exchange_lists, &shared};
  crew.run(toy, threads);
  EXPECT(shared.failures == 0);
  collect(toy);
  for (u64 i = 0; i < 64; ++i) {
    Value value = shared.slots->items[i].get();
    if (value.is_cell()) EXPECT(list_is_intact(value.as<Node>(), value.as<Node>()->id - 19, 20));
  }
  EXPECT(count_kind(toy, kNodeKind) <= 64 * 20 + 200);
}

}  // namespace

HEAP_TEST(heap_threads_exchange_with_gil) { run_exchange({.config = {.nursery_bytes = usize{1} << 20}}, 4, 20000); }

HEAP_TEST(heap_threads_exchange_without_gil) {
  run_exchange({.config = {.nursery_bytes = usize{1} << 20}, .gil = GilMode::Off}, 4, 20000);
}

HEAP_TEST(heap_threads_exchange_without_gil_stressed) {
  run_exchange({.config = {.stress_every = 13}, .gil = GilMode::Off}, 4, 400);
}

HEAP_TEST(heap_threads_exchange_without_gil_verified) {
  run_exchange({.config = {.nursery_bytes = usize{128} << 10, .verify = true}, .gil = GilMode::Off}, 3, 1500);
}

namespace {

// Two threads that allocate in step, what dies at once.
void allocate_in_step(Mutator& mutator, int index, void* context) {
  constexpr u32 kSteps = 512;
  constexpr usize kStepBytes = usize{64} << 10;
  auto* done = static_cast<u32*>(context);
  for (u32 step = 1; step <= kSteps; ++step) {
    for (usize bytes = 0; bytes < kStepBytes; bytes += sizeof(Node)) make_node(mutator, 1);
    __atomic_store_n(&done[index], step, __ATOMIC_RELEASE);
    while (__atomic_load_n(&done[1 - index], __ATOMIC_ACQUIRE) < step) {
      poll(mutator);
      blocking(mutator, [] { sched_yield(); });
    }
  }
}

}  // namespace

HEAP_TEST(heap_threads_that_allocate_side_by_side_have_a_nursery_of_twice_the_size_each) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}, .gil = GilMode::Off});
  u32 done[2] = {};
  Crew crew{{}, allocate_in_step, done};
  u64 before = heap_stats().collections[0];
  crew.run(toy, 2);  // 64 MiB
  u64 collections = heap_stats().collections[0] - before;
  EXPECT(collections >= 12 && collections <= 22);
}

HEAP_TEST(heap_blocked_threads_are_scanned) {
  Toy toy;
  struct Shared {
    bool ready = false, go = false;
    bool intact = false;
  } shared;
  auto body = [](Mutator& mutator, int, void* context) {
    auto* s = static_cast<Shared*>(context);
    Node* list = build_list(mutator, 500, 100);
    blocking(mutator, [&] {
      __atomic_store_n(&s->ready, true, __ATOMIC_RELEASE);
      while (!__atomic_load_n(&s->go, __ATOMIC_ACQUIRE)) usleep(100);
    });
    s->intact = list_is_intact(list, 500, 100);
  };
  pthread_t thread;
  struct Start {
    void (*body)(Mutator&, int, void*);
    void* context;
  } start{body, &shared};
  pthread_create(
      &thread, nullptr,
      [](void* pointer) -> void* {
        auto* s = static_cast<Start*>(pointer);
        Mutator mutator;
        mutator.attach("blocked");
        s->body(mutator, 0, s->context);
        mutator.detach();
        return nullptr;
      },
      &start);
  blocking(toy.mutator, [&] {
    while (!__atomic_load_n(&shared.ready, __ATOMIC_ACQUIRE)) usleep(100);
  });
  for (int i = 0; i < 5; ++i) {
    collect(toy, i % 2 ? Generation::Full : Generation::Minor);
    for (int j = 0; j < 10000; ++j) make_node(toy, 1);
  }
  __atomic_store_n(&shared.go, true, __ATOMIC_RELEASE);
  blocking(toy.mutator, [&] { pthread_join(thread, nullptr); });
  EXPECT(shared.intact);
}

namespace {

// When all are there and wait, one after the other makes a node and waits again; all go on together.
struct Waiting {
  u32 there = 0, arrived = 0;
  u32 blocks[Crew::kMax] = {};
  u32 failures = 0;
};

void wait_after_a_node(Mutator& mutator, int index, void* context) {
  auto* shared = static_cast<Waiting*>(context);
  auto arrived = [&] { return __atomic_load_n(&shared->arrived, __ATOMIC_ACQUIRE); };
  blocking(mutator, [&] {
    __atomic_fetch_add(&shared->there, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&shared->there, __ATOMIC_ACQUIRE) != static_cast<u32>(Crew::kMax)) usleep(50);
    while (arrived() != static_cast<u32>(index)) usleep(50);
  });
  Node* node = make_node(mutator, static_cast<u64>(index));
  shared->blocks[index] = block_of(node);
  blocking(mutator, [&] {
    __atomic_fetch_add(&shared->arrived, 1, __ATOMIC_RELEASE);
    while (arrived() != static_cast<u32>(Crew::kMax)) usleep(50);
  });
  for (int round = 0; round < 20; ++round) {  // more waits than those that give the cursors away
    Node* list = build_list(mutator, 100, 300);
    blocking(mutator, [] { sched_yield(); });
    if (round == 10 && index == 0) heap_collect(mutator, Generation::Full);
    if (!list_is_intact(list, 100, 300)) __atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
  }
  if (node->id != static_cast<u64>(index)) __atomic_fetch_add(&shared->failures, 1, __ATOMIC_RELAXED);
}

}  // namespace

HEAP_TEST(heap_threads_that_only_wait_go_on_in_each_others_blocks) {
  Toy toy({.gil = GilMode::Off});
  Waiting shared;
  Crew crew{{}, wait_after_a_node, &shared};
  crew.run(toy, Crew::kMax);
  EXPECT(shared.failures == 0);
  u32 changes = 0;  // this thread, which waits for the others, leaves its cursors for them, too, at any time
  for (int i = 1; i < Crew::kMax; ++i) changes += shared.blocks[i] != shared.blocks[i - 1];
  EXPECT(changes <= 2);
}

HEAP_TEST(heap_threads_that_exit_leave_their_cells) {
  Toy toy({.config = {.verify = true}, .gil = GilMode::Off});
  RootVector lists;
  lists.resize(8);
  Root<Node> old(make_node(toy, 1));
  collect(toy, Generation::Minor);
  struct Context {
    RootVector* lists;
    Root<Node>* old;
  } context{&lists, &old};
  Crew crew{{},
            [](Mutator& mutator, int index, void* pointer) {
              auto* c = static_cast<Context*>(pointer);
              (*c->lists)[static_cast<usize>(index)] = build_list(mutator, static_cast<u64>(index) * 1000, 500);
              Node* node = make_node(mutator, 77);
              heap_register_finalizable(mutator, make_node(mutator, 88));
              make_resource(mutator, 99);
              (*c->old)->left.set_sequential(c->old->get(), node);  // remembered by a thread that is gone at the collection
            },
            &context};
  crew.run(toy, 8);
  collect(toy, Generation::Minor);
  EXPECT(old->left.get().as<Node>()->id == 77);
  for (usize i = 0; i < 8; ++i) EXPECT(list_is_intact(lists[i].as<Node>(), i * 1000, 500));
  usize finalizable = 0;
  while (heap_take_finalizable()) ++finalizable;
  EXPECT(finalizable == 8 && native_finalized == 8);
}

#ifndef BATON_TSAN
namespace {

constexpr usize kPageBytes = 4096;

// Pages of the block that this process has and shares with no other; -1: the kernel doesn't tell.
int own_pages(u32 block) {
  constexpr u64 kPresent = u64{1} << 63, kExclusive = u64{1} << 56;
  u64 entries[kBlockBytes / kPageBytes] = {};
  int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  u64 offset = reinterpret_cast<u64>(block_address(block)) / kPageBytes * sizeof(u64);
  bool told = pread(fd, entries, sizeof entries, static_cast<off_t>(offset)) == sizeof entries;
  close(fd);
  int count = 0;
  for (u64 entry : entries) count += (entry & kPresent) && (entry & kExclusive);
  return told ? count : -1;
}

bool kernel_faults_in() {
  void* page = mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  bool good = page != MAP_FAILED && madvise(page, kPageBytes, 23) == 0;
  munmap(page, kPageBytes);
  return good;
}

// How many pages of the next block are this process's own when one node of it has been allocated.
int own_pages_of_next_block(Toy& toy) {
  u32 first = block_of(make_node(toy, 0));
  while (true)
    if (u32 block = block_of(make_node(toy, 0)); block != first) return own_pages(block);
}

}  // namespace

HEAP_TEST(heap_blocks_of_busy_classes_are_faulted_in_at_once) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}});
  constexpr int kAll = kBlockBytes / kPageBytes;
  int probe = own_pages(block_of(make_node(toy, 0)));
  if (!kernel_faults_in() || probe < 0 || probe == kAll) return;  // all: huge pages for everybody
  EXPECT(probe == 1);                                             // a class with one cell takes one page
  EXPECT(own_pages_of_next_block(toy) == kAll);
  for (int i = 0; i < 200000; ++i) make_node(toy, 1);  // several nurseries: free blocks have pages, a child has them in common
  collect(toy, Generation::Full);
  heap_before_fork(toy);
  before_fork(toy);
  pid_t child = fork();
  if (child == 0) {
    after_fork_child(toy);
    heap_after_fork(toy, true);
    own_pages_of_next_block(toy);
    _exit(own_pages_of_next_block(toy) == kAll ? 42 : 1);
  }
  after_fork_parent(toy);
  heap_after_fork(toy, false);
  int status = 0;
  blocking(toy.mutator, [&] { waitpid(child, &status, 0); });
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

namespace {

int fork_and_check(Toy& toy, Root<Node>& list) {
  heap_before_fork(toy);
  before_fork(toy);
  pid_t child = fork();
  if (child == 0) {
    after_fork_child(toy);
    heap_after_fork(toy, true);
    bool good = list_is_intact(list.get(), 0, 1000);
    for (int i = 0; i < 300000; ++i) make_node(toy, 1);
    collect(toy, Generation::Full);
    Node* another = build_list(toy, 5000, 1000);
    collect(toy, Generation::Minor);
    good = good && list_is_intact(list.get(), 0, 1000) && list_is_intact(another, 5000, 1000) && mutator_count() == 1;
    _exit(good ? 42 : 1);
  }
  after_fork_parent(toy);
  heap_after_fork(toy, false);
  int status = 0;
  blocking(toy.mutator, [&] { waitpid(child, &status, 0); });
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void run_fork(GilMode mode) {
  Toy toy({.config = {.nursery_bytes = usize{1} << 20}, .gil = mode});
  Root<Node> list(build_list(toy, 0, 1000));
  collect(toy, Generation::Minor);
  struct Shared {
    bool stop = false;
    u32 failures = 0;
  } shared;
  struct Busy {
    static void* run(void* pointer) {
      auto* s = static_cast<Shared*>(pointer);
      Mutator mutator;
      mutator.attach("busy");
      while (!__atomic_load_n(&s->stop, __ATOMIC_RELAXED)) {
        Node* list = build_list(mutator, 9, 50);
        poll(mutator);
        if (!list_is_intact(list, 9, 50)) __atomic_fetch_add(&s->failures, 1, __ATOMIC_RELAXED);
        Root<Node> root(list);
      }
      mutator.detach();
      return nullptr;
    }
  };
  pthread_t threads[2];
  for (pthread_t& thread : threads) pthread_create(&thread, nullptr, Busy::run, &shared);
  for (int i = 0; i < 5; ++i) {
    EXPECT(fork_and_check(toy, list) == 42);
    blocking(toy.mutator, [] { usleep(2000); });
  }
  __atomic_store_n(&shared.stop, true, __ATOMIC_RELAXED);
  blocking(toy.mutator, [&] {
    for (pthread_t thread : threads) pthread_join(thread, nullptr);
  });
  EXPECT(shared.failures == 0 && list_is_intact(list.get(), 0, 1000));
}

}  // namespace

HEAP_TEST(heap_fork_with_threads_and_gil) { run_fork(GilMode::On); }
HEAP_TEST(heap_fork_with_threads_without_gil) { run_fork(GilMode::Off); }
#endif
