// Entry points: parse, optimise, build the symbol table, generate code, and turn the finished code into Code cells. Everything
// before the last step works on the arena and malloc memory only; exceptions are raised here and nowhere else in compile/.
#include "compile/compiler.h"

#include <cstdio>

#include "base/utf8.h"
#include "compile/codegen.h"
#include "compile/future.h"
#include "compile/optimize.h"
#include "compile/validator.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/codecs.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "syntax/source.h"

namespace baton {

// ---- constants

static bool looks_like_name(std::string_view text) {
  for (char c : text) {
    bool name_char = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!name_char) return false;
  }
  return true;
}

static Result<Value> items_to_values(Thread& thread, const syntax::Seq<ast::ConstValue>& items, bool frozen) {
  RootVector values;
  for (const ast::ConstValue& item : items) values.push(TRY(constant_to_value(thread, item)));
  if (frozen) return TRY(make_frozenset(thread, values.data(), static_cast<Index>(values.size())));
  return TRY(make_tuple(thread, values.data(), static_cast<Index>(values.size())));
}

Result<Value> constant_to_value(Thread& thread, const ast::ConstValue& value) {
  switch (value.kind) {
    case ast::ConstKind::None: return kNone;
    case ast::ConstKind::True: return kTrue;
    case ast::ConstKind::False: return kFalse;
    case ast::ConstKind::Ellipsis: return kEllipsis;
    case ast::ConstKind::Int: return int_from_i64(thread, value.integer);
    case ast::ConstKind::BigInt: {
      Value number = TRY(int_from_ascii(thread, {value.digits.data, value.digits.size}, value.digits.base));
      return value.digits.negative ? int_neg(thread, number) : Result<Value>(number);
    }
    case ast::ConstKind::Float: return make_float(thread, value.real);
    case ast::ConstKind::Complex: return make_complex(thread, value.complex.real, value.complex.imag);
    case ast::ConstKind::Str:
      if (looks_like_name(value.text())) return Value(intern(thread, value.text()));
      return TRY(str_from_utf8(thread, value.text()));
    case ast::ConstKind::Bytes: return TRY(bytes_from(thread, value.text()));
    case ast::ConstKind::Tuple: return items_to_values(thread, value.items, false);
    case ast::ConstKind::FrozenSet: return items_to_values(thread, value.items, true);
  }
  BATON_UNREACHABLE("all kinds of constants are handled");
}

// ---- finished code to Code

static Result<Tuple*> names_to_tuple(Thread& thread, const std::vector<std::string_view>& names) {
  RootVector values;
  for (std::string_view name : names) values.push(intern(thread, name));
  return make_tuple(thread, values.data(), static_cast<Index>(values.size()));
}

static Result<Code*> make_code_object(Thread& thread, const compile::FinishedCode& code, Str* filename) {
  RootVector consts;
  for (const compile::ConstEntry& entry : code.consts) {
    if (entry.code) {
      consts.push(TRY(make_code_object(thread, *entry.code, filename)));
    } else {
      consts.push(TRY(constant_to_value(thread, entry.value)));
    }
  }
  CodeParts parts{};
  parts.name = intern(thread, code.name);
  parts.qualname = intern(thread, code.qualname);
  parts.filename = filename;
  parts.first_line = code.first_line;
  parts.flags = code.flags;
  parts.argcount = code.argcount;
  parts.posonly_argcount = code.posonly_argcount;
  parts.kwonly_argcount = code.kwonly_argcount;
  parts.consts = TRY(make_tuple(thread, consts.data(), static_cast<Index>(consts.size())));
  parts.names = TRY(names_to_tuple(thread, code.names));
  parts.varnames = TRY(names_to_tuple(thread, code.varnames));
  parts.cellvars = TRY(names_to_tuple(thread, code.cellvars));
  parts.freevars = TRY(names_to_tuple(thread, code.freevars));
  parts.register_count = code.register_count;
  parts.instructions = code.instructions.data();
  parts.positions = code.positions.data();
  parts.live_top = code.live_top.data();
  parts.instruction_count = static_cast<u32>(code.instructions.size());
  parts.exception_table = code.exceptions.data();
  parts.exception_count = static_cast<u32>(code.exceptions.size());
  Result<Code*> result = make_code(thread, parts);
#ifdef BATON_ASSERTIONS
  if (!result.is_failed()) {
    ValidatorInput input{parts.instructions,
                         parts.live_top,
                         parts.instruction_count,
                         parts.exception_table,
                         parts.exception_count,
                         parts.register_count,
                         result.value()->frame_local_count_,
                         static_cast<u32>(code.consts.size()),
                         static_cast<u32>(code.names.size())};
    std::string complaint = validate_bytecode(input);
    if (!complaint.empty()) fprintf(stderr, "%s: %s\n", code.qualname.c_str(), complaint.c_str());
    BATON_CHECK(complaint.empty(), "the compiler makes valid bytecode");
  }
#endif
  return result;
}

// ---- errors and warnings

static Result<void> warn_at(Thread& thread, Type* category, std::string_view message, Str* filename, i32 lineno) {
  Value warnings = TRY(import_module(thread, "_warnings"));
  Str* text = TRY(str_from_utf8(thread, message));
  TRY(call_method(thread, warnings, intern(thread, "warn_explicit"), Value(text), Value(category), Value(filename),
                  Value::of_small_int(lineno)));
  return ok;
}

// CPython reads lines in pieces of so many bytes, and shows the last one.
static constexpr usize kLinePiece = 999;

// Line `lineno` of a file, or its last piece, with its newline as '\n'; empty if there's no such line.
static std::string read_line(const char* path, i32 lineno) {
  std::string line;
  FILE* file = lineno > 0 ? fopen(path, "re") : nullptr;
  if (!file) return line;
  i32 at = 1;
  for (int c; at <= lineno && (c = getc(file)) != EOF;) {
    if (c == '\r') {
      c = getc(file);
      if (c != '\n') ungetc(c, file);
      c = '\n';
    }
    if (at == lineno) {
      if (line.size() == kLinePiece) line.clear();
      line += static_cast<char>(c);
    }
    if (c == '\n') ++at;
  }
  fclose(file);
  return line;
}

// Line `lineno` of the file `filename`, for errors to show; None if it can't be read. Without an encoding it has to be UTF-8.
static Result<Value> line_of_file(Thread& thread, Str* filename, i32 lineno, std::string_view encoding) {
  Value owner;
  Result<std::string_view> path = str_utf8(thread, filename, &owner);
  if (path.is_failed()) {
    thread.clear_pending();  // no such file
    return kNone;
  }
  std::string name(path.value());
  KeepAlive keep(owner);
  if (name.find('\0') != std::string::npos) return kNone;
  std::string line = read_line(name.c_str(), lineno);
  if (line.empty()) return kNone;
  if (encoding.empty()) {
    bool valid = utf8_scan(reinterpret_cast<const u8*>(line.data()), line.size()).fault == Utf8Fault::kNone;
    return valid ? Value(TRY(str_from_utf8(thread, line))) : kNone;
  }
  Str* codec = TRY(str_from_utf8(thread, encoding));
  Result<Value> text = call_method(thread, Value(TRY(bytes_from(thread, line))), intern(thread, "decode"), Value(codec),
                                   Value(intern(thread, "replace")));
  if (text.is_failed()) {
    if (!clear_pending_if(thread, exceptions.Exception)) return failed;
    return kNone;  // a codec that fails: the line isn't shown
  }
  return is<Str>(text.value()) ? text.value() : kNone;
}

// As in CPython, the errors of stages before code generation show their place in attributes, not in args.
enum class PlaceIn : u8 { Args, Attributes };

static Failed raise_compile_error(Thread& thread, const compile::Diagnostics& diagnostics, Str* filename, PlaceIn place) {
  switch (diagnostics.kind()) {
    case compile::ErrorKind::Pending: return failed;
    case compile::ErrorKind::Recursion: return raise_recursion_error(thread, "{}", std::string_view(diagnostics.message()));
    case compile::ErrorKind::System: return raise_system_error(thread, "{}", std::string_view(diagnostics.message()));
    case compile::ErrorKind::Overflow: return raise_overflow_error(thread, "{}", std::string_view(diagnostics.message()));
    case compile::ErrorKind::None:
    case compile::ErrorKind::Syntax: break;
  }
  const ast::Span& span = diagnostics.span();
  Result<Str*> message = str_from_utf8(thread, diagnostics.message());
  if (message.is_failed()) return failed;
  Result<Value> text = line_of_file(thread, filename, span.lineno, {});
  if (text.is_failed()) return failed;
  i64 end_offset = !span.end_lineno ? 0 : span.end_col_offset < 0 ? INT64_MIN : span.end_col_offset + 1;
  (void)raise_syntax_error(thread, exceptions.SyntaxError, message.value(), filename, span.lineno, span.col_offset + 1,
                           text.value(), span.end_lineno, end_offset);
  if (place == PlaceIn::Args || !is_instance_of_type(thread.pending_, exceptions.SyntaxError)) return failed;
  Exception* error = thread.take_pending();
  error->args_.set(error, TRY(tuple_of(thread, message.value())));
  thread.set_pending(error);
  return failed;
}

Failed raise_syntax_error_info(Thread& thread, const syntax::SyntaxErrorInfo& error, Str* filename, std::string_view encoding) {
  Type* type = exceptions.SyntaxError;
  switch (error.kind) {
    case syntax::ErrorKind::Syntax: break;
    case syntax::ErrorKind::Indentation: type = exceptions.IndentationError; break;
    case syntax::ErrorKind::Tab: type = exceptions.TabError; break;
    case syntax::ErrorKind::Value: return raise_value_error(thread, "{}", error.message);
    case syntax::ErrorKind::Memory: return raise_memory_error(thread);
    case syntax::ErrorKind::Recursion: return raise_recursion_error(thread, "{}", error.message);
    case syntax::ErrorKind::UnicodeDecode: return raise_value_error(thread, "{}", error.message);
  }
  if (error.bare) return raise(thread, type, "{}", error.message);
  Result<Str*> message = str_from_utf8(thread, error.message);
  if (message.is_failed()) return failed;
  Value text = kNone;
  if (error.text.data()) {
    Result<Str*> line = str_from_utf8(thread, error.text);
    if (line.is_failed()) return failed;
    text = line.value();
  }
  i32 offset = error.offset, end_offset = error.end_offset;
  if (error.line_from_file) {
    Result<Value> line = line_of_file(thread, filename, error.lineno, encoding);
    if (line.is_failed()) return failed;
    if (!line.value().is_none()) {
      text = line.value();
      Value owner;
      std::string_view shown = str_utf8_lossy(thread, text.as<Str>(), &owner);
      if (!error.in_bytes) {
        offset = syntax::character_offset(shown, error.byte_offset);
        end_offset = syntax::character_offset(shown, error.byte_end_offset);
      }
      KeepAlive keep(owner);
    }
  }
  return raise_syntax_error(thread, type, message.value(), filename, error.lineno, offset, text, error.end_lineno, end_offset);
}

namespace {
struct WarnContext {
  Thread& thread;
  Str* filename;
};
}  // namespace

static compile::WarnResult warn_from_codegen(void* context, std::string_view message, i32 lineno) {
  auto* warning = static_cast<WarnContext*>(context);
  if (!warn_at(warning->thread, exceptions.SyntaxWarning, message, warning->filename, lineno).is_failed())
    return compile::WarnResult::Ok;
  // A filter that makes errors of warnings: report it as a SyntaxError with the position.
  return clear_pending_if(warning->thread, exceptions.SyntaxWarning) ? compile::WarnResult::MakeError
                                                                     : compile::WarnResult::Pending;
}

Result<Str*> source_filename(Thread& thread, Value v) {
  if (is<Str>(v)) return str_exact(thread, v.as<Str>());
  bool is_buffer = has_buffer(v);
  if (!is_buffer) {
    Value method = TRY(find_special(thread, v, names.dunder_fspath));
    if (method == kNotFound) return raise_type_error(thread, "expected str, bytes or os.PathLike object, not {!n}", v);
    Value path = TRY(call(thread, method));
    if (is<Str>(path)) return str_exact(thread, path.as<Str>());
    if (!is<Bytes>(path)) {
      return raise_type_error(thread, "expected {!t}.__fspath__() to return str or bytes, not {!t}", v, path);
    }
    v = path;
  } else if (!is<Bytes>(v)) {
    Str* message = TRY(format_message(thread, "path should be string, bytes, or os.PathLike, not {!n}", v));
    Value owner;
    TRY(warn(thread, exceptions.DeprecationWarning, str_utf8_lossy(thread, message, &owner)));
    v = Value(TRY(bytes_from_object(thread, v)));
  }
  Value text = TRY(
      call_method(thread, v, intern(thread, "decode"), Value(intern(thread, "utf-8")), Value(intern(thread, "surrogateescape"))));
  return text.as<Str>();
}

// ---- parsing

Result<ast::ModNode*> parse_source(Thread& thread, syntax::Arena& arena, std::string_view source, Str* filename,
                                   const CompileOptions& options, u32* flags) {
  if (has_audit_hooks) TRY(audit(thread, "compile", Value(TRY(bytes_from(thread, source))), Value(filename)));
  syntax::ParseOptions parse_options;
  parse_options.mode = options.mode;
  parse_options.type_comments = options.flags & kPyCfTypeComments;
  parse_options.dont_imply_dedent = options.flags & kPyCfDontImplyDedent;
  parse_options.allow_incomplete_input = options.flags & kPyCfAllowIncompleteInput;
  parse_options.barry_as_flufl = options.flags & kPyCfBarryAsBdfl;
  parse_options.max_int_digits = static_cast<i32>(int_max_str_digits);
  parse_options.stack_limit = thread.native_stack_limit_;
  parse_options.byte_offsets = options.encoding.empty();
  parse_options.from_file = options.from_file;
  parse_options.prompt = options.prompt;
  if (options.feature_version >= 0 && (options.flags & kPyCfOnlyAst)) parse_options.feature_version = options.feature_version;
  Value owner;
  std::string name(str_utf8_lossy(thread, filename, &owner));
  syntax::ParseResult result = syntax::parse(arena, source, name.c_str(), parse_options);
  for (const syntax::ParseWarning& warning : result.warnings) {
    Type* category = warning.kind == syntax::WarningKind::Deprecation ? exceptions.DeprecationWarning : exceptions.SyntaxWarning;
    if (!warn_at(thread, category, warning.message, filename, warning.lineno).is_failed()) continue;
    if (!clear_pending_if(thread, category)) return failed;
    syntax::SyntaxErrorInfo error = warning.location;
    error.kind = syntax::ErrorKind::Syntax;
    error.message = warning.message;
    return raise_syntax_error_info(thread, error, filename, options.encoding);
  }
  if (!result.mod) return raise_syntax_error_info(thread, result.error, filename, options.encoding);
  if (flags && result.barry_as_flufl) *flags |= kPyCfBarryAsBdfl;
  return result.mod;
}

// Of bytes that cannot be decoded as they say: on no line.
static Failed raise_encoding_error(Thread& thread, Str* message, Str* filename) {
  Result<Tuple*> place = tuple_of(thread, Value(filename), Value::of_small_int(0), Value::of_small_int(-1), kNone);
  if (place.is_failed()) return failed;
  Result<Value> made = call(thread, Value(exceptions.SyntaxError), Value(message), Value(place.value()));
  if (made.is_failed()) return failed;
  return raise_object(thread, made.value());
}

Result<std::string_view> decode_source_bytes(Thread& thread, syntax::Arena& arena, std::string_view bytes, Str* filename,
                                             bool from_file, Value* owner, std::string_view* encoding_out) {
  Value name_owner;
  std::string name(str_utf8_lossy(thread, filename, &name_owner));
  syntax::DecodedSource decoded = syntax::decode_source(arena, bytes, name.c_str(), from_file);
  if (encoding_out) *encoding_out = decoded.declared ? decoded.encoding : std::string_view();
  switch (decoded.status) {
    case syntax::DecodeStatus::Ok: return decoded.text;
    case syntax::DecodeStatus::Error:
      if (decoded.error.bare) return raise_syntax_error_info(thread, decoded.error, filename);
      return raise_encoding_error(thread, TRY(str_from_utf8(thread, decoded.error.message)), filename);
    case syntax::DecodeStatus::NeedsCodec: break;
  }
  Bytes* body = TRY(bytes_from(thread, decoded.body));
  Str* encoding = TRY(str_from_utf8(thread, decoded.encoding));
  // Any failure of the codec (unknown name, undecodable text) is a SyntaxError of the source.
  Result<Value> text = call_method(thread, Value(body), intern(thread, "decode"), Value(encoding));
  if (text.is_failed()) {
    bool unknown = pending_matches(thread, exceptions.LookupError);
    if (unknown || pending_matches(thread, exceptions.UnicodeError)) {
      Value cause(thread.take_pending());
      if (from_file) return raise(thread, exceptions.SyntaxError, "encoding problem: {}", decoded.encoding);
      Str* message = unknown ? TRY(format_message(thread, "unknown encoding: {}", decoded.encoding)) : TRY(str_of(thread, cause));
      return raise_encoding_error(thread, message, filename);
    }
    return failed;
  }
  if (!is<Str>(text.value())) return raise_type_error(thread, "decoder should return a string result, not '{!t}'", text.value());
  return str_utf8_lossy(thread, text.value().as<Str>(), owner);
}

// ---- compiling

Result<Code*> compile_module_ast(Thread& thread, ast::ModNode* mod, syntax::Arena& arena, Str* filename,
                                 const CompileOptions& options) {
  compile::Diagnostics diagnostics;
  WarnContext warn_context{thread, filename};
  diagnostics.set_warn(warn_from_codegen, &warn_context);
  diagnostics.set_stack_limit(thread.native_stack_limit_);
  i64 limit = thread.recursion_limit_ * 3;
  u32 depth_limit = static_cast<u32>(limit < 100 ? 100 : limit > 1000000 ? 1000000 : limit);

  compile::FutureFeatures future;
  if (!compile::find_future_features(mod, future, diagnostics))
    return raise_compile_error(thread, diagnostics, filename, PlaceIn::Attributes);
  compile::CodegenOptions codegen_options;
  codegen_options.optimize = options.optimize;
  codegen_options.future_flags = (future.flags | options.flags) & kPyCfFutureMask;
  codegen_options.future_line = future.line;
  codegen_options.top_level_await = options.flags & kPyCfAllowTopLevelAwait;
  codegen_options.interactive = mod->kind == ast::ModKind::Interactive;
  codegen_options.depth_limit = depth_limit;
  bool future_annotations = codegen_options.future_flags & compile::kFutureAnnotations;

  compile::OptimizeOptions optimize_options{options.optimize, future_annotations, depth_limit};
  if (!compile::optimize_ast(mod, arena, optimize_options, diagnostics))
    return raise_compile_error(thread, diagnostics, filename, PlaceIn::Attributes);
  compile::SymbolTable symbols;
  compile::SymbolTableOptions symbol_options{future_annotations, depth_limit};
  if (!compile::build_symbol_table(symbols, mod, arena, symbol_options, diagnostics))
    return raise_compile_error(thread, diagnostics, filename, PlaceIn::Attributes);
  compile::Codegen codegen(arena, symbols, codegen_options, diagnostics);
  std::unique_ptr<compile::FinishedCode> code = codegen.compile(mod);
  if (diagnostics.failed()) return raise_compile_error(thread, diagnostics, filename, PlaceIn::Args);
  return make_code_object(thread, *code, filename);
}

Result<void> build_symbols(Thread& thread, ast::ModNode* mod, syntax::Arena& arena, Str* filename, const CompileOptions& options,
                           compile::SymbolTable& table) {
  compile::Diagnostics diagnostics;
  diagnostics.set_stack_limit(thread.native_stack_limit_);
  compile::FutureFeatures future;
  if (!compile::find_future_features(mod, future, diagnostics))
    return raise_compile_error(thread, diagnostics, filename, PlaceIn::Attributes);
  compile::SymbolTableOptions symbol_options;
  symbol_options.future_annotations = (future.flags | options.flags) & compile::kFutureAnnotations;
  if (!compile::build_symbol_table(table, mod, arena, symbol_options, diagnostics)) {
    return raise_compile_error(thread, diagnostics, filename, PlaceIn::Attributes);
  }
  return ok;
}

Result<Code*> compile_source(Thread& thread, std::string_view source, Str* filename, const CompileOptions& options) {
  syntax::Arena arena;
  CompileOptions own = options;
  ast::ModNode* mod = TRY(parse_source(thread, arena, source, filename, options, &own.flags));
  return compile_module_ast(thread, mod, arena, filename, own);
}

Result<Code*> compile_bytes(Thread& thread, std::string_view source, Str* filename, const CompileOptions& options) {
  syntax::Arena arena;
  Value owner;
  CompileOptions own = options;
  std::string_view text = TRY(decode_source_bytes(thread, arena, source, filename, options.from_file, &owner, &own.encoding));
  KeepAlive keep(owner);
  return compile_source(thread, text, filename, own);
}

}  // namespace baton
