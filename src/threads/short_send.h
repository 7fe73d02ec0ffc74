// Few bytes to a socket, beside a thread that computes: with the GIL held, or letting go of it?
//
// A thread that sends and then waits for the answer hands the GIL over in the wait; a second time for the send costs it 2 us
// more. But whoever the bytes are for may be woken on the sender's own processor, and run there, to the end of its answer, before
// send(2) returns: a sender that has kept the GIL keeps the computing thread waiting all the while, on a processor of its own.
// Then it is better to let go of the GIL for the send, and the answer is there when it is asked for: that takes no hand-over.
// Which of the two it is shows by trying.
#pragma once
#include "base/types.h"

namespace baton {

enum class ShortSend : u8 {
  Usual,     // as any call that may block
  KeepsGil,  // the send must not wait
  LetsGo,
};

class ShortSends {
 public:
  static constexpr u32 kBetweenTries = 32;  // sends that keep the GIL
  static constexpr u32 kMostInVain = 2;     // in a row; then they keep it again

  // With a computing thread that watches for the GIL, or without.
  ShortSend next(bool is_watched);
  // Whether the answer to the last send is worth asking for with the GIL held; said once. note_answer() comes next.
  bool expects_answer() {
    bool asks = asks_;
    asks_ = false;
    return asks;
  }
  void note_answer(bool was_there);

 private:
  bool asks_ = false;
  bool lets_go_ = false;
  u32 kept_ = 0;
  u32 in_vain_ = 0;
};

// The calling thread's, which is Running.
ShortSends& short_sends();
ShortSend how_to_send_shortly();

}  // namespace baton
