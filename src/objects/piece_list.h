// Values that become a list: on the C++ stack, which the collector scans, while they are few.
#pragma once
#include "objects/list_inline.h"
#include "objects/native.h"

namespace baton {

// Lives on the stack. Takes no lock but the new list's.
class PieceList {
 public:
  Result<void> add(Thread& thread, Value piece) {
    if (count_ < kInline) {
      inline_.at(static_cast<usize>(count_++)) = piece;
      return ok;
    }
    if (!list_) list_ = TRY(make_list(thread, inline_.data(), count_));
    return list_append_inline(thread, list_, piece);
  }
  // The list, in the order in which its items came; once.
  Result<List*> forward(Thread& thread) { return list_ ? Result<List*>(list_) : make_list(thread, inline_.data(), count_); }
  // The same, the last one first.
  Result<List*> backward(Thread& thread) {
    List* list = TRY(forward(thread));
    for (Index i = 0, j = list->length(); i + 1 < j; ++i) {
      --j;
      Value first = list->try_at(i), last = list->try_at(j);
      TRY(list_try_set(thread, list, i, last));
      TRY(list_try_set(thread, list, j, first));
    }
    return list;
  }

 private:
  static constexpr Index kInline = 64;
  List* list_ = nullptr;
  Index count_ = 0;
  detail::Uninitialized<Value, kInline> inline_;
};

}  // namespace baton
