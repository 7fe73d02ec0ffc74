// Where the stages of the compiler put their first error, and how they warn. Errors are sticky: the first one wins, and a stage
// that has failed goes on harmlessly until it notices, so that no step needs to test for failure. Knows no objects: the entry
// points in compiler.cpp turn an error into an exception.
#pragma once
#include <string>
#include <string_view>

#include "syntax/ast.h"

namespace baton::compile {

enum class ErrorKind : u8 { None, Syntax, Recursion, System, Overflow, Pending };  // Pending: the exception waits in the thread

enum class WarnResult : u8 { Ok, MakeError, Pending };  // MakeError: the filter turned the SyntaxWarning into an error

class Diagnostics {
 public:
  using Warn = WarnResult (*)(void* context, std::string_view message, i32 lineno);

  bool failed() const { return kind_ != ErrorKind::None; }
  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const ast::Span& span() const { return span_; }

  void error(ErrorKind kind, std::string message, ast::Span span = {}) {
    if (failed()) return;
    kind_ = kind;
    message_ = std::move(message);
    span_ = span;
  }
  void syntax_error(const ast::Span& span, std::string message) { error(ErrorKind::Syntax, std::move(message), span); }
  void recursion_error() { error(ErrorKind::Recursion, "maximum recursion depth exceeded during compilation"); }

  // The stack grows down; a frame below the limit is too deep. Null: no check.
  void set_stack_limit(const char* limit) { stack_limit_ = limit; }
  bool stack_exhausted() const { return static_cast<const char*>(__builtin_frame_address(0)) < stack_limit_; }

  void set_warn(Warn warn, void* context) {
    warn_ = warn;
    warn_context_ = context;
  }
  void syntax_warning(const ast::Span& span, std::string message) {
    if (failed() || !warn_) return;
    switch (warn_(warn_context_, message, span.lineno)) {
      case WarnResult::Ok: break;
      case WarnResult::MakeError: syntax_error(span, std::move(message)); break;
      case WarnResult::Pending: error(ErrorKind::Pending, ""); break;
    }
  }

 private:
  ErrorKind kind_ = ErrorKind::None;
  std::string message_;
  ast::Span span_;
  Warn warn_ = nullptr;
  void* warn_context_ = nullptr;
  const char* stack_limit_ = nullptr;
};

// Guards the recursion of one stage over the tree. CPython's limit: three levels of tree for each permitted Python frame.
class DepthGuard {
 public:
  DepthGuard(u32& depth, u32 limit, Diagnostics& diagnostics) : depth_(depth) {
    if (++depth_ > limit || diagnostics.stack_exhausted()) [[unlikely]]
      diagnostics.recursion_error();
  }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  u32& depth_;
};

inline std::string quoted(std::string_view before, std::string_view name, std::string_view after) {
  std::string text(before);
  text += name;
  text += after;
  return text;
}

}  // namespace baton::compile
