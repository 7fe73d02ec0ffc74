// Stores into objects that other threads may know: how they lock them, once there is more than one thread; and which objects no
// other thread can know (private_registers.h).
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

// This is store_locked() of the interpreter: by right of the bias, in_short_section_ being set meanwhile, or by the byte.
Baseline::Locking Baseline::begin_lock(Reg object) {
  Locking locking{object, a_.make_label(), a_.make_label(), a_.make_label(), a_.make_label(), a_.make_label(), a_.make_label()};
  a_.store8(Mem{kThread, at::kInShortSection}, 1);
  a_.alu8(Alu::cmp, Mem{kThread, at::kHasBias}, 0);
  a_.jump_if(Cond::equal, locking.by_byte);
  a_.bind(locking.locked);
  instead_of_leaving_ = locking.failed;
  return locking;
}

// Behind the body: the end by right of the bias, and the beginning by the byte. has_another: the same body comes again for that;
// else it goes to this one.
void Baseline::lock_by_byte(const Locking& locking, bool has_another) {
  Mem in_short_section{kThread, at::kInShortSection};
  instead_of_leaving_ = {};
  auto end_section = [&](Label if_by_byte) {
    if (!has_another) {
      a_.alu8(Alu::cmp, in_short_section, 0);
      a_.jump_if(Cond::equal, if_by_byte);
    }
    a_.store8(in_short_section, 0);
  };
  end_section(locking.release);
  a_.jump(locking.done);
  a_.bind(locking.failed);
  end_section(locking.byte_failed);
  a_.jump(leave());

  a_.bind(locking.by_byte);
  a_.store8(in_short_section, 0);
  a_.alu32(Alu::cmp, Mem{kThread, at::kBiasCountdown}, 1);  // the handler sees to it that the bias is considered
  a_.jump_if(Cond::equal, leave());
  a_.alu32(Alu::sub, Mem{kThread, at::kBiasCountdown}, 1);
  a_.move_constant(Reg::rax, 0);
  a_.move_constant(Reg::r10, 1);
  a_.locked_compare_exchange8(Mem{locking.object, at::kLockByte}, Reg::r10);
  if (has_another) {
    a_.jump_if(Cond::not_equal, leave());
    instead_of_leaving_ = locking.byte_failed;
  } else {
    a_.jump_if(Cond::equal, locking.locked);
    a_.jump(leave());
  }
}

void Baseline::end_lock(const Locking& locking) {
  need_frame();
  u64 pc = reinterpret_cast<u64>(&at());
  bool is_call = static_cast<Op>(at().op) == Op::Call;
  instead_of_leaving_ = {};
  a_.bind(locking.release);
  load(locking.object, at().a + is_call);
  a_.move_constant(Reg::rax, 1);
  a_.move_constant(Reg::r10, 0);
  a_.locked_compare_exchange8(Mem{locking.object, at::kLockByte}, Reg::r10);
  a_.jump_if(Cond::equal, locking.done);
  a_.move_constant(kPc, pc);  // somebody waits for the byte
  a_.jump_address(is_call ? end_append_address() : end_store_address());
  a_.bind(locking.byte_failed);
  a_.move_constant(kPc, pc);
  a_.jump_address(is_call ? retry_append_address() : retry_store_address());
  a_.bind(locking.done);
}

// To `yes` if register n, which is in `object`, has the instance that was made last, which no other thread knows. Uses r10.
void Baseline::jump_if_private(Reg object, u32 n, Label yes) {
  if (!private_.has(n)) return;
  a_.load64(Reg::r10, Mem{kThread, at::kInterpState});
  a_.alu64(Alu::cmp, object, Mem{Reg::r10, at::kPrivateInstance});
  a_.jump_if(Cond::equal, yes);
}

// The result of this call. Uses r10.
void Baseline::note_private_instance(Reg instance) {
  if (!objects_are_locked()) return;
  a_.load64(Reg::r10, Mem{kThread, at::kInterpState});
  a_.store64(Mem{Reg::r10, at::kPrivateInstance}, instance);
  private_.result_is_private();
}

// Code is about to run, or has run, that isn't what makes it. Uses rsi.
void Baseline::forget_private_instance() {
  if (!objects_are_locked()) return;
  a_.load64(Reg::rsi, Mem{kThread, at::kInterpState});
  a_.store64(Mem{Reg::rsi, at::kPrivateInstance}, 0);
}

}  // namespace baton
