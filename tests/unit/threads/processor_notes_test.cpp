// What a process notes about a processor its relatives read, and forget after a while.
#include "threads/processor_notes.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "threads/os_thread.h"

using namespace baton;
using namespace baton::test;

TEST(a_forked_process_tells_that_threads_contend_on_this_processor) {
  init_clock();
  share_processor_notes();
  cpu_set_t allowed, here;
  EXPECT(sched_getaffinity(0, sizeof allowed, &allowed) == 0);
  CPU_ZERO(&here);
  CPU_SET(current_processor(), &here);
  EXPECT(sched_setaffinity(0, sizeof here, &here) == 0);

  u64 later = ticks() + ns_to_ticks(1000000000);  // what other tests noted is forgotten by then
  EXPECT(!was_contended_here(later));
  pid_t child = fork();
  if (child == 0) {
    note_contention(current_processor(), later);
    _exit(0);
  }
  EXPECT(waitpid(child, nullptr, 0) == child);
  EXPECT(was_contended_here(later));
  EXPECT(was_contended_here(later + ns_to_ticks(50000000)));
  EXPECT(!was_contended_here(later + ns_to_ticks(200000000)));
  note_contention(current_processor(),
                  ticks() - ns_to_ticks(200000000));  // nothing of it is left: the tests after this one look on
  EXPECT(sched_setaffinity(0, sizeof allowed, &allowed) == 0);
}
