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

#define PROTOCOL_DOC                                                                                                           \
  "protocol is a number from 0 to 5. None stands for 4, which Python 3.4 was the\nfirst to understand; a negative number "     \
  "stands for the highest. A pickle in a\nnewer protocol takes a newer Python to read.\n\nWith fix_imports and a protocol "    \
  "below 3, module names are changed to those\nof Python 2, so that it can load the pickle.\n\nbuffer_callback, if given, is " \
  "called with each buffer view; those for which\nit returns a false value are left out. This needs an explicit\nprotocol of " \
  "5, or it is an error. By default the pickle contains them all."
#define OLD_PICKLES_DOC                                                                                                       \
  "Three keywords concern pickles made by Python 2. A true fix_imports, the\ndefault, turns module names of that time into "  \
  "today's. encoding and errors\n('ASCII' and 'strict' unless given) are for decoding its 8-bit strings, which\ncome out as " \
  "bytes if the encoding is 'bytes'.\n\nbuffers is an iterable of the buffers that were kept out of the pickle."

static constinit NativeDef pickle_functions[] = {
    native<pickle_dump_to>("dump($module, /, obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)",
                           "Pickle obj and write the result to file.\n\nIt may run faster than Pickler(file, "
                           "protocol).dump(obj), of which it is a\nshort form.\n\nfile is anything with a write() method that "
                           "takes one bytes object: a file\nopened in binary mode, say, or an io.BytesIO.\n\n" PROTOCOL_DOC),
    native<pickle_dumps>("dumps($module, /, obj, protocol=None, *, fix_imports=True, buffer_callback=None)",
                         "Pickle obj and return the result as bytes.\n\n" PROTOCOL_DOC),
    native<pickle_load_from>(
        "load($module, /, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
        "Read one pickle from file and return the object it describes.\n\nIt may run faster than Unpickler(file).load(), of "
        "which it is a short form.\n\nfile needs a read() method that takes a number of bytes and a readline()\nwithout "
        "arguments, both with results of type bytes: a file opened in binary\nmode will do, and so will an io.BytesIO. The "
        "pickle itself tells which\nprotocol it is in and where it ends; what follows does not matter.\n\n" OLD_PICKLES_DOC),
    native<pickle_loads>("loads($module, data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
                         "Return the object that the pickle in data, a bytes-like object, describes.\n\nThe pickle itself tells "
                         "which protocol it is in and where it ends; what\nfollows does not matter.\n\n" OLD_PICKLES_DOC),
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
