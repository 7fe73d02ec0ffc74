// The interactive prompt: reads statements, compiles them in `single` mode, prints results through sys.displayhook.
//
// On a terminal lines come from readline, if that module is there: editing, history, completion; site's __interactivehook__ sets
// it up and keeps ~/.python_history.
#include "cli/repl.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "cli/usage.h"
#include "compile/compiler.h"
#include "interp/interp.h"
#include "modules/config.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/signals.h"
#include "objects/terminal_input.h"

namespace baton {

// An error in what the prompt itself calls, sys.stdout.flush() and str(sys.ps1), is not told. A Ctrl-C there is kept for the
// prompt.
static void drop_error_of_prompt(Thread& t, bool* interrupted) {
  if (clear_pending_if(t, exceptions.KeyboardInterrupt))
    *interrupted = true;
  else
    t.clear_pending();
}

// sys.ps1 or sys.ps2 as text; nothing if it is gone or has none.
static std::string prompt(Thread& t, const char* name, bool* interrupted) {
  Value v = dict_find_str(runtime.sys->dict(), intern(t, name));
  if (v.is_absent()) return "";
  Result<Str*> text = str_of(t, v);
  if (text.is_failed()) {
    drop_error_of_prompt(t, interrupted);
    return "";
  }
  Value owner;
  return std::string(str_utf8_lossy(t, text.value(), &owner));
}

enum class Input { Complete, Incomplete, Failed };

// Is a SyntaxError with this message pending?
static bool is_error_with(Thread& t, const char* message) {
  if (!pending_matches(t, exceptions.SyntaxError)) return false;
  Exception* pending = t.take_pending();
  Result<Value> said = get_attr(t, Value(pending), names.msg);
  bool equal = !said.is_failed() && is<Str>(said.value()) && str_equals_ascii(said.value().as<Str>(), message);
  t.clear_pending();
  t.set_pending(pending);
  return equal;
}
static bool is_incomplete_input(Thread& t) { return is_error_with(t, "incomplete input"); }

// Compiles what there is when no more lines will come: failed with the error of the whole.
static Result<Code*> compile_all(Thread& t, const std::string& text, u32 inherited) {
  CompileOptions options;
  options.mode = syntax::ParseMode::Single;
  options.prompt = syntax::Prompt::Ended;
  options.flags = inherited;
  options.optimize = config.optimize;
  return compile_source(t, text, intern(t, "<stdin>"), options);
}

// The syntax alone: what the compiler has to say of a statement is told once, when that is complete.
static bool parses(Thread& t, const std::string& text, u32 flags) {
  CompileOptions options;
  options.mode = syntax::ParseMode::Single;
  options.prompt = syntax::Prompt::GoesOn;
  options.flags = flags;
  syntax::Arena arena;
  return !parse_source(t, arena, text, intern(t, "<stdin>"), options).is_failed();
}

// A line of nothing ends a block, but neither brackets nor a string of several lines.
static bool goes_on_behind_blank_line(Thread& t, const std::string& text, u32 inherited) {
  if (parses(t, text + "\n", inherited)) return true;
  if (!pending_matches(t, exceptions.SyntaxError)) return false;
  Exception* pending = t.take_pending();
  Result<Value> message = get_attr(t, Value(pending), names.msg);
  Value owner;
  std::string_view said;
  if (!message.is_failed() && is<Str>(message.value())) said = str_utf8_lossy(t, message.value().as<Str>(), &owner);
  bool goes_on = said.ends_with("was never closed") || said.starts_with("unterminated triple-quoted");
  t.clear_pending();
  if (!goes_on) t.set_pending(pending);
  return goes_on;
}

// Compiles the text so far. Incomplete: more lines are needed. *in_block: and a blank one would do.
static Input try_compile(Thread& t, const std::string& text, u32 inherited, Code** code, bool* in_block) {
  CompileOptions options;
  options.mode = syntax::ParseMode::Single;
  options.prompt = syntax::Prompt::GoesOn;
  options.flags = inherited | kPyCfDontImplyDedent | kPyCfAllowIncompleteInput;
  options.optimize = config.optimize;
  Result<Code*> made = compile_source(t, text, intern(t, "<stdin>"), options);
  if (!made.is_failed()) {
    *code = made.value();
    return Input::Complete;
  }
  usize backslashes = text.size() - 1 - text.find_last_not_of('\\');
  if (backslashes % 2 == 1 && pending_matches(t, exceptions.SyntaxError)) {
    // The line goes on, unless something before its end is wrong.
    Exception* pending = t.take_pending();
    bool goes_on =
        !parses(t, text + "\n", options.flags) && (is_incomplete_input(t) || is_error_with(t, "unexpected EOF while parsing"));
    t.clear_pending();
    if (goes_on) return Input::Incomplete;
    t.set_pending(pending);
    return Input::Failed;
  }
  if (!is_incomplete_input(t)) return Input::Failed;
  // Is it the end of the line that is wrong ("x ="), or does the statement go on in the next one?
  t.clear_pending();
  *in_block = parses(t, text + "\n", options.flags);
  if (!*in_block && !is_incomplete_input(t)) return Input::Failed;
  t.clear_pending();
  if (text.ends_with('\n') && !goes_on_behind_blank_line(t, text, inherited)) return Input::Failed;
  return Input::Incomplete;
}

static void run_startup_file(Thread& t) {
  const char* file = config.ignore_environment ? nullptr : getenv("PYTHONSTARTUP");
  if (!file || !*file) return;
  FILE* f = fopen(file, "r");
  if (!f) {
    int error = errno;
    fprintf(stderr, "Could not open PYTHONSTARTUP\n");
    Result<Str*> path = str_from_utf8(t, file);
    if (!path.is_failed()) (void)raise_os_error_with_path(t, error, Value(path.value()));
    (void)handle_uncaught(t);
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
  bool failed = code.is_failed() || audit(t, "cpython.run_startup", Value(name.value())).is_failed() ||
                run_code(t, code.value(), dict, Value(dict)).is_failed();
  if (failed) (void)handle_uncaught(t);
}

static void set_default_prompts(Thread& t) {
  Dict* sys = runtime.sys->dict();
  if (dict_find_str(sys, intern(t, "ps1")).is_absent()) MUST(module_set(t, runtime.sys, "ps1", Value(intern(t, ">>> "))));
  if (dict_find_str(sys, intern(t, "ps2")).is_absent()) MUST(module_set(t, runtime.sys, "ps2", Value(intern(t, "... "))));
}

// ---------------------------------------------------------------------------------------------------------------- lines

enum class LineStatus : u8 { Line, LastLine, End, Failed };  // LastLine: the input ends behind it, without a newline

// A line of standard input, whatever it is, byte by byte: programs that are started from here get what follows.
static LineStatus read_plain(Thread& t, const std::string& prompt, std::string* line) {
  fputs(prompt.c_str(), stderr);
  fflush(stderr);
  for (;;) {
    Result<bool> ready = wait_for_input(t, 0);
    if (ready.is_failed()) return LineStatus::Failed;
    if (!ready.value()) continue;
    char c;
    ssize_t n = ::read(0, &c, 1);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return line->empty() ? LineStatus::End : LineStatus::LastLine;
    if (c == '\n') return LineStatus::Line;
    *line += c;
  }
}
static LineStatus read_edited(Thread& t, const std::string& prompt, std::string* line) {
  Result<Value> answer = read_terminal_line(t, prompt.c_str());
  if (answer.is_failed()) return LineStatus::Failed;
  if (answer.value().is_none()) return LineStatus::End;
  Value owner;
  *line = std::string(str_utf8_lossy(t, answer.value().as<Str>(), &owner));
  return LineStatus::Line;
}
// Lines of which nothing is left but the backslash at their end.
static bool is_only_continued(const std::string& text) {
  return !text.empty() && text.find_first_not_of(" \t\f\n\\") == std::string::npos;
}
// Reports the pending exception; SystemExit: the exit status.
static std::optional<int> report(Thread& t) {
  bool exits = pending_matches(t, exceptions.SystemExit);
  if (exits) config.inspect = 0;
  int status = handle_uncaught(t);
  if (exits) return status;
  return std::nullopt;
}
static void import_readline(Thread& t) {
  if (import_module(t, "readline").is_failed()) t.clear_pending();  // the library isn't installed: plain lines then
}

int run_repl(Thread& t, Greeting greeting) {
  bool tty = isatty(0);
  if (!config.quiet && (tty || config.interactive) && config.argv.size() <= 1 && greeting == Greeting::Shown) {
    fprintf(stderr, "Python %s on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
            version_text().c_str());
  }
  set_default_prompts(t);
  bool editing = tty && isatty(1);
  if (editing && !config.isolated) import_readline(t);
  // After a program (-i) only the prompt comes.
  if (greeting == Greeting::Shown) run_startup_file(t);
  Value hook = dict_find_str(runtime.sys->dict(), intern(t, "__interactivehook__"));
  if (hook.is_present() && (audit(t, "cpython.run_interactivehook", hook).is_failed() || call(t, hook).is_failed()))
    (void)handle_uncaught(t);
  if (greeting == Greeting::Shown && audit(t, "cpython.run_stdin").is_failed()) return handle_uncaught(t);
  Dict* dict = dict_find_str(runtime.modules, names.dunder_main).as<Module>()->dict();
  std::string text;
  u32 inherited = 0;
  bool in_block = false;
  for (;;) {
    if (text.empty()) in_block = false;
    Value out = dict_find_str(runtime.sys->dict(), names.stdout_);
    bool interrupted = false;
    if (out.is_present() && !out.is_none() && call_method(t, out, names.flush).is_failed()) drop_error_of_prompt(t, &interrupted);
    std::string line;
    std::string shown = text.empty() ? prompt(t, "ps1", &interrupted) : prompt(t, "ps2", &interrupted);
    if (interrupted) {
      text.clear();
      fprintf(stderr, "\nKeyboardInterrupt\n");
      continue;
    }
    LineStatus status = editing && read_terminal_line ? read_edited(t, shown, &line) : read_plain(t, shown, &line);
    bool ends = status == LineStatus::End;
    if (ends && text.empty()) {
      fputc('\n', stderr);
      return 0;
    }
    if (status == LineStatus::Failed) {
      text.clear();
      if (clear_pending_if(t, exceptions.KeyboardInterrupt)) {
        fprintf(stderr, "\nKeyboardInterrupt\n");
        continue;
      }
      if (std::optional<int> exit = report(t)) return *exit;  // what another signal's handler raised
      continue;
    }
    if (line.ends_with('\r')) line.pop_back();
    usize begin = line.find_first_not_of(" \t\f");
    bool blank = begin == std::string::npos;
    if (text.empty() && (blank || line[begin] == '#')) continue;
    if (status == LineStatus::Line && is_only_continued(text) &&
        (blank || line[begin] == '#')) {  // nothing yet, which an empty line ends
      if (line.empty()) text.clear();
      continue;
    }
    if (status == LineStatus::LastLine) {  // asked for another line, which is the end
      ends = true;
      fputs(prompt(t, "ps2", &interrupted).c_str(), stderr);
    }
    // Without the last newline: a block is complete once a blank line has ended it.
    if (!text.empty() && status != LineStatus::End) text += "\n";
    text += line;
    // Of the lines that say nothing only an empty one ends a block.
    bool says_nothing = blank || line[begin] == '#';
    if (in_block && says_nothing && !line.empty() && !ends) continue;
    in_block = false;
    Code* code = nullptr;
    Input input;
    if (ends) {
      fputc('\n', stderr);
      Result<Code*> made = compile_all(t, status == LineStatus::LastLine ? text : text + "\n", inherited);
      input = made.is_failed() ? Input::Failed : Input::Complete;
      if (!made.is_failed()) code = made.value();
    } else {
      input = try_compile(t, text, inherited, &code, &in_block);
    }
    if (input == Input::Incomplete) continue;
    text.clear();
    interrupted_by_keyboard = false;  // only the last statement's end tells how the process ends
    if (input == Input::Complete) {
      inherited |= code->flags_ & kPyCfFutureMask;
      if (!run_code(t, code, dict, Value(dict)).is_failed()) continue;
    }
    if (std::optional<int> exit = report(t)) return *exit;
  }
}

}  // namespace baton
