// _json: the encoder behind json.dumps, and the functions that quote strings.
#include <cmath>

#include "modules/_json.h"
#include "objects/at_this_moment.h"
#include "objects/function.h"
#include "objects/int_view.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- strings

static char short_escape(u32 c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\b': return 'b';
    case '\f': return 'f';
    default: return 0;
  }
}

// Units that the escape of an ASCII character needs; 1: it stands for itself.
struct EscapedSizes {
  u8 of[0x7F];
  constexpr EscapedSizes() : of() {
    for (u32 c = 0; c < 0x7F; ++c) of[c] = c < ' ' ? 6 : 1;
    for (char c : {'"', '\\', '\n', '\r', '\t', '\b', '\f'}) of[static_cast<u32>(c)] = 2;
  }
};
static constexpr EscapedSizes kEscapedSizes;
static u32 escaped_size(u32 c) { return c < 0x7F ? kEscapedSizes.of[c] : c < 0x10000 ? 6 : 12; }

static u8* put_hex_escape(u8* at, u32 unit) {
  *at++ = '\\';
  *at++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *at++ = static_cast<u8>("0123456789abcdef"[unit >> shift & 15]);
  return at;
}

// Text with much to escape: measured first, then written in one go. False: the builder holds wider text already.
template <class Unit>
static bool append_escaped_ascii(StrBuilder& out, const Unit* s, Index n) {
  if (out.width() != 1) return false;
  Index size = 0;
  for (Index i = 0; i < n; ++i) size += escaped_size(s[i]);
  u8* at = static_cast<u8*>(out.extend(size, 1));
  if (!at) return true;  // out of memory: build() says so
  for (Index i = 0; i < n; ++i) {
    u32 c = s[i];
    if (u32 units = escaped_size(c); units == 1) {
      *at++ = static_cast<u8>(c);
    } else if (units == 2) {
      *at++ = '\\';
      *at++ = static_cast<u8>(short_escape(c));
    } else if (units == 6) {
      at = put_hex_escape(at, c);
    } else {
      at = put_hex_escape(put_hex_escape(at, 0xD800 + ((c - 0x10000) >> 10)), 0xDC00 + ((c - 0x10000) & 0x3FF));
    }
  }
  return true;
}

static void append_hex_escape(StrBuilder& out, u32 unit) {
  u8 text[6];
  put_hex_escape(text, unit);
  out.append_ascii({reinterpret_cast<char*>(text), 6});
}

template <class Unit>
static void append_quoted_units(StrBuilder& out, const Str* text, bool ascii_only) {
  const Unit* s = static_cast<const Unit*>(text->data());
  Index n = text->length(), from = 0;
  out.append('"');
  for (Index i = 0; i < n; ++i) {
    u32 c = s[i];
    if (c >= ' ' && c != '"' && c != '\\' && (c < 0x7F || !ascii_only)) [[likely]]
      continue;
    out.append(text, from, i);
    if (ascii_only && append_escaped_ascii(out, s + i, n - i)) {
      from = n;
      break;
    }
    from = i + 1;
    if (char letter = short_escape(c)) {
      char pair[2] = {'\\', letter};
      out.append_ascii({pair, 2});
    } else if (c >= 0x10000) {
      append_hex_escape(out, 0xD800 + ((c - 0x10000) >> 10));
      append_hex_escape(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
      append_hex_escape(out, c);
    }
  }
  out.append(text, from, n);
  out.append('"');
}
static void append_quoted(StrBuilder& out, const Str* text, bool ascii_only) {
  switch (text->width()) {
    case 1: return append_quoted_units<u8>(out, text, ascii_only);
    case 2: return append_quoted_units<u16>(out, text, ascii_only);
    default: return append_quoted_units<u32>(out, text, ascii_only);
  }
}

static Result<Str*> quoted(Thread& thread, Value string, bool ascii_only) {
  if (!is<Str>(string)) return raise_type_error(thread, "first argument must be a string, not {!t}", string);
  StrBuilder out;
  append_quoted(out, string.as<Str>(), ascii_only);
  return out.build(thread);
}
Result<Str*> json_encode_basestring(Thread& thread, Value string) { return quoted(thread, string, false); }
Result<Str*> json_encode_basestring_ascii(Thread& thread, Value string) { return quoted(thread, string, true); }

// ---------------------------------------------------------------------------------------------------------------- encoder

enum class FastEncode : u8 { None, Ascii, Text };

class JsonEncoder final : public Cell {
 public:
  void init(Value markers, Value default_function, Value encoder, Value indent, Str* key_separator, Str* item_separator,
            bool sort_keys, bool skipkeys, bool allow_nan, FastEncode fast) {
    markers_.init(markers);
    default_.init(default_function);
    encoder_.init(encoder);
    indent_.init(indent);
    key_separator_.init(Value(key_separator));
    item_separator_.init(Value(item_separator));
    sort_keys_ = sort_keys;
    skipkeys_ = skipkeys;
    allow_nan_ = allow_nan;
    fast_ = fast;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(markers_, default_, encoder_, indent_, key_separator_, item_separator_); }
  Field<Value> markers_, default_, encoder_, indent_, key_separator_, item_separator_;
  bool sort_keys_, skipkeys_, allow_nan_;
  FastEncode fast_;
};

static Result<void> encode(Thread& thread, JsonEncoder* self, StrBuilder& out, Value v);

static Result<void> encode_string(Thread& thread, JsonEncoder* self, StrBuilder& out, Value v) {
  if (self->fast_ != FastEncode::None) {
    append_quoted(out, v.as<Str>(), self->fast_ == FastEncode::Ascii);
    return ok;
  }
  Value encoded = TRY(call(thread, self->encoder_.get(), v));
  if (!is<Str>(encoded)) return raise_type_error(thread, "encoder() must return a string, not {!t}", encoded);
  out.append(encoded.as<Str>());
  return ok;
}

static Result<Str*> float_text(Thread& thread, JsonEncoder* self, double d) {
  if (std::isfinite(d)) return float_repr(thread, d);
  if (!self->allow_nan_) return raise_value_error(thread, "Out of range float values are not JSON compliant");
  return intern(thread, std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
}

static const char* constant_text(Value v) {
  return v.is_none() ? "null" : v.is_true() ? "true" : v.is_false() ? "false" : nullptr;
}

// The container is in the markers while its contents are encoded.
static Result<Value> enter(Thread& thread, JsonEncoder* self, Value container) {
  Value markers = self->markers_.get();
  if (markers.is_none()) return kNone;
  Value id = TRY(int_from_u64(thread, object_id(container)));
  if (TRY(dict_find(thread, markers.as<Dict>(), id)) != kNotFound)
    return raise_value_error(thread, "Circular reference detected");
  TRY(dict_set(thread, markers.as<Dict>(), id, container));
  return id;
}
static Result<void> leave(Thread& thread, JsonEncoder* self, Value id) {
  if (!id.is_none() && !TRY(dict_remove(thread, self->markers_.get().as<Dict>(), id))) return raise_key_error(thread, id);
  return ok;
}

// Key text; null when the key is to be skipped.
static Result<Value> key_text(Thread& thread, JsonEncoder* self, Value key) {
  if (is<Str>(key)) return key;
  if (is_float(key)) return TRY(float_text(thread, self, float_value(key)));
  if (const char* text = constant_text(key)) return Value(intern(thread, text));
  if (is_int(key)) return TRY(int_to_text(thread, int_exact(key), 10, false));
  if (self->skipkeys_) return kNotFound;
  return raise_type_error(thread, "keys must be str, int, float, bool or None, not {!t}", key);
}

static Result<void> encode_item(Thread& thread, JsonEncoder* self, StrBuilder& out, Value key, Value value, bool* first) {
  Value text = TRY(key_text(thread, self, key));
  if (text == kNotFound) return ok;
  if (!*first) out.append(self->item_separator_.get().as<Str>());
  *first = false;
  TRY(encode_string(thread, self, out, text));
  out.append(self->key_separator_.get().as<Str>());
  return encode(thread, self, out, value);
}

static Result<List*> items_of(Thread& thread, Dict* dict) {
  if (is_exact<Dict>(Value(dict))) {
    dict = TRY(dict_at_this_moment(thread, dict));
    List* list = TRY(make_list_with_capacity(thread, dict->length()));
    Index position = 0;
    for (Value k, v; dict_next(dict, &position, &k, &v);) TRY(list_append(thread, list, Value(TRY(tuple_of(thread, k, v)))));
    return list;
  }
  Value items = TRY(call_method(thread, Value(dict), names.items));
  Result<Value> iterator = get_iter(thread, items);
  if (iterator.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "{!t}.items() returned a non-iterable (type {!t})", Value(dict), items);
  }
  return list_from_iterable(thread, iterator.value());
}

static Result<void> encode_dict(Thread& thread, JsonEncoder* self, StrBuilder& out, Dict* dict) {
  if (dict->length() == 0) {
    out.append_ascii("{}");
    return ok;
  }
  Value id = TRY(enter(thread, self, Value(dict)));
  out.append('{');
  bool first = true;
  if (is_exact<Dict>(Value(dict)) && !self->sort_keys_) {
    dict = TRY(dict_at_this_moment(thread, dict));
    RootVector items;  // a snapshot: default() may change the dict
    items.reserve(2 * static_cast<usize>(dict->length()));
    Index position = 0;
    for (Value k, v; dict_next(dict, &position, &k, &v);) {
      items.push(k);
      items.push(v);
    }
    for (usize i = 0; i < items.size(); i += 2) TRY(encode_item(thread, self, out, items[i], items[i + 1], &first));
  } else {
    List* items = TRY(items_of(thread, dict));
    if (self->sort_keys_) TRY(list_sort_in_place(thread, items, kNone, false));
    for (Index i = 0; i < items->length(); ++i) {
      Value item = items->try_at(i);
      if (!is<Tuple>(item) || item.as<Tuple>()->length() != 2) return raise_value_error(thread, "items must return 2-tuples");
      TRY(encode_item(thread, self, out, item.as<Tuple>()->at(0), item.as<Tuple>()->at(1), &first));
    }
  }
  TRY(leave(thread, self, id));
  out.append('}');
  return ok;
}

static Result<void> encode_list(Thread& thread, JsonEncoder* self, StrBuilder& out, Value sequence) {
  auto at = [&](Index i) {
    return is<List>(sequence)                   ? sequence.as<List>()->try_at(i)
           : i < sequence.as<Tuple>()->length() ? sequence.as<Tuple>()->at(i)
                                                : Value();
  };
  Value id_of = sequence;  // a subclass is asked for its items as any iterable
  if (is_exact<List>(sequence))
    sequence = Value(TRY(list_at_this_moment(thread, sequence.as<List>())));
  else if (!is_exact<Tuple>(sequence))
    sequence = Value(TRY(list_from_iterable(thread, sequence)));
  if (!at(0).is_present()) {
    out.append_ascii("[]");
    return ok;
  }
  Value id = TRY(enter(thread, self, id_of));
  out.append('[');
  for (Index i = 0;; ++i) {
    Value item = at(i);
    if (!item.is_present()) break;
    if (i) out.append(self->item_separator_.get().as<Str>());
    TRY(encode(thread, self, out, item));
  }
  TRY(leave(thread, self, id));
  out.append(']');
  return ok;
}

static Result<void> encode(Thread& thread, JsonEncoder* self, StrBuilder& out, Value v) {
  if (is<Str>(v)) return encode_string(thread, self, out, v);
  if (const char* text = constant_text(v)) {
    out.append_ascii(text);
    return ok;
  }
  if (is_int(v)) {
    out.append(TRY(int_to_text(thread, int_exact(v), 10, false)));
    return ok;
  }
  if (is_float(v)) {
    out.append(TRY(float_text(thread, self, float_value(v))));
    return ok;
  }
  JsonLevel level(thread);
  TRY(level.check(" while encoding a JSON object"));
  if (is<List>(v) || is<Tuple>(v)) return encode_list(thread, self, out, v);
  if (is<Dict>(v)) return encode_dict(thread, self, out, v.as<Dict>());
  Value id = TRY(enter(thread, self, v));
  TRY(encode(thread, self, out, TRY(call(thread, self->default_.get(), v))));
  return leave(thread, self, id);
}

static Result<List*> encoder_call(Thread& thread, JsonEncoder* self, Value obj, Index indent_level) {
  StrBuilder out;
  TRY(encode(thread, self, out, obj));
  Value text = Value(TRY(out.build(thread)));
  return make_list(thread, &text, 1);
}

static FastEncode fast_encode_of(Value encoder) {
  if (!is<NativeFunction>(encoder)) return FastEncode::None;
  const NativeDef* def = encoder.as<NativeFunction>()->def();
  if (def == &json_functions[kJsonEncodeAscii]) return FastEncode::Ascii;
  if (def == &json_functions[kJsonEncode]) return FastEncode::Text;
  return FastEncode::None;
}

static Result<Value> encoder_new(Thread& thread, Type* type, Value markers, Value default_function, Value encoder, Value indent,
                                 Value key_separator, Value item_separator, bool sort_keys, bool skipkeys, bool allow_nan) {
  if (!is<Str>(key_separator)) return raise_type_error(thread, "make_encoder() argument 5 must be str, not {!a}", key_separator);
  if (!is<Str>(item_separator))
    return raise_type_error(thread, "make_encoder() argument 6 must be str, not {!a}", item_separator);
  if (!markers.is_none() && !is<Dict>(markers))
    return raise_type_error(thread, "make_encoder() argument 1 must be dict or None, not {!t}", markers);
  return TRY(make_of<JsonEncoder>(thread, type, markers, default_function, encoder, indent, key_separator.as<Str>(),
                                  item_separator.as<Str>(), sort_keys, skipkeys, allow_nan, fast_encode_of(encoder)));
}

template <Field<Value> JsonEncoder::* field>
static Result<Value> encoder_member(Thread& thread, Value self) {
  return (self.as<JsonEncoder>()->*field).get();
}
static Result<Value> encoder_sort_keys(Thread& thread, Value self) { return Value::of_bool(self.as<JsonEncoder>()->sort_keys_); }
static Result<Value> encoder_skipkeys(Thread& thread, Value self) { return Value::of_bool(self.as<JsonEncoder>()->skipkeys_); }

static constinit GetSetDef encoder_getsets[] = {
    {"markers", encoder_member<&JsonEncoder::markers_>, nullptr, "markers", true},
    {"default", encoder_member<&JsonEncoder::default_>, nullptr, "default", true},
    {"encoder", encoder_member<&JsonEncoder::encoder_>, nullptr, "encoder", true},
    {"indent", encoder_member<&JsonEncoder::indent_>, nullptr, "indent", true},
    {"key_separator", encoder_member<&JsonEncoder::key_separator_>, nullptr, "key_separator", true},
    {"item_separator", encoder_member<&JsonEncoder::item_separator_>, nullptr, "item_separator", true},
    {"sort_keys", encoder_sort_keys, nullptr, "sort_keys", true},
    {"skipkeys", encoder_skipkeys, nullptr, "skipkeys", true},
};
static constinit NativeDef encoder_methods[] = {
    native<encoder_new>(
        "__new__(type, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
        "Make an instance; the class's own help describes the arguments."),
    native<encoder_call>("__call__($self, /, obj, _current_indent_level)", "Call self as a function."),
};
constinit TypeDef json_encoder_def = {
    .name = "_json.Encoder",
    .doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    .dynamic_kind = &DynamicKind<JsonEncoder>::value,
    .payload_size = sizeof(JsonEncoder),
    .methods = encoder_methods,
    .method_count = count_of(encoder_methods),
    .getsets = encoder_getsets,
    .getset_count = 8,
    .kind_info = kind_info_of<JsonEncoder>("_json.Encoder"),
};

}  // namespace baton
