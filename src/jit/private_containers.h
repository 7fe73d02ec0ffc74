// Which stores of a function go into a list, dict or set that no other thread can know, and so need no lock though objects are
// locked: `result = []` and then `result.append(x)`, `table = {}` and `table[k] = v`.
//
// A local variable that is written by nothing but BuildList, BuildDict and BuildSet has a container that the function made. It is
// private on every way from there on which no instruction has put it where others find it: whatever isn't known to keep its
// object to itself counts as such. That holds whoever runs meanwhile, for nobody else has a reference, but for those who look
// into the frame or list the heap's objects. They do so in a stopped world, or in the frame's own thread, and say it in
// Frame::is_shown, at which the store looks first. Generators are left out, as their frames wander.
//
// A flow analysis, once for each such variable: what is lost is carried forward along jumps and to handlers, until the variable
// is given a new container.
#pragma once
#include <string_view>
#include <vector>

#include "objects/code.h"

namespace baton {

// What is looked at. local_count: the variables; the first parameter_count of them have what a caller gave.
struct ContainerCode {
  const Instruction* instructions;
  u32 count;
  u32 parameter_count, local_count;
  const ExceptionTableEntry* handlers;
  u32 handler_count;
  // Of a LoadMethod: the method's name.
  std::string_view (*name)(void* context, u32 i);
  void* context;
};

class PrivateContainers {
 public:
  void find(const ContainerCode& code);
  // Whether StoreItem i, or Call i of a method like append(), has such a container in its register a, or a + 1.
  bool stores_into_private(u32 i) const { return i < stores_.size() && stores_[i]; }

 private:
  std::vector<bool> stores_;
};

}  // namespace baton
