# Floats that machine code keeps in registers from round to round of a loop: whoever looks at a frame sees them, and variables may
# become anything else in the middle.
import gc
import sys


def mandelbrot(cr, ci, most):
    zr = zi = 0.0
    k = 0
    while k < most:
        a, b = zr * zr, zi * zi
        if a + b > 4.0:
            break
        zi = 2.0 * zr * zi + ci
        zr = a - b + cr
        k += 1
    return k, zr, zi


for _ in range(3):
    print(mandelbrot(-0.1, 0.3, 3000), mandelbrot(0.5, 0.5, 3000), mandelbrot(1, 1, 3000), mandelbrot(0.0, -0.0, 2000))


# --- types that change in the middle
def changes(n, at, to):
    s, t = 0.0, 1.0
    seen = []
    for i in range(n):
        s = s + t * 0.5
        if i == at:
            seen.append((s, t))
            t = to
        if i == at + 1:
            t = 1.0
    return s, t, seen


for to in (2.0, 3, True, 2**70, 1e-300, 1e300, -0.0, float('nan'), float('inf'), 2**61 - 1, 1j):
    print(changes(3000, 2500, to))
for to in ('x', None, [1]):
    try:
        changes(3000, 2500, to)
    except TypeError as error:
        frame = error.__traceback__.tb_next.tb_frame
        print(error, frame.f_locals['s'], frame.f_locals['t'], frame.f_locals['i'])


def overflows(n, step):
    total, k = 0, 0
    while k < n:
        total += step
        k += 1
    return total


print(overflows(3000, 1), overflows(3000, 2**60), overflows(3000, 2**61), overflows(3000, 0.25), overflows(20, -2**61))


def becomes_int(n):
    x = 0.5
    for i in range(n):
        x = x + 1.0 if i % 1000 else i
    return x


print(becomes_int(5000), [becomes_int(k) for k in (1, 2, 1001, 1002)])


# --- the smallest and the biggest numbers, which have cells of their own outside of registers
def halves(n):
    x, least = 1.0, []
    for i in range(n):
        x = x * 0.5
        if i % 200 == 0:
            least.append(x)
        if x == 0.0:
            x = 1.0
    return x, least


def doubles(n):
    x = 1.0
    infinite = 0
    for i in range(n):
        x = x * 2.0
        if x - x != 0.0:
            infinite += 1
            x = -1.0
    return x, infinite


print(halves(5000), doubles(5000))


def zeros(n):
    x, y = 0.0, -0.0
    signs = []
    for i in range(n):
        x, y = -x, y * 1.0
        if i % 700 == 0:
            signs.append((x, y, 0.0 + y))
    return signs


print(zeros(3000))


def no_numbers(n):
    nan, less, equal = float('inf') - float('inf'), 0, 0
    for i in range(n):
        nan = nan * 0.5
        if nan < 1.0 or nan > 1.0:
            less += 1
        if nan == nan:
            equal += 1
        if nan != nan:
            less -= 1
    return nan, less, equal


print(no_numbers(3000))


# --- who looks at the frame
def shows(n, every):
    x, y = 1.0, 0.25
    shown = []
    for i in range(n):
        x = x + y
        y = y * 1.0001
        if i % every == 0:
            here = sys._getframe().f_locals
            shown.append((here['x'], here['y'], here['i']))
    return shown


print(shows(4000, 800))


def look():
    here = sys._getframe(1).f_locals
    return here['x'], here.get('y')


def shows_callees(n):
    x, y = 1.0, 3.0
    shown = []
    for i in range(n):
        x += 0.5
        y = x * y if y < 1e3 else 0.5
        if i % 900 == 0:
            shown.append(look())
            del y
            shown.append(look())
            y = x
    return shown


print(shows_callees(4000))


def fails(n, at):
    x, y, items = 1.0, 0.5, [1.0, 2.0]
    i = 0
    while i < n:
        x = x + y * 0.5
        y = y - x * 1e-6
        k = 2 if i == at else i & 1
        x = x - items[k]
        y = y / (1.0 if i != at + 7 else 0.0)
        i += 1
    return x, y


for at in (2500, 2493, 9999):
    try:
        print(fails(3000, at))
    except (IndexError, ZeroDivisionError) as error:
        frame = error.__traceback__.tb_next.tb_frame
        print(repr(error), frame.f_locals)


def handles(n):
    x, caught = 1.0, 0
    for i in range(n):
        try:
            x = x + 0.5
            x = x / (0.0 if i % 500 == 0 else 1.0)
            x = x - 0.25
        except ZeroDivisionError:
            caught += 1
            x = x * 0.5
        finally:
            x = x + 0.125
    return x, caught


print(handles(3000))


def unbound(n):
    x = 1.0
    try:
        for i in range(n):
            x = x * 1.5 if x < 100.0 else 1.0
            if i == n - 3:
                del x
    except UnboundLocalError as error:
        return str(error), i
    return x


print(unbound(3000))


def traced(n):
    x, y = 0.5, 2.0
    seen = []

    def trace(frame, event, argument):
        if event == 'line':
            seen.append((frame.f_lineno - frame.f_code.co_firstlineno, frame.f_locals['x'], frame.f_locals['y']))
        return trace

    for i in range(n):
        x = x + y
        y = x * 1e-3
        if i == n - 4:
            sys.settrace(trace)
            sys._getframe().f_trace = trace
        if i == n - 2:
            sys.settrace(None)
            sys._getframe().f_trace = None
    return seen, x, y


print(traced(3000))


def changed_by_a_debugger(n):
    x = 1.0

    def trace(frame, event, argument):
        if event == 'line':
            frame.f_locals['x'] = 1000.0
            frame.f_trace = None
        return trace

    for i in range(n):
        x = x + 0.5
        if i == n - 5:
            sys.settrace(trace)
            sys._getframe().f_trace = trace
    sys.settrace(None)
    return x


print(changed_by_a_debugger(3000))


# --- generators, closures, loops in loops
def steps(n):
    x, y = 1.0, 0.0
    while n:
        x = x * 0.99 + y
        y = y + 0.01
        n -= 1
        if n % 400 == 0:
            got = yield x, y
            if got is not None:
                y = got


walk = steps(4000)
shown = [next(walk)]
for got in (None, 0.5, 3, 'text'):
    try:
        shown.append(walk.send(got))
    except TypeError as error:
        shown.append(str(error))
print(shown)


def nested(n, m):
    total, weight = 0.0, 0.5
    for i in range(n):
        part = 0.0
        for j in range(m):
            part = part + weight * 2.0
            for k in range(3):
                total = total + part * 0.001
            if j == 7:
                weight = weight + 0.001
        while part > 1.0:
            part = part - 1.0
        total = total - part
    return total, part, weight


print(nested(100, 30), nested(3, 5), nested(1, 1))


def closure(n):
    x = 0.0

    def inner():
        return x

    for i in range(n):
        y = x + 0.5
        x = y * 0.75
    return inner(), y


print(closure(3000))


def swaps(n):
    a, b, c = 1.0, 2.0, 3.0
    for i in range(n):
        a, b, c = b, c, a
        if a > b:
            a, c = c, a
        b = b + 0.001
    return a, b, c


print(swaps(3000))


def many(n):
    a = b = c = d = e = f = g = h = i = j = k = l = m = o = p = q = 1.0
    for r in range(n):
        a = a * 0.5 + b
        b = b * 0.5 + c
        c = c * 0.5 + d
        d = d * 0.5 + e
        e = e * 0.5 + f
        f = f * 0.5 + g
        g = g * 0.5 + h
        h = h * 0.5 + i
        i = i * 0.5 + j
        j = j * 0.5 + k
        k = k * 0.5 + l
        l = l * 0.5 + m
        m = m * 0.5 + o
        o = o * 0.5 + p
        p = p * 0.5 + q
        q = (a * b - c * d) * (e + f) - (g + h) * (i - j) / (k + l) - (m * o + (p - q * (a + (b - (c + (d - e))))))
        q = q * 0.001 if -1e6 < q < 1e6 else 1.0
    return a, b, c, d, e, f, g, h, i, j, k, l, m, o, p, q


print(many(3000))


# An instruction that is left to its handler again and again, for numbers that need cells, and not always.
def leaves_often(items):
    s, t, low = 0.0, 1.0, 0.0
    for x in items:
        y = x * 2.0
        s = s + y
        low = (y - 0.5) * 0.25 + low * 0.5
        t = t * 0.5 + low
    return s, t, low, y


print(leaves_often([1.0, 1e-250, 0.25] * 2000), leaves_often([1e-250, 3] * 2000), leaves_often([0.5, 2] * 3000))


# Floats and what else there is, mixed.
def mixes(n, a, b):
    x, y, z = 0.5, 0.25, [0.0, 1.0, 2.0]
    for i in range(n):
        x = x * 0.5 + a * i
        y = i / 3 - y * a
        z[i % 3] = x - i
        z[1] = z[0] * b - z[2] / 2
        x = x + (y if i % 7 else b)
    return x, y, z, type(x).__name__


for a, b in ((0.5, 2), (1, 1), (2**60, -1.0), (True, 0.5), (-0.0, False), (2**53 + 1, 2**54), (1e-290, 0)):
    print(mixes(3000, a, b))
for a, b in ((0.5, 'x'), (None, 1), (1j, 1.0), (0.5, 1j), (10**400, 1)):
    try:
        print(mixes(2000, a, b))
    except (TypeError, OverflowError) as error:
        print(error, error.__traceback__.tb_next.tb_lineno - mixes.__code__.co_firstlineno)


# --- values that only a register has keep nothing alive, and are nobody's
class Noted(float):
    pass


def holds(n):
    x = Noted(1.5)
    y = 0.0
    for i in range(n):
        y = y + x
        if i == 5:
            x = 0.5
        if i % 1000 == 0:
            gc.collect()
    return x, y, type(x).__name__, type(y).__name__


print(holds(3000))


def storms(n):
    kinds = [1.0, 2, 3.5, True, 2**65, 1e300, -0.0]
    results = []
    for round in range(n):
        x = kinds[round % len(kinds)]
        y = kinds[(round // 7) % len(kinds)]
        s = 0
        for i in range(20):
            s = s + x * y
            x = x + 1
        results.append(s)
    return results[-60:]


print(storms(2000))
