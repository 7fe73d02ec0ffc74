# `del x; gc.collect()` finds x dead every time: the caller's registers are scanned by liveness, and nothing that the interpreter
# holds on its own stack keeps it alive. A thousand times, from several kinds of places.
# no-stress
# timeout: 240
# no-tsan
import gc
import weakref

ROUNDS = 1000
FEWER = 200


class Thing:
    deleted = 0

    def __init__(self, other=None):
        self.other = other

    def __del__(self):
        Thing.deleted += 1


def at_function_level():
    cleared = 0
    for _ in range(ROUNDS):
        x = Thing()
        r = weakref.ref(x)
        del x
        gc.collect()
        cleared += r() is None
    return cleared


def through_calls_and_methods():
    def use(thing):
        return repr(thing) and thing.other

    cleared = 0
    for _ in range(FEWER):
        x = Thing(Thing())
        use(x), use(thing=x), [use(y) for y in (x, x)], x.__init__(Thing())
        r = weakref.ref(x)
        x = None
        gc.collect()
        cleared += r() is None
    return cleared


def cycles():
    cleared = 0
    for _ in range(ROUNDS):
        x = Thing()
        x.other = Thing(x)
        r, s = weakref.ref(x), weakref.ref(x.other)
        del x
        gc.collect()
        cleared += r() is None and s() is None
    return cleared


def in_generators():
    def run():
        for _ in range(FEWER):
            x = Thing()
            r = weakref.ref(x)
            yield r() is x
            del x
            gc.collect()
            yield r() is None

    return sum(run()) // 2


def after_exceptions():
    def fail(x):
        raise ValueError(x)

    cleared = 0
    for _ in range(FEWER):
        x = Thing()
        r = weakref.ref(x)
        try:
            fail(x)
        except ValueError:
            pass
        del x
        gc.collect()
        cleared += r() is None
    return cleared


def in_comprehensions():
    cleared = 0
    for _ in range(FEWER):
        refs = [weakref.ref(t) for t in [Thing() for _ in range(3)]]
        t = None
        gc.collect()
        cleared += all(r() is None for r in refs)
    return cleared


for test, things in ((at_function_level, ROUNDS), (through_calls_and_methods, 3 * FEWER), (cycles, 2 * ROUNDS),
                     (in_generators, FEWER), (after_exceptions, FEWER), (in_comprehensions, 3 * FEWER)):
    Thing.deleted = 0
    cleared = test()
    gc.collect()
    print(test.__name__, cleared, Thing.deleted == things)
