// _elementtree: what its files share: elements, the tree builder, and what the parser needs of both.
//
// An element's children are an ordinary list cell, made with the first child: every change of it is the list's own operation,
// under the list's lock. Attributes that the parser read stay an array of names and values until somebody wants the dict. Text
// that came in pieces stays an array of pieces until somebody reads it. Both arrays never change once they are in an element.
#pragma once
#include <expat.h>

#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/object.h"
#include "objects/str.h"
#include "objects/tuple.h"

namespace baton {

class Element final : public Cell {
 public:
  void init(Value tag, Value attributes) {
    tag_.init(tag);
    text_.init(kNone);
    tail_.init(kNone);
    attributes_.init(attributes);
    children_.init(nullptr);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(tag_, text_, tail_, attributes_, children_); }
  Index count() const {
    List* children = children_.get();
    return children ? children->length() : 0;
  }
  // The child, or absent when there is none.
  Value try_child(Index i) const {
    List* children = children_.get();
    return children ? children->try_at(i) : Value();
  }

  Field<Value> tag_;
  Field<Value> text_, tail_;  // a ValueArray: pieces not joined yet
  Field<Value> attributes_;   // None: none; a Dict; or a ValueArray: name, value, name, value ...
  Field<List> children_;      // null until the first
};
extern TypeDef element_def;

// elementtree_element.cpp
// attributes: None, a Dict (not copied; an empty one is not kept), or a ValueArray of names and values.
Result<Element*> make_element(Thread& thread, Value tag, Value attributes);
// The attributes as a dict, which is the element's from then on.
Result<Dict*> element_dict(Thread& thread, Element* self);
// TypeError if child is no element.
Result<void> element_append(Thread& thread, Element* self, Value child);
// Text or tail, joined if need be.
Result<Value> element_text(Thread& thread, Element* self, Field<Value>* field);
// A copy of `given` (absent or a dict) with the keywords, None if both are empty. "attrib" among the keywords stands for
// `given`.
Result<Value> attributes_from_call(Thread& thread, Value given, Value const* keyword_values, Tuple* names);

// elementtree_search.cpp: rows of Element.
Result<Value> element_find(Thread& thread, Element* self, Value path, Value namespaces);
Result<Value> element_findtext(Thread& thread, Element* self, Value path, Value fallback, Value namespaces);
Result<Value> element_findall(Thread& thread, Element* self, Value path, Value namespaces);
Result<Value> element_iterfind(Thread& thread, Element* self, Value path, Value namespaces);
Result<Value> element_iter(Thread& thread, Element* self, Value tag);
Result<Value> element_itertext(Thread& thread, Element* self);
extern TypeDef element_iterator_def;

// The names of events as given to _setevents, absent where an event isn't wanted.
enum TreeEvent : u8 { kEventStart, kEventEnd, kEventStartNs, kEventEndNs, kEventComment, kEventPi, kTreeEventCount };

class TreeBuilder final : public Cell {
 public:
  void init() {
    text_ = nullptr;
    text_used_ = text_room_ = 0;
    insert_comments_ = insert_pis_ = false;
    root_.init(Value());
    current_.init(kNone);
    last_.init(kNone);
    tail_of_.init(Value());
    data_.init(nullptr);
    stack_.init(nullptr);
    element_factory_.init(Value());
    comment_factory_.init(Value());
    pi_factory_.init(Value());
    report_.init(Value());
    for (Field<Value>& event : events_) event.init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(root_, current_, last_, tail_of_, data_, stack_, element_factory_, comment_factory_, pi_factory_, report_);
    visit.visit_range(events_, kTreeEventCount);
  }
  void finalize_native() {
    free(text_);
    text_ = nullptr;
  }
  bool wants(TreeEvent event) const { return report_.get().is_present() && events_[event].get().is_present(); }

  char* text_;  // UTF-8 text from the parser that follows what is in data_; this and its sizes: under the builder's lock byte
  usize text_used_, text_room_;
  bool insert_comments_, insert_pis_;
  Field<Value> root_;                                            // absent until the first element
  Field<Value> current_;                                         // the innermost open element, or None
  Field<Value> last_;                                            // the last element opened or closed, or None
  Field<Value> tail_of_;                                         // whose tail the text is; absent: the text is last_'s
  Field<List> data_;                                             // texts given by data(), or null
  Field<List> stack_;                                            // the elements around current_, None first
  Field<Value> element_factory_, comment_factory_, pi_factory_;  // absent: the plain way
  Field<Value> report_;                                          // append of the event queue, or absent
  Field<Value> events_[kTreeEventCount];
};
extern TypeDef tree_builder_def;

// elementtree_builder.cpp: what TreeBuilder's methods do.
Result<Value> builder_start(Thread& thread, TreeBuilder* self, Value tag, Value attributes);  // as make_element
Result<Value> builder_end(Thread& thread, TreeBuilder* self);
Result<void> builder_data(Thread& thread, TreeBuilder* self, Value data);
Result<void> builder_text(Thread& thread, TreeBuilder* self, const char* utf8, usize n);
Result<Value> builder_comment(Thread& thread, TreeBuilder* self, Value text);
Result<Value> builder_pi(Thread& thread, TreeBuilder* self, Value target, Value text);
Value builder_close(TreeBuilder* self);
Result<void> builder_report(Thread& thread, TreeBuilder* self, TreeEvent event, Value what);
Result<Value> builder_set_factories(Thread& thread, Value comment_factory, Value pi_factory);

// elementtree_parser.cpp
extern TypeDef tree_parser_def;

// _elementtree.cpp
Type* parse_error_type();

}  // namespace baton
