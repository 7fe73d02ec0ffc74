// _sqlite3: what its files share.
//
//   _sqlite3          module, exceptions, adapters and converters     sqlite_cursor    statements, parameters, rows
//   sqlite_connection  Connection                                      sqlite_callback  functions and hooks written in Python
//   sqlite_row        Row                                              sqlite_blob      Blob
//   sqlite_dropped    statements of cursors that nobody has any more
//
// SQLite is called in blocking regions: its own mutex (serialised mode) guards a connection that several threads use, and the GIL
// is free while it works. Callbacks re-enter; one that fails leaves its exception pending until SQLite returns.
#pragma once
#include <sqlite3.h>

#include "modules/os_support.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/module.h"
#include "objects/tuple.h"
#include "threads/atomic.h"
#include "threads/reenter.h"

namespace baton {

enum SqliteError : u8 {
  kSqliteWarning,
  kSqliteErrorBase,
  kSqliteInterface,
  kSqliteDatabase,
  kSqliteData,
  kSqliteOperational,
  kSqliteIntegrity,
  kSqliteInternal,
  kSqliteProgramming,
  kSqliteNotSupported,
  kSqliteErrorCount
};
struct SqliteGlobals {
  Root<Type> errors[kSqliteErrorCount];
  Root<Dict> adapters, converters;
  bool callback_tracebacks = false;  // atomic
  bool basic_types_adapted = false;  // atomic: an adapter of a type that SQLite knows has been registered
};
extern SqliteGlobals* sqlite_globals;
extern const char* const sqlite_error_names[kSqliteErrorCount];

template <class... A>
[[gnu::cold]] BATON_NOINLINE Failed raise_sqlite(Thread& thread, SqliteError which, const char* format, A... args) {
  return raise(thread, sqlite_globals->errors[which].get(), format, args...);
}
// What the database says went wrong; an exception pending from a callback stays.
Failed raise_database(Thread& thread, sqlite3* db);
// Runs call() -> int with the GIL free. thread.has_pending() afterwards: a callback failed.
template <class F>
int sqlite_run(Thread& thread, F&& call) {
  return blocking<BlockCause::Io>(thread, [&]() -> int { return call(); });
}

// The connection's mutex, for short calls of SQLite that would wait for it with the GIL held: its owner may be in a callback,
// waiting for the GIL. No Python code under it.
class SqliteLock {
 public:
  SqliteLock(Thread& thread, sqlite3* db) : mutex_(sqlite3_db_mutex(db)) {
    if (mutex_ && sqlite3_mutex_try(mutex_) != SQLITE_OK)
      blocking<BlockCause::Lock>(thread, [this] { sqlite3_mutex_enter(mutex_); });
  }
  ~SqliteLock() { sqlite3_mutex_leave(mutex_); }  // null: nothing
  SqliteLock(const SqliteLock&) = delete;
  SqliteLock& operator=(const SqliteLock&) = delete;

 private:
  sqlite3_mutex* mutex_;
};

inline constexpr int kParseDecltypes = 1, kParseColnames = 2;

// A callable that SQLite knows. In malloc memory, as SQLite decides how long it is needed: so one that refers to its connection
// keeps it alive until the connection is closed.
struct SqliteCallback {
  explicit SqliteCallback(Value v) : callable(v) {}
  Root<Value> callable;
  SqliteCallback* next = nullptr;
};
extern Atomic<i64> sqlite_open_connections, sqlite_waiting_statements;
enum SqliteHook : u8 { kAuthorizerHook, kProgressHook, kTraceHook, kSqliteHookCount };
void sqlite_drop_callback(void* callback);  // from anywhere
void sqlite_free_callbacks();               // the dropped ones

struct DeferredHandle;
class SqliteConnection final : public Cell {
 public:
  void init() {
    db_ = nullptr;
    detect_types_ = 0;
    initialised_ = check_thread_ = false;
    thread_ident_ = 0;
    cache_size_ = 0;
    waiting_ = looked_at_ = 0;
    writer_waiting_ = 0;
    look_after_ = 0;
    look_pays_ = 1;
    full_look_at_ = 32;
    idle_ = nullptr;
    idle_count_ = 0;
    isolation_.init(Value());
    row_factory_.init(kNone);
    text_factory_.init(Value(types.str));
    statements_.init(nullptr);
    for (SqliteCallback*& hook : hooks_) hook = nullptr;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(isolation_, row_factory_, text_factory_, statements_); }
  void finalize_native() {
    if (!db_) return;
    defer_idle();
    drop_hooks(db_);
    sqlite3_close_v2(db_);  // nobody is inside: whoever were would hold the connection
    sqlite_open_connections.fetch_add_relaxed(-1);
    db_ = nullptr;
  }
  void drop_hooks(sqlite3* db) {
    sqlite3_set_authorizer(db, nullptr, nullptr);
    sqlite3_progress_handler(db, 0, nullptr, nullptr);
    sqlite3_trace_v2(db, 0, nullptr, nullptr);
    for (SqliteCallback*& hook : hooks_) {
      if (hook) sqlite_drop_callback(hook);
      hook = nullptr;
    }
  }
  sqlite3* db_;
  int detect_types_;
  bool initialised_, check_thread_;
  u64 thread_ident_;
  i64 cache_size_;
  // Atomic, and roughly: statements in the middle of their rows; how many of them there were after the last collection that was
  // made for them; whether one came since that writes; the time before which the others aren't worth another collection.
  i32 waiting_, looked_at_;
  u8 writer_waiting_;
  u64 look_after_;
  u8 look_pays_;      // the last one found half of them or more dropped
  i32 full_look_at_;  // so many that minor ones leave are worth a full one
  // Statements of dropped cursors, reset, to be used again: a program that leaves one execute() after another in the middle of
  // its rows prepares each text a few times only. Guarded by the database's mutex.
  DeferredHandle* idle_;
  i64 idle_count_;
  void defer_idle();
  Field<Value> isolation_;  // a str, or None: autocommit
  Field<Value> row_factory_, text_factory_;
  Field<Dict> statements_;  // text -> SqliteStatement not in use
  SqliteCallback* hooks_[kSqliteHookCount];
};

class SqliteStatement final : public Cell {
 public:
  void init(SqliteConnection* connection, sqlite3_stmt* stmt, Str* sql, bool changes_data) {
    connection_.init(connection);
    stmt_ = stmt;
    sql_.init(sql);
    changes_data_ = changes_data;
    is_reset_ = false;
    waiting_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(connection_, sql_); }
  void finalize_native();
  Field<SqliteConnection> connection_;
  Field<Str> sql_;
  sqlite3_stmt* stmt_;  // null: the text had no statement
  bool changes_data_;   // INSERT, UPDATE, DELETE, REPLACE
  bool is_reset_;       // since the last step
  u8 waiting_;          // atomic: counted, in the middle of its rows
};

class SqliteCursor final : public Cell {
 public:
  void init() {
    connection_.init(nullptr);
    statement_.init(nullptr);
    description_.init(kNone);
    row_factory_.init(kNone);
    converters_.init(nullptr);
    lastrowid_.init(kNone);
    arraysize_ = 1;
    rowcount_ = -1;
    initialised_ = closed_ = false;
    locked_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const {
    visit(connection_, statement_, description_, row_factory_, converters_, lastrowid_);
  }
  Field<SqliteConnection> connection_;
  Field<SqliteStatement> statement_;  // with a row waiting, or null
  Field<Value> description_, row_factory_, lastrowid_;
  Field<Tuple> converters_;  // a callable or None by column, or null
  i64 arraysize_, rowcount_;
  bool initialised_, closed_;
  u8 locked_;  // atomic: it executes or fetches right now
};

extern TypeDef sqlite_connection_def, sqlite_statement_def, sqlite_cursor_def, sqlite_row_def, sqlite_blob_def,
    sqlite_prepare_protocol_def;

// sqlite_connection.cpp
Result<void> sqlite_check(Thread& thread, SqliteConnection* self);                                        // right thread, open
Result<void> sqlite_execute_plain(Thread& thread, SqliteConnection* self, const char* sql, Value holds);  // holds: as below
// sqlite_statement.cpp
Result<SqliteStatement*> sqlite_prepare(Thread& thread, SqliteConnection* self, Str* sql);  // from the cache, or new
Result<SqliteStatement*> sqlite_new_statement(Thread& thread, SqliteConnection* self, Str* sql);
// Gives up the oldest statements of a connection's cache until `most` are left. Leaves no exception; none may be pending.
void sqlite_defer_cached(Thread& thread, Dict* cache, i64 most);
// Finalises what is kept for the same text again. In a blocking region.
void sqlite_finalize_idle(SqliteConnection* self, sqlite3* db);
void sqlite_give_back(Thread& thread, SqliteStatement* statement);  // to the connection's cache, reset
void sqlite_defer(sqlite3_stmt* stmt, sqlite3_blob* blob,
                  bool has_rows = false);  // of a dead object: closed by the next call of SQLite
// In a blocking region; whether there were any. Statements of `self`, if it isn't null, are kept for later.
bool sqlite_finalize_deferred(SqliteConnection* self);
// sqlite_dropped.cpp
void sqlite_begin_waiting(SqliteStatement* statement);  // it has a row that nobody has read yet; may be called for each row
void sqlite_end_waiting(SqliteStatement* statement);    // it is reset, or about to be
// Before a statement is run: sees to it that cursors that nobody has any more don't keep a transaction open. holds: the one value
// beside the arguments that the caller needs any longer (the connection or a cursor); absent: there are others.
void sqlite_look_for_dropped(Thread& thread, SqliteConnection* self, Value holds);
// SQLite refused something with `rc`. Whether to try again: statements or connections were found that nobody has any more.
bool sqlite_freed_dropped(Thread& thread, SqliteConnection* self, int rc, Value holds);
// sqlite_callback.cpp
extern NativeDef sqlite_callback_methods[];
inline constexpr u32 kSqliteCallbackMethods = 7;
// sqlite_blob.cpp
Result<Value> sqlite_blob_open(Thread& thread, SqliteConnection* self, Str* table, Str* column, Value row, bool readonly,
                               Str* name);
// _sqlite3.cpp
Result<Value> sqlite_adapt(Thread& thread, Value object, Value protocol, Value alternative);
Result<Value> sqlite_adapt_parameter(Thread& thread, Value v);
// The column as Python value; text goes by the connection's text_factory.
Result<Value> sqlite_column_value(Thread& thread, SqliteConnection* connection, sqlite3_stmt* stmt, int column);

inline Result<Value> decode_utf8_text(Thread& thread, std::string_view text) {
  return decode_utf8(thread, reinterpret_cast<const u8*>(text.data()), text.size(), nullptr);
}
// UTF-8 with a terminator; *owner keeps it.
inline Result<const char*> sqlite_text(Thread& thread, Str* s, Value* owner) {
  std::string_view text = TRY(str_utf8(thread, s, owner));
  if (text.find('\0') != std::string_view::npos) return raise_value_error(thread, "embedded null character");
  Bytes* copy = TRY(bytes_from(thread, text));
  *owner = Value(copy);
  return c_text(copy);
}

}  // namespace baton
