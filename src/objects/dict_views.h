// Views and iterators of dict: what dict_views.cpp offers to dict's methods and to OrderedDict.
#pragma once
#include "objects/dict.h"
#include "objects/iterators.h"

namespace baton {

enum class DictPart : u8 { Keys, Values, Items };

class DictView final : public Cell {
 public:
  static constexpr u16 kKind = kKindDictView;
  void init(Dict* dict) { dict_.init(dict); }
  Dict* dict() const { return dict_.get(); }
  void visit_edges(EdgeVisitor& visit) const { visit(dict_); }

 private:
  Field<Dict> dict_;
};
Result<Value> make_dict_view(Thread& thread, Dict* dict, DictPart part);
// Appends what is left of a reversed iterator over a dict, as its steps would. False: it is none, or its next step fails. No
// object is locked for it (objects_are_locked() is false).
Result<bool> reversed_dict_fill_list(Thread& thread, List* into, Iterator* iterator);
Result<Value> make_dict_iterator(Thread& thread, Dict* dict, DictPart part, bool reverse);

}  // namespace baton
