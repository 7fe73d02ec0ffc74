// The hook for line editing; null until a module installs itself.
#include "objects/terminal_input.h"

namespace baton {

Result<Value> (*read_terminal_line)(Thread& thread, const char* prompt) = nullptr;

}  // namespace baton
