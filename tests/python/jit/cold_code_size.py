# baton-only
# no-stress
# no-tsan
# Parts of a function that have never run take no machine code before they do.
import baton.jit


def parts(kind, s):
    if kind == 0:
        return 1
    if kind == 1:
        return s.upper() + s.lower() + s.title() + str(len(s)) + repr(s.split())
    if kind == 2:
        return [c.upper() for c in s] + [s.find(c) for c in s] + sorted(s)
    return {c: s.count(c) for c in s}, max(s), min(s), sum(map(ord, s))


def bytes_of(kind, runs):
    before = baton.jit.counters()['bytes']
    for _ in range(runs):
        parts(kind, 'ab')
    return baton.jit.counters()['bytes'] - before


def warm_up():
    for i in range(5000):
        i += 1


warm_up()
cold = bytes_of(0, 5000)
assert baton.jit.is_compiled(parts)
recompiled = baton.jit.counters()['recompiled']
whole = sum(bytes_of(kind, 3000) for kind in (1, 2, 3))
assert baton.jit.counters()['recompiled'] > recompiled
assert parts(2, 'b') == ['B', 0, 'b'] and parts(3, 'ab') == ({'a': 1, 'b': 1}, 'b', 'a', 195)
assert cold * 3 < whole, (cold, whole)


# What is called here isn't known: that takes few bytes a place.
def one(f, x):
    return f(x)


def many(f, x):
    return f(f(f(f(f(f(f(f(f(f(f(x)))))))))))


sizes = []
for function in (one, many):
    before = baton.jit.counters()['bytes']
    for _ in range(5000):
        function(abs, 1)
    assert baton.jit.is_compiled(function)
    sizes.append(baton.jit.counters()['bytes'] - before)
assert sizes[1] < 2 * sizes[0] + 400, sizes
