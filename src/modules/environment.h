// The process's environment as the C library sees it (environ(7)).
//
// setenv(3) moves the list of variables when it grows and frees the old one, under the feet of whoever reads it meanwhile:
// getaddrinfo() without the GIL, mktime() and strftime() of other threads. Here old lists stay as they were. Each is twice as
// long as the one before, so they take no more than the last one.
#pragma once
#include <string_view>

namespace baton {

// Sets a variable; the name has no '='. False: no memory. Any thread.
bool set_environment_variable(std::string_view name, std::string_view value);
// Removes all variables of that name.
void remove_environment_variable(std::string_view name);

}  // namespace baton
