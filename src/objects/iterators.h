// A general native iterator cell: which container, where. Each built-in type's iterator is a TypeDef of its own on this cell,
// with its own __next__, __length_hint__, __reduce__, __setstate__.
#pragma once
#include <string_view>

#include "objects/native.h"
#include "objects/thread.h"
#include "threads/relaxed.h"

namespace baton {

// What a step of an exact built-in iterator is, for the short cuts of iterators_inline.h.
enum class IteratorForm : u8 {
  Other,
  List,
  Tuple,
  Range,
  DictKeys,
  DictValues,
  DictItems,
  Enumerate,
  Zip,
  Str,
  ListReverse,
  Set,
  Bytes
};

class Iterator final : public Cell {
 public:
  static constexpr u16 kKind = kKindIterator;
  void init(Value source, Index position = 0, Value extra = Value()) {
    source_.init(source);
    position_ = position;
    extra_.init(extra);
    aux_ = 0;
    form_ = IteratorForm::Other;
  }
  Value source() const { return source_.get(); }  // absent: exhausted
  void visit_edges(EdgeVisitor& visit) const { visit(source_, extra_); }
  Field<Value> source_, extra_;
  Relaxed<Index> position_, aux_;  // iterators may be shared
  IteratorForm form_;
};

// Types of builtins that are iterators.
extern TypeDef enumerate_def, zip_def, map_def, filter_def, reversed_def;
extern TypeDef list_iterator_def, tuple_iterator_def, range_iterator_def;
Result<Value> make_sequence_iterator(Thread& thread, Value sequence);                  // the __getitem__ protocol
Result<Value> make_callable_iterator(Thread& thread, Value callable, Value sentinel);  // iter(callable, sentinel)
bool is_callable_iterator(Value v);
// builtins.<name> as it is now, for __reduce__ (iter, reversed).
Result<Value> builtin_named(Thread& thread, std::string_view name);

}  // namespace baton
