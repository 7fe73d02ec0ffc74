// _pickle: the module: dump, dumps, load, loads, the exceptions, and what it borrows from copyreg and friends.
#include "modules/pickle_internal.h"
#include "objects/new_exception.h"

namespace baton {

PickleGlobals* pickle_globals = nullptr;

static Result<void> pickle_dump_to(Thread& thread, Value object, Value file, Value protocol, bool fix_imports,
                                   Value buffer_callback) {
  Pickler* pickler = TRY(make_pickler(thread, {protocol, fix_imports, buffer_callback}));
  TRY(pickler_set_file(thread, pickler, file));
  TRY(pickle_dump(thread, pickler, object));
  return ok;
}
static Result<Value> pickle_dumps(Thread& thread, Value object, Value protocol, bool fix_imports, Value buffer_callback) {
  return pickle_dump(thread, TRY(make_pickler(thread, {protocol, fix_imports, buffer_callback})), object);
}

static Result<UnpicklerSettings> settings_of(bool fix_imports, Str* encoding, Str* errors, Optional<Value> buffers) {
  UnpicklerSettings settings;
  settings.fix_imports = fix_imports;
  settings.encoding = encoding;
  settings.errors = errors;
  if (buffers.has_value()) settings.buffers = buffers.value;
  return settings;
}
static Result<Value> pickle_load_from(Thread& thread, Value file, bool fix_imports, Str* encoding, Str* errors,
                                      Optional<Value> buffers) {
  Unpickler* unpickler = TRY(make_unpickler(thread, TRY(settings_of(fix_imports, encoding, errors, buffers))));
  TRY(unpickler_set_file(thread, unpickler, file));
  return pickle_load(thread, unpickler);
}
static Result<Value> pickle_loads(Thread& thread, BufferView data, bool fix_imports, Str* encoding, Str* errors,
                                  Optional<Value> buffers) {
  Unpickler* unpickler = TRY(make_unpickler(thread, TRY(settings_of(fix_imports, encoding, errors, buffers))));
  return pickle_load_bytes(thread, unpickler, data);
}

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<void> borrow(Thread& thread, Root<Value>& root, Value module, const char* name) {
  root.set(TRY(get_attr_ascii(thread, module, name)));
  return ok;
}
static Result<void> borrow_dict(Thread& thread, Root<Value>& root, Value module, const char* module_name, const char* name) {
  TRY(borrow(thread, root, module, name));
  if (!is_exact<Dict>(root.get()))
    return raise_runtime_error(thread, "{}.{} should be a dict, not {!t}", module_name, name, root.get());
  return ok;
}

static Result<void> fill_globals(Thread& thread, PickleGlobals& g) {
  Value copyreg = TRY(import_module(thread, "copyreg"));
  TRY(borrow_dict(thread, g.dispatch_table, copyreg, "copyreg", "dispatch_table"));
  TRY(borrow_dict(thread, g.extension_registry, copyreg, "copyreg", "_extension_registry"));
  TRY(borrow_dict(thread, g.inverted_registry, copyreg, "copyreg", "_inverted_registry"));
  TRY(borrow_dict(thread, g.extension_cache, copyreg, "copyreg", "_extension_cache"));
  Value compat = TRY(import_module(thread, "_compat_pickle"));
  TRY(borrow_dict(thread, g.name_mapping, compat, "_compat_pickle", "NAME_MAPPING"));
  TRY(borrow_dict(thread, g.import_mapping, compat, "_compat_pickle", "IMPORT_MAPPING"));
  TRY(borrow_dict(thread, g.reverse_name_mapping, compat, "_compat_pickle", "REVERSE_NAME_MAPPING"));
  TRY(borrow_dict(thread, g.reverse_import_mapping, compat, "_compat_pickle", "REVERSE_IMPORT_MAPPING"));
  TRY(borrow(thread, g.codecs_encode, TRY(import_module(thread, "codecs")), "encode"));
  TRY(borrow(thread, g.partial, TRY(import_module(thread, "functools")), "partial"));
  return borrow(thread, g.getattr_function, Value(runtime.builtins), "getattr");
}

static Result<void> make_exceptions(Thread& thread, PickleGlobals& g) {
  g.pickle_error.set(TRY(make_exception_type(thread, "_pickle.PickleError", exceptions.Exception)));
  g.pickling_error.set(TRY(make_exception_type(thread, "_pickle.PicklingError", g.pickle_error.get())));
  g.unpickling_error.set(TRY(make_exception_type(thread, "_pickle.UnpicklingError", g.pickle_error.get())));
  return ok;
}

static Result<void> pickle_exec(Thread& thread, Module* module) {
  if (!pickle_globals) {
    auto* globals = new PickleGlobals;
    Result<void> filled = make_exceptions(thread, *globals);
    if (!filled.is_failed()) filled = fill_globals(thread, *globals);
    if (filled.is_failed()) {
      delete globals;
      return failed;
    }
    pickle_globals = globals;
    TRY(init_pickle_buffer());
  }
  TRY(module_set(thread, module, "PickleError", Value(pickle_globals->pickle_error.get())));
  TRY(module_set(thread, module, "PicklingError", Value(pickle_globals->pickling_error.get())));
  return module_set(thread, module, "UnpicklingError", Value(pickle_globals->unpickling_error.get()));
}

#define PROTOCOL_DOC                                                                                                          \
  "The optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and " \
  "5.  The default\nprotocol is 4. It was introduced in Python 3.4, and is incompatible\nwith previous "                      \
  "versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the "     \
  "protocol used, the more recent the\nversion of Python needed to read the pickle produced.\n\n"
#define BUFFER_DOC                                                                                                             \
  "If *fix_imports* is True and *protocol* is less than 3, pickle will\ntry to map the new Python 3 names to the old module "  \
  "names used in\nPython 2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the "   \
  "default), buffer views are serialized\ninto *file* as part of the pickle stream.  It is an error if\n*buffer_callback* is " \
  "not None and *protocol* is None or smaller than 5."
#define DETECTED_DOC                                                                                                           \
  "The protocol version of the pickle is detected automatically, so no\nprotocol argument is needed.  Bytes past the pickled " \
  "object's\nrepresentation are ignored.\n\n"
#define ENCODING_DOC                                                                                                            \
  "Optional keyword arguments are *fix_imports*, *encoding* and *errors*,\nwhich are used to control compatibility support "    \
  "for pickle stream\ngenerated by Python 2.  If *fix_imports* is True, pickle will try to\nmap the old Python 2 names to the " \
  "new names used in Python 3.  The\n*encoding* and *errors* tell pickle how to decode 8-bit string\ninstances pickled by "     \
  "Python 2; these default to 'ASCII' and 'strict',\nrespectively.  The *encoding* can be 'bytes' to read these "               \
  "8-bit\nstring instances as bytes objects."

static constinit NativeDef pickle_functions[] = {
    native<pickle_dump_to>("dump($module, /, obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)",
                           "Write a pickled representation of obj to the open file object file.\n\nThis is equivalent to "
                           "``Pickler(file, protocol).dump(obj)``, but may\nbe more efficient.\n\n" PROTOCOL_DOC
                           "The *file* argument must have a write() method that accepts a single\nbytes argument.  It can thus "
                           "be a file object opened for binary\nwriting, an io.BytesIO instance, or any other custom object that "
                           "meets\nthis interface.\n\n" BUFFER_DOC),
    native<pickle_dumps>("dumps($module, /, obj, protocol=None, *, fix_imports=True, buffer_callback=None)",
                         "Return the pickled representation of the object as a bytes object.\n\n" PROTOCOL_DOC BUFFER_DOC),
    native<pickle_load_from>(
        "load($module, /, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
        "Read and return an object from the pickle data stored in a file.\n\nThis is equivalent to "
        "``Unpickler(file).load()``, but may be more\nefficient.\n\n" DETECTED_DOC
        "The argument *file* must have two methods, a read() method that takes\nan integer argument, and a "
        "readline() method that requires no\narguments.  Both methods should return bytes.  Thus *file* can "
        "be a\nbinary file object opened for reading, an io.BytesIO object, or any\nother custom object that "
        "meets this interface.\n\n" ENCODING_DOC),
    native<pickle_loads>("loads($module, data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
                         "Read and return an object from the given pickle data.\n\n" DETECTED_DOC ENCODING_DOC),
};
static TypeDef* const pickle_types[] = {&pickler_def, &unpickler_def, &pickle_buffer_def};
constinit ModuleDef pickle_module = {.name = "_pickle",
                                     .doc = "Optimized C implementation for the Python pickle module.",
                                     .functions = pickle_functions,
                                     .function_count = count_of(pickle_functions),
                                     .types = pickle_types,
                                     .type_count = 3,
                                     .exec = pickle_exec};

}  // namespace baton
