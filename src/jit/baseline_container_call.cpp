// Calls of methods of lists, dicts and sets that need no handler: list.append() and pop(), dict.get(), pop() and setdefault(),
// set.add(), discard() and remove(). What raises is the handler's.
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/set.h"

namespace baton {

// The object in front of the arguments, to `container`, is of this kind.
void Baseline::need_container(u16 kind, Reg container) {
  u32 n = at().a + 1u;
  load(container, n);
  if (known_kind(n) == kind) return;
  if (!is_known_present(n)) {
    a_.alu64(Alu::test, container, container);
    a_.jump_if(Cond::equal, leave());
  }
  need_cell(container, leave());
  need_kind(container, kind, leave());
}

// list.append(x) of a list with room, or set.add(x) as far as add_to_set() goes.
void Baseline::call_append(Value callee, u16 kind) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  Reg container = Reg::r11;
  need_container(kind, container);
  if (kind == kKindList) {
    with_lock(container, Body::Long, [&] {
      a_.move(Reg::rax, container);
      append(in.a + 2u);
    });
  } else {
    load(Reg::rdx, in.a + 2u);
    load_key_hash(in.a + 2u);
    with_lock(container, Body::Long, [&] {
      a_.move(Reg::rax, container);
      add_to_set();
    });
  }
  store_constant(in.c, Value::kNoneBits);
}

// list.pop() of a list that doesn't give memory back by it.
void Baseline::call_pop(Value callee) {
  const Instruction& in = at();
  constexpr i32 kKeeps = 64;
  load(Reg::rax, in.a);
  need_native(callee);
  need_container(kKindList, Reg::r11);
  alone([&] {
    a_.load64(Reg::rdx, Mem{Reg::r11, at::kListLength});
    a_.alu64(Alu::sub, Reg::rdx, 1);
    a_.jump_if(Cond::sign, leave());
    a_.load64(Reg::rcx, Mem{Reg::r11, at::kListStorage});
    a_.alu64(Alu::cmp, Mem{Reg::rcx, at::kArrayCapacity}, kKeeps);
    a_.jump_if(Cond::above, leave());
    load_present(Reg::rsi, Mem{Reg::rcx, at::kArrayItems, Reg::rdx, 8});
    a_.store64(Mem{Reg::r11, at::kListLength}, Reg::rdx);
    a_.store64(Mem{Reg::rcx, at::kArrayItems, Reg::rdx, 8}, 0);
  });
  store(in.c, Reg::rsi);
}

// dict.get() of a key that can be searched here.
void Baseline::call_get(Value callee) {
  const Instruction& in = at();
  Label absent = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.a);
  need_native(callee);
  need_container(kKindDict, Reg::rax);
  load(Reg::rdx, in.a + 2u);
  load_key_hash(in.a + 2u);
  a_.alu64(Alu::cmp, Mem{Reg::rax, at::kDictTable}, 0);
  a_.jump_if(Cond::equal, absent);
  find_entry(absent);
  load_present(Reg::rcx, Mem{Reg::r11, at::kEntryValue});
  a_.store64(reg(in.c), Reg::rcx);
  a_.jump(done);
  a_.bind(absent);
  leave_unless_alone();
  if (in.b == 2)
    load(Reg::rcx, in.a + 3u);
  else
    a_.move_constant(Reg::rcx, Value::kNoneBits);
  a_.store64(reg(in.c), Reg::rcx);
  a_.bind(done);
  forget(in.c);
}

// dict.setdefault() of a key that is there.
void Baseline::call_setdefault(Value callee) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  need_container(kKindDict, Reg::rax);
  load(Reg::rdx, in.a + 2u);
  load_key_hash(in.a + 2u);
  find_entry(leave());
  load_present(Reg::rcx, Mem{Reg::r11, at::kEntryValue});
  store(in.c, Reg::rcx);
}

// dict.pop() of a key that is there, or with what it gives instead. Beside other threads the handler does it.
void Baseline::call_dict_pop(Value callee) {
  const Instruction& in = at();
  bool has_default = in.b == 2;
  load(Reg::rax, in.a);
  need_native(callee);
  need_container(kKindDict, Reg::rax);
  load(Reg::rdx, in.a + 2u);
  load_key_hash(in.a + 2u);
  alone([&] {
    Label absent = has_default ? a_.make_label() : leave(), done = a_.make_label();
    find_entry(absent);
    load_present(Reg::rdx, Mem{Reg::r11, at::kEntryValue});
    drop_entry(in.a + 1u);
    if (has_default) {
      a_.jump(done);
      a_.bind(absent);
      load(Reg::rdx, in.a + 3u);
    }
    a_.bind(done);
  });
  store(in.c, Reg::rdx);
}

// set.discard() or remove(). Beside other threads the handler does it.
void Baseline::call_discard(Value callee, bool is_remove) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  need_container(kKindSet, Reg::rax);
  load(Reg::rdx, in.a + 2u);
  load_key_hash(in.a + 2u);
  alone([&] {
    Label is_there = a_.make_label(), done = a_.make_label();
    find_in_set(is_there, is_remove ? leave() : done);
    a_.bind(is_there);
    load(Reg::rax, in.a + 1u);
    a_.store64(Mem{Reg::r11, at::kSetKey}, static_cast<i32>(kSetRemoved.bits()));
    a_.alu64(Alu::sub, Mem{Reg::rax, at::kSetLength}, 1);
    a_.bind(done);
  });
  store_constant(in.c, Value::kNoneBits);
}

}  // namespace baton
