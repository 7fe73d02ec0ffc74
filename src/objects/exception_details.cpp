// Built-in exceptions with attributes of their own: StopIteration, SystemExit, ImportError, NameError, AttributeError, KeyError,
// SyntaxError. An attribute that was never set, or was deleted, reads as None.
#include "objects/exception_details.h"

#include "objects/dict.h"
#include "objects/numbers.h"
#include "objects/str.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- StopIteration

// The value is not stored while it is what args say: most StopIterations are made and dropped.
Value stop_iteration_value(Exception* e) {
  if (e->details()) return detail_or_none(e, kDetailValue);
  return e->args()->length() ? e->args()->at(0) : kNone;
}
static Result<Value> get_stop_value(Thread&, Value self) { return stop_iteration_value(self.as<Exception>()); }
static Result<Value> stop_iteration_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  if (e->details()) TRY(set_detail(thread, e, kDetailValue, n > 1 ? args[1] : kNone));
  return kNone;
}
static constinit NativeDef stop_iteration_methods[] = {EXCEPTION_INIT(stop_iteration_init)};
static GetSetDef stop_iteration_getsets[] = {
    {"value", get_stop_value, set_detail_row<kDetailValue>, "generator return value", true}};

static Result<Value> system_exit_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  if (n == 2)
    TRY(set_detail(thread, e, kDetailValue, args[1]));
  else if (n > 2)
    TRY(set_detail(thread, e, kDetailValue, Value(e->args())));
  return kNone;
}
static constinit NativeDef system_exit_methods[] = {EXCEPTION_INIT(system_exit_init)};
static GetSetDef system_exit_getsets[] = {DETAIL_ROW("code", kDetailValue, "exception code")};

// ---------------------------------------------------------------------------------------------------------------- keywords

struct KeywordDetail {
  const char* name;
  u32 index;
};

// Keyword arguments go to attributes; those left out become unset.
template <usize N>
static Result<void> keyword_details(Thread& thread, const char* type, Exception* e, Value const* args, usize n, Tuple* kwnames,
                                    const KeywordDetail (&list)[N]) {
  Value values[N] = {};
  for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
    bool found = false;
    for (usize i = 0; i < N && !found; ++i) {
      if (!str_equals_ascii(kwnames->at(k).as<Str>(), list[i].name)) continue;
      values[i] = args[n + static_cast<usize>(k)];
      found = true;
    }
    if (!found) return raise_type_error(thread, "'{}' is an invalid keyword argument for {}()", kwnames->at(k), type);
  }
  for (usize i = 0; i < N; ++i) TRY(set_detail(thread, e, list[i].index, values[i]));
  return ok;
}

static Result<Value> import_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, nullptr));
  auto* e = args[0].as<Exception>();
  static constexpr KeywordDetail kKeywords[] = {{"name", kImportName}, {"path", kImportPath}};
  TRY(keyword_details(thread, "ImportError", e, args, n, kwnames, kKeywords));
  TRY(set_detail(thread, e, kImportMsg, n == 2 ? args[1] : Value()));
  return kNone;
}
static Result<Str*> import_error_str(Thread& thread, Exception* self) {
  Value message = detail_at(self, kImportMsg);
  if (is_exact<Str>(message)) return message.as<Str>();
  return base_exception_str(thread, self);
}
static Result<Value> import_error_reduce(Thread& thread, Exception* self) {
  Dict* state = TRY(exception_attributes(thread, self));
  if (Value v = detail_at(self, kImportName); v.is_present()) TRY(dict_set_ascii(thread, state, "name", v));
  if (Value v = detail_at(self, kImportPath); v.is_present()) TRY(dict_set_ascii(thread, state, "path", v));
  Value type(type_of(Value(self)));
  if (state->length() == 0) return tuple_of(thread, type, Value(self->args()));
  return tuple_of(thread, type, Value(self->args()), Value(state));
}
static constinit NativeDef import_error_methods[] = {
    EXCEPTION_INIT(import_error_init),
    EXCEPTION_STR(import_error_str),
    native<import_error_reduce>("__reduce__($self, /)", nullptr),
};
static GetSetDef import_error_getsets[] = {DETAIL_ROW("msg", kImportMsg, "exception message"),
                                           DETAIL_ROW("name", kImportName, "module name"),
                                           DETAIL_ROW("path", kImportPath, "module path")};

static Result<Value> name_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, nullptr));
  static constexpr KeywordDetail kKeywords[] = {{"name", kDetailName}};
  TRY(keyword_details(thread, "NameError", args[0].as<Exception>(), args, n, kwnames, kKeywords));
  return kNone;
}
static Result<Value> attribute_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, nullptr));
  static constexpr KeywordDetail kKeywords[] = {{"name", kDetailName}, {"obj", kDetailObj}};
  TRY(keyword_details(thread, "AttributeError", args[0].as<Exception>(), args, n, kwnames, kKeywords));
  return kNone;
}
static constinit NativeDef name_error_methods[] = {EXCEPTION_INIT(name_error_init), EXCEPTION_STR(base_exception_str)};
static GetSetDef name_error_getsets[] = {DETAIL_ROW("name", kDetailName, "name")};
static constinit NativeDef attribute_error_methods[] = {EXCEPTION_INIT(attribute_error_init), EXCEPTION_STR(base_exception_str)};
static GetSetDef attribute_error_getsets[] = {DETAIL_ROW("name", kDetailName, "attribute name"),
                                              DETAIL_ROW("obj", kDetailObj, "object")};

static Result<Str*> key_error_str(Thread& thread, Exception* self) {
  // The key alone may be '' or look like a message: its repr can't be mistaken.
  if (self->args()->length() == 1) return repr(thread, self->args()->at(0));
  return base_exception_str(thread, self);
}
static constinit NativeDef key_error_methods[] = {EXCEPTION_STR(key_error_str)};

// ---------------------------------------------------------------------------------------------------------------- SyntaxError

static Result<Value> syntax_error_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  TRY(base_exception_init(thread, def, args, n, kwnames));
  auto* e = args[0].as<Exception>();
  if (n >= 2) TRY(set_detail(thread, e, kSyntaxMsg, args[1]));
  if (n != 3) return kNone;
  Tuple* info = TRY(tuple_from_iterable(thread, args[2]));
  Index count = info->length();
  if (count < 4) return raise_type_error(thread, "function takes at least 4 arguments ({} given)", count);
  if (count > 6) return raise_type_error(thread, "function takes at most 6 arguments ({} given)", count);
  for (Index i = 0; i < 6; ++i)
    TRY(set_detail(thread, e, kSyntaxFilename + static_cast<u32>(i), i < count ? info->at(i) : Value()));
  if (count == 5) return raise_type_error(thread, "end_offset must be provided when end_lineno is provided");
  return kNone;
}

static Result<Str*> syntax_error_str(Thread& thread, Exception* self) {
  Value filename = detail_at(self, kSyntaxFilename), line = detail_at(self, kSyntaxLineno),
        message = detail_or_none(self, kSyntaxMsg);
  Str* base_name = nullptr;
  if (is<Str>(filename)) {
    Str* s = filename.as<Str>();
    Index start = s->length();
    while (start > 0 && s->at(start - 1) != '/') --start;
    base_name = TRY(str_slice(thread, s, start, s->length()));
  }
  bool has_line = line.is_present() && is_exact_int(line);
  if (base_name && has_line) return format_message(thread, "{} ({}, line {})", message, base_name, line);
  if (base_name) return format_message(thread, "{} ({})", message, base_name);
  if (has_line) return format_message(thread, "{} (line {})", message, line);
  return str_of(thread, message);
}
static constinit NativeDef syntax_error_methods[] = {EXCEPTION_INIT(syntax_error_init), EXCEPTION_STR(syntax_error_str)};
static GetSetDef syntax_error_getsets[] = {
    DETAIL_ROW("msg", kSyntaxMsg, "exception msg"),
    DETAIL_ROW("filename", kSyntaxFilename, "exception filename"),
    DETAIL_ROW("lineno", kSyntaxLineno, "exception lineno"),
    DETAIL_ROW("offset", kSyntaxOffset, "exception offset"),
    DETAIL_ROW("text", kSyntaxText, "exception text"),
    DETAIL_ROW("end_lineno", kSyntaxEndLineno, "exception end lineno"),
    DETAIL_ROW("end_offset", kSyntaxEndOffset, "exception end offset"),
    DETAIL_ROW("print_file_and_line", kSyntaxPrint, "exception print_file_and_line"),
};

Failed raise_syntax_error(Thread& thread, Type* type, Value message, Value filename, i64 line, i64 offset, Value text,
                          i64 end_line, i64 end_offset) {
  Tuple* info = TRY(tuple_of(thread, filename.is_present() ? filename : kNone, Value::of_small_int(line),
                             Value::of_small_int(offset), text.is_present() ? text : kNone, Value::of_small_int(end_line),
                             end_offset != INT64_MIN ? Value::of_small_int(end_offset) : kNone));
  Value args[2] = {message, Value(info)};
  thread.set_pending(TRY(make_exception(thread, type, args, 2)));
  return failed;
}

#define ROWS(methods, getsets) \
  methods, count_of(methods), getsets, static_cast<u32>(sizeof(getsets) / sizeof(*getsets)), true, nullptr
const ExceptionRows value_exception_rows[] = {
    {"StopIteration", ROWS(stop_iteration_methods, stop_iteration_getsets)},
    {"SystemExit", ROWS(system_exit_methods, system_exit_getsets)},
    {"ImportError", ROWS(import_error_methods, import_error_getsets)},
    {"NameError", ROWS(name_error_methods, name_error_getsets)},
    {"AttributeError", ROWS(attribute_error_methods, attribute_error_getsets)},
    {"SyntaxError", ROWS(syntax_error_methods, syntax_error_getsets)},
    {"KeyError", key_error_methods, count_of(key_error_methods), nullptr, 0, false, nullptr},
    {},
};

}  // namespace baton
