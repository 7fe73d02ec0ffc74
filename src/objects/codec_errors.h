// Error handlers of codecs as the native conversions use them: one object per conversion, which knows the built-in handlers and
// calls registered ones otherwise.
#pragma once
#include "objects/bytes_internal.h"
#include "objects/codecs.h"

namespace baton {

enum class ErrorMode : u8 { Strict, Ignore, Replace, XmlCharRef, Backslash, Name, SurrogateEscape, SurrogatePass, Registered };

// Built-in name -> its mode; Registered for all others, and for a built-in name that was registered anew.
ErrorMode error_mode(Str* errors_or_null);

class EncodeErrors {
 public:
  // encoding: for the exception, "latin-1".
  EncodeErrors(Thread& thread, const char* encoding, Str* object, Str* errors)
      : thread_(thread), encoding_(encoding), object_(object), errors_(errors), mode_(error_mode(errors)) {}
  struct Repair {
    Value replacement;  // a Str, to be encoded by the same codec, or Bytes
    Index position;     // where to go on
  };
  // Characters [start, end) can't be encoded.
  Result<Repair> handle(Index start, Index end, const char* reason);
  Failed raise(Index start, Index end, const char* reason) {
    return raise_unicode_encode_error(thread_, encoding_, object_, start, end, reason);
  }
  ErrorMode mode() const { return mode_; }

 private:
  Thread& thread_;
  const char* encoding_;
  Str* object_;
  Str* errors_;
  ErrorMode mode_;
  Value handler_;
};

class DecodeErrors {
 public:
  DecodeErrors(Thread& thread, const char* encoding, const CodecInput& input, Str* errors)
      : thread_(thread), encoding_(encoding), input_(input), errors_(errors), mode_(error_mode(errors)) {}
  // Bytes [start, end) can't be decoded. Appends the replacement and sets *position to where to go on. A handler may exchange the
  // input.
  Result<void> handle(Index start, Index end, const char* reason, StrBuilder& out, Index* position);
  const u8* data() const { return input_.data; }
  Index size() const { return static_cast<Index>(input_.size); }
  ErrorMode mode() const { return mode_; }

 private:
  Result<Value> object();
  Failed raise(Index start, Index end, const char* reason);
  Result<void> call_handler(Index start, Index end, const char* reason, StrBuilder& out, Index* position);

  Thread& thread_;
  const char* encoding_;
  CodecInput input_;
  Str* errors_;
  ErrorMode mode_;
  Value handler_;
};

// A registered handler by name, built-in ones included.
Result<Value> find_error_handler(Thread& thread, Str* name);

// The bytes that a str or bytes replacement stands for in an encoding that is a superset of ASCII: false if it doesn't fit
// `limit`.
bool append_narrow(ByteBuilder& out, const Str* text, u32 limit);

}  // namespace baton
