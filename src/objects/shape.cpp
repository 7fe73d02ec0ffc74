// Shapes and the attributes of instances by shape: where each attribute of an object lives, without descriptors.
//
// An object starts on its type's instance shape; each new attribute moves it to a child shape. Slots below the lineage's
// inline_capacity are inline, the rest in a ValueArray hanging off the tail. Deleting an attribute leaves a hole: its slot stays
// empty, and attributes that come later go behind. Asking for __dict__, more than kMaxShapeSlots attributes, or deleting them in
// many ways moves the object to dictionary mode: all attributes in a Dict in the tail.
// For lock-free readers: a slot is stored before the shape that names it; slots are never reused for another name.
#include "heap/allocate_inline.h"
#include "objects/dict.h"
#include "objects/instance_lookup.h"
#include "objects/object.h"
#include "objects/tuple.h"
#include "objects/type_internal.h"
#include "threads/gil.h"

namespace baton {

static constexpr u32 kMaxShapeSlots = 64;
static constexpr u32 kMaxHoles = 8;      // of a shape
static constexpr u32 kMaxDeletions = 4;  // among a shape's children
static constexpr u32 kMaxInlineSlots = 32;

Shape* new_shape(Thread& thread, Type* type, u32 inline_capacity) {
  auto* shape = static_cast<Shape*>(allocate_cell(thread, sizeof(Shape), kKindShape, 0, kAllocPretenured));
  BATON_CHECK(shape, "out of memory for a shape");
  shape->type_.init(type);
  shape->parent_.init(nullptr);
  shape->name_.init(nullptr);
  shape->names_.init(nullptr);
  shape->transitions_.init(nullptr);
  shape->index_.init(nullptr);
  shape->count_ = 0;
  shape->inline_capacity_ = inline_capacity;
  shape->dictionary_mode_ = false;
  shape->type_.set(shape, type);  // pretenured: the barrier must see the edge
  return shape;
}

Shape* dictionary_shape(Thread& thread, Type* type, u32 inline_capacity) {
  for (Shape* s = type->dictionary_shape_.get(); s; s = s->parent_.get()) {
    if (s->inline_capacity_ == inline_capacity) return s;
  }
  Shape* made = new_shape(thread, type, inline_capacity);
  made->dictionary_mode_ = true;
  made->parent_.set(made, type->dictionary_shape_.get());
  type->dictionary_shape_.set(type, made);
  return made;
}

i32 Shape::find(Str* name) const {
  ValueArray* names = names_.get();
  if (!names) return -1;
  const Field<Value>* slots = names->slots();
  for (u32 i = 0; i < count_; ++i) {
    if (slots[i].get().bits() == reinterpret_cast<u64>(name)) return static_cast<i32>(i);
  }
  return -1;
}

Str* Shape::name_at(u32 index) const {
  Value name = names_->at(index);
  return name.is_present() ? name.as<Str>() : nullptr;
}

// Whether the shape's last step was to delete the attribute it is named after.
static bool is_deletion(Shape* shape) { return shape->parent_.get() && shape->parent_->count() == shape->count(); }

u32 attribute_count(Shape* shape) {
  u32 count = 0;
  for (u32 i = 0; i < shape->count(); ++i) count += shape->name_at(i) != nullptr;
  return count;
}

static Result<void> add_child(Thread& thread, Shape* shape, Shape* child) {
  ValueArray* children = shape->transitions_.get();
  Index used = 0;
  if (children)
    while (used < children->capacity() && children->at(used).is_present()) ++used;
  if (!children || used == children->capacity()) {
    ValueArray* larger = TRY(make_value_array(thread, used ? used * 2 : 2));
    for (Index i = 0; i < used; ++i) larger->set_at(i, children->at(i));
    children = larger;
  }
  children->set_at(used, Value(child));
  shape->transitions_.set(shape, children);
  return ok;
}

// The shape of an object of this one that has lost the attribute at index, whose slot is empty for good then, or null: there are
// too many such shapes, use dictionary mode.
static Result<void> find_shape_without(Thread& thread, Shape* shape, u32 index, Shape** without) {
  *without = nullptr;
  Str* name = shape->name_at(index);
  u32 count = shape->count(), deletions = 0;
  if (ValueArray* children = shape->transitions_.get()) {
    for (Index i = 0; i < children->capacity() && children->at(i).is_present(); ++i) {
      auto* child = children->at(i).as<Shape>();
      if (!is_deletion(child)) continue;
      if (child->name_.get() == name) {
        *without = child;
        return ok;
      }
      ++deletions;
    }
  }
  if (count - attribute_count(shape) == kMaxHoles || deletions == kMaxDeletions) return ok;
  Shape* child = new_shape(thread, shape->type(), shape->inline_capacity());
  ValueArray* names = TRY(make_value_array(thread, count + 1));
  for (u32 i = 0; i < count; ++i)
    if (i != index) names->set_at(i, shape->names_->at(i));
  child->names_.set(child, names);
  child->name_.set(child, name);
  child->parent_.set(child, shape);
  child->count_ = count;
  TRY(add_child(thread, shape, child));
  *without = child;
  return ok;
}

Result<Shape*> Shape::add(Thread& thread, Str* name) {
  if (ValueArray* children = transitions_.get()) {
    for (Index i = 0; i < children->capacity(); ++i) {
      Value child = children->at(i);
      if (child.is_absent()) break;
      auto* shape = child.as<Shape>();
      if (shape->name_.get() == name && !is_deletion(shape)) return shape;
    }
  }
  note_instance_name(name);
  Shape* child = new_shape(thread, type(), inline_capacity_);
  ValueArray* names = names_.get();
  if (!names || count_ >= names->capacity() || names->at(count_).is_present()) {
    ValueArray* larger = TRY(make_value_array(thread, count_ < 4 ? 4 : count_ * 2));
    for (u32 i = 0; i < count_; ++i) larger->set_at(i, names->at(i));
    names = larger;
    // A leaf without children hands its room on: siblings made later copy.
  }
  names->set_at(count_, Value(name));
  child->names_.set(child, names);
  child->name_.set(child, name);
  child->parent_.set(child, this);
  child->count_ = count_ + 1;
  TRY(add_child(thread, this, child));
  return child;
}

ObjectTail* tail_of(Cell* cell) {
  Type* type = shape_of(cell)->type();
  if (!type->tail_offset()) return nullptr;
  char* base = reinterpret_cast<char*>(cell);
  if (cell->kind() == kKindTuple) {
    return reinterpret_cast<ObjectTail*>(base + sizeof(Tuple) +
                                         sizeof(Value) * static_cast<usize>(static_cast<Tuple*>(cell)->length()));
  }
  return reinterpret_cast<ObjectTail*>(base + type->tail_offset());
}

void visit_subclass_tail(Cell* cell, EdgeVisitor& visitor) {
  Shape* shape = shape_of(cell);
  ObjectTail* tail = tail_of(cell);
  if (!tail) return;
  visitor(tail->extra_);
  visitor.visit_range(tail->slots(), shape->type()->member_slot_count() + shape->inline_capacity());
}

Field<Value>* attribute_slot(ObjectTail* tail, Shape* shape, u32 index) {
  if (index < shape->inline_capacity()) return tail->slots() + shape->type()->member_slot_count() + index;
  auto* overflow = static_cast<ValueArray*>(tail->extra());
  return overflow && overflow->kind() == kKindValueArray ? overflow->slots() + (index - shape->inline_capacity()) : nullptr;
}

Value instance_find(Cell* object, Str* name) {
  for (;;) {
    Shape* shape = shape_of(object);
    ObjectTail* tail = tail_of(object);
    if (!tail) return Value();
    if (shape->is_dictionary_mode()) {
      Cell* extra = tail->extra();
      return extra ? dict_find_str(static_cast<Dict*>(extra), name) : Value();
    }
    i32 index = shape->find(name);
    if (index < 0) return Value();
    Field<Value>* slot = attribute_slot(tail, shape, static_cast<u32>(index));
    Value v = slot ? slot->get() : Value();
    if (v.is_present() || shape_of(object) == shape) return v;
  }
}

// The dictionary of an instance if it has, or had, keys that are no str.
static Dict* dict_of_many_kinds(Cell* object) {
  if (!shape_of(object)->is_dictionary_mode()) return nullptr;
  auto* dict = static_cast<Dict*>(tail_of(object)->extra());
  return dict && dict->table() && !dict->table()->all_str() ? dict : nullptr;
}

Result<Value> instance_lookup(Thread& thread, Cell* object, Str* name) {
  Value found = instance_find(object, name);
  if (found.is_present()) return found;
  Dict* dict = dict_of_many_kinds(object);
  return dict ? dict_find(thread, dict, Value(name)) : kNotFound;
}

bool instance_surely_lacks(Cell* object, Str* name) {
  return instance_find(object, name).is_absent() && !dict_of_many_kinds(object);
}

// Moves every attribute into a Dict. The caller holds the object's critical section or the GIL.
static Result<Dict*> enter_dictionary_mode(Thread& thread, Cell* object) {
  Shape* shape = shape_of(object);
  ObjectTail* tail = tail_of(object);
  if (shape->is_dictionary_mode()) {
    if (Cell* extra = tail->extra()) return static_cast<Dict*>(extra);
    Dict* dict = TRY(make_dict(thread));
    tail->extra_.set(object, dict);
    return dict;
  }
  Dict* dict = TRY(make_dict(thread, attribute_count(shape)));
  for (u32 i = 0; i < shape->count(); ++i) {
    Field<Value>* slot = attribute_slot(tail, shape, i);
    if (slot && slot->get().is_present()) TRY(dict_set_str(thread, dict, shape->name_at(i), slot->get()));
  }
  Shape* mode = dictionary_shape(thread, shape->type(), shape->inline_capacity());
  tail->extra_.set(object, dict);
  object->set_shape_id(mode->id());
  for (u32 i = 0; i < shape->inline_capacity(); ++i) tail->slots()[shape->type()->member_slot_count() + i].clear();
  return dict;
}

// New instances of the type get more inline slots from now on.
static void learn_capacity(Thread& thread, Type* type, u32 wanted) {
  u32 capacity = wanted + wanted / 2;
  if (capacity > kMaxInlineSlots) capacity = kMaxInlineSlots;
  if (type->has_flag(kTypeHeap) && type->instance_shape()->inline_capacity() < capacity) {
    type->instance_shape_.set(type, new_shape(thread, type, capacity));
  }
}

Result<void> instance_set(Thread& thread, Cell* object, Str* name, Value value) {
  CriticalSection guard(thread, object);
  Shape* shape = shape_of(object);
  ObjectTail* tail = tail_of(object);
  BATON_DCHECK(tail, "only instances with a tail take attributes");
  if (shape->is_dictionary_mode()) return dict_set_str(thread, TRY(enter_dictionary_mode(thread, object)), name, value);
  i32 index = shape->find(name);
  if (index >= 0) {
    attribute_slot(tail, shape, static_cast<u32>(index))->set(object, value);
    return ok;
  }
  u32 at = shape->count();
  if (at >= kMaxShapeSlots) return dict_set_str(thread, TRY(enter_dictionary_mode(thread, object)), name, value);
  Shape* next = TRY(shape->add(thread, name));
  if (at >= shape->inline_capacity()) {
    u32 overflow_index = at - shape->inline_capacity();
    auto* overflow = static_cast<ValueArray*>(tail->extra());
    if (!overflow || overflow_index >= overflow->capacity()) {
      ValueArray* larger = TRY(make_value_array(thread, overflow ? overflow->capacity() * 2 : 4));
      for (u32 i = 0; i < overflow_index; ++i) larger->set_at(i, overflow->at(i));
      larger->set_at(overflow_index, value);
      tail->extra_.set(object, larger);
    } else {
      overflow->set_at(overflow_index, value);
    }
    learn_capacity(thread, shape->type(), at + 1);
  } else {
    attribute_slot(tail, shape, at)->set(object, value);
  }
  object->set_shape_id(next->id());
  return ok;
}

Result<bool> instance_delete(Thread& thread, Cell* object, Str* name) {
  CriticalSection guard(thread, object);
  Shape* shape = shape_of(object);
  if (!tail_of(object)) return false;
  if (shape->is_dictionary_mode()) return dict_remove_str(thread, TRY(enter_dictionary_mode(thread, object)), name);
  i32 found = shape->find(name);
  if (found < 0) return false;
  auto index = static_cast<u32>(found);
  Field<Value>* slot = attribute_slot(tail_of(object), shape, index);
  if (!slot || slot->get().is_absent()) return false;
  // The last one can be as if it had never been, if no other thread may be reading its slot.
  bool is_last = index + 1 == shape->count() && shape->name_.get() == name && !is_deletion(shape);
  Shape* next = shape->parent_.get();
  if (!is_last || objects_are_locked()) TRY(find_shape_without(thread, shape, index, &next));
  if (next) {
    slot->clear();
    object->set_shape_id(next->id());
    return true;
  }
  return dict_remove_str(thread, TRY(enter_dictionary_mode(thread, object)), name);
}

Result<Dict*> instance_dict(Thread& thread, Cell* object) {
  CriticalSection guard(thread, object);
  return enter_dictionary_mode(thread, object);
}

Result<void> instance_set_dict(Thread& thread, Cell* object, Dict* dict) {
  TRY(instance_dict(thread, object));
  CriticalSection guard(thread, object);
  tail_of(object)->extra_.set(object, dict);
  return ok;
}

Result<Dict*> instance_attributes_copy(Thread& thread, Cell* object) {
  Shape* shape = shape_of(object);
  ObjectTail* tail = tail_of(object);
  if (!tail) return make_dict(thread);
  if (shape->is_dictionary_mode()) {
    if (Cell* extra = tail->extra()) return dict_copy_of(thread, static_cast<Dict*>(extra));
    return make_dict(thread);
  }
  Dict* dict = TRY(make_dict(thread, attribute_count(shape)));
  for (u32 i = 0; i < shape->count(); ++i) {
    Field<Value>* slot = attribute_slot(tail, shape, i);
    if (slot && slot->get().is_present()) TRY(dict_set_str(thread, dict, shape->name_at(i), slot->get()));
  }
  return dict;
}

Result<void> assign_class(Thread& thread, Cell* object, Type* type) {
  Shape* shape = shape_of(object);
  Type* old_type = shape->type();
  if (old_type == type) return ok;
  ObjectTail* tail = tail_of(object);
  bool has_dict = tail && old_type->has_flag(kTypeHasDict);
  if (!has_dict) {  // no attributes by shape: any shape of the new type with this capacity does
    CriticalSection guard(thread, object);
    object->set_shape_id(dictionary_shape(thread, type, shape->inline_capacity())->id());
    return ok;
  }
  TRY(instance_dict(thread, object));
  CriticalSection guard(thread, object);
  object->set_shape_id(dictionary_shape(thread, type, shape_of(object)->inline_capacity())->id());
  return ok;
}

Cell* allocate_cell(Thread& thread, usize bytes, u16 kind_word, u32 shape_id, u32 flags) {
  Cell* cell = heap_allocate_inline(thread, bytes, kind_word, shape_id, flags);
  if (!cell) [[unlikely]]
    (void)raise_memory_error(thread);
  return cell;
}

Cell* allocate_instance(Thread& thread, Type* type, usize payload) {
  Shape* shape = type->instance_shape();
  u32 tail_offset = type->tail_offset();
  if (!payload) payload = type->payload_size_;
  if (!tail_offset) {
    return allocate_cell(thread, payload, type->instance_kind(), shape->id(),
                         type->def()->kind_info.finalize_native ? kAllocNativeFinalizer : 0);
  }
  usize slot_count = type->member_slot_count() + shape->inline_capacity();
  usize at = payload > type->payload_size_ ? ((payload + 7) & ~usize{7}) : tail_offset;
  usize bytes = at + sizeof(ObjectTail) + 8 * slot_count;
  if (bytes < payload) bytes = payload;
  Cell* cell = allocate_cell(thread, bytes, type->instance_kind(), shape->id(),
                             type->def()->kind_info.finalize_native ? kAllocNativeFinalizer : 0);
  if (!cell) [[unlikely]]
    return nullptr;
  auto* tail = reinterpret_cast<ObjectTail*>(reinterpret_cast<char*>(cell) + at);
  tail->extra_.init(nullptr);
  for (usize i = 0; i < slot_count; ++i) tail->slots()[i].init(Value());
  if (type->has_flag(kTypeHasDel)) heap_register_finalizable(thread, cell);
  return cell;
}

}  // namespace baton
