// Pieces shared by plain and formatted string literals (string_literal.cpp, fstring.cpp). Internal to the layer.
#pragma once
#include "syntax/literal.h"

namespace baton::syntax {

// Text put together from pieces. A single piece is kept as it is; only a second one makes a copy.
class TextBuilder {
 public:
  explicit TextBuilder(Arena& arena) : arena_(arena) {}
  void add(std::string_view piece);
  bool empty() const { return view_.empty(); }
  std::string_view take() {
    std::string_view result = view_;
    view_ = {};
    capacity_ = 0;
    return result;
  }

 private:
  Arena& arena_;
  std::string_view view_;
  usize capacity_ = 0;  // 0: view_ is somebody else's text
};

// One STRING token taken apart.
struct StringParts {
  std::string_view body;  // between the quotes
  bool bytes = false, raw = false, format = false;
};
StringParts split_string_token(std::string_view text);

// Decodes escapes of a str piece. False: failed, reported.
bool decode_text(Arena& arena, LiteralHost& host, const Token& token, std::string_view body, bool raw, std::string_view* out,
                 bool in_fstring = false);
bool decode_bytes(Arena& arena, LiteralHost& host, const Token& token, std::string_view body, bool raw, std::string_view* out);
void warn_invalid_escape(Arena& arena, LiteralHost& host, const Token& token, const char* escape);

// Puts adjacent literals together, one of which is an f-string.
class FStringBuilder {
 public:
  FStringBuilder(Arena& arena, LiteralHost& host, const char* base, const Token& first, const Token& last, i32 feature_version);
  ~FStringBuilder();
  bool add_literal(std::string_view text) { return pending_.add(text), true; }
  bool add_fstring(const Token& token, std::string_view body, bool raw);
  ast::ExprNode* finish();

 private:
  struct Scan {
    const Token* token;
    const char* at;
    const char* end;
    bool raw;
  };
  enum class Step : u8 { Failed, Again, End, Expression };
  bool parse_parts(Scan& scan, int depth);
  Step literal_part(Scan& scan, int depth);
  bool expression_part(Scan& scan, int depth);
  const char* find_expression_end(Scan& scan);
  ast::ExprNode* compile_expression(const Scan& scan, const char* start, const char* end);
  ast::ExprNode* format_spec(Scan& scan, int depth);
  bool fail(const char* format, ...) __attribute__((format(printf, 2, 3)));
  void flush_literal();
  void append(ast::ExprNode* node);
  ast::ExprNode* join();

  Arena& arena_;
  LiteralHost& host_;
  const char* base_;
  const Token* first_;
  i32 feature_version_;
  ast::Span span_;
  TextBuilder pending_;
  ast::ExprNode** nodes_ = nullptr;
  u32 size_ = 0, capacity_ = 0;
  ast::ExprNode* inline_nodes_[8];
};

// 'u' if the token's text begins with it, else absent: Constant.kind.
inline std::string_view string_kind(const char* base, const Token& first) {
  return base[first.start] == 'u' ? std::string_view("u", 1) : std::string_view();
}

}  // namespace baton::syntax
