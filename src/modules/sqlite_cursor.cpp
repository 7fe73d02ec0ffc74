// _sqlite3.Cursor: executing statements, binding parameters, fetching rows.
//
// A row that SQLite has stepped to is read by the next fetch, which then steps on: so the end, and the number of changes of an
// INSERT ... RETURNING, are known as CPython knows them.
#include <cstring>

#include "modules/sqlite_internal.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- state

static Result<void> check_cursor(Thread& thread, SqliteCursor* self) {
  if (!self->initialised_) return raise_sqlite(thread, kSqliteProgramming, "Base Cursor.__init__ not called.");
  if (self->closed_) return raise_sqlite(thread, kSqliteProgramming, "Cannot operate on a closed cursor.");
  if (__atomic_load_n(&self->locked_, __ATOMIC_ACQUIRE))
    return raise_sqlite(thread, kSqliteProgramming, "Recursive use of cursors not allowed.");
  return sqlite_check(thread, self->connection_.get());
}

// From check to check: no second use of the cursor, from a callback or another thread.
class CursorUse {
 public:
  explicit CursorUse(SqliteCursor* self) : self_(self) {
    owned_ = __atomic_exchange_n(&self->locked_, u8{1}, __ATOMIC_ACQUIRE) == 0;
  }
  ~CursorUse() {
    if (owned_) __atomic_store_n(&self_->locked_, u8{0}, __ATOMIC_RELEASE);
  }
  CursorUse(const CursorUse&) = delete;
  CursorUse& operator=(const CursorUse&) = delete;
  Result<void> check(Thread& thread) const {
    if (owned_) return ok;
    return raise_sqlite(thread, kSqliteProgramming, "Recursive use of cursors not allowed.");
  }

 private:
  SqliteCursor* self_;
  bool owned_;
};

// The statement is done with.
static void drop_statement(Thread& thread, SqliteCursor* self) {
  SqliteStatement* statement = self->statement_.get();
  if (!statement) return;
  self->statement_.clear();
  Exception* pending = thread.has_pending() ? thread.take_pending() : nullptr;
  sqlite_give_back(thread, statement);
  if (pending) thread.set_pending(pending);
}

// A statement that is done is reset in the same blocking region.
static int step(Thread& thread, SqliteStatement* statement) {
  sqlite3_stmt* stmt = statement->stmt_;
  if (!stmt) return SQLITE_DONE;
  statement->is_reset_ = false;
  int rc = sqlite_run(thread, [&] {
    int done = sqlite3_step(stmt);
    if (done == SQLITE_DONE) sqlite3_reset(stmt);
    return done;
  });
  statement->is_reset_ = rc == SQLITE_DONE;
  return rc;
}

// ---------------------------------------------------------------------------------------------------------------- parameters

static Result<void> bind_value(Thread& thread, sqlite3* db, sqlite3_stmt* stmt, int position, Value v) {
  int rc = SQLITE_OK;
  SqliteLock lock(thread, db);
  if (v.is_none()) {
    rc = sqlite3_bind_null(stmt, position);
  } else if (is_int(v)) {
    i64 n;
    if (!int_to_i64(int_exact(v), &n)) return raise_overflow_error(thread, "Python int too large to convert to SQLite INTEGER");
    rc = sqlite3_bind_int64(stmt, position, n);
  } else if (is_float(v)) {
    rc = sqlite3_bind_double(stmt, position, float_value(v));
  } else if (is<Str>(v)) {
    Value owner;
    std::string_view text = TRY(str_utf8(thread, v.as<Str>(), &owner));
    if (text.size() > 0x7FFFFFFF) return raise_overflow_error(thread, "string longer than INT_MAX bytes");
    rc = sqlite3_bind_text(stmt, position, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  } else if (has_buffer(v)) {
    BufferView view;
    if (!convert_buffer(thread, v, &view)) return failed;
    if (view.size > 0x7FFFFFFF) {
      release_buffer(view);
      return raise_overflow_error(thread, "BLOB longer than INT_MAX bytes");
    }
    static const char nothing = 0;
    rc = sqlite3_bind_blob(stmt, position, view.size ? static_cast<const void*>(view.data) : &nothing,
                           static_cast<int>(view.size), SQLITE_TRANSIENT);
    release_buffer(view);
  } else {
    return raise_sqlite(thread, kSqliteProgramming, "Error binding parameter {}: type '{!t}' is not supported", position, v);
  }
  if (rc != SQLITE_OK) return raise_database(thread, db);
  return ok;
}

static Result<void> bind_sequence(Thread& thread, sqlite3* db, sqlite3_stmt* stmt, int wanted, Value parameters) {
  Index given = is_exact<Tuple>(parameters)  ? parameters.as<Tuple>()->length()
                : is_exact<List>(parameters) ? parameters.as<List>()->length()
                                             : TRY(length_of(thread, parameters));
  if (given != wanted) {
    return raise_sqlite(thread, kSqliteProgramming,
                        "Incorrect number of bindings supplied. The current statement uses {}, and there are {} supplied.",
                        wanted, static_cast<i64>(given));
  }
  for (int i = 0; i < wanted; ++i) {
    Value v;
    if (is_exact<Tuple>(parameters))
      v = parameters.as<Tuple>()->at(i);
    else if (is_exact<List>(parameters))
      v = parameters.as<List>()->try_at(i);
    else
      v = TRY(get_item(thread, parameters, Value::of_small_int(i)));
    if (v.is_absent()) return raise_index_error(thread, "list index out of range");
    TRY(bind_value(thread, db, stmt, i + 1, TRY(sqlite_adapt_parameter(thread, v))));
  }
  return ok;
}

static Result<void> bind_mapping(Thread& thread, sqlite3* db, sqlite3_stmt* stmt, int wanted, Value parameters) {
  for (int i = 1; i <= wanted; ++i) {
    const char* name = sqlite3_bind_parameter_name(stmt, i);
    if (!name) {
      return raise_sqlite(thread, kSqliteProgramming,
                          "Binding {} has no name, but you supplied a dictionary (which has only names).", i);
    }
    Value key = Value(TRY(str_from_utf8(thread, name + 1)));
    Result<Value> found =
        is_exact<Dict>(parameters) ? dict_find(thread, parameters.as<Dict>(), key) : get_item(thread, parameters, key);
    if (found.is_failed() && !clear_pending_if(thread, exceptions.LookupError)) return failed;
    if (found.is_failed() || found.value() == kNotFound)
      return raise_sqlite(thread, kSqliteProgramming, "You did not supply a value for binding parameter :{}.", key);
    TRY(bind_value(thread, db, stmt, i, TRY(sqlite_adapt_parameter(thread, found.value()))));
  }
  return ok;
}

static Result<void> bind_parameters_of(Thread& thread, sqlite3* db, SqliteStatement* statement, Value parameters) {
  sqlite3_stmt* stmt = statement->stmt_;
  int wanted = stmt ? sqlite3_bind_parameter_count(stmt) : 0;
  Type* type = type_of(parameters);
  bool sequence = is_exact<Tuple>(parameters) || is_exact<List>(parameters) ||
                  (!is<Dict>(parameters) && type->slot(Slot::getitem).is_present() && type->slot(Slot::len).is_present() &&
                   TRY(find_attr(thread, parameters, names.keys)) == kNotFound);
  if (sequence) return bind_sequence(thread, db, stmt, wanted, parameters);
  if (type->slot(Slot::getitem).is_present()) return bind_mapping(thread, db, stmt, wanted, parameters);
  return raise_sqlite(thread, kSqliteProgramming, "parameters are of unsupported type");
}

// ---------------------------------------------------------------------------------------------------------------- columns

// Column names end before a "[type]" when those are parsed.
static Result<Value> column_name(Thread& thread, SqliteConnection* connection, const char* name) {
  if (!name) return raise_memory_error(thread);
  usize n = strlen(name);
  if (connection->detect_types_ & kParseColnames) {
    if (const char* bracket = strchr(name, '[')) {
      n = static_cast<usize>(bracket - name);
      if (n > 0 && name[n - 1] == ' ') --n;
    }
  }
  return decode_utf8_text(thread, {name, n});
}

static Result<void> set_description(Thread& thread, SqliteCursor* self, sqlite3_stmt* stmt) {
  int n = sqlite3_column_count(stmt);
  if (n == 0) return ok;
  SqliteLock lock(thread, sqlite3_db_handle(stmt));
  Tuple* columns = TRY(make_tuple(thread, nullptr, n));
  for (int i = 0; i < n; ++i) {
    Tuple* column = TRY(make_tuple(thread, nullptr, 7));
    column->set_at(0, TRY(column_name(thread, self->connection_.get(), sqlite3_column_name(stmt, i))));
    columns->set_at(i, Value(column));
  }
  self->description_.set(self, Value(columns));
  return ok;
}

static Result<Value> converter_named(Thread& thread, const char* start, usize n) {
  Value name = TRY(decode_utf8_text(thread, {start, n}));
  Value upper = TRY(call_method(thread, name, intern(thread, "upper")));
  Value found = TRY(dict_find(thread, sqlite_globals->converters.get(), upper));
  return found == kNotFound ? kNone : found;
}

static Result<void> set_converters(Thread& thread, SqliteCursor* self, sqlite3_stmt* stmt) {
  int detect = self->connection_->detect_types_;
  self->converters_.clear();
  if (!detect) return ok;
  int n = sqlite3_column_count(stmt);
  auto in_lock = [&](auto call) {
    SqliteLock lock(thread, sqlite3_db_handle(stmt));
    return call();
  };
  Tuple* converters = TRY(make_tuple(thread, nullptr, n));
  for (int i = 0; i < n; ++i) {
    Value converter = kNone;
    if (detect & kParseColnames) {
      const char* name = in_lock([&] { return sqlite3_column_name(stmt, i); });
      const char* bracket = name ? strrchr(name, '[') : nullptr;
      const char* end = bracket ? strchr(bracket, ']') : nullptr;
      if (end) converter = TRY(converter_named(thread, bracket + 1, static_cast<usize>(end - bracket - 1)));
    }
    const char* type = nullptr;
    if (detect & kParseDecltypes) type = in_lock([&] { return sqlite3_column_decltype(stmt, i); });
    if (converter.is_none() && type) converter = TRY(converter_named(thread, type, strcspn(type, " (")));
    converters->set_at(i, converter);
  }
  self->converters_.set(self, converters);
  return ok;
}

// The column's bytes; None for NULL.
static Result<Value> raw_column(Thread& thread, sqlite3_stmt* stmt, int column) {
  SqliteLock lock(thread, sqlite3_db_handle(stmt));
  if (sqlite3_column_type(stmt, column) == SQLITE_NULL) return kNone;
  const void* data = sqlite3_column_blob(stmt, column);
  return bytes_from(thread, data ? data : "", static_cast<usize>(sqlite3_column_bytes(stmt, column)));
}

static Result<Tuple*> read_row(Thread& thread, SqliteCursor* self, sqlite3_stmt* stmt) {
  int n = sqlite3_data_count(stmt);
  Tuple* row = TRY(make_tuple(thread, nullptr, n));
  Tuple* converters = self->converters_.get();
  for (int i = 0; i < n; ++i) {
    Value converter = converters && i < converters->length() ? converters->at(i) : kNone;
    if (converter.is_none()) {
      row->set_at(i, TRY(sqlite_column_value(thread, self->connection_.get(), stmt, i)));
    } else {
      Value bytes = TRY(raw_column(thread, stmt, i));
      if (!bytes.is_none()) row->set_at(i, TRY(call(thread, converter, bytes)));
    }
  }
  return row;
}

// ---------------------------------------------------------------------------------------------------------------- execute

static Result<void> begin_transaction(Thread& thread, SqliteConnection* connection, Value holds) {
  Value level = connection->isolation_.get();
  if (level.is_none() || !sqlite3_get_autocommit(connection->db_)) return ok;
  if (str_equals_ascii(level.as<Str>(), "")) return sqlite_execute_plain(thread, connection, "BEGIN ", holds);
  if (str_equals_ascii(level.as<Str>(), "DEFERRED")) return sqlite_execute_plain(thread, connection, "BEGIN DEFERRED", holds);
  if (str_equals_ascii(level.as<Str>(), "IMMEDIATE")) return sqlite_execute_plain(thread, connection, "BEGIN IMMEDIATE", holds);
  return sqlite_execute_plain(thread, connection, "BEGIN EXCLUSIVE", holds);
}

// One execution. many: rows it answers are thrown away.
static Result<void> run_once(Thread& thread, SqliteCursor* self, SqliteStatement* statement, Value parameters, bool many) {
  SqliteConnection* connection = self->connection_.get();
  sqlite3* db = connection->db_;
  sqlite3_stmt* stmt = statement->stmt_;
  TRY(bind_parameters_of(thread, db, statement, parameters));
  TRY(sqlite_check(thread, connection));  // adapters may have closed it
  int rc = step(thread, statement);
  if (rc != SQLITE_DONE && rc != SQLITE_ROW && sqlite_freed_dropped(thread, connection, rc, many ? Value() : Value(self))) {
    sqlite_run(thread, [&] { return sqlite3_reset(stmt); });
    rc = step(thread, statement);
  }
  if (thread.has_pending()) return failed;
  if (rc != SQLITE_DONE && rc != SQLITE_ROW) return raise_database(thread, db);
  if (stmt && self->description_.get().is_none()) TRY(set_description(thread, self, stmt));
  if (stmt) TRY(set_converters(thread, self, stmt));
  if (rc == SQLITE_DONE || many) {
    if (many && rc == SQLITE_ROW) {  // on to the end, so that all of its changes are made
      while (rc == SQLITE_ROW) rc = step(thread, statement);
      if (rc != SQLITE_DONE) return raise_database(thread, db);
    }
    if (statement->changes_data_) self->rowcount_ += sqlite3_changes(db);
  }
  return ok;
}

static Result<Value> execute(Thread& thread, SqliteCursor* self, Value sql, Value parameters, bool many) {
  TRY(check_cursor(thread, self));
  CursorUse use(self);
  TRY(use.check(thread));
  if (!is<Str>(sql)) {
    return raise_type_error(thread, "{}() argument 1 must be str, not {!a}", many ? "executemany" : "execute", sql);
  }
  SqliteConnection* connection = self->connection_.get();
  drop_statement(thread, self);
  sqlite_look_for_dropped(thread, connection, Value(self));
  self->description_.set(self, kNone);
  self->rowcount_ = -1;
  Value iterator;
  if (many) iterator = is_iterator(parameters) ? parameters : TRY(get_iter(thread, parameters));
  SqliteStatement* statement = TRY(sqlite_prepare(thread, connection, sql.as<Str>()));
  self->statement_.set(self, statement);
  auto run = [&]() -> Result<void> {
    if (many && (!statement->stmt_ || sqlite3_stmt_readonly(statement->stmt_)))
      return raise_sqlite(thread, kSqliteProgramming, "executemany() can only execute DML statements.");
    self->rowcount_ = statement->changes_data_ ? 0 : -1;
    if (statement->changes_data_) TRY(begin_transaction(thread, connection, many ? Value() : Value(self)));
    if (!many) return run_once(thread, self, statement, parameters, false);
    for (;;) {
      Value next = TRY(iter_next(thread, iterator));
      if (next == kExhausted) return ok;
      TRY(run_once(thread, self, statement, next, true));
    }
  };
  Result<void> done = run();
  if (done.is_failed()) {
    self->rowcount_ = -1;
    drop_statement(thread, self);
    return failed;
  }
  if (!many && connection->db_) self->lastrowid_.set(self, TRY(int_from_i64(thread, sqlite3_last_insert_rowid(connection->db_))));
  if (!statement->stmt_ || sqlite3_data_count(statement->stmt_) == 0)
    drop_statement(thread, self);
  else
    sqlite_begin_waiting(statement);
  return self;
}
static Result<Value> cursor_execute(Thread& thread, SqliteCursor* self, Value sql, Optional<Value> parameters) {
  return execute(thread, self, sql, parameters.has_value() ? parameters.value : Value(empty_tuple()), false);
}
static Result<Value> cursor_executemany(Thread& thread, SqliteCursor* self, Value sql, Value parameters) {
  return execute(thread, self, sql, parameters, true);
}

static Result<Value> cursor_executescript(Thread& thread, SqliteCursor* self, Value script) {
  if (!is<Str>(script)) return raise_type_error(thread, "executescript() argument must be str, not {!a}", script);
  Value owner;
  const char* sql = TRY(sqlite_text(thread, script.as<Str>(), &owner));
  KeepAlive keep(owner);
  TRY(check_cursor(thread, self));
  SqliteConnection* connection = self->connection_.get();
  sqlite3* db = connection->db_;
  if (static_cast<i64>(strlen(sql)) > sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, -1))
    return raise_sqlite(thread, kSqliteData, "query string is too large");
  if (!sqlite3_get_autocommit(db)) TRY(sqlite_execute_plain(thread, connection, "COMMIT", Value()));
  sqlite_look_for_dropped(thread, connection, Value());
  while (*sql) {
    sqlite3_stmt* stmt = nullptr;
    const char* start = sql;
    auto run = [&] {
      int r = sqlite3_prepare_v2(db, start, -1, &stmt, &sql);
      if (r != SQLITE_OK) return r;
      do {
        r = stmt ? sqlite3_step(stmt) : SQLITE_DONE;
      } while (r == SQLITE_ROW);
      int end = sqlite3_finalize(stmt);
      return r == SQLITE_DONE ? end : r;
    };
    int rc = sqlite_run(thread, run);
    if (rc != SQLITE_OK && sqlite_freed_dropped(thread, connection, rc, Value())) rc = sqlite_run(thread, run);
    if (thread.has_pending()) return failed;
    if (rc != SQLITE_OK) return raise_database(thread, db);
  }
  return self;
}

// ---------------------------------------------------------------------------------------------------------------- fetch

static Result<Value> next_row(Thread& thread, SqliteCursor* self) {
  TRY(check_cursor(thread, self));
  SqliteStatement* statement = self->statement_.get();
  if (!statement) return kExhausted;
  Value row;
  {
    CursorUse use(self);
    TRY(use.check(thread));
    sqlite3_stmt* stmt = statement->stmt_;
    if (sqlite3_data_count(stmt) == 0) {
      drop_statement(thread, self);
      return kExhausted;
    }
    Result<Tuple*> read = read_row(thread, self, stmt);
    if (read.is_failed()) return failed;
    row = Value(read.value());
    sqlite3* db = self->connection_->db_;
    if (!db) return sqlite_check(thread, self->connection_.get()).is_failed() ? Result<Value>(failed) : Result<Value>(row);
    int rc = step(thread, statement);
    if (thread.has_pending()) {
      drop_statement(thread, self);
      return failed;
    }
    if (rc == SQLITE_DONE) {
      if (statement->changes_data_) self->rowcount_ = sqlite3_changes(db);
      drop_statement(thread, self);
    } else if (rc != SQLITE_ROW) {
      (void)raise_database(thread, db);
      drop_statement(thread, self);
      return failed;
    }
  }
  if (!self->row_factory_.get().is_none()) return call(thread, self->row_factory_.get(), Value(self), row);
  return row;
}

static Result<Value> cursor_next(Thread& thread, SqliteCursor* self) { return next_row(thread, self); }
static Result<Value> cursor_iter(Thread&, Value self) { return self; }
static Result<Value> cursor_fetchone(Thread& thread, SqliteCursor* self) {
  Value row = TRY(next_row(thread, self));
  return row == kExhausted ? kNone : row;
}
static Result<List*> fetch(Thread& thread, SqliteCursor* self, i64 limit) {
  List* rows = TRY(make_list(thread));
  TRY(check_cursor(thread, self));
  while (limit < 0 || rows->length() < limit) {
    Value row = TRY(next_row(thread, self));
    if (row == kExhausted) break;
    TRY(list_append(thread, rows, row));
  }
  return rows;
}
static Result<List*> cursor_fetchall(Thread& thread, SqliteCursor* self) { return fetch(thread, self, -1); }
static Result<List*> cursor_fetchmany(Thread& thread, SqliteCursor* self, Optional<int> size) {
  i64 n = size.has_value() ? size.value : self->arraysize_;
  return fetch(thread, self, n == 0 ? -1 : n < 0 ? -1 : n);
}

static Result<void> cursor_close(Thread& thread, SqliteCursor* self) {
  CursorUse use(self);
  TRY(use.check(thread));
  if (!self->connection_.get()) return raise_sqlite(thread, kSqliteProgramming, "Base Cursor.__init__ not called.");
  TRY(sqlite_check(thread, self->connection_.get()));
  drop_statement(thread, self);
  self->closed_ = true;
  return ok;
}
static Result<void> cursor_setinputsizes(Thread&, SqliteCursor*, Value) { return ok; }
static Result<void> cursor_setoutputsize(Thread&, SqliteCursor*, Value, Value) { return ok; }

// ---------------------------------------------------------------------------------------------------------------- the type

static Result<Value> cursor_new(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple*) {
  return make_of<SqliteCursor>(thread, TRY(check_new_type(thread, args, n, sqlite_cursor_def.type)));
}
static Result<void> cursor_init(Thread& thread, SqliteCursor* self, Value connection) {
  if (!is<SqliteConnection>(connection))
    return raise_type_error(thread, "Cursor() argument 1 must be sqlite3.Connection, not {!a}", connection);
  if (__atomic_load_n(&self->locked_, __ATOMIC_ACQUIRE))
    return raise_sqlite(thread, kSqliteProgramming, "Recursive use of cursors not allowed.");
  self->connection_.set(self, connection.as<SqliteConnection>());
  self->statement_.clear();
  self->converters_.clear();
  self->description_.set(self, kNone);
  self->lastrowid_.set(self, kNone);
  self->row_factory_.set(self, kNone);
  self->arraysize_ = 1;
  self->rowcount_ = -1;
  self->closed_ = false;
  TRY(sqlite_check(thread, connection.as<SqliteConnection>()));
  self->initialised_ = true;
  return ok;
}

static Result<Value> get_connection(Thread&, Value self) {
  SqliteConnection* connection = self.as<SqliteCursor>()->connection_.get();
  return connection ? Value(connection) : kNone;
}
template <Field<Value> SqliteCursor::* field>
static Result<Value> get_field(Thread&, Value self) {
  return (self.as<SqliteCursor>()->*field).get();
}
static Result<Value> get_rowcount(Thread& thread, Value self) { return int_from_i64(thread, self.as<SqliteCursor>()->rowcount_); }
static Result<Value> get_arraysize(Thread& thread, Value self) {
  return int_from_i64(thread, self.as<SqliteCursor>()->arraysize_);
}
static Result<void> set_arraysize(Thread& thread, Value self, Value v) {
  if (v.is_absent()) return raise_type_error(thread, "can't delete numeric/char attribute");
  int n;
  if (!convert_int(thread, v, &n)) return failed;
  self.as<SqliteCursor>()->arraysize_ = n;
  return ok;
}
static Result<void> set_row_factory(Thread&, Value self, Value v) {
  self.as<SqliteCursor>()->row_factory_.set(self.cell(), v.is_absent() ? kNone : v);
  return ok;
}

static constinit GetSetDef cursor_getsets[] = {
    {"connection", get_connection, nullptr, nullptr, true},
    {"description", get_field<&SqliteCursor::description_>, nullptr, nullptr, true},
    {"arraysize", get_arraysize, set_arraysize, nullptr, true},
    {"lastrowid", get_field<&SqliteCursor::lastrowid_>, nullptr, nullptr, true},
    {"rowcount", get_rowcount, nullptr, nullptr, true},
    {"row_factory", get_field<&SqliteCursor::row_factory_>, set_row_factory, nullptr, true},
};
static constinit NativeDef cursor_methods[] = {
    native_raw(cursor_new, "__new__(type, /, *args, **kwargs)",
               "Make an instance; the class's own help describes the arguments."),
    native<cursor_init>("__init__($self, connection, /)", "Set up a new instance from the arguments its class documents."),
    native<cursor_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<cursor_next>("__next__($self, /)", "Implement next(self)."),
    native<cursor_close>("close($self, /)", "Closes the cursor."),
    native<cursor_execute>("execute($self, sql, parameters=(), /)", "Executes an SQL statement."),
    native<cursor_executemany>("executemany($self, sql, seq_of_parameters, /)", "Repeatedly executes an SQL statement."),
    native<cursor_executescript>("executescript($self, sql_script, /)", "Executes multiple SQL statements at once."),
    native<cursor_fetchall>("fetchall($self, /)", "Fetches all rows from the resultset."),
    native<cursor_fetchmany>("fetchmany($self, /, size=1)",
                             "Return the next rows of the result as a list, empty after the last.\n\n  size  how many rows at "
                             "most; the cursor's arraysize if left out"),
    native<cursor_fetchone>("fetchone($self, /)", "Fetches one row from the resultset."),
    native<cursor_setinputsizes>("setinputsizes($self, sizes, /)", "Required by DB-API. Does nothing in sqlite3."),
    native<cursor_setoutputsize>("setoutputsize($self, size, column=None, /)", "Required by DB-API. Does nothing in sqlite3."),
};
constinit TypeDef sqlite_cursor_def = {.name = "sqlite3.Cursor",
                                       .doc = "SQLite database cursor class.",
                                       .dynamic_kind = &DynamicKind<SqliteCursor>::value,
                                       .payload_size = sizeof(SqliteCursor),
                                       .flags = kTypeSubclassable | kTypeWeakrefable,
                                       .methods = cursor_methods,
                                       .method_count = count_of(cursor_methods),
                                       .getsets = cursor_getsets,
                                       .getset_count = 6,
                                       .kind_info = kind_info_of<SqliteCursor>("sqlite3.Cursor")};

}  // namespace baton
