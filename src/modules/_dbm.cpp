// _dbm: databases in ndbm(3)'s interface, by Berkeley DB. The library is loaded when the module is imported.
//
// A handle of ndbm is one thread's at a time, and what it answers lies in its own memory: each use and the copy of its answer are
// one critical section. Nothing blocks for long, so that the GIL is kept, as in CPython.
#include <fcntl.h>

#include <cstring>
#include <iterator>

#include "base/on_demand.h"
#include "modules/os_support.h"
#include "objects/list.h"
#include "objects/new_exception.h"
#include "objects/tuple.h"

// Last: it makes macros of common words for dbm(3), the older interface.
#define DB_DBM_HSEARCH 1
#include <db.h>
#undef delete
#undef fetch
#undef firstkey
#undef nextkey
#undef store

BATON_ON_DEMAND_DEFINE(__db_ndbm_open)
BATON_ON_DEMAND_DEFINE(__db_ndbm_close)
BATON_ON_DEMAND_DEFINE(__db_ndbm_clearerr)
BATON_ON_DEMAND_DEFINE(__db_ndbm_fetch)
BATON_ON_DEMAND_DEFINE(__db_ndbm_store)
BATON_ON_DEMAND_DEFINE(__db_ndbm_delete)
BATON_ON_DEMAND_DEFINE(__db_ndbm_firstkey)
BATON_ON_DEMAND_DEFINE(__db_ndbm_nextkey)

namespace baton {

static const OnDemandImport dbm_imports[] = {
    {"__db_ndbm_open", &baton_slot___db_ndbm_open},         {"__db_ndbm_close", &baton_slot___db_ndbm_close},
    {"__db_ndbm_clearerr", &baton_slot___db_ndbm_clearerr}, {"__db_ndbm_fetch", &baton_slot___db_ndbm_fetch},
    {"__db_ndbm_store", &baton_slot___db_ndbm_store},       {"__db_ndbm_delete", &baton_slot___db_ndbm_delete},
    {"__db_ndbm_firstkey", &baton_slot___db_ndbm_firstkey}, {"__db_ndbm_nextkey", &baton_slot___db_ndbm_nextkey}};
static OnDemandLibrary dbm_library(BATON_SONAME_DB, dbm_imports, std::size(dbm_imports));

static Root<Type>* dbm_error_type = nullptr;

class Dbm final : public Cell {
 public:
  void init(DBM* handle, int flags) {
    handle_ = handle;
    flags_ = flags;
  }
  void visit_edges(EdgeVisitor&) const {}
  void finalize_native() {
    if (handle_) dbm_close(handle_);
    handle_ = nullptr;
  }
  DBM* handle_;  // null: closed. Under the lock byte
  int flags_;
};
extern TypeDef dbm_def;

static Failed raise_dbm_error(Thread& t, const char* message) {
  Value text = Value(TRY(str_from_utf8(t, message)));
  return raise_with_args(t, dbm_error_type->get(), &text, 1);
}
static Result<void> check_open(Thread& t, Dbm* self) {
  if (!self->handle_) return raise_dbm_error(t, "DBM object has already been closed");
  return ok;
}

// str as UTF-8, or bytes. The library does not write to what it is given.
class Item {
 public:
  // name: of the argument, for the message.
  Result<void> take_key(Thread& t, Value v, const char* name) {
    if (is_text(v)) return take_text(t, v);
    BufferView view;
    if (!convert_buffer(t, v, &view)) return failed;
    release_buffer(view);
    return raise_type_error(t, "{} must be read-only bytes-like object, not {!t}", name, v);
  }
  // what: "keys" or "elements".
  Result<void> take(Thread& t, Value v, const char* what) {
    if (is_text(v)) return take_text(t, v);
    return raise_type_error(t, "dbm mappings have bytes or string {} only", what);
  }
  datum get() const { return datum_; }

 private:
  static bool is_text(Value v) { return is<Str>(v) || is<Bytes>(v); }
  Result<void> take_text(Thread& t, Value v) {
    owner_ = v;
    std::string_view text = is<Bytes>(v) ? v.as<Bytes>()->text() : TRY(str_utf8(t, v.as<Str>(), &owner_));
    datum_.dptr = const_cast<char*>(text.data());
    datum_.dsize = static_cast<decltype(datum_.dsize)>(text.size());
    return ok;
  }
  datum datum_ = {};
  Value owner_;
};

static Result<Value> bytes_of(Thread& t, datum d) { return Value(TRY(bytes_from(t, d.dptr, static_cast<usize>(d.dsize)))); }

// The value of a key, or absent.
static Result<Value> find(Thread& t, Dbm* self, const Item& key, bool* found) {
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  datum value = dbm_fetch(self->handle_, key.get());
  *found = value.dptr;
  return value.dptr ? bytes_of(t, value) : Result<Value>(kNone);
}
static Result<void> store(Thread& t, Dbm* self, const Item& key, const Item& value, int how) {
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  if (dbm_store(self->handle_, key.get(), value.get(), how) >= 0) return ok;
  dbm_clearerr(self->handle_);
  return raise_dbm_error(t, "cannot add item to database");
}

static Result<i64> dbm_len(Thread& t, Dbm* self) {
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  i64 count = 0;
  for (datum key = dbm_firstkey(self->handle_); key.dptr; key = dbm_nextkey(self->handle_)) ++count;
  return count;
}
static Result<Value> dbm_getitem(Thread& t, Dbm* self, Value key) {
  Item item;
  TRY(item.take_key(t, key, "argument"));
  bool found;
  Value value = TRY(find(t, self, item, &found));
  if (!found) return raise_with_args(t, exceptions.KeyError, &key, 1);
  return value;
}
static Result<void> dbm_setitem(Thread& t, Dbm* self, Value key, Value value) {
  Item item, content;
  TRY(item.take(t, key, "keys"));
  TRY(content.take(t, value, "elements"));
  return store(t, self, item, content, DBM_REPLACE);
}
static Result<void> dbm_delitem(Thread& t, Dbm* self, Value key) {
  Item item;
  TRY(item.take(t, key, "keys"));
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  if (dbm_delete(self->handle_, item.get()) >= 0) return ok;
  dbm_clearerr(self->handle_);
  // The library doesn't say why.
  if (self->flags_ & O_RDWR) return raise_with_args(t, exceptions.KeyError, &key, 1);
  return raise_dbm_error(t, "cannot delete item from database");
}
static Result<bool> dbm_contains(Thread& t, Dbm* self, Value key) {
  if (!is<Str>(key) && !is<Bytes>(key)) return raise_type_error(t, "dbm key must be bytes or string, not {!t}", key);
  Item item;
  TRY(item.take_key(t, key, "key"));
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  return dbm_fetch(self->handle_, item.get()).dptr != nullptr;
}
static Result<Value> dbm_get(Thread& t, Dbm* self, Value key, Value otherwise) {
  Item item;
  TRY(item.take_key(t, key, "get() argument 1"));
  bool found;
  Value value = TRY(find(t, self, item, &found));
  return found ? value : otherwise;
}
static Result<Value> dbm_setdefault(Thread& t, Dbm* self, Value key, Optional<Value> otherwise) {
  Item item, content;
  TRY(item.take_key(t, key, "setdefault() argument 1"));
  bool found;
  Value value = TRY(find(t, self, item, &found));
  if (found) return value;
  value = otherwise.present ? otherwise.value : Value(TRY(bytes_from(t, "", 0)));
  TRY(content.take(t, value, "elements"));
  TRY(store(t, self, item, content, DBM_INSERT));
  return value;
}
static Result<Value> dbm_keys(Thread& t, Dbm* self) {
  CriticalSection guard(t, self);
  TRY(check_open(t, self));
  List* keys = TRY(make_list(t, nullptr, 0));
  for (datum key = dbm_firstkey(self->handle_); key.dptr; key = dbm_nextkey(self->handle_))
    TRY(list_append(t, keys, TRY(bytes_of(t, key))));
  return Value(keys);
}
static Result<void> dbm_close_method(Thread& t, Dbm* self) {
  CriticalSection guard(t, self);
  self->finalize_native();
  return ok;
}
static Result<Value> dbm_enter(Thread&, Dbm* self) { return Value(self); }
static Result<void> dbm_exit(Thread& t, Dbm* self, Rest) { return dbm_close_method(t, self); }

static Result<Value> dbm_open_function(Thread& t, Value filename, Str* flags, int mode) {
  struct Flag {
    const char* name;
    int flags;
  };
  static constexpr Flag kFlags[] = {
      {"r", O_RDONLY}, {"w", O_RDWR}, {"rw", O_RDWR | O_CREAT}, {"c", O_RDWR | O_CREAT}, {"n", O_RDWR | O_CREAT | O_TRUNC}};
  const Flag* wanted = nullptr;
  for (const Flag& flag : kFlags) {
    if (str_equals_ascii(flags, flag.name)) wanted = &flag;
  }
  Bytes* path = TRY(file_system_bytes(t, filename));
  if (!wanted) return raise_dbm_error(t, "arg 2 to open should be 'r', 'w', 'c', or 'n'");
  DBM* handle = dbm_open(c_text(path), wanted->flags, mode);
  if (!handle) {
    int error = errno;
    Value args[3] = {Value::of_small_int(error), Value(TRY(str_from_utf8(t, strerror(error)))), filename};
    return raise_with_args(t, dbm_error_type->get(), args, 3);
  }
  Result<Dbm*> made = make_of<Dbm>(t, TRY(type_from_def(t, dbm_def)), handle, wanted->flags);
  if (made.is_failed()) dbm_close(handle);
  return made;
}

static constinit NativeDef dbm_methods[] = {
    native<dbm_len>("__len__($self, /)", "Return len(self)."),
    native<dbm_getitem>("__getitem__($self, key, /)", "Return self[key]."),
    native<dbm_setitem>("__setitem__($self, key, value, /)", "Set self[key] to value."),
    native<dbm_delitem>("__delitem__($self, key, /)", "Delete self[key]."),
    native<dbm_contains>("__contains__($self, key, /)", "Return key in self."),
    native<dbm_close_method>("close($self, /)", "Close the database."),
    native<dbm_keys>("keys($self, /)", nullptr),
    native<dbm_get>("get($self, key, default=None, /)", nullptr),
    native<dbm_setdefault>("setdefault($self, key, default=b'', /)", nullptr),
    native<dbm_enter>("__enter__($self, /)", nullptr),
    native<dbm_exit>("__exit__($self, /, *args)", nullptr),
};
constinit TypeDef dbm_def = {.name = "_dbm.dbm",
                             .dynamic_kind = &DynamicKind<Dbm>::value,
                             .payload_size = sizeof(Dbm),
                             .flags = kTypeNoInstances | kTypeKeysOnly,
                             .methods = dbm_methods,
                             .method_count = count_of(dbm_methods),
                             .kind_info = kind_info_of<Dbm>("_dbm.dbm")};

static constinit NativeDef dbm_functions[] = {
    native<dbm_open_function>("open($module, filename, flags='r', mode=0o666, /)",
                              "Open an ndbm database and give back the object to work with it.\n\n  filename\n    Path of the "
                              "database, without the suffix the library appends.\n  flags\n    'r' (the default) only reads an "
                              "existing database, 'w' also changes\n    it, 'c' creates it if there is none, 'n' always starts "
                              "an empty one.\n  mode\n    Permission bits for a file that is created, before the umask is\n    "
                              "applied; 0o666 by default.\n\nOther flags raise error, as does a database that cannot be opened."),
};
static Result<void> dbm_exec(Thread& t, Module* module) {
  if (const char* error = dbm_library.load())
    return raise_import_error(t, exceptions.ImportError, Value(TRY(str_from_utf8(t, error))), kNone, kNone);
  if (!dbm_error_type) dbm_error_type = new Root<Type>(TRY(make_exception_type(t, "_dbm.error", exceptions.OSError, nullptr)));
  TRY(module_set(t, module, "error", Value(dbm_error_type->get())));
  return module_set(t, module, "library", Value(TRY(str_from_utf8(t, "Berkeley DB"))));
}
ModuleDef dbm_module = {.name = "_dbm", .functions = dbm_functions, .function_count = count_of(dbm_functions), .exec = dbm_exec};

}  // namespace baton
