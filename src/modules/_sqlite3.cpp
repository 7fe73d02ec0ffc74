// _sqlite3: the module: exceptions, adapters and converters, values of columns, constants.
#include <cstdio>
#include <cstring>

#include "modules/sqlite_internal.h"
#include "objects/fixed_name.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

SqliteGlobals* sqlite_globals = nullptr;
const char* const sqlite_error_names[kSqliteErrorCount] = {
    "Warning",          "Error",          "InterfaceError", "DatabaseError",    "DataError",
    "OperationalError", "IntegrityError", "InternalError",  "ProgrammingError", "NotSupportedError"};

static constexpr ModuleConstant result_codes[] = {
    {"SQLITE_ABORT", SQLITE_ABORT},
    {"SQLITE_ABORT_ROLLBACK", SQLITE_ABORT_ROLLBACK},
    {"SQLITE_AUTH", SQLITE_AUTH},
    {"SQLITE_AUTH_USER", SQLITE_AUTH_USER},
    {"SQLITE_BUSY", SQLITE_BUSY},
    {"SQLITE_BUSY_RECOVERY", SQLITE_BUSY_RECOVERY},
    {"SQLITE_BUSY_SNAPSHOT", SQLITE_BUSY_SNAPSHOT},
    {"SQLITE_BUSY_TIMEOUT", SQLITE_BUSY_TIMEOUT},
    {"SQLITE_CANTOPEN", SQLITE_CANTOPEN},
    {"SQLITE_CANTOPEN_CONVPATH", SQLITE_CANTOPEN_CONVPATH},
    {"SQLITE_CANTOPEN_DIRTYWAL", SQLITE_CANTOPEN_DIRTYWAL},
    {"SQLITE_CANTOPEN_FULLPATH", SQLITE_CANTOPEN_FULLPATH},
    {"SQLITE_CANTOPEN_ISDIR", SQLITE_CANTOPEN_ISDIR},
    {"SQLITE_CANTOPEN_NOTEMPDIR", SQLITE_CANTOPEN_NOTEMPDIR},
    {"SQLITE_CANTOPEN_SYMLINK", SQLITE_CANTOPEN_SYMLINK},
    {"SQLITE_CONSTRAINT", SQLITE_CONSTRAINT},
    {"SQLITE_CONSTRAINT_CHECK", SQLITE_CONSTRAINT_CHECK},
    {"SQLITE_CONSTRAINT_COMMITHOOK", SQLITE_CONSTRAINT_COMMITHOOK},
    {"SQLITE_CONSTRAINT_FOREIGNKEY", SQLITE_CONSTRAINT_FOREIGNKEY},
    {"SQLITE_CONSTRAINT_FUNCTION", SQLITE_CONSTRAINT_FUNCTION},
    {"SQLITE_CONSTRAINT_NOTNULL", SQLITE_CONSTRAINT_NOTNULL},
    {"SQLITE_CONSTRAINT_PINNED", SQLITE_CONSTRAINT_PINNED},
    {"SQLITE_CONSTRAINT_PRIMARYKEY", SQLITE_CONSTRAINT_PRIMARYKEY},
    {"SQLITE_CONSTRAINT_ROWID", SQLITE_CONSTRAINT_ROWID},
    {"SQLITE_CONSTRAINT_TRIGGER", SQLITE_CONSTRAINT_TRIGGER},
    {"SQLITE_CONSTRAINT_UNIQUE", SQLITE_CONSTRAINT_UNIQUE},
    {"SQLITE_CONSTRAINT_VTAB", SQLITE_CONSTRAINT_VTAB},
    {"SQLITE_CORRUPT", SQLITE_CORRUPT},
    {"SQLITE_CORRUPT_INDEX", SQLITE_CORRUPT_INDEX},
    {"SQLITE_CORRUPT_SEQUENCE", SQLITE_CORRUPT_SEQUENCE},
    {"SQLITE_CORRUPT_VTAB", SQLITE_CORRUPT_VTAB},
    {"SQLITE_DONE", SQLITE_DONE},
    {"SQLITE_EMPTY", SQLITE_EMPTY},
    {"SQLITE_ERROR", SQLITE_ERROR},
    {"SQLITE_ERROR_MISSING_COLLSEQ", SQLITE_ERROR_MISSING_COLLSEQ},
    {"SQLITE_ERROR_RETRY", SQLITE_ERROR_RETRY},
    {"SQLITE_ERROR_SNAPSHOT", SQLITE_ERROR_SNAPSHOT},
    {"SQLITE_FORMAT", SQLITE_FORMAT},
    {"SQLITE_FULL", SQLITE_FULL},
    {"SQLITE_INTERNAL", SQLITE_INTERNAL},
    {"SQLITE_INTERRUPT", SQLITE_INTERRUPT},
    {"SQLITE_IOERR", SQLITE_IOERR},
    {"SQLITE_IOERR_ACCESS", SQLITE_IOERR_ACCESS},
    {"SQLITE_IOERR_AUTH", SQLITE_IOERR_AUTH},
    {"SQLITE_IOERR_BEGIN_ATOMIC", SQLITE_IOERR_BEGIN_ATOMIC},
    {"SQLITE_IOERR_BLOCKED", SQLITE_IOERR_BLOCKED},
    {"SQLITE_IOERR_CHECKRESERVEDLOCK", SQLITE_IOERR_CHECKRESERVEDLOCK},
    {"SQLITE_IOERR_CLOSE", SQLITE_IOERR_CLOSE},
    {"SQLITE_IOERR_COMMIT_ATOMIC", SQLITE_IOERR_COMMIT_ATOMIC},
    {"SQLITE_IOERR_CONVPATH", SQLITE_IOERR_CONVPATH},
    {"SQLITE_IOERR_CORRUPTFS", SQLITE_IOERR_CORRUPTFS},
    {"SQLITE_IOERR_DATA", SQLITE_IOERR_DATA},
    {"SQLITE_IOERR_DELETE", SQLITE_IOERR_DELETE},
    {"SQLITE_IOERR_DELETE_NOENT", SQLITE_IOERR_DELETE_NOENT},
    {"SQLITE_IOERR_DIR_CLOSE", SQLITE_IOERR_DIR_CLOSE},
    {"SQLITE_IOERR_DIR_FSYNC", SQLITE_IOERR_DIR_FSYNC},
    {"SQLITE_IOERR_FSTAT", SQLITE_IOERR_FSTAT},
    {"SQLITE_IOERR_FSYNC", SQLITE_IOERR_FSYNC},
    {"SQLITE_IOERR_GETTEMPPATH", SQLITE_IOERR_GETTEMPPATH},
    {"SQLITE_IOERR_LOCK", SQLITE_IOERR_LOCK},
    {"SQLITE_IOERR_MMAP", SQLITE_IOERR_MMAP},
    {"SQLITE_IOERR_NOMEM", SQLITE_IOERR_NOMEM},
    {"SQLITE_IOERR_RDLOCK", SQLITE_IOERR_RDLOCK},
    {"SQLITE_IOERR_READ", SQLITE_IOERR_READ},
    {"SQLITE_IOERR_ROLLBACK_ATOMIC", SQLITE_IOERR_ROLLBACK_ATOMIC},
    {"SQLITE_IOERR_SEEK", SQLITE_IOERR_SEEK},
    {"SQLITE_IOERR_SHMLOCK", SQLITE_IOERR_SHMLOCK},
    {"SQLITE_IOERR_SHMMAP", SQLITE_IOERR_SHMMAP},
    {"SQLITE_IOERR_SHMOPEN", SQLITE_IOERR_SHMOPEN},
    {"SQLITE_IOERR_SHMSIZE", SQLITE_IOERR_SHMSIZE},
    {"SQLITE_IOERR_SHORT_READ", SQLITE_IOERR_SHORT_READ},
    {"SQLITE_IOERR_TRUNCATE", SQLITE_IOERR_TRUNCATE},
    {"SQLITE_IOERR_UNLOCK", SQLITE_IOERR_UNLOCK},
    {"SQLITE_IOERR_VNODE", SQLITE_IOERR_VNODE},
    {"SQLITE_IOERR_WRITE", SQLITE_IOERR_WRITE},
    {"SQLITE_LOCKED", SQLITE_LOCKED},
    {"SQLITE_LOCKED_SHAREDCACHE", SQLITE_LOCKED_SHAREDCACHE},
    {"SQLITE_LOCKED_VTAB", SQLITE_LOCKED_VTAB},
    {"SQLITE_MISMATCH", SQLITE_MISMATCH},
    {"SQLITE_MISUSE", SQLITE_MISUSE},
    {"SQLITE_NOLFS", SQLITE_NOLFS},
    {"SQLITE_NOMEM", SQLITE_NOMEM},
    {"SQLITE_NOTADB", SQLITE_NOTADB},
    {"SQLITE_NOTFOUND", SQLITE_NOTFOUND},
    {"SQLITE_NOTICE", SQLITE_NOTICE},
    {"SQLITE_NOTICE_RECOVER_ROLLBACK", SQLITE_NOTICE_RECOVER_ROLLBACK},
    {"SQLITE_NOTICE_RECOVER_WAL", SQLITE_NOTICE_RECOVER_WAL},
    {"SQLITE_OK", SQLITE_OK},
    {"SQLITE_OK_LOAD_PERMANENTLY", SQLITE_OK_LOAD_PERMANENTLY},
    {"SQLITE_OK_SYMLINK", SQLITE_OK_SYMLINK},
    {"SQLITE_PERM", SQLITE_PERM},
    {"SQLITE_PROTOCOL", SQLITE_PROTOCOL},
    {"SQLITE_RANGE", SQLITE_RANGE},
    {"SQLITE_READONLY", SQLITE_READONLY},
    {"SQLITE_READONLY_CANTINIT", SQLITE_READONLY_CANTINIT},
    {"SQLITE_READONLY_CANTLOCK", SQLITE_READONLY_CANTLOCK},
    {"SQLITE_READONLY_DBMOVED", SQLITE_READONLY_DBMOVED},
    {"SQLITE_READONLY_DIRECTORY", SQLITE_READONLY_DIRECTORY},
    {"SQLITE_READONLY_RECOVERY", SQLITE_READONLY_RECOVERY},
    {"SQLITE_READONLY_ROLLBACK", SQLITE_READONLY_ROLLBACK},
    {"SQLITE_ROW", SQLITE_ROW},
    {"SQLITE_SCHEMA", SQLITE_SCHEMA},
    {"SQLITE_TOOBIG", SQLITE_TOOBIG},
    {"SQLITE_WARNING", SQLITE_WARNING},
    {"SQLITE_WARNING_AUTOINDEX", SQLITE_WARNING_AUTOINDEX},
};
static constexpr ModuleConstant other_constants[] = {
    {"SQLITE_ALTER_TABLE", SQLITE_ALTER_TABLE},
    {"SQLITE_ANALYZE", SQLITE_ANALYZE},
    {"SQLITE_ATTACH", SQLITE_ATTACH},
    {"SQLITE_CREATE_INDEX", SQLITE_CREATE_INDEX},
    {"SQLITE_CREATE_TABLE", SQLITE_CREATE_TABLE},
    {"SQLITE_CREATE_TEMP_INDEX", SQLITE_CREATE_TEMP_INDEX},
    {"SQLITE_CREATE_TEMP_TABLE", SQLITE_CREATE_TEMP_TABLE},
    {"SQLITE_CREATE_TEMP_TRIGGER", SQLITE_CREATE_TEMP_TRIGGER},
    {"SQLITE_CREATE_TEMP_VIEW", SQLITE_CREATE_TEMP_VIEW},
    {"SQLITE_CREATE_TRIGGER", SQLITE_CREATE_TRIGGER},
    {"SQLITE_CREATE_VIEW", SQLITE_CREATE_VIEW},
    {"SQLITE_CREATE_VTABLE", SQLITE_CREATE_VTABLE},
    {"SQLITE_DELETE", SQLITE_DELETE},
    {"SQLITE_DENY", SQLITE_DENY},
    {"SQLITE_DETACH", SQLITE_DETACH},
    {"SQLITE_DROP_INDEX", SQLITE_DROP_INDEX},
    {"SQLITE_DROP_TABLE", SQLITE_DROP_TABLE},
    {"SQLITE_DROP_TEMP_INDEX", SQLITE_DROP_TEMP_INDEX},
    {"SQLITE_DROP_TEMP_TABLE", SQLITE_DROP_TEMP_TABLE},
    {"SQLITE_DROP_TEMP_TRIGGER", SQLITE_DROP_TEMP_TRIGGER},
    {"SQLITE_DROP_TEMP_VIEW", SQLITE_DROP_TEMP_VIEW},
    {"SQLITE_DROP_TRIGGER", SQLITE_DROP_TRIGGER},
    {"SQLITE_DROP_VIEW", SQLITE_DROP_VIEW},
    {"SQLITE_DROP_VTABLE", SQLITE_DROP_VTABLE},
    {"SQLITE_FUNCTION", SQLITE_FUNCTION},
    {"SQLITE_IGNORE", SQLITE_IGNORE},
    {"SQLITE_INSERT", SQLITE_INSERT},
    {"SQLITE_LIMIT_ATTACHED", SQLITE_LIMIT_ATTACHED},
    {"SQLITE_LIMIT_COLUMN", SQLITE_LIMIT_COLUMN},
    {"SQLITE_LIMIT_COMPOUND_SELECT", SQLITE_LIMIT_COMPOUND_SELECT},
    {"SQLITE_LIMIT_EXPR_DEPTH", SQLITE_LIMIT_EXPR_DEPTH},
    {"SQLITE_LIMIT_FUNCTION_ARG", SQLITE_LIMIT_FUNCTION_ARG},
    {"SQLITE_LIMIT_LENGTH", SQLITE_LIMIT_LENGTH},
    {"SQLITE_LIMIT_LIKE_PATTERN_LENGTH", SQLITE_LIMIT_LIKE_PATTERN_LENGTH},
    {"SQLITE_LIMIT_SQL_LENGTH", SQLITE_LIMIT_SQL_LENGTH},
    {"SQLITE_LIMIT_TRIGGER_DEPTH", SQLITE_LIMIT_TRIGGER_DEPTH},
    {"SQLITE_LIMIT_VARIABLE_NUMBER", SQLITE_LIMIT_VARIABLE_NUMBER},
    {"SQLITE_LIMIT_VDBE_OP", SQLITE_LIMIT_VDBE_OP},
    {"SQLITE_LIMIT_WORKER_THREADS", SQLITE_LIMIT_WORKER_THREADS},
    {"SQLITE_PRAGMA", SQLITE_PRAGMA},
    {"SQLITE_READ", SQLITE_READ},
    {"SQLITE_RECURSIVE", SQLITE_RECURSIVE},
    {"SQLITE_REINDEX", SQLITE_REINDEX},
    {"SQLITE_SAVEPOINT", SQLITE_SAVEPOINT},
    {"SQLITE_SELECT", SQLITE_SELECT},
    {"SQLITE_TRANSACTION", SQLITE_TRANSACTION},
    {"SQLITE_UPDATE", SQLITE_UPDATE},
};

// ---------------------------------------------------------------------------------------------------------------- errors

static SqliteError error_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_INTERNAL:
    case SQLITE_NOTFOUND: return kSqliteInternal;
    case SQLITE_ERROR:
    case SQLITE_PERM:
    case SQLITE_ABORT:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_EMPTY:
    case SQLITE_SCHEMA: return kSqliteOperational;
    case SQLITE_TOOBIG: return kSqliteData;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH: return kSqliteIntegrity;
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return kSqliteInterface;
    default: return kSqliteDatabase;
  }
}

static const char* code_name(int code) {
  for (const ModuleConstant& row : result_codes)
    if (row.value == code) return row.name;
  return "unknown";
}

Failed raise_database(Thread& thread, sqlite3* db) {
  if (thread.has_pending()) return failed;
  int code = sqlite3_errcode(db), extended = sqlite3_extended_errcode(db);
  if ((code & 0xFF) == SQLITE_NOMEM) return raise_memory_error(thread);
  Value bytes;
  {
    SqliteLock lock(thread, db);
    const char* message = sqlite3_errmsg(db);
    bytes = Value(TRY(bytes_from(thread, message, strlen(message))));
  }
  Bytes* message = bytes.as<Bytes>();
  Value text = TRY(decode_utf8(thread, message->data(), static_cast<usize>(message->length()), names.replace));
  Value error = TRY(call(thread, Value(sqlite_globals->errors[error_of(code)].get()), text));
  TRY(set_attr(thread, error, intern(thread, "sqlite_errorcode"), Value::of_small_int(extended)));
  TRY(set_attr(thread, error, intern(thread, "sqlite_errorname"), Value(intern(thread, code_name(extended)))));
  return raise_object(thread, error);
}

// ---------------------------------------------------------------------------------------------------------------- columns

Result<Value> sqlite_column_value(Thread& thread, SqliteConnection* connection, sqlite3_stmt* stmt, int column) {
  const char* data;
  usize size;
  {
    SqliteLock lock(thread, sqlite3_db_handle(stmt));
    switch (sqlite3_column_type(stmt, column)) {
      case SQLITE_INTEGER: return int_from_i64(thread, sqlite3_column_int64(stmt, column));
      case SQLITE_FLOAT: return make_float(thread, sqlite3_column_double(stmt, column));
      case SQLITE_BLOB: {
        const void* blob = sqlite3_column_blob(stmt, column);
        return bytes_from(thread, blob ? blob : "", static_cast<usize>(sqlite3_column_bytes(stmt, column)));
      }
      case SQLITE_TEXT: break;
      default: return kNone;
    }
    data = reinterpret_cast<const char*>(sqlite3_column_text(stmt, column));  // stays until the next step
    size = static_cast<usize>(sqlite3_column_bytes(stmt, column));
  }
  if (!data) return raise_memory_error(thread);
  std::string_view text(data, size);
  Value factory = connection->text_factory_.get();
  if (factory == Value(types.bytes)) return TRY(bytes_from(thread, text));
  if (factory == Value(types.bytearray)) return TRY(bytearray_from(thread, text.data(), text.size()));
  if (factory != Value(types.str)) return call(thread, factory, Value(TRY(bytes_from(thread, text))));
  Result<Value> decoded = decode_utf8_text(thread, text);
  if (!decoded.is_failed() || !clear_pending_if(thread, exceptions.UnicodeDecodeError)) return decoded;
  Value shown = TRY(decode_utf8(thread, reinterpret_cast<const u8*>(data), text.size(), names.replace));
  const char* name;
  {
    SqliteLock lock(thread, sqlite3_db_handle(stmt));
    name = sqlite3_column_name(stmt, column);
  }
  return raise_sqlite(thread, kSqliteOperational, "Could not decode to UTF-8 column '{}' with text '{}'",
                      std::string_view(name ? name : "<unknown column name>"), shown);
}

// ---------------------------------------------------------------------------------------------------------------- adapting

class PrepareProtocol final : public Cell {
 public:
  void init() {}
  void visit_edges(EdgeVisitor&) const {}
};
static Result<Value> prepare_protocol_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return make_of<PrepareProtocol>(thread, TRY(check_new_type(thread, args, n, sqlite_prepare_protocol_def.type)));
}
static constinit NativeDef prepare_protocol_methods[] = {
    native_raw(prepare_protocol_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
};
constinit TypeDef sqlite_prepare_protocol_def = {.name = "sqlite3.PrepareProtocol",
                                                 .doc = "PEP 246 style object adaption protocol type.",
                                                 .dynamic_kind = &DynamicKind<PrepareProtocol>::value,
                                                 .payload_size = sizeof(PrepareProtocol),
                                                 .methods = prepare_protocol_methods,
                                                 .method_count = count_of(prepare_protocol_methods),
                                                 .kind_info = kind_info_of<PrepareProtocol>("sqlite3.PrepareProtocol")};

// object.method(argument), None when there is no such method or it refuses with TypeError.
static Result<Value> ask(Thread& thread, Value object, Str* method, Value argument) {
  Value function = TRY(find_attr(thread, object, method));
  if (function == kNotFound) return kNone;
  Result<Value> answer = call(thread, function, argument);
  if (answer.is_failed() && clear_pending_if(thread, exceptions.TypeError)) return kNone;
  return answer;
}

Result<Value> sqlite_adapt(Thread& thread, Value object, Value protocol, Value alternative) {
  Value key = Value(TRY(tuple_of(thread, Value(type_of(object)), protocol)));
  Value adapter = TRY(dict_find(thread, sqlite_globals->adapters.get(), key));
  if (adapter != kNotFound) return call(thread, adapter, object);
  Value adapted = TRY(ask(thread, protocol, fixed_name<"__adapt__">(thread), object));
  if (adapted.is_none()) adapted = TRY(ask(thread, object, fixed_name<"__conform__">(thread), protocol));
  if (!adapted.is_none()) return adapted;
  if (alternative.is_present()) return alternative;
  return raise_sqlite(thread, kSqliteProgramming, "can't adapt");
}

Result<Value> sqlite_adapt_parameter(Thread& thread, Value v) {
  bool basic = is_exact_int(v) || is_exact_float(v) || is_exact<Str>(v) || is_exact<ByteArray>(v) || v.is_none();
  if (basic && !__atomic_load_n(&sqlite_globals->basic_types_adapted, __ATOMIC_RELAXED)) return v;
  return sqlite_adapt(thread, v, Value(sqlite_prepare_protocol_def.type), v);
}

static Result<Value> module_adapt(Thread& thread, Value object, Optional<Value> protocol, Optional<Value> alternative) {
  return sqlite_adapt(thread, object, protocol.has_value() ? protocol.value : Value(sqlite_prepare_protocol_def.type),
                      alternative.has_value() ? alternative.value : Value());
}
static Result<void> module_register_adapter(Thread& thread, Value type, Value adapter) {
  bool basic = type == Value(types.int_) || type == Value(types.float_) || type == Value(types.str) ||
               type == Value(types.bytearray) || type == Value(type_of(kNone));
  if (basic) __atomic_store_n(&sqlite_globals->basic_types_adapted, true, __ATOMIC_RELAXED);
  Value key = Value(TRY(tuple_of(thread, type, Value(sqlite_prepare_protocol_def.type))));
  return dict_set(thread, sqlite_globals->adapters.get(), key, adapter);
}
static Result<void> module_register_converter(Thread& thread, Value name, Value converter) {
  if (!is<Str>(name)) return raise_type_error(thread, "register_converter() argument 1 must be str, not {!a}", name);
  Value upper = TRY(call_method(thread, name, intern(thread, "upper")));
  return dict_set(thread, sqlite_globals->converters.get(), upper, converter);
}

// ---------------------------------------------------------------------------------------------------------------- functions

static Result<Value> module_connect(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  Value factory = n > 5 ? args[5] : keyword_value(args, n, kwnames, "factory");
  if (factory.is_absent()) factory = Value(sqlite_connection_def.type);
  return call_values(thread, factory, args, n, kwnames);
}
static Result<bool> module_complete_statement(Thread& thread, Str* statement) {
  Value owner;
  const char* text = TRY(sqlite_text(thread, statement, &owner));
  KeepAlive keep(owner);
  return sqlite3_complete(text) != 0;
}
static Result<void> module_callback_tracebacks(Thread&, bool enable) {
  __atomic_store_n(&sqlite_globals->callback_tracebacks, enable, __ATOMIC_RELAXED);
  return ok;
}
static Result<void> module_shared_cache(Thread& thread, bool enable) {
  TRY(warn(thread, exceptions.DeprecationWarning,
           "enable_shared_cache is deprecated and will be removed in Python 3.12. Shared cache is strongly discouraged by the "
           "SQLite 3 documentation. If shared cache must be used, open the database in URI mode using the cache=shared query "
           "parameter."));
  if (sqlite3_enable_shared_cache(enable) != SQLITE_OK)
    return raise_sqlite(thread, kSqliteOperational, "Changing the shared_cache flag failed");
  return ok;
}

static constinit NativeDef sqlite_functions[] = {
    native<module_adapt>("adapt($module, obj, proto=<unrepresentable>, alt=<unrepresentable>, /)",
                         "Adapt given object to given protocol."),
    native<module_complete_statement>("complete_statement($module, /, statement)",
                                      "Checks if a string contains a complete SQL statement."),
    native_raw(module_connect,
               "connect($module, /, database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, "
               "factory=ConnectionType, cached_statements=128, uri=False)",
               "Open an SQLite database and return a connection to it.\n\ndatabase is the path of the file. The name "
               "\":memory:\" stands for a new\ndatabase that is kept in memory only and goes away with the connection."),
    native<module_callback_tracebacks>(
        "enable_callback_tracebacks($module, enable, /)",
        "Choose whether errors in user callbacks are reported.\n\nWith a true argument, exceptions raised by functions that "
        "SQLite calls back\nare shown on stderr; with a false one they pass in silence."),
    native<module_shared_cache>("enable_shared_cache($module, /, do_enable)",
                                "Switch SQLite's shared cache on or off for this thread.\n\nDeprecated, to be gone in Python "
                                "3.12: the makers of SQLite advise against\nsharing caches. A program that cannot do without "
                                "should open its database by\nURI and put cache=shared into the query part."),
    native<module_register_adapter>("register_adapter($module, type, adapter, /)",
                                    "Set how objects of one type are stored in a database.\n\nadapter is called with an object "
                                    "of that type and returns what to store for\nit, a value of a type known to SQLite."),
    native<module_register_converter>(
        "register_converter($module, typename, converter, /)",
        "Set how values of one declared column type are read from a database.\n\nconverter is called with the stored value as "
        "bytes and returns the object to\nhand out. typename is compared without regard to case; connections that were\nopened "
        "with detect_types use the converter."),
};

// ---------------------------------------------------------------------------------------------------------------- the module

static Result<void> make_globals(Thread& thread) {
  static constexpr SqliteError bases[kSqliteErrorCount] = {kSqliteWarning,  kSqliteErrorBase, kSqliteErrorBase, kSqliteErrorBase,
                                                           kSqliteDatabase, kSqliteDatabase,  kSqliteDatabase,  kSqliteDatabase,
                                                           kSqliteDatabase, kSqliteDatabase};
  auto* made = new SqliteGlobals;
  for (u8 i = 0; i < kSqliteErrorCount; ++i) {
    Type* base = i <= kSqliteErrorBase ? exceptions.Exception : made->errors[bases[i]].get();
    char name[64];
    snprintf(name, sizeof name, "sqlite3.%s", sqlite_error_names[i]);
    made->errors[i].set(TRY(make_exception_type(thread, name, base)));
  }
  made->adapters.set(TRY(make_dict(thread)));
  made->converters.set(TRY(make_dict(thread)));
  sqlite_globals = made;
  return ok;
}

static Result<void> sqlite_exec(Thread& thread, Module* module) {
  if (!sqlite_globals) {
    if (sqlite3_initialize() != SQLITE_OK) return raise(thread, exceptions.ImportError, "can't initialize the SQLite library");
    TRY(make_globals(thread));
  }
  for (u8 i = 0; i < kSqliteErrorCount; ++i)
    TRY(module_set(thread, module, sqlite_error_names[i], Value(sqlite_globals->errors[i].get())));
  TRY(module_set(thread, module, "adapters", Value(sqlite_globals->adapters.get())));
  TRY(module_set(thread, module, "converters", Value(sqlite_globals->converters.get())));
  TRY(module_set(thread, module, "version", Value(intern(thread, "2.6.0"))));
  TRY(module_set(thread, module, "sqlite_version", Value(intern(thread, sqlite3_libversion()))));
  int mode = sqlite3_threadsafe();
  TRY(module_set(thread, module, "threadsafety", Value::of_small_int(mode == 1 ? 3 : mode == 2 ? 1 : 0)));
  TRY(module_set(thread, module, "PARSE_DECLTYPES", Value::of_small_int(kParseDecltypes)));
  TRY(module_set(thread, module, "PARSE_COLNAMES", Value::of_small_int(kParseColnames)));
  for (const ModuleConstant& row : result_codes) TRY(module_set(thread, module, row.name, Value::of_small_int(row.value)));
  return ok;
}

static TypeDef* const sqlite_types[] = {&sqlite_connection_def, &sqlite_cursor_def, &sqlite_row_def, &sqlite_blob_def,
                                        &sqlite_prepare_protocol_def};
constinit ModuleDef sqlite_module = {.name = "_sqlite3",
                                     .functions = sqlite_functions,
                                     .function_count = count_of(sqlite_functions),
                                     .types = sqlite_types,
                                     .type_count = 5,
                                     .constants = other_constants,
                                     .constant_count = sizeof other_constants / sizeof *other_constants,
                                     .exec = sqlite_exec};

}  // namespace baton
