// _curses: the terminal library ncursesw, loaded when the module is imported.
//
// Functions need initscr() first, those of colours start_color(): asked for here, for the library itself would crash.
#include <langinfo.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "base/on_demand.h"
#include "modules/curses_internal.h"
#include "objects/list.h"
#include "objects/struct_sequence.h"

// From term.h, which makes macros of common words.
extern "C" int setupterm(const char* term, int fd, int* error);

#define IMPORT(name) BATON_ON_DEMAND_DEFINE(name)
#include "modules/libncursesw.def"
#undef IMPORT

namespace baton {

static const OnDemandImport curses_imports[] = {
#define IMPORT(name) {#name, &baton_slot_##name},
#include "modules/libncursesw.def"
#undef IMPORT
};
static OnDemandLibrary curses_library(BATON_SONAME_NCURSESW, curses_imports, std::size(curses_imports));

static Root<Type>* curses_error_type = nullptr;
static Root<Module>* curses_module_root = nullptr;
static bool is_initialised = false, is_set_up = false, has_started_color = false;
static Mutex curses_mutex;

CursesLock::CursesLock(Thread& t) {
  if (gil_enabled()) return;
  if (!curses_mutex.try_lock()) blocking<BlockCause::Lock>(t, [] { curses_mutex.lock(); });
  locked_ = true;
}
CursesLock::~CursesLock() {
  if (locked_) curses_mutex.unlock();
}

void* curses_variable(const char* name) {
  void* address = curses_library.symbol(name);
  BATON_CHECK(address, "ncursesw has the variables that its header declares");
  return address;
}

Failed raise_curses_error(Thread& t, const char* text) {
  Value message = Value(TRY(str_from_utf8(t, text)));
  return raise_with_args(t, curses_error_type->get(), &message, 1);
}
Result<void> check_curses(Thread& t, int code, const char* name) {
  if (code != ERR) return ok;
  char text[80];
  snprintf(text, sizeof text, "%s() returned ERR", name);
  return raise_curses_error(t, text);
}

Result<void> need_initscr(Thread& t) {
  if (!is_initialised) return raise_curses_error(t, "must call initscr() first");
  return ok;
}
static Result<void> need_terminal(Thread& t) {
  if (!is_set_up && !is_initialised) return raise_curses_error(t, "must call (at least) setupterm() first");
  return ok;
}
static Result<void> need_color(Thread& t) {
  TRY(need_initscr(t));
  if (!has_started_color) return raise_curses_error(t, "must call start_color() first");
  return ok;
}

static int& lines() { return curses_variable_as<int>("LINES"); }
static int& columns() { return curses_variable_as<int>("COLS"); }

// ---------------------------------------------------------------------------------------------------------------- start and end

static Result<void> set_int(Thread& t, const char* name, i64 value) {
  return dict_set_ascii(t, curses_module_root->get()->dict(), name, Value::of_small_int(value));
}

// Line drawing: their characters are known when the terminal is.
static Result<void> set_line_characters(Thread& t) {
  struct Row {
    const char* name;
    char index;
  };
  static constexpr Row kRows[] = {
      {"ACS_ULCORNER", 'l'}, {"ACS_LLCORNER", 'm'}, {"ACS_URCORNER", 'k'}, {"ACS_LRCORNER", 'j'}, {"ACS_LTEE", 't'},
      {"ACS_RTEE", 'u'},     {"ACS_BTEE", 'v'},     {"ACS_TTEE", 'w'},     {"ACS_HLINE", 'q'},    {"ACS_VLINE", 'x'},
      {"ACS_PLUS", 'n'},     {"ACS_S1", 'o'},       {"ACS_S9", 's'},       {"ACS_DIAMOND", '`'},  {"ACS_CKBOARD", 'a'},
      {"ACS_DEGREE", 'f'},   {"ACS_PLMINUS", 'g'},  {"ACS_BULLET", '~'},   {"ACS_LARROW", ','},   {"ACS_RARROW", '+'},
      {"ACS_DARROW", '.'},   {"ACS_UARROW", '-'},   {"ACS_BOARD", 'h'},    {"ACS_LANTERN", 'i'},  {"ACS_BLOCK", '0'},
      {"ACS_S3", 'p'},       {"ACS_S7", 'r'},       {"ACS_LEQUAL", 'y'},   {"ACS_GEQUAL", 'z'},   {"ACS_PI", '{'},
      {"ACS_NEQUAL", '|'},   {"ACS_STERLING", '}'}, {"ACS_BSSB", 'l'},     {"ACS_SSBB", 'm'},     {"ACS_BBSS", 'k'},
      {"ACS_SBBS", 'j'},     {"ACS_SBSS", 'u'},     {"ACS_SSSB", 't'},     {"ACS_SSBS", 'v'},     {"ACS_BSSS", 'w'},
      {"ACS_BSBS", 'q'},     {"ACS_SBSB", 'x'},     {"ACS_SSSS", 'n'}};
  auto* map = static_cast<chtype*>(curses_variable("acs_map"));
  for (const Row& row : kRows) TRY(set_int(t, row.name, i64{map[static_cast<u8>(row.index)]}));
  return ok;
}

static Result<Value> curses_initscr(Thread& t) {
  if (is_initialised) {
    WINDOW* screen = curses_variable_as<WINDOW*>("stdscr");
    blocking(t, [screen] { (void)wrefresh(screen); });
    return make_curses_window(t, screen);
  }
  WINDOW* screen = in_curses(t, [] { return initscr(); });
  if (!screen) return raise_curses_error(t, "curses function returned NULL");
  is_initialised = is_set_up = true;
  TRY(set_line_characters(t));
  TRY(set_int(t, "LINES", lines()));
  TRY(set_int(t, "COLS", columns()));
  return make_curses_window(t, screen);
}

static Result<void> curses_setupterm(Thread& t, Value term, Optional<int> fd) {
  if (!term.is_none() && !is<Str>(term))
    return raise_type_error(t, "setupterm() argument 'term' must be str or None, not {!t}", term);
  Value owner;
  const char* name = nullptr;
  if (is<Str>(term)) {
    std::string_view text = TRY(str_utf8(t, term.as<Str>(), &owner));
    if (memchr(text.data(), 0, text.size())) return raise_value_error(t, "embedded null character");
    name = text.data();
  }
  int descriptor = fd.value_or(-1);
  if (descriptor == -1) {
    Value out = dict_find_str(runtime.sys->dict(), names.stdout_);
    if (out.is_absent() || out.is_none()) return raise_curses_error(t, "lost sys.stdout");
    descriptor = TRY(fd_of(t, out));
  }
  int problem = 0;
  if (!is_set_up && in_curses(t, [&] { return setupterm(name, descriptor, &problem); }) == ERR) {
    return raise_curses_error(t, problem == 0    ? "setupterm: could not find terminal"
                                 : problem == -1 ? "setupterm: could not find terminfo database"
                                                 : "setupterm: unknown error");
  }
  is_set_up = true;
  return ok;
}

static Result<void> curses_start_color(Thread& t) {
  TRY(need_initscr(t));
  TRY(check_curses(t, in_curses(t, [] { return start_color(); }), "start_color"));
  has_started_color = true;
  TRY(set_int(t, "COLORS", curses_variable_as<int>("COLORS")));
  return set_int(t, "COLOR_PAIRS", curses_variable_as<int>("COLOR_PAIRS"));
}

// LINES and COLS of the modules _curses and curses.
static Result<void> curses_update_lines_cols(Thread& t) {
  Value package = TRY(import_module(t, "curses"));
  for (Value module : {Value(curses_module_root->get()), package}) {
    if (!is<Module>(module)) continue;
    TRY(dict_set_ascii(t, module.as<Module>()->dict(), "LINES", Value::of_small_int(lines())));
    TRY(dict_set_ascii(t, module.as<Module>()->dict(), "COLS", Value::of_small_int(columns())));
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- plain
// functions

// No argument, ERR is an error.
#define PLAIN(name, call)                                             \
  static Result<void> curses_##name(Thread& t) {                      \
    TRY(need_initscr(t));                                             \
    return check_curses(t, in_curses(t, [] { return call; }), #name); \
  }
PLAIN(beep, beep())
PLAIN(def_prog_mode, def_prog_mode())
PLAIN(def_shell_mode, def_shell_mode())
PLAIN(flash, flash())
PLAIN(nocbreak, nocbreak())
PLAIN(noecho, noecho())
PLAIN(nonl, nonl())
PLAIN(noraw, noraw())
PLAIN(reset_prog_mode, reset_prog_mode())
PLAIN(reset_shell_mode, reset_shell_mode())
PLAIN(resetty, resetty())
PLAIN(savetty, savetty())
PLAIN(endwin, endwin())
PLAIN(flushinp, (flushinp(), OK))
PLAIN(noqiflush, (noqiflush(), OK))
#undef PLAIN
// A flag says which of two.
#define SWITCH(name, on, off)                                                                         \
  static Result<void> curses_##name(Thread& t, Optional<int> flag) {                                  \
    TRY(need_initscr(t));                                                                             \
    bool set = flag.value_or(1) != 0;                                                                 \
    return check_curses(t, in_curses(t, [set] { return set ? on : off; }), set ? #name : "no" #name); \
  }
SWITCH(cbreak, cbreak(), nocbreak())
SWITCH(echo, echo(), noecho())
SWITCH(nl, nl(), nonl())
SWITCH(raw, raw(), noraw())
SWITCH(qiflush, (qiflush(), OK), (noqiflush(), OK))
#undef SWITCH
#define QUESTION(name)                                \
  static Result<bool> curses_##name(Thread& t) {      \
    TRY(need_initscr(t));                             \
    return in_curses(t, [] { return bool{name()}; }); \
  }
QUESTION(can_change_color)
QUESTION(has_colors)
QUESTION(has_ic)
QUESTION(has_il)
QUESTION(isendwin)
#undef QUESTION

static Result<bool> curses_has_extended_color_support(Thread&) { return true; }
static Result<i64> curses_baudrate(Thread& t) {
  TRY(need_initscr(t));
  return in_curses(t, [] { return i64{baudrate()}; });
}
static Result<i64> curses_termattrs(Thread& t) {
  TRY(need_initscr(t));
  return in_curses(t, [] { return i64{termattrs()}; });
}
static Result<Value> bytes_or_none(Thread& t, const char* text) {
  if (!text) return kNone;
  return Value(TRY(bytes_from(t, text, strlen(text))));
}
static Result<Value> curses_longname(Thread& t) {
  TRY(need_initscr(t));
  return bytes_or_none(t, in_curses(t, [] { return longname(); }));
}
static Result<Value> curses_termname(Thread& t) {
  TRY(need_initscr(t));
  return bytes_or_none(t, in_curses(t, [] { return termname(); }));
}
static Result<Value> curses_erasechar(Thread& t) {
  TRY(need_initscr(t));
  char c = in_curses(t, [] { return erasechar(); });
  return Value(TRY(bytes_from(t, &c, 1)));
}
static Result<Value> curses_killchar(Thread& t) {
  TRY(need_initscr(t));
  char c = in_curses(t, [] { return killchar(); });
  return Value(TRY(bytes_from(t, &c, 1)));
}

static Result<void> curses_doupdate(Thread& t) {
  TRY(need_initscr(t));
  return check_curses(t, blocking(t, [] { return doupdate(); }), "doupdate");
}
static Result<void> curses_delay_output(Thread& t, int ms) {
  TRY(need_initscr(t));
  return check_curses(t, blocking(t, [ms] { return delay_output(ms); }), "delay_output");
}
static Result<i64> curses_napms(Thread& t, int ms) {
  TRY(need_initscr(t));
  return i64{blocking(t, [ms] { return napms(ms); })};
}
static Result<i64> curses_curs_set(Thread& t, int visibility) {
  TRY(need_initscr(t));
  int before = in_curses(t, [&] { return curs_set(visibility); });
  TRY(check_curses(t, before, "curs_set"));
  return i64{before};
}
static Result<void> curses_halfdelay(Thread& t, int tenths) {
  TRY(need_initscr(t));
  if (tenths > 255) return raise_overflow_error(t, "unsigned byte integer is greater than maximum");
  if (tenths < 0) return raise_overflow_error(t, "unsigned byte integer is less than minimum");
  return check_curses(t, in_curses(t, [&] { return halfdelay(tenths); }), "halfdelay");
}
static Result<void> curses_intrflush(Thread& t, bool flag) {
  TRY(need_initscr(t));
  return check_curses(t, in_curses(t, [&] { return intrflush(nullptr, flag); }), "intrflush");
}
static Result<void> curses_meta(Thread& t, bool yes) {
  TRY(need_initscr(t));
  WINDOW* screen = curses_variable_as<WINDOW*>("stdscr");
  return check_curses(t, in_curses(t, [&] { return meta(screen, yes); }), "meta");
}
static Result<void> curses_typeahead(Thread& t, int fd) {
  TRY(need_initscr(t));
  return check_curses(t, in_curses(t, [&] { return typeahead(fd); }), "typeahead");
}
static Result<void> curses_use_env(Thread& t, bool flag) {
  in_curses(t, [&] { use_env(flag); });
  return ok;
}
static Result<void> curses_filter(Thread& t) {
  in_curses(t, [] { filter(); });
  return ok;
}
static Result<i64> curses_get_escdelay(Thread&) { return i64{curses_variable_as<int>("ESCDELAY")}; }
static Result<i64> curses_get_tabsize(Thread&) { return i64{curses_variable_as<int>("TABSIZE")}; }
static Result<void> curses_set_escdelay(Thread& t, int ms) {
  if (ms <= 0) return raise_value_error(t, "ms must be > 0");
  return check_curses(t, in_curses(t, [&] { return set_escdelay(ms); }), "set_escdelay");
}
static Result<void> curses_set_tabsize(Thread& t, int size) {
  if (size <= 0) return raise_value_error(t, "size must be > 0");
  return check_curses(t, in_curses(t, [&] { return set_tabsize(size); }), "set_tabsize");
}

static Result<bool> curses_is_term_resized(Thread& t, int nlines, int ncols) {
  TRY(need_initscr(t));
  return in_curses(t, [&] { return bool{is_term_resized(nlines, ncols)}; });
}
static Result<void> curses_resize_term(Thread& t, int nlines, int ncols) {
  TRY(need_initscr(t));
  TRY(check_curses(t, in_curses(t, [&] { return resize_term(nlines, ncols); }), "resize_term"));
  return curses_update_lines_cols(t);
}
static Result<void> curses_resizeterm(Thread& t, int nlines, int ncols) {
  TRY(need_initscr(t));
  TRY(check_curses(t, in_curses(t, [&] { return resizeterm(nlines, ncols); }), "resizeterm"));
  return curses_update_lines_cols(t);
}

// The cursor of the screen to be; (-1, -1): it may be left anywhere.
static Result<Value> curses_getsyx(Thread& t) {
  TRY(need_initscr(t));
  WINDOW* screen = curses_variable_as<WINDOW*>("newscr");
  int y = 0, x = 0;
  if (screen && is_leaveok(screen))
    y = x = -1;
  else if (screen)
    y = getcury(screen), x = getcurx(screen);
  return tuple_of(t, Value::of_small_int(y), Value::of_small_int(x));
}
static Result<void> curses_setsyx(Thread& t, int y, int x) {
  TRY(need_initscr(t));
  CursesLock lock(t);
  WINDOW* screen = curses_variable_as<WINDOW*>("newscr");
  if (!screen) return ok;
  bool anywhere = y == -1 && x == -1;
  leaveok(screen, anywhere);
  if (!anywhere) wmove(screen, y, x);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- windows

static Result<Value> curses_newwin(Thread& t, Rest rest) {
  Index count = rest.values->length();
  if (count != 2 && count != 4) return raise_type_error(t, "_curses.newwin requires 2 to 4 arguments");
  int n[4] = {};
  for (Index i = 0; i < count; ++i)
    if (!convert_int(t, rest.values->at(i), &n[i])) return failed;
  TRY(need_initscr(t));
  WINDOW* made = in_curses(t, [&] {
    delete_dead_windows();
    return newwin(n[0], n[1], n[2], n[3]);
  });
  return make_curses_window(t, made);
}
static Result<Value> curses_newpad(Thread& t, int nlines, int ncols) {
  TRY(need_initscr(t));
  WINDOW* made = in_curses(t, [&] {
    delete_dead_windows();
    return newpad(nlines, ncols);
  });
  return make_curses_window(t, made);
}
static Result<Value> curses_getwin(Thread& t, Value file) {
  TRY(need_initscr(t));
  Value data = TRY(call_method(t, file, names.read));
  if (!is<Bytes>(data)) return raise_type_error(t, "f.read() returned {!t} instead of bytes", data);
  FILE* copy = tmpfile();
  if (!copy) return raise_errno(t);
  usize n = static_cast<usize>(data.as<Bytes>()->length());
  WINDOW* made = nullptr;
  if (fwrite(data.as<Bytes>()->data(), 1, n, copy) == n) {
    rewind(copy);
    made = in_curses(t, [&] { return getwin(copy); });
  }
  fclose(copy);
  return make_curses_window(t, made);
}

// ---------------------------------------------------------------------------------------------------------------- colours

// An int, clipped: what doesn't fit is out of every range.
static Result<i64> clipped(Thread& t, Value v) {
  Value index = TRY(to_index(t, v));
  i64 n;
  if (int_to_i64(index, &n)) return n;
  return int_sign(index) < 0 ? INT64_MIN : INT64_MAX;
}
static Failed raise_range(Thread& t, const char* what, const char* limit) {
  i64 most = i64{curses_variable_as<int>(limit)} - 1;
  char text[96];
  snprintf(text, sizeof text, "%s is greater than %s-1 (%lld).", what, limit, static_cast<long long>(most));
  return raise_value_error(t, static_cast<const char*>(text));
}
enum class Default : u8 { Refused, Allowed };
static Result<int> color_from(Thread& t, Value v, Default negative = Default::Refused) {
  i64 n = TRY(clipped(t, v));
  if (n < 0 && negative == Default::Refused) return raise_value_error(t, "Color number is less than 0.");
  if (n >= curses_variable_as<int>("COLORS")) return raise_range(t, "Color number", "COLORS");
  return n < 0 ? -1 : static_cast<int>(n);
}
static Result<i64> pair_from(Thread& t, Value v) {
  i64 n = TRY(clipped(t, v));
  if (n < 0) return raise_value_error(t, "Color pair is less than 0.");
  return n;
}
static Result<void> check_pair(Thread& t, i64 pair) {
  if (pair >= curses_variable_as<int>("COLOR_PAIRS")) return raise_range(t, "Color pair", "COLOR_PAIRS");
  return ok;
}
static Result<int> component_from(Thread& t, Value v) {
  i64 n = TRY(clipped(t, v));
  if (n < 0) return raise_value_error(t, "Color component is less than 0");
  if (n > 1000) return raise_value_error(t, "Color component is greater than 1000");
  return static_cast<int>(n);
}

static Result<Value> curses_color_content(Thread& t, Value number) {
  int color = TRY(color_from(t, number));
  TRY(need_color(t));
  int r, g, b;
  TRY(check_curses(t, in_curses(t, [&] { return extended_color_content(color, &r, &g, &b); }), "extended_color_content"));
  return tuple_of(t, Value::of_small_int(r), Value::of_small_int(g), Value::of_small_int(b));
}
static Result<void> curses_init_color(Thread& t, Value number, Value red, Value green, Value blue) {
  int color = TRY(color_from(t, number));
  int r = TRY(component_from(t, red)), g = TRY(component_from(t, green)), b = TRY(component_from(t, blue));
  TRY(need_color(t));
  return check_curses(t, in_curses(t, [&] { return init_extended_color(color, r, g, b); }), "init_extended_color");
}
static Result<void> curses_init_pair(Thread& t, Value number, Value foreground, Value background) {
  i64 pair = TRY(pair_from(t, number));
  int fg = TRY(color_from(t, foreground, Default::Allowed)), bg = TRY(color_from(t, background, Default::Allowed));
  TRY(need_color(t));
  TRY(check_pair(t, pair));
  return check_curses(t, in_curses(t, [&] { return init_extended_pair(static_cast<int>(pair), fg, bg); }), "init_extended_pair");
}
static Result<Value> curses_pair_content(Thread& t, Value number) {
  i64 pair = TRY(pair_from(t, number));
  TRY(need_color(t));
  TRY(check_pair(t, pair));
  int fg, bg;
  TRY(check_curses(t, in_curses(t, [&] { return extended_pair_content(static_cast<int>(pair), &fg, &bg); }),
                   "extended_pair_content"));
  return tuple_of(t, Value::of_small_int(fg), Value::of_small_int(bg));
}
static Result<i64> curses_color_pair(Thread& t, int pair) {
  TRY(need_color(t));
  return i64{COLOR_PAIR(static_cast<chtype>(pair))};
}
static Result<i64> curses_pair_number(Thread& t, int attributes) {
  TRY(need_color(t));
  return i64{PAIR_NUMBER(static_cast<chtype>(attributes))};
}
static Result<void> curses_use_default_colors(Thread& t) {
  TRY(need_color(t));
  return check_curses(t, in_curses(t, [] { return use_default_colors(); }), "use_default_colors");
}

// ---------------------------------------------------------------------------------------------------------------- keys and mouse

static Result<bool> curses_has_key(Thread& t, int key) {
  TRY(need_initscr(t));
  return in_curses(t, [&] { return has_key(key) != 0; });
}
static Result<Value> curses_keyname(Thread& t, int key) {
  TRY(need_initscr(t));
  if (key < 0) return raise_value_error(t, "invalid key number");
  CursesLock lock(t);
  const char* name = keyname(key);
  return bytes_or_none(t, name ? name : "");
}
static Result<void> curses_ungetch(Thread& t, Value what) {
  TRY(need_initscr(t));
  chtype c = TRY(chtype_from(t, nullptr, what));
  return check_curses(t, in_curses(t, [&] { return ungetch(static_cast<int>(c)); }), "ungetch");
}
static Result<void> curses_unget_wch(Thread& t, Value what) {
  TRY(need_initscr(t));
  i64 n = 0;
  if (is<Str>(what)) {
    if (what.as<Str>()->length() != 1)
      return raise_type_error(t, "expect str of length 1 or int, got a str of length {}",
                              static_cast<i64>(what.as<Str>()->length()));
    n = what.as<Str>()->at(0);
  } else if (!is_int(what)) {
    return raise_type_error(t, "expect str of length 1 or int, got {!t}", what);
  } else if (!int_to_i64(int_exact(what), &n)) {
    return raise_overflow_error(t, "int doesn't fit in long");
  }
  if (n != static_cast<wchar_t>(n)) return raise_overflow_error(t, "character doesn't fit in wchar_t");
  return check_curses(t, in_curses(t, [&] { return unget_wch(static_cast<wchar_t>(n)); }), "unget_wch");
}
static Result<Value> curses_unctrl(Thread& t, Value what) {
  TRY(need_initscr(t));
  chtype c = TRY(chtype_from(t, nullptr, what));
  CursesLock lock(t);
  return bytes_or_none(t, unctrl(c));
}

static Result<Value> curses_getmouse(Thread& t) {
  TRY(need_initscr(t));
  MEVENT event = {};
  TRY(check_curses(t, in_curses(t, [&] { return getmouse(&event); }), "getmouse"));
  return tuple_of(t, Value::of_small_int(event.id), Value::of_small_int(event.x), Value::of_small_int(event.y),
                  Value::of_small_int(event.z), Value::of_small_int(static_cast<i64>(event.bstate)));
}
static Result<void> curses_ungetmouse(Thread& t, int id, int x, int y, int z, Value state) {
  TRY(need_initscr(t));
  MEVENT event = {};
  event.id = static_cast<short>(id);
  event.x = x;
  event.y = y;
  event.z = z;
  event.bstate = static_cast<mmask_t>(TRY(attributes_from(t, state)));
  return check_curses(t, in_curses(t, [&] { return ungetmouse(&event); }), "ungetmouse");
}
static Result<Value> curses_mousemask(Thread& t, Value wanted) {
  TRY(need_initscr(t));
  mmask_t mask = static_cast<mmask_t>(TRY(attributes_from(t, wanted))), before = 0;
  mmask_t available = in_curses(t, [&] { return mousemask(mask, &before); });
  return tuple_of(t, Value::of_small_int(available), Value::of_small_int(before));
}
static Result<void> curses_mouseinterval(Thread& t, int ms) {
  TRY(need_initscr(t));
  return check_curses(t, in_curses(t, [&] { return mouseinterval(ms); }), "mouseinterval");
}

// ---------------------------------------------------------------------------------------------------------------- terminfo

// A zero-terminated name.
static Result<const char*> capability(Thread& t, const char* function, Value name, Value* owner) {
  if (!is<Str>(name)) return raise_type_error(t, "{}() argument must be str, not {!t}", function, name);
  std::string_view text = TRY(str_utf8(t, name.as<Str>(), owner));
  if (memchr(text.data(), 0, text.size())) return raise_value_error(t, "embedded null character");
  return text.data();
}
static Result<i64> curses_tigetflag(Thread& t, Value name) {
  Value owner;
  const char* text = TRY(capability(t, "tigetflag", name, &owner));
  TRY(need_terminal(t));
  return in_curses(t, [&] { return i64{tigetflag(text)}; });
}
static Result<i64> curses_tigetnum(Thread& t, Value name) {
  Value owner;
  const char* text = TRY(capability(t, "tigetnum", name, &owner));
  TRY(need_terminal(t));
  return in_curses(t, [&] { return i64{tigetnum(text)}; });
}
static Result<Value> curses_tigetstr(Thread& t, Value name) {
  Value owner;
  const char* text = TRY(capability(t, "tigetstr", name, &owner));
  TRY(need_terminal(t));
  CursesLock lock(t);
  const char* found = tigetstr(text);
  return bytes_or_none(t, found == reinterpret_cast<const char*>(-1) ? nullptr : found);
}
// The buffer's text with a zero behind it.
static Result<Bytes*> terminated(Thread& t, BufferView view) {
  if (memchr(view.data, 0, view.size)) return raise_value_error(t, "embedded null byte");
  return bytes_from(t, view.data, view.size);
}
static Result<Value> curses_tparm(Thread& t, BufferView text, int i1, int i2, int i3, int i4, int i5, int i6, int i7, int i8,
                                  int i9) {
  Bytes* copy = TRY(terminated(t, text));
  TRY(need_terminal(t));
  CursesLock lock(t);
  const char* made = tparm(c_text(copy), i1, i2, i3, i4, i5, i6, i7, i8, i9);
  if (!made) return raise_curses_error(t, "tparm() returned NULL");
  return bytes_or_none(t, made);
}
static Result<void> curses_putp(Thread& t, BufferView text) {
  Bytes* copy = TRY(terminated(t, text));
  return check_curses(t, in_curses(t, [&] { return putp(c_text(copy)); }), "putp");
}

// ---------------------------------------------------------------------------------------------------------------- the module

static constinit NativeDef curses_functions[] = {
    native<curses_baudrate>("baudrate($module, /)", "The terminal's speed in bits a second."),
    native<curses_beep>("beep($module, /)", "Sound the bell."),
    native<curses_can_change_color>("can_change_color($module, /)", "Whether the terminal's colours can be changed."),
    native<curses_cbreak>("cbreak($module, flag=True, /)", "Read keys as they are typed, not by lines; or back, if not flag."),
    native<curses_color_content>("color_content($module, color_number, /)", "(red, green, blue) of a colour, 0 to 1000 each."),
    native<curses_color_pair>("color_pair($module, pair_number, /)", "The attributes that show text in a pair of colours."),
    native<curses_curs_set>("curs_set($module, visibility, /)",
                            "Hide the cursor (0), show it (1) or show it well (2). Answers what it was."),
    native<curses_def_prog_mode>("def_prog_mode($module, /)", "Remember the terminal's settings as the program's."),
    native<curses_def_shell_mode>("def_shell_mode($module, /)", "Remember the terminal's settings as the shell's."),
    native<curses_delay_output>("delay_output($module, ms, /)", "Pause the output for some milliseconds."),
    native<curses_doupdate>("doupdate($module, /)", "Show what noutrefresh() has prepared."),
    native<curses_echo>("echo($module, flag=True, /)", "Show what is typed; or not, if not flag."),
    native<curses_endwin>("endwin($module, /)", "Give the terminal back as it was."),
    native<curses_erasechar>("erasechar($module, /)", "The user's character for deleting one, as bytes."),
    native<curses_filter>("filter($module, /)", "Use one line of the screen. To be called before initscr()."),
    native<curses_flash>("flash($module, /)", "Flash the screen."),
    native<curses_flushinp>("flushinp($module, /)", "Forget what has been typed and not been read."),
    native<curses_get_escdelay>("get_escdelay($module, /)",
                                "How many milliseconds the rest of an escape sequence is waited for."),
    native<curses_get_tabsize>("get_tabsize($module, /)", "How wide a tab is."),
    native<curses_getmouse>("getmouse($module, /)", "The mouse's event after KEY_MOUSE was read: (id, x, y, z, bstate)."),
    native<curses_getsyx>("getsyx($module, /)", "The cursor's place on the screen: (y, x)."),
    native<curses_getwin>("getwin($module, file, /)", "The window that putwin() wrote to a file."),
    native<curses_halfdelay>("halfdelay($module, tenths, /)",
                             "As cbreak(), and reading a key fails after some tenths of a second."),
    native<curses_has_colors>("has_colors($module, /)", "Whether the terminal shows colours."),
    native<curses_has_extended_color_support>("has_extended_color_support($module, /)",
                                              "Whether more than 256 pairs of colours are supported."),
    native<curses_has_ic>("has_ic($module, /)", "Whether the terminal can insert and delete characters."),
    native<curses_has_il>("has_il($module, /)", "Whether the terminal can insert and delete lines."),
    native<curses_has_key>("has_key($module, key, /)", "Whether the terminal has a key."),
    native<curses_init_color>("init_color($module, color_number, r, g, b, /)", "Change a colour."),
    native<curses_init_pair>("init_pair($module, pair_number, fg, bg, /)", "Set a pair of colours."),
    native<curses_initscr>("initscr($module, /)", "Take the terminal over. Answers a window of the whole screen."),
    native<curses_intrflush>("intrflush($module, flag, /)", "Whether an interrupt drops the output that is not shown yet."),
    native<curses_is_term_resized>("is_term_resized($module, nlines, ncols, /)", "Whether resize_term() would change the size."),
    native<curses_isendwin>("isendwin($module, /)", "Whether endwin() has been called."),
    native<curses_keyname>("keyname($module, key, /)", "The name of a key, as bytes."),
    native<curses_killchar>("killchar($module, /)", "The user's character for deleting a line, as bytes."),
    native<curses_longname>("longname($module, /)", "The terminal's description, as bytes."),
    native<curses_meta>("meta($module, yes, /)", "Whether eight bits of a key are read."),
    native<curses_mouseinterval>("mouseinterval($module, interval, /)", "How many milliseconds a click may take."),
    native<curses_mousemask>("mousemask($module, newmask, /)",
                             "Say which events of the mouse to report. Answers (those that will be, those that were)."),
    native<curses_napms>("napms($module, ms, /)", "Sleep for some milliseconds."),
    native<curses_newpad>("newpad($module, nlines, ncols, /)", "A window that may be larger than the screen."),
    native<curses_newwin>("newwin($module, /, *<args>)", "newwin(nlines, ncols, [begin_y=0, begin_x=0])\n\nA new window."),
    native<curses_nl>("nl($module, flag=True, /)", "Translate newlines; or not, if not flag."),
    native<curses_nocbreak>("nocbreak($module, /)", "Read keys by lines."),
    native<curses_noecho>("noecho($module, /)", "Don't show what is typed."),
    native<curses_nonl>("nonl($module, /)", "Don't translate newlines."),
    native<curses_noqiflush>("noqiflush($module, /)", "Keep input and output when a signal's key is typed."),
    native<curses_noraw>("noraw($module, /)", "Let the terminal handle lines and signals' keys again."),
    native<curses_pair_content>("pair_content($module, pair_number, /)", "(foreground, background) of a pair of colours."),
    native<curses_pair_number>("pair_number($module, attr, /)", "The pair of colours in attributes."),
    native<curses_putp>("putp($module, string, /)", "Write a control string of the terminal."),
    native<curses_qiflush>("qiflush($module, flag=True, /)",
                           "Drop input and output when a signal's key is typed; or not, if not flag."),
    native<curses_raw>("raw($module, flag=True, /)", "Read keys as they are typed, signals' keys too; or back, if not flag."),
    native<curses_reset_prog_mode>("reset_prog_mode($module, /)", "Back to the settings of def_prog_mode()."),
    native<curses_reset_shell_mode>("reset_shell_mode($module, /)", "Back to the settings of def_shell_mode()."),
    native<curses_resetty>("resetty($module, /)", "Back to the settings of savetty()."),
    native<curses_resize_term>("resize_term($module, nlines, ncols, /)", "Change the size of the screen and its windows."),
    native<curses_resizeterm>("resizeterm($module, nlines, ncols, /)", "As resize_term(), and KEY_RESIZE is read next."),
    native<curses_savetty>("savetty($module, /)", "Remember the terminal's settings for resetty()."),
    native<curses_set_escdelay>("set_escdelay($module, ms, /)",
                                "How many milliseconds to wait for the rest of an escape sequence."),
    native<curses_set_tabsize>("set_tabsize($module, size, /)", "How wide a tab shall be."),
    native<curses_setsyx>("setsyx($module, y, x, /)", "Put the cursor at a place of the screen."),
    native<curses_setupterm>("setupterm($module, /, term=None, fd=-1)",
                             "Read the terminal's description; $TERM's if none is named."),
    native<curses_start_color>("start_color($module, /)", "Use colours."),
    native<curses_termattrs>("termattrs($module, /)", "All attributes that the terminal shows."),
    native<curses_termname>("termname($module, /)", "The value of $TERM, as bytes."),
    native<curses_tigetflag>("tigetflag($module, capname, /)", "A capability that is yes or no; -1 if it is none."),
    native<curses_tigetnum>("tigetnum($module, capname, /)", "A capability that is a number; -2 if it is none."),
    native<curses_tigetstr>("tigetstr($module, capname, /)", "A capability that is a string, as bytes; or None."),
    native<curses_tparm>("tparm($module, str, i1=0, i2=0, i3=0, i4=0, i5=0, i6=0, i7=0, i8=0, i9=0, /)",
                         "A capability's string with parameters put in."),
    native<curses_typeahead>("typeahead($module, fd, /)", "The descriptor that is asked for typed keys; -1: none."),
    native<curses_unctrl>("unctrl($module, ch, /)", "How a character is shown, as bytes: b'^C'."),
    native<curses_unget_wch>("unget_wch($module, ch, /)", "Let get_wch() read a character next."),
    native<curses_ungetch>("ungetch($module, ch, /)", "Let getch() read a character next."),
    native<curses_ungetmouse>("ungetmouse($module, id, x, y, z, bstate, /)", "Let getmouse() answer an event next."),
    native<curses_update_lines_cols>("update_lines_cols($module, /)", "Set LINES and COLS to what they are."),
    native<curses_use_default_colors>("use_default_colors($module, /)", "Let colour -1 be the terminal's own."),
    native<curses_use_env>("use_env($module, flag, /)", "Whether $LINES and $COLUMNS count. To be called before initscr()."),
};

static constexpr ModuleConstant curses_constants[] = {
    {"ERR", ERR},
    {"OK", OK},
#define A(name) {#name, static_cast<i64>(name)},
    A(A_ATTRIBUTES) A(A_NORMAL) A(A_STANDOUT) A(A_UNDERLINE) A(A_REVERSE) A(A_BLINK) A(A_DIM) A(A_BOLD) A(A_ALTCHARSET) A(A_INVIS)
        A(A_PROTECT) A(A_CHARTEXT) A(A_COLOR) A(A_HORIZONTAL) A(A_LEFT) A(A_LOW) A(A_RIGHT) A(A_TOP) A(A_VERTICAL) A(A_ITALIC)
            A(COLOR_BLACK) A(COLOR_RED) A(COLOR_GREEN) A(COLOR_YELLOW) A(COLOR_BLUE) A(COLOR_MAGENTA) A(COLOR_CYAN) A(COLOR_WHITE)
                A(BUTTON_SHIFT) A(BUTTON_CTRL) A(BUTTON_ALT) A(ALL_MOUSE_EVENTS) A(REPORT_MOUSE_POSITION)
#define B(n)             \
  A(BUTTON##n##_PRESSED) \
  A(BUTTON##n##_RELEASED) A(BUTTON##n##_CLICKED) A(BUTTON##n##_DOUBLE_CLICKED) A(BUTTON##n##_TRIPLE_CLICKED)
                    B(1) B(2) B(3) B(4) B(5)
#undef B
                        A(KEY_MIN) A(KEY_MAX)
#undef A
};

// KEY_*: the names that the library gives its keys. KEY_F(1) is KEY_F1.
static Result<void> set_key_names(Thread& t, Module* module) {
  for (int key = KEY_MIN; key < KEY_MAX; ++key) {
    const char* name = keyname(key);
    if (!name || strncmp(name, "KEY_", 4) != 0) continue;
    char text[40];
    usize n = 0;
    for (const char* c = name; *c && n + 1 < sizeof text; ++c)
      if (*c != '(' && *c != ')') text[n++] = *c;
    TRY(dict_set_ascii(t, module->dict(), std::string_view(text, n), Value::of_small_int(key)));
  }
  return ok;
}

static constexpr StructField kVersionFields[] = {
    {"major", "Major release number"}, {"minor", "Minor release number"}, {"patch", "Patch release number"}};
static constinit StructSequenceDef version_def = struct_sequence(
    "curses.ncurses_version", "curses.ncurses_version\n\nNcurses version information as a named tuple.", kVersionFields, 3);

static Result<void> curses_exec(Thread& t, Module* module) {
  if (const char* error = curses_library.load())
    return raise_import_error(t, exceptions.ImportError, Value(TRY(str_from_utf8(t, error))), kNone, kNone);
  if (!curses_error_type) {
    curses_error_type = new Root<Type>(TRY(make_exception_type(t, "_curses.error", exceptions.Exception, nullptr)));
    curses_module_root = new Root<Module>(module);
  }
  curses_module_root->set(module);
  TRY(module_set(t, module, "error", Value(curses_error_type->get())));
  TRY(module_set(t, module, "window", Value(TRY(type_from_def(t, curses_window_def)))));
  for (const char* name : {"version", "__version__"}) TRY(module_set(t, module, name, Value(TRY(bytes_from(t, "2.2")))));
  // "ncurses 6.4.20221231"
  int number[3] = {};
  sscanf(curses_version(), "ncurses %d.%d.%d", &number[0], &number[1], &number[2]);
  Value parts[3] = {Value::of_small_int(number[0]), Value::of_small_int(number[1]), Value::of_small_int(number[2])};
  TRY(module_set(t, module, "ncurses_version", TRY(make_struct_sequence(t, version_def, parts))));
  return set_key_names(t, module);
}

ModuleDef curses_module = {.name = "_curses",
                           .functions = curses_functions,
                           .function_count = count_of(curses_functions),
                           .constants = curses_constants,
                           .constant_count = sizeof curses_constants / sizeof *curses_constants,
                           .exec = curses_exec};

}  // namespace baton
