// The iterators of str: str_iterator, and str_ascii_iterator for ASCII text.
#include "objects/iterator_defs.h"
#include "objects/iterators.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/str_internal.h"
#include "objects/tuple.h"

namespace baton {

static Result<Value> str_iterator_next(Thread& thread, Iterator* self) {
  IteratorGuard guard(thread, self);
  Value source = self->source();
  if (source.is_absent()) return kExhausted;
  Str* text = source.as<Str>();
  Index at = self->position_.get();
  if (at >= text->length()) {
    self->source_.clear();
    return kExhausted;
  }
  self->position_ = at + 1;
  return str_item(thread, text, at);
}

static Result<Value> str_iterator_iter(Thread&, Iterator* self) { return self; }

static Result<i64> str_iterator_length_hint(Thread&, Iterator* self) {
  Value source = self->source();
  return source.is_absent() ? 0 : source.as<Str>()->length() - self->position_;
}

static Result<Value> str_iterator_reduce(Thread& thread, Iterator* self) {
  Value iter = TRY(get_attr_ascii(thread, runtime.builtins, "iter"));
  Value source = self->source();
  if (source.is_absent()) return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, names.empty))));
  return TRY(tuple_of(thread, iter, TRY(tuple_of(thread, source)), TRY(int_from_i64(thread, self->position_))));
}

static Result<void> str_iterator_setstate(Thread& thread, Iterator* self, Index state) {
  Value source = self->source();
  if (source.is_absent()) return ok;
  Index n = source.as<Str>()->length();
  self->position_ = state < 0 ? 0 : state > n ? n : state;
  return ok;
}

static constinit NativeDef str_iterator_methods[] = {
    native<str_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<str_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<str_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<str_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<str_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
static constinit NativeDef str_ascii_iterator_methods[] = {
    native<str_iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<str_iterator_next>("__next__($self, /)", "Implement next(self)."),
    native<str_iterator_length_hint>("__length_hint__($self, /)", "Private method returning an estimate of len(list(it))."),
    native<str_iterator_reduce>("__reduce__($self, /)", "Return state information for pickling."),
    native<str_iterator_setstate>("__setstate__($self, state, /)", "Set state information for unpickling."),
};
constinit TypeDef str_iterator_def = {.name = "str_iterator",
                                      .kind = kKindIterator,
                                      .payload_size = sizeof(Iterator),
                                      .flags = kTypeNoInstances,
                                      .methods = str_iterator_methods,
                                      .method_count = count_of(str_iterator_methods),
                                      .kind_info = kind_info_of<Iterator>("iterator")};
constinit TypeDef str_ascii_iterator_def = {.name = "str_ascii_iterator",
                                            .kind = kKindIterator,
                                            .payload_size = sizeof(Iterator),
                                            .flags = kTypeNoInstances,
                                            .methods = str_ascii_iterator_methods,
                                            .method_count = count_of(str_ascii_iterator_methods),
                                            .kind_info = kind_info_of<Iterator>("iterator")};

Result<Value> str_method_iter(Thread& thread, Str* self) {
  bool is_compact = self->is_ascii() && is_exact<Str>(Value(self));  // a subclass's instance isn't, in CPython
  Type* type = TRY(type_from_def(thread, is_compact ? str_ascii_iterator_def : str_iterator_def));
  Iterator* it = TRY(make_of<Iterator>(thread, type, Value(self), Index{0}, Value()));
  it->set_form(IteratorForm::Str);
  return Value(it);
}

}  // namespace baton
