// readline: line editing, history and completion on libedit, loaded at first import.
//
// The library's state is one for the process, used by the thread that holds editor_lock. It never waits: a line is read through
// its callback interface, character by character as they arrive, so the GIL is released only while none is there, and
// completers and hooks are called as ordinary code. History files are plain text, a line an entry, as GNU readline writes them:
// CPython may share
// ~/.python_history. (libedit's own format is understood when reading.)
#include <editline/readline.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/check.h"
#include "base/on_demand.h"
#include "base/text_buffer.h"
#include "modules/os_support.h"
#include "objects/codecs.h"
#include "objects/exception.h"
#include "objects/list.h"
#include "objects/terminal_input.h"
#include "objects/tuple.h"
#include "threads/mutex.h"

#define IMPORT(name) BATON_ON_DEMAND_DEFINE(name)
#include "modules/libedit.def"
#undef IMPORT

namespace baton {

static const OnDemandImport imports[] = {
#define IMPORT(name) {#name, &baton_slot_##name},
#include "modules/libedit.def"
#undef IMPORT
};
static OnDemandLibrary library(BATON_SONAME_EDIT, imports, sizeof imports / sizeof *imports);

template <class T>
static T& variable(const char* name) {
  void* address = library.symbol(name);
  BATON_CHECK(address, "libedit has the variables that its header declares");
  return *static_cast<T*>(address);
}

// What Python code has set.
struct ReadlineState {
  Root<Value> completer, startup_hook, pre_input_hook, display_hook;
  int begin = 0, end = 0;  // of the word being completed, in characters
  int history_limit = -1;  // for files
  bool auto_history = true;
  bool will_draw = false;   // a completer or hook runs: the line is drawn when it is done
  bool completing = false;  // what the completer inserts is inserted with its answer
  std::string inserted;
};
static ReadlineState* state = nullptr;

// ---------------------------------------------------------------------------------------------------------------- lock

static Mutex editor_mutex;
static u32 editor_owner = 0;  // Mutator::id() of the thread that reads a line

// One thread reads at a time. A completer or hook that wants to read a line itself is refused.
class EditorLock {
 public:
  explicit EditorLock(Thread& t) {
    refused_ = __atomic_load_n(&editor_owner, __ATOMIC_RELAXED) == t.id();
    if (refused_) return;
    if (!editor_mutex.try_lock()) blocking<BlockCause::Lock>(t, [] { editor_mutex.lock(); });
    __atomic_store_n(&editor_owner, t.id(), __ATOMIC_RELAXED);
  }
  ~EditorLock() {
    if (refused_) return;
    __atomic_store_n(&editor_owner, 0, __ATOMIC_RELAXED);
    editor_mutex.unlock();
  }
  bool refused() const { return refused_; }

 private:
  bool refused_;
};

// ---------------------------------------------------------------------------------------------------------------- text

static Result<Bytes*> encoded(Thread& t, Str* text) {
  Bytes* bytes = TRY(encode_file_system(t, text));
  if (bytes->text().find('\0') != std::string_view::npos) return raise_value_error(t, "embedded null character");
  return bytes_from(t, bytes->text());
}
static Result<Value> decoded(Thread& t, const char* text) { return TRY(file_system_text(t, text ? text : "")); }

// ---------------------------------------------------------------------------------------------------------------- completion

static char* completion_entry(const char* text, int number) {
  Thread& t = current_thread();
  variable<int>("rl_attempted_completion_over") = 1;  // no file names after ours
  Value completer = state->completer.get();
  if (completer.is_none()) return nullptr;
  char* result = nullptr;
  Result<Value> word = decoded(t, text);
  Result<Value> answer = word.is_failed() ? word : call(t, completer, word.value(), Value::of_small_int(number));
  if (!answer.is_failed() && is<Str>(answer.value())) {
    Result<Bytes*> bytes = encoded(t, answer.value().as<Str>());
    if (!bytes.is_failed()) result = strdup(c_text(bytes.value()));
  }
  if (t.has_pending()) t.clear_pending();  // an error in a completer means "no more": nothing may disturb the line
  return result;
}
// In the form the library takes matches in, and frees.
static char** one_match(char** replaced, const std::string& text) {
  for (char** match = replaced; match && *match; ++match) free(*match);
  free(replaced);
  auto** matches = static_cast<char**>(calloc(3, sizeof(char*)));
  for (int i = 0; i < 2; ++i) matches[i] = strdup(text.c_str());
  return matches;
}
static char** complete_word(const char* text, int start, int end) {
  variable<int>("rl_completion_append_character") = 0;
  variable<int>("rl_completion_suppress_append") = 0;
  state->begin = start;  // in characters already
  state->end = end;
  state->will_draw = state->completing = true;
  state->inserted.clear();
  char** matches = rl_completion_matches(text, completion_entry);
  state->will_draw = state->completing = false;
  if (state->inserted.empty()) return matches;
  if (matches && matches[0] && *matches[0]) {
    rl_insert_text(state->inserted.c_str());
    return matches;
  }
  // The completer has changed the line itself: to the library the word and what was inserted are the one match, as it draws
  // the line for matches only.
  return one_match(matches, text + state->inserted);
}
static void display_matches(char** matches, int count, int longest) {
  Thread& t = current_thread();
  RootVector words;
  for (int i = 0; i <= count && matches[i]; ++i) {
    Result<Value> word = decoded(t, matches[i]);
    if (word.is_failed()) break;
    words.push(word.value());
  }
  if (!t.has_pending() && !words.empty()) {
    Result<List*> list = make_list(t, words.data() + 1, static_cast<Index>(words.size()) - 1);
    if (!list.is_failed()) (void)call(t, state->display_hook.get(), words[0], Value(list.value()), Value::of_small_int(longest));
  }
  if (t.has_pending()) t.clear_pending();
}

// ---------------------------------------------------------------------------------------------------------------- reading a line

enum class Reading : u8 { Going, Line, End };
static Reading reading;
static char* finished_line;

static void line_handler(char* line) {
  finished_line = line;
  reading = line ? Reading::Line : Reading::End;
  rl_callback_handler_remove();
}
static void run_hook(Thread& t, const Root<Value>& hook) {
  if (hook.get().is_none()) return;
  if (call(t, hook.get()).is_failed()) t.clear_pending();  // as with completers
}
// Installs the handler, shows the prompt and, behind it, what the hooks have inserted.
static void begin_line(Thread& t, const char* prompt) {
  if (state->startup_hook.get().is_none() && state->pre_input_hook.get().is_none()) {
    rl_callback_handler_install(prompt, line_handler);
    return;
  }
  rl_callback_handler_install("", line_handler);
  state->will_draw = true;
  run_hook(t, state->startup_hook);
  run_hook(t, state->pre_input_hook);
  state->will_draw = false;
  rl_set_prompt(prompt);
  rl_forced_update_display();
}
static void abandon_line() {
  rl_free_line_state();
  rl_cleanup_after_signal();
  rl_callback_handler_remove();
}
static void remember_line(const char* line) {
  if (!state->auto_history || !*line) return;
  int n = variable<int>("history_length");
  HIST_ENTRY* last = n > 0 ? history_get(variable<int>("history_base") + n - 1) : nullptr;
  if (!last || strcmp(last->line, line) != 0) add_history(line);
}

static Result<Value> read_line(Thread& t, const char* prompt) {
  EditorLock lock(t);
  if (lock.refused()) return raise_runtime_error(t, "can't re-enter readline");
  reading = Reading::Going;
  finished_line = nullptr;
  rl_resize_terminal();
  begin_line(t, prompt);
  while (reading == Reading::Going) {
    Result<bool> ready = wait_for_input(t, 0);
    if (ready.is_failed()) {
      abandon_line();
      return failed;
    }
    if (ready.value())
      rl_callback_read_char();
    else
      rl_resize_terminal();
  }
  if (reading == Reading::End) return kNone;
  remember_line(finished_line);
  Result<Value> line = decoded(t, finished_line);
  free(finished_line);
  return line;
}

// ---------------------------------------------------------------------------------------------------------------- settings

static bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (usize i = 0; i < a.size(); ++i)
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  return true;
}
static std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}
// What pdb, cmd and start-up files say in GNU readline's language, in libedit's. Null: it is not one of these.
static const char* in_other_words(std::string_view line) {
  line = trimmed(line);
  usize colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string_view key = trimmed(line.substr(0, colon)), command = trimmed(line.substr(colon + 1));
    bool tab = equals_ignoring_case(key, "tab") || equals_ignoring_case(key, "\"\\t\"") ||
               equals_ignoring_case(key, "\"\\C-i\"") || equals_ignoring_case(key, "control-i") ||
               equals_ignoring_case(key, "C-i");
    if (tab && equals_ignoring_case(command, "complete")) return "bind ^I rl_complete";
    if (tab && equals_ignoring_case(command, "tab-insert")) return "bind ^I ed-insert";
    return nullptr;
  }
  if (line.substr(0, 4) != "set ") return nullptr;
  std::string_view setting = trimmed(line.substr(4));
  if (setting.substr(0, 12) != "editing-mode") return nullptr;
  std::string_view mode = trimmed(setting.substr(12));
  return mode == "vi" ? "bind -v" : mode == "emacs" ? "bind -e" : nullptr;
}
static Result<void> parse_and_bind(Thread& t, Str* string) {
  Bytes* text = TRY(encoded(t, string));
  const char* translated = in_other_words(text->text());
  rl_parse_and_bind(translated ? translated : c_text(text));
  return ok;
}
static Result<void> read_init_file(Thread& t, Value filename) {
  Bytes* path = filename.is_none() ? nullptr : TRY(file_system_bytes(t, filename));
  errno = 0;
  if (rl_read_init_file(path ? c_text(path) : nullptr) == 0) return ok;
  return raise_os_error(t, errno ? errno : ENOENT);
}

static Result<void> set_hook(Thread& t, Root<Value>& hook, const char* name, Value function) {
  if (!function.is_none() && !is_callable(function)) return raise_type_error(t, "set_{}(func): argument not callable", name);
  hook.set(function);
  return ok;
}
static Result<void> set_completer(Thread& t, Value function) { return set_hook(t, state->completer, "completer", function); }
static Result<Value> get_completer(Thread&) { return state->completer.get(); }
static Result<void> set_startup_hook(Thread& t, Value function) {
  return set_hook(t, state->startup_hook, "startup_hook", function);
}
static Result<void> set_pre_input_hook(Thread& t, Value function) {
  return set_hook(t, state->pre_input_hook, "pre_input_hook", function);
}
static Result<void> set_display_hook(Thread& t, Value function) {
  TRY(set_hook(t, state->display_hook, "completion_display_matches_hook", function));
  variable<void*>("rl_completion_display_matches_hook") = function.is_none() ? nullptr : reinterpret_cast<void*>(display_matches);
  return ok;
}
static Result<void> set_completer_delims(Thread& t, Str* string) {
  Bytes* text = TRY(encoded(t, string));
  // The library goes on using the text. The one before may be in use by nobody but us: set under the GIL or never freed.
  variable<char*>("rl_completer_word_break_characters") = strdup(c_text(text));
  return ok;
}
static Result<Value> get_completer_delims(Thread& t) { return decoded(t, variable<char*>("rl_completer_word_break_characters")); }
static Result<int> get_completion_type(Thread&) { return variable<int>("rl_completion_type"); }
static Result<int> get_begidx(Thread&) { return state->begin; }
static Result<int> get_endidx(Thread&) { return state->end; }
static Result<Value> get_line_buffer(Thread& t) { return decoded(t, variable<char*>("rl_line_buffer")); }
static Result<void> insert_text(Thread& t, Str* string) {
  Bytes* text = TRY(encoded(t, string));
  if (state->completing)
    state->inserted += c_text(text);
  else
    rl_insert_text(c_text(text));
  return ok;
}
static Result<void> redisplay(Thread&) {
  if (!state->will_draw) rl_forced_update_display();
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- history

static int history_size() { return variable<int>("history_length"); }
static const char* history_line(int index) {  // from 0
  HIST_ENTRY* entry = history_get(variable<int>("history_base") + index);
  return entry ? entry->line : nullptr;
}

static Result<Value> get_history_item(Thread& t, int index) {
  const char* line = index >= 1 && index <= history_size() ? history_line(index - 1) : nullptr;
  if (!line) return kNone;
  return decoded(t, line);
}
static Result<int> get_current_history_length(Thread&) { return history_size(); }
static Result<int> get_history_length(Thread&) { return state->history_limit; }
static Result<void> set_history_length(Thread&, int length) {
  state->history_limit = length;
  return ok;
}
static Result<void> set_auto_history(Thread&, bool enabled) {
  state->auto_history = enabled;
  return ok;
}
static Result<void> add_history_item(Thread& t, Str* string) {
  Bytes* text = TRY(encoded(t, string));
  add_history(c_text(text));
  return ok;
}
static Result<void> clear_history_items(Thread&) {
  clear_history();
  return ok;
}
static Result<bool> check_position(Thread& t, int position) {
  if (position < 0) return raise_value_error(t, "History index cannot be negative");
  if (position >= history_size()) return raise_value_error(t, "No history item at position {}", position);
  return true;
}
// The library's own removal and replacement count differently from version to version: the list is written anew.
static Result<void> rewrite_history(Thread& t, int position, const char* replacement) {
  ByteBuffer lines;
  int n = history_size();
  for (int i = 0; i < n; ++i) {
    const char* line = i == position ? replacement : history_line(i);
    if (line) lines.append(line, strlen(line) + 1);
  }
  if (lines.failed()) return raise_memory_error(t);
  clear_history();
  for (usize at = 0; at < lines.size(); at += strlen(reinterpret_cast<const char*>(lines.data() + at)) + 1)
    add_history(reinterpret_cast<const char*>(lines.data() + at));
  return ok;
}
static Result<void> remove_history_item(Thread& t, int pos) {
  TRY(check_position(t, pos));
  return rewrite_history(t, pos, nullptr);
}
static Result<void> replace_history_item(Thread& t, int pos, Str* line) {
  Bytes* text = TRY(encoded(t, line));
  TRY(check_position(t, pos));
  return rewrite_history(t, pos, c_text(text));
}

// ---------------------------------------------------------------------------------------------------------------- history files

static Result<Bytes*> history_path(Thread& t, Value filename) {
  if (!filename.is_none()) return file_system_bytes(t, filename);
  const char* home = getenv("HOME");
  Str* path = TRY(format_message(t, "{}/.history", home ? home : "."));
  return file_system_bytes(t, Value(path));
}
static bool read_file(const char* path, ByteBuffer& content) {
  int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  for (;;) {
    u8* room = content.extend(65536);
    ssize_t n = room ? ::read(fd, room, 65536) : -1;
    content.truncate(content.size() - 65536 + static_cast<usize>(n > 0 ? n : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      int error = errno;
      ::close(fd);
      errno = error;
      return n == 0;
    }
  }
}
static bool write_file(const char* path, int flags, const ByteBuffer& content) {
  int fd = ::open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
  if (fd < 0) return false;
  usize at = 0;
  while (at < content.size()) {
    ssize_t n = ::write(fd, content.data() + at, content.size() - at);
    if (n < 0 && errno != EINTR) break;
    if (n > 0) at += static_cast<usize>(n);
  }
  int error = errno;
  ::close(fd);
  errno = error;
  return at == content.size();
}
// libedit's own files write blanks and backslashes as three octal digits.
static void unescape(ByteBuffer& out, std::string_view line) {
  for (usize i = 0; i < line.size(); ++i) {
    bool octal = line[i] == '\\' && i + 3 < line.size();
    for (usize k = 1; octal && k <= 3; ++k) octal = line[i + k] >= '0' && line[i + k] <= '7';
    if (octal) {
      out.push(static_cast<u8>((line[i + 1] - '0') << 6 | (line[i + 2] - '0') << 3 | (line[i + 3] - '0')));
      i += 3;
    } else {
      out.push(static_cast<u8>(line[i]));
    }
  }
}
static void add_lines(std::string_view text) {
  constexpr std::string_view kLibeditHeader = "_HiStOrY_V2_";
  bool escaped = text.substr(0, kLibeditHeader.size()) == kLibeditHeader;
  if (escaped) text.remove_prefix(text.find('\n') == std::string_view::npos ? text.size() : text.find('\n') + 1);
  while (!text.empty()) {
    usize end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    ByteBuffer copy;
    if (escaped)
      unescape(copy, line);
    else
      copy.append(line.data(), line.size());
    copy.push(0);
    if (copy.size() > 1 && !copy.failed()) add_history(reinterpret_cast<const char*>(copy.data()));
  }
}
static Result<void> read_history_file(Thread& t, Value filename) {
  Bytes* path = TRY(history_path(t, filename));
  const char* text = c_text(path);
  ByteBuffer content;
  if (!blocking(t, [&] { return read_file(text, content); })) return raise_errno(t);
  add_lines({reinterpret_cast<const char*>(content.data()), content.size()});
  return ok;
}
static void append_entries(ByteBuffer& content, int first) {
  for (int i = first < 0 ? 0 : first, n = history_size(); i < n; ++i) {
    if (const char* line = history_line(i)) {
      content.append(line, strlen(line));
      content.push('\n');
    }
  }
}
static Result<void> write_history_file(Thread& t, Value filename) {
  Bytes* path = TRY(history_path(t, filename));
  const char* text = c_text(path);
  ByteBuffer content;
  append_entries(content, state->history_limit >= 0 ? history_size() - state->history_limit : 0);
  if (!blocking(t, [&] { return write_file(text, O_CREAT | O_TRUNC, content); })) return raise_errno(t);
  return ok;
}
// Keeps the last `limit` lines of a file.
static bool truncate_file(const char* path, int limit) {
  ByteBuffer content, kept;
  if (!read_file(path, content)) return false;
  usize at = content.size();
  int lines = 0;
  while (at > 0 && !(content.data()[at - 1] == '\n' && at < content.size() && ++lines == limit)) --at;
  if (limit == 0) at = content.size();
  kept.append(content.data() + at, content.size() - at);
  return write_file(path, O_TRUNC, kept);
}
static Result<void> append_history_file(Thread& t, int nelements, Value filename) {
  if (nelements < 0) nelements = 0;
  Bytes* path = TRY(history_path(t, filename));
  const char* text = c_text(path);
  ByteBuffer content;
  append_entries(content, history_size() - nelements);
  int limit = state->history_limit;
  bool good = blocking(t, [&] { return write_file(text, O_APPEND, content) && (limit < 0 || truncate_file(text, limit)); });
  if (!good) return raise_errno(t);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- module

static Result<void> set_up(Thread& t) {
  if (state) return ok;
  if (const char* error = library.load()) {
    Value text(TRY(str_from_utf8(t, error)));
    return raise_import_error(t, exceptions.ImportError, text, kNone, kNone);
  }
  auto* made = new ReadlineState;
  for (Root<Value>* hook : {&made->completer, &made->startup_hook, &made->pre_input_hook, &made->display_hook}) hook->set(kNone);
  state = made;
  variable<const char*>("rl_readline_name") = "python";
  variable<FILE*>("rl_instream") = stdin;
  variable<FILE*>("rl_outstream") = stdout;
  variable<int>("rl_catch_signals") = 0;
  rl_initialize();  // once: a second time would throw away what has been typed ahead
  // Keys that libedit has none or other functions for than GNU readline; the third and the fourth are page up and page down.
  for (const char* binding : {"bind ^I ed-insert", "bind ^U vi-kill-line-prev", "bind ^[[5~ ed-search-prev-history",
                              "bind ^[[6~ ed-search-next-history"})
    rl_parse_and_bind(binding);
  variable<rl_completion_func_t*>("rl_attempted_completion_function") = complete_word;
  variable<char*>("rl_completer_word_break_characters") = strdup(" \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?");
  read_terminal_line = read_line;
  return ok;
}

static Result<void> readline_exec(Thread& t, Module* module) {
  TRY(set_up(t));
  i64 version = variable<int>("rl_readline_version");
  TRY(module_set_int(t, module, "_READLINE_VERSION", version));
  TRY(module_set_int(t, module, "_READLINE_RUNTIME_VERSION", version));
  return module_set(t, module, "_READLINE_LIBRARY_VERSION", TRY(decoded(t, variable<const char*>("rl_library_version"))));
}

static constinit NativeDef functions[] = {
    native<parse_and_bind>(
        "parse_and_bind($module, string, /)",
        "Execute the init line provided in the string argument.\n\nThe language is editrc(5)'s; \"tab: complete\" and "
        "\"set editing-mode\" are understood too."),
    native<get_line_buffer>("get_line_buffer($module, /)", "Return the current contents of the line buffer."),
    native<insert_text>("insert_text($module, string, /)", "Insert text into the line buffer at the cursor position."),
    native<redisplay>("redisplay($module, /)", "Draw the input line anew so that it shows what the line buffer holds."),
    native<read_init_file>("read_init_file($module, filename=None, /)",
                           "Run the commands in a readline configuration file, ~/.editrc by default."),
    native<read_history_file>("read_history_file($module, filename=None, /)",
                              "Read the history from a file, ~/.history by default."),
    native<write_history_file>("write_history_file($module, filename=None, /)",
                               "Write the history to a file, ~/.history by default."),
    native<append_history_file>("append_history_file($module, nelements, filename=None, /)",
                                "Add lines to a history file that exists, ~/.history unless named.\n\nThe lines are the newest "
                                "in the history, nelements of them."),
    native<get_history_item>("get_history_item($module, index, /)",
                             "Fetch a line of the history by its number, the first being 1."),
    native<get_current_history_length>("get_current_history_length($module, /)",
                                       "Return the current (not the maximum) length of history."),
    native<set_history_length>("set_history_length($module, length, /)",
                               "Limit the history file to a number of lines.\n\nA negative number lifts the limit."),
    native<get_history_length>("get_history_length($module, /)", "Tell to how many lines the history file is limited."),
    native<set_completer>(
        "set_completer($module, function=None, /)",
        "Set or remove the completer function.\n\nIt is called as function(text, state) for state 0, 1, 2 ... and "
        "answers the\nnext completion of text, or anything but a str when there are no more."),
    native<get_completer>("get_completer($module, /)", "Get the current completer function."),
    native<get_completion_type>("get_completion_type($module, /)", "Get the type of completion being attempted."),
    native<get_begidx>("get_begidx($module, /)", "Get the beginning index of the completion scope."),
    native<get_endidx>("get_endidx($module, /)", "Get the ending index of the completion scope."),
    native<set_completer_delims>("set_completer_delims($module, string, /)", "Set the word delimiters for completion."),
    native<set_auto_history>("set_auto_history($module, enabled, /)", "Enables or disables automatic history."),
    native<add_history_item>("add_history($module, string, /)", "Add an item to the history buffer."),
    native<remove_history_item>("remove_history_item($module, pos, /)", "Remove history item given by its zero-based position."),
    native<replace_history_item>("replace_history_item($module, pos, line, /)",
                                 "Change a line of the history: the one at pos becomes line.\n\npos counts from zero."),
    native<get_completer_delims>("get_completer_delims($module, /)", "Get the word delimiters for completion."),
    native<set_display_hook>("set_completion_display_matches_hook($module, function=None, /)",
                             "Choose the function that shows possible completions; no argument: none.\n\nIf the library supports "
                             "it, matches are shown by calling\nfunction(substitution, [matches], longest_match_length)."),
    native<set_startup_hook>("set_startup_hook($module, function=None, /)",
                             "Set or remove the function that is called without arguments before a line is read."),
    native<set_pre_input_hook>("set_pre_input_hook($module, function=None, /)",
                               "Set or remove the function that is called without arguments once the prompt is shown."),
    native<clear_history_items>("clear_history($module, /)", "Clear the current readline history."),
};
constinit ModuleDef readline_module = {
    .name = "readline",
    .doc = "Line editing for interactive input, provided by libedit.\n\nThe import alone turns it on.",
    .functions = functions,
    .function_count = count_of(functions),
    .exec = readline_exec,
};

}  // namespace baton
