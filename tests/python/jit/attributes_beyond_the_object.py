# Attributes that don't fit into the object, and deleted ones: read, stored, called, added, in the order of dicts.
import copy
import pickle


class Many:
    pass


def fill(o, n):
    for i in range(n):
        setattr(o, f'a{i}', i)
    return o


def read(o):
    return o.a0 + o.a20 + o.a39


def write(o, v):
    o.a39 = v
    o.a20 = [v]
    o.a20 = 20
    return o.a39


def call(o):
    return o.f39(2)


def add(o):
    o.b0 = 1
    o.b1 = [2]
    o.b2 = 3
    o.b3 = 4
    o.b4 = 5
    return o.b0, o.b1, o.b4


first = fill(Many(), 40)
first.f39 = lambda x: x + 1
total = 0
for i in range(60):
    total += read(first) + write(first, i) + call(first)
print(total, first.a20, len(vars(copy.copy(first))))
for i in range(60):
    o = fill(Many(), 36)
    added = add(o)
print(added, list(vars(o))[-6:])
old = [fill(Many(), 36) for i in range(30)]
import gc
gc.collect()
for o in old:
    add(o)
gc.collect()
print(all(o.b1 == [2] and o.b4 == 5 for o in old))
first.__dict__['a39'] = 'by dict'       # dictionary mode from now on
try:
    print(read(first))
except TypeError as e:
    print(e)
print(write(first, 5), read(first), call(first))
del first.a39
try:
    read(first)
except AttributeError as e:
    print(e)
print(write(first, 7), read(first))


# --- deleted attributes
class Few:
    def __init__(self):
        self.a, self.b, self.c, self.d = 1, 2, 3, 4


def drop(o):
    del o.b, o.c
    return getattr(o, 'b', None), o.d


def drop_last(o):
    o.e = 5
    del o.e
    return hasattr(o, 'e')


def drop_one(o):
    del o.a


for i in range(60):
    o = Few()
    dropped = drop(o), drop_last(o)
    for again in (drop, drop_one, drop_one):
        try:
            again(o)
        except AttributeError as e:
            message = str(e)
    o.c = 'c'
    o.b = 'b'
    o.f = 6
print(dropped, message, pickle.loads(pickle.dumps(o)).__dict__, copy.copy(o).__dict__, o.__dict__)
o = Few()
drop(o)
o.a = 'same place'
o.x = o.y = 0
print(o.__reduce_ex__(2)[2], vars(o))
o = Few()
for name in 'abcd':
    delattr(o, name)
print(pickle.loads(pickle.dumps(o)).__dict__, o.__reduce_ex__(2)[2:3])
order = []
for i in range(40):       # many orders of deleting
    o = Few()
    names = ['a', 'b', 'c', 'd']
    for k in range(4):
        delattr(o, names.pop((i >> k) % len(names)))
        setattr(o, f'n{i}{k}', k)
    order.append(list(o.__dict__))
print(order[0], order[13], order[39])
o = Few()
for i in range(200):      # and often
    drop_last(o)
    o.t = i
    del o.a
    o.a = i
print(vars(o))


class Wide:
    def __init__(self):
        for i in range(14):
            setattr(self, f'w{i}', i)


wide = Wide()
for i in range(12):       # more holes than a shape may have
    delattr(wide, f'w{i}')
    wide.last = i
print(vars(wide))
for i in range(14):       # more ways to lose one than a shape remembers
    wide = Wide()
    delattr(wide, f'w{i}')
    wide.w0 = 'again'
    print(len(vars(wide)), list(vars(wide))[-1], end=' ')
print()


class Slots:
    __slots__ = ('p', 'q', '__dict__')


def drop_slot(s):
    s.p = 1
    s.x = 2
    del s.p
    del s.x
    return hasattr(s, 'p'), hasattr(s, 'x')


print([drop_slot(Slots()) for i in range(40)][-1])


class Guarded(Few):
    pass


def drop_a(o):
    del o.a


for i in range(40):
    drop_a(Guarded())
Guarded.__delattr__ = lambda self, name: print('asked for', name)
drop_a(Guarded())
del Guarded.__delattr__
Guarded.a = property(lambda self: 7, lambda self, v: None, lambda self: print('property deleted'))
drop_a(Guarded())
