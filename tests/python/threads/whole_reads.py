# Natives that take in a whole container act at one moment, whatever other threads do to it meanwhile: nothing is torn, and nothing
# "changed size during iteration".
# timeout: 120
import array
import collections
import contextvars
import copy
import functools
import itertools
import json
import marshal
import math
import operator
import pickle
import sys
import threading
import time

sys.setswitchinterval(1e-5)
WIDTH, SECONDS = 24, 1.2
done = threading.Event()
names = [f"key {n}" for n in range(WIDTH)]
even = dict.fromkeys(names, 0)  # all values are the same at any moment
mixed = {(n, b"x") if n % 3 else float(n) + 0.5: 0 for n in range(WIDTH)}  # keys that aren't compared by themselves alone
growing = {str(n): n for n in range(8)}
grown = set(range(8))
ring = list(range(WIDTH))
texts = [str(n) for n in ring]
octets = bytearray(range(WIDTH))
numbers = array.array("i", range(WIDTH))
window = collections.deque(range(WIDTH), maxlen=WIDTH)
order = collections.OrderedDict.fromkeys(range(WIDTH))
flipped, both_sides = {0}, {0, 1}
sized, sized_set, four = {}, {"stays"}, dict.fromkeys(range(4))
left, right, everything = set(range(WIDTH)), set(), set(range(WIDTH))


def write_even():
    for n in itertools.count():
        if done.is_set():
            break
        even.update(dict.fromkeys(names, n))
        mixed.update(dict.fromkeys(mixed, n))


def grow():
    while not done.is_set():
        for n in range(8, 40):
            growing[str(n)] = n
            grown.add(n)
        for n in range(8, 40):
            del growing[str(n)]
            grown.discard(n)


def turn():
    while not done.is_set():
        ring[:] = ring[1:] + ring[:1]
        ring.reverse()
        texts[:] = texts[1:] + texts[:1]
        octets[:] = octets[1:] + octets[:1]
        numbers[:] = numbers[1:] + numbers[:1]
        window.rotate(1)
        order.move_to_end(next(iter(list(order))), last=True)
        order.move_to_end(WIDTH // 2, last=False)


def move():
    while not done.is_set():
        for n in range(0, WIDTH, 5):
            right.add(n)
            left.discard(n)
            left.add(n)
            right.discard(n)


def flip():
    global flipped
    while not done.is_set():
        flipped ^= both_sides
        flipped.symmetric_difference_update([0, 1])
        sized["stays"] = 0
        sized.update(four)
        sized.clear()
        sized_set.update(everything)
        sized_set.difference_update(everything)


def read_flipped():
    assert len(sized) in (0, 1, 5) and len(sized_set) in (1, 1 + WIDTH)
    assert list(flipped) in ([0], [1]) and len(marshal.loads(marshal.dumps(flipped))) == 1 and len(flipped) == 1


first_set, then_set = contextvars.ContextVar("first_set"), contextvars.ContextVar("then_set")
context = contextvars.Context()


def set_variables():
    for n in itertools.count():
        if done.is_set():
            break
        first_set.set(n)
        then_set.set(n)


def read_variables():
    listing, values = dict(context.items()), list(context.values())  # in whatever order
    assert len(listing) < 2 or listing[first_set] - listing[then_set] in (0, 1), listing
    assert len(values) < 2 or abs(values[0] - values[1]) <= 1, values
    copied = context.copy()
    assert dict(copied.items()) == dict(copied.items())


def keywords(**given):
    return given


def read_even():
    for d in (even, mixed):
        assert sum(d.values()) % WIDTH == 0
        for values in (
            list(d.values()), tuple(d.values()), set(d.values()), sorted(d.values()), [*d.values()], collections.deque(d.values()),
            [value for _, value in d.items()] if d is None else [value for _, value in list(d.items())], list(d.copy().values()),
            list(dict(d.items()).values()), list(copy.copy(d).values()), list({**d}.values()), list((d | {}).values()),
            list(pickle.loads(pickle.dumps(d)).values()), list(collections.OrderedDict(d).values()),
        ):
            assert len(set(values)) == 1, values
        first, *rest = d.values()
        assert set(rest) == {first}
    assert len(set(json.loads(json.dumps(even)).values())) == 1
    assert len(set(keywords(**even).values())) == 1
    assert len(set(eval(repr(even)).values())) == 1
    assert math.fsum(even.values()) % WIDTH == 0
    assert functools.reduce(operator.add, even.values()) % WIDTH == 0


def read_growing():
    for native in (list, tuple, set, frozenset, sorted, collections.deque, collections.Counter, len, repr, json.dumps, pickle.dumps, any,
                   all, max, min, ",".join, dict.fromkeys, copy.copy, dict, iter, enumerate, zip, hash if False else bool):
        native(growing)
    for view in (growing.keys(), growing.values(), growing.items()):
        for native in (list, tuple, set, frozenset, sorted, collections.deque, collections.Counter, repr, any, all, max, min):
            native(view)
    growing.keys() | grown, growing.keys() & grown, growing.keys() - grown, growing.keys() ^ grown, growing.items() | grown
    grown | growing.keys(), grown.union(growing), grown.difference(growing), grown.symmetric_difference(growing)
    grown.isdisjoint(growing), grown.issubset(growing), grown.issuperset(growing), growing.keys() <= grown, growing == even
    assert growing == growing.copy() or True
    base = {str(n) for n in range(8)}
    assert base <= set(growing) and base <= growing.keys() and not base - growing.keys() and base.issubset(growing)
    small = set(range(8))
    for numbers_now in (list(grown), tuple(grown), set(grown), frozenset(grown), grown.copy(), grown | small, grown & everything, sorted(grown),
                        pickle.loads(pickle.dumps(grown)), eval(repr(grown))):
        assert small <= set(numbers_now) and len(set(numbers_now)) == len(numbers_now)
    assert small <= grown and grown >= small and small & grown == small and not small - grown and small | grown >= small
    assert sum(grown) >= 28 and -1 not in grown and max(grown) < 40


def read_ring():
    total, members = sum(range(WIDTH)), set(range(WIDTH))
    for sequence in (ring, octets, numbers, window):
        assert sum(sequence) == total == sum(list(sequence)) == sum(tuple(sequence)), sequence
        assert sum(bytes(sequence) if sequence is not numbers else array.array("i", bytes(sequence))) == total
        assert set(sequence) == members and sorted(sequence) == list(range(WIDTH))
        assert 5 in sequence and sequence.count(5) == 1 and 0 <= sequence.index(5) < WIDTH
        assert len(sequence) == WIDTH and max(sequence) == WIDTH - 1 and min(sequence) == 0 and math.fsum(sequence) == total
        assert sum(copy.copy(sequence)) == total and sum(pickle.loads(pickle.dumps(sequence))) == total
        assert operator.countOf(sequence, 7) == 1
        first, *rest = sequence
        assert {first, *rest} == members, (sequence, first, rest)
    assert ring == ring and sum(json.loads(json.dumps(ring))) == total and sum(eval(repr(ring))) == total and any(ring)
    assert sum(map(int, ",".join(texts).split(","))) == total and len(collections.Counter(ring)) == WIDTH
    assert sum(memoryview(octets).tobytes()) == total == sum(marshal.loads(marshal.dumps(ring)))
    assert sum(bytearray(numbers)) == total == sum(bytearray(memoryview(numbers)))
    assert sum(marshal.loads(marshal.dumps(octets))) == total == sum(marshal.loads(marshal.dumps(numbers)))
    assert numbers == numbers and sum(numbers + numbers) == 2 * total == sum(numbers * 2) and sum(numbers[::-1]) == total
    assert len(ring[:]) == len(ring[::-1]) == WIDTH and sum(ring + ring) == 2 * total and sum(ring * 2) == 2 * total


def read_order():
    assert all(key in order and order[key] is None for key in range(WIDTH))
    assert sorted(order) == list(range(WIDTH)) and len(list(order.items())) == WIDTH == len(list(order.values()))
    assert sorted(order.copy()) == list(range(WIDTH)) and sorted(pickle.loads(pickle.dumps(order))) == list(range(WIDTH))
    assert len(eval(repr(order), vars(collections))) == WIDTH and order == dict.fromkeys(range(WIDTH))


def read_moving():
    for both in (left | right, left.union(right), right | left):
        assert both == everything, both
    assert left <= everything and right <= everything and not left - everything and (left & everything) <= everything


def repeat(read):
    def run():
        try:
            while not done.is_set():
                read()
        except BaseException:
            done.set()
            raise
    return run


def check(writers, readers):
    done.clear()
    threads = [threading.Thread(target=body) for body in [*writers, *map(repeat, readers)]]
    for thread in threads:
        thread.start()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and not done.is_set():
        time.sleep(0.01)
    done.set()
    for thread in threads:
        thread.join()


failed = []
threading.excepthook = lambda args: (failed.append(args.exc_value), sys.__excepthook__(*args[:3]))
check([write_even], [read_even])
check([grow], [read_growing])
check([turn], [read_ring])
check([turn], [read_order])
check([move], [read_moving])
check([flip], [read_flipped])
check([lambda: context.run(set_variables)], [read_variables])

# What is added while others reduce the set isn't lost.
kept = set()
few = set(range(-3, 0))


def add():
    for n in range(3000):
        kept.add(n)
    done.set()


def reduce():
    global kept
    limits = set(range(3000))
    while not done.is_set():
        kept.intersection_update(limits)
        kept -= few
        kept |= few
        kept.difference_update(few)


done.clear()
threads = [threading.Thread(target=add), threading.Thread(target=reduce)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert kept >= set(range(3000)), len(kept)
print("whole" if not failed else failed)
