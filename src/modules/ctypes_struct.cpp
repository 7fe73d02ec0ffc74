// Structure and Union: layout of fields, bit fields, packing, anonymous members; and field descriptors.
//
// The layout follows the C compiler's: each field at the next multiple of its alignment (at most _pack_); bit fields share the
// open unit while they fit it, widen it if their type is wider, or open a new one. For the call through libffi a structure of up
// to 16 bytes is described by what each of its eight-byte words holds, which is what the x86-64 convention asks for.
#include <climits>
#include <cstdio>
#include <cstring>

#include "modules/ctypes_internal.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- fields

class CField final : public Cell {
 public:
  void init(Type* type, usize offset, usize size, Index index) {
    type_.init(type);
    offset_ = offset;
    size_ = size;
    index_ = index;
    text_ = 0;
    anonymous_ = false;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(type_); }
  Field<Type> type_;
  usize offset_, size_;  // size: of a bit field width << 16 | lowest bit
  Index index_;
  char text_;  // 'c', 'u': an array of characters, read as bytes or str
  bool anonymous_;
};

static char text_field_code(Type* type) {
  CTypeInfo* info = info_of_type(type);
  if (info->kind_ != CKind::Array) return 0;
  CTypeInfo* item = info_of_type(info->item_.get());
  if (item->kind_ != CKind::Simple || is_simple_subclass(info->item_.get())) return 0;
  return item->code_ == 'c' || item->code_ == 'u' ? item->code_ : 0;
}

static Result<CField*> make_field(Thread& thread, Type* type, usize offset, usize size, Index index) {
  CField* field = TRY(make_of<CField>(thread, ctypes_field_def.type, type, offset, size, index));
  field->text_ = text_field_code(type);
  return field;
}

static Result<Value> field_get(Thread& thread, CField* self, Value object, Value owner) {
  if (object.is_none()) {
    if (owner.is_none()) return raise_type_error(thread, "__get__(None, None) is invalid");
    return Value(self);
  }
  CData* data = as_cdata(object);
  if (!data) return raise_type_error(thread, "not a ctype instance");
  u8* at = data->data() + self->offset_;
  if (self->text_) return load_char_array(thread, self->text_, at, self->size_);
  Type* type = self->type_.get();
  CTypeInfo* info = info_of_type(type);
  if (info->kind_ == CKind::Simple && !is_simple_subclass(type))
    return load_value(thread, info->code_, info->swapped_, at, self->size_);
  return read_ctype(thread, type, data, self->index_, at);
}
static Result<void> field_set(Thread& thread, CField* self, Value object, Value value) {
  CData* data = as_cdata(object);
  if (!data) return raise_type_error(thread, "not a ctype instance");
  u8* at = data->data() + self->offset_;
  if (self->text_) {
    TRY(store_char_array(thread, self->text_, at, value, self->size_));
    return ok;
  }
  return store_ctype(thread, data, self->type_.get(), value, self->index_, self->size_, at);
}
static Result<void> field_delete(Thread& thread, CField*, Value object) {
  if (!as_cdata(object)) return raise_type_error(thread, "not a ctype instance");
  return raise_type_error(thread, "can't delete attribute");
}
static Result<Value> field_repr(Thread& thread, CField* self) {
  Str* name = self->type_.get()->name();
  u64 offset = self->offset_, width = self->size_ >> 16, low = self->size_ & 0xFFFF;
  if (width && info_of_type(self->type_.get())->kind_ == CKind::Simple)
    return TRY(format_message(thread, "<Field type={}, ofs={}:{}, bits={}>", name, offset, low, width));
  return TRY(format_message(thread, "<Field type={}, ofs={}, size={}>", name, offset, u64{self->size_}));
}
static Result<Value> get_offset(Thread& thread, Value self) { return int_from_u64(thread, self.as<CField>()->offset_); }
static Result<Value> get_size(Thread& thread, Value self) { return int_from_u64(thread, self.as<CField>()->size_); }

static constinit NativeDef field_methods[] = {
    native<field_get>("__get__($self, instance, owner=None, /)", "Return an attribute of instance, which is of type owner."),
    native<field_set>("__set__($self, instance, value, /)", "Set an attribute of instance to value."),
    native<field_delete>("__delete__($self, instance, /)", "Delete an attribute of instance."),
    native<field_repr>("__repr__($self, /)", "Return repr(self)."),
};
static GetSetDef field_getsets[] = {
    {"offset", get_offset, nullptr, "offset in bytes of this field"},
    {"size", get_size, nullptr, "size in bytes of this field"},
};
constinit TypeDef ctypes_field_def = {.name = "_ctypes.CField",
                                      .doc = "Structure/Union member",
                                      .dynamic_kind = &DynamicKind<CField>::value,
                                      .payload_size = sizeof(CField),
                                      .flags = kTypeNoInstances,
                                      .methods = field_methods,
                                      .method_count = count_of(field_methods),
                                      .getsets = field_getsets,
                                      .getset_count = 2,
                                      .kind_info = kind_info_of<CField>("ctypes field")};

// ---------------------------------------------------------------------------------------------------------------- layout

namespace {
struct Layout {
  bool is_union = false, big_endian = false;
  usize pack = 0;  // 0: natural alignment
  usize size = 0, offset = 0, align = 1, union_size = 0;
  usize unit = 0, used = 0;  // bits of the open bit-field unit, and how many are taken
  usize last_align = 0;

  struct Place {
    usize offset, size;
  };
  Place bit_place(usize at, usize bits) {
    usize low = big_endian ? unit - used - bits : used;
    used += bits;
    return {at, bits << 16 | low};
  }
  void open_member(const CTypeInfo& type) {
    last_align = pack && pack < type.align_ ? pack : type.align_;
    if (last_align && offset % last_align) {
      usize gap = last_align - offset % last_align;
      size += gap;
      offset += gap;
    }
    size += type.size_;
    offset += type.size_;
  }
  // bits: 0 for an ordinary member.
  Place add(const CTypeInfo& type, usize bits) {
    usize type_bits = type.size_ * 8;
    // (The place of a narrower type in an open unit is CPython's: counted back from the unit's end by the type's own size.)
    if (bits && unit && type_bits <= unit && used + bits <= unit) return bit_place(offset - type.size_, bits);
    if (bits && unit && type_bits >= unit && used + bits <= type_bits) {
      usize grown = type.size_ - unit / 8;
      size += grown;
      offset += grown;
      unit = type_bits;
      return bit_place(offset - type.size_, bits);
    }
    open_member(type);
    unit = bits ? type_bits : 0;
    used = 0;
    if (bits) return bit_place(offset - type.size_, bits);
    return {offset - type.size_, type.size_};
  }
  Place add_to_union(const CTypeInfo& type, usize bits) {
    size = offset = unit = used = 0;
    Place place = add(type, bits);
    if (size > union_size) union_size = size;
    return place;
  }
};
}  // namespace

// What the words of an aggregate of up to 16 bytes hold: a class for each byte.
enum ByteClass : u8 { kPadding = 0, kSse = 1, kInteger = 2, kX87 = 4 };

static void classify(Type* type, usize offset, u8* bytes) {
  CTypeInfo* info = info_of_type(type);
  auto mark = [&](u8 what) {
    for (usize i = offset; i < offset + info->size_ && i < 16; ++i) bytes[i] |= what;
  };
  switch (info->kind_) {
    case CKind::Simple: mark(info->code_ == 'f' || info->code_ == 'd' ? kSse : info->code_ == 'g' ? kX87 : kInteger); return;
    case CKind::Pointer:
    case CKind::Function: mark(kInteger); return;
    case CKind::Array: {
      usize step = info_of_type(info->item_.get())->size_;
      for (usize i = 0, n = static_cast<usize>(info->length_); i < n && offset + i * step < 16; ++i)
        classify(info->item_.get(), offset + i * step, bytes);
      return;
    }
    case CKind::Struct:
    case CKind::Union: {
      Tuple* fields = info->fields_.get();  // type, offset, type, offset ...
      for (Index i = 0; fields && i < fields->length(); i += 2)
        classify(fields->at(i).as<Type>(), offset + static_cast<usize>(fields->at(i + 1).small_int()), bytes);
      return;
    }
  }
}

// libffi's description of the aggregate.
static void describe_for_ffi(Type* type, CTypeInfo* info) {
  ffi_type* elements[8];
  usize n = 0;
  if (info->size_ > 16) {
    elements[n++] = &ffi_type_uint64;  // in memory, whatever it is made of
    elements[n++] = &ffi_type_uint64;
  } else {
    u8 bytes[16] = {};
    classify(type, 0, bytes);
    if (bytes[0] & kX87) elements[n++] = &ffi_type_longdouble;
    for (usize word = 0; word < info->size_ && !(bytes[0] & kX87); word += 8) {
      usize left = info->size_ - word < 8 ? info->size_ - word : 8;
      u8 what = 0;
      for (usize i = 0; i < left; ++i) what |= bytes[word + i];
      if (what == kSse) {
        elements[n++] = left == 8 ? &ffi_type_double : &ffi_type_float;
        continue;
      }
      for (ffi_type* part : {&ffi_type_uint64, &ffi_type_uint32, &ffi_type_uint16, &ffi_type_uint8}) {
        if (left < part->size) continue;
        elements[n++] = part;
        left -= part->size;
      }
    }
  }
  auto* described = static_cast<ffi_type*>(calloc(1, sizeof(ffi_type)));
  auto** list = static_cast<ffi_type**>(calloc(n + 1, sizeof(ffi_type*)));
  BATON_CHECK(described && list, "memory for a type description");
  memcpy(list, elements, n * sizeof *list);
  described->type = FFI_TYPE_STRUCT;
  described->size = info->size_;
  described->alignment = static_cast<unsigned short>(info->align_ ? info->align_ : 1);
  described->elements = list;
  if (info->ffi_ && info->ffi_->type == FFI_TYPE_STRUCT) {
    free(info->ffi_->elements);
    free(info->ffi_);
  }
  info->ffi_ = described;
}

// ---------------------------------------------------------------------------------------------------------------- _fields_

namespace {
struct FieldSpec {
  Str* name;
  Type* type;
  usize bits;  // 0: none given
};
}  // namespace

static Result<FieldSpec> parse_field(Thread& thread, Value pair, Index i) {
  auto malformed = [&] { return raise_type_error(thread, "'_fields_' must be a sequence of (name, C type) pairs"); };
  Tuple* parts = cast<Tuple>(pair);
  if (!parts || parts->length() < 2 || parts->length() > 3 || !is<Str>(parts->at(0))) return malformed();
  i64 bits = 0;
  if (parts->length() == 3 && (!is_int(parts->at(2)) || !int_to_i64(int_exact(parts->at(2)), &bits))) return malformed();
  CTypeInfo* info = info_of_type(parts->at(1));
  if (!info) return raise_type_error(thread, "second item in _fields_ tuple (index {}) must be a C type", i);
  Type* type = parts->at(1).as<Type>();
  if (parts->length() == 3) {
    bool allowed = info->kind_ == CKind::Simple && strchr("bBhHiIlLqQ?", info->code_);
    if (!allowed) return raise_type_error(thread, "bit fields not allowed for type {}", type->name());
    if (bits <= 0 || bits > static_cast<i64>(info->size_ * 8))
      return raise_value_error(thread, "number of bits invalid for bit field");
  }
  return FieldSpec{TRY(str_intern(thread, parts->at(0).as<Str>())), type, static_cast<usize>(bits)};
}

static Result<usize> pack_of(Thread& thread, Type* type) {
  Value pack = TRY(find_attr(thread, Value(type), intern(thread, "_pack_")));
  if (pack == kNotFound) return usize{0};
  i64 n = -1;
  if (!is_int(pack) || !int_to_i64(int_exact(pack), &n) || n < 0 || n > INT_MAX)
    return raise_value_error(thread, "_pack_ must be a non-negative integer");
  return static_cast<usize>(n);
}

// Names that reach through an anonymous member: descriptors with the member's offset added.
static Result<void> add_anonymous_names(Thread& thread, Type* type, CField* through, Index index, usize offset) {
  Value fields = TRY(get_attr_ascii(thread, Value(through->type_.get()), "_fields_"));
  if (!is<List>(fields) && !is<Tuple>(fields)) fields = Value(TRY(list_from_iterable(thread, fields)));
  return for_each(thread, fields, [&](Value pair) -> Result<bool> {
    FieldSpec spec = TRY(parse_field(thread, pair, 0));
    Value found = TRY(get_attr(thread, Value(through->type_.get()), spec.name));
    auto* inner = cast<CField>(found);
    if (!inner) return raise_type_error(thread, "unexpected type");
    if (inner->anonymous_) {
      TRY(add_anonymous_names(thread, type, inner, index + inner->index_, offset + inner->offset_));
      return true;
    }
    CField* made = TRY(make_field(thread, inner->type_.get(), inner->offset_ + offset, inner->size_, inner->index_ + index));
    TRY(type_set_attribute(thread, type, spec.name, Value(made)));
    return true;
  });
}

static Result<void> add_anonymous_fields(Thread& thread, Type* type) {
  Value anonymous = TRY(find_attr(thread, Value(type), intern(thread, "_anonymous_")));
  if (anonymous == kNotFound) return ok;
  if (type_of(anonymous)->slot(Slot::getitem).is_absent()) return raise_type_error(thread, "_anonymous_ must be a sequence");
  return for_each(thread, anonymous, [&](Value name) -> Result<bool> {
    if (!is<Str>(name)) return raise_type_error(thread, "attribute name must be string, not '{!t}'", name);
    Value found = TRY(get_attr(thread, Value(type), TRY(str_intern(thread, name.as<Str>()))));
    auto* field = cast<CField>(found);
    if (!field) {
      return raise(thread, exceptions.AttributeError, "'{}' is specified in _anonymous_ but not in _fields_", name);
    }
    field->anonymous_ = true;
    TRY(add_anonymous_names(thread, type, field, field->index_, field->offset_));
    return true;
  });
}

// The text that describes the structure in buffers, as far as it is built. Owned.
namespace {
class FormatText {
 public:
  explicit FormatText(const char* start) : text_(format_text(start, "")) {}
  ~FormatText() { free(text_); }
  FormatText(const FormatText&) = delete;
  FormatText& operator=(const FormatText&) = delete;
  void append(const char* more) { replace(format_text(text_, more)); }
  void add_field(const CTypeInfo& type, const char* name) {
    replace(format_with_shape(type.ndim_, type.shape_, text_, type.format_ ? type.format_ : "B"));
    append(":");
    append(name);
    append(":");
  }
  char* take() {
    char* t = text_;
    text_ = nullptr;
    return t;
  }

 private:
  void replace(char* text) {
    free(text_);
    text_ = text;
  }
  char* text_;
};
}  // namespace

static Result<void> check_open(Thread& thread, CTypeInfo* info) {
  if (info->final_) return raise(thread, exceptions.AttributeError, "_fields_ is final");
  return ok;
}

static Result<void> set_fields(Thread& thread, Type* type, Value fields) {
  if (type_of(fields)->slot(Slot::len).is_absent() || type_of(fields)->slot(Slot::getitem).is_absent())
    return raise_type_error(thread, "'_fields_' must be a sequence of pairs");
  Layout layout;
  CTypeInfo* info = info_of_type(type);
  layout.is_union = info->kind_ == CKind::Union;
  layout.big_endian = TRY(find_attr(thread, Value(type), intern(thread, "_swappedbytes_"))) != kNotFound;
  layout.pack = TRY(pack_of(thread, type));
  TRY(check_open(thread, info));
  bool with_format = !layout.is_union && TRY(find_attr(thread, Value(type), intern(thread, "_pack_"))) == kNotFound;
  FormatText format(with_format ? "T{" : "B");
  RootVector placed;
  CTypeInfo* inherited = info_of_type(type->base());
  Index first = 0;
  info->has_pointer_ = false;
  if (inherited) {
    layout.size = layout.offset = inherited->size_;
    layout.align = inherited->align_ ? inherited->align_ : 1;
    layout.union_size = layout.is_union ? inherited->size_ : 0;
    first = inherited->length_;
    info->has_pointer_ = inherited->has_pointer_;
    if (Tuple* known = inherited->fields_.get())
      for (Index i = 0; i < known->length(); ++i) placed.push(known->at(i));
  }
  Index count = TRY(length_of(thread, fields));
  for (Index i = 0; i < count; ++i) {
    FieldSpec spec = TRY(parse_field(thread, TRY(get_item(thread, fields, Value::of_small_int(i))), i));
    CTypeInfo* field = info_of_type(spec.type);
    field->final_ = true;
    if (field->pointer_ || field->has_pointer_) info->has_pointer_ = true;
    Layout::Place place = layout.is_union ? layout.add_to_union(*field, spec.bits) : layout.add(*field, spec.bits);
    if (layout.last_align > layout.align) layout.align = layout.last_align;
    if (with_format) {  // without padding: CPython 3.11 gives none
      Value owner;
      std::string_view name = str_utf8_lossy(thread, spec.name, &owner);
      char shown[256];
      usize n = name.size() < sizeof shown - 1 ? name.size() : sizeof shown - 1;
      name.copy(shown, n);
      shown[n] = 0;
      format.add_field(*field, name.size() == n ? shown : "");
    }
    placed.push(Value(spec.type));
    placed.push(Value::of_small_int(static_cast<i64>(place.offset)));
    CField* descriptor = TRY(make_field(thread, spec.type, place.offset, place.size, first + i));
    TRY(type_set_attribute(thread, type, spec.name, Value(descriptor)));
  }
  usize size = layout.is_union ? layout.union_size : layout.size;
  usize total = (size + layout.align - 1) / layout.align * layout.align;
  if (with_format) format.append("}");
  if (info->final_) return raise(thread, exceptions.AttributeError, "Structure or union cannot contain itself");
  free(info->format_);
  info->format_ = format.take();
  info->size_ = total;
  info->align_ = layout.align;
  info->length_ = first + count;
  info->fields_.set(info, TRY(make_tuple(thread, placed.data(), static_cast<Index>(placed.size()))));
  describe_for_ffi(type, info);
  info->final_ = true;
  return add_anonymous_fields(thread, type);
}

// ---------------------------------------------------------------------------------------------------------------- metaclasses

static Result<Value> aggregate_type_new(Thread& thread, Value const* args, usize n, Tuple* kwnames, CKind kind) {
  Type* type = TRY(new_ctype(thread, args, n, kwnames));
  if (info_of_type(type)) return type;
  if (dict_find_str(type->dict(), intern(thread, "_abstract_")).is_present()) return type;
  CTypeInfo* info = TRY(attach_info(thread, type, kind));
  info->align_ = 0;
  info->format_ = format_text("B", "");
  Value fields = dict_find_str(type->dict(), intern(thread, "_fields_"));
  if (fields.is_present()) {
    TRY(set_attr(thread, Value(type), intern(thread, "_fields_"), fields));
    return type;
  }
  CTypeInfo* inherited = info_of_type(type->base());
  if (!inherited) {
    describe_for_ffi(type, info);
    return type;
  }
  inherited->final_ = true;
  info->size_ = inherited->size_;
  info->align_ = inherited->align_;
  info->length_ = inherited->length_;
  info->has_pointer_ = inherited->has_pointer_;
  info->fields_.set(info, inherited->fields_.get());
  free(info->format_);
  info->format_ = format_text(inherited->format_, "");
  describe_for_ffi(type, info);
  return type;
}
static Result<Value> structure_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return aggregate_type_new(thread, args, n, kwnames, CKind::Struct);
}
static Result<Value> union_type_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  return aggregate_type_new(thread, args, n, kwnames, CKind::Union);
}

// type.__setattr__, and the layout when it is _fields_ that was set.
static Result<void> aggregate_set_attribute(Thread& thread, Value self, Str* name, Value value) {
  TRY(type_def.set_attribute(thread, self, name, value));
  if (value.is_absent() || !str_equals_ascii(name, "_fields_")) return ok;
  if (!info_of_type(self)) return raise_type_error(thread, "ctypes state is not initialized");
  return set_fields(thread, self.as<Type>(), value);
}
static Result<void> aggregate_setattr(Thread& thread, Type* self, Str* name, Value value) {
  return aggregate_set_attribute(thread, Value(self), TRY(str_intern(thread, name)), value);
}
static Result<void> aggregate_delattr(Thread& thread, Type* self, Str* name) {
  return aggregate_set_attribute(thread, Value(self), TRY(str_intern(thread, name)), Value());
}

#define AGGREGATE_META_ROWS                                                                                 \
  native<aggregate_setattr>("__setattr__($self, name, value, /)", "Implement setattr(self, name, value)."), \
      native<aggregate_delattr>("__delattr__($self, name, /)", "Implement delattr(self, name)."),           \
      CTYPES_META_ROWS(ctype_from_param)
static constinit NativeDef structure_meta_methods[] = {
    native_raw(structure_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    AGGREGATE_META_ROWS,
};
static constinit NativeDef union_meta_methods[] = {
    native_raw(union_type_new, "__new__(*args, **kwargs)", "Make an instance; the class's own help describes the arguments."),
    AGGREGATE_META_ROWS,
};
constinit TypeDef ctypes_structure_meta_def = {.name = "_ctypes.PyCStructType",
                                               .doc = "metatype for the CData Objects",
                                               .base = &type_def,
                                               .flags = kTypeSubclassable,
                                               .methods = structure_meta_methods,
                                               .method_count = count_of(structure_meta_methods),
                                               .set_attribute = aggregate_set_attribute};
constinit TypeDef ctypes_union_meta_def = {.name = "_ctypes.UnionType",
                                           .doc = "metatype for the CData Objects",
                                           .base = &type_def,
                                           .flags = kTypeSubclassable,
                                           .methods = union_meta_methods,
                                           .method_count = count_of(union_meta_methods),
                                           .set_attribute = aggregate_set_attribute};

// ---------------------------------------------------------------------------------------------------------------- objects

static Result<Value> aggregate_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return TRY(new_cdata(thread, TRY(check_new_type(thread, args, n, ctypes_data_def.type))));
}

// Positional values go to the fields in order, those of base classes first. Answers how many the class has.
static Result<Index> set_positional(Thread& thread, Value self, Type* type, Value const* values, Index n, Tuple* kwnames) {
  CTypeInfo* info = info_of_type(type);
  Index done = 0;
  if (info_of_type(type->base())) done = TRY(set_positional(thread, self, type->base(), values, n, kwnames));
  Value fields = dict_find_str(type->dict(), intern(thread, "_fields_"));
  if (fields.is_absent()) return done;
  for (Index i = done; i < info->length_ && i < n; ++i) {
    Value pair = TRY(get_item(thread, fields, Value::of_small_int(i - done)));
    Value name = TRY(get_item(thread, pair, Value::of_small_int(0)));
    if (!is<Str>(name)) return raise_type_error(thread, "'_fields_' must be a sequence of (name, C type) pairs");
    for (Index k = 0; kwnames && k < kwnames->length(); ++k) {
      if (TRY(equals(thread, kwnames->at(k), name))) return raise_type_error(thread, "duplicate values for field {!r}", name);
    }
    TRY(set_attr(thread, self, TRY(str_intern(thread, name.as<Str>())), values[i]));
  }
  return info->length_;
}

static Result<Value> aggregate_init(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Index given = static_cast<Index>(n) - 1;
  if (given > 0) {
    Index room = TRY(set_positional(thread, args[0], type_of(args[0]), args + 1, given, kwnames));
    if (room < given) return raise_type_error(thread, "too many initializers");
  }
  for (Index k = 0; kwnames && k < kwnames->length(); ++k)
    TRY(set_attr(thread, args[0], kwnames->at(k).as<Str>(), args[n + static_cast<usize>(k)]));
  return kNone;
}

#define AGGREGATE_ROWS                                                           \
  native_raw(aggregate_new, "__new__(type, /, *args, **kwargs)",                 \
             "Make an instance; the class's own help describes the arguments."), \
      native_raw(aggregate_init, "__init__($self, /, *args, **kwargs)",          \
                 "Set up a new instance from the arguments its class documents.")
static constinit NativeDef structure_methods[] = {AGGREGATE_ROWS};
static constinit NativeDef union_methods[] = {AGGREGATE_ROWS};
static Result<void> finish_structure(Thread& thread, Type* type) {
  TRY(type_from_def(thread, ctypes_field_def));
  return set_metaclass(thread, type, ctypes_structure_meta_def);
}
static Result<void> finish_union(Thread& thread, Type* type) { return set_metaclass(thread, type, ctypes_union_meta_def); }
constinit TypeDef ctypes_structure_def = {.name = "_ctypes.Structure",
                                          .doc = "Structure base class",
                                          .base = &ctypes_data_def,
                                          .flags = kTypeSubclassable,
                                          .methods = structure_methods,
                                          .method_count = count_of(structure_methods),
                                          .finish = finish_structure};
constinit TypeDef ctypes_union_def = {.name = "_ctypes.Union",
                                      .doc = "Union base class",
                                      .base = &ctypes_data_def,
                                      .flags = kTypeSubclassable,
                                      .methods = union_methods,
                                      .method_count = count_of(union_methods),
                                      .finish = finish_union};

}  // namespace baton
