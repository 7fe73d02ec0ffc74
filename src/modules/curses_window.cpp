// _curses.window: output, input and the geometry of windows.
//
// Methods with optional coordinates in front take their arguments as a tuple: (y, x) first if there are enough of them. Python
// has no signature for that: "<" in theirs hides it.
#include <langinfo.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "heap/pod_vector.h"
#include "modules/curses_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- life

static PodVector<WINDOW*> dead_windows;
static Mutex dead_mutex;
void (*delete_dead_panels)() = nullptr;

void CursesWindow::finalize_native() {
  if (!window_ || window_ == curses_variable_as<WINDOW*>("stdscr")) return;
  Guard guard(dead_mutex);
  dead_windows.push(window_);
  window_ = nullptr;
}

void delete_dead_windows() {
  if (delete_dead_panels) delete_dead_panels();
  Guard guard(dead_mutex);
  // The library refuses to delete a window that has parts: those first, whatever their order here.
  for (bool again = true; again;) {
    again = false;
    usize kept = 0;
    for (WINDOW* window : dead_windows) {
      if (delwin(window) == OK)
        again = true;
      else
        dead_windows[kept++] = window;
    }
    dead_windows.truncate(kept);
  }
}

CursesWindow* curses_window_or_null(Value v) {
  return v.is_cell() && curses_window_def.type && type_of(v) == curses_window_def.type ? v.as<CursesWindow>() : nullptr;
}

static Result<Str*> locale_encoding(Thread& t) {
  const char* codeset = nl_langinfo(CODESET);
  return str_from_utf8(t, codeset && *codeset ? codeset : "utf-8");
}

Result<Value> make_curses_window(Thread& t, WINDOW* window, CursesWindow* parent) {
  if (!window) return raise_curses_error(t, "curses function returned NULL");
  Str* encoding = parent ? parent->encoding_.get() : TRY(locale_encoding(t));
  return Value(TRY(make_of<CursesWindow>(t, TRY(type_from_def(t, curses_window_def)), window, encoding, parent)));
}

// ---------------------------------------------------------------------------------------------------------------- arguments

static Failed raise_count(Thread& t, const char* method, int least, int most) {
  return raise_type_error(t, "_curses.window.{} requires {} to {} arguments", method, least, most);
}
static Result<int> int_at(Thread& t, Tuple* args, Index i) {
  int n;
  if (!convert_int(t, args->at(i), &n)) return failed;
  return n;
}

// Arguments of a method that may begin with a place.
struct Arguments {
  Tuple* rest;
  Index next = 0;
  bool placed = false;
  int y = 0, x = 0;

  Index left() const { return rest->length() - next; }
  Value take() { return rest->at(next++); }
  Result<int> take_int(Thread& t) { return int_at(t, rest, next++); }
  // least..most: arguments without the place. It is there if there are so many that it must be.
  Result<void> begin(Thread& t, const char* method, int least, int most) {
    Index n = rest->length();
    bool fits = (n >= least && n <= most) || (n >= least + 2 && n <= most + 2);
    if (!fits) return raise_count(t, method, least, most + 2);
    placed = n >= least + 2;
    if (!placed) return ok;
    y = TRY(take_int(t));
    x = TRY(take_int(t));
    return ok;
  }
  int move(WINDOW* window) const { return placed ? wmove(window, y, x) : OK; }
};

static Failed raise_character(Thread& t, Value v) {
  if (is<Str>(v))
    return raise_type_error(t, "expect bytes or str of length 1, or int, got a str of length {}",
                            static_cast<i64>(v.as<Str>()->length()));
  return raise_type_error(t, "expect bytes or str of length 1, or int, got {!t}", v);
}

Result<i64> attributes_from(Thread& t, Value v) {
  i64 n;
  Value index = TRY(to_index(t, v));
  if (!int_to_i64(index, &n)) return raise_overflow_error(t, "Python int too large to convert to C long");
  return n;
}

Result<chtype> chtype_from(Thread& t, CursesWindow* window, Value v) {
  i64 n = -1;
  if (is<Bytes>(v) && v.as<Bytes>()->length() == 1) {
    n = v.as<Bytes>()->data()[0];
  } else if (is<Str>(v) && v.as<Str>()->length() == 1) {
    n = v.as<Str>()->at(0);
    if (n >= 128) {
      Str* encoding = window ? window->encoding_.get() : TRY(locale_encoding(t));
      Bytes* encoded = TRY(encode_text(t, v.as<Str>(), encoding, nullptr));
      n = encoded->length() == 1 ? encoded->data()[0] : -1;
    }
  } else if (is_int(v)) {
    if (!int_to_i64(int_exact(v), &n)) n = -1;
  } else {
    return raise_character(t, v);
  }
  if (n < 0 || n > i64{UINT32_MAX}) return raise_overflow_error(t, "byte doesn't fit in chtype");
  return static_cast<chtype>(n);
}

// A character of a str: a wide one; anything else: a byte with attributes.
struct Character {
  bool is_wide = false;
  wchar_t wide[2] = {};
  chtype narrow = 0;
};
static Result<Character> character_from(Thread& t, Value v) {
  Character c;
  if (is<Str>(v) && v.as<Str>()->length() == 1) {
    c.is_wide = true;
    c.wide[0] = static_cast<wchar_t>(v.as<Str>()->at(0));
    return c;
  }
  if (is<Bytes>(v) && v.as<Bytes>()->length() == 1) {
    c.narrow = v.as<Bytes>()->data()[0];
    return c;
  }
  if (!is_int(v)) return raise_character(t, v);
  i64 n;
  if (!int_to_i64(int_exact(v), &n)) return raise_overflow_error(t, "int doesn't fit in long");
  if (n < 0 || n > i64{UINT32_MAX}) return raise_overflow_error(t, "byte doesn't fit in chtype");
  c.narrow = static_cast<chtype>(n);
  return c;
}

// A str as wide characters, or bytes.
class Text {
 public:
  Text() = default;
  ~Text() { free(wide_); }
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;
  Result<void> set(Thread& t, Value v) {
    owner_ = v;
    if (is<Bytes>(v)) {
      narrow_ = c_text(v.as<Bytes>());
      if (memchr(narrow_, 0, static_cast<usize>(v.as<Bytes>()->length()))) return raise_value_error(t, "embedded null byte");
      return ok;
    }
    if (!is<Str>(v)) return raise_type_error(t, "expect bytes or str, got {!t}", v);
    Str* s = v.as<Str>();
    wide_ = static_cast<wchar_t*>(malloc((static_cast<usize>(s->length()) + 1) * sizeof(wchar_t)));
    if (!wide_) return raise_memory_error(t);
    for (Index i = 0; i < s->length(); ++i) {
      wide_[i] = static_cast<wchar_t>(s->at(i));
      if (!wide_[i]) return raise_value_error(t, "embedded null character");
    }
    wide_[s->length()] = 0;
    return ok;
  }
  const wchar_t* wide() const { return wide_; }
  const char* narrow() const { return narrow_; }

 private:
  Value owner_;
  wchar_t* wide_ = nullptr;
  const char* narrow_ = nullptr;
};

// ---------------------------------------------------------------------------------------------------------------- output

static Result<void> window_addch(Thread& t, CursesWindow* self, Rest rest) {
  Arguments args{rest.values};
  TRY(args.begin(t, "addch", 1, 2));
  Value what = args.take();
  i64 attributes = args.left() ? TRY(attributes_from(t, args.take())) : i64{A_NORMAL};
  Character c = TRY(character_from(t, what));
  CursesLock lock(t);
  WINDOW* w = self->window_;
  int code = args.move(w);
  if (c.is_wide) {
    cchar_t cell;
    attr_t a = static_cast<attr_t>(attributes);
    if (code != ERR) code = setcchar(&cell, c.wide, a, static_cast<short>(PAIR_NUMBER(a)), nullptr);
    if (code != ERR) code = wadd_wch(w, &cell);
    return check_curses(t, code, "add_wch");
  }
  if (code != ERR) code = waddch(w, c.narrow | static_cast<attr_t>(attributes));
  return check_curses(t, code, "addch");
}

struct StringWriter {
  const char* method;
  bool counted;
  int (*wide)(WINDOW*, const wchar_t*, int);
  int (*narrow)(WINDOW*, const char*, int);
  const char *wide_name, *narrow_name;
};
static Result<void> write_string(Thread& t, CursesWindow* self, Rest rest, const StringWriter& writer) {
  Arguments args{rest.values};
  int least = writer.counted ? 2 : 1;
  TRY(args.begin(t, writer.method, least, least + 1));
  Value what = args.take();
  int n = writer.counted ? TRY(args.take_int(t)) : -1;
  bool has_attributes = args.left();
  i64 attributes = has_attributes ? TRY(attributes_from(t, args.take())) : 0;
  Text text;
  TRY(text.set(t, what));
  CursesLock lock(t);
  WINDOW* w = self->window_;
  attr_t before = 0;
  if (has_attributes) {
    before = static_cast<attr_t>(getattrs(w));
    (void)wattrset(w, static_cast<int>(attributes));
  }
  int code = args.move(w);
  if (code != ERR) code = text.wide() ? writer.wide(w, text.wide(), n) : writer.narrow(w, text.narrow(), n);
  if (has_attributes) (void)wattrset(w, static_cast<int>(before));
  return check_curses(t, code, text.wide() ? writer.wide_name : writer.narrow_name);
}
#define STRING_METHOD(name, counted, wide, narrow, wide_name)                                                  \
  static Result<void> window_##name(Thread& t, CursesWindow* self, Rest rest) {                                \
    static constexpr StringWriter kWriter = {#name,                                                            \
                                             counted,                                                          \
                                             [](WINDOW* w, const wchar_t* s, int n) { return wide(w, s, n); }, \
                                             [](WINDOW* w, const char* s, int n) { return narrow(w, s, n); },  \
                                             wide_name,                                                        \
                                             #name};                                                           \
    return write_string(t, self, rest, kWriter);                                                               \
  }
STRING_METHOD(addstr, false, waddnwstr, waddnstr, "addwstr")
STRING_METHOD(addnstr, true, waddnwstr, waddnstr, "addnwstr")
STRING_METHOD(insstr, false, wins_nwstr, winsnstr, "inswstr")
STRING_METHOD(insnstr, true, wins_nwstr, winsnstr, "insn_wstr")
#undef STRING_METHOD

static Result<void> window_insch(Thread& t, CursesWindow* self, Rest rest) {
  Arguments args{rest.values};
  TRY(args.begin(t, "insch", 1, 2));
  Value what = args.take();
  i64 attributes = args.left() ? TRY(attributes_from(t, args.take())) : i64{A_NORMAL};
  chtype c = TRY(chtype_from(t, self, what));
  CursesLock lock(t);
  int code = args.move(self->window_);
  if (code != ERR) code = winsch(self->window_, c | static_cast<attr_t>(attributes));
  return check_curses(t, code, "insch");
}

static Result<void> draw_line(Thread& t, CursesWindow* self, Rest rest, const char* method, int (*draw)(WINDOW*, chtype, int)) {
  Arguments args{rest.values};
  TRY(args.begin(t, method, 2, 3));
  Value what = args.take();
  int n = TRY(args.take_int(t));
  i64 attributes = args.left() ? TRY(attributes_from(t, args.take())) : i64{A_NORMAL};
  chtype c = TRY(chtype_from(t, self, what));
  CursesLock lock(t);
  TRY(check_curses(t, args.move(self->window_), "wmove"));
  return check_curses(t, draw(self->window_, c | static_cast<attr_t>(attributes), n), method);
}
static Result<void> window_hline(Thread& t, CursesWindow* self, Rest rest) { return draw_line(t, self, rest, "hline", whline); }
static Result<void> window_vline(Thread& t, CursesWindow* self, Rest rest) { return draw_line(t, self, rest, "vline", wvline); }

static Result<void> window_border(Thread& t, CursesWindow* self, Rest rest) {
  chtype c[8] = {};  // 0: the default
  Tuple* args = rest.values;
  if (args->length() > 8)
    return raise_type_error(t, "border expected at most 8 arguments, got {}", static_cast<i64>(args->length()));
  for (Index i = 0; i < args->length(); ++i) c[i] = TRY(chtype_from(t, self, args->at(i)));
  CursesLock lock(t);
  (void)wborder(self->window_, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
  return ok;
}
static Result<void> window_box(Thread& t, CursesWindow* self, Rest rest) {
  Tuple* args = rest.values;
  if (args->length() != 0 && args->length() != 2) return raise_count(t, "box", 0, 2);
  chtype vertical = 0, horizontal = 0;
  if (args->length()) {
    vertical = TRY(chtype_from(t, self, args->at(0)));
    horizontal = TRY(chtype_from(t, self, args->at(1)));
  }
  CursesLock lock(t);
  (void)wborder(self->window_, vertical, vertical, horizontal, horizontal, 0, 0, 0, 0);
  return ok;
}

static Result<void> window_echochar(Thread& t, CursesWindow* self, Value what, Optional<Value> attributes) {
  i64 a = attributes.present ? TRY(attributes_from(t, attributes.value)) : i64{A_NORMAL};
  chtype c = TRY(chtype_from(t, self, what)) | static_cast<attr_t>(a);
  CursesLock lock(t);
  WINDOW* w = self->window_;
  bool pad = is_pad(w);
  return check_curses(t, pad ? pechochar(w, c) : wechochar(w, c), "echochar");
}
static Result<void> set_background(Thread& t, CursesWindow* self, Value what, Optional<Value> attributes, bool now) {
  i64 a = attributes.present ? TRY(attributes_from(t, attributes.value)) : i64{A_NORMAL};
  chtype c = TRY(chtype_from(t, self, what)) | static_cast<attr_t>(a);
  CursesLock lock(t);
  if (now) return check_curses(t, wbkgd(self->window_, c), "bkgd");
  wbkgdset(self->window_, c);
  return ok;
}
static Result<void> window_bkgd(Thread& t, CursesWindow* self, Value what, Optional<Value> attributes) {
  return set_background(t, self, what, attributes, true);
}
static Result<void> window_bkgdset(Thread& t, CursesWindow* self, Value what, Optional<Value> attributes) {
  return set_background(t, self, what, attributes, false);
}
static Result<i64> window_getbkgd(Thread& t, CursesWindow* self) {
  return in_curses(t, [&] { return i64{getbkgd(self->window_)}; });
}

static Result<void> window_attron(Thread& t, CursesWindow* self, Value v) {
  i64 a = TRY(attributes_from(t, v));
  return check_curses(t, in_curses(t, [&] { return wattron(self->window_, static_cast<int>(a)); }), "attron");
}
static Result<void> window_attroff(Thread& t, CursesWindow* self, Value v) {
  i64 a = TRY(attributes_from(t, v));
  return check_curses(t, in_curses(t, [&] { return wattroff(self->window_, static_cast<int>(a)); }), "attroff");
}
static Result<void> window_attrset(Thread& t, CursesWindow* self, Value v) {
  i64 a = TRY(attributes_from(t, v));
  return check_curses(t, in_curses(t, [&] { return wattrset(self->window_, static_cast<int>(a)); }), "attrset");
}

// chgat([y, x,] [n,] attributes)
static Result<void> window_chgat(Thread& t, CursesWindow* self, Rest rest) {
  Arguments args{rest.values};
  Index count = rest.values->length();
  if (count < 1 || count > 4) return raise_type_error(t, "chgat requires 1 to 4 arguments");
  args.placed = count >= 3;
  if (args.placed) {
    args.y = TRY(args.take_int(t));
    args.x = TRY(args.take_int(t));
  }
  int n = args.left() == 2 ? TRY(args.take_int(t)) : -1;
  i64 attributes = TRY(attributes_from(t, args.take()));
  CursesLock lock(t);
  WINDOW* w = self->window_;
  attr_t a = static_cast<attr_t>(attributes);
  int code = args.move(w);
  if (code != ERR) code = wchgat(w, n, a & A_ATTRIBUTES, static_cast<short>(PAIR_NUMBER(a)), nullptr);
  if (code != ERR) (void)wtouchln(w, args.placed ? args.y : getcury(w), 1, 1);
  return check_curses(t, code, "chgat");
}

static Result<void> copy_window(Thread& t, CursesWindow* self, Rest rest, const char* method, bool overlay) {
  Tuple* args = rest.values;
  if (args->length() != 1 && args->length() != 7) return raise_count(t, method, 1, 7);
  CursesWindow* to = curses_window_or_null(args->at(0));
  if (!to) return raise_type_error(t, "{}() argument 1 must be _curses.window, not {!t}", method, args->at(0));
  int n[6];
  for (Index i = 1; i < args->length(); ++i) n[i - 1] = TRY(int_at(t, args, i));
  CursesLock lock(t);
  WINDOW *a = self->window_, *b = to->window_;
  if (args->length() == 7) return check_curses(t, copywin(a, b, n[0], n[1], n[2], n[3], n[4], n[5], overlay), "copywin");
  return check_curses(t, overlay ? ::overlay(a, b) : ::overwrite(a, b), method);
}
static Result<void> window_overlay(Thread& t, CursesWindow* self, Rest rest) {
  return copy_window(t, self, rest, "overlay", true);
}
static Result<void> window_overwrite(Thread& t, CursesWindow* self, Rest rest) {
  return copy_window(t, self, rest, "overwrite", false);
}

// Shows a window, or a part of a pad at a place of the screen.
static Result<void> show(Thread& t, CursesWindow* self, Rest rest, bool now) {
  const char* method = now ? "refresh" : "noutrefresh";
  Tuple* args = rest.values;
  if (args->length() != 0 && args->length() != 6) return raise_count(t, method, 0, 6);
  int n[6] = {};
  for (Index i = 0; i < args->length(); ++i) n[i] = TRY(int_at(t, args, i));
  WINDOW* w = self->window_;
  if (is_pad(w)) {
    if (!args->length())
      return raise_curses_error(
          t, now ? "refresh() for a pad requires 6 arguments" : "noutrefresh() called for a pad requires 6 arguments");
    int code = blocking(t, [&] {
      return now ? prefresh(w, n[0], n[1], n[2], n[3], n[4], n[5]) : pnoutrefresh(w, n[0], n[1], n[2], n[3], n[4], n[5]);
    });
    return check_curses(t, code, now ? "prefresh" : "pnoutrefresh");
  }
  if (args->length()) return raise_type_error(t, "{}() takes no arguments (6 given)", method);
  int code = blocking(t, [&] { return now ? wrefresh(w) : wnoutrefresh(w); });
  return check_curses(t, code, now ? "wrefresh" : "wnoutrefresh");
}
static Result<void> window_refresh(Thread& t, CursesWindow* self, Rest rest) { return show(t, self, rest, true); }
static Result<void> window_noutrefresh(Thread& t, CursesWindow* self, Rest rest) { return show(t, self, rest, false); }

// ---------------------------------------------------------------------------------------------------------------- input

static Result<void> move_to_place(Thread& t, CursesWindow* self, Rest rest, const char* method, bool* moved) {
  Arguments args{rest.values};
  TRY(args.begin(t, method, 0, 0));
  *moved = in_curses(t, [&] { return args.move(self->window_); }) != ERR;
  return ok;
}

static Result<i64> window_getch(Thread& t, CursesWindow* self, Rest rest) {
  bool moved;
  TRY(move_to_place(t, self, rest, "getch", &moved));
  if (!moved) return ERR;
  WINDOW* w = self->window_;
  return i64{blocking(t, [w] { return wgetch(w); })};
}
static Result<Value> window_getkey(Thread& t, CursesWindow* self, Rest rest) {
  bool moved;
  TRY(move_to_place(t, self, rest, "getkey", &moved));
  WINDOW* w = self->window_;
  int key = moved ? blocking(t, [w] { return wgetch(w); }) : ERR;
  if (key == ERR) {
    TRY(check_signals(t));
    return raise_curses_error(t, "no input");
  }
  if (key <= 255) return Value(TRY(str_from_code_point(t, static_cast<u32>(key))));
  const char* name = in_curses(t, [&] { return keyname(key); });
  return Value(TRY(str_from_utf8(t, name ? name : "")));
}
static Result<Value> window_get_wch(Thread& t, CursesWindow* self, Rest rest) {
  bool moved;
  TRY(move_to_place(t, self, rest, "get_wch", &moved));
  WINDOW* w = self->window_;
  wint_t key = 0;
  int code = moved ? blocking(t, [&] { return wget_wch(w, &key); }) : ERR;
  if (code == ERR) {
    TRY(check_signals(t));
    return raise_curses_error(t, "no input");
  }
  if (code == KEY_CODE_YES) return Value::of_small_int(static_cast<i64>(key));
  return Value(TRY(str_from_code_point(t, static_cast<u32>(key))));
}

// getstr and instr: [y, x,] [n]
struct ReadArguments {
  bool placed = false;
  int y = 0, x = 0, n = 1023;
};
static Result<ReadArguments> read_arguments(Thread& t, Rest rest, const char* too_many) {
  ReadArguments r;
  Tuple* args = rest.values;
  if (args->length() > 3) return raise_type_error(t, too_many);
  r.placed = args->length() >= 2;
  if (r.placed) {
    r.y = TRY(int_at(t, args, 0));
    r.x = TRY(int_at(t, args, 1));
  }
  if (args->length() & 1) r.n = TRY(int_at(t, args, args->length() - 1));
  if (r.n < 0) return raise_value_error(t, "'n' must be nonnegative");
  if (r.n > 1023) r.n = 1023;
  return r;
}
static Result<Value> window_getstr(Thread& t, CursesWindow* self, Rest rest) {
  ReadArguments r = TRY(read_arguments(t, rest, "getstr requires 0 to 3 arguments"));
  WINDOW* w = self->window_;
  char buffer[1024];
  int code = blocking(t, [&] {
    if (r.placed && wmove(w, r.y, r.x) == ERR) return ERR;
    return wgetnstr(w, buffer, r.n);
  });
  return Value(TRY(bytes_from(t, buffer, code == ERR ? 0 : strnlen(buffer, sizeof buffer))));
}
static Result<Value> window_instr(Thread& t, CursesWindow* self, Rest rest) {
  ReadArguments r = TRY(read_arguments(t, rest, "instr requires 0 or 3 arguments"));
  char buffer[1024];
  int code = in_curses(t, [&] {
    if (r.placed && wmove(self->window_, r.y, r.x) == ERR) return ERR;
    return winnstr(self->window_, buffer, r.n);
  });
  return Value(TRY(bytes_from(t, buffer, code == ERR ? 0 : strnlen(buffer, sizeof buffer))));
}
static Result<i64> window_inch(Thread& t, CursesWindow* self, Rest rest) {
  bool moved;
  TRY(move_to_place(t, self, rest, "inch", &moved));
  if (!moved) return i64{static_cast<chtype>(ERR)};
  return in_curses(t, [&] { return i64{winch(self->window_)}; });
}
static Result<void> window_delch(Thread& t, CursesWindow* self, Rest rest) {
  bool moved;
  TRY(move_to_place(t, self, rest, "delch", &moved));
  int code = moved ? in_curses(t, [&] { return wdelch(self->window_); }) : ERR;
  return check_curses(t, code, rest.values->length() ? "mvwdelch" : "wdelch");
}

// ---------------------------------------------------------------------------------------------------------------- geometry

static Result<Value> part_of(Thread& t, CursesWindow* self, Rest rest, const char* method, bool relative) {
  Tuple* args = rest.values;
  if (args->length() != 2 && args->length() != 4) return raise_count(t, method, 2, 4);
  int n[4] = {};
  Index from = 4 - args->length();
  for (Index i = 0; i < args->length(); ++i) n[from + i] = TRY(int_at(t, args, i));
  WINDOW* made = in_curses(t, [&] {
    WINDOW* w = self->window_;
    delete_dead_windows();
    if (relative) return derwin(w, n[0], n[1], n[2], n[3]);
    return is_pad(w) ? subpad(w, n[0], n[1], n[2], n[3]) : subwin(w, n[0], n[1], n[2], n[3]);
  });
  return make_curses_window(t, made, self);
}
static Result<Value> window_derwin(Thread& t, CursesWindow* self, Rest rest) { return part_of(t, self, rest, "derwin", true); }
static Result<Value> window_subwin(Thread& t, CursesWindow* self, Rest rest) { return part_of(t, self, rest, "subwin", false); }

static Result<Value> pair_of(Thread& t, int y, int x) { return tuple_of(t, Value::of_small_int(y), Value::of_small_int(x)); }
static Result<Value> window_getyx(Thread& t, CursesWindow* self) {
  return pair_of(t, getcury(self->window_), getcurx(self->window_));
}
static Result<Value> window_getbegyx(Thread& t, CursesWindow* self) {
  return pair_of(t, getbegy(self->window_), getbegx(self->window_));
}
static Result<Value> window_getmaxyx(Thread& t, CursesWindow* self) {
  return pair_of(t, getmaxy(self->window_), getmaxx(self->window_));
}
static Result<Value> window_getparyx(Thread& t, CursesWindow* self) {
  return pair_of(t, getpary(self->window_), getparx(self->window_));
}
static Result<bool> window_enclose(Thread& t, CursesWindow* self, int y, int x) {
  return in_curses(t, [&] { return bool{wenclose(self->window_, y, x)}; });
}
static Result<bool> window_is_wintouched(Thread& t, CursesWindow* self) {
  return in_curses(t, [&] { return bool{is_wintouched(self->window_)}; });
}
static Result<bool> window_is_linetouched(Thread& t, CursesWindow* self, int line) {
  WINDOW* w = self->window_;
  if (line < 0 || line >= getmaxy(w)) return raise_type_error(t, "is_linetouched: line number outside of boundaries");
  return in_curses(t, [&] { return bool{is_linetouched(w, line)}; });
}
static Result<void> window_scroll(Thread& t, CursesWindow* self, Rest rest) {
  if (rest.values->length() > 1) return raise_count(t, "scroll", 0, 1);
  int n = rest.values->length() ? TRY(int_at(t, rest.values, 0)) : 1;
  return check_curses(t, in_curses(t, [&] { return wscrl(self->window_, n); }), "scroll");
}
static Result<void> window_touchline(Thread& t, CursesWindow* self, Rest rest) {
  Tuple* args = rest.values;
  if (args->length() != 2 && args->length() != 3) return raise_count(t, "touchline", 2, 3);
  int start = TRY(int_at(t, args, 0)), count = TRY(int_at(t, args, 1));
  int changed = args->length() == 3 ? TRY(int_at(t, args, 2)) : 1;
  int code = in_curses(t, [&] { return wtouchln(self->window_, start, count, changed != 0); });
  return check_curses(t, code, "touchline");
}
static Result<void> window_redrawln(Thread& t, CursesWindow* self, int begin, int count) {
  return check_curses(t, in_curses(t, [&] { return wredrawln(self->window_, begin, count); }), "redrawln");
}
static Result<void> window_setscrreg(Thread& t, CursesWindow* self, int top, int bottom) {
  return check_curses(t, in_curses(t, [&] { return wsetscrreg(self->window_, top, bottom); }), "wsetscrreg");
}

// A tuple of so many ints; `expected` is the message for others.
static Result<void> ints_of(Thread& t, Rest rest, int* out, Index n, const char* expected) {
  if (rest.values->length() != n) return raise_type_error(t, expected);
  for (Index i = 0; i < n; ++i) out[i] = TRY(int_at(t, rest.values, i));
  return ok;
}
#define PLAIN_METHOD(name, function)                                                          \
  static Result<void> window_##name(Thread& t, CursesWindow* self) {                          \
    return check_curses(t, in_curses(t, [&] { return function(self->window_); }), #function); \
  }
PLAIN_METHOD(clear, wclear)
PLAIN_METHOD(clrtobot, wclrtobot)
PLAIN_METHOD(clrtoeol, wclrtoeol)
PLAIN_METHOD(deleteln, wdeleteln)
PLAIN_METHOD(erase, werase)
PLAIN_METHOD(insertln, winsertln)
PLAIN_METHOD(redrawwin, redrawwin)
PLAIN_METHOD(standend, wstandend)
PLAIN_METHOD(standout, wstandout)
PLAIN_METHOD(touchwin, touchwin)
PLAIN_METHOD(untouchwin, untouchwin)
#undef PLAIN_METHOD
#define VOID_METHOD(name, function)                                  \
  static Result<void> window_##name(Thread& t, CursesWindow* self) { \
    in_curses(t, [&] { function(self->window_); });                  \
    return ok;                                                       \
  }
VOID_METHOD(cursyncup, wcursyncup)
VOID_METHOD(syncdown, wsyncdown)
VOID_METHOD(syncup, wsyncup)
#undef VOID_METHOD
#define FLAG_METHOD(name, call)                                                                    \
  static Result<void> window_##name(Thread& t, CursesWindow* self, Rest rest) {                    \
    int flag[1];                                                                                   \
    TRY(ints_of(t, rest, flag, 1, "True(1) or False(0)"));                                         \
    auto function = [](WINDOW* w, bool on) { return call; };                                       \
    return check_curses(t, in_curses(t, [&] { return function(self->window_, flag[0]); }), #name); \
  }
FLAG_METHOD(clearok, clearok(w, on))
FLAG_METHOD(idcok, (idcok(w, on), OK))
FLAG_METHOD(idlok, idlok(w, on))
FLAG_METHOD(immedok, (immedok(w, on), OK))
FLAG_METHOD(keypad, keypad(w, on))
FLAG_METHOD(leaveok, leaveok(w, on))
FLAG_METHOD(nodelay, nodelay(w, on))
FLAG_METHOD(notimeout, notimeout(w, on))
FLAG_METHOD(scrollok, scrollok(w, on))
FLAG_METHOD(syncok, syncok(w, on))
#undef FLAG_METHOD
#define INTS_METHOD(name, count, expected, c_name, call)                        \
  static Result<void> window_##name(Thread& t, CursesWindow* self, Rest rest) { \
    int n[count];                                                               \
    TRY(ints_of(t, rest, n, count, expected));                                  \
    WINDOW* w = self->window_;                                                  \
    return check_curses(t, in_curses(t, [&] { return call; }), c_name);         \
  }
INTS_METHOD(insdelln, 1, "nlines", "winsdelln", winsdelln(w, n[0]))
INTS_METHOD(move, 2, "y,x", "wmove", wmove(w, n[0], n[1]))
INTS_METHOD(mvwin, 2, "y,x", "mvwin", mvwin(w, n[0], n[1]))
INTS_METHOD(mvderwin, 2, "y,x", "mvderwin", mvderwin(w, n[0], n[1]))
INTS_METHOD(resize, 2, "lines,columns", "wresize", wresize(w, n[0], n[1]))
INTS_METHOD(timeout, 1, "delay", "timeout", (wtimeout(w, n[0]), OK))
#undef INTS_METHOD

// ---------------------------------------------------------------------------------------------------------------- files

static Result<void> window_putwin(Thread& t, CursesWindow* self, Value file) {
  FILE* copy = tmpfile();
  if (!copy) return raise_errno(t);
  char* data = nullptr;
  usize n = 0;
  int code = in_curses(t, [&] { return putwin(self->window_, copy); });
  if (code != ERR && fflush(copy) == 0) {
    long end = fseek(copy, 0, SEEK_END) == 0 ? ftell(copy) : 0;
    rewind(copy);
    data = static_cast<char*>(malloc(static_cast<usize>(end) + 1));
    n = data ? fread(data, 1, static_cast<usize>(end), copy) : 0;
  }
  fclose(copy);
  Result<Bytes*> bytes = bytes_from(t, data, n);
  free(data);
  TRY(check_curses(t, code, "putwin"));
  TRY(call_method(t, file, names.write, Value(TRY(bytes))));
  return ok;
}

static Result<Value> get_encoding(Thread& t, Value self) { return Value(self.as<CursesWindow>()->encoding_.get()); }
static Result<void> set_encoding(Thread& t, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(t, "encoding may not be deleted");
  if (!is<Str>(v)) return raise_type_error(t, "setting encoding to a non-string");
  TRY(str_utf8(t, v.as<Str>(), &v));
  self.as<CursesWindow>()->encoding_.set(self.cell(), v.as<Str>());
  return ok;
}

static constinit NativeDef window_methods[] = {
    native<window_addch>("addch($self, /, *<args>)",
                         "addch([y, x,] ch, [attr])\n\nPut a character, at the cursor or at (y, x), over what was there."),
    native<window_addnstr>("addnstr($self, /, *<args>)",
                           "addnstr([y, x,] str, n, [attr])\n\nPut at most n characters of a string."),
    native<window_addstr>("addstr($self, /, *<args>)", "addstr([y, x,] str, [attr])\n\nPut a string over what was there."),
    native<window_attroff>("attroff($self, attr, /)", "Write without an attribute from now on."),
    native<window_attron>("attron($self, attr, /)", "Write with an attribute, too, from now on."),
    native<window_attrset>("attrset($self, attr, /)", "Write with these attributes from now on."),
    native<window_bkgd>("bkgd($self, ch, attr=_curses.A_NORMAL, /)", "Change the background, also of what is there."),
    native<window_bkgdset>("bkgdset($self, ch, attr=_curses.A_NORMAL, /)", "Change the background of what is written later."),
    native<window_border>("border($self, /, *<args>)",
                          "border([ls, [rs, [ts, [bs, [tl, [tr, [bl, [br]]]]]]]])\n\nDraw a border: the left, right, top and "
                          "bottom sides,\nthen the corners."),
    native<window_box>("box($self, /, *<args>)", "box([verch, horch])\n\nDraw a border from two characters."),
    native<window_chgat>("chgat($self, /, *<args>)",
                         "chgat([y, x,] [n,] attr)\n\nGive n characters, or the rest of the line, other attributes."),
    native<window_clear>("clear($self, /)", "Erase, and draw the whole screen anew at the next refresh."),
    native<window_clearok>("clearok($self, /, *<args>)",
                           "clearok(flag)\n\nWhether the next refresh draws the whole screen anew."),
    native<window_clrtobot>("clrtobot($self, /)", "Erase from the cursor to the end of the window."),
    native<window_clrtoeol>("clrtoeol($self, /)", "Erase from the cursor to the end of the line."),
    native<window_cursyncup>("cursyncup($self, /)", "Move the cursors of the windows around this one to where its own is."),
    native<window_delch>("delch($self, /, *<args>)", "delch([y, x])\n\nDelete a character; the rest of the line moves up."),
    native<window_deleteln>("deleteln($self, /)", "Delete the cursor's line; those below move up."),
    native<window_derwin>(
        "derwin($self, /, *<args>)",
        "derwin([nlines, ncols,] begin_y, begin_x)\n\nA window that is a part of this one, from a place in it."),
    native<window_echochar>("echochar($self, ch, attr=_curses.A_NORMAL, /)", "Put a character and refresh."),
    native<window_enclose>("enclose($self, y, x, /)", "Whether a place of the screen is inside the window."),
    native<window_erase>("erase($self, /)", "Erase the window."),
    native<window_get_wch>("get_wch($self, /, *<args>)",
                           "get_wch([y, x])\n\nRead a key: a str, or an int for a key without one."),
    native<window_getbegyx>("getbegyx($self, /)", "Where on the screen the window begins: (y, x)."),
    native<window_getbkgd>("getbkgd($self, /)", "The background: a character with attributes."),
    native<window_getch>("getch($self, /, *<args>)", "getch([y, x])\n\nRead a key as an int; -1 if there is none in time."),
    native<window_getkey>("getkey($self, /, *<args>)", "getkey([y, x])\n\nRead a key as a str: a character, or a key's name."),
    native<window_getmaxyx>("getmaxyx($self, /)", "Height and width: (y, x)."),
    native<window_getparyx>("getparyx($self, /)", "Where in the window that it is a part of it begins; (-1, -1) if it is none."),
    native<window_getstr>("getstr($self, /, *<args>)", "getstr([y, x,] [n=1023])\n\nRead a line of bytes."),
    native<window_getyx>("getyx($self, /)", "Where the cursor is: (y, x)."),
    native<window_hline>("hline($self, /, *<args>)", "hline([y, x,] ch, n, [attr])\n\nDraw a horizontal line of n characters."),
    native<window_idcok>("idcok($self, /, *<args>)",
                         "idcok(flag)\n\nWhether the terminal may insert and delete characters itself."),
    native<window_idlok>("idlok($self, /, *<args>)", "idlok(flag)\n\nWhether the terminal may insert and delete lines itself."),
    native<window_immedok>("immedok($self, /, *<args>)", "immedok(flag)\n\nWhether each change is shown at once."),
    native<window_inch>("inch($self, /, *<args>)", "inch([y, x])\n\nThe character at a place, with its attributes."),
    native<window_insch>("insch($self, /, *<args>)",
                         "insch([y, x,] ch, [attr])\n\nInsert a character; the rest of the line moves on."),
    native<window_insdelln>("insdelln($self, /, *<args>)",
                            "insdelln(nlines)\n\nInsert lines above the cursor's, or delete -nlines."),
    native<window_insertln>("insertln($self, /)", "Insert a line above the cursor's."),
    native<window_insnstr>("insnstr($self, /, *<args>)",
                           "insnstr([y, x,] str, n, [attr])\n\nInsert the start of str, no more than n characters, before the "
                           "cursor.\n\nText to the right moves along, and what leaves the line is lost.  If n is\nzero or "
                           "negative, the whole string goes in.  With y and x, the cursor is\nmoved there first; inserting does "
                           "not move it.  attr gives the attributes\nof the new characters."),
    native<window_insstr>("insstr($self, /, *<args>)", "insstr([y, x,] str, [attr])\n\nInsert a string."),
    native<window_instr>("instr($self, /, *<args>)",
                         "instr([y, x,] [n=1023])\n\nThe bytes shown from a place to the end of its line."),
    native<window_is_linetouched>("is_linetouched($self, line, /)", "Whether a line has changed since the last refresh."),
    native<window_is_wintouched>("is_wintouched($self, /)", "Whether the window has changed since the last refresh."),
    native<window_keypad>("keypad($self, /, *<args>)", "keypad(flag)\n\nWhether function keys are read as one value each."),
    native<window_leaveok>("leaveok($self, /, *<args>)",
                           "leaveok(flag)\n\nWhether a refresh leaves the cursor where it ends up."),
    native<window_move>("move($self, /, *<args>)", "move(y, x)\n\nMove the cursor."),
    native<window_mvderwin>("mvderwin($self, /, *<args>)", "mvderwin(y, x)\n\nShow another part of the window around this one."),
    native<window_mvwin>("mvwin($self, /, *<args>)", "mvwin(y, x)\n\nMove the window."),
    native<window_nodelay>("nodelay($self, /, *<args>)", "nodelay(flag)\n\nWhether reading a key never waits."),
    native<window_notimeout>("notimeout($self, /, *<args>)", "notimeout(flag)\n\nWhether a sequence of an escape is waited for."),
    native<window_noutrefresh>("noutrefresh($self, /, *<args>)",
                               "noutrefresh([pminrow, pmincol, sminrow, smincol, smaxrow, smaxcol])\n\nPrepare what the next "
                               "doupdate() shows. Pads need the arguments."),
    native<window_overlay>("overlay($self, /, *<args>)",
                           "overlay(destwin, [sminrow, smincol, dminrow, dmincol, dmaxrow, dmaxcol])\n\nCopy onto another window "
                           "what is not blank."),
    native<window_overwrite>(
        "overwrite($self, /, *<args>)",
        "overwrite(destwin, [sminrow, smincol, dminrow, dmincol, dmaxrow, dmaxcol])\n\nPut this window's contents over those of "
        "destwin, blanks included.\n\nWith destwin alone, the area where both windows overlap is copied.  The\nsix numbers pick "
        "a part: sminrow and smincol are its upper left corner in\nthis window; the others are the first and last row and column "
        "that it\nfills in destwin."),
    native<window_putwin>("putwin($self, file, /)", "Write the window to a file, for getwin()."),
    native<window_redrawln>("redrawln($self, beg, num, /)", "Draw some lines anew at the next refresh."),
    native<window_redrawwin>("redrawwin($self, /)", "Draw the window anew at the next refresh."),
    native<window_refresh>(
        "refresh($self, /, *<args>)",
        "refresh([pminrow, pmincol, sminrow, smincol, smaxrow, smaxcol])\n\nShow what has changed. Pads need the "
        "arguments."),
    native<window_resize>("resize($self, /, *<args>)", "resize(nlines, ncols)\n\nChange the size."),
    native<window_scroll>("scroll($self, /, *<args>)", "scroll([lines=1])\n\nScroll up, or down if it is negative."),
    native<window_scrollok>("scrollok($self, /, *<args>)", "scrollok(flag)\n\nWhether the window scrolls at its end."),
    native<window_setscrreg>("setscrreg($self, top, bottom, /)", "Scroll these lines only."),
    native<window_standend>("standend($self, /)", "Write without attributes from now on."),
    native<window_standout>("standout($self, /)", "Write standing out from now on."),
    native<window_subwin>("subpad($self, /, *<args>)", "subpad([nlines, ncols,] begin_y, begin_x)\n\nA part of a pad."),
    native<window_subwin>("subwin($self, /, *<args>)",
                          "subwin([nlines, ncols,] begin_y, begin_x)\n\nA window that is a part of this one, from a place of the "
                          "screen."),
    native<window_syncdown>("syncdown($self, /)", "Take over what has changed in the windows around this one."),
    native<window_syncok>("syncok($self, /, *<args>)",
                          "syncok(flag)\n\nWhether each change is told to the windows around this one."),
    native<window_syncup>("syncup($self, /)", "Tell the windows around this one what has changed."),
    native<window_timeout>("timeout($self, /, *<args>)",
                           "timeout(delay)\n\nHow many milliseconds reading a key waits; -1: for ever."),
    native<window_touchline>("touchline($self, /, *<args>)",
                             "touchline(start, count, [changed=True])\n\nMark lines as changed, or not."),
    native<window_touchwin>("touchwin($self, /)", "Mark the whole window as changed."),
    native<window_untouchwin>("untouchwin($self, /)", "Mark the whole window as unchanged."),
    native<window_vline>("vline($self, /, *<args>)", "vline([y, x,] ch, n, [attr])\n\nDraw a vertical line of n characters."),
};
static constinit GetSetDef window_getsets[] = {
    {"encoding", get_encoding, set_encoding, "the encoding of characters that are bytes"}};
constinit TypeDef curses_window_def = {.name = "_curses.window",
                                       .dynamic_kind = &DynamicKind<CursesWindow>::value,
                                       .payload_size = sizeof(CursesWindow),
                                       .flags = kTypeNoInstances,
                                       .methods = window_methods,
                                       .method_count = count_of(window_methods),
                                       .getsets = window_getsets,
                                       .getset_count = 1,
                                       .kind_info = kind_info_of<CursesWindow>("_curses.window")};

}  // namespace baton
