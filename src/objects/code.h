// Code: one compiled function, class body, module or expression. Immutable after creation but for its inline caches and opcodes
// (quickening). Holds no native address: it can be written to a cache file.
//
// Code read from an image (compile/code_image.h) is lazy: what a function object needs is there, the rest (constants, names,
// instructions, positions, tables) is read when it is first called or looked into. The accessors see to that; who uses the fields
// below `image_` directly must hold code that runs or has run, or call ensure() before. A lazy code's simple_argcount_ keeps it
// off the fast path of calls; the slow one (bind_parameters) materialises it.
#pragma once
#include "heap/cell.h"
#include "objects/fwd.h"
#include "threads/relaxed.h"

namespace baton {

// One bytecode instruction. op is rewritten in place by quickening (single 16-bit atomic stores).
struct Instruction {
  u16 op, a, b, c;
  i32 jump32() const { return static_cast<i32>(u32{b} | (u32{c} << 16)); }
  u32 wide() const { return u32{b} | (u32{c} << 16); }
};
static_assert(sizeof(Instruction) == 8);

// Source range of one instruction; columns are UTF-8 byte offsets; -1: unknown. An instruction without a place of its own has
// one of two columns; its line is told where there must be one:
//   kPlaceBefore   it belongs to the line of the instruction that leads to it, and is never a new line for sys.settrace()
//   kNoPlace       it belongs to none: whatever comes next is a new line
struct Position {
  static constexpr i32 kPlaceBefore = -2, kNoPlace = -3;
  i32 line, end_line, column, end_column;
  bool has_place() const { return column >= -1; }
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
  kCodeLazy = u32{1} << 31,  // internal
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
  const Position* positions;  // one an instruction; null: they stay in the image, at positions_at
  const u16* live_top;        // one an instruction
  u32 instruction_count;
  const ExceptionTableEntry* exception_table;
  u32 exception_count;
  u32 positions_at = 0;
  // If set: called with what is about to be the code's tables; raises and answers false to refuse them.
  bool (*accept)(Thread& thread, const Code* code, const CodeParts& tables) = nullptr;
};

// The part of a code object that exists before it is materialised.
struct LazyCodeParts {
  Str *name, *qualname, *filename;
  i32 first_line;
  u32 flags;
  u32 argcount, posonly_argcount, kwonly_argcount, register_count, local_count, frame_local_count, free_count;
  Cell* image;
  u32 image_at, docstring, self_stores;
};

class Code final : public Cell {
 public:
  static constexpr u16 kKind = kKindCode;
  Str* name() const { return name_.get(); }
  Str* qualname() const { return qualname_.get(); }
  Str* filename() const { return filename_.get(); }
  Tuple* consts() const { return ensure()->consts_.get(); }
  Tuple* names() const { return ensure()->names_.get(); }
  Tuple* varnames() const { return ensure()->varnames_.get(); }
  Tuple* cellvars() const { return ensure()->cellvars_.get(); }
  Tuple* freevars() const { return ensure()->freevars_.get(); }
  Index free_count() const { return free_count_; }
  // Materialises if need be. Out of memory stops the process here; materialise() can fail instead.
  const Code* ensure() const {
    if (is_lazy()) [[unlikely]]
      ensure_slow();
    return this;
  }
  bool is_lazy() const { return __atomic_load_n(&flags_, __ATOMIC_ACQUIRE) & kCodeLazy; }
  u32 flags() const { return __atomic_load_n(&flags_, __ATOMIC_RELAXED); }
  bool has_flag(u32 flag) const { return flags() & flag; }
  // A call with so many positional arguments needs no binding; ~0: every call does. Who finds the former may use the arrays, too:
  // it is published after them.
  u32 simple_argcount() const { return __atomic_load_n(&simple_argcount_, __ATOMIC_ACQUIRE); }
  i64 compiled_offset() const { return __atomic_load_n(&compiled_offset_, __ATOMIC_ACQUIRE); }
  // Number of parameters that take registers 0..: positional, keyword-only, *args, **kwargs.
  u32 parameter_count() const { return argcount_ + kwonly_argcount_ + has_flag(kCodeVarArgs) + has_flag(kCodeVarKeywords); }
  Instruction* instructions() const { return instructions_; }
  Field<Value>* caches() const { return caches_; }  // one word an instruction: see interp/inline_cache.h
  // Of an instruction; beyond the last: the last's. Allocates nothing.
  Position position_at(u32 pc) const;
  // Of all instructions: made when they are first asked for, if the code came from an image.
  const Position* positions() const {
    const Position* made = __atomic_load_n(&positions_, __ATOMIC_ACQUIRE);
    return made ? made : positions_slow();
  }
  // position_at, where a code's positions may be asked for again and again.
  Position repeated_position_at(u32 pc) {
    if (!__atomic_load_n(&positions_, __ATOMIC_RELAXED) && ++position_lookups_ > 3) positions();
    return position_at(pc);
  }
  // Instruction number of the handler for an exception at pc, or null.
  const ExceptionTableEntry* find_handler(u32 pc) const {
    for (u32 i = 0; i < exception_count_; ++i) {
      if (pc >= exception_table_[i].start && pc < exception_table_[i].end) return &exception_table_[i];
    }
    return nullptr;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(name_, qualname_, filename_, consts_, names_, varnames_, cellvars_, freevars_, storage_, extra_, image_,
          position_storage_);
    visit.visit_range(caches_, instruction_count_);
  }

  void ensure_slow() const;
  const Position* positions_slow() const;

  Field<Str> name_, qualname_, filename_;
  u32 flags_, argcount_, posonly_argcount_, kwonly_argcount_;
  u32 simple_argcount_;
  i32 first_line_;
  u32 register_count_;
  u32 local_count_;        // len(varnames)
  u32 frame_local_count_;  // varnames + cellvars not among them + freevars: registers cleared at entry
  u32 free_count_;         // len(freevars)
  u32 self_stores_;        // of lazy code: how many attributes it stores into its first parameter
  u32 image_at_, docstring_, positions_at_;
  Field<Cell> image_;  // the CodeImage, or null; where in it are head and positions, and which string is the docstring (0: none)
  Field<Tuple> consts_, names_, varnames_, cellvars_, freevars_;
  Field<Cell> storage_;  // RawBytes that holds the arrays below
  Field<Cell> position_storage_;
  Field<Cell> extra_;  // co_code bytes and the like, made on demand
  Instruction* instructions_;
  i64 caches_offset_;  // from an instruction to its cache word, in bytes
  Field<Value>* caches_;
  u8* cache_misses_;           // one an instruction: stops refilling at a polymorphic site
  const Position* positions_;  // null: still in the image
  const u16* live_top_;
  const ExceptionTableEntry* exception_table_;
  u32 instruction_count_, exception_count_;
  Relaxed<i32> hotness_;           // calls and loop iterations in the interpreter; see interp/tiers.h
  i64 compiled_offset_;            // from an instruction to the address of its machine code, in bytes; 0: there is none
  struct CompiledCode* compiled_;  // owned; see jit/compiled_code.h
  Relaxed<u8> position_lookups_;
  Relaxed<bool> has_been_shown_;  // there was a frame object of it
  struct ListedCode* listed_;     // null, or its place in the list of code objects: code_list.h
};

// Frees the machine code of a code object; installed by the JIT. No thread may be about to enter it: a stopped world.
extern void (*discard_compiled_code)(Code* code);

extern bool keep_debug_ranges;  // -X no_debug_ranges: code made from now on knows its lines only
Result<Code*> make_code(Thread& thread, const CodeParts& parts);
Result<Code*> make_lazy_code(Thread& thread, const LazyCodeParts& parts);
// Makes the rest of lazy code from what was read of its image; no more than one of several threads' attempts takes effect.
Result<void> fill_code(Thread& thread, Code* code, const CodeParts& parts);

// For code of an image that has run and won't again, such as a module's body: makes it lazy again, so that the next code's tables
// come to lie where its were. Whoever asks for them all the same gets them anew. No frame may run it in any thread; does nothing
// if somebody had a frame object of it or there is machine code, whose owners may count on what is there.
void retire_code(Code* code);
// A collection begins: storage that is left of retired code is garbage.
void forget_spare_code_storage();
// Of lazy code; set by compile/code_image.cpp.
struct CodeImageHooks {
  Result<void> (*materialise)(Thread& thread, Code* code) = nullptr;
  Result<Str*> (*docstring)(Thread& thread, const Code* code) = nullptr;
  // The positions of the first n instructions into out, or only the last of them. Allocates nothing.
  void (*positions)(const Code* code, u32 n, Position* out, bool only_last) = nullptr;
};
extern CodeImageHooks code_image_hooks;
inline Result<void> materialise(Thread& thread, Code* code) {
  if (!code->is_lazy()) [[likely]]
    return ok;
  return code_image_hooks.materialise(thread, code);
}
Result<Value> code_docstring(Thread& thread, const Code* code);  // None if there is none

}  // namespace baton
