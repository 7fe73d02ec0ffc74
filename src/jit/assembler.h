// Machine code for x86-64, instruction by instruction: as much as the compiler needs.
#pragma once
#include <utility>
#include <vector>

#include "base/types.h"

namespace baton {

enum class Reg : u8 { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 };
enum class Xmm : u8 { x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15 };
// Conditions by their x86 numbers: an even one and the odd one behind it are each other's opposite.
enum class Cond : u8 {
  overflow,
  no_overflow,
  below,
  above_equal,
  equal,
  not_equal,
  below_equal,
  above,
  sign,
  no_sign,
  parity,
  no_parity,
  less,
  greater_equal,
  less_equal,
  greater
};
constexpr Cond opposite(Cond c) { return static_cast<Cond>(static_cast<u8>(c) ^ 1); }

// [base + index * scale + displacement]; scale 0: no index; has_base false: no base.
struct Mem {
  Reg base;
  i32 displacement = 0;
  Reg index = Reg::rax;
  u8 scale = 0;
  bool has_base = true;
};

struct Label {
  u32 id = ~u32{0};
  bool is_made() const { return id != ~u32{0}; }
};

enum class Alu : u8 { add, sub, and_, or_, xor_, cmp, test };
enum class Shift : u8 { shl, shr, sar, rol };
enum class FloatOp : u8 { add, sub, mul, div };

class Assembler {
 public:
  explicit Assembler(u64 base_address);  // where the code is going to lie
  ~Assembler();
  Assembler(const Assembler&) = delete;
  Assembler& operator=(const Assembler&) = delete;

  Label make_label();
  void bind(Label label);
  u64 offset_of(Label label) const;  // once bound

  void move(Reg to, Reg from);
  void move_constant(Reg to, u64 value);
  void load64(Reg to, Mem from);
  void load32(Reg to, Mem from);  // zero-extended
  void load16(Reg to, Mem from);
  void load8(Reg to, Mem from);
  void load_signed(Reg to, Mem from, u32 bytes);  // 1, 2 or 4
  void store64(Mem to, Reg from);
  void store32(Mem to, Reg from);
  void store64(Mem to, i32 sign_extended);
  void store32(Mem to, i32 value);
  void store8(Mem to, u8 value);
  void store16(Mem to, Reg from);
  void store8(Mem to, Reg from);
  void load_address(Reg to, Mem of);
  void load_address32(Reg to, Mem of);

  void alu64(Alu op, Reg to, Reg from);
  void alu64(Alu op, Reg to, i32 sign_extended);
  void alu64(Alu op, Reg to, Mem from);  // not test
  void alu64(Alu op, Mem to, i32 sign_extended);
  void alu32(Alu op, Reg to, Reg from);
  void alu32(Alu op, Reg to, i32 value);
  void alu32(Alu op, Reg to, Mem from);  // not test
  void alu32(Alu op, Mem to, i32 value);
  void alu16(Alu op, Mem to, u16 value);
  void alu8(Alu op, Reg to, u8 value);
  void alu8(Alu op, Mem to, u8 value);
  void locked_and8(Mem to, u8 value);
  void locked_compare_exchange8(Mem with, Reg to);  // what the low byte of rax has becomes `to`: equal
  void multiply(Reg to, Reg from);                  // sets the overflow flag
  void multiply(Reg to, Mem from);
  void multiply(Reg to, Reg from, i32 by);
  void divide_rax(Reg by);             // signed: rdx:rax after sign extension; quotient in rax, rest in rdx
  void multiply_rax_unsigned(Reg by);  // the product to rdx:rax
  void divide_wide_unsigned(Reg by);   // rdx:rax, rdx being below it; quotient in rax, rest in rdx
  void negate(Reg to);
  void shift64(Shift op, Reg to, u8 by);
  void shift64_cl(Shift op, Reg to);
  void set_if(Cond when, Reg to);  // the low byte: zero the register before the comparison, or extend after it
  void extend8(Reg to);            // zero-extends the low byte

  void move_to_xmm(Xmm to, Reg from);
  void move_from_xmm(Reg to, Xmm from);
  void move(Xmm to, Xmm from);
  void load_double(Xmm to, Mem from);
  void store_double(Mem to, Xmm from);
  void load_single(Xmm to, Mem from);   // 4 bytes, to a double
  void store_single(Mem to, Xmm from);  // rounded; changes `from`
  void load128(Xmm to, Mem from);
  void store128(Mem to, Xmm from);
  void convert_to_float(Xmm to, Reg from);  // a signed number, rounded to the nearest
  void convert_to_int(Reg to, Xmm from);    // towards zero; 1 << 63 if it has no i64
  void float_op(FloatOp op, Xmm to, Xmm from);
  void square_root(Xmm to, Xmm from);
  void compare_floats(Xmm a, Xmm b);  // ucomisd

  void jump(Label to);
  void jump_if(Cond when, Label to);
  void jump_address(u64 to);  // by rax if it is far
  void jump_register(Reg to);
  void jump_memory(Mem at);
  void leave_function();  // ret

  // What is assembled in between comes behind all the rest: rare ways, which ordinary ones needn't jump over. It ends by a jump.
  // Where it is part of something that is aside itself it stays there, and a jump over it, to `behind`, comes in front.
  void begin_aside(Label behind);
  void end_aside();

  // Those that instructions have written since this was asked last, a bit each.
  u32 take_written() { return std::exchange(written_, 0); }
  u32 written() const { return written_; }
  void forget_written(u32 before) { written_ = before; }  // what has been written since is on a way that doesn't come back

  usize code_size() const { return static_cast<usize>(at_ - begin_) + static_cast<usize>(other_.at - other_.begin); }
  bool failed() const;                // a jump goes to a label that isn't bound
  void write_to(void* memory) const;  // code_size() bytes, for base_address

 private:
  struct Buffer {
    u8 *begin, *at, *end;
  };
  // A place: its distance from the beginning of the main part, or with kAside of what lies aside.
  static constexpr u32 kAside = u32{1} << 31;
  struct Jump {
    u32 at, label;  // its distance, of 32 bits
  };
  struct AddressJump {
    u32 at;
    u64 to;
  };
  u32 here() const { return static_cast<u32>(at_ - begin_) | (asides_ ? kAside : 0); }
  u32 offset(u32 place) const;  // in the code as it is written
  void wrote(Reg r) { written_ |= 1u << static_cast<u8>(r); }
  void begin();  // there is room for an instruction
  void change_part();
  void put8(u8 value) { *at_++ = value; }
  void put32(u32 value);
  void put64(u64 value);
  void rex(bool is_64, u8 reg, u8 index, u8 base, bool is_needed = false);
  void rex_of(bool is_64, u8 reg, u8 rm, bool is_needed = false) { rex(is_64, reg, 0, rm, is_needed); }
  void rex_of(bool is_64, u8 reg, Mem m, bool is_needed = false);
  void modrm(u8 reg, u8 rm);
  void modrm(u8 reg, Mem m);
  // With a register's number or memory as the last operand; is_byte: which needs REX as a byte.
  template <class Operand>
  void instruction(bool is_64, u8 opcode, u8 reg, Operand rm);
  template <class Operand>
  void instruction_0f(u8 prefix, bool is_64, u8 opcode, u8 reg, Operand rm, bool is_byte = false);
  void alu(bool is_64, Alu op, Reg to, Reg from);
  void alu(bool is_64, Alu op, Reg to, i32 value);
  void alu(bool is_64, Alu op, Reg to, Mem from);
  void alu(bool is_64, Alu op, Mem to, i32 value);
  void clear(Xmm to);
  void put_distance(Label to);
  bool jump_short(u8 opcode, Label to);

  u64 base_;
  u8 *begin_, *at_, *end_;  // of the part that is being assembled
  Buffer other_{};
  u32 asides_ = 0;  // how many have begun
  u32 written_ = 0;
  std::vector<u32> labels_;  // where they are bound
  std::vector<Jump> jumps_;
  std::vector<AddressJump> address_jumps_;
};

}  // namespace baton
