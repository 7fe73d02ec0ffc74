// _sqlite3: functions, aggregates, window functions, collations and hooks written in Python.
//
// SQLite calls from inside a blocking region, holding the connection's mutex; each callback re-enters. An exception becomes an
// error of the SQL statement ("user-defined function raised exception"); with enable_callback_tracebacks it is reported too.
#include <cstdio>
#include <cstring>
#include <new>

#include "modules/sqlite_internal.h"
#include "objects/numbers.h"

namespace baton {

static SqliteCallback* new_callback(Value callable) { return new SqliteCallback(callable); }
static bool tracebacks() { return __atomic_load_n(&sqlite_globals->callback_tracebacks, __ATOMIC_RELAXED); }

// The exception of a callback is told, or forgotten: the statement's own error follows.
static void settle_exception(Thread& thread, Value callable) {
  if (!thread.has_pending()) return;
  if (tracebacks())
    report_unraisable(thread, nullptr, callable);
  else
    thread.clear_pending();
}

// ---------------------------------------------------------------------------------------------------------------- values

static Result<Value> argument_of(Thread& thread, sqlite3_value* v) {
  switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return int_from_i64(thread, sqlite3_value_int64(v));
    case SQLITE_FLOAT: return make_float(thread, sqlite3_value_double(v));
    case SQLITE_TEXT: {
      auto* text = reinterpret_cast<const char*>(sqlite3_value_text(v));
      if (!text) return raise_memory_error(thread);
      return decode_utf8_text(thread, {text, static_cast<usize>(sqlite3_value_bytes(v))});
    }
    case SQLITE_BLOB: return bytes_from(thread, sqlite3_value_blob(v), static_cast<usize>(sqlite3_value_bytes(v)));
    default: return kNone;
  }
}
static Result<void> arguments_of(Thread& thread, int n, sqlite3_value** values, RootVector& out) {
  for (int i = 0; i < n; ++i) out.push(TRY(argument_of(thread, values[i])));
  return ok;
}

static Result<void> set_result(Thread& thread, sqlite3_context* context, Value v) {
  if (v.is_none()) {
    sqlite3_result_null(context);
  } else if (is_int(v)) {
    i64 n;
    if (!int_to_i64(int_exact(v), &n)) return raise_overflow_error(thread, "Python int too large to convert to SQLite INTEGER");
    sqlite3_result_int64(context, n);
  } else if (is_float(v)) {
    sqlite3_result_double(context, float_value(v));
  } else if (is<Str>(v)) {
    Value owner;
    std::string_view text = TRY(str_utf8(thread, v.as<Str>(), &owner));
    if (text.size() > 0x7FFFFFFF) return raise_overflow_error(thread, "string is longer than INT_MAX bytes");
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  } else if (has_buffer(v)) {
    BufferView view;
    if (!convert_buffer(thread, v, &view)) return failed;
    if (view.size > 0x7FFFFFFF) {
      release_buffer(view);
      return raise_overflow_error(thread, "BLOB longer than INT_MAX bytes");
    }
    sqlite3_result_blob(context, view.data, static_cast<int>(view.size), SQLITE_TRANSIENT);
    release_buffer(view);
  } else {
    return raise_type_error(thread, "unsupported result type");
  }
  return ok;
}

// MemoryError and OverflowError are SQLite's own errors; anything else is the text.
static void set_error(Thread& thread, sqlite3_context* context, Value callable, const char* text) {
  if (pending_matches(thread, exceptions.MemoryError))
    sqlite3_result_error_nomem(context);
  else if (pending_matches(thread, exceptions.OverflowError))
    sqlite3_result_error_toobig(context);
  else
    sqlite3_result_error(context, text, -1);
  settle_exception(thread, callable);
}

// ---------------------------------------------------------------------------------------------------------------- functions

static void call_function(sqlite3_context* context, int n, sqlite3_value** values) {
  Thread& thread = current_thread();
  reenter<BlockCause::Io>(thread, [&] {
    Value callable = static_cast<SqliteCallback*>(sqlite3_user_data(context))->callable.get();
    auto run = [&]() -> Result<void> {
      RootVector args;
      TRY(arguments_of(thread, n, values, args));
      return set_result(thread, context, TRY(call_values(thread, callable, args.data(), args.size())));
    };
    if (run().is_failed()) set_error(thread, context, callable, "user-defined function raised exception");
  });
}

// The instance of an aggregate's class, made by its first call; null: __init__ failed, or there was no call at all.
static Root<Value>** instance_slot(sqlite3_context* context, bool make) {
  return static_cast<Root<Value>**>(sqlite3_aggregate_context(context, make ? static_cast<int>(sizeof(Root<Value>*)) : 0));
}

static void call_step(sqlite3_context* context, int n, sqlite3_value** values, const char* method) {
  Thread& thread = current_thread();
  reenter<BlockCause::Io>(thread, [&] {
    Value type = static_cast<SqliteCallback*>(sqlite3_user_data(context))->callable.get();
    Root<Value>** slot = instance_slot(context, true);
    if (!slot) return sqlite3_result_error_nomem(context);
    if (!*slot) {
      Result<Value> made = call(thread, type);
      if (made.is_failed()) return set_error(thread, context, type, "user-defined aggregate's '__init__' method raised error");
      *slot = new Root<Value>(made.value());
    }
    Value instance = (*slot)->get();
    Result<Value> function = get_attr_ascii(thread, instance, method);
    char text[96];
    if (function.is_failed()) {
      snprintf(text, sizeof text, "user-defined aggregate's '%s' method not defined", method);
      return set_error(thread, context, type, text);
    }
    auto run = [&]() -> Result<void> {
      RootVector args;
      TRY(arguments_of(thread, n, values, args));
      TRY(call_values(thread, function.value(), args.data(), args.size()));
      return ok;
    };
    if (run().is_failed()) {
      snprintf(text, sizeof text, "user-defined aggregate's '%s' method raised error", method);
      set_error(thread, context, type, text);
    }
  });
}
static void on_step(sqlite3_context* context, int n, sqlite3_value** values) { call_step(context, n, values, "step"); }
static void on_inverse(sqlite3_context* context, int n, sqlite3_value** values) { call_step(context, n, values, "inverse"); }

static void call_for_result(Thread& thread, sqlite3_context* context, Value instance, const char* method) {
  Value type = static_cast<SqliteCallback*>(sqlite3_user_data(context))->callable.get();
  char text[96];
  Result<Value> function = get_attr_ascii(thread, instance, method);
  if (function.is_failed()) {
    snprintf(text, sizeof text, "user-defined aggregate's '%s' method not defined", method);
    return set_error(thread, context, type, text);
  }
  Result<Value> result = call(thread, function.value());
  if (!result.is_failed() && !set_result(thread, context, result.value()).is_failed()) return;
  snprintf(text, sizeof text, "user-defined aggregate's '%s' method raised error", method);
  set_error(thread, context, type, text);
}
static void on_value(sqlite3_context* context) {
  Thread& thread = current_thread();
  reenter<BlockCause::Io>(thread, [&] {
    Root<Value>** slot = instance_slot(context, false);
    if (slot && *slot) call_for_result(thread, context, (*slot)->get(), "value");
  });
}
static void on_final(sqlite3_context* context) {
  Thread& thread = current_thread();
  reenter<BlockCause::Io>(thread, [&] {
    Root<Value>** slot = instance_slot(context, false);
    if (!slot || !*slot) return;
    // Also called when a statement that failed is reset: with that exception at hand already.
    Exception* before = thread.has_pending() ? thread.take_pending() : nullptr;
    call_for_result(thread, context, (*slot)->get(), "finalize");
    if (before) thread.set_pending(before);
    delete *slot;
    *slot = nullptr;
  });
}

static int on_compare(void* data, int an, const void* a, int bn, const void* b) {
  Thread& thread = current_thread();
  int answer = 0;
  reenter<BlockCause::Io>(thread, [&] {
    Value callable = static_cast<SqliteCallback*>(data)->callable.get();
    if (thread.has_pending()) return;
    auto run = [&]() -> Result<int> {
      Value left = TRY(decode_utf8_text(thread, {static_cast<const char*>(a), static_cast<usize>(an)}));
      Value right = TRY(decode_utf8_text(thread, {static_cast<const char*>(b), static_cast<usize>(bn)}));
      Value result = TRY(call(thread, callable, left, right));
      if (!is_int(result)) return 0;
      return int_sign(int_exact(result));
    };
    Result<int> order = run();
    if (order.is_failed())
      settle_exception(thread, callable);
    else
      answer = order.value();
  });
  return answer;
}

// ---------------------------------------------------------------------------------------------------------------- hooks

static int on_authorize(void* data, int action, const char* a, const char* b, const char* database, const char* trigger) {
  Thread& thread = current_thread();
  int answer = SQLITE_DENY;
  reenter<BlockCause::Io>(thread, [&] {
    Value callable = static_cast<SqliteCallback*>(data)->callable.get();
    auto run = [&]() -> Result<int> {
      Value args[5] = {Value::of_small_int(action)};
      const char* texts[4] = {a, b, database, trigger};
      for (usize i = 0; i < 4; ++i) args[i + 1] = texts[i] ? TRY(decode_utf8_text(thread, texts[i])) : kNone;
      Value result = TRY(call_values(thread, callable, args, 5));
      int n = SQLITE_DENY;
      if (is_int(result) && !convert_int(thread, result, &n)) return failed;
      return n;
    };
    Result<int> verdict = run();
    if (verdict.is_failed())
      settle_exception(thread, callable);
    else
      answer = verdict.value();
  });
  return answer;
}

static int on_progress(void* data) {
  Thread& thread = current_thread();
  int stop = 1;
  reenter<BlockCause::Io>(thread, [&] {
    Value callable = static_cast<SqliteCallback*>(data)->callable.get();
    auto run = [&]() -> Result<bool> { return truth(thread, TRY(call(thread, callable))); };
    Result<bool> verdict = run();
    if (verdict.is_failed())
      settle_exception(thread, callable);
    else
      stop = verdict.value();
  });
  return stop;
}

static int on_trace(unsigned, void* data, void* statement, void* text) {
  Thread& thread = current_thread();
  reenter<BlockCause::Io>(thread, [&] {
    Value callable = static_cast<SqliteCallback*>(data)->callable.get();
    auto run = [&]() -> Result<void> {
      const char* shown = static_cast<const char*>(text);
      char* expanded = nullptr;
      if (strncmp(shown, "--", 2) != 0) {  // triggers come as comments
        expanded = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
        if (!expanded) {
          return raise_sqlite(thread, kSqliteData, "Expanded SQL string exceeds the maximum string length");
        }
        shown = expanded;
      }
      Result<Value> argument = decode_utf8_text(thread, shown);
      sqlite3_free(expanded);
      TRY(call(thread, callable, TRY(argument)));
      return ok;
    };
    if (run().is_failed()) settle_exception(thread, callable);
  });
  return 0;
}

// ---------------------------------------------------------------------------------------------------------------- methods

// Defines something by define(callback), which needs no object but `holds`. SQLite refuses that while a statement is in the
// middle of its rows, which may be one of a dropped cursor's.
template <class F>
static int define_callback(Thread& thread, SqliteConnection* self, Value callable, Value holds, F define) {
  auto attempt = [&] {
    SqliteCallback* callback = callable.is_none() ? nullptr : new_callback(callable);
    return sqlite_run(thread, [&] { return define(callback); });
  };
  int rc = attempt();
  if (rc != SQLITE_OK && sqlite_freed_dropped(thread, self, rc, holds)) rc = attempt();
  sqlite_free_callbacks();
  return rc;
}

static Result<void> connection_create_function(Thread& thread, SqliteConnection* self, Str* name, int arity, Value function,
                                               bool deterministic) {
  TRY(sqlite_check(thread, self));
  Value owner;
  const char* text = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  int flags = SQLITE_UTF8 | (deterministic ? SQLITE_DETERMINISTIC : 0);
  sqlite3* db = self->db_;
  int rc = define_callback(thread, self, function, owner, [&](SqliteCallback* callback) {
    return sqlite3_create_function_v2(db, text, arity, flags, callback, callback ? call_function : nullptr, nullptr, nullptr,
                                      callback ? sqlite_drop_callback : nullptr);
  });
  if (rc != SQLITE_OK) return raise_sqlite(thread, kSqliteOperational, "Error creating function");
  return ok;
}

static Result<void> connection_create_aggregate(Thread& thread, SqliteConnection* self, Str* name, int arity, Value type) {
  TRY(sqlite_check(thread, self));
  Value owner;
  const char* text = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3* db = self->db_;
  int rc = define_callback(thread, self, type, owner, [&](SqliteCallback* callback) {
    return sqlite3_create_function_v2(db, text, arity, SQLITE_UTF8, callback, nullptr, callback ? on_step : nullptr,
                                      callback ? on_final : nullptr, callback ? sqlite_drop_callback : nullptr);
  });
  if (rc != SQLITE_OK) return raise_sqlite(thread, kSqliteOperational, "Error creating aggregate");
  return ok;
}

static Result<void> connection_create_window(Thread& thread, SqliteConnection* self, Str* name, int arity, Value type) {
  TRY(sqlite_check(thread, self));
  Value owner;
  const char* text = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3* db = self->db_;
  int rc = define_callback(thread, self, type, owner, [&](SqliteCallback* callback) {
    if (!callback) return sqlite3_create_function_v2(db, text, arity, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr);
    return sqlite3_create_window_function(db, text, arity, SQLITE_UTF8, callback, on_step, on_final, on_value, on_inverse,
                                          sqlite_drop_callback);
  });
  if (rc != SQLITE_OK)
    return raise_sqlite(thread, kSqliteProgramming, "{}", sqlite3_errstr(rc));  // the connection has no text for it
  return ok;
}

static Result<void> connection_create_collation(Thread& thread, SqliteConnection* self, Str* name, Value compare) {
  TRY(sqlite_check(thread, self));
  if (!compare.is_none() && !is_callable(compare)) return raise_type_error(thread, "parameter must be callable");
  Value owner;
  const char* text = TRY(sqlite_text(thread, name, &owner));
  KeepAlive keep(owner);
  sqlite3* db = self->db_;
  int rc = define_callback(thread, self, compare, owner, [&](SqliteCallback* callback) {
    int r = sqlite3_create_collation_v2(db, text, SQLITE_UTF8, callback, callback ? on_compare : nullptr,
                                        callback ? sqlite_drop_callback : nullptr);
    if (r != SQLITE_OK && callback) sqlite_drop_callback(callback);  // here SQLite does not do it
    return r;
  });
  if (rc != SQLITE_OK) return raise_database(thread, db);
  return ok;
}

// Installs a hook by install(db, data); the one before is let go.
template <class F>
static Result<void> set_hook(Thread& thread, SqliteConnection* self, SqliteHook which, Value callable, F install) {
  TRY(sqlite_check(thread, self));
  SqliteCallback* callback = callable.is_none() ? nullptr : new_callback(callable);
  sqlite3* db = self->db_;
  int rc = sqlite_run(thread, [&] { return install(db, callback); });
  SqliteCallback* before = self->hooks_[which];
  self->hooks_[which] = callback;
  if (before) sqlite_drop_callback(before);
  sqlite_free_callbacks();
  if (rc != SQLITE_OK) return raise_sqlite(thread, kSqliteOperational, "Error setting authorizer callback");
  return ok;
}
static Result<void> connection_set_authorizer(Thread& thread, SqliteConnection* self, Value callback) {
  return set_hook(thread, self, kAuthorizerHook, callback, [](sqlite3* db, SqliteCallback* data) {
    return sqlite3_set_authorizer(db, data ? on_authorize : nullptr, data);
  });
}
static Result<void> connection_set_progress_handler(Thread& thread, SqliteConnection* self, Value callback, int n) {
  return set_hook(thread, self, kProgressHook, callback, [n](sqlite3* db, SqliteCallback* data) {
    sqlite3_progress_handler(db, data ? n : 0, data ? on_progress : nullptr, data);
    return SQLITE_OK;
  });
}
static Result<void> connection_set_trace_callback(Thread& thread, SqliteConnection* self, Value callback) {
  return set_hook(thread, self, kTraceHook, callback, [](sqlite3* db, SqliteCallback* data) {
    return sqlite3_trace_v2(db, data ? SQLITE_TRACE_STMT : 0, data ? on_trace : nullptr, data);
  });
}

constinit NativeDef sqlite_callback_methods[kSqliteCallbackMethods] = {
    native<connection_create_function>("create_function($self, /, name, narg, func, *, deterministic=False)",
                                       "Creates a new function."),
    native<connection_create_aggregate>("create_aggregate($self, /, name, n_arg, aggregate_class)", "Creates a new aggregate."),
    native<connection_create_window>(
        "create_window_function($self, name, num_params, aggregate_class, /)",
        "Define an SQL aggregate that can be used with OVER, or drop it.\n\n  name             what SQL calls it; an earlier "
        "definition is replaced\n  num_params       how many arguments SQL passes to it, and so to the step()\n                  "
        " and inverse() methods; -1 for any number\n  aggregate_class  a class whose instances do the computing, with methods\n  "
        "                 step() to add a row, inverse() to remove one, value()\n                   for the present result and "
        "finalize() for the last;\n                   None drops the function\n\nThis is an extension to the DB-API."),
    native<connection_create_collation>("create_collation($self, name, callback, /)", "Creates a collation function."),
    native<connection_set_authorizer>("set_authorizer($self, /, authorizer_callback)", "Sets authorizer callback."),
    native<connection_set_progress_handler>("set_progress_handler($self, /, progress_handler, n)",
                                            "Sets progress handler callback."),
    native<connection_set_trace_callback>("set_trace_callback($self, /, trace_callback)",
                                          "Have a function called with the text of every statement SQLite runs.\n\nIts only "
                                          "argument is a str. None ends the tracing."),
};

}  // namespace baton
