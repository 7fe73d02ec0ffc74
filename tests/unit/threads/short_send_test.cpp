// Whether a short send lets go of the GIL: by what came of trying.
#include "threads/short_send.h"

#include "fixture.h"

using namespace baton;

TEST(short_sends_let_go_of_the_gil_while_answers_are_there_at_once) {
  ShortSends sends;
  for (int i = 0; i < 100; ++i) EXPECT(sends.next(false) == ShortSend::KeepsGil && !sends.expects_answer());
  u32 kept = 0;
  while (sends.next(true) == ShortSend::KeepsGil) ++kept;
  EXPECT(kept == ShortSends::kBetweenTries - 1);
  EXPECT(sends.expects_answer() && !sends.expects_answer());
  sends.note_answer(true);
  for (int i = 0; i < 100; ++i) {
    EXPECT(sends.next(true) == ShortSend::LetsGo && sends.expects_answer());
    sends.note_answer(i % 2 != 0);  // one in vain doesn't count for ever
  }
}

TEST(short_sends_keep_the_gil_again_when_answers_come_later) {
  ShortSends sends;
  while (sends.next(true) == ShortSend::KeepsGil) {
  }
  sends.note_answer(true);
  for (u32 i = 0; i < ShortSends::kMostInVain; ++i) {
    EXPECT(sends.next(true) == ShortSend::LetsGo && sends.expects_answer());
    sends.note_answer(false);
  }
  EXPECT(sends.next(true) == ShortSend::KeepsGil && !sends.expects_answer());
}

TEST(an_answer_is_asked_for_after_the_last_send_only) {
  ShortSends sends;
  while (sends.next(true) == ShortSend::KeepsGil) {
  }
  EXPECT(sends.next(true) == ShortSend::KeepsGil && !sends.expects_answer());
}
