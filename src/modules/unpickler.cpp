// _pickle.Unpickler: its settings and attributes. What load() does is in pickle_load.cpp and pickle_build.cpp.
#include "modules/pickle_internal.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"

namespace baton {

Result<Value> unpickler_get_memo(Thread& thread, Value self);
Result<void> unpickler_set_memo(Thread& thread, Value self, Value memo);

static Result<void> apply_settings(Thread& thread, Unpickler* self, const UnpicklerSettings& settings) {
  self->fix_imports_ = settings.fix_imports;
  self->encoding_.set(self, settings.encoding ? settings.encoding : intern(thread, "ASCII"));
  self->errors_.set(self, settings.errors ? settings.errors : names.strict);
  self->buffers_.clear();
  if (settings.buffers.is_present() && !settings.buffers.is_none())
    self->buffers_.set(self, TRY(get_iter(thread, settings.buffers)));
  self->memo_.set(self, TRY(make_unpickle_memo(thread)));
  self->protocol_ = 0;
  return ok;
}

Result<Unpickler*> make_unpickler(Thread& thread, const UnpicklerSettings& settings) {
  Unpickler* self = TRY(make_of<Unpickler>(thread, unpickler_def.type));
  TRY(apply_settings(thread, self, settings));
  return self;
}

static Result<void> set_optional(Thread& thread, Unpickler* self, Field<Value>* field, Value file, std::string_view name) {
  Value found = TRY(find_attr(thread, file, intern(thread, name)));
  field->set(self, found == kNotFound ? Value() : found);
  return ok;
}

Result<void> unpickler_set_file(Thread& thread, Unpickler* self, Value file) {
  TRY(set_optional(thread, self, &self->peek_, file, "peek"));
  TRY(set_optional(thread, self, &self->readinto_, file, "readinto"));
  TRY(set_optional(thread, self, &self->read_, file, "read"));
  TRY(set_optional(thread, self, &self->readline_, file, "readline"));
  if (self->read_.get().is_absent() || self->readline_.get().is_absent()) {
    self->read_.clear();
    return raise_type_error(thread, "file must have 'read' and 'readline' attributes");
  }
  return ok;
}

static Result<Value> unpickler_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<Unpickler>(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}

static Result<Str*> text_setting(Thread& thread, Value v, const char* function, const char* name) {
  if (!is<Str>(v)) return raise_type_error(thread, "{}() argument '{}' must be str, not {!a}", function, name, v);
  if (str_find_unit(v.as<Str>(), 0, 0, v.as<Str>()->length()) >= 0) return raise_value_error(thread, "embedded null character");
  return v.as<Str>();
}

static Result<void> unpickler_init(Thread& thread, Unpickler* self, Value file, bool fix_imports, Value encoding, Value errors,
                                   Optional<Value> buffers) {
  UnpicklerSettings settings;
  settings.fix_imports = fix_imports;
  settings.encoding = TRY(text_setting(thread, encoding, "Unpickler", "encoding"));
  settings.errors = TRY(text_setting(thread, errors, "Unpickler", "errors"));
  if (buffers.has_value()) settings.buffers = buffers.value;
  self->memo_.clear();
  self->persistent_load_.clear();
  TRY(unpickler_set_file(thread, self, file));
  Value persistent_load = TRY(find_attr(thread, Value(self), intern(thread, "persistent_load")));
  if (persistent_load != kNotFound) self->persistent_load_.set(self, persistent_load);
  return apply_settings(thread, self, settings);
}

static Result<Value> unpickler_load(Thread& thread, Unpickler* self) {
  if (!self->memo_.get()) return raise_unpickling(thread, "Unpickler.__init__() was not called by {!t}.__init__()", Value(self));
  return pickle_load(thread, self);
}

static Result<i64> unpickler_sizeof(Thread&, Unpickler* self) {
  usize size = heap_cell_size(self);
  if (UnpickleMemo* memo = self->memo_.get()) {
    size += heap_cell_size(memo);
    if (ValueArray* objects = memo->objects_.get()) size += heap_cell_size(objects);
  }
  return static_cast<i64>(size);
}

static Result<Value> get_persistent_load(Thread& thread, Value self) {
  Value function = self.as<Unpickler>()->persistent_load_.get();
  if (function.is_absent()) return raise_attribute_error_text(thread, "persistent_load");
  return function;
}
static Result<void> set_persistent_load(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "attribute deletion is not supported");
  if (!is_callable(v)) return raise_type_error(thread, "persistent_load must be a callable taking one argument");
  self.as<Unpickler>()->persistent_load_.set(self.cell(), v);
  return ok;
}

static constinit GetSetDef unpickler_getsets[] = {
    {"memo", unpickler_get_memo, unpickler_set_memo, nullptr},
    {"persistent_load", get_persistent_load, set_persistent_load, nullptr},
};
static constinit NativeDef unpickler_methods[] = {
    native_raw(unpickler_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<unpickler_init>("__init__($self, /, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
                           "Set up a new instance from the arguments its class documents."),
    native<unpickler_load>(
        "load($self, /)",
        "Read the next pickle from the unpickler's file and rebuild its objects.\n\nThe outermost object is returned."),
    native<unpickler_find_class>("find_class($self, module_name, global_name, /)",
                                 "Find the class or function that a pickle refers to.\n\nIt is looked up under the str "
                                 "global_name in the module called module_name,\nwhich is imported first if it has to be. A "
                                 "subclass can override this method,\nfor instance to refuse all but a few harmless names."),
    native<unpickler_sizeof>("__sizeof__($self, /)", "Returns size in memory, in bytes."),
};
constinit TypeDef unpickler_def = {
    .name = "_pickle.Unpickler",
    .doc =
        "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          buffers=())\n--\n\nReads pickles "
        "from a binary file.\n\nfile needs a read() method that takes a number of bytes and a readline()\nwithout arguments, "
        "both with results of type bytes: a file opened in binary\nmode will do, and so will an io.BytesIO. A pickle itself "
        "tells which\nprotocol it is in and where it ends; what follows does not matter.\n\nThree keywords concern pickles made "
        "by Python 2. A true fix_imports, the\ndefault, turns module names of that time into today's. encoding and "
        "errors\n('ASCII' and 'strict' unless given) are for decoding its 8-bit strings, which\ncome out as bytes if the "
        "encoding is 'bytes'.\n\nbuffers is an iterable of the buffers that were kept out of the pickle.",
    .dynamic_kind = &DynamicKind<Unpickler>::value,
    .payload_size = sizeof(Unpickler),
    .flags = kTypeSubclassable,
    .methods = unpickler_methods,
    .method_count = count_of(unpickler_methods),
    .getsets = unpickler_getsets,
    .getset_count = 2,
    .kind_info = kind_info_of<Unpickler>("_pickle.Unpickler"),
    .finish = finish_buffer_owner,
};

}  // namespace baton
