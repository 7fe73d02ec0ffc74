// Blocks of a code object that have not run, by what inline caches tell.
#include "jit/cold_blocks.h"

#include "compile/op_info.h"
#include "jit/jumps.h"

namespace baton {

namespace {
struct Block {
  u32 begin, end;
  RunsSeen seen = RunsSeen::Unknown;
  bool is_reached = false;    // on a way past no block that hasn't run
  bool has_warm_way = false;  // from such a block
  bool is_jumped_back_to = false, has_way = false;
};

struct Blocks {
  const Instruction* instructions;
  std::vector<Block> all;
  std::vector<u32> at;  // by instruction: the number of its block

  template <class F>
  void for_each_next(const Block& block, F fn) const {
    auto visit = [&](i64 to) {
      if (to >= 0 && to < static_cast<i64>(at.size())) fn(at[static_cast<usize>(to)]);
    };
    for_each_jump(instructions, block.end - 1, visit);
    if (!ends_block(static_cast<Op>(instructions[block.end - 1].op))) visit(block.end);
  }
};
}  // namespace

static Blocks find_blocks(const Instruction* instructions, u32 count) {
  std::vector<u8> begins(count + 1, 0);
  begins[0] = 1;
  for (u32 i = 0; i < count; ++i) {
    bool ends = ends_block(static_cast<Op>(instructions[i].op));
    for_each_jump(instructions, i, [&](i64 to) {
      ends = true;
      if (to >= 0 && to < count) begins[static_cast<usize>(to)] = 1;
    });
    if (ends) begins[i + 1] = 1;
  }
  Blocks blocks{instructions, {}, std::vector<u32>(count)};
  for (u32 i = 0; i < count; ++i) {
    if (begins[i]) blocks.all.push_back({i, i});
    blocks.all.back().end = i + 1;
    blocks.at[i] = static_cast<u32>(blocks.all.size()) - 1;
  }
  return blocks;
}

std::vector<Heat> find_heat(const Instruction* instructions, u32 count, const HeatHints& hints) {
  if (count == 0) return {};
  Blocks blocks = find_blocks(instructions, count);
  for (Block& block : blocks.all) {
    for (u32 i = block.begin; i < block.end && block.seen != RunsSeen::Some; ++i) {
      RunsSeen seen = hints.seen(hints.context, i);
      if (seen != RunsSeen::Unknown) block.seen = seen;
    }
  }
  blocks.all[0].seen = RunsSeen::Some;
  // From the end, as most jumps are forward.
  for (auto b = blocks.all.size(); b-- > 0;) {
    Block& block = blocks.all[b];
    bool has_next = false, may_run = false;
    blocks.for_each_next(block, [&](u32 next) {
      has_next = true;
      may_run |= next <= b || blocks.all[next].seen != RunsSeen::None;
    });
    if (has_next && !may_run && block.seen == RunsSeen::Unknown) block.seen = RunsSeen::None;
  }
  std::vector<u32> to_visit;
  auto reach = [&](u32 b) {
    Block& block = blocks.all[b];
    if (block.is_reached || block.seen == RunsSeen::None) return;
    block.is_reached = true;
    to_visit.push_back(b);
  };
  for (u32 b = 0; b < blocks.all.size(); ++b)
    if (blocks.all[b].seen == RunsSeen::Some) reach(b);
  while (!to_visit.empty()) {
    u32 b = to_visit.back();
    to_visit.pop_back();
    blocks.for_each_next(blocks.all[b], reach);
  }
  for (u32 b = 0; b < blocks.all.size(); ++b) {
    blocks.for_each_next(blocks.all[b], [&](u32 next) {
      Block& to = blocks.all[next];
      to.has_way = true;
      to.has_warm_way |= blocks.all[b].is_reached;
      to.is_jumped_back_to |= next <= b;
    });
  }
  std::vector<Heat> heat(count, Heat::Warm);
  for (const Block& block : blocks.all) {
    if (block.is_reached) continue;
    for (u32 i = block.begin; i < block.end; ++i) heat[i] = Heat::Cold;
    if (block.has_warm_way || block.is_jumped_back_to || !block.has_way) heat[block.begin] = Heat::Leader;
  }
  return heat;
}

}  // namespace baton
