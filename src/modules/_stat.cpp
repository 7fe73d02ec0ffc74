// _stat: the bits of st_mode, and filemode().
#include <sys/stat.h>

#include "modules/os_support.h"

namespace baton {

// A mode argument: an int of 32 bits.
static Result<u32> mode_of(Thread& t, Value v) {
  u64 wide;
  if (!is_int(v)) return raise_type_error(t, "an integer is required");
  Value index = TRY(to_index(t, v));
  if (int_sign(index) < 0) return raise_overflow_error(t, "can't convert negative value to unsigned int");
  if (!int_to_u64(index, &wide)) return raise_overflow_error(t, "Python int too large to convert to C unsigned long");
  if (wide > UINT32_MAX) return raise_overflow_error(t, "mode out of range");
  return static_cast<u32>(wide);
}
template <u32 kType>
static Result<bool> is_type(Thread& t, Value mode) {
  return (TRY(mode_of(t, mode)) & S_IFMT) == kType;
}
static Result<bool> is_never(Thread& t, Value mode) {
  (void)TRY(mode_of(t, mode));
  return false;
}
static Result<u64> stat_imode(Thread& t, Value mode) { return u64{TRY(mode_of(t, mode)) & 07777}; }
static Result<u64> stat_ifmt(Thread& t, Value mode) { return u64{TRY(mode_of(t, mode)) & S_IFMT}; }

static char type_letter(u32 mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
  }
}
static Result<Value> stat_filemode(Thread& t, Value value) {
  u32 mode = TRY(mode_of(t, value));
  char text[10];
  text[0] = type_letter(mode);
  for (int i = 0; i < 9; ++i) text[1 + i] = mode & (0400u >> i) ? "rwx"[i % 3] : '-';
  if (mode & S_ISUID) text[3] = mode & S_IXUSR ? 's' : 'S';
  if (mode & S_ISGID) text[6] = mode & S_IXGRP ? 's' : 'S';
  if (mode & S_ISVTX) text[9] = mode & S_IXOTH ? 't' : 'T';
  return Value(TRY(str_from_ascii(t, {text, 10})));
}

static constinit NativeDef stat_functions[] = {
    native<is_type<S_IFDIR>>("S_ISDIR(mode, /)", "Tell whether a file mode, as in st_mode, is that of a directory."),
    native<is_type<S_IFCHR>>("S_ISCHR(mode, /)", "Tell whether a file mode, as in st_mode, is that of a character device."),
    native<is_type<S_IFBLK>>("S_ISBLK(mode, /)", "Tell whether a file mode, as in st_mode, is that of a block device."),
    native<is_type<S_IFREG>>("S_ISREG(mode, /)", "Tell whether a file mode, as in st_mode, is that of a regular file."),
    native<is_type<S_IFIFO>>("S_ISFIFO(mode, /)", "Tell whether a file mode, as in st_mode, is that of a named pipe."),
    native<is_type<S_IFLNK>>("S_ISLNK(mode, /)",
                             "Tell whether a file mode, as in st_mode, is that of a symbolic link.\n\nOnly lstat() ever gives "
                             "such a mode; stat() goes on to the target."),
    native<is_type<S_IFSOCK>>("S_ISSOCK(mode, /)", "Tell whether a file mode, as in st_mode, is that of a socket."),
    native<is_never>("S_ISDOOR(mode, /)",
                     "Tell whether a file mode, as in st_mode, is that of a Solaris door.\n\nOn systems that have none, the "
                     "answer is always False."),
    native<is_never>("S_ISPORT(mode, /)",
                     "Tell whether a file mode, as in st_mode, is that of an event port.\n\nOn systems that have none, the "
                     "answer is always False."),
    native<is_never>("S_ISWHT(mode, /)",
                     "Tell whether a file mode, as in st_mode, is that of a whiteout.\n\nWhiteouts hide lower files in BSD union "
                     "mounts; on systems that have none, the\nanswer is always False."),
    native<stat_imode>("S_IMODE(mode, /)",
                       "Extract the permission bits of a file mode.\n\nThese are the bits that os.chmod() takes: read, write and "
                       "execute rights, the\nsticky bit, set-user-ID and set-group-ID."),
    native<stat_ifmt>("S_IFMT(mode, /)",
                      "Extract the file type bits of a file mode.\n\nCompare the result to S_IFREG, S_IFDIR and so on."),
    native<stat_filemode>("filemode(mode, /)",
                          "Show a file mode the way ls -l does.\n\nThe result is a string of ten characters, such as "
                          "'drwxr-x---': the type, then\nthe rights of owner, group and others."),
};
static constexpr ModuleConstant kConstants[] = {{"S_IFDIR", S_IFDIR},
                                                {"S_IFCHR", S_IFCHR},
                                                {"S_IFBLK", S_IFBLK},
                                                {"S_IFREG", S_IFREG},
                                                {"S_IFIFO", S_IFIFO},
                                                {"S_IFLNK", S_IFLNK},
                                                {"S_IFSOCK", S_IFSOCK},
                                                {"S_IFDOOR", 0},
                                                {"S_IFPORT", 0},
                                                {"S_IFWHT", 0},
                                                {"S_ISUID", S_ISUID},
                                                {"S_ISGID", S_ISGID},
                                                {"S_ISVTX", S_ISVTX},
                                                {"S_ENFMT", S_ISGID},
                                                {"S_IREAD", S_IRUSR},
                                                {"S_IWRITE", S_IWUSR},
                                                {"S_IEXEC", S_IXUSR},
                                                {"S_IRWXU", S_IRWXU},
                                                {"S_IRUSR", S_IRUSR},
                                                {"S_IWUSR", S_IWUSR},
                                                {"S_IXUSR", S_IXUSR},
                                                {"S_IRWXG", S_IRWXG},
                                                {"S_IRGRP", S_IRGRP},
                                                {"S_IWGRP", S_IWGRP},
                                                {"S_IXGRP", S_IXGRP},
                                                {"S_IRWXO", S_IRWXO},
                                                {"S_IROTH", S_IROTH},
                                                {"S_IWOTH", S_IWOTH},
                                                {"S_IXOTH", S_IXOTH},
                                                // Flags of other systems' files; the numbers are the same everywhere.
                                                {"UF_NODUMP", 0x1},
                                                {"UF_IMMUTABLE", 0x2},
                                                {"UF_APPEND", 0x4},
                                                {"UF_OPAQUE", 0x8},
                                                {"UF_NOUNLINK", 0x10},
                                                {"UF_COMPRESSED", 0x20},
                                                {"UF_HIDDEN", 0x8000},
                                                {"SF_ARCHIVED", 0x10000},
                                                {"SF_IMMUTABLE", 0x20000},
                                                {"SF_APPEND", 0x40000},
                                                {"SF_NOUNLINK", 0x100000},
                                                {"SF_SNAPSHOT", 0x200000},
                                                {"ST_MODE", 0},
                                                {"ST_INO", 1},
                                                {"ST_DEV", 2},
                                                {"ST_NLINK", 3},
                                                {"ST_UID", 4},
                                                {"ST_GID", 5},
                                                {"ST_SIZE", 6},
                                                {"ST_ATIME", 7},
                                                {"ST_MTIME", 8},
                                                {"ST_CTIME", 9}};

ModuleDef _stat_module = {.name = "_stat",
                          .doc = "The bits of st_mode, file flags and the fields of stat results.",
                          .functions = stat_functions,
                          .function_count = count_of(stat_functions),
                          .constants = kConstants,
                          .constant_count = sizeof kConstants / sizeof *kConstants};

}  // namespace baton
