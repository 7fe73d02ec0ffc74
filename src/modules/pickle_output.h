// _pickle: the bytes of a pickle while it is made, cut into frames from protocol 4 on.
//
// A frame is opened by the first byte after the last one was closed; its header is filled in when it closes, and left out when
// the frame would be smaller than kFrameSizeMin. Memory is malloc's: no cell is held. Running out of it is remembered and
// reported once (failed()); until then writes go nowhere.
#pragma once
#include <cstring>

#include "modules/pickle_internal.h"

namespace baton {

class PickleOutput {
 public:
  PickleOutput() = default;
  ~PickleOutput();
  PickleOutput(const PickleOutput&) = delete;
  PickleOutput& operator=(const PickleOutput&) = delete;

  // n more bytes, n <= kMaxClaim, to be filled at once.
  static constexpr usize kMaxClaim = 64;
  BATON_ALWAYS_INLINE u8* claim(usize n) {
    if (size_ + n > limit_) [[unlikely]]
      make_room(n);
    u8* at = data_ + size_;
    size_ += n;
    return at;
  }
  void op(u8 code) { *claim(1) = code; }
  void op_u8(u8 code, u8 n) {
    u8* at = claim(2);
    at[0] = code;
    at[1] = n;
  }
  void op_u16(u8 code, u16 n) {
    u8* at = claim(3);
    at[0] = code;
    memcpy(at + 1, &n, 2);
  }
  void op_u32(u8 code, u32 n) {
    u8* at = claim(5);
    at[0] = code;
    memcpy(at + 1, &n, 4);
  }
  void op_u64(u8 code, u64 n) {
    u8* at = claim(9);
    at[0] = code;
    memcpy(at + 1, &n, 8);
  }
  void bytes(const void* data, usize n);
  void text(std::string_view s) { bytes(s.data(), s.size()); }

  bool framing() const { return framing_; }
  void set_framing(bool on);
  void close_frame();
  bool frame_is_full() const { return size_ > full_at_; }
  bool failed() const { return out_of_memory_; }

  const u8* data() const { return data_; }
  usize size() const { return size_; }
  void clear();

 private:
  static constexpr usize kNoFrame = ~usize{0};
  void make_room(usize n);
  bool reserve(usize n);
  void open_frame();
  u8* data_ = inline_;
  usize size_ = 0;
  usize capacity_ = sizeof(inline_);
  usize limit_ = sizeof(inline_);  // capacity_, or 0 while a frame is to be opened by the next byte
  usize full_at_ = kNoFrame;       // size_ beyond which the open frame is full
  usize frame_start_ = kNoFrame;
  bool framing_ = false, out_of_memory_ = false;
  u8 inline_[512];
};

}  // namespace baton
