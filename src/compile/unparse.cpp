// Expression to text. Parentheses where CPython's unparser puts them: each expression is written at a precedence level.
#include "compile/unparse.h"

#include <gmp.h>

#include "base/float_text.h"
#include "base/unicode.h"

namespace baton::compile {

using namespace ast;

namespace {

enum Level : int {
  kTuple,
  kTest,
  kOr,
  kAnd,
  kNot,
  kCmp,
  kExpr,
  kBitOr = kExpr,
  kBitXor,
  kBitAnd,
  kShift,
  kArith,
  kTerm,
  kFactor,
  kPower,
  kAwait,
  kAtom,
};

constexpr int kMaxDepth = 3000;

class Unparser {
 public:
  explicit Unparser(std::string& out) : out_(out) {}
  bool too_deep() const { return too_deep_; }

  void write(const ExprNode* e, int level) {
    if (++depth_ > kMaxDepth) too_deep_ = true;
    if (!too_deep_) write_inner(e, level);
    --depth_;
  }

 private:
  class Parens {
   public:
    Parens(Unparser& unparser, bool needed) : unparser_(unparser), needed_(needed) {
      if (needed_) unparser_.out_ += '(';
    }
    ~Parens() {
      if (needed_) unparser_.out_ += ')';
    }

   private:
    Unparser& unparser_;
    bool needed_;
  };

  void write_list(const Seq<ExprNode*>& items, int level) {
    for (u32 i = 0; i < items.size; ++i) {
      if (i) out_ += ", ";
      write(items[i], level);
    }
  }

  void write_inner(const ExprNode* e, int level) {
    switch (e->kind) {
      case ExprKind::BoolOp: {
        auto* node = e->as<BoolOp>();
        int own = node->op == BoolOperator::And ? kAnd : kOr;
        Parens parens(*this, level > own);
        for (u32 i = 0; i < node->values.size; ++i) {
          if (i) out_ += node->op == BoolOperator::And ? " and " : " or ";
          write(node->values[i], own + 1);
        }
        return;
      }
      case ExprKind::BinOp: return write_binop(e->as<BinOp>(), level);
      case ExprKind::UnaryOp: {
        auto* node = e->as<UnaryOp>();
        int own = node->op == UnaryOperator::Not ? kNot : kFactor;
        Parens parens(*this, level > own);
        switch (node->op) {
          case UnaryOperator::Invert: out_ += '~'; break;
          case UnaryOperator::Not: out_ += "not "; break;
          case UnaryOperator::UAdd: out_ += '+'; break;
          case UnaryOperator::USub: out_ += '-'; break;
        }
        write(node->operand, own);
        return;
      }
      case ExprKind::Lambda: {
        auto* node = e->as<Lambda>();
        Parens parens(*this, level > kTest);
        // CPython 3.11 writes no blank before a bare star.
        out_ += node->args->posonlyargs.empty() && node->args->args.empty() ? "lambda" : "lambda ";
        write_arguments(node->args);
        out_ += ": ";
        write(node->body, kTest);
        return;
      }
      case ExprKind::IfExp: {
        auto* node = e->as<IfExp>();
        Parens parens(*this, level > kTest);
        write(node->body, kTest + 1);
        out_ += " if ";
        write(node->test, kTest + 1);
        out_ += " else ";
        write(node->orelse, kTest);
        return;
      }
      case ExprKind::Dict: {
        auto* node = e->as<Dict>();
        out_ += '{';
        for (u32 i = 0; i < node->values.size; ++i) {
          if (i) out_ += ", ";
          if (node->keys[i]) {
            write(node->keys[i], kTest);
            out_ += ": ";
            write(node->values[i], kTest);
          } else {
            out_ += "**";
            write(node->values[i], kExpr);
          }
        }
        out_ += '}';
        return;
      }
      case ExprKind::Set:
        out_ += '{';
        write_list(e->as<Set>()->elts, kTest);
        out_ += '}';
        return;
      case ExprKind::GeneratorExp:
        return write_comprehension('(', e->as<GeneratorExp>()->elt, nullptr, e->as<GeneratorExp>()->generators, ')');
      case ExprKind::ListComp:
        return write_comprehension('[', e->as<ListComp>()->elt, nullptr, e->as<ListComp>()->generators, ']');
      case ExprKind::SetComp: return write_comprehension('{', e->as<SetComp>()->elt, nullptr, e->as<SetComp>()->generators, '}');
      case ExprKind::DictComp:
        return write_comprehension('{', e->as<DictComp>()->key, e->as<DictComp>()->value, e->as<DictComp>()->generators, '}');
      case ExprKind::Yield:
        if (!e->as<Yield>()->value) {
          out_ += "(yield)";
          return;
        }
        out_ += "(yield ";
        write(e->as<Yield>()->value, kTest);
        out_ += ')';
        return;
      case ExprKind::YieldFrom:
        out_ += "(yield from ";
        write(e->as<YieldFrom>()->value, kTest);
        out_ += ')';
        return;
      case ExprKind::Await: {
        Parens parens(*this, level > kAwait);
        out_ += "await ";
        write(e->as<Await>()->value, kAtom);
        return;
      }
      case ExprKind::Compare: return write_compare(e->as<Compare>(), level);
      case ExprKind::Call: return write_call(e->as<Call>());
      case ExprKind::Constant: return write_constant_expr(e->as<Constant>());
      case ExprKind::JoinedStr: return write_joined(e->as<JoinedStr>(), false);
      case ExprKind::FormattedValue: return write_formatted(e->as<FormattedValue>());
      case ExprKind::Attribute: {
        auto* node = e->as<Attribute>();
        write(node->value, kAtom);
        bool is_int = node->value->is<Constant>() && (node->value->as<Constant>()->value.kind == ConstKind::Int ||
                                                      node->value->as<Constant>()->value.kind == ConstKind::BigInt);
        out_ += is_int ? " ." : ".";
        out_ += node->attr;
        return;
      }
      case ExprKind::Starred:
        out_ += '*';
        write(e->as<Starred>()->value, kExpr);
        return;
      case ExprKind::Name: out_ += e->as<Name>()->id; return;
      case ExprKind::List:
        out_ += '[';
        write_list(e->as<List>()->elts, kTest);
        out_ += ']';
        return;
      case ExprKind::Tuple: {
        auto& elements = e->as<Tuple>()->elts;
        if (elements.empty()) {
          out_ += "()";
          return;
        }
        Parens parens(*this, level > kTuple);
        write_list(elements, kTest);
        if (elements.size == 1) out_ += ',';
        return;
      }
      case ExprKind::Subscript:
        write(e->as<Subscript>()->value, kAtom);
        out_ += '[';
        write(e->as<Subscript>()->slice, kTuple);
        out_ += ']';
        return;
      case ExprKind::Slice: {
        auto* node = e->as<Slice>();
        if (node->lower) write(node->lower, kTest);
        out_ += ':';
        if (node->upper) write(node->upper, kTest);
        if (node->step) {
          out_ += ':';
          write(node->step, kTest);
        }
        return;
      }
      case ExprKind::NamedExpr: {
        Parens parens(*this, level > kTuple);
        write(e->as<NamedExpr>()->target, kAtom);
        out_ += " := ";
        write(e->as<NamedExpr>()->value, kAtom);
        return;
      }
    }
  }

  void write_binop(const BinOp* e, int level) {
    const char* text = nullptr;
    int own = 0;
    bool right_associative = false;
    switch (e->op) {
      case Operator::Add: text = " + ", own = kArith; break;
      case Operator::Sub: text = " - ", own = kArith; break;
      case Operator::Mult: text = " * ", own = kTerm; break;
      case Operator::MatMult: text = " @ ", own = kTerm; break;
      case Operator::Div: text = " / ", own = kTerm; break;
      case Operator::Mod: text = " % ", own = kTerm; break;
      case Operator::LShift: text = " << ", own = kShift; break;
      case Operator::RShift: text = " >> ", own = kShift; break;
      case Operator::BitOr: text = " | ", own = kBitOr; break;
      case Operator::BitXor: text = " ^ ", own = kBitXor; break;
      case Operator::BitAnd: text = " & ", own = kBitAnd; break;
      case Operator::FloorDiv: text = " // ", own = kTerm; break;
      case Operator::Pow: text = " ** ", own = kPower, right_associative = true; break;
    }
    Parens parens(*this, level > own);
    write(e->left, own + right_associative);
    out_ += text;
    write(e->right, own + !right_associative);
  }

  void write_compare(const Compare* e, int level) {
    Parens parens(*this, level > kCmp);
    write(e->left, kCmp + 1);
    for (u32 i = 0; i < e->ops.size; ++i) {
      switch (e->ops[i]) {
        case CmpOperator::Eq: out_ += " == "; break;
        case CmpOperator::NotEq: out_ += " != "; break;
        case CmpOperator::Lt: out_ += " < "; break;
        case CmpOperator::LtE: out_ += " <= "; break;
        case CmpOperator::Gt: out_ += " > "; break;
        case CmpOperator::GtE: out_ += " >= "; break;
        case CmpOperator::Is: out_ += " is "; break;
        case CmpOperator::IsNot: out_ += " is not "; break;
        case CmpOperator::In: out_ += " in "; break;
        case CmpOperator::NotIn: out_ += " not in "; break;
      }
      write(e->comparators[i], kCmp + 1);
    }
  }

  void write_call(const Call* e) {
    write(e->func, kAtom);
    if (e->args.size == 1 && e->keywords.empty() && e->args[0]->is<GeneratorExp>()) {
      write(e->args[0], kTest);  // brings its own parentheses
      return;
    }
    out_ += '(';
    bool first = true;
    for (ExprNode* arg : e->args) {
      if (!first) out_ += ", ";
      first = false;
      write(arg, kTest);
    }
    for (Keyword* keyword : e->keywords) {
      if (!first) out_ += ", ";
      first = false;
      if (keyword->arg.data()) {
        out_ += keyword->arg;
        out_ += '=';
      } else {
        out_ += "**";
      }
      write(keyword->value, kTest);
    }
    out_ += ')';
  }

  void write_comprehension(char open, const ExprNode* element, const ExprNode* value, const Seq<Comprehension*>& generators,
                           char close) {
    out_ += open;
    write(element, kTest);
    if (value) {
      out_ += ": ";
      write(value, kTest);
    }
    for (Comprehension* generator : generators) {
      out_ += generator->is_async ? " async for " : " for ";
      write(generator->target, kTuple);
      out_ += " in ";
      write(generator->iter, kTest + 1);
      for (ExprNode* condition : generator->ifs) {
        out_ += " if ";
        write(condition, kTest + 1);
      }
    }
    out_ += close;
  }

  void write_arg(const Arg* arg) {
    out_ += arg->arg;
    if (arg->annotation) {
      out_ += ": ";
      write(arg->annotation, kTest);
    }
  }

  void write_arguments(const Arguments* args) {
    bool first = true;
    auto separate = [&] {
      if (!first) out_ += ", ";
      first = false;
    };
    u32 positional = args->posonlyargs.size + args->args.size;
    for (u32 i = 0; i < positional; ++i) {
      separate();
      bool only = i < args->posonlyargs.size;
      write_arg(only ? args->posonlyargs[i] : args->args[i - args->posonlyargs.size]);
      u32 without_default = positional - args->defaults.size;
      if (i >= without_default) {
        out_ += '=';
        write(args->defaults[i - without_default], kTest);
      }
      if (args->posonlyargs.size && i + 1 == args->posonlyargs.size) out_ += ", /";
    }
    if (args->vararg || !args->kwonlyargs.empty()) {
      separate();
      out_ += '*';
      if (args->vararg) write_arg(args->vararg);
    }
    for (u32 i = 0; i < args->kwonlyargs.size; ++i) {
      separate();
      write_arg(args->kwonlyargs[i]);
      if (i < args->kw_defaults.size && args->kw_defaults[i]) {
        out_ += '=';
        write(args->kw_defaults[i], kTest);
      }
    }
    if (args->kwarg) {
      separate();
      out_ += "**";
      write_arg(args->kwarg);
    }
  }

  // ---- constants

  void write_constant_expr(const Constant* e) {
    if (e->kind_prefix.data()) out_ += e->kind_prefix;
    write_constant(e->value);
  }

  void write_constant(const ConstValue& value) {
    switch (value.kind) {
      case ConstKind::None: out_ += "None"; return;
      case ConstKind::True: out_ += "True"; return;
      case ConstKind::False: out_ += "False"; return;
      case ConstKind::Ellipsis: out_ += "..."; return;
      case ConstKind::Int: out_ += std::to_string(value.integer); return;
      case ConstKind::BigInt: return write_big(value);
      case ConstKind::Float: return write_float(value.real);
      case ConstKind::Complex: return write_complex(value);
      case ConstKind::Str: return write_text(value.text(), false);
      case ConstKind::Bytes: out_ += 'b'; return write_text(value.text(), true);
      case ConstKind::Tuple:
        out_ += '(';
        for (u32 i = 0; i < value.items.size; ++i) {
          if (i) out_ += ", ";
          write_constant(value.items[i]);
        }
        out_ += value.items.size == 1 ? ",)" : ")";
        return;
      case ConstKind::FrozenSet:
        out_ += "frozenset({";
        for (u32 i = 0; i < value.items.size; ++i) {
          if (i) out_ += ", ";
          write_constant(value.items[i]);
        }
        out_ += "})";
        return;
    }
  }

  void write_big(const ConstValue& value) {
    if (value.digits.negative) out_ += '-';
    std::string digits(value.digits.data, value.digits.size);
    if (value.digits.base == 10) {
      usize start = digits.find_first_not_of('0');
      out_ += start == std::string::npos ? "0" : digits.substr(start);
      return;
    }
    mpz_t number;
    mpz_init_set_str(number, digits.c_str(), value.digits.base);
    std::string decimal(mpz_sizeinbase(number, 10) + 2, '\0');
    mpz_get_str(decimal.data(), 10, number);
    mpz_clear(number);
    out_ += decimal.c_str();
  }

  void write_float(double x) {
    char text[kFloatReprMax + 1];
    std::string_view repr(text, float_repr(x, text));
    usize inf = repr.find("inf");
    if (inf != std::string_view::npos) {
      out_ += repr.substr(0, inf);
      out_ += "1e309";
    } else {
      out_ += repr;
    }
  }

  static std::string component(double x) {
    char text[kFloatReprMax + 1];
    std::string repr(text, float_repr(x, text));
    if (repr.ends_with(".0")) repr.resize(repr.size() - 2);
    usize inf = repr.find("inf");
    if (inf != std::string::npos) repr.replace(inf, 3, "1e309");
    return repr;
  }
  void write_complex(const ConstValue& value) {
    std::string imag = component(value.complex.imag);
    if (value.complex.real == 0 && !__builtin_signbit(value.complex.real)) {
      out_ += imag + "j";
      return;
    }
    if (imag[0] != '-') imag = "+" + imag;
    out_ += "(" + component(value.complex.real) + imag + "j)";
  }

  // repr() of text (WTF-8) or bytes.
  void write_text(std::string_view text, bool is_bytes) {
    static const char hex[] = "0123456789abcdef";
    char quote = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"' : '\'';
    out_ += quote;
    for (usize i = 0; i < text.size();) {
      u8 c = static_cast<u8>(text[i]);
      if (c == quote || c == '\\') {
        out_ += '\\';
        out_ += static_cast<char>(c);
        ++i;
      } else if (c == '\n' || c == '\r' || c == '\t') {
        out_ += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        ++i;
      } else if (c < 0x20 || c == 0x7F || (is_bytes && c >= 0x80)) {
        out_ += "\\x";
        out_ += hex[c >> 4];
        out_ += hex[c & 15];
        ++i;
      } else if (c < 0x80) {
        out_ += static_cast<char>(c);
        ++i;
      } else {
        usize length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        u32 code = c & (0x7F >> length);
        for (usize k = 1; k < length && i + k < text.size(); ++k) code = code << 6 | (static_cast<u8>(text[i + k]) & 0x3F);
        if (unicode_is_printable(code)) {
          out_ += text.substr(i, length);
        } else {
          int digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
          out_ += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
          while (digits--) out_ += hex[code >> (4 * digits) & 15];
        }
        i += length;
      }
    }
    out_ += quote;
  }

  // ---- f-strings: the body is built as text and then quoted as one literal

  void write_joined(const JoinedStr* e, bool is_format_spec) {
    std::string body;
    body.swap(out_);
    for (ExprNode* value : e->values) write_piece(value, is_format_spec);
    body.swap(out_);
    if (is_format_spec) {
      out_ += body;
    } else {
      out_ += 'f';
      write_text(body, false);
    }
  }
  void write_piece(const ExprNode* e, bool is_format_spec) {
    switch (e->kind) {
      case ExprKind::Constant:
        for (char c : e->as<Constant>()->value.text()) {
          out_ += c;
          if (c == '{' || c == '}') out_ += c;
        }
        return;
      case ExprKind::JoinedStr: return write_joined(e->as<JoinedStr>(), is_format_spec);
      case ExprKind::FormattedValue: return write_formatted(e->as<FormattedValue>());
      default: return write(e, kTest);
    }
  }
  void write_formatted(const FormattedValue* e) {
    std::string value;
    value.swap(out_);
    write(e->value, kTest + 1);
    value.swap(out_);
    out_ += value.starts_with('{') ? "{ " : "{";
    out_ += value;
    if (e->conversion > 0) {
      out_ += '!';
      out_ += static_cast<char>(e->conversion);
    }
    if (e->format_spec) {
      out_ += ':';
      write_piece(e->format_spec, true);
    }
    out_ += '}';
  }

  std::string& out_;
  int depth_ = 0;
  bool too_deep_ = false;
};

}  // namespace

bool unparse_expression(const ExprNode* e, std::string& text) {
  Unparser unparser(text);
  unparser.write(e, kTest);
  return !unparser.too_deep();
}

}  // namespace baton::compile
