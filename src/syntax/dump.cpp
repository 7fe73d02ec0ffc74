// ast.dump by the field tables of ast.h; the reprs of constants are Python's.
#include "syntax/dump.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/float_text.h"
#include "base/unicode.h"
#include "base/utf8.h"

namespace baton::syntax {

using namespace ast;

namespace {

class Dumper {
 public:
  Dumper(std::string& out, bool attributes) : out_(out), attributes_(attributes) {}

  void node(NodeType type, const void* address, const Span* span) {
    const NodeInfo& info = info_of(type);
    out_ += info.name;
    out_ += '(';
    bool first = true;
    for (int i = 0; i < info.field_count; ++i) {
      const FieldInfo& field = info.fields[i];
      const void* value = static_cast<const char*>(address) + field.offset;
      if (is_absent(field.type, value)) continue;
      separate(first);
      out_ += field.name;
      out_ += '=';
      field_value(field.type, value);
    }
    if (attributes_ && info.has_span) {
      attribute(first, "lineno", span->lineno);
      attribute(first, "col_offset", span->col_offset);
      attribute(first, "end_lineno", span->end_lineno);
      attribute(first, "end_col_offset", span->end_col_offset);
    }
    out_ += ')';
  }
  void any(const ModNode* n) { node(type_of(n), n, nullptr); }

 private:
  void separate(bool& first) {
    if (!first) out_ += ", ";
    first = false;
  }
  void attribute(bool& first, const char* name, i32 value) {
    separate(first);
    char buffer[40];
    snprintf(buffer, sizeof buffer, "%s=%d", name, value);
    out_ += buffer;
  }

  // Optional fields that are None are left out.
  static bool is_absent(FieldType type, const void* value) {
    switch (type) {
      case FieldType::identifier_opt:
      case FieldType::string_opt: return !static_cast<const Text*>(value)->data();
      case FieldType::expr_opt:
      case FieldType::pattern_opt:
      case FieldType::arg_opt: return !*static_cast<void* const*>(value);
      default: return false;
    }
  }

  void any(const StmtNode* n) { node(type_of(n), n, &n->span); }
  void any(const ExprNode* n) {
    if (!n)
      out_ += "None";
    else
      node(type_of(n), n, &n->span);
  }
  void any(const PatternNode* n) { node(type_of(n), n, &n->span); }
  void any(const Arguments* n) { node(NodeType::Arguments, n, nullptr); }
  void any(const Arg* n) { node(NodeType::Arg, n, &n->span); }
  void any(const Keyword* n) { node(NodeType::Keyword, n, &n->span); }
  void any(const Alias* n) { node(NodeType::Alias, n, &n->span); }
  void any(const WithItem* n) { node(NodeType::WithItem, n, nullptr); }
  void any(const ExceptHandler* n) { node(NodeType::ExceptHandler, n, &n->span); }
  void any(const MatchCase* n) { node(NodeType::MatchCase, n, nullptr); }
  void any(const Comprehension* n) { node(NodeType::Comprehension, n, nullptr); }
  void any(const TypeIgnore* n) { node(NodeType::TypeIgnore, n, nullptr); }
  void any(const Identifier& name) { text(name); }
  void any(CmpOperator op) { operation(name_of(op)); }
  void operation(const char* name) {
    out_ += name;
    out_ += "()";
  }

  template <class T>
  void sequence(const void* value) {
    out_ += '[';
    bool first = true;
    for (const T& item : *static_cast<const Seq<T>*>(value)) {
      separate(first);
      any(item);
    }
    out_ += ']';
  }
  template <class T>
  void single(const void* value) {
    any(*static_cast<T const*>(value));
  }

  void field_value(FieldType type, const void* value) {
    switch (type) {
      case FieldType::identifier:
      case FieldType::identifier_opt:
      case FieldType::string:
      case FieldType::string_opt: return text(*static_cast<const Text*>(value));
      case FieldType::identifier_seq: return sequence<Identifier>(value);
      case FieldType::int_:
      case FieldType::int_opt: out_ += std::to_string(*static_cast<const i32*>(value)); return;
      case FieldType::constant: return constant(*static_cast<const ConstValue*>(value));
      case FieldType::expr:
      case FieldType::expr_opt: return single<ExprNode*>(value);
      case FieldType::expr_seq:
      case FieldType::expr_opt_seq: return sequence<ExprNode*>(value);
      case FieldType::stmt_seq: return sequence<StmtNode*>(value);
      case FieldType::pattern:
      case FieldType::pattern_opt: return single<PatternNode*>(value);
      case FieldType::pattern_seq: return sequence<PatternNode*>(value);
      case FieldType::arguments: return single<Arguments*>(value);
      case FieldType::arg_opt: return single<Arg*>(value);
      case FieldType::arg_seq: return sequence<Arg*>(value);
      case FieldType::keyword_seq: return sequence<Keyword*>(value);
      case FieldType::alias_seq: return sequence<Alias*>(value);
      case FieldType::withitem_seq: return sequence<WithItem*>(value);
      case FieldType::handler_seq: return sequence<ExceptHandler*>(value);
      case FieldType::match_case_seq: return sequence<MatchCase*>(value);
      case FieldType::comprehension_seq: return sequence<Comprehension*>(value);
      case FieldType::type_ignore_seq: return sequence<TypeIgnore*>(value);
      case FieldType::boolop: return operation(name_of(*static_cast<const BoolOperator*>(value)));
      case FieldType::operator_: return operation(name_of(*static_cast<const Operator*>(value)));
      case FieldType::unaryop: return operation(name_of(*static_cast<const UnaryOperator*>(value)));
      case FieldType::cmpop_seq: return sequence<CmpOperator>(value);
      case FieldType::expr_context: return operation(name_of(*static_cast<const ExprContext*>(value)));
    }
  }

  void constant(const ConstValue& value) {
    switch (value.kind) {
      case ConstKind::None: out_ += "None"; return;
      case ConstKind::True: out_ += "True"; return;
      case ConstKind::False: out_ += "False"; return;
      case ConstKind::Ellipsis: out_ += "Ellipsis"; return;
      case ConstKind::Int: out_ += std::to_string(value.integer); return;
      case ConstKind::BigInt: return big_integer(value.digits);
      case ConstKind::Float: return number(value.real, true);
      case ConstKind::Complex: return complex(value.complex.real, value.complex.imag);
      case ConstKind::Str: return text(value.text());
      case ConstKind::Bytes: return bytes(value.text());
      case ConstKind::Tuple:
      case ConstKind::FrozenSet: break;
    }
    bool tuple = value.kind == ConstKind::Tuple;
    if (!tuple && value.items.empty()) {
      out_ += "frozenset()";
      return;
    }
    out_ += tuple ? "(" : "frozenset({";
    bool first = true;
    for (const ConstValue& item : value.items) {
      separate(first);
      constant(item);
    }
    if (tuple && value.items.size == 1) out_ += ',';
    out_ += tuple ? ")" : "})";
  }

  void number(double value, bool point) {
    char buffer[kFloatReprMax + 2];
    usize length = float_repr(value, buffer);
    std::string_view repr(buffer, length);
    if (!point && repr.size() > 2 && repr.substr(repr.size() - 2) == ".0") repr.remove_suffix(2);
    out_ += repr;
  }

  void complex(double real, double imag) {
    if (real == 0 && !std::signbit(real)) {
      number(imag, false);
      out_ += 'j';
      return;
    }
    out_ += '(';
    number(real, false);
    if (!std::signbit(imag)) out_ += '+';
    number(imag, false);
    out_ += "j)";
  }

  // Other bases are converted by long division, good enough for a dump.
  void big_integer(const ConstValue::Digits& digits) {
    if (digits.negative) out_ += '-';
    if (digits.base == 10) {
      out_ += std::string_view(digits.data, digits.size);
      return;
    }
    auto* limbs = static_cast<u32*>(malloc((digits.size / 2 + 2) * sizeof(u32)));
    usize count = 0;
    for (u32 i = 0; i < digits.size; ++i) {
      char c = digits.data[i];
      u64 carry = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
      for (usize k = 0; k < count; ++k) {
        carry += static_cast<u64>(limbs[k]) * digits.base;
        limbs[k] = static_cast<u32>(carry % 1000000000);
        carry /= 1000000000;
      }
      if (carry) limbs[count++] = static_cast<u32>(carry);
    }
    char buffer[16];
    for (usize k = count; k-- > 0;) {
      snprintf(buffer, sizeof buffer, k + 1 == count ? "%u" : "%09u", limbs[k]);
      out_ += buffer;
    }
    free(limbs);
  }

  static char quote_for(std::string_view text) {
    return text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
  }
  void escape(const char* format, u32 value) {
    char buffer[16];
    snprintf(buffer, sizeof buffer, format, value);
    out_ += buffer;
  }
  bool simple_escape(u32 ch, char quote) {
    switch (ch) {
      case '\n': out_ += "\\n"; return true;
      case '\r': out_ += "\\r"; return true;
      case '\t': out_ += "\\t"; return true;
      case '\\': out_ += "\\\\"; return true;
      default:
        if (ch != static_cast<u8>(quote)) return false;
        out_ += '\\';
        out_ += quote;
        return true;
    }
  }

  void text(std::string_view value) {
    char quote = quote_for(value);
    out_ += quote;
    for (usize i = 0; i < value.size();) {
      usize length;
      u32 ch = utf8_get(reinterpret_cast<const u8*>(value.data()) + i, &length);
      if (!simple_escape(ch, quote)) {
        if (unicode_is_printable(ch))
          out_ += value.substr(i, length);
        else if (ch < 0x100)
          escape("\\x%02x", ch);
        else if (ch < 0x10000)
          escape("\\u%04x", ch);
        else
          escape("\\U%08x", ch);
      }
      i += length;
    }
    out_ += quote;
  }

  void bytes(std::string_view value) {
    char quote = quote_for(value);
    out_ += 'b';
    out_ += quote;
    for (char c : value) {
      u8 byte = static_cast<u8>(c);
      if (simple_escape(byte, quote)) continue;
      if (byte >= 32 && byte < 127)
        out_ += c;
      else
        escape("\\x%02x", byte);
    }
    out_ += quote;
  }

  std::string& out_;
  bool attributes_;
};

}  // namespace

void dump(std::string& out, const ModNode* mod, bool include_attributes) { Dumper(out, include_attributes).any(mod); }

}  // namespace baton::syntax
