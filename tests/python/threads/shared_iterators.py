# Iterators that several threads share: no item is given twice, none is lost, and what belongs together comes out together, whatever
# the GIL's mode. Iterators whose steps run no Python code are one step each.
# timeout: 120
import array
import collections
import itertools
import struct
import sys
import threading

sys.setswitchinterval(1e-5)
N = 12000
THREADS = 3


def by_next(iterator, out):
    while True:
        item = next(iterator, out)
        if item is out:
            return
        out.append(item)


def by_loop(iterator, out):
    for item in iterator:
        out.append(item)


def by_method(iterator, out):
    try:
        while True:
            out.append(iterator.__next__())
    except StopIteration:
        pass


def by_taking_all(iterator, out):
    out.extend(iterator)


WAYS = [by_next, by_loop, by_method, by_taking_all]


def drained(make):
    iterator = make()
    outs = [[] for _ in range(THREADS)]
    start = threading.Barrier(THREADS)
    errors = []

    def work(way, out):
        start.wait()
        try:
            way(iterator, out)
        except BaseException as error:
            errors.append(repr(error))

    way = drained.ways[0]
    drained.ways.append(drained.ways.pop(0))
    threads = [threading.Thread(target=work, args=(way, out)) for out in outs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return [item for out in outs for item in out]


drained.ways = list(WAYS)

numbers = list(range(N))
words = [str(n) for n in numbers]
keyed = dict.fromkeys(words)
pairs = dict(zip(words, numbers))
ordered = collections.OrderedDict(pairs)
floats = array.array("d", numbers)
packed = struct.pack(f"<{N}i", *numbers)


class Listed:
    def __iter__(self):
        return iter(numbers)


CASES = {
    "list": lambda: iter(numbers),
    "list method": lambda: numbers.__iter__(),
    "tuple": lambda: iter(tuple(numbers)),
    "range": lambda: iter(range(N)),
    "long range": lambda: iter(range(10**20, 10**20 + N)),
    "reversed list": lambda: reversed(numbers),
    "reversed range": lambda: reversed(range(N)),
    "dict": lambda: iter(keyed),
    "dict values": lambda: iter(pairs.values()),
    "dict items": lambda: iter(pairs.items()),
    "reversed dict": lambda: reversed(pairs.items()),
    "set": lambda: iter(set(numbers)),
    "str": lambda: iter("".join(map(chr, range(1000, 1000 + N)))),
    "bytes": lambda: iter(bytes(range(256))),
    "bytearray": lambda: iter(bytearray(range(256))),
    "memoryview": lambda: iter(memoryview(packed)),
    "array": lambda: iter(floats),
    "deque": lambda: iter(collections.deque(numbers)),
    "reversed deque": lambda: reversed(collections.deque(numbers)),
    "ordered dict": lambda: iter(ordered.items()),
    "struct": lambda: struct.iter_unpack("<i", packed),
    "class": lambda: iter(Listed()),
    "enumerate": lambda: enumerate(words),
    "zip": lambda: zip(numbers, words, floats),
    "zip of one": lambda: zip(*[iter(range(2 * N))] * 2),
    "zip of enumerate": lambda: zip(enumerate(words), range(N)),
    "zip and count": lambda: zip(itertools.count(), words),
    "zip and deque": lambda: zip(collections.deque(numbers), words),
    "strict zip": lambda: zip(numbers, words, strict=True),
    "map": lambda: map(str, numbers),
    "map of two": lambda: map(lambda a, b: (a, b), numbers, words),
    "filter": lambda: filter(None, numbers),
    "filter by lambda": lambda: filter(lambda n: n % 3, numbers),
    "repeat": lambda: itertools.repeat(7, N),
    "cycle": lambda: itertools.islice(itertools.cycle(range(10)), N),
    "accumulate": lambda: itertools.accumulate(numbers),
    "accumulate from": lambda: itertools.accumulate(numbers, initial=5),
    "chain": lambda: itertools.chain(*[range(n, n + 3) for n in range(0, N, 3)]),
    "chain of lists": lambda: itertools.chain.from_iterable([[n, n + 1] for n in range(0, N, 2)]),
    "compress": lambda: itertools.compress(numbers, [n % 2 for n in numbers]),
    "dropwhile": lambda: itertools.dropwhile(lambda n: n < 0, numbers),
    "takewhile": lambda: itertools.takewhile(lambda n: True, numbers),
    "filterfalse": lambda: itertools.filterfalse(lambda n: n % 2, numbers),
    "starmap": lambda: itertools.starmap(divmod, [(n, 7) for n in numbers]),
    "islice": lambda: itertools.islice(numbers, 5, N, 3),
    "islice of count": lambda: itertools.islice(itertools.count(), N),
    "pairwise": lambda: itertools.pairwise(numbers),
    "zip_longest": lambda: itertools.zip_longest(numbers, words[: N // 2]),
    "product": lambda: itertools.product(range(15), repeat=3),
    "permutations": lambda: itertools.permutations(range(7), 4),
    "combinations": lambda: itertools.combinations(range(16), 4),
    "with replacement": lambda: itertools.combinations_with_replacement(range(10), 4),
    "tee": lambda: itertools.tee(numbers)[0],
}

for round in range(3):
    for name, make in CASES.items():
        expected = list(make())
        got = drained(make)
        assert sorted(map(repr, got)) == sorted(map(repr, expected)), (name, len(got), len(expected), len(set(map(repr, got))))

# Branches of one tee, each thread its own.
for round in range(5):
    branches = itertools.tee(numbers, THREADS)
    outs = [[] for _ in branches]
    threads = [threading.Thread(target=by_next, args=pair) for pair in zip(branches, outs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outs == [numbers] * THREADS

# What a zip steps may be seen by way of its state.
shared = zip(numbers, words)
inner = shared.__reduce__()[1]
assert next(inner[0]) == 0 and next(shared) == (1, "0")
print("ok", len(CASES))
