// The Mersenne Twister MT19937 as CPython's random seeds and reads it, so that sequences are the same.
#pragma once
#include "base/types.h"

namespace baton {

class Mersenne {
 public:
  static constexpr usize kStateWords = 624;

  explicit constexpr Mersenne(u32 value = 5489) { seed(value); }
  constexpr void seed(u32 value) {
    state_[0] = value;
    for (u32 i = 1; i < kStateWords; ++i) state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    at_ = kStateWords;
  }

  // random.seed(int): the magnitude as 32-bit words, least significant first, at least one word.
  void seed_by_array(const u32* key, usize length) {
    static constexpr Mersenne kBeginning(19650218u);
    *this = kBeginning;
    usize i = 1, j = 0;
    u32 last = state_[0];  // each word hangs on the one before: not to be had from memory
    for (usize k = length > kStateWords ? length : kStateWords; k; --k) {
      last = (state_[i] ^ ((last ^ (last >> 30)) * 1664525u)) + key[j] + static_cast<u32>(j);
      state_[i] = last;
      advance(&i);
      if (++j >= length) j = 0;
    }
    for (usize k = kStateWords - 1; k; --k) {
      last = (state_[i] ^ ((last ^ (last >> 30)) * 1566083941u)) - static_cast<u32>(i);
      state_[i] = last;
      advance(&i);
    }
    state_[0] = 0x80000000u;
  }

  u32 next_u32() {
    if (at_ >= kStateWords) refill();
    u32 y = state_[at_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }

  // In [0, 1) with 53 bits.
  double next_double() {
    u32 high = next_u32() >> 5, low = next_u32() >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
  }

  // getstate and setstate: the words, then the position (0..624).
  const u32* state() const { return state_; }
  u32* state() { return state_; }
  u32 position() const { return at_; }
  void set_position(u32 position) { at_ = position; }

 private:
  static constexpr usize kMiddle = 397;

  void advance(usize* i) {
    if (++*i >= kStateWords) {
      state_[0] = state_[kStateWords - 1];
      *i = 1;
    }
  }
  static u32 mixed(u32 upper, u32 lower) {
    u32 y = (upper & 0x80000000u) | (lower & 0x7fffffffu);
    return (y >> 1) ^ (0x9908b0dfu & (0 - (y & 1)));
  }
  void refill() {
    constexpr usize kLast = kStateWords - 1, kRest = kStateWords - kMiddle;
    for (usize i = 0; i < kRest; ++i) state_[i] = state_[i + kMiddle] ^ mixed(state_[i], state_[i + 1]);
    for (usize i = kRest; i < kLast; ++i) state_[i] = state_[i - kRest] ^ mixed(state_[i], state_[i + 1]);
    state_[kLast] = state_[kMiddle - 1] ^ mixed(state_[kLast], state_[0]);
    at_ = 0;
  }

  u32 state_[kStateWords];
  u32 at_;
};

}  // namespace baton
