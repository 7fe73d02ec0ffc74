// -X deadlock_report: threads that wait for each other, or all of them for nobody, are told on standard error, with their stacks
// and the names of the locks.
//
// A thread that waits for a lock hangs on who took it last, one that joins another on that one (by the sentinel, a lock that a
// thread holds all its life). A circle of such waits is a deadlock unless a thread outside of it releases a lock that it
// doesn't hold, which any may. Where every thread waits without a limit, nobody can: also for those that wait for an
// event, a queue, a condition. A handler of a signal could, so the latter isn't told of programs that have some.
//
// A thread may have got its lock and not run since, so what one look finds has to be there a second later, in the very same
// waits.
#include <cstdio>

#include "interp/interp.h"
#include "modules/lock_names.h"
#include "modules/lock_waits.h"
#include "objects/codecs.h"
#include "objects/dict.h"
#include "objects/frame.h"
#include "objects/source_lines.h"
#include "objects/tuple.h"
#include "threads/clock.h"

namespace baton {

bool has_signal_handlers();  // _signal.cpp: written in Python

namespace {

// What a look has found: the threads of a deadlock, with what is to be told of each.
struct Finding {
  std::vector<u64> idents, holders;
  DeadlockSearch::Members members;
  RootVector locks;
  RootVector frames;  // of all threads: file name, line, function; outermost call first
  std::vector<usize> frames_end;
  bool is_circle = false;
};

const LockWaiter* waiter_of(const std::vector<LockWaiter>& waiters, u64 ident) {
  for (const LockWaiter& w : waiters)
    if (w.thread->python_ident_ == ident && w.state.endless) return &w;
  return nullptr;
}

// From the thread along the holders back to it: those on the way. Empty: there's no such way, or it has one thread, as has the
// wait in a threading.Condition, which takes its lock twice for others to release it.
std::vector<const LockWaiter*> circle_through(const std::vector<LockWaiter>& waiters, u64 ident) {
  std::vector<const LockWaiter*> way;
  u64 at = ident;
  do {
    const LockWaiter* waiter = way.size() <= waiters.size() ? waiter_of(waiters, at) : nullptr;
    if (!waiter) return {};
    way.push_back(waiter);
    at = waiter->holder;
  } while (at != ident);
  if (way.size() < 2) way.clear();
  return way;
}

std::vector<const LockWaiter*> all_if_endless(const std::vector<LockWaiter>& waiters) {
  std::vector<const LockWaiter*> all;
  usize threads = 0;
  for (Thread* t = first_thread(); t; t = t->next_thread_) ++threads;
  for (const LockWaiter& w : waiters)
    if (w.state.endless) all.push_back(&w);
  if (all.size() < threads || has_signal_handlers()) all.clear();
  return all;
}

void note_frames(const Thread& thread, Finding& finding) {
  std::vector<const Frame*> frames;
  for (const Frame* f = thread.top_frame_; f; f = f->previous) frames.push_back(f);
  auto is_of_threading = [](const Frame* f) {
    Value module = f->globals ? dict_find_str(f->globals, names.dunder_name) : Value();
    return is<Str>(module) && str_equals_ascii(module.as<Str>(), "threading");
  };
  while (!frames.empty() && is_of_threading(frames.back())) frames.pop_back();  // what began the thread
  for (usize i = frames.size(); i--;) {
    finding.frames.push(Value(frames[i]->code->filename()));
    finding.frames.push(Value::of_small_int(frame_line(frames[i])));
    finding.frames.push(Value(frames[i]->code->name()));
  }
  finding.frames_end.push_back(finding.frames.size());
}

void find_deadlock(Thread& thread, Finding& finding) {
  StopTheWorld stopped(thread);
  std::vector<LockWaiter> waiters = lock_waiters();
  std::vector<const LockWaiter*> members = circle_through(waiters, thread.python_ident_);
  finding.is_circle = !members.empty();
  if (members.empty()) members = all_if_endless(waiters);
  for (const LockWaiter* w : members) {
    finding.idents.push_back(w->thread->python_ident_);
    finding.holders.push_back(w->holder);
    finding.members.emplace_back(w->thread->id(), w->state.number);
    finding.locks.push(w->state.what);
    note_frames(*w->thread, finding);
  }
}

bool is_one_of(Value v, const void* locks) {
  const RootVector& all = *static_cast<const RootVector*>(locks);
  for (usize i = 0; i < all.size(); ++i)
    if (v == all[i]) return true;
  return false;
}

Result<void> append_stack(Thread& thread, StrBuilder& out, const Finding& finding, usize member) {
  SourceLines sources;
  for (usize i = member ? finding.frames_end[member - 1] : 0; i < finding.frames_end[member]; i += 3) {
    Str* file = finding.frames[i].as<Str>();
    i64 line = finding.frames[i + 1].small_int();
    out.append(TRY(format_message(thread, "  File \"{}\", line {}, in {}\n", file, line, finding.frames[i + 2])));
    Str* text = sources.line(thread, file, line);
    if (!text) continue;
    Index begin = 0;
    while (begin < text->length() && (text->at(begin) == ' ' || text->at(begin) == '\t')) ++begin;
    out.append_ascii("    ");
    out.append(text, begin, text->length());
    out.append_ascii("\n");
  }
  return ok;
}

Result<Str*> describe(Thread& thread, const Finding& finding) {
  LockNames lock_names(thread, is_one_of, &finding.locks);
  TRY(lock_names.search_modules());
  TRY(lock_names.search_own_frames(true));
  TRY(lock_names.search_other_threads(true));
  StrBuilder out;
  usize n = finding.idents.size();
  if (finding.is_circle)
    out.append(TRY(format_message(thread, "baton: deadlock: {} threads wait for each other\n", n)));
  else if (n == 1)
    out.append_ascii("baton: deadlock: the only thread waits, and nobody is left to wake it up\n");
  else
    out.append(TRY(format_message(thread, "baton: deadlock: all {} threads wait, and nobody is left to wake one up\n", n)));
  for (usize i = 0; i < n; ++i) {
    Str* name = lock_names.name_of(finding.locks[i]);
    if (!name) name = TRY(format_message(thread, "{!r}", finding.locks[i]));
    out.append(TRY(format_message(thread, "{} waits for {}", TRY(python_thread_name(thread, finding.idents[i])), name)));
    u64 holder = finding.holders[i];
    if (holder == finding.idents[i])
      out.append_ascii(", which it took itself");
    else if (holder)
      out.append(TRY(format_message(thread, ", which {} has", TRY(python_thread_name(thread, holder)))));
    out.append_ascii(":\n");
    TRY(append_stack(thread, out, finding, i));
  }
  return out.build(thread);
}

// Whatever the program has made of sys.stderr may need a lock.
Result<void> tell(Thread& thread, const Finding& finding) {
  Bytes* utf8 = TRY(encode_utf8(thread, TRY(describe(thread, finding)), intern(thread, "backslashreplace")));
  std::string_view text = utf8->text();
  blocking<BlockCause::Io>(thread, [text] {
    fwrite(text.data(), 1, text.size(), stderr);
    fflush(stderr);
  });
  return ok;
}

Mutex told_mutex;
DeadlockSearch::Members told;  // what has been told

}  // namespace

void DeadlockSearch::look(Thread& thread) {
  Finding finding;
  find_deadlock(thread, finding);
  bool is_same = !finding.members.empty() && finding.members == last_;
  last_ = finding.members;
  if (!is_same) return;
  {
    Guard guard(told_mutex);
    for (const auto& member : last_)
      for (const auto& known : told)
        if (known == member) return;
    told.insert(told.end(), last_.begin(), last_.end());
  }
  if (tell(thread, finding).is_failed()) report_unraisable(thread, "Exception ignored while a deadlock was told", kNone);
}

}  // namespace baton
