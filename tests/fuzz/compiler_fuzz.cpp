// Source to bytecode, as far as it goes without a runtime: folding, scopes, code generation, assembly. All code that comes out is
// valid by the validator that guards cached code.
#include <memory>

#include "compile/codegen.h"
#include "compile/future.h"
#include "compile/optimize.h"
#include "compile/validator.h"
#include "support.h"
#include "syntax/parse.h"

using namespace baton;

namespace {

void check_code(const compile::FinishedCode& code) {
  ValidatorInput input{code.instructions.data(),
                       code.live_top.data(),
                       static_cast<u32>(code.instructions.size()),
                       code.exceptions.data(),
                       static_cast<u32>(code.exceptions.size()),
                       code.register_count,
                       static_cast<u32>(code.varnames.size()),
                       static_cast<u32>(code.consts.size()),
                       static_cast<u32>(code.names.size())};
  std::string complaint = validate_bytecode(input);
  if (!complaint.empty()) fprintf(stderr, "%s: %s\n", code.qualname.c_str(), complaint.c_str());
  fuzz::promise(complaint.empty(), "the compiler makes valid bytecode");
  fuzz::promise(code.positions.size() == code.instructions.size(), "each instruction has a position");
  for (const compile::ConstEntry& entry : code.consts) {
    if (entry.code) check_code(*entry.code);
  }
}

compile::WarnResult ignore_warning(void*, std::string_view, i32) { return compile::WarnResult::Ok; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, usize size) {
  fuzz::Input input(data, size);
  syntax::Arena arena;
  syntax::ParseOptions parse_options;
  parse_options.mode = static_cast<syntax::ParseMode>((input.choice & 3) % 3);  // no code is made of a FuncType
  parse_options.stack_limit = fuzz::stack_limit();
  syntax::ParseResult parsed = syntax::parse(arena, input.source, "fuzz", parse_options);
  if (!parsed.mod) return 0;

  compile::Diagnostics diagnostics;
  diagnostics.set_stack_limit(fuzz::stack_limit());
  diagnostics.set_warn(ignore_warning, nullptr);
  compile::FutureFeatures future;
  if (!compile::find_future_features(parsed.mod, future, diagnostics)) return 0;
  int optimize = input.bit(2) + input.bit(3);
  constexpr u32 kDepthLimit = 3000;
  bool future_annotations = future.flags & compile::kFutureAnnotations;
  if (!compile::optimize_ast(parsed.mod, arena, {optimize, future_annotations, kDepthLimit}, diagnostics)) return 0;
  compile::SymbolTable symbols;
  if (!compile::build_symbol_table(symbols, parsed.mod, arena, {future_annotations, kDepthLimit}, diagnostics)) return 0;
  compile::CodegenOptions options;
  options.optimize = optimize;
  options.future_flags = future.flags;
  options.future_line = future.line;
  options.top_level_await = input.bit(4);
  options.interactive = parsed.mod->kind == ast::ModKind::Interactive;
  options.depth_limit = kDepthLimit;
  compile::Codegen codegen(arena, symbols, options, diagnostics);
  std::unique_ptr<compile::FinishedCode> code = codegen.compile(parsed.mod);
  if (diagnostics.failed()) return 0;
  fuzz::promise(code != nullptr, "there is code, or an error");
  check_code(*code);
  return 0;
}
