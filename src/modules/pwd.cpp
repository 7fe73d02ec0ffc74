// pwd: the user database.
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "modules/os_support.h"
#include "objects/list.h"
#include "objects/struct_sequence.h"

namespace baton {

static constexpr StructField kFields[] = {{"pw_name", "user name"},     {"pw_passwd", "password"}, {"pw_uid", "user id"},
                                          {"pw_gid", "group id"},       {"pw_gecos", "real name"}, {"pw_dir", "home directory"},
                                          {"pw_shell", "shell program"}};
static constinit StructSequenceDef struct_passwd_def =
    struct_sequence("pwd.struct_passwd",
                    "A user's account, as the getpw*() functions describe it.\n\nIt is a tuple whose items have names:\npw_name, "
                    "pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.",
                    kFields, 7);

static Result<Value> text_or_none(Thread& t, const char* s) {
  if (!s) return kNone;
  return Value(TRY(file_system_text(t, s)));
}
static Value id_value(u32 id) { return Value::of_small_int(id == static_cast<u32>(-1) ? -1 : static_cast<i64>(id)); }
static Result<Value> make_entry(Thread& t, const passwd& p) {
  Value v[7] = {TRY(text_or_none(t, p.pw_name)),
                TRY(text_or_none(t, p.pw_passwd)),
                id_value(p.pw_uid),
                id_value(p.pw_gid),
                TRY(text_or_none(t, p.pw_gecos)),
                TRY(text_or_none(t, p.pw_dir)),
                TRY(text_or_none(t, p.pw_shell))};
  return make_struct_sequence(t, struct_passwd_def, v);
}

// Runs find(entry, buffer, size, result) with growing buffers. kNotFound when there is no such user.
template <class F>
static Result<Value> look_up(Thread& t, F&& find) {
  for (usize size = 1024;; size *= 2) {
    char* buffer = static_cast<char*>(malloc(size));
    if (!buffer) return raise_memory_error(t);
    passwd entry, *found = nullptr;
    int error = blocking(t, [&] { return find(&entry, buffer, size, &found); });
    if (found) {
      Result<Value> made = make_entry(t, *found);
      free(buffer);
      return made;
    }
    free(buffer);
    if (error != ERANGE || size > (usize{1} << 24)) return kNotFound;
  }
}

static Result<Value> pwd_getpwuid(Thread& t, Value uid) {
  u32 id;
  if (!convert_id(t, uid, &id, "uid")) {
    if (!clear_pending_if(t, exceptions.OverflowError)) return failed;
    return raise(t, exceptions.KeyError, "getpwuid(): uid not found");
  }
  Value found = TRY(look_up(t, [&](passwd* e, char* b, usize n, passwd** r) { return ::getpwuid_r(id, e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getpwuid(): uid not found: {}", id_value(id));
  return found;
}
static Result<Value> pwd_getpwnam(Thread& t, Str* name) {
  Bytes* text = TRY(file_system_bytes(t, Value(name)));
  Value found = TRY(look_up(t, [&](passwd* e, char* b, usize n, passwd** r) { return ::getpwnam_r(c_text(text), e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getpwnam(): name not found: {!r}", Value(name));
  return found;
}
static Result<Value> pwd_getpwall(Thread& t) {
  List* list = TRY(make_list(t));
  ::setpwent();
  while (passwd* p = ::getpwent()) {
    Result<Value> entry = make_entry(t, *p);
    if (entry.is_failed() || list_append(t, list, entry.value()).is_failed()) {
      ::endpwent();
      return failed;
    }
  }
  ::endpwent();
  return list;
}

static constinit NativeDef pwd_functions[] = {
    native<pwd_getpwuid>("getpwuid($module, uidobj, /)",
                         "Look up a user by numeric id.\n\nReturns an entry of the password database: see help(pwd)."),
    native<pwd_getpwnam>("getpwnam($module, name, /)",
                         "Look up a user by name.\n\nReturns an entry of the password database: see help(pwd)."),
    native<pwd_getpwall>(
        "getpwall($module, /)",
        "List the password database entries of all users, in no special order.\n\nSee help(pwd) for what an entry is."),
};
static TypeDef* const pwd_types[] = {&struct_passwd_def.def};
ModuleDef pwd_module = {
    .name = "pwd",
    .doc =
        "Access to the password database of Unix, where users are listed.\n\nAn entry is a tuple of seven items, as in "
        "<pwd.h>:\n  pw_name    name of the user\n  pw_passwd  password\n  pw_uid     user id\n  pw_gid     group id\n  pw_gecos "
        "  full name or comment\n  pw_dir     home directory\n  pw_shell   shell\nThe ids are integers; the rest are strings. A "
        "lookup that finds nothing\nraises an exception. Every Unix has this module.",
    .functions = pwd_functions,
    .function_count = count_of(pwd_functions),
    .types = pwd_types,
    .type_count = 1};

}  // namespace baton
