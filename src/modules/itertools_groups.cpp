// itertools: groupby with its group iterators, and tee.
//
// The branches of a tee share a chain of blocks of kBlock values: a branch is (block, position); the block at the end reads from
// the iterator. Blocks that no branch needs any more are garbage. Without a GIL a branch and a block are looked at under their
// locks; the iterator is stepped under the block's, too, if it runs no Python code.
#include "modules/itertools.h"
#include "objects/call_one.h"
#include "objects/iterators.h"
#include "objects/iterators_inline.h"
#include "objects/list.h"
#include "objects/numbers.h"
#include "objects/plain_values.h"
#include "objects/raw_arguments.h"
#include "objects/whole_list.h"

namespace baton::itertools {

namespace {

// ---------------------------------------------------------------------------------------------------------------- groupby

class GroupBy final : public Cell {
 public:
  void init(Value iterator, Value key_function) {
    iterator_.init(iterator);
    key_function_.init(key_function);
    for (Field<Value>* f : {&target_key_, &current_key_, &current_value_, &current_group_}) f->init(Value());
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(iterator_, key_function_, target_key_, current_key_, current_value_, current_group_);
  }
  Field<Value> iterator_, key_function_;  // key function None: the items themselves
  Field<Value> target_key_, current_key_, current_value_, current_group_;
};

Result<Value> groupby_new(Thread& thread, Type* type, Value iterable, Value key) {
  TRY(check_subtype(thread, type, groupby_def.type));
  Value iterator = TRY(get_shared_iter(thread, iterable));
  return make_of<GroupBy>(thread, type, iterator, key);
}

// Reads the next item and its key: false at the end.
Result<bool> step(Thread& thread, GroupBy* self) {
  Value v = TRY(iter_next_inline(thread, self->iterator_.get()));
  if (v == kExhausted) return false;
  Value function = self->key_function_.get();
  Value key = function.is_none() ? v : TRY(call_one_value(thread, function, &v));
  self->current_value_.set(self, v);
  self->current_key_.set(self, key);
  return true;
}

Result<Value> make_group(Thread& thread, GroupBy* parent, Value target) {
  Tool* group = TRY(make_of<Tool>(thread, TRY(type_from_def(thread, grouper_def)), Value(parent), target));
  parent->current_group_.set(parent, Value(group));
  return Value(group);
}

// Without a GIL threads may share a groupby and its groups. Where neither the iterator nor the keys' comparisons run Python code,
// its steps and those of its groups are made under its lock, so that no item is lost or given twice. Others are only safe, as
// with the GIL, which such code may let go.
bool is_locked_by_steps(GroupBy* self) {
  return objects_are_locked() && self->key_function_.get().is_none() && is_quiet_iterator(self->iterator_.get());
}

// Reads on until the key differs from that of the last group; false: the end. `equal` compares two keys.
template <class Equal>
Result<bool> read_to_next_group(Thread& thread, GroupBy* self, Equal equal) {
  for (;;) {
    Value current = self->current_key_.get(), target = self->target_key_.get();
    if (current.is_present() && (target.is_absent() || !TRY(equal(target, current)))) return true;
    if (!TRY(step(thread, self))) return false;
  }
}

enum class Advance : u8 { End, Ready, NeedsCalls };

// The next (key, group), under the lock, as far as no comparison runs Python code.
Result<Value> next_group_at_once(Thread& thread, GroupBy* self, Advance* how) {
  Tool* group = TRY(make_of<Tool>(thread, TRY(type_from_def(thread, grouper_def)), Value(self), Value()));
  CriticalSection guard(thread, self);
  self->current_group_.clear();
  bool is_known = true;
  bool more = TRY(read_to_next_group(thread, self, [&](Value a, Value b) -> Result<bool> {
    PlainEqual equal = plain_equal(a, b);
    if (equal == PlainEqual::Unknown) is_known = false;
    return equal == PlainEqual::Yes;
  }));
  *how = !is_known ? Advance::NeedsCalls : more ? Advance::Ready : Advance::End;
  if (*how != Advance::Ready) return kNone;
  Value key = self->current_key_.get();
  self->target_key_.set(self, key);
  group->b_.set(group, key);
  self->current_group_.set(self, Value(group));
  return TRY(tuple_of(thread, key, Value(group)));
}

Result<Value> groupby_next(Thread& thread, GroupBy* self) {
  if (is_locked_by_steps(self)) {
    Advance how;
    Value answer = TRY(next_group_at_once(thread, self, &how));
    if (how != Advance::NeedsCalls) return how == Advance::End ? kExhausted : answer;
  }
  self->current_group_.clear();
  Value key;
  do {
    if (!TRY(read_to_next_group(thread, self, [&](Value a, Value b) { return same_or_equal(thread, a, b); }))) return kExhausted;
    key = self->current_key_.get();
  } while (key.is_absent());  // another thread has taken the item
  self->target_key_.set(self, key);
  Value group = TRY(make_group(thread, self, key));
  return TRY(tuple_of(thread, key, group));
}

Result<Value> groupby_reduce(Thread& thread, GroupBy* self) {
  Value type(type_of(Value(self)));
  Tuple* arguments = TRY(tuple_of(thread, self->iterator_.get(), self->key_function_.get()));
  Value target = self->target_key_.get(), key = self->current_key_.get(), value = self->current_value_.get();
  if (target.is_absent() || key.is_absent() || value.is_absent()) return TRY(tuple_of(thread, type, Value(arguments)));
  return TRY(tuple_of(thread, type, Value(arguments), Value(TRY(tuple_of(thread, key, value, target)))));
}

Result<void> groupby_setstate(Thread& thread, GroupBy* self, Value state) {
  Tuple* parts = TRY(state_tuple(thread, state));
  if (parts->length() != 3) return raise_type_error(thread, "function takes exactly 3 arguments ({} given)", parts->length());
  self->current_key_.set(self, parts->at(0));
  self->current_value_.set(self, parts->at(1));
  self->target_key_.set(self, parts->at(2));
  return ok;
}

// a: the groupby, b: the key of this group
Result<Value> grouper_new(Thread& thread, Type* type, Value parent, Value target) {
  TRY(check_subtype(thread, type, grouper_def.type));
  if (!is<GroupBy>(parent)) return raise_type_error(thread, "_grouper() argument 1 must be itertools.groupby, not {!t}", parent);
  return make_group(thread, parent.as<GroupBy>(), target);
}

// Under the groupby's lock: the next item of the group, kExhausted, or kNotFound: a comparison takes a call.
Result<Value> next_of_group_at_once(Thread& thread, GroupBy* parent, Tool* self) {
  CriticalSection guard(thread, parent);
  if (parent->current_group_.get() != Value(self)) return kExhausted;
  if (parent->current_value_.get().is_absent() && !TRY(step(thread, parent))) return kExhausted;
  PlainEqual equal = plain_equal(self->b_.get(), parent->current_key_.get());
  if (equal != PlainEqual::Yes) return equal == PlainEqual::No ? kExhausted : kNotFound;
  Value v = parent->current_value_.get();
  parent->current_value_.clear();
  parent->current_key_.clear();
  return v;
}

Result<Value> grouper_next(Thread& thread, Tool* self) {
  GroupBy* parent = self->a_.get().as<GroupBy>();
  if (is_locked_by_steps(parent)) {
    Value v = TRY(next_of_group_at_once(thread, parent, self));
    if (v != kNotFound) return v;
  }
  if (parent->current_group_.get() != Value(self)) return kExhausted;
  if (parent->current_value_.get().is_absent() && !TRY(step(thread, parent))) return kExhausted;
  Value key = parent->current_key_.get();
  if (key.is_absent() || !TRY(same_or_equal(thread, self->b_.get(), key))) return kExhausted;
  CriticalSection guard(thread, parent);  // one thread takes it
  Value v = parent->current_value_.get();
  parent->current_value_.clear();
  parent->current_key_.clear();
  return v.is_absent() ? kExhausted : v;
}

// The rest of a group. What goes straight to the list isn't left with the groupby in between: as far as nothing can look there.
Result<bool> fill_list_of_group(Thread& thread, List* into, Value group) {
  if (objects_are_locked()) return false;
  auto* self = group.as<Tool>();
  GroupBy* parent = self->a_.get().as<GroupBy>();
  Value function = parent->key_function_.get();
  Steps steps(parent->iterator_.get());
  CallsOfOne calls(function);
  TRY(calls.check_depth(thread));
  for (;;) {
    if (parent->current_value_.get().is_present() || parent->current_group_.get() != group) {
      Value v = TRY(grouper_next(thread, self));
      if (v == kExhausted) return true;
      TRY(list_append(thread, into, v));
      continue;
    }
    Value v = TRY(steps.next(thread));
    if (v == kExhausted) return true;
    Value key = function.is_none() ? v : TRY(calls.call(thread, v));
    if (parent->current_group_.get() == group && plain_equal(self->b_.get(), key) == PlainEqual::Yes) {
      TRY(list_append(thread, into, v));
      continue;
    }
    parent->current_value_.set(parent, v);
    parent->current_key_.set(parent, key);
    if (!TRY(same_or_equal(thread, self->b_.get(), key))) return true;
    v = parent->current_value_.get();
    parent->current_value_.clear();
    parent->current_key_.clear();
    if (v.is_absent()) return true;  // the comparison has taken it
    TRY(list_append(thread, into, v));
  }
}

Result<Value> grouper_reduce(Thread& thread, Tool* self) {
  GroupBy* parent = self->a_.get().as<GroupBy>();
  if (parent->current_group_.get() != Value(self)) {
    return TRY(tuple_of(thread, TRY(builtin_named(thread, "iter")), Value(TRY(tuple_of(thread, Value(empty_tuple()))))));
  }
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, self->a_.get(), self->b_.get())))));
}

// ---------------------------------------------------------------------------------------------------------------- tee

constexpr Index kBlock = 57;

class TeeData final : public Cell {
 public:
  void init(Value iterator, ValueArray* values) {
    iterator_.init(iterator);
    values_.init(values);
    next_.init(nullptr);
    count_ = 0;
    running_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(iterator_, values_, next_); }
  Field<Value> iterator_;
  Field<ValueArray> values_;
  Field<TeeData> next_;
  Index count_;   // values read
  bool running_;  // the iterator's next is being called; both guarded by the lock
};

Result<TeeData*> make_tee_data(Thread& thread, Value iterator) {
  ValueArray* values = TRY(make_value_array(thread, kBlock));
  return make_of<TeeData>(thread, TRY(type_from_def(thread, tee_data_def)), iterator, values);
}

// True: *v is value i, or kExhausted, found without running Python code. False: the caller is to read it.
Result<bool> tee_data_quietly(Thread& thread, TeeData* data, Index i, Value* v) {
  CriticalSection guard(thread, data);
  if (i < data->count_) {
    *v = data->values_->at(i);
    return true;
  }
  if (data->running_) return raise_runtime_error(thread, "cannot re-enter the tee iterator");
  data->running_ = !is_quiet_iterator(data->iterator_.get());
  if (data->running_) return false;
  *v = TRY(iter_next_inline(thread, data->iterator_.get()));
  if (*v != kExhausted) data->values_->set_at(data->count_++, *v);
  return true;
}

Result<Value> tee_data_at(Thread& thread, TeeData* data, Index i) {
  Value known;
  if (TRY(tee_data_quietly(thread, data, i, &known))) return known;
  Result<Value> v = iter_next_inline(thread, data->iterator_.get());
  CriticalSection guard(thread, data);
  data->running_ = false;
  if (!v.is_failed() && v.value() != kExhausted && data->count_ < kBlock) data->values_->set_at(data->count_++, v.value());
  return v;
}

Result<TeeData*> tee_data_next(Thread& thread, TeeData* data) {
  CriticalSection guard(thread, data);
  if (TeeData* next = data->next_.get()) return next;
  TeeData* fresh = TRY(make_tee_data(thread, data->iterator_.get()));
  data->next_.set(data, fresh);
  return fresh;
}

Result<Value> tee_data_new(Thread& thread, Type* type, Value iterator, List* values, Value next) {
  TRY(check_subtype(thread, type, tee_data_def.type));
  TeeData* made = TRY(make_tee_data(thread, iterator));
  Index n = values->length();
  if (n > kBlock) return raise_value_error(thread, "Invalid arguments");
  for (Index i = 0; i < n; ++i) made->values_->set_at(i, values->try_at(i));
  made->count_ = n;
  if (n == kBlock) {
    if (!next.is_none()) {
      if (!is<TeeData>(next)) return raise_value_error(thread, "Invalid arguments");
      made->next_.set(made, next.as<TeeData>());
    }
  } else if (!next.is_none()) {
    return raise_value_error(thread, "Invalid arguments");
  }
  return Value(made);
}

Result<Value> tee_data_reduce(Thread& thread, TeeData* self) {
  List* values = TRY(make_list(thread));
  CriticalSection guard(thread, self);
  for (Index i = 0; i < self->count_; ++i) TRY(list_append(thread, values, self->values_->at(i)));
  Value next = self->next_.get() ? Value(self->next_.get()) : kNone;
  return TRY(
      tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, self->iterator_.get(), Value(values), next)))));
}

// a: block, i: position in it
Result<Value> copy_tee(Thread& thread, Type* type, Tool* branch) {
  Tool* made = TRY(make_of<Tool>(thread, type));
  CriticalSection guard(thread, branch);
  made->a_.set(made, branch->a_.get());
  made->i_ = branch->i_;
  made->is_quiet_ = branch->is_quiet_;
  return Value(made);
}

Result<Value> make_tee(Thread& thread, Type* type, Value iterable) {
  Value iterator = TRY(get_shared_iter(thread, iterable));
  if (type_of(iterator) == tee_def.type) return copy_tee(thread, type, iterator.as<Tool>());
  TeeData* data = TRY(make_tee_data(thread, iterator));
  Tool* made = TRY(make_of<Tool>(thread, type, Value(data)));
  made->is_quiet_ = is_quiet_iterator(iterator);
  return Value(made);
}

Result<Value> tee_new(Thread& thread, Type* type, Value iterable) {
  TRY(check_subtype(thread, type, tee_def.type));
  return make_tee(thread, type, iterable);
}

Result<Value> tee_next(Thread& thread, Tool* self) {
  ToolGuard guard(thread, self);
  if (self->i_ >= kBlock) {
    TeeData* next = TRY(tee_data_next(thread, self->a_.get().as<TeeData>()));
    self->a_.set(self, Value(next));
    self->i_ = 0;
  }
  Value v = TRY(tee_data_at(thread, self->a_.get().as<TeeData>(), self->i_));
  if (v != kExhausted) ++self->i_;
  return v;
}

Result<Value> tee_copy(Thread& thread, Tool* self) { return copy_tee(thread, tee_def.type, self); }

Result<Value> tee_reduce(Thread& thread, Tool* self) {
  Tuple* state = TRY(tuple_of(thread, self->a_.get(), Value::of_small_int(self->i_)));
  return TRY(tuple_of(thread, type_value(self), Value(TRY(tuple_of(thread, Value(empty_tuple())))), Value(state)));
}

Result<void> tee_setstate(Thread& thread, Tool* self, Value state) {
  Tuple* parts = TRY(state_tuple(thread, state));
  if (parts->length() != 2) return raise_type_error(thread, "function takes exactly 2 arguments ({} given)", parts->length());
  if (!is<TeeData>(parts->at(0)))
    return raise_type_error(thread, "argument 1 must be itertools._tee_dataobject, not {!t}", parts->at(0));
  Index i = TRY(to_index_checked(thread, parts->at(1), exceptions.OverflowError));
  if (i < 0 || i > kBlock) return raise_value_error(thread, "Index out of range");
  CriticalSection guard(thread, self);
  self->a_.set(self, parts->at(0));
  self->i_ = i;
  self->is_quiet_ = is_quiet_iterator(parts->at(0).as<TeeData>()->iterator_.get());
  return ok;
}

}  // namespace

Result<Value> tee_function(Thread& thread, Value iterable, Index n) {
  if (n < 0) return raise_value_error(thread, "n must be >= 0");
  Tuple* made = TRY(make_tuple(thread, nullptr, n));
  if (n == 0) return Value(made);
  Value first = TRY(get_shared_iter(thread, iterable));
  Value copy = TRY(find_attr(thread, first, names.dunder_copy));
  if (copy == kNotFound) {
    first = TRY(make_tee(thread, TRY(type_from_def(thread, tee_def)), first));
    copy = TRY(get_attr(thread, first, names.dunder_copy));
  }
  made->set_at(0, first);
  for (Index i = 1; i < n; ++i) made->set_at(i, TRY(call(thread, copy)));
  return Value(made);
}

static constinit NativeDef groupby_methods[] = {
    native<groupby_new>("__new__(type, iterable, key=None)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(groupby_next),
    TOOL_REDUCE(groupby_reduce),
    TOOL_SETSTATE(groupby_setstate),
};
constinit TypeDef groupby_def = {
    .name = "itertools.groupby",
    .doc =
        "groupby(iterable, key=None)\n--\n\nSplit an iterable into runs of neighbouring items with equal keys.\n\nYields a pair "
        "(key, group) for each run; group is an iterator over its\nitems and is valid only until the next pair is requested.\n\n "
        " iterable\n    Where the items come from. Sort it by the same key first if each key\n    is to turn up just once.\n  "
        "key\n    Called with an item, gives its key. Left out or None, every item is\n    its own key.",
    .dynamic_kind = &DynamicKind<GroupBy>::value,
    .payload_size = sizeof(GroupBy),
    .flags = kTypeSubclassable,
    .methods = groupby_methods,
    .method_count = count_of(groupby_methods),
    .kind_info = kind_info_of<GroupBy>("groupby"),
};
static constinit NativeDef grouper_methods[] = {
    native<grouper_new>("__new__(type, parent, tgtkey, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(grouper_next),
    TOOL_REDUCE(grouper_reduce),
};
constinit TypeDef grouper_def = {.name = "itertools._grouper",
                                 .dynamic_kind = &DynamicKind<Tool>::value,
                                 .payload_size = sizeof(Tool),
                                 .methods = grouper_methods,
                                 .method_count = count_of(grouper_methods),
                                 .kind_info = kind_info_of<Tool>("itertools iterator")};
static constinit NativeDef tee_data_methods[] = {
    native<tee_data_new>("__new__(type, iterable, values, next, /)", TOOL_NEW_DOC),
    TOOL_REDUCE(tee_data_reduce),
};
constinit TypeDef tee_data_def = {
    .name = "itertools._tee_dataobject",
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects.",
    .dynamic_kind = &DynamicKind<TeeData>::value,
    .payload_size = sizeof(TeeData),
    .methods = tee_data_methods,
    .method_count = count_of(tee_data_methods),
    .kind_info = kind_info_of<TeeData>("tee block")};
static constinit NativeDef tee_methods[] = {
    native<tee_new>("__new__(type, iterable, /)", TOOL_NEW_DOC),
    TOOL_ITER_ROWS(tee_next),
    TOOL_REDUCE(tee_reduce),
    TOOL_SETSTATE(tee_setstate),
    native<tee_copy>("__copy__($self, /)", "Returns an independent iterator."),
};
constinit TypeDef tee_def = {.name = "itertools._tee",
                             .doc = "_tee(iterable, /)\n--\n\nIterator wrapped to make it copyable.",
                             .dynamic_kind = &DynamicKind<Tool>::value,
                             .payload_size = sizeof(Tool),
                             .flags = kTypeWeakrefable,
                             .methods = tee_methods,
                             .method_count = count_of(tee_methods),
                             .kind_info = kind_info_of<Tool>("itertools iterator")};

ListFiller group_list_filler() { return fill_list_of_group; }

}  // namespace baton::itertools
