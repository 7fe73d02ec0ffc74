// A small test harness: TEST(name) { EXPECT(...); }. Each test registers itself; tests/unit/main.cpp runs them all. TIMED_TEST:
// what it expects of the clock needs processors to itself, so tools/check runs nothing beside it.
#pragma once
#include <cstdio>

namespace baton::test {
struct TestCase {
  const char* name;
  void (*run)();
  bool is_timed;
  TestCase* next;
};
extern TestCase* first_test;
extern int failures_in_current_test;
struct Register {
  explicit Register(TestCase* test) {
    test->next = first_test;
    first_test = test;
  }
};
}  // namespace baton::test

#define BATON_TEST(name, is_timed)                                                   \
  static void test_##name();                                                         \
  static ::baton::test::TestCase case_##name{#name, test_##name, is_timed, nullptr}; \
  static ::baton::test::Register register_##name(&case_##name);                      \
  static void test_##name()
#define TEST(name) BATON_TEST(name, false)
#define TIMED_TEST(name) BATON_TEST(name, true)
#define EXPECT(cond)                                                      \
  do {                                                                    \
    if (!(cond)) {                                                        \
      ++::baton::test::failures_in_current_test;                          \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #cond); \
    }                                                                     \
  } while (0)
