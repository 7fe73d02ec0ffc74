// A general native iterator cell: which container, where. Each built-in type's iterator is a TypeDef of its own on this cell,
// with its own __next__, __length_hint__, __reduce__, __setstate__.
//
// Without a GIL an iterator that Python code can hand to another thread is marked as shared, and its steps lock it, so that no
// item is given twice. A loop's own iterator, and one that a native or another iterator keeps for itself, isn't marked:
// get_iter() makes those. Who shows such a one marks it (publish_iterator). With a GIL nothing is marked.
#pragma once
#include <string_view>

#include "objects/native.h"
#include "objects/thread.h"
#include "threads/lock_byte.h"
#include "threads/relaxed.h"

namespace baton {

// Has a value of this type a way to be iterated: __iter__ (which may be None), or items by number? A mapping's keys are none.
inline bool has_way_to_iterate(Type* type) {
  return type->slot(Slot::iter).is_present() || (type->slot(Slot::getitem).is_present() && !(type->flags() & kTypeKeysOnly));
}

// What a step of an exact built-in iterator is, for the short cuts of iterators_inline.h.
enum class IteratorForm : u8 {
  Other,
  Native,  // another one that runs no Python code
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
    form_ = static_cast<IteratorForm>(gil_enabled() ? 0 : kSharedMark);
  }
  Value source() const { return source_.get(); }  // absent: exhausted
  IteratorForm form() const { return static_cast<IteratorForm>(static_cast<u8>(form_.get()) & ~kSharedMark); }
  void set_form(IteratorForm form) { form_ = static_cast<IteratorForm>(static_cast<u8>(form) | (is_shared() ? kSharedMark : 0)); }
  bool is_shared() const { return static_cast<u8>(form_.get()) & kSharedMark; }
  void set_private() { form_ = form(); }
  void set_shared() { form_ = static_cast<IteratorForm>(static_cast<u8>(form_.get()) | kSharedMark); }
  void visit_edges(EdgeVisitor& visit) const { visit(source_, extra_); }
  Field<Value> source_, extra_;
  Relaxed<Index> position_, aux_;
  static constexpr u8 kSharedMark = 0x80;
  Relaxed<IteratorForm> form_;  // with the mark; what is compared with a form is meant for iterators that aren't marked
};

// Around a step of an iterator: its lock, if it is marked as shared.
class IteratorGuard {
 public:
  BATON_ALWAYS_INLINE IteratorGuard(Thread& thread, Iterator* it) : IteratorGuard(thread, it, true) {}
  // Of one that steps others: only where those run no Python code.
  BATON_ALWAYS_INLINE IteratorGuard(Thread& thread, Iterator* it, bool is_quiet)
      : lock_(thread, is_quiet && it->is_shared() ? it->lock_byte() : nullptr) {}

 private:
  ByteLock lock_;
};

// Marks what Python code is about to see.
inline Value publish_iterator(Value iterator) {
  if (!gil_enabled() && is<Iterator>(iterator)) iterator.as<Iterator>()->set_shared();
  return iterator;
}
// get_iter for an iterator that several threads may step.
Result<Value> get_shared_iter(Thread& thread, Value v);
// Whether no step of this iterator runs Python code, so that it may be stepped under a lock.
bool is_quiet_iterator(Value iterator);
// The same for iterators that are no Iterator cells, which itertools knows.
extern bool (*is_quiet_tool)(Value iterator);

// Types of builtins that are iterators.
extern TypeDef enumerate_def, zip_def, map_def, filter_def, reversed_def;
extern TypeDef list_iterator_def, tuple_iterator_def, range_iterator_def;
Result<Value> make_sequence_iterator(Thread& thread, Value sequence);                  // the __getitem__ protocol
Result<Value> make_callable_iterator(Thread& thread, Value callable, Value sentinel);  // iter(callable, sentinel)
bool is_callable_iterator(Value v);
// builtins.<name> as it is now, for __reduce__ (iter, reversed).
Result<Value> builtin_named(Thread& thread, std::string_view name);

}  // namespace baton
