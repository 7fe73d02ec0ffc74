# Classes that died leave the lists of all their bases, and only they: of one base and of several, by whatever way the collector
# comes to them, and once their bases were assigned.
import gc
import os


def names(cls):
    return sorted(c.__name__ for c in cls.__subclasses__())


class Base:
    pass


class Left(Base):
    pass


class Right(Base):
    pass


class Kept(Left, Right):
    pass


def make(n):
    for i in range(n):
        diamond = type(f"Diamond{i}", (Left, Right), {})
        type(f"Below{i}", (diamond, Kept), {}) if i % 2 else type(f"Below{i}", (diamond,), {})


def rebased():
    other = type("Other", (Base,), {})
    moved = type("Moved", (other,), {})
    moved.__bases__ = (Left,)
    assert names(other) == [] and "Moved" in names(Left)
    return other


for round in range(3):
    make(50)
    other = rebased()
    gc.collect()
    assert names(Base) == ["Left", "Other", "Right"], names(Base)
    assert names(Left) == names(Right) == ["Kept"], (names(Left), names(Right))
    assert names(Kept) == [], names(Kept)
    del other
    gc.collect()
    assert names(Base) == ["Left", "Right"], names(Base)

# In a process by fork, and in its parent meanwhile.
alive = type("Alive", (Kept,), {})
pid = os.fork()
make(20)
gc.collect()
assert names(Left) == ["Kept"] and names(Kept) == ["Alive"]
if pid == 0:
    del alive
    gc.collect()
    os._exit(0 if names(Kept) == [] else 1)
assert os.waitpid(pid, 0)[1] == 0
gc.collect()
assert names(Kept) == ["Alive"]
print("dead subclasses: done")
