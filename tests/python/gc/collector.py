# gc: cycles are collected, __del__ runs once, resurrection, finalisation, callbacks, freeze, enable and disable.
import gc
import weakref

log = []


class D:
    def __init__(self, name): self.name = name
    def __del__(self): log.append(self.name)


d = D('plain')
del d
gc.collect()
assert log == ['plain']
a, b = D('a'), D('b')
a.other, b.other = b, a
ra, rb = weakref.ref(a), weakref.ref(b)
del a, b
gc.collect()
gc.collect()
assert sorted(log) == ['a', 'b', 'plain'] and ra() is None and rb() is None

kept = []


class Phoenix:
    deaths = 0

    def __del__(self):
        Phoenix.deaths += 1
        kept.append(self)


p = Phoenix()
del p
gc.collect()
assert len(kept) == 1 and Phoenix.deaths == 1
kept.clear()
gc.collect()
assert Phoenix.deaths == 1

# Deep and wide structures, self-reference of every container kind, frames and generators.
deep = None
for n in range(100000):
    deep = (deep, n)
del deep
wide = [[i] for i in range(100000)]
del wide
gc.collect()
for make in (lambda: [], lambda: {}, lambda: set(), lambda: D('x')):
    c = make()
    if isinstance(c, list):
        c.append(c)
    elif isinstance(c, dict):
        c['me'] = c
    elif isinstance(c, D):
        c.me = c
    del c


def gen():
    try:
        me = yield
        yield me
    finally:
        log.append('generator closed')


g = gen()
next(g)
g.send(g)
log.clear()
del g
gc.collect()
gc.collect()
print(log)


def frame_cycle():
    try:
        raise ValueError
    except ValueError as e:
        err = e
    return weakref.ref(frame_cycle_marker(err))


class Marker:
    pass


def frame_cycle_marker(err):
    m = Marker()
    err.marker = m
    return m


r = frame_cycle()
gc.collect()
assert r() is None

# The interface.
assert gc.isenabled()
gc.disable()
assert not gc.isenabled()
gc.enable()
old = gc.get_threshold()
gc.set_threshold(500, 5, 5)
print(gc.get_threshold(), len(gc.get_count()), gc.garbage, gc.get_debug(), isinstance(gc.collect(), int),
        isinstance(gc.collect(0), int))
gc.set_threshold(*old)
for bad in (lambda: gc.collect(5), lambda: gc.collect(-1), lambda: gc.collect('a'), lambda: gc.set_threshold('a')):
    try:
        bad()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
box = [1, [2]]
assert any(x is box[1] for x in gc.get_referents(box)) and any(x is box for x in gc.get_referrers(box[1]))
assert gc.is_tracked([]) and any(o is box for o in gc.get_objects())
phases = []
callback = lambda phase, info: phases.append((phase, sorted(info)))
gc.callbacks.append(callback)
gc.collect()
gc.callbacks.remove(callback)
print(phases)
print([sorted(s) for s in gc.get_stats()][:1])
gc.freeze()
gc.collect()
gc.unfreeze()

# Allocation that churns; finalisers that allocate, raise, and use other dead objects.
import sys
unraisable = []
sys.unraisablehook = lambda u: unraisable.append(u.exc_type.__name__)


class Busy:
    def __init__(self, other=None): self.other, self.data = other, [0] * 10
    def __del__(self):
        log.append(sum(self.data) + (len(self.other.data) if self.other else 0))
        [object() for _ in range(100)]
        if len(log) % 3 == 0:
            raise KeyError


log.clear()
for n in range(30):
    Busy(Busy())
gc.collect()
gc.collect()
print(len(log), set(log), set(unraisable))
survivors = {n: [n] for n in range(1000)}
for n in range(200000):
    [n, (n,), {n: n}]
assert all(survivors[n] == [n] for n in range(1000))
print('end')
