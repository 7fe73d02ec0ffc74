// _pickle: growing the output and cutting it into frames.
#include "modules/pickle_output.h"

#include <cstdlib>

namespace baton {

PickleOutput::~PickleOutput() {
  if (data_ != inline_) free(data_);
}

static constexpr usize kFirstOnHeap = 4096;

bool PickleOutput::reserve(usize n) {
  if (size_ + n <= capacity_) return true;
  usize wanted = capacity_ + capacity_ / 2;
  if (wanted < size_ + n) wanted = size_ + n + n / 2;
  if (wanted < kFirstOnHeap) wanted = kFirstOnHeap;
  u8* larger = static_cast<u8*>(data_ == inline_ ? malloc(wanted) : realloc(data_, wanted));
  if (!larger) {
    out_of_memory_ = true;
    size_ = 0;  // kMaxClaim bytes fit: what is written from here on is lost
    full_at_ = frame_start_ = kNoFrame;
    framing_ = false;
    limit_ = capacity_;
    return false;
  }
  if (data_ == inline_) memcpy(larger, inline_, size_);
  data_ = larger;
  capacity_ = wanted;
  return true;
}

void PickleOutput::open_frame() {
  if (!reserve(kFrameHeaderSize)) return;
  frame_start_ = size_;
  size_ += kFrameHeaderSize;
  full_at_ = size_ + kFrameSizeTarget - 1;
  limit_ = capacity_;
}

BATON_NOINLINE void PickleOutput::make_room(usize n) {
  if (framing_ && frame_start_ == kNoFrame) open_frame();
  if (reserve(n)) limit_ = capacity_;
}

void PickleOutput::bytes(const void* data, usize n) {
  if (n == 0) return;
  if (size_ + n > limit_) [[unlikely]] {
    make_room(n);
    if (size_ + n > capacity_) return;
  }
  memcpy(data_ + size_, data, n);
  size_ += n;
}

void PickleOutput::set_framing(bool on) {
  framing_ = on;
  limit_ = on && frame_start_ == kNoFrame ? 0 : capacity_;
}

void PickleOutput::close_frame() {
  if (!framing_ || frame_start_ == kNoFrame) return;
  u8* header = data_ + frame_start_;
  u64 length = size_ - frame_start_ - kFrameHeaderSize;
  if (length >= kFrameSizeMin) {
    header[0] = kOpFrame;
    memcpy(header + 1, &length, 8);
  } else {
    memmove(header, header + kFrameHeaderSize, length);
    size_ -= kFrameHeaderSize;
  }
  frame_start_ = full_at_ = kNoFrame;
  limit_ = 0;
}

void PickleOutput::clear() {
  size_ = 0;
  frame_start_ = full_at_ = kNoFrame;
  limit_ = framing_ ? 0 : capacity_;
}

}  // namespace baton
