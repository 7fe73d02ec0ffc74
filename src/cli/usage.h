// Texts of --help and --version.
#pragma once
#include <string>

namespace baton {

void print_usage(const char* program);
void print_environment_help();
void print_xoptions_help();
void print_version(bool verbose);
std::string version_text();  // sys.version

}  // namespace baton
