// Code objects to bytes and back, for marshal and the cache files of imported modules.
//
// The image starts with a magic and bytecode_version_hash(); an image of another bytecode set, or a corrupt one, is refused with
// a ValueError "bad marshal data (...)", never a crash: everything read is checked, and bytecode goes through the validator.
#pragma once
#include <string>
#include <string_view>

#include "objects/code.h"

namespace baton {

// False: code holds a constant that cannot be written (marshal's "unmarshallable object"); nothing is raised.
bool write_code_image(Thread& thread, const Code* code, std::string& out);
// consumed, if given, receives the number of bytes the image takes; else trailing bytes are an error.
Result<Code*> read_code_image(Thread& thread, std::string_view data, usize* consumed = nullptr);

// What the interpreter has rewritten an op to, back to the op of ops.def. Set by the interpreter; default: ops are never
// rewritten.
using BaseOpHook = u16 (*)(u16 op);
void set_base_op_hook(BaseOpHook hook);

}  // namespace baton
