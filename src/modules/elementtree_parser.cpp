// xml.etree.ElementTree.XMLParser: expat's events go to a target, by a short way if it is a plain TreeBuilder.
//
// As in pyexpat, a parser is used by one thread at a time and not from what it calls: that is a RuntimeError. After something
// failed in a call the rest of that piece of input is parsed without any more calls, and the exception comes out at its end.
#include <cstdlib>
#include <cstring>

#include "modules/elementtree_internal.h"
#include "modules/pyexpat_internal.h"
#include "objects/codecs.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

static constexpr const char* kTargetMethods[] = {"start", "data",    "end",      "comment", "pi",
                                                 "close", "doctype", "start_ns", "end_ns"};
enum TargetMethod : u8 { kStart, kData, kEnd, kOnComment, kPi, kClose, kDoctype, kStartNs, kEndNs, kTargetMethodCount };

static constexpr Index kNameCache = 128;
static constexpr i64 kExpatBytes = 16 << 10;  // about what one of expat's parsers takes

class TreeParser final : public Cell {
 public:
  void init() {
    parser_ = nullptr;
    thread_ = nullptr;
    busy_ = 0;
    builder_.init(nullptr);
    target_.init(Value());
    entity_.init(Value());
    names_.init(nullptr);
    for (Field<Value>& method : methods_) method.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(builder_, target_, entity_, names_);
    visit.visit_range(methods_, kTargetMethodCount);
  }
  void finalize_native() {
    if (!parser_) return;
    XML_ParserFree(parser_);
    heap_add_external(-kExpatBytes);
    parser_ = nullptr;
  }

  XML_Parser parser_;           // null until __init__
  Thread* thread_;              // that is parsing right now
  u8 busy_;                     // atomic: some thread parses, or sets up
  Field<TreeBuilder> builder_;  // the target if it is exactly a TreeBuilder, else null
  Field<Value> target_, entity_;
  Field<ValueArray> names_;                   // "{namespace}name" by a hash of expat's text, the last one that had it
  Field<Value> methods_[kTargetMethodCount];  // of the target, absent: it has none
};

class TreeParserUse {
 public:
  TreeParserUse(Thread& thread, TreeParser* self) : self_(self) {
    owned_ = __atomic_exchange_n(&self->busy_, u8{1}, __ATOMIC_ACQUIRE) == 0;
    if (owned_) self->thread_ = &thread;
  }
  ~TreeParserUse() {
    if (!owned_) return;
    self_->thread_ = nullptr;
    __atomic_store_n(&self_->busy_, u8{0}, __ATOMIC_RELEASE);
  }
  TreeParserUse(const TreeParserUse&) = delete;
  TreeParserUse& operator=(const TreeParserUse&) = delete;
  Result<void> check(Thread& thread) const {
    if (!owned_) return raise_runtime_error(thread, "the XML parser is already parsing");
    if (!self_->parser_) return raise_value_error(thread, "XMLParser.__init__() wasn't called");
    return ok;
  }
  bool owned() const { return owned_; }

 private:
  TreeParser* self_;
  bool owned_;
};

static Failed raise_parse_error(Thread& thread, TreeParser* self, XML_Error code, const char* what) {
  i64 line = static_cast<i64>(XML_GetErrorLineNumber(self->parser_)),
      column = static_cast<i64>(XML_GetErrorColumnNumber(self->parser_));
  Value text = Value(TRY(format_message(thread, "{}: line {}, column {}", what, line, column)));
  Value error = TRY(call(thread, Value(parse_error_type()), text));
  TRY(set_attr(thread, error, names.code, Value::of_small_int(code)));
  Value position = Value(TRY(tuple_of(thread, Value::of_small_int(line), Value::of_small_int(column))));
  TRY(set_attr(thread, error, intern(thread, "position"), position));
  return raise_object(thread, error);
}

// ---------------------------------------------------------------------------------------------------------------- conversions

static Result<Value> text_of(Thread& thread, const char* s, usize n) {
  return Value(TRY(decode_utf8(thread, reinterpret_cast<const u8*>(s), n, nullptr)));
}
static Result<Value> text_or(Thread& thread, const char* s, Value otherwise) {
  return s ? text_of(thread, s, strlen(s)) : Result<Value>(otherwise);
}

// "{namespace}name" for expat's "namespace}name", the same object for the same text as far as the cache goes.
static Result<Value> universal_name(Thread& thread, TreeParser* self, const char* s) {
  u32 hash = 2166136261u, has_namespace = 0;
  usize n = 0;
  for (; s[n]; ++n) {
    hash = (hash ^ static_cast<u8>(s[n])) * 16777619u;
    has_namespace |= s[n] == '}';
  }
  ValueArray* cache = self->names_.get();
  Index at = (hash ^ (hash >> 15)) & (kNameCache - 1);
  if (Value known = cache->at(at); known.is_present()) {  // only ASCII is kept
    auto* name = known.as<Str>();
    if (name->length() == static_cast<Index>(n + has_namespace) && memcmp(name->data1() + has_namespace, s, n) == 0) return known;
  }
  StrBuilder text;
  if (has_namespace) text.append('{');
  text.append_utf8({s, n});
  Str* name = TRY(str_intern(thread, TRY(text.build(thread))));
  if (name->is_ascii()) cache->set_at(at, Value(name));
  return Value(name);
}

// None, or an array of names and values.
static Result<Value> attributes_of(Thread& thread, TreeParser* self, const XML_Char** attributes) {
  Index n = 0;
  while (attributes[n]) n += 2;
  if (n == 0) return kNone;
  ValueArray* pairs = TRY(make_value_array(thread, n));
  for (Index i = 0; i < n; i += 2) {
    pairs->set_at(i, TRY(universal_name(thread, self, attributes[i])));
    pairs->set_at(i + 1, TRY(text_of(thread, attributes[i + 1], strlen(attributes[i + 1]))));
  }
  return Value(pairs);
}

// ---------------------------------------------------------------------------------------------------------------- expat's calls

// Runs `act` unless something has failed in this piece of input. What it raises stays pending, see above.
template <class F>
static void deliver(void* data, F act) {
  auto* self = static_cast<TreeParser*>(data);
  Thread& thread = *self->thread_;
  if (thread.has_pending()) return;
  Result<void> done = act(thread, self);
  (void)done.is_failed();
}
#define EVENT [&](Thread & thread, TreeParser * self) -> Result<void>

template <class... V>
static Result<void> call_target(Thread& thread, TreeParser* self, TargetMethod which, V... args) {
  Value method = self->methods_[which].get();
  if (method.is_present()) TRY(call(thread, method, args...));
  return ok;
}

static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  deliver(
      data, EVENT {
        TreeBuilder* builder = self->builder_.get();
        if (!builder && self->methods_[kStart].get().is_absent()) return ok;
        Value tag = TRY(universal_name(thread, self, name));
        Value pairs = TRY(attributes_of(thread, self, attributes));
        if (builder) {
          TRY(builder_start(thread, builder, tag, pairs));
          return ok;
        }
        Element* holder = TRY(make_element(thread, tag, pairs));
        return call_target(thread, self, kStart, tag, Value(TRY(element_dict(thread, holder))));
      });
}
static void on_end(void* data, const XML_Char* name) {
  deliver(
      data, EVENT {
        if (TreeBuilder* builder = self->builder_.get()) {
          TRY(builder_end(thread, builder));
          return ok;
        }
        if (self->methods_[kEnd].get().is_absent()) return ok;
        return call_target(thread, self, kEnd, TRY(universal_name(thread, self, name)));
      });
}
static void on_text(void* data, const XML_Char* text, int n) {
  deliver(
      data, EVENT {
        if (TreeBuilder* builder = self->builder_.get()) return builder_text(thread, builder, text, static_cast<usize>(n));
        if (self->methods_[kData].get().is_absent()) return ok;
        return call_target(thread, self, kData, TRY(text_of(thread, text, static_cast<usize>(n))));
      });
}
static void on_comment(void* data, const XML_Char* text) {
  deliver(
      data, EVENT {
        Value comment = TRY(text_or(thread, text, kNone));
        TreeBuilder* builder = self->builder_.get();
        if (!builder) return call_target(thread, self, kOnComment, comment);
        TRY(builder_comment(thread, builder, comment));
        return ok;
      });
}
static void on_pi(void* data, const XML_Char* target, const XML_Char* text) {
  deliver(
      data, EVENT {
        TreeBuilder* builder = self->builder_.get();
        if (builder && !builder->insert_pis_ && !builder->wants(kEventPi)) return ok;
        Value pi_target = TRY(text_or(thread, target, kNone)), pi_text = TRY(text_or(thread, text, kNone));
        if (!builder) return call_target(thread, self, kPi, pi_target, pi_text);
        TRY(builder_pi(thread, builder, pi_target, pi_text));
        return ok;
      });
}
static void on_start_ns(void* data, const XML_Char* prefix, const XML_Char* uri) {
  deliver(
      data, EVENT {
        TreeBuilder* builder = self->builder_.get();
        if (builder && !builder->wants(kEventStartNs)) return ok;
        Value empty = Value(names.empty);
        Value name = TRY(text_or(thread, prefix, empty)), space = TRY(text_or(thread, uri, empty));
        if (!builder) return call_target(thread, self, kStartNs, name, space);
        return builder_report(thread, builder, kEventStartNs, Value(TRY(tuple_of(thread, name, space))));
      });
}
static void on_end_ns(void* data, const XML_Char* prefix) {
  deliver(
      data, EVENT {
        if (TreeBuilder* builder = self->builder_.get()) return builder_report(thread, builder, kEventEndNs, kNone);
        return call_target(thread, self, kEndNs, TRY(text_or(thread, prefix, Value(names.empty))));
      });
}
static void on_doctype(void* data, const XML_Char* name, const XML_Char* system_id, const XML_Char* public_id, int) {
  deliver(
      data, EVENT {
        Value doctype_name = TRY(text_or(thread, name, kNone)), system = TRY(text_or(thread, system_id, kNone)),
              pub = TRY(text_or(thread, public_id, kNone));
        if (self->methods_[kDoctype].get().is_present()) return call_target(thread, self, kDoctype, doctype_name, pub, system);
        if (TRY(find_attr(thread, Value(self), intern(thread, "doctype"))) == kNotFound) return ok;
        return warn(thread, exceptions.RuntimeWarning,
                    "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.");
      });
}
// What no other function gets: among it, references to entities that expat doesn't know.
static void on_default(void* data, const XML_Char* text, int n) {
  if (n < 2 || text[0] != '&') return;
  deliver(
      data, EVENT {
        Value key = TRY(text_of(thread, text + 1, static_cast<usize>(n) - 2)), entity = self->entity_.get();
        Value value = is<Dict>(entity) ? TRY(dict_find(thread, entity.as<Dict>(), key)) : Value(kNotFound);
        if (value == kNotFound) {
          StrBuilder message;
          message.append_ascii("undefined entity ");
          message.append_utf8({text, static_cast<usize>(n)});
          message.append('\0');
          Value owner;
          std::string_view utf8 = TRY(str_utf8(thread, TRY(message.build(thread)), &owner));
          KeepAlive keep(owner);
          return raise_parse_error(thread, self, XML_ERROR_UNDEFINED_ENTITY, utf8.data());
        }
        if (TreeBuilder* builder = self->builder_.get()) return builder_data(thread, builder, value);
        return call_target(thread, self, kData, value);
      });
}
static int on_unknown_encoding(void* data, const XML_Char* name, XML_Encoding* info) {
  auto* self = static_cast<TreeParser*>(data);
  if (self->thread_->has_pending()) return XML_STATUS_ERROR;
  return xml_map_encoding(*self->thread_, name, info).is_failed() ? XML_STATUS_ERROR : XML_STATUS_OK;
}

// ---------------------------------------------------------------------------------------------------------------- parsing

static constexpr usize kMaxPiece = 1 << 20;

// The caller holds the parser's use.
static Result<void> parse_bytes(Thread& thread, TreeParser* self, const u8* data, usize n, bool is_final) {
  for (bool more = true; more;) {
    usize piece = n < kMaxPiece ? n : kMaxPiece;
    more = piece < n;
    XML_Status status = XML_Parse(self->parser_, reinterpret_cast<const char*>(data), static_cast<int>(piece), !more && is_final);
    if (thread.has_pending()) return failed;
    if (status == XML_STATUS_ERROR) {
      XML_Error code = XML_GetErrorCode(self->parser_);
      return raise_parse_error(thread, self, code, XML_ErrorString(code));
    }
    data += piece;
    n -= piece;
  }
  return ok;
}

static Result<void> parser_feed(Thread& thread, TreeParser* self, Value data) {
  TreeParserUse use(thread, self);
  TRY(use.check(thread));
  if (is<Str>(data)) {
    Value owner;
    std::string_view text = TRY(str_utf8(thread, data.as<Str>(), &owner));
    KeepAlive keep(owner);
    XML_SetEncoding(self->parser_, "utf-8");
    return parse_bytes(thread, self, reinterpret_cast<const u8*>(text.data()), text.size(), false);
  }
  ScopedBuffer buffer;
  TRY(buffer.get(thread, data));
  return parse_bytes(thread, self, buffer.data, buffer.size, false);
}

static Result<Value> parser_close(Thread& thread, TreeParser* self) {
  {
    TreeParserUse use(thread, self);
    TRY(use.check(thread));
    TRY(parse_bytes(thread, self, reinterpret_cast<const u8*>(""), 0, true));
  }
  if (TreeBuilder* builder = self->builder_.get()) return builder_close(builder);
  Value close = self->methods_[kClose].get();
  return close.is_present() ? call(thread, close) : Result<Value>(kNone);
}

static Result<Value> parser_parse_whole(Thread& thread, TreeParser* self, Value file) {
  static constexpr i64 kPiece = 64 * 1024;
  TreeParserUse use(thread, self);
  TRY(use.check(thread));
  Value read = TRY(get_attr(thread, file, names.read));
  for (;;) {
    Value piece = TRY(call(thread, read, Value::of_small_int(kPiece)));
    if (is_exact<Str>(piece)) {
      if (piece.as<Str>()->length() == 0) break;
      Value owner;
      std::string_view text = str_utf8_lossy(thread, piece.as<Str>(), &owner);  // expat refuses lone surrogates
      KeepAlive keep(owner);
      TRY(parse_bytes(thread, self, reinterpret_cast<const u8*>(text.data()), text.size(), false));
    } else if (is_exact<Bytes>(piece) && piece.as<Bytes>()->length() > 0) {
      auto* bytes = piece.as<Bytes>();
      TRY(parse_bytes(thread, self, bytes->data(), static_cast<usize>(bytes->length()), false));
    } else {
      break;
    }
    KeepAlive keep(piece);
  }
  TRY(parse_bytes(thread, self, reinterpret_cast<const u8*>(""), 0, true));
  TreeBuilder* builder = self->builder_.get();
  return builder ? builder_close(builder) : kNone;
}

// ---------------------------------------------------------------------------------------------------------------- events

// Which event a name (str, or bytes) is: kTreeEventCount if none.
static Result<TreeEvent*> find_event(Thread& thread, Value name, TreeEvent* out) {
  static constexpr const char* all[] = {"start", "end", "start-ns", "end-ns", "comment", "pi"};
  std::string_view text;
  Value owner;
  if (is<Str>(name))
    text = TRY(str_utf8(thread, name.as<Str>(), &owner));
  else if (is<Bytes>(name))
    text = {reinterpret_cast<const char*>(name.as<Bytes>()->data()), static_cast<usize>(name.as<Bytes>()->length())};
  else
    return raise_value_error(thread, "invalid events sequence");
  for (u8 i = 0; i < kTreeEventCount; ++i)
    if (text == all[i]) {
      *out = static_cast<TreeEvent>(i);
      return out;
    }
  Failed unknown = raise_value_error(thread, "unknown event '{}'", text);
  KeepAlive keep(owner);
  return unknown;
}

static Result<void> parser_setevents(Thread& thread, TreeParser* self, Value events_queue, Value events_to_report) {
  TreeParserUse use(thread, self);
  TRY(use.check(thread));
  TreeBuilder* builder = self->builder_.get();
  if (!builder) return raise_type_error(thread, "event handling only supported for ElementTree.TreeBuilder targets");
  builder->report_.set(builder, TRY(get_attr(thread, events_queue, names.append)));
  for (Field<Value>& event : builder->events_) event.clear();
  if (events_to_report.is_none()) {
    builder->events_[kEventEnd].set(builder, Value(intern(thread, "end")));
    return ok;
  }
  Result<Tuple*> wanted = tuple_from_iterable(thread, events_to_report);
  if (wanted.is_failed()) {
    if (!clear_pending_if(thread, exceptions.TypeError)) return failed;
    return raise_type_error(thread, "events must be a sequence");
  }
  for (Index i = 0; i < wanted.value()->length(); ++i) {
    Value name = wanted.value()->at(i);
    TreeEvent event = kTreeEventCount;
    TRY(find_event(thread, name, &event));
    if (is<Bytes>(name))
      name = TRY(text_of(thread, reinterpret_cast<const char*>(name.as<Bytes>()->data()),
                         static_cast<usize>(name.as<Bytes>()->length())));
    builder->events_[event].set(builder, name);
    if (event == kEventStartNs) XML_SetStartNamespaceDeclHandler(self->parser_, on_start_ns);
    if (event == kEventEndNs) XML_SetEndNamespaceDeclHandler(self->parser_, on_end_ns);
    if (event == kEventComment) XML_SetCommentHandler(self->parser_, on_comment);
    if (event == kEventPi) XML_SetProcessingInstructionHandler(self->parser_, on_pi);
  }
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> parser_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return make_of<TreeParser>(thread, TRY(check_new_type(thread, args, n, tree_parser_def.type)));
}

static void install(TreeParser* self, XML_Parser p) {
  auto has = [&](TargetMethod which) { return self->methods_[which].get().is_present(); };
  XML_SetUserData(p, self);
  XML_SetUnknownEncodingHandler(p, on_unknown_encoding, self);
  XML_SetElementHandler(p, on_start, on_end);
  XML_SetDefaultHandlerExpand(p, on_default);
  XML_SetCharacterDataHandler(p, on_text);
  if (has(kStartNs)) XML_SetStartNamespaceDeclHandler(p, on_start_ns);
  if (has(kEndNs)) XML_SetEndNamespaceDeclHandler(p, on_end_ns);
  if (has(kOnComment)) XML_SetCommentHandler(p, on_comment);
  if (has(kPi)) XML_SetProcessingInstructionHandler(p, on_pi);
  XML_SetStartDoctypeDeclHandler(p, on_doctype);
}

static Result<void> parser_init(Thread& thread, TreeParser* self, Value target, Value encoding) {
  const char* encoding_text = nullptr;
  Value owner;
  if (is<Str>(encoding)) {
    std::string_view text = TRY(str_utf8(thread, encoding.as<Str>(), &owner));
    if (text.find('\0') != std::string_view::npos) return raise_value_error(thread, "embedded null character");
    Bytes* copy = TRY(bytes_from(thread, text));  // with a terminator
    owner = Value(copy);
    encoding_text = reinterpret_cast<const char*>(copy->data());
  } else if (!encoding.is_none()) {
    return raise_type_error(thread, "XMLParser() argument 'encoding' must be str or None, not {!t}", encoding);
  }
  TreeParserUse use(thread, self);
  if (!use.owned()) return raise_runtime_error(thread, "the XML parser is already parsing");
  if (target.is_none()) target = TRY(call(thread, Value(tree_builder_def.type)));
  Value methods[kTargetMethodCount];
  for (u8 i = 0; i < kTargetMethodCount; ++i) {
    Value method = TRY(find_attr(thread, target, intern(thread, kTargetMethods[i])));
    if (method != kNotFound) methods[i] = method;
  }
  Value entity = Value(TRY(make_dict(thread)));
  ValueArray* cache = TRY(make_value_array(thread, kNameCache));
  XML_Parser made = XML_ParserCreate_MM(encoding_text, nullptr, "}");
  KeepAlive keep(owner);
  if (!made) return raise_memory_error(thread);
  XML_SetHashSalt(made, static_cast<unsigned long>(runtime.hash_key[0] | 1));
  if (self->parser_)
    XML_ParserFree(self->parser_);
  else
    heap_add_external(thread, kExpatBytes);
  self->parser_ = made;
  self->builder_.set(self, is_exact<TreeBuilder>(target) ? target.as<TreeBuilder>() : nullptr);
  self->target_.set(self, target);
  self->entity_.set(self, entity);
  self->names_.set(self, cache);
  for (u8 i = 0; i < kTargetMethodCount; ++i) self->methods_[i].set(self, methods[i]);
  install(self, made);
  return ok;
}

static Result<Value> get_target(Thread&, Value self) {
  Value v = self.as<TreeParser>()->target_.get();
  return v.is_present() ? v : kNone;
}
static Result<Value> get_entity(Thread&, Value self) {
  Value v = self.as<TreeParser>()->entity_.get();
  return v.is_present() ? v : kNone;
}
static Result<Value> get_version(Thread& thread, Value) {
  XML_Expat_Version version = XML_ExpatVersionInfo();
  return Value(TRY(format_message(thread, "Expat {}.{}.{}", version.major, version.minor, version.micro)));
}
static constinit GetSetDef parser_getsets[] = {
    {"entity", get_entity, nullptr, nullptr, true},
    {"target", get_target, nullptr, nullptr, true},
    {"version", get_version, nullptr, nullptr},
};
static constinit NativeDef parser_methods[] = {
    native_raw(parser_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<parser_init>("__init__($self, /, *, target=None, encoding=None)",
                        "Set up a new instance from the arguments its class documents."),
    native<parser_parse_whole>("_parse_whole($self, file, /)", nullptr),
    native<parser_setevents>("_setevents($self, events_queue, events_to_report=None, /)", nullptr),
    native<parser_close>("close($self, /)", nullptr),
    native<parser_feed>("feed($self, data, /)", nullptr),
};
constinit TypeDef tree_parser_def = {.name = "xml.etree.ElementTree.XMLParser",
                                     .dynamic_kind = &DynamicKind<TreeParser>::value,
                                     .payload_size = sizeof(TreeParser),
                                     .flags = kTypeSubclassable,
                                     .methods = parser_methods,
                                     .method_count = count_of(parser_methods),
                                     .getsets = parser_getsets,
                                     .getset_count = 3,
                                     .kind_info = kind_info_of<TreeParser>("xml.etree.ElementTree.XMLParser")};

}  // namespace baton
