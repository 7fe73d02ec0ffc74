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

// Behind the body: the end by right of the bias, and aside the beginning by the byte. has_another: the same body comes again for
// that; else it goes to this one.
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
  a_.begin_aside(locking.done);
  a_.bind(locking.failed);
  end_section(locking.byte_failed);
  a_.jump(leave());

  a_.bind(locking.by_byte);
  a_.store8(in_short_section, 0);
  a_.alu32(Alu::cmp, Mem{kThread, at::kBiasCountdown}, 1);  // the handler sees to it that the bias is considered
  a_.jump_if(Cond::equal, leave());
  a_.alu32(Alu::sub, Mem{kThread, at::kBiasCountdown}, 1);
  write_back_for_handler();
  if (locking.object == Reg::rax) load(Reg::r8, at().a);
  a_.move_constant(Reg::rax, 0);
  change_lock_byte(locking, 1);
  if (locking.object == Reg::rax) a_.move(Reg::rax, Reg::r8);
  if (has_another) {
    a_.jump_if(Cond::not_equal, leave());
    instead_of_leaving_ = locking.byte_failed;
  } else {
    a_.jump_if(Cond::equal, locking.locked);
    a_.jump(leave());
  }
}

// From what rax has to `to`, of the object in its register, or in r8 where that is rax.
void Baseline::change_lock_byte(const Locking& locking, u64 to) {
  Reg object = locking.object == Reg::rax ? Reg::r8 : locking.object, byte = locking.object == Reg::rax ? Reg::rcx : Reg::r10;
  a_.move_constant(byte, to);
  a_.locked_compare_exchange8(Mem{object, at::kLockByte}, byte);
}

// Who locks by the byte may have to leave to a handler that knows nothing of values which are in registers only. Uses rax, rcx,
// r8.
void Baseline::write_back_for_handler() {
  for (const Fact& fact : at_begin_) {
    if (!fact.is_pending) continue;
    if (fact.is_float) {
      box(Reg::rax, fact.xmm, leave());
      a_.store64(place(fact.reg), Reg::rax);
    } else {
      store_pending(fact);
    }
  }
}

void Baseline::end_lock(const Locking& locking) {
  need_frame();
  u64 pc = reinterpret_cast<u64>(&at());
  bool is_call = static_cast<Op>(at().op) == Op::Call;
  instead_of_leaving_ = {};
  a_.bind(locking.release);
  load(locking.object == Reg::rax ? Reg::r8 : locking.object, at().a + is_call);
  a_.move_constant(Reg::rax, 1);
  change_lock_byte(locking, 0);
  a_.jump_if(Cond::equal, locking.done);
  u32 written = a_.written();
  a_.move_constant(kPc, pc);  // somebody waits for the byte
  a_.jump_address(is_call ? end_append_address() : end_store_address());
  a_.bind(locking.byte_failed);
  a_.move_constant(kPc, pc);
  a_.jump_address(is_call ? retry_append_address() : retry_store_address());
  a_.forget_written(written);
  a_.end_aside();
  a_.bind(locking.done);
}

void Baseline::find_private_containers() {
  if (is_generator_code(code_)) return;
  auto name = [](void* self, u32 i) {
    const Baseline& baseline = *static_cast<Baseline*>(self);
    auto* text = baseline.code_->names()->at(baseline.instructions_[i].c).as<Str>();
    return text->is_ascii() ? text->ascii() : std::string_view();
  };
  containers_.find({instructions_, count_, code_->parameter_count(), code_->local_count_, code_->exception_table_,
                    code_->exception_count_, name, this});
}

// Where no other thread knows the container as far as the code tells: who looked into the frame may.
void Baseline::leave_if_shown() {
  need_frame();
  a_.alu8(Alu::cmp, Mem{kFrame, at::kFrameIsShown}, 0);
  a_.jump_if(Cond::not_equal, leave());
}

Baseline::Alone Baseline::begin_alone() {
  Alone alone{a_.make_label(), a_.make_label(), instead_of_leaving_};
  a_.store8(Mem{kThread, at::kInShortSection}, 1);
  a_.alu8(Alu::cmp, Mem{kThread, at::kHasBias}, 0);
  a_.jump_if(Cond::equal, alone.failed);
  instead_of_leaving_ = alone.failed;
  return alone;
}

void Baseline::end_alone(const Alone& alone) {
  Mem in_short_section{kThread, at::kInShortSection};
  instead_of_leaving_ = alone.outer;
  a_.store8(in_short_section, 0);
  a_.begin_aside(alone.done);
  a_.bind(alone.failed);
  a_.store8(in_short_section, 0);
  a_.jump(leave());
  a_.end_aside();
  a_.bind(alone.done);
}

// Behind reads that are safe beside other threads' stores, but may have missed some: if this thread has the bias still it had it
// all the time, as only the thread itself can take it, and nobody stored. What was read is how things are now.
void Baseline::leave_unless_alone() {
  if (!objects_are_locked()) return;
  a_.alu8(Alu::cmp, Mem{kThread, at::kHasBias}, 0);
  a_.jump_if(Cond::equal, leave());
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
