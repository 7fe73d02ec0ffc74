// Code: one compiled function, class body, module or expression. Immutable after creation but for its inline caches and opcodes
// (quickening). Holds no native address: it can be written to a cache file.
#pragma once
#include "heap/cell.h"
#include "objects/fwd.h"

namespace baton {

// One bytecode instruction. op is rewritten in place by quickening (single 16-bit atomic stores).
struct Instruction {
  u16 op, a, b, c;
  i32 jump32() const { return static_cast<i32>(u32{b} | (u32{c} << 16)); }
  u32 wide() const { return u32{b} | (u32{c} << 16); }
};
static_assert(sizeof(Instruction) == 8);

// Source range of one instruction; columns are UTF-8 byte offsets; -1: unknown.
struct Position {
  i32 line, end_line, column, end_column;
};

// Innermost entries come first: the first entry whose [start, end) holds the pc of the failing instruction handles it.
struct ExceptionTableEntry {
  u32 start, end, handler;  // instruction numbers
  u16 exception_register;   // receives the exception
  u16 reserved;
};

enum CodeFlag : u32 {
  kCodeOptimized = 1,
  kCodeNewLocals = 2,
  kCodeVarArgs = 4,
  kCodeVarKeywords = 8,
  kCodeNested = 16,
  kCodeGenerator = 32,
  kCodeNoFree = 64,
  kCodeCoroutine = 128,
  kCodeIterableCoroutine = 256,
  kCodeAsyncGenerator = 512,
};

// What the compiler hands over; make_code copies everything.
struct CodeParts {
  Str *name, *qualname, *filename;
  i32 first_line;
  u32 flags;  // CodeFlag and CO_FUTURE_*
  u32 argcount, posonly_argcount, kwonly_argcount;
  Tuple *consts, *names, *varnames, *cellvars, *freevars;
  u32 register_count;  // all registers, call windows included (callee registers overlap beyond)
  const Instruction* instructions;
  const Position* positions;  // one an instruction
  const u16* live_top;        // one an instruction
  u32 instruction_count;
  const ExceptionTableEntry* exception_table;
  u32 exception_count;
};

class Code final : public Cell {
 public:
  static constexpr u16 kKind = kKindCode;
  Str* name() const { return name_.get(); }
  Str* qualname() const { return qualname_.get(); }
  Str* filename() const { return filename_.get(); }
  Tuple* consts() const { return consts_.get(); }
  Tuple* names() const { return names_.get(); }
  Tuple* varnames() const { return varnames_.get(); }
  Tuple* cellvars() const { return cellvars_.get(); }
  Tuple* freevars() const { return freevars_.get(); }
  bool has_flag(u32 flag) const { return flags_ & flag; }
  // Number of parameters that take registers 0..: positional, keyword-only, *args, **kwargs.
  u32 parameter_count() const { return argcount_ + kwonly_argcount_ + !!(flags_ & kCodeVarArgs) + !!(flags_ & kCodeVarKeywords); }
  Instruction* instructions() const { return instructions_; }
  Field<Value>* caches() const { return caches_; }  // one word an instruction: see interp/inline_cache.h
  const Position& position_at(u32 pc) const { return positions_[pc < instruction_count_ ? pc : instruction_count_ - 1]; }
  // Instruction number of the handler for an exception at pc, or null.
  const ExceptionTableEntry* find_handler(u32 pc) const {
    for (u32 i = 0; i < exception_count_; ++i) {
      if (pc >= exception_table_[i].start && pc < exception_table_[i].end) return &exception_table_[i];
    }
    return nullptr;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(name_, qualname_, filename_, consts_, names_, varnames_, cellvars_, freevars_, storage_, extra_);
    visit.visit_range(caches_, instruction_count_);
  }

  Field<Str> name_, qualname_, filename_;
  Field<Tuple> consts_, names_, varnames_, cellvars_, freevars_;
  Field<Cell> storage_;  // RawBytes that holds the arrays below
  Field<Cell> extra_;    // co_code bytes and the like, made on demand
  Instruction* instructions_;
  i64 caches_offset_;  // from an instruction to its cache word, in bytes
  Field<Value>* caches_;
  u8* cache_misses_;  // one an instruction: stops refilling at a polymorphic site
  const Position* positions_;
  const u16* live_top_;
  const ExceptionTableEntry* exception_table_;
  u32 instruction_count_, exception_count_, register_count_;
  u32 local_count_;        // len(varnames)
  u32 frame_local_count_;  // varnames + cellvars not among them + freevars: registers cleared at entry
  u32 flags_, argcount_, posonly_argcount_, kwonly_argcount_;
  u32 simple_argcount_;  // a call with so many positional arguments needs no binding; ~0: every call does
  i32 first_line_;
  u32 hotness_;
  Code *next_code_, *previous_code_;  // list of all code objects (weak), for clearing caches
};

extern bool keep_debug_ranges;  // -X no_debug_ranges: code made from now on knows its lines only
Result<Code*> make_code(Thread& thread, const CodeParts& parts);

}  // namespace baton
