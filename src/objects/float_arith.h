// Float and complex arithmetic that modules share with the types.
#pragma once
#include "objects/numbers.h"

namespace baton {

double float_mod(double x, double y);                           // x % y with the sign of y; y nonzero
double float_floor_div(double x, double y, double* remainder);  // divmod(x, y); y nonzero
Result<Value> float_power(Thread& thread, double x, double y);  // x ** y with its errors
int float_int_order(double x, Value exact_int);                 // exact comparison: <0, 0, >0; x is not nan
Failed raise_range_error(Thread& thread);                       // OverflowError (34, 'Numerical result out of range')

struct ComplexValue {
  double real, imag;
};
ComplexValue complex_product(ComplexValue a, ComplexValue b);
bool complex_quotient(ComplexValue a, ComplexValue b, ComplexValue* out);  // false: division by zero
Result<Value> complex_power(Thread& thread, double real, double imag, double exponent_real, double exponent_imag);
// complex(v) for arguments: __complex__, __float__, __index__; TypeError "must be real number, not str".
Result<ComplexValue> to_complex(Thread& thread, Value v);

}  // namespace baton
