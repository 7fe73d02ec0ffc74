// select: select(), poll objects, epoll objects.
//
// Timeouts count from the first call: a signal whose handler returns only shortens what is left (PEP 475).
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "interp/interp.h"
#include "modules/idle_collection.h"
#include "modules/os_support.h"
#include "modules/shared_descriptor.h"
#include "objects/list.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "threads/brief.h"

namespace baton {

// ---------------------------------------------------------------------------------------------------------------- timeouts

// A point in time, or none (forever), or now (don't wait).
struct Deadline {
  i64 timeout_ns = -1;  // as given; negative: forever
  u64 at = 0;
  void start() {
    if (timeout_ns > 0) at = monotonic_ns() + static_cast<u64>(timeout_ns);
  }
  i64 left() const {
    if (timeout_ns <= 0) return timeout_ns;
    u64 now = monotonic_ns();
    return now >= at ? 0 : static_cast<i64>(at - now);
  }
  u64 end() const { return timeout_ns < 0 ? kForever : at; }
};
static int milliseconds(i64 ns) {
  if (ns < 0) return -1;
  i64 ms = ns / 1000000 + (ns % 1000000 != 0);
  return ms > INT32_MAX ? INT32_MAX : static_cast<int>(ms);
}

// ---------------------------------------------------------------------------------------------------------------- select

struct SelectSet {
  fd_set set;
  int fds[FD_SETSIZE];
  RootVector objects;
  int max = -1;
};

static Result<void> fill_set(Thread& t, Value sequence, SelectSet& s) {
  FD_ZERO(&s.set);
  if (type_of(sequence)->slot(Slot::iter).is_absent() && type_of(sequence)->slot(Slot::getitem).is_absent())
    return raise_type_error(t, "arguments 1-3 must be sequences");
  // A list is read as it is at each step: fileno() may change it.
  List* items = is<List>(sequence) ? sequence.as<List>() : TRY(list_from_iterable(t, sequence));
  for (Index i = 0;; ++i) {
    Value item = items->try_at(i);
    if (item.is_absent()) break;
    int fd = TRY(fd_of(t, item));
    if (fd >= FD_SETSIZE) return raise_value_error(t, "filedescriptor out of range in select()");
    if (s.objects.size() >= FD_SETSIZE) return raise_value_error(t, "too many file descriptors in select()");
    if (fd > s.max) s.max = fd;
    FD_SET(static_cast<usize>(fd), &s.set);
    s.fds[s.objects.size()] = fd;
    s.objects.push(item);
  }
  return ok;
}
static Result<List*> ready_objects(Thread& t, SelectSet& s, const fd_set& set) {
  List* list = TRY(make_list(t));
  for (usize i = 0; i < s.objects.size(); ++i)
    if (FD_ISSET(static_cast<usize>(s.fds[i]), &set)) TRY(list_append(t, list, s.objects[i]));
  return list;
}

static Result<Value> select_steps(Thread& t, SelectSet* sets, Value rlist, Value wlist, Value xlist, Value timeout,
                                  bool is_exact) {
  Deadline deadline;
  if (!timeout.is_none()) {
    if (!is_float(timeout) && type_of(timeout)->slot(Slot::index).is_absent())
      return raise_type_error(t, "timeout must be a float or None");
    deadline.timeout_ns = TRY(nanoseconds_from(t, timeout, TimeRounding::Timeout));
    if (deadline.timeout_ns < 0) return raise_value_error(t, "timeout must be non-negative");
  }
  TRY(fill_set(t, rlist, sets[0]));
  TRY(fill_set(t, wlist, sets[1]));
  TRY(fill_set(t, xlist, sets[2]));
  int max = -1;
  for (int i = 0; i < 3; ++i)
    if (sets[i].max > max) max = sets[i].max;
  deadline.start();
  IdleWait idle(t, deadline.end(), IdleFor::Event);
  fd_set ready[3];
  for (;;) {
    for (int i = 0; i < 3; ++i) ready[i] = sets[i].set;
    i64 left = idle.nanoseconds_to_wait(deadline.left());
    timeval tv = {left / 1000000000, (left % 1000000000 + 999) / 1000};
    if (tv.tv_usec >= 1000000) tv = {tv.tv_sec + 1, tv.tv_usec - 1000000};
    int r;
    {
      ExactStack stack(t, is_exact);
      r = blocking(t, [&] { return ::select(max + 1, &ready[0], &ready[1], &ready[2], left < 0 ? nullptr : &tv); });
    }
    if (r > 0) break;
    if (r == 0) {
      if (deadline.timeout_ns == 0 || idle.timed_out(t, is_exact, Value())) break;
      continue;
    }
    if (errno != EINTR) return raise_errno(t);
    TRY(check_signals(t));
    if (deadline.timeout_ns >= 0 && deadline.left() <= 0) {  // time ran out while handlers ran
      for (fd_set& set : ready) FD_ZERO(&set);
      break;
    }
  }
  List* a = TRY(ready_objects(t, sets[0], ready[0]));
  List* b = TRY(ready_objects(t, sets[1], ready[1]));
  List* c = TRY(ready_objects(t, sets[2], ready[2]));
  return TRY(tuple_of(t, Value(a), Value(b), Value(c)));
}
static Result<Value> select_select(Thread& t, Value rlist, Value wlist, Value xlist, Value timeout) {
  bool is_exact =
      is_called_by_instruction(t, native<select_select>("select($module, rlist, wlist, xlist, timeout=None, /)").entry);
  SelectSet sets[3];
  return select_steps(t, sets, rlist, wlist, xlist, timeout, is_exact);
}

// ---------------------------------------------------------------------------------------------------------------- poll

// Registered descriptors with their events: a small sorted-by-arrival array in malloc memory.
class PollObject final : public Cell {
 public:
  void init() {
    entries_ = nullptr;
    count_ = capacity_ = 0;
    polling_ = false;
  }
  void visit_edges(EdgeVisitor&) const {}
  void finalize_native() {
    free(entries_);
    entries_ = nullptr;
  }
  pollfd* find(int fd) {
    for (u32 i = 0; i < count_; ++i)
      if (entries_[i].fd == fd) return &entries_[i];
    return nullptr;
  }

  pollfd* entries_;
  u32 count_, capacity_;
  bool polling_;
};

// An unsigned 16-bit event mask.
static Result<u16> event_mask(Thread& t, Value v) {
  if (type_of(v)->slot(Slot::index).is_absent()) return raise_type_error(t, "an integer is required");
  Value index = TRY(to_index(t, v));
  i64 n;
  if (int_sign(index) < 0) return raise_value_error(t, "value must be positive");
  if (!int_to_i64(index, &n)) return raise_overflow_error(t, "Python int too large to convert to C unsigned short");
  if (n > UINT16_MAX) return raise_overflow_error(t, "Python int too large for C unsigned short");
  return static_cast<u16>(n);
}

static Result<void> poll_register(Thread& t, PollObject* self, FdArg fd, Optional<Value> mask) {
  u16 events = mask.has_value() ? TRY(event_mask(t, mask.value)) : POLLIN | POLLPRI | POLLOUT;
  if (pollfd* entry = self->find(fd.fd)) {
    entry->events = static_cast<short>(events);
    return ok;
  }
  if (self->count_ == self->capacity_) {
    u32 capacity = self->capacity_ ? self->capacity_ * 2 : 8;
    auto* grown = static_cast<pollfd*>(realloc(self->entries_, capacity * sizeof(pollfd)));
    if (!grown) return raise_memory_error(t);
    self->entries_ = grown;
    self->capacity_ = capacity;
  }
  self->entries_[self->count_++] = {fd.fd, static_cast<short>(events), 0};
  return ok;
}
static Result<void> poll_modify(Thread& t, PollObject* self, FdArg fd, Value mask) {
  u16 events = TRY(event_mask(t, mask));
  pollfd* entry = self->find(fd.fd);
  if (!entry) return raise_os_error(t, ENOENT);
  entry->events = static_cast<short>(events);
  return ok;
}
static Result<void> poll_unregister(Thread& t, PollObject* self, FdArg fd) {
  pollfd* entry = self->find(fd.fd);
  if (!entry) return raise_key_error(t, Value::of_small_int(fd.fd));
  memmove(entry, entry + 1, static_cast<usize>(self->entries_ + self->count_ - (entry + 1)) * sizeof(pollfd));
  --self->count_;
  return ok;
}

// Milliseconds (int or float) to nanoseconds, rounded up.
static Result<i64> poll_timeout(Thread& t, Value v) {
  if (v.is_none()) return i64{-1};
  if (is_float(v)) {
    double d = float_value(v);
    if (d != d) return raise_value_error(t, "Invalid value NaN (not a number)");
    if (d < 0) return i64{-1};
    d *= 1e6;
    if (!(d > -9.2e18 && d < 9.2e18)) return raise_overflow_error(t, "timestamp out of range for platform time_t");
    i64 ns = static_cast<i64>(d);
    return static_cast<double>(ns) < d ? ns + 1 : ns;
  }
  if (type_of(v)->slot(Slot::index).is_absent()) return raise_type_error(t, "timeout must be an integer or None");
  i64 ms, ns;
  if (!int_to_i64(TRY(to_index(t, v)), &ms) || __builtin_mul_overflow(ms, i64{1000000}, &ns))
    return raise_overflow_error(t, "timestamp too large to convert to C _PyTime_t");
  if (ms > INT32_MAX) return raise_overflow_error(t, "timeout is too large");
  return ns;
}

// What one descriptor offers that this thread found the last time, too, and the time before, and nobody has taken any of it:
// another thread is to read it, and hasn't had its turn yet. So it is with the thread of multiprocessing's Pool that looks after
// the workers, which every result wakes: on one processor it would ask the kernel hundreds of times before the thread that
// fetches results runs.
static bool is_left_to_others(const pollfd* fds, u32 n, int found) {
  constinit static thread_local struct {
    int fd, waiting;
  } last{-1, -1};
  const pollfd* entry = fds;
  while (found == 1 && entry < fds + n && !entry->revents) ++entry;
  if (found != 1 || entry == fds + n || entry->revents != POLLIN) {
    last = {-1, -1};
    return false;
  }
  int waiting = -1, before = last.waiting;
  bool is_same = entry->fd == last.fd && ::ioctl(entry->fd, FIONREAD, &waiting) == 0 && waiting > 0;
  last = {entry->fd, is_same ? waiting : -1};
  return is_same && waiting == before;
}

static Result<Value> poll_poll(Thread& t, PollObject* self, Value timeout) {
  Deadline deadline;
  deadline.timeout_ns = TRY(poll_timeout(t, timeout));
  if (self->polling_) return raise_runtime_error(t, "concurrent poll() invocation");
  // Another thread may register meanwhile: the kernel works on a copy.
  u32 n = self->count_;
  auto* fds = static_cast<pollfd*>(malloc((n + 1) * sizeof(pollfd)));
  if (!fds) return raise_memory_error(t);
  if (n) memcpy(fds, self->entries_, n * sizeof(pollfd));
  self->polling_ = true;
  deadline.start();
  bool is_exact = is_called_by_instruction(t, self);
  IdleWait idle(t, deadline.end(), IdleFor::Event);
  int r = 0;
  bool good = true;
  while (good) {
    int ms = milliseconds(idle.nanoseconds_to_wait(deadline.left()));
    {
      ExactStack stack(t, is_exact, self);
      LookOn looks(t);
      auto look = [&] { return ms == 0 ? Look::Useless : (r = ::poll(fds, n, 0)) == 0 ? Look::Nothing : Look::Found; };
      r = blocking(t, [&] {
        int found = looks.until_found(look) ? r : ::poll(fds, n, ms);
        if (ms == 0 || !is_left_to_others(fds, n, found)) return found;
        yield_os_thread();
        return ::poll(fds, n, milliseconds(deadline.left()));
      });
    }
    if (r > 0) break;
    if (r == 0) {
      if (deadline.timeout_ns == 0 || idle.timed_out(t, is_exact, self)) break;
      continue;
    }
    if (errno != EINTR) {
      (void)raise_errno(t);
      good = false;
    } else if (check_signals(t).is_failed()) {
      good = false;
    } else if (deadline.timeout_ns >= 0 && deadline.left() <= 0) {
      r = 0;
      break;
    }
  }
  self->polling_ = false;
  Result<List*> list = good ? make_list(t) : Result<List*>(failed);
  good = good && !list.is_failed();
  for (u32 i = 0; good && r > 0 && i < n; ++i) {
    if (!fds[i].revents) continue;
    // The kernel's 16 bits are not signed.
    Result<Tuple*> pair = tuple_of(t, Value::of_small_int(fds[i].fd), Value::of_small_int(static_cast<u16>(fds[i].revents)));
    good = !pair.is_failed() && !list_append(t, list.value(), Value(pair.value())).is_failed();
  }
  free(fds);
  if (!good) return failed;
  return list.value();
}

static constinit NativeDef poll_methods[] = {
    native<poll_register>(
        "register($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
        "Register a file descriptor with the polling object.\n\n  fd\n    either an integer, or an object with a fileno() method "
        "returning an int\n  eventmask\n    an optional bitmask describing the type of events to check for"),
    native<poll_modify>(
        "modify($self, fd, eventmask, /)",
        "Modify an already registered file descriptor.\n\n  fd\n    either an integer, or an object with a fileno() method "
        "returning\n    an int\n  eventmask\n    a bitmask describing the type of events to check for"),
    native<poll_unregister>("unregister($self, fd, /)", "Remove a file descriptor being tracked by the polling object."),
    native<poll_poll>("poll($self, timeout=None, /)",
                      "Polls the set of registered file descriptors.\n\n  timeout\n    The maximum time to wait in milliseconds, "
                      "or else None (or a negative\n    value) to wait indefinitely.\n\nReturns a list containing any "
                      "descriptors that have events or errors to\nreport, as a list of (fd, event) 2-tuples."),
};
static constinit TypeDef poll_def = {.name = "select.poll",
                                     .dynamic_kind = &DynamicKind<PollObject>::value,
                                     .payload_size = sizeof(PollObject),
                                     .flags = kTypeNoInstances,
                                     .methods = poll_methods,
                                     .method_count = count_of(poll_methods),
                                     .kind_info = kind_info_of<PollObject>("select.poll")};

static Result<Value> select_poll(Thread& t) { return TRY(make_of<PollObject>(t, TRY(type_from_def(t, poll_def)))); }

// ---------------------------------------------------------------------------------------------------------------- epoll

class EpollObject final : public Cell {
 public:
  void init(int fd) { fd_ = fd; }
  void visit_edges(EdgeVisitor&) const {}
  void finalize_native() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  SharedDescriptor fd_;
};

static Failed raise_closed(Thread& t) { return raise_value_error(t, "I/O operation on closed epoll object"); }

static Result<Value> epoll_new(Thread& t, Type* type, int size_hint, int flags) {
  if (size_hint != -1 && size_hint <= 0) return raise_value_error(t, "negative sizehint");
  if (flags && flags != EPOLL_CLOEXEC) return raise(t, exceptions.OSError, "invalid flags");
  int fd = blocking(t, [] { return ::epoll_create1(EPOLL_CLOEXEC); });
  if (fd < 0) return raise_errno(t);
  Result<EpollObject*> made = make_of<EpollObject>(t, type, fd);
  if (made.is_failed()) ::close(fd);
  return made;
}
static Result<Value> epoll_fromfd(Thread& t, Type* type, int fd) { return TRY(make_of<EpollObject>(t, type, fd)); }

static Result<void> control(Thread& t, EpollObject* self, int operation, int fd, u32 events) {
  int epfd = self->fd_;
  if (epfd < 0) return raise_closed(t);
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  if (brief(t, [&] { return ::epoll_ctl(epfd, operation, fd, &event); }) < 0) return raise_errno(t);
  return ok;
}
static Result<void> epoll_register(Thread& t, EpollObject* self, FdArg fd, Optional<u32> events) {
  return control(t, self, EPOLL_CTL_ADD, fd.fd, events.value_or(EPOLLIN | EPOLLPRI | EPOLLOUT));
}
static Result<void> epoll_modify(Thread& t, EpollObject* self, FdArg fd, u32 events) {
  return control(t, self, EPOLL_CTL_MOD, fd.fd, events);
}
static Result<void> epoll_unregister(Thread& t, EpollObject* self, FdArg fd) { return control(t, self, EPOLL_CTL_DEL, fd.fd, 0); }

static Result<Value> epoll_poll(Thread& t, EpollObject* self, Value timeout, int max_events) {
  int epfd = self->fd_;
  if (epfd < 0) return raise_closed(t);
  Deadline deadline;
  if (!timeout.is_none()) {
    if (!is_float(timeout) && type_of(timeout)->slot(Slot::index).is_absent())
      return raise_type_error(t, "timeout must be an integer or None");
    deadline.timeout_ns = TRY(nanoseconds_from(t, timeout, TimeRounding::Timeout));
    if (deadline.timeout_ns / 1000000 > INT32_MAX) return raise_overflow_error(t, "timeout is too large");
    if (deadline.timeout_ns < 0) deadline.timeout_ns = -1;
  }
  if (max_events == -1)
    max_events = FD_SETSIZE - 1;
  else if (max_events < 1)
    return raise_value_error(t, "maxevents must be greater than 0, got {}", max_events);
  auto* events = static_cast<epoll_event*>(malloc(static_cast<usize>(max_events) * sizeof(epoll_event)));
  if (!events) return raise_memory_error(t);
  deadline.start();
  bool is_exact = is_called_by_instruction(t, self);
  IdleWait idle(t, deadline.end(), IdleFor::Event);
  bool good = true;
  int n = 0;
  while (good) {
    int ms = milliseconds(idle.nanoseconds_to_wait(deadline.left()));
    if (ms == 0) {
      n = brief(t, [&] { return ::epoll_wait(epfd, events, max_events, 0); });
    } else {
      ExactStack stack(t, is_exact, self);
      LookOn looks(t);
      auto look = [&] {
        n = ::epoll_wait(epfd, events, max_events, 0);
        return n == 0 ? Look::Nothing : Look::Found;
      };
      n = blocking(t, [&] { return looks.until_found(look) ? n : ::epoll_wait(epfd, events, max_events, ms); });
    }
    if (n > 0) break;
    if (n == 0) {
      if (deadline.timeout_ns == 0 || idle.timed_out(t, is_exact, self)) break;
      continue;
    }
    if (errno != EINTR) {
      (void)raise_errno(t);
      good = false;
    } else if (check_signals(t).is_failed()) {
      good = false;
    } else if (deadline.timeout_ns >= 0 && deadline.left() <= 0) {
      n = 0;
      break;
    }
  }
  Result<List*> list = good ? make_list(t) : Result<List*>(failed);
  good = good && !list.is_failed();
  for (int i = 0; good && i < n; ++i) {
    Result<Tuple*> pair = tuple_of(t, Value::of_small_int(events[i].data.fd), Value::of_small_int(events[i].events));
    good = !pair.is_failed() && !list_append(t, list.value(), Value(pair.value())).is_failed();
  }
  free(events);
  if (!good) return failed;
  return list.value();
}

static Result<void> epoll_close(Thread& t, EpollObject* self) {
  int fd = self->fd_.take();
  if (fd >= 0 && blocking(t, [&] { return ::close(fd); }) < 0) return raise_errno(t);
  return ok;
}
static Result<int> epoll_fileno(Thread& t, EpollObject* self) {
  int epfd = self->fd_;
  if (epfd < 0) return raise_closed(t);
  return epfd;
}
static Result<Value> epoll_enter(Thread& t, EpollObject* self) {
  if (self->fd_ < 0) return raise_closed(t);
  return Value(self);
}
static Result<Value> epoll_exit(Thread& t, EpollObject* self, Value, Value, Value) {
  return call_method(t, Value(self), names.close);
}
static Result<Value> epoll_get_closed(Thread&, Value self) { return Value::of_bool(self.as<EpollObject>()->fd_ < 0); }

static constinit NativeDef epoll_methods[] = {
    native<epoll_new>("__new__(type, sizehint=-1, flags=0)", "Make an instance; the class's own help describes the arguments."),
    native<epoll_fromfd>("fromfd($type, fd, /)", "Create an epoll object from a given control fd."),
    native<epoll_register>("register($self, /, fd, eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
                           "Begin to watch a file descriptor that isn't watched yet.\n\n  fd         an int, or an object with a "
                           "fileno() method\n  eventmask  EPOLL* constants joined with |, for the events that count\n\nOSError "
                           "if it is watched already (FileExistsError), or is of a kind that\ncan't be, such as a regular file."),
    native<epoll_modify>("modify($self, /, fd, eventmask)",
                         "Change which events count for a descriptor that is being watched.\n\n  fd         an int, or an object "
                         "with a fileno() method\n  eventmask  EPOLL* constants joined with |"),
    native<epoll_unregister>("unregister($self, /, fd)",
                             "Stop watching a descriptor.\n\n  fd  an int, or an object with a fileno() method"),
    native<epoll_poll>("poll($self, /, timeout=None, maxevents=-1)",
                       "Wait until something happens, and return a list of (fd, events).\n\n  timeout    seconds to wait at "
                       "most, possibly a fraction; None and\n             negative numbers mean any length of time\n  maxevents  "
                       "how many pairs to return at most; -1 leaves it to the system\n\nThe list is empty if the time ran out."),
    native<epoll_close>("close($self, /)",
                        "Close the underlying descriptor.\n\nFrom then on the other methods raise ValueError."),
    native<epoll_fileno>("fileno($self, /)", "Return the epoll control file descriptor."),
    native<epoll_enter>("__enter__($self, /)"),
    native<epoll_exit>("__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)"),
};
static GetSetDef epoll_getsets[] = {{"closed", epoll_get_closed, nullptr, "True if the epoll handler is closed"}};
static constinit TypeDef epoll_def = {
    .name = "select.epoll",
    .doc =
        "select.epoll(sizehint=-1, flags=0)\n\nWaits for events on many file descriptors at once; Linux only.\n\nsizehint is a "
        "guess at how many there will be, above zero, or -1 for none;\nmore are allowed. flags should be left at 0 or be "
        "EPOLL_CLOEXEC, and makes\nno difference.",
    .dynamic_kind = &DynamicKind<EpollObject>::value,
    .payload_size = sizeof(EpollObject),
    .methods = epoll_methods,
    .method_count = count_of(epoll_methods),
    .getsets = epoll_getsets,
    .getset_count = 1,
    .kind_info = kind_info_of<EpollObject>("select.epoll")};

// ---------------------------------------------------------------------------------------------------------------- module

static constinit NativeDef select_functions[] = {
    native<select_select>(
        "select($module, rlist, wlist, xlist, timeout=None, /)",
        "Wait until at least one of several file descriptors is ready.\n\nThe first three arguments are iterables, empty if "
        "there is nothing to wait\nfor:\nrlist -- those that something is to be read from\nwlist -- those that something is to "
        "be written to\nxlist -- those where an \"exceptional condition\" may come up\n\nTheir members are descriptor numbers or "
        "objects with a fileno() method,\nsuch as files and sockets.\n\nThe optional timeout is in seconds and may have a "
        "fraction; None waits as\nlong as it takes.\n\nReturns three lists, in the order of the arguments, with the members "
        "that\nare ready. They are all empty after a timeout.\n\nWindows can wait for sockets only. Unix has no such "
        "restriction."),
    native<select_poll>("poll($module, /)",
                        "Make an object that waits for events on file descriptors.\n\nDescriptors are added with its register() "
                        "and taken out with its\nunregister() method; poll() waits."),
};
static constexpr ModuleConstant kConstants[] = {
    {"PIPE_BUF", 4096},
    {"POLLIN", POLLIN},
    {"POLLPRI", POLLPRI},
    {"POLLOUT", POLLOUT},
    {"POLLERR", POLLERR},
    {"POLLHUP", POLLHUP},
    {"POLLNVAL", POLLNVAL},
    {"POLLRDNORM", POLLRDNORM},
    {"POLLRDBAND", POLLRDBAND},
    {"POLLWRNORM", POLLWRNORM},
    {"POLLWRBAND", POLLWRBAND},
    {"POLLMSG", POLLMSG},
    {"POLLRDHUP", POLLRDHUP},
    {"EPOLLIN", EPOLLIN},
    {"EPOLLOUT", EPOLLOUT},
    {"EPOLLPRI", EPOLLPRI},
    {"EPOLLERR", EPOLLERR},
    {"EPOLLHUP", EPOLLHUP},
    {"EPOLLRDHUP", EPOLLRDHUP},
    {"EPOLLET", EPOLLET},
    {"EPOLLONESHOT", EPOLLONESHOT},
    {"EPOLLEXCLUSIVE", EPOLLEXCLUSIVE},
    {"EPOLLRDNORM", EPOLLRDNORM},
    {"EPOLLRDBAND", EPOLLRDBAND},
    {"EPOLLWRNORM", EPOLLWRNORM},
    {"EPOLLWRBAND", EPOLLWRBAND},
    {"EPOLLMSG", EPOLLMSG},
    {"EPOLL_CLOEXEC", EPOLL_CLOEXEC},
};
static TypeDef* const select_types[] = {&epoll_def};
static Result<void> select_exec(Thread& t, Module* module) { return module_set(t, module, "error", Value(exceptions.OSError)); }

ModuleDef select_module = {
    .name = "select",
    .doc = "Waiting for several file descriptors at a time.\n\nWindows can wait for sockets only. Unix has no such restriction.",
    .functions = select_functions,
    .function_count = count_of(select_functions),
    .types = select_types,
    .type_count = 1,
    .constants = kConstants,
    .constant_count = sizeof kConstants / sizeof *kConstants,
    .exec = select_exec};

}  // namespace baton
