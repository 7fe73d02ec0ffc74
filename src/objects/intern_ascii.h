// Interning of text that is known to be ASCII.
#pragma once
#include <string_view>

#include "objects/fwd.h"

namespace baton {

// The interned string of that text, as intern() makes it, which looks at every byte first.
Str* intern_ascii(Thread& thread, std::string_view text);

}  // namespace baton
