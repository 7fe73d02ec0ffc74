// grp: the group database.
#include <grp.h>

#include "modules/c_database.h"
#include "objects/struct_sequence.h"

namespace baton {

static constexpr StructField kFields[] = {
    {"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"}};
static constinit StructSequenceDef struct_group_def =
    struct_sequence("grp.struct_group",
                    "A group of users, as the getgr*() functions describe it.\n\nIt is a tuple whose items have names:\ngr_name, "
                    "gr_passwd, gr_gid, gr_mem (a list of user names).",
                    kFields, 4);

static Result<Value> make_entry(Thread& t, const group& g) {
  List* members = TRY(make_list(t));
  for (char** m = g.gr_mem; m && *m; ++m) TRY(list_append(t, members, Value(TRY(file_system_text(t, *m)))));
  Value password = g.gr_passwd ? Value(TRY(file_system_text(t, g.gr_passwd))) : kNone;
  Value v[4] = {Value(TRY(file_system_text(t, g.gr_name))), password, account_id(g.gr_gid), Value(members)};
  return make_struct_sequence(t, struct_group_def, v);
}

static Result<Value> grp_getgrgid(Thread& t, GroupId id) {
  Value found = TRY(look_up_entry<group>(t, make_entry,
                                         [&](group* e, char* b, usize n, group** r) { return ::getgrgid_r(id.id, e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getgrgid(): gid not found: {}", account_id(id.id));
  return found;
}
static Result<Value> grp_getgrnam(Thread& t, Str* name) {
  Bytes* text = TRY(file_system_bytes(t, Value(name)));
  Value found = TRY(look_up_entry<group>(
      t, make_entry, [&](group* e, char* b, usize n, group** r) { return ::getgrnam_r(c_text(text), e, b, n, r); }));
  if (found == kNotFound) return raise(t, exceptions.KeyError, "getgrnam(): name not found: {!r}", Value(name));
  return found;
}
static Result<Value> grp_getgrall(Thread& t) { return list_entries(t, make_entry, ::setgrent, ::getgrent, ::endgrent); }

static constinit NativeDef grp_functions[] = {
    native<grp_getgrgid>("getgrgid($module, /, id)", "Look up a Unix group by its number; an unknown one raises KeyError."),
    native<grp_getgrnam>("getgrnam($module, /, name)", "Look up a Unix group by its name; an unknown one raises KeyError."),
    native<grp_getgrall>(
        "getgrall($module, /)",
        "List all entries of the group database, in no particular order.\n\nNames that begin with + or - are directions to the "
        "NIS directory service\nrather than groups, and the other functions may not find them."),
};
static TypeDef* const grp_types[] = {&struct_group_def.def};
ModuleDef grp_module = {
    .name = "grp",
    .doc =
        "Look up groups in the group database of a Unix system.\n\nAn entry is a tuple with these fields, which are attributes "
        "too under the\nnames gr_name, gr_passwd and so on:\n\n  name   - what the group is called, a string\n  passwd - its "
        "password in encrypted form, a string, mostly empty\n  gid    - its number, an int\n  mem    - the names of its members, "
        "a list of strings\n\nA user's main group is recorded with the user, so mem tends not to mention\nthat user: for a full "
        "list of members, search the pwd module's entries too.",
    .functions = grp_functions,
    .function_count = count_of(grp_functions),
    .types = grp_types,
    .type_count = 1};

}  // namespace baton
