// BaseExceptionGroup and ExceptionGroup (PEP 654).
#include "objects/exception_group.h"

#include "objects/dict.h"
#include "objects/exception_details.h"
#include "objects/function.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/type_internal.h"

namespace baton {

bool is_exception_group(Value v) { return is_instance_of_type(v, exceptions.BaseExceptionGroup); }

Tuple* exception_group_members(Exception* group) {
  Value v = detail_at(group, kGroupExceptions);
  return v.is_present() ? v.as<Tuple>() : empty_tuple();
}

static bool is_sequence(Value v) { return !is<Dict>(v) && type_of(v)->slot(Slot::getitem).is_present() && !is<Type>(v); }

static Result<Value> group_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  Type* type = TRY(exception_new_type(thread, def, args, n));
  if (n != 3)
    return raise_type_error(thread, "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", static_cast<i64>(n) - 1);
  if (!is<Str>(args[1])) {
    return raise_type_error(thread, "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
                            args[1].is_none() ? intern(thread, "None") : type_name(args[1]));
  }
  if (!is_sequence(args[2])) return raise_type_error(thread, "second argument (exceptions) must be a sequence");
  Tuple* members = TRY(tuple_from_iterable(thread, args[2]));
  if (members->length() == 0) return raise_value_error(thread, "second argument (exceptions) must be a non-empty sequence");
  bool base_members = false;
  for (Index i = 0; i < members->length(); ++i) {
    if (!is<Exception>(members->at(i)))
      return raise_value_error(thread, "Item {} of second argument (exceptions) is not an exception", i);
    if (!is_instance_of_type(members->at(i), exceptions.Exception)) base_members = true;
  }
  if (type == exceptions.BaseExceptionGroup) {
    if (!base_members) type = exceptions.ExceptionGroup;
  } else if (base_members && type == exceptions.ExceptionGroup) {
    return raise_type_error(thread, "Cannot nest BaseExceptions in an ExceptionGroup");
  } else if (base_members && type->is_subtype_of(exceptions.Exception)) {
    return raise_type_error(thread, "Cannot nest BaseExceptions in '{}'", type->name());
  }
  Exception* e = TRY(exception_allocate(thread, type, args + 1, n - 1));
  TRY(set_detail(thread, e, kGroupMessage, args[1]));
  TRY(set_detail(thread, e, kGroupExceptions, Value(members)));
  return e;
}

static Result<Value> group_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  return base_exception_init(thread, def, args, n, kwnames);
}

static Result<Str*> group_str(Thread& thread, Exception* self) {
  Index n = exception_group_members(self)->length();
  return format_message(thread, "{} ({} sub-exception{})", detail_or_none(self, kGroupMessage), n, n > 1 ? "s" : "");
}

Result<Exception*> make_exception_group(Thread& thread, Str* message, Value members) {
  Value args[2] = {Value(message), members};
  return make_exception(thread, exceptions.BaseExceptionGroup, args, 2);
}

static Result<Value> group_derive(Thread& thread, Exception* self, Value members) {
  Value args[2] = {detail_or_none(self, kGroupMessage), members};
  return call_values(thread, Value(exceptions.BaseExceptionGroup), args, 2);
}

// ---------------------------------------------------------------------------------------------------------------- splitting

struct Matcher {
  enum Kind { kPredicate, kTypes, kLeaves } kind;
  Value value;  // callable; type or tuple; List of the exceptions to keep
};

static Result<Matcher> matcher_of(Thread& thread, Value v) {
  if (is<Function>(v)) return Matcher{Matcher::kPredicate, v};
  auto is_exception_type = [](Value t) { return is<Type>(t) && t.as<Type>()->has_flag(kTypeIsException); };
  bool good = is_exception_type(v);
  if (is_exact<Tuple>(v)) {
    good = true;
    for (Index i = 0; i < v.as<Tuple>()->length(); ++i) good = good && is_exception_type(v.as<Tuple>()->at(i));
  }
  if (!good) return raise_type_error(thread, "expected a function, exception type or tuple of exception types");
  return Matcher{Matcher::kTypes, v};
}

static Result<bool> matches(Thread& thread, const Matcher& matcher, Value exception) {
  switch (matcher.kind) {
    case Matcher::kPredicate: return truth(thread, TRY(call(thread, matcher.value, exception)));
    case Matcher::kTypes: return exception_matches(thread, exception, matcher.value);
    case Matcher::kLeaves: break;
  }
  if (is_exception_group(exception)) return false;
  List* leaves = matcher.value.as<List>();
  for (Index i = 0; i < leaves->length(); ++i)
    if (leaves->try_at(i) == exception) return true;
  return false;
}

// A group like self with these members; None when there are none.
static Result<Value> subset(Thread& thread, Exception* self, List* members) {
  if (members->length() == 0) return kNone;
  Value made = TRY(call_method(thread, Value(self), intern(thread, "derive"), Value(members)));
  if (!is_exception_group(made)) return raise_type_error(thread, "derive must return an instance of BaseExceptionGroup");
  auto* group = made.as<Exception>();
  group->traceback_.set(group, self->traceback());
  group->context_.set(group, self->context_.get());
  group->cause_.set(group, self->cause_.get());
  group->suppress_context_ = true;
  Value notes = TRY(find_attr(thread, Value(self), names.dunder_notes));
  if (notes != kNotFound && is_sequence(notes)) {
    TRY(set_attr(thread, made, names.dunder_notes, Value(TRY(list_from_iterable(thread, notes)))));
  }
  return made;
}

// Counts against the recursion limit, as Python frames do.
class Recursion {
 public:
  explicit Recursion(Thread& thread) : thread_(thread) { ++thread.recursion_depth_; }
  ~Recursion() { --thread_.recursion_depth_; }
  Result<void> check(const char* where) {
    if (thread_.recursion_depth_ <= thread_.recursion_limit_) return ok;
    return raise_recursion_error(thread_, "maximum recursion depth exceeded{}", where);
  }

 private:
  Thread& thread_;
};

static Result<void> split(Thread& thread, Value exception, const Matcher& matcher, bool want_rest, Value* match, Value* rest) {
  *match = *rest = kNone;
  if (TRY(matches(thread, matcher, exception))) {
    *match = exception;
    return ok;
  }
  if (!is_exception_group(exception)) {
    *rest = exception;
    return ok;
  }
  Recursion recursion(thread);
  TRY(recursion.check(" in exceptiongroup_split_recursive"));
  auto* group = exception.as<Exception>();
  List* matched = TRY(make_list(thread));
  List* others = TRY(make_list(thread));
  Tuple* members = exception_group_members(group);
  for (Index i = 0; i < members->length(); ++i) {
    Value inner_match, inner_rest;
    TRY(split(thread, members->at(i), matcher, want_rest, &inner_match, &inner_rest));
    if (!inner_match.is_none()) TRY(list_append(thread, matched, inner_match));
    if (want_rest && !inner_rest.is_none()) TRY(list_append(thread, others, inner_rest));
  }
  *match = TRY(subset(thread, group, matched));
  *rest = want_rest ? TRY(subset(thread, group, others)) : kNone;
  return ok;
}

static Result<Value> group_split(Thread& thread, Exception* self, Value condition) {
  Matcher matcher = TRY(matcher_of(thread, condition));
  Value match, rest;
  TRY(split(thread, Value(self), matcher, true, &match, &rest));
  return tuple_of(thread, match, rest);
}

static Result<Value> group_subgroup(Thread& thread, Exception* self, Value condition) {
  Matcher matcher = TRY(matcher_of(thread, condition));
  Value match, rest;
  TRY(split(thread, Value(self), matcher, false, &match, &rest));
  return match;
}

Result<void> exception_group_split(Thread& thread, Value exception, Value types, Value* match, Value* rest) {
  return split(thread, exception, Matcher{Matcher::kTypes, types}, true, match, rest);
}

static Result<void> check_star_type(Thread& thread, Value type) {
  if (!is<Type>(type) || !type.as<Type>()->has_flag(kTypeIsException)) {
    return raise_type_error(thread, "catching classes that do not inherit from BaseException is not allowed");
  }
  if (type.as<Type>()->is_subtype_of(exceptions.BaseExceptionGroup)) {
    return raise_type_error(thread, "catching ExceptionGroup with except* is not allowed. Use except instead.");
  }
  return ok;
}

Result<void> except_star_match(Thread& thread, Value exception, Value types, Value* match, Value* rest) {
  *match = *rest = kNone;
  if (is<Tuple>(types)) {
    for (Index i = 0; i < types.as<Tuple>()->length(); ++i) TRY(check_star_type(thread, types.as<Tuple>()->at(i)));
  } else {
    TRY(check_star_type(thread, types));
  }
  if (exception.is_none()) return ok;
  if (is_exception_group(exception)) return exception_group_split(thread, exception, types, match, rest);
  if (!TRY(exception_matches(thread, exception, types))) {
    *rest = exception;
    return ok;
  }
  Tuple* members = TRY(tuple_of(thread, exception));
  *match = Value(TRY(make_exception_group(thread, names.empty, Value(members))));
  return ok;
}

static Result<void> collect_leaves(Thread& thread, Value exception, List* leaves) {
  if (!is_exception_group(exception)) return list_append(thread, leaves, exception);
  Recursion recursion(thread);
  TRY(recursion.check(" in collect_exception_group_leaf_ids"));
  Tuple* members = exception_group_members(exception.as<Exception>());
  for (Index i = 0; i < members->length(); ++i) TRY(collect_leaves(thread, members->at(i), leaves));
  return ok;
}

static Result<bool> same_metadata(Thread& thread, Exception* a, Exception* b) {
  Value notes_a = TRY(find_attr(thread, Value(a), names.dunder_notes)),
        notes_b = TRY(find_attr(thread, Value(b), names.dunder_notes));
  return notes_a == notes_b && a->traceback() == b->traceback() && a->cause_.get() == b->cause_.get() &&
         a->context_.get() == b->context_.get();
}

Result<Value> prepare_reraise_star(Thread& thread, Value original, List* results) {
  if (results->length() == 0) return kNone;
  if (!is_exception_group(original)) {
    // A bare exception was wrapped for the one clause that could run: what that raised, or the exception itself, unhandled.
    return results->try_at(0);
  }
  auto* group = original.as<Exception>();
  List* raised = TRY(make_list(thread));
  List* leaves = TRY(make_list(thread));
  for (Index i = 0; i < results->length(); ++i) {
    Value v = results->try_at(i);
    if (!is<Exception>(v)) continue;
    if (TRY(same_metadata(thread, v.as<Exception>(), group)))
      TRY(collect_leaves(thread, v, leaves));
    else
      TRY(list_append(thread, raised, v));
  }
  Value rest = kNone, unused;
  if (leaves->length()) TRY(split(thread, original, Matcher{Matcher::kLeaves, Value(leaves)}, false, &rest, &unused));
  if (raised->length() == 0) return rest;
  if (!rest.is_none()) TRY(list_append(thread, raised, rest));
  return make_exception_group(thread, names.empty, Value(raised));
}

// ---------------------------------------------------------------------------------------------------------------- rows

static Result<Value> group_class_getitem(Thread& thread, Type* type, Value item) { return class_getitem(thread, type, item); }

// ExceptionGroup has two bases; native definitions name one.
static Result<void> finish_exception_group(Thread& thread, Type* type) {
  Type* second = exceptions.Exception;
  type->bases_.set(type, TRY(tuple_of(thread, Value(type->base()), Value(second))));
  type->mro_.set(type, TRY(compute_c3(thread, type, type->bases())));
  TRY(add_subclass(thread, second, type));
  type->flags_ |= kTypeWeakrefable;
  type_modified(thread, type);
  return ok;
}

static constinit NativeDef group_methods[] = {
    EXCEPTION_NEW(group_new),
    EXCEPTION_INIT(group_init),
    EXCEPTION_STR(group_str),
    native<group_class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
    native<group_derive>("derive($self, excs, /)", nullptr),
    native<group_split>("split($self, condition, /)", nullptr),
    native<group_subgroup>("subgroup($self, condition, /)", nullptr),
};
static Result<void> readonly_row(Thread& thread, Value, Value) {
  return raise(thread, exceptions.AttributeError, "readonly attribute");
}
static GetSetDef group_getsets[] = {
    {"message", get_detail_row<kGroupMessage>, readonly_row, "exception message", true},
    {"exceptions", get_detail_row<kGroupExceptions>, readonly_row, "nested exceptions", true},
};
const ExceptionRows exception_group_rows[] = {
    {"BaseExceptionGroup", group_methods, count_of(group_methods), group_getsets, 2, true, nullptr},
    {"ExceptionGroup", nullptr, 0, nullptr, 0, false, finish_exception_group},
    {},
};

}  // namespace baton
