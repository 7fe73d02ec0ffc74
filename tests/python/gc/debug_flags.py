# gc.set_debug: what a collection finds is saved, listed and counted; weak references to it are cleared all the same.
# no-stress
import gc
import io
import re
import sys
import weakref


class Node:
    pass


def make_garbage():
    a, b = Node(), [1]
    a.other, a.data = b, {'k': b}
    b.append(a)
    return weakref.ref(a), id(a), id(b)


def collect(flags, generation=2):
    """(answer of gc.collect, lines of stderr without what changes from run to run)"""
    gc.collect()
    shown, sys.stderr = sys.stderr, io.StringIO()
    gc.set_debug(flags)
    try:
        result = make_garbage(), gc.collect(generation)
    finally:
        gc.set_debug(0)
        text, sys.stderr = sys.stderr.getvalue(), shown
    text = re.sub(r'0x[0-9a-f]+', '0x', text)
    text = re.sub(r'\d+\.\d+s', '_s', re.sub(r'(in [a-z ]+:).*', r'\1', text))
    return result, text.splitlines()


gc.disable()
for flags in (0, gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK,
              gc.DEBUG_LEAK | gc.DEBUG_STATS):
    (made, found), lines = collect(flags)
    assert made[0]() is None
    print(flags, found, sorted(lines))
    print('saved', sorted(type(o).__name__ for o in gc.garbage))
    for o in gc.garbage:
        if isinstance(o, Node):
            assert id(o) == made[1] and o.other[1] is o and id(o.other) == made[2] and o.data['k'] is o.other
    o = None  # a loop variable keeps what it named last
    gc.garbage.clear()
    print('second death', gc.collect() > 0, gc.garbage)
print(collect(gc.DEBUG_STATS, 0)[1])
gc.collect()


# Finalisers run before anything is saved, once.
class Loud(Node):
    deaths = 0

    def __del__(self):
        Loud.deaths += 1


def make_loud():
    a = Loud()
    a.me = a


gc.set_debug(gc.DEBUG_SAVEALL)
make_loud()
gc.collect()
gc.set_debug(0)
print([type(o).__name__ for o in gc.garbage], Loud.deaths)
gc.garbage.clear()
gc.collect()
print(Loud.deaths, gc.garbage)

# What a finaliser resurrects is not counted as collected, neither by the answer nor by the statistics.
kept = []


class Loop:
    def __init__(self): self.me = self


class Phoenix(Loop):
    def __del__(self): kept.append(self)


before = gc.get_stats()[2]
for _ in range(50): Loop()
print(gc.collect(), gc.get_stats()[2]['collected'] - before['collected'])
before = gc.get_stats()[2]
Phoenix()
for _ in range(20): Loop()
found = gc.collect()
after = gc.get_stats()[2]
print(found, after['collected'] - before['collected'], after['collections'] - before['collections'], len(kept))

# A stderr that cannot be written to does not harm.
gc.collect()
shown, sys.stderr = sys.stderr, None
gc.set_debug(gc.DEBUG_STATS)
gc.collect()
gc.set_debug(0)
sys.stderr = shown
print('done')
