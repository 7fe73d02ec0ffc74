// audioop: arithmetic on fragments of PCM samples of 1 to 4 bytes, signed, in the machine's order.
//
// Most work is done on samples as they are; what converts between widths goes by samples scaled to 32 bits. Results are clipped
// and rounded down as audio programs expect from this module: floor, not nearest.
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "objects/bytes.h"
#include "objects/module.h"
#include "objects/new_exception.h"
#include "objects/numbers.h"
#include "objects/object.h"
#include "objects/tuple.h"

namespace baton {

static Root<Type>* audioop_error = nullptr;
static Failed raise_audio(Thread& t, const char* text) { return raise(t, audioop_error->get(), "{}", text); }

// ---------------------------------------------------------------------------------------------------------------- samples

static int sample(const u8* p, int width) {
  switch (width) {
    case 1: return static_cast<i8>(*p);
    case 2: {
      i16 v;
      memcpy(&v, p, 2);
      return v;
    }
    case 3: return static_cast<i8>(p[2]) * 65536 + p[1] * 256 + p[0];
    default: {
      i32 v;
      memcpy(&v, p, 4);
      return v;
    }
  }
}
static void put_sample(u8* p, int width, int v) {
  p[0] = static_cast<u8>(v);
  if (width > 1) p[1] = static_cast<u8>(v >> 8);
  if (width > 2) p[2] = static_cast<u8>(v >> 16);
  if (width > 3) p[3] = static_cast<u8>(v >> 24);
}
static int scaled(const u8* p, int width) { return static_cast<int>(static_cast<u32>(sample(p, width)) << (32 - 8 * width)); }
static void put_scaled(u8* p, int width, int v) { put_sample(p, width, v >> (32 - 8 * width)); }

static int highest(int width) { return static_cast<int>((u32{1} << (8 * width - 1)) - 1); }
static int lowest(int width) { return -highest(width) - 1; }
static int clipped(double v, int width) {
  double low = lowest(width), high = highest(width);
  if (v > high)
    v = high;
  else if (v < low + 1.0)
    v = low;
  return static_cast<int>(std::floor(v));
}

static Result<void> check_width(Thread& t, int width) {
  if (width < 1 || width > 4) return raise_audio(t, "Size should be 1, 2, 3 or 4");
  return ok;
}
static Result<void> check(Thread& t, const BufferView& fragment, int width) {
  TRY(check_width(t, width));
  if (fragment.size % static_cast<usize>(width)) return raise_audio(t, "not a whole number of frames");
  return ok;
}
// body(value) for each sample.
template <class F>
static void each(const BufferView& fragment, int width, F&& body) {
  for (usize i = 0; i < fragment.size; i += static_cast<usize>(width)) body(sample(fragment.data + i, width));
}
// A fragment of the same size with change(value) for each sample.
template <class F>
static Result<Bytes*> changed(Thread& t, const BufferView& fragment, int width, F&& change) {
  Bytes* result = TRY(bytes_allocate(t, fragment.size));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < fragment.size; i += static_cast<usize>(width))
    put_sample(out + i, width, change(sample(fragment.data + i, width)));
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- measures

static Result<Value> audio_getsample(Thread& t, BufferView fragment, int width, Index index) {
  TRY(check(t, fragment, width));
  if (index < 0 || static_cast<usize>(index) >= fragment.size / static_cast<usize>(width))
    return raise_audio(t, "Index out of range");
  return Value::of_small_int(sample(fragment.data + index * width, width));
}
static Result<Value> audio_max(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  i64 most = 0;
  each(fragment, width, [&](i64 v) {
    if (v < 0) v = -v;
    if (v > most) most = v;
  });
  return Value::of_small_int(most);
}
static Result<Value> audio_minmax(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  int least = INT_MAX, most = INT_MIN;
  each(fragment, width, [&](int v) {
    if (v < least) least = v;
    if (v > most) most = v;
  });
  return TRY(tuple_of(t, Value::of_small_int(least), Value::of_small_int(most)));
}
static Result<Value> audio_avg(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  if (fragment.size == 0) return Value::of_small_int(0);
  double sum = 0;
  each(fragment, width, [&](int v) { sum += v; });
  return Value::of_small_int(static_cast<i64>(std::floor(sum / static_cast<double>(fragment.size / static_cast<usize>(width)))));
}
static Result<Value> audio_rms(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  if (fragment.size == 0) return Value::of_small_int(0);
  double sum = 0;
  each(fragment, width, [&](double v) { sum += v * v; });
  return Value::of_small_int(static_cast<i64>(std::sqrt(sum / static_cast<double>(fragment.size / static_cast<usize>(width)))));
}
static Result<Value> audio_cross(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  i64 crossings = -1;
  int previous = 2;  // neither side
  each(fragment, width, [&](int v) {
    int negative = v < 0;
    if (negative != previous) ++crossings;
    previous = negative;
  });
  return Value::of_small_int(crossings);
}

// body(difference) for each pair of neighbouring local extremes.
template <class F>
static void each_peak(const BufferView& fragment, int width, F&& body) {
  if (fragment.size <= static_cast<usize>(width)) return;
  int previous = sample(fragment.data, width), direction = 2 /* unknown */;
  i64 extreme = 0;
  bool has_extreme = false;
  each(fragment, width, [&](int v) {
    if (v == previous) return;
    int falling = v < previous;
    if (direction == !falling) {
      i64 difference = previous - extreme;
      if (has_extreme) body(difference < 0 ? -difference : difference);
      has_extreme = true;
      extreme = previous;
    }
    previous = v;
    direction = falling;
  });
}
static Result<Value> audio_avgpp(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  double sum = 0;
  i64 count = 0;
  each_peak(fragment, width, [&](i64 difference) {
    sum += static_cast<double>(difference);
    ++count;
  });
  return Value::of_small_int(count ? static_cast<i64>(sum / static_cast<double>(count)) : 0);
}
static Result<Value> audio_maxpp(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  i64 most = 0;
  each_peak(fragment, width, [&](i64 difference) {
    if (difference > most) most = difference;
  });
  return Value::of_small_int(most);
}

// ---------------------------------------------------------------------------------------------------------------- likeness

static double at16(const BufferView& fragment, usize i) { return sample(fragment.data + 2 * i, 2); }
// Sum of products of n 16-bit samples.
static double product(const BufferView& a, usize from, const BufferView& b, usize n) {
  double sum = 0;
  for (usize i = 0; i < n; ++i) sum += at16(a, from + i) * at16(b, i);
  return sum;
}
static Result<Value> audio_findfit(Thread& t, BufferView fragment, BufferView reference) {
  if (fragment.size & 1 || reference.size & 1) return raise_audio(t, "Strings should be even-sized");
  usize n = fragment.size / 2, m = reference.size / 2;
  if (n < m) return raise_audio(t, "First sample should be longer");
  double of_reference = product(reference, 0, reference, m), of_window = product(fragment, 0, fragment, m);
  double both = product(fragment, 0, reference, m);
  double best = (of_reference * of_window - both * both) / of_window, best_both = both;
  usize best_at = 0;
  for (usize j = 1; j <= n - m; ++j) {
    double gone = at16(fragment, j - 1), come = at16(fragment, j + m - 1);
    of_window = of_window + come * come - gone * gone;
    both = product(fragment, j, reference, m);
    double result = (of_reference * of_window - both * both) / of_window;
    if (result < best) {
      best = result;
      best_at = j;
    }
  }
  best_both = product(fragment, best_at, reference, m);
  return TRY(tuple_of(t, Value::of_small_int(static_cast<i64>(best_at)), TRY(make_float(t, best_both / of_reference))));
}
static Result<Value> audio_findfactor(Thread& t, BufferView fragment, BufferView reference) {
  if (fragment.size & 1 || reference.size & 1) return raise_audio(t, "Strings should be even-sized");
  if (fragment.size != reference.size) return raise_audio(t, "Samples should be same size");
  usize n = fragment.size / 2;
  return make_float(t, product(fragment, 0, reference, n) / product(reference, 0, reference, n));
}
static Result<Value> audio_findmax(Thread& t, BufferView fragment, Index length) {
  if (fragment.size & 1) return raise_audio(t, "Strings should be even-sized");
  usize n = fragment.size / 2;
  if (length < 0 || n < static_cast<usize>(length)) return raise_audio(t, "Input sample should be longer");
  usize m = static_cast<usize>(length);
  double result = product(fragment, 0, fragment, m), best = result;
  usize best_at = 0;
  for (usize j = 1; j <= n - m; ++j) {
    double gone = at16(fragment, j - 1), come = j + m >= 1 ? at16(fragment, j + m - 1) : 0;
    result = result + come * come - gone * gone;
    if (result > best) {
      best = result;
      best_at = j;
    }
  }
  return Value::of_small_int(static_cast<i64>(best_at));
}

// ---------------------------------------------------------------------------------------------------------------- changes

static Result<Bytes*> audio_mul(Thread& t, BufferView fragment, int width, double factor) {
  TRY(check(t, fragment, width));
  return changed(t, fragment, width, [&](int v) { return clipped(v * factor, width); });
}
static Result<Bytes*> audio_bias(Thread& t, BufferView fragment, int width, int bias) {
  TRY(check(t, fragment, width));
  // Wraps around, as unsigned numbers of the width do.
  return changed(t, fragment, width, [&](int v) { return static_cast<int>(static_cast<u32>(v) + static_cast<u32>(bias)); });
}
static Result<Bytes*> audio_add(Thread& t, BufferView fragment1, BufferView fragment2, int width) {
  TRY(check(t, fragment1, width));
  if (fragment1.size != fragment2.size) return raise_audio(t, "Lengths should be the same");
  Bytes* result = TRY(bytes_allocate(t, fragment1.size));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < fragment1.size; i += static_cast<usize>(width)) {
    double sum = static_cast<double>(sample(fragment1.data + i, width)) + sample(fragment2.data + i, width);
    put_sample(out + i, width, clipped(sum, width));
  }
  return result;
}
static Result<Bytes*> audio_reverse(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  Bytes* result = TRY(bytes_allocate(t, fragment.size));
  u8* out = bytes_mutable_data(result);
  usize w = static_cast<usize>(width);
  for (usize i = 0; i < fragment.size; i += w) memcpy(out + fragment.size - w - i, fragment.data + i, w);
  return result;
}
static Result<Bytes*> audio_byteswap(Thread& t, BufferView fragment, int width) {
  TRY(check(t, fragment, width));
  Bytes* result = TRY(bytes_allocate(t, fragment.size));
  u8* out = bytes_mutable_data(result);
  usize w = static_cast<usize>(width);
  for (usize i = 0; i < fragment.size; i += w)
    for (usize k = 0; k < w; ++k) out[i + w - 1 - k] = fragment.data[i + k];
  return result;
}
static Result<Bytes*> audio_tomono(Thread& t, BufferView fragment, int width, double lfactor, double rfactor) {
  TRY(check_width(t, width));
  usize w = static_cast<usize>(width);
  if (fragment.size % w || fragment.size / w & 1) return raise_audio(t, "not a whole number of frames");
  Bytes* result = TRY(bytes_allocate(t, fragment.size / 2));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < fragment.size; i += 2 * w) {
    double left = sample(fragment.data + i, width), right = sample(fragment.data + i + w, width);
    put_sample(out + i / 2, width, clipped(left * lfactor + right * rfactor, width));
  }
  return result;
}
static Result<Bytes*> audio_tostereo(Thread& t, BufferView fragment, int width, double lfactor, double rfactor) {
  TRY(check(t, fragment, width));
  usize w = static_cast<usize>(width);
  Bytes* result = TRY(bytes_allocate(t, fragment.size * 2));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < fragment.size; i += w) {
    double v = sample(fragment.data + i, width);
    put_sample(out + 2 * i, width, clipped(v * lfactor, width));
    put_sample(out + 2 * i + w, width, clipped(v * rfactor, width));
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------------------- encodings

// A fragment of another width: convert(input byte position) gives a sample scaled to 32 bits.
template <class F>
static Result<Bytes*> widened(Thread& t, usize count, int width, F&& convert) {
  Bytes* result = TRY(bytes_allocate(t, count * static_cast<usize>(width)));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < count; ++i) put_scaled(out + i * static_cast<usize>(width), width, convert(i));
  return result;
}
static Result<Bytes*> audio_lin2lin(Thread& t, BufferView fragment, int width, int newwidth) {
  TRY(check(t, fragment, width));
  TRY(check_width(t, newwidth));
  usize w = static_cast<usize>(width);
  return widened(t, fragment.size / w, newwidth, [&](usize i) { return scaled(fragment.data + i * w, width); });
}

// G.711. The number of the first segment whose end is not below v.
static int segment_of(int v, int first_end) {
  int segment = 0;
  while (segment < 8 && v > first_end) {
    first_end = first_end << 1 | 1;
    ++segment;
  }
  return segment;
}
static u8 ulaw_of(int v) {  // v: 14 bits
  int mask = 0xFF;
  if (v < 0) {
    v = -v;
    mask = 0x7F;
  }
  if (v > 8159) v = 8159;
  v += 0x21;
  int segment = segment_of(v, 0x3F);
  if (segment >= 8) return static_cast<u8>(0x7F ^ mask);
  return static_cast<u8>((segment << 4 | (v >> (segment + 1) & 0xF)) ^ mask);
}
static int linear_of_ulaw(u8 code) {  // 16 bits
  code = static_cast<u8>(~code);
  int v = (((code & 0xF) << 3) + 0x84) << (code >> 4 & 7);
  return code & 0x80 ? 0x84 - v : v - 0x84;
}
static u8 alaw_of(int v) {  // v: 13 bits
  int mask = 0xD5;
  if (v < 0) {
    v = -v - 1;
    mask = 0x55;
  }
  int segment = segment_of(v, 0x1F);
  if (segment >= 8) return static_cast<u8>(0x7F ^ mask);
  return static_cast<u8>((segment << 4 | (v >> (segment < 2 ? 1 : segment) & 0xF)) ^ mask);
}
static int linear_of_alaw(u8 code) {  // 16 bits
  code ^= 0x55;
  int v = (code & 0xF) << 4, segment = code >> 4 & 7;
  v = segment == 0 ? v + 8 : (v + 0x108) << (segment - 1);
  return code & 0x80 ? v : -v;
}
template <class F>
static Result<Bytes*> narrowed(Thread& t, const BufferView& fragment, int width, F&& encode) {
  TRY(check(t, fragment, width));
  usize w = static_cast<usize>(width), count = fragment.size / w;
  Bytes* result = TRY(bytes_allocate(t, count));
  u8* out = bytes_mutable_data(result);
  for (usize i = 0; i < count; ++i) out[i] = encode(scaled(fragment.data + i * w, width));
  return result;
}
static Result<Bytes*> audio_lin2ulaw(Thread& t, BufferView fragment, int width) {
  return narrowed(t, fragment, width, [](int v) { return ulaw_of(v >> 18); });
}
static Result<Bytes*> audio_lin2alaw(Thread& t, BufferView fragment, int width) {
  return narrowed(t, fragment, width, [](int v) { return alaw_of(v >> 19); });
}
static Result<Bytes*> audio_ulaw2lin(Thread& t, BufferView fragment, int width) {
  TRY(check_width(t, width));
  return widened(t, fragment.size, width, [&](usize i) { return linear_of_ulaw(fragment.data[i]) * 65536; });
}
static Result<Bytes*> audio_alaw2lin(Thread& t, BufferView fragment, int width) {
  TRY(check_width(t, width));
  return widened(t, fragment.size, width, [&](usize i) { return linear_of_alaw(fragment.data[i]) * 65536; });
}

// ---------------------------------------------------------------------------------------------------------------- ADPCM

// The step sizes of IMA/DVI ADPCM: each about a tenth above the one before.
static constexpr int kSteps[89] = {
    7,    8,    9,    10,   11,    12,    13,    14,    16,    17,    19,    21,    23,    25,    28,    31,    34,   37,
    41,   45,   50,   55,   60,    66,    73,    80,    88,    97,    107,   118,   130,   143,   157,   173,   190,  209,
    230,  253,  279,  307,  337,   371,   408,   449,   494,   544,   598,   658,   724,   796,   876,   963,   1060, 1166,
    1282, 1411, 1552, 1707, 1878,  2066,  2272,  2499,  2749,  3024,  3327,  3660,  4026,  4428,  4871,  5358,  5894, 6484,
    7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

struct Adpcm {
  int predicted = 0, index = 0;

  int step() const { return kSteps[index]; }
  // Moves on by a code of 4 bits: sign, and size in quarters of the step.
  void apply(int code) {
    int difference = step() >> 3;
    if (code & 4) difference += step();
    if (code & 2) difference += step() >> 1;
    if (code & 1) difference += step() >> 2;
    predicted += code & 8 ? -difference : difference;
    if (predicted > 32767) predicted = 32767;
    if (predicted < -32768) predicted = -32768;
    index += code & 4 ? 2 * ((code & 3) + 1) : -1;
    if (index < 0) index = 0;
    if (index > 88) index = 88;
  }
  int code_for(int value) const {
    int difference = value - predicted, code = 0, part = step();
    if (difference < 0) {
      code = 8;
      difference = -difference;
    }
    for (int bit = 4; bit; bit >>= 1, part >>= 1) {
      if (difference < part) continue;
      code |= bit;
      difference -= part;
    }
    return code;
  }
};
static Result<Adpcm*> adpcm_state(Thread& t, Value state, const char* function, Adpcm* out) {
  if (state.is_none()) return out;
  if (!is<Tuple>(state)) return raise_type_error(t, "state must be a tuple or None");
  auto* items = state.as<Tuple>();
  if (items->length() != 2) return raise_type_error(t, "{}(): illegal state argument", function);
  if (!convert_int(t, items->at(0), &out->predicted) || !convert_int(t, items->at(1), &out->index)) return failed;
  if (out->predicted < -32768 || out->predicted > 32767 || out->index < 0 || out->index > 88)
    return raise_value_error(t, "bad state");
  return out;
}
static Result<Value> with_state(Thread& t, Bytes* data, const Adpcm& adpcm) {
  Value state(TRY(tuple_of(t, Value::of_small_int(adpcm.predicted), Value::of_small_int(adpcm.index))));
  return TRY(tuple_of(t, Value(data), state));
}
static Result<Value> audio_lin2adpcm(Thread& t, BufferView fragment, int width, Value state) {
  TRY(check(t, fragment, width));
  Adpcm adpcm;
  TRY(adpcm_state(t, state, "lin2adpcm", &adpcm));
  usize w = static_cast<usize>(width), count = fragment.size / w;
  Bytes* result = TRY(bytes_allocate(t, count / 2));
  u8* out = bytes_mutable_data(result);
  int first = 0;
  for (usize i = 0; i < count; ++i) {
    int code = adpcm.code_for(scaled(fragment.data + i * w, width) >> 16);
    adpcm.apply(code);
    if (i & 1)
      *out++ = static_cast<u8>(first << 4 | code);
    else
      first = code;
  }
  return with_state(t, result, adpcm);
}
static Result<Value> audio_adpcm2lin(Thread& t, BufferView fragment, int width, Value state) {
  TRY(check_width(t, width));
  Adpcm adpcm;
  TRY(adpcm_state(t, state, "adpcm2lin", &adpcm));
  Bytes* result = TRY(widened(t, fragment.size * 2, width, [&](usize i) {
    adpcm.apply(i & 1 ? fragment.data[i / 2] & 0xF : fragment.data[i / 2] >> 4);
    return adpcm.predicted * 65536;
  }));
  return with_state(t, result, adpcm);
}

// ---------------------------------------------------------------------------------------------------------------- rates

struct Channel {
  int previous = 0, current = 0;
};
class Channels {
 public:
  ~Channels() { free(data_); }
  bool make(int n) {
    data_ = static_cast<Channel*>(calloc(static_cast<usize>(n), sizeof(Channel)));
    return data_ != nullptr;
  }
  Channel& operator[](int i) { return data_[i]; }

 private:
  Channel* data_ = nullptr;
};

static Result<int> rate_state(Thread& t, Value state, int nchannels, int outrate, Channels& channels) {
  if (state.is_none()) return -outrate;
  if (!is<Tuple>(state)) return raise_type_error(t, "state must be a tuple or None");
  auto* items = state.as<Tuple>();
  int d;
  if (items->length() != 2 || !is<Tuple>(items->at(1))) return raise_type_error(t, "ratecv(): illegal state argument");
  if (!convert_int(t, items->at(0), &d)) return failed;
  auto* samples = items->at(1).as<Tuple>();
  if (samples->length() != nchannels) return raise_audio(t, "illegal state argument");
  for (int i = 0; i < nchannels; ++i) {
    if (!is<Tuple>(samples->at(i)) || samples->at(i).as<Tuple>()->length() != 2)
      return raise_type_error(t, "ratecv(): illegal state argument");
    auto* pair = samples->at(i).as<Tuple>();
    if (!convert_int(t, pair->at(0), &channels[i].previous) || !convert_int(t, pair->at(1), &channels[i].current)) return failed;
  }
  return d;
}
static Result<Value> rate_result(Thread& t, Bytes* data, usize size, int d, int nchannels, Channels& channels) {
  RootVector pairs;
  for (int i = 0; i < nchannels; ++i)
    pairs.push(Value(TRY(tuple_of(t, Value::of_small_int(channels[i].previous), Value::of_small_int(channels[i].current)))));
  Value samples(TRY(make_tuple(t, pairs.data(), static_cast<Index>(pairs.size()))));
  Value state(TRY(tuple_of(t, Value::of_small_int(d), samples)));
  return TRY(tuple_of(t, Value(TRY(bytes_from(t, data->data(), size))), state));
}
static Result<Value> audio_ratecv(Thread& t, BufferView fragment, int width, int nchannels, int inrate, int outrate, Value state,
                                  int weightA, int weightB) {
  TRY(check_width(t, width));
  if (nchannels < 1) return raise_audio(t, "# of channels should be >= 1");
  if (width > INT_MAX / nchannels) return raise_overflow_error(t, "width * nchannels too big for a C int");
  if (weightA < 1 || weightB < 0) return raise_audio(t, "weightA should be >= 1, weightB should be >= 0");
  usize w = static_cast<usize>(width), frame = w * static_cast<usize>(nchannels);
  if (fragment.size % frame) return raise_audio(t, "not a whole number of frames");
  if (inrate <= 0 || outrate <= 0) return raise_audio(t, "sampling rate not > 0");
  int divisor = std::gcd(inrate, outrate);
  inrate /= divisor;
  outrate /= divisor;
  divisor = std::gcd(weightA, weightB);
  double a = weightA / divisor, b = weightB / divisor;
  Channels channels;
  if (!channels.make(nchannels)) return raise_memory_error(t);
  int d = TRY(rate_state(t, state, nchannels, outrate, channels));
  // Room for what the frames give at the new rate, and the rest that the state may owe.
  usize frames = fragment.size / frame, rate_in = static_cast<usize>(inrate), rate_out = static_cast<usize>(outrate), room;
  usize owed = d >= 0 ? static_cast<usize>(d) / rate_in + 1 : 0;
  if (__builtin_mul_overflow(frames, rate_out, &room)) return raise_memory_error(t);
  room = room / rate_in + owed + 2;
  if (__builtin_mul_overflow(room, frame, &room)) return raise_memory_error(t);
  Bytes* result = TRY(bytes_allocate(t, room));
  u8 *start = bytes_mutable_data(result), *out = start;
  const u8* in = fragment.data;
  for (;;) {
    while (d < 0) {
      if (frames-- == 0) return rate_result(t, result, static_cast<usize>(out - start), d, nchannels, channels);
      for (int i = 0; i < nchannels; ++i, in += w) {
        Channel& c = channels[i];
        c.previous = c.current;
        c.current = static_cast<int>((a * scaled(in, width) + b * c.previous) / (a + b));
      }
      d += outrate;
    }
    while (d >= 0) {
      for (int i = 0; i < nchannels; ++i, out += w) {
        double between = static_cast<double>(channels[i].previous) * d + static_cast<double>(channels[i].current) * (outrate - d);
        put_scaled(out, width, static_cast<int>(between / outrate));
      }
      d -= inrate;
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------- module

static Result<void> audioop_exec(Thread& t, Module* module) {
  TRY(warn(t, exceptions.DeprecationWarning, "'audioop' is deprecated and slated for removal in Python 3.13", 7));
  if (!audioop_error) audioop_error = new Root<Type>(TRY(make_exception_type(t, "audioop.error", exceptions.Exception)));
  return module_set(t, module, "error", Value(audioop_error->get()));
}
static constinit NativeDef functions[] = {
    native<audio_max>("max($module, fragment, width, /)", "The largest absolute value of the samples."),
    native<audio_minmax>("minmax($module, fragment, width, /)", "The least and the greatest sample."),
    native<audio_avg>("avg($module, fragment, width, /)", "The average of the samples."),
    native<audio_maxpp>("maxpp($module, fragment, width, /)", "The largest difference between neighbouring peaks."),
    native<audio_avgpp>("avgpp($module, fragment, width, /)", "The average difference between neighbouring peaks."),
    native<audio_rms>("rms($module, fragment, width, /)", "The square root of the mean of the samples' squares: the power."),
    native<audio_findfit>("findfit($module, fragment, reference, /)",
                          "Where reference fits best into fragment, and the factor that makes it fit: (offset, factor)."),
    native<audio_findmax>("findmax($module, fragment, length, /)",
                          "Where the slice of so many samples with the most power begins."),
    native<audio_findfactor>("findfactor($module, fragment, reference, /)",
                             "The factor for reference that makes it most like fragment."),
    native<audio_cross>("cross($module, fragment, width, /)", "How often the samples cross zero."),
    native<audio_mul>("mul($module, fragment, width, factor, /)", "All samples multiplied, and clipped."),
    native<audio_add>("add($module, fragment1, fragment2, width, /)", "The sum of two fragments, clipped."),
    native<audio_bias>("bias($module, fragment, width, bias, /)", "All samples with bias added; they wrap around."),
    native<audio_ulaw2lin>("ulaw2lin($module, fragment, width, /)", "From u-LAW encoding to samples."),
    native<audio_lin2ulaw>("lin2ulaw($module, fragment, width, /)", "From samples to u-LAW encoding."),
    native<audio_alaw2lin>("alaw2lin($module, fragment, width, /)", "From a-LAW encoding to samples."),
    native<audio_lin2alaw>("lin2alaw($module, fragment, width, /)", "From samples to a-LAW encoding."),
    native<audio_lin2lin>("lin2lin($module, fragment, width, newwidth, /)", "Samples of another width."),
    native<audio_adpcm2lin>("adpcm2lin($module, fragment, width, state, /)",
                            "From Intel/DVI ADPCM to samples: (fragment, new state)."),
    native<audio_lin2adpcm>("lin2adpcm($module, fragment, width, state, /)",
                            "From samples to Intel/DVI ADPCM of 4 bits: (fragment, new state)."),
    native<audio_tomono>("tomono($module, fragment, width, lfactor, rfactor, /)", "Both channels in one."),
    native<audio_tostereo>("tostereo($module, fragment, width, lfactor, rfactor, /)", "Two channels from one."),
    native<audio_getsample>("getsample($module, fragment, width, index, /)", "One sample."),
    native<audio_reverse>("reverse($module, fragment, width, /)", "The samples backwards."),
    native<audio_byteswap>("byteswap($module, fragment, width, /)", "The samples in the other byte order."),
    native<audio_ratecv>("ratecv($module, fragment, width, nchannels, inrate, outrate, state,\n       weightA=1, weightB=0, /)",
                         "The fragment at another frame rate: (fragment, new state)."),
};
constinit ModuleDef audioop_module = {
    .name = "audioop", .functions = functions, .function_count = count_of(functions), .exec = audioop_exec};

}  // namespace baton
