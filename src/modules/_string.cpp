// _string: the parsing half of str.format, for string.Formatter.
#include "objects/module.h"
#include "objects/raise.h"
#include "objects/str_format.h"

namespace baton {

static Result<Str*> text_argument(Thread& thread, Value v) {
  if (Str* s = cast<Str>(v)) return s;
  return raise_type_error(thread, "expected str, got {!t}", v);
}

static Result<Value> string_formatter_parser(Thread& thread, Value text) {
  return formatter_parser(thread, TRY(text_argument(thread, text)));
}
static Result<Value> string_formatter_field_name_split(Thread& thread, Value text) {
  return TRY(formatter_field_name_split(thread, TRY(text_argument(thread, text))));
}

static constinit NativeDef string_functions[] = {
    native<string_formatter_field_name_split>("formatter_field_name_split($module, text, /)",
                                              "split the argument as a field name"),
    native<string_formatter_parser>("formatter_parser($module, text, /)", "parse the argument as a format string"),
};

constinit ModuleDef _string_module = {
    .name = "_string",
    .doc = "string helper module",
    .functions = string_functions,
    .function_count = count_of(string_functions),
};

}  // namespace baton
