// The compiler without a runtime: source to finished code, compared with listings under tests/golden/bytecode. To renew the
// golden files after an intended change, run with BATON_UPDATE_GOLDEN=1 and read the difference.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "compile/codegen.h"
#include "compile/disassembler.h"
#include "compile/future.h"
#include "compile/optimize.h"
#include "compile/unparse.h"
#include "compile/validator.h"
#include "syntax/parse.h"
#include "test.h"

using namespace baton;

namespace {

struct Outcome {
  syntax::Arena arena;
  compile::Diagnostics diagnostics;
  compile::SymbolTable symbols;
  std::unique_ptr<compile::FinishedCode> code;
  std::string warnings;
};

compile::WarnResult note_warning(void* context, std::string_view message, i32) {
  static_cast<Outcome*>(context)->warnings += message;
  return compile::WarnResult::Ok;
}

std::unique_ptr<Outcome> compile_text(std::string_view source, int optimize = 0) {
  auto out = std::make_unique<Outcome>();
  syntax::ParseResult parsed = syntax::parse(out->arena, source, "test", {});
  if (!parsed.mod) return out;
  out->diagnostics.set_warn(note_warning, out.get());
  compile::FutureFeatures future;
  compile::CodegenOptions options;
  options.optimize = optimize;
  if (!compile::find_future_features(parsed.mod, future, out->diagnostics)) return out;
  options.future_flags = future.flags;
  options.future_line = future.line;
  if (!compile::optimize_ast(parsed.mod, out->arena, {optimize}, out->diagnostics)) return out;
  compile::SymbolTableOptions symbol_options;
  symbol_options.future_annotations = future.flags & compile::kFutureAnnotations;
  if (!compile::build_symbol_table(out->symbols, parsed.mod, out->arena, symbol_options, out->diagnostics)) return out;
  compile::Codegen codegen(out->arena, out->symbols, options, out->diagnostics);
  out->code = codegen.compile(parsed.mod);
  if (out->diagnostics.failed()) out->code = nullptr;
  return out;
}

std::string listing_of(std::string_view source, int optimize = 0) {
  auto out = compile_text(source, optimize);
  return out->code ? compile::list_code(*out->code) : "error: " + out->diagnostics.message();
}

bool contains(const std::string& text, const char* part) {
  if (text.find(part) != std::string::npos) return true;
  fprintf(stderr, "no \"%s\" in\n%s\n", part, text.c_str());
  return false;
}

std::string error_of(std::string_view source) { return compile_text(source)->diagnostics.message(); }

std::string read_file(const std::string& path) {
  std::string text;
  if (FILE* file = fopen(path.c_str(), "r")) {
    char buffer[4096];
    for (usize n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, n);
    fclose(file);
  }
  return text;
}

void check_golden(const char* name) {
  // Run from the source folder, from build/<preset>, or from anywhere when the compiler was given absolute paths.
  std::string beside = __FILE__, folder, source;
  beside = beside.substr(0, beside.rfind("tests/unit/"));
  for (const std::string& root : {std::string(BATON_SOURCE_DIR "/"), beside, std::string(), std::string("../../")}) {
    if (source.empty()) source = read_file((folder = root + "tests/golden/bytecode/") + name + ".py");
  }
  EXPECT(!source.empty());
  std::string listing = listing_of(source);
  std::string path = folder + name + ".golden";
  if (getenv("BATON_UPDATE_GOLDEN")) {
    FILE* file = fopen(path.c_str(), "w");
    fputs(listing.c_str(), file);
    fclose(file);
  }
  if (listing != read_file(path)) fprintf(stderr, "%s differs from the compiler's listing\n", path.c_str());
  EXPECT(listing == read_file(path));
}

}  // namespace

TEST(compile_golden_basics) { check_golden("basics"); }
TEST(compile_golden_control) { check_golden("control"); }

TEST(compile_one_instruction_for_local_arithmetic) {
  EXPECT(contains(listing_of("def f(b, c):\n a = b + c\n return a"), "BinaryAdd        a, b, c"));
  EXPECT(contains(listing_of("def f(i):\n i += 1"), "InplaceAddInt    i, i, #1"));
  EXPECT(contains(listing_of("def f(a, b):\n if a < b: return 1"), "JumpUnlessLt     a, b"));
}

TEST(compile_folding) {
  EXPECT(contains(listing_of("x = 2 ** 10 - 1"), "LoadSmallInt     t0, #1023"));
  EXPECT(contains(listing_of("x = 1 << 64"), "=18446744073709551616"));
  EXPECT(contains(listing_of("x = -7 // 2, -7 % 3, 7.5 // 2"), "=(-4, 2, 3.0)"));
  EXPECT(contains(listing_of("x = a in {1, 2}"), "=frozenset({1, 2})"));
  EXPECT(contains(listing_of("x = 'ab' * 3 + 'c'"), "='abababc'"));
  EXPECT(contains(listing_of("x = 1 / 0"), "BinaryTrueDiv"));
  EXPECT(contains(listing_of("x = 2 ** 1000"), "BinaryPow"));
  EXPECT(contains(listing_of("x = '%s-%r' % (a, b)"), "BuildString"));
}

TEST(compile_unbound_locals_are_checked) {
  EXPECT(contains(listing_of("def f(c):\n if c: x = 1\n return x"), "CheckBound       x"));
  EXPECT(listing_of("def f(c):\n if c: x = 1\n else: x = 2\n return x").find("CheckBound") == std::string::npos);
  EXPECT(contains(listing_of("def f(c):\n x = 1\n while c:\n  print(x)\n  del x"), "CheckBound       x"));
}

TEST(compile_optimize_levels) {
  EXPECT(contains(listing_of("assert x"), "LoadAssertionError"));
  EXPECT(listing_of("assert x", 1).find("LoadAssertionError") == std::string::npos);
  EXPECT(contains(listing_of("def f():\n 'doc'", 1), "=<code f>"));
}

TEST(compile_errors) {
  EXPECT(error_of("def f(x):\n global x") == "name 'x' is parameter and global");
  EXPECT(error_of("def f():\n nonlocal x") == "no binding for nonlocal 'x' found");
  EXPECT(error_of("return 1") == "'return' outside function");
  EXPECT(error_of("break") == "'break' outside loop");
  EXPECT(error_of("class A:\n [x := 1 for y in z]") ==
         "assignment expression within a comprehension cannot be used in a class body");
  EXPECT(error_of("match x:\n case a: pass\n case b: pass") == "name capture 'a' makes remaining patterns unreachable");
  EXPECT(error_of("from __future__ import nope") == "future feature nope is not defined");
  EXPECT(compile_text("x is 1")->warnings == "\"is\" with a literal. Did you mean \"==\"?");
}

TEST(compile_deep_nesting_is_an_error) {
  std::string source = "x = " + std::string(3500, '-') + "a";
  std::string sum = "x = a";
  for (int i = 0; i < 5000; ++i) sum += "+a";
  for (const std::string& text : {source, sum}) {
    auto out = compile_text(text);
    if (out->diagnostics.failed()) EXPECT(out->diagnostics.kind() == compile::ErrorKind::Recursion);
  }
}

// A loop body beyond the reach of 16-bit jumps.
TEST(compile_far_jumps) {
  std::string source = "def f(a, b, it):\n for x in it:\n  if a < b:\n";
  for (int i = 0; i < 9000; ++i) source += "   g(a, b)\n";
  source += "  h()\n return 1\n";
  auto out = compile_text(source);
  EXPECT(out->code != nullptr);
  if (!out->code) return;
  const compile::FinishedCode& f = *out->code->consts[0].code;
  ValidatorInput input{f.instructions.data(),
                       f.live_top.data(),
                       static_cast<u32>(f.instructions.size()),
                       f.exceptions.data(),
                       static_cast<u32>(f.exceptions.size()),
                       f.register_count,
                       static_cast<u32>(f.varnames.size()),
                       static_cast<u32>(f.consts.size()),
                       static_cast<u32>(f.names.size())};
  EXPECT(validate_bytecode(input).empty());
  EXPECT(contains(compile::list_code(f).substr(0, 600), "Jump "));
}

TEST(compile_symbol_table) {
  auto out =
      compile_text("def f(a):\n b = 1\n def g():\n  nonlocal b\n  return a\n return g\nclass C:\n def m(self): return super()\n");
  const compile::Block* f = out->symbols.top()->children[0];
  EXPECT(f->scope_of("a") == compile::Scope::Cell && f->scope_of("b") == compile::Scope::Cell &&
         f->scope_of("g") == compile::Scope::Local);
  EXPECT(f->children[0]->scope_of("b") == compile::Scope::Free);
  EXPECT(out->symbols.top()->children[1]->needs_class_closure);
  EXPECT(compile::mangle(out->arena, "_Foo", "__bar") == "_Foo__bar");
  EXPECT(compile::mangle(out->arena, "Foo", "__bar__") == "__bar__");
}
