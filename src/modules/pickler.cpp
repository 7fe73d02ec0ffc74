// _pickle.Pickler: its settings and attributes. What dump() does is in pickle_save*.cpp.
#include "modules/pickle_internal.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"
#include "objects/raw_bytes.h"

namespace baton {

Result<Value> pickler_get_memo(Thread& thread, Value self);
Result<void> pickler_set_memo(Thread& thread, Value self, Value memo);

static Result<void> apply_settings(Thread& thread, Pickler* self, const PicklerSettings& settings) {
  int protocol = kDefaultPickleProtocol;
  if (!settings.protocol.is_none()) {
    if (!convert_int(thread, settings.protocol, &protocol)) return failed;
    if (protocol < 0)
      protocol = kHighestPickleProtocol;
    else if (protocol > kHighestPickleProtocol)
      return raise_value_error(thread, "pickle protocol must be <= {}", kHighestPickleProtocol);
  }
  Value callback = settings.buffer_callback.is_none() ? Value() : settings.buffer_callback;
  if (callback.is_present() && protocol < 5) return raise_value_error(thread, "buffer_callback needs protocol >= 5");
  self->protocol_ = protocol;
  self->bin_ = protocol > 0;
  self->fast_ = 0;
  self->fix_imports_ = settings.fix_imports && protocol < 3;
  self->buffer_callback_.set(self, callback);
  self->memo_.set(self, TRY(make_pickle_memo(thread)));
  return ok;
}

Result<Pickler*> make_pickler(Thread& thread, const PicklerSettings& settings) {
  Pickler* self = TRY(make_of<Pickler>(thread, pickler_def.type));
  TRY(apply_settings(thread, self, settings));
  return self;
}

Result<void> pickler_set_file(Thread& thread, Pickler* self, Value file) {
  Value write = TRY(find_attr(thread, file, names.write));
  if (write == kNotFound) return raise_type_error(thread, "file must have a 'write' attribute");
  self->write_.set(self, write);
  return ok;
}

static Result<Value> pickler_new(Thread& thread, NativeDef const& def, Value const* args, usize n, Tuple*) {
  return make_of<Pickler>(thread, TRY(check_new_type(thread, args, n, def.owner->type)));
}

// The attribute, or kNotFound. A pickler that was just set up has only those of a subclass: our own rows would make an
// AttributeError, to be thrown away, for each stream.
static Result<Value> attribute_of_subclass(Thread& thread, Pickler* self, Str* name) {
  Type* type = type_of(Value(self));
  bool is_ours = !type->has_flag(kTypeCustomGetattribute) && !type->has_flag(kTypeHasGetattr) &&
                 type_lookup(type, name) == type_lookup(pickler_def.type, name);
  if (is_ours) return kNotFound;
  return find_attr(thread, Value(self), name);
}

static Result<void> pickler_init(Thread& thread, Pickler* self, Value file, Value protocol, bool fix_imports,
                                 Value buffer_callback) {
  self->write_.clear();
  self->memo_.clear();
  self->persistent_id_.clear();
  self->dispatch_table_.clear();
  PicklerSettings settings{protocol, fix_imports, buffer_callback};
  TRY(apply_settings(thread, self, settings));
  TRY(pickler_set_file(thread, self, file));
  static Root<Str>& persistent_id_name = *new Root<Str>(intern(thread, "persistent_id"));
  static Root<Str>& dispatch_table_name = *new Root<Str>(intern(thread, "dispatch_table"));
  Value persistent_id = TRY(attribute_of_subclass(thread, self, persistent_id_name.get()));
  if (persistent_id != kNotFound) self->persistent_id_.set(self, persistent_id);
  Value table = TRY(attribute_of_subclass(thread, self, dispatch_table_name.get()));
  if (table != kNotFound) self->dispatch_table_.set(self, table);
  return ok;
}

static Result<Value> pickler_dump(Thread& thread, Pickler* self, Value object) {
  if (self->write_.get().is_absent() || !self->memo_.get())
    return raise_pickling(thread, "Pickler.__init__() was not called by {!t}.__init__()", Value(self));
  return pickle_dump(thread, self, object);
}

static Result<void> pickler_clear_memo(Thread& thread, Pickler* self) {
  if (self->memo_.get()) self->memo_.set(self, TRY(make_pickle_memo(thread)));
  return ok;
}

static Result<i64> pickler_sizeof(Thread&, Pickler* self) {
  usize size = heap_cell_size(self);
  if (PickleMemo* memo = self->memo_.get()) {
    size += heap_cell_size(memo);
    for (Cell* part : {static_cast<Cell*>(memo->objects_.get()), static_cast<Cell*>(memo->index_.get())})
      if (part) size += heap_cell_size(part);
  }
  return static_cast<i64>(size);
}

// --- attributes

template <int Pickler::* field>
static Result<Value> get_int(Thread&, Value self) {
  return Value::of_small_int(self.as<Pickler>()->*field);
}
template <int Pickler::* field>
static Result<void> set_int(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete numeric/char attribute");
  int n;
  if (!convert_int(thread, v, &n)) return failed;
  self.as<Pickler>()->*field = n;
  return ok;
}

static Result<Value> get_dispatch_table(Thread& thread, Value self) {
  Value table = self.as<Pickler>()->dispatch_table_.get();
  if (table.is_absent()) return raise_attribute_error(thread, self, intern(thread, "dispatch_table"));
  return table;
}
static Result<void> set_dispatch_table(Thread& thread, Value self, Value v) {
  Pickler* pickler = self.as<Pickler>();
  if (v.is_absent() && pickler->dispatch_table_.get().is_absent()) return raise_attribute_error_text(thread, "dispatch_table");
  pickler->dispatch_table_.set(pickler, v);
  return ok;
}

static Result<Value> get_persistent_id(Thread& thread, Value self) {
  Value function = self.as<Pickler>()->persistent_id_.get();
  if (function.is_absent()) return raise_attribute_error_text(thread, "persistent_id");
  return function;
}
static Result<void> set_persistent_id(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "attribute deletion is not supported");
  if (!is_callable(v)) return raise_type_error(thread, "persistent_id must be a callable taking one argument");
  self.as<Pickler>()->persistent_id_.set(self.cell(), v);
  return ok;
}

static constinit GetSetDef pickler_getsets[] = {
    {"bin", get_int<&Pickler::bin_>, set_int<&Pickler::bin_>, nullptr, true},
    {"fast", get_int<&Pickler::fast_>, set_int<&Pickler::fast_>, nullptr, true},
    {"dispatch_table", get_dispatch_table, set_dispatch_table, nullptr, true},
    {"memo", pickler_get_memo, pickler_set_memo, nullptr},
    {"persistent_id", get_persistent_id, set_persistent_id, nullptr},
};
static constinit NativeDef pickler_methods[] = {
    native_raw(pickler_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<pickler_init>("__init__($self, /, file, protocol=None, fix_imports=True, buffer_callback=None)",
                         "Set up a new instance from the arguments its class documents."),
    native<pickler_dump>("dump($self, obj, /)", "Pickle obj and write the result to the pickler's file."),
    native<pickler_clear_memo>("clear_memo($self, /)",
                               "Make the pickler forget the objects it has pickled.\n\nIts memo, the record of them, is why an "
                               "object met again, perhaps inside\nitself, is written as a reference instead of in full. Clear it "
                               "before using\nthe pickler for something unrelated."),
    native<pickler_sizeof>("__sizeof__($self, /)", "Returns size in memory, in bytes."),
};
constinit TypeDef pickler_def = {
    .name = "_pickle.Pickler",
    .doc =
        "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\nWrites pickles to a binary file.\n\nfile is "
        "anything with a write() method that takes one bytes object: a file\nopened in binary mode, say, or an "
        "io.BytesIO.\n\nprotocol is a number from 0 to 5. None stands for 4, which Python 3.4 was the\nfirst to understand; a "
        "negative number stands for the highest. A pickle in a\nnewer protocol takes a newer Python to read.\n\nWith fix_imports "
        "and a protocol below 3, module names are changed to those\nof Python 2, so that it can load the "
        "pickle.\n\nbuffer_callback decides which buffers the stream contains: all of them if it\nis None. Otherwise it is "
        "called, as often as need be, with a buffer view. If\nthe result is true the data goes into the stream; if it is false, "
        "like None,\nthe buffer stays out and has to be supplied again when loading. This needs\nan explicit protocol of 5, or "
        "it is an error.",
    .dynamic_kind = &DynamicKind<Pickler>::value,
    .payload_size = sizeof(Pickler),
    .flags = kTypeSubclassable,
    .methods = pickler_methods,
    .method_count = count_of(pickler_methods),
    .getsets = pickler_getsets,
    .getset_count = 5,
    .kind_info = kind_info_of<Pickler>("_pickle.Pickler"),
    .finish = finish_buffer_owner,
};

}  // namespace baton
