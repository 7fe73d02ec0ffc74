# Tuples, lists, iterators and variables of inner functions that are made in code that runs often, with collections in between.
# timeout: 120
import gc


def builds(n):
    kept = []
    for i in range(n):
        empty, one, two = (), (i,), (i, str(i))
        many = (i, 1.5, None, two, one, 'x', i + 1, [i], {}, empty)
        lists = [[], [i], [i, two, many[7]], [i, i, i, i, i, i, i, i, i]]
        lists[0].append(i)
        lists[1].append(lists)
        if i % 97 == 0:
            kept.append((many, lists))
    return kept


for k in range(3):
    kept = builds(3000)
    gc.collect(k % 3)
print(len(kept), kept[7][0], kept[-1][1][0], kept[5][1][2], sum(len(x[1][3]) for x in kept), kept[3][1][1][1] is kept[3][1])
print(builds(98)[1][1][1][0])


def wide(a):
    return ((a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a), [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a],
            (a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a), [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a])


for i in range(1500):
    w = wide(i)
print([len(x) for x in w], w[0][-1], w[3][15])


def counters(n):
    made = []
    for i in range(n):
        total = i
        label = [i]

        def add(x):
            nonlocal total
            total += x
            return total, label

        made.append(add)
        add(0.5)
    return made


made = counters(2000)
gc.collect()
print(made[0](1), made[-1](2), made[-1](3), [f(0)[0] for f in counters(3)])


def unbound(n):
    for i in range(n):
        def inner():
            return later
        if i == n - 1:
            try:
                inner()
            except NameError as e:
                return str(e)
        later = i
        inner()
        del later


print(unbound(1200))


class Loop:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


class ByNumber:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


class Items(list):
    def __iter__(self):
        return iter(('mine',))


def total(sources):
    out = []
    for s in sources:
        n = 0
        for x in s:
            n += 1
        for y in s:
            n += 100
        out.append((n, x))
    return out


def sources():
    return [[1, 2], (3, 4, 5), range(6), range(0), 'abc', b'ab', {7: 8}, {9}, range(5, -5, -3), range(2**70, 2**70 + 2), Loop([1]),
            ByNumber(), Items([1, 2]), {1: 2}.items(), {1: 2}.values(), frozenset([3]), bytearray(b'z'), memoryview(b'yz'), [], ()]


x = None
for _ in range(150):
    last = total(sources())
print(last)
for bad in (5, None, 1.5, object):
    try:
        total([bad])
    except TypeError as e:
        print(e)


def iterators(n):
    out = []
    for i in range(n):
        it = iter([1, 2, 3])
        for x in it:
            break
        for y in it:
            pass
        g = (k for k in (i, i + 1))
        for z in g:
            break
        out.append((x, y, z, list(g), list(it)))
        copied = [w for w in range(i, i + 3)]
    return out[-1], copied


print(iterators(1500))
for it in (iter([]), iter(()), iter(range(2))):
    for k in range(3):
        print(type(it).__name__, it.__length_hint__(), next(it, 'end'), end=' ')
print()
kinds = set()
for k in range(1200):
    for s in ([k], (k,), range(k)):
        it = iter(s)
        for x in s:
            pass
        kinds.add((type(it).__name__, it.__reduce__()[0].__name__, len(it.__reduce__())))
print(sorted(kinds))


# Facts about other variables outlive a new cell.
def floats(n):
    x, k = 0.5, 3
    for i in range(n):
        x = x * 1.5
        k = k + 1
        t = (x, k, i)
        x = x - k * 0.25
        l = [x, k]
        for y in l:
            x = x * 0.5 + t[0]
            k = k - 1
            break
        x = x * 0.125
    return x, k, t, l


print(floats(7), floats(4000))
print('done')


def growing(n):
    t = 0
    for i in range(n):
        a = []
        for k in range(i % 80): a.append((k, i))
        b = [str(k) for k in range(i % 70)]
        c = [i]; c.append(a); c.append(b); c.append(c)
        d = [k for k in range(5)] + [1]
        d.append(2); e = d[:]; e.append(3)
        t += len(a) + len(b) + len(c) + sum(d) + e[-1] + (a[-1][0] if a else 0) + len(b[-1] if b else '')
        del c[:]
        c.append(1); c.append(None); t += len(c)
        q = [0, 1, 2, 3]; q.pop(); q.pop(); q.append(9); q.append(8); q.append(7); t += sum(q)
    return t


print(growing(1500))
