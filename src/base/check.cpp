// Reports a broken invariant and stops the process; the hook adds what a running runtime knows.
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace baton {

static CheckHook check_hook = nullptr;

void set_check_hook(CheckHook hook) { check_hook = hook; }

void check_failed(const char* file, int line, const char* condition, const char* what) {
  static thread_local bool failing = false;
  fprintf(stderr, "baton: %s:%d: internal check failed: %s (%s)\n", file, line, what, condition);
  if (!failing) {
    failing = true;
    if (check_hook) check_hook();
  }
  abort();
}

}  // namespace baton
