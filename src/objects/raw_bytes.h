// RawBytes that grow where they lie.
#pragma once
#include "objects/bytes.h"

namespace baton {

// True: `bytes` has room for n bytes now, its contents where they were. False: nothing has changed; the owner makes new storage
// and copies. Big storage only, and only if the memory behind it is free. Under the owner's lock; never collects.
bool raw_bytes_grow(Thread& thread, RawBytes* bytes, usize n);

}  // namespace baton
