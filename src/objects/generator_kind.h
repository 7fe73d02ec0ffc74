// What the collector knows about generators, coroutines and asynchronous generators.
#pragma once
#include "objects/generator.h"

namespace baton {

// Opaque: a suspended one's registers above those that are live, and what its last resumer was handling, are left as they were.
constexpr KindInfo generator_kind_info(const char* name) {
  KindInfo info = kind_info_of<Generator>(name);
  info.has_opaque_words = true;
  return info;
}

}  // namespace baton
