# Rule 1.2: the switch interval is 5 ms; it must be positive; a tiny one reads back as 0.0.
import sys

assert sys.getswitchinterval() == 0.005
for bad in (0, 0.0, -1, -0.001):
    try:
        sys.setswitchinterval(bad)
    except ValueError as e:
        print(bad, e)
for bad in ('a', None, 1j):
    try:
        sys.setswitchinterval(bad)
    except TypeError as e:
        print(bad, e)
for good in (0.1, 1, 0.00025, 1e-6):
    sys.setswitchinterval(good)
    print(good, round(sys.getswitchinterval(), 9))
sys.setswitchinterval(1e-9)
print(sys.getswitchinterval())
sys.setswitchinterval(0.005)
assert sys.getswitchinterval() == 0.005
