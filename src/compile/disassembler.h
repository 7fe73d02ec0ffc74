// Text listing of code: for golden tests, `-X dis` and debugging. Works on finished code before it is a heap object, and on Code.
#pragma once
#include <string>

#include "objects/code.h"

namespace baton {

namespace compile {
struct FinishedCode;
std::string list_code(const FinishedCode& code, bool positions = false);  // nested code follows
}  // namespace compile

// Code and all code nested in it. Quickened instructions are shown as they are.
std::string disassemble(Thread& thread, const Code* code, bool positions = false);

}  // namespace baton
