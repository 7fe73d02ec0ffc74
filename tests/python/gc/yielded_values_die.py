# A suspended generator doesn't keep alive what it yielded.
import gc
import weakref


class Thing:
    pass


def popping(things):
    while things:
        yield things.pop()


def boxed(things):
    while things:
        box = [things.pop()]
        yield box.pop()


def delegating(things):
    yield from popping(things)


def check(iterator):
    gone = []
    for thing in iterator:
        ref = weakref.ref(thing)
        del thing
        gc.collect()
        gone.append(ref() is None)
    return gone


for make in popping, boxed, delegating:
    print(make.__name__, check(make([Thing() for i in range(4)])))

