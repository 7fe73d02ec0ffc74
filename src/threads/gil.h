// The GIL as the rest of the runtime sees it: a mode and a policy, both constant once the first mutator has attached.
// Taking and releasing happens inside blocking(), attach() and slow_poll_threads() (mutator.h), nowhere else.
#pragma once
#include "base/types.h"

namespace baton {

class Mutator;

enum class GilMode : u8 { On, Off };
// Fair: the default. Cpython: CPython 3.11's rules to the letter. Fifo: strict hand-off in order of arrival.
// Seeded: every switch point is chosen by a seeded generator, so that a schedule can be repeated.
enum class GilPolicyKind : u8 { Fair, Cpython, Fifo, Seeded };

extern GilMode gil_mode_flag;  // written by configure_gil only
inline bool gil_enabled() { return gil_mode_flag == GilMode::On; }

// Whether objects' lock bytes are taken: without a GIL, and once a second thread may be there. The first thread of a program runs
// alone until it starts another; it then says so outside of every critical section, and from there on the answer stays.
extern bool objects_are_locked_flag;
inline bool objects_are_locked() { return objects_are_locked_flag; }
void begin_single_threaded();  // at start-up, before the first attach(); without it objects are locked from the start
void expect_second_thread();   // before a second thread can attach, by the only one there is
extern void (*objects_begin_to_be_locked)();  // told then; null: nobody has to be

struct GilOptions {
  GilMode mode = GilMode::On;
  GilPolicyKind policy = GilPolicyKind::Fair;
  u64 seed = 0;
};
// At start-up, before the first attach(). May be left out for the defaults.
void configure_gil(const GilOptions& options);

GilPolicyKind gil_policy();
const char* gil_policy_name(GilPolicyKind kind);
bool parse_gil_policy(const char* name, GilPolicyKind* out);

inline constexpr u64 kDefaultSwitchIntervalUs = 5000;
u64 switch_interval_us();
void set_switch_interval_us(u64 us);  // 0 reads back as 0 and acts as 1

// From now on only `mutator` may run; every other thread that wants the GIL (or, free-threaded, wants to return to
// Running) sleeps for ever. There is no way back.
void begin_finalizing(Mutator& mutator);
bool is_finalizing();

}  // namespace baton
