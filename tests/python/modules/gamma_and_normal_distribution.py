# Functions that aren't the C library's: their last digits are CPython's.
import math
import random
import statistics

random.seed(1)
values = [random.uniform(0.01, 20) for _ in range(300)] + [random.uniform(-170, 171) for _ in range(300)]
values += [k / 2 for k in range(-20, 60)] + [1e-300, -1e-300, 1e-21, 1e-9, 139.9, 140.5, 170.6, 171.6, 171.7, 199.5, -199.5, -200.5,
                                             1e10, 1e300, -1e300, 1e308, math.inf, -math.inf, math.nan]
for f in math.gamma, math.lgamma:
    for x in values:
        try:
            print(f.__name__, x, f(x))
        except (ValueError, OverflowError) as e:
            print(f.__name__, x, type(e).__name__, e)
for mu, sigma in (0, 1), (5, 2.5), (-1, 0.001):
    n = statistics.NormalDist(mu, sigma)
    print([n.inv_cdf(k / 97) for k in range(1, 97)], n.inv_cdf(1e-12), n.inv_cdf(1 - 1e-12), n.inv_cdf(1e-200), n.quantiles(7))
