# cmath's functions over a grid, signed zeros and large arguments among it: the digits are CPython's.
import cmath

values = (0.0, -0.0, 0.3, -0.75, 0.99, 1.0, -1.0, 1.5, -3.0, 10.0, 1e-9, 1e15, -2.0**63, 400.0, 1e300)
for name in ("acos", "acosh", "asin", "asinh", "atan", "atanh", "log", "log10", "tan", "tanh", "sqrt"):
    for x in values:
        for y in values:
            z = complex(x, y)
            try:
                print(name, z, getattr(cmath, name)(z))
            except (ValueError, OverflowError) as e:
                print(name, z, e)
