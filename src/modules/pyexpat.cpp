// pyexpat: XML parsers on libexpat. What happens in callbacks is in pyexpat_handlers.cpp.
//
// A parser is used by one thread at a time and not from its own handlers: parsing while it parses is an error here.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "modules/pyexpat_internal.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

static Root<Type>* expat_error = nullptr;

static Failed raise_expat(Thread& thread, XmlParser* self, XML_Error code) {
  i64 line = static_cast<i64>(XML_GetErrorLineNumber(self->parser_)),
      column = static_cast<i64>(XML_GetErrorColumnNumber(self->parser_));
  Value text = Value(TRY(format_message(thread, "{}: line {}, column {}", XML_ErrorString(code), line, column)));
  Value error = TRY(call(thread, Value(expat_error->get()), text));
  TRY(set_attr(thread, error, names.code, Value::of_small_int(code)));
  TRY(set_attr(thread, error, intern(thread, "offset"), Value::of_small_int(column)));
  TRY(set_attr(thread, error, intern(thread, "lineno"), Value::of_small_int(line)));
  return raise_object(thread, error);
}

// ---------------------------------------------------------------------------------------------------------------- parsing

// Marks the parser as in use by this thread for as long as it lives.
class XmlUse {
 public:
  XmlUse(Thread& thread, XmlParser* self) : self_(self) {
    owned_ = __atomic_exchange_n(&self->busy_, u8{1}, __ATOMIC_ACQUIRE) == 0;
    if (owned_) self->thread_ = &thread;
  }
  ~XmlUse() {
    if (!owned_) return;
    self_->thread_ = nullptr;
    __atomic_store_n(&self_->busy_, u8{0}, __ATOMIC_RELEASE);
  }
  XmlUse(const XmlUse&) = delete;
  XmlUse& operator=(const XmlUse&) = delete;
  bool owned() const { return owned_; }

 private:
  XmlParser* self_;
  bool owned_;
};
static Failed raise_busy(Thread& thread) { return raise_runtime_error(thread, "the XML parser is already parsing"); }

static constexpr usize kMaxChunk = 1 << 20;

static Result<i64> parse_bytes(Thread& thread, XmlParser* self, const u8* data, usize n, bool is_final) {
  XML_Status status = XML_STATUS_OK;
  for (bool more = true; more && status != XML_STATUS_ERROR;) {
    usize chunk = n < kMaxChunk ? n : kMaxChunk;
    more = chunk < n;
    status = XML_Parse(self->parser_, reinterpret_cast<const char*>(data), static_cast<int>(chunk), !more && is_final);
    data += chunk;
    n -= chunk;
    if (thread.has_pending()) return failed;
  }
  if (status == XML_STATUS_ERROR) return raise_expat(thread, self, XML_GetErrorCode(self->parser_));
  TRY(xml_flush_text(thread, self));
  return static_cast<i64>(status);
}

static Result<i64> parser_parse(Thread& thread, XmlParser* self, Value data, int final) {
  bool is_final = final != 0;
  XmlUse use(thread, self);
  if (!use.owned()) return raise_busy(thread);
  if (is<Str>(data)) {
    Value owner;
    std::string_view text = TRY(str_utf8(thread, data.as<Str>(), &owner));
    KeepAlive keep(owner);
    XML_SetEncoding(self->parser_, "utf-8");
    return parse_bytes(thread, self, reinterpret_cast<const u8*>(text.data()), text.size(), is_final);
  }
  ScopedBuffer buffer;
  TRY(buffer.get(thread, data));
  return parse_bytes(thread, self, buffer.data, buffer.size, is_final);
}

static Result<i64> parser_parse_file(Thread& thread, XmlParser* self, Value file) {
  static constexpr i64 kPiece = 2048;
  Value read = TRY(find_attr(thread, file, names.read));
  if (read == kNotFound) return raise_type_error(thread, "argument must have 'read' attribute");
  XmlUse use(thread, self);
  if (!use.owned()) return raise_busy(thread);
  for (;;) {
    Value piece = TRY(call(thread, read, Value::of_small_int(kPiece)));
    if (!is<Bytes>(piece) && !is<ByteArray>(piece))
      return raise_type_error(thread, "read() did not return a bytes object (type={!t})", piece);
    ScopedBuffer buffer;
    TRY(buffer.get(thread, piece));
    if (buffer.size > static_cast<usize>(kPiece)) {
      return raise_value_error(thread, "read() returned too much data: {} bytes requested, {} returned", kPiece,
                               static_cast<i64>(buffer.size));
    }
    i64 status = TRY(parse_bytes(thread, self, buffer.data, buffer.size, buffer.size == 0));
    if (buffer.size == 0) return status;
  }
}

// ---------------------------------------------------------------------------------------------------------------- making parsers

static Result<XmlParser*> new_parser(Thread& thread, XML_Parser parser, Value intern_names, XmlParser* parent) {
  if (!parser) return raise_memory_error(thread);
  Result<XmlParser*> made = make_of<XmlParser>(thread, xml_parser_def.type, parser, intern_names, parent);
  if (made.is_failed()) {
    XML_ParserFree(parser);
    return failed;
  }
  XML_SetUserData(parser, made.value());
  XML_SetUnknownEncodingHandler(parser, xml_unknown_encoding, made.value());
  return made;
}

static Result<const char*> text_argument(Thread& thread, Value v, const char* function, const char* what, Value* owner) {
  if (v.is_none()) return static_cast<const char*>("");
  if (!is<Str>(v)) return raise_type_error(thread, "{}() argument {} must be str or None, not {!t}", function, what, v);
  std::string_view text = TRY(str_utf8(thread, v.as<Str>(), owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(thread, "embedded null character");
  Bytes* copy = TRY(bytes_from(thread, text));  // with a terminator
  *owner = Value(copy);
  return reinterpret_cast<const char*>(copy->data());
}

static Result<XmlParser*> pyexpat_parser_create(Thread& thread, Value encoding, Value separator, Optional<Value> intern_names) {
  Value encoding_owner, separator_owner;
  const char* encoding_text = TRY(text_argument(thread, encoding, "ParserCreate", "'encoding'", &encoding_owner));
  const char* separator_text = TRY(text_argument(thread, separator, "ParserCreate", "'namespace_separator'", &separator_owner));
  if (strlen(separator_text) > 1)
    return raise_value_error(thread, "namespace_separator must be at most one character, omitted, or None");
  Value known = kNone;
  if (!intern_names.has_value())
    known = Value(TRY(make_dict(thread)));
  else if (is<Dict>(intern_names.value))
    known = intern_names.value;
  else if (!intern_names.value.is_none())
    return raise_type_error(thread, "intern must be a dictionary");
  XML_Parser parser =
      XML_ParserCreate_MM(encoding.is_none() ? nullptr : encoding_text, nullptr, separator.is_none() ? nullptr : separator_text);
  KeepAlive keep_encoding(encoding_owner), keep_separator(separator_owner);
  if (parser) XML_SetHashSalt(parser, static_cast<unsigned long>(runtime.hash_key[0] | 1));
  return new_parser(thread, parser, known, nullptr);
}

// For the entity that an ExternalEntityRefHandler was told of; with the same handlers and settings.
static Result<XmlParser*> parser_entity_parser(Thread& thread, XmlParser* self, Value context, Optional<Value> encoding) {
  Value context_owner, encoding_owner;
  const char* context_text = TRY(text_argument(thread, context, "ExternalEntityParserCreate", "1", &context_owner));
  const char* encoding_text = nullptr;
  if (encoding.has_value()) {
    if (!is<Str>(encoding.value))
      return raise_type_error(thread, "ExternalEntityParserCreate() argument 2 must be str, not {!a}", encoding.value);
    encoding_text = TRY(text_argument(thread, encoding.value, "ExternalEntityParserCreate", "2", &encoding_owner));
  }
  XML_Parser parser = XML_ExternalEntityParserCreate(self->parser_, context.is_none() ? nullptr : context_text, encoding_text);
  KeepAlive keep_context(context_owner), keep_encoding(encoding_owner);
  XmlParser* made = TRY(new_parser(thread, parser, self->intern_.get(), self));
  made->ordered_attributes_ = self->ordered_attributes_;
  made->specified_attributes_ = self->specified_attributes_;
  made->namespace_prefixes_ = self->namespace_prefixes_;
  made->text_size_ = self->text_size_;
  if (self->text_) {
    made->text_ = static_cast<char*>(malloc(static_cast<usize>(made->text_size_)));
    if (!made->text_) return raise_memory_error(thread);
  }
  for (u8 i = 0; i < kXmlHandlerCount; ++i) {
    auto which = static_cast<XmlHandler>(i);
    made->handlers_[which].set(made, self->handlers_[which].get());
    if (made->has_handler(which)) xml_install_handler(made, which, true);
  }
  return made;
}

// ---------------------------------------------------------------------------------------------------------------- other methods

static Result<void> parser_set_base(Thread& thread, XmlParser* self, Str* base) {
  Value owner;
  const char* text = TRY(text_argument(thread, Value(base), "SetBase", "", &owner));
  if (!XML_SetBase(self->parser_, text)) return raise_memory_error(thread);
  KeepAlive keep(owner);
  return ok;
}
static Result<Value> parser_get_base(Thread& thread, XmlParser* self) {
  const XML_Char* base = XML_GetBase(self->parser_);
  if (!base) return kNone;
  return str_from_utf8(thread, base);
}
static Result<Value> parser_input_context(Thread& thread, XmlParser* self) {
  if (!self->in_callback_) return kNone;
  int offset, size;
  const char* buffer = XML_GetInputContext(self->parser_, &offset, &size);
  if (!buffer) return kNone;
  return bytes_from(thread, buffer + offset, static_cast<usize>(size - offset));
}
static Result<i64> parser_param_entities(Thread&, XmlParser* self, int flag) {
  return static_cast<i64>(XML_SetParamEntityParsing(self->parser_, static_cast<XML_ParamEntityParsing>(flag)));
}
static Result<void> parser_foreign_dtd(Thread& thread, XmlParser* self, bool flag) {
  XML_Error code = XML_UseForeignDTD(self->parser_, flag ? XML_TRUE : XML_FALSE);
  if (code != XML_ERROR_NONE) return raise_expat(thread, self, code);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- attributes

template <XmlHandler which>
static Result<Value> get_handler(Thread&, Value self) {
  return self.as<XmlParser>()->handlers_[which].get();
}
template <XmlHandler which>
static Result<void> set_handler(Thread& thread, Value object, Value v) {
  auto* self = object.as<XmlParser>();
  if (v.is_absent()) return raise_runtime_error(thread, "Cannot delete attribute");
  if (which == kCharacterData && self->thread_ == &thread) TRY(xml_flush_text(thread, self));
  self->handlers_[which].set(self, v);
  xml_install_handler(self, which, !v.is_none());
  return ok;
}

template <bool XmlParser::* field>
static Result<Value> get_flag(Thread&, Value self) {
  return Value::of_bool(self.as<XmlParser>()->*field);
}
template <bool XmlParser::* field>
static Result<void> set_flag(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_runtime_error(thread, "Cannot delete attribute");
  bool on = TRY(truth(thread, v));
  self.as<XmlParser>()->*field = on;
  if (field == &XmlParser::namespace_prefixes_) XML_SetReturnNSTriplet(self.as<XmlParser>()->parser_, on);
  return ok;
}

// Text held back is delivered where a handler may run: by the thread that parses, or when nobody does.
static Result<void> flush_from_attribute(Thread& thread, XmlParser* self) {
  Thread* before = self->thread_;
  if (!before) self->thread_ = &thread;
  Result<void> done = xml_flush_text(thread, self);
  self->thread_ = before;
  return done;
}
static Result<Value> get_buffer_text(Thread&, Value self) { return Value::of_bool(self.as<XmlParser>()->text_ != nullptr); }
static Result<void> set_buffer_text(Thread& thread, Value object, Value v) {
  auto* self = object.as<XmlParser>();
  if (v.is_absent()) return raise_runtime_error(thread, "Cannot delete attribute");
  bool on = TRY(truth(thread, v));
  if (on == (self->text_ != nullptr)) return ok;
  if (on) {
    self->text_ = static_cast<char*>(malloc(static_cast<usize>(self->text_size_)));
    if (!self->text_) return raise_memory_error(thread);
    self->text_used_ = 0;
    return ok;
  }
  TRY(flush_from_attribute(thread, self));
  free(self->text_);
  self->text_ = nullptr;
  return ok;
}
static Result<Value> get_buffer_used(Thread&, Value self) { return Value::of_small_int(self.as<XmlParser>()->text_used_); }
static Result<Value> get_buffer_size(Thread&, Value self) { return Value::of_small_int(self.as<XmlParser>()->text_size_); }
static Result<void> set_buffer_size(Thread& thread, Value object, Value v) {
  auto* self = object.as<XmlParser>();
  if (v.is_absent()) return raise_runtime_error(thread, "Cannot delete attribute");
  if (!is_int(v)) return raise_type_error(thread, "buffer_size must be an integer");
  i64 n;
  if (!int_to_i64(int_exact(v), &n)) return raise_overflow_error(thread, "Python int too large to convert to C long");
  if (n <= 0) return raise_value_error(thread, "buffer_size must be greater than zero");
  if (n > 0x7FFFFFFF) return raise_value_error(thread, "buffer_size must not be greater than {}", i64{0x7FFFFFFF});
  if (n == self->text_size_) return ok;
  if (self->text_) {
    TRY(flush_from_attribute(thread, self));
    char* room = static_cast<char*>(malloc(static_cast<usize>(n)));
    if (!room) return raise_memory_error(thread);
    free(self->text_);
    self->text_ = room;
  }
  self->text_size_ = static_cast<int>(n);
  return ok;
}

template <auto function>
static Result<Value> get_position(Thread& thread, Value self) {
  return int_from_i64(thread, static_cast<i64>(function(self.as<XmlParser>()->parser_)));
}
static Result<Value> get_intern(Thread&, Value self) { return self.as<XmlParser>()->intern_.get(); }

#define HANDLER_ROW(which) {xml_handler_names[which], get_handler<which>, set_handler<which>, nullptr}
static constinit GetSetDef parser_getsets[] = {
    {"intern", get_intern, nullptr, nullptr, true},
    {"ErrorCode", get_position<XML_GetErrorCode>, nullptr, nullptr},
    {"ErrorLineNumber", get_position<XML_GetErrorLineNumber>, nullptr, nullptr},
    {"ErrorColumnNumber", get_position<XML_GetErrorColumnNumber>, nullptr, nullptr},
    {"ErrorByteIndex", get_position<XML_GetErrorByteIndex>, nullptr, nullptr},
    {"CurrentLineNumber", get_position<XML_GetCurrentLineNumber>, nullptr, nullptr},
    {"CurrentColumnNumber", get_position<XML_GetCurrentColumnNumber>, nullptr, nullptr},
    {"CurrentByteIndex", get_position<XML_GetCurrentByteIndex>, nullptr, nullptr},
    {"buffer_size", get_buffer_size, set_buffer_size, nullptr},
    {"buffer_text", get_buffer_text, set_buffer_text, nullptr},
    {"buffer_used", get_buffer_used, nullptr, nullptr},
    {"namespace_prefixes", get_flag<&XmlParser::namespace_prefixes_>, set_flag<&XmlParser::namespace_prefixes_>, nullptr},
    {"ordered_attributes", get_flag<&XmlParser::ordered_attributes_>, set_flag<&XmlParser::ordered_attributes_>, nullptr},
    {"specified_attributes", get_flag<&XmlParser::specified_attributes_>, set_flag<&XmlParser::specified_attributes_>, nullptr},
    HANDLER_ROW(kStartElement),
    HANDLER_ROW(kEndElement),
    HANDLER_ROW(kProcessingInstruction),
    HANDLER_ROW(kCharacterData),
    HANDLER_ROW(kUnparsedEntityDecl),
    HANDLER_ROW(kNotationDecl),
    HANDLER_ROW(kStartNamespaceDecl),
    HANDLER_ROW(kEndNamespaceDecl),
    HANDLER_ROW(kComment),
    HANDLER_ROW(kStartCdataSection),
    HANDLER_ROW(kEndCdataSection),
    HANDLER_ROW(kDefault),
    HANDLER_ROW(kDefaultExpand),
    HANDLER_ROW(kNotStandalone),
    HANDLER_ROW(kExternalEntityRef),
    HANDLER_ROW(kStartDoctypeDecl),
    HANDLER_ROW(kEndDoctypeDecl),
    HANDLER_ROW(kEntityDecl),
    HANDLER_ROW(kXmlDecl),
    HANDLER_ROW(kElementDecl),
    HANDLER_ROW(kAttlistDecl),
    HANDLER_ROW(kSkippedEntity),
};
static constexpr u32 kGetsetCount = sizeof parser_getsets / sizeof *parser_getsets;

static constinit NativeDef parser_methods[] = {
    native<parser_parse>("Parse($self, data, isfinal=False, /)", "Parse XML data.\n\n`isfinal' should be true at end of input."),
    native<parser_parse_file>("ParseFile($self, file, /)", "Parse XML data from file-like object."),
    native<parser_set_base>("SetBase($self, base, /)", "Set the base URL for the parser."),
    native<parser_get_base>("GetBase($self, /)", "Return base URL string for the parser."),
    native<parser_input_context>("GetInputContext($self, /)",
                                 "The source of the event now being handled, as bytes in its own encoding.\n\nWhere an event "
                                 "takes up much input, the end may be missing. Outside of a\nhandler the result is None."),
    native<parser_entity_parser>(
        "ExternalEntityParserCreate($self, context, encoding=<unrepresentable>, /)",
        "Make a parser for an external entity, with this one's handlers.\n\ncontext is what the ExternalEntityRefHandler was "
        "given under that name;\nencoding, if given, overrides the encoding the entity declares."),
    native<parser_param_entities>(
        "SetParamEntityParsing($self, flag, /)",
        "Say whether the parser should read external parts of the DTD.\n\nThat concerns the external subset and the parameter "
        "entities. flag is one of\nthree constants, whose names start with XML_PARAM_ENTITY_PARSING_ and end in\nNEVER, ALWAYS "
        "or UNLESS_STANDALONE; the last skips them in documents that\ndeclare standalone=\"yes\". A nonzero result means that "
        "the choice was\naccepted; once parsing has begun it is too late."),
    native<parser_foreign_dtd>("UseForeignDTD($self, flag=True, /)",
                               "Have the parser ask for a DTD even if the document names none.\n\nExternalEntityRefHandler is "
                               "then called with None for both IDs, and can\nsupply a DTD of the application's choice. "
                               "flag=False turns this off (True is\nthe default). It has to be done before parsing starts."),
};
constinit TypeDef xml_parser_def = {.name = "pyexpat.xmlparser",
                                    .doc = "XML parser",
                                    .dynamic_kind = &DynamicKind<XmlParser>::value,
                                    .payload_size = sizeof(XmlParser),
                                    .flags = kTypeNoInstances,
                                    .methods = parser_methods,
                                    .method_count = count_of(parser_methods),
                                    .getsets = parser_getsets,
                                    .getset_count = kGetsetCount,
                                    .kind_info = kind_info_of<XmlParser>("pyexpat.xmlparser")};

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<Value> pyexpat_error_string(Thread& thread, Index code) {
  const XML_LChar* text = XML_ErrorString(static_cast<XML_Error>(code));
  if (!text) return kNone;
  return str_from_utf8(thread, text);
}
static constinit NativeDef pyexpat_functions[] = {
    native<pyexpat_parser_create>("ParserCreate($module, /, encoding=None, namespace_separator=None, intern=<unrepresentable>)",
                                  "Return a new XML parser object."),
    native<pyexpat_error_string>("ErrorString($module, code, /)", "Returns string error for given number."),
};

#define XML_ERRORS(X)                                                                                                          \
  X(NO_MEMORY)                                                                                                                 \
  X(SYNTAX)                                                                                                                    \
  X(NO_ELEMENTS)                                                                                                               \
  X(INVALID_TOKEN)                                                                                                             \
  X(UNCLOSED_TOKEN)                                                                                                            \
  X(PARTIAL_CHAR)                                                                                                              \
  X(TAG_MISMATCH)                                                                                                              \
  X(DUPLICATE_ATTRIBUTE)                                                                                                       \
  X(JUNK_AFTER_DOC_ELEMENT)                                                                                                    \
  X(PARAM_ENTITY_REF)                                                                                                          \
  X(UNDEFINED_ENTITY)                                                                                                          \
  X(RECURSIVE_ENTITY_REF)                                                                                                      \
  X(ASYNC_ENTITY)                                                                                                              \
  X(BAD_CHAR_REF)                                                                                                              \
  X(BINARY_ENTITY_REF)                                                                                                         \
  X(ATTRIBUTE_EXTERNAL_ENTITY_REF)                                                                                             \
  X(MISPLACED_XML_PI)                                                                                                          \
  X(UNKNOWN_ENCODING)                                                                                                          \
  X(INCORRECT_ENCODING)                                                                                                        \
  X(UNCLOSED_CDATA_SECTION) X(EXTERNAL_ENTITY_HANDLING) X(NOT_STANDALONE) X(UNEXPECTED_STATE) X(ENTITY_DECLARED_IN_PE)         \
      X(FEATURE_REQUIRES_XML_DTD) X(CANT_CHANGE_FEATURE_ONCE_PARSING) X(UNBOUND_PREFIX) X(UNDECLARING_PREFIX) X(INCOMPLETE_PE) \
          X(XML_DECL) X(TEXT_DECL) X(PUBLICID) X(SUSPENDED) X(NOT_SUSPENDED) X(ABORTED) X(FINISHED) X(SUSPEND_PE)              \
              X(RESERVED_PREFIX_XML) X(RESERVED_PREFIX_XMLNS) X(RESERVED_NAMESPACE_URI) X(INVALID_ARGUMENT) X(NO_BUFFER)       \
                  X(AMPLIFICATION_LIMIT_BREACH)

static Result<Module*> add_submodule(Thread& thread, Module* module, const char* name, const char* full_name, const char* doc) {
  Str* full = intern(thread, full_name);
  Module* made = TRY(make_module(thread, full));
  TRY(module_set(thread, made, "__doc__", Value(TRY(str_from_ascii(thread, doc)))));
  TRY(dict_set_str(thread, runtime.modules, full, Value(made)));
  TRY(module_set(thread, module, name, Value(made)));
  return made;
}

static Result<void> add_errors(Thread& thread, Module* module) {
  Module* errors = TRY(add_submodule(thread, module, "errors", "pyexpat.errors", "Constants used to describe error conditions."));
  Dict *codes = TRY(make_dict(thread)), *messages = TRY(make_dict(thread));
  struct Row {
    const char* name;
    XML_Error code;
  };
#define ERROR_ROW(name) {"XML_ERROR_" #name, XML_ERROR_##name},
  static constexpr Row rows[] = {XML_ERRORS(ERROR_ROW)};
#undef ERROR_ROW
  for (const Row& row : rows) {
    Value text = Value(TRY(str_from_utf8(thread, XML_ErrorString(row.code)))), code = Value::of_small_int(row.code);
    TRY(module_set(thread, errors, row.name, text));
    TRY(dict_set(thread, codes, text, code));
    TRY(dict_set(thread, messages, code, text));
  }
  TRY(module_set(thread, errors, "codes", Value(codes)));
  return module_set(thread, errors, "messages", Value(messages));
}

static Result<void> add_model(Thread& thread, Module* module) {
  Module* model =
      TRY(add_submodule(thread, module, "model", "pyexpat.model", "Constants used to interpret content model information."));
  static constexpr ModuleConstant rows[] = {{"XML_CTYPE_EMPTY", XML_CTYPE_EMPTY},   {"XML_CTYPE_ANY", XML_CTYPE_ANY},
                                            {"XML_CTYPE_MIXED", XML_CTYPE_MIXED},   {"XML_CTYPE_NAME", XML_CTYPE_NAME},
                                            {"XML_CTYPE_CHOICE", XML_CTYPE_CHOICE}, {"XML_CTYPE_SEQ", XML_CTYPE_SEQ},
                                            {"XML_CQUANT_NONE", XML_CQUANT_NONE},   {"XML_CQUANT_OPT", XML_CQUANT_OPT},
                                            {"XML_CQUANT_REP", XML_CQUANT_REP},     {"XML_CQUANT_PLUS", XML_CQUANT_PLUS}};
  for (const ModuleConstant& row : rows) TRY(module_set(thread, model, row.name, Value::of_small_int(row.value)));
  return ok;
}

static Result<void> pyexpat_exec(Thread& thread, Module* module) {
  if (!expat_error)
    expat_error = new Root<Type>(TRY(make_exception_type(thread, "xml.parsers.expat.ExpatError", exceptions.Exception)));
  TRY(module_set(thread, module, "error", Value(expat_error->get())));
  TRY(module_set(thread, module, "ExpatError", Value(expat_error->get())));
  TRY(module_set(thread, module, "XMLParserType", Value(TRY(type_from_def(thread, xml_parser_def)))));
  TRY(module_set(thread, module, "EXPAT_VERSION", Value(TRY(str_from_utf8(thread, XML_ExpatVersion())))));
  XML_Expat_Version version = XML_ExpatVersionInfo();
  Value numbers = Value(TRY(tuple_of(thread, Value::of_small_int(version.major), Value::of_small_int(version.minor),
                                     Value::of_small_int(version.micro))));
  TRY(module_set(thread, module, "version_info", numbers));
  TRY(module_set(thread, module, "native_encoding", Value(intern(thread, "UTF-8"))));
  List* features = TRY(make_list(thread));
  for (const XML_Feature* f = XML_GetFeatureList(); f && f->feature != XML_FEATURE_END; ++f) {
    Value name = Value(TRY(str_from_utf8(thread, f->name)));
    TRY(list_append(thread, features, Value(TRY(tuple_of(thread, name, TRY(int_from_i64(thread, f->value)))))));
  }
  TRY(module_set(thread, module, "features", Value(features)));
  TRY(add_errors(thread, module));
  return add_model(thread, module);
}

static constexpr ModuleConstant pyexpat_constants[] = {
    {"XML_PARAM_ENTITY_PARSING_NEVER", XML_PARAM_ENTITY_PARSING_NEVER},
    {"XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE},
    {"XML_PARAM_ENTITY_PARSING_ALWAYS", XML_PARAM_ENTITY_PARSING_ALWAYS},
};
constinit ModuleDef pyexpat_module = {.name = "pyexpat",
                                      .doc = "Python wrapper for Expat parser.",
                                      .functions = pyexpat_functions,
                                      .function_count = count_of(pyexpat_functions),
                                      .constants = pyexpat_constants,
                                      .constant_count = 3,
                                      .exec = pyexpat_exec};

}  // namespace baton
