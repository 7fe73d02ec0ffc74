// Struct sequences; see the header. Field getters are numbered functions, as a getset row carries no closure.
#include "objects/struct_sequence.h"

#include <cstdlib>
#include <utility>

#include "objects/dict.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/str.h"

namespace baton {

static constexpr u32 kMaxFields = 40;

static StructSequenceDef* def_of(Type* type) {
  while (!type->def() || type->def()->finish != detail::finish_struct_sequence) type = type->base();
  return reinterpret_cast<StructSequenceDef*>(const_cast<TypeDef*>(type->def()));
}

static Value field_at(Value self, u32 i) {
  Tuple* tuple = self.as<Tuple>();
  u32 n = static_cast<u32>(tuple->length());
  return i < n ? tuple->at(i) : tail_of(tuple)->slots()[i - n].get();
}

template <usize I>
static Result<Value> get_field(Thread& thread, Value self) {
  Value v = field_at(self, I);
  return v.is_present() ? v : kNone;
}
template <usize... I>
static constexpr auto getter_table(std::index_sequence<I...>) {
  struct Table {
    Result<Value> (*entries[sizeof...(I)])(Thread&, Value);
  };
  return Table{{&get_field<I>...}};
}
static constexpr auto kGetters = getter_table(std::make_index_sequence<kMaxFields>());

// Name of the i-th named field, or null. What stands in the sequence at i goes by this name in repr, as in CPython.
static const char* named_field(StructSequenceDef& def, u32 i) {
  for (u32 k = 0; k < def.n_fields; ++k) {
    if (def.fields[k].name && i-- == 0) return def.fields[k].name;
  }
  return nullptr;
}

Result<Type*> struct_sequence_type(Thread& thread, StructSequenceDef& def) { return type_from_def(thread, def.def); }

static Result<Value> make_for_type(Thread& thread, Type* type, StructSequenceDef& def, const Value* values) {
  Tuple* made = TRY(make_of<Tuple>(thread, type, values, static_cast<Index>(def.n_sequence_fields)));
  if (ObjectTail* tail = tail_of(made)) {
    for (u32 i = def.n_sequence_fields; i < def.n_fields; ++i) tail->slots()[i - def.n_sequence_fields].set(made, values[i]);
  }
  return Value(made);
}

Result<Value> make_struct_sequence(Thread& thread, StructSequenceDef& def, const Value* values) {
  return make_for_type(thread, TRY(struct_sequence_type(thread, def)), def, values);
}

static Result<Value> struct_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n == 0 || !is<Type>(args[0])) return raise_type_error(thread, "structseq.__new__(X): X is not a type object");
  Type* type = args[0].as<Type>();
  if (!type->is_subtype_of(types.tuple) || !type->def() || type->def()->finish != detail::finish_struct_sequence) {
    return raise_type_error(thread, "tuple.__new__({}): {} is not a subtype of a struct sequence", type->name(), type->name());
  }
  StructSequenceDef& def = *def_of(type);
  Value sequence = n > 1 ? args[1] : keyword_value(args, n, kwnames, "sequence");
  Value dict = n > 2 ? args[2] : keyword_value(args, n, kwnames, "dict");
  if (sequence.is_absent()) return raise_type_error(thread, "structseq() missing required argument 'sequence' (pos 1)");
  if (n > 3) return raise_type_error(thread, "structseq() takes at most 2 arguments ({} given)", static_cast<i64>(n - 1));
  if (type_of(sequence)->slot(Slot::iter).is_absent() && type_of(sequence)->slot(Slot::getitem).is_absent())
    return raise_type_error(thread, "constructor requires a sequence");
  Tuple* items = TRY(tuple_from_iterable(thread, sequence));
  if (dict.is_present() && !is<Dict>(dict))
    return raise_type_error(thread, "{} takes a dict as second arg, if any", TRY(format_message(thread, "{}()", def.def.name)));
  Index given = items->length(), least = def.n_sequence_fields, most = def.n_fields;
  if (least != most) {
    if (given < least)
      return raise_type_error(thread, "{}() takes an at least {}-sequence ({}-sequence given)", def.def.name, least, given);
    if (given > most)
      return raise_type_error(thread, "{}() takes an at most {}-sequence ({}-sequence given)", def.def.name, most, given);
  } else if (given != least) {
    return raise_type_error(thread, "{}() takes a {}-sequence ({}-sequence given)", def.def.name, least, given);
  }
  Value values[kMaxFields];
  for (u32 i = 0; i < def.n_fields; ++i) {
    values[i] = kNone;
    if (i < given) {
      values[i] = items->at(i);
    } else if (dict.is_present() && def.fields[i].name) {
      Value v = dict_find_str(dict.as<Dict>(), intern(thread, def.fields[i].name));
      if (v.is_present()) values[i] = v;
    }
  }
  return make_for_type(thread, type, def, values);
}

static Result<Str*> struct_repr(Thread& thread, Tuple* self) {
  StructSequenceDef& def = *def_of(type_of(Value(self)));
  StrBuilder text;
  text.append_utf8(def.def.name);
  text.append('(');
  for (u32 i = 0; i < def.n_sequence_fields; ++i) {
    if (i) text.append_ascii(", ");
    const char* name = named_field(def, i);
    if (!name)
      return raise_system_error(thread, "In structseq_repr(), member {} name is NULL for type {}", static_cast<i64>(i),
                                def.def.name);
    text.append_utf8(name);
    text.append('=');
    text.append(TRY(repr(thread, self->at(i))));
  }
  text.append(')');
  return text.build(thread);
}

static Result<Value> struct_reduce(Thread& thread, Tuple* self) {
  StructSequenceDef& def = *def_of(type_of(Value(self)));
  Tuple* items = TRY(make_tuple(thread, self->items(), self->length()));
  Dict* hidden = TRY(make_dict(thread));
  for (u32 i = def.n_sequence_fields; i < def.n_fields; ++i) {
    if (def.fields[i].name) TRY(dict_set_ascii(thread, hidden, def.fields[i].name, field_at(Value(self), i)));
  }
  return TRY(tuple_of(thread, Value(type_of(Value(self))), Value(TRY(tuple_of(thread, Value(items), Value(hidden))))));
}

namespace detail {

Result<void> finish_struct_sequence(Thread& thread, Type* type) {
  StructSequenceDef& def = *def_of(type);
  BATON_CHECK(def.n_fields <= kMaxFields, "a struct sequence has at most 40 fields");
  // Not the exact tuple layout: fields without a place in the sequence stand behind it.
  type->instance_kind_ = kKindTuple | kSubclassBit;
  if (def.n_fields > def.n_sequence_fields) {
    type->tail_offset_ = sizeof(Tuple);
    type->member_slots_ = def.n_fields - def.n_sequence_fields;
  }
  Dict* dict = type->dict();
  auto* getsets = static_cast<GetSetDef*>(calloc(def.n_fields, sizeof(GetSetDef)));
  u32 named_in_sequence = 0;
  for (u32 i = 0; i < def.n_fields; ++i) {
    if (!def.fields[i].name) continue;
    if (i < def.n_sequence_fields) ++named_in_sequence;
    getsets[i] = GetSetDef{def.fields[i].name, kGetters.entries[i], nullptr, def.fields[i].doc, true};
    GetSet* getset = TRY(make<GetSet>(thread, &getsets[i], type));
    getset->set_shape_id(types.member_descriptor->instance_shape()->id());
    TRY(dict_set_ascii(thread, dict, def.fields[i].name, Value(getset)));
  }
  TRY(dict_set_ascii(thread, dict, "n_fields", Value::of_small_int(def.n_fields)));
  TRY(dict_set_ascii(thread, dict, "n_sequence_fields", Value::of_small_int(def.n_sequence_fields)));
  TRY(dict_set_ascii(thread, dict, "n_unnamed_fields", Value::of_small_int(def.n_unnamed_fields)));
  Tuple* match = TRY(make_tuple(thread, nullptr, named_in_sequence));
  for (u32 i = 0, at = 0; i < def.n_sequence_fields; ++i) {
    if (def.fields[i].name) match->set_at(at++, Value(intern(thread, def.fields[i].name)));
  }
  TRY(dict_set_str(thread, dict, names.dunder_match_args, Value(match)));
  type_modified(thread, type);
  return ok;
}

constinit NativeDef struct_sequence_methods[] = {
    native<struct_repr>("__repr__($self, /)", "Return repr(self)."),
    native<struct_reduce>("__reduce__($self, /)"),
    native_raw(struct_new, "__new__(type, sequence, dict={})", "Make an instance; the class's own help describes the arguments."),
};

}  // namespace detail

}  // namespace baton
