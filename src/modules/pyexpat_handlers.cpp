// pyexpat: from expat's callbacks to the handlers of Python code.
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "modules/pyexpat_internal.h"
#include "objects/codecs.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/tuple.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- text

static Result<Value> text_of(Thread& thread, const XML_Char* s, usize n) {
  return decode_utf8(thread, reinterpret_cast<const u8*>(s), n, nullptr);
}
static Result<Value> text_or_none(Thread& thread, const XML_Char* s) {
  return s ? text_of(thread, s, strlen(s)) : Result<Value>(kNone);
}

// A name: the equal one of the parser's intern dict.
static Result<Value> name_or_none(Thread& thread, XmlParser* self, const XML_Char* s) {
  Value text = TRY(text_or_none(thread, s));
  Value known = self->intern_.get();
  if (text.is_none() || !is<Dict>(known)) return text;
  return dict_set_default(thread, known.as<Dict>(), text, text);
}

// ---------------------------------------------------------------------------------------------------------------- calling

static Result<Value> call_handler(Thread& thread, XmlParser* self, XmlHandler which, const Value* args, usize n) {
  bool outer = self->in_callback_;
  self->in_callback_ = true;
  Result<Value> result = call_values(thread, self->handlers_[which].get(), args, n);
  self->in_callback_ = outer;
  return result;
}

Result<void> xml_flush_text(Thread& thread, XmlParser* self) {
  if (!self->text_ || self->text_used_ == 0) return ok;
  usize n = static_cast<usize>(self->text_used_);
  self->text_used_ = 0;
  if (!self->has_handler(kCharacterData)) return ok;
  Value text = TRY(text_of(thread, self->text_, n));
  TRY(call_handler(thread, self, kCharacterData, &text, 1));
  return ok;
}

// Runs `arguments` (fills args, answers their number) and the handler; text held back goes first. Answers the handler's result or
// absent when there is none or something failed.
template <class F>
static Value deliver(void* data, XmlHandler which, F arguments) {
  auto* self = static_cast<XmlParser*>(data);
  Thread& thread = *self->thread_;
  if (thread.has_pending() || !self->has_handler(which)) return Value();
  auto run = [&]() -> Result<Value> {
    TRY(xml_flush_text(thread, self));
    if (!self->has_handler(which)) return kNone;
    Value args[8];
    usize n = TRY(arguments(thread, self, args));
    return call_handler(thread, self, which, args, n);
  };
  Result<Value> result = run();
  if (!result.is_failed()) return result.value();
  XML_StopParser(self->parser_, XML_FALSE);
  return Value();
}

// A handler that answers an int: 0 stops with an error.
template <class F>
static int deliver_for_int(void* data, XmlHandler which, F arguments) {
  Value result = deliver(data, which, arguments);
  if (result.is_absent()) return 0;
  auto* self = static_cast<XmlParser*>(data);
  int n;
  if (convert_int(*self->thread_, result, &n)) return n;
  XML_StopParser(self->parser_, XML_FALSE);
  return 0;
}

static Result<Value> attributes_of(Thread& thread, XmlParser* self, const XML_Char** attributes) {
  int limit = 0;
  if (self->specified_attributes_)
    limit = XML_GetSpecifiedAttributeCount(self->parser_);
  else
    while (attributes[limit]) limit += 2;
  List* list = self->ordered_attributes_ ? TRY(make_list_with_capacity(thread, limit)) : nullptr;
  Dict* dict = list ? nullptr : TRY(make_dict(thread));
  for (int i = 0; i < limit; i += 2) {
    Value name = TRY(name_or_none(thread, self, attributes[i])), value = TRY(text_or_none(thread, attributes[i + 1]));
    if (list) {
      TRY(list_append(thread, list, name));
      TRY(list_append(thread, list, value));
    } else {
      TRY(dict_set(thread, dict, name, value));
    }
  }
  return list ? Value(list) : Value(dict);
}

#define ARGUMENTS [&](Thread & thread, XmlParser * self, Value * args) -> Result<usize>
#define NAME_ARGUMENT(s) TRY(name_or_none(thread, self, s))
#define TEXT_ARGUMENT(s) TRY(text_or_none(thread, s))

static void on_start_element(void* data, const XML_Char* name, const XML_Char** attributes) {
  (void)deliver(
      data, kStartElement, ARGUMENTS {
        args[1] = TRY(attributes_of(thread, self, attributes));
        args[0] = NAME_ARGUMENT(name);
        return usize{2};
      });
}
static void on_end_element(void* data, const XML_Char* name) {
  (void)deliver(
      data, kEndElement, ARGUMENTS {
        args[0] = NAME_ARGUMENT(name);
        return usize{1};
      });
}
static void on_processing_instruction(void* data, const XML_Char* target, const XML_Char* text) {
  (void)deliver(
      data, kProcessingInstruction, ARGUMENTS {
        args[0] = NAME_ARGUMENT(target);
        args[1] = TEXT_ARGUMENT(text);
        return usize{2};
      });
}
static void on_unparsed_entity(void* data, const XML_Char* entity, const XML_Char* base, const XML_Char* system_id,
                               const XML_Char* public_id, const XML_Char* notation) {
  (void)deliver(
      data, kUnparsedEntityDecl, ARGUMENTS {
        const XML_Char* all[] = {entity, base, system_id, public_id, notation};
        for (usize i = 0; i < 5; ++i) args[i] = NAME_ARGUMENT(all[i]);
        return usize{5};
      });
}
static void on_notation(void* data, const XML_Char* notation, const XML_Char* base, const XML_Char* system_id,
                        const XML_Char* public_id) {
  (void)deliver(
      data, kNotationDecl, ARGUMENTS {
        const XML_Char* all[] = {notation, base, system_id, public_id};
        for (usize i = 0; i < 4; ++i) args[i] = NAME_ARGUMENT(all[i]);
        return usize{4};
      });
}
static void on_start_namespace(void* data, const XML_Char* prefix, const XML_Char* uri) {
  (void)deliver(
      data, kStartNamespaceDecl, ARGUMENTS {
        args[0] = NAME_ARGUMENT(prefix);
        args[1] = NAME_ARGUMENT(uri);
        return usize{2};
      });
}
static void on_end_namespace(void* data, const XML_Char* prefix) {
  (void)deliver(
      data, kEndNamespaceDecl, ARGUMENTS {
        args[0] = NAME_ARGUMENT(prefix);
        return usize{1};
      });
}
static void on_comment(void* data, const XML_Char* text) {
  (void)deliver(
      data, kComment, ARGUMENTS {
        args[0] = TEXT_ARGUMENT(text);
        return usize{1};
      });
}
template <XmlHandler which>
static void on_event(void* data) {
  (void)deliver(data, which, ARGUMENTS { return usize{0}; });
}
template <XmlHandler which>
static void on_default(void* data, const XML_Char* text, int n) {
  (void)deliver(
      data, which, ARGUMENTS {
        args[0] = TRY(text_of(thread, text, static_cast<usize>(n)));
        return usize{1};
      });
}
static int on_not_standalone(void* data) {
  return deliver_for_int(data, kNotStandalone, ARGUMENTS { return usize{0}; });
}
static int on_external_entity(XML_Parser parser, const XML_Char* context, const XML_Char* base, const XML_Char* system_id,
                              const XML_Char* public_id) {
  return deliver_for_int(
      XML_GetUserData(parser), kExternalEntityRef, ARGUMENTS {
        args[0] = TEXT_ARGUMENT(context);
        args[1] = NAME_ARGUMENT(base);
        args[2] = NAME_ARGUMENT(system_id);
        args[3] = NAME_ARGUMENT(public_id);
        return usize{4};
      });
}
static void on_start_doctype(void* data, const XML_Char* name, const XML_Char* system_id, const XML_Char* public_id,
                             int has_internal_subset) {
  (void)deliver(
      data, kStartDoctypeDecl, ARGUMENTS {
        args[0] = NAME_ARGUMENT(name);
        args[1] = NAME_ARGUMENT(system_id);
        args[2] = NAME_ARGUMENT(public_id);
        args[3] = Value::of_small_int(has_internal_subset);
        return usize{4};
      });
}
static void on_entity(void* data, const XML_Char* name, int is_parameter, const XML_Char* value, int value_length,
                      const XML_Char* base, const XML_Char* system_id, const XML_Char* public_id, const XML_Char* notation) {
  (void)deliver(
      data, kEntityDecl, ARGUMENTS {
        args[0] = NAME_ARGUMENT(name);
        args[1] = Value::of_small_int(is_parameter);
        args[2] = value ? TRY(text_of(thread, value, static_cast<usize>(value_length))) : kNone;
        const XML_Char* rest[] = {base, system_id, public_id, notation};
        for (usize i = 0; i < 4; ++i) args[3 + i] = NAME_ARGUMENT(rest[i]);
        return usize{7};
      });
}
static void on_xml_declaration(void* data, const XML_Char* version, const XML_Char* encoding, int standalone) {
  (void)deliver(
      data, kXmlDecl, ARGUMENTS {
        args[0] = TEXT_ARGUMENT(version);
        args[1] = TEXT_ARGUMENT(encoding);
        args[2] = Value::of_small_int(standalone);
        return usize{3};
      });
}
static void on_attribute_list(void* data, const XML_Char* element, const XML_Char* attribute, const XML_Char* type,
                              const XML_Char* default_value, int required) {
  (void)deliver(
      data, kAttlistDecl, ARGUMENTS {
        args[0] = NAME_ARGUMENT(element);
        args[1] = NAME_ARGUMENT(attribute);
        args[2] = TEXT_ARGUMENT(type);
        args[3] = TEXT_ARGUMENT(default_value);
        args[4] = Value::of_small_int(required);
        return usize{5};
      });
}
static void on_skipped_entity(void* data, const XML_Char* name, int is_parameter) {
  (void)deliver(
      data, kSkippedEntity, ARGUMENTS {
        args[0] = NAME_ARGUMENT(name);
        args[1] = Value::of_small_int(is_parameter);
        return usize{2};
      });
}

// A content model as nested tuples (type, quantifier, name, children).
static Result<Value> model_of(Thread& thread, XmlParser* self, const XML_Content* model) {
  NativeDepth depth(thread, " while converting a content model");
  TRY(depth.check());
  Tuple* children = TRY(make_tuple(thread, nullptr, static_cast<Index>(model->numchildren)));
  for (u32 i = 0; i < model->numchildren; ++i)
    children->set_at(static_cast<Index>(i), TRY(model_of(thread, self, &model->children[i])));
  Value name = TRY(name_or_none(thread, self, model->name));
  return tuple_of(thread, Value::of_small_int(model->type), Value::of_small_int(model->quant), name, Value(children));
}
static void on_element_declaration(void* data, const XML_Char* name, XML_Content* model) {
  auto* self = static_cast<XmlParser*>(data);
  (void)deliver(
      data, kElementDecl, ARGUMENTS {
        args[1] = TRY(model_of(thread, self, model));
        args[0] = NAME_ARGUMENT(name);
        return usize{2};
      });
  XML_FreeContentModel(self->parser_, model);
}

static void on_character_data(void* data, const XML_Char* text, int n) {
  auto* self = static_cast<XmlParser*>(data);
  Thread& thread = *self->thread_;
  if (thread.has_pending() || !self->has_handler(kCharacterData)) return;
  auto run = [&]() -> Result<void> {
    if (self->text_) {
      if (self->text_used_ + n > self->text_size_) {
        TRY(xml_flush_text(thread, self));
        if (!self->has_handler(kCharacterData) || !self->text_) return ok;
      }
      if (n <= self->text_size_) {
        memcpy(self->text_ + self->text_used_, text, static_cast<usize>(n));
        self->text_used_ += n;
        return ok;
      }
    }
    Value argument = TRY(text_of(thread, text, static_cast<usize>(n)));
    TRY(call_handler(thread, self, kCharacterData, &argument, 1));
    return ok;
  };
  if (run().is_failed()) XML_StopParser(self->parser_, XML_FALSE);
}

Result<void> xml_map_encoding(Thread& thread, const XML_Char* name, XML_Encoding* info) {
  u8 all[256];
  for (u32 i = 0; i < 256; ++i) all[i] = static_cast<u8>(i);
  Value owner = Value(TRY(bytes_from(thread, all, 256)));
  Str* encoding = TRY(str_from_utf8(thread, name));
  Str* text = TRY(decode_text(thread, all, 256, owner, encoding, names.replace));
  if (text->length() != 256) return raise_value_error(thread, "multi-byte encodings are not supported");
  for (Index i = 0; i < 256; ++i) info->map[i] = text->at(i) == 0xFFFD ? -1 : static_cast<int>(text->at(i));
  info->data = nullptr;
  info->convert = nullptr;
  info->release = nullptr;
  return ok;
}
int xml_unknown_encoding(void* data, const XML_Char* name, XML_Encoding* info) {
  auto* self = static_cast<XmlParser*>(data);
  Thread& thread = *self->thread_;
  if (thread.has_pending()) return XML_STATUS_ERROR;
  return xml_map_encoding(thread, name, info).is_failed() ? XML_STATUS_ERROR : XML_STATUS_OK;
}

static void ignore_character_data(void*, const XML_Char*, int) {}

void xml_install_handler(XmlParser* self, XmlHandler which, bool on) {
  XML_Parser p = self->parser_;
  switch (which) {
    case kStartElement: XML_SetStartElementHandler(p, on ? on_start_element : nullptr); break;
    case kEndElement: XML_SetEndElementHandler(p, on ? on_end_element : nullptr); break;
    case kProcessingInstruction: XML_SetProcessingInstructionHandler(p, on ? on_processing_instruction : nullptr); break;
    case kCharacterData:
      // Removed by a handler: the rest of the text being delivered must not go to the default handler.
      XML_SetCharacterDataHandler(p, on ? on_character_data : self->in_callback_ ? ignore_character_data : nullptr);
      break;
    case kUnparsedEntityDecl: XML_SetUnparsedEntityDeclHandler(p, on ? on_unparsed_entity : nullptr); break;
    case kNotationDecl: XML_SetNotationDeclHandler(p, on ? on_notation : nullptr); break;
    case kStartNamespaceDecl: XML_SetStartNamespaceDeclHandler(p, on ? on_start_namespace : nullptr); break;
    case kEndNamespaceDecl: XML_SetEndNamespaceDeclHandler(p, on ? on_end_namespace : nullptr); break;
    case kComment: XML_SetCommentHandler(p, on ? on_comment : nullptr); break;
    case kStartCdataSection: XML_SetStartCdataSectionHandler(p, on ? on_event<kStartCdataSection> : nullptr); break;
    case kEndCdataSection: XML_SetEndCdataSectionHandler(p, on ? on_event<kEndCdataSection> : nullptr); break;
    case kDefault: XML_SetDefaultHandler(p, on ? on_default<kDefault> : nullptr); break;
    case kDefaultExpand: XML_SetDefaultHandlerExpand(p, on ? on_default<kDefaultExpand> : nullptr); break;
    case kNotStandalone: XML_SetNotStandaloneHandler(p, on ? on_not_standalone : nullptr); break;
    case kExternalEntityRef: XML_SetExternalEntityRefHandler(p, on ? on_external_entity : nullptr); break;
    case kStartDoctypeDecl: XML_SetStartDoctypeDeclHandler(p, on ? on_start_doctype : nullptr); break;
    case kEndDoctypeDecl: XML_SetEndDoctypeDeclHandler(p, on ? on_event<kEndDoctypeDecl> : nullptr); break;
    case kEntityDecl: XML_SetEntityDeclHandler(p, on ? on_entity : nullptr); break;
    case kXmlDecl: XML_SetXmlDeclHandler(p, on ? on_xml_declaration : nullptr); break;
    case kElementDecl: XML_SetElementDeclHandler(p, on ? on_element_declaration : nullptr); break;
    case kAttlistDecl: XML_SetAttlistDeclHandler(p, on ? on_attribute_list : nullptr); break;
    case kSkippedEntity: XML_SetSkippedEntityHandler(p, on ? on_skipped_entity : nullptr); break;
    case kXmlHandlerCount: break;
  }
}

}  // namespace baton
