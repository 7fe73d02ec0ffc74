// Frozen modules: the part of the installed library's Python source that the import system itself and every start need.
//
// The same modules as CPython 3.11 freezes, but not built in: their code comes from the library that is installed, and is kept as
// code images in one file, which is mapped. A source is used as it is now: its image counts only while the source's time of
// modification and size are those it was made from. Files: see frozen_file.cpp and docs/startup.md.
#pragma once
#include <sys/stat.h>

#include <string>
#include <string_view>

#include "objects/code.h"

namespace baton {

struct FrozenModule {
  std::string_view name;
  const char* path;      // below the library's directory
  const char* original;  // name in tracebacks ("<frozen NAME>") and in specs; null: none. "<NAME": __init__ of that package
  bool is_package, is_essential;
  const char* source = nullptr;  // of a module that has no file in the library: its text; `path` is empty
};

// Null: there is none of that name, or they are switched off (-X frozen_modules=off; not those the import system is made of).
const FrozenModule* find_frozen_module(std::string_view name);
usize frozen_module_count();
const FrozenModule& frozen_module(usize number);
Result<Code*> frozen_module_code(Thread& thread, const FrozenModule& module);
// What _imp._override_frozen_modules_for_tests sets: 1 on, -1 off, 0 as the command line said.
void override_frozen_modules(int choice);

// Lets importlib keep compiled code below user_cache_directory() where a source's __pycache__ can't be written (cache_path.cpp).
Result<void> install_cache_fallback(Thread& thread);

// Lets importlib take the code of the library's other modules from a file of images (library_images.cpp), and adds to that file
// at the end what the process had to take from elsewhere.
Result<void> install_library_images(Thread& thread);
void store_library_images(Thread& thread);
// Is it a source whose code that file may hold? Its code from there; kNotFound: it holds none of the source as it is now (`st`).
bool is_library_source(std::string_view path);
bool library_file_has(std::string_view path);  // by that name, whatever its source is now
Result<Value> library_file_code(Thread& thread, std::string_view path, const struct stat& st);

void open_frozen_modules();   // before the first of the functions above that answers code
void store_frozen_modules();  // after start-up and at the end: writes what had to be compiled, if that is allowed and there is a
                              // place for it

// ---- frozen_file.cpp

struct FrozenImage {
  i64 mtime_ns = 0;
  u64 source_size = 0;
  std::string_view image;  // empty: none
};
// Images by number of the module, mapped from the first usable file.
bool map_frozen_file(FrozenImage* images, usize count);
void write_frozen_file(const FrozenImage* images, usize count);

}  // namespace baton
