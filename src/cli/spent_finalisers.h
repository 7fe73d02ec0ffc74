// Finalisers and callbacks of weak references, of the library's own, that have nothing to do at the end of a process. Where there
// is nothing else, the collections that would find what is dead, and what only modules keep alive, are not worth their time.
#pragma once
#include "heap/cell.h"
#include "objects/thread.h"

namespace baton {

// Notes where the globals of the library's modules are, and keeps none of them alive: a function that is there has its globals.
class SpentFinalisers {
 public:
  explicit SpentFinalisers(Thread& thread);
  ~SpentFinalisers();
  SpentFinalisers(const SpentFinalisers&) = delete;

  static constexpr int kModules = 17;

 private:
  u64 globals_[kModules] = {};  // addresses, complemented
};

// While there is a SpentFinalisers, in a stopped world. The cell has a finaliser that is still to run.
bool finaliser_is_spent(Cell* cell);
bool callback_is_spent(Value callback);

}  // namespace baton
