# Stores into an instance that nobody else knows yet may be made without its lock; from where an instance gets known, in its
# __init__, by a list, by what the class's place gives instead of a new one, nothing that two threads store into it is lost.
# timeout: 120
import gc
import os
import sys
import threading

ROUNDS = 3000
slot = [None]
shown = []


class Plain:
    pass


class Filled:
    def __init__(self, n):
        self.n = n
        self.next = None


class Shown:
    def __init__(self, n):
        self.n = n
        slot[0] = self
        self.mine = n


class ShownByAppend:
    def __init__(self, n):
        self.n = n
        shown.append(self)
        self.mine = n


class ShownByAnother:
    def __init__(self, n):
        self.n = n
        show(self)
        self.mine = n


class ShownInBranch:
    def __init__(self, n):
        if n:
            slot[0] = self
        self.mine = n


class ShownByItself:
    def __init__(self, n):
        holder.held = self
        slot[0] = holder.held
        self.mine = n


class ShownByBase(Shown):
    def __init__(self, n):
        super().__init__(n)
        self.mine = n


class ShownBySetter:
    @property
    def place(self):
        return slot[0]

    @place.setter
    def place(self, n):
        slot[0] = self

    def __init__(self, n):
        self.place = n
        self.mine = n


class ShownBySpecialMethod:
    def __add__(self, n):
        slot[0] = self
        return n

    def __init__(self, n):
        n = self + n
        self.mine = n


class ShownByMethod:
    def __init__(self, n):
        method = self.show
        slot[0] = method.__self__
        self.mine = n

    def show(self):
        pass


class ShownByCollector:
    count = 0

    def __init__(self, n):
        self.n = n
        if n % 200 == 0:
            for each in gc.get_objects():
                if type(each) is ShownByCollector and each.n == n:
                    slot[0] = each
        self.mine = n


class ShownByTuple:
    def __init__(*args):
        slot[0] = args[0]
        args[0].mine = args[1]


class ShownByFrame:
    def __init__(self, n):
        self.n = n
        slot[0] = sys._getframe().f_locals['self']
        self.mine = n


class Holder:
    held = None


def show(it):
    slot[0] = it


holder = Holder()


def given(n):  # is called in the place of a class
    it = Plain()
    slot[0] = it
    return it


class Cached(type):
    def __call__(cls, n):
        it = cls.__new__(cls)
        slot[0] = it
        return it


class GivenByMetaclass(metaclass=Cached):
    pass


def loop(make, rounds, kept):
    for n in range(1, rounds):
        it = make(n)
        it.mine = n
        it.also = n
        kept.append(it)


def others(stop, seen):
    n = 0
    last = None
    while not stop:
        it = shown.pop() if shown else slot[0]
        if it is last:
            os.sched_yield()
            continue
        last = it
        if it is not None:
            n += 1
            it.theirs = n
            it.theirs_too = n
            seen.append((it, n))


def check(make):
    slot[0] = None
    shown.clear()
    stop, seen, kept = [], [], []
    beside = threading.Thread(target=others, args=(stop, seen))
    beside.start()
    worker = threading.Thread(target=loop, args=(make, ROUNDS, kept))
    worker.start()
    worker.join()
    stop.append(True)
    beside.join()
    for it in kept:
        assert it.mine == it.also
    for it, n in seen:
        assert it.theirs == it.theirs_too == n
        assert it.mine == it.also
    return len(kept)


def warm(make):
    for _ in range(3):
        loop(make, 500, [])


for make in (Filled, Shown, ShownByAppend, ShownByAnother, ShownInBranch, ShownByItself, ShownByBase, ShownBySetter,
             ShownBySpecialMethod, ShownByMethod, ShownByCollector, ShownByTuple, ShownByFrame, given, GivenByMetaclass):
    warm(Filled if make in (given, GivenByMetaclass) else make)  # the loop was compiled for a class
    print(make.__name__, check(make))


# What another thread finds in a running frame isn't private, either.
class Spied:
    def __init__(self, n):
        self.n = n
        self.mine = n
        self.also = n


def spy(stop, seen, ident):
    while not stop:
        frame = sys._current_frames().get(ident)
        it = frame.f_locals.get('self') or frame.f_locals.get('it') if frame else None
        if type(it) is Spied:
            it.theirs = it.theirs_too = len(seen)
            seen.append(it)
        os.sched_yield()


stop, seen, kept = [], [], []
worker = threading.Thread(target=loop, args=(Spied, ROUNDS * 20, kept))
worker.start()
beside = threading.Thread(target=spy, args=(stop, seen, worker.ident))
beside.start()
worker.join()
stop.append(True)
beside.join()
print(len(kept), all(it.n == it.mine == it.also for it in kept), all(it.theirs == it.theirs_too for it in seen))


# Each of two threads shows a new instance, changes it and looks at the other's: not both can see what was there before.
class Seen:
    def __init__(self, places, me):
        self.v = 0
        places[me] = self
        self.v = 1
        other = places[1 - me]
        self.saw = other and other.v


def meet(places, me, turns, out):
    for n in range(len(places)):
        turns[me] = n
        patience = 1000
        while turns[1 - me] < n:
            patience -= 1
            if patience < 0:
                os.sched_yield()
        out.append(Seen(places[n], me))
    turns[me] = len(places)


def both_saw_the_old_value(rounds):
    turns = [-1, -1]
    places = [[None, None] for _ in range(rounds)]
    outs = [[], []]
    pair = [threading.Thread(target=meet, args=(places, me, turns, outs[me])) for me in (0, 1)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    return sum(a.saw == 0 and b.saw == 0 for a, b in zip(*outs))


print(sum(both_saw_the_old_value(ROUNDS) for _ in range(5)))
