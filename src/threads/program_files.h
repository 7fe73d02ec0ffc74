// A directory that the processes of one program share: the first one makes it and names it in the environment, every process
// below it, forked or started anew, leaves files there, and the first one reads them at its end.
#pragma once
#include <string>
#include <vector>

#include "base/types.h"

namespace baton {

class ProgramFiles {
 public:
  enum class Place : u8 { None, First, Below };  // of this process: in none, the one that made it, below that one

  // At start-up. `variable` is the one in the environment. Without a process above, the directory is made if it is `wanted`;
  // where that fails, this is the First one all the same, with no directory.
  Place open(const char* variable, bool wanted);
  bool has_directory() const { return !directory_.empty(); }
  // DIRECTORY/PID.ENDING
  std::string path(u32 pid, const char* ending) const;
  // Full paths of what is there, sorted.
  std::vector<std::string> paths() const;
  // With all that is in it.
  void remove() const;

 private:
  std::string directory_;
};

bool ends_with(const std::string& text, const char* ending);

}  // namespace baton
