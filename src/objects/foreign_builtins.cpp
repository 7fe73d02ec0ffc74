// The stand-in for a `__builtins__` that is no plain dict: an instance of a type derived from dict, with the object as its one
// entry.
#include "objects/foreign_builtins.h"

#include "objects/exception.h"
#include "objects/object.h"
#include "objects/type_internal.h"

namespace baton {

extern TypeDef dict_def;
extern TypeDef foreign_builtins_def;

static bool is_foreign(Dict* builtins) { return type_of(Value(builtins)) == foreign_builtins_def.type; }
static Value mapping_of(Dict* self) {
  Index position = 0;
  Value key, mapping;
  return dict_next(self, &position, &key, &mapping) ? mapping : kNone;
}

Result<Dict*> make_foreign_builtins(Thread& thread, Value mapping) {
  Dict* made = TRY(make_of<Dict>(thread, TRY(type_from_def(thread, foreign_builtins_def))));
  TRY(dict_set(thread, made, kEllipsis, mapping));
  return made;
}

Value shown_builtins(Dict* builtins) { return is_foreign(builtins) ? mapping_of(builtins) : Value(builtins); }

Result<Value> find_builtin(Thread& thread, Dict* builtins, Str* name) {
  if (is_exact<Dict>(Value(builtins))) {
    Value v = dict_find_str(builtins, name);
    return v.is_present() ? v : kNotFound;
  }
  Result<Value> v = get_item(thread, shown_builtins(builtins), Value(name));
  if (v.is_failed() && clear_pending_if(thread, exceptions.KeyError)) return kNotFound;
  return v;
}

static Result<void> finish_foreign_builtins(Thread&, Type* type) {
  type->instance_kind_ = kKindDict | kSubclassBit;
  type->tail_offset_ = sizeof(Dict);
  return ok;
}

constinit TypeDef foreign_builtins_def = {
    .name = "foreign_builtins", .base = &dict_def, .flags = kTypeNoInstances, .finish = finish_foreign_builtins};

}  // namespace baton
