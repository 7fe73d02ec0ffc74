// What libcrypto offers to _hashlib, as noted by a process before this one: importing hashlib lists the digests and tries its
// constructors, for which the library would have to be loaded. See docs/tls.md.
#pragma once
#include <string>

#include "base/types.h"

namespace baton {

struct DigestList {
  std::string names;     // of the digests, each with a newline behind it
  u64 constructors = 0;  // bit n: the nth of _hashlib's known digests can be had with usedforsecurity=False
};

// The note that holds for the library that this process would load now. False: there is none, or it can't be relied on (another
// library, configuration or environment). Loads nothing, raises nothing. Any thread.
bool recall_digest_list(DigestList* list);
// Notes what the library, which is loaded, offers; does nothing where a later process couldn't tell whether it still holds.
void note_digest_list(const DigestList& list);

}  // namespace baton
