// Files of code images beside the program or in the user's cache directory. See docs/startup.md.
#pragma once
#include <string>
#include <string_view>

#include "base/types.h"

namespace baton {

// Where this user's caches go: below XDG_CACHE_HOME or the home. Empty: nowhere.
std::string user_cache_directory();

// FNV-1a of a text and a separator, going on from `h`.
u64 cache_file_hash(const char* text, u64 h = 0xCBF29CE484222325);
// KIND-BYTECODE VERSION-LIBRARY-OPTIMISATION LEVEL.img
std::string cache_file_name(const char* kind, u64 library);

enum class MapPages : u8 { Now, WhenTouched };
// Says whether the contents are what they should be.
using AcceptFile = bool (*)(std::string_view data, void* context);
struct CacheFile {
  std::string_view data;
  int place = -1;  // number of the directory it is in
  bool is_found() const { return place >= 0; }
};
// The first trusted file of that name that is accepted, mapped for good.
CacheFile map_cache_file(const std::string& name, MapPages pages, AcceptFile accept, void* context);
// Replaces the file, or makes it in the first place that can be written (only_place: in no other). False: nothing was written.
bool replace_cache_file(const std::string& name, const std::string& text, int only_place = -1);

}  // namespace baton
