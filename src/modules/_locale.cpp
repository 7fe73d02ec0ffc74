// _locale: the C library's locales.
#include <langinfo.h>
#include <libintl.h>

#include <climits>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "modules/os_support.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/tuple.h"

namespace baton {

static Root<Type>* locale_error;

static Failed raise_locale(Thread& t, const char* text) {
  return raise_object(t, TRY(call(t, Value(locale_error->get()), Value(TRY(str_from_utf8(t, text))))));
}
static Result<Value> locale_text(Thread& t, const char* s) { return Value(TRY(file_system_text(t, s))); }

static Result<Value> locale_setlocale(Thread& t, int category, Optional<Value> locale) {
  if (category < LC_CTYPE || category > LC_IDENTIFICATION) {
    if (locale.has_value() && !locale.value.is_none()) return raise_locale(t, "unsupported locale setting");
    return raise_locale(t, "locale query failed");
  }
  if (!locale.has_value() || locale.value.is_none()) {
    const char* now = ::setlocale(category, nullptr);
    if (!now) return raise_locale(t, "locale query failed");
    return locale_text(t, now);
  }
  if (!is<Str>(locale.value)) return raise_type_error(t, "setlocale() argument 2 must be str or None, not {!t}", locale.value);
  const char* now = ::setlocale(category, c_text(TRY(file_system_bytes(t, locale.value))));
  if (!now) return raise_locale(t, "unsupported locale setting");
  return locale_text(t, now);
}

// "\3\3\0" and the like: sizes of groups of digits.
static Result<Value> grouping(Thread& t, const char* s) {
  List* list = TRY(make_list(t));
  if (!s[0]) return list;
  int i = 0;
  for (; s[i] && s[i] < CHAR_MAX; ++i) TRY(list_append(t, list, Value::of_small_int(s[i])));
  TRY(list_append(t, list, Value::of_small_int(s[i])));
  return list;
}
static Result<Value> locale_localeconv(Thread& t) {
  Dict* dict = TRY(make_dict(t));
  lconv* l = ::localeconv();
  struct {
    const char* name;
    const char* text;
  } texts[] = {{"int_curr_symbol", l->int_curr_symbol},
               {"currency_symbol", l->currency_symbol},
               {"mon_decimal_point", l->mon_decimal_point},
               {"mon_thousands_sep", l->mon_thousands_sep}};
  for (auto& row : texts) TRY(dict_set_ascii(t, dict, row.name, TRY(locale_text(t, row.text))));
  TRY(dict_set_ascii(t, dict, "mon_grouping", TRY(grouping(t, l->mon_grouping))));
  TRY(dict_set_ascii(t, dict, "positive_sign", TRY(locale_text(t, l->positive_sign))));
  TRY(dict_set_ascii(t, dict, "negative_sign", TRY(locale_text(t, l->negative_sign))));
  struct {
    const char* name;
    int number;
  } numbers[] = {{"int_frac_digits", l->int_frac_digits}, {"frac_digits", l->frac_digits},
                 {"p_cs_precedes", l->p_cs_precedes},     {"p_sep_by_space", l->p_sep_by_space},
                 {"n_cs_precedes", l->n_cs_precedes},     {"n_sep_by_space", l->n_sep_by_space},
                 {"p_sign_posn", l->p_sign_posn},         {"n_sign_posn", l->n_sign_posn}};
  for (auto& row : numbers) TRY(dict_set_ascii(t, dict, row.name, Value::of_small_int(row.number)));
  TRY(dict_set_ascii(t, dict, "decimal_point", TRY(locale_text(t, l->decimal_point))));
  TRY(dict_set_ascii(t, dict, "thousands_sep", TRY(locale_text(t, l->thousands_sep))));
  TRY(dict_set_ascii(t, dict, "grouping", TRY(grouping(t, l->grouping))));
  return dict;
}

// A string as wide characters, without null characters inside.
class WideText {
 public:
  ~WideText() { free(data_); }
  Result<void> set(Thread& t, Str* s) {
    Index n = s->length();
    if (str_find_unit(s, 0, 0, n) >= 0) return raise_value_error(t, "embedded null character");
    data_ = static_cast<wchar_t*>(malloc((static_cast<usize>(n) + 1) * sizeof(wchar_t)));
    if (!data_) return raise_memory_error(t);
    for (Index i = 0; i < n; ++i) data_[i] = static_cast<wchar_t>(s->at(i));
    data_[n] = 0;
    return ok;
  }
  const wchar_t* data() const { return data_; }

 private:
  wchar_t* data_ = nullptr;
};
static Result<int> locale_strcoll(Thread& t, Str* a, Str* b) {
  WideText left, right;
  TRY(left.set(t, a));
  TRY(right.set(t, b));
  return ::wcscoll(left.data(), right.data());
}
static Result<Value> locale_strxfrm(Thread& t, Str* s) {
  WideText text;
  TRY(text.set(t, s));
  errno = 0;
  usize n = ::wcsxfrm(nullptr, text.data(), 0);
  if (errno && errno != ERANGE) return raise_errno(t);
  auto* out = static_cast<wchar_t*>(malloc((n + 1) * sizeof(wchar_t)));
  if (!out) return raise_memory_error(t);
  ::wcsxfrm(out, text.data(), n + 1);
  static_assert(sizeof(wchar_t) == 4);
  Result<Str*> result = str_from_units(t, out, static_cast<Index>(n), 4);
  free(out);
  return result;
}

static constexpr ModuleConstant kLanginfo[] = {
    {"DAY_1", DAY_1},
    {"DAY_2", DAY_2},
    {"DAY_3", DAY_3},
    {"DAY_4", DAY_4},
    {"DAY_5", DAY_5},
    {"DAY_6", DAY_6},
    {"DAY_7", DAY_7},
    {"ABDAY_1", ABDAY_1},
    {"ABDAY_2", ABDAY_2},
    {"ABDAY_3", ABDAY_3},
    {"ABDAY_4", ABDAY_4},
    {"ABDAY_5", ABDAY_5},
    {"ABDAY_6", ABDAY_6},
    {"ABDAY_7", ABDAY_7},
    {"MON_1", MON_1},
    {"MON_2", MON_2},
    {"MON_3", MON_3},
    {"MON_4", MON_4},
    {"MON_5", MON_5},
    {"MON_6", MON_6},
    {"MON_7", MON_7},
    {"MON_8", MON_8},
    {"MON_9", MON_9},
    {"MON_10", MON_10},
    {"MON_11", MON_11},
    {"MON_12", MON_12},
    {"ABMON_1", ABMON_1},
    {"ABMON_2", ABMON_2},
    {"ABMON_3", ABMON_3},
    {"ABMON_4", ABMON_4},
    {"ABMON_5", ABMON_5},
    {"ABMON_6", ABMON_6},
    {"ABMON_7", ABMON_7},
    {"ABMON_8", ABMON_8},
    {"ABMON_9", ABMON_9},
    {"ABMON_10", ABMON_10},
    {"ABMON_11", ABMON_11},
    {"ABMON_12", ABMON_12},
    {"RADIXCHAR", RADIXCHAR},
    {"THOUSEP", THOUSEP},
    {"CRNCYSTR", CRNCYSTR},
    {"D_T_FMT", D_T_FMT},
    {"D_FMT", D_FMT},
    {"T_FMT", T_FMT},
    {"AM_STR", AM_STR},
    {"PM_STR", PM_STR},
    {"CODESET", CODESET},
    {"T_FMT_AMPM", T_FMT_AMPM},
    {"ERA", ERA},
    {"ERA_D_FMT", ERA_D_FMT},
    {"ERA_D_T_FMT", ERA_D_T_FMT},
    {"ERA_T_FMT", ERA_T_FMT},
    {"ALT_DIGITS", ALT_DIGITS},
    {"YESEXPR", YESEXPR},
    {"NOEXPR", NOEXPR},
    {"_DATE_FMT", _DATE_FMT},
};
static Result<Value> locale_nl_langinfo(Thread& t, int key) {
  for (const ModuleConstant& row : kLanginfo) {
    if (row.value != key) continue;
    const char* text = ::nl_langinfo(static_cast<nl_item>(key));
    return locale_text(t, text ? text : "");
  }
  return raise_value_error(t, "unsupported langinfo constant");
}
static Result<Value> locale_getencoding(Thread& t) {
  const char* name = ::nl_langinfo(CODESET);
  return locale_text(t, *name ? name : "UTF-8");
}

static Result<Value> locale_gettext(Thread& t, Value message) {
  return locale_text(t, ::gettext(c_text(TRY(file_system_bytes(t, message)))));
}
static Result<Value> translate(Thread& t, Value domain, Value message, int category) {
  Bytes* text = TRY(file_system_bytes(t, message));
  if (domain.is_none()) return locale_text(t, ::dcgettext(nullptr, c_text(text), category));
  Bytes* name = TRY(file_system_bytes(t, domain));
  return locale_text(t, ::dcgettext(c_text(name), c_text(text), category));
}
static Result<Value> locale_dgettext(Thread& t, Value domain, Value message) {
  return translate(t, domain, message, LC_MESSAGES);
}
static Result<Value> locale_dcgettext(Thread& t, Value domain, Value message, int category) {
  return translate(t, domain, message, category);
}
static Result<Value> locale_textdomain(Thread& t, Value domain) {
  const char* now = domain.is_none() ? ::textdomain(nullptr) : ::textdomain(c_text(TRY(file_system_bytes(t, domain))));
  if (!now) return raise_errno(t);
  return locale_text(t, now);
}
static Result<Value> locale_bindtextdomain(Thread& t, Value domain, Value directory) {
  Bytes* name = TRY(file_system_bytes(t, domain));
  if (name->length() == 0) return raise_locale(t, "domain must be a non-empty string");
  const char* now = directory.is_none() ? ::bindtextdomain(c_text(name), nullptr)
                                        : ::bindtextdomain(c_text(name), c_text(TRY(file_system_bytes(t, directory))));
  if (!now) return raise_errno(t);
  return locale_text(t, now);
}
static Result<Value> locale_bind_textdomain_codeset(Thread& t, Value domain, Value codeset) {
  Bytes* name = TRY(file_system_bytes(t, domain));
  const char* now = codeset.is_none() ? ::bind_textdomain_codeset(c_text(name), nullptr)
                                      : ::bind_textdomain_codeset(c_text(name), c_text(TRY(file_system_bytes(t, codeset))));
  return now ? locale_text(t, now) : Result<Value>(kNone);
}

static constinit NativeDef locale_functions[] = {
    native<locale_setlocale>("setlocale($module, category, locale=<unrepresentable>, /)", "Activates/queries locale processing."),
    native<locale_localeconv>("localeconv($module, /)", "Returns numeric and monetary locale-specific parameters."),
    native<locale_strcoll>("strcoll($module, os1, os2, /)", "Compares two strings according to the locale."),
    native<locale_strxfrm>("strxfrm($module, string, /)",
                           "Return a str to sort by in place of string, in the order of the locale."),
    native<locale_nl_langinfo>(
        "nl_langinfo($module, key, /)",
        "Return what the locale has to say on key, one of the module's constants.\n\nValueError is raised for an unknown key."),
    native<locale_getencoding>("getencoding($module, /)", "Get the current locale encoding."),
    native<locale_gettext>("gettext($module, msg, /)", "gettext(msg) -> string\n\nReturn translation of msg."),
    native<locale_dgettext>(
        "dgettext($module, domain, msg, /)",
        "Return msg translated by the message catalog of domain.\n\nWithout a translation, the result is msg itself."),
    native<locale_dcgettext>("dcgettext($module, domain, msg, category, /)", "Return translation of msg in domain and category."),
    native<locale_textdomain>("textdomain($module, domain, /)",
                              "Make domain the C library's current message domain and return its name.\n\nNone leaves it as it "
                              "is, so that only the name is returned."),
    native<locale_bindtextdomain>("bindtextdomain($module, domain, dir, /)", "Bind the C library's domain to dir."),
    native<locale_bind_textdomain_codeset>("bind_textdomain_codeset($module, domain, codeset, /)",
                                           "Bind the C library's domain to codeset."),
};
static constexpr ModuleConstant kConstants[] = {
    {"LC_CTYPE", LC_CTYPE},       {"LC_TIME", LC_TIME},       {"LC_COLLATE", LC_COLLATE}, {"LC_MONETARY", LC_MONETARY},
    {"LC_MESSAGES", LC_MESSAGES}, {"LC_NUMERIC", LC_NUMERIC}, {"LC_ALL", LC_ALL},         {"CHAR_MAX", CHAR_MAX}};

static Result<void> locale_exec(Thread& t, Module* module) {
  if (!locale_error) {
    Dict* dict = TRY(make_dict(t));
    TRY(dict_set_str(t, dict, names.dunder_module, Value(intern(t, "locale"))));
    locale_error = new Root<Type>(TRY(make_heap_type(t, types.type, intern(t, "Error"),
                                                     TRY(tuple_of(t, Value(exceptions.Exception))), dict, nullptr, nullptr)));
  }
  for (const ModuleConstant& row : kLanginfo) TRY(module_set_int(t, module, row.name, row.value));
  return module_set(t, module, "Error", Value(locale_error->get()));
}
ModuleDef locale_module = {.name = "_locale",
                           .doc = "Support for POSIX locales.",
                           .functions = locale_functions,
                           .function_count = count_of(locale_functions),
                           .constants = kConstants,
                           .constant_count = sizeof kConstants / sizeof *kConstants,
                           .exec = locale_exec};

}  // namespace baton
