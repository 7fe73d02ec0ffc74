// Loads of numbers that lie anywhere, in the machine's own byte order: the lowest byte first.
#pragma once
#include <cstring>

namespace baton {

template <class T>
inline T load_as(const void* p) {
  T v;
  memcpy(&v, p, sizeof v);
  return v;
}

}  // namespace baton
