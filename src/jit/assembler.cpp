// x86-64 machine code by asmjit: the only file that knows it.
#include "jit/assembler.h"

#include <cstring>

#define ASMJIT_STATIC
#include <asmjit/x86.h>

#include "base/check.h"

namespace baton {

namespace x86 = asmjit::x86;

struct Assembler::Impl {
  explicit Impl(u64 base) {
    holder.init(asmjit::Environment::host(), base);
    holder.attach(&a);
  }
  void note(asmjit::Error e) {
    if (e != asmjit::kErrorOk) bad = true;
  }
  asmjit::CodeHolder holder;
  x86::Assembler a;
  u64 base = 0;
  bool bad = false;
};

static x86::Gp r64(Reg r) { return x86::gpq(static_cast<u32>(r)); }
static x86::Gp r32(Reg r) { return x86::gpd(static_cast<u32>(r)); }
static x86::Gp r16(Reg r) { return x86::gpw(static_cast<u32>(r)); }
static x86::Gp r8(Reg r) { return x86::gpb_lo(static_cast<u32>(r)); }
static x86::Xmm xmm(Xmm r) { return x86::xmm(static_cast<u32>(r)); }
static asmjit::Label label_of(Label l) { return asmjit::Label(l.id); }
static x86::Mem memory(Mem m, u32 size) {
  if (!m.scale) return x86::Mem(r64(m.base), m.displacement, size);
  u32 shift = m.scale == 8 ? 3 : m.scale == 4 ? 2 : m.scale == 2 ? 1 : 0;
  if (!m.has_base) return x86::ptr(static_cast<u64>(m.displacement), r64(m.index), shift, size);
  return x86::Mem(r64(m.base), r64(m.index), shift, m.displacement, size);
}
static x86::CondCode condition(Cond c) { return static_cast<x86::CondCode>(c); }  // both are the x86 numbers
static x86::Inst::Id alu_id(Alu op) {
  static constexpr x86::Inst::Id ids[] = {x86::Inst::kIdAdd, x86::Inst::kIdSub, x86::Inst::kIdAnd, x86::Inst::kIdOr,
                                          x86::Inst::kIdXor, x86::Inst::kIdCmp, x86::Inst::kIdTest};
  return ids[static_cast<u8>(op)];
}
static x86::Inst::Id shift_id(Shift op) {
  static constexpr x86::Inst::Id ids[] = {x86::Inst::kIdShl, x86::Inst::kIdShr, x86::Inst::kIdSar, x86::Inst::kIdRol};
  return ids[static_cast<u8>(op)];
}

static bool changes(Alu op) { return op != Alu::cmp && op != Alu::test; }

#define EMIT(...) impl_->note(impl_->a.__VA_ARGS__)

Assembler::Assembler(u64 base_address) : impl_(std::make_unique<Impl>(base_address)) { impl_->base = base_address; }
Assembler::~Assembler() = default;
Label Assembler::make_label() { return Label{impl_->a.newLabel().id()}; }
void Assembler::bind(Label label) { EMIT(bind(label_of(label))); }
u64 Assembler::offset_of(Label label) const { return impl_->holder.labelOffset(label_of(label)); }

void Assembler::move(Reg to, Reg from) {
  wrote(to);
  EMIT(mov(r64(to), r64(from)));
}
void Assembler::move_constant(Reg to, u64 value) {
  wrote(to);
  if (value == 0)
    EMIT(xor_(r32(to), r32(to)));
  else if (value <= 0xFFFFFFFFu)
    EMIT(mov(r32(to), static_cast<u32>(value)));
  else
    EMIT(mov(r64(to), value));
}
void Assembler::load64(Reg to, Mem from) {
  wrote(to);
  EMIT(mov(r64(to), memory(from, 8)));
}
void Assembler::load32(Reg to, Mem from) {
  wrote(to);
  EMIT(mov(r32(to), memory(from, 4)));
}
void Assembler::load16(Reg to, Mem from) {
  wrote(to);
  EMIT(movzx(r32(to), memory(from, 2)));
}
void Assembler::load8(Reg to, Mem from) {
  wrote(to);
  EMIT(movzx(r32(to), memory(from, 1)));
}
void Assembler::load_signed(Reg to, Mem from, u32 bytes) {
  wrote(to);
  if (bytes == 4)
    EMIT(movsxd(r64(to), memory(from, 4)));
  else
    EMIT(movsx(r64(to), memory(from, bytes)));
}
void Assembler::store64(Mem to, Reg from) { EMIT(mov(memory(to, 8), r64(from))); }
void Assembler::store32(Mem to, Reg from) { EMIT(mov(memory(to, 4), r32(from))); }
void Assembler::store64(Mem to, i32 sign_extended) { EMIT(mov(memory(to, 8), sign_extended)); }
void Assembler::store32(Mem to, i32 value) { EMIT(mov(memory(to, 4), value)); }
void Assembler::store8(Mem to, u8 value) { EMIT(mov(memory(to, 1), value)); }
void Assembler::store16(Mem to, Reg from) { EMIT(mov(memory(to, 2), r16(from))); }
void Assembler::store8(Mem to, Reg from) { EMIT(mov(memory(to, 1), r8(from))); }
void Assembler::load_address(Reg to, Mem of) {
  wrote(to);
  EMIT(lea(r64(to), memory(of, 8)));
}
void Assembler::load_address32(Reg to, Mem of) {
  wrote(to);
  EMIT(lea(r32(to), memory(of, 4)));
}

void Assembler::alu64(Alu op, Reg to, Reg from) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r64(to), r64(from)));
}
void Assembler::alu64(Alu op, Reg to, i32 sign_extended) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r64(to), sign_extended));
}
void Assembler::alu64(Alu op, Reg to, Mem from) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r64(to), memory(from, 8)));
}
void Assembler::alu64(Alu op, Mem to, i32 sign_extended) { EMIT(emit(alu_id(op), memory(to, 8), sign_extended)); }
void Assembler::alu32(Alu op, Reg to, Reg from) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r32(to), r32(from)));
}
void Assembler::alu32(Alu op, Reg to, i32 value) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r32(to), value));
}
void Assembler::alu32(Alu op, Reg to, Mem from) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r32(to), memory(from, 4)));
}
void Assembler::alu32(Alu op, Mem to, i32 value) { EMIT(emit(alu_id(op), memory(to, 4), value)); }
void Assembler::alu16(Alu op, Mem to, u16 value) { EMIT(emit(alu_id(op), memory(to, 2), value)); }
void Assembler::alu8(Alu op, Reg to, u8 value) {
  if (changes(op)) wrote(to);
  EMIT(emit(alu_id(op), r8(to), value));
}
void Assembler::alu8(Alu op, Mem to, u8 value) { EMIT(emit(alu_id(op), memory(to, 1), value)); }
void Assembler::locked_compare_exchange8(Mem with, Reg to) {
  wrote(Reg::rax);
  EMIT(lock().cmpxchg(memory(with, 1), r8(to)));
}
void Assembler::multiply(Reg to, Reg from) {
  wrote(to);
  EMIT(imul(r64(to), r64(from)));
}
void Assembler::multiply(Reg to, Mem from) {
  wrote(to);
  EMIT(imul(r64(to), memory(from, 8)));
}
void Assembler::multiply(Reg to, Reg from, i32 by) {
  wrote(to);
  EMIT(imul(r64(to), r64(from), by));
}
void Assembler::divide_rax(Reg by) {
  wrote(Reg::rax);
  wrote(Reg::rdx);
  EMIT(cqo());
  EMIT(idiv(r64(by)));
}
void Assembler::negate(Reg to) {
  wrote(to);
  EMIT(neg(r64(to)));
}
void Assembler::shift64(Shift op, Reg to, u8 by) {
  wrote(to);
  EMIT(emit(shift_id(op), r64(to), by));
}
void Assembler::shift64_cl(Shift op, Reg to) {
  wrote(to);
  EMIT(emit(shift_id(op), r64(to), x86::cl));
}
void Assembler::set_if(Cond when, Reg to) {
  wrote(to);
  EMIT(set(condition(when), r8(to)));
}
void Assembler::extend8(Reg to) {
  wrote(to);
  EMIT(movzx(r32(to), r8(to)));
}

void Assembler::move_to_xmm(Xmm to, Reg from) { EMIT(movq(xmm(to), r64(from))); }
void Assembler::move_from_xmm(Reg to, Xmm from) {
  wrote(to);
  EMIT(movq(r64(to), xmm(from)));
}
void Assembler::move(Xmm to, Xmm from) { EMIT(movaps(xmm(to), xmm(from))); }
void Assembler::load_double(Xmm to, Mem from) { EMIT(movsd(xmm(to), memory(from, 8))); }
void Assembler::store_double(Mem to, Xmm from) { EMIT(movsd(memory(to, 8), xmm(from))); }
void Assembler::load_single(Xmm to, Mem from) {
  EMIT(pxor(xmm(to), xmm(to)));  // or it would wait for what was there
  EMIT(cvtss2sd(xmm(to), memory(from, 4)));
}
void Assembler::store_single(Mem to, Xmm from) {
  EMIT(cvtsd2ss(xmm(from), xmm(from)));
  EMIT(movss(memory(to, 4), xmm(from)));
}
void Assembler::load128(Xmm to, Mem from) { EMIT(movups(xmm(to), memory(from, 16))); }
void Assembler::store128(Mem to, Xmm from) { EMIT(movups(memory(to, 16), xmm(from))); }
void Assembler::convert_to_float(Xmm to, Reg from) {
  EMIT(pxor(xmm(to), xmm(to)));  // or it would wait for what was there
  EMIT(cvtsi2sd(xmm(to), r64(from)));
}
void Assembler::convert_to_int(Reg to, Xmm from) {
  wrote(to);
  EMIT(cvttsd2si(r64(to), xmm(from)));
}
void Assembler::float_op(FloatOp op, Xmm to, Xmm from) {
  static constexpr x86::Inst::Id ids[] = {x86::Inst::kIdAddsd, x86::Inst::kIdSubsd, x86::Inst::kIdMulsd, x86::Inst::kIdDivsd};
  EMIT(emit(ids[static_cast<u8>(op)], xmm(to), xmm(from)));
}
void Assembler::square_root(Xmm to, Xmm from) { EMIT(sqrtsd(xmm(to), xmm(from))); }
void Assembler::compare_floats(Xmm a, Xmm b) { EMIT(ucomisd(xmm(a), xmm(b))); }

void Assembler::jump(Label to) { EMIT(jmp(label_of(to))); }
void Assembler::jump_if(Cond when, Label to) { EMIT(j(condition(when), label_of(to))); }
void Assembler::jump_address(u64 to) {
  i64 distance = static_cast<i64>(to - impl_->base);
  if (distance > -0x70000000 && distance < 0x70000000) {
    EMIT(jmp(to));
  } else {
    EMIT(mov(x86::rax, to));
    EMIT(jmp(x86::rax));
  }
}
void Assembler::jump_register(Reg to) { EMIT(jmp(r64(to))); }
void Assembler::jump_memory(Mem at) { EMIT(jmp(memory(at, 8))); }

void Assembler::leave_function() { EMIT(ret()); }

usize Assembler::code_size() const { return impl_->holder.codeSize(); }
bool Assembler::failed() const { return impl_->bad; }
void Assembler::write_to(void* memory_) const {
  impl_->holder.flatten();
  impl_->holder.resolveUnresolvedLinks();
  impl_->holder.relocateToBase(impl_->base);
  impl_->holder.copyFlattenedData(memory_, impl_->holder.codeSize());
}

}  // namespace baton
