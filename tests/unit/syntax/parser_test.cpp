// Parsing and its errors. Whole trees and messages are compared with the reference by tools/compare_syntax.py and
// compare_snippets.py; here is what those cannot see, and one example of each kind so that a break is found without them.
#include <string>

#include "syntax/dump.h"
#include "syntax/parse.h"
#include "syntax/source.h"
#include "test.h"

using namespace baton;
using namespace baton::syntax;

namespace {

struct Parsed {
  Arena arena;
  ParseResult result;
  explicit Parsed(std::string_view source, ParseOptions options = {}) { result = parse(arena, source, "<test>", options); }
  std::string text(bool attributes = false) {
    std::string out;
    if (result.mod) dump(out, result.mod, attributes);
    return out;
  }
};

std::string expr(std::string_view source) {
  ParseOptions options;
  options.mode = ParseMode::Eval;
  std::string out = Parsed(source, options).text();
  return out.size() > 17 ? out.substr(16, out.size() - 17) : out;  // inside Expression(body=...)
}

bool refused(std::string_view source, std::string_view message, int line, int offset, int end_offset, ParseOptions options = {}) {
  Parsed parsed(source, options);
  const SyntaxErrorInfo& e = parsed.result.error;
  bool same = !parsed.result.mod && e.message == message && e.lineno == line && e.offset == offset && e.end_offset == end_offset;
  if (!same) {
    fprintf(stderr, "%.*s: line %d, %d-%d\n", static_cast<int>(e.message.size()), e.message.data(), e.lineno, e.offset,
            e.end_offset);
  }
  return same;
}

}  // namespace

TEST(parser_precedence) {
  EXPECT(expr("a + b * c") ==
         "BinOp(left=Name(id='a', ctx=Load()), op=Add(), right=BinOp(left=Name(id='b', ctx=Load()), "
         "op=Mult(), right=Name(id='c', ctx=Load())))");
  EXPECT(expr("-a ** -b") ==
         "UnaryOp(op=USub(), operand=BinOp(left=Name(id='a', ctx=Load()), op=Pow(), right=UnaryOp(op=USub(), "
         "operand=Name(id='b', ctx=Load()))))");
  EXPECT(expr("not a in b") ==
         "UnaryOp(op=Not(), operand=Compare(left=Name(id='a', ctx=Load()), ops=[In()], "
         "comparators=[Name(id='b', ctx=Load())]))");
  EXPECT(expr("a - not b").empty());
}

TEST(parser_constants) {
  EXPECT(expr("9223372036854775807") == "Constant(value=9223372036854775807)");
  EXPECT(expr("9223372036854775808") == "Constant(value=9223372036854775808)");
  EXPECT(expr("0x1_0000_0000_0000_0000") == "Constant(value=18446744073709551616)");
  EXPECT(expr("1e400") == "Constant(value=inf)");
  EXPECT(expr("u'a' 'b'") == "Constant(value='ab', kind='u')");
  EXPECT(expr("b'\\x00\\q' b'z'") == "Constant(value=b'\\x00\\\\qz')");
  EXPECT(expr("'\\ud800\\N{BULLET}\\101'") ==
         "Constant(value='\\ud800\xE2\x80\xA2"
         "A')");
}

TEST(parser_positions) {
  Parsed parsed("(a) + f'{b}'\n");
  EXPECT(parsed.text(true) ==
         "Module(body=[Expr(value=BinOp(left=Name(id='a', ctx=Load(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=2), "
         "op=Add(), right=JoinedStr(values=[FormattedValue(value=Name(id='b', ctx=Load(), lineno=1, col_offset=9, end_lineno=1, "
         "end_col_offset=10), conversion=-1, lineno=1, col_offset=6, end_lineno=1, end_col_offset=12)], lineno=1, col_offset=6, "
         "end_lineno=1, end_col_offset=12), lineno=1, col_offset=0, end_lineno=1, end_col_offset=12), lineno=1, col_offset=0, "
         "end_lineno=1, end_col_offset=12)], type_ignores=[])");
}

TEST(parser_names_are_normalised_and_shared) {
  Parsed parsed("\xEF\xAC\x81 = fi\n");  // the ligature fi
  auto* assign = parsed.result.mod->as<ast::Module>()->body[0]->as<ast::Assign>();
  ast::Identifier target = assign->targets[0]->as<ast::Name>()->id, value = assign->value->as<ast::Name>()->id;
  EXPECT(target == "fi" && target.data() == value.data());
}

TEST(parser_soft_keywords) {
  EXPECT(Parsed("match = 1\nmatch(x)\nmatch[x]\nmatch * x\nmatch -x\ncase: int\n").result.mod);
  EXPECT(Parsed("match x:\n case [1, *_] | {'a': b, **c} if d: pass\n case A(x, y=-1+2j) as z: pass\n").result.mod);
}

TEST(parser_future_barry) {
  EXPECT(!Parsed("1 <> 2\n").result.mod);
  EXPECT(Parsed("from __future__ import barry_as_FLUFL\n1 <> 2\n").result.barry_as_flufl);
  ParseOptions options;
  options.barry_as_flufl = true;
  EXPECT(Parsed("1 <> 2\n", options).result.mod);
  EXPECT(refused("1 != 2\n", "with Barry as BDFL, use '<>' instead of '!='", 1, 3, 5, options));
}

TEST(parser_warnings) {
  Parsed parsed("x = '\\d'\ny = 1if x else b'\\q'\n");
  EXPECT(parsed.result.warnings.size == 3);
  EXPECT(parsed.result.warnings[0].message == "invalid escape sequence '\\d'" && parsed.result.warnings[0].lineno == 1);
  EXPECT(parsed.result.warnings[0].location.offset == 5 && parsed.result.warnings[0].location.end_offset == 9);
  EXPECT(parsed.result.warnings[1].kind == WarningKind::Syntax || parsed.result.warnings[2].kind == WarningKind::Syntax);
}

TEST(parser_errors) {
  EXPECT(refused("a b\n", "invalid syntax", 1, 3, 4));
  EXPECT(refused("f(a b)\n", "invalid syntax. Perhaps you forgot a comma?", 1, 3, 6));
  EXPECT(refused("if x = 1: pass\n", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", 1, 4, 9));
  EXPECT(refused("f() = 1\n", "cannot assign to function call here. Maybe you meant '==' instead of '='?", 1, 1, 4));
  EXPECT(refused("if x:\ny\n", "expected an indented block after 'if' statement on line 1", 2, 1, 2));
  EXPECT(refused("print 'a'\n", "Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 1, 10));
  EXPECT(refused("x = (1,\n", "'(' was never closed", 1, 5, 0));
  EXPECT(refused("f'{a b}'\n", "f-string: invalid syntax. Perhaps you forgot a comma?", 1, 2, 5));
  EXPECT(refused("\xC3\xA9 \xC3\xA9\n", "invalid syntax", 1, 3, 4));
  EXPECT(refused("x y\n'", "unterminated string literal (detected at line 2)", 2, 1, 1));
}

TEST(parser_incomplete_input) {
  ParseOptions options;
  options.mode = ParseMode::Single;
  options.allow_incomplete_input = options.dont_imply_dedent = true;
  EXPECT(Parsed("if x:\n  y", options).result.error.message == "incomplete input");
  EXPECT(Parsed("if x:\n  y", options).result.error.incomplete);
  EXPECT(Parsed("if x:\n  y\n", options).result.mod);
  EXPECT(Parsed("x = '''", options).result.error.incomplete);
  EXPECT(!Parsed("a b\n", options).result.error.incomplete);
}

TEST(parser_nesting_is_bounded) {
  auto kind_of = [](std::string source) { return Parsed(source).result.error.kind; };
  auto repeat = [](const char* piece, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += piece;
    return out;
  };
  EXPECT(kind_of(repeat("-", 100000) + "1") == ErrorKind::Memory);
  EXPECT(kind_of(repeat("not ", 100000) + "1") == ErrorKind::Memory);
  EXPECT(kind_of(repeat("lambda: ", 100000) + "1") == ErrorKind::Memory);
  EXPECT(kind_of(repeat("1 if 1 else ", 100000) + "1") == ErrorKind::Memory);
  EXPECT(kind_of("if 1: pass\n" + repeat("elif 1: pass\n", 20000)) == ErrorKind::Memory);
  EXPECT(Parsed(repeat("a.b()[0] + ", 50000) + "1").result.mod);
  ParseOptions options;
  options.stack_limit = static_cast<const char*>(__builtin_frame_address(0)) - 16 * 1024;
  EXPECT(Parsed(repeat("-", 3000) + "1", options).result.error.kind == ErrorKind::Memory);
}

TEST(parser_limits_decimal_digits) {
  EXPECT(Parsed(std::string(4300, '1')).result.mod);
  Parsed parsed(std::string(4301, '1'));
  EXPECT(parsed.result.error.message.substr(0, 39) == "Exceeds the limit (4300 digits) for int");
  ParseOptions options;
  options.max_int_digits = 0;
  EXPECT(Parsed(std::string(5000, '1'), options).result.mod);
}

TEST(source_decoding) {
  Arena arena;
  auto decode = [&](std::string_view bytes, bool from_file = false) { return decode_source(arena, bytes, "f.py", from_file); };
  EXPECT(decode("\xEF\xBB\xBFx").text == "x");
  EXPECT(decode("# -*- coding: latin-1 -*-\n'\xE9'").text == "# -*- coding: latin-1 -*-\n'\xC3\xA9'");
  EXPECT(decode("\n# vim: set fileencoding=UTF_8 :\nx").encoding == "utf-8");
  EXPECT(decode("x\n# coding: cp1252\n").status == DecodeStatus::Ok);
  DecodedSource other = decode("# coding: cp1252\n\x80");
  EXPECT(other.status == DecodeStatus::NeedsCodec && other.encoding == "cp1252");
  EXPECT(decode("\xEF\xBB\xBF# coding: latin-1\n").error.message == "encoding problem: iso-8859-1 with BOM");
  EXPECT(decode("x = '\xFF'\n", true).error.message ==
         "Non-UTF-8 code starting with '\\xff' in file f.py on line 1, but no encoding declared; "
         "see https://peps.python.org/pep-0263/ for details");
  EXPECT(Parsed(std::string_view("a\0b", 3)).result.error.message == "source code string cannot contain null bytes");
}
