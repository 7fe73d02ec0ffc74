// System calls that can't wait, by a thread that is the only one.
//
// Leaving Running and coming back takes some 40 ns, which is for the others' sake: to one thread alone it is of no use. Its time
// in such calls counts as running, for it has the GIL. A thread that begins meanwhile waits until the call is over, some
// microseconds.
#pragma once
#include "threads/mutator.h"

namespace baton {

// The calling mutator, Running, is the only one there is, and nobody has asked it for anything.
inline bool runs_alone(const Mutator& mutator) { return mutator_count() == 1 && !mutator.poll_pending(); }

// Runs a system call that can't wait: as blocking() does, but without leaving Running where nobody else could run meanwhile.
template <class Function>
inline auto brief(Mutator& mutator, Function&& function) {
  if (runs_alone(mutator)) return function();
  return blocking(mutator, function);
}

}  // namespace baton
