# len() and list.append() in code that runs often are called as others are wherever they mean something else.
# timeout: 120
import gc


def sizes(values):
    n = 0
    for v in values:
        n += len(v)
    return n


class Sized:
    def __len__(self):
        return 7


class Lists(list):
    def __len__(self):
        return 1000

    def append(self, x):
        super().append((x, x))


print(sizes([[1, 2], (1,), 'abc', {1: 2}, '\u20ac', b'xx', {1, 2}, range(5), bytearray(3)] * 200))
print(sizes([Sized(), Lists([1])]))
for bad in (5, None, 1.5):
    try:
        sizes([bad])
    except TypeError as e:
        print(e)


class Negative:
    def __len__(self):
        return -1


try:
    sizes([Negative()])
except ValueError as e:
    print(e)


def fills(out, n):
    for i in range(n):
        out.append([i])
    return out


for _ in range(3):
    print(fills([], 1000)[-2:])
print(fills(Lists(), 2))
kept = fills([], 2000)
gc.collect()
for k in range(3):
    fills(kept, 700)
    gc.collect(0)
print(len(kept), kept[-1], kept[2000], sum(x[0] for x in kept))


class Collects:
    def __init__(self):
        self.got = []

    def append(self, x):
        self.got.append(x)


print(fills(Collects(), 3).got)


class Borrows:
    append = list.append


try:
    fills(Borrows(), 1)
except TypeError as e:
    print(e)


class Instance:
    pass


o = Instance()
o.append = [].append
print(type(fills(o, 3)).__name__, o.append.__self__)


def result_of_append(n):
    out, results = [], set()
    for i in range(n):
        results.add(out.append(i))
        try:
            out.append()
        except TypeError as e:
            results.add(str(e))
    return len(out), results


print(sorted(map(str, result_of_append(600)[1])))
len = lambda x: 3
print(sizes([[], ()]))
del len
print(sizes([[], ()]))
