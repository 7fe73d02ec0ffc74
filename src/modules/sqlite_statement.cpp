// Statements of _sqlite3: made from text, kept for the same text again, and finalised by whoever calls SQLite next.
#include <cstdlib>
#include <cstring>

#include "modules/idle_collection.h"
#include "modules/sqlite_internal.h"
#include "threads/atomic.h"

namespace baton {

// The collector must not finalise statements: that takes the connection's mutex, which another thread may hold for as long as its
// query runs, and it may end aggregates written in Python. Dead ones are put aside until somebody calls SQLite anyway; so are the
// callables of functions and hooks that SQLite has let go.
struct DeferredHandle {
  sqlite3_stmt* stmt;  // one of the two
  sqlite3_blob* blob;
  bool has_rows;  // counted as held until finalised
  DeferredHandle* next;
};
static constexpr i64 kMostIdle = 64;
static Atomic<DeferredHandle*> dead_handles{nullptr};
static Atomic<SqliteCallback*> dead_callbacks{nullptr};

void sqlite_defer(sqlite3_stmt* stmt, sqlite3_blob* blob, bool has_rows) {
  auto* node = static_cast<DeferredHandle*>(malloc(sizeof(DeferredHandle)));
  if (!node) return;  // leaked, rather than waited for
  *node = {stmt, blob, has_rows, dead_handles.load()};
  while (!dead_handles.compare_exchange(node->next, node)) {
  }
}
void SqliteStatement::finalize_native() {
  if (stmt_) sqlite_defer(stmt_, nullptr, waiting_);
  if (waiting_) {
    sqlite_waiting_statements.fetch_add_relaxed(-1);
    if (!stmt_) held_until_finalised.fetch_add_relaxed(-1);
  }
  stmt_ = nullptr;
}
void sqlite_drop_callback(void* data) {
  auto* callback = static_cast<SqliteCallback*>(data);
  callback->next = dead_callbacks.load();
  while (!dead_callbacks.compare_exchange(callback->next, callback)) {
  }
}

static void finalize_deferred(DeferredHandle* node) {
  sqlite3_finalize(node->stmt);  // null: nothing
  sqlite3_blob_close(node->blob);
  free(node);
}

// Resets a statement of this connection and keeps it for take_idle(). False: it has enough of them.
static bool keep_idle(SqliteConnection* self, DeferredHandle* node) {
  sqlite3_reset(node->stmt);
  sqlite3_clear_bindings(node->stmt);
  sqlite3_mutex* mutex = sqlite3_db_mutex(sqlite3_db_handle(node->stmt));
  sqlite3_mutex_enter(mutex);
  bool has_room = self->idle_count_ < (self->cache_size_ < kMostIdle ? self->cache_size_ : kMostIdle);
  if (has_room) {
    node->next = self->idle_;
    __atomic_store_n(&self->idle_, node, __ATOMIC_RELAXED);
    ++self->idle_count_;
  }
  sqlite3_mutex_leave(mutex);
  return has_room;
}
// A statement of this text that a dropped cursor had, or null.
static sqlite3_stmt* take_idle(SqliteConnection* self, sqlite3* db, std::string_view text) {
  if (!__atomic_load_n(&self->idle_, __ATOMIC_RELAXED)) return nullptr;
  sqlite3_mutex* mutex = sqlite3_db_mutex(db);
  sqlite3_mutex_enter(mutex);
  DeferredHandle** place = &self->idle_;
  while (*place && text != sqlite3_sql((*place)->stmt)) place = &(*place)->next;
  DeferredHandle* node = *place;
  if (node) {
    __atomic_store_n(place, node->next, __ATOMIC_RELAXED);
    --self->idle_count_;
  }
  sqlite3_mutex_leave(mutex);
  sqlite3_stmt* stmt = node ? node->stmt : nullptr;
  free(node);
  return stmt;
}
void sqlite_finalize_idle(SqliteConnection* self, sqlite3* db) {
  sqlite3_mutex* mutex = sqlite3_db_mutex(db);
  sqlite3_mutex_enter(mutex);
  DeferredHandle* node = self->idle_;
  __atomic_store_n(&self->idle_, nullptr, __ATOMIC_RELAXED);
  self->idle_count_ = 0;
  sqlite3_mutex_leave(mutex);
  while (node) {
    DeferredHandle* next = node->next;
    finalize_deferred(node);
    node = next;
  }
}

bool sqlite_finalize_deferred(SqliteConnection* self) {
  if (!dead_handles.load_relaxed()) return false;
  sqlite3* db = self ? self->db_ : nullptr;
  for (DeferredHandle* node = dead_handles.exchange(nullptr); node;) {
    DeferredHandle* next = node->next;
    if (node->has_rows) held_until_finalised.fetch_add_relaxed(-1);
    node->has_rows = false;
    bool is_own = db && node->stmt && sqlite3_db_handle(node->stmt) == db;
    if (!is_own || !keep_idle(self, node)) finalize_deferred(node);
    node = next;
  }
  return true;
}

void SqliteConnection::defer_idle() {
  while (DeferredHandle* node = idle_) {
    idle_ = node->next;
    node->next = dead_handles.load();
    while (!dead_handles.compare_exchange(node->next, node)) {
    }
  }
}
void sqlite_free_callbacks() {
  if (!dead_callbacks.load_relaxed()) return;
  for (SqliteCallback* callback = dead_callbacks.exchange(nullptr); callback;) {
    SqliteCallback* next = callback->next;
    delete callback;
    callback = next;
  }
}

constinit TypeDef sqlite_statement_def = {.name = "sqlite3.Statement",
                                          .dynamic_kind = &DynamicKind<SqliteStatement>::value,
                                          .payload_size = sizeof(SqliteStatement),
                                          .flags = kTypeNoInstances,
                                          .kind_info = kind_info_of<SqliteStatement>("sqlite3.Statement")};

// Past blanks and comments.
static const char* skip_comments(const char* p) {
  for (;;) {
    while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n' || *p == '\f') ++p;
    if (p[0] == '-' && p[1] == '-') {
      while (*p && *p != '\n') ++p;
    } else if (p[0] == '/' && p[1] == '*') {
      const char* end = strstr(p + 2, "*/");
      if (!end) return p + strlen(p);
      p = end + 2;
    } else {
      return p;
    }
  }
}
static bool starts_with_word(const char* p, const char* word) { return strncasecmp(p, word, strlen(word)) == 0; }

Result<SqliteStatement*> sqlite_new_statement(Thread& thread, SqliteConnection* self, Str* sql) {
  Value owner;
  std::string_view text = TRY(str_utf8(thread, sql, &owner));
  if (static_cast<i64>(text.size()) > sqlite3_limit(self->db_, SQLITE_LIMIT_SQL_LENGTH, -1))
    return raise_sqlite(thread, kSqliteData, "query string is too large");
  if (text.find('\0') != std::string_view::npos)
    return raise_sqlite(thread, kSqliteProgramming, "the query contains a null character");
  owner = Value(TRY(bytes_from(thread, text)));
  const char* start = c_text(owner.as<Bytes>());
  const char* tail = nullptr;
  sqlite3_stmt* stmt = nullptr;
  sqlite3* db = self->db_;
  int rc = sqlite_run(thread, [&] {
    sqlite_finalize_deferred(self);
    stmt = take_idle(self, db, text);
    tail = start + text.size();
    return stmt ? SQLITE_OK : sqlite3_prepare_v2(db, start, static_cast<int>(text.size() + 1), &stmt, &tail);
  });
  KeepAlive keep(owner);
  if (rc != SQLITE_OK) return raise_database(thread, db);
  if (*skip_comments(tail)) {
    sqlite3_finalize(stmt);
    return raise_sqlite(thread, kSqliteProgramming, "You can only execute one statement at a time.");
  }
  const char* word = skip_comments(start);
  bool changes = starts_with_word(word, "insert") || starts_with_word(word, "update") || starts_with_word(word, "delete") ||
                 starts_with_word(word, "replace");
  Result<SqliteStatement*> made =
      make_of<SqliteStatement>(thread, TRY(type_from_def(thread, sqlite_statement_def)), self, stmt, sql, changes);
  if (made.is_failed()) sqlite3_finalize(stmt);
  return made;
}

Result<SqliteStatement*> sqlite_prepare(Thread& thread, SqliteConnection* self, Str* sql) {
  Dict* cache = self->statements_.get();
  if (cache && is_exact<Str>(Value(sql))) {
    Value known = TRY(dict_pop(thread, cache, Value(sql)));
    if (known != kNotFound) return known.as<SqliteStatement>();
  }
  return sqlite_new_statement(thread, self, sql);
}

// SQLite ends a closed connection, its transaction and its locks with the last of the connection's statements: those that nobody
// uses any more are finalised with the next call, not when a collection finds them.
static void defer_unused(SqliteStatement* statement) {
  sqlite3_stmt* stmt = __atomic_exchange_n(&statement->stmt_, nullptr, __ATOMIC_RELAXED);
  if (stmt) sqlite_defer(stmt, nullptr, false);
}
void sqlite_defer_cached(Thread& thread, Dict* cache, i64 most) {
  while (cache->length() > most) {
    Index position = 0;
    Value oldest, value;
    if (!dict_next(cache, &position, &oldest, &value)) return;
    Result<Value> taken = dict_pop(thread, cache, oldest);
    if (taken.is_failed()) return thread.clear_pending();
    if (taken.value() != kNotFound) defer_unused(taken.value().as<SqliteStatement>());  // else another thread has it now
  }
}

void sqlite_give_back(Thread& thread, SqliteStatement* statement) {
  sqlite_end_waiting(statement);
  if (statement->stmt_) {
    sqlite3_stmt* stmt = statement->stmt_;
    if (statement->is_reset_) {
      SqliteLock lock(thread, sqlite3_db_handle(stmt));
      sqlite3_clear_bindings(stmt);
    } else {
      sqlite_run(thread, [&] {
        sqlite3_reset(stmt);
        return sqlite3_clear_bindings(stmt);
      });
    }
  }
  SqliteConnection* self = statement->connection_.get();
  Dict* cache = self->statements_.get();
  if (!cache || !self->db_ || self->cache_size_ <= 0 || !is_exact<Str>(Value(statement->sql_.get()))) {
    defer_unused(statement);
    if (!self->db_) sqlite_run(thread, [] { return sqlite_finalize_deferred(nullptr) ? 1 : 0; });
    return;
  }
  // An exception may be pending, and filling the cache is no reason to fail.
  Exception* pending = thread.has_pending() ? thread.take_pending() : nullptr;
  sqlite_defer_cached(thread, cache, self->cache_size_ - 1);
  if (dict_set(thread, cache, Value(statement->sql_.get()), Value(statement)).is_failed()) thread.clear_pending();
  if (pending) thread.set_pending(pending);
}

Result<void> sqlite_execute_plain(Thread& thread, SqliteConnection* self, const char* sql, Value holds) {
  sqlite3* db = self->db_;
  auto run = [&] { return sqlite_run(thread, [&] { return sqlite3_exec(db, sql, nullptr, nullptr, nullptr); }); };
  int rc = run();
  if (rc != SQLITE_OK && sqlite_freed_dropped(thread, self, rc, holds)) rc = run();
  if (thread.has_pending()) return failed;
  if (rc != SQLITE_OK) return raise_database(thread, db);
  return ok;
}

}  // namespace baton
