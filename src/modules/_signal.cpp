// _signal: handlers in Python, timers, waiting.
//
// The C handler only notes the number, asks the main thread to poll, and writes the wake-up descriptor. Python handlers run on
// the main thread at its next poll, or between two tries of a system call. A signal that reaches another thread while the main
// thread is blocked is passed on to it, so that its system call ends; the copy is told apart by its value and counts for nothing
// else. A signal that arrives between the main thread's last poll and its system call would wait for that call's end (in CPython
// it does): a timer sends it a copy until the handler has run.
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>

#include "modules/idle_collection.h"
#include "modules/os_support.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/exception.h"
#include "objects/frame.h"
#include "objects/list.h"
#include "objects/main_thread.h"
#include "objects/module.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/raw_arguments.h"
#include "objects/set.h"
#include "objects/signals.h"
#include "objects/struct_sequence.h"
#include "objects/timeout.h"
#include "objects/tuple.h"
#include "threads/clock.h"
#include "threads/report.h"

namespace baton {

static constexpr int kSignalCount = 65;  // NSIG
static Atomic<bool> tripped[kSignalCount];
static RootVector* handlers = nullptr;  // by number: an int (SIG_DFL, SIG_IGN), a callable, or None
static Type* itimer_error = nullptr;    // rooted by the module
static Root<Type>* itimer_error_root = nullptr;
static Atomic<int> wakeup_fd{-1};
static Atomic<bool> wakeup_warns{true};
static Atomic<int> wakeup_error{0};
static char passed_on_mark;  // its address marks a signal that was passed on

static bool is_default(Value v) { return v.is_small_int() && v.small_int() == 0; }
static bool is_ignore(Value v) { return v.is_small_int() && v.small_int() == 1; }

// ---------------------------------------------------------------------------------------------------------------- arrival

static void trip(int number) {
  tripped[number].store(true);
  if (Thread* main = main_thread()) main->request(kSignal);
  int fd = wakeup_fd.load();
  if (fd < 0) return;
  u8 byte = static_cast<u8>(number);
  ssize_t n;
  do n = ::write(fd, &byte, 1);
  while (n < 0 && errno == EINTR);
  if (n < 0 && (wakeup_warns.load() || (errno != EWOULDBLOCK && errno != EAGAIN))) wakeup_error.store(errno);
}

// By number: the timer that reminds the main thread of a signal. Written by the main thread and its signal handlers only, so that
// none fires after signal.signal() has gone back to the default action. System calls, for the C library's functions are not made
// for handlers.
struct Reminder {
  Atomic<i32> timer{-1};
  Atomic<u32> delay_ms{0};  // 0: not armed
};
static Reminder reminders[kSignalCount];
static constexpr u32 kFirstReminderMs = 10, kLastReminderMs = 20000;

static void set_timer(i32 timer, u32 ms) {
  itimerspec when{};
  when.it_value.tv_sec = ms / 1000;
  when.it_value.tv_nsec = long{ms % 1000} * 1000000;
  syscall(SYS_timer_settime, timer, 0, &when, nullptr);
}
static void remind_later(int number, u32 ms) {
  Reminder& reminder = reminders[number];
  if (reminder.timer.load() < 0) {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = number;
    event.sigev_value.sival_ptr = &passed_on_mark;
    event._sigev_un._tid = static_cast<pid_t>(main_thread()->os_tid());
    i32 timer;
    if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) != 0) return;  // then it waits, as with CPython
    reminder.timer.store(timer);
  }
  reminder.delay_ms.store(ms);
  set_timer(reminder.timer.load(), ms);
}
static void forget_reminder(int number) {
  Reminder& reminder = reminders[number];
  if (reminder.delay_ms.exchange(0)) set_timer(reminder.timer.load(), 0);
}

// Copies of a signal, reminders and those passed on to the main thread, must not meet the default action: signal.signal() first
// sees to it that no more are sent, then takes those that have been, then changes the action.
struct CopySender {
  Atomic<bool> stopped{false};  // set by the main thread
  Atomic<bool> busy{false};     // a handler on another thread is sending one
};
static CopySender copy_senders[kSignalCount];

static void pass_on(int number, Thread& main) {
  CopySender& sender = copy_senders[number];
  while (sender.busy.exchange(true)) cpu_pause();
  if (!sender.stopped.load()) {
    sigval value{};
    value.sival_ptr = &passed_on_mark;
    pthread_sigqueue(static_cast<pthread_t>(main.python_ident_), number, value);
  }
  sender.busy.store(false);
}
static void stop_copies(int number) {
  CopySender& sender = copy_senders[number];
  sender.stopped.store(true);
  while (sender.busy.load()) cpu_pause();
  forget_reminder(number);
  // What is pending for this thread arrives before it returns from the kernel. Not by sched_yield(): on a busy processor its
  // caller waits for the time slices of all others.
  syscall(SYS_gettid);
}

static int install(int number, void (*simple)(int), void (*informed)(int, siginfo_t*, void*)) {
  struct sigaction action{};
  if (informed) {
    action.sa_sigaction = informed;
    action.sa_flags = SA_SIGINFO;
  } else {
    action.sa_handler = simple;
  }
  sigemptyset(&action.sa_mask);
  action.sa_flags |= SA_ONSTACK;
  return sigaction(number, &action, nullptr);
}

// While a report of the GIL is kept (-X gil_report), what would end the process is noted, as a signal with a handler is: the main
// thread hands in the process's account, and then lets it end. The second one of these ends it at once.
static Atomic<bool> ends_process[kSignalCount];
static bool ends_with_account(int number) { return (number == SIGTERM || number == SIGHUP) && keeps_gil_report(); }

static void take_default_action(int number) {
  install(number, SIG_DFL, nullptr);
  ::raise(number);  // in a handler: when that returns
}

[[noreturn]] static void end_with_account(int number) {
  finish_gil_report();
  sigset_t itself;
  sigemptyset(&itself);
  sigaddset(&itself, number);
  pthread_sigmask(SIG_UNBLOCK, &itself, nullptr);
  take_default_action(number);
  for (;;) ::pause();
}

static void on_signal(int number, siginfo_t* info, void*) {
  int saved = errno;
  bool marked = info && info->si_value.sival_ptr == &passed_on_mark;
  bool reminded = marked && info->si_code == SI_TIMER;
  bool passed_on = marked && info->si_code == SI_QUEUE && info->si_pid == getpid();
  Thread* main = main_thread();
  bool on_main = main && current_mutator() == main;
  if (reminded) {
    u32 delay = reminders[number].delay_ms.load();
    if (tripped[number].load() && delay && delay < kLastReminderMs) remind_later(number, delay * 2);
  } else {
    if (!passed_on && ends_process[number].load() && tripped[number].load()) take_default_action(number);
    if (!passed_on) trip(number);
    if (on_main && tripped[number].load() && !copy_senders[number].stopped.load()) remind_later(number, kFirstReminderMs);
  }
  if (!reminded && !passed_on && main && !on_main && main->state() == MutatorState::Native) pass_on(number, *main);
  errno = saved;
}

static bool simulate(int number) {
  if (number < 1 || number >= kSignalCount) return false;
  if (!handlers) return true;
  Value handler = (*handlers)[static_cast<usize>(number)];
  if (!is_default(handler) && !is_ignore(handler)) trip(number);
  return true;
}

// True if a signal may run Python code of the program's own. For a reader in a stopped world.
bool has_signal_handlers() {
  if (!handlers) return false;
  for (Value handler : *handlers)
    if (handler.is_cell() && !(is<NativeFunction>(handler))) return true;
  return false;
}

static Result<void> run_handlers(Thread& thread) {
  if (!is_main_thread(thread) || !handlers) return ok;
  if (int error = wakeup_error.exchange(0)) {
    (void)raise_os_error(thread, error);
    report_unraisable(thread, "Exception ignored when trying to write to the signal wakeup fd", kNone);
  }
  for (int i = 1; i < kSignalCount; ++i) {
    if (!tripped[i].exchange(false)) continue;
    forget_reminder(i);
    if (ends_process[i].load()) end_with_account(i);
    Value handler = (*handlers)[static_cast<usize>(i)];
    if (handler.is_none() || is_default(handler) || is_ignore(handler)) {
      (void)raise(thread, exceptions.OSError, "Signal {} ignored due to race condition", i);
      report_unraisable(thread, nullptr, kNone);
      continue;
    }
    Value frame = kNone;
    if (thread.top_frame()) {
      FrameObject* object = TRY(frame_object_of(thread, thread.top_frame()));
      frame = Value(reinterpret_cast<u64>(object));
    }
    if (call(thread, handler, Value::of_small_int(i), frame).is_failed()) {
      thread.request(kSignal);  // there may be more
      return failed;
    }
  }
  return ok;
}

static void signals_in_child(Thread& thread) {
  bool ends = false;
  for (int i = 0; i < kSignalCount; ++i) {
    if (ends_process[i].load())
      ends = ends || tripped[i].load();  // sent to this process, before it came here
    else
      tripped[i].store(false);
  }
  for (Reminder& reminder : reminders) {  // timers are the parent's
    reminder.timer.store(-1);
    reminder.delay_ms.store(0);
  }
  for (CopySender& sender : copy_senders) sender.busy.store(false);
  wakeup_error.store(0);
  if (!ends) thread.clear_request(kSignal);
}

// ---------------------------------------------------------------------------------------------------------------- handlers

static Result<void> check_number(Thread& thread, int number) {
  if (number < 1 || number >= kSignalCount) return raise_value_error(thread, "signal number out of range");
  return ok;
}

static Result<Value> default_int_handler(Thread& thread, Value, Value) {
  return raise_with_args(thread, exceptions.KeyboardInterrupt, nullptr, 0);
}

static bool equals_int(Value v, i64 n) {
  i64 value;
  return is_int(v) && int_to_i64(int_exact(v), &value) && value == n;
}

static Result<Value> signal_signal(Thread& thread, int number, Value handler) {
  if (!is_main_thread(thread)) return raise_value_error(thread, "signal only works in main thread of the main interpreter");
  TRY(check_number(thread, number));
  bool by_number = equals_int(handler, 0) || equals_int(handler, 1);
  if (!by_number && !is_callable(handler)) {
    return raise_type_error(thread, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
  }
  TRY(check_signals(thread));
  int failed_call;
  stop_copies(number);
  bool handled = !by_number;
  ends_process[number].store(false);
  if (by_number) {
    bool ignored = equals_int(handler, 1);
    handled = !ignored && ends_with_account(number);
    ends_process[number].store(handled);
    failed_call = handled ? install(number, nullptr, on_signal) : install(number, ignored ? SIG_IGN : SIG_DFL, nullptr);
    handler = Value::of_small_int(ignored ? 1 : 0);
  } else {
    failed_call = install(number, nullptr, on_signal);
  }
  if (failed_call || handled) copy_senders[number].stopped.store(false);
  if (failed_call) return raise_os_error(thread, errno);
  Value old = (*handlers)[static_cast<usize>(number)];
  (*handlers)[static_cast<usize>(number)] = handler;
  return old;
}

static Result<Value> signal_getsignal(Thread& thread, int number) {
  TRY(check_number(thread, number));
  return (*handlers)[static_cast<usize>(number)];
}

static Result<void> signal_siginterrupt(Thread& thread, int number, int flag) {
  TRY(check_number(thread, number));
  struct sigaction action{};
  if (sigaction(number, nullptr, &action) != 0) return raise_os_error(thread, errno);
  if (flag)
    action.sa_flags &= ~SA_RESTART;
  else
    action.sa_flags |= SA_RESTART;
  if (sigaction(number, &action, nullptr) != 0) return raise_os_error(thread, errno);
  if (!flag) calls_are_restarted.store_relaxed(true);
  return ok;
}

static Result<Value> signal_set_wakeup_fd(Thread& thread, NativeDef const&, Value const* args, usize n, Tuple* kwnames) {
  if (n != 1) {
    return n ? raise_type_error(thread, "set_wakeup_fd() takes at most 1 positional argument ({} given)", static_cast<u64>(n))
             : raise_type_error(thread, "set_wakeup_fd() takes exactly 1 positional argument (0 given)");
  }
  Value warn_flag = keyword_value(args, n, kwnames, "warn_on_full_buffer");
  if (kwnames && kwnames->length() > (warn_flag.is_present() ? 1 : 0))
    return raise_type_error(thread, "set_wakeup_fd() got an unexpected keyword argument");
  int fd;
  if (!convert_int(thread, args[0], &fd)) return failed;
  bool warns = warn_flag.is_absent() || TRY(truth(thread, warn_flag));
  if (!is_main_thread(thread))
    return raise_value_error(thread, "set_wakeup_fd only works in main thread of the main interpreter");
  if (fd != -1) {
    struct stat st;
    if (fstat(fd, &st) != 0) return raise_os_error(thread, errno);
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return raise_os_error(thread, errno);
    if (!(flags & O_NONBLOCK)) return raise_value_error(thread, "the fd {} must be in non-blocking mode", fd);
  }
  wakeup_warns.store(warns);
  return Value::of_small_int(wakeup_fd.exchange(fd));
}

// ---------------------------------------------------------------------------------------------------------------- sending

static Result<void> signal_raise(Thread& thread, int number) {
  int bad = blocking(thread, [&] { return ::raise(number); });
  if (bad) return raise_os_error(thread, errno);
  return check_signals(thread);
}

static Result<void> signal_pthread_kill(Thread& thread, u64 thread_id, int number) {
  TRY(audit(thread, "signal.pthread_kill", Value(TRY(int_from_u64(thread, thread_id))), Value::of_small_int(number)));
  bool known = false;
  {
    StopTheWorld world(thread);  // the list holds still
    for (Thread* t = first_thread(); t; t = t->next_thread_) known |= t->python_ident_ == thread_id;
  }
  if (!known) return raise_os_error(thread, ESRCH);
  if (int error = pthread_kill(static_cast<pthread_t>(thread_id), number)) return raise_os_error(thread, error);
  return check_signals(thread);
}

static Result<void> signal_pidfd_send(Thread& thread, int pidfd, int number, Value siginfo, int flags) {
  if (!siginfo.is_none()) return raise_type_error(thread, "siginfo must be None");
  if (syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, flags) < 0) return raise_os_error(thread, errno);
  return ok;
}

static Result<u64> signal_alarm(Thread&, int seconds) { return u64{::alarm(static_cast<unsigned>(seconds))}; }

static Result<void> signal_pause(Thread& thread) {
  blocking(thread, [&] {
    if (!(thread.poll_bits() & kSignal)) ::pause();
  });
  return check_signals(thread);
}

// ---------------------------------------------------------------------------------------------------------------- sets and masks

static Result<bool> read_set(Thread& thread, Value iterable, sigset_t* out) {
  sigemptyset(out);
  TRY(for_each(thread, iterable, [&](Value item) -> Result<bool> {
    i64 number;
    Value exact = TRY(to_index(thread, item));
    if (!int_to_i64(exact, &number)) number = -1;
    if (number <= 0 || number >= kSignalCount)
      return raise_value_error(thread, "signal number {} out of range [1; {}]", number, kSignalCount - 1);
    if (sigaddset(out, static_cast<int>(number)) != 0) {
      Str* text = TRY(format_message(thread, "invalid signal number {}, please use valid_signals()", number));
      TRY(warn(thread, exceptions.RuntimeWarning, text->ascii(), 1));
    }
    return true;
  }));
  return true;
}

static Result<Value> set_of(Thread& thread, const sigset_t& set) {
  Set* result = TRY(make_set(thread));
  for (int i = 1; i < kSignalCount; ++i)
    if (sigismember(&set, i) == 1) TRY(set_add_key(thread, result, Value::of_small_int(i)));
  return Value(result);
}

static Result<Value> signal_pthread_sigmask(Thread& thread, int how, Value mask) {
  sigset_t wanted, previous;
  TRY(read_set(thread, mask, &wanted));
  if (int error = pthread_sigmask(how, &wanted, &previous)) return raise_os_error(thread, error);
  TRY(check_signals(thread));
  return set_of(thread, previous);
}
static Result<Value> signal_sigpending(Thread& thread) {
  sigset_t set;
  if (sigpending(&set) != 0) return raise_os_error(thread, errno);
  return set_of(thread, set);
}
static Result<Value> signal_valid_signals(Thread& thread) {
  sigset_t set;
  sigfillset(&set);
  return set_of(thread, set);
}

static Result<int> signal_sigwait(Thread& thread, Value iterable) {
  sigset_t set;
  TRY(read_set(thread, iterable, &set));
  int number = 0;
  int error = blocking(thread, [&] { return ::sigwait(&set, &number); });
  if (error) return raise_os_error(thread, error);
  return number;
}

static constexpr StructField siginfo_fields[] = {{"si_signo", "signal number"},
                                                 {"si_code", "signal code"},
                                                 {"si_errno", "errno associated with this signal"},
                                                 {"si_pid", "sending process ID"},
                                                 {"si_uid", "real user ID of sending process"},
                                                 {"si_status", "exit value or signal"},
                                                 {"si_band", "band event for SIGPOLL"}};
static constinit StructSequenceDef siginfo_def =
    struct_sequence("signal.struct_siginfo",
                    "What sigwaitinfo() and sigtimedwait() tell about a signal.\n\nIt is a tuple whose items have "
                    "names:\nsi_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band.",
                    siginfo_fields, 7);

static Result<Value> make_siginfo(Thread& thread, const siginfo_t& info) {
  Value values[7] = {Value::of_small_int(info.si_signo), Value::of_small_int(info.si_code), Value::of_small_int(info.si_errno),
                     Value::of_small_int(info.si_pid),   Value::of_small_int(info.si_uid),  Value::of_small_int(info.si_status),
                     Value::of_small_int(info.si_band)};
  return make_struct_sequence(thread, siginfo_def, values);
}

static Result<Value> signal_sigwaitinfo(Thread& thread, Value iterable) {
  sigset_t set;
  TRY(read_set(thread, iterable, &set));
  siginfo_t info;
  for (;;) {
    int n = blocking(thread, [&] { return ::sigwaitinfo(&set, &info); });
    if (n >= 0) return make_siginfo(thread, info);
    if (errno != EINTR) return raise_os_error(thread, errno);
    TRY(check_signals(thread));
  }
}

static Result<Value> signal_sigtimedwait(Thread& thread, Value iterable, Value timeout) {
  i64 ns = TRY(seconds_to_ns(thread, timeout));
  if (ns < 0) return raise_value_error(thread, "timeout must be non-negative");
  sigset_t set;
  TRY(read_set(thread, iterable, &set));
  u64 deadline = deadline_after(ns);
  siginfo_t info;
  for (;;) {
    u64 now = monotonic_ns();
    u64 left = now < deadline ? deadline - now : 0;
    timespec limit{static_cast<time_t>(left / 1000000000), static_cast<long>(left % 1000000000)};
    int n = blocking(thread, [&] { return ::sigtimedwait(&set, &info, &limit); });
    if (n >= 0) return make_siginfo(thread, info);
    if (errno == EAGAIN) return kNone;
    if (errno != EINTR) return raise_os_error(thread, errno);
    TRY(check_signals(thread));
  }
}

static Result<Value> signal_strsignal(Thread& thread, int number) {
  TRY(check_number(thread, number));
  const char* text = ::sigdescr_np(number);
  if (!text) {
    const char* plain = ::strsignal(number);
    if (!plain || strncmp(plain, "Unknown signal", 14) == 0) return kNone;
    return str_from_utf8(thread, plain);
  }
  return str_from_utf8(thread, text);
}

// ---------------------------------------------------------------------------------------------------------------- timers

static Result<bool> read_interval(Thread& thread, Value seconds, timeval* out) {
  i64 ns = TRY(seconds_to_ns(thread, seconds));
  i64 us = ns / 1000 + (ns % 1000 > 0);  // rounded up
  i64 whole = us / 1000000 - (us % 1000000 < 0);
  out->tv_sec = whole;
  out->tv_usec = us - whole * 1000000;
  return true;
}
static Result<Value> timer_values(Thread& thread, const itimerval& v) {
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return tuple_of(thread, TRY(make_float(thread, seconds(v.it_value))), TRY(make_float(thread, seconds(v.it_interval))));
}
static Failed raise_timer_error(Thread& thread) {
  int error = errno;
  Value args[2] = {Value::of_small_int(error), Value(TRY(str_from_utf8(thread, strerror(error))))};
  return raise_with_args(thread, itimer_error, args, 2);
}
static Result<Value> signal_setitimer(Thread& thread, int which, Value seconds, Value interval) {
  itimerval fresh{}, old{};
  TRY(read_interval(thread, seconds, &fresh.it_value));
  TRY(read_interval(thread, interval, &fresh.it_interval));
  if (::setitimer(static_cast<__itimer_which>(which), &fresh, &old) != 0) return raise_timer_error(thread);
  return timer_values(thread, old);
}
static Result<Value> signal_getitimer(Thread& thread, int which) {
  itimerval now{};
  if (::getitimer(static_cast<__itimer_which>(which), &now) != 0) return raise_timer_error(thread);
  return timer_values(thread, now);
}

// ---------------------------------------------------------------------------------------------------------------- the module

static constinit NativeDef signal_functions[] = {
    native<signal_alarm>("alarm($module, seconds, /)",
                         "Have SIGALRM sent to this process in so many seconds.\n\nThe result is how many seconds an earlier "
                         "alarm, which this one replaces,\nstill had to go, or 0. With seconds 0, there is no new alarm."),
    native<default_int_handler>("default_int_handler($module, signalnum, frame, /)",
                                "Raise KeyboardInterrupt.\n\nAt startup Python makes this the handler of SIGINT."),
    native<signal_getitimer>("getitimer($module, which, /)", "Returns current value of given itimer."),
    native<signal_getsignal>("getsignal($module, signalnum, /)",
                             "Return what happens upon the signal signalnum, one of these:\n\n  SIG_IGN     nothing, it is "
                             "ignored\n  SIG_DFL     the system's default action\n  None        a handler that Python did not "
                             "install and knows nothing about\n  a callable  this handler is called"),
    native<signal_pause>("pause($module, /)", "Wait until a signal arrives."),
    native<signal_pidfd_send>("pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)",
                              "Send the signal signalnum to the process that pidfd stands for.\n\nsiginfo has to be None. flags, "
                              "0 by default, are passed to the system."),
    native<signal_pthread_kill>("pthread_kill($module, thread_id, signalnum, /)", "Send a signal to a thread."),
    native<signal_pthread_sigmask>("pthread_sigmask($module, how, mask, /)",
                                   "Fetch and/or change the signal mask of the calling thread."),
    native<signal_raise>("raise_signal($module, signalnum, /)", "Send a signal to the executing process."),
    native_raw(
        signal_set_wakeup_fd, "set_wakeup_fd(fd, *, warn_on_full_buffer=True)",
        "Have the number of each signal that arrives written to fd, as a byte.\n\nA program that waits in select or poll for the "
        "other end will thus wake up.\nfd has to be non-blocking; -1 turns this off. The result is the descriptor\nused before, "
        "or -1. When fd takes no more data, a warning is printed, unless\nwarn_on_full_buffer is false."),
    native<signal_setitimer>(
        "setitimer($module, which, seconds, interval=0.0, /)",
        "Start, change or stop one of the process's interval timers.\n\nwhich is ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF. The "
        "timer first goes off\nin so many seconds (0 stops it), then again each interval seconds, unless\nthat is 0. The result "
        "is its former setting, (delay, interval)."),
    native<signal_siginterrupt>("siginterrupt($module, signalnum, flag, /)",
                                "Choose what signal signalnum does to a system call that it interrupts.\n\nWith a true flag the "
                                "call fails; with a false one it starts over."),
    native<signal_signal>("signal($module, signalnum, handler, /)",
                          "Choose what happens upon the signal signalnum, and return what did so far.\n\nhandler is SIG_DFL, "
                          "SIG_IGN, or a callable. The result is described under\ngetsignal().\n\nA callable gets two arguments, "
                          "the number of the signal and the frame that\nwas executing when it came."),
    native<signal_sigpending>("sigpending($module, /)",
                              "Return the set of signals that have been sent but are blocked as yet.\n\nIt holds the numbers of "
                              "those that the current thread would receive."),
    native<signal_sigtimedwait>("sigtimedwait($module, sigset, timeout, /)",
                                "Wait for a signal in sigset, as sigwaitinfo() does, but not for ever.\n\ntimeout is in seconds "
                                "and may have a fraction. When it runs out, the result\nis None."),
    native<signal_sigwait>("sigwait($module, sigset, /)",
                           "Pause this thread until a signal in sigset comes in; return its number.\n\nThe signal counts as "
                           "handled: it is no longer pending."),
    native<signal_sigwaitinfo>("sigwaitinfo($module, sigset, /)",
                               "Pause until a signal in sigset comes in and return details of it.\n\nThe result is a "
                               "struct_siginfo. No handler is called."),
    native<signal_strsignal>("strsignal($module, signalnum, /)",
                             "Return the system's words for a signal, such as \"Interrupt\" for SIGINT.\n\nNone means that it "
                             "has none for signalnum. ValueError is raised for a number\nthat cannot be a signal."),
    native<signal_valid_signals>(
        "valid_signals($module, /)",
        "Return the set of signals that this system has.\n\npthread_sigmask() and its like accept any of these."),
};

static constexpr ModuleConstant signal_constants[] = {
    {"NSIG", kSignalCount},
    {"SIG_DFL", 0},
    {"SIG_IGN", 1},
    {"SIG_BLOCK", SIG_BLOCK},
    {"SIG_UNBLOCK", SIG_UNBLOCK},
    {"SIG_SETMASK", SIG_SETMASK},
    {"ITIMER_REAL", ITIMER_REAL},
    {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
    {"ITIMER_PROF", ITIMER_PROF},
    {"SIGHUP", SIGHUP},
    {"SIGINT", SIGINT},
    {"SIGQUIT", SIGQUIT},
    {"SIGILL", SIGILL},
    {"SIGTRAP", SIGTRAP},
    {"SIGIOT", SIGIOT},
    {"SIGABRT", SIGABRT},
    {"SIGFPE", SIGFPE},
    {"SIGKILL", SIGKILL},
    {"SIGBUS", SIGBUS},
    {"SIGSEGV", SIGSEGV},
    {"SIGSYS", SIGSYS},
    {"SIGPIPE", SIGPIPE},
    {"SIGALRM", SIGALRM},
    {"SIGTERM", SIGTERM},
    {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2},
    {"SIGCLD", SIGCHLD},
    {"SIGCHLD", SIGCHLD},
    {"SIGPWR", SIGPWR},
    {"SIGIO", SIGIO},
    {"SIGURG", SIGURG},
    {"SIGWINCH", SIGWINCH},
    {"SIGPOLL", SIGPOLL},
    {"SIGSTOP", SIGSTOP},
    {"SIGTSTP", SIGTSTP},
    {"SIGCONT", SIGCONT},
    {"SIGTTIN", SIGTTIN},
    {"SIGTTOU", SIGTTOU},
    {"SIGVTALRM", SIGVTALRM},
    {"SIGPROF", SIGPROF},
    {"SIGXCPU", SIGXCPU},
    {"SIGXFSZ", SIGXFSZ},
    {"SIGSTKFLT", SIGSTKFLT},
};

static void read_dispositions(Thread&, Value int_handler) {
  if (handlers) return;
  handlers = new RootVector;
  handlers->resize(kSignalCount);
  (*handlers)[0] = kNone;
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  for (int i = 1; i < kSignalCount; ++i) {
    struct sigaction action{};
    Value v = kNone;
    if (sigaction(i, nullptr, &action) == 0 && !(action.sa_flags & SA_SIGINFO)) {
      if (action.sa_handler == SIG_DFL)
        v = Value::of_small_int(0);
      else if (action.sa_handler == SIG_IGN)
        v = Value::of_small_int(1);
    }
    (*handlers)[static_cast<usize>(i)] = v;
  }
  for (int i : {SIGTERM, SIGHUP})
    if (is_default((*handlers)[static_cast<usize>(i)]) && ends_with_account(i))
      ends_process[i].store(install(i, nullptr, on_signal) == 0);
  if (is_default((*handlers)[SIGINT]) && install(SIGINT, nullptr, on_signal) == 0) (*handlers)[SIGINT] = int_handler;
}

static Result<void> signal_exec(Thread& thread, Module* module) {
  run_signal_handlers = run_handlers;
  simulate_signal = simulate;
  register_fork_child_hook(signals_in_child);
  read_dispositions(thread, dict_find_str(module->dict(), intern(thread, "default_int_handler")));
  if (!itimer_error) {
    Dict* ns = TRY(make_dict(thread));
    TRY(dict_set_str(thread, ns, names.dunder_module, Value(intern(thread, "signal"))));
    itimer_error = TRY(make_heap_type(thread, types.type, intern(thread, "itimer_error"),
                                      TRY(tuple_of(thread, Value(exceptions.OSError))), ns, nullptr, nullptr));
    itimer_error_root = new Root<Type>(itimer_error);
  }
  TRY(module_set(thread, module, "ItimerError", Value(itimer_error)));
  TRY(module_set(thread, module, "struct_siginfo", Value(TRY(struct_sequence_type(thread, siginfo_def)))));
  TRY(module_set(thread, module, "SIGRTMIN", Value::of_small_int(SIGRTMIN)));
  return module_set(thread, module, "SIGRTMAX", Value::of_small_int(SIGRTMAX));
}

ModuleDef signal_module = {
    .name = "_signal",
    .doc =
        "Send, catch and wait for signals.\n\nFunctions:\n\nalarm() -- ask for SIGALRM in a number of seconds [Unix "
        "only]\nsetitimer() -- start a timer that sends a signal once or again and again,\n               at times given as "
        "floats [Unix only]\ngetitimer() -- tell how much time such a timer has left [Unix only]\nsignal() -- install the "
        "handler of a signal\ngetsignal() -- tell which handler a signal has\npause() -- sleep until some signal comes [Unix "
        "only]\ndefault_int_handler() -- what SIGINT calls at first: it raises\n                         KeyboardInterrupt",
    .functions = signal_functions,
    .function_count = count_of(signal_functions),
    .constants = signal_constants,
    .constant_count = sizeof signal_constants / sizeof *signal_constants,
    .exec = signal_exec};

}  // namespace baton
