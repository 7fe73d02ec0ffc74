// See the header.
#include "threads/program_files.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace baton {

ProgramFiles::Place ProgramFiles::open(const char* variable, bool wanted) {
  const char* above = getenv(variable);
  if (above && *above) {
    directory_ = above;
    return Place::Below;
  }
  if (!wanted) return Place::None;
  const char* temporary = getenv("TMPDIR");
  std::string pattern = std::string(temporary && *temporary ? temporary : "/tmp") + "/baton-gil-XXXXXX";
  if (!mkdtemp(pattern.data())) return Place::First;
  directory_ = pattern;
  setenv(variable, pattern.c_str(), 1);
  return Place::First;
}

std::string ProgramFiles::path(u32 pid, const char* ending) const {
  char name[48];
  snprintf(name, sizeof name, "/%u.%s", pid, ending);
  return directory_ + name;
}

std::vector<std::string> ProgramFiles::paths() const {
  std::vector<std::string> out;
  DIR* directory = has_directory() ? opendir(directory_.c_str()) : nullptr;
  if (!directory) return out;
  while (dirent* entry = readdir(directory)) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") out.push_back(directory_ + "/" + name);
  }
  closedir(directory);
  std::sort(out.begin(), out.end());
  return out;
}

void ProgramFiles::remove() const {
  for (const std::string& path : paths()) unlink(path.c_str());
  if (has_directory()) rmdir(directory_.c_str());
}

bool ends_with(const std::string& text, const char* ending) {
  usize n = strlen(ending);
  return text.size() > n && text.compare(text.size() - n, n, ending) == 0;
}

}  // namespace baton
