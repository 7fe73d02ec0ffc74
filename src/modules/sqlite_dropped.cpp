// _sqlite3: statements whose cursor nobody has any more.
//
// `connection.execute("pragma journal_mode = wal")`, or `execute("select ...").fetchone()`: the statement has rows left when its
// cursor is let go of. SQLite ends no transaction before it is reset: what other statements write isn't committed, what they read
// is of the time when it began, and other connections find the database locked. Where references are counted that is at once;
// here a collection has to find the cursor. One is made before the next statement that such a one would disturb, and when SQLite
// refuses something that may be due to it. Which of them live is known afterwards: no statement leads to a second collection
// unless SQLite refuses. A program that sleeps meanwhile has a collection when it has slept for a moment (idle_collection.h).
#include "heap/heap.h"
#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/sqlite_internal.h"
#include "threads/clock.h"

namespace baton {

Atomic<i64> sqlite_open_connections{0}, sqlite_waiting_statements{0};

// Cursors that only read disturb less, and are left in the middle of their rows more often: collections for them take this part
// of the time at most.
static constexpr u64 kShareOfTime = 20;
// Each statement that waits slows the next one down. So many more of them are worth a minor collection at any time, in a
// transaction too, as long as that finds at least half of them dropped. The one that was the last each time has grown old by
// then; when those are many, a full collection looks at them, next when there are twice as many as that has left.
static constexpr i32 kMany = 32;

template <class T>
static T get(const T& counter) {
  return __atomic_load_n(&counter, __ATOMIC_RELAXED);
}
template <class T>
static void put(T& counter, T value) {
  __atomic_store_n(&counter, value, __ATOMIC_RELAXED);
}

void sqlite_begin_waiting(SqliteStatement* statement) {
  if (__atomic_exchange_n(&statement->waiting_, u8{1}, __ATOMIC_RELAXED)) return;
  SqliteConnection* connection = statement->connection_.get();
  sqlite_waiting_statements.fetch_add_relaxed(1);
  held_until_finalised.fetch_add_relaxed(1);
  give_up_held.store_release([](Thread& thread) {
    sqlite_run(thread, [] {
      sqlite_finalize_deferred(nullptr);
      return 0;
    });
  });
  __atomic_fetch_add(&connection->waiting_, 1, __ATOMIC_RELAXED);
  if (!sqlite3_stmt_readonly(statement->stmt_)) put(connection->writer_waiting_, u8{1});
}

void sqlite_end_waiting(SqliteStatement* statement) {
  if (!get(statement->waiting_) || !__atomic_exchange_n(&statement->waiting_, u8{0}, __ATOMIC_RELAXED)) return;
  SqliteConnection* connection = statement->connection_.get();
  sqlite_waiting_statements.fetch_add_relaxed(-1);
  held_until_finalised.fetch_add_relaxed(-1);
  i32 left = __atomic_sub_fetch(&connection->waiting_, 1, __ATOMIC_RELAXED);
  if (left < get(connection->looked_at_)) put(connection->looked_at_, left);
  if (left <= 0) put(connection->writer_waiting_, u8{0});
}

// Collects; counts the statements of `self` that are left. Whether statements or connections were found that nobody has.
static bool collect_dropped(Thread& thread, SqliteConnection* self, Generation generation, Value holds) {
  i64 connections = sqlite_open_connections.load_relaxed();
  // What calls before this one have left on the C++ stack would keep the last cursor alive, more often than not.
  bool is_exact =
      !holds.is_absent() && (is_called_by_instruction(thread, Value(self)) || is_called_by_instruction(thread, holds));
  collect_exactly(thread, generation, is_exact, holds);
  sqlite3* db = self->db_;
  bool found = false;
  i32 waiting = 0;
  sqlite_run(thread, [&] {
    found = sqlite_finalize_deferred(self);
    sqlite3_mutex* mutex = sqlite3_db_mutex(db);
    sqlite3_mutex_enter(mutex);
    for (sqlite3_stmt* stmt = sqlite3_next_stmt(db, nullptr); stmt; stmt = sqlite3_next_stmt(db, stmt))
      if (sqlite3_stmt_busy(stmt)) ++waiting;
    sqlite3_mutex_leave(mutex);
    return 0;
  });
  put(self->waiting_, waiting);
  return found || sqlite_open_connections.load_relaxed() < connections;
}

void sqlite_look_for_dropped(Thread& thread, SqliteConnection* self, Value holds) {
  i32 before = get(self->waiting_);
  if (before <= get(self->looked_at_)) return;
  bool are_many = get(self->look_pays_) && before - get(self->looked_at_) >= kMany;
  // One transaction anyway; whoever ends it sees what SQLite says.
  if (!are_many && !sqlite3_get_autocommit(self->db_)) return;
  u64 begin = monotonic_ns();
  bool for_writer = get(self->writer_waiting_);
  if (!for_writer && !are_many && begin < get(self->look_after_)) return;
  i32 known = get(self->looked_at_);
  collect_dropped(thread, self, Generation::Minor, holds);
  i32 left = get(self->waiting_);
  put(self->look_pays_, static_cast<u8>(left - known <= (before - known) / 2));
  if (are_many ? left >= get(self->full_look_at_) : left >= before) {
    collect_dropped(thread, self, Generation::Full, holds);
    left = get(self->waiting_);
    put(self->full_look_at_, left * 2 > kMany ? left * 2 : kMany);
  }
  put(self->looked_at_, get(self->waiting_));
  put(self->writer_waiting_, u8{0});
  if (for_writer) return;
  u64 end = monotonic_ns();
  put(self->look_after_, end + (end - begin) * kShareOfTime);
}

bool sqlite_freed_dropped(Thread& thread, SqliteConnection* self, int rc, Value holds) {
  rc &= 0xFF;
  if (thread.has_pending() || !self->db_) return false;
  bool by_others = sqlite_waiting_statements.load_relaxed() > 0 || sqlite_open_connections.load_relaxed() > 1;
  bool by_own = get(self->waiting_) > 0;
  if (rc == SQLITE_BUSY ? !by_others : (rc != SQLITE_LOCKED && rc != SQLITE_ERROR) || !by_own) return false;
  bool found = collect_dropped(thread, self, Generation::Full, holds);
  put(self->looked_at_, get(self->waiting_));
  return found;
}

}  // namespace baton
