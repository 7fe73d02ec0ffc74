// Which registers hold an instance that no other thread can know: stores into it need no lock, though objects are locked.
//
// Machine code that makes an instance notes it in InterpState::private_instance, and whoever comes to machine code from a handler
// clears that; so do calls and returns, but those of the instance's own __init__. A store that finds its object there knows that
// nothing but templates has run since it was made: no native, no finaliser, and no other thread in a stopped world. What
// templates do with it this class tells, while the code is translated: a register stays private on ways on which no instruction
// has put what it holds where others find it (an attribute, a container, a variable of an inner function), or handed it to a
// call. Where a loop begins none is.
#pragma once
#include <vector>

#include "objects/code.h"

namespace baton {

class PrivateRegisters {
 public:
  void begin(const Instruction* instructions, u32 count);
  // When the code is entered: what an __init__ is called with.
  void begins_private(u32 n) { now_.push_back(n); }
  // The translation has come to instruction i, and is through with it.
  void come_to(u32 i);
  void pass(u32 i);
  bool has(u32 n) const;
  // Of the instruction that is being translated: its result is a new instance, where its template ends; or it reads an attribute
  // of its object and does nothing else with that.
  void result_is_private() { makes_instance_ = true; }
  void only_reads() { only_reads_ = true; }

 private:
  enum class Place : u8 { Plain, JumpedTo, LoopBegin };

  bool has_any(u32 first, u32 end) const;
  void write(u32 n, bool is_private);
  void apply(const Instruction& in);
  void leave_for(i64 target);

  const Instruction* instructions_ = nullptr;
  std::vector<u32> now_;
  bool is_reached_ = true;  // from the instruction before
  bool makes_instance_ = false, only_reads_ = false;
  std::vector<Place> places_;
  std::vector<std::vector<u32>> from_jumps_;  // of a place that has been jumped to: what is private on all those ways
};

}  // namespace baton
