// Calls of natives and of built-in classes: the few that take less time than a call are machine code, others go to the handler by
// the shortest way.
#include <algorithm>

#include "interp/interp.h"
#include "jit/baseline.h"
#include "jit/offsets.h"
#include "objects/dict_inline.h"
#include "objects/native.h"
#include "objects/operators.h"
#include "objects/str.h"
#include "threads/gil.h"

namespace baton {

NativeDef* native_def(Value callee) {
  if (is_exact<NativeFunction>(callee)) return callee.as<NativeFunction>()->def();
  return is_exact<MethodDescriptor>(callee) ? callee.as<MethodDescriptor>()->def() : nullptr;
}

// The callee, rax, is this native; whatever its address is by then.
void Baseline::need_native(Value callee) {
  if (!is_known_callable(at().a, callee)) {
    need_cell(Reg::rax, leave());
    need_kind(Reg::rax, callee.cell()->kind_word(), leave());
    a_.move_constant(Reg::rcx, reinterpret_cast<u64>(native_def(callee)));
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kNativeDef});
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);  // a call polls
  a_.jump_if(Cond::not_equal, leave());
}

// range() of one or two small ints.
void Baseline::call_range() {
  const Instruction& in = at();
  constexpr u8 kBits = 60;
  Reg start = Reg::rsi, stop = Reg::rdx, length = Reg::r9;
  Label is_up = a_.make_label();
  load(Reg::rax, in.a);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.range));
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, leave_counted());
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
  load(stop, in.a + 1u + in.b);
  need_int(in.a + 1u + in.b, stop, leave());
  a_.move(length, stop);
  a_.shift64(Shift::sar, length, 2);
  if (in.b == 2) {
    load(start, in.a + 2u);
    need_int(in.a + 2u, start, leave());
    a_.move(Reg::r10, start);
    a_.shift64(Shift::sar, Reg::r10, 2);
    a_.alu64(Alu::sub, length, Reg::r10);  // the numbers have 62 bits
  } else {
    a_.move_constant(start, Value::of_small_int(0).bits());
    a_.move_constant(Reg::r10, 0);
  }
  a_.alu64(Alu::test, length, length);
  a_.jump_if(Cond::no_sign, is_up);
  a_.move_constant(length, 0);
  a_.bind(is_up);
  a_.move(Reg::rcx, length);
  a_.shift64(Shift::sar, Reg::rcx, kBits);
  a_.jump_if(Cond::not_equal, leave());
  allocate(Reg::rax, sizeof(Range));
  store_header(Reg::rax, header_of(types.range));
  auto value = [](i32 number) { return Mem{Reg::rax, at::kRangeStartValue + number * 8}; };  // start, stop, step, length
  a_.store64(value(0), start);
  a_.store64(value(1), stop);
  a_.store64(value(2), static_cast<i32>(Value::of_small_int(1).bits()));
  a_.store64(Mem{Reg::rax, at::kRangeStart}, Reg::r10);
  a_.store64(Mem{Reg::rax, at::kRangeStep}, 1);
  a_.store64(Mem{Reg::rax, at::kRangeLength}, length);
  a_.store8(Mem{Reg::rax, at::kRangeIsSmall}, u8{1});
  tag_int(length);
  a_.store64(value(3), length);
  store(in.c, Reg::rax);
}

// set().
void Baseline::call_set() {
  need_class(types.set);
  make_set(0);
  store(at().c, Reg::rax);
}

// len() of a built-in container.
void Baseline::call_len(Value callee) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  need_native(callee);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rax, in.a + 2u);
  need_cell(Reg::rax, leave());
  load_length(leave(), kSizedTested);
  tag_int(Reg::rdx);
  store(in.c, Reg::rdx);
  know_int(in.c);
}

// To what does this call once its callee is checked.
void Baseline::enter_handler_of(CompiledCall call) {
  need_frame();
  a_.move_constant(kPc, reinterpret_cast<u64>(&at()));
  a_.store64(Mem{kFrame, at::kFramePc}, kPc);
  a_.jump_address(call_address(call));
  facts_.clear();
}

// A native of any kind. False: it isn't called with what the window has.
bool Baseline::call_any_native(Value callee) {
  NativeDef* def = native_def(callee);
  bool is_method = is_exact<MethodDescriptor>(callee);
  if (is_method) {
    if (!likely_shape_ || (def->flags & kNativeClassMethod) ||
        !shape_numbered(likely_shape_)->type()->is_subtype_of(callee.as<MethodDescriptor>()->owner()))
      return false;
  } else if (callee.as<NativeFunction>()->passes_self()) {
    return false;
  }
  bool is_known = is_known_callable(at().a, callee);
  load(Reg::rax, at().a);
  if (!is_known) {
    need_cell(Reg::rax, leave());
    need_kind(Reg::rax, callee.cell()->kind_word(), leave());
    a_.move_constant(Reg::rcx, reinterpret_cast<u64>(def));
    a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kNativeDef});
    a_.jump_if(Cond::not_equal, leave());
  }
  load(Reg::rdx, at().a + 1u);
  if (is_method) {
    bool is_of_number = is_shape_of_numbers(likely_shape_), is_known_object = known_shape(at().a + 1u) == likely_shape_;
    if (!is_known_object) {
      a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
      a_.jump_if(Cond::equal, leave());
    }
    if (is_of_number) {
      need_number(Reg::rdx, likely_shape_, leave());
    } else if (!is_known_object) {
      need_cell(Reg::rdx, leave());
      need_shape(Reg::rdx, likely_shape_, leave());
    }
    if (!is_known) {  // Classes may share a definition. The owner is kept by the shape's class.
      a_.move_constant(Reg::rcx, reinterpret_cast<u64>(callee.as<MethodDescriptor>()->owner()));
      a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kMethodOwner});
      a_.jump_if(Cond::not_equal, leave());
    }
  } else if (!is_known_absent(at().a + 1u)) {
    a_.alu64(Alu::test, Reg::rdx, Reg::rdx);
    a_.jump_if(Cond::not_equal, leave());
  }
  enter_handler_of(is_method ? CompiledCall::NativeMethod : CompiledCall::NativeFunction);
  return true;
}

static NativeDef* list_append_def() {
  static NativeDef* const def = [] {
    Index position = 0;
    Value key, value;
    while (dict_next(types.list->dict(), &position, &key, &value))
      if (str_equals_ascii(key.as<Str>(), "append")) return native_def(value);
    return static_cast<NativeDef*>(nullptr);
  }();
  return def;
}

// What the variable has that is called at i_; absent: it isn't one.
Value Baseline::callee_now() const {
  u32 window = at().a;
  for (u32 k = i_; k-- > 0 && i_ - k < 64 && !is_target_[k + 1];) {
    const Instruction& in = instructions_[k];
    if (static_cast<Op>(in.op) == Op::Move && in.a == window) return value_now(in.b);
    if (in.a == window && op_info(static_cast<Op>(in.op)).a == OperandKind::Write) break;
  }
  return Value();
}

// `append = result.append` of a list that a variable has. False: it hasn't one now.
bool Baseline::call_append_of_variable() {
  const Instruction& in = at();
  Value now = in.b == 1 ? callee_now() : Value();
  if (!is_exact<NativeFunction>(now) || native_def(now) != list_append_def()) return false;
  Label is_another = a_.make_label(), done = a_.make_label();
  load(Reg::rax, in.a);
  need_cell(Reg::rax, is_another);
  need_kind(Reg::rax, kKindNativeFunction, is_another);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(list_append_def()));
  a_.alu64(Alu::cmp, Reg::rcx, Mem{Reg::rax, at::kNativeDef});
  a_.jump_if(Cond::not_equal, is_another);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
  a_.load64(Reg::rax, Mem{Reg::rax, at::kNativeSelf});
  need_kind(Reg::rax, kKindList, leave());
  alone([&] { append(in.a + 2u); });
  store_constant(in.c, Value::kNoneBits);
  a_.jump(done);
  a_.bind(is_another);
  call_anything();
  a_.bind(done);
  return true;
}

// The class that is called here is `callee`, and nothing is to be polled for.
void Baseline::need_class(Type* callee) {
  load(Reg::rax, at().a);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(callee));
  a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
  a_.jump_if(Cond::not_equal, leave_counted());
  if (!is_known_absent(at().a + 1u)) {
    a_.alu64(Alu::cmp, reg(at().a + 1u), 0);
    a_.jump_if(Cond::not_equal, leave());
  }
  a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
  a_.jump_if(Cond::not_equal, leave());
}

// super() in a method whose first argument is an instance: of a class of its own, so that it needs no look at __class__. False:
// the code isn't of such.
bool Baseline::call_super() {
  const Instruction& in = at();
  Tuple* free = code_->freevars();
  Index number = 0;
  while (number < free->length() && !str_equals_ascii(free->at(number).as<Str>(), "__class__")) ++number;
  if (number == free->length() || code_->argcount_ == 0 || types.super->tail_offset()) return false;
  need_class(types.super);
  load(Reg::rcx, code_->frame_local_count_ - static_cast<u32>(free->length()) + static_cast<u32>(number));
  need_cell(Reg::rcx, leave());
  need_kind(Reg::rcx, kKindClosureCell, leave());
  load_present(Reg::rdx, Mem{Reg::rcx, at::kClosureCellValue});
  need_cell(Reg::rdx, leave());
  need_kind(Reg::rdx, kKindType, leave());
  load_present(Reg::rax, reg(0));
  need_cell(Reg::rax, leave());
  a_.load16(Reg::rcx, Mem{Reg::rax, at::kKindWord});
  for (u16 kind : {kKindType, kKindClosureCell}) {  // an inner function has it, too
    a_.alu32(Alu::cmp, Reg::rcx, kind);
    a_.jump_if(Cond::equal, leave());
  }
  Label is_instance = a_.make_label();
  jump_if_instance(is_instance);
  a_.jump(leave());
  a_.bind(is_instance);
  allocate(Reg::r9, sizeof(Super));
  load_class(Reg::r10, Reg::rax);
  store_header(Reg::r9, header_of(types.super));
  a_.store64(Mem{Reg::r9, at::kSuperThisClass}, Reg::rdx);
  a_.store64(Mem{Reg::r9, at::kSuperSelf}, Reg::rax);
  a_.store64(Mem{Reg::r9, at::kSuperSelfClass}, Reg::r10);
  store(in.c, Reg::r9);
  return true;
}

// A class whose class is type.
void Baseline::construct() {
  load(Reg::rax, at().a);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindType, leave());
  a_.alu64(Alu::cmp, reg(at().a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  enter_handler_of(CompiledCall::Construct);
}

// isinstance() with a class whose class has type's __instancecheck__, or a tuple of such: what the object's class's mro says, but
// another object's
// __class__ may say otherwise than no.
void Baseline::call_isinstance(Value callee) {
  const Instruction& in = at();
  Label yes = a_.make_label(), no = a_.make_label(), done = a_.make_label(), is_cell = a_.make_label(), no_int = a_.make_label(),
        is_single = a_.make_label(), next_class = a_.make_label(), next_base = a_.make_label(), none = a_.make_label(),
        has_class = a_.make_label(), is_plain = a_.make_label();
  load(Reg::rax, in.a);
  need_native(callee);
  a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
  a_.jump_if(Cond::not_equal, leave());
  load(Reg::rax, in.a + 2u);
  load(Reg::rdx, in.a + 3u);
  need_cell(Reg::rdx, leave());
  a_.load_address(Reg::rbx, reg(in.a + 3u));  // the classes, and how many there are
  a_.move_constant(Reg::r9, 1);
  a_.alu16(Alu::cmp, Mem{Reg::rdx, at::kKindWord}, kKindTuple);
  a_.jump_if(Cond::not_equal, is_single);
  a_.load_address(Reg::rbx, Mem{Reg::rdx, at::kTupleItems});
  a_.load64(Reg::r9, Mem{Reg::rdx, at::kTupleLength});
  a_.bind(is_single);
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::equal, is_cell);
  // Of other immediates than small ints and floats there are few.
  a_.load_address32(Reg::rcx, Mem{Reg::rax, -1});
  a_.alu8(Alu::test, Reg::rcx, 3);
  a_.jump_if(Cond::not_equal, no_int);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.int_));
  a_.jump(has_class);
  a_.bind(no_int);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.float_));
  a_.jump(has_class);
  a_.bind(is_cell);
  load_class(Reg::rcx, Reg::rax);
  a_.bind(has_class);
  load_present(Reg::rsi, Mem{Reg::rcx, at::kTypeMro});
  a_.bind(next_class);
  a_.alu64(Alu::sub, Reg::r9, 1);
  a_.jump_if(Cond::sign, none);
  a_.load64(Reg::rdx, Mem{Reg::rbx});
  a_.alu64(Alu::add, Reg::rbx, 8);
  need_cell(Reg::rdx, leave());
  a_.alu32(Alu::cmp, Mem{Reg::rdx, at::kShape}, static_cast<i32>(types.type->instance_shape()->id()));
  a_.jump_if(Cond::equal, is_plain);
  a_.load16(Reg::r10, Mem{Reg::rdx, at::kKindWord});
  a_.alu32(Alu::and_, Reg::r10, kKindMask);
  a_.alu32(Alu::cmp, Reg::r10, kKindType);
  a_.jump_if(Cond::not_equal, leave());
  load_class(Reg::r10, Reg::rdx);
  a_.move_constant(Reg::r8, types.type->slot(Slot::instancecheck).bits());
  a_.alu64(Alu::cmp, Reg::r8, Mem{Reg::r10, at::slot_of(Slot::instancecheck)});
  a_.jump_if(Cond::not_equal, leave());
  a_.bind(is_plain);
  a_.load64(Reg::r10, Mem{Reg::rsi, at::kTupleLength});
  a_.bind(next_base);
  a_.alu64(Alu::sub, Reg::r10, 1);
  a_.jump_if(Cond::sign, next_class);
  a_.alu64(Alu::cmp, Reg::rdx, Mem{Reg::rsi, at::kTupleItems, Reg::r10, 8});
  a_.jump_if(Cond::equal, yes);
  a_.jump(next_base);
  a_.bind(none);
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::not_equal, no);
  load_class(Reg::rcx, Reg::rax);
  need_plain_class(Reg::rcx);
  a_.bind(no);
  store_constant(in.c, Value::kFalseBits);
  a_.jump(done);
  a_.bind(yes);
  store_constant(in.c, Value::kTrueBits);
  a_.bind(done);
}

// type() of a cell, a small int or a float.
void Baseline::call_type() {
  const Instruction& in = at();
  Label is_cell = a_.make_label(), no_int = a_.make_label(), done = a_.make_label();
  need_class(types.type);
  load(Reg::rax, in.a + 2u);
  a_.alu8(Alu::test, Reg::rax, 7);
  a_.jump_if(Cond::equal, is_cell);
  need_int(in.a + 2u, Reg::rax, no_int);
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.int_));
  a_.jump(done);
  a_.bind(no_int);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(types.float_));
  a_.jump(done);
  a_.bind(is_cell);
  load_class(Reg::rcx, Reg::rax);
  a_.bind(done);
  store(in.c, Reg::rcx);
}

// The native function of one argument, or the class, that is called here is `callee`: its argument is in rax then.
void Baseline::need_one_argument(Value callee) {
  const Instruction& in = at();
  load(Reg::rax, in.a);
  if (is<Type>(callee)) {
    a_.move_constant(Reg::rcx, callee.bits());
    a_.alu64(Alu::cmp, Reg::rax, Reg::rcx);
    a_.jump_if(Cond::not_equal, leave_counted());
    a_.alu32(Alu::cmp, Mem{kThread, at::kPoll}, 0);
    a_.jump_if(Cond::not_equal, leave());
  } else {
    need_native(callee);
  }
  if (!is_known_absent(in.a + 1u)) {
    a_.alu64(Alu::cmp, reg(in.a + 1u), 0);
    a_.jump_if(Cond::not_equal, leave());
  }
  load(Reg::rax, in.a + 2u);
}

// abs() of a small int or a float.
void Baseline::call_abs(Value callee) {
  const Instruction& in = at();
  Label no_int = a_.make_label(), is_positive = a_.make_label(), done = a_.make_label();
  need_one_argument(callee);
  need_int(in.a + 2u, Reg::rax, no_int);
  a_.alu64(Alu::test, Reg::rax, Reg::rax);
  a_.jump_if(Cond::no_sign, is_positive);
  a_.alu64(Alu::sub, Reg::rax, 1);
  a_.negate(Reg::rax);
  a_.jump_if(Cond::overflow, leave());
  a_.alu64(Alu::or_, Reg::rax, 1);
  a_.bind(is_positive);
  store(in.c, Reg::rax);
  a_.jump(done);
  a_.bind(no_int);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  a_.shift64(Shift::shl, Reg::rax, 1);
  a_.shift64(Shift::shr, Reg::rax, 1);
  a_.move_to_xmm(Xmm::x0, Reg::rax);
  box_into(in.c, Xmm::x0);
  a_.bind(done);
}

// math.sqrt() of a float that isn't below 0, or of an int that a float has all digits of.
void Baseline::call_sqrt(Value callee) {
  need_one_argument(callee);
  number_to_float(Reg::rax, Xmm::x0, leave());
  load_float_constant(Xmm::x1, 0);
  a_.compare_floats(Xmm::x0, Xmm::x1);
  a_.jump_if(Cond::below, leave());  // so it is if one isn't a number
  a_.square_root(Xmm::x0, Xmm::x0);
  a_.move(know_pending(at().c), Xmm::x0);
}

// ord() of a string of one character.
void Baseline::call_ord(Value callee) {
  const Instruction& in = at();
  Label is_wide = a_.make_label(), is_widest = a_.make_label(), found = a_.make_label();
  need_one_argument(callee);
  need_cell(Reg::rax, leave());
  need_kind(Reg::rax, kKindStr, leave());
  a_.load64(Reg::rcx, Mem{Reg::rax, at::kStrLengthAndFlags});
  a_.load64(Reg::rax, Mem{Reg::rax, at::kStrData});
  a_.move(Reg::rdx, Reg::rcx);
  a_.shift64(Shift::shr, Reg::rdx, 8);
  a_.alu64(Alu::cmp, Reg::rdx, 1);
  a_.jump_if(Cond::not_equal, leave());
  a_.alu8(Alu::test, Reg::rcx, 6);  // the width is 1, 2 or 4
  a_.jump_if(Cond::not_equal, is_wide);
  a_.load8(Reg::rax, Mem{Reg::rax});
  a_.jump(found);
  a_.bind(is_wide);
  a_.alu8(Alu::test, Reg::rcx, 4);
  a_.jump_if(Cond::not_equal, is_widest);
  a_.load16(Reg::rax, Mem{Reg::rax});
  a_.jump(found);
  a_.bind(is_widest);
  a_.load32(Reg::rax, Mem{Reg::rax});
  a_.bind(found);
  tag_int(Reg::rax);
  store(in.c, Reg::rax);
  know_int(in.c);
}

// chr() of what has been asked for already, up to 255.
void Baseline::call_chr(Value callee) {
  const Instruction& in = at();
  need_one_argument(callee);
  need_int(in.a + 2u, Reg::rax, leave());
  a_.shift64(Shift::sar, Reg::rax, 2);
  a_.alu64(Alu::cmp, Reg::rax, 255);
  a_.jump_if(Cond::above, leave());
  a_.move_constant(Reg::rcx, reinterpret_cast<u64>(latin1_strings));
  load_present(Reg::rax, Mem{Reg::rcx, 0, Reg::rax, 8});
  store(in.c, Reg::rax);
}

// float() of an int that it has all digits of, or of a float.
void Baseline::call_float() {
  const Instruction& in = at();
  need_one_argument(Value(types.float_));
  number_to_float(Reg::rax, Xmm::x0, leave());
  box_into(in.c, Xmm::x0);
}

// int() of a small int, or of a float that isn't big.
void Baseline::call_int() {
  const Instruction& in = at();
  constexpr u8 kBits = 60;
  Label no_int = a_.make_label(), done = a_.make_label();
  need_one_argument(Value(types.int_));
  need_int(in.a + 2u, Reg::rax, no_int);
  store(in.c, Reg::rax);
  a_.jump(done);
  a_.bind(no_int);
  a_.alu8(Alu::test, Reg::rax, 2);
  a_.jump_if(Cond::equal, leave());
  unbox(Xmm::x0, Reg::rax);
  a_.convert_to_int(Reg::rax, Xmm::x0);
  a_.move(Reg::rcx, Reg::rax);
  a_.shift64(Shift::sar, Reg::rcx, kBits);
  a_.alu64(Alu::add, Reg::rcx, 1);  // 0 or 1: nothing above but the sign
  a_.alu64(Alu::cmp, Reg::rcx, 1);
  a_.jump_if(Cond::above, leave());
  tag_int(Reg::rax);
  store(in.c, Reg::rax);
  a_.bind(done);
  know_int(in.c);
}

// By what template the callee of the call at i_ is done, if there is one.
Baseline::NativeTemplate Baseline::native_template(Value callee) const {
  using enum NativeTemplate;
  u32 count = at().b;
  if (callee == Value(types.float_) && count == 1) return Float;
  if (callee == Value(types.int_) && count == 1) return Int;
  if (callee == Value(types.type) && count == 1) return Type;
  if (callee == Value(types.str) && count == 1) return Text;
  if (callee == Value(types.set) && count == 0 && !types.set->tail_offset()) return Set;
  if (callee == Value(types.range) && (count == 1 || count == 2) && !types.range->tail_offset()) return Range;
  NativeDef* def = native_def(callee);
  if (!def) return None;
  std::string_view name = def->name();
  if (is_exact<MethodDescriptor>(callee)) {
    baton::Type* owner = callee.as<MethodDescriptor>()->owner();
    if (owner == types.list && name == "pop" && count == 0) return Pop;
    if (owner == types.dict && name == "get" && (count == 1 || count == 2)) return Get;
    if (owner == types.list && name == "append" && count == 1) return Append;
    if (owner == types.dict && name == "pop" && (count == 1 || count == 2)) return DictPop;
    if (owner == types.dict && name == "setdefault" && count == 2) return SetDefault;
    if (owner != types.set || count != 1) return None;
    return name == "add" ? Add : name == "discard" ? Discard : name == "remove" ? Remove : None;
  }
  if (!is_exact<NativeFunction>(callee) || !def->module) return None;
  std::string_view module = def->module->name;
  if (module == "math" && name == "sqrt" && count == 1) return Sqrt;
  if (module != "builtins") return None;
  if (name == "isinstance" && count == 2) return IsInstance;
  if (count != 1) return None;
  return name == "len" ? Len : name == "abs" ? Abs : name == "ord" ? Ord : name == "chr" ? Chr : None;
}

// Tells whether it is a native that a template knows.
bool Baseline::call_native(Value callee) {
  switch (native_template(callee)) {
    case NativeTemplate::None: return false;
    case NativeTemplate::Float: call_float(); break;
    case NativeTemplate::Int: call_int(); break;
    case NativeTemplate::Type: call_type(); break;
    case NativeTemplate::Text: call_str(); break;
    case NativeTemplate::Range: call_range(); break;
    case NativeTemplate::Set: call_set(); break;
    case NativeTemplate::IsInstance: call_isinstance(callee); break;
    case NativeTemplate::Pop: call_pop(callee); break;
    case NativeTemplate::Get: call_get(callee); break;
    case NativeTemplate::Append: call_append(callee, kKindList); break;
    case NativeTemplate::Add: call_append(callee, kKindSet); break;
    case NativeTemplate::DictPop: call_dict_pop(callee); break;
    case NativeTemplate::SetDefault: call_setdefault(callee); break;
    case NativeTemplate::Discard: call_discard(callee, false); break;
    case NativeTemplate::Remove: call_discard(callee, true); break;
    case NativeTemplate::Len: call_len(callee); break;
    case NativeTemplate::Abs: call_abs(callee); break;
    case NativeTemplate::Sqrt: call_sqrt(callee); break;
    case NativeTemplate::Ord: call_ord(callee); break;
    case NativeTemplate::Chr: call_chr(callee); break;
  }
  return true;
}

}  // namespace baton
