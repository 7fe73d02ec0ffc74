// _functools: partial, lru_cache's wrapper, reduce, cmp_to_key.
//
// The cache of a bounded lru_cache is a Dict in order of last use: a hit moves its entry to the end, eviction takes the first.
#include "objects/at_this_moment.h"
#include "objects/dict.h"
#include "objects/function.h"
#include "objects/iterators_inline.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"

namespace baton {

namespace {

extern TypeDef partial_def, lru_cache_def, key_wrapper_def;

// ---------------------------------------------------------------------------------------------------------------- partial

class Partial final : public Cell {
 public:
  void init(Value function, Tuple* args, Dict* keywords) {
    function_.init(function);
    args_.init(args);
    keywords_.init(keywords);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(function_, args_, keywords_, tail_.extra_); }
  Field<Value> function_;
  Field<Tuple> args_;
  Field<Dict> keywords_;
  ObjectTail tail_;
};

bool has_attributes(Partial* self) {
  Shape* shape = shape_of(self);
  if (!shape->is_dictionary_mode()) return attribute_count(shape) > 0;
  return self->tail_.extra() && static_cast<Dict*>(self->tail_.extra())->length() > 0;
}

Result<Value> partial_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Type* type = TRY(check_new_type(thread, args, n, partial_def.type));
  if (n < 2) return raise_type_error(thread, "type 'partial' takes at least one argument");
  Value function = args[1];
  Tuple* stored = nullptr;
  Dict* keywords = nullptr;
  if (is<Partial>(function) && !has_attributes(function.as<Partial>())) {  // flatten
    Partial* inner = function.as<Partial>();
    function = inner->function_.get();
    stored = inner->args_.get();
    keywords = inner->keywords_.get();
  }
  if (!is_callable(function)) return raise_type_error(thread, "the first argument must be callable");
  Index before = stored ? stored->length() : 0, more = static_cast<Index>(n) - 2;
  Tuple* all = TRY(make_tuple(thread, nullptr, before + more));
  for (Index i = 0; i < before; ++i) all->set_at(i, stored->at(i));
  for (Index i = 0; i < more; ++i) all->set_at(before + i, args[i + 2]);
  keywords = keywords ? TRY(dict_copy_of(thread, keywords)) : TRY(make_dict(thread));
  if (kwnames) {
    for (Index i = 0; i < kwnames->length(); ++i)
      TRY(dict_set(thread, keywords, kwnames->at(i), args[n + static_cast<usize>(i)]));
  }
  return make_of<Partial>(thread, type, function, all, keywords);
}

Result<Value> partial_call(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Partial>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  Partial* self = args[0].as<Partial>();
  Tuple* stored = self->args_.get();
  Dict* keywords = self->keywords_.get();
  usize before = static_cast<usize>(stored->length()), given = n - 1, named = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (keywords->length() == 0) {
    if (before == 0) return call_values(thread, self->function_.get(), args + 1, given, kwnames);
    usize total = before + given + named;
    Value small[16];
    Value* list = small;
    Tuple* large = nullptr;
    if (total > 16) {
      large = TRY(make_tuple(thread, nullptr, static_cast<Index>(total)));
      list = nullptr;
    }
    for (usize i = 0; i < total; ++i) {
      Value v = i < before ? stored->at(static_cast<Index>(i)) : args[1 + i - before];
      if (list)
        list[i] = v;
      else
        large->set_at(static_cast<Index>(i), v);
    }
    return call_values(thread, self->function_.get(), list ? list : large->items(), before + given, kwnames);
  }
  Tuple* all = TRY(make_tuple(thread, nullptr, static_cast<Index>(before + given)));
  for (usize i = 0; i < before; ++i) all->set_at(static_cast<Index>(i), stored->at(static_cast<Index>(i)));
  for (usize i = 0; i < given; ++i) all->set_at(static_cast<Index>(before + i), args[1 + i]);
  if (named) {
    keywords = TRY(dict_copy_of(thread, keywords));
    for (usize i = 0; i < named; ++i) TRY(dict_set(thread, keywords, kwnames->at(static_cast<Index>(i)), args[n + i]));
  }
  return call_tuple_dict(thread, self->function_.get(), all, keywords);
}

Result<void> append_partial(Thread& thread, Partial* self, StrBuilder& text) {
  text.append(TRY(repr(thread, self->function_.get())));
  Tuple* args = self->args_.get();
  for (Index i = 0; i < args->length(); ++i) {
    text.append_ascii(", ");
    text.append(TRY(repr(thread, args->at(i))));
  }
  Index position = 0;
  Value key, value;
  while (dict_next(self->keywords_.get(), &position, &key, &value)) {
    text.append_ascii(", ");
    text.append(TRY(str_of(thread, key)));
    text.append('=');
    text.append(TRY(repr(thread, value)));
  }
  return ok;
}

Result<Str*> partial_repr(Thread& thread, Partial* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self)))) return str_from_ascii(thread, "...");
  StrBuilder text;
  if (type_of(Value(self)) == partial_def.type)
    text.append_ascii("functools.partial");
  else
    text.append(type_name(Value(self)));
  text.append('(');
  Result<void> done = append_partial(thread, self, text);
  repr_leave(thread, Value(self));
  TRY(done);
  text.append(')');
  return text.build(thread);
}

Result<Value> partial_reduce(Thread& thread, Partial* self) {
  Value attributes = has_attributes(self) ? Value(TRY(instance_dict(thread, self))) : kNone;
  Tuple* state = TRY(tuple_of(thread, self->function_.get(), Value(self->args_.get()), Value(self->keywords_.get()), attributes));
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, self->function_.get()))), Value(state)));
}

Result<void> partial_setstate(Thread& thread, Partial* self, Value state) {
  Tuple* parts = cast<Tuple>(state);
  if (!parts || parts->length() != 4 || !is_callable(parts->at(0)) || !is<Tuple>(parts->at(1)) ||
      !(parts->at(2).is_none() || is<Dict>(parts->at(2)))) {
    return raise_type_error(thread, "invalid partial state");
  }
  Tuple* args = parts->at(1).as<Tuple>();
  if (!is_exact<Tuple>(Value(args))) args = TRY(make_tuple(thread, args->items(), args->length()));
  Dict* keywords = parts->at(2).is_none()         ? TRY(make_dict(thread))
                   : is_exact<Dict>(parts->at(2)) ? parts->at(2).as<Dict>()
                                                  : TRY(dict_copy_of(thread, parts->at(2).as<Dict>()));
  if (is<Dict>(parts->at(3)))
    TRY(instance_set_dict(thread, self, parts->at(3).as<Dict>()));
  else if (has_attributes(self))
    TRY(instance_set_dict(thread, self, TRY(make_dict(thread))));
  self->function_.set(self, parts->at(0));
  self->args_.set(self, args);
  self->keywords_.set(self, keywords);
  return ok;
}

Result<Value> get_func(Thread&, Value self) { return self.as<Partial>()->function_.get(); }
Result<Value> get_args(Thread&, Value self) { return Value(self.as<Partial>()->args_.get()); }
Result<Value> get_keywords(Thread&, Value self) { return Value(self.as<Partial>()->keywords_.get()); }
constinit GetSetDef partial_getsets[] = {
    {"func", get_func, nullptr, "function object to use in future partial calls", true},
    {"args", get_args, nullptr, "tuple of arguments to future partial calls", true},
    {"keywords", get_keywords, nullptr, "dictionary of keyword arguments to future partial calls", true},
    {"__dict__", generic_get_dict, native_set_dict, nullptr},
};
constinit NativeDef partial_methods[] = {
    native_raw(partial_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(partial_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<partial_repr>("__repr__($self, /)", "Return repr(self)."),
    native<partial_reduce>("__reduce__($self, /)"),
    native<partial_setstate>("__setstate__($self, state, /)"),
    native<class_getitem>("__class_getitem__($type, item, /)", "See PEP 585"),
};
constinit TypeDef partial_def = {
    .name = "functools.partial",
    .doc =
        "partial(func, *args, **keywords) -> partial object\n\nA callable that calls func with some arguments already in "
        "place.\n\nPositional arguments of the call go after args. Keyword arguments of the\ncall are added to keywords, and win "
        "where both have the same name.",
    .dynamic_kind = &DynamicKind<Partial>::value,
    .payload_size = sizeof(Partial),
    .flags = kTypeSubclassable | kTypeHasDict | kTypeWeakrefable,
    .methods = partial_methods,
    .method_count = count_of(partial_methods),
    .getsets = partial_getsets,
    .getset_count = sizeof(partial_getsets) / sizeof(*partial_getsets),
    .kind_info = kind_info_of<Partial>("partial"),
};

// ---------------------------------------------------------------------------------------------------------------- lru_cache

class LruCache final : public Cell {
 public:
  void init(Value function, Value info_type, Dict* cache, Index maxsize, bool typed) {
    function_.init(function);
    info_type_.init(info_type);
    cache_.init(cache);
    maxsize_ = maxsize;
    hits_ = misses_ = 0;
    typed_ = typed;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(function_, info_type_, cache_, tail_.extra_); }
  Field<Value> function_, info_type_;
  Field<Dict> cache_;
  Index maxsize_;  // -1: unbounded
  Index hits_, misses_;
  bool typed_;
  ObjectTail tail_;
};

Result<Value> lru_new(Thread& thread, Type* type, Value function, Value maxsize, Value typed, Value info_type) {
  TRY(check_subtype(thread, type, lru_cache_def.type));
  if (!is_callable(function)) return raise_type_error(thread, "the first argument must be callable");
  Index limit = -1;
  if (!maxsize.is_none()) {
    if (!has_index(maxsize)) return raise_type_error(thread, "maxsize should be integer or None");
    limit = TRY(to_index_checked(thread, maxsize, exceptions.OverflowError));
    if (limit < 0) limit = 0;
  }
  bool by_type = TRY(truth(thread, typed));
  Dict* cache = TRY(make_dict(thread));
  return make_of<LruCache>(thread, type, function, info_type, cache, limit, by_type);
}

// Stands between positional and keyword arguments in a key.
Value keyword_mark(Thread& thread) {
  static Cell* made = nullptr;
  Cell* known = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
  if (known) return Value(known);
  Cell* fresh = allocate_instance(thread, types.object);
  BATON_CHECK(fresh, "out of memory for the keyword mark");
  static Root<Cell> root(fresh);
  __atomic_store_n(&made, root.get(), __ATOMIC_RELEASE);
  return Value(root.get());
}

Result<Value> make_key(Thread& thread, LruCache* self, Value const* args, usize n, Tuple* kwnames) {
  usize named = kwnames ? static_cast<usize>(kwnames->length()) : 0;
  if (!self->typed_ && !named && n == 1 && (is_exact<Str>(args[0]) || is_exact_int(args[0]))) return args[0];
  usize size = n + (named ? 1 + 2 * named : 0) + (self->typed_ ? n + named : 0);
  Tuple* key = TRY(make_tuple(thread, nullptr, static_cast<Index>(size)));
  Index at = 0;
  for (usize i = 0; i < n; ++i) key->set_at(at++, args[i]);
  if (named) {
    key->set_at(at++, keyword_mark(thread));
    for (usize i = 0; i < named; ++i) {
      key->set_at(at++, kwnames->at(static_cast<Index>(i)));
      key->set_at(at++, args[n + i]);
    }
  }
  if (self->typed_) {
    for (usize i = 0; i < n + named; ++i) key->set_at(at++, Value(type_of(args[i])));
  }
  return Value(key);
}

void count(Index* counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

Result<Value> lru_call(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<LruCache>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  LruCache* self = args[0].as<LruCache>();
  Value function = self->function_.get();
  if (self->maxsize_ == 0) {
    count(&self->misses_);
    return call_values(thread, function, args + 1, n - 1, kwnames);
  }
  Value key = TRY(make_key(thread, self, args + 1, n - 1, kwnames));
  u64 hash = TRY(key_hash(thread, key));
  Value found = self->maxsize_ > 0 ? TRY(dict_find_and_move_to_end(thread, self->cache_.get(), key, hash))
                                   : TRY(dict_find_hashed(thread, self->cache_.get(), key, hash));
  if (found != kNotFound) {
    count(&self->hits_);
    return found;
  }
  count(&self->misses_);
  Value result = TRY(call_values(thread, function, args + 1, n - 1, kwnames));
  Dict* cache = self->cache_.get();
  if (self->maxsize_ < 0) {
    TRY(dict_set_hashed(thread, cache, key, hash, result));
    return result;
  }
  if (TRY(dict_find_hashed(thread, cache, key, hash)) != kNotFound) return result;  // the call has filled it in
  while (cache->length() >= self->maxsize_) {
    Index position = 0;
    Value oldest, value;
    u64 oldest_hash;
    if (!dict_next_hashed(cache, &position, &oldest, &value, &oldest_hash)) break;
    if (!TRY(dict_remove_hashed(thread, cache, oldest, oldest_hash))) break;  // its key no longer compares equal to itself
  }
  TRY(dict_set_hashed(thread, cache, key, hash, result));
  return result;
}

Result<Value> lru_info(Thread& thread, LruCache* self) {
  Value maxsize = self->maxsize_ < 0 ? kNone : TRY(int_from_i64(thread, self->maxsize_));
  return call(thread, self->info_type_.get(), TRY(int_from_i64(thread, __atomic_load_n(&self->hits_, __ATOMIC_RELAXED))),
              TRY(int_from_i64(thread, __atomic_load_n(&self->misses_, __ATOMIC_RELAXED))), maxsize,
              TRY(int_from_i64(thread, self->cache_->length())));
}

Result<void> lru_clear(Thread& thread, LruCache* self) {
  __atomic_store_n(&self->hits_, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&self->misses_, 0, __ATOMIC_RELAXED);
  dict_clear_all(thread, self->cache_.get());
  return ok;
}

Result<Value> lru_get(Thread& thread, LruCache* self, Value instance, Value owner) {
  if (instance.is_none() && owner.is_none()) return raise_type_error(thread, "__get__(None, None) is invalid");
  if (instance.is_none()) return Value(self);
  return make<BoundMethod>(thread, Value(self), instance);
}
Result<Value> lru_reduce(Thread& thread, LruCache* self) { return get_attr(thread, Value(self), names.dunder_qualname); }
// Any arguments will do, as in 3.11.
Result<Value> lru_copy(Thread& thread, LruCache* self, Rest) { return Value(self); }
Result<Value> lru_deepcopy(Thread& thread, LruCache* self, Rest) { return Value(self); }

constinit GetSetDef lru_getsets[] = {{"__dict__", generic_get_dict, native_set_dict, nullptr}};
constinit NativeDef lru_methods[] = {
    native<lru_new>("__new__(type, user_function, maxsize, typed, cache_info_type)",
                    "Make an instance; the class's own help describes the arguments."),
    native_raw(lru_call, "__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<lru_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<lru_info>("cache_info($self, /)", "Report cache statistics"),
    native<lru_clear>("cache_clear($self, /)", "Clear the cache and cache statistics"),
    native<lru_reduce>("__reduce__($self, /)"),
    native<lru_copy>("__copy__($self, /, *args)"),
    native<lru_deepcopy>("__deepcopy__($self, /, *args)"),
};
constinit TypeDef lru_cache_def = {
    .name = "functools._lru_cache_wrapper",
    .doc =
        "A function wrapped so that it remembers results of earlier calls.\n\nfunctools.lru_cache() creates these, with the "
        "parameters\n  user_function    the function to call when there is no result yet\n  maxsize          how many results to "
        "keep at most: None for any number,\n                   0 for not keeping any\n  typed            whether arguments that "
        "are equal but of different types,\n                   say 7 and 7.0, count as different calls\n  cache_info_type  a "
        "namedtuple class for what cache_info() returns, with\n                   the fields hits, misses, maxsize and currsize",
    .dynamic_kind = &DynamicKind<LruCache>::value,
    .payload_size = sizeof(LruCache),
    .flags = kTypeHasDict | kTypeWeakrefable,
    .methods = lru_methods,
    .method_count = count_of(lru_methods),
    .getsets = lru_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<LruCache>("lru_cache"),
};

// ---------------------------------------------------------------------------------------------------------------- cmp_to_key

class KeyWrapper final : public Cell {
 public:
  void init(Value compare, Value object) {
    compare_.init(compare);
    object_.init(object);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(compare_, object_); }
  Field<Value> compare_, object_;  // object absent: the key function itself
};

Result<Value> cmp_to_key(Thread& thread, Value compare) {
  return make_of<KeyWrapper>(thread, TRY(type_from_def(thread, key_wrapper_def)), compare, Value());
}

Result<Value> key_call(Thread& thread, KeyWrapper* self, Value object) {
  return make_of<KeyWrapper>(thread, type_of(Value(self)), self->compare_.get(), object);
}

template <CompareOp op>
Result<Value> key_compare(Thread& thread, KeyWrapper* self, Value other) {
  if (!is<KeyWrapper>(other)) return raise_type_error(thread, "other argument must be K instance");
  Value x = self->object_.get(), y = other.as<KeyWrapper>()->object_.get();
  if (x.is_absent() || y.is_absent()) return raise_attribute_error_text(thread, "object");
  Value answer = TRY(call(thread, self->compare_.get(), x, y));
  return rich_compare(thread, op, answer, Value::of_small_int(0));
}

Result<Value> get_object(Thread& thread, Value self) {
  Value v = self.as<KeyWrapper>()->object_.get();
  return v.is_absent() ? kNone : v;
}
Result<void> set_object(Thread& thread, Value self, Value v) {
  self.as<KeyWrapper>()->object_.set(self.cell(), v);
  return ok;
}
constinit GetSetDef key_getsets[] = {{"obj", get_object, set_object, "Value wrapped by a key function.", true}};
constinit NativeDef key_methods[] = {
    native<key_call>("__call__($self, obj)", "Call self as a function."),
    native<key_compare<CompareOp::Lt>>("__lt__($self, value, /)", "Return self<value."),
    native<key_compare<CompareOp::Le>>("__le__($self, value, /)", "Return self<=value."),
    native<key_compare<CompareOp::Eq>>("__eq__($self, value, /)", "Return self==value."),
    native<key_compare<CompareOp::Ne>>("__ne__($self, value, /)", "Return self!=value."),
    native<key_compare<CompareOp::Gt>>("__gt__($self, value, /)", "Return self>value."),
    native<key_compare<CompareOp::Ge>>("__ge__($self, value, /)", "Return self>=value."),
};
constinit TypeDef key_wrapper_def = {
    .name = "functools.KeyWrapper",
    .dynamic_kind = &DynamicKind<KeyWrapper>::value,
    .payload_size = sizeof(KeyWrapper),
    .flags = kTypeNoInstances,
    .methods = key_methods,
    .method_count = count_of(key_methods),
    .getsets = key_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<KeyWrapper>("KeyWrapper"),
};

// ---------------------------------------------------------------------------------------------------------------- reduce

Result<Value> reduce(Thread& thread, Value function, Value iterable, Optional<Value> initial) {
  Result<Value> iterator = get_iter(thread, TRY(at_this_moment(thread, iterable)));
  if (iterator.is_failed()) {
    if (clear_pending_if(thread, exceptions.TypeError)) return raise_type_error(thread, "reduce() arg 2 must support iteration");
    return failed;
  }
  Value result = initial.has_value() ? initial.value : TRY(iter_next_inline(thread, iterator.value()));
  if (result == kExhausted) return raise_type_error(thread, "reduce() of empty iterable with no initial value");
  for (;;) {
    Value v = TRY(iter_next_inline(thread, iterator.value()));
    if (v == kExhausted) return result;
    result = TRY(call(thread, function, result, v));
  }
}

constinit NativeDef functions[] = {
    native<reduce>(
        "reduce($module, function, iterable, initial=<unrepresentable>, /)",
        "reduce(function, iterable[, initial]) -> value\n\nCombine the items of iterable into one value with "
        "function.\n\nfunction takes two arguments, the value so far and the next item, and its\nresult is the new value so far: "
        "reduce(f, [a, b, c]) is f(f(a, b), c). The\nthird, optional argument is a value to start from, in front of the "
        "first\nitem; it is also what an empty iterable yields. With neither items nor a\nstart, TypeError is raised."),
    native<cmp_to_key>("cmp_to_key($module, /, mycmp)", "Convert a cmp= function into a key= function."),
};
TypeDef* const exported[] = {&partial_def, &lru_cache_def};

}  // namespace

constinit ModuleDef functools_module = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functions,
    .function_count = count_of(functions),
    .types = exported,
    .type_count = sizeof(exported) / sizeof(*exported),
};

}  // namespace baton
