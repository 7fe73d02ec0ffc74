// Exception classes that native modules define.
#pragma once
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

// A class as `class NAME(base)` in module MODULE would make, from "MODULE.NAME"; doc may be null.
Result<Type*> make_exception_type(Thread& thread, std::string_view qualified_name, Type* base, const char* doc = nullptr);

// A buffer held to the end of the scope, for code that takes its call raw. get() fails with TypeError.
class ScopedBuffer : public BufferView {
 public:
  ScopedBuffer() = default;
  ScopedBuffer(const ScopedBuffer&) = delete;
  ScopedBuffer& operator=(const ScopedBuffer&) = delete;
  ~ScopedBuffer() { release_buffer(*this); }
  Result<void> get(Thread& thread, Value v) {
    if (convert_buffer(thread, v, this)) return ok;
    return failed;
  }
  Result<void> get_writable(Thread& thread, Value v) {
    if (convert_writable(thread, v, static_cast<WritableBuffer*>(static_cast<BufferView*>(this)))) return ok;
    return failed;
  }
  u8* bytes() const { return const_cast<u8*>(data); }
};

}  // namespace baton
