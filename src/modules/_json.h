// _json: what its two files share.
#pragma once
#include "objects/str.h"

namespace baton {

// _json_encoder.cpp
Result<Str*> json_encode_basestring(Thread& thread, Value string);
Result<Str*> json_encode_basestring_ascii(Thread& thread, Value string);
extern TypeDef json_encoder_def;
// Rows of the module: the encoder recognises the two functions above when they are given as its `encoder`.
enum JsonFunction { kJsonEncodeAscii, kJsonEncode };
extern NativeDef json_functions[];

}  // namespace baton
