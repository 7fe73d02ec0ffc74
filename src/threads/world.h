// The registry of mutators and the stopping of the world. Internal to this layer.
//
// Free-threaded: the stopper sets kHeld in every other mutator's state word; as the bit shares a word with the state, a
// mutator can't pass between Running and elsewhere without noticing, and no fence between two words is needed. Those found
// Running are counted; each leaves Running through a slow path that counts down. A held mutator returns to Running only when
// the bit is cleared. GIL mode: the GIL's owner is the only one Running, so there is nothing to wait for.
//
// The registry's mutex is held throughout a stopped world, and released only while the stopper waits for the last Running.
#pragma once
#include "threads/mutator.h"

namespace baton {

class World {
 public:
  void add(Mutator& mutator);
  void remove(Mutator& mutator);

  // Running -> Native or Parked, and back. The stack pointer is already published.
  void leave_running(Mutator& mutator, MutatorState to);
  void return_to_running(Mutator& mutator, MutatorState from);

  void stop(Mutator& mutator, StopKind kind);
  void resume(Mutator& mutator);
  bool is_stopped() const { return stopped_.load_acquire(); }
  bool defers_stop(const Mutator& mutator) const {
    return mutator.lock_bytes_held() && stop_kind_.load_relaxed() == StopKind::OutsideCritical;
  }

  void for_each(void (*body)(Mutator& mutator, void* context), void* context);
  usize count() const { return count_.load_relaxed(); }
  void begin_finalizing(Mutator& mutator);
  bool is_finalizing() const { return finalizing_.load_relaxed(); }
  void reinit_in_child(Mutator& mutator, void (*on_dead)(Mutator& dead, void* context), void* context);
  void detached_account(ThreadAccount& out);
  usize ended_accounts(ThreadAccount* out);
  void forget_ended();

 private:
  void hold_others(Mutator& mutator);
  void release_others(Mutator& mutator);
  bool somebody_holds_an_object(Mutator& except);
  void unlink(Mutator& mutator);
  void remember_ended(const ThreadAccount& account);

  Mutex mutex_;
  // Guarded by mutex_:
  CondVar all_stopped_;
  CondVar resumed_;
  Mutator* head_ = nullptr;
  Mutator* stopper_ = nullptr;
  Mutator* finalizer_ = nullptr;
  u32 depth_ = 0;
  u32 running_ = 0;  // mutators the stopper still waits for
  ThreadAccount detached_{};
  ThreadAccount ended_[kEndedThreads] = {};
  usize ended_count_ = 0;
  // Also read without it:
  Atomic<bool> stopped_{false};
  Atomic<bool> finalizing_{false};
  Atomic<StopKind> stop_kind_{StopKind::AnyPoint};
  Atomic<usize> count_{0};
  Atomic<Mutator*> owner_{nullptr};  // holds mutex_ because it has the world stopped
};

extern World world;

void init_accounts();  // at start-up, once the clock runs
void add_account(ThreadAccount& total, const ThreadAccount& account);

}  // namespace baton
