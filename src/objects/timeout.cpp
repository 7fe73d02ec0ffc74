// See the header.
#include "objects/timeout.h"

#include <cmath>

#include "objects/numbers.h"
#include "objects/raise.h"
#include "threads/clock.h"
#include "threads/futex.h"

namespace baton {

Result<i64> seconds_to_ns(Thread& thread, Value v) {
  if (is_float(v)) {
    double d = float_value(v);
    if (std::isnan(d)) return raise_value_error(thread, "Invalid value NaN (not a number)");
    d *= 1e9;
    d = d >= 0 ? std::ceil(d) : std::floor(d);
    if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
      return raise_overflow_error(thread, "timestamp too large to convert to C _PyTime_t");
    return static_cast<i64>(d);
  }
  Value number = TRY(to_index(thread, v));
  i64 seconds, ns;
  if (!int_to_i64(number, &seconds)) return raise_overflow_error(thread, "timestamp too large to convert to C _PyTime_t");
  if (__builtin_mul_overflow(seconds, i64{1000000000}, &ns))
    return raise_overflow_error(thread, "timestamp too large to convert to C _PyTime_t");
  return ns;
}

u64 deadline_after(i64 ns) { return ns < 0 ? kForever : saturating_add(monotonic_ns(), static_cast<u64>(ns)); }

}  // namespace baton
