# A thread that computes alone most of the time, beside one that wakes up now and then and changes what both share in single steps:
# every read sees one of the states that there are, none between two, and no update is lost.
# timeout: 120
import sys
import time

from _together import together

sys.setswitchinterval(1e-4)
SECONDS = 0.4
SHORT, LONG = [1, 2, 'end'], [1, 2, 3, 4, 'end']
FEW, MANY = {1: -1, 2: -2}, {1: -1, 2: -2, 3: -3, 'x': 5}


class Shared:
    items = list(SHORT)
    pair = [1, -1]
    table = dict(FEW)
    names = {'a', 'b'}
    octets = bytearray(b'\x01' * 8)
    stack = []
    counts = [0] * 4
    done = False


def disturb():
    """Each step is one that takes the whole container at once."""
    shared, n = Shared, 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        n += 1
        shared.items[:] = LONG if n % 2 else SHORT
        shared.pair[:] = (n, -n)
        shared.table = dict(MANY) if n % 2 else dict(FEW)
        shared.names.add('c') if n % 2 else shared.names.discard('c')
        shared.octets[:] = b'\x02' * 16 if n % 2 else b'\x01' * 8
        shared.stack.append(n)
        time.sleep(0.0005)
    shared.done = True
    disturb.pushed = n


def read_ends(shared):
    items = shared.items
    for _ in range(200):
        assert items[-1] == 'end'
        last = -1
        assert items[last] == 'end'
        assert items[-2:] in ([2, 'end'], [4, 'end'])
        assert items[:] in (SHORT, LONG)
        assert items[::-1] in (SHORT[::-1], LONG[::-1])
        assert 'end' in items
        assert 7 not in items


def read_pairs(shared):
    pair = shared.pair
    for _ in range(200):
        a, b = pair
        assert a == -b, (a, b)


def read_tables(shared):
    for _ in range(50):
        table = shared.table
        found = [k for k in table]
        assert found in (list(FEW), list(MANY)), found
        total = 0
        for key, value in table.items():
            total += value
        assert total in (-3, -1), total
        assert (3 in table) == (len(table) == 4)
        assert table.get(3) in (None, -3)
        assert table.get('x', 9) in (5, 9)
        assert 'nothing' not in table
    seen = set()
    try:
        for name in shared.names:
            seen.add(name)
    except RuntimeError:  # it changed
        return
    assert seen in ({'a', 'b'}, {'a', 'b', 'c'}), seen


def read_octets(shared):
    octets = shared.octets
    for i in range(8):
        assert octets[i] in (1, 2)
        octets[i] = 1 + i % 2
    for _ in range(50):
        assert len(octets) in (8, 16)


def update(shared):
    counts, popped = shared.counts, 0
    made = []
    push = made.append
    for i in range(200):
        counts[i & 3] += 1
        push(i)
        if shared.stack:
            try:
                shared.stack.pop()
            except IndexError:
                continue
            popped += 1
    assert made == list(range(200))
    return popped


def numbers(n):
    for i in range(n):
        yield i


def make_counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count
    return step


def generate():
    assert sum(i for i in numbers(100)) == 4950
    total = 0
    for i in numbers(100):
        total += i
    assert total == 4950
    step = make_counter()
    for i in range(100):
        step()
    assert step() == 101


def compute():
    shared, popped, rounds = Shared, 0, 0
    while not shared.done:
        read_ends(shared)
        read_pairs(shared)
        read_tables(shared)
        read_octets(shared)
        popped += update(shared)
        generate()
        rounds += 1
    popped += update(shared)
    compute.popped, compute.rounds = popped, rounds + 1


together(compute, disturb)
print(compute.popped + len(Shared.stack) == disturb.pushed, sum(Shared.counts) - 200 * compute.rounds, compute.rounds > 3)


# One generator that all resume: it runs in one of them at a time, the others are told, and nothing is lost or given twice.
def shared_generator(n):
    shared = shared_numbers(n)
    taken = [[], [], []]
    refused = [0, 0, 0]

    def take(which):
        mine = taken[which]
        while True:
            try:
                for i in shared:
                    mine.append(i)
                return
            except ValueError as error:
                assert str(error) == 'generator already executing', error
                refused[which] += 1

    together(*[lambda which=which: take(which) for which in range(3)])
    return sorted(sum(taken, [])) == list(range(n)), all(mine == sorted(mine) for mine in taken)


def shared_numbers(n):
    for i in range(n):
        yield i


for _ in range(5):
    print(*shared_generator(20000))
