// Broken invariants stop the process with file, line and (once a runtime is up) the Python stack.
// BATON_CHECK is always on; BATON_DCHECK only in builds with assertions.
#pragma once

namespace baton {

[[noreturn, gnu::cold]] void check_failed(const char* file, int line, const char* condition, const char* what);

// Called by check_failed before it aborts, to print the Python stack. Set once at start-up by the layer that knows it.
using CheckHook = void (*)();
void set_check_hook(CheckHook hook);

}  // namespace baton

#define BATON_CHECK(cond, what)                               \
  do {                                                        \
    if (!(cond)) [[unlikely]]                                 \
      ::baton::check_failed(__FILE__, __LINE__, #cond, what); \
  } while (0)
#ifdef BATON_ASSERTIONS
#define BATON_DCHECK(cond, what) BATON_CHECK(cond, what)
#else
#define BATON_DCHECK(cond, what) ((void)sizeof(cond))
#endif
#define BATON_UNREACHABLE(what) ::baton::check_failed(__FILE__, __LINE__, "unreachable", what)

#define BATON_ALWAYS_INLINE inline __attribute__((always_inline))
#define BATON_NOINLINE __attribute__((noinline))
#define BATON_COLD __attribute__((cold, noinline))
