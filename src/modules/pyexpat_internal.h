// pyexpat: what its files share: the parser object, its handlers by number, and conversions of expat's text.
//
// Expat's callbacks get the parser object as user data and find the thread that parses in it. A callback that fails leaves its
// exception pending and stops expat; nothing more is called after that.
#pragma once
#include <expat.h>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/object.h"
#include "objects/str.h"

namespace baton {

enum XmlHandler : u8 {
  kStartElement,
  kEndElement,
  kProcessingInstruction,
  kCharacterData,
  kUnparsedEntityDecl,
  kNotationDecl,
  kStartNamespaceDecl,
  kEndNamespaceDecl,
  kComment,
  kStartCdataSection,
  kEndCdataSection,
  kDefault,
  kDefaultExpand,
  kNotStandalone,
  kExternalEntityRef,
  kStartDoctypeDecl,
  kEndDoctypeDecl,
  kEntityDecl,
  kXmlDecl,
  kElementDecl,
  kAttlistDecl,
  kSkippedEntity,
  kXmlHandlerCount
};

inline constexpr const char* xml_handler_names[kXmlHandlerCount] = {"StartElementHandler",
                                                                    "EndElementHandler",
                                                                    "ProcessingInstructionHandler",
                                                                    "CharacterDataHandler",
                                                                    "UnparsedEntityDeclHandler",
                                                                    "NotationDeclHandler",
                                                                    "StartNamespaceDeclHandler",
                                                                    "EndNamespaceDeclHandler",
                                                                    "CommentHandler",
                                                                    "StartCdataSectionHandler",
                                                                    "EndCdataSectionHandler",
                                                                    "DefaultHandler",
                                                                    "DefaultHandlerExpand",
                                                                    "NotStandaloneHandler",
                                                                    "ExternalEntityRefHandler",
                                                                    "StartDoctypeDeclHandler",
                                                                    "EndDoctypeDeclHandler",
                                                                    "EntityDeclHandler",
                                                                    "XmlDeclHandler",
                                                                    "ElementDeclHandler",
                                                                    "AttlistDeclHandler",
                                                                    "SkippedEntityHandler"};

class XmlParser final : public Cell {
 public:
  void init(XML_Parser parser, Value intern, XmlParser* parent) {
    parser_ = parser;
    thread_ = nullptr;
    text_ = nullptr;
    text_size_ = 8192;
    text_used_ = 0;
    ordered_attributes_ = specified_attributes_ = namespace_prefixes_ = in_callback_ = false;
    busy_ = 0;
    intern_.init(intern);
    parent_.init(parent);
    for (Field<Value>& handler : handlers_) handler.init(kNone);
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(intern_, parent_);
    visit.visit_range(handlers_, kXmlHandlerCount);
  }
  void finalize_native() {
    if (parser_) XML_ParserFree(parser_);
    free(text_);
    parser_ = nullptr;
    text_ = nullptr;
  }
  bool has_handler(XmlHandler which) const { return !handlers_[which].get().is_none(); }

  XML_Parser parser_;
  Thread* thread_;  // that is parsing right now
  char* text_;      // character data not delivered yet (buffer_text), malloc memory; null: delivered at once
  int text_size_, text_used_;
  bool ordered_attributes_, specified_attributes_, namespace_prefixes_, in_callback_;
  u8 busy_;              // atomic: some thread parses
  Field<Value> intern_;  // a dict of names, or None
  Field<XmlParser> parent_;
  Field<Value> handlers_[kXmlHandlerCount];
};
extern TypeDef xml_parser_def;

// pyexpat_handlers.cpp
// Tells expat to call (or not) this handler.
void xml_install_handler(XmlParser* self, XmlHandler which, bool on);
Result<void> xml_flush_text(Thread& thread, XmlParser* self);
// Encodings that expat doesn't know: one byte a character, by what the codec of that name makes of each. Fills *info, or raises
// LookupError, ValueError.
Result<void> xml_map_encoding(Thread& thread, const XML_Char* name, XML_Encoding* info);
int xml_unknown_encoding(void* data, const XML_Char* name, XML_Encoding* info);

}  // namespace baton
