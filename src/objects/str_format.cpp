// str.format and format_map: replacement fields with nested specs, automatic numbering, attribute and item look-ups. The two
// iterators behind string.Formatter are here as well.
#include "objects/str_format.h"

#include "base/bigint.h"
#include "base/text_kinds.h"
#include "base/unicode.h"
#include "objects/dict.h"
#include "objects/format_spec.h"
#include "objects/iterators.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str_internal.h"

namespace baton {

namespace {

struct Span {
  Index start = 0, stop = 0;
  Index length() const { return stop - start; }
  bool empty() const { return start >= stop; }
};

// One step through a format string: literal text, then perhaps a field.
struct Markup {
  Span literal;
  bool has_field = false;
  Span name, spec;
  u32 conversion = 0;
  bool spec_has_fields = false;
};

// Parses the field behind '{' at *at; *at ends behind the closing '}'.
Result<void> parse_field(Thread& thread, Str* text, Index* at, Index end, Markup* out) {
  u32 ch = 0;
  out->name.start = *at;
  bool done = false;
  while (*at < end && !done) {
    ch = text->at((*at)++);
    switch (ch) {
      case '{': return raise_value_error(thread, "unexpected '{{' in field name");
      case '[':
        while (*at < end && text->at(*at) != ']') ++*at;
        break;
      case '}':
      case ':':
      case '!': done = true; break;
      default: break;
    }
  }
  out->name.stop = done ? *at - 1 : *at;
  if (!done || (ch != '!' && ch != ':')) {
    if (!done) return raise_value_error(thread, "expected '}}' before end of string");
    out->spec = {*at, *at};
    return ok;
  }
  if (ch == '!') {
    if (*at >= end) return raise_value_error(thread, "end of string while looking for conversion specifier");
    out->conversion = text->at((*at)++);
    if (*at < end) {
      ch = text->at((*at)++);
      if (ch == '}') {
        out->spec = {*at, *at};
        return ok;
      }
      if (ch != ':') return raise_value_error(thread, "expected ':' after conversion specifier");
    }
  }
  out->spec.start = *at;
  int depth = 1;
  while (*at < end) {
    ch = text->at((*at)++);
    if (ch == '{') {
      out->spec_has_fields = true;
      ++depth;
    } else if (ch == '}' && --depth == 0) {
      out->spec.stop = *at - 1;
      return ok;
    }
  }
  return raise_value_error(thread, "unmatched '{{' in format spec");
}

// False at the end of the text.
Result<bool> next_markup(Thread& thread, Str* text, Index* at, Index end, Markup* out) {
  *out = Markup();
  if (*at >= end) return false;
  out->literal.start = *at;
  u32 ch = 0;
  bool brace = false;
  with_kind(static_cast<int>(text->width()), text->data(), [&](auto* units) {
    Index i = *at;
    while (i < end && units[i] != '{' && units[i] != '}') ++i;
    brace = i < end;
    if (brace) ch = units[i++];
    *at = i;
  });
  out->literal.stop = *at;
  if (!brace) return true;
  bool at_end = *at >= end, twice = !at_end && text->at(*at) == ch;
  if (ch == '}' && !twice) return raise_value_error(thread, "Single '}}' encountered in format string");
  if (ch == '{' && at_end) return raise_value_error(thread, "Single '{{' encountered in format string");
  if (twice) {  // an escaped brace belongs to the literal once
    ++*at;
    return true;
  }
  --out->literal.stop;
  out->has_field = true;
  TRY(parse_field(thread, text, at, end, out));
  return true;
}

// Decimal value of a span, -1 if it isn't a number.
Result<i64> span_integer(Thread& thread, Str* text, Span span) {
  if (span.empty()) return i64{-1};
  i64 n = 0;
  for (Index i = span.start; i < span.stop; ++i) {
    int digit = unicode_decimal_value(text->at(i));
    if (digit < 0) return i64{-1};
    if (n > (kMaxIndex - digit) / 10) return raise_value_error(thread, "Too many decimal digits in format string");
    n = n * 10 + digit;
  }
  return n;
}

struct NumberingState {
  enum { Unknown, Automatic, Manual } mode = Unknown;
  i64 next = 0;
};

// The first part of a field name: an index, or a key (index -1). rest: what follows it.
struct FirstName {
  Span name, rest;
  i64 index = -1;
};

Result<FirstName> split_first(Thread& thread, Str* text, Span field, NumberingState* numbering) {
  FirstName out;
  Index i = field.start;
  while (i < field.stop && text->at(i) != '[' && text->at(i) != '.') ++i;
  out.name = {field.start, i};
  out.rest = {i, field.stop};
  out.index = TRY(span_integer(thread, text, out.name));
  bool unnamed = out.name.empty();
  if (numbering && (unnamed || out.index != -1)) {
    if (numbering->mode == NumberingState::Unknown)
      numbering->mode = unnamed ? NumberingState::Automatic : NumberingState::Manual;
    if (numbering->mode == NumberingState::Manual && unnamed) {
      return raise_value_error(thread, "cannot switch from manual field specification to automatic field numbering");
    }
    if (numbering->mode == NumberingState::Automatic && !unnamed) {
      return raise_value_error(thread, "cannot switch from automatic field numbering to manual field specification");
    }
    if (unnamed) out.index = numbering->next++;
  }
  return out;
}

struct NameStep {
  bool present = false, is_attribute = false;
  Span name;
  i64 index = -1;
};

Result<NameStep> next_name(Thread& thread, Str* text, Span* rest) {
  NameStep step;
  if (rest->empty()) return step;
  step.present = true;
  u32 ch = text->at(rest->start++);
  Index i = rest->start;
  if (ch == '.') {
    step.is_attribute = true;
    while (i < rest->stop && text->at(i) != '[' && text->at(i) != '.') ++i;
    step.name = {rest->start, i};
    rest->start = i;
  } else if (ch == '[') {
    while (i < rest->stop && text->at(i) != ']') ++i;
    if (i >= rest->stop) return raise_value_error(thread, "Missing ']' in format string");
    step.name = {rest->start, i};
    rest->start = i + 1;
    step.index = TRY(span_integer(thread, text, step.name));
  } else {
    return raise_value_error(thread, "Only '.' or '[' may follow ']' in format field specifier");
  }
  if (step.name.empty()) return raise_value_error(thread, "Empty attribute in format string");
  return step;
}

class Formatter {
 public:
  // args null: format_map. keywords: absent, a Dict or any mapping.
  Formatter(Thread& thread, Tuple* args, Value keywords) : thread_(thread), args_(args), keywords_(keywords) {}

  Result<void> format_into(StrBuilder& out, Str* text, Index at, Index end, int depth) {
    if (depth <= 0) return raise_value_error(thread_, "Max string recursion exceeded");
    Markup markup;
    while (TRY(next_markup(thread_, text, &at, end, &markup))) {
      out.append(text, markup.literal.start, markup.literal.stop);
      if (markup.has_field) TRY(format_field(out, text, markup, depth));
    }
    return ok;
  }

 private:
  Result<Value> first_object(Str* text, const FirstName& first) {
    if (first.index == -1) {
      Str* key = TRY(str_slice(thread_, text, first.name.start, first.name.stop));
      if (keywords_.is_absent()) return raise_key_error(thread_, key);
      if (is_exact<Dict>(keywords_)) {
        Value v = TRY(dict_find(thread_, keywords_.as<Dict>(), key));
        if (v == kNotFound) return raise_key_error(thread_, key);
        return v;
      }
      return get_item(thread_, keywords_, key);
    }
    if (!args_) return raise_value_error(thread_, "Format string contains positional fields");
    if (first.index >= args_->length()) {
      return raise_index_error(thread_, "Replacement index {} out of range for positional args tuple", first.index);
    }
    return args_->at(first.index);
  }

  Result<Value> field_object(Str* text, Span name) {
    FirstName first = TRY(split_first(thread_, text, name, &numbering_));
    Value object = TRY(first_object(text, first));
    for (;;) {
      NameStep step = TRY(next_name(thread_, text, &first.rest));
      if (!step.present) return object;
      Value key;
      if (step.index != -1)
        key = TRY(int_from_i64(thread_, step.index));
      else
        key = TRY(str_slice(thread_, text, step.name.start, step.name.stop));
      if (step.is_attribute) {
        Str* attribute = TRY(str_intern(thread_, TRY(str_slice(thread_, text, step.name.start, step.name.stop))));
        object = TRY(get_attr(thread_, object, attribute));
      } else {
        object = TRY(get_item(thread_, object, key));
      }
    }
  }

  Result<Value> convert(Value v, u32 conversion) {
    switch (conversion) {
      case 'r': return TRY(repr(thread_, v));
      case 's': return TRY(str_of(thread_, v));
      case 'a': return TRY(ascii_of(thread_, v));
      default: break;
    }
    if (conversion > 32 && conversion < 127) {
      char shown[2] = {static_cast<char>(conversion), 0};
      return raise_value_error(thread_, "Unknown conversion specifier {}", static_cast<const char*>(shown));
    }
    char hex[12];
    usize n = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
      u32 digit = (conversion >> shift) & 15;
      if (digit || n || shift == 0) hex[n++] = "0123456789abcdef"[digit];
    }
    hex[n] = 0;
    return raise_value_error(thread_, "Unknown conversion specifier \\x{}", static_cast<const char*>(hex));
  }

  Result<void> format_field(StrBuilder& out, Str* text, const Markup& markup, int depth) {
    Value object = TRY(field_object(text, markup.name));
    if (markup.conversion) object = TRY(convert(object, markup.conversion));
    Str* spec;
    if (markup.spec_has_fields) {
      StrBuilder expanded;
      TRY(format_into(expanded, text, markup.spec.start, markup.spec.stop, depth - 1));
      spec = TRY(expanded.build(thread_));
    } else {
      if (markup.spec.empty() && is_exact<Str>(object)) {
        out.append(object.as<Str>());
        return ok;
      }
      if (markup.spec.empty() && object.is_small_int()) {
        char digits[kI64TextMax];
        out.append_ascii({digits, i64_to_decimal(digits, object.small_int())});
        return ok;
      }
      spec = TRY(str_slice(thread_, text, markup.spec.start, markup.spec.stop));
    }
    Str* formatted;
    if (is_exact<Str>(object))
      formatted = TRY(format_str(thread_, object.as<Str>(), spec));
    else if (is_exact_int(object))
      formatted = TRY(format_int(thread_, object, spec));
    else
      formatted = TRY(format_value(thread_, object, spec));
    out.append(formatted);
    return ok;
  }

  Thread& thread_;
  Tuple* args_;
  Value keywords_;
  NumberingState numbering_;
};

}  // namespace

static Result<Str*> run_format(Thread& thread, Str* format, Tuple* args, Value keywords) {
  Formatter formatter(thread, args, keywords);
  StrBuilder out;
  TRY(formatter.format_into(out, format, 0, format->length(), 2));
  KeepAlive keep(format);
  return out.build(thread);
}

Result<Str*> str_format(Thread& thread, Str* format, Tuple* args, Value keywords) {
  return run_format(thread, format, args, keywords);
}

Result<Str*> str_method_format(Thread& thread, Str* self, Rest args, KeywordRest keywords) {
  return run_format(thread, self, args.values, keywords.values ? Value(keywords.values) : Value());
}

Result<Str*> str_method_format_map(Thread& thread, Str* self, Value mapping) {
  return run_format(thread, self, nullptr, mapping);
}

// --- iterators for string.Formatter. position_: where to go on; aux_: end of the text to look at.

static Result<Value> text_or_none(Thread& thread, Str* text, Span span, bool present) {
  if (!present) return kNone;
  return TRY(str_slice(thread, text, span.start, span.stop));
}

static Result<Value> formatter_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Str* text = self->source().as<Str>();
  Markup markup;
  Index at = self->position_;
  bool more = TRY(next_markup(thread, text, &at, text->length(), &markup));
  self->position_ = at;
  if (!more) return kExhausted;
  Value literal = TRY(str_slice(thread, text, markup.literal.start, markup.literal.stop));
  Value name = TRY(text_or_none(thread, text, markup.name, markup.has_field));
  Value spec = TRY(text_or_none(thread, text, markup.spec, markup.has_field));
  Value conversion = kNone;
  if (markup.conversion) conversion = TRY(str_from_code_point(thread, markup.conversion));
  return TRY(tuple_of(thread, literal, name, spec, conversion));
}

static Result<Value> field_name_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Str* text = self->source().as<Str>();
  Span rest{self->position_, text->length()};
  NameStep step = TRY(next_name(thread, text, &rest));
  self->position_ = rest.start;
  if (!step.present) return kExhausted;
  Value name;
  if (step.index != -1)
    name = TRY(int_from_i64(thread, step.index));
  else
    name = TRY(str_slice(thread, text, step.name.start, step.name.stop));
  return TRY(tuple_of(thread, Value::of_bool(step.is_attribute), name));
}

static Result<Value> iterator_self(Thread&, Iterator* self) { return self; }

static constinit NativeDef formatter_iterator_methods[] = {
    native<iterator_self>("__iter__($self, /)", "Implement iter(self)."),
    native<formatter_iterator_next>("__next__($self, /)", "Implement next(self)."),
};
static constinit NativeDef field_name_iterator_methods[] = {
    native<iterator_self>("__iter__($self, /)", "Implement iter(self)."),
    native<field_name_iterator_next>("__next__($self, /)", "Implement next(self)."),
};
static TypeDef formatter_iterator_def = {.name = "formatteriterator",
                                         .kind = kKindIterator,
                                         .payload_size = sizeof(Iterator),
                                         .flags = kTypeNoInstances,
                                         .methods = formatter_iterator_methods,
                                         .method_count = count_of(formatter_iterator_methods),
                                         .kind_info = kind_info_of<Iterator>("iterator")};
static TypeDef field_name_iterator_def = {.name = "fieldnameiterator",
                                          .kind = kKindIterator,
                                          .payload_size = sizeof(Iterator),
                                          .flags = kTypeNoInstances,
                                          .methods = field_name_iterator_methods,
                                          .method_count = count_of(field_name_iterator_methods),
                                          .kind_info = kind_info_of<Iterator>("iterator")};

Result<Value> formatter_parser(Thread& thread, Str* text) {
  Type* type = TRY(type_from_def(thread, formatter_iterator_def));
  return TRY(make_of<Iterator>(thread, type, Value(text), Index{0}, Value()));
}

Result<Tuple*> formatter_field_name_split(Thread& thread, Str* text) {
  FirstName first = TRY(split_first(thread, text, {0, text->length()}, nullptr));
  Value name;
  if (first.index != -1)
    name = TRY(int_from_i64(thread, first.index));
  else
    name = TRY(str_slice(thread, text, first.name.start, first.name.stop));
  Type* type = TRY(type_from_def(thread, field_name_iterator_def));
  Value rest = TRY(make_of<Iterator>(thread, type, Value(text), first.rest.start, Value()));
  return tuple_of(thread, name, rest);
}

}  // namespace baton
