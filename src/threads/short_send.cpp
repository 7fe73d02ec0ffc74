// See the header.
#include "threads/short_send.h"

#include "threads/gil_core.h"
#include "threads/look_on.h"

namespace baton {

ShortSend ShortSends::next(bool is_watched) {
  asks_ = false;
  if (!is_watched) return ShortSend::KeepsGil;
  if (!lets_go_ && ++kept_ < kBetweenTries) return ShortSend::KeepsGil;
  kept_ = 0;
  asks_ = true;
  return ShortSend::LetsGo;
}

void ShortSends::note_answer(bool was_there) {
  if (was_there) {
    lets_go_ = true;
    in_vain_ = 0;
  } else if (lets_go_ && ++in_vain_ == kMostInVain) {
    lets_go_ = false;
    in_vain_ = 0;
  }
}

ShortSends& short_sends() {
  static constinit thread_local ShortSends sends;
  return sends;
}

ShortSend how_to_send_shortly() { return keeps_gil_in_short_calls() ? short_sends().next(gil.is_watched()) : ShortSend::Usual; }

}  // namespace baton
