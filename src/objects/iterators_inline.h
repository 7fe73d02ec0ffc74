// Steps of the built-in iterators that loops meet most, without a call. What is rare or fails is left to the type's __next__.
#pragma once
#include "base/text_kinds.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/frame.h"
#include "objects/generator.h"
#include "objects/iterators.h"
#include "objects/list.h"
#include "objects/object.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/str_internal.h"
#include "objects/tuple.h"

namespace baton {

Result<Value> exhausted_if_stopped(Thread& thread);  // after a failed step: kExhausted if that was StopIteration, else failed

// Of a forward dict iterator: true with the next key and value; false: the general step must tell why.
BATON_ALWAYS_INLINE bool dict_iterator_step(Iterator* it, Value* key, Value* value) {
  Value source = it->source();
  if (source.is_absent()) return false;
  auto* dict = source.as<Dict>();
  Index expected = it->aux_ >> 32, left = static_cast<i32>(it->aux_);
  DictTable* table = dict->table();
  if (dict->length() != expected || left <= 0 || !table) return false;
  Index i = it->position_;
  if (i >= table->entry_count()) return false;
  const DictEntry& e = table->entries()[i];
  Value k = e.key.get(), v = e.value.get();
  if (v.is_absent() || k == kNotFound) return false;  // deleted ones are passed over by the general step
  *key = k;
  *value = v;
  it->position_ = i + 1;
  it->aux_ = static_cast<i64>((static_cast<u64>(expected) << 32) | static_cast<u32>(left - 1));
  return true;
}

// iterator_step of an iterator that is marked as shared: absent once objects are locked.
Value step_shared_iterator(Iterator* it);

// The next value of an Iterator of this form, kExhausted, or absent: take the general step.
BATON_ALWAYS_INLINE Value iterator_step_as(IteratorForm form, Iterator* it) {
  switch (form) {
    case IteratorForm::List: {
      Value source = it->source();
      if (source.is_absent()) return kExhausted;
      Index i = it->position_;
      Value item = source.as<List>()->try_at(i);
      if (item.is_absent()) [[unlikely]] {
        it->source_.clear();
        return kExhausted;
      }
      it->position_ = i + 1;
      return item;
    }
    case IteratorForm::Range: {
      Index i = it->position_;
      if (i >= it->aux_) [[unlikely]]
        return kExhausted;
      it->position_ = i + 1;
      auto* range = it->source().as<Range>();
      return Value::of_small_int(range->small_start_ + i * range->small_step_);
    }
    case IteratorForm::Tuple: {
      Value source = it->source();
      if (source.is_absent()) return kExhausted;
      Index i = it->position_;
      if (i >= source.as<Tuple>()->length()) [[unlikely]] {
        it->source_.clear();
        return kExhausted;
      }
      it->position_ = i + 1;
      return source.as<Tuple>()->at(i);
    }
    case IteratorForm::DictKeys:
    case IteratorForm::DictValues: {
      Value key, value;
      if (!dict_iterator_step(it, &key, &value)) return Value();
      return form == IteratorForm::DictKeys ? key : value;
    }
    case IteratorForm::Str: {
      Value source = it->source();
      if (source.is_absent()) return kExhausted;
      Index i = it->position_;
      auto* text = source.as<Str>();
      if (i >= text->length()) [[unlikely]] {
        it->source_.clear();
        return kExhausted;
      }
      u32 ch = char_at(static_cast<int>(text->width()), text->data(), static_cast<usize>(i));
      if (ch > 0xFF) return Value();
      Str* one = __atomic_load_n(&latin1_strings[ch], __ATOMIC_ACQUIRE);
      if (one) [[likely]]
        it->position_ = i + 1;
      return Value(one);  // absent when never made yet
    }
    case IteratorForm::Set: {  // its end, and a change of size, are told by the general step
      Value source = it->source();
      if (source.is_absent()) return kExhausted;
      auto* set = source.as<Set>();
      SetTable* table = set->table();
      if (!table || set->length() != it->aux_) return Value();
      for (u64 i = static_cast<u64>(it->position_); i <= table->mask_; ++i) {
        Value key = table->entries()[i].key.get();
        it->position_ = static_cast<Index>(i) + 1;  // so the general step doesn't look once more
        if (key.is_absent() || key == kSetRemoved) continue;
        it->position_ = static_cast<Index>(i) + 1;
        return key;
      }
      return Value();
    }
    case IteratorForm::Bytes: {
      Value source = it->source();
      if (source.is_absent()) return kExhausted;
      Index i = it->position_;
      auto* bytes = source.as<Bytes>();
      if (i >= bytes->length()) [[unlikely]] {
        it->source_.clear();
        return kExhausted;
      }
      it->position_ = i + 1;
      return Value::of_small_int(bytes->data()[i]);
    }
    case IteratorForm::ListReverse: {
      Value source = it->source();
      Index i = it->position_;
      Value item = source.is_present() && i >= 0 ? source.as<List>()->try_at(i) : Value();
      if (item.is_present()) it->position_ = i - 1;
      return item;
    }
    case IteratorForm::Other:
    case IteratorForm::Native:
    case IteratorForm::DictItems:
    case IteratorForm::Enumerate:
    case IteratorForm::Zip: return Value();
    default: return step_shared_iterator(it);
  }
}
BATON_ALWAYS_INLINE Value iterator_step(Iterator* it) { return iterator_step_as(it->form_, it); }

// The next item of an iterator over a list or a tuple that isn't marked as shared; absent: take the general step. For steps of
// other iterators, which so need no frame of their own.
BATON_ALWAYS_INLINE Value sequence_step(Value iterator) {
  if (!is_exact<Iterator>(iterator)) return Value();
  auto* it = iterator.as<Iterator>();
  Value source = it->source(), item;
  Index i = it->position_;
  if (source.is_absent()) return Value();
  if (it->form_ == IteratorForm::List)
    item = source.as<List>()->try_at(i);
  else if (it->form_ == IteratorForm::Tuple && i < source.as<Tuple>()->length())
    item = source.as<Tuple>()->at(i);
  if (item.is_present()) it->position_ = i + 1;
  return item;
}

// Steps one iterator again and again, for natives that take in all of it: what kind of step it is, is found out once.
class Steps {
 public:
  explicit Steps(Value iterator) : iterator_(iterator) {
    Type* type = type_of(iterator);
    if (type->has_flag(kTypeHeap)) return;  // __next__ of a class may change on the way
    is_generator_ = is_exact<Generator>(iterator);
    if (is_generator_) return;
    IteratorForm form = is_exact<Iterator>(iterator) ? iterator.as<Iterator>()->form() : IteratorForm::Other;
    steps_in_place_ = form > IteratorForm::Native && form != IteratorForm::Enumerate && form != IteratorForm::Zip;
    if (form != IteratorForm::DictItems) def_ = type->native_next();
  }
  // The next item, or kExhausted.
  BATON_ALWAYS_INLINE Result<Value> next(Thread& thread) {
    if (steps_in_place_) {
      Value v = iterator_step(iterator_.as<Iterator>());
      if (v.is_present()) return v;
    }
    if (is_generator_) {
      Result<Value> v = next_of_generator(thread, iterator_.as<Generator>());
      if (v.value() == kExhausted) [[unlikely]]
        thread.stop_value_ = kNone;
      return v;
    }
    if (!def_) return iter_next_generally(thread, iterator_);
    Result<Value> v = def_->next(thread, *def_, iterator_);
    return v.is_failed() ? exhausted_if_stopped(thread) : v;
  }

 private:
  Value iterator_;
  const NativeDef* def_ = nullptr;
  bool steps_in_place_ = false, is_generator_ = false;
};

// iter_next with the short cut in front.
BATON_ALWAYS_INLINE Result<Value> iter_next_inline(Thread& thread, Value iterator) {
  if (is_exact<Iterator>(iterator)) {
    Value v = iterator_step(iterator.as<Iterator>());
    if (v.is_present()) return v;
  }
  return iter_next_generally(thread, iterator);
}

}  // namespace baton
