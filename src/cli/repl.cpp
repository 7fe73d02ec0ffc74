// The interactive prompt: reads statements, compiles them in `single` mode, prints results through sys.displayhook.
#include "cli/repl.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "cli/line_editor.h"
#include "cli/usage.h"
#include "compile/compiler.h"
#include "interp/interp.h"
#include "modules/config.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/object.h"

namespace baton {

static std::string prompt(Thread& t, const char* name, const char* fallback) {
  Value v = dict_find_str(runtime.sys->dict(), intern(t, name));
  if (v.is_absent()) return fallback;
  Result<Str*> text = str_of(t, v);
  if (text.is_failed()) {
    t.clear_pending();
    return fallback;
  }
  Value owner;
  return std::string(str_utf8_lossy(t, text.value(), &owner));
}

enum class Input { Complete, Incomplete, Failed };

// Compiles the text so far. Incomplete: more lines are needed.
static Input try_compile(Thread& t, const std::string& text, u32 inherited, Code** code) {
  CompileOptions options;
  options.mode = syntax::ParseMode::Single;
  options.flags = inherited | kPyCfDontImplyDedent | kPyCfAllowIncompleteInput;
  options.optimize = config.optimize;
  Result<Code*> made = compile_source(t, text, intern(t, "<stdin>"), options);
  if (!made.is_failed()) {
    *code = made.value();
    return Input::Complete;
  }
  if (pending_matches(t, exceptions.SyntaxError)) {
    Value v(reinterpret_cast<u64>(t.pending()));
    Exception* pending = t.take_pending();
    Result<Value> message = get_attr(t, v, names.msg);
    if (!message.is_failed() && is<Str>(message.value()) && str_equals_ascii(message.value().as<Str>(), "incomplete input"))
      return Input::Incomplete;
    t.clear_pending();
    t.pending_ = Value(reinterpret_cast<u64>(pending));
  }
  return Input::Failed;
}

static void run_startup_file(Thread& t) {
  const char* file = config.ignore_environment ? nullptr : getenv("PYTHONSTARTUP");
  if (!file || !*file) return;
  FILE* f = fopen(file, "r");
  if (!f) {
    fprintf(stderr, "Could not open PYTHONSTARTUP\n");
    return;
  }
  std::string text;
  char buffer[4096];
  usize n;
  while ((n = fread(buffer, 1, sizeof buffer, f)) > 0) text.append(buffer, n);
  fclose(f);
  Result<Str*> name = str_from_utf8(t, file);
  Dict* dict = dict_find_str(runtime.modules, names.dunder_main).as<Module>()->dict();
  Result<Code*> code = name.is_failed() ? Result<Code*>(failed) : compile_bytes(t, text, name.value(), CompileOptions{});
  if (code.is_failed() || run_code(t, code.value(), dict, Value(dict)).is_failed()) (void)handle_uncaught(t);
}

static void set_default_prompts(Thread& t) {
  Dict* sys = runtime.sys->dict();
  if (dict_find_str(sys, intern(t, "ps1")).is_absent()) MUST(module_set(t, runtime.sys, "ps1", Value(intern(t, ">>> "))));
  if (dict_find_str(sys, intern(t, "ps2")).is_absent()) MUST(module_set(t, runtime.sys, "ps2", Value(intern(t, "... "))));
}

int run_repl(Thread& t) {
  bool tty = isatty(0);
  if (!config.quiet && (tty || config.interactive) && config.argv.size() <= 1) {
    fprintf(stderr, "Python %s on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
            version_text().c_str());
  }
  set_default_prompts(t);
  run_startup_file(t);
  Value hook = dict_find_str(runtime.sys->dict(), intern(t, "__interactivehook__"));
  if (hook.is_present() && call(t, hook).is_failed()) (void)handle_uncaught(t);
  LineEditor editor(tty);
  Dict* dict = dict_find_str(runtime.modules, names.dunder_main).as<Module>()->dict();
  std::string text;
  u32 inherited = 0;
  for (;;) {
    Value out = dict_find_str(runtime.sys->dict(), names.stdout_);
    if (out.is_present() && !out.is_none() && call_method(t, out, names.flush).is_failed()) t.clear_pending();
    std::string line;
    LineEditor::Status status = editor.read(t, text.empty() ? prompt(t, "ps1", ">>> ") : prompt(t, "ps2", "... "), &line);
    if (status == LineEditor::End) {
      fputc('\n', stderr);
      return 0;
    }
    if (status == LineEditor::Interrupted) {
      text.clear();
      t.clear_pending();
      fprintf(stderr, "\nKeyboardInterrupt\n");
      continue;
    }
    bool blank = line.find_first_not_of(" \t") == std::string::npos;
    if (text.empty() && blank) continue;
    text += line + "\n";
    Code* code = nullptr;
    // Without its last line end, so that a block is complete with the blank line that ends it only.
    Input input = try_compile(t, text.substr(0, text.size() - 1), inherited, &code);
    if (input == Input::Incomplete) continue;
    text.clear();
    if (input == Input::Complete) {
      inherited |= code->flags_ & kPyCfFutureMask;
      if (!run_code(t, code, dict, Value(dict)).is_failed()) continue;
    }
    if (is_instance_of_type(Value(reinterpret_cast<u64>(t.pending())), exceptions.SystemExit)) {
      config.inspect = 0;
      return handle_uncaught(t);
    }
    (void)handle_uncaught(t);
  }
}

}  // namespace baton
