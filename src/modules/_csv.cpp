// _csv: dialects, the reader's state machine and the writer's quoting.
//
// One record is parsed within one call of __next__, so the parser's state lives on the stack.
#include "objects/at_this_moment.h"
#include "objects/int_view.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/new_exception.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/relaxed.h"

namespace baton {

static Root<Type>* csv_error = nullptr;
static Root<Dict>* csv_dialects = nullptr;  // name -> Dialect
static i64 csv_field_limit = 128 * 1024;

enum CsvQuoting : int { kQuoteMinimal, kQuoteAll, kQuoteNonnumeric, kQuoteNone };

template <class... A>
static Failed raise_csv(Thread& thread, const char* format, A... args) {
  return raise(thread, csv_error->get(), format, args...);
}

// ---------------------------------------------------------------------------------------------------------------- Dialect

static constexpr u32 kNotSet = 0xFFFFFFFF;  // no such character

class CsvDialect final : public Cell {
 public:
  void init() {
    delimiter_ = ',';
    quotechar_ = '"';
    escapechar_ = kNotSet;
    quoting_ = kQuoteMinimal;
    doublequote_ = true;
    skipinitialspace_ = strict_ = false;
    lineterminator_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(lineterminator_); }
  u32 delimiter_, quotechar_, escapechar_;
  int quoting_;
  bool doublequote_, skipinitialspace_, strict_;
  Field<Str> lineterminator_;
};

static Result<Value> registered_dialect(Thread& thread, Value name) {
  Value found = TRY(dict_find(thread, csv_dialects->get(), name));
  if (found == kNotFound) return raise_csv(thread, "unknown dialect");
  return found;
}

enum DialectOption {
  kDelimiter,
  kDoublequote,
  kEscapechar,
  kLineterminator,
  kQuotechar,
  kQuoting,
  kSkipinitialspace,
  kStrict,
  kOptionCount
};
static constexpr const char* kOptionNames[] = {"delimiter", "doublequote", "escapechar",       "lineterminator",
                                               "quotechar", "quoting",     "skipinitialspace", "strict"};

static Result<void> set_char(Thread& thread, u32* out, DialectOption option, Value v, bool allow_none) {
  const char* name = kOptionNames[option];
  if (v.is_absent()) return ok;
  if (v.is_none() && allow_none) {
    *out = kNotSet;
    return ok;
  }
  if (!is<Str>(v))
    return raise_type_error(thread, allow_none ? "\"{}\" must be string or None, not {!t}" : "\"{}\" must be string, not {!t}",
                            name, v);
  if (v.as<Str>()->length() != 1) return raise_type_error(thread, "\"{}\" must be a 1-character string", name);
  *out = v.as<Str>()->at(0);
  return ok;
}
static Result<void> set_flag(Thread& thread, bool* out, Value v) {
  if (v.is_present()) *out = TRY(truth(thread, v));
  return ok;
}

static Result<void> fill_dialect(Thread& thread, CsvDialect* self, const Value (&options)[kOptionCount]) {
  TRY(set_char(thread, &self->delimiter_, kDelimiter, options[kDelimiter], false));
  TRY(set_flag(thread, &self->doublequote_, options[kDoublequote]));
  TRY(set_char(thread, &self->escapechar_, kEscapechar, options[kEscapechar], true));
  Value terminator = options[kLineterminator];
  if (terminator.is_absent()) terminator = Value(intern(thread, "\r\n"));
  if (!terminator.is_none() && !is<Str>(terminator)) return raise_type_error(thread, "\"lineterminator\" must be a string");
  self->lineterminator_.set(self, terminator.is_none() ? nullptr : terminator.as<Str>());
  TRY(set_char(thread, &self->quotechar_, kQuotechar, options[kQuotechar], true));
  Value quoting = options[kQuoting];
  i64 style = kQuoteMinimal;
  if (quoting.is_present()) {
    if (!is_exact_int(quoting)) return raise_type_error(thread, "\"quoting\" must be an integer");
    int_to_i64(quoting, &style);
  }
  TRY(set_flag(thread, &self->skipinitialspace_, options[kSkipinitialspace]));
  TRY(set_flag(thread, &self->strict_, options[kStrict]));
  if (style < kQuoteMinimal || style > kQuoteNone) return raise_type_error(thread, "bad \"quoting\" value");
  if (options[kQuotechar].is_none() && quoting.is_absent()) style = kQuoteNone;
  if (style != kQuoteNone && self->quotechar_ == kNotSet)
    return raise_type_error(thread, "quotechar must be set if quoting enabled");
  if (!self->lineterminator_.get()) return raise_type_error(thread, "lineterminator must be set");
  self->quoting_ = static_cast<int>(style);
  return ok;
}

extern TypeDef csv_dialect_def;

static Result<Value> dialect_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, csv_dialect_def.type));
  if (n > 2 + kOptionCount)
    return raise_type_error(thread, "function takes at most 9 arguments ({} given)", static_cast<u64>(n - 1));
  Value dialect = n > 1 ? args[1] : Value(), options[kOptionCount];
  bool any = n > 2;
  for (usize i = 2; i < n; ++i) options[i - 2] = args[i];
  for (Index i = 0; kwnames && i < kwnames->length(); ++i) {
    Str* name = kwnames->at(i).as<Str>();
    Value v = args[n + static_cast<usize>(i)];
    if (str_equals_ascii(name, "dialect")) {
      dialect = v;
      continue;
    }
    int option = 0;
    while (option < kOptionCount && !str_equals_ascii(name, kOptionNames[option])) ++option;
    if (option == kOptionCount) return raise_type_error(thread, "'{}' is an invalid keyword argument for this function", name);
    options[option] = v;
    any = true;
  }
  if (dialect.is_present() && is<Str>(dialect)) dialect = TRY(registered_dialect(thread, dialect));
  if (dialect.is_present()) {
    if (is<CsvDialect>(dialect) && !any) return dialect;
    for (int i = 0; i < kOptionCount; ++i) {
      if (options[i].is_present()) continue;
      Result<Value> v = get_attr_ascii(thread, dialect, kOptionNames[i]);
      if (v.is_failed())
        thread.clear_pending();  // a dialect need not say everything
      else
        options[i] = v.value();
    }
  }
  CsvDialect* self = TRY(make_of<CsvDialect>(thread, type));
  TRY(fill_dialect(thread, self, options));
  return Value(self);
}

static Result<Value> char_value(Thread& thread, u32 c) {
  return c == kNotSet ? Result<Value>(kNone) : Result<Value>(str_from_code_point(thread, c));
}
template <u32 CsvDialect::* field>
static Result<Value> dialect_char(Thread& thread, Value self) {
  return char_value(thread, self.as<CsvDialect>()->*field);
}
template <bool CsvDialect::* field>
static Result<Value> dialect_flag(Thread& thread, Value self) {
  return Value::of_bool(self.as<CsvDialect>()->*field);
}
static Result<Value> dialect_quoting(Thread& thread, Value self) { return Value::of_small_int(self.as<CsvDialect>()->quoting_); }
static Result<Value> dialect_lineterminator(Thread& thread, Value self) {
  return Value(self.as<CsvDialect>()->lineterminator_.get());
}
static Result<Value> dialect_reduce(Thread& thread, CsvDialect* self) {
  return raise_type_error(thread, "cannot pickle '{}' instances", type_of(Value(self)));
}
static Result<Value> dialect_reduce_ex(Thread& thread, CsvDialect* self, Value) { return dialect_reduce(thread, self); }

static constinit GetSetDef dialect_getsets[] = {
    {"delimiter", dialect_char<&CsvDialect::delimiter_>, nullptr, nullptr},
    {"escapechar", dialect_char<&CsvDialect::escapechar_>, nullptr, nullptr},
    {"lineterminator", dialect_lineterminator, nullptr, nullptr},
    {"quotechar", dialect_char<&CsvDialect::quotechar_>, nullptr, nullptr},
    {"quoting", dialect_quoting, nullptr, nullptr},
    {"skipinitialspace", dialect_flag<&CsvDialect::skipinitialspace_>, nullptr, nullptr, true},
    {"doublequote", dialect_flag<&CsvDialect::doublequote_>, nullptr, nullptr, true},
    {"strict", dialect_flag<&CsvDialect::strict_>, nullptr, nullptr, true},
};
static constinit NativeDef dialect_methods[] = {
    native_raw(dialect_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<dialect_reduce>("__reduce__($self, /)", "raises an exception to avoid pickling"),
    native<dialect_reduce_ex>("__reduce_ex__($self, protocol=0, /)", "raises an exception to avoid pickling"),
};
constinit TypeDef csv_dialect_def = {
    .name = "_csv.Dialect",
    .doc =
        "A set of options for a CSV format.\n\nReaders and writers have one each: it says which characters delimit, quote\nand "
        "escape fields, and how strict to be.",
    .dynamic_kind = &DynamicKind<CsvDialect>::value,
    .payload_size = sizeof(CsvDialect),
    .flags = kTypeSubclassable,
    .methods = dialect_methods,
    .method_count = count_of(dialect_methods),
    .getsets = dialect_getsets,
    .getset_count = 8,
    .kind_info = kind_info_of<CsvDialect>("_csv.Dialect"),
};

// Dialect(base, **options) for the arguments of reader(), writer() and register_dialect(): base may be absent.
static Result<CsvDialect*> make_dialect(Thread& thread, Value base, Value const* keyword_values, Tuple* kwnames) {
  Value args[1 + kOptionCount + 8];
  usize n = 0, keywords = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (base.is_present()) args[n++] = base;
  if (keywords > kOptionCount + 8) keywords = kOptionCount + 8;  // more can only be wrong ones, which come first then
  for (usize i = 0; i < keywords; ++i) args[n + i] = keyword_values[i];
  if (kwnames && keywords < static_cast<usize>(kwnames->length()))
    kwnames = TRY(tuple_slice(thread, kwnames, 0, static_cast<Index>(keywords)));
  Value made = TRY(call_values(thread, Value(csv_dialect_def.type), args, n, keywords ? kwnames : nullptr));
  return made.as<CsvDialect>();
}

// ---------------------------------------------------------------------------------------------------------------- reader

class CsvReader final : public Cell {
 public:
  void init(Value input, CsvDialect* dialect) {
    input_.init(input);
    dialect_.init(dialect);
    line_num_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(input_, dialect_); }
  Field<Value> input_;
  Field<CsvDialect> dialect_;
  Relaxed<i64> line_num_;
};

namespace {

enum class ParseState : u8 {
  StartRecord,
  StartField,
  EscapedChar,
  InField,
  InQuotedField,
  EscapeInQuotedField,
  QuoteInQuotedField,
  EatNewline,
  AfterEscapedNewline
};

class RecordParser {
 public:
  RecordParser(Thread& thread, const CsvDialect* dialect, List* fields) : thread_(thread), dialect_(dialect), fields_(fields) {}
  Result<void> process(u32 c);
  Result<void> end_of_line() { return process(kEndOfLine); }
  // Takes the ordinary characters of a field from `from` on at once; how many.
  Index take_run(const Str* text, Index from);
  Result<void> save_field();
  bool at_start() const { return state_ == ParseState::StartRecord; }
  bool in_field() const { return field_.length() != 0 || state_ == ParseState::InQuotedField; }

 private:
  static constexpr u32 kEndOfLine = 0xFFFFFFFE;
  static bool is_newline(u32 c) { return c == '\n' || c == '\r'; }
  bool is_quote(u32 c) const { return c == dialect_->quotechar_ && dialect_->quoting_ != kQuoteNone; }
  Result<void> add(u32 c) {
    if (field_.length() >= csv_field_limit) return raise_csv(thread_, "field larger than field limit ({})", csv_field_limit);
    field_.append(c);
    return ok;
  }
  Result<void> finish_record(u32 c) {
    TRY(save_field());
    state_ = c == kEndOfLine ? ParseState::StartRecord : ParseState::EatNewline;
    return ok;
  }
  Result<void> start_field(u32 c);
  Result<void> in_plain_field(u32 c);
  Result<void> after_quote(u32 c);

  Thread& thread_;
  const CsvDialect* dialect_;
  List* fields_;
  StrBuilder field_;
  ParseState state_ = ParseState::StartRecord;
  bool numeric_ = false;
};

Result<void> RecordParser::save_field() {
  Value field = Value(TRY(field_.build(thread_)));
  field_.truncate(0);
  if (numeric_) {
    numeric_ = false;
    field = TRY(float_from_object(thread_, field));
  }
  return list_append(thread_, fields_, field);
}

Index RecordParser::take_run(const Str* text, Index from) {
  if ((state_ != ParseState::InField && state_ != ParseState::InQuotedField) || text->width() != 1) return 0;
  Index end = text->length(), room = csv_field_limit - field_.length();
  if (end - from > room) end = from + room;
  const u8* characters = static_cast<const u8*>(text->data());
  Index at = from;
  for (; at < end; ++at) {
    u32 c = characters[at];
    if (c == dialect_->delimiter_ || c == dialect_->quotechar_ || c == dialect_->escapechar_ || is_newline(c)) break;
  }
  if (at <= from) return 0;
  field_.append(text, from, at);
  return at - from;
}

Result<void> RecordParser::start_field(u32 c) {
  if (is_newline(c) || c == kEndOfLine) return finish_record(c);
  if (is_quote(c)) {
    state_ = ParseState::InQuotedField;
  } else if (c == dialect_->escapechar_) {
    state_ = ParseState::EscapedChar;
  } else if (c == ' ' && dialect_->skipinitialspace_) {
  } else if (c == dialect_->delimiter_) {
    return save_field();
  } else {
    if (dialect_->quoting_ == kQuoteNonnumeric) numeric_ = true;
    TRY(add(c));
    state_ = ParseState::InField;
  }
  return ok;
}

Result<void> RecordParser::in_plain_field(u32 c) {
  if (is_newline(c) || c == kEndOfLine) return finish_record(c);
  if (c == dialect_->escapechar_) {
    state_ = ParseState::EscapedChar;
  } else if (c == dialect_->delimiter_) {
    TRY(save_field());
    state_ = ParseState::StartField;
  } else {
    return add(c);
  }
  return ok;
}

// Behind a quote within a quoted field: a doubled quote, or the field's end.
Result<void> RecordParser::after_quote(u32 c) {
  if (is_quote(c)) {
    TRY(add(c));
    state_ = ParseState::InQuotedField;
  } else if (c == dialect_->delimiter_) {
    TRY(save_field());
    state_ = ParseState::StartField;
  } else if (is_newline(c) || c == kEndOfLine) {
    return finish_record(c);
  } else if (!dialect_->strict_) {
    TRY(add(c));
    state_ = ParseState::InField;
  } else {
    return raise_csv(thread_, "'{}' expected after '{}'", TRY(str_from_code_point(thread_, dialect_->delimiter_)),
                     TRY(str_from_code_point(thread_, dialect_->quotechar_)));
  }
  return ok;
}

Result<void> RecordParser::process(u32 c) {
  switch (state_) {
    case ParseState::StartRecord:
      if (c == kEndOfLine) return ok;  // an empty line: an empty record
      if (is_newline(c)) {
        state_ = ParseState::EatNewline;
        return ok;
      }
      state_ = ParseState::StartField;
      return start_field(c);
    case ParseState::StartField: return start_field(c);
    case ParseState::EscapedChar:
      if (is_newline(c)) {
        TRY(add(c));
        state_ = ParseState::AfterEscapedNewline;
        return ok;
      }
      TRY(add(c == kEndOfLine ? '\n' : c));
      state_ = ParseState::InField;
      return ok;
    case ParseState::AfterEscapedNewline:
      if (c == kEndOfLine) return ok;
      return in_plain_field(c);
    case ParseState::InField: return in_plain_field(c);
    case ParseState::InQuotedField:
      if (c == kEndOfLine) return ok;
      if (c == dialect_->escapechar_)
        state_ = ParseState::EscapeInQuotedField;
      else if (is_quote(c))
        state_ = dialect_->doublequote_ ? ParseState::QuoteInQuotedField : ParseState::InField;
      else
        return add(c);
      return ok;
    case ParseState::EscapeInQuotedField:
      TRY(add(c == kEndOfLine ? '\n' : c));
      state_ = ParseState::InQuotedField;
      return ok;
    case ParseState::QuoteInQuotedField: return after_quote(c);
    case ParseState::EatNewline:
      if (is_newline(c)) return ok;
      if (c == kEndOfLine) {
        state_ = ParseState::StartRecord;
        return ok;
      }
      return raise_csv(thread_,
                       "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?");
  }
  return ok;
}

}  // namespace

static Result<Value> reader_iter(Thread& thread, Value self) { return self; }

static Result<Value> reader_next(Thread& thread, CsvReader* self) {
  List* fields = TRY(make_list(thread));
  RecordParser parser(thread, self->dialect_.get(), fields);
  do {
    Value line = TRY(iter_next(thread, self->input_.get()));
    if (line == kExhausted) {
      if (!parser.in_field()) return kExhausted;
      if (self->dialect_.get()->strict_) return raise_csv(thread, "unexpected end of data");
      TRY(parser.save_field());
      break;
    }
    if (!is<Str>(line))
      return raise_csv(thread, "iterator should return strings, not {!t} (the file should be opened in text mode)", line);
    self->line_num_ = self->line_num_ + 1;
    Str* text = line.as<Str>();
    for (Index i = 0; i < text->length();) {
      if (Index run = parser.take_run(text, i))
        i += run;
      else
        TRY(parser.process(text->at(i++)));
    }
    TRY(parser.end_of_line());
  } while (!parser.at_start());
  return Value(fields);
}

static Result<Value> reader_dialect(Thread& thread, Value self) { return Value(self.as<CsvReader>()->dialect_.get()); }
static Result<Value> reader_line_num(Thread& thread, Value self) {
  return int_from_i64(thread, self.as<CsvReader>()->line_num_.get());
}
static constinit GetSetDef reader_getsets[] = {
    {"dialect", reader_dialect, nullptr, nullptr, true},
    {"line_num", reader_line_num, nullptr, nullptr, true},
};
static constinit NativeDef reader_methods[] = {
    native<reader_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<reader_next>("__next__($self, /)", "Implement next(self)."),
};
static constinit TypeDef csv_reader_def = {
    .name = "_csv.reader",
    .doc = "Iterator over the rows of CSV text, each a list of fields.\n\nGet one from csv.reader().",
    .dynamic_kind = &DynamicKind<CsvReader>::value,
    .payload_size = sizeof(CsvReader),
    .flags = kTypeNoInstances,
    .methods = reader_methods,
    .method_count = count_of(reader_methods),
    .getsets = reader_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<CsvReader>("_csv.reader"),
};

// ---------------------------------------------------------------------------------------------------------------- writer

class CsvWriter final : public Cell {
 public:
  void init(Value write, CsvDialect* dialect) {
    write_.init(write);
    dialect_.init(dialect);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(write_, dialect_); }
  Field<Value> write_;
  Field<CsvDialect> dialect_;
};

// Escapes a field into `out`; *quoted is set when the field must be quoted.
static Result<void> escape_field(Thread& thread, const CsvDialect* d, const Str* field, StrBuilder& out, bool* quoted) {
  const Str* terminator = d->lineterminator_.get();
  for (Index i = 0; i < field->length(); ++i) {
    u32 c = field->at(i);
    if (c == d->delimiter_ || c == d->escapechar_ || c == d->quotechar_ ||
        str_find_unit(terminator, c, 0, terminator->length()) >= 0) {
      bool escape = d->quoting_ == kQuoteNone;
      if (!escape) {
        if (c == d->quotechar_) {
          if (d->doublequote_)
            out.append(d->quotechar_);
          else
            escape = true;
        } else if (c == d->escapechar_) {
          escape = true;
        }
        if (!escape) *quoted = true;
      }
      if (escape) {
        if (d->escapechar_ == kNotSet) return raise_csv(thread, "need to escape, but no escapechar set");
        out.append(d->escapechar_);
      }
    }
    out.append(c);
  }
  return ok;
}

static Result<void> append_field(Thread& thread, const CsvDialect* d, const Str* field_or_null, bool quoted, bool first,
                                 StrBuilder& record) {
  if (!first) record.append(d->delimiter_);
  StrBuilder escaped;
  if (field_or_null) TRY(escape_field(thread, d, field_or_null, escaped, &quoted));
  if (quoted) record.append(d->quotechar_);
  record.append_units(escaped.data(), escaped.length(), escaped.width());
  if (quoted) record.append(d->quotechar_);
  return ok;
}

static bool is_number(Value v) {
  Type* type = type_of(v);
  return is<Complex>(v) || type->slot(Slot::index).is_present() || type->slot(Slot::int_).is_present() ||
         type->slot(Slot::float_).is_present();
}

static Result<Value> writer_writerow(Thread& thread, CsvWriter* self, Value row) {
  CsvDialect* d = self->dialect_.get();
  Result<Value> iterator = get_whole_iter(thread, row);
  if (iterator.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_csv(thread, "iterable expected, not {!t}", row);
  }
  StrBuilder record;
  bool first = true;
  for (;;) {
    Value field = TRY(iter_next(thread, iterator.value()));
    if (field == kExhausted) break;
    bool quoted = d->quoting_ == kQuoteAll || (d->quoting_ == kQuoteNonnumeric && !is_number(field));
    Str* text = field.is_none() ? nullptr : is<Str>(field) ? field.as<Str>() : TRY(str_of(thread, field));
    TRY(append_field(thread, d, text, quoted, first, record));
    first = false;
  }
  if (!first && record.length() == 0) {
    if (d->quoting_ == kQuoteNone) return raise_csv(thread, "single empty field record must be quoted");
    TRY(append_field(thread, d, nullptr, true, true, record));
  }
  record.append(d->lineterminator_.get());
  return call(thread, self->write_.get(), Value(TRY(record.build(thread))));
}

static Result<void> writer_writerows(Thread& thread, CsvWriter* self, Value rows) {
  return for_each(thread, rows, [&](Value row) -> Result<bool> {
    TRY(writer_writerow(thread, self, row));
    return true;
  });
}

static Result<Value> writer_dialect(Thread& thread, Value self) { return Value(self.as<CsvWriter>()->dialect_.get()); }
static constinit GetSetDef writer_getsets[] = {{"dialect", writer_dialect, nullptr, nullptr, true}};
static constinit NativeDef writer_methods[] = {
    native<writer_writerow>("writerow($self, row, /)",
                            "writerow(iterable)\n\nFormat the fields in iterable as one row and write it to the file.\n\nWhat "
                            "the file's write() method returns is returned."),
    native<writer_writerows>(
        "writerows($self, rows, /)",
        "writerows(iterable of iterables)\n\nFormat and write many rows, as if by a writerow() call for each."),
};
static constinit TypeDef csv_writer_def = {
    .name = "_csv.writer",
    .doc = "Formats rows as CSV text and passes them to a file.\n\nGet one from csv.writer(); a row is any iterable of fields.",
    .dynamic_kind = &DynamicKind<CsvWriter>::value,
    .payload_size = sizeof(CsvWriter),
    .flags = kTypeNoInstances,
    .methods = writer_methods,
    .method_count = count_of(writer_methods),
    .getsets = writer_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<CsvWriter>("_csv.writer"),
};

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<Value> csv_reader(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_positional(thread, "", n, 1, 2));
  Value input = TRY(get_shared_iter(thread, args[0]));
  CsvDialect* dialect = TRY(make_dialect(thread, n > 1 ? args[1] : Value(), args + n, kwnames));
  return TRY(make_of<CsvReader>(thread, csv_reader_def.type, input, dialect));
}

static Result<Value> csv_writer(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_positional(thread, "", n, 1, 2));
  CsvDialect* dialect = TRY(make_dialect(thread, n > 1 ? args[1] : Value(), args + n, kwnames));
  Value write = TRY(find_attr(thread, args[0], names.write));
  if (write == kNotFound || !is_callable(write)) return raise_type_error(thread, "argument 1 must have a \"write\" method");
  return TRY(make_of<CsvWriter>(thread, csv_writer_def.type, write, dialect));
}

static Result<Value> csv_register_dialect(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_positional(thread, "", n, 1, 2));
  if (!is<Str>(args[0])) return raise_type_error(thread, "dialect name must be a string");
  CsvDialect* dialect = TRY(make_dialect(thread, n > 1 ? args[1] : Value(), args + n, kwnames));
  TRY(dict_set(thread, csv_dialects->get(), args[0], Value(dialect)));
  return kNone;
}

static Result<void> csv_unregister_dialect(Thread& thread, Value name) {
  if (!TRY(dict_remove(thread, csv_dialects->get(), name))) return raise_csv(thread, "unknown dialect");
  return ok;
}
static Result<Value> csv_get_dialect(Thread& thread, Value name) { return registered_dialect(thread, name); }
static Result<List*> csv_list_dialects(Thread& thread) { return list_from_iterable(thread, Value(csv_dialects->get())); }

static Result<Value> csv_field_size_limit(Thread& thread, Optional<Value> new_limit) {
  i64 old = __atomic_load_n(&csv_field_limit, __ATOMIC_RELAXED);
  if (new_limit.has_value()) {
    if (!is_exact_int(new_limit.value)) return raise_type_error(thread, "limit must be an integer");
    i64 limit;
    if (!int_to_i64(new_limit.value, &limit)) return raise_overflow_error(thread, "Python int too large to convert to C long");
    __atomic_store_n(&csv_field_limit, limit, __ATOMIC_RELAXED);
  }
  return int_from_i64(thread, old);
}

static Result<void> csv_exec(Thread& thread, Module* module) {
  if (!csv_error) {
    csv_error = new Root<Type>(TRY(make_exception_type(thread, "_csv.Error", exceptions.Exception)));
    csv_dialects = new Root<Dict>(TRY(make_dict(thread)));
  }
  TRY(module_set(thread, module, "Error", Value(csv_error->get())));
  TRY(module_set(thread, module, "_dialects", Value(csv_dialects->get())));
  TRY(module_set(thread, module, "Reader", Value(TRY(type_from_def(thread, csv_reader_def)))));
  TRY(module_set(thread, module, "Writer", Value(TRY(type_from_def(thread, csv_writer_def)))));
  return module_set(thread, module, "__version__", Value(TRY(str_from_ascii(thread, "1.0"))));
}

static constinit NativeDef csv_functions[] = {
    native_raw(csv_reader, "reader(iterable, dialect='excel', /, *args, **kwargs)",
               "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])"),
    native_raw(
        csv_writer, "writer(fileobj, dialect='excel', /, *args, **kwargs)",
        "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])\n\nMake an object that turns sequences "
        "into lines of CSV.\n\nfileobj is anything with a write() method that takes a string.  dialect is\na registered name, or "
        "a Dialect class or instance; keyword arguments such\nas delimiter or quoting override single settings of it.\n\nCall "
        "writerow(row) on the result to write one row, or writerows(rows) to\nwrite all rows of an iterable."),
    native<csv_list_dialects>("list_dialects($module, /)", "Return a list of all known dialect names."),
    native_raw(csv_register_dialect, "register_dialect(name, dialect=None, /, *args, **kwargs)",
               "Create a mapping from a string name to a dialect class."),
    native<csv_unregister_dialect>("unregister_dialect($module, /, name)",
                                   "Remove the dialect registered as name.\n\n_csv.Error is raised if there is no such dialect."),
    native<csv_get_dialect>("get_dialect($module, /, name)", "Return the dialect instance associated with name."),
    native<csv_field_size_limit>("field_size_limit($module, /, new_limit=<unrepresentable>)",
                                 "Sets an upper limit on parsed fields."),
};
static TypeDef* const csv_types[] = {&csv_dialect_def};
static constexpr ModuleConstant csv_constants[] = {{"QUOTE_MINIMAL", kQuoteMinimal},
                                                   {"QUOTE_ALL", kQuoteAll},
                                                   {"QUOTE_NONNUMERIC", kQuoteNonnumeric},
                                                   {"QUOTE_NONE", kQuoteNone}};
constinit ModuleDef csv_module = {
    .name = "_csv",
    .doc = "CSV parsing and writing.\n",
    .functions = csv_functions,
    .function_count = count_of(csv_functions),
    .types = csv_types,
    .type_count = 1,
    .constants = csv_constants,
    .constant_count = 4,
    .exec = csv_exec,
};

}  // namespace baton
