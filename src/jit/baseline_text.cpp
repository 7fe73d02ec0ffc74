// Strings being made: concatenation of short ones that have as many bytes a character, and what f-strings are made of. All other
// texts, and those whose characters lie in a buffer that they share, are the handler's.
#include "heap/mutator_heap.h"
#include "jit/baseline.h"
#include "jit/offsets.h"

namespace baton {

static constexpr i32 kLongestMade = 200;  // characters; below what a concatenation makes shared buffers of
static_assert(sizeof(Str) + kLongestMade + 1 + kGranule <= kMaxStepped);

// So many bytes, to and from where `to` and `from` point at; none beyond them. Changes all three, uses r8, x0.
void Baseline::copy_bytes(Reg to, Reg from, Reg count) {
  Label next = a_.make_label(), tail = a_.make_label();
  a_.bind(next);
  a_.alu64(Alu::cmp, count, 16);
  a_.jump_if(Cond::below, tail);
  a_.load128(Xmm::x0, Mem{from});
  a_.store128(Mem{to}, Xmm::x0);
  a_.alu64(Alu::add, from, 16);
  a_.alu64(Alu::add, to, 16);
  a_.alu64(Alu::sub, count, 16);
  a_.jump(next);
  a_.bind(tail);
  for (u8 bytes : {8, 4, 2, 1}) {
    Label no = a_.make_label();
    a_.alu8(Alu::test, count, bytes);
    a_.jump_if(Cond::equal, no);
    switch (bytes) {
      case 8:
        a_.load64(Reg::r8, Mem{from});
        a_.store64(Mem{to}, Reg::r8);
        break;
      case 4:
        a_.load32(Reg::r8, Mem{from});
        a_.store32(Mem{to}, Reg::r8);
        break;
      case 2:
        a_.load16(Reg::r8, Mem{from});
        a_.store16(Mem{to}, Reg::r8);
        break;
      default: a_.load8(Reg::r8, Mem{from}); a_.store8(Mem{to}, Reg::r8);
    }
    if (bytes > 1) {
      a_.alu64(Alu::add, from, bytes);
      a_.alu64(Alu::add, to, bytes);
    }
    a_.bind(no);
  }
}

// The new cell becomes a string with its characters inline, for who writes them and the zero behind. Uses r11.
void Baseline::begin_string(Reg cell, Reg length_and_flags) {
  a_.move_constant(Reg::r11, header_of(types.str));
  a_.store64(Mem{cell}, Reg::r11);
  a_.store64(Mem{cell, at::kStrLengthAndFlags}, length_and_flags);
  a_.store64(Mem{cell, at::kStrHash}, 0);
  a_.load_address(Reg::r11, Mem{cell, sizeof(Str)});
  a_.store64(Mem{cell, at::kStrData}, Reg::r11);
}

// A string of the character `unit` of two bytes, in its place. Uses rcx, r8, r11.
void Baseline::make_wide_character(Reg unit) {
  allocate(Reg::r11, sizeof(Str) + 4);
  store_header(Reg::r11, header_of(types.str));
  a_.store64(Mem{Reg::r11, at::kStrLengthAndFlags}, (1 << 8) | 2);
  a_.store64(Mem{Reg::r11, at::kStrHash}, 0);
  a_.load_address(Reg::rcx, Mem{Reg::r11, sizeof(Str)});
  a_.store64(Mem{Reg::r11, at::kStrData}, Reg::rcx);
  a_.store32(Mem{Reg::r11, sizeof(Str)}, unit);  // and the zero behind
  a_.move(unit, Reg::r11);
}

// A zero character of the width in the low bits of `flags` at `end`.
void Baseline::end_string(Reg end, Reg flags) {
  Label is_wide = a_.make_label(), is_widest = a_.make_label(), done = a_.make_label();
  a_.alu8(Alu::test, flags, 6);
  a_.jump_if(Cond::not_equal, is_wide);
  a_.store8(Mem{end}, u8{0});
  a_.jump(done);
  a_.bind(is_wide);
  a_.alu8(Alu::test, flags, 4);
  a_.jump_if(Cond::not_equal, is_widest);
  a_.move_constant(Reg::r8, 0);
  a_.store16(Mem{end}, Reg::r8);
  a_.jump(done);
  a_.bind(is_widest);
  a_.store32(Mem{end}, 0);
  a_.bind(done);
}

// The cells rax and rdx.
void Baseline::concatenate_strings() {
  const Instruction& in = at();
  Label first_only = a_.make_label(), second_only = a_.make_label(), next = a_.make_label();
  need_kind(Reg::rax, kKindStr, leave());
  need_kind(Reg::rdx, kKindStr, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kStrLengthAndFlags});
  a_.move(Reg::r9, Reg::rcx);
  a_.alu32(Alu::and_, Reg::r9, Reg::rsi);
  a_.move(Reg::r10, Reg::rcx);
  a_.alu64(Alu::add, Reg::r10, Reg::rsi);  // both lengths, above what the flags are
  a_.move(Reg::r8, Reg::rcx);
  a_.alu32(Alu::or_, Reg::r8, Reg::rsi);
  a_.shift64(Shift::shr, Reg::rcx, 8);
  a_.jump_if(Cond::equal, second_only);
  a_.shift64(Shift::shr, Reg::rsi, 8);
  a_.jump_if(Cond::equal, first_only);
  a_.alu8(Alu::test, Reg::r8, static_cast<u8>(Str::kShared));
  a_.jump_if(Cond::not_equal, leave());
  a_.move(Reg::rbx, Reg::r9);
  a_.alu32(Alu::and_, Reg::rbx, 7);  // 0 if the widths, 1, 2 or 4, aren't equal
  a_.jump_if(Cond::equal, leave());
  a_.alu32(Alu::and_, Reg::r9, static_cast<i32>(7 | Str::kAscii));
  a_.alu64(Alu::and_, Reg::r10, -256);
  a_.alu64(Alu::or_, Reg::r10, Reg::r9);
  a_.multiply(Reg::rcx, Reg::rbx);
  a_.multiply(Reg::rsi, Reg::rbx);
  a_.load_address(Reg::r8, Mem{Reg::rcx, 0, Reg::rsi, 1});
  a_.alu64(Alu::cmp, Reg::r8, kLongestMade);
  a_.jump_if(Cond::above, leave());
  a_.load_address(Reg::r8, Mem{Reg::r8, static_cast<i32>(sizeof(Str) + kGranule - 1), Reg::rbx, 1});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  begin_string(Reg::rbx, Reg::r10);
  // The first by sixteen: inline characters begin at a multiple of that, so all is within both cells.
  static_assert(sizeof(Str) % 16 == 0 && kGranule == 16);
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kStrData});
  a_.move_constant(Reg::r8, 0);
  a_.bind(next);
  a_.load128(Xmm::x0, Mem{Reg::rax, sizeof(Str), Reg::r8, 1});
  a_.store128(Mem{Reg::r11, 0, Reg::r8, 1}, Xmm::x0);
  a_.alu64(Alu::add, Reg::r8, 16);
  a_.alu64(Alu::cmp, Reg::r8, Reg::rcx);
  a_.jump_if(Cond::below, next);
  a_.alu64(Alu::add, Reg::r11, Reg::rcx);
  a_.load_address(Reg::r10, Mem{Reg::r11, 0, Reg::rsi, 1});
  copy_bytes(Reg::r11, Reg::rdx, Reg::rsi);
  end_string(Reg::r10, Reg::r9);
  a_.move(Reg::rax, Reg::rbx);
  a_.jump(first_only);
  a_.bind(second_only);
  a_.move(Reg::rax, Reg::rdx);
  a_.bind(first_only);
  store(in.a, Reg::rax);
}

// The bytes rax and what is in rdx; an empty one gives the other itself.
void Baseline::concatenate_bytes() {
  Label first_only = a_.make_label(), second_only = a_.make_label();
  need_kind(Reg::rdx, kKindBytes, leave());
  a_.load64(Reg::r9, Mem{Reg::rax, at::kBytesLength});
  a_.load64(Reg::rsi, Mem{Reg::rdx, at::kBytesLength});
  a_.alu64(Alu::test, Reg::r9, Reg::r9);
  a_.jump_if(Cond::equal, second_only);
  a_.alu64(Alu::test, Reg::rsi, Reg::rsi);
  a_.jump_if(Cond::equal, first_only);
  a_.load_address(Reg::r10, Mem{Reg::r9, 0, Reg::rsi, 1});
  a_.alu64(Alu::cmp, Reg::r10, kLongestMade);
  a_.jump_if(Cond::above, leave());
  static_assert(sizeof(Bytes) <= sizeof(Str));
  a_.load_address(Reg::r8, Mem{Reg::r10, static_cast<i32>(sizeof(Bytes) + 1 + kGranule - 1)});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  store_header(Reg::rbx, header_of(types.bytes));
  a_.store64(Mem{Reg::rbx, at::kBytesLength}, Reg::r10);
  a_.store64(Mem{Reg::rbx, at::kBytesHash}, 0);
  a_.load_address(Reg::r11, Mem{Reg::rbx, sizeof(Bytes)});
  a_.store64(Mem{Reg::rbx, at::kBytesData}, Reg::r11);
  a_.store8(Mem{Reg::r11, 0, Reg::r10, 1}, u8{0});
  a_.load_address(Reg::r10, Mem{Reg::r11, 0, Reg::r9, 1});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kBytesData});
  a_.load64(Reg::rdx, Mem{Reg::rdx, at::kBytesData});
  copy_bytes(Reg::r11, Reg::rax, Reg::r9);
  copy_bytes(Reg::r10, Reg::rdx, Reg::rsi);
  a_.move(Reg::rax, Reg::rbx);
  a_.jump(first_only);
  a_.bind(second_only);
  a_.move(Reg::rax, Reg::rdx);
  a_.bind(first_only);
  store(at().a, Reg::rax);
}

// The number rax, from 0 on and of up to 8 digits, as text: to rdx. Uses rcx, rsi, r8, r10, r11.
void Baseline::make_decimal() {
  constexpr i32 kDigits = 8, kEnd = 100'000'000;
  Label is_counted = a_.make_label();
  Reg number = Reg::rax, quotient = Reg::rcx, product = Reg::rsi, length = Reg::r10;
  a_.alu64(Alu::cmp, number, kEnd);
  a_.jump_if(Cond::above_equal, leave());
  a_.move_constant(length, 1);
  for (i32 power = 10; power < kEnd; power *= 10) {
    a_.alu64(Alu::cmp, number, power);
    a_.jump_if(Cond::below, is_counted);
    a_.alu64(Alu::add, length, 1);
  }
  a_.bind(is_counted);
  // Halves it thrice: into numbers of four digits, 32 bits each, of two, and of one, the first lowest. quotient has the first
  // halves, of all of them at once.
  auto halve = [&](i32 by, u8 bits) {
    a_.multiply(product, quotient, by);
    a_.alu64(Alu::sub, number, product);
    a_.shift64(Shift::shl, number, bits);
    a_.alu64(Alu::or_, number, quotient);
  };
  auto divide = [&](i32 factor, u8 shift, u64 mask) {  // factor / 2^shift is near enough for what the mask has room for
    a_.multiply(quotient, number, factor);
    a_.shift64(Shift::shr, quotient, shift);
    if (!mask) return;
    a_.move_constant(product, mask);
    a_.alu64(Alu::and_, quotient, product);
  };
  divide(109951163, 40, 0);
  halve(10000, 32);
  divide(10486, 20, 0x7F'0000'007F);
  halve(100, 16);
  divide(103, 10, 0x000F'000F'000F'000F);
  halve(10, 8);
  a_.move_constant(product, 0x3030'3030'3030'3030);  // '0'
  a_.alu64(Alu::add, number, product);
  a_.move(Reg::rcx, length);  // what is in front of its first digit is shifted out
  a_.shift64(Shift::shl, Reg::rcx, 3);
  a_.negate(Reg::rcx);
  a_.shift64_cl(Shift::shr, number);
  allocate(Reg::rdx, sizeof(Str) + kDigits + 1);
  a_.shift64(Shift::shl, length, 8);
  a_.alu64(Alu::or_, length, static_cast<i32>(1 | Str::kAscii));
  begin_string(Reg::rdx, length);
  a_.store64(Mem{Reg::rdx, sizeof(Str)}, number);
  a_.store8(Mem{Reg::rdx, sizeof(Str) + kDigits}, u8{0});
}

// A string as it is; and where small ints have been those, also with !s, !r or !a.
void Baseline::format_value() {
  const Instruction& in = at();
  bool has_spec = in.c > 3, has_ints = noted() & kIntFormatted;
  if (has_spec || (in.c > 1 && !has_ints)) return leave_always();
  Label no_int = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.b);
  if (has_ints) {
    need_int(in.b, Reg::rax, in.c > 1 ? leave() : no_int);
    a_.shift64(Shift::sar, Reg::rax, 2);
    make_decimal();
    store(in.a, Reg::rdx);
    if (in.c > 1) return;
    a_.jump(done);
    a_.bind(no_int);
    need_cell(Reg::rax, leave());
  } else {
    Label is_cell = a_.make_label(), no_cell = a_.make_label();
    need_cell(Reg::rax, no_cell);
    a_.begin_aside(is_cell);
    a_.bind(no_cell);
    need_int(in.b, Reg::rax, leave());
    a_.jump(leave_counted());
    a_.end_aside();
    a_.bind(is_cell);
  }
  need_kind(Reg::rax, kKindStr, leave());
  store(in.a, Reg::rax);
  a_.bind(done);
}

// str() of a string or a small int.
void Baseline::call_str() {
  const Instruction& in = at();
  Label no_int = a_.make_label(), done = a_.make_label();
  need_one_argument(Value(types.str));
  need_int(in.a + 2u, Reg::rax, no_int);
  a_.shift64(Shift::sar, Reg::rax, 2);
  make_decimal();
  store(in.c, Reg::rdx);
  a_.jump(done);
  a_.bind(no_int);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindStr, leave());
  store(in.c, Reg::rax);
  a_.bind(done);
}

// The strings of a window, of one byte a character all of them; the whole isn't long, nor a single character.
void Baseline::build_string() {
  const Instruction& in = at();
  constexpr u32 kMostPieces = 16;
  if (in.c == 0 || in.c > kMostPieces) return leave_always();
  Label measure = a_.make_label(), next = a_.make_label();
  a_.move_constant(Reg::rcx, 0);
  a_.move_constant(Reg::r10, 0);
  a_.move_constant(Reg::r9, 1 | Str::kAscii);
  a_.load_address(Reg::rdx, reg(in.b));
  a_.bind(measure);
  a_.load64(Reg::rax, Mem{Reg::rdx, 0, Reg::rcx, 8});
  need_kind(Reg::rax, kKindStr, leave());
  a_.load64(Reg::rsi, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.alu8(Alu::test, Reg::rsi, 6);  // the widths are 1, 2 or 4
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::and_, Reg::r9, Reg::rsi);
  a_.shift64(Shift::shr, Reg::rsi, 8);
  a_.alu64(Alu::add, Reg::r10, Reg::rsi);
  a_.alu64(Alu::add, Reg::rcx, 1);
  a_.alu64(Alu::cmp, Reg::rcx, static_cast<i32>(in.c));
  a_.jump_if(Cond::below, measure);
  a_.load_address(Reg::rcx, Mem{Reg::r10, -2});
  a_.alu64(Alu::cmp, Reg::rcx, kLongestMade - 2);
  a_.jump_if(Cond::above, leave());
  a_.load_address(Reg::r8, Mem{Reg::r10, static_cast<i32>(sizeof(Str) + 1 + kGranule - 1)});
  a_.alu64(Alu::and_, Reg::r8, -static_cast<i32>(kGranule));
  allocate_sized(Reg::rbx, Reg::r8);
  a_.store8(Mem{Reg::rbx, sizeof(Str), Reg::r10, 1}, u8{0});
  a_.shift64(Shift::shl, Reg::r10, 8);
  a_.alu64(Alu::or_, Reg::r10, Reg::r9);
  begin_string(Reg::rbx, Reg::r10);
  a_.move_constant(Reg::rcx, 0);
  a_.bind(next);
  a_.load64(Reg::rax, Mem{Reg::rdx, 0, Reg::rcx, 8});
  a_.load64(Reg::rsi, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.load64(Reg::r10, Mem{Reg::rax, at::kStrData});
  a_.shift64(Shift::shr, Reg::rsi, 8);
  a_.load_address(Reg::r9, Mem{Reg::r11, 0, Reg::rsi, 1});
  copy_bytes(Reg::r11, Reg::r10, Reg::rsi);
  a_.move(Reg::r11, Reg::r9);
  a_.alu64(Alu::add, Reg::rcx, 1);
  a_.alu64(Alu::cmp, Reg::rcx, static_cast<i32>(in.c));
  a_.jump_if(Cond::below, next);
  store(in.a, Reg::rbx);
}

bool Baseline::translate_text(Op op) {
  switch (op) {
    case Op::FormatValue: format_value(); return true;
    case Op::BuildString: build_string(); return true;
    default: return false;
  }
}

}  // namespace baton
