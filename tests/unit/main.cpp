// Runs every registered unit test, or those whose name contains the first argument.
#include <cstring>

#include "test.h"

namespace baton::test {
TestCase* first_test = nullptr;
int failures_in_current_test = 0;
}  // namespace baton::test

int main(int argc, char** argv) {
  using namespace baton::test;
  int passed = 0, failed = 0;
  for (TestCase* test = first_test; test; test = test->next) {
    if (argc > 1 && !strstr(test->name, argv[1])) continue;
    failures_in_current_test = 0;
    test->run();
    if (failures_in_current_test) {
      ++failed;
      fprintf(stderr, "FAILED %s\n", test->name);
    } else {
      ++passed;
    }
  }
  printf("%d passed, %d failed\n", passed, failed);
  return failed != 0;
}
