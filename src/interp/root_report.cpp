// Who holds an object: naming roots and edges. All of it happens in a stopped world within a collection: nothing is allocated
// from the heap, and what might be made on demand (a code's names) is left out if it isn't there.
#include "interp/root_report.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "heap/root_trace.h"
#include "heap/sanitizers.h"
#include "interp/frame_roots.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

extern "C" const char __executable_start, etext;  // the linker's

namespace baton {
namespace {

void add_text(std::string& out, const Str* text) {
  constexpr Index kMost = 80;
  for (Index i = 0, n = text->length(); i < n && i < kMost; ++i) {
    u32 c = text->at(i);
    out += c >= ' ' && c < 127 ? static_cast<char>(c) : '?';
  }
}
void add_value_text(std::string& out, Value v) {
  if (v.is_cell() && is<Str>(v)) add_text(out, v.as<Str>());
}

template <class... Args>
void add_format(std::string& out, const char* format, Args... args) {
  char line[160];
  snprintf(line, sizeof line, format, args...);
  out += line;
}

void add_place(std::string& out, const Frame* f) {
  add_text(out, f->code->name());
  out += " at ";
  add_text(out, f->code->filename());
  add_format(out, ":%d", frame_line(f));
}

// ---- roots ----

void add_thread(std::string& out, const Thread& thread) { add_format(out, "thread %u (%s)", thread.os_tid(), thread.name()); }

// Which of the thread's own values, or of its frames' registers and fields.
void add_thread_root(std::string& out, Thread& thread, const Cell* wanted) {
  usize before = out.size();
  for_each_thread_value(thread, [&](const char* what, Value v) {
    if (v == Value(wanted) && out.size() == before) out += what;
  });
  struct Finder {
    std::string& out;
    const Cell* wanted;
    usize before;
    void one(const Frame* f, const char* what, Value v) {
      if (v != Value(wanted) || out.size() != before) return;
      out += what;
      out += " of ";
      add_place(out, f);
    }
    void registers(const Frame* f, u32 from, u32 to) {
      for (u32 i = from; i < to && out.size() == before; ++i) {
        if (f->registers[i] != Value(wanted)) continue;
        add_format(out, "register %u", i);
        Tuple* names = f->code->varnames_.get();
        if (names && static_cast<Index>(i) < names->length()) {
          out += " (";
          add_value_text(out, names->at(static_cast<Index>(i)));
          out += ')';
        }
        out += " of ";
        add_place(out, f);
      }
    }
  } finder{out, wanted, before};
  for_each_frame_root(thread, finder);
  if (out.size() == before) out += "result of a call";
  out += ", ";
  add_thread(out, thread);
}

// The frame whose call into C++ the word belongs to; null: below all of them.
const Frame* caller_of(Thread& thread, const void* word) {
  const Frame* f = thread.top_frame_;
  auto* state = static_cast<InterpState*>(thread.interp_state_);
  for (const Activation* a = state ? state->activation : nullptr; a && a <= word; a = a->previous) {
    while (f && f->entry != static_cast<u8>(EntryKind::Native) && f->entry != static_cast<u8>(EntryKind::GeneratorNative))
      f = f->previous;
    if (f) f = f->previous;
  }
  return f;
}

// The first word behind it that looks like a return address names the C++ function, most of the time.
BATON_NO_SANITIZE const u64* return_address_behind(const void* word, const char* base) {
  u64 low = reinterpret_cast<u64>(&__executable_start), high = reinterpret_cast<u64>(&etext);
  for (auto* at = static_cast<const u64*>(word) + 1; reinterpret_cast<const char*>(at) < base; ++at)
    if (*at > low && *at < high) return at;
  return nullptr;
}

void add_stack_root(std::string& out, Thread& thread, const void* word) {
  out += "C++ stack of ";
  add_thread(out, thread);
  add_format(out, ", word %p, %td bytes above its end", word, static_cast<const char*>(word) - thread.published_sp());
  if (const u64* at = return_address_behind(word, thread.stack().base)) {
    Dl_info info;
    if (dladdr(reinterpret_cast<void*>(*at), &info)) {
      const char* name = strrchr(info.dli_fname, '/');
      add_format(out, ", before a return to %s+%#llx", name ? name + 1 : info.dli_fname,
                 static_cast<unsigned long long>(*at - reinterpret_cast<u64>(info.dli_fbase)));
    }
  }
  if (const Frame* f = caller_of(thread, word)) {
    out += ", in what was called by ";
    add_place(out, f);
  }
}

void add_root(std::string& out, const RootPath& path) {
  auto* thread = static_cast<Thread*>(path.mutator);
  switch (path.kind) {
    case RootKind::Stack: return add_stack_root(out, *thread, path.place);
    case RootKind::Mutator: return add_thread_root(out, *thread, path.cells[0]);
    case RootKind::Global: out += "the runtime's own tables"; return;
    case RootKind::Root: add_format(out, "Root at %p", path.place); return;
    case RootKind::RootVector: add_format(out, "RootVector at %p", path.place); return;
    case RootKind::FinalizerQueue: out += "queue of finalizers"; return;
    case RootKind::Frozen: out += "gc.freeze()"; return;
  }
}

// ---- cells ----

bool has_type(const Cell* cell) { return cell->shape_id() != 0 && cell->kind() != kKindShape; }

void add_cell(std::string& out, Cell* cell) {
  if (!has_type(cell)) {
    const char* name = kind_info(cell->kind()).name;
    out += name ? name : "?";
    return;
  }
  Value v(cell);
  add_text(out, type_of(v)->name());
  usize before = out.size();
  out += ' ';
  if (is<Type>(v))
    add_text(out, v.as<Type>()->name());
  else if (is<Function>(v))
    add_value_text(out, v.as<Function>()->qualname_.get());
  else if (is<Code>(v))
    add_text(out, v.as<Code>()->name());
  else if (is<FrameObject>(v))
    add_text(out, v.as<FrameObject>()->code_->name());
  else if (is<Module>(v))
    add_value_text(out, dict_find_str(v.as<Module>()->dict(), names.dunder_name));
  else if (is<Str>(v))
    add_text(out, v.as<Str>());
  if (out.size() == before + 1) out.pop_back();
  add_format(out, " at %p", static_cast<void*>(cell));
}

void add_key(std::string& out, Value key) {
  if (key.is_small_int()) return add_format(out, "%lld", static_cast<long long>(key.small_int()));
  if (!key.is_cell()) return;
  if (!is<Str>(key)) return add_cell(out, key.cell());
  out += '\'';
  add_text(out, key.as<Str>());
  out += '\'';
}

// The attribute, key or index by which `from` refers to `to`, over whatever storage; false: none is known.
bool add_edge(std::string& out, Cell* from, const Cell* to) {
  if (!has_type(from)) return false;
  Value v(from), wanted(to);
  if (is<Dict>(v)) {
    DictTable* table = v.as<Dict>()->table();
    for (u32 i = 0, n = table ? table->entry_count() : 0; i < n; ++i) {
      const DictEntry& e = table->entries()[i];
      if (e.value.get() == wanted) {
        out += "value of ";
        add_key(out, e.key.get());
        return true;
      }
      if (e.key.get() == wanted) {
        out += "key";
        return true;
      }
    }
  }
  Index n = is<Tuple>(v) ? v.as<Tuple>()->length() : is<List>(v) ? v.as<List>()->length() : 0;
  for (Index i = 0; i < n; ++i) {
    Value item = is<Tuple>(v) ? v.as<Tuple>()->at(i) : v.as<List>()->try_at(i);
    if (item != wanted) continue;
    add_format(out, "item %lld", static_cast<long long>(i));
    return true;
  }
  Shape* shape = shape_of(from);
  ObjectTail* tail = tail_of(from);
  if (!tail || shape->is_dictionary_mode()) return false;
  for (u32 i = 0; i < shape->count(); ++i) {
    Field<Value>* slot = attribute_slot(tail, shape, i);
    if (!slot || slot->get() != wanted) continue;
    out += "attribute ";
    add_text(out, shape->name_at(i));
    return true;
  }
  return false;
}

// ---- -X why_alive ----

const char* wanted_type;  // set once
usize reported;           // in this collection; changed in a stopped world
constexpr usize kMostReported = 8;

bool is_named(const Type* type, std::string_view name) {
  std::string text;
  add_text(text, type->qualname_.get() ? type->qualname_.get() : type->name());
  if (text == name) return true;
  Value module = type->dict() ? dict_find_str(type->dict(), names.dunder_module) : Value();
  std::string whole;
  add_value_text(whole, module);
  return whole + '.' + text == name;
}

void write_line(const std::string& text) {
  for (usize done = 0; done < text.size();) {
    ssize_t n = write(2, text.data() + done, text.size() - done);
    if (n <= 0) return;
    done += static_cast<usize>(n);
  }
}

bool is_of_wanted_type(Cell* cell, void*) { return has_type(cell) && is_named(type_of(Value(cell)), wanted_type); }

void report_path(const RootPath& path, void*) {
  if (++reported > kMostReported) return;
  write_line("why_alive: " + root_path_text(path) + '\n');
}

void report_sum(void*) {
  std::string line = "why_alive: ";
  add_format(line, "%zu alive: ", reported);
  write_line(line + wanted_type + '\n');
  reported = 0;
}

constexpr RootTrace reports{is_of_wanted_type, report_path, report_sum, nullptr};

}  // namespace

std::string root_path_text(const RootPath& path) {
  std::string out;
  add_root(out, path);
  for (usize i = 0; i < path.length; ++i) {
    out += "\n  ";
    bool skips_storage = i >= 2 && !has_type(path.cells[i - 1]);
    if (i > 0 && add_edge(out, path.cells[skips_storage ? i - 2 : i - 1], path.cells[i])) out += ": ";
    add_cell(out, path.cells[i]);
  }
  return out;
}

void report_roots_of(const char* type_name) {
  wanted_type = type_name;
  heap_trace_collections(&reports);
}

std::string roots_of(Thread& thread, bool (*is_wanted)(Cell* cell, void* context), void* context, bool is_exact) {
  struct Ask {
    bool (*is_wanted)(Cell* cell, void* context);
    void* context;
    std::string text;
  } ask{is_wanted, context, {}};
  RootTrace trace{[](Cell* cell, void* p) {
                    auto* ask = static_cast<Ask*>(p);
                    return ask->text.empty() && ask->is_wanted(cell, ask->context);
                  },
                  [](const RootPath& path, void* p) { static_cast<Ask*>(p)->text = root_path_text(path); }, nullptr, &ask};
  ExactStack stack(thread, is_exact);
  heap_collect_and_trace(thread, trace);
  return ask.text;
}

}  // namespace baton
