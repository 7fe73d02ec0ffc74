// _json: what its two files share.
#pragma once
#include "objects/raise.h"
#include "objects/str.h"
#include "objects/thread.h"

namespace baton {

// _json_encoder.cpp
Result<Str*> json_encode_basestring(Thread& thread, Value string);
Result<Str*> json_encode_basestring_ascii(Thread& thread, Value string);
extern TypeDef json_encoder_def;
// Rows of the module: the encoder recognises the two functions above when they are given as its `encoder`.
enum JsonFunction { kJsonEncodeAscii, kJsonEncode };
extern NativeDef json_functions[];

// One level of a nested document: counts as a Python call, so that the recursion limit holds for documents too.
class JsonLevel {
 public:
  explicit JsonLevel(Thread& thread) : thread_(thread) { ++thread.recursion_depth_; }
  ~JsonLevel() { --thread_.recursion_depth_; }
  Result<void> check(const char* where) {
    if (thread_.recursion_depth_ > thread_.recursion_limit_)
      return raise_recursion_error(thread_, "maximum recursion depth exceeded{}", where);
    return check_native_depth(thread_, where);
  }

 private:
  Thread& thread_;
};

}  // namespace baton
