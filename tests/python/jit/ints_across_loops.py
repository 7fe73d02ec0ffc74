# Small ints that stay in machine registers within a loop and round it: what the frame has when something else than machine code
# looks at it, after an overflow, another type, an exception, a call, a yield.
import sys
from array import array


def shown(error):
    tb = error.__traceback__
    while tb.tb_next:
        tb = tb.tb_next
    values = tb.tb_frame.f_locals
    return type(error).__name__, str(error), sorted((k, repr(v)) for k, v in values.items())


def run(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return shown(error)


def mixed_up(n, x):
    for i in range(n):
        x = (x * 31 + i) & 0xFFFFFF
    return x


def overflows(n, x):
    y = 1
    for i in range(n):
        y = y * 3 + i
        x = x + y
        x = x - (i << 3)
    return x, y, i


def becomes_float(n, x):
    total = 0
    for i in range(n):
        total = total + x * 2
        if i == 25:
            x = 0.5
        if i == 40:
            x = 1 << 70
        if i == 45:
            x = True
    return total, x


def raises_in_the_middle(items, k):
    a = b = 0
    for i in range(60):
        a = a + i * k
        b = (a ^ b) & 0xFFF
        c = b - items[i]
        a = a + c
    return a, b, c


def divides(n, d):
    x = 1 << 40
    for i in range(n):
        x = x + x // d - x % 8 + (x % 7) * (x // 16) % 1000
        d = d - 1
        q = x >> 3
        r = (q << 2) ^ -x
    return x, q, r


def counts_down(n):
    a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
    while n > 0:
        n -= 1
        a, b = b + 1, a + n
        c = c + a
        d = d ^ c
        e = (e + d) & 0xFFFF
        f = f + (e | 1)
        g = g - f
        h = h + (g & 7)
        if n == 11:
            h = "text"
    return a, b, c, d, e, f, g, h


def nested(n):
    total = 0
    for i in range(n):
        row = i * 7
        for j in range(i):
            total = total + row + j
            k = j
            while k > 0:
                k = k - 3
                total = total ^ k
        row = row - total
    return total, row, i, j, k


def items(n):
    numbers = [0] * 8
    more = array("i", [0] * 8)
    pair = (3, 5, 2.5, 1 << 65)
    for i in range(n):
        k = i & 7
        numbers[k] = numbers[k] + i
        more[7 - k] = more[k] + k
        x = numbers[k - 8] + more[k] + pair[i & 1]
        numbers[k] = numbers[(k + 1) & 7] - x
    for i in range(4):
        x = x + pair[i]
    return numbers, more, x


def item_out_of_range(n):
    numbers = [1, 2, 3, 4] * 10
    i = s = 0
    while i < n:
        s = s + numbers[i]
        i = i + 1
        numbers[i - 1] = s + i
    return s


def yields(n):
    a = b = 1
    for i in range(n):
        a = (a * 5 + b) & 0xFFFF
        b = b + i
        if i % 5 == 0:
            b = b + ((yield a) or 0)
    yield a, b, i


def largest(a, b):
    return a if a > b else b - a


def step_and_check(a, b):
    c = a * 2 + b
    if c > 5000:
        raise ValueError(c)
    return c - b


def inlined(n):
    x = y = 3
    for i in range(n):
        x = largest(x + i, y)
        y = largest(y - i, x & 255)
    return x, y


def raised_in_what_is_inlined(n):
    x = 1
    for i in range(n):
        x = step_and_check(x, i) + 1
        y = x & 31
    return x, y


def looked_at(n):
    seen = []
    x = 0
    for i in range(n):
        x = x + i * i
        y = x & 15
        if i % 10 == 3:
            frame = sys._getframe()
            seen.append((frame.f_locals["x"], frame.f_locals["y"], frame.f_locals["i"]))
            x = x - y
    return seen


def unbound(n):
    s = 0
    for i in range(n):
        s = s + i
        if i == 30:
            del s
    return s


def smallest_and_largest(n):
    top, bottom = (1 << 61) - 1, -(1 << 61)
    for i in range(n):
        a = top - i
        b = bottom + i
        c = a + i + (1 if i == 35 else 0)
        d = b - i - (1 if i == 37 else 0)
        e = -bottom if i == 38 else -b
        f = ~a
        g = top * (1 if i < 39 else 2)
        h = (1 << 58) << (i & 3)
    return a, b, c, d, e, f, g, h


def truths(n):
    count = 0
    for i in range(n):
        k = i & 3
        if k:
            count = count + k
        while not k - 2:
            k = k + 1
            count = count + 1
    return count, k


# What is an int in the first round, a float in others.
def int_then_float(n, c):
    d = e = 1
    numbers = array("d", [1] * 8)
    seen = []
    for i in range(n):
        d = e * 255 - i
        if i % 3 == 1:
            e = numbers[i & 7]
            d = d - e
        elif i % 5 == 2:
            e = 1
        seen.append((d, e))
    return seen


for _ in range(2):
    print(run(int_then_float, 30, 1))
    print(run(mixed_up, 50, 7), run(mixed_up, 50, True), run(mixed_up, 3, 2.5))
    print(run(overflows, 60, 1))
    print(run(becomes_float, 60, 3))
    print(run(raises_in_the_middle, list(range(60)), 3))
    print(run(raises_in_the_middle, list(range(43)), 3))
    print(run(raises_in_the_middle, [1] * 50 + [None] * 10, 5))
    print(run(raises_in_the_middle, [1] * 50 + [1.5] * 10, 5))
    print(run(divides, 40, 60))
    print(run(divides, 70, 60))
    print(run(counts_down, 10))
    print(run(counts_down, 50))
    print(run(nested, 14))
    print(run(items, 45))
    print(run(item_out_of_range, 30), run(item_out_of_range, 41))
    print(run(lambda: list(yields(44))))
    generator = yields(30)
    print([next(generator)] + [generator.send(k) for k in (3, 1 << 62, 2)])
    print(run(inlined, 40))
    print(run(raised_in_what_is_inlined, 9), run(raised_in_what_is_inlined, 40))
    print(run(looked_at, 40))
    print(run(unbound, 20), run(unbound, 40))
    print(run(smallest_and_largest, 34), run(smallest_and_largest, 42))
    print(run(truths, 40))


# Iterators of ranges, whose positions stay in registers.
def ranges(n):
    out = []
    for i in range(n):
        for j in range(3, n):
            if j == i:
                break
            for k in range(0, n, 3):
                out.append(i + j - k) if len(out) < 20 else None
        else:
            out.append(-i)
    return out, i, j, k


def shared(n):
    iterator = iter(range(n))
    out = []
    for i in iterator:
        x = i * 2
        if i % 7 == 5:
            x = x + next(iterator)
            out.append(iterator.__length_hint__())
        if i % 11 == 3:
            for j in iterator:
                x = x + j
                if j & 1:
                    break
        out.append(x)
    return out, list(iterator)


def shadowed(range, n):
    s = 0
    for i in range(n):
        s = s + i
    return s


def left_early(iterator, most):
    for i in iterator:
        if i == most:
            break
    else:
        i = -1
    for j in iterator:
        if j & 3 == 2:
            return i, j, list(iterator)


def left_early_by(range, most):
    for i in range(10, 60):
        if i == most:
            break
    return i, list(range(0, 0))


def yields_positions(n):
    for i in range(2, n):
        if i & 1:
            yield i
        else:
            i = i - 1


def of_lists(n):
    s = 0
    for i in [1, 2, 3] * n:
        for j in (i, 2):
            s = s + i * j
    return s


for _ in range(2):
    print(run(ranges, 9), run(ranges, 2))
    print(run(shared, 60))
    print(run(shadowed, range, 50), run(shadowed, lambda n: range(1 << 65, (1 << 65) + n), 50), run(shadowed, lambda n: [n] * 50, 7))
    print(run(left_early, iter(range(60)), 30), run(left_early, iter(range(20, 70)), 40), run(left_early, iter(range(9)), 40))
    one = iter(range(10, 60))
    print(run(left_early_by, range, 50), run(left_early_by, lambda *arguments: one, 50))
    print(run(lambda: list(yields_positions(50))))
    print(run(of_lists, 30))
