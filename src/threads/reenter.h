// The way back into the runtime for libraries that call back from inside a blocking region.
#pragma once
#include "threads/mutator.h"

namespace baton {

// fn() runs as a Running mutator, and may allocate, raise, run Python and block in turn. It waits for the GIL first: the caller
// may hold only locks that others wait for in blocking regions. kCause: of the region, which goes on afterwards.
void reenter_call(Mutator& mutator, BlockCause cause, void (*body)(void* context), void* context);
template <BlockCause kCause = BlockCause::Native, class Function>
inline void reenter(Mutator& mutator, Function&& function) {
  auto call = [](void* context) { (*static_cast<__remove_reference_t(Function)*>(context))(); };
  reenter_call(mutator, kCause, call, const_cast<void*>(static_cast<const void*>(&function)));
}

}  // namespace baton
