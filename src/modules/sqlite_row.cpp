// _sqlite3.Row: a row whose columns go by index and by name.
#include "modules/sqlite_internal.h"
#include "objects/iterators.h"
#include "objects/raw_arguments.h"

namespace baton {

class SqliteRow final : public Cell {
 public:
  void init(Tuple* data, Value description) {
    data_.init(data);
    description_.init(description);
  }
  void visit_edges(EdgeVisitor& visit) const { visit(data_, description_); }
  Field<Tuple> data_;
  Field<Value> description_;  // of the cursor: a tuple of tuples, or None
};

static Result<Value> row_new(Thread& thread, Type* type, Value cursor, Value data) {
  if (!is<SqliteCursor>(cursor)) return raise_type_error(thread, "Row() argument 1 must be sqlite3.Cursor, not {!t}", cursor);
  if (!is<Tuple>(data)) return raise_type_error(thread, "Row() argument 2 must be tuple, not {!t}", data);
  return make_of<SqliteRow>(thread, type, data.as<Tuple>(), cursor.as<SqliteCursor>()->description_.get());
}

static Value column_title(SqliteRow* self, Index i) { return self->description_.get().as<Tuple>()->at(i).as<Tuple>()->at(0); }
static Index column_count(SqliteRow* self) {
  return self->description_.get().is_none() ? 0 : self->description_.get().as<Tuple>()->length();
}

// ASCII letters compare without case, as SQL's names do.
static bool same_name(const Str* a, const Str* b) {
  if (a->length() != b->length()) return false;
  for (Index i = 0; i < a->length(); ++i) {
    u32 x = a->at(i), y = b->at(i);
    if (x == y) continue;
    if (x >= 0x80 || y >= 0x80 || (x | 0x20) != (y | 0x20) || (x | 0x20) < 'a' || (x | 0x20) > 'z') return false;
  }
  return true;
}

static Result<Value> row_getitem(Thread& thread, SqliteRow* self, Value key) {
  if (is<Str>(key)) {
    for (Index i = 0, n = column_count(self); i < n && i < self->data_->length(); ++i)
      if (same_name(column_title(self, i).as<Str>(), key.as<Str>())) return self->data_->at(i);
    return raise_index_error(thread, "No item with that key");
  }
  if (is_int(key) || is<Slice>(key)) return get_item(thread, Value(self->data_.get()), key);
  return raise_index_error(thread, "Index must be int or string");
}
static Result<List*> row_keys(Thread& thread, SqliteRow* self) {
  List* keys = TRY(make_list(thread));
  for (Index i = 0, n = column_count(self); i < n; ++i) TRY(list_append(thread, keys, column_title(self, i)));
  return keys;
}
static Result<i64> row_len(Thread&, SqliteRow* self) { return static_cast<i64>(self->data_->length()); }
static Result<Value> row_iter(Thread& thread, SqliteRow* self) { return get_shared_iter(thread, Value(self->data_.get())); }
static Result<i64> row_hash(Thread& thread, SqliteRow* self) {
  return static_cast<i64>(TRY(hash_of(thread, self->description_.get())) ^ TRY(hash_of(thread, Value(self->data_.get()))));
}
static Result<Value> compare(Thread& thread, SqliteRow* self, Value other, bool wanted) {
  SqliteRow* row = cast<SqliteRow>(other);
  if (!row) return kNotImplemented;
  bool same = TRY(equals(thread, self->description_.get(), row->description_.get())) &&
              TRY(equals(thread, Value(self->data_.get()), Value(row->data_.get())));
  return Value::of_bool(same == wanted);
}
static Result<Value> row_eq(Thread& thread, SqliteRow* self, Value other) { return compare(thread, self, other, true); }
static Result<Value> row_ne(Thread& thread, SqliteRow* self, Value other) { return compare(thread, self, other, false); }

static constinit NativeDef row_methods[] = {
    native<row_new>("__new__(type, cursor, data, /)", "Make an instance; the class's own help describes the arguments."),
    native<row_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<row_len>("__len__($self, /)", "Return len(self)."),
    native<row_iter>("__iter__($self, /)", "Implement iter(self)."),
    native<row_hash>("__hash__($self, /)", "Return hash(self)."),
    native<row_eq>("__eq__($self, value, /)", "Return self==value."),
    native<row_ne>("__ne__($self, value, /)", "Return self!=value."),
    native<row_keys>("keys($self, /)", "Returns the keys of the row."),
};
constinit TypeDef sqlite_row_def = {.name = "sqlite3.Row",
                                    .dynamic_kind = &DynamicKind<SqliteRow>::value,
                                    .payload_size = sizeof(SqliteRow),
                                    .flags = kTypeSubclassable,
                                    .methods = row_methods,
                                    .method_count = count_of(row_methods),
                                    .kind_info = kind_info_of<SqliteRow>("sqlite3.Row")};

}  // namespace baton
