// What _curses, its windows and _curses_panel share.
//
// The library (ncursesw) is opened when the module is imported. It is not made for threads: without a GIL its calls are made
// under one lock, but for those that wait (getch and the like), as with a GIL, which is released there. Windows and panels that
// the collector finds dead are put aside for the next call that makes or shows some: another thread may be inside the library.
#pragma once
#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "modules/os_support.h"
#include "objects/codecs.h"
#include "objects/new_exception.h"
#include "objects/tuple.h"
#include "threads/gil.h"
#include "threads/mutex.h"

namespace baton {

class CursesWindow final : public Cell {
 public:
  void init(WINDOW* window, Str* encoding, CursesWindow* parent) {
    window_ = window;
    encoding_.init(encoding);
    parent_.init(parent);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(encoding_, parent_); }
  void finalize_native();
  WINDOW* window_;
  Field<Str> encoding_;
  Field<CursesWindow> parent_;  // of a part of another window, which must be deleted first
};
extern TypeDef curses_window_def;
CursesWindow* curses_window_or_null(Value v);
Result<Value> make_curses_window(Thread& t, WINDOW* window, CursesWindow* parent = nullptr);

Failed raise_curses_error(Thread& t, const char* text);
// ERR raises "NAME() returned ERR".
Result<void> check_curses(Thread& t, int code, const char* name);
// A variable of the library.
void* curses_variable(const char* name);
template <class T>
T& curses_variable_as(const char* name) {
  return *static_cast<T*>(curses_variable(name));
}

class CursesLock {
 public:
  explicit CursesLock(Thread& t);
  ~CursesLock();
  CursesLock(const CursesLock&) = delete;
  CursesLock& operator=(const CursesLock&) = delete;

 private:
  bool locked_ = false;
};
template <class F>
auto in_curses(Thread& t, F&& call) {
  CursesLock lock(t);
  return call();
}

// A character with attributes from bytes or str of length 1, or an int. window: whose encoding counts, or null.
Result<chtype> chtype_from(Thread& t, CursesWindow* window, Value v);
Result<i64> attributes_from(Thread& t, Value v);

void delete_dead_windows();           // under the lock
extern void (*delete_dead_panels)();  // set by _curses_panel; before the windows they show
Result<void> need_initscr(Thread& t);

}  // namespace baton
