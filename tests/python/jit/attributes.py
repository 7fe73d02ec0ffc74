# Attributes and methods in code that runs often: what changes about objects and classes afterwards is seen.
# timeout: 120
import gc
import weakref


class Point:
    kind = 'point'

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def total(self):
        return self.x + self.y

    def name(self):
        return self.kind


def reads(p):
    return p.x, p.y, p.kind, p.total(), p.name()


def writes(p, v):
    p.x = v
    p.z = v


def makes(i):
    return Point(i, [i])


p = Point(1, 2)
for i in range(1000):
    reads(p)
    writes(p, i)
    makes(i)
print(reads(p), vars(p))


class Other:
    kind = 'kind of Other'

    def __init__(self):
        self.y, self.x = 5, 6
        self.kind = 'own'

    def total(self):
        return 'total of Other'

    def name(self):
        return 'name of Other'


class Slotted:
    __slots__ = ('x', 'y', 'z')
    kind = 'slotted'
    total = staticmethod(lambda: 'static')
    name = classmethod(lambda cls: cls.__name__)


s = Slotted()
s.x, s.y = 'sx', 'sy'
for _ in range(600):
    got = [reads(q) for q in (p, Other(), s)]
print(got)

# A shadowing attribute, one that goes, one that comes.
p.total = lambda: 'shadow'
print(reads(p))
del p.total
print(reads(p))
p.kind = 'own kind'
print(reads(p))
del p.kind
del p.y
try:
    reads(p)
except AttributeError as e:
    print(e)
p.y = 7
print(reads(p))

# Changes of the class.
Point.total = lambda self: 'new total'
print(reads(p))
Point.x = property(lambda self: 'property x', lambda self, v: print('set', v))
print(reads(p))
writes(p, 9)
del Point.x
print(reads(p)[0])
Point.kind = 'new kind'
print(reads(p))
del Point.total
try:
    reads(p)
except AttributeError as e:
    print(e)
Point.__getattr__ = lambda self, name: lambda: 'from __getattr__: ' + name
print(reads(p))
Point.__setattr__ = lambda self, name, value: print('__setattr__', name, value)
writes(p, 10)
del Point.__setattr__
p.__class__ = Other
print(reads(p))


# The compiled code of one function sees many classes that come and go; their memory is used again.
def use(o):
    o.a = o.a + 1
    return o.value() + o.a


def one_round(i):
    class Local:
        def __init__(self):
            if i % 2:
                self.b = 0
            self.a = i

        def value(self):
            return i * 100

    o = Local()
    answers = {use(o) for _ in range(50)}
    return weakref.ref(Local), sorted(answers) == list(range(i * 101 + 1, i * 101 + 51))


refs = []
for i in range(60):
    ref, right = one_round(i)
    refs.append(ref)
    if not right:
        print('wrong', i)
    if i % 7 == 0:
        gc.collect()
gc.collect()
print(sum(ref() is not None for ref in refs) <= 1)

# Old objects that get young values keep them.
holder = Point(None, None)
gc.collect()


def fill(h, n):
    for i in range(n):
        h.x = [i]
        h.y = (i, [i])
        if i % 100 == 0:
            [[] for _ in range(1000)]
    return h.x, h.y


for _ in range(5):
    print(fill(holder, 2000))
    gc.collect(0)
items = [None] * 10
gc.collect()


def fill_items(items, n):
    for i in range(n):
        items[i % 10] = [i]
    return items


for _ in range(3):
    fill_items(items, 3000)
    gc.collect(0)
    print(items)
