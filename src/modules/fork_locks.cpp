// -X dev: a warning before fork() that names the locks other threads hold, for in the child nobody will ever release them.
//
// Locks found nowhere are not reported: threads that wait for events hold such ones all the time, and those are nobody's problem.
#include "interp/interp.h"
#include "modules/config.h"
#include "modules/lock_names.h"

namespace baton {

static bool is_held_elsewhere(Value v, const void* own_ident) {
  u64 ident = lock_holder(v);
  return ident && ident != *static_cast<const u64*>(own_ident);
}

Result<void> warn_about_held_locks(Thread& thread) {
  if (!config.dev_mode || !first_thread() || !first_thread()->next_thread_) return ok;
  LockNames held(thread, is_held_elsewhere, &thread.python_ident_);
  TRY(held.search_modules());
  TRY(held.search_other_threads(false));
  StrBuilder list;  // "name (held by thread N), ..."
  for (usize i = 0; i < held.count(); ++i) {
    u64 holder = lock_holder(held.lock(i));
    if (!holder) continue;  // released meanwhile
    if (list.length()) list.append_ascii(", ");
    list.append(TRY(format_message(thread, "{} (held by thread {})", held.name(i), holder)));
  }
  if (!list.length()) return ok;
  Str* text = TRY(format_message(thread, "fork() while other threads hold locks, which stay locked for ever in the child: {}",
                                 TRY(list.build(thread))));
  Value owner;
  return warn(thread, exceptions.RuntimeWarning, TRY(str_utf8(thread, text, &owner)), 1);
}

}  // namespace baton
