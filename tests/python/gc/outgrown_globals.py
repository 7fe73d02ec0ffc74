# What a name meant before its module's dict grew doesn't live on, although compiled code has looked up names in the old table.
import gc
import weakref


class K:
    pass


def look():
    return gc, weakref, K, dead


def fill(module_globals, n):
    for i in range(n):
        module_globals["name%d" % i] = i


dead = []
for round in range(6):
    kept = K()
    ref = weakref.ref(kept)
    look()                       # caches the table that holds `kept`
    fill(globals(), 2 ** (round + 3))
    kept = None
    gc.collect()
    dead.append(ref() is None)
print(dead)
