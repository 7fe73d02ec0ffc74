// x86-64 encodings.
//
// An instruction is: prefixes, REX (64-bit operands, and the high bits of register numbers), opcode, ModRM with what the memory
// operand needs, immediate. Jumps to labels that aren't bound yet have 32 bits, which are filled in when all is written.
#include "jit/assembler.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace baton {

namespace {
enum class Width : u8 { Bits32, Bits64 };
constexpr u8 number(Reg r) { return static_cast<u8>(r); }
constexpr u8 number(Xmm r) { return static_cast<u8>(r); }
// The low byte of one of these has no encoding without REX.
constexpr bool needs_rex_as_byte(Reg r) { return number(r) >= 4; }
constexpr bool fits_i8(i64 value) { return value == static_cast<i8>(value); }

// In the place of the opcode's operation, and of the ModRM's register, which tells it, too.
constexpr u8 alu_number(Alu op) {
  constexpr u8 numbers[] = {0, 5, 4, 1, 6, 7, 0};
  return numbers[static_cast<u8>(op)];
}
constexpr u8 shift_number(Shift op) {
  constexpr u8 numbers[] = {4, 5, 7, 0};
  return numbers[static_cast<u8>(op)];
}
constexpr bool changes(Alu op) { return op != Alu::cmp && op != Alu::test; }

constexpr u32 kUnbound = ~u32{0};
constexpr usize kLongest = 16;  // bytes of an instruction
constexpr u8 kTwoBytes = 0x0F;  // in front of an opcode
constexpr u8 kOperand16 = 0x66, kScalar64 = 0xF2, kScalar32 = 0xF3, kLock = 0xF0;
}  // namespace

Assembler::Assembler(u64 base_address) : base_(base_address) {
  constexpr usize kFirst = 32768;
  begin_ = static_cast<u8*>(malloc(kFirst));
  BATON_CHECK(begin_, "out of memory");
  at_ = begin_;
  end_ = begin_ + kFirst;
}
Assembler::~Assembler() {
  free(begin_);
  free(other_.begin);
}

void Assembler::begin_aside(Label behind) {
  if (asides_ > 0) jump(behind);
  if (asides_++ == 0) change_part();
}
void Assembler::end_aside() {
  BATON_DCHECK(asides_ > 0, "what ends has begun");
  if (--asides_ == 0) change_part();
}
void Assembler::change_part() {
  Buffer here{begin_, at_, end_};
  begin_ = other_.begin, at_ = other_.at, end_ = other_.end;
  other_ = here;
}
u32 Assembler::offset(u32 place) const { return place & kAside ? (place & ~kAside) + static_cast<u32>(at_ - begin_) : place; }

inline void Assembler::begin() {
  if (static_cast<usize>(end_ - at_) >= kLongest) [[likely]]
    return;
  constexpr usize kLeast = 4096;
  usize used = static_cast<usize>(at_ - begin_), bytes = std::max(kLeast, 2 * static_cast<usize>(end_ - begin_));
  begin_ = static_cast<u8*>(realloc(begin_, bytes));
  BATON_CHECK(begin_, "out of memory");
  at_ = begin_ + used;
  end_ = begin_ + bytes;
}
inline void Assembler::put32(u32 value) {
  memcpy(at_, &value, sizeof value);
  at_ += sizeof value;
}
inline void Assembler::put64(u64 value) {
  memcpy(at_, &value, sizeof value);
  at_ += sizeof value;
}
// High bits go to REX, which is left out if it says nothing.
inline void Assembler::rex(bool is_64, u8 reg, u8 index, u8 base, bool is_needed) {
  u8 bits = static_cast<u8>(is_64 << 3 | (reg >> 3) << 2 | (index >> 3) << 1 | (base >> 3));
  if (bits || is_needed) put8(static_cast<u8>(0x40 | bits));
}
inline void Assembler::rex_of(bool is_64, u8 reg, Mem m, bool is_needed) {
  rex(is_64, reg, m.scale ? number(m.index) : u8{0}, m.scale && !m.has_base ? u8{0} : number(m.base), is_needed);
}
inline void Assembler::modrm(u8 reg, u8 rm) { put8(static_cast<u8>(0xC0 | (reg & 7) << 3 | (rm & 7))); }
inline void Assembler::modrm(u8 reg, Mem m) {
  constexpr u8 kSib = 4, kNoBase = 5;  // as rm; as base, or rm without a displacement
  u8 middle = static_cast<u8>((reg & 7) << 3), base = number(m.base) & 7;
  u8 scale = m.scale == 8 ? 3 : m.scale == 4 ? 2 : m.scale == 2 ? 1 : 0;
  u8 sib = static_cast<u8>(scale << 6 | (m.scale ? number(m.index) & 7 : kSib) << 3);
  if (m.scale && !m.has_base) {
    put8(middle | kSib);
    put8(sib | kNoBase);
    return put32(static_cast<u32>(m.displacement));
  }
  bool has_sib = m.scale || base == kSib, is_short = fits_i8(m.displacement), is_none = m.displacement == 0 && base != kNoBase;
  put8(static_cast<u8>((is_none ? 0 : is_short ? 0x40 : 0x80) | middle | (has_sib ? kSib : base)));
  if (has_sib) put8(sib | base);
  if (is_none) return;
  is_short ? put8(static_cast<u8>(m.displacement)) : put32(static_cast<u32>(m.displacement));
}
template <class Operand>
inline void Assembler::instruction(bool is_64, u8 opcode, u8 reg, Operand rm) {
  begin();
  rex_of(is_64, reg, rm);
  put8(opcode);
  modrm(reg, rm);
}
template <class Operand>
inline void Assembler::instruction_0f(u8 prefix, bool is_64, u8 opcode, u8 reg, Operand rm, bool is_byte) {
  begin();
  if (prefix) put8(prefix);
  rex_of(is_64, reg, rm, is_byte);
  put8(kTwoBytes);
  put8(opcode);
  modrm(reg, rm);
}

Label Assembler::make_label() {
  labels_.push_back(kUnbound);
  return Label{static_cast<u32>(labels_.size()) - 1};
}
void Assembler::bind(Label label) { labels_[label.id] = here(); }
u64 Assembler::offset_of(Label label) const { return offset(labels_[label.id]); }

void Assembler::move(Reg to, Reg from) {
  wrote(to);
  instruction(true, 0x89, number(from), number(to));
}
void Assembler::move_constant(Reg to, u64 value) {
  wrote(to);
  if (value == 0) return instruction(false, 0x31, number(to), number(to));
  bool is_short = value <= 0xFFFF'FFFF, is_negative = static_cast<i64>(value) == static_cast<i32>(value);
  if (!is_short && is_negative) {
    instruction(true, 0xC7, 0, number(to));
    return put32(static_cast<u32>(value));
  }
  begin();
  rex(!is_short, 0, 0, number(to));
  put8(static_cast<u8>(0xB8 | (number(to) & 7)));
  is_short ? put32(static_cast<u32>(value)) : put64(value);
}
void Assembler::load64(Reg to, Mem from) {
  wrote(to);
  instruction(true, 0x8B, number(to), from);
}
void Assembler::load32(Reg to, Mem from) {
  wrote(to);
  instruction(false, 0x8B, number(to), from);
}
void Assembler::load16(Reg to, Mem from) {
  wrote(to);
  instruction_0f(0, false, 0xB7, number(to), from);
}
void Assembler::load8(Reg to, Mem from) {
  wrote(to);
  instruction_0f(0, false, 0xB6, number(to), from);
}
void Assembler::load_signed(Reg to, Mem from, u32 bytes) {
  wrote(to);
  if (bytes == 4) return instruction(true, 0x63, number(to), from);
  instruction_0f(0, true, bytes == 2 ? 0xBF : 0xBE, number(to), from);
}
void Assembler::store64(Mem to, Reg from) { instruction(true, 0x89, number(from), to); }
void Assembler::store32(Mem to, Reg from) { instruction(false, 0x89, number(from), to); }
void Assembler::store64(Mem to, i32 sign_extended) {
  instruction(true, 0xC7, 0, to);
  put32(static_cast<u32>(sign_extended));
}
void Assembler::store32(Mem to, i32 value) {
  instruction(false, 0xC7, 0, to);
  put32(static_cast<u32>(value));
}
void Assembler::store8(Mem to, u8 value) {
  instruction(false, 0xC6, 0, to);
  put8(value);
}
void Assembler::store16(Mem to, Reg from) {
  begin();
  put8(kOperand16);
  rex_of(false, number(from), to);
  put8(0x89);
  modrm(number(from), to);
}
void Assembler::store8(Mem to, Reg from) {
  begin();
  rex_of(false, number(from), to, needs_rex_as_byte(from));
  put8(0x88);
  modrm(number(from), to);
}
void Assembler::load_address(Reg to, Mem of) {
  wrote(to);
  instruction(true, 0x8D, number(to), of);
}
void Assembler::load_address32(Reg to, Mem of) {
  wrote(to);
  instruction(false, 0x8D, number(to), of);
}

inline void Assembler::alu(bool is_64, Alu op, Reg to, Reg from) {
  if (changes(op)) wrote(to);
  if (op == Alu::test) return instruction(is_64, 0x85, number(from), number(to));
  instruction(is_64, static_cast<u8>(alu_number(op) << 3 | 1), number(from), number(to));
}
inline void Assembler::alu(bool is_64, Alu op, Reg to, i32 value) {
  if (changes(op)) wrote(to);
  u8 operation = alu_number(op);
  bool is_test = op == Alu::test, is_short = !is_test && fits_i8(value);
  if (to == Reg::rax && !is_short) {
    begin();
    rex(is_64, 0, 0, 0);
    put8(is_test ? 0xA9 : static_cast<u8>(operation << 3 | 5));
  } else {
    instruction(is_64, is_test ? 0xF7 : is_short ? 0x83 : 0x81, operation, number(to));
  }
  is_short ? put8(static_cast<u8>(value)) : put32(static_cast<u32>(value));
}
inline void Assembler::alu(bool is_64, Alu op, Reg to, Mem from) {
  if (changes(op)) wrote(to);
  instruction(is_64, static_cast<u8>(alu_number(op) << 3 | 3), number(to), from);
}
inline void Assembler::alu(bool is_64, Alu op, Mem to, i32 value) {
  bool is_test = op == Alu::test, is_short = !is_test && fits_i8(value);
  instruction(is_64, is_test ? 0xF7 : is_short ? 0x83 : 0x81, alu_number(op), to);
  is_short ? put8(static_cast<u8>(value)) : put32(static_cast<u32>(value));
}
void Assembler::alu64(Alu op, Reg to, Reg from) { alu(true, op, to, from); }
void Assembler::alu64(Alu op, Reg to, i32 sign_extended) { alu(true, op, to, sign_extended); }
void Assembler::alu64(Alu op, Reg to, Mem from) { alu(true, op, to, from); }
void Assembler::alu64(Alu op, Mem to, i32 sign_extended) { alu(true, op, to, sign_extended); }
void Assembler::alu32(Alu op, Reg to, Reg from) { alu(false, op, to, from); }
void Assembler::alu32(Alu op, Reg to, i32 value) { alu(false, op, to, value); }
void Assembler::alu32(Alu op, Reg to, Mem from) { alu(false, op, to, from); }
void Assembler::alu32(Alu op, Mem to, i32 value) { alu(false, op, to, value); }
void Assembler::alu16(Alu op, Mem to, u16 value) {
  bool is_test = op == Alu::test, is_short = !is_test && fits_i8(static_cast<i16>(value));
  begin();
  put8(kOperand16);
  rex_of(false, 0, to);
  put8(is_test ? 0xF7 : is_short ? 0x83 : 0x81);
  modrm(alu_number(op), to);
  put8(static_cast<u8>(value));
  if (!is_short) put8(static_cast<u8>(value >> 8));
}
void Assembler::alu8(Alu op, Reg to, u8 value) {
  if (changes(op)) wrote(to);
  bool is_test = op == Alu::test;
  begin();
  if (to == Reg::rax) {
    put8(is_test ? 0xA8 : static_cast<u8>(alu_number(op) << 3 | 4));
  } else {
    rex(false, 0, 0, number(to), needs_rex_as_byte(to));
    put8(is_test ? 0xF6 : 0x80);
    modrm(alu_number(op), number(to));
  }
  put8(value);
}
void Assembler::alu8(Alu op, Mem to, u8 value) {
  instruction(false, op == Alu::test ? 0xF6 : 0x80, alu_number(op), to);
  put8(value);
}
void Assembler::locked_and8(Mem to, u8 value) {
  begin();
  put8(kLock);
  rex_of(false, alu_number(Alu::and_), to, false);
  put8(0x80);
  modrm(alu_number(Alu::and_), to);
  put8(value);
}
void Assembler::locked_compare_exchange8(Mem with, Reg to) {
  wrote(Reg::rax);
  begin();
  put8(kLock);
  rex_of(false, number(to), with, needs_rex_as_byte(to));
  put8(kTwoBytes);
  put8(0xB0);
  modrm(number(to), with);
}
void Assembler::multiply(Reg to, Reg from) {
  wrote(to);
  instruction_0f(0, true, 0xAF, number(to), number(from));
}
void Assembler::multiply(Reg to, Mem from) {
  wrote(to);
  instruction_0f(0, true, 0xAF, number(to), from);
}
void Assembler::multiply(Reg to, Reg from, i32 by) {
  wrote(to);
  instruction(true, fits_i8(by) ? 0x6B : 0x69, number(to), number(from));
  fits_i8(by) ? put8(static_cast<u8>(by)) : put32(static_cast<u32>(by));
}
void Assembler::divide_rax(Reg by) {
  constexpr u8 kSigned = 7;
  wrote(Reg::rax);
  wrote(Reg::rdx);
  begin();
  rex(true, 0, 0, 0);
  put8(0x99);
  instruction(true, 0xF7, kSigned, number(by));
}
void Assembler::multiply_rax_unsigned(Reg by) {
  constexpr u8 kMultiply = 4;
  wrote(Reg::rax);
  wrote(Reg::rdx);
  instruction(true, 0xF7, kMultiply, number(by));
}
void Assembler::divide_wide_unsigned(Reg by) {
  constexpr u8 kDivide = 6;
  wrote(Reg::rax);
  wrote(Reg::rdx);
  instruction(true, 0xF7, kDivide, number(by));
}
void Assembler::negate(Reg to) {
  constexpr u8 kNegate = 3;
  wrote(to);
  instruction(true, 0xF7, kNegate, number(to));
}
void Assembler::shift64(Shift op, Reg to, u8 by) {
  wrote(to);
  instruction(true, by == 1 ? 0xD1 : 0xC1, shift_number(op), number(to));
  if (by != 1) put8(by);
}
void Assembler::shift64_cl(Shift op, Reg to) {
  wrote(to);
  instruction(true, 0xD3, shift_number(op), number(to));
}
void Assembler::set_if(Cond when, Reg to) {
  wrote(to);
  instruction_0f(0, false, static_cast<u8>(0x90 | static_cast<u8>(when)), 0, number(to), needs_rex_as_byte(to));
}
void Assembler::extend8(Reg to) {
  wrote(to);
  instruction_0f(0, false, 0xB6, number(to), number(to), needs_rex_as_byte(to));
}

void Assembler::move_to_xmm(Xmm to, Reg from) { instruction_0f(kOperand16, true, 0x6E, number(to), number(from)); }
void Assembler::move_from_xmm(Reg to, Xmm from) {
  wrote(to);
  instruction_0f(kOperand16, true, 0x7E, number(from), number(to));
}
void Assembler::move(Xmm to, Xmm from) { instruction_0f(0, false, 0x28, number(to), number(from)); }
void Assembler::load_double(Xmm to, Mem from) { instruction_0f(kScalar64, false, 0x10, number(to), from); }
void Assembler::store_double(Mem to, Xmm from) { instruction_0f(kScalar64, false, 0x11, number(from), to); }
void Assembler::clear(Xmm to) { instruction_0f(kOperand16, false, 0xEF, number(to), number(to)); }
void Assembler::load_single(Xmm to, Mem from) {
  clear(to);  // or it would wait for what was there
  instruction_0f(kScalar32, false, 0x5A, number(to), from);
}
void Assembler::store_single(Mem to, Xmm from) {
  instruction_0f(kScalar64, false, 0x5A, number(from), number(from));
  instruction_0f(kScalar32, false, 0x11, number(from), to);
}
void Assembler::load128(Xmm to, Mem from) { instruction_0f(0, false, 0x10, number(to), from); }
void Assembler::store128(Mem to, Xmm from) { instruction_0f(0, false, 0x11, number(from), to); }
void Assembler::convert_to_float(Xmm to, Reg from) {
  clear(to);  // or it would wait for what was there
  instruction_0f(kScalar64, true, 0x2A, number(to), number(from));
}
void Assembler::convert_to_int(Reg to, Xmm from) {
  wrote(to);
  instruction_0f(kScalar64, true, 0x2C, number(to), number(from));
}
void Assembler::float_op(FloatOp op, Xmm to, Xmm from) {
  constexpr u8 opcodes[] = {0x58, 0x5C, 0x59, 0x5E};
  instruction_0f(kScalar64, false, opcodes[static_cast<u8>(op)], number(to), number(from));
}
void Assembler::square_root(Xmm to, Xmm from) { instruction_0f(kScalar64, false, 0x51, number(to), number(from)); }
void Assembler::compare_floats(Xmm a, Xmm b) { instruction_0f(kOperand16, false, 0x2E, number(a), number(b)); }

// Behind the opcode, whose short form has been tried.
inline void Assembler::put_distance(Label to) {
  jumps_.push_back({here(), to.id});
  put32(0);
}
inline bool Assembler::jump_short(u8 opcode, Label to) {
  constexpr i64 kBytes = 2;
  u32 target = labels_[to.id];
  i64 distance = i64{target} - i64{here()} - kBytes;
  if (target == kUnbound || !fits_i8(distance)) return false;
  put8(opcode);
  put8(static_cast<u8>(distance));
  return true;
}
void Assembler::jump(Label to) {
  begin();
  if (jump_short(0xEB, to)) return;
  put8(0xE9);
  put_distance(to);
}
void Assembler::jump_if(Cond when, Label to) {
  u8 condition = static_cast<u8>(when);
  begin();
  if (jump_short(0x70 | condition, to)) return;
  put8(kTwoBytes);
  put8(0x80 | condition);
  put_distance(to);
}
void Assembler::jump_address(u64 to) {
  constexpr i64 kFar = 0x7000'0000;
  i64 distance = static_cast<i64>(to - base_);
  if (distance <= -kFar || distance >= kFar) {
    move_constant(Reg::rax, to);
    return jump_register(Reg::rax);
  }
  begin();
  put8(0xE9);
  address_jumps_.push_back({here(), to});
  put32(0);
}
void Assembler::jump_register(Reg to) {
  constexpr u8 kJump = 4;
  instruction(false, 0xFF, kJump, number(to));
}
void Assembler::jump_memory(Mem at) {
  constexpr u8 kJump = 4;
  instruction(false, 0xFF, kJump, at);
}
void Assembler::leave_function() {
  begin();
  put8(0xC3);
}

bool Assembler::failed() const {
  for (const Jump& jump : jumps_)
    if (labels_[jump.label] == kUnbound) return true;
  return false;
}
void Assembler::write_to(void* memory) const {
  BATON_DCHECK(asides_ == 0, "what lies aside has an end");
  usize main = static_cast<usize>(at_ - begin_);
  memcpy(memory, begin_, main);
  if (other_.at != other_.begin)
    memcpy(static_cast<u8*>(memory) + main, other_.begin, static_cast<usize>(other_.at - other_.begin));
  auto put = [&](u32 place, u64 from_base) {
    u32 at = offset(place);
    i32 distance = static_cast<i32>(from_base - (at + sizeof(i32)));
    memcpy(static_cast<u8*>(memory) + at, &distance, sizeof distance);
  };
  for (const Jump& jump : jumps_) put(jump.at, offset(labels_[jump.label]));
  for (const AddressJump& jump : address_jumps_) put(jump.at, jump.to - base_);
}

}  // namespace baton
