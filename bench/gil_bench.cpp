// What the GIL costs and how it shares: the figures that docs/gil.md quotes, on plain mutators without any Python.
//
//   gil_bench [policy ...] [-s seconds] [-f filter]     policies: fair cpython fifo; default: all three
//
// Hogs count loops that poll as bytecode does. The peer of echo and think is a forked process, so that only the thread
// under test and the hogs compete for the GIL. Requests are timed whole: send and receive, each its own blocking region.
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "threads/accounting.h"
#include "threads/clock.h"
#include "threads/gil.h"
#include "threads/gil_core.h"
#include "threads/mutator.h"
#include "threads/os_thread.h"

using namespace baton;

namespace {

double seconds = 1.0;
const char* filter = "";

void poll(Mutator& mutator) {
  if (mutator.poll_pending()) [[unlikely]]
    slow_poll_threads(mutator);
}

struct Hog {
  pthread_t thread;
  u64 loops = 0;
  ThreadAccount account{};
};
Atomic<bool> stop{false};
Atomic<int> ready{0};

void* hog_main(void* pointer) {
  Hog* hog = static_cast<Hog*>(pointer);
  Mutator mutator;
  mutator.attach("hog");
  ready.fetch_add(1);
  u64 x = 1;
  while (!stop.load_relaxed()) {
    for (int i = 0; i < 100; ++i) {
      x = x * 31 + static_cast<u64>(i);
      __asm__ volatile("" : "+r"(x));
      poll(mutator);
    }
    ++hog->loops;
  }
  hog->account = thread_account(mutator);
  mutator.detach();
  return nullptr;
}

struct Hogs {
  std::vector<Hog> list;
  Mutator& mutator;
  u64 began;
  Hogs(Mutator& main, int count) : list(static_cast<usize>(count)), mutator(main) {
    stop.store(false);
    ready.store(0);
    for (Hog& hog : list) pthread_create(&hog.thread, nullptr, hog_main, &hog);
    while (ready.load() < count) blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(1000000); });
    began = monotonic_ns();
  }
  // Loops a second of all hogs together.
  double finish() {
    stop.store(true);
    blocking(mutator, [&] {
      for (Hog& hog : list) pthread_join(hog.thread, nullptr);
    });
    double spent = static_cast<double>(monotonic_ns() - began) * 1e-9;
    u64 total = 0;
    for (Hog& hog : list) total += hog.loops;
    return static_cast<double>(total) / spent;
  }
};

double percentile(std::vector<u64>& sorted, double p) {
  if (sorted.empty()) return 0;
  return static_cast<double>(sorted[static_cast<usize>(p * static_cast<double>(sorted.size() - 1))]) / 1000;
}

struct Peer {
  int fd;
  pid_t pid;
  explicit Peer(u64 delay_us) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) abort();
    pid = fork();
    if (pid == 0) {
      close(pair[0]);
      char byte;
      while (read(pair[1], &byte, 1) == 1) {
        if (delay_us) usleep(static_cast<useconds_t>(delay_us));
        if (write(pair[1], &byte, 1) != 1) break;
      }
      _exit(0);
    }
    close(pair[1]);
    fd = pair[0];
  }
  ~Peer() {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    close(fd);
  }
};

struct Client {
  Mutator* starter;
  int fd;
  u64 think_us;
  u64 end;
  std::vector<u64> times;
  std::vector<u64> waits;  // for the GIL, per request: what of the latency is ours, and not the kernel's scheduling
  ThreadAccount account{};
  pthread_t thread;
};

void* client_main(void* pointer) {
  Client* client = static_cast<Client*>(pointer);
  Mutator mutator;
  mutator.attach("client");
  char byte = 'x';
  u64 waited_before = thread_account(mutator).waiting_ns;
  while (monotonic_ns() < client->end) {
    u64 start = monotonic_ns();
    blocking(mutator, [&] { return write(client->fd, &byte, 1); });
    blocking(mutator, [&] { return read(client->fd, &byte, 1); });
    client->times.push_back(monotonic_ns() - start);
    u64 waited = thread_account(mutator).waiting_ns;
    client->waits.push_back(waited - waited_before);
    waited_before = waited;
    if (client->think_us) blocking<BlockCause::Sleep>(mutator, [&] { sleep_os_thread(client->think_us * 1000); });
    poll(mutator);
  }
  client->account = thread_account(mutator);
  mutator.detach();
  return nullptr;
}

void print_account(const char* label, const ThreadAccount& account) {
  auto ms = [](u64 ns) { return static_cast<double>(ns) * 1e-6; };
  printf(
      "    %-7s running %.1f ms  waiting %.1f  io %.1f  sleep %.1f | forced %lu voluntary %lu takes %lu contended %lu"
      " | longest hold %.2f wait %.2f | waited for:",
      label, ms(account.running_ns), ms(account.waiting_ns), ms(account.off_ns[0]), ms(account.off_ns[2]),
      account.forced_switches, account.voluntary_switches, account.acquisitions, account.contended_acquisitions,
      ms(account.longest_hold_ns), ms(account.longest_wait_ns));
  for (usize i = 0; i < account.holder_count; ++i) printf(" #%u %.1f", account.holders[i].thread_id, ms(account.holders[i].ns));
  printf(" others %.1f nobody %.1f\n", ms(account.waiting_for_others_ns), ms(account.waiting_for_nobody_ns));
}

double free_rate(Mutator& mutator) {
  Hogs hogs(mutator, 1);
  blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(200000000); });
  return hogs.finish();
}

void requests(Mutator& mutator, const char* label, u64 delay_us, u64 think_us, int clients, int hog_count) {
  char name[64];
  snprintf(name, sizeof name, "%s clients=%d hogs=%d", label, clients, hog_count);
  if (!strstr(name, filter)) return;
  double alone = free_rate(mutator);
  std::vector<Peer*> peers;
  for (int i = 0; i < clients; ++i) peers.push_back(new Peer(delay_us));
  Hogs hogs(mutator, hog_count);
  std::vector<Client> list(static_cast<usize>(clients));
  u64 began = monotonic_ns(), end = began + static_cast<u64>(seconds * 1e9);
  for (int i = 0; i < clients; ++i) {
    Client& client = list[static_cast<usize>(i)];
    client.fd = peers[static_cast<usize>(i)]->fd;
    client.think_us = think_us;
    client.end = end;
    client.times.reserve(200000);
    client.waits.reserve(200000);
    pthread_create(&client.thread, nullptr, client_main, &client);
  }
  blocking(mutator, [&] {
    for (Client& client : list) pthread_join(client.thread, nullptr);
  });
  double spent = static_cast<double>(monotonic_ns() - began) * 1e-9;
  double rate = hog_count ? hogs.finish() : 0;
  std::vector<u64> all, waits;
  for (Client& client : list) {
    all.insert(all.end(), client.times.begin(), client.times.end());
    waits.insert(waits.end(), client.waits.begin(), client.waits.end());
  }
  std::sort(all.begin(), all.end());
  std::sort(waits.begin(), waits.end());
  printf("  %-25s p50 %8.1f us p90 %8.1f p99 %8.1f max %8.0f | GIL waits p50 %8.1f p90 %8.1f p99 %8.1f max %8.0f | %7.0f req/s",
         name, percentile(all, .5), percentile(all, .9), percentile(all, .99), percentile(all, 1), percentile(waits, .5),
         percentile(waits, .9), percentile(waits, .99), percentile(waits, 1), static_cast<double>(all.size()) / spent);
  if (hog_count) printf("  hogs keep %5.1f %%", 100 * rate / alone);
  printf("\n");
  if (getenv("GIL_BENCH_ACCOUNTS")) {
    for (Client& client : list) print_account("client", client.account);
    for (Hog& hog : hogs.list) print_account("hog", hog.account);
  }
  fflush(stdout);
  for (Peer* peer : peers) delete peer;
}

void hog_shares(Mutator& mutator, int count) {
  char name[64];
  snprintf(name, sizeof name, "share hogs=%d", count);
  if (!strstr(name, filter)) return;
  double alone = free_rate(mutator);
  GilAccount before = gil_account();
  Hogs hogs(mutator, count);
  blocking<BlockCause::Sleep>(mutator, [] { sleep_os_thread(static_cast<u64>(seconds * 3e9)); });
  u64 spent = monotonic_ns() - hogs.began;
  GilAccount after = gil_account();
  double rate = hogs.finish();
  u64 least = UINT64_MAX, most = 0, total = 0;
  for (Hog& hog : hogs.list) {
    least = std::min(least, hog.account.running_ns);
    most = std::max(most, hog.account.running_ns);
    total += hog.account.running_ns;
  }
  double mean = static_cast<double>(total) / count;
  printf("  %-26s shares of GIL time %+.1f .. %+.1f %%  mean slice %.2f ms  total work %.1f %% of one alone\n", name,
         100 * (static_cast<double>(least) / mean - 1), 100 * (static_cast<double>(most) / mean - 1),
         static_cast<double>(spent) * 1e-6 / static_cast<double>(after.switches - before.switches), 100 * rate / alone);
  fflush(stdout);
}

// Of this thread, so that other programs don't count.
u64 own_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<u64>(time.tv_sec) * 1000000000 + static_cast<u64>(time.tv_nsec);
}

void costs(Mutator& mutator) {
  if (!strstr("costs", filter)) return;
  constexpr int kRounds = 2000000;
  u64 best_block = UINT64_MAX, best_poll = UINT64_MAX;
  for (int k = 0; k < 5; ++k) {
    u64 start = own_cpu_ns();
    for (int i = 0; i < kRounds / 5; ++i) blocking(mutator, [] { __asm__ volatile(""); });
    best_block = std::min(best_block, own_cpu_ns() - start);
    start = own_cpu_ns();
    for (int i = 0; i < kRounds / 5; ++i) {
      poll(mutator);
      __asm__ volatile("");
    }
    best_poll = std::min(best_poll, own_cpu_ns() - start);
  }
  // The accounting's part of a blocking call: two clock reads, two intervals closed.
  Counters& counters = MutatorAccess::counters(mutator);
  u64 best_account = UINT64_MAX;
  for (int k = 0; k < 5; ++k) {
    u64 start = own_cpu_ns();
    for (int i = 0; i < kRounds / 5; ++i) {
      counters.turn(blocked_for(BlockCause::Io), ticks());
      counters.turn(Activity::Running, ticks());
      counters.acquisitions.owner_add(1);
    }
    best_account = std::min(best_account, own_cpu_ns() - start);
  }
  double account = static_cast<double>(best_account) * 5 / kRounds;
  printf(
      "  %-26s blocking() %.1f ns  poll %.2f ns (loop included)  accounting %.1f ns of it: %.4f %% of a program with 1000 a "
      "second\n",
      "costs", static_cast<double>(best_block) * 5 / kRounds, static_cast<double>(best_poll) * 5 / kRounds, account,
      account * 1000 / 1e9 * 100);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<GilPolicyKind> policies;
  for (int i = 1; i < argc; ++i) {
    GilPolicyKind kind;
    if (!strcmp(argv[i], "-s") && i + 1 < argc) {
      seconds = atof(argv[++i]);
    } else if (!strcmp(argv[i], "-f") && i + 1 < argc) {
      filter = argv[++i];
    } else if (parse_gil_policy(argv[i], &kind)) {
      policies.push_back(kind);
    } else {
      fprintf(stderr, "gil_bench: unknown policy or option %s\n", argv[i]);
      return 2;
    }
  }
  if (policies.empty()) policies = {GilPolicyKind::Fair, GilPolicyKind::Cpython, GilPolicyKind::Fifo};
  for (GilPolicyKind policy : policies) {
    configure_gil({GilMode::On, policy, 0});
    printf("%s\n", gil_policy_name(policy));
    Mutator mutator;
    mutator.attach("main");
    costs(mutator);
    for (int hogs : {0, 1, 4}) requests(mutator, "think1ms", 0, 1000, 1, hogs);
    for (int hogs : {0, 1, 4}) requests(mutator, "delayed", 200, 0, 1, hogs);
    for (int hogs : {0, 1, 4}) requests(mutator, "echo", 0, 0, 1, hogs);
    for (int hogs : {0, 1}) requests(mutator, "echo", 0, 0, 4, hogs);
    for (int hogs : {2, 4}) hog_shares(mutator, hogs);
    mutator.detach();
  }
}
