// _sqlite3.Connection: opening, transactions, backups, limits. Its statements are in sqlite_statement.cpp.
#include <cstring>

#include "modules/sqlite_internal.h"
#include "objects/audit.h"
#include "objects/fixed_name.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- checks

Result<void> sqlite_check(Thread& thread, SqliteConnection* self) {
  if (self->initialised_ && self->check_thread_ && self->thread_ident_ != thread.python_ident_) {
    return raise_sqlite(thread, kSqliteProgramming,
                        "SQLite objects created in a thread can only be used in that same thread. The object was created in "
                        "thread id {} and this is thread id {}.",
                        self->thread_ident_, thread.python_ident_);
  }
  if (!self->initialised_) return raise_sqlite(thread, kSqliteProgramming, "Base Connection.__init__ not called.");
  if (!self->db_) return raise_sqlite(thread, kSqliteProgramming, "Cannot operate on a closed database.");
  return ok;
}

// ---------------------------------------------------------------------------------------------------------------- opening

static Result<Value> checked_isolation(Thread& thread, Value v) {
  if (v.is_none()) return v;
  if (!is<Str>(v)) return raise_type_error(thread, "isolation_level must be str or None");
  Value owner;
  std::string_view text = str_utf8_lossy(thread, v.as<Str>(), &owner);
  for (const char* level : {"", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"})
    if (text.size() == strlen(level) && strncasecmp(text.data(), level, text.size()) == 0) return Value(intern(thread, level));
  return raise_value_error(thread, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
}

// What cursors that nobody closed, dropped ones among them, keep of a connection that ends: their rows and the transaction, which
// other connections would wait for. Nobody fetches from them any more: cursors of a closed connection refuse. What belongs to an
// open blob has no text, and is left.
static void give_up_rows(sqlite3* db) {
  sqlite3_mutex* mutex = sqlite3_db_mutex(db);
  sqlite3_mutex_enter(mutex);
  auto next_busy = [db] {
    sqlite3_stmt* stmt = sqlite3_next_stmt(db, nullptr);
    while (stmt && !(sqlite3_sql(stmt) && sqlite3_stmt_busy(stmt))) stmt = sqlite3_next_stmt(db, stmt);
    return stmt;
  };
  // From the beginning each time: ending an aggregate written in Python may have other statements finalised.
  while (sqlite3_stmt* stmt = next_busy()) sqlite3_reset(stmt);
  sqlite3_mutex_leave(mutex);
  if (!sqlite3_get_autocommit(db)) sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
}

// Cursors that are in the middle of their rows go on with them if the connection is opened anew (Rows::Kept).
enum class Rows : u8 { Kept, GivenUp };
static void close_database(Thread& thread, SqliteConnection* self, Rows rows) {
  sqlite3* db = self->db_;
  Dict* cache = self->statements_.get();
  self->db_ = nullptr;
  self->statements_.clear();
  if (cache) sqlite_defer_cached(thread, cache, 0);
  if (db) {
    sqlite_open_connections.fetch_add_relaxed(-1);
    sqlite_run(thread, [&] {
      sqlite_finalize_deferred(nullptr);
      sqlite_finalize_idle(self, db);
      self->drop_hooks(db);
      if (rows == Rows::GivenUp) give_up_rows(db);
      return sqlite3_close_v2(db);
    });
  }
  sqlite_free_callbacks();
}

static Result<Value> connection_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return make_of<SqliteConnection>(thread, TRY(check_new_type(thread, args, n, sqlite_connection_def.type)));
}

static Result<void> connection_init(Thread& thread, SqliteConnection* self, Value database, double timeout, int detect_types,
                                    Value isolation, bool check_same_thread, Optional<Value>, int cached_statements, bool uri) {
  TRY(audit(thread, "sqlite3.connect", database));
  Bytes* path = TRY(file_system_bytes(thread, database));
  Value level = TRY(checked_isolation(thread, isolation));
  if (self->initialised_) {
    self->initialised_ = false;
    close_database(thread, self, Rows::Kept);
  }
  sqlite3* db = nullptr;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (uri ? SQLITE_OPEN_URI : 0);
  int rc = sqlite_run(thread, [&] {
    sqlite_finalize_deferred(nullptr);
    int r = sqlite3_open_v2(c_text(path), &db, flags, nullptr);
    if (r == SQLITE_OK) sqlite3_busy_timeout(db, static_cast<int>(timeout * 1000));
    return r;
  });
  KeepAlive keep{Value(path)};
  if (!db) return raise_memory_error(thread);
  if (rc != SQLITE_OK) {
    (void)raise_database(thread, db);
    sqlite3_close_v2(db);
    return failed;
  }
  self->db_ = db;
  sqlite_open_connections.fetch_add_relaxed(1);
  self->detect_types_ = detect_types;
  self->check_thread_ = check_same_thread;
  self->thread_ident_ = thread.python_ident_;
  self->cache_size_ = cached_statements;
  self->isolation_.set(self, level);
  self->row_factory_.set(self, kNone);
  self->text_factory_.set(self, Value(types.str));
  self->statements_.set(self, TRY(make_dict(thread)));
  self->initialised_ = true;
  return audit(thread, "sqlite3.connect/handle", Value(self));
}

// ---------------------------------------------------------------------------------------------------------------- methods

static Result<void> connection_close(Thread& thread, SqliteConnection* self) {
  if (self->initialised_ && !self->db_) {
    if (self->check_thread_ && self->thread_ident_ != thread.python_ident_) return sqlite_check(thread, self);
    return ok;
  }
  TRY(sqlite_check(thread, self));
  close_database(thread, self, Rows::GivenUp);
  return ok;
}
static Result<void> connection_commit(Thread& thread, SqliteConnection* self) {
  TRY(sqlite_check(thread, self));
  return sqlite3_get_autocommit(self->db_) ? Result<void>() : sqlite_execute_plain(thread, self, "COMMIT", Value(self));
}
static Result<void> connection_rollback(Thread& thread, SqliteConnection* self) {
  TRY(sqlite_check(thread, self));
  return sqlite3_get_autocommit(self->db_) ? Result<void>() : sqlite_execute_plain(thread, self, "ROLLBACK", Value(self));
}

static Result<Value> connection_cursor(Thread& thread, SqliteConnection* self, Optional<Value> factory) {
  TRY(sqlite_check(thread, self));
  Value maker = factory.has_value() ? factory.value : Value(sqlite_cursor_def.type);
  Value cursor = TRY(call(thread, maker, Value(self)));
  if (!is<SqliteCursor>(cursor)) return raise_type_error(thread, "factory must return a cursor, not {!t}", cursor);
  if (!self->row_factory_.get().is_none()) cursor.as<SqliteCursor>()->row_factory_.set(cursor.cell(), self->row_factory_.get());
  return cursor;
}

// A new cursor's method of the same name.
static Result<Value> by_cursor(Thread& thread, SqliteConnection* self, Str* method, const Value* args, usize n) {
  Value cursor = TRY(call_method(thread, Value(self), fixed_name<"cursor">(thread)));
  return call_method_values(thread, cursor, method, args, n);
}
static Result<Value> connection_execute(Thread& thread, SqliteConnection* self, Value sql, Optional<Value> parameters) {
  Value args[2] = {sql, parameters.value};
  return by_cursor(thread, self, fixed_name<"execute">(thread), args, parameters.has_value() ? 2 : 1);
}
static Result<Value> connection_executemany(Thread& thread, SqliteConnection* self, Value sql, Value parameters) {
  Value args[2] = {sql, parameters};
  return by_cursor(thread, self, fixed_name<"executemany">(thread), args, 2);
}
static Result<Value> connection_executescript(Thread& thread, SqliteConnection* self, Value script) {
  return by_cursor(thread, self, fixed_name<"executescript">(thread), &script, 1);
}

static Result<Value> connection_call(Thread& thread, SqliteConnection* self, Rest positional, KeywordRest keywords) {
  TRY(sqlite_check(thread, self));
  if (keywords.values && keywords.values->length())
    return raise_type_error(thread, "sqlite3.Connection() takes no keyword arguments");
  Index n = positional.values->length();
  if (n != 1) return raise_type_error(thread, "function takes exactly 1 argument ({} given)", n);
  Value sql = positional.values->at(0);
  if (!is<Str>(sql)) return raise_type_error(thread, "argument 1 must be str, not {!a}", sql);
  return sqlite_new_statement(thread, self, sql.as<Str>());
}
static Result<Value> connection_enter(Thread& thread, SqliteConnection* self) {
  TRY(sqlite_check(thread, self));
  return self;
}
static Result<bool> connection_exit(Thread& thread, SqliteConnection* self, Value type, Value, Value) {
  if (type.is_none()) {
    if (!connection_commit(thread, self).is_failed()) return false;
    Exception* pending = thread.take_pending();
    if (connection_rollback(thread, self).is_failed()) return failed;
    thread.set_pending(pending);
    return failed;
  }
  TRY(connection_rollback(thread, self));
  return false;
}
static Result<void> connection_interrupt(Thread& thread, SqliteConnection* self) {
  if (!self->initialised_ || !self->db_) return sqlite_check(thread, self);
  sqlite3_interrupt(self->db_);
  return ok;
}
static Result<Value> connection_iterdump(Thread& thread, SqliteConnection* self) {
  TRY(sqlite_check(thread, self));
  Value module = TRY(import_module(thread, "sqlite3.dump"));
  return call(thread, TRY(get_attr_ascii(thread, module, "_iterdump")), Value(self));
}

static Result<int> limit_of(Thread& thread, SqliteConnection* self, int category, int limit) {
  TRY(sqlite_check(thread, self));
  int old = sqlite3_limit(self->db_, category, limit);
  if (old < 0) return raise_sqlite(thread, kSqliteProgramming, "'category' is out of bounds");
  return old;
}
static Result<int> connection_setlimit(Thread& thread, SqliteConnection* self, int category, int limit) {
  return limit_of(thread, self, category, limit);
}
static Result<int> connection_getlimit(Thread& thread, SqliteConnection* self, int category) {
  return limit_of(thread, self, category, -1);
}

static Result<void> connection_backup(Thread& thread, SqliteConnection* self, Value target, int pages, Value progress, Str* name,
                                      double sleep) {
  TRY(sqlite_check(thread, self));
  if (!is<SqliteConnection>(target))
    return raise_type_error(thread, "backup() argument 'target' must be sqlite3.Connection, not {!a}", target);
  auto* other = target.as<SqliteConnection>();
  if (other == self) return raise_value_error(thread, "target cannot be the same connection instance");
  TRY(sqlite_check(thread, other));
  if (!progress.is_none() && !is_callable(progress)) return raise_type_error(thread, "progress argument must be a callable");
  Value owner;
  const char* database = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3 *from = self->db_, *to = other->db_;
  sqlite3_backup* backup = nullptr;
  sqlite_run(thread, [&] {
    backup = sqlite3_backup_init(to, "main", from, database);
    return 0;
  });
  if (!backup) return raise_database(thread, to);
  int rc;
  do {
    rc = sqlite_run(thread, [&] { return sqlite3_backup_step(backup, pages == 0 ? -1 : pages); });
    if (!progress.is_none()) {
      Result<Value> told = call(thread, progress, Value::of_small_int(rc), Value::of_small_int(sqlite3_backup_remaining(backup)),
                                Value::of_small_int(sqlite3_backup_pagecount(backup)));
      if (told.is_failed()) {
        sqlite_run(thread, [&] { return sqlite3_backup_finish(backup); });
        return failed;
      }
    }
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
      blocking<BlockCause::Sleep>(thread, [&] { sqlite3_sleep(static_cast<int>(sleep * 1000.0)); });
    }
  } while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED);
  rc = sqlite_run(thread, [&] { return sqlite3_backup_finish(backup); });
  if (rc != SQLITE_OK) return raise_database(thread, to);
  return ok;
}

static Result<Value> connection_serialize(Thread& thread, SqliteConnection* self, Str* name) {
  TRY(sqlite_check(thread, self));
  Value owner;
  const char* database = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3* db = self->db_;
  sqlite3_int64 size = 0;
  unsigned char* data = nullptr;
  bool copied = false;
  sqlite_run(thread, [&] {
    data = sqlite3_serialize(db, database, &size, SQLITE_SERIALIZE_NOCOPY);
    if (!data) {
      data = sqlite3_serialize(db, database, &size, 0);
      copied = true;
    }
    return 0;
  });
  if (!data) return raise_sqlite(thread, kSqliteOperational, "unable to serialize {!r}", Value(name));
  Result<Bytes*> result = bytes_from(thread, data, static_cast<usize>(size));
  if (copied) sqlite3_free(data);
  return result;
}

static Result<void> connection_deserialize(Thread& thread, SqliteConnection* self, Value content, Str* name) {
  TRY(sqlite_check(thread, self));
  ScopedBuffer data;
  Value text_owner;
  if (is<Str>(content)) {
    std::string_view text = TRY(str_utf8(thread, content.as<Str>(), &text_owner));
    data.data = reinterpret_cast<const u8*>(text.data());
    data.size = text.size();
  } else {
    TRY(data.get(thread, content));
  }
  KeepAlive keep_text(text_owner);
  Value owner;
  const char* database = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  auto* copy = static_cast<unsigned char*>(sqlite3_malloc64(data.size));
  if (!copy) return raise_memory_error(thread);  // also of what is empty
  if (data.size) memcpy(copy, data.data, data.size);
  sqlite3* db = self->db_;
  auto size = static_cast<sqlite3_int64>(data.size);
  int rc = sqlite_run(thread, [&] {
    return sqlite3_deserialize(db, database, copy, size, size, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
  });
  if (rc != SQLITE_OK) return raise_database(thread, db);
  return ok;
}

static Result<void> connection_enable_load_extension(Thread& thread, SqliteConnection* self, int enable) {
  TRY(audit(thread, "sqlite3.enable_load_extension", Value(self), Value::of_bool(enable != 0)));
  TRY(sqlite_check(thread, self));
  sqlite3* db = self->db_;
  if (sqlite_run(thread, [&] { return sqlite3_enable_load_extension(db, enable != 0); }) != SQLITE_OK)
    return raise_sqlite(thread, kSqliteOperational, "Error enabling load extension");
  return ok;
}
static Result<void> connection_load_extension(Thread& thread, SqliteConnection* self, Str* name) {
  TRY(sqlite_check(thread, self));
  TRY(audit(thread, "sqlite3.load_extension", Value(self), Value(name)));
  Value owner;
  const char* path = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3* db = self->db_;
  char* message = nullptr;
  int rc = sqlite_run(thread, [&] { return sqlite3_load_extension(db, path, nullptr, &message); });
  if (rc == SQLITE_OK) return ok;
  (void)raise_sqlite(thread, kSqliteOperational, "{}", std::string_view(message ? message : "not authorized"));
  sqlite3_free(message);
  return failed;
}

// ---------------------------------------------------------------------------------------------------------------- attributes

static Result<Value> get_isolation(Thread& thread, Value self) {
  TRY(sqlite_check(thread, self.as<SqliteConnection>()));
  return self.as<SqliteConnection>()->isolation_.get();
}
static Result<void> set_isolation(Thread& thread, Value object, Value v) {
  auto* self = object.as<SqliteConnection>();
  if (v.is_absent()) return raise_attribute_error_text(thread, "cannot delete attribute");
  Value level = TRY(checked_isolation(thread, v));
  if (level.is_none()) {
    self->isolation_.set(self, kNone);
    return connection_commit(thread, self);
  }
  self->isolation_.set(self, level);
  return ok;
}
static Result<Value> get_total_changes(Thread& thread, Value self) {
  TRY(sqlite_check(thread, self.as<SqliteConnection>()));
  return Value::of_small_int(sqlite3_total_changes(self.as<SqliteConnection>()->db_));
}
static Result<Value> get_in_transaction(Thread& thread, Value self) {
  TRY(sqlite_check(thread, self.as<SqliteConnection>()));
  return Value::of_bool(!sqlite3_get_autocommit(self.as<SqliteConnection>()->db_));
}
template <Field<Value> SqliteConnection::* field>
static Result<Value> get_field(Thread&, Value self) {
  return (self.as<SqliteConnection>()->*field).get();
}
template <Field<Value> SqliteConnection::* field>
static Result<void> set_field(Thread&, Value self, Value v) {
  (self.as<SqliteConnection>()->*field).set(self.cell(), v.is_absent() ? kNone : v);
  return ok;
}
template <SqliteError which>
static Result<Value> get_error(Thread&, Value) {
  return Value(sqlite_globals->errors[which].get());
}

static constinit GetSetDef connection_getsets[] = {
    {"Warning", get_error<kSqliteWarning>, nullptr, nullptr, true},
    {"Error", get_error<kSqliteErrorBase>, nullptr, nullptr, true},
    {"InterfaceError", get_error<kSqliteInterface>, nullptr, nullptr, true},
    {"DatabaseError", get_error<kSqliteDatabase>, nullptr, nullptr, true},
    {"DataError", get_error<kSqliteData>, nullptr, nullptr, true},
    {"OperationalError", get_error<kSqliteOperational>, nullptr, nullptr, true},
    {"IntegrityError", get_error<kSqliteIntegrity>, nullptr, nullptr, true},
    {"InternalError", get_error<kSqliteInternal>, nullptr, nullptr, true},
    {"ProgrammingError", get_error<kSqliteProgramming>, nullptr, nullptr, true},
    {"NotSupportedError", get_error<kSqliteNotSupported>, nullptr, nullptr, true},
    {"row_factory", get_field<&SqliteConnection::row_factory_>, set_field<&SqliteConnection::row_factory_>, nullptr, true},
    {"text_factory", get_field<&SqliteConnection::text_factory_>, set_field<&SqliteConnection::text_factory_>, nullptr, true},
    {"isolation_level", get_isolation, set_isolation, nullptr},
    {"total_changes", get_total_changes, nullptr, nullptr},
    {"in_transaction", get_in_transaction, nullptr, nullptr},
};
static constinit NativeDef connection_methods[] = {
    native_raw(connection_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<connection_init>("__init__($self, /, database, timeout=5.0, detect_types=0, isolation_level='', "
                            "check_same_thread=True, factory=<unrepresentable>, cached_statements=128, uri=False)",
                            "Set up a new instance from the arguments its class documents."),
    native<connection_call>("__call__($self, /, *args, **kwargs)", "Call self as a function."),
    native<connection_backup>("backup($self, /, target, *, pages=-1, progress=None, name='main', sleep=0.25)",
                              "Makes a backup of the database."),
    native<connection_close>(
        "close($self, /)",
        "Close the connection; it can't be used from then on.\n\nChanges not committed yet are lost, so call commit() first."),
    native<connection_commit>("commit($self, /)",
                              "Make the changes of the open transaction permanent.\n\nNothing happens if none is open."),
    native<connection_rollback>("rollback($self, /)",
                                "Undo all changes made in the open transaction.\n\nNothing happens if none is open."),
    native<connection_cursor>("cursor($self, /, factory=<unrepresentable>)", "Return a cursor for the connection."),
    native<connection_execute>("execute($self, sql, parameters=<unrepresentable>, /)", "Executes an SQL statement."),
    native<connection_executemany>("executemany($self, sql, parameters, /)", "Repeatedly executes an SQL statement."),
    native<connection_executescript>("executescript($self, sql_script, /)", "Executes multiple SQL statements at once."),
    native<connection_enter>("__enter__($self, /)", "Enter a with statement; the result is the connection."),
    native<connection_exit>("__exit__($self, type, value, traceback, /)",
                            "Leave a with statement: commit if its body succeeded, else roll back.\n\nThe connection stays open, "
                            "and exceptions are passed on."),
    native<connection_interrupt>("interrupt($self, /)", "Abort any pending database operation."),
    native<connection_iterdump>("iterdump($self, /)", "Iterate over SQL statements, as str, that would recreate the database."),
    native<connection_setlimit>("setlimit($self, category, limit, /)",
                                "Change a limit of this connection and return what it was before.\n\n  category  which limit: a "
                                "SQLITE_LIMIT_* constant\n  limit     the new value; one below zero changes nothing"),
    native<connection_getlimit>(
        "getlimit($self, category, /)",
        "Return the present value of a limit of this connection.\n\n  category  which limit: a SQLITE_LIMIT_* constant"),
    native<connection_serialize>("serialize($self, /, *, name='main')",
                                 "Return the content of a database as bytes, as a file of it would be.\n\n  name  the schema "
                                 "name, such as 'main', which is the default"),
    native<connection_deserialize>(
        "deserialize($self, data, /, *, name='main')",
        "Replace a database by one in memory made from serialized content.\n\n  data  bytes-like object, as serialize() returns "
        "it\n  name  the schema name of the database to replace; 'main' by default"),
    native<sqlite_blob_open>("blobopen($self, table, column, row, /, *, readonly=False, name='main')",
                             "Open and return a BLOB object."),
    native<connection_enable_load_extension>("enable_load_extension($self, enable, /)",
                                             "Enable dynamic loading of SQLite extension modules."),
    native<connection_load_extension>("load_extension($self, name, /)", "Load SQLite extension module."),
};

// The rows of sqlite_callback.cpp belong to this type too.
static Result<void> finish_connection(Thread& thread, Type* type) {
  for (u32 i = 0; i < kSqliteCallbackMethods; ++i) {
    NativeDef& row = sqlite_callback_methods[i];
    row.owner = &sqlite_connection_def;
    Value method = Value(TRY(make<MethodDescriptor>(thread, &row, type)));
    TRY(dict_set_str(thread, type->dict(), intern(thread, row.name()), method));
  }
  return ok;
}

constinit TypeDef sqlite_connection_def = {.name = "sqlite3.Connection",
                                           .doc = "SQLite database connection object.",
                                           .dynamic_kind = &DynamicKind<SqliteConnection>::value,
                                           .payload_size = sizeof(SqliteConnection),
                                           .flags = kTypeSubclassable,
                                           .methods = connection_methods,
                                           .method_count = count_of(connection_methods),
                                           .getsets = connection_getsets,
                                           .getset_count = 15,
                                           .kind_info = kind_info_of<SqliteConnection>("sqlite3.Connection"),
                                           .finish = finish_connection};

}  // namespace baton
