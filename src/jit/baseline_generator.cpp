// Generators and coroutines: resuming one that is suspended, and yielding to whoever resumed this one, as the handlers' short
// ways do.
#include "heap/remembered.h"
#include "interp/tiers.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/async_generator.h"
#include "threads/gil.h"

namespace baton {

extern TypeDef async_send_def;

// The generator rax, which was seen in state rsi, runs from now on, and it is this thread that runs it, as claim_generator() in
// slow_call.cpp does it. Uses rcx, rdx.
void Baseline::claim_generator() {
  Mem state{Reg::rax, at::kGeneratorState}, in_short_section{kThread, at::kInShortSection};
  auto running = static_cast<u8>(GeneratorState::Running);
  if (!objects_are_locked()) return a_.store8(state, running);
  Label by_exchange = a_.make_label(), another_has_it = a_.make_label(), claimed = a_.make_label();
  a_.store8(in_short_section, 1);
  a_.alu8(Alu::cmp, Mem{kThread, at::kHasBias}, 0);
  a_.jump_if(Cond::equal, by_exchange);
  a_.load8(Reg::rcx, state);
  a_.alu32(Alu::cmp, Reg::rcx, Reg::rsi);
  a_.jump_if(Cond::not_equal, another_has_it);
  a_.store8(state, running);
  a_.store8(in_short_section, 0);
  a_.begin_aside(claimed);
  a_.bind(another_has_it);
  a_.store8(in_short_section, 0);
  a_.jump(leave());
  a_.bind(by_exchange);
  a_.store8(in_short_section, 0);
  a_.alu32(Alu::cmp, Mem{kThread, at::kBiasCountdown}, 1);  // the handler sees to it that the bias is considered
  a_.jump_if(Cond::equal, leave());
  a_.alu32(Alu::sub, Mem{kThread, at::kBiasCountdown}, 1);
  a_.move(Reg::rdx, Reg::rax);
  a_.move(Reg::rax, Reg::rsi);
  a_.move_constant(Reg::rcx, running);
  a_.locked_compare_exchange8(Mem{Reg::rdx, at::kGeneratorState}, Reg::rcx);
  a_.move(Reg::rax, Reg::rdx);
  a_.jump_if(Cond::equal, claimed);
  a_.jump(leave());
  a_.end_aside();
  a_.bind(claimed);
}

// The generator or coroutine rax starts or goes on, with r9 as what its yield gives. entry: Send; or AsyncSend, of an async
// generator that the AsyncSend in register b resumes.
void Baseline::resume(EntryKind entry) {
  need_frame();
  constexpr i32 kFrameAt = at::kGeneratorFrame;
  Label is_suspended = a_.make_label(), no_value = a_.make_label(), is_handling = a_.make_label();
  a_.load8(Reg::rsi, Mem{Reg::rax, at::kGeneratorState});
  a_.alu32(Alu::cmp, Reg::rsi, static_cast<i32>(GeneratorState::Suspended));
  a_.jump_if(Cond::equal, is_suspended);
  a_.alu32(Alu::cmp, Reg::rsi, static_cast<i32>(GeneratorState::Created));
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::r9, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(is_suspended);
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::r10, Mem{kThread, at::kRecursionDepth});
  a_.alu64(Alu::cmp, Reg::r10, Mem{kThread, at::kRecursionLimit});
  a_.jump_if(Cond::greater_equal, leave());
  claim_generator();
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kGeneratorHandled}, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::not_equal, is_handling);
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.alu64(Alu::add, Reg::r10, 1);
  a_.store64(Mem{kThread, at::kRecursionDepth}, Reg::r10);
  if (entry == EntryKind::AsyncSend) {
    load(Reg::rdx, at().b);
    a_.store8(Mem{Reg::rdx, at::kAsyncSendState}, static_cast<u8>(AwaitState::Iterating));
    a_.store8(Mem{Reg::rax, at::kGeneratorRunningAsync}, 1);
  }
  a_.store64(Mem{Reg::rax, kFrameAt + at::kFramePrevious}, kFrame);
  a_.load64(Reg::rcx, Mem{kFrame, at::kFrameStackTop});
  a_.store64(Mem{Reg::rax, kFrameAt + at::kFrameStackTop}, Reg::rcx);
  a_.store8(Mem{Reg::rax, kFrameAt + at::kFrameEntry}, static_cast<u8>(entry));
  a_.store8(Mem{Reg::rax, kFrameAt + at::kFrameEntry + 1}, 0);  // is_traced
  a_.load64(Reg::rcx, Mem{kThread, at::kHandled});
  a_.store64(Mem{Reg::rax, kFrameAt + at::kFrameInheritedHandled}, Reg::rcx);
  a_.load_address(kFrame, Mem{Reg::rax, kFrameAt});
  a_.store64(Mem{kThread, at::kTopFrame}, kFrame);
  a_.load64(kRegisters, Mem{kFrame, at::kFrameRegisters});
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
  a_.alu32(Alu::cmp, Reg::rsi, static_cast<i32>(GeneratorState::Suspended));
  a_.jump_if(Cond::not_equal, no_value);
  a_.load16(Reg::rcx, Mem{kPc, offsetof(Instruction, a)});
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::r9);
  a_.bind(no_value);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
  a_.bind(is_handling);
  a_.store8(Mem{Reg::rax, at::kGeneratorState}, Reg::rsi);
  a_.jump(leave());
}

// A new generator or coroutine of the frame, which is that of a call, as slow_make_generator() makes it.
void Baseline::return_generator() {
  bool is_coroutine = code_->has_flag(kCodeCoroutine);
  Type* type = is_coroutine ? types.coroutine : types.generator;
  usize bytes = sizeof(Generator) + code_->register_count_ * sizeof(Value);
  constexpr usize kMostBytes = 1024;
  if (bytes > kMostBytes || code_->has_flag(kCodeAsyncGenerator) || type->tail_offset()) return leave_always();
  a_.alu64(Alu::cmp, Mem{kFrame, at::kFrameObject}, 0);
  a_.jump_if(Cond::not_equal, leave());
  bool is_finalised = is_coroutine || code_->exception_count_ > 0;  // closing it may do something
  for (u32 i = 0; i < count_; ++i) is_finalised |= static_cast<Op>(instructions_[i].op) == Op::YieldFrom;
  Label is_called = a_.make_label();
  a_.load32(Reg::rdx, Mem{kFrame, at::kFrameEntry});  // and what tells that it is traced
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Call));
  if (is_finalised) {  // the handler at the end returns to natives, too
    a_.jump_if(Cond::equal, is_called);
    a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Native));
  }
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(is_called);
  if (is_coroutine) {
    a_.alu32(Alu::cmp, Mem{kThread, at::kCoroutineOriginDepth}, 0);
    a_.jump_if(Cond::greater, leave());
  }
  Reg made = Reg::rax;
  allocate(made, bytes);
  store_header(made, header_of(is_coroutine ? kKindCoroutine : kKindGenerator, type->instance_shape()->id()));
  static_assert(sizeof(Frame) % 16 == 0);
  for (i32 at = 0; at < static_cast<i32>(sizeof(Frame)); at += 16) {
    a_.load128(Xmm::x0, Mem{kFrame, at});
    a_.store128(Mem{made, at::kGeneratorFrame + at}, Xmm::x0);
  }
  auto frame_field = [&](i32 at) { return Mem{made, at::kGeneratorFrame + at}; };
  a_.load_address(Reg::rcx, Mem{made, sizeof(Generator)});
  a_.store64(frame_field(at::kFrameRegisters), Reg::rcx);
  a_.store64(frame_field(at::kFrameGenerator), made);
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.store64(frame_field(at::kFramePc), kPc);
  for (i32 at : {at::kFrameObject, at::kFramePrevious, at::kFrameStackTop}) a_.store64(frame_field(at), 0);
  a_.store64(frame_field(at::kFrameInheritedHandled), static_cast<i32>(Value::kNoneBits));
  a_.load64(Reg::rcx, Mem{kFrame, at::kFrameFunction});
  a_.store64(Mem{made, at::kGeneratorFunction}, Reg::rcx);
  a_.load64(Reg::rdx, Mem{Reg::rcx, at::kFunctionName});
  a_.store64(Mem{made, at::kGeneratorName}, Reg::rdx);
  a_.load64(Reg::rdx, Mem{Reg::rcx, at::kFunctionQualname});
  a_.store64(Mem{made, at::kGeneratorQualname}, Reg::rdx);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(code_));
  a_.store64(Mem{made, at::kGeneratorCode}, Reg::rcx);
  for (i32 at : {at::kGeneratorDelegate, at::kGeneratorFrameObject}) a_.store64(Mem{made, at}, 0);
  for (i32 at : {at::kGeneratorHandled, at::kGeneratorOrigin, at::kGeneratorFinalizer})
    a_.store64(Mem{made, at}, static_cast<i32>(Value::kNoneBits));
  static_assert(at::kGeneratorState == at::kGeneratorRegisterCount + 4 && at::kGeneratorState + 4 == sizeof(Generator) &&
                static_cast<u8>(GeneratorState::Created) == 0);
  a_.store64(Mem{made, at::kGeneratorRegisterCount}, static_cast<i32>(code_->register_count_));
  u32 locals = code_->frame_local_count_, count = code_->register_count_;
  for (u32 i = 0; i < count; ++i) {
    Mem to{made, static_cast<i32>(sizeof(Generator) + i * sizeof(Value))};
    if (i < locals) {
      load(Reg::rcx, i);
      a_.store64(to, Reg::rcx);
    } else {
      a_.store64(to, 0);
    }
  }
  if (is_finalised) {
    a_.move(kPc, made);
    a_.jump_address(return_generator_address());
  } else {
    drop_frame(Caller::Python);
    go_on_behind_call();
  }
  facts_.clear();
}

// A coroutine that nobody awaits yet; and where an __await__() has been that is a generator function.
void Baseline::get_awaitable() {
  if (noted() & kItemMethodSeen) {
    Label no_method = a_.make_label();
    const Given given[] = {{at().b}};
    enter_item_method(Slot::await, given, 1, at().a, EntryKind::Call, no_method);
    a_.bind(no_method);
  }
  load(Reg::rax, at().b);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindCoroutine, leave());
  a_.alu8(Alu::cmp, Mem{Reg::rax, at::kGeneratorState}, static_cast<u8>(GeneratorState::Created));
  a_.jump_if(Cond::not_equal, leave());
  store(at().a, Reg::rax);
}

// Of an async generator that has begun an AsyncSend; where an __anext__() has been that is a coroutine function, its coroutine.
void Baseline::get_async_next() {
  const Instruction& in = at();
  if (noted() & kItemMethodSeen) {
    Label no_method = a_.make_label();
    const Given given[] = {{in.b}};
    enter_item_method(Slot::anext, given, 1, in.a, EntryKind::Call, no_method);
    a_.bind(no_method);
  }
  Type* type = made_type(async_send_def);
  if (!type) return leave_always_counted();
  load(Reg::rdx, in.b);
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindAsyncGenerator, leave());
  a_.alu8(Alu::cmp, Mem{Reg::rdx, at::kGeneratorHooksInited}, 0);
  a_.jump_if(Cond::equal, leave());
  allocate(Reg::rax, sizeof(AsyncSend));
  store_header(Reg::rax, header_of(type));
  a_.store64(Mem{Reg::rax, at::kAsyncSendGenerator}, Reg::rdx);
  a_.store64(Mem{Reg::rax, at::kAsyncSendValue}, static_cast<i32>(Value::kNoneBits));
  static_assert(at::kAsyncSendState + 8 == sizeof(AsyncSend) && static_cast<u8>(AwaitState::Init) == 0);
  a_.store64(Mem{Reg::rax, at::kAsyncSendState}, 0);
  store(in.a, Reg::rax);
}

// A generator or coroutine ends, as finish_generator() and pop_frame() do it. The value rax goes to the send or the native that
// resumed it, and a loop is over. The handler ends async generators, of which their event loop may have to be told.
void Baseline::return_from_generator() {
  constexpr u32 kMostRegisters = 64;
  if (code_->register_count_ > kMostRegisters || code_->has_flag(kCodeAsyncGenerator)) return leave_always();
  Label is_awaited = a_.make_label(), is_loop = a_.make_label(), to_native = a_.make_label(), finish = a_.make_label();
  a_.load64(Reg::rcx, Mem{kFrame, at::kFrameGenerator});
  a_.alu64(Alu::test, Reg::rcx, Reg::rcx);
  a_.jump_if(Cond::equal, leave());
  a_.alu8(Alu::cmp, Mem{kFrame, at::kFrameEntry + 1}, 0);  // is_traced
  a_.jump_if(Cond::not_equal, leave());
  a_.load8(Reg::rdx, Mem{kFrame, at::kFrameEntry});
  for (EntryKind entry : {EntryKind::Send, EntryKind::ForIter, EntryKind::GeneratorNative}) {
    a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(entry));
    a_.jump_if(Cond::equal, finish);
  }
  a_.jump(leave());
  a_.bind(finish);
  a_.store8(Mem{Reg::rcx, at::kGeneratorState}, static_cast<u8>(GeneratorState::Finished));
  a_.load64(Reg::rsi, Mem{kFrame, at::kFrameInheritedHandled});
  a_.store64(Mem{kThread, at::kHandled}, Reg::rsi);
  a_.store64(Mem{Reg::rcx, at::kGeneratorHandled}, static_cast<i32>(Value::kNoneBits));
  a_.store64(Mem{Reg::rcx, at::kGeneratorFrameObject}, 0);
  if (!objects_are_locked()) {
    a_.alu8(Alu::and_, Mem{Reg::rcx, at::kGcFlags}, static_cast<u8>(~kFinalizable));
  } else {  // other threads may set other flags
    Label no_finaliser = a_.make_label();
    a_.alu8(Alu::test, Mem{Reg::rcx, at::kGcFlags}, kFinalizable);
    a_.jump_if(Cond::equal, no_finaliser);
    a_.locked_and8(Mem{Reg::rcx, at::kGcFlags}, static_cast<u8>(~kFinalizable));
    a_.bind(no_finaliser);
  }
  for (u32 k = 0; k < code_->register_count_; ++k) a_.store64(reg(k), 0);
  a_.load64(kFrame, Mem{kFrame, at::kFramePrevious});
  a_.store64(Mem{kThread, at::kTopFrame}, kFrame);
  a_.alu64(Alu::sub, Mem{kThread, at::kRecursionDepth}, 1);
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::GeneratorNative));
  a_.jump_if(Cond::equal, to_native);
  a_.load64(kRegisters, Mem{kFrame, at::kFrameRegisters});
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::ForIter));
  a_.jump_if(Cond::equal, is_loop);
  a_.load16(Reg::rcx, Mem{kPc, offsetof(Instruction, a)});
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::rax);
  a_.jump(is_awaited);
  a_.bind(is_loop);  // its end is in front, or it has 0: the next instruction
  a_.load16(Reg::rcx, Mem{kPc, offsetof(Instruction, c)});
  static_assert(sizeof(Instruction) == 8);
  a_.load_address(kPc, Mem{kPc, 0, Reg::rcx, 8});
  a_.bind(is_awaited);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
  a_.bind(to_native);
  a_.load64(Reg::rcx, Mem{kThread, at::kInterpState});
  a_.store8(Mem{Reg::rcx, at::kGeneratorReturned}, 1);
  a_.leave_function();
}

void Baseline::send() {
  const Instruction& in = at();
  Label is_generator = a_.make_label();
  load(Reg::rax, in.b);
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  a_.alu32(Alu::cmp, Reg::rcx, kKindCoroutine);
  a_.jump_if(Cond::equal, is_generator);
  a_.alu32(Alu::cmp, Reg::rcx, kKindGenerator);
  Type* async_send = (noted() & kAsyncSendSeen) && !objects_are_locked() ? made_type(async_send_def) : nullptr;
  if (!async_send) {
    a_.jump_if(Cond::not_equal, leave());
  } else {
    a_.jump_if(Cond::equal, is_generator);
    send_to_async_generator(async_send);
  }
  a_.bind(is_generator);
  load(Reg::r9, in.c);
  resume(EntryKind::Send);
}

// rax: a cell. See the handler's send_to_async_generator(). With a GIL, or one thread.
void Baseline::send_to_async_generator(Type* type) {
  Label has_begun = a_.make_label(), has_value = a_.make_label();
  a_.alu32(Alu::cmp, Mem{Reg::rax, at::kShape}, static_cast<i32>(type->instance_shape()->id()));
  a_.jump_if(Cond::not_equal, leave());
  a_.move(Reg::rdx, Reg::rax);
  a_.load64(Reg::rax, Mem{Reg::rdx, at::kAsyncSendGenerator});
  load(Reg::r9, at().c);
  a_.load8(Reg::rcx, Mem{Reg::rdx, at::kAsyncSendState});
  a_.alu32(Alu::cmp, Reg::rcx, static_cast<i32>(AwaitState::Iterating));
  a_.jump_if(Cond::equal, has_begun);
  a_.jump_if(Cond::above, leave());
  a_.alu8(Alu::cmp, Mem{Reg::rax, at::kGeneratorRunningAsync}, 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu64(Alu::cmp, Reg::r9, static_cast<i32>(Value::kNoneBits));
  a_.jump_if(Cond::not_equal, has_value);
  a_.load64(Reg::r9, Mem{Reg::rdx, at::kAsyncSendValue});
  a_.bind(has_value);
  a_.bind(has_begun);
  resume(EntryKind::AsyncSend);
}

// The generator of this frame suspends itself at `yields` with the value of register b, as Yield does it, and AsyncGenWrap in
// front of one. Then rax has the value, rcx the generator, rdx how it was entered, and rsi the frame that resumed it.
void Baseline::suspend(const Instruction& yields) {
  a_.alu8(Alu::cmp, Mem{kFrame, at::kFrameEntry + 1}, 0);  // is_traced
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rcx, Mem{kFrame, at::kFrameGenerator});
  Label is_young = a_.make_label();
  a_.alu8(Alu::test, Mem{Reg::rcx, at::kGcFlags}, kOld);
  a_.jump_if(Cond::equal, is_young);
  a_.alu8(Alu::test, Mem{Reg::rcx, at::kGcFlags}, kRemembered);  // or its registers would have to be remembered
  a_.jump_if(Cond::equal, leave());
  a_.bind(is_young);
  a_.load8(Reg::rdx, Mem{kFrame, at::kFrameEntry});
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::AsyncSend));
  a_.jump_if(&yields == &at() ? Cond::equal : Cond::not_equal, leave());
  load(Reg::rax, at().b);
  if (yields.c) store_constant(yields.b, 0);
  a_.move_constant(kPc, reinterpret_cast<u64>(&yields));
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.load64(Reg::rsi, Mem{kFrame, at::kFrameInheritedHandled});
  a_.store64(Mem{kThread, at::kHandled}, Reg::rsi);
  a_.load64(Reg::rsi, Mem{kFrame, at::kFramePrevious});
  a_.store64(Mem{kFrame, at::kFramePrevious}, 0);
  a_.store8(Mem{Reg::rcx, at::kGeneratorState}, static_cast<u8>(GeneratorState::Suspended));  // any thread may resume it now
  a_.store64(Mem{kThread, at::kTopFrame}, Reg::rsi);
  a_.alu64(Alu::sub, Mem{kThread, at::kRecursionDepth}, 1);
}

// The state becomes that of the frame rsi.
void Baseline::return_to_frame() {
  a_.move(kFrame, Reg::rsi);
  a_.load64(kRegisters, Mem{kFrame, at::kFrameRegisters});
  a_.load64(kPc, Mem{kFrame, at::kFramePc});
}

// In front of the Yield of the value: where an AsyncSend of this loop waits for it, it ends with the value as it is.
void Baseline::async_generator_wrap() {
  const Instruction& in = at();
  const Instruction& yields = (&in)[1];
  if (objects_are_locked() || static_cast<Op>(yields.op) != Op::Yield || yields.b != in.a) return leave_always();
  suspend(yields);
  return_to_frame();
  a_.load16(Reg::rdx, Mem{kPc, offsetof(Instruction, b)});
  a_.load64(Reg::rdx, Mem{kRegisters, 0, Reg::rdx, 8});
  a_.store8(Mem{Reg::rdx, at::kAsyncSendState}, static_cast<u8>(AwaitState::Closed));
  a_.store8(Mem{Reg::rcx, at::kGeneratorRunningAsync}, 0);
  a_.load16(Reg::rcx, Mem{kPc, offsetof(Instruction, a)});
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::rax);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
}

// To a loop, a send or a native that resumed this generator.
void Baseline::yield() {
  const Instruction& in = at();
  Label to_native = a_.make_label(), skips = a_.make_label(), goes_on = a_.make_label();
  suspend(in);
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::GeneratorNative));
  a_.jump_if(Cond::equal, to_native);
  return_to_frame();
  a_.load16(Reg::rcx, Mem{kPc, offsetof(Instruction, a)});
  a_.store64(Mem{kRegisters, 0, Reg::rcx, 8}, Reg::rax);
  // A send, and a loop whose instruction says so, skip the instruction behind.
  a_.alu32(Alu::cmp, Reg::rdx, static_cast<i32>(EntryKind::Send));
  a_.jump_if(Cond::equal, skips);
  a_.alu16(Alu::cmp, Mem{kPc, offsetof(Instruction, c)}, 0);
  a_.jump_if(Cond::not_equal, goes_on);
  a_.bind(skips);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  a_.bind(goes_on);
  a_.alu64(Alu::add, kPc, static_cast<i32>(sizeof(Instruction)));
  go_on_in_frame();
  a_.bind(to_native);
  a_.leave_function();  // the dispatch loop ends with the value in rax
}

}  // namespace baton
