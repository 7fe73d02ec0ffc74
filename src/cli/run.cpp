// Running what the command line asked for: a file, -c, -m, a directory or zip file, standard input; and exit statuses.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>

#include "cli/repl.h"
#include "cli/startup.h"
#include "compile/compiler.h"
#include "compile/disassembler.h"
#include "interp/interp.h"
#include "objects/audit.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "threads/mutator.h"

namespace baton {

extern int default_optimize_level;
void flush_all_files(Thread& thread);

static Value sys_attribute(Thread& t, const char* name) { return dict_find_str(runtime.sys->dict(), intern(t, name)); }

// Status of a SystemExit: None is 0, an int itself, anything else is printed and 1.
static int exit_status(Thread& t, Exception* e) {
  Result<Value> code = get_attr(t, Value(reinterpret_cast<u64>(e)), names.code);
  if (code.is_failed()) {
    t.clear_pending();
    return 1;
  }
  Value v = code.value();
  if (v.is_none()) return 0;
  if (is_int(v)) {
    i64 n;
    if (!int_to_i64(int_exact(v), &n)) return 255;
    return static_cast<int>(n & 0xFF);
  }
  Value err = sys_attribute(t, "stderr");
  Result<Str*> text = str_of(t, v);
  if (text.is_failed()) {
    t.clear_pending();
    return 1;
  }
  if (err.is_present() && !err.is_none()) {
    if (call_method(t, err, names.write, Value(text.value())).is_failed()) t.clear_pending();
    if (call_method(t, err, names.write, Value(intern(t, "\n"))).is_failed()) t.clear_pending();
    if (call_method(t, err, names.flush).is_failed()) t.clear_pending();
  } else {
    Value owner;
    std::string_view shown = str_utf8_lossy(t, text.value(), &owner);
    fprintf(stderr, "%.*s\n", static_cast<int>(shown.size()), shown.data());
  }
  return 1;
}

bool interrupted_by_keyboard = false;

int handle_uncaught(Thread& t) {
  Exception* e = t.take_pending();
  Value value(reinterpret_cast<u64>(e));
  if (is_instance_of_type(value, exceptions.SystemExit) && !config.inspect) return exit_status(t, e);
  if (is_instance_of_type(value, exceptions.KeyboardInterrupt)) interrupted_by_keyboard = true;
  Value type(type_of(value)), tb = e->traceback() ? Value(e->traceback()) : kNone;
  if (module_set(t, runtime.sys, "last_type", type).is_failed() || module_set(t, runtime.sys, "last_value", value).is_failed() ||
      module_set(t, runtime.sys, "last_traceback", tb).is_failed())
    t.clear_pending();
  if (sys_attribute(t, "__stderr__").is_absent()) {  // start-up failed before there were streams
    Result<Str*> text = format_exception_text(t, value);
    Value owner;
    if (text.is_failed()) return 1;
    std::string_view shown = str_utf8_lossy(t, text.value(), &owner);
    fprintf(stderr, "baton: start-up failed\n%.*s", static_cast<int>(shown.size()), shown.data());
    return 1;
  }
  Value hook = sys_attribute(t, "excepthook");
  if (hook.is_absent()) {
    fprintf(stderr, "sys.excepthook is missing\n");
    if (print_exception(t, value, sys_attribute(t, "stderr")).is_failed()) t.clear_pending();
    return 1;
  }
  Value args[3] = {type, value, tb};
  Result<void> audited = audit(t, "sys.excepthook", hook, type, value, tb);
  if (audited.is_failed() && clear_pending_if(t, exceptions.RuntimeError))
    return 1;  // a hook's way to say: nothing is to be shown
  if (audited.is_failed() || call_values(t, hook, args, 3).is_failed()) {
    Exception* second = t.take_pending();
    bool exits = is_instance_of_type(Value(reinterpret_cast<u64>(second)), exceptions.SystemExit) && !config.inspect;
    if (exits) return exit_status(t, second);
    Value err = sys_attribute(t, "stderr");
    fprintf(stderr, "Error in sys.excepthook:\n");
    if (print_exception(t, Value(reinterpret_cast<u64>(second)), err).is_failed()) t.clear_pending();
    fprintf(stderr, "\nOriginal exception was:\n");
    if (print_exception(t, value, err).is_failed()) t.clear_pending();
  }
  return 1;
}

static Result<void> prepend_path(Thread& t, const std::string& directory) {
  Value path = sys_attribute(t, "path");
  if (is<List>(path)) TRY(list_insert_at(t, path.as<List>(), 0, Value(TRY(decode_file_system(t, directory)))));
  return ok;
}

static Module* main_module() { return dict_find_str(runtime.modules, names.dunder_main).as<Module>(); }

// -X dis: the listing of a code object and of those among its constants.
static void print_bytecode(Thread& t, Code* code) {
  printf("%s\n", disassemble(t, code).c_str());
  for (Index i = 0; i < code->consts()->length(); ++i)
    if (is<Code>(code->consts()->at(i))) print_bytecode(t, code->consts()->at(i).as<Code>());
}

// The frames above have nothing to do with objects any more when the program begins, and what it leaves is looked at after its
// end.
static Result<Value> run_as_main(Thread& t, Code* code) {
  if (config.disassemble) print_bytecode(t, code);
  Dict* dict = main_module()->dict();
  ExactBase base(t, true);
  return run_code(t, code, dict, Value(dict));
}

// Before anything is said of the exception a file ended with, what it has written appears; not so after -c and -m.
static void flush_streams(Thread& t) {
  Exception* pending = t.pending() ? t.take_pending() : nullptr;
  for (const char* name : {"stderr", "stdout"}) {
    Value stream = sys_attribute(t, name);
    if (stream.is_present() && !stream.is_none() && call_method(t, stream, names.flush).is_failed()) t.clear_pending();
  }
  if (pending) t.pending_ = Value(reinterpret_cast<u64>(pending));
}

// A file's or standard input's text.
static Result<Value> run_source(Thread& t, std::string_view source, const std::string& filename) {
  CompileOptions options;
  options.optimize = default_optimize_level;
  options.from_file = true;
  Str* name = TRY(decode_file_system(t, filename));
  Code* code = TRY(compile_bytes(t, source, name, options));
  Result<Value> result = run_as_main(t, code);
  flush_streams(t);
  return result;
}

// -c: text, not bytes, so that an encoding declaration means nothing.
static Result<Value> run_command(Thread& t, const std::string& command) {
  Str* text = TRY(decode_file_system(t, command));
  if (has_audit_hooks) TRY(audit(t, "cpython.run_command", Value(TRY(format_message(t, "{}\n", text)))));
  Value owner;
  Result<std::string_view> source = str_utf8(t, text, &owner);
  if (source.is_failed()) {
    fprintf(stderr, "Unable to decode the command from the command line:\n");
    return failed;
  }
  CompileOptions options;
  options.optimize = default_optimize_level;
  Code* code = TRY(compile_source(t, std::string(source.value()) + "\n", intern(t, "<string>"), options));
  return run_as_main(t, code);
}

static Result<Value> run_as_module(Thread& t, const std::string& name, bool alter_argv) {
  Value module(TRY(decode_file_system(t, name)));
  TRY(audit(t, "cpython.run_module", module));
  Value runpy = TRY(import_module(t, "runpy"));
  return call(t, TRY(get_attr_ascii(t, runpy, "_run_module_as_main")), module, Value::of_bool(alter_argv));
}

[[gnu::noinline]] static bool read_descriptor(int fd, std::string& text) {
  char buffer[65536];
  ssize_t n;
  while ((n = read(fd, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<usize>(n));
  return n == 0;
}

// Answers the loader.
static Result<Value> set_main_loader(Thread& t, const std::string& filename, const char* loader_class) {
  Module* main = main_module();
  Value name(TRY(decode_file_system(t, filename)));
  TRY(module_set(t, main, "__file__", name));
  TRY(module_set(t, main, "__cached__", kNone));
  Value loader = TRY(get_attr_ascii(t, runtime.importlib_external, loader_class));
  Value made = TRY(call(t, loader, Value(names.dunder_main), name));
  TRY(module_set(t, main, "__loader__", made));
  return made;
}

// A .pyc file as the program: the loader checks it as it would on import.
static Result<Value> run_compiled(Thread& t, const std::string& file) {
  Value loader = TRY(set_main_loader(t, file, "SourcelessFileLoader"));
  Result<Value> code = call(t, TRY(get_attr_ascii(t, loader, "get_code")), Value(names.dunder_main));
  if (code.is_failed()) {
    if (clear_pending_if(t, exceptions.ImportError)) return raise_runtime_error(t, "Bad magic number in .pyc file");
    return failed;
  }
  return run_as_main(t, code.value().as<Code>());
}

// Not inlined, these: what a buffer on the stack of a function that runs the program happens to hold, the collector takes for
// references.
[[gnu::noinline]] static std::string directory_of(const std::string& file) {
  char real[PATH_MAX];
  std::string path = realpath(file.c_str(), real) ? std::string(real) : file;
  usize slash = path.rfind('/');
  return slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
}

[[gnu::noinline]] static std::string absolute(const std::string& file) {
  char cwd[PATH_MAX];
  if (file[0] == '/' || !getcwd(cwd, sizeof cwd)) return file;
  return file.empty() || file == "." ? std::string(cwd) : std::string(cwd) + "/" + file;
}

[[gnu::noinline]] static std::string working_directory() {
  char cwd[PATH_MAX];
  return getcwd(cwd, sizeof cwd) ? cwd : "";
}

// A directory or a zip file is put on sys.path and its __main__ run.
[[gnu::noinline]] static Result<bool> is_importable_path(Thread& t, const std::string& file) {
  struct stat st;
  if (stat(file.c_str(), &st) != 0) return false;
  if (S_ISDIR(st.st_mode)) return true;
  if (!S_ISREG(st.st_mode)) return false;
  Value zipimport = TRY(import_module(t, "zipimport"));
  Result<Value> importer = call(t, TRY(get_attr_ascii(t, zipimport, "zipimporter")), Value(TRY(decode_file_system(t, file))));
  if (!importer.is_failed()) return true;
  if (!clear_pending_if(t, exceptions.ImportError)) return failed;
  return false;
}

// False: there is none, which has been said.
[[gnu::noinline]] static Result<bool> read_program(Thread& t, const std::string& file, std::string& text) {
  int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    int error = errno;
    Value owner;
    Str* shown = TRY(repr(t, Value(TRY(decode_file_system(t, file)))));
    std::string_view name = str_utf8_lossy(t, shown, &owner);
    fprintf(stderr, "%s: can't open file %.*s: [Errno %d] %s\n", config.executable.c_str(), static_cast<int>(name.size()),
            name.data(), error, strerror(error));
    return false;
  }
  bool good = read_descriptor(fd, text);
  int error = errno;
  close(fd);
  if (!good) return raise_os_error_with_path(t, error, Value(TRY(decode_file_system(t, file))));
  if (config.skip_first_line) {
    usize newline = text.find('\n');
    text = newline == std::string::npos ? "" : "\n" + text.substr(newline + 1);
  }
  return true;
}

static Result<Value> run_file(Thread& t, const std::string& given, int* status) {
  std::string file = absolute(given);
  if (TRY(is_importable_path(t, file))) {
    TRY(prepend_path(t, file));
    return run_as_module(t, "__main__", false);
  }
  if (has_audit_hooks) TRY(audit(t, "cpython.run_file", Value(TRY(decode_file_system(t, file)))));
  if (file.ends_with(".pyc") && access(file.c_str(), F_OK) == 0) {
    if (!config.safe_path) TRY(prepend_path(t, directory_of(file)));
    return run_compiled(t, file);
  }
  std::string text;
  if (!TRY(read_program(t, file, text))) {
    *status = 2;
    return kNone;
  }
  if (!config.safe_path) TRY(prepend_path(t, directory_of(file)));
  TRY(set_main_loader(t, file, "SourceFileLoader"));
  return run_source(t, text, file);
}

static Result<Value> read_and_run_stdin(Thread& t) {
  TRY(audit(t, "cpython.run_stdin"));
  std::string text;
  read_descriptor(0, text);
  if (module_set(t, main_module(), "__file__", Value(intern(t, "<stdin>"))).is_failed()) t.clear_pending();
  return run_source(t, text, "<stdin>");
}

int run_program(Thread& t, const Launch& launch) {
  int status = 0;
  Result<Value> result = kNone;
  switch (launch.kind) {
    case Launch::Command: {
      if (!config.safe_path && prepend_path(t, "").is_failed()) t.clear_pending();
      result = run_command(t, launch.text);
      break;
    }
    case Launch::ModuleName: {
      if (!config.safe_path && prepend_path(t, working_directory()).is_failed()) t.clear_pending();
      result = run_as_module(t, launch.text, true);
      break;
    }
    case Launch::File: result = run_file(t, launch.text, &status); break;
    case Launch::Stdin: {
      if (!config.safe_path && prepend_path(t, "").is_failed()) t.clear_pending();
      if (isatty(0) || config.interactive) {
        status = run_repl(t, Greeting::Shown);
        return status;
      }
      result = read_and_run_stdin(t);
      break;
    }
  }
  if (result.is_failed()) status = handle_uncaught(t);
  // The program may have set the variable; without -i the prompt is for terminals only.
  const char* inspect = config.ignore_environment ? nullptr : getenv("PYTHONINSPECT");
  if (inspect && *inspect) config.inspect = 1;
  if (config.inspect && (config.interactive || isatty(0)) && launch.kind != Launch::Stdin) status = run_repl(t, Greeting::None);
  return status;
}

}  // namespace baton
