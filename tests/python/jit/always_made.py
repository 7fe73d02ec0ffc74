# baton-only: baton.jit tells what has machine code; -X jit and PYTHON_JIT turn it off.
# What is worked on in registers is made into machine code all the same, alone and in a thread: none of it is refused.
# no-stress
# no-tsan
import array
import threading

from baton import jit


class Body:
    __slots__ = ('x', 'v')

    def __init__(self, x):
        self.x = x
        self.v = x / 2


def many_numbers(n):
    a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
    items, table, numbers = [0] * 16, {}, array.array('q', [0] * 16)
    for i in range(n):
        a = (b * 3 + i) & 0xFFFF
        b = a ^ c
        items[i & 15] = a
        c = b - d
        table[i & 15] = c
        d = items[c & 15] + e
        numbers[d & 15] = d & 0xFF
        e = (d >> 2) + f
        f = numbers[e & 15] - g
        items[f & 15] += 1
        g = (h + f) & 0xFFF
        h = table[i & 15] & 0xFF
    return a + b + c + d + e + f + g + h


def many_floats(n):
    vectors = [[1.0, 2.0, 3.0], [0.5, 0.25, 0.125]]
    bodies = [Body(1.5), Body(2.5)]
    doubles = array.array('d', [0.0] * 4)
    for i in range(n):
        for v in vectors:
            x, y, z = v
            dx = x - y * 0.5
            dy = y - z * 0.25
            v[0] -= dx * 0.001
            v[1] += dy * 0.002
            v[2] = dx + dy
        for body in bodies:
            body.v += body.x * 0.01
            body.x -= body.v * 0.01
        doubles[i & 3] += bodies[0].x
    return sum(doubles) + sum(vectors[0])


def keywords_of_numbers(n):
    def mixed(a, b, c):
        return a - b + c
    total = 0
    for i in range(n):
        j = i * 2
        k = j + 3
        total += mixed(c=j, a=k, b=i)
        total += mixed(i + 1, c=j + 1, b=k + 1)
    return total


def overflowing(n):
    x, y = 1, 1
    for i in range(n):
        y = (y * 3 + i) & 0xFFFFFFFFFFFF
        x = x + y
        x = x - (i << 3)
    return x, y


WORK = [many_numbers, many_floats, keywords_of_numbers, overflowing]


def run():
    return [work(3000) for work in WORK for _ in range(3)]


alone = run()
assert all(jit.is_compiled(work) for work in WORK), [work.__name__ for work in WORK if not jit.is_compiled(work)]
in_thread = []
thread = threading.Thread(target=lambda: in_thread.extend(run()))
thread.start()
thread.join()
assert in_thread == alone
assert all(jit.is_compiled(work) for work in WORK), [work.__name__ for work in WORK if not jit.is_compiled(work)]
assert jit.counters()['refused'] == 0, jit.counters()
print('made')
