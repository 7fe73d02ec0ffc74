# Attributes of classes that are stored to again and again: by the class, by instances, from below, and when they become something
# else. Methods of such classes stay what they are.
import threading


class Base:
    total = 0
    names = ()

    def __init__(self):
        Base.total += 1
        type(self).own = getattr(type(self), 'own', 0) + 1
        self.x = 1

    def read(self):
        return self.total, Base.total, self.x

    def call(self):
        return self.hook(3)

    hook = len


class Left(Base):
    own = 10


class Right(Left):
    total = -5

    def read(self):
        return super().read(), Right.total


def shapes(n):
    out = None
    for i in range(n):
        a, b, c = Base(), Left(), Right()
        out = a.read(), b.read(), c.read(), Base.own, Left.own, Right.own, a.own, c.own
    return out


print(shapes(5))
print(shapes(60))


def read(o):
    return o.total


def read_class():
    return Left.total, Right.total


def store(v):
    Base.total = v


o, r = Left(), Right()
for i in range(60):
    store(i)
    assert read(o) == i and read_class() == (i, -5) and read(r) == -5, i
print(read(o), read_class())
o.total = 'of the instance'
print(read(o), read(Left()))
del o.total
store(1)
print(read(o))


# --- what a variable becomes
def use(o):
    return o.thing


def call(o):
    return o.thing(5)


class Thing:
    thing = 0


t = Thing()
for i in range(60):
    Thing.thing = i
    assert use(t) == i and use(Thing) == i
Thing.thing = lambda self, *a: ('bound', self is t, a)
print(use(t)(), call(t), use(Thing)(1))
for i in range(60):
    Thing.thing = i
    assert use(t) == i
Thing.thing = property(lambda self: 'property')
print(use(t))
try:
    t.thing = 1
except AttributeError as e:
    print(e)
Thing.thing = 3
print(use(t))
t.thing = 4
print(use(t), use(Thing))
del t.thing, Thing.thing
try:
    use(t)
except AttributeError as e:
    print(e)
Thing.thing = 5
print(use(t))
for i in range(10):
    Thing.thing = max
print(call(Thing()) if False else Thing().thing(3, i), use(Thing) is max)


class Descriptor:
    def __get__(self, o, t):
        return 'got', o is None


for i in range(10):
    Thing.thing = i
    assert use(Thing) == i
Thing.thing = Descriptor()
print(use(Thing()), use(Thing))


# --- a name comes between, and classes are changed
class A:
    v = 0


class B(A):
    pass


class C(B):
    pass


c = C()


def get():
    return c.v, C.v, B.v


for i in range(60):
    A.v = i
    assert get() == (i, i, i)
B.v = 'between'
print(get())
for i in range(60):
    A.v = B.v = i
    assert get() == (i, i, i)
del B.v
A.v = 'above'
print(get())
C.__bases__ = (Thing,)
C.thing = 8
try:
    get()
except AttributeError as e:
    print(e)
C.__bases__ = (B,)
print(get())


class First(type):
    pass


class Meta(type):
    v = 'of the metaclass'


class M(A, metaclass=First):
    pass


def of_class(k):
    return k.v


for i in range(60):
    A.v = i
    assert of_class(M) == i
M.__class__ = Meta
print(of_class(M))
for i in range(30):
    M.v = i
    assert of_class(M) == i and of_class(Meta) == 'of the metaclass'
for k in range(30):       # more variables than are remembered
    for i in range(6):
        setattr(A, f'w{k}', i)
    setattr(A, f'w{k}', k)
print([getattr(c, f'w{k}') for k in range(30)])


# --- threads
class Counter:
    n = 0
    lock = threading.Lock()

    def step(self):
        with self.lock:
            Counter.n += 1
        return self.n


def work():
    for i in range(400):
        Counter().step()


threads = [threading.Thread(target=work) for i in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(Counter.n)


# --- stores: what else may stand there, and what is no variable of the class itself
class Set:
    n = 0
    other = 0


class Below(Set):
    pass


def put(k, v):
    k.n = v


def add(k):
    k.n += 1


for i in range(3000):
    put(Set, i)
    add(Set)
    if i % 1000 == 500:
        print(Set.n, Below.n)
for v in (1.5, 'text', None, True, 1 << 80, [1], (2,), Set, len, int):
    put(Set, v)
    print(Set.n == v, Below.n is Set.n, Set().n == v, end=' ')
print()
put(Set, lambda self: 'called')
print(Set().n())
put(Set, 7)
put(Below, 8)
for i in range(300):
    add(Below)
    add(Set)
print(Set.n, Below.n)
put(Set, property(lambda self: 'property'))
print(Set().n, Below().n)
put(Set, 9)
print(Set().n, Set.n)
del Set.n
for k in (Set, Below):
    try:
        add(k)
    except AttributeError as e:
        print(e)
print(Below.n)
put(Set, 1)
add(Set)
print(Set.n, list(vars(Set))[-1])


class Watching(type):
    def __setattr__(cls, name, value):
        super().__setattr__(name, (value, 'seen'))


class Kept(type):
    pass


class Kind(metaclass=Kept):
    n = 0


def put_kind(v):
    Kind.n = v


for i in range(3000):
    put_kind(i)
print(Kind.n)
Kept.n = property(lambda cls: 'from the metaclass', lambda cls, v: print('to the metaclass', v))
put_kind(5)
print(Kind.n, vars(Kind)['n'])
del Kept.n
put_kind(6)
print(Kind.n)
Kept.__setattr__ = Watching.__setattr__
try:
    put_kind(7)
except TypeError as e:
    print(type(e).__name__)
del Kept.__setattr__
put_kind(8)
print(Kind.n)
Kind.__class__ = Watching
put_kind(9)
print(Kind.n)
import gc
def reach():
    class Short:
        v = 0
    for i in range(2000):
        Short.v = [i] if i % 7 == 0 else i
    return Short.v
print([reach() for i in range(3)])
gc.collect()
print(reach())
