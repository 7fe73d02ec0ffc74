// The `code` type as Python sees it: attributes, positions, replace(), comparison.
//
// co_code, co_stacksize, the tables and all offsets (f_lasti, tb_lasti, co_lines) speak of the stack instructions that
// stack_code.h describes, made when they are first asked for. The location and exception tables are written in CPython 3.11's
// formats.
#include <cstdlib>
#include <cstring>

#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/code_list.h"
#include "objects/code_tables.h"
#include "objects/exception.h"
#include "objects/function.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"
#include "objects/stack_code.h"

namespace baton {

Result<Str*> format_address(Thread& thread, Value v);
extern TypeDef positions_iterator_def, line_iterator_def;

// Growing bytes outside the heap.
class ByteBuffer {
 public:
  ~ByteBuffer() { free(data_); }
  void put(u32 byte) {
    if (size_ == capacity_) {
      capacity_ = capacity_ ? capacity_ * 2 : 256;
      data_ = static_cast<u8*>(realloc(data_, capacity_));
      BATON_CHECK(data_, "out of memory for a code table");
    }
    data_[size_++] = static_cast<u8>(byte);
  }
  // CPython's location table: little end first, six bits a byte.
  void put_varint(u32 v) {
    while (v >= 64) {
      put(0x40 | (v & 0x3F));
      v >>= 6;
    }
    put(v);
  }
  void put_signed(i32 v) { put_varint(v < 0 ? (static_cast<u32>(-v) << 1) | 1 : static_cast<u32>(v) << 1); }
  // The exception table: big end first, a start mark on the first byte of an entry.
  void put_entry_varint(u32 v, u32 mark) {
    int shift = 24;
    while (shift > 0 && (v >> shift) == 0) shift -= 6;
    for (; shift >= 0; shift -= 6) {
      put(mark | (shift ? 0x40 : 0) | ((v >> shift) & 0x3F));
      mark = 0;
    }
  }
  Result<Bytes*> build(Thread& thread) {
    return bytes_from(thread, data_ ? static_cast<void*>(data_) : static_cast<void*>(this), size_);
  }

 private:
  u8* data_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------- stack code

bool (*make_stack_code)(const Code* code, StackCode& out) = nullptr;
bool (*rebind_int_constants)(const Code* code, Tuple* wanted, Instruction* out) = nullptr;
bool (*falls_into_next)(const Code* code, u32 pc) = nullptr;

// Code::extra_: what is made on demand or was given to replace(). Published as a whole.
enum ExtraSlot {
  kExtraLineTable,       // as given to replace(), or absent
  kExtraCode,            // bytes: co_code; absent: the rest isn't there either
  kExtraExceptionTable,  // bytes
  kExtraPcs,             // bytes of u32: StackCode::pc_of_unit
  kExtraUnits,           // bytes of u32: StackCode::unit_of_pc
  kExtraStackSize,
  kExtraCount
};
static Value extra(Code* code, ExtraSlot slot) {
  auto* slots = static_cast<ValueArray*>(code->extra_.get());
  return slots ? slots->at(slot) : Value();
}
static bool has_empty_line_table(Code* code) {
  Value given = extra(code, kExtraLineTable);
  return given.is_present() && given.as<Bytes>()->length() == 0;
}

static Result<Bytes*> exception_table(Thread& thread, const StackCode& stack) {
  ByteBuffer out;
  for (const StackCode::Handler& h : stack.handlers) {
    out.put_entry_varint(h.start, 0x80);
    out.put_entry_varint(h.end - h.start, 0);
    out.put_entry_varint(h.target, 0);
    out.put_entry_varint(h.depth << 1, 0);
  }
  return out.build(thread);
}
static Result<void> ensure_stack_code(Thread& thread, Code* code) {
  TRY(materialise(thread, code));
  if (extra(code, kExtraCode).is_present()) return ok;
  StackCode stack;
  if (!make_stack_code(code, stack)) return raise_value_error(thread, "code: invalid bytecode");
  ValueArray* slots = TRY(make_value_array(thread, kExtraCount));
  slots->set_at(kExtraLineTable, extra(code, kExtraLineTable));
  slots->set_at(kExtraCode, Value(TRY(bytes_from(thread, stack.bytes.data(), stack.bytes.size()))));
  slots->set_at(kExtraExceptionTable, Value(TRY(exception_table(thread, stack))));
  slots->set_at(kExtraPcs, Value(TRY(bytes_from(thread, stack.pc_of_unit.data(), stack.pc_of_unit.size() * sizeof(u32)))));
  slots->set_at(kExtraUnits, Value(TRY(bytes_from(thread, stack.unit_of_pc.data(), stack.unit_of_pc.size() * sizeof(u32)))));
  slots->set_at(kExtraStackSize, Value::of_small_int(stack.stack_size ? stack.stack_size : 1));
  code->extra_.set(code, slots);
  return ok;
}
// The rest takes ensure_stack_code() for granted.
static u32 number_in(Code* code, ExtraSlot slot, Index i) {
  u32 number;
  memcpy(&number, extra(code, slot).as<Bytes>()->text().data() + static_cast<usize>(i) * sizeof number, sizeof number);
  return number;
}
static Index unit_count(Code* code) { return extra(code, kExtraCode).as<Bytes>()->length() / 2; }
// An instruction without a place (the return behind the last statement, the end of a handler) is shown at the place of the one
// that falls into it, if that is on the same line.
static Position shown_position(Code* code, u32 pc) {
  const Position* positions = code->positions();
  if (positions[pc].column == Position::kNoPlace) return {-1, -1, -1, -1};
  if (positions[pc].column >= 0 || !keep_debug_ranges) return positions[pc];
  u32 at = pc;
  while (at > 0 && positions[at].column < 0 && positions[at - 1].line == positions[pc].line && falls_into_next(code, at - 1))
    --at;
  return positions[at].column >= 0 ? positions[at] : positions[pc];
}
static Position unit_position(Code* code, Index unit) {
  u32 pc = number_in(code, kExtraPcs, unit);
  if (pc == StackCode::kNoPlace) return {-1, -1, -1, -1};
  if (pc != StackCode::kNoInstruction) return shown_position(code, pc);
  i32 column = keep_debug_ranges ? 0 : -1;
  bool is_module = !code->has_flag(kCodeNewLocals) && str_equals_ascii(code->name(), "<module>");
  if (is_module) return {0, 1, column, column};
  return {code->first_line_, code->first_line_, column, column};
}

Result<i64> offset_of_pc(Thread& thread, Code* code, i64 pc, InstructionPart part) {
  if (pc < 0) return pc;
  TRY(ensure_stack_code(thread, code));
  if (pc >= i64{code->instruction_count_}) pc = i64{code->instruction_count_} - 1;
  i64 unit = number_in(code, kExtraUnits, pc);
  if (part == InstructionPart::Start) {
    while (unit > 0 && number_in(code, kExtraPcs, unit - 1) == static_cast<u32>(pc)) --unit;
  } else if (part == InstructionPart::Resume && unit + 1 < unit_count(code)) {
    ++unit;  // it has no cache
  }
  return 2 * unit;
}
Result<i64> offset_of_first_resume(Thread& thread, Code* code) {
  TRY(ensure_stack_code(thread, code));
  Index unit = 0;
  while (unit + 1 < unit_count(code) && number_in(code, kExtraPcs, unit) != StackCode::kNoInstruction) ++unit;
  return 2 * i64{unit};
}
Result<i64> pc_of_offset(Thread& thread, Code* code, i64 offset) {
  if (offset < 0) return offset;
  TRY(ensure_stack_code(thread, code));
  Index unit = offset / 2;
  if (unit >= unit_count(code)) return i64{code->instruction_count_};
  u32 pc = number_in(code, kExtraPcs, unit);
  if (pc == StackCode::kNoPlace) pc = number_in(code, kExtraPcs, unit + 1);
  return pc == StackCode::kNoInstruction ? i64{-1} : i64{pc};
}

// ---------------------------------------------------------------------------------------------------------------- tables

static bool same_position(const Position& a, const Position& b) {
  bool columns = a.column >= 0 && a.end_column >= 0;  // without them the end line is not shown either
  return a.line == b.line && a.column == b.column && a.end_column == b.end_column && (!columns || a.end_line == b.end_line);
}

// What the location table says of a place.
static Position as_written(const Position& p) {
  if (p.line < 0) return {-1, -1, -1, -1};
  if (p.column < 0 || p.end_column < 0) return {p.line, p.line, -1, -1};
  return {p.line, p.end_line < p.line ? p.line : p.end_line, p.column, p.end_column};
}

static Result<Bytes*> line_table(Thread& thread, Code* code) {
  ByteBuffer out;
  i32 line = code->first_line_;
  for (Index i = 0, count = unit_count(code); i < count;) {
    Position p = unit_position(code, i);
    Index n = 1;
    while (n < 8 && i + n < count && same_position(unit_position(code, i + n), p)) ++n;
    p = as_written(p);
    u32 kind = p.line < 0 ? 15 : p.column < 0 ? 13 : 14;
    out.put(0x80 | (kind << 3) | static_cast<u32>(n - 1));
    if (kind != 15) {
      out.put_signed(p.line - line);
      line = p.line;
    }
    if (kind == 14) {
      out.put_varint(static_cast<u32>(p.end_line - p.line));
      out.put_varint(static_cast<u32>(p.column + 1));
      out.put_varint(static_cast<u32>(p.end_column + 1));
    }
    i += n;
  }
  return out.build(thread);
}

struct TableReader {
  const u8* at;
  const u8* end;
  bool more() const { return at < end; }
  u32 byte() { return at < end ? *at++ : 0; }
  u32 varint() {
    u32 v = 0;
    int shift = 0;
    for (;;) {
      u32 b = byte();
      v |= (b & 0x3F) << shift;
      if (!(b & 0x40) || shift > 24) return v;
      shift += 6;
    }
  }
  i32 signed_varint() {
    u32 v = varint();
    return v & 1 ? -static_cast<i32>(v >> 1) : static_cast<i32>(v >> 1);
  }
};

// Instructions beyond the table have no position.
static void read_line_table(std::string_view table, i32 first_line, Position* out, u32 n) {
  TableReader in{reinterpret_cast<const u8*>(table.data()), reinterpret_cast<const u8*>(table.data()) + table.size()};
  u32 at = 0;
  i32 line = first_line;
  while (in.more() && at < n) {
    u32 first = in.byte(), kind = (first >> 3) & 15, length = (first & 7) + 1;
    Position p = {-1, -1, -1, -1};
    if (kind < 10) {
      u32 second = in.byte();
      p.line = p.end_line = line;
      p.column = static_cast<i32>((kind << 3) | (second >> 4));
      p.end_column = p.column + static_cast<i32>(second & 15);
    } else if (kind < 13) {
      line += static_cast<i32>(kind) - 10;
      p.line = p.end_line = line;
      p.column = static_cast<i32>(in.byte());
      p.end_column = static_cast<i32>(in.byte());
    } else if (kind == 13) {
      line += in.signed_varint();
      p.line = p.end_line = line;
    } else if (kind == 14) {
      line += in.signed_varint();
      p.line = line;
      p.end_line = line + static_cast<i32>(in.varint());
      p.column = static_cast<i32>(in.varint()) - 1;
      p.end_column = static_cast<i32>(in.varint()) - 1;
    }
    for (u32 i = 0; i < length && at < n; ++i) out[at++] = p;
  }
  while (at < n) out[at++] = {-1, -1, -1, -1};
}

// The old table of pairs: bytes of code, lines.
static Result<Bytes*> lnotab(Thread& thread, Code* code) {
  ByteBuffer out;
  i32 line = code->first_line_;
  Index start = 0;
  auto emit = [&](u32 code_delta, i32 line_delta) {
    while (code_delta > 255) {
      out.put(255);
      out.put(0);
      code_delta -= 255;
    }
    while (line_delta > 127) {
      out.put(code_delta);
      out.put(127);
      code_delta = 0;
      line_delta -= 127;
    }
    while (line_delta < -128) {
      out.put(code_delta);
      out.put(static_cast<u8>(-128));
      code_delta = 0;
      line_delta += 128;
    }
    out.put(code_delta);
    out.put(static_cast<u8>(line_delta));
  };
  for (Index i = 0, count = unit_count(code); i < count; ++i) {
    i32 at = unit_position(code, i).line;
    if (at < 0 || at == line) continue;
    emit(static_cast<u32>(2 * (i - start)), at - line);
    line = at;
    start = i;
  }
  return out.build(thread);
}

// ---------------------------------------------------------------------------------------------------------------- attributes

// Of lazy code only what its head holds may be read.
static Code* head_of(Value self) { return self.as<Code>(); }
#define NUMBER_GETTER(name, expression)                       \
  static Result<Value> name(Thread&, Value self) {            \
    Code* c = head_of(self);                                  \
    return Value::of_small_int(static_cast<i64>(expression)); \
  }
#define CELL_GETTER(name, expression) \
  static Result<Value> name(Thread&, Value self) { return Value(head_of(self)->expression); }
NUMBER_GETTER(get_argcount, c->argcount_)
NUMBER_GETTER(get_posonly, c->posonly_argcount_)
NUMBER_GETTER(get_kwonly, c->kwonly_argcount_)
NUMBER_GETTER(get_flags, c->flags() & ~kCodeLazy)
NUMBER_GETTER(get_nlocals, c->local_count_)
NUMBER_GETTER(get_first_line, c->first_line_)
CELL_GETTER(get_consts, consts())
CELL_GETTER(get_names, names())
CELL_GETTER(get_filename, filename())
CELL_GETTER(get_name, name())
CELL_GETTER(get_qualname, qualname())
CELL_GETTER(get_varnames, varnames())
CELL_GETTER(get_cellvars, cellvars())
CELL_GETTER(get_freevars, freevars())
static Result<Value> get_linetable(Thread& thread, Value self) {
  TRY(ensure_stack_code(thread, head_of(self)));
  if (Value given = extra(head_of(self), kExtraLineTable); given.is_present()) return given;
  return line_table(thread, head_of(self));
}
static Result<Value> get_lnotab(Thread& thread, Value self) {
  TRY(ensure_stack_code(thread, head_of(self)));
  return lnotab(thread, head_of(self));
}
template <ExtraSlot slot>
static Result<Value> get_extra(Thread& thread, Value self) {
  TRY(ensure_stack_code(thread, head_of(self)));
  return extra(head_of(self), slot);
}

static Result<Value> get_exceptiontable(Thread& thread, Value self) {
  Code* code = head_of(self);
  TRY(ensure_stack_code(thread, code));
  std::string table(extra(code, kExtraExceptionTable).as<Bytes>()->text());
  append_code_tables(thread, code, table);
  return Value(TRY(bytes_from(thread, table.data(), table.size())));
}

// ---------------------------------------------------------------------------------------------------------------- comparison

// Constants are equal if they are of one type and equal, to the sign of zero.
static Result<bool> same_constant(Thread& thread, Value a, Value b) {
  if (a == b) return true;
  if (type_of(a) != type_of(b)) return false;
  if (is_float(a)) {
    double x = float_value(a), y = float_value(b);
    return memcmp(&x, &y, sizeof x) == 0;
  }
  if (Complex* x = cast<Complex>(a)) {
    Complex* y = b.as<Complex>();
    double u[2] = {x->real(), x->imag()}, v[2] = {y->real(), y->imag()};
    return memcmp(u, v, sizeof u) == 0;
  }
  if (Tuple* x = cast<Tuple>(a)) {
    Tuple* y = b.as<Tuple>();
    if (x->length() != y->length()) return false;
    for (Index i = 0; i < x->length(); ++i)
      if (!TRY(same_constant(thread, x->at(i), y->at(i)))) return false;
    return true;
  }
  return equals(thread, a, b);
}

static Result<bool> same_code(Thread& thread, Code* a, Code* b) {
  if (a == b) return true;
  a->ensure();
  b->ensure();
  if (a->argcount_ != b->argcount_ || a->posonly_argcount_ != b->posonly_argcount_ ||
      a->kwonly_argcount_ != b->kwonly_argcount_ || a->flags() != b->flags() || a->first_line_ != b->first_line_ ||
      a->instruction_count_ != b->instruction_count_ || a->exception_count_ != b->exception_count_ ||
      !str_equal(a->name(), b->name())) {
    return false;
  }
  if (memcmp(a->instructions_, b->instructions_, a->instruction_count_ * sizeof(Instruction))) return false;
  for (u32 i = 0; i < a->instruction_count_; ++i) {
    if (!same_position(a->positions()[i], b->positions()[i])) return false;
  }
  if (a->exception_count_ && memcmp(a->exception_table_, b->exception_table_, a->exception_count_ * sizeof(ExceptionTableEntry)))
    return false;
  Tuple* lists[][2] = {{a->consts(), b->consts()},
                       {a->names(), b->names()},
                       {a->varnames(), b->varnames()},
                       {a->cellvars(), b->cellvars()},
                       {a->freevars(), b->freevars()}};
  for (auto& pair : lists)
    if (!TRY(same_constant(thread, Value(pair[0]), Value(pair[1])))) return false;
  return true;
}

static Result<Value> code_eq(Thread& thread, Code* self, Value other) {
  if (!is<Code>(other)) return kNotImplemented;
  return Value::of_bool(TRY(same_code(thread, self, other.as<Code>())));
}
static Result<Value> code_ne(Thread& thread, Code* self, Value other) {
  if (!is<Code>(other)) return kNotImplemented;
  return Value::of_bool(!TRY(same_code(thread, self, other.as<Code>())));
}
static Result<Value> code_order(Thread&, Code*, Value) { return kNotImplemented; }

static Result<i64> code_hash(Thread& thread, Code* self) {
  self->ensure();
  u64 h = str_hash(self->name());
  for (Tuple* t : {self->consts(), self->names(), self->varnames(), self->cellvars(), self->freevars()})
    h = h * 1000003 ^ TRY(hash_of(thread, Value(t)));
  h ^= self->argcount_ ^ (u64{self->posonly_argcount_} << 8) ^ (u64{self->kwonly_argcount_} << 16) ^ (u64{self->flags()} << 24);
  h ^= static_cast<u64>(self->first_line_) << 20;
  for (u32 i = 0; i < self->instruction_count_; ++i) {
    u64 word;
    memcpy(&word, &self->instructions_[i], sizeof word);
    h = (h ^ word) * 0x9E3779B97F4A7C15ull;
  }
  i64 answer = static_cast<i64>(h ^ (h >> 29));
  return answer == -1 ? -2 : answer;
}

static Result<Str*> code_repr(Thread& thread, Code* self) {
  return format_message(thread, "<code object {} at {}, file \"{}\", line {}>", self->name(),
                        TRY(format_address(thread, Value(self))), self->filename(), self->first_line_ ? self->first_line_ : -1);
}

// ---------------------------------------------------------------------------------------------------------------- making

static CodeParts parts_of(Code* c) {
  return {c->name(),      c->qualname(),        c->filename(),         c->first_line_,      c->flags(),
          c->argcount_,   c->posonly_argcount_, c->kwonly_argcount_,   c->consts(),         c->names(),
          c->varnames(),  c->cellvars(),        c->freevars(),         c->register_count_,  c->instructions_,
          c->positions(), c->live_top_,         c->instruction_count_, c->exception_table_, c->exception_count_};
}

// Names may be added; with fewer the instructions would refer to names that aren't there.
static Result<void> check_names(Thread& thread, Tuple* now, Tuple* wanted, const char* what) {
  for (Index i = 0; i < wanted->length(); ++i) {
    if (!is<Str>(wanted->at(i))) return raise_system_error(thread, "non-string found in code slot");
  }
  if (now->length() > wanted->length()) return raise_value_error(thread, "code: {} is too small", what);
  return ok;
}

static Result<Tuple*> intern_all(Thread& thread, Tuple* list) {
  Tuple* made = TRY(make_tuple(thread, nullptr, list->length()));
  for (Index i = 0; i < list->length(); ++i) made->set_at(i, Value(TRY(str_intern(thread, list->at(i).as<Str>()))));
  return made;
}

// now, filled up from the end of other to other's length.
static Result<Tuple*> pad(Thread& thread, Tuple* now, Tuple* other) {
  if (now->length() >= other->length()) return now;
  Tuple* made = TRY(make_tuple(thread, nullptr, other->length()));
  for (Index i = 0; i < other->length(); ++i) made->set_at(i, i < now->length() ? now->at(i) : other->at(i));
  return made;
}

struct CodeChanges {
  Value argcount, posonly, kwonly, nlocals, stacksize, flags, first_line, code, consts, names, varnames, freevars, cellvars,
      filename, name, qualname, linetable, exceptiontable;
};

static thread_local std::string_view wanted_instructions;
static thread_local const Value* wanted;  // arguments of code_new whose counts must agree; null: any
static thread_local Code* found_code;
static bool same_count(Tuple* have, Value v) {
  return is<Tuple>(v) ? v.as<Tuple>()->length() == have->length() : have->length() == 0;
}
static bool is_wanted(Code* c) {
  constexpr int kFree = 16, kCells = 17;
  return !wanted || (same_count(c->names(), wanted[8]) && same_count(c->varnames(), wanted[9]) &&
                     same_count(c->freevars(), wanted[kFree]) && same_count(c->cellvars(), wanted[kCells]));
}
// Most likely the one whose co_code has been asked for. Allocates nothing on the heap.
static Code* find_code_by_instructions() {
  found_code = nullptr;
  for_each_code([](Code* c) {
    Value made = extra(c, kExtraCode);
    if (made.is_present() && made.as<Bytes>()->text() == wanted_instructions && is_wanted(c)) found_code = c;
  });
  if (found_code) return found_code;
  for_each_code([](Code* c) {
    if (found_code || extra(c, kExtraCode).is_present() || c->instruction_count_ * 2 > wanted_instructions.size() + 64 ||
        !is_wanted(c)) {
      return;
    }
    StackCode stack;
    if (make_stack_code(c, stack) &&
        std::string_view(reinterpret_cast<const char*>(stack.bytes.data()), stack.bytes.size()) == wanted_instructions) {
      found_code = c;
    }
  });
  return found_code;
}

static Result<Code*> apply_changes(Thread& thread, Code* self, const CodeChanges& c) {
  TRY(ensure_stack_code(thread, self));
  Code* source = self;  // whose instructions it will have
  CodeParts p = parts_of(self);
  auto number = [&](Value v, u32* out, const char* name) -> Result<void> {
    if (v.is_absent()) return ok;
    int n;
    if (!convert_int(thread, v, &n)) return failed;
    if (n < 0) return raise_value_error(thread, "{} must be a positive integer", name);
    *out = static_cast<u32>(n);
    return ok;
  };
  TRY(number(c.argcount, &p.argcount, "co_argcount"));
  TRY(number(c.posonly, &p.posonly_argcount, "co_posonlyargcount"));
  TRY(number(c.kwonly, &p.kwonly_argcount, "co_kwonlyargcount"));
  TRY(number(c.flags, &p.flags, "co_flags"));
  u32 ignored = self->local_count_;
  TRY(number(c.nlocals, &ignored, "co_nlocals"));
  u32 locals =
      static_cast<u32>(c.varnames.is_present() && is<Tuple>(c.varnames) ? c.varnames.as<Tuple>()->length() : self->local_count_);
  if (c.nlocals.is_present() && ignored != locals) return raise_value_error(thread, "code: co_nlocals != len(co_varnames)");
  TRY(number(c.stacksize, &ignored, "co_stacksize"));
  if (c.first_line.is_present()) {
    u32 line = 0;
    TRY(number(c.first_line, &line, "co_firstlineno"));
    p.first_line = static_cast<i32>(line);
  }
  if (c.code.is_present()) {
    if (!is<Bytes>(c.code)) return raise_type_error(thread, "replace() argument 'co_code' must be bytes, not {!t}", c.code);
    if (c.code.as<Bytes>()->text() !=
        extra(self, kExtraCode).as<Bytes>()->text()) {  // the instructions of another code, with what belongs to them
      wanted_instructions = c.code.as<Bytes>()->text();
      wanted = nullptr;
      Code* other = find_code_by_instructions();
      if (!other) return raise_value_error(thread, "code: unknown instructions in co_code");
      TRY(ensure_stack_code(thread, other));
      source = other;
      if (other->frame_local_count_ > self->frame_local_count_)
        return raise_value_error(thread, "code: co_code refers to variables that are not there");
      p.consts = TRY(pad(thread, self->consts(), other->consts()));
      p.names = TRY(pad(thread, self->names(), other->names()));
      p.instructions = other->instructions_;
      p.positions = other->positions();
      p.live_top = other->live_top_;
      p.instruction_count = other->instruction_count_;
      p.exception_table = other->exception_table_;
      p.exception_count = other->exception_count_;
      if (p.register_count < other->register_count_) p.register_count = other->register_count_;
    }
  }
  struct TupleChange {
    Value v;
    Tuple** slot;
    const char* name;
    bool same_length;
  };
  for (const TupleChange& t :
       {TupleChange{c.consts, &p.consts, "co_consts", false}, TupleChange{c.names, &p.names, "co_names", true},
        TupleChange{c.varnames, &p.varnames, "co_varnames", true}, TupleChange{c.freevars, &p.freevars, "co_freevars", true},
        TupleChange{c.cellvars, &p.cellvars, "co_cellvars", true}}) {
    if (t.v.is_absent()) continue;
    if (!is<Tuple>(t.v)) return raise_type_error(thread, "replace() argument '{}' must be tuple, not {!t}", t.name, t.v);
    if (t.same_length) {
      TRY(check_names(thread, *t.slot, t.v.as<Tuple>(), t.name));
      *t.slot = TRY(intern_all(thread, t.v.as<Tuple>()));
    } else {
      if (t.v.as<Tuple>()->length() < (*t.slot)->length()) return raise_value_error(thread, "code: co_consts is too small");
      *t.slot = t.v.as<Tuple>();
    }
  }
  struct TextChange {
    Value v;
    Str** slot;
    const char* name;
  };
  for (const TextChange& t : {TextChange{c.filename, &p.filename, "co_filename"}, TextChange{c.name, &p.name, "co_name"},
                              TextChange{c.qualname, &p.qualname, "co_qualname"}}) {
    if (t.v.is_absent()) continue;
    if (!is<Str>(t.v)) return raise_type_error(thread, "replace() argument '{}' must be str, not {!a}", t.name, t.v);
    *t.slot = t.v.as<Str>();
  }
  if (p.argcount < p.posonly_argcount) return raise_value_error(thread, "code: co_posonlyargcount exceeds co_argcount");
  if (p.argcount + p.kwonly_argcount + !!(p.flags & kCodeVarArgs) + !!(p.flags & kCodeVarKeywords) >
      static_cast<u32>(p.varnames->length())) {
    return raise_value_error(thread, "code: varnames is too small");
  }
  if (c.exceptiontable.is_present()) {
    if (!is<Bytes>(c.exceptiontable))
      return raise_type_error(thread, "replace() argument 'co_exceptiontable' must be bytes, not {!t}", c.exceptiontable);
    Bytes* now = extra(source, kExtraExceptionTable).as<Bytes>();
    if (c.exceptiontable.as<Bytes>()->length() == 0)
      p.exception_count = 0;
    else if (now->text() != exception_entries_of(c.exceptiontable.as<Bytes>()->text()))
      return raise_value_error(thread, "code: co_exceptiontable does not fit co_code");
  }
  Position* positions = nullptr;
  if (c.linetable.is_present()) {
    if (!is<Bytes>(c.linetable))
      return raise_type_error(thread, "replace() argument 'co_linetable' must be bytes, not {!t}", c.linetable);
    Index units = unit_count(source);
    auto* table = new Position[static_cast<usize>(units)];
    read_line_table(c.linetable.as<Bytes>()->text(), p.first_line, table, static_cast<u32>(units));
    positions = new Position[p.instruction_count];
    for (u32 i = 0; i < p.instruction_count; ++i) {
      u32 unit = number_in(source, kExtraUnits, i);
      // An instruction that none stands for keeps its place, unless all are to be forgotten.
      bool shown = number_in(source, kExtraPcs, unit) == i || c.linetable.as<Bytes>()->length() == 0;
      // What is said of the old place is nothing new: the old one may say more (Position::kPlaceBefore).
      if (shown && c.linetable.as<Bytes>()->length() != 0 && same_position(table[unit], as_written(shown_position(source, i))))
        shown = false;
      positions[i] = shown ? table[unit] : source->positions()[i];
    }
    delete[] table;
    p.positions = positions;
  } else if (p.first_line != self->first_line_) {  // the table counts from the first line
    positions = new Position[p.instruction_count];
    for (u32 i = 0; i < p.instruction_count; ++i) {
      positions[i] = self->positions()[i];
      if (positions[i].line < 0) continue;
      positions[i].line += p.first_line - self->first_line_;
      positions[i].end_line += p.first_line - self->first_line_;
    }
    p.positions = positions;
  }
  Instruction* instructions = nullptr;
  if (c.consts.is_present()) {
    p.instructions = instructions = new Instruction[p.instruction_count];
    if (!rebind_int_constants(source, p.consts, instructions)) {
      delete[] instructions;
      delete[] positions;
      return raise_value_error(thread, "code: co_consts: an operand that is a small number must stay one");
    }
  }
  if (has_audit_hooks) {
    Value audited[] = {c.code.is_present() ? c.code : extra(self, kExtraCode),
                       Value(p.filename),
                       Value(p.name),
                       Value::of_small_int(p.argcount),
                       Value::of_small_int(p.posonly_argcount),
                       Value::of_small_int(p.kwonly_argcount),
                       Value::of_small_int(p.varnames->length()),
                       extra(source, kExtraStackSize),
                       Value::of_small_int(p.flags)};
    Result<void> allowed = raise_audit_event(thread, "code.__new__", audited, 9);
    if (allowed.is_failed()) {
      delete[] instructions;
      delete[] positions;
      return failed;
    }
  }
  u32 named = static_cast<u32>(p.varnames->length() + p.cellvars->length() + p.freevars->length());
  if (p.register_count < named) p.register_count = named;
  Result<Code*> made = make_code(thread, p);
  delete[] positions;
  delete[] instructions;
  if (!made.is_failed() && c.linetable.is_present()) {
    ValueArray* slots = TRY(make_value_array(thread, kExtraCount));
    slots->set_at(kExtraLineTable, c.linetable);
    made.value()->extra_.set(made.value(), slots);
  }
  return made;
}

static Result<Value> code_replace(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Code>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n > 1) return raise_type_error(thread, "replace() takes no positional arguments");
  CodeChanges c;
  struct Name {
    const char* name;
    Value* slot;
  };
  const Name known[] = {{"co_argcount", &c.argcount},
                        {"co_posonlyargcount", &c.posonly},
                        {"co_kwonlyargcount", &c.kwonly},
                        {"co_nlocals", &c.nlocals},
                        {"co_stacksize", &c.stacksize},
                        {"co_flags", &c.flags},
                        {"co_firstlineno", &c.first_line},
                        {"co_code", &c.code},
                        {"co_consts", &c.consts},
                        {"co_names", &c.names},
                        {"co_varnames", &c.varnames},
                        {"co_freevars", &c.freevars},
                        {"co_cellvars", &c.cellvars},
                        {"co_filename", &c.filename},
                        {"co_name", &c.name},
                        {"co_qualname", &c.qualname},
                        {"co_linetable", &c.linetable},
                        {"co_exceptiontable", &c.exceptiontable}};
  for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
    bool found = false;
    for (const Name& name : known) {
      if (!str_equals_ascii(kwnames->at(k).as<Str>(), name.name)) continue;
      *name.slot = args[n + static_cast<usize>(k)];
      found = true;
      break;
    }
    if (!found) return raise_type_error(thread, "'{}' is an invalid keyword argument for replace()", kwnames->at(k));
  }
  return apply_changes(thread, args[0].as<Code>(), c);
}

// Code of the tables that co_exceptiontable brings along, or None: there are none, or they aren't those of this co_code. The
// arguments are those of code_new; what is wrong with them, apply_changes says.
static Result<Value> code_from_arguments(Thread& thread, const Value* a) {
  for (int i : {7, 8, 9})
    if (!is<Tuple>(a[i])) return kNone;
  for (int i : {10, 11, 12})
    if (!is<Str>(a[i])) return kNone;
  if (!is<Bytes>(a[15])) return kNone;
  std::string tables = code_tables_of(a[15].as<Bytes>()->text());
  if (tables.empty()) return kNone;
  int numbers[5];
  constexpr int kNumbers[] = {0, 1, 2, 5, 13};
  for (int i = 0; i < 5; ++i)
    if (!convert_int(thread, a[kNumbers[i]], &numbers[i])) return failed;
  CodeParts p{};
  p.argcount = static_cast<u32>(numbers[0]);
  p.posonly_argcount = static_cast<u32>(numbers[1]);
  p.kwonly_argcount = static_cast<u32>(numbers[2]);
  p.flags = static_cast<u32>(numbers[3]);
  p.first_line = numbers[4];
  p.consts = a[7].as<Tuple>();
  p.filename = a[10].as<Str>();
  p.name = a[11].as<Str>();
  p.qualname = a[12].as<Str>();
  Tuple** lists[] = {&p.names, &p.varnames, &p.freevars, &p.cellvars};
  constexpr int kLists[] = {8, 9, 16, 17};
  for (int i = 0; i < 4; ++i) {
    Value list = a[kLists[i]];
    if (list.is_absent()) list = Value(empty_tuple());
    if (!is<Tuple>(list)) return kNone;
    for (Index k = 0; k < list.as<Tuple>()->length(); ++k)
      if (!is<Str>(list.as<Tuple>()->at(k))) return kNone;
    *lists[i] = TRY(intern_all(thread, list.as<Tuple>()));
  }
  u64 parameters = u64{p.argcount} + p.kwonly_argcount + !!(p.flags & kCodeVarArgs) + !!(p.flags & kCodeVarKeywords);
  if (p.posonly_argcount > p.argcount || parameters > static_cast<u64>(p.varnames->length())) return kNone;
  Value made = TRY(code_tables_hooks.read(thread, tables, p));
  if (made.is_none()) return made;
  TRY(ensure_stack_code(thread, made.as<Code>()));
  return extra(made.as<Code>(), kExtraCode).as<Bytes>()->text() == a[6].as<Bytes>()->text() ? made : kNone;
}

// Instructions alone don't say which registers are live where: their tables must come along, or the code they come from still
// exist.
static Result<Value> code_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0) return raise_type_error(thread, "code.__new__(): not enough arguments");
  TRY(check_no_keywords(thread, "code", kwnames));
  TRY(check_positional(thread, "code", n - 1, 16, 18));
  const Value* a = args + 1;
  if (!is<Bytes>(a[6])) return raise_type_error(thread, "code() argument 7 must be bytes, not {!t}", a[6]);
  Value padded[18];
  for (usize i = 0; i < 18; ++i) padded[i] = i < n - 1 ? a[i] : Value();
  Value brought = TRY(code_from_arguments(thread, padded));
  wanted = padded;
  wanted_instructions = a[6].as<Bytes>()->text();
  Code* known = brought.is_none() ? find_code_by_instructions() : brought.as<Code>();
  if (!known) return raise_value_error(thread, "code: unknown instructions in codestring");
  CodeChanges c;
  c.argcount = a[0];
  c.posonly = a[1];
  c.kwonly = a[2];
  c.nlocals = a[3];
  c.stacksize = a[4];
  c.flags = a[5];
  c.consts = a[7];
  c.names = a[8];
  c.varnames = a[9];
  c.filename = a[10];
  c.name = a[11];
  c.qualname = a[12];
  c.first_line = a[13];
  c.linetable = a[14];
  c.exceptiontable = a[15];
  if (n - 1 > 16) c.freevars = a[16];
  if (n - 1 > 17) c.cellvars = a[17];
  return apply_changes(thread, known, c);
}

// ---------------------------------------------------------------------------------------------------------------- iterators

static Result<Value> code_positions(Thread& thread, Code* self) {
  TRY(ensure_stack_code(thread, self));
  return make_of<Iterator>(thread, TRY(type_from_def(thread, positions_iterator_def)), Value(self), Index{0}, Value());
}
static Result<Value> code_lines(Thread& thread, Code* self) {
  TRY(ensure_stack_code(thread, self));
  return make_of<Iterator>(thread, TRY(type_from_def(thread, line_iterator_def)), Value(self), Index{0}, Value());
}
static Value number_or_none(i32 v) { return v < 0 ? kNone : Value::of_small_int(v); }

static Result<Value> iterator_self(Thread&, Iterator* self) { return Value(self); }
static Result<Value> positions_next(Thread& thread, Iterator* self) {
  Code* code = self->source().as<Code>();
  if (self->position_ >= unit_count(code) || has_empty_line_table(code)) return kExhausted;
  Position p = unit_position(code, self->position_++);
  // An entry without columns is written without an end line either.
  i32 end_line = p.column < 0 || p.end_column < 0 ? p.line : p.end_line;
  return tuple_of(thread, number_or_none(p.line), number_or_none(end_line), number_or_none(p.column),
                  number_or_none(p.end_column));
}
static Result<Value> lines_next(Thread& thread, Iterator* self) {
  Code* code = self->source().as<Code>();
  Index n = unit_count(code), start = self->position_;
  if (start >= n || has_empty_line_table(code)) return kExhausted;
  Index end = start + 1;
  i32 line = unit_position(code, start).line;
  while (end < n && unit_position(code, end).line == line) ++end;
  self->position_ = end;
  return tuple_of(thread, Value::of_small_int(2 * start), Value::of_small_int(2 * end), number_or_none(line));
}

static Result<Value> varname_from_oparg(Thread& thread, Code* self, int index) {
  Index i = index;
  for (Tuple* list : {self->varnames(), self->cellvars(), self->freevars()}) {
    if (i >= 0 && i < list->length()) return list->at(i);
    i -= list->length();
  }
  return raise_index_error(thread, "tuple index out of range");
}
static Result<i64> code_sizeof(Thread&, Code* self) {
  return static_cast<i64>(heap_cell_size(self) + (self->storage_.get() ? heap_cell_size(self->storage_.get()) : 0));
}

static constinit NativeDef code_methods[] = {
    native_raw(code_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    native<code_repr>("__repr__($self, /)", "Return repr(self)."),
    native<code_hash>("__hash__($self, /)", "Return hash(self)."),
    native<code_eq>("__eq__($self, value, /)", "Return self==value."),
    native<code_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<code_order>("__lt__($self, value, /)", "Return self<value."),
    native<code_order>("__le__($self, value, /)", "Return self<=value."),
    native<code_order>("__gt__($self, value, /)", "Return self>value."),
    native<code_order>("__ge__($self, value, /)", "Return self>=value."),
    native<code_sizeof>("__sizeof__($self, /)", nullptr),
    native<code_lines>("co_lines($self, /)", nullptr),
    native<code_positions>("co_positions($self, /)", nullptr),
    native_raw(
        code_replace,
        "replace($self, /, *, co_argcount=-1, co_posonlyargcount=-1, co_kwonlyargcount=-1, co_nlocals=-1, co_stacksize=-1, "
        "co_flags=-1, co_firstlineno=-1, co_code=None, co_consts=None, co_names=None, co_varnames=None, co_freevars=None, "
        "co_cellvars=None, co_filename=None, co_name=None, co_qualname=None, co_linetable=None, co_exceptiontable=None)",
        "Return a copy of the code object with new values for the specified fields."),
    native<varname_from_oparg>("_varname_from_oparg($self, /, oparg)",
                               "(internal-only) Return the local variable name for the given oparg.\n\nWARNING: this method is "
                               "for internal use only and may change or go away."),
};
static GetSetDef code_getsets[] = {
    {"co_argcount", get_argcount, nullptr, nullptr, true},
    {"co_posonlyargcount", get_posonly, nullptr, nullptr, true},
    {"co_kwonlyargcount", get_kwonly, nullptr, nullptr, true},
    {"co_stacksize", get_extra<kExtraStackSize>, nullptr, nullptr, true},
    {"co_flags", get_flags, nullptr, nullptr, true},
    {"co_nlocals", get_nlocals, nullptr, nullptr, true},
    {"co_consts", get_consts, nullptr, nullptr, true},
    {"co_names", get_names, nullptr, nullptr, true},
    {"co_filename", get_filename, nullptr, nullptr, true},
    {"co_name", get_name, nullptr, nullptr, true},
    {"co_qualname", get_qualname, nullptr, nullptr, true},
    {"co_firstlineno", get_first_line, nullptr, nullptr, true},
    {"co_linetable", get_linetable, nullptr, nullptr, true},
    {"co_exceptiontable", get_exceptiontable, nullptr, nullptr, true},
    {"co_lnotab", get_lnotab, nullptr, nullptr},
    {"_co_code_adaptive", get_extra<kExtraCode>, nullptr, nullptr},
    {"co_varnames", get_varnames, nullptr, nullptr},
    {"co_cellvars", get_cellvars, nullptr, nullptr},
    {"co_freevars", get_freevars, nullptr, nullptr},
    {"co_code", get_extra<kExtraCode>, nullptr, nullptr},
};
static constexpr KindInfo code_kind() {
  KindInfo info = kind_info_of<Code>("code");
  info.has_opaque_words = true;  // the list of all of them, and two numbers side by side: 0x5500 in front of a small one
  return info;
}

constinit TypeDef code_def = {
    .name = "code",
    .doc =
        "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n      flags, codestring, constants, names, "
        "varnames, filename, name,\n      qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), "
        "/)\n--\n\nCreate a code object.  Not for the faint of heart.",
    .kind = kKindCode,
    .payload_size = sizeof(Code),
    .flags = kTypeWeakrefable,
    .methods = code_methods,
    .method_count = count_of(code_methods),
    .getsets = code_getsets,
    .getset_count = 20,
    .kind_info = code_kind()};

static constinit NativeDef positions_methods[] = {native<iterator_self>("__iter__($self, /)", "Implement iter(self)."),
                                                  native<positions_next>("__next__($self, /)", "Implement next(self).")};
static constinit NativeDef lines_methods[] = {native<iterator_self>("__iter__($self, /)", "Implement iter(self)."),
                                              native<lines_next>("__next__($self, /)", "Implement next(self).")};
constinit TypeDef positions_iterator_def = {.name = "positions_iterator",
                                            .kind = kKindIterator,
                                            .payload_size = sizeof(Iterator),
                                            .flags = kTypeNoInstances,
                                            .methods = positions_methods,
                                            .method_count = 2,
                                            .kind_info = kind_info_of<Iterator>("iterator")};
constinit TypeDef line_iterator_def = {.name = "line_iterator",
                                       .kind = kKindIterator,
                                       .payload_size = sizeof(Iterator),
                                       .flags = kTypeNoInstances,
                                       .methods = lines_methods,
                                       .method_count = 2,
                                       .kind_info = kind_info_of<Iterator>("iterator")};

}  // namespace baton
