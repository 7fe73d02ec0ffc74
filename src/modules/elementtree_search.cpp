// Element.find* and iter*: plain tags are looked for here, other paths by the library's ElementPath.
//
// The iterator walks the tree as it is at each step. A step is taken under the iterator's lock; tags are compared outside it,
// since that may run Python.
#include "modules/elementtree_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- paths

// Whether ElementPath would read something into it: operators outside of {namespace}, or a namespace that is a pattern.
template <class At>
static bool is_path(Index n, At at) {
  if (n >= 3 && at(0) == '{' && (at(1) == '}' || (at(1) == '*' && at(2) == '}'))) return true;
  bool inside = false;
  for (Index i = 0; i < n; ++i) {
    u32 c = at(i);
    if (c == '{')
      inside = true;
    else if (c == '}')
      inside = false;
    else if (!inside && (c == '/' || c == '*' || c == '[' || c == '@' || c == '.'))
      return true;
  }
  return false;
}
static bool needs_element_path(Value path, Value namespaces) {
  if (!namespaces.is_none()) return true;
  if (is<Str>(path)) {
    auto* text = path.as<Str>();
    return is_path(text->length(), [&](Index i) { return text->at(i); });
  }
  if (is<Bytes>(path)) {
    auto* bytes = path.as<Bytes>();
    return is_path(static_cast<Index>(bytes->length()), [&](Index i) -> u32 { return bytes->data()[i]; });
  }
  return true;
}

template <class... V>
static Result<Value> element_path(Thread& thread, const char* function, V... args) {
  Value module = Value(TRY(import_module(thread, "xml.etree.ElementPath")));
  return call_method(thread, module, intern(thread, function), args...);
}

// The next child with this tag from *at on, absent if there is none.
static Result<Value> next_with_tag(Thread& thread, Element* self, Value tag, Index* at) {
  for (;;) {
    Value child = self->try_child(*at);
    if (child.is_absent()) return Value(kNotFound);
    ++*at;
    if (TRY(same_or_equal(thread, child.as<Element>()->tag_.get(), tag))) return child;
  }
}

Result<Value> element_find(Thread& thread, Element* self, Value path, Value namespaces) {
  if (needs_element_path(path, namespaces)) return element_path(thread, "find", Value(self), path, namespaces);
  Index at = 0;
  Value found = TRY(next_with_tag(thread, self, path, &at));
  return found == kNotFound ? kNone : found;
}
Result<Value> element_findtext(Thread& thread, Element* self, Value path, Value fallback, Value namespaces) {
  if (needs_element_path(path, namespaces)) return element_path(thread, "findtext", Value(self), path, fallback, namespaces);
  Index at = 0;
  Value found = TRY(next_with_tag(thread, self, path, &at));
  if (found == kNotFound) return fallback;
  Value text = TRY(element_text(thread, found.as<Element>(), &found.as<Element>()->text_));
  return text.is_none() ? Value(names.empty) : text;
}
Result<Value> element_findall(Thread& thread, Element* self, Value path, Value namespaces) {
  if (needs_element_path(path, namespaces)) return element_path(thread, "findall", Value(self), path, namespaces);
  List* all = TRY(make_list(thread));
  for (Index at = 0;;) {
    Value found = TRY(next_with_tag(thread, self, path, &at));
    if (found == kNotFound) return Value(all);
    TRY(list_append(thread, all, found));
  }
}
Result<Value> element_iterfind(Thread& thread, Element* self, Value path, Value namespaces) {
  return element_path(thread, "iterfind", Value(self), path, namespaces);
}

// ---------------------------------------------------------------------------------------------------------------- iterators

class ElementIterator final : public Cell {
 public:
  void init(Element* root, Value tag, bool texts) {
    tag_.init(tag);
    root_.init(root);
    stack_.init(nullptr);
    depth_ = 0;
    texts_ = texts;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(tag_, root_, stack_); }

  Field<Value> tag_;         // None: all
  Field<Element> root_;      // null once it was visited
  Field<ValueArray> stack_;  // element, number of its next child, and so on inwards
  Index depth_;              // elements in stack_; this and the two above: under the lock byte
  bool texts_;               // itertext(): text when an element is entered, tail when it is left
};

struct IteratorStep {
  Element* element = nullptr;  // null: the end
  bool leaving = false;
};

// In the critical section.
static Result<void> enter(Thread& thread, ElementIterator* self, Element* element) {
  ValueArray* stack = self->stack_.get();
  Index at = self->depth_ * 2;
  if (!stack || at == stack->capacity()) {
    ValueArray* larger = TRY(make_value_array(thread, at ? at * 2 : 16));
    for (Index i = 0; i < at; ++i) larger->set_at(i, stack->at(i));
    self->stack_.set(self, larger);
    stack = larger;
  }
  stack->set_at(at, Value(element));
  stack->set_at(at + 1, Value::of_small_int(0));
  ++self->depth_;
  return ok;
}

static Result<void> step(Thread& thread, ElementIterator* self, IteratorStep* out) {
  CriticalSection guard(thread, self);
  if (Element* root = self->root_.get()) {
    self->root_.clear();
    out->element = root;
    return enter(thread, self, root);
  }
  while (self->depth_ > 0) {
    ValueArray* stack = self->stack_.get();
    Index top = (self->depth_ - 1) * 2;
    auto* element = stack->at(top).as<Element>();
    i64 next = stack->at(top + 1).small_int();
    Value child = element->try_child(next);
    if (child.is_present()) {
      stack->set_at(top + 1, Value::of_small_int(next + 1));
      out->element = child.as<Element>();
      return enter(thread, self, out->element);
    }
    stack->slots()[top].clear();
    --self->depth_;
    if (self->texts_ && self->depth_ > 0) {
      out->element = element;
      out->leaving = true;
      return ok;
    }
  }
  return ok;
}

static Result<Value> iterator_next(Thread& thread, ElementIterator* self) {
  Value tag = self->tag_.get();
  for (;;) {
    IteratorStep at;
    TRY(step(thread, self, &at));
    if (!at.element) return kExhausted;
    if (self->texts_) {
      Value text = TRY(element_text(thread, at.element, at.leaving ? &at.element->tail_ : &at.element->text_));
      if (!text.is_none() && TRY(truth(thread, text))) return text;
    } else if (tag.is_none() || TRY(same_or_equal(thread, at.element->tag_.get(), tag))) {
      return Value(at.element);
    }
  }
}
static Result<Value> iterator_iter(Thread&, ElementIterator* self) { return Value(self); }

static constinit NativeDef iterator_methods[] = {
    native<iterator_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<iterator_next>("__next__($self, /)", "Implement next(self)."),
};
constinit TypeDef element_iterator_def = {.name = "_elementtree._element_iterator",
                                          .dynamic_kind = &DynamicKind<ElementIterator>::value,
                                          .payload_size = sizeof(ElementIterator),
                                          .flags = kTypeNoInstances,
                                          .methods = iterator_methods,
                                          .method_count = count_of(iterator_methods),
                                          .kind_info = kind_info_of<ElementIterator>("_elementtree._element_iterator")};

Result<Value> element_iter(Thread& thread, Element* self, Value tag) {
  bool all = (is<Str>(tag) && str_equals_ascii(tag.as<Str>(), "*")) ||
             (is<Bytes>(tag) && tag.as<Bytes>()->length() == 1 && tag.as<Bytes>()->data()[0] == '*');
  return Value(TRY(make_of<ElementIterator>(thread, element_iterator_def.type, self, all ? kNone : tag, false)));
}
Result<Value> element_itertext(Thread& thread, Element* self) {
  return Value(TRY(make_of<ElementIterator>(thread, element_iterator_def.type, self, kNone, true)));
}

}  // namespace baton
