// Frame::is_traced, while a frame is traced or profiled: the lowest two bits are a number (thread.h), the rest say what is going
// on.
#pragma once
#include "base/types.h"

namespace baton {

constexpr u8 kNativeCallRunning = 4;  // one that was reported
constexpr u8 kGoesOn = 8;             // being told: a generator goes on behind its yield
constexpr u8 kLineBegins = 16;        // being told: nothing of the line has run
constexpr u8 kHasLeft = 32;           // the function that was told its return has raised: no handler of the frame sees it

inline bool is_being_begun(u8 is_traced) { return (is_traced & 3) == 2; }

}  // namespace baton
