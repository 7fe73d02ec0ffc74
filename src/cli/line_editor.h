// Reads lines from the terminal, with editing and history; plain lines when standard input is no terminal.
#pragma once
#include <string>
#include <vector>

#include "objects/thread.h"

namespace baton {

class LineEditor {
 public:
  enum Status { Line, End, Interrupted };
  explicit LineEditor(bool terminal);
  ~LineEditor();
  // The line without its newline. The GIL is released while waiting.
  Status read(Thread& thread, const std::string& prompt, std::string* line);

 private:
  Status read_plain(Thread& thread, const std::string& prompt, std::string* line);
  Status edit(Thread& thread, const std::string& prompt, std::string* line);
  int read_key(Thread& thread);
  bool terminal_;
  std::vector<std::string> history_;
  std::string history_file_;
};

// Completions of a dotted name at the end of the line, from rlcompleter. Empty when there are none.
std::vector<std::string> complete_name(Thread& thread, const std::string& text);

}  // namespace baton
