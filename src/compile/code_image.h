// Code objects to bytes and back, for marshal and the cache files of imported modules.
//
// An image starts with a magic, its size, bytecode_version_hash() and a checksum of the rest; an image of another bytecode set,
// or a damaged one, is refused with a ValueError "bad marshal data (...)", never a crash. What is read of an image is the head of
// its outermost code; the rest of it, and the codes inside, are read when they are first called or looked into (objects/code.h),
// so the bytes stay: in memory that lives as long as the process (a mapped file), or copied.
#pragma once
#include <string>
#include <string_view>

#include "objects/code.h"

namespace baton {

// False: code holds a constant that cannot be written (marshal's "unmarshallable object"); nothing is raised.
bool write_code_image(Thread& thread, const Code* code, std::string& out);

enum class ImageBytes : u8 {
  Copied,   // the reader keeps what it needs
  Forever,  // they are never unmapped nor changed, and come from a file that only a runtime like this one may write
  Owned,    // by `owner`, an immutable cell
};
Result<Code*> read_code_image(Thread& thread, std::string_view data, ImageBytes bytes = ImageBytes::Copied,
                              Cell* owner = nullptr);

// Kinds and hooks; once, before the first image is read.
void init_code_images();

// What the interpreter has rewritten an op to, back to the op of ops.def. Set by the interpreter; default: ops are never
// rewritten.
using BaseOpHook = u16 (*)(u16 op);
void set_base_op_hook(BaseOpHook hook);
u16 base_op(u16 op);

}  // namespace baton
