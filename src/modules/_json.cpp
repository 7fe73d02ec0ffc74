// _json: the scanner behind json.loads; the encoder is in _json_encoder.cpp.
//
// The scanner is a template on the text's unit width. Object keys are shared: short ones through a table of those that were met
// before (json_keys.h), others of one document through a memo dict. What a document's open objects have of keys and values so far
// stands on one stack, so that a dict is made with the room that it needs.
#include "modules/_json.h"

#include <cstring>

#include "base/float_text.h"
#include "modules/json_keys.h"
#include "objects/dict_room.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

static Failed raise_decode_error(Thread& thread, const char* message, Str* text, Index at) {
  Value type = TRY(get_attr_ascii(thread, TRY(import_module(thread, "json.decoder")), "JSONDecodeError"));
  Value error = TRY(call(thread, type, Value(TRY(str_from_ascii(thread, message))), Value(text), Value::of_small_int(at)));
  return raise_object(thread, error);
}

// make_scanner(context): what JSONDecoder configures.
class JsonScanner final : public Cell {
 public:
  void init() {
    strict_ = false;
    for (Field<Value>* f : {&object_hook_, &object_pairs_hook_, &parse_float_, &parse_int_, &parse_constant_}) f->init(kNone);
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(object_hook_, object_pairs_hook_, parse_float_, parse_int_, parse_constant_);
  }
  bool strict_;
  Field<Value> object_hook_, object_pairs_hook_, parse_float_, parse_int_, parse_constant_;
};

namespace {

// One scan of one text. Unit: u8, u16 or u32.
template <class Unit>
class Scan {
 public:
  Scan(Thread& thread, Str* text, const JsonScanner* options, bool strict)
      : thread_(thread),
        text_(text),
        options_(options),
        s_(static_cast<const Unit*>(text->data())),
        n_(text->length()),
        strict_(strict) {}

  Result<Value> value(Index at, Index* next);
  // at: behind the opening quote.
  Result<Str*> string(Index at, Index* next);

 private:
  u32 peek(Index i) const { return i < n_ ? s_[i] : 0xFFFFFFFFu; }
  Index skip_blanks(Index i) const {
    while (i < n_ && (s_[i] == ' ' || s_[i] == '\t' || s_[i] == '\n' || s_[i] == '\r')) ++i;
    return i;
  }
  Failed error(const char* message, Index at) { return raise_decode_error(thread_, message, text_, at); }
  Failed stop(Index at) { return raise_stop_iteration(thread_, Value::of_small_int(at)); }
  bool literal(Index at, std::string_view word) const {
    if (n_ - at < static_cast<Index>(word.size())) return false;
    for (usize i = 0; i < word.size(); ++i)
      if (s_[at + static_cast<Index>(i)] != static_cast<Unit>(word[i])) return false;
    return true;
  }
  Result<Value> constant(const char* name, Index at, Index* next) {
    *next = at + static_cast<Index>(strlen(name));
    return call(thread_, options_->parse_constant_.get(), Value(intern(thread_, name)));
  }
  Result<Value> object(Index at, Index* next);
  Result<Value> array(Index at, Index* next);
  Result<Value> number(Index at, Index* next);
  Result<Value> convert_number(Index start, Index end, bool is_float);
  bool hex4(Index at, u32* out) const;
  Result<void> escape(StrBuilder& out, Index* at, Index begin);
  Result<Value> key(Index at, Index* next);

  Thread& thread_;
  Str* text_;
  const JsonScanner* options_;  // null: scanstring() alone
  const Unit* s_;
  Index n_;
  bool strict_;
  Dict* memo_ = nullptr;
  RootVector pairs_;  // key, value, key, value ... of the objects that are open
};

template <class Unit>
bool Scan<Unit>::hex4(Index at, u32* out) const {
  u32 v = 0;
  for (Index i = at; i < at + 4; ++i) {
    u32 c = s_[i];
    if (c - '0' < 10u)
      v = v << 4 | (c - '0');
    else if ((c | 0x20) - 'a' < 6u && c < 128)
      v = v << 4 | ((c | 0x20) - 'a' + 10);
    else
      return false;
  }
  *out = v;
  return true;
}

// *at: behind a backslash; moved behind the escape.
template <class Unit>
Result<void> Scan<Unit>::escape(StrBuilder& out, Index* at, Index begin) {
  Index i = *at;
  if (i >= n_) return error("Unterminated string starting at", begin);
  u32 c = s_[i++];
  switch (c) {
    case '"':
    case '\\':
    case '/': break;
    case 'b': c = '\b'; break;
    case 'f': c = '\f'; break;
    case 'n': c = '\n'; break;
    case 'r': c = '\r'; break;
    case 't': c = '\t'; break;
    case 'u': {
      constexpr const char* kInvalid = "Invalid \\uXXXX escape";
      if (i + 4 >= n_ || !hex4(i, &c)) return error(kInvalid, i - 1);
      i += 4;
      if (c - 0xD800 < 0x400 && i + 6 < n_ && s_[i] == '\\' && s_[i + 1] == 'u') {
        u32 low;
        if (!hex4(i + 2, &low)) return error(kInvalid, i + 1);
        if (low - 0xDC00 < 0x400) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
          i += 6;
        }
      }
      break;
    }
    default: return error("Invalid \\escape", *at - 1);
  }
  out.append(c);
  *at = i;
  return ok;
}

template <class Unit>
Result<Str*> Scan<Unit>::string(Index at, Index* next) {
  Index begin = at - 1, i = at;
  auto plain = [&]() {  // up to a quote or backslash; false: a control character that is not allowed
    for (; i < n_; ++i) {
      u32 c = s_[i];
      if (c == '"' || c == '\\') return true;
      if (c <= 0x1F && strict_) return false;
    }
    return true;
  };
  if (!plain()) return error("Invalid control character at", i);
  if (i < n_ && s_[i] == '"') {
    *next = i + 1;
    return str_slice(thread_, text_, at, i);
  }
  StrBuilder out;
  for (Index from = at;;) {
    out.append(text_, from, i);
    if (i >= n_) return error("Unterminated string starting at", begin);
    if (s_[i] == '"') break;
    ++i;
    TRY(escape(out, &i, begin));
    from = i;
    if (!plain()) return error("Invalid control character at", i);
  }
  *next = i + 1;
  return out.build(thread_);
}

template <class Unit>
Result<Value> Scan<Unit>::key(Index at, Index* next) {
  if constexpr (sizeof(Unit) == 1) {
    Index i = at, last = n_ - at > kLongestKeptKey ? at + kLongestKeptKey : n_ - 1;
    while (i <= last && s_[i] != '"' && s_[i] != '\\' && s_[i] > 0x1F) ++i;
    if (i <= last && s_[i] == '"') {
      *next = i + 1;
      return TRY(json_key(thread_, text_, at, i - at));
    }
  }
  Str* text = TRY(string(at, next));
  if (!memo_) memo_ = TRY(make_dict(thread_));
  return dict_set_default(thread_, memo_, Value(text), Value(text));
}

template <class Unit>
Result<Value> Scan<Unit>::object(Index at, Index* next) {
  bool pairs = !options_->object_pairs_hook_.get().is_none();
  usize base = pairs_.size();
  Index i = skip_blanks(at);
  if (peek(i) != '}') {
    for (;;) {
      if (peek(i) != '"') return error("Expecting property name enclosed in double quotes", i);
      pairs_.push(TRY(key(i + 1, &i)));
      i = skip_blanks(i);
      if (peek(i) != ':') return error("Expecting ':' delimiter", i);
      i = skip_blanks(i + 1);
      pairs_.push(TRY(value(i, &i)));
      i = skip_blanks(i);
      if (peek(i) == '}') break;
      if (peek(i) != ',') return error("Expecting ',' delimiter", i);
      i = skip_blanks(i + 1);
    }
  }
  *next = i + 1;
  if (pairs) {
    List* list = TRY(make_list(thread_));
    for (usize k = base; k < pairs_.size(); k += 2)
      TRY(list_append(thread_, list, Value(TRY(tuple_of(thread_, pairs_[k], pairs_[k + 1])))));
    pairs_.resize(base);
    return call(thread_, options_->object_pairs_hook_.get(), Value(list));
  }
  Dict* dict = TRY(dict_of_str_pairs(thread_, pairs_.data() + base, (pairs_.size() - base) / 2));
  pairs_.resize(base);
  Value hook = options_->object_hook_.get();
  return hook.is_none() ? Result<Value>(Value(dict)) : call(thread_, hook, Value(dict));
}

template <class Unit>
Result<Value> Scan<Unit>::array(Index at, Index* next) {
  List* list = TRY(make_list(thread_));
  Index i = skip_blanks(at);
  if (peek(i) != ']') {
    for (;;) {
      TRY(list_append(thread_, list, TRY(value(i, &i))));
      i = skip_blanks(i);
      if (peek(i) == ']') break;
      if (peek(i) != ',') return error("Expecting ',' delimiter", i);
      i = skip_blanks(i + 1);
    }
  }
  *next = i + 1;
  return Value(list);
}

template <class Unit>
Result<Value> Scan<Unit>::convert_number(Index start, Index end, bool is_float) {
  Value parse = is_float ? options_->parse_float_.get() : options_->parse_int_.get();
  if (parse != Value(is_float ? types.float_ : types.int_))
    return call(thread_, parse, Value(TRY(str_slice(thread_, text_, start, end))));
  usize n = static_cast<usize>(end - start);
  if (!is_float && n <= 18) {
    bool negative = s_[start] == '-';
    i64 v = 0;
    for (Index i = start + negative; i < end; ++i) v = v * 10 + static_cast<i64>(s_[i] - '0');
    return Value::of_small_int(negative ? -v : v);
  }
  if (!is_float) return int_from_text(thread_, TRY(str_slice(thread_, text_, start, end)), 10);
  char small[64];
  if (n <= sizeof small) {
    for (usize i = 0; i < n; ++i) small[i] = static_cast<char>(s_[start + static_cast<Index>(i)]);
    double d;
    float_parse(small, n, &d);
    return make_float(thread_, d);
  }
  return float_from_object(thread_, Value(TRY(str_slice(thread_, text_, start, end))));
}

template <class Unit>
Result<Value> Scan<Unit>::number(Index at, Index* next) {
  auto is_digit = [&](Index i) { return i < n_ && s_[i] - static_cast<u32>('0') < 10u; };
  Index i = at;
  if (peek(i) == '-') ++i;
  if (!is_digit(i)) return stop(at);
  if (s_[i] == '0')
    ++i;
  else
    while (is_digit(i)) ++i;
  bool is_float = false;
  if (peek(i) == '.' && is_digit(i + 1)) {
    is_float = true;
    i += 2;
    while (is_digit(i)) ++i;
  }
  if (peek(i) == 'e' || peek(i) == 'E') {
    Index e = i + 1;
    if (peek(e) == '+' || peek(e) == '-') ++e;
    if (is_digit(e)) {
      is_float = true;
      while (is_digit(e)) ++e;
      i = e;
    }
  }
  *next = i;
  return convert_number(at, i, is_float);
}

template <class Unit>
Result<Value> Scan<Unit>::value(Index at, Index* next) {
  if (at < 0) return raise_value_error(thread_, "idx cannot be negative");
  if (at >= n_) return stop(at);
  switch (s_[at]) {
    case '"': return TRY(string(at + 1, next));
    case '{': {
      JsonLevel level(thread_);
      TRY(level.check(" while decoding a JSON object from a unicode string"));
      return object(at + 1, next);
    }
    case '[': {
      JsonLevel level(thread_);
      TRY(level.check(" while decoding a JSON array from a unicode string"));
      return array(at + 1, next);
    }
    case 'n':
      if (literal(at, "null")) {
        *next = at + 4;
        return kNone;
      }
      break;
    case 't':
      if (literal(at, "true")) {
        *next = at + 4;
        return kTrue;
      }
      break;
    case 'f':
      if (literal(at, "false")) {
        *next = at + 5;
        return kFalse;
      }
      break;
    case 'N':
      if (literal(at, "NaN")) return constant("NaN", at, next);
      break;
    case 'I':
      if (literal(at, "Infinity")) return constant("Infinity", at, next);
      break;
    case '-':
      if (literal(at, "-Infinity")) return constant("-Infinity", at, next);
      break;
    default: break;
  }
  return number(at, next);
}

}  // namespace

// ---------------------------------------------------------------------------------------------------------------- publishing

static Failed raise_not_text(Thread& thread, Value v) {
  return raise_type_error(thread, "first argument must be a string, not {!t}", v);
}

static Result<Value> json_scanstring(Thread& thread, Value string, Index end, bool strict) {
  if (!is<Str>(string)) return raise_not_text(thread, string);
  Str* text = string.as<Str>();
  if (end < 0 || end > text->length()) return raise_value_error(thread, "end is out of bounds");
  Index next;
  Str* content;
  switch (text->width()) {
    case 1: content = TRY(Scan<u8>(thread, text, nullptr, strict).string(end, &next)); break;
    case 2: content = TRY(Scan<u16>(thread, text, nullptr, strict).string(end, &next)); break;
    default: content = TRY(Scan<u32>(thread, text, nullptr, strict).string(end, &next)); break;
  }
  return TRY(tuple_of(thread, Value(content), Value::of_small_int(next)));
}

static Result<Value> json_scanner_call(Thread& thread, JsonScanner* self, Value string, Index idx) {
  if (!is<Str>(string)) return raise_not_text(thread, string);
  Str* text = string.as<Str>();
  Index next;
  Value v;
  switch (text->width()) {
    case 1: v = TRY(Scan<u8>(thread, text, self, self->strict_).value(idx, &next)); break;
    case 2: v = TRY(Scan<u16>(thread, text, self, self->strict_).value(idx, &next)); break;
    default: v = TRY(Scan<u32>(thread, text, self, self->strict_).value(idx, &next)); break;
  }
  return TRY(tuple_of(thread, v, Value::of_small_int(next)));
}

static Result<Value> json_scanner_new(Thread& thread, Type* type, Value context) {
  JsonScanner* self = TRY(make_of<JsonScanner>(thread, type));
  self->strict_ = TRY(truth(thread, TRY(get_attr_ascii(thread, context, "strict"))));
  const struct {
    const char* name;
    Field<Value>* field;
  } options[] = {{"object_hook", &self->object_hook_},
                 {"object_pairs_hook", &self->object_pairs_hook_},
                 {"parse_float", &self->parse_float_},
                 {"parse_int", &self->parse_int_},
                 {"parse_constant", &self->parse_constant_}};
  for (auto& option : options) option.field->set(self, TRY(get_attr_ascii(thread, context, option.name)));
  return Value(self);
}

template <Field<Value> JsonScanner::* field>
static Result<Value> scanner_member(Thread& thread, Value self) {
  return (self.as<JsonScanner>()->*field).get();
}
static Result<Value> scanner_strict(Thread& thread, Value self) { return Value::of_bool(self.as<JsonScanner>()->strict_); }

static constinit GetSetDef scanner_getsets[] = {
    {"strict", scanner_strict, nullptr, "strict", true},
    {"object_hook", scanner_member<&JsonScanner::object_hook_>, nullptr, "object_hook", true},
    {"object_pairs_hook", scanner_member<&JsonScanner::object_pairs_hook_>, nullptr, nullptr, true},
    {"parse_float", scanner_member<&JsonScanner::parse_float_>, nullptr, "parse_float", true},
    {"parse_int", scanner_member<&JsonScanner::parse_int_>, nullptr, "parse_int", true},
    {"parse_constant", scanner_member<&JsonScanner::parse_constant_>, nullptr, "parse_constant", true},
};
static constinit NativeDef scanner_methods[] = {
    native<json_scanner_new>("__new__(type, context)", "Make an instance; the class's own help describes the arguments."),
    native<json_scanner_call>("__call__($self, /, string, idx)", "Call self as a function."),
};
constinit TypeDef json_scanner_def = {
    .name = "_json.Scanner",
    .doc = "JSON scanner object",
    .dynamic_kind = &DynamicKind<JsonScanner>::value,
    .payload_size = sizeof(JsonScanner),
    .methods = scanner_methods,
    .method_count = count_of(scanner_methods),
    .getsets = scanner_getsets,
    .getset_count = 6,
    .kind_info = kind_info_of<JsonScanner>("_json.Scanner"),
};

static Result<void> json_exec(Thread& thread, Module* module) {
  TRY(init_json_keys(thread));
  TRY(module_set(thread, module, "make_scanner", Value(TRY(type_from_def(thread, json_scanner_def)))));
  return module_set(thread, module, "make_encoder", Value(TRY(type_from_def(thread, json_encoder_def))));
}

constinit NativeDef json_functions[] = {
    native<json_encode_basestring_ascii>("encode_basestring_ascii($module, string, /)",
                                         "Return an ASCII-only JSON representation of a Python string"),
    native<json_encode_basestring>("encode_basestring($module, string, /)", "Return a JSON representation of a Python string"),
    native_tuple<json_scanstring>(
        "scanstring($module, string, end, strict=True, /)",
        "scanstring(string, end, strict=True) -> tuple\n\nDecode the JSON string literal that is already open at index "
        "end.\n\nend points just behind the opening quote.  The tuple has the decoded str\nand the index behind the closing "
        "quote.  If strict is true, a literal\ncontrol character is an error.  Malformed input raises JSONDecodeError."),
};
constinit ModuleDef json_module = {
    .name = "_json",
    .doc = "json speedups\n",
    .functions = json_functions,
    .function_count = count_of(json_functions),
    .exec = json_exec,
};

}  // namespace baton
