// The tick rate is first measured over 20 us (good to some 0.2 %), and again, once, when 50 ms have passed.
#include "threads/clock.h"

#include <ctime>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "threads/atomic.h"

namespace baton {

u64 monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<u64>(now.tv_sec) * 1000000000 + static_cast<u64>(now.tv_nsec);
}

u64 coarse_monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<u64>(now.tv_sec) * 1000000000 + static_cast<u64>(now.tv_nsec);
}

#if defined(__x86_64__)
bool ticks_are_ns = true;
#endif

namespace {

constexpr u64 kFirstMeasureNs = 20000;
constexpr u64 kFinalMeasureNs = 50000000;

struct Moment {
  u64 ns, ticks;
};
Moment origin;
// ns = ticks * ns_per_tick / 2^32. Relaxed: any of the measured values is right.
Atomic<u64> ns_per_tick{u64{1} << 32};
Atomic<u64> ticks_per_ns{u64{1} << 32};
Atomic<bool> measured{true};

u64 scale(u64 value, u64 factor) { return static_cast<u64>((static_cast<unsigned __int128>(value) * factor) >> 32); }
u64 ratio(u64 a, u64 b) { return static_cast<u64>((static_cast<unsigned __int128>(a) << 32) / b); }

bool counter_is_invariant() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8));
#elif defined(__aarch64__)
  return true;
#else
  return false;
#endif
}

Moment moment_now() {
  // The pair is only as good as the gap between its two reads: take the tightest of three.
  Moment best{};
  u64 best_gap = UINT64_MAX;
  for (int i = 0; i < 3; ++i) {
    u64 before = ticks(), ns = monotonic_ns(), after = ticks();
    if (after - before < best_gap) {
      best_gap = after - before;
      best = {ns, before + (after - before) / 2};
    }
  }
  return best;
}

void set_rate(Moment to) {
  ns_per_tick.store_relaxed(ratio(to.ns - origin.ns, to.ticks - origin.ticks));
  ticks_per_ns.store_relaxed(ratio(to.ticks - origin.ticks, to.ns - origin.ns));
}

BATON_NOINLINE void measure_again() {
  if (monotonic_ns() - origin.ns < kFinalMeasureNs) return;
  if (!measured.exchange(true)) set_rate(moment_now());
}

}  // namespace

void init_clock() {
  if (origin.ns || !counter_is_invariant()) return;
#if defined(__x86_64__)
  ticks_are_ns = false;
#endif
  origin = moment_now();
  while (monotonic_ns() - origin.ns < kFirstMeasureNs) cpu_pause();
  set_rate(moment_now());
  measured.store_relaxed(false);
}

u64 ticks_to_ns(u64 ticks) {
  if (!measured.load_relaxed()) [[unlikely]]
    measure_again();
  return scale(ticks, ns_per_tick.load_relaxed());
}

u64 ns_to_ticks(u64 ns) {
  if (!measured.load_relaxed()) [[unlikely]]
    measure_again();
  return scale(ns, ticks_per_ns.load_relaxed());
}

}  // namespace baton
