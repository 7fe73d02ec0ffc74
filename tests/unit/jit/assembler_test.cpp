// What instructions are encoded as; each as a disassembler has it in the comment behind.
#include "jit/assembler.h"

#include <cstring>
#include <string>
#include <vector>

#include "test.h"

using namespace baton;

namespace {

constexpr u64 kBase = 0x4000'0000;

std::vector<u8> bytes_of(const Assembler& a) {
  std::vector<u8> bytes(a.code_size());
  a.write_to(bytes.data());
  return bytes;
}
template <class F>
std::string encoded(F emit) {
  Assembler a(kBase);
  emit(a);
  std::string text;
  for (u8 byte : bytes_of(a)) {
    constexpr const char* kDigits = "0123456789abcdef";
    if (!text.empty()) text += ' ';
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

}  // namespace

#define EXPECT_CODE(bytes, call) EXPECT(encoded([](Assembler& a) { call; }) == bytes)

TEST(moves_are_encoded) {
  EXPECT_CODE("4c 89 c9", a.move(Reg::rcx, Reg::r9));                                       // mov rcx,r9
  EXPECT_CODE("49 89 dd", a.move(Reg::r13, Reg::rbx));                                      // mov r13,rbx
  EXPECT_CODE("31 c0", a.move_constant(Reg::rax, 0));                                       // xor eax,eax
  EXPECT_CODE("41 b8 ff ff ff ff", a.move_constant(Reg::r8, 0xFFFFFFFF));                   // mov r8d,0xffffffff
  EXPECT_CODE("49 bd 34 12 00 00 00 55 00 00", a.move_constant(Reg::r13, 0x550000001234));  // movabs r13,0x550000001234
  EXPECT_CODE("48 c7 c2 ff ff ff ff", a.move_constant(Reg::rdx, ~u64{0}));                  // mov rdx,0xffffffffffffffff
  EXPECT_CODE("49 8b 46 08", a.load64(Reg::rax, Mem{Reg::r14, 8}));                         // mov rax,QWORD PTR [r14+0x8]
  EXPECT_CODE("49 8b 04 24", a.load64(Reg::rax, Mem{Reg::r12, 0}));                         // mov rax,QWORD PTR [r12]
  EXPECT_CODE("4d 8b 4d 00", a.load64(Reg::r9, Mem{Reg::r13, 0}));                          // mov r9,QWORD PTR [r13+0x0]
  EXPECT_CODE("4c 8b 8c 24 80 00 00 00", a.load64(Reg::r9, Mem{Reg::rsp, 128}));            // mov r9,QWORD PTR [rsp+0x80]
  EXPECT_CODE("4a 8b 74 ed 80", a.load64(Reg::rsi, Mem{Reg::rbp, -128, Reg::r13, 8}));      // mov rsi,QWORD PTR [rbp+r13*8-0x80]
  EXPECT_CODE("4b 8b 74 25 00", a.load64(Reg::rsi, Mem{Reg::r13, 0, Reg::r12, 1}));         // mov rsi,QWORD PTR [r13+r12*1+0x0]
  EXPECT_CODE("44 8b 94 91 2c 01 00 00",
              a.load32(Reg::r10, Mem{Reg::rcx, 300, Reg::rdx, 4}));  // mov r10d,DWORD PTR [rcx+rdx*4+0x12c]
  EXPECT_CODE("8b 04 cd 10 00 00 00",
              a.load32(Reg::rax, Mem{Reg::rax, 16, Reg::rcx, 8, false}));       // mov eax,DWORD PTR [rcx*8+0x10]
  EXPECT_CODE("41 0f b7 7d 02", a.load16(Reg::rdi, Mem{Reg::r13, 2}));          // movzx edi,WORD PTR [r13+0x2]
  EXPECT_CODE("44 0f b6 1e", a.load8(Reg::r11, Mem{Reg::rsi}));                 // movzx r11d,BYTE PTR [rsi]
  EXPECT_CODE("48 0f be 47 01", a.load_signed(Reg::rax, Mem{Reg::rdi, 1}, 1));  // movsx rax,BYTE PTR [rdi+0x1]
  EXPECT_CODE("48 0f bf 47 01", a.load_signed(Reg::rax, Mem{Reg::rdi, 1}, 2));  // movsx rax,WORD PTR [rdi+0x1]
  EXPECT_CODE("4c 63 47 01", a.load_signed(Reg::r8, Mem{Reg::rdi, 1}, 4));      // movsxd r8,DWORD PTR [rdi+0x1]
  EXPECT_CODE("4d 89 6f 28", a.store64(Mem{Reg::r15, 40}, Reg::r13));           // mov QWORD PTR [r15+0x28],r13
  EXPECT_CODE("49 c7 47 28 fc ff ff ff", a.store64(Mem{Reg::r15, 40}, -4));     // mov QWORD PTR [r15+0x28],0xfffffffffffffffc
  EXPECT_CODE("44 89 48 04", a.store32(Mem{Reg::rax, 4}, Reg::r9));             // mov DWORD PTR [rax+0x4],r9d
  EXPECT_CODE("c7 40 04 70 11 01 00", a.store32(Mem{Reg::rax, 4}, 70000));      // mov DWORD PTR [rax+0x4],0x11170
  EXPECT_CODE("66 41 89 34 4a", a.store16(Mem{Reg::r10, 0, Reg::rcx, 2}, Reg::rsi));    // mov WORD PTR [r10+rcx*2],si
  EXPECT_CODE("c6 40 06 c8", a.store8(Mem{Reg::rax, 6}, u8{200}));                      // mov BYTE PTR [rax+0x6],0xc8
  EXPECT_CODE("40 88 70 06", a.store8(Mem{Reg::rax, 6}, Reg::rsi));                     // mov BYTE PTR [rax+0x6],sil
  EXPECT_CODE("41 88 14 0a", a.store8(Mem{Reg::r10, 0, Reg::rcx, 1}, Reg::rdx));        // mov BYTE PTR [r10+rcx*1],dl
  EXPECT_CODE("49 8d 14 d6", a.load_address(Reg::rdx, Mem{Reg::r14, 0, Reg::rdx, 8}));  // lea rdx,[r14+rdx*8]
  EXPECT_CODE("8d 48 ff", a.load_address32(Reg::rcx, Mem{Reg::rax, -1}));               // lea ecx,[rax-0x1]
}

TEST(arithmetic_is_encoded) {
  EXPECT_CODE("4c 01 d0", a.alu64(Alu::add, Reg::rax, Reg::r10));                 // add rax,r10
  EXPECT_CODE("45 31 c8", a.alu32(Alu::xor_, Reg::r8, Reg::r9));                  // xor r8d,r9d
  EXPECT_CODE("4c 85 e8", a.alu64(Alu::test, Reg::rax, Reg::r13));                // test rax,r13
  EXPECT_CODE("49 83 ea 01", a.alu64(Alu::sub, Reg::r10, 1));                     // sub r10,0x1
  EXPECT_CODE("48 3d e8 03 00 00", a.alu64(Alu::cmp, Reg::rax, 1000));            // cmp rax,0x3e8
  EXPECT_CODE("49 81 e1 7f ff ff ff", a.alu64(Alu::and_, Reg::r9, -129));         // and r9,0xffffffffffffff7f
  EXPECT_CODE("48 f7 c1 01 00 00 00", a.alu64(Alu::test, Reg::rcx, 1));           // test rcx,0x1
  EXPECT_CODE("81 cb ff 00 00 00", a.alu32(Alu::or_, Reg::rbx, 255));             // or ebx,0xff
  EXPECT_CODE("49 3b 54 24 40", a.alu64(Alu::cmp, Reg::rdx, Mem{Reg::r12, 64}));  // cmp rdx,QWORD PTR [r12+0x40]
  EXPECT_CODE("41 83 7c 24 40 00", a.alu32(Alu::cmp, Mem{Reg::r12, 64}, 0));      // cmp DWORD PTR [r12+0x40],0x0
  EXPECT_CODE("48 81 3c c8 c8 00 00 00",
              a.alu64(Alu::cmp, Mem{Reg::rax, 0, Reg::rcx, 8}, 200));          // cmp QWORD PTR [rax+rcx*8],0xc8
  EXPECT_CODE("66 81 78 06 2c 01", a.alu16(Alu::cmp, Mem{Reg::rax, 6}, 300));  // cmp WORD PTR [rax+0x6],0x12c
  EXPECT_CODE("66 41 83 79 06 05", a.alu16(Alu::cmp, Mem{Reg::r9, 6}, 5));     // cmp WORD PTR [r9+0x6],0x5
  EXPECT_CODE("a8 07", a.alu8(Alu::test, Reg::rax, 7));                        // test al,0x7
  EXPECT_CODE("40 f6 c6 07", a.alu8(Alu::test, Reg::rsi, 7));                  // test sil,0x7
  EXPECT_CODE("80 e2 03", a.alu8(Alu::and_, Reg::rdx, 3));                     // and dl,0x3
  EXPECT_CODE("41 f6 43 04 01", a.alu8(Alu::test, Mem{Reg::r11, 4}, 1));       // test BYTE PTR [r11+0x4],0x1
  EXPECT_CODE("80 78 04 ff", a.alu8(Alu::cmp, Mem{Reg::rax, 4}, 255));         // cmp BYTE PTR [rax+0x4],0xff
  EXPECT_CODE("f0 80 61 05 fd", a.locked_and8(Mem{Reg::rcx, 5}, 253));         // lock and BYTE PTR [rcx+0x5],0xfd
  EXPECT_CODE("f0 45 0f b0 53 05",
              a.locked_compare_exchange8(Mem{Reg::r11, 5}, Reg::r10));       // lock cmpxchg BYTE PTR [r11+0x5],r10b
  EXPECT_CODE("49 0f af c1", a.multiply(Reg::rax, Reg::r9));                 // imul rax,r9
  EXPECT_CODE("4c 0f af 48 08", a.multiply(Reg::r9, Mem{Reg::rax, 8}));      // imul r9,QWORD PTR [rax+0x8]
  EXPECT_CODE("4c 6b c8 1f", a.multiply(Reg::r9, Reg::rax, 31));             // imul r9,rax,0x1f
  EXPECT_CODE("4c 69 c8 e8 03 00 00", a.multiply(Reg::r9, Reg::rax, 1000));  // imul r9,rax,0x3e8
  EXPECT_CODE("48 f7 e6", a.multiply_rax_unsigned(Reg::rsi));
  EXPECT_CODE("49 f7 f0", a.divide_wide_unsigned(Reg::r8));
  EXPECT_CODE("48 99 49 f7 f8", a.divide_rax(Reg::r8));             // cqo; idiv r8
  EXPECT_CODE("49 f7 db", a.negate(Reg::r11));                      // neg r11
  EXPECT_CODE("48 c1 e0 02", a.shift64(Shift::shl, Reg::rax, 2));   // shl rax,0x2
  EXPECT_CODE("49 d1 f9", a.shift64(Shift::sar, Reg::r9, 1));       // sar r9,1
  EXPECT_CODE("48 c1 c2 3c", a.shift64(Shift::rol, Reg::rdx, 60));  // rol rdx,0x3c
  EXPECT_CODE("48 d3 eb", a.shift64_cl(Shift::shr, Reg::rbx));      // shr rbx,cl
  EXPECT_CODE("0f 9c c1", a.set_if(Cond::less, Reg::rcx));          // setl cl
  EXPECT_CODE("40 0f 97 c6", a.set_if(Cond::above, Reg::rsi));      // seta sil
  EXPECT_CODE("40 0f b6 f6", a.extend8(Reg::rsi));                  // movzx esi,sil
}

TEST(floats_are_encoded) {
  EXPECT_CODE("66 4c 0f 6e c8", a.move_to_xmm(Xmm::x9, Reg::rax));                // movq xmm9,rax
  EXPECT_CODE("66 49 0f 7e cd", a.move_from_xmm(Reg::r13, Xmm::x1));              // movq r13,xmm1
  EXPECT_CODE("41 0f 28 d4", a.move(Xmm::x2, Xmm::x12));                          // movaps xmm2,xmm12
  EXPECT_CODE("f2 41 0f 10 58 18", a.load_double(Xmm::x3, Mem{Reg::r8, 24}));     // movsd xmm3,QWORD PTR [r8+0x18]
  EXPECT_CODE("f2 45 0f 11 78 18", a.store_double(Mem{Reg::r8, 24}, Xmm::x15));   // movsd QWORD PTR [r8+0x18],xmm15
  EXPECT_CODE("66 0f ef c9 f3 0f 5a 08", a.load_single(Xmm::x1, Mem{Reg::rax}));  // pxor xmm1,xmm1; cvtss2sd xmm1,DWORD PTR [rax]
  EXPECT_CODE("f2 0f 5a c9 f3 0f 11 08",
              a.store_single(Mem{Reg::rax}, Xmm::x1));  // cvtsd2ss xmm1,xmm1; movss DWORD PTR [rax],xmm1
  EXPECT_CODE("0f 10 04 0e", a.load128(Xmm::x0, Mem{Reg::rsi, 0, Reg::rcx, 1}));       // movups xmm0,XMMWORD PTR [rsi+rcx*1]
  EXPECT_CODE("0f 11 47 10", a.store128(Mem{Reg::rdi, 16}, Xmm::x0));                  // movups XMMWORD PTR [rdi+0x10],xmm0
  EXPECT_CODE("66 45 0f ef c0 f2 4d 0f 2a c1", a.convert_to_float(Xmm::x8, Reg::r9));  // pxor xmm8,xmm8; cvtsi2sd xmm8,r9
  EXPECT_CODE("f2 4d 0f 2c c8", a.convert_to_int(Reg::r9, Xmm::x8));                   // cvttsd2si r9,xmm8
  EXPECT_CODE("f2 41 0f 5c da", a.float_op(FloatOp::sub, Xmm::x3, Xmm::x10));          // subsd xmm3,xmm10
  EXPECT_CODE("f2 0f 5e dc", a.float_op(FloatOp::div, Xmm::x3, Xmm::x4));              // divsd xmm3,xmm4
  EXPECT_CODE("f2 0f 51 ca", a.square_root(Xmm::x1, Xmm::x2));                         // sqrtsd xmm1,xmm2
  EXPECT_CODE("66 41 0f 2e c9", a.compare_floats(Xmm::x1, Xmm::x9));                   // ucomisd xmm1,xmm9
}

TEST(jumps_are_encoded) {
  EXPECT_CODE("e9 00 10 00 00", a.jump_address(0x4000'1005));                            // jmp 0x40001005
  EXPECT_CODE("48 b8 00 00 00 00 ff 7f 00 00 ff e0", a.jump_address(0x7FFF'0000'0000));  // movabs rax,0x7fff00000000; jmp rax
  EXPECT_CODE("41 ff e1", a.jump_register(Reg::r9));                                     // jmp r9
  EXPECT_CODE("43 ff 64 05 00", a.jump_memory(Mem{Reg::r13, 0, Reg::r8, 1}));            // jmp QWORD PTR [r13+r8*1+0x0]
  EXPECT_CODE("c3", a.leave_function());                                                 // ret
}

TEST(jumps_to_labels_are_short_where_the_label_is_known_and_near) {
  constexpr u32 kNear = 126, kFar = 127;  // bytes between
  for (u32 between : {kNear, kFar}) {
    Assembler a(kBase);
    Label back = a.make_label(), forward = a.make_label();
    a.bind(back);
    for (u32 k = 0; k < between; ++k) a.leave_function();
    a.jump_if(Cond::not_equal, back);
    a.jump(forward);
    a.leave_function();
    EXPECT(a.failed());
    a.bind(forward);
    EXPECT(!a.failed() && a.offset_of(back) == 0 && a.offset_of(forward) == a.code_size());
    std::vector<u8> bytes = bytes_of(a);
    u32 jump = between;
    if (between == kNear) {
      EXPECT(bytes[jump] == 0x75 && bytes[jump + 1] == 0x80);
    } else {
      EXPECT(bytes[jump] == 0x0F && bytes[jump + 1] == 0x85 && bytes[jump + 2] == 0x7B && bytes[jump + 5] == 0xFF);
    }
    jump += between == kNear ? 2 : 6;
    EXPECT(bytes[jump] == 0xE9 && bytes[jump + 1] == 1 && bytes[jump + 4] == 0 && bytes.size() == jump + 6);
  }
}

TEST(code_of_any_length_is_kept) {
  constexpr u32 kMany = 50'000;
  Assembler a(kBase);
  Label end = a.make_label();
  for (u32 k = 0; k < kMany; ++k) a.move_constant(Reg::rax, k + 1);
  a.jump(end);
  a.bind(end);
  std::vector<u8> bytes = bytes_of(a);
  EXPECT(bytes.size() == kMany * 5 + 5 && !a.failed());
  EXPECT(bytes[5 * (kMany - 1)] == 0xB8 && bytes[5 * (kMany - 1) + 1] == (kMany & 0xFF));
}

TEST(what_is_aside_comes_behind_all_the_rest) {
  constexpr u32 kManyAside = 1000;
  Assembler a(kBase);
  Label aside = a.make_label(), behind = a.make_label(), inner = a.make_label(), end = a.make_label();
  a.jump_if(Cond::equal, aside);  // 6 bytes
  a.begin_aside(behind);
  a.bind(aside);
  for (u32 k = 0; k < kManyAside; ++k) a.leave_function();
  a.begin_aside(inner);  // stays there, behind a jump over it
  a.leave_function();
  a.end_aside();
  a.bind(inner);
  a.jump(behind);
  a.jump_address(kBase);
  a.end_aside();
  a.bind(behind);
  a.leave_function();
  a.bind(end);
  std::vector<u8> bytes = bytes_of(a);
  EXPECT(!a.failed() && a.offset_of(behind) == 6 && a.offset_of(end) == 7 && a.offset_of(aside) == 7);
  EXPECT(a.offset_of(inner) == 7 + kManyAside + 6 && bytes.size() == 7 + kManyAside + 6 + 10);
  auto distance_at = [&](usize at) {
    i32 distance;
    memcpy(&distance, &bytes[at], sizeof distance);
    return distance;
  };
  EXPECT(bytes[0] == 0x0F && distance_at(2) == 1);                                // to what is aside
  EXPECT(bytes[7 + kManyAside] == 0xE9 && distance_at(7 + kManyAside + 1) == 1);  // over the inner one
  usize back = bytes.size() - 10;
  EXPECT(bytes[back] == 0xE9 && distance_at(back + 1) == 6 - static_cast<i32>(back + 5));
  EXPECT(bytes[back + 5] == 0xE9 && distance_at(back + 6) == -static_cast<i32>(bytes.size()));
}

TEST(written_registers_are_told) {
  Assembler a(kBase);
  a.load64(Reg::r9, Mem{Reg::rax});
  a.alu64(Alu::cmp, Reg::rcx, 1);
  a.divide_rax(Reg::rbx);
  EXPECT(a.take_written() == (1u << 9 | 1u << 0 | 1u << 2) && a.take_written() == 0);
}
