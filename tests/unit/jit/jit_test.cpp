// The parts of the compiler that need no Python: encoding, and memory for machine code.
#include <cstring>

#include "jit/assembler.h"
#include "jit/code_memory.h"
#include "test.h"

using namespace baton;

namespace {

char* first_block() {
  static bool has_memory = code_memory_init(usize{64} << 20);
  return has_memory ? static_cast<char*>(find_code_memory(4096)) : nullptr;
}

// The C convention: arguments in rdi and rsi, the answer in rax.
using Function = i64 (*)(i64, i64);
Function assembled(void (*write)(Assembler&)) {
  char* memory = first_block();
  Assembler a(reinterpret_cast<u64>(memory));
  write(a);
  a.load64(Reg::rcx, Mem{Reg::rsp});
  a.alu64(Alu::add, Reg::rsp, 8);
  a.jump_register(Reg::rcx);
  if (a.failed() || a.code_size() > 4096) return nullptr;
  a.write_to(memory);
  take_code_memory(memory, a.code_size());
  return reinterpret_cast<Function>(memory);
}

}  // namespace

TEST(assembled_arithmetic) {
  Function difference = assembled([](Assembler& a) {
    a.move(Reg::rax, Reg::rdi);
    a.alu64(Alu::sub, Reg::rax, Reg::rsi);
    a.shift64(Shift::shl, Reg::rax, 3);
    a.alu64(Alu::or_, Reg::rax, 1);
  });
  EXPECT(difference && difference(10, 4) == 49 && difference(4, 10) == -47);
  Function quotient = assembled([](Assembler& a) {
    a.move(Reg::rax, Reg::rdi);
    a.divide_rax(Reg::rsi);
  });
  EXPECT(quotient && quotient(-7, 2) == -3);
  Function sum = assembled([](Assembler& a) {  // of two doubles by their bits
    a.move_to_xmm(Xmm::x3, Reg::rdi);
    a.move_to_xmm(Xmm::x15, Reg::rsi);
    a.float_op(FloatOp::add, Xmm::x3, Xmm::x15);
    a.move_from_xmm(Reg::rax, Xmm::x3);
  });
  double x = 1.5, y = 2.25, z = 0;
  i64 bits[2];
  memcpy(&bits[0], &x, 8);
  memcpy(&bits[1], &y, 8);
  i64 answer = sum ? sum(bits[0], bits[1]) : 0;
  memcpy(&z, &answer, 8);
  EXPECT(z == 3.75);
  Function converted = assembled([](Assembler& a) {
    a.convert_to_float(Xmm::x9, Reg::rdi);
    a.move_from_xmm(Reg::rax, Xmm::x9);
  });
  answer = converted ? converted(-7, 0) : 0;
  memcpy(&z, &answer, 8);
  EXPECT(z == -7.0);
}

TEST(assembled_memory_and_jumps) {
  Function count = assembled([](Assembler& a) {  // how many of rsi words at rdi are not zero
    Label again = a.make_label(), zero = a.make_label(), end = a.make_label();
    a.move_constant(Reg::rax, 0);
    a.move_constant(Reg::rdx, 0);
    a.bind(again);
    a.alu64(Alu::cmp, Reg::rdx, Reg::rsi);
    a.jump_if(Cond::greater_equal, end);
    a.alu64(Alu::cmp, Mem{Reg::rdi, 0, Reg::rdx, 8}, 0);
    a.jump_if(Cond::equal, zero);
    a.alu64(Alu::add, Reg::rax, 1);
    a.bind(zero);
    a.alu64(Alu::add, Reg::rdx, 1);
    a.jump(again);
    a.bind(end);
  });
  i64 words[] = {0, 5, -1, 0, i64{1} << 40};
  EXPECT(count && count(reinterpret_cast<i64>(words), 5) == 3 && count(reinterpret_cast<i64>(words), 0) == 0);
  Function constant = assembled([](Assembler& a) {
    a.move_constant(Reg::rax, 0xFFFF'FFFF'FFFF'FFF0);
    a.load_address(Reg::rax, Mem{Reg::rax, 4, Reg::rdi, 2});
  });
  EXPECT(constant && constant(3, 0) == -6);
}

TEST(code_memory_is_used_again) {
  char* a = first_block();
  EXPECT(a);
  usize before = code_memory_in_use();
  take_code_memory(a, 100);
  char* b = static_cast<char*>(find_code_memory(100));
  EXPECT(b >= a + 100);
  take_code_memory(b, 100);
  char* c = static_cast<char*>(find_code_memory(1));
  take_code_memory(c, 1);
  EXPECT(code_memory_in_use() == before + 128 + 128 + 64);
  free_code_memory(a, 100);
  free_code_memory(b, 100);  // joins its neighbour
  EXPECT(find_code_memory(256) == a);
  take_code_memory(a, 40);
  EXPECT(find_code_memory(150) == a + 64);
  free_code_memory(a, 40);
  free_code_memory(c, 1);
  EXPECT(code_memory_in_use() == before);
}
