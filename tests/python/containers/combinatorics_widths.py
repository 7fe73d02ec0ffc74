# Results of itertools' combinatorics of up to twenty items, of few and of many; copies half-way; and dicts of every small size.
import copy
import pickle
import zlib
from itertools import combinations, combinations_with_replacement, islice, permutations, product

crc = 0
for size in (0, 1, 2, 5, 15, 16, 17, 20):
    pool = [f"i{n}" for n in range(size)]
    for width in {0, 1, 2, max(size - 1, 0), size, size + 1}:
        for make in (combinations, permutations, combinations_with_replacement):
            steps = make(pool, width)
            first = list(islice(steps, 40))
            halves = [list(islice(kind(steps), 20)) for kind in (copy.copy, copy.deepcopy)]
            halves.append(list(islice(pickle.loads(pickle.dumps(steps)), 20)))
            assert all(len(result) == width for result in first)
            crc = zlib.crc32(repr((first, halves, list(islice(steps, 20)))).encode(), crc)
    steps = product("ab", repeat=size)
    crc = zlib.crc32(repr((list(islice(steps, 40)), list(islice(copy.copy(steps), 9)))).encode(), crc)
print(crc, list(product("ab", "", "c")), list(product()), list(combinations("ab", 0)))

for size in list(range(90)) + [640, 1279, 1280, 1281, 2561, 5121]:
    table = {}
    for n in range(size):
        table[f"k{n}"] = n
        if n % 3 == 1:
            del table[f"k{n - 1}"]
        if n % 7 == 0:
            table[f"k{n}"] = -n
    copied = dict(table)
    copied.update((n, n) for n in range(size // 2))
    assert list(table.items()) == [(key, table[key]) for key in table] and len(copied) == len(table) + size // 2
    assert all(copied[n] == n for n in range(size // 2)) and "none" not in table and size not in copied
    crc = zlib.crc32(repr(copied).encode(), crc)
print(crc)
