// _sqlite3.Blob: incremental reading and writing of one value.
#include <cstring>

#include "modules/sqlite_internal.h"
#include "objects/numbers.h"
#include "objects/raw_arguments.h"

namespace baton {

class SqliteBlob final : public Cell {
 public:
  void init(SqliteConnection* connection, sqlite3_blob* blob) {
    connection_.init(connection);
    blob_ = blob;
    offset_ = 0;
  }
  void visit_edges(EdgeVisitor& visit) const { visit(connection_); }
  void finalize_native() {
    if (blob_) sqlite_defer(nullptr, blob_);
    blob_ = nullptr;
  }
  Field<SqliteConnection> connection_;
  sqlite3_blob* blob_;  // null: closed
  int offset_;
};

static Result<void> check_blob(Thread& thread, SqliteBlob* self) {
  TRY(sqlite_check(thread, self->connection_.get()));
  if (!self->blob_) return raise_sqlite(thread, kSqliteProgramming, "Cannot operate on a closed blob.");
  return ok;
}
static Failed raise_blob(Thread& thread, SqliteBlob* self, int rc) {
  if (rc == SQLITE_ABORT) return raise_sqlite(thread, kSqliteOperational, "Cannot operate on modified blob");
  return raise_database(thread, self->connection_->db_);
}

Result<Value> sqlite_blob_open(Thread& thread, SqliteConnection* self, Str* table, Str* column, Value row, bool readonly,
                               Str* name) {
  TRY(sqlite_check(thread, self));
  i64 number;
  if (!convert_i64(thread, row, &number)) return failed;
  Value owners[3];
  const char* database = TRY(sqlite_text(thread, name, &owners[0]));
  const char* table_name = TRY(sqlite_text(thread, table, &owners[1]));
  const char* column_name = TRY(sqlite_text(thread, column, &owners[2]));
  sqlite3* db = self->db_;
  sqlite3_blob* blob = nullptr;
  int rc = sqlite_run(thread, [&] { return sqlite3_blob_open(db, database, table_name, column_name, number, !readonly, &blob); });
  KeepAlive a(owners[0]), b(owners[1]), c(owners[2]);
  if (rc == SQLITE_MISUSE) return raise_sqlite(thread, kSqliteInterface, "{}", std::string_view(sqlite3_errstr(rc)));
  if (rc != SQLITE_OK) return raise_database(thread, db);
  Result<SqliteBlob*> made = make_of<SqliteBlob>(thread, TRY(type_from_def(thread, sqlite_blob_def)), self, blob);
  if (made.is_failed()) sqlite3_blob_close(blob);
  return made;
}

static void close_blob(Thread& thread, SqliteBlob* self) {
  sqlite3_blob* blob = self->blob_;
  self->blob_ = nullptr;
  if (blob) sqlite_run(thread, [&] { return sqlite3_blob_close(blob); });
}
static Result<void> blob_close(Thread& thread, SqliteBlob* self) {
  TRY(sqlite_check(thread, self->connection_.get()));
  close_blob(thread, self);
  return ok;
}
static Result<Value> blob_enter(Thread& thread, SqliteBlob* self) {
  TRY(check_blob(thread, self));
  return self;
}
static Result<bool> blob_exit(Thread& thread, SqliteBlob* self, Value, Value, Value) {
  TRY(check_blob(thread, self));
  close_blob(thread, self);
  return false;
}

static Result<Bytes*> read_bytes(Thread& thread, SqliteBlob* self, int n, int offset) {
  Bytes* bytes = TRY(bytes_allocate(thread, static_cast<usize>(n)));
  if (n == 0) return bytes;
  sqlite3_blob* blob = self->blob_;
  u8* to = bytes_mutable_data(bytes);
  int rc = sqlite_run(thread, [&] { return sqlite3_blob_read(blob, to, n, offset); });
  if (rc != SQLITE_OK) return raise_blob(thread, self, rc);
  return bytes;
}
static Result<void> write_bytes(Thread& thread, SqliteBlob* self, const u8* data, usize size, int offset) {
  if (size > static_cast<usize>(sqlite3_blob_bytes(self->blob_) - offset))
    return raise_value_error(thread, "data longer than blob length");
  sqlite3_blob* blob = self->blob_;
  int rc = sqlite_run(thread, [&] { return sqlite3_blob_write(blob, data, static_cast<int>(size), offset); });
  if (rc != SQLITE_OK) return raise_blob(thread, self, rc);
  return ok;
}

static Result<Bytes*> blob_read(Thread& thread, SqliteBlob* self, int length) {
  TRY(check_blob(thread, self));
  int rest = sqlite3_blob_bytes(self->blob_) - self->offset_;
  if (length < 0 || length > rest) length = rest;
  Bytes* bytes = TRY(read_bytes(thread, self, length, self->offset_));
  self->offset_ += length;
  return bytes;
}
static Result<void> blob_write(Thread& thread, SqliteBlob* self, BufferView data) {
  TRY(check_blob(thread, self));
  TRY(write_bytes(thread, self, data.data, data.size, self->offset_));
  self->offset_ += static_cast<int>(data.size);
  return ok;
}
static Result<void> blob_seek(Thread& thread, SqliteBlob* self, int offset, int origin) {
  TRY(check_blob(thread, self));
  i64 size = sqlite3_blob_bytes(self->blob_), at = offset;
  if (origin == 1)
    at += self->offset_;
  else if (origin == 2)
    at += size;
  else if (origin != 0)
    return raise_value_error(thread, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
  if (at > 0x7FFFFFFF) return raise_overflow_error(thread, "seek offset results in overflow");
  if (at < 0 || at > size) return raise_value_error(thread, "offset out of blob range");
  self->offset_ = static_cast<int>(at);
  return ok;
}
static Result<int> blob_tell(Thread& thread, SqliteBlob* self) {
  TRY(check_blob(thread, self));
  return self->offset_;
}
static Result<i64> blob_len(Thread& thread, SqliteBlob* self) {
  TRY(check_blob(thread, self));
  return static_cast<i64>(sqlite3_blob_bytes(self->blob_));
}

static Result<int> item_offset(Thread& thread, SqliteBlob* self, Value key) {
  Index i = TRY(to_index_checked(thread, key, exceptions.IndexError));
  Index size = sqlite3_blob_bytes(self->blob_);
  if (i < 0) i += size;
  if (i < 0 || i >= size) return raise_index_error(thread, "Blob index out of range");
  return static_cast<int>(i);
}

static Result<Value> blob_getitem(Thread& thread, SqliteBlob* self, Value key) {
  TRY(check_blob(thread, self));
  if (has_index(key)) {
    Bytes* one = TRY(read_bytes(thread, self, 1, TRY(item_offset(thread, self, key))));
    return Value::of_small_int(one->data()[0]);
  }
  if (!is<Slice>(key)) return raise_type_error(thread, "Blob indices must be integers");
  SliceRange range = TRY(slice_resolve(thread, key.as<Slice>(), sqlite3_blob_bytes(self->blob_)));
  if (range.length <= 0) return TRY(bytes_from(thread, "", 0));
  if (range.step == 1) return TRY(read_bytes(thread, self, static_cast<int>(range.length), static_cast<int>(range.start)));
  Bytes* whole = TRY(read_bytes(thread, self, sqlite3_blob_bytes(self->blob_), 0));
  Bytes* picked = TRY(bytes_allocate(thread, static_cast<usize>(range.length)));
  for (Index i = 0; i < range.length; ++i) bytes_mutable_data(picked)[i] = whole->data()[range.start + i * range.step];
  return Value(picked);
}

static Result<void> blob_setitem(Thread& thread, SqliteBlob* self, Value key, Value v) {
  TRY(check_blob(thread, self));
  if (has_index(key)) {
    if (!is_int(v)) return raise_type_error(thread, "'{!t}' object cannot be interpreted as an integer", v);
    int at = TRY(item_offset(thread, self, key));
    i64 n;
    if (!int_to_i64(int_exact(v), &n) || n < 0 || n > 255) return raise_value_error(thread, "byte must be in range(0, 256)");
    u8 byte = static_cast<u8>(n);
    return write_bytes(thread, self, &byte, 1, at);
  }
  if (!is<Slice>(key)) return raise_type_error(thread, "Blob indices must be integers");
  SliceRange range = TRY(slice_resolve(thread, key.as<Slice>(), sqlite3_blob_bytes(self->blob_)));
  BufferView data;
  if (!convert_buffer(thread, v, &data)) return failed;
  auto store = [&]() -> Result<void> {
    Index length = range.length < 0 ? 0 : range.length;
    if (static_cast<Index>(data.size) != length) return raise_index_error(thread, "Blob slice assignment is wrong size");
    if (length == 0) return ok;
    if (range.step == 1) return write_bytes(thread, self, data.data, data.size, static_cast<int>(range.start));
    Bytes* whole = TRY(read_bytes(thread, self, sqlite3_blob_bytes(self->blob_), 0));
    for (Index i = 0; i < length; ++i) bytes_mutable_data(whole)[range.start + i * range.step] = data.data[i];
    return write_bytes(thread, self, whole->data(), static_cast<usize>(whole->length()), 0);
  };
  Result<void> done = store();
  release_buffer(data);
  return done;
}
static Result<void> blob_delitem(Thread& thread, SqliteBlob* self, Value key) {
  TRY(check_blob(thread, self));
  if (has_index(key)) return raise_type_error(thread, "Blob doesn't support item deletion");
  return raise_type_error(thread, is<Slice>(key) ? "Blob doesn't support slice deletion" : "Blob indices must be integers");
}

static constinit NativeDef blob_methods[] = {
    native<blob_len>("__len__($self, /)", "Return len(self)."),
    native<blob_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<blob_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<blob_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<blob_close>("close($self, /)", "Close the blob."),
    native<blob_enter>("__enter__($self, /)", "Blob context manager enter."),
    native<blob_exit>("__exit__($self, type, val, tb, /)", "Blob context manager exit."),
    native<blob_read>("read($self, length=-1, /)",
                      "Return bytes from the current position on, and move past them.\n\n  length  how many to read; by default, "
                      "and if negative, all that remain\n\nFewer are returned where the blob ends earlier."),
    native<blob_write>("write($self, data, /)",
                       "Put bytes in place of those at the current position, and move past them.\n\nA blob never grows: "
                       "ValueError is raised for data that would not fit."),
    native<blob_seek>("seek($self, offset, origin=0, /)",
                      "Move to another position in the blob.\n\norigin says where offset counts from: os.SEEK_SET, the default, "
                      "is the\nstart, os.SEEK_CUR the present position and os.SEEK_END the end."),
    native<blob_tell>("tell($self, /)", "Return the current access position for the blob."),
};
constinit TypeDef sqlite_blob_def = {.name = "sqlite3.Blob",
                                     .dynamic_kind = &DynamicKind<SqliteBlob>::value,
                                     .payload_size = sizeof(SqliteBlob),
                                     .flags = kTypeNoInstances | kTypeWeakrefable | kTypeKeysOnly,
                                     .methods = blob_methods,
                                     .method_count = count_of(blob_methods),
                                     .kind_info = kind_info_of<SqliteBlob>("sqlite3.Blob")};

}  // namespace baton
