// xml.etree.ElementTree.Element: a tag, text before and after, attributes, children. How they are kept: elementtree_internal.h.
//
// A child is always an element. Searching and iterating are in elementtree_search.cpp.
#include <cstdio>

#include "modules/elementtree_internal.h"
#include "objects/list_inline.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- making

static bool is_empty_dict(Value v) { return is<Dict>(v) && v.as<Dict>()->length() == 0; }

Result<Element*> make_element(Thread& thread, Value tag, Value attributes) {
  if (is_empty_dict(attributes)) attributes = kNone;
  return make_of<Element>(thread, element_def.type, tag, attributes);
}

Result<Value> attributes_from_call(Thread& thread, Value given, Value const* keyword_values, Tuple* names) {
  Index n = names ? names->length() : 0;
  Index attrib_at = -1;
  for (Index i = 0; given.is_absent() && i < n; ++i)
    if (str_equals_ascii(names->at(i).as<Str>(), "attrib")) attrib_at = i;
  if (attrib_at >= 0) {
    given = keyword_values[attrib_at];
    if (!is<Dict>(given)) return raise_type_error(thread, "attrib must be dict, not {!a}", given);
  }
  if (given.is_absent() && n == 0) return kNone;
  Dict* made = given.is_present() ? TRY(dict_copy_of(thread, given.as<Dict>())) : TRY(make_dict(thread, n));
  for (Index i = 0; i < n; ++i)
    if (i != attrib_at) TRY(dict_set(thread, made, names->at(i), keyword_values[i]));
  return Value(made);
}

static Result<Value> element_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  Type* type = TRY(check_new_type(thread, args, n, element_def.type));
  return make_of<Element>(thread, type, kNone, kNone);
}

// Element(tag, attrib={}, **extra); args[0] is the element.
static Result<Value> element_init(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Element>(args[0])) return raise_self_type_error(thread, def, n ? args[0] : kNone);
  if (n < 2) return raise_type_error(thread, "Element() takes at least 1 argument (0 given)");
  if (n > 3) return raise_type_error(thread, "Element() takes at most 2 arguments ({} given)", static_cast<u64>(n - 1));
  if (n == 3 && !is<Dict>(args[2])) return raise_type_error(thread, "Element() argument 2 must be dict, not {!a}", args[2]);
  Value attributes = TRY(attributes_from_call(thread, n == 3 ? args[2] : Value(), args + n, kwnames));
  auto* self = args[0].as<Element>();
  self->tag_.set(self, args[1]);
  self->text_.set(self, kNone);
  self->tail_.set(self, kNone);
  if (!attributes.is_none() && !is_empty_dict(attributes)) self->attributes_.set(self, attributes);
  return kNone;
}

// ---------------------------------------------------------------------------------------------------------------- attributes

Result<Dict*> element_dict(Thread& thread, Element* self) {
  for (;;) {
    Value now = self->attributes_.get();
    if (is<Dict>(now)) return now.as<Dict>();
    ValueArray* pairs = cast<ValueArray>(now);
    Index n = pairs ? pairs->capacity() : 0;
    Dict* made = TRY(make_dict(thread, n / 2));
    for (Index i = 0; i < n; i += 2) TRY(dict_set_str(thread, made, pairs->at(i).as<Str>(), pairs->at(i + 1)));
    if (self->attributes_.compare_exchange(self, now, Value(made))) return made;
  }
}

static Result<Value> element_get(Thread& thread, Element* self, Value key, Value fallback) {
  Value attributes = self->attributes_.get();
  if (attributes.is_none()) return fallback;
  if (is<ValueArray>(attributes) && is_exact<Str>(key)) {
    auto* pairs = attributes.as<ValueArray>();
    for (Index i = 0, n = pairs->capacity(); i < n; i += 2)
      if (pairs->at(i) == key || str_equal(pairs->at(i).as<Str>(), key.as<Str>())) return pairs->at(i + 1);
    return fallback;
  }
  Value found = TRY(dict_find(thread, TRY(element_dict(thread, self)), key));
  return found == kNotFound ? fallback : found;
}
static Result<void> element_set(Thread& thread, Element* self, Value key, Value value) {
  return dict_set(thread, TRY(element_dict(thread, self)), key, value);
}

static Result<List*> element_keys(Thread& thread, Element* self) {
  List* list = TRY(make_list(thread));
  Value attributes = self->attributes_.get();
  if (is<Dict>(attributes)) {
    Value key, value;
    for (Index at = 0; dict_next(attributes.as<Dict>(), &at, &key, &value);) TRY(list_append(thread, list, key));
  } else if (auto* pairs = cast<ValueArray>(attributes)) {
    for (Index i = 0; i < pairs->capacity(); i += 2) TRY(list_append(thread, list, pairs->at(i)));
  }
  return list;
}
static Result<List*> element_items(Thread& thread, Element* self) {
  List* list = TRY(make_list(thread));
  Value attributes = self->attributes_.get();
  if (is<Dict>(attributes)) {
    Value key, value;
    for (Index at = 0; dict_next(attributes.as<Dict>(), &at, &key, &value);)
      TRY(list_append(thread, list, Value(TRY(tuple_of(thread, key, value)))));
  } else if (auto* pairs = cast<ValueArray>(attributes)) {
    for (Index i = 0; i < pairs->capacity(); i += 2)
      TRY(list_append(thread, list, Value(TRY(tuple_of(thread, pairs->at(i), pairs->at(i + 1))))));
  }
  return list;
}

static Result<Value> get_attrib(Thread& thread, Value self) { return Value(TRY(element_dict(thread, self.as<Element>()))); }
static Failed raise_undeletable(Thread& thread) { return raise_attribute_error_text(thread, "can't delete element attribute"); }
static Result<void> set_attrib(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_undeletable(thread);
  if (!is<Dict>(v)) return raise_type_error(thread, "attrib must be dict, not {!a}", v);
  self.as<Element>()->attributes_.set(self.as<Element>(), v);
  return ok;
}

Result<Value> element_text(Thread& thread, Element* self, Field<Value>* field) {
  Value v = field->get();
  if (!is<ValueArray>(v)) return v;
  auto* pieces = v.as<ValueArray>();
  const Value* items = reinterpret_cast<const Value*>(pieces->slots());
  Value joined = Value(TRY(str_join_values(thread, names.empty, items, pieces->capacity())));
  return field->compare_exchange(self, v, joined) ? joined : field->get();
}
template <Field<Value> Element::* field>
static Result<Value> get_text(Thread& thread, Value self) {
  return element_text(thread, self.as<Element>(), &(self.as<Element>()->*field));
}
template <Field<Value> Element::* field>
static Result<void> set_field(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_undeletable(thread);
  (self.as<Element>()->*field).set(self.as<Element>(), v);
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- children

static Failed raise_no_element(Thread& thread, Value v) {
  return raise_type_error(thread, "expected an Element, not \"{!t}\"", v);
}

static Result<List*> element_children(Thread& thread, Element* self) {
  if (List* children = self->children_.get()) return children;
  List* made = TRY(make_list(thread));
  CriticalSection guard(thread, self);
  if (List* children = self->children_.get()) return children;
  self->children_.set(self, made);
  return made;
}

Result<void> element_append(Thread& thread, Element* self, Value child) {
  if (!is<Element>(child)) return raise_no_element(thread, child);
  return list_append(thread, TRY(element_children(thread, self)), child);
}
static Result<void> element_append_row(Thread& thread, Element* self, Element* subelement) {
  return list_append(thread, TRY(element_children(thread, self)), Value(subelement));
}
static Result<void> element_insert(Thread& thread, Element* self, Index index, Element* subelement) {
  return list_insert_at(thread, TRY(element_children(thread, self)), index, Value(subelement));
}

// The items of any iterable; whatever goes wrong in it is this TypeError, as in CPython.
static Result<Tuple*> sequence_items(Thread& thread, Value elements) {
  Result<Tuple*> items = tuple_from_iterable(thread, elements);
  if (!items.is_failed()) return items;
  thread.clear_pending();
  return raise_type_error(thread, "expected sequence, not \"{!t}\"", elements);
}
static Result<void> element_extend(Thread& thread, Element* self, Value elements) {
  Tuple* items = TRY(sequence_items(thread, elements));
  for (Index i = 0; i < items->length(); ++i) TRY(element_append(thread, self, items->at(i)));
  return ok;
}

// The child itself if it is there, else the first that says it is equal.
static Result<void> element_remove(Thread& thread, Element* self, Element* subelement) {
  Value wanted(subelement);
  if (List* children = self->children_.get())
    if (TRY(list_remove_identical(thread, children, wanted))) return ok;
  Value child;
  for (Index at = 0; (child = self->try_child(at)).is_present(); ++at) {
    if (!TRY(equals(thread, child, wanted))) continue;
    List* children = self->children_.get();
    if (children && at < children->length()) return list_replace_range(thread, children, at, at + 1, nullptr, 0);
    break;
  }
  return raise_value_error(thread, "list.remove(x): x not in list");
}

static Result<void> element_clear(Thread& thread, Element* self) {
  CriticalSection guard(thread, self);
  self->attributes_.set(self, kNone);
  self->children_.clear();
  self->text_.set(self, kNone);
  self->tail_.set(self, kNone);
  return ok;
}

static Result<i64> element_len(Thread&, Element* self) { return static_cast<i64>(self->count()); }

static Result<Index> child_index(Thread& thread, Element* self, Value key) {
  Index i = TRY(to_index_checked(thread, key, exceptions.IndexError));
  return i < 0 ? i + self->count() : i;
}
static Failed raise_bad_key(Thread& thread) { return raise_type_error(thread, "element indices must be integers"); }

static Result<Value> element_getitem(Thread& thread, Element* self, Value key) {
  if (key.is_small_int()) {  // iteration comes here
    Value child = self->try_child(key.small_int());
    if (child.is_present()) return child;
  }
  if (is<Slice>(key)) return get_item(thread, Value(TRY(element_children(thread, self))), key);
  if (!has_index(key)) return raise_bad_key(thread);
  Value child = self->try_child(TRY(child_index(thread, self, key)));
  if (child.is_absent()) return raise_index_error(thread, "child index out of range");
  return child;
}
static Result<void> element_setitem(Thread& thread, Element* self, Value key, Value value) {
  if (is<Slice>(key)) {
    Tuple* items = TRY(sequence_items(thread, value));
    for (Index i = 0; i < items->length(); ++i)
      if (!is<Element>(items->at(i))) {
        SliceRange range = TRY(slice_resolve(thread, key.as<Slice>(), self->count()));
        if (range.step == 1 || range.length == items->length()) return raise_no_element(thread, items->at(i));
        break;  // the length is what is wrong first
      }
    return set_item(thread, Value(TRY(element_children(thread, self))), key, Value(items));
  }
  if (!has_index(key)) return raise_bad_key(thread);
  Index i = TRY(child_index(thread, self, key));
  if (static_cast<u64>(i) < static_cast<u64>(self->count())) {
    if (!is<Element>(value)) return raise_no_element(thread, value);
    if (TRY(list_try_set(thread, TRY(element_children(thread, self)), i, value))) return ok;
  }
  return raise_index_error(thread, "child assignment index out of range");
}
static Result<void> element_delitem(Thread& thread, Element* self, Value key) {
  if (is<Slice>(key)) return delete_item(thread, Value(TRY(element_children(thread, self))), key);
  if (!has_index(key)) return raise_bad_key(thread);
  Index i = TRY(child_index(thread, self, key));
  if (static_cast<u64>(i) >= static_cast<u64>(self->count()))
    return raise_index_error(thread, "child assignment index out of range");
  return list_replace_range(thread, TRY(element_children(thread, self)), i, i + 1, nullptr, 0);
}

// ---------------------------------------------------------------------------------------------------------------- copies

static Result<Value> element_makeelement(Thread& thread, Element*, Value tag, Dict* attrib) {
  return Value(TRY(make_element(thread, tag, Value(TRY(dict_copy_of(thread, attrib))))));
}

// Shares a dict that isn't empty with the copy.
static Result<Value> element_copy(Thread& thread, Element* self) {
  Value attributes = self->attributes_.get();
  if (!attributes.is_none() && !is_empty_dict(attributes)) attributes = Value(TRY(element_dict(thread, self)));
  Element* made = TRY(make_element(thread, self->tag_.get(), attributes));
  made->text_.set(made, self->text_.get());
  made->tail_.set(made, self->tail_.get());
  if (Index n = self->count()) made->children_.set(made, TRY(list_slice(thread, self->children_.get(), 0, n)));
  return Value(made);
}

static Result<Value> element_deepcopy(Thread& thread, Element* self, Dict* memo);

static Result<Value> deep_copy_of(Thread& thread, Value v, Dict* memo) {
  if (v.is_none() || is_exact<Str>(v) || is<ValueArray>(v) || v.is_small_int()) return v;
  if (is_exact<Element>(v)) {
    Value known = TRY(dict_find(thread, memo, TRY(int_from_i64(thread, static_cast<i64>(object_id(v))))));
    return known == kNotFound ? element_deepcopy(thread, v.as<Element>(), memo) : Result<Value>(known);
  }
  Value copy = TRY(import_module_value(thread, "copy"));
  return call_method(thread, copy, intern(thread, "deepcopy"), v, Value(memo));
}

static Result<Value> element_deepcopy(Thread& thread, Element* self, Dict* memo) {
  NativeDepth depth(thread, " in __deepcopy__");
  TRY(depth.check());
  Value tag = TRY(deep_copy_of(thread, self->tag_.get(), memo));
  Value attributes = self->attributes_.get();  // an array holds only str: it can be shared
  if (is<Dict>(attributes)) attributes = TRY(deep_copy_of(thread, attributes, memo));
  if (!attributes.is_none() && !is<Dict>(attributes) && !is<ValueArray>(attributes))
    return raise_type_error(thread, "attrib must be dict, not {!a}", attributes);
  Element* made = TRY(make_element(thread, tag, attributes));
  made->text_.set(made, TRY(deep_copy_of(thread, self->text_.get(), memo)));
  made->tail_.set(made, TRY(deep_copy_of(thread, self->tail_.get(), memo)));
  Value child;
  for (Index i = 0; (child = self->try_child(i)).is_present(); ++i)
    TRY(element_append(thread, made, TRY(deep_copy_of(thread, child, memo))));
  TRY(dict_set(thread, memo, TRY(int_from_i64(thread, static_cast<i64>(object_id(Value(self))))), Value(made)));
  return Value(made);
}

static Result<Value> element_getstate(Thread& thread, Element* self) {
  Dict* state = TRY(make_dict(thread, 5));
  List* children = self->children_.get();
  Value copy = Value(children ? TRY(list_slice(thread, children, 0, children->length())) : TRY(make_list(thread)));
  TRY(dict_set_ascii(thread, state, "tag", self->tag_.get()));
  TRY(dict_set_ascii(thread, state, "_children", copy));
  TRY(dict_set_ascii(thread, state, "attrib", Value(TRY(element_dict(thread, self)))));
  TRY(dict_set_ascii(thread, state, "text", TRY(element_text(thread, self, &self->text_))));
  TRY(dict_set_ascii(thread, state, "tail", TRY(element_text(thread, self, &self->tail_))));
  return Value(state);
}

static Result<void> element_setstate(Thread& thread, Element* self, Value state) {
  if (!is<Dict>(state)) return raise_type_error(thread, "Don't know how to unpickle \"{!r}\" as an Element", state);
  static constexpr const char* keys[] = {"tag", "attrib", "text", "tail", "_children"};
  Value parts[5], key, value;
  for (Index at = 0; dict_next(state.as<Dict>(), &at, &key, &value);) {
    if (!is<Str>(key)) return raise_type_error(thread, "keywords must be strings");
    int i = 0;
    while (i < 5 && !str_equals_ascii(key.as<Str>(), keys[i])) ++i;
    if (i == 5) return raise_type_error(thread, "'{}' is an invalid keyword argument for this function", key);
    parts[i] = value;
  }
  if (parts[0].is_absent()) return raise_type_error(thread, "tag may not be NULL");
  List* children = nullptr;
  if (Value given = parts[4]; given.is_present()) {
    if (!is<List>(given)) return raise_type_error(thread, "'_children' is not a list");
    children = TRY(list_slice(thread, given.as<List>(), 0, given.as<List>()->length()));
    for (Index i = 0; i < children->length(); ++i)
      if (!is<Element>(children->try_at(i))) return raise_no_element(thread, children->try_at(i));
  }
  self->tag_.set(self, parts[0]);
  self->text_.set(self, parts[2].is_present() ? parts[2] : kNone);
  self->tail_.set(self, parts[3].is_present() ? parts[3] : kNone);
  if (children) self->children_.set(self, children);
  if (parts[1].is_present() && is<Dict>(parts[1])) self->attributes_.set(self, parts[1]);
  return ok;
}

static Result<i64> element_sizeof(Thread&, Element* self) {
  i64 n = static_cast<i64>(sizeof(Element));
  if (Value attributes = self->attributes_.get(); is<ValueArray>(attributes))
    n += static_cast<i64>(ValueArray::size_for(attributes.as<ValueArray>()->capacity()));
  if (List* children = self->children_.get()) {
    n += static_cast<i64>(sizeof(List));
    if (ValueArray* storage = children->storage()) n += static_cast<i64>(ValueArray::size_for(storage->capacity()));
  }
  return n;
}

static Result<Str*> element_repr(Thread& thread, Element* self) {
  TRY(check_native_depth(thread, " while getting the repr of an object"));
  if (TRY(repr_enter(thread, Value(self))))
    return raise_runtime_error(thread, "reentrant call inside {!t}.__repr__", Value(self));
  Result<Str*> tag = repr(thread, self->tag_.get());
  repr_leave(thread, Value(self));
  char address[24];
  snprintf(address, sizeof address, "0x%llx", static_cast<unsigned long long>(object_id(Value(self))));
  return format_message(thread, "<Element {} at {}>", TRY(tag), static_cast<const char*>(address));
}

// ---------------------------------------------------------------------------------------------------------------- the type

static constinit NativeDef element_methods[] = {
    native_raw(element_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native_raw(element_init, "__init__($self, /, *args, **kwargs)",
               "Set up a new instance from the arguments its class documents."),
    native<element_repr>("__repr__($self, /)", "Return repr(self)."),
    native<element_len>("__len__($self, /)", "Return len(self)."),
    native<element_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<element_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<element_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<element_copy>("__copy__($self, /)", nullptr),
    native<element_deepcopy>("__deepcopy__($self, memo, /)", nullptr),
    native<element_getstate>("__getstate__($self, /)", nullptr),
    native<element_setstate>("__setstate__($self, state, /)", nullptr),
    native<element_sizeof>("__sizeof__($self, /)", nullptr),
    native<element_append_row>("append($self, subelement, /)", nullptr),
    native<element_clear>("clear($self, /)", nullptr),
    native<element_extend>("extend($self, elements, /)", nullptr),
    native<element_find>("find($self, /, path, namespaces=None)", nullptr),
    native<element_findall>("findall($self, /, path, namespaces=None)", nullptr),
    native<element_findtext>("findtext($self, /, path, default=None, namespaces=None)", nullptr),
    native<element_get>("get($self, /, key, default=None)", nullptr),
    native<element_insert>("insert($self, index, subelement, /)", nullptr),
    native<element_items>("items($self, /)", nullptr),
    native<element_iter>("iter($self, /, tag=None)", nullptr),
    native<element_iterfind>("iterfind($self, /, path, namespaces=None)", nullptr),
    native<element_itertext>("itertext($self, /)", nullptr),
    native<element_keys>("keys($self, /)", nullptr),
    native<element_makeelement>("makeelement($self, tag, attrib, /)", nullptr),
    native<element_remove>("remove($self, subelement, /)", nullptr),
    native<element_set>("set($self, key, value, /)", nullptr),
};
static Result<Value> get_tag(Thread&, Value self) { return self.as<Element>()->tag_.get(); }
static constinit GetSetDef element_getsets[] = {
    {"tag", get_tag, set_field<&Element::tag_>, "Name of the element: the str that stands in its XML tags."},
    {"text", get_text<&Element::text_>, set_field<&Element::text_>, "A string of text directly after the start tag, or None"},
    {"tail", get_text<&Element::tail_>, set_field<&Element::tail_>, "A string of text directly after the end tag, or None"},
    {"attrib", get_attrib, set_attrib, "A dictionary containing the element's attributes"},
};
constinit TypeDef element_def = {.name = "xml.etree.ElementTree.Element",
                                 .dynamic_kind = &DynamicKind<Element>::value,
                                 .payload_size = sizeof(Element),
                                 .flags = kTypeSubclassable | kTypeWeakrefable,
                                 .methods = element_methods,
                                 .method_count = count_of(element_methods),
                                 .getsets = element_getsets,
                                 .getset_count = 4,
                                 .kind_info = kind_info_of<Element>("xml.etree.ElementTree.Element")};

}  // namespace baton
