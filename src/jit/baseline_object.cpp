// Names, variables of outer functions, lengths; and which template an instruction on objects has.
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "threads/gil.h"

namespace baton {

// The record is read when the code runs, for what it refers to comes and goes with it.
void Baseline::load_global(bool for_call) {
  const Instruction& in = at();
  Field<Value>& cache = code_->caches()[i_];
  if (!cache.get().is_cell()) return leave_always_counted();
  CacheForm form = cache.get().as<CacheRecord>()->form_;
  a_.move_constant(Reg::rax, reinterpret_cast<u64>(&cache));
  load_present(Reg::rax, Mem{Reg::rax});
  load_of_function(Reg::rcx, at::kFrameGlobals, at::kFunctionGlobals);
  a_.load64(Reg::rcx, Mem{Reg::rcx, at::kDictTable});
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kRecordTable});
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu8(Alu::cmp, Mem{Reg::rax, at::kRecordForm}, static_cast<u8>(form));
  a_.jump_if(Cond::not_equal, leave_counted());
  if (form != CacheForm::Global) {
    a_.load32(Reg::rdx, Mem{Reg::rax, at::kRecordEntryCount});
    a_.alu32(Alu::cmp, Reg::rdx, Mem{Reg::rcx, at::kTableEntryCount});
    a_.jump_if(Cond::not_equal, leave());
    load_of_function(Reg::rcx, at::kFrameBuiltins, at::kFunctionBuiltins);
    a_.load64(Reg::rcx, Mem{Reg::rcx, at::kDictTable});
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kRecordSecondTable});
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.load64(Reg::rax, Mem{Reg::rax, at::kRecordPlace});
  load_present(Reg::rax, Mem{Reg::rax});
  store(in.a, Reg::rax);
  if (!for_call) return;
  store_constant(in.a + 1u, 0);
  know_absent(in.a + 1u);
}

// Into an entry that is there. Beside other threads the handler stores.
void Baseline::store_global() {
  const Instruction& in = at();
  Field<Value>& cache = code_->caches()[i_];
  if (!cache.get().is_cell()) return leave_always_counted();
  load(Reg::rdx, in.b);
  alone([&] {
    a_.move_constant(Reg::rax, reinterpret_cast<u64>(&cache));
    load_present(Reg::rax, Mem{Reg::rax});
    load_of_function(Reg::rsi, at::kFrameGlobals, at::kFunctionGlobals);
    a_.load64(Reg::rsi, Mem{Reg::rsi, at::kDictTable});
    a_.alu64(Alu::cmp, Reg::rsi, Mem{Reg::rax, at::kRecordTable});
    a_.jump_if(Cond::not_equal, leave_counted());
    a_.alu8(Alu::cmp, Mem{Reg::rax, at::kRecordForm}, static_cast<u8>(CacheForm::Global));
    a_.jump_if(Cond::not_equal, leave());
    a_.load64(Reg::rax, Mem{Reg::rax, at::kRecordPlace});
    a_.alu64(Alu::cmp, Mem{Reg::rax}, 0);
    a_.jump_if(Cond::equal, leave());
    need_no_barrier(Reg::rsi, Reg::rdx, Mem{Reg::rax}, leave());
    a_.store64(Mem{Reg::rax}, Reg::rdx);
  });
}

void Baseline::load_deref() {
  load(Reg::rax, at().b);
  load_present(Reg::rax, Mem{Reg::rax, at::kClosureCellValue});
  store(at().a, Reg::rax);
}

// Of a variable that an inner function has, too. Beside other threads the handler stores, sequentially consistent.
void Baseline::store_deref() {
  load(Reg::rax, at().a);
  load(Reg::rdx, at().b);
  need_no_barrier(Reg::rax, Reg::rdx, leave());
  alone([&] { a_.store64(Mem{Reg::rax, at::kClosureCellValue}, Reg::rdx); });
}

void Baseline::copy_free_variables() {
  const Instruction& in = at();
  if (inlined_)
    load_function(Reg::rax);
  else
    a_.load64(Reg::rax, Mem{kFrame, at::kFrameFunction});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kFunctionClosure});
  for (u32 k = 0; k < in.b; ++k) {
    a_.load64(Reg::rcx, Mem{Reg::rax, at::kTupleItems + static_cast<i32>(k * 8)});
    store(in.a + k, Reg::rcx);
  }
}

// How many items the cell rax has, if it is a built-in container: to rdx, uses rcx.
void Baseline::load_length(Label otherwise, i64 tested) {
  Label done = a_.make_label();
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  for (usize k = 0; k < std::size(kSizedKinds); ++k) {
    if (!(tested & sized_tested(k))) continue;
    bool is_last = (tested & kSizedTested) < sized_tested(k + 1);
    Label other = is_last ? otherwise : a_.make_label();
    a_.alu32(Alu::cmp, Reg::rcx, kSizedKinds[k]);
    a_.jump_if(Cond::not_equal, other);
    load_length_of(kSizedKinds[k]);
    if (is_last) break;
    a_.jump(done);
    a_.bind(other);
  }
  a_.bind(done);
}
// That of the object rax, of this kind.
void Baseline::load_length_of(u16 kind) {
  i32 place = kind == kKindList    ? at::kListLength
              : kind == kKindStr   ? at::kStrLengthAndFlags
              : kind == kKindTuple ? at::kTupleLength
              : kind == kKindDict  ? at::kDictLength
              : kind == kKindSet   ? at::kSetLength
              : kind == kKindBytes ? at::kBytesLength
                                   : at::kByteArrayLength;
  a_.load64(Reg::rdx, Mem{Reg::rax, place});
  if (kind == kKindStr) a_.shift64(Shift::shr, Reg::rdx, 8);
}

bool Baseline::translate_object(Op op) {
  i64 constant = static_cast<i16>(at().c);
  switch (op) {
    case Op::LoadGlobal: load_global(false); return true;
    case Op::LoadGlobalCallee: load_global(true); return true;
    case Op::StoreGlobal: store_global(); return true;
    case Op::LoadDeref: load_deref(); return true;
    case Op::StoreDeref: store_deref(); return true;
    case Op::CopyFreeVars: copy_free_variables(); return true;
    case Op::LoadAttr: load_attribute(); return true;
    case Op::StoreAttr: store_attribute(); return true;
    case Op::DeleteAttr: delete_attribute(); return true;
    case Op::LoadMethod: load_method(); return true;
    case Op::LoadItem: load_item(nullptr); return true;
    case Op::LoadItemInt: load_item(&constant); return true;
    case Op::StoreItem: store_item(); return true;
    case Op::DeleteItem: delete_item(); return true;
    case Op::Contains: contains(false); return true;
    case Op::NotContains: contains(true); return true;
    case Op::DictSet: dict_set(); return true;
    case Op::SetAdd: set_add(); return true;
    case Op::ListAppend: append_to_list(); return true;
    case Op::UnpackSequence: unpack_sequence(); return true;
    case Op::ForIter: for_iter(); return true;
    default: return false;
  }
}

}  // namespace baton
