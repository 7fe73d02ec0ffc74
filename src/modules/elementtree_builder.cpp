// xml.etree.ElementTree.TreeBuilder: start, data, end calls become a tree.
//
// Text is collected until the next tag. The parser's text comes as UTF-8 bytes and becomes one str then; texts given to data()
// stay what they are, and are joined when the element's text is read. No Python code runs under the builder's lock.
#include <cstdlib>
#include <cstring>

#include "modules/elementtree_internal.h"
#include "objects/codecs.h"
#include "objects/raw_arguments.h"

namespace baton {

static Root<Tuple>* factories = nullptr;  // of comments and processing instructions, absent: none; set under the GIL or whole

static Value default_factory(Index which) {
  Value factory = factories ? factories->get()->at(which) : kNone;
  return factory.is_none() ? Value() : factory;
}

Result<Value> builder_set_factories(Thread& thread, Value comment_factory, Value pi_factory) {
  if (!comment_factory.is_none() && !is_callable(comment_factory))
    return raise_type_error(thread, "Comment factory must be callable, not {!t}", comment_factory);
  if (!pi_factory.is_none() && !is_callable(pi_factory))
    return raise_type_error(thread, "PI factory must be callable, not {!t}", pi_factory);
  Tuple* made = TRY(tuple_of(thread, comment_factory, pi_factory));
  Tuple* old = factories->get();
  factories->set(made);
  return Value(old);
}

// ---------------------------------------------------------------------------------------------------------------- text

// In the critical section: the bytes collected become the last item of data_.
static Result<void> take_bytes(Thread& thread, TreeBuilder* self, List** data) {
  if (self->text_used_ == 0) return ok;
  Value text = Value(TRY(decode_utf8(thread, reinterpret_cast<const u8*>(self->text_), self->text_used_, nullptr)));
  self->text_used_ = 0;
  if (!*data) *data = TRY(make_list(thread));
  return list_append(thread, *data, text);
}

Result<void> builder_data(Thread& thread, TreeBuilder* self, Value data) {
  if (self->last_.get().is_none()) return ok;  // before the first element
  List* made = TRY(make_list(thread));
  CriticalSection guard(thread, self);
  List* list = self->data_.get();
  if (!list) self->data_.set(self, list = made);
  TRY(take_bytes(thread, self, &list));
  return list_append(thread, list, data);
}

Result<void> builder_text(Thread& thread, TreeBuilder* self, const char* utf8, usize n) {
  if (self->last_.get().is_none()) return ok;
  CriticalSection guard(thread, self);
  if (self->text_room_ - self->text_used_ < n) {
    usize room = (self->text_used_ + n) * 2 + 128;
    auto* larger = static_cast<char*>(realloc(self->text_, room));
    if (!larger) return raise_memory_error(thread);
    self->text_ = larger;
    self->text_room_ = room;
  }
  memcpy(self->text_ + self->text_used_, utf8, n);
  self->text_used_ += n;
  return ok;
}

// Adds to what is there: an array of pieces for a plain element, else by the attribute and +.
static Result<void> add_text(Thread& thread, Value element, bool tail, Value text) {
  if (is_exact<Element>(element)) {
    auto* plain = element.as<Element>();
    Field<Value>* field = tail ? &plain->tail_ : &plain->text_;
    if (field->compare_exchange(plain, kNone, text)) return ok;
  }
  Str* name = intern(thread, tail ? "tail" : "text");
  if (is<ValueArray>(text)) {
    auto* pieces = text.as<ValueArray>();
    text = Value(TRY(str_join_values(thread, names.empty, reinterpret_cast<const Value*>(pieces->slots()), pieces->capacity())));
  }
  Value before = TRY(get_attr(thread, element, name));
  if (!before.is_none()) text = TRY(binary_op(thread, BinaryOp::Add, before, text));
  return set_attr(thread, element, name, text);
}

// What was collected goes to the element it belongs to.
static Result<void> flush(Thread& thread, TreeBuilder* self) {
  Value text, target;
  bool tail = false;
  {
    CriticalSection guard(thread, self);
    List* data = self->data_.get();
    if (!data && self->text_used_ == 0) return ok;
    if (data) {
      TRY(take_bytes(thread, self, &data));
      self->data_.clear();
      Index n = data->length();
      if (n == 1) {
        text = data->try_at(0);
      } else {
        ValueArray* pieces = TRY(make_value_array(thread, n));
        for (Index i = 0; i < n; ++i) pieces->set_at(i, data->try_at(i));
        text = Value(pieces);
      }
    } else {
      text = Value(TRY(decode_utf8(thread, reinterpret_cast<const u8*>(self->text_), self->text_used_, nullptr)));
      self->text_used_ = 0;
      if (self->text_room_ > 65536) {  // a large text was an exception
        free(self->text_);
        self->text_ = nullptr;
        self->text_room_ = 0;
      }
    }
    tail = self->tail_of_.get().is_present();
    target = tail ? self->tail_of_.get() : self->last_.get();
  }
  return add_text(thread, target, tail, text);
}

// ---------------------------------------------------------------------------------------------------------------- events

Result<void> builder_report(Thread& thread, TreeBuilder* self, TreeEvent event, Value what) {
  Value report = self->report_.get(), name = self->events_[event].get();
  if (report.is_absent() || name.is_absent()) return ok;
  TRY(call(thread, report, Value(TRY(tuple_of(thread, name, what)))));
  return ok;
}

static Result<void> add_child(Thread& thread, Value parent, Value child) {
  if (is_exact<Element>(parent)) return element_append(thread, parent.as<Element>(), child);
  TRY(call_method(thread, parent, names.append, child));
  return ok;
}

Result<Value> builder_start(Thread& thread, TreeBuilder* self, Value tag, Value attributes) {
  TRY(flush(thread, self));
  Value factory = self->element_factory_.get(), element;
  if (factory.is_absent()) {
    element = Value(TRY(make_element(thread, tag, attributes)));
  } else {
    // A factory gets a dict, which a plain element makes of whatever the attributes are.
    Value dict = is<Dict>(attributes) ? attributes : Value(TRY(element_dict(thread, TRY(make_element(thread, tag, attributes)))));
    element = TRY(call(thread, factory, tag, dict));
  }
  Value parent = self->current_.get();
  self->tail_of_.clear();
  if (!parent.is_none()) {
    TRY(add_child(thread, parent, element));
  } else if (!self->root_.compare_exchange(self, Value(), element)) {
    return raise(thread, parse_error_type(), "multiple elements on top level");
  }
  List* stack = self->stack_.get();
  if (!stack) {
    List* made = TRY(make_list(thread));
    CriticalSection guard(thread, self);
    stack = self->stack_.get();
    if (!stack) self->stack_.set(self, stack = made);
  }
  TRY(list_append(thread, stack, parent));
  self->current_.set(self, element);
  self->last_.set(self, element);
  TRY(builder_report(thread, self, kEventStart, element));
  return element;
}

Result<Value> builder_end(Thread& thread, TreeBuilder* self) {
  TRY(flush(thread, self));
  List* stack = self->stack_.get();
  Value outer = stack ? list_pop_last(thread, stack) : Value();
  if (outer.is_absent()) return raise_index_error(thread, "pop from empty stack");
  Value ended = self->current_.get();
  self->last_.set(self, ended);
  self->tail_of_.set(self, ended);
  self->current_.set(self, outer);
  TRY(builder_report(thread, self, kEventEnd, ended));
  return ended;
}

static Result<void> insert_single(Thread& thread, TreeBuilder* self, Value made) {
  Value parent = self->current_.get();
  if (parent.is_none()) return ok;
  TRY(add_child(thread, parent, made));
  self->tail_of_.set(self, made);
  return ok;
}
Result<Value> builder_comment(Thread& thread, TreeBuilder* self, Value text) {
  TRY(flush(thread, self));
  Value factory = self->comment_factory_.get(), comment = text;
  if (factory.is_present()) {
    comment = TRY(call(thread, factory, text));
    if (self->insert_comments_) TRY(insert_single(thread, self, comment));
  }
  TRY(builder_report(thread, self, kEventComment, comment));
  return comment;
}
Result<Value> builder_pi(Thread& thread, TreeBuilder* self, Value target, Value text) {
  TRY(flush(thread, self));
  Value factory = self->pi_factory_.get(), pi;
  if (factory.is_present()) {
    pi = TRY(call(thread, factory, target, text));
    if (self->insert_pis_) TRY(insert_single(thread, self, pi));
  } else {
    pi = Value(TRY(tuple_of(thread, target, text)));
  }
  TRY(builder_report(thread, self, kEventPi, pi));
  return pi;
}
Value builder_close(TreeBuilder* self) {
  Value root = self->root_.get();
  return root.is_present() ? root : kNone;
}

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> builder_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return make_of<TreeBuilder>(thread, TRY(check_new_type(thread, args, n, tree_builder_def.type)));
}
static Result<void> builder_init(Thread& thread, TreeBuilder* self, Value element_factory, Value comment_factory,
                                 Value pi_factory, bool insert_comments, bool insert_pis) {
  Value comments = comment_factory.is_none() ? default_factory(0) : comment_factory;
  Value pis = pi_factory.is_none() ? default_factory(1) : pi_factory;
  CriticalSection guard(thread, self);
  self->element_factory_.set(self, element_factory.is_none() ? Value() : element_factory);
  self->comment_factory_.set(self, comments);
  self->pi_factory_.set(self, pis);
  self->insert_comments_ = insert_comments && comments.is_present();
  self->insert_pis_ = insert_pis && pis.is_present();
  return ok;
}
static Result<Value> builder_start_row(Thread& thread, TreeBuilder* self, Value tag, Dict* attrs) {
  return builder_start(thread, self, tag, Value(attrs));
}
static Result<Value> builder_end_row(Thread& thread, TreeBuilder* self, Value) { return builder_end(thread, self); }
static Result<Value> builder_close_row(Thread&, TreeBuilder* self) { return builder_close(self); }

static constinit NativeDef builder_methods[] = {
    native_raw(builder_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<builder_init>("__init__($self, /, element_factory=None, *, comment_factory=None, pi_factory=None, "
                         "insert_comments=False, insert_pis=False)",
                         "Set up a new instance from the arguments its class documents."),
    native<builder_close_row>("close($self, /)", nullptr),
    native<builder_comment>("comment($self, text, /)", nullptr),
    native<builder_data>("data($self, data, /)", nullptr),
    native<builder_end_row>("end($self, tag, /)", nullptr),
    native<builder_pi>("pi($self, target, text=None, /)", nullptr),
    native<builder_start_row>("start($self, tag, attrs, /)", nullptr),
};
static Result<void> builder_finish(Thread& thread, Type*) {
  if (!factories) factories = new Root<Tuple>(TRY(tuple_of(thread, kNone, kNone)));
  return ok;
}
constinit TypeDef tree_builder_def = {.name = "xml.etree.ElementTree.TreeBuilder",
                                      .dynamic_kind = &DynamicKind<TreeBuilder>::value,
                                      .payload_size = sizeof(TreeBuilder),
                                      .flags = kTypeSubclassable,
                                      .methods = builder_methods,
                                      .method_count = count_of(builder_methods),
                                      .kind_info = kind_info_of<TreeBuilder>("xml.etree.ElementTree.TreeBuilder"),
                                      .finish = builder_finish};

}  // namespace baton
