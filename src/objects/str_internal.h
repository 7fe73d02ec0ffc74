// Methods of str that are defined in several files and published by the table in str_methods.cpp.
#pragma once
#include "objects/list.h"
#include "objects/str.h"

namespace baton {

extern Str* latin1_strings[256];  // the strings of one character below 256; null: not made yet

// str_find.cpp
Result<i64> str_method_find(Thread& thread, Str* self, Value sub, Value start, Value end);
Result<i64> str_method_rfind(Thread& thread, Str* self, Value sub, Value start, Value end);
Result<i64> str_method_index(Thread& thread, Str* self, Value sub, Value start, Value end);
Result<i64> str_method_rindex(Thread& thread, Str* self, Value sub, Value start, Value end);
Result<i64> str_method_count(Thread& thread, Str* self, Value sub, Value start, Value end);
Result<bool> str_method_startswith(Thread& thread, Str* self, Value prefix, Value start, Value end);
Result<bool> str_method_endswith(Thread& thread, Str* self, Value suffix, Value start, Value end);
Result<bool> str_method_contains(Thread& thread, Str* self, Value key);
Result<Str*> str_method_replace(Thread& thread, Str* self, Str* old_text, Str* new_text, Index count);
Result<Str*> str_method_removeprefix(Thread& thread, Str* self, Str* prefix);
Result<Str*> str_method_removesuffix(Thread& thread, Str* self, Str* suffix);
// str_split.cpp
Result<List*> str_method_split(Thread& thread, Str* self, Value sep, Index maxsplit);
Result<List*> str_method_rsplit(Thread& thread, Str* self, Value sep, Index maxsplit);
Result<List*> str_method_splitlines(Thread& thread, Str* self, int keepends);
Result<Tuple*> str_method_partition(Thread& thread, Str* self, Value sep);
Result<Tuple*> str_method_rpartition(Thread& thread, Str* self, Value sep);
Result<Str*> str_method_strip(Thread& thread, Str* self, Value chars);
Result<Str*> str_method_lstrip(Thread& thread, Str* self, Value chars);
Result<Str*> str_method_rstrip(Thread& thread, Str* self, Value chars);
// str_case.cpp
Result<Str*> str_method_lower(Thread& thread, Str* self);
Result<Str*> str_method_upper(Thread& thread, Str* self);
Result<Str*> str_method_casefold(Thread& thread, Str* self);
Result<Str*> str_method_title(Thread& thread, Str* self);
Result<Str*> str_method_capitalize(Thread& thread, Str* self);
Result<Str*> str_method_swapcase(Thread& thread, Str* self);
Result<bool> str_method_isalnum(Thread& thread, Str* self);
Result<bool> str_method_isalpha(Thread& thread, Str* self);
Result<bool> str_method_isascii(Thread& thread, Str* self);
Result<bool> str_method_isdecimal(Thread& thread, Str* self);
Result<bool> str_method_isdigit(Thread& thread, Str* self);
Result<bool> str_method_isidentifier(Thread& thread, Str* self);
Result<bool> str_method_islower(Thread& thread, Str* self);
Result<bool> str_method_isnumeric(Thread& thread, Str* self);
Result<bool> str_method_isprintable(Thread& thread, Str* self);
Result<bool> str_method_isspace(Thread& thread, Str* self);
Result<bool> str_method_istitle(Thread& thread, Str* self);
Result<bool> str_method_isupper(Thread& thread, Str* self);
// str_translate.cpp
Result<Str*> str_method_translate(Thread& thread, Str* self, Value table);
Result<Value> str_maketrans(Thread& thread, Value x, Optional<Value> y, Optional<Value> z);
// str_iter.cpp
Result<Value> str_method_iter(Thread& thread, Str* self);
// str_format.cpp
Result<Str*> str_method_format(Thread& thread, Str* self, Rest args, KeywordRest keywords);
Result<Str*> str_method_format_map(Thread& thread, Str* self, Value mapping);

}  // namespace baton
