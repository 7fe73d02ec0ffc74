// Biased locking of objects, for free-threaded mode. While one thread alone is Running (the others wait for I/O, for locks,
// for it to end) it needs no atomic instruction to lock an object: it notes the object's lock byte in its own
// Mutator::biased_section_ and finds that it still has the bias and that the byte is free.
//
// There is one bias for all objects. Whoever becomes Running beside its holder revokes it first: clears has_bias_, has the
// kernel run a full barrier on every processor that runs this process (membarrier), and then looks at biased_section_. By then
// the holder either sees that it has lost the bias, or its note is visible here: in that case the byte is locked on its behalf
// ("inflated"), so that an object locked by right of the bias is from there on locked like any other. The revoker never waits
// for the holder's calls, so revoking can't deadlock, and a long call without polls doesn't keep others from running.
//
// The interpreter's own stores, a few instructions long, make a shorter note: in_short_section_ says that the holder is at it,
// not with which object. It needn't look at the object's byte either: when the bias is given, everybody else is out of Running
// with no byte locked, and stays there as long as the bias lasts. For these few instructions the revoker does wait.
//
// A thread gets the bias when, at one of every few hundred locks it takes, nobody else is Running. A bias that is revoked soon
// is not given again for a while, so a thread that wakes up often beside a computing one costs a barrier now and then, not each
// time.
#pragma once
#include "threads/mutator.h"

namespace baton {

class LockBias {
 public:
  // True: `byte`'s object is locked. False: lock the byte itself; the bias is another's, nobody's, or used for an outer object.
  BATON_ALWAYS_INLINE static bool enter(Mutator& mutator, u8* byte) {
    if (mutator.biased_section_.load_relaxed() || !mutator.has_bias_.load_relaxed()) return false;
    mutator.biased_section_.store_release(byte);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (mutator.has_bias_.load_relaxed() && __atomic_load_n(byte, __ATOMIC_ACQUIRE) == 0) [[likely]]
      return true;
    end_section(mutator);
    return false;
  }
  // For a few instructions without a safepoint, while the mutator has nothing locked. True: every object is locked, until
  // leave_short().
  BATON_ALWAYS_INLINE static bool enter_short(Mutator& mutator) {
    BATON_DCHECK(!mutator.biased_section_.load_relaxed(), "a short section is not within another");
    mutator.in_short_section_.store_release(1);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (mutator.has_bias_.load_relaxed()) [[likely]]
      return true;
    leave_short(mutator);
    return false;
  }
  BATON_ALWAYS_INLINE static void leave_short(Mutator& mutator) { mutator.in_short_section_.store_release(0); }
  // False: `byte` was not locked by right of the bias.
  BATON_ALWAYS_INLINE static bool leave(Mutator& mutator, const u8* byte) {
    if (mutator.biased_section_.load_relaxed() != byte) return false;
    end_section(mutator);
    return true;
  }
  // Ends what enter() began.
  BATON_ALWAYS_INLINE static void end_section(Mutator& mutator) {
    mutator.biased_section_.store_release(nullptr);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (mutator.inflated_.load_relaxed()) [[unlikely]]
      release_inflated(mutator);
  }
  // Before a byte is locked the ordinary way.
  BATON_ALWAYS_INLINE static void count_down(Mutator& mutator) {
    if (--mutator.bias_countdown_ == 0) [[unlikely]]
      consider(mutator);
  }

  // The mutator has just become Running: from here on nobody else has the bias.
  BATON_ALWAYS_INLINE static void revoke_for(Mutator& mutator) {
    Mutator* holder = holder_.load();
    if (holder && holder != &mutator) [[unlikely]]
      revoke(mutator);
  }
  // Around a time in which the mutator, Parked and without a locked object, leaves the objects to others.
  static void step_aside(Mutator& mutator);
  static void stop_aside(Mutator& mutator) { mutator.is_aside_.store_relaxed(0); }
  // At the next lock that is taken the ordinary way it is asked whether anybody else runs.
  static void look_soon(Mutator& mutator) { mutator.bias_countdown_ = 1; }
  static bool has_bias(const Mutator& mutator) { return mutator.has_bias_.load_relaxed(); }
  // How many locks the mutator has taken the ordinary way, modulo kStride.
  static constexpr u32 kStride = 256;  // between two looks whether nobody else runs
  static u32 taken(Mutator& mutator) { return kStride - mutator.bias_countdown_; }
  static void give_up(Mutator& mutator);  // at the end of a thread
  static void reinit_in_child();

 private:
  static void consider(Mutator& mutator);
  static MutatorState state_now(Mutator& mutator);
  static void revoke(Mutator& mutator);
  static void inflate(Mutator& holder, u8* byte);
  static void release_inflated(Mutator& mutator);

  static Atomic<Mutator*> holder_;
};

// How long after a revocation the bias is not given again. (A barrier is a few microseconds' work for both sides.)
inline constexpr u64 kLockBiasPauseNs = 500000;
void set_lock_bias_pause(u64 ns);  // for tests
// For tests: how often the bias was given.
u64 lock_bias_grants();

}  // namespace baton
