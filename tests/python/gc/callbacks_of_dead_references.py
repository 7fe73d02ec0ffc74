# A weak reference that is garbage together with its target isn't called back, also where an object with a finaliser holds it.
import gc
import sys
import weakref

calls = []
problems = []
sys.unraisablehook = lambda unraisable: problems.append(repr(unraisable.exc_value))


class Target:
    def method(self):
        pass


class Owner:
    def __init__(self):
        self.itself = self

    def __del__(self):
        pass


class Keeper(Owner):
    def __del__(self):
        kept.append(self)


kept = []


def drop(cls, make, both_ways):
    target = Target()
    owner = cls()
    owner.reference = make(target)
    owner.target = target
    if both_ways:
        target.owner = owner


def deep(n, *arguments):
    return deep(n - 1, *arguments) if n else drop(*arguments)


MAKERS = (lambda t: weakref.ref(t, calls.append), lambda t: weakref.WeakMethod(t.method),
          lambda t: weakref.WeakMethod(t.method, calls.append), lambda t: weakref.proxy(t, calls.append),
          lambda t: weakref.WeakValueDictionary(key=t), lambda t: weakref.WeakKeyDictionary({t: 1}))
for cls in Owner, Keeper:
    for make in MAKERS:
        for both_ways in False, True:
            deep(20, cls, make, both_ways)
    for _ in range(3):
        gc.collect()
    print(cls.__name__, calls, problems)
print(len(kept), [k.reference() for k in kept[:6]])
kept.clear()
gc.collect()
print(calls, problems)

# One that lives is called.
alive = []
for make in MAKERS[0], MAKERS[2]:
    target = Target()
    alive.append(make(target))
    del target
    gc.collect()
    gc.collect()
print(len(calls), problems)
