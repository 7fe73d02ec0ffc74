// The functions of math on ints (math_integer.cpp), published by the table in math.cpp.
#pragma once
#include "objects/native.h"

namespace baton {

Result<Value> math_comb(Thread& thread, Value n, Value k);
Result<Value> math_factorial(Thread& thread, Value n);
Result<Value> math_gcd(Thread& thread, Rest integers);
Result<Value> math_isqrt(Thread& thread, Value n);
Result<Value> math_lcm(Thread& thread, Rest integers);
Result<Value> math_perm(Thread& thread, Value n, Value k);

}  // namespace baton
