// A small test harness: TEST(name) { EXPECT(...); }. Each test registers itself; tests/unit/main.cpp runs them all.
#pragma once
#include <cstdio>

namespace baton::test {
struct TestCase {
  const char* name;
  void (*run)();
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

#define TEST(name)                                                         \
  static void test_##name();                                               \
  static ::baton::test::TestCase case_##name{#name, test_##name, nullptr}; \
  static ::baton::test::Register register_##name(&case_##name);            \
  static void test_##name()
#define EXPECT(cond)                                                      \
  do {                                                                    \
    if (!(cond)) {                                                        \
      ++::baton::test::failures_in_current_test;                          \
      fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #cond); \
    }                                                                     \
  } while (0)
