# Sets filled from lists and tuples, long and short: the order of small ints, keys that need calls in between, keys that fail,
# a list that its own items change, and several threads that fill one set.
import hashlib
import threading


def digest(values):
    return hashlib.md5(repr(values).encode()).hexdigest()


for n in (0, 1, 5, 100, 4095, 4096, 4097, 20000, 60000):
    ints = [i * 7919 % 1000003 for i in range(n)]
    print(n, digest(list(set(ints))), digest(list(frozenset(tuple(ints)))), len(set(map(str, ints)) | set(ints)))
    texts = [str(i) for i in ints]
    assert set(texts) == set(tuple(texts)) == set(texts + texts) and len(set(texts)) == n
    mixed = [v for i in ints for v in (i, str(i), float(i), (i,), -i, i << 70, None)]
    assert set(mixed) == frozenset(iter(mixed)) and len(set(mixed)) == len(dict.fromkeys(mixed))


class Key:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        return self.value == (other.value if isinstance(other, Key) else other)

    def __repr__(self):
        return f"Key({self.value})"


print(sorted(set([1, Key(1), 2, Key(3), 3, "a", Key("a"), Key("b"), "b"]), key=repr))
filled = {0}
try:
    filled.update([1, "x", 2, [], 3])
except TypeError as error:
    print(error, sorted(filled, key=repr))
try:
    filled.update((4, 5, {}, 6))
except TypeError as error:
    print(error, sorted(filled, key=repr))


class Growing(Key):
    def __hash__(self):
        if len(source) < 6:
            source.append(len(source) * 100)
        return super().__hash__()


source = [1, 2]
source.append(Growing(9))
made = set(source)
print({1, 2, 9} <= made)


class Clearing(Key):
    __hash__ = Key.__hash__

    def __eq__(self, other):
        if isinstance(other, int):
            cleared.clear()
            return False
        return super().__eq__(other)


cleared = {7, 8}
cleared.update((1, 2, Clearing(8), 3, 4))
print(sorted(cleared, key=repr))

shared = set()
lists = [[str(i) for i in range(k, 30000, 4)] + list(range(k * 5000, k * 5000 + 9000)) for k in range(4)]


def fill(items):
    for start in range(0, len(items), 1000):
        shared.update(items[start : start + 1000])
        shared.update(tuple(items[start : start + 500]))


threads = [threading.Thread(target=fill, args=(items,)) for items in lists]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(shared), shared == {str(i) for i in range(30000)} | set(range(24000)))
