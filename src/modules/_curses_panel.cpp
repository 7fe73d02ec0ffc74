// _curses_panel: windows in a stack, those further up shown over the others. libpanelw is loaded when the module is imported.
//
// The library's stack knows its own panels only: a table finds the objects for them. It does not keep them alive; a panel that is
// found dead leaves the stack when a panel is made or the stack is shown.
#include "modules/curses_internal.h"
// After curses.h.
#include <panel.h>

#include <iterator>

#include "base/on_demand.h"
#include "heap/pod_vector.h"

#define IMPORT(name) BATON_ON_DEMAND_DEFINE(name)
#include "modules/libpanelw.def"
#undef IMPORT

namespace baton {

static const OnDemandImport panel_imports[] = {
#define IMPORT(name) {#name, &baton_slot_##name},
#include "modules/libpanelw.def"
#undef IMPORT
};
static OnDemandLibrary panel_library(BATON_SONAME_PANELW, panel_imports, std::size(panel_imports));

static Root<Type>* panel_error_type = nullptr;

class CursesPanel final : public Cell {
 public:
  void init(PANEL* panel, CursesWindow* window) {
    panel_ = panel;
    window_.init(window);
    user_.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const { visit(window_, user_); }
  void finalize_native();
  PANEL* panel_;
  Field<CursesWindow> window_;
  Field<Value> user_;  // absent: none set
};
extern TypeDef curses_panel_def;

struct PanelEntry {
  PANEL* panel;
  CursesPanel* object;
};
static Mutex table_mutex;  // also taken by the collector: nothing allocates under it
static PodVector<PanelEntry> table;
static PodVector<PANEL*> dead_panels;

void CursesPanel::finalize_native() {
  Guard guard(table_mutex);
  for (usize i = 0; i < table.size(); ++i) {
    if (table[i].object != this) continue;
    table[i] = table.back();
    table.pop();
    break;
  }
  if (panel_) dead_panels.push(panel_);
}
static void delete_dead() {
  Guard guard(table_mutex);
  for (PANEL* panel : dead_panels) (void)del_panel(panel);
  dead_panels.clear();
}

// The object of a panel of the library's; None for null.
static Value object_of(PANEL* panel) {
  if (!panel) return kNone;
  Guard guard(table_mutex);
  for (const PanelEntry& entry : table)
    if (entry.panel == panel) return Value(entry.object);
  return kNone;
}
static Failed raise_panel_error(Thread& t, const char* text) {
  Value message = Value(TRY(str_from_utf8(t, text)));
  return raise_with_args(t, panel_error_type->get(), &message, 1);
}
static Result<void> check_panel(Thread& t, int code, const char* name) {
  if (code != ERR) return ok;
  char text[64];
  snprintf(text, sizeof text, "%s() returned ERR", name);
  return raise_panel_error(t, text);
}

static Result<Value> panel_above_method(Thread& t, CursesPanel* self) {
  CursesLock lock(t);
  delete_dead();
  return object_of(panel_above(self->panel_));
}
static Result<Value> panel_below_method(Thread& t, CursesPanel* self) {
  CursesLock lock(t);
  delete_dead();
  return object_of(panel_below(self->panel_));
}
static Result<void> panel_bottom_method(Thread& t, CursesPanel* self) {
  return check_panel(t, in_curses(t, [&] { return bottom_panel(self->panel_); }), "bottom_panel");
}
static Result<void> panel_hide_method(Thread& t, CursesPanel* self) {
  return check_panel(t, in_curses(t, [&] { return hide_panel(self->panel_); }), "hide_panel");
}
static Result<void> panel_show_method(Thread& t, CursesPanel* self) {
  return check_panel(t, in_curses(t, [&] { return show_panel(self->panel_); }), "show_panel");
}
static Result<void> panel_top_method(Thread& t, CursesPanel* self) {
  return check_panel(t, in_curses(t, [&] { return top_panel(self->panel_); }), "top_panel");
}
static Result<bool> panel_hidden_method(Thread& t, CursesPanel* self) {
  return in_curses(t, [&] { return panel_hidden(self->panel_) == TRUE; });
}
static Result<void> panel_move_method(Thread& t, CursesPanel* self, int y, int x) {
  return check_panel(t, in_curses(t, [&] { return move_panel(self->panel_, y, x); }), "move_panel");
}
static Result<void> panel_replace_method(Thread& t, CursesPanel* self, Value window) {
  CursesWindow* wanted = curses_window_or_null(window);
  if (!wanted) return raise_type_error(t, "replace() argument 1 must be _curses.window, not {!t}", window);
  TRY(check_panel(t, in_curses(t, [&] { return replace_panel(self->panel_, wanted->window_); }), "replace_panel"));
  self->window_.set(self, wanted);
  return ok;
}
static Result<Value> panel_window_method(Thread&, CursesPanel* self) { return Value(self->window_.get()); }
static Result<void> panel_set_userptr_method(Thread&, CursesPanel* self, Value object) {
  self->user_.set(self, object);
  return ok;
}
static Result<Value> panel_userptr_method(Thread& t, CursesPanel* self) {
  Value user = self->user_.get();
  if (user.is_absent()) return raise_panel_error(t, "no userptr set");
  return user;
}

static Result<Value> panels_bottom(Thread& t) {
  TRY(need_initscr(t));
  CursesLock lock(t);
  delete_dead();
  return object_of(panel_above(nullptr));
}
static Result<Value> panels_top(Thread& t) {
  TRY(need_initscr(t));
  CursesLock lock(t);
  delete_dead();
  return object_of(panel_below(nullptr));
}
static Result<void> panels_update(Thread& t) {
  TRY(need_initscr(t));
  in_curses(t, [] {
    delete_dead();
    update_panels();
  });
  return ok;
}
static Result<Value> panels_new(Thread& t, Value window) {
  CursesWindow* wanted = curses_window_or_null(window);
  if (!wanted) return raise_type_error(t, "new_panel() argument must be _curses.window, not {!t}", window);
  CursesPanel* made = TRY(make_of<CursesPanel>(t, TRY(type_from_def(t, curses_panel_def)), nullptr, wanted));
  CursesLock lock(t);
  delete_dead();
  PANEL* panel = new_panel(wanted->window_);
  if (!panel) return raise_panel_error(t, "curses function returned NULL");
  made->panel_ = panel;
  Guard guard(table_mutex);
  table.push({panel, made});
  return Value(made);
}

static constinit NativeDef panel_methods[] = {
    native<panel_above_method>("above($self, /)", "The panel above this one, or None."),
    native<panel_below_method>("below($self, /)", "The panel below this one, or None."),
    native<panel_bottom_method>("bottom($self, /)", "Put the panel below all others."),
    native<panel_hidden_method>("hidden($self, /)", "Whether the panel is hidden."),
    native<panel_hide_method>("hide($self, /)", "Take the panel out of the stack."),
    native<panel_move_method>("move($self, y, x, /)", "Move the panel to a place of the screen."),
    native<panel_replace_method>("replace($self, win, /)", "Show another window in the panel."),
    native<panel_set_userptr_method>("set_userptr($self, obj, /)", "Keep an object with the panel."),
    native<panel_show_method>("show($self, /)", "Put a hidden panel above all others."),
    native<panel_top_method>("top($self, /)", "Put the panel above all others."),
    native<panel_userptr_method>("userptr($self, /)", "The object that set_userptr() has kept."),
    native<panel_window_method>("window($self, /)", "The panel's window."),
};
constinit TypeDef curses_panel_def = {.name = "_curses_panel.panel",
                                      .dynamic_kind = &DynamicKind<CursesPanel>::value,
                                      .payload_size = sizeof(CursesPanel),
                                      .flags = kTypeNoInstances,
                                      .methods = panel_methods,
                                      .method_count = count_of(panel_methods),
                                      .kind_info = kind_info_of<CursesPanel>("_curses_panel.panel")};

static constinit NativeDef panel_functions[] = {
    native<panels_bottom>("bottom_panel($module, /)", "The panel at the bottom, or None."),
    native<panels_new>("new_panel($module, win, /)", "A panel that shows a window, above all others."),
    native<panels_top>("top_panel($module, /)", "The panel at the top, or None."),
    native<panels_update>("update_panels($module, /)", "Prepare what the next doupdate() shows of the panels."),
};

static Result<void> panel_exec(Thread& t, Module* module) {
  // Its windows are those of _curses, which loads the library that libpanelw is built on.
  TRY(import_module(t, "_curses"));
  if (const char* error = panel_library.load())
    return raise_import_error(t, exceptions.ImportError, Value(TRY(str_from_utf8(t, error))), kNone, kNone);
  if (!panel_error_type) {
    panel_error_type = new Root<Type>(TRY(make_exception_type(t, "_curses_panel.error", exceptions.Exception, nullptr)));
    delete_dead_panels = delete_dead;
  }
  TRY(module_set(t, module, "error", Value(panel_error_type->get())));
  TRY(module_set(t, module, "panel", Value(TRY(type_from_def(t, curses_panel_def)))));
  for (const char* name : {"version", "__version__"}) TRY(module_set(t, module, name, Value(TRY(str_from_utf8(t, "2.1")))));
  return ok;
}
ModuleDef curses_panel_module = {
    .name = "_curses_panel", .functions = panel_functions, .function_count = count_of(panel_functions), .exec = panel_exec};

}  // namespace baton
