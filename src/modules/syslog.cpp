// syslog: messages to the system's log. The identification text must outlive openlog(), so it is kept.
#include <syslog.h>

#include <cstdlib>
#include <cstring>

#include "modules/os_support.h"
#include "objects/audit.h"
#include "objects/list.h"
#include "objects/raw_arguments.h"
#include "objects/work_lock.h"

namespace baton {

static WorkLock log_lock;  // guards the next two
static char* ident_text;   // what openlog() was given; the C library keeps the pointer
static bool is_open;

// The program's name, for a log opened without one.
static Result<char*> default_ident(Thread& t) {
  Value argv = TRY(find_attr(t, Value(runtime.sys), intern(t, "argv")));
  if (!is<List>(argv) || argv.as<List>()->length() == 0 || !is<Str>(argv.as<List>()->try_at(0)))
    return static_cast<char*>(strdup(""));
  Value owner;
  std::string_view path = str_utf8_lossy(t, argv.as<List>()->try_at(0).as<Str>(), &owner);
  usize slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return strndup(path.data(), path.size());
}
static Result<void> audit_openlog(Thread& t, const char* ident, int option, int facility) {
  if (!has_audit_hooks) return ok;
  Value name = ident && *ident ? Value(TRY(str_from_utf8(t, ident))) : kNone;
  return audit(t, "syslog.openlog", name, Value::of_small_int(option), Value::of_small_int(facility));
}
// Takes over `ident`. only_if_closed: what another thread has opened meanwhile stays.
static void open_log(Thread& t, char* ident, int option, int facility, bool only_if_closed = false) {
  WorkGuard guard(t, log_lock);
  if (only_if_closed && is_open) return free(ident);
  if (!ident || !*ident) ::closelog();  // forgets the one before, which openlog() would keep
  ::openlog(ident && *ident ? ident : nullptr, option, facility);
  free(ident_text);
  ident_text = ident;
  is_open = true;
}

static bool log_is_open(Thread& t) {
  WorkGuard guard(t, log_lock);
  return is_open;
}

static Result<void> syslog_openlog(Thread& t, Optional<Value> ident, int option, Optional<int> facility) {
  char* text;
  if (ident.has_value()) {
    if (!is<Str>(ident.value)) return raise_type_error(t, "openlog() argument 1 must be str, not {!a}", ident.value);
    Value owner;
    std::string_view s = TRY(str_utf8(t, ident.value.as<Str>(), &owner));
    text = strndup(s.data(), s.size());
  } else {
    text = TRY(default_ident(t));
  }
  if (auto audited = audit_openlog(t, text, option, facility.value_or(LOG_USER)); audited.is_failed()) {
    free(text);
    return failed;
  }
  open_log(t, text, option, facility.value_or(LOG_USER));
  return ok;
}
static Result<Value> syslog_syslog(Thread& t, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  TRY(check_no_keywords(t, "syslog.syslog", kwnames));
  int priority = LOG_INFO;
  bool good = n == 1 ? is<Str>(args[0]) : n == 2 && is_int(args[0]) && is<Str>(args[1]);
  if (!good) return raise_type_error(t, "[priority,] message string");
  if (n == 2 && !convert_int(t, int_exact(args[0]), &priority)) return failed;
  Value owner;
  std::string_view message = TRY(str_utf8(t, args[n - 1].as<Str>(), &owner));
  TRY(audit(t, "syslog.syslog", Value::of_small_int(priority), args[n - 1]));
  if (!log_is_open(t)) {
    char* ident = TRY(default_ident(t));
    if (audit_openlog(t, ident, 0, LOG_USER).is_failed()) {
      free(ident);
      return failed;
    }
    open_log(t, ident, 0, LOG_USER, true);
  }
  char* copy = strndup(message.data(), message.size());
  if (!copy) return raise_memory_error(t);
  blocking(t, [&] { ::syslog(priority, "%s", copy); });
  free(copy);
  return kNone;
}
static Result<void> syslog_closelog(Thread& t) {
  TRY(audit(t, "syslog.closelog"));
  WorkGuard guard(t, log_lock);
  if (is_open) ::closelog();
  is_open = false;
  free(ident_text);
  ident_text = nullptr;
  return Result<void>();
}
static Result<int> syslog_setlogmask(Thread& t, int mask) {
  TRY(audit(t, "syslog.setlogmask", Value::of_small_int(mask)));
  return ::setlogmask(mask);
}
static Result<int> syslog_mask(Thread&, int priority) { return LOG_MASK(priority); }
static Result<int> syslog_upto(Thread&, int priority) { return LOG_UPTO(priority); }

static constinit NativeDef syslog_functions[] = {
    native<syslog_openlog>("openlog(ident=<argv>, logoption=0, facility=<user>)"),
    native_raw(syslog_syslog, "syslog(*args)"),
    native<syslog_closelog>("closelog($module, /)"),
    native<syslog_setlogmask>("setlogmask(maskpri, /)"),
    native<syslog_mask>("LOG_MASK(pri, /)"),
    native<syslog_upto>("LOG_UPTO(pri, /)"),
};
#define CONSTANT(name) {#name, name}
static constexpr ModuleConstant kConstants[] = {
    CONSTANT(LOG_EMERG),  CONSTANT(LOG_ALERT),  CONSTANT(LOG_CRIT),    CONSTANT(LOG_ERR),    CONSTANT(LOG_WARNING),
    CONSTANT(LOG_NOTICE), CONSTANT(LOG_INFO),   CONSTANT(LOG_DEBUG),   CONSTANT(LOG_PID),    CONSTANT(LOG_CONS),
    CONSTANT(LOG_NDELAY), CONSTANT(LOG_ODELAY), CONSTANT(LOG_NOWAIT),  CONSTANT(LOG_PERROR), CONSTANT(LOG_KERN),
    CONSTANT(LOG_USER),   CONSTANT(LOG_MAIL),   CONSTANT(LOG_DAEMON),  CONSTANT(LOG_AUTH),   CONSTANT(LOG_LPR),
    CONSTANT(LOG_LOCAL0), CONSTANT(LOG_LOCAL1), CONSTANT(LOG_LOCAL2),  CONSTANT(LOG_LOCAL3), CONSTANT(LOG_LOCAL4),
    CONSTANT(LOG_LOCAL5), CONSTANT(LOG_LOCAL6), CONSTANT(LOG_LOCAL7),  CONSTANT(LOG_SYSLOG), CONSTANT(LOG_CRON),
    CONSTANT(LOG_UUCP),   CONSTANT(LOG_NEWS),   CONSTANT(LOG_AUTHPRIV)};
ModuleDef syslog_module = {.name = "syslog",
                           .functions = syslog_functions,
                           .function_count = count_of(syslog_functions),
                           .constants = kConstants,
                           .constant_count = sizeof kConstants / sizeof *kConstants};

}  // namespace baton
