// Assigning f_lineno in a trace function: where the frame may go on.
//
// Loops over iterators, with statements and exception handlers keep state in temporaries. A jump may leave such blocks, and may
// go from one to another of the same kind and with the same registers, but not enter one. The blocks of a code are found in its
// instructions: a loop by its ForIter, the rest by the exception table.
#include "compile/ops.h"
#include "interp/slow.h"
#include "objects/exception.h"
#include "objects/frame.h"

namespace baton {

enum class BlockKind : u8 { For, With, Except };

struct Block {
  BlockKind kind;
  u32 start, end;  // [start, end)
  u16 first;       // register of its state: the iterator, the exit window, the exception handled outside
};

class CodeBlocks {
 public:
  explicit CodeBlocks(Code* code) : code_(code) { find(); }
  ~CodeBlocks() { delete[] blocks_; }
  CodeBlocks(const CodeBlocks&) = delete;
  CodeBlocks& operator=(const CodeBlocks&) = delete;

  u32 size() const { return count_; }
  const Block& operator[](u32 i) const { return blocks_[i]; }
  bool holds(u32 block, u32 pc) const { return pc >= blocks_[block].start && pc < blocks_[block].end; }

 private:
  Op op(u32 pc) const { return static_cast<Op>(code_->instructions()[pc].op); }
  void add(BlockKind kind, u32 start, u32 end, u16 first) {
    if (end > start) blocks_[count_++] = {kind, start, end, first};
  }
  void find() {
    u32 loops = 0, n = code_->instruction_count_;
    for (u32 pc = 0; pc < n; ++pc) loops += op(pc) == Op::ForIter;
    blocks_ = new Block[loops + 2 * code_->exception_count_ + 1];
    for (u32 pc = 0; pc + 1 < n; ++pc) {
      if (op(pc) != Op::ForIter) continue;
      const Instruction* at = code_->instructions() + pc;
      // The body ends with the last jump back; behind it nothing uses the iterator. The exit of a loop may lead far away.
      i64 end = pc + 1;
      for (u32 back = pc + 1; back < n; ++back) {
        if (op(back) == Op::JumpBack && i64{back} + 1 + code_->instructions()[back].jump32() == pc) end = i64{back} + 1;
      }
      add(BlockKind::For, pc, static_cast<u32>(end), at->b);
    }
    for (u32 i = 0; i < code_->exception_count_; ++i) {
      u32 handler = code_->exception_table_[i].handler, start = code_->exception_table_[i].start;
      bool first = true;  // of the entries with this handler
      for (u32 k = 0; k < code_->exception_count_; ++k) {
        if (k == i || code_->exception_table_[k].handler != handler) continue;
        if (k < i) first = false;
        if (code_->exception_table_[k].start < start) start = code_->exception_table_[k].start;
      }
      if (!first || handler >= n) continue;
      u16 exception = code_->exception_table_[i].exception_register;
      if (op(handler) == Op::EndAsyncFor) add(BlockKind::For, start, handler, exception);
      if (op(handler) != Op::PushExc) continue;
      if (handler + 3 < n && op(handler + 3) == Op::WithExcept) add(BlockKind::With, start, handler, exception);
      u16 saved = code_->instructions()[handler].a;
      const ExceptionTableEntry* cleanup = handler + 1 < n ? code_->find_handler(handler + 1) : nullptr;
      if (cleanup && op(cleanup->handler) == Op::PopExc && code_->instructions()[cleanup->handler].a == saved) {
        add(BlockKind::Except, handler, cleanup->handler + 2, saved);
      }
    }
  }

  Code* code_;
  Block* blocks_ = nullptr;
  u32 count_ = 0;
};

// The blocks around an instruction, the outermost first.
struct BlockStack {
  BlockStack(const CodeBlocks& blocks, u32 pc) : at(new const Block*[blocks.size() + 1]) {
    for (u32 b = 0; b < blocks.size(); ++b) {
      if (!blocks.holds(b, pc)) continue;
      u32 i = depth++;
      for (; i > 0 && outside(blocks[b], *at[i - 1]); --i) at[i] = at[i - 1];
      at[i] = &blocks[b];
    }
  }
  ~BlockStack() { delete[] at; }
  BlockStack(const BlockStack&) = delete;
  BlockStack& operator=(const BlockStack&) = delete;
  static bool outside(const Block& a, const Block& b) { return a.start < b.start || (a.start == b.start && a.end > b.end); }
  // How many of the outer blocks keep the same state in both.
  u32 common(const BlockStack& other) const {
    u32 i = 0;
    while (i < depth && i < other.depth && at[i]->kind == other.at[i]->kind && at[i]->first == other.at[i]->first) ++i;
    return i;
  }

  const Block** at;
  u32 depth = 0;
};

// Temporaries that the blocks take up at this point.
static u32 base_height(Code* code, const BlockStack& stack) {
  if (!stack.depth) {
    u32 lowest = UINT32_MAX;
    for (u32 i = 0; i < code->instruction_count_; ++i)
      if (code->live_top_[i] < lowest) lowest = code->live_top_[i];
    return lowest;
  }
  const Block* inner = stack.at[stack.depth - 1];
  return inner->kind == BlockKind::With ? inner->first : inner->first + 1u;
}

// An instruction inside an expression finds in its temporaries what those in front of it have left there.
static bool same_expression(Code* code, u32 a, u32 b) {
  u32 height = code->live_top_[b];
  for (u32 i = a < b ? a : b; i <= (a < b ? b : a); ++i)
    if (code->live_top_[i] < height) return false;
  return true;
}

static const char* entering(BlockKind kind) {
  switch (kind) {
    case BlockKind::For: return "can't jump into the body of a for loop";
    case BlockKind::Except: return "can't jump into an 'except' block as there's no exception";
    case BlockKind::With: break;
  }
  return "incompatible stacks";
}

Result<i32> find_jump_target(Thread& thread, FrameObject* frame, i64 line) {
  Code* code = frame->code_.get();
  if (line < code->first_line_) return raise_value_error(thread, "line {} comes before the current code block", line);
  i64 wanted = INT64_MAX;
  for (u32 i = 0; i < code->instruction_count_; ++i) {
    i32 at = code->positions()[i].line;
    if (at >= line && at < wanted) wanted = at;
  }
  if (wanted == INT64_MAX) return raise_value_error(thread, "line {} comes after the current code block", line);
  CodeBlocks blocks(code);
  u32 from = frame_object_pc(frame);
  BlockStack now(blocks, from);
  bool inside = code->live_top_[from] > base_height(code, now);  // in the middle of an expression
  const char* error = "cannot find bytecode for specified line";
  i32 best = -1;
  u32 best_depth = 0;
  for (u32 pc = 0; pc < code->instruction_count_; ++pc) {
    if (code->positions()[pc].line != wanted || (pc > 0 && code->positions()[pc - 1].line == wanted)) continue;
    BlockStack then(blocks, pc);
    u32 common = now.common(then);
    if (common < then.depth) {
      if (best < 0) error = entering(then.at[then.depth - 1]->kind);
    } else if ((inside || code->live_top_[pc] > base_height(code, then)) &&
               !(code->live_top_[from] >= code->live_top_[pc] && same_expression(code, from, pc))) {
      if (best < 0) error = entering(BlockKind::With);
    } else if (best < 0 || then.depth > best_depth) {
      best = static_cast<i32>(pc);
      best_depth = then.depth;
    }
  }
  if (best < 0) return raise_value_error(thread, error);
  return best;
}

void jump_in_frame(Thread& thread, Frame* f, i32 target) {
  CodeBlocks blocks(f->code);
  BlockStack now(blocks, frame_pc(f)), then(blocks, static_cast<u32>(target));
  // Handlers that are left give back the handled exception, the innermost first.
  u32 kept = now.common(then);
  while (now.depth > kept) {
    const Block* left = now.at[--now.depth];
    if (left->kind == BlockKind::Except) slow_pop_exc(thread, f, f->registers[left->first]);
  }
  f->pc = f->code->instructions() + target;
}

}  // namespace baton
