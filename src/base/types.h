// Short names for fixed-width integers, used everywhere.
#pragma once
#include <cstddef>
#include <cstdint>

namespace baton {
using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;
using i8 = int8_t;
using i16 = int16_t;
using i32 = int32_t;
using i64 = int64_t;
using usize = size_t;
using Index = int64_t;  // a Python index or length
inline constexpr Index kMaxIndex = INT64_MAX;
}  // namespace baton
