# What is dead but for a finaliser that hasn't run yet is no referrer, and not among the collector's objects.
import gc


class Target:
    pass


class Holder:
    def __init__(self, held):
        self.held = held

    def __del__(self):
        pass


def waits(held):
    try:
        yield held
    finally:
        held = None


def drop(target, depth):
    """Holders that only each other's attributes keep, and a generator that waits in a try."""
    holder = Holder([target])
    for _ in range(depth):
        holder = Holder([holder, target])
    generator = waits([target])
    next(generator)


def deep(n, *arguments):
    if n:
        deep(n - 1, *arguments)
    else:
        drop(*arguments)


target = Target()
for depth in 0, 1, 3:
    deep(20, target, depth)
    print([type(r).__name__ for r in gc.get_referrers(target) if r is not globals()])
deep(20, target, 3)
print(sum(isinstance(o, Holder) for o in gc.get_objects()))
