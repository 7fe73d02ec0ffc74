// spwd: the shadow password database (readable by the superuser).
#include <shadow.h>

#include "modules/c_database.h"
#include "objects/struct_sequence.h"

namespace baton {

static constexpr StructField kFields[] = {{"sp_namp", "login name"},
                                          {"sp_pwdp", "encrypted password"},
                                          {"sp_lstchg", "date of last change"},
                                          {"sp_min", "min #days between changes"},
                                          {"sp_max", "max #days between changes"},
                                          {"sp_warn", "#days before pw expires to warn user about it"},
                                          {"sp_inact", "#days after pw expires until account is disabled"},
                                          {"sp_expire", "#days since 1970-01-01 when account expires"},
                                          {"sp_flag", "reserved"},
                                          {"sp_nam", "login name; deprecated"},
                                          {"sp_pwd", "encrypted password; deprecated"}};
static constinit StructSequenceDef struct_spwd_def = struct_sequence(
    "spwd.struct_spwd",
    "An entry of the shadow password file, from a getsp*() function.\n\nIt is a tuple of nine items that have names too:\n  "
    "sp_namp, sp_pwdp             login name and encrypted password\n  sp_lstchg                    day of the last change\n  "
    "sp_min, sp_max               days between changes, at least and at most\n  sp_warn                      days of warning "
    "before expiry\n  sp_inact                     days from expiry until the account is disabled\n  sp_expire                   "
    " day on which the account expires\n  sp_flag                      reserved",
    kFields, 9);

static Result<Value> make_entry(Thread& t, const spwd& p) {
  Value name(TRY(file_system_text(t, p.sp_namp))), password(TRY(file_system_text(t, p.sp_pwdp)));
  const i64 numbers[7] = {p.sp_lstchg, p.sp_min, p.sp_max, p.sp_warn, p.sp_inact, p.sp_expire, static_cast<i64>(p.sp_flag)};
  Value v[11] = {name, password};
  for (int i = 0; i < 7; ++i) v[2 + i] = TRY(int_from_i64(t, numbers[i]));
  v[9] = name;
  v[10] = password;
  return make_struct_sequence(t, struct_spwd_def, v);
}

static Result<Value> spwd_getspnam(Thread& t, Str* arg) {
  Bytes* name = TRY(file_system_bytes(t, Value(arg)));
  char buffer[4096];
  spwd entry, *found = nullptr;
  int error = blocking(t, [&] { return ::getspnam_r(c_text(name), &entry, buffer, sizeof buffer, &found); });
  if (found) return make_entry(t, *found);
  if (error && error != ENOENT) return raise_os_error(t, error);
  return raise(t, exceptions.KeyError, "getspnam(): name not found");
}
static Result<Value> spwd_getspall(Thread& t) { return list_entries(t, make_entry, ::setspent, ::getspent, ::endspent); }

static constinit NativeDef spwd_functions[] = {
    native<spwd_getspnam>(
        "getspnam($module, arg, /)",
        "Look up the shadow password of a user by name.\n\nReturns an entry of the shadow password database: see help(spwd)."),
    native<spwd_getspall>(
        "getspall($module, /)",
        "List the shadow password database entries of all users, in no special order.\n\nSee help(spwd) for what an entry is."),
};
static TypeDef* const spwd_types[] = {&struct_spwd_def.def};
static Result<void> spwd_exec(Thread& t, Module*) {
  return warn(t, exceptions.DeprecationWarning, "'spwd' is deprecated and slated for removal in Python 3.13", 7);
}
ModuleDef spwd_module = {
    .name = "spwd",
    .doc =
        "Access to the shadow password database of Unix, for root only.\n\nAn entry is a struct_spwd, a tuple of nine items, as "
        "in <shadow.h>:\n  sp_namp    name of the user (string)\n  sp_pwdp    encrypted password (string)\n  sp_lstchg  day of "
        "the last change\n  sp_min     days before the password may be changed\n  sp_max     days until it has to be changed\n  "
        "sp_warn    days of warning ahead of that\n  sp_inact   days of grace until the account is disabled\n  sp_expire  day on "
        "which the account expires\n  sp_flag    reserved\nAll but the two strings are integers. A lookup that finds nothing "
        "raises\nan exception. Not every Unix has this module.",
    .functions = spwd_functions,
    .function_count = count_of(spwd_functions),
    .types = spwd_types,
    .type_count = 1,
    .exec = spwd_exec};

}  // namespace baton
