// Runs every registered unit test, or those whose name contains the first argument.
// --list prints the names, a line each, with "timed" behind some; --exact NAME... runs the tests of exactly these names.
#include <cstring>

#include "test.h"

namespace baton::test {
TestCase* first_test = nullptr;
int failures_in_current_test = 0;
}  // namespace baton::test

namespace {

bool wanted(const char* name, int argc, char** argv) {
  if (argc < 2) return true;
  if (strcmp(argv[1], "--exact") != 0) return strstr(name, argv[1]) != nullptr;
  for (int i = 2; i < argc; ++i) {
    if (strcmp(name, argv[i]) == 0) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace baton::test;
  bool list = argc > 1 && strcmp(argv[1], "--list") == 0;
  int passed = 0, failed = 0;
  for (TestCase* test = first_test; test; test = test->next) {
    if (list) {
      printf("%s%s\n", test->name, test->is_timed ? " timed" : "");
      continue;
    }
    if (!wanted(test->name, argc, argv)) continue;
    failures_in_current_test = 0;
    test->run();
    if (failures_in_current_test) {
      ++failed;
      fprintf(stderr, "FAILED %s\n", test->name);
    } else {
      ++passed;
    }
  }
  if (!list) printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
