# Loops that run often: over lists that change, over other things than before, with names that change their meaning.
# timeout: 120
import builtins
import signal
import sys
import threading


def total(items):
    s = 0
    for x in items:
        s += x
    else:
        s += 1000
    return s


for _ in range(3):
    print(total([1] * 1000), total(range(1000)), total((2,) * 1000))
print(total({1: 2, 3: 4}), total({5, 6}), total(map(int, '789')), total(iter([1, 2])), total(x for x in (1, 2)), total(b'ab'))
print(total(range(10, 0, -3)), total(range(2**62, 2**62 + 3)), total([0.5] * 600), total(reversed([1, 2, 3])))


class Shifting(list):
    def __iter__(self):
        return iter([7, 7])


print(total(Shifting([1])))


def changing(n):
    items = list(range(n))
    seen = []
    for x in items:
        if x % 3 == 0 and len(items) > 5:
            items.pop()
        if x % 50 == 0 and x < 500:
            items.append(-1)
        seen.append(x)
    return len(seen), seen[-3:]


for _ in range(3):
    print(changing(1000))


def items_by_number(seq, n):
    s = 0
    for i in range(-n, n):
        s += seq[i]
    return s


for _ in range(300):
    items_by_number([1, 2, 3], 3)
print(items_by_number((4, 5, 6), 3), items_by_number({-1: 1, 0: 2}, 1), items_by_number('x', 0), items_by_number([1.5, 2.5], 2))
for seq, n in (([1], 2), ((1,), 2), ({}, 1)):
    try:
        items_by_number(seq, n)
    except (IndexError, KeyError) as e:
        print(type(e).__name__, e)


def stores(seq, n):
    for i in range(n):
        seq[i % 3] = seq[i % 3 - 3], i
        seq[-1] = i
    return seq


for _ in range(200):
    got = stores([0, 0, 0], 6)
print(got[1:], stores({0: 1, 1: 1, 2: 1, -3: 1, -2: 1, -1: 1}, 3))
try:
    stores((1, 2, 3), 1)
except TypeError as e:
    print(e)


def unpacks(pairs):
    out = []
    for a, b in pairs:
        c, (d, e) = a, (b, a)
        out.append(c - d + e)
    return sum(out)


print(unpacks([(1, 2)] * 700), unpacks([[3, 4]] * 3), unpacks({5: 6}.items()), unpacks(enumerate([1, 2])), unpacks(zip('', '')))
for bad in ([(1, 2, 3)], [(1,)], [5]):
    try:
        unpacks(bad)
    except (ValueError, TypeError) as e:
        print(e)

LIMIT = 3


def reads_globals(n):
    s = 0
    for i in range(n):
        s += LIMIT + len('ab')
    return s


print(reads_globals(1000))
LIMIT = 4
print(reads_globals(10))
len = lambda s: 100
print(reads_globals(10))
del len
print(reads_globals(10))
for k in range(200):
    globals()['extra%d' % k] = k
print(reads_globals(10))
LIMIT = 0.5
print(reads_globals(10))
del LIMIT
try:
    reads_globals(1)
except NameError as e:
    print(e)
builtins.LIMIT = 6
print(reads_globals(10))
del builtins.LIMIT


def closure(n):
    count = 0

    def bump(by):
        nonlocal count
        count += by
        return count

    for i in range(n):
        bump(i)
    return count


print(closure(1000))

# A loop without calls is left for signals, for other threads, and for exceptions that others send.
class Stop(Exception):
    pass


def on_alarm(signum, frame):
    raise Stop(frame.f_code.co_name)


def spins(n):
    i = 0
    while i < n:
        i += 1
        i -= 1
    return i


spins(0)
signal.signal(signal.SIGALRM, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    spins(1)
except Stop as e:
    print('stopped', e)

stop = []


def waits_for_others():
    n = 0
    while not stop:
        n += 1
    return n > 0


t = threading.Timer(0.05, stop.append, [1])
t.start()
print(waits_for_others())
t.join()

counts = [0, 0]


def adds(k, n):
    for i in range(n):
        counts[k] += 1


threads = [threading.Thread(target=adds, args=(k, 20000)) for k in (0, 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(counts)


def truths(values):
    n = 0
    for v in values:
        if v:
            n += 1
        if not v:
            n -= 100
        n += 1000 if v and v else 0
    return n


print(truths([True, False, None, 0, 1, 2, -1] * 200), truths(['', 'a', [], [0], 0.0, 0.5, {}, {1}, 2**70]))


class Liar:
    def __bool__(self):
        raise ValueError('no truth')


try:
    truths([Liar()])
except ValueError as e:
    print(e)


def nones(values):
    n = 0
    for v in values:
        if v is None:
            n += 1
        if v is not None:
            n += 10
        n += 100 if v is Ellipsis else 0
    return n


print(nones([None, 0, ..., 'x'] * 300))
print(sys.getrecursionlimit())


def over_dict(d, n):
    s = 0
    for _ in range(n):
        for k in d:
            s += k
        for v in d.values():
            s += v
        for k, v in d.items():
            s += k * v
        for pair in d.items():
            s += pair[0]
    return s


d = {i: i + 1 for i in range(20)}
print(over_dict(d, 200))
for k in (0, 5, 6, 19):
    del d[k]
print(over_dict(d, 3), over_dict({}, 2))
d.update({k: 0.5 for k in range(50)})
print(over_dict(d, 3))


def changes_while(d, change):
    seen = []
    try:
        for k in d:
            seen.append(k)
            change(d, k)
    except RuntimeError as e:
        seen.append(str(e))
    return seen


for _ in range(60):
    changes_while(dict.fromkeys(range(20)), lambda d, k: d.update({k: 1}))
print(changes_while(dict.fromkeys(range(5)), lambda d, k: d.update({k: 1})))
print(changes_while(dict.fromkeys(range(5)), lambda d, k: d.update({k + 10: 1})))
print(changes_while(dict.fromkeys(range(5)), lambda d, k: d.pop(k)))
print(changes_while(dict.fromkeys(range(5)), lambda d, k: d.clear()))
print([k + v for k, v in {1: 2, 3: 4}.items()], {v: k for k, v in {'a': 1}.items()})


def over(things, n):
    out = []
    for _ in range(n):
        out = []
        for x in things:
            out.append(x)
    return out


for thing in ('abc\xe9z', 'a\u20acb', '', b'\x00\xff7', {1, 2, 3}, frozenset('q'), [5, 6, 7], bytearray(b'xy')):
    print(over(thing, 300), over(reversed(thing) if isinstance(thing, list) else thing, 2))


def backwards(items, n):
    for _ in range(n):
        got = [x for x in reversed(items)]
        for x in reversed(items):
            got.append(x)
    return got


print(backwards([1, 2, 3], 300), backwards((4, 5), 2), backwards([], 2), backwards('ab', 2))


def shrinking(n):
    for _ in range(n):
        items, got = list(range(6)), []
        for x in reversed(items):
            got.append(x)
            del items[-2:]
    return got


print(shrinking(400))


def growing_set(n):
    for _ in range(n):
        s, seen = {1, 2, 3}, 0
        try:
            for x in s:
                seen += 1
                s.add(x + 10)
        except RuntimeError as e:
            text = str(e)
    return seen, text


print(growing_set(400))


def holes(n):
    s = set(range(200))
    s -= set(range(0, 200, 3))
    total = 0
    for _ in range(n):
        for x in s:
            total += x
    return total


print(holes(50))
import collections
Pair = collections.namedtuple('Pair', 'left right')


class Triple(Pair):
    middle = 'class'


def lefts(pairs):
    return [(p.left, p.right) for p in pairs][-3:]


print(lefts([Pair(i, -i) for i in range(1500)]), lefts([Triple(1, 2)] * 1500 + [Pair(3, 4)]))
Pair.left = 'changed'
print(lefts([Pair(1, 2), Triple(3, 4)]))


def numbered(n):
    t = 0
    for i in range(n):
        for s in ((1, 2, 3), [4, 5], 'ab\u1234', range(3), {7}, (x for x in (1, 2)), '', ()):
            for k, v in enumerate(s):
                t += k + (v if isinstance(v, int) else ord(v))
    return t


print(numbered(1500))
