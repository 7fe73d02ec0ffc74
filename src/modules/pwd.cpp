// pwd: the user database.
#include <pwd.h>

#include "modules/c_database.h"
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
static Result<Value> make_entry(Thread& t, const passwd& p) {
  Value v[7] = {TRY(text_or_none(t, p.pw_name)),
                TRY(text_or_none(t, p.pw_passwd)),
                account_id(p.pw_uid),
                account_id(p.pw_gid),
                TRY(text_or_none(t, p.pw_gecos)),
                TRY(text_or_none(t, p.pw_dir)),
                TRY(text_or_none(t, p.pw_shell))};
  return make_struct_sequence(t, struct_passwd_def, v);
}

static Result<Value> pwd_getpwuid(Thread& t, Value uid) {
  u32 id;
  if (!convert_id(t, uid, &id, "uid")) {
    if (!clear_pending_if(t, exceptions.OverflowError)) return failed;
    return raise(t, exceptions.KeyError, "getpwuid(): uid not found");
  }
  Value found = TRY(look_up_entry<passwd>(t, make_entry,
                                          [&](passwd* e, char* b, usize n, passwd** r) { return ::getpwuid_r(id, e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getpwuid(): uid not found: {}", account_id(id));
  return found;
}
static Result<Value> pwd_getpwnam(Thread& t, Str* name) {
  Bytes* text = TRY(file_system_bytes(t, Value(name)));
  Value found = TRY(look_up_entry<passwd>(
      t, make_entry, [&](passwd* e, char* b, usize n, passwd** r) { return ::getpwnam_r(c_text(text), e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getpwnam(): name not found: {!r}", Value(name));
  return found;
}
static Result<Value> pwd_getpwall(Thread& t) { return list_entries(t, make_entry, ::setpwent, ::getpwent, ::endpwent); }

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
