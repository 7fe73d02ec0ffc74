// What the files of the posix module share.
#pragma once
#include <sys/stat.h>

#include "modules/os_support.h"
#include "objects/struct_sequence.h"

namespace baton {

extern ModuleDef posix_module;
extern NativeTable posix_file_functions, posix_directory_functions, posix_descriptor_functions, posix_fork_functions,
    posix_process_functions, posix_exec_functions, posix_misc_functions;
extern StructSequenceDef stat_result_def;
extern TypeDef dir_entry_def, scandir_iterator_def;

Result<Value> make_stat_result(Thread& thread, const struct stat& st);
// stat() of a path or descriptor argument.
Result<Value> stat_path(Thread& thread, const char* function, const PathArg& path, int dir_fd, bool follow_symlinks);
Result<void> add_posix_constants(Thread& thread, Module* module);
Result<void> add_posix_config(Thread& thread, Module* module);
Result<void> add_posix_process_types(Thread& thread, Module* module);

// Conflicting argument combinations, with CPython's texts.
Result<void> check_path_and_dir_fd(Thread& thread, const char* function, const PathArg& path, int dir_fd);
Result<void> check_fd_and_follow(Thread& thread, const char* function, const PathArg& path, bool follow_symlinks);

// A C array of C strings made from a list or tuple of paths; freed by the destructor.
class StringArray {
 public:
  StringArray() = default;
  ~StringArray();
  StringArray(const StringArray&) = delete;
  StringArray& operator=(const StringArray&) = delete;
  bool reserve(usize n);  // false: out of memory
  bool append(std::string_view text);
  char** data() { return items_; }
  usize size() const { return size_; }

 private:
  char** items_ = nullptr;
  usize size_ = 0, capacity_ = 0;
};
Result<void> fill_string_array(Thread& thread, Value sequence, StringArray* out);
// "KEY=value" entries of a mapping.
Result<void> fill_environment(Thread& thread, Value mapping, const char* not_mapping, StringArray* out);
Result<Value> make_rusage(Thread& thread, const struct rusage& usage);

}  // namespace baton
