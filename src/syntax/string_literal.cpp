// Plain str and bytes literals: prefixes, escapes, implicit concatenation. Bodies without escapes are views into the source.
#include "syntax/string_literal.h"

#include <cstdarg>
#include <cstdio>

#include "base/unicode.h"
#include "base/utf8.h"
#include "syntax/text_util.h"

namespace baton::syntax {

using ast::ConstKind;
using ast::ConstValue;
using ast::ExprNode;

void TextBuilder::add(std::string_view piece) {
  if (piece.empty()) return;
  if (view_.empty()) {
    view_ = piece;
    capacity_ = 0;
    return;
  }
  usize size = view_.size() + piece.size();
  if (size > capacity_) {
    usize capacity = size * 2;
    char* grown = static_cast<char*>(arena_.allocate(capacity + 1));
    memcpy(grown, view_.data(), view_.size());
    view_ = {grown, view_.size()};
    capacity_ = capacity;
  }
  memcpy(const_cast<char*>(view_.data()) + view_.size(), piece.data(), piece.size());
  view_ = {view_.data(), size};
}

StringParts split_string_token(std::string_view text) {
  StringParts parts;
  usize i = 0;
  for (; text[i] != '\'' && text[i] != '"'; ++i) {
    switch (text[i] | 0x20) {
      case 'b': parts.bytes = true; break;
      case 'r': parts.raw = true; break;
      case 'f': parts.format = true; break;
      default: break;
    }
  }
  usize quotes = text.size() - i >= 6 && text[i + 1] == text[i] && text[i + 2] == text[i] ? 3 : 1;
  parts.body = text.substr(i + quotes, text.size() - i - 2 * quotes);
  return parts;
}

static bool literal_failed(Arena& arena, LiteralHost& host, const Token* at, const char* format, ...) {
  char buffer[256];
  va_list args;
  va_start(args, format);
  vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  host.literal_error(at, arena.copy(buffer));
  return false;
}

void warn_invalid_escape(Arena& arena, LiteralHost& host, const Token& token, const char* escape) {
  char buffer[64];
  if (*escape >= '4' && *escape <= '7') {
    snprintf(buffer, sizeof buffer, "invalid octal escape sequence '\\%.3s'", escape);
  } else {
    snprintf(buffer, sizeof buffer, "invalid escape sequence '\\%c'", *escape);
  }
  host.literal_warning(token, arena.copy(buffer));
}

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

namespace {

// Decoding of one str body. CPython decodes an ASCII rendering of it in which a character outside ASCII takes ten bytes
// (and a backslash before one six); error positions count in that rendering.
class EscapeDecoder {
 public:
  EscapeDecoder(Arena& arena, LiteralHost& host, const Token& token, std::string_view body)
      : arena_(arena), host_(host), token_(token), begin_(body.data()), p_(begin_), end_(begin_ + body.size()) {}

  bool run(std::string_view* result) {
    char* out = static_cast<char*>(arena_.allocate(end_ - begin_ + 1));
    out_ = out;
    while (p_ < end_) {
      auto* backslash = static_cast<const char*>(memchr(p_, '\\', end_ - p_));
      usize plain = (backslash ? backslash : end_) - p_;
      memcpy(out_, p_, plain);
      out_ += plain;
      p_ += plain;
      if (backslash && !escape()) return false;
    }
    arena_.shrink_last(out, end_ - begin_ + 1, out_ - out + 1);
    *out_ = 0;
    if (invalid_) warn_invalid_escape(arena_, host_, token_, invalid_);
    *result = {out, static_cast<usize>(out_ - out)};
    return true;
  }

 private:
  void put(u32 ch) { out_ += utf8_put(ch, reinterpret_cast<u8*>(out_)); }

  usize rendered_position(const char* at) const {
    usize position = 0;
    for (const char* p = begin_; p < at; ++p) {
      u8 c = static_cast<u8>(*p);
      if (c < 0x80)
        position += c == '\\' && p + 1 < end_ && static_cast<u8>(p[1]) >= 0x80 ? 6 : 1;
      else if (c >= 0xC0)
        position += 10;
    }
    return position;
  }

  bool fail(const char* start, const char* reason) {
    usize from = rendered_position(start), to = rendered_position(p_);
    if (to == from + 1) {
      return literal_failed(arena_, host_, nullptr,
                            "(unicode error) 'unicodeescape' codec can't decode byte 0x%02x in position %zu: %s",
                            static_cast<u8>(*start), from, reason);
    }
    return literal_failed(arena_, host_, nullptr,
                          "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s", from, to - 1,
                          reason);
  }

  bool hex(const char* start, int digits, const char* reason) {
    u32 value = 0;
    for (; digits; --digits, ++p_) {
      int digit = p_ < end_ ? hex_value(*p_) : -1;
      if (digit < 0) return fail(start, reason);
      value = value * 16 + digit;
    }
    if (value > 0x10FFFF) return fail(start, "illegal Unicode character");
    put(value);
    return true;
  }

  bool named(const char* start) {
    if (p_ >= end_ || *p_ != '{') return fail(start, "malformed \\N character escape");
    const char* name = ++p_;
    while (p_ < end_ && *p_ != '}') ++p_;
    if (p_ >= end_ || p_ == name) return fail(start, "malformed \\N character escape");
    usize length = p_ - name;
    ++p_;
    u32 ch;
    if (!unicode_lookup(name, length, &ch)) return fail(start, "unknown Unicode character name");
    put(ch);
    return true;
  }

  bool escape() {
    const char* start = p_++;
    if (p_ >= end_) {
      // Only in an f-string, before a '{'.
      *out_++ = '\\';
      return true;
    }
    char c = *p_++;
    switch (c) {
      case '\n': return true;
      case '\\':
      case '\'':
      case '"': *out_++ = c; return true;
      case 'b': *out_++ = '\b'; return true;
      case 'f': *out_++ = '\f'; return true;
      case 't': *out_++ = '\t'; return true;
      case 'n': *out_++ = '\n'; return true;
      case 'r': *out_++ = '\r'; return true;
      case 'v': *out_++ = '\v'; return true;
      case 'a': *out_++ = '\a'; return true;
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7': {
        u32 value = c - '0';
        for (int i = 0; i < 2 && p_ < end_ && *p_ >= '0' && *p_ <= '7'; ++i) value = value * 8 + (*p_++ - '0');
        if (value > 0377 && !invalid_) invalid_ = start + 1;
        put(value);
        return true;
      }
      case 'x': return hex(start, 2, "truncated \\xXX escape");
      case 'u': return hex(start, 4, "truncated \\uXXXX escape");
      case 'U': return hex(start, 8, "truncated \\UXXXXXXXX escape");
      case 'N': return named(start);
      default:
        // Kept as written. Before a character outside ASCII there is no warning.
        *out_++ = '\\';
        --p_;
        if (static_cast<u8>(c) < 0x80 && !invalid_) invalid_ = p_;
        *out_++ = *p_++;
        return true;
    }
  }

  Arena& arena_;
  LiteralHost& host_;
  const Token& token_;
  const char* begin_;
  const char* p_;
  const char* end_;
  char* out_ = nullptr;
  const char* invalid_ = nullptr;  // behind the first backslash that begins no escape
};

}  // namespace

// Text with escapes is decoded run by run of bytes outside ASCII, other text at once; positions count from there.
static bool check_utf8_text(Arena& arena, LiteralHost& host, std::string_view body, bool by_runs) {
  while (!body.empty()) {
    std::string_view piece = body;
    if (by_runs) {
      usize start = 0, end;
      while (start < body.size() && static_cast<u8>(body[start]) < 0x80) ++start;
      for (end = start; end < body.size() && static_cast<u8>(body[end]) >= 0x80;) ++end;
      piece = body.substr(start, end - start);
      body.remove_prefix(end);
    } else {
      body = {};
    }
    if (std::string_view fault = utf8_decode_message(arena, piece); !fault.empty()) {
      return literal_failed(arena, host, nullptr, "(unicode error) %.*s", static_cast<int>(fault.size()), fault.data());
    }
  }
  return true;
}

bool decode_text(Arena& arena, LiteralHost& host, const Token& token, std::string_view body, bool raw, std::string_view* out,
                 bool in_fstring) {
  if (host.check_utf8 && !check_utf8_text(arena, host, body, !raw && (in_fstring || body.find('\\') != body.npos))) return false;
  if (raw || body.empty() || !memchr(body.data(), '\\', body.size())) {
    *out = body;
    return true;
  }
  return EscapeDecoder(arena, host, token, body).run(out);
}

bool decode_bytes(Arena& arena, LiteralHost& host, const Token& token, std::string_view body, bool raw, std::string_view* out) {
  for (char c : body) {
    if (static_cast<u8>(c) >= 0x80)
      return literal_failed(arena, host, nullptr, "bytes can only contain ASCII literal characters");
  }
  if (raw || body.empty() || !memchr(body.data(), '\\', body.size())) {
    *out = body;
    return true;
  }
  char* const buffer = static_cast<char*>(arena.allocate(body.size() + 1));
  char* q = buffer;
  const char* invalid = nullptr;
  const char* end = body.data() + body.size();
  for (const char* p = body.data(); p < end;) {
    if (*p != '\\') {
      *q++ = *p++;
      continue;
    }
    const char* start = p++;
    char c = *p++;
    switch (c) {
      case '\n': break;
      case '\\':
      case '\'':
      case '"': *q++ = c; break;
      case 'b': *q++ = '\b'; break;
      case 'f': *q++ = '\f'; break;
      case 't': *q++ = '\t'; break;
      case 'n': *q++ = '\n'; break;
      case 'r': *q++ = '\r'; break;
      case 'v': *q++ = '\v'; break;
      case 'a': *q++ = '\a'; break;
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7': {
        u32 value = c - '0';
        for (int i = 0; i < 2 && p < end && *p >= '0' && *p <= '7'; ++i) value = value * 8 + (*p++ - '0');
        if (value > 0377 && !invalid) invalid = start + 1;
        *q++ = static_cast<char>(value);
        break;
      }
      case 'x': {
        int high = p < end ? hex_value(*p) : -1, low = p + 1 < end ? hex_value(p[1]) : -1;
        if (high < 0 || low < 0) {
          return literal_failed(arena, host, nullptr, "(value error) invalid \\x escape at position %zu",
                                static_cast<usize>(start - body.data()));
        }
        *q++ = static_cast<char>(high * 16 + low);
        p += 2;
        break;
      }
      default:
        if (!invalid) invalid = p - 1;
        *q++ = '\\';
        *q++ = c;
        break;
    }
  }
  *q = 0;
  if (invalid) warn_invalid_escape(arena, host, token, invalid);
  *out = {buffer, static_cast<usize>(q - buffer)};
  return true;
}

ExprNode* concatenate_strings(Arena& arena, LiteralHost& host, const char* base, const Token* tokens, u32 count,
                              i32 feature_version) {
  const Token& first = tokens[0];
  const Token& last = tokens[count - 1];
  ast::Span span{first.lineno, first.col_offset, last.end_lineno, last.end_col_offset};
  auto text_of = [base](const Token& token) { return std::string_view(base + token.start, token.end - token.start); };
  TextBuilder text(arena);
  bool is_bytes = false;
  for (u32 i = 0; i < count; ++i) {
    StringParts parts = split_string_token(text_of(tokens[i]));
    if (parts.format) {
      if (feature_version < 6) {
        literal_failed(arena, host, nullptr, "Format strings are only supported in Python 3.6 and greater");
        return nullptr;
      }
      if (i != 0 && is_bytes) {
        literal_failed(arena, host, nullptr, "cannot mix bytes and nonbytes literals");
        return nullptr;
      }
      FStringBuilder builder(arena, host, base, first, last, feature_version);
      builder.add_literal(text.take());
      for (; i < count; ++i) {
        parts = split_string_token(text_of(tokens[i]));
        std::string_view piece;
        if (parts.format) {
          if (!builder.add_fstring(tokens[i], parts.body, parts.raw)) return nullptr;
          continue;
        }
        if (parts.bytes) {
          if (decode_bytes(arena, host, tokens[i], parts.body, parts.raw, &piece)) {
            literal_failed(arena, host, nullptr, "cannot mix bytes and nonbytes literals");
          }
          return nullptr;
        }
        if (!decode_text(arena, host, tokens[i], parts.body, parts.raw, &piece)) return nullptr;
        builder.add_literal(piece);
      }
      return builder.finish();
    }
    std::string_view piece;
    bool ok = parts.bytes ? decode_bytes(arena, host, tokens[i], parts.body, parts.raw, &piece)
                          : decode_text(arena, host, tokens[i], parts.body, parts.raw, &piece);
    if (!ok) return nullptr;
    if (i != 0 && parts.bytes != is_bytes) {
      literal_failed(arena, host, nullptr, "cannot mix bytes and nonbytes literals");
      return nullptr;
    }
    is_bytes = parts.bytes;
    text.add(piece);
  }
  if (is_bytes) return ast::make<ast::Constant>(arena, span, ConstValue::of_text(ConstKind::Bytes, text.take()), ast::Text());
  return ast::make<ast::Constant>(arena, span, ConstValue::of_text(ConstKind::Str, text.take()), string_kind(base, first));
}

}  // namespace baton::syntax
