# sum() of bools, ints and floats in any order, beyond small ints, and from any start.
big = (1 << 61) - 1
for items in ([True, False, True], [True] * 5 + [7, False], [1.5, True, 2, False], [True, 1.5, True], [big, True, big, True, big],
              [big * 4, True], [1.0, big, True], [0.1, 10 ** 25, True], [-0.0], [-0.0, False], [-0.0, -0.0],
              [1e308, 1e308, 1], [True, 1j, True],
              [1.5, 1 << 80, 2.5], [2.5, -big]):
    for start in (0, False, True, 0.0, -0.0, big, 1j):
        for kind in (list, tuple, iter, lambda v: (x for x in v)):
            r = sum(kind(items), start)
        print(type(r).__name__, repr(r))
print(sum(x > 3 for x in range(10)), sum([[1], [2]], []), sum([], True))
try:
    sum([1, True, 'x'])
except TypeError as e:
    print(e)
