# Items of dicts' subclasses, and unpacking of tuples' subclasses, in code that runs often: they are as those of a dict and a tuple
# where the class says nothing else, whatever comes to the same place.
from collections import Counter, OrderedDict, defaultdict, namedtuple


class Plain(dict):
    pass


class Missing(dict):
    def __missing__(self, key):
        return 'missing', key


class Reading(dict):
    def __getitem__(self, key):
        return 'read', dict.get(self, key)


class Writing(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, ('written', value))


def load(d, key):
    return d[key]


def store(d, key, value):
    d[key] = value


def load_one(d):
    return d[1]


def add(d, key):
    d[key] += 1


def items(make, n=120):
    d = make()
    for i in range(n):
        store(d, i % 10, i)
        store(d, str(i % 7), i)
        store(d, (i % 5, 'x'), i)
        last = load(d, i % 10), load(d, str(i % 7)), load(d, (i % 5, 'x')), load_one(d) if i else None
    try:
        other = load(d, 'nothing')
    except KeyError as e:
        other = e.args
    return type(d).__name__, len(d), last, other, list(d)[:12] == list(dict(d))[:12]


for _ in range(2):
    for make in (dict, Plain, lambda: defaultdict(list), Counter, Missing, OrderedDict, Reading, Writing):
        print(items(make))

counts = defaultdict(int)
counted = Counter()
lists = defaultdict(list)
for i in range(500):
    add(counts, i % 13)
    add(counted, i % 11)
    lists[i % 17].append(i)
print(dict(counts), dict(counted), len(lists), lists[3][:4])

# A class that gets its own methods, and loses them.
d = Plain({1: 'one'})
for _ in range(200):
    load(d, 1), load_one(d), store(d, 2, 'two')
Plain.__getitem__ = lambda self, key: ('own', key)
Plain.__setitem__ = lambda self, key, value: None
print(load(d, 1), load_one(d), store(d, 3, 'three'), len(d))
del Plain.__getitem__, Plain.__setitem__
store(d, 3, 'three')
print(load(d, 1), load_one(d), load(d, 3), len(d))

Pair = namedtuple('Pair', 'left right')


class Backwards(tuple):
    def __iter__(self):
        return reversed(tuple(self[:]))


class Longer(tuple):
    __slots__ = ()


class Numbers(list):
    pass


def unpack(t):
    a, b = t
    return a, b


def sources(i):
    return Pair(i, 2), (i, 3), Longer((i, 4)), [i, 5], Backwards((i, 6)), Numbers([i, 7]), {i: 1, -1: 2}, (x for x in (i, 8)), 'ab'


for i in range(300):
    found = [unpack(t) for t in sources(i)]
print(found)
for bad in (Pair(1, 2) + (3,), Longer((1,)), Longer((1, 2, 3)), Backwards((1, 2, 3)), 5):
    for _ in range(3):
        try:
            unpack(bad)
        except (TypeError, ValueError) as e:
            text = str(e)
    print(text)
Longer.__iter__ = lambda self: iter('xy')
print(unpack(Longer((1, 2))), unpack(Pair(1, 2)))
del Longer.__iter__
print(unpack(Longer((1, 2))))
